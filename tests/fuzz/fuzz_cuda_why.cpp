/* fuzz_cuda_why.cpp: any bytes in the files that tell TensorRT's plug-in why a GPU cannot be used:
 * one sentence comes out. Seeds: seeds/cuda_why. */
#include "../../engines/tensorrt/cuda_why.cpp"

#include "tree.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static tree_file files[] = {
    {"sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n", -1},
    {"proc/driver/nvidia/version", "580.159.04\n", -1},
    {"proc/driver/nvidia/capabilities/gpu0/mig/config", "DeviceFileMinor: 1\n", -1},
};
enum { FILES = sizeof files / sizeof files[0] };

static void check(const char *text)
{
    if (text[0] == '\0' || strnlen(text, CUDA_TEXT_BYTES) == CUDA_TEXT_BYTES)
        abort();
}

static void start()
{
    char path[96];
    tree_make(files, FILES);
    snprintf(path, sizeof path, "%s/nowhere", tree_root);
    if (mkdir(path, 0700) != 0)
        abort();
}

/* A root and a code of the driver's, a message that ends at a NUL, then files as records. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[CUDA_TEXT_BYTES], root[96], message[256];
    if (tree_root[0] == '\0')
        start();
    if (size < 3)
        return 0;
    snprintf(root, sizeof root, "%s%s", tree_root, data[0] & 1 ? "/nowhere" : "");
    setenv("DOUBT_GPU_ROOT", root, 1);
    if (data[0] & 2)
        setenv("CUDA_VISIBLE_DEVICES", "1", 1);
    else
        unsetenv("CUDA_VISIBLE_DEVICES");
    size_t bytes = strnlen(reinterpret_cast<const char *>(data) + 3, size - 3);
    bytes = bytes < sizeof message ? bytes : sizeof message - 1;
    memcpy(message, data + 3, bytes);
    message[bytes] = '\0';
    uint64_t changed = tree_fill(files, FILES, data + 3 + bytes, size - 3 - bytes);
    cuda_why_missing(message, text);
    check(text);
    cuda_why_none(text);
    check(text);
    cuda_why_refused("cuInit", data[1] << 8 | data[2], message, text);
    check(text);
    tree_settle(files, FILES, changed);
    return 0;
}

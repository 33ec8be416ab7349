/* fuzz_ort_why.c: any bytes in the files that tell ONNX Runtime's plug-in why a GPU cannot be used:
 * one sentence comes out. Seeds: seeds/ort_why. */
#include "../../engines/onnxruntime/ort_why.c"

#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tree_file files[] = {
    {"proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.159.04\n",
     -1},
    {"proc/device-tree/compatible", "nvidia,jetson-nano nvidia,tegra210\n", -1},
    {"proc/1/cgroup", "0::/\n", -1},
    {"sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n", -1},
    {"sys/bus/pci/devices/0000:01:00.0/class", "0x030000\n", -1},
};
enum { FILES = sizeof files / sizeof files[0] };

static void check(const char *text)
{
    if (text[0] == '\0' || strnlen(text, ORT_WHY_BYTES) == ORT_WHY_BYTES)
        abort();
}

/* What is known besides, a number of the driver's, then files as records. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const roots[] = {tree_root, "/nowhere"};
    static const int codes[] = {100, 802, 803, 804, 999};
    char text[ORT_WHY_BYTES];
    if (tree_root[0] == '\0')
        tree_make(files, FILES);
    if (size < 3)
        return 0;
    int driver = (data[1] << 8 | data[2]) - 1000;
    struct ort_why facts = {.root = roots[data[0] & 1],
                            .has_library = data[0] >> 1 & 1,
                            .code = codes[(data[0] >> 2) % 5],
                            .visible = data[0] & 0x80 ? "GPU-0123" : NULL};
    uint64_t changed = tree_fill(files, FILES, data + 3, size - 3);
    ort_why_no_device(&facts, text);
    check(text);
    if (ort_why_old_driver(facts.root, driver, 11 + data[0] % 4, text))
        check(text);
    ort_why_missing(data[0] & 1 ? "libcudnn.so.9" : "libother.so", 11 + data[0] % 4, text);
    check(text);
    tree_settle(files, FILES, changed);
    return 0;
}

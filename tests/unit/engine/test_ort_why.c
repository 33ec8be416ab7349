/* test_ort_why.c: why a GPU cannot be used, on trees that look like such machines. The plug-in's
 * source is included: it is part of no library. */
#include "../../../engines/onnxruntime/ort_why.c"
#include "engine_test.h"

#include <fcntl.h>
#include <sys/stat.h>

static char root[64];

static int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "/tmp/doubt-why.XXXXXX");
    return mkdtemp(root) == NULL;
}

static int drop_root(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

/* A file below the root, with its folders. */
static void put(const char *path, const char *text)
{
    char whole[256];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    for (char *at = whole + strlen(root) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        mkdir(whole, 0755);
        *at = '/';
    }
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void put_gpu(void)
{
    put("/sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n");
    put("/sys/bus/pci/devices/0000:01:00.0/class", "0x030200\n");
}

static void put_driver(void)
{
    put("/proc/driver/nvidia/version",
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.159.04  Tue Oct  7 2025\n");
}

static void says(int has_library, int code, const char *visible, const char *part)
{
    char text[ORT_WHY_BYTES];
    const struct ort_why facts = {root, has_library, code, visible};
    ort_why_no_device(&facts, text);
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", text, part);
}

static void test_no_gpu(void **state)
{
    (void)state;
    put("/sys/bus/pci/devices/0000:00:02.0/vendor", "0x8086\n");
    put("/sys/bus/pci/devices/0000:00:02.0/class", "0x030000\n");
    put("/sys/bus/pci/devices/0000:00:03.0/vendor", "0x10de\n"); /* NVIDIA's, but a sound card */
    put("/sys/bus/pci/devices/0000:00:03.0/class", "0x040300\n");
    assert_false(ort_why_has_gpu(root));
    says(0, 0, NULL, "no GPU of NVIDIA's is seen here");
    says(1, 100, NULL, "libcuda.so.1 is installed, but no GPU");
}

static void test_no_driver(void **state)
{
    (void)state;
    put_gpu();
    assert_true(ort_why_has_gpu(root));
    says(0, 0, NULL, "no driver is loaded: apt-get install nvidia-driver");
    put_driver();
    says(0, 0, NULL,
         "the driver 580.159.04 is loaded, but its library libcuda.so.1 was not found: "
         "apt-get install libcuda1 (Debian) or libnvidia-compute-580 (Ubuntu)");
}

static void test_container(void **state)
{
    (void)state;
    put_driver();
    put("/.dockerenv", "");
    says(0, 0, NULL,
         "driver 580.159.04 is there, but this container was given no GPU: start it "
         "with docker run --gpus all");
    says(1, 100, NULL, "this container was given no GPU");
}

static void test_files(void **state)
{
    (void)state;
    put_gpu();
    put_driver();
    says(1, 999, NULL, "/dev/nvidiactl is missing: nvidia-modprobe -c 0 -u");
    put("/dev/nvidiactl", "");
    says(1, 999, NULL, "/dev/nvidia-uvm is missing");
    put("/dev/nvidia-uvm", "");
    says(1, 999, NULL, "does not start (code 999 of cuInit)");
    if (geteuid() == 0) /* root may do anything */
        return;
    char path[128];
    snprintf(path, sizeof path, "%s/dev/nvidiactl", root);
    chmod(path, 0);
    says(1, 100, NULL, "no permission to use /dev/nvidiactl");
}

static void test_codes(void **state)
{
    (void)state;
    put_gpu();
    put_driver();
    put("/dev/nvidiactl", "");
    put("/dev/nvidia-uvm", "");
    says(1, 100, "", "$CUDA_VISIBLE_DEVICES is \"\", which leaves no GPU: unset it");
    says(1, 100, NULL, "nvidia-smi mig -cgi 0 -C");
    says(1, 803, NULL, "(580.159.04) and libcuda.so.1 are of different versions: reboot");
    says(1, 802, NULL, "systemctl start nvidia-fabricmanager");
    says(1, 804, NULL, "compatibility package");
}

static void test_jetson(void **state)
{
    (void)state;
    put("/proc/device-tree/compatible", "nvidia,p3450-0000 nvidia,tegra210");
    assert_true(ort_why_has_gpu(root));
    says(0, 0, NULL, "this is a Jetson, but libcuda.so.1 was not found");
    says(1, 100, NULL, "the driver finds no GPU to compute on"); /* has no /dev/nvidiactl */
}

static void test_old_driver(void **state)
{
    (void)state;
    char text[ORT_WHY_BYTES];
    put("/proc/driver/nvidia/version",
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.15  Release Build\n");
    assert_int_equal(ort_why_old_driver(root, 12040, 13, text), 1);
    assert_non_null(strstr(text, "serves CUDA 12.4, but this ONNX Runtime was built for CUDA 13: "
                                 "update the driver to 580 or later"));
    assert_int_equal(ort_why_old_driver(root, 11040, 12, text), 1);
    assert_non_null(strstr(text, "update the driver to 525 or later"));
    assert_null(strstr(text, "pip install"));
    assert_int_equal(ort_why_old_driver(root, 13000, 13, text), 0);
    assert_int_equal(ort_why_old_driver(root, 13000, 12, text), 0);
}

static void test_missing(void **state)
{
    (void)state;
    char text[ORT_WHY_BYTES];
    ort_why_missing("libcudnn.so.9", 13, text);
    assert_non_null(strstr(text, "libcudnn.so.9 was not found (cuDNN): script/check --gpu brings "
                                 "it, or pip install nvidia-cudnn-cu13"));
    ort_why_missing("libcublasLt.so.13", 13, text);
    assert_string_equal(text + strlen(text) - 13, "nvidia-cublas");
    ort_why_missing("libcublasLt.so.12", 12, text);
    assert_string_equal(text + strlen(text) - 18, "nvidia-cublas-cu12");
    ort_why_missing("libother.so.1", 12, text);
    assert_non_null(strstr(text, "libother.so.1, which the library's CUDA part needs"));
}

int main(void)
{
#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, make_root, drop_root)
    const struct CMUnitTest tests[] = {
        IN_ROOT(test_no_gpu),     IN_ROOT(test_no_driver), IN_ROOT(test_container),
        IN_ROOT(test_files),      IN_ROOT(test_codes),     IN_ROOT(test_jetson),
        IN_ROOT(test_old_driver), IN_ROOT(test_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

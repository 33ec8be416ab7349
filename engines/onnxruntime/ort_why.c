/* ort_why.c: see ort_why.h. The codes are those of CUDA's driver interface. */
#include "ort_why.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 512 };

enum {
    NO_DEVICE = 100,
    NOT_READY = 802,       /* CUDA_ERROR_SYSTEM_NOT_READY */
    DRIVER_MISMATCH = 803, /* CUDA_ERROR_SYSTEM_DRIVER_MISMATCH */
    NO_COMPATIBILITY = 804 /* CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE */
};

static int can(const char *root, const char *path, int mode)
{
    char whole[PATH_BYTES];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    return access(whole, mode) == 0;
}

/* The front of a small file as text, "" when it cannot be read; NULs become blanks. */
static void read_front(const char *root, const char *path, char *text, size_t room)
{
    char whole[PATH_BYTES];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    FILE *file = fopen(whole, "re");
    size_t got = file != NULL ? fread(text, 1, room - 1, file) : 0;
    text[got] = '\0';
    for (size_t i = 0; i < got; i++)
        if (text[i] == '\0')
            text[i] = ' ';
    if (file != NULL)
        fclose(file);
}

/* A display or 3D controller (class 03) of vendor 10de. */
static int is_gpu(const char *root, const char *device)
{
    char path[PATH_BYTES], vendor[16], class[16];
    snprintf(path, sizeof path, "/sys/bus/pci/devices/%.200s/vendor", device);
    read_front(root, path, vendor, sizeof vendor);
    snprintf(path, sizeof path, "/sys/bus/pci/devices/%.200s/class", device);
    read_front(root, path, class, sizeof class);
    return strncmp(vendor, "0x10de", 6) == 0 && strncmp(class, "0x03", 4) == 0;
}

static int is_on_bus(const char *root)
{
    char path[PATH_BYTES];
    int found = 0;
    snprintf(path, sizeof path, "%s/sys/bus/pci/devices", root);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return 0;
    for (const struct dirent *entry; !found && (entry = readdir(folder)) != NULL;)
        found = entry->d_name[0] != '.' && is_gpu(root, entry->d_name);
    closedir(folder);
    return found;
}

static int is_tegra(const char *root)
{
    char text[256];
    read_front(root, "/proc/device-tree/compatible", text, sizeof text);
    return strstr(text, "nvidia,tegra") != NULL;
}

/* "580.159.04" of the driver in the kernel; "" when none is loaded. */
static void driver_version(const char *root, char *version, size_t room)
{
    char text[256];
    read_front(root, "/proc/driver/nvidia/version", text, sizeof text);
    version[0] = '\0';
    for (const char *at = strstr(text, "Kernel Module"); at != NULL && *at != '\0'; at++)
        if (*at >= '0' && *at <= '9') {
            snprintf(version, room, "%.*s", (int)strspn(at, "0123456789."), at);
            return;
        }
}

static int in_container(const char *root)
{
    char text[1024];
    if (can(root, "/.dockerenv", F_OK) || can(root, "/run/.containerenv", F_OK))
        return 1;
    read_front(root, "/proc/1/cgroup", text, sizeof text);
    return strstr(text, "docker") != NULL || strstr(text, "kubepods") != NULL ||
           strstr(text, "containerd") != NULL || strstr(text, "/lxc") != NULL;
}

int ort_why_has_gpu(const char *root)
{
    return can(root, "/proc/driver/nvidia/version", F_OK) || can(root, "/dev/nvidiactl", F_OK) ||
           is_on_bus(root) || is_tegra(root);
}

#define SAY(...) snprintf(text, ORT_WHY_BYTES, __VA_ARGS__)

static void no_gpu_in_container(const char *driver, char *text)
{
    SAY("the host's NVIDIA driver%s%s is there, but this container was given no GPU: start it with "
        "docker run --gpus all (NVIDIA Container Toolkit), or podman run --device "
        "nvidia.com/gpu=all",
        driver[0] != '\0' ? " " : "", driver);
}

static void no_library(const struct ort_why *facts, const char *driver, char *text)
{
    int boxed = in_container(facts->root);
    if (!ort_why_has_gpu(facts->root))
        SAY("no GPU of NVIDIA's is seen here: none on the PCI bus, and no driver");
    else if (boxed)
        no_gpu_in_container(driver, text);
    else if (is_tegra(facts->root))
        SAY("this is a Jetson, but libcuda.so.1 was not found: apt-get install nvidia-l4t-cuda");
    else if (driver[0] == '\0')
        SAY("a GPU of NVIDIA's is on the PCI bus, but no driver is loaded: apt-get install "
            "nvidia-driver (Debian, non-free) or ubuntu-drivers install (Ubuntu), then reboot");
    else
        SAY("the driver %s is loaded, but its library libcuda.so.1 was not found: apt-get install "
            "libcuda1 (Debian) or libnvidia-compute-%d (Ubuntu)",
            driver, atoi(driver));
}

/* Device files that are missing or closed; 0 when they are neither. */
static int bad_files(const struct ort_why *facts, const char *driver, char *text)
{
    static const char *const files[] = {"/dev/nvidiactl", "/dev/nvidia-uvm"};
    const char *root = facts->root;
    if (is_tegra(root))
        return 0;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (!can(root, files[i], F_OK)) {
            if (in_container(root))
                no_gpu_in_container(driver, text);
            else
                SAY("%s is missing: nvidia-modprobe -c 0 -u (as root) makes it", files[i]);
            return 1;
        }
        if (!can(root, files[i], R_OK | W_OK)) {
            SAY("no permission to use %s: ls -l %s names its group; usermod -aG GROUP USER (as "
                "root), then log in again",
                files[i], files[i]);
            return 1;
        }
    }
    return 0;
}

static void no_device(const struct ort_why *facts, char *text)
{
    if (facts->visible != NULL)
        SAY("$CUDA_VISIBLE_DEVICES is \"%.60s\", which leaves no GPU: unset it, or name one that "
            "nvidia-smi -L lists",
            facts->visible);
    else
        SAY("the driver finds no GPU to compute on: nvidia-smi -L lists them; one in MIG mode "
            "without a slice needs nvidia-smi mig -cgi 0 -C (as root)");
}

void ort_why_no_device(const struct ort_why *facts, char text[ORT_WHY_BYTES])
{
    char driver[64];
    driver_version(facts->root, driver, sizeof driver);
    if (!facts->has_library) {
        no_library(facts, driver, text);
    } else if (!ort_why_has_gpu(facts->root)) {
        SAY("libcuda.so.1 is installed, but no GPU of NVIDIA's and no driver is seen here");
    } else if (!bad_files(facts, driver, text)) {
        if (facts->code == NO_DEVICE)
            no_device(facts, text);
        else if (facts->code == DRIVER_MISMATCH)
            SAY("the driver in the kernel (%s) and libcuda.so.1 are of different versions: reboot, "
                "or install the same version of both",
                driver);
        else if (facts->code == NOT_READY)
            SAY("the GPUs wait for their fabric manager: systemctl start nvidia-fabricmanager (as "
                "root)");
        else if (facts->code == NO_COMPATIBILITY)
            SAY("CUDA's compatibility package does not serve this GPU: take it off "
                "$LD_LIBRARY_PATH, and update the driver");
        else
            SAY("the CUDA driver does not start (code %d of cuInit): nvidia-smi says more",
                facts->code);
    }
}

/* The first driver of each CUDA (CUDA toolkit release notes, table of driver versions). */
static int first_driver(int major)
{
    return major >= 13 ? 580 : major == 12 ? 525 : 450;
}

int ort_why_old_driver(const char *root, int driver, int major, char text[ORT_WHY_BYTES])
{
    char version[64];
    if (driver / 1000 >= major)
        return 0;
    driver_version(root, version, sizeof version);
    SAY("the driver%s%s serves CUDA %d.%d, but this ONNX Runtime was built for CUDA %d: update the "
        "driver to %d or later%s",
        version[0] != '\0' ? " " : "", version, driver / 1000, driver % 1000 / 10, major,
        first_driver(major),
        driver / 1000 == 12 ? ", or pip install onnxruntime-gpu==1.26.0 (built for CUDA 12)" : "");
    return 1;
}

void ort_why_missing(const char *soname, int major, char text[ORT_WHY_BYTES])
{
    static const struct {
        const char *stem, *wheel;
        int plain; /* the wheels of CUDA 13 have no suffix */
    } wheels[] = {{"libcudnn.", "nvidia-cudnn", 0},         {"libcublas", "nvidia-cublas", 1},
                  {"libcurand.", "nvidia-curand", 1},       {"libcufft.", "nvidia-cufft", 1},
                  {"libcudart.", "nvidia-cuda-runtime", 1}, {"libnvrtc.", "nvidia-cuda-nvrtc", 1}};
    for (size_t i = 0; i < sizeof wheels / sizeof wheels[0]; i++) {
        char suffix[16] = "";
        if (strncmp(soname, wheels[i].stem, strlen(wheels[i].stem)) != 0)
            continue;
        if (major < 13 || !wheels[i].plain)
            snprintf(suffix, sizeof suffix, "-cu%d", major);
        SAY("%s was not found%s: script/check --gpu brings it, or pip install %s%s", soname,
            i == 0 ? " (cuDNN)" : "", wheels[i].wheel, suffix);
        return;
    }
    SAY("%s, which the library's CUDA part needs, was not found", soname);
}

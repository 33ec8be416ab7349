/* cuda_why.cpp: why a GPU that may be there cannot be used, told from what the kernel shows.
 *
 * A unit of work is one sentence. Looks at device nodes and at /proc and /sys, once, after a call
 * has failed; never in a working process. Paths are below $DOUBT_GPU_ROOT where that is set, so
 * that the tests can show it other machines.
 */
#include "cuda.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *below_root(const char *path, char *buffer, size_t bytes)
{
    const char *root = getenv("DOUBT_GPU_ROOT");
    snprintf(buffer, bytes, "%s%s", root != NULL ? root : "", path);
    return buffer;
}

static int is_there(const char *path)
{
    char full[512];
    return access(below_root(path, full, sizeof full), F_OK) == 0;
}

/* Does any file of the pattern begin with text ("": is there any)? */
static int any_file(const char *pattern, const char *text)
{
    char full[512], line[128];
    glob_t found;
    int yes = 0;
    if (glob(below_root(pattern, full, sizeof full), 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc && !yes; i++) {
        FILE *file = text[0] != '\0' ? fopen(found.gl_pathv[i], "re") : NULL;
        line[0] = '\0';
        if (file != NULL) {
            if (fgets(line, sizeof line, file) == NULL)
                line[0] = '\0';
            fclose(file);
        }
        yes = strncmp(line, text, strlen(text)) == 0;
    }
    globfree(&found);
    return yes;
}

static int has_card(void)
{
    return any_file("/sys/bus/pci/devices/*/vendor", "0x10de") || is_there("/dev/nvhost-gpu") ||
           is_there("/dev/nvhost-ctrl-gpu");
}

static int is_container(void)
{
    return is_there("/.dockerenv") || is_there("/run/.containerenv") ||
           getenv("KUBERNETES_SERVICE_HOST") != NULL;
}

static int driver_runs(void)
{
    return is_there("/proc/driver/nvidia/version") || is_there("/sys/module/nvidia/version");
}

/* A device node that this user may not open; its path, or NULL. */
static const char *forbidden_node(void)
{
    static const char *const nodes[] = {"/dev/nvidiactl", "/dev/nvidia0", "/dev/nvidia-uvm",
                                        "/dev/nvhost-gpu", "/dev/nvmap"};
    for (size_t i = 0; i < sizeof nodes / sizeof nodes[0]; i++) {
        char full[512];
        int fd = open(below_root(nodes[i], full, sizeof full), O_RDWR | O_CLOEXEC);
        if (fd >= 0)
            close(fd);
        else if (errno == EACCES || errno == EPERM)
            return nodes[i];
    }
    return NULL;
}

static const char run_with_gpus[] = "start the container with `docker run --gpus all` (package "
                                    "nvidia-container-toolkit), on a Jetson with --runtime nvidia";

void cuda_why_missing(const char *loader, char text[CUDA_TEXT_BYTES])
{
    if (is_container() && (driver_runs() || has_card()))
        snprintf(text, CUDA_TEXT_BYTES,
                 "the machine has an NVIDIA GPU, but this container was started without it (no "
                 "libcuda.so.1): %s",
                 run_with_gpus);
    else if (driver_runs())
        snprintf(text, CUDA_TEXT_BYTES,
                 "the NVIDIA driver runs, but its library cannot be loaded (%s): install the "
                 "driver's compute packages (Debian: apt install libcuda1)",
                 loader);
    else if (has_card())
        snprintf(text, CUDA_TEXT_BYTES,
                 "there is an NVIDIA GPU, but no driver runs: install it (Debian: apt install "
                 "nvidia-driver; Ubuntu: ubuntu-drivers install) and restart");
    else
        snprintf(text, CUDA_TEXT_BYTES,
                 "there is no NVIDIA GPU and no driver here (%s): TensorRT needs both%s%s", loader,
                 is_container() ? "; if the machine has one, " : "",
                 is_container() ? run_with_gpus : "");
}

void cuda_why_none(char text[CUDA_TEXT_BYTES])
{
    const char *visible = getenv("CUDA_VISIBLE_DEVICES"), *node = forbidden_node();
    if (visible != NULL)
        snprintf(text, CUDA_TEXT_BYTES,
                 "CUDA shows no device, and CUDA_VISIBLE_DEVICES is \"%s\": unset it, or name a "
                 "device that `nvidia-smi -L` lists",
                 visible);
    else if (node != NULL)
        snprintf(text, CUDA_TEXT_BYTES,
                 "no permission to open %s: add this user to the group that owns it (`ls -l %s`; "
                 "often `sudo usermod -aG video $USER`), and log in again",
                 node, node);
    else if (any_file("/proc/driver/nvidia/capabilities/gpu*/mig", "") &&
             !any_file("/proc/driver/nvidia/capabilities/gpu*/mig/gi*", ""))
        snprintf(text, CUDA_TEXT_BYTES,
                 "CUDA shows no device; if `nvidia-smi` says that MIG is on, the GPU has no slice "
                 "yet: `sudo nvidia-smi mig -cgi 0 -C` makes one of the whole GPU, `sudo "
                 "nvidia-smi -mig 0` turns MIG off");
    else if (any_file("/proc/driver/nvidia/capabilities/gpu*/mig/gi*", ""))
        snprintf(text, CUDA_TEXT_BYTES,
                 "the GPU is cut into MIG slices and none is given to this process: set "
                 "CUDA_VISIBLE_DEVICES to a slice that `nvidia-smi -L` lists (MIG-...)");
    else if (is_container() && !is_there("/dev/nvidiactl"))
        snprintf(text, CUDA_TEXT_BYTES,
                 "the driver's library is here, but no GPU was given to this container: %s",
                 run_with_gpus);
    else
        snprintf(text, CUDA_TEXT_BYTES,
                 "the driver works, but shows no device: see what `nvidia-smi` and `sudo dmesg | "
                 "grep NVRM` say");
}

/* Errors that name their cause whatever the machine looks like; docs of the driver's API. */
static const struct {
    cu_result code;
    const char *text;
} causes[] = {
    {2, "the GPU has no memory left for a context: `nvidia-smi` lists who holds it"},
    {34, "the libcuda.so.1 found is the stub of a CUDA toolkit: take its folder out of "
         "LD_LIBRARY_PATH"},
    {46, "the GPU is busy or lost: `nvidia-smi` tells; in exclusive mode another process holds it "
         "(`sudo nvidia-smi -c 0` lifts that)"},
    {209, "the driver has no code for this GPU: install a newer driver"},
    {802, "the GPUs' fabric is not ready: start nvidia-fabricmanager of the driver's version"},
    {803, "the driver's library and the kernel's driver differ in version: restart the machine, or "
          "reload the module"},
    {804, "a compatibility package of CUDA is in the way of this GPU's driver: take "
          "/usr/local/cuda/compat out of LD_LIBRARY_PATH, or install a newer driver"},
};

void cuda_why_refused(const char *call, cu_result result, const char *name,
                      char text[CUDA_TEXT_BYTES])
{
    enum { NO_DEVICE = 100, OPERATING_SYSTEM = 304, NOT_PERMITTED = 800 };
    char cause[CUDA_TEXT_BYTES] = "see what `nvidia-smi` and `sudo dmesg | grep NVRM` say";
    const char *node = forbidden_node();
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (causes[i].code == result)
            snprintf(cause, sizeof cause, "%s", causes[i].text);
    if (result == NO_DEVICE)
        cuda_why_none(cause);
    else if ((result == OPERATING_SYSTEM || result == NOT_PERMITTED) && node != NULL)
        snprintf(cause, sizeof cause,
                 "no permission to open %s: add this user to the group that owns it (`ls -l %s`)",
                 node, node);
    snprintf(text, CUDA_TEXT_BYTES, "%s() failed with %d, %s: %.250s", call, result, name, cause);
}

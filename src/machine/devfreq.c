/* devfreq.c: clocks of GPUs and memories by the kernel's devfreq class.
 *
 * A unit of work is one device. Tegra's GPU is 57000000.gpu (Nano), 17000000.gp10b (TX2), .gv11b
 * (Xavier), .ga10b or .gpu (Orin), gpu-gpc-0 (Thor); where the class lacks it, older and newer
 * paths of the device are tried. One device is one probe, by whatever path. Not for NVIDIA's cards
 * (nvml.c), nor for Tegra's memory clock (memory_clock.c).
 */
#include "machine/probe_int.h"

#include <stdio.h>
#include <string.h>

static const char *const gpu_words[] = {"gpu", "gp10b", "gv11b", "ga10b", "mali", NULL};
static const char *const memory_words[] = {"dmc", "emc", "memory", "ddr", NULL};

/* Where the class folder is not readable or absent. */
static const char *const other_paths[] = {
    "sys/devices/17000000.ga10b/devfreq_dev/cur_freq",
    "sys/devices/platform/17000000.gpu/devfreq_dev/cur_freq",
    "sys/devices/platform/bus@0/17000000.gpu/devfreq/17000000.gpu/cur_freq",
    "sys/devices/17000000.gv11b/devfreq/17000000.gv11b/cur_freq",
    "sys/devices/17000000.gp10b/devfreq/17000000.gp10b/cur_freq",
    NULL,
};

static bool has_word(const char *name, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strstr(name, *words) != NULL)
            return true;
    return false;
}

static void add_device(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                       const char *root, const char *path, bool *gpu)
{
    static const struct doubti_probe_file file = {DOUBT_PROBE_CLOCK, DOUBT_PROBE_OTHER, 1,
                                                  250 * DOUBTI_MS};
    char near[DOUBTI_PATH_BYTES], device[48] = "";
    struct doubt_probe *probe;
    probe = doubti_probe_add_file(probes, kind, root, path, &file);
    if (probe == NULL)
        return;
    if (sscanf(path, "sys/class/devfreq/%47[^/]", device) != 1)
        snprintf(device, sizeof device, "gpu");
    probe->part = has_word(device, gpu_words)      ? DOUBT_PROBE_GPU
                  : has_word(device, memory_words) ? DOUBT_PROBE_MEMORY
                                                   : DOUBT_PROBE_OTHER;
    *gpu = *gpu || probe->part == DOUBT_PROBE_GPU;
    doubti_probe_name(probe, "%s clock", device);
    doubti_sibling(path, "max_freq", near);
    doubti_root_read_number(root, near, &probe->limit);
    doubti_sibling(path, "min_freq", near);
    doubti_root_read_number(root, near, &probe->floor);
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    struct doubti_matches devices;
    bool gpu = false;
    doubti_root_match(root, "sys/class/devfreq/*/cur_freq", &devices);
    for (size_t i = 0; i < devices.count; i++)
        add_device(probes, kind, root, doubti_match_at(&devices, i), &gpu);
    doubti_root_match_end(&devices);
    for (size_t i = 0; !gpu && other_paths[i] != NULL; i++)
        add_device(probes, kind, root, other_paths[i], &gpu);
}

const struct doubt_probe_kind doubti_probe_devfreq = {
    .name = "devfreq",
    .summary = "clock of each GPU or memory that the kernel scales",
    .missing = "the kernel scales no device here (devfreq)",
    .find = find,
};

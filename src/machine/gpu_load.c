/* gpu_load.c: load of a Tegra's GPU, in per mille.
 *
 * A unit of work is one board: the first path that its release has. Not for other GPUs (nvml.c).
 */
#include "machine/probe_int.h"

static const char *const paths[] = {
    "sys/devices/gpu.0/load",
    "sys/devices/platform/gpu.0/load",
    "sys/devices/platform/bus@0/17000000.gpu/load",
    "sys/devices/platform/17000000.gpu/load",
    NULL,
};

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    static const struct doubti_probe_file file = {DOUBT_PROBE_LOAD, DOUBT_PROBE_GPU, 1e-3,
                                                  250 * DOUBTI_MS};
    for (size_t i = 0; paths[i] != NULL; i++) {
        struct doubt_probe *probe;
        probe = doubti_probe_add_file(probes, kind, root, paths[i], &file);
        if (probe == NULL)
            continue;
        doubti_probe_name(probe, "GPU load");
        return;
    }
}

const struct doubt_probe_kind doubti_probe_gpu_load = {
    .name = "gpu-load",
    .summary = "load of a Tegra's GPU",
    .missing = "no Tegra GPU here",
    .find = find,
};

/* powercap.c: energy counters of processors (RAPL), by the kernel's power capping interface.
 *
 * A unit of work is one zone: a package, or a part of one. The counter is in uJ and starts again at
 * 0 after max_energy_range_uj, which at 100 W is about 40 minutes. Root only since Linux 5.10.
 * Zones of the memory-mapped interface count the same package once more and are not totals.
 */
#include "machine/probe_int.h"

#include <stdio.h>
#include <string.h>

/* "package-0" is all of a processor, "psys" all of the machine, the rest are parts. */
static void describe(struct doubt_probe *probe, const char *zone)
{
    bool again = strstr(probe->path, "-mmio") != NULL;
    probe->total = !again && (strncmp(zone, "package", 7) == 0 || strcmp(zone, "psys") == 0);
    probe->part = strcmp(zone, "psys") == 0     ? DOUBT_PROBE_BOARD
                  : strcmp(zone, "dram") == 0   ? DOUBT_PROBE_MEMORY
                  : strcmp(zone, "uncore") == 0 ? DOUBT_PROBE_GPU
                                                : DOUBT_PROBE_CPU;
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    static const struct doubti_probe_file file = {DOUBT_PROBE_ENERGY, DOUBT_PROBE_CPU, 1e-6,
                                                  100 * DOUBTI_MS};
    struct doubti_matches zones;
    doubti_root_match(root, "sys/class/powercap/*/energy_uj", &zones);
    for (size_t i = 0; i < zones.count; i++) {
        const char *path = doubti_match_at(&zones, i);
        char near[DOUBTI_PATH_BYTES], zone[32], folder[48] = "";
        struct doubt_probe *probe;
        double range;
        probe = doubti_probe_add_file(probes, kind, root, path, &file);
        if (probe == NULL)
            continue;
        doubti_sibling(path, "name", near);
        if (!doubti_root_read(root, near, zone, sizeof zone))
            snprintf(zone, sizeof zone, "zone");
        sscanf(path, "sys/class/powercap/%47[^/]", folder);
        doubti_probe_name(probe, "%s (%s)", zone, folder);
        describe(probe, zone);
        doubti_sibling(path, "max_energy_range_uj", near);
        if (doubti_root_read_number(root, near, &range) && range > 0)
            probe->wrap = range * 1e-6;
    }
    doubti_root_match_end(&zones);
}

const struct doubt_probe_kind doubti_probe_powercap = {
    .name = "powercap",
    .summary = "energy of processors (RAPL)",
    .missing = "the kernel offers no RAPL counter here",
    .find = find,
};

/* memory_clock.c: clock of Tegra's memory controller (EMC), from debugfs: root only.
 *
 * A unit of work is one board: the first path that its kernel has. The Nano (t210) has a clock tree
 * of its own, later chips ask their boot processor (bpmp). Not for other boards: without a Tegra
 * there is none.
 */
#include "machine/probe_int.h"

#include <string.h>

static const struct {
    const char *rate, *limit;
} paths[] = {
    {"sys/kernel/debug/bpmp/debug/clk/emc/rate", "sys/kernel/debug/bpmp/debug/clk/emc/max_rate"},
    {"sys/kernel/debug/clk/emc/clk_rate", "sys/kernel/debug/tegra_bwmgr/emc_max_rate"},
    {"sys/kernel/debug/clk/override.emc/clk_rate", "sys/kernel/debug/tegra_bwmgr/emc_max_rate"},
};

static bool is_tegra(const char *root)
{
    char compatible[512];
    return doubti_root_read(root, "proc/device-tree/compatible", compatible, sizeof compatible) &&
           strstr(compatible, "nvidia,tegra") != NULL;
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    static const struct doubti_probe_file file = {DOUBT_PROBE_CLOCK, DOUBT_PROBE_MEMORY, 1,
                                                  1000 * DOUBTI_MS};
    if (!is_tegra(root))
        return;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct doubt_probe *probe;
        probe = doubti_probe_add_file(probes, kind, root, paths[i].rate, &file);
        if (probe == NULL)
            continue;
        doubti_probe_name(probe, "EMC clock");
        doubti_root_read_number(root, paths[i].limit, &probe->limit);
        return;
    }
}

const struct doubt_probe_kind doubti_probe_memory_clock = {
    .name = "memory-clock",
    .summary = "clock of a Tegra's memory",
    .missing = "no Tegra whose kernel shows it (debugfs)",
    .find = find,
};

/* cpufreq.c: clocks of the CPUs: what was asked for, and what the hardware says it runs at.
 *
 * A unit of work is one clock domain: CPUs that share a policy share a clock and one probe, named
 * after the first of them. At most 16 domains are read, those of the CPUs that this process may
 * use. scaling_cur_freq is what the governor asked for (on x86 often a measurement);
 * cpuinfo_cur_freq is measured, where root may read it, and shows a limit that the firmware sets
 * behind the kernel's back. Not for limits and governors (state.c, knobs).
 */
#include "machine/probe_int.h"

#include <stdio.h>

enum { DOMAINS_MAX = 16 };

/* "0 1 2 3" and "0-3" begin with the first CPU of the domain. */
static bool is_first(const char *root, int cpu)
{
    char path[96];
    double first;
    snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/related_cpus", cpu);
    return !doubti_root_read_number(root, path, &first) || first == cpu;
}

static void add_clock(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                      const char *root, int cpu, bool measured)
{
    static const struct doubti_probe_file file = {DOUBT_PROBE_CLOCK, DOUBT_PROBE_CPU, 1e3,
                                                  250 * DOUBTI_MS};
    struct doubt_probe *probe;
    char path[96];
    double most, least;
    snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/%s_cur_freq", cpu,
             measured ? "cpuinfo" : "scaling");
    probe = doubti_probe_add_file(probes, kind, root, path, &file);
    if (probe == NULL)
        return;
    doubti_probe_name(probe, "cpu%d clock%s", cpu, measured ? ", measured" : "");
    snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/scaling_max_freq", cpu);
    if (doubti_root_read_number(root, path, &most) && most > 0)
        probe->limit = most * 1e3;
    snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/scaling_min_freq", cpu);
    if (doubti_root_read_number(root, path, &least) && least > 0)
        probe->floor = least * 1e3;
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    struct doubti_cpus cpus;
    int domains = 0;
    if (!doubti_cpus_allowed(root, &cpus))
        return;
    for (int cpu = 0; cpu < DOUBTI_CPUS_MAX && domains < DOMAINS_MAX; cpu++) {
        size_t before = probes->count;
        if (!doubti_cpus_has(&cpus, cpu) || !is_first(root, cpu))
            continue;
        add_clock(probes, kind, root, cpu, false);
        add_clock(probes, kind, root, cpu, true);
        domains += probes->count > before;
    }
}

const struct doubt_probe_kind doubti_probe_cpufreq = {
    .name = "cpufreq",
    .summary = "clock of each CPU",
    .missing = "the kernel offers no cpufreq here",
    .find = find,
};

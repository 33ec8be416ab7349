/* topology.c: CPUs that this process may use, the cores behind them, the quota on them.
 *
 * A unit of work is one machine. sysfs answers under any root and in silence, where hwloc would
 * print its warnings and ask the processor itself. Not for caches and memories, nor for placing
 * workers (pin.c).
 */
#include "machine/machine_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct core {
    double package, number;
};

static bool read_core(const char *root, int cpu, struct core *core)
{
    char package[96], number[96];
    snprintf(package, sizeof package, "sys/devices/system/cpu/cpu%d/topology/physical_package_id",
             cpu);
    snprintf(number, sizeof number, "sys/devices/system/cpu/cpu%d/topology/core_id", cpu);
    return doubti_root_read_number(root, package, &core->package) &&
           doubti_root_read_number(root, number, &core->number);
}

/* Different cores of the CPUs given; 0 when the kernel does not tell one of them. */
static int count_cores(const char *root, const struct doubti_cpus *cpus)
{
    struct core *cores = malloc(sizeof *cores * DOUBTI_CPUS_MAX);
    int count = 0;
    for (int cpu = 0; cores != NULL && cpu < DOUBTI_CPUS_MAX; cpu++) {
        struct core core;
        int i = 0;
        if (!doubti_cpus_has(cpus, cpu))
            continue;
        if (!read_core(root, cpu, &core)) {
            count = 0;
            break;
        }
        while (i < count && (cores[i].package != core.package || cores[i].number != core.number))
            i++;
        if (i == count)
            cores[count++] = core;
    }
    free(cores);
    return count;
}

/* Control groups, version 2 ("150000 100000", "max 100000"), then version 1. */
static void read_quota(const char *root, struct doubt_machine_number *quota)
{
    char text[64];
    double used = NAN, period = NAN;
    doubti_number_why(quota, "no limit is set");
    if (doubti_root_read(root, "sys/fs/cgroup/cpu.max", text, sizeof text)) {
        if (sscanf(text, "%lf %lf", &used, &period) != 2)
            return;
    } else if (!doubti_root_read_number(root, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", &used) ||
               !doubti_root_read_number(root, "sys/fs/cgroup/cpu/cpu.cfs_period_us", &period)) {
        return;
    }
    if (used > 0 && period > 0)
        doubti_number_set(quota, used / period);
}

void doubti_topology_read(const char *root, struct doubt_machine *out)
{
    struct doubti_cpus cpus;
    doubti_number_why(&out->cpus, "/proc/self/status has no Cpus_allowed_list");
    doubti_number_why(&out->cores, "the kernel does not tell the topology");
    read_quota(root, &out->quota);
    if (!doubti_cpus_allowed(root, &cpus))
        return;
    doubti_number_set(&out->cpus, cpus.count);
    int cores = count_cores(root, &cpus);
    if (cores > 0)
        doubti_number_set(&out->cores, cores);
}

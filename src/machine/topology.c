/* topology.c: CPUs that this process may use, the cores behind them (hwloc), the quota on them.
 *
 * A unit of work is one machine. Not for placing workers: series.c does.
 */
#include "machine/machine_int.h"

#include <hwloc.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Cores of the CPUs given; 0 when hwloc finds none. */
static int count_cores(const struct doubti_cpus *cpus)
{
    hwloc_topology_t topology;
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    int cores = 0;
    if (set == NULL)
        return 0;
    for (int i = 0; i < DOUBTI_CPUS_MAX; i++)
        if (doubti_cpus_has(cpus, i))
            hwloc_bitmap_set(set, (unsigned)i);
    if (hwloc_topology_init(&topology) != 0)
        goto no_topology;
    if (hwloc_topology_load(topology) == 0 && hwloc_topology_restrict(topology, set, 0) == 0)
        cores = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE);
    hwloc_topology_destroy(topology);
no_topology:
    hwloc_bitmap_free(set);
    return cores > 0 ? cores : 0;
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
    int cores = count_cores(&cpus);
    if (cores > 0)
        doubti_number_set(&out->cores, cores);
}

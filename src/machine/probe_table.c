/* probe_table.c: the table of all kinds of probes, and nothing else. One line per file. */
#include "machine/probe_int.h"

const struct doubt_probe_kind *const doubt_probe_kinds[] = {
    &doubti_probe_cpufreq,  &doubti_probe_devfreq,  &doubti_probe_memory_clock,
    &doubti_probe_gpu_load, &doubti_probe_thermal,  &doubti_probe_cooling,
    &doubti_probe_fan,      &doubti_probe_hwmon,    &doubti_probe_ina3221,
    &doubti_probe_powercap, &doubti_probe_soctherm, &doubti_probe_firmware,
    &doubti_probe_nvml,     &doubti_probe_pressure, &doubti_probe_load,
    &doubti_probe_worker,   &doubti_probe_cgroup,   NULL,
};

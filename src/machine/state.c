/* state.c: governor, turbo, clocks, temperature, randomisation of address spaces, as they are now.
 *
 * A unit of work is one reading of each. Nothing is set. Not for readings during a restart
 * (gauges.c).
 */
#include "machine/machine_int.h"
#include "machine/probe.h"

#include "util/str.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char no_cpufreq[] = "the kernel offers no cpufreq here";

/* Governors of all CPUs that may be used, each kind once; the largest limit. */
static void read_cpufreq(const char *root, struct doubt_machine_state *out)
{
    struct doubti_cpus cpus;
    char path[96], text[64];
    double limit, least, most = 0;
    int clocks = 0, locked = 0;
    doubti_text_why(&out->governor, no_cpufreq);
    doubti_number_why(&out->frequency_max_hz, no_cpufreq);
    if (!doubti_cpus_allowed(root, &cpus))
        return;
    for (int i = 0; i < DOUBTI_CPUS_MAX; i++) {
        if (!doubti_cpus_has(&cpus, i))
            continue;
        snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", i);
        if (doubti_root_read(root, path, text, sizeof text))
            doubti_text_join(&out->governor, ", ", text);
        snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/scaling_max_freq", i);
        if (!doubti_root_read_number(root, path, &limit))
            continue;
        most = limit > most ? limit : most;
        clocks++;
        snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/scaling_min_freq", i);
        locked += doubti_root_read_number(root, path, &least) && least == limit;
    }
    out->locked = clocks > 0 && locked == clocks;
    if (most > 0)
        doubti_number_set(&out->frequency_max_hz, most * 1e3);
}

static void read_turbo(const char *root, struct doubt_machine_text *turbo)
{
    double value;
    if (doubti_root_read_number(root, "sys/devices/system/cpu/intel_pstate/no_turbo", &value))
        doubti_text_set(turbo, value == 0 ? "on" : "off");
    else if (doubti_root_read_number(root, "sys/devices/system/cpu/cpufreq/boost", &value))
        doubti_text_set(turbo, value != 0 ? "on" : "off");
    else
        doubti_text_why(turbo, "the kernel does not tell");
}

static void read_randomisation(const char *root, struct doubt_machine_text *text)
{
    static const char *const words[] = {"off", "partial", "on"};
    double value;
    if (doubti_root_read_number(root, "proc/sys/kernel/randomize_va_space", &value) &&
        (value == 0 || value == 1 || value == 2))
        doubti_text_set(text, words[(int)value]);
    else
        doubti_text_why(text, "/proc/sys/kernel/randomize_va_space cannot be read");
}

/* A GPU's sensor where the kernel shows none. */
static void read_gpu_temperature(const char *root, struct doubt_machine_state *out)
{
    static const char *const only[] = {"nvml", NULL};
    struct doubt_probes probes;
    if (doubt_probes_open(root, only, &probes, NULL) != DOUBT_OK)
        return;
    for (size_t i = 0; i < probes.count; i++) {
        struct doubt_probe *probe = &probes.items[i];
        double value = probe->quantity == DOUBT_PROBE_TEMPERATURE ? doubt_probe_read(probe) : NAN;
        if (isnan(value) || value <= out->temperature_c.value)
            continue;
        doubti_number_set(&out->temperature_c, value);
        doubt_str_copy(out->sensor, sizeof out->sensor, probe->name);
    }
    doubt_probes_close(&probes);
}

static void read_gauges(const char *root, struct doubt_machine_state *out)
{
    struct doubt_gauges gauges;
    struct doubt_gauge_reading reading;
    doubt_gauges_open(root, &gauges);
    doubt_gauges_read(&gauges, &reading);
    doubti_number_why(&out->temperature_c, "no sensor");
    doubti_number_why(&out->frequency_hz, no_cpufreq);
    if (!isnan(reading.temperature_c))
        doubti_number_set(&out->temperature_c, reading.temperature_c);
    else if (gauges.sensor_count > 0)
        doubti_number_why(&out->temperature_c, "no sensor answers");
    if (!isnan(reading.frequency_hz))
        doubti_number_set(&out->frequency_hz, reading.frequency_hz);
    doubt_str_copy(out->sensor, sizeof out->sensor, reading.sensor);
    doubt_gauges_close(&gauges);
    if (isnan(out->temperature_c.value))
        read_gpu_temperature(root, out);
}

void doubt_machine_read_state(const char *root, struct doubt_machine_state *out)
{
    memset(out, 0, sizeof *out);
    read_cpufreq(root, out);
    read_turbo(root, &out->turbo);
    read_randomisation(root, &out->randomisation);
    read_gauges(root, out);
}

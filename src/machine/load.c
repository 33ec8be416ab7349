/* load.c: the run queue, and what a hypervisor takes (steal).
 *
 * A unit of work is one figure of the whole machine. Not for the share of CPU time that others use
 * (busy.h), which needs to know who we are.
 */
#include "machine/probe_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RUNNING, STEAL };

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    static const struct doubti_probe_file running = {DOUBT_PROBE_LEVEL, DOUBT_PROBE_CPU, 1,
                                                     250 * DOUBTI_MS};
    static const struct doubti_probe_file steal = {DOUBT_PROBE_TIME, DOUBT_PROBE_CPU, 1,
                                                   250 * DOUBTI_MS};
    struct doubt_probe *probe;
    probe = doubti_probe_add_file(probes, kind, root, "proc/loadavg", &running);
    if (probe != NULL) {
        doubti_probe_name(probe, "runnable tasks");
        probe->index = RUNNING;
    }
    probe = doubti_probe_add_file(probes, kind, root, "proc/stat", &steal);
    if (probe != NULL) {
        doubti_probe_name(probe, "steal");
        probe->index = STEAL;
        probe->scale = 1.0 / (double)sysconf(_SC_CLK_TCK);
    }
}

/* loadavg: "0.10 0.20 0.30 2/345 6789"; stat: "cpu  user nice system idle iowait irq softirq steal
 * ...": the first line is the sum of all CPUs. */
static double read_figure(struct doubt_probe *probe)
{
    char text[256];
    double value;
    if (!doubti_probe_text(probe, text, sizeof text))
        return NAN;
    const char *format =
        probe->index == RUNNING ? "%*f %*f %*f %lf/" : "cpu %*u %*u %*u %*u %*u %*u %*u %lf";
    if (sscanf(text, format, &value) == 1 && value >= 0)
        return value * probe->scale;
    doubti_probe_why(probe, "the kernel does not tell it");
    return NAN;
}

const struct doubt_probe_kind doubti_probe_load = {
    .name = "load",
    .summary = "runnable tasks, and time that a hypervisor takes",
    .missing = "/proc/loadavg and /proc/stat cannot be read",
    .find = find,
    .read = read_figure,
};

/* pressure.c: time in which some task waited for CPU, memory or disk (PSI).
 *
 * A unit of work is one resource. The sum is of the whole machine, or of the control group that
 * /proc shows. Not for who it is that waits (busy.h).
 */
#include "machine/probe_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    static const struct {
        const char *path, *name;
        struct doubti_probe_file file;
    } resources[] = {
        {"proc/pressure/cpu",
         "waiting for a CPU",
         {DOUBT_PROBE_TIME, DOUBT_PROBE_CPU, 1e-6, 250 * DOUBTI_MS}},
        {"proc/pressure/memory",
         "waiting for memory",
         {DOUBT_PROBE_TIME, DOUBT_PROBE_MEMORY, 1e-6, 1000 * DOUBTI_MS}},
        {"proc/pressure/io",
         "waiting for disks",
         {DOUBT_PROBE_TIME, DOUBT_PROBE_OTHER, 1e-6, 1000 * DOUBTI_MS}},
    };
    for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
        struct doubt_probe *probe;
        probe = doubti_probe_add_file(probes, kind, root, resources[i].path, &resources[i].file);
        if (probe != NULL)
            doubti_probe_name(probe, "%s", resources[i].name);
    }
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=123": microseconds. */
static double read_total(struct doubt_probe *probe)
{
    char text[256], *end;
    if (!doubti_probe_text(probe, text, sizeof text))
        return NAN;
    const char *at = strncmp(text, "some ", 5) == 0 ? strstr(text, "total=") : NULL;
    double total = at != NULL ? strtod(at + 6, &end) : NAN;
    if (at != NULL && end != at + 6 && total >= 0)
        return total * probe->scale;
    doubti_probe_why(probe, "it has no line \"some ... total=\"");
    return NAN;
}

const struct doubt_probe_kind doubti_probe_pressure = {
    .name = "pressure",
    .summary = "time in which some task waited (PSI)",
    .missing = "the kernel tells no pressure (PSI)",
    .find = find,
    .read = read_total,
};

/* cooling.c: what the kernel does against heat: states of its cooling devices.
 *
 * A unit of work is one device. State 0 is "nothing is done"; what a higher one means is the
 * device's own: fewer clock steps, idle cycles, a faster fan. Not for temperatures (thermal.c).
 */
#include "machine/probe_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A fan that turns faster is no throttling. */
static enum doubt_probe_part part_of(const char *type)
{
    if (strstr(type, "fan") != NULL || strstr(type, "Fan") != NULL)
        return DOUBT_PROBE_OTHER;
    if (strstr(type, "gpu") != NULL || strstr(type, "GPU") != NULL)
        return DOUBT_PROBE_GPU;
    if (strstr(type, "cpu") != NULL || strcmp(type, "Processor") == 0)
        return DOUBT_PROBE_CPU;
    return DOUBT_PROBE_OTHER;
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    static const struct doubti_probe_file file = {DOUBT_PROBE_LEVEL, DOUBT_PROBE_OTHER, 1,
                                                  250 * DOUBTI_MS};
    struct doubti_matches devices;
    doubti_root_match(root, "sys/class/thermal/cooling_device*/cur_state", &devices);
    for (size_t i = 0; i < devices.count; i++) {
        const char *path = doubti_match_at(&devices, i);
        char near[DOUBTI_PATH_BYTES], type[48];
        struct doubt_probe *probe;
        probe = doubti_probe_add_file(probes, kind, root, path, &file);
        if (probe == NULL)
            continue;
        doubti_sibling(path, "type", near);
        if (!doubti_root_read(root, near, type, sizeof type))
            snprintf(type, sizeof type, "device");
        doubti_probe_name(probe, "%s %zu", type, i);
        probe->part = part_of(type);
        doubti_sibling(path, "max_state", near);
        doubti_root_read_number(root, near, &probe->limit);
    }
    doubti_root_match_end(&devices);
}

static double read_state(struct doubt_probe *probe)
{
    double number;
    if (!doubti_probe_number(probe, &number))
        return NAN;
    if (number >= 0)
        return number;
    doubti_probe_why(probe, "its driver says %g: no state", number);
    return NAN;
}

const struct doubt_probe_kind doubti_probe_cooling = {
    .name = "cooling",
    .summary = "state of each cooling device",
    .missing = "the kernel has no cooling device here",
    .find = find,
    .read = read_state,
};

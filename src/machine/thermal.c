/* thermal.c: the kernel's thermal zones.
 *
 * A unit of work is one zone. A zone whose unit is without power gives EAGAIN; a zone that gives
 * exactly 0 or what no chip survives has no sensor behind it. Not for hwmon's temperatures
 * (hwmon.c), nor for what is done against heat (cooling.c).
 */
#include "machine/probe_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double no_chip_survives_c = 200;

static enum doubt_probe_part part_of(const char *type)
{
    static const struct {
        const char *word;
        enum doubt_probe_part part;
    } words[] = {{"cpu", DOUBT_PROBE_CPU},     {"CPU", DOUBT_PROBE_CPU},
                 {"x86_pkg", DOUBT_PROBE_CPU}, {"gpu", DOUBT_PROBE_GPU},
                 {"GPU", DOUBT_PROBE_GPU},     {"MEM", DOUBT_PROBE_MEMORY},
                 {"Tboard", DOUBT_PROBE_BOARD}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(type, words[i].word) != NULL)
            return words[i].part;
    return DOUBT_PROBE_OTHER;
}

/* Tegra's PMIC-Die says 50 or 100 degrees on every board, always. */
static bool is_constant(const char *type)
{
    return strcmp(type, "PMIC-Die") == 0;
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    static const struct doubti_probe_file file = {DOUBT_PROBE_TEMPERATURE, DOUBT_PROBE_OTHER, 1e-3,
                                                  1000 * DOUBTI_MS};
    struct doubti_matches zones;
    doubti_root_match(root, "sys/class/thermal/thermal_zone*/temp", &zones);
    for (size_t i = 0; i < zones.count; i++) {
        const char *path = doubti_match_at(&zones, i);
        char near[DOUBTI_PATH_BYTES], type[DOUBT_PROBE_NAME_BYTES];
        struct doubt_probe *probe;
        probe = doubti_probe_add_file(probes, kind, root, path, &file);
        if (probe == NULL)
            continue;
        doubti_sibling(path, "type", near);
        if (!doubti_root_read(root, near, type, sizeof type))
            snprintf(type, sizeof type, "zone %zu", i);
        doubti_probe_name(probe, "%s", type);
        probe->part = part_of(type);
        probe->flagged = is_constant(type);
        if (probe->flagged)
            doubti_probe_why(probe, "a constant, not a sensor");
    }
    doubti_root_match_end(&zones);
}

static double read_zone(struct doubt_probe *probe)
{
    double number;
    if (!doubti_probe_number(probe, &number))
        return NAN;
    if (number != 0 && fabs(number * probe->scale) < no_chip_survives_c)
        return number * probe->scale;
    doubti_probe_why(probe, "it says %g degC: there is no sensor behind it", number * probe->scale);
    return NAN;
}

const struct doubt_probe_kind doubti_probe_thermal = {
    .name = "thermal",
    .summary = "temperature of each thermal zone",
    .missing = "the kernel has no thermal zone here",
    .find = find,
    .read = read_zone,
};

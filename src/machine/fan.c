/* fan.c: the fan of a Jetson with JetPack 4: its pulse width and its speed.
 *
 * A unit of work is one file of pwm-fan. Fans elsewhere are hwmon's (hwmon.c); setting is a knob
 * (knob_fan.c).
 */
#include "machine/probe_int.h"

static bool find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    static const struct {
        const char *path, *name;
        enum doubt_probe_quantity quantity;
    } rows[] = {
        {"sys/devices/pwm-fan/cur_pwm", "fan pulse width", DOUBT_PROBE_LEVEL},
        {"sys/devices/pwm-fan/target_pwm", "fan pulse width asked for", DOUBT_PROBE_LEVEL},
        {"sys/devices/pwm-fan/rpm_measured", "fan speed", DOUBT_PROBE_SPEED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct doubti_probe_file file = {rows[i].quantity, DOUBT_PROBE_OTHER, 1,
                                               1000 * DOUBTI_MS};
        struct doubt_probe *probe;
        if (!doubti_probe_add_file(probes, kind, root, rows[i].path, &file, &probe))
            return false;
        if (probe == NULL)
            continue;
        doubti_probe_name(probe, "%s", rows[i].name);
        if (rows[i].quantity == DOUBT_PROBE_LEVEL)
            probe->limit = 255;
    }
    return true;
}

const struct doubt_probe_kind doubti_probe_fan = {
    .name = "fan",
    .summary = "fan of a Jetson with JetPack 4",
    .missing = "no pwm-fan here",
    .find = find,
};

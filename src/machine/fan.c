/* fan.c: fans: what they are told (0 to 255), and how fast they turn.
 *
 * A unit of work is one figure of one fan: JetPack 4's pwm-fan, or any fan of hwmon. Setting is a
 * knob (knob_fan.c).
 */
#include "machine/probe_int.h"

#include <stdio.h>
#include <string.h>

static const struct doubti_probe_file level = {DOUBT_PROBE_LEVEL, DOUBT_PROBE_OTHER, 1,
                                               1000 * DOUBTI_MS};
static const struct doubti_probe_file speed = {DOUBT_PROBE_SPEED, DOUBT_PROBE_OTHER, 1,
                                               1000 * DOUBTI_MS};

static const struct {
    const char *pattern;
    const struct doubti_probe_file *file;
} patterns[] = {
    {"sys/devices/pwm-fan/cur_pwm", &level},       {"sys/devices/pwm-fan/target_pwm", &level},
    {"sys/devices/pwm-fan/rpm_measured", &speed},  {"sys/class/hwmon/hwmon*/pwm[0-9]", &level},
    {"sys/class/hwmon/hwmon*/fan*_input", &speed},
};

static void add_fan(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                    const char *root, const char *path, const struct doubti_probe_file *file)
{
    char near[DOUBTI_PATH_BYTES], chip[32];
    const char *slash = strrchr(path, '/');
    struct doubt_probe *probe;
    probe = doubti_probe_add_file(probes, kind, root, path, file);
    if (probe == NULL)
        return;
    doubti_sibling(path, "name", near);
    if (!doubti_root_read(root, near, chip, sizeof chip))
        snprintf(chip, sizeof chip, "pwm-fan");
    doubti_probe_name(probe, "%s %s", chip, slash != NULL ? slash + 1 : path);
    if (file == &level)
        probe->limit = 255;
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    for (size_t k = 0; k < sizeof patterns / sizeof patterns[0]; k++) {
        struct doubti_matches files;
        doubti_root_match(root, patterns[k].pattern, &files);
        for (size_t i = 0; i < files.count; i++)
            add_fan(probes, kind, root, doubti_match_at(&files, i), patterns[k].file);
        doubti_root_match_end(&files);
    }
}

const struct doubt_probe_kind doubti_probe_fan = {
    .name = "fan",
    .summary = "fans: what they are told, and how fast they turn",
    .missing = "the kernel shows no fan here",
    .find = find,
};

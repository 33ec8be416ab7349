/* hwmon.c: temperatures, powers, energies, voltages and currents of the kernel's hardware monitors.
 *
 * A unit of work is one input of one chip, named "CHIP LABEL". Chips that have a kind of their own
 * (INA3221, Tegra's over-current counters) are left to it, and fans to fan.c. Units are those of
 * the kernel's hwmon interface: m degC, uW, uJ, mV, mA.
 */
#include "machine/probe_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const own_kind[] = {"ina3221", "ina3221x", "soctherm_oc", NULL};

static const struct input {
    const char *pattern; /* file's name */
    struct doubti_probe_file file;
} inputs[] = {
    {"temp*_input", {DOUBT_PROBE_TEMPERATURE, DOUBT_PROBE_OTHER, 1e-3, 1000 * DOUBTI_MS}},
    {"power*_average", {DOUBT_PROBE_POWER, DOUBT_PROBE_OTHER, 1e-6, 100 * DOUBTI_MS}},
    {"power*_input", {DOUBT_PROBE_POWER, DOUBT_PROBE_OTHER, 1e-6, 100 * DOUBTI_MS}},
    {"energy*_input", {DOUBT_PROBE_ENERGY, DOUBT_PROBE_OTHER, 1e-6, 100 * DOUBTI_MS}},
    {"in*_input", {DOUBT_PROBE_VOLTAGE, DOUBT_PROBE_OTHER, 1e-3, 1000 * DOUBTI_MS}},
    {"curr*_input", {DOUBT_PROBE_CURRENT, DOUBT_PROBE_OTHER, 1e-3, 1000 * DOUBTI_MS}},
    /* The Raspberry Pi's only sign that its supply is too weak. */
    {"in*_lcrit_alarm",
     {DOUBT_PROBE_REASONS, DOUBT_PROBE_BOARD, DOUBT_REASON_UNDERVOLTAGE, 250 * DOUBTI_MS}},
};

static enum doubt_probe_part part_of(const char *chip)
{
    static const struct {
        const char *name;
        enum doubt_probe_part part;
    } chips[] = {{"coretemp", DOUBT_PROBE_CPU},   {"k10temp", DOUBT_PROBE_CPU},
                 {"zenpower", DOUBT_PROBE_CPU},   {"zenergy", DOUBT_PROBE_CPU},
                 {"amd_energy", DOUBT_PROBE_CPU}, {"cpu_thermal", DOUBT_PROBE_CPU},
                 {"amdgpu", DOUBT_PROBE_GPU},     {"nouveau", DOUBT_PROBE_GPU},
                 {"i915", DOUBT_PROBE_GPU},       {"xe", DOUBT_PROBE_GPU},
                 {"jc42", DOUBT_PROBE_MEMORY},    {"spd5118", DOUBT_PROBE_MEMORY},
                 {"rpi_volt", DOUBT_PROBE_BOARD}};
    for (size_t i = 0; i < sizeof chips / sizeof chips[0]; i++)
        if (strcmp(chip, chips[i].name) == 0)
            return chips[i].part;
    return DOUBT_PROBE_OTHER;
}

/* "temp3_input" has its label in "temp3_label"; without one "temp3" must do. */
static void read_label(const char *root, const char *path, char *out, size_t out_bytes)
{
    char near[DOUBTI_PATH_BYTES], stem[32], file[48];
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    snprintf(stem, sizeof stem, "%.*s", (int)strcspn(base, "_"), base);
    snprintf(file, sizeof file, "%s_label", stem);
    doubti_sibling(path, file, near);
    if (!doubti_root_read(root, near, out, out_bytes))
        snprintf(out, out_bytes, "%s", stem);
}

static void add_inputs(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                       const char *root, const char *chip_path, const char *chip)
{
    for (size_t k = 0; k < sizeof inputs / sizeof inputs[0]; k++) {
        struct doubti_matches files;
        char pattern[DOUBTI_PATH_BYTES], label[DOUBT_PROBE_NAME_BYTES];
        doubti_sibling(chip_path, inputs[k].pattern, pattern);
        doubti_root_match(root, pattern, &files);
        for (size_t i = 0; i < files.count; i++) {
            struct doubt_probe *probe;
            probe = doubti_probe_add_file(probes, kind, root, doubti_match_at(&files, i),
                                          &inputs[k].file);
            if (probe == NULL)
                continue;
            read_label(root, doubti_match_at(&files, i), label, sizeof label);
            doubti_probe_name(probe, "%s %s", chip, label);
            probe->part = part_of(chip);
        }
        doubti_root_match_end(&files);
    }
}

static bool has_own_kind(const char *chip)
{
    for (size_t i = 0; own_kind[i] != NULL; i++)
        if (strcmp(chip, own_kind[i]) == 0)
            return true;
    return false;
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    struct doubti_matches chips;
    doubti_root_match(root, "sys/class/hwmon/hwmon*/name", &chips);
    for (size_t i = 0; i < chips.count; i++) {
        char chip[32];
        if (doubti_root_read(root, doubti_match_at(&chips, i), chip, sizeof chip) &&
            !has_own_kind(chip))
            add_inputs(probes, kind, root, doubti_match_at(&chips, i), chip);
    }
    doubti_root_match_end(&chips);
}

static double read_input(struct doubt_probe *probe)
{
    double number;
    if (!doubti_probe_number(probe, &number))
        return NAN;
    number *= probe->scale;
    if (probe->quantity != DOUBT_PROBE_TEMPERATURE || (number != 0 && fabs(number) < 200))
        return number;
    doubti_probe_why(probe, "it says %g degC: there is no sensor behind it", number);
    return NAN;
}

const struct doubt_probe_kind doubti_probe_hwmon = {
    .name = "hwmon",
    .summary = "temperatures, powers and voltages of hardware monitors",
    .missing = "the kernel has no hardware monitor here",
    .find = find,
    .read = read_input,
};

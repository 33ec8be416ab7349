/* knob_fan.c: the fan of a Jetson with JetPack 4, by its pulse width.
 *
 * A unit of work is one value from 0 to 255; the temperature's control of the fan is switched off
 * with it, else it would be overwritten. Not for reading its speed: probe.h.
 */
#include "machine/knob_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char target[] = "sys/devices/pwm-fan/target_pwm";
static const char control[] = "sys/devices/pwm-fan/temp_control";

static void read_knob(const char *root, struct doubt_knob_reading *out)
{
    snprintf(out->path, sizeof out->path, "/%s", target);
    if (!doubti_root_read(root, target, out->value, sizeof out->value)) {
        out->value[0] = '\0';
        snprintf(out->why, sizeof out->why, "there is no /%s", target);
    }
    doubti_root_why_not(root, target, out->why_not, sizeof out->why_not);
}

static enum doubt_code check(const char *root, const char *value, struct doubt_err *err)
{
    char *end;
    long number = strtol(value, &end, 10);
    (void)root;
    if (value[0] >= '0' && value[0] <= '9' && *end == '\0' && number >= 0 && number <= 255)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE, "%.60s: 0 to 255 are accepted", value);
}

static enum doubt_code apply(const char *root, const char *value, struct doubt_err *err)
{
    char text[DOUBT_KNOB_TEXT_BYTES];
    enum doubt_code code = DOUBT_OK;
    if (doubti_root_read(root, control, text, sizeof text))
        code = doubti_root_write(root, control, "0", err);
    return code == DOUBT_OK ? doubti_root_write(root, target, value, err) : code;
}

static const char *const files[] = {"~sys/devices/pwm-fan/target_pwm",
                                    "sys/devices/pwm-fan/temp_control", NULL};

const struct doubti_knob_ops doubti_knob_fan = {
    .read = read_knob,
    .check = check,
    .apply = apply,
    .files = files,
};

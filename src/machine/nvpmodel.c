/* nvpmodel.c: the power mode of a Jetson, by NVIDIA's nvpmodel.
 *
 * A unit of work is one query or one change. Which mode is on is read from nvpmodel's status file,
 * which anyone may read; its exit status tells nothing (0 after failed writes), so that only
 * reading back counts. A change that needs a reboot is never confirmed. Not for clocks:
 * jetson_clocks.c.
 */
#include "machine/knob_int.h"
#include "util/alike.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const programs[] = {"usr/sbin/nvpmodel", "usr/bin/nvpmodel", NULL};
static const char status_file[] = "var/lib/nvpmodel/status";
enum { TIMEOUT_MS = 60000, MODES_MAX = 32 };

struct modes {
    struct {
        long id;
        char name[DOUBT_KNOB_TEXT_BYTES];
    } items[MODES_MAX];
    size_t count;
};

/* --- asking ----------------------------------------------------------------------------------- */

/* "pmode:0001 fmode:fanNull". */
static bool read_status(const char *root, long *id)
{
    static const char key[] = "pmode:";
    char text[128], *end;
    if (!doubti_root_read(root, status_file, text, sizeof text))
        return false;
    const char *at = strstr(text, key);
    if (at == NULL || !isdigit((unsigned char)at[sizeof key - 1]))
        return false;
    *id = strtol(at + sizeof key - 1, &end, 10);
    return *end == '\0' || *end == ' ';
}

static enum doubt_code run(const char *root, const char *const *arguments,
                           struct doubti_program_end *end, struct doubt_err *err)
{
    struct doubti_program program = {.paths = programs, .timeout_ms = TIMEOUT_MS};
    for (size_t i = 0; i < 5 && arguments[i] != NULL; i++)
        program.arguments[i] = arguments[i];
    return doubti_program_run(root, &program, end, err);
}

/* Lines "NVPM VERB: POWER_MODEL: ID=0 NAME=MAXN" of `nvpmodel -p --verbose`. */
static void parse_modes(const char *text, struct modes *modes)
{
    static const char key[] = "POWER_MODEL: ID=";
    modes->count = 0;
    for (const char *at = text; (at = strstr(at, key)) != NULL && modes->count < MODES_MAX;) {
        char *end;
        at += sizeof key - 1;
        long id = strtol(at, &end, 10);
        if (end == at || strncmp(end, " NAME=", 6) != 0)
            continue;
        size_t len = strcspn(end + 6, " \t\r\n");
        modes->items[modes->count].id = id;
        snprintf(modes->items[modes->count].name, sizeof modes->items[0].name, "%.*s", (int)len,
                 end + 6);
        modes->count++;
    }
}

static enum doubt_code list_modes(const char *root, struct modes *modes, struct doubt_err *err)
{
    static const char *const arguments[] = {"-p", "--verbose", NULL};
    struct doubti_program_end end;
    enum doubt_code code = run(root, arguments, &end, err);
    if (code != DOUBT_OK)
        return code;
    parse_modes(end.output, modes);
    if (modes->count == 0)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "nvpmodel -p --verbose names no mode; it says \"%.200s\"", end.output);
    return DOUBT_OK;
}

/* A mode by number or name, however that is spelled. */
static bool find_mode(const struct modes *modes, const char *value, long *id)
{
    char *end;
    long number = strtol(value, &end, 10);
    bool is_number = end != value && *end == '\0';
    for (size_t i = 0; i < modes->count; i++)
        if (is_number ? modes->items[i].id == number
                      : doubt_alike(modes->items[i].name, value, "MODE_")) {
            *id = modes->items[i].id;
            return true;
        }
    return false;
}

static enum doubt_code to_id(const char *root, const char *value, long *id, struct doubt_err *err)
{
    struct modes modes;
    char list[700] = "";
    enum doubt_code code = list_modes(root, &modes, err);
    if (code != DOUBT_OK || find_mode(&modes, value, id))
        return code;
    for (size_t i = 0, used = 0; i < modes.count && used < sizeof list - 80; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%ld (%s)", i ? ", " : "",
                                 modes.items[i].id, modes.items[i].name);
    return doubt_err_set(err, DOUBT_E_USAGE, "this machine has no power mode \"%.60s\"; it has: %s",
                         value, list);
}

/* The name of the mode that is on, from the configuration: "< POWER_MODEL ID=0 NAME=MAXN >". */
static void name_mode(const char *root, long id, char *out, size_t out_bytes)
{
    static const char key[] = "POWER_MODEL ID=";
    static char text[65536];
    out[0] = '\0';
    if (!doubti_root_read(root, "etc/nvpmodel.conf", text, sizeof text))
        return;
    for (const char *at = text; (at = strstr(at, key)) != NULL;) {
        char *end;
        at += sizeof key - 1;
        if (strtol(at, &end, 10) == id && strncmp(end, " NAME=", 6) == 0) {
            snprintf(out, out_bytes, "%.*s", (int)strcspn(end + 6, " \t\r\n>"), end + 6);
            return;
        }
    }
}

/* --- the knob --------------------------------------------------------------------------------- */

static void read_knob(const char *root, struct doubt_knob_reading *out)
{
    long id = 0;
    const char *path = doubti_program_find(root, programs);
    snprintf(out->path, sizeof out->path, "/%s", path != NULL ? path : programs[0]);
    if (read_status(root, &id)) {
        snprintf(out->value, sizeof out->value, "%ld", id);
        name_mode(root, id, out->detail, sizeof out->detail);
    } else if (path != NULL) {
        snprintf(out->why, sizeof out->why, "/%s tells no mode", status_file);
    } else {
        snprintf(out->why, sizeof out->why, "there is no nvpmodel");
    }
    if (path == NULL)
        snprintf(out->why_not, sizeof out->why_not, "there is no nvpmodel");
    else if (doubti_root_is_real(root))
        doubti_root_why_not(root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq",
                            out->why_not, sizeof out->why_not);
}

static enum doubt_code check(const char *root, const char *value, struct doubt_err *err)
{
    long id;
    return to_id(root, value, &id, err);
}

/* The first line that begins with this, without it; "" when there is none. */
static void line_with(const char *text, const char *mark, char *out, size_t out_bytes)
{
    const char *at = strstr(text, mark);
    out[0] = '\0';
    if (at != NULL)
        snprintf(out, out_bytes, "%.*s", (int)strcspn(at, "\n"), at);
}

static enum doubt_code apply_id(const char *root, long id, struct doubt_err *err)
{
    struct doubti_program_end end;
    char number[24], line[200];
    const char *const arguments[] = {"-m", number, NULL};
    snprintf(number, sizeof number, "%ld", id);
    enum doubt_code code = run(root, arguments, &end, err);
    if (code != DOUBT_OK)
        return code;
    if (strstr(end.output, "Reboot required") != NULL || strstr(end.output, "REBOOT NOW") != NULL)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "power mode %ld needs a reboot, which doubt never starts; nothing was "
                             "changed: run `sudo nvpmodel -m %ld` yourself, let it reboot, and "
                             "start doubt again",
                             id, id);
    line_with(end.output, "NVPM ERROR", line, sizeof line);
    if (strstr(end.output, "failed to set power mode") != NULL ||
        strstr(end.output, "bad power mode") != NULL)
        return doubt_err_set(err, DOUBT_E_SYSTEM, "nvpmodel could not set power mode %ld: %s", id,
                             line);
    return DOUBT_OK;
}

static enum doubt_code apply(const char *root, const char *value, struct doubt_err *err)
{
    long id = 0;
    enum doubt_code code = to_id(root, value, &id, err);
    return code == DOUBT_OK ? apply_id(root, id, err) : code;
}

static enum doubt_code verify_id(const char *root, long id, struct doubt_err *err)
{
    long here = -1;
    if (!read_status(root, &here))
        return doubt_err_set(err, DOUBT_E_SYSTEM,
                             "power mode %ld was asked for, and /%s does not tell which one is on",
                             id, status_file);
    if (here != id)
        return doubt_err_set(err, DOUBT_E_SYSTEM,
                             "power mode %ld was asked for, and mode %ld is on", id, here);
    return DOUBT_OK;
}

static enum doubt_code verify(const char *root, const char *value, struct doubt_err *err)
{
    long id = 0;
    enum doubt_code code = to_id(root, value, &id, err);
    return code == DOUBT_OK ? verify_id(root, id, err) : code;
}

static enum doubt_code save(const char *root, const char *folder, struct doubt_str *state,
                            struct doubt_err *err)
{
    long id = 0;
    (void)folder;
    if (!read_status(root, &id))
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "/%s does not tell which power mode is on, so that it could not be "
                             "put back",
                             status_file);
    doubt_str_addf(state, "@mode=%ld\n", id);
    return DOUBT_OK;
}

static enum doubt_code undo(const char *root, const char *folder, const char *state,
                            struct doubt_err *err)
{
    char text[DOUBT_KNOB_TEXT_BYTES];
    long here = -1;
    (void)folder;
    if (!doubti_knob_line(state, "@mode", text, sizeof text))
        return doubt_err_set(err, DOUBT_E_FORMAT, "the power mode to put back is not written down");
    long id = strtol(text, NULL, 10);
    if (read_status(root, &here) && here == id)
        return DOUBT_OK;
    enum doubt_code code = apply_id(root, id, err);
    return code == DOUBT_OK ? verify_id(root, id, err) : code;
}

/* A mode takes cores offline and moves limits; what a user had set besides is lost with it. */
static const char *const files[] = {
    "sys/devices/system/cpu/cpu[0-9]*/online",
    "sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_max_freq",
    "sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_min_freq",
    "sys/class/devfreq/*.gpu/max_freq",
    "sys/class/devfreq/*.gpu/min_freq",
    "sys/class/devfreq/*.gp10b/max_freq",
    "sys/class/devfreq/*.gp10b/min_freq",
    "sys/class/devfreq/*.gv11b/max_freq",
    "sys/class/devfreq/*.gv11b/min_freq",
    "sys/class/devfreq/*.ga10b/max_freq",
    "sys/class/devfreq/*.ga10b/min_freq",
    "sys/devices/gpu.0/power/control",
    "sys/kernel/nvpmodel_emc_cap/emc_iso_cap",
    "sys/kernel/nvpmodel_clk_cap/emc",
    NULL,
};

static const char *const keys[] = {"@mode", NULL};

const struct doubti_knob_ops doubti_knob_nvpmodel = {
    .read = read_knob,
    .check = check,
    .apply = apply,
    .verify = verify,
    .files = files,
    .keys = keys,
    .save = save,
    .undo = undo,
};

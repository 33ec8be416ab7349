/* jetson_clocks.c: clocks locked to the maximum of the power mode, by NVIDIA's jetson_clocks.
 *
 * A unit of work is one lock or one release. The program asks before it overwrites a store file
 * and ends with 0 after failed writes, so that it gets a fresh store file and only reading back
 * counts: minimum = maximum on every core and the GPU, idle states off. In some modes a minimum
 * equals its maximum without a lock; idle states tell. Not for single clocks: knob_cpufreq.c,
 * gpuclock.c.
 */
#include "machine/knob_int.h"
#include "machine/probe_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const programs[] = {"usr/bin/jetson_clocks", "usr/sbin/jetson_clocks", NULL};
enum { TIMEOUT_MS = 60000 };
enum { STORES_MAX = 64 };

/* The kernel names Tegra's GPU by its address and its kind, gpu-gpc-0 on later ones. */
static const char *const gpus[] = {
    "sys/class/devfreq/*.gpu/min_freq", "sys/class/devfreq/*.gp10b/min_freq",
    "sys/class/devfreq/*.gv11b/min_freq", "sys/class/devfreq/*.ga10b/min_freq",
    "sys/class/devfreq/gpu-gpc-0/min_freq"};

/* --- reading back ----------------------------------------------------------------------------- */

/* How many things can be read that a lock sets, and how many are set; `first` names one that is
 * not. */
struct tally {
    int seen, set, telling; /* telling: seen that are never set without a lock */
    char first[DOUBT_KNOB_WHY_BYTES];
};

static void count(struct tally *tally, bool set, const char *format, const char *path)
{
    tally->seen++;
    tally->set += set;
    if (!set && tally->first[0] == '\0')
        snprintf(tally->first, sizeof tally->first, format, path);
}

/* Minimum against maximum beside it. */
static void count_limits(const char *root, const char *pattern, const char *beside,
                         struct tally *tally)
{
    struct doubti_matches matches;
    doubti_root_match(root, pattern, &matches);
    for (size_t i = 0; i < matches.count; i++) {
        char other[DOUBTI_PATH_BYTES], online[DOUBTI_PATH_BYTES];
        double low, high, on = 1;
        const char *path = doubti_match_at(&matches, i);
        doubti_sibling(path, beside, other);
        int cpu = -1;
        if (sscanf(path, "sys/devices/system/cpu/cpu%d/", &cpu) == 1) {
            snprintf(online, sizeof online, "sys/devices/system/cpu/cpu%d/online", cpu);
            if (doubti_root_read_number(root, online, &on) && on == 0)
                continue;
        }
        if (doubti_root_read_number(root, path, &low) &&
            doubti_root_read_number(root, other, &high))
            count(tally, low == high, "/%s is below its maximum", path);
    }
    doubti_root_match_end(&matches);
}

static void count_files(const char *root, const char *pattern, double wanted, struct tally *tally)
{
    struct doubti_matches matches;
    doubti_root_match(root, pattern, &matches);
    for (size_t i = 0; i < matches.count; i++) {
        double value;
        const char *path = doubti_match_at(&matches, i);
        if (!doubti_root_read_number(root, path, &value))
            continue;
        count(tally, value == wanted, "/%s was not set", path);
        tally->telling++;
    }
    doubti_root_match_end(&matches);
}

static void tally_lock(const char *root, struct tally *tally)
{
    memset(tally, 0, sizeof *tally);
    count_limits(root, "sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_min_freq",
                 "scaling_max_freq", tally);
    for (size_t i = 0; i < sizeof gpus / sizeof gpus[0]; i++) {
        int before = tally->seen;
        count_limits(root, gpus[i], "max_freq", tally);
        tally->telling += tally->seen - before;
    }
    count_files(root, "sys/devices/system/cpu/cpu[0-9]*/cpuidle/state[0-9]*/disable", 1, tally);
    count_files(root, "sys/kernel/debug/clk/override.emc/clk_state", 1, tally);
}

/* "on" where everything is set, "off" where something is not. */
static void read_knob(const char *root, struct doubt_knob_reading *out)
{
    struct tally tally;
    const char *path = doubti_program_find(root, programs);
    snprintf(out->path, sizeof out->path, "/%s", path != NULL ? path : programs[0]);
    tally_lock(root, &tally);
    if (path == NULL)
        snprintf(out->why, sizeof out->why, "there is no jetson_clocks");
    else if (tally.telling == 0)
        snprintf(out->why, sizeof out->why, "no clock limits can be read");
    else
        snprintf(out->value, sizeof out->value, "%s", tally.set == tally.seen ? "on" : "off");
    if (path == NULL)
        snprintf(out->why_not, sizeof out->why_not, "there is no jetson_clocks");
    else if (doubti_root_is_real(root))
        doubti_root_why_not(root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq",
                            out->why_not, sizeof out->why_not);
}

/* --- setting ---------------------------------------------------------------------------------- */

static enum doubt_code check(const char *root, const char *value, struct doubt_err *err)
{
    (void)root;
    if (strcmp(value, "on") == 0 || strcmp(value, "off") == 0)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE, "clocks cannot be \"%.60s\": on and off are accepted",
                         value);
}

static enum doubt_code run(const char *root, const char *word, const char *file,
                           struct doubti_program_end *end, struct doubt_err *err)
{
    const struct doubti_program program = {
        .paths = programs, .arguments = {word, file}, .timeout_ms = TIMEOUT_MS};
    return doubti_program_run(root, &program, end, err);
}

/* The limits that a mode gives by itself, where the store is not known. */
static enum doubt_code release(const char *root, struct doubt_err *err)
{
    static const struct {
        const char *pattern, *source;
    } rows[] = {{"sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_min_freq", "cpuinfo_min_freq"},
                {"sys/class/devfreq/*.g*/min_freq", "available_frequencies"}};
    enum doubt_code code = DOUBT_OK;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct doubti_matches matches;
        doubti_root_match(root, rows[r].pattern, &matches);
        for (size_t i = 0; code == DOUBT_OK && i < matches.count; i++) {
            char source[DOUBTI_PATH_BYTES], value[32];
            double lowest;
            doubti_sibling(doubti_match_at(&matches, i), rows[r].source, source);
            if (!doubti_root_read_number(root, source, &lowest))
                continue;
            snprintf(value, sizeof value, "%.0f", lowest);
            code = doubti_root_write(root, doubti_match_at(&matches, i), value, err);
        }
        doubti_root_match_end(&matches);
    }
    if (code == DOUBT_OK)
        code = doubti_files_write(
            root, "sys/devices/system/cpu/cpu[0-9]*/cpuidle/state[0-9]*/disable", "0", err);
    return code;
}

static enum doubt_code apply(const char *root, const char *value, struct doubt_err *err)
{
    struct doubti_program_end end;
    if (strcmp(value, "off") == 0)
        return release(root, err);
    return run(root, NULL, NULL, &end, err);
}

static enum doubt_code verify(const char *root, const char *value, struct doubt_err *err)
{
    struct tally tally;
    tally_lock(root, &tally);
    bool locked = tally.telling > 0 && tally.set == tally.seen;
    if (strcmp(value, "off") == 0)
        return !locked ? DOUBT_OK
                       : doubt_err_set(err, DOUBT_E_SYSTEM,
                                       "clocks were to be released, and they are still locked");
    if (locked)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_SYSTEM,
                         "clocks were to be locked by jetson_clocks, and %d of %d are: %s",
                         tally.set, tally.seen,
                         tally.first[0] != '\0' ? tally.first : "no clock limits can be read");
}

/* --- putting back ----------------------------------------------------------------------------- */

static bool store_path(const char *folder, long number, char out[DOUBTI_PATH_BYTES])
{
    int n = snprintf(out, DOUBTI_PATH_BYTES, "%s/jetson_clocks.%ld.store", folder, number);
    return n > 0 && n < DOUBTI_PATH_BYTES;
}

void doubti_jetson_clocks_clear(const char *folder)
{
    char path[DOUBTI_PATH_BYTES];
    for (long i = 0; i < STORES_MAX; i++)
        if (store_path(folder, i, path))
            unlink(path);
}

/* The program's own store besides: it knows what it changes on boards of any kind. */
static enum doubt_code save(const char *root, const char *folder, struct doubt_str *state,
                            struct doubt_err *err)
{
    struct doubti_program_end end;
    char path[DOUBTI_PATH_BYTES];
    long number = 0;
    /* A fresh name: the program asks about one that is there. */
    while (number < STORES_MAX && store_path(folder, number, path) && access(path, F_OK) == 0)
        number++;
    if (number == STORES_MAX || !store_path(folder, number, path))
        return doubt_err_set(err, DOUBT_E_SYSTEM, "no store of jetson_clocks can be made in %s",
                             folder);
    enum doubt_code code = run(root, "--store", path, &end, err);
    if (code == DOUBT_OK && access(path, R_OK) != 0)
        code = doubt_err_set(err, DOUBT_E_SYSTEM,
                             "jetson_clocks --store %s left no file; it says \"%.200s\"", path,
                             end.output);
    doubt_str_addf(state, "@store=%ld\n", number);
    return code;
}

/* A store that is gone is no failure: the files below are put back one by one. */
static enum doubt_code undo(const char *root, const char *folder, const char *state,
                            struct doubt_err *err)
{
    struct doubti_program_end end;
    char path[DOUBTI_PATH_BYTES], number[DOUBT_KNOB_TEXT_BYTES];
    if (!doubti_knob_line(state, "@store", number, sizeof number) ||
        !store_path(folder, strtol(number, NULL, 10), path) || access(path, R_OK) != 0 ||
        doubti_program_find(root, programs) == NULL)
        return DOUBT_OK;
    return run(root, "--restore", path, &end, err);
}

/* The fan runs by itself where its control is on; what it is at then is no setting. */
static const char *const files[] = {
    "sys/devices/system/cpu/cpu[0-9]*/online",
    "sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_min_freq",
    "sys/devices/system/cpu/cpu[0-9]*/cpuidle/state[0-9]*/disable",
    "sys/class/devfreq/*.gpu/min_freq",
    "sys/class/devfreq/*.gpu/device/railgate_enable",
    "sys/class/devfreq/*.gp10b/min_freq",
    "sys/class/devfreq/*.gp10b/device/railgate_enable",
    "sys/class/devfreq/*.gv11b/min_freq",
    "sys/class/devfreq/*.gv11b/device/railgate_enable",
    "sys/class/devfreq/*.ga10b/min_freq",
    "sys/class/devfreq/*.ga10b/device/railgate_enable",
    "sys/class/devfreq/gpu-gpc-0/min_freq",
    "sys/kernel/debug/clk/override.emc/clk_state",
    "sys/kernel/debug/bpmp/debug/clk/emc/mrq_rate_locked",
    "~sys/devices/pwm-fan/target_pwm",
    "sys/devices/pwm-fan/temp_control",
    NULL,
};

static const char *const keys[] = {"@store", NULL};

const struct doubti_knob_ops doubti_knob_jetson_clocks = {
    .read = read_knob,
    .check = check,
    .apply = apply,
    .verify = verify,
    .files = files,
    .keys = keys,
    .save = save,
    .undo = undo,
};

/* knob_cpufreq.c: governor, frequency limits and boost of the CPUs.
 *
 * A unit of work is one file of cpufreq, the same for every CPU that has it. A limit is rounded by
 * the driver, up on one machine and down on another: what is read back is compared with the nearest
 * step. Not for simultaneous multithreading, which is left alone.
 */
#include "machine/knob_int.h"
#include "machine/probe_int.h"
#include "util/whole.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CPUFREQ "sys/devices/system/cpu/cpu[0-9]*/cpufreq/"
#define CPU0 "sys/devices/system/cpu/cpu0/cpufreq/"

/* Without a list of steps a driver may round by so much. */
static const double rounding = 0.05;

/* The value of a file of all CPUs: the kinds joined by "+", as "userspace+schedutil". */
static void read_all(const char *root, const char *pattern, const char *first,
                     struct doubt_knob_reading *out)
{
    struct doubti_matches matches;
    doubti_root_match(root, pattern, &matches);
    snprintf(out->path, sizeof out->path, "/%s", first);
    for (size_t i = 0; i < matches.count; i++) {
        char one[DOUBT_KNOB_TEXT_BYTES], before[DOUBT_KNOB_TEXT_BYTES];
        if (!doubti_root_read(root, doubti_match_at(&matches, i), one, sizeof one))
            continue;
        memcpy(before, out->value, sizeof before);
        if (before[0] == '\0')
            snprintf(out->value, sizeof out->value, "%s", one);
        else if (strstr(before, one) == NULL)
            snprintf(out->value, sizeof out->value, "%.30s+%.30s", before, one);
    }
    if (matches.count == 0) {
        snprintf(out->why, sizeof out->why, "the kernel offers no cpufreq here");
        snprintf(out->why_not, sizeof out->why_not, "%.100s", out->why);
    } else {
        if (out->value[0] == '\0')
            snprintf(out->why, sizeof out->why, "/%.120s cannot be read or is empty",
                     doubti_match_at(&matches, 0));
        doubti_root_why_not(root, doubti_match_at(&matches, 0), out->why_not, sizeof out->why_not);
    }
    doubti_root_match_end(&matches);
}

/* --- governor --------------------------------------------------------------------------------- */

static void read_governor(const char *root, struct doubt_knob_reading *out)
{
    read_all(root, CPUFREQ "scaling_governor", CPU0 "scaling_governor", out);
}

/* Is word one of the words of text? */
static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; (at = strstr(at, word)) != NULL; at += len)
        if ((at == text || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return len > 0;
    return false;
}

static enum doubt_code check_governor(const char *root, const char *value, struct doubt_err *err)
{
    char list[512];
    if (!doubti_root_read(root, CPU0 "scaling_available_governors", list, sizeof list))
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "the kernel does not tell which governors it has (/%s)",
                             CPU0 "scaling_available_governors");
    if (has_word(list, value))
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE, "this machine has no governor \"%.60s\"; it has: %s",
                         value, list);
}

static enum doubt_code apply_governor(const char *root, const char *value, struct doubt_err *err)
{
    return doubti_files_write(root, CPUFREQ "scaling_governor", value, err);
}

static const char *const governor_files[] = {CPUFREQ "scaling_governor", NULL};

const struct doubti_knob_ops doubti_knob_governor = {
    .read = read_governor,
    .check = check_governor,
    .apply = apply_governor,
    .files = governor_files,
};

/* --- limits ----------------------------------------------------------------------------------- */

static enum doubt_code parse_khz(const char *value, int64_t *khz, struct doubt_err *err)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 || number <= 0)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "\"%.60s\" is no clock: a whole number of kHz is accepted", value);
    *khz = number;
    return DOUBT_OK;
}

static enum doubt_code check_limit(const char *root, const char *value, struct doubt_err *err)
{
    int64_t khz = 0;
    double low = 0, high = 0;
    enum doubt_code code = parse_khz(value, &khz, err);
    if (code != DOUBT_OK)
        return code;
    if (!doubti_root_read_number(root, CPU0 "cpuinfo_min_freq", &low) ||
        !doubti_root_read_number(root, CPU0 "cpuinfo_max_freq", &high))
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "the kernel does not tell the range of the clock (/%s)",
                             CPU0 "cpuinfo_max_freq");
    if ((double)khz < low || (double)khz > high)
        return doubt_err_set(err, DOUBT_E_USAGE, "%s kHz: %.0f to %.0f kHz are accepted here",
                             value, low, high);
    return DOUBT_OK;
}

/* Is `there` the nearest step to what was asked, or near enough where steps are not known? */
static bool took(const char *root, const char *folder, int64_t asked, int64_t there)
{
    char list[1024], path[DOUBTI_PATH_BYTES];
    doubti_sibling(folder, "scaling_available_frequencies", path);
    if (there == asked)
        return true;
    if (doubti_root_read(root, path, list, sizeof list))
        return there == doubti_nearest_step(list, asked);
    return fabs((double)there - (double)asked) <= rounding * (double)asked;
}

static enum doubt_code verify_limit(const char *root, const char *pattern, const char *value,
                                    struct doubt_err *err)
{
    struct doubti_matches matches;
    int64_t asked = 0;
    enum doubt_code code = parse_khz(value, &asked, err);
    doubti_root_match(root, pattern, &matches);
    for (size_t i = 0; code == DOUBT_OK && i < matches.count; i++) {
        double there = 0;
        const char *path = doubti_match_at(&matches, i);
        if (!doubti_root_read_number(root, path, &there) ||
            !took(root, path, asked, doubt_whole(there)))
            code =
                doubt_err_set(err, DOUBT_E_SYSTEM, "%s kHz were asked for, and /%s is at %.0f kHz",
                              value, path, there);
    }
    doubti_root_match_end(&matches);
    return code;
}

static void read_max(const char *root, struct doubt_knob_reading *out)
{
    read_all(root, CPUFREQ "scaling_max_freq", CPU0 "scaling_max_freq", out);
}

static enum doubt_code apply_max(const char *root, const char *value, struct doubt_err *err)
{
    return doubti_files_write(root, CPUFREQ "scaling_max_freq", value, err);
}

static enum doubt_code verify_max(const char *root, const char *value, struct doubt_err *err)
{
    return verify_limit(root, CPUFREQ "scaling_max_freq", value, err);
}

static void read_min(const char *root, struct doubt_knob_reading *out)
{
    read_all(root, CPUFREQ "scaling_min_freq", CPU0 "scaling_min_freq", out);
}

static enum doubt_code apply_min(const char *root, const char *value, struct doubt_err *err)
{
    return doubti_files_write(root, CPUFREQ "scaling_min_freq", value, err);
}

static enum doubt_code verify_min(const char *root, const char *value, struct doubt_err *err)
{
    return verify_limit(root, CPUFREQ "scaling_min_freq", value, err);
}

/* A maximum below the minimum takes the minimum with it on some kernels. */
static const char *const limit_files[] = {CPUFREQ "scaling_max_freq", CPUFREQ "scaling_min_freq",
                                          NULL};

const struct doubti_knob_ops doubti_knob_cpu_max = {
    .read = read_max,
    .check = check_limit,
    .apply = apply_max,
    .verify = verify_max,
    .files = limit_files,
};

const struct doubti_knob_ops doubti_knob_cpu_min = {
    .read = read_min,
    .check = check_limit,
    .apply = apply_min,
    .verify = verify_min,
    .files = limit_files,
};

/* --- boost ------------------------------------------------------------------------------------ */

/* One file says on by 1, the other by 0. */
static const struct {
    const char *path, *on, *off;
} boosts[] = {{"sys/devices/system/cpu/intel_pstate/no_turbo", "0", "1"},
              {"sys/devices/system/cpu/cpufreq/boost", "1", "0"}};

static void read_boost(const char *root, struct doubt_knob_reading *out)
{
    char text[DOUBT_KNOB_TEXT_BYTES];
    for (size_t i = 0; i < sizeof boosts / sizeof boosts[0]; i++) {
        if (!doubti_root_read(root, boosts[i].path, text, sizeof text))
            continue;
        snprintf(out->path, sizeof out->path, "/%s", boosts[i].path);
        snprintf(out->value, sizeof out->value, "%s",
                 strcmp(text, boosts[i].on) == 0 ? "on" : "off");
        doubti_root_why_not(root, boosts[i].path, out->why_not, sizeof out->why_not);
        return;
    }
    snprintf(out->path, sizeof out->path, "/%s", boosts[1].path);
    snprintf(out->why, sizeof out->why, "the kernel offers no boost here");
    snprintf(out->why_not, sizeof out->why_not, "the kernel offers no boost here");
}

static enum doubt_code check_boost(const char *root, const char *value, struct doubt_err *err)
{
    (void)root;
    if (strcmp(value, "on") == 0 || strcmp(value, "off") == 0)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE, "boost cannot be \"%.60s\": on and off are accepted",
                         value);
}

static enum doubt_code apply_boost(const char *root, const char *value, struct doubt_err *err)
{
    char text[DOUBT_KNOB_TEXT_BYTES];
    for (size_t i = 0; i < sizeof boosts / sizeof boosts[0]; i++)
        if (doubti_root_read(root, boosts[i].path, text, sizeof text))
            return doubti_root_write(root, boosts[i].path,
                                     strcmp(value, "on") == 0 ? boosts[i].on : boosts[i].off, err);
    return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "the kernel offers no boost here");
}

static const char *const boost_files[] = {"sys/devices/system/cpu/intel_pstate/no_turbo",
                                          "sys/devices/system/cpu/cpufreq/boost", NULL};

const struct doubti_knob_ops doubti_knob_boost = {
    .read = read_boost,
    .check = check_boost,
    .apply = apply_boost,
    .files = boost_files,
};

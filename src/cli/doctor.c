/* doctor.c: see doctor.h. */
#include "cli/doctor.h"

#include "machine/busy.h"
#include "machine/machine.h"
#include "store/store.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/units.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { CPUINFO_MAX = 1 << 22, PATH_BYTES = 4096 };
/* A reading that costs more goes through the kernel. */
static const double dear_read_ns = 300;
/* The default set's networks take 0.7 GB; a store grows by about 1 MB a series. */
static const double cache_least_bytes = 1e9, store_least_bytes = 1e8;
/* Of the CPUs' time, in the second of the visit. */
static const double others_matter = 0.05;
static const int64_t second_ns = 1000000000;

const char *doubt_doctor_state_name(enum doubt_doctor_state state)
{
    static const char *const names[] = {[DOUBT_DOCTOR_OK] = "ok",
                                        [DOUBT_DOCTOR_LIMIT] = "limit",
                                        [DOUBT_DOCTOR_MISSING] = "missing",
                                        [DOUBT_DOCTOR_BROKEN] = "broken"};
    return names[state];
}

void doubt_doctor_add(struct doubt_doctor *doctor, const char *name, enum doubt_doctor_state state,
                      const char *text, const char *fix)
{
    if (doctor->count == DOUBT_DOCTOR_FINDINGS_MAX)
        return;
    struct doubt_doctor_finding *finding = &doctor->findings[doctor->count++];
    *finding = (struct doubt_doctor_finding){.name = name, .state = state};
    doubt_str_copy(finding->text, sizeof finding->text, text);
    doubt_str_copy(finding->fix, sizeof finding->fix, fix != NULL ? fix : "");
}

bool doubt_doctor_can_check(const struct doubt_doctor *doctor)
{
    return doctor->engine && doctor->store && doctor->cache;
}

static void add(struct doubt_doctor *doctor, const char *name, enum doubt_doctor_state state,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
static void add(struct doubt_doctor *doctor, const char *name, enum doubt_doctor_state state,
                const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    doubt_doctor_add(doctor, name, state, text, NULL);
}

/* What mends the last finding; NULL for nothing. */
static void mend(struct doubt_doctor *doctor, const char *fix)
{
    struct doubt_doctor_finding *last = &doctor->findings[doctor->count - 1];
    doubt_str_copy(last->fix, sizeof last->fix, fix != NULL ? fix : "");
}

/* --- folders -------------------------------------------------------------------------------- */

bool doubt_doctor_writable(const char *path, char *folder, size_t folder_bytes)
{
    char at[PATH_BYTES];
    if (strlen(path) >= sizeof at)
        return false;
    strcpy(at, path);
    while (access(at, F_OK) != 0 && errno == ENOENT) {
        char *slash = strrchr(at, '/');
        if (slash == NULL)
            strcpy(at, ".");
        else if (slash == at)
            at[1] = '\0';
        else
            *slash = '\0';
    }
    if (folder != NULL)
        doubt_str_copy(folder, folder_bytes, at);
    return access(at, W_OK) == 0;
}

/* What the file system has left for this user; infinite where it does not tell. */
static double free_bytes(const char *path)
{
    struct statvfs status;
    return statvfs(path, &status) == 0 ? (double)status.f_bavail * (double)status.f_frsize
                                       : HUGE_VAL;
}

/* One place that is written to. True when it will do. */
static bool look_at_place(struct doubt_doctor *doctor, const char *name, const char *path,
                          double least_bytes)
{
    char folder[PATH_BYTES], left[64];
    if (!doubt_doctor_writable(path, folder, sizeof folder)) {
        add(doctor, name, DOUBT_DOCTOR_BROKEN,
            "%.500s cannot be written: %.400s is not this user's to write", path, folder);
        mend(doctor, strcmp(name, "store") == 0
                         ? "XDG_DATA_HOME=FOLDER doubt check, or doubt check --db FILE"
                         : "XDG_CACHE_HOME=FOLDER doubt check");
        return false;
    }
    double bytes = free_bytes(folder);
    doubt_units_format_bytes((uint64_t)fmin(bytes, 9e18), left, sizeof left);
    bool enough = bytes >= least_bytes;
    add(doctor, name, enough ? DOUBT_DOCTOR_OK : DOUBT_DOCTOR_LIMIT, "%.700s, %s free", path, left);
    mend(doctor, enough ? NULL : "make room there, or name another folder");
    return true;
}

static void look_at_store(struct doubt_doctor *doctor)
{
    struct doubt_err err = {0};
    struct doubt_store *store = NULL;
    char *path = doubt_store_default_path();
    if (path == NULL) {
        doubt_doctor_add(doctor, "store", DOUBT_DOCTOR_BROKEN,
                         "there is no place to keep samples: neither XDG_DATA_HOME nor HOME is set",
                         "HOME=FOLDER doubt check, or doubt check --db FILE");
        return;
    }
    doctor->store = look_at_place(doctor, "store", path, store_least_bytes);
    if (doctor->store && doubt_file_exists(path) &&
        doubt_store_open(path, false, &store, &err) != DOUBT_OK) {
        doctor->store = false;
        doubt_doctor_add(doctor, "store", DOUBT_DOCTOR_BROKEN, err.text,
                         "doubt check --db FILE keeps samples elsewhere");
    }
    doubt_store_close(store);
    free(path);
}

static void look_at_cache(struct doubt_doctor *doctor)
{
    char *folder = doubt_file_xdg("CACHE");
    char *path = folder != NULL ? doubt_file_join(folder, "networks") : NULL;
    if (path == NULL)
        doubt_doctor_add(doctor, "networks", DOUBT_DOCTOR_BROKEN,
                         "there is no place to write networks: neither XDG_CACHE_HOME nor HOME is "
                         "set",
                         "HOME=FOLDER doubt check");
    else
        doctor->cache = look_at_place(doctor, "networks", path, cache_least_bytes);
    free(path);
    free(folder);
}

/* --- clock and CPU -------------------------------------------------------------------------- */

static void look_at_clock(struct doubt_doctor *doctor)
{
    struct doubt_clock_info clock;
    doubt_clock_describe(&clock);
    bool dear = clock.read_ns > dear_read_ns;
    add(doctor, "clock", dear ? DOUBT_DOCTOR_LIMIT : DOUBT_DOCTOR_OK,
        "%s: a reading takes %.0f ns, resolution %lld ns%s", clock.kind, clock.read_ns,
        (long long)clock.resolution_ns, dear ? "; each goes through the kernel" : "");
    mend(doctor, dear ? "echo tsc | sudo tee "
                        "/sys/devices/system/clocksource/clocksource0/current_clocksource"
                      : NULL);
}

/* Does the list of words hold this one? */
static bool has_word(const char *list, size_t bytes, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; at + len <= list + bytes; at++)
        if ((at == list || at[-1] == ' ' || at[-1] == '\t') && memcmp(at, word, len) == 0 &&
            (at + len == list + bytes || at[len] == ' '))
            return true;
    return false;
}

void doubt_doctor_cpu_features(const char *cpuinfo, struct doubt_str *out)
{
    static const struct {
        const char *flag, *name;
    } features[] = {
        {"avx2", "AVX2"},
        {"fma", "FMA"},
        {"avx512f", "AVX-512"},
        {"avx_vnni", "AVX-VNNI"},
        {"avx512_vnni", "AVX-512 VNNI"},
        {"avx512_bf16", "AVX-512 BF16"},
        {"avx512_fp16", "AVX-512 FP16"},
        {"amx_bf16", "AMX BF16"},
        {"amx_int8", "AMX INT8"},
        {"asimd", "NEON"},
        {"asimdhp", "NEON FP16"},
        {"asimddp", "NEON dot product"},
        {"bf16", "BF16"},
        {"i8mm", "I8MM"},
        {"sve", "SVE"},
    };
    const char *line = strstr(cpuinfo, "\nflags");
    if (line == NULL)
        line = strstr(cpuinfo, "\nFeatures");
    const char *colon = line != NULL ? strchr(line, ':') : NULL;
    if (colon == NULL)
        return;
    size_t bytes = strcspn(colon, "\n");
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
        if (has_word(colon, bytes, features[i].flag))
            doubt_str_addf(out, "%s%s", out->len > 0 ? ", " : "", features[i].name);
}

static void look_at_cpu(struct doubt_doctor *doctor, const struct doubt_machine *machine)
{
    struct doubt_str features;
    char *cpuinfo = NULL, line[512];
    doubt_str_init(&features, 512);
    doubt_machine_line(machine, line, sizeof line);
    if (doubt_file_read("/proc/cpuinfo", CPUINFO_MAX, &cpuinfo, NULL, NULL) == DOUBT_OK)
        doubt_doctor_cpu_features(cpuinfo, &features);
    add(doctor, "cpu", DOUBT_DOCTOR_OK, "%s: %s", line,
        features.len > 0 ? doubt_str_text(&features) : "no vector extensions that doubt knows");
    if (isfinite(machine->quota.value) && machine->quota.value < machine->cpus.value) {
        add(doctor, "quota", DOUBT_DOCTOR_LIMIT,
            "a control group allows %.2f CPUs' worth of time on %.0f CPUs: it stops the worker "
            "many times a second",
            machine->quota.value, machine->cpus.value);
        mend(doctor, "start the container without a limit, or with whole CPUs of its own "
                     "(--cpuset-cpus)");
    }
    free(cpuinfo);
    doubt_str_free(&features);
}

/* --- what disturbs -------------------------------------------------------------------------- */

static void look_at_settings(struct doubt_doctor *doctor, const struct doubt_machine *machine)
{
    struct doubt_machine_state state;
    char uncontrolled[1024];
    doubt_machine_read_state(NULL, &state);
    if (state.governor.text[0] != '\0' && strcmp(state.governor.text, "performance") != 0) {
        add(doctor, "governor", DOUBT_DOCTOR_LIMIT, "the CPUs' clock follows the load (%s)",
            state.governor.text);
        mend(doctor, "sudo doubt device set governor=performance");
    }
    if (strcmp(state.turbo.text, "on") == 0)
        doubt_doctor_add(doctor, "boost", DOUBT_DOCTOR_LIMIT,
                         "the CPUs' clock rises while they are cool, so a mean depends on what ran "
                         "before",
                         "sudo doubt device set boost=off");
    doubt_machine_uncontrolled(machine, &state, uncontrolled, sizeof uncontrolled);
    if (uncontrolled[0] != '\0')
        add(doctor, "not controlled", DOUBT_DOCTOR_LIMIT, "%s", uncontrolled);
}

static void wait_ns(int64_t ns)
{
    struct timespec left = {.tv_sec = (time_t)(ns / second_ns), .tv_nsec = (long)(ns % second_ns)};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

/* Others' share of the CPUs over a second; NaN when it cannot be told. */
static double others_share(struct doubt_busy_source *source)
{
    struct doubt_busy before, after;
    int64_t begun = doubt_clock_ns();
    if (doubt_busy_read(source, &before, NULL) != DOUBT_OK)
        return NAN;
    wait_ns(second_ns);
    if (doubt_busy_read(source, &after, NULL) != DOUBT_OK || after.cpus < 1)
        return NAN;
    double time = (double)(doubt_clock_ns() - begun) * after.cpus;
    return (double)(after.busy_ns - before.busy_ns - (after.ours_ns - before.ours_ns)) / time;
}

static void look_at_others(struct doubt_doctor *doctor)
{
    char text[512] = "";
    struct doubt_busy_source *source = NULL;
    struct doubt_busy_names *names = doubt_busy_names_new(NULL);
    int64_t begun = doubt_clock_ns();
    if (names != NULL)
        doubt_busy_names_scan(names, getpid(), NULL);
    double share = doubt_busy_open(NULL, 0, &source, NULL) == DOUBT_OK ? others_share(source) : NAN;
    if (names != NULL) {
        doubt_busy_names_scan(names, getpid(), NULL);
        doubt_busy_names_format(names, doubt_clock_ns() - begun, 3, text, sizeof text);
    }
    if (isnan(share))
        doubt_doctor_add(doctor, "others", DOUBT_DOCTOR_LIMIT,
                         "the kernel does not tell how much others use the CPUs", NULL);
    else if (share < others_matter)
        add(doctor, "others", DOUBT_DOCTOR_OK, "used %.1f %% of the CPUs just now",
            100 * fmax(share, 0));
    else {
        add(doctor, "others", DOUBT_DOCTOR_LIMIT,
            "used %.0f %% of the CPUs just now%s%s%s: means get longer", 100 * share,
            text[0] ? " (" : "", text, text[0] ? ")" : "");
        mend(doctor, "end them, or wait: doubt check says afterwards how much they took");
    }
    doubt_busy_close(source);
    doubt_busy_names_free(names);
}

void doubt_doctor_look(struct doubt_doctor *doctor)
{
    struct doubt_machine machine;
    doubt_machine_identify(NULL, &machine);
    look_at_store(doctor);
    look_at_cache(doctor);
    look_at_clock(doctor);
    look_at_cpu(doctor, &machine);
    look_at_settings(doctor, &machine);
    look_at_others(doctor);
}

/* settings.h: the options that every measuring command takes, as rows to include in its table.
 *
 * A unit of work is one command line. Not for what only one command knows.
 */
#ifndef DOUBT_CLI_SETTINGS_H
#define DOUBT_CLI_SETTINGS_H

#include "cli/pick.h"
#include "measure/series.h"
#include "util/opt.h"

/* Zero means: not given, the method's own. */
struct doubt_settings {
    const char *engine, *library, *device, *db;
    struct doubt_opt_list options;
    int64_t threads, restarts, iterations;
    int64_t budget_ns, warm_ns, deadline_ns, soak_ns;
    uint64_t memory_limit_bytes, seed;
    bool no_store, wide, no_soak, subtract_idle, lock_memory;
    const char *cpus, *priority; /* of the workers; NULL: as they come */
    const char *protocol; /* another tool's procedure beside ours; NULL: none */
    bool flush_cache;
};

/* Which model, and what is timed of it. */
struct doubt_model_settings {
    struct doubt_opt_list sizes;
    int precision, boundary; /* as in enum doubt_precision and enum doubt_boundary */
    int64_t batch;           /* 0: not given */
    bool no_nms;
};

/* Names in the order of the enums, NULL-terminated. */
extern const char *const doubt_settings_precisions[], *const doubt_settings_boundaries[];

/* clang-format off */
#define DOUBT_SETTINGS_AT(type, member, field) \
    (offsetof(type, member) + offsetof(struct doubt_settings, field))

/* Rows for a table whose struct `type` has a struct doubt_settings as `member`: the engine, how
 * many restarts, and the series. */
#define DOUBT_SETTINGS_ROWS(type, member)                                                          \
    DOUBT_ENGINE_ROWS(type, member),                                                               \
    DOUBT_RESTARTS_ROW(type, member),                                                              \
    DOUBT_SERIES_ROWS(type, member)

#define DOUBT_ENGINE_ROWS(type, member)                                                            \
    {"engine", 'E', "NAME", DOUBT_OPT_TEXT, DOUBT_SETTINGS_AT(type, member, engine), NULL,         \
     "engine by name, or a plug-in's path with a slash; else the fastest one found here", 0, 0,    \
     NULL},                                                                                        \
    {"library", 'l', "FILE", DOUBT_OPT_TEXT, DOUBT_SETTINGS_AT(type, member, library), NULL,       \
     "the vendor's library that the engine loads; needs --engine", 0, 0, NULL},                    \
    {"device", 'd', "NAME", DOUBT_OPT_TEXT, DOUBT_SETTINGS_AT(type, member, device), NULL,         \
     "device of the engine, as `doubt engines` names it; needs --engine", 0, 0, NULL},             \
    {"option", 'O', "NAME=VALUE", DOUBT_OPT_LIST, DOUBT_SETTINGS_AT(type, member, options), NULL,  \
     "an option of the engine, as `doubt engines NAME` lists them; needs --engine", 0, 0, NULL},   \
    {"threads", 't', "N", DOUBT_OPT_INT, DOUBT_SETTINGS_AT(type, member, threads), NULL,           \
     "threads of the engine; else its own choice", 1, 4096, NULL}

#define DOUBT_RESTARTS_ROW(type, member)                                                           \
    {"restarts", 'r', "N", DOUBT_OPT_INT, DOUBT_SETTINGS_AT(type, member, restarts), NULL,         \
     "at most so many processes for each row; looks are at 20, 40 and 80; else 20", 2, 1000, NULL}

#define DOUBT_SERIES_ROWS(type, member)                                                            \
    {"budget", 'B', "DURATION", DOUBT_OPT_DURATION, DOUBT_SETTINGS_AT(type, member, budget_ns),    \
     NULL, "time for the whole series; what it cuts below the method's minimum is said", 0, 0,     \
     NULL},                                                                                        \
    {"iterations", 'i', "N", DOUBT_OPT_INT, DOUBT_SETTINGS_AT(type, member, iterations), NULL,     \
     "inferences timed in each restart; else 2 seconds of them and at least 200", 1, 1000000000,   \
     NULL},                                                                                        \
    {"warm-up", 'w', "DURATION", DOUBT_OPT_DURATION, DOUBT_SETTINGS_AT(type, member, warm_ns),     \
     NULL, "untimed inferences before them; else 1 second and at least 10", 0, 0, NULL},           \
    {"deadline", 0, "DURATION", DOUBT_OPT_DURATION, DOUBT_SETTINGS_AT(type, member, deadline_ns),  \
     NULL, "a restart that takes longer counts as a hang; else by its pilot", 0, 0, NULL},         \
    {"memory-limit", 0, "SIZE", DOUBT_OPT_BYTES,                                                   \
     DOUBT_SETTINGS_AT(type, member, memory_limit_bytes), NULL,                                    \
     "address space that a restart may use, from 64MB on", 0, 0, NULL},                                          \
    {"seed", 's', "HEX", DOUBT_OPT_HEX, DOUBT_SETTINGS_AT(type, member, seed), NULL,               \
     "seed of the order of restarts; else a fresh one, which is printed", 0, 0, NULL},             \
    {"db", 0, "FILE", DOUBT_OPT_TEXT, DOUBT_SETTINGS_AT(type, member, db), NULL,                   \
     "store that keeps the series; else $XDG_DATA_HOME/doubt/doubt.db", 0, 0, NULL},               \
    {"no-store", 0, NULL, DOUBT_OPT_FLAG, DOUBT_SETTINGS_AT(type, member, no_store), NULL,         \
     "keep nothing", 0, 0, NULL},                                                                  \
    {"soak", 0, "DURATION", DOUBT_OPT_DURATION, DOUBT_SETTINGS_AT(type, member, soak_ns), NULL,    \
     "unrecorded work of this length first; else until temperatures and clocks stay, where they "  \
     "can be read", 0, 0, NULL},                                                                   \
    {"no-soak", 0, NULL, DOUBT_OPT_FLAG, DOUBT_SETTINGS_AT(type, member, no_soak), NULL,           \
     "begin at once: no such work, and no look at others' work before"    , 0, 0, NULL},          \
    {"subtract-idle", 0, NULL, DOUBT_OPT_FLAG, DOUBT_SETTINGS_AT(type, member, subtract_idle),     \
     NULL, "energy without the power of 10 idle seconds, measured first", 0, 0, NULL},             \
    {"cpus", 0, "LIST", DOUBT_OPT_TEXT, DOUBT_SETTINGS_AT(type, member, cpus), NULL,               \
     "CPUs that restarts may use with all their threads, for example 0-3,6", 0, 0, NULL},          \
    {"priority", 0, "N", DOUBT_OPT_TEXT, DOUBT_SETTINGS_AT(type, member, priority), NULL,          \
     "nice value of restarts, from -20 (first) to 19; below the present one needs root", 0, 0,     \
     NULL},                                                                                        \
    {"lock-memory", 0, NULL, DOUBT_OPT_FLAG, DOUBT_SETTINGS_AT(type, member, lock_memory), NULL,   \
     "lock the memory of a restart before it is timed (mlockall)", 0, 0, NULL},                    \
    {"wide", 'W', NULL, DOUBT_OPT_FLAG, DOUBT_SETTINGS_AT(type, member, wide), NULL,               \
     "every column of the table, however narrow the terminal", 0, 0, NULL}

#define DOUBT_PROTOCOL_ROWS(type, member)                                                          \
    {"protocol", 0, "NAME", DOUBT_OPT_TEXT, DOUBT_SETTINGS_AT(type, member, protocol), NULL,       \
     "replay another tool's procedure once after ours, and print what it would have printed: "     \
     "trtexec-5, trtexec-8, jetson-benchmarks, ssd-sample, benchmark-app, mlperf-singlestream, "   \
     "or vendor: the one that fits",                                                               \
     0, 0, NULL},                                                                                  \
    {"flush-cache", 0, NULL, DOUBT_OPT_FLAG, DOUBT_SETTINGS_AT(type, member, flush_cache), NULL,   \
     "empty the device's cache before each sample, outside of it", 0, 0, NULL}

/* Rows for a struct doubt_model_settings as `member`. */
#define DOUBT_MODEL_AT(type, member, field) \
    (offsetof(type, member) + offsetof(struct doubt_model_settings, field))
#define DOUBT_MODEL_ROWS(type, member)                                                             \
    {"precision", 'p', "NAME", DOUBT_OPT_CHOICE, DOUBT_MODEL_AT(type, member, precision), "f32",   \
     "arithmetic to ask for; what was really used is read back", 0, 0, doubt_settings_precisions}, \
    {"batch", 'b', "N", DOUBT_OPT_INT, DOUBT_MODEL_AT(type, member, batch), NULL,                  \
     "inputs of one inference, for built-in networks; else 1", 1, 4096, NULL},                     \
    {"boundary", 0, "NAME", DOUBT_OPT_CHOICE, DOUBT_MODEL_AT(type, member, boundary), "call",      \
     "what a sample times: the engine's call with inputs and outputs in place, from host memory "  \
     "to host memory, or the work on the device by its own events",                                \
     0, 0, doubt_settings_boundaries},                                                             \
    {"size", 0, "NAME=SIZES", DOUBT_OPT_LIST, DOUBT_MODEL_AT(type, member, sizes), NULL,           \
     "sizes of an input whose own ones are open, for example data=1x3x224x224", 0, 0, NULL},       \
    {"no-nms", 0, NULL, DOUBT_OPT_FLAG, DOUBT_MODEL_AT(type, member, no_nms), NULL,                \
     "ssd-mobilenet-v2 without its post-processing", 0, 0, NULL}
/* clang-format on */

/* Refuses options that need another one, a memory limit that leaves no engine any room, CPUs that
 * are none of ours, and a priority that is none. */
enum doubt_code doubt_settings_check(const struct doubt_settings *settings, struct doubt_err *err);

/* Fills the series' plan but for its cells. begun_ns: when the command began, on the samples'
 * clock; what went by since counts as the series' own time. */
void doubt_settings_plan(const struct doubt_settings *settings, int64_t begun_ns,
                         struct doubt_series_plan *plan);

/* Takes the time of building engines off what was spent before the series. */
void doubt_settings_set_building_apart(struct doubt_series_plan *plan, int64_t built_ns);

/* Fills what belongs to engine and settings into a cell's plan. */
void doubt_settings_plan_cell(const struct doubt_settings *settings, const struct doubt_pick *pick,
                              struct doubt_cell_plan *cell);

/* Keeps the engines whose first device computes in all of these precisions. None left: a sentence
 * that says of each what it has. */
struct doubt_precisions {
    const enum doubt_precision *items;
    size_t count;
};
enum doubt_code doubt_settings_keep_precise(const struct doubt_precisions *wanted,
                                            struct doubt_pick *picks, size_t *pick_count,
                                            struct doubt_err *err);

/* Refuses a precision that the device does not compute in. */
enum doubt_code doubt_settings_check_precision(const struct doubt_settings *settings,
                                               const struct doubt_pick *pick,
                                               enum doubt_precision precision,
                                               struct doubt_err *err);

#endif

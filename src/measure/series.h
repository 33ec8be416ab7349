/* series.h: plans and runs one series: all restarts of all cells, in random order.
 *
 * A unit of work is one restart of one cell (restart.h runs it). The plan fixes cells, looks,
 * lengths and budget; the run calls back after every restart, so that the caller stores it at once
 * and shows progress. Judging claims is the caller's: it may stop a cell through `conclusive`.
 * Not for printing, storing or claims: those lie above.
 */
#ifndef DOUBT_MEASURE_SERIES_H
#define DOUBT_MEASURE_SERIES_H

#include "record/record.h"
#include "util/cpus.h"
#include <doubt/engine.h>
#include <doubt/err.h>
#include <signal.h>
#include <stdbool.h>

struct doubt_engine;
struct doubt_pair;
struct doubt_pairs_how;
struct doubt_protocol;
struct doubt_reference;

/* One cell to be measured. Strings and the reference are the caller's and outlive the run. */
struct doubt_cell_plan {
    const char *network; /* built-in name or path, as recorded */
    const char *title;
    const char *variant;
    const char *model_path; /* the file the engine reads; NULL for the null and synthetic engines */
    const char *model_sha256;
    int64_t macs, parameters; /* DOUBT_MISSING_I64 when not counted */
    const char *engine;       /* name or plug-in path, found again by the worker */
    const char *library_path; /* found by doubt_library_find(); NULL when none is needed */
    const char *library_sha256;
    const char *device; /* NULL: the engine's first */
    enum doubt_precision precision;
    enum doubt_boundary boundary;
    int32_t batch, threads;
    const char *const *options;     /* NAME=VALUE, NULL-terminated; may be NULL */
    const char *const *environment; /* the same, set in the worker's environment at its start */
    const struct doubt_tensor *input_sizes;
    uint32_t input_size_count;
    const struct doubt_reference *reference; /* NULL: only finiteness is checked */
    const char *reference_name;              /* "built-in reference", "ref", "agreement with X" */
    bool flush;                              /* the device's caches before each sample */
    bool builds;                             /* the engine may build for minutes, once */
    const struct doubt_protocol *protocol;   /* replayed beside ours; NULL: none */
    bool hidden; /* measured (the cost of measuring), not a row of the table */
};

/* What a worker's process is to be like, in each restart; what could not be had fails the restart.
 */
struct doubt_worker_wish {
    struct doubt_cpus cpus; /* for all its threads; none: where it likes */
    bool has_priority, lock_memory;
    int32_t priority; /* nice, -20 to 19; with has_priority */
};

/* Zero in a length or count means: the method's own (docs/MEASURING.md). */
struct doubt_series_plan {
    struct doubt_cell_plan *cells;
    size_t cell_count;
    const char *command, *claim_set;
    uint64_t seed;
    int64_t budget_ns;    /* 0: none */
    int64_t before_ns;    /* of it spent before the series, on choosing an engine and the like */
    int64_t built_ns;     /* spent before the series on building engines; no part of before_ns */
    int32_t restarts_max; /* 0: 20 */
    int32_t family;       /* claims that share the error of 5 %; 0: 1 */
    int64_t iterations;   /* samples of a restart; 0: max(200, 2 s / mean), cut by the budget */
    int64_t warm_ns;      /* unrecorded warm-up: 0: 1 s (and at least 10 iterations) */
    int64_t deadline_ns;  /* a restart that takes longer is a hang; 0: 5 min or 20 x pilot */
    uint64_t memory_limit_bytes; /* of a worker's address space; 0: none */
    struct doubt_worker_wish worker;
    bool percentiles; /* percentiles matter: a cell's reason names those that are weak */
    /* Compare the first two cells in pairs (pairs.h); all others are hidden. NULL: do not. */
    const struct doubt_pairs_how *pairs;
    int64_t soak_ns;    /* unrecorded work of this length first; 0: until the machine is steady */
    bool no_soak;       /* begin at once, however cold or busy the machine is */
    bool subtract_idle; /* energy without what the machine takes anyway, which is measured first */
    bool pin;           /* keep the supervisor off the workers' CPUs where there are enough */
};

/* What the live line shows. */
struct doubt_progress {
    const char *phase; /* "pilot", "measuring" */
    size_t restarts_done, restarts_planned;
    const struct doubt_cell_plan *cell; /* under way */
    int64_t elapsed_ns, left_ns;        /* left: estimate; negative when unknown */
    double others_share;                /* CPU taken by others in the last second; NaN unknown */
};

struct doubt_series_hooks {
    void *context;
    void (*progress)(void *context, const struct doubt_progress *progress);
    /* Before the first pilot: series with its machine and what others used just now (its fields
     * *_before_*). May be NULL; not called with no_soak, nor where that is not known. */
    void (*before)(void *context, const struct doubt_series *series);
    /* After the plan was made and before the first restart: series with its machine fields, and
     * the cells as planned. */
    enum doubt_code (*begin)(void *context, struct doubt_series *series,
                             const struct doubt_cell *cells, size_t cell_count,
                             struct doubt_err *err);
    /* Each restart as it ends; samples is NULL where it has none. A failure ends the series. */
    enum doubt_code (*restart)(void *context, const struct doubt_restart *restart,
                               const int64_t *samples, size_t count, struct doubt_err *err);
    /* At a look, the cell analysed: true when it needs no more restarts. May be NULL; not called
     * where cells are compared in pairs. */
    bool (*conclusive)(void *context, struct doubt_cell *cell);
};

struct doubt_series_result {
    struct doubt_series series;
    struct doubt_cell *cells; /* cell_count of the plan, same order */
    size_t cell_count;
    struct doubt_pair *pairs; /* with plan->pairs: whole pairs, in the order of their rounds */
    size_t pair_count;
};

/* Runs it all. stop (may be NULL) turns non-zero when the user wants an end: the restart under way
 * is ended, the rest is analysed, series.state is "interrupted" and DOUBT_OK returned. Failed
 * restarts are records, not errors; an error means that the series itself could not go on. A budget
 * without room for any restart is DOUBT_E_USAGE after the pilots, with an empty result, and begins
 * no record. result is valid (and to be freed) in every case. */
enum doubt_code doubt_series_run(const struct doubt_series_plan *plan,
                                 const struct doubt_series_hooks *hooks,
                                 const volatile sig_atomic_t *stop,
                                 struct doubt_series_result *result, struct doubt_err *err);
void doubt_series_result_free(struct doubt_series_result *result);

/* The worker's side: main() calls it at once when argv[1] is DOUBT_WORKER_WORD. Returns the exit
 * status. */
#define DOUBT_WORKER_WORD "__worker"
int doubt_worker_main(int argc, char **argv);

/* Asks an engine, in a process of its own, for version, devices and precisions. */
enum doubt_code doubt_engine_ask(const char *engine, const char *library_path,
                                 const char *const *options, struct doubt_engine_info *info,
                                 struct doubt_err *err);

/* Times of a cell's layers by the engine's own profiler, in a process of its own: profiling costs
 * time, so that they are shares rather than figures. *layers is heap. */
enum doubt_code doubt_layers_ask(const struct doubt_cell_plan *cell,
                                 struct doubt_engine_layer **layers, size_t *count,
                                 struct doubt_err *err);

/* Outputs of one inference by a cell, in a process of its own: the reference for other cells. */
enum doubt_code doubt_reference_ask(const struct doubt_cell_plan *cell,
                                    struct doubt_reference *reference, struct doubt_err *err);

#endif

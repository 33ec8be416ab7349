/* restart.h: one restart of one cell: a worker process from fork to exit, and its record.
 *
 * A unit of work is one restart. The worker loads one engine and one model, checks the outputs,
 * runs and leaves raw samples in shared memory; whatever happens to it becomes the record's
 * outcome and sentence, and samples taken before a crash survive. Not for planning, order or
 * statistics: series.h has those.
 *
 * Call from a thread that lives at least as long as the restart: the kernel kills a worker whose
 * parent thread ends.
 */
#ifndef DOUBT_MEASURE_RESTART_H
#define DOUBT_MEASURE_RESTART_H

#include "measure/series.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Every field is required; 0 means what its comment says. */
struct doubt_restart_plan {
    int64_t series, cell;   /* copied into the record */
    int64_t number;         /* among the cell's restarts, from 0; an engine with an option named
                               "restart" gets it */
    int64_t position;       /* in the series' order of starts, from 0 */
    int64_t iterations;     /* most samples to take, 1 to DOUBT_RESTART_ITERATIONS_MAX */
    int64_t sample_ns_max;  /* sampling ends within 0.1 s or one sample after this time, though
                               not before iterations_min samples; 0: at `iterations` only */
    int64_t iterations_min; /* with sample_ns_max; 0 as 1 */
    int64_t warm_ns;        /* unrecorded warm-up lasts at least this long; 0: no such bound */
    int64_t warm_iterations_min; /* and has at least so many inferences; 0: no such bound */
    int64_t deadline_ns;         /* from fork to the worker's last word; later is a hang; 0: none */
    uint64_t memory_limit_bytes; /* of the worker's address space; 0: none */
    bool cold;                   /* no inference and no check before warm-up and sampling */
    const char *cache_folder;    /* where an engine may keep what it built; NULL: engines/ in the
                                    user's cache folder */
    const int *cpus;             /* the worker may run on these only; NULL: where its parent may */
    size_t cpu_count;
    const struct doubt_worker_wish *worker; /* stronger than cpus; NULL: none */
};

#define DOUBT_RESTART_ITERATIONS_MAX INT64_C(1000000000)

/* The deadline of a restart in which an engine may build: the largest networks on a Jetson. */
#define DOUBT_RESTART_BUILDING_NS INT64_C(1800000000000)

/* Outcomes, as in the record's field "outcome". */
#define DOUBT_OUTCOME_OK "ok"
#define DOUBT_OUTCOME_CRASH "crash"             /* ended by a signal */
#define DOUBT_OUTCOME_HANG "hang"               /* passed the deadline and was ended */
#define DOUBT_OUTCOME_EXIT "exit"               /* ended itself before it was done */
#define DOUBT_OUTCOME_MEMORY "memory"           /* ran out of memory */
#define DOUBT_OUTCOME_ENGINE "engine error"     /* a call failed, the engine said why */
#define DOUBT_OUTCOME_OUTPUT "wrong output"     /* the answer differs from the reference */
#define DOUBT_OUTCOME_INTERRUPTED "interrupted" /* *stop became non-zero */

/* What is called while waiting. Each may be NULL. */
struct doubt_restart_watch {
    const volatile sig_atomic_t *stop; /* non-zero: the restart ends early, as "interrupted" */
    void (*tick)(void *context);       /* five to ten times a second */
    void *context;
    /* The worker's process, and its enum doubt_phase, which it changes until ended is called. */
    void (*begun)(void *context, pid_t worker, const int *phase);
    void (*ended)(void *context);
};

/* What a restart leaves. */
struct doubt_restart_result {
    struct doubt_restart record;
    int64_t *samples; /* nanoseconds, in the order they were taken; NULL when there are none */
    size_t count;
};

/* Runs it. DOUBT_OK: the result tells what happened, whatever that was; only "ok" counts as a
 * measurement. Another code: no worker could be started, and the record has no outcome. result
 * need not be initialised and is to be freed in every case; others_ns and steal_ns are left
 * missing. watch may be NULL. Samples of a restart that is not "ok" are those taken before its end,
 * whole and in order. */
enum doubt_code doubt_restart_run(const struct doubt_cell_plan *cell,
                                  const struct doubt_restart_plan *how,
                                  const struct doubt_restart_watch *watch,
                                  struct doubt_restart_result *result, struct doubt_err *err);
/* Frees record and samples; to keep the samples, take the pointer and set it to NULL first. */
void doubt_restart_result_free(struct doubt_restart_result *result);

/* The program started as worker, which must call doubt_worker_main(): $DOUBT_WORKER, else the
 * running program itself. */
#define DOUBT_WORKER_VARIABLE "DOUBT_WORKER"

#endif

/* series_int.h: what the files of a series share: its state while it runs, and its steps.
 *
 * A unit of work is one series. series.c begins, plans, runs rounds and ends; pilot.c runs pilots;
 * turn.c runs one restart; look.c calibrates, looks and concludes. Not for other files.
 */
#ifndef DOUBT_MEASURE_SERIES_INT_H
#define DOUBT_MEASURE_SERIES_INT_H

#include "measure/measure_int.h"

#include "machine/busy.h"
#include "util/rng.h"
#include <string.h>

enum { DOUBTI_PILOT_TRIES = 2, DOUBTI_NAMES_SHOWN = 3 };
/* A restart under way at the budget's end may pass it by this share. */
#define DOUBTI_SERIES_GRACE 0.02

/* Power without work; NaN: not known. */
struct doubti_idle {
    double watts, bound_watts;
};

struct doubti_series_run {
    const struct doubt_series_plan *plan;
    const struct doubt_series_hooks *hooks;
    const volatile sig_atomic_t *stop;
    struct doubt_series_result *result;
    struct doubti_cell_run *cells;
    struct doubt_plan_cell *seen, *foreseen; /* as timed, and as the plan is told */
    struct doubt_plan_length *lengths;
    size_t *order;
    size_t count;
    /* count x DOUBTI_PILOT_TRIES, to be recorded later */
    struct doubt_restart_result *failed_pilots;
    size_t failed_pilot_count;
    struct doubt_plan schedule;
    struct doubt_rng rng;
    struct doubt_telemetry *telemetry;
    struct doubt_busy_names *names;
    struct doubti_idle idle[2]; /* for work on CPUs, for work on GPUs */
    struct doubti_pinning pinning;
    double clock_bound_ns;
    int64_t begun_ns, position;
    int32_t round;
    int32_t marked_cpus; /* that the last restart's shares are over */
    /* What the live line shows. */
    struct doubt_progress progress;
    int64_t restart_begun_ns, restart_expected_ns, rest_ns;
};

/* --- series.c --- */

/* Has the user asked for the end? */
static inline bool doubti_series_stopped(const struct doubti_series_run *run)
{
    return run->stop != NULL && *run->stop != 0;
}

static inline int64_t doubti_series_elapsed_ns(const struct doubti_series_run *run)
{
    return doubt_clock_ns() - run->begun_ns;
}

/* Of the budget; INT64_MAX where there is none. */
static inline int64_t doubti_series_left_ns(const struct doubti_series_run *run)
{
    return run->plan->budget_ns > 0 ? run->plan->budget_ns - doubti_series_elapsed_ns(run)
                                    : INT64_MAX;
}

/* Is the budget used up, so that no restart may begin any more? */
static inline bool doubti_series_is_over(const struct doubti_series_run *run)
{
    return run->plan->budget_ns > 0 &&
           (double)doubti_series_left_ns(run) < -DOUBTI_SERIES_GRACE * (double)run->plan->budget_ns;
}

static inline int64_t doubti_series_largest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline int64_t doubti_series_smallest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What a plan is made from, now; valid until the next call. */
struct doubt_plan_request doubti_series_request(const struct doubti_series_run *run);

/* --- turn.c --- */

static inline bool doubti_turn_ended_as(const struct doubt_restart *record, const char *outcome)
{
    return record->outcome != NULL && strcmp(record->outcome, outcome) == 0;
}

/* Runs one with the marks of telemetry around it. */
enum doubt_code doubti_turn_run(struct doubti_series_run *run, size_t index,
                                struct doubt_restart_plan *how,
                                struct doubt_restart_result *restart, struct doubt_err *err);
/* Keeps that a restart failed; gives a hopeless cell up. */
enum doubt_code doubti_turn_take_failure(struct doubti_series_run *run, size_t index,
                                         const struct doubt_restart *record, struct doubt_err *err);
/* Hands a restart to the caller's hook. */
enum doubt_code doubti_turn_give(struct doubti_series_run *run, const struct doubt_restart *record,
                                 const struct doubt_restart_result *samples, struct doubt_err *err);
/* Restarts planned in all, and the time of those not yet begun; cell `index` is about to run. */
void doubti_turn_foresee(struct doubti_series_run *run, size_t index);
/* One restart of a cell as planned, with all that follows from it. */
enum doubt_code doubti_turn_measure(struct doubti_series_run *run, size_t index,
                                    struct doubt_err *err);

/* --- observe.c --- */

/* From the trace of a restart that has ended into its record: telemetry, marks, energy. */
void doubti_observe_restart(struct doubti_series_run *run, struct doubt_restart_result *restart);
/* Looks for half a second at what others do before the first pilot, and tells the caller's hook. */
void doubti_observe_before(struct doubti_series_run *run);
/* Adds to a comparison's remark what its two cells ran like. */
void doubti_observe_pair(const struct doubti_series_run *run);
/* Measures the power without work, where it is to be subtracted. */
void doubti_observe_idle(struct doubti_series_run *run);

/* --- soak.c --- */

/* Works until the machine's temperatures stay. */
enum doubt_code doubti_soak_run(struct doubti_series_run *run, struct doubt_err *err);

/* --- pilot.c --- */

/* One pilot of each cell: what a start and an iteration cost. A cell whose pilots fail is over.
 * Where the budget is used up by then, rows that had none are taken to cost what the others do. */
enum doubt_code doubti_pilot_run(struct doubti_series_run *run, struct doubt_err *err);

/* --- look.c --- */

/* A cell that is not steady within its first restarts gets longer ones, and begins anew. Pairs are
 * of one length, and cancel what both have in common. */
enum doubt_code doubti_look_calibrate(struct doubti_series_run *run, struct doubt_err *err);
/* Interim looks: cells that are conclusive take no more restarts, and when all rows are, the cost
 * of measuring needs no more either. */
enum doubt_code doubti_look_round(struct doubti_series_run *run, struct doubt_err *err);
/* The last look at every cell, at whatever there is, and at the pair. */
void doubti_look_conclude(struct doubti_series_run *run);

/* --- replay.c --- */

/* After all that counts, each cell's other procedure, where it has one. */
enum doubt_code doubti_replay_run(struct doubti_series_run *run, struct doubt_err *err);

#endif

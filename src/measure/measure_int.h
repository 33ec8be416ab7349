/* measure_int.h: what series.c, look.c, calibrate.c, summary.c and pairs.c share: a cell under way.
 *
 * A unit of work is one cell of it. Not for other floors.
 */
#ifndef DOUBT_MEASURE_MEASURE_INT_H
#define DOUBT_MEASURE_MEASURE_INT_H

#include "machine/machine.h"
#include "measure/analyze.h"
#include "measure/pairs.h"
#include "measure/plan.h"
#include "measure/restart.h"
#include "measure/series.h"
#include "measure/telemetry.h"
#include "util/clock.h"
#include <sched.h>

struct doubti_mean {
    double sum;
    size_t count;
};

/* Samples that bear a mark, and of how many it is known. */
struct doubti_share {
    double marked, samples;
};

/* What telemetry saw of a cell's restarts. */
struct doubti_observed {
    struct doubti_share throttled, off_clock, migrated, preempted, stolen;
    double restarts, joules, bound_joules, watts; /* sums over restarts; of one inference */
    double checks, check_ratio;                   /* of restarts with both counter and power */
};

/* One cell while its restarts come in. */
struct doubti_cell_run {
    const struct doubt_cell_plan *plan;
    struct doubt_cell *cell;       /* in the result */
    struct doubt_samples *samples; /* of the restarts that ended well, in start order; owned */
    int32_t *rounds;               /* in which each of them ran; owned */
    size_t count, capacity;
    int64_t starts, failed; /* failed: not counting interrupted ones */
    char outcome[32];       /* of the last failure */
    char *sentence;         /* of the last failure; owned */
    bool over;              /* takes no more restarts */
    bool is_void;           /* an output was wrong */
    bool precision_differs;
    bool calibrated; /* the first restarts were judged; calibration says how */
    bool no_room;    /* for longer restarts in the budget */
    struct doubt_calibration calibration;
    int32_t doublings;
    int64_t short_restarts;   /* that ended well before the last doubling */
    int64_t first_iterations; /* as planned at the outset */
    size_t cut;               /* of the last look */
    int32_t looks_taken;
    size_t looked_at; /* restarts at the last look */
    struct doubti_mean load_ns, build_ns, first_ns, engine_build_ns;
    struct doubti_mean call_ns, host_ns, host_pageable_ns, device_ns, device_train_ns,
        device_graph_ns;
    struct doubti_observed observed;
    double others_ns, steal_ns, cpus_ns; /* cpus_ns: wall time times CPUs where these are known */
    double others_cpus_ns;
    int64_t least_budget_ns; /* where a budget ended the series too early; else 0 */
};

/* Everything known before the first restart. */
void doubti_summary_begin_series(struct doubt_series *series, const struct doubt_series_plan *plan,
                                 const struct doubt_clock_info *clock);
void doubti_summary_begin_cell(const struct doubt_cell_plan *plan, int64_t number,
                               struct doubt_cell *cell);

/* Takes what a pilot tells of engine and input, so that a row without restarts has them. */
void doubti_summary_add_pilot(struct doubti_cell_run *run, const struct doubt_restart *restart);
/* Takes what a restart that ended well says of the cell. cpus: how many CPUs others_ns and steal_ns
 * of the record are over; 0 where these are missing. */
void doubti_summary_add_restart(struct doubti_cell_run *run, const struct doubt_restart *restart,
                                int32_t cpus);
/* Takes over the samples of a restart that ended well. */
enum doubt_code doubti_summary_keep_samples(struct doubti_cell_run *run, int32_t round,
                                            struct doubt_restart_result *restart,
                                            struct doubt_err *err);
/* Marks and energy of one that ended well, added to its cell; and all of them forgotten. */
void doubti_observe_add(struct doubti_cell_run *run, const struct doubt_restart *record);
void doubti_observe_forget(struct doubti_cell_run *run);
/* Keeps why one did not. False when out of memory. */
bool doubti_summary_add_failure(struct doubti_cell_run *run, const struct doubt_restart *restart);
/* Forgets them all. */
void doubti_summary_drop_samples(struct doubti_cell_run *run);
void doubti_summary_free_cell(struct doubti_cell_run *run);

/* What all but warm-up and sampling took of a restart, and the mean of its later half, which is
 * nearer to the steady state. */
int64_t doubti_summary_start_ns(const struct doubt_restart *record, int64_t whole_ns);
double doubti_summary_later_mean_ns(const struct doubt_restart_result *restart);

/* Judges a cell's length when its first restarts are there; refused: not steady, or too short to
 * tell. */
enum doubt_code doubti_calibrate(struct doubti_cell_run *run, bool *refused, struct doubt_err *err);
/* Doubles the length and forgets the restarts so far, at most three times, and where the budget has
 * room; `done` of the cell must be 0 in the request. False: all stays as it is. */
bool doubti_double(struct doubti_cell_run *run, size_t index,
                   const struct doubt_plan_request *request, const struct doubt_plan *plan,
                   struct doubt_plan_length *lengths);
/* After a look: a longer length for the restarts to come where variance and costs ask for it. */
void doubti_grow(struct doubti_cell_run *run, size_t index,
                 const struct doubt_plan_request *request, const struct doubt_plan *plan,
                 struct doubt_plan_length *lengths);
/* Fills the cell's diagnoses, after its analysis. */
void doubti_diagnose(struct doubti_cell_run *run, const struct doubt_plan_cell *cost,
                     double clock_bound_ns);

/* Means, shares, state and reason, after the last analysis. */
void doubti_summary_end_cell(struct doubti_cell_run *run);

struct doubti_series_end {
    const struct doubt_telemetry_summary *telemetry;
    const char *names; /* busiest other processes */
    const char *cut;
    const char *state;
    bool telemetry_works;
};
void doubti_summary_end_series(struct doubt_series *series, const struct doubti_series_end *end);

/* The supervisor on a CPU of its own, the workers on the others. */
struct doubti_pinning {
    int *cpus; /* the workers'; NULL: where they like, or as the user wishes */
    size_t cpu_count;
    bool moved; /* this thread was */
    cpu_set_t before;
};

/* Keeps this thread and the telemetry's to the last CPU where there are at least eight; with CPUs
 * that the user wishes for the workers, to the last one beside these. None there, or a refusal of
 * the kernel, leaves all as it is. */
void doubti_pin_start(struct doubti_pinning *pinning, const struct doubt_cpus *wished,
                      struct doubt_telemetry *telemetry);
/* Gives this thread back what it had. */
void doubti_pin_stop(struct doubti_pinning *pinning);

/* Two cells in pairs, where plan->pairs is set. A plan that does not fit it is refused. */
enum doubt_code doubti_pairs_check(const struct doubt_series_plan *plan, struct doubt_err *err);
void doubti_pairs_begin(const struct doubt_series_plan *plan, struct doubt_series *series);
/* Puts a round's active cells in order: the hidden ones, then the pair. */
void doubti_pairs_order(const struct doubt_series_plan *plan, int32_t round, size_t *order,
                        size_t count);
/* For the plan: both cells at their mean time of one iteration, which gives both the same lengths,
 * and a pair its right time. */
void doubti_pairs_level_times(struct doubt_plan_cell *cells);
/* Matches the restarts and sets the series' fields compare_*; after the cells were analysed. */
enum doubt_code doubti_pairs_look(const struct doubt_series_plan *plan,
                                  const struct doubti_cell_run *cells,
                                  const struct doubt_plan *schedule,
                                  struct doubt_series_result *result, struct doubt_err *err);
/* Is what was asked answered? */
bool doubti_pairs_settled(const struct doubt_series *series);

/* Median of all samples of a cell; NaN when there are none or no memory for it. */
double doubti_summary_median_ns(const struct doubti_cell_run *run);
/* Another remark behind those in cell->reason. */
void doubti_summary_add_reason(struct doubt_cell *cell, const char *text);

#endif

/* measure_int.h: what series.c and summary.c share: a series under way.
 *
 * A unit of work is one cell of it. Not for other floors.
 */
#ifndef DOUBT_MEASURE_MEASURE_INT_H
#define DOUBT_MEASURE_MEASURE_INT_H

#include "machine/machine.h"
#include "measure/analyze.h"
#include "measure/restart.h"
#include "measure/series.h"
#include "measure/telemetry.h"
#include "util/clock.h"
#include <sched.h>

struct doubti_mean {
    double sum;
    size_t count;
};

/* One cell while its restarts come in. */
struct doubti_cell_run {
    const struct doubt_cell_plan *plan;
    struct doubt_cell *cell;       /* in the result */
    struct doubt_samples *samples; /* of the restarts that ended well, in start order; owned */
    size_t count, capacity;
    int64_t starts, failed; /* failed: not counting interrupted ones */
    char outcome[32];       /* of the last failure */
    char *sentence;         /* of the last failure; owned */
    bool over;              /* takes no more restarts */
    bool is_void;           /* an output was wrong */
    bool precision_differs;
    size_t cut; /* of the last look */
    int32_t looks_taken;
    size_t looked_at; /* restarts at the last look */
    struct doubti_mean load_ns, build_ns, first_ns;
    double others_ns, steal_ns, cpus_ns; /* cpus_ns: wall time times CPUs where these are known */
    double others_cpus_ns;
};

/* Everything known before the first restart. */
void doubti_summary_begin_series(struct doubt_series *series, const struct doubt_series_plan *plan,
                                 const struct doubt_clock_info *clock);
void doubti_summary_begin_cell(const struct doubt_cell_plan *plan, int64_t number,
                               struct doubt_cell *cell);

/* Takes what a restart that ended well says of the cell. cpus: how many CPUs others_ns and steal_ns
 * of the record are over; 0 where these are missing. */
void doubti_summary_add_restart(struct doubti_cell_run *run, const struct doubt_restart *restart,
                                int32_t cpus);
/* Keeps why one did not. False when out of memory. */
bool doubti_summary_add_failure(struct doubti_cell_run *run, const struct doubt_restart *restart);

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
    int *cpus; /* the workers'; NULL: where they like */
    size_t cpu_count;
    cpu_set_t before;
};

/* Keeps this thread and the telemetry's to the last CPU where there are at least eight; fewer, or a
 * refusal of the kernel, leaves all as it is. */
void doubti_pin_start(struct doubti_pinning *pinning, struct doubt_telemetry *telemetry);
/* Gives this thread back what it had. */
void doubti_pin_stop(struct doubti_pinning *pinning);

/* Median of all samples of a cell; NaN when there are none or no memory for it. */
double doubti_summary_median_ns(const struct doubti_cell_run *run);

#endif

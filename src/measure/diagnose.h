/* diagnose.h: what to know of a cell beside its figures: where its variance sits, and whether its
 * restarts look alike.
 *
 * A unit of work is one cell. Pure: reads samples, writes fields of a cell. None of it drops a
 * value or changes a figure; docs/METHOD.md has the formulas. Not for verdicts.
 */
#ifndef DOUBT_MEASURE_DIAGNOSE_H
#define DOUBT_MEASURE_DIAGNOSE_H

#include "measure/analyze.h"

struct doubt_diagnosis {
    size_t cut;                    /* samples left out of each restart */
    double start_ns, iteration_ns; /* costs: of all but sampling, and of one sample; 0: unknown */
    double clock_bound_ns;
};

/* Fills warm_up, lag1, effective_samples, long_run_variance, between_variance, between_share,
 * best_iterations, the four counts of Tukey's fences, dip, dip_p, mad_ratio and clock_bound_ns from
 * restarts as doubt_analyze() takes them, whose state and cut are in the cell. What there are too
 * few restarts or samples for is missing: correlation below 4 samples, variances below 40 samples
 * or 2 restarts, dip and mad_ratio below 4 restarts. */
enum doubt_code doubt_diagnose(const struct doubt_samples *restarts, size_t restart_count,
                               const struct doubt_diagnosis *how, struct doubt_cell *cell,
                               struct doubt_err *err);

/* Sentences on what of it matters, behind the cell's reason: a beginning faster than the rest; from
 * 10 restarts on, modes among them, or one that lies far from the others. */
void doubt_diagnose_explain(struct doubt_cell *cell);

#endif

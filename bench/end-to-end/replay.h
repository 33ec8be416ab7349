/* replay.h: one series as it was, sample by sample, beside the times that were programmed.
 *
 * The synthetic engine draws its times from a seed, so each stored sample can be set beside the
 * time that was asked for: the difference is what the clock, the loop and other work added. A unit
 * of work is one series in a store. Not for counting verdicts: tally.h.
 */
#ifndef DOUBT_BENCH_REPLAY_H
#define DOUBT_BENCH_REPLAY_H

#include "design.h"
#include "record/record.h"
#include "store/store.h"
#include <doubt/stats.h>

/* Times in ns. The figure is the claim's statistic over restarts; of a rate, 1e9 over it. */
struct replay {
    size_t samples;                         /* without the warm-up that was cut */
    double programmed_ns, measured_ns;      /* the figure from programmed times, and as it was */
    double added_least_ns, added_median_ns; /* to one inference */
    double added_mean_ns;
    double pooled_lo_ns, pooled_hi_ns; /* mean, as if all samples were independent: a control */
};

/* Replays the restarts of cell 0. A figure that is not the record's, or a restart whose samples
 * cannot be replayed, is an error. */
enum doubt_code replay_series(struct doubt_store *store, const struct design_series *design,
                              const struct doubt_cell *cell, struct replay *out,
                              struct doubt_err *err);

/* The figure of a cell that belongs to the claim, with its interval, as times in ns. */
void replay_figure(const struct design_series *design, const struct doubt_cell *cell,
                   struct doubt_interval *out);

#endif

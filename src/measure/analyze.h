/* analyze.h: from the samples of a cell's restarts to its figures, by docs/MEASURING.md.
 *
 * A unit of work is one cell at one look. Pure: reads samples, writes the figures into a cell.
 */
#ifndef DOUBT_MEASURE_ANALYZE_H
#define DOUBT_MEASURE_ANALYZE_H

#include "record/record.h"
#include <stddef.h>

/* Samples of one restart in the order they were taken. */
struct doubt_samples {
    const int64_t *ns;
    size_t count;
};

struct doubt_analysis {
    int32_t look, looks;    /* this look, from 1, of how many planned */
    double level;           /* 0.05 divided over the looks */
    double clock_bound_ns;  /* added to each side of every interval */
    size_t cut_before;      /* cut of earlier looks, kept as a minimum */
    int64_t batch;
};

/* Fills all figures of cell (mean to drift, cut_iterations, state, reason) from restart_count
 * restarts that ended well, in start order. */
enum doubt_code doubt_analyze(const struct doubt_samples *restarts, size_t restart_count,
                              const struct doubt_analysis *how, struct doubt_cell *cell,
                              struct doubt_err *err);

#endif

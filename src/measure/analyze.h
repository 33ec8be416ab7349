/* analyze.h: from the samples of a cell's restarts to its figures, by docs/MEASURING.md.
 *
 * A unit of work is one cell at one look. Pure: reads samples, writes the figures into a cell. Not
 * for verdicts: those need a claim.
 */
#ifndef DOUBT_MEASURE_ANALYZE_H
#define DOUBT_MEASURE_ANALYZE_H

#include "record/record.h"
#include <stdbool.h>
#include <stddef.h>

/* Samples of one restart in the order they were taken. */
struct doubt_samples {
    const int64_t *ns;
    size_t count;
};

/* Values of the record's field "state". */
#define DOUBT_STATE_MEASURED "measured"
#define DOUBT_STATE_UNSTEADY "no steady state"
#define DOUBT_STATE_FEW "too few restarts"
#define DOUBT_STATE_VOID "void"
#define DOUBT_STATE_FAILED "failed"

enum {
    DOUBT_ANALYZE_RESTARTS_MIN = 5,   /* fewer: no verdict */
    DOUBT_ANALYZE_ITERATIONS_MIN = 30 /* fewer: the end of the warm-up cannot be looked for */
};

struct doubt_analysis {
    int32_t look, looks;   /* this look, from 1, of how many planned */
    double level;          /* 0.05 divided over the looks */
    double clock_bound_ns; /* added to each side of every interval */
    size_t cut_before;     /* cut of earlier looks, kept as a minimum */
    int64_t batch;
    bool percentiles; /* the reason names percentiles that rest on few samples */
};

/* Fills all figures of cell (mean to drift, with cut_iterations, iterations, restarts, look, looks,
 * level, unseen_mode, state and reason) from restart_count restarts that ended well, in start
 * order. What there are too few restarts or samples for is left missing: figures from 1 restart on,
 * intervals from 2, percentile p from 5 samples beyond it in each restart. A restart without
 * samples, or a look, level or batch out of range: DOUBT_E_ARGUMENT. */
enum doubt_code doubt_analyze(const struct doubt_samples *restarts, size_t restart_count,
                              const struct doubt_analysis *how, struct doubt_cell *cell,
                              struct doubt_err *err);

/* Every figure that doubt_analyze() fills is missing again: for a cell that was found void. */
void doubt_analyze_clear(struct doubt_cell *cell);

#endif

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
#define DOUBT_STATE_SHORT "too few samples"
#define DOUBT_STATE_DRIFT "drift"
#define DOUBT_STATE_VOID "void"
#define DOUBT_STATE_FAILED "failed"

enum {
    DOUBT_ANALYZE_RESTARTS_MIN = 5, /* fewer: no verdict */
    /* Samples of a restart. Fewer: no verdict, since the cut has no room beyond a quarter (MSER-5
     * keeps six of nine batches), and a warm-up that lasts to the end is not found. */
    DOUBT_ANALYZE_ITERATIONS_MIN = 45,
    /* With fewer restarts than these one that still warms up is seen too rarely in 45 samples:
     * there a verdict takes 100 (docs/MEASURING.md, "What a budget cuts"). */
    DOUBT_ANALYZE_RESTARTS_FULL = DOUBT_RECORD_RESTARTS_FULL,
    DOUBT_ANALYZE_ITERATIONS_FEW = DOUBT_RECORD_ITERATIONS_FULL,
    DOUBT_ANALYZE_CALIBRATION = 5 /* restarts after which a cell's length is judged */
};

/* Samples that each of so many restarts must have for a verdict. */
static inline int64_t doubt_analyze_iterations_min(size_t restarts)
{
    return restarts < DOUBT_ANALYZE_RESTARTS_FULL ? DOUBT_ANALYZE_ITERATIONS_FEW
                                                  : DOUBT_ANALYZE_ITERATIONS_MIN;
}

/* Are a cell's restarts long enough to be steady? */
struct doubt_calibration {
    bool steady; /* the cut is at most a quarter, and the halves of what is kept do not differ */
    size_t cut;
};

struct doubt_analysis {
    int32_t look, looks;   /* this look, from 1, of how many planned */
    double level;          /* 0.05 divided over the looks */
    double clock_bound_ns; /* added to each side of every interval */
    size_t cut_before;     /* cut of earlier looks, kept as a minimum */
    /* NULL, or what the calibration said of the first restarts. Where it was steady, a longer cut
     * now is one of noise unless what it leaves out in addition differs from what it keeps. */
    const struct doubt_calibration *calibration;
    int64_t batch;
    bool percentiles; /* the reason names percentiles that rest on few samples */
};

/* The rule of docs/MEASURING.md on the first restarts, at least 2 with at least 30 samples each. It
 * looks at differences within restarts only, never at their means, so it may choose the length. */
enum doubt_code doubt_analyze_calibrate(const struct doubt_samples *restarts, size_t restart_count,
                                        struct doubt_calibration *calibration,
                                        struct doubt_err *err);

/* Fills all figures of cell (mean to drift, with cut_iterations, iterations, restarts, look, looks,
 * level, unseen_mode, trend_p, state and reason) from restart_count restarts that ended well, in
 * start order. What there are too few restarts or samples for is left missing: figures from 1
 * restart on, intervals from 2, percentile p from 5 samples beyond it in each restart. A restart
 * without samples, or a look, level or batch out of range: DOUBT_E_ARGUMENT. */
enum doubt_code doubt_analyze(const struct doubt_samples *restarts, size_t restart_count,
                              const struct doubt_analysis *how, struct doubt_cell *cell,
                              struct doubt_err *err);

/* Every figure that doubt_analyze() fills is missing again: for a cell that was found void. */
void doubt_analyze_clear(struct doubt_cell *cell);

#endif

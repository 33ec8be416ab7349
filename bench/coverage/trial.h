/* trial.h: simulated series through the tool's own analysis and verdicts, counted.
 *
 * A unit of work is one series: doubt_analyze_calibrate() says after five restarts whether they are
 * long enough, and doubles them, up to three times, where they are not and the design has room;
 * then restarts go as raw samples into doubt_analyze(), the intervals that come out are set beside
 * the true figures and, at the design's looks, judged by doubt_verdict_judge() against claims
 * placed around the truth.
 */
#ifndef COVERAGE_TRIAL_H
#define COVERAGE_TRIAL_H

#include "generate.h"
#include <doubt/verdict.h>

enum coverage_statistic { COVERAGE_MEAN, COVERAGE_P50, COVERAGE_P90, COVERAGE_P99, COVERAGE_COUNT };
enum {
    COVERAGE_SIZES = 2, /* numbers of restarts of a design, at most */
    COVERAGE_DESIGNS = 4,
    COVERAGE_LENGTHS = 4, /* iterations as given, doubled once, twice, three times */
    COVERAGE_CLAIMS = 2,
    COVERAGE_PLACES = 11,
    COVERAGE_FIRST_EDGE = 3, /* the places from this one on are near the claim ... */
    COVERAGE_LAST_EDGE = 7   /* ... to this one: the worst for false verdicts */
};

/* What is planned: restarts, their length, looks. */
struct coverage_design {
    const char *name;
    size_t iterations; /* of a restart to begin with; 0: as asked for */
    int size_count;
    size_t sizes[COVERAGE_SIZES]; /* restarts whose intervals are counted, one look at 5 % */
    int looks;                    /* verdicts: 3, at 20, 40 and 80 restarts; or 1, at sizes[0] */
    bool doubles;                 /* is there room for longer restarts? */
};

/* The first is a series without a budget; the others are what a short one leaves. */
extern const struct coverage_design coverage_designs[COVERAGE_DESIGNS];
extern const char *const coverage_claims[COVERAGE_CLAIMS];
/* Truth less claim, in widths of the claim's rounding interval, in the claim's unit. */
extern const double coverage_places[COVERAGE_PLACES];

struct coverage_truth {
    double ns[COVERAGE_COUNT], fps; /* expected figures of one restart; scale included */
};

/* Of one statistic over series that were measured; below: the interval lies wholly below the
 * truth. */
struct coverage_hits {
    double series, below, above, half_widths; /* relative */
};

struct coverage_verdicts {
    double of[DOUBT_VERDICT_COUNT], restarts;
    double false_holds, false_short, false_exceeds;
};

struct coverage_tally {
    double series, doublings;
    double steady[COVERAGE_SIZES]; /* got an interval: neither unsteady nor drifting */
    struct coverage_hits hits[COVERAGE_SIZES][COVERAGE_COUNT];
    double judged; /* series that were judged as well */
    struct coverage_verdicts verdicts[COVERAGE_CLAIMS][COVERAGE_PLACES];
};

struct coverage_cell {
    const struct coverage_design *design;
    const struct coverage_generator *generator;
    const struct coverage_transient *transient;
    const struct coverage_truth *truths; /* one for each length */
    int lengths;                         /* 1: its restarts are never doubled */
    uint64_t seed;
    size_t iterations; /* to begin with */
    bool judge;        /* restarts for all looks and verdicts, else for the sizes only */
};

/* Latency 1 of a generator. */
extern const double coverage_scale_ns;

/* Expected figures from simulated restarts (the mean is exact, the rate has the mean as control
 * variate): sums over one block of `restarts` of the first length, or the same number of iterations
 * in fewer longer ones, to be added up and handed to coverage_truth_end(). */
struct coverage_truth_sums {
    double restarts, figures[COVERAGE_COUNT], rate_rest;
};
struct coverage_truth_block {
    size_t number, restarts;
    int length; /* 0 to COVERAGE_LENGTHS - 1 */
};
bool coverage_truth_add(const struct coverage_cell *cell, const struct coverage_truth_block *block,
                        struct coverage_truth_sums *sums);
void coverage_truth_end(const struct coverage_generator *generator,
                        const struct coverage_truth_sums *sums, struct coverage_truth *truth);

/* Series first to first + count - 1 of a cell, added to tally. The numbers of a series depend on
 * seed, generator and number only: transients and sizes share them. False: a function failed. */
bool coverage_trial(const struct coverage_cell *cell, size_t first, size_t count,
                    struct coverage_tally *tally);

void coverage_tally_add(struct coverage_tally *to, const struct coverage_tally *from);

#endif

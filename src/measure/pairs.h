/* pairs.h: which of two cells is faster, from restarts in pairs.
 *
 * A unit of work is one pair: a restart of A and one of B, next to each other in time, of the same
 * number of iterations. Two pairs are a block, ABBA or BAAB by a seeded coin, so that a drift of
 * the machine which meets both alike cancels. What counts is ln(time of B / time of A) of each
 * pair, times of one input (latency / batch); docs/METHOD.md has the formulas. Pure: arrays in,
 * numbers out; a series runs the pairs (series.h, `pairs` in its plan). Not for more than two
 * cells, and not for published figures.
 */
#ifndef DOUBT_MEASURE_PAIRS_H
#define DOUBT_MEASURE_PAIRS_H

#include <doubt/err.h>
#include <doubt/stats.h>
#include <doubt/verdict.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DOUBT_PAIRS_MIN = 10, /* fewer: no conclusion */
    DOUBT_PAIRS_MAX = 1000
};

struct doubt_pairs_how {
    double margin; /* equivalent within [1 / (1 + margin), 1 + margin]; 0 <= margin < 1 */
    double limit;  /* ask whether B is slower than A by more than this share; NaN: do not ask */
};

/* One pair whose two restarts ended well. */
struct doubt_pair {
    int32_t round; /* of the series, from 0 */
    bool b_first;
    double a_ns, b_ns; /* mean of the steady part / batch */
    double log_ratio;  /* ln(b_ns / a_ns) */
};

enum doubt_pairs_slower { DOUBT_PAIRS_UNDECIDED, DOUBT_PAIRS_NO, DOUBT_PAIRS_YES };

struct doubt_pairs_outcome {
    enum doubt_comparison verdict;
    enum doubt_pairs_slower slower; /* undecided where it was not asked */
    struct doubt_interval ratio;    /* B / A: Hodges-Lehmann, signed-rank interval */
    bool has_interval;              /* else lo and hi are NaN: too few pairs for the level */
    struct doubt_interval sign;     /* B / A: median of the pairs; NaN: no bound */
    bool disagree;  /* the two estimates lie on different sides of 1, and an interval excludes 1 */
    double trend_p; /* Mann-Kendall over the pairs; NaN with fewer than 4 */
    bool drifts;    /* trend_p < 0.01: A and B do not follow the machine alike */
};

/* Does B run first in this round? The coin is tossed for each two rounds. */
bool doubt_pairs_b_first(uint64_t seed, int32_t round);

/* What there is at a look. Of the pairs only log_ratio is read. */
struct doubt_pairs_data {
    const struct doubt_pair *pairs;
    size_t count;
    double level; /* error level of this look, between 0 and 1 */
};

/* doubt_comparison_judge() on the signed-rank interval; with fewer than DOUBT_PAIRS_MIN pairs,
 * INCONCLUSIVE. slower: NO where the
 * whole interval is at most 1 + limit, YES where it is beyond, again from DOUBT_PAIRS_MIN pairs on.
 * All of it together is wrong with probability at most `level`. Without pairs every number is NaN.
 * A ratio that is not finite, a margin, limit or level out of range: DOUBT_E_ARGUMENT. */
enum doubt_code doubt_pairs_evaluate(const struct doubt_pairs_data *data,
                                     const struct doubt_pairs_how *how,
                                     struct doubt_pairs_outcome *out, struct doubt_err *err);

/* "yes", "no", "undecided". */
const char *doubt_pairs_slower_name(enum doubt_pairs_slower slower);

#endif

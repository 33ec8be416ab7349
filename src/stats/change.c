/* change.c: change points of mean and variance in one series.
 *
 * A unit of work is one series of at most 32,768 values. A diagnosis for the report: nothing is cut
 * by it. Worst case quadratic, where there is no change at all; hence the bound on the length.
 *
 * Source: Killick, Fearnhead & Eckley 2012 (PELT).
 */
#include "stats/stats_int.h"
#include <math.h>
#include <stdlib.h>

enum { MOST_VALUES = 32768 };

struct search {
    size_t n, segment;
    double penalty, floor;
    double *sums, *squares; /* of the first i values, i = 0 .. n */
    double *best;           /* cost of the best segmentation of the first i values */
    size_t *last;           /* where its last segment begins */
    size_t *starts;         /* candidates for the last segment's beginning */
    size_t *ends;           /* a candidate is dropped from here on; 0: not known yet */
};

/* Cost of the segment from s to t. */
static double cost(const struct search *search, size_t s, size_t t)
{
    const double n = (double)(t - s);
    const double mean = (search->sums[t] - search->sums[s]) / n;
    const double variance = (search->squares[t] - search->squares[s]) / n - mean * mean;

    return n * (1.8378770664093454836 + log(fmax(variance, search->floor)) + 1);
}

static void release(struct search *search)
{
    free(search->sums);
    free(search->squares);
    free(search->best);
    free(search->last);
    free(search->starts);
    free(search->ends);
}

static enum doubt_code prepare(struct search *search, const double *x, size_t n,
                               struct doubt_err *err)
{
    const double mean = doubti_mean(x, n);
    size_t i;

    search->n = n;
    search->sums = calloc(n + 1, sizeof *search->sums);
    search->squares = calloc(n + 1, sizeof *search->squares);
    search->best = calloc(n + 1, sizeof *search->best);
    search->last = calloc(n + 1, sizeof *search->last);
    search->starts = calloc(n + 1, sizeof *search->starts);
    search->ends = calloc(n + 1, sizeof *search->ends);
    if (!search->sums || !search->squares || !search->best || !search->last || !search->starts ||
        !search->ends)
        return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for change points of %zu values", n);
    for (i = 0; i < n; i++) {
        const double d = x[i] - mean;

        search->sums[i + 1] = search->sums[i] + d;
        search->squares[i + 1] = search->squares[i] + d * d;
    }
    return DOUBT_OK;
}

/* Keeps the candidates that may still begin a last segment after t. A candidate that has lost at t
 * stays until t itself can begin a segment that ends there. */
static size_t prune(struct search *search, size_t candidates, size_t t)
{
    size_t kept = 0, i;

    for (i = 0; i < candidates; i++) {
        const size_t s = search->starts[i];

        if (search->ends[s] == 0 && t - s >= search->segment &&
            search->best[s] + cost(search, s, t) > search->best[t])
            search->ends[s] = t + search->segment;
        if (search->ends[s] == 0 || search->ends[s] > t + 1)
            search->starts[kept++] = s;
    }
    return kept;
}

static void run(struct search *search)
{
    size_t candidates = 1, t, i;

    search->best[0] = -search->penalty;
    for (t = 1; t < search->segment && t <= search->n; t++)
        search->best[t] = INFINITY;
    for (t = search->segment; t <= search->n; t++) {
        search->best[t] = INFINITY;
        for (i = 0; i < candidates; i++) {
            const size_t s = search->starts[i];
            double value;

            if (t - s < search->segment)
                continue;
            value = search->best[s] + cost(search, s, t) + search->penalty;
            if (value < search->best[t]) {
                search->best[t] = value;
                search->last[t] = s;
            }
        }
        candidates = prune(search, candidates, t);
        search->starts[candidates++] = t;
    }
}

/* Walks back through the best segmentation; ascending places. */
static size_t collect(const struct search *search, size_t *points)
{
    size_t count = 0, t, i;

    for (t = search->last[search->n]; t > 0; t = search->last[t])
        points[count++] = t;
    for (i = 0; i < count / 2; i++) {
        const size_t swap = points[i];

        points[i] = points[count - 1 - i];
        points[count - 1 - i] = swap;
    }
    return count;
}

/* A hundredth of the variance that neighbouring values show: without a floor, two equal values are
 * a segment of no variance and infinite likelihood. */
static double usual_floor(const double *x, size_t n)
{
    double squares = 0;
    size_t i;

    for (i = 1; i < n; i++)
        squares += (x[i] - x[i - 1]) * (x[i] - x[i - 1]);
    return 0.01 * squares / (2 * (double)(n - 1));
}

enum doubt_code doubt_change_points(const double *x, size_t n, const struct doubt_change_how *how,
                                    struct doubt_changes *changes, struct doubt_err *err)
{
    static const struct doubt_change_how defaults = {0};
    struct search search = {0};
    enum doubt_code code = doubti_check_values(x, n, 4, "change points", err);

    if (code != DOUBT_OK)
        return code;
    if (!how)
        how = &defaults;
    if (n > MOST_VALUES)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "change points: %zu values, at most %d are accepted; average them in "
                             "batches first",
                             n, MOST_VALUES);
    if (!(how->penalty >= 0 && how->variance_floor >= 0) || how->segment > n)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "change points: penalty %g, variance floor %g, segment %zu; accepted "
                             "are numbers from 0, and a segment of at most %zu values",
                             how->penalty, how->variance_floor, how->segment, n);
    search.penalty = how->penalty > 0 ? how->penalty : 15 * log((double)n);
    search.segment = how->segment > 0 ? how->segment : 2;
    search.floor = fmax(1e-300, how->variance_floor > 0 ? how->variance_floor : usual_floor(x, n));
    code = prepare(&search, x, n, err);
    if (code == DOUBT_OK) {
        run(&search);
        changes->count = collect(&search, changes->at);
    }
    release(&search);
    return code;
}

/* modes.c: more than one mode, and values far from the rest.
 *
 * A unit of work is one sorted array of independent values: restart figures, or thinned iterations.
 * Two modes between restarts and two within a run are different findings.
 *
 * Sources: Hartigan & Hartigan 1985 for the dip; SAS/STAT for the bimodality coefficient; Tukey
 * 1977.
 */
#include "stats/stats_int.h"
#include "util/rng.h"
#include <math.h>
#include <stdlib.h>

/* --- dip ----------------------------------------------------------------------------------- */

/* Distinct values x with the number of values below them and up to them, and the corners of the
 * greatest convex minorant (through `below`) and the least concave majorant (through `upto`). */
struct steps {
    size_t n;
    double *x, *below, *upto;
    size_t *convex, *concave;
    size_t convex_count, concave_count;
};

static void release(struct steps *steps)
{
    free(steps->x);
    free(steps->convex);
}

static enum doubt_code prepare(const double *sorted, size_t n, struct steps *steps,
                               struct doubt_err *err)
{
    size_t i;

    steps->x = doubti_values(3 * n, err);
    steps->convex = calloc(n, 2 * sizeof *steps->convex);
    if (!steps->x || !steps->convex)
        return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for the dip of %zu values", n);
    steps->below = steps->x + n;
    steps->upto = steps->below + n;
    steps->concave = steps->convex + n;
    steps->n = 0;
    for (i = 0; i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
            steps->x[steps->n] = sorted[i];
            steps->below[steps->n++] = (double)i;
        }
        steps->upto[steps->n - 1] = (double)(i + 1);
    }
    return DOUBT_OK;
}

/* Corners of one hull of the points (x, y) from low to high, in ascending order: the lower one
 * through `below`, or the upper one through `upto`. */
static void span_hull(struct steps *steps, size_t low, size_t high, bool lower)
{
    const double *x = steps->x, *y = lower ? steps->below : steps->upto;
    size_t *corners = lower ? steps->convex : steps->concave, count = 0, i;

    for (i = low; i <= high; i++) {
        while (count >= 2) {
            const size_t a = corners[count - 2], b = corners[count - 1];
            const double turn = (x[b] - x[a]) * (y[i] - y[a]) - (x[i] - x[a]) * (y[b] - y[a]);

            if (lower ? turn > 0 : turn < 0)
                break;
            count--;
        }
        corners[count++] = i;
    }
    *(lower ? &steps->convex_count : &steps->concave_count) = count;
}

/* Height of the hull's edge from corner a to corner b at x[k]. */
static double height(const struct steps *steps, const double *y, size_t a, size_t b, size_t k)
{
    return y[a] + (y[b] - y[a]) * (steps->x[k] - steps->x[a]) / (steps->x[b] - steps->x[a]);
}

struct modal {
    size_t low, high; /* of the new modal interval */
    double distance;  /* largest between the two hulls at an inner corner */
};

/* Which edge of a hull is k on? The corner before it, but never the last corner. */
static size_t edge_of(const size_t *corners, size_t count, size_t k, size_t from)
{
    while (from + 2 < count && corners[from + 1] < k)
        from++;
    return from;
}

/* The corner where the hulls are farthest apart, and the interval that it and the other hull's
 * next corner span. */
static struct modal widest(const struct steps *steps)
{
    const size_t *g = steps->convex, *l = steps->concave;
    struct modal best = {g[0], g[steps->convex_count - 1], 1};
    size_t i, j, edge = 0;

    for (i = 0; i < steps->convex_count; i++) {
        double d;

        edge = edge_of(l, steps->concave_count, g[i], edge);
        d = height(steps, steps->upto, l[edge], l[edge + 1], g[i]) - steps->below[g[i]];
        if (d > best.distance)
            best = (struct modal){g[i], l[edge] < g[i] ? l[edge + 1] : l[edge], d};
    }
    for (j = 0, edge = 0; j < steps->concave_count; j++) {
        double d;

        edge = edge_of(g, steps->convex_count, l[j], edge);
        d = steps->upto[l[j]] - height(steps, steps->below, g[edge], g[edge + 1], l[j]);
        if (d > best.distance)
            best = (struct modal){g[edge + 1] == l[j] ? l[j] : g[edge], l[j], d};
    }
    return best;
}

/* Largest distance of the distribution from its convex minorant left of the modal interval. */
static double left_distance(const struct steps *steps, size_t low)
{
    double largest = 0;
    size_t i, k;

    for (i = 0; i + 1 < steps->convex_count && steps->convex[i + 1] <= low; i++)
        for (k = steps->convex[i]; k < steps->convex[i + 1]; k++)
            largest = fmax(largest, steps->upto[k] - height(steps, steps->below, steps->convex[i],
                                                            steps->convex[i + 1], k));
    return largest;
}

/* The same from its concave majorant right of the modal interval. */
static double right_distance(const struct steps *steps, size_t high)
{
    double largest = 0;
    size_t i, k;

    for (i = 0; i + 1 < steps->concave_count; i++) {
        if (steps->concave[i] < high)
            continue;
        for (k = steps->concave[i] + 1; k <= steps->concave[i + 1]; k++)
            largest = fmax(largest,
                           height(steps, steps->upto, steps->concave[i], steps->concave[i + 1], k) -
                               steps->below[k]);
    }
    return largest;
}

/* In units of 1 / (2 n). */
static double dip_of(struct steps *steps)
{
    size_t low = 0, high = steps->n - 1;
    double dip = 1;

    while (low < high) {
        struct modal modal;

        span_hull(steps, low, high, true);
        span_hull(steps, low, high, false);
        modal = widest(steps);
        if (modal.distance <= dip)
            break;
        dip = fmax(dip, fmax(left_distance(steps, modal.low), right_distance(steps, modal.high)));
        if (modal.low == low && modal.high == high)
            break;
        low = modal.low;
        high = modal.high;
    }
    return dip;
}

enum doubt_code doubt_dip(const double *sorted, size_t n, double *dip, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_sorted(sorted, n, err);
    struct steps steps = {0};

    if (code != DOUBT_OK)
        return code;
    code = prepare(sorted, n, &steps, err);
    if (code == DOUBT_OK)
        *dip = dip_of(&steps) / (2 * (double)n);
    release(&steps);
    return code;
}

/* How many of the drawn uniform samples of n values have at least this dip? */
static enum doubt_code simulate(double dip, size_t n, const struct doubt_dip_test *test,
                                size_t *hits, struct doubt_err *err)
{
    double *sample = doubti_values(2 * n, err), drawn;
    enum doubt_code code = sample ? DOUBT_OK : DOUBT_E_MEMORY;
    struct doubt_rng rng;
    size_t draw, i;

    *hits = 0;
    doubt_rng_seed(&rng, test->seed);
    for (draw = 0; code == DOUBT_OK && draw < test->draws; draw++) {
        for (i = 0; i < n; i++)
            sample[i] = doubt_rng_uniform(&rng);
        doubti_sort(sample, n, sample + n);
        code = doubt_dip(sample, n, &drawn, err);
        *hits += drawn >= dip * (1 - 1e-12);
    }
    free(sample);
    return code;
}

enum doubt_code doubt_dip_p(double dip, const struct doubt_dip_test *test, double *p,
                            struct doubt_err *err)
{
    const size_t n = test->n < 1000 ? test->n : 1000;
    enum doubt_code code;
    size_t hits = 0;

    if (!(dip > 0 && dip <= 0.25) || test->n < 4 || test->draws < 100 || test->draws > 1000000)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "dip %g of %zu values, %zu draws: accepted are dips up to 0.25, at "
                             "least 4 values, and 100 to 1000000 draws",
                             dip, test->n, test->draws);
    code = simulate(dip * sqrt((double)test->n / (double)n), n, test, &hits, err);
    if (code == DOUBT_OK)
        *p = (1 + (double)hits) / (1 + (double)test->draws);
    return code;
}

/* --- moments ------------------------------------------------------------------------------- */

enum doubt_code doubt_bimodality(const double *x, size_t n, double *out, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(x, n, 4, "bimodality", err);
    const double count = (double)n;
    struct doubt_moments moments;
    double skew, excess;

    if (code == DOUBT_OK)
        code = doubt_moments(x, n, &moments, err);
    if (code != DOUBT_OK)
        return code;
    if (!(moments.m2 > 0))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "bimodality: all %zu values are %g, there is no shape to judge", n,
                             x[0]);
    skew = sqrt(count * (count - 1)) / (count - 2) * moments.m3 / pow(moments.m2, 1.5);
    excess = (count - 1) / ((count - 2) * (count - 3)) *
             ((count + 1) * (moments.m4 / (moments.m2 * moments.m2) - 3) + 6);
    *out =
        (skew * skew + 1) / (excess + 3 * (count - 1) * (count - 1) / ((count - 2) * (count - 3)));
    return DOUBT_OK;
}

/* --- outliers ------------------------------------------------------------------------------ */

enum doubt_code doubt_tukey(const double *sorted, size_t n, struct doubt_tukey *out,
                            struct doubt_err *err)
{
    enum doubt_code code = doubti_check_sorted(sorted, n, err);
    struct doubt_tukey result = {0};
    double range;
    size_t i;

    if (code == DOUBT_OK)
        code = doubt_quantile7(sorted, n, 0.25, &result.q1, err);
    if (code == DOUBT_OK)
        code = doubt_quantile7(sorted, n, 0.75, &result.q3, err);
    if (code != DOUBT_OK)
        return code;
    range = result.q3 - result.q1;
    for (i = 0; i < n && sorted[i] < result.q1 - 1.5 * range; i++) {
        result.low++;
        result.low_severe += sorted[i] < result.q1 - 3 * range;
    }
    for (i = n; i > 0 && sorted[i - 1] > result.q3 + 1.5 * range; i--) {
        result.high++;
        result.high_severe += sorted[i - 1] > result.q3 + 3 * range;
    }
    *out = result;
    return DOUBT_OK;
}

/* How many of the sorted values are less than x? */
static size_t count_below(const double *sorted, size_t n, double x)
{
    size_t from = 0, to = n;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;

        if (sorted[middle] < x)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Sorted values seen from a center: deviations grow towards both ends. */
struct around {
    const double *sorted;
    size_t n, left; /* values below the center */
    double center;
};

/* Of the k smallest deviations, how many lie to the left? The smallest share of the left that
 * leaves no smaller deviation there than the largest taken on the right. */
static size_t share_of_left(const struct around *around, size_t k)
{
    const size_t right = around->n - around->left;
    size_t from = k > right ? k - right : 0, to = k < around->left ? k : around->left;

    while (from < to) {
        const size_t i = from + (to - from) / 2, j = k - i; /* i to the left, j >= 1 to the right */
        const double next = around->center - around->sorted[around->left - 1 - i];
        const double last = around->sorted[around->left + j - 1] - around->center;

        if (next < last)
            from = i + 1;
        else
            to = i;
    }
    return from;
}

/* The k-th smallest deviation, 1 <= k <= n. */
static double deviation_at(const struct around *around, size_t k)
{
    const size_t i = share_of_left(around, k), j = k - i;
    const double left = i > 0 ? around->center - around->sorted[around->left - i] : 0;
    const double right = j > 0 ? around->sorted[around->left + j - 1] - around->center : 0;

    return left > right ? left : right;
}

static double median_deviation(const double *sorted, size_t n, double center)
{
    const struct around around = {sorted, n, count_below(sorted, n, center), center};
    const double upper = deviation_at(&around, n / 2 + 1);

    return n % 2 ? upper : 0.5 * (deviation_at(&around, n / 2) + upper);
}

/* How many of the sorted values are farther than `limit` from the center? They lie at both ends. */
static size_t count_beyond(const double *sorted, size_t n, double center, double limit)
{
    const size_t left = count_below(sorted, n, center);
    size_t from = 0, to = left, low;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;

        if (fabs(sorted[middle] - center) > limit)
            from = middle + 1;
        else
            to = middle;
    }
    low = from;
    for (from = left, to = n; from < to;) {
        const size_t middle = from + (to - from) / 2;

        if (fabs(sorted[middle] - center) > limit)
            to = middle;
        else
            from = middle + 1;
    }
    return low + (n - from);
}

enum doubt_code doubt_mad(const double *sorted, size_t n, struct doubt_mad *out,
                          struct doubt_err *err)
{
    enum doubt_code code = doubti_check_sorted(sorted, n, err);
    struct doubt_mad result = {0};
    double farthest;

    if (code != DOUBT_OK)
        return code;
    result.median = 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
    result.mad = median_deviation(sorted, n, result.median);
    result.beyond = count_beyond(sorted, n, result.median, 14.826 * result.mad);
    farthest = fmax(result.median - sorted[0], sorted[n - 1] - result.median);
    if (farthest > 0)
        result.largest_ratio = result.mad > 0 ? farthest / result.mad : INFINITY;
    *out = result;
    return DOUBT_OK;
}

/* share.c: intervals for shares and, through them, for percentiles.
 *
 * A unit of work is one count or one sorted array. The binomial intervals take values for
 * independent; the pooled one takes restarts for independent.
 *
 * Sources: Clopper & Pearson 1934; Woodruff 1952; Korn & Graubard 1998.
 */
#include "stats/stats_int.h"
#include <math.h>

/* --- binomial ------------------------------------------------------------------------------ */

enum doubt_code doubti_binomial_cdf(int64_t k, int64_t n, double p, double *out,
                                    struct doubt_err *err)
{
    struct doubti_beta_tails tails;
    enum doubt_code code;

    if (k < 0 || k >= n) {
        *out = k < 0 ? 0 : 1;
        return DOUBT_OK;
    }
    code = doubti_beta((struct doubti_beta_point){1 - p, p}, (double)(n - k), (double)k + 1, &tails,
                       err);
    if (code == DOUBT_OK)
        *out = tails.lower;
    return code;
}

enum doubt_code doubti_binomial_quantile(double q, int64_t n, double p, int64_t *out,
                                         struct doubt_err *err)
{
    int64_t lo = -1, hi = n; /* P(<= lo) < q <= P(<= hi) */

    while (hi - lo > 1) {
        const int64_t middle = lo + (hi - lo) / 2;
        double reached = 0;
        enum doubt_code code = doubti_binomial_cdf(middle, n, p, &reached, err);

        if (code != DOUBT_OK)
            return code;
        if (reached < q)
            lo = middle;
        else
            hi = middle;
    }
    *out = hi;
    return DOUBT_OK;
}

/* --- Clopper-Pearson ----------------------------------------------------------------------- */

enum doubt_code doubt_clopper_pearson(double hits, double n, double level,
                                      struct doubt_interval *out, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_level(level, err);
    double lo = 0, hi = 1;

    if (code != DOUBT_OK)
        return code;
    if (!(n > 0 && n <= 1e9 && hits >= 0 && hits <= n))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "share of %g in %g: accepted are 0 to n hits in n trials, n up to 1e9",
                             hits, n);
    if (hits > 0)
        code = doubt_beta_quantile(level / 2, hits, n - hits + 1, &lo, err);
    if (code == DOUBT_OK && hits < n)
        code = doubt_beta_quantile(1 - level / 2, hits + 1, n - hits, &hi, err);
    if (code == DOUBT_OK)
        *out = (struct doubt_interval){hits / n, lo, hi};
    return code;
}

/* --- order statistics ---------------------------------------------------------------------- */

/* Fills lo and hi from the ranks. */
static void set_bounds(const double *sorted, size_t n, struct doubt_order_interval *out)
{
    out->lo = out->lo_rank >= 1 ? sorted[out->lo_rank - 1] : -INFINITY;
    out->hi = out->hi_rank <= n ? sorted[out->hi_rank - 1] : INFINITY;
}

enum doubt_code doubt_order_interval(const double *sorted, size_t n, struct doubt_target target,
                                     struct doubt_order_interval *out, struct doubt_err *err)
{
    const double p = target.p, level = target.level;
    enum doubt_code code = doubti_check_sorted(sorted, n, err);
    struct doubt_order_interval result = {0};
    int64_t below = 0, above = 0;
    double low = 0, high = 0;

    if (code == DOUBT_OK)
        code = doubti_check_share(p, err);
    if (code == DOUBT_OK)
        code = doubti_check_level(level, err);
    if (code == DOUBT_OK)
        code = doubti_binomial_quantile(level / 2, (int64_t)n, p, &below, err);
    if (code == DOUBT_OK)
        code = doubti_binomial_quantile(1 - level / 2, (int64_t)n, p, &above, err);
    if (code == DOUBT_OK)
        code = doubti_binomial_cdf(below - 1, (int64_t)n, p, &low, err);
    if (code == DOUBT_OK)
        code = doubti_binomial_cdf(above, (int64_t)n, p, &high, err);
    if (code != DOUBT_OK)
        return code;
    result.lo_rank = (size_t)below;
    result.hi_rank = (size_t)above + 1;
    result.coverage = high - low;
    result.estimate = sorted[doubti_rank(n, p) - 1];
    set_bounds(sorted, n, &result);
    *out = result;
    return DOUBT_OK;
}

/* --- percentile over all samples of several restarts --------------------------------------- */

static enum doubt_code check_pool(const struct doubt_pool *pool, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_sorted(pool->sorted, pool->n, err);
    size_t total = 0, r;

    if (code != DOUBT_OK)
        return code;
    if (pool->restarts < 2)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "percentile over restarts: %zu given, at least 2 needed",
                             pool->restarts);
    for (r = 0; r < pool->restarts; r++) {
        if (pool->counts[r] < 1)
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "percentile over restarts: restart %zu has no samples, leave it "
                                 "out",
                                 r + 1);
        total += pool->counts[r];
    }
    if (total == pool->n)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "percentile over restarts: %zu samples in all, %zu sorted", total,
                         pool->n);
}

/* Variance of the mean over restarts of the share at or below the quantile, and the effective
 * number of restarts above it (0 where no sample is). */
static void look_at_restarts(const struct doubt_pool *pool, double quantile, double *variance,
                             double *effective)
{
    double mean = 0, squares = 0, sum = 0, sum_of_squares = 0;
    size_t r, i;

    for (r = 0; r < pool->restarts; r++) {
        const double *run = pool->runs[r];
        size_t above = 0;
        double share, step;

        for (i = 0; i < pool->counts[r]; i++)
            above += run[i] > quantile;
        share = 1 - (double)above / (double)pool->counts[r];
        step = share - mean;
        mean += step / (double)(r + 1);
        squares += step * (share - mean);
        sum += (double)above;
        sum_of_squares += (double)above * (double)above;
    }
    *variance = squares / (double)(pool->restarts - 1) / (double)pool->restarts;
    *effective = sum > 0 ? sum * sum / sum_of_squares : 0;
}

enum doubt_code doubti_effective_trials(const struct doubti_clusters *clusters, double level,
                                        double *out, struct doubt_err *err)
{
    double wide = 0, narrow = 0;
    enum doubt_code code =
        doubt_t_quantile(1 - level / 2, (double)(clusters->count - 1), &wide, err);

    if (code == DOUBT_OK)
        code = doubt_t_quantile(1 - level / 2, clusters->trials - 1, &narrow, err);
    if (code == DOUBT_OK)
        *out = fmin(clusters->trials, clusters->effective * (narrow / wide) * (narrow / wide));
    return code;
}

enum doubt_code doubt_pooled_percentile(const struct doubt_pool *pool, struct doubt_target target,
                                        struct doubt_pooled_percentile *out, struct doubt_err *err)
{
    const double p = target.p, level = target.level;
    struct doubt_pooled_percentile result = {0};
    struct doubt_order_interval *interval = &result.interval;
    struct doubt_interval share;
    struct doubti_clusters clusters = {0};
    double variance, size = 0;
    enum doubt_code code = check_pool(pool, err);

    if (code == DOUBT_OK)
        code = doubti_check_share(p, err);
    if (code == DOUBT_OK)
        code = doubti_check_level(level, err);
    if (code != DOUBT_OK)
        return code;
    interval->estimate = pool->sorted[doubti_rank(pool->n, p) - 1];
    look_at_restarts(pool, interval->estimate, &variance, &result.effective_restarts);
    clusters.count = pool->restarts;
    clusters.trials = (double)pool->n;
    clusters.effective =
        variance > 0 ? fmin(clusters.trials, p * (1 - p) / variance) : clusters.trials;
    code = doubti_effective_trials(&clusters, level, &size, err);
    if (code == DOUBT_OK)
        code = doubt_clopper_pearson(p * size, size, level, &share, err);
    if (code != DOUBT_OK)
        return code;
    interval->lo_rank = (size_t)(share.lo * clusters.trials);
    interval->hi_rank = (size_t)ceil(share.hi * clusters.trials) + 1;
    interval->coverage = 1 - level;
    set_bounds(pool->sorted, pool->n, interval);
    result.effective_size = size;
    result.certified = result.effective_restarts >= 5;
    *out = result;
    return DOUBT_OK;
}

/* batch.c: what one run says about its own mean.
 *
 * A unit of work is the iterations of one process, which are correlated. Not a substitute for
 * restarts: one process says nothing about how far another start would land.
 *
 * Sources: batch means with the AR(1) factor of ASAP3 (Steiger et al. 2005); Geyer 1992 for the
 * initial positive sequence.
 */
#include "stats/stats_int.h"
#include <math.h>
#include <stdlib.h>

enum { MOST_LAGGED = 65536 };

/* Means of all batches, and the mean of everything less x[0]. */
static double all_means(const double *x, size_t size, size_t batches, double *means)
{
    struct doubti_sums sums = {{0, 0}, {0, 0}}; /* of this batch, of everything */
    size_t b, i;

    for (b = 0; b < batches; b++) {
        const double *const batch = x + b * size;
        const doubti_pair first = {batch[0], x[0]};

        sums.high[0] = sums.low[0] = 0;
        for (i = 0; i < size; i++)
            doubti_add_pair(&sums, (doubti_pair){batch[i], batch[i]} - first);
        means[b] = batch[0] + (sums.high[0] + sums.low[0]) / (double)size;
    }
    return (sums.high[1] + sums.low[1]) / (double)(size * batches);
}

static void long_run(const double *means, size_t batches, size_t size,
                     struct doubt_batch_means *out)
{
    const double spread = doubti_squares(means, batches) / (double)(batches - 1);
    double factor;

    out->r1 = doubti_correlation(means, batches, 1);
    factor = (1 + out->r1) / (1 - out->r1);
    out->long_run_variance = (double)size * spread * (factor > 1 ? factor : 1);
}

enum doubt_code doubt_batch_means(const double *x, size_t n, size_t batches, double level,
                                  struct doubt_batch_means *out, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_level(level, err);
    struct doubt_batch_means result = {0};
    double *means, q = 0, shift, variance;
    size_t size, used;

    if (code != DOUBT_OK)
        return code;
    if (batches < 3 || n / batches < 2)
        return doubt_err_set(
            err, DOUBT_E_ARGUMENT,
            "batch means: %zu batches of %zu values, needed are at least 3 batches "
            "of at least 2 values",
            batches, n);
    code = doubti_check_values(x, n, 2 * batches, "batch means", err);
    if (code == DOUBT_OK)
        code = doubt_t_quantile(1 - level / 2, (double)(batches - 1), &q, err);
    if (code != DOUBT_OK)
        return code;
    means = doubti_values(batches, err);
    if (!means)
        return DOUBT_E_MEMORY;
    size = n / batches;
    used = size * batches;
    shift = all_means(x, size, batches, means);
    long_run(means, batches, size, &result);
    free(means);
    result.mean = x[0] + shift;
    variance = doubti_squares_around(x, used, shift) / (double)(used - 1);
    result.n_eff = result.long_run_variance > 0 ? (double)used * variance / result.long_run_variance
                                                : (double)used;
    result.half_width = q * sqrt(result.long_run_variance / (double)used);
    *out = result;
    return DOUBT_OK;
}

enum doubt_code doubt_autocorrelation(const double *x, size_t n, size_t lag, double *out,
                                      struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(x, n, 2, "correlation", err);

    if (code == DOUBT_OK && lag >= n)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "correlation at lag %zu of %zu values: the lag must be smaller", lag,
                             n);
    if (code == DOUBT_OK)
        *out = doubti_correlation(x, n, lag);
    return code;
}

/* 1 + 2 (sum of the correlations up to the first pair of neighbouring lags, (1, 2), (3, 4) ... in
 * Geyer's count (0, 1), (2, 3) ..., whose sum is not positive). d: deviations from the mean. */
static double correlation_time(const double *d, size_t n)
{
    double squares = 0, sum = -1, pair;
    size_t lag = 0, i, k;

    for (i = 0; i < n; i++)
        squares += d[i] * d[i];
    if (squares <= 0)
        return 1;
    do {
        pair = 0;
        for (k = lag; k < lag + 2; k++) {
            double products = 0;

            for (i = 0; i + k < n; i++)
                products += d[i] * d[i + k];
            pair += products / squares;
        }
        if (pair > 0)
            sum += 2 * pair;
        lag += 2;
    } while (pair > 0 && lag + 2 <= n);
    return sum;
}

enum doubt_code doubt_effective_size(const double *x, size_t n, double *out, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(x, n, 4, "effective size", err);
    const size_t size = (n + MOST_LAGGED - 1) / MOST_LAGGED, blocks = n / (size ? size : 1);
    double *d, mean, variance, time;
    size_t i;

    if (code != DOUBT_OK)
        return code;
    d = doubti_values(blocks, err);
    if (!d)
        return DOUBT_E_MEMORY;
    mean = doubti_mean(x, size * blocks);
    for (i = 0; i < blocks; i++)
        d[i] = doubti_mean(x + i * size, size) - mean;
    variance = doubti_squares(x, size * blocks) / (double)(size * blocks);
    time = (double)size * correlation_time(d, blocks);
    if (size > 1 && variance > 0)
        time *= doubti_squares(d, blocks) / (double)blocks / variance;
    free(d);
    *out = time > 0 ? (double)n / time : (double)n;
    return DOUBT_OK;
}

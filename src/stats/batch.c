/* batch.c: what one run says about its own mean.
 *
 * A unit of work is the iterations of one process, which are correlated. Not a substitute for
 * restarts: one process says nothing about how far another start would land.
 *
 * Sources: batch means with the AR(1) factor of ASAP3 (Steiger et al. 2005).
 */
#include "stats/stats_int.h"
#include <math.h>
#include <stdlib.h>

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
    double *means, q = 0, variance;
    size_t size, used, i;

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
    for (i = 0; i < batches; i++)
        means[i] = doubti_mean(x + i * size, size);
    long_run(means, batches, size, &result);
    free(means);
    result.mean = doubti_mean(x, used);
    variance = doubti_squares(x, used) / (double)(used - 1);
    result.n_eff = result.long_run_variance > 0 ? (double)used * variance / result.long_run_variance
                                                : (double)used;
    result.half_width = q * sqrt(result.long_run_variance / (double)used);
    *out = result;
    return DOUBT_OK;
}

/* hull.c: the interval for a mean over restarts.
 *
 * A unit of work is one figure per restart. The hull of Student's t interval and of the
 * skewness-adjusted one keeps the first's coverage on symmetric data and the second's on skewed
 * data. Not for the samples of one process, which are correlated: see batch.c.
 *
 * Source: Hall 1992, "On the removal of skewness by transformation", for the cubic transformation.
 */
#include "stats/stats_int.h"
#include <math.h>

/* Sample skewness, 0 for fewer than three values or none that differ. */
static double skewness(const struct doubt_moments *moments)
{
    const double n = (double)moments->n;

    if (moments->n < 3 || moments->m2 <= 0)
        return 0;
    return sqrt(n * (n - 1)) / (n - 2) * (moments->m3 / (moments->m2 * sqrt(moments->m2)));
}

/* (cbrt(1 + 6 beta (x - beta)) - 1) / (2 beta) without cancellation for small beta. */
static double transformed(double x, double beta)
{
    const double c = cbrt(1 + 6 * beta * (x - beta));

    return 3 * (x - beta) / (c * c + c + 1);
}

enum doubt_code doubt_hull_interval(const double *y, size_t n, double level,
                                    struct doubt_interval *out, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(y, n, 2, "interval over restarts", err);
    struct doubt_moments moments;
    double q = 0, error, beta;

    if (code == DOUBT_OK)
        code = doubti_check_level(level, err);
    if (code == DOUBT_OK)
        code = doubt_moments(y, n, &moments, err);
    if (code == DOUBT_OK)
        code = doubt_t_quantile(1 - level / 2, (double)(n - 1), &q, err);
    if (code != DOUBT_OK)
        return code;
    error = sqrt(moments.variance / (double)n);
    beta = skewness(&moments) / (6 * sqrt((double)n));
    out->estimate = moments.mean;
    out->lo = moments.mean - error * fmax(q, transformed(q, beta));
    out->hi = moments.mean + error * fmax(q, -transformed(-q, beta));
    return DOUBT_OK;
}

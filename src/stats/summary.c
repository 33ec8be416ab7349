/* summary.c: moments, means and correlations of one array.
 *
 * A unit of work is one array. Sums are compensated after subtracting the first value, and
 * deviations are taken in a second pass: a mean of 10^12 with a spread of 0.1 keeps its spread.
 */
#include "stats/stats_int.h"
#include <math.h>

/* Mean of x[i] - x[0]. */
static double shifted_mean(const double *x, size_t n)
{
    struct doubti_sum sum = {0, 0};
    size_t i;

    for (i = 0; i < n; i++)
        doubti_add(&sum, x[i] - x[0]);
    return doubti_total(&sum) / (double)n;
}

double doubti_mean(const double *x, size_t n)
{
    return x[0] + shifted_mean(x, n);
}

double doubti_squares_around(const double *x, size_t n, double shift)
{
    struct doubti_sum sum = {0, 0};
    size_t i;

    for (i = 0; i < n; i++) {
        const double d = (x[i] - x[0]) - shift;

        doubti_add(&sum, d * d);
    }
    return doubti_total(&sum);
}

double doubti_squares(const double *x, size_t n)
{
    return doubti_squares_around(x, n, shifted_mean(x, n));
}

double doubti_correlation(const double *x, size_t n, size_t lag)
{
    const double shift = shifted_mean(x, n);
    struct doubti_sum squares = {0, 0}, products = {0, 0};
    size_t i;

    for (i = 0; i < n; i++) {
        const double d = (x[i] - x[0]) - shift;

        doubti_add(&squares, d * d);
        if (i + lag < n)
            doubti_add(&products, d * ((x[i + lag] - x[0]) - shift));
    }
    return doubti_total(&squares) > 0 ? doubti_total(&products) / doubti_total(&squares) : 0;
}

/* Fills m2, m3, m4 from deviations around x[0] + shift. */
static void central(const double *x, size_t n, double shift, struct doubt_moments *out)
{
    struct doubti_sums pairs = {{0, 0}, {0, 0}}; /* second and third powers */
    struct doubti_sum fourth = {0, 0};
    const double first = x[0];
    double least = first, most = first;
    size_t i;

    for (i = 0; i < n; i++) {
        const double d = (x[i] - first) - shift, square = d * d;

        doubti_add_pair(&pairs, (doubti_pair){square, square * d});
        doubti_add(&fourth, square * square);
        least = x[i] < least ? x[i] : least;
        most = x[i] > most ? x[i] : most;
    }
    out->min = least;
    out->max = most;
    out->m2 = pairs.high[0] + pairs.low[0];
    out->m3 = (pairs.high[1] + pairs.low[1]) / (double)n;
    out->m4 = doubti_total(&fourth) / (double)n;
    out->variance = n > 1 ? out->m2 / (double)(n - 1) : 0;
    out->m2 /= (double)n;
}

enum doubt_code doubt_moments(const double *x, size_t n, struct doubt_moments *out,
                              struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(x, n, 1, "moments", err);
    struct doubt_moments moments = {.n = n};
    double shift;

    if (code != DOUBT_OK)
        return code;
    shift = shifted_mean(x, n);
    moments.mean = x[0] + shift;
    central(x, n, shift, &moments);
    if (!isfinite(moments.mean) || !isfinite(moments.m4))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "moments: values between %g and %g overflow, scale them first",
                             moments.min, moments.max);
    *out = moments;
    return DOUBT_OK;
}

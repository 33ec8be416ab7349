/* trend.c: is there a drift, and how steep?
 *
 * A unit of work is one short series: restart figures in start order, or batch means of one run.
 * Not for raw iterations: their correlation makes false trends.
 *
 * Sources: Mann 1945, Kendall 1975; Hamed & Rao 1998; Theil 1950, Sen 1968.
 */
#include "stats/stats_int.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LAGS = 16384, MOST_SLOPES = 4096, FEW = 16 };

static double insert_counting(double *x, size_t n)
{
    size_t descents = 0, i, j;

    for (i = 1; i < n; i++) {
        const double value = x[i];

        for (j = i; j > 0 && x[j - 1] > value; j--)
            x[j] = x[j - 1];
        x[j] = value;
        descents += i - j;
    }
    return (double)descents;
}

/* Sorts x[0 .. n) and adds up the pairs that stood in descending order. */
static double count_descents(double *x, size_t n, double *buffer)
{
    const size_t half = n / 2;
    size_t i = 0, j = half, k = 0;
    double descents;

    if (n <= FEW)
        return insert_counting(x, n);
    descents = count_descents(x, half, buffer) + count_descents(x + half, n - half, buffer);
    while (i < half && j < n) {
        if (x[j] < x[i]) {
            descents += (double)(half - i);
            buffer[k++] = x[j++];
        } else {
            buffer[k++] = x[i++];
        }
    }
    memcpy(buffer + k, x + i, (half - i) * sizeof *x);
    memcpy(x, buffer, (k + half - i) * sizeof *x);
    return descents;
}

/* From sorted values: pairs that are equal, and the sum of t (t - 1) (2 t + 5) over the groups. */
static void count_ties(const double *sorted, size_t n, double *pairs, double *correction)
{
    size_t i, j;

    *pairs = *correction = 0;
    for (i = 0; i < n; i = j) {
        double t;

        for (j = i + 1; j < n && sorted[j] == sorted[i]; j++)
            ;
        t = (double)(j - i);
        *pairs += t * (t - 1) / 2;
        *correction += t * (t - 1) * (2 * t + 5);
    }
}

static void set_p(struct doubt_mann_kendall *out)
{
    const double side = out->s > 0 ? 1 : out->s < 0 ? -1 : 0;

    out->z = out->variance > 0 ? (out->s - side) / sqrt(out->variance) : 0;
    out->p = fmin(1, 2 * doubti_normal_upper(fabs(out->z)));
}

enum doubt_code doubt_mann_kendall(const double *x, size_t n, struct doubt_mann_kendall *out,
                                   struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(x, n, 3, "trend", err);
    const double count = (double)n;
    double *copy, *buffer, descents, tied, correction;

    if (code != DOUBT_OK)
        return code;
    copy = doubti_values(2 * n, err);
    if (!copy)
        return DOUBT_E_MEMORY;
    buffer = copy + n;
    memcpy(copy, x, n * sizeof *x);
    descents = count_descents(copy, n, buffer);
    count_ties(copy, n, &tied, &correction);
    free(copy);
    out->s = count * (count - 1) / 2 - tied - 2 * descents;
    out->variance = (count * (count - 1) * (2 * count + 5) - correction) / 18;
    set_p(out);
    return DOUBT_OK;
}

/* 1 + 2 / (n (n - 1) (n - 2)) sum (n - k) (n - k - 1) (n - k - 2) rho_k over the lags that pass. */
static double variance_factor(const double *ranks, size_t n, double threshold)
{
    const double count = (double)n, mean = doubti_mean(ranks, n);
    const double squares = doubti_squares(ranks, n);
    double sum = 0;
    size_t k, i;

    for (k = 1; k < n && squares > 0; k++) {
        const double left = (double)(n - k);
        double products = 0;

        for (i = 0; i + k < n; i++)
            products += (ranks[i] - mean) * (ranks[i + k] - mean);
        if (fabs(products / squares) > threshold)
            sum += left * (left - 1) * (left - 2) * (products / squares);
    }
    return fmax(1 / count, 1 + 2 / (count * (count - 1) * (count - 2)) * sum);
}

enum doubt_code doubt_hamed_rao(const double *x, size_t n, double slope,
                                struct doubt_mann_kendall *out, struct doubt_err *err)
{
    struct doubt_mann_kendall result;
    enum doubt_code code = doubt_mann_kendall(x, n, &result, err);
    double *ranks, *left, ties;
    size_t i;

    if (code != DOUBT_OK)
        return code;
    if (n > MOST_LAGS || !isfinite(slope))
        return doubt_err_set(
            err, DOUBT_E_ARGUMENT,
            "trend with correlation: %zu values and slope %g; accepted are at most "
            "%d values (average them in batches) and a finite slope",
            n, slope, MOST_LAGS);
    ranks = doubti_values(2 * n, err);
    if (!ranks)
        return DOUBT_E_MEMORY;
    left = ranks + n;
    for (i = 0; i < n; i++)
        left[i] = x[i] - slope * (double)(i + 1);
    code = doubti_ranks(left, n, ranks, &ties, err);
    if (code == DOUBT_OK) {
        const double threshold = doubti_normal_quantile(0.975) / sqrt((double)n);

        result.variance *= variance_factor(ranks, n, threshold);
        set_p(&result);
        *out = result;
    }
    free(ranks);
    return code;
}

static enum doubt_code check_places(const struct doubt_trend_data *data, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(data->x, data->n, 3, "slope", err);
    size_t i;

    if (code != DOUBT_OK)
        return code;
    if (data->n > MOST_SLOPES)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "slope: %zu values, at most %d are accepted; average them in batches "
                             "first",
                             data->n, MOST_SLOPES);
    if (!data->at)
        return DOUBT_OK;
    code = doubti_check_values(data->at, data->n, 3, "slope's places", err);
    for (i = 1; code == DOUBT_OK && i < data->n; i++)
        if (!(data->at[i - 1] < data->at[i]))
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "slope's places: place %zu (%g) is not above place %zu (%g)",
                                 i + 1, data->at[i], i, data->at[i - 1]);
    return code;
}

/* All slopes, sorted; their number is *count. */
static double *all_slopes(const struct doubt_trend_data *data, size_t *count, struct doubt_err *err)
{
    double *slopes = doubti_values(data->n * (data->n - 1) / 2, err);
    size_t i, j, k = 0;

    if (!slopes)
        return NULL;
    for (i = 0; i < data->n; i++)
        for (j = i + 1; j < data->n; j++)
            slopes[k++] = (data->x[j] - data->x[i]) /
                          (data->at ? data->at[j] - data->at[i] : (double)(j - i));
    *count = k;
    if (doubt_sort(slopes, k, err) == DOUBT_OK)
        return slopes;
    free(slopes);
    return NULL;
}

enum doubt_code doubt_theil_sen(const struct doubt_trend_data *data, double level,
                                struct doubt_interval *out, struct doubt_err *err)
{
    struct doubt_mann_kendall trend;
    enum doubt_code code = check_places(data, err);
    double *slopes, reach, lo, hi;
    size_t n = 0;

    if (code == DOUBT_OK)
        code = doubti_check_level(level, err);
    if (code == DOUBT_OK)
        code = doubt_mann_kendall(data->x, data->n, &trend, err);
    if (code != DOUBT_OK)
        return code;
    slopes = all_slopes(data, &n, err);
    if (!slopes)
        return DOUBT_E_MEMORY;
    reach = doubti_normal_quantile(1 - level / 2) * sqrt(trend.variance);
    lo = fmax(1, nearbyint(((double)n - reach) / 2));
    hi = fmin((double)n, nearbyint(((double)n + reach) / 2 + 1));
    out->estimate = 0.5 * (slopes[(n - 1) / 2] + slopes[n / 2]);
    out->lo = slopes[(size_t)lo - 1];
    out->hi = slopes[(size_t)hi - 1];
    free(slopes);
    return DOUBT_OK;
}

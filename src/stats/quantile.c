/* quantile.c: sorting, and sample quantiles of sorted values.
 *
 * A unit of work is one array. Sorting is by digits of the bit pattern and linear in n; only the
 * bits in which the values differ are looked at, so that nanosecond counts need two or three
 * passes. Results do not depend on the machine.
 */
#include "stats/stats_int.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL = 512, RUN = 16, DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

/* --- small arrays: merges of insertion-sorted runs ----------------------------------------- */

static void insertion(double *x, size_t n)
{
    size_t i, j;

    for (i = 1; i < n; i++) {
        const double value = x[i];

        for (j = i; j > 0 && x[j - 1] > value; j--)
            x[j] = x[j - 1];
        x[j] = value;
    }
}

/* Merges two sorted neighbours, a[0..half) and a[half..n), into out. */
static void merge(const double *a, size_t half, size_t n, double *out)
{
    size_t i = 0, j = half, k = 0;

    while (i < half && j < n)
        out[k++] = a[j] < a[i] ? a[j++] : a[i++];
    memcpy(out + k, a + i, (half - i) * sizeof *a);
    memcpy(out + k + (half - i), a + j, (n - j) * sizeof *a);
}

static void merge_sort(double *x, size_t n, double *buffer)
{
    double *from = x, *to = buffer, *swap;
    size_t width, i;

    for (i = 0; i < n; i += RUN)
        insertion(x + i, n - i < RUN ? n - i : RUN);
    for (width = RUN; width < n; width *= 2) {
        for (i = 0; i < n; i += 2 * width) {
            const size_t length = n - i < 2 * width ? n - i : 2 * width;

            merge(from + i, length < width ? length : width, length, to + i);
        }
        swap = from;
        from = to;
        to = swap;
    }
    if (from != x)
        memcpy(x, from, n * sizeof *x);
}

/* --- large arrays: digits of the bit pattern ----------------------------------------------- */

/* A number whose unsigned order is the order of the doubles. */
static inline uint64_t key_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits ^ ((uint64_t)((int64_t)bits >> 63) | (UINT64_C(1) << 63));
}

static void digit_pass(const double *from, size_t n, int shift, double *to)
{
    size_t places[DIGITS] = {0}, total = 0, i;

    for (i = 0; i < n; i++)
        places[(key_of(from[i]) >> shift) % DIGITS]++;
    for (i = 0; i < DIGITS; i++) {
        const size_t count = places[i];

        places[i] = total;
        total += count;
    }
    for (i = 0; i < n; i++)
        to[places[(key_of(from[i]) >> shift) % DIGITS]++] = from[i];
}

static void digit_sort(double *x, size_t n, double *buffer)
{
    uint64_t differs = 0;
    double *from = x, *to = buffer, *swap;
    size_t i;
    int shift = 0;

    for (i = 1; i < n; i++)
        differs |= key_of(x[i]) ^ key_of(x[0]);
    while (shift < 64 && differs >> shift) {
        if (!(differs >> shift & 1)) {
            shift++;
            continue;
        }
        digit_pass(from, n, shift, to);
        swap = from;
        from = to;
        to = swap;
        shift += DIGIT_BITS;
    }
    if (from != x)
        memcpy(x, from, n * sizeof *x);
}

void doubti_sort(double *x, size_t n, double *buffer)
{
    size_t i = 1;

    while (i < n && x[i - 1] <= x[i])
        i++;
    if (i >= n)
        return;
    if (n <= SMALL)
        merge_sort(x, n, buffer);
    else
        digit_sort(x, n, buffer);
}

enum doubt_code doubt_sort(double *x, size_t n, struct doubt_err *err)
{
    double few[SMALL], *buffer = few;
    size_t i;

    if (n > 0 && !x)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "sort: no array given");
    for (i = 0; i < n; i++)
        if (isnan(x[i]))
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "sort: value %zu of %zu is NaN, which has no place in an order",
                                 i + 1, n);
    if (n > SMALL)
        buffer = doubti_values(n, err);
    if (!buffer)
        return DOUBT_E_MEMORY;
    doubti_sort(x, n, buffer);
    if (buffer != few)
        free(buffer);
    return DOUBT_OK;
}

/* --- quantiles ----------------------------------------------------------------------------- */

size_t doubti_rank(size_t n, double p)
{
    const double scaled = p * 1e9, product = p * (double)n, nearest = nearbyint(product);
    const uint64_t whole = (uint64_t)nearbyint(scaled);

    if (n < UINT64_C(10000000000) && (double)whole / 1e9 == p)
        return (size_t)(((uint64_t)n * whole + 999999999) / 1000000000);
    if (fabs(product - nearest) <= 4 * DBL_EPSILON * product)
        return (size_t)nearest;
    return (size_t)ceil(product);
}

static enum doubt_code check_quantile(const double *sorted, size_t n, double p,
                                      struct doubt_err *err)
{
    if (n < 1 || !sorted)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "quantile: no values given");
    if (!(p >= 0 && p <= 1))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "quantile at p = %g: accepted is a share from 0 to 1", p);
    if (!isfinite(sorted[0]) || !isfinite(sorted[n - 1]) || sorted[0] > sorted[n - 1])
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "quantile: values from %g to %g, they must be finite and sorted",
                             sorted[0], sorted[n - 1]);
    return DOUBT_OK;
}

enum doubt_code doubt_quantile1(const double *sorted, size_t n, double p, double *out,
                                struct doubt_err *err)
{
    enum doubt_code code = check_quantile(sorted, n, p, err);
    size_t rank;

    if (code != DOUBT_OK)
        return code;
    rank = doubti_rank(n, p);
    *out = sorted[rank > 0 ? rank - 1 : 0];
    return DOUBT_OK;
}

enum doubt_code doubt_quantile7(const double *sorted, size_t n, double p, double *out,
                                struct doubt_err *err)
{
    enum doubt_code code = check_quantile(sorted, n, p, err);
    double place;
    size_t below;

    if (code != DOUBT_OK)
        return code;
    place = p * (double)(n - 1);
    below = (size_t)place;
    if (below + 1 >= n)
        *out = sorted[n - 1];
    else
        *out = sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
    return DOUBT_OK;
}

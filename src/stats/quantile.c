/* quantile.c: sorting, and sample quantiles of sorted values.
 *
 * A unit of work is one array. Large arrays are sorted by digits of the bit pattern, from the
 * highest until a part fits the cache and then from the lowest, in time linear in n; only the bits
 * in which the values differ are looked at. Results do not depend on the machine.
 */
#include "stats/stats_int.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SMALL = 128,     /* up to here merging is faster than counting digits */
    RUN = 16,        /* sorted by insertion */
    FEW = 4096,      /* below, narrow digits: fewer counters to clear */
    CACHED = 65536,  /* so many values and their copy stay in a second-level cache */
    MOST_WIDTH = 10, /* bits of a digit */
    NARROW_WIDTH = 8,
    NARROW_BITS = 32
};

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

/* In which bits may key - lowest differ from 0 in these n values? Whole numbers, which latencies
 * are, leave many low bits alike. */
struct extent {
    uint64_t lowest;
    int from, to;
};

static struct extent extent_of(const double *x, size_t n)
{
    const uint64_t first = key_of(x[0]);
    uint64_t lo = first, hi = first, differing = 0;
    struct extent extent = {0, 0, 0};
    size_t i;

    for (i = 1; i < n; i++) {
        const uint64_t key = key_of(x[i]);

        lo = key < lo ? key : lo;
        hi = key > hi ? key : hi;
        differing |= key ^ first;
    }
    extent.lowest = lo;
    for (; extent.to < 64 && (hi - lo) >> extent.to > 0; extent.to++)
        if (!((differing >> extent.to) & 1) && extent.from == extent.to)
            extent.from++;
    return extent;
}

/* Which bits of key - lowest make up the digit. */
struct digit {
    uint64_t lowest;
    int shift, width;
};

static inline size_t digit_of(double x, struct digit digit)
{
    return (size_t)((key_of(x) - digit.lowest) >> digit.shift) & (((size_t)1 << digit.width) - 1);
}

/* Moves n values to `to` in the order of one digit; ends[v] is where values with digit v end. */
static void distribute(const double *from, size_t n, struct digit digit, double *to, size_t *ends)
{
    const size_t values = (size_t)1 << digit.width;
    size_t total = 0, i;

    memset(ends, 0, values * sizeof *ends);
    for (i = 0; i < n; i++)
        ends[digit_of(from[i], digit)]++;
    for (i = 0; i < values; i++) {
        const size_t count = ends[i];

        ends[i] = total;
        total += count;
    }
    for (i = 0; i < n; i++)
        to[ends[digit_of(from[i], digit)]++] = from[i];
}

/* From the lowest digit to the highest: for as many values as the cache holds. */
static double *low_digits_first(double *x, size_t n, double *buffer, struct extent extent)
{
    const int widest = n < FEW ? 8 : MOST_WIDTH, bits = extent.to - extent.from;
    const int passes = (bits + widest - 1) / widest;
    struct digit digit = {extent.lowest, 0, (bits + passes - 1) / passes};
    size_t ends[1 << MOST_WIDTH];
    double *from = x, *to = buffer;
    int pass;

    for (pass = 0; pass < passes; pass++) {
        double *const swap = from;

        digit.shift = extent.from + pass * digit.width;
        distribute(from, n, digit, to, ends);
        from = to;
        to = swap;
    }
    return from;
}

/* --- large arrays whose values differ in few bits: half of the memory to move --------------- */

/* The key_of() of which this is the inverse. */
static inline double value_of(uint64_t key)
{
    const uint64_t bits = key >> 63 ? key ^ (UINT64_C(1) << 63) : ~key;
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Keys with all bits but those that differ left out. */
static inline uint32_t narrow_key(double x, struct extent extent)
{
    return (uint32_t)((key_of(x) - extent.lowest) >> extent.from);
}

static void narrow_distribute(const uint32_t *from, size_t n, struct digit digit, uint32_t *to)
{
    const uint32_t mask = ((uint32_t)1 << digit.width) - 1;
    size_t ends[1 << NARROW_WIDTH] = {0}, total = 0, i;

    for (i = 0; i < n; i++)
        ends[from[i] >> digit.shift & mask]++;
    for (i = 0; i <= mask; i++) {
        const size_t count = ends[i];

        ends[i] = total;
        total += count;
    }
    for (i = 0; i < n; i++)
        to[ends[from[i] >> digit.shift & mask]++] = from[i];
}

/* Sorts by the low bits; gives the array in which they end up. */
static const uint32_t *narrow_sort(uint32_t *keys, size_t n, uint32_t *scratch, int bits)
{
    const int passes = (bits + NARROW_WIDTH - 1) / NARROW_WIDTH;
    struct digit digit = {0, 0, (bits + passes - 1) / passes};
    uint32_t *from = keys, *to = scratch;

    for (; digit.shift < bits; digit.shift += digit.width) {
        uint32_t *const swap = from;

        narrow_distribute(from, n, digit, to);
        from = to;
        to = swap;
    }
    return from;
}

/* Sorts x by the highest digit into narrow keys, then each of its values on its own. buffer holds n
 * doubles, of which keys and scratch take n / 2 each at most. */
static void narrow_parts(double *x, size_t n, double *buffer, struct extent extent)
{
    const struct digit high = {0, extent.to - extent.from - MOST_WIDTH, MOST_WIDTH};
    uint32_t *const keys = (void *)buffer, *const scratch = keys + n;
    size_t ends[1 << MOST_WIDTH] = {0}, start = 0, total = 0, i, j;

    for (i = 0; i < n; i++)
        ends[narrow_key(x[i], extent) >> high.shift]++;
    for (i = 0; i < (size_t)1 << MOST_WIDTH; i++) {
        const size_t count = ends[i];

        ends[i] = total;
        total += count;
    }
    for (i = 0; i < n; i++) {
        const uint32_t key = narrow_key(x[i], extent);

        keys[ends[key >> high.shift]++] = key;
    }
    for (i = 0; i < (size_t)1 << MOST_WIDTH; i++) {
        const uint32_t *const sorted =
            narrow_sort(keys + start, ends[i] - start, scratch, high.shift);

        for (j = start; j < ends[i]; j++)
            x[j] = value_of(((uint64_t)sorted[j - start] << extent.from) + extent.lowest);
        start = ends[i];
    }
}

/* --- large arrays, all in all ---------------------------------------------------------------- */

static void sort_into(double *x, size_t n, double *buffer, bool into_buffer);

/* By the highest digit, then each of its values on its own. */
static void high_digit_first(double *x, size_t n, double *buffer, struct digit digit,
                             bool into_buffer)
{
    size_t ends[1 << MOST_WIDTH], start = 0, i;

    distribute(x, n, digit, buffer, ends);
    for (i = 0; i < (size_t)1 << digit.width; i++) {
        if (ends[i] > start)
            sort_into(buffer + start, ends[i] - start, x + start, !into_buffer);
        start = ends[i];
    }
}

/* Sorts the n values of x; they end up in x, or in buffer. */
static void sort_into(double *x, size_t n, double *buffer, bool into_buffer)
{
    double *sorted = x, *const wanted = into_buffer ? buffer : x;

    if (n <= SMALL) {
        merge_sort(x, n, buffer);
    } else {
        const struct extent extent = extent_of(x, n);
        struct digit digit = {extent.lowest, 0, 1};

        if (extent.to - extent.from > MOST_WIDTH && n > CACHED) {
            while (digit.width < MOST_WIDTH &&
                   n >> digit.width > FEW) /* parts of about FEW values */
                digit.width++;
            digit.shift = extent.to - digit.width;
            high_digit_first(x, n, buffer, digit, into_buffer);
            return;
        }
        if (extent.to > extent.from)
            sorted = low_digits_first(x, n, buffer, extent);
    }
    if (sorted != wanted)
        memcpy(wanted, sorted, n * sizeof *x);
}

void doubti_sort(double *x, size_t n, double *buffer)
{
    size_t i = 1;
    struct extent extent;

    while (i < n && x[i - 1] <= x[i])
        i++;
    if (i >= n)
        return;
    if (n <= CACHED) {
        sort_into(x, n, buffer, false);
        return;
    }
    extent = extent_of(x, n);
    if (extent.to - extent.from > MOST_WIDTH && extent.to - extent.from <= NARROW_BITS)
        narrow_parts(x, n, buffer, extent);
    else
        sort_into(x, n, buffer, false);
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

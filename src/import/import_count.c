/* import_count.c: statistics of a run's raw samples, by <doubt/stats.h>. See import.h.
 *
 * The samples are those of one process: what is computed describes that process, and no interval
 * here is one for another start.
 */
#include "import/import_int.h"

#include <doubt/stats.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES_MIN = 2, EFFECTIVE_MIN = 20, BATCHES = 20, WARMUP_MIN = 30, DRIFT_MIN = 60 };
static const double level = 0.05;

static void clear(struct doubt_import_statistics *out)
{
    *out = (struct doubt_import_statistics){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN,
                                            NAN, NAN, NAN, NAN, NAN, NAN, NAN, false};
}

static enum doubt_code count_quantile(const double *sorted, size_t n, double p, double *figures[3],
                                      struct doubt_err *err)
{
    struct doubt_order_interval interval;
    const struct doubt_target target = {p, level};
    enum doubt_code code = doubt_quantile7(sorted, n, p, figures[0], err);
    if (code == DOUBT_OK)
        code = doubt_order_interval(sorted, n, target, &interval, err);
    if (code != DOUBT_OK)
        return code;
    *figures[1] = isfinite(interval.lo) ? interval.lo : NAN;
    *figures[2] = isfinite(interval.hi) ? interval.hi : NAN;
    return DOUBT_OK;
}

static enum doubt_code count_sorted(const struct doubt_import_run *run,
                                    struct doubt_import_statistics *out, struct doubt_err *err)
{
    const size_t n = run->sample_count;
    double *sorted = malloc(n * sizeof *sorted);
    if (sorted == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu samples", n);
    memcpy(sorted, run->samples, n * sizeof *sorted);
    double *median[] = {&out->median, &out->median_lo, &out->median_hi};
    double *p90[] = {&out->p90, &out->p90_lo, &out->p90_hi};
    double *p99[] = {&out->p99, &out->p99_lo, &out->p99_hi};
    enum doubt_code code = doubt_sort(sorted, n, err);
    if (code == DOUBT_OK)
        code = count_quantile(sorted, n, 0.5, median, err);
    if (code == DOUBT_OK)
        code = count_quantile(sorted, n, 0.9, p90, err);
    if (code == DOUBT_OK)
        code = count_quantile(sorted, n, 0.99, p99, err);
    free(sorted);
    return code;
}

/* Means of BATCHES batches in a row; the rest at the end is left out. */
static void average(const double *x, size_t n, double *means)
{
    const size_t size = n / BATCHES;
    for (size_t b = 0; b < BATCHES; b++) {
        double sum = 0;
        for (size_t i = 0; i < size; i++)
            sum += x[b * size + i] - x[0];
        means[b] = x[0] + sum / (double)size;
    }
}

static enum doubt_code count_order(const struct doubt_import_run *run,
                                   struct doubt_import_statistics *out, struct doubt_err *err)
{
    const size_t n = run->sample_count;
    double means[BATCHES];
    size_t cut;
    struct doubt_mann_kendall trend;
    struct doubt_batch_means batches;
    enum doubt_code code = DOUBT_OK;
    if (n >= EFFECTIVE_MIN)
        code = doubt_effective_size(run->samples, n, &out->effective, err);
    if (code == DOUBT_OK && n >= WARMUP_MIN) {
        code = doubt_mser5(run->samples, n, &cut, err);
        out->warmup = (double)cut;
    }
    if (code != DOUBT_OK || n < DRIFT_MIN)
        return code;
    average(run->samples, n, means);
    code = doubt_mann_kendall(means, BATCHES, &trend, err);
    if (code == DOUBT_OK)
        code = doubt_batch_means(run->samples, n, BATCHES, level, &batches, err);
    if (code != DOUBT_OK)
        return code;
    out->drift_p = trend.p;
    out->rises = trend.s > 0;
    out->within_lo = batches.mean - batches.half_width;
    out->within_hi = batches.mean + batches.half_width;
    return DOUBT_OK;
}

enum doubt_code doubti_run_count(struct doubti_reading *reading)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    struct doubt_moments moments;
    if (run == NULL)
        return DOUBT_OK;
    clear(&run->statistics);
    if (run->sample_count == 0)
        return DOUBT_OK;
    enum doubt_code code = doubt_moments(run->samples, run->sample_count, &moments, reading->err);
    if (code != DOUBT_OK)
        return code;
    run->statistics.mean = moments.mean;
    if (run->sample_count < SAMPLES_MIN)
        return DOUBT_OK;
    code = count_sorted(run, &run->statistics, reading->err);
    return code == DOUBT_OK ? count_order(run, &run->statistics, reading->err) : code;
}

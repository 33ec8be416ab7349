/* analyze.c: see analyze.h; the method and its sources are in docs/MEASURING.md. */
#include "measure/analyze.h"

#include "util/str.h"
#include <doubt/stats.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum statistic { MEAN, P50, P90, P95, P99, FPS, STATISTICS };

static const double percentiles[STATISTICS] = {
    [P50] = 0.50, [P90] = 0.90, [P95] = 0.95, [P99] = 0.99};
enum { BEYOND_MIN = 5, BEYOND_WEAK = 20 };

struct work {
    const struct doubt_samples *restarts;
    size_t count;
    const struct doubt_analysis *how;
    size_t shortest, longest, cut;
    bool cut_found, cut_good, steady;
    double *scratch;       /* longest */
    double *average;       /* shortest: mean over the restarts of each iteration */
    double *y[STATISTICS]; /* count each */
    double *half;          /* count: second less first half of what is kept */
};

/* --- fields -------------------------------------------------------------------------------- */

static void set_fields(struct doubt_cell *cell, enum statistic which,
                       const struct doubt_interval *value)
{
    double *const fields[STATISTICS][3] = {
        [MEAN] = {&cell->mean_ns, &cell->mean_lo_ns, &cell->mean_hi_ns},
        [P50] = {&cell->p50_ns, &cell->p50_lo_ns, &cell->p50_hi_ns},
        [P90] = {&cell->p90_ns, &cell->p90_lo_ns, &cell->p90_hi_ns},
        [P95] = {&cell->p95_ns, &cell->p95_lo_ns, &cell->p95_hi_ns},
        [P99] = {&cell->p99_ns, &cell->p99_lo_ns, &cell->p99_hi_ns},
        [FPS] = {&cell->fps, &cell->fps_lo, &cell->fps_hi},
    };
    *fields[which][0] = value->estimate;
    *fields[which][1] = value->lo;
    *fields[which][2] = value->hi;
}

void doubt_analyze_clear(struct doubt_cell *cell)
{
    static const struct doubt_interval none = {NAN, NAN, NAN};
    for (int which = 0; which < STATISTICS; which++)
        set_fields(cell, (enum statistic)which, &none);
    cell->spread = cell->drift = NAN;
    cell->cut_iterations = DOUBT_MISSING_I64;
}

/* --- memory -------------------------------------------------------------------------------- */

static void free_work(struct work *w)
{
    free(w->scratch);
    free(w->average);
    free(w->half);
    for (int i = 0; i < STATISTICS; i++)
        free(w->y[i]);
}

static enum doubt_code new_work(struct work *w, struct doubt_err *err)
{
    bool good = true;
    w->scratch = malloc(w->longest * sizeof *w->scratch);
    w->average = malloc(w->shortest * sizeof *w->average);
    w->half = malloc(w->count * sizeof *w->half);
    for (int i = 0; i < STATISTICS; i++) {
        w->y[i] = malloc(w->count * sizeof *w->y[i]);
        good = good && w->y[i] != NULL;
    }
    if (good && w->scratch && w->average && w->half)
        return DOUBT_OK;
    free_work(w);
    return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the analysis of %zu restarts",
                         w->count);
}

/* --- warm-up ------------------------------------------------------------------------------- */

/* The mean over restarts of each iteration that all restarts have. */
static void average_restarts(struct work *w)
{
    for (size_t i = 0; i < w->shortest; i++) {
        double first = (double)w->restarts[0].ns[i], sum = 0;
        for (size_t r = 0; r < w->count; r++)
            sum += (double)w->restarts[r].ns[i] - first;
        w->average[i] = first + sum / (double)w->count;
    }
}

/* The cut: MSER-5 on the averaged series, never less than at an earlier look, and good up to a
 * quarter of the run. A cut that leaves nothing is held to the half, for the figures' sake. */
static enum doubt_code find_cut(struct work *w, struct doubt_err *err)
{
    size_t cut = 0;
    w->cut_found = w->shortest >= DOUBT_ANALYZE_ITERATIONS_MIN;
    if (w->cut_found) {
        average_restarts(w);
        enum doubt_code code = doubt_mser5(w->average, w->shortest, &cut, err);
        if (code != DOUBT_OK)
            return code;
    }
    if (cut < w->how->cut_before)
        cut = w->how->cut_before;
    w->cut_good = cut <= w->shortest / 4;
    w->cut = cut <= w->shortest / 2 ? cut : w->shortest / 2;
    return DOUBT_OK;
}

/* --- one restart --------------------------------------------------------------------------- */

/* Samples beyond percentile p in the shortest restart. The small term keeps 200 x 0.05 at 10. */
static double samples_beyond(const struct work *w, double p)
{
    return (double)(w->shortest - w->cut) * (1 - p) + 1e-9;
}

static bool has_statistic(const struct work *w, enum statistic which)
{
    double p = percentiles[which];
    return p == 0 || samples_beyond(w, p) >= BEYOND_MIN;
}

static enum doubt_code measure_restart(struct work *w, size_t r, struct doubt_err *err)
{
    const struct doubt_samples *samples = &w->restarts[r];
    size_t n = samples->count - w->cut;
    struct doubt_moments moments;
    for (size_t i = 0; i < n; i++)
        w->scratch[i] = (double)samples->ns[w->cut + i];
    enum doubt_code code = doubt_moments(w->scratch, n, &moments, err);
    w->half[r] = 0;
    if (code == DOUBT_OK && n >= 2)
        code = doubt_half_difference(w->scratch, n, &w->half[r], err);
    if (code == DOUBT_OK && !(moments.mean > 0))
        code = doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "the samples of restart %zu have mean %g ns; a latency is positive", r,
                             moments.mean);
    if (code == DOUBT_OK)
        code = doubt_sort(w->scratch, n, err);
    if (code != DOUBT_OK)
        return code;
    w->y[MEAN][r] = moments.mean;
    w->y[FPS][r] = (double)w->how->batch * 1e9 / moments.mean;
    for (int i = P50; i <= P99; i++)
        if (code == DOUBT_OK && has_statistic(w, (enum statistic)i))
            code = doubt_quantile7(w->scratch, n, percentiles[i], &w->y[i][r], err);
    return code;
}

/* --- over restarts ------------------------------------------------------------------------- */

/* Relative drift remainder |mean D| / (2 mean); says whether the halves are steady. */
static enum doubt_code find_drift(struct work *w, struct doubt_cell *cell, struct doubt_err *err)
{
    struct doubt_moments half, mean;
    enum doubt_code code = doubt_moments(w->half, w->count, &half, err);
    if (code == DOUBT_OK)
        code = doubt_moments(w->y[MEAN], w->count, &mean, err);
    if (code != DOUBT_OK)
        return code;
    cell->drift = fabs(half.mean) / (2 * mean.mean);
    if (w->count < 2)
        return DOUBT_OK;
    cell->spread = sqrt(mean.variance) / mean.mean;
    return doubt_halves_steady(w->half, w->count, &w->steady, err);
}

/* One restart has no interval. A lower end below zero, which wide intervals of few restarts have,
 * is held just above it: times and rates are positive. */
static enum doubt_code set_statistic(const struct work *w, enum statistic which,
                                     struct doubt_cell *cell, struct doubt_err *err)
{
    struct doubt_interval value = {w->y[which][0], NAN, NAN};
    if (w->count >= 2) {
        enum doubt_code code =
            doubt_hull_interval(w->y[which], w->count, w->how->level, &value, err);
        if (code != DOUBT_OK)
            return code;
        double clock = w->how->clock_bound_ns;
        if (which == FPS)
            clock *= value.estimate / cell->mean_ns;
        double wider = cell->drift * value.estimate + clock;
        value.lo = fmax(value.lo - wider, 1e-3 * value.estimate);
        value.hi += wider;
    }
    set_fields(cell, which, &value);
    return DOUBT_OK;
}

/* --- state and reason ---------------------------------------------------------------------- */

#define SENTENCE(s, ...) (doubt_str_add(s, (s)->len ? "; " : ""), doubt_str_addf(s, __VA_ARGS__))

static void explain_unsteady(const struct work *w, const struct doubt_cell *cell,
                             struct doubt_str *s)
{
    if (!w->cut_good)
        SENTENCE(s, "the warm-up ends beyond a quarter of the %zu iterations", w->shortest);
    if (!w->steady)
        SENTENCE(s, "the second half of a restart differs from the first by %.2g %%",
                 200 * cell->drift);
}

static void explain_percentiles(const struct work *w, struct doubt_str *s)
{
    for (int i = P50; i <= P99; i++) {
        double beyond = samples_beyond(w, percentiles[i]);
        if (beyond < BEYOND_MIN)
            SENTENCE(s, "p%.0f needs %.0f iterations a restart", 100 * percentiles[i],
                     ceil(BEYOND_MIN / (1 - percentiles[i]) - 1e-6) + (double)w->cut);
        else if (beyond < BEYOND_WEAK)
            SENTENCE(s, "p%.0f is weak: %.0f samples of a restart lie beyond it",
                     100 * percentiles[i], floor(beyond));
    }
}

static void explain_measured(const struct work *w, const struct doubt_cell *cell,
                             struct doubt_str *s)
{
    if (!w->cut_found)
        SENTENCE(s,
                 "with fewer than %d iterations a restart the end of the warm-up could not be "
                 "looked for",
                 DOUBT_ANALYZE_ITERATIONS_MIN);
    if (w->count < 20)
        SENTENCE(s, "a mode seen in fewer than about one start in %.0f may be missing",
                 1 / cell->unseen_mode);
    if (w->how->percentiles)
        explain_percentiles(w, s);
}

static enum doubt_code set_state(const struct work *w, struct doubt_cell *cell,
                                 struct doubt_err *err)
{
    struct doubt_str s;
    doubt_str_init(&s, 1024);
    if (w->count < DOUBT_ANALYZE_RESTARTS_MIN) {
        doubt_text_set(&cell->state, DOUBT_STATE_FEW);
        SENTENCE(&s, "%zu restart%s, a verdict needs %d", w->count, w->count == 1 ? "" : "s",
                 DOUBT_ANALYZE_RESTARTS_MIN);
    } else if (!w->cut_good || !w->steady) {
        doubt_text_set(&cell->state, DOUBT_STATE_UNSTEADY);
        explain_unsteady(w, cell, &s);
    } else {
        doubt_text_set(&cell->state, DOUBT_STATE_MEASURED);
        explain_measured(w, cell, &s);
    }
    doubt_text_set(&cell->reason, s.len ? doubt_str_text(&s) : NULL);
    bool failed = s.failed || cell->state == NULL;
    doubt_str_free(&s);
    return failed ? doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a cell's state")
                  : DOUBT_OK;
}

/* --- all of it ----------------------------------------------------------------------------- */

static enum doubt_code check_arguments(struct work *w, struct doubt_err *err)
{
    const struct doubt_analysis *how = w->how;
    if (how->look < 1 || how->looks < how->look || !(how->level > 0 && how->level < 1) ||
        how->batch < 1 || !(how->clock_bound_ns >= 0))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "an analysis needs look 1 to looks, a level between 0 and 1 and a "
                             "batch of at least 1; these are %d of %d, %g and %lld",
                             (int)how->look, (int)how->looks, how->level, (long long)how->batch);
    w->shortest = SIZE_MAX;
    for (size_t r = 0; r < w->count; r++) {
        size_t n = w->restarts[r].count;
        w->shortest = n < w->shortest ? n : w->shortest;
        w->longest = n > w->longest ? n : w->longest;
    }
    if (w->count > 0 && w->shortest == 0)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a restart without samples was given");
    return DOUBT_OK;
}

static enum doubt_code analyze_restarts(struct work *w, struct doubt_cell *cell,
                                        struct doubt_err *err)
{
    enum doubt_code code = find_cut(w, err);
    for (size_t r = 0; code == DOUBT_OK && r < w->count; r++)
        code = measure_restart(w, r, err);
    if (code == DOUBT_OK)
        code = find_drift(w, cell, err);
    for (int i = 0; code == DOUBT_OK && i < STATISTICS; i++)
        if (has_statistic(w, (enum statistic)i))
            code = set_statistic(w, (enum statistic)i, cell, err);
    cell->cut_iterations = (int64_t)w->cut;
    cell->iterations = (int64_t)w->shortest;
    return code;
}

enum doubt_code doubt_analyze(const struct doubt_samples *restarts, size_t restart_count,
                              const struct doubt_analysis *how, struct doubt_cell *cell,
                              struct doubt_err *err)
{
    struct work w = {.restarts = restarts, .count = restart_count, .how = how};
    enum doubt_code code = check_arguments(&w, err);
    if (code != DOUBT_OK)
        return code;
    doubt_analyze_clear(cell);
    cell->restarts = (int64_t)restart_count;
    cell->look = how->look;
    cell->looks = how->looks;
    cell->level = how->level;
    cell->unseen_mode = NAN;
    if (restart_count == 0)
        return set_state(&w, cell, err);
    cell->unseen_mode = 1 - pow(0.05, 1 / (double)restart_count);
    code = new_work(&w, err);
    if (code != DOUBT_OK)
        return code;
    code = analyze_restarts(&w, cell, err);
    if (code == DOUBT_OK)
        code = set_state(&w, cell, err);
    free_work(&w);
    if (code != DOUBT_OK)
        doubt_analyze_clear(cell);
    return code;
}

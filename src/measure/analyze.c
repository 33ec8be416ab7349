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
enum { BEYOND_MIN = 5, BEYOND_WEAK = 20, MSER_LEAST = 30, TREND_LEAST = 3 };
/* From this p of Mann-Kendall on, the restarts are not taken for alike. */
static const double trend_level = 0.01;
/* Two-sided level at which samples that a longer cut leaves out differ from those it keeps. */
static const double surplus_level = 0.05;

struct work {
    const struct doubt_samples *restarts;
    size_t count;
    const struct doubt_analysis *how;
    size_t shortest, longest, cut;
    bool cut_good, steady;
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
    cell->spread = cell->drift = cell->trend_p = NAN;
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

static enum doubt_code find_mser(struct work *w, size_t *cut, struct doubt_err *err)
{
    *cut = 0;
    if (w->shortest < MSER_LEAST)
        return DOUBT_OK;
    average_restarts(w);
    return doubt_mser5(w->average, w->shortest, cut, err);
}

static double mean_ns(const int64_t *ns, size_t n)
{
    double first = (double)ns[0], sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)ns[i] - first;
    return first + sum / (double)n;
}

/* Do the samples from `from` to the cut differ from those behind it, over the restarts? */
static enum doubt_code surplus_differs(struct work *w, size_t from, bool *differs,
                                       struct doubt_err *err)
{
    struct doubt_moments moments;
    double q;
    *differs = w->cut > from;
    if (w->cut <= from || w->count < 2)
        return DOUBT_OK;
    for (size_t r = 0; r < w->count; r++) {
        const struct doubt_samples *samples = &w->restarts[r];
        w->half[r] = mean_ns(samples->ns + from, w->cut - from) -
                     mean_ns(samples->ns + w->cut, samples->count - w->cut);
    }
    enum doubt_code code = doubt_moments(w->half, w->count, &moments, err);
    if (code == DOUBT_OK)
        code = doubt_t_quantile(1 - surplus_level / 2, (double)(w->count - 1), &q, err);
    if (code == DOUBT_OK)
        *differs = fabs(moments.mean) > q * sqrt(moments.variance / (double)w->count);
    return code;
}

/* The cut: MSER-5 on the averaged series, never less than at an earlier look, and good up to a
 * quarter of the run. A cut that leaves nothing is held to the half, for the figures' sake. */
static enum doubt_code find_cut(struct work *w, struct doubt_err *err)
{
    const struct doubt_calibration *calibration = w->how->calibration;
    size_t cut;
    enum doubt_code code = find_mser(w, &cut, err);
    if (code != DOUBT_OK)
        return code;
    if (cut < w->how->cut_before)
        cut = w->how->cut_before;
    w->cut_good = cut <= w->shortest / 4;
    w->cut = cut <= w->shortest / 2 ? cut : w->shortest / 2;
    if (!w->cut_good && calibration != NULL && calibration->steady) {
        bool differs;
        code = surplus_differs(w, calibration->cut, &differs, err);
        w->cut_good = !differs;
    }
    return code;
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

/* One restart has no interval. A lower end that is not above zero, which wide intervals of few
 * restarts have, is missing: times and rates are positive, and nothing is known of that end. */
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
        value.lo = value.lo > wider ? value.lo - wider : NAN;
        value.hi += wider;
    }
    set_fields(cell, which, &value);
    return DOUBT_OK;
}

/* Did the machine change from start to start? */
static enum doubt_code find_trend(struct work *w, struct doubt_cell *cell, struct doubt_err *err)
{
    struct doubt_mann_kendall trend;
    if (w->count < TREND_LEAST)
        return DOUBT_OK;
    enum doubt_code code = doubt_mann_kendall(w->y[MEAN], w->count, &trend, err);
    if (code == DOUBT_OK)
        cell->trend_p = trend.p;
    return code;
}

/* --- state and reason ---------------------------------------------------------------------- */

#define SENTENCE(s, ...) (doubt_str_add(s, (s)->len ? "; " : ""), doubt_str_addf(s, __VA_ARGS__))

/* A share in per cent, to two significant digits and never as a power of ten. */
static void add_percent(double share, struct doubt_str *s)
{
    double percent = 100 * share, unit = 1;
    int digits = 0;
    while (percent / unit >= 99.5)
        unit *= 10;
    while (digits < 6 && percent > 0 && percent * pow(10, digits) < 9.95)
        digits++;
    doubt_str_addf(s, "%.*f %%", digits,
                   round(percent / unit * pow(10, digits)) / pow(10, digits) * unit);
}

static void explain_unsteady(const struct work *w, const struct doubt_cell *cell,
                             struct doubt_str *s)
{
    if (!w->cut_good)
        SENTENCE(s, "the warm-up ends beyond a quarter of the %zu iterations", w->shortest);
    if (!w->steady) {
        SENTENCE(s, "the second half of a restart differs from the first by ");
        add_percent(2 * cell->drift, s);
    }
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
    if (w->count < 20)
        SENTENCE(s, "a mode seen in fewer than about one start in %.0f may be missing",
                 1 / cell->unseen_mode);
}

static void explain_drift(const struct work *w, const struct doubt_cell *cell, struct doubt_str *s)
{
    double first = 0, last = 0;
    size_t third = w->count / 3;
    for (size_t r = 0; r < third; r++) {
        first += w->y[MEAN][r];
        last += w->y[MEAN][w->count - 1 - r];
    }
    SENTENCE(s, "later restarts are %s than earlier ones, by ", last > first ? "slower" : "faster");
    add_percent(fabs(last - first) / fmin(first, last), s);
    doubt_str_addf(s,
                   " from the first third to the last (Mann-Kendall p = %.2g): the machine changed "
                   "during the series",
                   cell->trend_p);
}

/* Why there may be no verdict, the weightiest first; NULL: there may. */
static const char *find_state(const struct work *w, const struct doubt_cell *cell,
                              struct doubt_str *s)
{
    if (w->count < DOUBT_ANALYZE_RESTARTS_MIN) {
        SENTENCE(s, "%zu restart%s, a verdict needs %d", w->count, w->count == 1 ? "" : "s",
                 DOUBT_ANALYZE_RESTARTS_MIN);
        return DOUBT_STATE_FEW;
    }
    if (!w->cut_good || !w->steady) {
        explain_unsteady(w, cell, s);
        return DOUBT_STATE_UNSTEADY;
    }
    int64_t needed = doubt_analyze_iterations_min(w->count);
    if ((int64_t)w->shortest < needed) {
        SENTENCE(s, "with fewer than %lld iterations a restart", (long long)needed);
        if (w->count < DOUBT_ANALYZE_RESTARTS_FULL)
            doubt_str_addf(s, ", and fewer than %d restarts,", DOUBT_ANALYZE_RESTARTS_FULL);
        doubt_str_add(s, " a warm-up that lasts as long as the restart is not seen");
        return DOUBT_STATE_SHORT;
    }
    if (cell->trend_p < trend_level) {
        explain_drift(w, cell, s);
        return DOUBT_STATE_DRIFT;
    }
    return DOUBT_STATE_MEASURED;
}

static enum doubt_code set_state(const struct work *w, struct doubt_cell *cell,
                                 struct doubt_err *err)
{
    struct doubt_str s;
    doubt_str_init(&s, 1024);
    const char *state = find_state(w, cell, &s);
    doubt_text_set(&cell->state, state);
    if (strcmp(state, DOUBT_STATE_MEASURED) == 0)
        explain_measured(w, cell, &s);
    if (w->how->percentiles && w->count >= DOUBT_ANALYZE_RESTARTS_MIN &&
        strcmp(state, DOUBT_STATE_UNSTEADY) != 0)
        explain_percentiles(w, &s);
    doubt_text_set(&cell->reason, s.len ? doubt_str_text(&s) : NULL);
    bool failed = s.failed || cell->state == NULL;
    doubt_str_free(&s);
    return failed ? doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a cell's state")
                  : DOUBT_OK;
}

/* --- all of it ----------------------------------------------------------------------------- */

static enum doubt_code find_lengths(struct work *w, struct doubt_err *err)
{
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

static enum doubt_code check_arguments(const struct doubt_analysis *how, struct doubt_err *err)
{
    if (how->look < 1 || how->looks < how->look || !(how->level > 0 && how->level < 1) ||
        how->batch < 1 || !(how->clock_bound_ns >= 0))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "an analysis needs look 1 to looks, a level between 0 and 1 and a "
                             "batch of at least 1; these are %d of %d, %g and %lld",
                             (int)how->look, (int)how->looks, how->level, (long long)how->batch);
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
    if (code == DOUBT_OK)
        code = find_trend(w, cell, err);
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
    enum doubt_code code = check_arguments(how, err);
    if (code == DOUBT_OK)
        code = find_lengths(&w, err);
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

/* --- calibration --------------------------------------------------------------------------- */

static enum doubt_code measure_halves(struct work *w, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t r = 0; code == DOUBT_OK && r < w->count; r++) {
        const struct doubt_samples *samples = &w->restarts[r];
        for (size_t i = w->cut; i < samples->count; i++)
            w->scratch[i - w->cut] = (double)samples->ns[i];
        code = doubt_half_difference(w->scratch, samples->count - w->cut, &w->half[r], err);
    }
    return code;
}

enum doubt_code doubt_analyze_calibrate(const struct doubt_samples *restarts, size_t restart_count,
                                        struct doubt_calibration *calibration,
                                        struct doubt_err *err)
{
    const struct doubt_analysis how = {.look = 1, .looks = 1, .level = 0.05, .batch = 1};
    struct work w = {.restarts = restarts, .count = restart_count, .how = &how};
    enum doubt_code code = find_lengths(&w, err);
    if (code == DOUBT_OK && (restart_count < 2 || w.shortest < MSER_LEAST))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "a calibration needs 2 restarts of %d samples; these are %zu of %zu",
                             MSER_LEAST, restart_count, restart_count > 0 ? w.shortest : 0);
    if (code == DOUBT_OK)
        code = new_work(&w, err);
    if (code != DOUBT_OK)
        return code;
    code = find_cut(&w, err);
    if (code == DOUBT_OK)
        code = measure_halves(&w, err);
    if (code == DOUBT_OK)
        code = doubt_halves_steady(w.half, w.count, &w.steady, err);
    if (code == DOUBT_OK)
        *calibration = (struct doubt_calibration){w.cut_good && w.steady, w.cut};
    free_work(&w);
    return code;
}

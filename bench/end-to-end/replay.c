/* replay.c: see replay.h. */
#include "replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* All samples of a series that count, one restart behind the other. */
struct traces {
    double *programmed, *measured, *added, *sorted;
    size_t count, capacity;
    double *figure_programmed, *figure_measured; /* of each restart */
    size_t restarts;
};

static bool is_rate(const struct design_series *design)
{
    return strcmp(design->claim.unit, "FPS") == 0;
}

static bool is_median(const struct design_series *design)
{
    return strcmp(design->claim.statistic, "median") == 0;
}

void replay_figure(const struct design_series *design, const struct doubt_cell *cell,
                   struct doubt_interval *out)
{
    if (is_rate(design))
        *out = (struct doubt_interval){1e9 / cell->fps, 1e9 / cell->fps_hi, 1e9 / cell->fps_lo};
    else if (is_median(design))
        *out = (struct doubt_interval){cell->p50_ns, cell->p50_lo_ns, cell->p50_hi_ns};
    else
        *out = (struct doubt_interval){cell->mean_ns, cell->mean_lo_ns, cell->mean_hi_ns};
}

/* --- memory --------------------------------------------------------------------------------- */

static void traces_free(struct traces *traces)
{
    free(traces->programmed);
    free(traces->measured);
    free(traces->added);
    free(traces->sorted);
    free(traces->figure_programmed);
    free(traces->figure_measured);
}

static double *numbers(size_t count)
{
    return malloc((count > 0 ? count : 1) * sizeof(double));
}

static enum doubt_code traces_new(const struct doubt_store_restarts *list, struct traces *traces,
                                  struct doubt_err *err)
{
    *traces = (struct traces){0};
    for (size_t r = 0; r < list->count; r++)
        traces->capacity += (size_t)list->restarts[r].iterations;
    traces->programmed = numbers(traces->capacity);
    traces->measured = numbers(traces->capacity);
    traces->added = numbers(traces->capacity);
    traces->sorted = numbers(traces->capacity);
    traces->figure_programmed = numbers(list->count);
    traces->figure_measured = numbers(list->count);
    if (traces->programmed != NULL && traces->measured != NULL && traces->added != NULL &&
        traces->sorted != NULL && traces->figure_programmed != NULL &&
        traces->figure_measured != NULL)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu samples", traces->capacity);
}

/* --- one restart ---------------------------------------------------------------------------- */

/* The restart's own number: a mean, a median, or a rate. */
static enum doubt_code figure_of(const struct design_series *design, struct traces *traces,
                                 const double *x, size_t n, double *out)
{
    struct doubt_moments moments;
    enum doubt_code code = doubt_moments(x, n, &moments, NULL);
    if (code != DOUBT_OK)
        return code;
    *out = is_rate(design) ? 1e9 / moments.mean : moments.mean;
    if (!is_median(design))
        return DOUBT_OK;
    memcpy(traces->sorted, x, n * sizeof *x);
    code = doubt_sort(traces->sorted, n, NULL);
    return code == DOUBT_OK ? doubt_quantile7(traces->sorted, n, 0.5, out, NULL) : code;
}

/* The first inference and the warm-up took programmed times as well. */
static enum doubt_code skip(struct doubti_synthetic *synthetic, const struct design_series *design,
                            const struct doubt_restart *restart, struct doubt_err *err)
{
    struct doubti_synthetic_plan plan = design->plan;
    plan.restart = (uint64_t)restart->number;
    enum doubt_code code = doubti_synthetic_init(synthetic, &plan, err);
    for (int64_t i = 0; code == DOUBT_OK && i < 1 + restart->warm_iterations; i++)
        doubti_synthetic_next(synthetic);
    return code;
}

static void append(struct traces *traces, double programmed, double measured)
{
    traces->programmed[traces->count] = programmed;
    traces->measured[traces->count] = measured;
    traces->added[traces->count++] = measured - programmed;
}

static enum doubt_code add_restart(struct traces *traces, const struct design_series *design,
                                   const struct doubt_restart *restart, const int64_t *samples,
                                   size_t cut)
{
    struct doubti_synthetic synthetic;
    size_t from = traces->count, n = (size_t)restart->iterations;
    enum doubt_code code = skip(&synthetic, design, restart, NULL);
    for (size_t i = 0; code == DOUBT_OK && i < n; i++) {
        double programmed = nearbyint(doubti_synthetic_next(&synthetic));
        if (i >= cut)
            append(traces, programmed, (double)samples[i]);
    }
    n = traces->count - from;
    if (code == DOUBT_OK)
        code = figure_of(design, traces, traces->programmed + from, n,
                         &traces->figure_programmed[traces->restarts]);
    if (code == DOUBT_OK)
        code = figure_of(design, traces, traces->measured + from, n,
                         &traces->figure_measured[traces->restarts]);
    traces->restarts++;
    return code;
}

static enum doubt_code read_restart(struct doubt_store *store, struct traces *traces,
                                    const struct design_series *design,
                                    const struct doubt_restart *restart, size_t cut)
{
    int64_t *samples = NULL;
    size_t count = 0;
    enum doubt_code code = doubt_store_samples(store, restart, &samples, &count, NULL);
    if (code == DOUBT_OK && (count != (size_t)restart->iterations || count <= cut))
        code = DOUBT_E_FORMAT;
    if (code == DOUBT_OK)
        code = add_restart(traces, design, restart, samples, cut);
    free(samples);
    return code;
}

/* --- the series ----------------------------------------------------------------------------- */

static enum doubt_code summarize(struct traces *traces, const struct design_series *design,
                                 struct replay *out, struct doubt_err *err)
{
    struct doubt_moments programmed, measured, samples, added;
    enum doubt_code code =
        doubt_moments(traces->figure_programmed, traces->restarts, &programmed, err);
    if (code == DOUBT_OK)
        code = doubt_moments(traces->figure_measured, traces->restarts, &measured, err);
    if (code == DOUBT_OK)
        code = doubt_moments(traces->measured, traces->count, &samples, err);
    if (code == DOUBT_OK)
        code = doubt_moments(traces->added, traces->count, &added, err);
    if (code == DOUBT_OK)
        code = doubt_sort(traces->added, traces->count, err);
    if (code == DOUBT_OK)
        code = doubt_quantile7(traces->added, traces->count, 0.5, &out->added_median_ns, err);
    if (code != DOUBT_OK)
        return code;
    double half = 1.959963984540054 * sqrt(samples.variance / (double)traces->count);
    out->samples = traces->count;
    out->programmed_ns = is_rate(design) ? 1e9 / programmed.mean : programmed.mean;
    out->measured_ns = is_rate(design) ? 1e9 / measured.mean : measured.mean;
    out->added_least_ns = added.min;
    out->added_mean_ns = added.mean;
    out->pooled_lo_ns = samples.mean - half;
    out->pooled_hi_ns = samples.mean + half;
    return DOUBT_OK;
}

/* What was replayed must be what doubt analysed. */
static enum doubt_code check_figure(const struct design_series *design,
                                    const struct doubt_cell *cell, const struct replay *replay,
                                    struct doubt_err *err)
{
    struct doubt_interval figure;
    replay_figure(design, cell, &figure);
    if (fabs(figure.estimate / replay->measured_ns - 1) < 1e-9)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_FORMAT,
                         "the record says %.17g ns, its samples %.17g ns: they are not of one "
                         "series",
                         figure.estimate, replay->measured_ns);
}

enum doubt_code replay_series(struct doubt_store *store, const struct design_series *design,
                              const struct doubt_cell *cell, struct replay *out,
                              struct doubt_err *err)
{
    struct doubt_store_restarts list = {0};
    struct traces traces = {0};
    enum doubt_code code = doubt_store_restarts(store, cell->series, 0, &list, err);
    if (code == DOUBT_OK)
        code = traces_new(&list, &traces, err);
    for (size_t r = 0; code == DOUBT_OK && r < list.count; r++) {
        const struct doubt_restart *restart = &list.restarts[r];
        if (restart->outcome == NULL || strcmp(restart->outcome, "ok") != 0)
            continue;
        code = read_restart(store, &traces, design, restart, (size_t)cell->cut_iterations);
        if (code != DOUBT_OK)
            doubt_err_set(err, code, "restart %zu of series %lld cannot be replayed", r,
                          (long long)cell->series);
    }
    if (code == DOUBT_OK)
        code = summarize(&traces, design, out, err);
    if (code == DOUBT_OK)
        code = check_figure(design, cell, out, err);
    traces_free(&traces);
    doubt_store_restarts_free(&list);
    return code;
}

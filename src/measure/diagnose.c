/* diagnose.c: see diagnose.h. */
#include "measure/diagnose.h"
#include "measure/measure_int.h"

#include <doubt/stats.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES = 20, SPOKEN_LEAST = 10 /* restarts, before their pattern is worth a word */ };
enum { CORRELATED_LEAST = 4, MODES_LEAST = 4, CLASS_LEAST = 30, DIP_DRAWS = 2000 };
static const uint64_t dip_seed = 0x64697020; /* the same answer for the same restarts */
/* From here on a diagnosis is worth a sentence. */
static const double modes_p = 0.01, far_off = 14.826;

struct sums {
    double lag1, effective, variance; /* over the restarts */
    size_t correlated, batched;
    int64_t low_severe, low, high, high_severe;
};

struct work {
    const struct doubt_samples *restarts;
    size_t count, cut;
    double *x;    /* one restart */
    double *mean; /* count */
    struct sums sums;
};

/* --- within restarts ----------------------------------------------------------------------- */

static enum doubt_code take_correlation(struct work *w, size_t n, struct doubt_err *err)
{
    struct doubt_batch_means batches;
    double lag1;
    if (n < CORRELATED_LEAST)
        return DOUBT_OK;
    enum doubt_code code = doubt_autocorrelation(w->x, n, 1, &lag1, err);
    if (code != DOUBT_OK)
        return code;
    w->sums.lag1 += lag1;
    w->sums.correlated++;
    if (n < 2 * BATCHES)
        return DOUBT_OK;
    code = doubt_batch_means(w->x, n, BATCHES, 0.05, &batches, err);
    if (code != DOUBT_OK)
        return code;
    w->sums.effective += batches.n_eff;
    w->sums.variance += batches.long_run_variance;
    w->sums.batched++;
    return DOUBT_OK;
}

/* Sorts the restart. */
static enum doubt_code take_fences(struct work *w, size_t n, struct doubt_err *err)
{
    struct doubt_tukey tukey;
    enum doubt_code code = doubt_sort(w->x, n, err);
    if (code == DOUBT_OK)
        code = doubt_tukey(w->x, n, &tukey, err);
    if (code != DOUBT_OK)
        return code;
    w->sums.low_severe += (int64_t)tukey.low_severe;
    w->sums.low += (int64_t)tukey.low;
    w->sums.high += (int64_t)tukey.high;
    w->sums.high_severe += (int64_t)tukey.high_severe;
    return DOUBT_OK;
}

static enum doubt_code take_restart(struct work *w, size_t r, struct doubt_err *err)
{
    const struct doubt_samples *samples = &w->restarts[r];
    size_t n = samples->count - w->cut;
    struct doubt_moments moments;
    for (size_t i = 0; i < n; i++)
        w->x[i] = (double)samples->ns[w->cut + i];
    enum doubt_code code = doubt_moments(w->x, n, &moments, err);
    if (code == DOUBT_OK)
        code = take_correlation(w, n, err);
    if (code == DOUBT_OK)
        code = take_fences(w, n, err);
    w->mean[r] = code == DOUBT_OK ? moments.mean : NAN;
    return code;
}

static void set_within(const struct work *w, struct doubt_cell *cell)
{
    const struct sums *sums = &w->sums;
    cell->lag1 = cell->effective_samples = cell->long_run_variance = NAN;
    if (sums->correlated == w->count)
        cell->lag1 = sums->lag1 / (double)w->count;
    if (sums->batched == w->count) {
        cell->effective_samples = sums->effective / (double)w->count;
        cell->long_run_variance = sums->variance / (double)w->count;
    }
    cell->tukey_low_severe = sums->low_severe;
    cell->tukey_low = sums->low;
    cell->tukey_high = sums->high;
    cell->tukey_high_severe = sums->high_severe;
}

/* --- between restarts ---------------------------------------------------------------------- */

/* Where the variance sits, and the length that spends time best. */
static enum doubt_code set_components(const struct work *w, const struct doubt_diagnosis *how,
                                      struct doubt_cell *cell, struct doubt_err *err)
{
    struct doubt_moments moments;
    struct doubt_run_plan best;
    double samples = 0;
    cell->between_variance = cell->between_share = cell->best_iterations = NAN;
    if (w->count < 2 || isnan(cell->long_run_variance))
        return DOUBT_OK;
    for (size_t r = 0; r < w->count; r++)
        samples += (double)(w->restarts[r].count - w->cut);
    enum doubt_code code = doubt_moments(w->mean, w->count, &moments, err);
    if (code != DOUBT_OK)
        return code;
    bool priced = how->start_ns > 0 && how->iteration_ns > 0;
    const struct doubt_run_cost cost = {.long_run_variance = cell->long_run_variance,
                                        .restart_variance = moments.variance,
                                        .iterations = samples / (double)w->count,
                                        .start_cost = priced ? how->start_ns : 1,
                                        .iteration_cost = priced ? how->iteration_ns : 1};
    code = doubt_plan_run(&cost, &best, err);
    if (code != DOUBT_OK)
        return code;
    cell->between_variance = best.between_variance;
    cell->between_share = best.intraclass;
    if (priced)
        cell->best_iterations = fmax(best.iterations, 1);
    return DOUBT_OK;
}

/* Sorts the means. */
static enum doubt_code set_modes(struct work *w, struct doubt_cell *cell, struct doubt_err *err)
{
    const struct doubt_dip_test test = {.n = w->count, .draws = DIP_DRAWS, .seed = dip_seed};
    struct doubt_mad mad;
    cell->dip = cell->dip_p = cell->mad_ratio = NAN;
    if (w->count < MODES_LEAST)
        return DOUBT_OK;
    enum doubt_code code = doubt_sort(w->mean, w->count, err);
    if (code == DOUBT_OK)
        code = doubt_dip(w->mean, w->count, &cell->dip, err);
    if (code == DOUBT_OK)
        code = doubt_dip_p(cell->dip, &test, &cell->dip_p, err);
    if (code == DOUBT_OK)
        code = doubt_mad(w->mean, w->count, &mad, err);
    if (code == DOUBT_OK)
        cell->mad_ratio = mad.largest_ratio;
    return code;
}

/* --- the beginning ------------------------------------------------------------------------- */

/* From the iterations that all restarts have, averaged. */
static enum doubt_code set_class(struct work *w, struct doubt_cell *cell, struct doubt_err *err)
{
    size_t shortest = w->restarts[0].count;
    struct doubt_warmup warmup = {.cut = w->cut};
    doubt_text_set(&cell->warm_up, NULL);
    for (size_t r = 0; r < w->count; r++)
        shortest = w->restarts[r].count < shortest ? w->restarts[r].count : shortest;
    if (shortest < CLASS_LEAST)
        return DOUBT_OK;
    for (size_t i = 0; i < shortest; i++) {
        double first = (double)w->restarts[0].ns[i], sum = 0;
        for (size_t r = 0; r < w->count; r++)
            sum += (double)w->restarts[r].ns[i] - first;
        w->x[i] = first + sum / (double)w->count;
    }
    warmup.steady = cell->state == NULL || strcmp(cell->state, DOUBT_STATE_UNSTEADY) != 0;
    /* A late cut that the analysis took for noise is no warm-up. */
    if (warmup.steady && warmup.cut > shortest / 4)
        warmup.cut = 0;
    enum doubt_code code = doubt_warmup_classify(w->x, shortest, &warmup, err);
    if (code == DOUBT_OK)
        doubt_text_set(&cell->warm_up, doubt_warmup_name(warmup.kind));
    return code;
}

/* --- all of it ----------------------------------------------------------------------------- */

static enum doubt_code new_work(struct work *w, struct doubt_err *err)
{
    size_t longest = 0;
    for (size_t r = 0; r < w->count; r++) {
        size_t n = w->restarts[r].count;
        if (n <= w->cut)
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "a diagnosis needs samples behind the cut of %zu; restart %zu has "
                                 "%zu in all",
                                 w->cut, r, n);
        longest = n > longest ? n : longest;
    }
    w->x = malloc(longest * sizeof *w->x);
    w->mean = malloc(w->count * sizeof *w->mean);
    if (w->x != NULL && w->mean != NULL)
        return DOUBT_OK;
    free(w->x);
    free(w->mean);
    return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the diagnosis of %zu restarts",
                         w->count);
}

enum doubt_code doubt_diagnose(const struct doubt_samples *restarts, size_t restart_count,
                               const struct doubt_diagnosis *how, struct doubt_cell *cell,
                               struct doubt_err *err)
{
    struct work w = {.restarts = restarts, .count = restart_count, .cut = how->cut};
    cell->clock_bound_ns = how->clock_bound_ns;
    if (restart_count == 0)
        return DOUBT_OK;
    enum doubt_code code = new_work(&w, err);
    if (code != DOUBT_OK)
        return code;
    for (size_t r = 0; code == DOUBT_OK && r < restart_count; r++)
        code = take_restart(&w, r, err);
    if (code == DOUBT_OK) {
        set_within(&w, cell);
        code = set_components(&w, how, cell, err);
    }
    if (code == DOUBT_OK)
        code = set_modes(&w, cell, err);
    if (code == DOUBT_OK)
        code = set_class(&w, cell, err);
    free(w.x);
    free(w.mean);
    return code;
}

/* --- in words ------------------------------------------------------------------------------ */

void doubt_diagnose_explain(struct doubt_cell *cell)
{
    if (cell->warm_up != NULL && strcmp(cell->warm_up, "slowdown") == 0)
        doubti_summary_add_reason(
            cell, "a restart begins faster than it goes on: the machine throttles, and the "
                  "figures are of the slower part");
    if (cell->restarts < SPOKEN_LEAST)
        return;
    if (cell->dip_p < modes_p)
        doubti_summary_add_reason(
            cell, "the restarts come in more than one mode: a start is one or the other, "
                  "and the mean lies between");
    else if (isfinite(cell->mad_ratio) && cell->mad_ratio > far_off)
        doubti_summary_add_reason(
            cell, "a restart lies far from the others: it counts, and widens the interval");
}

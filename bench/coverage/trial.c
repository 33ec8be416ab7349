/* trial.c: see trial.h. */
#include "trial.h"

#include "measure/analyze.h"
#include <doubt/stats.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESTARTS_MAX = 80 };

const struct coverage_design coverage_designs[COVERAGE_DESIGNS] = {
    {.name = "whole", .size_count = 2, .sizes = {10, 20}, .looks = 3, .doubles = true},
    {.name = "10 x 45", .iterations = 45, .size_count = 1, .sizes = {10}, .looks = 1},
    {.name = "5 x 100", .iterations = 100, .size_count = 1, .sizes = {5}, .looks = 1},
    {.name = "7 x 100", .iterations = 100, .size_count = 1, .sizes = {7}, .looks = 1},
};
const char *const coverage_claims[COVERAGE_CLAIMS] = {"36 FPS", "27.8 ms"};
const double coverage_places[COVERAGE_PLACES] = {-5, -2, -1, -0.6, -0.5, 0, 0.5, 0.6, 1, 2, 5};
const double coverage_scale_ns = 1e9 / 36;

static const double percentiles[COVERAGE_COUNT] = {
    [COVERAGE_P50] = 0.50, [COVERAGE_P90] = 0.90, [COVERAGE_P99] = 0.99};

/* --- truth ---------------------------------------------------------------------------------- */

static void seed_series(const struct coverage_cell *cell, const char *purpose, size_t number,
                        struct doubt_rng *rng)
{
    char label[64];
    snprintf(label, sizeof label, "%s/%s/%zu", purpose, cell->generator->name, number);
    doubt_rng_split(rng, cell->seed, label);
}

/* Adds one restart of n iterations. */
static bool add_restart(const struct coverage_generator *generator, const int64_t *ns, size_t n,
                        struct coverage_truth_sums *sums)
{
    double x[COVERAGE_ITERATIONS_MAX], value;
    const double mean = coverage_mean(generator) * coverage_scale_ns;
    struct doubt_moments moments;
    for (size_t i = 0; i < n; i++)
        x[i] = (double)ns[i];
    if (doubt_moments(x, n, &moments, NULL) || doubt_sort(x, n, NULL))
        return false;
    for (int s = COVERAGE_P50; s < COVERAGE_COUNT; s++) {
        if (doubt_quantile7(x, n, percentiles[s], &value, NULL))
            return false;
        sums->figures[s] += value;
    }
    sums->rate_rest += 1e9 / moments.mean - 1e9 / mean * (2 - moments.mean / mean);
    sums->restarts++;
    return true;
}

bool coverage_truth_add(const struct coverage_cell *cell, const struct coverage_truth_block *block,
                        struct coverage_truth_sums *sums)
{
    int64_t ns[COVERAGE_ITERATIONS_MAX];
    double shape[COVERAGE_ITERATIONS_MAX];
    const size_t n = cell->iterations << block->length;
    const struct coverage_run run = {shape, coverage_scale_ns, n};
    struct doubt_rng rng;
    bool good = true;
    seed_series(cell, "truth", block->number * COVERAGE_LENGTHS + (size_t)block->length, &rng);
    coverage_shape(&coverage_transients[0], n, shape);
    for (size_t r = 0; good && r < block->restarts >> block->length; r++) {
        coverage_restart(cell->generator, &run, &rng, ns);
        good = add_restart(cell->generator, ns, n, sums);
    }
    return good;
}

void coverage_truth_end(const struct coverage_generator *generator,
                        const struct coverage_truth_sums *sums, struct coverage_truth *truth)
{
    double mean = coverage_mean(generator) * coverage_scale_ns;
    truth->ns[COVERAGE_MEAN] = mean;
    for (int s = COVERAGE_P50; s < COVERAGE_COUNT; s++)
        truth->ns[s] = sums->figures[s] / sums->restarts;
    truth->fps = 1e9 / mean + sums->rate_rest / sums->restarts;
}

/* --- one series ----------------------------------------------------------------------------- */

struct trial {
    const struct coverage_cell *cell;
    struct coverage_tally *tally;
    double shape[COVERAGE_ITERATIONS_MAX];
    int64_t *ns; /* RESTARTS_MAX x COVERAGE_ITERATIONS_MAX */
    struct doubt_samples samples[RESTARTS_MAX];
    struct doubt_calibration calibration;
    const struct coverage_truth *truth; /* of the length that the calibration chose */
    struct doubt_cell figures;          /* what the tool says */
    struct doubt_figure claims[COVERAGE_CLAIMS];
};

static void add_hit(const struct trial *trial, struct coverage_hits *hits,
                    enum coverage_statistic which)
{
    const struct doubt_cell *f = &trial->figures;
    const double lo[] = {f->mean_lo_ns, f->p50_lo_ns, f->p90_lo_ns, f->p99_lo_ns};
    const double hi[] = {f->mean_hi_ns, f->p50_hi_ns, f->p90_hi_ns, f->p99_hi_ns};
    const double truth = trial->truth->ns[which];
    if (isnan(hi[which])) /* a lower end that is not known is missed by nothing */
        return;
    hits->series++;
    hits->below += hi[which] < truth;
    hits->above += lo[which] > truth;
    hits->half_widths += (hi[which] - lo[which]) / 2 / truth;
}

static bool is_steady(const struct trial *trial)
{
    return strcmp(trial->figures.state, DOUBT_STATE_MEASURED) == 0;
}

static bool take_sizes(struct trial *trial)
{
    const struct coverage_design *design = trial->cell->design;
    for (int size = 0; size < design->size_count; size++) {
        const struct doubt_analysis how = {
            .look = 1, .looks = 1, .level = 0.05, .batch = 1, .calibration = &trial->calibration};
        if (doubt_analyze(trial->samples, design->sizes[size], &how, &trial->figures, NULL))
            return false;
        if (!is_steady(trial))
            continue;
        trial->tally->steady[size]++;
        for (int s = 0; s < COVERAGE_COUNT; s++)
            add_hit(trial, &trial->tally->hits[size][s], (enum coverage_statistic)s);
    }
    return true;
}

/* --- verdicts ------------------------------------------------------------------------------- */

/* The interval of the series whose truth lies at this place of the claim: figures are proportional
 * to latencies, so one series stands for all places. */
static enum doubt_verdict judge(const struct trial *trial, int claim, double place)
{
    const struct doubt_figure *figure = &trial->claims[claim];
    const struct doubt_cell *f = &trial->figures;
    const bool time = figure->kind == DOUBT_UNIT_TIME;
    const double wanted = figure->value + place * (figure->hi - figure->lo);
    const double factor = wanted / (time ? trial->truth->ns[COVERAGE_MEAN] : trial->truth->fps);
    enum doubt_verdict verdict = DOUBT_NO_STEADY_STATE;
    if (!is_steady(trial))
        return verdict;
    if (doubt_verdict_judge(figure, factor * (time ? f->mean_lo_ns : f->fps_lo),
                            factor * (time ? f->mean_hi_ns : f->fps_hi), &verdict, NULL))
        return DOUBT_VERDICT_NONE;
    return verdict;
}

static void count_verdict(const struct trial *trial, int claim, int place,
                          enum doubt_verdict verdict, size_t restarts)
{
    struct coverage_verdicts *to = &trial->tally->verdicts[claim][place];
    const double at = coverage_places[place];
    const bool time = trial->claims[claim].kind == DOUBT_UNIT_TIME;
    const bool above = at >= 0.5, below = at < -0.5; /* the interval is half open */
    to->of[verdict]++;
    to->restarts += (double)restarts;
    to->false_holds += verdict == DOUBT_HOLDS && (above || below);
    to->false_short += verdict == DOUBT_FALLS_SHORT && !(time ? above : below);
    to->false_exceeds += verdict == DOUBT_EXCEEDS && !(time ? below : above);
}

static bool is_conclusive(enum doubt_verdict verdict)
{
    return verdict != DOUBT_INCONCLUSIVE && verdict != DOUBT_NO_STEADY_STATE;
}

/* One look; done: places that are conclusive. */
static bool look_at_claims(const struct trial *trial, size_t restarts, bool last,
                           bool done[COVERAGE_CLAIMS][COVERAGE_PLACES], int *open)
{
    for (int c = 0; c < COVERAGE_CLAIMS; c++)
        for (int p = 0; p < COVERAGE_PLACES; p++) {
            if (done[c][p])
                continue;
            enum doubt_verdict verdict = judge(trial, c, coverage_places[p]);
            if (verdict == DOUBT_VERDICT_NONE)
                return false;
            if (!last && !is_conclusive(verdict))
                continue;
            done[c][p] = true;
            --*open;
            count_verdict(trial, c, p, verdict, restarts);
        }
    return true;
}

static bool look_restarts(const struct coverage_design *design, int look, size_t *restarts)
{
    *restarts = design->sizes[0];
    return design->looks == 1 ||
           doubt_look_restarts((size_t)look, (size_t)design->looks, restarts, NULL) == 0;
}

static bool take_looks(struct trial *trial)
{
    const int looks = trial->cell->design->looks;
    bool done[COVERAGE_CLAIMS][COVERAGE_PLACES] = {{false}};
    int open = COVERAGE_CLAIMS * COVERAGE_PLACES;
    struct doubt_analysis how = {.looks = looks, .batch = 1, .calibration = &trial->calibration};
    if (doubt_look_level(0.05, (size_t)looks, 1, &how.level, NULL))
        return false;
    trial->tally->judged++;
    for (how.look = 1; how.look <= looks && open > 0; how.look++) {
        size_t restarts;
        if (!look_restarts(trial->cell->design, how.look, &restarts) ||
            doubt_analyze(trial->samples, restarts, &how, &trial->figures, NULL) ||
            !look_at_claims(trial, restarts, how.look == looks, done, &open))
            return false;
        how.cut_before = (size_t)trial->figures.cut_iterations;
    }
    return true;
}

/* --- many ----------------------------------------------------------------------------------- */

static void take_restarts(struct trial *trial, size_t from, size_t to, struct doubt_rng *rng)
{
    const struct coverage_run run = {trial->shape, coverage_scale_ns, trial->samples[0].count};
    for (size_t r = from; r < to; r++)
        coverage_restart(trial->cell->generator, &run, rng,
                         trial->ns + r * COVERAGE_ITERATIONS_MAX);
}

/* The first restarts: doubled, and taken anew, until they are steady or as long as they may get. */
static bool calibrate(struct trial *trial, struct doubt_rng *rng)
{
    for (int length = 0; length < trial->cell->lengths; length++) {
        const size_t n = trial->cell->iterations << length;
        for (size_t r = 0; r < RESTARTS_MAX; r++)
            trial->samples[r] = (struct doubt_samples){trial->ns + r * COVERAGE_ITERATIONS_MAX, n};
        take_restarts(trial, 0, DOUBT_ANALYZE_CALIBRATION, rng);
        trial->truth = &trial->cell->truths[length];
        trial->tally->doublings += length > 0;
        if (doubt_analyze_calibrate(trial->samples, DOUBT_ANALYZE_CALIBRATION, &trial->calibration,
                                    NULL))
            return false;
        if (trial->calibration.steady)
            break;
    }
    return true;
}

static bool take_series(struct trial *trial, size_t number)
{
    const struct coverage_cell *cell = trial->cell;
    const struct coverage_design *design = cell->design;
    size_t restarts = design->sizes[design->size_count - 1];
    struct doubt_rng rng;
    if (cell->judge && !look_restarts(design, design->looks, &restarts))
        return false;
    seed_series(cell, "series", number, &rng);
    trial->tally->series++;
    if (!calibrate(trial, &rng))
        return false;
    take_restarts(trial, DOUBT_ANALYZE_CALIBRATION, restarts, &rng);
    return take_sizes(trial) && (!cell->judge || take_looks(trial));
}

bool coverage_trial(const struct coverage_cell *cell, size_t first, size_t count,
                    struct coverage_tally *tally)
{
    struct trial trial = {.cell = cell, .tally = tally};
    bool good = true;
    trial.ns = malloc((size_t)RESTARTS_MAX * COVERAGE_ITERATIONS_MAX * sizeof *trial.ns);
    if (trial.ns == NULL)
        return false;
    for (int c = 0; c < COVERAGE_CLAIMS; c++)
        good = good && doubt_figure_parse(coverage_claims[c], NULL, &trial.claims[c], NULL) == 0;
    coverage_shape(cell->transient, COVERAGE_ITERATIONS_MAX, trial.shape);
    doubt_record_init(DOUBT_CELL, &trial.figures);
    for (size_t i = 0; good && i < count; i++)
        good = take_series(&trial, first + i);
    doubt_record_free(DOUBT_CELL, &trial.figures);
    free(trial.ns);
    return good;
}

void coverage_tally_add(struct coverage_tally *to, const struct coverage_tally *from)
{
    /* Both are nothing but doubles. */
    double *sum = (double *)to;
    const double *add = (const double *)from;
    for (size_t i = 0; i < sizeof *to / sizeof *sum; i++)
        sum[i] += add[i];
}

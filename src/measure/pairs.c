/* pairs.c: see pairs.h; order, decision, and what a series under way asks of them. */
#include "measure/pairs.h"

#include "measure/measure_int.h"
#include "util/rng.h"
#include "util/str.h"
#include "util/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double trend_level = 0.01;
enum { TREND_PAIRS_MIN = 4 };

bool doubt_pairs_b_first(uint64_t seed, int32_t round)
{
    uint64_t toss = doubt_rng_at(seed ^ doubt_rng_label("order of pairs"), (uint64_t)(round / 2));
    bool second_of_block = round % 2 != 0;
    return (toss >> 63 != 0) != second_of_block;
}

const char *doubt_pairs_slower_name(enum doubt_pairs_slower slower)
{
    static const char *const names[] = {
        [DOUBT_PAIRS_UNDECIDED] = "undecided",
        [DOUBT_PAIRS_NO] = "no",
        [DOUBT_PAIRS_YES] = "yes",
    };
    return names[slower];
}

/* --- the decision --------------------------------------------------------------------------- */

static enum doubt_code check(const struct doubt_pairs_data *data, const struct doubt_pairs_how *how,
                             struct doubt_err *err)
{
    if (!(how->margin >= 0 && how->margin < 1) || !(data->level > 0 && data->level < 1))
        return doubt_err_set(
            err, DOUBT_E_ARGUMENT,
            "a comparison needs a margin from 0 to less than 1 and a level between "
            "0 and 1; these are %g and %g",
            how->margin, data->level);
    if (!isnan(how->limit) && !(how->limit >= 0 && isfinite(how->limit)))
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a limit of %g: 0 or more is accepted",
                             how->limit);
    return DOUBT_OK;
}

static struct doubt_interval to_ratio(double estimate, double lo, double hi)
{
    return (struct doubt_interval){exp(estimate), exp(lo), exp(hi)};
}

static bool excludes_1(const struct doubt_interval *ratio)
{
    return ratio->lo > 1 || ratio->hi < 1;
}

/* The estimate that decides. */
static enum doubt_code rank_pairs(const double *d, const struct doubt_pairs_data *data,
                                  struct doubt_pairs_outcome *out, struct doubt_err *err)
{
    struct doubt_rank_test test;
    enum doubt_code code = doubt_signed_rank(d, data->count, data->level, &test, err);
    if (code != DOUBT_OK)
        return code;
    out->has_interval = test.has_interval;
    out->ratio = to_ratio(test.shift.estimate, test.has_interval ? test.shift.lo : NAN,
                          test.has_interval ? test.shift.hi : NAN);
    return DOUBT_OK;
}

/* The cross-check, which takes nothing for granted about the shape of the differences. d is sorted.
 */
static enum doubt_code sign_pairs(const double *d, const struct doubt_pairs_data *data,
                                  struct doubt_pairs_outcome *out, struct doubt_err *err)
{
    const struct doubt_target target = {0.5, data->level};
    struct doubt_order_interval order;
    double median;
    enum doubt_code code = doubt_order_interval(d, data->count, target, &order, err);
    if (code == DOUBT_OK)
        code = doubt_quantile7(d, data->count, 0.5, &median, err);
    if (code != DOUBT_OK)
        return code;
    out->sign =
        to_ratio(median, isfinite(order.lo) ? order.lo : NAN, isfinite(order.hi) ? order.hi : NAN);
    out->disagree = (out->sign.estimate - 1) * (out->ratio.estimate - 1) < 0 &&
                    (excludes_1(&out->sign) || excludes_1(&out->ratio));
    return DOUBT_OK;
}

static enum doubt_code find_trend(const double *d, size_t count, struct doubt_pairs_outcome *out,
                                  struct doubt_err *err)
{
    struct doubt_mann_kendall trend;
    if (count < TREND_PAIRS_MIN)
        return DOUBT_OK;
    enum doubt_code code = doubt_mann_kendall(d, count, &trend, err);
    if (code == DOUBT_OK) {
        out->trend_p = trend.p;
        out->drifts = trend.p < trend_level;
    }
    return code;
}

static enum doubt_code decide(const struct doubt_pairs_how *how, struct doubt_pairs_outcome *out,
                              struct doubt_err *err)
{
    const struct doubt_interval *ratio = &out->ratio;
    if (ratio->lo > 1 + how->limit)
        out->slower = DOUBT_PAIRS_YES;
    else if (ratio->hi <= 1 + how->limit)
        out->slower = DOUBT_PAIRS_NO;
    return doubt_comparison_judge(ratio->lo, ratio->hi, how->margin, &out->verdict, err);
}

enum doubt_code doubt_pairs_evaluate(const struct doubt_pairs_data *data,
                                     const struct doubt_pairs_how *how,
                                     struct doubt_pairs_outcome *out, struct doubt_err *err)
{
    const struct doubt_interval none = {NAN, NAN, NAN};
    struct doubt_pairs_outcome found = {
        .verdict = DOUBT_NOT_DECIDED, .ratio = none, .sign = none, .trend_p = NAN};
    enum doubt_code code = check(data, how, err);
    double *d = NULL;
    if (code != DOUBT_OK || data->count == 0)
        goto done;
    d = malloc(data->count * sizeof *d);
    if (d == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu pairs", data->count);
    for (size_t i = 0; i < data->count; i++)
        d[i] = data->pairs[i].log_ratio;
    code = rank_pairs(d, data, &found, err);
    if (code == DOUBT_OK)
        code = find_trend(d, data->count, &found, err);
    if (code == DOUBT_OK)
        code = doubt_sort(d, data->count, err);
    if (code == DOUBT_OK)
        code = sign_pairs(d, data, &found, err);
    if (code == DOUBT_OK && data->count >= DOUBT_PAIRS_MIN && found.has_interval)
        code = decide(how, &found, err);
    free(d);
done:
    if (code == DOUBT_OK)
        *out = found;
    return code;
}

/* --- in a series ---------------------------------------------------------------------------- */

enum doubt_code doubti_pairs_check(const struct doubt_series_plan *plan, struct doubt_err *err)
{
    const struct doubt_pairs_data none = {.level = 0.5};
    if (plan->pairs == NULL)
        return DOUBT_OK;
    for (size_t i = 0; i < plan->cell_count; i++)
        if (plan->cells[i].hidden != (i >= 2))
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "two cells are compared in pairs, the first two of the series; "
                                 "all others are hidden");
    if (plan->cell_count < 2)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a comparison needs two cells");
    return check(&none, plan->pairs, err);
}

void doubti_pairs_order(const struct doubt_series_plan *plan, int32_t round, size_t *order,
                        size_t count)
{
    size_t hidden = 0;
    for (size_t i = 0; i < count; i++)
        if (order[i] >= 2)
            order[hidden++] = order[i];
    if (count - hidden != 2)
        return; /* not both are left: the series is about to end */
    bool b_first = doubt_pairs_b_first(plan->seed, round);
    order[hidden] = b_first ? 1 : 0;
    order[hidden + 1] = b_first ? 0 : 1;
}

void doubti_pairs_level_times(struct doubt_plan_cell *cells)
{
    double mean_ns = (cells[0].iteration_ns + cells[1].iteration_ns) / 2;
    if (cells[0].active && cells[1].active)
        cells[0].iteration_ns = cells[1].iteration_ns = mean_ns;
}

/* Mean of what the cut leaves of one restart, for one input. */
static double steady_mean_ns(const struct doubti_cell_run *cell, size_t index)
{
    const struct doubt_samples *samples = &cell->samples[index];
    size_t cut = cell->cut < samples->count ? cell->cut : 0;
    double first = (double)samples->ns[cut], sum = 0;
    for (size_t i = cut; i < samples->count; i++)
        sum += (double)samples->ns[i] - first;
    return (first + sum / (double)(samples->count - cut)) / (double)cell->cell->batch;
}

/* Pairs of which both restarts ended well. */
static enum doubt_code match(const struct doubti_cell_run *a, const struct doubti_cell_run *b,
                             const struct doubt_series_plan *plan,
                             struct doubt_series_result *result, struct doubt_err *err)
{
    size_t most = a->count < b->count ? a->count : b->count;
    struct doubt_pair *pairs = realloc(result->pairs, (most > 0 ? most : 1) * sizeof *pairs);
    if (pairs == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu pairs", most);
    result->pairs = pairs;
    result->pair_count = 0;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->rounds[i] != b->rounds[j]) {
            a->rounds[i] < b->rounds[j] ? i++ : j++;
            continue;
        }
        struct doubt_pair *pair = &pairs[result->pair_count++];
        *pair = (struct doubt_pair){.round = a->rounds[i],
                                    .b_first = doubt_pairs_b_first(plan->seed, a->rounds[i]),
                                    .a_ns = steady_mean_ns(a, i),
                                    .b_ns = steady_mean_ns(b, j)};
        i++;
        j++;
        pair->log_ratio = log(pair->b_ns / pair->a_ns);
    }
    return DOUBT_OK;
}

#define PHRASE(s, ...) (doubt_str_add(s, (s)->len ? "; " : ""), doubt_str_addf(s, __VA_ARGS__))

struct pairs_seen {
    const struct doubt_series_plan *plan;
    const struct doubt_plan *schedule;
    const struct doubt_pairs_outcome *outcome;
    size_t count;
};

/* What so many pairs take: to be asked for, and time, where a budget cut what was asked for. */
static void name_cure(const struct pairs_seen *seen, double needed, struct doubt_str *s)
{
    const struct doubt_series_plan *plan = seen->plan;
    double asked = plan->restarts_max > 0 ? plan->restarts_max : DOUBT_PLAN_RESTARTS;
    double planned = seen->schedule->restarts > 0 ? seen->schedule->restarts : 1;
    double budget_s = ceil((double)plan->budget_ns / 1e9 * needed / planned);
    bool was_cut = plan->budget_ns > 0 && planned < asked && planned < needed && budget_s < 1e9;
    char text[64];
    if (needed > asked)
        doubt_str_addf(s, ": --pairs %.0f", needed);
    if (!was_cut)
        return;
    doubt_units_format_duration((int64_t)budget_s * 1000000000, text, sizeof text);
    doubt_str_addf(s, "%s --budget of about %s", needed > asked ? " in a" : ": a", text);
}

/* Pairs that would decide if estimate and spread stayed as they are: half the interval shrinks with
 * the root of their number, and has to fall below the distance to 1 or to the margin's edge. */
static void foretell(const struct pairs_seen *seen, struct doubt_str *s)
{
    const struct doubt_interval *ratio = &seen->outcome->ratio;
    double estimate = fabs(log(ratio->estimate));
    double distance = fmax(estimate, log1p(seen->plan->pairs->margin) - estimate);
    double shrink = log(ratio->hi / ratio->lo) / 2 / distance;
    double needed = ceil((double)seen->count * shrink * shrink / 10) * 10;
    if (needed > (double)seen->count && needed <= DOUBT_PAIRS_MAX) {
        PHRASE(s, "about %.0f pairs would decide if nothing else changed", needed);
        name_cure(seen, needed, s);
    } else if (needed > DOUBT_PAIRS_MAX)
        PHRASE(s, "at this spread no affordable number of pairs decides");
}

static void remark(const struct pairs_seen *seen, char **field)
{
    const struct doubt_pairs_outcome *outcome = seen->outcome;
    struct doubt_str s;
    doubt_str_init(&s, 2048);
    if (seen->count < DOUBT_PAIRS_MIN)
        PHRASE(&s, "%zu whole pair%s: a conclusion needs %d", seen->count,
               seen->count == 1 ? "" : "s", DOUBT_PAIRS_MIN);
    if (seen->count < DOUBT_PAIRS_MIN && !outcome->has_interval)
        name_cure(seen, DOUBT_PAIRS_MIN, &s);
    if (outcome->verdict == DOUBT_NOT_DECIDED && outcome->has_interval)
        foretell(seen, &s);
    if (outcome->disagree)
        PHRASE(&s,
               "the median of the pairs says otherwise, %.4f (%.4f … %.4f): the differences are "
               "lopsided, look at the pairs",
               outcome->sign.estimate, outcome->sign.lo, outcome->sign.hi);
    if (outcome->drifts)
        PHRASE(&s,
               "the ratio changed with time (Mann-Kendall p = %.2g): A and B do not follow the "
               "machine alike, and the pairs do not cancel that",
               outcome->trend_p);
    doubt_text_set(field, s.len > 0 ? doubt_str_text(&s) : NULL);
    doubt_str_free(&s);
}

static void set_fields(const struct pairs_seen *seen, struct doubt_series *series)
{
    const struct doubt_pairs_outcome *outcome = seen->outcome;
    doubt_text_set(&series->compare_verdict, doubt_comparison_name(outcome->verdict));
    series->compare_pairs = (int64_t)seen->count;
    series->compare_ratio = outcome->ratio.estimate;
    series->compare_lo = outcome->ratio.lo;
    series->compare_hi = outcome->ratio.hi;
    series->compare_level = seen->schedule->level;
    series->compare_sign_ratio = outcome->sign.estimate;
    series->compare_sign_lo = outcome->sign.lo;
    series->compare_sign_hi = outcome->sign.hi;
    series->compare_trend_p = outcome->trend_p;
    if (!isnan(seen->plan->pairs->limit))
        doubt_text_set(&series->compare_slower, doubt_pairs_slower_name(outcome->slower));
    remark(seen, &series->compare_remark);
}

void doubti_pairs_begin(const struct doubt_series_plan *plan, struct doubt_series *series)
{
    if (plan->pairs == NULL)
        return;
    series->compare_margin = plan->pairs->margin;
    series->compare_limit = plan->pairs->limit;
}

enum doubt_code doubti_pairs_look(const struct doubt_series_plan *plan,
                                  const struct doubti_cell_run *cells,
                                  const struct doubt_plan *schedule,
                                  struct doubt_series_result *result, struct doubt_err *err)
{
    struct doubt_pairs_outcome outcome;
    if (cells[0].is_void || cells[1].is_void || cells[0].count == 0 || cells[1].count == 0)
        return DOUBT_OK;
    enum doubt_code code = match(&cells[0], &cells[1], plan, result, err);
    if (code != DOUBT_OK)
        return code;
    const struct doubt_pairs_data data = {result->pairs, result->pair_count, schedule->level};
    code = doubt_pairs_evaluate(&data, plan->pairs, &outcome, err);
    const struct pairs_seen seen = {plan, schedule, &outcome, result->pair_count};
    if (code == DOUBT_OK)
        set_fields(&seen, &result->series);
    return code;
}

bool doubti_pairs_settled(const struct doubt_series *series)
{
    const char *slower = series->compare_slower, *verdict = series->compare_verdict;
    if (slower != NULL)
        return strcmp(slower, doubt_pairs_slower_name(DOUBT_PAIRS_UNDECIDED)) != 0;
    return verdict != NULL && strcmp(verdict, doubt_comparison_name(DOUBT_NOT_DECIDED)) != 0;
}

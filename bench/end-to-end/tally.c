/* tally.c: see tally.h. */
#include "tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The cost of measuring is known to so many ns. */
static const double truth_error_ns = 50;
/* At rest: the figure moved by the cost and at most this much more, a twentieth of half of what the
 * digits of 0.20 ms leave open. */
static const double rest_ns = 250;
static const double wrong_most = 0.05, one_sided_most = 0.025;
enum { CONTROL_LEAST = 30 };

struct tally {
    struct tally_series *series;
    size_t count, capacity;
    int failed;
};

struct tally *tally_new(size_t capacity)
{
    struct tally *tally = calloc(1, sizeof *tally);
    if (tally == NULL)
        return NULL;
    tally->series = calloc(capacity > 0 ? capacity : 1, sizeof *tally->series);
    tally->capacity = capacity;
    if (tally->series == NULL) {
        free(tally);
        return NULL;
    }
    return tally;
}

void tally_free(struct tally *tally)
{
    if (tally == NULL)
        return;
    free(tally->series);
    free(tally);
}

void tally_add(struct tally *tally, const struct tally_series *series)
{
    if (tally->count < tally->capacity)
        tally->series[tally->count++] = *series;
}

/* --- one series ----------------------------------------------------------------------------- */

/* How far the figure was moved by all that was not programmed. */
static double moved_ns(const struct tally_series *s)
{
    return s->replay.measured_ns - s->replay.programmed_ns;
}

/* What a machine at rest would have: the programme and the cost of measuring. */
static double truth_by_programme(const struct tally_series *s)
{
    return s->design.truth_ns + s->cost_ns;
}

/* What this machine had meanwhile. */
static double truth_replayed(const struct tally_series *s)
{
    return s->design.truth_ns + moved_ns(s);
}

typedef double truth_fn(const struct tally_series *s);

static bool is_conclusive(const struct tally_series *s)
{
    return s->answer <= ANSWER_EXCEEDS;
}

static bool is_false(const struct tally_series *s, double truth)
{
    double fast = s->design.claim.fast_ns, slow = s->design.claim.slow_ns, e = truth_error_ns;
    switch (s->answer) {
    case ANSWER_HOLDS:
        return !(truth >= fast + e && truth <= slow - e);
    case ANSWER_FALLS_SHORT:
        return !(truth >= slow + e);
    case ANSWER_EXCEEDS:
        return !(truth <= fast - e);
    default:
        return false;
    }
}

static bool is_any(const struct tally_series *s)
{
    return s != NULL;
}

static bool is_edge(const struct tally_series *s)
{
    return s->design.place == PLACE_FAST_EDGE || s->design.place == PLACE_SLOW_EDGE;
}

static bool at_rest(const struct tally_series *s)
{
    return fabs(moved_ns(s) - s->cost_ns) <= rest_ns;
}

static bool at_rest_on_edge(const struct tally_series *s)
{
    return at_rest(s) && is_edge(s);
}

/* --- counts --------------------------------------------------------------------------------- */

typedef bool group_fn(const struct tally_series *s);

/* too_slow, too_fast: of the false ones, where the interval lies beside the truth. */
struct count {
    size_t series, conclusive, wrong, too_slow, too_fast;
};

static void count_one(const struct tally_series *s, truth_fn *truth, struct count *count)
{
    double at = truth(s);
    count->series++;
    count->conclusive += is_conclusive(s);
    if (!is_false(s, at))
        return;
    count->wrong++;
    if (s->interval.lo > at) /* the other end may be missing */
        count->too_slow++;
    else
        count->too_fast++;
}

static struct count count_group(const struct tally *tally, group_fn *group, truth_fn *truth)
{
    struct count count = {0};
    for (size_t i = 0; i < tally->count; i++)
        if (group(&tally->series[i]))
            count_one(&tally->series[i], truth, &count);
    return count;
}

/* One-sided bounds of a share by Clopper and Pearson. */
static double upper95(size_t hits, size_t n)
{
    struct doubt_interval share;
    return doubt_clopper_pearson((double)hits, (double)n, 0.10, &share, NULL) == DOUBT_OK ? share.hi
                                                                                          : 1;
}

static double lower99(size_t hits, size_t n)
{
    struct doubt_interval share;
    return doubt_clopper_pearson((double)hits, (double)n, 0.02, &share, NULL) == DOUBT_OK ? share.lo
                                                                                          : 0;
}

/* --- tables --------------------------------------------------------------------------------- */

static void print_cell(const struct tally *tally, size_t setting, enum design_place place,
                       FILE *file)
{
    size_t answers[ANSWERS] = {0};
    struct count programme = {0}, replayed = {0};
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_series *s = &tally->series[i];
        if (s->design.setting != setting || s->design.place != place)
            continue;
        answers[s->answer]++;
        count_one(s, truth_by_programme, &programme);
        count_one(s, truth_replayed, &replayed);
    }
    if (programme.series == 0)
        return;
    fprintf(file, "| %s | %s | %zu ", design_setting_name(setting), design_place_name(place),
            programme.series);
    for (int i = 0; i < ANSWERS; i++)
        fprintf(file, "| %zu ", answers[i]);
    fprintf(file, "| %zu | %zu / %zu | %zu |\n", programme.wrong, programme.too_slow,
            programme.too_fast, replayed.wrong);
}

static void print_cells(const struct tally *tally, FILE *file)
{
    fprintf(file, "| setting | truth at | series | HOLDS | FALLS SHORT | EXCEEDS | INCONCLUSIVE "
                  "| NO STEADY STATE | false | too slow / too fast | false, replayed |\n"
                  "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for (size_t setting = 0; setting < SETTINGS; setting++)
        for (int place = 0; place < PLACES; place++)
            print_cell(tally, setting, (enum design_place)place, file);
}

/* A line of the totals; `demand` says whether it has to be met. */
struct total {
    const char *name;
    group_fn *group;
    truth_fn *truth;
    bool demand;
};

static void demand(struct tally *tally, bool met, const char *what, FILE *file)
{
    if (met)
        return;
    tally->failed++;
    fprintf(file, "\n**NOT MET**: %s\n", what);
}

static void print_total(struct tally *tally, const struct total *total, FILE *file)
{
    struct count count = count_group(tally, total->group, total->truth);
    if (count.series == 0) {
        fprintf(file, "| %s | 0 | | | | | |\n", total->name);
        return;
    }
    fprintf(file, "| %s | %zu | %zu | %zu | %.1f %% | %.1f %% | %zu / %zu |\n", total->name,
            count.series, count.conclusive, count.wrong,
            100 * (double)count.wrong / (double)count.series,
            100 * upper95(count.wrong, count.series), count.too_slow, count.too_fast);
}

static const struct total totals[] = {
    {"programmed truth, all series", is_any, truth_by_programme, false},
    {"programmed truth, on an edge", is_edge, truth_by_programme, false},
    {"programmed truth, machine at rest", at_rest, truth_by_programme, true},
    {"programmed truth, machine at rest, on an edge", at_rest_on_edge, truth_by_programme, true},
    {"replayed truth, all series", is_any, truth_replayed, true},
    {"replayed truth, on an edge", is_edge, truth_replayed, true},
};
enum { TOTALS = sizeof totals / sizeof totals[0] };

static void print_totals(struct tally *tally, FILE *file)
{
    fprintf(file, "\n| false verdicts | series | conclusive | false | rate | 95 %% upper bound "
                  "| too slow / too fast |\n|---|---:|---:|---:|---:|---:|---:|\n");
    for (size_t i = 0; i < TOTALS; i++)
        print_total(tally, &totals[i], file);
    for (size_t i = 0; i < TOTALS; i++) {
        struct count count = count_group(tally, totals[i].group, totals[i].truth);
        size_t more = count.too_slow > count.too_fast ? count.too_slow : count.too_fast;
        if (!totals[i].demand || count.series == 0)
            continue;
        demand(tally, lower99(count.wrong, count.series) <= wrong_most, totals[i].name, file);
        demand(tally, lower99(more, count.series) <= one_sided_most,
               "errors to one side are more than half of 5 %", file);
    }
}

/* --- the machine ---------------------------------------------------------------------------- */

typedef double value_fn(const struct tally_series *s);

static double added_median(const struct tally_series *s)
{
    return s->replay.added_median_ns;
}

static double expected_cost(const struct tally_series *s)
{
    return s->cost_ns;
}

static double others(const struct tally_series *s)
{
    return 100 * s->others_share;
}

/* Median, 90 % and largest over the series. */
static void print_spread(const struct tally *tally, const char *what, value_fn *value, FILE *file)
{
    double *values = malloc(tally->count * sizeof *values), median = NAN, high = NAN, most = NAN;
    for (size_t i = 0; values != NULL && i < tally->count; i++)
        values[i] = value(&tally->series[i]);
    if (values != NULL && doubt_sort(values, tally->count, NULL) == DOUBT_OK) {
        doubt_quantile7(values, tally->count, 0.5, &median, NULL);
        doubt_quantile7(values, tally->count, 0.9, &high, NULL);
        doubt_quantile7(values, tally->count, 1, &most, NULL);
    }
    fprintf(file, "| %s | %.1f | %.1f | %.1f |\n", what, median, high, most);
    free(values);
}

static void print_machine(struct tally *tally, FILE *file)
{
    double least = INFINITY;
    size_t samples = 0;
    for (size_t i = 0; i < tally->count; i++) {
        least = fmin(least, tally->series[i].replay.added_least_ns);
        samples += tally->series[i].replay.samples;
    }
    fprintf(file, "\n| over the series | median | 90 %% below | largest |\n|---|---:|---:|---:|\n");
    print_spread(tally, "expected cost of measuring, ns", expected_cost, file);
    print_spread(tally, "added to an inference, median, ns", added_median, file);
    print_spread(tally, "figure moved by, ns", moved_ns, file);
    print_spread(tally, "CPU time used by others, %", others, file);
    fprintf(file, "\n%zu samples were replayed; the least that was added to one is %.0f ns.\n",
            samples, least);
    demand(tally, least >= 0, "a sample is shorter than the time that was programmed", file);
}

/* --- control -------------------------------------------------------------------------------- */

/* Does the pooled interval miss the truth? */
static bool pooled_misses(const struct tally_series *s)
{
    double truth = truth_replayed(s);
    return s->replay.pooled_lo_ns > truth || s->replay.pooled_hi_ns < truth;
}

static void print_control(struct tally *tally, FILE *file)
{
    size_t series = 0, pooled = 0, own = 0;
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_series *s = &tally->series[i];
        double truth = truth_replayed(s);
        if (!design_alike(s->design.setting) || s->answer == ANSWER_NOT_STEADY)
            continue;
        series++;
        pooled += pooled_misses(s);
        own += s->interval.lo > truth || s->interval.hi < truth;
    }
    fprintf(
        file,
        "\nControl, the %zu steady series whose samples are alike within a restart: the interval "
        "over pooled samples misses the truth in %zu, doubt's in %zu.\n",
        series, pooled, own);
    if (series >= CONTROL_LEAST)
        demand(tally, lower99(pooled, series) > wrong_most,
               "a method that must fail did not: this proof would see nothing", file);
}

/* Verdicts where there is nothing steady to have one of. */
static void print_unsteady(const struct tally *tally, FILE *file)
{
    size_t series = 0, refused = 0, conclusive = 0;
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_series *s = &tally->series[i];
        if (!design_never_steady(s->design.setting))
            continue;
        series++;
        refused += s->answer == ANSWER_NOT_STEADY;
        conclusive += is_conclusive(s);
    }
    fprintf(file, "\nThrottled midway: %zu series, %zu of them found not steady, %zu verdicts.\n",
            series, refused, conclusive);
}

int tally_print(struct tally *tally, FILE *file)
{
    fprintf(file, "%zu series, each by `doubt check` with its worker processes\n\n", tally->count);
    print_cells(tally, file);
    print_totals(tally, file);
    print_machine(tally, file);
    print_control(tally, file);
    print_unsteady(tally, file);
    if (tally->failed > 0)
        fprintf(file, "\n%d demands were not met.\n", tally->failed);
    return tally->failed;
}

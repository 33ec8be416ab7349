/* test_pairs.c: comparisons by hand, under drift, simulated, and through whole series. */
#include "measure/pairs.h"

#include "measure/analyze.h"
#include "measure/measure_int.h"
#include "measure/restart.h"
#include "util/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { PAIRS_MAX = 128 };
static const struct doubt_pairs_how one_percent = {.margin = 0.01, .limit = NAN};

static struct doubt_pairs_outcome evaluate_at(const double *d, size_t count,
                                              const struct doubt_pairs_how *how, double level)
{
    struct doubt_pair pairs[PAIRS_MAX] = {{0}};
    struct doubt_pairs_outcome outcome;
    struct doubt_err err = {0};
    assert_true(count <= PAIRS_MAX);
    for (size_t i = 0; i < count; i++)
        pairs[i].log_ratio = d[i];
    const struct doubt_pairs_data data = {pairs, count, level};
    enum doubt_code code = doubt_pairs_evaluate(&data, how, &outcome, &err);
    if (code != DOUBT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(code, DOUBT_OK);
    return outcome;
}

static struct doubt_pairs_outcome evaluate(const double *d, size_t count,
                                           const struct doubt_pairs_how *how)
{
    return evaluate_at(d, count, how, 0.05);
}

static void assert_near(double value, double wanted)
{
    if (!(fabs(value - wanted) <= 1e-12 * fabs(wanted)))
        print_error("%.17g instead of %.17g\n", value, wanted);
    assert_true(fabs(value - wanted) <= 1e-12 * fabs(wanted));
}

/* --- the order ------------------------------------------------------------------------------ */

static void blocks_are_abba_or_baab(void **state)
{
    (void)state;
    int tossed = 0, changed = 0;
    for (int32_t block = 0; block < 1000; block++) {
        bool first = doubt_pairs_b_first(0x5eed, 2 * block);
        assert_true(doubt_pairs_b_first(0x5eed, 2 * block + 1) != first);
        assert_true(doubt_pairs_b_first(0x5eed, 2 * block) == first);
        tossed += first;
        changed += first != doubt_pairs_b_first(0x5eee, 2 * block);
    }
    /* Five standard deviations of a fair coin. */
    assert_in_range(tossed, 421, 579);
    assert_in_range(changed, 421, 579);
}

/* --- by hand -------------------------------------------------------------------------------- */

/* Hollander & Wolfe 1973, p. 29: depression scores of nine patients before and after. The estimate
 * and interval are those of R's wilcox.test(paired = TRUE, conf.int = TRUE). */
static void a_published_example(void **state)
{
    (void)state;
    static const double before[] = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    static const double after[] = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    double d[9];
    for (int i = 0; i < 9; i++)
        d[i] = after[i] - before[i];
    struct doubt_pairs_outcome outcome = evaluate(d, 9, &one_percent);
    assert_true(outcome.has_interval);
    assert_near(outcome.ratio.estimate, exp(-0.46));
    assert_near(outcome.ratio.lo, exp(-0.786));
    assert_near(outcome.ratio.hi, exp(-0.010));
    /* The interval excludes 1, but nine pairs are too few. */
    assert_int_equal(outcome.verdict, DOUBT_NOT_DECIDED);
}

/* Ten differences in even steps: Walsh averages are halves of i + j, their ranks 9 and 47 (the
 * signed ranks' quantile for n = 10 at 0.025 is 8, so 9 counts from the end) are (6, 16) / 2. */
static void ten_pairs(void **state)
{
    (void)state;
    double d[10], turned[10];
    for (int i = 0; i < 10; i++) {
        d[i] = 0.04 + 0.001 * (i + 1);
        turned[i] = -d[i];
    }
    struct doubt_pairs_how how = {.margin = 0.01, .limit = 0.02};
    struct doubt_pairs_outcome outcome = evaluate(d, 10, &how);
    assert_near(outcome.ratio.estimate, exp(0.0455));
    assert_near(outcome.ratio.lo, exp(0.043));
    assert_near(outcome.ratio.hi, exp(0.048));
    assert_int_equal(outcome.verdict, DOUBT_A_FASTER);
    assert_int_equal(outcome.slower, DOUBT_PAIRS_YES);
    assert_near(outcome.sign.estimate, exp(0.0455));
    /* Two of ten lie beyond the ranks 2 and 9: the quantiles of Bin(10, 1/2) at 0.025. */
    assert_near(outcome.sign.lo, exp(0.042));
    assert_near(outcome.sign.hi, exp(0.049));
    assert_false(outcome.disagree);
    how.limit = 0.05; /* exp(0.048) = 1.0492 */
    assert_int_equal(evaluate(d, 10, &how).slower, DOUBT_PAIRS_NO);
    how.limit = 0.045; /* exp(0.043) = 1.0439 */
    assert_int_equal(evaluate(d, 10, &how).slower, DOUBT_PAIRS_UNDECIDED);
    how.margin = 0.05;
    assert_int_equal(evaluate(d, 10, &how).verdict, DOUBT_EQUIVALENT);
    how.margin = 0.049;
    assert_int_equal(evaluate(d, 10, &how).verdict, DOUBT_A_FASTER);

    outcome = evaluate(turned, 10, &how);
    assert_near(outcome.ratio.lo, exp(-0.048));
    assert_near(outcome.ratio.hi, exp(-0.043));
    assert_int_equal(outcome.verdict, DOUBT_B_FASTER);
    assert_int_equal(outcome.slower, DOUBT_PAIRS_NO);
    how.margin = 0.05; /* the margin is as wide on either side in logs: 1 / 1.05 */
    assert_int_equal(evaluate(turned, 10, &how).verdict, DOUBT_EQUIVALENT);
}

/* Equivalence comes first even where the sign is known; the interval still tells it. */
static void a_small_known_difference_is_equivalent(void **state)
{
    (void)state;
    double d[20];
    for (int i = 0; i < 20; i++)
        d[i] = 0.002 + 0.0001 * i;
    struct doubt_pairs_outcome outcome = evaluate(d, 20, &one_percent);
    assert_int_equal(outcome.verdict, DOUBT_EQUIVALENT);
    assert_true(outcome.ratio.lo > 1);
}

static void few_pairs_decide_nothing(void **state)
{
    (void)state;
    static const double d[] = {0.5, 0.51, 0.52, 0.53, 0.54, 0.55, 0.56};
    struct doubt_pairs_outcome outcome = evaluate(d, 0, &one_percent);
    assert_true(isnan(outcome.ratio.estimate) && isnan(outcome.sign.lo) && isnan(outcome.trend_p));
    assert_false(outcome.has_interval);
    assert_int_equal(outcome.verdict, DOUBT_NOT_DECIDED);
    outcome = evaluate(d, 1, &one_percent);
    assert_near(outcome.ratio.estimate, exp(0.5));
    assert_true(isnan(outcome.ratio.lo) && isnan(outcome.ratio.hi) && isnan(outcome.trend_p));
    outcome = evaluate(d, 5, &one_percent);
    assert_false(outcome.has_interval); /* 2 / 2^5 > 0.05 */
    assert_near(outcome.sign.estimate, exp(0.52));
    assert_true(isnan(outcome.sign.lo) && isnan(outcome.sign.hi));
    assert_true(evaluate(d, 6, &one_percent).has_interval);
    assert_false(evaluate_at(d, 6, &one_percent, 0.05 / 3).has_interval);
    assert_true(evaluate_at(d, 7, &one_percent, 0.05 / 3).has_interval);
    assert_int_equal(evaluate(d, 7, &one_percent).verdict, DOUBT_NOT_DECIDED);
}

/* 22 small gains against 18 large losses: the median says one thing, the ranks another. */
static void lopsided_differences_are_noticed(void **state)
{
    (void)state;
    double d[40];
    for (int i = 0; i < 22; i++)
        d[i] = 0.001 + 1e-6 * i;
    for (int i = 22; i < 40; i++)
        d[i] = -0.1 - 1e-5 * i;
    struct doubt_pairs_outcome outcome = evaluate(d, 40, &one_percent);
    assert_true(outcome.ratio.hi < 1 && outcome.sign.estimate > 1);
    assert_true(outcome.disagree);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct doubt_pair pairs[10] = {{.log_ratio = NAN}};
    const struct {
        double margin, limit, level;
        size_t count;
    } bad[] = {
        {1, NAN, 0.05, 0},        {-0.01, NAN, 0.05, 0},  {NAN, NAN, 0.05, 0},
        {INFINITY, NAN, 0.05, 0}, {0.01, -0.01, 0.05, 0}, {0.01, INFINITY, 0.05, 0},
        {0.01, NAN, 0, 0},        {0.01, NAN, 1, 0},      {0.01, NAN, NAN, 0},
        {0.01, NAN, 0.05, 10},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct doubt_pairs_how how = {bad[i].margin, bad[i].limit};
        const struct doubt_pairs_data data = {pairs, bad[i].count, bad[i].level};
        struct doubt_pairs_outcome outcome;
        struct doubt_err err = {0};
        assert_int_equal(doubt_pairs_evaluate(&data, &how, &outcome, &err), DOUBT_E_ARGUMENT);
        assert_true(strlen(err.text) > 10);
    }
}

/* --- under drift ---------------------------------------------------------------------------- */

static double normal(struct doubt_rng *rng)
{
    double u = 1 - doubt_rng_uniform(rng), v = doubt_rng_uniform(rng);
    return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

/* What the machine does to the i-th restart of n. */
static double linear(size_t i, size_t n)
{
    return 1 + 0.06 * (double)i / (double)(n - 1);
}

/* Log ratios of 20 pairs, B slower by 2 %, restarts with 0.5 % of noise under a drift of 6 %: in
 * blocks by the coin, or all of A before all of B. */
static void measure(uint64_t seed, bool in_blocks, double *d)
{
    enum { N = 20 };
    struct doubt_rng rng;
    doubt_rng_split(&rng, seed, "restarts");
    for (int i = 0; i < N; i++) {
        size_t a = (size_t)i, b = (size_t)(N + i);
        if (in_blocks) {
            bool b_first = doubt_pairs_b_first(seed, i);
            a = (size_t)(2 * i + (b_first ? 1 : 0));
            b = (size_t)(2 * i + (b_first ? 0 : 1));
        }
        double time_a = linear(a, 2 * N) * (1 + 0.005 * normal(&rng));
        double time_b = 1.02 * linear(b, 2 * N) * (1 + 0.005 * normal(&rng));
        d[i] = log(time_b / time_a);
    }
}

static void drift_cancels_in_blocks_and_ruins_halves(void **state)
{
    (void)state;
    enum { RUNS = 400 };
    int covered = 0, covered_halves = 0;
    double d[20];
    for (int run = 0; run < RUNS; run++) {
        measure((uint64_t)run, true, d);
        struct doubt_interval ratio = evaluate(d, 20, &one_percent).ratio;
        covered += ratio.lo <= 1.02 && 1.02 <= ratio.hi;
        measure((uint64_t)run, false, d);
        ratio = evaluate(d, 20, &one_percent).ratio;
        covered_halves += ratio.lo <= 1.02 && 1.02 <= ratio.hi;
    }
    /* 95 % less four standard errors. The negative control must fail: it is 3 % off. */
    assert_true(covered >= 0.905 * RUNS);
    assert_true(covered_halves <= 0.05 * RUNS);
}

/* A gets slower with time and B does not: no order of restarts cancels that, but it shows. */
static void a_drift_of_one_side_is_noticed(void **state)
{
    (void)state;
    struct doubt_rng rng;
    double d[20], steady[20];
    doubt_rng_split(&rng, 1, "one side");
    for (int i = 0; i < 20; i++) {
        steady[i] = 0.002 * normal(&rng);
        d[i] = steady[i] - 0.002 * i;
    }
    struct doubt_pairs_outcome outcome = evaluate(d, 20, &one_percent);
    assert_true(outcome.drifts && outcome.trend_p < 0.01);
    assert_false(evaluate(steady, 20, &one_percent).drifts);
}

/* --- simulated ------------------------------------------------------------------------------ */

/* Restarts with 1 % of noise, one in twenty disturbed by 15 % on average. */
static double restart(struct doubt_rng *rng)
{
    double time = 1 + 0.01 * normal(rng);
    if (doubt_rng_uniform(rng) < 0.05)
        time *= 1 - 0.15 * log(1 - doubt_rng_uniform(rng));
    return time;
}

/* The last verdict of looks at 20, 40 and 80 pairs, each at a third of 5 %; stops when settled. */
static enum doubt_comparison decide(uint64_t seed, double ratio)
{
    struct doubt_rng rng;
    double d[80];
    doubt_rng_split(&rng, seed, "three looks");
    for (int i = 0; i < 80; i++)
        d[i] = log(ratio * restart(&rng) / restart(&rng));
    enum doubt_comparison verdict = DOUBT_NOT_DECIDED;
    for (size_t n = 20; n <= 80 && verdict == DOUBT_NOT_DECIDED; n *= 2)
        verdict = evaluate_at(d, n, &one_percent, 0.05 / 3).verdict;
    return verdict;
}

/* False answers at the worst places: equal, and just outside the margin. */
static void false_verdicts_are_rare(void **state)
{
    (void)state;
    enum { RUNS = 400 };
    int false_faster = 0, equivalent = 0, false_equivalent = 0, found = 0, wrong_way = 0;
    for (int run = 0; run < RUNS; run++) {
        enum doubt_comparison same = decide((uint64_t)run, 1);
        enum doubt_comparison edge = decide((uint64_t)run, 1.0101);
        enum doubt_comparison five = decide((uint64_t)run, 1.05);
        false_faster += same == DOUBT_A_FASTER || same == DOUBT_B_FASTER;
        equivalent += same == DOUBT_EQUIVALENT;
        false_equivalent += edge == DOUBT_EQUIVALENT;
        found += five == DOUBT_A_FASTER;
        wrong_way += five == DOUBT_B_FASTER || edge == DOUBT_B_FASTER;
    }
    /* 5 % and three standard errors of 400 runs. */
    assert_true(false_faster <= 0.083 * RUNS);
    assert_true(false_equivalent <= 0.083 * RUNS);
    assert_int_equal(wrong_way, 0);
    /* And the answers are worth something. */
    assert_true(equivalent >= 0.7 * RUNS);
    assert_true(found >= 0.99 * RUNS);
}

/* --- in a series ---------------------------------------------------------------------------- */

enum { SEEN_MAX = 128 };

struct seen {
    int restarts, stop_at;
    int64_t cells[SEEN_MAX], rounds[SEEN_MAX], counts[SEEN_MAX];
    volatile sig_atomic_t stop;
};

static enum doubt_code on_restart(void *context, const struct doubt_restart *record,
                                  const int64_t *samples, size_t count, struct doubt_err *err)
{
    struct seen *seen = context;
    int n = seen->restarts++;
    (void)samples;
    (void)err;
    assert_true(n < SEEN_MAX);
    seen->cells[n] = record->cell;
    seen->rounds[n] = record->round;
    seen->counts[n] = (int64_t)count;
    if (seen->restarts == seen->stop_at)
        seen->stop = 1;
    return DOUBT_OK;
}

static bool never_called(void *context, struct doubt_cell *cell)
{
    (void)context;
    (void)cell;
    fail();
    return true;
}

static const char *const slow_options[] = {"mean=300us", "sd=3us", "seed=1", NULL};
static const char *const fast_options[] = {"mean=100us", "sd=1us", "seed=2", NULL};
static const struct doubt_cell_plan slow_cell = {
    .network = "slow", .engine = "synthetic", .batch = 1, .options = slow_options};
static const struct doubt_cell_plan fast_cell = {
    .network = "fast", .engine = "synthetic", .batch = 1, .options = fast_options};
static const struct doubt_cell_plan null_cell = {
    .network = "none", .engine = "null", .batch = 1, .hidden = true};

static enum doubt_code run_pairs(struct doubt_cell_plan *cells, struct doubt_series_plan *plan,
                                 struct seen *seen, struct doubt_series_result *result)
{
    const struct doubt_series_hooks hooks = {
        .context = seen, .restart = on_restart, .conclusive = never_called};
    struct doubt_err err = {0};
    plan->cells = cells;
    plan->seed = 0x5eed;
    plan->warm_ns = 1000000;
    return doubt_series_run(plan, &hooks, &seen->stop, result, &err);
}

/* 300 us or 100 us: the same number of iterations, whatever the times are. */
static void a_series_runs_pairs(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {slow_cell, fast_cell, null_cell};
    const struct doubt_pairs_how how = {.margin = 0.01, .limit = 0.02};
    struct doubt_series_plan plan = {
        .cell_count = 3, .restarts_max = 12, .iterations = 40, .pairs = &how};
    struct doubt_series_result result;
    struct seen seen = {0};
    assert_int_equal(run_pairs(cells, &plan, &seen, &result), DOUBT_OK);
    assert_int_equal(seen.restarts, 36);
    assert_int_equal(result.pair_count, 12);
    for (int round = 0; round < 12; round++) {
        const struct doubt_pair *pair = &result.pairs[round];
        bool b_first = doubt_pairs_b_first(0x5eed, round);
        assert_int_equal(seen.cells[3 * round], 2);
        assert_int_equal(seen.cells[3 * round + 1], b_first ? 1 : 0);
        assert_int_equal(seen.cells[3 * round + 2], b_first ? 0 : 1);
        for (int i = 0; i < 3; i++)
            assert_int_equal(seen.rounds[3 * round + i], round);
        assert_int_equal(pair->round, round);
        assert_true(pair->b_first == b_first);
        /* The engine spins at least that long. */
        assert_true(pair->a_ns > 270e3 && pair->b_ns > 90e3);
        assert_near(pair->log_ratio, log(pair->b_ns / pair->a_ns));
    }
    const struct doubt_series *series = &result.series;
    assert_int_equal(series->compare_pairs, 12);
    assert_true(series->compare_lo <= series->compare_ratio &&
                series->compare_ratio <= series->compare_hi);
    assert_near(series->compare_margin, 0.01);
    assert_near(series->compare_level, 0.05);
    assert_non_null(series->compare_verdict);
    assert_non_null(series->compare_slower);
    doubt_series_result_free(&result);
}

/* The remark on pairs of which B takes 0.5 % longer, or shorter, in turn. */
static void remark_on(size_t count, int32_t asked, int64_t budget_ns, int32_t planned, char *text,
                      size_t bytes)
{
    int64_t ns[2][PAIRS_MAX];
    int32_t rounds[PAIRS_MAX];
    struct doubt_samples samples[2][PAIRS_MAX];
    struct doubt_cell cells[2] = {{.batch = 1}, {.batch = 1}};
    struct doubti_cell_run runs[2] = {0};
    struct doubt_series_result result = {0};
    const struct doubt_series_plan plan = {
        .restarts_max = asked, .budget_ns = budget_ns, .pairs = &one_percent};
    const struct doubt_plan schedule = {.restarts = planned, .looks = 1, .level = 0.05};
    doubt_record_init(DOUBT_SERIES, &result.series);
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < count; i++) {
            rounds[i] = (int32_t)i;
            ns[side][i] = side == 0 ? 1000000 : 1004000 + (i % 2 == 0 ? 30000 : -30000);
            samples[side][i] = (struct doubt_samples){&ns[side][i], 1};
        }
        runs[side] = (struct doubti_cell_run){
            .cell = &cells[side], .samples = samples[side], .rounds = rounds, .count = count};
    }
    assert_int_equal(doubti_pairs_look(&plan, runs, &schedule, &result, NULL), DOUBT_OK);
    snprintf(text, bytes, "%s", result.series.compare_remark);
    doubt_series_result_free(&result);
}

/* More pairs are a cure where there is time for them; else a longer budget is. */
static void the_cure_is_what_was_short(void **state)
{
    (void)state;
    char text[512];
    remark_on(12, 12, 0, 12, text, sizeof text);
    int needed = 0;
    assert_int_equal(
        sscanf(text, "about %d pairs would decide if nothing else changed: --pairs", &needed), 1);
    assert_true(needed > 12);
    assert_null(strstr(text, "--budget"));

    remark_on(12, 1000, INT64_C(60000000000), 12, text, sizeof text);
    assert_null(strstr(text, "--pairs"));
    int minutes = 0, seconds = 0;
    const char *at = strstr(text, ": a --budget of about ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, ": a --budget of about %d min %d s", &minutes, &seconds), 2);
    assert_int_equal(60 * minutes + seconds, 60 * needed / 12);

    remark_on(12, 20, INT64_C(60000000000), 12, text, sizeof text);
    assert_non_null(strstr(text, ": --pairs "));
    assert_non_null(strstr(text, " in a --budget of about "));

    remark_on(12, 12, INT64_C(60000000000), 12, text, sizeof text);
    assert_non_null(strstr(text, ": --pairs "));
    assert_null(strstr(text, "--budget"));

    remark_on(4, 20, INT64_C(60000000000), 4, text, sizeof text);
    assert_string_equal(text, "4 whole pairs: a conclusion needs 10: a --budget of about "
                              "2 min 30 s");
}

/* Without a length asked for, both sides get the same one, though one takes 40 times as long. */
static void both_sides_do_the_same_work(void **state)
{
    (void)state;
    static const char *const options[] = {"mean=4ms", NULL};
    struct doubt_cell_plan cells[] = {slow_cell, fast_cell, null_cell};
    struct doubt_series_plan plan = {.cell_count = 3,
                                     .restarts_max = 10,
                                     .pairs = &one_percent,
                                     .budget_ns = INT64_C(8000000000)};
    struct doubt_series_result result;
    struct seen seen = {.stop_at = 3};
    cells[0].options = options;
    assert_int_equal(run_pairs(cells, &plan, &seen, &result), DOUBT_OK);
    assert_string_equal(result.series.state, "interrupted");
    assert_int_equal(seen.restarts, 3);
    assert_int_equal(seen.counts[1], seen.counts[2]);
    assert_int_equal(result.pair_count, 1);
    assert_string_equal(result.series.compare_verdict, "INCONCLUSIVE");
    assert_non_null(strstr(result.series.compare_remark, "1 whole pair: a conclusion needs 10"));
    doubt_series_result_free(&result);
}

/* Times of one input are compared: twice the batch in less than twice the time is faster. */
static void batches_count(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {slow_cell, slow_cell, null_cell};
    struct doubt_series_plan plan = {
        .cell_count = 3, .restarts_max = 2, .iterations = 10, .pairs = &one_percent};
    struct doubt_series_result result;
    struct seen seen = {0};
    cells[1].batch = 1000;
    assert_int_equal(run_pairs(cells, &plan, &seen, &result), DOUBT_OK);
    assert_true(result.pairs[0].b_ns < result.pairs[0].a_ns);
    assert_true(result.pairs[0].a_ns > 270e3);
    doubt_series_result_free(&result);
}

/* A side that cannot be measured ends the series, and there is no verdict. */
static void a_failing_side_ends_it(void **state)
{
    (void)state;
    static const char crash[] = DOUBT_BUILD "/tests/engines/doubt-engine-crash.so";
    FILE *file = fopen(crash, "r");
    if (file == NULL)
        skip();
    fclose(file);
    struct doubt_cell_plan cells[] = {slow_cell, {.network = "bad", .engine = crash, .batch = 1}};
    struct doubt_series_plan plan = {
        .cell_count = 2, .restarts_max = 10, .iterations = 30, .pairs = &one_percent};
    struct doubt_series_result result;
    struct seen seen = {0};
    assert_int_equal(run_pairs(cells, &plan, &seen, &result), DOUBT_OK);
    assert_null(result.series.compare_verdict);
    assert_true(isnan(result.series.compare_ratio));
    assert_int_equal(result.pair_count, 0);
    assert_string_equal(result.cells[1].state, DOUBT_STATE_FAILED);
    assert_non_null(result.cells[1].reason);
    for (int i = 0; i < seen.restarts; i++)
        assert_int_equal(seen.cells[i], 1);
    doubt_series_result_free(&result);
}

static void other_plans_are_refused(void **state)
{
    (void)state;
    const struct doubt_pairs_how none = {.margin = 1, .limit = NAN};
    struct doubt_cell_plan cells[] = {slow_cell, fast_cell, slow_cell};
    const struct {
        size_t count;
        const struct doubt_pairs_how *how;
    } bad[] = {{1, &one_percent}, {3, &one_percent}, {2, &none}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct doubt_series_plan plan = {.cell_count = bad[i].count, .pairs = bad[i].how};
        struct doubt_series_result result;
        struct seen seen = {0};
        assert_int_equal(run_pairs(cells, &plan, &seen, &result), DOUBT_E_ARGUMENT);
        doubt_series_result_free(&result);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_abba_or_baab),
        cmocka_unit_test(a_published_example),
        cmocka_unit_test(ten_pairs),
        cmocka_unit_test(a_small_known_difference_is_equivalent),
        cmocka_unit_test(few_pairs_decide_nothing),
        cmocka_unit_test(lopsided_differences_are_noticed),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(drift_cancels_in_blocks_and_ruins_halves),
        cmocka_unit_test(a_drift_of_one_side_is_noticed),
        cmocka_unit_test(false_verdicts_are_rare),
        cmocka_unit_test(a_series_runs_pairs),
        cmocka_unit_test(the_cure_is_what_was_short),
        cmocka_unit_test(both_sides_do_the_same_work),
        cmocka_unit_test(batches_count),
        cmocka_unit_test(a_failing_side_ends_it),
        cmocka_unit_test(other_plans_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

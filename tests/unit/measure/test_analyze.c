/* test_analyze.c: figures computed by hand, and coverage on simulated restarts with a known truth.
 */
#include "measure/analyze.h"

#include "util/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { RESTARTS_MAX = 20, ITERATIONS_MAX = 2000 };

/* A cell's samples in one block. */
struct session {
    int64_t ns[RESTARTS_MAX][ITERATIONS_MAX];
    struct doubt_samples samples[RESTARTS_MAX];
    struct doubt_cell cell;
};

static const struct doubt_analysis plain = {
    .look = 1, .looks = 1, .level = 0.05, .clock_bound_ns = 0, .batch = 1};

static int set_up(void **state)
{
    struct session *session = calloc(1, sizeof *session);
    *state = session;
    if (session != NULL)
        doubt_record_init(DOUBT_CELL, &session->cell);
    return session == NULL;
}

static int tear_down(void **state)
{
    struct session *session = *state;
    doubt_record_free(DOUBT_CELL, &session->cell);
    free(session);
    return 0;
}

static void analyze(struct session *session, size_t restarts, size_t iterations,
                    const struct doubt_analysis *how)
{
    struct doubt_err err = {.code = DOUBT_OK};
    for (size_t r = 0; r < restarts; r++)
        if (session->samples[r].ns == NULL)
            session->samples[r] = (struct doubt_samples){session->ns[r], iterations};
    enum doubt_code code = doubt_analyze(session->samples, restarts, how, &session->cell, &err);
    if (code != DOUBT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(code, DOUBT_OK);
}

static void is_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        print_error("%.12g is not within %g of %.12g\n", value, tolerance, expected);
    assert_true(fabs(value - expected) <= tolerance);
}

/* --- by hand ------------------------------------------------------------------------------- */

/* Five restarts that are constant at 100, 102, 98, 101, 99 ns. t(0.975, 4) = 2.776445105198, the
 * standard deviation is sqrt(2.5), the skewness 0, so the hull is Student's interval. */
static void fill_constants(struct session *session, size_t iterations)
{
    static const int64_t values[] = {100, 102, 98, 101, 99};
    for (size_t r = 0; r < 5; r++)
        for (size_t i = 0; i < iterations; i++)
            session->ns[r][i] = values[r];
}

static void constants_give_students_interval(void **state)
{
    struct session *session = *state;
    struct doubt_cell *cell = &session->cell;
    struct doubt_analysis how = plain;
    how.clock_bound_ns = 2;
    how.batch = 3;
    fill_constants(session, 100);
    analyze(session, 5, 100, &how);
    double half = 2.776445105198 * sqrt(2.5 / 5);
    is_near(cell->mean_ns, 100, 1e-12);
    is_near(cell->mean_lo_ns, 100 - half - 2, 1e-9);
    is_near(cell->mean_hi_ns, 100 + half + 2, 1e-9);
    is_near(cell->p50_ns, 100, 1e-12);
    is_near(cell->p95_hi_ns, 100 + half + 2, 1e-9);
    assert_true(isnan(cell->p99_ns) && isnan(cell->p99_lo_ns)); /* 1 sample beyond */
    is_near(cell->fps, 3e9 / 5 * (1 / 100. + 1 / 102. + 1 / 98. + 1 / 101. + 1 / 99.), 1e-3);
    assert_true(cell->fps_lo < 3e9 / (100 + half) && cell->fps_hi > 3e9 / (100 - half));
    is_near(cell->spread, sqrt(2.5) / 100, 1e-12);
    is_near(cell->drift, 0, 0);
    is_near(cell->unseen_mode, 0.45071970, 1e-7); /* 1 - 0.05^(1/5) */
    assert_int_equal(cell->cut_iterations, 0);
    assert_int_equal(cell->iterations, 100);
    assert_int_equal(cell->restarts, 5);
    assert_int_equal(cell->look, 1);
    assert_int_equal(cell->looks, 1);
    assert_string_equal(cell->state, DOUBT_STATE_MEASURED);
    assert_non_null(strstr(cell->reason, "one start in 2 may be missing"));
    assert_null(strstr(cell->reason, "p95"));
}

static void a_smaller_level_is_wider(void **state)
{
    struct session *session = *state;
    struct doubt_analysis how = plain;
    how.level = 0.01;
    how.looks = 5;
    fill_constants(session, 100);
    analyze(session, 5, 100, &how);
    /* t(0.995, 4) = 4.604094871350 */
    is_near(session->cell.mean_hi_ns, 100 + 4.604094871350 * sqrt(0.5), 1e-8);
    is_near(session->cell.level, 0.01, 0);
}

/* Second halves longer by 2, -1, 3, 0, 1 ns: no trend, but half of their mean widens each side. The
 * steps of 5 between batches keep the cut at 0. */
static void what_is_left_of_a_drift_widens(void **state)
{
    struct session *session = *state;
    struct doubt_cell *cell = &session->cell;
    static const int64_t difference[] = {2, -1, 3, 0, 1};
    for (size_t r = 0; r < 5; r++)
        for (size_t i = 0; i < 120; i++)
            session->ns[r][i] = 100 + (i / 5 % 2 ? 5 : -5) + (i >= 60 ? difference[r] : 0);
    analyze(session, 5, 120, &plain);
    assert_int_equal(cell->cut_iterations, 0);
    assert_string_equal(cell->state, DOUBT_STATE_MEASURED);
    is_near(cell->mean_ns, 100.5, 1e-12);
    is_near(cell->drift, 1 / 201., 1e-12);
    /* Restart means 101, 99.5, 101.5, 100, 100.5: standard deviation sqrt(0.625), no skew. */
    is_near(cell->mean_hi_ns, 100.5 + 2.776445105198 * sqrt(0.625 / 5) + 0.5, 1e-9);
    is_near(cell->mean_lo_ns, 100.5 - 2.776445105198 * sqrt(0.625 / 5) - 0.5, 1e-9);
}

static void a_warm_up_is_cut(void **state)
{
    struct session *session = *state;
    for (size_t r = 0; r < 6; r++)
        for (size_t i = 0; i < 100; i++)
            session->ns[r][i] = 1000 + (int64_t)((5 * r + 2) % 6) + (i < 15 ? 500 : 0);
    analyze(session, 6, 100, &plain);
    assert_int_equal(session->cell.cut_iterations, 15);
    is_near(session->cell.mean_ns, 1002.5, 1e-9);
    assert_string_equal(session->cell.state, DOUBT_STATE_MEASURED);
}

static void a_cut_beyond_a_quarter_is_no_steady_state(void **state)
{
    struct session *session = *state;
    for (size_t r = 0; r < 6; r++)
        for (size_t i = 0; i < 100; i++)
            session->ns[r][i] = 1000 + (int64_t)r + (i < 30 ? 500 : 0);
    analyze(session, 6, 100, &plain);
    assert_string_equal(session->cell.state, DOUBT_STATE_UNSTEADY);
    assert_non_null(strstr(session->cell.reason, "beyond a quarter of the 100 iterations"));
    is_near(session->cell.mean_ns, 1002.5, 1e-9); /* numbers are given all the same */
}

static void a_trend_is_no_steady_state(void **state)
{
    struct session *session = *state;
    for (size_t r = 0; r < 6; r++)
        for (size_t i = 0; i < 200; i++)
            session->ns[r][i] = 10000 + (int64_t)(r + i) + (i / 5 % 2 ? 400 : 0);
    analyze(session, 6, 200, &plain);
    assert_string_equal(session->cell.state, DOUBT_STATE_UNSTEADY);
    assert_non_null(strstr(session->cell.reason, "the second half of a restart differs"));
    assert_true(isfinite(session->cell.mean_lo_ns));
}

static void an_earlier_cut_is_kept(void **state)
{
    struct session *session = *state;
    struct doubt_analysis how = plain;
    how.cut_before = 20;
    fill_constants(session, 100);
    analyze(session, 5, 100, &how);
    assert_int_equal(session->cell.cut_iterations, 20);
    assert_string_equal(session->cell.state, DOUBT_STATE_MEASURED);
    how.cut_before = 90; /* of a look with longer restarts: figures come from the later half */
    analyze(session, 5, 100, &how);
    assert_int_equal(session->cell.cut_iterations, 50);
    assert_string_equal(session->cell.state, DOUBT_STATE_UNSTEADY);
}

static void percentiles_need_samples_beyond_them(void **state)
{
    struct session *session = *state;
    static const struct {
        size_t iterations;
        bool p50, p90, p95, p99;
        const char *says, *says_not;
    } rows[] = {
        {9, false, false, false, false, "p50 needs 10 iterations", "is weak"},
        {49, true, false, false, false, "p90 needs 50 iterations", "p50 is"},
        {50, true, true, false, false, "p90 is weak: 5 samples", "p50 is"},
        {100, true, true, true, false, "p95 is weak: 5 samples", "p95 needs"},
        {200, true, true, true, false, "p99 needs 500 iterations", "p90"},
        {500, true, true, true, true, "p99 is weak: 5 samples", "p95"},
        {2000, true, true, true, true, NULL, "p99"},
    };
    struct doubt_analysis how = plain;
    how.percentiles = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_cell *cell = &session->cell;
        memset(session->samples, 0, sizeof session->samples);
        fill_constants(session, rows[i].iterations);
        analyze(session, 5, rows[i].iterations, &how);
        assert_int_equal(isfinite(cell->p50_hi_ns), rows[i].p50);
        assert_int_equal(isfinite(cell->p90_hi_ns), rows[i].p90);
        assert_int_equal(isfinite(cell->p95_hi_ns), rows[i].p95);
        assert_int_equal(isfinite(cell->p99_hi_ns), rows[i].p99);
        if (rows[i].says != NULL)
            assert_non_null(strstr(cell->reason, rows[i].says));
        assert_null(strstr(cell->reason, rows[i].says_not));
    }
}

/* Type 7 of Hyndman and Fan on 0 .. 200: p90 is 180. */
static void percentiles_are_of_each_restart(void **state)
{
    struct session *session = *state;
    for (size_t r = 0; r < 5; r++)
        for (size_t i = 0; i < 201; i++)
            session->ns[r][i] = (int64_t)(1000 * r + (i * 83 + 10) % 201);
    analyze(session, 5, 201, &plain);
    is_near(session->cell.p50_ns, 2100, 1e-9);
    is_near(session->cell.p90_ns, 2180, 1e-9);
    is_near(session->cell.p95_ns, 2190, 1e-9);
}

static void few_restarts_have_no_verdict(void **state)
{
    struct session *session = *state;
    struct doubt_cell *cell = &session->cell;
    fill_constants(session, 100);
    analyze(session, 0, 100, &plain);
    assert_string_equal(cell->state, DOUBT_STATE_FEW);
    assert_true(isnan(cell->mean_ns));
    analyze(session, 1, 100, &plain);
    assert_string_equal(cell->state, DOUBT_STATE_FEW);
    is_near(cell->mean_ns, 100, 0);
    assert_true(isnan(cell->mean_lo_ns) && isnan(cell->spread));
    is_near(cell->unseen_mode, 0.95, 1e-12);
    analyze(session, 4, 100, &plain);
    assert_string_equal(cell->state, DOUBT_STATE_FEW);
    assert_non_null(strstr(cell->reason, "4 restarts, a verdict needs 5"));
    assert_true(isfinite(cell->mean_lo_ns));
    analyze(session, 5, 100, &plain);
    assert_string_equal(cell->state, DOUBT_STATE_MEASURED);
}

/* Two restarts at level 0.001 have an interval far below zero: that end is missing. */
static void ends_below_zero_are_missing(void **state)
{
    struct session *session = *state;
    struct doubt_analysis how = plain;
    how.level = 0.001;
    fill_constants(session, 100);
    analyze(session, 2, 100, &how);
    assert_true(isnan(session->cell.mean_lo_ns));
    assert_true(session->cell.mean_hi_ns > session->cell.mean_ns);
    assert_true(isnan(session->cell.fps_lo));
}

/* 45 iterations do with 10 restarts; with fewer, 100. */
static void short_restarts_have_no_verdict(void **state)
{
    static const struct {
        size_t restarts, needed;
        const char *reason;
    } rows[] = {{9, 100, "with fewer than 100 iterations a restart, and fewer than 10 restarts, a"},
                {10, 45, "with fewer than 45 iterations a restart a"}};
    struct session *session = *state;
    for (size_t k = 0; k < 2; k++) {
        for (size_t r = 0; r < rows[k].restarts; r++)
            for (size_t i = 0; i < rows[k].needed; i++)
                session->ns[r][i] = 100 + (int64_t)(r * 3 % 5);
        memset(session->samples, 0, sizeof session->samples);
        analyze(session, rows[k].restarts, rows[k].needed - 1, &plain);
        assert_string_equal(session->cell.state, DOUBT_STATE_SHORT);
        assert_non_null(strstr(session->cell.reason, rows[k].reason));
        memset(session->samples, 0, sizeof session->samples);
        analyze(session, rows[k].restarts, rows[k].needed, &plain);
        assert_string_equal(session->cell.state, DOUBT_STATE_MEASURED);
    }
}

/* Seven restarts, each 1 ns slower than the one before: S = 21, variance 133/3, z = 20 /
 * sqrt(133/3), two-sided p = 0.002667. */
static void a_machine_that_changes_has_no_verdict(void **state)
{
    struct session *session = *state;
    for (size_t r = 0; r < 7; r++)
        for (size_t i = 0; i < 100; i++)
            session->ns[r][i] = 1000 + 10 * (int64_t)r;
    analyze(session, 7, 100, &plain);
    is_near(session->cell.trend_p, 0.0026674, 1e-6);
    assert_string_equal(session->cell.state, DOUBT_STATE_DRIFT);
    assert_non_null(strstr(session->cell.reason, "later restarts are slower"));
    assert_non_null(strstr(session->cell.reason, "by 5.0 % from the first")); /* 100 of 2010 */
    for (size_t r = 0; r < 7; r++)
        for (size_t i = 0; i < 100; i++)
            session->ns[r][i] = 1000 + 10 * (int64_t)(r * 3 % 7);
    analyze(session, 7, 100, &plain);
    assert_true(session->cell.trend_p > 0.05);
    assert_string_equal(session->cell.state, DOUBT_STATE_MEASURED);
}

/* However large or small: two digits, and no power of ten. */
static void percentages_are_plain_numbers(void **state)
{
    struct session *session = *state;
    static const struct {
        int64_t first, factor, step;
        const char *says;
    } rows[] = {
        {1000, 2, 0, "by 3100 % from"},      {1000000, 1, 1, "by 0.00050 % from"},
        {1000, 1, 200, "by 91 % from"},      {1000, 1, 221, "by 100 % from"},
        {1000, 1, 310, "by 130 % from"},     {100000, 1, 1, "by 0.0050 % from"},
        {1000000, 1, 2000, "by 1.0 % from"},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        int64_t ns = rows[k].first;
        for (size_t r = 0; r < 7; r++, ns = ns * rows[k].factor + rows[k].step)
            for (size_t i = 0; i < 100; i++)
                session->ns[r][i] = ns;
        analyze(session, 7, 100, &plain);
        if (strstr(session->cell.reason, rows[k].says) == NULL)
            fail_msg("%s: %s", rows[k].says, session->cell.reason);
    }
}

/* --- calibration ---------------------------------------------------------------------------- */

static struct doubt_calibration calibrate(struct session *session, size_t restarts, size_t n)
{
    struct doubt_calibration calibration = {false, 999};
    struct doubt_err err = {.code = DOUBT_OK};
    for (size_t r = 0; r < restarts; r++)
        session->samples[r] = (struct doubt_samples){session->ns[r], n};
    enum doubt_code code = doubt_analyze_calibrate(session->samples, restarts, &calibration, &err);
    if (code != DOUBT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(code, DOUBT_OK);
    return calibration;
}

/* The rule of the analysis: the cut at most a quarter, no trend behind it. */
static void calibration_accepts_what_is_steady(void **state)
{
    struct session *session = *state;
    static const struct {
        size_t slow;
        int64_t slope;
        bool steady;
    } rows[] = {{0, 0, true}, {15, 0, true}, {25, 0, true}, {30, 0, false}, {0, 1, false}};
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (size_t r = 0; r < 5; r++)
            for (size_t i = 0; i < 100; i++)
                session->ns[r][i] = 1000 + (int64_t)r + (i / 5 % 2 ? 40 : 0) +
                                    rows[row].slope * (int64_t)i + (i < rows[row].slow ? 500 : 0);
        struct doubt_calibration calibration = calibrate(session, 5, 100);
        assert_int_equal(calibration.steady, rows[row].steady);
        assert_true(calibration.cut >= rows[row].slow);
    }
}

static void calibration_needs_samples(void **state)
{
    struct session *session = *state;
    struct doubt_calibration calibration;
    struct doubt_err err = {.code = DOUBT_OK};
    fill_constants(session, 100);
    for (size_t r = 0; r < 5; r++)
        session->samples[r] = (struct doubt_samples){session->ns[r], 29};
    assert_int_equal(doubt_analyze_calibrate(session->samples, 5, &calibration, &err),
                     DOUBT_E_ARGUMENT);
    assert_non_null(strstr(err.text, "these are 5 of 29"));
    session->samples[0].count = 30;
    assert_int_equal(doubt_analyze_calibrate(session->samples, 1, &calibration, NULL),
                     DOUBT_E_ARGUMENT);
    assert_int_equal(doubt_analyze_calibrate(session->samples, 0, &calibration, NULL),
                     DOUBT_E_ARGUMENT);
}

/* Every second restart begins slower, the others faster by nearly as much: their average takes a
 * late cut, and yet the restarts do not agree on a warm-up. */
static void a_late_cut_of_noise_is_no_refusal(void **state)
{
    struct session *session = *state;
    const struct doubt_calibration steady = {true, 0}, other = {false, 0};
    struct doubt_analysis how = plain;
    for (size_t r = 0; r < 6; r++)
        for (size_t i = 0; i < 100; i++)
            session->ns[r][i] =
                1000 + (int64_t)((5 * r + 2) % 6) + (i < 30 ? (r % 2 ? 500 : -488) : 0);
    analyze(session, 6, 100, &how);
    assert_string_equal(session->cell.state, DOUBT_STATE_UNSTEADY);
    how.calibration = &other;
    analyze(session, 6, 100, &how);
    assert_string_equal(session->cell.state, DOUBT_STATE_UNSTEADY);
    how.calibration = &steady;
    analyze(session, 6, 100, &how);
    assert_int_equal(session->cell.cut_iterations, 30);
    assert_string_equal(session->cell.state, DOUBT_STATE_MEASURED);
    for (size_t r = 0; r < 6; r++) /* all begin slowly: that is a warm-up */
        for (size_t i = 0; i < 30; i++)
            session->ns[r][i] = 1012 + (int64_t)r;
    analyze(session, 6, 100, &how);
    assert_string_equal(session->cell.state, DOUBT_STATE_UNSTEADY);
}

/* The average over restarts ends with the shortest; each restart's own figures use all of it. */
static void restarts_may_differ_in_length(void **state)
{
    struct session *session = *state;
    for (size_t r = 0; r < 5; r++)
        for (size_t i = 0; i < 100; i++)
            session->ns[r][i] = i < 40 ? 100 : 200;
    for (size_t r = 0; r < 5; r++)
        session->samples[r] = (struct doubt_samples){session->ns[r], r == 2 ? 40 : 80};
    analyze(session, 5, 0, &plain);
    assert_int_equal(session->cell.iterations, 40);
    assert_int_equal(session->cell.cut_iterations, 0);
    is_near(session->cell.mean_ns, (4 * 150 + 100) / 5., 1e-9);
}

static void bad_arguments_are_refused(void **state)
{
    struct session *session = *state;
    struct doubt_err err = {.code = DOUBT_OK};
    const struct doubt_analysis bad[] = {
        {.look = 0, .looks = 1, .level = 0.05, .batch = 1},
        {.look = 2, .looks = 1, .level = 0.05, .batch = 1},
        {.look = 1, .looks = 1, .level = 0, .batch = 1},
        {.look = 1, .looks = 1, .level = 1, .batch = 1},
        {.look = 1, .looks = 1, .level = NAN, .batch = 1},
        {.look = 1, .looks = 1, .level = 0.05, .batch = 0},
        {.look = 1, .looks = 1, .level = 0.05, .batch = 1, .clock_bound_ns = -1},
    };
    fill_constants(session, 100);
    for (size_t r = 0; r < 5; r++)
        session->samples[r] = (struct doubt_samples){session->ns[r], 100};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(doubt_analyze(session->samples, 5, &bad[i], &session->cell, NULL),
                         DOUBT_E_ARGUMENT);
    session->samples[3].count = 0;
    assert_int_equal(doubt_analyze(session->samples, 5, &plain, &session->cell, &err),
                     DOUBT_E_ARGUMENT);
    assert_non_null(strstr(err.text, "without samples"));
    memset(session->ns, 0, sizeof session->ns);
    session->samples[3].count = 100;
    assert_int_equal(doubt_analyze(session->samples, 5, &plain, &session->cell, NULL),
                     DOUBT_E_ARGUMENT);
    assert_true(isnan(session->cell.mean_ns));
}

/* --- simulated ----------------------------------------------------------------------------- */

struct truth {
    double mean, restart_sd, noise_sd, ar; /* of iterations: AR(1), stationary */
    double warm, tau;                      /* (1 + warm exp(-i / tau)) */
    bool skewed;                           /* restarts differ exponentially */
};

static double normal(struct doubt_rng *rng)
{
    double u = doubt_rng_uniform(rng), v = doubt_rng_uniform(rng);
    return sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
}

static void simulate(struct session *session, const struct truth *truth, size_t restarts,
                     size_t iterations, struct doubt_rng *rng)
{
    for (size_t r = 0; r < restarts; r++) {
        double effect = truth->skewed ? -log(1 - doubt_rng_uniform(rng)) - 1 : normal(rng);
        double noise = normal(rng);
        for (size_t i = 0; i < iterations; i++) {
            double x = truth->mean * (1 + truth->restart_sd * effect + truth->noise_sd * noise);
            session->ns[r][i] =
                (int64_t)llround(x * (1 + truth->warm * exp(-(double)i / truth->tau)));
            noise = truth->ar * noise + sqrt(1 - truth->ar * truth->ar) * normal(rng);
        }
    }
}

/* Among the sessions that found a steady state: how many intervals hold the value. */
static void count_covered(struct session *session, const struct truth *truth, double value,
                          int *steady, int *covered)
{
    enum { SESSIONS = 400 };
    struct doubt_rng rng;
    doubt_rng_split(&rng, 20240501, "coverage of the analysis");
    *steady = *covered = 0;
    for (int s = 0; s < SESSIONS; s++) {
        simulate(session, truth, 10, 200, &rng);
        analyze(session, 10, 200, &plain);
        if (strcmp(session->cell.state, DOUBT_STATE_MEASURED) != 0)
            continue;
        ++*steady;
        *covered += session->cell.mean_lo_ns <= value && value <= session->cell.mean_hi_ns;
    }
}

/* 0.95 of 400 is 380; a method that covers 0.94 falls below 0.905 once in 400 times. */
static void intervals_cover_the_truth(void **state)
{
    static const struct truth rows[] = {
        {.mean = 1e6, .restart_sd = 0.01, .noise_sd = 0.02, .tau = 1},
        {.mean = 1e6, .restart_sd = 0.005, .noise_sd = 0.02, .ar = 0.9, .tau = 1},
        {.mean = 1e6, .restart_sd = 0.01, .noise_sd = 0.01, .tau = 1, .skewed = true},
        {.mean = 1e6, .restart_sd = 0.002, .noise_sd = 0.01, .warm = 0.5, .tau = 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int steady, covered;
        count_covered(*state, &rows[i], rows[i].mean, &steady, &covered);
        assert_true(steady >= 240);
        assert_true(covered >= 0.905 * steady);
    }
}

/* Without this, the test above would pass with intervals as wide as the sea. */
static void intervals_do_not_cover_what_is_false(void **state)
{
    static const struct truth truth = {.mean = 1e6, .restart_sd = 0.01, .noise_sd = 0.02, .tau = 1};
    int steady, covered;
    count_covered(*state, &truth, 1.03e6, &steady, &covered);
    assert_true(steady >= 300);
    assert_true(covered <= 0.02 * steady);
}

/* A drift as long as the run: the truth at its end is not what is measured, and the cell says so.
 */
static void long_drifts_are_refused(void **state)
{
    static const struct truth truth = {
        .mean = 1e6, .restart_sd = 0.001, .noise_sd = 0.005, .warm = 0.3, .tau = 100};
    int steady, covered;
    count_covered(*state, &truth, truth.mean, &steady, &covered);
    assert_int_equal(steady, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(constants_give_students_interval),
        TEST(a_smaller_level_is_wider),
        TEST(what_is_left_of_a_drift_widens),
        TEST(a_warm_up_is_cut),
        TEST(a_cut_beyond_a_quarter_is_no_steady_state),
        TEST(a_trend_is_no_steady_state),
        TEST(an_earlier_cut_is_kept),
        TEST(percentiles_need_samples_beyond_them),
        TEST(percentiles_are_of_each_restart),
        TEST(few_restarts_have_no_verdict),
        TEST(ends_below_zero_are_missing),
        TEST(short_restarts_have_no_verdict),
        TEST(a_machine_that_changes_has_no_verdict),
        TEST(percentages_are_plain_numbers),
        TEST(calibration_accepts_what_is_steady),
        TEST(calibration_needs_samples),
        TEST(a_late_cut_of_noise_is_no_refusal),
        TEST(restarts_may_differ_in_length),
        TEST(bad_arguments_are_refused),
        TEST(intervals_cover_the_truth),
        TEST(intervals_do_not_cover_what_is_false),
        TEST(long_drifts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

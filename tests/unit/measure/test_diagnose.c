/* test_diagnose.c: diagnoses of restarts whose answers are known. */
#include "measure/diagnose.h"

#include "util/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { RESTARTS_MAX = 40, ITERATIONS = 2000 };

struct session {
    int64_t ns[RESTARTS_MAX][ITERATIONS];
    struct doubt_samples samples[RESTARTS_MAX];
    struct doubt_cell cell;
};

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

static void diagnose(struct session *session, size_t restarts, size_t n,
                     const struct doubt_diagnosis *how)
{
    struct doubt_err err = {.code = DOUBT_OK};
    for (size_t r = 0; r < restarts; r++)
        session->samples[r] = (struct doubt_samples){session->ns[r], n};
    enum doubt_code code = doubt_diagnose(session->samples, restarts, how, &session->cell, &err);
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

static double normal(struct doubt_rng *rng)
{
    double u = doubt_rng_uniform(rng), v = doubt_rng_uniform(rng);
    return sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
}

/* AR(1) of marginal deviation sd on restarts of deviation level. */
static void simulate(struct session *session, double sd, double ar, double level)
{
    struct doubt_rng rng;
    doubt_rng_split(&rng, 20240501, "diagnoses");
    for (size_t r = 0; r < RESTARTS_MAX; r++) {
        double effect = level * normal(&rng), noise = normal(&rng);
        for (size_t i = 0; i < ITERATIONS; i++) {
            session->ns[r][i] = (int64_t)llround(1e6 + effect + sd * noise);
            noise = ar * noise + sqrt(1 - ar * ar) * normal(&rng);
        }
    }
}

/* Of an AR(1): lag-1 correlation phi, V = sd^2 (1 + phi) / (1 - phi), n_eff = n sd^2 / V. V comes
 * out large rather than small, since its correction is never below 1. */
static void components_are_found(void **state)
{
    struct session *session = *state;
    const struct doubt_cell *cell = &session->cell;
    const struct doubt_diagnosis how = {.start_ns = 4e8, .iteration_ns = 1e6, .clock_bound_ns = 7};
    const double v = 1e8 * 3;
    simulate(session, 1e4, 0.5, 2000);
    diagnose(session, RESTARTS_MAX, ITERATIONS, &how);
    is_near(cell->lag1, 0.5, 0.02);
    is_near(cell->long_run_variance, v, 0.2 * v);
    is_near(cell->effective_samples, 2000 / 3., 0.2 * 2000 / 3);
    is_near(cell->between_variance, 4e6, 2e6);
    is_near(cell->between_share, 4e6 / (4e6 + v / 2000), 0.03);
    is_near(cell->best_iterations, sqrt(400 * cell->long_run_variance / cell->between_variance),
            1e-6);
    assert_true(cell->clock_bound_ns == 7);
    assert_string_equal(cell->warm_up, "flat");
    assert_true(cell->dip_p > 0.05);
    assert_true(cell->mad_ratio < 6);
}

/* 41 samples 0 .. 40: quartiles 10 and 30, fences at -20 and 60, and at -50 and 90. */
static void fences_count_samples(void **state)
{
    struct session *session = *state;
    const struct doubt_diagnosis how = {.cut = 0};
    for (size_t r = 0; r < 3; r++) {
        for (size_t i = 0; i < 41; i++)
            session->ns[r][i] = 1000 + (int64_t)i;
        session->ns[r][40] = 1061;
    }
    session->ns[1][40] = 1091;
    session->ns[2][0] = 900;
    diagnose(session, 3, 41, &how);
    assert_int_equal(session->cell.tukey_high, 3);
    assert_int_equal(session->cell.tukey_high_severe, 1);
    assert_int_equal(session->cell.tukey_low, 1);
    assert_int_equal(session->cell.tukey_low_severe, 1);
    assert_true(isnan(session->cell.best_iterations)); /* costs are not known */
    assert_true(isnan(session->cell.dip_p));           /* three restarts have no modes */
}

static void two_modes_are_said(void **state)
{
    struct session *session = *state;
    const struct doubt_diagnosis how = {.cut = 0};
    for (size_t r = 0; r < 20; r++)
        for (size_t i = 0; i < 100; i++)
            session->ns[r][i] = 1000 + (int64_t)(r * 3 % 7) + (r % 2 ? 100 : 0);
    diagnose(session, 20, 100, &how);
    assert_true(session->cell.dip_p < 0.01);
    doubt_text_set(&session->cell.reason, "before");
    session->cell.restarts = 9; /* too few to say so */
    doubt_diagnose_explain(&session->cell);
    assert_string_equal(session->cell.reason, "before");
    session->cell.restarts = 20;
    doubt_diagnose_explain(&session->cell);
    assert_non_null(
        strstr(session->cell.reason, "before; the restarts come in more than one mode"));
}

static void a_restart_far_off_is_said(void **state)
{
    struct session *session = *state;
    const struct doubt_diagnosis how = {.cut = 0};
    for (size_t r = 0; r < 20; r++)
        for (size_t i = 0; i < 100; i++)
            session->ns[r][i] = 1000 + (int64_t)(r * 7 % 20) + (r == 4 ? 900 : 0);
    diagnose(session, 20, 100, &how);
    assert_true(session->cell.mad_ratio > 100);
    session->cell.restarts = 20;
    doubt_diagnose_explain(&session->cell);
    assert_string_equal(session->cell.reason,
                        "a restart lies far from the others: it counts, and widens the interval");
}

static void beginnings_are_classed(void **state)
{
    struct session *session = *state;
    static const struct {
        int64_t first;
        size_t cut;
        const char *state, *name;
    } rows[] = {{0, 0, DOUBT_STATE_MEASURED, "flat"},
                {500, 20, DOUBT_STATE_MEASURED, "warm-up"},
                {-500, 20, DOUBT_STATE_MEASURED, "slowdown"},
                {500, 20, DOUBT_STATE_UNSTEADY, "no steady state"},
                {0, 40, DOUBT_STATE_MEASURED, "flat"}};
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        const struct doubt_diagnosis how = {.cut = rows[row].cut};
        for (size_t r = 0; r < 5; r++)
            for (size_t i = 0; i < 100; i++)
                session->ns[r][i] = 1000 + (int64_t)r + (i < rows[row].cut ? rows[row].first : 0);
        doubt_text_set(&session->cell.state, rows[row].state);
        doubt_text_set(&session->cell.reason, NULL);
        diagnose(session, 5, 100, &how);
        assert_string_equal(session->cell.warm_up, rows[row].name);
        doubt_diagnose_explain(&session->cell);
        assert_int_equal(session->cell.reason != NULL, row == 2); /* throttling */
    }
}

static void few_samples_leave_much_missing(void **state)
{
    struct session *session = *state;
    const struct doubt_cell *cell = &session->cell;
    const struct doubt_diagnosis how = {.cut = 0, .start_ns = 1, .iteration_ns = 1};
    struct doubt_err err = {.code = DOUBT_OK};
    const struct doubt_diagnosis beyond = {.cut = 10};
    simulate(session, 1e4, 0, 1000);
    diagnose(session, 0, 10, &how);
    diagnose(session, 1, 3, &how);
    assert_true(isnan(cell->lag1) && isnan(cell->long_run_variance));
    assert_null(cell->warm_up);
    diagnose(session, 5, 39, &how);
    assert_true(isfinite(cell->lag1) && isfinite(cell->mad_ratio) && isfinite(cell->dip));
    assert_true(isnan(cell->between_share) && isnan(cell->best_iterations));
    session->samples[2].count = 10;
    assert_int_equal(doubt_diagnose(session->samples, 5, &beyond, &session->cell, &err),
                     DOUBT_E_ARGUMENT);
    assert_non_null(strstr(err.text, "restart 2 has 10"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(components_are_found),   TEST(fences_count_samples),
        TEST(two_modes_are_said),     TEST(a_restart_far_off_is_said),
        TEST(beginnings_are_classed), TEST(few_samples_leave_much_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

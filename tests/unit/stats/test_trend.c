/* test_trend.c: Mann-Kendall, Hamed-Rao, Theil-Sen on published series. */
#include "check.h"
#include "util/rng.h"

static void test_nile(void **state)
{
    size_t n;
    double *x = read_numbers("classic/nile.txt", 1, &n);
    const struct doubt_trend_data data = {x, NULL, n};
    struct doubt_mann_kendall trend;
    struct doubt_interval slope;

    (void)state;
    check_ok(doubt_mann_kendall(x, n, &trend, err));
    check_close(trend.s, -1387, 0);
    check_close(trend.variance, 112728.333333333, 1e-12);
    check_close(trend.z, -4.1280665228441, 1e-13);
    check_close(trend.p, 3.65826292166433e-05, 1e-11);
    check_ok(doubt_theil_sen(&data, 0.05, &slope, err));
    check_close(slope.estimate, -2.6, 1e-14);
    check_close(slope.lo, -3.62790697674419, 1e-13);
    check_close(slope.hi, -1.42857142857143, 1e-13);
    free(x);
}

/* 353 values on 360 places: the slope knows the places, Hamed-Rao's ranks do not. */
static void test_missing_places(void **state)
{
    size_t n, i;
    double *pairs = read_numbers("classic/pymannkendall.txt", 1, &n);
    double at[353], x[353];
    const struct doubt_trend_data data = {x, at, 353};
    struct doubt_mann_kendall trend;
    struct doubt_interval slope;

    (void)state;
    assert_int_equal(n, 706);
    for (i = 0; i < 353; i++) {
        at[i] = pairs[2 * i];
        x[i] = pairs[2 * i + 1];
    }
    check_ok(doubt_mann_kendall(x, 353, &trend, err));
    check_close(trend.s, -1959, 0);
    check_close(trend.variance, 4889800.333333333, 1e-14);
    check_close(trend.z, -0.8854562842589916, 1e-13);
    check_ok(doubt_theil_sen(&data, 0.05, &slope, err));
    check_close(slope.estimate, -0.006369426751592357, 1e-13);
    check_ok(doubt_hamed_rao(x, 353, slope.estimate, &trend, err));
    check_close(trend.p, 0.00012203829241275166, 1e-9);
    free(pairs);
}

static void test_against_pairs(void **state)
{
    struct doubt_rng rng;
    double x[120];
    size_t n, i, j;

    (void)state;
    doubt_rng_seed(&rng, 41);
    for (n = 3; n <= 120; n++) {
        struct doubt_mann_kendall trend;
        double s = 0;

        for (i = 0; i < n; i++)
            x[i] = (double)doubt_rng_below(&rng, n % 2 ? 8 : 1000);
        for (i = 0; i < n; i++)
            for (j = i + 1; j < n; j++)
                s += (x[j] > x[i]) - (x[j] < x[i]);
        check_ok(doubt_mann_kendall(x, n, &trend, err));
        check_close(trend.s, s, 0);
    }
}

static void test_large_and_level(void **state)
{
    const size_t n = 200000;
    double *x = malloc(n * sizeof *x);
    struct doubt_mann_kendall trend;
    size_t i;

    (void)state;
    assert_non_null(x);
    for (i = 0; i < n; i++)
        x[i] = (double)i;
    check_ok(doubt_mann_kendall(x, n, &trend, err));
    check_close(trend.s, (double)n * (double)(n - 1) / 2, 0);
    for (i = 0; i < n; i++)
        x[i] = 7;
    check_ok(doubt_mann_kendall(x, n, &trend, err));
    check_close(trend.s, 0, 0);
    check_close(trend.variance, 0, 1e-3);
    check_close(trend.p, 1, 0);
    check_ok(doubt_hamed_rao(x, 50, 0, &trend, err));
    check_close(trend.p, 1, 0);
    free(x);
}

static void test_refusals(void **state)
{
    static const double x[] = {1, 2, 3, 4}, back[] = {1, 2, 2, 3};
    double *many = calloc(20000, sizeof *many);
    const struct doubt_trend_data places = {x, back, 4}, two = {x, NULL, 2},
                                  large = {many, NULL, 20000};
    struct doubt_mann_kendall trend;
    struct doubt_interval slope;

    (void)state;
    assert_non_null(many);
    check_refused(doubt_mann_kendall(x, 2, &trend, err), DOUBT_E_ARGUMENT, "at least 3");
    check_refused(doubt_theil_sen(&two, 0.05, &slope, err), DOUBT_E_ARGUMENT, "at least 3");
    check_refused(doubt_theil_sen(&places, 0.05, &slope, err), DOUBT_E_ARGUMENT, "place 3");
    check_refused(doubt_theil_sen(&large, 0.05, &slope, err), DOUBT_E_ARGUMENT, "batches");
    check_refused(doubt_hamed_rao(many, 20000, 0, &trend, err), DOUBT_E_ARGUMENT, "batches");
    check_refused(doubt_hamed_rao(x, 4, NAN, &trend, err), DOUBT_E_ARGUMENT, "finite slope");
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nile),          cmocka_unit_test(test_missing_places),
        cmocka_unit_test(test_against_pairs), cmocka_unit_test(test_large_and_level),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_rank.c: rank tests on published examples. */
#include "check.h"

/* Hollander & Wolfe's depression scores. */
static void test_depression(void **state)
{
    static const double before[] = {1.83, .50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    static const double after[] = {.878, .647, .598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    struct doubt_rank_test test;
    double d[9];
    int i;

    (void)state;
    for (i = 0; i < 9; i++)
        d[i] = before[i] - after[i];
    check_ok(doubt_signed_rank(d, 9, 0.05, &test, err));
    assert_true(test.exact);
    check_close(test.statistic, 40, 0);
    check_close(test.p_greater, 0.01953125, 1e-15);
    check_close(test.p_two_sided, 0.0390625, 1e-15);
    check_close(test.shift.estimate, 0.46, 1e-13);
    assert_true(test.has_interval);
    check_close(test.shift.lo, 0.010, 1e-12);
    check_close(test.shift.hi, 0.786, 1e-13);
    check_close(test.achieved, 0.9609375, 1e-15);
}

/* An interval exists from six differences at 0.05, from seven at 0.05 / 3. */
static void test_smallest(void **state)
{
    static const double d[] = {1, 2, 3.5, 4.25, 5.125, 7};
    static const double seven[] = {1, 2, 3.5, 4.25, 5.125, 7, 9};
    struct doubt_rank_test test;

    (void)state;
    check_ok(doubt_signed_rank(d, 5, 0.05, &test, err));
    assert_false(test.has_interval);
    check_close(test.achieved, 0, 0);
    check_ok(doubt_signed_rank(d, 6, 0.05, &test, err));
    assert_true(test.has_interval);
    check_close(test.shift.lo, 1, 0);
    check_close(test.shift.hi, 7, 0);
    check_close(test.achieved, 1 - 2.0 / 64, 1e-15);
    check_ok(doubt_signed_rank(d, 6, 0.05 / 3, &test, err));
    assert_false(test.has_interval);
    check_ok(doubt_signed_rank(seven, 7, 0.05 / 3, &test, err));
    assert_true(test.has_interval);
}

/* Ties and zeros leave the exact distribution; values from R's wilcox.test. */
static void test_ties(void **state)
{
    static const double d[] = {1, 1, -1, 2, 0, 3, -2, 4, 5, 0};
    struct doubt_rank_test test;

    (void)state;
    check_ok(doubt_signed_rank(d, 10, 0.05, &test, err));
    assert_false(test.exact);
    check_close(test.statistic, 29.5, 0);
    check_close(test.p_two_sided, 0.1211813885854261, 1e-12);
    check_close(test.p_greater, 0.06059069429271303, 1e-12);
    check_close(test.p_less, 0.9545556073771365, 1e-12);
}

/* Above 200 differences the ranks come from the normal law, and the two agree at the border. */
static void test_large(void **state)
{
    double d[201];
    struct doubt_rank_test exact, normal;
    int i;

    (void)state;
    for (i = 0; i < 201; i++)
        d[i] = sin(i * 1.7) + 0.2 + i * 1e-4;
    check_ok(doubt_signed_rank(d, 200, 0.05, &exact, err));
    check_ok(doubt_signed_rank(d, 201, 0.05, &normal, err));
    assert_true(exact.exact);
    assert_false(normal.exact);
    check_close(normal.shift.lo, exact.shift.lo, 0.1);
    check_close(normal.shift.hi, exact.shift.hi, 0.05);
    check_close(normal.achieved, 0.95, 0.001);
    check_close(exact.achieved, 0.95, 0.001);
}

static void test_permeability(void **state)
{
    static const double x[] = {.80, .83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, .73, 1.46};
    static const double y[] = {1.15, .88, .90, .74, 1.21};
    const struct doubt_two_samples data = {x, 10, y, 5};
    struct doubt_rank_test test;

    (void)state;
    check_ok(doubt_rank_sum(&data, 0.05, &test, err));
    assert_true(test.exact);
    check_close(test.statistic, 35, 0);
    check_close(test.p_greater, 0.127206127206127, 1e-14);
    check_close(test.p_two_sided, 0.254412254412254, 1e-14);
    check_close(test.shift.estimate, 0.305, 1e-13);
    check_close(test.shift.lo, -0.15, 1e-13);
    check_close(test.shift.hi, 0.76, 1e-13);
}

/* Lumley's pain scores. */
static void test_pain(void **state)
{
    static const double x[] = {1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1};
    static const double y[] = {3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4};
    const struct doubt_two_samples data = {x, 14, y, 11};
    struct doubt_brunner_munzel bm;
    struct doubt_rank_test test;

    (void)state;
    check_ok(doubt_brunner_munzel(&data, 0.05, &bm, err));
    check_close(bm.statistic, 3.1374674823029505, 1e-14);
    check_close(bm.p, 0.0057862086661515377, 1e-12);
    check_close(bm.df, 17.682841979481548, 1e-12);
    check_close(bm.share.estimate, 0.788961038961039, 1e-14);
    check_close(bm.share.lo, 0.5952169, 1e-6);
    check_close(bm.share.hi, 0.9827052, 1e-6);
    check_ok(doubt_rank_sum(&data, 0.05, &test, err));
    assert_false(test.exact);
    check_close(test.statistic, 32.5, 0);
    check_close(test.p_two_sided, 0.007740786705107, 1e-11);
}

static void test_equal(void **state)
{
    static const double same[] = {2, 2, 2, 2, 2, 2, 2}, other[] = {5, 6, 7};
    const struct doubt_two_samples data = {same, 7, same, 7}, apart = {same, 7, other, 3};
    struct doubt_brunner_munzel bm;
    struct doubt_rank_test test;

    (void)state;
    check_ok(doubt_rank_sum(&data, 0.05, &test, err));
    check_close(test.p_two_sided, 1, 0);
    check_close(test.shift.lo, 0, 0);
    check_refused(doubt_brunner_munzel(&data, 0.05, &bm, err), DOUBT_E_ARGUMENT, "do not overlap");
    check_refused(doubt_brunner_munzel(&apart, 0.05, &bm, err), DOUBT_E_ARGUMENT,
                  "do not overlap (share 1)");
}

static void test_all_zero(void **state)
{
    static const double zeros[] = {0, 0, 0, 0, 0, 0, 0};
    struct doubt_rank_test test;

    (void)state;
    check_ok(doubt_signed_rank(zeros, 7, 0.05, &test, err));
    check_close(test.p_two_sided, 1, 0);
    check_close(test.shift.estimate, 0, 0);
    assert_true(test.has_interval);
}

static void test_refusals(void **state)
{
    static const double x[] = {1, 2, NAN};
    double *many = calloc(5000, sizeof *many);
    const struct doubt_two_samples bad = {x, 3, x, 2}, none = {x, 2, x, 0}, one = {x, 1, x, 2},
                                   large = {many, 5000, many, 5000};
    struct doubt_brunner_munzel bm;
    struct doubt_rank_test test;

    (void)state;
    assert_non_null(many);
    check_refused(doubt_signed_rank(x, 0, 0.05, &test, err), DOUBT_E_ARGUMENT, "at least 1");
    check_refused(doubt_signed_rank(x, 3, 0.05, &test, err), DOUBT_E_ARGUMENT, "nan");
    check_refused(doubt_signed_rank(many, 5000, 0.05, &test, err), DOUBT_E_ARGUMENT,
                  "at most 4096");
    check_refused(doubt_rank_sum(&bad, 0.05, &test, err), DOUBT_E_ARGUMENT, "first sample");
    check_refused(doubt_rank_sum(&none, 0.05, &test, err), DOUBT_E_ARGUMENT, "second sample");
    check_refused(doubt_rank_sum(&large, 0.05, &test, err), DOUBT_E_ARGUMENT, "product");
    check_refused(doubt_brunner_munzel(&one, 0.05, &bm, err), DOUBT_E_ARGUMENT, "at least 2");
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depression),   cmocka_unit_test(test_smallest),
        cmocka_unit_test(test_ties),         cmocka_unit_test(test_large),
        cmocka_unit_test(test_permeability), cmocka_unit_test(test_pain),
        cmocka_unit_test(test_equal),        cmocka_unit_test(test_all_zero),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

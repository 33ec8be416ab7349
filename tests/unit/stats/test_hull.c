/* test_hull.c: the interval over restarts. */
#include "check.h"
#include "util/rng.h"

/* The formula with cbrt(...) - 1 over 2 beta, straight from its source. */
static double plain_transform(double x, double beta)
{
    return (cbrt(1 + 6 * beta * (x - beta)) - 1) / (2 * beta);
}

static void test_formula(void **state)
{
    static const double y[] = {10, 10.2, 10.1, 10.4, 11.9, 10.3, 10.05, 10.6};
    struct doubt_interval interval;
    struct doubt_moments m;
    double q = 0, g, beta, se;

    (void)state;
    check_ok(doubt_moments(y, 8, &m, err));
    check_ok(doubt_t_quantile(0.975, 7, &q, err));
    check_ok(doubt_hull_interval(y, 8, 0.05, &interval, err));
    g = sqrt(8 * 7) / 6 * m.m3 / pow(m.m2, 1.5);
    beta = g / (6 * sqrt(8));
    se = sqrt(m.variance / 8);
    assert_true(g > 1); /* long upper tail: the upper end is Hall's, the lower one Student's */
    check_close(interval.estimate, m.mean, 1e-15);
    check_close(interval.lo, m.mean - q * se, 1e-14);
    check_close(interval.hi, m.mean - plain_transform(-q, beta) * se, 1e-13);
}

static void test_mirror(void **state)
{
    static const double y[] = {1, 2, 2.5, 7, 1.5}, minus[] = {-1, -2, -2.5, -7, -1.5};
    struct doubt_interval a, b;

    (void)state;
    check_ok(doubt_hull_interval(y, 5, 0.02, &a, err));
    check_ok(doubt_hull_interval(minus, 5, 0.02, &b, err));
    check_close(a.lo, -b.hi, 1e-14);
    check_close(a.hi, -b.lo, 1e-14);
}

/* Symmetric data and two values have no skewness: Student's t. */
static void test_symmetric(void **state)
{
    static const double y[] = {3, 5, 4, 6, 2}, two[] = {1, 3};
    struct doubt_interval interval;
    double q = 0;

    (void)state;
    check_ok(doubt_hull_interval(y, 5, 0.05, &interval, err));
    check_ok(doubt_t_quantile(0.975, 4, &q, err));
    check_close(interval.hi, 4 + q * sqrt(2.5 / 5), 1e-14);
    check_close(interval.lo, 4 - q * sqrt(2.5 / 5), 1e-14);
    check_ok(doubt_hull_interval(two, 2, 0.05, &interval, err));
    check_close(interval.hi, 2 + 12.706204736174704646, 1e-13);
}

static void test_all_equal(void **state)
{
    double y[20];
    struct doubt_interval interval;
    int i;

    (void)state;
    for (i = 0; i < 20; i++)
        y[i] = 0.1;
    check_ok(doubt_hull_interval(y, 20, 0.05, &interval, err));
    check_close(interval.lo, 0.1, 0);
    check_close(interval.hi, 0.1, 0);
    check_close(interval.estimate, 0.1, 0);
}

/* Known coverage of the exponential distribution, R = 20: hull 0.957, t 0.92. Seeded, so that the
 * counts are the same on every machine. */
static void test_coverage(void **state)
{
    struct doubt_rng rng;
    int hull = 0, student = 0, i, k;

    (void)state;
    doubt_rng_seed(&rng, 11);
    for (i = 0; i < 4000; i++) {
        struct doubt_interval interval;
        struct doubt_moments m;
        double y[20], reach;

        for (k = 0; k < 20; k++)
            y[k] = -log(1 - doubt_rng_uniform(&rng));
        check_ok(doubt_hull_interval(y, 20, 0.05, &interval, err));
        check_ok(doubt_moments(y, 20, &m, err));
        reach = 2.0930240544083097692 * sqrt(m.variance / 20);
        hull += interval.lo <= 1 && 1 <= interval.hi;
        student += fabs(m.mean - 1) <= reach;
    }
    /* four standard errors around the known figures */
    assert_in_range(hull, 3776, 3880);
    assert_in_range(student, 3590, 3745);
}

static void test_refusals(void **state)
{
    static const double y[] = {1, 2, NAN};
    struct doubt_interval interval;

    (void)state;
    check_refused(doubt_hull_interval(y, 1, 0.05, &interval, err), DOUBT_E_ARGUMENT, "at least 2");
    check_refused(doubt_hull_interval(y, 3, 0.05, &interval, err), DOUBT_E_ARGUMENT, "nan");
    check_refused(doubt_hull_interval(y, 2, 1, &interval, err), DOUBT_E_ARGUMENT, "error level 1");
    check_refused(doubt_hull_interval(y, 2, NAN, &interval, err), DOUBT_E_ARGUMENT, "error level");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formula),   cmocka_unit_test(test_mirror),
        cmocka_unit_test(test_symmetric), cmocka_unit_test(test_all_equal),
        cmocka_unit_test(test_coverage),  cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

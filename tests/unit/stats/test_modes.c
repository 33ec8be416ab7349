/* test_modes.c: dip, bimodality, outliers on published series. */
#include "check.h"
#include "util/rng.h"

static void test_dip(void **state)
{
    static const struct {
        const char *name;
        double dip;
    } cases[] = {{"classic/statfaculty.txt", 0.0595238095238095},
                 {"classic/faithful.txt", 0.0923810263068759},
                 {"classic/nile.txt", 0.0272727272727273}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        size_t n;
        double *x = read_sorted(cases[i].name, &n), dip = 0;

        check_ok(doubt_dip(x, n, &dip, err));
        check_close(dip, cases[i].dip, 1e-13);
        free(x);
    }
}

/* Series of small integers with many ties, values from diptest 0.76 (R). */
static void test_dip_of_ties(void **state)
{
    static const struct {
        size_t n;
        double dip, x[40];
    } cases[] = {
        {15, 0.08431372549019607, {2, 3, 6, 7, 12, 19, 19, 19, 21, 22, 24, 24, 26, 30, 30}},
        {5, 0.1538461538461538, {11, 14, 24, 24, 25}},
        {6, 0.1666666666666667, {1, 1, 3, 3, 4, 4}},
        {26, 0.07692307692307693, {1,  5,  5,  9,  11, 12, 13, 14, 16, 16, 16, 17, 18,
                                   20, 20, 21, 22, 22, 24, 27, 28, 28, 29, 29, 30, 30}},
        {18,
         0.1212121212121212,
         {9, 9, 9, 10, 10, 12, 12, 13, 13, 19, 19, 21, 22, 22, 22, 23, 24, 26}},
        {37, 0.1486486486486487, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3,
                                  3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}},
        {13, 0.1153846153846154, {3, 3, 9, 9, 9, 13, 19, 19, 22, 23, 23, 25, 26}},
        {40, 0.1083333333333333, {7,  7,  7,  8,  8,  8,  8,  9,  9,  10, 10, 10, 10, 10,
                                  11, 11, 11, 12, 13, 15, 19, 19, 21, 22, 22, 23, 23, 24,
                                  24, 24, 24, 25, 25, 25, 26, 26, 26, 27, 29, 29}},
        {23, 0.1521739130434783, {1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2,
                                  3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4}},
        {18,
         0.06790123456790124,
         {1, 1, 2, 4, 8, 10, 11, 11, 11, 11, 12, 14, 17, 20, 24, 26, 28, 30}},
        {15, 0.107843137254902, {8, 9, 9, 9, 11, 12, 12, 18, 21, 22, 22, 23, 26, 28, 29}},
        {22, 0.1363636363636364, {1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3,
                                  3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4}},
        {21, 0.07539682539682541, {1,  1,  1,  1,  4,  6,  6,  7,  7,  11, 11,
                                   14, 14, 15, 18, 18, 19, 22, 25, 27, 29}},
        {18,
         0.1111111111111111,
         {8, 9, 9, 10, 10, 11, 11, 11, 11, 19, 20, 21, 22, 23, 27, 28, 28, 29}},
        {5, 0.1, {1, 2, 3, 3, 4}},
        {24, 0.08333333333333333, {1,  1,  2,  3,  5,  5,  5,  5,  9,  9,  10, 10,
                                   11, 11, 12, 15, 17, 18, 19, 21, 25, 25, 29, 29}},
        {27, 0.1018518518518518, {8,  8,  8,  9,  9,  10, 10, 10, 11, 12, 12, 13, 13, 14,
                                  18, 21, 22, 23, 23, 24, 24, 24, 25, 25, 27, 27, 28}},
        {36, 0.1388888888888889, {1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3,
                                  3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}},
        {16, 0.1041666666666667, {8, 11, 18, 19, 20, 20, 22, 23, 24, 24, 24, 24, 29, 29, 29, 30}},
        {8, 0.1363636363636364, {7, 9, 10, 10, 18, 20, 21, 28}},
        {40, 0.1375, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2,
                      2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}},
        {17, 0.08403361344537816, {1, 2, 4, 7, 9, 9, 11, 13, 14, 16, 16, 16, 24, 25, 26, 29, 30}},
        {24, 0.1354166666666667, {8,  8,  8,  9,  9,  10, 10, 11, 12, 12, 12, 12,
                                  20, 22, 23, 23, 23, 24, 25, 26, 27, 27, 27, 28}},
        {30, 0.15, {1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2,
                    2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4}},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        double dip = 0;

        check_ok(doubt_dip(cases[i].x, cases[i].n, &dip, err));
        check_close(dip, cases[i].dip, 1e-13);
    }
}

static void test_dip_ends(void **state)
{
    static const double one[] = {3}, equal[] = {2, 2, 2, 2}, even[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const double far[] = {0, 0, 0, 0, 1, 1, 1, 1};
    double dip = 0;

    (void)state;
    check_ok(doubt_dip(one, 1, &dip, err));
    check_close(dip, 0.5, 0);
    check_ok(doubt_dip(equal, 4, &dip, err));
    check_close(dip, 0.125, 0);
    check_ok(doubt_dip(even, 8, &dip, err));
    check_close(dip, 1.0 / 16, 0);
    check_ok(doubt_dip(far, 8, &dip, err));
    assert_true(dip <= 0.25);
}

static void test_dip_p(void **state)
{
    struct doubt_dip_test test = {63, 4000, 1};
    double p = 0;

    (void)state;
    check_ok(doubt_dip_p(0.0595238095238095, &test, &p, err));
    check_close(p, 0.0867, 0.15); /* standard error 5 % of it */
    test.n = 100;
    check_ok(doubt_dip_p(0.0272727272727273, &test, &p, err));
    check_close(p, 0.9036, 0.03);
    test.n = 272;
    check_ok(doubt_dip_p(0.0923810263068759, &test, &p, err));
    check_close(p, 1.0 / 4001, 1e-12);
    /* beyond 1,000 values the dip is scaled: its median is near 0.33 / sqrt(n) */
    test.n = 1000000;
    test.draws = 500;
    check_ok(doubt_dip_p(0.000332, &test, &p, err));
    assert_true(p > 0.2 && p < 0.8);
    check_refused(doubt_dip_p(0.3, &test, &p, err), DOUBT_E_ARGUMENT, "dip 0.3");
    test.draws = 10;
    check_refused(doubt_dip_p(0.1, &test, &p, err), DOUBT_E_ARGUMENT, "10 draws");
}

static void test_bimodality(void **state)
{
    static const double equal[] = {1, 1, 1, 1};
    size_t n;
    double *x = read_numbers("classic/faithful.txt", 1, &n), out = 0;

    (void)state;
    check_ok(doubt_bimodality(x, n, &out, err));
    check_close(out, 0.7692173, 1e-7);
    check_refused(doubt_bimodality(equal, 4, &out, err), DOUBT_E_ARGUMENT, "no shape");
    check_refused(doubt_bimodality(x, 3, &out, err), DOUBT_E_ARGUMENT, "at least 4");
    free(x);
}

static void test_outliers(void **state)
{
    size_t n;
    double *x = read_sorted("classic/rivers.txt", &n);
    struct doubt_tukey tukey;
    struct doubt_mad mad;

    (void)state;
    check_ok(doubt_tukey(x, n, &tukey, err));
    check_close(tukey.q1, 310, 0);
    check_close(tukey.q3, 680, 0);
    assert_int_equal(tukey.low, 0);
    assert_int_equal(tukey.low_severe, 0);
    assert_int_equal(tukey.high, 11);
    assert_int_equal(tukey.high_severe, 5);
    check_ok(doubt_mad(x, n, &mad, err));
    check_close(mad.median, 425, 0);
    check_close(1.4826 * mad.mad, 214.977, 1e-14);
    check_close(mad.largest_ratio, (3710 - 425) / 145.0, 1e-14);
    assert_int_equal(mad.beyond, 1); /* 3710 */
    free(x);
}

static void test_outliers_small(void **state)
{
    static const double one[] = {4}, two[] = {1, 4}, five[] = {-9, 1, 1, 1, 2};
    static const double low[] = {-100, -10, 1, 1.5, 2, 2.5, 3, 3.5, 4};
    struct doubt_tukey tukey;
    struct doubt_mad mad;

    (void)state;
    check_ok(doubt_mad(one, 1, &mad, err));
    check_close(mad.mad, 0, 0);
    check_close(mad.largest_ratio, 0, 0);
    check_ok(doubt_mad(two, 2, &mad, err));
    check_close(mad.mad, 1.5, 0);
    check_ok(doubt_mad(five, 5, &mad, err));
    check_close(mad.mad, 0, 0);
    check_close(mad.largest_ratio, INFINITY, 0);
    assert_int_equal(mad.beyond, 2);
    check_ok(doubt_tukey(low, 9, &tukey, err));
    assert_int_equal(tukey.low, 2);
    assert_int_equal(tukey.low_severe, 2);
    assert_int_equal(tukey.high, 0);
    check_refused(doubt_tukey(two, 0, &tukey, err), DOUBT_E_ARGUMENT, "at least 1");
    check_refused(doubt_mad(low + 8, 0, &mad, err), DOUBT_E_ARGUMENT, "at least 1");
}

/* Median and count by the definition, from deviations that are sorted by themselves. */
static void test_mad_by_definition(void **state)
{
    double x[300], deviations[300];
    struct doubt_rng rng;
    size_t round, n, i;

    (void)state;
    doubt_rng_seed(&rng, 11);
    for (round = 0; round < 2000; round++) {
        const double spread = round % 3 ? 1e6 : 4; /* the latter: many equal values */
        struct doubt_mad mad;
        double middle;
        size_t beyond = 0;

        n = 1 + (size_t)doubt_rng_below(&rng, COUNT(x));
        for (i = 0; i < n; i++) {
            const double u = doubt_rng_uniform(&rng);

            x[i] = floor(spread * (u < 0.02 ? 50 * u - 500 : u * u));
        }
        check_ok(doubt_sort(x, n, err));
        check_ok(doubt_mad(x, n, &mad, err));
        check_close(mad.median, 0.5 * (x[(n - 1) / 2] + x[n / 2]), 0);
        for (i = 0; i < n; i++)
            deviations[i] = fabs(x[i] - mad.median);
        check_ok(doubt_sort(deviations, n, err));
        middle = n % 2 ? deviations[n / 2] : 0.5 * (deviations[n / 2 - 1] + deviations[n / 2]);
        check_close(mad.mad, middle, 0);
        for (i = 0; i < n; i++)
            beyond += deviations[i] > 14.826 * middle;
        assert_int_equal(mad.beyond, beyond);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dip),
        cmocka_unit_test(test_dip_of_ties),
        cmocka_unit_test(test_dip_ends),
        cmocka_unit_test(test_dip_p),
        cmocka_unit_test(test_bimodality),
        cmocka_unit_test(test_outliers),
        cmocka_unit_test(test_outliers_small),
        cmocka_unit_test(test_mad_by_definition),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

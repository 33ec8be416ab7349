/* test_quantile.c: sorting and sample quantiles. */
#include "check.h"
#include "util/rng.h"

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* One value of each of several kinds of data. */
static double draw(struct doubt_rng *rng, int kind)
{
    const double u = doubt_rng_uniform(rng);

    switch (kind) {
    case 0:
        return u;
    case 1:
        return floor(27812800 * (1 + 0.02 * u)); /* nanoseconds */
    case 2:
        return (double)doubt_rng_below(rng, 3);
    case 3:
        return (u - 0.5) * pow(10, 600 * doubt_rng_uniform(rng) - 300);
    case 4:
        return -floor(1e7 * u); /* alike in their low bits, and below zero */
    case 5:
        return 4096 * floor(1e12 * u);
    default:
        return u < 0.01 ? -INFINITY : u > 0.99 ? INFINITY : u < 0.5 ? -0.0 : 0.0;
    }
}

static void test_sort(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 33, 511, 512, 513, 5000, 100000};
    struct doubt_rng rng;
    size_t i, k;
    int kind;

    (void)state;
    doubt_rng_seed(&rng, 7);
    for (i = 0; i < COUNT(sizes); i++)
        for (kind = 0; kind < 7; kind++) {
            const size_t n = sizes[i];
            double *x = malloc((n + 1) * sizeof *x), *y = malloc((n + 1) * sizeof *y);

            assert_non_null(x);
            assert_non_null(y);
            for (k = 0; k < n; k++)
                x[k] = y[k] = draw(&rng, kind);
            check_ok(doubt_sort(x, n, err));
            qsort(y, n, sizeof *y, compare);
            for (k = 0; k < n; k++)
                assert_true(x[k] == y[k]);
            free(x);
            free(y);
        }
}

static void test_rivers(void **state)
{
    size_t n;
    double *x = read_sorted("classic/rivers.txt", &n), q = 0;

    (void)state;
    assert_int_equal(n, 141);
    check_ok(doubt_quantile1(x, n, 0.9, &q, err));
    check_close(q, 1054, 0);
    check_ok(doubt_quantile7(x, n, 0.9, &q, err));
    check_close(q, 1054, 1e-14);
    check_ok(doubt_quantile1(x, n, 0.99, &q, err));
    check_close(q, 2533, 0);
    check_ok(doubt_quantile7(x, n, 0.99, &q, err));
    check_close(q, 2459, 1e-14);
    check_ok(doubt_quantile_harrell_davis(x, n, 0.5, &q, err));
    check_close(q, 427.660157151946, 1e-12);
    check_ok(doubt_quantile_harrell_davis(x, n, 0.9, &q, err));
    check_close(q, 1101.31084937679, 1e-12);
    check_ok(doubt_quantile_harrell_davis(x, n, 0.99, &q, err));
    check_close(q, 3005.90485690423, 1e-12);
    free(x);
}

static void test_harrell_davis_and_maritz_jarrett(void **state)
{
    static const double x[] = {77,  87,  88,  114, 151, 210, 219, 246,  253, 262,
                               296, 299, 306, 376, 428, 515, 666, 1310, 2611};
    static const double expected[][2] = {{0.1, 93.3048236720498},   {0.25, 163.0989328168668},
                                         {0.5, 271.7212005490891},  {0.75, 477.0180425465107},
                                         {0.9, 1367.9153562863194}, {0.99, 2540.5109579442196}};
    static const double errors[][2] = {{0.25, 55.76819}, {0.5, 45.84028}, {0.75, 198.87875}};
    size_t i;
    double q = 0;

    (void)state;
    for (i = 0; i < COUNT(expected); i++) {
        check_ok(doubt_quantile_harrell_davis(x, 19, expected[i][0], &q, err));
        check_close(q, expected[i][1], 1e-12);
    }
    for (i = 0; i < COUNT(errors); i++) {
        check_ok(doubt_maritz_jarrett(x, 19, errors[i][0], &q, err));
        check_close(q, errors[i][1], 1e-6);
    }
    check_refused(doubt_maritz_jarrett(x, 19, 0.99, &q, err), DOUBT_E_ARGUMENT, "too near the end");
    check_refused(doubt_maritz_jarrett(x, 19, 0.01, &q, err), DOUBT_E_ARGUMENT, "too near the end");
}

/* On equally spaced values the estimate is known: sum w_i i = n E[B] + 1/2 but for the ends, and
 * the large-sample ways of summing must agree with it. */
static void test_harrell_davis_large(void **state)
{
    static const size_t sizes[] = {1999, 2001, 20000, 300000};
    static const double ps[] = {0.5, 0.9, 0.99, 0.999};
    double *x = malloc(300000 * sizeof *x), q = 0;
    size_t i, j;

    (void)state;
    assert_non_null(x);
    for (i = 0; i < 300000; i++)
        x[i] = (double)(i + 1);
    for (i = 0; i < COUNT(sizes); i++)
        for (j = 0; j < COUNT(ps) && (double)sizes[i] * (1 - ps[j]) > 15; j++) {
            check_ok(doubt_quantile_harrell_davis(x, sizes[i], ps[j], &q, err));
            check_close(q, (double)sizes[i] * ps[j] + 0.5, 1e-9);
            check_ok(doubt_maritz_jarrett(x, sizes[i], ps[j], &q, err));
            check_close(q, sqrt((double)sizes[i] * ps[j] * (1 - ps[j])), 0.02);
        }
    free(x);
}

/* 0.07 of 100 values is 7 of them, though 100 * 0.07 is more in doubles. */
static void test_ranks_are_decimal(void **state)
{
    double x[1000], q = 0;
    int i, k;

    (void)state;
    for (i = 0; i < 1000; i++)
        x[i] = i + 1;
    for (k = 1; k <= 100; k++) {
        check_ok(doubt_quantile1(x, 100, k / 100.0, &q, err));
        check_close(q, k, 0);
        check_ok(doubt_quantile1(x, 1000, k / 1000.0, &q, err));
        check_close(q, k, 0);
    }
    check_ok(doubt_quantile1(x, 1000, 1.0 / 3, &q, err));
    check_close(q, 334, 0);
    check_ok(doubt_quantile1(x, 999, 1.0 / 3, &q, err));
    check_close(q, 333, 0);
    check_ok(doubt_quantile1(x, 10, 0, &q, err));
    check_close(q, 1, 0);
    check_ok(doubt_quantile7(x, 10, 1, &q, err));
    check_close(q, 10, 0);
    check_ok(doubt_quantile7(x, 1, 0.3, &q, err));
    check_close(q, 1, 0);
}

static void test_refusals(void **state)
{
    double x[] = {1, 2, NAN}, down[] = {3, 2, 1}, infinite[] = {1, INFINITY}, q = 0;

    (void)state;
    check_refused(doubt_sort(x, 3, err), DOUBT_E_ARGUMENT, "value 3 of 3 is NaN");
    check_refused(doubt_quantile7(x, 0, 0.5, &q, err), DOUBT_E_ARGUMENT, "no values");
    check_refused(doubt_quantile7(x, 2, 1.1, &q, err), DOUBT_E_ARGUMENT, "1.1");
    check_refused(doubt_quantile7(down, 3, 0.5, &q, err), DOUBT_E_ARGUMENT, "sorted");
    check_refused(doubt_quantile1(infinite, 2, 0.5, &q, err), DOUBT_E_ARGUMENT, "finite");
    check_refused(doubt_quantile1(x, 2, NAN, &q, err), DOUBT_E_ARGUMENT, "nan");
    check_refused(doubt_quantile_harrell_davis(down, 3, 0.5, &q, err), DOUBT_E_ARGUMENT,
                  "sort them first");
    check_refused(doubt_quantile_harrell_davis(x, 2, 1, &q, err), DOUBT_E_ARGUMENT, "percentile 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_rivers),
        cmocka_unit_test(test_harrell_davis_and_maritz_jarrett),
        cmocka_unit_test(test_harrell_davis_large),
        cmocka_unit_test(test_ranks_are_decimal),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

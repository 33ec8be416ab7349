/* test_rmath.c: the special functions beside R's own library, over a seeded grid.
 *
 * libRmath is linked by this test only. R's quantiles are good to about 1e-12 themselves, and it
 * gives up digits in far tails, so the grid stays where R is to be trusted.
 */
#include "check.h"
#include "util/rng.h"
#define MATHLIB_STANDALONE
#include <Rmath.h>

enum { POINTS = 4000 };

static double between(struct doubt_rng *rng, double lo, double hi)
{
    return lo + (hi - lo) * doubt_rng_uniform(rng);
}

static void test_normal(void **state)
{
    struct doubt_rng rng;
    int i;

    (void)state;
    doubt_rng_seed(&rng, 1);
    for (i = 0; i < POINTS; i++) {
        const double p = pow(10, between(&rng, -300, -0.31)), x = between(&rng, -37, 8);
        double q = 0, c = 0;

        check_ok(doubt_normal_quantile(p, &q, err));
        check_close(q, qnorm(p, 0, 1, 1, 0), 2e-13);
        check_ok(doubt_normal_cdf(x, &c, err));
        check_close(c, pnorm(x, 0, 1, 1, 0), 1e-12);
    }
}

static void test_student(void **state)
{
    struct doubt_rng rng;
    int i;

    (void)state;
    doubt_rng_seed(&rng, 2);
    for (i = 0; i < POINTS; i++) {
        const double p = pow(10, between(&rng, -10, -0.31));
        const double df = pow(10, between(&rng, 0, 9)), t = between(&rng, -8, 8);
        double q = 0, c = 0;

        check_ok(doubt_t_quantile(p, df, &q, err));
        check_close(q, qt(p, df, 1, 0), 1e-11);
        check_ok(doubt_t_cdf(t, df, &c, err));
        check_close(c, pt(t, df, 1, 0), 1e-11);
    }
}

static void test_beta(void **state)
{
    struct doubt_rng rng;
    int i;

    (void)state;
    doubt_rng_seed(&rng, 3);
    for (i = 0; i < POINTS; i++) {
        const double a = pow(10, between(&rng, -1, 6)), b = pow(10, between(&rng, -1, 6));
        const double mean = a / (a + b), sd = sqrt(mean * (1 - mean) / (a + b + 1));
        const double x = fmin(1, fmax(0, mean + between(&rng, -6, 6) * sd));
        const double p = between(&rng, 0.001, 0.999);
        double q = 0, c = 0;

        check_ok(doubt_beta_cdf(x, a, b, &c, err));
        if (c > 1e-280)
            check_close(c, pbeta(x, a, b, 1, 0), 1e-11);
        check_ok(doubt_beta_quantile(p, a, b, &q, err));
        if (q > 1e-280 && q < 1)
            check_close(q, qbeta(p, a, b, 1, 0), 1e-11);
    }
}

static void test_signed_rank(void **state)
{
    double d[40];
    int n, i, k;

    (void)state;
    for (n = 6; n <= 40; n++)
        for (k = 0; k < 8; k++) {
            struct doubt_rank_test test;
            double v = 0;

            for (i = 0; i < n; i++) {
                d[i] = (i * 7 + k * 3) % 11 < 3 + k ? i + 1 : -(i + 1);
                v += d[i] > 0 ? d[i] : 0;
            }
            check_ok(doubt_signed_rank(d, (size_t)n, 0.05, &test, err));
            assert_true(test.exact);
            check_close(test.statistic, v, 0);
            check_close(test.p_less, psignrank(v, n, 1, 0), 1e-13);
            check_close(test.p_greater, psignrank(v - 1, n, 0, 0), 1e-13);
            check_close(test.achieved,
                        1 - 2 * psignrank(fmax(1, qsignrank(0.025, n, 1, 0)) - 1, n, 1, 0), 1e-13);
        }
}

static void test_rank_sum(void **state)
{
    double x[48], y[48];
    size_t nx, ny, i;

    (void)state;
    for (nx = 2; nx <= 48; nx += 5)
        for (ny = 3; ny <= 48; ny += 9) {
            const struct doubt_two_samples data = {x, nx, y, ny};
            struct doubt_rank_test test;
            double w = 0;
            size_t j;

            for (i = 0; i < nx; i++)
                x[i] = (double)(2 * i * ny) + 1;
            for (j = 0; j < ny; j++)
                y[j] = (double)(2 * j * nx) + (double)(2 * nx);
            for (i = 0; i < nx; i++)
                for (j = 0; j < ny; j++)
                    w += x[i] > y[j];
            check_ok(doubt_rank_sum(&data, 0.05, &test, err));
            assert_true(test.exact);
            check_close(test.statistic, w, 0);
            check_close(test.p_less, pwilcox(w, (double)nx, (double)ny, 1, 0), 1e-12);
            check_close(test.p_greater, pwilcox(w - 1, (double)nx, (double)ny, 0, 0), 1e-12);
        }
    wilcox_free();
}

static void test_order_ranks(void **state)
{
    static double values[20000];
    static const double ps[] = {0.5, 0.9, 0.95, 0.99, 0.999};
    size_t n, i;

    (void)state;
    for (i = 0; i < COUNT(values); i++)
        values[i] = (double)i;
    for (n = 10; n <= COUNT(values); n = n * 3 / 2)
        for (i = 0; i < COUNT(ps); i++) {
            const double size = (double)n, p = ps[i];
            struct doubt_order_interval interval;

            check_ok(doubt_order_interval(values, n, at(p, 0.05), &interval, err));
            check_close((double)interval.lo_rank, qbinom(0.025, size, p, 1, 0), 0);
            check_close((double)interval.hi_rank, qbinom(0.975, size, p, 1, 0) + 1, 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_normal),   cmocka_unit_test(test_student),
        cmocka_unit_test(test_beta),     cmocka_unit_test(test_signed_rank),
        cmocka_unit_test(test_rank_sum), cmocka_unit_test(test_order_ranks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

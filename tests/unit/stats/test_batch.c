/* test_batch.c: batch means and effective size of one run. */
#include "check.h"
#include "util/rng.h"

static double normal(struct doubt_rng *rng)
{
    double z = 0;

    check_ok(doubt_normal_quantile((doubt_rng_uniform(rng) + 0x1p-54), &z, err));
    return z;
}

/* AR(1) with marginal sd 1 and mean 10, stationary from the start. */
static void autoregression(struct doubt_rng *rng, double phi, double *x, size_t n)
{
    double state = normal(rng);
    size_t i;

    for (i = 0; i < n; i++) {
        x[i] = 10 + state;
        state = phi * state + sqrt(1 - phi * phi) * normal(rng);
    }
}

/* Three batches of two, by hand: means 1.5, 3.5, 8.5; the seventh value is dropped. */
static void test_by_hand(void **state)
{
    static const double x[] = {1, 2, 3, 4, 7, 10, 1000};
    struct doubt_batch_means means;
    const double spread = 13.0, r = ((-3.0 * -1.0) + (-1.0 * 4.0)) / 26.0;

    (void)state;
    check_ok(doubt_batch_means(x, 7, 3, 0.05, &means, err));
    check_close(means.mean, 4.5, 1e-15);
    check_close(means.r1, r, 1e-14);
    check_close(means.long_run_variance, 2 * spread, 1e-14); /* r < 0: no correction */
    check_close(means.n_eff, 6 * (57.5 / 5) / 26, 1e-14);
    check_close(means.half_width, 4.3026527297494638523 * sqrt(26.0 / 6), 1e-13);
}

static void test_correction(void **state)
{
    double x[60];
    struct doubt_batch_means means;
    double expected;
    int i;

    (void)state;
    for (i = 0; i < 60; i++)
        x[i] = i / 10; /* a ramp of six steps: batch means are strongly correlated */
    check_ok(doubt_batch_means(x, 60, 6, 0.05, &means, err));
    check_close(means.r1, 0.5, 1e-14);
    expected = 10 * 3.5 * 3;
    check_close(means.long_run_variance, expected, 1e-14);
}

/* V of AR(1) is (1 + phi) / (1 - phi), and the interval covers although the naive one does not. */
static void test_autoregression(void **state)
{
    double *x = malloc(1000 * sizeof *x);
    struct doubt_rng rng;
    int covered = 0, naive = 0, i;
    double mean_size = 0;

    (void)state;
    assert_non_null(x);
    doubt_rng_seed(&rng, 21);
    for (i = 0; i < 1000; i++) {
        struct doubt_batch_means means;
        struct doubt_moments moments;
        double size = 0;

        autoregression(&rng, 0.5, x, 1000);
        check_ok(doubt_batch_means(x, 1000, 20, 0.05, &means, err));
        check_ok(doubt_moments(x, 1000, &moments, err));
        check_ok(doubt_effective_size(x, 1000, &size, err));
        covered += fabs(means.mean - 10) <= means.half_width;
        naive += fabs(moments.mean - 10) <= 1.96 * sqrt(moments.variance / 1000);
        mean_size += size / 1000;
    }
    assert_in_range(covered, 935, 985);        /* 0.957 */
    assert_in_range(naive, 695, 790);          /* 0.742 */
    assert_in_range((int)mean_size, 310, 360); /* 1000 / 3 */
    free(x);
}

static void test_effective_size(void **state)
{
    const size_t n = 400000;
    double *x = malloc(n * sizeof *x), size = 0;
    struct doubt_rng rng;
    size_t i;

    (void)state;
    assert_non_null(x);
    doubt_rng_seed(&rng, 22);
    autoregression(&rng, 0.9, x, n);
    check_ok(doubt_effective_size(x, n, &size, err));
    check_close(size, (double)n / 19, 0.1);
    autoregression(&rng, 0, x, n);
    check_ok(doubt_effective_size(x, n, &size, err));
    check_close(size, (double)n, 0.1);
    for (i = 0; i < n; i++)
        x[i] = 3;
    check_ok(doubt_effective_size(x, 1000, &size, err));
    check_close(size, 1000, 0);
    free(x);
}

static void test_constant(void **state)
{
    double x[100];
    struct doubt_batch_means means;
    int i;

    (void)state;
    for (i = 0; i < 100; i++)
        x[i] = 0.3;
    check_ok(doubt_batch_means(x, 100, 20, 0.05, &means, err));
    check_close(means.mean, 0.3, 0);
    check_close(means.long_run_variance, 0, 0);
    check_close(means.half_width, 0, 0);
    check_close(means.n_eff, 100, 0);
}

static void test_refusals(void **state)
{
    static const double x[] = {1, 2, 3, 4, 5, INFINITY};
    struct doubt_batch_means means;
    double out;

    (void)state;
    check_refused(doubt_batch_means(x, 5, 2, 0.05, &means, err), DOUBT_E_ARGUMENT, "2 batches");
    check_refused(doubt_batch_means(x, 5, 3, 0.05, &means, err), DOUBT_E_ARGUMENT, "5 values");
    check_refused(doubt_batch_means(x, 6, 3, 0.05, &means, err), DOUBT_E_ARGUMENT, "value 6");
    check_refused(doubt_batch_means(x, 6, 3, 0, &means, err), DOUBT_E_ARGUMENT, "error level");
    check_refused(doubt_batch_means(x, 0, 0, 0.05, &means, err), DOUBT_E_ARGUMENT, "0 batches");
    check_refused(doubt_effective_size(x, 3, &out, err), DOUBT_E_ARGUMENT, "at least 4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),        cmocka_unit_test(test_correction),
        cmocka_unit_test(test_autoregression), cmocka_unit_test(test_effective_size),
        cmocka_unit_test(test_constant),       cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_share.c: intervals for shares and percentiles. */
#include "check.h"
#include "util/rng.h"

static void test_clopper_pearson(void **state)
{
    struct doubt_interval interval;
    double upper = 0;

    (void)state;
    check_ok(doubt_clopper_pearson(10, 1000, 0.05, &interval, err));
    check_close(interval.lo, 0.00480551069104931, 1e-12);
    check_close(interval.hi, 0.0183132430551124, 1e-12);
    check_close(interval.estimate, 0.01, 1e-15);
    check_ok(doubt_clopper_pearson(0, 59, 0.1, &interval, err)); /* one-sided 95 % */
    check_close(interval.lo, 0, 0);
    check_close(interval.hi, 0.0495076098882269, 1e-12);
    check_ok(doubt_clopper_pearson(59, 59, 0.1, &interval, err));
    check_close(interval.lo, 1 - 0.0495076098882269, 1e-12);
    check_close(interval.hi, 1, 0);
    check_ok(doubt_beta_quantile(0.95, 1, 59, &upper, err));
    check_close(upper, 0.0495076098882269, 1e-12);
}

/* The smallest n with an interval, and the ranks for some percentiles. */
static void test_order_statistics(void **state)
{
    static const struct {
        size_t n;
        double p;
        size_t lo, hi;
        double coverage;
    } cases[] = {{100, 0.5, 40, 61, 0.9648},
                 {1000, 0.9, 881, 919, 0.9549},
                 {1000, 0.99, 983, 997, 0.9761},
                 {10000, 0.99, 9880, 9920, 0.9558}};
    static const struct {
        double p;
        size_t n;
    } smallest[] = {{0.5, 6}, {0.9, 36}, {0.95, 72}, {0.99, 368}, {0.999, 3688}};
    static double x[10000];
    struct doubt_order_interval interval;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(x); i++)
        x[i] = (double)(i + 1);
    for (i = 0; i < COUNT(cases); i++) {
        check_ok(doubt_order_interval(x, cases[i].n, at(cases[i].p, 0.05), &interval, err));
        assert_int_equal(interval.lo_rank, cases[i].lo);
        assert_int_equal(interval.hi_rank, cases[i].hi);
        check_close(interval.coverage, cases[i].coverage, 6e-5);
        check_close(interval.lo, (double)cases[i].lo, 0);
        check_close(interval.hi, (double)cases[i].hi, 0);
    }
    for (i = 0; i < COUNT(smallest); i++) {
        const size_t n = smallest[i].n;

        check_ok(doubt_order_interval(x, n, at(smallest[i].p, 0.05), &interval, err));
        assert_true(interval.lo_rank >= 1 && interval.hi_rank <= n);
        check_ok(doubt_order_interval(x, n - 1, at(smallest[i].p, 0.05), &interval, err));
        assert_true(interval.hi_rank > n - 1);
        check_close(interval.hi, INFINITY, 0);
    }
}

/* Wilks 1941: how many values until the extremes bound a percentile with 95 % confidence. */
static void test_wilks(void **state)
{
    static const struct {
        double p;
        double one, two;
    } cases[] = {{0.9, 29, 46}, {0.95, 59, 93}, {0.99, 299, 473}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        const double p = cases[i].p;
        double at = 0, before = 0;

        /* one-sided: share covered by the largest value is Beta(n, 1) */
        check_ok(doubt_beta_cdf(p, cases[i].one, 1, &at, err));
        check_ok(doubt_beta_cdf(p, cases[i].one - 1, 1, &before, err));
        assert_true(at <= 0.05 && before > 0.05);
        /* two-sided: between smallest and largest it is Beta(n - 1, 2) */
        check_ok(doubt_beta_cdf(p, cases[i].two - 1, 2, &at, err));
        check_ok(doubt_beta_cdf(p, cases[i].two - 2, 2, &before, err));
        assert_true(at <= 0.05 && before > 0.05);
    }
}

/* MLPerf's table of query counts: n = z^2 p (1 - p) / margin^2. */
static void test_mlperf_queries(void **state)
{
    static const double cases[][3] = {
        {0.90, 0.005, 23886}, {0.95, 0.0025, 50425}, {0.97, 0.0015, 85811}, {0.99, 0.0005, 262742}};
    double z = 0;
    size_t i;

    (void)state;
    check_ok(doubt_normal_quantile(0.995, &z, err));
    for (i = 0; i < COUNT(cases); i++) {
        const double p = cases[i][0], margin = cases[i][1];

        check_close(nearbyint(z * z * p * (1 - p) / (margin * margin)), cases[i][2], 0);
    }
}

enum { RESTARTS = 20, SAMPLES = 500 };

struct pooled {
    double values[RESTARTS][SAMPLES], sorted[RESTARTS * SAMPLES];
    const double *runs[RESTARTS];
    size_t counts[RESTARTS];
    struct doubt_pool pool;
};

/* Uniform values; each restart is moved by `effect` times a number of its own. */
static void fill(struct pooled *data, double effect, uint64_t seed)
{
    struct doubt_rng rng;
    size_t r, i;

    doubt_rng_seed(&rng, seed);
    for (r = 0; r < RESTARTS; r++) {
        const double shift = 1 + effect * doubt_rng_uniform(&rng);

        for (i = 0; i < SAMPLES; i++)
            data->sorted[r * SAMPLES + i] = data->values[r][i] = shift + doubt_rng_uniform(&rng);
        data->runs[r] = data->values[r];
        data->counts[r] = SAMPLES;
    }
    assert_int_equal(doubt_sort(data->sorted, RESTARTS * SAMPLES, NULL), DOUBT_OK);
    data->pool =
        (struct doubt_pool){data->sorted, RESTARTS * SAMPLES, data->runs, data->counts, RESTARTS};
}

static void test_pooled_percentile(void **state)
{
    struct pooled *data = malloc(sizeof *data);
    struct doubt_pooled_percentile pooled;
    struct doubt_order_interval plain;

    (void)state;
    assert_non_null(data);
    fill(data, 0, 3);
    check_ok(doubt_pooled_percentile(&data->pool, at(0.9, 0.05), &pooled, err));
    check_ok(doubt_order_interval(data->sorted, data->pool.n, at(0.9, 0.05), &plain, err));
    assert_true(pooled.certified);
    assert_true(pooled.interval.lo <= pooled.interval.estimate);
    assert_true(pooled.interval.estimate <= pooled.interval.hi);
    check_close(pooled.interval.estimate, plain.estimate, 0);
    /* restarts do not matter: a little wider than the binomial interval */
    assert_true(pooled.interval.hi_rank - pooled.interval.lo_rank >= plain.hi_rank - plain.lo_rank);
    assert_true(pooled.interval.hi_rank - pooled.interval.lo_rank <
                2 * (plain.hi_rank - plain.lo_rank));
    fill(data, 1, 3);
    check_ok(doubt_pooled_percentile(&data->pool, at(0.9, 0.05), &pooled, err));
    check_ok(doubt_order_interval(data->sorted, data->pool.n, at(0.9, 0.05), &plain, err));
    /* they do: far wider, and few samples are worth anything */
    assert_true(pooled.effective_size < 0.2 * (double)data->pool.n);
    assert_true(pooled.interval.hi_rank - pooled.interval.lo_rank >
                2 * (plain.hi_rank - plain.lo_rank));
    free(data);
}

static void test_pooled_edges(void **state)
{
    struct pooled *data = malloc(sizeof *data);
    struct doubt_pooled_percentile pooled;
    size_t r, i;

    (void)state;
    assert_non_null(data);
    /* one restart has all the high values: nothing that could be certified */
    fill(data, 0, 4);
    for (i = 0; i < SAMPLES; i++)
        data->values[7][i] = 5 + (double)i;
    for (r = 0; r < RESTARTS; r++)
        memcpy(data->sorted + r * SAMPLES, data->values[r], sizeof data->values[r]);
    check_ok(doubt_sort(data->sorted, data->pool.n, err));
    check_ok(doubt_pooled_percentile(&data->pool, at(0.99, 0.05), &pooled, err));
    assert_false(pooled.certified);
    check_close(pooled.effective_restarts, 1, 1e-12);
    /* all equal: no sample above, not certified, the size is that of all samples */
    for (r = 0; r < RESTARTS; r++)
        for (i = 0; i < SAMPLES; i++)
            data->values[r][i] = data->sorted[r * SAMPLES + i] = 2;
    check_ok(doubt_pooled_percentile(&data->pool, at(0.99, 0.05), &pooled, err));
    assert_false(pooled.certified);
    check_close(pooled.interval.lo, 2, 0);
    check_close(pooled.effective_restarts, 0, 0);
    /* few samples: the ends are open */
    data->pool.restarts = 2;
    data->pool.n = 10;
    data->counts[0] = 4;
    data->counts[1] = 6;
    check_ok(doubt_pooled_percentile(&data->pool, at(0.9, 0.05), &pooled, err));
    check_close(pooled.interval.hi, INFINITY, 0);
    check_ok(doubt_pooled_percentile(&data->pool, at(0.1, 0.05), &pooled, err));
    assert_int_equal(pooled.interval.lo_rank, 0);
    check_close(pooled.interval.lo, -INFINITY, 0);
    data->pool.n = 9;
    check_refused(doubt_pooled_percentile(&data->pool, at(0.9, 0.05), &pooled, err),
                  DOUBT_E_ARGUMENT, "10 samples in all, 9 sorted");
    data->counts[1] = 0;
    check_refused(doubt_pooled_percentile(&data->pool, at(0.9, 0.05), &pooled, err),
                  DOUBT_E_ARGUMENT, "restart 2 has no samples");
    data->pool.restarts = 1;
    check_refused(doubt_pooled_percentile(&data->pool, at(0.9, 0.05), &pooled, err),
                  DOUBT_E_ARGUMENT, "at least 2");
    free(data);
}

static void test_refusals(void **state)
{
    static const double x[] = {1, 2, 3};
    struct doubt_order_interval order;
    struct doubt_interval interval;

    (void)state;
    check_refused(doubt_clopper_pearson(3, 2, 0.05, &interval, err), DOUBT_E_ARGUMENT, "3 in 2");
    check_refused(doubt_clopper_pearson(1, 2, 0, &interval, err), DOUBT_E_ARGUMENT,
                  "error level 0");
    check_refused(doubt_clopper_pearson(NAN, 2, 0.05, &interval, err), DOUBT_E_ARGUMENT, "nan");
    check_refused(doubt_order_interval(x, 3, at(1, 0.05), &order, err), DOUBT_E_ARGUMENT,
                  "percentile 1");
    check_refused(doubt_order_interval(x, 3, at(0.5, 2), &order, err), DOUBT_E_ARGUMENT,
                  "error level 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clopper_pearson),
        cmocka_unit_test(test_order_statistics),
        cmocka_unit_test(test_wilks),
        cmocka_unit_test(test_mlperf_queries),
        cmocka_unit_test(test_pooled_percentile),
        cmocka_unit_test(test_pooled_edges),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

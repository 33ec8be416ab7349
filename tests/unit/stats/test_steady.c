/* test_steady.c: the warm-up cut, the halves, the classes. */
#include "check.h"
#include "util/rng.h"

/* MSER-5 by its definition, quadratic. */
static size_t slow_mser5(const double *x, size_t n)
{
    const size_t k = n / 5;
    double *z = malloc(k * sizeof *z), best = INFINITY;
    size_t best_d = 0, d, j;

    assert_non_null(z);
    for (j = 0; j < k; j++)
        z[j] = (x[5 * j] + x[5 * j + 1] + x[5 * j + 2] + x[5 * j + 3] + x[5 * j + 4]) / 5;
    for (d = 0; d + 6 <= k; d++) {
        const double left = (double)(k - d);
        double mean = 0, squares = 0;

        for (j = d; j < k; j++)
            mean += z[j] / left;
        for (j = d; j < k; j++)
            squares += (z[j] - mean) * (z[j] - mean);
        if (squares / (left * left) < best) {
            best = squares / (left * left);
            best_d = d;
        }
    }
    free(z);
    return 5 * best_d;
}

static void test_mser5(void **state)
{
    static const size_t sizes[] = {30, 31, 34, 100, 599, 1000};
    double x[1000];
    struct doubt_rng rng;
    size_t i, j, cut;
    int kind;

    (void)state;
    doubt_rng_seed(&rng, 5);
    for (j = 0; j < COUNT(sizes); j++)
        for (kind = 0; kind < 30; kind++) {
            for (i = 0; i < sizes[j]; i++)
                x[i] = 1e6 * (1 + 0.01 * doubt_rng_uniform(&rng) +
                              (kind % 3 ? 0.5 * exp(-(double)i / (3 * kind + 1.0)) : 0));
            check_ok(doubt_mser5(x, sizes[j], &cut, err));
            assert_int_equal(cut, slow_mser5(x, sizes[j]));
        }
}

static void test_mser5_obvious(void **state)
{
    double x[200];
    size_t cut = 9, i;

    (void)state;
    for (i = 0; i < 200; i++)
        x[i] = 4;
    check_ok(doubt_mser5(x, 200, &cut, err));
    assert_int_equal(cut, 0); /* the first minimum counts */
    for (i = 0; i < 12; i++)
        x[i] = 8;
    check_ok(doubt_mser5(x, 200, &cut, err));
    assert_int_equal(cut, 15); /* 12 slow ones, in whole batches */
    check_refused(doubt_mser5(x, 29, &cut, err), DOUBT_E_ARGUMENT, "at least 30");
}

static void test_halves(void **state)
{
    static const double odd[] = {1, 2, 100, 5, 8}, even[] = {1, 2, 5, 8};
    static const double zero[] = {0, 0, 0}, same[] = {1, 1, 1}, drift[] = {1, 1.1, 0.9, 1.05};
    static const double level[] = {-1, 1.2, 0.4, -0.9, 0.1};
    double d = 0;
    bool steady = false;

    (void)state;
    check_ok(doubt_half_difference(odd, 5, &d, err));
    check_close(d, 5, 1e-15);
    check_ok(doubt_half_difference(even, 4, &d, err));
    check_close(d, 5, 1e-15);
    check_ok(doubt_halves_steady(zero, 3, &steady, err));
    assert_true(steady);
    check_ok(doubt_halves_steady(same, 3, &steady, err));
    assert_false(steady);
    check_ok(doubt_halves_steady(drift, 4, &steady, err));
    assert_false(steady);
    check_ok(doubt_halves_steady(level, 5, &steady, err));
    assert_true(steady);
    check_refused(doubt_half_difference(odd, 1, &d, err), DOUBT_E_ARGUMENT, "at least 2");
    check_refused(doubt_halves_steady(zero, 1, &steady, err), DOUBT_E_ARGUMENT, "at least 2");
}

/* tau = t_{0.995, R - 1} is the border. */
static void test_halves_border(void **state)
{
    const double half = 9.9248432009182931147 * 1 / sqrt(3); /* sd 1, R = 3 */
    double d[3];
    bool steady;

    (void)state;
    d[0] = half * 0.999999 - 1;
    d[1] = half * 0.999999;
    d[2] = half * 0.999999 + 1;
    check_ok(doubt_halves_steady(d, 3, &steady, err));
    assert_true(steady);
    d[0] = half * 1.000001 - 1;
    d[1] = half * 1.000001;
    d[2] = half * 1.000001 + 1;
    check_ok(doubt_halves_steady(d, 3, &steady, err));
    assert_false(steady);
}

static void test_classes(void **state)
{
    struct doubt_warmup w;
    double slow[100], fast[100];
    int i;

    (void)state;
    for (i = 0; i < 100; i++) {
        slow[i] = i < 10 ? 2 : 1;
        fast[i] = i < 10 ? 0.5 : 1;
    }
    w = (struct doubt_warmup){.cut = 0, .steady = true};
    check_ok(doubt_warmup_classify(slow, 100, &w, err));
    assert_string_equal(doubt_warmup_name(w.kind), "flat");
    w = (struct doubt_warmup){.cut = 10, .steady = true};
    check_ok(doubt_warmup_classify(slow, 100, &w, err));
    assert_string_equal(doubt_warmup_name(w.kind), "warm-up");
    w = (struct doubt_warmup){.cut = 10, .steady = true};
    check_ok(doubt_warmup_classify(fast, 100, &w, err));
    assert_string_equal(doubt_warmup_name(w.kind), "slowdown");
    w = (struct doubt_warmup){.cut = 5, .steady = true};
    check_ok(doubt_warmup_classify(fast, 100, &w, err));
    assert_string_equal(doubt_warmup_name(w.kind), "flat");
    w = (struct doubt_warmup){.cut = 26, .steady = true};
    check_ok(doubt_warmup_classify(slow, 100, &w, err));
    assert_string_equal(doubt_warmup_name(w.kind), "no steady state");
    w = (struct doubt_warmup){.cut = 10, .steady = false};
    check_ok(doubt_warmup_classify(slow, 100, &w, err));
    assert_string_equal(doubt_warmup_name(w.kind), "no steady state");
    w.cut = 100;
    check_refused(doubt_warmup_classify(slow, 100, &w, err), DOUBT_E_ARGUMENT, "100 of 100");
    assert_string_equal(doubt_warmup_name((enum doubt_warmup_class)9), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mser5),   cmocka_unit_test(test_mser5_obvious),
        cmocka_unit_test(test_halves),  cmocka_unit_test(test_halves_border),
        cmocka_unit_test(test_classes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

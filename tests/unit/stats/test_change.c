/* test_change.c: change points against plain dynamic programming and a known series. */
#include "check.h"
#include "util/rng.h"

enum { MOST = 300 };

/* The same optimum without pruning, from the definition. */
static double exhaustive(const double *x, size_t n, double penalty, double floor_value,
                         size_t *points, size_t *count)
{
    double best[MOST + 1];
    size_t last[MOST + 1] = {0}, t, s, i;

    best[0] = -penalty;
    best[1] = INFINITY;
    for (t = 2; t <= n; t++) {
        best[t] = INFINITY;
        for (s = 0; s + 2 <= t; s++) {
            const double length = (double)(t - s);
            double mean = 0, square = 0, value;

            for (i = s; i < t; i++)
                mean += x[i] / length;
            for (i = s; i < t; i++)
                square += (x[i] - mean) * (x[i] - mean) / length;
            value =
                best[s] + penalty + length * (log(2 * M_PI) + log(fmax(square, floor_value)) + 1);
            if (value < best[t]) {
                best[t] = value;
                last[t] = s;
            }
        }
    }
    *count = 0;
    for (t = last[n]; t > 0; t = last[t])
        points[(*count)++] = t;
    return best[n];
}

static void test_against_exhaustive(void **state)
{
    struct doubt_rng rng;
    double x[MOST];
    size_t points[MOST], expected[MOST], expected_count, i;
    struct doubt_changes changes = {points, 0};
    int round;

    (void)state;
    doubt_rng_seed(&rng, 31);
    for (round = 0; round < 40; round++) {
        const size_t n = 20 + doubt_rng_below(&rng, 100);
        const struct doubt_change_how how = {3 + 0.5 * round, 0, 1e-4};
        double level = 0, spread = 1;

        for (i = 0; i < n; i++) {
            if (doubt_rng_below(&rng, 15) == 0) {
                level = 4 * doubt_rng_uniform(&rng);
                spread = 0.1 + doubt_rng_uniform(&rng);
            }
            x[i] = level + spread * (doubt_rng_uniform(&rng) - 0.5);
        }
        check_ok(doubt_change_points(x, n, &how, &changes, err));
        exhaustive(x, n, how.penalty, how.variance_floor, expected, &expected_count);
        assert_int_equal(changes.count, expected_count);
        for (i = 0; i < changes.count; i++)
            assert_int_equal(points[i], expected[changes.count - 1 - i]);
    }
}

/* The flow of the Nile fell after 1898, the 28th year. */
static void test_nile(void **state)
{
    size_t n, points[100];
    struct doubt_changes changes = {points, 0};
    double *x = read_numbers("classic/nile.txt", 1, &n);
    const struct doubt_change_how how = {4 * log(100), 0, 0};
    struct doubt_moments before, after;

    (void)state;
    check_ok(doubt_change_points(x, n, &how, &changes, err));
    assert_int_equal(changes.count, 1);
    assert_int_equal(points[0], 28);
    check_ok(doubt_moments(x, 28, &before, err));
    check_ok(doubt_moments(x + 28, 72, &after, err));
    check_close(before.mean, 1097.75, 1e-14);
    check_close(after.mean, 849.972222, 1e-9);
    free(x);
}

static void test_steps(void **state)
{
    double x[3000];
    size_t points[3000], i;
    struct doubt_changes changes = {points, 9};

    (void)state;
    for (i = 0; i < 3000; i++)
        x[i] = (i < 700 ? 10 : i < 2100 ? 11 : 10.2) + 0.01 * (double)(i * 7919 % 13);
    check_ok(doubt_change_points(x, 3000, NULL, &changes, err));
    assert_int_equal(changes.count, 2);
    assert_int_equal(points[0], 700);
    assert_int_equal(points[1], 2100);
    for (i = 0; i < 3000; i++)
        x[i] = 5;
    check_ok(doubt_change_points(x, 3000, NULL, &changes, err));
    assert_int_equal(changes.count, 0);
}

static void test_refusals(void **state)
{
    static const double x[] = {1, 2, 3, 4};
    const struct doubt_change_how negative = {-1, 0, 0}, long_segment = {0, 5, 0};
    double *many = calloc(40000, sizeof *many);
    size_t points[4];
    struct doubt_changes changes = {points, 0};

    (void)state;
    assert_non_null(many);
    check_refused(doubt_change_points(x, 3, NULL, &changes, err), DOUBT_E_ARGUMENT, "at least 4");
    check_refused(doubt_change_points(x, 4, &negative, &changes, err), DOUBT_E_ARGUMENT,
                  "penalty -1");
    check_refused(doubt_change_points(x, 4, &long_segment, &changes, err), DOUBT_E_ARGUMENT,
                  "segment 5");
    check_refused(doubt_change_points(many, 40000, NULL, &changes, err), DOUBT_E_ARGUMENT,
                  "average them in batches");
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_exhaustive),
        cmocka_unit_test(test_nile),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_kalibera.c: variance components (also against NIST's analyses of variance), plans, looks. */
#include "check.h"

static void test_three_levels(void **state)
{
    static const double x[] = {9, 5, 8, 3, 10, 6, 7, 11, 1, 12, 2, 4};
    static const size_t three[] = {2, 2, 3}, two[] = {4, 3};
    struct doubt_nested data = {x, three, 3};
    struct doubt_kalibera k;

    (void)state;
    check_ok(doubt_kalibera(&data, 0.05, &k, err));
    check_close(k.mean, 6.5, 1e-15);
    check_close(k.s2[0], 33.0 / 2, 1e-14);
    check_close(k.s2[1], 31.0 / 12, 1e-14);
    check_close(k.s2[2], 57.0 / 16, 1e-14);
    check_close(k.t2[0], 33.0 / 2, 1e-14);
    check_close(k.t2[1], -17.0 / 3, 1e-14);
    check_close(k.t2[2], 109.0 / 48, 1e-14);
    data = (struct doubt_nested){x, two, 2};
    check_ok(doubt_kalibera(&data, 0.05, &k, err));
    check_close(k.s2[0], 229.0 / 18, 1e-14);
    check_close(k.s2[1], 57.0 / 16, 1e-14);
    check_close(k.t2[1], 55.0 / 144, 1e-13);
    check_close(k.half_width, 4.68870710953, 1e-11);
}

static void test_repetitions(void **state)
{
    static const double x[] = {3, 4, 3, 1.2, 3.1, 3, 0.2, 1, 1.5, 1, 2, 3};
    static const size_t counts[] = {3, 2, 2};
    static const double costs[] = {3, 20, 100};
    const struct doubt_nested data = {x, counts, 3};
    struct doubt_kalibera k;
    double r[2];

    (void)state;
    check_ok(doubt_kalibera(&data, 0.05, &k, err));
    check_close(k.t2[0], 0.7266667, 1e-7);
    check_close(k.t2[1], 0.2627778, 1e-7);
    check_close(k.t2[2], 0.7747222, 1e-7);
    check_ok(doubt_kalibera_repetitions(&k, costs, r, err));
    check_close(r[0], 4.29366, 1e-6);
    check_close(r[1], 1.30229, 1e-5);
    k.t2[1] = -1;
    check_ok(doubt_kalibera_repetitions(&k, costs, r, err));
    check_close(r[0], INFINITY, 0);
    check_close(r[1], 1, 0);
}

struct certified {
    const char *name;
    size_t groups, replicates;
    double between, within, f, digits; /* mean squares */
};

/* The digits are what the decimal data leave to a double, less one. */
static const struct certified files[] = {
    {"SiRstv", 5, 5, 1.27865654000000E-02, 1.08318280000000E-02, 1.18046237440255E+00, 12},
    {"AtmWtAg", 2, 24, 3.63834187500000E-09, 2.28155932971014E-10, 1.59467335677930E+01, 9},
    {"SmLs01", 9, 21, 0.21, 0.01, 21, 14},
    {"SmLs02", 9, 201, 2.01, 0.01, 201, 14},
    {"SmLs03", 9, 2001, 20.01, 0.01, 2001, 14},
    {"SmLs04", 9, 21, 0.21, 0.01, 21, 9},
    {"SmLs05", 9, 201, 2.01, 0.01, 201, 9},
    {"SmLs06", 9, 2001, 20.01, 0.01, 2001, 9},
    {"SmLs07", 9, 21, 0.21, 0.01, 21, 3.9},
    {"SmLs08", 9, 201, 2.01, 0.01, 201, 3.9},
    {"SmLs09", 9, 2001, 20.01, 0.01, 2001, 3.9},
};

static void test_nist(void **state)
{
    size_t i, n, j;

    (void)state;
    for (i = 0; i < COUNT(files); i++) {
        const struct certified *file = &files[i];
        const size_t counts[] = {file->replicates, file->groups};
        const double per_group = (double)file->replicates;
        struct doubt_nested data = {NULL, counts, 2};
        struct doubt_kalibera k;
        char name[64];
        double *pairs;

        snprintf(name, sizeof name, "nist/anova/%s.dat", file->name);
        pairs = read_numbers(name, 61, &n);
        assert_int_equal(n, 2 * file->groups * file->replicates);
        for (j = 0; j < n / 2; j++)
            pairs[j] = pairs[2 * j + 1];
        data.x = pairs;
        check_ok(doubt_kalibera(&data, 0.05, &k, err));
        if (!(agreement(k.s2[0], file->within) >= file->digits &&
              agreement(per_group * k.s2[1], file->between) >= file->digits &&
              agreement(per_group * k.s2[1] / k.s2[0], file->f) >= file->digits)) {
            print_error("%s: %g %g %g\n", file->name, agreement(k.s2[0], file->within),
                        agreement(per_group * k.s2[1], file->between),
                        agreement(per_group * k.s2[1] / k.s2[0], file->f));
            fail();
        }
        check_close(k.t2[1], k.s2[1] - k.s2[0] / per_group, 1e-12);
        free(pairs);
    }
}

static void test_run_plan(void **state)
{
    struct doubt_run_cost cost = {400, 6, 100, 2, 0.02};
    struct doubt_run_plan plan;

    (void)state;
    check_ok(doubt_plan_run(&cost, &plan, err));
    check_close(plan.between_variance, 2, 1e-15);
    check_close(plan.intraclass, 2 / 6.0, 1e-15);
    check_close(plan.iterations, sqrt(100.0 * 400 / 2), 1e-14);
    cost.restart_variance = 3;
    check_ok(doubt_plan_run(&cost, &plan, err));
    check_close(plan.between_variance, 0, 0);
    check_close(plan.iterations, 100, 1e-13);
    cost.iteration_cost = 0;
    check_refused(doubt_plan_run(&cost, &plan, err), DOUBT_E_ARGUMENT, "costs above 0");
}

static void test_restarts(void **state)
{
    double restarts = 0, width = 0, before = 0;

    (void)state;
    check_ok(doubt_plan_restarts(1, 0.5, 0.05, &restarts, err));
    check_ok(doubt_t_quantile(0.975, restarts - 1, &width, err));
    check_ok(doubt_t_quantile(0.975, restarts - 2, &before, err));
    assert_true(width / sqrt(restarts) < 0.5 && before / sqrt(restarts - 1) >= 0.5);
    check_ok(doubt_plan_restarts(0, 0.5, 0.05, &restarts, err));
    check_close(restarts, 2, 0);
    check_ok(doubt_plan_restarts(1, 1e-9, 0.05, &restarts, err));
    check_close(restarts, INFINITY, 0);
    check_refused(doubt_plan_restarts(-1, 1, 0.05, &restarts, err), DOUBT_E_ARGUMENT, "sd -1");
    check_refused(doubt_plan_restarts(1, 0, 0.05, &restarts, err), DOUBT_E_ARGUMENT, "distance 0");
}

static void test_looks(void **state)
{
    double level = 0, share = 0;
    size_t restarts = 0;

    (void)state;
    check_ok(doubt_look_level(0.05, 3, 1, &level, err));
    check_close(level, 0.05 / 3, 1e-15);
    check_ok(doubt_look_level(0.05, 4, 5, &level, err));
    check_close(level, 0.0025, 1e-15);
    check_ok(doubt_look_restarts(1, 3, &restarts, err));
    assert_int_equal(restarts, 20);
    check_ok(doubt_look_restarts(3, 3, &restarts, err));
    assert_int_equal(restarts, 80);
    check_ok(doubt_look_restarts(1, 4, &restarts, err));
    assert_int_equal(restarts, 10);
    check_ok(doubt_unseen_mode(20, &share, err));
    check_close(share, 1 - pow(0.05, 1.0 / 20), 1e-14);
    check_close(share, 0.14, 0.02);
    check_ok(doubt_unseen_mode(59, &share, err));
    check_close(share, 0.05, 0.02);
    check_refused(doubt_look_level(0.05, 0, 1, &level, err), DOUBT_E_ARGUMENT, "0 looks");
    check_refused(doubt_look_restarts(4, 3, &restarts, err), DOUBT_E_ARGUMENT, "look 4 of 3");
    check_refused(doubt_look_restarts(0, 3, &restarts, err), DOUBT_E_ARGUMENT, "look 0 of 3");
    check_refused(doubt_unseen_mode(0, &share, err), DOUBT_E_ARGUMENT, "at least 1");
}

static void test_refusals(void **state)
{
    static const double x[] = {1, 2, 3, 4}, costs[] = {1, 0};
    static const size_t bad[] = {1, 4}, good[] = {2, 2},
                        huge[] = {(size_t)1 << 40, (size_t)1 << 40};
    struct doubt_nested data = {x, bad, 2};
    struct doubt_kalibera k;
    double r[1];

    (void)state;
    check_refused(doubt_kalibera(&data, 0.05, &k, err), DOUBT_E_ARGUMENT,
                  "1 repetitions at level 1");
    data.counts = huge;
    check_refused(doubt_kalibera(&data, 0.05, &k, err), DOUBT_E_ARGUMENT, "level 2");
    data.levels = 9;
    check_refused(doubt_kalibera(&data, 0.05, &k, err), DOUBT_E_ARGUMENT, "9 levels");
    data = (struct doubt_nested){x, good, 2};
    check_refused(doubt_kalibera(&data, 7, &k, err), DOUBT_E_ARGUMENT, "error level 7");
    check_ok(doubt_kalibera(&data, 0.05, &k, err));
    check_refused(doubt_kalibera_repetitions(&k, costs, r, err), DOUBT_E_ARGUMENT, "level 2 is 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_levels), cmocka_unit_test(test_repetitions),
        cmocka_unit_test(test_nist),         cmocka_unit_test(test_run_plan),
        cmocka_unit_test(test_restarts),     cmocka_unit_test(test_looks),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

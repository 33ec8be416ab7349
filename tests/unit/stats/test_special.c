/* test_special.c: the special functions against values computed with 40 digits. */
#include "check.h"

static double evaluate(const char *name, const double arg[3])
{
    double out = NAN;

    if (strcmp(name, "qnorm") == 0)
        check_ok(doubt_normal_quantile(arg[0], &out, err));
    else if (strcmp(name, "qt") == 0)
        check_ok(doubt_t_quantile(arg[0], arg[1], &out, err));
    else if (strcmp(name, "pbeta") == 0)
        check_ok(doubt_beta_cdf(arg[0], arg[1], arg[2], &out, err));
    else if (strcmp(name, "qbeta") == 0)
        check_ok(doubt_beta_quantile(arg[0], arg[1], arg[2], &out, err));
    return out;
}

static void test_reference(void **state)
{
    FILE *file = fopen(DOUBT_TEST_DATA "/special/reference.tsv", "r");
    char line[256];
    int rows = 0;

    (void)state;
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        char *field[5], *at = line;
        double arg[3];
        int i;

        for (i = 0; i < 5; i++)
            field[i] = strsep(&at, "\t\n");
        for (i = 0; i < 3; i++)
            arg[i] = strtod(field[i + 1], NULL);
        check_close(evaluate(field[0], arg), strtod(field[4], NULL), 1e-12);
        rows++;
    }
    fclose(file);
    assert_int_equal(rows, 112);
}

/* Computed with mpmath at 40 digits for the doubles given. */
static void test_large_arguments(void **state)
{
    static const double cases[][4] = {
        {0.49994409830057646, 1000000000.0, 1000000000.0, 2.866515514335257444e-7},
        {0.49998881966011527, 1000000000.0, 1000000000.0, 0.15865525399136255454},
        {0.5000033541019654, 1000000000.0, 1000000000.0, 0.61791142214666453198},
        {0.5000335410196541, 1000000000.0, 1000000000.0, 0.99865010197835182358},
        {0.9999988418873542, 1000000000.0, 1000.0, 9.2661160642108834017e-7},
        {0.9999989683782708, 1000000000.0, 1000.0, 0.15861581180775422145},
        {0.9999990094878187, 1000000000.0, 1000.0, 0.61424657838796891728},
        {0.9999990948691874, 1000000000.0, 1000.0, 0.99899876052826377884},
        {0.9999999959644659, 1000000000.0, 0.5, 0.0044977592364415885266},
        {0.9999999987928931, 1000000000.0, 0.5, 0.12023832865463638178},
        {0.999999999712132, 1000000000.0, 0.5, 0.4479885813000005236},
        {0.999999974188612, 1000000000.0, 10, 0.0001292022635068119203},
        {0.9999999868377224, 1000000000.0, 10, 0.15535839814943462122},
        {0.9999999909486833, 1000000000.0, 10, 0.58064729819877563143},
        {0.9999999994868329, 1000000000.0, 10, 0.99999999978091023016},
        {0.29992754311630526, 300000000.0, 700000000.0, 2.8632338599834599568e-7},
        {0.29998550862326107, 300000000.0, 700000000.0, 0.15865525402187400987},
        {0.3000043474130217, 300000000.0, 700000000.0, 0.61791461538281440603},
        {0.3000434741302168, 300000000.0, 700000000.0, 0.99864977575470357145},
        {0.009885412951108515, 10000000.0, 1000000000.0, 2.8296603084065734803e-7},
        {0.009897874669429624, 10000000.0, 1000000000.0, 0.15865525013693642182},
        {0.009901924727883983, 10000000.0, 1000000000.0, 0.61794745954619537153},
        {0.009910336387750733, 10000000.0, 1000000000.0, 0.99864641809522475287},
        {7.121320338407992e-10, 0.5, 1000000000.0, 0.7672971684543360126},
        {2.621320340657992e-09, 0.5, 1000000000.0, 0.97796020471570795844},
        {3.0832545635923005e-07, 0.002, 50000.0, 0.99280184058726876272},
        {2.7232545779923e-06, 0.002, 50000.0, 0.99690529013340160932},
        {0.9999927289697038, 100000.0, 0.02, 0.0072140162765181778311},
        {0.9999983857939727, 100000.0, 0.02, 0.027904931552294826654},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        double out = 0;

        check_ok(doubt_beta_cdf(cases[i][0], cases[i][1], cases[i][2], &out, err));
        check_close(out, cases[i][3], 1e-12);
    }
}

static void test_t_distribution(void **state)
{
    double p = 0, t = 0, z = 0;

    (void)state;
    check_ok(doubt_t_cdf(0, 3, &p, err));
    check_close(p, 0.5, 1e-16);
    check_ok(doubt_t_cdf(-1, 1, &p, err));
    check_close(p, 0.25, 1e-15);
    check_ok(doubt_t_cdf(1, 2, &p, err));
    check_close(p, 0.5 + 1 / (2 * sqrt(3)), 1e-15);
    check_ok(doubt_t_cdf(-INFINITY, 5, &p, err));
    check_close(p, 0, 0);
    check_ok(doubt_t_quantile(0.975, INFINITY, &t, err));
    check_ok(doubt_normal_quantile(0.975, &z, err));
    check_close(t, z, 0);
    check_ok(doubt_t_quantile(0.5, 4, &t, err));
    check_close(t, 0, 0);
}

/* A quantile put into its distribution gives the probability back, far into the tails. */
static void test_round_trip(void **state)
{
    static const double ps[] = {1e-12, 1e-6, 0.00625, 0.3, 0.5, 0.99, 1 - 1e-9};
    static const double shapes[] = {0.2, 1, 2.5, 40, 3000, 1e6, 1e9};
    size_t i, j, k;

    (void)state;
    for (i = 0; i < COUNT(ps); i++)
        for (j = 0; j < COUNT(shapes); j++)
            for (k = 0; k < COUNT(shapes); k++) {
                double x = 0, p = 0, t = 0;

                if (fmin(shapes[j], shapes[k]) == 0.2 && ps[i] < 1e-6)
                    continue;
                check_ok(doubt_beta_quantile(ps[i], shapes[j], shapes[k], &x, err));
                check_ok(doubt_beta_cdf(x, shapes[j], shapes[k], &p, err));
                /* x is rounded, and p moves with it: near 1 by more than an error of ours would */
                if (x < 0.5)
                    check_close(p, ps[i], 1e-10);
                check_ok(doubt_t_quantile(ps[i], shapes[j], &t, err));
                check_ok(doubt_t_cdf(t, shapes[j], &p, err));
                check_close(p, ps[i], 1e-12);
            }
}

static void test_refusals(void **state)
{
    double out = -7;

    (void)state;
    check_refused(doubt_normal_quantile(0, &out, err), DOUBT_E_ARGUMENT, "probability 0");
    check_refused(doubt_normal_quantile(1, &out, err), DOUBT_E_ARGUMENT, "probability 1");
    check_refused(doubt_normal_quantile(NAN, &out, err), DOUBT_E_ARGUMENT, "nan");
    check_refused(doubt_normal_cdf(NAN, &out, err), DOUBT_E_ARGUMENT, "NaN");
    check_refused(doubt_t_quantile(0.5, 0, &out, err), DOUBT_E_ARGUMENT, "freedom 0");
    check_refused(doubt_t_quantile(0.5, NAN, &out, err), DOUBT_E_ARGUMENT, "freedom");
    check_refused(doubt_t_cdf(NAN, 2, &out, err), DOUBT_E_ARGUMENT, "NaN");
    check_refused(doubt_beta_cdf(1.5, 1, 1, &out, err), DOUBT_E_ARGUMENT, "1.5");
    check_refused(doubt_beta_cdf(0.5, 0, 1, &out, err), DOUBT_E_ARGUMENT, "a = 0");
    check_refused(doubt_beta_cdf(0.5, 1, 1e300, &out, err), DOUBT_E_ARGUMENT, "1e+10");
    check_refused(doubt_beta_quantile(0.5, -1, 1, &out, err), DOUBT_E_ARGUMENT, "a = -1");
    check_refused(doubt_beta_quantile(2, 1, 1, &out, err), DOUBT_E_ARGUMENT, "probability 2");
    check_refused(doubt_beta_quantile(0.5, 1e-4, 1, &out, err), DOUBT_E_ARGUMENT, "range");
    assert_int_equal(doubt_normal_quantile(2, &out, NULL), DOUBT_E_ARGUMENT);
    check_close(out, -7, 0);
}

static void test_ends(void **state)
{
    double out = -1;

    (void)state;
    check_ok(doubt_beta_cdf(0, 2, 3, &out, err));
    check_close(out, 0, 0);
    check_ok(doubt_beta_cdf(1, 2, 3, &out, err));
    check_close(out, 1, 0);
    check_ok(doubt_normal_cdf(INFINITY, &out, err));
    check_close(out, 1, 0);
    check_ok(doubt_normal_quantile(1e-300, &out, err));
    check_close(out, -37.047096299361199237, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),      cmocka_unit_test(test_large_arguments),
        cmocka_unit_test(test_t_distribution), cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_refusals),       cmocka_unit_test(test_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_summary.c: moments and correlations against NIST's certified values. */
#include "check.h"

struct certified {
    const char *name;
    double mean, sd, r1;
    double mean_digits, sd_digits, r1_digits;
};

/* The digits asked for are what the files' decimal data leave to a double. */
static const struct certified files[] = {
    {"PiDigits", 4.53480000000000, 2.86733906028871, -0.00355099287237972, 14, 14, 11},
    {"Lottery", 518.958715596330, 291.699727470969, -0.120948622967393, 14, 14, 14},
    {"Lew", -177.435000000000, 277.332168044316, -0.307304800605679, 14, 14, 14},
    {"NumAcc1", 10000002, 1, -0.5, 15, 15, 15},
    {"NumAcc2", 1.2, 0.1, -0.999, 14, 14, 13},
    {"NumAcc3", 1000000.2, 0.1, -0.999, 15, 8, 8},
};

/* Data follow the last line of dashes. */
static int first_data_line(const char *name)
{
    char path[512], line[512];
    FILE *file;
    int n = 0, last = 0;

    snprintf(path, sizeof path, "%s/%s", DOUBT_TEST_DATA, name);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        n++;
        if (strspn(line, "- \r\n") == strlen(line) && strchr(line, '-'))
            last = n;
    }
    fclose(file);
    return last + 1;
}

static void test_nist(void **state)
{
    size_t i, n;

    (void)state;
    for (i = 0; i < COUNT(files); i++) {
        struct doubt_moments moments;
        char name[64];
        double *x, r1 = 0;

        snprintf(name, sizeof name, "nist/univ/%s.dat", files[i].name);
        x = read_numbers(name, first_data_line(name), &n);
        check_ok(doubt_moments(x, n, &moments, err));
        check_ok(doubt_autocorrelation(x, n, 1, &r1, err));
        assert_true(agreement(moments.mean, files[i].mean) >= files[i].mean_digits);
        assert_true(agreement(sqrt(moments.variance), files[i].sd) >= files[i].sd_digits);
        assert_true(agreement(r1, files[i].r1) >= files[i].r1_digits);
        free(x);
    }
}

/* NIST's NumAcc4 by its definition: mean 10000000.2, sd 0.1, lag-1 correlation -0.999. */
static void test_nist_hardest(void **state)
{
    struct doubt_moments moments;
    double x[1001], r1 = 0;
    size_t i;

    (void)state;
    x[0] = 10000000.2;
    for (i = 1; i < 1001; i++)
        x[i] = i % 2 ? 10000000.1 : 10000000.3;
    check_ok(doubt_moments(x, 1001, &moments, err));
    check_ok(doubt_autocorrelation(x, 1001, 1, &r1, err));
    assert_true(agreement(moments.mean, 10000000.2) >= 15);
    assert_true(agreement(sqrt(moments.variance), 0.1) >= 7);
    assert_true(agreement(r1, -0.999) >= 7);
}

static void test_moments_by_hand(void **state)
{
    static const double x[] = {3, 1, 4, 1, 6};
    struct doubt_moments moments;

    (void)state;
    check_ok(doubt_moments(x, 5, &moments, err));
    assert_int_equal(moments.n, 5);
    check_close(moments.mean, 3, 0);
    check_close(moments.variance, 4.5, 1e-15);
    check_close(moments.m2, 3.6, 1e-15);
    check_close(moments.m3, (0 - 8 + 1 - 8 + 27) / 5.0, 1e-15);
    check_close(moments.m4, (0 + 16 + 1 + 16 + 81) / 5.0, 1e-15);
    check_close(moments.min, 1, 0);
    check_close(moments.max, 6, 0);
    check_ok(doubt_moments(x, 1, &moments, err));
    check_close(moments.variance, 0, 0);
}

static void test_nile_correlations(void **state)
{
    static const double expected[] = {0.498408184133029, 0.384576903904873, 0.327860437522546};
    size_t n, lag;
    double *x = read_numbers("classic/nile.txt", 1, &n);

    (void)state;
    for (lag = 1; lag <= 3; lag++) {
        double r = 0;

        check_ok(doubt_autocorrelation(x, n, lag, &r, err));
        check_close(r, expected[lag - 1], 1e-13);
    }
    free(x);
}

/* R's sleep data: paired t, Welch's t and the two one-sided tests for a margin of 3. */
static void test_t_tests(void **state)
{
    static const double a[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
    static const double b[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    struct doubt_moments ma, mb, md;
    double d[10], t, p = 0, q = 0, va, vb, df;
    int i;

    (void)state;
    for (i = 0; i < 10; i++)
        d[i] = a[i] - b[i];
    check_ok(doubt_moments(a, 10, &ma, err));
    check_ok(doubt_moments(b, 10, &mb, err));
    check_ok(doubt_moments(d, 10, &md, err));
    t = md.mean / sqrt(md.variance / 10);
    check_close(t, -4.06212768338204, 1e-13);
    check_ok(doubt_t_cdf(t, 9, &p, err));
    check_close(2 * p, 0.00283289019738427, 1e-12);
    check_ok(doubt_t_quantile(0.975, 9, &q, err));
    check_close(md.mean - q * sqrt(md.variance / 10), -2.45988576327698, 1e-13);
    check_close(md.mean + q * sqrt(md.variance / 10), -0.700114236723018, 1e-13);
    va = ma.variance / 10;
    vb = mb.variance / 10;
    df = (va + vb) * (va + vb) / (va * va / 9 + vb * vb / 9);
    check_close(df, 17.7764735161785, 1e-13);
    t = (ma.mean - mb.mean) / sqrt(va + vb);
    check_close(t, -1.86081346748685, 1e-13);
    check_ok(doubt_t_cdf(t, df, &p, err));
    check_close(2 * p, 0.0793941401873582, 1e-12);
    check_ok(doubt_t_cdf(-(md.mean + 3) / sqrt(md.variance / 10), 9, &p, err));
    check_close(p, 0.00265557029265867, 1e-12);
    check_ok(doubt_t_quantile(0.95, 9, &q, err));
    check_close(md.mean - q * sqrt(md.variance / 10), -2.29300526702928, 1e-13);
    check_close(md.mean + q * sqrt(md.variance / 10), -0.866994732970716, 1e-13);
}

static void test_refusals(void **state)
{
    static const double bad[] = {1, 2, NAN}, infinite[] = {1, INFINITY}, huge[] = {-1e300, 1e300};
    struct doubt_moments moments;
    double out;

    (void)state;
    check_refused(doubt_moments(bad, 0, &moments, err), DOUBT_E_ARGUMENT, "at least 1");
    check_refused(doubt_moments(bad, 3, &moments, err), DOUBT_E_ARGUMENT, "value 3 of 3 is nan");
    check_refused(doubt_moments(infinite, 2, &moments, err), DOUBT_E_ARGUMENT, "inf");
    check_refused(doubt_moments(huge, 2, &moments, err), DOUBT_E_ARGUMENT, "overflow");
    check_refused(doubt_moments(NULL, 2, &moments, err), DOUBT_E_ARGUMENT, "no array");
    check_refused(doubt_autocorrelation(huge, 2, 2, &out, err), DOUBT_E_ARGUMENT, "lag 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nist),
        cmocka_unit_test(test_nist_hardest),
        cmocka_unit_test(test_moments_by_hand),
        cmocka_unit_test(test_nile_correlations),
        cmocka_unit_test(test_t_tests),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_verdict.c: verdicts, plans for them, typed values, comparisons. */
#include "check.h"
#include "util/rng.h"
#include <doubt/verdict.h>

static struct doubt_figure parsed(const char *text)
{
    struct doubt_figure figure = {0};

    check_ok(doubt_figure_parse(text, NULL, &figure, err));
    return figure;
}

static const char *judged(const char *text, double lo, double hi)
{
    const struct doubt_figure figure = parsed(text);
    enum doubt_verdict verdict = DOUBT_VERDICT_NONE;

    check_ok(doubt_verdict_judge(&figure, lo, hi, &verdict, err));
    return doubt_verdict_name(verdict);
}

static void test_rates(void **state)
{
    (void)state;
    assert_string_equal(judged("36 FPS", 35.6, 36.4), "HOLDS");
    assert_string_equal(judged("36 FPS", 35.5, 36.4), "HOLDS"); /* the lower edge belongs to it */
    assert_string_equal(judged("36 FPS", 35.6, 36.5), "INCONCLUSIVE"); /* the upper does not */
    assert_string_equal(judged("36 FPS", 36.5, 37), "EXCEEDS");
    assert_string_equal(judged("36 FPS", 34, 35.5), "INCONCLUSIVE");
    assert_string_equal(judged("36 FPS", 34, 35.499), "FALLS SHORT");
    assert_string_equal(judged("36 FPS", 30, 40), "INCONCLUSIVE");
    assert_string_equal(judged("36 FPS", -3, 40), "INCONCLUSIVE");
    assert_string_equal(judged("36 FPS", 36, 36), "HOLDS");
}

static void test_times(void **state)
{
    (void)state;
    assert_string_equal(judged("27.8 ms", 27.76e6, 27.84e6), "HOLDS");
    assert_string_equal(judged("27.8 ms", 27.85e6, 28e6), "FALLS SHORT");
    assert_string_equal(judged("27.8 ms", 27e6, 27.7e6), "EXCEEDS");
    assert_string_equal(judged("27.8 ms", 27.7e6, 27.8e6), "INCONCLUSIVE");
}

static void test_one_sided(void **state)
{
    (void)state;
    assert_string_equal(judged("up to 36 FPS", 3, 4), "HOLDS");
    assert_string_equal(judged("up to 36 FPS", 37, 38), "EXCEEDS");
    assert_string_equal(judged("up to 36 FPS", 36, 37), "INCONCLUSIVE");
    assert_string_equal(judged(">= 36 FPS", 100, 101), "HOLDS");
    assert_string_equal(judged(">= 36 FPS", 35.5, 35.6), "HOLDS");
    assert_string_equal(judged(">= 36 FPS", 35, 36), "INCONCLUSIVE");
    assert_string_equal(judged(">= 36 FPS", 30, 31), "FALLS SHORT");
    assert_string_equal(judged("<= 30 ms", 1e6, 2e6), "HOLDS");
    assert_string_equal(judged("<= 30 ms", 31e6, 32e6), "FALLS SHORT");
    assert_string_equal(judged(">= 30 ms", 1e6, 2e6), "EXCEEDS");
}

/* Whatever the figure and the interval: where the truth lies in the interval, no conclusive verdict
 * is false. */
static void test_never_false(void **state)
{
    static const char *const figures[] = {"36 FPS", "36 ms", "up to 36 FPS", ">= 36 ms"};
    struct doubt_rng rng;
    int i;

    (void)state;
    doubt_rng_seed(&rng, 51);
    for (i = 0; i < 20000; i++) {
        const struct doubt_figure figure = parsed(figures[i % 4]);
        const bool time = figure.kind == DOUBT_UNIT_TIME;
        const double truth = figure.value * (0.97 + 0.06 * doubt_rng_uniform(&rng));
        const double width = figure.value * 0.02;
        const double lo = truth - width * doubt_rng_uniform(&rng);
        const double hi = truth + width * doubt_rng_uniform(&rng);
        const bool low_enough = figure.bound == DOUBT_FIGURE_AT_LEAST || truth < figure.hi;
        const bool high_enough = figure.bound == DOUBT_FIGURE_UP_TO || truth >= figure.lo;
        enum doubt_verdict verdict;

        check_ok(doubt_verdict_judge(&figure, lo, hi, &verdict, err));
        if (verdict == DOUBT_HOLDS)
            assert_true(low_enough && high_enough);
        if (verdict == (time ? DOUBT_FALLS_SHORT : DOUBT_EXCEEDS))
            assert_false(low_enough);
        if (verdict == (time ? DOUBT_EXCEEDS : DOUBT_FALLS_SHORT))
            assert_false(high_enough);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(doubt_verdict_name(DOUBT_VERDICT_NONE), "");
    assert_string_equal(doubt_verdict_name(DOUBT_NO_STEADY_STATE), "NO STEADY STATE");
    assert_string_equal(doubt_verdict_name((enum doubt_verdict)77), "?");
    assert_string_equal(doubt_comparison_name(DOUBT_NOT_DECIDED), "INCONCLUSIVE");
    assert_string_equal(doubt_comparison_name((enum doubt_comparison)77), "?");
}

/* A re-run of NVIDIA's chart of 2019: five means in ms beside five rates. */
static void test_the_first_doubt(void **state)
{
    static const struct {
        const char *measured, *claim;
        double percent;
        const char *place;
    } rows[] = {{"26.2355 ms", "39 FPS", 97.7, "FALLS SHORT"},
                {"27.8128 ms", "36 FPS", 99.9, "HOLDS"},
                {"95.9434 ms", "11 FPS", 94.8, "FALLS SHORT"},
                {"87.3721 ms", "14 FPS", 81.8, "FALLS SHORT"},
                {"67.5191 ms", "15 FPS", 98.7, "HOLDS"}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); i++) {
        const struct doubt_figure measured = parsed(rows[i].measured);
        const struct doubt_figure claim = parsed(rows[i].claim);
        struct doubt_typed typed = {0, 0};

        check_ok(doubt_figure_as(&measured, DOUBT_UNIT_RATE, 1, &typed, err));
        check_close(nearbyint(1000 * typed.value / claim.value) / 10, rows[i].percent, 1e-12);
        assert_true(typed.bound > 0 && typed.bound < 0.001);
        assert_string_equal(
            judged(rows[i].claim, typed.value - typed.bound, typed.value + typed.bound),
            rows[i].place);
    }
}

static void test_typed_values(void **state)
{
    const struct doubt_figure time = parsed("20 ms"), rate = parsed("50 FPS"),
                              open = parsed(">= 50 FPS");
    struct doubt_typed typed = {0, 0};

    (void)state;
    check_ok(doubt_figure_as(&time, DOUBT_UNIT_TIME, 1, &typed, err));
    check_close(typed.value, 20e6, 0);
    check_close(typed.bound, 0.5e6, 0);
    check_ok(doubt_figure_as(&time, DOUBT_UNIT_RATE, 4, &typed, err));
    check_close(typed.value, 200, 1e-15);
    check_close(typed.bound, 4e9 / 19.5e6 - 200, 1e-13);
    check_ok(doubt_figure_as(&rate, DOUBT_UNIT_TIME, 1, &typed, err));
    check_close(typed.value, 20e6, 1e-15);
    check_close(typed.bound, 1e9 / 49.5 - 20e6, 1e-13);
    check_refused(doubt_figure_as(&open, DOUBT_UNIT_RATE, 1, &typed, err), DOUBT_E_ARGUMENT,
                  "one number");
    check_refused(doubt_figure_as(&rate, DOUBT_UNIT_RATE, 0, &typed, err), DOUBT_E_ARGUMENT,
                  "batch 0");
}

static enum doubt_code planned(const struct doubt_figure *figure, struct doubt_expected expected,
                               double *restarts, struct doubt_err *err)
{
    return doubt_verdict_plan(figure, &expected, restarts, err);
}

/* "27.8 ms" with restarts that differ by 2 %: by the normal law 475, 709 and 771 restarts for one,
 * three and four looks; Student's t asks for a few more. */
static void test_plan(void **state)
{
    static const double looks[][2] = {{1, 475}, {3, 709}, {4, 771}};
    const struct doubt_figure figure = parsed("27.8 ms"), open = parsed("up to 36 FPS");
    double restarts = 0, level = 0, z = 0;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(looks); i++) {
        check_ok(doubt_look_level(0.05, (size_t)looks[i][0], 1, &level, err));
        check_ok(doubt_normal_quantile(1 - level / 2, &z, err));
        check_close(nearbyint(pow(z * 0.02 * 27.8 / 0.05, 2)), looks[i][1], 0);
        check_ok(planned(&figure, (struct doubt_expected){27.8e6, 0.02 * 27.8e6, level}, &restarts,
                         err));
        assert_in_range((int)restarts, (int)looks[i][1], (int)looks[i][1] + 5);
    }
    check_ok(planned(&figure, (struct doubt_expected){figure.hi, 1e5, 0.05}, &restarts, err));
    check_close(restarts, INFINITY, 0);
    check_ok(planned(&open, (struct doubt_expected){20, 1, 0.05}, &restarts, err));
    check_close(restarts, 2, 0); /* 16.5 away: t with 1 degree of freedom, 12.7 / sqrt 2 */
    check_refused(planned(&figure, (struct doubt_expected){NAN, 1, 0.05}, &restarts, err),
                  DOUBT_E_ARGUMENT, "finite");
}

static const char *compared(double lo, double hi, double margin)
{
    enum doubt_comparison comparison = DOUBT_COMPARISON_COUNT;

    check_ok(doubt_comparison_judge(lo, hi, margin, &comparison, err));
    return doubt_comparison_name(comparison);
}

static void test_comparison(void **state)
{
    (void)state;
    assert_string_equal(compared(0.995, 1.004, 0.01), "EQUIVALENT");
    assert_string_equal(compared(1.001, 1.009, 0.01), "EQUIVALENT");
    assert_string_equal(compared(1.001, 1.02, 0.01), "A FASTER");
    assert_string_equal(compared(0.9, 0.98, 0.01), "B FASTER");
    assert_string_equal(compared(0.98, 1.02, 0.01), "INCONCLUSIVE");
    assert_string_equal(compared(1, 1.02, 0.01), "INCONCLUSIVE");
    assert_string_equal(compared(1, 1, 0), "EQUIVALENT");
}

/* The end that is known decides alone. */
static void test_ends_that_are_not_known(void **state)
{
    static const struct {
        const char *figure;
        double lo, hi;
        enum doubt_verdict verdict;
    } rows[] = {
        {"36 FPS", NAN, 35, DOUBT_FALLS_SHORT},
        {"36 FPS", NAN, 36, DOUBT_INCONCLUSIVE},
        {"36 FPS", 37, NAN, DOUBT_EXCEEDS},
        {"36 FPS", 36, NAN, DOUBT_INCONCLUSIVE},
        {"up to 36 FPS", NAN, 36, DOUBT_HOLDS},
        {"at least 36 FPS", 36, NAN, DOUBT_HOLDS},
        {"at least 36 FPS", NAN, 37, DOUBT_INCONCLUSIVE},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct doubt_figure figure = parsed(rows[i].figure);
        enum doubt_verdict verdict = DOUBT_VERDICT_NONE;

        assert_int_equal(doubt_verdict_judge(&figure, rows[i].lo, rows[i].hi, &verdict, NULL),
                         DOUBT_OK);
        assert_int_equal(verdict, rows[i].verdict);
    }
}

static void test_refusals(void **state)
{
    const struct doubt_figure figure = parsed("36 FPS");
    enum doubt_verdict verdict = DOUBT_VERDICT_NONE;
    enum doubt_comparison comparison;

    (void)state;
    check_refused(doubt_verdict_judge(&figure, 3, 2, &verdict, err), DOUBT_E_ARGUMENT, "ascending");
    check_refused(doubt_verdict_judge(&figure, NAN, NAN, &verdict, err), DOUBT_E_ARGUMENT, "nan");
    check_refused(doubt_verdict_judge(&figure, NAN, 0, &verdict, err), DOUBT_E_ARGUMENT, "nan");
    check_refused(doubt_verdict_judge(&figure, 1, INFINITY, &verdict, err), DOUBT_E_ARGUMENT,
                  "inf");
    check_refused(doubt_verdict_judge(&figure, -2, -1, &verdict, err), DOUBT_E_ARGUMENT, "above 0");
    assert_int_equal(verdict, DOUBT_VERDICT_NONE);
    check_refused(doubt_comparison_judge(0, 1, 0, &comparison, err), DOUBT_E_ARGUMENT, "positive");
    check_refused(doubt_comparison_judge(1, 1, 1, &comparison, err), DOUBT_E_ARGUMENT, "margin 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates),        cmocka_unit_test(test_times),
        cmocka_unit_test(test_one_sided),    cmocka_unit_test(test_never_false),
        cmocka_unit_test(test_names),        cmocka_unit_test(test_the_first_doubt),
        cmocka_unit_test(test_typed_values), cmocka_unit_test(test_plan),
        cmocka_unit_test(test_comparison),   cmocka_unit_test(test_ends_that_are_not_known),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

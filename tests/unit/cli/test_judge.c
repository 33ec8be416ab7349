/* test_judge.c: judged figures, by hand and beside R. */
#include "cli/judge.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct doubt_judge_how plain = {
    .given_level = 0.05, .look = 1, .looks = 1, .family = 1, .batch = 1};

/* Reads and judges "MEASURED=CLAIM"; the caller frees the values. */
static enum doubt_code judge(const char *pair, const struct doubt_judge_how *how,
                             struct doubt_judge_row *row, struct doubt_err *err)
{
    const struct doubt_values_how reading = {.label = "--pair"};
    memset(row, 0, sizeof *row);
    enum doubt_code code = doubt_judge_parse_pair(pair, &reading, NULL, row, err);
    return code == DOUBT_OK ? doubt_judge(how, row, err) : code;
}

static void near(double value, double wanted, double relative)
{
    if (!(fabs(value - wanted) <= relative * fabs(wanted)))
        fail_msg("%.12g is not %.12g", value, wanted);
}

/* The re-run of 2019: percent of the chart to one decimal. */
static void one_number_has_no_error_bar(void **state)
{
    (void)state;
    static const struct {
        const char *pair;
        double percent;
        bool inside;
    } rows[] = {{"26.2355ms=39FPS", 97.7, false},
                {"27.8128ms=36FPS", 99.9, true},
                {"95.9434ms=11FPS", 94.8, false},
                {"87.3721ms=14FPS", 81.8, false},
                {"67.5191ms=15FPS", 98.7, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_judge_row row;
        assert_int_equal(judge(rows[i].pair, &plain, &row, NULL), DOUBT_OK);
        assert_true(round(1000 * row.ratio) == round(10 * rows[i].percent));
        assert_int_equal(row.inside, rows[i].inside);
        assert_int_equal(row.verdict, DOUBT_VERDICT_NONE);
        assert_int_equal(row.basis, DOUBT_JUDGE_NUMBER);
        assert_true(isnan(row.lo) && isnan(row.hi) && isnan(row.needed));
        assert_non_null(strstr(row.reason, "one number has no error bar"));
        doubt_values_free(&row.values);
    }
}

/* mean 27.81, sd 0.0158113883, n = 5, t = 2.776445105 (R): half width 0.01963242, and the digits'
 * 0.005. The values are symmetric, so the hull is Student's interval. */
static void restarts_have_an_interval(void **state)
{
    (void)state;
    struct doubt_judge_row row;
    assert_int_equal(judge("27.81,27.79,27.83,27.80,27.82ms=27.8ms", &plain, &row, NULL), DOUBT_OK);
    assert_int_equal(row.basis, DOUBT_JUDGE_RESTARTS);
    near(row.value, 27.81e6, 1e-12);
    near(row.sd, 0.0158113883008e6, 1e-9);
    near(row.lo, (27.81 - 0.019632432 - 0.005) * 1e6, 1e-8);
    near(row.hi, (27.81 + 0.019632432 + 0.005) * 1e6, 1e-8);
    assert_int_equal(row.verdict, DOUBT_HOLDS);
    near(row.ratio, 27.8 / 27.81, 1e-12);
    doubt_values_free(&row.values);
}

/* n = 20, t(0.975, 19) = 2.093024054 (R); sd "0.11" may be as much as 0.115, the mean 27.81285. */
static void summaries_have_students_interval(void **state)
{
    (void)state;
    struct doubt_judge_how how = plain;
    struct doubt_judge_row row;
    how.sd = "0.11";
    how.count = 20;
    assert_int_equal(judge("27.8128ms=28ms", &how, &row, NULL), DOUBT_OK);
    double half = 2.093024054 * 0.115 / sqrt(20);
    near(row.lo, (27.81275 - half) * 1e6, 1e-9);
    near(row.hi, (27.81285 + half) * 1e6, 1e-9);
    doubt_values_free(&row.values);
    /* Three looks share the error: t(1 - 0.05 / 6, 19) = 2.625105581 (R). */
    how.looks = 3;
    assert_int_equal(judge("27.8128ms=28ms", &how, &row, NULL), DOUBT_OK);
    near(row.level, 0.05 / 3, 1e-12);
    near(row.hi, (27.81285 + 2.625105581 * 0.115 / sqrt(20)) * 1e6, 1e-8);
    doubt_values_free(&row.values);
}

static void typed_digits_keep_equal_values_from_being_exact(void **state)
{
    (void)state;
    struct doubt_judge_row row;
    assert_int_equal(judge("27.8;27.8;27.8;27.8;27.8ms=27.8ms", &plain, &row, NULL), DOUBT_OK);
    near(row.lo, 27.75e6, 1e-12);
    near(row.hi, 27.85e6, 1e-12);
    assert_int_equal(row.verdict, DOUBT_INCONCLUSIVE);
    assert_true(isinf(row.needed));
    doubt_values_free(&row.values);
}

static void few_or_drifting_restarts_are_inconclusive(void **state)
{
    (void)state;
    struct doubt_judge_row row;
    struct doubt_judge_how how = plain;
    assert_int_equal(judge("30,30.1,30.2,30.1ms=36FPS", &how, &row, NULL), DOUBT_OK);
    assert_int_equal(row.verdict, DOUBT_INCONCLUSIVE);
    assert_string_equal(row.reason, "too few restarts: 4, a verdict needs 5");
    doubt_values_free(&row.values);
    const char *rising = "30.0,30.1,30.2,30.3,30.4,30.5,30.6,30.7ms=36FPS";
    assert_int_equal(judge(rising, &how, &row, NULL), DOUBT_OK);
    assert_int_equal(row.verdict, DOUBT_INCONCLUSIVE);
    assert_true(row.drifts);
    doubt_values_free(&row.values);
    how.unordered = true;
    assert_int_equal(judge(rising, &how, &row, NULL), DOUBT_OK);
    assert_int_equal(row.verdict, DOUBT_FALLS_SHORT);
    doubt_values_free(&row.values);
}

/* Student's interval over values as far apart as 10 and 100 ms reaches below 0. */
static void an_end_below_zero_is_not_known(void **state)
{
    (void)state;
    struct doubt_judge_how how = plain;
    struct doubt_judge_row row;
    assert_int_equal(judge("10,100,10,100,10ms=30ms", &plain, &row, NULL), DOUBT_OK);
    assert_true(isnan(row.lo) && isnan(row.ratio_hi) && isnan(row.tolerance));
    assert_true(row.hi > row.value && row.ratio_lo < row.ratio);
    assert_int_equal(row.verdict, DOUBT_INCONCLUSIVE);
    doubt_values_free(&row.values);
    /* In the other unit it is the upper end. */
    how.sd = "30";
    how.count = 5;
    assert_int_equal(judge("30ms=36FPS", &how, &row, NULL), DOUBT_OK);
    assert_true(isnan(row.hi) && isnan(row.ratio_hi) && row.lo > 0);
    doubt_values_free(&row.values);
    assert_int_equal(judge("30ms=>= 10FPS", &how, &row, NULL), DOUBT_OK);
    assert_true(isnan(row.hi));
    assert_int_equal(row.verdict, DOUBT_HOLDS);
    doubt_values_free(&row.values);
    /* The end that is known decides: slower or faster than the claim, or inside where only it
     * binds. */
    static const struct {
        const char *pair;
        enum doubt_verdict verdict;
    } rows[] = {{"10,100,10,100,10ms=300ms", DOUBT_EXCEEDS},
                {"10,100,10,100,10ms=up to 300ms", DOUBT_HOLDS},
                {"10,100,10,100,10ms=>= 300ms", DOUBT_EXCEEDS},
                {"10,100,10,100,10ms=>= 1ms", DOUBT_INCONCLUSIVE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(judge(rows[i].pair, &plain, &row, NULL), DOUBT_OK);
        assert_true(isnan(row.lo));
        assert_int_equal(row.verdict, rows[i].verdict);
        doubt_values_free(&row.values);
    }
}

static void given_intervals_are_taken_as_given(void **state)
{
    (void)state;
    struct doubt_judge_how how = plain;
    struct doubt_judge_row row;
    how.interval = "29.9..30.3";
    how.given_level = 0.01;
    assert_int_equal(judge("30.1ms=36FPS", &how, &row, NULL), DOUBT_OK);
    near(row.lo, 1e3 / 30.35, 1e-12);
    near(row.hi, 1e3 / 29.85, 1e-12);
    assert_true(row.level == 0.01);
    assert_int_equal(row.verdict, DOUBT_FALLS_SHORT);
    doubt_values_free(&row.values);
    how.interval = "29900us..30300us";
    assert_int_equal(judge("30.1ms=36FPS", &how, &row, NULL), DOUBT_OK);
    near(row.lo, 1e3 / 30.3005, 1e-12);
    doubt_values_free(&row.values);
    static const char *const wrong[] = {"31..32", "30.3..29.9", "30", "..30", "30..", "x..y"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct doubt_err err = {0};
        how.interval = wrong[i];
        assert_int_equal(judge("30.1ms=36FPS", &how, &row, &err), DOUBT_E_USAGE);
        assert_memory_equal(err.text, "--interval", 10);
        doubt_values_free(&row.values);
    }
}

/* "27.8 ms" at a spread of 2 %, in the middle: about 475 restarts, from (1.96 x 0.556 / 0.05)^2. */
static void plans_say_what_a_verdict_needs(void **state)
{
    (void)state;
    struct doubt_judge_how how = plain;
    struct doubt_judge_row row;
    how.sd = "2%";
    assert_int_equal(judge("27.8000ms=27.8ms", &how, &row, NULL), DOUBT_OK);
    assert_int_equal(row.verdict, DOUBT_VERDICT_NONE);
    assert_true(row.needed > 470 && row.needed < 482);
    doubt_values_free(&row.values);
    assert_int_equal(judge("27.85ms=27.8ms", &how, &row, NULL), DOUBT_OK);
    assert_true(isinf(row.needed));
    doubt_values_free(&row.values);
}

static void bounds_of_one_side_bind_on_that_side(void **state)
{
    (void)state;
    struct doubt_judge_row row;
    assert_int_equal(judge("30.1,30.2,30.0,30.15,30.05ms=up to 36FPS", &plain, &row, NULL),
                     DOUBT_OK);
    assert_int_equal(row.verdict, DOUBT_HOLDS);
    doubt_values_free(&row.values);
    assert_int_equal(judge("30.1,30.2,30.0,30.15,30.05ms=>=36FPS", &plain, &row, NULL), DOUBT_OK);
    assert_int_equal(row.verdict, DOUBT_FALLS_SHORT);
    assert_string_equal(row.claim_text, ">=36FPS");
    doubt_values_free(&row.values);
}

static void pairs_need_both_sides(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "=", "27ms", "27ms=", "=36FPS", "27ms=36", "x=36FPS", "up to 27ms=36FPS"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct doubt_judge_row row;
        struct doubt_err err = {0};
        assert_int_not_equal(judge(wrong[i], &plain, &row, &err), DOUBT_OK);
        assert_true(err.text[0] != '\0');
        doubt_values_free(&row.values);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_number_has_no_error_bar),
        cmocka_unit_test(restarts_have_an_interval),
        cmocka_unit_test(summaries_have_students_interval),
        cmocka_unit_test(typed_digits_keep_equal_values_from_being_exact),
        cmocka_unit_test(few_or_drifting_restarts_are_inconclusive),
        cmocka_unit_test(an_end_below_zero_is_not_known),
        cmocka_unit_test(given_intervals_are_taken_as_given),
        cmocka_unit_test(plans_say_what_a_verdict_needs),
        cmocka_unit_test(bounds_of_one_side_bind_on_that_side),
        cmocka_unit_test(pairs_need_both_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

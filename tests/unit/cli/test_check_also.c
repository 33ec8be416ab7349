/* test_check_also.c: rows beside their further claims, from the claim set to records, and the exit
 * status that these ask for.
 */
#include "cli/check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Claims a, b and c share a network and batch, d has its own: two rows, two further claims. */
static struct doubt_check_values values;
static struct doubt_check_claim claims[4];
static struct doubt_check_row rows[2];
static struct doubt_cli cli;
static struct doubt_check_run check;
static struct doubt_series series;
static struct doubt_cell cell;

static int set_up(void **state)
{
    (void)state;
    struct doubt_err err = {.code = DOUBT_OK};
    check =
        (struct doubt_check_run){.cli = &cli, .values = &values, .claims = claims, .rows = rows};
    values.as_is = true;
    if (doubt_claim_set_load(DOUBT_TEST_DATA "/claims/shared-rows.json", &check.set, &err) !=
        DOUBT_OK)
        return 1;
    for (size_t i = 0; i < 4; i++)
        claims[i].with = i == 1 || i == 2 ? 0 : SIZE_MAX;
    rows[0].claim = 3; /* the row that is beside nothing else comes first */
    rows[1].claim = 0;
    check.row_count = 2;
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_record_init(DOUBT_CELL, &cell);
    cell.number = 1;
    cell.batch = 1;
    doubt_text_set(&cell.network, "resnet50");
    doubt_text_set(&cell.engine, "synthetic");
    doubt_text_set(&cell.precision, "f32");
    doubt_text_set(&cell.state, "measured");
    cell.mean_ns = 27.80e6;
    cell.mean_lo_ns = 27.79e6;
    cell.mean_hi_ns = 27.81e6;
    cell.p90_ns = 36e6;
    cell.p90_lo_ns = 35e6;
    cell.p90_hi_ns = 37e6;
    return doubt_check_also_list(&check, &err) != DOUBT_OK;
}

static int tear_down(void **state)
{
    (void)state;
    doubt_check_also_free(&check);
    doubt_claim_set_free(&check.set);
    doubt_record_free(DOUBT_SERIES, &series);
    doubt_record_free(DOUBT_CELL, &cell);
    return 0;
}

static void each_pair_is_listed_before_anything_is_measured(void **state)
{
    (void)state;
    assert_int_equal(check.also_count, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(check.also[i].cell, 1);
        assert_int_equal(check.also[i].number, i);
        assert_true(isnan(check.also[i].ratio));
        assert_null(check.also[i].verdict);
    }
    assert_string_equal(check.also[0].claim, "b");
    assert_string_equal(check.also[0].claim_figure, "27.8 ms");
    assert_string_equal(check.also[1].claim, "c");
}

static void a_cell_is_judged_by_each(void **state)
{
    (void)state;
    doubt_text_set(&cell.claim, "a");
    doubt_text_set(&cell.verdict, "EXCEEDS");
    cell.ratio = 3;
    for (int look = 0; look < 2; look++) { /* again and again: nothing is left over */
        doubt_check_also_judge(&check, &series, &cell);
        assert_string_equal(check.also[0].claim, "b");
        assert_string_equal(check.also[0].verdict, "HOLDS");
        assert_true(fabs(check.also[0].ratio - 1) < 1e-12);
        assert_string_equal(check.also[1].verdict, "FALLS SHORT"); /* by the p90 */
        assert_true(fabs(check.also[1].ratio_lo - 30.0 / 37) < 1e-12);
        assert_string_equal(check.also[1].differs, "other device");
        assert_non_null(strstr(check.also[1].differs_how, "My Board"));
    }
    assert_non_null(strstr(check.conditions, "My Board"));
    /* The cell's own claim stays. */
    assert_string_equal(cell.claim, "a");
    assert_string_equal(cell.verdict, "EXCEEDS");
    assert_true(cell.ratio == 3);
    cell.number = 0;
    cell.p90_ns = NAN;
    doubt_check_also_judge(&check, &series, &cell);
    assert_string_equal(check.also[1].verdict, "FALLS SHORT");
}

static void a_figure_that_is_gone_leaves_no_verdict(void **state)
{
    (void)state;
    doubt_check_also_judge(&check, &series, &cell);
    doubt_text_set(&cell.state, "void");
    doubt_check_also_judge(&check, &series, &cell);
    for (int i = 0; i < 2; i++) {
        assert_null(check.also[i].verdict);
        assert_true(isnan(check.also[i].ratio) && isnan(check.also[i].ratio_lo) &&
                    isnan(check.also[i].ratio_hi));
    }
}

static void the_exit_status_counts_them(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second;
        int of_cells, status;
    } cases[] = {
        {NULL, NULL, DOUBT_EXIT_OK, DOUBT_EXIT_OK},
        {"HOLDS", "FALLS SHORT", DOUBT_EXIT_OK, DOUBT_EXIT_FALLS_SHORT},
        {"INCONCLUSIVE", "FALLS SHORT", DOUBT_EXIT_OK, DOUBT_EXIT_FALLS_SHORT},
        {"FALLS SHORT", "INCONCLUSIVE", DOUBT_EXIT_OK, DOUBT_EXIT_FALLS_SHORT},
        {"HOLDS", "NO STEADY STATE", DOUBT_EXIT_OK, DOUBT_EXIT_INCONCLUSIVE},
        {"HOLDS", "EXCEEDS", DOUBT_EXIT_INCONCLUSIVE, DOUBT_EXIT_INCONCLUSIVE},
        {"HOLDS", "FALLS SHORT", DOUBT_EXIT_INCONCLUSIVE, DOUBT_EXIT_FALLS_SHORT},
        {"HOLDS", "FALLS SHORT", DOUBT_EXIT_FAILED, DOUBT_EXIT_FAILED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        doubt_text_set(&check.also[0].verdict, cases[i].first);
        doubt_text_set(&check.also[1].verdict, cases[i].second);
        assert_int_equal(doubt_check_also_exit(&check, cases[i].of_cells), cases[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_pair_is_listed_before_anything_is_measured, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_cell_is_judged_by_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_figure_that_is_gone_leaves_no_verdict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_exit_status_counts_them, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

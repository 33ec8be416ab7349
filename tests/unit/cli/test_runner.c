/* test_runner.c: the exit status that a finished series deserves. */
#include "cli/runner.h"
#include "measure/analyze.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* One row: verdict (NULL: not judged) and whether it has a mean. */
struct row {
    const char *verdict;
    bool has_mean;
    const char *cell_state;
};

static int exit_of(const char *state, const struct row *rows, size_t count)
{
    struct doubt_series series;
    struct doubt_cell cells[4];
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_text_set(&series.state, state);
    for (size_t i = 0; i < count; i++) {
        doubt_record_init(DOUBT_CELL, &cells[i]);
        doubt_text_set(&cells[i].verdict, rows[i].verdict);
        doubt_text_set(&cells[i].state, rows[i].cell_state);
        if (rows[i].has_mean)
            cells[i].mean_ns = 1e6;
    }
    int status = doubt_runner_exit(&series, cells, count);
    for (size_t i = 0; i < count; i++)
        doubt_record_free(DOUBT_CELL, &cells[i]);
    doubt_record_free(DOUBT_SERIES, &series);
    return status;
}

static void verdicts_decide(void **state)
{
    (void)state;
    const struct row good[] = {{"HOLDS", true, NULL}, {"EXCEEDS", true, NULL}, {NULL, true, NULL}};
    assert_int_equal(exit_of("finished", good, 3), DOUBT_EXIT_OK);
    const struct row open[] = {{"HOLDS", true, NULL}, {"INCONCLUSIVE", true, NULL}};
    assert_int_equal(exit_of("finished", open, 2), DOUBT_EXIT_INCONCLUSIVE);
    const struct row unsteady[] = {{"NO STEADY STATE", true, NULL}};
    assert_int_equal(exit_of("finished", unsteady, 1), DOUBT_EXIT_INCONCLUSIVE);
    const struct row failed[] = {{"INCONCLUSIVE", true, NULL}, {NULL, false, NULL}};
    assert_int_equal(exit_of("finished", failed, 2), DOUBT_EXIT_FAILED);
    const struct row short_of[] = {
        {NULL, false, NULL}, {"INCONCLUSIVE", true, NULL}, {"FALLS SHORT", true, NULL}};
    assert_int_equal(exit_of("finished", short_of, 3), DOUBT_EXIT_FALLS_SHORT);
}

static void a_budget_that_is_over_is_no_failure(void **state)
{
    (void)state;
    const struct row early[] = {{NULL, false, "too few restarts"}, {"HOLDS", true, "measured"}};
    assert_int_equal(exit_of("finished", early, 2), DOUBT_EXIT_INCONCLUSIVE);
    const struct row failed[] = {{NULL, false, "too few restarts"}, {NULL, false, "failed"}};
    assert_int_equal(exit_of("finished", failed, 2), DOUBT_EXIT_FAILED);
}

static void an_interrupt_is_no_conclusion(void **state)
{
    (void)state;
    const struct row good[] = {{"HOLDS", true, NULL}, {NULL, false, NULL}};
    assert_int_equal(exit_of("interrupted", good, 2), DOUBT_EXIT_INCONCLUSIVE);
    const struct row short_of[] = {{"FALLS SHORT", true, NULL}};
    assert_int_equal(exit_of("interrupted", short_of, 1), DOUBT_EXIT_FALLS_SHORT);
}

static void the_hidden_cell_does_not_count(void **state)
{
    (void)state;
    struct doubt_series series;
    struct doubt_cell cell;
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_record_init(DOUBT_CELL, &cell);
    doubt_text_set(&cell.network, DOUBT_VIEW_HIDDEN);
    assert_int_equal(doubt_runner_exit(&series, &cell, 1), DOUBT_EXIT_OK);
    doubt_record_free(DOUBT_CELL, &cell);
    doubt_record_free(DOUBT_SERIES, &series);
}

/* Both must mean the same by few and short. */
static void the_page_and_the_method_have_the_same_bounds(void **state)
{
    (void)state;
    assert_int_equal(DOUBT_RECORD_RESTARTS_FULL, DOUBT_ANALYZE_RESTARTS_FULL);
    assert_int_equal(DOUBT_RECORD_ITERATIONS_FULL, DOUBT_ANALYZE_ITERATIONS_FEW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_decide),
        cmocka_unit_test(a_budget_that_is_over_is_no_failure),
        cmocka_unit_test(an_interrupt_is_no_conclusion),
        cmocka_unit_test(the_hidden_cell_does_not_count),
        cmocka_unit_test(the_page_and_the_method_have_the_same_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

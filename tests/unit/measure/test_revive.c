/* test_revive.c: a series whose end was lost gets the figures that its end would have had.
 *
 * A whole series is run and its restarts are kept as a store would keep them; revived from these,
 * every figure must be the same.
 */
#include "measure/revive.h"

#include "measure/analyze.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { CELLS = 2, KEPT_MAX = 32 };

struct kept {
    struct doubt_series series;
    struct doubt_cell cells[CELLS];
    struct doubt_restart_result restarts[CELLS][KEPT_MAX];
    size_t counts[CELLS];
};

static void copy_record(enum doubt_scope scope, void *to, const void *from)
{
    doubt_record_init(scope, to);
    assert_true(doubt_record_copy(scope, to, from));
}

static enum doubt_code on_begin(void *context, struct doubt_series *series,
                                const struct doubt_cell *cells, size_t cell_count,
                                struct doubt_err *err)
{
    struct kept *kept = context;
    (void)err;
    assert_int_equal(cell_count, CELLS);
    series->id = 7;
    copy_record(DOUBT_SERIES, &kept->series, series);
    for (size_t i = 0; i < CELLS; i++)
        copy_record(DOUBT_CELL, &kept->cells[i], &cells[i]);
    return DOUBT_OK;
}

static struct doubt_restart_result keep(const struct doubt_restart *restart, const int64_t *samples,
                                        size_t count)
{
    struct doubt_restart_result result = {.count = count};
    copy_record(DOUBT_RESTART, &result.record, restart);
    if (count > 0) {
        result.samples = malloc(count * sizeof *samples);
        assert_non_null(result.samples);
        memcpy(result.samples, samples, count * sizeof *samples);
    }
    return result;
}

static enum doubt_code on_restart(void *context, const struct doubt_restart *restart,
                                  const int64_t *samples, size_t count, struct doubt_err *err)
{
    struct kept *kept = context;
    (void)err;
    assert_in_range(restart->cell, 0, CELLS - 1);
    size_t n = kept->counts[restart->cell]++;
    assert_true(n < KEPT_MAX);
    kept->restarts[restart->cell][n] = keep(restart, samples, count);
    return DOUBT_OK;
}

static void free_kept(struct kept *kept)
{
    for (size_t c = 0; c < CELLS; c++) {
        for (size_t i = 0; i < kept->counts[c]; i++)
            doubt_restart_result_free(&kept->restarts[c][i]);
        doubt_record_free(DOUBT_CELL, &kept->cells[c]);
    }
    doubt_record_free(DOUBT_SERIES, &kept->series);
    free(kept);
}

static void revive(struct kept *kept, size_t cell, bool hidden)
{
    struct doubt_err err = {.code = DOUBT_OK};
    const struct doubt_revive what = {&kept->series, kept->restarts[cell], kept->counts[cell],
                                      hidden};
    if (doubt_revive_cell(&what, &kept->cells[cell], &err) != DOUBT_OK)
        fail_msg("%s", err.text);
}

/* Does the field depend on what only the supervisor knew: the costs it foresaw, its clock? */
static bool may_differ(const char *name)
{
    static const char *const names[] = {"best_iterations", "others_share", "steal_share", "series"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool are_equal(const struct doubt_field *field, const void *a, const void *b)
{
    if (field->type == DOUBT_TEXT_FIELD)
        return strcmp(*(char *const *)a, *(char *const *)b) == 0;
    if (field->type == DOUBT_I64_FIELD)
        return *(const int64_t *)a == *(const int64_t *)b;
    return *(const double *)a == *(const double *)b;
}

static void check_same(const struct doubt_cell *revived, const struct doubt_cell *ended)
{
    size_t count, present = 0;
    const struct doubt_field *fields = doubt_fields(DOUBT_CELL, &count);
    for (size_t i = 0; i < count; i++) {
        bool missing = doubt_field_is_missing(&fields[i], ended);
        if (may_differ(fields[i].name))
            continue;
        if (missing != doubt_field_is_missing(&fields[i], revived))
            fail_msg("%s is missing in one of them", fields[i].name);
        if (!missing && !are_equal(&fields[i], doubt_field_at_const(&fields[i], revived),
                                   doubt_field_at_const(&fields[i], ended)))
            fail_msg("%s differs", fields[i].name);
        present += !missing;
    }
    assert_true(present > 40);
}

static void all_restarts_give_the_same_figures(void **state)
{
    (void)state;
    static const char *const options[] = {"mean=100us", "sd=5us", "distribution=normal", NULL};
    struct doubt_cell_plan cells[CELLS] = {
        {.network = "fast", .engine = "synthetic", .batch = 2, .options = options},
        {.network = "none", .engine = "null", .batch = 1, .hidden = true}};
    const struct doubt_series_plan plan = {.cells = cells,
                                           .cell_count = CELLS,
                                           .seed = 3,
                                           .restarts_max = 7,
                                           .iterations = 120,
                                           .warm_ns = 1000000,
                                           .family = 4};
    struct kept *kept = calloc(1, sizeof *kept);
    struct doubt_series_result result;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_non_null(kept);
    const struct doubt_series_hooks hooks = {
        .context = kept, .begin = on_begin, .restart = on_restart};
    if (doubt_series_run(&plan, &hooks, NULL, &result, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(kept->counts[0], 7);
    assert_true(isnan(kept->cells[0].mean_ns));
    assert_true(result.cells[0].level == 0.05 / 4);
    for (size_t c = 0; c < CELLS; c++) {
        revive(kept, c, c == 1);
        check_same(&kept->cells[c], &result.cells[c]);
    }
    assert_true(kept->series.overhead_ns == result.series.overhead_ns);
    doubt_series_result_free(&result);
    free_kept(kept);
}

/* --- restarts made by hand ----------------------------------------------------------------- */

static struct kept *begin_by_hand(void)
{
    struct kept *kept = calloc(1, sizeof *kept);
    assert_non_null(kept);
    doubt_record_init(DOUBT_SERIES, &kept->series);
    for (size_t c = 0; c < CELLS; c++)
        doubt_record_init(DOUBT_CELL, &kept->cells[c]);
    kept->cells[0].batch = 1;
    return kept;
}

/* Samples of 1000 and 1010 ns in turn, plus `add`. */
static void add_restart(struct kept *kept, const char *outcome, size_t count, int64_t add,
                        int64_t doublings)
{
    struct doubt_restart restart;
    int64_t samples[400];
    doubt_record_init(DOUBT_RESTART, &restart);
    restart.doublings = doublings;
    doubt_text_set(&restart.outcome, outcome);
    for (size_t i = 0; i < count; i++)
        samples[i] = 1000 + add + (i % 2 ? 10 : 0);
    kept->restarts[0][kept->counts[0]++] = keep(&restart, samples, count);
    doubt_record_free(DOUBT_RESTART, &restart);
}

/* Five of 100 samples were refused; six of 200 count, and one that failed. */
static void shorter_restarts_do_not_count(void **state)
{
    (void)state;
    struct kept *kept = begin_by_hand();
    for (int i = 0; i < 5; i++)
        add_restart(kept, DOUBT_OUTCOME_OK, 100, 5000, 0);
    for (int i = 0; i < 6; i++)
        add_restart(kept, DOUBT_OUTCOME_OK, 200, i, 1);
    add_restart(kept, DOUBT_OUTCOME_CRASH, 0, 0, 1);
    add_restart(kept, DOUBT_OUTCOME_INTERRUPTED, 20, 0, 1);
    revive(kept, 0, false);
    const struct doubt_cell *cell = &kept->cells[0];
    assert_int_equal(cell->restarts, 6);
    assert_int_equal(cell->restarts_short, 5);
    assert_int_equal(cell->restarts_failed, 1);
    assert_int_equal(cell->doublings, 1);
    assert_int_equal(cell->iterations, 200);
    assert_true(fabs(cell->mean_ns - 1007.5) < 1e-9); /* 1005 and 0 to 5 more */
    assert_true(cell->mean_lo_ns < cell->mean_ns && cell->mean_ns < cell->mean_hi_ns);
    free_kept(kept);
}

static void nothing_kept_is_too_few(void **state)
{
    (void)state;
    struct kept *kept = begin_by_hand();
    revive(kept, 0, false);
    assert_string_equal(kept->cells[0].state, DOUBT_STATE_FEW);
    assert_true(isnan(kept->cells[0].mean_ns));
    free_kept(kept);
    kept = begin_by_hand();
    add_restart(kept, DOUBT_OUTCOME_OK, 100, 0, 0);
    add_restart(kept, DOUBT_OUTCOME_OUTPUT, 0, 0, 0);
    revive(kept, 0, false);
    assert_string_equal(kept->cells[0].state, DOUBT_STATE_VOID);
    assert_true(isnan(kept->cells[0].mean_ns));
    free_kept(kept);
}

/* A store may hold anything: what cannot be analysed is a failed cell, and says why. */
static void nonsense_is_a_failed_cell(void **state)
{
    (void)state;
    struct kept *kept = begin_by_hand();
    for (int i = 0; i < 6; i++)
        add_restart(kept, DOUBT_OUTCOME_OK, 100, i, 0);
    kept->cells[0].batch = DOUBT_MISSING_I64;
    revive(kept, 0, false);
    assert_string_equal(kept->cells[0].state, DOUBT_STATE_FAILED);
    assert_non_null(kept->cells[0].reason);
    free_kept(kept);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_restarts_give_the_same_figures),
        cmocka_unit_test(shorter_restarts_do_not_count),
        cmocka_unit_test(nothing_kept_is_too_few),
        cmocka_unit_test(nonsense_is_a_failed_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

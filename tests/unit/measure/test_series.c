/* test_series.c: whole series of the built-in engines and of plug-ins that misbehave. */
#include "measure/series.h"

#include "measure/analyze.h"
#include "measure/restart.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { SEEN_MAX = 512 };

/* What the hooks were given. */
struct seen {
    int begins, befores, progresses, looks, restarts;
    double before_share;
    int64_t cells[SEEN_MAX], numbers[SEEN_MAX], positions[SEEN_MAX], series[SEEN_MAX];
    char outcomes[SEEN_MAX][32];
    size_t counts[SEEN_MAX];
    int stop_at, fail_at; /* after so many restarts; 0: never */
    bool conclusive;
    bool pilots_were_shown, cut_was_there;
    volatile sig_atomic_t stop;
};

static void on_progress(void *context, const struct doubt_progress *progress)
{
    struct seen *seen = context;
    seen->progresses++;
    assert_non_null(progress->phase);
    assert_true(progress->restarts_done <= progress->restarts_planned);
    assert_true(progress->elapsed_ns >= 0);
    if (strcmp(progress->phase, "pilot") == 0)
        seen->pilots_were_shown = true;
    else if (strcmp(progress->phase, "soak") != 0)
        assert_string_equal(progress->phase, "measuring");
}

static void on_before(void *context, const struct doubt_series *series)
{
    struct seen *seen = context;
    assert_false(seen->pilots_were_shown);
    assert_non_null(series->machine);
    seen->before_share = series->others_before_share;
    seen->befores++;
}

static enum doubt_code on_begin(void *context, struct doubt_series *series,
                                const struct doubt_cell *cells, size_t cell_count,
                                struct doubt_err *err)
{
    struct seen *seen = context;
    (void)err;
    assert_true(cell_count > 0);
    for (size_t i = 0; i < cell_count; i++) {
        assert_int_equal(cells[i].number, (int64_t)i);
        assert_non_null(cells[i].engine);
    }
    assert_int_equal(series->supervisor_pid, getpid());
    assert_non_null(series->boot_id);
    assert_int_equal(seen->restarts, 0);
    assert_string_equal(series->state, "running");
    assert_non_null(series->machine);
    seen->cut_was_there = series->cut != NULL;
    seen->begins++;
    series->id = 42;
    return DOUBT_OK;
}

static enum doubt_code on_restart(void *context, const struct doubt_restart *restart,
                                  const int64_t *samples, size_t count, struct doubt_err *err)
{
    struct seen *seen = context;
    int n = seen->restarts++;
    assert_true(n < SEEN_MAX);
    assert_true((samples != NULL) == (count > 0));
    seen->cells[n] = restart->cell;
    seen->numbers[n] = restart->number;
    seen->positions[n] = restart->position;
    seen->series[n] = restart->series;
    seen->counts[n] = count;
    snprintf(seen->outcomes[n], sizeof seen->outcomes[n], "%s", restart->outcome);
    if (seen->restarts == seen->stop_at)
        seen->stop = 1;
    if (seen->restarts == seen->fail_at)
        return doubt_err_set(err, DOUBT_E_FULL, "the test's store is full");
    return DOUBT_OK;
}

static bool on_look(void *context, struct doubt_cell *cell)
{
    struct seen *seen = context;
    seen->looks++;
    assert_true(isfinite(cell->mean_ns));
    return seen->conclusive;
}

static const struct doubt_cell_plan null_cell = {
    .network = "none", .engine = "null", .batch = 1, .hidden = true};
static const char *const slow_options[] = {"mean=1ms", "sd=10us", "distribution=normal", NULL};
static const char *const fast_options[] = {"mean=100us", "sd=1us", "distribution=normal", NULL};
static const struct doubt_cell_plan slow_cell = {
    .network = "slow", .engine = "synthetic", .batch = 2, .options = slow_options};
static const struct doubt_cell_plan fast_cell = {
    .network = "fast", .engine = "synthetic", .batch = 1, .options = fast_options};

static enum doubt_code run(struct doubt_series_plan *plan, struct seen *seen,
                           struct doubt_series_result *result, struct doubt_err *err)
{
    const struct doubt_series_hooks hooks = {.context = seen,
                                             .progress = on_progress,
                                             .before = on_before,
                                             .begin = on_begin,
                                             .restart = on_restart,
                                             .conclusive = on_look};
    *err = (struct doubt_err){.code = DOUBT_OK};
    return doubt_series_run(plan, &hooks, &seen->stop, result, err);
}

static void must_run(struct doubt_series_plan *plan, struct seen *seen,
                     struct doubt_series_result *result)
{
    struct doubt_err err;
    enum doubt_code code = run(plan, seen, result, &err);
    if (code != DOUBT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(code, DOUBT_OK);
    assert_int_equal(seen->begins, 1);
}

/* --- a series that goes well --------------------------------------------------------------- */

static void check_figures(const struct doubt_cell *cell, double least_ns)
{
    assert_true(cell->mean_ns >= least_ns); /* the engine spins at least that long */
    assert_false(cell->mean_lo_ns <= 0 || cell->mean_lo_ns >= cell->mean_ns); /* or missing */
    assert_true(cell->mean_hi_ns > cell->mean_ns);
    assert_false(cell->p50_lo_ns <= 0 || cell->p50_lo_ns >= cell->p50_ns);
    assert_true(cell->p50_ns < cell->p50_hi_ns);
    assert_false(cell->fps_lo <= 0 || cell->fps_lo >= cell->fps);
    assert_true(cell->fps < cell->fps_hi);
    assert_true(isnan(cell->p99_ns)); /* 60 samples */
    assert_true(cell->spread > 0 && cell->drift >= 0);
    assert_true(cell->load_ns >= 0 && cell->build_ns >= 0 && cell->first_ns > 0);
    assert_true(cell->peak_memory_bytes > 0);
    assert_int_equal(cell->series, 42);
    assert_int_equal(cell->restarts, 6);
    assert_int_equal(cell->restarts_planned, 6);
    assert_int_equal(cell->restarts_failed, 0);
    assert_int_equal(cell->iterations, 60);
    assert_string_equal(cell->device, "CPU");
    assert_string_equal(cell->boundary, "call");
    assert_string_equal(cell->precision_asked, "any");
    assert_non_null(cell->engine_version);
}

static void every_round_is_a_permutation(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {null_cell, slow_cell, fast_cell};
    struct doubt_series_plan plan = {.cells = cells,
                                     .cell_count = 3,
                                     .command = "doubt test",
                                     .seed = 0x5eed,
                                     .restarts_max = 6,
                                     .iterations = 60,
                                     .warm_ns = 1000000};
    struct doubt_series_result result;
    struct seen seen = {0}, again = {0};
    must_run(&plan, &seen, &result);
    assert_int_equal(seen.restarts, 18);
    bool all_alike = true;
    for (int round = 0; round < 6; round++) {
        int64_t *cell = &seen.cells[3 * round], sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += INT64_C(1) << (4 * cell[i]);
            assert_int_equal(seen.positions[3 * round + i], 3 * round + i);
            assert_int_equal(seen.numbers[3 * round + i], round);
            assert_int_equal(seen.series[3 * round + i], 42);
            assert_string_equal(seen.outcomes[3 * round + i], DOUBT_OUTCOME_OK);
        }
        assert_int_equal(sum, 0x111);
        all_alike = all_alike && memcmp(cell, seen.cells, 3 * sizeof *cell) == 0;
    }
    assert_false(all_alike);
    assert_true(seen.pilots_were_shown);
    assert_int_equal(seen.looks, 2); /* the last look of the two rows */
    check_figures(&result.cells[1], 0.9e6);
    check_figures(&result.cells[2], 0.9e5);
    assert_string_equal(result.cells[1].options, "mean=1ms sd=10us distribution=normal");
    /* The mean of 1/x is at least 1 over the mean of x; at batch 2, twice. */
    assert_true(result.cells[1].fps >= 2e9 / result.cells[1].mean_ns * (1 - 1e-12));
    assert_true(result.cells[1].fps <= 2e9 / 0.9e6);
    doubt_series_result_free(&result);

    must_run(&plan, &again, &result); /* the seed alone decides the order */
    assert_memory_equal(seen.cells, again.cells, sizeof seen.cells);
    doubt_series_result_free(&result);
}

static void the_series_says_where_and_how(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {null_cell, fast_cell};
    struct doubt_series_plan plan = {.cells = cells,
                                     .cell_count = 2,
                                     .command = "doubt test",
                                     .claim_set = "none",
                                     .seed = 0x5eed,
                                     .restarts_max = 2,
                                     .iterations = 30,
                                     .warm_ns = 1000000};
    struct doubt_series_result result;
    struct seen seen = {0};
    must_run(&plan, &seen, &result);
    const struct doubt_series *series = &result.series;
    assert_string_equal(series->state, "finished");
    assert_string_equal(series->seed, "5eed");
    assert_string_equal(series->command, "doubt test");
    assert_string_equal(series->claim_set, "none");
    assert_string_equal(series->clock_kind, "CLOCK_MONOTONIC_RAW");
    assert_true(series->begun_ns < series->ended_ns);
    assert_true(series->overhead_ns > 0 && series->overhead_ns < 100e6);
    assert_true(series->cpu_count >= 1);
    assert_int_equal(series->budget_ns, DOUBT_MISSING_I64);
    assert_null(series->cut);
    assert_false(series->others_share < 0 || series->others_share > 1);
    assert_string_equal(result.cells[1].state, DOUBT_STATE_FEW);
    assert_non_null(strstr(result.cells[1].reason, "2 restarts"));
    doubt_series_result_free(&result);
}

/* A process that is not ours keeps a CPU busy until killed; its number. */
static pid_t spin_elsewhere(void)
{
    int ends[2];
    pid_t orphan = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t parent = fork();
    assert_true(parent >= 0);
    if (parent == 0) {
        orphan = fork();
        if (orphan == 0)
            for (;;)
                continue;
        _exit(write(ends[1], &orphan, sizeof orphan) != sizeof orphan);
    }
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    assert_int_equal(read(ends[0], &orphan, sizeof orphan), sizeof orphan);
    close(ends[0]);
    close(ends[1]);
    assert_true(orphan > 0);
    return orphan;
}

/* Where /proc tells: others' work is seen before the first pilot, and not looked for where the
 * series is to begin at once. */
static void a_busy_machine_is_named_before_it_begins(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {null_cell};
    struct doubt_series_plan plan = {
        .cells = cells, .cell_count = 1, .restarts_max = 2, .iterations = 10, .warm_ns = 1000000};
    struct doubt_series_result result;
    struct seen seen = {0};
    pid_t orphan = spin_elsewhere();
    must_run(&plan, &seen, &result);
    kill(orphan, SIGKILL);
    assert_int_equal(seen.befores, 1);
    assert_true(seen.before_share > 0.1 / (double)result.series.cpu_count);
    assert_true(seen.before_share <= 1);
    assert_true(result.series.others_before_share == seen.before_share);
    assert_non_null(result.series.others_before_names);
    doubt_series_result_free(&result);
    plan.no_soak = true;
    seen = (struct seen){0};
    must_run(&plan, &seen, &result);
    assert_int_equal(seen.befores, 0);
    assert_true(isnan(result.series.others_before_share));
    doubt_series_result_free(&result);
}

/* Work of a length that was asked for is done, whatever can be read. */
static void a_soak_of_a_given_length(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {null_cell};
    struct doubt_series_plan plan = {.cells = cells,
                                     .cell_count = 1,
                                     .restarts_max = 2,
                                     .iterations = 10,
                                     .warm_ns = 1000000,
                                     .soak_ns = 200000000};
    struct doubt_series_result result;
    struct seen seen = {0};
    must_run(&plan, &seen, &result);
    assert_true(result.series.soak_ns >= plan.soak_ns);
    assert_string_equal(result.series.soak, "as long as was asked for");
    assert_int_equal(result.cells[0].restarts, 2);
    assert_int_equal(seen.restarts, 2);
    doubt_series_result_free(&result);
}

/* --- cells that fail ----------------------------------------------------------------------- */

static bool have_plugins(void)
{
    FILE *file = fopen(DOUBT_BUILD "/tests/engines/doubt-engine-crash.so", "r");
    if (file != NULL)
        fclose(file);
    return file != NULL;
}

/* A bad cell between two good ones: its records are kept, theirs are whole. outcomes: those that
 * its restarts may have. */
static void check_bad_cell(const char *engine, const char *outcomes, const char *cell_state)
{
    struct doubt_cell_plan bad = {.network = "bad", .engine = engine, .batch = 1};
    struct doubt_cell_plan cells[] = {null_cell, bad, fast_cell};
    struct doubt_series_plan plan = {.cells = cells,
                                     .cell_count = 3,
                                     .seed = 7,
                                     .restarts_max = 5,
                                     .iterations = 30,
                                     .warm_ns = 1000000};
    struct doubt_series_result result;
    struct seen seen = {0};
    must_run(&plan, &seen, &result);
    int failures = 0;
    for (int i = 0; i < seen.restarts; i++)
        if (seen.cells[i] == 1) {
            assert_non_null(strstr(outcomes, seen.outcomes[i]));
            assert_int_equal(seen.numbers[i], failures++);
            assert_int_equal(seen.series[i], 42);
        }
    assert_in_range(failures, 1, 2);
    assert_int_equal(seen.restarts, 10 + failures);
    const struct doubt_cell *cell = &result.cells[1];
    assert_string_equal(cell->state, cell_state);
    assert_non_null(cell->reason);
    assert_true(strlen(cell->reason) > 10);
    assert_int_equal(cell->restarts_failed, failures);
    assert_int_equal(cell->restarts, 0);
    assert_true(isnan(cell->mean_ns) && isnan(cell->fps_hi));
    assert_true(isfinite(result.cells[2].mean_hi_ns));
    assert_int_equal(result.cells[2].restarts, 5);
    assert_string_equal(result.series.state, "finished");
    doubt_series_result_free(&result);
}

static void bad_cells_are_given_up(void **state)
{
    (void)state;
    check_bad_cell("no-such-engine", DOUBT_OUTCOME_ENGINE, DOUBT_STATE_FAILED);
    if (!have_plugins())
        skip();
    /* A sanitizer turns a fatal signal into an exit. */
    check_bad_cell(DOUBT_BUILD "/tests/engines/doubt-engine-crash.so",
                   DOUBT_OUTCOME_CRASH ", " DOUBT_OUTCOME_EXIT, DOUBT_STATE_FAILED);
    check_bad_cell(DOUBT_BUILD "/tests/engines/doubt-engine-fails.so", DOUBT_OUTCOME_ENGINE,
                   DOUBT_STATE_FAILED);
    check_bad_cell(DOUBT_BUILD "/tests/engines/doubt-engine-nan-output.so", DOUBT_OUTCOME_OUTPUT,
                   DOUBT_STATE_VOID);
}

static void nothing_but_bad_cells_is_a_finished_series(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {{.network = "bad", .engine = "no-such-engine", .batch = 1}};
    struct doubt_series_plan plan = {.cells = cells, .cell_count = 1};
    struct doubt_series_result result;
    struct seen seen = {0};
    must_run(&plan, &seen, &result);
    assert_int_equal(seen.restarts, 2);
    assert_string_equal(result.series.state, "finished");
    assert_string_equal(result.cells[0].state, DOUBT_STATE_FAILED);
    assert_true(isnan(result.series.overhead_ns));
    doubt_series_result_free(&result);
}

/* --- ends before the end ------------------------------------------------------------------- */

static void a_stop_keeps_what_there_is(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {null_cell, fast_cell};
    struct doubt_series_plan plan = {
        .cells = cells, .cell_count = 2, .restarts_max = 20, .iterations = 30, .warm_ns = 1000000};
    struct doubt_series_result result;
    struct seen seen = {.stop_at = 12};
    must_run(&plan, &seen, &result);
    assert_int_equal(seen.restarts, 12);
    assert_string_equal(result.series.state, "interrupted");
    assert_int_equal(result.cells[1].restarts, 6);
    assert_true(isfinite(result.cells[1].mean_hi_ns));
    doubt_series_result_free(&result);

    struct seen at_once = {.stop = 1};
    must_run(&plan, &at_once, &result);
    assert_int_equal(at_once.restarts, 0);
    assert_string_equal(result.series.state, "interrupted");
    assert_string_equal(result.cells[1].state, DOUBT_STATE_FEW);
    doubt_series_result_free(&result);
}

static void a_store_that_fails_ends_the_series(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {null_cell, fast_cell};
    struct doubt_series_plan plan = {
        .cells = cells, .cell_count = 2, .restarts_max = 20, .iterations = 30, .warm_ns = 1000000};
    struct doubt_series_result result;
    struct doubt_err err;
    struct seen seen = {.fail_at = 5};
    assert_int_equal(run(&plan, &seen, &result, &err), DOUBT_E_FULL);
    assert_string_equal(err.text, "the test's store is full");
    assert_int_equal(seen.restarts, 5);
    assert_string_equal(result.series.state, "failed");
    assert_int_equal(result.cell_count, 2);
    doubt_series_result_free(&result);
}

static void conclusive_cells_end_at_a_look(void **state)
{
    (void)state;
    struct doubt_cell_plan shown = null_cell;
    shown.hidden = false;
    struct doubt_cell_plan cells[] = {null_cell, shown};
    struct doubt_series_plan plan = {
        .cells = cells, .cell_count = 2, .restarts_max = 40, .iterations = 50, .warm_ns = 100000};
    struct doubt_series_result result;
    struct seen seen = {.conclusive = true};
    must_run(&plan, &seen, &result);
    assert_int_equal(seen.restarts, 40); /* 20 of each */
    assert_int_equal(seen.looks, 1);
    assert_int_equal(result.cells[1].look, 1);
    assert_int_equal(result.cells[1].looks, 2);
    assert_true(fabs(result.cells[1].level - 0.025) < 1e-12);
    doubt_series_result_free(&result);
}

/* Nothing is measured, recorded or shown; a row whose pilot fails is, for its sentence's sake. */
static void a_budget_without_room_is_refused(void **state)
{
    (void)state;
    struct doubt_cell_plan bad = {.network = "bad", .engine = "/nowhere/doubt-engine-none.so"};
    struct doubt_cell_plan cells[] = {null_cell, slow_cell, slow_cell, bad};
    struct doubt_series_plan plan = {.cells = cells, .cell_count = 3, .budget_ns = 1};
    struct doubt_series_result result;
    struct doubt_err err = {.code = DOUBT_OK};
    struct seen seen = {0};
    assert_int_equal(run(&plan, &seen, &result, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "--budget: 1 ns is over before a restart can end"));
    assert_non_null(strstr(err.text, "the smallest useful budget is about "));
    assert_null(strstr(err.text, "about 0"));
    assert_int_equal(seen.restarts, 0);
    assert_int_equal(result.cell_count, 0);
    doubt_series_result_free(&result);

    plan.restarts_max = 1; /* the named budget is for what was asked */
    seen = (struct seen){0};
    assert_int_equal(run(&plan, &seen, &result, &err), DOUBT_E_USAGE);
    assert_null(strstr(err.text, "about 0"));
    doubt_series_result_free(&result);

    plan.cell_count = 4;
    cells[1] = bad;
    cells[3] = slow_cell;
    seen = (struct seen){0};
    must_run(&plan, &seen, &result);
    assert_true(seen.cut_was_there);
    assert_string_equal(result.cells[1].state, DOUBT_STATE_FAILED);
    assert_int_equal(result.series.budget_ns, 1);
    doubt_series_result_free(&result);
}

static void bad_plans_are_refused(void **state)
{
    (void)state;
    struct doubt_cell_plan cells[] = {null_cell};
    const struct doubt_series_plan plans[] = {
        {.cells = cells, .cell_count = 0},
        {.cells = cells, .cell_count = 1, .iterations = -1},
        {.cells = cells, .cell_count = 1, .budget_ns = -1},
        {.cells = cells, .cell_count = 1, .iterations = INT64_C(1) << 40},
    };
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        struct doubt_series_result result;
        struct doubt_err err = {.code = DOUBT_OK};
        assert_int_not_equal(doubt_series_run(&plans[i], NULL, NULL, &result, &err), DOUBT_OK);
        assert_true(strlen(err.text) > 0);
        doubt_series_result_free(&result);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_round_is_a_permutation),
        cmocka_unit_test(the_series_says_where_and_how),
        cmocka_unit_test(a_busy_machine_is_named_before_it_begins),
        cmocka_unit_test(a_soak_of_a_given_length),
        cmocka_unit_test(bad_cells_are_given_up),
        cmocka_unit_test(nothing_but_bad_cells_is_a_finished_series),
        cmocka_unit_test(a_stop_keeps_what_there_is),
        cmocka_unit_test(a_store_that_fails_ends_the_series),
        cmocka_unit_test(conclusive_cells_end_at_a_look),
        cmocka_unit_test(a_budget_without_room_is_refused),
        cmocka_unit_test(bad_plans_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

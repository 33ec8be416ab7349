/* series.c: see series.h: pilots, plan, rounds in random order, the end.
 *
 * A unit of work is one round. All cells take part in whole rounds, so that what changes on the
 * machine meets all of them alike; the order within a round is a seeded permutation, or that of
 * pairs.c. One restart: turn.c.
 */
#include "measure/series_int.h"

#include "model/tensor.h"
#include "util/units.h"
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

struct doubt_plan_request doubti_series_request(const struct doubti_series_run *run)
{
    memcpy(run->foreseen, run->seen, run->count * sizeof *run->seen);
    if (run->plan->pairs != NULL)
        doubti_pairs_level_times(run->foreseen);
    return (struct doubt_plan_request){.cells = run->foreseen,
                                       .cell_count = run->count,
                                       .budget_ns = run->plan->budget_ns,
                                       .spent_ns = doubti_series_elapsed_ns(run),
                                       .restarts_max = run->plan->restarts_max,
                                       .restarts_least =
                                           run->plan->pairs != NULL ? DOUBT_PAIRS_MIN : 0,
                                       .family = run->plan->family,
                                       .iterations = run->plan->iterations,
                                       .warm_ns = run->plan->warm_ns};
}

/* --- plan ---------------------------------------------------------------------------------- */

static bool is_active(const struct doubti_series_run *run)
{
    if (run->plan->pairs != NULL)
        return run->seen[0].active && run->seen[1].active;
    for (size_t i = 0; i < run->count; i++)
        if (run->seen[i].active)
            return true;
    return false;
}

/* Cells that had no pilot get times that a plan accepts; they take no part in it. */
static enum doubt_code make_plan(struct doubti_series_run *run, struct doubt_err *err)
{
    for (size_t i = 0; i < run->count; i++)
        if (!run->seen[i].active)
            run->seen[i].iteration_ns = 1;
    if (!is_active(run))
        return DOUBT_OK;
    struct doubt_plan_request request = doubti_series_request(run);
    enum doubt_code code = doubt_plan_make(&request, &run->schedule, run->lengths, err);
    for (size_t i = 0; code == DOUBT_OK && i < run->count; i++) {
        struct doubt_cell *cell = run->cells[i].cell;
        if (!run->seen[i].active)
            continue;
        cell->restarts_planned = run->schedule.restarts;
        cell->iterations = run->cells[i].first_iterations = run->lengths[i].iterations;
        cell->looks = run->schedule.looks;
    }
    return code;
}

/* Opens the record, and writes the pilots that failed. */
static enum doubt_code begin(struct doubti_series_run *run, struct doubt_err *err)
{
    struct doubt_series *series = &run->result->series;
    enum doubt_code code = DOUBT_OK;
    doubt_text_set(&series->cut, run->schedule.cut[0] ? run->schedule.cut : NULL);
    if (run->hooks != NULL && run->hooks->begin != NULL)
        code = run->hooks->begin(run->hooks->context, series, run->result->cells, run->count, err);
    for (size_t i = 0; i < run->count; i++)
        run->cells[i].cell->series = series->id;
    for (size_t i = 0; code == DOUBT_OK && i < run->failed_pilot_count; i++) {
        struct doubt_restart_result *pilot = &run->failed_pilots[i];
        pilot->record.series = series->id;
        code = doubti_turn_give(run, &pilot->record, pilot, err);
    }
    return code;
}

/* Would this restart pass the budget's end? */
static bool is_too_late(const struct doubti_series_run *run, size_t index)
{
    int64_t expected = doubt_plan_restart_ns(&run->seen[index], &run->lengths[index]);
    double late = (double)expected - (double)doubti_series_left_ns(run);
    return run->plan->budget_ns > 0 && late > DOUBTI_SERIES_GRACE * (double)run->plan->budget_ns;
}

/* A budget without room for a single restart is refused, so that nobody waits for a table without
 * figures. Pilots that failed are told in the table. */
static enum doubt_code check_room(const struct doubti_series_run *run, struct doubt_err *err)
{
    char budget[64], pilots[64], least[64];
    if (run->plan->budget_ns <= 0 || run->failed_pilot_count > 0 || doubti_series_stopped(run))
        return DOUBT_OK;
    for (size_t i = 0; i < run->count; i++)
        if (run->seen[i].active && !run->plan->cells[i].hidden && !is_too_late(run, i))
            return DOUBT_OK;
    doubt_units_format_duration(run->plan->budget_ns, budget, sizeof budget);
    doubt_units_format_duration(run->schedule.begun_ns, pilots, sizeof pilots);
    doubt_units_format_duration(run->schedule.least_budget_ns, least, sizeof least);
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "--budget: %s is over before a restart can end: what comes before the "
                         "first one takes about %s here; the smallest useful budget is about %s",
                         budget, pilots, least);
}

/* --- rounds -------------------------------------------------------------------------------- */

/* Does this cell take part in a round? */
static bool is_wanted(const struct doubti_series_run *run, size_t index)
{
    return run->seen[index].active && run->seen[index].done < run->schedule.restarts;
}

/* The cells that take part in random order; gives their number. */
static size_t shuffle(struct doubti_series_run *run)
{
    size_t n = 0;
    for (size_t i = 0; i < run->count; i++)
        if (is_wanted(run, i))
            run->order[n++] = i;
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)doubt_rng_below(&run->rng, i), kept = run->order[i - 1];
        run->order[i - 1] = run->order[j];
        run->order[j] = kept;
    }
    if (run->plan->pairs != NULL)
        doubti_pairs_order(run->plan, run->round, run->order, n);
    return n;
}

/* One restart of each cell that wants one; *ended is set where the series must end within it, or
 * where none does. */
static enum doubt_code run_round(struct doubti_series_run *run, bool *ended, struct doubt_err *err)
{
    size_t n = shuffle(run);
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < n && !*ended; i++) {
        doubti_turn_foresee(run, run->order[i]);
        *ended = doubti_series_stopped(run) || is_too_late(run, run->order[i]);
        if (!*ended)
            code = doubti_turn_measure(run, run->order[i], err);
    }
    *ended = *ended || doubti_series_stopped(run) || n == 0;
    return code;
}

static enum doubt_code run_rounds(struct doubti_series_run *run, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    bool ended = doubti_series_stopped(run);
    run->progress.phase = "measuring";
    run->progress.restarts_done = run->failed_pilot_count;
    for (run->round = 0; code == DOUBT_OK && !ended && is_active(run); run->round++) {
        code = run_round(run, &ended, err);
        if (code != DOUBT_OK || ended)
            break;
        code = doubti_look_calibrate(run, err);
        if (code == DOUBT_OK)
            code = doubti_look_round(run, err);
        struct doubt_plan_request request = doubti_series_request(run);
        doubt_plan_revise(&request, &run->schedule, run->lengths);
    }
    return code;
}

/* --- beginning and end --------------------------------------------------------------------- */

static enum doubt_code new_run(struct doubti_series_run *run, struct doubt_err *err)
{
    size_t n = run->count;
    struct doubt_series_result *result = run->result;
    run->cells = calloc(n, sizeof *run->cells);
    run->seen = calloc(n, sizeof *run->seen);
    run->foreseen = calloc(n, sizeof *run->foreseen);
    run->lengths = calloc(n, sizeof *run->lengths);
    run->order = calloc(n, sizeof *run->order);
    run->failed_pilots = calloc(n * DOUBTI_PILOT_TRIES, sizeof *run->failed_pilots);
    result->cells = calloc(n, sizeof *result->cells);
    if (!run->cells || !run->seen || !run->foreseen || !run->lengths || !run->order ||
        !run->failed_pilots || !result->cells)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a series of %zu cells", n);
    result->cell_count = n;
    for (size_t i = 0; i < n; i++) {
        doubti_summary_begin_cell(&run->plan->cells[i], (int64_t)i, &result->cells[i]);
        run->cells[i].plan = &run->plan->cells[i];
        run->cells[i].cell = &result->cells[i];
        run->seen[i].hidden = run->plan->cells[i].hidden;
    }
    return DOUBT_OK;
}

static void free_run(struct doubti_series_run *run)
{
    for (size_t i = 0; run->cells != NULL && i < run->count; i++)
        doubti_summary_free_cell(&run->cells[i]);
    for (size_t i = 0; i < run->failed_pilot_count; i++)
        doubt_restart_result_free(&run->failed_pilots[i]);
    free(run->cells);
    free(run->seen);
    free(run->foreseen);
    free(run->lengths);
    free(run->order);
    free(run->failed_pilots);
    doubti_pin_stop(&run->pinning);
    doubt_busy_names_free(run->names);
    doubt_telemetry_stop(run->telemetry);
}

/* Clock, machine, telemetry: without the latter, others' work stays unknown and is said to be. */
static void observe(struct doubti_series_run *run)
{
    struct doubt_clock_info clock;
    doubt_clock_describe(&clock);
    /* Bound of the clock's systematic error: half of resolution plus spread of its cost. */
    run->clock_bound_ns = ((double)clock.resolution_ns + clock.read_spread_ns) / 2;
    doubti_summary_begin_series(&run->result->series, run->plan, &clock);
    doubti_pairs_begin(run->plan, &run->result->series);
    if (doubt_telemetry_start(NULL, 0, &run->telemetry, NULL) != DOUBT_OK)
        run->telemetry = NULL;
    if (run->plan->pin)
        doubti_pin_start(&run->pinning, &run->plan->worker.cpus, run->telemetry);
    run->names = doubt_busy_names_new(NULL);
    if (run->names != NULL)
        doubt_busy_names_scan(run->names, getpid(), NULL);
}

static void conclude(struct doubti_series_run *run, enum doubt_code code)
{
    struct doubt_telemetry_summary seen;
    char names[512] = "";
    doubti_look_conclude(run);
    doubti_observe_pair(run);
    doubt_telemetry_take(run->telemetry, true);
    doubt_telemetry_summarise(run->telemetry, &seen);
    if (run->names != NULL) {
        doubt_busy_names_scan(run->names, getpid(), NULL);
        doubt_busy_names_format(run->names, doubti_series_elapsed_ns(run) - run->plan->before_ns,
                                DOUBTI_NAMES_SHOWN, names, sizeof names);
    }
    const struct doubti_series_end end = {.telemetry = &seen,
                                          .names = names,
                                          .cut = run->schedule.cut,
                                          .telemetry_works = run->telemetry != NULL,
                                          .state = code != DOUBT_OK             ? "failed"
                                                   : doubti_series_stopped(run) ? "interrupted"
                                                                                : "finished"};
    doubti_summary_end_series(&run->result->series, &end);
}

static enum doubt_code check_plan(const struct doubt_series_plan *plan, struct doubt_err *err)
{
    if (plan->cell_count == 0)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a series needs at least one cell");
    if (plan->budget_ns < 0 || plan->before_ns < 0 || plan->built_ns < 0 ||
        plan->restarts_max < 0 || plan->family < 0 || plan->iterations < 0 || plan->warm_ns < 0 ||
        plan->deadline_ns < 0 || plan->soak_ns < 0)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a negative length was given to the series");
    if (plan->iterations > DOUBT_RESTART_ITERATIONS_MAX)
        return doubt_err_set(err, DOUBT_E_USAGE, "%lld iterations: 1 to %lld are accepted",
                             (long long)plan->iterations, (long long)DOUBT_RESTART_ITERATIONS_MAX);
    if (plan->soak_ns > 0 && plan->no_soak)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--soak and --no-soak contradict each other: give one of them");
    if (plan->worker.has_priority && (plan->worker.priority < -20 || plan->worker.priority > 19))
        return doubt_err_set(err, DOUBT_E_USAGE, "priority %d: -20 to 19 are accepted",
                             plan->worker.priority);
    return doubti_pairs_check(plan, err);
}

enum doubt_code doubt_series_run(const struct doubt_series_plan *plan,
                                 const struct doubt_series_hooks *hooks,
                                 const volatile sig_atomic_t *stop,
                                 struct doubt_series_result *result, struct doubt_err *err)
{
    struct doubti_series_run run = {.plan = plan,
                                    .hooks = hooks,
                                    .stop = stop,
                                    .result = result,
                                    .count = plan->cell_count,
                                    .begun_ns = doubt_clock_ns() - plan->before_ns,
                                    .round = -1,
                                    .rest_ns = -1};
    memset(result, 0, sizeof *result);
    doubt_record_init(DOUBT_SERIES, &result->series);
    enum doubt_code code = check_plan(plan, err);
    if (code != DOUBT_OK)
        return code;
    doubt_rng_split(&run.rng, plan->seed, "order of restarts");
    code = new_run(&run, err);
    if (code != DOUBT_OK)
        goto no_run;
    observe(&run);
    doubti_observe_before(&run);
    doubti_observe_idle(&run);
    code = doubti_pilot_run(&run, err);
    if (code == DOUBT_OK && !doubti_series_is_over(&run))
        code = doubti_soak_run(&run, err);
    if (code == DOUBT_OK)
        code = make_plan(&run, err);
    if (code == DOUBT_OK && is_active(&run)) {
        code = check_room(&run, err);
        if (code != DOUBT_OK)
            goto no_room;
    }
    if (code == DOUBT_OK)
        code = begin(&run, err);
    if (code == DOUBT_OK)
        code = run_rounds(&run, err);
    conclude(&run, code);
    if (code == DOUBT_OK)
        code = doubti_replay_run(&run, err);
    goto no_run;
no_room:
    doubt_series_result_free(result);
no_run:
    free_run(&run);
    return code;
}

void doubt_series_result_free(struct doubt_series_result *result)
{
    for (size_t i = 0; i < result->cell_count; i++)
        doubt_record_free(DOUBT_CELL, &result->cells[i]);
    free(result->cells);
    free(result->pairs);
    doubt_record_free(DOUBT_SERIES, &result->series);
    memset(result, 0, sizeof *result);
    doubt_record_init(DOUBT_SERIES, &result->series);
}

/* turn.c: one restart of one cell within its series: its plan, deadline, outcome and costs.
 *
 * A unit of work is one restart, which restart.c runs. Not for which cell's turn it is: series.c.
 */
#include "measure/series_int.h"

#include "util/str.h"
#include <math.h>
#include <unistd.h>

static const int64_t second_ns = 1000000000;

/* --- progress ------------------------------------------------------------------------------ */

static void show_progress(void *context)
{
    struct doubti_series_run *run = context;
    struct doubt_progress *progress = &run->progress;
    if (run->hooks == NULL || run->hooks->progress == NULL)
        return;
    progress->elapsed_ns = doubti_series_elapsed_ns(run);
    progress->left_ns = -1;
    if (run->rest_ns >= 0) {
        int64_t current = run->restart_expected_ns - (doubt_clock_ns() - run->restart_begun_ns);
        progress->left_ns = run->rest_ns + doubti_series_largest(current, 0);
    }
    if (run->plan->budget_ns > 0 && progress->left_ns > doubti_series_left_ns(run))
        progress->left_ns = doubti_series_largest(doubti_series_left_ns(run), 0);
    progress->others_share = doubt_telemetry_last_second(run->telemetry);
    run->hooks->progress(run->hooks->context, progress);
}

void doubti_turn_foresee(struct doubti_series_run *run, size_t index)
{
    struct doubt_plan_request request = doubti_series_request(run);
    int64_t rest = doubt_plan_rest_ns(&request, run->schedule.restarts, run->lengths);
    size_t left = 0;
    for (size_t i = 0; i < run->count; i++)
        if (run->seen[i].active && run->seen[i].done < run->schedule.restarts)
            left += (size_t)(run->schedule.restarts - run->seen[i].done);
    run->rest_ns = doubti_series_largest(
        rest - doubt_plan_restart_ns(&run->seen[index], &run->lengths[index]), 0);
    run->progress.restarts_planned = run->progress.restarts_done + left;
}

/* --- one restart, of whatever kind --------------------------------------------------------- */

/* No more restarts for a cell with a wrong output, which voids it, and for one that has not once
 * ended well and failed twice in the same way, or three times. */
static bool is_hopeless(const struct doubti_cell_run *cell, const char *outcome_before)
{
    if (cell->is_void)
        return true;
    return cell->count == 0 && cell->short_restarts == 0 &&
           ((cell->failed >= 2 && strcmp(cell->outcome, outcome_before) == 0) || cell->failed >= 3);
}

enum doubt_code doubti_turn_take_failure(struct doubti_series_run *run, size_t index,
                                         const struct doubt_restart *record, struct doubt_err *err)
{
    struct doubti_cell_run *cell = &run->cells[index];
    char before[sizeof cell->outcome];
    doubt_str_copy(before, sizeof before, cell->outcome);
    if (doubti_turn_ended_as(record, DOUBT_OUTCOME_INTERRUPTED))
        return DOUBT_OK;
    if (!doubti_summary_add_failure(cell, record))
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a failed restart");
    if (is_hopeless(cell, before)) {
        cell->over = true;
        run->seen[index].active = false;
    }
    return DOUBT_OK;
}

static void begin_trace(void *context, pid_t worker, const int *phase)
{
    struct doubti_series_run *run = context;
    doubt_telemetry_begin(run->telemetry, worker, phase);
}

static void end_trace(void *context)
{
    struct doubti_series_run *run = context;
    doubt_telemetry_end(run->telemetry);
}

enum doubt_code doubti_turn_run(struct doubti_series_run *run, size_t index,
                                struct doubt_restart_plan *how,
                                struct doubt_restart_result *restart, struct doubt_err *err)
{
    const struct doubt_restart_watch watch = {.stop = run->stop,
                                              .tick = show_progress,
                                              .context = run,
                                              .begun = begin_trace,
                                              .ended = end_trace};
    how->series = run->result->series.id == DOUBT_MISSING_I64 ? 0 : run->result->series.id;
    how->cell = (int64_t)index;
    how->number = run->cells[index].starts;
    how->position = run->position;
    how->memory_limit_bytes = run->plan->memory_limit_bytes;
    how->cpus = run->pinning.cpus;
    how->cpu_count = run->pinning.cpu_count;
    how->worker = &run->plan->worker;
    run->restart_begun_ns = doubt_clock_ns();
    run->progress.cell = run->cells[index].plan;
    show_progress(run);
    struct doubt_telemetry_mark from = doubt_telemetry_take(run->telemetry, true);
    enum doubt_code code = doubt_restart_run(run->cells[index].plan, how, &watch, restart, err);
    struct doubt_telemetry_mark to = doubt_telemetry_take(run->telemetry, true);
    run->marked_cpus = from.cpus > 0 ? to.cpus : 0;
    doubt_telemetry_between(&from, &to, &restart->record.others_ns, &restart->record.steal_ns);
    if (code == DOUBT_OK)
        doubti_observe_restart(run, restart);
    restart->record.doublings = run->cells[index].doublings;
    if (run->round >= 0)
        restart->record.round = run->round;
    return code;
}

enum doubt_code doubti_turn_give(struct doubti_series_run *run, const struct doubt_restart *record,
                                 const struct doubt_restart_result *samples, struct doubt_err *err)
{
    if (run->hooks == NULL || run->hooks->restart == NULL)
        return DOUBT_OK;
    return run->hooks->restart(run->hooks->context, record, samples->samples, samples->count, err);
}

/* --- one as planned ------------------------------------------------------------------------ */

/* Times as they are now: half of the old, half of the new. */
static void update_times(struct doubt_plan_cell *seen, const struct doubt_restart *record,
                         int64_t whole_ns)
{
    seen->start_ns = (seen->start_ns + doubti_summary_start_ns(record, whole_ns)) / 2;
    seen->iteration_ns = (seen->iteration_ns + fmax(record->mean_ns, 1)) / 2;
}

/* Longer than this is a hang, however slow the machine may have become. */
static int64_t deadline_ns(const struct doubti_series_run *run, int64_t expected_ns)
{
    int64_t deadline = doubti_series_largest(20 * expected_ns, 10 * second_ns);
    if (run->plan->deadline_ns > 0)
        return run->plan->deadline_ns;
    if (run->plan->budget_ns > 0)
        deadline = doubti_series_smallest(
            deadline,
            doubti_series_largest(doubti_series_left_ns(run), 3 * expected_ns) + second_ns);
    return deadline;
}

static struct doubt_restart_plan plan_restart(const struct doubti_series_run *run, size_t index)
{
    const struct doubt_plan_length *length = &run->lengths[index];
    int64_t expected = doubt_plan_restart_ns(&run->seen[index], length);
    struct doubt_restart_plan how = {.iterations = length->iterations,
                                     .warm_ns = length->warm_ns,
                                     .warm_iterations_min = 1,
                                     .deadline_ns = deadline_ns(run, expected)};
    /* With a budget, a machine that became slow ends the sampling, not the budget. */
    if (run->plan->budget_ns > 0) {
        how.sample_ns_max = doubti_series_largest(doubti_series_left_ns(run), expected);
        how.iterations_min =
            doubti_series_smallest(length->iterations, DOUBT_PLAN_ITERATIONS_LEAST);
    }
    return how;
}

static enum doubt_code take_restart(struct doubti_series_run *run, size_t index,
                                    struct doubt_restart_result *restart, struct doubt_err *err)
{
    struct doubti_cell_run *cell = &run->cells[index];
    cell->starts++;
    run->position++;
    run->seen[index].done++;
    run->progress.restarts_done++;
    enum doubt_code code = doubti_turn_give(run, &restart->record, restart, err);
    if (code != DOUBT_OK)
        return code;
    if (!doubti_turn_ended_as(&restart->record, DOUBT_OUTCOME_OK) || restart->count == 0)
        return doubti_turn_take_failure(run, index, &restart->record, err);
    doubti_summary_add_restart(cell, &restart->record, run->marked_cpus);
    return doubti_summary_keep_samples(cell, run->round, restart, err);
}

enum doubt_code doubti_turn_measure(struct doubti_series_run *run, size_t index,
                                    struct doubt_err *err)
{
    struct doubt_restart_result restart;
    struct doubt_restart_plan how = plan_restart(run, index);
    int64_t begun = doubt_clock_ns();
    run->restart_expected_ns = doubt_plan_restart_ns(&run->seen[index], &run->lengths[index]);
    enum doubt_code code = doubti_turn_run(run, index, &how, &restart, err);
    if (code == DOUBT_OK)
        code = take_restart(run, index, &restart, err);
    if (run->names != NULL)
        doubt_busy_names_scan(run->names, getpid(), NULL);
    if (code == DOUBT_OK && doubti_turn_ended_as(&restart.record, DOUBT_OUTCOME_OK))
        update_times(&run->seen[index], &restart.record, doubt_clock_ns() - begun);
    doubt_restart_result_free(&restart);
    return code;
}

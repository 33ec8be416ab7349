/* pilot.c: one short restart of each cell before the plan.
 *
 * A unit of work is one pilot. Its samples are no part of the result; one that fails is a failed
 * restart, kept until records can be written. Not for lengths: plan.c.
 */
#include "measure/series_int.h"

static const int64_t second_ns = 1000000000;
static const int64_t pilot_sample_ns = 300000000;
enum { PILOT_ITERATIONS = 1000, PILOT_ITERATIONS_MIN = 2 };

static enum doubt_code run_pilot(struct doubti_series_run *run, size_t index,
                                 struct doubt_restart_result *pilot, struct doubt_err *err)
{
    int64_t third = run->plan->budget_ns / 3, limit = 300 * second_ns, begun = doubt_clock_ns();
    struct doubt_restart_plan how = {.iterations = PILOT_ITERATIONS,
                                     .iterations_min = PILOT_ITERATIONS_MIN,
                                     .sample_ns_max = pilot_sample_ns,
                                     .warm_iterations_min = 1};
    if (run->plan->budget_ns > 0)
        limit = doubti_series_smallest(limit, doubti_series_largest(third, 30 * second_ns));
    how.deadline_ns = run->plan->deadline_ns > 0 ? run->plan->deadline_ns : limit;
    enum doubt_code code = doubti_turn_run(run, index, &how, pilot, err);
    if (code != DOUBT_OK || !doubti_turn_ended_as(&pilot->record, DOUBT_OUTCOME_OK) ||
        pilot->count == 0)
        return code;
    run->seen[index].start_ns = doubti_summary_start_ns(&pilot->record, doubt_clock_ns() - begun);
    run->seen[index].iteration_ns = doubti_summary_later_mean_ns(pilot);
    run->seen[index].active = true;
    doubti_summary_add_pilot(&run->cells[index], &pilot->record);
    return DOUBT_OK;
}

/* A pilot that fails is a failed restart of its cell; it is kept until records can be written. */
static enum doubt_code pilot_cell(struct doubti_series_run *run, size_t index,
                                  struct doubt_err *err)
{
    struct doubti_cell_run *cell = &run->cells[index];
    for (int try = 0; try < DOUBTI_PILOT_TRIES && !cell->over && !doubti_series_stopped(run);
         try++) {
        struct doubt_restart_result pilot;
        enum doubt_code code = run_pilot(run, index, &pilot, err);
        if (code != DOUBT_OK || run->seen[index].active ||
            doubti_turn_ended_as(&pilot.record, DOUBT_OUTCOME_INTERRUPTED)) {
            doubt_restart_result_free(&pilot);
            return code;
        }
        run->failed_pilots[run->failed_pilot_count++] = pilot;
        cell->starts++;
        run->position++;
        code = doubti_turn_take_failure(run, index, &pilot.record, err);
        if (code != DOUBT_OK)
            return code;
    }
    cell->over = true;
    return DOUBT_OK;
}

enum doubt_code doubti_pilot_run(struct doubti_series_run *run, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    run->progress.phase = "pilot";
    run->progress.restarts_planned = run->count;
    for (size_t i = 0; code == DOUBT_OK && i < run->count && !doubti_series_stopped(run); i++) {
        run->progress.restarts_done = i;
        code = pilot_cell(run, i, err);
    }
    return code;
}

/* pilot.c: one short restart of each cell before the plan.
 *
 * A unit of work is one pilot. Its samples are no part of the result; one that fails is a failed
 * restart, kept until records can be written. Not for lengths: plan.c.
 */
#include "measure/series_int.h"

static const int64_t second_ns = 1000000000;
static const int64_t pilot_sample_ns = 300000000;
enum { PILOT_ITERATIONS = 1000, PILOT_ITERATIONS_MIN = 2 };

/* Longer than this is a hang. */
static int64_t deadline_of(const struct doubti_series_run *run, size_t index)
{
    int64_t third = run->plan->budget_ns / 3, limit = 300 * second_ns;
    if (run->plan->deadline_ns > 0)
        return run->plan->deadline_ns;
    if (run->plan->cells[index].builds)
        return DOUBT_RESTART_BUILDING_NS;
    if (run->plan->budget_ns > 0)
        limit = doubti_series_smallest(limit, doubti_series_largest(third, 30 * second_ns));
    return limit;
}

/* What an engine built is kept: no later restart pays for it, and the budget is for measuring.
 * Gives the time that it took. */
static int64_t set_building_apart(struct doubti_series_run *run, const struct doubt_restart *pilot)
{
    struct doubt_series *series = &run->result->series;
    int64_t built = pilot->engine_build_ns;
    if (built == DOUBT_MISSING_I64)
        return 0;
    series->building_ns =
        (series->building_ns == DOUBT_MISSING_I64 ? 0 : series->building_ns) + built;
    run->begun_ns += built;
    return built;
}

static enum doubt_code run_pilot(struct doubti_series_run *run, size_t index,
                                 struct doubt_restart_result *pilot, struct doubt_err *err)
{
    int64_t begun = doubt_clock_ns(), built = 0;
    struct doubt_restart_plan how = {.iterations = PILOT_ITERATIONS,
                                     .iterations_min = PILOT_ITERATIONS_MIN,
                                     .sample_ns_max = pilot_sample_ns,
                                     .warm_iterations_min = 1,
                                     .deadline_ns = deadline_of(run, index)};
    enum doubt_code code = doubti_turn_run(run, index, &how, pilot, err);
    if (code != DOUBT_OK || !doubti_turn_ended_as(&pilot->record, DOUBT_OUTCOME_OK) ||
        pilot->count == 0)
        return code;
    built = set_building_apart(run, &pilot->record);
    run->seen[index].start_ns =
        doubti_summary_start_ns(&pilot->record, doubt_clock_ns() - begun - built);
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

/* The mean of the rows that had one; false when there is none. */
static bool mean_row(const struct doubti_series_run *run, struct doubt_plan_cell *mean)
{
    double start_ns = 0, iteration_ns = 0, rows = 0;
    for (size_t i = 0; i < run->count; i++) {
        if (!run->seen[i].active || run->plan->cells[i].hidden)
            continue;
        start_ns += (double)run->seen[i].start_ns;
        iteration_ns += run->seen[i].iteration_ns;
        rows++;
    }
    if (rows == 0)
        return false;
    *mean = (struct doubt_plan_cell){.start_ns = (int64_t)(start_ns / rows),
                                     .iteration_ns = iteration_ns / rows,
                                     .active = true};
    return true;
}

/* A row without pilot, for a sentence only: no restart of it will begin. Its pilot counts as spent.
 */
static bool guess_cell(struct doubti_series_run *run, size_t index)
{
    struct doubt_plan_cell mean;
    if (!doubti_series_is_over(run) || run->failed_pilot_count > 0 ||
        run->plan->cells[index].hidden || !mean_row(run, &mean))
        return false;
    run->seen[index] = mean;
    run->begun_ns -= mean.start_ns + pilot_sample_ns;
    return true;
}

enum doubt_code doubti_pilot_run(struct doubti_series_run *run, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    run->progress.phase = "pilot";
    run->progress.restarts_planned = run->count;
    for (size_t i = 0; code == DOUBT_OK && i < run->count && !doubti_series_stopped(run); i++) {
        run->progress.restarts_done = i;
        if (!guess_cell(run, i))
            code = pilot_cell(run, i, err);
    }
    return code;
}

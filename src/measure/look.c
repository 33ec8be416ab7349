/* look.c: cells analysed while their series runs, and at its end.
 *
 * A unit of work is one look at one cell, or at the pair. Not for the analysis itself: analyze.c.
 */
#include "measure/series_int.h"

static enum doubt_code look_at(struct doubti_series_run *run, struct doubti_cell_run *cell,
                               struct doubt_err *err)
{
    int32_t look = cell->looks_taken + 1;
    struct doubt_analysis how = {.look = look < run->schedule.looks ? look : run->schedule.looks,
                                 .looks = run->schedule.looks,
                                 .level = run->schedule.level,
                                 .clock_bound_ns = run->clock_bound_ns,
                                 .cut_before = cell->cut,
                                 .calibration = &cell->calibration,
                                 .batch = cell->cell->batch,
                                 .percentiles = run->plan->percentiles};
    enum doubt_code code = doubt_analyze(cell->samples, cell->count, &how, cell->cell, err);
    if (code != DOUBT_OK)
        return code;
    cell->looks_taken = how.look;
    cell->looked_at = cell->count;
    cell->cut = (size_t)cell->cell->cut_iterations;
    if (cell->plan->hidden || run->hooks == NULL || run->hooks->conclusive == NULL ||
        run->plan->pairs != NULL)
        return DOUBT_OK;
    if (run->hooks->conclusive(run->hooks->context, cell->cell))
        cell->over = true;
    return DOUBT_OK;
}

/* Is it time to look at this cell? A pair is looked at as one, by the round. */
static bool is_due(const struct doubti_series_run *run, size_t index)
{
    int32_t done = run->plan->pairs != NULL ? run->round + 1 : run->seen[index].done;
    return run->seen[index].active && run->cells[index].count > 0 &&
           done < run->schedule.restarts && doubt_plan_is_look(&run->schedule, done);
}

enum doubt_code doubti_look_round(struct doubti_series_run *run, struct doubt_err *err)
{
    bool rows_left = false, looked = false;
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < run->count; i++) {
        struct doubti_cell_run *cell = &run->cells[i];
        bool due = is_due(run, i);
        looked = looked || due;
        if (due)
            code = look_at(run, cell, err);
        run->seen[i].active = run->seen[i].active && !cell->over;
        rows_left = rows_left || (run->seen[i].active && !cell->plan->hidden);
        if (code == DOUBT_OK && due && run->plan->pairs == NULL && run->seen[i].active) {
            struct doubt_plan_request request = doubti_series_request(run);
            doubti_grow(cell, i, &request, &run->schedule, run->lengths);
        }
    }
    if (code == DOUBT_OK && run->plan->pairs != NULL && looked) {
        code = doubti_pairs_look(run->plan, run->cells, &run->schedule, run->result, err);
        rows_left = !doubti_pairs_settled(&run->result->series);
    }
    for (size_t i = 0; looked && !rows_left && i < run->count; i++)
        run->seen[i].active = false;
    return code;
}

enum doubt_code doubti_look_calibrate(struct doubti_series_run *run, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && run->plan->pairs == NULL && i < run->count; i++) {
        int32_t done = run->seen[i].done;
        bool refused = false;
        if (run->seen[i].active && run->cells[i].looks_taken == 0)
            code = doubti_calibrate(&run->cells[i], &refused, err);
        if (code != DOUBT_OK || !refused)
            continue;
        run->seen[i].done = 0;
        struct doubt_plan_request request = doubti_series_request(run);
        if (!doubti_double(&run->cells[i], i, &request, &run->schedule, run->lengths))
            run->seen[i].done = done;
    }
    return code;
}

/* The last look, at whatever there is; a cell that got nothing new since its last look keeps that
 * one. An analysis that fails is the cell's failure. */
static void conclude_cell(struct doubti_series_run *run, struct doubti_cell_run *cell)
{
    struct doubt_err err = {.code = DOUBT_OK};
    bool pending = !cell->is_void && cell->count > cell->looked_at;
    enum doubt_code code = pending ? look_at(run, cell, &err) : DOUBT_OK;
    if (cell->cell->restarts_planned != DOUBT_MISSING_I64 && run->schedule.restarts > 0)
        cell->cell->restarts_planned = run->schedule.restarts;
    if (!cell->is_void)
        doubti_diagnose(cell, &run->seen[cell - run->cells], run->clock_bound_ns);
    if (code != DOUBT_OK)
        doubt_text_set(&cell->cell->state, DOUBT_STATE_FAILED);
    if (!doubti_series_stopped(run))
        cell->least_budget_ns = run->schedule.least_budget_ns;
    doubti_summary_end_cell(cell);
    if (code != DOUBT_OK)
        doubt_text_set(&cell->cell->reason, err.text);
    if (cell->plan->hidden && strcmp(cell->plan->engine, "null") == 0)
        run->result->series.overhead_ns = doubti_summary_median_ns(cell);
}

/* An evaluation that fails leaves no verdict, and says why. */
static void conclude_pairs(struct doubti_series_run *run)
{
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_series *series = &run->result->series;
    if (doubti_pairs_look(run->plan, run->cells, &run->schedule, run->result, &err) == DOUBT_OK)
        return;
    doubt_text_set(&series->compare_verdict, NULL);
    doubt_text_set(&series->compare_remark, err.text);
}

void doubti_look_conclude(struct doubti_series_run *run)
{
    for (size_t i = 0; i < run->count; i++)
        conclude_cell(run, &run->cells[i]);
    if (run->plan->pairs != NULL && run->schedule.level > 0)
        conclude_pairs(run);
}

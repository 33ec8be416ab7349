/* calibrate.c: how long the restarts of a cell must be: judged on its first ones, and again from
 * what they say of its variance.
 *
 * A unit of work is one cell. Only differences within restarts and variances are looked at, never
 * the means that a verdict rests on. Not for the length at the outset: plan.c.
 */
#include "measure/measure_int.h"

#include "measure/diagnose.h"
#include <math.h>

enum { DOUBLINGS_MAX = 3, SAMPLES_LEAST = 30, COMPONENTS_LEAST = 10 };
/* A new length is worth having from this much on. */
static const double worth = 1.5;

enum doubt_code doubti_calibrate(struct doubti_cell_run *run, bool *refused, struct doubt_err *err)
{
    *refused = false;
    if (run->calibrated || run->plan->hidden || run->count < DOUBT_ANALYZE_CALIBRATION)
        return DOUBT_OK;
    run->calibrated = true;
    for (size_t r = 0; r < run->count; r++)
        if (run->samples[r].count < SAMPLES_LEAST) {
            *refused = true;
            return DOUBT_OK;
        }
    enum doubt_code code =
        doubt_analyze_calibrate(run->samples, run->count, &run->calibration, err);
    *refused = !run->calibration.steady;
    return code;
}

void doubti_diagnose(struct doubti_cell_run *run, const struct doubt_plan_cell *cost,
                     double clock_bound_ns)
{
    const struct doubt_diagnosis how = {.cut = (size_t)run->cell->cut_iterations,
                                        .start_ns = (double)cost->start_ns,
                                        .iteration_ns = cost->iteration_ns,
                                        .clock_bound_ns = clock_bound_ns};
    if (run->count > 0 && run->cell->cut_iterations != DOUBT_MISSING_I64)
        doubt_diagnose(run->samples, run->count, &how, run->cell, NULL);
}

bool doubti_double(struct doubti_cell_run *run, size_t index,
                   const struct doubt_plan_request *request, const struct doubt_plan *plan,
                   struct doubt_plan_length *lengths)
{
    int64_t doubled = 2 * lengths[index].iterations;
    if (request->iterations > 0 || run->doublings >= DOUBLINGS_MAX ||
        doubled > DOUBT_PLAN_ITERATIONS_MOST)
        return false;
    if (!doubt_plan_lengthen(request, plan, index, doubled, lengths)) {
        run->no_room = true;
        return false;
    }
    run->doublings++;
    run->short_restarts += (int64_t)run->count;
    doubti_summary_drop_samples(run);
    doubti_observe_forget(run);
    run->calibrated = false;
    return true;
}

void doubti_grow(struct doubti_cell_run *run, size_t index,
                 const struct doubt_plan_request *request, const struct doubt_plan *plan,
                 struct doubt_plan_length *lengths)
{
    int64_t now = lengths[index].iterations, most = DOUBT_PLAN_GROWTH * run->first_iterations;
    if (request->iterations > 0 || run->plan->hidden || run->count < COMPONENTS_LEAST)
        return;
    doubti_diagnose(run, &request->cells[index], 0);
    most = most < DOUBT_PLAN_ITERATIONS_MOST ? most : DOUBT_PLAN_ITERATIONS_MOST;
    double best = fmin(run->cell->best_iterations, (double)most);
    if (best >= worth * (double)now)
        doubt_plan_lengthen(request, plan, index, (int64_t)best, lengths);
}

/* revive.c: see revive.h. */
#include "measure/revive.h"

#include "measure/measure_int.h"
#include "util/str.h"
#include <math.h>
#include <string.h>

static bool ended_as(const struct doubt_restart *record, const char *outcome)
{
    return record->outcome != NULL && strcmp(record->outcome, outcome) == 0;
}

static int64_t doublings_of(const struct doubt_restart *record)
{
    return record->doublings == DOUBT_MISSING_I64 ? 0 : record->doublings;
}

static enum doubt_code take(const struct doubt_revive *what, struct doubt_restart_result *restart,
                            struct doubti_cell_run *run, struct doubt_err *err)
{
    const struct doubt_restart *record = &restart->record;
    int64_t cpus = what->series->cpu_count == DOUBT_MISSING_I64 ? 0 : what->series->cpu_count;
    if (ended_as(record, DOUBT_OUTCOME_INTERRUPTED))
        return DOUBT_OK;
    if (!ended_as(record, DOUBT_OUTCOME_OK) || restart->count == 0)
        return doubti_summary_add_failure(run, record)
                   ? DOUBT_OK
                   : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a failed restart");
    doubti_summary_add_restart(run, record, (int32_t)cpus);
    if (doublings_of(record) < run->doublings) {
        run->short_restarts++;
        return DOUBT_OK;
    }
    return doubti_summary_keep_samples(run, 0, restart, err);
}

static enum doubt_code take_all(const struct doubt_revive *what, struct doubti_cell_run *run,
                                struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; i < what->count; i++)
        if (doublings_of(&what->restarts[i].record) > run->doublings)
            run->doublings = (int32_t)doublings_of(&what->restarts[i].record);
    for (size_t i = 0; code == DOUBT_OK && i < what->count; i++)
        code = take(what, &what->restarts[i], run, err);
    return code;
}

/* What the first restarts say of the length; the looks that followed it are not taken again. */
static enum doubt_code calibrate(struct doubti_cell_run *run, struct doubt_err *err)
{
    bool refused;
    size_t count = run->count;
    if (count < DOUBT_ANALYZE_CALIBRATION)
        return DOUBT_OK;
    run->count = DOUBT_ANALYZE_CALIBRATION;
    enum doubt_code code = doubti_calibrate(run, &refused, err);
    run->count = count;
    return code;
}

static enum doubt_code analyze(const struct doubt_revive *what, struct doubti_cell_run *run,
                               struct doubt_err *err)
{
    const struct doubt_series *series = what->series;
    int64_t looks = run->cell->looks == DOUBT_MISSING_I64 ? 1 : run->cell->looks;
    int64_t family = series->family == DOUBT_MISSING_I64 ? 1 : series->family;
    double bound = ((double)series->clock_resolution_ns + series->clock_spread_ns) / 2;
    struct doubt_analysis how = {.look = (int32_t)looks,
                                 .looks = (int32_t)looks,
                                 .level = doubt_plan_level((int32_t)looks, (int32_t)family),
                                 .clock_bound_ns = isfinite(bound) ? bound : 0,
                                 .calibration = &run->calibration,
                                 .batch = run->cell->batch};
    enum doubt_code code = doubt_analyze(run->samples, run->count, &how, run->cell, err);
    if (code != DOUBT_OK)
        return code;
    const struct doubt_restart *last = &what->restarts[what->count - 1].record;
    const struct doubt_plan_cell cost = {
        .start_ns =
            last->wall_ns == DOUBT_MISSING_I64 ? 0 : doubti_summary_start_ns(last, last->wall_ns),
        .iteration_ns = fmax(run->cell->mean_ns, 1)};
    doubti_diagnose(run, &cost, how.clock_bound_ns);
    return DOUBT_OK;
}

enum doubt_code doubt_revive_cell(const struct doubt_revive *what, struct doubt_cell *cell,
                                  struct doubt_err *err)
{
    const struct doubt_cell_plan plan = {.engine = cell->engine, .hidden = what->hidden};
    struct doubti_cell_run run = {.plan = &plan, .cell = cell};
    struct doubt_err why = {.code = DOUBT_OK};
    enum doubt_code code = take_all(what, &run, err), analyzed = DOUBT_OK;
    if (code == DOUBT_OK && run.count > 0 && !run.is_void)
        analyzed = calibrate(&run, &why);
    if (code == DOUBT_OK && analyzed == DOUBT_OK && run.count > 0 && !run.is_void)
        analyzed = analyze(what, &run, &why);
    if (analyzed != DOUBT_OK)
        doubt_text_set(&cell->state, DOUBT_STATE_FAILED);
    if (code == DOUBT_OK)
        doubti_summary_end_cell(&run);
    if (analyzed != DOUBT_OK)
        doubt_text_set(&cell->reason, why.text);
    if (code == DOUBT_OK && what->hidden && cell->engine != NULL &&
        strcmp(cell->engine, "null") == 0)
        what->series->overhead_ns = doubti_summary_median_ns(&run);
    doubti_summary_free_cell(&run);
    return code;
}

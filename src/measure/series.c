/* series.c: see series.h: pilots, plan, rounds in random order, looks, the end.
 *
 * A unit of work is one restart. All cells take part in whole rounds, so that what changes on the
 * machine meets all of them alike; the order within a round is a seeded permutation, or that of
 * pairs.c.
 */
#include "measure/measure_int.h"

#include "machine/busy.h"
#include "model/tensor.h"
#include "util/rng.h"
#include "util/str.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int64_t second_ns = 1000000000;
static const int64_t pilot_sample_ns = 300000000;
enum { PILOT_ITERATIONS = 1000, PILOT_ITERATIONS_MIN = 2, PILOT_TRIES = 2, NAMES_SHOWN = 3 };
/* A restart under way at the budget's end may pass it by this much. */
static const double grace = 0.02;

struct series_run {
    const struct doubt_series_plan *plan;
    const struct doubt_series_hooks *hooks;
    const volatile sig_atomic_t *stop;
    struct doubt_series_result *result;
    struct doubti_cell_run *cells;
    struct doubt_plan_cell *seen, *foreseen; /* as timed, and as the plan is told */
    struct doubt_plan_length *lengths;
    size_t *order;
    size_t count;
    struct doubt_restart_result *failed_pilots; /* count x PILOT_TRIES, to be recorded later */
    size_t failed_pilot_count;
    struct doubt_plan schedule;
    struct doubt_rng rng;
    struct doubt_telemetry *telemetry;
    struct doubt_busy_names *names;
    struct doubti_pinning pinning;
    double clock_bound_ns;
    int64_t begun_ns, position;
    int32_t round;
    int32_t marked_cpus; /* that the last restart's shares are over */
    /* What the live line shows. */
    struct doubt_progress progress;
    int64_t restart_begun_ns, restart_expected_ns, rest_ns;
};

/* --- small things -------------------------------------------------------------------------- */

static bool stopped(const struct series_run *run)
{
    return run->stop != NULL && *run->stop != 0;
}

static int64_t elapsed_ns(const struct series_run *run)
{
    return doubt_clock_ns() - run->begun_ns;
}

/* Of the budget; INT64_MAX where there is none. */
static int64_t left_ns(const struct series_run *run)
{
    return run->plan->budget_ns > 0 ? run->plan->budget_ns - elapsed_ns(run) : INT64_MAX;
}

static int64_t largest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smallest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static struct doubt_plan_request request_of(const struct series_run *run)
{
    memcpy(run->foreseen, run->seen, run->count * sizeof *run->seen);
    if (run->plan->pairs != NULL)
        doubti_pairs_level_times(run->foreseen);
    return (struct doubt_plan_request){.cells = run->foreseen,
                                       .cell_count = run->count,
                                       .budget_ns = run->plan->budget_ns,
                                       .spent_ns = elapsed_ns(run),
                                       .restarts_max = run->plan->restarts_max,
                                       .iterations = run->plan->iterations,
                                       .warm_ns = run->plan->warm_ns};
}

/* --- progress ------------------------------------------------------------------------------ */

static void show_progress(void *context)
{
    struct series_run *run = context;
    struct doubt_progress *progress = &run->progress;
    if (run->hooks == NULL || run->hooks->progress == NULL)
        return;
    progress->elapsed_ns = elapsed_ns(run);
    progress->left_ns = -1;
    if (run->rest_ns >= 0) {
        int64_t current = run->restart_expected_ns - (doubt_clock_ns() - run->restart_begun_ns);
        progress->left_ns = run->rest_ns + largest(current, 0);
    }
    if (run->plan->budget_ns > 0 && progress->left_ns > left_ns(run))
        progress->left_ns = largest(left_ns(run), 0);
    progress->others_share = doubt_telemetry_last_second(run->telemetry);
    run->hooks->progress(run->hooks->context, progress);
}

/* Restarts planned in all, and the time of those not yet begun; cell `index` is about to run. */
static void foresee(struct series_run *run, size_t index)
{
    struct doubt_plan_request request = request_of(run);
    int64_t rest = doubt_plan_rest_ns(&request, run->schedule.restarts, run->lengths);
    size_t left = 0;
    for (size_t i = 0; i < run->count; i++)
        if (run->seen[i].active && run->seen[i].done < run->schedule.restarts)
            left += (size_t)(run->schedule.restarts - run->seen[i].done);
    run->rest_ns =
        largest(rest - doubt_plan_restart_ns(&run->seen[index], &run->lengths[index]), 0);
    run->progress.restarts_planned = run->progress.restarts_done + left;
}

/* --- one restart --------------------------------------------------------------------------- */

static bool ended_as(const struct doubt_restart *record, const char *outcome)
{
    return record->outcome != NULL && strcmp(record->outcome, outcome) == 0;
}

/* No more restarts for a cell with a wrong output, which voids it, and for one that has not once
 * ended well and failed twice in the same way, or three times. */
static bool is_hopeless(const struct doubti_cell_run *cell, const char *outcome_before)
{
    if (cell->is_void)
        return true;
    return cell->count == 0 && cell->short_restarts == 0 &&
           ((cell->failed >= 2 && strcmp(cell->outcome, outcome_before) == 0) || cell->failed >= 3);
}

static enum doubt_code take_failure(struct series_run *run, size_t index,
                                    const struct doubt_restart *record, struct doubt_err *err)
{
    struct doubti_cell_run *cell = &run->cells[index];
    char before[sizeof cell->outcome];
    doubt_str_copy(before, sizeof before, cell->outcome);
    if (ended_as(record, DOUBT_OUTCOME_INTERRUPTED))
        return DOUBT_OK;
    if (!doubti_summary_add_failure(cell, record))
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a failed restart");
    if (is_hopeless(cell, before)) {
        cell->over = true;
        run->seen[index].active = false;
    }
    return DOUBT_OK;
}

/* Runs one with the marks of telemetry around it. */
static enum doubt_code run_restart(struct series_run *run, size_t index,
                                   struct doubt_restart_plan *how,
                                   struct doubt_restart_result *restart, struct doubt_err *err)
{
    const struct doubt_restart_watch watch = {run->stop, show_progress, run};
    how->series = run->result->series.id == DOUBT_MISSING_I64 ? 0 : run->result->series.id;
    how->cell = (int64_t)index;
    how->number = run->cells[index].starts;
    how->position = run->position;
    how->memory_limit_bytes = run->plan->memory_limit_bytes;
    how->cpus = run->pinning.cpus;
    how->cpu_count = run->pinning.cpu_count;
    run->restart_begun_ns = doubt_clock_ns();
    run->progress.cell = run->cells[index].plan;
    show_progress(run);
    struct doubt_telemetry_mark from = doubt_telemetry_take(run->telemetry, true);
    enum doubt_code code = doubt_restart_run(run->cells[index].plan, how, &watch, restart, err);
    struct doubt_telemetry_mark to = doubt_telemetry_take(run->telemetry, true);
    run->marked_cpus = from.cpus > 0 ? to.cpus : 0;
    doubt_telemetry_between(&from, &to, &restart->record.others_ns, &restart->record.steal_ns);
    if (run->round >= 0)
        restart->record.round = run->round;
    return code;
}

/* --- pilots -------------------------------------------------------------------------------- */

static enum doubt_code run_pilot(struct series_run *run, size_t index,
                                 struct doubt_restart_result *pilot, struct doubt_err *err)
{
    int64_t third = run->plan->budget_ns / 3, limit = 300 * second_ns, begun = doubt_clock_ns();
    struct doubt_restart_plan how = {.iterations = PILOT_ITERATIONS,
                                     .iterations_min = PILOT_ITERATIONS_MIN,
                                     .sample_ns_max = pilot_sample_ns,
                                     .warm_iterations_min = 1};
    if (run->plan->budget_ns > 0)
        limit = smallest(limit, largest(third, 30 * second_ns));
    how.deadline_ns = run->plan->deadline_ns > 0 ? run->plan->deadline_ns : limit;
    enum doubt_code code = run_restart(run, index, &how, pilot, err);
    if (code != DOUBT_OK || !ended_as(&pilot->record, DOUBT_OUTCOME_OK) || pilot->count == 0)
        return code;
    run->seen[index].start_ns = doubti_summary_start_ns(&pilot->record, doubt_clock_ns() - begun);
    run->seen[index].iteration_ns = doubti_summary_later_mean_ns(pilot);
    run->seen[index].active = true;
    return DOUBT_OK;
}

/* A pilot that fails is a failed restart of its cell; it is kept until records can be written. */
static enum doubt_code pilot_cell(struct series_run *run, size_t index, struct doubt_err *err)
{
    struct doubti_cell_run *cell = &run->cells[index];
    for (int try = 0; try < PILOT_TRIES && !cell->over && !stopped(run); try++) {
        struct doubt_restart_result pilot;
        enum doubt_code code = run_pilot(run, index, &pilot, err);
        if (code != DOUBT_OK || run->seen[index].active ||
            ended_as(&pilot.record, DOUBT_OUTCOME_INTERRUPTED)) {
            doubt_restart_result_free(&pilot);
            return code;
        }
        run->failed_pilots[run->failed_pilot_count++] = pilot;
        cell->starts++;
        run->position++;
        code = take_failure(run, index, &pilot.record, err);
        if (code != DOUBT_OK)
            return code;
    }
    cell->over = true;
    return DOUBT_OK;
}

static enum doubt_code run_pilots(struct series_run *run, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    run->progress.phase = "pilot";
    run->progress.restarts_planned = run->count;
    for (size_t i = 0; code == DOUBT_OK && i < run->count && !stopped(run); i++) {
        run->progress.restarts_done = i;
        code = pilot_cell(run, i, err);
    }
    return code;
}

/* --- plan ---------------------------------------------------------------------------------- */

static bool is_active(const struct series_run *run)
{
    if (run->plan->pairs != NULL)
        return run->seen[0].active && run->seen[1].active;
    for (size_t i = 0; i < run->count; i++)
        if (run->seen[i].active)
            return true;
    return false;
}

/* Cells that had no pilot get times that a plan accepts; they take no part in it. */
static enum doubt_code make_plan(struct series_run *run, struct doubt_err *err)
{
    for (size_t i = 0; i < run->count; i++)
        if (!run->seen[i].active)
            run->seen[i].iteration_ns = 1;
    if (!is_active(run))
        return DOUBT_OK;
    struct doubt_plan_request request = request_of(run);
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

static enum doubt_code give_restart(struct series_run *run, const struct doubt_restart *record,
                                    const struct doubt_restart_result *samples,
                                    struct doubt_err *err)
{
    if (run->hooks == NULL || run->hooks->restart == NULL)
        return DOUBT_OK;
    return run->hooks->restart(run->hooks->context, record, samples->samples, samples->count, err);
}

/* Opens the record, and writes the pilots that failed. */
static enum doubt_code begin(struct series_run *run, struct doubt_err *err)
{
    struct doubt_series *series = &run->result->series;
    enum doubt_code code = DOUBT_OK;
    doubt_text_set(&series->cut, run->schedule.cut[0] ? run->schedule.cut : NULL);
    if (run->hooks != NULL && run->hooks->begin != NULL)
        code = run->hooks->begin(run->hooks->context, series, err);
    for (size_t i = 0; i < run->count; i++)
        run->cells[i].cell->series = series->id;
    for (size_t i = 0; code == DOUBT_OK && i < run->failed_pilot_count; i++) {
        struct doubt_restart_result *pilot = &run->failed_pilots[i];
        pilot->record.series = series->id;
        code = give_restart(run, &pilot->record, pilot, err);
    }
    return code;
}

/* --- looks --------------------------------------------------------------------------------- */

static enum doubt_code look_at(struct series_run *run, struct doubti_cell_run *cell,
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
static bool is_due(const struct series_run *run, size_t index)
{
    int32_t done = run->plan->pairs != NULL ? run->round + 1 : run->seen[index].done;
    return run->seen[index].active && run->cells[index].count > 0 &&
           done < run->schedule.restarts && doubt_plan_is_look(&run->schedule, done);
}

/* Interim looks: cells that are conclusive take no more restarts, and when all rows are, the cost
 * of measuring needs no more either. */
static enum doubt_code look(struct series_run *run, struct doubt_err *err)
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
            struct doubt_plan_request request = request_of(run);
            doubti_grow(cell, i, &request, run->lengths);
        }
    }
    if (code == DOUBT_OK && run->plan->pairs != NULL && looked) {
        code = doubti_pairs_look(run->plan, run->cells, run->schedule.level, run->result, err);
        rows_left = !doubti_pairs_settled(&run->result->series);
    }
    for (size_t i = 0; looked && !rows_left && i < run->count; i++)
        run->seen[i].active = false;
    return code;
}

/* A cell that is not steady within its first restarts gets longer ones, and begins anew. Pairs are
 * of one length, and cancel what both have in common. */
static enum doubt_code calibrate(struct series_run *run, struct doubt_err *err)
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
        struct doubt_plan_request request = request_of(run);
        if (!doubti_double(&run->cells[i], i, &request, run->lengths))
            run->seen[i].done = done;
    }
    return code;
}

/* --- rounds -------------------------------------------------------------------------------- */

/* Does this cell take part in a round? */
static bool is_wanted(const struct series_run *run, size_t index)
{
    return run->seen[index].active && run->seen[index].done < run->schedule.restarts;
}

/* The cells that take part in random order; gives their number. */
static size_t shuffle(struct series_run *run)
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

/* Times as they are now: half of the old, half of the new. */
static void update_times(struct doubt_plan_cell *seen, const struct doubt_restart *record,
                         int64_t whole_ns)
{
    seen->start_ns = (seen->start_ns + doubti_summary_start_ns(record, whole_ns)) / 2;
    seen->iteration_ns = (seen->iteration_ns + fmax(record->mean_ns, 1)) / 2;
}

/* Longer than this is a hang, however slow the machine may have become. */
static int64_t deadline_ns(const struct series_run *run, int64_t expected_ns)
{
    int64_t deadline = largest(20 * expected_ns, 10 * second_ns);
    if (run->plan->deadline_ns > 0)
        return run->plan->deadline_ns;
    if (run->plan->budget_ns > 0)
        deadline = smallest(deadline, largest(left_ns(run), 3 * expected_ns) + second_ns);
    return deadline;
}

static struct doubt_restart_plan plan_restart(const struct series_run *run, size_t index)
{
    const struct doubt_plan_length *length = &run->lengths[index];
    int64_t expected = doubt_plan_restart_ns(&run->seen[index], length);
    struct doubt_restart_plan how = {.iterations = length->iterations,
                                     .warm_ns = length->warm_ns,
                                     .warm_iterations_min = 1,
                                     .deadline_ns = deadline_ns(run, expected)};
    /* With a budget, a machine that became slow ends the sampling, not the budget. */
    if (run->plan->budget_ns > 0) {
        how.sample_ns_max = largest(left_ns(run), expected);
        how.iterations_min = smallest(length->iterations, DOUBT_PLAN_ITERATIONS_LEAST);
    }
    return how;
}

static enum doubt_code take_restart(struct series_run *run, size_t index,
                                    struct doubt_restart_result *restart, struct doubt_err *err)
{
    struct doubti_cell_run *cell = &run->cells[index];
    cell->starts++;
    run->position++;
    run->seen[index].done++;
    run->progress.restarts_done++;
    enum doubt_code code = give_restart(run, &restart->record, restart, err);
    if (code != DOUBT_OK)
        return code;
    if (!ended_as(&restart->record, DOUBT_OUTCOME_OK) || restart->count == 0)
        return take_failure(run, index, &restart->record, err);
    doubti_summary_add_restart(cell, &restart->record, run->marked_cpus);
    return doubti_summary_keep_samples(cell, run->round, restart, err);
}

static enum doubt_code measure_once(struct series_run *run, size_t index, struct doubt_err *err)
{
    struct doubt_restart_result restart;
    struct doubt_restart_plan how = plan_restart(run, index);
    int64_t begun = doubt_clock_ns();
    run->restart_expected_ns = doubt_plan_restart_ns(&run->seen[index], &run->lengths[index]);
    enum doubt_code code = run_restart(run, index, &how, &restart, err);
    if (code == DOUBT_OK)
        code = take_restart(run, index, &restart, err);
    if (run->names != NULL)
        doubt_busy_names_scan(run->names, getpid(), NULL);
    if (code == DOUBT_OK && ended_as(&restart.record, DOUBT_OUTCOME_OK))
        update_times(&run->seen[index], &restart.record, doubt_clock_ns() - begun);
    doubt_restart_result_free(&restart);
    return code;
}

/* Would this restart pass the budget's end? */
static bool is_too_late(const struct series_run *run, size_t index)
{
    int64_t expected = doubt_plan_restart_ns(&run->seen[index], &run->lengths[index]);
    double late = (double)expected - (double)left_ns(run);
    return run->plan->budget_ns > 0 && late > grace * (double)run->plan->budget_ns;
}

/* One restart of each cell that wants one; *ended is set where the series must end within it, or
 * where none does. */
static enum doubt_code run_round(struct series_run *run, bool *ended, struct doubt_err *err)
{
    size_t n = shuffle(run);
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < n && !*ended; i++) {
        foresee(run, run->order[i]);
        *ended = stopped(run) || is_too_late(run, run->order[i]);
        if (!*ended)
            code = measure_once(run, run->order[i], err);
    }
    *ended = *ended || stopped(run) || n == 0;
    return code;
}

static enum doubt_code run_rounds(struct series_run *run, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    bool ended = stopped(run);
    run->progress.phase = "measuring";
    run->progress.restarts_done = run->failed_pilot_count;
    for (run->round = 0; code == DOUBT_OK && !ended && is_active(run); run->round++) {
        code = run_round(run, &ended, err);
        if (code != DOUBT_OK || ended)
            break;
        code = calibrate(run, err);
        if (code == DOUBT_OK)
            code = look(run, err);
        struct doubt_plan_request request = request_of(run);
        doubt_plan_revise(&request, &run->schedule, run->lengths);
    }
    return code;
}

/* --- beginning and end --------------------------------------------------------------------- */

static enum doubt_code new_run(struct series_run *run, struct doubt_err *err)
{
    size_t n = run->count;
    struct doubt_series_result *result = run->result;
    run->cells = calloc(n, sizeof *run->cells);
    run->seen = calloc(n, sizeof *run->seen);
    run->foreseen = calloc(n, sizeof *run->foreseen);
    run->lengths = calloc(n, sizeof *run->lengths);
    run->order = calloc(n, sizeof *run->order);
    run->failed_pilots = calloc(n * PILOT_TRIES, sizeof *run->failed_pilots);
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

static void free_run(struct series_run *run)
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
static void observe(struct series_run *run)
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
        doubti_pin_start(&run->pinning, run->telemetry);
    run->names = doubt_busy_names_new(NULL);
    if (run->names != NULL)
        doubt_busy_names_scan(run->names, getpid(), NULL);
}

/* The last look, at whatever there is; a cell that got nothing new since its last look keeps that
 * one. An analysis that fails is the cell's failure. */
static void conclude_cell(struct series_run *run, struct doubti_cell_run *cell)
{
    struct doubt_err err = {.code = DOUBT_OK};
    bool pending = !cell->is_void && cell->count > cell->looked_at;
    enum doubt_code code = pending ? look_at(run, cell, &err) : DOUBT_OK;
    if (cell->cell->restarts_planned != DOUBT_MISSING_I64 && run->schedule.restarts > 0)
        cell->cell->restarts_planned = run->schedule.restarts;
    if (!cell->is_void)
        doubti_diagnose(cell, &run->seen[cell - run->cells], run->clock_bound_ns);
    doubti_summary_end_cell(cell);
    if (code != DOUBT_OK) {
        doubt_text_set(&cell->cell->state, DOUBT_STATE_FAILED);
        doubt_text_set(&cell->cell->reason, err.text);
    }
    if (cell->plan->hidden && strcmp(cell->plan->engine, "null") == 0)
        run->result->series.overhead_ns = doubti_summary_median_ns(cell);
}

/* An evaluation that fails leaves no verdict, and says why. */
static void conclude_pairs(struct series_run *run)
{
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_series *series = &run->result->series;
    if (doubti_pairs_look(run->plan, run->cells, run->schedule.level, run->result, &err) ==
        DOUBT_OK)
        return;
    doubt_text_set(&series->compare_verdict, NULL);
    doubt_text_set(&series->compare_remark, err.text);
}

static void conclude(struct series_run *run, enum doubt_code code)
{
    struct doubt_telemetry_summary seen;
    char names[512] = "";
    for (size_t i = 0; i < run->count; i++)
        conclude_cell(run, &run->cells[i]);
    if (run->plan->pairs != NULL && run->schedule.level > 0)
        conclude_pairs(run);
    doubt_telemetry_take(run->telemetry, true);
    doubt_telemetry_summarise(run->telemetry, &seen);
    if (run->names != NULL) {
        doubt_busy_names_scan(run->names, getpid(), NULL);
        doubt_busy_names_format(run->names, elapsed_ns(run), NAMES_SHOWN, names, sizeof names);
    }
    const struct doubti_series_end end = {.telemetry = &seen,
                                          .names = names,
                                          .cut = run->schedule.cut,
                                          .telemetry_works = run->telemetry != NULL,
                                          .state = code != DOUBT_OK ? "failed"
                                                   : stopped(run)   ? "interrupted"
                                                                    : "finished"};
    doubti_summary_end_series(&run->result->series, &end);
}

static enum doubt_code check_plan(const struct doubt_series_plan *plan, struct doubt_err *err)
{
    if (plan->cell_count == 0)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a series needs at least one cell");
    if (plan->budget_ns < 0 || plan->restarts_max < 0 || plan->iterations < 0 ||
        plan->warm_ns < 0 || plan->deadline_ns < 0)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a negative length was given to the series");
    if (plan->iterations > DOUBT_RESTART_ITERATIONS_MAX)
        return doubt_err_set(err, DOUBT_E_USAGE, "%lld iterations: 1 to %lld are accepted",
                             (long long)plan->iterations, (long long)DOUBT_RESTART_ITERATIONS_MAX);
    return doubti_pairs_check(plan, err);
}

enum doubt_code doubt_series_run(const struct doubt_series_plan *plan,
                                 const struct doubt_series_hooks *hooks,
                                 const volatile sig_atomic_t *stop,
                                 struct doubt_series_result *result, struct doubt_err *err)
{
    struct series_run run = {.plan = plan,
                             .hooks = hooks,
                             .stop = stop,
                             .result = result,
                             .count = plan->cell_count,
                             .begun_ns = doubt_clock_ns(),
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
    code = run_pilots(&run, err);
    if (code == DOUBT_OK)
        code = make_plan(&run, err);
    if (code == DOUBT_OK)
        code = begin(&run, err);
    if (code == DOUBT_OK)
        code = run_rounds(&run, err);
    conclude(&run, code);
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

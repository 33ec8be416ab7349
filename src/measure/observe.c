/* observe.c: from the trace of a restart to its record, and from restarts to their cell: marks,
 * energy, and what forbids a verdict.
 *
 * A unit of work is one restart. Not for reading probes (trace.c), nor for what a mark or a joule
 * is (marks.h, joules.h).
 */
#include "measure/series_int.h"

#include "measure/joules.h"
#include "measure/marks.h"
#include "util/str.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { IDLE_NS = 500000000, IDLE_TURNS = 20, LOOK_NS = 50000000, LOOK_TURNS = 10 };

/* --- a restart ----------------------------------------------------------------------------- */

static void text_or_missing(char **field, const char *text)
{
    doubt_text_set(field, text != NULL && text[0] != '\0' ? text : NULL);
}

static const char *const *environment_of(const struct doubti_series_run *run, int64_t cell)
{
    return cell >= 0 && cell < (int64_t)run->count ? run->plan->cells[cell].environment : NULL;
}

/* Which of NVML's GPUs did the work; other vendors' "GPU.0" is not counted by NVML. */
static int gpu_of(const char *device, const char *const *environment)
{
    struct doubt_joules_window window;
    if (device != NULL && strcasecmp(device, "CPU") == 0)
        return DOUBT_MARKS_NO_GPU;
    doubt_joules_device(device, environment, &window);
    bool cuda = window.gpu && strncasecmp(device, "gpu", 3) != 0;
    return cuda && window.gpu_index >= 0 ? window.gpu_index : DOUBT_MARKS_EVERY_GPU;
}

static void observe_marks(const struct doubti_series_run *run, const struct doubt_trace *trace,
                          struct doubt_restart_result *restart)
{
    struct doubt_restart *record = &restart->record;
    int gpu = gpu_of(record->device, environment_of(run, record->cell));
    const struct doubt_marks_window window = {record->sample_begun_ns, record->sample_ns,
                                              restart->samples, restart->count, gpu};
    struct doubt_marks marks;
    if (doubt_marks_make(trace, &window, &marks, NULL) != DOUBT_OK)
        return;
    record->throttled_samples = marks.throttled;
    record->off_clock_samples = marks.off_clock;
    record->migrated_samples = marks.migrated;
    record->preempted_samples = marks.preempted;
    record->stolen_samples = marks.stolen;
    text_or_missing(&record->throttle_reason, marks.reason);
    text_or_missing(&record->machine_events, marks.events);
    text_or_missing(&record->marks, marks.runs);
    doubt_marks_free(&marks);
}

static void observe_energy(const struct doubti_series_run *run, const struct doubt_trace *trace,
                           struct doubt_restart *record)
{
    struct doubt_joules_window window = {.begun_ns = record->sample_begun_ns,
                                         .length_ns = record->sample_ns};
    struct doubt_joules joules;
    doubt_joules_device(record->device, environment_of(run, record->cell), &window);
    doubt_joules_make(trace, &window, &joules);
    const struct doubti_idle *idle = &run->idle[window.gpu];
    double seconds = (double)record->sample_ns / 1e9;
    record->energy_j = joules.joules;
    record->energy_bound_j = joules.bound_joules;
    record->energy_power_j = joules.power_joules;
    record->energy_power_bound_j = joules.power_bound_joules;
    text_or_missing(&record->energy_source, joules.source);
    if (!run->plan->subtract_idle || isnan(joules.joules))
        return;
    record->energy_j -= idle->watts * seconds;
    record->energy_bound_j += idle->bound_watts * seconds;
    if (isnan(idle->watts)) {
        doubt_text_set(&record->energy_source, "the idle power to subtract is not known");
        record->energy_bound_j = NAN;
    } else {
        doubt_text_setf(&record->energy_source, "%s, idle power subtracted", joules.source);
    }
}

void doubti_observe_restart(struct doubti_series_run *run, struct doubt_restart_result *restart)
{
    const struct doubt_trace *trace = doubt_telemetry_trace(run->telemetry);
    struct doubt_restart *record = &restart->record;
    if (trace == NULL)
        return;
    char *series = doubt_trace_format(trace);
    text_or_missing(&record->telemetry, series);
    free(series);
    if (record->sample_ns == DOUBT_MISSING_I64 || record->sample_ns <= 0 || restart->count == 0)
        return;
    observe_marks(run, trace, restart);
    observe_energy(run, trace, record);
}

/* --- a cell -------------------------------------------------------------------------------- */

/* Adds one restart's marked samples; the share so far. */
static double add_share(struct doubti_share *share, int64_t marked, int64_t samples)
{
    if (marked != DOUBT_MISSING_I64 && samples > 0) {
        share->marked += (double)marked;
        share->samples += (double)samples;
    }
    return share->samples > 0 ? share->marked / share->samples : NAN;
}

/* Texts of several restarts, each once. */
static void join_text(char **field, const char *text)
{
    if (text == NULL || (*field != NULL && strstr(*field, text) != NULL))
        return;
    if (*field == NULL)
        doubt_text_set(field, text);
    else if (strlen(*field) < 200)
        doubt_text_setf(field, "%s; %s", *field, text);
}

static void set_unmet(struct doubt_cell *cell)
{
    bool throttled = cell->throttled_share > DOUBT_MARKS_SHARE_MAX;
    bool off = cell->off_clock_share > DOUBT_MARKS_SHARE_MAX;
    char text[128] = "";
    if (throttled)
        snprintf(text, sizeof text, "throttled in %.3g %% of samples", 100 * cell->throttled_share);
    if (off)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "%soff clock in %.3g %% of samples", throttled ? ", " : "",
                 100 * cell->off_clock_share);
    text_or_missing(&cell->conditions_unmet, text);
}

static void add_energy(struct doubti_cell_run *run, const struct doubt_restart *record)
{
    struct doubti_observed *seen = &run->observed;
    struct doubt_cell *cell = run->cell;
    text_or_missing(&cell->energy_source, record->energy_source);
    if (!isfinite(record->energy_j) || record->iterations < 1)
        return;
    double n = (double)record->iterations;
    if (isfinite(record->energy_power_j) && record->energy_j > 0) {
        seen->checks++;
        seen->check_ratio += record->energy_power_j / record->energy_j;
        cell->energy_power_ratio = seen->check_ratio / seen->checks;
    }
    seen->restarts++;
    seen->joules += record->energy_j / n;
    seen->bound_joules += record->energy_bound_j / n;
    seen->watts += record->energy_j / ((double)record->sample_ns / 1e9);
    cell->energy_j = seen->joules / seen->restarts;
    cell->energy_bound_j = seen->bound_joules / seen->restarts;
    cell->power_w = seen->watts / seen->restarts;
    cell->fps_per_watt = cell->energy_j > 0 ? (double)cell->batch / cell->energy_j : NAN;
}

void doubti_observe_add(struct doubti_cell_run *run, const struct doubt_restart *record)
{
    struct doubti_observed *seen = &run->observed;
    struct doubt_cell *cell = run->cell;
    int64_t n = record->iterations;
    cell->throttled_share = add_share(&seen->throttled, record->throttled_samples, n);
    cell->off_clock_share = add_share(&seen->off_clock, record->off_clock_samples, n);
    cell->migrated_share = add_share(&seen->migrated, record->migrated_samples, n);
    cell->preempted_share = add_share(&seen->preempted, record->preempted_samples, n);
    cell->stolen_share = add_share(&seen->stolen, record->stolen_samples, n);
    join_text(&cell->throttle_reason, record->throttle_reason);
    join_text(&cell->machine_events, record->machine_events);
    set_unmet(cell);
    add_energy(run, record);
}

void doubti_observe_forget(struct doubti_cell_run *run)
{
    struct doubt_cell *cell = run->cell;
    memset(&run->observed, 0, sizeof run->observed);
    cell->throttled_share = cell->off_clock_share = cell->migrated_share = NAN;
    cell->preempted_share = cell->stolen_share = NAN;
    cell->energy_j = cell->energy_bound_j = cell->power_w = cell->fps_per_watt = NAN;
    cell->energy_power_ratio = NAN;
    doubt_text_set(&cell->throttle_reason, NULL);
    doubt_text_set(&cell->machine_events, NULL);
    doubt_text_set(&cell->conditions_unmet, NULL);
    doubt_text_set(&cell->energy_source, NULL);
}

void doubti_observe_pair(const struct doubti_series_run *run)
{
    char **remark = &run->result->series.compare_remark;
    for (size_t i = 0; run->plan->pairs != NULL && i < 2; i++) {
        const char *unmet = run->cells[i].cell->conditions_unmet, *name = i == 0 ? "A" : "B";
        if (unmet != NULL && *remark != NULL)
            doubt_text_setf(remark, "%s; %s ran %s", *remark, name, unmet);
        else if (unmet != NULL)
            doubt_text_setf(remark, "%s ran %s", name, unmet);
    }
}

/* --- before the first pilot ---------------------------------------------------------------- */

static void pause_turns(const struct doubti_series_run *run, long ns, int turns)
{
    const struct timespec pause = {.tv_nsec = ns};
    for (int i = 0; i < turns && !doubti_series_stopped(run); i++)
        nanosleep(&pause, NULL);
}

static void name_others(struct doubti_series_run *run, int64_t elapsed_ns)
{
    char names[512] = "";
    if (run->names == NULL)
        return;
    doubt_busy_names_scan(run->names, getpid(), NULL);
    doubt_busy_names_format(run->names, elapsed_ns, DOUBTI_NAMES_SHOWN, names, sizeof names);
    text_or_missing(&run->result->series.others_before_names, names);
}

/* The first scan for names was just before. */
void doubti_observe_before(struct doubti_series_run *run)
{
    struct doubt_series *series = &run->result->series;
    int64_t others_ns, steal_ns;
    if (run->plan->no_soak || run->telemetry == NULL)
        return;
    struct doubt_telemetry_mark from = doubt_telemetry_take(run->telemetry, true);
    pause_turns(run, LOOK_NS, LOOK_TURNS);
    struct doubt_telemetry_mark to = doubt_telemetry_take(run->telemetry, true);
    doubt_telemetry_between(&from, &to, &others_ns, &steal_ns);
    double all = (double)(to.ns - from.ns) * to.cpus;
    if (others_ns == DOUBT_MISSING_I64 || all <= 0)
        return;
    series->others_before_share = fmin((double)others_ns / all, 1);
    series->steal_before_share = fmin((double)steal_ns / all, 1);
    name_others(run, to.ns - from.ns);
    if (run->hooks != NULL && run->hooks->before != NULL)
        run->hooks->before(run->hooks->context, series);
}

/* --- idle power ---------------------------------------------------------------------------- */

/* Ten seconds without work, on the sensors that the cells will use. */
void doubti_observe_idle(struct doubti_series_run *run)
{
    struct doubt_series *series = &run->result->series;
    struct doubt_joules_window window = {.begun_ns = doubt_clock_ns()};
    const char *device = "cuda:0", *const *environment = NULL;
    for (size_t i = run->count; i-- > 0;) {
        const struct doubt_cell_plan *cell = &run->plan->cells[i];
        if (cell->device == NULL || strncmp(cell->device, "cuda", 4) != 0)
            continue;
        device = cell->device;
        environment = cell->environment;
    }
    run->idle[0] = run->idle[1] = (struct doubti_idle){NAN, NAN};
    if (!run->plan->subtract_idle)
        return;
    run->progress.phase = "idle";
    doubt_telemetry_begin(run->telemetry, 0, NULL);
    pause_turns(run, IDLE_NS, IDLE_TURNS);
    window.length_ns = doubt_clock_ns() - window.begun_ns;
    doubt_telemetry_end(run->telemetry);
    const struct doubt_trace *trace = doubt_telemetry_trace(run->telemetry);
    for (int gpu = 0; trace != NULL && gpu < 2; gpu++) {
        struct doubt_joules joules;
        doubt_joules_device(gpu == 1 ? device : NULL, environment, &window);
        doubt_joules_make(trace, &window, &joules);
        run->idle[gpu].watts = joules.watts;
        run->idle[gpu].bound_watts = joules.bound_joules / ((double)window.length_ns / 1e9);
        if (isnan(joules.watts) || !isnan(series->idle_power_w))
            continue;
        series->idle_power_w = run->idle[gpu].watts;
        series->idle_power_bound_w = run->idle[gpu].bound_watts;
        doubt_text_set(&series->idle_power_source, joules.source);
    }
}

/* summary.c: from plan, machine, telemetry and restarts to the records of cells and series.
 *
 * A unit of work is one record. Figures are analyze.c's. Not for printing.
 */
#include "measure/measure_int.h"

#include "engine/session.h"
#include "machine/knob.h"
#include "machine/probe.h"
#include "machine/process.h"
#include "measure/diagnose.h"
#include "model/tensor.h"
#include "util/str.h"
#include "util/units.h"
#include "util/whole.h"
#include <doubt/stats.h>
#include <doubt/version.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- series -------------------------------------------------------------------------------- */

static void set_machine(struct doubt_series *series)
{
    struct doubt_machine machine;
    struct doubt_machine_state state;
    char line[512];
    doubt_machine_identify(doubt_machine_root(), &machine);
    doubt_machine_read_state(doubt_machine_root(), &state);
    doubt_machine_line(&machine, line, sizeof line);
    doubt_text_set(&series->machine, line);
    doubt_machine_uncontrolled(&machine, &state, line, sizeof line);
    doubt_text_set(&series->not_controlled, line[0] ? line : NULL);
    const struct {
        char **field;
        const struct doubt_machine_text *value;
    } texts[] = {{&series->cpu, &machine.cpu},
                 {&series->kernel, &machine.kernel},
                 {&series->virtual_machine, &machine.virtual_machine},
                 {&series->governor, &state.governor},
                 {&series->board, &machine.board}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].value->text[0] != '\0')
            doubt_text_set(texts[i].field, texts[i].value->text);
    if (!isnan(machine.cpus.value))
        series->cpu_count = doubt_whole(machine.cpus.value);
    if (!isnan(machine.memory_bytes.value))
        series->memory_bytes = doubt_whole(machine.memory_bytes.value);
    doubt_knob_power_mode(doubt_machine_root(), line, sizeof line);
    doubt_text_set(&series->power_mode, line[0] ? line : NULL);
}

/* A mode that did not last is none that a claim could be judged in. */
static void compare_power_mode(struct doubt_series *series)
{
    char now[256], both[600];
    const char *before = series->power_mode != NULL ? series->power_mode : "";
    doubt_knob_power_mode(doubt_machine_root(), now, sizeof now);
    if (strcmp(before, now) == 0)
        return;
    snprintf(both, sizeof both, DOUBT_POWER_MODE_CHANGED "%s; at the end %s",
             before[0] ? before : "unknown", now[0] ? now : "unknown");
    doubt_text_set(&series->power_mode, both);
}

/* So that a series that was never ended can be told from one that runs. */
static void set_process(struct doubt_series *series)
{
    struct doubt_process self;
    if (!doubt_process_find(NULL, getpid(), &self))
        return;
    series->supervisor_pid = self.pid;
    series->supervisor_started = self.started;
    doubt_text_set(&series->boot_id, self.boot);
    doubt_text_set(&series->pid_space, self.space);
}

void doubti_summary_begin_series(struct doubt_series *series, const struct doubt_series_plan *plan,
                                 const struct doubt_clock_info *clock)
{
    doubt_text_set(&series->command, plan->command);
    doubt_text_set(&series->claim_set, plan->claim_set);
    doubt_text_set(&series->doubt_version, DOUBT_VERSION);
    doubt_text_set(&series->state, "running");
    doubt_text_setf(&series->seed, "%" PRIx64, plan->seed);
    series->begun_ns = doubt_clock_wall_ns() - plan->before_ns - plan->built_ns;
    if (plan->built_ns > 0)
        series->building_ns = plan->built_ns;
    if (plan->budget_ns > 0)
        series->budget_ns = plan->budget_ns;
    if (plan->family > 0)
        series->family = plan->family;
    doubt_text_set(&series->clock_kind, clock->kind);
    series->clock_resolution_ns = clock->resolution_ns;
    series->clock_read_ns = clock->read_ns;
    series->clock_spread_ns = clock->read_spread_ns;
    set_machine(series);
    set_process(series);
}

#define PHRASE(s, ...) (doubt_str_add(s, (s)->len ? "; " : ""), doubt_str_addf(s, __VA_ARGS__))

/* What was seen meanwhile, behind what the machine said before. */
static void add_uncontrolled(struct doubt_series *series, const struct doubti_series_end *end)
{
    const struct doubt_telemetry_summary *seen = end->telemetry;
    struct doubt_str s;
    doubt_str_init(&s, 4096);
    if (series->not_controlled != NULL)
        doubt_str_add(&s, series->not_controlled);
    if (!end->telemetry_works)
        PHRASE(&s, "others' work (proc cannot be read)");
    else if (isnan(seen->others_share))
        PHRASE(&s, "others' work (the kernel does not tell it from ours)");
    if (seen->pressure_share > 0.05)
        PHRASE(&s, "contention for the CPUs (some task waited %.0f %% of the time)",
               100 * seen->pressure_share);
    if (seen->frequency_max_hz > 1.05 * seen->frequency_min_hz)
        PHRASE(&s, "the clock under load (%.2f to %.2f GHz)", seen->frequency_min_hz / 1e9,
               seen->frequency_max_hz / 1e9);
    doubt_text_set(&series->not_controlled, s.len ? doubt_str_text(&s) : NULL);
    doubt_str_free(&s);
}

void doubti_summary_end_series(struct doubt_series *series, const struct doubti_series_end *end)
{
    const struct doubt_telemetry_summary *seen = end->telemetry;
    add_uncontrolled(series, end);
    compare_power_mode(series);
    doubt_text_set(&series->state, end->state);
    doubt_text_set(&series->cut, end->cut[0] ? end->cut : NULL);
    doubt_text_set(&series->others_names, end->names[0] ? end->names : NULL);
    series->ended_ns = doubt_clock_wall_ns();
    series->others_share = seen->others_share;
    series->others_peak_share = seen->others_peak_share;
    series->steal_share = seen->steal_share;
    series->temperature_max_c = seen->temperature_max_c;
    series->telemetry_share = seen->thread_share;
}

/* --- a cell's plan ------------------------------------------------------------------------- */

static void set_list(const char *const *texts, char **field)
{
    struct doubt_str s;
    doubt_str_init(&s, 65536);
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++)
        doubt_str_addf(&s, "%s%s", i ? " " : "", texts[i]);
    doubt_text_set(field, s.len ? doubt_str_text(&s) : NULL);
    doubt_str_free(&s);
}

void doubti_summary_begin_cell(const struct doubt_cell_plan *plan, int64_t number,
                               struct doubt_cell *cell)
{
    const struct {
        char **field;
        const char *value;
    } texts[] = {{&cell->network, plan->network},
                 {&cell->title, plan->title},
                 {&cell->variant, plan->variant},
                 {&cell->model_path, plan->model_path},
                 {&cell->model_sha256, plan->model_sha256},
                 {&cell->engine, plan->engine},
                 {&cell->library_path, plan->library_path},
                 {&cell->library_sha256, plan->library_sha256},
                 {&cell->precision_asked, doubt_precision_name(plan->precision)},
                 {&cell->reference, plan->reference_name}};
    doubt_record_init(DOUBT_CELL, cell);
    cell->number = number;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        doubt_text_set(texts[i].field, texts[i].value);
    if ((unsigned)plan->boundary < DOUBT_BOUNDARY_COUNT)
        doubt_text_set(&cell->boundary, doubt_session_boundary_name(plan->boundary));
    if (plan->flush)
        doubt_text_set(&cell->flushed, "yes");
    set_list(plan->options, &cell->options);
    set_list(plan->environment, &cell->environment);
    cell->macs = plan->macs;
    cell->parameters = plan->parameters;
    cell->batch = plan->batch > 0 ? plan->batch : 1;
    if (plan->threads > 0)
        cell->threads = plan->threads;
    cell->restarts = cell->restarts_failed = 0;
}

/* --- restarts ------------------------------------------------------------------------------ */

static void add_to_mean(struct doubti_mean *mean, int64_t value)
{
    if (value == DOUBT_MISSING_I64)
        return;
    mean->sum += (double)value;
    mean->count++;
}

static void add_median(struct doubti_mean *mean, double value)
{
    if (!isfinite(value))
        return;
    mean->sum += value;
    mean->count++;
}

static double mean_of(const struct doubti_mean *mean)
{
    return mean->count > 0 ? mean->sum / (double)mean->count : NAN;
}

static int64_t present(int64_t value)
{
    return value == DOUBT_MISSING_I64 ? 0 : value;
}

int64_t doubti_summary_start_ns(const struct doubt_restart *record, int64_t whole_ns)
{
    int64_t start = whole_ns - present(record->warm_ns) - present(record->sample_ns);
    return start > 0 ? start : 0;
}

double doubti_summary_later_mean_ns(const struct doubt_restart_result *restart)
{
    double sum = 0;
    size_t from = restart->count / 2;
    for (size_t i = from; i < restart->count; i++)
        sum += (double)restart->samples[i];
    return fmax(sum / (double)(restart->count - from), 1);
}

/* A text that all restarts should share: another one is added behind a comma. True when it was
 * another one. */
static bool add_text(char **field, const char *text)
{
    if (text == NULL || (*field != NULL && strcmp(*field, text) == 0))
        return false;
    if (*field == NULL) {
        doubt_text_set(field, text);
        return false;
    }
    const char *at = strstr(*field, text);
    if (at == NULL && strlen(*field) < 1000)
        doubt_text_setf(field, "%s, %s", *field, text);
    return true;
}

static void add_shares(struct doubti_cell_run *run, const struct doubt_restart *restart,
                       int32_t cpus)
{
    double time = (double)restart->wall_ns * cpus;
    if (cpus <= 0 || restart->wall_ns == DOUBT_MISSING_I64)
        return;
    if (restart->steal_ns != DOUBT_MISSING_I64) {
        run->steal_ns += (double)restart->steal_ns;
        run->cpus_ns += time;
    }
    if (restart->others_ns != DOUBT_MISSING_I64) {
        run->others_ns += (double)restart->others_ns;
        run->others_cpus_ns += time;
    }
}

/* What a device adds: other boundaries, memory, building apart from loading. */
static void add_device(struct doubti_cell_run *run, const struct doubt_restart *restart)
{
    add_to_mean(&run->engine_build_ns, restart->engine_build_ns);
    add_median(&run->call_ns, restart->call_ns);
    add_median(&run->host_ns, restart->host_ns);
    add_median(&run->host_pageable_ns, restart->host_pageable_ns);
    add_median(&run->device_ns, restart->device_ns);
    add_median(&run->device_train_ns, restart->device_train_ns);
    add_median(&run->device_graph_ns, restart->device_graph_ns);
    add_text(&run->cell->engine_detail, restart->engine_detail);
    if (restart->device_memory_bytes > run->cell->device_memory_bytes)
        run->cell->device_memory_bytes = restart->device_memory_bytes;
}

static void end_device(struct doubti_cell_run *run)
{
    run->cell->engine_build_ns = mean_of(&run->engine_build_ns);
    run->cell->call_ns = mean_of(&run->call_ns);
    run->cell->host_ns = mean_of(&run->host_ns);
    run->cell->host_pageable_ns = mean_of(&run->host_pageable_ns);
    run->cell->device_ns = mean_of(&run->device_ns);
    run->cell->device_train_ns = mean_of(&run->device_train_ns);
    run->cell->device_graph_ns = mean_of(&run->device_graph_ns);
}

void doubti_summary_add_pilot(struct doubti_cell_run *run, const struct doubt_restart *restart)
{
    struct doubt_cell *cell = run->cell;
    add_text(&cell->engine_version, restart->engine_version);
    add_text(&cell->device, restart->device);
    add_text(&cell->provider, restart->provider);
    add_text(&cell->engine_notes, restart->engine_notes);
    add_text(&cell->input, restart->input);
    if (add_text(&cell->precision, restart->precision))
        run->precision_differs = true;
    if (restart->threads != DOUBT_MISSING_I64)
        cell->threads = restart->threads;
    add_text(&cell->cpus, restart->cpus);
    if (restart->priority != DOUBT_MISSING_I64)
        cell->priority = restart->priority;
    if (restart->locked_bytes > cell->locked_bytes)
        cell->locked_bytes = restart->locked_bytes;
}

void doubti_summary_add_restart(struct doubti_cell_run *run, const struct doubt_restart *restart,
                                int32_t cpus)
{
    struct doubt_cell *cell = run->cell;
    add_to_mean(&run->load_ns, restart->load_ns);
    add_to_mean(&run->build_ns, restart->build_ns);
    add_to_mean(&run->first_ns, restart->first_ns);
    doubti_summary_add_pilot(run, restart);
    if (restart->peak_memory_bytes > cell->peak_memory_bytes)
        cell->peak_memory_bytes = restart->peak_memory_bytes;
    cell->output_error = fmax(cell->output_error, restart->output_error);
    add_device(run, restart);
    add_shares(run, restart, cpus);
    doubti_observe_add(run, restart);
}

enum doubt_code doubti_summary_keep_samples(struct doubti_cell_run *run, int32_t round,
                                            struct doubt_restart_result *restart,
                                            struct doubt_err *err)
{
    if (run->count == run->capacity) {
        size_t capacity = run->capacity ? 2 * run->capacity : 32;
        struct doubt_samples *samples = realloc(run->samples, capacity * sizeof *samples);
        if (samples != NULL)
            run->samples = samples;
        int32_t *rounds = realloc(run->rounds, capacity * sizeof *rounds);
        if (rounds != NULL)
            run->rounds = rounds;
        if (samples == NULL || rounds == NULL)
            return doubt_err_set(err, DOUBT_E_MEMORY,
                                 "out of memory for the samples of %zu restarts", capacity);
        run->capacity = capacity;
    }
    run->rounds[run->count] = round;
    run->samples[run->count++] = (struct doubt_samples){restart->samples, restart->count};
    restart->samples = NULL;
    return DOUBT_OK;
}

void doubti_summary_drop_samples(struct doubti_cell_run *run)
{
    for (size_t r = 0; r < run->count; r++)
        free((int64_t *)(uintptr_t)run->samples[r].ns);
    run->count = 0;
}

void doubti_summary_free_cell(struct doubti_cell_run *run)
{
    doubti_summary_drop_samples(run);
    free(run->samples);
    free(run->rounds);
    free(run->sentence);
}

bool doubti_summary_add_failure(struct doubti_cell_run *run, const struct doubt_restart *restart)
{
    const char *sentence = restart->sentence ? restart->sentence : restart->outcome;
    char *copy = doubt_str_dup(sentence ? sentence : "it failed without a word");
    if (copy == NULL)
        return false;
    free(run->sentence);
    run->sentence = copy;
    doubt_str_copy(run->outcome, sizeof run->outcome, restart->outcome ? restart->outcome : "");
    run->failed++;
    if (strcmp(run->outcome, DOUBT_OUTCOME_OUTPUT) == 0) {
        run->is_void = true;
        run->cell->output_error = fmax(run->cell->output_error, restart->output_error);
    }
    add_text(&run->cell->engine_version, restart->engine_version);
    return true;
}

/* --- the end of a cell --------------------------------------------------------------------- */

void doubti_summary_add_reason(struct doubt_cell *cell, const char *text)
{
    if (cell->reason == NULL)
        doubt_text_set(&cell->reason, text);
    else
        doubt_text_setf(&cell->reason, "%s; %s", cell->reason, text);
}

static void set_void(struct doubti_cell_run *run)
{
    doubt_analyze_clear(run->cell);
    run->cell->restarts = 0;
    doubt_text_set(&run->cell->state, DOUBT_STATE_VOID);
    doubt_text_set(&run->cell->reason, run->sentence);
}

static void set_failed(struct doubti_cell_run *run)
{
    bool tried = run->sentence != NULL;
    char least[64];
    doubt_text_set(&run->cell->state, tried ? DOUBT_STATE_FAILED : DOUBT_STATE_FEW);
    if (!tried && run->short_restarts == 0 && run->least_budget_ns > 0) {
        doubt_units_format_duration(run->least_budget_ns, least, sizeof least);
        doubt_text_setf(&run->cell->reason,
                        "the budget ended before the first restart was done: the smallest useful "
                        "budget is %s here",
                        least);
        return;
    }
    doubt_text_set(&run->cell->reason, tried ? run->sentence
                                       : run->short_restarts > 0
                                           ? "the series ended before its longer restarts began"
                                           : "the series ended before its first restart was done");
}

static void add_lengths(struct doubti_cell_run *run)
{
    char text[256];
    bool steady = strcmp(run->cell->state, DOUBT_STATE_UNSTEADY) != 0;
    if (run->doublings > 0) {
        snprintf(text, sizeof text,
                 "its first restarts were not steady: their iterations were doubled %s, and the "
                 "shorter ones do not count",
                 run->doublings == 1   ? "once"
                 : run->doublings == 2 ? "twice"
                                       : "three times");
        doubti_summary_add_reason(run->cell, text);
    }
    if (run->no_room && !steady)
        doubti_summary_add_reason(run->cell, "the budget had no room for longer restarts");
}

static void add_remarks(struct doubti_cell_run *run)
{
    char text[1600];
    if (run->precision_differs) {
        snprintf(text, sizeof text, "precision differed between restarts: %s",
                 run->cell->precision);
        doubti_summary_add_reason(run->cell, text);
    }
    if (run->failed > 0) {
        snprintf(text, sizeof text, "%" PRId64 " of %" PRId64 " restarts failed, the last one: %s",
                 run->failed, run->failed + run->short_restarts + (int64_t)run->count,
                 run->sentence);
        doubti_summary_add_reason(run->cell, text);
    }
    add_lengths(run);
    doubt_diagnose_explain(run->cell);
}

void doubti_summary_end_cell(struct doubti_cell_run *run)
{
    struct doubt_cell *cell = run->cell;
    cell->restarts_failed = run->failed;
    cell->doublings = run->doublings;
    cell->restarts_short = run->short_restarts;
    cell->load_ns = mean_of(&run->load_ns);
    cell->build_ns = mean_of(&run->build_ns);
    cell->first_ns = mean_of(&run->first_ns);
    end_device(run);
    if (run->others_cpus_ns > 0)
        cell->others_share = fmin(run->others_ns / run->others_cpus_ns, 1);
    if (run->cpus_ns > 0)
        cell->steal_share = fmin(run->steal_ns / run->cpus_ns, 1);
    if (run->is_void)
        set_void(run);
    else if (run->count == 0)
        set_failed(run);
    else
        add_remarks(run);
}

double doubti_summary_median_ns(const struct doubti_cell_run *run)
{
    size_t total = 0, n = 0;
    double median = NAN;
    for (size_t r = 0; r < run->count; r++)
        total += run->samples[r].count;
    double *all = total > 0 ? malloc(total * sizeof *all) : NULL;
    if (all == NULL)
        return NAN;
    for (size_t r = 0; r < run->count; r++)
        for (size_t i = 0; i < run->samples[r].count; i++)
            all[n++] = (double)run->samples[r].ns[i];
    if (doubt_sort(all, n, NULL) != DOUBT_OK || doubt_quantile7(all, n, 0.5, &median, NULL))
        median = NAN;
    free(all);
    return median;
}

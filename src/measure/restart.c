/* restart.c: see restart.h. */
#include "util/file.h"
#include "measure/restart.h"

#include "measure/outcome.h"
#include "measure/times.h"
#include "model/tensor.h"
#include "util/whole.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct job {
    const struct doubt_cell_plan *cell;
    const struct doubt_restart_plan *how;
    const struct doubt_restart_watch *watch;
};

static enum doubt_code check_plan(const struct doubt_restart_plan *how, struct doubt_err *err)
{
    if (how->iterations < 1 || how->iterations > DOUBT_RESTART_ITERATIONS_MAX)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "%lld samples of a restart are out of range: 1 to %lld",
                             (long long)how->iterations, (long long)DOUBT_RESTART_ITERATIONS_MAX);
    const int64_t least_zero[] = {how->sample_ns_max,       how->iterations_min, how->warm_ns,
                                  how->warm_iterations_min, how->deadline_ns,    how->number};
    for (size_t i = 0; i < sizeof least_zero / sizeof *least_zero; i++)
        if (least_zero[i] < 0)
            return doubt_err_set(err, DOUBT_E_ARGUMENT, "a bound of a restart is negative: %lld",
                                 (long long)least_zero[i]);
    for (size_t i = 0; i < how->cpu_count; i++)
        if (how->cpus[i] < 0 || how->cpus[i] >= DOUBT_SHARED_CPUS_MAX)
            return doubt_err_set(err, DOUBT_E_ARGUMENT, "CPU %d is out of range: 0 to %d",
                                 how->cpus[i], DOUBT_SHARED_CPUS_MAX - 1);
    return DOUBT_OK;
}

/* "engines" in the user's cache folder, made if need be; NULL where there is none. */
static char *engines_folder(void)
{
    char *cache = doubt_file_xdg("CACHE");
    char *folder = cache != NULL ? doubt_file_join(cache, "engines") : NULL;
    free(cache);
    if (folder != NULL && doubt_file_make_folder(folder, NULL) != DOUBT_OK) {
        free(folder);
        folder = NULL;
    }
    return folder;
}

static enum doubt_code write_cache_folder(struct doubt_shared *shared,
                                          const struct doubt_restart_plan *how,
                                          struct doubt_err *err)
{
    char *own = how->cache_folder == NULL ? engines_folder() : NULL;
    enum doubt_code code = doubt_shared_put_text(shared, own != NULL ? own : how->cache_folder,
                                                 &shared->order.cache_folder, err);
    free(own);
    return code;
}

static enum doubt_code write_order(struct doubt_shared *shared, const struct job *job,
                                   struct doubt_err *err)
{
    const struct doubt_restart_plan *how = job->how;
    struct doubt_shared_order *order = &shared->order;
    order->job = how->cold ? DOUBT_JOB_COLD : DOUBT_JOB_MEASURE;
    order->number = how->number;
    order->iterations = how->iterations;
    order->iterations_min = how->iterations_min;
    order->sample_ns_max = how->sample_ns_max;
    order->warm_ns = how->warm_ns;
    order->warm_iterations_min = how->warm_iterations_min;
    order->memory_limit_bytes = how->memory_limit_bytes;
    for (size_t i = 0; how->cpus != NULL && i < how->cpu_count; i++)
        order->cpus[how->cpus[i] / 64] |= UINT64_C(1) << (how->cpus[i] % 64);
    if (how->worker != NULL)
        order->worker = *how->worker;
    enum doubt_code code = write_cache_folder(shared, how, err);
    return code == DOUBT_OK ? doubt_shared_put_cell(shared, job->cell, err) : code;
}

/* --- the record ---------------------------------------------------------------------------- */

/* A string that the worker left; "" leaves the field missing. */
static void set_text(char **field, const char *raw, size_t raw_bytes)
{
    char text[DOUBT_CHILD_TAIL_BYTES + 1]; /* the longest of them */
    doubt_shared_clean_text(text, sizeof text, raw, raw_bytes);
    if (text[0] != '\0')
        doubt_text_set(field, text);
}

static int64_t sum_present(int64_t a, int64_t b)
{
    if (a == DOUBT_MISSING_I64)
        return b;
    return b == DOUBT_MISSING_I64 ? a : doubt_whole_sum(a, b);
}

static void set_process(struct doubt_restart *record, const struct doubt_child_end *end)
{
    const struct rusage *usage = &end->usage;
    record->begun_ns = end->begun_ns;
    record->wall_ns = end->wall_ns;
    record->output_bytes = end->output_bytes;
    set_text(&record->output_tail, end->tail, sizeof end->tail);
    if (end->unreaped != 0) /* nothing else is known of it */
        return;
    if (WIFEXITED(end->status))
        record->exit_status = WEXITSTATUS(end->status);
    if (WIFSIGNALED(end->status))
        record->signal = WTERMSIG(end->status);
    record->cpu_ns = (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * INT64_C(1000000000) +
                     (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * INT64_C(1000);
    record->peak_memory_bytes = (int64_t)usage->ru_maxrss * 1024;
    record->switches_voluntary = usage->ru_nvcsw;
    record->switches_forced = usage->ru_nivcsw;
    record->faults_major = usage->ru_majflt;
}

static void set_answer(struct doubt_restart *record, const struct doubt_shared_answer *answer)
{
    const int64_t *ns = answer->phase_ns;
    record->load_ns = ns[DOUBT_PHASE_LOAD];
    record->build_ns = ns[DOUBT_PHASE_BUILD];
    record->first_ns = ns[DOUBT_PHASE_FIRST];
    record->warm_ns = ns[DOUBT_PHASE_WARM];
    record->check_ns = sum_present(ns[DOUBT_PHASE_CHECK], ns[DOUBT_PHASE_RECHECK]);
    record->unload_ns = ns[DOUBT_PHASE_UNLOAD];
    record->warm_iterations = answer->warm_iterations;
    record->sample_begun_ns = answer->sample_begun_ns;
    if (answer->sample_ended_ns != DOUBT_MISSING_I64)
        record->sample_ns =
            doubt_whole_difference(answer->sample_ended_ns, answer->sample_begun_ns);
    if (answer->peak_memory_bytes != DOUBT_MISSING_I64)
        record->peak_memory_bytes = answer->peak_memory_bytes;
    record->output_error = answer->output_error;
    set_text(&record->engine_version, answer->info.version, sizeof answer->info.version);
    set_text(&record->engine_notes, answer->notes, sizeof answer->notes);
    set_text(&record->input, answer->input, sizeof answer->input);
    if (!answer->described)
        return;
    const struct doubt_engine_used *used = &answer->used;
    set_text(&record->device, used->device, sizeof used->device);
    set_text(&record->provider, used->provider, sizeof used->provider);
    if (used->precision > DOUBT_PRECISION_ANY && used->precision < DOUBT_PRECISION_COUNT)
        doubt_text_set(&record->precision, doubt_precision_name(used->precision));
    if (used->threads > 0)
        record->threads = used->threads;
    if (used->build_ns > 0)
        record->engine_build_ns = used->build_ns;
    if (used->memory_bytes > 0 && used->memory_bytes <= INT64_MAX)
        record->device_memory_bytes = (int64_t)used->memory_bytes;
    set_text(&record->engine_detail, used->detail, sizeof used->detail);
}

static void set_place(struct doubt_restart *record, const struct doubt_shared_place *place)
{
    char cpus[DOUBT_CPUS_TEXT_BYTES];
    doubt_cpus_format(&place->cpus, cpus, sizeof cpus);
    if (cpus[0] != '\0')
        doubt_text_set(&record->cpus, cpus);
    record->priority = place->priority;
    if (place->locked_bytes >= 0)
        record->locked_bytes = place->locked_bytes;
}

static void set_ways(struct doubt_restart *record, const struct doubt_shared_answer *answer)
{
    record->call_ns = answer->way_ns[DOUBT_WAY_CALL];
    record->host_ns = answer->way_ns[DOUBT_WAY_HOST];
    record->host_pageable_ns = answer->way_ns[DOUBT_WAY_PAGEABLE];
    record->device_ns = answer->way_ns[DOUBT_WAY_DEVICE];
    record->device_train_ns = answer->train_ns;
    record->device_graph_ns = answer->graph_ns;
}

static void set_figures(struct doubt_restart *record, const int64_t *samples, size_t count)
{
    record->iterations = (int64_t)count;
    if (count == 0)
        return;
    int64_t sum = 0, min = samples[0], max = samples[0];
    for (size_t i = 0; i < count; i++) {
        sum = doubt_whole_sum(sum, samples[i]);
        min = samples[i] < min ? samples[i] : min;
        max = samples[i] > max ? samples[i] : max;
    }
    record->mean_ns = (double)sum / (double)count;
    record->min_ns = min;
    record->max_ns = max;
}

static bool has_other_ways(const struct doubt_restart *record)
{
    return isfinite(record->call_ns) || isfinite(record->host_ns) ||
           isfinite(record->host_pageable_ns) || isfinite(record->device_ns);
}

/* The boundary asked for beside the others, where these were timed too. */
static void set_own_way(struct doubt_restart *record, enum doubt_boundary boundary,
                        const struct doubt_restart_result *result)
{
    double *fields[] = {[DOUBT_BOUNDARY_CALL] = &record->call_ns,
                        [DOUBT_BOUNDARY_HOST] = &record->host_ns,
                        [DOUBT_BOUNDARY_DEVICE] = &record->device_ns};
    size_t n = result->count;
    if (n == 0 || !has_other_ways(record) || (unsigned)boundary >= DOUBT_BOUNDARY_COUNT)
        return;
    int64_t *sorted = malloc(n * sizeof *sorted);
    if (sorted == NULL)
        return;
    memcpy(sorted, result->samples, n * sizeof *sorted);
    doubti_times_sort(sorted, n);
    *fields[boundary] = doubti_times_median(sorted, n);
    free(sorted);
}

/* Copies the samples out of the mapping. Those of an earlier phase are not there: the array is
 * emptied when it is touched. */
static enum doubt_code take_samples(const struct doubt_shared_map *map,
                                    struct doubt_restart_result *result, struct doubt_err *err)
{
    if (map->shared->phase < DOUBT_PHASE_SAMPLE)
        return DOUBT_OK;
    size_t count = doubt_shared_sample_count(map);
    if (count == 0)
        return DOUBT_OK;
    result->samples = malloc(count * sizeof *result->samples);
    if (result->samples == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu samples", count);
    memcpy(result->samples, map->samples, count * sizeof *result->samples);
    result->count = count;
    return DOUBT_OK;
}

static enum doubt_code run_worker(struct doubt_shared_map *map, const struct job *job,
                                  struct doubt_restart *record, struct doubt_err *err)
{
    struct doubt_child_end end;
    struct doubt_outcome outcome;
    int64_t deadline_ns = job->how->deadline_ns;
    enum doubt_code code = doubt_child_run(map, deadline_ns, job->watch, &end, err);
    if (code != DOUBT_OK)
        return code;
    doubt_outcome_judge(map->shared, &end, job->cell->engine, deadline_ns, &outcome);
    set_process(record, &end);
    set_answer(record, &map->shared->answer);
    set_ways(record, &map->shared->answer);
    set_place(record, &map->shared->answer.place);
    doubt_text_set(&record->outcome, outcome.name);
    doubt_text_set(&record->phase, outcome.phase);
    if (outcome.sentence[0] != '\0')
        doubt_text_set(&record->sentence, outcome.sentence);
    return DOUBT_OK;
}

enum doubt_code doubt_restart_run(const struct doubt_cell_plan *cell,
                                  const struct doubt_restart_plan *how,
                                  const struct doubt_restart_watch *watch,
                                  struct doubt_restart_result *result, struct doubt_err *err)
{
    const struct job job = {cell, how, watch};
    struct doubt_shared_map map = {.fd = -1};
    *result = (struct doubt_restart_result){.samples = NULL};
    doubt_record_init(DOUBT_RESTART, &result->record);
    result->record.series = how->series;
    result->record.cell = how->cell;
    result->record.number = how->number;
    result->record.position = how->position;
    enum doubt_code code = check_plan(how, err);
    if (code == DOUBT_OK)
        code = doubt_shared_create(how->iterations, &map, err);
    if (code != DOUBT_OK)
        return code;
    code = write_order(map.shared, &job, err);
    if (code == DOUBT_OK)
        code = run_worker(&map, &job, &result->record, err);
    if (code == DOUBT_OK)
        code = take_samples(&map, result, err);
    if (code == DOUBT_OK)
        set_figures(&result->record, result->samples, result->count);
    if (code == DOUBT_OK)
        set_own_way(&result->record, cell->boundary, result);
    doubt_shared_close(&map);
    return code;
}

void doubt_restart_result_free(struct doubt_restart_result *result)
{
    doubt_record_free(DOUBT_RESTART, &result->record);
    free(result->samples);
    result->samples = NULL;
    result->count = 0;
}

/* ask.c: questions to an engine that are no measurement, each in a process of its own.
 *
 * A unit of work is one question: what it is (doubt_engine_ask), what it answers to the seeded
 * input (doubt_reference_ask), or where its time goes (doubt_layers_ask). A crash or a hang of the
 * engine is an error with a sentence.
 */
#include "measure/outcome.h"

#include <stdlib.h>
#include <string.h>

static const int64_t info_deadline_ns = INT64_C(60) * 1000000000;
static const int64_t reference_deadline_ns = INT64_C(1800) * 1000000000;
static const int64_t layers_deadline_ns = INT64_C(1800) * 1000000000;
static const int64_t layers_warm_ns = 1000000000;

enum { LAYERS_MAX = 8192, LAYER_RUNS = 10 };

/* The error for a worker that did not do its job. */
static enum doubt_code error_of(const struct doubt_shared *shared,
                                const struct doubt_child_end *end, const char *engine,
                                int64_t deadline_ns, struct doubt_err *err)
{
    struct doubt_outcome outcome;
    doubt_outcome_judge(shared, end, engine, deadline_ns, &outcome);
    enum doubt_code code = DOUBT_E_ENGINE;
    if (shared->answered && shared->answer.code > DOUBT_OK &&
        shared->answer.code < DOUBT_CODE_COUNT)
        code = shared->answer.code;
    else if (strcmp(outcome.name, DOUBT_OUTCOME_HANG) == 0)
        code = DOUBT_E_TIMEOUT;
    else if (strcmp(outcome.name, DOUBT_OUTCOME_MEMORY) == 0)
        code = DOUBT_E_MEMORY;
    return doubt_err_set(err, code, "%s%s%s", outcome.sentence,
                         end->tail[0] ? "; it printed: " : "", end->tail);
}

/* room: values of 64 bits behind the answer; warm_ns: for jobs that warm up. */
struct question {
    enum doubt_shared_job job;
    int64_t room, warm_ns, deadline_ns;
};

static enum doubt_code ask(struct doubt_shared_map *map, const struct question *question,
                           const struct doubt_cell_plan *cell, struct doubt_err *err)
{
    struct doubt_child_end end;
    int64_t deadline_ns = question->deadline_ns;
    enum doubt_code code = doubt_shared_create(question->room, map, err);
    if (code != DOUBT_OK)
        return code;
    map->shared->order.job = question->job;
    map->shared->order.warm_ns = question->warm_ns;
    map->shared->order.warm_iterations_min = question->warm_ns > 0 ? LAYER_RUNS : 0;
    code = doubt_shared_put_cell(map->shared, cell, err);
    if (code == DOUBT_OK)
        code = doubt_child_run(map, deadline_ns, NULL, &end, err);
    if (code == DOUBT_OK && !(map->shared->answered && map->shared->answer.code == DOUBT_OK))
        code = error_of(map->shared, &end, cell->engine, deadline_ns, err);
    return code;
}

static void take_info(const struct doubt_engine_info *from, struct doubt_engine_info *info)
{
    memset(info, 0, sizeof *info);
    doubt_shared_clean_text(info->version, sizeof info->version, from->version,
                            sizeof from->version);
    doubt_shared_clean_text(info->build, sizeof info->build, from->build, sizeof from->build);
    info->caps = from->caps;
    info->device_count = from->device_count;
    if (info->device_count > DOUBT_DEVICES_MAX)
        info->device_count = DOUBT_DEVICES_MAX;
    for (uint32_t i = 0; i < info->device_count; i++) {
        struct doubt_engine_device *to = &info->devices[i];
        const struct doubt_engine_device *device = &from->devices[i];
        doubt_shared_clean_text(to->name, sizeof to->name, device->name, sizeof device->name);
        doubt_shared_clean_text(to->title, sizeof to->title, device->title, sizeof device->title);
        to->precisions = device->precisions;
    }
}

enum doubt_code doubt_engine_ask(const char *engine, const char *library_path,
                                 const char *const *options, struct doubt_engine_info *info,
                                 struct doubt_err *err)
{
    struct doubt_shared_map map = {.fd = -1};
    const struct doubt_cell_plan cell = {
        .engine = engine, .library_path = library_path, .options = options};
    const struct question question = {DOUBT_JOB_ASK, 0, 0, info_deadline_ns};
    enum doubt_code code = ask(&map, &question, &cell, err);
    if (code == DOUBT_OK)
        take_info(&map.shared->answer.info, info);
    doubt_shared_close(&map);
    return code;
}

static enum doubt_code take_reference(struct doubt_shared *shared,
                                      struct doubt_reference *reference, struct doubt_err *err)
{
    struct doubt_reference view = doubt_shared_get_reference(shared);
    reference->outputs = calloc(view.output_count ? view.output_count : 1, sizeof *view.outputs);
    if (reference->outputs == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a reference");
    memcpy(reference->outputs, view.outputs, view.output_count * sizeof *view.outputs);
    reference->output_count = view.output_count;
    return DOUBT_OK;
}

enum doubt_code doubt_reference_ask(const struct doubt_cell_plan *cell,
                                    struct doubt_reference *reference, struct doubt_err *err)
{
    struct doubt_shared_map map = {.fd = -1};
    *reference = (struct doubt_reference){0, NULL};
    const struct question question = {DOUBT_JOB_REFERENCE, 0, 0, reference_deadline_ns};
    enum doubt_code code = ask(&map, &question, cell, err);
    if (code == DOUBT_OK)
        code = take_reference(map.shared, reference, err);
    doubt_shared_close(&map);
    return code;
}

/* Launches on a GPU wait for their end, so that a profiler of the host sees the kernels' time. */
static const char launch_blocking[] = "CUDA_LAUNCH_BLOCKING=1";

static const char **with_blocking(const char *const *environment)
{
    size_t n = 0;
    while (environment != NULL && environment[n] != NULL)
        n++;
    const char **list = calloc(n + 2, sizeof *list);
    if (list == NULL)
        return NULL;
    if (n > 0)
        memcpy(list, environment, n * sizeof *list);
    list[n] = launch_blocking;
    return list;
}

static enum doubt_code take_layers(const struct doubt_shared_map *map,
                                   struct doubt_engine_layer **layers, size_t *count,
                                   struct doubt_err *err)
{
    size_t room = 0, n = map->shared->answer.layer_count;
    const struct doubt_engine_layer *from = doubt_shared_layers(map, &room);
    n = n < room ? n : room;
    *layers = calloc(n > 0 ? n : 1, sizeof **layers);
    if (*layers == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu layers", n);
    for (size_t i = 0; i < n; i++) {
        struct doubt_engine_layer *to = &(*layers)[i];
        doubt_shared_clean_text(to->name, sizeof to->name, from[i].name, sizeof from[i].name);
        doubt_shared_clean_text(to->type, sizeof to->type, from[i].type, sizeof from[i].type);
        to->precision = from[i].precision;
        to->ns = from[i].ns;
    }
    *count = n;
    return DOUBT_OK;
}

enum doubt_code doubt_layers_ask(const struct doubt_cell_plan *cell,
                                 struct doubt_engine_layer **layers, size_t *count,
                                 struct doubt_err *err)
{
    struct doubt_shared_map map = {.fd = -1};
    struct doubt_cell_plan profiled = *cell;
    const struct question question = {
        DOUBT_JOB_LAYERS, LAYERS_MAX * (int64_t)sizeof(struct doubt_engine_layer) / 8 + 1,
        layers_warm_ns, layers_deadline_ns};
    const char **environment = with_blocking(cell->environment);
    *layers = NULL;
    *count = 0;
    if (environment == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for an environment");
    profiled.environment = environment;
    profiled.boundary = DOUBT_BOUNDARY_CALL;
    profiled.flush = false;
    enum doubt_code code = ask(&map, &question, &profiled, err);
    if (code == DOUBT_OK)
        code = take_layers(&map, layers, count, err);
    doubt_shared_close(&map);
    free(environment);
    return code;
}

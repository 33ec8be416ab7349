/* ask.c: questions to an engine that are no measurement, each in a process of its own.
 *
 * A unit of work is one question: what it is (doubt_engine_ask) or what it answers to the seeded
 * input (doubt_reference_ask). A crash or a hang of the engine is an error with a sentence.
 */
#include "measure/outcome.h"

#include <stdlib.h>
#include <string.h>

static const int64_t info_deadline_ns = INT64_C(60) * 1000000000;
static const int64_t reference_deadline_ns = INT64_C(1800) * 1000000000;

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

static enum doubt_code ask(struct doubt_shared_map *map, enum doubt_shared_job job,
                           const struct doubt_cell_plan *cell, int64_t deadline_ns,
                           struct doubt_err *err)
{
    struct doubt_child_end end;
    enum doubt_code code = doubt_shared_create(0, map, err);
    if (code != DOUBT_OK)
        return code;
    map->shared->order.job = job;
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
    enum doubt_code code = ask(&map, DOUBT_JOB_ASK, &cell, info_deadline_ns, err);
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
    enum doubt_code code = ask(&map, DOUBT_JOB_REFERENCE, cell, reference_deadline_ns, err);
    if (code == DOUBT_OK)
        code = take_reference(map.shared, reference, err);
    doubt_shared_close(&map);
    return code;
}

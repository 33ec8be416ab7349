/* candidate.c: see candidate.h. */
#include "cli/candidate.h"

#include "cli/pilot.h"
#include "util/file.h"

#include <stdlib.h>
#include <string.h>

/* --- what is measured ----------------------------------------------------------------------- */

static bool looks_like_file(const char *operand)
{
    size_t len = strlen(operand);
    return strchr(operand, '/') != NULL || (len > 5 && strcmp(operand + len - 5, ".onnx") == 0);
}

enum doubt_code doubt_candidate_find(struct doubt_candidate *candidate, struct doubt_err *err)
{
    const struct doubt_model_settings *model = candidate->model;
    if (looks_like_file(candidate->operand)) {
        if (model->no_nms)
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "--no-nms belongs to the built-in ssd-mobilenet-v2, not to %s",
                                 candidate->operand);
        return DOUBT_OK;
    }
    struct doubt_err why = {0};
    if (doubt_net_find(candidate->operand, &candidate->net, &why) != DOUBT_OK) {
        if (doubt_file_exists(candidate->operand))
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "\"%s\" is not a built-in network; to measure the file of that "
                                 "name, write ./%s",
                                 candidate->operand, candidate->operand);
        return doubt_err_set(err, DOUBT_E_USAGE, "%s; a file is written as FILE.onnx or ./FILE",
                             why.text);
    }
    if (model->sizes.count > 0)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--size belongs to ONNX files: the sizes of %s are fixed, but for "
                             "--batch",
                             candidate->net->name);
    if (model->no_nms && strcmp(candidate->net->name, "ssd-mobilenet-v2") != 0)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--no-nms belongs to ssd-mobilenet-v2: %s has no such post-processing",
                             candidate->net->name);
    return DOUBT_OK;
}

static bool computes_nothing(const struct doubt_candidate *candidate)
{
    return candidate->settings->engine != NULL && candidate->pick_count == 1 &&
           (candidate->picks[0].engine->ops->caps & DOUBT_CAP_NO_OUTPUT);
}

/* An engine that takes f16 from the file gets one of f16. */
static bool wants_half(const struct doubt_candidate *candidate)
{
    return candidate->model->precision == DOUBT_PRECISION_F16 && candidate->pick_count == 1 &&
           (doubt_pick_caps(&candidate->picks[0]) & DOUBT_CAP_HALF_FILE);
}

/* One with TensorRT's suppression gets that. */
static bool wants_plugin(const struct doubt_candidate *candidate)
{
    return candidate->pick_count == 1 && strcmp(candidate->net->name, "ssd-mobilenet-v2") == 0 &&
           (doubt_pick_caps(&candidate->picks[0]) & DOUBT_CAP_NMS_PLUGIN);
}

static enum doubt_code open_subject(struct doubt_candidate *candidate, struct doubt_err *err)
{
    const struct doubt_model_settings *model = candidate->model;
    if (candidate->net != NULL) {
        const struct doubt_net_params params = {
            .batch = model->batch > 0 ? (int32_t)model->batch : 1,
            .dtype = wants_half(candidate) ? DOUBT_F16 : DOUBT_F32,
            .no_nms = model->no_nms,
            .nms_plugin = wants_plugin(candidate),
        };
        return doubt_subject_open_net(candidate->net, &params, !computes_nothing(candidate),
                                      &candidate->subject, err);
    }
    enum doubt_code code =
        doubt_subject_open_file(candidate->operand, &model->sizes, &candidate->subject, err);
    if (code == DOUBT_OK && model->batch > 0 && model->batch != candidate->subject.batch)
        code = doubt_err_set(err, DOUBT_E_USAGE,
                             "--batch %lld does not fit: the inputs of %s hold %d; sizes that the "
                             "file leaves open are given with --size",
                             (long long)model->batch, candidate->operand,
                             (int)candidate->subject.batch);
    return code;
}

/* --- on what -------------------------------------------------------------------------------- */

static enum doubt_precision precision_of(const struct doubt_candidate *candidate)
{
    return (enum doubt_precision)candidate->model->precision;
}

static enum doubt_boundary boundary_of(const struct doubt_candidate *candidate)
{
    return (enum doubt_boundary)candidate->model->boundary;
}

static enum doubt_code find_engines(struct doubt_candidate *candidate,
                                    struct doubt_registry *registry, struct doubt_err *err)
{
    const struct doubt_settings *settings = candidate->settings;
    enum doubt_code code;
    doubt_str_init(&candidate->left_out, 2048);
    if (settings->engine == NULL) {
        const enum doubt_precision wanted[] = {precision_of(candidate)};
        const struct doubt_precisions only = {wanted, 1};
        code = doubt_pick_all(registry, &candidate->left_out, &candidate->picks,
                              &candidate->pick_count, err);
        return code == DOUBT_OK ? doubt_settings_keep_precise(&only, candidate->picks,
                                                              &candidate->pick_count, err)
                                : code;
    }
    candidate->picks = calloc(1, sizeof *candidate->picks);
    if (candidate->picks == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for an engine");
    const struct doubt_pick_request request = {settings->engine, settings->library,
                                               settings->options.items};
    code = doubt_pick_named(registry, &request, &candidate->picks[0], err);
    if (code == DOUBT_OK) {
        candidate->pick_count = 1;
        code = doubt_pick_check_device(&candidate->picks[0], settings->device, err);
    }
    if (code == DOUBT_OK && boundary_of(candidate) == DOUBT_BOUNDARY_DEVICE &&
        !DOUBT_OPS_HAS(candidate->picks[0].engine->ops, run_device))
        code = doubt_err_set(err, DOUBT_E_USAGE,
                             "engine %s does not offer --boundary device (events on a GPU); "
                             "accepted here: call, host",
                             candidate->picks[0].engine->name);
    if (code == DOUBT_OK)
        code = doubt_settings_check_precision(settings, &candidate->picks[0],
                                              precision_of(candidate), err);
    return code;
}

enum doubt_code doubt_candidate_open(struct doubt_candidate *candidate,
                                     struct doubt_registry *registry, struct doubt_err *err)
{
    enum doubt_code code = find_engines(candidate, registry, err);
    return code == DOUBT_OK ? open_subject(candidate, err) : code;
}

enum doubt_code doubt_candidate_choose(struct doubt_candidate *candidate, struct doubt_cli *cli,
                                       struct doubt_str *why, struct doubt_err *err)
{
    const struct doubt_pilot pilot = {
        .picks = candidate->picks,
        .pick_count = candidate->pick_count,
        .subjects = &candidate->subject,
        .subject_count = 1,
        .settings = candidate->settings,
        .precision = precision_of(candidate),
        .boundary = boundary_of(candidate),
        .built_ns = &candidate->built_ns,
    };
    return doubt_pilot_run(cli, &pilot, &candidate->best, why, err);
}

/* --- what is right -------------------------------------------------------------------------- */

static enum doubt_code ask(struct doubt_candidate *candidate, const struct doubt_pick *pick,
                           struct doubt_err *err)
{
    struct doubt_cell_plan cell = {.precision = DOUBT_PRECISION_F32};
    doubt_subject_plan(&candidate->subject, &cell);
    cell.engine = pick->ask_name;
    cell.library_path = pick->library_path;
    return doubt_reference_ask(&cell, &candidate->subject.reference, err);
}

/* A second opinion by any other engine that can be used. */
static bool agree(struct doubt_candidate *candidate, struct doubt_registry *registry)
{
    struct doubt_pick *others = NULL;
    size_t count = 0;
    bool found = false;
    doubt_pick_all(registry, NULL, &others, &count, NULL);
    for (size_t i = 0; i < count && !found; i++) {
        if (others[i].engine == candidate->picks[candidate->best].engine)
            continue;
        found = ask(candidate, &others[i], NULL) == DOUBT_OK;
        if (found)
            snprintf(candidate->subject.reference_name, sizeof candidate->subject.reference_name,
                     "agreement with %s %.*s", others[i].engine->name,
                     (int)strcspn(others[i].info.version, "- "), others[i].info.version);
    }
    doubt_pick_free_all(others, count);
    return found;
}

void doubt_candidate_reference(struct doubt_candidate *candidate, struct doubt_cli *cli,
                               struct doubt_registry *registry)
{
    static const int64_t slow_macs = 2000000000;
    struct doubt_subject *subject = &candidate->subject;
    const struct doubt_engine *ref = NULL;
    struct doubt_err why = {0};
    if (subject->built_in || computes_nothing(candidate))
        return;
    if (subject->macs > slow_macs)
        doubt_cli_say(cli, "computing the reference outputs");
    if (doubt_registry_find(registry, "ref", &ref, &why) == DOUBT_OK) {
        const struct doubt_pick pick = {.engine = ref, .ask_name = ref->name};
        if (ask(candidate, &pick, &why) == DOUBT_OK) {
            snprintf(subject->reference_name, sizeof subject->reference_name, "ref");
            return;
        }
    }
    if (!agree(candidate, registry)) {
        snprintf(subject->reference_name, sizeof subject->reference_name,
                 "none: only finite values were asked for");
        doubt_cli_say(cli, "the outputs cannot be compared with anything: %s", why.text);
    }
}

/* --- the plan ------------------------------------------------------------------------------- */

void doubt_candidate_plan(const struct doubt_candidate *candidate, struct doubt_cell_plan *cell)
{
    *cell = (struct doubt_cell_plan){
        .precision = precision_of(candidate),
        .boundary = boundary_of(candidate),
        .environment = candidate->environment,
    };
    doubt_subject_plan(&candidate->subject, cell);
    doubt_settings_plan_cell(candidate->settings, &candidate->picks[candidate->best], cell);
    if (computes_nothing(candidate))
        cell->model_path = NULL;
}

const char *doubt_candidate_engine(const struct doubt_candidate *candidate)
{
    return candidate->picks[candidate->best].engine->name;
}

void doubt_candidate_close(struct doubt_candidate *candidate)
{
    doubt_subject_close(&candidate->subject);
    doubt_str_free(&candidate->left_out);
    doubt_pick_free_all(candidate->picks, candidate->pick_count);
    candidate->picks = NULL;
    candidate->pick_count = 0;
}

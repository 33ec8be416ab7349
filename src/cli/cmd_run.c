/* cmd_run.c: `doubt run`: how fast is one network here, with intervals.
 *
 * A unit of work is one network or ONNX file on one engine: one cell. The outputs of a user's file
 * are checked against the reference engine where that knows the operators, else against another
 * engine. Not for claims: cmd_check.c.
 */
#include "cli/cmd.h"
#include "cli/pilot.h"
#include "cli/runner.h"
#include "cli/settings.h"
#include "cli/subject.h"
#include "model/tensor.h"
#include "util/clock.h"
#include "util/file.h"

#include <stdlib.h>
#include <string.h>

struct values {
    struct doubt_settings settings;
    struct doubt_opt_list sizes;
    int precision, boundary;
    int64_t batch;
    bool no_nms;
};

/* In the order of the enums. */
static const char *const precisions[] = {"any", "f32", "tf32", "bf16", "f16", "i8", NULL};
static const char *const boundaries[] = {"call", "host", "device", NULL};

static const struct doubt_opt options[] = {
    {"precision", 'p', "NAME", DOUBT_OPT_CHOICE, offsetof(struct values, precision), "f32",
     "arithmetic to ask for; what was really used is read back", 0, 0, precisions},
    {"batch", 'b', "N", DOUBT_OPT_INT, offsetof(struct values, batch), NULL,
     "inputs of one inference, for built-in networks; else 1", 1, 4096, NULL},
    {"boundary", 0, "NAME", DOUBT_OPT_CHOICE, offsetof(struct values, boundary), "call",
     "what a sample times: the engine's call with inputs and outputs in place, from host memory to "
     "host memory, or the work on the device by its own events",
     0, 0, boundaries},
    {"size", 0, "NAME=SIZES", DOUBT_OPT_LIST, offsetof(struct values, sizes), NULL,
     "sizes of an input whose own ones are open, for example data=1x3x224x224", 0, 0, NULL},
    {"no-nms", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, no_nms), NULL,
     "ssd-mobilenet-v2 without its post-processing", 0, 0, NULL},
    DOUBT_SETTINGS_ROWS(struct values, settings),
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt run resnet50", "ResNet-50 on the fastest engine found here"},
    {"doubt run resnet50 --engine openvino --precision bf16 --threads 1",
     "one engine, one precision, one thread"},
    {"doubt run model.onnx --size input=1x3x640x640 --budget 1m",
     "your own file, sizes given, in one minute"},
    {NULL, NULL},
};

/* Everything that one invocation holds. */
struct work {
    struct doubt_cli *cli;
    const struct values *values;
    const char *operand;
    const struct doubt_net *net; /* NULL: operand is a file */
    int64_t begun_ns;
    struct doubt_registry *registry;
    struct doubt_pick *picks;
    size_t pick_count, best;
    struct doubt_subject subject;
    struct doubt_str why_engine;
};

/* --- what is measured ----------------------------------------------------------------------- */

static bool looks_like_file(const char *operand)
{
    size_t len = strlen(operand);
    return strchr(operand, '/') != NULL || (len > 5 && strcmp(operand + len - 5, ".onnx") == 0);
}

static enum doubt_code find_operand(struct work *work, struct doubt_err *err)
{
    const struct values *values = work->values;
    if (looks_like_file(work->operand)) {
        if (values->no_nms)
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "--no-nms belongs to the built-in ssd-mobilenet-v2, not to %s",
                                 work->operand);
        return DOUBT_OK;
    }
    struct doubt_err why = {0};
    if (doubt_net_find(work->operand, &work->net, &why) != DOUBT_OK) {
        if (doubt_file_exists(work->operand))
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "\"%s\" is not a built-in network; to measure the file of that "
                                 "name, write ./%s",
                                 work->operand, work->operand);
        return doubt_err_set(err, DOUBT_E_USAGE, "%s; a file is written as FILE.onnx or ./FILE",
                             why.text);
    }
    if (values->sizes.count > 0)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--size belongs to ONNX files: the sizes of %s are fixed, but for "
                             "--batch",
                             work->net->name);
    if (values->no_nms && strcmp(work->net->name, "ssd-mobilenet-v2") != 0)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--no-nms belongs to ssd-mobilenet-v2: %s has no such post-processing",
                             work->net->name);
    return DOUBT_OK;
}

static bool computes_nothing(const struct work *work)
{
    return work->values->settings.engine != NULL && work->pick_count == 1 &&
           (work->picks[0].engine->ops->caps & DOUBT_CAP_NO_OUTPUT);
}

static enum doubt_code open_subject(struct work *work, struct doubt_err *err)
{
    const struct values *values = work->values;
    if (work->net != NULL) {
        const struct doubt_net_params params = {
            .batch = values->batch > 0 ? (int32_t)values->batch : 1,
            .dtype = DOUBT_F32,
            .no_nms = values->no_nms,
        };
        return doubt_subject_open_net(work->net, &params, !computes_nothing(work), &work->subject,
                                      err);
    }
    enum doubt_code code =
        doubt_subject_open_file(work->operand, &values->sizes, &work->subject, err);
    if (code == DOUBT_OK && values->batch > 0 && values->batch != work->subject.batch)
        code = doubt_err_set(err, DOUBT_E_USAGE,
                             "--batch %lld does not fit: the inputs of %s hold %d; sizes that the "
                             "file leaves open are given with --size",
                             (long long)values->batch, work->operand, (int)work->subject.batch);
    return code;
}

/* --- on what -------------------------------------------------------------------------------- */

static enum doubt_precision precision_of(const struct values *values)
{
    return (enum doubt_precision)values->precision;
}

/* Keeps those that compute in the precision asked for. */
static enum doubt_code keep_precise(struct work *work, struct doubt_err *err)
{
    struct doubt_err first = {0};
    size_t kept = 0;
    for (size_t i = 0; i < work->pick_count; i++) {
        if (doubt_settings_check_precision(&work->values->settings, &work->picks[i],
                                           precision_of(work->values), &first) == DOUBT_OK)
            work->picks[kept++] = work->picks[i];
        else
            doubt_pick_free(&work->picks[i]);
    }
    work->pick_count = kept;
    return kept > 0 ? DOUBT_OK : doubt_err_set(err, first.code, "%s", first.text);
}

static enum doubt_code find_engines(struct work *work, struct doubt_err *err)
{
    const struct doubt_settings *settings = &work->values->settings;
    enum doubt_code code = doubt_registry_open(&work->registry, err);
    if (code != DOUBT_OK)
        return code;
    if (settings->engine == NULL) {
        code = doubt_pick_all(work->registry, NULL, &work->picks, &work->pick_count, err);
        return code == DOUBT_OK ? keep_precise(work, err) : code;
    }
    work->picks = calloc(1, sizeof *work->picks);
    if (work->picks == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for an engine");
    const struct doubt_pick_request request = {settings->engine, settings->library,
                                               settings->options.items};
    code = doubt_pick_named(work->registry, &request, &work->picks[0], err);
    if (code == DOUBT_OK) {
        work->pick_count = 1;
        code = doubt_pick_check_device(&work->picks[0], settings->device, err);
    }
    if (code == DOUBT_OK)
        code = doubt_settings_check_precision(settings, &work->picks[0], precision_of(work->values),
                                              err);
    return code;
}

static enum doubt_code choose_engine(struct work *work, struct doubt_err *err)
{
    const struct doubt_pilot pilot = {
        .picks = work->picks,
        .pick_count = work->pick_count,
        .subjects = &work->subject,
        .subject_count = 1,
        .settings = &work->values->settings,
        .precision = precision_of(work->values),
        .boundary = (enum doubt_boundary)work->values->boundary,
    };
    return doubt_pilot_run(work->cli, &pilot, &work->best, &work->why_engine, err);
}

/* --- what is right -------------------------------------------------------------------------- */

static enum doubt_code ask(struct work *work, const struct doubt_pick *pick, struct doubt_err *err)
{
    struct doubt_cell_plan cell = {.precision = DOUBT_PRECISION_F32};
    doubt_subject_plan(&work->subject, &cell);
    cell.engine = pick->ask_name;
    cell.library_path = pick->library_path;
    return doubt_reference_ask(&cell, &work->subject.reference, err);
}

/* A second opinion by any other engine that can be used. */
static bool agree(struct work *work)
{
    struct doubt_pick *others = NULL;
    size_t count = 0;
    bool found = false;
    doubt_pick_all(work->registry, NULL, &others, &count, NULL);
    for (size_t i = 0; i < count && !found; i++) {
        if (others[i].engine == work->picks[work->best].engine)
            continue;
        found = ask(work, &others[i], NULL) == DOUBT_OK;
        if (found)
            snprintf(work->subject.reference_name, sizeof work->subject.reference_name,
                     "agreement with %s %.*s", others[i].engine->name,
                     (int)strcspn(others[i].info.version, "- "), others[i].info.version);
    }
    doubt_pick_free_all(others, count);
    return found;
}

/* The reference of a user's file. None is no failure: the record says so. */
static void find_reference(struct work *work)
{
    static const int64_t slow_macs = 2000000000;
    struct doubt_subject *subject = &work->subject;
    const struct doubt_engine *ref = NULL;
    struct doubt_err why = {0};
    if (subject->built_in || computes_nothing(work))
        return;
    if (subject->macs > slow_macs)
        doubt_cli_say(work->cli, "computing the reference outputs");
    if (doubt_registry_find(work->registry, "ref", &ref, &why) == DOUBT_OK) {
        const struct doubt_pick pick = {.engine = ref, .ask_name = ref->name};
        if (ask(work, &pick, &why) == DOUBT_OK) {
            snprintf(subject->reference_name, sizeof subject->reference_name, "ref");
            return;
        }
    }
    if (!agree(work)) {
        snprintf(subject->reference_name, sizeof subject->reference_name,
                 "none: only finite values were asked for");
        doubt_cli_say(work->cli, "the outputs cannot be compared with anything: %s", why.text);
    }
}

/* --- all of it ------------------------------------------------------------------------------ */

static int measure(struct work *work, struct doubt_runner *runner)
{
    const struct values *values = work->values;
    struct doubt_cell_plan cells[2] = {
        {.precision = precision_of(values), .boundary = (enum doubt_boundary)values->boundary}};
    struct doubt_series_plan plan = {
        .cells = cells, .cell_count = 2, .command = work->cli->command_line};
    doubt_subject_plan(&work->subject, &cells[0]);
    doubt_settings_plan_cell(&values->settings, &work->picks[work->best], &cells[0]);
    if (computes_nothing(work))
        cells[0].model_path = NULL;
    doubt_runner_plan_hidden(&cells[1]);
    doubt_settings_plan(&values->settings, work->begun_ns, &plan);
    runner->wide = values->settings.wide;
    doubt_runner_note(runner, "engine choice", doubt_str_text(&work->why_engine));
    return doubt_runner_run(runner, &plan);
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    struct doubt_runner runner = {0};
    struct work work = {.cli = cli, .values = &values, .begun_ns = doubt_clock_ns()};
    doubt_str_init(&work.why_engine, 4096);
    enum doubt_code code = doubt_cli_options(cli, &values, 1, &args, &err);
    if (code == DOUBT_OK && args.count == 0)
        code = doubt_err_set(&err, DOUBT_E_USAGE,
                             "nothing to run: name a network (doubt networks lists them) or an "
                             "ONNX file");
    if (code == DOUBT_OK) {
        work.operand = args.items[0];
        code = doubt_settings_check(&values.settings, &err);
    }
    if (code == DOUBT_OK)
        code = find_operand(&work, &err);
    if (code == DOUBT_OK)
        code = find_engines(&work, &err);
    if (code == DOUBT_OK)
        code = open_subject(&work, &err);
    if (code == DOUBT_OK)
        code = doubt_runner_open(&runner, cli, values.settings.db, values.settings.no_store, &err);
    if (code == DOUBT_OK)
        code = choose_engine(&work, &err);
    int status;
    if (code == DOUBT_OK) {
        find_reference(&work);
        status = measure(&work, &runner);
    } else {
        status = doubt_cli_fail(cli, &err);
    }
    doubt_runner_close(&runner);
    doubt_subject_close(&work.subject);
    doubt_pick_free_all(work.picks, work.pick_count);
    doubt_registry_close(work.registry);
    doubt_str_free(&work.why_engine);
    return status;
}

const struct doubt_cmd doubt_cmd_run = {
    .name = "run",
    .summary = "how fast is a network here: mean and percentiles with intervals",
    .usage = "NETWORK|FILE.onnx",
    .details = "Each restart is a process of its own that loads the engine, checks the outputs, "
               "warms up and times inferences one by one; restarts are the unit of replication. "
               "Every sample is kept.",
    .examples = examples,
    .options = options,
    .run = run,
};

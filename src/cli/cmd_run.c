/* cmd_run.c: `doubt run`: how fast is one network here, with intervals.
 *
 * A unit of work is one network or ONNX file on one engine: one cell. The outputs of a user's file
 * are checked against the reference engine where that knows the operators, else against another
 * engine. Not for claims: cmd_check.c.
 */
#include "cli/candidate.h"
#include "cli/cmd.h"
#include "cli/layers.h"
#include "cli/runner.h"
#include "cli/vendor.h"
#include "util/clock.h"

#include <string.h>

struct values {
    struct doubt_settings settings;
    struct doubt_model_settings model;
    bool layers;
};

static const struct doubt_opt options[] = {
    DOUBT_MODEL_ROWS(struct values, model),
    DOUBT_ENGINE_ROWS(struct values, settings),
    DOUBT_RESTARTS_ROW(struct values, settings),
    DOUBT_SERIES_ROWS(struct values, settings),
    DOUBT_PROTOCOL_ROWS(struct values, settings),
    {"layers", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, layers), NULL,
     "times of the layers by the engine's own profiler, in a process of its own", 0, 0, NULL},
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt run resnet50", "ResNet-50 on the fastest engine found here"},
    {"doubt run resnet50 --engine openvino --precision bf16 --threads 1",
     "one engine, one precision, one thread"},
    {"doubt run resnet50 --layers", "where the time goes, slowest layer first"},
    {"doubt run model.onnx --size input=1x3x640x640 --budget 1m",
     "your own file, sizes given, in one minute"},
    {NULL, NULL},
};

/* Everything that one invocation holds. */
struct work {
    struct values values;
    int64_t begun_ns;
    struct doubt_registry *registry;
    struct doubt_candidate candidate;
    struct doubt_runner runner;
    struct doubt_str why_engine;
    struct doubt_layers layers;
};

static int measure(struct doubt_cli *cli, struct work *work)
{
    struct doubt_cell_plan cells[2];
    struct doubt_series_plan plan = {.cells = cells, .cell_count = 2, .command = cli->command_line};
    doubt_candidate_plan(&work->candidate, &cells[0]);
    doubt_runner_plan_hidden(&cells[1]);
    doubt_settings_plan(&work->values.settings, work->begun_ns, &plan);
    doubt_settings_set_building_apart(&plan, work->candidate.built_ns);
    work->runner.wide = work->values.settings.wide;
    work->runner.left_out = doubt_str_text(&work->candidate.left_out);
    doubt_runner_note(&work->runner, "engine choice", doubt_str_text(&work->why_engine));
    const struct doubt_vendor_wish wish = {work->values.settings.protocol, NULL, cells[0].network,
                                           doubt_candidate_engine(&work->candidate)};
    cells[0].protocol = doubt_vendor_protocol(&wish);
    if (wish.name != NULL && cells[0].protocol == NULL && strcmp(wish.name, "vendor") == 0)
        doubt_runner_note(&work->runner, "protocol",
                          "no vendor's is known for this engine: name one");
    if (work->values.layers) {
        work->layers.plan = &cells[0];
        work->layers.cli = cli;
        work->layers.wide = work->values.settings.wide;
        work->runner.more = doubt_layers_more;
        work->runner.judge_context = &work->layers;
    }
    return doubt_runner_run(&work->runner, &plan);
}

static enum doubt_code prepare(struct doubt_cli *cli, struct work *work,
                               struct doubt_opt_args *args, struct doubt_err *err)
{
    const struct doubt_settings *settings = &work->values.settings;
    enum doubt_code code = doubt_cli_options(cli, &work->values, 1, args, err);
    if (code == DOUBT_OK && args->count == 0)
        code = doubt_err_set(err, DOUBT_E_USAGE,
                             "nothing to run: name a network (doubt networks lists them) or an "
                             "ONNX file");
    if (code != DOUBT_OK)
        return code;
    work->candidate = (struct doubt_candidate){
        .operand = args->items[0], .settings = settings, .model = &work->values.model};
    code = doubt_settings_check(settings, err);
    if (code == DOUBT_OK)
        code = doubt_candidate_find(&work->candidate, err);
    if (code == DOUBT_OK)
        code = doubt_registry_open(&work->registry, err);
    if (code == DOUBT_OK)
        code = doubt_candidate_open(&work->candidate, work->registry, err);
    if (code == DOUBT_OK)
        code = doubt_runner_open(&work->runner, cli, settings->db, settings->no_store, err);
    if (code == DOUBT_OK)
        code = doubt_candidate_choose(&work->candidate, cli, &work->why_engine, err);
    return code;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct doubt_opt_args args = {argc, argv};
    struct work work = {.begun_ns = doubt_clock_ns()};
    doubt_str_init(&work.why_engine, 4096);
    int status;
    if (prepare(cli, &work, &args, &err) == DOUBT_OK) {
        doubt_candidate_reference(&work.candidate, cli, work.registry);
        status = measure(cli, &work);
    } else {
        status = doubt_cli_fail(cli, &err);
    }
    doubt_runner_close(&work.runner);
    doubt_candidate_close(&work.candidate);
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

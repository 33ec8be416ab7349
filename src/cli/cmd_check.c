/* cmd_check.c: `doubt check`: do the figures of a claim set hold here?
 *
 * A unit of work is one claim set: its networks run on the best engine here, interleaved, and each
 * result is set beside its figure. Rows: claims x engines x precisions. Not for one network by
 * itself: cmd_run.c.
 */
#include "cli/catalog.h"
#include "cli/check.h"
#include "cli/option_of.h"
#include "cli/vendor.h"

#include "claims/ceiling.h"
#include "util/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const which[] = {"best", "all", NULL};

static const struct doubt_opt options[] = {
    {"engines", 0, "WHICH", DOUBT_OPT_CHOICE, offsetof(struct doubt_check_values, engines), "best",
     "rows for the fastest engine found here, or for every one", 0, 0, which},
    {"network", 'n', "NAME", DOUBT_OPT_NAMES, offsetof(struct doubt_check_values, networks), NULL,
     "only these networks of the set", 0, 0, NULL},
    {"precision", 'p', "NAME", DOUBT_OPT_NAMES, offsetof(struct doubt_check_values, precisions),
     NULL,
     "only these precisions of f32, tf32, bf16, f16; else f32 and what this device has besides", 0,
     0, NULL},
    {"claim", 0, "ID", DOUBT_OPT_NAMES, offsetof(struct doubt_check_values, claims), NULL,
     "only these claims; without a set, the one that has the first of them", 0, 0, NULL},
    {"claim-device", 0, "NAME", DOUBT_OPT_TEXT, offsetof(struct doubt_check_values, claim_device),
     NULL, "say which device of the claims this machine is; it is recorded and printed", 0, 0,
     NULL},
    {"plan", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct doubt_check_values, plan), NULL,
     "print the rows, and what cannot be tested and why, without measuring", 0, 0, NULL},
    {"as-is", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct doubt_check_values, as_is), NULL,
     "judge the figures although the conditions differ, and say so", 0, 0, NULL},
    {"prepare", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct doubt_check_values, prepare), NULL,
     "set the power mode and clocks that the claims ask for, and put them back at the end", 0, 0,
     NULL},
    {"family", 0, "M", DOUBT_OPT_INT, offsetof(struct doubt_check_values, family), "1",
     "M claims share the 5 %: at most one in twenty such tables has a false verdict", 1, 100000,
     NULL},
    DOUBT_SETTINGS_ROWS(struct doubt_check_values, settings),
    DOUBT_PROTOCOL_ROWS(struct doubt_check_values, settings),
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt check", "NVIDIA's Jetson Nano chart of 2019 beside this machine"},
    {"doubt check --budget 3m", "the same in three minutes"},
    {"doubt check mlperf-v3.0 --plan", "what of a set can be tested here, without measuring"},
    {"doubt check --claim nano-vgg-19-c12", "one claim of any set"},
    {"sudo doubt check --prepare", "the same on a Jetson Nano, in the chart's power mode"},
    {"doubt check --engines all --network resnet50", "one network on every engine found here"},
    {NULL, NULL},
};

/* Of a row without a figure nothing is known, and there is nothing to judge. */
void doubt_check_add_conditions(struct doubt_check_run *check, const struct doubt_cell *cell)
{
    char phrase[512];
    if (!isfinite(cell->mean_ns))
        return;
    for (const char *at = cell->differs_how; at != NULL && *at != '\0';) {
        const char *end = strstr(at, "; ");
        size_t bytes = end != NULL ? (size_t)(end - at) : strlen(at);
        snprintf(phrase, sizeof phrase, "%.*s", (int)bytes, at);
        size_t used = strlen(check->conditions);
        if (strstr(check->conditions, phrase) == NULL)
            snprintf(check->conditions + used, sizeof check->conditions - used, "%s%s",
                     used > 0 ? "; " : "", phrase);
        at = end != NULL ? end + 2 : NULL;
    }
}

static void judge(void *context, const struct doubt_series *series, struct doubt_cell *cell)
{
    struct doubt_check_run *check = context;
    struct doubt_err err = {0};
    if (cell->number < 0 || (size_t)cell->number >= check->row_count)
        return;
    const struct doubt_claim *claim = &check->set.claims[check->rows[cell->number].claim];
    if (doubt_claim_judge(claim, check->values->as_is, series, cell, &err) != DOUBT_OK)
        doubt_cli_say(check->cli, "doubt: %s", err.text);
    doubt_ceiling_allow(series, cell);
    doubt_check_also_judge(check, series, cell);
    if (cell->differs == NULL || cell->differs[0] == '\0' || !isfinite(cell->mean_ns))
        return;
    doubt_check_add_conditions(check, cell);
    if (check->values->as_is)
        snprintf(check->not_judged, sizeof check->not_judged,
                 "as if the conditions were met; they are not: %s", cell->differs);
    else
        snprintf(check->not_judged, sizeof check->not_judged,
                 "the figures were published for %s; --as-is judges them all the same",
                 strncmp(cell->differs, "other device", 12) == 0 ? claim->device
                                                                 : "other conditions");
}

/* The claim's own boundary where the engine has it: events are a device's, and the processor of the
 * host is none. */
static enum doubt_boundary boundary_of(const struct doubt_check_run *check,
                                       const struct doubt_check_row *row)
{
    const char *claimed = check->set.claims[row->claim].boundary;
    const struct doubt_pick *pick = &check->picks[row->pick];
    const char *device = check->values->settings.device;
    if (device == NULL)
        device = pick->info.device_count > 0 ? pick->info.devices[0].name : "CPU";
    if (strcasecmp(claimed, "host") == 0)
        return DOUBT_BOUNDARY_HOST;
    if (strcasecmp(claimed, "device") == 0 && strcmp(device, "CPU") != 0 &&
        DOUBT_OPS_HAS(pick->engine->ops, run_device))
        return DOUBT_BOUNDARY_DEVICE;
    return DOUBT_BOUNDARY_CALL;
}

static int measure(struct doubt_check_run *check, struct doubt_runner *runner)
{
    struct doubt_cell_plan *cells = calloc(check->row_count + 1, sizeof *cells);
    struct doubt_series_plan plan = {
        .cells = cells,
        .cell_count = check->row_count + 1,
        .command = check->cli->command_line,
        .claim_set = check->set.name,
    };
    if (cells == NULL) {
        struct doubt_err err = {0};
        doubt_err_set(&err, DOUBT_E_MEMORY, "out of memory for the table's rows");
        return doubt_cli_fail(check->cli, &err);
    }
    for (size_t i = 0; i < check->row_count; i++) {
        const struct doubt_check_row *row = &check->rows[i];
        doubt_subject_plan(doubt_check_subject(check, row), &cells[i]);
        doubt_settings_plan_cell(&check->values->settings, &check->picks[row->pick], &cells[i]);
        cells[i].title = check->set.claims[row->claim].title;
        cells[i].precision = row->precision;
        cells[i].boundary = boundary_of(check, row);
        cells[i].options = (const char *const *)row->options;
        const struct doubt_vendor_wish wish = {check->values->settings.protocol, check->set.name,
                                               check->set.claims[row->claim].network,
                                               check->picks[row->pick].engine->name};
        cells[i].protocol = doubt_vendor_protocol(&wish);
        if (doubt_check_computes_nothing(check))
            cells[i].model_path = NULL;
    }
    doubt_runner_plan_hidden(&cells[check->row_count]);
    doubt_settings_plan(&check->values->settings, check->begun_ns, &plan);
    doubt_settings_set_building_apart(&plan, check->built_ns);
    plan.family = (int32_t)check->values->family;
    runner->judge = judge;
    runner->judge_context = check;
    runner->begin = doubt_check_begin;
    runner->also = check->also;
    runner->also_count = check->also_count;
    runner->left_out = doubt_str_text(&check->left_out);
    runner->wide = check->values->settings.wide;
    runner->title = check->set.title;
    runner->word = doubt_catalog_word(&check->set);
    doubt_runner_note(runner, "engine choice", doubt_str_text(&check->why_engine));
    doubt_runner_note(runner, "not measured", doubt_str_text(&check->not_measured));
    doubt_runner_note(runner, "device", check->said_device);
    doubt_runner_note(runner, "conditions", check->conditions);
    if (check->machine.key != NULL)
        doubt_runner_note(runner, check->machine.key, check->machine.note);
    doubt_runner_note(runner, check->values->as_is ? "judged" : "not judged", check->not_judged);
    int status = doubt_runner_run(runner, &plan);
    free(cells);
    return doubt_check_also_exit(check, status);
}

/* --- the command ---------------------------------------------------------------------------- */

/* NAME@NETWORK=VALUE names a network of the set. */
static enum doubt_code check_options(const struct doubt_check_run *check, struct doubt_err *err)
{
    const char **names = calloc(check->set.count + 1, sizeof *names);
    if (names == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of networks");
    for (size_t i = 0; i < check->set.count; i++)
        names[i] = check->set.claims[i].network;
    enum doubt_code code = doubt_option_of_check(&check->values->settings.options, names, err);
    free(names);
    return code;
}

static enum doubt_code prepare(struct doubt_check_run *check, const char *set_name,
                               struct doubt_err *err)
{
    enum doubt_code code = doubt_settings_check(&check->values->settings, err);
    if (code == DOUBT_OK && check->values->settings.engine != NULL &&
        check->values->engines == DOUBT_CHECK_ALL)
        code = doubt_err_set(err, DOUBT_E_USAGE, "--engine %s and --engines all exclude each other",
                             check->values->settings.engine);
    if (code == DOUBT_OK)
        code = doubt_check_load(check, set_name, err);
    if (code == DOUBT_OK)
        code = check_options(check, err);
    if (code == DOUBT_OK)
        code = doubt_check_engines(check, err);
    /* A plan without an engine still says what no engine could test. */
    if (code != DOUBT_OK && code != DOUBT_E_USAGE && check->values->plan &&
        check->values->settings.engine == NULL && check->claims != NULL && check->pick_count == 0) {
        doubt_cli_say(check->cli, "doubt: %s", err->text);
        code = DOUBT_OK;
    }
    if (code == DOUBT_OK)
        code = doubt_check_subjects(check, err);
    return code;
}

static void clean_up(struct doubt_check_run *check)
{
    for (size_t i = 0; i < check->subject_count; i++)
        doubt_subject_close(&check->subjects[i]);
    for (size_t i = 0; check->own != NULL && i < check->subject_count * DOUBT_CHECK_OWN_KINDS; i++)
        doubt_subject_close(&check->own[i]);
    free(check->own);
    free(check->subjects);
    free(check->claims);
    for (size_t i = 0; i < check->row_count; i++)
        doubt_option_of_free(check->rows[i].options);
    free(check->rows);
    doubt_check_also_free(check);
    doubt_pick_free_all(check->picks, check->pick_count);
    doubt_registry_close(check->registry);
    doubt_claim_set_free(&check->set);
    doubt_str_free(&check->why_engine);
    doubt_str_free(&check->not_measured);
    doubt_str_free(&check->left_out);
}

/* All measured claims count. */
static void add_power_modes(struct doubt_check_run *check)
{
    for (size_t i = 0; i < check->set.count; i++)
        if (check->claims[i].subject != SIZE_MAX)
            doubt_prepare_add(&check->machine, &check->set.claims[i]);
}

/* Everything but measuring: the rows, and why other claims have none. */
static int plan_only(struct doubt_check_run *check)
{
    struct doubt_err err = {0};
    if (doubt_check_rows(check, &err) != DOUBT_OK)
        return doubt_cli_fail(check->cli, &err);
    add_power_modes(check);
    return doubt_check_print_plan(check);
}

/* In the state that the claims ask for, where that is wanted. */
static int prepare_machine(struct doubt_check_run *check)
{
    add_power_modes(check);
    return doubt_prepare_begin(&check->machine, check->cli, check->values->prepare);
}

static int measure_all(struct doubt_check_run *check)
{
    struct doubt_err err = {0};
    struct doubt_runner runner = {0};
    const struct doubt_settings *settings = &check->values->settings;
    enum doubt_code code =
        doubt_runner_open(&runner, check->cli, settings->db, settings->no_store, &err);
    int status = code == DOUBT_OK ? prepare_machine(check) : doubt_cli_fail(check->cli, &err);
    if (status == DOUBT_EXIT_OK) {
        code = doubt_check_choose(check, &err);
        if (code == DOUBT_OK)
            code = doubt_check_rows(check, &err);
        if (code == DOUBT_OK)
            code = doubt_check_also_list(check, &err);
        if (code == DOUBT_OK)
            doubt_check_peak(check);
        status = code == DOUBT_OK ? measure(check, &runner) : doubt_cli_fail(check->cli, &err);
    }
    doubt_runner_close(&runner);
    return doubt_prepare_end(&check->machine, check->cli, status);
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct doubt_check_values values;
    struct doubt_opt_args args = {argc, argv};
    struct doubt_check_run check = {.cli = cli, .values = &values, .begun_ns = doubt_clock_ns()};
    doubt_str_init(&check.why_engine, 4096);
    doubt_str_init(&check.not_measured, 4096);
    doubt_str_init(&check.left_out, 2048);
    enum doubt_code code = doubt_cli_options(cli, &values, 1, &args, &err);
    int status;
    if (code == DOUBT_OK)
        code = prepare(&check, args.count > 0 ? args.items[0] : NULL, &err);
    if (code != DOUBT_OK)
        status = doubt_cli_fail(cli, &err);
    else if (values.plan || check.subject_count == 0)
        status = plan_only(&check);
    else
        status = measure_all(&check);
    clean_up(&check);
    return status;
}

const struct doubt_cmd doubt_cmd_check = {
    .name = "check",
    .summary = "do published figures hold here? Runs a claim set's networks",
    .usage = "[CLAIM-SET]",
    .details =
        "CLAIM-SET is a name or a path; without it, jetson-nano-2019: NVIDIA's chart of "
        "the Jetson Nano. A figure is judged where its conditions are met: HOLDS, FALLS "
        "SHORT, EXCEEDS or INCONCLUSIVE, wrong in at most 5 % of the conclusive answers. "
        "Elsewhere the ratio to the figure is shown, and the condition that differs, with "
        "its likely direction. Claims that no engine can test as published (an unknown "
        "network, INT8, two devices summed) are listed with the reason; where that is all of "
        "them, the exit status is 3. What this machine's arithmetic and memory allow is "
        "measured first, in less than two seconds.\n"
        "Without --engine, a pilot picks the fastest engine found here. Restarts of all "
        "rows are interleaved in random order; every sample is kept.",
    .examples = examples,
    .options = options,
    .run = run,
};

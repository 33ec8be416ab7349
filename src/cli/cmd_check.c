/* cmd_check.c: `doubt check`: do the figures of a claim set hold here?
 *
 * A unit of work is one claim set: its networks run on the best engine here, interleaved, and each
 * result is set beside its figure. Rows: claims x engines x precisions. Not for one network by
 * itself: cmd_run.c.
 */
#include "claims/claim.h"
#include "cli/cmd.h"
#include "cli/pilot.h"
#include "cli/runner.h"
#include "cli/settings.h"
#include "cli/subject.h"
#include "model/tensor.h"
#include "util/clock.h"

#include <doubt/verdict.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct values {
    struct doubt_settings settings;
    struct doubt_opt_list networks, precisions;
    int engines; /* index into which */
    bool as_is;
    int64_t family;
};

static const char *const which[] = {"best", "all", NULL};
enum { ENGINES_BEST, ENGINES_ALL };

static const struct doubt_opt options[] = {
    {"engines", 0, "WHICH", DOUBT_OPT_CHOICE, offsetof(struct values, engines), "best",
     "rows for the fastest engine found here, or for every one", 0, 0, which},
    {"network", 'n', "NAME", DOUBT_OPT_NAMES, offsetof(struct values, networks), NULL,
     "only these networks of the set", 0, 0, NULL},
    {"precision", 'p', "NAME", DOUBT_OPT_NAMES, offsetof(struct values, precisions), NULL,
     "only these precisions; else f32 and what this device has besides", 0, 0, NULL},
    {"as-is", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, as_is), NULL,
     "judge the figures although the conditions differ, and say so", 0, 0, NULL},
    {"family", 0, "M", DOUBT_OPT_INT, offsetof(struct values, family), "1",
     "M claims share the 5 %: at most one in twenty such tables has a false verdict", 1, 100000,
     NULL},
    DOUBT_SETTINGS_ROWS(struct values, settings),
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt check", "NVIDIA's Jetson Nano chart of 2019 beside this machine"},
    {"doubt check --budget 3m", "the same in three minutes"},
    {"doubt check --engines all --network resnet50", "one network on every engine found here"},
    {NULL, NULL},
};

static const char default_set[] = "jetson-nano-2019";

/* What one row of the table measures. */
struct row {
    size_t claim, subject, pick;
    enum doubt_precision precision;
};

/* Everything that one invocation holds. */
struct work {
    struct doubt_cli *cli;
    const struct values *values;
    int64_t begun_ns;
    struct doubt_claim_set set;
    struct doubt_registry *registry;
    struct doubt_pick *picks;
    size_t pick_count;
    struct doubt_subject *subjects;
    size_t subject_count;
    size_t *claim_subject; /* a claim's subject; SIZE_MAX: it is not measured */
    struct row *rows;
    size_t row_count;
    struct doubt_str why_engine, not_measured, left_out;
    char not_judged[1024];
};

/* --- claims --------------------------------------------------------------------------------- */

static enum doubt_code check_names(const struct work *work, struct doubt_err *err)
{
    const struct doubt_opt_list *wanted = &work->values->networks;
    const char **names = calloc(work->set.count + 1, sizeof *names);
    if (names == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of networks");
    struct doubt_str list;
    doubt_str_init(&list, 700);
    for (size_t i = 0; i < work->set.count; i++) {
        names[i] = work->set.claims[i].network;
        bool again = names[i][0] == '\0';
        for (size_t k = 0; k < i; k++)
            again |= strcmp(names[k], names[i]) == 0;
        if (!again)
            doubt_str_addf(&list, "%s%s", list.len > 0 ? ", " : "", names[i]);
    }
    enum doubt_code code = DOUBT_OK;
    for (size_t w = 0; code == DOUBT_OK && w < wanted->count; w++) {
        bool known = false;
        for (size_t i = 0; i < work->set.count; i++)
            known |= strcasecmp(names[i], wanted->items[w]) == 0;
        if (!known)
            code = doubt_err_set(err, DOUBT_E_USAGE, "%s has no network \"%.100s\"%s it has: %s",
                                 work->set.name, wanted->items[w],
                                 doubt_str_hint(wanted->items[w], names, "").text,
                                 doubt_str_text(&list));
    }
    doubt_str_free(&list);
    free(names);
    return code;
}

/* A figure that cannot be read is better found before ten minutes of measuring. */
static enum doubt_code check_figures(const struct work *work, struct doubt_err *err)
{
    for (size_t i = 0; i < work->set.count; i++) {
        const struct doubt_claim *claim = &work->set.claims[i];
        struct doubt_figure figure;
        char text[256];
        snprintf(text, sizeof text, "%s %s", claim->figure, claim->unit);
        if (doubt_figure_parse(text, NULL, &figure, err) != DOUBT_OK) {
            doubt_err_prefix(err, "claim %s of %s", claim->id, work->set.name);
            return DOUBT_E_USAGE;
        }
    }
    return DOUBT_OK;
}

static enum doubt_code load_claims(struct work *work, const char *name, struct doubt_err *err)
{
    enum doubt_code code = doubt_claim_set_load(name, &work->set, err);
    if (code == DOUBT_OK)
        code = check_names(work, err);
    if (code == DOUBT_OK)
        code = check_figures(work, err);
    if (code != DOUBT_OK)
        return code;
    work->claim_subject = malloc((work->set.count + 1) * sizeof *work->claim_subject);
    work->subjects = calloc(work->set.count + 1, sizeof *work->subjects);
    if (work->claim_subject == NULL || work->subjects == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a claim set");
    return DOUBT_OK;
}

static bool is_wanted(const struct work *work, const struct doubt_claim *claim)
{
    const struct doubt_opt_list *wanted = &work->values->networks;
    for (size_t i = 0; i < wanted->count; i++)
        if (strcasecmp(wanted->items[i], claim->network) == 0)
            return true;
    return wanted->count == 0;
}

/* --- engines -------------------------------------------------------------------------------- */

/* Every engine that can be used; of those that are to be chosen from, each must have the precisions
 * that were asked for. */
static enum doubt_code find_all(struct work *work, struct doubt_err *err)
{
    const struct doubt_opt_list *wanted = &work->values->precisions;
    enum doubt_precision precisions[DOUBT_OPT_LIST_MAX];
    const struct doubt_precisions all = {precisions, wanted->count};
    enum doubt_code code =
        doubt_pick_all(work->registry, &work->left_out, &work->picks, &work->pick_count, err);
    for (size_t i = 0; i < wanted->count; i++)
        doubt_precision_parse(wanted->items[i], &precisions[i]);
    if (code == DOUBT_OK && work->values->engines == ENGINES_BEST)
        code = doubt_settings_keep_precise(&all, work->picks, &work->pick_count, err);
    return code;
}

static enum doubt_code find_engines(struct work *work, struct doubt_err *err)
{
    const struct doubt_settings *settings = &work->values->settings;
    enum doubt_code code = doubt_registry_open(&work->registry, err);
    if (code != DOUBT_OK)
        return code;
    if (settings->engine == NULL)
        return find_all(work, err);
    work->picks = calloc(1, sizeof *work->picks);
    if (work->picks == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for an engine");
    const struct doubt_pick_request request = {settings->engine, settings->library,
                                               settings->options.items};
    code = doubt_pick_named(work->registry, &request, &work->picks[0], err);
    if (code != DOUBT_OK)
        return code;
    work->pick_count = 1;
    return doubt_pick_check_device(&work->picks[0], settings->device, err);
}

static enum doubt_code check_precisions(const struct work *work, struct doubt_err *err)
{
    static const char *const known[] = {"any", "f32", "tf32", "bf16", "f16", NULL};
    const struct doubt_opt_list *wanted = &work->values->precisions;
    for (size_t i = 0; i < wanted->count; i++) {
        enum doubt_precision precision;
        if (doubt_precision_parse(wanted->items[i], &precision) && precision != DOUBT_PRECISION_I8)
            continue;
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--precision \"%.100s\" is unknown%s accepted: any, f32, tf32, bf16, "
                             "f16",
                             wanted->items[i], doubt_str_hint(wanted->items[i], known, "").text);
    }
    return DOUBT_OK;
}

/* The precisions of one engine's rows. */
static enum doubt_code precisions_of(const struct work *work, const struct doubt_pick *pick,
                                     enum doubt_precision *out, size_t *count,
                                     struct doubt_err *err)
{
    static const enum doubt_precision usual[] = {DOUBT_PRECISION_F32, DOUBT_PRECISION_BF16,
                                                 DOUBT_PRECISION_F16};
    const struct doubt_opt_list *wanted = &work->values->precisions;
    uint32_t bits = doubt_pick_precisions(pick, work->values->settings.device);
    *count = 0;
    for (size_t i = 0; i < wanted->count && *count < DOUBT_PRECISION_COUNT; i++) {
        doubt_precision_parse(wanted->items[i], &out[*count]);
        enum doubt_code code =
            doubt_settings_check_precision(&work->values->settings, pick, out[*count], err);
        if (code != DOUBT_OK)
            return code;
        ++*count;
    }
    for (size_t i = 0; wanted->count == 0 && i < sizeof usual / sizeof usual[0]; i++)
        if (bits & (1u << usual[i]))
            out[(*count)++] = usual[i];
    if (*count == 0)
        out[(*count)++] = DOUBT_PRECISION_F32;
    return DOUBT_OK;
}

static bool computes_nothing(const struct work *work)
{
    return work->pick_count == 1 && (work->picks[0].engine->ops->caps & DOUBT_CAP_NO_OUTPUT);
}

/* Leaves only the fastest engine. */
static enum doubt_code choose_engine(struct work *work, struct doubt_err *err)
{
    const struct doubt_pilot pilot = {
        .picks = work->picks,
        .pick_count = work->pick_count,
        .subjects = work->subjects,
        .subject_count = work->subject_count,
        .settings = &work->values->settings,
        .precision = DOUBT_PRECISION_F32,
        .boundary = DOUBT_BOUNDARY_CALL,
    };
    size_t best = 0;
    if (work->values->engines == ENGINES_ALL || work->pick_count < 2)
        return DOUBT_OK;
    enum doubt_code code = doubt_pilot_run(work->cli, &pilot, &best, &work->why_engine, err);
    if (code != DOUBT_OK)
        return code;
    doubt_str_add(&work->why_engine, "; --engines all shows the rows of each");
    struct doubt_pick kept = work->picks[best];
    for (size_t i = 0; i < work->pick_count; i++)
        if (i != best)
            doubt_pick_free(&work->picks[i]);
    work->picks[0] = kept;
    work->pick_count = 1;
    return DOUBT_OK;
}

/* --- networks ------------------------------------------------------------------------------- */

static void skip(struct work *work, size_t claim, const char *why)
{
    work->claim_subject[claim] = SIZE_MAX;
    doubt_str_addf(&work->not_measured, "%s%s (%s)", work->not_measured.len > 0 ? ", " : "",
                   work->set.claims[claim].id, why);
}

/* The subject that an earlier claim already opened, or the count. */
static size_t find_subject(const struct work *work, const char *network, int32_t batch)
{
    size_t i = 0;
    while (i < work->subject_count &&
           (strcmp(work->subjects[i].name, network) != 0 || work->subjects[i].batch != batch))
        i++;
    return i;
}

static enum doubt_code open_subjects(struct work *work, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < work->set.count; i++) {
        const struct doubt_claim *claim = &work->set.claims[i];
        const struct doubt_net *net = NULL;
        struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32};
        if (claim->batch != DOUBT_MISSING_I64)
            params.batch = (int32_t)claim->batch;
        work->claim_subject[i] = SIZE_MAX;
        if (!is_wanted(work, claim))
            continue;
        if (doubt_net_find(claim->network, &net, NULL) != DOUBT_OK) {
            skip(work, i,
                 claim->network[0] != '\0' ? "no such built-in network" : "unknown network");
            continue;
        }
        size_t at = find_subject(work, net->name, params.batch);
        if (at < work->subject_count) {
            skip(work, i, "same network and batch as an earlier claim");
            continue;
        }
        code =
            doubt_subject_open_net(net, &params, !computes_nothing(work), &work->subjects[at], err);
        if (code != DOUBT_OK)
            return code;
        work->subject_count++;
        work->claim_subject[i] = at;
    }
    if (work->subject_count == 0)
        return doubt_err_set(err, DOUBT_E_USAGE, "nothing of %s can be measured: %s",
                             work->set.name, doubt_str_text(&work->not_measured));
    return code;
}

/* --- rows ----------------------------------------------------------------------------------- */

static enum doubt_code plan_rows(struct work *work, struct doubt_err *err)
{
    size_t most = work->set.count * work->pick_count * DOUBT_PRECISION_COUNT;
    work->rows = calloc(most > 0 ? most : 1, sizeof *work->rows);
    if (work->rows == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the table's rows");
    for (size_t c = 0; c < work->set.count; c++) {
        if (work->claim_subject[c] == SIZE_MAX)
            continue;
        for (size_t e = 0; e < work->pick_count; e++) {
            enum doubt_precision precisions[DOUBT_PRECISION_COUNT];
            size_t count = 0;
            enum doubt_code code = precisions_of(work, &work->picks[e], precisions, &count, err);
            if (code != DOUBT_OK)
                return code;
            for (size_t p = 0; p < count; p++)
                work->rows[work->row_count++] =
                    (struct row){c, work->claim_subject[c], e, precisions[p]};
        }
    }
    return DOUBT_OK;
}

static void judge(void *context, const struct doubt_series *series, struct doubt_cell *cell)
{
    struct work *work = context;
    struct doubt_err err = {0};
    if (cell->number < 0 || (size_t)cell->number >= work->row_count)
        return;
    const struct doubt_claim *claim = &work->set.claims[work->rows[cell->number].claim];
    if (doubt_claim_judge(claim, work->values->as_is, series, cell, &err) != DOUBT_OK)
        doubt_cli_say(work->cli, "doubt: %s", err.text);
    if (cell->differs == NULL || cell->differs[0] == '\0')
        return;
    if (work->values->as_is)
        snprintf(work->not_judged, sizeof work->not_judged,
                 "as if the conditions were met; they are not: %s", cell->differs);
    else
        snprintf(work->not_judged, sizeof work->not_judged,
                 "the figures were published for %s; --as-is judges them all the same",
                 claim->device[0] != '\0' ? claim->device : "other conditions");
}

static int measure(struct work *work, struct doubt_runner *runner)
{
    struct doubt_cell_plan *cells = calloc(work->row_count + 1, sizeof *cells);
    struct doubt_series_plan plan = {
        .cells = cells,
        .cell_count = work->row_count + 1,
        .command = work->cli->command_line,
        .claim_set = work->set.name,
    };
    if (cells == NULL) {
        struct doubt_err err = {0};
        doubt_err_set(&err, DOUBT_E_MEMORY, "out of memory for the table's rows");
        return doubt_cli_fail(work->cli, &err);
    }
    for (size_t i = 0; i < work->row_count; i++) {
        const struct row *row = &work->rows[i];
        doubt_subject_plan(&work->subjects[row->subject], &cells[i]);
        doubt_settings_plan_cell(&work->values->settings, &work->picks[row->pick], &cells[i]);
        cells[i].title = work->set.claims[row->claim].title;
        cells[i].precision = row->precision;
        if (computes_nothing(work))
            cells[i].model_path = NULL;
    }
    doubt_runner_plan_hidden(&cells[work->row_count]);
    doubt_settings_plan(&work->values->settings, work->begun_ns, &plan);
    plan.family = (int32_t)work->values->family;
    runner->judge = judge;
    runner->judge_context = work;
    runner->left_out = doubt_str_text(&work->left_out);
    runner->wide = work->values->settings.wide;
    runner->title = work->set.title;
    runner->word = strstr(work->set.title, "chart") != NULL ? "chart" : NULL;
    doubt_runner_note(runner, "engine choice", doubt_str_text(&work->why_engine));
    doubt_runner_note(runner, "not measured", doubt_str_text(&work->not_measured));
    doubt_runner_note(runner, work->values->as_is ? "judged" : "not judged", work->not_judged);
    int status = doubt_runner_run(runner, &plan);
    free(cells);
    return status;
}

/* --- the command ---------------------------------------------------------------------------- */

static enum doubt_code prepare(struct work *work, const char *set_name, struct doubt_err *err)
{
    enum doubt_code code = doubt_settings_check(&work->values->settings, err);
    if (code == DOUBT_OK && work->values->settings.engine != NULL &&
        work->values->engines == ENGINES_ALL)
        code = doubt_err_set(err, DOUBT_E_USAGE, "--engine %s and --engines all exclude each other",
                             work->values->settings.engine);
    if (code == DOUBT_OK)
        code = check_precisions(work, err);
    if (code == DOUBT_OK)
        code = load_claims(work, set_name, err);
    if (code == DOUBT_OK)
        code = find_engines(work, err);
    return code;
}

static void clean_up(struct work *work)
{
    for (size_t i = 0; i < work->subject_count; i++)
        doubt_subject_close(&work->subjects[i]);
    free(work->subjects);
    free(work->claim_subject);
    free(work->rows);
    doubt_pick_free_all(work->picks, work->pick_count);
    doubt_registry_close(work->registry);
    doubt_claim_set_free(&work->set);
    doubt_str_free(&work->why_engine);
    doubt_str_free(&work->not_measured);
    doubt_str_free(&work->left_out);
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    struct doubt_runner runner = {0};
    struct work work = {.cli = cli, .values = &values, .begun_ns = doubt_clock_ns()};
    doubt_str_init(&work.why_engine, 4096);
    doubt_str_init(&work.not_measured, 4096);
    doubt_str_init(&work.left_out, 2048);
    enum doubt_code code = doubt_cli_options(cli, &values, 1, &args, &err);
    if (code == DOUBT_OK)
        code = prepare(&work, args.count > 0 ? args.items[0] : default_set, &err);
    if (code == DOUBT_OK)
        code = open_subjects(&work, &err);
    if (code == DOUBT_OK)
        code = doubt_runner_open(&runner, cli, values.settings.db, values.settings.no_store, &err);
    if (code == DOUBT_OK)
        code = choose_engine(&work, &err);
    if (code == DOUBT_OK)
        code = plan_rows(&work, &err);
    int status = code == DOUBT_OK ? measure(&work, &runner) : doubt_cli_fail(cli, &err);
    doubt_runner_close(&runner);
    clean_up(&work);
    return status;
}

const struct doubt_cmd doubt_cmd_check = {
    .name = "check",
    .summary = "do published figures hold here? Runs a claim set's networks",
    .usage = "[CLAIM-SET]",
    .details = "CLAIM-SET is a name or a path; without it, jetson-nano-2019: NVIDIA's chart of "
               "the Jetson Nano. A figure is judged where its conditions are met: HOLDS, FALLS "
               "SHORT, EXCEEDS or INCONCLUSIVE, wrong in at most 5 % of the conclusive answers. "
               "Elsewhere the ratio to the figure is shown, and the condition that differs.\n"
               "Without --engine, a pilot picks the fastest engine found here. Restarts of all "
               "rows are interleaved in random order; every sample is kept.",
    .examples = examples,
    .options = options,
    .run = run,
};

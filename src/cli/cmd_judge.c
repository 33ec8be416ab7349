/* cmd_judge.c: `doubt judge`: do figures that were measured elsewhere bear a published one out?
 *
 * A unit of work is one measured figure beside one claim; --pair gives several. Nothing runs, and
 * nothing goes into the store. Not for the output formats of other tools: cmd_import.c; nor for
 * measuring: cmd_check.c.
 */
#include "cli/cmd.h"
#include "cli/judge.h"
#include "util/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_MAX = 64 << 20 };

struct values {
    struct doubt_opt_list measured, pairs;
    const char *claim, *sd, *interval, *level, *look, *tolerance, *unit;
    int64_t n, significant, batch, family, column;
    bool truncated, decimal_comma, unordered, wide;
};

static const struct doubt_opt options[] = {
    {"claim", 'c', "FIGURE", DOUBT_OPT_TEXT, offsetof(struct values, claim), NULL,
     "the published figure as it is written: 36FPS, \"27.8 ms\", \"up to 1,804.9 img/s\"", 0, 0,
     NULL},
    {"measured", 'm', "VALUE", DOUBT_OPT_LIST, offsetof(struct values, measured), NULL,
     "what was measured: 27.8128ms; several (also as 27.81,27.79,27.83ms) are restarts", 0, 0,
     NULL},
    {"pair", 'p', "VALUE=FIGURE", DOUBT_OPT_LIST, offsetof(struct values, pairs), NULL,
     "a measured value or list and its claim; several make a table", 0, 0, NULL},
    {"sd", 0, "VALUE", DOUBT_OPT_TEXT, offsetof(struct values, sd), NULL,
     "standard deviation from restart to restart: 1.2%, or 0.35ms, or 0.35 in the measured unit; "
     "without --n only for planning",
     0, 0, NULL},
    {"n", 'n', "N", DOUBT_OPT_INT, offsetof(struct values, n), NULL,
     "restarts behind the measured mean and --sd", 2, 1000000000, NULL},
    {"interval", 0, "LO..HI", DOUBT_OPT_TEXT, offsetof(struct values, interval), NULL,
     "an interval that came with the measured value: 27.75..27.88ms", 0, 0, NULL},
    {"level", 0, "PERCENT", DOUBT_OPT_TEXT, offsetof(struct values, level), "95",
     "confidence that --interval states", 0, 0, NULL},
    {"look", 0, "I/K", DOUBT_OPT_TEXT, offsetof(struct values, look), "1/1",
     "this is look I of K that were planned; each has an equal part of the error", 0, 0, NULL},
    {"family", 0, "M", DOUBT_OPT_INT, offsetof(struct values, family), "1",
     "M claims share the 5 %: at most one in twenty such tables has a false verdict", 1, 100000,
     NULL},
    {"tolerance", 't', "PERCENT", DOUBT_OPT_TEXT, offsetof(struct values, tolerance), "0",
     "widens the claim on each side, for what was declared beforehand: 2% or 2", 0, 0, NULL},
    {"truncated", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, truncated), NULL,
     "the claim's digits were cut, not rounded: 36 is [36, 37)", 0, 0, NULL},
    {"significant", 0, "N", DOUBT_OPT_INT, offsetof(struct values, significant), NULL,
     "only so many of the claim's digits count: 100 with 2 is [95, 105)", 1, 17, NULL},
    {"batch", 'b', "N", DOUBT_OPT_INT, offsetof(struct values, batch), "1",
     "inferences in one measured time, where claim and value are a rate and a time", 1, 1000000,
     NULL},
    {"unit", 'u', "UNIT", DOUBT_OPT_TEXT, offsetof(struct values, unit), NULL,
     "unit of the numbers that have none: ms, FPS", 0, 0, NULL},
    {"column", 0, "N", DOUBT_OPT_INT, offsetof(struct values, column), NULL,
     "the field of each line of FILE to read, from 1; else every number", 1,
     DOUBT_VALUES_COLUMNS_MAX, NULL},
    {"decimal-comma", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, decimal_comma), NULL,
     "27,8 is 27.8; lists are then parted by semicolons or blanks", 0, 0, NULL},
    {"unordered", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, unordered), NULL,
     "the values are not in the order of their starts: do not look for drift", 0, 0, NULL},
    DOUBT_CMD_WIDE,
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt judge --pair 26.2355ms=39FPS --pair 27.8128ms=36FPS --pair 95.9434ms=11FPS "
     "--pair 87.3721ms=14FPS --pair 67.5191ms=15FPS",
     "a reader's five means beside NVIDIA's chart for the Jetson Nano: 97.7, 99.9, 94.8, 81.8 and "
     "98.7 % of the claims, and no verdict, since one number has no error bar"},
    {"doubt judge --measured 27.8128ms --sd 0.11ms --n 20 --claim 36FPS",
     "a mean over 20 restarts and their standard deviation"},
    {"doubt judge restarts.txt --unit ms --claim \"27.8 ms\"", "a file with one mean per restart"},
    {"doubt judge --measured 27.8ms --sd 2% --claim 36FPS",
     "how many restarts a verdict would need at a spread of 2 %"},
    {NULL, NULL},
};

/* Everything that one invocation holds. */
struct work {
    const struct values *values;
    struct doubt_judge_how how;
    struct doubt_figure_options claim_options;
    struct doubt_values_how reading;
    struct doubt_judge_row *rows;
    size_t count;
};

/* --- options -------------------------------------------------------------------------------- */

static enum doubt_code read_look(const char *text, int64_t *look, int64_t *looks,
                                 struct doubt_err *err)
{
    if (strlen(text) == 3 && text[1] == '/' && text[0] >= '1' && text[0] <= text[2] &&
        text[2] <= '5') {
        *look = text[0] - '0';
        *looks = text[2] - '0';
        return DOUBT_OK;
    }
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "--look %.60s: accepted is look I of K, such as 2/3, with at most 5 looks",
                         text);
}

static const double most_percent = 99.9999;

static enum doubt_code read_options(struct work *work, struct doubt_err *err)
{
    const struct values *v = work->values;
    double confidence = 0;
    work->how = (struct doubt_judge_how){.sd = v->sd,
                                         .interval = v->interval,
                                         .count = v->n,
                                         .family = v->family,
                                         .batch = v->batch,
                                         .unordered = v->unordered,
                                         .decimal_comma = v->decimal_comma};
    work->claim_options = (struct doubt_figure_options){.significant_digits = (int)v->significant,
                                                        .truncated = v->truncated,
                                                        .decimal_comma = v->decimal_comma};
    work->reading = (struct doubt_values_how){
        .label = "--measured", .unit = v->unit, .decimal_comma = v->decimal_comma};
    enum doubt_code code = read_look(v->look, &work->how.look, &work->how.looks, err);
    if (code == DOUBT_OK)
        code = doubt_values_parse_percent("--tolerance", v->tolerance, most_percent,
                                          &work->claim_options.tolerance, err);
    if (code == DOUBT_OK)
        code = doubt_values_parse_percent("--level", v->level, most_percent, &confidence, err);
    work->how.given_level = 1 - confidence;
    if (code == DOUBT_OK && confidence < 0.5)
        code =
            doubt_err_set(err, DOUBT_E_USAGE,
                          "--level %s: the confidence in percent, from 50, such as 95", v->level);
    return code;
}

/* An interval as given has one level: it must be enough for this look at this family. */
static enum doubt_code check_level(const struct work *work, struct doubt_err *err)
{
    const struct doubt_judge_how *how = &work->how;
    const double most = 0.05 / (double)(how->looks * how->family);
    if (how->interval == NULL || how->given_level <= most * (1 + 1e-9) ||
        how->looks * how->family == 1)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "--interval at %.4g %% is too narrow for look %lld of %lld in a family of "
                         "%lld: an interval of %.4g %% or more is needed (--level)",
                         100 * (1 - how->given_level), (long long)how->look, (long long)how->looks,
                         (long long)how->family, 100 * (1 - most));
}

static enum doubt_code check_usage(const struct work *work, const char *file, struct doubt_err *err)
{
    const struct values *v = work->values;
    const bool values = v->measured.count > 0 || file != NULL;
    const char *sentence = NULL;
    if (v->pairs.count > 0 && (values || v->claim != NULL))
        sentence = "--pair holds value and claim: leave --measured, --claim and FILE out";
    else if (v->pairs.count == 0 && !values)
        sentence = "nothing to judge: give --measured VALUE, a file of values, or --pair "
                   "VALUE=FIGURE";
    else if (v->pairs.count == 0 && v->claim == NULL)
        sentence = "what was claimed? Give --claim FIGURE, such as --claim 36FPS";
    else if (v->measured.count > 0 && file != NULL)
        sentence = "--measured and a file are two sources of values: give one";
    else if (v->pairs.count > 1 && (v->sd != NULL || v->interval != NULL))
        sentence = "--sd and --interval belong to one measured value: judge such rows one by one";
    else if (v->sd != NULL && v->interval != NULL)
        sentence = "--sd and --interval are two spreads of one value: give one";
    else if (v->n > 0 && v->sd == NULL)
        sentence = "--n belongs to --sd: give both";
    else if (v->column > 0 && file == NULL)
        sentence = "--column belongs to a file of values";
    else if (v->family > 1 && v->pairs.count > (size_t)v->family)
        sentence = "--family is the number of claims of the whole table: it cannot be less than "
                   "the pairs given";
    if (sentence != NULL)
        return doubt_err_set(err, DOUBT_E_USAGE, "%s", sentence);
    return check_level(work, err);
}

/* --- rows ----------------------------------------------------------------------------------- */

static enum doubt_code read_file(struct work *work, const char *path, struct doubt_err *err)
{
    const bool input = strcmp(path, "-") == 0;
    struct doubt_values_how reading = work->reading;
    char *text = NULL;
    size_t size = 0;
    reading.label = input ? "standard input" : path;
    reading.column = (size_t)work->values->column;
    enum doubt_code code =
        doubt_file_read(input ? "/dev/stdin" : path, DOUBT_VALUES_FILE_MAX, &text, &size, err);
    if (code == DOUBT_OK)
        code = doubt_values_parse(text, size, &reading, &work->rows[0].values, err);
    free(text);
    return code;
}

static enum doubt_code read_measured(struct work *work, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < work->values->measured.count; i++) {
        struct doubt_values more = {0};
        code = doubt_values_parse_list(work->values->measured.items[i], &work->reading, &more, err);
        if (code == DOUBT_OK)
            code = doubt_values_append(&work->rows[0].values, &more, err);
        doubt_values_free(&more);
    }
    return code;
}

static enum doubt_code read_pairs(struct work *work, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    work->reading.label = "--pair";
    for (size_t i = 0; code == DOUBT_OK && i < work->count; i++)
        code = doubt_judge_parse_pair(work->values->pairs.items[i], &work->reading,
                                      &work->claim_options, &work->rows[i], err);
    return code;
}

static enum doubt_code read_rows(struct work *work, const char *file, struct doubt_err *err)
{
    const struct values *v = work->values;
    work->count = v->pairs.count > 0 ? v->pairs.count : 1;
    work->rows = calloc(work->count, sizeof *work->rows);
    if (work->rows == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu rows", work->count);
    if (v->pairs.count > 0)
        return read_pairs(work, err);
    doubt_str_copy(work->rows[0].claim_text, sizeof work->rows[0].claim_text, v->claim);
    enum doubt_code code =
        doubt_figure_parse(v->claim, &work->claim_options, &work->rows[0].claim, err);
    if (code != DOUBT_OK)
        return code;
    return file != NULL ? read_file(work, file, err) : read_measured(work, err);
}

/* --- the command ---------------------------------------------------------------------------- */

static int exit_of(const struct work *work)
{
    int status = DOUBT_EXIT_OK;
    for (size_t i = 0; i < work->count; i++) {
        if (work->rows[i].verdict == DOUBT_FALLS_SHORT)
            return DOUBT_EXIT_FALLS_SHORT;
        if (work->rows[i].verdict == DOUBT_INCONCLUSIVE)
            status = DOUBT_EXIT_INCONCLUSIVE;
    }
    return status;
}

static enum doubt_code print(const struct doubt_cli *cli, const struct work *work,
                             struct doubt_err *err)
{
    const struct doubt_judge_table table = {.rows = work->rows,
                                            .count = work->count,
                                            .how = &work->how,
                                            .options = &work->claim_options,
                                            .width = cli->width,
                                            .color = cli->color};
    struct doubt_str out;
    doubt_str_init(&out, OUTPUT_MAX);
    enum doubt_code code = cli->common.json ? doubt_judge_json(&table, &out, err)
                                            : doubt_judge_view(&table, &out, err);
    if (code == DOUBT_OK && out.failed)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the result");
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return code;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    struct work work = {.values = &values};
    enum doubt_code code = doubt_cli_options(cli, &values, 1, &args, &err);
    if (code == DOUBT_OK && values.wide)
        cli->width = 0;
    if (code == DOUBT_OK)
        code = read_options(&work, &err);
    const char *file = code == DOUBT_OK && args.count > 0 ? args.items[0] : NULL;
    if (code == DOUBT_OK)
        code = check_usage(&work, file, &err);
    if (code == DOUBT_OK)
        code = read_rows(&work, file, &err);
    for (size_t i = 0; code == DOUBT_OK && i < work.count; i++)
        code = doubt_judge(&work.how, &work.rows[i], &err);
    if (code == DOUBT_OK)
        code = print(cli, &work, &err);
    int status = code == DOUBT_OK ? exit_of(&work) : doubt_cli_fail(cli, &err);
    for (size_t i = 0; i < work.count; i++)
        doubt_values_free(&work.rows[i].values);
    free(work.rows);
    return status;
}

const struct doubt_cmd doubt_cmd_judge = {
    .name = "judge",
    .summary = "verdict for figures that were measured elsewhere",
    .usage = "[FILE]",
    .details =
        "A value is one restart: the mean, or another statistic, of one process. Several make an "
        "interval, and the verdict is wrong at most one time in twenty; one number by itself lies "
        "inside or outside of what the claim's digits say, and no more can be said. FILE holds one "
        "number a line or parted by blanks, # begins a comment, - is standard input. Typed values "
        "carry half a unit of their last digit.\nNo condition is compared: that device, precision "
        "and the rest are those of the claim is for you to know.",
    .examples = examples,
    .options = options,
    .run = run,
};

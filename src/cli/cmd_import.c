/* cmd_import.c: `doubt import`: what did other tools measure, what does it mean, and does it bear a
 * published figure out?
 *
 * A unit of work is one invocation: every file is read, those that cannot be are said on stderr,
 * and what the others hold is shown and judged. Nothing runs, and nothing goes into the store. Not
 * for values that were typed: cmd_judge.c.
 */
#include "cli/cmd.h"
#include "cli/import_rows.h"
#include "util/sha256.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { OUTPUT_MAX = 256 << 20, FILES_MAX = 1000 };

struct values {
    struct doubt_opt_list claims;
    const char *set, *id, *statistic, *boundary, *tolerance, *unit, *column, *name_column;
    int format;
    int64_t batch, family, warmup_ns;
    bool restarts, as_is, samples, decimal_comma, unordered, wide;
};

static const char *const formats[] = {
#define DOUBT_IMPORT_ROW(name, text) text,
    DOUBT_IMPORT_FORMATS(DOUBT_IMPORT_ROW)
#undef DOUBT_IMPORT_ROW
        NULL};

static const struct doubt_opt options[] = {
    {"claim", 'c', "FIGURE", DOUBT_OPT_LIST, offsetof(struct values, claims), NULL,
     "the published figure as it is written: 36FPS, \"27.8 ms\"; once for all runs, or again for "
     "each in their order",
     0, 0, NULL},
    {"claim-set", 's', "SET", DOUBT_OPT_TEXT, offsetof(struct values, set), NULL,
     "judge by this claim set (doubt claims): each run by the claim for its network", 0, 0, NULL},
    {"id", 0, "CLAIM", DOUBT_OPT_TEXT, offsetof(struct values, id), NULL,
     "the claim of the set, for all runs", 0, 0, NULL},
    {"statistic", 0, "NAME", DOUBT_OPT_TEXT, offsetof(struct values, statistic), NULL,
     "which figure of a run is judged: mean, median, min, p90, p99, throughput; else the one that "
     "stands for it",
     0, 0, NULL},
    {"boundary", 0, "NAME", DOUBT_OPT_TEXT, offsetof(struct values, boundary), NULL,
     "what that figure timed: device, call or host", 0, 0, NULL},
    {"restarts", 'r', NULL, DOUBT_OPT_FLAG, offsetof(struct values, restarts), NULL,
     "the runs are starts of one thing, each with one figure: makes an interval and a verdict", 0,
     0, NULL},
    {"as-is", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, as_is), NULL,
     "judge by a claim set although conditions differ or are not in the log", 0, 0, NULL},
    {"batch", 'b', "N", DOUBT_OPT_INT, offsetof(struct values, batch), NULL,
     "inferences in one measured time, where the log does not say", 1, 1000000, NULL},
    {"tolerance", 't', "PERCENT", DOUBT_OPT_TEXT, offsetof(struct values, tolerance), "0",
     "widens the claim on each side, for what was declared beforehand: 2%", 0, 0, NULL},
    {"family", 0, "M", DOUBT_OPT_INT, offsetof(struct values, family), "1",
     "M claims share the 5 %: at most one in twenty such tables has a false verdict", 1, 100000,
     NULL},
    {"unordered", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, unordered), NULL,
     "with --restarts: the runs are not in the order of their starts, do not look for drift", 0, 0,
     NULL},
    {"format", 'f', "NAME", DOUBT_OPT_CHOICE, offsetof(struct values, format), "auto",
     "what the files are; else it is recognised from their content", 0, 0, formats},
    {"warm-up", 0, "TIME", DOUBT_OPT_DURATION, offsetof(struct values, warmup_ns), "200ms",
     "trtexec-times: queries that began earlier are left out, as trtexec's summary does", 0, 0,
     NULL},
    {"unit", 'u', "UNIT", DOUBT_OPT_TEXT, offsetof(struct values, unit), NULL,
     "columns: unit of the numbers that have none: ms, FPS", 0, 0, NULL},
    {"column", 0, "NAME|N", DOUBT_OPT_TEXT, offsetof(struct values, column), NULL,
     "columns: the values, by heading or number from 1; else the first with a unit in its heading",
     0, 0, NULL},
    {"name-column", 0, "NAME|N", DOUBT_OPT_TEXT, offsetof(struct values, name_column), NULL,
     "columns: what each row is of; else the one called network, model or name", 0, 0, NULL},
    {"samples", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, samples), NULL,
     "columns: the rows are samples of one process, and not runs", 0, 0, NULL},
    {"decimal-comma", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, decimal_comma), NULL,
     "columns: 27,8 is 27.8", 0, 0, NULL},
    DOUBT_CMD_WIDE,
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt import trtexec.log", "what a log says, what it means and what it cannot say"},
    {"doubt import trtexec.log --claim 36FPS", "the same, beside a published figure"},
    {"doubt import start-*.log --restarts --claim 36FPS",
     "ten logs of ten starts: an interval, and a verdict"},
    {"doubt import means.csv --claim-set jetson-nano-2019",
     "a table of networks beside the claims for them"},
    {"doubt import mlperf_log_summary.txt mlperf_log_detail.txt --json",
     "LoadGen's logs, recomputed"},
    {NULL, NULL},
};

/* Everything that one invocation holds. */
struct work {
    const struct values *values;
    struct doubt_import_file *files;
    size_t count, bad;
    struct doubt_claim_set set;
    struct doubt_import_question question;
    struct doubt_import_rows rows;
};

static bool judges(const struct work *work)
{
    return work->question.claim_count > 0 || work->question.set != NULL;
}

/* --- options -------------------------------------------------------------------------------- */

static enum doubt_code check_usage(const struct values *v, const struct doubt_opt_args *args,
                                   struct doubt_err *err)
{
    static const char *const boundaries[] = {"device", "call", "host", NULL};
    const char *sentence = NULL;
    bool known = v->boundary == NULL;
    for (int i = 0; !known && boundaries[i] != NULL; i++)
        known = strcmp(v->boundary, boundaries[i]) == 0;
    bool judged = v->claims.count > 0 || v->set != NULL;
    if (args->count == 0)
        sentence = "what shall be read? Give the files that trtexec, benchmark_app, LoadGen, "
                   "jetson_benchmarks or benchncnn wrote, - for standard input";
    else if (v->claims.count > 0 && v->set != NULL)
        sentence = "--claim and --claim-set are two sources of claims: give one";
    else if (v->id != NULL && v->set == NULL)
        sentence = "--id names a claim of a set: give --claim-set too";
    else if (!known)
        sentence = "--boundary: accepted are device, call and host";
    else if ((v->statistic != NULL || v->boundary != NULL) && !judged)
        sentence = "--statistic and --boundary say which figure is judged: give --claim or "
                   "--claim-set too";
    else if (v->restarts && !judged)
        sentence = "--restarts makes an interval for a claim: give --claim or --claim-set";
    else if (v->restarts && v->claims.count > 1)
        sentence = "--restarts: the runs are starts of one thing, so there is one claim";
    else if (v->family > 1 && v->claims.count > (size_t)v->family)
        sentence = "--family is the number of claims of the whole table: it cannot be less than "
                   "those given";
    return sentence == NULL ? DOUBT_OK : doubt_err_set(err, DOUBT_E_USAGE, "%s", sentence);
}

static enum doubt_code read_options(struct work *work, struct doubt_err *err)
{
    const struct values *v = work->values;
    struct doubt_import_question *question = &work->question;
    question->claims = v->claims.items;
    question->claim_count = v->claims.count;
    question->id = v->id;
    question->statistic = v->statistic;
    question->boundary = v->boundary;
    question->restarts = v->restarts;
    question->as_is = v->as_is;
    question->batch = v->batch;
    question->how = (struct doubt_judge_how){
        .look = 1, .looks = 1, .family = v->family, .batch = 1, .unordered = v->unordered};
    enum doubt_code code = doubt_values_parse_percent("--tolerance", v->tolerance, 99.9999,
                                                      &question->options.tolerance, err);
    for (size_t i = 0; code == DOUBT_OK && i < v->claims.count; i++) {
        struct doubt_figure figure;
        code = doubt_figure_parse(v->claims.items[i], &question->options, &figure, err);
    }
    if (code == DOUBT_OK && v->set != NULL) {
        code = doubt_claim_set_load(v->set, &work->set, err);
        question->set = code == DOUBT_OK ? &work->set : NULL;
    }
    return code;
}

/* --- files ---------------------------------------------------------------------------------- */

static enum doubt_code read_files(struct work *work, const struct doubt_opt_args *args,
                                  struct doubt_err *err)
{
    const struct values *v = work->values;
    const struct doubt_import_how how = {.format = (enum doubt_import_format)v->format,
                                         .unit = v->unit,
                                         .column = v->column,
                                         .name_column = v->name_column,
                                         .samples = v->samples,
                                         .decimal_comma = v->decimal_comma,
                                         .warmup_ms = (double)v->warmup_ns / 1e6};
    work->files = calloc((size_t)args->count, sizeof *work->files);
    if (work->files == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %d files", args->count);
    for (int i = 0; i < args->count; i++) {
        struct doubt_import_file *file = &work->files[work->count++];
        doubt_import_open(args->items[i], &how, &file->import, &file->err);
        work->bad += file->err.code != DOUBT_OK;
    }
    return DOUBT_OK;
}

/* --- one log twice -------------------------------------------------------------------------- */

/* What tells files apart; sha256 "": it could not be read again, as standard input. */
struct mark {
    dev_t device;
    ino_t inode;
    char sha256[DOUBT_SHA256_TEXT_BYTES];
};

static void set_mark(const struct doubt_import_file *file, struct mark *mark)
{
    struct stat status;
    if (file->err.code != DOUBT_OK || stat(file->import.label, &status) != 0 ||
        !S_ISREG(status.st_mode) ||
        doubt_sha256_file(file->import.label, mark->sha256, NULL) != DOUBT_OK) {
        mark->sha256[0] = '\0';
        return;
    }
    mark->device = status.st_dev;
    mark->inode = status.st_ino;
}

/* Columns are short: two starts may well have the same few digits. Another tool's log that is the
 * same byte for byte is the same start. */
static bool is_same(const struct mark *a, const struct mark *b, enum doubt_import_format format)
{
    if (a->sha256[0] == '\0' || b->sha256[0] == '\0')
        return false;
    return (a->device == b->device && a->inode == b->inode) ||
           (format != DOUBT_IMPORT_COLUMNS && strcmp(a->sha256, b->sha256) == 0);
}

/* One start that counts as several makes an interval that is too narrow. */
static enum doubt_code check_starts(const struct work *work, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    struct mark *marks = calloc(work->count, sizeof *marks);
    if (marks == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu files", work->count);
    for (size_t i = 0; code == DOUBT_OK && i < work->count; i++) {
        set_mark(&work->files[i], &marks[i]);
        for (size_t k = 0; code == DOUBT_OK && k < i; k++)
            if (is_same(&marks[k], &marks[i], work->files[i].import.format))
                code =
                    doubt_err_set(err, DOUBT_E_USAGE,
                                  "--restarts: %.200s and %.200s are one log, byte for byte, and "
                                  "one start must not count twice: give each start's log once",
                                  work->files[k].import.label, work->files[i].import.label);
    }
    free(marks);
    return code;
}

/* --- the command ---------------------------------------------------------------------------- */

static enum doubt_code show(const struct doubt_cli *cli, const struct work *work,
                            struct doubt_str *out, struct doubt_err *err)
{
    const struct doubt_import_result result = {.files = work->files,
                                               .count = work->count,
                                               .rows = judges(work) ? &work->rows : NULL,
                                               .question = &work->question,
                                               .width = cli->width,
                                               .color = cli->color};
    if (cli->common.json)
        return doubt_import_json(&result, out, err);
    enum doubt_code code = doubt_import_view(&result, out, err);
    if (code != DOUBT_OK || !judges(work) || work->bad == work->count)
        return code;
    doubt_str_add(out, "\n");
    return doubt_import_view_rows(&result, out, err);
}

static enum doubt_code print(const struct doubt_cli *cli, const struct work *work,
                             struct doubt_err *err)
{
    struct doubt_str out;
    doubt_str_init(&out, OUTPUT_MAX);
    enum doubt_code code = show(cli, work, &out, err);
    if (code == DOUBT_OK && out.failed)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the result");
    if (code == DOUBT_OK && out.len > 0)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return code;
}

/* Bad files and refused runs go before verdicts: who reads the status only must not take a part for
 * the whole. */
static int exit_of(const struct doubt_cli *cli, const struct work *work)
{
    int status = DOUBT_EXIT_OK;
    for (size_t i = 0; i < work->rows.count; i++) {
        enum doubt_verdict verdict = work->rows.items[i].judged.verdict;
        if (verdict == DOUBT_FALLS_SHORT)
            status = DOUBT_EXIT_FALLS_SHORT;
        else if (verdict == DOUBT_INCONCLUSIVE && status == DOUBT_EXIT_OK)
            status = DOUBT_EXIT_INCONCLUSIVE;
    }
    bool refused = work->bad > 0;
    for (size_t i = 0; i < work->count; i++) {
        const struct doubt_import *import = &work->files[i].import;
        for (size_t r = 0; r < import->count; r++)
            refused |= import->runs[r].refused[0] != '\0';
        if (work->files[i].err.code != DOUBT_OK)
            doubt_cli_fail(cli, &work->files[i].err);
    }
    return refused ? DOUBT_EXIT_USAGE : status;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    struct work work = {.values = &values};
    enum doubt_code code = doubt_cli_options(cli, &values, FILES_MAX, &args, &err);
    if (code == DOUBT_OK && values.wide)
        cli->width = 0;
    if (code == DOUBT_OK)
        code = check_usage(&values, &args, &err);
    if (code == DOUBT_OK)
        code = read_options(&work, &err);
    if (code == DOUBT_OK)
        code = read_files(&work, &args, &err);
    if (code == DOUBT_OK && values.restarts)
        code = check_starts(&work, &err);
    if (code == DOUBT_OK && judges(&work))
        code = doubt_import_rows_judge(work.files, work.count, &work.question, &work.rows, &err);
    if (code == DOUBT_OK)
        code = print(cli, &work, &err);
    int status = code == DOUBT_OK ? exit_of(cli, &work) : doubt_cli_fail(cli, &err);
    doubt_import_rows_free(&work.rows);
    for (size_t i = 0; i < work.count; i++)
        doubt_import_free(&work.files[i].import);
    free(work.files);
    doubt_claim_set_free(&work.set);
    return status;
}

const struct doubt_cmd doubt_cmd_import = {
    .name = "import",
    .summary = "what logs of other tools say and mean, and a verdict",
    .usage = "FILE...",
    .details =
        "Reads what trtexec (TensorRT 5 to 11: text, and the JSON of --exportTimes), OpenVINO's "
        "benchmark_app (text, JSON and CSV reports), MLPerf LoadGen (summary, detail, trace), "
        "jetson_benchmarks and ncnn's benchncnn wrote, and plain columns; - is standard input. "
        "What "
        "can be recomputed is, and where a log contradicts itself it says so. A log without a "
        "measurement is refused with the reason (exit status 2); it never hides the others.\nThe "
        "samples "
        "of one process are one start: without --restarts a figure is set beside the claim, and no "
        "verdict is given.",
    .examples = examples,
    .options = options,
    .run = run,
};

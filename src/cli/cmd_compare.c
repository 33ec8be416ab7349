/* cmd_compare.c: `doubt compare`: which of two cells is faster, from restarts in pairs.
 *
 * A unit of work is one comparison. Each side is a whole command line of `doubt run`: the common
 * options, then the side's own settings. Not for more than two: `doubt tune` searches.
 */
#include "cli/candidate.h"
#include "cli/cmd.h"
#include "cli/runner.h"
#include "cli/side.h"
#include "cli/values.h"
#include "measure/pairs.h"
#include "util/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct values {
    struct doubt_settings settings;
    struct doubt_model_settings model;
    struct doubt_opt_list environment, sides[2];
    int64_t pairs;
    const char *margin, *fail_if;
};

/* What one side may have of its own. */
/* clang-format off */
#define SIDE_ROWS                                                                                  \
    DOUBT_MODEL_ROWS(struct values, model),                                                        \
    DOUBT_ENGINE_ROWS(struct values, settings),                                                    \
    {"env", 0, "NAME=VALUE", DOUBT_OPT_LIST, offsetof(struct values, environment), NULL,           \
     "a variable set in the environment of the measured processes", 0, 0, NULL}
/* clang-format on */

static const struct doubt_opt side_rows[] = {SIDE_ROWS, {0}};

static const struct doubt_opt options[] = {
    {"a", 0, "SETTINGS", DOUBT_OPT_LIST, offsetof(struct values, sides[0]), NULL,
     "what A has of its own: options below without dashes, separated by commas or spaces: "
     "engine=openvino,precision=f32 option:NAME=VALUE env:NAME=VALUE no-nms",
     0, 0, NULL},
    {"b", 0, "SETTINGS", DOUBT_OPT_LIST, offsetof(struct values, sides[1]), NULL,
     "what B has of its own", 0, 0, NULL},
    {"pairs", 'n', "N", DOUBT_OPT_INT, offsetof(struct values, pairs), "20",
     "at most so many pairs of restarts; looks are at 20, 40 and 80", DOUBT_PAIRS_MIN,
     DOUBT_PAIRS_MAX, NULL},
    {"margin", 'm', "PERCENT", DOUBT_OPT_TEXT, offsetof(struct values, margin), "1%",
     "A and B count as equivalent when they differ by less than this; 1 is 1%, 0.01 is 0.01%", 0, 0,
     NULL},
    {"fail-if", 'f', "slower-than PERCENT", DOUBT_OPT_TEXT, offsetof(struct values, fail_if), NULL,
     "exit status 1 when B is slower than A by more than this, 3 when that can be neither shown "
     "nor excluded",
     0, 0, NULL},
    SIDE_ROWS,
    DOUBT_SERIES_ROWS(struct values, settings),
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt compare resnet50 --engine openvino --a precision=f32 --b precision=bf16",
     "what the lower precision brings"},
    {"doubt compare ssd-mobilenet-v2 --a engine=onnxruntime --b engine=openvino --budget 1m",
     "two engines in one minute"},
    {"doubt compare old.onnx new.onnx --engine onnxruntime --fail-if slower-than 2% --pairs 80",
     "in CI: status 1 when the new file is shown to be more than 2 % slower, 0 when it is shown "
     "not to be, 3 when 80 pairs cannot tell"},
    {"doubt compare resnet50 --engine onnxruntime --a library=/opt/ort-1.20/libonnxruntime.so --b "
     "library=/opt/ort-1.21/libonnxruntime.so",
     "two versions of a library"},
    {"doubt compare resnet50 --engine openvino --b env:MALLOC_ARENA_MAX=1",
     "with a variable and without it"},
    {NULL, NULL},
};

/* One side: its own copy of the command line, read, and what came of it. */
struct side {
    struct doubt_words words;
    struct values values;
    const char *operand;
    struct doubt_candidate candidate;
};

struct work {
    struct doubt_words words; /* of the command line, never read in place */
    struct values values;
    struct doubt_pairs_how how;
    struct side sides[2];
    int64_t begun_ns;
    struct doubt_registry *registry;
    struct doubt_runner runner;
    struct doubt_str why_engine;
};

/* --- the command line ----------------------------------------------------------------------- */

static enum doubt_code add_all(struct doubt_words *words, char *const *items, size_t count,
                               struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < count; i++)
        code = doubt_words_add(words, items[i], strlen(items[i]), err);
    return code;
}

static bool is_word(const char *text, const char *word)
{
    return strcmp(text, word) == 0;
}

/* The command line with the two words behind --fail-if as one. */
static enum doubt_code take_line(struct doubt_words *words, int argc, char **argv,
                                 struct doubt_err *err)
{
    static const char condition[] = "slower-than";
    enum doubt_code code = DOUBT_OK;
    for (int i = 0; code == DOUBT_OK && i < argc; i++) {
        bool apart = i > 0 && (is_word(argv[i - 1], "--fail-if") || is_word(argv[i - 1], "-f"));
        bool both =
            (apart && is_word(argv[i], condition)) || is_word(argv[i], "--fail-if=slower-than");
        if (!both || i + 1 == argc) {
            code = doubt_words_add(words, argv[i], strlen(argv[i]), err);
            continue;
        }
        struct doubt_str joined;
        doubt_str_init(&joined, strlen(argv[i]) + strlen(argv[i + 1]) + 1);
        doubt_str_addf(&joined, "%s %s", argv[i], argv[i + 1]);
        code = doubt_words_add(words, doubt_str_text(&joined), joined.len, err);
        doubt_str_free(&joined);
        i++;
    }
    return code;
}

/* Reads words into values; *operands is a heap array of what is no option. The texts stay in words.
 */
static enum doubt_code read_words(struct doubt_cli *cli, const struct doubt_words *words,
                                  struct values *values, struct doubt_opt_args *operands,
                                  struct doubt_err *err)
{
    char **items = calloc(words->count + 1, sizeof *items);
    if (items == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the command line");
    if (words->count > 0)
        memcpy(items, words->items, words->count * sizeof *items);
    *operands = (struct doubt_opt_args){(int)words->count, items};
    return doubt_cli_options(cli, values, 2, operands, err);
}

static enum doubt_code read_condition(const struct values *values, struct doubt_pairs_how *how,
                                      struct doubt_err *err)
{
    static const char slower[] = "slower-than";
    const char *text = values->fail_if;
    *how = (struct doubt_pairs_how){.limit = NAN};
    enum doubt_code code =
        doubt_values_parse_percent("--margin", values->margin, 99, &how->margin, err);
    if (code != DOUBT_OK || text == NULL)
        return code;
    if (strncmp(text, slower, sizeof slower - 1) != 0)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--fail-if \"%.60s\" is unknown; accepted: slower-than PERCENT, for "
                             "example --fail-if slower-than 2%%",
                             text);
    text += sizeof slower - 1;
    text += strspn(text, " =");
    return doubt_values_parse_percent("--fail-if slower-than", text, 1000, &how->limit, err);
}

/* Options end here: at "--", or at the end. */
static size_t options_end(const struct doubt_words *words)
{
    size_t end = 0;
    while (end < words->count && !is_word(words->items[end], "--"))
        end++;
    return end;
}

/* The common line with the side's own settings behind its options: the last one counts. */
static enum doubt_code read_side(struct doubt_cli *cli, struct work *work, size_t which,
                                 struct doubt_err *err)
{
    struct side *side = &work->sides[which];
    const struct doubt_words *line = &work->words;
    const struct doubt_opt_list *own = &work->values.sides[which];
    struct doubt_opt_args operands = {0};
    size_t end = options_end(line);
    enum doubt_code code = add_all(&side->words, line->items, end, err);
    for (size_t i = 0; code == DOUBT_OK && i < own->count; i++)
        code = doubt_side_add(own->items[i], side_rows, &side->words, err);
    if (code == DOUBT_OK)
        code = add_all(&side->words, line->items + end, line->count - end, err);
    if (code == DOUBT_OK)
        code = read_words(cli, &side->words, &side->values, &operands, err);
    if (code == DOUBT_OK)
        side->operand = operands.items[operands.count > 1 ? which : 0];
    free(operands.items);
    if (code != DOUBT_OK)
        return code;
    doubt_side_keep_last(&side->values.settings.options);
    doubt_side_keep_last(&side->values.model.sizes);
    doubt_side_keep_last(&side->values.environment);
    for (size_t i = 0; i < side->values.environment.count; i++)
        if (strcspn(side->values.environment.items[i], "=") ==
            strlen(side->values.environment.items[i]))
            return doubt_err_set(err, DOUBT_E_USAGE, "env \"%.60s\" is not NAME=VALUE",
                                 side->values.environment.items[i]);
    return doubt_settings_check(&side->values.settings, err);
}

/* Where only one side names its engine, nobody can tell which the other was meant to have. */
static enum doubt_code check_engines(const struct work *work, struct doubt_err *err)
{
    const char *a = work->sides[0].values.settings.engine;
    const char *b = work->sides[1].values.settings.engine;
    if ((a != NULL) == (b != NULL))
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "side %s has the engine %s and side %s none: write --%s engine=NAME, or "
                         "--engine NAME for both",
                         a != NULL ? "A" : "B", a != NULL ? a : b, a != NULL ? "B" : "A",
                         a != NULL ? "b" : "a");
}

/* A failure within one side, with the side's name. */
static enum doubt_code of_side(size_t which, enum doubt_code code, struct doubt_err *err)
{
    if (code != DOUBT_OK)
        doubt_err_prefix(err, "side %s", which == 0 ? "A" : "B");
    return code;
}

static enum doubt_code read_line(struct doubt_cli *cli, struct work *work, int argc, char **argv,
                                 struct doubt_err *err)
{
    struct doubt_opt_args operands = {0};
    enum doubt_code code = take_line(&work->words, argc, argv, err);
    /* This reading is for the line itself; it cuts nothing, since no row splits at commas. */
    if (code == DOUBT_OK)
        code = read_words(cli, &work->words, &work->values, &operands, err);
    if (code == DOUBT_OK && operands.count == 0)
        code = doubt_err_set(err, DOUBT_E_USAGE,
                             "nothing to compare: name one network or ONNX file for both sides, "
                             "or one for each");
    free(operands.items);
    if (code == DOUBT_OK)
        code = read_condition(&work->values, &work->how, err);
    for (size_t i = 0; code == DOUBT_OK && i < 2; i++)
        code = of_side(i, read_side(cli, work, i, err), err);
    return code == DOUBT_OK ? check_engines(work, err) : code;
}

/* --- what is compared ----------------------------------------------------------------------- */

static enum doubt_code find(struct work *work, size_t which, struct doubt_err *err)
{
    struct side *side = &work->sides[which];
    side->candidate = (struct doubt_candidate){
        .operand = side->operand,
        .settings = &side->values.settings,
        .model = &side->values.model,
        .environment = side->values.environment.count > 0 ? side->values.environment.items : NULL,
    };
    return of_side(which, doubt_candidate_find(&side->candidate, err), err);
}

static enum doubt_code open_side(struct work *work, size_t which, struct doubt_err *err)
{
    struct doubt_candidate *candidate = &work->sides[which].candidate;
    return of_side(which, doubt_candidate_open(candidate, work->registry, err), err);
}

/* An engine that nobody named is chosen on A's network, for both. */
static enum doubt_code choose(struct doubt_cli *cli, struct work *work, struct doubt_err *err)
{
    struct doubt_candidate *a = &work->sides[0].candidate;
    enum doubt_code code = doubt_candidate_choose(a, cli, &work->why_engine, err);
    if (code == DOUBT_OK && work->sides[1].values.settings.engine == NULL)
        work->sides[1].values.settings.engine = a->picks[a->best].ask_name;
    return code;
}

static enum doubt_code prepare(struct doubt_cli *cli, struct work *work, struct doubt_err *err)
{
    const struct doubt_settings *settings = &work->values.settings;
    enum doubt_code code = find(work, 0, err);
    if (code == DOUBT_OK)
        code = find(work, 1, err);
    if (code == DOUBT_OK)
        code = doubt_registry_open(&work->registry, err);
    if (code == DOUBT_OK)
        code = open_side(work, 0, err);
    if (code == DOUBT_OK)
        code = doubt_runner_open(&work->runner, cli, settings->db, settings->no_store, err);
    if (code == DOUBT_OK)
        code = choose(cli, work, err);
    return code == DOUBT_OK ? open_side(work, 1, err) : code;
}

/* The same file at the same sizes has the same right answers. */
static bool same_model(const struct doubt_candidate *a, const struct doubt_candidate *b)
{
    if (strcmp(a->subject.sha256, b->subject.sha256) != 0 ||
        a->model->sizes.count != b->model->sizes.count)
        return false;
    for (uint32_t i = 0; i < a->subject.size_count; i++) {
        const struct doubt_tensor *x = &a->subject.sizes[i], *y = &b->subject.sizes[i];
        if (strcmp(x->name, y->name) != 0 || x->rank != y->rank ||
            memcmp(x->dims, y->dims, (size_t)x->rank * sizeof x->dims[0]) != 0)
            return false;
    }
    return true;
}

static int measure(struct doubt_cli *cli, struct work *work)
{
    struct doubt_candidate *a = &work->sides[0].candidate, *b = &work->sides[1].candidate;
    struct doubt_cell_plan cells[3];
    struct doubt_series_plan plan = {
        .cells = cells, .cell_count = 3, .command = cli->command_line, .pairs = &work->how};
    bool same = same_model(a, b);
    doubt_candidate_reference(a, cli, work->registry);
    if (!same)
        doubt_candidate_reference(b, cli, work->registry);
    doubt_candidate_plan(a, &cells[0]);
    doubt_candidate_plan(b, &cells[1]);
    if (same) {
        cells[1].reference = cells[0].reference;
        cells[1].reference_name = cells[0].reference_name;
    }
    doubt_runner_plan_hidden(&cells[2]);
    doubt_settings_plan(&work->values.settings, work->begun_ns, &plan);
    doubt_settings_set_building_apart(&plan, a->built_ns + b->built_ns);
    plan.restarts_max = (int32_t)work->values.pairs;
    work->runner.wide = work->values.settings.wide;
    work->runner.left_out = doubt_str_text(&a->left_out);
    doubt_runner_note(&work->runner, "engine choice", doubt_str_text(&work->why_engine));
    return doubt_runner_run(&work->runner, &plan);
}

/* Has neither side anything of its own? */
static bool is_same(const struct work *work)
{
    const struct doubt_opt_list *a = &work->values.sides[0], *b = &work->values.sides[1];
    bool same = a->count == b->count && strcmp(work->sides[0].operand, work->sides[1].operand) == 0;
    for (size_t i = 0; same && i < a->count; i++)
        same = strcmp(a->items[i], b->items[i]) == 0;
    return same;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL) {
        doubt_err_set(&err, DOUBT_E_MEMORY, "out of memory for a comparison");
        return doubt_cli_fail(cli, &err);
    }
    work->begun_ns = doubt_clock_ns();
    doubt_str_init(&work->why_engine, 4096);
    enum doubt_code code = read_line(cli, work, argc, argv, &err);
    if (code == DOUBT_OK && is_same(work))
        doubt_cli_say(cli, "doubt: A and B are the same, so this measures how well differences are "
                           "told from nothing; --a and --b say what one side has of its own, such "
                           "as --b threads=1");
    if (code == DOUBT_OK)
        code = prepare(cli, work, &err);
    int status = code == DOUBT_OK ? measure(cli, work) : doubt_cli_fail(cli, &err);
    doubt_runner_close(&work->runner);
    for (size_t i = 0; i < 2; i++) {
        doubt_candidate_close(&work->sides[i].candidate);
        doubt_words_free(&work->sides[i].words);
    }
    doubt_words_free(&work->words);
    doubt_registry_close(work->registry);
    doubt_str_free(&work->why_engine);
    free(work);
    return status;
}

const struct doubt_cmd doubt_cmd_compare = {
    .name = "compare",
    .summary = "which of two settings is faster, in interleaved pairs",
    .usage = "NETWORK|FILE.onnx [NETWORK|FILE.onnx]",
    .details =
        "A and B may differ in anything: the file (two operands), engine, library, device, "
        "precision, threads, batch, boundary, an option of the engine, a variable of the "
        "environment. Options stand for both sides; --a and --b hold what one side has of its "
        "own, which overrules them. Where no side names an engine, the fastest one found here on "
        "A's network runs both.\n"
        "A pair is a restart of A and one of B, of the same number of inferences, in blocks ABBA "
        "or BAAB by a coin (its seed is printed), so that what changes on the machine meets both "
        "alike. The answer is the ratio of the times of one input, with an interval from the "
        "pairs' log ratios (Hodges-Lehmann, signed ranks): a few disturbed pairs move it little.\n"
        "EQUIVALENT: the interval lies within the margin. A FASTER, B FASTER: it lies beyond 1, "
        "and says by how much at least. INCONCLUSIVE: neither; more pairs narrow it. Such an "
        "answer is wrong in at most 5 % of comparisons, over all looks together. \"X % faster\" "
        "means that the other takes X % longer.\n"
        "The exit status is 0 whatever the answer is. With --fail-if it is 1 when the condition "
        "is shown to be met, 0 when it is excluded, 3 when neither; 4 when a side cannot be "
        "measured.",
    .examples = examples,
    .options = options,
    .run = run,
};

/* cmd_claims.c: `doubt claims`: lists claim sets, lists and searches claims, shows one, checks a
 * file.
 *
 * A unit of work is one claim, printed as its source states it. Not for measuring: cmd_check.c.
 */
#include "cli/catalog.h"
#include "cli/cmd.h"
#include "model/net.h"
#include "report/json.h"
#include "report/table.h"
#include "util/file.h"

#include <doubt/verdict.h>
#include <stdlib.h>
#include <string.h>

struct values {
    struct doubt_catalog_filter filter;
};

static const struct doubt_opt options[] = {
    {"device", 'd', "TEXT", DOUBT_OPT_TEXT, offsetof(struct values, filter.device), NULL,
     "only claims for devices whose name has this text in it", 0, 0, NULL},
    {"network", 'n', "NAME", DOUBT_OPT_TEXT, offsetof(struct values, filter.network), NULL,
     "only claims for this built-in network, or with this text in the name at the source", 0, 0,
     NULL},
    {"year", 'y', "YEAR", DOUBT_OPT_INT, offsetof(struct values, filter.year), NULL,
     "only claims published in this year", 1990, 2999, NULL},
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt claims", "the claim sets"},
    {"doubt claims mlperf-v3.0", "the claims of one set"},
    {"doubt claims --device nano --network resnet50", "claims of all sets"},
    {"doubt claims show nano-resnet50", "one claim: conditions, source, what its digits mean"},
    {"doubt claims validate ./my-board.json", "is a file a claim set?"},
    {NULL, NULL},
};

enum { TEXT_BYTES = 512, KEY_COLUMNS = 19, OUTPUT_MAX = 16 << 20 };

/* What one invocation prints. */
struct view {
    const struct doubt_cli *cli;
    const struct doubt_catalog *catalog;
    const struct doubt_catalog_filter *filter;
};

static bool is_filtered(const struct doubt_catalog_filter *filter)
{
    return filter->device != NULL || filter->network != NULL || filter->year != 0;
}

/* --- one claim's texts ---------------------------------------------------------------------- */

static void figure_of(const struct doubt_claim *claim, struct doubt_figure *figure)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "%s %s", claim->figure, claim->unit);
    memset(figure, 0, sizeof *figure);
    figure->unit_scale = 1;
    doubt_figure_parse(text, NULL, figure, NULL); /* the parser of sets has refused bad ones */
}

static void reads_text(const struct doubt_claim *claim, char *out, size_t out_bytes)
{
    struct doubt_figure figure;
    figure_of(claim, &figure);
    double lo = figure.lo / figure.unit_scale, hi = figure.hi / figure.unit_scale;
    if (figure.bound == DOUBT_FIGURE_UP_TO)
        snprintf(out, out_bytes, "below %.10g %s", hi, claim->unit);
    else if (figure.bound == DOUBT_FIGURE_AT_LEAST)
        snprintf(out, out_bytes, "from %.10g %s", lo, claim->unit);
    else
        snprintf(out, out_bytes, "%.10g … %.10g %s%s", lo, hi, claim->unit,
                 figure.about ? ", about" : "");
}

static void batch_text(const struct doubt_claim *claim, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (claim->batch != DOUBT_MISSING_I64)
        snprintf(out, out_bytes, "%lld", (long long)claim->batch);
}

/* --- list of sets --------------------------------------------------------------------------- */

/* The engine that could test a claim, or why none could: returns true and family, or false and the
 * obstacle. */
static bool could_test(const struct doubt_claim *claim, char *out, size_t out_bytes)
{
    doubt_catalog_obstacle(claim, out, out_bytes);
    if (out[0] != '\0')
        return false;
    doubt_catalog_family(claim, out, out_bytes);
    return true;
}

/* "5 by tensorrt (not here), 2 by openvino"; testable: how many by engines that are here. */
static void count_engines(const struct doubt_catalog *catalog, const struct doubt_claim_set *set,
                          struct doubt_str *out, size_t *testable)
{
    char family[TEXT_BYTES], other[TEXT_BYTES];
    *testable = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!could_test(&set->claims[i], family, sizeof family))
            continue;
        size_t same = 0, before = 0;
        for (size_t k = 0; k < set->count; k++)
            if (could_test(&set->claims[k], other, sizeof other) && strcmp(family, other) == 0) {
                same++;
                before += k < i;
            }
        bool here = doubt_catalog_has_engine(catalog, family);
        *testable += here;
        if (before == 0)
            doubt_str_addf(out, "%s%zu by %s%s", out->len > 0 ? ", " : "", same,
                           family[0] != '\0' ? family : "any engine", here ? "" : " (not here)");
    }
}

static size_t count_built_in(const struct doubt_claim_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        count += set->claims[i].network[0] != '\0';
    return count;
}

static enum doubt_code add_set(const struct view *view, const struct doubt_claim_set *set,
                               struct doubt_table *table, struct doubt_err *err)
{
    char claims[32], built_in[32];
    size_t testable;
    struct doubt_str engines;
    doubt_str_init(&engines, OUTPUT_MAX);
    count_engines(view->catalog, set, &engines, &testable);
    snprintf(claims, sizeof claims, "%zu", set->count);
    snprintf(built_in, sizeof built_in, "%zu", count_built_in(set));
    const char *could = engines.len > 0 ? doubt_str_text(&engines) : "none";
    const char *texts[] = {set->name, claims, built_in, could, set->title};
    enum doubt_code code = doubt_table_add(table, texts, err);
    doubt_str_free(&engines);
    return code;
}

static enum doubt_code format_sets(const struct view *view, struct doubt_str *out,
                                   struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"set", false, 0},
        {"claims", true, 0},
        {"network built in", true, 3},
        {"could be tested", false, 2},
        {"title", false, 1},
    };
    struct doubt_table *table = doubt_table_new(columns, sizeof columns / sizeof columns[0]);
    if (table == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a table");
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < view->catalog->count; i++)
        code = add_set(view, &view->catalog->sets[i], table, err);
    if (code == DOUBT_OK)
        code = doubt_table_format(table, view->cli->width, view->cli->color, out, err);
    doubt_table_free(table);
    return code;
}

/* Why no engine here could test a claim; "" when one could. */
static void why_not(const struct view *view, const struct doubt_claim *claim, char *out,
                    size_t out_bytes)
{
    char family[TEXT_BYTES];
    doubt_catalog_obstacle(claim, out, out_bytes);
    doubt_catalog_family(claim, family, sizeof family);
    if (out[0] == '\0' && !doubt_catalog_has_engine(view->catalog, family))
        snprintf(out, out_bytes, "no engine %.100s here", family);
}

/* --- list of claims ------------------------------------------------------------------------- */

static enum doubt_code add_claim(const struct view *view, const struct doubt_claim *claim,
                                 struct doubt_table *table, struct doubt_err *err)
{
    char batch[32], figure[TEXT_BYTES], obstacle[TEXT_BYTES];
    batch_text(claim, batch, sizeof batch);
    snprintf(figure, sizeof figure, "%s %s", claim->figure, claim->unit);
    why_not(view, claim, obstacle, sizeof obstacle);
    const char *texts[] = {claim->id, claim->device, claim->title, claim->input, claim->precision,
                           batch,     claim->engine, figure,       claim->date,  obstacle};
    return doubt_table_add(table, texts, err);
}

/* Walks the claims that match: an array index pair, (0, 0) to begin; false at the end. */
static bool next_match(const struct view *view, size_t *set, size_t *claim)
{
    for (; *set < view->catalog->count; ++*set, *claim = 0)
        for (; *claim < view->catalog->sets[*set].count; ++*claim)
            if (doubt_catalog_matches(view->filter, &view->catalog->sets[*set].claims[*claim]))
                return true;
    return false;
}

static enum doubt_code check_any(const struct view *view, struct doubt_err *err)
{
    size_t set = 0, claim = 0;
    if (next_match(view, &set, &claim))
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_NOT_FOUND,
                         "no claim matches; doubt claims lists the sets, and without --device, "
                         "--network and --year all of a set are listed");
}

static enum doubt_code format_claims(const struct view *view, struct doubt_str *out,
                                     struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"claim", false, 0},     {"device", false, 1},
        {"network", false, 2},   {"input", false, 6},
        {"precision", false, 4}, {"batch", true, 5},
        {"engine", false, 8},    {"figure", true, 0},
        {"date", false, 3},      {"not testable here", false, 7},
    };
    struct doubt_table *table = doubt_table_new(columns, sizeof columns / sizeof columns[0]);
    if (table == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a table");
    enum doubt_code code = DOUBT_OK;
    for (size_t set = 0, claim = 0; code == DOUBT_OK && next_match(view, &set, &claim); claim++)
        code = add_claim(view, &view->catalog->sets[set].claims[claim], table, err);
    if (code == DOUBT_OK)
        code = doubt_table_format(table, view->cli->width, view->cli->color, out, err);
    doubt_table_free(table);
    return code;
}

/* --- one claim ------------------------------------------------------------------------------ */

static void line(const struct view *view, const char *key, const char *text, struct doubt_str *out)
{
    if (text[0] == '\0')
        return;
    doubt_str_addf(out, "%-*s", KEY_COLUMNS, key);
    doubt_str_wrap(out, text, KEY_COLUMNS, view->cli->width);
}

static void conditions(const struct view *view, const struct doubt_claim *claim,
                       struct doubt_str *out)
{
    char text[TEXT_BYTES];
    line(view, "device", claim->device, out);
    snprintf(text, sizeof text, "%s%s%s", claim->title,
             claim->network[0] != '\0' ? ", built in as " : ", not built in", claim->network);
    line(view, "network", text, out);
    line(view, "input", claim->input, out);
    line(view, "precision", claim->precision, out);
    batch_text(claim, text, sizeof text);
    line(view, "batch", text, out);
    line(view, "engine", claim->engine, out);
    line(view, "power mode", claim->power_mode, out);
    line(view, "condition", claim->condition, out);
    line(view, "boundary", claim->boundary, out);
    line(view, "statistic", claim->statistic, out);
}

/* The measurements of others; for one of those, the claims. */
static void same_things(const struct view *view, const struct doubt_claim *claim,
                        struct doubt_str *out)
{
    bool independent = doubt_catalog_is_independent(claim);
    const char *key = independent ? "claimed" : "independent";
    for (size_t s = 0; s < view->catalog->count; s++)
        for (size_t i = 0; i < view->catalog->sets[s].count; i++) {
            const struct doubt_claim *other = &view->catalog->sets[s].claims[i];
            char text[8 * TEXT_BYTES];
            if (doubt_catalog_is_independent(other) == independent ||
                !doubt_catalog_is_same(claim, other))
                continue;
            snprintf(text, sizeof text, "%s %s%s%s%s%s%s%s (%s)", other->figure, other->unit,
                     other->precision[0] != '\0' ? ", " : "", other->precision,
                     other->engine[0] != '\0' ? ", " : "", other->engine,
                     other->power_mode[0] != '\0' ? ", " : "", other->power_mode, other->id);
            line(view, key, text, out);
            key = "";
        }
    if (key[0] != '\0')
        line(view, key, independent ? "no claim of the same" : "no measurement of the same known",
             out);
}

static void format_one(const struct view *view, const struct doubt_claim_set *set,
                       const struct doubt_claim *claim, struct doubt_str *out)
{
    char text[8 * TEXT_BYTES], obstacle[TEXT_BYTES];
    snprintf(text, sizeof text, "%s %s", claim->figure, claim->unit);
    doubt_str_addf(out, "%s\n", claim->id);
    line(view, "figure", text, out);
    reads_text(claim, text, sizeof text);
    line(view, "reads as", text, out);
    conditions(view, claim, out);
    line(view, "source", claim->source, out);
    line(view, "date", claim->date, out);
    line(view, "confidence", claim->confidence, out);
    line(view, "remark", claim->remark, out);
    snprintf(text, sizeof text, "%s%s%s: %s", set->name, claim->row[0] != '\0' ? ", row " : "",
             claim->row, set->title);
    line(view, "set", text, out);
    same_things(view, claim, out);
    why_not(view, claim, obstacle, sizeof obstacle);
    if (obstacle[0] != '\0')
        snprintf(text, sizeof text, "no: %s", obstacle);
    else
        snprintf(text, sizeof text, "on a %s: doubt check %s --network %s", claim->device,
                 set->name, claim->network);
    line(view, "can be tested", text, out);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text[0] != '\0')
        json_object_set_new(object, name, json_string(text));
}

static json_t *claim_json(const struct view *view, const struct doubt_claim_set *set,
                          const struct doubt_claim *claim)
{
    const struct {
        const char *name, *text;
    } texts[] = {{"id", claim->id},
                 {"set", set->name},
                 {"row", claim->row},
                 {"device", claim->device},
                 {"network", claim->network},
                 {"title", claim->title},
                 {"input", claim->input},
                 {"precision", claim->precision},
                 {"engine", claim->engine},
                 {"power_mode", claim->power_mode},
                 {"condition", claim->condition},
                 {"boundary", claim->boundary},
                 {"statistic", claim->statistic},
                 {"figure", claim->figure},
                 {"unit", claim->unit},
                 {"source", claim->source},
                 {"date", claim->date},
                 {"confidence", claim->confidence},
                 {"remark", claim->remark}};
    json_t *object = json_object();
    struct doubt_figure figure;
    char obstacle[TEXT_BYTES];
    figure_of(claim, &figure);
    why_not(view, claim, obstacle, sizeof obstacle);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        set_text(object, texts[i].name, texts[i].text);
    if (claim->batch != DOUBT_MISSING_I64)
        json_object_set_new(object, "batch", json_integer(claim->batch));
    if (figure.bound != DOUBT_FIGURE_UP_TO)
        json_object_set_new(object, "reads_lo", json_real(figure.lo / figure.unit_scale));
    if (figure.bound != DOUBT_FIGURE_AT_LEAST)
        json_object_set_new(object, "reads_hi", json_real(figure.hi / figure.unit_scale));
    set_text(object, "not_testable", obstacle);
    return object;
}

static json_t *sets_json(const struct view *view)
{
    json_t *array = json_array();
    for (size_t i = 0; i < view->catalog->count; i++) {
        const struct doubt_claim_set *set = &view->catalog->sets[i];
        struct doubt_str engines;
        size_t testable;
        doubt_str_init(&engines, OUTPUT_MAX);
        count_engines(view->catalog, set, &engines, &testable);
        doubt_str_free(&engines);
        json_array_append_new(array,
                              json_pack("{s:s, s:s, s:I, s:I, s:I}", "name", set->name, "title",
                                        set->title, "claims", (json_int_t)set->count,
                                        "built_in_networks", (json_int_t)count_built_in(set),
                                        "testable_here", (json_int_t)testable));
    }
    return json_pack("{s:o}", "sets", array);
}

static json_t *claims_json(const struct view *view)
{
    json_t *array = json_array();
    for (size_t set = 0, claim = 0; next_match(view, &set, &claim); claim++)
        json_array_append_new(array, claim_json(view, &view->catalog->sets[set],
                                                &view->catalog->sets[set].claims[claim]));
    return json_pack("{s:o}", "claims", array);
}

static json_t *one_json(const struct view *view, const struct doubt_claim_set *set,
                        const struct doubt_claim *claim)
{
    json_t *object = claim_json(view, set, claim), *others = json_array();
    bool independent = doubt_catalog_is_independent(claim);
    for (size_t s = 0; s < view->catalog->count; s++)
        for (size_t i = 0; i < view->catalog->sets[s].count; i++) {
            const struct doubt_claim *other = &view->catalog->sets[s].claims[i];
            if (doubt_catalog_is_independent(other) != independent &&
                doubt_catalog_is_same(claim, other))
                json_array_append_new(others, claim_json(view, &view->catalog->sets[s], other));
        }
    json_object_set_new(object, independent ? "claimed" : "independent", others);
    return object;
}

static enum doubt_code format_json(json_t *document, struct doubt_str *out, struct doubt_err *err)
{
    enum doubt_code code = doubt_json_format(document, out, err);
    json_decref(document);
    return code;
}

/* --- the commands --------------------------------------------------------------------------- */

static enum doubt_code unknown_claim(const struct doubt_catalog *catalog, const char *id,
                                     struct doubt_err *err)
{
    size_t total = 0;
    for (size_t s = 0; s < catalog->count; s++)
        total += catalog->sets[s].count;
    const char **names = calloc(total + 1, sizeof *names);
    if (names == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of claims");
    for (size_t s = 0, n = 0; s < catalog->count; s++)
        for (size_t i = 0; i < catalog->sets[s].count; i++)
            names[n++] = catalog->sets[s].claims[i].id;
    doubt_err_set(err, DOUBT_E_NOT_FOUND,
                  "there is no claim \"%.100s\"%s doubt claims SET lists a set's claims", id,
                  doubt_str_hint(id, names, "").text);
    free(names);
    return DOUBT_E_NOT_FOUND;
}

static enum doubt_code show(const struct view *view, const char *id, struct doubt_str *out,
                            struct doubt_err *err)
{
    for (size_t s = 0; s < view->catalog->count; s++)
        for (size_t i = 0; i < view->catalog->sets[s].count; i++) {
            const struct doubt_claim_set *set = &view->catalog->sets[s];
            if (strcmp(set->claims[i].id, id) != 0)
                continue;
            if (view->cli->common.json)
                return format_json(one_json(view, set, &set->claims[i]), out, err);
            format_one(view, set, &set->claims[i], out);
            return DOUBT_OK;
        }
    return unknown_claim(view->catalog, id, err);
}

static enum doubt_code list(const struct view *view, bool claims, struct doubt_str *out,
                            struct doubt_err *err)
{
    enum doubt_code code = claims ? check_any(view, err) : DOUBT_OK;
    if (code != DOUBT_OK)
        return code;
    if (view->cli->common.json)
        return format_json(claims ? claims_json(view) : sets_json(view), out, err);
    return claims ? format_claims(view, out, err) : format_sets(view, out, err);
}

/* A name that is not built in would only be noticed when it is measured. */
static enum doubt_code check_networks(const struct doubt_claim_set *set, const char *text,
                                      size_t size, const char *path, struct doubt_err *err)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct doubt_claim *claim = &set->claims[i];
        const struct doubt_net *net;
        struct doubt_err reason = {0};
        if (claim->network[0] == '\0' || doubt_net_find(claim->network, &net, &reason) == DOUBT_OK)
            continue;
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "%s, line %zu, claim \"%.100s\", field \"network\": %s; or \"\", and "
                             "a remark that says why it is unknown",
                             path, doubt_claim_line(text, size, i, "network"), claim->id,
                             reason.text);
    }
    return DOUBT_OK;
}

static enum doubt_code validate(const struct doubt_cli *cli, const char *path,
                                struct doubt_str *out, struct doubt_err *err)
{
    char *text = NULL;
    size_t size = 0;
    struct doubt_claim_set set = {0};
    enum doubt_code code = doubt_file_read(path, DOUBT_CLAIM_FILE_MAX, &text, &size, err);
    if (code == DOUBT_OK)
        code = doubt_claim_set_parse(text, size, path, &set, err);
    if (code == DOUBT_OK)
        code = check_networks(&set, text, size, path, err);
    if (code == DOUBT_OK && cli->common.json)
        code = format_json(json_pack("{s:s, s:s, s:I}", "name", set.name, "title", set.title,
                                     "claims", (json_int_t)set.count),
                           out, err);
    else if (code == DOUBT_OK)
        doubt_str_addf(out, "%s: %zu claim%s, %s\n", path, set.count, set.count == 1 ? "" : "s",
                       set.title);
    doubt_claim_set_free(&set);
    free(text);
    return code;
}

static enum doubt_code check_words(const struct doubt_opt_args *args, const struct values *values,
                                   struct doubt_err *err)
{
    bool show_one = args->count > 0 && strcmp(args->items[0], "show") == 0;
    bool check = args->count > 0 && strcmp(args->items[0], "validate") == 0;
    if ((show_one || check) && args->count < 2)
        return doubt_err_set(err, DOUBT_E_USAGE, "%s needs %s", args->items[0],
                             check ? "a file: doubt claims validate ./my-board.json"
                                   : "a claim: doubt claims show nano-resnet50");
    if (args->count > 1 && !show_one && !check)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "\"%s\" is one word too many: accepted are a set's name, show ID and "
                             "validate FILE",
                             args->items[1]);
    if ((show_one || check) && is_filtered(&values->filter))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "%s takes one name; --device, --network and --year are for lists",
                             args->items[0]);
    return DOUBT_OK;
}

static enum doubt_code answer(const struct doubt_cli *cli, const struct values *values,
                              const struct doubt_opt_args *args, struct doubt_str *out,
                              struct doubt_err *err)
{
    struct doubt_catalog catalog;
    struct view view = {cli, &catalog, &values->filter};
    if (args->count == 2 && strcmp(args->items[0], "validate") == 0)
        return validate(cli, args->items[1], out, err);
    const char *set = args->count == 1 ? args->items[0] : NULL;
    enum doubt_code code = doubt_catalog_open(cli, set, &catalog, err);
    if (code != DOUBT_OK)
        return code;
    if (args->count == 2)
        code = show(&view, args->items[1], out, err);
    else
        code = list(&view, set != NULL || is_filtered(&values->filter), out, err);
    doubt_catalog_close(&catalog);
    return code;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    struct doubt_str out;
    doubt_str_init(&out, OUTPUT_MAX);
    enum doubt_code code = doubt_cli_options(cli, &values, 2, &args, &err);
    if (code == DOUBT_OK)
        code = check_words(&args, &values, &err);
    if (code == DOUBT_OK)
        code = answer(cli, &values, &args, &out, &err);
    if (code == DOUBT_OK && out.failed)
        code = doubt_err_set(&err, DOUBT_E_MEMORY, "out of memory for the list of claims");
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return code == DOUBT_OK ? DOUBT_EXIT_OK : doubt_cli_fail(cli, &err);
}

const struct doubt_cmd doubt_cmd_claims = {
    .name = "claims",
    .summary = "published figures: conditions, sources, what digits stand for",
    .usage = "[SET | show ID | validate FILE]",
    .details = "Without a word, the claim sets: how many claims, for how many the network is built "
               "in, and how many could be tested as published on their device, by which engine; "
               "that the input has another size than the built-in network's is only seen when it "
               "is measured. SET is a name or a path and lists its claims; --device, --network or "
               "--year alone search all sets.\n"
               "show prints one claim: its conditions, its source, the interval that its digits "
               "stand for, and independent measurements of the same network on the same device, "
               "whatever their other conditions. validate reads a file as a claim set; an error "
               "names line and field.",
    .examples = examples,
    .options = options,
    .run = run,
};

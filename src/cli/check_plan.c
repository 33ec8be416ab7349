/* check_plan.c: what a check would measure, and what it cannot. See check.h. */
#include "cli/check.h"

#include "model/tensor.h"
#include "report/json.h"
#include "report/table.h"

#include <string.h>

enum {
    KEY_COLUMNS = 19,
    OUTPUT_MAX = 4 << 20,
    TEXT_BYTES = 320,
    GAP = 3,
    BELOW = 4,
    WHY_LEAST = 40
};

static size_t width_of(const struct doubt_check_run *check)
{
    return check->values->settings.wide ? 0 : check->cli->width;
}

static const char *precision_name(enum doubt_precision precision)
{
    return doubt_precision_name(precision);
}

static enum doubt_code add_row(const void *context, size_t i, struct doubt_table *table,
                               struct doubt_err *err)
{
    char figure[TEXT_BYTES], batch[24];
    const struct doubt_check_run *check = context;
    const struct doubt_check_row *row = &check->rows[i];
    const struct doubt_claim *claim = &check->set.claims[row->claim];
    snprintf(figure, sizeof figure, "%s %s", claim->figure, claim->unit);
    snprintf(batch, sizeof batch, "%d", (int)check->subjects[row->subject].batch);
    const char *texts[] = {claim->title,
                           claim->id,
                           check->picks[row->pick].engine->name,
                           precision_name(row->precision),
                           batch,
                           figure};
    return doubt_table_add(table, texts, err);
}

static enum doubt_code format_rows(const struct doubt_check_run *check, struct doubt_str *out,
                                   struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"network", false, 0},   {"claim", false, 2}, {"engine", false, 0},
        {"precision", false, 0}, {"batch", true, 3},  {"figure", true, 1},
    };
    const struct doubt_table_shape shape = {columns,          sizeof columns / sizeof columns[0],
                                            check->row_count, add_row,
                                            width_of(check),  check->cli->color};
    return doubt_table_print(&shape, check, out, err);
}

/* Columns that the longest id of what is not measured takes, and the longest reason. */
static size_t not_columns(const struct doubt_check_run *check, size_t *why_columns)
{
    size_t columns = strlen("not measured");
    *why_columns = 0;
    for (size_t i = 0; i < check->set.count; i++) {
        size_t id = strlen(check->set.claims[i].id), why = strlen(check->claims[i].why);
        columns = why > 0 && id > columns ? id : columns;
        *why_columns = why > *why_columns ? why : *why_columns;
    }
    return columns + GAP;
}

/* Where the reasons are wider than the terminal they are broken, below the id where little room is
 * left beside it, and nothing else is said. */
static void list_not(const struct doubt_check_run *check, size_t columns, struct doubt_str *out)
{
    bool below = columns + WHY_LEAST > check->cli->width;
    size_t indent = below ? BELOW : columns;
    doubt_str_addf(out, "%-*s%s\n", below ? 0 : (int)columns, "not measured",
                   below ? ", and why" : "why");
    for (size_t i = 0; i < check->set.count; i++)
        if (check->claims[i].why[0] != '\0') {
            doubt_str_addf(out, "%-*s", below ? 0 : (int)columns, check->set.claims[i].id);
            if (below)
                doubt_str_addf(out, "\n%*s", BELOW, "");
            doubt_str_wrap(out, check->claims[i].why, indent, check->cli->width);
        }
}

static enum doubt_code add_not(const void *context, size_t i, struct doubt_table *table,
                               struct doubt_err *err)
{
    char figure[TEXT_BYTES];
    const struct doubt_check_run *check = context;
    const struct doubt_claim *claim = &check->set.claims[i];
    snprintf(figure, sizeof figure, "%s %s", claim->figure, claim->unit);
    const char *texts[] = {claim->id, claim->title, figure, check->claims[i].why};
    return check->claims[i].why[0] != '\0' ? doubt_table_add(table, texts, err) : DOUBT_OK;
}

static enum doubt_code table_not(const struct doubt_check_run *check, struct doubt_str *out,
                                 struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"not measured", false, 0}, {"network", false, 2}, {"figure", true, 1}, {"why", false, 0}};
    const struct doubt_table_shape shape = {columns,          sizeof columns / sizeof columns[0],
                                            check->set.count, add_not,
                                            width_of(check),  check->cli->color};
    return doubt_table_print(&shape, check, out, err);
}

static enum doubt_code format_not(const struct doubt_check_run *check, struct doubt_str *out,
                                  struct doubt_err *err)
{
    size_t why, id = not_columns(check, &why), width = width_of(check);
    if (width > 0 && id + why > width) {
        list_not(check, id, out);
        return DOUBT_OK;
    }
    return table_not(check, out, err);
}

static enum doubt_code add_also(const void *context, size_t i, struct doubt_table *table,
                                struct doubt_err *err)
{
    char figure[TEXT_BYTES];
    const struct doubt_check_run *check = context;
    const struct doubt_claim *claim = &check->set.claims[i];
    if (check->claims[i].with == SIZE_MAX)
        return DOUBT_OK;
    snprintf(figure, sizeof figure, "%s %s", claim->figure, claim->unit);
    const char *texts[] = {claim->id, figure, check->set.claims[check->claims[i].with].id};
    return doubt_table_add(table, texts, err);
}

static enum doubt_code format_also(const struct doubt_check_run *check, struct doubt_str *out,
                                   struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"the same rows beside", false, 0}, {"figure", true, 0}, {"rows of", false, 0}};
    const struct doubt_table_shape shape = {columns,          sizeof columns / sizeof columns[0],
                                            check->set.count, add_also,
                                            width_of(check),  check->cli->color};
    return doubt_table_print(&shape, check, out, err);
}

static bool any_also(const struct doubt_check_run *check)
{
    for (size_t i = 0; i < check->set.count; i++)
        if (check->claims[i].with != SIZE_MAX)
            return true;
    return false;
}

static bool any_not(const struct doubt_check_run *check)
{
    for (size_t i = 0; i < check->set.count; i++)
        if (check->claims[i].why[0] != '\0')
            return true;
    return false;
}

static void line(const struct doubt_check_run *check, const char *key, const char *text,
                 struct doubt_str *out)
{
    doubt_str_addf(out, "%-*s", KEY_COLUMNS, key);
    if (strlen(key) >= KEY_COLUMNS)
        doubt_str_add(out, "  ");
    doubt_str_wrap(out, text, KEY_COLUMNS, check->cli->width);
}

/* What --prepare would do; nothing where it was not asked for. */
static void say_prepare(const struct doubt_check_run *check, struct doubt_str *out)
{
    char would[1024], text[1100];
    if (!check->values->prepare)
        return;
    bool can = doubt_prepare_would(&check->machine, would, sizeof would);
    snprintf(text, sizeof text, "%s%s", can ? "" : "would fail: ", would);
    line(check, "prepare", text, out);
}

/* {"possible", "what"}; null where --prepare was not asked for. */
static json_t *prepare_json(const struct doubt_check_run *check)
{
    char would[1024];
    if (!check->values->prepare)
        return json_null();
    bool can = doubt_prepare_would(&check->machine, would, sizeof would);
    return json_pack("{s:b, s:o}", "possible", can, "what", doubt_text_to_json(would));
}

static int64_t restarts_of(const struct doubt_check_run *check)
{
    return check->values->settings.restarts > 0 ? check->values->settings.restarts : 20;
}

static enum doubt_code format_text(const struct doubt_check_run *check, struct doubt_str *out,
                                   struct doubt_err *err)
{
    char text[TEXT_BYTES];
    enum doubt_code code = DOUBT_OK;
    line(check, check->set.name, check->set.title, out);
    if (check->row_count > 0) {
        doubt_str_add(out, "\n");
        code = format_rows(check, out, err);
        doubt_str_add(out, "\n");
        snprintf(text, sizeof text, "%lld of each row, interleaved in random order",
                 (long long)restarts_of(check));
        line(check, "restarts", text, out);
        if (check->values->engines == DOUBT_CHECK_BEST && check->pick_count > 1)
            line(check, "engine", "the fastest of these, which a pilot finds; only its rows run",
                 out);
        say_prepare(check, out);
    }
    if (code == DOUBT_OK && check->row_count > 0 && any_also(check)) {
        doubt_str_add(out, "\n");
        code = format_also(check, out, err);
    }
    if (code == DOUBT_OK && any_not(check)) {
        doubt_str_add(out, "\n");
        code = format_not(check, out, err);
    }
    if (check->row_count == 0)
        doubt_str_add(out, "\n");
    if (check->row_count == 0 && check->subject_count > 0)
        line(check, "nothing to measure", "there is no engine here that can be used", out);
    else if (check->row_count == 0)
        line(check, "nothing to measure",
             "no engine can test a claim of it as published; --as-is measures networks that are "
             "built in all the same",
             out);
    return code;
}

static json_t *to_json(const struct doubt_check_run *check)
{
    json_t *rows = json_array(), *also = json_array(), *not = json_array();
    for (size_t i = 0; i < check->row_count; i++) {
        const struct doubt_check_row *row = &check->rows[i];
        const struct doubt_claim *claim = &check->set.claims[row->claim];
        json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "claim",
                                              claim->id, "network", claim->network, "engine",
                                              check->picks[row->pick].engine->name, "precision",
                                              precision_name(row->precision), "batch",
                                              (int)check->subjects[row->subject].batch, "figure",
                                              claim->figure, "unit", claim->unit));
    }
    for (size_t i = 0; i < check->set.count; i++)
        if (check->claims[i].with != SIZE_MAX)
            json_array_append_new(also, json_pack("{s:s, s:s}", "claim", check->set.claims[i].id,
                                                  "rows_of",
                                                  check->set.claims[check->claims[i].with].id));
    for (size_t i = 0; i < check->set.count; i++)
        if (check->claims[i].why[0] != '\0')
            json_array_append_new(not, json_pack("{s:s, s:s}", "claim", check->set.claims[i].id,
                                                 "why", check->claims[i].why));
    return json_pack("{s:s, s:I, s:o, s:o, s:o, s:o}", "claim_set", check->set.name, "restarts",
                     (json_int_t)restarts_of(check), "rows", rows, "also", also, "not_measured",
                     not, "prepare", prepare_json(check));
}

int doubt_check_print_plan(struct doubt_check_run *check)
{
    struct doubt_err err = {0};
    struct doubt_str out;
    doubt_str_init(&out, OUTPUT_MAX);
    enum doubt_code code;
    if (check->cli->common.json) {
        json_t *document = to_json(check);
        code = doubt_json_format(document, &out, &err);
        json_decref(document);
    } else {
        code = format_text(check, &out, &err);
    }
    if (code == DOUBT_OK && out.failed)
        code = doubt_err_set(&err, DOUBT_E_MEMORY, "out of memory for the plan");
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    if (code != DOUBT_OK)
        return doubt_cli_fail(check->cli, &err);
    return check->row_count > 0 ? DOUBT_EXIT_OK : DOUBT_EXIT_INCONCLUSIVE;
}

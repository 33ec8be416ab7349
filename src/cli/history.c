/* history.c: see history.h. */
#include "cli/history.h"

#include "cli/catalog.h"
#include "report/table.h"
#include "report/view.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEXT_BYTES = 64, KEY_COLUMNS = 22, WRAP = 118 };

/* --- values --------------------------------------------------------------------------------- */

/* "2019-05-01 00:00:00"; "" when missing. */
static void format_date(int64_t ns, char *out, size_t out_bytes)
{
    struct tm parts;
    time_t seconds = (time_t)(ns / 1000000000);
    if (ns == DOUBT_MISSING_I64 || gmtime_r(&seconds, &parts) == NULL ||
        strftime(out, out_bytes, "%Y-%m-%d %H:%M:%S", &parts) == 0)
        out[0] = '\0';
}

/* Four decimals of a ms, or the ns where those say nothing. */
static void format_ms(double ns, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (isfinite(ns))
        snprintf(out, out_bytes, "%.*f", fabs(ns) < 10000 ? 6 : 4, ns / 1e6);
}

static void format_count(int64_t value, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (value != DOUBT_MISSING_I64)
        snprintf(out, out_bytes, "%" PRId64, value);
}

/* A number of the record for a reader: seven digits in the multiple of its unit that suits. --json
 * has all digits, in the unit of the field's name. */
static void format_number(double value, const char *unit, char *out, size_t out_bytes)
{
    static const struct {
        const char *unit, *multiple;
        double size;
    } multiples[] = {
        {"ns", "s", 1e9}, {"ns", "ms", 1e6}, {"ns", "us", 1e3},    {"B", "GB", 1e9},
        {"B", "MB", 1e6}, {"B", "kB", 1e3},  {"B/s", "GB/s", 1e9}, {"B/s", "MB/s", 1e6},
    };
    const char *shown = strcmp(unit, "1") == 0 ? "" : unit;
    double size = 1;
    for (size_t i = 0; size == 1 && i < sizeof multiples / sizeof multiples[0]; i++)
        if (strcmp(unit, multiples[i].unit) == 0 && fabs(value) >= multiples[i].size) {
            shown = multiples[i].multiple;
            size = multiples[i].size;
        }
    /* Large whole numbers are counts, not to be cut. */
    bool whole = size == 1 && value == rint(value) && fabs(value) < 1e15;
    snprintf(out, out_bytes, whole ? "%.0f%s%s" : "%.7g%s%s", value / size,
             shown[0] != '\0' ? " " : "", shown);
}

/* Control characters, C1 included, as "\x1b": a worker's output stays text. */
static void add_visible(struct doubt_str *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
        if (*p == '\n')
            doubt_str_add(out, "\\n");
        else if (*p < 0x20 || *p == 0x7F)
            doubt_str_addf(out, "\\x%02x", *p);
        else if (p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0)
            doubt_str_addf(out, "\\u%04x", *++p);
        else
            doubt_str_add_bytes(out, p, 1);
}

static bool is_wall_time(const struct doubt_field *field)
{
    return field->scope == DOUBT_SERIES && field->type == DOUBT_I64_FIELD &&
           (strcmp(field->name, "begun_ns") == 0 || strcmp(field->name, "ended_ns") == 0);
}

static void add_value(struct doubt_str *out, const struct doubt_field *field, const void *record)
{
    const void *value = doubt_field_at_const(field, record);
    char text[TEXT_BYTES];
    if (field->type == DOUBT_TEXT_FIELD) {
        add_visible(out, *(char *const *)value);
        return;
    }
    bool is_count = field->type == DOUBT_I64_FIELD;
    if (is_count && (field->unit[0] == '\0' || is_wall_time(field)))
        format_count(*(const int64_t *)value, text, sizeof text);
    else
        format_number(is_count ? (double)*(const int64_t *)value : *(const double *)value,
                      field->unit, text, sizeof text);
    doubt_str_addf(out, "%s%s", text, is_wall_time(field) ? " ns" : "");
    if (is_wall_time(field)) {
        format_date(*(const int64_t *)value, text, sizeof text);
        doubt_str_addf(out, " (%s UTC)", text);
    }
}

/* --- list ----------------------------------------------------------------------------------- */

/* Those of the cells, then those of their further claims; NULL: none. */
static const char *verdict_at(const struct doubt_store_series *entry, size_t i)
{
    return i < entry->cell_count ? entry->cells[i].verdict
                                 : entry->also[i - entry->cell_count].verdict;
}

/* "2 HOLDS, 1 FALLS SHORT": verdicts in the order in which they come. */
static void count_verdicts(const struct doubt_store_series *entry, struct doubt_str *out)
{
    const size_t all = entry->cell_count + entry->also_count;
    for (size_t i = 0; i < all; i++) {
        const char *verdict = verdict_at(entry, i);
        size_t count = 0, earlier = 0;
        for (size_t k = 0; verdict != NULL && k < all; k++) {
            const char *other = verdict_at(entry, k);
            bool same = other != NULL && strcmp(other, verdict) == 0;
            count += same;
            earlier += same && k < i;
        }
        if (count > 0 && earlier == 0 && verdict[0] != '\0')
            doubt_str_addf(out, "%s%zu %s", out->len > 0 ? ", " : "", count, verdict);
    }
}

/* The cell that only measures the cost of measuring is no row of any table, nor counted here. */
void doubt_history_make_brief(const struct doubt_store_series *entry,
                              struct doubt_history_brief *brief)
{
    struct doubt_str text, visible;
    double mean_ns = NAN;
    char mean[TEXT_BYTES];
    *brief = (struct doubt_history_brief){0, ""};
    doubt_str_init(&text, 1 << 16);
    doubt_str_init(&visible, 1 << 16);
    for (size_t i = 0; i < entry->cell_count; i++)
        if (!doubt_view_is_hidden(&entry->cells[i])) {
            brief->rows++;
            mean_ns = entry->cells[i].mean_ns;
        }
    if (entry->series.compare_verdict != NULL)
        doubt_str_add(&text, entry->series.compare_verdict);
    else
        count_verdicts(entry, &text);
    if (text.len == 0 && entry->series.claim_set != NULL)
        doubt_str_add(&text, "no verdict");
    else if (text.len == 0 && brief->rows == 1 && isfinite(mean_ns)) {
        format_ms(mean_ns, mean, sizeof mean);
        doubt_str_addf(&text, "%s ms", mean);
    }
    add_visible(&visible, doubt_str_text(&text));
    doubt_str_copy(brief->result, sizeof brief->result, doubt_str_text(&visible));
    doubt_str_free(&text);
    doubt_str_free(&visible);
}

static enum doubt_code add_series(const void *context, size_t index, struct doubt_table *table,
                                  struct doubt_err *err)
{
    const struct doubt_history_overview *overview = context;
    const struct doubt_series *series = &overview->series[index];
    char id[TEXT_BYTES], date[TEXT_BYTES], count[TEXT_BYTES];
    struct doubt_str command, machine;
    doubt_str_init(&command, 1 << 16);
    doubt_str_init(&machine, 1 << 16);
    format_count(series->id, id, sizeof id);
    format_date(series->begun_ns, date, sizeof date);
    format_count(overview->briefs[index].rows, count, sizeof count);
    add_visible(&command, series->command != NULL ? series->command : "");
    add_visible(&machine, series->machine != NULL ? series->machine : "");
    const char *texts[] = {id,
                           date,
                           series->state != NULL ? series->state : "",
                           count,
                           overview->briefs[index].result,
                           doubt_str_text(&command),
                           doubt_str_text(&machine)};
    enum doubt_code code = doubt_table_add(table, texts, err);
    doubt_str_free(&command);
    doubt_str_free(&machine);
    return code;
}

enum doubt_code doubt_history_list(const struct doubt_cli *cli,
                                   const struct doubt_history_overview *overview,
                                   struct doubt_str *out, struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"series", true, 0},  {"begun (UTC)", false, 0}, {"state", false, 2},   {"cells", true, 3},
        {"result", false, 1}, {"command", false, 0},     {"machine", false, 4},
    };
    /* The command is cut before all but the machine goes. */
    static const struct doubt_table_narrow command = {5, 3, 25, DOUBT_TABLE_CUT};
    const struct doubt_table_shape shape = {columns,         sizeof columns / sizeof columns[0],
                                            overview->count, add_series,
                                            cli->width,      cli->color};
    return doubt_table_print_narrow(&shape, &command, overview, out, err);
}

/* --- page ----------------------------------------------------------------------------------- */

static void add_fields(const struct doubt_cli *cli, enum doubt_scope scope, const void *record,
                       struct doubt_str *out)
{
    size_t count, width = cli->width > 0 && cli->width < WRAP ? cli->width : WRAP;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    for (size_t i = 0; i < count; i++) {
        if (doubt_field_is_missing(&fields[i], record))
            continue;
        struct doubt_str value;
        doubt_str_init(&value, 1 << 20);
        add_value(&value, &fields[i], record);
        doubt_str_addf(out, "%-*s", KEY_COLUMNS, fields[i].name);
        doubt_str_wrap(out, doubt_str_text(&value), KEY_COLUMNS, width);
        doubt_str_free(&value);
    }
}

/* Restarts of one table share it: cell, number and what happened. */
static enum doubt_code add_restart(const void *restarts, size_t i, struct doubt_table *table,
                                   struct doubt_err *err)
{
    const struct doubt_restart *restart = (const struct doubt_restart *)restarts + i;
    char cell[TEXT_BYTES], number[TEXT_BYTES], position[TEXT_BYTES], samples[TEXT_BYTES],
        mean[TEXT_BYTES], lowest[TEXT_BYTES], highest[TEXT_BYTES];
    struct doubt_str sentence;
    doubt_str_init(&sentence, 1 << 16);
    format_count(restart->cell, cell, sizeof cell);
    format_count(restart->number, number, sizeof number);
    format_count(restart->position, position, sizeof position);
    format_count(restart->iterations, samples, sizeof samples);
    format_ms(restart->mean_ns, mean, sizeof mean);
    format_ms(restart->min_ns == DOUBT_MISSING_I64 ? NAN : (double)restart->min_ns, lowest,
              sizeof lowest);
    format_ms(restart->max_ns == DOUBT_MISSING_I64 ? NAN : (double)restart->max_ns, highest,
              sizeof highest);
    add_visible(&sentence, restart->sentence != NULL ? restart->sentence : "");
    const char *texts[] = {cell,
                           number,
                           position,
                           restart->outcome != NULL ? restart->outcome : "",
                           samples,
                           mean,
                           lowest,
                           highest,
                           doubt_str_text(&sentence)};
    enum doubt_code code = doubt_table_add(table, texts, err);
    doubt_str_free(&sentence);
    return code;
}

static enum doubt_code add_restarts(const struct doubt_cli *cli,
                                    const struct doubt_history *history, struct doubt_str *out,
                                    struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"cell", true, 0},     {"restart", true, 0}, {"position", true, 3},
        {"outcome", false, 0}, {"samples", true, 0}, {"mean ms", true, 0},
        {"min ms", true, 2},   {"max ms", true, 2},  {"what happened", false, 1},
    };
    const struct doubt_table_shape shape = {columns,
                                            sizeof columns / sizeof columns[0],
                                            history->restarts.count,
                                            add_restart,
                                            cli->width,
                                            cli->color};
    return doubt_table_print(&shape, history->restarts.restarts, out, err);
}

/* As it was printed first, where the claim set is still there. */
static enum doubt_code add_view(const struct doubt_cli *cli, const struct doubt_history *history,
                                struct doubt_str *out, struct doubt_err *err)
{
    struct doubt_view_style style = {.width = cli->width, .color = cli->color};
    const struct doubt_record_parts parts = doubt_store_parts(&history->entry);
    const char *name = history->entry.series.claim_set;
    struct doubt_claim_set set;
    bool known = name != NULL && doubt_claim_set_load(name, &set, NULL) == DOUBT_OK;
    if (known) {
        style.title = set.title;
        style.word = doubt_catalog_word(&set);
    }
    enum doubt_code code = doubt_view_series(&parts, &style, out, err);
    if (known)
        doubt_claim_set_free(&set);
    return code;
}

enum doubt_code doubt_history_page(const struct doubt_cli *cli, const struct doubt_history *history,
                                   struct doubt_str *out, struct doubt_err *err)
{
    enum doubt_code code = add_view(cli, history, out, err);
    if (code != DOUBT_OK)
        return code;
    doubt_str_addf(out, "\n--- series %" PRId64 " ---\n", history->entry.series.id);
    add_fields(cli, DOUBT_SERIES, &history->entry.series, out);
    for (size_t i = 0; i < history->entry.cell_count; i++) {
        doubt_str_addf(out, "\n--- cell %" PRId64 " ---\n", history->entry.cells[i].number);
        add_fields(cli, DOUBT_CELL, &history->entry.cells[i], out);
    }
    for (size_t i = 0; i < history->entry.also_count; i++) {
        const struct doubt_also *also = &history->entry.also[i];
        doubt_str_addf(out, "\n--- cell %" PRId64 ", also %" PRId64 " ---\n", also->cell,
                       also->number);
        add_fields(cli, DOUBT_ALSO, also, out);
    }
    doubt_str_addf(out, "\n--- restarts ---\n");
    if (history->restarts.count == 0)
        doubt_str_add(out, "none\n");
    else
        code = add_restarts(cli, history, out, err);
    if (code == DOUBT_OK && out->failed)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a page");
    return code;
}

/* --- JSON ----------------------------------------------------------------------------------- */

static json_t *array_of(enum doubt_scope scope, const void *records, size_t count)
{
    json_t *array = json_array();
    const char *record = records;
    for (size_t i = 0; array != NULL && i < count; i++)
        if (json_array_append_new(
                array, doubt_record_to_json(scope, record + i * doubt_record_bytes(scope))) != 0) {
            json_decref(array);
            array = NULL;
        }
    return array;
}

json_t *doubt_history_json(const struct doubt_history *history)
{
    json_t *document = json_object();
    if (json_object_set_new(document, "series",
                            doubt_record_to_json(DOUBT_SERIES, &history->entry.series)) == 0 &&
        json_object_set_new(
            document, "cells",
            array_of(DOUBT_CELL, history->entry.cells, history->entry.cell_count)) == 0 &&
        json_object_set_new(document, "also",
                            array_of(DOUBT_ALSO, history->entry.also, history->entry.also_count)) ==
            0 &&
        json_object_set_new(
            document, "restarts",
            array_of(DOUBT_RESTART, history->restarts.restarts, history->restarts.count)) == 0)
        return document;
    json_decref(document);
    return NULL;
}

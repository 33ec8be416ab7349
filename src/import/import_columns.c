/* import_columns.c: plain columns and CSV with a heading. See import_int.h.
 *
 * A unit of work is one row, which is a run with one figure; or, where the caller says that the
 * values are samples of one process, the whole file. Not for the CSV of tools that have an importer
 * of their own.
 */
#include "import/import_int.h"
#include "util/str.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS_MAX = 64, FIELD_BYTES = 200 };

struct columns {
    struct doubti_reading *reading;
    char separator;     /* ' ': blanks */
    size_t value, name; /* place from 0; SIZE_MAX: none */
    char unit[16], statistic[16], heading[40];
    bool begun; /* the first row was read */
};

/* The fields of one line: pointers into a copy. */
struct row {
    char text[DOUBT_IMPORT_LINE_MAX + 1];
    char *fields[FIELDS_MAX];
    size_t count;
};

/* --- fields --------------------------------------------------------------------------------- */

static char find_separator(const char *line, bool decimal_comma)
{
    if (strchr(line, '\t') != NULL)
        return '\t';
    if (strchr(line, ';') != NULL)
        return ';';
    return strchr(line, ',') != NULL && !decimal_comma ? ',' : ' ';
}

/* Ends the field at `at`, quotes taken off; what follows its separator, NULL at the line's end. */
static char *end_field(char *at, char separator, char **field)
{
    bool quoted = *at == '"';
    char *from = quoted ? at + 1 : at, *end = NULL;
    if (quoted)
        end = strchr(from, '"');
    if (end != NULL)
        *end++ = '\0';
    else
        end = from;
    while (*end != '\0' && *end != separator && !(separator == ' ' && *end == '\t'))
        end++;
    bool more = *end != '\0';
    *end = '\0';
    *field = from;
    for (char *last = from + strlen(from); last > from && isspace((unsigned char)last[-1]);)
        *--last = '\0';
    return more ? end + 1 : NULL;
}

static void split(struct row *row, const char *line, char separator)
{
    doubt_str_copy(row->text, sizeof row->text, line);
    char *at = row->text;
    row->count = 0;
    while (at != NULL && row->count < FIELDS_MAX) {
        at += strspn(at, separator == '\t' ? " " : " \t");
        if (separator == ' ' && *at == '\0')
            break;
        at = end_field(at, separator, &row->fields[row->count++]);
    }
}

static bool is_number(const char *text)
{
    text += *text == '-' || *text == '+';
    return isdigit((unsigned char)*text) || (*text == '.' && isdigit((unsigned char)text[1]));
}

/* --- headings ------------------------------------------------------------------------------- */

/* "mean_ms", "latency (ms)", "FPS": the unit at its end; "" when there is none. */
static void heading_unit(const char *heading, char out[16])
{
    static const char *const names[] = {"ns",  "us",    "ms",        "s",     "FPS",
                                        "QPS", "img/s", "samples/s", "inf/s", "ips"};
    size_t end = strlen(heading);
    while (end > 0 && strchr(")] ", heading[end - 1]) != NULL)
        end--;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size = strlen(names[i]);
        bool parted = end == size || (end > size && strchr("_ ([.-", heading[end - size - 1]));
        if (end >= size && parted && strncasecmp(heading + end - size, names[i], size) == 0)
            doubt_str_copy(out, 16, names[i]);
    }
}

static void heading_statistic(const char *heading, char out[16])
{
    static const char *const rows[][2] = {
        {"mean", "mean"},      {"avg", "mean"},       {"average", "mean"},
        {"median", "median"},  {"min", "min"},        {"max", "max"},
        {"fps", "throughput"}, {"qps", "throughput"}, {"throughput", "throughput"}};
    double percent, half;
    snprintf(out, 16, "value");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strncasecmp(heading, rows[i][0], strlen(rows[i][0])) == 0)
            snprintf(out, 16, "%s", rows[i][1]);
    if (tolower((unsigned char)heading[0]) == 'p' &&
        doubti_number(heading + 1, &percent, &half) != NULL)
        doubti_percentile_name(percent, out);
}

/* A column by its number from 1 or its heading. SIZE_MAX: there is none. */
static size_t find_column(const struct row *row, const char *wanted, bool heading)
{
    int64_t number;
    for (size_t i = 0; heading && i < row->count; i++)
        if (strcasecmp(row->fields[i], wanted) == 0)
            return i;
    if (strspn(wanted, "0123456789") == strlen(wanted) && doubti_integer(wanted, &number) &&
        number >= 1 && (size_t)number <= row->count)
        return (size_t)number - 1;
    return SIZE_MAX;
}

static enum doubt_code refuse_column(struct columns *c, const char *wanted, const struct row *row)
{
    char list[240] = "";
    size_t used = 0;
    for (size_t i = 0; i < row->count && used + 40 < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.30s", i > 0 ? ", " : "",
                                 row->fields[i]);
    return doubt_err_set(c->reading->err, DOUBT_E_FORMAT,
                         "line %zu: there is no column \"%.60s\"; there are %s",
                         c->reading->lines->number, wanted, list);
}

/* The value's and the name's column, where the caller does not say. */
static void guess(struct columns *c, const struct row *row, bool heading)
{
    static const char *const names[] = {"network", "model", "name", "model name", "label"};
    char unit[16];
    for (size_t i = 0; c->value == SIZE_MAX && i < row->count; i++) {
        heading_unit(row->fields[i], unit);
        if (heading ? unit[0] != '\0' : is_number(row->fields[i]))
            c->value = i;
    }
    if (heading && c->value == SIZE_MAX && row->count == 1)
        c->value = 0;
    for (size_t i = 0; c->name == SIZE_MAX && i < row->count; i++) {
        bool known = !heading && i != c->value && !is_number(row->fields[i]);
        for (size_t k = 0; heading && k < sizeof names / sizeof names[0]; k++)
            known |= strcasecmp(row->fields[i], names[k]) == 0;
        if (known)
            c->name = i;
    }
}

/* *heading: the row holds no value. */
static enum doubt_code begin(struct columns *c, const struct row *row, bool *heading)
{
    const struct doubt_import_how *how = c->reading->how;
    c->value = c->name = SIZE_MAX;
    *heading = true;
    for (size_t i = 0; i < row->count; i++)
        *heading &= !is_number(row->fields[i]);
    if (how->column != NULL && (c->value = find_column(row, how->column, *heading)) == SIZE_MAX)
        return refuse_column(c, how->column, row);
    if (how->name_column != NULL &&
        (c->name = find_column(row, how->name_column, *heading)) == SIZE_MAX)
        return refuse_column(c, how->name_column, row);
    guess(c, row, *heading);
    if (c->value == SIZE_MAX)
        return doubt_err_set(c->reading->err, DOUBT_E_FORMAT,
                             "line %zu: no column has a unit in its heading, such as mean_ms: say "
                             "which one with --column, and its unit with --unit",
                             c->reading->lines->number);
    doubt_str_copy(c->heading, sizeof c->heading, *heading ? row->fields[c->value] : "");
    heading_unit(c->heading, c->unit);
    heading_statistic(c->heading, c->statistic);
    if (how->unit != NULL)
        doubt_str_copy(c->unit, sizeof c->unit, how->unit);
    return DOUBT_OK;
}

/* --- rows ----------------------------------------------------------------------------------- */

static bool has_own_unit(const char *text)
{
    double value, half;
    const char *end = doubti_number(text, &value, &half);
    return end != NULL && *doubti_skip_blanks(end) != '\0';
}

/* The value's field as a figure of the last run; SIZE_MAX: refused. */
static size_t add_value(struct columns *c, const struct row *row)
{
    const size_t line = c->reading->lines->number;
    char text[FIELD_BYTES];
    if (c->value >= row->count || row->fields[c->value][0] == '\0') {
        doubti_run_refuse(c->reading, "line %zu: column %zu%s%s is missing", line, c->value + 1,
                          c->heading[0] != '\0' ? ", " : "", c->heading);
        return SIZE_MAX;
    }
    doubti_text_copy(text, sizeof text, row->fields[c->value], NULL);
    for (char *at = text; c->reading->how->decimal_comma && *at != '\0'; at++)
        if (*at == ',')
            *at = '.';
    bool own = has_own_unit(text);
    const struct doubti_place place = {c->heading[0] != '\0' ? c->heading : "value", c->statistic,
                                       ""};
    if (!own && c->unit[0] == '\0') {
        doubti_run_refuse(c->reading, "line %zu: \"%.60s\" has no unit: --unit ms", line, text);
        return SIZE_MAX;
    }
    size_t index = doubti_run_figure(c->reading, &place, text, own ? NULL : c->unit);
    if (index == SIZE_MAX)
        return index;
    if (doubti_run_last(c->reading)->figures[index].figure.value > 0)
        return index;
    doubti_run_refuse(c->reading, "line %zu: \"%.60s\" is 0: nothing was measured", line, text);
    return SIZE_MAX;
}

static void add_run(struct columns *c, const struct row *row)
{
    struct doubt_import_run *run = doubti_run_add(c->reading, "columns", "");
    if (run == NULL)
        return;
    run->converts = true;
    if (c->name < row->count)
        doubti_text_copy(run->network, sizeof run->network, row->fields[c->name], NULL);
    size_t index = add_value(c, row);
    run = doubti_run_last(c->reading);
    if (index == SIZE_MAX)
        return;
    if (run->figures[index].figure.kind == DOUBT_UNIT_RATE)
        run->main_rate = index;
    else
        run->main_time = index;
    for (size_t i = 0; run->network[0] != '\0' && i + 1 < c->reading->import->count; i++)
        if (strcmp(c->reading->import->runs[i].network, run->network) == 0) {
            doubti_run_note(c->reading, DOUBT_IMPORT_REMARK, "line %zu has the same name",
                            c->reading->import->runs[i].first_line);
            break;
        }
}

/* Samples of one process: one run; its figure is only a stepping stone to the sample. */
static void add_sample(struct columns *c, const struct row *row)
{
    struct doubt_import_run *run = doubti_run_last(c->reading);
    if (run == NULL)
        run = doubti_run_add(c->reading, "columns", "");
    if (run == NULL || run->refused[0] != '\0')
        return;
    run->converts = true;
    size_t index = add_value(c, row);
    run = doubti_run_last(c->reading);
    if (index == SIZE_MAX)
        return;
    if (run->figures[index].figure.kind == DOUBT_UNIT_RATE)
        doubti_run_refuse(c->reading, "line %zu: samples are times, and this is a rate",
                          c->reading->lines->number);
    else
        doubti_run_sample(c->reading, run->figures[index].figure.value);
    run->figure_count--;
}

static enum doubt_code finish_samples(struct columns *c)
{
    struct doubti_reading *reading = c->reading;
    struct doubt_import_run *run = doubti_run_last(reading);
    const struct doubti_place rows[] = {
        {"value", "mean", ""}, {"value", "median", ""}, {"value", "p90", ""}, {"value", "p99", ""}};
    if (run->refused[0] != '\0')
        return DOUBT_OK;
    snprintf(run->sample_name, sizeof run->sample_name, "%s",
             c->heading[0] != '\0' ? c->heading : "value");
    enum doubt_code code = doubti_run_count(reading);
    if (code != DOUBT_OK)
        return code;
    free(run->figures);
    run->figures = NULL;
    run->figure_count = 0;
    doubti_run_summarise(reading, rows);
    return DOUBT_OK;
}

static enum doubt_code read_rows(struct doubti_reading *reading, struct row *row)
{
    struct columns c = {.reading = reading};
    while (doubti_next(reading)) {
        const char *line = doubti_skip_blanks(reading->lines->line);
        bool heading = false;
        if (*line == '\0' || *line == '#')
            continue;
        if (!c.begun)
            c.separator = find_separator(line, reading->how->decimal_comma);
        split(row, line, c.separator);
        if (!c.begun) {
            enum doubt_code code = begin(&c, row, &heading);
            if (code != DOUBT_OK)
                return code;
            c.begun = true;
        }
        if (heading)
            continue;
        if (reading->how->samples)
            add_sample(&c, row);
        else
            add_run(&c, row);
    }
    if (reading->failed != DOUBT_OK || reading->import->count == 0)
        return reading->failed;
    enum doubt_code code = reading->how->samples ? finish_samples(&c) : DOUBT_OK;
    if (code == DOUBT_OK)
        doubti_run_note(reading, DOUBT_IMPORT_LIMIT, "what was timed, and how, is not in the file");
    return code;
}

static enum doubt_code read_text(struct doubti_reading *reading)
{
    struct row *row = malloc(sizeof *row);
    if (row == NULL)
        return doubt_err_set(reading->err, DOUBT_E_MEMORY, "out of memory for a row");
    enum doubt_code code = read_rows(reading, row);
    free(row);
    return code;
}

/* A heading of CSV with a unit in one of its fields. */
static bool is_line(const char *line)
{
    char heading[FIELD_BYTES], unit[16];
    const char *at = line;
    bool network = strncasecmp(line, "network", 7) == 0 || strncasecmp(line, "model", 5) == 0 ||
                   strncasecmp(line, "name", 4) == 0;
    if (!network || strlen(line) > 1000)
        return false;
    while ((at = strpbrk(at, ",;\t")) != NULL) {
        doubti_text_copy(heading, sizeof heading, ++at, ",;\t");
        heading_unit(heading, unit);
        if (unit[0] != '\0' && !is_number(heading))
            return true;
    }
    return false;
}

/* Could the row be one of several samples of a process? Then nobody says that a value is a run. */
static bool counts_samples(const char *heading)
{
    static const char *const names[] = {"iter",  "sample",  "inference", "query",
                                        "frame", "request", "image"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncasecmp(heading, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* The first line's fields are words, one of which has a unit; the next line has a number there. */
static bool has_heading(struct row *row, const char *first, const char *next)
{
    const char separator = find_separator(first, false);
    struct columns c = {.value = SIZE_MAX, .name = SIZE_MAX};
    if (separator == ' ')
        return false;
    split(row, first, separator);
    for (size_t i = 0; i < row->count; i++)
        if (is_number(row->fields[i]) || counts_samples(row->fields[i]))
            return false;
    guess(&c, row, true);
    if (c.value == SIZE_MAX || row->count < 2)
        return false;
    const size_t fields = row->count;
    split(row, next, separator);
    return row->count == fields && is_number(row->fields[c.value]);
}

enum doubt_code doubti_columns_recognise(const char *head, size_t size, bool *are,
                                         struct doubt_err *err)
{
    struct doubti_lines lines = {.memory = head, .memory_left = size};
    char *first = NULL;
    struct row *row = malloc(sizeof *row);
    bool more = true;
    *are = false;
    enum doubt_code code = doubti_lines_open(&lines, -1, err);
    if (code == DOUBT_OK && row == NULL)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a row");
    while (code == DOUBT_OK && more) {
        code = doubti_lines_next(&lines, &more, err);
        const char *line = code == DOUBT_OK && more ? doubti_skip_blanks(lines.line) : "";
        if (*line == '\0' || *line == '#')
            continue;
        if (first != NULL) {
            *are = has_heading(row, first, line);
            break;
        }
        first = doubt_str_dup(line);
        if (first == NULL)
            code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a line");
    }
    doubti_lines_close(&lines);
    free(first);
    free(row);
    return code;
}

const struct doubti_importer doubti_importer_columns = {"plain columns and CSV", is_line, NULL,
                                                        read_text};

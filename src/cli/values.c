/* values.c: see values.h. */
#include "cli/values.h"

#include "util/str.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_MAX = 64, SHOWN_MAX = 40 };
/* A number with an exponent, written out. */
enum { EXPONENT_MAX = 15, DIGITS_MAX = 15, DECIMALS_MAX = 17, OUT_BYTES = 160 };
static const char zeros[] = "00000000000000000000000000000000";

/* A piece of the text, not terminated. */
struct piece {
    const char *at;
    size_t size;
};

struct reader {
    const struct doubt_values_how *how;
    struct doubt_values *values;
    size_t capacity;
    size_t line; /* from 1; 0: an option */
    struct doubt_err *err;
    size_t rows;   /* lines with values so far */
    bool numbered; /* each of them begins with its own number, from 1, and has more */
};

/* --- sentences ------------------------------------------------------------------------------ */

/* A file may hold what would spoil a terminal. */
static char harmless(char c)
{
    return c >= 32 && c < 127 ? c : '?';
}

static void show(struct piece piece, char *out)
{
    size_t n = piece.size < SHOWN_MAX ? piece.size : SHOWN_MAX;
    for (size_t i = 0; i < n; i++)
        out[i] = harmless(piece.at[i]);
    out[n] = '\0';
}

static enum doubt_code refuse(const struct reader *reader, struct piece piece, const char *why)
{
    char shown[SHOWN_MAX + 1];
    show(piece, shown);
    if (reader->line == 0)
        return doubt_err_set(reader->err, DOUBT_E_USAGE, "%s: \"%s\" %s", reader->how->label, shown,
                             why);
    return doubt_err_set(reader->err, DOUBT_E_FORMAT, "%s: line %zu: \"%s\" %s", reader->how->label,
                         reader->line, shown, why);
}

/* A sentence that names the figure already. */
static enum doubt_code pass_on(const struct reader *reader, struct doubt_err *why)
{
    for (char *c = why->text; *c != '\0'; c++)
        *c = harmless(*c);
    if (reader->line == 0)
        return doubt_err_set(reader->err, DOUBT_E_USAGE, "%s: %s", reader->how->label, why->text);
    return doubt_err_set(reader->err, DOUBT_E_FORMAT, "%s: line %zu: %s", reader->how->label,
                         reader->line, why->text);
}

/* --- one value ------------------------------------------------------------------------------ */

static enum doubt_code grow(struct reader *reader)
{
    struct doubt_values *values = reader->values;
    if (values->count >= DOUBT_VALUES_MAX)
        return doubt_err_set(reader->err, DOUBT_E_FORMAT,
                             "%s: more than %d values; a value stands for one restart, samples of "
                             "one process are to be averaged first",
                             reader->how->label, DOUBT_VALUES_MAX);
    if (values->count < reader->capacity)
        return DOUBT_OK;
    size_t capacity = reader->capacity > 0 ? 2 * reader->capacity : 16;
    struct doubt_figure *items = realloc(values->items, capacity * sizeof *items);
    if (items == NULL)
        return doubt_err_set(reader->err, DOUBT_E_MEMORY, "%s: out of memory for %zu values",
                             reader->how->label, capacity);
    values->items = items;
    reader->capacity = capacity;
    return DOUBT_OK;
}

static bool begins_number(struct piece piece)
{
    const char *at = piece.at;
    size_t left = piece.size;
    if (left > 0 && (*at == '.' || *at == ',' || *at == '-' || *at == '+')) {
        at++;
        left--;
    }
    return left > 0 && *at >= '0' && *at <= '9';
}

/* Where the exponent of "2.78e+01" begins; the piece's size: it has none. */
static size_t find_exponent(struct piece piece)
{
    for (size_t i = 1; i + 1 < piece.size; i++)
        if ((piece.at[i] == 'e' || piece.at[i] == 'E') && piece.at[i - 1] >= '.' &&
            piece.at[i - 1] <= '9' && strchr("+-0123456789", piece.at[i + 1]) != NULL)
            return i;
    return piece.size;
}

/* The digits of a mantissa; *point: how many stand before its point. False: it has other signs. */
static bool read_mantissa(struct piece mantissa, char *digits, long *count, long *point)
{
    *count = 0;
    *point = -1;
    for (size_t i = mantissa.at[0] == '+'; i < mantissa.size; i++) {
        if (mantissa.at[i] >= '0' && mantissa.at[i] <= '9')
            digits[(*count)++] = mantissa.at[i];
        else if ((mantissa.at[i] == '.' || mantissa.at[i] == ',') && *point < 0)
            *point = *count;
        else
            return false;
    }
    *point = *point < 0 ? *count : *point;
    return *count > 0;
}

/* "2.7812e+01ms" as "27.812ms": programs print so, with all digits of a double, of which the last
 * ones stand for nothing. *significant: the digits that were written, where zeros were put behind
 * them, else 0. False: no such number, or beyond any time or rate. */
static bool write_out(struct piece number, char out[OUT_BYTES], int *significant)
{
    char digits[TOKEN_MAX + 1], tail[TOKEN_MAX + 1], *rest;
    long count, point;
    const size_t at = find_exponent(number);
    if (!read_mantissa((struct piece){number.at, at}, digits, &count, &point))
        return false;
    snprintf(tail, sizeof tail, "%.*s", (int)(number.size - at - 1), number.at + at + 1);
    const long shift = strtol(tail, &rest, 10);
    if (shift < -EXPONENT_MAX || shift > EXPONENT_MAX)
        return false;
    point += shift;
    count = count < DIGITS_MAX ? count : DIGITS_MAX;
    count = count - point < DECIMALS_MAX ? count : DECIMALS_MAX + point;
    if (count < 1 || point > DECIMALS_MAX)
        return false;
    *significant = point > count ? (int)count : 0;
    if (point <= 0)
        snprintf(out, OUT_BYTES, "0.%.*s%.*s%s", (int)-point, zeros, (int)count, digits, rest);
    else if (point < count)
        snprintf(out, OUT_BYTES, "%.*s.%.*s%s", (int)point, digits, (int)(count - point),
                 digits + point, rest);
    else
        snprintf(out, OUT_BYTES, "%.*s%.*s%s", (int)count, digits, (int)(point - count), zeros,
                 rest);
    return true;
}

static bool has_unit(struct piece number)
{
    char last = number.at[number.size - 1];
    return !(last >= '0' && last <= '9') && last != '.' && last != ',';
}

/* unit: of size 0 where none stands behind the number. */
static enum doubt_code add_value(struct reader *reader, struct piece number, struct piece unit)
{
    char text[2 * OUT_BYTES], out[OUT_BYTES];
    struct doubt_figure figure;
    struct doubt_err why = {0};
    struct doubt_figure_options options = {.decimal_comma = reader->how->decimal_comma};
    const char *fallback = reader->how->unit;
    if (!begins_number(number))
        return refuse(reader, number,
                      reader->line > 0 ? "is no number" : "is no number such as 27.8 or 27.8ms");
    if (number.at[0] == '-')
        return refuse(reader, number, "is negative; times and rates are more than 0");
    if (number.size > TOKEN_MAX || unit.size > TOKEN_MAX || memchr(number.at, 0, number.size))
        return refuse(reader, number, "is no value such as 27.8 or 27.8ms");
    if (find_exponent(number) < number.size) {
        if (!write_out(number, out, &options.significant_digits))
            return refuse(reader, number, "has an exponent that is no time's and no rate's");
        options.decimal_comma = false;
        number = (struct piece){out, strlen(out)};
    }
    if (unit.size == 0 && !has_unit(number)) {
        if (fallback == NULL)
            return refuse(reader, number, "has no unit; write it behind the number, or --unit ms");
        unit = (struct piece){fallback, strnlen(fallback, 32)};
    }
    snprintf(text, sizeof text, "%.*s%s%.*s", (int)number.size, number.at, unit.size > 0 ? " " : "",
             (int)unit.size, unit.at);
    if (doubt_figure_parse(text, &options, &figure, &why))
        return pass_on(reader, &why);
    enum doubt_code code = grow(reader);
    if (code == DOUBT_OK)
        reader->values->items[reader->values->count++] = figure;
    return code;
}

/* --- lines ---------------------------------------------------------------------------------- */

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* The next run of bytes that are not in `separators`; false at the end. */
static bool next_word(struct piece *rest, const char *separators, struct piece *word)
{
    while (rest->size > 0 && is_one_of(*rest->at, separators)) {
        rest->at++;
        rest->size--;
    }
    word->at = rest->at;
    while (rest->size > 0 && !is_one_of(*rest->at, separators)) {
        rest->at++;
        rest->size--;
    }
    word->size = (size_t)(rest->at - word->at);
    return word->size > 0;
}

/* Numbers, each with a unit behind it or not. */
static enum doubt_code read_words(struct reader *reader, struct piece rest, const char *separators)
{
    enum doubt_code code = DOUBT_OK;
    struct piece word, next;
    bool more = next_word(&rest, separators, &word);
    while (code == DOUBT_OK && more) {
        struct piece unit = {word.at, 0};
        more = next_word(&rest, separators, &next);
        if (more && !begins_number(next) && !has_unit(word)) {
            unit = next;
            more = next_word(&rest, separators, &next);
        }
        code = add_value(reader, word, unit);
        word = next;
    }
    return code;
}

/* The column's field without blanks around it; false: the line has fewer. */
static bool find_field(const struct reader *reader, struct piece line, struct piece *field)
{
    static const char *const kinds[] = {"\t", ";", ","};
    const char *separator = NULL;
    for (size_t i = 0; separator == NULL && i < 3; i++)
        if ((i < 2 || !reader->how->decimal_comma) && memchr(line.at, *kinds[i], line.size))
            separator = kinds[i];
    for (size_t column = 1;; column++) {
        if (separator == NULL) {
            if (!next_word(&line, " \t\r", field))
                return false;
        } else {
            const char *end = memchr(line.at, *separator, line.size);
            *field = (struct piece){line.at, end != NULL ? (size_t)(end - line.at) : line.size};
        }
        if (column == reader->how->column)
            break;
        if (separator == NULL)
            continue;
        if (field->size == line.size)
            return false;
        line.at += field->size + 1;
        line.size -= field->size + 1;
    }
    return true;
}

static enum doubt_code read_field(struct reader *reader, struct piece line)
{
    struct piece field = {line.at, 0}, word, rest;
    char why[80];
    snprintf(why, sizeof why, "has no column %zu", reader->how->column);
    if (!find_field(reader, line, &field))
        return refuse(reader, line, why);
    rest = field;
    if (!next_word(&rest, " \t\r", &word))
        return refuse(reader, line, why);
    if (!begins_number(word) && reader->line == 1)
        return DOUBT_OK;
    size_t before = reader->values->count;
    enum doubt_code code = read_words(reader, field, " \t\r\"");
    if (code == DOUBT_OK && reader->values->count != before + 1)
        code = refuse(reader, field, "is more than one value");
    return code;
}

/* Does the line begin with its own number, and has it more? */
static void see_number(struct reader *reader, size_t before)
{
    const struct doubt_values *values = reader->values;
    if (values->count == before)
        return;
    double number = values->items[before].value / values->items[before].unit_scale;
    reader->numbered = (reader->rows == 0 || reader->numbered) && values->count >= before + 2 &&
                       fabs(number - (double)reader->rows - 1) < 1e-9;
    reader->rows++;
}

static enum doubt_code read_line(struct reader *reader, struct piece line)
{
    struct piece word, rest;
    const char *comment = memchr(line.at, '#', line.size);
    if (comment != NULL)
        line.size = (size_t)(comment - line.at);
    rest = line;
    if (!next_word(&rest, " \t\r", &word))
        return DOUBT_OK;
    if (reader->how->column > 0)
        return read_field(reader, line);
    size_t before = reader->values->count;
    enum doubt_code code = read_words(reader, line, " \t\r;");
    if (code == DOUBT_OK)
        see_number(reader, before);
    else if (reader->err != NULL &&
             (memchr(line.at, ',', line.size) != NULL || memchr(line.at, ';', line.size) != NULL))
        doubt_str_copy(reader->err->text + strlen(reader->err->text),
                       sizeof reader->err->text - strlen(reader->err->text),
                       "; --column N reads one field of each line, --decimal-comma reads 27,8 as "
                       "27.8");
    return code;
}

enum doubt_code doubt_values_parse(const char *text, size_t size,
                                   const struct doubt_values_how *how, struct doubt_values *values,
                                   struct doubt_err *err)
{
    struct reader reader = {how, values, 0, 0, err, 0, false};
    enum doubt_code code = DOUBT_OK;
    const char *at = text, *end = text + size;
    values->items = NULL;
    values->count = 0;
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (code == DOUBT_OK && at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = newline != NULL ? (size_t)(newline - at) : (size_t)(end - at);
        reader.line++;
        code = read_line(&reader, (struct piece){at, length});
        at += length + (newline != NULL);
    }
    if (code == DOUBT_OK && values->count == 0)
        code = doubt_err_set(err, DOUBT_E_FORMAT, "%s: holds no value", how->label);
    if (code == DOUBT_OK && reader.numbered && reader.rows > 1)
        code = doubt_err_set(err, DOUBT_E_FORMAT,
                             "%s: every line begins with its own number, which would count as a "
                             "value: --column N reads one field of each line",
                             how->label);
    if (code != DOUBT_OK)
        doubt_values_free(values);
    return code;
}

/* --- options -------------------------------------------------------------------------------- */

/* "100,101": groups of three digits throughout, a grouped number or two values. */
static bool is_ambiguous(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits == 3 && text[3] == ',' && strspn(text + 4, "0123456789") == 3;
}

/* "27,8": one comma between digits and no point: a decimal comma, or two values. */
static bool is_lone_comma(const char *text)
{
    const char *comma = strchr(text, ',');
    return comma != NULL && comma > text && strchr(comma + 1, ',') == NULL &&
           strchr(text, '.') == NULL && comma[-1] >= '0' && comma[-1] <= '9' && comma[1] >= '0' &&
           comma[1] <= '9';
}

/* The unit at the end of a list; NULL: it ends in a number. */
static const char *last_unit(const char *text)
{
    size_t n = strlen(text);
    const char *unit = text + n;
    while (unit > text && !(unit[-1] >= '0' && unit[-1] <= '9') && !is_one_of(unit[-1], ".,; "))
        unit--;
    return *unit != '\0' ? unit : NULL;
}

enum doubt_code doubt_values_parse_list(const char *text, const struct doubt_values_how *how,
                                        struct doubt_values *values, struct doubt_err *err)
{
    struct doubt_values_how list = *how;
    struct reader reader = {&list, values, 0, 0, err, 0, false};
    const struct piece whole = {text, strlen(text)};
    const struct doubt_figure_options options = {.decimal_comma = how->decimal_comma};
    struct doubt_figure figure;
    values->items = NULL;
    values->count = 0;
    if (list.unit == NULL)
        list.unit = last_unit(text);
    if (!how->decimal_comma && is_ambiguous(text))
        return refuse(&reader, whole, "is one number or a list; write 100101, or 100;101");
    if (doubt_figure_parse(text, &options, &figure, NULL) == DOUBT_OK) {
        if (figure.bound != DOUBT_FIGURE_TWO_SIDED || figure.about)
            return refuse(&reader, whole, "is a claim, no measured value: that is one number");
        enum doubt_code code = grow(&reader);
        if (code == DOUBT_OK)
            values->items[values->count++] = figure;
        return code;
    }
    if (!how->decimal_comma && is_lone_comma(text))
        return refuse(&reader, whole,
                      "has a comma between two numbers or in one; write 27.8 (or --decimal-comma), "
                      "or 27;28 for a list");
    bool grouped = !how->decimal_comma && strchr(text, ',') != NULL;
    enum doubt_code code = read_words(&reader, whole, grouped ? " \t;," : " \t;");
    if (code == DOUBT_OK && values->count == 0)
        code = doubt_err_set(err, DOUBT_E_USAGE, "%s: no value was given", how->label);
    if (code != DOUBT_OK)
        doubt_values_free(values);
    return code;
}

/* --- whole lists ---------------------------------------------------------------------------- */

enum doubt_code doubt_values_append(struct doubt_values *to, struct doubt_values *from,
                                    struct doubt_err *err)
{
    size_t count = to->count + from->count;
    if (from->count == 0)
        return DOUBT_OK;
    struct doubt_figure *items = realloc(to->items, count * sizeof *items);
    if (items == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu values", count);
    memcpy(items + to->count, from->items, from->count * sizeof *items);
    to->items = items;
    to->count = count;
    doubt_values_free(from);
    return DOUBT_OK;
}

void doubt_values_free(struct doubt_values *values)
{
    free(values->items);
    values->items = NULL;
    values->count = 0;
}

enum doubt_code doubt_values_parse_percent(const char *option, const char *text, double most,
                                           double *share, struct doubt_err *err)
{
    char *end;
    double percent = strtod(text, &end);
    bool plain = end != text && text + strspn(text, "0123456789.") == end;
    end += strspn(end, " ");
    end += *end == '%';
    if (!plain || *end != '\0' || !(percent <= most))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "%s \"%.60s\" is not a percentage from 0 to %g: write 2%% or 2, "
                             "which are the same",
                             option, text, most);
    *share = percent / 100;
    return DOUBT_OK;
}

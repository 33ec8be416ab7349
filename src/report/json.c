/* json.c: see json.h. */
#include "report/json.h"

#include "report/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *doubt_json_series(const struct doubt_record_parts *parts)
{
    json_t *document = json_object(), *cells = json_array(), *also = json_array();
    const struct doubt_cell *cell = parts->cells;
    bool ok = json_object_set_new(document, "series",
                                  doubt_record_to_json(DOUBT_SERIES, parts->series)) == 0;
    for (size_t i = 0; ok && i < parts->cell_count; i++, cell++)
        ok = doubt_view_is_hidden(cell) ||
             json_array_append_new(cells, doubt_record_to_json(DOUBT_CELL, cell)) == 0;
    for (size_t i = 0; ok && i < parts->also_count; i++)
        ok = json_array_append_new(also, doubt_record_to_json(DOUBT_ALSO, &parts->also[i])) == 0;
    ok &= json_object_set_new(document, "cells", cells) == 0;
    ok &= json_object_set_new(document, "also", also) == 0;
    if (ok)
        return document;
    json_decref(document);
    return NULL;
}

json_t *doubt_json_error(const struct doubt_err *err)
{
    const char *sentence = err->text[0] != '\0' ? err->text : doubt_code_text(err->code);
    return json_pack("{s:{s:s, s:o}}", "error", "code", doubt_code_name(err->code), "sentence",
                     doubt_text_to_json(sentence));
}

/* --- text ------------------------------------------------------------------------------------- */

enum { NUMBER_BYTES = 40, DIGITS_FEW = 15, DIGITS_ALL = 17 };

/* As jansson writes a real: with a point or an exponent, which has no "+" and no zeros in front. */
static void tidy(char number[NUMBER_BYTES])
{
    char *e = strchr(number, 'e');
    if (e == NULL) {
        if (strchr(number, '.') == NULL)
            strcat(number, ".0");
        return;
    }
    char *to = e + 1 + (e[1] == '-'), *from = e + 1 + (e[1] == '-' || e[1] == '+');
    from += strspn(from, "0");
    memmove(to, from, strlen(from) + 1);
}

/* The fewest digits from 15 on that give the same double again: 17 always do, 15 are enough for
 * what was written with so many. */
static void shorten(double value, char number[NUMBER_BYTES])
{
    for (int digits = DIGITS_FEW; digits <= DIGITS_ALL; digits++) {
        snprintf(number, NUMBER_BYTES - 2, "%.*g", digits, value);
        if (strtod(number, NULL) == value)
            break;
    }
    tidy(number);
}

/* The end of the string that begins at `at`, behind its closing quote. */
static const char *end_of_string(const char *at)
{
    for (at++; *at != '\0' && *at != '"'; at++)
        if (*at == '\\' && at[1] != '\0')
            at++;
    return at + (*at == '"');
}

/* Copies JSON with its reals shortened. */
static void add_shortened(const char *text, struct doubt_str *out)
{
    while (*text != '\0') {
        const char *number = text + strcspn(text, "\"-0123456789");
        doubt_str_add_bytes(out, text, (size_t)(number - text));
        if (*number == '"' || *number == '\0') {
            text = *number == '"' ? end_of_string(number) : number;
            doubt_str_add_bytes(out, number, (size_t)(text - number));
            continue;
        }
        char real[NUMBER_BYTES], *end;
        double value = strtod(number, &end);
        text = end;
        if (strcspn(number, ".e") >= (size_t)(end - number)) {
            doubt_str_add_bytes(out, number, (size_t)(end - number));
            continue;
        }
        shorten(value, real);
        doubt_str_add(out, real);
    }
}

enum doubt_code doubt_json_format(const json_t *json, struct doubt_str *out, struct doubt_err *err)
{
    char *text = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS_ALL));
    if (text == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a JSON document");
    add_shortened(text, out);
    doubt_str_add(out, "\n");
    free(text);
    return out->failed ? doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a JSON document")
                       : DOUBT_OK;
}

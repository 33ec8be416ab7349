/* view_provider.c: which provider computed the rows of a table, where it is not the engine's usual
 * one: lines below it. See view.h.
 *
 * A unit of work is one text that rows share: their names stand before it. Nothing of rows that
 * ran on the engine's usual provider in a precision it tells.
 */
#include "report/view_int.h"

#include <stdio.h>
#include <string.h>

/* Do the engine's options, "NAME=VALUE NAME=VALUE", name a provider? */
static bool is_named(const struct doubt_cell *cell)
{
    static const char option[] = "provider=";
    const char *at = cell->options;
    while (at != NULL && (at = strstr(at, option)) != NULL) {
        if (at == cell->options || strchr(" ,;", at[-1]) != NULL)
            return true;
        at += sizeof option - 1;
    }
    return false;
}

/* "" where the row needs no word; an engine without providers has said all in the row itself. */
static void text_of(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    char precision[DOUBTI_VIEW_TEXT_BYTES];
    bool known = doubti_view_precision(cell, precision, sizeof precision);
    out[0] = '\0';
    if (cell->provider != NULL && (!known || is_named(cell)))
        snprintf(out, out_bytes, "%s%s", cell->provider,
                 known ? "" : ", which does not tell its precision");
}

/* The line of cell `first`'s text, unless a row before it has the same. */
static void add_line(const struct doubti_view *view, size_t first, const char *text)
{
    char other[3 * DOUBTI_VIEW_TEXT_BYTES];
    struct doubt_str line;
    size_t rows = 0, named = 0;
    doubt_str_init(&line, 16384);
    for (size_t i = 0; i < view->cell_count; i++) {
        if (doubt_view_is_hidden(&view->cells[i]))
            continue;
        rows++;
        text_of(&view->cells[i], other, sizeof other);
        if (strcmp(other, text) != 0)
            continue;
        if (i < first) {
            doubt_str_free(&line);
            return;
        }
        named++;
        doubti_view_add_name(view, &view->cells[i], &line);
    }
    if (named == rows) {
        doubt_str_clear(&line);
        doubt_str_add(&line, rows > 1 ? "all rows" : "");
    }
    doubt_str_addf(&line, "%s%s", line.len > 0 ? ": " : "", text);
    doubti_view_note(view, "provider", doubt_str_text(&line));
    doubt_str_free(&line);
}

void doubti_view_providers(const struct doubti_view *view)
{
    char text[3 * DOUBTI_VIEW_TEXT_BYTES];
    if (view->series->claim_set == NULL && !doubti_view_is_comparison(view->series))
        return;
    for (size_t i = 0; i < view->cell_count; i++) {
        if (doubt_view_is_hidden(&view->cells[i]))
            continue;
        text_of(&view->cells[i], text, sizeof text);
        if (text[0] != '\0')
            add_line(view, i, text);
    }
}

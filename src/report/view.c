/* view.c: see view.h. The page's frame, its header, and the texts of single figures. */
#include "report/view_int.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- single figures ------------------------------------------------------------------------- */

static int ms_decimals(double ns)
{
    return fabs(ns) < 1e5 ? 6 : 4;
}

void doubti_view_ms(double ns, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (ns == 0)
        snprintf(out, out_bytes, "0");
    else if (isfinite(ns))
        snprintf(out, out_bytes, "%.*f", ms_decimals(ns), ns / 1e6);
}

void doubti_view_end_ms(double end_ns, double of_ns, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (isfinite(end_ns) && end_ns > 0)
        snprintf(out, out_bytes, "%.*f", ms_decimals(of_ns), end_ns / 1e6);
}

void doubt_view_interval(const char *lo, const char *hi, size_t width, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (lo[0] != '\0' && hi[0] != '\0')
        snprintf(out, out_bytes, "%*s … %*s", (int)width, lo, (int)width, hi);
    else if (hi[0] != '\0')
        snprintf(out, out_bytes, "below %*s", (int)width, hi);
    else if (lo[0] != '\0')
        snprintf(out, out_bytes, "from %*s", (int)width, lo);
}

static int rate_decimals(double value)
{
    return value >= 1e5 ? 0 : value >= 1e4 ? 1 : 2;
}

void doubti_view_rate(double value, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (value == 0)
        snprintf(out, out_bytes, "0");
    else if (isfinite(value))
        snprintf(out, out_bytes, "%.*f", rate_decimals(value), value);
}

void doubti_view_end_rate(double end, double of, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (isfinite(end) && end > 0)
        snprintf(out, out_bytes, "%.*f", rate_decimals(of), end);
}

void doubti_view_percent(double share, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (isfinite(share))
        snprintf(out, out_bytes, "%.*f %%", share < 0.0995 ? 1 : 0, 100 * share);
}

/* Version strings carry build numbers and commits behind a dash: they are in the record. */
void doubti_view_engine(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    static const char prefix[] = "doubt-engine-";
    const char *engine = cell->engine != NULL ? cell->engine : "";
    const char *slash = strrchr(engine, '/'), *version = cell->engine_version;
    if (slash != NULL) {
        engine = slash + 1;
        if (strncmp(engine, prefix, sizeof prefix - 1) == 0)
            engine += sizeof prefix - 1;
    }
    snprintf(out, out_bytes, "%.*s", slash != NULL ? (int)strcspn(engine, ".") : 128, engine);
    if (version == NULL || version[0] == '\0')
        return;
    size_t used = strlen(out);
    snprintf(out + used, out_bytes - used, " %.*s", (int)strcspn(version, "- "), version);
}

bool doubti_view_precision(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    const char *asked = cell->precision_asked != NULL ? cell->precision_asked : "";
    bool known = cell->precision != NULL || asked[0] == '\0' || cell->restarts < 1;
    snprintf(out, out_bytes, "%s%s", cell->precision != NULL ? cell->precision : asked,
             known ? "" : " asked");
    return known;
}

/* --- lines ---------------------------------------------------------------------------------- */

void doubti_view_note(const struct doubti_view *view, const char *key, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    size_t width = view->style->width;
    if (width == 0 || width > DOUBTI_VIEW_WRAP)
        width = DOUBTI_VIEW_WRAP;
    int pad = DOUBTI_VIEW_KEY_COLUMNS - (int)doubt_str_columns(key);
    doubt_str_addf(view->out, "%s%*s", key, pad > 0 ? pad : 1, "");
    doubt_str_wrap(view->out, text, DOUBTI_VIEW_KEY_COLUMNS, width);
}

bool doubt_view_is_hidden(const struct doubt_cell *cell)
{
    return cell->network != NULL && strcmp(cell->network, DOUBT_VIEW_HIDDEN) == 0;
}

/* --- the header ----------------------------------------------------------------------------- */

/* Adds ", text" when every shown cell has the same one. */
static void add_common(const struct doubti_view *view, struct doubt_str *line,
                       void (*text_of)(const struct doubt_cell *, char *, size_t))
{
    char first[DOUBTI_VIEW_TEXT_BYTES] = "", text[DOUBTI_VIEW_TEXT_BYTES];
    for (size_t i = 0; i < view->cell_count; i++) {
        if (doubt_view_is_hidden(&view->cells[i]))
            continue;
        text_of(&view->cells[i], text, sizeof text);
        if (first[0] == '\0')
            memcpy(first, text, sizeof first);
        else if (strcmp(first, text) != 0)
            return;
    }
    if (first[0] != '\0')
        doubt_str_addf(line, "%s%s", line->len > 0 ? ", " : "", first);
}

static void batch_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (cell->batch != DOUBT_MISSING_I64)
        snprintf(out, out_bytes, "batch %" PRId64, cell->batch);
}

static void threads_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (cell->threads != DOUBT_MISSING_I64 && cell->threads > 0)
        snprintf(out, out_bytes, "%" PRId64 " thread%s", cell->threads,
                 cell->threads == 1 ? "" : "s");
}

static void header(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    if (series->claim_set != NULL)
        doubti_view_note(view, series->claim_set,
                         view->style->title != NULL ? view->style->title : "claim set");
    struct doubt_str line;
    doubt_str_init(&line, 1024);
    doubt_str_add(&line, series->machine != NULL ? series->machine : "");
    add_common(view, &line, doubti_view_engine);
    add_common(view, &line, batch_text);
    add_common(view, &line, threads_text);
    doubti_view_note(view, "here", doubt_str_text(&line));
    doubt_str_free(&line);
}

enum doubt_code doubt_view_series(const struct doubt_record_parts *parts,
                                  const struct doubt_view_style *style, struct doubt_str *out,
                                  struct doubt_err *err)
{
    const struct doubti_view view = {parts->series, parts->cells, parts->cell_count, style,
                                     out,           parts->also,  parts->also_count};
    const struct doubt_series *series = parts->series;
    enum doubt_code code = DOUBT_OK;
    bool comparison = doubti_view_is_comparison(series);
    bool blocks = series->claim_set == NULL && !comparison;
    header(&view);
    if (!comparison)
        doubt_str_add(out, "\n");
    if (comparison)
        code = doubti_view_compare(&view, err);
    else if (!blocks)
        code = doubti_view_table(&view, err);
    for (size_t i = 0; blocks && code == DOUBT_OK && i < parts->cell_count; i++)
        if (!doubt_view_is_hidden(&parts->cells[i]))
            code = doubti_view_block(&view, &parts->cells[i], err);
    if (code != DOUBT_OK)
        return code;
    doubti_view_below(&view);
    if ((code = doubti_view_also(&view, err)) != DOUBT_OK)
        return code;
    return out->failed ? doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a page") : DOUBT_OK;
}

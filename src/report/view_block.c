/* view_block.c: one cell by itself: mean, percentiles, start-up times, memory. See view.h. */
#include "report/table.h"
#include "report/view_int.h"
#include "util/units.h"
#include "util/whole.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct doubt_table_column columns[] = {
    {"", false, 0},
    {"ms", true, 0},
    {"95 % interval", true, 0},
    {"FPS", true, 1},
    {"95 % interval", true, 2},
};

enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

static void add_text(struct doubt_str *line, const char *text)
{
    if (text != NULL && text[0] != '\0')
        doubt_str_addf(line, "%s%s", line->len > 0 ? ", " : "", text);
}

static void add_count(struct doubt_str *line, int64_t count, const char *what)
{
    char text[64], number[32];
    if (count == DOUBT_MISSING_I64)
        return;
    doubt_units_format_grouped(count, number, sizeof number);
    snprintf(text, sizeof text, "%s %s", number, what);
    add_text(line, text);
}

static void head(const struct doubti_view *view, const struct doubt_cell *cell)
{
    struct doubt_str line;
    doubt_str_init(&line, 4096);
    add_text(&line, cell->input);
    add_text(&line, cell->variant);
    add_count(&line, cell->macs, "MACs");
    add_count(&line, cell->parameters, "parameters");
    doubti_view_note(view, cell->title != NULL ? cell->title : "network", doubt_str_text(&line));
    doubt_str_clear(&line);
    char engine[DOUBTI_VIEW_TEXT_BYTES], precision[DOUBTI_VIEW_TEXT_BYTES];
    doubti_view_engine(cell, engine, sizeof engine);
    add_text(&line, engine);
    add_text(&line, cell->device);
    add_text(&line, cell->provider);
    bool known = doubti_view_precision(cell, precision, sizeof precision);
    add_text(&line, known ? NULL : "precision unknown");
    add_text(&line, precision);
    if (cell->boundary != NULL)
        doubt_str_addf(&line, ", boundary %s", cell->boundary);
    add_text(&line, cell->options);
    doubti_view_note(view, "engine", doubt_str_text(&line));
    doubt_str_free(&line);
}

/* A value and its interval's ends, as a time and a rate. */
struct row {
    const char *name;
    double ns[3], fps[3];
};

static enum doubt_code add_row(const void *rows, size_t index, struct doubt_table *table,
                               struct doubt_err *err)
{
    const struct row *row = (const struct row *)rows + index;
    char ms[3][64], rate[3][64], ms_interval[160], rate_interval[160];
    if (!isfinite(row->ns[0]))
        return DOUBT_OK;
    doubti_view_ms(row->ns[0], ms[0], sizeof ms[0]);
    doubti_view_rate(row->fps[0], rate[0], sizeof rate[0]);
    for (int i = 1; i < 3; i++) {
        doubti_view_end_ms(row->ns[i], row->ns[0], ms[i], sizeof ms[i]);
        doubti_view_end_rate(row->fps[i], row->fps[0], rate[i], sizeof rate[i]);
    }
    doubt_view_interval(ms[1], ms[2], strlen(ms[2]), ms_interval, sizeof ms_interval);
    doubt_view_interval(rate[1], rate[2], strlen(rate[2]), rate_interval, sizeof rate_interval);
    const char *texts[COLUMN_COUNT] = {row->name, ms[0], ms_interval, rate[0], rate_interval};
    return doubt_table_add(table, texts, err);
}

static enum doubt_code figures(const struct doubti_view *view, const struct doubt_cell *cell,
                               struct doubt_err *err)
{
    const struct row rows[] = {
        {"mean",
         {cell->mean_ns, cell->mean_lo_ns, cell->mean_hi_ns},
         {cell->fps, cell->fps_lo, cell->fps_hi}},
        {"p50", {cell->p50_ns, cell->p50_lo_ns, cell->p50_hi_ns}, {NAN, NAN, NAN}},
        {"p90", {cell->p90_ns, cell->p90_lo_ns, cell->p90_hi_ns}, {NAN, NAN, NAN}},
        {"p95", {cell->p95_ns, cell->p95_lo_ns, cell->p95_hi_ns}, {NAN, NAN, NAN}},
        {"p99", {cell->p99_ns, cell->p99_lo_ns, cell->p99_hi_ns}, {NAN, NAN, NAN}},
    };
    const struct doubt_table_shape shape = {
        columns, COLUMN_COUNT,       sizeof rows / sizeof rows[0],
        add_row, view->style->width, view->style->color};
    return doubt_table_print(&shape, rows, view->out, err);
}

static void add_duration(struct doubt_str *line, const char *what, double ns)
{
    char text[64];
    if (!isfinite(ns))
        return;
    doubt_units_format_duration(doubt_whole(ns), text, sizeof text);
    doubt_str_addf(line, "%s%s %s", line->len > 0 ? ", " : "", what, text);
}

/* Opening holds the building, unless restarts took from the cache what one of them had built: then
 * the mean of those that built is the larger. */
static void add_opening(struct doubt_str *line, const struct doubt_cell *cell)
{
    bool part = isfinite(cell->build_ns) && cell->engine_build_ns <= cell->build_ns;
    char text[64];
    add_duration(line, "opening the model", cell->build_ns);
    if (!isfinite(cell->engine_build_ns))
        return;
    doubt_units_format_duration(doubt_whole(cell->engine_build_ns), text, sizeof text);
    if (part)
        doubt_str_addf(line, ", of which building %s", text);
    else
        doubt_str_addf(line, "%sbuilding %s where it was not in the cache",
                       line->len > 0 ? ", " : "", text);
}

static void start_up(const struct doubti_view *view, const struct doubt_cell *cell)
{
    struct doubt_str line;
    doubt_str_init(&line, 1024);
    add_duration(&line, "loading the library", cell->load_ns);
    add_opening(&line, cell);
    add_duration(&line, "first inference", cell->first_ns);
    doubti_view_note(view, "start", doubt_str_text(&line));
    doubt_str_clear(&line);
    if (cell->peak_memory_bytes != DOUBT_MISSING_I64) {
        char text[64];
        doubt_units_format_bytes((uint64_t)cell->peak_memory_bytes, text, sizeof text);
        doubt_str_addf(&line, "%s at the peak of a worker", text);
    }
    doubti_view_note(view, "memory", doubt_str_text(&line));
    doubt_str_clear(&line);
    if (cell->reference != NULL && isfinite(cell->output_error))
        doubt_str_addf(&line, "%s, relative error %.1e", cell->reference, cell->output_error);
    else
        add_text(&line, cell->reference);
    doubti_view_note(view, "outputs", doubt_str_text(&line));
    doubti_view_note(view, "engine says", cell->engine_notes);
    doubt_str_free(&line);
}

enum doubt_code doubti_view_block(const struct doubti_view *view, const struct doubt_cell *cell,
                                  struct doubt_err *err)
{
    head(view, cell);
    doubt_str_add(view->out, "\n");
    if (isfinite(cell->mean_ns)) {
        enum doubt_code code = figures(view, cell, err);
        if (code != DOUBT_OK)
            return code;
        doubt_str_add(view->out, "\n");
    }
    doubti_view_ways(view, cell);
    start_up(view, cell);
    return DOUBT_OK;
}

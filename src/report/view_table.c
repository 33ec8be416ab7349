/* view_table.c: a series beside a claim set: one row per cell. See view.h. */
#include "report/table.h"
#include "report/view_int.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum column {
    NETWORK,
    INPUT,
    ENGINE,
    PRECISION,
    RESTARTS,
    MEAN,
    INTERVAL,
    FPS,
    FIGURE,
    READS,
    RATIO,
    VERDICT,
    ALLOWS,
    COLUMN_COUNT
};

/* Left out last: what tells rows apart; the same in all rows, it is left out early. */
enum { DROP_NAME = 3, DROP_SAME = 9, NUMBER_BYTES = 32 };

/* The interval's error level is the cells' own; all share the series' total of 5 %. What a narrow
 * terminal keeps is the answer: the figure, the ratio to it with its error, the verdict. */
static const struct doubt_table_column columns[COLUMN_COUNT] = {
    [NETWORK] = {"network", false, 0},       [INPUT] = {"input", false, 11},
    [ENGINE] = {"engine", false, DROP_SAME}, [PRECISION] = {"precision", false, DROP_NAME},
    [RESTARTS] = {"restarts × n", true, 10}, [MEAN] = {"mean ms", true, 6},
    [INTERVAL] = {"95 % interval", true, 7}, [FPS] = {"FPS", true, 4},
    [FIGURE] = {"figure", true, 2},          [READS] = {"reads as", true, 12},
    [RATIO] = {"× figure", true, 0},         [VERDICT] = {"verdict", false, 0},
    [ALLOWS] = {"physics allows", true, 8},
};

typedef char text_row[COLUMN_COUNT][DOUBTI_VIEW_TEXT_BYTES];

/* The figure's number; its unit too unless it is the one of the column FPS. */
static void figure_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    snprintf(out, out_bytes, "%s", cell->claim_figure != NULL ? cell->claim_figure : "");
    char *unit = strstr(out, " FPS");
    if (unit != NULL && unit[4] == '\0')
        *unit = '\0';
}

void doubt_view_reads(const struct doubt_figure *figure, char *out, size_t out_bytes)
{
    char lo[NUMBER_BYTES] = "", hi[NUMBER_BYTES] = "";
    if (figure->bound != DOUBT_FIGURE_UP_TO)
        snprintf(lo, sizeof lo, "%.10g", figure->lo / figure->unit_scale);
    if (figure->bound != DOUBT_FIGURE_AT_LEAST)
        snprintf(hi, sizeof hi, "%.10g", figure->hi / figure->unit_scale);
    doubt_view_interval(lo, hi, 0, out, out_bytes);
}

static void reads_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    struct doubt_figure figure;
    if (cell->claim_figure != NULL &&
        doubt_figure_parse(cell->claim_figure, NULL, &figure, NULL) == DOUBT_OK)
        doubt_view_reads(&figure, out, out_bytes);
}

/* Three digits: an order of size, not a figure. */
static void allows_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    double fps = cell->allowed_fps;
    if (isfinite(fps))
        snprintf(out, out_bytes, "%.*f", fps >= 99.95 ? 0 : fps >= 9.995 ? 1 : 2, fps);
}

void doubt_view_ratio(double ratio, double lo, double hi, char *out, size_t out_bytes)
{
    char ends[2][NUMBER_BYTES] = {"", ""}, interval[3 * NUMBER_BYTES];
    bool from = lo > 0, to = isfinite(hi);
    double half = from && to ? fmax(ratio - lo, hi - ratio) : INFINITY;
    if (!isfinite(ratio))
        return;
    if (half < ratio / 2) {
        snprintf(out, out_bytes, "%.3f ± %.3f", ratio, ceil(half * 1000) / 1000);
        return;
    }
    if (from)
        snprintf(ends[0], sizeof ends[0], "%.2f", lo);
    if (to)
        snprintf(ends[1], sizeof ends[1], "%.2f", hi);
    doubt_view_interval(ends[0], ends[1], 0, interval, sizeof interval);
    if (interval[0] != '\0')
        snprintf(out, out_bytes, "%.2f (%s)", ratio, interval);
    else
        snprintf(out, out_bytes, "%.3f", ratio);
}

/* "other device, other engine" as "other device, engine". */
static void differs_text(const char *differs, char *out, size_t out_bytes)
{
    static const char other[] = "other ";
    size_t used = 0;
    for (bool first = true; *differs != '\0' && used + 1 < out_bytes; first = false) {
        size_t part = strcspn(differs, ",");
        const char *text = differs;
        size_t bytes = part;
        if (!first && strncmp(text, other, sizeof other - 1) == 0) {
            text += sizeof other - 1;
            bytes -= sizeof other - 1;
        }
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%.*s", first ? "" : ", ",
                                 (int)bytes, text);
        differs += part;
        differs += strspn(differs, ", ");
    }
}

void doubti_view_verdict(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    if (cell->verdict != NULL && cell->verdict[0] != '\0')
        snprintf(out, out_bytes, "%s", cell->verdict);
    else if (cell->state != NULL && strcmp(cell->state, "measured") != 0)
        snprintf(out, out_bytes, "%s", cell->state);
    else if (cell->differs != NULL)
        differs_text(cell->differs, out, out_bytes);
}

const char *doubti_view_verdict_color(const char *verdict)
{
    static const struct {
        const char *verdict, *color;
    } colors[] = {
        {"HOLDS", "green"},
        {"EXCEEDS", "green"},
        {"FALLS SHORT", "red"},
        {"INCONCLUSIVE", "yellow"},
        {"NO STEADY STATE", "yellow"},
        {"no steady state", "yellow"},
        {"void", "red"},
        {"failed", "red"},
        {"too few restarts", "yellow"},
        {"too few samples", "yellow"},
        {"drift", "yellow"},
    };
    for (size_t i = 0; i < sizeof colors / sizeof colors[0]; i++)
        if (strcmp(verdict, colors[i].verdict) == 0)
            return colors[i].color;
    return NULL;
}

/* Columns that the widest end of any interval takes. */
static size_t end_columns(const struct doubti_view *view)
{
    size_t widest = 0;
    for (size_t i = 0; i < view->cell_count; i++) {
        char text[DOUBTI_VIEW_TEXT_BYTES];
        doubti_view_end_ms(view->cells[i].mean_hi_ns, view->cells[i].mean_ns, text, sizeof text);
        if (!doubt_view_is_hidden(&view->cells[i]) && strlen(text) > widest)
            widest = strlen(text);
    }
    return widest;
}

static void fill(const struct doubt_cell *cell, size_t ends, text_row row)
{
    char lo[DOUBTI_VIEW_TEXT_BYTES], hi[DOUBTI_VIEW_TEXT_BYTES];
    memset(row, 0, sizeof(text_row));
    const char *title = cell->title != NULL ? cell->title : cell->network;
    snprintf(row[NETWORK], sizeof row[0], "%s%s%s", title != NULL ? title : "",
             cell->variant != NULL && cell->variant[0] != '\0' ? ", " : "",
             cell->variant != NULL ? cell->variant : "");
    snprintf(row[INPUT], sizeof row[0], "%s", cell->input != NULL ? cell->input : "");
    doubti_view_engine(cell, row[ENGINE], sizeof row[0]);
    doubti_view_precision(cell, row[PRECISION], sizeof row[0]);
    if (cell->restarts == 0)
        snprintf(row[RESTARTS], sizeof row[0], "0");
    else if (cell->restarts != DOUBT_MISSING_I64 && cell->iterations != DOUBT_MISSING_I64)
        snprintf(row[RESTARTS], sizeof row[0], "%" PRId64 " × %" PRId64, cell->restarts,
                 cell->iterations);
    doubti_view_ms(cell->mean_ns, row[MEAN], sizeof row[0]);
    doubti_view_end_ms(cell->mean_lo_ns, cell->mean_ns, lo, sizeof lo);
    doubti_view_end_ms(cell->mean_hi_ns, cell->mean_ns, hi, sizeof hi);
    doubt_view_interval(lo, hi, ends, row[INTERVAL], sizeof row[0]);
    doubti_view_rate(cell->fps, row[FPS], sizeof row[0]);
    figure_text(cell, row[FIGURE], sizeof row[0]);
    reads_text(cell, row[READS], sizeof row[0]);
    doubt_view_ratio(cell->ratio, cell->ratio_lo, cell->ratio_hi, row[RATIO], sizeof row[0]);
    doubti_view_verdict(cell, row[VERDICT], sizeof row[0]);
    allows_text(cell, row[ALLOWS], sizeof row[0]);
}

/* The first of several conditions: "other device …". The lines below the table have them all. */
static void shorten(char *verdict)
{
    static const char more[] = " …";
    char *comma = strstr(verdict, ", ");
    if (comma != NULL && (size_t)(comma - verdict) + sizeof more <= DOUBTI_VIEW_TEXT_BYTES)
        memcpy(comma, more, sizeof more);
}

static enum doubt_code add_row(struct doubt_table *table, const struct doubt_cell *cell,
                               size_t ends, bool brief, struct doubt_err *err)
{
    text_row row;
    const char *texts[COLUMN_COUNT];
    fill(cell, ends, row);
    if (brief)
        shorten(row[VERDICT]);
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        texts[c] = row[c];
    enum doubt_code code = doubt_table_add(table, texts, err);
    const char *color = doubti_view_verdict_color(row[VERDICT]);
    if (code == DOUBT_OK && color != NULL)
        doubt_table_color(table, VERDICT, color);
    return code;
}

/* Does the column have more than one text? */
static bool differs(const struct doubti_view *view, enum column column)
{
    char first[DOUBTI_VIEW_TEXT_BYTES] = "";
    for (size_t i = 0; i < view->cell_count; i++) {
        text_row row;
        if (doubt_view_is_hidden(&view->cells[i]))
            continue;
        fill(&view->cells[i], 0, row);
        if (first[0] != '\0' && strcmp(first, row[column]) != 0)
            return true;
        memcpy(first, row[column], sizeof first);
    }
    return false;
}

static enum doubt_code make(const struct doubti_view *view, const struct doubt_table_column *own,
                            bool brief, struct doubt_table **table, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    size_t ends = end_columns(view);
    *table = doubt_table_new(own, COLUMN_COUNT);
    if (*table == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a table");
    for (size_t i = 0; code == DOUBT_OK && i < view->cell_count; i++)
        if (!doubt_view_is_hidden(&view->cells[i]))
            code = add_row(*table, &view->cells[i], ends, brief, err);
    return code;
}

enum doubt_code doubti_view_table(const struct doubti_view *view, struct doubt_err *err)
{
    struct doubt_table_column own[COLUMN_COUNT];
    struct doubt_table *table;
    const size_t width = view->style->width;
    char times[32];
    memcpy(own, columns, sizeof own);
    if (view->style->word != NULL) {
        snprintf(times, sizeof times, "× %s", view->style->word);
        own[FIGURE].title = view->style->word;
        own[RATIO].title = times;
    }
    own[ENGINE].drop = differs(view, ENGINE) ? DROP_NAME : DROP_SAME;
    own[PRECISION].drop = differs(view, PRECISION) ? DROP_NAME : DROP_SAME;
    enum doubt_code code = make(view, own, false, &table, err);
    if (code == DOUBT_OK && doubt_table_left_out(table, width, NULL) > 0) {
        doubt_table_free(table);
        code = make(view, own, true, &table, err);
    }
    if (code == DOUBT_OK)
        code = doubt_table_format(table, width, view->style->color, view->out, err);
    if (code == DOUBT_OK) {
        doubt_table_add_left_out(table, width, view->out);
        doubt_str_add(view->out, "\n");
    }
    doubt_table_free(table);
    return code;
}

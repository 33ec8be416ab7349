/* view_compare.c: two cells set beside each other, and which of them is faster. See view.h.
 *
 * A unit of work is one comparison: what both share is said once, what differs is a column.
 */
#include "report/table.h"
#include "report/view_int.h"
#include "util/units.h"
#include "util/whole.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool doubti_view_is_comparison(const struct doubt_series *series)
{
    return isfinite(series->compare_margin);
}

/* --- what a side is ------------------------------------------------------------------------- */

static void copy_text(const char *text, char *out, size_t out_bytes)
{
    snprintf(out, out_bytes, "%s", text != NULL ? text : "");
}

static void network_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    const char *title = cell->title != NULL ? cell->title : cell->network;
    const char *variant = cell->variant != NULL ? cell->variant : "";
    snprintf(out, out_bytes, "%s%s%s", title != NULL ? title : "", variant[0] != '\0' ? ", " : "",
             variant);
}

static void path_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    copy_text(cell->network, out, out_bytes);
}

static void library_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    copy_text(cell->library_path, out, out_bytes);
}

static void input_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    copy_text(cell->input, out, out_bytes);
}

static void device_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    copy_text(cell->device, out, out_bytes);
}

static void precision_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    doubti_view_precision(cell, out, out_bytes);
}

static void batch_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (cell->batch != DOUBT_MISSING_I64)
        snprintf(out, out_bytes, "%" PRId64, cell->batch);
}

static void threads_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (cell->threads != DOUBT_MISSING_I64 && cell->threads > 0)
        snprintf(out, out_bytes, "%" PRId64, cell->threads);
}

static void boundary_text(const struct doubt_cell *cell, char *out, size_t out_bytes)
{
    copy_text(cell->boundary, out, out_bytes);
}

static const char *options_of(const struct doubt_cell *cell)
{
    return cell->options;
}

/* Words of `list`, which are separated by spaces, that are in `other` or are not. */
static void words(const char *list, const char *other, bool shared, char *out, size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    while (list != NULL && *list != '\0') {
        size_t bytes = strcspn(list, " ");
        bool found = false;
        for (const char *at = other; at != NULL && *at != '\0' && !found;) {
            size_t length = strcspn(at, " ");
            found = length == bytes && memcmp(at, list, bytes) == 0;
            at += length + strspn(at + length, " ");
        }
        if (found == shared && used < out_bytes)
            used += (size_t)snprintf(out + used, out_bytes - used, "%s%.*s", used > 0 ? " " : "",
                                     (int)bytes, list);
        list += bytes + strspn(list + bytes, " ");
    }
}

static const char *environment_of(const struct doubt_cell *cell)
{
    return cell->environment;
}

/* What may differ. in_header: the page's first line has it where both share it; unless: not worth a
 * column where this one, earlier in the list, differs already (-1: always worth it). */
static const struct attribute {
    const char *title;
    void (*text)(const struct doubt_cell *cell, char *out, size_t out_bytes);
    bool in_header, only_difference;
    int unless;
    const char *(*list_of)(const struct doubt_cell *cell); /* words that are compared one by one */
} attributes[] = {
    {"network", network_text, false, false, -1, NULL},
    {"file", path_text, false, true, 0, NULL},
    {"input", input_text, false, false, 0, NULL},
    {"engine", doubti_view_engine, true, false, -1, NULL},
    {"library", library_text, false, true, 3, NULL},
    {"device", device_text, false, false, 3, NULL},
    {"precision", precision_text, false, false, -1, NULL},
    {"batch", batch_text, true, false, -1, NULL},
    {"threads", threads_text, true, false, -1, NULL},
    {"boundary", boundary_text, false, false, -1, NULL},
    {"options", NULL, false, false, -1, options_of},
    {"environment", NULL, false, false, -1, environment_of},
};

enum {
    ATTRIBUTES = sizeof attributes / sizeof attributes[0],
    SIDE = 0,
    FIRST = 1, /* the attributes */
    MEAN = FIRST + ATTRIBUTES,
    INTERVAL,
    FPS,
    SPREAD,
    START,
    MEMORY,
    COLUMN_COUNT
};

/* What one side has of an attribute; of a list, what it has alone. */
static void text_of(const struct doubti_view *view, size_t side, const struct attribute *attribute,
                    char *out, size_t out_bytes)
{
    const struct doubt_cell *cell = &view->cells[side], *other = &view->cells[1 - side];
    if (attribute->list_of != NULL)
        words(attribute->list_of(cell), attribute->list_of(other), false, out, out_bytes);
    else
        attribute->text(cell, out, out_bytes);
}

static bool differs(const struct doubti_view *view, int which)
{
    char a[DOUBTI_VIEW_TEXT_BYTES], b[DOUBTI_VIEW_TEXT_BYTES];
    const struct attribute *attribute = &attributes[which];
    text_of(view, 0, attribute, a, sizeof a);
    text_of(view, 1, attribute, b, sizeof b);
    return strcmp(a, b) != 0 && (attribute->unless < 0 || !differs(view, attribute->unless));
}

/* What both sides share of an attribute; "" when nothing. */
static void shared_text(const struct doubti_view *view, const struct attribute *attribute,
                        char *out, size_t out_bytes)
{
    char other[DOUBTI_VIEW_TEXT_BYTES];
    const struct doubt_cell *a = &view->cells[0], *b = &view->cells[1];
    if (attribute->list_of != NULL) {
        words(attribute->list_of(a), attribute->list_of(b), true, out, out_bytes);
        return;
    }
    attribute->text(a, out, out_bytes);
    attribute->text(b, other, sizeof other);
    if (strcmp(out, other) != 0)
        out[0] = '\0';
}

/* "both   SSD-Mobilenet-V2, data f32 1x3x300x300, CPU, boundary call". */
static void both(const struct doubti_view *view)
{
    struct doubt_str line;
    char text[DOUBTI_VIEW_TEXT_BYTES];
    doubt_str_init(&line, 8192);
    for (int i = 0; i < ATTRIBUTES; i++) {
        const struct attribute *attribute = &attributes[i];
        bool named = attribute->text == boundary_text || attribute->list_of != NULL;
        shared_text(view, attribute, text, sizeof text);
        if (attribute->in_header || attribute->only_difference || text[0] == '\0')
            continue;
        doubt_str_addf(&line, "%s%s%s%s", line.len > 0 ? ", " : "", named ? attribute->title : "",
                       named ? " " : "", text);
    }
    doubti_view_note(view, "both", doubt_str_text(&line));
    doubt_str_free(&line);
}

/* --- the table ------------------------------------------------------------------------------ */

typedef char text_row[COLUMN_COUNT][DOUBTI_VIEW_TEXT_BYTES];

static double start_ns(const struct doubt_cell *cell)
{
    return cell->load_ns + cell->build_ns + cell->first_ns;
}

static void fill(const struct doubti_view *view, size_t which, text_row row)
{
    const struct doubt_cell *cell = &view->cells[which];
    char lo[DOUBTI_VIEW_TEXT_BYTES], hi[DOUBTI_VIEW_TEXT_BYTES], end[2][DOUBTI_VIEW_TEXT_BYTES];
    memset(row, 0, sizeof(text_row));
    snprintf(row[SIDE], sizeof row[0], "%s", which == 0 ? "A" : "B");
    for (int i = 0; i < ATTRIBUTES; i++)
        if (differs(view, i))
            text_of(view, which, &attributes[i], row[FIRST + i], sizeof row[0]);
    doubti_view_ms(cell->mean_ns, row[MEAN], sizeof row[0]);
    doubti_view_end_ms(cell->mean_lo_ns, cell->mean_ns, lo, sizeof lo);
    doubti_view_end_ms(cell->mean_hi_ns, cell->mean_ns, hi, sizeof hi);
    for (int i = 0; i < 2; i++)
        doubti_view_end_ms(view->cells[i].mean_hi_ns, view->cells[i].mean_ns, end[i],
                           sizeof end[i]);
    size_t width = strlen(end[0]) > strlen(end[1]) ? strlen(end[0]) : strlen(end[1]);
    doubt_view_interval(lo, hi, width, row[INTERVAL], sizeof row[0]);
    doubti_view_rate(cell->fps, row[FPS], sizeof row[0]);
    if (isfinite(cell->spread))
        snprintf(row[SPREAD], sizeof row[0], "%.2f %%", 100 * cell->spread);
    if (isfinite(start_ns(cell)))
        doubt_units_format_duration(doubt_whole(start_ns(cell)), row[START], sizeof row[0]);
    if (cell->peak_memory_bytes != DOUBT_MISSING_I64)
        doubt_units_format_bytes((uint64_t)cell->peak_memory_bytes, row[MEMORY], sizeof row[0]);
}

static enum doubt_code add_side(const void *view, size_t which, struct doubt_table *table,
                                struct doubt_err *err)
{
    text_row row;
    const char *texts[COLUMN_COUNT];
    fill(view, which, row);
    for (int c = 0; c < COLUMN_COUNT; c++)
        texts[c] = row[c];
    return doubt_table_add(table, texts, err);
}

static enum doubt_code sides(const struct doubti_view *view, struct doubt_err *err)
{
    struct doubt_table_column columns[COLUMN_COUNT] = {
        [SIDE] = {"", false, 0},
        [MEAN] = {"mean ms", true, 0},
        [INTERVAL] = {"95 % interval", true, 2},
        [FPS] = {"FPS", true, 3},
        [SPREAD] = {"spread", true, 5},
        [START] = {"start", true, 6},
        [MEMORY] = {"memory", true, 7},
    };
    for (int i = 0; i < ATTRIBUTES; i++)
        columns[FIRST + i] = (struct doubt_table_column){attributes[i].title, false, 0};
    const struct doubt_table_shape shape = {columns,  COLUMN_COUNT,       2,
                                            add_side, view->style->width, view->style->color};
    return doubt_table_print(&shape, view, view->out, err);
}

/* --- what comes of it ----------------------------------------------------------------------- */

/* A ratio with so many digits that the interval's width shows in two of them. */
static int digits_of(const struct doubt_series *series)
{
    double width = series->compare_hi - series->compare_lo;
    int digits = isfinite(width) && width > 0 ? (int)ceil(1 - log10(width)) : 4;
    return digits < 3 ? 3 : digits > 6 ? 6 : digits;
}

/* "12.3 %", at least two digits that count. */
static void share_text(double share, char *out, size_t out_bytes)
{
    int digits = share >= 0.0995 ? 1 : share >= 0.00995 ? 2 : 3;
    snprintf(out, out_bytes, "%.*f %%", digits, 100 * share);
}

/* By how much the faster side is so at least: the other takes at least so much longer. "" where the
 * interval holds 1. */
static void least_text(const struct doubt_series *series, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (series->compare_lo > 1)
        share_text(series->compare_lo - 1, out, out_bytes);
    else if (series->compare_hi < 1)
        share_text(1 / series->compare_hi - 1, out, out_bytes);
}

/* "B takes 0.5500 of the time of A, 95 % interval 0.5476 … 0.5528". */
static void add_ratio(const struct doubti_view *view, struct doubt_str *line)
{
    const struct doubt_series *series = view->series;
    int digits = digits_of(series);
    bool same_batch = view->cells[0].batch == view->cells[1].batch;
    if (isfinite(series->compare_ratio))
        doubt_str_addf(line, "B takes %.*f of %s", digits, series->compare_ratio,
                       same_batch ? "the time of A" : "A's time for an input");
    if (isfinite(series->compare_lo))
        doubt_str_addf(line, ", 95 %% interval %.*f … %.*f", digits, series->compare_lo, digits,
                       series->compare_hi);
}

static void verdict(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    const char *name = series->compare_verdict;
    char least[64];
    struct doubt_str line;
    if (name == NULL) {
        doubti_view_note(view, "NOT COMPARED", "there are not enough measurements of both sides");
        return;
    }
    doubt_str_init(&line, 1024);
    least_text(series, least, sizeof least);
    bool equivalent = strcmp(name, "EQUIVALENT") == 0;
    bool inconclusive = strcmp(name, "INCONCLUSIVE") == 0;
    if (equivalent)
        doubt_str_addf(&line, "within %.4g %%: ", 100 * series->compare_margin);
    else if (!inconclusive)
        doubt_str_addf(&line, "by at least %s: ", least);
    add_ratio(view, &line);
    if (equivalent && least[0] != '\0')
        doubt_str_addf(&line, "; %s is faster all the same, by at least %s",
                       series->compare_lo > 1 ? "A" : "B", least);
    if (inconclusive && least[0] != '\0')
        doubt_str_add(&line,
                      ": it excludes 1, but no conclusion is drawn yet, for the reason below");
    else if (inconclusive && isfinite(series->compare_lo))
        doubt_str_addf(&line, ": neither a difference nor equivalence within %.4g %% is shown",
                       100 * series->compare_margin);
    doubti_view_note(view, name, doubt_str_text(&line));
    doubt_str_free(&line);
}

static void limit(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    char text[256];
    if (series->compare_slower == NULL)
        return;
    const char *answer = strcmp(series->compare_slower, "yes") == 0  ? "it is"
                         : strcmp(series->compare_slower, "no") == 0 ? "excluded"
                                                                     : "can be neither shown nor "
                                                                       "excluded";
    snprintf(text, sizeof text, "B slower than A by more than %.4g %%: %s",
             100 * series->compare_limit, answer);
    doubti_view_note(view, "fail if", text);
}

static void pairs(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    char text[256];
    if (series->compare_pairs == DOUBT_MISSING_I64)
        return;
    int used = snprintf(text, sizeof text,
                        "%" PRId64 " in blocks ABBA or BAAB by a coin; signed-rank interval",
                        series->compare_pairs);
    if (view->cells[0].looks > 1)
        snprintf(text + used, sizeof text - (size_t)used, ", look %" PRId64 " of %" PRId64,
                 view->cells[0].look, view->cells[0].looks);
    doubti_view_note(view, "pairs", text);
}

static void outputs(const struct doubti_view *view)
{
    struct doubt_str line;
    doubt_str_init(&line, 1024);
    for (int i = 0; i < 2; i++) {
        const struct doubt_cell *cell = &view->cells[i];
        if (cell->reference == NULL || !isfinite(cell->mean_ns))
            continue;
        doubt_str_addf(&line, "%s%s: %s", line.len > 0 ? "; " : "", i == 0 ? "A" : "B",
                       cell->reference);
        if (isfinite(cell->output_error))
            doubt_str_addf(&line, ", relative error %.1e", cell->output_error);
    }
    doubti_view_note(view, "outputs", doubt_str_text(&line));
    doubt_str_free(&line);
}

static bool any_difference(const struct doubti_view *view)
{
    for (int i = 0; i < ATTRIBUTES; i++)
        if (differs(view, i))
            return true;
    return false;
}

enum doubt_code doubti_view_compare(const struct doubti_view *view, struct doubt_err *err)
{
    if (view->cell_count < 2)
        return doubt_err_set(err, DOUBT_E_FORMAT, "a comparison with %zu cells has no page",
                             view->cell_count);
    both(view);
    if (!any_difference(view))
        doubti_view_note(view, "A and B",
                         "differ in nothing that is recorded: a difference found "
                         "here is an error of the comparison");
    doubt_str_add(view->out, "\n");
    enum doubt_code code = sides(view, err);
    if (code != DOUBT_OK)
        return code;
    doubt_str_add(view->out, "\n");
    verdict(view);
    limit(view);
    doubti_view_note(view, "remark", view->series->compare_remark);
    pairs(view);
    outputs(view);
    return DOUBT_OK;
}

/* view_int.h: what the files of the view share: texts of single figures, and the parts of a page.
 *
 * Every function writes "" for a figure that is missing.
 */
#ifndef DOUBT_REPORT_VIEW_INT_H
#define DOUBT_REPORT_VIEW_INT_H

#include "report/view.h"

enum { DOUBTI_VIEW_KEY_COLUMNS = 19, DOUBTI_VIEW_TEXT_BYTES = 256, DOUBTI_VIEW_WRAP = 118 };

/* One page under way. */
struct doubti_view {
    const struct doubt_series *series;
    const struct doubt_cell *cells;
    size_t cell_count;
    const struct doubt_view_style *style;
    struct doubt_str *out;
    const struct doubt_also *also;
    size_t also_count;
};

/* "45.4519": nanoseconds as ms with four decimals; six below 0.1 ms; "0" for none. */
void doubti_view_ms(double ns, char *out, size_t out_bytes);
/* Two decimals, fewer from 10,000 on. */
void doubti_view_rate(double value, char *out, size_t out_bytes);
/* An end of the interval of a value, with the value's decimals; "" where it is not known to be
 * above 0, which a record holds as 0. */
void doubti_view_end_ms(double end_ns, double of_ns, char *out, size_t out_bytes);
void doubti_view_end_rate(double end, double of, char *out, size_t out_bytes);
/* "openvino 2026.4.1": name and the short form of the version. */
void doubti_view_engine(const struct doubt_cell *cell, char *out, size_t out_bytes);
/* What was read back from the engine; "f32 asked" and false where one that ran does not tell; what
 * was asked for, where none ran. */
bool doubti_view_precision(const struct doubt_cell *cell, char *out, size_t out_bytes);
/* The verdict of a cell, its state, or what differs from its claim. */
void doubti_view_verdict(const struct doubt_cell *cell, char *out, size_t out_bytes);
/* Colour of such a text; NULL for none. */
const char *doubti_view_verdict_color(const char *verdict);
/* "12.3 %", one digit after the point below 10. */
void doubti_view_percent(double share, char *out, size_t out_bytes);

/* Two cells set beside each other: A is cell 0, B is cell 1. */
bool doubti_view_is_comparison(const struct doubt_series *series);

/* Adds what tells a row from the others: "ResNet-50 openvino f32", the engine only where there are
 * several; "A" or "B" in a comparison. After ", " unless the line is empty. */
void doubti_view_add_name(const struct doubti_view *view, const struct doubt_cell *cell,
                          struct doubt_str *line);

/* A line of the form "key   text"; nothing when text is "" or NULL. */
void doubti_view_note(const struct doubti_view *view, const char *key, const char *text);

/* The parts; a table ends in an empty line. */
enum doubt_code doubti_view_table(const struct doubti_view *view, struct doubt_err *err);
enum doubt_code doubti_view_block(const struct doubti_view *view, const struct doubt_cell *cell,
                                  struct doubt_err *err);
enum doubt_code doubti_view_compare(const struct doubti_view *view, struct doubt_err *err);
/* After an empty line; nothing where there is nothing to show. */
enum doubt_code doubti_view_also(const struct doubti_view *view, struct doubt_err *err);
void doubti_view_below(const struct doubti_view *view);
/* HOLDS, FALLS SHORT or EXCEEDS: what can be false. NULL is none. */
bool doubti_view_is_conclusive(const char *verdict);
/* Has this cell a conclusive verdict from few or short restarts? */
bool doubti_view_is_short(const struct doubti_view *view, const struct doubt_cell *cell);
/* The remark that says so, and of which rows. */
void doubti_view_short(const struct doubti_view *view);
void doubti_view_peak(const struct doubti_view *view);
void doubti_view_state(const struct doubti_view *view);
/* There was none, for a reason that the record tells: said among what is not controlled. */
bool doubti_view_had_no_soak(const struct doubt_series *series);
/* Boundaries, a missing graph and memory of a device, of one cell. */
void doubti_view_ways(const struct doubti_view *view, const struct doubt_cell *cell);
/* What a missing CUDA graph does to the rows of a table that are timed by events; of one cell,
 * doubti_view_ways() says it. */
void doubti_view_graphs(const struct doubti_view *view);
/* Which provider ran the rows that named one, or whose precision is unknown; of one cell,
 * doubti_view_block() says it. */
void doubti_view_providers(const struct doubti_view *view);
/* What other tools would have printed. */
void doubti_view_vendors(const struct doubti_view *view);
void doubti_view_plan(const struct doubti_view *view);
void doubti_view_error(const struct doubti_view *view);

#endif

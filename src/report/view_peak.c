/* view_peak.c: the line that says what the machine can do at most. See view.h.
 *
 * Nothing where the series measured no peak.
 */
#include "report/view_int.h"

#include <math.h>
#include <stdio.h>

/* Three digits, and more before the point. */
static void add_giga(struct doubt_str *line, double value)
{
    doubt_str_addf(line, value >= 999.5e9 ? "%.0f" : "%.3g", value / 1e9);
}

/* "215 GFLOP/s in f32 (median 204 … 213)", appended. */
static void add_peak(struct doubt_str *line, const double figures[3], const char *unit,
                     const char *what)
{
    if (!isfinite(figures[0]))
        return;
    doubt_str_add(line, line->len > 0 ? ", " : "");
    add_giga(line, figures[0]);
    doubt_str_addf(line, " %s%s", unit, what);
    if (!isfinite(figures[1]) || !isfinite(figures[2]))
        return;
    doubt_str_add(line, " (median ");
    add_giga(line, figures[1]);
    doubt_str_add(line, " … ");
    add_giga(line, figures[2]);
    doubt_str_add(line, ")");
}

void doubti_view_peak(const struct doubti_view *view)
{
    const struct doubt_series *s = view->series;
    const double f32[3] = {s->peak_f32, s->peak_f32_lo, s->peak_f32_hi};
    const double bf16[3] = {s->peak_bf16, s->peak_bf16_lo, s->peak_bf16_hi};
    const double bytes[3] = {s->peak_bytes, s->peak_bytes_lo, s->peak_bytes_hi};
    struct doubt_str line;
    doubt_str_init(&line, 4096);
    add_peak(&line, f32, "GFLOP/s", " in f32");
    add_peak(&line, bf16, "GFLOP/s", " in bf16");
    add_peak(&line, bytes, "GB/s", " from memory");
    if (line.len > 0 && s->peak_how != NULL)
        doubt_str_addf(&line, "; %s", s->peak_how);
    if (line.len > 0)
        doubt_str_add(&line, "; physics allows what that gives with direct convolution, which "
                             "Winograd's algorithms may pass");
    doubti_view_note(view, "peak here", doubt_str_text(&line));
    doubt_str_free(&line);
}

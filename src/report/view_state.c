/* view_state.c: lines below a table about the machine while it was measured: soak, disturbed
 * samples, energy. See view.h.
 *
 * A unit of work is one row of the table; a row with nothing to say has no line. Computes nothing.
 */
#include "report/view_int.h"
#include "util/units.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Marks that are only upper bounds are worth a line from this share on. */
static const double bounds_matter = 0.1;

static void add_share(struct doubt_str *line, const char *word, double share)
{
    char text[32];
    if (!(share > 0))
        return;
    doubti_view_percent(share, text, sizeof text);
    doubt_str_addf(line, "%s%s %s", line->len > 0 ? ", " : "", word, text);
}

/* The name of a row before its text, where there are several rows. */
static void note(const struct doubti_view *view, const struct doubt_cell *cell, const char *key,
                 const char *text)
{
    struct doubt_str line;
    size_t rows = 0;
    if (text[0] == '\0')
        return;
    for (size_t i = 0; i < view->cell_count; i++)
        rows += !doubt_view_is_hidden(&view->cells[i]);
    doubt_str_init(&line, 4096);
    if (doubti_view_is_comparison(view->series)) {
        doubt_str_addf(&line, "%s: ", cell->number == 0 ? "A" : "B");
    } else if (rows > 1) {
        const char *title = cell->title != NULL ? cell->title : cell->network;
        doubt_str_addf(&line, "%s %s %s: ", title != NULL ? title : "",
                       cell->engine != NULL ? cell->engine : "",
                       cell->precision_asked != NULL ? cell->precision_asked : "");
    }
    doubt_str_add(&line, text);
    doubti_view_note(view, key, doubt_str_text(&line));
    doubt_str_free(&line);
}

static void marks(const struct doubti_view *view, const struct doubt_cell *cell)
{
    struct doubt_str line;
    doubt_str_init(&line, 2048);
    add_share(&line, "throttled", cell->throttled_share);
    add_share(&line, "beside a locked clock", cell->off_clock_share);
    if (line.len > 0 && cell->throttle_reason != NULL)
        doubt_str_addf(&line, " (%s)", cell->throttle_reason);
    if (cell->machine_events != NULL)
        doubt_str_addf(&line, "%s%s", line.len > 0 ? "; " : "", cell->machine_events);
    note(view, cell, "of its samples", doubt_str_text(&line));
    doubt_str_free(&line);
}

/* Least and largest of the rows whose share matters, appended: "pre-empted 21 % … 97 %". */
static void add_bound(const struct doubti_view *view, const char *word, size_t offset,
                      struct doubt_str *line)
{
    double least = INFINITY, largest = -INFINITY;
    char text[32];
    for (size_t i = 0; i < view->cell_count; i++) {
        double share;
        memcpy(&share, (const char *)&view->cells[i] + offset, sizeof share);
        if (doubt_view_is_hidden(&view->cells[i]) || !(share >= bounds_matter))
            continue;
        least = fmin(least, share);
        largest = fmax(largest, share);
    }
    if (largest < 0)
        return;
    doubti_view_percent(least, text, sizeof text);
    doubt_str_addf(line, "%s%s %s", line->len > 0 ? ", " : "", word, text);
    doubti_view_percent(largest, text, sizeof text);
    if (largest > least)
        doubt_str_addf(line, " … %s", text);
}

/* Marks that are upper bounds, of all rows in one line: rows differ little in them. */
static void bounds(const struct doubti_view *view)
{
    struct doubt_str line;
    doubt_str_init(&line, 2048);
    add_bound(view, "pre-empted", offsetof(struct doubt_cell, preempted_share), &line);
    add_bound(view, "moved to another CPU", offsetof(struct doubt_cell, migrated_share), &line);
    add_bound(view, "more than 1 % lost to the hypervisor",
              offsetof(struct doubt_cell, stolen_share), &line);
    if (line.len > 0)
        doubt_str_add(&line, " of a row's samples, by counts between readings");
    doubti_view_note(view, "at most", line.len > 0 ? doubt_str_text(&line) : NULL);
    doubt_str_free(&line);
}

static void energy(const struct doubti_view *view, const struct doubt_cell *cell)
{
    char text[512], rate[32], check[64] = "";
    if (!isfinite(cell->energy_j))
        return;
    if (cell->energy_bound_j >= cell->energy_j) {
        snprintf(text, sizeof text,
                 "no figure: the sensor's updates leave %.2g J an inference open, more than one "
                 "takes; longer restarts narrow it; %s",
                 cell->energy_bound_j, cell->energy_source != NULL ? cell->energy_source : "");
        note(view, cell, "energy", text);
        return;
    }
    doubti_view_rate(cell->fps_per_watt, rate, sizeof rate);
    if (isfinite(cell->energy_power_ratio))
        snprintf(check, sizeof check, "; integrated power gives %.3f of it",
                 cell->energy_power_ratio);
    snprintf(text, sizeof text, "%.4g ± %.2g J an inference, %.3g W, %s FPS/W; %s%s",
             cell->energy_j, cell->energy_bound_j, cell->power_w, rate,
             cell->energy_source != NULL ? cell->energy_source : "", check);
    note(view, cell, "energy", text);
}

bool doubti_view_had_no_soak(const struct doubt_series *series)
{
    return series->soak_ns == DOUBT_MISSING_I64 && series->soak != NULL &&
           strncmp(series->soak, "none", 4) == 0;
}

void doubti_view_state(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    char text[512], length[32];
    if (series->building_ns != DOUBT_MISSING_I64) {
        doubt_units_format_duration(series->building_ns, length, sizeof length);
        snprintf(text, sizeof text,
                 "%s for building engines, which are kept: no part of the budget or of a restart",
                 length);
        doubti_view_note(view, "building", text);
    }
    if (series->soak_ns != DOUBT_MISSING_I64) {
        doubt_units_format_duration(series->soak_ns, length, sizeof length);
        snprintf(text, sizeof text, "%s before the first restart: %s", length,
                 series->soak != NULL ? series->soak : "");
        doubti_view_note(view, "soak", text);
    } else if (!doubti_view_had_no_soak(series)) {
        doubti_view_note(view, "soak", series->soak);
    }
    for (size_t i = 0; i < view->cell_count; i++) {
        if (doubt_view_is_hidden(&view->cells[i]))
            continue;
        marks(view, &view->cells[i]);
        energy(view, &view->cells[i]);
    }
    bounds(view);
    if (isfinite(series->idle_power_w)) {
        snprintf(text, sizeof text, "%.3g ± %.2g W; %s", series->idle_power_w,
                 series->idle_power_bound_w,
                 series->idle_power_source != NULL ? series->idle_power_source : "");
        doubti_view_note(view, "idle power", text);
    }
}

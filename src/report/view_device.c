/* view_device.c: what a device adds to a page, and other tools' figures: lines of text. See view.h.
 */
#include "report/view_int.h"
#include "util/units.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void add_ms(struct doubt_str *line, const char *what, double ns, const char *behind)
{
    char ms[64];
    if (!isfinite(ns))
        return;
    doubti_view_ms(ns, ms, sizeof ms);
    doubt_str_addf(line, "%s%s %s%s", line->len > 0 ? ", " : "", what, ms, behind);
}

/* From here on a missing graph matters, as a part of the time with one. */
static const double graph_matters = 0.02;

/* name: what the row is called, "" for the only one. */
static void graph_line(const struct doubti_view *view, const struct doubt_cell *cell,
                       const char *name)
{
    double more = cell->device_train_ns / cell->device_graph_ns - 1;
    char train[64], graph[64], percent[64];
    struct doubt_str line;
    if (!isfinite(more) || more <= graph_matters)
        return;
    doubti_view_ms(cell->device_train_ns, train, sizeof train);
    doubti_view_ms(cell->device_graph_ns, graph, sizeof graph);
    doubti_view_percent(more, percent, sizeof percent);
    doubt_str_init(&line, 1024);
    doubt_str_addf(&line,
                   "%s%swithout a CUDA graph the times by events hold the host's launching: %s ms "
                   "back to back, %s ms as a graph (%s longer)",
                   name, name[0] != '\0' ? ": " : "", train, graph, percent);
    doubti_view_note(view, "no graph", doubt_str_text(&line));
    doubt_str_free(&line);
}

void doubti_view_ways(const struct doubti_view *view, const struct doubt_cell *cell)
{
    struct doubt_str line;
    doubt_str_init(&line, 1024);
    if (isfinite(cell->device_train_ns)) {
        add_ms(&line, "call", cell->call_ns, "");
        add_ms(&line, "host", cell->host_ns, " from pinned memory");
        add_ms(&line, "host", cell->host_pageable_ns, " from pageable");
        add_ms(&line, "device", cell->device_ns, " one by one");
        add_ms(&line, "device", cell->device_train_ns, " back to back");
        doubt_str_add(&line, " ms (medians)");
    }
    doubti_view_note(view, "boundaries", doubt_str_text(&line));
    graph_line(view, cell, "");
    doubt_str_clear(&line);
    if (cell->engine_detail != NULL)
        doubt_str_add(&line, cell->engine_detail);
    if (cell->flushed != NULL && isfinite(cell->mean_ns))
        doubt_str_addf(&line, "%sthe device's cache was flushed before each sample",
                       line.len > 0 ? "; " : "");
    if (cell->device_memory_bytes != DOUBT_MISSING_I64) {
        char text[64];
        doubt_units_format_bytes((uint64_t)cell->device_memory_bytes, text, sizeof text);
        doubt_str_addf(&line, "%s%s of the device's memory", line.len > 0 ? "; " : "", text);
    }
    doubti_view_note(view, "computed", doubt_str_text(&line));
    doubt_str_free(&line);
}

void doubti_view_graphs(const struct doubti_view *view)
{
    bool comparison = doubti_view_is_comparison(view->series);
    struct doubt_str name;
    if (view->series->claim_set == NULL && !comparison)
        return;
    doubt_str_init(&name, 1024);
    for (size_t i = 0; i < view->cell_count; i++) {
        const struct doubt_cell *cell = &view->cells[i];
        if (doubt_view_is_hidden(cell) || cell->boundary == NULL ||
            strcmp(cell->boundary, "device") != 0)
            continue;
        doubt_str_clear(&name);
        doubti_view_add_name(view, cell, &name);
        graph_line(view, cell, doubt_str_text(&name));
    }
    doubt_str_free(&name);
}

static void vendor_line(const struct doubti_view *view, const struct doubt_cell *cell)
{
    struct doubt_str line;
    doubt_str_init(&line, 2048);
    if (view->cell_count > 2)
        doubt_str_addf(&line, "%s %s: ", cell->title != NULL ? cell->title : "a network",
                       cell->precision != NULL         ? cell->precision
                       : cell->precision_asked != NULL ? cell->precision_asked
                                                       : "");
    doubt_str_add(&line, cell->vendor_protocol);
    if (cell->vendor_figure != NULL)
        doubt_str_addf(&line, " would have printed %s", cell->vendor_figure);
    if (cell->vendor_iterations != DOUBT_MISSING_I64)
        doubt_str_addf(&line, " (%" PRId64 " inferences, boundary %s)", cell->vendor_iterations,
                       cell->vendor_boundary != NULL ? cell->vendor_boundary : "unknown");
    if (cell->vendor_remark != NULL)
        doubt_str_addf(&line, ": %s", cell->vendor_remark);
    doubti_view_note(view, "protocol", doubt_str_text(&line));
    doubt_str_free(&line);
}

void doubti_view_vendors(const struct doubti_view *view)
{
    for (size_t i = 0; i < view->cell_count; i++)
        if (view->cells[i].vendor_protocol != NULL && !doubt_view_is_hidden(&view->cells[i]))
            vendor_line(view, &view->cells[i]);
}

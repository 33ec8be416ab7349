/* layers.h: where the time of a network goes: its layers, slowest first.
 *
 * A unit of work is one cell, profiled in a process of its own. Shares are of the profile's own
 * sum: profiling costs time, so that they are no figures. Not for the timed series.
 */
#ifndef DOUBT_CLI_LAYERS_H
#define DOUBT_CLI_LAYERS_H

#include "cli/cmd.h"
#include "measure/series.h"
#include "report/json.h"
#include "util/str.h"

struct doubt_layers {
    const struct doubt_cli *cli;
    const struct doubt_cell_plan *plan;
    bool wide; /* every column, however narrow the terminal */
};

/* One layer beside the model's nodes. */
struct doubt_layer_row {
    struct doubt_engine_layer layer;
    double share;      /* of the time of all */
    int64_t macs;      /* of the nodes of that name; DOUBT_MISSING_I64: no such node */
    double macs_share; /* of the model's MACs; NaN */
};

/* Slowest first; names are matched with those of the model's file (NULL: none). *rows is heap, one
 * for each layer. */
enum doubt_code doubt_layers_rows(const struct doubt_engine_layer *layers, size_t count,
                                  const char *model_path, struct doubt_layer_row **rows,
                                  struct doubt_err *err);

/* The runner's hook `more`, with a struct doubt_layers: profiles, and adds table or document. A
 * failure is a line. */
void doubt_layers_more(void *context, json_t *document, struct doubt_str *page);

#endif

/* layers.c: see layers.h. */
#include "cli/layers.h"

#include "model/cost.h"
#include "model/onnx.h"
#include "model/shape.h"
#include "model/tensor.h"
#include "report/table.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MOST = 30, TEXT_BYTES = 160 };

/* --- the model's side ------------------------------------------------------------------------- */

/* Is the layer this node, or one made of it? Engines add to a name behind a separator:
 * "conv1_nchwc", "conv1 + relu1", "/layer/Conv_token". */
static bool is_of(const char *layer, const char *node)
{
    size_t len = strlen(node);
    if (len == 0 || strncmp(layer, node, len) != 0)
        return false;
    return layer[len] == '\0' || (!isalnum((unsigned char)layer[len]) && layer[len] != '.');
}

/* The layer that a node's work belongs to: the one of its name, else the one whose name it begins
 * longest. */
static size_t layer_of(const struct doubt_layer_row *rows, size_t count, const char *node)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].layer.name, node) == 0)
            return i;
        if (best == SIZE_MAX && is_of(rows[i].layer.name, node))
            best = i;
    }
    return best;
}

static void add_macs(struct doubt_layer_row *rows, size_t count, const struct doubt_graph *graph)
{
    int64_t all = 0;
    for (size_t i = 0; i < doubt_graph_node_count(graph); i++) {
        const struct doubt_node *node = doubt_graph_node(graph, i);
        int64_t macs = 0;
        if (doubt_cost_of_node(graph, i, &macs, NULL) != DOUBT_OK || macs == 0)
            continue;
        all += macs;
        size_t at = layer_of(rows, count, node->name);
        /* Engines name a layer by what it makes where its node has no name. */
        if (at == SIZE_MAX && node->output_count > 0)
            at = layer_of(rows, count, node->outputs[0]);
        if (at != SIZE_MAX)
            rows[at].macs = (rows[at].macs == DOUBT_MISSING_I64 ? 0 : rows[at].macs) + macs;
    }
    for (size_t i = 0; i < count && all > 0; i++)
        if (rows[i].macs != DOUBT_MISSING_I64)
            rows[i].macs_share = (double)rows[i].macs / (double)all;
}

static int compare_rows(const void *a, const void *b)
{
    const struct doubt_layer_row *x = a, *y = b;
    if (x->layer.ns != y->layer.ns)
        return x->layer.ns < y->layer.ns ? 1 : -1;
    return strcmp(x->layer.name, y->layer.name);
}

enum doubt_code doubt_layers_rows(const struct doubt_engine_layer *layers, size_t count,
                                  const char *model_path, struct doubt_layer_row **rows,
                                  struct doubt_err *err)
{
    struct doubt_graph *graph = NULL;
    double all = 0;
    *rows = calloc(count > 0 ? count : 1, sizeof **rows);
    if (*rows == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu layers", count);
    for (size_t i = 0; i < count; i++) {
        double ns = layers[i].ns;
        (*rows)[i] = (struct doubt_layer_row){layers[i], 0, DOUBT_MISSING_I64, NAN};
        (*rows)[i].layer.ns = ns > 0 && isfinite(ns) ? ns : 0;
        all += (*rows)[i].layer.ns;
    }
    for (size_t i = 0; i < count; i++)
        (*rows)[i].share = all > 0 ? (*rows)[i].layer.ns / all : 0;
    /* A file that cannot be read here has no MACs to share out; its layers have times. */
    if (model_path != NULL && doubt_onnx_load(model_path, &graph, NULL) == DOUBT_OK &&
        doubt_shape_infer(graph, NULL) == DOUBT_OK)
        add_macs(*rows, count, graph);
    doubt_graph_free(graph);
    qsort(*rows, count, sizeof **rows, compare_rows);
    return DOUBT_OK;
}

/* --- what is printed -------------------------------------------------------------------------- */

static void percent(double share, char *text, size_t room)
{
    text[0] = '\0';
    if (isfinite(share))
        snprintf(text, room, "%.1f %%", 100 * share);
}

/* Slowest first; those behind the first `shown` are one row. */
struct listed {
    const struct doubt_layer_row *rows;
    size_t count, shown;
};

static struct doubt_layer_row rest_of(const struct listed *listed)
{
    struct doubt_layer_row rest = {.macs = DOUBT_MISSING_I64, .macs_share = 0};
    snprintf(rest.layer.name, sizeof rest.layer.name, "%zu faster ones",
             listed->count - listed->shown);
    for (size_t i = listed->shown; i < listed->count; i++) {
        const struct doubt_layer_row *row = &listed->rows[i];
        rest.layer.ns += row->layer.ns;
        rest.share += row->share;
        rest.macs_share += isfinite(row->macs_share) ? row->macs_share : 0;
    }
    return rest;
}

static enum doubt_code add_row(const void *context, size_t index, struct doubt_table *table,
                               struct doubt_err *err)
{
    const struct listed *listed = context;
    const struct doubt_layer_row row =
        index < listed->shown ? listed->rows[index] : rest_of(listed);
    char ms[32], share[32], macs[32];
    snprintf(ms, sizeof ms, "%.4f", row.layer.ns / 1e6);
    percent(row.share, share, sizeof share);
    percent(row.macs_share, macs, sizeof macs);
    const char *precision =
        row.layer.precision != DOUBT_PRECISION_ANY ? doubt_precision_name(row.layer.precision) : "";
    const char *texts[] = {row.layer.name, row.layer.type, precision, ms, share, macs};
    return doubt_table_add(table, texts, err);
}

static enum doubt_code add_table(const struct doubt_layers *layers,
                                 const struct doubt_layer_row *rows, size_t count,
                                 struct doubt_str *page, struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {{"layer", false, 0},     {"kind", false, 2},
                                                        {"precision", false, 3}, {"ms", true, 0},
                                                        {"time", true, 0},       {"MACs", true, 1}};
    /* Names made of many nodes' names are cut last. */
    static const struct doubt_table_narrow name = {0, 0, 20, DOUBT_TABLE_CUT};
    const struct listed listed = {rows, count, count > SHOWN_MOST + 1 ? SHOWN_MOST : count};
    const struct doubt_table_shape shape = {
        columns, sizeof columns / sizeof columns[0],    listed.shown + (listed.shown < count),
        add_row, layers->wide ? 0 : layers->cli->width, layers->cli->color};
    doubt_str_add(page, "\n");
    enum doubt_code code = doubt_table_print_narrow(&shape, &name, &listed, page, err);
    doubt_str_add(page, "\n");
    return code;
}

static json_t *row_json(const struct doubt_layer_row *row)
{
    json_t *precision = row->layer.precision != DOUBT_PRECISION_ANY
                            ? json_string(doubt_precision_name(row->layer.precision))
                            : json_null();
    json_t *macs = row->macs != DOUBT_MISSING_I64 ? json_integer(row->macs) : json_null();
    json_t *share = isfinite(row->macs_share) ? json_real(row->macs_share) : json_null();
    return json_pack("{s:s, s:s, s:o, s:f, s:f, s:o, s:o}", "name", row->layer.name, "kind",
                     row->layer.type, "precision", precision, "ns", row->layer.ns, "share",
                     row->share, "macs", macs, "macs_share", share);
}

static void add_json(const struct doubt_layer_row *rows, size_t count, json_t *document)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, row_json(&rows[i]));
    json_object_set_new(document, "layers", list);
}

void doubt_layers_more(void *context, json_t *document, struct doubt_str *page)
{
    const struct doubt_layers *layers = context;
    struct doubt_engine_layer *found = NULL;
    struct doubt_layer_row *rows = NULL;
    struct doubt_err err = {0};
    size_t count = 0;
    enum doubt_code code = doubt_layers_ask(layers->plan, &found, &count, &err);
    if (code == DOUBT_OK)
        code = doubt_layers_rows(found, count, layers->plan->model_path, &rows, &err);
    if (code == DOUBT_OK && page != NULL)
        code = add_table(layers, rows, count, page, &err);
    else if (code == DOUBT_OK)
        add_json(rows, count, document);
    if (code != DOUBT_OK && page != NULL)
        doubt_str_addf(page, "%-19s%s\n", "no layers", err.text);
    else if (code != DOUBT_OK)
        json_object_set_new(document, "layers_missing", json_string(err.text));
    free(rows);
    free(found);
}

/* shape.c: see shape.h. The driver: finds the row of a node's operator, calls it, files the answer.
 */
#include "model/shape.h"

#include "model/model_int.h"
#include "model/tensor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct doubti_shape_table *const tables[] = {
    &doubti_shape_element, &doubti_shape_window, &doubti_shape_layout, &doubti_shape_index};

static const struct doubti_shape_row *find_row(const struct doubt_node *node)
{
    if (node->domain[0] != '\0' && strcmp(node->domain, "ai.onnx") != 0)
        return NULL;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        for (size_t j = 0; j < tables[i]->count; j++) {
            if (strcmp(tables[i]->rows[j].op, node->op) == 0)
                return &tables[i]->rows[j];
        }
    }
    return NULL;
}

/* --- what the rows use --------------------------------------------------------------------- */

enum doubt_code doubti_infer_fail(const struct doubti_infer *t, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return doubt_err_set(t->err, DOUBT_E_FORMAT, "node \"%s\" (%s, output \"%s\"): %s",
                         t->node->name, t->node->op,
                         t->node->output_count > 0 ? t->node->outputs[0] : "", text);
}

bool doubti_infer_has(const struct doubti_infer *t, uint32_t i)
{
    return i < t->node->input_count && t->in[i] != NULL && t->in[i]->rank >= 0;
}

bool doubti_infer_ints(const struct doubti_infer *t, uint32_t i, struct doubti_ints *out)
{
    return i < t->node->input_count && t->in[i] != NULL &&
           doubti_graph_ints(t->graph, t->node->inputs[i], out);
}

enum doubt_code doubti_infer_axis(const struct doubti_infer *t, int64_t axis, int32_t rank,
                                  int32_t *out)
{
    if (axis < -(int64_t)rank || axis >= rank)
        return doubti_infer_fail(t, "axis %lld; a value of rank %d has axes %d to %d",
                                 (long long)axis, (int)rank, -(int)rank, (int)rank - 1);
    *out = (int32_t)(axis < 0 ? axis + rank : axis);
    return DOUBT_OK;
}

void doubti_infer_like(struct doubti_infer *t, uint32_t o, uint32_t i)
{
    if (i >= t->node->input_count || t->in[i] == NULL)
        return;
    t->out[o].dtype = t->in[i]->dtype;
    t->out[o].rank = t->in[i]->rank;
    memcpy(t->out[o].dims, t->in[i]->dims, sizeof t->out[o].dims);
}

/* The size that a and b make together; false when they do not fit. */
static bool broadcast_dim(int64_t a, int64_t b, int64_t *out)
{
    if (a >= 0 && b >= 0 && a != b && a != 1 && b != 1)
        return false;
    if (a < 0 || b < 0) {
        int64_t known = a < 0 ? b : a;
        *out = known > 1 ? known : -1;
    } else {
        *out = a == 1 ? b : a;
    }
    return true;
}

enum doubt_code doubti_infer_broadcast(const struct doubti_infer *t, struct doubt_value *out,
                                       const struct doubt_value *a)
{
    struct doubt_value old = *out;
    if (old.rank < 0 || a->rank < 0) {
        out->rank = -1;
        return DOUBT_OK;
    }
    out->rank = old.rank > a->rank ? old.rank : a->rank;
    for (int32_t i = 1; i <= out->rank; i++) {
        int64_t x = i <= old.rank ? old.dims[old.rank - i] : 1;
        int64_t y = i <= a->rank ? a->dims[a->rank - i] : 1;
        if (!broadcast_dim(x, y, &out->dims[out->rank - i])) {
            char left[128], right[128];
            doubt_dims_format(old.dims, old.rank, left, sizeof left);
            doubt_dims_format(a->dims, a->rank, right, sizeof right);
            return doubti_infer_fail(t, "shapes %s and %s (\"%s\") do not fit together", left,
                                     right, a->name);
        }
    }
    return DOUBT_OK;
}

bool doubti_add(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

bool doubti_mul(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

/* --- the driver ---------------------------------------------------------------------------- */

static enum doubt_code check_arity(const struct doubti_infer *t, const struct doubti_shape_row *row)
{
    const struct doubt_node *node = t->node;
    if (node->input_count < row->min_inputs || node->input_count > row->max_inputs)
        return doubti_infer_fail(t, "%u inputs; %u to %u are accepted", (unsigned)node->input_count,
                                 (unsigned)row->min_inputs, (unsigned)row->max_inputs);
    if (node->output_count < 1 || node->output_count > row->max_outputs)
        return doubti_infer_fail(t, "%u outputs; 1 to %u are accepted",
                                 (unsigned)node->output_count, (unsigned)row->max_outputs);
    for (uint32_t i = 0; i < row->min_inputs; i++) {
        if (node->inputs[i][0] == '\0')
            return doubti_infer_fail(t, "input %u is left out, but it is required", (unsigned)i);
    }
    return DOUBT_OK;
}

/* What was worked out counts; what was not keeps what was declared, if the ranks agree. */
static void merge(struct doubt_value *found, const struct doubt_value *declared)
{
    found->name = declared->name;
    if (found->dtype == DOUBT_DTYPE_NONE)
        found->dtype = declared->dtype;
    if (found->rank < 0) {
        found->rank = declared->rank;
        memcpy(found->dims, declared->dims, sizeof found->dims);
    }
    for (int32_t i = 0; i < found->rank && found->rank == declared->rank; i++) {
        if (found->dims[i] < 0)
            found->dims[i] = declared->dims[i];
    }
}

/* Are the known sizes possible, taken together? */
static bool is_possible(const struct doubt_value *value)
{
    int64_t known[DOUBT_RANK_MAX];
    uint64_t count;
    for (int32_t i = 0; i < value->rank; i++)
        known[i] = value->dims[i] < 0 ? 1 : value->dims[i];
    return value->rank < 0 || (doubt_dims_count(known, value->rank, &count) && count <= 1ull << 58);
}

static enum doubt_code file_outputs(struct doubti_infer *t)
{
    enum doubt_code code = DOUBT_OK;
    for (uint32_t i = 0; i < t->node->output_count && code == DOUBT_OK; i++) {
        const char *name = t->node->outputs[i];
        const struct doubt_value *declared = doubt_graph_value(t->graph, name);
        if (declared == NULL)
            continue;
        merge(&t->out[i], declared);
        if (!is_possible(&t->out[i]))
            return doubti_infer_fail(t, "value \"%s\" would have more than 2^58 elements", name);
        code = doubt_graph_set_value(t->graph, &t->out[i], t->err);
    }
    if (code == DOUBT_OK)
        code = doubti_graph_set_ints(t->graph, t->node->outputs[0], t->has_ints ? &t->ints : NULL,
                                     t->err);
    return code;
}

enum doubt_code doubti_shape_infer_node(struct doubt_graph *graph, const struct doubt_node *node,
                                        struct doubt_err *err)
{
    const struct doubti_shape_row *row = find_row(node);
    if (row == NULL)
        return DOUBT_OK;
    struct doubti_infer t = {.graph = graph, .node = node, .err = err};
    enum doubt_code code = check_arity(&t, row);
    if (code != DOUBT_OK)
        return code;
    for (uint32_t i = 0; i < node->input_count; i++)
        t.in[i] = node->inputs[i][0] == '\0' ? NULL : doubt_graph_value(graph, node->inputs[i]);
    for (uint32_t i = 0; i < node->output_count; i++)
        t.out[i].rank = -1;
    t.row = row;
    code = row->infer(&t);
    return code == DOUBT_OK ? file_outputs(&t) : code;
}

enum doubt_code doubt_shape_infer(struct doubt_graph *graph, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; i < doubt_graph_node_count(graph) && code == DOUBT_OK; i++)
        code = doubti_shape_infer_node(graph, doubt_graph_node(graph, i), err);
    return code;
}

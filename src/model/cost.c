/* cost.c: see cost.h. */
#include "model/cost.h"

#include "model/model_int.h"
#include "model/tensor.h"

#include <string.h>

static enum doubt_code too_much(const struct doubt_graph *graph, struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_FORMAT, "the work of %s is beyond 2^62 operations or bytes",
                         doubt_graph_name(graph));
}

/* Elements of a value. */
static enum doubt_code elements(const struct doubt_graph *graph, const char *name, int64_t *count,
                                struct doubt_err *err)
{
    const struct doubt_value *value = doubt_graph_value(graph, name);
    uint64_t n;
    if (value == NULL || value->rank < 0 || !doubt_dims_count(value->dims, value->rank, &n))
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "the size of \"%s\" is not known; its work cannot be counted", name);
    *count = (int64_t)n;
    return DOUBT_OK;
}

/* MACs for each element of the output. Conv: the weights of one output channel. ConvTranspose is
 * counted by its input instead: each element meets every weight of its channel. */
static bool macs_per_element(const struct doubt_node *node, const struct doubt_graph *graph,
                             int64_t *macs, bool *by_input)
{
    static const struct {
        const char *op;
        int operand;   /* whose dims are multiplied */
        bool by_input; /* per element of the input, not of the output */
    } rows[] = {
        {"Conv", 1, false}, {"ConvTranspose", 1, true}, {"Gemm", 0, false}, {"MatMul", 0, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].op, node->op) != 0)
            continue;
        const struct doubt_value *v = doubt_graph_value(graph, node->inputs[rows[i].operand]);
        uint64_t n = 1;
        *by_input = rows[i].by_input;
        if (v == NULL || v->rank < 1)
            return false;
        if (rows[i].operand == 1) { /* all but the first axis of the weights */
            if (!doubt_dims_count(v->dims + 1, v->rank - 1, &n))
                return false;
        } else { /* the axis that the factors share */
            bool transposed = doubt_node_int(node, "transA", 0) != 0;
            int64_t shared = v->dims[transposed ? 0 : v->rank - 1];
            if (shared < 0)
                return false;
            n = (uint64_t)shared;
        }
        *macs = (int64_t)n;
        return true;
    }
    *macs = 0;
    return true;
}

static enum doubt_code count_node(const struct doubt_graph *graph, const struct doubt_node *node,
                                  struct doubt_cost *cost, struct doubt_err *err)
{
    int64_t each = 0, out = 0;
    bool by_input = false;
    if (!macs_per_element(node, graph, &each, &by_input))
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "the work of node \"%s\" (%s) cannot be counted: a size is not known",
                             node->name, node->op);
    if (each == 0)
        return DOUBT_OK;
    enum doubt_code code =
        elements(graph, by_input ? node->inputs[0] : node->outputs[0], &out, err);
    if (code != DOUBT_OK)
        return code;
    int64_t macs;
    if (!doubti_mul(each, out, &macs) || !doubti_add(cost->macs, macs, &cost->macs))
        return too_much(graph, err);
    return DOUBT_OK;
}

enum doubt_code doubt_cost_of_node(const struct doubt_graph *graph, size_t i, int64_t *macs,
                                   struct doubt_err *err)
{
    struct doubt_cost cost = {.macs = 0};
    *macs = 0;
    if (i >= doubt_graph_node_count(graph))
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "%s has no node %zu", doubt_graph_name(graph),
                             i);
    enum doubt_code code = count_node(graph, doubt_graph_node(graph, i), &cost, err);
    if (code == DOUBT_OK)
        *macs = cost.macs;
    return code;
}

/* Bytes that a node writes; outputs of unknown size (NonMaxSuppression) count as nothing. */
static enum doubt_code count_written(const struct doubt_graph *graph, const struct doubt_node *node,
                                     struct doubt_cost *cost, struct doubt_err *err)
{
    for (uint32_t i = 0; i < node->output_count; i++) {
        const struct doubt_value *v = doubt_graph_value(graph, node->outputs[i]);
        uint64_t n;
        int64_t bytes;
        if (v == NULL || v->rank < 0 || !doubt_dims_count(v->dims, v->rank, &n))
            continue;
        if (!doubti_mul((int64_t)n, (int64_t)doubt_dtype_bytes(v->dtype), &bytes) ||
            !doubti_add(cost->activation_bytes, bytes, &cost->activation_bytes))
            return too_much(graph, err);
    }
    return DOUBT_OK;
}

static enum doubt_code count_consts(const struct doubt_graph *graph, struct doubt_cost *cost,
                                    struct doubt_err *err)
{
    for (size_t i = 0; i < doubt_graph_const_count(graph); i++) {
        const struct doubt_const *constant = doubt_graph_const_at(graph, i);
        int64_t bytes = (int64_t)constant->bytes;
        if (!doubti_add(cost->weight_bytes, bytes, &cost->weight_bytes))
            return too_much(graph, err);
        if (constant->parameter)
            cost->parameters += bytes / (int64_t)doubt_dtype_bytes(constant->value.dtype);
    }
    return DOUBT_OK;
}

static enum doubt_code count_io(const struct doubt_graph *graph, const char *name,
                                struct doubt_cost *cost, struct doubt_err *err)
{
    int64_t n = 0, bytes;
    enum doubt_code code = elements(graph, name, &n, err);
    if (code != DOUBT_OK)
        return code;
    const struct doubt_value *value = doubt_graph_value(graph, name);
    if (!doubti_mul(n, (int64_t)doubt_dtype_bytes(value->dtype), &bytes) ||
        !doubti_add(cost->io_bytes, bytes, &cost->io_bytes))
        return too_much(graph, err);
    return DOUBT_OK;
}

enum doubt_code doubt_cost_count(const struct doubt_graph *graph, struct doubt_cost *cost,
                                 struct doubt_err *err)
{
    memset(cost, 0, sizeof *cost);
    cost->nodes = (int64_t)doubt_graph_node_count(graph);
    enum doubt_code code = count_consts(graph, cost, err);
    for (size_t i = 0; i < doubt_graph_node_count(graph) && code == DOUBT_OK; i++) {
        code = count_node(graph, doubt_graph_node(graph, i), cost, err);
        if (code == DOUBT_OK)
            code = count_written(graph, doubt_graph_node(graph, i), cost, err);
    }
    for (size_t i = 0; i < doubt_graph_input_count(graph) && code == DOUBT_OK; i++)
        code = count_io(graph, doubt_graph_input(graph, i)->name, cost, err);
    for (size_t i = 0; i < doubt_graph_output_count(graph) && code == DOUBT_OK; i++)
        code = count_io(graph, doubt_graph_output(graph, i), cost, err);
    return code;
}

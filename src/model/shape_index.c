/* shape_index.c: rows of operators that pick elements, reduce axes or make values from sizes.
 *
 * A unit of work is one operator. See model_int.h.
 */
#include "model/model_int.h"
#include "model/tensor.h"

#include <string.h>

/* --- gathering ----------------------------------------------------------------------------- */

/* Out of [a ..., axis, b ...] and indices of rank q: [a ..., indices ..., b ...]. */
static enum doubt_code gather(struct doubti_infer *t)
{
    int32_t axis;
    t->out[0].dtype = t->in[0]->dtype;
    if (!doubti_infer_has(t, 0) || !doubti_infer_has(t, 1))
        return DOUBT_OK;
    const struct doubt_value *x = t->in[0], *indices = t->in[1];
    enum doubt_code code = doubti_infer_axis(t, doubt_node_int(t->node, "axis", 0), x->rank, &axis);
    if (code != DOUBT_OK)
        return code;
    int32_t rank = x->rank - 1 + indices->rank, at = 0;
    if (rank > DOUBT_RANK_MAX)
        return doubti_infer_fail(t, "the result would have rank %d; up to %d are accepted",
                                 (int)rank, DOUBT_RANK_MAX);
    t->out[0].rank = rank;
    for (int32_t i = 0; i < axis; i++)
        t->out[0].dims[at++] = x->dims[i];
    for (int32_t i = 0; i < indices->rank; i++)
        t->out[0].dims[at++] = indices->dims[i];
    for (int32_t i = axis + 1; i < x->rank; i++)
        t->out[0].dims[at++] = x->dims[i];
    struct doubti_ints from, which;
    if (x->rank != 1 || !doubti_infer_ints(t, 0, &from) || !doubti_infer_ints(t, 1, &which))
        return DOUBT_OK;
    t->ints.count = which.count;
    for (int32_t i = 0; i < which.count; i++) {
        int64_t k = which.v[i] < 0 ? which.v[i] + from.count : which.v[i];
        if (k < 0 || k >= from.count)
            return doubti_infer_fail(t, "index %lld into %d elements", (long long)which.v[i],
                                     (int)from.count);
        t->ints.v[i] = from.v[k];
    }
    t->has_ints = true;
    return DOUBT_OK;
}

static enum doubt_code gather_nd(struct doubti_infer *t)
{
    int64_t batch = doubt_node_int(t->node, "batch_dims", 0);
    t->out[0].dtype = t->in[0]->dtype;
    if (!doubti_infer_has(t, 0) || !doubti_infer_has(t, 1))
        return DOUBT_OK;
    const struct doubt_value *x = t->in[0], *indices = t->in[1];
    if (indices->rank < 1 || batch < 0 || batch >= indices->rank || batch > x->rank)
        return doubti_infer_fail(t, "indices of rank %d with %lld batch axes are not possible",
                                 (int)indices->rank, (long long)batch);
    int64_t depth = indices->dims[indices->rank - 1];
    if (depth < 0)
        return DOUBT_OK;
    if (depth < 1 || depth > x->rank - batch)
        return doubti_infer_fail(t, "indices of %lld numbers into rank %d", (long long)depth,
                                 (int)x->rank);
    int32_t first = (int32_t)(batch + depth), rank = indices->rank - 1 + x->rank - first;
    if (rank > DOUBT_RANK_MAX)
        return doubti_infer_fail(t, "the result would have rank %d; up to %d are accepted",
                                 (int)rank, DOUBT_RANK_MAX);
    t->out[0].rank = rank;
    memcpy(t->out[0].dims, indices->dims, (size_t)(indices->rank - 1) * sizeof indices->dims[0]);
    for (int32_t i = first; i < x->rank; i++)
        t->out[0].dims[indices->rank - 1 + i - first] = x->dims[i];
    return DOUBT_OK;
}

static enum doubt_code gather_elements(struct doubti_infer *t)
{
    doubti_infer_like(t, 0, 1);
    t->out[0].dtype = t->in[0]->dtype;
    if (doubti_infer_has(t, 0) && doubti_infer_has(t, 1) && t->in[0]->rank != t->in[1]->rank)
        return doubti_infer_fail(t, "input and indices have ranks %d and %d", (int)t->in[0]->rank,
                                 (int)t->in[1]->rank);
    return DOUBT_OK;
}

static enum doubt_code scatter(struct doubti_infer *t)
{
    doubti_infer_like(t, 0, 0);
    return DOUBT_OK;
}

/* --- making values from sizes -------------------------------------------------------------- */

static enum doubt_code shape(struct doubti_infer *t)
{
    t->out[0].dtype = DOUBT_I64;
    t->out[0].rank = 1;
    t->out[0].dims[0] = -1;
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    int64_t rank = t->in[0]->rank, start = doubt_node_int(t->node, "start", 0),
            end = doubt_node_int(t->node, "end", rank);
    start = start < 0 ? start + rank : start;
    end = end < 0 ? end + rank : end;
    start = start < 0 ? 0 : start > rank ? rank : start;
    end = end < start ? start : end > rank ? rank : end;
    t->out[0].dims[0] = end - start;
    t->ints.count = (int32_t)(end - start);
    t->has_ints = true;
    for (int64_t i = start; i < end; i++) {
        t->ints.v[i - start] = t->in[0]->dims[i];
        t->has_ints = t->has_ints && t->in[0]->dims[i] >= 0;
    }
    return DOUBT_OK;
}

static enum doubt_code size(struct doubti_infer *t)
{
    uint64_t count;
    t->out[0].dtype = DOUBT_I64;
    t->out[0].rank = 0;
    if (doubti_infer_has(t, 0) && doubt_dims_count(t->in[0]->dims, t->in[0]->rank, &count)) {
        t->ints.count = 1;
        t->ints.v[0] = (int64_t)count;
        t->has_ints = true;
    }
    return DOUBT_OK;
}

/* The attribute "value" is a tensor: whoever reads files records its type as that of the output. */
static enum doubt_code constant_of_shape(struct doubti_infer *t)
{
    struct doubti_ints dims;
    const struct doubt_value *declared = doubt_graph_value(t->graph, t->node->outputs[0]);
    t->out[0].dtype =
        declared != NULL && declared->dtype != DOUBT_DTYPE_NONE ? declared->dtype : DOUBT_F32;
    if (!doubti_infer_ints(t, 0, &dims))
        return DOUBT_OK;
    if (dims.count > DOUBT_RANK_MAX)
        return doubti_infer_fail(t, "the shape has rank %d; up to %d are accepted", (int)dims.count,
                                 DOUBT_RANK_MAX);
    t->out[0].rank = dims.count;
    for (int32_t i = 0; i < dims.count; i++) {
        if (dims.v[i] < 0)
            return doubti_infer_fail(t, "the shape has the size %lld", (long long)dims.v[i]);
        t->out[0].dims[i] = dims.v[i];
    }
    return DOUBT_OK;
}

/* Constant with its value in a number or a list; tensors become constants of the graph. */
static enum doubt_code constant(struct doubti_infer *t)
{
    const int64_t *ints;
    int32_t count = doubt_node_ints(t->node, "value_ints", &ints);
    bool has_int = false;
    for (uint32_t i = 0; i < t->node->attr_count; i++) {
        if (strcmp(t->node->attrs[i].name, "value_float") == 0) {
            t->out[0].dtype = DOUBT_F32;
            t->out[0].rank = 0;
        }
        has_int = has_int || strcmp(t->node->attrs[i].name, "value_int") == 0;
    }
    if (!has_int && count == 0)
        return DOUBT_OK;
    t->out[0].dtype = DOUBT_I64;
    t->out[0].rank = has_int ? 0 : 1;
    t->out[0].dims[0] = count;
    t->has_ints = true;
    t->ints.count = has_int ? 1 : count;
    for (int32_t i = 0; i < t->ints.count; i++)
        t->ints.v[i] = has_int ? doubt_node_int(t->node, "value_int", 0) : ints[i];
    return DOUBT_OK;
}

static enum doubt_code range(struct doubti_infer *t)
{
    struct doubti_ints from, to, step;
    t->out[0].dtype = t->in[0]->dtype;
    t->out[0].rank = 1;
    t->out[0].dims[0] = -1;
    if (!doubti_infer_ints(t, 0, &from) || !doubti_infer_ints(t, 1, &to) ||
        !doubti_infer_ints(t, 2, &step) || from.count != 1 || to.count != 1 || step.count != 1)
        return DOUBT_OK;
    int64_t span, by = step.v[0];
    if (by == 0 || by == INT64_MIN || __builtin_sub_overflow(to.v[0], from.v[0], &span) ||
        span == INT64_MIN)
        return doubti_infer_fail(t, "the range is impossible");
    if (by < 0) {
        by = -by;
        span = -span;
    }
    t->out[0].dims[0] = span <= 0 ? 0 : (span - 1) / by + 1;
    return DOUBT_OK;
}

/* --- reducing ------------------------------------------------------------------------------ */

/* Drops or keeps as 1 the axes that are marked. */
static void reduce_dims(struct doubti_infer *t, const bool *reduced, bool keep)
{
    const struct doubt_value *x = t->in[0];
    t->out[0].rank = 0;
    for (int32_t i = 0; i < x->rank; i++) {
        if (!reduced[i])
            t->out[0].dims[t->out[0].rank++] = x->dims[i];
        else if (keep)
            t->out[0].dims[t->out[0].rank++] = 1;
    }
}

static enum doubt_code reduce(struct doubti_infer *t)
{
    struct doubti_ints axes = {.count = 0};
    const int64_t *list;
    bool reduced[DOUBT_RANK_MAX] = {false};
    t->out[0].dtype = t->in[0]->dtype;
    int32_t count = doubt_node_ints(t->node, "axes", &list);
    if (count > 0) {
        axes.count = count;
        memcpy(axes.v, list, (size_t)count * sizeof list[0]);
    } else if (t->node->input_count > 1 && t->in[1] != NULL && !doubti_infer_ints(t, 1, &axes)) {
        return DOUBT_OK;
    }
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    bool all = axes.count == 0 && doubt_node_int(t->node, "noop_with_empty_axes", 0) == 0;
    for (int32_t i = 0; i < DOUBT_RANK_MAX && all; i++)
        reduced[i] = true;
    for (int32_t i = 0; i < axes.count; i++) {
        int32_t axis;
        enum doubt_code code = doubti_infer_axis(t, axes.v[i], t->in[0]->rank, &axis);
        if (code != DOUBT_OK)
            return code;
        reduced[axis] = true;
    }
    reduce_dims(t, reduced, doubt_node_int(t->node, "keepdims", 1) != 0);
    return DOUBT_OK;
}

static enum doubt_code arg_reduce(struct doubti_infer *t)
{
    bool reduced[DOUBT_RANK_MAX] = {false};
    int32_t axis;
    t->out[0].dtype = DOUBT_I64;
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    enum doubt_code code =
        doubti_infer_axis(t, doubt_node_int(t->node, "axis", 0), t->in[0]->rank, &axis);
    if (code != DOUBT_OK)
        return code;
    reduced[axis] = true;
    reduce_dims(t, reduced, doubt_node_int(t->node, "keepdims", 1) != 0);
    return DOUBT_OK;
}

/* k as input 1, or as an attribute before opset 10. */
static enum doubt_code top_k(struct doubti_infer *t)
{
    struct doubti_ints k = {.count = 1, .v = {doubt_node_int(t->node, "k", -1)}};
    int32_t axis;
    doubti_infer_like(t, 0, 0);
    if (t->node->input_count > 1 && !doubti_infer_ints(t, 1, &k))
        k = (struct doubti_ints){.count = 1, .v = {-1}};
    if (doubti_infer_has(t, 0)) {
        enum doubt_code code =
            doubti_infer_axis(t, doubt_node_int(t->node, "axis", -1), t->in[0]->rank, &axis);
        if (code != DOUBT_OK)
            return code;
        int64_t there = t->in[0]->dims[axis];
        if (k.count != 1 || k.v[0] < -1 || (there >= 0 && k.v[0] > there))
            return doubti_infer_fail(t, "the %lld largest of %lld elements", (long long)k.v[0],
                                     (long long)there);
        t->out[0].dims[axis] = k.v[0];
    }
    t->out[1] = t->out[0];
    t->out[1].dtype = DOUBT_I64;
    return DOUBT_OK;
}

/* Rows of (image, class, box); their number depends on the values. */
static enum doubt_code nms(struct doubti_infer *t)
{
    t->out[0].dtype = DOUBT_I64;
    t->out[0].rank = 2;
    t->out[0].dims[0] = -1;
    t->out[0].dims[1] = 3;
    for (uint32_t i = 0; i < 2; i++) {
        if (doubti_infer_has(t, i) && t->in[i]->rank != 3)
            return doubti_infer_fail(t, "\"%s\" has rank %d; 3 is needed", t->in[i]->name,
                                     (int)t->in[i]->rank);
    }
    if (!doubti_infer_has(t, 0) || !doubti_infer_has(t, 1))
        return DOUBT_OK;
    const int64_t *boxes = t->in[0]->dims, *scores = t->in[1]->dims;
    if ((boxes[2] >= 0 && boxes[2] != 4) ||
        (boxes[0] >= 0 && scores[0] >= 0 && boxes[0] != scores[0]) ||
        (boxes[1] >= 0 && scores[2] >= 0 && boxes[1] != scores[2]))
        return doubti_infer_fail(t, "boxes [N, B, 4] and scores [N, C, B] do not go together");
    return DOUBT_OK;
}

/* TensorRT's plug-in: counts [N, 1], boxes [N, M, 4], scores [N, M], classes [N, M] from boxes
 * [N, B, 4] (or one for each class) and scores [N, B, C]; M is an attribute. */
static enum doubt_code efficient_nms(struct doubti_infer *t)
{
    static const int32_t ranks[4] = {2, 3, 2, 2};
    int64_t most = doubt_node_int(t->node, "max_output_boxes", 100);
    for (int k = 0; k < 4; k++) {
        t->out[k].dtype = k == 0 || k == 3 ? DOUBT_I32 : t->in[0]->dtype;
        t->out[k].rank = ranks[k];
        t->out[k].dims[0] = doubti_infer_has(t, 1) ? t->in[1]->dims[0] : -1;
        t->out[k].dims[1] = k == 0 ? 1 : most;
        t->out[k].dims[2] = 4;
    }
    if (!doubti_infer_has(t, 0) || !doubti_infer_has(t, 1))
        return DOUBT_OK;
    const int64_t *boxes = t->in[0]->dims, *scores = t->in[1]->dims;
    if (most < 1 || t->in[0]->rank != 3 || t->in[1]->rank != 3 || boxes[2] != 4 ||
        boxes[0] != scores[0] || boxes[1] != scores[1])
        return doubti_infer_fail(t, "boxes [N, B, 4] and scores [N, B, C] do not go together");
    return DOUBT_OK;
}

/* As many rows as elements that are not zero: known only at run time. */
static enum doubt_code non_zero(struct doubti_infer *t)
{
    t->out[0].dtype = DOUBT_I64;
    t->out[0].rank = 2;
    t->out[0].dims[0] = t->in[0]->rank;
    t->out[0].dims[1] = -1;
    return DOUBT_OK;
}

static const struct doubti_shape_row rows[] = {
    {"Gather", 2, 2, 1, gather, 0},
    {"GatherND", 2, 2, 1, gather_nd, 0},
    {"GatherElements", 2, 2, 1, gather_elements, 0},
    {"ScatterND", 3, 3, 1, scatter, 0},
    {"ScatterElements", 3, 3, 1, scatter, 0},
    {"Shape", 1, 1, 1, shape, 0},
    {"Size", 1, 1, 1, size, 0},
    {"Constant", 0, 0, 1, constant, 0},
    {"ConstantOfShape", 1, 1, 1, constant_of_shape, 0},
    {"Range", 3, 3, 1, range, 0},
    {"NonZero", 1, 1, 1, non_zero, 0},
    {"ReduceMean", 1, 2, 1, reduce, 0},
    {"ReduceSum", 1, 2, 1, reduce, 0},
    {"ReduceMax", 1, 2, 1, reduce, 0},
    {"ReduceMin", 1, 2, 1, reduce, 0},
    {"ReduceProd", 1, 2, 1, reduce, 0},
    {"ReduceL1", 1, 2, 1, reduce, 0},
    {"ReduceL2", 1, 2, 1, reduce, 0},
    {"ReduceSumSquare", 1, 2, 1, reduce, 0},
    {"ArgMax", 1, 1, 1, arg_reduce, 0},
    {"ArgMin", 1, 1, 1, arg_reduce, 0},
    {"TopK", 1, 2, 2, top_k, 0},
    {"NonMaxSuppression", 2, 5, 1, nms, 0},
    {"EfficientNMS_TRT", 2, 3, 4, efficient_nms, 0},
};

const struct doubti_shape_table doubti_shape_index = {rows, sizeof rows / sizeof rows[0]};

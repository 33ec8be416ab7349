/* interp_index.c: elements chosen by indices that are data, and values made from shapes.
 *
 * A unit of work is one index. Negative indices count from the end; one out of range is an error
 * with its value, never a read. Formulas: ONNX operator specification.
 */
#include "model/interp_int.h"
#include "model/tensor.h"

#include <math.h>
#include <string.h>

/* index in [-dim, dim) to [0, dim). */
static enum doubt_code in_range(struct doubti_call *call, int64_t index, int64_t dim, int64_t *out)
{
    if (index < -dim || index >= dim)
        return doubti_fail(call, DOUBT_E_FORMAT, "index %lld is outside an axis of %lld",
                           (long long)index, (long long)dim);
    *out = index < 0 ? index + dim : index;
    return DOUBT_OK;
}

/* Data, indices and axis, as Gather and GatherElements take them. */
static enum doubt_code gather_inputs(struct doubti_call *call, const struct doubti_array **x,
                                     const struct doubti_array **indices, int32_t *axis)
{
    enum doubt_code code = doubti_in_any(call, 0, x);
    if (code == DOUBT_OK)
        code = doubti_in_int(call, 1, indices);
    if (code == DOUBT_OK)
        code = doubti_axis(call, doubt_node_int(call->node, "axis", 0), (*x)->rank, axis);
    return code;
}

static enum doubt_code gather(struct doubti_call *call)
{
    const struct doubti_array *x, *indices;
    int32_t axis = 0, rank = 0;
    int64_t dims[2 * DOUBT_RANK_MAX];
    enum doubt_code code = gather_inputs(call, &x, &indices, &axis);
    if (code != DOUBT_OK)
        return code;
    for (int32_t d = 0; d < axis; d++)
        dims[rank++] = x->dims[d];
    for (int32_t d = 0; d < indices->rank; d++)
        dims[rank++] = indices->dims[d];
    for (int32_t d = axis + 1; d < x->rank; d++)
        dims[rank++] = x->dims[d];
    code = doubti_make(call, 0, x->dtype, rank, dims);
    if (code != DOUBT_OK || call->out[0].count == 0)
        return code;
    size_t inner = (size_t)doubti_span(x->dims, axis + 1, x->rank) * doubti_element_bytes(x);
    uint64_t outer = doubti_span(x->dims, 0, axis);
    char *y = call->out[0].bytes;
    for (uint64_t n = 0; n < outer; n++)
        for (uint64_t k = 0; k < indices->count; k++, y += inner) {
            int64_t at = 0;
            code = in_range(call, indices->i[k], x->dims[axis], &at);
            if (code != DOUBT_OK)
                return code;
            memcpy(y, x->bytes + (n * (uint64_t)x->dims[axis] + (uint64_t)at) * inner, inner);
        }
    return code;
}

static enum doubt_code gather_elements(struct doubti_call *call)
{
    const struct doubti_array *x, *indices;
    int32_t axis = 0;
    enum doubt_code code = gather_inputs(call, &x, &indices, &axis);
    if (code != DOUBT_OK)
        return code;
    if (indices->rank != x->rank)
        return doubti_fail(call, DOUBT_E_FORMAT, "data of rank %d, indices of rank %d",
                           (int)x->rank, (int)indices->rank);
    for (int32_t d = 0; d < x->rank; d++)
        if (d != axis && indices->dims[d] > x->dims[d])
            return doubti_fail(call, DOUBT_E_FORMAT, "indices are larger than data on axis %d",
                               (int)d);
    struct doubti_walk walk = {.rank = x->rank, .count = 1};
    int64_t strides[DOUBT_RANK_MAX];
    doubti_strides(x->dims, x->rank, strides);
    memcpy(walk.dims, indices->dims, sizeof walk.dims);
    for (int32_t d = 0; d < x->rank; d++)
        walk.strides[0][d] = d == axis ? 0 : strides[d];
    code = doubti_make(call, 0, x->dtype, x->rank, indices->dims);
    size_t size = doubti_element_bytes(x);
    for (uint64_t n = 0; n < indices->count && code == DOUBT_OK; n++, doubti_walk_next(&walk)) {
        int64_t at = 0;
        code = in_range(call, indices->i[n], x->dims[axis], &at);
        if (code == DOUBT_OK)
            memcpy(call->out[0].bytes + n * size,
                   x->bytes + (size_t)(walk.offsets[0] + at * strides[axis]) * size, size);
    }
    return code;
}

/* Dims of GatherND's output: those of indices but the last, then what an index leaves of data. */
static enum doubt_code gather_nd_make(struct doubti_call *call, const struct doubti_array *x,
                                      const struct doubti_array *indices, int32_t batch)
{
    int64_t dims[2 * DOUBT_RANK_MAX];
    int32_t rank = 0;
    if (indices->rank < 1 || batch < 0 || batch >= indices->rank || batch >= x->rank)
        return doubti_fail(call, DOUBT_E_FORMAT, "batch_dims %d does not fit", (int)batch);
    int64_t depth = indices->dims[indices->rank - 1];
    if (depth < 1 || depth > x->rank - batch)
        return doubti_fail(call, DOUBT_E_FORMAT, "an index of %lld places into rank %d",
                           (long long)depth, (int)x->rank);
    for (int32_t d = 0; d < batch; d++)
        if (x->dims[d] != indices->dims[d])
            return doubti_fail(call, DOUBT_E_FORMAT, "batch dims differ");
    for (int32_t d = 0; d < indices->rank - 1; d++)
        dims[rank++] = indices->dims[d];
    for (int32_t d = batch + (int32_t)depth; d < x->rank; d++)
        dims[rank++] = x->dims[d];
    return doubti_make(call, 0, x->dtype, rank, dims);
}

static enum doubt_code gather_nd(struct doubti_call *call)
{
    const struct doubti_array *x, *indices;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_in_int(call, 1, &indices);
    int64_t asked = doubt_node_int(call->node, "batch_dims", 0);
    int32_t batch = asked < 0 || asked > DOUBT_RANK_MAX ? -1 : (int32_t)asked;
    if (code == DOUBT_OK)
        code = gather_nd_make(call, x, indices, batch);
    if (code != DOUBT_OK || call->out[0].count == 0)
        return code;
    int32_t depth = (int32_t)indices->dims[indices->rank - 1];
    uint64_t count = indices->count / (uint64_t)depth;
    uint64_t per_batch = count / doubti_span(x->dims, 0, batch);
    uint64_t batch_elements = doubti_span(x->dims, batch, x->rank);
    size_t inner = (size_t)doubti_span(x->dims, batch + depth, x->rank) * doubti_element_bytes(x);
    for (uint64_t n = 0; n < count; n++) {
        uint64_t at = 0;
        for (int32_t d = 0; d < depth; d++) {
            int64_t index = 0, dim = x->dims[batch + d];
            code = in_range(call, indices->i[n * (uint64_t)depth + (uint64_t)d], dim, &index);
            if (code != DOUBT_OK)
                return code;
            at = at * (uint64_t)dim + (uint64_t)index;
        }
        const char *from = x->bytes + n / per_batch * batch_elements * doubti_element_bytes(x);
        memcpy(call->out[0].bytes + n * inner, from + at * inner, inner);
    }
    return code;
}

/* --- values made from shapes ----------------------------------------------------------------- */

/* start or end of Shape: clamped, not refused. */
static int32_t shape_end(int64_t at, int32_t rank)
{
    at = at < 0 ? at + rank : at;
    return at < 0 ? 0 : at > rank ? rank : (int32_t)at;
}

static enum doubt_code shape(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code != DOUBT_OK)
        return code;
    int32_t from = shape_end(doubt_node_int(call->node, "start", 0), x->rank);
    int32_t to = shape_end(doubt_node_int(call->node, "end", x->rank), x->rank);
    int64_t count = to > from ? to - from : 0;
    code = doubti_make(call, 0, DOUBT_I64, 1, &count);
    if (code == DOUBT_OK && count > 0)
        memcpy(call->out[0].i, x->dims + from, (size_t)count * sizeof *x->dims);
    return code;
}

static enum doubt_code size(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_make(call, 0, DOUBT_I64, 0, NULL);
    if (code == DOUBT_OK)
        call->out[0].i[0] = (int64_t)x->count;
    return code;
}

static const struct doubt_attr *find_attr(const struct doubt_node *node, const char *name)
{
    for (uint32_t k = 0; k < node->attr_count; k++)
        if (strcmp(node->attrs[k].name, name) == 0)
            return &node->attrs[k];
    return NULL;
}

/* The attribute "value" of ConstantOfShape in every place; zeros of f32 without it. */
static enum doubt_code constant_of_shape(struct doubti_call *call)
{
    struct doubti_list dims;
    enum doubt_code code = doubti_list_get(call, 0, NULL, &dims);
    if (code != DOUBT_OK)
        return code;
    const struct doubt_attr *value = find_attr(call->node, "value");
    bool integer = value && value->kind == DOUBT_ATTR_INT;
    code = doubti_make(call, 0, integer ? DOUBT_I64 : DOUBT_F32, dims.count, dims.v);
    for (uint64_t n = 0; value && n < call->out[0].count && code == DOUBT_OK; n++) {
        if (integer)
            call->out[0].i[n] = value->i;
        else
            call->out[0].f[n] = value->f;
    }
    return code;
}

/* Tensors in Constant nodes become constants of the graph when a file is read; numbers may remain
 * as attributes. */
static enum doubt_code constant(struct doubti_call *call)
{
    const struct doubt_attr *attr = call->node->attr_count > 0 ? &call->node->attrs[0] : NULL;
    if (!attr || attr->kind == DOUBT_ATTR_STRING)
        return doubti_fail(call, DOUBT_E_UNSUPPORTED, "it holds no number");
    int64_t count = attr->int_count;
    bool list = attr->kind == DOUBT_ATTR_INTS;
    enum doubt_dtype dtype = attr->kind == DOUBT_ATTR_FLOAT ? DOUBT_F32 : DOUBT_I64;
    enum doubt_code code = doubti_make(call, 0, dtype, list ? 1 : 0, &count);
    if (code != DOUBT_OK)
        return code;
    if (list)
        memcpy(call->out[0].i, attr->ints, (size_t)count * sizeof *attr->ints);
    else if (dtype == DOUBT_F32)
        call->out[0].f[0] = attr->f;
    else
        call->out[0].i[0] = attr->i;
    return DOUBT_OK;
}

/* max(0, ceil((limit - start) / delta)) values. */
static enum doubt_code range_count(struct doubti_call *call, int64_t *count)
{
    const struct doubti_array *v[3];
    for (int k = 0; k < 3; k++) {
        enum doubt_code code = doubti_in_any(call, k, &v[k]);
        if (code != DOUBT_OK)
            return code;
        if (v[k]->count != 1 || v[k]->dtype != v[0]->dtype)
            return doubti_fail(call, DOUBT_E_FORMAT, "input %d is no single number of one type", k);
    }
    bool floats = doubti_is_float(v[0]->dtype);
    double start = floats ? (double)v[0]->f[0] : (double)v[0]->i[0];
    double limit = floats ? (double)v[1]->f[0] : (double)v[1]->i[0];
    double delta = floats ? (double)v[2]->f[0] : (double)v[2]->i[0];
    double steps = ceil((limit - start) / delta);
    if (!(delta != 0.0) || !(steps < 1e12))
        return doubti_fail(call, DOUBT_E_FORMAT, "from %g to %g by %g", start, limit, delta);
    *count = steps > 0.0 ? (int64_t)steps : 0;
    return DOUBT_OK;
}

static enum doubt_code range(struct doubti_call *call)
{
    int64_t count = 0;
    enum doubt_code code = range_count(call, &count);
    if (code == DOUBT_OK)
        code = doubti_make(call, 0, call->in[0]->dtype, 1, &count);
    for (int64_t n = 0; n < count && code == DOUBT_OK; n++) {
        if (doubti_is_float(call->in[0]->dtype))
            call->out[0].f[n] = call->in[0]->f[0] + (float)n * call->in[2]->f[0];
        else
            call->out[0].i[n] =
                (int64_t)((uint64_t)call->in[0]->i[0] + (uint64_t)n * (uint64_t)call->in[2]->i[0]);
    }
    return code;
}

const struct doubti_op doubti_ops_index[] = {
    {"Gather", .run = gather},
    {"GatherElements", .run = gather_elements},
    {"GatherND", .run = gather_nd},
    {"Shape", .run = shape},
    {"Size", .run = size},
    {"Constant", .run = constant},
    {"ConstantOfShape", .run = constant_of_shape},
    {"Range", .run = range},
    {.name = NULL},
};

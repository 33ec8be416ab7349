/* shape_layout.c: rows of operators that move, cut, join and resize without arithmetic.
 *
 * A unit of work is one operator, in the spelling of opset 13 and, where users' files still have
 * it, the older one with attributes instead of inputs. See model_int.h.
 */
#include "model/model_int.h"
#include "model/tensor.h"

#include <math.h>
#include <string.h>

/* A list given as an attribute (older opsets) or as input i. */
enum list_state { LIST_ABSENT, LIST_UNKNOWN, LIST_KNOWN };

static enum list_state read_list(const struct doubti_infer *t, const char *attr, uint32_t i,
                                 struct doubti_ints *out)
{
    const int64_t *ints;
    out->count = doubt_node_ints(t->node, attr, &ints);
    if (out->count > 0) {
        memcpy(out->v, ints, (size_t)out->count * sizeof ints[0]);
        return LIST_KNOWN;
    }
    if (i >= t->node->input_count || t->in[i] == NULL)
        return LIST_ABSENT;
    return doubti_infer_ints(t, i, out) ? LIST_KNOWN : LIST_UNKNOWN;
}

static void forget_dims(struct doubt_value *value)
{
    for (int32_t i = 0; i < value->rank; i++)
        value->dims[i] = -1;
}

/* --- joining and splitting ----------------------------------------------------------------- */

static enum doubt_code join(struct doubti_infer *t, uint32_t i, int32_t axis)
{
    const struct doubt_value *v = t->in[i];
    struct doubt_value *out = &t->out[0];
    if (v->rank != out->rank)
        return doubti_infer_fail(t, "\"%s\" has rank %d, the first input %d", v->name, (int)v->rank,
                                 (int)out->rank);
    for (int32_t d = 0; d < v->rank; d++) {
        int64_t *size = &out->dims[d], other = v->dims[d];
        if (d == axis) {
            if (*size < 0 || other < 0)
                *size = -1;
            else if (!doubti_add(*size, other, size))
                return doubti_infer_fail(t, "the sum of the sizes is out of range");
        } else if (*size < 0) {
            *size = other;
        } else if (other >= 0 && other != *size) {
            return doubti_infer_fail(t, "\"%s\" has %lld elements on axis %d, others have %lld",
                                     v->name, (long long)other, (int)d, (long long)*size);
        }
    }
    return DOUBT_OK;
}

static bool join_ints(struct doubti_infer *t)
{
    t->ints.count = 0;
    for (uint32_t i = 0; i < t->node->input_count; i++) {
        struct doubti_ints more;
        if (!doubti_infer_ints(t, i, &more) || t->ints.count + more.count > DOUBTI_INTS_MAX)
            return false;
        memcpy(t->ints.v + t->ints.count, more.v, (size_t)more.count * sizeof more.v[0]);
        t->ints.count += more.count;
    }
    return true;
}

static enum doubt_code concat(struct doubti_infer *t)
{
    int32_t axis = 0;
    t->out[0].dtype = t->in[0]->dtype;
    for (uint32_t i = 0; i < t->node->input_count; i++) {
        if (!doubti_infer_has(t, i))
            return DOUBT_OK;
        if (t->in[i]->dtype != t->in[0]->dtype)
            return doubti_infer_fail(t, "inputs of types %s and %s do not go together",
                                     doubt_dtype_name(t->in[0]->dtype),
                                     doubt_dtype_name(t->in[i]->dtype));
    }
    doubti_infer_like(t, 0, 0);
    enum doubt_code code =
        doubti_infer_axis(t, doubt_node_int(t->node, "axis", 1), t->in[0]->rank, &axis);
    for (uint32_t i = 1; i < t->node->input_count && code == DOUBT_OK; i++)
        code = join(t, i, axis);
    t->has_ints = code == DOUBT_OK && t->out[0].rank == 1 && join_ints(t);
    return code;
}

static enum doubt_code split_sizes(struct doubti_infer *t, int32_t axis,
                                   const struct doubti_ints *sizes)
{
    int64_t whole = t->in[0]->dims[axis], sum = 0;
    if (sizes->count != (int32_t)t->node->output_count)
        return doubti_infer_fail(t, "%d sizes for %u outputs", (int)sizes->count,
                                 (unsigned)t->node->output_count);
    for (int32_t i = 0; i < sizes->count; i++) {
        if (sizes->v[i] < 0 || !doubti_add(sum, sizes->v[i], &sum))
            return doubti_infer_fail(t, "part %d would have %lld elements", (int)i,
                                     (long long)sizes->v[i]);
        t->out[i].dims[axis] = sizes->v[i];
    }
    if (whole >= 0 && sum != whole)
        return doubti_infer_fail(t, "the parts have %lld elements, the whole %lld", (long long)sum,
                                 (long long)whole);
    return DOUBT_OK;
}

static enum doubt_code split(struct doubti_infer *t)
{
    struct doubti_ints sizes;
    int32_t axis;
    int64_t n = t->node->output_count;
    for (uint32_t i = 0; i < n; i++)
        doubti_infer_like(t, i, 0);
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    enum doubt_code code =
        doubti_infer_axis(t, doubt_node_int(t->node, "axis", 0), t->in[0]->rank, &axis);
    if (code != DOUBT_OK)
        return code;
    int64_t whole = t->in[0]->dims[axis], part = whole < 0 ? -1 : whole / n + (whole % n != 0);
    enum list_state state = read_list(t, "split", 1, &sizes);
    if (state == LIST_KNOWN)
        return split_sizes(t, axis, &sizes);
    for (int64_t i = 0; i < n; i++) {
        int64_t rest = whole - i * part;
        t->out[i].dims[axis] = state == LIST_UNKNOWN || part < 0 ? -1 : rest < part ? rest : part;
        if (t->out[i].dims[axis] < -1)
            return doubti_infer_fail(t, "%lld elements do not make %lld parts", (long long)whole,
                                     (long long)n);
    }
    return DOUBT_OK;
}

/* --- slices -------------------------------------------------------------------------------- */

static int64_t clamp(int64_t x, int64_t lo, int64_t hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

/* First index and number of elements of start:end:step over size elements. step is not 0. */
static void cut(int64_t size, int64_t range[2], int64_t step, int64_t *count)
{
    int64_t from = range[0] < 0 ? range[0] + size : range[0];
    int64_t to = range[1] < 0 ? range[1] + size : range[1];
    if (step > 0) {
        from = clamp(from, 0, size);
        to = clamp(to, 0, size);
        *count = to <= from ? 0 : (to - from - 1) / step + 1;
    } else {
        from = clamp(from, -1, size - 1);
        to = clamp(to, -1, size - 1);
        uint64_t back = (uint64_t)0 - (uint64_t)step;
        *count = to >= from ? 0 : (int64_t)((uint64_t)(from - to - 1) / back) + 1;
    }
    range[0] = from;
}

struct slices {
    struct doubti_ints starts, ends, axes, steps;
};

static enum doubt_code slice_axes(struct doubti_infer *t, struct slices *s)
{
    int32_t n = s->starts.count;
    if (s->ends.count != n || s->axes.count != n || s->steps.count != n)
        return doubti_infer_fail(t, "starts, ends, axes and steps have %d, %d, %d and %d numbers",
                                 (int)n, (int)s->ends.count, (int)s->axes.count,
                                 (int)s->steps.count);
    for (int32_t i = 0; i < n; i++) {
        int32_t axis;
        enum doubt_code code = doubti_infer_axis(t, s->axes.v[i], t->in[0]->rank, &axis);
        if (code != DOUBT_OK)
            return code;
        if (s->steps.v[i] == 0)
            return doubti_infer_fail(t, "a step is 0");
        int64_t range[2] = {s->starts.v[i], s->ends.v[i]}, size = t->in[0]->dims[axis];
        if (size >= 0)
            cut(size, range, s->steps.v[i], &t->out[0].dims[axis]);
        else
            t->out[0].dims[axis] = -1;
        struct doubti_ints all;
        if (t->in[0]->rank == 1 && n == 1 && doubti_infer_ints(t, 0, &all) && size == all.count) {
            t->ints.count = (int32_t)t->out[0].dims[0];
            for (int32_t k = 0; k < t->ints.count; k++)
                t->ints.v[k] = all.v[range[0] + k * s->steps.v[i]];
            t->has_ints = true;
        }
    }
    return DOUBT_OK;
}

static enum doubt_code slice(struct doubti_infer *t)
{
    struct slices s;
    doubti_infer_like(t, 0, 0);
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    enum list_state starts = read_list(t, "starts", 1, &s.starts),
                    ends = read_list(t, "ends", 2, &s.ends),
                    axes = read_list(t, "axes", 3, &s.axes), steps = read_list(t, "", 4, &s.steps);
    if (starts == LIST_ABSENT || ends == LIST_ABSENT)
        return doubti_infer_fail(t, "starts or ends are missing");
    if (starts == LIST_UNKNOWN || ends == LIST_UNKNOWN || axes == LIST_UNKNOWN ||
        steps == LIST_UNKNOWN) {
        forget_dims(&t->out[0]);
        return DOUBT_OK;
    }
    if (axes == LIST_ABSENT) {
        s.axes.count = s.starts.count;
        for (int32_t i = 0; i < s.axes.count; i++)
            s.axes.v[i] = i;
    }
    if (steps == LIST_ABSENT) {
        s.steps.count = s.starts.count;
        for (int32_t i = 0; i < s.steps.count; i++)
            s.steps.v[i] = 1;
    }
    return slice_axes(t, &s);
}

/* --- reshaping ----------------------------------------------------------------------------- */

/* Works out the one size given as -1. */
static enum doubt_code fill_gap(struct doubti_infer *t, int32_t gap)
{
    struct doubt_value *out = &t->out[0];
    uint64_t whole = 0, rest = 0;
    bool known = doubt_dims_count(t->in[0]->dims, t->in[0]->rank, &whole);
    for (int32_t i = 0; i < out->rank; i++)
        known = known && (i == gap || out->dims[i] >= 0);
    if (!known)
        return DOUBT_OK;
    if (gap >= 0)
        out->dims[gap] = 1;
    if (!doubt_dims_count(out->dims, out->rank, &rest) || (gap < 0     ? rest != whole
                                                           : rest == 0 ? whole != 0
                                                                       : whole % rest != 0))
        return doubti_infer_fail(t, "%llu elements do not fit the new shape (%llu%s)",
                                 (unsigned long long)whole, (unsigned long long)rest,
                                 gap < 0 ? "" : " times something");
    if (gap >= 0)
        out->dims[gap] = rest == 0 ? 0 : (int64_t)(whole / rest);
    return DOUBT_OK;
}

static enum doubt_code reshape(struct doubti_infer *t)
{
    struct doubti_ints shape;
    int32_t gap = -1;
    t->out[0].dtype = t->in[0]->dtype;
    enum list_state state = read_list(t, "shape", 1, &shape);
    if (state == LIST_ABSENT)
        return doubti_infer_fail(t, "the new shape is missing");
    if (state == LIST_UNKNOWN || !doubti_infer_has(t, 0))
        return DOUBT_OK;
    if (shape.count > DOUBT_RANK_MAX)
        return doubti_infer_fail(t, "the new shape has rank %d; up to %d are accepted",
                                 (int)shape.count, DOUBT_RANK_MAX);
    bool allow_zero = doubt_node_int(t->node, "allowzero", 0) != 0;
    t->out[0].rank = shape.count;
    for (int32_t i = 0; i < shape.count; i++) {
        int64_t size = shape.v[i];
        if (size < -1 || (size == -1 && gap >= 0))
            return doubti_infer_fail(t, "the new shape has the size %lld%s", (long long)size,
                                     size == -1 ? " twice" : "");
        if (size == 0 && !allow_zero) {
            if (i >= t->in[0]->rank)
                return doubti_infer_fail(t, "the new shape copies axis %d, which is not there",
                                         (int)i);
            size = t->in[0]->dims[i];
        } else if (size == -1) {
            gap = i;
        }
        t->out[0].dims[i] = size;
    }
    t->has_ints = shape.count <= 1 && doubti_infer_ints(t, 0, &t->ints);
    return fill_gap(t, gap);
}

static enum doubt_code transpose(struct doubti_infer *t)
{
    const int64_t *perm;
    bool seen[DOUBT_RANK_MAX] = {false};
    int32_t count = doubt_node_ints(t->node, "perm", &perm), rank;
    doubti_infer_like(t, 0, 0);
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    rank = t->in[0]->rank;
    if (count != 0 && count != rank)
        return doubti_infer_fail(t, "perm has %d numbers; the input's rank is %d", (int)count,
                                 (int)rank);
    for (int32_t i = 0; i < rank; i++) {
        int64_t from = count == 0 ? rank - 1 - i : perm[i];
        if (from < 0 || from >= rank || seen[from])
            return doubti_infer_fail(t, "perm is no permutation of 0 to %d", (int)rank - 1);
        seen[from] = true;
        t->out[0].dims[i] = t->in[0]->dims[from];
    }
    return DOUBT_OK;
}

/* Product of dims first .. last - 1, -1 when unknown. */
static int64_t product(const struct doubt_value *v, int32_t first, int32_t last)
{
    uint64_t count;
    return doubt_dims_count(v->dims + first, last - first, &count) ? (int64_t)count : -1;
}

static enum doubt_code flatten(struct doubti_infer *t)
{
    const struct doubt_value *x = t->in[0];
    int64_t axis = doubt_node_int(t->node, "axis", 1);
    t->out[0].dtype = x->dtype;
    t->out[0].rank = 2;
    t->out[0].dims[0] = t->out[0].dims[1] = -1;
    if (x->rank < 0)
        return DOUBT_OK;
    if (axis < -x->rank || axis > x->rank)
        return doubti_infer_fail(t, "axis %lld; the input's rank is %d", (long long)axis,
                                 (int)x->rank);
    int32_t cut_at = (int32_t)(axis < 0 ? axis + x->rank : axis);
    t->out[0].dims[0] = product(x, 0, cut_at);
    t->out[0].dims[1] = product(x, cut_at, x->rank);
    return DOUBT_OK;
}

/* Marks the axes named in a list; each may come once. */
static enum doubt_code mark(const struct doubti_infer *t, const struct doubti_ints *axes,
                            int32_t rank, bool marked[])
{
    for (int32_t i = 0; i < axes->count; i++) {
        int32_t axis;
        enum doubt_code code = doubti_infer_axis(t, axes->v[i], rank, &axis);
        if (code != DOUBT_OK)
            return code;
        if (marked[axis])
            return doubti_infer_fail(t, "axis %d is named twice", (int)axis);
        marked[axis] = true;
    }
    return DOUBT_OK;
}

static enum doubt_code squeeze(struct doubti_infer *t)
{
    struct doubti_ints axes;
    bool drop[DOUBT_RANK_MAX] = {false};
    const struct doubt_value *x = t->in[0];
    t->out[0].dtype = x->dtype;
    enum list_state state = read_list(t, "axes", 1, &axes);
    if (x->rank < 0 || state == LIST_UNKNOWN)
        return DOUBT_OK;
    enum doubt_code code = state == LIST_KNOWN ? mark(t, &axes, x->rank, drop) : DOUBT_OK;
    if (code != DOUBT_OK)
        return code;
    t->out[0].rank = 0;
    for (int32_t i = 0; i < x->rank; i++) {
        if (drop[i] && x->dims[i] > 1)
            return doubti_infer_fail(t, "axis %d has %lld elements, not 1", (int)i,
                                     (long long)x->dims[i]);
        if (state == LIST_ABSENT ? x->dims[i] != 1 : !drop[i])
            t->out[0].dims[t->out[0].rank++] = x->dims[i];
    }
    t->has_ints = t->out[0].rank <= 1 && doubti_infer_ints(t, 0, &t->ints);
    return DOUBT_OK;
}

static enum doubt_code unsqueeze(struct doubti_infer *t)
{
    struct doubti_ints axes;
    bool fresh[DOUBT_RANK_MAX] = {false};
    const struct doubt_value *x = t->in[0];
    t->out[0].dtype = x->dtype;
    enum list_state state = read_list(t, "axes", 1, &axes);
    if (state == LIST_ABSENT)
        return doubti_infer_fail(t, "axes are missing");
    if (x->rank < 0 || state == LIST_UNKNOWN)
        return DOUBT_OK;
    int32_t rank = x->rank + axes.count, from = 0;
    if (rank > DOUBT_RANK_MAX)
        return doubti_infer_fail(t, "the result would have rank %d; up to %d are accepted",
                                 (int)rank, DOUBT_RANK_MAX);
    enum doubt_code code = mark(t, &axes, rank, fresh);
    if (code != DOUBT_OK)
        return code;
    t->out[0].rank = rank;
    for (int32_t i = 0; i < rank; i++)
        t->out[0].dims[i] = fresh[i] ? 1 : x->dims[from++];
    t->has_ints = rank <= 1 && doubti_infer_ints(t, 0, &t->ints);
    return DOUBT_OK;
}

/* --- growing and shrinking ----------------------------------------------------------------- */

static enum doubt_code pad(struct doubti_infer *t)
{
    struct doubti_ints pads;
    doubti_infer_like(t, 0, 0);
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    int32_t rank = t->in[0]->rank;
    enum list_state state = read_list(t, "pads", 1, &pads);
    if (state != LIST_KNOWN || (t->node->input_count > 3 && t->in[3] != NULL)) {
        forget_dims(&t->out[0]);
        return DOUBT_OK;
    }
    if (pads.count != 2 * rank)
        return doubti_infer_fail(t, "pads has %d numbers; %d are needed", (int)pads.count,
                                 2 * (int)rank);
    for (int32_t i = 0; i < rank; i++) {
        int64_t *size = &t->out[0].dims[i];
        if (*size < 0)
            continue;
        if (!doubti_add(*size, pads.v[i], size) || !doubti_add(*size, pads.v[rank + i], size) ||
            *size < 0)
            return doubti_infer_fail(t, "pads %lld and %lld on axis %d are out of range",
                                     (long long)pads.v[i], (long long)pads.v[rank + i], (int)i);
    }
    return DOUBT_OK;
}

static enum doubt_code scale_dims(struct doubti_infer *t, const struct doubt_const *scales)
{
    struct doubt_value *out = &t->out[0];
    if (scales->value.dtype != DOUBT_F32 || scales->value.rank != 1 ||
        scales->value.dims[0] != out->rank)
        return doubti_infer_fail(t, "scales must hold %d numbers of type f32", (int)out->rank);
    for (int32_t i = 0; i < out->rank; i++) {
        float scale;
        doubt_const_read(scales, (uint64_t)i, 1, &scale);
        if (!(scale > 0.0f && scale < 65536.0f) || out->dims[i] > 1 << 30)
            return doubti_infer_fail(t, "scale %g on axis %d is out of range", (double)scale,
                                     (int)i);
        if (out->dims[i] >= 0)
            out->dims[i] = (int64_t)floorf((float)out->dims[i] * scale);
    }
    return DOUBT_OK;
}

/* The input that holds the scales: 1 in Upsample and in Resize before opset 11, else 2. */
static enum doubt_code resize(struct doubti_infer *t)
{
    struct doubti_ints sizes;
    uint32_t at = t->node->input_count == 2 ? 1 : 2;
    doubti_infer_like(t, 0, 0);
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    if (t->node->input_count > 3 && t->in[3] != NULL) {
        if (!doubti_infer_ints(t, 3, &sizes)) {
            forget_dims(&t->out[0]);
            return DOUBT_OK;
        }
        if (sizes.count != t->in[0]->rank)
            return doubti_infer_fail(t, "sizes has %d numbers; %d are needed", (int)sizes.count,
                                     (int)t->in[0]->rank);
        for (int32_t i = 0; i < sizes.count; i++) {
            if (sizes.v[i] < 0)
                return doubti_infer_fail(t, "a size is %lld", (long long)sizes.v[i]);
            t->out[0].dims[i] = sizes.v[i];
        }
        return DOUBT_OK;
    }
    const struct doubt_const *scales =
        at < t->node->input_count ? doubt_graph_const(t->graph, t->node->inputs[at]) : NULL;
    if (scales != NULL)
        return scale_dims(t, scales);
    forget_dims(&t->out[0]);
    return DOUBT_OK;
}

/* DepthToSpace (detail 1) and SpaceToDepth (detail 0). */
static enum doubt_code shuffle(struct doubti_infer *t)
{
    int64_t block = doubt_node_int(t->node, "blocksize", 0);
    struct doubt_value *out = &t->out[0];
    doubti_infer_like(t, 0, 0);
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    if (block < 1 || block > 1 << 15 || out->rank != 4)
        return doubti_infer_fail(t, "block size %lld over rank %d is not possible",
                                 (long long)block, (int)out->rank);
    for (int32_t i = 1; i < 4; i++) {
        int64_t *size = &out->dims[i], by = i == 1 ? block * block : block;
        bool divide = (i == 1) == (t->row->detail == 1);
        if (*size < 0)
            continue;
        if (divide ? *size % by != 0 : !doubti_mul(*size, by, size))
            return doubti_infer_fail(t, "axis %d has %lld elements; a multiple of %lld is needed",
                                     (int)i, (long long)*size, (long long)by);
        if (divide)
            *size /= by;
    }
    return DOUBT_OK;
}

static enum doubt_code expand(struct doubti_infer *t)
{
    struct doubti_ints shape;
    t->out[0].dtype = t->in[0]->dtype;
    if (!doubti_infer_has(t, 0) || !doubti_infer_ints(t, 1, &shape))
        return DOUBT_OK;
    struct doubt_value target = {.name = t->node->inputs[1], .rank = shape.count};
    if (shape.count > DOUBT_RANK_MAX)
        return doubti_infer_fail(t, "the shape has rank %d; up to %d are accepted",
                                 (int)shape.count, DOUBT_RANK_MAX);
    for (int32_t i = 0; i < shape.count; i++) {
        if (shape.v[i] < 0)
            return doubti_infer_fail(t, "the shape has the size %lld", (long long)shape.v[i]);
        target.dims[i] = shape.v[i];
    }
    doubti_infer_like(t, 0, 0);
    return doubti_infer_broadcast(t, &t->out[0], &target);
}

static enum doubt_code tile(struct doubti_infer *t)
{
    struct doubti_ints repeats;
    doubti_infer_like(t, 0, 0);
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    if (!doubti_infer_ints(t, 1, &repeats)) {
        forget_dims(&t->out[0]);
        return DOUBT_OK;
    }
    if (repeats.count != t->in[0]->rank)
        return doubti_infer_fail(t, "%d repeats for rank %d", (int)repeats.count,
                                 (int)t->in[0]->rank);
    for (int32_t i = 0; i < repeats.count; i++) {
        int64_t *size = &t->out[0].dims[i];
        if (repeats.v[i] < 0 || (*size >= 0 && !doubti_mul(*size, repeats.v[i], size)))
            return doubti_infer_fail(t, "%lld repeats on axis %d are out of range",
                                     (long long)repeats.v[i], (int)i);
    }
    return DOUBT_OK;
}

static const struct doubti_shape_row rows[] = {
    {"Concat", 1, DOUBT_NODE_INPUTS_MAX, 1, concat, 0},
    {"Split", 1, 2, DOUBT_NODE_OUTPUTS_MAX, split, 0},
    {"Slice", 1, 5, 1, slice, 0},
    {"Reshape", 1, 2, 1, reshape, 0},
    {"Transpose", 1, 1, 1, transpose, 0},
    {"Flatten", 1, 1, 1, flatten, 0},
    {"Squeeze", 1, 2, 1, squeeze, 0},
    {"Unsqueeze", 1, 2, 1, unsqueeze, 0},
    {"Pad", 1, 4, 1, pad, 0},
    {"Resize", 1, 4, 1, resize, 0},
    {"Upsample", 1, 2, 1, resize, 0},
    {"DepthToSpace", 1, 1, 1, shuffle, 1},
    {"SpaceToDepth", 1, 1, 1, shuffle, 0},
    {"Expand", 2, 2, 1, expand, 0},
    {"Tile", 2, 2, 1, tile, 0},
};

const struct doubti_shape_table doubti_shape_layout = {rows, sizeof rows / sizeof rows[0]};

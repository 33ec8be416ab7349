/* interp_move.c: operators that move elements and compute nothing.
 *
 * A unit of work is one output element and where it comes from. Two ways cover them all: strides
 * over the input (Transpose, DepthToSpace), and one table per axis that gives the input's index for
 * each index of the output (Slice, Expand, Tile, Pad, Resize to the nearest). Gathers by data are
 * in interp_index.c.
 */
#include "model/interp_int.h"

#include <stdlib.h>
#include <string.h>

/* --- the same elements under other dims ------------------------------------------------------ */

static enum doubt_code identity(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK && call->node->output_count > 1 && call->node->outputs[1][0])
        return doubti_fail(call, DOUBT_E_UNSUPPORTED, "the output of the mask is not made");
    return code == DOUBT_OK ? doubti_copy(call, 0, x, x->rank, x->dims) : code;
}

static enum doubt_code reshape(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct doubti_list shape;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 1, "shape", &shape);
    if (code != DOUBT_OK)
        return code;
    if (!shape.given)
        return doubti_fail(call, DOUBT_E_FORMAT, "it has no target shape");
    bool zero = doubt_node_int(call->node, "allowzero", 0) != 0;
    int32_t open = -1;
    uint64_t known = 1;
    for (int32_t d = 0; d < shape.count; d++) {
        if (shape.v[d] == 0 && !zero && d < x->rank)
            shape.v[d] = x->dims[d];
        if (shape.v[d] < -1 || (shape.v[d] == -1 && open >= 0))
            return doubti_fail(call, DOUBT_E_FORMAT,
                               "a target shape with two open or negative dims");
        if (shape.v[d] == -1)
            open = d;
        else if (shape.v[d] > 0 && known > x->count / (uint64_t)shape.v[d] && x->count > 0)
            return doubti_fail(call, DOUBT_E_FORMAT, "the target shape holds too many elements");
        else
            known *= (uint64_t)shape.v[d];
    }
    if (open >= 0 && known > 0)
        shape.v[open] = (int64_t)(x->count / known);
    else if (open >= 0)
        shape.v[open] = 0;
    return doubti_copy(call, 0, x, shape.count, shape.v);
}

static enum doubt_code flatten(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code != DOUBT_OK)
        return code;
    int64_t axis = doubt_node_int(call->node, "axis", 1);
    axis = axis < 0 ? axis + x->rank : axis;
    if (axis < 0 || axis > x->rank)
        return doubti_fail(call, DOUBT_E_FORMAT, "axis %lld is outside a value of rank %d",
                           (long long)axis, (int)x->rank);
    int64_t dims[2] = {(int64_t)doubti_span(x->dims, 0, (int32_t)axis),
                       (int64_t)doubti_span(x->dims, (int32_t)axis, x->rank)};
    return doubti_copy(call, 0, x, 2, dims);
}

static enum doubt_code squeeze(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct doubti_list axes;
    uint32_t set = 0;
    int64_t dims[DOUBT_RANK_MAX];
    int32_t rank = 0;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 1, "axes", &axes);
    if (code == DOUBT_OK)
        code = doubti_axes(call, &axes, x->rank, &set);
    if (code != DOUBT_OK)
        return code;
    for (int32_t d = 0; d < x->rank; d++)
        if (axes.given ? !(set >> d & 1) : x->dims[d] != 1)
            dims[rank++] = x->dims[d];
    return doubti_copy(call, 0, x, rank, dims);
}

static enum doubt_code unsqueeze(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct doubti_list axes;
    uint32_t set = 0;
    int64_t dims[DOUBT_RANK_MAX];
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 1, "axes", &axes);
    int32_t rank = code == DOUBT_OK ? x->rank + axes.count : 0, from = 0;
    if (code == DOUBT_OK && rank > DOUBT_RANK_MAX)
        code = doubti_fail(call, DOUBT_E_UNSUPPORTED, "an output of rank %d", (int)rank);
    if (code == DOUBT_OK)
        code = doubti_axes(call, &axes, rank, &set);
    if (code != DOUBT_OK)
        return code;
    for (int32_t d = 0; d < rank; d++) {
        if (!(set >> d & 1) && from == x->rank)
            return doubti_fail(call, DOUBT_E_FORMAT, "an axis is named twice");
        dims[d] = set >> d & 1 ? 1 : x->dims[from++];
    }
    return doubti_copy(call, 0, x, rank, dims);
}

/* --- by strides ------------------------------------------------------------------------------ */

/* y, whose dims are set, filled by walking x with these strides. */
static void copy_strided(const struct doubti_array *x, const struct doubti_walk *by,
                         struct doubti_array *y)
{
    struct doubti_walk walk = *by;
    size_t size = doubti_element_bytes(x);
    for (uint64_t n = 0; n < y->count; n++, doubti_walk_next(&walk))
        memcpy(y->bytes + n * size, x->bytes + (size_t)walk.offsets[0] * size, size);
}

static enum doubt_code transpose(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct doubti_list perm;
    uint32_t set = 0;
    int64_t strides[DOUBT_RANK_MAX];
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, -1, "perm", &perm);
    if (code != DOUBT_OK)
        return code;
    for (int32_t d = 0; d < x->rank && !perm.given; d++)
        perm.v[d] = x->rank - 1 - d;
    perm.count = perm.given ? perm.count : x->rank;
    code = doubti_axes(call, &perm, x->rank, &set);
    if (code != DOUBT_OK)
        return code;
    if (perm.count != x->rank || set != (1u << x->rank) - 1)
        return doubti_fail(call, DOUBT_E_FORMAT, "perm is no permutation of %d axes", (int)x->rank);
    struct doubti_walk walk = {.rank = x->rank, .count = 1};
    doubti_strides(x->dims, x->rank, strides);
    for (int32_t d = 0; d < x->rank; d++) {
        int64_t from = perm.v[d] < 0 ? perm.v[d] + x->rank : perm.v[d];
        walk.dims[d] = x->dims[from];
        walk.strides[0][d] = strides[from];
    }
    code = doubti_make(call, 0, x->dtype, x->rank, walk.dims);
    if (code == DOUBT_OK)
        copy_strided(x, &walk, &call->out[0]);
    return code;
}

/* x as six dims in the order of its memory, read in the order that perm gives. */
static enum doubt_code copy_blocks(struct doubti_call *call, const struct doubti_array *x,
                                   const int64_t *six, const int *perm, const int64_t *dims)
{
    int64_t strides[6];
    struct doubti_walk walk = {.rank = 6, .count = 1};
    doubti_strides(six, 6, strides);
    for (int d = 0; d < 6; d++) {
        walk.dims[d] = six[perm[d]];
        walk.strides[0][d] = strides[perm[d]];
    }
    enum doubt_code code = doubti_make(call, 0, x->dtype, 4, dims);
    if (code == DOUBT_OK)
        copy_strided(x, &walk, &call->out[0]);
    return code;
}

static enum doubt_code depth_to_space(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code != DOUBT_OK)
        return code;
    int64_t b = doubt_node_int(call->node, "blocksize", 0);
    bool crd = strcmp(doubt_node_string(call->node, "mode", "DCR"), "CRD") == 0;
    if (x->rank != 4 || b < 1 || b > 4096 || x->dims[1] % (b * b) != 0)
        return doubti_fail(call, DOUBT_E_FORMAT, "the channels do not divide by blocksize %lld",
                           (long long)b);
    int64_t n = x->dims[0], c = x->dims[1] / (b * b), h = x->dims[2], w = x->dims[3];
    const int64_t dims[4] = {n, c, h * b, w * b};
    const int64_t six_crd[6] = {n, c, b, b, h, w}, six_dcr[6] = {n, b, b, c, h, w};
    static const int perm_crd[6] = {0, 1, 4, 2, 5, 3}, perm_dcr[6] = {0, 3, 4, 1, 5, 2};
    return copy_blocks(call, x, crd ? six_crd : six_dcr, crd ? perm_crd : perm_dcr, dims);
}

static enum doubt_code space_to_depth(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code != DOUBT_OK)
        return code;
    int64_t b = doubt_node_int(call->node, "blocksize", 0);
    if (x->rank != 4 || b < 1 || b > 4096 || x->dims[2] % b != 0 || x->dims[3] % b != 0)
        return doubti_fail(call, DOUBT_E_FORMAT, "the image does not divide by blocksize %lld",
                           (long long)b);
    int64_t n = x->dims[0], c = x->dims[1], h = x->dims[2] / b, w = x->dims[3] / b;
    const int64_t dims[4] = {n, c * b * b, h, w}, six[6] = {n, c, h, b, w, b};
    static const int perm[6] = {0, 3, 5, 1, 2, 4};
    return copy_blocks(call, x, six, perm, dims);
}

/* --- along one axis -------------------------------------------------------------------------- */

/* Rows of `from` along the axis, starting there, to rows of `to`: length indices of the axis. */
struct stretch {
    int32_t axis;
    int64_t from, to, length;
};

static void copy_stretch(const struct doubti_array *x, const struct stretch *s,
                         struct doubti_array *y)
{
    size_t inner = (size_t)doubti_span(x->dims, s->axis + 1, x->rank) * doubti_element_bytes(x);
    uint64_t outer = doubti_span(x->dims, 0, s->axis);
    for (uint64_t n = 0; n < outer; n++)
        memcpy(y->bytes + (n * (uint64_t)y->dims[s->axis] + (uint64_t)s->to) * inner,
               x->bytes + (n * (uint64_t)x->dims[s->axis] + (uint64_t)s->from) * inner,
               (size_t)s->length * inner);
}

/* Whether two inputs of Concat agree in all but the axis. */
static bool stackable(const struct doubti_array *a, const struct doubti_array *b, int32_t axis)
{
    bool same = a->dtype == b->dtype && a->rank == b->rank;
    for (int32_t d = 0; d < a->rank && same; d++)
        same = d == axis || a->dims[d] == b->dims[d];
    return same;
}

static enum doubt_code concat(struct doubti_call *call)
{
    const struct doubti_array *first, *x;
    int32_t axis = 0;
    enum doubt_code code = doubti_in_any(call, 0, &first);
    if (code == DOUBT_OK)
        code = doubti_axis(call, doubt_node_int(call->node, "axis", 1), first->rank, &axis);
    if (code != DOUBT_OK)
        return code;
    int64_t dims[DOUBT_RANK_MAX];
    memcpy(dims, first->dims, sizeof dims);
    dims[axis] = 0;
    for (uint32_t k = 0; k < call->node->input_count; k++) {
        code = doubti_in_any(call, (int)k, &x);
        if (code != DOUBT_OK)
            return code;
        if (!stackable(first, x, axis))
            return doubti_fail(call, DOUBT_E_FORMAT, "input %d does not fit input 0", (int)k);
        dims[axis] += x->dims[axis];
    }
    code = doubti_make(call, 0, first->dtype, first->rank, dims);
    struct stretch s = {.axis = axis};
    for (uint32_t k = 0; k < call->node->input_count && code == DOUBT_OK; k++) {
        s.length = call->in[k]->dims[axis];
        if (call->out[0].count > 0)
            copy_stretch(call->in[k], &s, &call->out[0]);
        s.to += s.length;
    }
    return code;
}

static enum doubt_code split(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct doubti_list sizes;
    int32_t axis = 0;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_axis(call, doubt_node_int(call->node, "axis", 0), x->rank, &axis);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 1, "split", &sizes);
    if (code != DOUBT_OK)
        return code;
    int64_t parts = call->node->output_count, total = x->dims[axis];
    int64_t each = (total + parts - 1) / parts;
    if (sizes.given && sizes.count != parts)
        return doubti_fail(call, DOUBT_E_FORMAT, "%d sizes for %lld outputs", (int)sizes.count,
                           (long long)parts);
    struct stretch s = {.axis = axis};
    int64_t dims[DOUBT_RANK_MAX];
    memcpy(dims, x->dims, sizeof dims);
    for (int k = 0; k < parts && code == DOUBT_OK; k++) {
        int64_t left = total - s.from;
        s.length = sizes.given ? sizes.v[k] : left < each ? left : each;
        if (s.length < 0 || s.length > left)
            return doubti_fail(call, DOUBT_E_FORMAT, "part %d of %lld does not fit axis %d", k,
                               (long long)s.length, (int)axis);
        dims[axis] = s.length;
        code = doubti_make(call, k, x->dtype, x->rank, dims);
        if (code == DOUBT_OK && call->out[k].count > 0)
            copy_stretch(x, &s, &call->out[k]);
        s.from += s.length;
    }
    if (code == DOUBT_OK && s.from != total)
        return doubti_fail(call, DOUBT_E_FORMAT, "the parts do not make up axis %d", (int)axis);
    return code;
}

/* --- by a table per axis --------------------------------------------------------------------- */

static void copy_mapped(const struct doubti_array *x, int64_t *const *maps, const void *fill,
                        struct doubti_array *y)
{
    int64_t strides[DOUBT_RANK_MAX];
    struct doubti_walk walk = {.rank = y->rank, .count = 0};
    size_t size = doubti_element_bytes(x);
    doubti_strides(x->dims, x->rank, strides);
    memcpy(walk.dims, y->dims, sizeof walk.dims);
    for (uint64_t n = 0; n < y->count; n++, doubti_walk_next(&walk)) {
        int64_t at = 0;
        for (int32_t d = 0; d < y->rank && at >= 0; d++) {
            int64_t from = maps[d][walk.at[d]];
            at = from < 0 ? -1 : at + from * strides[d];
        }
        const char *from = at < 0 ? fill : x->bytes + (size_t)at * size;
        if (from)
            memcpy(y->bytes + n * size, from, size);
    }
}

enum doubt_code doubti_remap(struct doubti_call *call, const struct doubti_array *x,
                             const int64_t *dims, const struct doubti_source *source)
{
    enum doubt_code code = doubti_make(call, 0, x->dtype, x->rank, dims);
    struct doubti_array *y = &call->out[0];
    if (code != DOUBT_OK || y->count == 0)
        return code;
    size_t total = 1;
    for (int32_t d = 0; d < x->rank; d++)
        total += (size_t)dims[d];
    int64_t *table = malloc(total * sizeof *table), *maps[DOUBT_RANK_MAX] = {table};
    if (!table)
        return doubti_fail(call, DOUBT_E_MEMORY, "no memory for its tables of indices");
    for (int32_t d = 0; d < x->rank; d++) {
        for (int64_t i = 0; i < dims[d]; i++) {
            int64_t from = source->at(source->context, d, i);
            maps[d][i] = from < x->dims[d] ? from : -1;
        }
        if (d + 1 < DOUBT_RANK_MAX)
            maps[d + 1] = maps[d] + dims[d];
    }
    copy_mapped(x, maps, source->fill, y);
    free(table);
    return DOUBT_OK;
}

struct slices {
    int64_t start[DOUBT_RANK_MAX], step[DOUBT_RANK_MAX];
};

static int64_t slice_at(const void *context, int32_t axis, int64_t i)
{
    const struct slices *s = context;
    return s->start[axis] + i * s->step[axis];
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* start, end and step of one axis, as the operator defines them, to a start and a size. */
static int64_t slice_size(int64_t dim, int64_t *start, int64_t end, int64_t step)
{
    int64_t low = step > 0 ? 0 : -1, high = step > 0 ? dim : dim - 1;
    *start = clamp(*start < 0 ? *start + dim : *start, 0, high);
    end = clamp(end < 0 ? end + dim : end, low, high);
    int64_t way = step > 0 ? end - *start : *start - end;
    int64_t pace = step > 0 ? step : step == INT64_MIN ? INT64_MAX : -step;
    return way <= 0 ? 0 : (way - 1) / pace + 1;
}

static enum doubt_code slice(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct doubti_list starts, ends, axes, steps;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 1, "starts", &starts);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 2, "ends", &ends);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 3, "axes", &axes);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 4, NULL, &steps);
    if (code != DOUBT_OK)
        return code;
    if (starts.count != ends.count || (axes.given && axes.count != starts.count) ||
        (steps.given && steps.count != starts.count) || (!axes.given && starts.count > x->rank))
        return doubti_fail(call, DOUBT_E_FORMAT, "starts, ends, axes and steps differ in length");
    struct slices s;
    int64_t dims[DOUBT_RANK_MAX];
    memcpy(dims, x->dims, sizeof dims);
    for (int32_t d = 0; d < DOUBT_RANK_MAX; d++) {
        s.start[d] = 0;
        s.step[d] = 1;
    }
    for (int32_t k = 0; k < starts.count; k++) {
        int32_t axis = 0;
        code = doubti_axis(call, axes.given ? axes.v[k] : k, x->rank, &axis);
        if (code != DOUBT_OK)
            return code;
        s.start[axis] = starts.v[k];
        s.step[axis] = steps.given ? steps.v[k] : 1;
        if (s.step[axis] == 0)
            return doubti_fail(call, DOUBT_E_FORMAT, "a step of 0");
        dims[axis] = slice_size(x->dims[axis], &s.start[axis], ends.v[k], s.step[axis]);
    }
    return doubti_remap(call, x, dims, &(struct doubti_source){slice_at, &s, NULL});
}

static int64_t expand_at(const void *context, int32_t axis, int64_t i)
{
    const struct doubti_array *x = context;
    return x->dims[axis] == 1 ? 0 : i;
}

static enum doubt_code expand(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct doubti_list shape;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 1, NULL, &shape);
    if (code != DOUBT_OK)
        return code;
    struct doubti_array target = {.rank = shape.count}, wide = *x;
    if (!shape.given || shape.count > DOUBT_RANK_MAX)
        return doubti_fail(call, DOUBT_E_UNSUPPORTED, "a shape of rank %d", (int)shape.count);
    memcpy(target.dims, shape.v, sizeof target.dims);
    int32_t rank = 0;
    int64_t dims[DOUBT_RANK_MAX];
    if (!doubti_broadcast(x, &rank, dims) || !doubti_broadcast(&target, &rank, dims))
        return doubti_fail(call, DOUBT_E_FORMAT, "the input does not broadcast to the shape");
    for (int32_t d = 0; d < rank; d++)
        wide.dims[d] = d < rank - x->rank ? 1 : x->dims[d - (rank - x->rank)];
    wide.rank = rank;
    return doubti_remap(call, &wide, dims, &(struct doubti_source){expand_at, &wide, NULL});
}

static int64_t tile_at(const void *context, int32_t axis, int64_t i)
{
    const struct doubti_array *x = context;
    return x->dims[axis] > 0 ? i % x->dims[axis] : -1;
}

static enum doubt_code tile(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct doubti_list repeats;
    int64_t dims[DOUBT_RANK_MAX];
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 1, NULL, &repeats);
    if (code == DOUBT_OK && repeats.count != x->rank)
        code = doubti_fail(call, DOUBT_E_FORMAT, "%d repeats for %d axes", (int)repeats.count,
                           (int)x->rank);
    for (int32_t d = 0; code == DOUBT_OK && d < x->rank; d++)
        if (repeats.v[d] < 0 || __builtin_mul_overflow(x->dims[d], repeats.v[d], &dims[d]))
            code = doubti_fail(call, DOUBT_E_FORMAT, "repeats %lld of axis %d",
                               (long long)repeats.v[d], (int)d);
    if (code != DOUBT_OK)
        return code;
    return doubti_remap(call, x, dims, &(struct doubti_source){tile_at, x, NULL});
}

enum pad_mode { PAD_CONSTANT, PAD_EDGE, PAD_REFLECT, PAD_WRAP };

struct padding {
    enum pad_mode mode;
    int64_t before[DOUBT_RANK_MAX], dims[DOUBT_RANK_MAX];
};

static int64_t pad_at(const void *context, int32_t axis, int64_t i)
{
    const struct padding *p = context;
    int64_t dim = p->dims[axis], at = i - p->before[axis], period;
    if ((at >= 0 && at < dim) || dim == 0)
        return dim == 0 ? -1 : at;
    switch (p->mode) {
    case PAD_EDGE:
        return at < 0 ? 0 : dim - 1;
    case PAD_REFLECT:
        if (dim == 1)
            return 0;
        period = 2 * (dim - 1);
        at = (at % period + period) % period;
        return at < dim ? at : period - at;
    case PAD_WRAP:
        return (at % dim + dim) % dim;
    default:
        return -1;
    }
}

static enum doubt_code pad_mode(struct doubti_call *call, enum pad_mode *mode)
{
    static const char *const names[] = {"constant", "edge", "reflect", "wrap"};
    const char *name = doubt_node_string(call->node, "mode", "constant");
    for (int k = 0; k < 4; k++)
        if (strcmp(name, names[k]) == 0) {
            *mode = (enum pad_mode)k;
            return DOUBT_OK;
        }
    return doubti_fail(call, DOUBT_E_UNSUPPORTED, "mode \"%.40s\"", name);
}

static enum doubt_code pad(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct doubti_list pads, axes;
    struct padding p = {.mode = PAD_CONSTANT};
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = pad_mode(call, &p.mode);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 1, "pads", &pads);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 3, NULL, &axes);
    if (code != DOUBT_OK)
        return code;
    int32_t count = axes.given ? axes.count : x->rank;
    if (pads.count != 2 * count)
        return doubti_fail(call, DOUBT_E_FORMAT, "%d pads for %d axes", (int)pads.count,
                           (int)count);
    int64_t dims[DOUBT_RANK_MAX];
    memcpy(dims, x->dims, sizeof dims);
    memcpy(p.dims, x->dims, sizeof p.dims);
    for (int32_t k = 0; k < count; k++) {
        int32_t axis = 0;
        code = doubti_axis(call, axes.given ? axes.v[k] : k, x->rank, &axis);
        if (code != DOUBT_OK)
            return code;
        p.before[axis] = clamp(pads.v[k], -(1ll << 40), 1ll << 40);
        dims[axis] += p.before[axis] + clamp(pads.v[count + k], -(1ll << 40), 1ll << 40);
        if (dims[axis] < 0)
            return doubti_fail(call, DOUBT_E_FORMAT, "nothing is left of axis %d", (int)axis);
    }
    float value = doubt_node_float(call->node, "value", 0.0f);
    int64_t zero = 0;
    const void *fill = doubti_is_float(x->dtype) ? (const void *)&value : &zero;
    if (call->in[2] && call->in[2]->dtype == x->dtype && call->in[2]->count == 1)
        fill = call->in[2]->data;
    return doubti_remap(call, x, dims, &(struct doubti_source){pad_at, &p, fill});
}

const struct doubti_op doubti_ops_move[] = {
    {"Identity", .run = identity},
    {"Dropout", .run = identity},
    {"Reshape", .run = reshape},
    {"Flatten", .run = flatten},
    {"Squeeze", .run = squeeze},
    {"Unsqueeze", .run = unsqueeze},
    {"Transpose", .run = transpose},
    {"DepthToSpace", .run = depth_to_space},
    {"SpaceToDepth", .run = space_to_depth},
    {"Concat", .run = concat},
    {"Split", .run = split},
    {"Slice", .run = slice},
    {"Expand", .run = expand},
    {"Tile", .run = tile},
    {"Pad", .run = pad},
    {.name = NULL},
};

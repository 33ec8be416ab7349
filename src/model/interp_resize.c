/* interp_resize.c: Resize and Upsample, to the nearest element or linearly.
 *
 * A unit of work is one axis: a table gives, for each index of the output, where it lies in the
 * input. Linear interpolation goes axis by axis. Formulas: ONNX operator specification (Resize,
 * coordinate_transformation_mode). Cubic interpolation and cropping are not made.
 */
#include "model/interp_int.h"

#include <math.h>
#include <string.h>

enum coordinates { HALF_PIXEL, PYTORCH_HALF_PIXEL, ALIGN_CORNERS, ASYMMETRIC, COORDINATES_COUNT };
enum rounding { PREFER_FLOOR, PREFER_CEIL, FLOOR, CEIL, ROUNDING_COUNT };

struct resize {
    enum coordinates coordinates;
    enum rounding rounding;
    bool linear;
    int64_t in[DOUBT_RANK_MAX], out[DOUBT_RANK_MAX];
    double scale[DOUBT_RANK_MAX];
};

/* Where output index i lies on the axis of the input. */
static double place(const struct resize *r, int32_t axis, int64_t i)
{
    double out = (double)r->out[axis], in = (double)r->in[axis], scale = r->scale[axis];
    switch (r->coordinates) {
    case ASYMMETRIC:
        return (double)i / scale;
    case ALIGN_CORNERS:
        return r->out[axis] > 1 ? (double)i * (in - 1.0) / (out - 1.0) : 0.0;
    case PYTORCH_HALF_PIXEL:
        return r->out[axis] > 1 ? ((double)i + 0.5) / scale - 0.5 : 0.0;
    default:
        return ((double)i + 0.5) / scale - 0.5;
    }
}

static int64_t nearest_at(const void *context, int32_t axis, int64_t i)
{
    const struct resize *r = context;
    if (r->in[axis] == r->out[axis])
        return i;
    double x = place(r, axis, i);
    switch (r->rounding) {
    case PREFER_FLOOR:
        x = ceil(x - 0.5);
        break;
    case PREFER_CEIL:
        x = floor(x + 0.5);
        break;
    case FLOOR:
        x = floor(x);
        break;
    default:
        x = ceil(x);
        break;
    }
    double last = (double)(r->in[axis] - 1);
    return (int64_t)(x < 0.0 ? 0.0 : x > last ? last : x);
}

static enum doubt_code choose(struct doubti_call *call, const char *attr, const char *const *names,
                              int *choice)
{
    const char *name = doubt_node_string(call->node, attr, names[0]);
    for (int k = 0; names[k]; k++)
        if (strcmp(names[k], name) == 0) {
            *choice = k;
            return DOUBT_OK;
        }
    return doubti_fail(call, DOUBT_E_UNSUPPORTED, "%s \"%.40s\"", attr, name);
}

static enum doubt_code read_modes(struct doubti_call *call, struct resize *r)
{
    static const char *const modes[] = {"nearest", "linear", NULL};
    static const char *const coordinates[] = {"half_pixel", "pytorch_half_pixel", "align_corners",
                                              "asymmetric", NULL};
    static const char *const roundings[] = {"round_prefer_floor", "round_prefer_ceil", "floor",
                                            "ceil", NULL};
    int mode = 0, coordinate = 0, rounding = 0;
    enum doubt_code code = choose(call, "mode", modes, &mode);
    if (code == DOUBT_OK)
        code = choose(call, "coordinate_transformation_mode", coordinates, &coordinate);
    if (code == DOUBT_OK)
        code = choose(call, "nearest_mode", roundings, &rounding);
    r->linear = mode == 1;
    r->coordinates = (enum coordinates)coordinate;
    r->rounding = (enum rounding)rounding;
    /* Upsample, and Resize of opset 10, have neither attribute: they scale from the corner. */
    if (strcmp(call->op->name, "Upsample") == 0 || !call->node->input_count ||
        call->node->input_count == 2) {
        r->coordinates = ASYMMETRIC;
        r->rounding = FLOOR;
    }
    return code;
}

/* Scales, or sizes, one per axis or one per axis named. */
static enum doubt_code read_sizes(struct doubti_call *call, struct resize *r, int32_t rank)
{
    struct doubti_list axes, sizes = {.given = false};
    int k = call->node->input_count == 2 ? 1 : 2;
    const struct doubti_array *scales = call->in[k] && call->in[k]->count > 0 ? call->in[k] : NULL;
    enum doubt_code code = doubti_list_get(call, -1, "axes", &axes);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 3, NULL, &sizes);
    if (code != DOUBT_OK)
        return code;
    uint64_t count = (uint64_t)(axes.given ? axes.count : rank);
    if ((!scales && !sizes.given) || (scales && scales->count != count) ||
        (scales && !doubti_is_float(scales->dtype)) || (!scales && (uint64_t)sizes.count != count))
        return doubti_fail(call, DOUBT_E_FORMAT, "it wants %d scales or sizes", (int)count);
    for (int32_t n = 0; n < (int32_t)count; n++) {
        int32_t axis = 0;
        code = doubti_axis(call, axes.given ? axes.v[n] : n, rank, &axis);
        if (code != DOUBT_OK)
            return code;
        double in = (double)r->in[axis];
        double size = scales ? floor(in * (double)scales->f[n]) : (double)sizes.v[n];
        if (!(size >= 0.0 && size < 1e12))
            return doubti_fail(call, DOUBT_E_FORMAT, "a size of %g on axis %d", size, (int)axis);
        r->out[axis] = (int64_t)size;
        r->scale[axis] = scales ? (double)scales->f[n] : size / in;
    }
    return DOUBT_OK;
}

/* y = x resized linearly along one axis; all other dims are equal. */
static void stretch_axis(const struct resize *r, int32_t axis, const struct doubti_array *x,
                         struct doubti_array *y)
{
    uint64_t outer = doubti_span(x->dims, 0, axis), inner = doubti_span(x->dims, axis + 1, x->rank);
    double last = (double)(r->in[axis] - 1);
    for (int64_t i = 0; i < r->out[axis]; i++) {
        double at = place(r, axis, i);
        at = at < 0.0 ? 0.0 : at > last ? last : at;
        uint64_t low = (uint64_t)at, high = at < last ? low + 1 : low;
        float share = (float)(at - (double)low);
        for (uint64_t n = 0; n < outer; n++) {
            const float *rows = x->f + n * (uint64_t)r->in[axis] * inner;
            float *to = y->f + (n * (uint64_t)r->out[axis] + (uint64_t)i) * inner;
            for (uint64_t k = 0; k < inner; k++)
                to[k] = rows[low * inner + k] * (1.0f - share) + rows[high * inner + k] * share;
        }
    }
}

static enum doubt_code stretch_all(struct doubti_call *call, const struct doubti_array *x,
                                   const struct resize *r)
{
    struct doubti_array so_far = *x;
    so_far.borrowed = true;
    enum doubt_code code = DOUBT_OK;
    for (int32_t axis = 0; axis < x->rank && code == DOUBT_OK; axis++) {
        if (r->in[axis] == r->out[axis])
            continue;
        struct doubti_array like = so_far, next;
        like.dims[axis] = r->out[axis];
        code = doubti_array_new(call->budget, &like, &next, call->err);
        if (code == DOUBT_OK && next.count > 0)
            stretch_axis(r, axis, &so_far, &next);
        if (code == DOUBT_OK) {
            doubti_array_free(call->budget, &so_far);
            so_far = next;
        }
    }
    if (code == DOUBT_OK)
        code = doubti_copy(call, 0, &so_far, x->rank, r->out);
    doubti_array_free(call->budget, &so_far);
    return code;
}

static enum doubt_code resize(struct doubti_call *call)
{
    const struct doubti_array *x;
    struct resize r = {.linear = false};
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = read_modes(call, &r);
    if (code != DOUBT_OK)
        return code;
    for (int32_t d = 0; d < x->rank; d++) {
        r.in[d] = r.out[d] = x->dims[d];
        r.scale[d] = 1.0;
    }
    code = read_sizes(call, &r, x->rank);
    if (code == DOUBT_OK && x->count == 0)
        code = doubti_fail(call, DOUBT_E_FORMAT, "an empty input cannot be resized");
    if (code != DOUBT_OK)
        return code;
    if (!r.linear)
        return doubti_remap(call, x, r.out, &(struct doubti_source){nearest_at, &r, NULL});
    code = doubti_in_float(call, 0, 1, &x);
    return code == DOUBT_OK ? stretch_all(call, x, &r) : code;
}

const struct doubti_op doubti_ops_resize[] = {
    {"Resize", .run = resize},
    {"Upsample", .run = resize},
    {.name = NULL},
};

/* shape_window.c: rows of operators with a sliding window, and of the matrix products.
 *
 * A unit of work is one operator. Formulas are those of the ONNX operator documents (Conv,
 * ConvTranspose, MaxPool, AveragePool, Gemm, MatMul). See model_int.h.
 */
#include "model/model_int.h"
#include "model/tensor.h"

#include <string.h>

/* One spatial axis of a window. */
struct window {
    int64_t kernel, stride, dilation, begin, end;
};

enum { SIZE_MAX_1D = 1 << 30 }; /* of every number in a window */

static enum doubt_code read_list(const struct doubti_infer *t, const char *name, int32_t want,
                                 int64_t out[])
{
    const int64_t *ints;
    int32_t count = doubt_node_ints(t->node, name, &ints);
    if (count != 0 && count != want)
        return doubti_infer_fail(t, "%s has %d numbers; %d are needed", name, (int)count,
                                 (int)want);
    int64_t least = strcmp(name, "pads") == 0 || strcmp(name, "output_padding") == 0 ? 0 : 1;
    for (int32_t i = 0; i < count; i++) {
        if (ints[i] < least || ints[i] > SIZE_MAX_1D)
            return doubti_infer_fail(t, "%s has the number %lld; %lld to %d are accepted", name,
                                     (long long)ints[i], (long long)least, SIZE_MAX_1D);
        out[i] = ints[i];
    }
    return DOUBT_OK;
}

/* kernel: sizes from the weights, or NULL to take kernel_shape. */
static enum doubt_code read_windows(const struct doubti_infer *t, int32_t spatial,
                                    const int64_t *kernel, struct window *w)
{
    int64_t list[2 * DOUBT_RANK_MAX] = {0};
    enum doubt_code code = read_list(t, "kernel_shape", spatial, list);
    for (int32_t i = 0; i < spatial && code == DOUBT_OK; i++) {
        if (kernel != NULL && kernel[i] >= 0 && list[i] != 0 && list[i] != kernel[i])
            return doubti_infer_fail(t, "kernel_shape does not fit the weights");
        w[i] = (struct window){.kernel = kernel != NULL ? kernel[i] : list[i], 1, 1, 0, 0};
        if (w[i].kernel == 0 || w[i].kernel > SIZE_MAX_1D)
            return doubti_infer_fail(t, "the kernel's size is missing or out of range");
        list[i] = 1;
    }
    if (code == DOUBT_OK)
        code = read_list(t, "strides", spatial, list);
    for (int32_t i = 0; i < spatial; i++) {
        w[i].stride = list[i];
        list[i] = 1;
    }
    if (code == DOUBT_OK)
        code = read_list(t, "dilations", spatial, list);
    for (int32_t i = 0; i < spatial; i++)
        w[i].dilation = list[i];
    memset(list, 0, sizeof list);
    if (code == DOUBT_OK)
        code = read_list(t, "pads", 2 * spatial, list);
    for (int32_t i = 0; i < spatial; i++) {
        w[i].begin = list[i];
        w[i].end = list[spatial + i];
    }
    return code;
}

static bool has_same_padding(const struct doubti_infer *t)
{
    return strncmp(doubt_node_string(t->node, "auto_pad", "NOTSET"), "SAME_", 5) == 0;
}

/* The number of window positions along one axis; -1 when unknown. */
static enum doubt_code positions(const struct doubti_infer *t, const struct window *w, int64_t in,
                                 int64_t *out)
{
    *out = -1;
    if (in < 0 || w->kernel < 0)
        return DOUBT_OK;
    if (has_same_padding(t)) {
        *out = in / w->stride + (in % w->stride != 0);
        return DOUBT_OK;
    }
    int64_t padded = in + w->begin + w->end, extent = w->dilation * (w->kernel - 1) + 1;
    if (padded < extent || in > (int64_t)1 << 58)
        return doubti_infer_fail(t, "a window of %lld does not fit into %lld elements",
                                 (long long)extent, (long long)padded);
    int64_t span = padded - extent;
    bool up = doubt_node_int(t->node, "ceil_mode", 0) != 0 && span % w->stride != 0;
    *out = span / w->stride + 1 + up;
    if (up && (*out - 1) * w->stride >= in + w->begin)
        --*out; /* the last window would lie wholly in the padding */
    return DOUBT_OK;
}

/* Spatial sizes of output 0 from those of input 0. */
static enum doubt_code slide(struct doubti_infer *t, const int64_t *kernel)
{
    const struct doubt_value *x = t->in[0];
    struct window w[DOUBT_RANK_MAX];
    enum doubt_code code = read_windows(t, x->rank - 2, kernel, w);
    for (int32_t i = 2; i < x->rank && code == DOUBT_OK; i++)
        code = positions(t, &w[i - 2], x->dims[i], &t->out[0].dims[i]);
    return code;
}

/* --- convolutions -------------------------------------------------------------------------- */

static enum doubt_code check_filter(const struct doubti_infer *t, int64_t group)
{
    const struct doubt_value *x = t->in[0], *w = t->in[1];
    bool transposed = strcmp(t->node->op, "ConvTranspose") == 0;
    int64_t in = x->dims[1], from = w->dims[transposed ? 0 : 1], to = w->dims[transposed ? 1 : 0];
    if (x->rank < 3 || w->rank != x->rank)
        return doubti_infer_fail(t, "input of rank %d and weights of rank %d do not go together",
                                 (int)x->rank, (int)w->rank);
    if (group < 1 || (!transposed && to >= 0 && to % group != 0))
        return doubti_infer_fail(t, "%lld groups do not divide %lld output channels",
                                 (long long)group, (long long)to);
    if (in < 0 || from < 0)
        return DOUBT_OK;
    int64_t want = from;
    if (!transposed && !doubti_mul(from, group, &want))
        return doubti_infer_fail(t, "%lld groups are too many", (long long)group);
    if (in != want || in % group != 0)
        return doubti_infer_fail(t,
                                 "the input has %lld channels; the weights want %lld in %lld "
                                 "groups",
                                 (long long)in, (long long)want, (long long)group);
    return DOUBT_OK;
}

static enum doubt_code check_bias(const struct doubti_infer *t, int64_t channels)
{
    if (!doubti_infer_has(t, 2))
        return DOUBT_OK;
    const struct doubt_value *b = t->in[2];
    if (b->rank != 1 || (b->dims[0] >= 0 && channels >= 0 && b->dims[0] != channels))
        return doubti_infer_fail(t, "the bias must hold one element for each of %lld channels",
                                 (long long)channels);
    return DOUBT_OK;
}

static enum doubt_code conv(struct doubti_infer *t)
{
    t->out[0].dtype = t->in[0]->dtype;
    if (!doubti_infer_has(t, 0) || !doubti_infer_has(t, 1))
        return DOUBT_OK;
    enum doubt_code code = check_filter(t, doubt_node_int(t->node, "group", 1));
    if (code != DOUBT_OK)
        return code;
    doubti_infer_like(t, 0, 0);
    t->out[0].dims[1] = t->in[1]->dims[0];
    code = check_bias(t, t->out[0].dims[1]);
    return code == DOUBT_OK ? slide(t, &t->in[1]->dims[2]) : code;
}

static enum doubt_code unslide(struct doubti_infer *t, int32_t i, const struct window *w,
                               int64_t extra)
{
    const int64_t *shape;
    int64_t in = t->in[0]->dims[i], *out = &t->out[0].dims[i];
    int32_t count = doubt_node_ints(t->node, "output_shape", &shape);
    *out = -1;
    if (count == t->in[0]->rank - 2) {
        *out = shape[i - 2];
    } else if (in >= 0 && w->kernel >= 0) {
        int64_t extent = w->dilation * (w->kernel - 1) + 1;
        if (in > 1 << 30)
            return doubti_infer_fail(t, "an axis has %lld elements", (long long)in);
        *out = has_same_padding(t) ? in * w->stride
                                   : w->stride * (in - 1) + extra + extent - w->begin - w->end;
    }
    if (*out < -1 || *out == 0)
        return doubti_infer_fail(t, "axis %d would get %lld elements", (int)i, (long long)*out);
    return DOUBT_OK;
}

static enum doubt_code conv_transpose(struct doubti_infer *t)
{
    struct window w[DOUBT_RANK_MAX];
    int64_t extra[DOUBT_RANK_MAX] = {0}, group = doubt_node_int(t->node, "group", 1);
    t->out[0].dtype = t->in[0]->dtype;
    if (!doubti_infer_has(t, 0) || !doubti_infer_has(t, 1))
        return DOUBT_OK;
    enum doubt_code code = check_filter(t, group);
    if (code != DOUBT_OK)
        return code;
    doubti_infer_like(t, 0, 0);
    int64_t per_group = t->in[1]->dims[1];
    if (per_group < 0 || !doubti_mul(per_group, group, &t->out[0].dims[1]))
        t->out[0].dims[1] = -1;
    code = check_bias(t, t->out[0].dims[1]);
    if (code == DOUBT_OK)
        code = read_windows(t, t->in[0]->rank - 2, &t->in[1]->dims[2], w);
    if (code == DOUBT_OK)
        code = read_list(t, "output_padding", t->in[0]->rank - 2, extra);
    for (int32_t i = 2; i < t->in[0]->rank && code == DOUBT_OK; i++)
        code = unslide(t, i, &w[i - 2], extra[i - 2]);
    return code;
}

/* --- pools --------------------------------------------------------------------------------- */

static enum doubt_code check_pool_rank(const struct doubti_infer *t)
{
    if (t->in[0]->rank < 3)
        return doubti_infer_fail(t, "the input has rank %d; at least 3 is needed",
                                 (int)t->in[0]->rank);
    return DOUBT_OK;
}

static enum doubt_code pool(struct doubti_infer *t)
{
    t->out[0].dtype = t->in[0]->dtype;
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    enum doubt_code code = check_pool_rank(t);
    if (code != DOUBT_OK)
        return code;
    doubti_infer_like(t, 0, 0);
    code = slide(t, NULL);
    t->out[1] = t->out[0]; /* MaxPool's indices */
    t->out[1].dtype = DOUBT_I64;
    return code;
}

static enum doubt_code global_pool(struct doubti_infer *t)
{
    doubti_infer_like(t, 0, 0);
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    for (int32_t i = 2; i < t->in[0]->rank; i++)
        t->out[0].dims[i] = 1;
    return check_pool_rank(t);
}

/* --- products ------------------------------------------------------------------------------ */

static enum doubt_code gemm(struct doubti_infer *t)
{
    t->out[0].dtype = t->in[0]->dtype;
    if (!doubti_infer_has(t, 0) || !doubti_infer_has(t, 1))
        return DOUBT_OK;
    const struct doubt_value *a = t->in[0], *b = t->in[1];
    int ta = doubt_node_int(t->node, "transA", 0) != 0,
        tb = doubt_node_int(t->node, "transB", 0) != 0;
    if (a->rank != 2 || b->rank != 2)
        return doubti_infer_fail(t, "both factors must be matrices");
    int64_t k1 = a->dims[!ta], k2 = b->dims[tb];
    if (k1 >= 0 && k2 >= 0 && k1 != k2)
        return doubti_infer_fail(t, "the factors share %lld and %lld elements", (long long)k1,
                                 (long long)k2);
    t->out[0].rank = 2;
    t->out[0].dims[0] = a->dims[ta];
    t->out[0].dims[1] = b->dims[!tb];
    struct doubt_value sum = t->out[0];
    return doubti_infer_has(t, 2) ? doubti_infer_broadcast(t, &sum, t->in[2]) : DOUBT_OK;
}

/* Vectors count as matrices of one row (left) or one column (right). */
static enum doubt_code matmul(struct doubti_infer *t)
{
    t->out[0].dtype = t->in[0]->dtype;
    if (!doubti_infer_has(t, 0) || !doubti_infer_has(t, 1))
        return DOUBT_OK;
    const struct doubt_value *a = t->in[0], *b = t->in[1];
    if (a->rank == 0 || b->rank == 0)
        return doubti_infer_fail(t, "a factor is a scalar");
    int64_t k1 = a->dims[a->rank - 1], k2 = b->dims[b->rank == 1 ? 0 : b->rank - 2];
    if (k1 >= 0 && k2 >= 0 && k1 != k2)
        return doubti_infer_fail(t, "the factors share %lld and %lld elements", (long long)k1,
                                 (long long)k2);
    struct doubt_value left = *a, right = *b;
    left.rank = a->rank > 2 ? a->rank - 2 : 0;
    right.rank = b->rank > 2 ? b->rank - 2 : 0;
    enum doubt_code code = doubti_infer_broadcast(t, &left, &right);
    if (code != DOUBT_OK)
        return code;
    t->out[0].rank = left.rank;
    memcpy(t->out[0].dims, left.dims, sizeof left.dims);
    if (a->rank > 1)
        t->out[0].dims[t->out[0].rank++] = a->dims[a->rank - 2];
    if (b->rank > 1)
        t->out[0].dims[t->out[0].rank++] = b->dims[b->rank - 1];
    return DOUBT_OK;
}

static const struct doubti_shape_row rows[] = {
    {"Conv", 2, 3, 1, conv, 0},
    {"ConvTranspose", 2, 3, 1, conv_transpose, 0},
    {"MaxPool", 1, 1, 2, pool, 0},
    {"AveragePool", 1, 1, 1, pool, 0},
    {"LpPool", 1, 1, 1, pool, 0},
    {"GlobalAveragePool", 1, 1, 1, global_pool, 0},
    {"GlobalMaxPool", 1, 1, 1, global_pool, 0},
    {"Gemm", 2, 3, 1, gemm, 0},
    {"MatMul", 2, 2, 1, matmul, 0},
};

const struct doubti_shape_table doubti_shape_window = {rows, sizeof rows / sizeof rows[0]};

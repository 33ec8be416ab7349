/* interp_math.c: Conv, ConvTranspose, Gemm and MatMul: all the multiply-accumulates there are.
 *
 * A unit of work is one product C = A x B + bias. B is never held whole: its columns are gathered,
 * COLUMNS at a time, into a panel, by a function that knows where they lie (in an image under a
 * window, in a matrix, in a transposed matrix):
 *
 *            depth              COLUMNS                        one panel per group of columns;
 *        +-----------+        +--------+                       each output is the bias plus the
 *   rows |     A     |  depth | panel  |  ->  rows x COLUMNS   sums of pieces of the depth, all in
 *        +-----------+        |        |      of C             ascending order, whatever the
 *                             +--------+                       compiler vectorises
 *
 * That order makes the results the same bits on every machine, and pieces keep the rounding of long
 * sums small. Compiled with -O3. Not a benchmark.
 */
#include "model/interp_int.h"

#include <stdlib.h>
#include <string.h>

enum {
    COLUMNS = 32, /* of a panel: eight vectors of four floats, held in registers */
    PIECE = 128   /* of depth: 16 KiB of a panel stay in the first cache for all rows */
};

struct product {
    int64_t rows, depth, columns;
    const float *a;    /* rows x depth */
    const float *bias; /* one per row, or NULL */
    /* Writes columns first .. first + width - 1 of B into a zeroed panel of depth x COLUMNS. */
    void (*gather)(const struct product *p, int64_t first, int64_t width, float *panel);
    const float *b; /* for gather */
    const struct doubti_window *window;
    int64_t b_stride;
    float *c; /* rows x columns */
};

/* Adds one piece of the depth to one row of C. */
static void row_times_panel(const float *a, int64_t depth, const float *panel, float *sums)
{
    float sum[COLUMNS] = {0.0f};
    for (int64_t k = 0; k < depth; k++)
        for (int j = 0; j < COLUMNS; j++)
            sum[j] += a[k] * panel[k * COLUMNS + j];
    for (int j = 0; j < COLUMNS; j++)
        sums[j] += sum[j];
}

/* sums: rows x COLUMNS. */
static void panel_product(const struct product *p, const float *panel, float *sums)
{
    for (int64_t m = 0; m < p->rows; m++)
        for (int j = 0; j < COLUMNS; j++)
            sums[m * COLUMNS + j] = p->bias ? p->bias[m] : 0.0f;
    for (int64_t k = 0; k < p->depth; k += PIECE) {
        int64_t depth = p->depth - k < PIECE ? p->depth - k : PIECE;
        for (int64_t m = 0; m < p->rows; m++)
            row_times_panel(p->a + m * p->depth + k, depth, panel + k * COLUMNS,
                            sums + m * COLUMNS);
    }
}

static enum doubt_code multiply(struct doubti_call *call, const struct product *p)
{
    size_t panel_floats = (size_t)p->depth * COLUMNS, sum_floats = (size_t)p->rows * COLUMNS;
    if ((uint64_t)(p->depth + p->rows) > call->budget->bytes_max / sizeof(float) / COLUMNS)
        return doubti_fail(call, DOUBT_E_FULL, "its working memory goes beyond the ceiling");
    float *panel = malloc((panel_floats + sum_floats) * sizeof *panel);
    if (!panel)
        return doubti_fail(call, DOUBT_E_MEMORY, "no memory for a panel of %lld rows",
                           (long long)p->depth);
    float *sums = panel + panel_floats;
    for (int64_t first = 0; first < p->columns; first += COLUMNS) {
        int64_t width = p->columns - first < COLUMNS ? p->columns - first : COLUMNS;
        memset(panel, 0, panel_floats * sizeof *panel);
        p->gather(p, first, width, panel);
        panel_product(p, panel, sums);
        for (int64_t m = 0; m < p->rows; m++)
            memcpy(p->c + m * p->columns + first, sums + m * COLUMNS, (size_t)width * sizeof *sums);
    }
    free(panel);
    return DOUBT_OK;
}

/* --- matrices -------------------------------------------------------------------------------- */

static void gather_matrix(const struct product *p, int64_t first, int64_t width, float *panel)
{
    for (int64_t k = 0; k < p->depth; k++)
        memcpy(panel + k * COLUMNS, p->b + k * p->b_stride + first, (size_t)width * sizeof *panel);
}

static void gather_transposed(const struct product *p, int64_t first, int64_t width, float *panel)
{
    for (int64_t j = 0; j < width; j++)
        for (int64_t k = 0; k < p->depth; k++)
            panel[k * COLUMNS + j] = p->b[(first + j) * p->b_stride + k];
}

/* to[columns x rows] = from[rows x columns]. */
static void transpose(const float *from, int64_t rows, int64_t columns, float *to)
{
    for (int64_t m = 0; m < rows; m++)
        for (int64_t n = 0; n < columns; n++)
            to[n * rows + m] = from[m * columns + n];
}

/* y = alpha * y + beta * c, c broadcast to the matrix y. */
static enum doubt_code add_scaled(struct doubti_call *call, const struct doubti_array *c)
{
    struct doubti_array *y = &call->out[0];
    float alpha = doubt_node_float(call->node, "alpha", 1.0f);
    float beta = doubt_node_float(call->node, "beta", 1.0f);
    for (uint64_t n = 0; alpha != 1.0f && n < y->count; n++)
        y->f[n] *= alpha;
    if (!c)
        return DOUBT_OK;
    int32_t rank = 2;
    int64_t dims[DOUBT_RANK_MAX] = {y->dims[0], y->dims[1]}, strides[DOUBT_RANK_MAX];
    if (c->rank > 2 || !doubti_broadcast(c, &rank, dims) || dims[0] != y->dims[0] ||
        dims[1] != y->dims[1])
        return doubti_fail(call, DOUBT_E_FORMAT, "C does not broadcast to the product");
    doubti_broadcast_strides(c, 2, strides);
    for (int64_t m = 0; m < dims[0]; m++)
        for (int64_t n = 0; n < dims[1]; n++)
            y->f[m * dims[1] + n] += beta * c->f[m * strides[0] + n * strides[1]];
    return DOUBT_OK;
}

static enum doubt_code gemm(struct doubti_call *call)
{
    const struct doubti_array *a, *b, *c = NULL;
    enum doubt_code code = doubti_in_float(call, 0, 2, &a);
    if (code == DOUBT_OK)
        code = doubti_in_float(call, 1, 2, &b);
    if (code == DOUBT_OK && call->in[2])
        code = doubti_in_float(call, 2, 0, &c);
    if (code != DOUBT_OK)
        return code;
    int ta = doubt_node_int(call->node, "transA", 0) != 0;
    int tb = doubt_node_int(call->node, "transB", 0) != 0;
    struct product p = {.rows = a->dims[ta],
                        .depth = a->dims[!ta],
                        .columns = b->dims[!tb],
                        .a = a->f,
                        .b = b->f,
                        .b_stride = b->dims[1],
                        .gather = tb ? gather_transposed : gather_matrix};
    if (a->rank != 2 || b->rank != 2 || b->dims[tb] != p.depth)
        return doubti_fail(call, DOUBT_E_FORMAT, "A and B are no matrices that fit each other");
    int64_t dims[2] = {p.rows, p.columns};
    code = doubti_make(call, 0, a->dtype, 2, dims);
    if (code == DOUBT_OK)
        code = doubti_work(call, call->out[0].count, (uint64_t)p.depth);
    if (code != DOUBT_OK || call->out[0].count == 0)
        return code;
    float *turned = NULL;
    if (ta && !(turned = malloc((a->count + 1) * sizeof *turned)))
        return doubti_fail(call, DOUBT_E_MEMORY, "no memory to transpose A");
    if (ta) {
        transpose(a->f, p.depth, p.rows, turned);
        p.a = turned;
    }
    p.c = call->out[0].f;
    code = multiply(call, &p);
    free(turned);
    return code == DOUBT_OK ? add_scaled(call, c) : code;
}

/* dims of a matrix product: what the batch dims broadcast to, and the two of the matrices. A vector
 * counts as a row on the left and as a column on the right; its dim is not in the output. */
static enum doubt_code matmul_shape(struct doubti_call *call, struct doubti_array *a,
                                    struct doubti_array *b, struct doubti_array *y)
{
    bool row = a->rank == 1, column = b->rank == 1;
    if (row) {
        a->rank = 2;
        a->dims[1] = a->dims[0];
        a->dims[0] = 1;
    }
    if (column) {
        b->rank = 2;
        b->dims[1] = 1;
    }
    int64_t rows = a->dims[a->rank - 2], columns = b->dims[b->rank - 1];
    if (a->dims[a->rank - 1] != b->dims[b->rank - 2])
        return doubti_fail(call, DOUBT_E_FORMAT, "the matrices do not fit each other");
    a->rank -= 2; /* from here on: the batch dims */
    b->rank -= 2;
    y->rank = 0;
    if (!doubti_broadcast(a, &y->rank, y->dims) || !doubti_broadcast(b, &y->rank, y->dims))
        return doubti_fail(call, DOUBT_E_FORMAT, "the batch dims do not broadcast");
    int32_t rank = y->rank;
    if (!row)
        y->dims[rank++] = rows;
    if (!column)
        y->dims[rank++] = columns;
    return doubti_make(call, 0, a->dtype, rank, y->dims);
}

static enum doubt_code matmul(struct doubti_call *call)
{
    const struct doubti_array *in_a, *in_b;
    enum doubt_code code = doubti_in_float(call, 0, 1, &in_a);
    if (code == DOUBT_OK)
        code = doubti_in_float(call, 1, 1, &in_b);
    if (code != DOUBT_OK)
        return code;
    struct doubti_array a = *in_a, b = *in_b, y = {0};
    code = matmul_shape(call, &a, &b, &y);
    if (code != DOUBT_OK)
        return code;
    struct product p = {.rows = a.dims[a.rank],
                        .depth = a.dims[a.rank + 1],
                        .columns = b.dims[b.rank + 1],
                        .b_stride = b.dims[b.rank + 1],
                        .gather = gather_matrix};
    struct doubti_walk walk = {.rank = y.rank, .count = 2};
    memcpy(walk.dims, y.dims, sizeof walk.dims);
    doubti_broadcast_strides(&a, y.rank, walk.strides[0]);
    doubti_broadcast_strides(&b, y.rank, walk.strides[1]);
    code = doubti_work(call, call->out[0].count, (uint64_t)p.depth);
    uint64_t batch = call->out[0].count == 0 ? 0 : doubti_span(y.dims, 0, y.rank);
    for (uint64_t n = 0; n < batch && code == DOUBT_OK; n++) {
        p.a = a.f + walk.offsets[0] * p.rows * p.depth;
        p.b = b.f + walk.offsets[1] * p.depth * p.columns;
        p.c = call->out[0].f + n * (uint64_t)(p.rows * p.columns);
        code = multiply(call, &p);
        doubti_walk_next(&walk);
    }
    return code;
}

/* --- convolutions ---------------------------------------------------------------------------- */

/* A run of output pixels of one row: from column x on, at place j of the panel. */
struct run {
    int64_t y, x, length, j;
};

/* Pixels first .. first + width - 1 as runs within one output row each; false at the end. */
static bool next_run(const struct doubti_window *w, int64_t first, int64_t width, struct run *run)
{
    run->j += run->length;
    if (run->j >= width)
        return false;
    run->y = (first + run->j) / w->out[1];
    run->x = (first + run->j) % w->out[1];
    run->length = w->out[1] - run->x < width - run->j ? w->out[1] - run->x : width - run->j;
    return true;
}

/* One tap over a run: what lies in the padding stays zero. */
static void copy_tap(const struct doubti_window *w, const struct run *run, int64_t kx,
                     const float *row, float *to)
{
    int64_t stride = w->stride[1], start = run->x * stride - w->before[1] + kx * w->dilation[1];
    int64_t from = start < 0 ? (-start + stride - 1) / stride : 0;
    int64_t end = start < w->in[1] ? (w->in[1] - 1 - start) / stride + 1 : 0;
    if (end > run->length)
        end = run->length;
    if (stride == 1 && from < end)
        memcpy(to + from, row + start + from, (size_t)(end - from) * sizeof *to);
    else
        for (int64_t j = from; j < end; j++)
            to[j] = row[start + j * stride];
}

/* Row (channel, ky, kx) of the panel: for each output pixel, the input under that tap. */
static void gather_image(const struct product *p, int64_t first, int64_t width, float *panel)
{
    const struct doubti_window *w = p->window;
    int64_t area = w->kernel[0] * w->kernel[1];
    struct run run = {0};
    while (next_run(w, first, width, &run))
        for (int64_t k = 0; k < p->depth; k++) {
            int64_t channel = k / area, ky = k % area / w->kernel[1], kx = k % w->kernel[1];
            int64_t y = run.y * w->stride[0] - w->before[0] + ky * w->dilation[0];
            if (y >= 0 && y < w->in[0])
                copy_tap(w, &run, kx, p->b + (channel * w->in[0] + y) * w->in[1],
                         panel + k * COLUMNS + run.j);
        }
}

/* The input element that a tap spreads to output place at; -1 when none is. */
static int64_t spread_from(const struct doubti_window *w, int d, int64_t at, int64_t tap)
{
    int64_t scaled = at + w->before[d] - tap * w->dilation[d];
    if (scaled < 0 || scaled % w->stride[d] != 0 || scaled / w->stride[d] >= w->in[d])
        return -1;
    return scaled / w->stride[d];
}

/* As gather_image, for a transposed convolution. */
static void gather_spread(const struct product *p, int64_t first, int64_t width, float *panel)
{
    const struct doubti_window *w = p->window;
    int64_t area = w->kernel[0] * w->kernel[1];
    struct run run = {0};
    while (next_run(w, first, width, &run))
        for (int64_t k = 0; k < p->depth; k++) {
            int64_t y = spread_from(w, 0, run.y, k % area / w->kernel[1]);
            const float *row = p->b + (k / area * w->in[0] + y) * w->in[1];
            for (int64_t j = 0; y >= 0 && j < run.length; j++) {
                int64_t x = spread_from(w, 1, run.x + j, k % w->kernel[1]);
                if (x >= 0)
                    panel[k * COLUMNS + run.j + j] = row[x];
            }
        }
}

struct convolution {
    const struct doubti_array *x, *weights, *bias;
    struct doubti_window window;
    int64_t groups;
    struct product product; /* of one group of one image */
};

static enum doubt_code conv_inputs(struct doubti_call *call, struct convolution *conv)
{
    enum doubt_code code = doubti_in_float(call, 0, 3, &conv->x);
    if (code == DOUBT_OK)
        code = doubti_in_float(call, 1, 3, &conv->weights);
    if (code != DOUBT_OK)
        return code;
    conv->groups = doubt_node_int(call->node, "group", 1);
    if (conv->weights->rank != conv->x->rank)
        return doubti_fail(call, DOUBT_E_FORMAT, "input of rank %d, weights of rank %d",
                           (int)conv->x->rank, (int)conv->weights->rank);
    if (conv->groups < 1 || conv->x->dims[1] % conv->groups != 0 ||
        conv->weights->dims[0] % conv->groups != 0)
        return doubti_fail(call, DOUBT_E_FORMAT, "channels do not divide into %lld groups",
                           (long long)conv->groups);
    return DOUBT_OK;
}

/* All groups of all images. a: groups x rows x depth. */
static enum doubt_code convolve(struct doubti_call *call, const struct convolution *conv,
                                const float *a)
{
    struct product p = conv->product;
    int64_t plane = conv->window.in[0] * conv->window.in[1];
    int64_t channels = conv->x->dims[1] / conv->groups;
    enum doubt_code code = doubti_work(call, call->out[0].count, (uint64_t)p.depth);
    if (call->out[0].count == 0)
        return code;
    p.c = call->out[0].f;
    p.b = conv->x->f;
    for (int64_t n = 0; n < conv->x->dims[0]; n++)
        for (int64_t g = 0; g < conv->groups && code == DOUBT_OK; g++) {
            p.a = a + g * p.rows * p.depth;
            p.bias = conv->bias ? conv->bias->f + g * p.rows : NULL;
            code = multiply(call, &p);
            p.b += channels * plane;
            p.c += p.rows * p.columns;
        }
    return code;
}

static enum doubt_code conv(struct doubti_call *call)
{
    struct convolution conv = {0};
    int64_t dims[DOUBT_RANK_MAX];
    enum doubt_code code = conv_inputs(call, &conv);
    if (code != DOUBT_OK)
        return code;
    const struct doubti_array *weights = conv.weights;
    if (weights->dims[1] != conv.x->dims[1] / conv.groups)
        return doubti_fail(call, DOUBT_E_FORMAT, "%lld input channels a group, weights for %lld",
                           (long long)(conv.x->dims[1] / conv.groups), (long long)weights->dims[1]);
    code = doubti_in_vector(call, 2, weights->dims[0], &conv.bias);
    if (code == DOUBT_OK)
        code = doubti_window_get(call, conv.x, weights->dims + 2, &conv.window);
    if (code != DOUBT_OK)
        return code;
    conv.product =
        (struct product){.rows = weights->dims[0] / conv.groups,
                         .depth = weights->dims[1] * conv.window.kernel[0] * conv.window.kernel[1],
                         .columns = conv.window.out[0] * conv.window.out[1],
                         .gather = gather_image,
                         .window = &conv.window};
    doubti_window_dims(&conv.window, conv.x, weights->dims[0], dims);
    code = doubti_make(call, 0, conv.x->dtype, conv.x->rank, dims);
    return code == DOUBT_OK ? convolve(call, &conv, weights->f) : code;
}

/* Weights [input channels, rows, kernel] of each group to [rows, input channels, kernel]. */
static void turn_weights(const struct convolution *conv, int64_t channels, float *to)
{
    int64_t area = conv->window.kernel[0] * conv->window.kernel[1], rows = conv->product.rows;
    for (int64_t g = 0; g < conv->groups; g++)
        for (int64_t m = 0; m < rows; m++)
            for (int64_t c = 0; c < channels; c++, to += area)
                memcpy(to, conv->weights->f + ((g * channels + c) * rows + m) * area,
                       (size_t)area * sizeof *to);
}

static enum doubt_code conv_transpose(struct doubti_call *call)
{
    struct convolution conv = {0};
    int64_t dims[DOUBT_RANK_MAX];
    enum doubt_code code = conv_inputs(call, &conv);
    if (code != DOUBT_OK)
        return code;
    const struct doubti_array *weights = conv.weights;
    int64_t channels = conv.x->dims[1] / conv.groups, rows = weights->dims[1];
    if (weights->dims[0] != conv.x->dims[1])
        return doubti_fail(call, DOUBT_E_FORMAT, "%lld input channels, weights for %lld",
                           (long long)conv.x->dims[1], (long long)weights->dims[0]);
    code = doubti_in_vector(call, 2, rows * conv.groups, &conv.bias);
    if (code == DOUBT_OK)
        code = doubti_window_transposed(call, conv.x, weights->dims + 2, &conv.window);
    if (code != DOUBT_OK)
        return code;
    conv.product =
        (struct product){.rows = rows,
                         .depth = channels * conv.window.kernel[0] * conv.window.kernel[1],
                         .columns = conv.window.out[0] * conv.window.out[1],
                         .gather = gather_spread,
                         .window = &conv.window};
    doubti_window_dims(&conv.window, conv.x, rows * conv.groups, dims);
    code = doubti_make(call, 0, conv.x->dtype, conv.x->rank, dims);
    float *turned = code == DOUBT_OK ? malloc((weights->count + 1) * sizeof *turned) : NULL;
    if (code == DOUBT_OK && !turned)
        code = doubti_fail(call, DOUBT_E_MEMORY, "no memory to transpose the weights");
    if (code == DOUBT_OK) {
        turn_weights(&conv, channels, turned);
        code = convolve(call, &conv, turned);
    }
    free(turned);
    return code;
}

/* clang-format off */
const struct doubti_op doubti_ops_math[] = {
    {"Conv", .run = conv},
    {"ConvTranspose", .run = conv_transpose},
    {"Gemm", .run = gemm},
    {"MatMul", .run = matmul},
    {.name = NULL},
};
/* clang-format on */

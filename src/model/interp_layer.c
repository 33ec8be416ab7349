/* interp_layer.c: pools, normalisations and softmax.
 *
 * A unit of work is one node over whole channels. Sums are kept in double, so that the oracle's own
 * rounding stays below what is asked of engines. Formulas: ONNX operator specification.
 */
#include "model/interp_int.h"

#include <math.h>
#include <string.h>

/* --- pools ----------------------------------------------------------------------------------- */

/* One window on one plane: what is in it. */
struct pooled {
    float max;
    double sum;
    int64_t inside, padded; /* elements of the plane; of the plane and its padding */
};

static struct pooled pool_at(const struct doubti_window *w, const float *plane, int64_t oy,
                             int64_t ox)
{
    struct pooled p = {-INFINITY, 0.0, 0, 0};
    for (int64_t ky = 0; ky < w->kernel[0]; ky++) {
        int64_t y = oy * w->stride[0] - w->before[0] + ky * w->dilation[0];
        for (int64_t kx = 0; kx < w->kernel[1]; kx++) {
            int64_t x = ox * w->stride[1] - w->before[1] + kx * w->dilation[1];
            p.padded += y < w->in[0] + w->after[0] && x < w->in[1] + w->after[1];
            if (y < 0 || y >= w->in[0] || x < 0 || x >= w->in[1])
                continue;
            float value = plane[y * w->in[1] + x];
            p.inside++;
            p.sum += (double)value;
            if (value > p.max || isnan(value))
                p.max = value;
        }
    }
    return p;
}

static float take_max(const struct pooled *p)
{
    return p->max;
}

static float take_mean(const struct pooled *p)
{
    return (float)(p->sum / (double)p->inside);
}

static float take_padded_mean(const struct pooled *p)
{
    return (float)(p->sum / (double)p->padded);
}

static enum doubt_code pool(struct doubti_call *call, float (*take)(const struct pooled *p))
{
    const struct doubti_array *x;
    struct doubti_window w;
    int64_t dims[DOUBT_RANK_MAX];
    enum doubt_code code = doubti_in_float(call, 0, 3, &x);
    if (code == DOUBT_OK)
        code = doubti_window_get(call, x, NULL, &w);
    if (code != DOUBT_OK)
        return code;
    if (call->node->output_count > 1 && call->node->outputs[1][0])
        return doubti_fail(call, DOUBT_E_UNSUPPORTED, "the output of indices is not made");
    doubti_window_dims(&w, x, x->dims[1], dims);
    code = doubti_make(call, 0, x->dtype, x->rank, dims);
    if (code == DOUBT_OK)
        code = doubti_work(call, call->out[0].count, (uint64_t)(w.kernel[0] * w.kernel[1]));
    if (code != DOUBT_OK)
        return code;
    float *y = call->out[0].f;
    for (int64_t plane = 0; plane < x->dims[0] * x->dims[1]; plane++)
        for (int64_t oy = 0; oy < w.out[0]; oy++)
            for (int64_t ox = 0; ox < w.out[1]; ox++) {
                struct pooled p = pool_at(&w, x->f + plane * w.in[0] * w.in[1], oy, ox);
                *y++ = take(&p);
            }
    return DOUBT_OK;
}

static enum doubt_code max_pool(struct doubti_call *call)
{
    return pool(call, take_max);
}

static enum doubt_code average_pool(struct doubti_call *call)
{
    bool padded = doubt_node_int(call->node, "count_include_pad", 0) != 0;
    return pool(call, padded ? take_padded_mean : take_mean);
}

static enum doubt_code global_pool(struct doubti_call *call, bool mean)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_float(call, 0, 3, &x);
    if (code != DOUBT_OK)
        return code;
    int64_t dims[DOUBT_RANK_MAX] = {x->dims[0], x->dims[1], 1, 1, 1, 1, 1, 1};
    code = doubti_make(call, 0, x->dtype, x->rank, dims);
    uint64_t plane = doubti_span(x->dims, 2, x->rank);
    for (uint64_t n = 0; code == DOUBT_OK && n < call->out[0].count; n++) {
        double sum = 0.0;
        float max = -INFINITY;
        for (uint64_t i = 0; i < plane; i++) {
            float value = x->f[n * plane + i];
            sum += (double)value;
            if (value > max || isnan(value))
                max = value;
        }
        call->out[0].f[n] = mean ? (float)(sum / (double)plane) : max;
    }
    return code;
}

static enum doubt_code global_average_pool(struct doubti_call *call)
{
    return global_pool(call, true);
}

static enum doubt_code global_max_pool(struct doubti_call *call)
{
    return global_pool(call, false);
}

/* --- normalisations -------------------------------------------------------------------------- */

static enum doubt_code batch_normalization(struct doubti_call *call)
{
    const struct doubti_array *x, *v[5];
    enum doubt_code code = doubti_in_float(call, 0, 2, &x);
    if (code != DOUBT_OK)
        return code;
    for (int k = 1; k < 5; k++) {
        code = doubti_in_vector(call, k, x->dims[1], &v[k]);
        if (code == DOUBT_OK && !v[k])
            code = doubti_fail(call, DOUBT_E_FORMAT, "input %d is missing", k);
        if (code != DOUBT_OK)
            return code;
    }
    if (doubt_node_int(call->node, "training_mode", 0) != 0)
        return doubti_fail(call, DOUBT_E_UNSUPPORTED, "training_mode 1 is not for inference");
    code = doubti_make_like(call, 0, x);
    if (code != DOUBT_OK)
        return code;
    float epsilon = doubt_node_float(call->node, "epsilon", 1e-5f);
    uint64_t plane = doubti_span(x->dims, 2, x->rank), channels = (uint64_t)x->dims[1];
    for (uint64_t n = 0; n < (uint64_t)x->dims[0] * channels && plane > 0; n++) {
        uint64_t c = n % channels;
        float scale = v[1]->f[c] / sqrtf(v[4]->f[c] + epsilon);
        for (uint64_t i = n * plane; i < (n + 1) * plane; i++)
            call->out[0].f[i] = (x->f[i] - v[3]->f[c]) * scale + v[2]->f[c];
    }
    return DOUBT_OK;
}

/* count values to mean 0 and deviation 1. */
static void standardize(const float *x, uint64_t count, double epsilon, float *y)
{
    double mean = 0.0, variance = 0.0;
    for (uint64_t i = 0; i < count; i++)
        mean += (double)x[i];
    mean /= (double)count;
    for (uint64_t i = 0; i < count; i++)
        variance += ((double)x[i] - mean) * ((double)x[i] - mean);
    double scale = 1.0 / sqrt(variance / (double)count + epsilon);
    for (uint64_t i = 0; i < count; i++)
        y[i] = (float)(((double)x[i] - mean) * scale);
}

static enum doubt_code instance_normalization(struct doubti_call *call)
{
    const struct doubti_array *x, *scale = NULL, *bias = NULL;
    enum doubt_code code = doubti_in_float(call, 0, 3, &x);
    if (code == DOUBT_OK)
        code = doubti_in_vector(call, 1, x->dims[1], &scale);
    if (code == DOUBT_OK)
        code = doubti_in_vector(call, 2, x->dims[1], &bias);
    if (code == DOUBT_OK && (!scale || !bias))
        code = doubti_fail(call, DOUBT_E_FORMAT, "scale or bias is missing");
    if (code == DOUBT_OK)
        code = doubti_make_like(call, 0, x);
    if (code != DOUBT_OK || x->count == 0)
        return code;
    double epsilon = (double)doubt_node_float(call->node, "epsilon", 1e-5f);
    uint64_t plane = doubti_span(x->dims, 2, x->rank), channels = (uint64_t)x->dims[1];
    for (uint64_t n = 0; n < x->count / plane; n++) {
        float *y = call->out[0].f + n * plane;
        standardize(x->f + n * plane, plane, epsilon, y);
        for (uint64_t i = 0; i < plane; i++)
            y[i] = y[i] * scale->f[n % channels] + bias->f[n % channels];
    }
    return DOUBT_OK;
}

static enum doubt_code layer_normalization(struct doubti_call *call)
{
    const struct doubti_array *x, *scale = NULL, *bias = NULL;
    int32_t axis = 0;
    enum doubt_code code = doubti_in_float(call, 0, 1, &x);
    if (code == DOUBT_OK)
        code = doubti_axis(call, doubt_node_int(call->node, "axis", -1), x->rank, &axis);
    if (code != DOUBT_OK)
        return code;
    uint64_t row = doubti_span(x->dims, axis, x->rank);
    code = doubti_in_vector(call, 1, (int64_t)row, &scale);
    if (code == DOUBT_OK)
        code = doubti_in_vector(call, 2, (int64_t)row, &bias);
    if (code == DOUBT_OK && !scale)
        code = doubti_fail(call, DOUBT_E_FORMAT, "scale is missing");
    for (uint32_t k = 1; k < call->node->output_count && code == DOUBT_OK; k++)
        if (call->node->outputs[k][0])
            code = doubti_fail(call, DOUBT_E_UNSUPPORTED, "mean and deviation are not put out");
    if (code == DOUBT_OK)
        code = doubti_make_like(call, 0, x);
    if (code != DOUBT_OK || x->count == 0)
        return code;
    double epsilon = (double)doubt_node_float(call->node, "epsilon", 1e-5f);
    for (uint64_t n = 0; n < x->count / row; n++) {
        float *y = call->out[0].f + n * row;
        standardize(x->f + n * row, row, epsilon, y);
        for (uint64_t i = 0; i < row; i++)
            y[i] = y[i] * scale->f[i] + (bias ? bias->f[i] : 0.0f);
    }
    return DOUBT_OK;
}

static enum doubt_code lrn(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_float(call, 0, 2, &x);
    if (code != DOUBT_OK)
        return code;
    int64_t size = doubt_node_int(call->node, "size", 0), channels = x->dims[1];
    double alpha = (double)doubt_node_float(call->node, "alpha", 1e-4f);
    double beta = (double)doubt_node_float(call->node, "beta", 0.75f);
    double bias = (double)doubt_node_float(call->node, "bias", 1.0f);
    if (size < 1 || size > 1 << 16)
        return doubti_fail(call, DOUBT_E_FORMAT, "size %lld is not in 1 to 65536", (long long)size);
    code = doubti_make_like(call, 0, x);
    if (code == DOUBT_OK)
        code = doubti_work(call, x->count, (uint64_t)size);
    if (code != DOUBT_OK)
        return code;
    int64_t plane = (int64_t)doubti_span(x->dims, 2, x->rank), first = (size - 1) / 2;
    for (int64_t i = 0; i < (int64_t)x->count; i++) {
        int64_t c = i / plane % channels;
        double sum = 0.0;
        for (int64_t k = c - first; k < c - first + size; k++)
            if (k >= 0 && k < channels) {
                double value = (double)x->f[i + (k - c) * plane];
                sum += value * value;
            }
        call->out[0].f[i] = (float)((double)x->f[i] / pow(bias + alpha / (double)size * sum, beta));
    }
    return DOUBT_OK;
}

/* --- softmax --------------------------------------------------------------------------------- */

/* Over count values, stride apart. */
static void softmax_row(const float *x, uint64_t count, uint64_t stride, bool logarithm, float *y)
{
    float max = -INFINITY;
    double sum = 0.0;
    for (uint64_t i = 0; i < count; i++)
        if (x[i * stride] > max)
            max = x[i * stride];
    for (uint64_t i = 0; i < count; i++) {
        y[i * stride] = expf(x[i * stride] - max);
        sum += (double)y[i * stride];
    }
    for (uint64_t i = 0; i < count; i++)
        y[i * stride] = logarithm ? (float)((double)(x[i * stride] - max) - log(sum))
                                  : (float)((double)y[i * stride] / sum);
}

/* Up to opset 12 the default axis was 1 and all dims from axis on were one row; onnx_read.c marks
 * such nodes by the attribute "flatten". */
static enum doubt_code softmax_either(struct doubti_call *call, bool logarithm)
{
    const struct doubti_array *x;
    int32_t axis = 0;
    enum doubt_code code = doubti_in_float(call, 0, 1, &x);
    if (code == DOUBT_OK)
        code = doubti_axis(call, doubt_node_int(call->node, "axis", -1), x->rank, &axis);
    if (code == DOUBT_OK)
        code = doubti_make_like(call, 0, x);
    if (code != DOUBT_OK || x->count == 0)
        return code;
    bool flatten = doubt_node_int(call->node, "flatten", 0) != 0;
    uint64_t row = doubti_span(x->dims, axis, flatten ? x->rank : axis + 1);
    uint64_t stride = flatten ? 1 : doubti_span(x->dims, axis + 1, x->rank);
    for (uint64_t n = 0; n < x->count / row; n++) {
        uint64_t at = n / stride * stride * row + n % stride;
        softmax_row(x->f + at, row, stride, logarithm, call->out[0].f + at);
    }
    return DOUBT_OK;
}

static enum doubt_code softmax(struct doubti_call *call)
{
    return softmax_either(call, false);
}

static enum doubt_code log_softmax(struct doubti_call *call)
{
    return softmax_either(call, true);
}

const struct doubti_op doubti_ops_layer[] = {
    {"MaxPool", .run = max_pool},
    {"AveragePool", .run = average_pool},
    {"GlobalAveragePool", .run = global_average_pool},
    {"GlobalMaxPool", .run = global_max_pool},
    {"BatchNormalization", .run = batch_normalization},
    {"InstanceNormalization", .run = instance_normalization},
    {"LayerNormalization", .run = layer_normalization},
    {"LRN", .run = lrn},
    {"Softmax", .run = softmax},
    {"LogSoftmax", .run = log_softmax},
    {.name = NULL},
};

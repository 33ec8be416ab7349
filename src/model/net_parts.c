/* net_parts.c: see net_int.h: the layers that the networks share. */
#include "model/model_int.h"
#include "model/net_int.h"
#include "model/tensor.h"
#include "util/rng.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fail_memory(struct doubti_net *n)
{
    if (n->code == DOUBT_OK)
        n->code = doubt_err_set(n->err, DOUBT_E_MEMORY, "out of memory while building %s",
                                doubt_graph_name(n->graph));
}

const char *doubti_net_text(struct doubti_net *n, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *copy = doubt_graph_copy_text(n->graph, text);
    if (copy == NULL)
        fail_memory(n);
    return copy == NULL ? "" : copy;
}

void *doubti_net_alloc(struct doubti_net *n, size_t bytes)
{
    void *block = doubt_graph_alloc(n->graph, bytes);
    if (block == NULL)
        fail_memory(n);
    return block;
}

const char *doubti_net_input(struct doubti_net *n, const char *name, int64_t channels,
                             int64_t height, int64_t width)
{
    struct doubt_value value = {.name = name,
                                .dtype = n->params.dtype,
                                .rank = 4,
                                .dims = {n->params.batch, channels,
                                         n->params.height > 0 ? n->params.height : height,
                                         n->params.width > 0 ? n->params.width : width}};
    if (n->code == DOUBT_OK)
        n->code = doubt_graph_add_input(n->graph, &value, n->err);
    return name;
}

void doubti_net_output(struct doubti_net *n, const char *value)
{
    if (n->code == DOUBT_OK)
        n->code = doubt_graph_add_output(n->graph, value, n->err);
}

int64_t doubti_net_dim(const struct doubti_net *n, const char *value, int32_t axis)
{
    const struct doubt_value *v = doubt_graph_value(n->graph, value);
    return v == NULL || axis >= v->rank || v->dims[axis] < 1 ? 1 : v->dims[axis];
}

const char *doubti_net_add(struct doubti_net *n, const char *name, const struct doubti_layer *layer)
{
    struct doubt_node node = {.name = name, .op = layer->op, .attrs = layer->attrs};
    while (node.input_count < 8 && layer->in[node.input_count] != NULL) {
        node.inputs[node.input_count] = layer->in[node.input_count];
        node.input_count++;
    }
    while (node.attr_count < 6 && layer->attrs[node.attr_count].name != NULL)
        node.attr_count++;
    node.output_count = layer->outputs == 0 ? 1 : layer->outputs;
    node.outputs[0] = name;
    for (uint32_t i = 1; i < node.output_count; i++)
        node.outputs[i] = doubti_net_text(n, "%s/%u", name, (unsigned)i);
    if (n->code == DOUBT_OK)
        n->code = doubt_graph_add_node(n->graph, &node, n->err);
    if (n->code == DOUBT_OK)
        n->code = doubti_shape_infer_node(
            n->graph, doubt_graph_node(n->graph, doubt_graph_node_count(n->graph) - 1), n->err);
    return n->code == DOUBT_OK ? name : "";
}

/* --- constants ----------------------------------------------------------------------------- */

static const char *add_const(struct doubti_net *n, struct doubt_const *constant)
{
    uint64_t count = 0;
    doubt_dims_count(constant->value.dims, constant->value.rank, &count);
    constant->bytes = count * doubt_dtype_bytes(constant->value.dtype);
    if (n->code == DOUBT_OK)
        n->code = doubt_graph_add_const(n->graph, constant, n->err);
    return n->code == DOUBT_OK ? constant->value.name : "";
}

const char *doubti_net_weight(struct doubti_net *n, const char *name,
                              const struct doubti_weight *weight)
{
    char label[256];
    struct doubt_const constant = {
        .value = {.name = name, .dtype = n->params.dtype, .rank = weight->rank},
        .fill = weight->fill,
        .scale = weight->scale,
        .offset = weight->offset,
        .parameter = !weight->running};
    memcpy(constant.value.dims, weight->dims, sizeof weight->dims);
    snprintf(label, sizeof label, "%s/%s", doubt_graph_name(n->graph), name);
    constant.seed = doubt_rng_label(label);
    return add_const(n, &constant);
}

const char *doubti_net_data(struct doubti_net *n, const struct doubt_value *value, const void *data)
{
    struct doubt_const constant = {.value = *value, .fill = DOUBT_FILL_ZERO};
    uint64_t count = 0;
    if (!doubt_dims_count(value->dims, value->rank, &count))
        return "";
    size_t bytes = count * doubt_dtype_bytes(value->dtype);
    void *copy = data == NULL ? NULL : doubti_net_alloc(n, bytes);
    if (copy != NULL) {
        constant.fill = DOUBT_FILL_DATA;
        constant.data = memcpy(copy, data, bytes);
    }
    return add_const(n, &constant);
}

const char *doubti_net_i64(struct doubti_net *n, const char *name, int32_t count,
                           const int64_t *values)
{
    const struct doubt_value value = {.name = name, .dtype = DOUBT_I64, .rank = 1, .dims = {count}};
    return doubti_net_data(n, &value, values);
}

const char *doubti_net_scalar(struct doubti_net *n, const char *name, enum doubt_dtype dtype,
                              float value)
{
    if (n->code == DOUBT_OK && doubt_graph_const(n->graph, name) != NULL)
        return name;
    struct doubt_const constant = {.value = {.name = name, .dtype = dtype, .rank = 0},
                                   .fill = DOUBT_FILL_CONST,
                                   .offset = value};
    return add_const(n, &constant);
}

/* --- convolution --------------------------------------------------------------------------- */

static float he(float gain, int64_t fan_in)
{
    return (gain == 0.0f ? 1.0f : gain) * sqrtf(2.0f / (float)fan_in);
}

static const char *add_bias(struct doubti_net *n, const char *name, int64_t out, float offset)
{
    return doubti_net_weight(
        n, doubti_net_text(n, "%s.bias", name),
        &(struct doubti_weight){
            .rank = 1, .dims = {out}, .fill = DOUBT_FILL_UNIFORM, .scale = 0.1f, .offset = offset});
}

/* SAME: ceil(size / stride) positions, what is missing is split, the odd one goes after. */
static void same_pads(int64_t size, int64_t extent, int64_t stride, int64_t *before, int64_t *after)
{
    int64_t positions = (size + stride - 1) / stride, whole = (positions - 1) * stride + extent;
    int64_t missing = whole > size ? whole - size : 0;
    *before = missing / 2;
    *after = missing - *before;
}

static struct doubti_conv complete(const struct doubti_conv *conv)
{
    struct doubti_conv c = *conv;
    if (c.kernel_w == 0) {
        c.kernel_w = c.kernel;
        c.pad_w = c.pad;
    }
    c.stride = c.stride == 0 ? 1 : c.stride;
    c.dilation = c.dilation == 0 ? 1 : c.dilation;
    c.group = c.group == 0 ? 1 : c.group;
    return c;
}

const char *doubti_net_conv(struct doubti_net *n, const char *name, const char *x,
                            const struct doubti_conv *conv)
{
    struct doubti_conv c = complete(conv);
    int64_t in = doubti_net_dim(n, x, 1) / c.group, top = c.pad, left = c.pad_w, bottom = c.pad,
            right = c.pad_w;
    if (c.same) {
        same_pads(doubti_net_dim(n, x, 2), c.dilation * (c.kernel - 1) + 1, c.stride, &top,
                  &bottom);
        same_pads(doubti_net_dim(n, x, 3), c.dilation * (c.kernel_w - 1) + 1, c.stride, &left,
                  &right);
    }
    const char *weight = doubti_net_weight(
        n, doubti_net_text(n, "%s.weight", name),
        &(struct doubti_weight){.rank = 4,
                                .dims = {c.out, in, c.kernel, c.kernel_w},
                                .fill = c.balanced ? DOUBT_FILL_BALANCED : DOUBT_FILL_NORMAL,
                                .scale = he(c.gain, in * c.kernel * c.kernel_w),
                                .offset = c.mean});
    const char *bias = c.no_bias ? NULL : add_bias(n, name, c.out, c.offset);
    return doubti_net_add(
        n, name,
        &(struct doubti_layer){.op = "Conv",
                               .in = {x, weight, bias},
                               .attrs = {DOUBTI_INTS("kernel_shape", c.kernel, c.kernel_w),
                                         DOUBTI_INTS("strides", c.stride, c.stride),
                                         DOUBTI_INTS("pads", top, left, bottom, right),
                                         DOUBTI_INTS("dilations", c.dilation, c.dilation),
                                         DOUBTI_INT("group", c.group)}});
}

/* --- the rest ------------------------------------------------------------------------------ */

const char *doubti_net_bn(struct doubti_net *n, const char *x, const struct doubti_bn *bn)
{
    static const struct {
        const char *name;
        float offset;
        bool running;
    } rows[4] = {
        {"scale", 1.0f, false}, {"shift", 0.0f, false}, {"mean", 0.0f, true}, {"var", 1.0f, true}};
    const char *in[4];
    int64_t channels = doubti_net_dim(n, x, 1);
    for (int i = 0; i < 4; i++) {
        float factor = i == 0 ? bn->gain : 1.0f;
        in[i] = doubti_net_weight(
            n, doubti_net_text(n, "%s.%s", x, rows[i].name),
            &(struct doubti_weight){.rank = 1,
                                    .dims = {channels},
                                    .fill = DOUBT_FILL_UNIFORM,
                                    .scale = 0.1f * factor,
                                    .offset = i == 1 ? bn->shift : rows[i].offset * factor,
                                    .running = rows[i].running});
    }
    return doubti_net_add(n, doubti_net_text(n, "%s/bn", x),
                          &(struct doubti_layer){.op = "BatchNormalization",
                                                 .in = {x, in[0], in[1], in[2], in[3]},
                                                 .attrs = {DOUBTI_FLOAT("epsilon", bn->epsilon)}});
}

const char *doubti_net_relu(struct doubti_net *n, const char *x)
{
    return doubti_net_add(n, doubti_net_text(n, "%s/relu", x),
                          &(struct doubti_layer){.op = "Relu", .in = {x}});
}

const char *doubti_net_relu6(struct doubti_net *n, const char *x)
{
    const char *low = doubti_net_scalar(n, "relu6.min", n->params.dtype, 0.0f);
    const char *high = doubti_net_scalar(n, "relu6.max", n->params.dtype, 6.0f);
    return doubti_net_add(n, doubti_net_text(n, "%s/relu6", x),
                          &(struct doubti_layer){.op = "Clip", .in = {x, low, high}});
}

const char *doubti_net_add2(struct doubti_net *n, const char *name, const char *a, const char *b)
{
    return doubti_net_add(n, name, &(struct doubti_layer){.op = "Add", .in = {a, b}});
}

const char *doubti_net_concat(struct doubti_net *n, const char *name, const char *const *values)
{
    struct doubti_layer layer = {.op = "Concat", .attrs = {DOUBTI_INT("axis", 1)}};
    for (int i = 0; i < 8 && values[i] != NULL; i++)
        layer.in[i] = values[i];
    return doubti_net_add(n, name, &layer);
}

const char *doubti_net_max_pool(struct doubti_net *n, const char *name, const char *x,
                                int64_t kernel, int64_t stride)
{
    return doubti_net_add(
        n, name,
        &(struct doubti_layer){.op = "MaxPool",
                               .in = {x},
                               .attrs = {DOUBTI_INTS("kernel_shape", kernel, kernel),
                                         DOUBTI_INTS("strides", stride, stride)}});
}

const char *doubti_net_dense(struct doubti_net *n, const char *name, const char *x, int64_t out,
                             float gain)
{
    const char *flat = doubti_net_add(
        n, doubti_net_text(n, "%s/flat", name),
        &(struct doubti_layer){.op = "Flatten", .in = {x}, .attrs = {DOUBTI_INT("axis", 1)}});
    int64_t in = doubti_net_dim(n, flat, 1);
    const char *weight = doubti_net_weight(
        n, doubti_net_text(n, "%s.weight", name),
        &(struct doubti_weight){
            .rank = 2, .dims = {out, in}, .fill = DOUBT_FILL_BALANCED, .scale = he(gain, in)});
    const char *bias = add_bias(n, name, out, 0.0f);
    return doubti_net_add(n, name,
                          &(struct doubti_layer){.op = "Gemm",
                                                 .in = {flat, weight, bias},
                                                 .attrs = {DOUBTI_INT("transB", 1)}});
}

/* net_mobilenet.c: MobileNet-V2 (Sandler et al. 2018), width 1.0: the classifier, and the body that
 * the SSD shares.
 *
 * A unit of work is one network or one body. The classifier has its batch normalisation as nodes
 * and pads by 1; the SSD's body has it folded into the weights and pads as TensorFlow does.
 */
#include "model/net_int.h"

/* Weights are such that activations keep their spread: see docs/NETWORKS.md. */
const char *doubti_net_mobile_unit(struct doubti_net *n, const char *name, const char *x,
                                   const struct doubti_conv *conv, bool linear)
{
    struct doubti_conv c = *conv;
    int64_t in = doubti_net_dim(n, x, 1);
    c.balanced = c.group == 0 && in > 3;
    c.offset = linear ? 0.0f : 1.0f;
    if (c.group != 0) { /* depthwise: a mean of the nine, and a little more */
        c.mean = 1.0f / 9.0f;
        c.gain = 0.25f;
        c.offset = 0.0f;
    } else if (c.gain == 0.0f) {
        c.gain = in > 3 ? 0.82f : 1.7f;
    }
    x = doubti_net_conv(n, name, x, &c);
    if (c.no_bias)
        x = doubti_net_bn(n, x, &(struct doubti_bn){1e-5f, 1.0f, c.offset});
    return linear ? x : doubti_net_relu6(n, x);
}

/* Expansion by t, depthwise 3x3, linear projection; a sum around it where shapes allow. */
struct block {
    int index;
    int64_t expand, out, stride;
    bool folded;
    const char **tap; /* gets the expansion of block 13 */
};

static const char *block(struct doubti_net *n, const char *x, const struct block *b)
{
    int64_t in = doubti_net_dim(n, x, 1), wide = in * b->expand;
    bool sum = b->stride == 1 && in == b->out;
    struct doubti_conv point = {.out = wide, .kernel = 1, .no_bias = !b->folded};
    struct doubti_conv depth = {.out = wide,
                                .kernel = 3,
                                .stride = b->stride,
                                .pad = 1,
                                .group = wide,
                                .no_bias = !b->folded,
                                .same = b->folded};
    const char *y = x;
    if (b->expand > 1)
        y = doubti_net_mobile_unit(n, doubti_net_text(n, "block%d_expand", b->index), y, &point,
                                   false);
    if (b->index == 13 && b->tap != NULL)
        *b->tap = y;
    y = doubti_net_mobile_unit(n, doubti_net_text(n, "block%d_depthwise", b->index), y, &depth,
                               false);
    point.out = b->out;
    point.gain = sum ? 0.6f : 1.6f;
    y = doubti_net_mobile_unit(n, doubti_net_text(n, "block%d_project", b->index), y, &point, true);
    return sum ? doubti_net_add2(n, doubti_net_text(n, "block%d", b->index), x, y) : y;
}

const char *doubti_net_mobilenet_v2(struct doubti_net *n, const char *x, bool folded,
                                    const char **tap)
{
    static const struct {
        int expand, out, count, stride;
    } rows[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
    int index = 0;
    x = doubti_net_mobile_unit(
        n, "conv1", x,
        &(struct doubti_conv){
            .out = 32, .kernel = 3, .stride = 2, .pad = 1, .no_bias = !folded, .same = folded},
        false);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int j = 0; j < rows[i].count; j++) {
            struct block b = {.index = index++,
                              .expand = rows[i].expand,
                              .out = rows[i].out,
                              .stride = j == 0 ? rows[i].stride : 1,
                              .folded = folded,
                              .tap = tap};
            x = block(n, x, &b);
        }
    }
    return doubti_net_mobile_unit(
        n, "conv_last", x, &(struct doubti_conv){.out = 1280, .kernel = 1, .no_bias = !folded},
        false);
}

enum doubt_code doubti_build_mobilenet_v2(struct doubt_graph *graph,
                                          const struct doubt_net_params *params,
                                          struct doubt_err *err)
{
    struct doubti_net n = {.graph = graph, .params = *params, .err = err};
    const char *x = doubti_net_input(&n, "input", 3, 300, 300);
    x = doubti_net_mobilenet_v2(&n, x, false, NULL);
    x = doubti_net_add(&n, "pool", &(struct doubti_layer){.op = "GlobalAveragePool", .in = {x}});
    doubti_net_output(&n, doubti_net_dense(&n, "logits", x, 1000, 0.7f));
    return n.code;
}

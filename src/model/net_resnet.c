/* net_resnet.c: ResNet-50 as in ResNet50_224x224.prototxt: version 1, normalisation not folded.
 *
 * A unit of work is the network. The stride of a stage lies in its first 1x1 convolution and in the
 * projection, not in the 3x3: 6 % less work than "v1.5", with which figures must not be compared.
 */
#include "model/net_int.h"

/* In front of a ReLU, and at the end of a branch, damped, so that sixteen sums do not add up. */
static const struct doubti_bn inner = {1e-5f, 1.0f, 1.0f}, last = {1e-5f, 0.4f, 0.0f};

static const char *conv_bn(struct doubti_net *n, const char *name, const char *x,
                           const struct doubti_conv *conv, const struct doubti_bn *bn)
{
    struct doubti_conv c = *conv;
    c.no_bias = true;
    c.balanced = true;
    c.gain = 0.82f;
    return doubti_net_bn(n, doubti_net_conv(n, name, x, &c), bn);
}

struct block {
    const char *name; /* "res2a" */
    int64_t width, stride;
    bool project;
};

static const char *bottleneck(struct doubti_net *n, const char *x, const struct block *b)
{
    const char *skip = x;
    if (b->project)
        skip = conv_bn(n, doubti_net_text(n, "%s_branch1", b->name), x,
                       &(struct doubti_conv){.out = 4 * b->width, .kernel = 1, .stride = b->stride},
                       &inner);
    const char *y =
        conv_bn(n, doubti_net_text(n, "%s_branch2a", b->name), x,
                &(struct doubti_conv){.out = b->width, .kernel = 1, .stride = b->stride}, &inner);
    y = conv_bn(n, doubti_net_text(n, "%s_branch2b", b->name), doubti_net_relu(n, y),
                &(struct doubti_conv){.out = b->width, .kernel = 3, .pad = 1}, &inner);
    y = conv_bn(n, doubti_net_text(n, "%s_branch2c", b->name), doubti_net_relu(n, y),
                &(struct doubti_conv){.out = 4 * b->width, .kernel = 1}, &last);
    return doubti_net_relu(n, doubti_net_add2(n, b->name, skip, y));
}

/* Caffe rounds the pool's size up; there is no padding. */
static const char *stem(struct doubti_net *n)
{
    const char *x = doubti_net_input(n, "data", 3, 224, 224);
    x = doubti_net_conv(
        n, "conv1", x,
        &(struct doubti_conv){.out = 64, .kernel = 7, .stride = 2, .pad = 3, .gain = 1.7f});
    x = doubti_net_relu(n, doubti_net_bn(n, x, &inner));
    return doubti_net_add(n, "pool1",
                          &(struct doubti_layer){.op = "MaxPool",
                                                 .in = {x},
                                                 .attrs = {DOUBTI_INTS("kernel_shape", 3, 3),
                                                           DOUBTI_INTS("strides", 2, 2),
                                                           DOUBTI_INT("ceil_mode", 1)}});
}

enum doubt_code doubti_build_resnet50(struct doubt_graph *graph,
                                      const struct doubt_net_params *params, struct doubt_err *err)
{
    static const int blocks[4] = {3, 4, 6, 3};
    struct doubti_net n = {.graph = graph, .params = *params, .err = err};
    const char *x = stem(&n);
    for (int stage = 0; stage < 4; stage++) {
        for (int i = 0; i < blocks[stage]; i++) {
            struct block block = {.name = doubti_net_text(&n, "res%d%c", stage + 2, 'a' + i),
                                  .width = (int64_t)64 << stage,
                                  .stride = stage > 0 && i == 0 ? 2 : 1,
                                  .project = i == 0};
            x = bottleneck(&n, x, &block);
        }
    }
    x = doubti_net_add(&n, "pool5",
                       &(struct doubti_layer){.op = "AveragePool",
                                              .in = {x},
                                              .attrs = {DOUBTI_INTS("kernel_shape", 7, 7),
                                                        DOUBTI_INTS("strides", 1, 1)}});
    x = doubti_net_dense(&n, "fc1000", x, 1000, 1.6f);
    x = doubti_net_add(
        &n, "prob",
        &(struct doubti_layer){.op = "Softmax", .in = {x}, .attrs = {DOUBTI_INT("axis", 1)}});
    doubti_net_output(&n, x);
    return n.code;
}

/* net_inception.c: Inception V4 as in inception_v4.prototxt: 149 convolutions, each followed by
 * batch normalisation and ReLU.
 *
 * A unit of work is the network. Average pools count the padding, as Caffe does.
 */
#include "model/net_int.h"

/* One convolution: kernel kh x kw, "same" padding on its long sides unless valid. */
struct unit {
    int out, kh, kw, stride;
    bool valid;
};

static const char *unit(struct doubti_net *n, const char *name, const char *x, const struct unit *u)
{
    struct doubti_conv conv = {.out = u->out,
                               .kernel = u->kh,
                               .kernel_w = u->kw,
                               .stride = u->stride,
                               .pad = u->valid ? 0 : u->kh / 2,
                               .pad_w = u->valid ? 0 : u->kw / 2,
                               .no_bias = true,
                               .balanced = doubti_net_dim(n, x, 1) > 3,
                               .gain = doubti_net_dim(n, x, 1) > 3 ? 0.82f : 1.7f};
    x = doubti_net_conv(n, name, x, &conv);
    return doubti_net_relu(n, doubti_net_bn(n, x, &(struct doubti_bn){1e-3f, 1.0f, 1.0f}));
}

/* Units in a row; the list ends with out 0. Names get _1, _2 ... behind them. */
static const char *chain(struct doubti_net *n, const char *name, const char *x,
                         const struct unit *units)
{
    for (int i = 0; units[i].out != 0; i++)
        x = unit(n, doubti_net_text(n, "%s_%d", name, i + 1), x, &units[i]);
    return x;
}

static const char *average(struct doubti_net *n, const char *name, const char *x)
{
    return doubti_net_add(n, doubti_net_text(n, "%s_pool", name),
                          &(struct doubti_layer){.op = "AveragePool",
                                                 .in = {x},
                                                 .attrs = {DOUBTI_INTS("kernel_shape", 3, 3),
                                                           DOUBTI_INTS("strides", 1, 1),
                                                           DOUBTI_INTS("pads", 1, 1, 1, 1),
                                                           DOUBTI_INT("count_include_pad", 1)}});
}

#define CHAIN(...)                                                                                 \
    (const struct unit[])                                                                          \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            0, 0, 0, 0, false                                                                      \
        }                                                                                          \
    }
#define BRANCH(tag, from, ...)                                                                     \
    chain(n, doubti_net_text(n, "%s_%s", name, tag), from, CHAIN(__VA_ARGS__))

static const char *stem(struct doubti_net *n)
{
    const char *name = "stem", *x = doubti_net_input(n, "data", 3, 299, 299);
    x = BRANCH("a", x, {32, 3, 3, 2, true}, {32, 3, 3, 1, true}, {64, 3, 3, 1, false});
    const char *one[] = {doubti_net_max_pool(n, "stem_pool1", x, 3, 2),
                         BRANCH("b", x, {96, 3, 3, 2, true}), NULL};
    x = doubti_net_concat(n, "stem_concat1", one);
    const char *two[] = {BRANCH("c", x, {64, 1, 1, 1, true}, {96, 3, 3, 1, true}),
                         BRANCH("d", x, {64, 1, 1, 1, true}, {64, 1, 7, 1, false},
                                {64, 7, 1, 1, false}, {96, 3, 3, 1, true}),
                         NULL};
    x = doubti_net_concat(n, "stem_concat2", two);
    const char *three[] = {BRANCH("e", x, {192, 3, 3, 2, true}),
                           doubti_net_max_pool(n, "stem_pool2", x, 3, 2), NULL};
    return doubti_net_concat(n, "stem_concat3", three);
}

static const char *inception_a(struct doubti_net *n, const char *name, const char *x)
{
    const char *parts[] = {
        BRANCH("a", x, {96, 1, 1, 1, false}),
        BRANCH("b", x, {64, 1, 1, 1, false}, {96, 3, 3, 1, false}),
        BRANCH("c", x, {64, 1, 1, 1, false}, {96, 3, 3, 1, false}, {96, 3, 3, 1, false}),
        BRANCH("d", average(n, name, x), {96, 1, 1, 1, false}), NULL};
    return doubti_net_concat(n, name, parts);
}

static const char *reduction_a(struct doubti_net *n, const char *name, const char *x)
{
    const char *parts[] = {
        BRANCH("a", x, {384, 3, 3, 2, true}),
        BRANCH("b", x, {192, 1, 1, 1, false}, {224, 3, 3, 1, false}, {256, 3, 3, 2, true}),
        doubti_net_max_pool(n, "reduction_a_pool", x, 3, 2), NULL};
    return doubti_net_concat(n, name, parts);
}

static const char *inception_b(struct doubti_net *n, const char *name, const char *x)
{
    const char *parts[] = {
        BRANCH("a", x, {384, 1, 1, 1, false}),
        BRANCH("b", x, {192, 1, 1, 1, false}, {224, 1, 7, 1, false}, {256, 7, 1, 1, false}),
        BRANCH("c", x, {192, 1, 1, 1, false}, {192, 7, 1, 1, false}, {224, 1, 7, 1, false},
               {224, 7, 1, 1, false}, {256, 1, 7, 1, false}),
        BRANCH("d", average(n, name, x), {128, 1, 1, 1, false}), NULL};
    return doubti_net_concat(n, name, parts);
}

static const char *reduction_b(struct doubti_net *n, const char *name, const char *x)
{
    const char *parts[] = {BRANCH("a", x, {192, 1, 1, 1, false}, {192, 3, 3, 2, true}),
                           BRANCH("b", x, {256, 1, 1, 1, false}, {256, 1, 7, 1, false},
                                  {320, 7, 1, 1, false}, {320, 3, 3, 2, true}),
                           doubti_net_max_pool(n, "reduction_b_pool", x, 3, 2), NULL};
    return doubti_net_concat(n, name, parts);
}

/* The last layers of the two inner branches fork: what they fork from is computed once. */
static const char *inception_c(struct doubti_net *n, const char *name, const char *x)
{
    const char *first = BRANCH("b", x, {384, 1, 1, 1, false});
    const char *second =
        BRANCH("c", x, {384, 1, 1, 1, false}, {448, 3, 1, 1, false}, {512, 1, 3, 1, false});
    const char *parts[] = {BRANCH("a", x, {256, 1, 1, 1, false}),
                           BRANCH("b1", first, {256, 1, 3, 1, false}),
                           BRANCH("b2", first, {256, 3, 1, 1, false}),
                           BRANCH("c1", second, {256, 1, 3, 1, false}),
                           BRANCH("c2", second, {256, 3, 1, 1, false}),
                           BRANCH("d", average(n, name, x), {256, 1, 1, 1, false}),
                           NULL};
    return doubti_net_concat(n, name, parts);
}

enum doubt_code doubti_build_inception_v4(struct doubt_graph *graph,
                                          const struct doubt_net_params *params,
                                          struct doubt_err *err)
{
    struct doubti_net net = {.graph = graph, .params = *params, .err = err}, *n = &net;
    const char *x = stem(n);
    for (int i = 1; i <= 4; i++)
        x = inception_a(n, doubti_net_text(n, "inception_a%d", i), x);
    x = reduction_a(n, "reduction_a", x);
    for (int i = 1; i <= 7; i++)
        x = inception_b(n, doubti_net_text(n, "inception_b%d", i), x);
    x = reduction_b(n, "reduction_b", x);
    for (int i = 1; i <= 3; i++)
        x = inception_c(n, doubti_net_text(n, "inception_c%d", i), x);
    x = doubti_net_add(n, "pool", &(struct doubti_layer){.op = "GlobalAveragePool", .in = {x}});
    x = doubti_net_dense(n, "classifier", x, 1000, 1.2f);
    x = doubti_net_add(
        n, "prob",
        &(struct doubti_layer){.op = "Softmax", .in = {x}, .attrs = {DOUBTI_INT("axis", 1)}});
    doubti_net_output(n, x);
    return n->code;
}

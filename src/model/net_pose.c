/* net_pose.c: the pose network of pose_estimation.prototxt at 256x456: a dilated MobileNet-v1, one
 * initial and one refinement stage.
 *
 * A unit of work is the network. Both outputs are made; the chart's command asked for L2 only,
 * which lets an engine drop 39 million MACs of 7,686 million.
 */
#include "model/net_int.h"

static const char *conv_bn(struct doubti_net *n, const char *name, const char *x,
                           const struct doubti_conv *conv)
{
    return doubti_net_relu(n, doubti_net_bn(n, doubti_net_conv(n, name, x, conv),
                                            &(struct doubti_bn){1e-3f, 1.0f, 0.0f}));
}

static const char *conv_relu(struct doubti_net *n, const char *name, const char *x,
                             const struct doubti_conv *conv)
{
    return doubti_net_relu(n, doubti_net_conv(n, name, x, conv));
}

/* One depthwise 3x3 and one pointwise convolution. */
struct separable {
    const char *name;
    int64_t out, stride, dilation;
};

static const char *backbone(struct doubti_net *n, const char *x)
{
    static const struct separable rows[] = {
        {"conv2_1", 64, 1, 1},  {"conv2_2", 128, 2, 1}, {"conv3_1", 128, 1, 1},
        {"conv3_2", 256, 2, 1}, {"conv4_1", 256, 1, 1}, {"conv4_2", 512, 1, 1},
        {"conv5_1", 512, 1, 2}, {"conv5_2", 512, 1, 1}, {"conv5_3", 512, 1, 1},
        {"conv5_4", 512, 1, 1}, {"conv5_5", 512, 1, 1}};
    x = conv_bn(
        n, "conv1", x,
        &(struct doubti_conv){.out = 32, .kernel = 3, .stride = 2, .pad = 1, .no_bias = true});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t in = doubti_net_dim(n, x, 1);
        x = conv_bn(n, doubti_net_text(n, "%s_dw", rows[i].name), x,
                    &(struct doubti_conv){.out = in,
                                          .kernel = 3,
                                          .stride = rows[i].stride,
                                          .pad = rows[i].dilation,
                                          .dilation = rows[i].dilation,
                                          .group = in,
                                          .no_bias = true});
        x = conv_bn(n, doubti_net_text(n, "%s_sep", rows[i].name), x,
                    &(struct doubti_conv){.out = rows[i].out, .kernel = 1, .no_bias = true});
    }
    return x;
}

/* Makes the 128 feature maps that both stages see. */
static const char *neck(struct doubti_net *n, const char *x)
{
    const struct doubti_conv point = {.out = 128, .kernel = 1};
    const char *al = conv_relu(n, "al", x, &point), *y = conv_relu(n, "red", al, &point);
    for (int i = 1; i <= 3; i++) {
        y = conv_relu(n, doubti_net_text(n, "cpm%d_dw", i), y,
                      &(struct doubti_conv){
                          .out = 128, .kernel = 3, .pad = 1, .group = 128, .no_bias = true});
        y = conv_relu(n, i == 3 ? "inc" : doubti_net_text(n, "cpm%d_sep", i), y, &point);
    }
    return conv_relu(n, "conv4_4", doubti_net_add2(n, "al_inc", al, y),
                     &(struct doubti_conv){.out = 128, .kernel = 3, .pad = 1, .gain = 0.7f});
}

struct heads {
    const char *l1, *l2; /* 38 part affinity fields, 19 heat maps */
};

/* The two ends of a stage: a hidden 1x1 layer and a linear 1x1 layer each. */
static struct heads ends(struct doubti_net *n, const char *const names[4], const char *x,
                         int64_t hidden)
{
    const struct doubti_conv wide = {.out = hidden, .kernel = 1};
    struct heads heads;
    heads.l1 = doubti_net_conv(n, names[1], conv_relu(n, names[0], x, &wide),
                               &(struct doubti_conv){.out = 38, .kernel = 1, .gain = 0.7f});
    heads.l2 = doubti_net_conv(n, names[3], conv_relu(n, names[2], x, &wide),
                               &(struct doubti_conv){.out = 19, .kernel = 1, .gain = 0.7f});
    return heads;
}

static struct heads stage1(struct doubti_net *n, const char *x)
{
    static const char *const names[4] = {"conv5_4_CPM_L1", "conv5_5_CPM_L1", "conv5_4_CPM_L2",
                                         "conv5_5_CPM_L2"};
    for (int i = 1; i <= 3; i++)
        x = conv_relu(n, doubti_net_text(n, "conv5_%d_CPM", i), x,
                      &(struct doubti_conv){.out = 128, .kernel = 3, .pad = 1});
    return ends(n, names, x, 512);
}

static struct heads stage2(struct doubti_net *n, const char *x)
{
    static const char *const names[4] = {"Mconv6_stage2_L1", "Mconv7_stage2_L1", "Mconv6_stage2_L2",
                                         "Mconv7_stage2_L2"};
    for (int i = 1; i <= 5; i++) {
        const char *first = conv_relu(n, doubti_net_text(n, "Mconv%d_stage2_a", i), x,
                                      &(struct doubti_conv){.out = 128, .kernel = 1, .gain = 0.7f});
        x = conv_bn(n, doubti_net_text(n, "Mconv%d_stage2_b", i), first,
                    &(struct doubti_conv){.out = 128, .kernel = 3, .pad = 1});
        x = conv_bn(
            n, doubti_net_text(n, "Mconv%d_stage2_c", i), x,
            &(struct doubti_conv){.out = 128, .kernel = 3, .pad = 2, .dilation = 2, .gain = 0.5f});
        x = doubti_net_add2(n, doubti_net_text(n, "Mconv%d_stage2", i), first, x);
    }
    return ends(n, names, x, 128);
}

enum doubt_code doubti_build_pose(struct doubt_graph *graph, const struct doubt_net_params *params,
                                  struct doubt_err *err)
{
    struct doubti_net n = {.graph = graph, .params = *params, .err = err};
    const char *features = neck(&n, backbone(&n, doubti_net_input(&n, "data", 3, 256, 456)));
    struct heads first = stage1(&n, features);
    const char *all[] = {first.l1, first.l2, features, NULL};
    struct heads second = stage2(&n, doubti_net_concat(&n, "concat_stage2", all));
    doubti_net_output(&n, second.l1);
    doubti_net_output(&n, second.l2);
    return n.code;
}

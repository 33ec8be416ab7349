/* net_plain.c: networks that are one line of layers: Super Resolution, VGG-19, Tiny YOLO V3, and
 * U-Net, a line with side tracks.
 *
 * A unit of work is one network. No batch normalisation but in Tiny YOLO.
 */
#include "model/net_int.h"

#include <math.h>

static const char *conv_relu(struct doubti_net *n, const char *name, const char *x,
                             const struct doubti_conv *conv)
{
    return doubti_net_relu(n, doubti_net_conv(n, name, x, conv));
}

/* --- Super Resolution ---------------------------------------------------------------------- */

/* Pixel shuffle by 3, in the three steps of the exported file. */
static const char *shuffle(struct doubti_net *n, const char *x)
{
    int64_t batch = n->params.batch, h = doubti_net_dim(n, x, 2), w = doubti_net_dim(n, x, 3);
    const char *apart = doubti_net_i64(n, "shuffle.apart", 6, (int64_t[]){batch, 3, 3, 3, h, w});
    const char *together =
        doubti_net_i64(n, "shuffle.together", 4, (int64_t[]){batch, 3, 3 * h, 3 * w});
    x = doubti_net_add(n, "shuffle/apart",
                       &(struct doubti_layer){.op = "Reshape", .in = {x, apart}});
    x = doubti_net_add(n, "shuffle/turned",
                       &(struct doubti_layer){.op = "Transpose",
                                              .in = {x},
                                              .attrs = {DOUBTI_INTS("perm", 0, 1, 4, 2, 5, 3)}});
    return doubti_net_add(n, "output_0",
                          &(struct doubti_layer){.op = "Reshape", .in = {x, together}});
}

enum doubt_code doubti_build_super_resolution(struct doubt_graph *graph,
                                              const struct doubt_net_params *params,
                                              struct doubt_err *err)
{
    struct doubti_net n = {.graph = graph, .params = *params, .err = err};
    const char *x = doubti_net_input(&n, "input_0", 3, 321, 481);
    x = conv_relu(&n, "conv1", x, &(struct doubti_conv){.out = 64, .kernel = 5, .pad = 2});
    x = conv_relu(&n, "conv2", x, &(struct doubti_conv){.out = 64, .kernel = 3, .pad = 1});
    x = conv_relu(&n, "conv3", x, &(struct doubti_conv){.out = 32, .kernel = 3, .pad = 1});
    x = doubti_net_conv(&n, "conv4", x,
                        &(struct doubti_conv){.out = 27, .kernel = 3, .pad = 1, .gain = 0.7f});
    doubti_net_output(&n, shuffle(&n, x));
    return n.code;
}

/* --- VGG-19 -------------------------------------------------------------------------------- */

/* A maximum of four is larger than one of them: the layer behind a pool is damped. */
static const float after_pool = 0.7f;

enum doubt_code doubti_build_vgg19(struct doubt_graph *graph, const struct doubt_net_params *params,
                                   struct doubt_err *err)
{
    static const struct {
        int64_t width, layers;
    } groups[] = {{64, 2}, {128, 2}, {256, 4}, {512, 4}, {512, 4}};
    struct doubti_net n = {.graph = graph, .params = *params, .err = err};
    const char *x = doubti_net_input(&n, "data", 3, 224, 224);
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < groups[i].layers; j++)
            x = conv_relu(&n, doubti_net_text(&n, "conv%d_%d", i + 1, j + 1), x,
                          &(struct doubti_conv){.out = groups[i].width,
                                                .kernel = 3,
                                                .pad = 1,
                                                .balanced = i + j > 0,
                                                .offset = 1.0f,
                                                .gain = i + j == 0        ? 1.7f
                                                        : i > 0 && j == 0 ? after_pool
                                                                          : 0.82f});
        x = doubti_net_max_pool(&n, doubti_net_text(&n, "pool%d", i + 1), x, 2, 2);
    }
    x = doubti_net_relu(&n, doubti_net_dense(&n, "fc6", x, 4096, after_pool));
    x = doubti_net_relu(&n, doubti_net_dense(&n, "fc7", x, 4096, 1.0f));
    x = doubti_net_dense(&n, "fc8", x, 1000, 1.2f);
    x = doubti_net_add(
        &n, "prob",
        &(struct doubti_layer){.op = "Softmax", .in = {x}, .attrs = {DOUBTI_INT("axis", 1)}});
    doubti_net_output(&n, x);
    return n.code;
}

/* --- U-Net --------------------------------------------------------------------------------- */

/* Two 3x3 convolutions; *layer counts them through the network, as Keras does. */
static const char *pair(struct doubti_net *n, const char *x, int64_t width, int *layer)
{
    for (int i = 0; i < 2; i++)
        x = conv_relu(n, doubti_net_text(n, "conv2d_%d", ++*layer), x,
                      &(struct doubti_conv){
                          .out = width, .kernel = 3, .pad = 1, .gain = i == 0 ? 0.8f : 1.0f});
    return x;
}

/* Transposed convolution 2x2, stride 2, to half the channels. Every output pixel meets each input
 * channel once, and there is no ReLU behind: deviation sqrt(1 / channels). */
static const char *grow(struct doubti_net *n, const char *name, const char *x)
{
    int64_t in = doubti_net_dim(n, x, 1), out = in / 2;
    const char *weight =
        doubti_net_weight(n, doubti_net_text(n, "%s.weight", name),
                          &(struct doubti_weight){.rank = 4,
                                                  .dims = {in, out, 2, 2},
                                                  .fill = DOUBT_FILL_NORMAL,
                                                  .scale = sqrtf(1.0f / (float)in)});
    const char *bias =
        doubti_net_weight(n, doubti_net_text(n, "%s.bias", name),
                          &(struct doubti_weight){
                              .rank = 1, .dims = {out}, .fill = DOUBT_FILL_UNIFORM, .scale = 0.1f});
    return doubti_net_add(n, name,
                          &(struct doubti_layer){.op = "ConvTranspose",
                                                 .in = {x, weight, bias},
                                                 .attrs = {DOUBTI_INTS("kernel_shape", 2, 2),
                                                           DOUBTI_INTS("strides", 2, 2)}});
}

enum doubt_code doubti_build_unet(struct doubt_graph *graph, const struct doubt_net_params *params,
                                  struct doubt_err *err)
{
    struct doubti_net n = {.graph = graph, .params = *params, .err = err};
    const char *x = doubti_net_input(&n, "input_1", 1, 512, 512), *skips[4];
    int layer = 0;
    for (int i = 0; i < 4; i++) {
        skips[i] = x = pair(&n, x, 8 << i, &layer);
        x = doubti_net_max_pool(&n, doubti_net_text(&n, "max_pooling2d_%d", i + 1), x, 2, 2);
    }
    x = pair(&n, x, 128, &layer);
    for (int i = 3; i >= 0; i--) {
        const char *both[] = {grow(&n, doubti_net_text(&n, "conv2d_transpose_%d", 4 - i), x),
                              skips[i], NULL};
        x = doubti_net_concat(&n, doubti_net_text(&n, "concatenate_%d", 4 - i), both);
        x = pair(&n, x, 8 << i, &layer);
    }
    x = doubti_net_conv(&n, "conv2d_19", x,
                        &(struct doubti_conv){.out = 1, .kernel = 1, .gain = 2.0f});
    x = doubti_net_add(&n, "conv2d_19/Sigmoid", &(struct doubti_layer){.op = "Sigmoid", .in = {x}});
    doubti_net_output(&n, x);
    return n.code;
}

/* --- Tiny YOLO V3 -------------------------------------------------------------------------- */

static const char *leaky(struct doubti_net *n, int layer, const char *x, int64_t out,
                         int64_t kernel)
{
    const char *name = doubti_net_text(n, "conv%d", layer);
    x = doubti_net_conv(
        n, name, x,
        &(struct doubti_conv){.out = out, .kernel = kernel, .pad = kernel / 2, .no_bias = true});
    x = doubti_net_bn(n, x, &(struct doubti_bn){1e-5f, 0.8f, 0.0f});
    return doubti_net_add(n, doubti_net_text(n, "%s/leaky", name),
                          &(struct doubti_layer){.op = "LeakyRelu",
                                                 .in = {x},
                                                 .attrs = {DOUBTI_FLOAT("alpha", 0.1f)}});
}

/* A pool of stride 1 that keeps the size: Darknet pads right and bottom. */
static const char *pool_in_place(struct doubti_net *n, const char *x)
{
    return doubti_net_add(n, "pool6",
                          &(struct doubti_layer){.op = "MaxPool",
                                                 .in = {x},
                                                 .attrs = {DOUBTI_INTS("kernel_shape", 2, 2),
                                                           DOUBTI_INTS("strides", 1, 1),
                                                           DOUBTI_INTS("pads", 0, 0, 1, 1)}});
}

static const char *double_size(struct doubti_net *n, const char *x)
{
    const struct doubt_value value = {
        .name = "upsample.scales", .dtype = DOUBT_F32, .rank = 1, .dims = {4}};
    const char *scales = doubti_net_data(n, &value, (float[]){1, 1, 2, 2});
    return doubti_net_add(n, "upsample",
                          &(struct doubti_layer){
                              .op = "Resize",
                              .in = {x, "", scales},
                              .attrs = {DOUBTI_TEXT("mode", "nearest"),
                                        DOUBTI_TEXT("coordinate_transformation_mode", "asymmetric"),
                                        DOUBTI_TEXT("nearest_mode", "floor")}});
}

enum doubt_code doubti_build_tiny_yolov3(struct doubt_graph *graph,
                                         const struct doubt_net_params *params,
                                         struct doubt_err *err)
{
    const struct doubti_conv head = {.out = 255, .kernel = 1, .gain = 0.7f};
    struct doubti_net n = {.graph = graph, .params = *params, .err = err};
    const char *x = doubti_net_input(&n, "data", 3, 416, 416), *fine = x;
    for (int i = 0; i < 6; i++) {
        x = leaky(&n, i + 1, x, 16 << i, 3);
        if (i == 4)
            fine = x;
        x = i < 5 ? doubti_net_max_pool(&n, doubti_net_text(&n, "pool%d", i + 1), x, 2, 2)
                  : pool_in_place(&n, x);
    }
    const char *route = leaky(&n, 8, leaky(&n, 7, x, 1024, 3), 256, 1);
    const char *coarse = doubti_net_conv(&n, "output_13x13", leaky(&n, 9, route, 512, 3), &head);
    const char *both[] = {double_size(&n, leaky(&n, 11, route, 128, 1)), fine, NULL};
    x = leaky(&n, 12, doubti_net_concat(&n, "concat", both), 256, 3);
    doubti_net_output(&n, coarse);
    doubti_net_output(&n, doubti_net_conv(&n, "output_26x26", x, &head));
    return n.code;
}

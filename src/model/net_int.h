/* net_int.h: the parts that the built-in networks are made of.
 *
 * A unit of work is one layer. Values go by their names; a failure is sticky: it is kept in the
 * builder, every later call does nothing and returns "", and doubt_net_build() reports it. Layers
 * infer their shapes at once, so the next one can ask for channels and sizes. Only for
 * src/model/net*.c.
 */
#ifndef DOUBT_MODEL_NET_INT_H
#define DOUBT_MODEL_NET_INT_H

#include "model/net.h"

struct doubti_net {
    struct doubt_graph *graph;
    struct doubt_net_params params;
    enum doubt_code code; /* sticky */
    struct doubt_err *err;
};

/* A node: inputs end at the first NULL ("" leaves an optional one out), attributes at the first
 * without a name. The output has the node's name; further ones get "/1", "/2" ... behind it. */
struct doubti_layer {
    const char *op;
    const char *in[8];
    struct doubt_attr attrs[6];
    uint32_t outputs; /* 0 counts as 1 */
};

#define DOUBTI_INT(key, value)                                                                     \
    {                                                                                              \
        .name = key, .kind = DOUBT_ATTR_INT, .i = value                                            \
    }
#define DOUBTI_FLOAT(key, value)                                                                   \
    {                                                                                              \
        .name = key, .kind = DOUBT_ATTR_FLOAT, .f = value                                          \
    }
#define DOUBTI_TEXT(key, value)                                                                    \
    {                                                                                              \
        .name = key, .kind = DOUBT_ATTR_STRING, .s = value                                         \
    }
#define DOUBTI_INTS(key, ...)                                                                      \
    {                                                                                              \
        .name = key, .kind = DOUBT_ATTR_INTS,                                                      \
        .int_count = sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t), .ints = {                 \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

/* Text that lives as long as the graph; "" when out of memory. */
const char *doubti_net_text(struct doubti_net *n, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Zeroed memory that lives as long as the graph; NULL is a failure that was kept. */
void *doubti_net_alloc(struct doubti_net *n, size_t bytes);

const char *doubti_net_input(struct doubti_net *n, const char *name, int64_t channels,
                             int64_t height, int64_t width);
void doubti_net_output(struct doubti_net *n, const char *value);
const char *doubti_net_add(struct doubti_net *n, const char *name,
                           const struct doubti_layer *layer);
/* Size of axis i of a value; 1 after a failure. */
int64_t doubti_net_dim(const struct doubti_net *n, const char *value, int32_t axis);

/* Constants. Weights have the network's type and count as parameters. */
struct doubti_weight {
    int32_t rank;
    int64_t dims[4];
    enum doubt_fill fill;
    float scale, offset;
    bool running; /* a running statistic: no parameter */
};
const char *doubti_net_weight(struct doubti_net *n, const char *name,
                              const struct doubti_weight *weight);
const char *doubti_net_i64(struct doubti_net *n, const char *name, int32_t count,
                           const int64_t *values);
/* Data of the given type and shape, copied; NULL stands for zeros. */
const char *doubti_net_data(struct doubti_net *n, const struct doubt_value *value,
                            const void *data);
/* A scalar; f32 and i64 are possible, and the network's own type. */
const char *doubti_net_scalar(struct doubti_net *n, const char *name, enum doubt_dtype dtype,
                              float value);

/* Zero stands for the usual: kernel width as height, stride, dilation and group 1, gain 1. Weights
 * are normal with deviation gain * sqrt(2 / inputs of one output): He et al. 2015. */
struct doubti_conv {
    int64_t out, kernel, kernel_w, stride, pad, pad_w, dilation, group;
    bool no_bias;
    bool balanced; /* filters sum to 0 over the channels: see enum doubt_fill */
    bool same;     /* TensorFlow's SAME padding instead of pad: the odd pixel goes after */
    float gain;
    float mean;   /* of the weights */
    float offset; /* of the biases, which spread 0.1 around it */
};
const char *doubti_net_conv(struct doubti_net *n, const char *name, const char *x,
                            const struct doubti_conv *conv);
/* BatchNormalization with statistics near mean 0 and variance 1, named NAME/bn: scales near gain,
 * shifts near shift. */
struct doubti_bn {
    float epsilon, gain, shift;
};
const char *doubti_net_bn(struct doubti_net *n, const char *x, const struct doubti_bn *bn);
const char *doubti_net_relu(struct doubti_net *n, const char *x);
const char *doubti_net_relu6(struct doubti_net *n, const char *x);
const char *doubti_net_add2(struct doubti_net *n, const char *name, const char *a, const char *b);
/* Channels of at most 8 values joined; the list ends in NULL. */
const char *doubti_net_concat(struct doubti_net *n, const char *name, const char *const *values);
const char *doubti_net_max_pool(struct doubti_net *n, const char *name, const char *x,
                                int64_t kernel, int64_t stride);
/* Flatten, then a full product with bias; gain as for a convolution. */
const char *doubti_net_dense(struct doubti_net *n, const char *name, const char *x, int64_t out,
                             float gain);

/* MobileNet-V2's body up to the last 1x1 convolution (1280 channels). folded: batch normalisation
 * lies in the weights, padding is TensorFlow's. *tap (may be NULL) gets the expansion of block 13.
 */
const char *doubti_net_mobilenet_v2(struct doubti_net *n, const char *x, bool folded,
                                    const char **tap);
/* One convolution of it with its normalisation; relu6 unless linear. */
const char *doubti_net_mobile_unit(struct doubti_net *n, const char *name, const char *x,
                                   const struct doubti_conv *conv, bool linear);

/* The builders, one per network. */
enum doubt_code doubti_build_resnet50(struct doubt_graph *, const struct doubt_net_params *,
                                      struct doubt_err *);
enum doubt_code doubti_build_inception_v4(struct doubt_graph *, const struct doubt_net_params *,
                                          struct doubt_err *);
enum doubt_code doubti_build_pose(struct doubt_graph *, const struct doubt_net_params *,
                                  struct doubt_err *);
enum doubt_code doubti_build_super_resolution(struct doubt_graph *, const struct doubt_net_params *,
                                              struct doubt_err *);
enum doubt_code doubti_build_ssd(struct doubt_graph *, const struct doubt_net_params *,
                                 struct doubt_err *);
enum doubt_code doubti_build_vgg19(struct doubt_graph *, const struct doubt_net_params *,
                                   struct doubt_err *);
enum doubt_code doubti_build_unet(struct doubt_graph *, const struct doubt_net_params *,
                                  struct doubt_err *);
enum doubt_code doubti_build_tiny_yolov3(struct doubt_graph *, const struct doubt_net_params *,
                                         struct doubt_err *);
enum doubt_code doubti_build_mobilenet_v2(struct doubt_graph *, const struct doubt_net_params *,
                                          struct doubt_err *);

#endif

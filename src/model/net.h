/* net.h: the built-in networks, one row each.
 *
 * A unit of work is one network built as a graph. Layers follow the vendors' own files where those
 * are known; "certainty" says so. Weights come from a seeded recipe: a figure measured with them is
 * a figure of the network's speed, never of its answers' worth.
 */
#ifndef DOUBT_MODEL_NET_H
#define DOUBT_MODEL_NET_H

#include "model/graph.h"

struct doubt_net_params {
    int32_t batch;          /* >= 1 */
    enum doubt_dtype dtype; /* DOUBT_F32 or DOUBT_F16: weights, inputs and outputs */
    bool no_nms;            /* ssd-mobilenet-v2: end at raw boxes and scores */
    bool nms_plugin;        /* ssd-mobilenet-v2: TensorRT's operator EfficientNMS_TRT in place of
                               NonMaxSuppression; inputs and outputs stay the same */
    int32_t height, width;  /* of the input; 0: the network's own. Others serve to count work, and
                               ssd-mobilenet-v2 needs no_nms with them */
};

struct doubt_net {
    const char *name;      /* "resnet50" */
    const char *title;     /* "ResNet-50", as on the chart */
    const char *summary;
    const char *source;    /* which file or paper the layers follow */
    const char *certainty; /* "certain" or "inferred", and of what */
    enum doubt_code (*build)(struct doubt_graph *graph, const struct doubt_net_params *params,
                             struct doubt_err *err);
};

size_t doubt_net_count(void);
const struct doubt_net *doubt_net_at(size_t i);
/* By name; unknown: DOUBT_E_NOT_FOUND with the nearest name and the list in the sentence. */
enum doubt_code doubt_net_find(const char *name, const struct doubt_net **net,
                               struct doubt_err *err);

/* Builds with every shape inferred. The caller frees *graph. */
enum doubt_code doubt_net_build(const struct doubt_net *net, const struct doubt_net_params *params,
                                struct doubt_graph **graph, struct doubt_err *err);

/* Fills an input tensor (sizes known, data and bytes set) with the seeded input of that name: floats
 * in [-1, 1), half of each its own random number and half one of its region, so that answers depend
 * on place and channel; integers 0. The same bits on every machine. From rank 2 on every index of
 * the first dimension gets the same values, so that each image of a batch has the answer of batch 1.
 * Also used for users' files. */
void doubt_net_fill_input(const struct doubt_tensor *input);

#endif

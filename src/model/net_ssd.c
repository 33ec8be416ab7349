/* net_ssd.c: SSD-Mobilenet-V2 at 300x300 with 37 classes, post-processing included.
 *
 * A unit of work is the network. Three parts: feature maps and heads; boxes from the heads' numbers
 * and the anchors; non-maximum suppression (NMS) and the 100 best detections of each image.
 *
 * Raw boxes are (y, x, height, width) relative to an anchor, with variances 0.1 0.1 0.2 0.2. Class
 * 0 is the background and takes no part in NMS. The biases of the class heads keep every score far
 * below the threshold of 0.5, so NMS finds nothing, at any precision, and its load is the same in
 * every run: all scores are looked at, no boxes are compared. The output has 100 rows all the same:
 * rows that no detection fills have label 0, score 0 and an empty box.
 */
#include "model/net_int.h"
#include "model/net_ssd.h"

/* --- feature maps and heads ---------------------------------------------------------------- */

/* c1 narrow, depthwise 3x3 of stride 2, c1 wide. */
static const char *extra(struct doubti_net *n, int k, const char *x, int64_t narrow, int64_t wide)
{
    x = doubti_net_mobile_unit(n, doubti_net_text(n, "extra%d_a", k), x,
                               &(struct doubti_conv){.out = narrow, .kernel = 1}, false);
    x = doubti_net_mobile_unit(
        n, doubti_net_text(n, "extra%d_dw", k), x,
        &(struct doubti_conv){
            .out = narrow, .kernel = 3, .stride = 2, .group = narrow, .same = true},
        false);
    return doubti_net_mobile_unit(n, doubti_net_text(n, "extra%d_b", k), x,
                                  &(struct doubti_conv){.out = wide, .kernel = 1}, false);
}

/* What is behind a kind of head: "boxes" with 4 numbers, "classes" with one per class. */
struct head {
    const char *kind;
    int64_t numbers;
    float gain, offset;
};

static const char *head_of(struct doubti_net *n, int k, const char *x, const struct head *head)
{
    struct doubti_conv conv = {.out = doubti_ssd_maps[k].anchors * head->numbers,
                               .kernel = 3,
                               .same = true,
                               .gain = head->gain,
                               .offset = head->offset};
    const char *name = doubti_net_text(n, "%s%d", head->kind, k);
    const char *shape = doubti_net_i64(n, doubti_net_text(n, "%s.shape", name), 3,
                                       (int64_t[]){n->params.batch, -1, head->numbers});
    x = doubti_net_conv(n, name, x, &conv);
    x = doubti_net_add(n, doubti_net_text(n, "%s/last", name),
                       &(struct doubti_layer){.op = "Transpose",
                                              .in = {x},
                                              .attrs = {DOUBTI_INTS("perm", 0, 2, 3, 1)}});
    return doubti_net_add(n, doubti_net_text(n, "%s/rows", name),
                          &(struct doubti_layer){.op = "Reshape", .in = {x, shape}});
}

static const char *heads_of(struct doubti_net *n, const char *name, const char *const features[],
                            const struct head *head)
{
    const char *rows[DOUBTI_SSD_MAPS + 1] = {NULL};
    for (int k = 0; k < DOUBTI_SSD_MAPS; k++)
        rows[k] = head_of(n, k, features[k], head);
    return doubti_net_concat(n, name, rows);
}

/* Gains and offset keep the standard deviation of the classes' logits near 0.5 around -4: scores
 * about 0.02, the largest of 70,000 below 0.2. */
enum doubt_code doubti_build_ssd(struct doubt_graph *graph, const struct doubt_net_params *params,
                                 struct doubt_err *err)
{
    static const struct {
        int narrow, wide;
    } extras[] = {{256, 512}, {128, 256}, {128, 256}, {64, 128}};
    struct doubti_net net = {.graph = graph, .params = *params, .err = err}, *n = &net;
    const char *features[DOUBTI_SSD_MAPS], *tap = "";
    const char *x = doubti_net_input(n, "Input", 3, 300, 300);
    features[1] = x = doubti_net_mobilenet_v2(n, x, true, &tap);
    features[0] = tap;
    for (int k = 2; k < DOUBTI_SSD_MAPS; k++)
        features[k] = x = extra(n, k, x, extras[k - 2].narrow, extras[k - 2].wide);
    const struct head boxes = {"box", 4, 0.3f, 0.0f};
    const struct head classes = {"class", DOUBTI_SSD_CLASSES, 0.1f, -4.0f};
    const char *raw = heads_of(n, "boxes", features, &boxes);
    const char *scores = doubti_net_add(
        n, "scores",
        &(struct doubti_layer){.op = "Sigmoid", .in = {heads_of(n, "logits", features, &classes)}});
    if (!params->no_nms)
        doubti_net_output(n, doubti_ssd_detect(n, raw, scores));
    doubti_net_output(n, raw);
    doubti_net_output(n, scores);
    return n->code;
}

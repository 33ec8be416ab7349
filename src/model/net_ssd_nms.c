/* net_ssd_nms.c: SSD-Mobilenet-V2 behind its heads: anchors, boxes, suppression, the best 100.
 *
 * A unit of work is one step of the post-processing, in f32 and i64 whatever the network's type is.
 * A batch is handled as a whole: NonMaxSuppression names the image of each box, and the 100 best of
 * an image are the best of all candidates when those of the others count as -1. A variant leaves
 * all that to TensorRT's operator EfficientNMS_TRT.
 */
#include "model/net_ssd.h"

#include <math.h>

enum { BEST = 100 };

const struct doubti_ssd_map doubti_ssd_maps[DOUBTI_SSD_MAPS] = {{19, 3}, {10, 6}, {5, 6},
                                                                {3, 6},  {2, 6},  {1, 6}};

/* --- anchors ------------------------------------------------------------------------------- */

/* Scale of map k: 0.2 to 0.95 in equal steps; one more for the geometric mean of the last. */
static double scale_of(int k)
{
    return k < DOUBTI_SSD_MAPS ? 0.2 + 0.15 * k : 1.0;
}

/* Shapes of map k as (height, width) of the unit square. */
static void shapes_of(int k, double shapes[6][2])
{
    static const double ratios[5] = {1.0, 2.0, 0.5, 3.0, 1.0 / 3.0};
    for (int i = 0; i < doubti_ssd_maps[k].anchors; i++) {
        double scale = scale_of(k), ratio = i < 5 ? ratios[i] : 1.0;
        if (k == 0 && i == 0)
            scale = 0.1;
        if (i == 5)
            scale = sqrt(scale_of(k) * scale_of(k + 1));
        shapes[i][0] = scale / sqrt(ratio);
        shapes[i][1] = scale * sqrt(ratio);
    }
}

/* Centres and sizes, both (y, x), one row per anchor, position by position as in the heads. */
static void make_anchors(float centres[DOUBTI_SSD_ANCHORS][2], float sizes[DOUBTI_SSD_ANCHORS][2])
{
    int at = 0;
    for (int k = 0; k < DOUBTI_SSD_MAPS; k++) {
        double shapes[6][2];
        shapes_of(k, shapes);
        for (int cell = 0; cell < doubti_ssd_maps[k].size * doubti_ssd_maps[k].size; cell++) {
            for (int i = 0; i < doubti_ssd_maps[k].anchors; i++, at++) {
                centres[at][0] =
                    (float)((cell / doubti_ssd_maps[k].size + 0.5) / doubti_ssd_maps[k].size);
                centres[at][1] =
                    (float)((cell % doubti_ssd_maps[k].size + 0.5) / doubti_ssd_maps[k].size);
                sizes[at][0] = (float)shapes[i][0];
                sizes[at][1] = (float)shapes[i][1];
            }
        }
    }
}

/* --- nodes --------------------------------------------------------------------------------- */

static const char *op1(struct doubti_net *n, const char *op, const char *name, const char *x)
{
    return doubti_net_add(n, name, &(struct doubti_layer){.op = op, .in = {x}});
}

static const char *op2(struct doubti_net *n, const char *op, const char *name,
                       const char *const x[2])
{
    return doubti_net_add(n, name, &(struct doubti_layer){.op = op, .in = {x[0], x[1]}});
}

static const char *op3(struct doubti_net *n, const char *op, const char *name,
                       const char *const x[3])
{
    return doubti_net_add(n, name, &(struct doubti_layer){.op = op, .in = {x[0], x[1], x[2]}});
}

#define LIST(...) ((const char *const[]){__VA_ARGS__})

static const char *cast(struct doubti_net *n, const char *name, const char *x, enum doubt_dtype to)
{
    return doubti_net_add(
        n, name,
        &(struct doubti_layer){.op = "Cast", .in = {x}, .attrs = {DOUBTI_INT("to", (int64_t)to)}});
}

/* NonMaxSuppression wants f32. */
static const char *to_f32(struct doubti_net *n, const char *name, const char *x)
{
    return n->params.dtype == DOUBT_F32 ? x : cast(n, name, x, DOUBT_F32);
}

static const char *join(struct doubti_net *n, const char *name, int64_t axis,
                        const char *const x[2])
{
    return doubti_net_add(n, name,
                          &(struct doubti_layer){.op = "Concat",
                                                 .in = {x[0], x[1]},
                                                 .attrs = {DOUBTI_INT("axis", axis)}});
}

/* Elements range[0] .. range[1] - 1 of the last axis of three. */
static const char *cut(struct doubti_net *n, const char *name, const char *x,
                       const int64_t range[2])
{
    const char *from = doubti_net_i64(n, doubti_net_text(n, "%s.from", name), 1, &range[0]);
    const char *to = doubti_net_i64(n, doubti_net_text(n, "%s.to", name), 1, &range[1]);
    const char *axis = doubti_net_i64(n, doubti_net_text(n, "%s.axis", name), 1, (int64_t[]){2});
    return doubti_net_add(n, name,
                          &(struct doubti_layer){.op = "Slice", .in = {x, from, to, axis}});
}

/* Elements of the last axis of three, chosen by their numbers. */
static const char *pick(struct doubti_net *n, const char *name, const char *x, int32_t count,
                        const int64_t *which)
{
    const char *order = doubti_net_i64(n, doubti_net_text(n, "%s.order", name), count, which);
    return doubti_net_add(
        n, name,
        &(struct doubti_layer){.op = "Gather", .in = {x, order}, .attrs = {DOUBTI_INT("axis", 2)}});
}

/* --- boxes --------------------------------------------------------------------------------- */

static const char *anchors(struct doubti_net *n, const char *name,
                           float rows[DOUBTI_SSD_ANCHORS][2])
{
    const struct doubt_value value = {
        .name = name, .dtype = DOUBT_F32, .rank = 3, .dims = {1, DOUBTI_SSD_ANCHORS, 2}};
    return doubti_net_data(n, &value, rows);
}

static void scale_rows(float to[DOUBTI_SSD_ANCHORS][2], float from[DOUBTI_SSD_ANCHORS][2],
                       float factor)
{
    for (int i = 0; i < DOUBTI_SSD_ANCHORS; i++) {
        to[i][0] = from[i][0] * factor;
        to[i][1] = from[i][1] * factor;
    }
}

/* Corners (y1, x1, y2, x2) within the image from centre = anchor's + raw * 0.1 * anchor's size and
 * size = anchor's * exp(raw * 0.2). */
static const char *decode(struct doubti_net *n, const char *raw)
{
    float centre[DOUBTI_SSD_ANCHORS][2], size[DOUBTI_SSD_ANCHORS][2], scaled[DOUBTI_SSD_ANCHORS][2];
    make_anchors(centre, size);
    const char *centres = anchors(n, "anchors.centre", centre);
    scale_rows(scaled, size, 0.1f);
    const char *steps = anchors(n, "anchors.step", scaled);
    scale_rows(scaled, size, 0.5f);
    const char *halves = anchors(n, "anchors.half", scaled);
    raw = to_f32(n, "decode/f32", raw);
    const char *yx = cut(n, "decode/yx", raw, (int64_t[]){0, 2});
    const char *hw = cut(n, "decode/hw", raw, (int64_t[]){2, 4});
    yx = op2(n, "Mul", "decode/move", LIST(yx, steps));
    yx = op2(n, "Add", "decode/centre", LIST(yx, centres));
    const char *spread = doubti_net_scalar(n, "decode.spread", DOUBT_F32, 0.2f);
    hw = op1(n, "Exp", "decode/grow", op2(n, "Mul", "decode/spread", LIST(hw, spread)));
    hw = op2(n, "Mul", "decode/half", LIST(hw, halves));
    const char *low = op2(n, "Sub", "decode/low", LIST(yx, hw));
    const char *high = op2(n, "Add", "decode/high", LIST(yx, hw));
    const char *min = doubti_net_scalar(n, "decode.min", DOUBT_F32, 0.0f);
    const char *max = doubti_net_scalar(n, "decode.max", DOUBT_F32, 1.0f);
    return op3(n, "Clip", "decode/boxes",
               LIST(join(n, "decode/corners", 2, LIST(low, high)), min, max));
}

/* --- suppression --------------------------------------------------------------------------- */

/* What NMS selected from all images, then BEST empty rows for each image, so that there are always
 * enough. */
struct candidates {
    const char *rows;   /* [C, 3]: image, class less 1, box */
    const char *scores; /* [C] */
};

/* Empty rows are (image, -1, behind the last box): label 0 and a box of zeros. */
static const char *empty_rows(struct doubti_net *n)
{
    int64_t count = (int64_t)n->params.batch * BEST;
    int64_t *rows = doubti_net_alloc(n, (size_t)count * 3 * sizeof *rows);
    for (int64_t i = 0; i < count && rows != NULL; i++) {
        rows[3 * i] = i / BEST;
        rows[3 * i + 1] = -1;
        rows[3 * i + 2] = DOUBTI_SSD_ANCHORS;
    }
    const struct doubt_value value = {
        .name = "nms.empty", .dtype = DOUBT_I64, .rank = 2, .dims = {count, 3}};
    return doubti_net_data(n, &value, rows);
}

static const char *zeros(struct doubti_net *n, const struct doubt_value *shape)
{
    struct doubt_value value = *shape;
    value.dtype = DOUBT_F32;
    return doubti_net_data(n, &value, NULL);
}

static const char *one_f32(struct doubti_net *n, const char *name, float value)
{
    const struct doubt_value shape = {.name = name, .dtype = DOUBT_F32, .rank = 1, .dims = {1}};
    return doubti_net_data(n, &shape, &value);
}

/* Class 0 is the background: left out. */
static const char *foreground(struct doubti_net *n, const char *scores)
{
    const char *from = doubti_net_i64(n, "nms.from", 1, (int64_t[]){1});
    const char *to = doubti_net_i64(n, "nms.to", 1, (int64_t[]){DOUBTI_SSD_CLASSES});
    const char *axis = doubti_net_i64(n, "nms.axis", 1, (int64_t[]){1});
    scores = doubti_net_add(n, "nms/turned",
                            &(struct doubti_layer){.op = "Transpose",
                                                   .in = {to_f32(n, "nms/f32", scores)},
                                                   .attrs = {DOUBTI_INTS("perm", 0, 2, 1)}});
    return doubti_net_add(n, "nms/foreground",
                          &(struct doubti_layer){.op = "Slice", .in = {scores, from, to, axis}});
}

static struct candidates suppress(struct doubti_net *n, const char *boxes, const char *scores)
{
    const struct doubt_value none = {
        .name = "nms.zeros", .rank = 1, .dims = {(int64_t)n->params.batch * BEST}};
    struct candidates c;
    scores = foreground(n, scores);
    const char *most = doubti_net_i64(n, "nms.per_class", 1, (int64_t[]){BEST});
    const char *iou = one_f32(n, "nms.iou", 0.6f), *least = one_f32(n, "nms.score", 0.5f);
    const char *selected = doubti_net_add(
        n, "nms/selected",
        &(struct doubti_layer){.op = "NonMaxSuppression", .in = {boxes, scores, most, iou, least}});
    const char *found = op2(n, "GatherND", "nms/found", LIST(scores, selected));
    c.rows = join(n, "nms/candidates", 0, LIST(selected, empty_rows(n)));
    c.scores = join(n, "nms/scores", 0, LIST(found, zeros(n, &none)));
    return c;
}

struct best {
    const char *scores; /* [N, BEST] */
    const char *rows;   /* [N, BEST, 3], as in candidates */
};

static struct best best_of(struct doubti_net *n, const struct candidates *c)
{
    struct best best;
    int64_t *ids = doubti_net_alloc(n, (size_t)n->params.batch * sizeof *ids);
    for (int32_t i = 0; i < n->params.batch && ids != NULL; i++)
        ids[i] = i;
    const struct doubt_value value = {
        .name = "best.images", .dtype = DOUBT_I64, .rank = 2, .dims = {n->params.batch, 1}};
    const char *images = doubti_net_data(n, &value, ids);
    const char *zero = doubti_net_scalar(n, "best.column", DOUBT_I64, 0.0f);
    const char *image = doubti_net_add(n, "best/image",
                                       &(struct doubti_layer){.op = "Gather",
                                                              .in = {c->rows, zero},
                                                              .attrs = {DOUBTI_INT("axis", 1)}});
    const char *mine = op2(n, "Equal", "best/mine", LIST(image, images));
    const char *other = doubti_net_scalar(n, "best.other", DOUBT_F32, -1.0f);
    const char *scores = op3(n, "Where", "best/own", LIST(mine, c->scores, other));
    const char *count = doubti_net_i64(n, "best.count", 1, (int64_t[]){BEST});
    best.scores = doubti_net_add(
        n, "best/top",
        &(struct doubti_layer){
            .op = "TopK", .in = {scores, count}, .outputs = 2, .attrs = {DOUBTI_INT("axis", 1)}});
    best.rows = op2(n, "Gather", "best/rows", LIST(c->rows, "best/top/1"));
    return best;
}

/* (x1, y1, x2, y2) of the boxes that rows name, zeros for empty rows. */
static const char *boxes_of(struct doubti_net *n, const char *boxes, const char *rows)
{
    const struct doubt_value none = {
        .name = "out.zeros", .rank = 3, .dims = {n->params.batch, 1, 4}};
    boxes = pick(n, "out/xy", boxes, 4, (int64_t[]){1, 0, 3, 2});
    boxes = join(n, "out/padded", 1, LIST(boxes, zeros(n, &none)));
    return op2(n, "GatherND", "out/boxes",
               LIST(boxes, pick(n, "out/where", rows, 2, (int64_t[]){0, 2})));
}

/* --- by TensorRT's plug-in ----------------------------------------------------------------- */

/* The image's number in each of its rows: [N, BEST, 1]. */
static const char *image_numbers(struct doubti_net *n)
{
    size_t count = (size_t)n->params.batch * BEST;
    float *numbers = doubti_net_alloc(n, count * sizeof *numbers);
    for (size_t i = 0; i < count && numbers != NULL; i++)
        numbers[i] = (float)(i / BEST);
    const struct doubt_value value = {
        .name = "out.image", .dtype = DOUBT_F32, .rank = 3, .dims = {n->params.batch, BEST, 1}};
    return doubti_net_data(n, &value, numbers);
}

static const char *last_axis(struct doubti_net *n, const char *name, const char *x)
{
    const char *axis = doubti_net_i64(n, doubti_net_text(n, "%s.axis", name), 1, (int64_t[]){2});
    return op2(n, "Unsqueeze", name, LIST(x, axis));
}

/* The operator gives counts, boxes, scores and classes (the background among them, as here), and
 * zeros in the rows that no detection fills. */
static const char *detect_by_plugin(struct doubti_net *n, const char *boxes, const char *scores)
{
    doubti_net_add(
        n, "nms",
        &(struct doubti_layer){
            .op = "EfficientNMS_TRT",
            .in = {boxes, to_f32(n, "nms/f32", scores)},
            .outputs = 4,
            .attrs = {DOUBTI_FLOAT("score_threshold", 0.5f), DOUBTI_FLOAT("iou_threshold", 0.6f),
                      DOUBTI_INT("max_output_boxes", BEST), DOUBTI_INT("background_class", 0),
                      DOUBTI_INT("score_activation", 0), DOUBTI_INT("box_coding", 0)}});
    const char *label = last_axis(n, "out/label", cast(n, "out/class", "nms/3", DOUBT_F32));
    const char *score = last_axis(n, "out/score", "nms/2");
    const char *corners = pick(n, "out/boxes", "nms/1", 4, (int64_t[]){1, 0, 3, 2});
    bool half = n->params.dtype == DOUBT_F16;
    const char *all =
        doubti_net_add(n, half ? "out/detections" : "detections",
                       &(struct doubti_layer){.op = "Concat",
                                              .in = {image_numbers(n), label, score, corners},
                                              .attrs = {DOUBTI_INT("axis", 2)}});
    return half ? cast(n, "detections", all, DOUBT_F16) : all;
}

const char *doubti_ssd_detect(struct doubti_net *n, const char *raw, const char *scores)
{
    const char *boxes = decode(n, raw);
    if (n->params.nms_plugin)
        return detect_by_plugin(n, boxes, scores);
    struct candidates c = suppress(n, boxes, scores);
    struct best best = best_of(n, &c);
    const char *image =
        cast(n, "out/image", cut(n, "out/image/i64", best.rows, (int64_t[]){0, 1}), DOUBT_F32);
    const char *label =
        cast(n, "out/class", cut(n, "out/class/i64", best.rows, (int64_t[]){1, 2}), DOUBT_F32);
    label =
        op2(n, "Add", "out/label", LIST(label, doubti_net_scalar(n, "out.first", DOUBT_F32, 1.0f)));
    const char *last = doubti_net_i64(n, "out.last", 1, (int64_t[]){2});
    const char *score = op2(n, "Unsqueeze", "out/score", LIST(best.scores, last));
    bool half = n->params.dtype == DOUBT_F16;
    const char *all = doubti_net_add(
        n, half ? "out/detections" : "detections",
        &(struct doubti_layer){.op = "Concat",
                               .in = {image, label, score, boxes_of(n, boxes, best.rows)},
                               .attrs = {DOUBTI_INT("axis", 2)}});
    return half ? cast(n, "detections", all, DOUBT_F16) : all;
}

/* interp_select.c: TopK, NonMaxSuppression and TensorRT's EfficientNMS_TRT.
 *
 * A unit of work is one list of candidates, sorted by value; equal values keep the order of their
 * indices. Formulas: ONNX operator specification (TopK, NonMaxSuppression).
 */
#include "model/interp_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct candidate {
    double value;
    int64_t index;
};

/* NaN goes behind all numbers, so that the order is a total one. */
static struct candidate candidate(double value, int64_t index, bool falling)
{
    if (isnan(value))
        value = falling ? -INFINITY : INFINITY;
    return (struct candidate){value, index};
}

static int by_value_falling(const void *a, const void *b)
{
    const struct candidate *p = a, *q = b;
    if (p->value != q->value)
        return p->value > q->value ? -1 : 1;
    return (p->index > q->index) - (p->index < q->index);
}

static int by_value_rising(const void *a, const void *b)
{
    const struct candidate *p = a, *q = b;
    if (p->value != q->value)
        return p->value < q->value ? -1 : 1;
    return (p->index > q->index) - (p->index < q->index);
}

/* --- TopK ------------------------------------------------------------------------------------ */

struct top {
    const struct doubti_array *x;
    int32_t axis;
    int64_t k;
    bool largest;
    struct candidate *list; /* as long as the axis */
};

static enum doubt_code top_inputs(struct doubti_call *call, struct top *top)
{
    struct doubti_list k;
    enum doubt_code code = doubti_in_any(call, 0, &top->x);
    if (code == DOUBT_OK)
        code = doubti_axis(call, doubt_node_int(call->node, "axis", -1), top->x->rank, &top->axis);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 1, NULL, &k);
    if (code != DOUBT_OK)
        return code;
    top->k = k.given && k.count == 1 ? k.v[0] : doubt_node_int(call->node, "k", -1);
    top->largest = doubt_node_int(call->node, "largest", 1) != 0;
    if (top->k < 0 || top->k > top->x->dims[top->axis])
        return doubti_fail(call, DOUBT_E_FORMAT, "k is %lld on an axis of %lld", (long long)top->k,
                           (long long)top->x->dims[top->axis]);
    return DOUBT_OK;
}

/* The k first of one row, to both outputs; from and to are the row's first elements. */
static void top_row(struct doubti_call *call, const struct top *top, uint64_t from, uint64_t to)
{
    const struct doubti_array *x = top->x;
    uint64_t stride = doubti_span(x->dims, top->axis + 1, x->rank);
    for (int64_t n = 0; n < x->dims[top->axis]; n++) {
        uint64_t at = from + (uint64_t)n * stride;
        double value = doubti_is_float(x->dtype) ? (double)x->f[at] : (double)x->i[at];
        top->list[n] = candidate(value, n, top->largest);
    }
    qsort(top->list, (size_t)x->dims[top->axis], sizeof *top->list,
          top->largest ? by_value_falling : by_value_rising);
    size_t size = doubti_element_bytes(x);
    for (int64_t n = 0; n < top->k; n++) {
        uint64_t source = from + (uint64_t)top->list[n].index * stride;
        uint64_t target = to + (uint64_t)n * stride;
        memcpy(call->out[0].bytes + target * size, x->bytes + source * size, size);
        call->out[1].i[target] = top->list[n].index;
    }
}

static enum doubt_code top_k(struct doubti_call *call)
{
    struct top top = {.x = NULL};
    int64_t dims[DOUBT_RANK_MAX];
    enum doubt_code code = top_inputs(call, &top);
    if (code != DOUBT_OK)
        return code;
    memcpy(dims, top.x->dims, sizeof dims);
    dims[top.axis] = top.k;
    code = doubti_make(call, 0, top.x->dtype, top.x->rank, dims);
    if (code == DOUBT_OK)
        code = doubti_make(call, 1, DOUBT_I64, top.x->rank, dims);
    if (code == DOUBT_OK)
        code = doubti_work(call, top.x->count, 16);
    if (code != DOUBT_OK || call->out[0].count == 0)
        return code;
    uint64_t length = (uint64_t)top.x->dims[top.axis];
    uint64_t inner = doubti_span(top.x->dims, top.axis + 1, top.x->rank);
    top.list = malloc(length * sizeof *top.list);
    if (!top.list)
        return doubti_fail(call, DOUBT_E_MEMORY, "no memory to sort %llu values",
                           (unsigned long long)length);
    for (uint64_t n = 0; n < top.x->count / length; n++) {
        uint64_t row = n / inner, column = n % inner;
        top_row(call, &top, row * inner * length + column, row * inner * (uint64_t)top.k + column);
    }
    free(top.list);
    return DOUBT_OK;
}

/* --- NonMaxSuppression ----------------------------------------------------------------------- */

struct nms {
    const struct doubti_array *boxes, *scores; /* [batch, boxes, 4], [batch, classes, boxes] */
    int64_t max_each;
    float overlap, least;
    bool has_least, centers;
    struct candidate *list; /* one per box */
    int64_t *kept;          /* indices of the boxes kept of this class */
    int64_t *found;         /* triples, for all classes */
    uint64_t found_count;
};

/* Corners in rising order. */
static void corners(const struct nms *nms, const float *box, float *low, float *high)
{
    for (int d = 0; d < 2; d++) {
        float a = nms->centers ? box[d] - box[d + 2] / 2.0f : box[d];
        float b = nms->centers ? box[d] + box[d + 2] / 2.0f : box[d + 2];
        low[d] = a < b ? a : b;
        high[d] = a < b ? b : a;
    }
}

/* Intersection over union of two boxes; 0 when either has no area. */
static float overlap(const struct nms *nms, const float *a, const float *b)
{
    float low_a[2], high_a[2], low_b[2], high_b[2], common = 1.0f;
    corners(nms, a, low_a, high_a);
    corners(nms, b, low_b, high_b);
    for (int d = 0; d < 2; d++) {
        float low = low_a[d] > low_b[d] ? low_a[d] : low_b[d];
        float high = high_a[d] < high_b[d] ? high_a[d] : high_b[d];
        if (high <= low)
            return 0.0f;
        common *= high - low;
    }
    float area_a = (high_a[0] - low_a[0]) * (high_a[1] - low_a[1]);
    float area_b = (high_b[0] - low_b[0]) * (high_b[1] - low_b[1]);
    float whole = area_a + area_b - common;
    return area_a > 0.0f && area_b > 0.0f && whole > 0.0f ? common / whole : 0.0f;
}

/* One class of one image: the best first, then each that overlaps none of those kept. */
static enum doubt_code suppress(struct doubti_call *call, struct nms *nms, int64_t image,
                                int64_t class)
{
    int64_t boxes = nms->boxes->dims[1], kept = 0;
    const float *scores = nms->scores->f + (image * nms->scores->dims[1] + class) * boxes;
    const float *corner = nms->boxes->f + image * boxes * 4;
    size_t count = 0;
    for (int64_t n = 0; n < boxes; n++)
        if (!nms->has_least || scores[n] > nms->least)
            nms->list[count++] = candidate((double)scores[n], n, true);
    qsort(nms->list, count, sizeof *nms->list, by_value_falling);
    for (size_t n = 0; n < count && kept < nms->max_each; n++) {
        int64_t box = nms->list[n].index;
        bool free_of_all = true;
        for (int64_t k = 0; k < kept && free_of_all; k++)
            free_of_all = overlap(nms, corner + box * 4, corner + nms->kept[k] * 4) <= nms->overlap;
        enum doubt_code code = doubti_work(call, (uint64_t)kept + 1, 8);
        if (code != DOUBT_OK)
            return code;
        if (!free_of_all)
            continue;
        nms->kept[kept++] = box;
        int64_t *triple = nms->found + 3 * nms->found_count++;
        triple[0] = image;
        triple[1] = class;
        triple[2] = box;
    }
    return DOUBT_OK;
}

/* A single number in input k, or the fallback. */
static enum doubt_code number(struct doubti_call *call, int k, float fallback, float *value)
{
    const struct doubti_array *x = NULL;
    *value = fallback;
    enum doubt_code code = doubti_in_vector(call, k, 1, &x);
    if (code == DOUBT_OK && x)
        *value = x->f[0];
    return code;
}

static enum doubt_code nms_inputs(struct doubti_call *call, struct nms *nms)
{
    struct doubti_list most;
    enum doubt_code code = doubti_in_float(call, 0, 3, &nms->boxes);
    if (code == DOUBT_OK)
        code = doubti_in_float(call, 1, 3, &nms->scores);
    if (code == DOUBT_OK)
        code = doubti_list_get(call, 2, NULL, &most);
    if (code == DOUBT_OK)
        code = number(call, 3, 0.0f, &nms->overlap);
    if (code == DOUBT_OK)
        code = number(call, 4, 0.0f, &nms->least);
    if (code != DOUBT_OK)
        return code;
    const int64_t *b = nms->boxes->dims, *s = nms->scores->dims;
    if (nms->boxes->rank != 3 || nms->scores->rank != 3 || b[2] != 4 || b[0] != s[0] ||
        b[1] != s[2])
        return doubti_fail(call, DOUBT_E_FORMAT, "boxes and scores do not fit each other");
    nms->has_least = call->in[4] != NULL;
    nms->centers = doubt_node_int(call->node, "center_point_box", 0) != 0;
    nms->max_each = most.count == 1 && most.v[0] > 0 ? most.v[0] : 0;
    if (nms->max_each > b[1])
        nms->max_each = b[1];
    return DOUBT_OK;
}

static enum doubt_code nms_all(struct doubti_call *call, struct nms *nms)
{
    enum doubt_code code = DOUBT_OK;
    for (int64_t image = 0; image < nms->scores->dims[0]; image++)
        for (int64_t class = 0; class < nms->scores->dims[1] && code == DOUBT_OK; class ++)
            code = suppress(call, nms, image, class);
    int64_t dims[2] = {(int64_t)nms->found_count, 3};
    if (code == DOUBT_OK)
        code = doubti_make(call, 0, DOUBT_I64, 2, dims);
    if (code == DOUBT_OK)
        memcpy(call->out[0].i, nms->found, nms->found_count * 3 * sizeof *nms->found);
    return code;
}

static enum doubt_code non_max_suppression(struct doubti_call *call)
{
    struct nms nms = {.boxes = NULL};
    enum doubt_code code = nms_inputs(call, &nms);
    if (code == DOUBT_OK)
        code = doubti_work(call, nms.scores->count, 16);
    if (code != DOUBT_OK)
        return code;
    size_t boxes = (size_t)nms.boxes->dims[1];
    nms.list = malloc((boxes + 1) * sizeof *nms.list);
    nms.kept = malloc((boxes + 1) * sizeof *nms.kept);
    nms.found = malloc((nms.scores->count + 1) * 3 * sizeof *nms.found);
    if (nms.list && nms.kept && nms.found)
        code = nms_all(call, &nms);
    else
        code = doubti_fail(call, DOUBT_E_MEMORY, "no memory for %zu boxes", boxes);
    free(nms.list);
    free(nms.kept);
    free(nms.found);
    return code;
}

/* --- EfficientNMS_TRT ------------------------------------------------------------------------ */

/* The candidates of one image, its best first: box * classes + class in index. */
static size_t rank_all(struct nms *nms, int64_t image, int64_t background)
{
    int64_t boxes = nms->scores->dims[1], classes = nms->scores->dims[2];
    const float *scores = nms->scores->f + image * boxes * classes;
    size_t count = 0;
    for (int64_t n = 0; n < boxes * classes; n++)
        if (n % classes != background && scores[n] > nms->least)
            nms->list[count++] = candidate((double)scores[n], n, true);
    qsort(nms->list, count, sizeof *nms->list, by_value_falling);
    return count;
}

/* Over all classes of one image: each that overlaps none of its class that was kept. */
static enum doubt_code select_image(struct doubti_call *call, struct nms *nms, int64_t image,
                                    size_t count)
{
    int64_t classes = nms->scores->dims[2], kept = 0;
    const float *boxes = nms->boxes->f + image * nms->boxes->dims[1] * 4;
    for (size_t n = 0; n < count && kept < nms->max_each; n++) {
        int64_t at = nms->list[n].index, box = at / classes, class = at % classes;
        bool free_of_all = true;
        for (int64_t k = 0; k < kept && free_of_all; k++)
            free_of_all =
                nms->kept[k] % classes != class ||
                overlap(nms, boxes + box * 4, boxes + nms->kept[k] / classes * 4) <= nms->overlap;
        enum doubt_code code = doubti_work(call, (uint64_t)kept + 1, 8);
        if (code != DOUBT_OK)
            return code;
        if (!free_of_all)
            continue;
        int64_t row = image * nms->max_each + kept;
        memcpy(call->out[1].f + row * 4, boxes + box * 4, 4 * sizeof *boxes);
        call->out[2].f[row] = (float)nms->list[n].value;
        call->out[3].i[row] = class;
        nms->kept[kept++] = at;
    }
    call->out[0].i[image] = kept;
    return DOUBT_OK;
}

static enum doubt_code make_selected(struct doubti_call *call, const struct nms *nms)
{
    const int64_t images = nms->scores->dims[0];
    enum doubt_code code = doubti_make(call, 0, DOUBT_I32, 2, (int64_t[]){images, 1});
    if (code == DOUBT_OK)
        code = doubti_make(call, 1, DOUBT_F32, 3, (int64_t[]){images, nms->max_each, 4});
    if (code == DOUBT_OK)
        code = doubti_make(call, 2, DOUBT_F32, 2, (int64_t[]){images, nms->max_each});
    return code == DOUBT_OK ? doubti_make(call, 3, DOUBT_I32, 2, (int64_t[]){images, nms->max_each})
                            : code;
}

/* TensorRT's plug-in as its README describes it, for boxes of corners that all classes share and
 * scores that are probabilities already. */
static enum doubt_code efficient_nms(struct doubti_call *call)
{
    const struct doubt_node *node = call->node;
    struct nms nms = {.max_each = doubt_node_int(node, "max_output_boxes", 100),
                      .overlap = doubt_node_float(node, "iou_threshold", 0.5f),
                      .least = doubt_node_float(node, "score_threshold", 0.25f)};
    enum doubt_code code = doubti_in_float(call, 0, 3, &nms.boxes);
    if (code == DOUBT_OK)
        code = doubti_in_float(call, 1, 3, &nms.scores);
    if (code == DOUBT_OK && (doubt_node_int(node, "score_activation", 0) != 0 ||
                             doubt_node_int(node, "box_coding", 0) != 0 || call->in[2] != NULL))
        code = doubti_fail(call, DOUBT_E_UNSUPPORTED,
                           "only boxes of corners and scores without activation are known");
    if (code == DOUBT_OK && (nms.boxes->rank != 3 || nms.scores->rank != 3 ||
                             nms.boxes->dims[2] != 4 || nms.boxes->dims[0] != nms.scores->dims[0] ||
                             nms.boxes->dims[1] != nms.scores->dims[1] || nms.max_each < 1))
        code = doubti_fail(call, DOUBT_E_FORMAT, "boxes and scores do not fit each other");
    if (code == DOUBT_OK)
        code = make_selected(call, &nms);
    if (code == DOUBT_OK)
        code = doubti_work(call, nms.scores->count, 16);
    if (code != DOUBT_OK)
        return code;
    nms.list = malloc((nms.scores->count + 1) * sizeof *nms.list);
    nms.kept = malloc(((size_t)nms.max_each + 1) * sizeof *nms.kept);
    if (!nms.list || !nms.kept)
        code = doubti_fail(call, DOUBT_E_MEMORY, "no memory for the candidates");
    for (int64_t image = 0; image < nms.scores->dims[0] && code == DOUBT_OK; image++)
        code = select_image(call, &nms, image,
                            rank_all(&nms, image, doubt_node_int(node, "background_class", -1)));
    free(nms.list);
    free(nms.kept);
    return code;
}

const struct doubti_op doubti_ops_select[] = {
    {"TopK", .run = top_k},
    {"NonMaxSuppression", .run = non_max_suppression},
    {"EfficientNMS_TRT", .run = efficient_nms},
    {.name = NULL},
};

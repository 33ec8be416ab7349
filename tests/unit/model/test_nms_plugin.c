/* test_nms_plugin.c: TensorRT's operator EfficientNMS_TRT in the interpreter, and the variant of
 * ssd-mobilenet-v2 that has it: against answers worked out by hand, and against NonMaxSuppression.
 */
#include "model/interp.h"
#include "model/net.h"
#include "model/shape.h"
#include "util/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 6 };

#define FLOAT(key, value)                                                                          \
    {                                                                                              \
        .name = key, .kind = DOUBT_ATTR_FLOAT, .f = value                                          \
    }
#define INT(key, value)                                                                            \
    {                                                                                              \
        .name = key, .kind = DOUBT_ATTR_INT, .i = value                                            \
    }

static struct doubt_graph *graph_of(int64_t boxes, int64_t classes, const struct doubt_node *node)
{
    struct doubt_graph *graph = doubt_graph_new("nms");
    const struct doubt_value b = {"b", DOUBT_F32, 3, {1, boxes, 4}};
    const struct doubt_value s = {"s", DOUBT_F32, 3, {1, boxes, classes}};
    assert_non_null(graph);
    assert_int_equal(doubt_graph_add_input(graph, &b, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_add_input(graph, &s, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_add_node(graph, node, NULL), DOUBT_OK);
    for (uint32_t i = 0; i < node->output_count; i++)
        assert_int_equal(doubt_graph_add_output(graph, node->outputs[i], NULL), DOUBT_OK);
    return graph;
}

struct selected {
    int32_t count, classes[MOST];
    float boxes[MOST][4], scores[MOST];
};

static void take(const struct doubt_interp *interp, size_t i, void *to, size_t bytes)
{
    struct doubt_tensor output;
    assert_int_equal(doubt_interp_output(interp, i, &output, NULL), DOUBT_OK);
    assert_int_equal(output.bytes, bytes);
    memcpy(to, output.data, bytes);
}

static struct selected select_best(int64_t count, int64_t classes, float *boxes, float *scores)
{
    const struct doubt_attr attrs[] = {FLOAT("score_threshold", 0.5f), FLOAT("iou_threshold", 0.6f),
                                       INT("max_output_boxes", MOST), INT("background_class", 0)};
    const struct doubt_node node = {.name = "n",
                                    .op = "EfficientNMS_TRT",
                                    .domain = "",
                                    .input_count = 2,
                                    .output_count = 4,
                                    .attr_count = 4,
                                    .inputs = {"b", "s"},
                                    .outputs = {"count", "boxes", "scores", "classes"},
                                    .attrs = attrs};
    struct doubt_graph *graph = graph_of(count, classes, &node);
    struct doubt_interp *interp = NULL;
    struct selected found;
    const struct doubt_tensor inputs[] = {
        {"b", DOUBT_F32, 3, {1, count, 4}, boxes, (uint64_t)(count * 4 * 4)},
        {"s", DOUBT_F32, 3, {1, count, classes}, scores, (uint64_t)(count * classes * 4)}};
    assert_int_equal(doubt_shape_infer(graph, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_value(graph, "boxes")->dims[1], MOST);
    assert_int_equal(doubt_interp_new(graph, &interp, NULL), DOUBT_OK);
    assert_int_equal(doubt_interp_run(interp, inputs, 2, NULL), DOUBT_OK);
    take(interp, 0, &found.count, sizeof found.count);
    take(interp, 1, found.boxes, sizeof found.boxes);
    take(interp, 2, found.scores, sizeof found.scores);
    take(interp, 3, found.classes, sizeof found.classes);
    doubt_interp_free(interp);
    doubt_graph_free(graph);
    return found;
}

/* Four boxes: b covers 81 % of a, c lies apart, d is a again. Class 0 is the background. */
static void by_hand(void **state)
{
    float boxes[4][4] = {{0, 0, 1, 1}, {0, 0, 0.9f, 0.9f}, {2, 2, 3, 3}, {0, 0, 1, 1}};
    float scores[4][3] = {
        {0.99f, 0.7f, 0.1f}, {0.99f, 0.8f, 0.6f}, {0, 0.55f, 0.5f}, {0, 0.1f, 0.9f}};
    (void)state;
    struct selected found = select_best(4, 3, boxes[0], scores[0]);
    /* d as 2, b as 1, c as 1; a as 1 is suppressed by b, b as 2 by d, c as 2 is not above 0.5. */
    assert_int_equal(found.count, 3);
    assert_int_equal(found.classes[0], 2);
    assert_int_equal(found.classes[1], 1);
    assert_int_equal(found.classes[2], 1);
    assert_float_equal(found.scores[0], 0.9f, 0);
    assert_float_equal(found.scores[1], 0.8f, 0);
    assert_float_equal(found.scores[2], 0.55f, 0);
    assert_memory_equal(found.boxes[1], boxes[1], sizeof boxes[1]);
    assert_memory_equal(found.boxes[2], boxes[2], sizeof boxes[2]);
    for (int i = 3; i < MOST; i++) {
        assert_float_equal(found.scores[i], 0, 0);
        assert_int_equal(found.classes[i], 0);
        assert_float_equal(found.boxes[i][3], 0, 0);
    }
}

/* A class alone, through NonMaxSuppression: the boxes that it keeps, the best first. */
static int64_t keep_by_onnx(int64_t count, float *boxes, const float *scores, int64_t *kept)
{
    struct doubt_graph *graph = doubt_graph_new("nms");
    const struct doubt_value b = {"b", DOUBT_F32, 3, {1, count, 4}};
    const struct doubt_value s = {"s", DOUBT_F32, 3, {1, 1, count}};
    static const int64_t most = MOST;
    static const float iou = 0.6f, least = 0.5f;
    const struct doubt_const constants[] = {
        {.value = {"m", DOUBT_I64, 1, {1}}, .data = &most, .bytes = sizeof most},
        {.value = {"i", DOUBT_F32, 1, {1}}, .data = &iou, .bytes = sizeof iou},
        {.value = {"l", DOUBT_F32, 1, {1}}, .data = &least, .bytes = sizeof least}};
    const struct doubt_node node = {.name = "n",
                                    .op = "NonMaxSuppression",
                                    .domain = "",
                                    .input_count = 5,
                                    .output_count = 1,
                                    .inputs = {"b", "s", "m", "i", "l"},
                                    .outputs = {"selected"}};
    struct doubt_interp *interp = NULL;
    struct doubt_tensor output;
    const struct doubt_tensor inputs[] = {
        {"b", DOUBT_F32, 3, {1, count, 4}, boxes, (uint64_t)(count * 4 * 4)},
        {"s", DOUBT_F32, 3, {1, 1, count}, (void *)(uintptr_t)scores, (uint64_t)(count * 4)}};
    assert_int_equal(doubt_graph_add_input(graph, &b, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_add_input(graph, &s, NULL), DOUBT_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(doubt_graph_add_const(graph, &constants[i], NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_add_node(graph, &node, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_add_output(graph, "selected", NULL), DOUBT_OK);
    assert_int_equal(doubt_shape_infer(graph, NULL), DOUBT_OK);
    assert_int_equal(doubt_interp_new(graph, &interp, NULL), DOUBT_OK);
    assert_int_equal(doubt_interp_run(interp, inputs, 2, NULL), DOUBT_OK);
    assert_int_equal(doubt_interp_output(interp, 0, &output, NULL), DOUBT_OK);
    int64_t rows = output.dims[0];
    for (int64_t i = 0; i < rows; i++)
        kept[i] = ((const int64_t *)output.data)[3 * i + 2];
    doubt_interp_free(interp);
    doubt_graph_free(graph);
    return rows;
}

/* With one class beside the background, both operators must keep the same boxes. */
static void as_onnx(void **state)
{
    enum { BOXES = 40 };
    float boxes[BOXES][4], scores[BOXES][2], only[BOXES];
    struct doubt_rng rng;
    (void)state;
    doubt_rng_seed(&rng, 5);
    for (int round = 0; round < 20; round++) {
        int64_t kept[MOST];
        for (int i = 0; i < BOXES; i++) {
            float y = (float)doubt_rng_uniform(&rng), x = (float)doubt_rng_uniform(&rng);
            float side = 0.3f + (float)doubt_rng_uniform(&rng);
            memcpy(boxes[i], (float[4]){y, x, y + side, x + side}, sizeof boxes[i]);
            scores[i][0] = 0.9f;
            scores[i][1] = only[i] = (float)doubt_rng_uniform(&rng);
        }
        int64_t rows = keep_by_onnx(BOXES, boxes[0], only, kept);
        struct selected found = select_best(BOXES, 2, boxes[0], scores[0]);
        assert_int_equal(found.count, rows);
        assert_true(rows > 0);
        for (int64_t i = 0; i < rows; i++) {
            assert_memory_equal(found.boxes[i], boxes[kept[i]], sizeof boxes[0]);
            assert_float_equal(found.scores[i], only[kept[i]], 0);
        }
    }
}

static void wrong_shapes(void **state)
{
    struct doubt_err err = {0};
    struct doubt_node node = {.name = "n",
                              .op = "EfficientNMS_TRT",
                              .domain = "",
                              .input_count = 2,
                              .output_count = 4,
                              .inputs = {"s", "b"},
                              .outputs = {"count", "boxes", "scores", "classes"}};
    (void)state;
    struct doubt_graph *graph = graph_of(5, 3, &node);
    assert_int_equal(doubt_shape_infer(graph, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "do not go together"));
    doubt_graph_free(graph);
}

/* Same inputs, same outputs, another operator. */
static void ssd_variant(void **state)
{
    const struct doubt_net *net = NULL;
    (void)state;
    assert_int_equal(doubt_net_find("ssd-mobilenet-v2", &net, NULL), DOUBT_OK);
    for (int half = 0; half < 2; half++) {
        struct doubt_graph *graphs[2];
        struct doubt_net_params params = {.batch = 2, .dtype = half ? DOUBT_F16 : DOUBT_F32};
        assert_int_equal(doubt_net_build(net, &params, &graphs[0], NULL), DOUBT_OK);
        params.nms_plugin = true;
        assert_int_equal(doubt_net_build(net, &params, &graphs[1], NULL), DOUBT_OK);
        assert_int_equal(doubt_graph_output_count(graphs[0]), doubt_graph_output_count(graphs[1]));
        for (size_t i = 0; i < doubt_graph_output_count(graphs[0]); i++) {
            const char *name = doubt_graph_output(graphs[0], i);
            const struct doubt_value *a = doubt_graph_value(graphs[0], name);
            const struct doubt_value *b = doubt_graph_value(graphs[1], name);
            assert_string_equal(doubt_graph_output(graphs[1], i), name);
            assert_int_equal(a->dtype, b->dtype);
            assert_int_equal(a->rank, b->rank);
            assert_memory_equal(a->dims, b->dims, (size_t)a->rank * sizeof a->dims[0]);
        }
        size_t found = 0;
        for (size_t i = 0; i < doubt_graph_node_count(graphs[1]); i++) {
            const struct doubt_node *node = doubt_graph_node(graphs[1], i);
            assert_string_not_equal(node->op, "NonMaxSuppression");
            found += strcmp(node->op, "EfficientNMS_TRT") == 0;
        }
        assert_int_equal(found, 1);
        doubt_graph_free(graphs[0]);
        doubt_graph_free(graphs[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(as_onnx),
        cmocka_unit_test(wrong_shapes),
        cmocka_unit_test(ssd_variant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_net.c: the networks' sizes against counts from the vendors' own files, and the rules that
 * counts do not catch.
 */
#include "model/cost.h"
#include "model/net.h"
#include "model/tensor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct doubt_graph *build(const char *name, const struct doubt_net_params *params)
{
    const struct doubt_net *net = NULL;
    struct doubt_graph *graph = NULL;
    struct doubt_err err = {0};
    assert_int_equal(doubt_net_find(name, &net, &err), DOUBT_OK);
    if (doubt_net_build(net, params, &graph, &err) != DOUBT_OK)
        fail_msg("%s: %s", name, err.text);
    return graph;
}

static const struct doubt_net_params f32_1 = {.batch = 1, .dtype = DOUBT_F32};
static const struct doubt_net_params f16_1 = {.batch = 1, .dtype = DOUBT_F16};

static void check_value(const struct doubt_graph *graph, const char *name, const char *shape)
{
    char text[128];
    const struct doubt_value *value = doubt_graph_value(graph, name);
    assert_non_null(value);
    doubt_dims_format(value->dims, value->rank, text, sizeof text);
    assert_string_equal(text, shape);
}

/* Multiply-accumulates and parameters; inputs and outputs. */
static const struct {
    const char *name;
    int64_t macs, parameters;
    const char *input, *input_shape, *outputs[3], *shapes[3];
} counts[] = {
    {"resnet50", 3857973248, 25557096, "data", "1x3x224x224", {"prob"}, {"1x1000"}},
    {"inception-v4", 12253974624, 42679816, "data", "1x3x299x299", {"prob"}, {"1x1000"}},
    {"pose",
     7685898240,
     4108594,
     "data",
     "1x3x256x456",
     {"Mconv7_stage2_L1", "Mconv7_stage2_L2"},
     {"1x38x32x57", "1x19x32x57"}},
    {"super-resolution",
     10479504672,
     68059,
     "input_0",
     "1x3x321x481",
     {"output_0"},
     {"1x3x963x1443"}},
    {"ssd-mobilenet-v2",
     1151244656,
     8884905,
     "Input",
     "1x3x300x300",
     {"detections", "boxes", "scores"},
     {"1x100x7", "1x1917x4", "1x1917x37"}},
    {"unet", 3024093184, 485673, "input_1", "1x1x512x512", {"conv2d_19/Sigmoid"}, {"1x1x512x512"}},
    {"vgg19", 19632062464, 143667240, "data", "1x3x224x224", {"prob"}, {"1x1000"}},
    {"tiny-yolov3",
     2782480896,
     8852366,
     "data",
     "1x3x416x416",
     {"output_13x13", "output_26x26"},
     {"1x255x13x13", "1x255x26x26"}},
    {"mobilenet-v2", 564405744, 3504872, "input", "1x3x300x300", {"logits"}, {"1x1000"}},
};

static void counts_are_exact(void **state)
{
    (void)state;
    assert_int_equal(doubt_net_count(), sizeof counts / sizeof counts[0]);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct doubt_cost cost, half;
        struct doubt_graph *graph = build(counts[i].name, &f32_1);
        struct doubt_graph *narrow = build(counts[i].name, &f16_1);
        assert_int_equal(doubt_cost_count(graph, &cost, NULL), DOUBT_OK);
        assert_int_equal(doubt_cost_count(narrow, &half, NULL), DOUBT_OK);
        assert_int_equal(cost.macs, counts[i].macs);
        assert_int_equal(cost.parameters, counts[i].parameters);
        assert_int_equal(half.macs, cost.macs);
        assert_int_equal(half.parameters, cost.parameters);
        assert_int_equal(half.io_bytes * 2, cost.io_bytes);
        assert_int_equal(doubt_graph_input_count(graph), 1);
        check_value(graph, counts[i].input, counts[i].input_shape);
        size_t outputs = 0;
        for (; outputs < 3 && counts[i].outputs[outputs] != NULL; outputs++) {
            assert_string_equal(doubt_graph_output(graph, outputs), counts[i].outputs[outputs]);
            check_value(graph, counts[i].outputs[outputs], counts[i].shapes[outputs]);
            assert_int_equal(doubt_graph_value(narrow, counts[i].outputs[outputs])->dtype,
                             DOUBT_F16);
        }
        assert_int_equal(doubt_graph_output_count(graph), outputs);
        doubt_graph_free(graph);
        doubt_graph_free(narrow);
    }
}

static size_t count_ops(const struct doubt_graph *graph, const char *op)
{
    size_t count = 0;
    for (size_t i = 0; i < doubt_graph_node_count(graph); i++)
        count += strcmp(doubt_graph_node(graph, i)->op, op) == 0;
    return count;
}

static const struct doubt_node *node_of(const struct doubt_graph *graph, const char *name)
{
    for (size_t i = 0; i < doubt_graph_node_count(graph); i++) {
        if (strcmp(doubt_graph_node(graph, i)->name, name) == 0)
            return doubt_graph_node(graph, i);
    }
    fail_msg("no node %s", name);
    return NULL;
}

/* What has the same counts and shapes when it is wrong. */
static void rules_that_counts_do_not_catch(void **state)
{
    const int64_t *ints;
    struct doubt_graph *graph = build("resnet50", &f32_1);
    (void)state;
    assert_int_equal(doubt_node_ints(node_of(graph, "pool1"), "pads", &ints), 0);
    assert_int_equal(doubt_node_int(node_of(graph, "pool1"), "ceil_mode", 0), 1);
    assert_int_equal(doubt_node_ints(node_of(graph, "res3a_branch2a"), "strides", &ints), 2);
    assert_int_equal(ints[0], 2);
    assert_int_equal(count_ops(graph, "BatchNormalization"), 53);
    doubt_graph_free(graph);
    graph = build("inception-v4", &f32_1);
    assert_int_equal(count_ops(graph, "Conv"), 149);
    assert_int_equal(count_ops(graph, "BatchNormalization"), 149);
    assert_int_equal(doubt_node_int(node_of(graph, "inception_a1_pool"), "count_include_pad", 0),
                     1);
    doubt_graph_free(graph);
    graph = build("tiny-yolov3", &f32_1);
    assert_int_equal(doubt_node_ints(node_of(graph, "pool6"), "pads", &ints), 4);
    assert_memory_equal(ints, ((int64_t[]){0, 0, 1, 1}), 4 * sizeof *ints);
    const struct doubt_node *resize = node_of(graph, "upsample");
    assert_string_equal(doubt_node_string(resize, "nearest_mode", ""), "floor");
    assert_string_equal(doubt_node_string(resize, "coordinate_transformation_mode", ""),
                        "asymmetric");
    doubt_graph_free(graph);
    graph = build("unet", &f32_1);
    assert_int_equal(count_ops(graph, "Conv"), 19);
    assert_int_equal(count_ops(graph, "ConvTranspose"), 4);
    doubt_graph_free(graph);
}

static void ssd_with_and_without_nms(void **state)
{
    struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32, .no_nms = true};
    struct doubt_graph *graph = build("ssd-mobilenet-v2", &params);
    const int64_t *ints;
    (void)state;
    assert_int_equal(doubt_graph_output_count(graph), 2);
    assert_int_equal(count_ops(graph, "NonMaxSuppression"), 0);
    assert_int_equal(count_ops(graph, "BatchNormalization"), 0);
    /* TensorFlow's SAME: at 300 pixels and stride 2 the one missing pixel goes after */
    assert_int_equal(doubt_node_ints(node_of(graph, "conv1"), "pads", &ints), 4);
    assert_memory_equal(ints, ((int64_t[]){0, 0, 1, 1}), 4 * sizeof *ints);
    doubt_graph_free(graph);
    graph = build("ssd-mobilenet-v2", &f16_1);
    assert_int_equal(count_ops(graph, "NonMaxSuppression"), 1);
    const struct doubt_node *nms = node_of(graph, "nms/selected");
    assert_int_equal(doubt_graph_value(graph, nms->inputs[0])->dtype, DOUBT_F32);
    assert_int_equal(doubt_graph_value(graph, nms->inputs[1])->dtype, DOUBT_F32);
    check_value(graph, nms->inputs[1], "1x36x1917");
    doubt_graph_free(graph);
}

/* Anchors lie in order: centres inside the image, the first map's cells 1/19 apart. */
static void ssd_anchors(void **state)
{
    struct doubt_graph *graph = build("ssd-mobilenet-v2", &f32_1);
    static float centres[1917 * 2], halves[1917 * 2];
    (void)state;
    doubt_const_read(doubt_graph_const(graph, "anchors.centre"), 0, 1917 * 2, centres);
    doubt_const_read(doubt_graph_const(graph, "anchors.half"), 0, 1917 * 2, halves);
    for (int i = 0; i < 1917 * 2; i++)
        assert_true(centres[i] > 0.0f && centres[i] < 1.0f && halves[i] > 0.0f);
    assert_true(centres[0] == (float)(0.5 / 19) && centres[1] == (float)(0.5 / 19));
    assert_true(centres[3 * 2 + 1] == (float)(1.5 / 19)); /* three anchors on: one cell right */
    assert_true(halves[0] == 0.1f * 0.5f && halves[1] == 0.1f * 0.5f);
    assert_true(centres[1916 * 2] == 0.5f); /* the last map has one cell */
    doubt_graph_free(graph);
}

static void batches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct doubt_cost cost;
        struct doubt_net_params params = {.batch = 3, .dtype = DOUBT_F32};
        struct doubt_graph *graph = build(counts[i].name, &params);
        assert_int_equal(doubt_cost_count(graph, &cost, NULL), DOUBT_OK);
        assert_int_equal(cost.macs, 3 * counts[i].macs);
        assert_int_equal(cost.parameters, counts[i].parameters);
        for (size_t j = 0; j < doubt_graph_output_count(graph); j++)
            assert_int_equal(doubt_graph_value(graph, doubt_graph_output(graph, j))->dims[0], 3);
        doubt_graph_free(graph);
    }
}

/* The same weights whatever the batch is; other weights in another tensor. */
static void weights_do_not_depend_on_the_batch(void **state)
{
    struct doubt_net_params params = {.batch = 3, .dtype = DOUBT_F32};
    struct doubt_graph *one = build("pose", &f32_1), *three = build("pose", &params);
    float a[64], b[64];
    (void)state;
    doubt_const_read(doubt_graph_const(one, "conv2_1_sep.weight"), 0, 64, a);
    doubt_const_read(doubt_graph_const(three, "conv2_1_sep.weight"), 0, 64, b);
    assert_memory_equal(a, b, sizeof a);
    doubt_const_read(doubt_graph_const(one, "conv2_2_sep.weight"), 0, 64, b);
    assert_memory_not_equal(a, b, sizeof a);
    doubt_graph_free(one);
    doubt_graph_free(three);
}

static void finding(void **state)
{
    const struct doubt_net *net = NULL;
    struct doubt_err err = {0};
    (void)state;
    assert_int_equal(doubt_net_find("ResNet-50", &net, &err), DOUBT_OK);
    assert_string_equal(net->name, "resnet50");
    assert_int_equal(doubt_net_find("resnet-5O", &net, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "did you mean \"resnet50\"?"));
    assert_non_null(strstr(err.text, "tiny-yolov3"));
    assert_null(doubt_net_at(doubt_net_count()));
    for (size_t i = 0; i < doubt_net_count(); i++) {
        net = doubt_net_at(i);
        assert_true(strlen(net->summary) > 0 && strlen(net->source) > 0);
        assert_true(strstr(net->certainty, "certain") != NULL ||
                    strstr(net->certainty, "inferred") != NULL);
    }
}

static void wrong_parameters(void **state)
{
    static const struct doubt_net_params rows[] = {{.batch = 0, .dtype = DOUBT_F32},
                                                   {.batch = -1, .dtype = DOUBT_F32},
                                                   {.batch = 100000, .dtype = DOUBT_F32},
                                                   {.batch = 1, .dtype = DOUBT_I8}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_graph *graph = NULL;
        struct doubt_err err = {0};
        assert_int_equal(doubt_net_build(doubt_net_at(0), &rows[i], &graph, &err),
                         DOUBT_E_ARGUMENT);
        assert_null(graph);
        assert_non_null(strstr(err.text, "are accepted"));
    }
}

/* --- inputs -------------------------------------------------------------------------------- */

enum { IMAGE = 3 * 20 * 30 };

static void inputs_repeat_over_the_batch(void **state)
{
    static float two[2 * IMAGE], one[IMAGE];
    struct doubt_tensor input = {.name = "data",
                                 .dtype = DOUBT_F32,
                                 .rank = 4,
                                 .dims = {2, 3, 20, 30},
                                 .data = two,
                                 .bytes = sizeof two};
    double sum = 0;
    (void)state;
    doubt_net_fill_input(&input);
    assert_memory_equal(two, two + IMAGE, IMAGE * sizeof *two);
    input.dims[0] = 1;
    input.data = one;
    input.bytes = sizeof one;
    doubt_net_fill_input(&input);
    assert_memory_equal(one, two, sizeof one);
    for (int i = 0; i < IMAGE; i++) {
        assert_true(one[i] >= -1.0f && one[i] < 1.0f);
        sum += (double)one[i];
    }
    assert_true(sum / IMAGE > -0.5 && sum / IMAGE < 0.5);
    assert_memory_not_equal(one, one + IMAGE / 3, IMAGE / 3 * sizeof *one);
    input.name = "other";
    doubt_net_fill_input(&input);
    assert_memory_not_equal(one, two, sizeof one);
}

static void inputs_of_other_types(void **state)
{
    static float wide[IMAGE];
    static uint16_t half[IMAGE];
    int64_t ids[5] = {1, 2, 3, 4, 5};
    struct doubt_tensor input = {.name = "x",
                                 .dtype = DOUBT_F32,
                                 .rank = 2,
                                 .dims = {1, IMAGE},
                                 .data = wide,
                                 .bytes = sizeof wide};
    (void)state;
    doubt_net_fill_input(&input);
    input.dtype = DOUBT_F16;
    input.data = half;
    input.bytes = sizeof half;
    doubt_net_fill_input(&input);
    for (int i = 0; i < IMAGE; i++)
        assert_int_equal(half[i], doubt_f16_from_f32(wide[i]));
    input = (struct doubt_tensor){.name = "ids",
                                  .dtype = DOUBT_I64,
                                  .rank = 1,
                                  .dims = {5},
                                  .data = ids,
                                  .bytes = sizeof ids};
    doubt_net_fill_input(&input);
    for (int i = 0; i < 5; i++)
        assert_int_equal(ids[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_exact),
        cmocka_unit_test(rules_that_counts_do_not_catch),
        cmocka_unit_test(ssd_with_and_without_nms),
        cmocka_unit_test(ssd_anchors),
        cmocka_unit_test(batches),
        cmocka_unit_test(weights_do_not_depend_on_the_batch),
        cmocka_unit_test(finding),
        cmocka_unit_test(wrong_parameters),
        cmocka_unit_test(inputs_repeat_over_the_batch),
        cmocka_unit_test(inputs_of_other_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

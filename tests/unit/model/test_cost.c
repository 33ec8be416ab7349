/* test_cost.c: work of single nodes counted by hand, and what cannot be counted. */
#include "model/cost.h"
#include "model/shape.h"
#include "model/tensor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct shape {
    int32_t rank;
    int64_t dims[4];
};

/* One node of op over input "x" and a parameter "w", output "y". */
struct one {
    const char *op;
    struct shape x, w;
    struct doubt_attr attrs[3];
    int64_t macs;
};

static struct doubt_graph *graph_of(const struct one *one)
{
    struct doubt_graph *graph = doubt_graph_new("one");
    struct doubt_value x = {.name = "x", .dtype = DOUBT_F32, .rank = one->x.rank};
    struct doubt_const w = {.value = {.name = "w", .dtype = DOUBT_F32, .rank = one->w.rank},
                            .fill = DOUBT_FILL_NORMAL,
                            .parameter = true};
    struct doubt_node node = {.name = "n",
                              .op = one->op,
                              .input_count = 2,
                              .output_count = 1,
                              .inputs = {"x", "w"},
                              .outputs = {"y"},
                              .attrs = one->attrs};
    memcpy(x.dims, one->x.dims, sizeof one->x.dims);
    memcpy(w.value.dims, one->w.dims, sizeof one->w.dims);
    assert_true(doubt_dims_count(w.value.dims, w.value.rank, &w.bytes));
    w.bytes *= 4;
    while (node.attr_count < 3 && one->attrs[node.attr_count].name != NULL)
        node.attr_count++;
    assert_int_equal(doubt_graph_add_input(graph, &x, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_add_const(graph, &w, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_add_node(graph, &node, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_add_output(graph, "y", NULL), DOUBT_OK);
    assert_int_equal(doubt_shape_infer(graph, NULL), DOUBT_OK);
    return graph;
}

#define GROUP(n)                                                                                   \
    {                                                                                              \
        .name = "group", .kind = DOUBT_ATTR_INT, .i = n                                            \
    }
#define FLAG(key)                                                                                  \
    {                                                                                              \
        .name = key, .kind = DOUBT_ATTR_INT, .i = 1                                                \
    }

static void macs_of_single_nodes(void **state)
{
    static const struct one rows[] = {
        /* 6x6 positions, 8 channels, 3x3x3 weights each */
        {"Conv", {4, {1, 3, 8, 8}}, {4, {8, 3, 3, 3}}, {{0}}, 36 * 8 * 27},
        {"Conv", {4, {5, 3, 8, 8}}, {4, {8, 3, 3, 3}}, {{0}}, 5 * 36 * 8 * 27},
        {"Conv", {4, {1, 8, 8, 8}}, {4, {8, 1, 3, 3}}, {GROUP(8)}, 36 * 8 * 9},
        /* each of 4x4x16 inputs meets 8x2x2 weights */
        {"ConvTranspose", {4, {1, 16, 4, 4}}, {4, {16, 8, 2, 2}}, {{0}}, 16 * 16 * 8 * 4},
        {"ConvTranspose", {4, {1, 16, 4, 4}}, {4, {16, 2, 2, 2}}, {GROUP(4)}, 16 * 16 * 2 * 4},
        {"Gemm", {2, {2, 100}}, {2, {100, 7}}, {{0}}, 2 * 100 * 7},
        {"Gemm", {2, {100, 2}}, {2, {7, 100}}, {FLAG("transA"), FLAG("transB")}, 2 * 100 * 7},
        {"MatMul", {3, {4, 5, 6}}, {2, {6, 7}}, {{0}}, 4 * 5 * 6 * 7},
        {"MatMul", {1, {6}}, {2, {6, 7}}, {{0}}, 6 * 7},
        {"Add", {2, {3, 4}}, {2, {3, 4}}, {{0}}, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_cost cost;
        struct doubt_graph *graph = graph_of(&rows[i]);
        assert_int_equal(doubt_cost_count(graph, &cost, NULL), DOUBT_OK);
        assert_int_equal(cost.macs, rows[i].macs);
        int64_t macs = -1;
        assert_int_equal(doubt_cost_of_node(graph, 0, &macs, NULL), DOUBT_OK);
        assert_int_equal(macs, rows[i].macs);
        assert_int_equal(doubt_cost_of_node(graph, 1, &macs, NULL), DOUBT_E_ARGUMENT);
        assert_int_equal(cost.nodes, 1);
        assert_int_equal(cost.parameters * 4, cost.weight_bytes);
        doubt_graph_free(graph);
    }
}

static void bytes(void **state)
{
    const struct one conv = {"Conv", {4, {1, 3, 8, 8}}, {4, {8, 3, 3, 3}}, {{0}}, 0};
    struct doubt_cost cost;
    struct doubt_graph *graph = graph_of(&conv);
    (void)state;
    assert_int_equal(doubt_cost_count(graph, &cost, NULL), DOUBT_OK);
    assert_int_equal(cost.parameters, 8 * 27);
    assert_int_equal(cost.weight_bytes, 8 * 27 * 4);
    assert_int_equal(cost.activation_bytes, 36 * 8 * 4);
    assert_int_equal(cost.io_bytes, (3 * 64 + 36 * 8) * 4);
    doubt_graph_free(graph);
}

static void unknown_sizes_are_named(void **state)
{
    const struct one row = {"MatMul", {2, {-1, 6}}, {2, {6, 7}}, {{0}}, 0};
    struct doubt_cost cost;
    struct doubt_err err = {0};
    struct doubt_graph *graph = graph_of(&row);
    (void)state;
    assert_int_equal(doubt_cost_count(graph, &cost, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "\"y\""));
    doubt_graph_free(graph);
}

static void too_much_work_is_refused(void **state)
{
    const struct one row = {
        "MatMul", {3, {1 << 28, 1 << 28, 1 << 10}}, {2, {1 << 10, 1}}, {{0}}, 0};
    struct doubt_cost cost;
    struct doubt_err err = {0};
    struct doubt_graph *graph = graph_of(&row);
    (void)state;
    assert_int_equal(doubt_cost_count(graph, &cost, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "beyond"));
    doubt_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(macs_of_single_nodes),
        cmocka_unit_test(bytes),
        cmocka_unit_test(unknown_sizes_are_named),
        cmocka_unit_test(too_much_work_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_layers.c: layers beside the nodes of a model: order, shares of time and of MACs. */
#include "cli/layers.h"

#include "model/onnx.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct doubt_engine_layer layer(const char *name, double ns)
{
    struct doubt_engine_layer made = {.ns = ns};
    snprintf(made.name, sizeof made.name, "%s", name);
    return made;
}

/* A name that the engine may give to the model's one convolution, and what is behind it. */
static void node_name(char *text, size_t room, const char *behind)
{
    struct doubt_graph *graph = NULL;
    text[0] = '\0';
    assert_int_equal(doubt_onnx_load(DOUBT_TEST_DATA "/tiny.onnx", &graph, NULL), DOUBT_OK);
    for (size_t i = 0; i < doubt_graph_node_count(graph); i++) {
        const struct doubt_node *node = doubt_graph_node(graph, i);
        if (strcmp(node->op, "Conv") == 0)
            snprintf(text, room, "%s%s", node->name[0] != '\0' ? node->name : node->outputs[0],
                     behind);
    }
    doubt_graph_free(graph);
    assert_true(strlen(text) > strlen(behind));
}

static struct doubt_layer_row *rows_of(const struct doubt_engine_layer *layers, size_t count,
                                       const char *model)
{
    struct doubt_layer_row *rows = NULL;
    struct doubt_err err = {0};
    assert_int_equal(doubt_layers_rows(layers, count, model, &rows, &err), DOUBT_OK);
    return rows;
}

static void test_slowest_first(void **state)
{
    (void)state;
    const struct doubt_engine_layer layers[] = {layer("b", 10), layer("a", 30), layer("c", 10),
                                                layer("broken", NAN)};
    struct doubt_layer_row *rows = rows_of(layers, 4, NULL);
    assert_string_equal(rows[0].layer.name, "a");
    assert_float_equal(rows[0].share, 0.6, 1e-12);
    assert_string_equal(rows[1].layer.name, "b");
    assert_string_equal(rows[2].layer.name, "c");
    assert_string_equal(rows[3].layer.name, "broken");
    assert_float_equal(rows[3].layer.ns, 0, 0);
    assert_int_equal(rows[0].macs, DOUBT_MISSING_I64);
    assert_true(isnan(rows[0].macs_share));
    free(rows);
}

/* 3 x 3 to 2 channels of 4 x 4: 288. */
static void test_macs_by_name(void **state)
{
    (void)state;
    static const char *const behind[] = {"", "_nchwc", " + relu", "/kernel"};
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        char name[100];
        node_name(name, sizeof name, behind[i]);
        const struct doubt_engine_layer layers[] = {layer("copy", 3), layer(name, 1)};
        struct doubt_layer_row *rows = rows_of(layers, 2, DOUBT_TEST_DATA "/tiny.onnx");
        assert_string_equal(rows[1].layer.name, name);
        assert_int_equal(rows[1].macs, 288);
        assert_float_equal(rows[1].macs_share, 1, 0);
        assert_int_equal(rows[0].macs, DOUBT_MISSING_I64);
        free(rows);
    }
}

/* "conv1" is not "conv10". */
static void test_other_names(void **state)
{
    (void)state;
    char name[100];
    node_name(name, sizeof name, "0");
    const struct doubt_engine_layer layers[] = {layer(name, 1)};
    struct doubt_layer_row *rows = rows_of(layers, 1, DOUBT_TEST_DATA "/tiny.onnx");
    assert_int_equal(rows[0].macs, DOUBT_MISSING_I64);
    free(rows);
}

static void test_no_model(void **state)
{
    (void)state;
    const struct doubt_engine_layer layers[] = {layer("a", 0)};
    struct doubt_layer_row *rows = rows_of(layers, 1, DOUBT_TEST_DATA "/truncated.onnx");
    assert_float_equal(rows[0].share, 0, 0);
    free(rows);
    free(rows_of(layers, 0, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slowest_first),
        cmocka_unit_test(test_macs_by_name),
        cmocka_unit_test(test_other_names),
        cmocka_unit_test(test_no_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_graph.c: adding and finding, refusals, constants made from recipes. */
#include "model/graph.h"
#include "model/tensor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct doubt_value value_of(const char *name)
{
    return (struct doubt_value){.name = name, .dtype = DOUBT_F32, .rank = 2, .dims = {2, 3}};
}

static struct doubt_const const_of(const char *name, enum doubt_fill fill)
{
    return (struct doubt_const){
        .value = value_of(name), .fill = fill, .seed = 5, .scale = 1.0f, .bytes = 24};
}

static enum doubt_code add_relu(struct doubt_graph *graph, const char *from, const char *to,
                                struct doubt_err *err)
{
    struct doubt_node node = {.name = to,
                              .op = "Relu",
                              .input_count = 1,
                              .output_count = 1,
                              .inputs = {from},
                              .outputs = {to}};
    return doubt_graph_add_node(graph, &node, err);
}

/* Enough values to grow the table and the arena several times; pointers must stay valid. */
static void many_values(void **state)
{
    struct doubt_graph *graph = doubt_graph_new("many");
    struct doubt_value x = value_of("v0");
    char from[32], to[32];
    (void)state;
    assert_int_equal(doubt_graph_add_input(graph, &x, NULL), DOUBT_OK);
    const struct doubt_value *first = doubt_graph_value(graph, "v0");
    for (int i = 0; i < 5000; i++) {
        snprintf(from, sizeof from, "v%d", i);
        snprintf(to, sizeof to, "v%d", i + 1);
        assert_int_equal(add_relu(graph, from, to, NULL), DOUBT_OK);
    }
    assert_int_equal(doubt_graph_node_count(graph), 5000);
    assert_ptr_equal(doubt_graph_value(graph, "v0"), first);
    for (int i = 0; i <= 5000; i++) {
        snprintf(to, sizeof to, "v%d", i);
        assert_non_null(doubt_graph_value(graph, to));
        assert_string_equal(doubt_graph_value(graph, to)->name, to);
    }
    assert_null(doubt_graph_value(graph, "v5001"));
    assert_null(doubt_graph_node(graph, 5000));
    assert_int_equal(doubt_graph_value(graph, "v7")->rank, -1);
    doubt_graph_free(graph);
}

static void refuses(enum doubt_code got, enum doubt_code want, struct doubt_err *err,
                    const char *part)
{
    assert_int_equal(got, want);
    assert_non_null(strstr(err->text, part));
    *err = (struct doubt_err){0};
}

static void refusals(void **state)
{
    struct doubt_err err = {0};
    struct doubt_graph *graph = doubt_graph_new("net");
    struct doubt_value x = value_of("x"), bad = value_of("bad"), nameless = value_of("");
    struct doubt_const c = const_of("c", DOUBT_FILL_ZERO);
    (void)state;
    assert_int_equal(doubt_graph_add_input(graph, &x, &err), DOUBT_OK);
    refuses(doubt_graph_add_input(graph, &x, &err), DOUBT_E_FORMAT, &err, "\"x\"");
    refuses(doubt_graph_add_input(graph, &nameless, &err), DOUBT_E_FORMAT, &err, "no name");
    bad.rank = 9;
    refuses(doubt_graph_add_input(graph, &bad, &err), DOUBT_E_FORMAT, &err, "rank 9");
    bad.rank = 1;
    bad.dims[0] = -2;
    refuses(doubt_graph_add_input(graph, &bad, &err), DOUBT_E_FORMAT, &err, "-2");
    refuses(add_relu(graph, "y", "z", &err), DOUBT_E_FORMAT, &err, "\"y\"");
    refuses(add_relu(graph, "x", "x", &err), DOUBT_E_FORMAT, &err, "\"x\"");
    refuses(doubt_graph_add_output(graph, "nothing", &err), DOUBT_E_FORMAT, &err, "nothing");
    c.bytes = 23;
    refuses(doubt_graph_add_const(graph, &c, &err), DOUBT_E_FORMAT, &err, "23 bytes");
    c = const_of("c", DOUBT_FILL_DATA);
    refuses(doubt_graph_add_const(graph, &c, &err), DOUBT_E_FORMAT, &err, "no data");
    c = const_of("c", DOUBT_FILL_ZERO);
    c.value.dtype = (enum doubt_dtype)8;
    refuses(doubt_graph_add_const(graph, &c, &err), DOUBT_E_UNSUPPORTED, &err, "type 8");
    c = const_of("c", DOUBT_FILL_ZERO);
    c.value.dims[0] = c.value.dims[1] = INT64_MAX;
    refuses(doubt_graph_add_const(graph, &c, &err), DOUBT_E_FORMAT, &err, "impossible");
    c = const_of("c", DOUBT_FILL_ZERO);
    assert_int_equal(doubt_graph_add_const(graph, &c, &err), DOUBT_OK);
    refuses(doubt_graph_set_value(graph, &c.value, &err), DOUBT_E_ARGUMENT, &err, "constant");
    bad = value_of("unknown");
    refuses(doubt_graph_set_value(graph, &bad, &err), DOUBT_E_NOT_FOUND, &err, "unknown");
    struct doubt_node wide = {.op = "Concat", .input_count = DOUBT_NODE_INPUTS_MAX + 1};
    refuses(doubt_graph_add_node(graph, &wide, &err), DOUBT_E_UNSUPPORTED, &err, "65 inputs");
    doubt_graph_free(graph);
}

static void attributes(void **state)
{
    struct doubt_graph *graph = doubt_graph_new("attrs");
    struct doubt_value x = value_of("x");
    struct doubt_attr attrs[] = {
        {.name = "axis", .kind = DOUBT_ATTR_INT, .i = -1},
        {.name = "alpha", .kind = DOUBT_ATTR_FLOAT, .f = 0.5f},
        {.name = "mode", .kind = DOUBT_ATTR_STRING, .s = "nearest"},
        {.name = "pads", .kind = DOUBT_ATTR_INTS, .int_count = 2, .ints = {1, 2}}};
    struct doubt_node node = {.op = "Any",
                              .input_count = 2,
                              .output_count = 2,
                              .attr_count = 4,
                              .inputs = {"x", ""},
                              .outputs = {"y", ""},
                              .attrs = attrs};
    const int64_t *ints;
    (void)state;
    assert_int_equal(doubt_graph_add_input(graph, &x, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_add_node(graph, &node, NULL), DOUBT_OK);
    memset(attrs, 0, sizeof attrs); /* the graph has its own copy */
    const struct doubt_node *copy = doubt_graph_node(graph, 0);
    assert_string_equal(copy->name, "");
    assert_string_equal(copy->domain, "");
    assert_string_equal(copy->inputs[1], "");
    assert_int_equal(doubt_node_int(copy, "axis", 3), -1);
    assert_int_equal(doubt_node_int(copy, "alpha", 3), 3); /* another kind */
    assert_true(doubt_node_float(copy, "alpha", 0.0f) == 0.5f);
    assert_string_equal(doubt_node_string(copy, "mode", ""), "nearest");
    assert_string_equal(doubt_node_string(copy, "other", "none"), "none");
    assert_int_equal(doubt_node_ints(copy, "pads", &ints), 2);
    assert_int_equal(ints[1], 2);
    assert_int_equal(doubt_node_ints(copy, "dilations", &ints), 0);
    doubt_graph_free(graph);
}

static char order[8];

static void note(void *resource)
{
    strcat(order, resource);
}

static void owned_resources(void **state)
{
    struct doubt_graph *graph = doubt_graph_new("own");
    char a[] = "a", b[] = "b";
    (void)state;
    assert_int_equal(doubt_graph_own(graph, a, note), DOUBT_OK);
    assert_int_equal(doubt_graph_own(graph, b, note), DOUBT_OK);
    const unsigned char *block = doubt_graph_alloc(graph, 1 << 20);
    for (size_t i = 0; i < 1 << 20; i++)
        assert_int_equal(block[i], 0);
    assert_null(doubt_graph_alloc(graph, SIZE_MAX - 4));
    doubt_graph_free(graph);
    assert_string_equal(order, "ba");
    doubt_graph_free(NULL);
}

/* --- constants ----------------------------------------------------------------------------- */

enum { COUNT = 1 << 16 };
static float whole[COUNT];

static void moments(const float *x, double *mean, double *deviation)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < COUNT; i++) {
        sum += (double)x[i];
        squares += (double)x[i] * (double)x[i];
    }
    *mean = sum / COUNT;
    *deviation = sqrt(squares / COUNT - *mean * *mean);
}

/* Means and deviations within five standard errors. */
static void recipes_have_their_moments(void **state)
{
    struct doubt_const c = {.value = {.name = "c", .dtype = DOUBT_F32, .rank = 1, .dims = {COUNT}},
                            .seed = 99,
                            .scale = 2.0f,
                            .offset = 10.0f};
    double mean, deviation, error = 5.0 * 2.0 / sqrt(COUNT);
    (void)state;
    c.fill = DOUBT_FILL_UNIFORM;
    doubt_const_read(&c, 0, COUNT, whole);
    moments(whole, &mean, &deviation);
    assert_true(fabs(mean - 10.0) < error && fabs(deviation - 2.0 / sqrt(3.0)) < error);
    for (int i = 0; i < COUNT; i++)
        assert_true(whole[i] >= 8.0f && whole[i] <= 12.0f);
    c.fill = DOUBT_FILL_NORMAL;
    doubt_const_read(&c, 0, COUNT, whole);
    moments(whole, &mean, &deviation);
    assert_true(fabs(mean - 10.0) < error && fabs(deviation - 2.0) < error);
    c.fill = DOUBT_FILL_CONST;
    doubt_const_read(&c, 0, 2, whole);
    assert_true(whole[0] == 10.0f && whole[1] == 10.0f);
    c.fill = DOUBT_FILL_ZERO;
    doubt_const_read(&c, 5, 2, whole);
    assert_true(whole[0] == 0.0f && whole[1] == 0.0f);
}

static void pieces_equal_the_whole(void **state)
{
    static const enum doubt_fill fills[] = {DOUBT_FILL_UNIFORM, DOUBT_FILL_NORMAL,
                                            DOUBT_FILL_BALANCED};
    struct doubt_const c = {
        .value = {.name = "c", .dtype = DOUBT_F32, .rank = 4, .dims = {64, 5, 3, 3}},
        .seed = 1,
        .scale = 0.3f};
    float piece[7];
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        c.fill = fills[k];
        doubt_const_read(&c, 0, 64 * 45, whole);
        for (uint64_t first = 0; first + 7 <= 64 * 45; first += 5) {
            doubt_const_read(&c, first, 7, piece);
            assert_memory_equal(piece, whole + first, sizeof piece);
        }
    }
}

/* Per filter and tap, channels 0 and 3, 1 and 4 cancel; channel 2 of 5 stands alone. */
static void balanced_filters_sum_to_zero(void **state)
{
    struct doubt_const c = {
        .value = {.name = "c", .dtype = DOUBT_F32, .rank = 4, .dims = {4, 5, 3, 3}},
        .fill = DOUBT_FILL_BALANCED,
        .seed = 1,
        .scale = 0.3f};
    (void)state;
    doubt_const_read(&c, 0, 4 * 45, whole);
    for (int filter = 0; filter < 4; filter++) {
        for (int tap = 0; tap < 9; tap++) {
            const float *at = whole + filter * 45 + tap;
            assert_true(at[0] == -at[27] && at[9] == -at[36] && at[18] != 0.0f);
        }
    }
}

static void narrow_types_round_the_float(void **state)
{
    struct doubt_const c = {.value = {.name = "c", .dtype = DOUBT_F32, .rank = 1, .dims = {1000}},
                            .fill = DOUBT_FILL_NORMAL,
                            .seed = 3,
                            .scale = 0.01f};
    uint16_t half[1000];
    double wide[10];
    int64_t integer;
    (void)state;
    doubt_const_read(&c, 0, 1000, whole);
    c.value.dtype = DOUBT_F16;
    doubt_const_read(&c, 0, 1000, half);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(half[i], doubt_f16_from_f32(whole[i]));
    c.value.dtype = DOUBT_BF16;
    doubt_const_read(&c, 10, 990, half);
    for (int i = 0; i < 990; i++)
        assert_int_equal(half[i], doubt_bf16_from_f32(whole[i + 10]));
    c.value.dtype = DOUBT_F64;
    doubt_const_read(&c, 0, 10, wide);
    for (int i = 0; i < 10; i++)
        assert_true(wide[i] == (double)whole[i]);
    c.value.dtype = DOUBT_I64;
    c.fill = DOUBT_FILL_CONST;
    c.offset = -3.0f;
    doubt_const_read(&c, 0, 1, &integer);
    assert_int_equal(integer, -3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_values),
        cmocka_unit_test(refusals),
        cmocka_unit_test(attributes),
        cmocka_unit_test(owned_resources),
        cmocka_unit_test(recipes_have_their_moments),
        cmocka_unit_test(pieces_equal_the_whole),
        cmocka_unit_test(balanced_filters_sum_to_zero),
        cmocka_unit_test(narrow_types_round_the_float),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

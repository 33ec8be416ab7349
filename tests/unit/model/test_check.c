/* test_check.c: wrong answers are told from right ones, and said in words. */
#include "../sanitizers.h"
#include "model/check.h"
#include "model/interp.h"
#include "model/net.h"
#include "model/shape.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SANITIZED (SANITIZED_ADDRESS)

enum { ELEMENTS = 2 * 3 * 500 };

static float right[ELEMENTS], answer[2 * ELEMENTS];

static struct doubt_tensor tensor_of(float *data)
{
    return (struct doubt_tensor){.name = "y",
                                 .dtype = DOUBT_F32,
                                 .rank = 4,
                                 .dims = {1, 2, 3, 500},
                                 .data = data,
                                 .bytes = sizeof right};
}

static struct doubt_reference reference_of(const struct doubt_tensor *outputs, size_t count)
{
    struct doubt_err err = {0};
    struct doubt_reference reference;
    if (doubt_reference_make(outputs, count, &reference, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    return reference;
}

static struct doubt_reference fresh(void)
{
    for (int n = 0; n < ELEMENTS; n++)
        right[n] = sinf((float)n * 0.7f) + 0.2f;
    memcpy(answer, right, sizeof right);
    memcpy(answer + ELEMENTS, right, sizeof right);
    struct doubt_tensor tensor = tensor_of(right);
    return reference_of(&tensor, 1);
}

static struct doubt_check check(const struct doubt_reference *reference,
                                const struct doubt_tensor *outputs, size_t count,
                                enum doubt_precision precision)
{
    struct doubt_check out;
    doubt_check_outputs(reference, outputs, count, precision, &out);
    assert_true(out.ok == (out.text[0] == '\0'));
    return out;
}

static void assert_says(const struct doubt_check *out, const char *part)
{
    assert_false(out->ok);
    if (!strstr(out->text, part))
        fail_msg("\"%s\" does not say \"%s\"", out->text, part);
}

static void the_same_answer_passes(void **state)
{
    (void)state;
    struct doubt_reference reference = fresh();
    struct doubt_tensor got = tensor_of(answer);
    struct doubt_check out = check(&reference, &got, 1, DOUBT_PRECISION_F32);
    assert_true(out.ok);
    assert_true(out.error < 1e-9);
    assert_int_equal(reference.outputs[0].point_count, DOUBT_REFERENCE_POINTS);
    doubt_reference_free(&reference);
}

static void positions_ascend_and_cover(void **state)
{
    (void)state;
    struct doubt_reference reference = fresh();
    const struct doubt_reference_output *output = &reference.outputs[0];
    for (uint32_t k = 1; k < output->point_count; k++)
        assert_true(output->positions[k] > output->positions[k - 1]);
    assert_true(output->positions[0] < 3);
    assert_true(output->positions[output->point_count - 1] >= ELEMENTS - 3);
    assert_true(output->positions[output->point_count - 1] < ELEMENTS);
    doubt_reference_free(&reference);
}

/* Any element may be the bad one, also those between the points. */
static void every_element_is_looked_at_for_nan_and_infinity(void **state)
{
    (void)state;
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    struct doubt_reference reference = fresh();
    struct doubt_tensor got = tensor_of(answer);
    for (int n = 0; n < ELEMENTS; n++) {
        answer[n] = bad[n % 3];
        struct doubt_check out = check(&reference, &got, 1, DOUBT_PRECISION_BF16);
        assert_false(out.ok);
        assert_true(isnan(out.error));
        answer[n] = right[n];
    }
    answer[1 * 1500 + 2 * 500 + 17] = NAN;
    struct doubt_check out = check(&reference, &got, 1, DOUBT_PRECISION_F32);
    assert_says(&out, "\"y\" is nan at [0, 1, 2, 17]");
    doubt_reference_free(&reference);
}

static void a_wrong_value_is_found_and_placed(void **state)
{
    (void)state;
    struct doubt_reference reference = fresh();
    struct doubt_tensor got = tensor_of(answer);
    uint64_t at = reference.outputs[0].positions[1000];
    char place[64];
    snprintf(place, sizeof place, "is 99 at [0, %llu, %llu, %llu], expected",
             (unsigned long long)(at / 1500), (unsigned long long)(at / 500 % 3),
             (unsigned long long)(at % 500));
    answer[at] = 99.0f;
    struct doubt_check out = check(&reference, &got, 1, DOUBT_PRECISION_F32);
    assert_says(&out, place);
    assert_true(out.error > 1.0);
    doubt_reference_free(&reference);
}

/* A block of zeros that misses all points shows in the norm. */
static void the_norm_covers_what_no_point_does(void **state)
{
    (void)state;
    struct doubt_reference reference = fresh();
    struct doubt_tensor got = tensor_of(answer);
    uint32_t k = 0;
    for (uint64_t n = 0; n < ELEMENTS; n++) {
        if (k < reference.outputs[0].point_count && reference.outputs[0].positions[k] == n)
            k++;
        else
            answer[n] = 0.0f;
    }
    struct doubt_check out = check(&reference, &got, 1, DOUBT_PRECISION_F32);
    assert_says(&out, "norm");
    doubt_reference_free(&reference);
}

static void tolerances_grow_with_coarseness(void **state)
{
    (void)state;
    double f32 = doubt_check_tolerance(DOUBT_PRECISION_F32);
    double f16 = doubt_check_tolerance(DOUBT_PRECISION_F16);
    double bf16 = doubt_check_tolerance(DOUBT_PRECISION_BF16);
    assert_true(f32 > 0.0 && f32 < doubt_check_tolerance(DOUBT_PRECISION_TF32));
    assert_true(doubt_check_tolerance(DOUBT_PRECISION_TF32) <= f16 && f16 < bf16);
    assert_true(bf16 < doubt_check_tolerance(DOUBT_PRECISION_I8));
    assert_true(doubt_check_tolerance((enum doubt_precision)77) == bf16);
    /* The same deviation of 0.5 % is wrong in f32 and right in f16 and bf16. */
    struct doubt_reference reference = fresh();
    struct doubt_tensor got = tensor_of(answer);
    for (int n = 0; n < ELEMENTS; n++)
        answer[n] *= n % 2 ? 1.005f : 0.995f;
    assert_false(check(&reference, &got, 1, DOUBT_PRECISION_F32).ok);
    assert_true(check(&reference, &got, 1, DOUBT_PRECISION_F16).ok);
    assert_true(check(&reference, &got, 1, DOUBT_PRECISION_BF16).ok);
    doubt_reference_free(&reference);
}

/* Values in another order have the same norm and pass at no precision. */
static void a_permutation_fails_at_every_precision(void **state)
{
    (void)state;
    struct doubt_reference reference = fresh();
    struct doubt_tensor got = tensor_of(answer);
    for (int n = 0; n < ELEMENTS; n++)
        answer[n] = right[(n * 1013 + 7) % ELEMENTS];
    for (int p = 0; p < DOUBT_PRECISION_COUNT; p++)
        assert_false(check(&reference, &got, 1, (enum doubt_precision)p).ok);
    doubt_reference_free(&reference);
}

static void shapes_must_fit(void **state)
{
    (void)state;
    struct doubt_reference reference = fresh();
    struct doubt_tensor got = tensor_of(answer);
    got.dims[2] = 500;
    got.dims[3] = 3;
    struct doubt_check out = check(&reference, &got, 1, DOUBT_PRECISION_F32);
    assert_says(&out, "1x2x500x3");
    assert_says(&out, "1x2x3x500");
    got = tensor_of(answer);
    got.rank = 3;
    got.dims[0] = 2;
    got.dims[1] = 3;
    got.dims[2] = 500;
    out = check(&reference, &got, 1, DOUBT_PRECISION_F32);
    assert_says(&out, "shape");
    got = tensor_of(answer);
    got.data = NULL;
    assert_false(check(&reference, &got, 1, DOUBT_PRECISION_F32).ok);
    got = tensor_of(answer);
    got.bytes -= 4;
    assert_false(check(&reference, &got, 1, DOUBT_PRECISION_F32).ok);
    doubt_reference_free(&reference);
}

static void a_batch_is_compared_image_by_image(void **state)
{
    (void)state;
    struct doubt_reference reference = fresh();
    struct doubt_tensor got = tensor_of(answer);
    got.dims[0] = 2;
    got.bytes = sizeof answer;
    assert_true(check(&reference, &got, 1, DOUBT_PRECISION_F32).ok);
    answer[ELEMENTS + 500] = NAN;
    struct doubt_check out = check(&reference, &got, 1, DOUBT_PRECISION_F32);
    assert_says(&out, "[1, 0, 1, 0]");
    memset(answer + ELEMENTS, 0, sizeof right);
    assert_false(check(&reference, &got, 1, DOUBT_PRECISION_F32).ok);
    got.dims[0] = 1;
    got.dims[1] = 4; /* the first axis that is not 1 in the reference may grow as well */
    memcpy(answer + ELEMENTS, right, sizeof right);
    assert_true(check(&reference, &got, 1, DOUBT_PRECISION_F32).ok);
    got.dims[1] = 2;
    got.dims[3] = 1000; /* one behind it may not: images would be interleaved */
    assert_false(check(&reference, &got, 1, DOUBT_PRECISION_F32).ok);
    doubt_reference_free(&reference);
}

static void outputs_are_found_by_name_then_by_order(void **state)
{
    (void)state;
    float a[4] = {1, 2, 3, 4}, b[4] = {9, 8, 7, 6};
    struct doubt_tensor t[2] = {
        {.name = "a", .dtype = DOUBT_F32, .rank = 1, .dims = {4}, .data = a, .bytes = sizeof a},
        {.name = "b", .dtype = DOUBT_F32, .rank = 1, .dims = {4}, .data = b, .bytes = sizeof b}};
    struct doubt_reference reference = reference_of(t, 2);
    struct doubt_tensor turned[2] = {t[1], t[0]};
    assert_true(check(&reference, turned, 2, DOUBT_PRECISION_F32).ok);
    struct doubt_tensor renamed[2] = {t[0], t[1]};
    renamed[0].name = "first";
    renamed[1].name = NULL;
    assert_true(check(&reference, renamed, 2, DOUBT_PRECISION_F32).ok);
    struct doubt_check out = check(&reference, t, 1, DOUBT_PRECISION_F32);
    assert_says(&out, "\"b\" is missing");
    out = check(&reference, NULL, 0, DOUBT_PRECISION_F32);
    assert_says(&out, "\"a\" is missing");
    doubt_reference_free(&reference);
}

static void other_types_are_read(void **state)
{
    (void)state;
    float zero[3] = {0}, tiny[3] = {0, 1e-5f, 0};
    int64_t ints[3] = {1, 2, 3};
    uint16_t halves[3] = {0x3c00, 0x4000, 0x4200};
    struct doubt_tensor z = {
        .name = "z", .dtype = DOUBT_F32, .rank = 1, .dims = {3}, .data = zero, .bytes = 12};
    struct doubt_reference reference = reference_of(&z, 1);
    z.data = tiny; /* nothing to be relative to: absolute */
    assert_true(check(&reference, &z, 1, DOUBT_PRECISION_F32).ok);
    tiny[1] = 1.0f;
    assert_false(check(&reference, &z, 1, DOUBT_PRECISION_F32).ok);
    doubt_reference_free(&reference);
    struct doubt_tensor i = {
        .name = "z", .dtype = DOUBT_I64, .rank = 1, .dims = {3}, .data = ints, .bytes = 24};
    reference = reference_of(&i, 1);
    struct doubt_tensor h = {
        .name = "z", .dtype = DOUBT_F16, .rank = 1, .dims = {3}, .data = halves, .bytes = 6};
    assert_true(check(&reference, &h, 1, DOUBT_PRECISION_F32).ok);
    halves[2] += 4; /* 0.3 %: within what f16 data is allowed, whatever computed it */
    assert_true(check(&reference, &h, 1, DOUBT_PRECISION_F32).ok);
    halves[2] = 0x7e00;
    assert_false(check(&reference, &h, 1, DOUBT_PRECISION_F32).ok);
    doubt_reference_free(&reference);
}

static void what_is_not_finite_is_no_reference(void **state)
{
    (void)state;
    struct doubt_reference reference = fresh();
    struct doubt_err err = {0};
    doubt_reference_free(&reference);
    struct doubt_tensor got = tensor_of(answer), many[DOUBT_REFERENCE_OUTPUTS_MAX + 1];
    answer[3] = INFINITY;
    assert_int_equal(doubt_reference_make(&got, 1, &reference, &err), DOUBT_E_OUTPUT);
    assert_null(reference.outputs);
    assert_non_null(strstr(err.text, "[0, 0, 0, 3]"));
    for (int k = 0; k <= DOUBT_REFERENCE_OUTPUTS_MAX; k++)
        many[k] = tensor_of(right);
    err = (struct doubt_err){.code = DOUBT_OK};
    assert_int_equal(doubt_reference_make(many, DOUBT_REFERENCE_OUTPUTS_MAX + 1, &reference, &err),
                     DOUBT_E_UNSUPPORTED);
    assert_null(reference.outputs);
}

/* --- text ------------------------------------------------------------------------------------ */

static void text_is_read_back_exactly(void **state)
{
    (void)state;
    float values[3] = {0.1f, -1.17549435e-38f, 3.4028234e38f}, one = 1.0f / 3.0f;
    struct doubt_tensor t[2] = {
        {.name = "a b/c:0", .dtype = DOUBT_F32, .rank = 2, .dims = {1, 3}, .bytes = 12},
        {.name = "s", .dtype = DOUBT_F32, .rank = 0, .bytes = 4}};
    t[0].data = values;
    t[1].data = &one;
    struct doubt_err err = {0};
    struct doubt_reference first = reference_of(t, 2), second;
    char *text = NULL;
    assert_int_equal(doubt_reference_format(&first, &text, &err), DOUBT_OK);
    assert_int_equal(doubt_reference_parse(text, strlen(text), &second, &err), DOUBT_OK);
    assert_int_equal(second.output_count, 2);
    for (int k = 0; k < 2; k++)
        assert_memory_equal(&first.outputs[k], &second.outputs[k], sizeof first.outputs[k]);
    free(text);
    doubt_reference_free(&first);
    doubt_reference_free(&second);
}

static void broken_text_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "hello\n",
        "doubt reference 1\noutput 3 1.0 3 y\n",
        "doubt reference 1\noutput 3 1.0 1 y\n3 1\n",
        "doubt reference 1\noutput 3 1.0 4 y\n0 1\n1 1\n2 1\n3 1\n",
        "doubt reference 1\noutput 3 1.0 2 y\n1 1\n0 1\n",
        "doubt reference 1\noutput 3 nan 1 y\n1 1\n",
        "doubt reference 1\noutput 3 -1 1 y\n1 1\n",
        "doubt reference 1\noutput 3 1.0 1 y\n1 inf\n",
        "doubt reference 1\noutput 3 1.0 1 y\n1 1x\n",
        "doubt reference 1\noutput 3 1.0 1 y\n-1 1\n",
        "doubt reference 1\noutput -3 1.0 1 y\n1 1\n",
        "doubt reference 1\noutput 3x 1.0 1 y\n1 1\n",
        "doubt reference 1\noutput 1x1x1x1x1x1x1x1x1 1.0 1 y\n0 1\n",
        "doubt reference 1\noutput 9999999999x9999999999 1.0 1 y\n0 1\n",
        "doubt reference 1\noutput 99999 1.0 1025 y\n0 1\n",
        "doubt reference 1\ninput 3 1.0 1 y\n1 1\n"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        struct doubt_err err = {0};
        struct doubt_reference reference;
        if (doubt_reference_parse(texts[k], strlen(texts[k]), &reference, &err) != DOUBT_E_FORMAT)
            fail_msg("accepted: %s", texts[k]);
        assert_null(reference.outputs);
        assert_true(err.text[0] != '\0');
    }
}

static void unknown_networks_have_none(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    struct doubt_reference reference;
    assert_int_equal(doubt_reference_find("alexnet", "", &reference, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "alexnet"));
    err = (struct doubt_err){.code = DOUBT_OK};
    assert_int_equal(doubt_reference_find("resnet50", "no-nms", &reference, &err),
                     DOUBT_E_NOT_FOUND);
}

/* --- one wrong layer ------------------------------------------------------------------------- */

/* A copy of a graph in which one node may be changed. */
static struct doubt_graph *copy_graph(const struct doubt_graph *from,
                                      void (*change)(struct doubt_node *, struct doubt_attr *))
{
    struct doubt_err err = {0};
    struct doubt_graph *to = doubt_graph_new("copy");
    for (size_t k = 0; k < doubt_graph_input_count(from); k++)
        assert_int_equal(doubt_graph_add_input(to, doubt_graph_input(from, k), &err), DOUBT_OK);
    for (size_t k = 0; k < doubt_graph_const_count(from); k++)
        assert_int_equal(doubt_graph_add_const(to, doubt_graph_const_at(from, k), &err), DOUBT_OK);
    for (size_t k = 0; k < doubt_graph_node_count(from); k++) {
        struct doubt_node node = *doubt_graph_node(from, k);
        struct doubt_attr attrs[16];
        assert_true(node.attr_count < 15);
        if (node.attr_count > 0)
            memcpy(attrs, node.attrs, node.attr_count * sizeof *attrs);
        node.attrs = attrs;
        change(&node, attrs);
        assert_int_equal(doubt_graph_add_node(to, &node, &err), DOUBT_OK);
    }
    for (size_t k = 0; k < doubt_graph_output_count(from); k++)
        assert_int_equal(doubt_graph_add_output(to, doubt_graph_output(from, k), &err), DOUBT_OK);
    if (doubt_shape_infer(to, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    return to;
}

/* pool1 as torchvision has it: padded by one and rounded down, to the same size. */
static void pad_first_pool(struct doubt_node *node, struct doubt_attr *attrs)
{
    if (strcmp(node->op, "MaxPool") != 0)
        return;
    for (uint32_t k = 0; k < node->attr_count; k++)
        if (strcmp(attrs[k].name, "ceil_mode") == 0)
            attrs[k].i = 0;
    attrs[node->attr_count++] = (struct doubt_attr){
        .name = "pads", .kind = DOUBT_ATTR_INTS, .int_count = 4, .ints = {1, 1, 1, 1}};
}

/* A dilation of 2, with the padding that keeps the size, in one 3x3 convolution of stride 1. */
static int convolutions_seen;

static void dilate_one(struct doubt_node *node, struct doubt_attr *attrs)
{
    const int64_t *kernel, *strides;
    if (strcmp(node->op, "Conv") != 0 || doubt_node_ints(node, "kernel_shape", &kernel) != 2 ||
        kernel[0] != 3 || (doubt_node_ints(node, "strides", &strides) == 2 && strides[0] != 1) ||
        convolutions_seen++ != 7)
        return;
    for (uint32_t k = 0; k < node->attr_count; k++)
        for (int n = 0; strcmp(attrs[k].name, "pads") == 0 && n < 4; n++)
            attrs[k].ints[n] = 2;
    uint32_t at = 0;
    while (at < node->attr_count && strcmp(attrs[at].name, "dilations") != 0)
        at++;
    if (at == node->attr_count)
        node->attr_count++;
    attrs[at] = (struct doubt_attr){
        .name = "dilations", .kind = DOUBT_ATTR_INTS, .int_count = 2, .ints = {2, 2}};
}

static void compare_changed(void (*change)(struct doubt_node *, struct doubt_attr *))
{
    struct doubt_err err = {0};
    const struct doubt_net *net = NULL;
    const struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32};
    struct doubt_graph *graph = NULL;
    struct doubt_interp *interp = NULL;
    struct doubt_reference reference;
    assert_int_equal(doubt_net_find("resnet50", &net, &err), DOUBT_OK);
    assert_int_equal(doubt_net_build(net, &params, &graph, &err), DOUBT_OK);
    assert_int_equal(doubt_reference_find("resnet50", "", &reference, &err), DOUBT_OK);
    convolutions_seen = 0;
    struct doubt_graph *changed = copy_graph(graph, change);
    const struct doubt_value *value = doubt_graph_input(changed, 0);
    struct doubt_tensor output, input = {.name = value->name, .dtype = DOUBT_F32, .rank = 4};
    memcpy(input.dims, value->dims, sizeof input.dims);
    input.bytes = 3 * 224 * 224 * sizeof(float);
    input.data = malloc(input.bytes);
    doubt_net_fill_input(&input);
    assert_int_equal(doubt_interp_new(changed, &interp, &err), DOUBT_OK);
    if (doubt_interp_run(interp, &input, 1, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(doubt_interp_output(interp, 0, &output, &err), DOUBT_OK);
    struct doubt_check out = check(&reference, &output, 1, DOUBT_PRECISION_F32);
    print_message("one wrong layer: %s\n", out.text);
    assert_false(out.ok);
    assert_true(out.error > doubt_check_tolerance(DOUBT_PRECISION_BF16));
    free(input.data);
    doubt_interp_free(interp);
    doubt_reference_free(&reference);
    doubt_graph_free(changed);
    doubt_graph_free(graph);
}

static void one_wrong_layer_is_found(void **state)
{
    (void)state;
    if (SANITIZED)
        skip();
    compare_changed(pad_first_pool);
    compare_changed(dilate_one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_answer_passes),
        cmocka_unit_test(positions_ascend_and_cover),
        cmocka_unit_test(every_element_is_looked_at_for_nan_and_infinity),
        cmocka_unit_test(a_wrong_value_is_found_and_placed),
        cmocka_unit_test(the_norm_covers_what_no_point_does),
        cmocka_unit_test(tolerances_grow_with_coarseness),
        cmocka_unit_test(a_permutation_fails_at_every_precision),
        cmocka_unit_test(shapes_must_fit),
        cmocka_unit_test(a_batch_is_compared_image_by_image),
        cmocka_unit_test(outputs_are_found_by_name_then_by_order),
        cmocka_unit_test(other_types_are_read),
        cmocka_unit_test(what_is_not_finite_is_no_reference),
        cmocka_unit_test(text_is_read_back_exactly),
        cmocka_unit_test(broken_text_is_refused),
        cmocka_unit_test(unknown_networks_have_none),
        cmocka_unit_test(one_wrong_layer_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_onnx_read.c: ONNX files as other programs write them, and files that are none.
 *
 * tests/data/onnx holds small files made by the ONNX project's own library (tools/make-onnx-cases).
 * Files that can be run are run, so that what was read is seen in numbers.
 */
#include "model/cost.h"
#include "model/interp.h"
#include "model/net.h"
#include "model/onnx.h"
#include "model/shape.h"
#include "util/file.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *path_of(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, DOUBT_TEST_DATA "/onnx/%s.onnx", name);
    return path;
}

static struct doubt_graph *load(const char *name)
{
    struct doubt_err err = {0};
    struct doubt_graph *graph = NULL;
    if (doubt_onnx_load(path_of(name), &graph, &err) != DOUBT_OK)
        fail_msg("%s: %s", name, err.text);
    if (doubt_shape_infer(graph, &err) != DOUBT_OK)
        fail_msg("%s: %s", name, err.text);
    return graph;
}

/* Output i of a run on x = 0, 1, 2 ...; values go to out. */
static size_t run(const char *name, size_t i, float *out, size_t room)
{
    struct doubt_err err = {0};
    struct doubt_interp *interp = NULL;
    struct doubt_graph *graph = load(name);
    float data[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    const struct doubt_value *value = doubt_graph_input(graph, 0);
    struct doubt_tensor got, in = {.dtype = DOUBT_F32, .rank = value->rank, .data = data};
    memcpy(in.dims, value->dims, sizeof in.dims);
    in.bytes = sizeof data;
    if (doubt_interp_new(graph, &interp, &err) != DOUBT_OK ||
        doubt_interp_run(interp, &in, 1, &err) != DOUBT_OK ||
        doubt_interp_output(interp, i, &got, &err) != DOUBT_OK)
        fail_msg("%s: %s", name, err.text);
    assert_int_equal(got.dtype, DOUBT_F32);
    size_t count = got.bytes / sizeof(float);
    assert_true(count <= room);
    memcpy(out, got.data, got.bytes);
    doubt_interp_free(interp);
    doubt_graph_free(graph);
    return count;
}

static void assert_run(const char *name, const float *want, size_t count)
{
    float got[16];
    assert_int_equal(run(name, 0, got, 16), count);
    for (size_t k = 0; k < count; k++)
        if (!(fabsf(got[k] - want[k]) <= 1e-6f))
            fail_msg("%s: element %zu is %.9g, expected %.9g", name, k, (double)got[k],
                     (double)want[k]);
}

/* --- what must be understood ----------------------------------------------------------------- */

static void weights_are_read_in_every_form(void **state)
{
    (void)state;
    const float sum[4] = {1, 3, 5, 7};
    assert_run("raw", sum, 4);
    assert_run("typed", sum, 4);
    assert_run("ir3", sum, 4);
}

static void every_element_type_is_read(void **state)
{
    (void)state;
    static const char *const forms[] = {"types_typed", "types_raw"};
    const float is_signed[3] = {1, -2, 3}, is_unsigned[3] = {1, 2, 3}, is_bool[3] = {1, 0, 1};
    for (size_t f = 0; f < 2; f++)
        for (size_t i = 0; i < 12; i++) {
            float got[3];
            struct doubt_graph *graph = load(forms[f]);
            const char *name = doubt_graph_output(graph, i) + 4; /* behind "out_" */
            const float *want = strcmp(name, "bool") == 0 ? is_bool
                                : name[0] == 'u'          ? is_unsigned
                                                          : is_signed;
            assert_int_equal(run(forms[f], i, got, 3), 3);
            for (int k = 0; k < 3; k++)
                if (got[k] != want[k])
                    fail_msg("%s %s: %g", forms[f], name, (double)got[k]);
            doubt_graph_free(graph);
        }
}

static void constant_nodes_become_constants(void **state)
{
    (void)state;
    const float last_row[2] = {4.5f, 5.5f}; /* ((x + a) / 2 + c), second row of two */
    struct doubt_graph *graph = load("constants");
    assert_int_equal(doubt_graph_node_count(graph), 5);
    assert_int_equal(doubt_graph_const_count(graph), 5);
    assert_int_equal(doubt_graph_const(graph, "e")->value.rank, 0);
    doubt_graph_free(graph);
    assert_run("constants", last_row, 2);
}

static void old_attributes_keep_their_meaning(void **state)
{
    (void)state;
    float want[8], e = expf(-1.0f);
    want[0] = e / (3.0f + e); /* 0 1 1 1, all of a row; then 1 1 1 1 */
    want[1] = want[2] = want[3] = 1.0f / (3.0f + e);
    for (int k = 4; k < 8; k++)
        want[k] = 0.25f;
    assert_run("old", want, 8);
    for (int k = 0; k < 8; k++) /* the last axis only: pairs that differ by 1 */
        want[k] = k % 2 ? 1.0f / (1.0f + e) : e / (1.0f + e);
    assert_run("softmax_13", want, 8);
}

static void sizes_by_name_are_unknown(void **state)
{
    (void)state;
    struct doubt_graph *graph = load("symbolic");
    const struct doubt_value *x = doubt_graph_input(graph, 0);
    const int64_t want[4] = {-1, 3, -1, -1};
    assert_int_equal(x->rank, 4);
    assert_memory_equal(x->dims, want, sizeof want);
    assert_int_equal(doubt_graph_value(graph, "y")->rank, 4);
    doubt_graph_free(graph);
}

static void declared_shapes_serve_unknown_operators(void **state)
{
    (void)state;
    struct doubt_graph *graph = load("declared");
    const struct doubt_value *y = doubt_graph_value(graph, "y");
    assert_string_equal(doubt_graph_node(graph, 0)->domain, "com.example");
    assert_int_equal(y->rank, 2);
    assert_int_equal(y->dims[0], 5);
    assert_int_equal(y->dims[1], 7);
    doubt_graph_free(graph);
}

static void numbers_in_tensors_become_attributes(void **state)
{
    (void)state;
    const float want[6] = {2.5f, 2.5f, 2.5f, 2.5f, 2.5f, 2.5f};
    assert_run("of_shape", want, 6);
}

static void parameters_are_told_from_other_constants(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    struct doubt_cost cost = {0};
    struct doubt_graph *graph = load("parameters");
    assert_int_equal(doubt_cost_count(graph, &cost, &err), DOUBT_OK);
    assert_int_equal(cost.parameters, 6 * 4 + 6 + 2 * 6 + 6 * 5 + 5);
    doubt_graph_free(graph);
}

static void graphs_in_attributes_are_passed_over(void **state)
{
    (void)state;
    struct doubt_graph *graph = load("nested");
    assert_string_equal(doubt_graph_node(graph, 0)->op, "Loop");
    assert_int_equal(doubt_graph_node(graph, 0)->attr_count, 0);
    doubt_graph_free(graph);
}

/* What was written is what is read: values, nodes, attributes, parameters. */
static void written_networks_come_back(void **state)
{
    (void)state;
    static const char *const names[] = {"ssd-mobilenet-v2", "mobilenet-v2", "pose"};
    char path[] = "/tmp/doubt-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    for (size_t k = 0; k < 3; k++) {
        struct doubt_err err = {0};
        const struct doubt_net *net = NULL;
        const struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F16};
        struct doubt_graph *written = NULL, *read = NULL;
        struct doubt_cost a = {0}, b = {0};
        assert_int_equal(doubt_net_find(names[k], &net, &err), DOUBT_OK);
        assert_int_equal(doubt_net_build(net, &params, &written, &err), DOUBT_OK);
        assert_int_equal(doubt_onnx_save(written, path, NULL, &err), DOUBT_OK);
        if (doubt_onnx_load(path, &read, &err) != DOUBT_OK ||
            doubt_shape_infer(read, &err) != DOUBT_OK)
            fail_msg("%s: %s", names[k], err.text);
        assert_int_equal(doubt_cost_count(written, &a, &err), DOUBT_OK);
        assert_int_equal(doubt_cost_count(read, &b, &err), DOUBT_OK);
        assert_memory_equal(&a, &b, sizeof a);
        assert_int_equal(doubt_graph_const_count(written), doubt_graph_const_count(read));
        for (size_t c = 0; c < doubt_graph_const_count(written); c += 7) {
            const struct doubt_const *x = doubt_graph_const_at(written, c);
            const struct doubt_const *y = doubt_graph_const(read, x->value.name);
            unsigned char p[64], q[64];
            uint64_t count = x->value.rank > 0 && x->value.dims[0] > 4 ? 4 : 1;
            assert_non_null(y);
            doubt_const_read(x, 0, count, p);
            doubt_const_read(y, 0, count, q);
            assert_int_equal(x->value.dtype, y->value.dtype);
            assert_memory_equal(p, q, count * 2);
        }
        doubt_graph_free(written);
        doubt_graph_free(read);
    }
    unlink(path);
}

/* --- what must be refused -------------------------------------------------------------------- */

static void assert_refused(const char *name, enum doubt_code code, const char *part)
{
    struct doubt_err err = {0};
    struct doubt_graph *graph = NULL;
    enum doubt_code got = doubt_onnx_load(path_of(name), &graph, &err);
    assert_null(graph);
    if (got != code || !strstr(err.text, part) || !strstr(err.text, name))
        fail_msg("%s: %s, \"%s\" does not say \"%s\"", name, doubt_code_name(got), err.text, part);
}

static void bad_files_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum doubt_code code;
        const char *part;
    } rows[] = {
        {"bad_external", DOUBT_E_UNSUPPORTED, "external data"},
        {"bad_dims", DOUBT_E_FORMAT, "\"w\" is declared as 5 of f32; its data has 4 elements"},
        {"bad_bytes", DOUBT_E_FORMAT, "\"w\""},
        {"bad_negative", DOUBT_E_FORMAT, "negative size -4"},
        {"bad_type", DOUBT_E_UNSUPPORTED, "element type 8"},
        {"bad_huge", DOUBT_E_FORMAT, "\"w\""},
        {"bad_twice", DOUBT_E_FORMAT, "\"w\""},
        {"bad_order", DOUBT_E_FORMAT, "\"t\""},
        {"bad_output", DOUBT_E_FORMAT, "\"y\""},
        {"bad_no_output", DOUBT_E_FORMAT, "no output"},
        {"bad_two_makers", DOUBT_E_FORMAT, "\"y\""},
        {"bad_opset_old", DOUBT_E_UNSUPPORTED, "opset 6; 7 to"},
        {"bad_opset_new", DOUBT_E_UNSUPPORTED, "opset 999"},
        {"bad_many_inputs", DOUBT_E_UNSUPPORTED, "400 inputs"},
        {"bad_constant", DOUBT_E_UNSUPPORTED, "value_string"},
        {"bad_input", DOUBT_E_UNSUPPORTED, "\"x\""},
        {"bad_input_negative", DOUBT_E_FORMAT, "-7"},
        {"bad_long_list", DOUBT_E_UNSUPPORTED, "perm has 40 integers"},
        {"bad_sparse", DOUBT_E_UNSUPPORTED, "sparse"},
        {"bad_deep", DOUBT_E_FORMAT, "nested"},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        assert_refused(rows[k].name, rows[k].code, rows[k].part);
}

static void assert_parse_refused(const void *data, size_t size, const char *part)
{
    struct doubt_err err = {0};
    struct doubt_graph *graph = NULL;
    assert_int_equal(doubt_onnx_parse(data, size, "some.onnx", &graph, &err), DOUBT_E_FORMAT);
    assert_null(graph);
    if (!strstr(err.text, part) || strncmp(err.text, "some.onnx: ", 11) != 0)
        fail_msg("\"%s\" does not say \"%s\"", err.text, part);
}

static void what_is_no_model_is_said_to_be_none(void **state)
{
    (void)state;
    static const unsigned char no_graph[] = {0x08, 0x08, 0x42, 0x02, 0x10, 0x0d};
    assert_parse_refused("", 0, "empty");
    assert_parse_refused("hello, world", 12, "no ONNX file");
    assert_parse_refused("\x7f"
                         "ELF\2\1\1\0",
                         8, "no ONNX file");
    assert_parse_refused("{\"name\": 1}", 11, "no ONNX file");
    assert_parse_refused(no_graph, sizeof no_graph, "no graph");
}

static void missing_files_and_folders_are_named(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    struct doubt_graph *graph = NULL;
    assert_int_equal(doubt_onnx_load("/nowhere/x.onnx", &graph, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "/nowhere/x.onnx"));
    err = (struct doubt_err){.code = DOUBT_OK};
    assert_int_equal(doubt_onnx_load("/tmp", &graph, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "/tmp"));
    err = (struct doubt_err){.code = DOUBT_OK};
    assert_int_equal(doubt_onnx_load("/dev/null", &graph, &err), DOUBT_E_FORMAT);
}

/* Cut anywhere, a file is refused or, at a border of fields, still a whole smaller one. */
static void files_cut_short_never_crash(void **state)
{
    (void)state;
    static const char *const names[] = {"constants", "parameters", "types_raw"};
    for (size_t k = 0; k < 3; k++) {
        struct doubt_err err = {0};
        char *data = NULL;
        size_t size = 0, refused = 0;
        assert_int_equal(doubt_file_read(path_of(names[k]), 1 << 20, &data, &size, &err), DOUBT_OK);
        for (size_t cut = 0; cut < size; cut++) {
            struct doubt_err each = {0};
            struct doubt_graph *graph = NULL;
            char *exact = malloc(cut + 1); /* so that a sanitizer sees any byte too far */
            memcpy(exact, data, cut);
            enum doubt_code code = doubt_onnx_parse(exact, cut, "cut", &graph, &each);
            refused += code != DOUBT_OK;
            assert_true((code == DOUBT_OK) == (graph != NULL));
            doubt_graph_free(graph);
            free(exact);
        }
        assert_true(refused >= size - 8);
        free(data);
    }
}

/* Millions of empty nodes would take a hundred times the file's size. */
static void memory_is_bounded_by_the_file(void **state)
{
    (void)state;
    enum { NODES = 3000000 };
    size_t inner = 2 * (size_t)NODES, size = 0;
    unsigned char *data = malloc(inner + 16);
    assert_non_null(data);
    data[size++] = 0x08;
    data[size++] = 0x08;
    data[size++] = 0x3a; /* graph */
    for (size_t left = inner;; left >>= 7) {
        data[size++] = (unsigned char)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
        if (left <= 0x7f)
            break;
    }
    for (size_t n = 0; n < NODES; n++) {
        data[size++] = 0x0a;
        data[size++] = 0x00;
    }
    static const unsigned char opset[] = {0x42, 0x02, 0x10, 0x0d};
    unsigned char *whole = realloc(data, size + sizeof opset);
    assert_non_null(whole);
    memcpy(whole + size, opset, sizeof opset);
    assert_parse_refused(whole, size + sizeof opset, "memory");
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_read_in_every_form),
        cmocka_unit_test(every_element_type_is_read),
        cmocka_unit_test(constant_nodes_become_constants),
        cmocka_unit_test(old_attributes_keep_their_meaning),
        cmocka_unit_test(sizes_by_name_are_unknown),
        cmocka_unit_test(declared_shapes_serve_unknown_operators),
        cmocka_unit_test(numbers_in_tensors_become_attributes),
        cmocka_unit_test(parameters_are_told_from_other_constants),
        cmocka_unit_test(graphs_in_attributes_are_passed_over),
        cmocka_unit_test(written_networks_come_back),
        cmocka_unit_test(bad_files_are_refused_with_a_reason),
        cmocka_unit_test(what_is_no_model_is_said_to_be_none),
        cmocka_unit_test(missing_files_and_folders_are_named),
        cmocka_unit_test(files_cut_short_never_crash),
        cmocka_unit_test(memory_is_bounded_by_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_interp.c: the interpreter's operators against ONNX Runtime, and its life around them.
 *
 * tests/data/interp-cases.txt holds small single-operator graphs with the outputs that ONNX Runtime
 * gave (tools/make-interp-cases). Each is built, its shapes inferred, run and compared; what
 * inference says must agree with what came out.
 */
#include "model/interp.h"
#include "model/shape.h"
#include "model/tensor.h"
#include "util/file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- cases from the text --------------------------------------------------------------------- */

enum { TENSORS_MAX = 8, ATTRS_MAX = 12 };

struct tensor {
    bool given, seeded;
    struct doubt_tensor t;
    char name[8];
};

struct test_case {
    char name[64];
    int opset;
    struct doubt_node node;
    struct doubt_attr attrs[ATTRS_MAX];
    struct tensor in[TENSORS_MAX], out[TENSORS_MAX];
    uint32_t in_count, out_count;
};

static enum doubt_dtype dtype_of(const char *name)
{
    for (int dtype = 1; dtype <= DOUBT_BF16; dtype++)
        if (strcmp(doubt_dtype_name((enum doubt_dtype)dtype), name) == 0)
            return (enum doubt_dtype)dtype;
    fail_msg("type %s", name);
    return DOUBT_DTYPE_NONE;
}

static void store(struct doubt_tensor *t, uint64_t n, double value)
{
    unsigned char *at = (unsigned char *)t->data + n * doubt_dtype_bytes(t->dtype);
    float narrow = (float)value;
    uint16_t half = doubt_f16_from_f32(narrow);
    int64_t integer = isnan(value) ? 0 : value >= 0x1p63 ? INT64_MAX : (int64_t)value;
    if (t->dtype == DOUBT_F32)
        memcpy(at, &narrow, sizeof narrow);
    else if (t->dtype == DOUBT_F64)
        memcpy(at, &value, sizeof value);
    else if (t->dtype == DOUBT_F16)
        memcpy(at, &half, sizeof half);
    else
        memcpy(at, &integer, doubt_dtype_bytes(t->dtype)); /* little-endian */
}

/* The formula of seeded() in tools/make-interp-cases. */
static double seeded(uint64_t i, uint64_t seed, double scale)
{
    uint32_t mixed = (uint32_t)((i + 1) * 2654435761u + seed * 40503u + 12345u);
    mixed = mixed * 69069u + 1u;
    return (double)((mixed >> 16) % 129) / 64.0 * scale - scale;
}

/* "f32 1x2 ..." to type, dims and zeroed memory; gives what follows the dims. */
static char *parse_head(char *text, struct doubt_tensor *t)
{
    char *type = strtok_r(text, " ", &text), *dims = strtok_r(NULL, " ", &text);
    t->dtype = dtype_of(type);
    for (char *dim = strcmp(dims, "scalar") == 0 ? NULL : dims; dim && *dim; t->rank++) {
        t->dims[t->rank] = strtoll(dim, &dim, 10);
        dim += *dim == 'x';
    }
    uint64_t count = 0;
    assert_true(doubt_dims_count(t->dims, t->rank, &count));
    t->bytes = count * doubt_dtype_bytes(t->dtype);
    t->data = calloc(count + 1, doubt_dtype_bytes(t->dtype));
    assert_non_null(t->data);
    return text;
}

static void parse_values(char *text, struct doubt_tensor *t)
{
    uint64_t count = t->bytes / doubt_dtype_bytes(t->dtype);
    for (uint64_t n = 0; n < count; n++) {
        char *end = text;
        double value = strtod(text, &end);
        if (t->dtype == DOUBT_I64) /* all digits */
            ((int64_t *)t->data)[n] = strtoll(text, &end, 10);
        else
            store(t, n, value);
        assert_ptr_not_equal(end, text);
        text = end;
    }
}

static void parse_input(char *text, struct test_case *c)
{
    struct tensor *in = &c->in[c->in_count];
    snprintf(in->name, sizeof in->name, "x%u", (unsigned)c->in_count++);
    if (text[0] == '-')
        return;
    in->given = true;
    in->t.name = in->name;
    text = parse_head(text, &in->t);
    unsigned long long seed;
    double scale;
    in->seeded = sscanf(text, "seed %llu %lf", &seed, &scale) == 2;
    if (!in->seeded) {
        parse_values(strchr(text, '=') + 1, &in->t);
        return;
    }
    for (uint64_t n = 0; n < in->t.bytes / doubt_dtype_bytes(in->t.dtype); n++)
        store(&in->t, n, seeded(n, seed, scale));
}

static void parse_attr(char *text, struct test_case *c)
{
    struct doubt_attr *attr = &c->attrs[c->node.attr_count++];
    char *value = strchr(text, '=');
    *value = '\0';
    attr->name = text;
    value += 3;
    switch (value[-2]) {
    case 'i':
        attr->kind = DOUBT_ATTR_INT;
        attr->i = strtoll(value, NULL, 10);
        break;
    case 'f':
        attr->kind = DOUBT_ATTR_FLOAT;
        attr->f = strtof(value, NULL);
        break;
    case 's':
        attr->kind = DOUBT_ATTR_STRING;
        attr->s = value;
        break;
    default:
        attr->kind = DOUBT_ATTR_INTS;
        for (char *at = value; *at; at += *at == ',')
            attr->ints[attr->int_count++] = strtoll(at, &at, 10);
    }
}

static void parse_node(char *text, struct test_case *c)
{
    char *word = strtok_r(text, " ", &text);
    c->node = (struct doubt_node){.name = c->name, .op = word, .domain = ""};
    c->node.output_count = (uint32_t)strtoul(strtok_r(NULL, " ", &text), NULL, 10);
    while ((word = strtok_r(NULL, " ", &text)))
        parse_attr(word, c);
    /* What the reader of files adds before opset 13; see interp_layer.c. */
    if (strcmp(c->node.op, "Softmax") == 0 && c->opset < 13) {
        bool axis = c->node.attr_count > 0;
        c->attrs[c->node.attr_count++] =
            (struct doubt_attr){.name = "flatten", .kind = DOUBT_ATTR_INT, .i = 1};
        if (!axis)
            c->attrs[c->node.attr_count++] =
                (struct doubt_attr){.name = "axis", .kind = DOUBT_ATTR_INT, .i = 1};
    }
    c->node.attrs = c->attrs;
}

static void free_case(struct test_case *c)
{
    for (int k = 0; k < TENSORS_MAX; k++) {
        free(c->in[k].t.data);
        free(c->out[k].t.data);
    }
    *c = (struct test_case){.opset = 0};
}

/* --- running one ----------------------------------------------------------------------------- */

/* Integers of given values are constants, as shapes and axes are in real files. */
static struct doubt_graph *build(struct test_case *c)
{
    struct doubt_err err = {0};
    struct doubt_graph *graph = doubt_graph_new(c->name);
    assert_non_null(graph);
    c->node.input_count = c->in_count;
    for (uint32_t k = 0; k < c->in_count; k++) {
        struct tensor *in = &c->in[k];
        struct doubt_value value = {.name = in->name, .dtype = in->t.dtype, .rank = in->t.rank};
        c->node.inputs[k] = in->given ? in->name : "";
        memcpy(value.dims, in->t.dims, sizeof value.dims);
        if (!in->given)
            continue;
        struct doubt_const constant = {
            .value = value, .fill = DOUBT_FILL_DATA, .data = in->t.data, .bytes = in->t.bytes};
        if (in->seeded)
            assert_int_equal(doubt_graph_add_input(graph, &value, &err), DOUBT_OK);
        else
            assert_int_equal(doubt_graph_add_const(graph, &constant, &err), DOUBT_OK);
    }
    static const char *const names[] = {"y0", "y1", "y2", "y3"};
    for (uint32_t k = 0; k < c->node.output_count; k++)
        c->node.outputs[k] = names[k];
    assert_int_equal(doubt_graph_add_node(graph, &c->node, &err), DOUBT_OK);
    for (uint32_t k = 0; k < c->node.output_count; k++)
        assert_int_equal(doubt_graph_add_output(graph, names[k], &err), DOUBT_OK);
    if (doubt_shape_infer(graph, &err) != DOUBT_OK)
        fail_msg("%s: shape inference: %s", c->name, err.text);
    return graph;
}

static double value_at(const struct doubt_tensor *t, uint64_t n)
{
    if (t->dtype == DOUBT_I64)
        return (double)((const int64_t *)t->data)[n];
    return (double)doubt_element_f32(t->data, t->dtype, n);
}

static void compare(const struct test_case *c, const struct doubt_tensor *got,
                    const struct doubt_tensor *want)
{
    if (got->dtype != want->dtype || got->rank != want->rank || got->bytes != want->bytes ||
        memcmp(got->dims, want->dims, (size_t)want->rank * sizeof *want->dims) != 0)
        fail_msg("%s: output %s has another type or shape than ONNX Runtime's", c->name, got->name);
    uint64_t count = want->bytes / doubt_dtype_bytes(want->dtype);
    bool floats = want->dtype == DOUBT_F32 || want->dtype == DOUBT_F64;
    double largest = 0.0, unit = want->dtype == DOUBT_F16 ? 1e-3 : floats ? 2e-6 : 0.0;
    for (uint64_t n = 0; n < count; n++)
        largest = fmax(largest, fabs(value_at(want, n)));
    for (uint64_t n = 0; n < count; n++) {
        double a = value_at(got, n), b = value_at(want, n);
        if (!(fabs(a - b) <= unit * largest) && !(isnan(a) && isnan(b)))
            fail_msg("%s: element %llu of %s is %.9g; ONNX Runtime has %.9g", c->name,
                     (unsigned long long)n, got->name, a, b);
    }
}

/* Dims that inference knew must be those that came out. */
static void compare_inferred(const struct test_case *c, const struct doubt_graph *graph,
                             const struct doubt_tensor *got)
{
    const struct doubt_value *value = doubt_graph_value(graph, got->name);
    assert_non_null(value);
    if (value->rank < 0)
        return;
    bool same = value->rank == got->rank && value->dtype == got->dtype;
    for (int32_t d = 0; d < value->rank && same; d++)
        same = value->dims[d] < 0 || value->dims[d] == got->dims[d];
    if (!same) {
        char inferred[128], made[128];
        doubt_dims_format(value->dims, value->rank, inferred, sizeof inferred);
        doubt_dims_format(got->dims, got->rank, made, sizeof made);
        fail_msg("%s: inferred %s %s, made %s %s", c->name, doubt_dtype_name(value->dtype),
                 inferred, doubt_dtype_name(got->dtype), made);
    }
}

static void run_case(struct test_case *c)
{
    struct doubt_err err = {0};
    struct doubt_interp *interp = NULL;
    struct doubt_graph *graph = build(c);
    struct doubt_tensor inputs[TENSORS_MAX];
    size_t count = 0;
    for (uint32_t k = 0; k < c->in_count; k++)
        if (c->in[k].given && c->in[k].seeded)
            inputs[count++] = c->in[k].t;
    if (doubt_interp_new(graph, &interp, &err) != DOUBT_OK ||
        doubt_interp_run(interp, inputs, count, &err) != DOUBT_OK)
        fail_msg("%s: %s", c->name, err.text);
    for (uint32_t k = 0; k < c->out_count; k++) {
        struct doubt_tensor got;
        assert_int_equal(doubt_interp_output(interp, k, &got, &err), DOUBT_OK);
        compare(c, &got, &c->out[k].t);
        compare_inferred(c, graph, &got);
    }
    assert_int_equal(c->out_count, c->node.output_count);
    doubt_interp_free(interp);
    doubt_graph_free(graph);
}

static void operators_match_onnx_runtime(void **state)
{
    (void)state;
    char *text = NULL, *rest;
    struct doubt_err err = {0};
    assert_int_equal(
        doubt_file_read(DOUBT_TEST_DATA "/interp-cases.txt", 1 << 20, &text, NULL, &err), DOUBT_OK);
    static struct test_case c;
    size_t run = 0;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, "case ", 5) == 0) {
            if (c.opset)
                run_case(&c);
            free_case(&c);
            assert_int_equal(sscanf(line, "case %63s %d", c.name, &c.opset), 2);
            run++;
        } else if (strncmp(line, "node ", 5) == 0) {
            parse_node(line + 5, &c);
        } else if (strncmp(line, "in ", 3) == 0) {
            parse_input(line + 3, &c);
        } else if (strncmp(line, "out ", 4) == 0) {
            struct doubt_tensor *t = &c.out[c.out_count++].t;
            parse_values(parse_head(line + 4, t), t);
        }
    }
    run_case(&c);
    free_case(&c);
    free(text);
    assert_true(run > 240);
}

/* --- life around operators ------------------------------------------------------------------- */

static const struct doubt_value vector = {.name = "x", .dtype = DOUBT_F32, .rank = 1, .dims = {4}};

/* A graph y = op(x) over four floats. */
static struct doubt_graph *one_node(const char *op, const char *domain)
{
    struct doubt_err err = {0};
    struct doubt_graph *graph = doubt_graph_new("one");
    struct doubt_node node = {.name = "n",
                              .op = op,
                              .domain = domain,
                              .input_count = 1,
                              .output_count = 1,
                              .inputs = {"x"},
                              .outputs = {"y"}};
    assert_non_null(graph);
    assert_int_equal(doubt_graph_add_input(graph, &vector, &err), DOUBT_OK);
    assert_int_equal(doubt_graph_add_node(graph, &node, &err), DOUBT_OK);
    assert_int_equal(doubt_graph_add_output(graph, "y", &err), DOUBT_OK);
    return graph;
}

static void unknown_operators_are_named(void **state)
{
    (void)state;
    static const char *const rows[][3] = {{"Telepathy", "", "Telepathy"},
                                          {"Relu", "com.example", "com.example.Relu"}};
    for (size_t k = 0; k < 2; k++) {
        struct doubt_err err = {0};
        struct doubt_interp *interp = NULL;
        struct doubt_graph *graph = one_node(rows[k][0], rows[k][1]);
        assert_int_equal(doubt_interp_new(graph, &interp, &err), DOUBT_E_UNSUPPORTED);
        assert_null(interp);
        assert_non_null(strstr(err.text, rows[k][2]));
        doubt_graph_free(graph);
    }
}

static void wrong_inputs_are_refused(void **state)
{
    (void)state;
    float data[4] = {1.0f, -1.0f, 2.0f, -2.0f};
    struct doubt_interp *interp = NULL;
    struct doubt_graph *graph = one_node("Relu", "");
    struct doubt_tensor good = {.name = "x",
                                .dtype = DOUBT_F32,
                                .rank = 1,
                                .dims = {4},
                                .data = data,
                                .bytes = sizeof data};
    struct doubt_tensor bad[4] = {good, good, good, good};
    bad[0].dims[0] = 3;
    bad[1].dtype = DOUBT_I32;
    bad[2].bytes = 12;
    bad[3].data = NULL;
    struct doubt_err err = {0};
    assert_int_equal(doubt_interp_new(graph, &interp, &err), DOUBT_OK);
    for (int k = 0; k < 4; k++) {
        struct doubt_err each = {0};
        assert_int_equal(doubt_interp_run(interp, &bad[k], 1, &each), DOUBT_E_ARGUMENT);
        assert_non_null(strstr(each.text, "\"x\""));
    }
    struct doubt_tensor out;
    assert_int_equal(doubt_interp_output(interp, 0, &out, &err), DOUBT_E_ARGUMENT);
    err = (struct doubt_err){.code = DOUBT_OK};
    assert_int_equal(doubt_interp_run(interp, &good, 0, &err), DOUBT_E_ARGUMENT);
    err = (struct doubt_err){.code = DOUBT_OK};
    assert_int_equal(doubt_interp_run(interp, &good, 1, &err), DOUBT_OK);
    assert_int_equal(doubt_interp_output(interp, 0, &out, &err), DOUBT_OK);
    assert_true(((float *)out.data)[2] == 2.0f && ((float *)out.data)[3] == 0.0f);
    assert_int_equal(doubt_interp_output(interp, 1, &out, &err), DOUBT_E_ARGUMENT);
    doubt_interp_free(interp);
    doubt_graph_free(graph);
}

static void open_sizes_follow_the_input(void **state)
{
    (void)state;
    float data[6] = {-1.0f, 2.0f, 3.0f, -4.0f, 5.0f, 6.0f};
    struct doubt_err err = {0};
    struct doubt_interp *interp = NULL;
    struct doubt_graph *graph = one_node("Relu", "ai.onnx");
    struct doubt_value open = vector;
    open.dims[0] = -1;
    assert_int_equal(doubt_graph_set_value(graph, &open, &err), DOUBT_OK);
    assert_int_equal(doubt_interp_new(graph, &interp, &err), DOUBT_OK);
    for (int64_t size = 1; size <= 6; size += 5) {
        struct doubt_tensor in = {.dtype = DOUBT_F32, .rank = 1, .dims = {size}, .data = data};
        struct doubt_tensor out;
        in.bytes = (uint64_t)size * sizeof *data;
        assert_int_equal(doubt_interp_run(interp, &in, 1, &err), DOUBT_OK);
        assert_int_equal(doubt_interp_output(interp, 0, &out, &err), DOUBT_OK);
        assert_int_equal(out.dims[0], size);
        assert_true(((float *)out.data)[0] == 0.0f);
    }
    doubt_interp_free(interp);
    doubt_graph_free(graph);
}

static void ceilings_hold(void **state)
{
    (void)state;
    float data[4] = {0};
    struct doubt_err err = {0};
    struct doubt_interp *interp = NULL;
    struct doubt_graph *graph = one_node("Relu", "");
    struct doubt_tensor in = {
        .dtype = DOUBT_F32, .rank = 1, .dims = {4}, .data = data, .bytes = sizeof data};
    assert_int_equal(doubt_interp_new(graph, &interp, &err), DOUBT_OK);
    doubt_interp_limit(interp, 15, 1000);
    assert_int_equal(doubt_interp_run(interp, &in, 1, &err), DOUBT_E_FULL);
    assert_non_null(strstr(err.text, "memory"));
    err = (struct doubt_err){.code = DOUBT_OK};
    doubt_interp_limit(interp, 16, 3);
    assert_int_equal(doubt_interp_run(interp, &in, 1, &err), DOUBT_E_FULL);
    assert_non_null(strstr(err.text, "work"));
    err = (struct doubt_err){.code = DOUBT_OK};
    doubt_interp_limit(interp, 16, 4);
    assert_int_equal(doubt_interp_run(interp, &in, 1, &err), DOUBT_OK);
    doubt_interp_free(interp);
    doubt_graph_free(graph);
}

/* A chain of 64 nodes over 1 MiB each runs within three values' memory. */
static void values_are_given_back_after_their_last_use(void **state)
{
    (void)state;
    enum { FLOATS = 1 << 18, NODES = 64 };
    struct doubt_err err = {0};
    struct doubt_interp *interp = NULL;
    struct doubt_graph *graph = doubt_graph_new("chain");
    struct doubt_value value = {.name = "v0", .dtype = DOUBT_F32, .rank = 1, .dims = {FLOATS}};
    char name[NODES + 1][8];
    assert_int_equal(doubt_graph_add_input(graph, &value, &err), DOUBT_OK);
    for (int k = 0; k <= NODES; k++)
        snprintf(name[k], sizeof name[k], "v%d", k);
    for (int k = 0; k < NODES; k++) {
        struct doubt_node node = {.op = "Neg",
                                  .input_count = 1,
                                  .output_count = 1,
                                  .inputs = {name[k]},
                                  .outputs = {name[k + 1]}};
        assert_int_equal(doubt_graph_add_node(graph, &node, &err), DOUBT_OK);
    }
    assert_int_equal(doubt_graph_add_output(graph, name[NODES], &err), DOUBT_OK);
    assert_int_equal(doubt_interp_new(graph, &interp, &err), DOUBT_OK);
    doubt_interp_limit(interp, 3 * FLOATS * sizeof(float), UINT64_MAX);
    float *data = calloc(FLOATS, sizeof *data);
    struct doubt_tensor out, in = {.dtype = DOUBT_F32, .rank = 1, .dims = {FLOATS}, .data = data};
    in.bytes = FLOATS * sizeof *data;
    data[7] = 3.0f;
    assert_int_equal(doubt_interp_run(interp, &in, 1, &err), DOUBT_OK);
    assert_int_equal(doubt_interp_output(interp, 0, &out, &err), DOUBT_OK);
    assert_true(((float *)out.data)[7] == 3.0f);
    free(data);
    doubt_interp_free(interp);
    doubt_graph_free(graph);
}

/* Nodes whose inputs do not fit fail with the node's name, never by a crash. */
static void misfits_are_sentences(void **state)
{
    (void)state;
    static const char *const ops[] = {"Conv",
                                      "ConvTranspose",
                                      "Gemm",
                                      "MatMul",
                                      "MaxPool",
                                      "Range",
                                      "Reshape",
                                      "GatherND",
                                      "Where",
                                      "TopK",
                                      "Resize",
                                      "Expand",
                                      "Tile",
                                      "Mod",
                                      "LRN",
                                      "Add",
                                      "DepthToSpace",
                                      "Pow",
                                      "Gather",
                                      "Cast",
                                      "BatchNormalization",
                                      "NonMaxSuppression"};
    float data[4] = {1.0f, 2.0f, 3.0f, 4.0f};
    struct doubt_tensor in = {
        .dtype = DOUBT_F32, .rank = 1, .dims = {4}, .data = data, .bytes = sizeof data};
    for (size_t k = 0; k < sizeof ops / sizeof *ops; k++) {
        struct doubt_err err = {0};
        struct doubt_interp *interp = NULL;
        struct doubt_graph *graph = one_node(ops[k], "");
        assert_int_equal(doubt_interp_new(graph, &interp, &err), DOUBT_OK);
        enum doubt_code code = doubt_interp_run(interp, &in, 1, &err);
        if (code == DOUBT_OK || !strstr(err.text, "\"n\""))
            fail_msg("%s: code %d, \"%s\"", ops[k], (int)code, err.text);
        doubt_interp_free(interp);
        doubt_graph_free(graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_match_onnx_runtime),
        cmocka_unit_test(unknown_operators_are_named),
        cmocka_unit_test(wrong_inputs_are_refused),
        cmocka_unit_test(open_sizes_follow_the_input),
        cmocka_unit_test(ceilings_hold),
        cmocka_unit_test(values_are_given_back_after_their_last_use),
        cmocka_unit_test(misfits_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

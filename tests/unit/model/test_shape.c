/* test_shape.c: rows of operators against shapes stated by ONNX's operator documents, refusals, and
 * a storm of nonsense that must only give sentences.
 *
 * One row, one node. Inputs are written "1x3x8x8 f16:2x2 =1,2 -": a value (f32 unless a type stands
 * before it), an i64 constant of rank 1, an optional input left out; "%1,2" is a constant of f32,
 * "=s3" a scalar. Attributes are "axis=1 pads=0,0,1,1 auto_pad:SAME_UPPER": a number alone is an
 * INT, with a comma behind it INTS. Expected is "f32:1x2 i64:4", or NULL for a refusal.
 */
#include "model/model_int.h"
#include "model/shape.h"
#include "model/tensor.h"
#include "util/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *op, *inputs, *attrs, *outputs;
};

static const struct row rows[] = {
    /* element by element */
    {"Relu", "2x3", "", "f32:2x3"},
    {"Dropout", "2x3", "", "f32:2x3 bool:2x3"},
    {"Softmax", "2x3", "axis=1", "f32:2x3"},
    {"Softmax", "2x3", "axis=2", NULL},
    {"Clip", "f16:4 f16:scalar f16:scalar", "", "f16:4"},
    {"Add", "2x1x4 3x1", "", "f32:2x3x4"},
    {"Add", "2x3 2", "", NULL},
    {"Add", "f16:2 2", "", NULL},
    {"Add", "?x3 2x3", "", "f32:2x3"},
    {"Add", "?x3 1x3", "", "f32:?x3"},
    {"Add", "2x3 0x1", "", NULL},
    {"Add", "1x3 0x1", "", "f32:0x3"},
    {"Add", "2 -", "", NULL},
    {"Pow", "2x3 i64:3", "", "f32:2x3"},
    {"Sum", "2x3 3 1x1", "", "f32:2x3"},
    {"Equal", "2x1 1x3", "", "bool:2x3"},
    {"Where", "bool:2x1 f16:1x3 f16:scalar", "", "f16:2x3"},
    {"Where", "bool:2x1 f16:1x3 4", "", NULL},
    {"PRelu", "1x8x4x4 8x1x1", "", "f32:1x8x4x4"},
    {"Cast", "2x3", "to=10", "f16:2x3"},
    {"Cast", "2x3", "to=8", NULL},
    {"BatchNormalization", "1x8x4x4 8 8 8 8", "", "f32:1x8x4x4"},
    {"BatchNormalization", "1x8x4x4 8 8 7 8", "", NULL},
    {"BatchNormalization", "1x8x4x4 8 8 8", "", NULL},
    {"InstanceNormalization", "1x8x4x4 8 8", "", "f32:1x8x4x4"},
    {"LayerNormalization", "1x5x16 16 16", "axis=-1", "f32:1x5x16"},
    /* windows and products */
    {"Conv", "1x3x224x224 64x3x7x7", "strides=2,2, pads=3,3,3,3,", "f32:1x64x112x112"},
    {"Conv", "1x3x224x224 64x3x7x7 64", "pads=3,3,3,3,", "f32:1x64x224x224"},
    {"Conv", "1x3x224x224 64x3x7x7 63", "", NULL},
    {"Conv", "1x32x10x10 32x1x3x3", "group=32 dilations=2,2, pads=2,2,2,2,", "f32:1x32x10x10"},
    {"Conv", "1x3x10x10 8x3x3x3", "auto_pad:SAME_UPPER strides=3,3,", "f32:1x8x4x4"},
    {"Conv", "1x3x10x10 8x3x3x3", "auto_pad:VALID", "f32:1x8x8x8"},
    {"Conv", "1x3x10 8x3x3", "pads=0,1,", "f32:1x8x9"},
    {"Conv", "1x3x?x10 8x3x3x3", "", "f32:1x8x?x8"},
    {"Conv", "1x4x10x10 8x3x3x3", "", NULL},
    {"Conv", "1x3x2x2 8x3x3x3", "", NULL},
    {"Conv", "1x3x10x10 8x3x3x3", "strides=0,1,", NULL},
    {"Conv", "1x3x10x10 8x3x3x3", "strides=1,", NULL},
    {"Conv", "1x3x10x10 8x3x3x3", "pads=-1,0,0,0,", NULL},
    {"Conv", "1x3x10x10 8x3x3x3", "kernel_shape=5,5,", NULL},
    {"Conv", "1x3x10x10 8x3x3x3", "group=0", NULL},
    {"Conv", "3x10 3x3", "", NULL},
    {"ConvTranspose", "1x16x8x8 16x4x2x2", "strides=2,2,", "f32:1x4x16x16"},
    {"ConvTranspose", "1x3x3x3 3x2x3x3", "strides=3,2,", "f32:1x2x9x7"},
    {"ConvTranspose", "1x3x3x3 3x2x3x3", "strides=3,2, output_padding=1,1,", "f32:1x2x10x8"},
    {"ConvTranspose", "1x3x3x3 3x2x3x3", "strides=3,2, output_shape=10,8,", "f32:1x2x10x8"},
    {"ConvTranspose", "1x3x3x3 4x2x3x3", "", NULL},
    {"MaxPool", "1x64x112x112", "kernel_shape=3,3, strides=2,2, ceil_mode=1", "f32:1x64x56x56"},
    {"MaxPool", "1x64x112x112", "kernel_shape=3,3, strides=2,2,", "f32:1x64x55x55"},
    {"MaxPool", "1x1x2x2", "kernel_shape=1,1, strides=2,2, ceil_mode=1", "f32:1x1x1x1"},
    {"MaxPool", "1x8x13x13", "kernel_shape=2,2, pads=0,0,1,1,", "f32:1x8x13x13 i64:1x8x13x13"},
    {"MaxPool", "1x8x13x13", "", NULL},
    {"AveragePool", "1x8x7x7", "kernel_shape=7,7,", "f32:1x8x1x1"},
    {"GlobalAveragePool", "2x8x7x9", "", "f32:2x8x1x1"},
    {"GlobalMaxPool", "2x8", "", NULL},
    {"Gemm", "1x512 1000x512 1000", "transB=1", "f32:1x1000"},
    {"Gemm", "512x3 512x10", "transA=1", "f32:3x10"},
    {"Gemm", "1x512 511x10", "", NULL},
    {"Gemm", "1x512 512x10 9", "", NULL},
    {"MatMul", "8x12x5x64 8x12x64x5", "", "f32:8x12x5x5"},
    {"MatMul", "5x64 8x12x64x7", "", "f32:8x12x5x7"},
    {"MatMul", "64 64x7", "", "f32:7"},
    {"MatMul", "64 64", "", "f32:scalar"},
    {"MatMul", "2x5x64 3x64x7", "", NULL},
    {"MatMul", "scalar 64", "", NULL},
    /* moving */
    {"Concat", "1x3x4 1x5x4", "axis=1", "f32:1x8x4"},
    {"Concat", "1x3x4 1x?x4", "axis=-2", "f32:1x?x4"},
    {"Concat", "1x3x4 1x5x5", "axis=1", NULL},
    {"Concat", "1x3x4 1x5", "axis=1", NULL},
    {"Concat", "1x3 1x5", "axis=2", NULL},
    {"Split", "6x2 =2,4", "axis=0", "f32:2x2 f32:4x2"},
    {"Split", "6x2", "split=2,4,", "f32:2x2 f32:4x2"},
    {"Split", "6x2", "", "f32:3x2 f32:3x2"},
    {"Split", "6x2 =2,5", "", NULL},
    {"Slice", "20x10x5 =0,0 =3,10 =0,1 =1,1", "", "f32:3x10x5"},
    {"Slice", "20x10x5 =0 =-1 =1", "", "f32:20x9x5"},
    {"Slice", "20x10x5 =1 =1000 =1", "", "f32:20x9x5"},
    {"Slice", "20x10x5 =1000 =1000 =1", "", "f32:20x0x5"},
    {"Slice", "20x10x5 =20,10,4 =0,0,1 =0,1,2 =-1,-3,-2", "", "f32:19x3x2"},
    {"Slice", "20x10x5", "starts=1,2, ends=3,4,", "f32:2x2x5"},
    {"Slice", "20x10x5 =0 =1 =0 =0", "", NULL},
    {"Slice", "20x10x5 =0 =1,2", "", NULL},
    {"Slice", "20x10x5 i64:1 =1", "", "f32:?x?x?"},
    {"Reshape", "2x3x4 =4,2,3", "", "f32:4x2x3"},
    {"Reshape", "2x3x4 =2,-1", "", "f32:2x12"},
    {"Reshape", "2x3x4 =0,0,2,2", "", "f32:2x3x2x2"},
    {"Reshape", "2x3x4 =7,-1", "", NULL},
    {"Reshape", "2x3x4 =-1,-1", "", NULL},
    {"Reshape", "2x3x4 =2,3", "", NULL},
    {"Reshape", "2x3x4 =2,3,4,0", "", NULL},
    {"Reshape", "2x3x4", "shape=24,", "f32:24"},
    {"Reshape", "?x3x4 =-1,12", "", "f32:?x12"},
    {"Transpose", "1x27x321x481", "perm=0,2,3,1,", "f32:1x321x481x27"},
    {"Transpose", "2x3x4", "", "f32:4x3x2"},
    {"Transpose", "2x3x4", "perm=0,0,1,", NULL},
    {"Transpose", "2x3x4", "perm=0,1,3,", NULL},
    {"Flatten", "2x3x4x5", "axis=2", "f32:6x20"},
    {"Flatten", "2x3", "axis=0", "f32:1x6"},
    {"Flatten", "2x3", "axis=3", NULL},
    {"Squeeze", "1x3x1 =0", "", "f32:3x1"},
    {"Squeeze", "1x3x1", "", "f32:3"},
    {"Squeeze", "1x3x1 =1", "", NULL},
    {"Unsqueeze", "3x4 =0,4", "", NULL},
    {"Unsqueeze", "3x4 =0,3", "", "f32:1x3x4x1"},
    {"Unsqueeze", "3x4 =0,0", "", NULL},
    {"Unsqueeze", "3x4", "axes=-1,", "f32:3x4x1"},
    {"Pad", "3x4 =0,1,2,3", "", "f32:5x8"},
    {"Pad", "3x4 =0,1,2", "", NULL},
    {"Pad", "3x4 =-4,0,0,0", "", NULL},
    {"Resize", "1x1x4x4 - %1,1,2,1.5", "", "f32:1x1x8x6"},
    {"Resize", "1x1x4x4 - - =1,1,7,9", "", "f32:1x1x7x9"},
    {"Resize", "1x1x4x4 - %1,1,2", "", NULL},
    {"Resize", "1x1x4x4 - %1,1,-2,1", "", NULL},
    {"Upsample", "1x1x4x4 %1,1,2,2", "", "f32:1x1x8x8"},
    {"DepthToSpace", "1x27x5x7", "blocksize=3", "f32:1x3x15x21"},
    {"DepthToSpace", "1x26x5x7", "blocksize=3", NULL},
    {"SpaceToDepth", "1x3x4x6", "blocksize=2", "f32:1x12x2x3"},
    {"Expand", "3x1 =2,1,6", "", "f32:2x3x6"},
    {"Expand", "3x2 =2,1,6", "", NULL},
    {"Tile", "2x3 =2,4", "", "f32:4x12"},
    {"Tile", "2x3 =2", "", NULL},
    {"Tile", "2x3 =4611686018427387904,4", "", NULL},
    /* indices, reductions, sizes */
    {"Gather", "3x2 i64:4x5", "axis=0", "f32:4x5x2"},
    {"Gather", "3x3 =0,2", "axis=1", "f32:3x2"},
    {"Gather", "3x3 =s0", "axis=1", "f32:3"},
    {"Gather", "3x3 =0", "axis=2", NULL},
    {"GatherND", "2x36x1917 i64:?x3", "", "f32:?"},
    {"GatherND", "2x2x2 i64:2x1", "batch_dims=1", "f32:2x2"},
    {"GatherND", "2x2 i64:2x3", "", NULL},
    {"GatherElements", "3x3 i64:2x3", "", "f32:2x3"},
    {"GatherElements", "3x3 i64:2", "", NULL},
    {"Shape", "2x3x4", "", "i64:3"},
    {"Size", "2x3x4", "", "i64:scalar"},
    {"ConstantOfShape", "=2,5", "", "f32:2x5"},
    {"ConstantOfShape", "=2,-5", "", NULL},
    {"Range", "=s0 =s10 =s3", "", "i64:4"},
    {"Range", "=s10 =s0 =s-3", "", "i64:4"},
    {"Range", "=s0 =s10 =s0", "", NULL},
    {"ReduceMean", "3x2x2", "axes=1, keepdims=0", "f32:3x2"},
    {"ReduceMean", "3x2x2", "", "f32:1x1x1"},
    {"ReduceSum", "3x2x2 =-1", "", "f32:3x2x1"},
    {"ReduceMax", "3x2x2", "axes=3,", NULL},
    {"ArgMax", "2x1000", "axis=1 keepdims=0", "i64:2"},
    {"TopK", "2x1000 =5", "", "f32:2x5 i64:2x5"},
    {"TopK", "2x1000 =1001", "", NULL},
    {"TopK", "2x1000 =-2", "", NULL},
    {"TopK", "?x1000 =5", "axis=0", "f32:5x1000 i64:5x1000"},
    {"NonMaxSuppression", "2x1917x4 2x36x1917 =100 %0.6 %0.5", "", "i64:?x3"},
    {"NonMaxSuppression", "2x1917x4 2x36x1916", "", NULL},
    {"NonMaxSuppression", "2x1917x5 2x36x1917", "", NULL},
};

/* --- reading the rows ---------------------------------------------------------------------- */

static void read_value(char *text, struct doubt_value *value)
{
    char *colon = strchr(text, ':');
    value->dtype = DOUBT_F32;
    for (int i = 1; colon != NULL && i <= DOUBT_BF16; i++) {
        const char *name = doubt_dtype_name((enum doubt_dtype)i);
        if (strncmp(text, name, (size_t)(colon - text)) == 0 &&
            strlen(name) == (size_t)(colon - text))
            value->dtype = (enum doubt_dtype)i;
    }
    text = colon == NULL ? text : colon + 1;
    value->rank = 0;
    if (strcmp(text, "scalar") == 0)
        return;
    for (char *save, *part = strtok_r(text, "x", &save); part != NULL;
         part = strtok_r(NULL, "x", &save))
        value->dims[value->rank++] = part[0] == '?' ? -1 : strtoll(part, NULL, 10);
}

static void add_constant(struct doubt_graph *graph, const char *name, char *text)
{
    struct doubt_const c = {.value = {.name = name, .rank = 1}, .fill = DOUBT_FILL_DATA};
    int64_t integers[8];
    float floats[8];
    bool is_int = text[0] == '=';
    text++;
    if (text[0] == 's') {
        c.value.rank = 0;
        text++;
    }
    int n = 0;
    for (char *save, *part = strtok_r(text, ",", &save); part != NULL;
         part = strtok_r(NULL, ",", &save), n++) {
        integers[n] = strtoll(part, NULL, 10);
        floats[n] = strtof(part, NULL);
    }
    c.value.dtype = is_int ? DOUBT_I64 : DOUBT_F32;
    c.value.dims[0] = n;
    c.bytes = (uint64_t)n * doubt_dtype_bytes(c.value.dtype);
    void *copy = doubt_graph_alloc(graph, c.bytes);
    c.data = memcpy(copy, is_int ? (void *)integers : floats, c.bytes);
    assert_int_equal(doubt_graph_add_const(graph, &c, NULL), DOUBT_OK);
}

static void add_inputs(struct doubt_graph *graph, const char *text, struct doubt_node *node)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    char copy[256];
    snprintf(copy, sizeof copy, "%s", text);
    for (char *save, *part = strtok_r(copy, " ", &save); part != NULL;
         part = strtok_r(NULL, " ", &save)) {
        const char *name = names[node->input_count];
        struct doubt_value value = {.name = name};
        node->inputs[node->input_count++] = part[0] == '-' ? "" : name;
        if (part[0] == '-')
            continue;
        if (part[0] == '=' || part[0] == '%') {
            add_constant(graph, name, part);
            continue;
        }
        read_value(part, &value);
        assert_int_equal(doubt_graph_add_input(graph, &value, NULL), DOUBT_OK);
    }
}

static uint32_t read_attrs(char *text, struct doubt_attr *attrs)
{
    uint32_t count = 0;
    for (char *save, *part = strtok_r(text, " ", &save); part != NULL;
         part = strtok_r(NULL, " ", &save)) {
        struct doubt_attr *attr = &attrs[count++];
        char *sign = part + strcspn(part, "=:"), *inner;
        attr->name = part;
        attr->kind = *sign == ':' ? DOUBT_ATTR_STRING : DOUBT_ATTR_INT;
        attr->s = *sign == ':' ? sign + 1 : NULL;
        *sign = '\0';
        if (attr->kind == DOUBT_ATTR_STRING)
            continue;
        attr->i = strtoll(sign + 1, NULL, 10);
        if (strchr(sign + 1, ',') == NULL)
            continue;
        attr->kind = DOUBT_ATTR_INTS;
        for (char *number = strtok_r(sign + 1, ",", &inner); number != NULL;
             number = strtok_r(NULL, ",", &inner))
            attr->ints[attr->int_count++] = strtoll(number, NULL, 10);
    }
    return count;
}

static void format_outputs(const struct doubt_graph *graph, const struct doubt_node *node,
                           char *out, size_t out_bytes)
{
    size_t used = 0;
    for (uint32_t i = 0; i < node->output_count; i++) {
        char dims[128];
        const struct doubt_value *value = doubt_graph_value(graph, node->outputs[i]);
        doubt_dims_format(value->dims, value->rank, dims, sizeof dims);
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%s:%s", i == 0 ? "" : " ",
                                 doubt_dtype_name(value->dtype), dims);
    }
}

static void check_row(const struct row *row)
{
    struct doubt_graph *graph = doubt_graph_new("row");
    struct doubt_err err = {0};
    struct doubt_attr attrs[8] = {0};
    char attr_text[256], got[256] = "";
    struct doubt_node node = {.name = "n", .op = row->op, .attrs = attrs, .outputs = {"y", "z"}};
    snprintf(attr_text, sizeof attr_text, "%s", row->attrs);
    node.attr_count = read_attrs(attr_text, attrs);
    node.output_count =
        (row->outputs != NULL && strchr(row->outputs, ' ') != NULL) || strcmp(row->op, "Split") == 0
            ? 2
            : 1;
    add_inputs(graph, row->inputs, &node);
    assert_int_equal(doubt_graph_add_node(graph, &node, NULL), DOUBT_OK);
    enum doubt_code code = doubt_shape_infer(graph, &err);
    format_outputs(graph, &node, got, sizeof got);
    if (row->outputs == NULL ? code != DOUBT_E_FORMAT
                             : code != DOUBT_OK || strcmp(got, row->outputs) != 0)
        fail_msg("%s (%s) %s: got %s %s, expected %s", row->op, row->inputs, row->attrs, got,
                 err.text, row->outputs == NULL ? "a refusal" : row->outputs);
    if (row->outputs == NULL)
        assert_non_null(strstr(err.text, "node \"n\""));
    doubt_graph_free(graph);
}

static void rows_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i]);
}

/* --- whole graphs -------------------------------------------------------------------------- */

static void add(struct doubt_graph *graph, const char *op, const char *a, const char *b,
                const char *out)
{
    struct doubt_node node = {.name = out,
                              .op = op,
                              .input_count = b == NULL ? 1 : 2,
                              .output_count = 1,
                              .inputs = {a, b},
                              .outputs = {out}};
    struct doubt_attr axis = {.name = "axis", .kind = DOUBT_ATTR_INT, .i = 0};
    if (strcmp(op, "Concat") == 0) {
        node.attr_count = 1;
        node.attrs = &axis;
    }
    assert_int_equal(doubt_graph_add_node(graph, &node, NULL), DOUBT_OK);
}

/* The shape arithmetic that exporters write for x.view(x.size(0), -1), and its undoing when the
 * batch changes. */
static void sizes_flow_through_arithmetic(void **state)
{
    struct doubt_graph *graph = doubt_graph_new("flow");
    struct doubt_value x = {.name = "x", .dtype = DOUBT_F32, .rank = 4, .dims = {2, 8, 3, 3}};
    char first[] = "=0", zero[] = "=0", rest[] = "=-1";
    (void)state;
    assert_int_equal(doubt_graph_add_input(graph, &x, NULL), DOUBT_OK);
    add_constant(graph, "first", first);
    add_constant(graph, "zero", zero);
    add_constant(graph, "rest", rest);
    add(graph, "Shape", "x", NULL, "shape");
    add(graph, "Gather", "shape", "first", "batch");
    add(graph, "Add", "batch", "zero", "same");
    add(graph, "Concat", "same", "rest", "target");
    add(graph, "Reshape", "x", "target", "y");
    assert_int_equal(doubt_shape_infer(graph, NULL), DOUBT_OK);
    const struct doubt_value *y = doubt_graph_value(graph, "y");
    assert_int_equal(y->rank, 2);
    assert_int_equal(y->dims[0], 2);
    assert_int_equal(y->dims[1], 72);
    x.dims[0] = 5;
    assert_int_equal(doubt_graph_set_value(graph, &x, NULL), DOUBT_OK);
    assert_int_equal(doubt_shape_infer(graph, NULL), DOUBT_OK);
    assert_int_equal(y->dims[0], 5);
    doubt_graph_free(graph);
}

static void unknown_operators_keep_what_is_declared(void **state)
{
    struct doubt_graph *graph = doubt_graph_new("declared");
    struct doubt_value x = {.name = "x", .dtype = DOUBT_F32, .rank = 1, .dims = {4}};
    struct doubt_value y = {.name = "y", .dtype = DOUBT_F32, .rank = 1, .dims = {9}};
    (void)state;
    assert_int_equal(doubt_graph_add_input(graph, &x, NULL), DOUBT_OK);
    add(graph, "Wonder", "x", NULL, "y");
    assert_int_equal(doubt_graph_set_value(graph, &y, NULL), DOUBT_OK);
    add(graph, "Relu", "y", NULL, "z");
    assert_int_equal(doubt_shape_infer(graph, NULL), DOUBT_OK);
    assert_int_equal(doubt_graph_value(graph, "z")->dims[0], 9);
    doubt_graph_free(graph);
}

/* --- nonsense ------------------------------------------------------------------------------ */

static const int64_t odd_numbers[] = {0,  1,  2,         3,           -1,        -2,
                                      7,  64, 1ll << 31, 1ll << 40,   1ll << 62, INT64_MAX,
                                      -8, 5,  INT64_MIN, -(1ll << 40)};

static int64_t odd(struct doubt_rng *rng)
{
    return doubt_rng_below(rng, 3) == 0 ? odd_numbers[doubt_rng_below(rng, 16)]
                                        : (int64_t)doubt_rng_below(rng, 6);
}

static void add_odd_input(struct doubt_graph *graph, struct doubt_rng *rng, const char *name)
{
    struct doubt_value value = {.name = name,
                                .dtype = doubt_rng_below(rng, 8) == 0 ? DOUBT_I64 : DOUBT_F32,
                                .rank = (int32_t)doubt_rng_below(rng, 10) - 1};
    int64_t list[4];
    for (int32_t i = 0; i < DOUBT_RANK_MAX; i++) {
        value.dims[i] = odd(rng);
        value.dims[i] = value.dims[i] < -1 ? -1 : value.dims[i];
    }
    for (int i = 0; i < 4; i++)
        list[i] = odd(rng);
    if (doubt_rng_below(rng, 2) == 0) {
        assert_int_equal(doubt_graph_add_input(graph, &value, NULL), DOUBT_OK);
        return;
    }
    struct doubt_const c = {.value = {.name = name, .dtype = DOUBT_I64, .rank = 1},
                            .fill = DOUBT_FILL_DATA};
    c.value.dims[0] = (int64_t)doubt_rng_below(rng, 5);
    c.bytes = (uint64_t)c.value.dims[0] * 8;
    if (doubt_rng_below(rng, 4) == 0) {
        c.value.dtype = DOUBT_F32;
        c.bytes /= 2;
    }
    void *copy = doubt_graph_alloc(graph, sizeof list);
    c.data = memcpy(copy, list, sizeof list);
    assert_int_equal(doubt_graph_add_const(graph, &c, NULL), DOUBT_OK);
}

static void odd_node(struct doubt_rng *rng, const char *op)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    static const char *const keys[] = {"axis",  "axes",      "perm",     "group", "strides",
                                       "pads",  "dilations", "keepdims", "k",     "blocksize",
                                       "split", "ceil_mode", "starts",   "ends",  "kernel_shape",
                                       "to",    "transA",    "transB",   "shape", "output_shape"};
    struct doubt_graph *graph = doubt_graph_new("storm");
    struct doubt_err err = {0};
    struct doubt_attr attrs[8] = {0};
    struct doubt_node node = {.op = op, .attrs = attrs, .outputs = {"y", "z", "w"}};
    node.input_count = (uint32_t)doubt_rng_below(rng, 6);
    node.output_count = 1 + (uint32_t)doubt_rng_below(rng, 3);
    node.attr_count = (uint32_t)doubt_rng_below(rng, 8);
    for (uint32_t i = 0; i < node.input_count; i++) {
        node.inputs[i] = doubt_rng_below(rng, 12) == 0 ? "" : names[i];
        if (node.inputs[i][0] != '\0')
            add_odd_input(graph, rng, names[i]);
    }
    for (uint32_t i = 0; i < node.attr_count; i++) {
        attrs[i].name = keys[doubt_rng_below(rng, sizeof keys / sizeof keys[0])];
        attrs[i].kind = doubt_rng_below(rng, 2) == 0 ? DOUBT_ATTR_INT : DOUBT_ATTR_INTS;
        attrs[i].i = odd(rng);
        attrs[i].int_count = (int32_t)doubt_rng_below(rng, DOUBT_ATTR_INTS_MAX + 1);
        for (int32_t j = 0; j < attrs[i].int_count; j++)
            attrs[i].ints[j] = odd(rng);
    }
    assert_int_equal(doubt_graph_add_node(graph, &node, NULL), DOUBT_OK);
    enum doubt_code code = doubt_shape_infer(graph, &err);
    assert_true(code == DOUBT_OK || (code == DOUBT_E_FORMAT && err.text[0] != '\0'));
    doubt_graph_free(graph);
}

static void nonsense_gives_sentences(void **state)
{
    static const struct doubti_shape_table *const tables[] = {
        &doubti_shape_element, &doubti_shape_window, &doubti_shape_layout, &doubti_shape_index};
    struct doubt_rng rng;
    (void)state;
    doubt_rng_seed(&rng, 20240229);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < tables[i]->count; j++)
            for (int k = 0; k < 400; k++)
                odd_node(&rng, tables[i]->rows[j].op);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_hold),
        cmocka_unit_test(sizes_flow_through_arithmetic),
        cmocka_unit_test(unknown_operators_keep_what_is_declared),
        cmocka_unit_test(nonsense_gives_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

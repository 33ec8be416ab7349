/* test_ort_outline.c: the outline of ONNX files, on files made by the onnx package and on bytes
 * written by hand. The plug-in's source is included: it is part of no library. */
#include "../../../engines/onnxruntime/ort_outline.c"
#include "engine_test.h"

static void test_weights(void **state)
{
    (void)state;
    struct ort_outline outline;
    assert_int_equal(ort_outline_read(DOUBT_TEST_DATA "/tiny.onnx", &outline), 0);
    assert_int_equal(outline.weights[DOUBT_F32], 18);
    assert_int_equal(outline.weights[DOUBT_F16], 0);
    assert_int_equal(outline.quantised, 0);
    assert_int_equal(outline.symbol_count, 0);
    assert_int_equal(ort_outline_dtype(&outline), DOUBT_F32);
    assert_int_equal(ort_outline_read(DOUBT_TEST_DATA "/tiny_f16.onnx", &outline), 0);
    assert_int_equal(outline.weights[DOUBT_F16], 18);
    assert_int_equal(ort_outline_dtype(&outline), DOUBT_F16);
    assert_int_equal(ort_outline_read(DOUBT_TEST_DATA "/tiny_nonzero.onnx", &outline), 0);
    assert_int_equal(ort_outline_dtype(&outline), DOUBT_DTYPE_NONE);
}

static void test_symbols(void **state)
{
    (void)state;
    struct ort_outline outline;
    assert_int_equal(ort_outline_read(DOUBT_TEST_DATA "/tiny_batch.onnx", &outline), 0);
    assert_int_equal(outline.symbol_count, 1);
    assert_string_equal(outline.symbols[0].input, "x");
    assert_string_equal(outline.symbols[0].symbol, "batch");
    assert_int_equal(outline.symbols[0].axis, 0);
}

/* A model whose graph is one node of this operator: graph 7 { node 1 { op_type 4 } }. */
static int quantised(const char *op)
{
    unsigned char model[80];
    size_t len = strlen(op);
    model[0] = 7 << 3 | 2;
    model[1] = (unsigned char)(len + 4);
    model[2] = 1 << 3 | 2;
    model[3] = (unsigned char)(len + 2);
    model[4] = 4 << 3 | 2;
    model[5] = (unsigned char)len;
    memcpy(model + 6, op, len);
    struct ort_outline outline;
    assert_int_equal(ort_outline_parse(model, len + 6, &outline), 0);
    return outline.quantised;
}

static void test_quantised_operators(void **state)
{
    (void)state;
    static const char *const yes[] = {"QLinearConv", "QuantizeLinear", "DequantizeLinear",
                                      "ConvInteger", "MatMulInteger",  "DynamicQuantizeLinear"};
    static const char *const no[] = {"Conv", "Linear", "Integer", "Q", "MatMul"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        assert_int_equal(quantised(yes[i]), 1);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_int_equal(quantised(no[i]), 0);
}

/* A tensor's dims may be packed: initializer 5 { dims 1 [2, 300], data_type 2 = 16 }. */
static void test_packed_dims(void **state)
{
    (void)state;
    static const unsigned char model[] = {7 << 3 | 2, 9,    5 << 3 | 2, 7,          1 << 3 | 2, 3,
                                          2,          0xAC, 0x02,       2 << 3 | 0, 16};
    struct ort_outline outline;
    assert_int_equal(ort_outline_parse(model, sizeof model, &outline), 0);
    assert_int_equal(outline.weights[DOUBT_BF16], 600);
    assert_int_equal(ort_outline_dtype(&outline), DOUBT_BF16);
}

static void test_no_model(void **state)
{
    (void)state;
    struct ort_outline outline;
    assert_int_equal(ort_outline_read("/no/such/file", &outline), -1);
    assert_int_equal(ort_outline_read(DOUBT_TEST_DATA, &outline), -1);
    assert_int_equal(ort_outline_read(DOUBT_SOURCE "/LICENSE", &outline), -1);
    assert_int_equal(ort_outline_read(DOUBT_TEST_DATA "/truncated.onnx", &outline), -1);
    assert_int_equal(ort_outline_parse("", 0, &outline), -1);
    /* A length beyond the end, a number that never ends, a group (wire type 3). */
    assert_int_equal(ort_outline_parse("\x3A\x7F", 2, &outline), -1);
    assert_int_equal(ort_outline_parse("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10, &outline),
                     -1);
    assert_int_equal(ort_outline_parse("\x3B\x01", 2, &outline), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_symbols),
        cmocka_unit_test(test_quantised_operators),
        cmocka_unit_test(test_packed_dims),
        cmocka_unit_test(test_no_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_tensor.c: conversions against the definition of rounding, sizes against overflow. */
#include "model/tensor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void f16_round_trip(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 65536; bits++) {
        float value = doubt_f32_from_f16((uint16_t)bits);
        uint16_t back = doubt_f16_from_f32(value);
        if ((bits & 0x7FFF) > 0x7C00)
            assert_true(isnan(value) && (back & 0x7FFF) > 0x7C00);
        else
            assert_int_equal(back, bits);
    }
}

/* Between each pair of neighbours: the middle goes to the even one, its float neighbours do not. */
static void f16_rounds_to_nearest_even(void **state)
{
    (void)state;
    for (uint16_t low = 0; low < 0x7BFF; low++) {
        float a = doubt_f32_from_f16(low), b = doubt_f32_from_f16(low + 1);
        float middle = (a + b) / 2; /* exact */
        assert_int_equal(doubt_f16_from_f32(middle), low + (low & 1));
        assert_int_equal(doubt_f16_from_f32(nextafterf(middle, a)), low);
        assert_int_equal(doubt_f16_from_f32(nextafterf(middle, b)), low + 1);
        assert_int_equal(doubt_f16_from_f32(-middle), 0x8000 | (low + (low & 1)));
    }
}

/* Values that IEEE 754 states. */
static void f16_known_values(void **state)
{
    static const struct {
        float value;
        uint16_t bits;
    } rows[] = {{0.0f, 0},
                {-0.0f, 0x8000},
                {1.0f, 0x3C00},
                {-2.0f, 0xC000},
                {65504.0f, 0x7BFF},
                {65519.996f, 0x7BFF},
                {65520.0f, 0x7C00},
                {1e10f, 0x7C00},
                {-INFINITY, 0xFC00},
                {0x1p-14f, 0x0400},
                {0x1p-24f, 0x0001},
                {0x1p-25f, 0},
                {0x1.8p-25f, 0x0001},
                {0x1p-149f, 0},
                {0.333251953125f, 0x3555}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(doubt_f16_from_f32(rows[i].value), rows[i].bits);
    assert_true(doubt_f32_from_f16(1) == 0x1p-24f);
    assert_true(doubt_f32_from_f16(0x03FF) == 1023 * 0x1p-24f);
    assert_true(isinf(doubt_f32_from_f16(0xFC00)));
}

static void bf16_rounds_to_nearest_even(void **state)
{
    (void)state;
    for (uint32_t low = 0; low < 0x7F7F; low++) {
        float a = doubt_f32_from_bf16((uint16_t)low), b = doubt_f32_from_bf16((uint16_t)(low + 1));
        float middle = (float)(((double)a + (double)b) / 2);
        assert_int_equal(doubt_bf16_from_f32(a), low);
        assert_int_equal(doubt_bf16_from_f32(middle), low + (low & 1));
        assert_int_equal(doubt_bf16_from_f32(nextafterf(middle, b)), low + 1);
    }
    assert_int_equal(doubt_bf16_from_f32(INFINITY), 0x7F80);
    assert_int_equal(doubt_bf16_from_f32(0x1.fffffep127f), 0x7F80);
    assert_true(isnan(doubt_f32_from_bf16(doubt_bf16_from_f32(NAN))));
}

static void dims_count(void **state)
{
    uint64_t n = 7;
    (void)state;
    assert_true(doubt_dims_count(NULL, 0, &n));
    assert_int_equal(n, 1);
    assert_true(doubt_dims_count((int64_t[]){2, 3, 4}, 3, &n));
    assert_int_equal(n, 24);
    assert_true(doubt_dims_count((int64_t[]){5, 0}, 2, &n));
    assert_int_equal(n, 0);
    assert_true(doubt_dims_count((int64_t[]){1ll << 31, 1ll << 31}, 2, &n));
    assert_int_equal(n, 1ull << 62);
    assert_false(doubt_dims_count((int64_t[]){1ll << 31, 1ll << 31, 2}, 3, &n));
    assert_false(doubt_dims_count((int64_t[]){INT64_MAX, INT64_MAX}, 2, &n));
    assert_false(doubt_dims_count((int64_t[]){2, -1}, 2, &n));
    assert_false(doubt_dims_count((int64_t[]){2}, -1, &n));
    assert_false(doubt_dims_count((int64_t[]){2}, DOUBT_RANK_MAX + 1, &n));
}

static void dims_format(void **state)
{
    char text[64], small[6];
    (void)state;
    doubt_dims_format((int64_t[]){1, 3, 224, -1}, 4, text, sizeof text);
    assert_string_equal(text, "1x3x224x?");
    doubt_dims_format(NULL, 0, text, sizeof text);
    assert_string_equal(text, "scalar");
    doubt_dims_format(NULL, -1, text, sizeof text);
    assert_string_equal(text, "?");
    doubt_dims_format((int64_t[]){1000, 1000}, 2, small, sizeof small);
    assert_string_equal(small, "1000x");
}

static void names(void **state)
{
    enum doubt_precision precision = DOUBT_PRECISION_ANY;
    (void)state;
    assert_int_equal(doubt_dtype_bytes(DOUBT_F16), 2);
    assert_int_equal(doubt_dtype_bytes(DOUBT_I64), 8);
    assert_int_equal(doubt_dtype_bytes((enum doubt_dtype)8), 0); /* ONNX: string */
    assert_int_equal(doubt_dtype_bytes((enum doubt_dtype)1000), 0);
    assert_string_equal(doubt_dtype_name(DOUBT_BF16), "bf16");
    assert_string_equal(doubt_dtype_name((enum doubt_dtype) - 5), "?");
    for (int i = 0; i < DOUBT_PRECISION_COUNT; i++) {
        assert_true(
            doubt_precision_parse(doubt_precision_name((enum doubt_precision)i), &precision));
        assert_int_equal(precision, i);
    }
    assert_false(doubt_precision_parse("fp32", &precision));
    assert_string_equal(doubt_precision_name(DOUBT_PRECISION_COUNT), "?");
}

static void elements(void **state)
{
    const unsigned char bytes[8] = {0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const float floats[2] = {1.5f, -2.5f};
    const double doubles[1] = {0.1};
    (void)state;
    assert_true(doubt_element_f32(bytes, DOUBT_U8, 1) == 254.0f);
    assert_true(doubt_element_f32(bytes, DOUBT_I8, 1) == -2.0f);
    assert_true(doubt_element_f32(bytes, DOUBT_I16, 0) == -257.0f);
    assert_true(doubt_element_f32(bytes, DOUBT_I64, 0) == -257.0f);
    assert_true(doubt_element_f32(bytes + 1, DOUBT_U16, 0) == 65534.0f); /* not aligned */
    assert_true(doubt_element_f32(floats, DOUBT_F32, 1) == -2.5f);
    assert_true(doubt_element_f32(doubles, DOUBT_F64, 0) == 0.1f);
    assert_true(doubt_element_f32((uint16_t[]){0x3C00, 0xC000}, DOUBT_F16, 1) == -2.0f);
    assert_true(doubt_element_f32((uint16_t[]){0x3F80}, DOUBT_BF16, 0) == 1.0f);
    assert_true(isnan(doubt_element_f32(bytes, DOUBT_DTYPE_NONE, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(f16_round_trip),
        cmocka_unit_test(f16_rounds_to_nearest_even),
        cmocka_unit_test(f16_known_values),
        cmocka_unit_test(bf16_rounds_to_nearest_even),
        cmocka_unit_test(dims_count),
        cmocka_unit_test(dims_format),
        cmocka_unit_test(names),
        cmocka_unit_test(elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

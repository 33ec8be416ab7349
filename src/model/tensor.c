/* tensor.c: see tensor.h. */
#include "model/tensor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One row per element type, found by its number. */
static const struct {
    const char *name;
    size_t bytes;
} dtypes[] = {
    [DOUBT_F32] = {"f32", 4},   [DOUBT_U8] = {"u8", 1},     [DOUBT_I8] = {"i8", 1},
    [DOUBT_U16] = {"u16", 2},   [DOUBT_I16] = {"i16", 2},   [DOUBT_I32] = {"i32", 4},
    [DOUBT_I64] = {"i64", 8},   [DOUBT_BOOL] = {"bool", 1}, [DOUBT_F16] = {"f16", 2},
    [DOUBT_F64] = {"f64", 8},   [DOUBT_U32] = {"u32", 4},   [DOUBT_U64] = {"u64", 8},
    [DOUBT_BF16] = {"bf16", 2},
};

static const char *const precisions[DOUBT_PRECISION_COUNT] = {
    [DOUBT_PRECISION_ANY] = "any",   [DOUBT_PRECISION_F32] = "f32", [DOUBT_PRECISION_TF32] = "tf32",
    [DOUBT_PRECISION_BF16] = "bf16", [DOUBT_PRECISION_F16] = "f16", [DOUBT_PRECISION_I8] = "i8",
};

static bool is_known(enum doubt_dtype dtype)
{
    return (unsigned)dtype < sizeof dtypes / sizeof dtypes[0] && dtypes[dtype].name != NULL;
}

size_t doubt_dtype_bytes(enum doubt_dtype dtype)
{
    return is_known(dtype) ? dtypes[dtype].bytes : 0;
}

const char *doubt_dtype_name(enum doubt_dtype dtype)
{
    return is_known(dtype) ? dtypes[dtype].name : "?";
}

const char *doubt_precision_name(enum doubt_precision precision)
{
    return (unsigned)precision < DOUBT_PRECISION_COUNT ? precisions[precision] : "?";
}

bool doubt_precision_parse(const char *name, enum doubt_precision *precision)
{
    for (int i = 0; i < DOUBT_PRECISION_COUNT; i++) {
        if (strcmp(name, precisions[i]) == 0) {
            *precision = (enum doubt_precision)i;
            return true;
        }
    }
    return false;
}

bool doubt_dims_count(const int64_t *dims, int32_t rank, uint64_t *count)
{
    const uint64_t limit = (uint64_t)1 << 62;
    uint64_t product = 1;
    if (rank < 0 || rank > DOUBT_RANK_MAX)
        return false;
    for (int32_t i = 0; i < rank; i++) {
        if (dims[i] < 0)
            return false;
        if (dims[i] > 0 && product > limit / (uint64_t)dims[i])
            return false;
        product *= (uint64_t)dims[i];
    }
    *count = product;
    return true;
}

void doubt_dims_format(const int64_t *dims, int32_t rank, char *out, size_t out_bytes)
{
    if (out_bytes == 0)
        return;
    snprintf(out, out_bytes, "%s", rank == 0 ? "scalar" : rank < 0 ? "?" : "");
    size_t used = 0;
    for (int32_t i = 0; i < rank && used < out_bytes; i++) {
        const char *cross = i == 0 ? "" : "x";
        int n = dims[i] < 0
                    ? snprintf(out + used, out_bytes - used, "%s?", cross)
                    : snprintf(out + used, out_bytes - used, "%s%lld", cross, (long long)dims[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Shifts right by 1 .. 31 bits, rounding to nearest, ties to even. */
static uint32_t shift_to_even(uint32_t value, unsigned shift)
{
    uint32_t half = (uint32_t)1 << (shift - 1);
    uint32_t rest = value & ((half << 1) - 1), kept = value >> shift;
    return kept + (rest > half || (rest == half && (kept & 1) != 0));
}

uint16_t doubt_f16_from_f32(float value)
{
    uint32_t bits = bits_of(value), magnitude = bits & 0x7FFFFFFFu;
    uint16_t sign = (uint16_t)((bits >> 16) & 0x8000u);
    if (magnitude > 0x7F800000u) /* NaN: quiet, upper payload kept */
        return (uint16_t)(sign | 0x7E00u | ((magnitude >> 13) & 0x1FFu));
    if (magnitude >= 0x47800000u) /* 2^16 and more */
        return sign | 0x7C00u;
    if (magnitude >= 0x38800000u) /* normal; a carry out of the mantissa may reach infinity */
        return (uint16_t)(sign | shift_to_even(magnitude - 0x38000000u, 13));
    if (magnitude < 0x33000000u) /* below half of the least subnormal */
        return sign;
    uint32_t mantissa = (magnitude & 0x7FFFFFu) | 0x800000u;
    return (uint16_t)(sign | shift_to_even(mantissa, 126 - (magnitude >> 23)));
}

float doubt_f32_from_f16(uint16_t bits)
{
    uint32_t sign = (uint32_t)(bits & 0x8000u) << 16, magnitude = bits & 0x7FFFu;
    if (magnitude >= 0x7C00u)
        return float_of(sign | 0x7F800000u | ((magnitude & 0x3FFu) << 13));
    if (magnitude >= 0x400u)
        return float_of(sign | ((magnitude << 13) + 0x38000000u));
    float small = (float)magnitude * 0x1p-24f; /* subnormal: exact */
    return float_of(sign | bits_of(small));
}

uint16_t doubt_bf16_from_f32(float value)
{
    uint32_t bits = bits_of(value);
    if ((bits & 0x7FFFFFFFu) > 0x7F800000u)
        return (uint16_t)((bits >> 16) | 0x40u);
    return (uint16_t)shift_to_even(bits, 16);
}

float doubt_f32_from_bf16(uint16_t bits)
{
    return float_of((uint32_t)bits << 16);
}

/* memcpy: data of a mapped file need not be aligned. */
#define ELEMENT(type)                                                                              \
    do {                                                                                           \
        type v;                                                                                    \
        memcpy(&v, (const unsigned char *)data + i * sizeof v, sizeof v);                          \
        return (float)v;                                                                           \
    } while (0)

float doubt_element_f32(const void *data, enum doubt_dtype dtype, uint64_t i)
{
    uint16_t half;
    switch (dtype) {
    case DOUBT_F32:
        ELEMENT(float);
    case DOUBT_F64:
        ELEMENT(double);
    case DOUBT_U8:
    case DOUBT_BOOL:
        ELEMENT(uint8_t);
    case DOUBT_I8:
        ELEMENT(int8_t);
    case DOUBT_U16:
        ELEMENT(uint16_t);
    case DOUBT_I16:
        ELEMENT(int16_t);
    case DOUBT_I32:
        ELEMENT(int32_t);
    case DOUBT_U32:
        ELEMENT(uint32_t);
    case DOUBT_I64:
        ELEMENT(int64_t);
    case DOUBT_U64:
        ELEMENT(uint64_t);
    case DOUBT_F16:
    case DOUBT_BF16:
        memcpy(&half, (const unsigned char *)data + i * sizeof half, sizeof half);
        return dtype == DOUBT_F16 ? doubt_f32_from_f16(half) : doubt_f32_from_bf16(half);
    case DOUBT_DTYPE_NONE:
        break;
    }
    return NAN;
}

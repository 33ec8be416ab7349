/* weights.c: elements of constants and inputs made from their recipes.
 *
 * A unit of work is one element: its index and a seed decide its bits, so any piece can be made
 * alone and in any order. Integers to the last step; the few float operations are exact or
 * correctly rounded in IEEE 754, and no library function is called. Not for training.
 */
#include "model/graph.h"
#include "model/net.h"
#include "model/tensor.h"
#include "util/rng.h"

#include <string.h>

/* Uniform in [-1, 1), a multiple of 2^-23. */
static float uniform_of(uint64_t bits)
{
    return (float)(int32_t)(bits >> 40) * 0x1p-23f - 1.0f;
}

/* The sum of four 16-bit uniforms less its mean, over its deviation 65536 / sqrt(3): Irwin and
 * Hall's distribution of order 4, within 3.47 of 0. */
static float normal_of(uint64_t bits)
{
    int32_t sum = (int32_t)(bits & 0xFFFF) + (int32_t)(bits >> 16 & 0xFFFF) +
                  (int32_t)(bits >> 32 & 0xFFFF) + (int32_t)(bits >> 48);
    return (float)(sum - 131070) * 0x1.bb67aep-16f; /* sqrt(3) / 65536 */
}

/* The index whose number element i takes, and whether its sign is turned. */
static uint64_t mirror(const struct doubt_value *value, uint64_t i, bool *turned)
{
    uint64_t inner = 1, channels = value->rank < 2 ? 1 : (uint64_t)value->dims[1];
    for (int32_t axis = 2; axis < value->rank; axis++)
        inner *= (uint64_t)value->dims[axis];
    uint64_t channel = i / inner % channels, half = channels / 2;
    *turned = channel >= channels - half;
    return *turned ? i - (channels - half) * inner : i;
}

static float balanced(const struct doubt_const *constant, uint64_t i)
{
    bool turned;
    uint64_t from = mirror(&constant->value, i, &turned);
    float z = normal_of(doubt_rng_at(constant->seed, from));
    return constant->offset + constant->scale * (turned ? -z : z);
}

static float recipe(const struct doubt_const *constant, uint64_t i)
{
    switch (constant->fill) {
    case DOUBT_FILL_CONST:
        return constant->offset;
    case DOUBT_FILL_UNIFORM:
        return constant->offset + constant->scale * uniform_of(doubt_rng_at(constant->seed, i));
    case DOUBT_FILL_NORMAL:
        return constant->offset + constant->scale * normal_of(doubt_rng_at(constant->seed, i));
    case DOUBT_FILL_BALANCED:
        return balanced(constant, i);
    case DOUBT_FILL_ZERO:
    case DOUBT_FILL_DATA:
        break;
    }
    return 0.0f;
}

/* Stores value as element i of out. Integers are cut towards zero. */
static void store(void *out, enum doubt_dtype dtype, uint64_t i, float value)
{
    unsigned char *at = (unsigned char *)out + i * doubt_dtype_bytes(dtype);
    uint16_t half = dtype == DOUBT_BF16 ? doubt_bf16_from_f32(value) : doubt_f16_from_f32(value);
    double wide = value;
    int64_t whole = value > -0x1p63f && value < 0x1p63f ? (int64_t)value : 0;
    switch (dtype) {
    case DOUBT_F32:
        memcpy(at, &value, sizeof value);
        break;
    case DOUBT_F16:
    case DOUBT_BF16:
        memcpy(at, &half, sizeof half);
        break;
    case DOUBT_F64:
        memcpy(at, &wide, sizeof wide);
        break;
    default: /* little-endian: the low bytes come first */
        memcpy(at, &whole, doubt_dtype_bytes(dtype));
        break;
    }
}

void doubt_const_read(const struct doubt_const *constant, uint64_t first, uint64_t count, void *out)
{
    enum doubt_dtype dtype = constant->value.dtype;
    size_t width = doubt_dtype_bytes(dtype);
    if (count == 0)
        return;
    if (constant->fill == DOUBT_FILL_DATA)
        memcpy(out, (const unsigned char *)constant->data + first * width, count * width);
    else if (constant->fill == DOUBT_FILL_ZERO)
        memset(out, 0, count * width);
    else
        for (uint64_t i = 0; i < count; i++)
            store(out, dtype, i, recipe(constant, first + i));
}

static bool is_float(enum doubt_dtype dtype)
{
    return dtype == DOUBT_F32 || dtype == DOUBT_F16 || dtype == DOUBT_BF16 || dtype == DOUBT_F64;
}

/* Half a number of its own, half that of its cell: up to CELLS cells along each axis but the first.
 * Both halves are multiples of 2^-24, so the sum is exact. */
enum { CELLS = 8 };

static float input_element(const struct doubt_tensor *input, uint64_t seed, uint64_t i)
{
    uint64_t cell = 0, rest = i, step = 1;
    for (int32_t axis = input->rank - 1; axis > 0; axis--) {
        uint64_t size = (uint64_t)input->dims[axis], length = (size + CELLS - 1) / CELLS;
        cell += rest % size / length * step;
        rest /= size;
        step *= CELLS;
    }
    return 0.5f * uniform_of(doubt_rng_at(seed, i)) + 0.5f * uniform_of(doubt_rng_at(~seed, cell));
}

void doubt_net_fill_input(const struct doubt_tensor *input)
{
    size_t width = doubt_dtype_bytes(input->dtype);
    uint64_t count = width == 0 ? 0 : input->bytes / width, period = count;
    if (input->rank >= 2 && input->dims[0] > 0)
        period = count / (uint64_t)input->dims[0];
    if (!is_float(input->dtype) || period == 0) {
        memset(input->data, 0, input->bytes);
        return;
    }
    uint64_t seed = doubt_rng_label(input->name == NULL ? "" : input->name);
    for (uint64_t i = 0; i < count; i++)
        store(input->data, input->dtype, i, input_element(input, seed, i % period));
}

/* interp_each.c: element-wise operators: one small function and one row each.
 *
 * A unit of work is one element. Inputs are broadcast to each other numpy's way. Integers wrap to
 * the width of their type; a division of integers by zero gives zero. Formulas: ONNX operator
 * specification. Not for anything that looks at neighbours.
 */
#include "model/interp_int.h"
#include "model/tensor.h"
#include "util/whole.h"

#include <math.h>
#include <string.h>

/* --- one input ------------------------------------------------------------------------------- */

#define UNARY(name, expression)                                                                    \
    static float name(float x, float alpha, float beta)                                            \
    {                                                                                              \
        (void)alpha, (void)beta;                                                                   \
        return expression;                                                                         \
    }

UNARY(f_relu, x < 0.0f ? 0.0f : x)
UNARY(f_leaky_relu, x < 0.0f ? alpha * x : x)
UNARY(f_elu, x < 0.0f ? alpha * expm1f(x) : x)
UNARY(f_selu, beta *(x < 0.0f ? alpha * expm1f(x) : x))
UNARY(f_celu, (x < 0.0f ? 0.0f : x) + (x < 0.0f ? alpha * expm1f(x / alpha) : 0.0f))
UNARY(f_thresholded, x > alpha ? x : 0.0f)
UNARY(f_sigmoid, 1.0f / (1.0f + expf(-x)))
UNARY(f_hard_sigmoid, fminf(1.0f, fmaxf(0.0f, alpha *x + beta)))
UNARY(f_hard_swish, x *fminf(1.0f, fmaxf(0.0f, x / 6.0f + 0.5f)))
UNARY(f_softplus, x > 0.0f ? x + log1pf(expf(-x)) : log1pf(expf(x)))
UNARY(f_softsign, x / (1.0f + fabsf(x)))
UNARY(f_mish, x *tanhf(x > 0.0f ? x + log1pf(expf(-x)) : log1pf(expf(x))))
UNARY(f_tanh, tanhf(x))
UNARY(f_erf, erff(x))
UNARY(f_exp, expf(x))
UNARY(f_log, logf(x))
UNARY(f_sqrt, sqrtf(x))
UNARY(f_reciprocal, 1.0f / x)
UNARY(f_abs, fabsf(x))
UNARY(f_neg, -x)
UNARY(f_floor, floorf(x))
UNARY(f_ceil, ceilf(x))
UNARY(f_round, nearbyintf(x))
UNARY(f_sign, x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x)
UNARY(f_sin, sinf(x))
UNARY(f_cos, cosf(x))

static enum doubt_code unary(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_float(call, 0, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_make_like(call, 0, x);
    if (code != DOUBT_OK)
        return code;
    float alpha = doubt_node_float(call->node, "alpha", call->op->alpha);
    float beta = doubt_node_float(call->node, "beta", call->op->beta);
    if (strcmp(call->op->name, "Selu") == 0)
        beta = doubt_node_float(call->node, "gamma", call->op->beta);
    for (uint64_t n = 0; n < x->count; n++)
        call->out[0].f[n] = call->op->unary(x->f[n], alpha, beta);
    return DOUBT_OK;
}

/* Abs, Neg and Sign of integers. */
static enum doubt_code signed_unary(struct doubti_call *call)
{
    const struct doubti_array *x = call->in[0];
    if (!x || doubti_is_float(x->dtype))
        return unary(call);
    enum doubt_code code = doubti_make_like(call, 0, x);
    for (uint64_t n = 0; code == DOUBT_OK && n < x->count; n++)
        call->out[0].i[n] = doubti_wrap(x->dtype, call->op->i(x->i[n], 0));
    return code;
}

/* x / 2 * (1 + erf(x / sqrt 2)), or its approximation by tanh. */
static enum doubt_code gelu(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_float(call, 0, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_make_like(call, 0, x);
    bool by_tanh = strcmp(doubt_node_string(call->node, "approximate", "none"), "tanh") == 0;
    for (uint64_t n = 0; code == DOUBT_OK && n < x->count; n++) {
        double v = (double)x->f[n];
        double s = by_tanh ? tanh(0.7978845608028654 * (v + 0.044715 * v * v * v))
                           : erf(v * 0.7071067811865476);
        call->out[0].f[n] = (float)(0.5 * v * (1.0 + s));
    }
    return code;
}

/* A bound of Clip: input k, else the attribute of opsets before 11. */
static enum doubt_code bound(struct doubti_call *call, int k, const char *attr, float *value)
{
    const struct doubti_array *array = call->in[k];
    if (!array) {
        *value = doubt_node_float(call->node, attr, *value);
        return DOUBT_OK;
    }
    if (array->count != 1)
        return doubti_fail(call, DOUBT_E_FORMAT, "a bound with %llu elements; one is wanted",
                           (unsigned long long)array->count);
    *value = doubti_is_float(array->dtype) ? array->f[0] : (float)array->i[0];
    return DOUBT_OK;
}

static enum doubt_code clip(struct doubti_call *call)
{
    const struct doubti_array *x;
    float low = -INFINITY, high = INFINITY;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = bound(call, 1, "min", &low);
    if (code == DOUBT_OK)
        code = bound(call, 2, "max", &high);
    if (code == DOUBT_OK)
        code = doubti_make_like(call, 0, x);
    if (code != DOUBT_OK)
        return code;
    for (uint64_t n = 0; n < x->count; n++) {
        if (doubti_is_float(x->dtype)) {
            float raised = x->f[n] < low ? low : x->f[n];
            call->out[0].f[n] = raised > high ? high : raised;
        } else {
            int64_t raised = (float)x->i[n] < low ? doubt_whole(low) : x->i[n];
            call->out[0].i[n] = (float)raised > high ? doubt_whole(high) : raised;
        }
    }
    return DOUBT_OK;
}

/* --- two inputs ------------------------------------------------------------------------------ */

#define BINARY(name, expression)                                                                   \
    static float f_##name(float a, float b)                                                        \
    {                                                                                              \
        return expression;                                                                         \
    }
#define INTEGER(name, expression)                                                                  \
    static int64_t i_##name(int64_t a, int64_t b)                                                  \
    {                                                                                              \
        (void)b;                                                                                   \
        return expression;                                                                         \
    }

BINARY(add, a + b)
BINARY(sub, a - b)
BINARY(mul, a *b)
BINARY(div, a / b)
BINARY(pow, powf(a, b))
BINARY(min, isnan(a) || a < b ? a : b)
BINARY(max, isnan(a) || a > b ? a : b)
BINARY(prelu, a < 0.0f ? a * b : a)
BINARY(less, a < b ? 1.0f : 0.0f)
BINARY(less_equal, a <= b ? 1.0f : 0.0f)
BINARY(greater, a > b ? 1.0f : 0.0f)
BINARY(greater_equal, a >= b ? 1.0f : 0.0f)
BINARY(equal, a == b ? 1.0f : 0.0f)
INTEGER(add, (int64_t)((uint64_t)a + (uint64_t)b))
INTEGER(sub, (int64_t)((uint64_t)a - (uint64_t)b))
INTEGER(mul, (int64_t)((uint64_t)a *(uint64_t)b))
INTEGER(div, b == 0 ? 0 : b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b)
INTEGER(min, a < b ? a : b)
INTEGER(max, a > b ? a : b)
INTEGER(less, a < b)
INTEGER(less_equal, a <= b)
INTEGER(greater, a > b)
INTEGER(greater_equal, a >= b)
INTEGER(equal, a == b)
INTEGER(and, a &&b)
INTEGER(or, a || b)
INTEGER(xor, !a != !b)
INTEGER(not, !a)
INTEGER(abs, a < 0 ? (int64_t)(0 - (uint64_t)a) : a)
INTEGER(neg, (int64_t)(0 - (uint64_t)a))
INTEGER(sign, (a > 0) - (a < 0))

/* By squaring; a negative exponent gives what is left of the fraction: 1, -1 or 0. */
static int64_t i_pow(int64_t a, int64_t b)
{
    if (b < 0)
        return a == 1 ? 1 : a == -1 ? (b % 2 ? -1 : 1) : 0;
    uint64_t base = (uint64_t)a, power = 1;
    for (; b > 0; b >>= 1, base *= base)
        if (b & 1)
            power *= base;
    return (int64_t)power;
}

/* The remainder with the divisor's sign, as Python's. */
static int64_t i_mod(int64_t a, int64_t b)
{
    if (b == 0 || b == -1)
        return 0;
    int64_t rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

/* The remainder with the dividend's sign, as C's: Mod with fmod 1. */
static float f_mod(float a, float b)
{
    return fmodf(a, b);
}

/* y = f(a, b), broadcast to each other. */
static enum doubt_code combine(struct doubti_call *call, const struct doubti_array *a,
                               const struct doubti_array *b, bool to_bool)
{
    struct doubti_array *y = &call->out[0];
    int32_t rank = 0;
    int64_t dims[DOUBT_RANK_MAX];
    if (!doubti_broadcast(a, &rank, dims) || !doubti_broadcast(b, &rank, dims))
        return doubti_fail(call, DOUBT_E_FORMAT, "the inputs' shapes do not broadcast");
    enum doubt_code code = doubti_make(call, 0, to_bool ? DOUBT_BOOL : a->dtype, rank, dims);
    if (code != DOUBT_OK)
        return code;
    struct doubti_walk walk = {.rank = rank, .count = 2};
    memcpy(walk.dims, dims, (size_t)rank * sizeof *dims);
    doubti_broadcast_strides(a, rank, walk.strides[0]);
    doubti_broadcast_strides(b, rank, walk.strides[1]);
    bool floats = doubti_is_float(a->dtype);
    for (uint64_t n = 0; n < y->count; n++, doubti_walk_next(&walk)) {
        int64_t p = walk.offsets[0], q = walk.offsets[1];
        if (!floats)
            y->i[n] = doubti_wrap(y->dtype, call->op->i(a->i[p], b->i[q]));
        else if (to_bool)
            y->i[n] = call->op->f(a->f[p], b->f[q]) != 0.0f;
        else
            y->f[n] = call->op->f(a->f[p], b->f[q]);
    }
    return DOUBT_OK;
}

/* Both inputs of one kind, for which the row has a function. */
static enum doubt_code check_pair(struct doubti_call *call, const struct doubti_array *a,
                                  const struct doubti_array *b)
{
    bool floats = doubti_is_float(a->dtype);
    if (floats != doubti_is_float(b->dtype) || (floats ? !call->op->f : !call->op->i))
        return doubti_fail(call, DOUBT_E_UNSUPPORTED, "inputs of types %s and %s",
                           doubt_dtype_name(a->dtype), doubt_dtype_name(b->dtype));
    return DOUBT_OK;
}

static enum doubt_code binary_to(struct doubti_call *call, bool to_bool)
{
    const struct doubti_array *a, *b;
    enum doubt_code code = doubti_in_any(call, 0, &a);
    if (code == DOUBT_OK)
        code = doubti_in_any(call, 1, &b);
    if (code == DOUBT_OK)
        code = check_pair(call, a, b);
    return code == DOUBT_OK ? combine(call, a, b, to_bool) : code;
}

static enum doubt_code binary(struct doubti_call *call)
{
    return binary_to(call, false);
}

static enum doubt_code compare(struct doubti_call *call)
{
    return binary_to(call, true);
}

/* Pow: the exponent may be of the other kind; the output has the base's type. */
static enum doubt_code power(struct doubti_call *call)
{
    const struct doubti_array *a, *b;
    enum doubt_code code = doubti_in_any(call, 0, &a);
    if (code == DOUBT_OK)
        code = doubti_in_any(call, 1, &b);
    if (code != DOUBT_OK || doubti_is_float(a->dtype) == doubti_is_float(b->dtype))
        return code == DOUBT_OK ? combine(call, a, b, false) : code;
    struct doubti_array like = *b, converted;
    like.dtype = a->dtype;
    code = doubti_array_new(call->budget, &like, &converted, call->err);
    if (code != DOUBT_OK)
        return code;
    for (uint64_t n = 0; n < b->count; n++) {
        if (doubti_is_float(a->dtype))
            converted.f[n] = (float)b->i[n];
        else
            converted.i[n] = doubt_whole(b->f[n]);
    }
    code = combine(call, a, &converted, false);
    doubti_array_free(call->budget, &converted);
    return code;
}

static enum doubt_code mod(struct doubti_call *call)
{
    const struct doubti_array *a;
    enum doubt_code code = doubti_in_any(call, 0, &a);
    if (code == DOUBT_OK && !doubti_is_float(a->dtype) && doubt_node_int(call->node, "fmod", 0))
        return doubti_fail(call, DOUBT_E_UNSUPPORTED, "fmod 1 on integers");
    return code == DOUBT_OK ? binary(call) : code;
}

static enum doubt_code not_each(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_int(call, 0, &x);
    return code == DOUBT_OK ? signed_unary(call) : code;
}

/* --- any number of inputs -------------------------------------------------------------------- */

/* Min, Max, Sum: from left to right. */
static enum doubt_code fold(struct doubti_call *call)
{
    const struct doubti_array *a, *b;
    enum doubt_code code = doubti_in_any(call, 0, &a);
    struct doubti_array so_far = {.data = NULL};
    if (code == DOUBT_OK && call->node->input_count == 1)
        return doubti_copy(call, 0, a, a->rank, a->dims);
    for (uint32_t k = 1; k < call->node->input_count && code == DOUBT_OK; k++) {
        code = doubti_in_any(call, (int)k, &b);
        if (code == DOUBT_OK)
            code = check_pair(call, a, b);
        if (code == DOUBT_OK)
            code = combine(call, a, b, false);
        doubti_array_free(call->budget, &so_far);
        if (code == DOUBT_OK && k + 1 < call->node->input_count) {
            so_far = call->out[0];
            call->out[0] = (struct doubti_array){.data = NULL};
            a = &so_far;
        }
    }
    return code;
}

static enum doubt_code mean(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_float(call, 0, 0, &x);
    if (code == DOUBT_OK)
        code = fold(call);
    for (uint64_t n = 0; code == DOUBT_OK && n < call->out[0].count; n++)
        call->out[0].f[n] /= (float)call->node->input_count;
    return code;
}

/* --- types and choices ----------------------------------------------------------------------- */

static enum doubt_code cast_to(struct doubti_call *call, enum doubt_dtype to)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK && doubt_dtype_bytes(to) == 0)
        code = doubti_fail(call, DOUBT_E_UNSUPPORTED, "a cast to type %d", (int)to);
    if (code == DOUBT_OK)
        code = doubti_make(call, 0, to, x->rank, x->dims);
    if (code != DOUBT_OK)
        return code;
    struct doubti_array *y = &call->out[0];
    bool from_float = doubti_is_float(x->dtype);
    for (uint64_t n = 0; n < x->count; n++) {
        if (doubti_is_float(to))
            y->f[n] = doubti_round(to, from_float ? x->f[n] : (float)x->i[n]);
        else if (to == DOUBT_BOOL)
            y->i[n] = from_float ? x->f[n] != 0.0f : x->i[n] != 0;
        else
            y->i[n] = doubti_wrap(to, from_float ? doubt_whole(x->f[n]) : x->i[n]);
    }
    return DOUBT_OK;
}

static enum doubt_code cast(struct doubti_call *call)
{
    int64_t to = doubt_node_int(call->node, "to", 0);
    return cast_to(call, to > 0 && to < 64 ? (enum doubt_dtype)to : DOUBT_DTYPE_NONE);
}

static enum doubt_code cast_like(struct doubti_call *call)
{
    const struct doubti_array *like;
    enum doubt_code code = doubti_in_any(call, 1, &like);
    return code == DOUBT_OK ? cast_to(call, like->dtype) : code;
}

static enum doubt_code where(struct doubti_call *call)
{
    const struct doubti_array *in[3];
    int32_t rank = 0;
    int64_t dims[DOUBT_RANK_MAX];
    enum doubt_code code = doubti_in_int(call, 0, &in[0]);
    for (int k = 1; k < 3 && code == DOUBT_OK; k++)
        code = doubti_in_any(call, k, &in[k]);
    if (code != DOUBT_OK)
        return code;
    for (int k = 0; k < 3; k++)
        if (!doubti_broadcast(in[k], &rank, dims))
            return doubti_fail(call, DOUBT_E_FORMAT, "the inputs' shapes do not broadcast");
    if (in[1]->dtype != in[2]->dtype)
        return doubti_fail(call, DOUBT_E_FORMAT, "a choice between %s and %s",
                           doubt_dtype_name(in[1]->dtype), doubt_dtype_name(in[2]->dtype));
    code = doubti_make(call, 0, in[1]->dtype, rank, dims);
    if (code != DOUBT_OK)
        return code;
    struct doubti_walk walk = {.rank = rank, .count = 3};
    memcpy(walk.dims, dims, (size_t)rank * sizeof *dims);
    for (int k = 0; k < 3; k++)
        doubti_broadcast_strides(in[k], rank, walk.strides[k]);
    size_t size = doubti_element_bytes(in[1]);
    for (uint64_t n = 0; n < call->out[0].count; n++, doubti_walk_next(&walk)) {
        int k = in[0]->i[walk.offsets[0]] ? 1 : 2;
        memcpy(call->out[0].bytes + n * size, in[k]->bytes + (size_t)walk.offsets[k] * size, size);
    }
    return DOUBT_OK;
}

static enum doubt_code is_nan(struct doubti_call *call)
{
    const struct doubti_array *x;
    enum doubt_code code = doubti_in_float(call, 0, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_make(call, 0, DOUBT_BOOL, x->rank, x->dims);
    for (uint64_t n = 0; code == DOUBT_OK && n < x->count; n++)
        call->out[0].i[n] = isnan(x->f[n]) != 0;
    return code;
}

const struct doubti_op doubti_ops_each[] = {
    {"Relu", unary, .unary = f_relu},
    {"LeakyRelu", unary, .unary = f_leaky_relu, .alpha = 0.01f},
    {"PRelu", binary, .f = f_prelu},
    {"Elu", unary, .unary = f_elu, .alpha = 1.0f},
    {"Selu", unary, .unary = f_selu, .alpha = 1.67326319f, .beta = 1.05070102f},
    {"Celu", unary, .unary = f_celu, .alpha = 1.0f},
    {"ThresholdedRelu", unary, .unary = f_thresholded, .alpha = 1.0f},
    {"Sigmoid", unary, .unary = f_sigmoid},
    {"HardSigmoid", unary, .unary = f_hard_sigmoid, .alpha = 0.2f, .beta = 0.5f},
    {"HardSwish", unary, .unary = f_hard_swish},
    {"Softplus", unary, .unary = f_softplus},
    {"Softsign", unary, .unary = f_softsign},
    {"Mish", unary, .unary = f_mish},
    {"Gelu", .run = gelu},
    {"Tanh", unary, .unary = f_tanh},
    {"Erf", unary, .unary = f_erf},
    {"Exp", unary, .unary = f_exp},
    {"Log", unary, .unary = f_log},
    {"Sqrt", unary, .unary = f_sqrt},
    {"Reciprocal", unary, .unary = f_reciprocal},
    {"Abs", signed_unary, .unary = f_abs, .i = i_abs},
    {"Neg", signed_unary, .unary = f_neg, .i = i_neg},
    {"Sign", signed_unary, .unary = f_sign, .i = i_sign},
    {"Floor", unary, .unary = f_floor},
    {"Ceil", unary, .unary = f_ceil},
    {"Round", unary, .unary = f_round},
    {"Sin", unary, .unary = f_sin},
    {"Cos", unary, .unary = f_cos},
    {"Clip", .run = clip},
    {"Add", binary, .f = f_add, .i = i_add},
    {"Sub", binary, .f = f_sub, .i = i_sub},
    {"Mul", binary, .f = f_mul, .i = i_mul},
    {"Div", binary, .f = f_div, .i = i_div},
    {"Mod", mod, .f = f_mod, .i = i_mod},
    {"Pow", power, .f = f_pow, .i = i_pow},
    {"Min", fold, .f = f_min, .i = i_min},
    {"Max", fold, .f = f_max, .i = i_max},
    {"Sum", fold, .f = f_add},
    {"Mean", mean, .f = f_add},
    {"Less", compare, .f = f_less, .i = i_less},
    {"LessOrEqual", compare, .f = f_less_equal, .i = i_less_equal},
    {"Greater", compare, .f = f_greater, .i = i_greater},
    {"GreaterOrEqual", compare, .f = f_greater_equal, .i = i_greater_equal},
    {"Equal", compare, .f = f_equal, .i = i_equal},
    {"And", compare, .i = i_and},
    {"Or", compare, .i = i_or},
    {"Xor", compare, .i = i_xor},
    {"Not", not_each, .i = i_not},
    {"Cast", .run = cast},
    {"CastLike", .run = cast_like},
    {"Where", .run = where},
    {"IsNaN", .run = is_nan},
    {.name = NULL},
};

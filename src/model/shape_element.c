/* shape_element.c: rows of operators that work element by element or keep the shape of an input.
 *
 * A unit of work is one operator. See model_int.h.
 */
#include "model/model_int.h"
#include "model/tensor.h"

#include <string.h>

static enum doubt_code same(struct doubti_infer *t)
{
    doubti_infer_like(t, 0, 0);
    t->has_ints = strcmp(t->node->op, "Identity") == 0 && doubti_infer_ints(t, 0, &t->ints);
    return DOUBT_OK;
}

static enum doubt_code dropout(struct doubti_infer *t)
{
    doubti_infer_like(t, 0, 0);
    doubti_infer_like(t, 1, 0);
    t->out[1].dtype = DOUBT_BOOL;
    return DOUBT_OK;
}

/* Softmax and its kin; LayerNormalization: the axis must exist. */
static enum doubt_code same_axis(struct doubti_infer *t)
{
    int32_t axis;
    doubti_infer_like(t, 0, 0);
    if (!doubti_infer_has(t, 0) || t->in[0]->rank == 0)
        return DOUBT_OK;
    return doubti_infer_axis(t, doubt_node_int(t->node, "axis", -1), t->in[0]->rank, &axis);
}

/* Input i, where known, must be a vector of one element per channel. */
static enum doubt_code check_channels(const struct doubti_infer *t, uint32_t i, int64_t channels)
{
    if (!doubti_infer_has(t, i))
        return DOUBT_OK;
    const struct doubt_value *v = t->in[i];
    if (v->rank != 1 || (v->dims[0] >= 0 && channels >= 0 && v->dims[0] != channels))
        return doubti_infer_fail(t, "input \"%s\" must hold one element for each of %lld channels",
                                 v->name, (long long)channels);
    return DOUBT_OK;
}

/* BatchNormalization, InstanceNormalization: detail inputs besides the first. */
static enum doubt_code per_channel(struct doubti_infer *t)
{
    doubti_infer_like(t, 0, 0);
    if (!doubti_infer_has(t, 0))
        return DOUBT_OK;
    if (t->in[0]->rank < 2)
        return doubti_infer_fail(t, "the input has rank %d; at least 2 is needed",
                                 (int)t->in[0]->rank);
    enum doubt_code code = DOUBT_OK;
    for (int32_t i = 1; i <= t->row->detail && code == DOUBT_OK; i++)
        code = check_channels(t, (uint32_t)i, t->in[0]->dims[1]);
    return code;
}

/* --- broadcasting -------------------------------------------------------------------------- */

/* Inputs first .. last broadcast into output 0; the element types must agree. */
static enum doubt_code broadcast_from(struct doubti_infer *t, uint32_t first)
{
    doubti_infer_like(t, 0, first);
    enum doubt_code code = DOUBT_OK;
    for (uint32_t i = first + 1; i < t->node->input_count && code == DOUBT_OK; i++) {
        if (t->in[i] == NULL)
            return doubti_infer_fail(t, "input %u is left out", (unsigned)i);
        enum doubt_dtype other = t->in[i]->dtype;
        if (t->out[0].dtype == DOUBT_DTYPE_NONE)
            t->out[0].dtype = other;
        if (other != DOUBT_DTYPE_NONE && other != t->out[0].dtype)
            return doubti_infer_fail(t, "inputs of types %s and %s do not go together",
                                     doubt_dtype_name(t->out[0].dtype), doubt_dtype_name(other));
        code = doubti_infer_broadcast(t, &t->out[0], t->in[i]);
    }
    return code;
}

static bool fold_one(const char *op, int64_t a, int64_t b, int64_t *out)
{
    if (strcmp(op, "Add") == 0)
        return doubti_add(a, b, out);
    if (strcmp(op, "Sub") == 0)
        return !__builtin_sub_overflow(a, b, out);
    if (strcmp(op, "Mul") == 0)
        return doubti_mul(a, b, out);
    if (strcmp(op, "Div") == 0 && b != 0 && !(a == INT64_MIN && b == -1)) {
        *out = a / b;
        return true;
    }
    return false;
}

/* Arithmetic on sizes: the graphs that exporters write for Reshape and Resize. */
static bool fold(struct doubti_infer *t)
{
    struct doubti_ints a, b;
    if (t->node->input_count != 2 || !doubti_infer_ints(t, 0, &a) || !doubti_infer_ints(t, 1, &b))
        return false;
    if (a.count != b.count && a.count != 1 && b.count != 1)
        return false;
    t->ints.count = a.count == 1 ? b.count : a.count;
    for (int32_t i = 0; i < t->ints.count; i++) {
        if (!fold_one(t->node->op, a.v[a.count == 1 ? 0 : i], b.v[b.count == 1 ? 0 : i],
                      &t->ints.v[i]))
            return false;
    }
    return true;
}

static enum doubt_code arithmetic(struct doubti_infer *t)
{
    enum doubt_code code = broadcast_from(t, 0);
    if (code == DOUBT_OK)
        t->has_ints = fold(t);
    return code;
}

/* The exponent may have another type than the base. */
static enum doubt_code power(struct doubti_infer *t)
{
    doubti_infer_like(t, 0, 0);
    return doubti_infer_broadcast(t, &t->out[0], t->in[1]);
}

static enum doubt_code compare(struct doubti_infer *t)
{
    enum doubt_code code = broadcast_from(t, 0);
    t->out[0].dtype = DOUBT_BOOL;
    return code;
}

static enum doubt_code where(struct doubti_infer *t)
{
    enum doubt_code code = broadcast_from(t, 1);
    return code == DOUBT_OK ? doubti_infer_broadcast(t, &t->out[0], t->in[0]) : code;
}

static enum doubt_code prelu(struct doubti_infer *t)
{
    struct doubt_value both;
    doubti_infer_like(t, 0, 0);
    both = t->out[0];
    return doubti_infer_broadcast(t, &both, t->in[1]);
}

static enum doubt_code cast(struct doubti_infer *t)
{
    int64_t to = doubt_node_int(t->node, "to", 0);
    doubti_infer_like(t, 0, 0);
    if (to <= 0 || to > 64 || doubt_dtype_bytes((enum doubt_dtype)to) == 0)
        return doubti_infer_fail(t, "element type %lld is not supported", (long long)to);
    t->out[0].dtype = (enum doubt_dtype)to;
    t->has_ints = (to == DOUBT_I64 || to == DOUBT_I32) && doubti_infer_ints(t, 0, &t->ints);
    return DOUBT_OK;
}

static const struct doubti_shape_row rows[] = {
    {"Relu", 1, 1, 1, same, 0},
    {"LeakyRelu", 1, 1, 1, same, 0},
    {"PRelu", 2, 2, 1, prelu, 0},
    {"Clip", 1, 3, 1, same, 0},
    {"Sigmoid", 1, 1, 1, same, 0},
    {"Tanh", 1, 1, 1, same, 0},
    {"HardSigmoid", 1, 1, 1, same, 0},
    {"HardSwish", 1, 1, 1, same, 0},
    {"Elu", 1, 1, 1, same, 0},
    {"Selu", 1, 1, 1, same, 0},
    {"Celu", 1, 1, 1, same, 0},
    {"Gelu", 1, 1, 1, same, 0},
    {"Mish", 1, 1, 1, same, 0},
    {"Softplus", 1, 1, 1, same, 0},
    {"Softsign", 1, 1, 1, same, 0},
    {"Erf", 1, 1, 1, same, 0},
    {"Exp", 1, 1, 1, same, 0},
    {"Log", 1, 1, 1, same, 0},
    {"Sqrt", 1, 1, 1, same, 0},
    {"Reciprocal", 1, 1, 1, same, 0},
    {"Neg", 1, 1, 1, same, 0},
    {"Abs", 1, 1, 1, same, 0},
    {"Sign", 1, 1, 1, same, 0},
    {"Ceil", 1, 1, 1, same, 0},
    {"Floor", 1, 1, 1, same, 0},
    {"Round", 1, 1, 1, same, 0},
    {"Sin", 1, 1, 1, same, 0},
    {"Cos", 1, 1, 1, same, 0},
    {"Not", 1, 1, 1, same, 0},
    {"Identity", 1, 1, 1, same, 0},
    {"Dropout", 1, 3, 2, dropout, 0},
    {"LRN", 1, 1, 1, same, 0},
    {"CumSum", 2, 2, 1, same, 0},
    {"Softmax", 1, 1, 1, same_axis, 0},
    {"LogSoftmax", 1, 1, 1, same_axis, 0},
    {"LayerNormalization", 2, 3, 3, same_axis, 0},
    {"BatchNormalization", 5, 5, 5, per_channel, 4},
    {"InstanceNormalization", 3, 3, 1, per_channel, 2},
    {"Add", 2, 2, 1, arithmetic, 0},
    {"Sub", 2, 2, 1, arithmetic, 0},
    {"Mul", 2, 2, 1, arithmetic, 0},
    {"Div", 2, 2, 1, arithmetic, 0},
    {"Mod", 2, 2, 1, arithmetic, 0},
    {"And", 2, 2, 1, arithmetic, 0},
    {"Or", 2, 2, 1, arithmetic, 0},
    {"Xor", 2, 2, 1, arithmetic, 0},
    {"Pow", 2, 2, 1, power, 0},
    {"Min", 1, DOUBT_NODE_INPUTS_MAX, 1, arithmetic, 0},
    {"Max", 1, DOUBT_NODE_INPUTS_MAX, 1, arithmetic, 0},
    {"Sum", 1, DOUBT_NODE_INPUTS_MAX, 1, arithmetic, 0},
    {"Mean", 1, DOUBT_NODE_INPUTS_MAX, 1, arithmetic, 0},
    {"Equal", 2, 2, 1, compare, 0},
    {"Greater", 2, 2, 1, compare, 0},
    {"GreaterOrEqual", 2, 2, 1, compare, 0},
    {"Less", 2, 2, 1, compare, 0},
    {"LessOrEqual", 2, 2, 1, compare, 0},
    {"Where", 3, 3, 1, where, 0},
    {"Cast", 1, 1, 1, cast, 0},
};

const struct doubti_shape_table doubti_shape_element = {rows, sizeof rows / sizeof rows[0]};

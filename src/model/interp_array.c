/* interp_array.c: arrays of the interpreter and what every operator asks of a call.
 *
 * A unit of work is one array or one question ("input 1 as floats"). A question that the node does
 * not answer is a sentence with the node's name. Not for arithmetic.
 */
#include "model/interp_int.h"
#include "model/tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool doubti_is_float(enum doubt_dtype dtype)
{
    return dtype == DOUBT_F32 || dtype == DOUBT_F16 || dtype == DOUBT_BF16 || dtype == DOUBT_F64;
}

int64_t doubti_wrap(enum doubt_dtype dtype, int64_t value)
{
    switch (dtype) {
    case DOUBT_BOOL:
        return value != 0;
    case DOUBT_U8:
        return (uint8_t)value;
    case DOUBT_I8:
        return (int8_t)value;
    case DOUBT_U16:
        return (uint16_t)value;
    case DOUBT_I16:
        return (int16_t)value;
    case DOUBT_U32:
        return (uint32_t)value;
    case DOUBT_I32:
        return (int32_t)value;
    default:
        return value;
    }
}

float doubti_round(enum doubt_dtype dtype, float value)
{
    if (dtype == DOUBT_F16)
        return doubt_f32_from_f16(doubt_f16_from_f32(value));
    if (dtype == DOUBT_BF16)
        return doubt_f32_from_bf16(doubt_bf16_from_f32(value));
    return value;
}

size_t doubti_element_bytes(const struct doubti_array *array)
{
    return doubti_is_float(array->dtype) ? sizeof *array->f : sizeof *array->i;
}

enum doubt_code doubti_fail(struct doubti_call *call, enum doubt_code code, const char *format, ...)
{
    char text[DOUBT_ERR_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const struct doubt_node *node = call->node;
    const char *name = node->name && node->name[0] ? node->name : node->outputs[0];
    return doubt_err_set(call->err, code, "node \"%.200s\" (%.60s): %s", name ? name : "", node->op,
                         text);
}

enum doubt_code doubti_work(struct doubti_call *call, uint64_t a, uint64_t b)
{
    struct doubti_budget *budget = call->budget;
    uint64_t left = budget->work_max - budget->work;
    if (a != 0 && b > left / a)
        return doubti_fail(call, DOUBT_E_FULL, "the graph needs more work than its ceiling allows");
    budget->work += a * b;
    return DOUBT_OK;
}

enum doubt_code doubti_array_new(struct doubti_budget *budget, const struct doubti_array *like,
                                 struct doubti_array *array, struct doubt_err *err)
{
    struct doubti_array made = {.dtype = like->dtype, .rank = like->rank};
    memcpy(made.dims, like->dims, sizeof made.dims);
    char shape[128];
    doubt_dims_format(like->dims, like->rank, shape, sizeof shape);
    if (!doubt_dims_count(made.dims, made.rank, &made.count))
        return doubt_err_set(err, DOUBT_E_FORMAT, "a value of shape %s cannot be made", shape);
    uint64_t left = (budget->bytes_max - budget->bytes) / doubti_element_bytes(&made);
    if (made.count > left)
        return doubt_err_set(err, DOUBT_E_FULL,
                             "a value of shape %s goes beyond the ceiling of memory, %llu bytes",
                             shape, (unsigned long long)budget->bytes_max);
    made.data = calloc(made.count + 1, doubti_element_bytes(&made));
    if (!made.data)
        return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for a value of shape %s", shape);
    budget->bytes += made.count * doubti_element_bytes(&made);
    *array = made;
    return DOUBT_OK;
}

void doubti_array_free(struct doubti_budget *budget, struct doubti_array *array)
{
    if (array->data && !array->borrowed) {
        budget->bytes -= array->count * doubti_element_bytes(array);
        free(array->data);
    }
    *array = (struct doubti_array){0};
}

enum doubt_code doubti_make(struct doubti_call *call, int k, enum doubt_dtype dtype, int32_t rank,
                            const int64_t *dims)
{
    struct doubti_array like = {.dtype = dtype, .rank = rank};
    if (rank < 0 || rank > DOUBT_RANK_MAX)
        return doubti_fail(call, DOUBT_E_UNSUPPORTED, "an output of rank %d; at most %d is held",
                           (int)rank, (int)DOUBT_RANK_MAX);
    for (int32_t d = 0; d < rank; d++)
        like.dims[d] = dims[d];
    struct doubt_err err = {0};
    enum doubt_code code = doubti_array_new(call->budget, &like, &call->out[k], &err);
    if (code != DOUBT_OK)
        return doubti_fail(call, code, "%s", err.text);
    return doubti_work(call, call->out[k].count, 1);
}

enum doubt_code doubti_make_like(struct doubti_call *call, int k, const struct doubti_array *like)
{
    return doubti_make(call, k, like->dtype, like->rank, like->dims);
}

enum doubt_code doubti_copy(struct doubti_call *call, int k, const struct doubti_array *x,
                            int32_t rank, const int64_t *dims)
{
    enum doubt_code code = doubti_make(call, k, x->dtype, rank, dims);
    if (code == DOUBT_OK && call->out[k].count != x->count)
        code = doubti_fail(call, DOUBT_E_FORMAT, "%llu elements do not fill a shape of %llu",
                           (unsigned long long)x->count, (unsigned long long)call->out[k].count);
    if (code == DOUBT_OK)
        memcpy(call->out[k].data, x->data, (size_t)x->count * doubti_element_bytes(x));
    return code;
}

enum doubt_code doubti_in_any(struct doubti_call *call, int k, const struct doubti_array **array)
{
    *array = call->in[k];
    if (!*array)
        return doubti_fail(call, DOUBT_E_FORMAT, "input %d is missing", k);
    return DOUBT_OK;
}

enum doubt_code doubti_in_float(struct doubti_call *call, int k, int32_t rank_min,
                                const struct doubti_array **array)
{
    enum doubt_code code = doubti_in_any(call, k, array);
    if (code != DOUBT_OK)
        return code;
    if (!doubti_is_float((*array)->dtype))
        return doubti_fail(call, DOUBT_E_UNSUPPORTED, "input %d is %s; a float type is wanted", k,
                           doubt_dtype_name((*array)->dtype));
    if ((*array)->rank < rank_min)
        return doubti_fail(call, DOUBT_E_FORMAT, "input %d has rank %d; at least %d is wanted", k,
                           (int)(*array)->rank, (int)rank_min);
    return DOUBT_OK;
}

enum doubt_code doubti_in_int(struct doubti_call *call, int k, const struct doubti_array **array)
{
    enum doubt_code code = doubti_in_any(call, k, array);
    if (code == DOUBT_OK && doubti_is_float((*array)->dtype))
        code = doubti_fail(call, DOUBT_E_FORMAT, "input %d is %s; an integer type is wanted", k,
                           doubt_dtype_name((*array)->dtype));
    return code;
}

enum doubt_code doubti_in_vector(struct doubti_call *call, int k, int64_t count,
                                 const struct doubti_array **array)
{
    *array = call->in[k];
    if (!*array)
        return DOUBT_OK;
    enum doubt_code code = doubti_in_float(call, k, 0, array);
    if (code == DOUBT_OK && (*array)->count != (uint64_t)count)
        code = doubti_fail(call, DOUBT_E_FORMAT, "input %d has %llu elements; %lld are wanted", k,
                           (unsigned long long)(*array)->count, (long long)count);
    return code;
}

enum doubt_code doubti_list_get(struct doubti_call *call, int k, const char *attr,
                                struct doubti_list *ints)
{
    const int64_t *list = NULL;
    int64_t count = 0;
    *ints = (struct doubti_list){0};
    if (k >= 0 && call->in[k]) {
        const struct doubti_array *array;
        enum doubt_code code = doubti_in_int(call, k, &array);
        if (code != DOUBT_OK)
            return code;
        list = array->i;
        count = (int64_t)array->count;
        ints->given = true;
    } else if (attr) {
        count = doubt_node_ints(call->node, attr, &list);
        ints->given = count > 0;
    }
    if (count > DOUBT_ATTR_INTS_MAX)
        return doubti_fail(call, DOUBT_E_UNSUPPORTED,
                           "a list of %lld integers; at most %d are read", (long long)count,
                           (int)DOUBT_ATTR_INTS_MAX);
    ints->count = (int32_t)count;
    if (count > 0)
        memcpy(ints->v, list, (size_t)count * sizeof *list);
    return DOUBT_OK;
}

enum doubt_code doubti_axis(struct doubti_call *call, int64_t axis, int32_t rank, int32_t *out)
{
    if (axis < -rank || axis >= rank)
        return doubti_fail(call, DOUBT_E_FORMAT, "axis %lld is outside a value of rank %d",
                           (long long)axis, (int)rank);
    *out = (int32_t)(axis < 0 ? axis + rank : axis);
    return DOUBT_OK;
}

enum doubt_code doubti_axes(struct doubti_call *call, const struct doubti_list *axes, int32_t rank,
                            uint32_t *set)
{
    *set = 0;
    for (int32_t k = 0; k < axes->count; k++) {
        int32_t axis = 0;
        enum doubt_code code = doubti_axis(call, axes->v[k], rank, &axis);
        if (code != DOUBT_OK)
            return code;
        *set |= 1u << axis;
    }
    return DOUBT_OK;
}

uint64_t doubti_span(const int64_t *dims, int32_t from, int32_t to)
{
    uint64_t span = 1;
    for (int32_t d = from; d < to; d++)
        span *= (uint64_t)dims[d];
    return span;
}

void doubti_strides(const int64_t *dims, int32_t rank, int64_t *strides)
{
    int64_t stride = 1;
    for (int32_t d = rank - 1; d >= 0; d--) {
        strides[d] = stride;
        stride *= dims[d];
    }
}

void doubti_walk_next(struct doubti_walk *walk)
{
    for (int32_t d = walk->rank - 1; d >= 0; d--) {
        walk->at[d]++;
        for (int32_t s = 0; s < walk->count; s++)
            walk->offsets[s] += walk->strides[s][d];
        if (walk->at[d] < walk->dims[d])
            return;
        for (int32_t s = 0; s < walk->count; s++)
            walk->offsets[s] -= walk->strides[s][d] * walk->dims[d];
        walk->at[d] = 0;
    }
}

bool doubti_broadcast(const struct doubti_array *a, int32_t *rank, int64_t *dims)
{
    if (a->rank > *rank) {
        int32_t more = a->rank - *rank;
        memmove(dims + more, dims, (size_t)*rank * sizeof *dims);
        for (int32_t d = 0; d < more; d++)
            dims[d] = 1;
        *rank = a->rank;
    }
    for (int32_t d = 0; d < a->rank; d++) {
        int64_t *to = &dims[*rank - a->rank + d];
        if (*to == 1)
            *to = a->dims[d];
        else if (a->dims[d] != 1 && a->dims[d] != *to)
            return false;
    }
    return true;
}

void doubti_broadcast_strides(const struct doubti_array *a, int32_t rank, int64_t *strides)
{
    int64_t own[DOUBT_RANK_MAX] = {0};
    doubti_strides(a->dims, a->rank, own);
    for (int32_t d = 0; d < rank; d++) {
        int32_t from = d - (rank - a->rank);
        strides[d] = from < 0 || a->dims[from] == 1 ? 0 : own[from];
    }
}

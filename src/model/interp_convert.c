/* interp_convert.c: elements on their way into the interpreter and out of it.
 *
 * A unit of work is one run of elements of one type. See interp_int.h for the two forms in which
 * they are held.
 */
#include "model/interp_int.h"
#include "model/tensor.h"

#include <string.h>

enum { PIECE = 1024 }; /* elements of a constant converted at a time */

/* Element n of integers or bools as they lie in memory, at any alignment. */
static int64_t int_at(const void *data, enum doubt_dtype dtype, uint64_t n)
{
    uint64_t bits = 0;
    size_t bytes = doubt_dtype_bytes(dtype);
    const unsigned char *at = (const unsigned char *)data + n * bytes;
    switch (bytes) {
    case 1:
        bits = at[0];
        break;
    case 2: {
        uint16_t half;
        memcpy(&half, at, sizeof half);
        bits = half;
        break;
    }
    case 4: {
        uint32_t word;
        memcpy(&word, at, sizeof word);
        bits = word;
        break;
    }
    default:
        memcpy(&bits, at, sizeof bits);
        break;
    }
    return doubti_wrap(dtype, (int64_t)bits);
}

/* count elements from data to places first on of the array. */
static void convert(const void *data, uint64_t first, uint64_t count, struct doubti_array *array)
{
    if (!doubti_is_float(array->dtype)) {
        for (uint64_t n = 0; n < count; n++)
            array->i[first + n] = int_at(data, array->dtype, n);
    } else if (array->dtype == DOUBT_F32) {
        memcpy(array->f + first, data, (size_t)count * sizeof *array->f);
    } else {
        for (uint64_t n = 0; n < count; n++)
            array->f[first + n] = doubt_element_f32(data, array->dtype, n);
    }
}

/* Elements that may be used where they lie. */
static bool as_they_are(enum doubt_dtype dtype, const void *data)
{
    size_t bytes = dtype == DOUBT_F32 ? sizeof(float) : sizeof(int64_t);
    return data && (dtype == DOUBT_F32 || dtype == DOUBT_I64) && (uintptr_t)data % bytes == 0;
}

enum doubt_code doubti_import(struct doubti_budget *budget, const void *data,
                              struct doubti_array *array, struct doubt_err *err)
{
    if (as_they_are(array->dtype, data)) {
        if (!doubt_dims_count(array->dims, array->rank, &array->count))
            return doubt_err_set(err, DOUBT_E_FORMAT, "a value of an impossible shape");
        memcpy(&array->data, &data, sizeof data); /* read only from here on, as borrowed says */
        array->borrowed = true;
        return DOUBT_OK;
    }
    struct doubti_array like = *array;
    enum doubt_code code = doubti_array_new(budget, &like, array, err);
    if (code == DOUBT_OK && array->count > 0)
        convert(data, 0, array->count, array);
    return code;
}

enum doubt_code doubti_import_const(struct doubti_budget *budget,
                                    const struct doubt_const *constant, struct doubti_array *array,
                                    struct doubt_err *err)
{
    const struct doubt_value *value = &constant->value;
    struct doubti_array like = {.dtype = value->dtype, .rank = value->rank};
    memcpy(like.dims, value->dims, sizeof like.dims);
    if (constant->fill == DOUBT_FILL_DATA) {
        *array = like;
        return doubti_import(budget, constant->data, array, err);
    }
    enum doubt_code code = doubti_array_new(budget, &like, array, err);
    if (code != DOUBT_OK)
        return code;
    _Alignas(8) unsigned char piece[PIECE * 8];
    for (uint64_t first = 0; first < array->count; first += PIECE) {
        uint64_t count = array->count - first < PIECE ? array->count - first : PIECE;
        doubt_const_read(constant, first, count, piece);
        convert(piece, first, count, array);
    }
    return DOUBT_OK;
}

static void export_float(const struct doubti_array *array, uint64_t n, unsigned char *out)
{
    float value = array->f[n];
    uint16_t half =
        array->dtype == DOUBT_F16 ? doubt_f16_from_f32(value) : doubt_bf16_from_f32(value);
    double wide = (double)value;
    if (array->dtype == DOUBT_F64)
        memcpy(out, &wide, sizeof wide);
    else if (array->dtype == DOUBT_F32)
        memcpy(out, &value, sizeof value);
    else
        memcpy(out, &half, sizeof half);
}

static void export_int(int64_t value, size_t bytes, unsigned char *out)
{
    uint8_t byte = (uint8_t)value;
    uint16_t half = (uint16_t)value;
    uint32_t word = (uint32_t)value;
    const void *from = bytes == 1   ? (const void *)&byte
                       : bytes == 2 ? (const void *)&half
                       : bytes == 4 ? (const void *)&word
                                    : (const void *)&value;
    memcpy(out, from, bytes);
}

void doubti_export(const struct doubti_array *array, void *out)
{
    size_t bytes = doubt_dtype_bytes(array->dtype);
    for (uint64_t n = 0; n < array->count; n++) {
        unsigned char *to = (unsigned char *)out + n * bytes;
        if (doubti_is_float(array->dtype))
            export_float(array, n, to);
        else
            export_int(array->i[n], bytes, to);
    }
}

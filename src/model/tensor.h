/* tensor.h: element types, sizes and conversions.
 *
 * A unit of work is one tensor's description or a run of elements. Pure arithmetic; overflow of a
 * size is an error, never a wrap. Not for arithmetic on tensors: that is the interpreter's.
 */
#ifndef DOUBT_MODEL_TENSOR_H
#define DOUBT_MODEL_TENSOR_H

#include <doubt/engine.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

size_t doubt_dtype_bytes(enum doubt_dtype dtype);     /* 0 for an unknown type */
const char *doubt_dtype_name(enum doubt_dtype dtype); /* "f32", "i64"; "?" when unknown */

const char *doubt_precision_name(enum doubt_precision precision); /* "f32", "bf16", "any" */
/* false when there is no such precision. */
bool doubt_precision_parse(const char *name, enum doubt_precision *precision);

/* Product of the dims; false on a negative dim or beyond 2^62. */
bool doubt_dims_count(const int64_t *dims, int32_t rank, uint64_t *count);
/* "1x3x224x224"; "scalar" for rank 0; "?" for an unknown size. */
void doubt_dims_format(const int64_t *dims, int32_t rank, char *out, size_t out_bytes);

/* IEEE 754 binary16 and bfloat16, round to nearest even; NaN stays NaN. */
uint16_t doubt_f16_from_f32(float value);
float doubt_f32_from_f16(uint16_t bits);
uint16_t doubt_bf16_from_f32(float value);
float doubt_f32_from_bf16(uint16_t bits);

/* Element i of data as float (integers are converted, I64 loses digits beyond 2^24). */
float doubt_element_f32(const void *data, enum doubt_dtype dtype, uint64_t i);

#endif

/* whole.h: numbers from outside in int64_t: real ones; sums, differences, products of whole ones.
 *
 * A unit of work is one value that came from outside: a file of the kernel, a model, a record. C
 * leaves open what becomes of one that the integer type cannot hold; here it is held at the ends
 * of the type. Not for values that this program computed within known bounds.
 */
#ifndef DOUBT_UTIL_WHOLE_H
#define DOUBT_UTIL_WHOLE_H

#include <stdint.h>

/* Cut towards zero; held at the ends of int64_t; 0 for what is not a number. */
static inline int64_t doubt_whole(double value)
{
    if (value >= 0x1p63)
        return INT64_MAX;
    if (value < -0x1p63)
        return INT64_MIN;
    return value == value ? (int64_t)value : 0;
}

static inline int64_t doubt_whole_sum(int64_t a, int64_t b)
{
    int64_t sum;
    if (!__builtin_add_overflow(a, b, &sum))
        return sum;
    return a > 0 ? INT64_MAX : INT64_MIN;
}

static inline int64_t doubt_whole_difference(int64_t a, int64_t b)
{
    int64_t difference;
    if (!__builtin_sub_overflow(a, b, &difference))
        return difference;
    return a > b ? INT64_MAX : INT64_MIN;
}

static inline int64_t doubt_whole_product(int64_t a, int64_t b)
{
    int64_t product;
    if (!__builtin_mul_overflow(a, b, &product))
        return product;
    return (a < 0) == (b < 0) ? INT64_MAX : INT64_MIN;
}

#endif

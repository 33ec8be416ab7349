/* whole.h: a real number as an integer, for every real number.
 *
 * A unit of work is one value that came from outside: a file of the kernel, a model, a record. C
 * leaves open what becomes of one that the integer type cannot hold. Not for values that this
 * program computed within known bounds.
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

#endif

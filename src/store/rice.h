/* rice.h: Rice codes, for blocks too short to afford a table of code lengths.
 *
 * A unit of work is an array of 64-bit codes, small ones the commonest. A code is its quotient by
 * 2^k in ones and a zero, then k bits; one with a quotient of DOUBT_RICE_ESCAPE or more is that
 * many ones and the whole 64 bits. Bits fill bytes from the lowest on.
 *
 * Source: Rice, Plaunt, "Adaptive variable-length coding for efficient compression of spacecraft
 * television data", IEEE Transactions on Communication Technology 19 (1971).
 */
#ifndef DOUBT_STORE_RICE_H
#define DOUBT_STORE_RICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DOUBT_RICE_ESCAPE = 24, DOUBT_RICE_K_MAX = 56 };

/* The best k for these codes, and the bytes that they then take. */
unsigned doubt_rice_plan(const uint64_t *codes, size_t count, size_t *bytes);

/* Writes exactly the planned bytes. */
void doubt_rice_encode(const uint64_t *codes, size_t count, unsigned k, uint8_t *out);

/* Reads count codes; false when bytes are too few or too many, or k is out of range. */
bool doubt_rice_decode(const uint8_t *in, size_t bytes, unsigned k, uint64_t *codes, size_t count);

#endif

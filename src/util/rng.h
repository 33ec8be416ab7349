/* rng.h: seeded random numbers, the same bits on every machine.
 *
 * A unit of work is one number. Streams: rng_split() derives an independent generator from a seed
 * and a label, so that adding a consumer never shifts another's numbers. Integers only; the
 * uniform double has 53 bits and is exact. Not for secrets.
 *
 * Sources: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014); xoshiro256** (Blackman, Vigna, 2018).
 */
#ifndef DOUBT_UTIL_RNG_H
#define DOUBT_UTIL_RNG_H

#include <stdint.h>

struct doubt_rng {
    uint64_t s[4];
};

/* The n-th output of SplitMix64 started at seed (n from 0): random access, no state. */
uint64_t doubt_rng_at(uint64_t seed, uint64_t n);

/* A 64-bit hash of a label (FNV-1a), to derive seeds from names. */
uint64_t doubt_rng_label(const char *label);

void doubt_rng_seed(struct doubt_rng *rng, uint64_t seed);
void doubt_rng_split(struct doubt_rng *rng, uint64_t seed, const char *label);
uint64_t doubt_rng_u64(struct doubt_rng *rng);
/* Uniform in [0, bound), without modulo bias; bound > 0. */
uint64_t doubt_rng_below(struct doubt_rng *rng, uint64_t bound);
/* Uniform in [0, 1), a multiple of 2^-53. */
double doubt_rng_uniform(struct doubt_rng *rng);

#endif

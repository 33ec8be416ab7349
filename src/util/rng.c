/* rng.c: see rng.h. */
#include "util/rng.h"

static const uint64_t golden = 0x9E3779B97F4A7C15u;

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t doubt_rng_at(uint64_t seed, uint64_t n)
{
    return mix(seed + (n + 1) * golden);
}

uint64_t doubt_rng_label(const char *label)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *label != '\0'; label++)
        hash = (hash ^ (unsigned char)*label) * 0x100000001B3u;
    return hash;
}

void doubt_rng_seed(struct doubt_rng *rng, uint64_t seed)
{
    for (unsigned i = 0; i < 4; i++)
        rng->s[i] = doubt_rng_at(seed, i);
}

void doubt_rng_split(struct doubt_rng *rng, uint64_t seed, const char *label)
{
    doubt_rng_seed(rng, mix(seed ^ doubt_rng_label(label)));
}

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t doubt_rng_u64(struct doubt_rng *rng)
{
    uint64_t *s = rng->s, result = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

uint64_t doubt_rng_below(struct doubt_rng *rng, uint64_t bound)
{
    uint64_t threshold = (0 - bound) % bound, x;
    do
        x = doubt_rng_u64(rng);
    while (x < threshold);
    return x % bound;
}

double doubt_rng_uniform(struct doubt_rng *rng)
{
    return (double)(doubt_rng_u64(rng) >> 11) * 0x1p-53;
}

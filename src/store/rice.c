/* rice.c: see rice.h. */
#include "store/rice.h"

static size_t bits_with(const uint64_t *codes, size_t count, unsigned k)
{
    size_t bits = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t quotient = codes[i] >> k;
        bits += quotient >= DOUBT_RICE_ESCAPE ? DOUBT_RICE_ESCAPE + 64 : (size_t)quotient + 1 + k;
    }
    return bits;
}

unsigned doubt_rice_plan(const uint64_t *codes, size_t count, size_t *bytes)
{
    unsigned best = 0;
    size_t fewest = SIZE_MAX;
    for (unsigned k = 0; k <= DOUBT_RICE_K_MAX; k++) {
        size_t bits = bits_with(codes, count, k);
        if (bits < fewest) {
            fewest = bits;
            best = k;
        }
    }
    *bytes = (fewest + 7) / 8;
    return best;
}

struct writer {
    uint8_t *out;
    uint64_t held; /* the lowest `count` bits wait for a byte to fill */
    unsigned count;
};

/* At most 56 bits. */
static void put_bits(struct writer *writer, uint64_t value, unsigned bits)
{
    writer->held |= value << writer->count;
    for (writer->count += bits; writer->count >= 8; writer->count -= 8) {
        *writer->out++ = (uint8_t)writer->held;
        writer->held >>= 8;
    }
}

void doubt_rice_encode(const uint64_t *codes, size_t count, unsigned k, uint8_t *out)
{
    struct writer writer = {.out = out};
    for (size_t i = 0; i < count; i++) {
        uint64_t quotient = codes[i] >> k;
        if (quotient >= DOUBT_RICE_ESCAPE) {
            put_bits(&writer, (UINT64_C(1) << DOUBT_RICE_ESCAPE) - 1, DOUBT_RICE_ESCAPE);
            put_bits(&writer, codes[i] & UINT32_MAX, 32);
            put_bits(&writer, codes[i] >> 32, 32);
        } else {
            put_bits(&writer, (UINT64_C(1) << quotient) - 1, (unsigned)quotient + 1);
            put_bits(&writer, codes[i] & ((UINT64_C(1) << k) - 1), k);
        }
    }
    if (writer.count > 0)
        *writer.out = (uint8_t)writer.held;
}

struct reader {
    const uint8_t *in, *end;
    uint64_t held;
    unsigned count;
};

/* At most 56 bits. */
static bool take_bits(struct reader *reader, unsigned bits, uint64_t *value)
{
    while (reader->count < bits) {
        if (reader->in == reader->end)
            return false;
        reader->held |= (uint64_t)*reader->in++ << reader->count;
        reader->count += 8;
    }
    *value = reader->held & ((UINT64_C(1) << bits) - 1);
    reader->held >>= bits;
    reader->count -= bits;
    return true;
}

static bool take_code(struct reader *reader, unsigned k, uint64_t *code)
{
    uint64_t bit = 1, low, high, quotient = 0;
    while (quotient < DOUBT_RICE_ESCAPE) {
        if (!take_bits(reader, 1, &bit))
            return false;
        if (bit == 0)
            break;
        quotient++;
    }
    if (quotient < DOUBT_RICE_ESCAPE) {
        if (!take_bits(reader, k, &low))
            return false;
        *code = quotient << k | low;
        return true;
    }
    if (!take_bits(reader, 32, &low) || !take_bits(reader, 32, &high))
        return false;
    *code = high << 32 | low;
    return true;
}

bool doubt_rice_decode(const uint8_t *in, size_t bytes, unsigned k, uint64_t *codes, size_t count)
{
    struct reader reader = {.in = in, .end = in + bytes};
    if (k > DOUBT_RICE_K_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!take_code(&reader, k, &codes[i]))
            return false;
    return reader.in == reader.end && reader.held == 0;
}

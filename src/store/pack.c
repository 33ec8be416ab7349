/* pack.c: see pack.h. */
#include "store/pack.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { FORMAT = 1, HEADER_BYTES = 18, PLANES = 8, CHUNK = 4096 };

/* Level 1 packs latencies tighter than 3 and twice as fast: a noisy plane has no true repeats, and
 * the chance ones that higher levels find cost more than the literals they replace. */
enum { LEVEL = 1 };

struct doubt_pack {
    ZSTD_CCtx *compressor;
    ZSTD_DCtx *decompressor;
    uint8_t planes[PLANES][DOUBT_PACK_BLOCK];
    uint8_t blob[DOUBT_PACK_BYTES_MAX];
};

struct doubt_pack *doubt_pack_new(void)
{
    struct doubt_pack *pack = calloc(1, sizeof *pack);
    if (pack == NULL)
        return NULL;
    pack->compressor = ZSTD_createCCtx();
    pack->decompressor = ZSTD_createDCtx();
    if (pack->compressor == NULL || pack->decompressor == NULL) {
        doubt_pack_free(pack);
        return NULL;
    }
    return pack;
}

void doubt_pack_free(struct doubt_pack *pack)
{
    if (pack == NULL)
        return;
    ZSTD_freeCCtx(pack->compressor);
    ZSTD_freeDCtx(pack->decompressor);
    free(pack);
}

static void put(uint8_t *to, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t take(const uint8_t *from, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)from[i] << (8 * i);
    return value;
}

/* FNV-1a's mixing on whole words, with a rotation so that high bits reach the low ones too. */
static uint32_t checksum(const int64_t *samples, size_t count)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ count;
    for (size_t i = 0; i < count; i++) {
        hash ^= (uint64_t)samples[i];
        hash = (hash << 29 | hash >> 35) * UINT64_C(0x100000001b3);
    }
    return (uint32_t)(hash ^ hash >> 32);
}

/* Differences modulo 2^64, so that no pair of values overflows. */
static uint64_t zigzag(int64_t before, int64_t after)
{
    uint64_t difference = (uint64_t)after - (uint64_t)before;
    return difference << 1 ^ (0 - (difference >> 63));
}

static int64_t unzigzag(int64_t before, uint64_t code)
{
    return (int64_t)((uint64_t)before + (code >> 1 ^ (0 - (code & 1))));
}

/* Returns the mask of planes that are not all zero. Works in chunks that stay in the L1 cache. */
static unsigned split(struct doubt_pack *pack, const int64_t *samples, size_t deltas)
{
    uint64_t seen = 0, codes[CHUNK];
    for (size_t start = 0; start < deltas; start += CHUNK) {
        size_t count = deltas - start < CHUNK ? deltas - start : CHUNK;
        for (size_t i = 0; i < count; i++) {
            codes[i] = zigzag(samples[start + i], samples[start + i + 1]);
            seen |= codes[i];
        }
        for (unsigned k = 0; k < PLANES; k++)
            for (size_t i = 0; i < count; i++)
                pack->planes[k][start + i] = (uint8_t)(codes[i] >> (8 * k));
    }
    unsigned mask = 0;
    for (unsigned k = 0; k < PLANES; k++)
        mask |= (seen >> (8 * k) & 0xFF) != 0 ? 1u << k : 0;
    return mask;
}

static void join(const struct doubt_pack *pack, unsigned mask, int64_t *samples, size_t deltas)
{
    uint64_t codes[CHUNK];
    for (size_t start = 0; start < deltas; start += CHUNK) {
        size_t count = deltas - start < CHUNK ? deltas - start : CHUNK;
        memset(codes, 0, sizeof codes);
        for (unsigned k = 0; k < PLANES; k++)
            for (size_t i = 0; (mask >> k & 1) && i < count; i++)
                codes[i] |= (uint64_t)pack->planes[k][start + i] << (8 * k);
        for (size_t i = 0; i < count; i++)
            samples[start + i + 1] = unzigzag(samples[start + i], codes[i]);
    }
}

/* Appends one plane; a frame that is no smaller than the plane is stored raw. */
static size_t add_plane(struct doubt_pack *pack, unsigned k, size_t deltas, size_t at)
{
    uint8_t *body = pack->blob + at + 4;
    size_t bytes =
        ZSTD_compressCCtx(pack->compressor, body, deltas - 1, pack->planes[k], deltas, LEVEL);
    if (ZSTD_isError(bytes) || bytes >= deltas) {
        memcpy(body, pack->planes[k], deltas);
        bytes = deltas;
    }
    put(pack->blob + at, bytes, 4);
    return at + 4 + bytes;
}

enum doubt_code doubt_pack_encode(struct doubt_pack *pack, const int64_t *samples, size_t count,
                                  const void **blob, size_t *blob_bytes, struct doubt_err *err)
{
    if (count > DOUBT_PACK_BLOCK)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a block has at most %d samples, not %zu",
                             DOUBT_PACK_BLOCK, count);
    size_t deltas = count > 0 ? count - 1 : 0;
    unsigned mask = split(pack, samples, deltas);
    pack->blob[0] = FORMAT;
    put(pack->blob + 1, count, 4);
    put(pack->blob + 5, count > 0 ? (uint64_t)samples[0] : 0, 8);
    put(pack->blob + 13, checksum(samples, count), 4);
    pack->blob[17] = (uint8_t)mask;
    size_t at = HEADER_BYTES;
    for (unsigned k = 0; k < PLANES; k++)
        if (mask >> k & 1)
            at = add_plane(pack, k, deltas, at);
    *blob = pack->blob;
    *blob_bytes = at;
    return DOUBT_OK;
}

static enum doubt_code damaged(struct doubt_err *err, const char *what)
{
    return doubt_err_set(err, DOUBT_E_FORMAT, "packed samples are damaged: %s", what);
}

/* Reads plane k at *at and steps behind it. */
static enum doubt_code read_plane(struct doubt_pack *pack, unsigned k, size_t deltas,
                                  const uint8_t **at, const uint8_t *end, struct doubt_err *err)
{
    if (end - *at < 4)
        return damaged(err, "they end before a plane's length");
    size_t bytes = (size_t)take(*at, 4);
    *at += 4;
    if (bytes > (size_t)(end - *at) || bytes > deltas)
        return damaged(err, "a plane's length does not fit");
    if (bytes == deltas) {
        memcpy(pack->planes[k], *at, bytes);
    } else {
        size_t got = ZSTD_decompressDCtx(pack->decompressor, pack->planes[k], deltas, *at, bytes);
        if (ZSTD_isError(got) || got != deltas)
            return damaged(err, ZSTD_isError(got) ? ZSTD_getErrorName(got) : "a plane is short");
    }
    *at += bytes;
    return DOUBT_OK;
}

static enum doubt_code read_header(const uint8_t *blob, size_t blob_bytes, size_t capacity,
                                   struct doubt_err *err)
{
    if (blob_bytes < HEADER_BYTES)
        return damaged(err, "they are shorter than their header");
    if (blob[0] != FORMAT)
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "packed samples have format %d; this doubt reads format %d, a later "
                             "one may read both",
                             blob[0], FORMAT);
    uint64_t count = take(blob + 1, 4);
    if (count > DOUBT_PACK_BLOCK || count > capacity)
        return damaged(err, "they state more samples than there can be");
    if (count <= 1 && blob[17] != 0)
        return damaged(err, "there are planes without samples");
    return DOUBT_OK;
}

enum doubt_code doubt_pack_decode(struct doubt_pack *pack, const void *blob, size_t blob_bytes,
                                  int64_t *samples, size_t capacity, size_t *count,
                                  struct doubt_err *err)
{
    const uint8_t *head = blob;
    enum doubt_code code = read_header(head, blob_bytes, capacity, err);
    if (code != DOUBT_OK)
        return code;
    const uint8_t *at = head + HEADER_BYTES, *end = head + blob_bytes;
    size_t stated = (size_t)take(head + 1, 4), deltas = stated > 0 ? stated - 1 : 0;
    for (unsigned k = 0; k < PLANES; k++)
        if ((head[17] >> k & 1) && (code = read_plane(pack, k, deltas, &at, end, err)) != DOUBT_OK)
            return code;
    if (at != end)
        return damaged(err, "there are bytes behind the last plane");
    if (stated > 0) {
        samples[0] = (int64_t)take(head + 5, 8);
        join(pack, head[17], samples, deltas);
    }
    if (checksum(samples, stated) != (uint32_t)take(head + 13, 4))
        return damaged(err, "their checksum does not fit");
    *count = stated;
    return DOUBT_OK;
}

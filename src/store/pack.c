/* pack.c: see pack.h. */
#include "store/pack.h"
#include "store/rice.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { FORMAT_PLANES = 1, FORMAT_RICE = 2, PLANES = 8, CHUNK = 4096, RICE_MOST = 8192 };

/* Level 1 packs latencies tighter than 3 and twice as fast: a noisy plane has no true repeats, and
 * the chance ones that higher levels find cost more than the literals they replace. */
enum { LEVEL = 1 };

struct doubt_pack {
    ZSTD_CCtx *compressor;
    ZSTD_DCtx *decompressor;
    uint8_t planes[PLANES][DOUBT_PACK_BLOCK];
    uint64_t codes[RICE_MOST];
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

static uint8_t *put_u32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        *to++ = (uint8_t)(value >> (8 * i));
    return to;
}

static uint8_t *put_varint(uint8_t *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *to++ = (uint8_t)(value | 0x80);
    *to++ = (uint8_t)value;
    return to;
}

/* What is left of a blob that is read. */
struct rest {
    const uint8_t *at, *end;
};

static bool take_u8(struct rest *rest, unsigned *value)
{
    if (rest->at == rest->end)
        return false;
    *value = *rest->at++;
    return true;
}

static bool take_u32(struct rest *rest, uint32_t *value)
{
    *value = 0;
    for (unsigned i = 0, byte; i < 4; i++) {
        if (!take_u8(rest, &byte))
            return false;
        *value |= (uint32_t)byte << (8 * i);
    }
    return true;
}

static bool take_varint(struct rest *rest, uint64_t *value)
{
    unsigned byte = 0x80;
    *value = 0;
    for (unsigned shift = 0; byte & 0x80; shift += 7) {
        if (!take_u8(rest, &byte) || shift > 63 || (shift == 63 && byte > 1))
            return false;
        *value |= (uint64_t)(byte & 0x7F) << shift;
    }
    return true;
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
static uint8_t *put_plane(struct doubt_pack *pack, unsigned k, size_t deltas, uint8_t *to)
{
    uint8_t *body = to + 4; /* its length takes less: the body moves up */
    size_t bytes =
        ZSTD_compressCCtx(pack->compressor, body, deltas - 1, pack->planes[k], deltas, LEVEL);
    bool raw = ZSTD_isError(bytes) || bytes >= deltas;
    to = put_varint(to, raw ? deltas : bytes);
    memmove(to, raw ? pack->planes[k] : body, raw ? deltas : bytes);
    return to + (raw ? deltas : bytes);
}

static uint8_t *put_planes(struct doubt_pack *pack, const int64_t *samples, size_t deltas,
                           uint8_t *to)
{
    unsigned mask = split(pack, samples, deltas);
    *to++ = (uint8_t)mask;
    for (unsigned k = 0; k < PLANES; k++)
        if (mask >> k & 1)
            to = put_plane(pack, k, deltas, to);
    return to;
}

/* Replaces what lies behind body when Rice codes are shorter; the new end. */
static uint8_t *try_rice(struct doubt_pack *pack, const int64_t *samples, size_t deltas,
                         uint8_t *body, uint8_t *end)
{
    size_t bytes;
    for (size_t i = 0; i < deltas; i++)
        pack->codes[i] = zigzag(samples[i], samples[i + 1]);
    unsigned k = doubt_rice_plan(pack->codes, deltas, &bytes);
    if (1 + bytes >= (size_t)(end - body))
        return end;
    pack->blob[0] = FORMAT_RICE;
    *body = (uint8_t)k;
    doubt_rice_encode(pack->codes, deltas, k, body + 1);
    return body + 1 + bytes;
}

enum doubt_code doubt_pack_encode(struct doubt_pack *pack, const int64_t *samples, size_t count,
                                  struct doubt_blob *blob, struct doubt_err *err)
{
    if (count > DOUBT_PACK_BLOCK)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a block has at most %d samples, not %zu",
                             DOUBT_PACK_BLOCK, count);
    size_t deltas = count > 0 ? count - 1 : 0;
    pack->blob[0] = FORMAT_PLANES;
    uint8_t *body = put_varint(pack->blob + 1, count);
    body = put_varint(body, zigzag(0, count > 0 ? samples[0] : 0));
    body = put_u32(body, checksum(samples, count));
    uint8_t *end = put_planes(pack, samples, deltas, body);
    if (deltas <= RICE_MOST)
        end = try_rice(pack, samples, deltas, body, end);
    *blob = (struct doubt_blob){pack->blob, (size_t)(end - pack->blob)};
    return DOUBT_OK;
}

static enum doubt_code damaged(struct doubt_err *err, const char *what)
{
    return doubt_err_set(err, DOUBT_E_FORMAT, "packed samples are damaged: %s", what);
}

static enum doubt_code take_plane(struct doubt_pack *pack, unsigned k, size_t deltas,
                                  struct rest *rest, struct doubt_err *err)
{
    uint64_t bytes;
    if (!take_varint(rest, &bytes) || bytes > (uint64_t)(rest->end - rest->at) || bytes > deltas)
        return damaged(err, "a plane's length does not fit");
    if (bytes == deltas) {
        memcpy(pack->planes[k], rest->at, deltas);
    } else {
        size_t got = ZSTD_decompressDCtx(pack->decompressor, pack->planes[k], deltas, rest->at,
                                         (size_t)bytes);
        if (ZSTD_isError(got) || got != deltas)
            return damaged(err, ZSTD_isError(got) ? ZSTD_getErrorName(got) : "a plane is short");
    }
    rest->at += bytes;
    return DOUBT_OK;
}

static enum doubt_code take_planes(struct doubt_pack *pack, struct rest *rest, int64_t *samples,
                                   size_t deltas, struct doubt_err *err)
{
    unsigned mask;
    enum doubt_code code = DOUBT_OK;
    if (!take_u8(rest, &mask) || (deltas == 0 && mask != 0))
        return damaged(err, "the mask of planes is wrong");
    for (unsigned k = 0; code == DOUBT_OK && k < PLANES; k++)
        if (mask >> k & 1)
            code = take_plane(pack, k, deltas, rest, err);
    if (code == DOUBT_OK && rest->at != rest->end)
        code = damaged(err, "there are bytes behind the last plane");
    if (code == DOUBT_OK)
        join(pack, mask, samples, deltas);
    return code;
}

static enum doubt_code take_rice(struct doubt_pack *pack, struct rest *rest, int64_t *samples,
                                 size_t deltas, struct doubt_err *err)
{
    unsigned k;
    if (deltas > RICE_MOST || !take_u8(rest, &k) ||
        !doubt_rice_decode(rest->at, (size_t)(rest->end - rest->at), k, pack->codes, deltas))
        return damaged(err, "the codes do not fit their length");
    for (size_t i = 0; i < deltas; i++)
        samples[i + 1] = unzigzag(samples[i], pack->codes[i]);
    return DOUBT_OK;
}

enum doubt_code doubt_pack_decode(struct doubt_pack *pack, const struct doubt_blob *blob,
                                  struct doubt_pack_room *room, struct doubt_err *err)
{
    room->count = 0;
    if (blob->bytes == 0)
        return damaged(err, "there are none");
    const uint8_t *data = blob->data;
    struct rest rest = {data + 1, data + blob->bytes};
    uint64_t count, first;
    uint32_t sum;
    unsigned format = data[0];
    if (format != FORMAT_PLANES && format != FORMAT_RICE)
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "packed samples have format %u; this doubt reads 1 and 2, a later one "
                             "may read more",
                             format);
    if (!take_varint(&rest, &count) || !take_varint(&rest, &first) || !take_u32(&rest, &sum))
        return damaged(err, "they are shorter than their head");
    if (count > DOUBT_PACK_BLOCK || count > room->capacity)
        return damaged(err, "they state more samples than there can be");
    size_t deltas = count > 0 ? (size_t)count - 1 : 0;
    int64_t nothing, *to = count > 0 ? room->samples : &nothing;
    to[0] = unzigzag(0, first);
    enum doubt_code code = format == FORMAT_RICE ? take_rice(pack, &rest, to, deltas, err)
                                                 : take_planes(pack, &rest, to, deltas, err);
    if (code == DOUBT_OK && checksum(to, (size_t)count) != sum)
        code = damaged(err, "their checksum does not fit");
    if (code == DOUBT_OK)
        room->count = (size_t)count;
    return code;
}

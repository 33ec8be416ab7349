/* pack.h: raw samples as small blobs.
 *
 * A unit of work is one block of at most DOUBT_PACK_BLOCK int64 samples; a longer array is packed
 * block by block, so memory never grows with the samples. Every array comes back bit for bit. What
 * is read may be hostile: every length is checked, and memory is bounded by one block.
 *
 * Format: u8 1 (planes) or 2 (Rice), varint count, varint zigzag of the first sample, u32 checksum
 * of the samples, then the zigzag differences of neighbours (count - 1 of them):
 * 1: u8 mask of the planes that are not all zero; per such plane, lowest first, varint bytes and
 * the bytes. Plane k holds byte k of every difference: raw when its size is count - 1, else a zstd
 *    frame. Noise stays in the low planes, which cost their size; the high ones all but vanish.
 *    Planes have frames of their own because one table of code lengths fits one plane.
 * 2: u8 k and the codes of rice.h: where a few hundred samples would not pay for such tables.
 * The encoder takes what is shorter. Integers are little-endian; a varint has 7 bits a byte, lowest
 * first, and the high bit where more follow.
 *
 * Not for records, and not for anything that must be searched.
 */
#ifndef DOUBT_STORE_PACK_H
#define DOUBT_STORE_PACK_H

#include <doubt/err.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DOUBT_PACK_BLOCK = 131072, /* samples; a plane is then one zstd block */
    DOUBT_PACK_BYTES_MAX = 32 + 8 * (4 + DOUBT_PACK_BLOCK) /* of a blob */
};

struct doubt_pack; /* work space, about 2.5 MiB */

struct doubt_pack *doubt_pack_new(void); /* NULL when out of memory */
void doubt_pack_free(struct doubt_pack *pack);

struct doubt_blob {
    const void *data;
    size_t bytes;
};

/* Packs count samples (0 to DOUBT_PACK_BLOCK). The blob is pack's and lives until the next call. */
enum doubt_code doubt_pack_encode(struct doubt_pack *pack, const int64_t *samples, size_t count,
                                  struct doubt_blob *blob, struct doubt_err *err);

/* Where samples go. */
struct doubt_pack_room {
    int64_t *samples;
    size_t capacity; /* in */
    size_t count;    /* out; 0 on failure */
};

/* Unpacks a blob. One that holds more samples than there is room for, or that is damaged, is
 * DOUBT_E_FORMAT with a sentence that says which part is wrong; samples then hold anything. */
enum doubt_code doubt_pack_decode(struct doubt_pack *pack, const struct doubt_blob *blob,
                                  struct doubt_pack_room *room, struct doubt_err *err);

#endif

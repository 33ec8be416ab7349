/* pack.h: raw samples as small blobs.
 *
 * A unit of work is one block of at most DOUBT_PACK_BLOCK int64 samples; a longer array is packed
 * block by block, so memory never grows with the samples. Every array comes back bit for bit. What
 * is read may be hostile: every length is checked, and memory is bounded by one block.
 *
 * Format 1, little-endian: u8 format, u32 count, i64 first sample, u32 checksum of the samples, u8
 * mask of the planes that are not all zero, then per such plane, lowest first, u32 bytes and the
 * bytes. Plane k holds byte k of the zigzag differences of neighbours (count - 1 of them): raw when
 * its size is count - 1, else a zstd frame. Noise stays in the low planes, which cost their size;
 * the high ones all but vanish. Planes have frames of their own because one table of code lengths
 * fits one plane, and a short restart has no bytes to give away for empty planes.
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
    DOUBT_PACK_BYTES_MAX = 18 + 8 * (4 + DOUBT_PACK_BLOCK) /* of a blob */
};

struct doubt_pack; /* work space, about 2.5 MiB */

struct doubt_pack *doubt_pack_new(void); /* NULL when out of memory */
void doubt_pack_free(struct doubt_pack *pack);

/* Packs count samples (0 to DOUBT_PACK_BLOCK). *blob is pack's and lives until the next call. */
enum doubt_code doubt_pack_encode(struct doubt_pack *pack, const int64_t *samples, size_t count,
                                  const void **blob, size_t *blob_bytes, struct doubt_err *err);

/* Unpacks into samples, which has room for capacity. A blob that holds more, or that is damaged, is
 * DOUBT_E_FORMAT with a sentence that says which part is wrong. */
enum doubt_code doubt_pack_decode(struct doubt_pack *pack, const void *blob, size_t blob_bytes,
                                  int64_t *samples, size_t capacity, size_t *count,
                                  struct doubt_err *err);

#endif

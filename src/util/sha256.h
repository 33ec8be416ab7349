/* sha256.h: fingerprints of models, libraries and options, by OpenSSL's libcrypto.
 *
 * A unit of work is one digest, given as 64 hexadecimal digits. Not for passwords.
 */
#ifndef DOUBT_UTIL_SHA256_H
#define DOUBT_UTIL_SHA256_H

#include <doubt/err.h>
#include <stddef.h>

enum { DOUBT_SHA256_TEXT_BYTES = 65 };

struct doubt_sha256; /* a digest under way */

struct doubt_sha256 *doubt_sha256_new(void); /* NULL when out of memory */
void doubt_sha256_add(struct doubt_sha256 *digest, const void *data, size_t size);
/* Writes the digest as text and frees; text may be NULL to throw it away. */
void doubt_sha256_finish(struct doubt_sha256 *digest, char *text);

/* Digest of a whole file, read in pieces. */
enum doubt_code doubt_sha256_file(const char *path, char text[DOUBT_SHA256_TEXT_BYTES],
                                  struct doubt_err *err);

#endif

/* sha256.c: see sha256.h. */
#include "util/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* EVP_MD_CTX under our own name: the header stays free of OpenSSL. */
static EVP_MD_CTX *context(struct doubt_sha256 *digest)
{
    return (EVP_MD_CTX *)(void *)digest;
}

struct doubt_sha256 *doubt_sha256_new(void)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(ctx);
        ctx = NULL;
    }
    return (struct doubt_sha256 *)(void *)ctx;
}

void doubt_sha256_add(struct doubt_sha256 *digest, const void *data, size_t size)
{
    EVP_DigestUpdate(context(digest), data, size);
}

void doubt_sha256_finish(struct doubt_sha256 *digest, char *text)
{
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestFinal_ex(context(digest), raw, &size);
    EVP_MD_CTX_free(context(digest));
    for (unsigned i = 0; text != NULL && i < size; i++)
        snprintf(text + 2 * i, 3, "%02x", raw[i]);
}

enum doubt_code doubt_sha256_file(const char *path, char text[DOUBT_SHA256_TEXT_BYTES],
                                  struct doubt_err *err)
{
    enum { PIECE = 1 << 18 };
    enum doubt_code code = DOUBT_OK;
    char *piece = malloc(PIECE);
    struct doubt_sha256 *digest = doubt_sha256_new();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot open %s", path);
    else if (piece == NULL || digest == NULL)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while reading %s", path);
    while (code == DOUBT_OK) {
        ssize_t got = read(fd, piece, PIECE);
        if (got == 0)
            break;
        if (got > 0)
            doubt_sha256_add(digest, piece, (size_t)got);
        else if (errno != EINTR)
            code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot read %s", path);
    }
    if (digest != NULL)
        doubt_sha256_finish(digest, code == DOUBT_OK ? text : NULL);
    if (fd >= 0)
        close(fd);
    free(piece);
    return code;
}

/* trt_cache.cpp: built engines and times of tactics kept in the cache folder.
 *
 * A unit of work is one file. Its name is the digest of everything that the content depends on,
 * which the file repeats in words: model, sizes, options, library, device, driver. A file that does
 * not say the same, or whose content does not have its digest, is not used and is written anew; so
 * a plan for another GPU or version is never run. Files appear whole (written aside, then renamed).
 * For a folder that only this user writes to: a plan is code.
 */
#include "trt_int.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Every port with its longest name and largest sizes, and the rest in words. */
enum { KEY_BYTES = 4096 + TRT_PORTS_MAX * 256, PATH_BYTES = 1024, HEADER_MAX = KEY_BYTES + 256 };

/* Everything that a content depends on, in words. */
struct trt_key {
    char text[KEY_BYTES];
    size_t len; /* KEY_BYTES: it does not fit, and nothing is kept under it */
};

void trt_digest(const void *data, size_t bytes, char digest[TRT_DIGEST_BYTES])
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    digest[0] = '\0';
    if (EVP_Digest(data, bytes, sum, &length, EVP_sha256(), nullptr) != 1)
        return;
    for (unsigned i = 0; i < length && 2 * i + 2 < TRT_DIGEST_BYTES; i++)
        snprintf(digest + 2 * i, 3, "%02x", sum[i]);
}

/* --- the key --------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void add(trt_key *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int added = vsnprintf(key->text + key->len, KEY_BYTES - key->len, format, args);
    va_end(args);
    bool fits = added >= 0 && static_cast<size_t>(added) < KEY_BYTES - key->len;
    key->len = fits ? key->len + static_cast<size_t>(added) : static_cast<size_t>(KEY_BYTES);
}

static void add_machine(const trt_engine *e, trt_key *key)
{
    struct stat st;
    long long bytes = stat(e->library_path, &st) == 0 ? static_cast<long long>(st.st_size) : -1;
    const cuda_device *d = &e->device_info;
    add(key, "library %d of %lld bytes\n", e->version, bytes);
    add(key, "device %s, capability %d.%d, %d multiprocessors, %zu bytes\n", d->name, d->major,
        d->minor, d->multiprocessors, d->memory_bytes);
    add(key, "driver %s, CUDA %d\nsources %ld without %u\n", e->driver_text, e->cuda.version,
        e->options.sources, e->missing_sources);
}

static void make_plan_key(const trt_engine *e, trt_key *key)
{
    key->len = 0;
    add(key, "model %s\nprecision %d\nworkspace %ld MiB\nDLA %d\n", e->model_digest,
        static_cast<int>(e->request.precision), e->options.workspace_mb, e->options.dla);
    add_machine(e, key);
    for (uint32_t i = 0; i < e->request.input_count; i++) {
        const doubt_tensor *t = &e->request.inputs[i];
        add(key, "input %.64s", t->name);
        for (int32_t d = 0; d < t->rank; d++)
            add(key, " %lld", static_cast<long long>(t->dims[d]));
        add(key, "\n");
    }
}

static void make_timing_key(const trt_engine *e, trt_key *key)
{
    key->len = 0;
    add_machine(e, key);
}

static void make_path(const trt_engine *e, const trt_key *key, const char *ending,
                      char path[PATH_BYTES])
{
    char digest[TRT_DIGEST_BYTES];
    trt_digest(key->text, key->len, digest);
    snprintf(path, PATH_BYTES, "%s/tensorrt-%.32s.%s", e->request.cache_folder, digest, ending);
}

/* --- files ----------------------------------------------------------------------------------- */

/* What stands before the content. */
static size_t make_header(const trt_key *key, const void *content, size_t bytes,
                          char header[HEADER_MAX])
{
    char digest[TRT_DIGEST_BYTES];
    trt_digest(content, bytes, digest);
    return static_cast<size_t>(snprintf(header, HEADER_MAX,
                                        "doubt's cache of TensorRT, form 1\n%scontent %zu bytes, "
                                        "SHA-256 %s\n\n",
                                        key->text, bytes, digest));
}

/* A whole file as heap memory; nullptr: none, or it cannot be read. */
static char *read_whole(const char *path, size_t *bytes)
{
    struct stat st;
    FILE *file = fopen(path, "re");
    if (file == nullptr)
        return nullptr;
    char *data = nullptr;
    if (fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode))
        data = static_cast<char *>(malloc(static_cast<size_t>(st.st_size) + 1));
    if (data != nullptr) {
        *bytes = static_cast<size_t>(st.st_size);
        if (fread(data, 1, *bytes, file) != *bytes) {
            free(data);
            data = nullptr;
        }
    }
    fclose(file);
    return data;
}

/* The content of the file of this key. */
static void *read_kept(trt_engine *e, const trt_key *key, const char *ending, size_t *bytes)
{
    char path[PATH_BYTES], header[HEADER_MAX];
    size_t whole = 0;
    if (e->request.cache_folder == nullptr || key->len == KEY_BYTES)
        return nullptr;
    make_path(e, key, ending, path);
    char *data = read_whole(path, &whole);
    if (data == nullptr)
        return nullptr;
    data[whole] = '\0';
    const char *end = strstr(data, "\n\n");
    size_t before = end != nullptr ? static_cast<size_t>(end - data) + 2 : whole;
    size_t expected = make_header(key, data + before, whole - before, header);
    if (expected != before || memcmp(header, data, before) != 0) {
        TRT_NOTE(e, "%s is damaged or for another model, library, device or driver: built anew",
                 path);
        free(data);
        return nullptr;
    }
    *bytes = whole - before;
    memmove(data, data + before, *bytes);
    return data;
}

static int write_all(const char *path, const char *header, size_t header_bytes, const void *content,
                     size_t bytes)
{
    FILE *file = fopen(path, "we");
    if (file == nullptr)
        return -1;
    int bad = fwrite(header, 1, header_bytes, file) != header_bytes ||
              fwrite(content, 1, bytes, file) != bytes;
    bad |= fclose(file) != 0;
    return bad ? -1 : 0;
}

static void write_kept(trt_engine *e, const trt_key *key, const char *ending, const void *content,
                       size_t bytes)
{
    char path[PATH_BYTES], aside[PATH_BYTES + 32], header[HEADER_MAX];
    if (e->request.cache_folder == nullptr || key->len == KEY_BYTES)
        return;
    mkdir(e->request.cache_folder, 0700);
    make_path(e, key, ending, path);
    snprintf(aside, sizeof aside, "%s.%ld", path, static_cast<long>(getpid()));
    size_t header_bytes = make_header(key, content, bytes, header);
    if (write_all(aside, header, header_bytes, content, bytes) != 0 || rename(aside, path) != 0) {
        TRT_NOTE(e, "%s cannot be written (%s): the engine is built again next time", path,
                 strerror(errno));
        unlink(aside);
    }
}

void *trt_cache_read_plan(trt_engine *e, size_t *bytes)
{
    trt_key key;
    if (!e->options.engine_cache)
        return nullptr;
    make_plan_key(e, &key);
    return read_kept(e, &key, "plan", bytes);
}

void trt_cache_write_plan(trt_engine *e, const void *plan, size_t bytes)
{
    trt_key key;
    if (!e->options.engine_cache)
        return;
    make_plan_key(e, &key);
    write_kept(e, &key, "plan", plan, bytes);
}

void *trt_cache_read_timing(trt_engine *e, size_t *bytes)
{
    trt_key key;
    if (!e->options.timing_cache)
        return nullptr;
    make_timing_key(e, &key);
    return read_kept(e, &key, "timing", bytes);
}

void trt_cache_write_timing(trt_engine *e, const void *blob, size_t bytes)
{
    trt_key key;
    if (!e->options.timing_cache)
        return;
    make_timing_key(e, &key);
    write_kept(e, &key, "timing", blob, bytes);
}

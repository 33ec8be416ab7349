/* fuzz_store.c: any bytes as the file of a store: everything in it is listed and read.
 *
 * A unit of work is one file. Whatever it holds, the outcome is records or a sentence. Seeds:
 * seeds/store.
 */
#include "store/store.h"

#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

/* SQLite allocates by the thousand: less is kept of what was freed, for speed. */
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=4:malloc_context_size=4";
}

enum { SERIES_MAX = 8, RESTARTS_MAX = 32 };

static struct tree_file file = {"doubt.db", "", -1};

static void check(enum doubt_code code, const struct doubt_err *err)
{
    if ((code == DOUBT_OK) != (err->text[0] == '\0'))
        abort();
}

static void read_restarts(struct doubt_store *store, int64_t series)
{
    struct doubt_store_restarts restarts;
    struct doubt_err err = {.code = DOUBT_OK};
    check(doubt_store_restarts(store, series, DOUBT_MISSING_I64, &restarts, &err), &err);
    for (size_t i = 0; i < restarts.count && i < RESTARTS_MAX; i++) {
        int64_t *samples = NULL;
        size_t count = 0;
        struct doubt_err why = {.code = DOUBT_OK};
        check(doubt_store_samples(store, &restarts.restarts[i], &samples, &count, &why), &why);
        free(samples);
    }
    doubt_store_restarts_free(&restarts);
}

static void read_store(struct doubt_store *store)
{
    struct doubt_series *list = NULL;
    struct doubt_err err = {.code = DOUBT_OK};
    size_t count = 0;
    check(doubt_store_list(store, &list, &count, &err), &err);
    for (size_t i = 0; i < count && i < SERIES_MAX; i++) {
        struct doubt_store_series series;
        struct doubt_err why = {.code = DOUBT_OK};
        check(doubt_store_series(store, list[i].id, &series, &why), &why);
        doubt_store_series_free(&series);
        read_restarts(store, list[i].id);
    }
    for (size_t i = 0; i < count; i++)
        doubt_record_free(DOUBT_SERIES, &list[i]);
    free(list);
}

/* The first byte says whether it is opened for reading, or for writing, which brings an older one
 * up to date; the rest is the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const beside[] = {"-wal", "-shm", "-journal"};
    struct doubt_store *store = NULL;
    struct doubt_err err = {.code = DOUBT_OK};
    char path[96], name[112];
    if (tree_root[0] == '\0')
        tree_make(&file, 1);
    if (size < 1)
        return 0;
    bool writes = data[0] == 'w';
    snprintf(path, sizeof path, "%s/%s", tree_root, file.path);
    tree_write(&file, data + 1, size - 1);
    check(doubt_store_open(path, !writes, &store, &err), &err);
    if (store != NULL)
        read_store(store);
    doubt_store_close(store);
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, beside[i]);
        unlink(name);
    }
    return 0;
}

/* fuzz_rescue.c: any bytes as a rescue file, into a store in memory-backed /dev/shm or /tmp. Seeds:
 * seeds/rescue.
 */
#include "store/store.h"
#include "util/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];
static struct doubt_store *store;

static void clean_up(void)
{
    char name[96];
    doubt_store_close(store);
    const char *const suffixes[] = {"", "-wal", "-shm", ".in"};
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
}

static void open_store(void)
{
    snprintf(path, sizeof path, "%s/doubt-fuzz-%ld.db",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
    if (doubt_store_open(path, false, &store, NULL) != DOUBT_OK)
        abort();
    atexit(clean_up);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char input[96];
    struct doubt_recovered out;
    struct doubt_err err = {.code = DOUBT_OK};
    if (store == NULL)
        open_store();
    snprintf(input, sizeof input, "%s.in", path);
    FILE *file = fopen(input, "wb");
    if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
    enum doubt_code code = doubt_store_recover(store, input, &out, &err);
    if (code != DOUBT_OK && err.text[0] == '\0')
        abort();
    return 0;
}

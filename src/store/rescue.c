/* rescue.c: a series in a plain file, for when the store cannot be written. See store.h.
 *
 * A unit of work is one record: u8 kind (0 series, 1 cell, 2 restart), u32 bytes of its JSON, u32
 * number of blocks, the JSON, and per block u32 bytes and the blob of pack.h; little-endian, behind
 * a line that says what the file is. What a cell was set beside as well is a member of its object,
 * so that a doubt without that scope reads the file too. Not a format for exchange.
 */
#include "store/store_int.h"

#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char first_line[] = "doubt rescue 1: read it back with doubt history --recover FILE\n";

enum { HEAD_BYTES = 9, JSON_BYTES_MAX = 1 << 22, NAMES_MAX = 1000 };

static void put_u32(unsigned char *to, size_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

static size_t take_u32(const unsigned char *from)
{
    return (size_t)from[0] | (size_t)from[1] << 8 | (size_t)from[2] << 16 | (size_t)from[3] << 24;
}

/* --- writing ---------------------------------------------------------------------------------- */

static bool write_head(FILE *file, enum doubt_scope scope, const char *json, size_t blocks)
{
    unsigned char head[HEAD_BYTES] = {(unsigned char)scope};
    size_t len = strlen(json);
    put_u32(head + 1, len);
    put_u32(head + 5, blocks);
    return fwrite(head, sizeof head, 1, file) == 1 && fwrite(json, 1, len, file) == len;
}

static bool write_blocks(FILE *file, struct doubt_pack *pack, const int64_t *samples, size_t count)
{
    for (size_t done = 0; done < count; done += DOUBT_PACK_BLOCK) {
        size_t left = count - done;
        struct doubt_blob blob;
        unsigned char length[4];
        if (doubt_pack_encode(pack, samples + done,
                              left < DOUBT_PACK_BLOCK ? left : DOUBT_PACK_BLOCK, &blob,
                              NULL) != DOUBT_OK)
            return false;
        put_u32(length, blob.bytes);
        if (fwrite(length, sizeof length, 1, file) != 1 ||
            fwrite(blob.data, 1, blob.bytes, file) != blob.bytes)
            return false;
    }
    return true;
}

/* What one call keeps. */
struct parcel {
    const struct doubt_record_parts *parts; /* or */
    const struct doubt_restart *restart;
    const int64_t *samples;
    size_t count;
};

static const char also_member[] = "also";

/* Adds to a cell's object what the cell was set beside as well; true also where it was beside
 * nothing else. */
static bool add_also(json_t *object, const struct doubt_cell *cell,
                     const struct doubt_record_parts *parts)
{
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < parts->also_count; i++)
        if (parts->also[i].cell == cell->number)
            ok =
                json_array_append_new(list, doubt_record_to_json(DOUBT_ALSO, &parts->also[i])) == 0;
    if (ok && json_array_size(list) > 0)
        ok = json_object_set(object, also_member, list) == 0;
    json_decref(list);
    return ok;
}

static bool write_record(FILE *file, enum doubt_scope scope, const void *record,
                         const struct parcel *parcel, struct doubt_pack *pack)
{
    json_t *object = doubt_record_to_json(scope, record);
    bool whole = object != NULL && (scope != DOUBT_CELL || add_also(object, record, parcel->parts));
    char *json = whole ? json_dumps(object, JSON_COMPACT) : NULL;
    size_t count = scope == DOUBT_RESTART ? parcel->count : 0;
    size_t blocks = (count + DOUBT_PACK_BLOCK - 1) / DOUBT_PACK_BLOCK;
    errno = json != NULL ? 0 : ENOMEM;
    bool done = json != NULL && write_head(file, scope, json, blocks) &&
                write_blocks(file, pack, parcel->samples, count);
    free(json);
    json_decref(object);
    return done;
}

static bool write_parcel(FILE *file, const struct parcel *parcel)
{
    struct doubt_pack *pack = doubt_pack_new();
    errno = pack != NULL ? 0 : ENOMEM;
    bool done = pack != NULL;
    if (done && parcel->restart != NULL)
        done = write_record(file, DOUBT_RESTART, parcel->restart, parcel, pack);
    const struct doubt_record_parts *parts = parcel->parts;
    if (done && parts != NULL)
        done = write_record(file, DOUBT_SERIES, parts->series, parcel, pack);
    for (size_t i = 0; done && parts != NULL && i < parts->cell_count; i++)
        done = write_record(file, DOUBT_CELL, &parts->cells[i], parcel, pack);
    doubt_pack_free(pack);
    return done && fsync(fileno(file)) == 0;
}

/* Appends to a file that is open and closes it; on failure cuts it back to what it was. Returns
 * errno. */
static int append(int fd, const struct parcel *parcel)
{
    struct stat before;
    FILE *file = fstat(fd, &before) == 0 ? fdopen(fd, "ab") : NULL;
    if (file == NULL) {
        int failed = errno;
        close(fd);
        return failed;
    }
    /* Unbuffered, so that nothing is left to be written once the file was cut back. */
    setvbuf(file, NULL, _IONBF, 0);
    int failed = 0;
    if ((before.st_size == 0 && fputs(first_line, file) < 0) || !write_parcel(file, parcel))
        failed = errno != 0 ? errno : EIO;
    if (failed && ftruncate(fd, before.st_size) != 0)
        failed = errno;
    if (fclose(file) != 0 && !failed)
        failed = errno;
    return failed;
}

/* A new file in folder; NULL with errno. */
static char *create_in(const char *folder, int *fd)
{
    for (int i = 0; i < NAMES_MAX; i++) {
        char name[64];
        snprintf(name, sizeof name, "doubt-rescue-%ld-%d.bin", (long)getpid(), i);
        char *path = doubt_file_join(folder, name);
        if (path == NULL)
            return NULL;
        *fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
        if (*fd >= 0)
            return path;
        int failed = errno;
        free(path);
        errno = failed;
        if (failed != EEXIST)
            return NULL;
    }
    return NULL;
}

/* Tries one folder; the file's path, or NULL with errno in *failed. */
static char *keep_in(const char *folder, const struct parcel *parcel, int *failed)
{
    int fd = -1;
    char *path = create_in(folder, &fd);
    if (path == NULL) {
        *failed = errno;
        return NULL;
    }
    *failed = append(fd, parcel);
    if (*failed == 0)
        return path;
    unlink(path);
    free(path);
    return NULL;
}

static enum doubt_code keep(const struct parcel *parcel, char **path, struct doubt_err *err)
{
    if (*path != NULL) {
        int fd = open(*path, O_WRONLY | O_APPEND | O_CLOEXEC);
        if (fd >= 0 && append(fd, parcel) == 0)
            return DOUBT_OK;
    }
    char here[4096];
    const char *folders[] = {getenv("TMPDIR"), "/tmp", getcwd(here, sizeof here)};
    int failed = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char *fresh = folders[i] != NULL && folders[i][0] == '/'
                          ? keep_in(folders[i], parcel, &failed)
                          : NULL;
        if (fresh == NULL)
            continue;
        free(*path);
        *path = fresh;
        return DOUBT_OK;
    }
    return doubt_err_errno(err, DOUBT_E_IO, failed,
                           "the samples could not be kept in a file of $TMPDIR, /tmp or the "
                           "working folder; free some space and measure again");
}

enum doubt_code doubt_store_rescue(const struct doubt_restart *restart, const int64_t *samples,
                                   size_t count, char **path, struct doubt_err *err)
{
    struct parcel parcel = {.restart = restart, .samples = samples, .count = count};
    return keep(&parcel, path, err);
}

enum doubt_code doubt_store_rescue_series(const struct doubt_record_parts *parts, char **path,
                                          struct doubt_err *err)
{
    struct parcel parcel = {.parts = parts};
    return keep(&parcel, path, err);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reader {
    FILE *file;
    struct doubt_store *store;
    struct doubt_recovered *out;
    enum doubt_scope scope; /* of the record just read */
    size_t blocks;          /* of it, still to be read */
    union {
        struct doubt_series series;
        struct doubt_cell cell;
        struct doubt_restart restart;
    } record;
    json_t *also; /* beside what else a cell was set; NULL: nothing */
    int64_t from; /* number that the series had; DOUBT_MISSING_I64 when it had none */
    int64_t begun_ns;
    bool mapped;
    int64_t samples[DOUBT_PACK_BLOCK];
    unsigned char blob[DOUBT_PACK_BYTES_MAX];
};

static enum doubt_code damaged(struct doubt_err *err, const char *what)
{
    return doubt_err_set(err, DOUBT_E_FORMAT, "it is damaged: %s", what);
}

/* *end: there is no further record. */
static enum doubt_code read_record(struct reader *reader, bool *end, struct doubt_err *err)
{
    unsigned char head[HEAD_BYTES];
    size_t got = fread(head, 1, sizeof head, reader->file);
    *end = got == 0;
    if (*end)
        return DOUBT_OK;
    size_t len = got == sizeof head ? take_u32(head + 1) : 0;
    if (got < sizeof head || head[0] > DOUBT_RESTART || len > JSON_BYTES_MAX)
        return damaged(err, "a record's head is wrong");
    char *json = malloc(len + 1);
    if (json == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory");
    json_t *object = NULL;
    if (fread(json, 1, len, reader->file) == len)
        object = json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL);
    free(json);
    if (object == NULL)
        return damaged(err, "a record is no JSON");
    reader->scope = (enum doubt_scope)head[0];
    reader->blocks = take_u32(head + 5);
    enum doubt_code code = doubt_record_from_json(reader->scope, object, &reader->record, err);
    if (code == DOUBT_OK && reader->scope == DOUBT_CELL)
        reader->also = json_incref(json_object_get(object, also_member));
    json_decref(object);
    return code;
}

static enum doubt_code read_block(struct reader *reader, size_t *count, struct doubt_err *err)
{
    unsigned char length[4];
    if (fread(length, 1, sizeof length, reader->file) != sizeof length)
        return damaged(err, "it ends within the samples");
    size_t bytes = take_u32(length);
    if (bytes > sizeof reader->blob || fread(reader->blob, 1, bytes, reader->file) != bytes)
        return damaged(err, "it ends within a block of samples");
    const struct doubt_blob blob = {reader->blob, bytes};
    struct doubt_pack_room room = {.samples = reader->samples, .capacity = DOUBT_PACK_BLOCK};
    enum doubt_code code = doubt_pack_decode(reader->store->pack, &blob, &room, err);
    *count = room.count;
    return code;
}

static enum doubt_code find_series(struct reader *reader, const char *sql, int64_t value,
                                   struct doubt_err *err)
{
    sqlite3_stmt *statement = NULL;
    if (reader->mapped || value == DOUBT_MISSING_I64)
        return DOUBT_OK;
    enum doubt_code code = DOUBT_OK;
    if (sqlite3_prepare_v2(reader->store->db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 1, value) != SQLITE_OK)
        code = doubti_store_fail(reader->store, err, "read");
    if (code == DOUBT_OK && sqlite3_step(statement) == SQLITE_ROW) {
        reader->out->series = sqlite3_column_int64(statement, 0);
        reader->mapped = true;
    }
    sqlite3_finalize(statement);
    return code;
}

/* Finds the series that the records belong to, or makes it. */
static enum doubt_code map_series(struct reader *reader, struct doubt_err *err)
{
    enum doubt_code code = find_series(
        reader, "SELECT \"id\" FROM \"series\" WHERE \"begun_ns\" = ?", reader->begun_ns, err);
    if (code == DOUBT_OK && reader->begun_ns == DOUBT_MISSING_I64)
        code = find_series(reader, "SELECT \"id\" FROM \"series\" WHERE \"id\" = ?", reader->from,
                           err);
    if (code != DOUBT_OK || reader->mapped)
        return code;
    struct doubt_series series;
    doubt_record_init(DOUBT_SERIES, &series);
    series.begun_ns = reader->begun_ns;
    doubt_text_set(&series.state, "interrupted");
    doubt_text_set(&series.command, "doubt history --recover");
    code = doubti_store_put_series(reader->store, &series, err);
    reader->out->series = series.id;
    reader->mapped = code == DOUBT_OK;
    doubt_record_free(DOUBT_SERIES, &series);
    return code;
}

static enum doubt_code recover_restart(struct reader *reader, struct doubt_err *err)
{
    struct doubt_restart *restart = &reader->record.restart;
    restart->series = reader->out->series;
    enum doubt_code code = doubti_store_put(reader->store, DOUBT_RESTART, &reader->record, err);
    for (size_t i = 0; code == DOUBT_OK && i < reader->blocks; i++) {
        size_t count = 0;
        code = read_block(reader, &count, err);
        struct doubti_span span = {reader->samples, count};
        if (code == DOUBT_OK)
            code = doubti_store_put_block(reader->store, restart, i, &span, err);
    }
    return code;
}

static enum doubt_code recover_cell(struct reader *reader, struct doubt_err *err)
{
    size_t i;
    json_t *object;
    struct doubt_also also;
    struct doubt_cell *cell = &reader->record.cell;
    cell->series = reader->out->series;
    enum doubt_code code = doubti_store_put(reader->store, DOUBT_CELL, cell, err);
    if (code == DOUBT_OK && reader->also != NULL && !json_is_array(reader->also))
        return damaged(err, "what a cell was set beside as well is no list");
    json_array_foreach(reader->also, i, object)
    {
        if (code != DOUBT_OK ||
            (code = doubt_record_from_json(DOUBT_ALSO, object, &also, err)) != DOUBT_OK)
            return code;
        also.series = cell->series;
        also.cell = cell->number;
        code = doubti_store_put(reader->store, DOUBT_ALSO, &also, err);
        doubt_record_free(DOUBT_ALSO, &also);
    }
    return code;
}

/* One record into the store; a savepoint keeps a damaged one out without losing those before. */
static enum doubt_code recover_record(struct reader *reader, struct doubt_err *err)
{
    enum doubt_code code = doubti_store_exec(reader->store, "SAVEPOINT record", "write to", err);
    if (code != DOUBT_OK)
        return code;
    if (reader->scope == DOUBT_RESTART) {
        code = recover_restart(reader, err);
    } else if (reader->scope == DOUBT_SERIES) {
        reader->record.series.id = reader->out->series;
        code = doubti_store_update_series(reader->store, &reader->record.series, err);
    } else {
        code = recover_cell(reader, err);
    }
    if (code != DOUBT_OK)
        sqlite3_exec(reader->store->db, "ROLLBACK TO record", NULL, NULL, NULL);
    else
        reader->out->restarts += reader->scope == DOUBT_RESTART;
    sqlite3_exec(reader->store->db, "RELEASE record", NULL, NULL, NULL);
    return code;
}

static void forget(struct reader *reader)
{
    doubt_record_free(reader->scope, &reader->record);
    json_decref(reader->also);
    reader->also = NULL;
}

static enum doubt_code read_first_line(struct reader *reader, struct doubt_err *err)
{
    char line[sizeof first_line];
    rewind(reader->file);
    if (fread(line, 1, sizeof line - 1, reader->file) != sizeof line - 1 ||
        memcmp(line, first_line, sizeof line - 1) != 0)
        return doubt_err_set(err, DOUBT_E_FORMAT, "it was not written by doubt to rescue samples");
    return DOUBT_OK;
}

/* Steps over a record's blocks. */
static bool skip_blocks(struct reader *reader)
{
    for (size_t i = 0; i < reader->blocks; i++) {
        unsigned char length[4];
        if (fread(length, 1, sizeof length, reader->file) != sizeof length ||
            fseeko(reader->file, (off_t)take_u32(length), SEEK_CUR) != 0)
            return false;
    }
    return true;
}

/* First pass: which series is it? The record of the series, if there is one, comes last. */
static enum doubt_code identify(struct reader *reader, struct doubt_err *err)
{
    enum doubt_code code = read_first_line(reader, err);
    bool end = code != DOUBT_OK, more = true;
    reader->from = reader->begun_ns = DOUBT_MISSING_I64;
    while (!end && more && read_record(reader, &end, NULL) == DOUBT_OK && !end) {
        if (reader->scope == DOUBT_SERIES)
            reader->begun_ns = reader->record.series.begun_ns;
        else if (reader->scope == DOUBT_RESTART)
            reader->from = reader->record.restart.series;
        more = skip_blocks(reader);
        forget(reader);
    }
    return code != DOUBT_OK ? code : read_first_line(reader, err);
}

static enum doubt_code recover_all(struct reader *reader, struct doubt_err *err)
{
    enum doubt_code code = map_series(reader, err);
    bool end = false;
    while (code == DOUBT_OK && (code = read_record(reader, &end, err)) == DOUBT_OK && !end) {
        code = recover_record(reader, err);
        forget(reader);
    }
    return code;
}

/* Commits what is whole; a damaged rest is reported, anything else undoes it all. */
static enum doubt_code recover_in_transaction(struct reader *reader, struct doubt_err *err)
{
    enum doubt_code code = doubti_store_start(reader->store, err);
    if (code != DOUBT_OK)
        return code;
    struct doubt_err inner = {.code = DOUBT_OK};
    code = recover_all(reader, &inner);
    bool part = code == DOUBT_E_FORMAT && reader->out->restarts > 0;
    enum doubt_code ended =
        doubti_store_finish(reader->store, part ? DOUBT_OK : code, part ? err : &inner);
    if (ended != DOUBT_OK) {
        reader->out->restarts = 0;
        return doubt_err_set(err, ended, "%s", inner.text);
    }
    if (part)
        return doubt_err_set(err, code, "%s; the %zu restarts before that are now in series %lld",
                             inner.text, reader->out->restarts, (long long)reader->out->series);
    return code;
}

enum doubt_code doubt_store_recover(struct doubt_store *store, const char *path,
                                    struct doubt_recovered *out, struct doubt_err *err)
{
    memset(out, 0, sizeof *out);
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return doubt_err_errno(err, DOUBT_E_IO, errno, "cannot open %s", path);
    enum doubt_code code = DOUBT_OK;
    struct reader *reader = malloc(sizeof *reader);
    if (reader == NULL) {
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while reading %s", path);
        goto no_reader;
    }
    memset(reader, 0, offsetof(struct reader, samples)); /* megabytes follow, written first */
    reader->file = file;
    reader->store = store;
    reader->out = out;
    code = identify(reader, err);
    if (code == DOUBT_OK)
        code = recover_in_transaction(reader, err);
    if (code != DOUBT_OK)
        doubt_err_prefix(err, "cannot recover %s", path);
    free(reader);
no_reader:
    fclose(file);
    return code;
}

/* store.c: opening, errors and transactions of the store. See store.h. */
#include "store/store_int.h"

#include "util/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Another doubt holds the write lock for one restart's transaction, some milliseconds. */
enum { BUSY_MS = 30000 };

/* FULL: a restart costs seconds of measuring and one fsync some milliseconds, between restarts and
 * never inside one; so what was committed survives a power cut too, which boards on a desk suffer.
 * NORMAL would keep the file sound, but might lose the last restarts. */
static const char settings[] = "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;";

char *doubt_store_default_path(void)
{
    char *folder = doubt_file_xdg("DATA");
    char *path = folder != NULL ? doubt_file_join(folder, "doubt.db") : NULL;
    free(folder);
    return path;
}

static enum doubt_code code_of(int primary, int system)
{
    if (primary == SQLITE_FULL || system == ENOSPC || system == EDQUOT || system == EFBIG)
        return DOUBT_E_FULL;
    switch (primary) {
    case SQLITE_NOMEM:
        return DOUBT_E_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DOUBT_E_TIMEOUT;
    case SQLITE_CONSTRAINT:
        return DOUBT_E_ARGUMENT;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DOUBT_E_FORMAT;
    default:
        return DOUBT_E_IO;
    }
}

enum doubt_code doubti_store_fail(const struct doubt_store *store, struct doubt_err *err,
                                  const char *what)
{
    /* SQLite does not keep the system's error of a failed COMMIT, but errno is still its own. */
    int last = errno, primary = sqlite3_errcode(store->db) & 0xFF, system = 0;
    if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN)
        system = sqlite3_system_errno(store->db);
    if (primary == SQLITE_IOERR && system == 0)
        system = last;
    enum doubt_code code = code_of(primary, system);
    const char *path = store->path, *reason = sqlite3_errmsg(store->db);
    if (code == DOUBT_E_FULL)
        return doubt_err_set(err, code, "cannot %s the store %s: no space left there", what, path);
    if (code == DOUBT_E_TIMEOUT)
        return doubt_err_set(err, code,
                             "cannot %s the store %s: another program has held it for %d s", what,
                             path, BUSY_MS / 1000);
    if (code == DOUBT_E_FORMAT)
        return doubt_err_set(err, code,
                             "%s is not a store of doubt, or a damaged one (%s); move it away",
                             path, reason);
    if (code == DOUBT_E_ARGUMENT)
        return doubt_err_set(err, code,
                             "the store %s has that record already, or lacks the series it belongs "
                             "to (%s)",
                             path, reason);
    return doubt_err_set(err, code, "cannot %s the store %s: %s%s%s", what, path, reason,
                         system != 0 ? ", " : "", system != 0 ? strerror(system) : "");
}

enum doubt_code doubti_store_exec(struct doubt_store *store, const char *sql, const char *what,
                                  struct doubt_err *err)
{
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return doubti_store_fail(store, err, what);
    return DOUBT_OK;
}

enum doubt_code doubti_store_prepare(struct doubt_store *store, const struct doubt_str *sql,
                                     sqlite3_stmt **statement, struct doubt_err *err)
{
    if (*statement != NULL)
        return DOUBT_OK;
    if (sql->failed)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while using the store %s",
                             store->path);
    if (sqlite3_prepare_v2(store->db, doubt_str_text(sql), -1, statement, NULL) != SQLITE_OK)
        return doubti_store_fail(store, err, "read");
    return DOUBT_OK;
}

enum doubt_code doubti_store_run(struct doubt_store *store, sqlite3_stmt *statement,
                                 const char *what, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    if (sqlite3_step(statement) != SQLITE_DONE)
        code = doubti_store_fail(store, err, what);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return code;
}

enum doubt_code doubti_store_start(struct doubt_store *store, struct doubt_err *err)
{
    return doubti_store_exec(store, "BEGIN IMMEDIATE", "write to", err);
}

enum doubt_code doubti_store_finish(struct doubt_store *store, enum doubt_code code,
                                    struct doubt_err *err)
{
    if (code == DOUBT_OK)
        code = doubti_store_exec(store, "COMMIT", "write to", err);
    if (code != DOUBT_OK && !sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

static enum doubt_code make_folder_of(const char *path, struct doubt_err *err)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path)
        return DOUBT_OK;
    char *folder = strndup(path, (size_t)(slash - path));
    if (folder == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while opening %s", path);
    enum doubt_code code = doubt_file_make_folder(folder, err);
    free(folder);
    if (code != DOUBT_OK)
        doubt_err_prefix(err, "cannot make the store %s", path);
    return code;
}

/* A store on a read-only medium: SQLite needs files beside it unless told that none will change. */
static char *immutable_uri(const char *path)
{
    struct doubt_str uri;
    doubt_str_init(&uri, DOUBTI_SQL_MAX);
    doubt_str_add(&uri, "file:");
    for (const char *p = path; *p != '\0'; p++)
        doubt_str_addf(&uri, strchr("?#%", *p) != NULL ? "%%%02X" : "%c", (unsigned char)*p);
    doubt_str_add(&uri, "?immutable=1");
    char *text = uri.failed ? NULL : doubt_str_dup(doubt_str_text(&uri));
    doubt_str_free(&uri);
    return text;
}

static bool beside_exists(const char *path, const char *suffix)
{
    struct doubt_str name;
    doubt_str_init(&name, DOUBTI_SQL_MAX);
    doubt_str_addf(&name, "%s%s", path, suffix);
    bool exists = !name.failed && doubt_file_exists(doubt_str_text(&name));
    doubt_str_free(&name);
    return exists;
}

static enum doubt_code open_db(struct doubt_store *store, struct doubt_err *err)
{
    int flags =
        store->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const char *name = store->path;
    char *uri = NULL;
    if (store->read_only && access(store->path, W_OK) != 0 && errno == EROFS &&
        !beside_exists(store->path, "-wal") && (uri = immutable_uri(store->path)) != NULL) {
        name = uri;
        flags |= SQLITE_OPEN_URI;
    }
    int status = sqlite3_open_v2(name, &store->db, flags, NULL);
    free(uri);
    if (store->db == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while opening %s", store->path);
    sqlite3_extended_result_codes(store->db, 1);
    if (status != SQLITE_OK)
        return doubti_store_fail(store, err, "open");
    sqlite3_busy_timeout(store->db, BUSY_MS);
    return doubti_store_exec(store, settings, "open", err);
}

/* WAL: readers never wait, and a commit is one append. SQLite does not call its own busy handler
 * while two processes turn a new file to WAL at once, so this does. */
static enum doubt_code use_wal(struct doubt_store *store, struct doubt_err *err)
{
    for (int waited_ms = 0; waited_ms < BUSY_MS; waited_ms += 10) {
        if (sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) == SQLITE_OK)
            return DOUBT_OK;
        if ((sqlite3_errcode(store->db) & 0xFF) != SQLITE_BUSY)
            break;
        usleep(10000);
    }
    return doubti_store_fail(store, err, "write to");
}

static enum doubt_code open_once(struct doubt_store *store, struct doubt_err *err)
{
    enum doubt_code code = open_db(store, err);
    if (code == DOUBT_OK && !store->read_only)
        code = use_wal(store, err);
    return code == DOUBT_OK ? doubti_schema_open(store, err) : code;
}

/* A writer killed before its new file was in WAL leaves a journal, which a reader may not undo. */
static bool is_left(const struct doubt_store *store)
{
    return store->read_only && store->db != NULL &&
           (sqlite3_errcode(store->db) & 0xFF) == SQLITE_READONLY;
}

/* The file can be read, and those in WAL beside it cannot be opened or made. */
static bool is_closed(const struct doubt_store *store)
{
    return store->read_only && store->db != NULL &&
           (sqlite3_errcode(store->db) & 0xFF) == SQLITE_CANTOPEN &&
           beside_exists(store->path, "-wal") && access(store->path, R_OK) == 0;
}

/* The first look of a writer undoes what was left. */
static void undo_left(struct doubt_store *store)
{
    sqlite3 *writer = NULL;
    sqlite3_close(store->db);
    store->db = NULL;
    if (sqlite3_open_v2(store->path, &writer, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(writer, BUSY_MS);
        sqlite3_exec(writer, "PRAGMA user_version", NULL, NULL, NULL);
    }
    sqlite3_close(writer);
}

/* Without a journal nothing was left: readers of a file in WAL make files beside it. */
static enum doubt_code refuse_reader(const struct doubt_store *store, enum doubt_code code,
                                     struct doubt_err *err)
{
    if (beside_exists(store->path, "-journal"))
        return doubt_err_set(err, code,
                             "a writer of the store %s was killed, and undoing what it had begun "
                             "takes the right to write there: run doubt history once as the owner "
                             "of the file",
                             store->path);
    return doubt_err_set(err, code,
                         "the store %s can only be read where files may be made beside it: run "
                         "doubt history as the owner of its folder, or copy the store to one of "
                         "your own, with the file %s-wal where that is there",
                         store->path, store->path);
}

static enum doubt_code open_all(struct doubt_store *store, struct doubt_err *err)
{
    struct doubt_err first = {.code = DOUBT_OK};
    enum doubt_code code = open_once(store, &first);
    if (code != DOUBT_OK && is_left(store)) {
        undo_left(store);
        first.code = DOUBT_OK;
        code = open_once(store, &first);
    }
    if (code != DOUBT_OK && (is_left(store) || is_closed(store)))
        return refuse_reader(store, code, err);
    return code == DOUBT_OK ? code : doubt_err_set(err, code, "%s", first.text);
}

enum doubt_code doubt_store_open(const char *path, bool read_only, struct doubt_store **store,
                                 struct doubt_err *err)
{
    *store = NULL;
    if (path == NULL || path[0] == '\0')
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "there is no path for the store: set HOME or XDG_DATA_HOME");
    if (read_only && !doubt_file_exists(path))
        return doubt_err_set(err, DOUBT_E_NOT_FOUND,
                             "there is no store at %s yet: doubt check and doubt run make it",
                             path);
    struct doubt_store *made = calloc(1, sizeof *made);
    enum doubt_code code = DOUBT_OK;
    if (made == NULL || (made->path = strdup(path)) == NULL ||
        (made->pack = doubt_pack_new()) == NULL)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while opening %s", path);
    if (code == DOUBT_OK) {
        made->read_only = read_only;
        code = read_only ? DOUBT_OK : make_folder_of(path, err);
    }
    if (code == DOUBT_OK)
        code = open_all(made, err);
    if (code == DOUBT_OK)
        *store = made;
    else
        doubt_store_close(made);
    return code;
}

void doubt_store_close(struct doubt_store *store)
{
    if (store == NULL)
        return;
    for (int scope = 0; scope < DOUBT_SCOPE_COUNT; scope++)
        sqlite3_finalize(store->insert[scope]);
    sqlite3_finalize(store->update_series);
    sqlite3_finalize(store->insert_block);
    sqlite3_close(store->db);
    doubt_pack_free(store->pack);
    free(store->path);
    free(store);
}

const char *doubt_store_path(const struct doubt_store *store)
{
    return store->path;
}

/* store_int.h: what the files of the store share. Not for other floors. */
#ifndef DOUBT_STORE_INT_H
#define DOUBT_STORE_INT_H

#include "store/pack.h"
#include "store/store.h"
#include "util/str.h"
#include <sqlite3.h>

struct doubt_store {
    sqlite3 *db;
    char *path;
    bool read_only;
    struct doubt_pack *pack;
    /* Prepared on first use; NULL before. */
    sqlite3_stmt *insert[DOUBT_SCOPE_COUNT], *update_series, *insert_block;
};

/* Samples of one block. */
struct doubti_span {
    const int64_t *ns;
    size_t count;
};

enum { DOUBTI_SQL_MAX = 1 << 16 };

/* Turns SQLite's last error into a code and a sentence: "PATH: cannot VERB: ...". */
enum doubt_code doubti_store_fail(const struct doubt_store *store, struct doubt_err *err,
                                  const char *what);
/* Runs statements without values and without rows. */
enum doubt_code doubti_store_exec(struct doubt_store *store, const char *sql, const char *what,
                                  struct doubt_err *err);
/* Prepares sql into *statement unless that was done before; the store keeps it. */
enum doubt_code doubti_store_prepare(struct doubt_store *store, const struct doubt_str *sql,
                                     sqlite3_stmt **statement, struct doubt_err *err);
/* Runs a bound statement that gives no rows, and makes it ready for the next values. */
enum doubt_code doubti_store_run(struct doubt_store *store, sqlite3_stmt *statement,
                                 const char *what, struct doubt_err *err);
/* BEGIN IMMEDIATE; COMMIT when code is DOUBT_OK, else ROLLBACK and code again. */
enum doubt_code doubti_store_start(struct doubt_store *store, struct doubt_err *err);
enum doubt_code doubti_store_finish(struct doubt_store *store, enum doubt_code code,
                                    struct doubt_err *err);
/* The parts of writing that recovery shares; each inside the caller's transaction. */
enum doubt_code doubti_store_put(struct doubt_store *store, enum doubt_scope scope,
                                 const void *record, struct doubt_err *err);
enum doubt_code doubti_store_put_series(struct doubt_store *store, struct doubt_series *series,
                                        struct doubt_err *err);
enum doubt_code doubti_store_update_series(struct doubt_store *store,
                                           const struct doubt_series *series,
                                           struct doubt_err *err);
enum doubt_code doubti_store_put_block(struct doubt_store *store,
                                       const struct doubt_restart *restart, size_t block,
                                       const struct doubti_span *samples, struct doubt_err *err);

/* Makes tables, or adds the columns that an older file lacks; refuses what is not a store. */
enum doubt_code doubti_schema_open(struct doubt_store *store, struct doubt_err *err);
/* Appends the scope's columns, separated by commas; where the file lacks one, NULL stands for it.
 * *there: false where the file is older than the whole table. */
enum doubt_code doubti_schema_columns(struct doubt_store *store, enum doubt_scope scope,
                                      struct doubt_str *sql, bool *there, struct doubt_err *err);

#endif

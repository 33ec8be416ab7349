/* store.h: the one SQLite file that keeps every series with every raw sample.
 *
 * A unit of work is one series: begun, then one transaction per restart (so a kill loses at most
 * the restart in flight), then ended. WAL mode; samples packed by pack.h. Tables are made from
 * record/fields.def; older files are migrated by adding columns and tables. Not for claims, which
 * are files.
 */
#ifndef DOUBT_STORE_STORE_H
#define DOUBT_STORE_STORE_H

#include "record/record.h"

struct doubt_store;

/* $XDG_DATA_HOME/doubt/doubt.db; heap string, NULL when HOME is not set either. */
char *doubt_store_default_path(void);

/* Opens and makes what is missing (folders too). read_only: a missing file is DOUBT_E_NOT_FOUND. On
 * failure *store is NULL. DOUBT_E_FULL: no space; DOUBT_E_TIMEOUT: another program held the store
 * for 30 s; DOUBT_E_FORMAT: not a store; DOUBT_E_UNSUPPORTED: of a newer doubt. */
enum doubt_code doubt_store_open(const char *path, bool read_only, struct doubt_store **store,
                                 struct doubt_err *err);
void doubt_store_close(struct doubt_store *store); /* NULL allowed */
const char *doubt_store_path(const struct doubt_store *store);

/* Inserts the series and sets series->id. */
enum doubt_code doubt_store_begin(struct doubt_store *store, struct doubt_series *series,
                                  struct doubt_err *err);
/* Optional, one transaction: the cells as planned, numbered in this order, so that a series that is
 * killed still says what its restarts measured. doubt_store_end() replaces them. */
enum doubt_code doubt_store_cells(struct doubt_store *store, int64_t series,
                                  const struct doubt_cell *cells, size_t cell_count,
                                  struct doubt_err *err);
/* One transaction: the restart and its samples (count may be 0). Its series must have been begun.
 */
enum doubt_code doubt_store_restart(struct doubt_store *store, const struct doubt_restart *restart,
                                    const int64_t *samples, size_t count, struct doubt_err *err);
/* One transaction: the series' final fields, all cells, and what they were set beside as well. */
enum doubt_code doubt_store_end(struct doubt_store *store, const struct doubt_record_parts *parts,
                                struct doubt_err *err);

/* The last resort when the store cannot be written (DOUBT_E_FULL, DOUBT_E_IO ...): one file per
 * series, in the first folder of $TMPDIR, /tmp and the working folder that takes it.
 * *path: NULL before the first call; then a heap string that says where, which later calls append
 * to (a call that finds it full starts another file). A call leaves whole records or nothing. */
enum doubt_code doubt_store_rescue(const struct doubt_restart *restart, const int64_t *samples,
                                   size_t count, char **path, struct doubt_err *err);
/* The same for what doubt_store_end() would have written. */
enum doubt_code doubt_store_rescue_series(const struct doubt_record_parts *parts, char **path,
                                          struct doubt_err *err);

struct doubt_recovered {
    int64_t series; /* where it went */
    size_t restarts;
};
/* Reads such a file back, in one transaction: into the series it came from when the store has it,
 * else into a new one. Of a damaged file everything before the damage is recovered, and the code
 * is DOUBT_E_FORMAT with a sentence that says so; out tells what was recovered in every case. */
enum doubt_code doubt_store_recover(struct doubt_store *store, const char *path,
                                    struct doubt_recovered *out, struct doubt_err *err);

/* Reading. Records and arrays are the caller's to free, even after a failure (then they are empty).
 * A column that an older file lacks reads as missing, a table as empty. Series by number. */
enum doubt_code doubt_store_list(struct doubt_store *store, struct doubt_series **series,
                                 size_t *count, struct doubt_err *err);
/* One series with its cells, and what these were set beside as well, by cell and number. */
struct doubt_store_series {
    struct doubt_series series;
    struct doubt_cell *cells;
    size_t cell_count;
    struct doubt_also *also;
    size_t also_count;
};
/* out may be freed in every case. */
enum doubt_code doubt_store_series(struct doubt_store *store, int64_t id,
                                   struct doubt_store_series *out, struct doubt_err *err);
void doubt_store_series_free(struct doubt_store_series *series);
/* Borrows what was read. */
struct doubt_record_parts doubt_store_parts(const struct doubt_store_series *series);

struct doubt_store_restarts {
    struct doubt_restart *restarts;
    size_t count;
};
/* By cell and number; cell DOUBT_MISSING_I64: of all cells. */
enum doubt_code doubt_store_restarts(struct doubt_store *store, int64_t series, int64_t cell,
                                     struct doubt_store_restarts *out, struct doubt_err *err);
void doubt_store_restarts_free(struct doubt_store_restarts *restarts);

/* The raw samples of a restart, heap array. */
enum doubt_code doubt_store_samples(struct doubt_store *store, const struct doubt_restart *restart,
                                    int64_t **samples, size_t *count, struct doubt_err *err);

#endif

/* store.h: the one SQLite file that keeps every series with every raw sample.
 *
 * A unit of work is one series: begun, then one transaction per restart (so a kill loses at most
 * the restart in flight), then ended. WAL mode; samples packed by pack.h. Tables are made from
 * record/fields.def; older files are migrated by adding columns. Not for claims, which are files.
 */
#ifndef DOUBT_STORE_STORE_H
#define DOUBT_STORE_STORE_H

#include "record/record.h"

struct doubt_store;

/* $XDG_DATA_HOME/doubt/doubt.db; heap string, NULL when HOME is not set either. */
char *doubt_store_default_path(void);

/* Opens and makes what is missing (folders too). read_only: a missing file is NOT_FOUND. */
enum doubt_code doubt_store_open(const char *path, bool read_only, struct doubt_store **store,
                                 struct doubt_err *err);
void doubt_store_close(struct doubt_store *store); /* NULL allowed */
const char *doubt_store_path(const struct doubt_store *store);

/* Inserts the series and sets series->id. */
enum doubt_code doubt_store_begin(struct doubt_store *store, struct doubt_series *series,
                                  struct doubt_err *err);
/* One transaction: the restart and its samples (count may be 0). */
enum doubt_code doubt_store_restart(struct doubt_store *store, const struct doubt_restart *restart,
                                    const int64_t *samples, size_t count, struct doubt_err *err);
/* One transaction: all cells, and the series' final fields. */
enum doubt_code doubt_store_end(struct doubt_store *store, const struct doubt_series *series,
                                const struct doubt_cell *cells, size_t cell_count,
                                struct doubt_err *err);

/* The last resort when the store cannot be written: everything of a series as one file in the
 * first writable of $TMPDIR, /tmp, the working folder; *path (heap) says where. The file is read
 * back by doubt_store_recover(). */
enum doubt_code doubt_store_rescue(const struct doubt_restart *restart, const int64_t *samples,
                                   size_t count, char **path, struct doubt_err *err);
enum doubt_code doubt_store_recover(struct doubt_store *store, const char *path,
                                    struct doubt_err *err);

/* Reading. Records are initialised by the callee and freed by the caller. */
enum doubt_code doubt_store_list(struct doubt_store *store, struct doubt_series **series,
                                 size_t *count, struct doubt_err *err);
enum doubt_code doubt_store_series(struct doubt_store *store, int64_t id,
                                   struct doubt_series *series, struct doubt_cell **cells,
                                   size_t *cell_count, struct doubt_err *err);
enum doubt_code doubt_store_restarts(struct doubt_store *store, int64_t series, int64_t cell,
                                     struct doubt_restart **restarts, size_t *count,
                                     struct doubt_err *err);
/* The raw samples of a restart, heap array. */
enum doubt_code doubt_store_samples(struct doubt_store *store, const struct doubt_restart *restart,
                                    int64_t **samples, size_t *count, struct doubt_err *err);

#endif

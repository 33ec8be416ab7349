/* store_write.c: series, restarts with their samples, and cells into the store. See store.h. */
#include "store/store_int.h"

#include <math.h>

static int bind_field(sqlite3_stmt *statement, int position, const struct doubt_field *field,
                      const void *record)
{
    const void *value = doubt_field_at_const(field, record);
    if (doubt_field_is_missing(field, record))
        return sqlite3_bind_null(statement, position);
    if (field->type == DOUBT_I64_FIELD)
        return sqlite3_bind_int64(statement, position, *(const int64_t *)value);
    if (field->type == DOUBT_F64_FIELD)
        return sqlite3_bind_double(statement, position, *(const double *)value);
    return sqlite3_bind_text(statement, position, *(char *const *)value, -1, SQLITE_STATIC);
}

static enum doubt_code bind_record(struct doubt_store *store, sqlite3_stmt *statement,
                                   enum doubt_scope scope, const void *record,
                                   struct doubt_err *err)
{
    size_t count;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    for (size_t i = 0; i < count; i++)
        if (bind_field(statement, (int)i + 1, &fields[i], record) != SQLITE_OK)
            return doubti_store_fail(store, err, "write to");
    return DOUBT_OK;
}

static enum doubt_code prepare_insert(struct doubt_store *store, enum doubt_scope scope,
                                      struct doubt_err *err)
{
    if (store->insert[scope] != NULL)
        return DOUBT_OK;
    size_t count;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    struct doubt_str sql;
    doubt_str_init(&sql, DOUBTI_SQL_MAX);
    /* Cells are written as planned and again as measured, or as rescued and what they were set
     * beside with them; a restart is written once. */
    bool again = scope == DOUBT_CELL || scope == DOUBT_ALSO;
    doubt_str_addf(&sql, "INSERT %sINTO \"%s\" (", again ? "OR REPLACE " : "",
                   doubt_scope_name(scope));
    for (size_t i = 0; i < count; i++)
        doubt_str_addf(&sql, "%s\"%s\"", i > 0 ? ", " : "", fields[i].name);
    doubt_str_add(&sql, ") VALUES (");
    for (size_t i = 0; i < count; i++)
        doubt_str_add(&sql, i > 0 ? ", ?" : "?");
    doubt_str_add(&sql, ")");
    enum doubt_code code = doubti_store_prepare(store, &sql, &store->insert[scope], err);
    doubt_str_free(&sql);
    return code;
}

enum doubt_code doubti_store_put(struct doubt_store *store, enum doubt_scope scope,
                                 const void *record, struct doubt_err *err)
{
    enum doubt_code code = prepare_insert(store, scope, err);
    if (code == DOUBT_OK)
        code = bind_record(store, store->insert[scope], scope, record, err);
    if (code == DOUBT_OK)
        code = doubti_store_run(store, store->insert[scope], "write to", err);
    return code;
}

enum doubt_code doubti_store_put_series(struct doubt_store *store, struct doubt_series *series,
                                        struct doubt_err *err)
{
    int64_t before = series->id;
    series->id = DOUBT_MISSING_I64; /* the store numbers them */
    enum doubt_code code = doubti_store_put(store, DOUBT_SERIES, series, err);
    series->id = code == DOUBT_OK ? sqlite3_last_insert_rowid(store->db) : before;
    return code;
}

static enum doubt_code prepare_update(struct doubt_store *store, struct doubt_err *err)
{
    if (store->update_series != NULL)
        return DOUBT_OK;
    size_t count;
    const struct doubt_field *fields = doubt_fields(DOUBT_SERIES, &count);
    struct doubt_str sql;
    doubt_str_init(&sql, DOUBTI_SQL_MAX);
    doubt_str_add(&sql, "UPDATE \"series\" SET ");
    for (size_t i = 0; i < count; i++)
        doubt_str_addf(&sql, "%s\"%s\" = ?%d", i > 0 ? ", " : "", fields[i].name, (int)i + 1);
    doubt_str_addf(&sql, " WHERE \"id\" = ?%d", (int)count + 1);
    enum doubt_code code = doubti_store_prepare(store, &sql, &store->update_series, err);
    doubt_str_free(&sql);
    return code;
}

enum doubt_code doubti_store_update_series(struct doubt_store *store,
                                           const struct doubt_series *series, struct doubt_err *err)
{
    size_t count;
    doubt_fields(DOUBT_SERIES, &count);
    enum doubt_code code = prepare_update(store, err);
    if (code == DOUBT_OK)
        code = bind_record(store, store->update_series, DOUBT_SERIES, series, err);
    if (code == DOUBT_OK &&
        sqlite3_bind_int64(store->update_series, (int)count + 1, series->id) != SQLITE_OK)
        code = doubti_store_fail(store, err, "write to");
    if (code == DOUBT_OK)
        code = doubti_store_run(store, store->update_series, "write to", err);
    if (code == DOUBT_OK && sqlite3_changes(store->db) != 1)
        code = doubt_err_set(err, DOUBT_E_NOT_FOUND,
                             "series %lld is not in the store %s: it was not begun there, or was "
                             "removed meanwhile",
                             (long long)series->id, store->path);
    return code;
}

static enum doubt_code prepare_block(struct doubt_store *store, struct doubt_err *err)
{
    struct doubt_str sql;
    doubt_str_init(&sql, DOUBTI_SQL_MAX);
    doubt_str_add(&sql, "INSERT INTO \"samples\" (\"series\", \"cell\", \"restart\", \"block\", "
                        "\"count\", \"data\") VALUES (?, ?, ?, ?, ?, ?)");
    enum doubt_code code = doubti_store_prepare(store, &sql, &store->insert_block, err);
    doubt_str_free(&sql);
    return code;
}

enum doubt_code doubti_store_put_block(struct doubt_store *store,
                                       const struct doubt_restart *restart, size_t block,
                                       const struct doubti_span *samples, struct doubt_err *err)
{
    struct doubt_blob blob;
    enum doubt_code code = doubt_pack_encode(store->pack, samples->ns, samples->count, &blob, err);
    if (code == DOUBT_OK)
        code = prepare_block(store, err);
    if (code != DOUBT_OK)
        return code;
    sqlite3_stmt *statement = store->insert_block;
    if (sqlite3_bind_int64(statement, 1, restart->series) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 2, restart->cell) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 3, restart->number) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 4, (int64_t)block) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 5, (int64_t)samples->count) != SQLITE_OK ||
        sqlite3_bind_blob64(statement, 6, blob.data, blob.bytes, SQLITE_STATIC) != SQLITE_OK)
        return doubti_store_fail(store, err, "write to");
    return doubti_store_run(store, statement, "write to", err);
}

static enum doubt_code put_samples(struct doubt_store *store, const struct doubt_restart *restart,
                                   const int64_t *samples, size_t count, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t done = 0; code == DOUBT_OK && done < count; done += DOUBT_PACK_BLOCK) {
        size_t left = count - done;
        struct doubti_span span = {samples + done,
                                   left < DOUBT_PACK_BLOCK ? left : DOUBT_PACK_BLOCK};
        code = doubti_store_put_block(store, restart, done / DOUBT_PACK_BLOCK, &span, err);
    }
    return code;
}

enum doubt_code doubt_store_begin(struct doubt_store *store, struct doubt_series *series,
                                  struct doubt_err *err)
{
    enum doubt_code code = doubti_store_start(store, err);
    if (code != DOUBT_OK)
        return code;
    int64_t before = series->id;
    code = doubti_store_finish(store, doubti_store_put_series(store, series, err), err);
    if (code != DOUBT_OK)
        series->id = before;
    return code;
}

static enum doubt_code put_cells(struct doubt_store *store, int64_t series,
                                 const struct doubt_cell *cells, size_t cell_count,
                                 struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < cell_count; i++) {
        struct doubt_cell cell = cells[i]; /* its texts stay the caller's */
        cell.series = series;
        cell.number = (int64_t)i;
        code = doubti_store_put(store, DOUBT_CELL, &cell, err);
    }
    return code;
}

enum doubt_code doubt_store_cells(struct doubt_store *store, int64_t series,
                                  const struct doubt_cell *cells, size_t cell_count,
                                  struct doubt_err *err)
{
    enum doubt_code code = doubti_store_start(store, err);
    if (code != DOUBT_OK)
        return code;
    return doubti_store_finish(store, put_cells(store, series, cells, cell_count, err), err);
}

enum doubt_code doubt_store_restart(struct doubt_store *store, const struct doubt_restart *restart,
                                    const int64_t *samples, size_t count, struct doubt_err *err)
{
    enum doubt_code code = doubti_store_start(store, err);
    if (code != DOUBT_OK)
        return code;
    code = doubti_store_put(store, DOUBT_RESTART, restart, err);
    if (code == DOUBT_OK)
        code = put_samples(store, restart, samples, count, err);
    return doubti_store_finish(store, code, err);
}

static enum doubt_code put_also(struct doubt_store *store, const struct doubt_record_parts *parts,
                                struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < parts->also_count; i++) {
        struct doubt_also also = parts->also[i]; /* its texts stay the caller's */
        also.series = parts->series->id;
        code = doubti_store_put(store, DOUBT_ALSO, &also, err);
    }
    return code;
}

enum doubt_code doubt_store_end(struct doubt_store *store, const struct doubt_record_parts *parts,
                                struct doubt_err *err)
{
    enum doubt_code code = doubti_store_start(store, err);
    if (code != DOUBT_OK)
        return code;
    code = doubti_store_update_series(store, parts->series, err);
    if (code == DOUBT_OK)
        code = put_cells(store, parts->series->id, parts->cells, parts->cell_count, err);
    if (code == DOUBT_OK)
        code = put_also(store, parts, err);
    return doubti_store_finish(store, code, err);
}

/* store_read.c: series, cells, restarts and samples out of the store. See store.h. */
#include "store/store_int.h"

#include <stdlib.h>
#include <string.h>

/* A restart longer than this is no measurement but a damaged file. */
static const int64_t samples_max = INT64_C(1) << 32;

static enum doubt_code wrong_type(const struct doubt_store *store, const struct doubt_field *field,
                                  struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_FORMAT,
                         "the store %s is damaged: column \"%s\" of table \"%s\" holds a value of "
                         "another type",
                         store->path, field->name, doubt_scope_name(field->scope));
}

/* One value of the row that a statement stands on. */
struct column {
    sqlite3_stmt *statement;
    int number;
};

static enum doubt_code read_field(const struct doubt_store *store, const struct column *column,
                                  const struct doubt_field *field, void *record,
                                  struct doubt_err *err)
{
    void *value = doubt_field_at(field, record);
    sqlite3_stmt *statement = column->statement;
    int type = sqlite3_column_type(statement, column->number);
    if (type == SQLITE_NULL)
        return DOUBT_OK;
    if (field->type == DOUBT_I64_FIELD && type == SQLITE_INTEGER) {
        *(int64_t *)value = sqlite3_column_int64(statement, column->number);
    } else if (field->type == DOUBT_F64_FIELD && (type == SQLITE_FLOAT || type == SQLITE_INTEGER)) {
        *(double *)value = sqlite3_column_double(statement, column->number);
    } else if (field->type == DOUBT_TEXT_FIELD && type == SQLITE_TEXT) {
        const char *text = (const char *)sqlite3_column_text(statement, column->number);
        if (text == NULL || (*(char **)value = strdup(text)) == NULL)
            return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while reading %s",
                                 store->path);
    } else {
        return wrong_type(store, field, err);
    }
    return DOUBT_OK;
}

static enum doubt_code read_record(const struct doubt_store *store, sqlite3_stmt *statement,
                                   enum doubt_scope scope, void *record, struct doubt_err *err)
{
    size_t count;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    enum doubt_code code = DOUBT_OK;
    doubt_record_init(scope, record);
    for (size_t i = 0; code == DOUBT_OK && i < count; i++) {
        struct column column = {statement, (int)i};
        code = read_field(store, &column, &fields[i], record, err);
    }
    return code;
}

struct list {
    enum doubt_scope scope;
    char *records;
    size_t count, cap;
};

static void list_free(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        doubt_record_free(list->scope, list->records + i * doubt_record_bytes(list->scope));
    free(list->records);
    list->records = NULL;
    list->count = 0;
}

static enum doubt_code list_add(const struct doubt_store *store, sqlite3_stmt *statement,
                                struct list *list, struct doubt_err *err)
{
    size_t bytes = doubt_record_bytes(list->scope);
    if (list->count == list->cap) {
        size_t cap = list->cap > 0 ? 2 * list->cap : 16;
        char *bigger = realloc(list->records, cap * bytes);
        if (bigger == NULL)
            return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while reading %s",
                                 store->path);
        list->records = bigger;
        list->cap = cap;
    }
    void *record = list->records + list->count++ * bytes;
    return read_record(store, statement, list->scope, record, err);
}

/* Keys with DOUBT_MISSING_I64 are not bound. *statement stays NULL where the file is older than the
 * table. */
struct query {
    const char *tail; /* " WHERE ... ORDER BY ..." */
    int64_t keys[2];
};

static enum doubt_code select_rows(struct doubt_store *store, const struct query *query,
                                   sqlite3_stmt **statement, enum doubt_scope scope,
                                   struct doubt_err *err)
{
    struct doubt_str sql;
    doubt_str_init(&sql, DOUBTI_SQL_MAX);
    bool there = false;
    doubt_str_add(&sql, "SELECT ");
    enum doubt_code code = doubti_schema_columns(store, scope, &sql, &there, err);
    doubt_str_addf(&sql, " FROM \"%s\"%s", doubt_scope_name(scope), query->tail);
    if (code == DOUBT_OK && there)
        code = doubti_store_prepare(store, &sql, statement, err);
    doubt_str_free(&sql);
    for (int i = 0; code == DOUBT_OK && there && i < 2; i++)
        if (query->keys[i] != DOUBT_MISSING_I64 &&
            sqlite3_bind_int64(*statement, i + 1, query->keys[i]) != SQLITE_OK)
            code = doubti_store_fail(store, err, "read");
    return code;
}

static enum doubt_code read_list(struct doubt_store *store, const struct query *query,
                                 struct list *list, struct doubt_err *err)
{
    sqlite3_stmt *statement = NULL;
    enum doubt_code code = select_rows(store, query, &statement, list->scope, err);
    int step = SQLITE_DONE;
    while (code == DOUBT_OK && statement != NULL && (step = sqlite3_step(statement)) == SQLITE_ROW)
        code = list_add(store, statement, list, err);
    if (code == DOUBT_OK && step != SQLITE_DONE)
        code = doubti_store_fail(store, err, "read");
    sqlite3_finalize(statement);
    if (code != DOUBT_OK)
        list_free(list);
    return code;
}

enum doubt_code doubt_store_list(struct doubt_store *store, struct doubt_series **series,
                                 size_t *count, struct doubt_err *err)
{
    struct list list = {.scope = DOUBT_SERIES};
    struct query query = {" ORDER BY \"id\"", {DOUBT_MISSING_I64, DOUBT_MISSING_I64}};
    enum doubt_code code = read_list(store, &query, &list, err);
    *series = (struct doubt_series *)(void *)list.records;
    *count = list.count;
    return code;
}

static enum doubt_code no_series(const struct doubt_store *store, int64_t id, struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_NOT_FOUND,
                         "there is no series %lld in the store %s; doubt history lists what is "
                         "there",
                         (long long)id, store->path);
}

enum doubt_code doubt_store_series(struct doubt_store *store, int64_t id,
                                   struct doubt_store_series *out, struct doubt_err *err)
{
    struct list found = {.scope = DOUBT_SERIES}, rows = {.scope = DOUBT_CELL},
                also = {.scope = DOUBT_ALSO};
    struct query by_id = {" WHERE \"id\" = ?1", {id, DOUBT_MISSING_I64}};
    struct query by_series = {" WHERE \"series\" = ?1 ORDER BY \"number\"",
                              {id, DOUBT_MISSING_I64}};
    struct query by_cell = {" WHERE \"series\" = ?1 ORDER BY \"cell\", \"number\"",
                            {id, DOUBT_MISSING_I64}};
    *out = (struct doubt_store_series){.cells = NULL};
    doubt_record_init(DOUBT_SERIES, &out->series);
    enum doubt_code code = read_list(store, &by_id, &found, err);
    if (code == DOUBT_OK && found.count == 0)
        code = no_series(store, id, err);
    if (code == DOUBT_OK)
        code = read_list(store, &by_series, &rows, err);
    if (code == DOUBT_OK)
        code = read_list(store, &by_cell, &also, err);
    if (code != DOUBT_OK) {
        list_free(&found);
        list_free(&rows);
        return code;
    }
    memcpy(&out->series, found.records, sizeof out->series); /* texts and all */
    free(found.records);
    out->cells = (struct doubt_cell *)(void *)rows.records;
    out->cell_count = rows.count;
    out->also = (struct doubt_also *)(void *)also.records;
    out->also_count = also.count;
    return DOUBT_OK;
}

void doubt_store_series_free(struct doubt_store_series *series)
{
    for (size_t i = 0; i < series->cell_count; i++)
        doubt_record_free(DOUBT_CELL, &series->cells[i]);
    free(series->cells);
    series->cells = NULL;
    series->cell_count = 0;
    for (size_t i = 0; i < series->also_count; i++)
        doubt_record_free(DOUBT_ALSO, &series->also[i]);
    free(series->also);
    series->also = NULL;
    series->also_count = 0;
    doubt_record_free(DOUBT_SERIES, &series->series);
}

struct doubt_record_parts doubt_store_parts(const struct doubt_store_series *series)
{
    return (struct doubt_record_parts){&series->series, series->cells, series->cell_count,
                                       series->also, series->also_count};
}

enum doubt_code doubt_store_restarts(struct doubt_store *store, int64_t series, int64_t cell,
                                     struct doubt_store_restarts *out, struct doubt_err *err)
{
    struct list list = {.scope = DOUBT_RESTART};
    struct query query = {cell == DOUBT_MISSING_I64
                              ? " WHERE \"series\" = ?1 ORDER BY \"cell\", \"number\""
                              : " WHERE \"series\" = ?1 AND \"cell\" = ?2 ORDER BY \"number\"",
                          {series, cell}};
    enum doubt_code code = read_list(store, &query, &list, err);
    out->restarts = (struct doubt_restart *)(void *)list.records;
    out->count = list.count;
    return code;
}

void doubt_store_restarts_free(struct doubt_store_restarts *restarts)
{
    for (size_t i = 0; i < restarts->count; i++)
        doubt_record_free(DOUBT_RESTART, &restarts->restarts[i]);
    free(restarts->restarts);
    restarts->restarts = NULL;
    restarts->count = 0;
}

/* Prepares a statement on the samples of one restart. */
static enum doubt_code select_samples(struct doubt_store *store, const char *text,
                                      const struct doubt_restart *restart, sqlite3_stmt **statement,
                                      struct doubt_err *err)
{
    struct doubt_str sql;
    doubt_str_init(&sql, DOUBTI_SQL_MAX);
    doubt_str_addf(&sql,
                   "SELECT %s FROM \"samples\" WHERE \"series\" = ? AND \"cell\" = ? AND "
                   "\"restart\" = ? ORDER BY \"block\"",
                   text);
    *statement = NULL;
    enum doubt_code code = doubti_store_prepare(store, &sql, statement, err);
    doubt_str_free(&sql);
    if (code == DOUBT_OK && (sqlite3_bind_int64(*statement, 1, restart->series) != SQLITE_OK ||
                             sqlite3_bind_int64(*statement, 2, restart->cell) != SQLITE_OK ||
                             sqlite3_bind_int64(*statement, 3, restart->number) != SQLITE_OK))
        code = doubti_store_fail(store, err, "read");
    return code;
}

/* How many samples the blocks state, no block more than a block can hold. */
static enum doubt_code count_samples(struct doubt_store *store, const struct doubt_restart *restart,
                                     size_t *count, struct doubt_err *err)
{
    sqlite3_stmt *statement = NULL;
    enum doubt_code code = select_samples(store, "\"count\"", restart, &statement, err);
    int64_t total = 0;
    int step = SQLITE_DONE;
    while (code == DOUBT_OK && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t block = sqlite3_column_int64(statement, 0);
        if (block <= 0 || block > DOUBT_PACK_BLOCK || total > samples_max)
            code = doubt_err_set(err, DOUBT_E_FORMAT,
                                 "the store %s is damaged: a block of samples states %lld of them",
                                 store->path, (long long)block);
        total += block;
    }
    if (code == DOUBT_OK && step != SQLITE_DONE)
        code = doubti_store_fail(store, err, "read");
    sqlite3_finalize(statement);
    *count = (size_t)total;
    return code;
}

static enum doubt_code read_blocks(struct doubt_store *store, sqlite3_stmt *statement,
                                   int64_t *samples, size_t count, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    size_t at = 0;
    int step = SQLITE_DONE;
    while (code == DOUBT_OK && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        const void *data = sqlite3_column_blob(statement, 0);
        struct doubt_blob blob = {data,
                                  data != NULL ? (size_t)sqlite3_column_bytes(statement, 0) : 0};
        struct doubt_pack_room room = {.samples = samples + at, .capacity = count - at};
        code = doubt_pack_decode(store->pack, &blob, &room, err);
        at += room.count;
    }
    if (code == DOUBT_OK && step != SQLITE_DONE)
        return doubti_store_fail(store, err, "read");
    if (code == DOUBT_OK && at != count)
        return doubt_err_set(err, DOUBT_E_FORMAT, "%zu samples were found where %zu are stated", at,
                             count);
    return code;
}

enum doubt_code doubt_store_samples(struct doubt_store *store, const struct doubt_restart *restart,
                                    int64_t **samples, size_t *count, struct doubt_err *err)
{
    *samples = NULL;
    *count = 0;
    size_t total = 0;
    enum doubt_code code = count_samples(store, restart, &total, err);
    if (code != DOUBT_OK || total == 0)
        return code;
    int64_t *array = malloc(total * sizeof *array);
    if (array == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while reading %zu samples", total);
    sqlite3_stmt *statement = NULL;
    code = select_samples(store, "\"data\"", restart, &statement, err);
    if (code == DOUBT_OK)
        code = read_blocks(store, statement, array, total, err);
    sqlite3_finalize(statement);
    if (code != DOUBT_OK) {
        free(array);
        doubt_err_prefix(err, "series %lld, cell %lld, restart %lld of the store %s",
                         (long long)restart->series, (long long)restart->cell,
                         (long long)restart->number, store->path);
        return code;
    }
    *samples = array;
    *count = total;
    return DOUBT_OK;
}

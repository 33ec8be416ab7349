/* schema.c: tables made from the rows of fields.def, and older files brought up to date.
 *
 * The file's user_version counts changes that an older program cannot work beside. A new field is a
 * column and a new scope a table that is added when the file is opened to be written; an older
 * program does not ask for them and goes on. STRICT tables need SQLite 3.37, so readers check
 * types.
 */
#include "store/store_int.h"

#include <string.h>

enum { APPLICATION_ID = 0x646F7562 /* "doub" */, VERSION = 1 };

/* Order of columns in a table is free: every statement names its columns. */
static const char *const keys[DOUBT_SCOPE_COUNT] = {
    [DOUBT_SERIES] = "",
    [DOUBT_CELL] = ", PRIMARY KEY (\"series\", \"number\"), FOREIGN KEY (\"series\") REFERENCES "
                   "\"series\" (\"id\") ON DELETE CASCADE",
    [DOUBT_RESTART] = ", PRIMARY KEY (\"series\", \"cell\", \"number\"), FOREIGN KEY (\"series\") "
                      "REFERENCES \"series\" (\"id\") ON DELETE CASCADE",
    [DOUBT_ALSO] = ", PRIMARY KEY (\"series\", \"cell\", \"number\"), FOREIGN KEY (\"series\") "
                   "REFERENCES \"series\" (\"id\") ON DELETE CASCADE",
};

/* The first stores did not have it. */
static bool may_lack(enum doubt_scope scope)
{
    return scope == DOUBT_ALSO;
}

static const char samples_table[] =
    "CREATE TABLE IF NOT EXISTS \"samples\" (\"series\" INTEGER NOT NULL, \"cell\" INTEGER NOT "
    "NULL, \"restart\" INTEGER NOT NULL, \"block\" INTEGER NOT NULL, \"count\" INTEGER NOT NULL, "
    "\"data\" BLOB NOT NULL, PRIMARY KEY (\"series\", \"cell\", \"restart\", \"block\"), FOREIGN "
    "KEY (\"series\", \"cell\", \"restart\") REFERENCES \"restart\" (\"series\", \"cell\", "
    "\"number\") ON DELETE CASCADE);";

static const char *sql_type(const struct doubt_field *field)
{
    /* Numbers of series are never given twice, so that "history 12" keeps its meaning. */
    if (field->scope == DOUBT_SERIES && strcmp(field->name, "id") == 0)
        return "INTEGER PRIMARY KEY AUTOINCREMENT";
    return field->type == DOUBT_I64_FIELD   ? "INTEGER"
           : field->type == DOUBT_F64_FIELD ? "REAL"
                                            : "TEXT";
}

static enum doubt_code pragma_number(struct doubt_store *store, const char *sql, int64_t *number,
                                     struct doubt_err *err)
{
    sqlite3_stmt *statement = NULL;
    enum doubt_code code = DOUBT_OK;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        code = doubti_store_fail(store, err, "read");
    else
        *number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code;
}

/* Marks in has[] which of the scope's fields are columns of the file; *found counts them. */
static enum doubt_code find_columns(struct doubt_store *store, enum doubt_scope scope, bool *has,
                                    size_t *found, struct doubt_err *err)
{
    size_t count;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    struct doubt_str sql;
    doubt_str_init(&sql, DOUBTI_SQL_MAX);
    doubt_str_addf(&sql, "PRAGMA table_info(\"%s\")", doubt_scope_name(scope));
    sqlite3_stmt *statement = NULL;
    enum doubt_code code = doubti_store_prepare(store, &sql, &statement, err);
    doubt_str_free(&sql);
    memset(has, 0, count * sizeof *has);
    *found = 0;
    int step = SQLITE_DONE;
    while (code == DOUBT_OK && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(statement, 1);
        for (size_t i = 0; name != NULL && i < count; i++)
            if (!has[i] && strcmp(fields[i].name, name) == 0) {
                has[i] = true;
                ++*found;
            }
    }
    if (code == DOUBT_OK && step != SQLITE_DONE)
        code = doubti_store_fail(store, err, "read");
    sqlite3_finalize(statement);
    return code;
}

enum { FIELDS_MAX = 512 };

enum doubt_code doubti_schema_columns(struct doubt_store *store, enum doubt_scope scope,
                                      struct doubt_str *sql, bool *there, struct doubt_err *err)
{
    size_t count, found;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    bool has[FIELDS_MAX];
    enum doubt_code code = find_columns(store, scope, has, &found, err);
    *there = found > 0 || !may_lack(scope);
    for (size_t i = 0; code == DOUBT_OK && i < count; i++)
        doubt_str_addf(sql, has[i] ? "%s\"%s\"" : "%sNULL AS \"%s\"", i > 0 ? ", " : "",
                       fields[i].name);
    return code;
}

/* One statement for a table that is not there, or one per column that it lacks. */
static enum doubt_code add_table(struct doubt_store *store, enum doubt_scope scope,
                                 struct doubt_err *err)
{
    size_t count, found;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    bool has[FIELDS_MAX];
    enum doubt_code code = find_columns(store, scope, has, &found, err);
    if (code != DOUBT_OK || found == count)
        return code;
    struct doubt_str sql;
    doubt_str_init(&sql, DOUBTI_SQL_MAX);
    const char *table = doubt_scope_name(scope);
    if (found == 0)
        doubt_str_addf(&sql, "CREATE TABLE \"%s\" (", table);
    for (size_t i = 0; i < count; i++)
        if (found == 0)
            doubt_str_addf(&sql, "%s\"%s\" %s", i > 0 ? ", " : "", fields[i].name,
                           sql_type(&fields[i]));
        else if (!has[i])
            doubt_str_addf(&sql, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s;", table, fields[i].name,
                           sql_type(&fields[i]));
    if (found == 0)
        doubt_str_addf(&sql, "%s);", keys[scope]);
    if (sql.failed)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while opening %s", store->path);
    else
        code = doubti_store_exec(store, doubt_str_text(&sql), "make the tables", err);
    doubt_str_free(&sql);
    return code;
}

static enum doubt_code check_owner(struct doubt_store *store, int64_t *version,
                                   struct doubt_err *err)
{
    int64_t owner = 0, tables = 0;
    enum doubt_code code = pragma_number(store, "PRAGMA application_id", &owner, err);
    if (code == DOUBT_OK)
        code = pragma_number(store, "PRAGMA user_version", version, err);
    if (code == DOUBT_OK)
        code = pragma_number(store, "SELECT count(*) FROM sqlite_master", &tables, err);
    if (code != DOUBT_OK)
        return code;
    if (owner != APPLICATION_ID && (owner != 0 || *version != 0 || tables > 0))
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "%s is another program's SQLite file, not a store of doubt",
                             store->path);
    if (*version > VERSION)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s was made by a newer doubt (version %d of the store, this one "
                             "knows %d); use that doubt",
                             store->path, (int)*version, VERSION);
    return DOUBT_OK;
}

static enum doubt_code is_complete(struct doubt_store *store, bool *complete, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    *complete = true;
    for (int scope = 0; code == DOUBT_OK && scope < DOUBT_SCOPE_COUNT; scope++) {
        size_t count, found = 0;
        bool has[FIELDS_MAX];
        doubt_fields((enum doubt_scope)scope, &count);
        code = find_columns(store, (enum doubt_scope)scope, has, &found, err);
        *complete = *complete && found == count;
    }
    return code;
}

enum doubt_code doubti_schema_open(struct doubt_store *store, struct doubt_err *err)
{
    int64_t version = 0;
    bool complete = false;
    enum doubt_code code = check_owner(store, &version, err);
    if (code == DOUBT_OK && store->read_only && version == 0)
        return doubt_err_set(err, DOUBT_E_NOT_FOUND, "the store %s is empty: nothing was measured",
                             store->path);
    if (code == DOUBT_OK && !store->read_only)
        code = is_complete(store, &complete, err);
    if (code != DOUBT_OK || store->read_only || (complete && version == VERSION))
        return code;
    /* Two processes may get here at once: the second one finds everything done. */
    if ((code = doubti_store_start(store, err)) != DOUBT_OK)
        return code;
    code = check_owner(store, &version, err);
    for (int scope = 0; code == DOUBT_OK && scope < DOUBT_SCOPE_COUNT; scope++)
        code = add_table(store, (enum doubt_scope)scope, err);
    struct doubt_str sql;
    doubt_str_init(&sql, DOUBTI_SQL_MAX);
    doubt_str_addf(&sql, "%sPRAGMA application_id = %d; PRAGMA user_version = %d;", samples_table,
                   APPLICATION_ID, VERSION);
    if (code == DOUBT_OK)
        code = doubti_store_exec(store, doubt_str_text(&sql), "make the tables", err);
    doubt_str_free(&sql);
    return doubti_store_finish(store, code, err);
}

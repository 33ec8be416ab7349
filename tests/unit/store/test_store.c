/* test_store.c: what goes into the store comes out of it; what is no store is refused. */
#include "store/store.h"
#include "util/file.h"

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[64], path[96];

static int start(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/doubt-store-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/a/b/doubt.db", folder);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static struct doubt_store *open_store(bool read_only)
{
    struct doubt_store *store;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_store_open(path, read_only, &store, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    return store;
}

static int64_t begin(struct doubt_store *store, const char *command)
{
    struct doubt_series series;
    struct doubt_err err = {.code = DOUBT_OK};
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_text_set(&series.command, command);
    doubt_text_set(&series.state, "running");
    series.begun_ns = INT64_C(1556668800123456789);
    if (doubt_store_begin(store, &series, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    int64_t id = series.id;
    doubt_record_free(DOUBT_SERIES, &series);
    return id;
}

static struct doubt_restart make_restart(int64_t series, int64_t cell, int64_t number)
{
    struct doubt_restart restart;
    doubt_record_init(DOUBT_RESTART, &restart);
    restart.series = series;
    restart.cell = cell;
    restart.number = number;
    doubt_text_set(&restart.outcome, "ok");
    return restart;
}

static void put_restart(struct doubt_store *store, struct doubt_restart restart,
                        const int64_t *samples, size_t count)
{
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_store_restart(store, &restart, samples, count, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    doubt_record_free(DOUBT_RESTART, &restart);
}

/* Every field of a record set to something of its own. */
static void fill(enum doubt_scope scope, void *record)
{
    size_t count;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    doubt_record_init(scope, record);
    for (size_t i = 0; i < count; i++) {
        void *value = doubt_field_at(&fields[i], record);
        if (fields[i].type == DOUBT_I64_FIELD)
            *(int64_t *)value = INT64_MAX - (int64_t)i;
        else if (fields[i].type == DOUBT_F64_FIELD)
            *(double *)value = 1.0 / (double)(i + 3);
        else
            doubt_text_setf((char **)value, "\xC3\xA4 '%s' \"%zu\"", fields[i].name, i);
    }
}

static void assert_same(enum doubt_scope scope, const void *a, const void *b)
{
    json_t *first = doubt_record_to_json(scope, a), *second = doubt_record_to_json(scope, b);
    char *texts[] = {json_dumps(first, 0), json_dumps(second, 0)};
    assert_string_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
    json_decref(first);
    json_decref(second);
}

static void every_field_comes_back(void **state)
{
    (void)state;
    struct doubt_store *store = open_store(false);
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_series series;
    struct doubt_cell cells[2];
    struct doubt_also also[3];
    struct doubt_restart restart;
    struct doubt_store_series back;
    struct doubt_store_restarts list;
    fill(DOUBT_SERIES, &series);
    for (int i = 0; i < 3; i++) {
        fill(DOUBT_ALSO, &also[i]);
        also[i].cell = i / 2;
        also[i].number = i % 2;
    }
    fill(DOUBT_CELL, &cells[0]);
    doubt_record_init(DOUBT_CELL, &cells[1]);
    fill(DOUBT_RESTART, &restart);
    assert_int_equal(doubt_store_begin(store, &series, &err), DOUBT_OK);
    assert_int_equal(series.id, 1);
    restart.series = cells[0].series = cells[1].series = series.id;
    cells[0].number = 0;
    cells[1].number = 1;
    assert_int_equal(doubt_store_cells(store, series.id, &cells[1], 1, &err), DOUBT_OK);
    assert_int_equal(doubt_store_restart(store, &restart, NULL, 0, &err), DOUBT_OK);
    series.temperature_max_c = NAN;
    doubt_text_set(&series.state, "finished");
    const struct doubt_record_parts parts = {&series, cells, 2, also, 3};
    assert_int_equal(doubt_store_end(store, &parts, &err), DOUBT_OK);
    doubt_store_close(store);

    store = open_store(true);
    assert_string_equal(doubt_store_path(store), path);
    assert_int_equal(doubt_store_series(store, 1, &back, &err), DOUBT_OK);
    assert_int_equal(back.cell_count, 2);
    assert_same(DOUBT_SERIES, &series, &back.series);
    assert_same(DOUBT_CELL, &cells[0], &back.cells[0]);
    assert_same(DOUBT_CELL, &cells[1], &back.cells[1]);
    assert_int_equal(back.also_count, 3);
    for (int i = 0; i < 3; i++) {
        also[i].series = 1; /* the store says whose they are */
        assert_same(DOUBT_ALSO, &also[i], &back.also[i]);
        doubt_record_free(DOUBT_ALSO, &also[i]);
    }
    assert_ptr_equal(doubt_store_parts(&back).also, back.also);
    assert_int_equal(doubt_store_restarts(store, 1, DOUBT_MISSING_I64, &list, &err), DOUBT_OK);
    assert_int_equal(list.count, 1);
    assert_same(DOUBT_RESTART, &restart, &list.restarts[0]);
    doubt_store_close(store);
    doubt_record_free(DOUBT_SERIES, &series);
    for (int i = 0; i < 2; i++)
        doubt_record_free(DOUBT_CELL, &cells[i]);
    doubt_record_free(DOUBT_RESTART, &restart);
    doubt_store_series_free(&back);
    doubt_store_series_free(&back);
    doubt_store_restarts_free(&list);
    doubt_store_restarts_free(&list);
}

static void samples_come_back(void **state)
{
    (void)state;
    enum { MANY = 300000 }; /* three blocks, the last one short */
    struct doubt_store *store = open_store(false);
    struct doubt_err err = {.code = DOUBT_OK};
    int64_t id = begin(store, "samples"), *many = malloc(MANY * sizeof *many), *back;
    const int64_t few[] = {INT64_MIN, INT64_MAX, 0};
    assert_non_null(many);
    for (int64_t i = 0; i < MANY; i++)
        many[i] = 1000000 + i * i % 7919;
    put_restart(store, make_restart(id, 0, 0), many, MANY);
    put_restart(store, make_restart(id, 0, 1), few, 3);
    put_restart(store, make_restart(id, 1, 0), NULL, 0);
    struct doubt_store_restarts list;
    size_t count;
    assert_int_equal(doubt_store_restarts(store, id, 0, &list, &err), DOUBT_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(doubt_store_samples(store, &list.restarts[0], &back, &count, &err), DOUBT_OK);
    assert_int_equal(count, MANY);
    assert_memory_equal(back, many, MANY * sizeof *many);
    free(back);
    assert_int_equal(doubt_store_samples(store, &list.restarts[1], &back, &count, &err), DOUBT_OK);
    assert_int_equal(count, 3);
    assert_memory_equal(back, few, sizeof few);
    free(back);
    list.restarts[1].cell = 1;
    list.restarts[1].number = 0;
    assert_int_equal(doubt_store_samples(store, &list.restarts[1], &back, &count, &err), DOUBT_OK);
    assert_true(count == 0 && back == NULL);
    doubt_store_restarts_free(&list);
    free(many);
    doubt_store_close(store);
}

static void sql(const char *text)
{
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(db);
}

/* The number that a query answers with. */
static int64_t ask(const char *query)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, query, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

static void numbers_grow_and_lists_are_in_order(void **state)
{
    (void)state;
    struct doubt_store *store = open_store(false);
    struct doubt_series *list;
    size_t count;
    struct doubt_err err = {.code = DOUBT_OK};
    int64_t first = begin(store, "one"), second = begin(store, "two");
    assert_true(second == first + 1);
    sql("DELETE FROM series WHERE command = 'two'");
    assert_true(begin(store, "three") == second + 1); /* no number is given twice */
    assert_int_equal(doubt_store_list(store, &list, &count, &err), DOUBT_OK);
    for (size_t i = 1; i < count; i++)
        assert_true(list[i].id > list[i - 1].id);
    assert_string_equal(list[count - 1].command, "three");
    for (size_t i = 0; i < count; i++)
        doubt_record_free(DOUBT_SERIES, &list[i]);
    free(list);
    doubt_store_close(store);
}

static void what_does_not_belong_is_refused(void **state)
{
    (void)state;
    struct doubt_store *store = open_store(false);
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_restart orphan = make_restart(999, 0, 0), twice;
    const int64_t samples[] = {1, 2, 3};
    assert_int_equal(doubt_store_restart(store, &orphan, samples, 3, &err), DOUBT_E_ARGUMENT);
    doubt_record_free(DOUBT_RESTART, &orphan);
    twice = make_restart(begin(store, "twice"), 0, 0);
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_store_restart(store, &twice, samples, 3, &err), DOUBT_OK);
    assert_int_equal(doubt_store_restart(store, &twice, samples, 3, &err), DOUBT_E_ARGUMENT);
    assert_non_null(strstr(err.text, path));
    struct doubt_store_series none;
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_store_series(store, 999, &none, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "999"));
    doubt_store_series_free(&none);
    struct doubt_series series;
    doubt_record_init(DOUBT_SERIES, &series);
    series.id = 999;
    const struct doubt_record_parts parts = {.series = &series};
    assert_int_equal(doubt_store_end(store, &parts, NULL), DOUBT_E_NOT_FOUND);
    /* The store still works after each refusal. */
    struct doubt_restart next = make_restart(twice.series, 0, 1);
    put_restart(store, next, samples, 3);
    doubt_record_free(DOUBT_RESTART, &twice);
    doubt_store_close(store);
}

static void older_files_get_new_columns(void **state)
{
    (void)state;
    char kept[sizeof path];
    strcpy(kept, path);
    snprintf(path, sizeof path, "%s/old.db", folder);
    sql("PRAGMA application_id = 0x646F7562; PRAGMA user_version = 1;"
        "CREATE TABLE series (id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT, begun_ns "
        "INTEGER, gone_field TEXT);"
        "CREATE TABLE cell (series INTEGER, number INTEGER, network TEXT, PRIMARY KEY (series, "
        "number));"
        "CREATE TABLE restart (series INTEGER, cell INTEGER, number INTEGER, outcome TEXT, PRIMARY "
        "KEY (series, cell, number));"
        "INSERT INTO series VALUES (5, 'an old one', 17, 'x');"
        "INSERT INTO cell VALUES (5, 0, 'pose');");
    for (int read_only = 1; read_only >= 0; read_only--) {
        struct doubt_store *store = open_store(read_only);
        struct doubt_store_series old;
        struct doubt_err err = {.code = DOUBT_OK};
        assert_int_equal(doubt_store_series(store, 5, &old, &err), DOUBT_OK);
        assert_string_equal(old.series.command, "an old one");
        assert_null(old.series.machine);
        assert_true(old.series.cpu_count == DOUBT_MISSING_I64 && isnan(old.series.overhead_ns));
        assert_int_equal(old.cell_count, 1);
        assert_string_equal(old.cells[0].network, "pose");
        doubt_store_series_free(&old);
        if (!read_only) {
            const int64_t samples[] = {4, 5};
            put_restart(store, make_restart(begin(store, "a new one"), 0, 0), samples, 2);
        }
        doubt_store_close(store);
    }
    strcpy(path, kept);
}

static struct doubt_also make_also(int64_t cell, int64_t number, const char *claim)
{
    struct doubt_also also;
    doubt_record_init(DOUBT_ALSO, &also);
    also.cell = cell;
    also.number = number;
    doubt_text_set(&also.claim, claim);
    return also;
}

/* A series that ends with two further claims of one cell; its number. */
static int64_t end_beside_two(struct doubt_store *store, enum doubt_code expected)
{
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_also also[] = {make_also(0, 0, "b"), make_also(0, 1, "c")};
    struct doubt_series series;
    struct doubt_cell cell;
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_record_init(DOUBT_CELL, &cell);
    const int64_t id = series.id = begin(store, "beside two");
    doubt_text_set(&series.command, "beside two");
    doubt_text_set(&series.state, "finished");
    const struct doubt_record_parts parts = {&series, &cell, 1, also, 2};
    if (doubt_store_end(store, &parts, &err) != expected)
        fail_msg("%s", err.text);
    doubt_record_free(DOUBT_SERIES, &series);
    for (int i = 0; i < 2; i++)
        doubt_record_free(DOUBT_ALSO, &also[i]);
    return id;
}

/* The form of the first stores: they had no table of further claims. What an older doubt asks for
 * is asked for here in its own words. */
static void stores_without_further_claims_go_on(void **state)
{
    (void)state;
    char kept[sizeof path];
    struct doubt_store_series old;
    struct doubt_err err = {.code = DOUBT_OK};
    strcpy(kept, path);
    snprintf(path, sizeof path, "%s/first.db", folder);
    struct doubt_store *store = open_store(false);
    int64_t id = begin(store, "kept before");
    doubt_store_close(store);
    sql("DROP TABLE also");
    store = open_store(true); /* nothing is made for reading */
    assert_int_equal(doubt_store_series(store, id, &old, &err), DOUBT_OK);
    assert_string_equal(old.series.command, "kept before");
    assert_true(old.also == NULL && old.also_count == 0);
    doubt_store_series_free(&old);
    doubt_store_close(store);

    store = open_store(false);
    int64_t newer = end_beside_two(store, DOUBT_OK);
    assert_int_equal(doubt_store_series(store, newer, &old, &err), DOUBT_OK);
    assert_int_equal(old.also_count, 2);
    assert_string_equal(old.also[1].claim, "c");
    doubt_store_series_free(&old);
    doubt_store_close(store);
    sql("INSERT INTO series (command) VALUES ('an older doubt')");
    sql("UPDATE series SET state = 'finished' WHERE command = 'an older doubt'");
    assert_int_equal(ask("PRAGMA user_version"), 1); /* what it opens */
    store = open_store(true);
    assert_int_equal(doubt_store_series(store, newer + 1, &old, &err), DOUBT_OK);
    assert_string_equal(old.series.state, "finished");
    assert_int_equal(old.also_count, 0);
    doubt_store_series_free(&old);
    doubt_store_close(store);
    strcpy(path, kept);
}

/* All or nothing: a series whose further claims cannot be written has not ended. */
static void further_claims_end_with_their_series(void **state)
{
    (void)state;
    struct doubt_store *store = open_store(false);
    struct doubt_store_series back;
    sql("CREATE TRIGGER refuse BEFORE INSERT ON also WHEN NEW.number = 1 BEGIN SELECT "
        "RAISE(ABORT, 'refused'); END");
    int64_t id = end_beside_two(store, DOUBT_E_ARGUMENT);
    assert_int_equal(doubt_store_series(store, id, &back, NULL), DOUBT_OK);
    assert_string_equal(back.series.state, "running");
    assert_true(back.cell_count == 0 && back.also_count == 0);
    doubt_store_series_free(&back);
    sql("DROP TRIGGER refuse");
    id = end_beside_two(store, DOUBT_OK);
    assert_int_equal(doubt_store_series(store, id, &back, NULL), DOUBT_OK);
    assert_string_equal(back.series.state, "finished");
    assert_true(back.cell_count == 1 && back.also_count == 2);
    doubt_store_series_free(&back);
    assert_int_equal(ask("SELECT count(*) FROM also WHERE claim = 'c'"), 1);
    sql("PRAGMA foreign_keys = ON; DELETE FROM series WHERE command = 'beside two'");
    assert_int_equal(ask("SELECT count(*) FROM also WHERE claim = 'c'"), 0);
    doubt_store_close(store);
}

static void expect_refusal(const char *file, enum doubt_code code, const char *words)
{
    for (int read_only = 0; read_only < 2; read_only++) {
        struct doubt_store *store;
        struct doubt_err err = {.code = DOUBT_OK};
        assert_int_equal(doubt_store_open(file, read_only, &store, &err), code);
        assert_null(store);
        if (strstr(err.text, words) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", err.text, words);
    }
}

static void what_is_no_store_is_refused(void **state)
{
    (void)state;
    char kept[sizeof path];
    strcpy(kept, path);
    snprintf(path, sizeof path, "%s/foreign.db", folder);
    sql("CREATE TABLE series (id INTEGER)");
    expect_refusal(path, DOUBT_E_FORMAT, "another program's");
    snprintf(path, sizeof path, "%s/newer.db", folder);
    sql("PRAGMA application_id = 0x646F7562; PRAGMA user_version = 2; CREATE TABLE t (x)");
    expect_refusal(path, DOUBT_E_UNSUPPORTED, "newer doubt");
    snprintf(path, sizeof path, "%s/text.db", folder);
    assert_int_equal(doubt_file_write(path, "no database, only a text\n", 25, NULL), DOUBT_OK);
    expect_refusal(path, DOUBT_E_FORMAT, "not a store");
    expect_refusal(folder, DOUBT_E_IO, folder);
    expect_refusal("", DOUBT_E_USAGE, "HOME");
    strcpy(path, kept);
}

static void a_missing_store_is_not_made_for_reading(void **state)
{
    (void)state;
    char file[128];
    struct doubt_store *store;
    struct doubt_err err = {.code = DOUBT_OK};
    snprintf(file, sizeof file, "%s/none.db", folder);
    assert_int_equal(doubt_store_open(file, true, &store, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "doubt check"));
    assert_false(doubt_file_exists(file));
}

/* A writer that dies before its file is in WAL, with pages of a transaction in the file already. */
static void leave_journal(void)
{
    sql("PRAGMA journal_mode = DELETE");
    pid_t writer = fork();
    if (writer == 0) {
        sqlite3 *db;
        bool begun = sqlite3_open(path, &db) == SQLITE_OK &&
                     sqlite3_exec(db,
                                  "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN;"
                                  "UPDATE series SET command = 'half'; CREATE TABLE big (x);"
                                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                                  "LIMIT 200) INSERT INTO big SELECT randomblob(4000) FROM n",
                                  NULL, NULL, NULL) == SQLITE_OK;
        _exit(begun ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_int_equal(status, 0);
}

static void a_reader_undoes_what_a_killed_writer_left(void **state)
{
    (void)state;
    struct doubt_store *store = open_store(false);
    struct doubt_store_series read;
    struct doubt_err err = {.code = DOUBT_OK};
    int64_t id = begin(store, "whole");
    doubt_store_close(store);
    leave_journal();
    store = open_store(true);
    if (doubt_store_series(store, id, &read, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_string_equal(read.series.command, "whole");
    doubt_store_series_free(&read);
    doubt_store_close(store);
    assert_int_equal(ask("SELECT count(*) FROM sqlite_master WHERE name = 'big'"), 0);
}

/* Exit status of a reader that has no right to write: 0 where the refusal holds the words. */
static int read_as_nobody(const char *words)
{
    struct doubt_store *store;
    struct doubt_err err = {.code = DOUBT_OK};
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 1;
    if (doubt_store_open(path, true, &store, &err) == DOUBT_OK)
        return 2;
    return strstr(err.text, words) != NULL ? 0 : 3;
}

static void refuses_nobody(const char *words)
{
    int status;
    pid_t reader = fork();
    if (reader == 0)
        _exit(read_as_nobody(words));
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_int_equal(status, 0);
}

static void shell_in(const char *inner, const char *words)
{
    char command[256];
    snprintf(command, sizeof command, "cd %s && %s", inner, words);
    assert_int_equal(system(command), 0);
}

/* What a killed writer leaves in WAL, without the index that its process had. */
static void leave_wal(const char *inner)
{
    struct doubt_store *store = open_store(false);
    begin(store, "in WAL");
    shell_in(inner, "cp doubt.db-wal kept");
    doubt_store_close(store);
    shell_in(inner, "mv kept doubt.db-wal && chmod 644 doubt.db-wal && chmod 555 .");
}

static void a_reader_without_rights_is_told_what_it_lacks(void **state)
{
    (void)state;
    char inner[96];
    snprintf(inner, sizeof inner, "%s/a/b", folder);
    doubt_store_close(open_store(false));
    shell_in(inner, "chmod 755 .. ../.. && chmod 644 doubt.db && chmod 555 .");
    refuses_nobody("files may be made beside it");
    shell_in(inner, "chmod 755 .");
    leave_wal(inner);
    refuses_nobody("files may be made beside it");
    shell_in(inner, "chmod 755 .");
    leave_journal();
    shell_in(inner, "chmod 444 doubt.db && chmod 555 .");
    refuses_nobody("was killed");
    shell_in(inner, "chmod 755 . && chmod 644 doubt.db");
}

static void wrong_types_in_the_file_are_named(void **state)
{
    (void)state;
    struct doubt_store *store = open_store(false);
    char text[256];
    int64_t id = begin(store, "damaged");
    const int64_t samples[] = {1, 2, 3};
    put_restart(store, make_restart(id, 0, 0), samples, 3);
    struct doubt_store_restarts list;
    size_t count;
    int64_t *back;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_store_restarts(store, id, 0, &list, &err), DOUBT_OK);
    snprintf(text, sizeof text, "UPDATE samples SET data = x'0102' WHERE series = %d", (int)id);
    sql(text);
    assert_int_equal(doubt_store_samples(store, &list.restarts[0], &back, &count, &err),
                     DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "restart 0"));
    assert_null(back);
    memset(&err, 0, sizeof err);
    snprintf(text, sizeof text, "UPDATE samples SET count = -1 WHERE series = %d", (int)id);
    sql(text);
    assert_int_equal(doubt_store_samples(store, &list.restarts[0], &back, &count, &err),
                     DOUBT_E_FORMAT);
    doubt_store_restarts_free(&list);
    memset(&err, 0, sizeof err);
    snprintf(text, sizeof text, "UPDATE restart SET iterations = 'x' WHERE series = %d", (int)id);
    sql(text);
    assert_int_equal(doubt_store_restarts(store, id, 0, &list, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "\"iterations\""));
    assert_true(list.restarts == NULL && list.count == 0);
    struct doubt_store_series series;
    id = end_beside_two(store, DOUBT_OK);
    memset(&err, 0, sizeof err);
    snprintf(text, sizeof text, "UPDATE also SET ratio = 'x' WHERE series = %d", (int)id);
    sql(text);
    assert_int_equal(doubt_store_series(store, id, &series, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "column \"ratio\" of table \"also\""));
    assert_true(series.cells == NULL && series.also == NULL && series.also_count == 0);
    doubt_store_series_free(&series);
    doubt_store_close(store);
}

/* Eight processes write at once; nothing may be lost or refused. */
static void many_writers(void **state)
{
    (void)state;
    enum { WRITERS = 8, RESTARTS = 12 };
    char kept[sizeof path];
    strcpy(kept, path);
    snprintf(path, sizeof path, "%s/shared.db", folder);
    pid_t writers[WRITERS];
    for (int w = 0; w < WRITERS; w++) {
        writers[w] = fork();
        if (writers[w] != 0)
            continue;
        struct doubt_store *store;
        struct doubt_series series;
        int64_t samples[100] = {w};
        doubt_record_init(DOUBT_SERIES, &series);
        bool done = doubt_store_open(path, false, &store, NULL) == DOUBT_OK &&
                    doubt_store_begin(store, &series, NULL) == DOUBT_OK;
        for (int r = 0; done && r < RESTARTS; r++) {
            struct doubt_restart restart = make_restart(series.id, 0, r);
            done = doubt_store_restart(store, &restart, samples, 100, NULL) == DOUBT_OK;
            doubt_record_free(DOUBT_RESTART, &restart);
        }
        const struct doubt_record_parts parts = {.series = &series};
        done = done && doubt_store_end(store, &parts, NULL) == DOUBT_OK;
        doubt_store_close(store);
        _exit(!done);
    }
    for (int w = 0; w < WRITERS; w++) {
        int status;
        assert_int_equal(waitpid(writers[w], &status, 0), writers[w]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    struct doubt_store *store = open_store(true);
    struct doubt_series *list;
    size_t count;
    assert_int_equal(doubt_store_list(store, &list, &count, NULL), DOUBT_OK);
    assert_int_equal(count, WRITERS);
    for (size_t i = 0; i < count; i++) {
        struct doubt_store_restarts restarts;
        assert_int_equal(doubt_store_restarts(store, list[i].id, 0, &restarts, NULL), DOUBT_OK);
        assert_int_equal(restarts.count, RESTARTS);
        doubt_store_restarts_free(&restarts);
        doubt_record_free(DOUBT_SERIES, &list[i]);
    }
    free(list);
    doubt_store_close(store);
    strcpy(path, kept);
}

static void the_default_follows_xdg(void **state)
{
    (void)state;
    setenv("XDG_DATA_HOME", "/tmp/somewhere", 1);
    char *where = doubt_store_default_path();
    assert_string_equal(where, "/tmp/somewhere/doubt/doubt.db");
    free(where);
    unsetenv("XDG_DATA_HOME");
    setenv("HOME", "/home/reader", 1);
    where = doubt_store_default_path();
    assert_string_equal(where, "/home/reader/.local/share/doubt/doubt.db");
    free(where);
    unsetenv("HOME");
    assert_null(doubt_store_default_path());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_comes_back),
        cmocka_unit_test(samples_come_back),
        cmocka_unit_test(numbers_grow_and_lists_are_in_order),
        cmocka_unit_test(what_does_not_belong_is_refused),
        cmocka_unit_test(older_files_get_new_columns),
        cmocka_unit_test(stores_without_further_claims_go_on),
        cmocka_unit_test(further_claims_end_with_their_series),
        cmocka_unit_test(what_is_no_store_is_refused),
        cmocka_unit_test(a_missing_store_is_not_made_for_reading),
        cmocka_unit_test(a_reader_undoes_what_a_killed_writer_left),
        cmocka_unit_test(a_reader_without_rights_is_told_what_it_lacks),
        cmocka_unit_test(wrong_types_in_the_file_are_named),
        cmocka_unit_test(many_writers),
        cmocka_unit_test(the_default_follows_xdg),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

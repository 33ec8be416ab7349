/* test_store_kill.c: SIGKILL of a writer at any moment loses at most the restart in flight.
 *
 * A child writes restarts and counts, in shared memory, those that were confirmed; the parent kills
 * it after a random while. How long it ran decides only which moment is tried.
 */
#include "store/store.h"
#include "util/rng.h"

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { KILLS = 60, SAMPLES = 20000, MOST_US = 30000 };

struct shared {
    _Atomic int64_t series, confirmed;
};

static void fill_samples(int64_t *samples, int64_t number)
{
    struct doubt_rng rng;
    doubt_rng_seed(&rng, (uint64_t)number);
    for (size_t i = 0; i < SAMPLES; i++)
        samples[i] = 1000000 + (int64_t)doubt_rng_below(&rng, 100000);
}

static void write_until_killed(const char *path, struct shared *shared)
{
    static int64_t samples[SAMPLES];
    struct doubt_store *store;
    struct doubt_series series;
    doubt_record_init(DOUBT_SERIES, &series);
    if (doubt_store_open(path, false, &store, NULL) != DOUBT_OK ||
        doubt_store_begin(store, &series, NULL) != DOUBT_OK)
        _exit(1);
    atomic_store(&shared->series, series.id);
    for (int64_t number = 0;; number++) {
        struct doubt_restart restart;
        doubt_record_init(DOUBT_RESTART, &restart);
        restart.series = series.id;
        restart.cell = 0;
        restart.number = number;
        fill_samples(samples, number);
        if (doubt_store_restart(store, &restart, samples, SAMPLES, NULL) != DOUBT_OK)
            _exit(1);
        atomic_store(&shared->confirmed, number + 1);
    }
}

static void check_integrity(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    const char *const checks[] = {"PRAGMA integrity_check", "PRAGMA foreign_key_check"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sqlite3_prepare_v2(db, checks[i], -1, &statement, NULL), SQLITE_OK);
        int step = sqlite3_step(statement);
        if (i == 0) {
            assert_int_equal(step, SQLITE_ROW);
            assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
        } else {
            assert_int_equal(step, SQLITE_DONE);
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

static void check_restarts(struct doubt_store *store, const struct shared *shared)
{
    static int64_t expected[SAMPLES];
    struct doubt_store_restarts list;
    size_t got;
    int64_t *samples;
    struct doubt_err err = {.code = DOUBT_OK};
    int64_t series = atomic_load(&shared->series), confirmed = atomic_load(&shared->confirmed);
    assert_int_equal(doubt_store_restarts(store, series, 0, &list, &err), DOUBT_OK);
    /* The one in flight may have been committed before it was confirmed. */
    assert_true((int64_t)list.count == confirmed || (int64_t)list.count == confirmed + 1);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.restarts[i].number, (int64_t)i);
        fill_samples(expected, (int64_t)i);
        if (doubt_store_samples(store, &list.restarts[i], &samples, &got, &err) != DOUBT_OK)
            fail_msg("%s", err.text);
        assert_int_equal(got, SAMPLES);
        assert_memory_equal(samples, expected, sizeof expected);
        free(samples);
    }
    doubt_store_restarts_free(&list);
}

static void killed_writers_lose_at_most_one_restart(void **state)
{
    (void)state;
    char folder[] = "/tmp/doubt-kill-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/doubt.db", folder);
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    struct doubt_rng rng;
    doubt_rng_seed(&rng, 99);
    for (int i = 0; i < KILLS; i++) {
        atomic_store(&shared->series, 0);
        atomic_store(&shared->confirmed, 0);
        pid_t writer = fork();
        if (writer == 0)
            write_until_killed(path, shared);
        usleep((useconds_t)doubt_rng_below(&rng, MOST_US));
        kill(writer, SIGKILL);
        int status;
        assert_int_equal(waitpid(writer, &status, 0), writer);
        assert_true(WIFSIGNALED(status));
        if (access(path, F_OK) != 0)
            continue; /* killed before there was a file */
        struct doubt_store *store;
        struct doubt_err err = {.code = DOUBT_OK};
        /* Every other time the first to open it after the kill may not write. */
        enum doubt_code code = doubt_store_open(path, i % 2 == 0, &store, &err);
        if (code == DOUBT_E_NOT_FOUND)
            continue; /* killed before there were tables */
        if (code != DOUBT_OK)
            fail_msg("%s", err.text);
        check_restarts(store, shared);
        doubt_store_close(store);
        check_integrity(path);
    }
    munmap(shared, sizeof *shared);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_writers_lose_at_most_one_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_rescue.c: a full or unwritable disk says so, and samples survive in a rescue file. */
#include "store/store.h"
#include "util/file.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { SAMPLES = 200000 };

static char folder[64];
static int64_t *samples;

static int start(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/doubt-rescue-XXXXXX");
    samples = malloc(SAMPLES * sizeof *samples);
    if (mkdtemp(folder) == NULL || samples == NULL)
        return 1;
    uint64_t noise = 1;
    for (size_t i = 0; i < SAMPLES; i++) {
        noise = noise * UINT64_C(6364136223846793005) + 1442695040888963407U;
        samples[i] = 26000000 + (int64_t)(noise >> 44);
    }
    return setenv("TMPDIR", folder, 1);
}

static int stop(void **state)
{
    (void)state;
    free(samples);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static struct doubt_store *open_store(const char *name)
{
    char path[128];
    struct doubt_store *store;
    struct doubt_err err = {.code = DOUBT_OK};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (doubt_store_open(path, false, &store, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    return store;
}

static void rescue(int64_t series, int64_t number, char **path)
{
    struct doubt_restart restart;
    struct doubt_err err = {.code = DOUBT_OK};
    doubt_record_init(DOUBT_RESTART, &restart);
    restart.series = series;
    restart.cell = 0;
    restart.number = number;
    doubt_text_set(&restart.outcome, "ok");
    if (doubt_store_rescue(&restart, samples, (size_t)(SAMPLES - number), path, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    doubt_record_free(DOUBT_RESTART, &restart);
}

/* The restarts of cell 0 are so many, each with as many samples as its number says. */
static void assert_restarts(struct doubt_store *store, int64_t series, size_t expected,
                            bool shorter)
{
    struct doubt_store_restarts list;
    size_t got;
    int64_t *back;
    assert_int_equal(doubt_store_restarts(store, series, 0, &list, NULL), DOUBT_OK);
    assert_int_equal(list.count, expected);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(doubt_store_samples(store, &list.restarts[i], &back, &got, NULL),
                         DOUBT_OK);
        assert_int_equal(got, SAMPLES - (shorter ? list.restarts[i].number : 0));
        assert_memory_equal(back, samples, got * sizeof *back);
        free(back);
    }
    doubt_store_restarts_free(&list);
}

static void rescued_restarts_go_into_their_series(void **state)
{
    (void)state;
    struct doubt_store *store = open_store("known.db");
    struct doubt_series series;
    struct doubt_recovered out;
    struct doubt_err err = {.code = DOUBT_OK};
    char *path = NULL;
    doubt_record_init(DOUBT_SERIES, &series);
    for (int i = 0; i < 3; i++)
        assert_int_equal(doubt_store_begin(store, &series, &err), DOUBT_OK);
    rescue(2, 0, &path);
    char *first = strdup(path);
    rescue(2, 1, &path);
    assert_string_equal(first, path);
    assert_memory_equal(path, folder, strlen(folder));
    if (doubt_store_recover(store, path, &out, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(out.series, 2);
    assert_int_equal(out.restarts, 2);
    assert_restarts(store, 2, 2, true);
    /* A second time nothing is doubled. */
    assert_int_equal(doubt_store_recover(store, path, &out, &err), DOUBT_E_ARGUMENT);
    assert_int_equal(out.restarts, 0);
    assert_restarts(store, 2, 2, true);
    doubt_store_close(store);
    unlink(path);
    free(first);
    free(path);
}

static void a_whole_series_is_rescued(void **state)
{
    (void)state;
    struct doubt_store *store = open_store("fresh.db");
    struct doubt_series series;
    struct doubt_cell cells[2];
    struct doubt_also also[3];
    struct doubt_store_series back;
    struct doubt_recovered out;
    struct doubt_err err = {.code = DOUBT_OK};
    char *path = NULL;
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_text_set(&series.command, "doubt check");
    series.begun_ns = 1234567890123456789;
    for (int i = 0; i < 2; i++) {
        doubt_record_init(DOUBT_CELL, &cells[i]);
        cells[i].number = i;
        doubt_text_set(&cells[i].network, i == 0 ? "pose" : "unet");
    }
    for (int i = 0; i < 3; i++) {
        doubt_record_init(DOUBT_ALSO, &also[i]);
        also[i].cell = i > 0; /* one beside the first cell, two beside the second */
        also[i].number = i == 2;
        also[i].ratio = 1.0 / (3 + i);
        doubt_text_setf(&also[i].claim, "claim-%d", i);
    }
    const struct doubt_record_parts parts = {&series, cells, 2, also, 3};
    rescue(DOUBT_MISSING_I64, 0, &path); /* its series could not be begun */
    rescue(DOUBT_MISSING_I64, 1, &path);
    assert_int_equal(doubt_store_rescue_series(&parts, &path, &err), DOUBT_OK);
    assert_int_equal(doubt_store_recover(store, path, &out, &err), DOUBT_OK);
    assert_int_equal(out.restarts, 2);
    assert_restarts(store, out.series, 2, true);
    assert_int_equal(doubt_store_series(store, out.series, &back, &err), DOUBT_OK);
    assert_string_equal(back.series.command, "doubt check");
    assert_int_equal(back.cell_count, 2);
    assert_string_equal(back.cells[1].network, "unet");
    assert_int_equal(back.also_count, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(back.also[i].series, out.series);
        assert_true(back.also[i].cell == also[i].cell && back.also[i].number == also[i].number);
        assert_true(back.also[i].ratio == also[i].ratio && isnan(back.also[i].ratio_hi));
        assert_string_equal(back.also[i].claim, also[i].claim);
        doubt_record_free(DOUBT_ALSO, &also[i]);
    }
    for (int i = 0; i < 2; i++)
        doubt_record_free(DOUBT_CELL, &cells[i]);
    doubt_record_free(DOUBT_SERIES, &series);
    doubt_store_series_free(&back);
    doubt_store_close(store);
    unlink(path);
    free(path);
}

static void what_is_whole_survives_damage(void **state)
{
    (void)state;
    struct doubt_store *store = open_store("damaged.db");
    struct doubt_recovered out;
    struct doubt_err err = {.code = DOUBT_OK};
    struct stat whole, one;
    char *path = NULL, *bytes = NULL;
    rescue(DOUBT_MISSING_I64, 0, &path);
    assert_int_equal(stat(path, &one), 0);
    rescue(DOUBT_MISSING_I64, 1, &path);
    assert_int_equal(stat(path, &whole), 0);
    /* A bit in the second restart's samples. */
    size_t size;
    assert_int_equal(doubt_file_read(path, 1 << 24, &bytes, &size, &err), DOUBT_OK);
    bytes[one.st_size + (whole.st_size - one.st_size) / 2] ^= 0x10;
    assert_int_equal(doubt_file_write(path, bytes, size, &err), DOUBT_OK);
    free(bytes);
    for (int cut = 0; cut < 2; cut++) {
        memset(&err, 0, sizeof err);
        assert_int_equal(doubt_store_recover(store, path, &out, &err), DOUBT_E_FORMAT);
        assert_int_equal(out.restarts, 1);
        assert_non_null(strstr(err.text, "the 1 restarts before that"));
        assert_restarts(store, out.series, 1, true);
        assert_int_equal(truncate(path, whole.st_size - 10), 0);
    }
    assert_int_equal(truncate(path, 30), 0);
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_store_recover(store, path, &out, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "not written by doubt"));
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_store_recover(store, "/nowhere/x", &out, &err), DOUBT_E_NOT_FOUND);
    doubt_store_close(store);
    unlink(path);
    free(path);
}

/* One record of a file that nobody wrote: a cell, as JSON. */
static enum doubt_code recover_cell(const char *json, struct doubt_err *err)
{
    char path[128];
    struct doubt_recovered out;
    const size_t len = strlen(json);
    const unsigned char head[9] = {1, (unsigned char)len, (unsigned char)(len >> 8)};
    snprintf(path, sizeof path, "%s/made.bin", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("doubt rescue 1: read it back with doubt history --recover FILE\n", file);
    fwrite(head, sizeof head, 1, file);
    fputs(json, file);
    fclose(file);
    struct doubt_store *store = open_store("made.db");
    memset(err, 0, sizeof *err);
    enum doubt_code code = doubt_store_recover(store, path, &out, err);
    doubt_store_close(store);
    unlink(path);
    return code;
}

static void damaged_further_claims_are_said(void **state)
{
    (void)state;
    struct doubt_err err;
    assert_int_equal(recover_cell("{\"number\": 0}", &err), DOUBT_OK);
    assert_int_equal(recover_cell("{\"number\": 0, \"also\": [{\"number\": 0}]}", &err), DOUBT_OK);
    assert_int_equal(recover_cell("{\"number\": 0, \"also\": 7}", &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "no list"));
    assert_int_equal(recover_cell("{\"number\": 0, \"also\": [{\"ratio\": true}]}", &err),
                     DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "\"ratio\""));
    assert_int_equal(recover_cell("{\"number\": 0, \"also\": [{\"number\": 0}, 1]}", &err),
                     DOUBT_E_FORMAT);
}

static void without_tmpdir_another_folder_is_taken(void **state)
{
    (void)state;
    char *path = NULL;
    setenv("TMPDIR", "/nowhere", 1);
    rescue(1, 0, &path);
    assert_memory_equal(path, "/tmp/", 5);
    unlink(path);
    free(path);
    setenv("TMPDIR", folder, 1);
}

/* Writes restarts until the store is full; how many it took. Exits with a number on failure. */
static int fill_up(struct doubt_store *store, struct doubt_err *err)
{
    struct doubt_series series;
    struct doubt_restart restart;
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_record_init(DOUBT_RESTART, &restart);
    if (doubt_store_begin(store, &series, err) != DOUBT_OK)
        return -1;
    restart.series = series.id;
    restart.cell = 0;
    for (restart.number = 0; restart.number < 1000; restart.number++)
        if (doubt_store_restart(store, &restart, samples, SAMPLES, err) != DOUBT_OK)
            return (int)restart.number;
    return -1;
}

static void assert_full(struct doubt_store *store)
{
    struct doubt_err err = {.code = DOUBT_OK};
    int taken = fill_up(store, &err);
    if (err.code != DOUBT_E_FULL || strstr(err.text, "no space left") == NULL)
        fail_msg("%s: %s", doubt_code_name(err.code), err.text);
    assert_true(taken >= 1);
    /* What was taken can be read, and what was not left no trace. */
    assert_restarts(store, 1, (size_t)taken, false);
}

static void a_full_file_system_is_said(void **state)
{
    (void)state;
    char mounted[96];
    snprintf(mounted, sizeof mounted, "%s/small", folder);
    assert_int_equal(mkdir(mounted, 0700), 0);
    if (mount("none", mounted, "tmpfs", 0, "size=4m") != 0)
        skip(); /* needs root; the next test has another kind of limit */
    struct doubt_store *store = open_store("small/doubt.db");
    assert_full(store);
    /* TMPDIR on the same full disk: the next folder is taken. */
    char *path = NULL;
    setenv("TMPDIR", mounted, 1);
    rescue(1, 0, &path);
    setenv("TMPDIR", folder, 1);
    assert_memory_equal(path, "/tmp/doubt-rescue", 17);
    unlink(path);
    free(path);
    doubt_store_close(store);
    assert_int_equal(umount(mounted), 0);
}

static void a_limit_on_file_size_is_said(void **state)
{
    (void)state;
    struct rlimit before, limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct doubt_store *store = open_store("limited.db");
    limit = before;
    limit.rlim_cur = 3 << 20;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_full(store);
    /* A rescue file that cannot grow stays as it was, and another one is begun. */
    char *path = NULL;
    struct stat first;
    for (int64_t number = 0; number < 4; number++)
        rescue(1, number, &path);
    char *old = strdup(path);
    rescue(1, 4, &path);
    rescue(1, 5, &path);
    rescue(1, 6, &path);
    rescue(1, 7, &path);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_string_not_equal(old, path);
    assert_int_equal(stat(old, &first), 0);
    assert_true(first.st_size < 3 << 20);
    struct doubt_store *other = open_store("other.db");
    struct doubt_recovered out;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_store_recover(other, old, &out, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_true(out.restarts >= 4);
    doubt_store_close(other);
    doubt_store_close(store);
    unlink(old);
    unlink(path);
    free(old);
    free(path);
}

/* Root may write anywhere, so this runs as nobody. */
static void an_unwritable_folder_is_said(void **state)
{
    (void)state;
    char inside[128];
    if (getuid() != 0)
        skip();
    snprintf(inside, sizeof inside, "%s/locked", folder);
    assert_int_equal(mkdir(inside, 0755), 0);
    assert_int_equal(chmod(folder, 0755), 0);
    strcat(inside, "/doubt.db");
    pid_t child = fork();
    if (child == 0) {
        struct doubt_store *store;
        struct doubt_err err = {.code = DOUBT_OK};
        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(1);
        enum doubt_code code = doubt_store_open(inside, false, &store, &err);
        _exit(code == DOUBT_E_IO && strstr(err.text, inside) != NULL && store == NULL ? 0 : 2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rescued_restarts_go_into_their_series),
        cmocka_unit_test(a_whole_series_is_rescued),
        cmocka_unit_test(what_is_whole_survives_damage),
        cmocka_unit_test(damaged_further_claims_are_said),
        cmocka_unit_test(without_tmpdir_another_folder_is_taken),
        cmocka_unit_test(a_full_file_system_is_said),
        cmocka_unit_test(a_limit_on_file_size_is_said),
        cmocka_unit_test(an_unwritable_folder_is_said),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

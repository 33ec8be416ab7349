/* test_file.c: ceilings, atomic replacement, folders, the user's folders. */
#include "util/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/doubt-file-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof command, "chmod -R u+w %s; rm -rf %s", folder, folder);
    return system(command);
}

static void writes_and_reads(void **state)
{
    (void)state;
    char *path = doubt_file_join(folder, "a"), *data = NULL;
    size_t size = 0;
    static const char bytes[] = "one\0two";
    assert_false(doubt_file_exists(path));
    assert_int_equal(doubt_file_write(path, bytes, sizeof bytes, NULL), DOUBT_OK);
    assert_true(doubt_file_exists(path));
    assert_int_equal(doubt_file_read(path, sizeof bytes, &data, &size, NULL), DOUBT_OK);
    assert_int_equal(size, sizeof bytes);
    assert_memory_equal(data, bytes, sizeof bytes);
    assert_int_equal(data[size], 0);
    free(data);
    struct doubt_err err = {0};
    assert_int_equal(doubt_file_read(path, sizeof bytes - 1, &data, &size, &err), DOUBT_E_FORMAT);
    assert_null(data);
    assert_non_null(strstr(err.text, "larger than the 7 bytes"));
    free(path);
}

static void reads_files_without_a_size(void **state)
{
    (void)state;
    char *data = NULL;
    size_t size = 0;
    assert_int_equal(doubt_file_read("/proc/self/status", 1 << 20, &data, &size, NULL), DOUBT_OK);
    assert_true(size > 100);
    assert_non_null(strstr(data, "Pid:"));
    free(data);
}

static void missing_files_are_named(void **state)
{
    (void)state;
    char *data = NULL;
    struct doubt_err err = {0};
    assert_int_equal(doubt_file_read("/no/such/file", 10, &data, NULL, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "/no/such/file"));
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_file_read("/tmp", 10, &data, NULL, &err), DOUBT_E_IO);
}

/* A failed replacement leaves the old file and no temporary. */
static void replacing_is_all_or_nothing(void **state)
{
    (void)state;
    char *path = doubt_file_join(folder, "keep"), command[256];
    assert_int_equal(doubt_file_write(path, "old", 3, NULL), DOUBT_OK);
    assert_int_equal(doubt_file_write(path, "new!", 4, NULL), DOUBT_OK);
    char *data = NULL;
    assert_int_equal(doubt_file_read(path, 10, &data, NULL, NULL), DOUBT_OK);
    assert_string_equal(data, "new!");
    free(data);
    char *below = doubt_file_join(folder, "no/such/place");
    struct doubt_err err = {0};
    assert_int_equal(doubt_file_write(below, "x", 1, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "no/such/place"));
    /* A folder in the way of the rename. */
    char *blocked = doubt_file_join(folder, "blocked");
    assert_int_equal(mkdir(blocked, 0700), 0);
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_file_write(blocked, "x", 1, &err), DOUBT_E_IO);
    snprintf(command, sizeof command, "test -z \"$(find %s -name '*.new')\"", folder);
    assert_int_equal(system(command), 0);
    free(path);
    free(below);
    free(blocked);
}

static void full_disks_are_told_apart(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    /* /dev/full gives ENOSPC on write, but its folder takes no temporary beside it as a user. */
    if (geteuid() != 0)
        skip();
    char *link = doubt_file_join(folder, "full.onnx");
    char temporary[160];
    snprintf(temporary, sizeof temporary, "%s.%ld.new", link, (long)getpid());
    assert_int_equal(symlink("/dev/full", temporary), 0);
    assert_int_equal(doubt_file_write(link, "x", 1, &err), DOUBT_E_FULL);
    assert_false(doubt_file_exists(link));
    free(link);
}

static void what_is_no_file_is_not_replaced(void **state)
{
    (void)state;
    char *path = doubt_file_join(folder, "pipe");
    struct doubt_err err = {0};
    struct stat status;
    assert_true(doubt_file_may_replace(path));
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(doubt_file_may_replace(path));
    assert_int_equal(doubt_file_write(path, "x", 1, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "is a device, pipe or socket"));
    assert_int_equal(stat(path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    free(path);
}

static void folders_are_made(void **state)
{
    (void)state;
    char *path = doubt_file_join(folder, "x/y/z");
    assert_int_equal(doubt_file_make_folder(path, NULL), DOUBT_OK);
    assert_int_equal(doubt_file_make_folder(path, NULL), DOUBT_OK);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    free(path);
    struct doubt_err err = {0};
    assert_int_equal(doubt_file_make_folder("/proc/doubt/x", &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "/proc/doubt"));
}

static void joins(void **state)
{
    (void)state;
    char *path = doubt_file_join("a", "b");
    assert_string_equal(path, "a/b");
    free(path);
    path = doubt_file_join("a", "/b");
    assert_string_equal(path, "/b");
    free(path);
}

static void finds_the_programs_folder(void **state)
{
    (void)state;
    char *path = doubt_file_program_folder();
    assert_non_null(path);
    assert_int_equal(path[0], '/');
    assert_true(doubt_file_exists(path));
    free(path);
}

static void follows_the_base_directory_rules(void **state)
{
    (void)state;
    setenv("HOME", "/home/x", 1);
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    static const char *const rows[][2] = {{"DATA", "/home/x/.local/share/doubt"},
                                          {"CACHE", "/home/x/.cache/doubt"},
                                          {"CONFIG", "/home/x/.config/doubt"}};
    for (size_t i = 0; i < 3; i++) {
        char *path = doubt_file_xdg(rows[i][0]);
        assert_string_equal(path, rows[i][1]);
        free(path);
    }
    setenv("XDG_CACHE_HOME", "/var/c", 1);
    char *path = doubt_file_xdg("CACHE");
    assert_string_equal(path, "/var/c/doubt");
    free(path);
    /* The rules: a relative path is to be ignored. */
    setenv("XDG_CACHE_HOME", "relative", 1);
    path = doubt_file_xdg("CACHE");
    assert_string_equal(path, "/home/x/.cache/doubt");
    free(path);
    unsetenv("HOME");
    unsetenv("XDG_CACHE_HOME");
    assert_null(doubt_file_xdg("CACHE"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_reads),
        cmocka_unit_test(reads_files_without_a_size),
        cmocka_unit_test(missing_files_are_named),
        cmocka_unit_test(replacing_is_all_or_nothing),
        cmocka_unit_test(full_disks_are_told_apart),
        cmocka_unit_test(what_is_no_file_is_not_replaced),
        cmocka_unit_test(folders_are_made),
        cmocka_unit_test(joins),
        cmocka_unit_test(finds_the_programs_folder),
        cmocka_unit_test(follows_the_base_directory_rules),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* test_busy_names.c: names of busy processes from scans of a tree that changes in between. */
#include "machine/busy.h"

#include "util/file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char root[64];

static int set_up(void **state)
{
    (void)state;
    char path[80];
    snprintf(root, sizeof root, "/tmp/doubt-test-names-XXXXXX");
    if (mkdtemp(root) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/proc", root);
    return mkdir(path, 0700);
}

static int tear_down(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

/* A process as proc shows it: ticks of its own and of children that it waited for. */
static void put(int pid, int parent, const char *comm, int own, int children)
{
    char path[128], text[512];
    snprintf(path, sizeof path, "%s/proc/%d", root, pid);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/proc/%d/stat", root, pid);
    int n = snprintf(text, sizeof text,
                     "%d (%s) S %d 1 1 0 -1 4194304 1 2 3 4 %d %d %d %d 20 0 1 0 %d 1000 10\n", pid,
                     comm, parent, own, 0, children, 0, 1000 + pid);
    assert_int_equal(doubt_file_write(path, text, (size_t)n, NULL), DOUBT_OK);
}

static void drop(int pid)
{
    char path[128];
    snprintf(path, sizeof path, "%s/proc/%d/stat", root, pid);
    unlink(path);
    snprintf(path, sizeof path, "%s/proc/%d", root, pid);
    rmdir(path);
}

static struct doubt_busy_names *new_names(void)
{
    struct doubt_busy_names *names = doubt_busy_names_new(root);
    assert_non_null(names);
    return names;
}

static void scan(struct doubt_busy_names *names)
{
    struct doubt_err err = {.code = DOUBT_OK};
    enum doubt_code code = doubt_busy_names_scan(names, 500, &err);
    if (code != DOUBT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(code, DOUBT_OK);
}

/* Shares over one second, where 1 s is sysconf(_SC_CLK_TCK) ticks. */
static const char *format(const struct doubt_busy_names *names, size_t most)
{
    static char text[256];
    int64_t elapsed_ns = 100 * (1000000000 / sysconf(_SC_CLK_TCK));
    doubt_busy_names_format(names, elapsed_ns, most, text, sizeof text);
    return text;
}

static void names_the_busiest_first(void **state)
{
    (void)state;
    struct doubt_busy_names *names = new_names();
    put(1, 0, "init", 900, 5000);
    put(10, 1, "editor", 100, 0);
    put(11, 1, "browser", 100, 0);
    put(12, 1, "idle", 100, 0);
    scan(names);
    assert_string_equal(format(names, 3), ""); /* what was before does not count */
    put(10, 1, "editor", 125, 0);
    put(11, 1, "browser", 160, 0);
    put(12, 1, "idle", 100, 0);
    put(13, 1, "browser", 15, 0); /* new, of the same name */
    scan(names);
    assert_string_equal(format(names, 3), "browser 0.75, editor 0.25");
    assert_string_equal(format(names, 1), "browser 0.75");
    doubt_busy_names_free(names);
}

static void our_own_processes_are_left_out(void **state)
{
    (void)state;
    struct doubt_busy_names *names = new_names();
    put(500, 1, "doubt", 0, 0);
    put(501, 500, "worker", 0, 0);
    put(600, 501, "helper", 0, 0);
    put(700, 1, "stranger", 0, 0);
    scan(names);
    put(500, 1, "doubt", 50, 80);
    put(501, 500, "worker", 90, 0);
    put(600, 501, "helper", 90, 0);
    put(700, 1, "stranger", 10, 0);
    scan(names);
    assert_string_equal(format(names, 3), "stranger 0.10");
    doubt_busy_names_free(names);
}

/* A compiler that ran between two scans is seen in the time of the one that waited for it. */
static void short_lives_count_for_the_parent(void **state)
{
    (void)state;
    struct doubt_busy_names *names = new_names();
    put(20, 1, "make", 1, 100);
    scan(names);
    put(20, 1, "make", 1, 180);
    scan(names);
    assert_string_equal(format(names, 3), "make 0.80");
    doubt_busy_names_free(names);
}

/* One that was seen before it ended counts once, under its own name and then for the rest. */
static void nothing_counts_twice(void **state)
{
    (void)state;
    struct doubt_busy_names *names = new_names();
    put(20, 1, "make", 0, 0);
    put(21, 20, "cc", 0, 0);
    put(22, 21, "cc1", 0, 0);
    scan(names);
    put(22, 21, "cc1", 40, 0);
    scan(names);
    /* cc1 ends at 50, cc at 1 with 50 waited for, make has waited for all 51. */
    drop(22);
    drop(21);
    put(20, 1, "make", 0, 51);
    scan(names);
    assert_string_equal(format(names, 3), "cc1 0.40, make 0.11");
    doubt_busy_names_free(names);
}

/* A number that was given to another process begins anew. */
static void numbers_are_reused(void **state)
{
    (void)state;
    char path[128];
    static const char text[] =
        "30 (fresh) S 1 1 1 0 -1 4194304 1 2 3 4 20 0 0 0 20 0 1 0 99999 1000 10\n";
    struct doubt_busy_names *names = new_names();
    put(30, 1, "old", 1000, 0);
    scan(names);
    snprintf(path, sizeof path, "%s/proc/30/stat", root);
    assert_int_equal(doubt_file_write(path, text, sizeof text - 1, NULL), DOUBT_OK);
    scan(names);
    assert_string_equal(format(names, 3), "fresh 0.20");
    doubt_busy_names_free(names);
}

static void odd_names_and_broken_files(void **state)
{
    (void)state;
    char path[128];
    struct doubt_busy_names *names = new_names();
    put(40, 1, "a) S (b", 0, 0);
    put(41, 1, "tab\there", 0, 0);
    put(42, 1, "broken", 0, 0);
    scan(names);
    put(40, 1, "a) S (b", 30, 0);
    put(41, 1, "tab\there", 20, 0);
    snprintf(path, sizeof path, "%s/proc/42/stat", root);
    assert_int_equal(doubt_file_write(path, "42 (bro", 7, NULL), DOUBT_OK);
    scan(names);
    assert_string_equal(format(names, 3), "a) S (b 0.30, tab?here 0.20");
    doubt_busy_names_free(names);
    doubt_busy_names_free(NULL);
}

static void a_root_without_proc_is_an_error(void **state)
{
    (void)state;
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_busy_names *names = doubt_busy_names_new("/nonexistent");
    assert_int_equal(doubt_busy_names_scan(names, 1, &err), DOUBT_E_IO);
    assert_non_null(strstr(err.text, "/nonexistent/proc"));
    doubt_busy_names_free(names);
}

static void finds_this_process_on_this_machine(void **state)
{
    (void)state;
    struct doubt_busy_names *names = doubt_busy_names_new(NULL);
    char text[256];
    assert_int_equal(doubt_busy_names_scan(names, getpid(), NULL), DOUBT_OK);
    assert_int_equal(doubt_busy_names_scan(names, getpid(), NULL), DOUBT_OK);
    doubt_busy_names_format(names, 1000000000, 3, text, sizeof text);
    assert_null(strstr(text, "test_machine"));
    doubt_busy_names_free(names);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_the_busiest_first),
        TEST(our_own_processes_are_left_out),
        TEST(short_lives_count_for_the_parent),
        TEST(nothing_counts_twice),
        TEST(numbers_are_reused),
        TEST(odd_names_and_broken_files),
        TEST(a_root_without_proc_is_an_error),
        TEST(finds_this_process_on_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

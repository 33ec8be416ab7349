/* test_process.c: processes that live, died, and share a number with one that died. */
#include "machine/process.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void a_process_knows_itself(void **state)
{
    (void)state;
    struct doubt_process self, again;
    assert_true(doubt_process_find(NULL, getpid(), &self));
    assert_int_equal(self.pid, getpid());
    assert_true(self.started > 0);
    assert_int_equal(strlen(self.boot), 36); /* a UUID */
    assert_memory_equal(self.space, "pid:[", 5);
    assert_true(doubt_process_find(NULL, getpid(), &again));
    assert_memory_equal(&self, &again, sizeof self);
    assert_false(doubt_process_is_gone(NULL, &self));
}

static void a_killed_one_is_gone(void **state)
{
    (void)state;
    struct doubt_process child;
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            pause();
    assert_true(doubt_process_find(NULL, pid, &child));
    assert_false(doubt_process_is_gone(NULL, &child));
    assert_int_equal(kill(pid, SIGKILL), 0);
    /* Dead, and not yet waited for. */
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    assert_true(doubt_process_is_gone(NULL, &child));
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_true(doubt_process_is_gone(NULL, &child));
}

static void what_differs_decides(void **state)
{
    (void)state;
    struct doubt_process self, other;
    assert_true(doubt_process_find(NULL, getpid(), &self));
    other = self;
    other.started += 1000; /* the number was given again */
    assert_true(doubt_process_is_gone(NULL, &other));
    other = self;
    other.boot[0] = other.boot[0] == '0' ? '1' : '0';
    assert_true(doubt_process_is_gone(NULL, &other));
    other = self;
    other.started += 1000;
    strcpy(other.space, "pid:[1]"); /* not to be seen from here */
    assert_false(doubt_process_is_gone(NULL, &other));
    other = self;
    other.pid = 0;
    assert_false(doubt_process_is_gone(NULL, &other));
    other = self;
    other.started = INT64_MIN;
    assert_true(doubt_process_is_gone(NULL, &other));
    memset(&other, 0, sizeof other);
    assert_false(doubt_process_is_gone(NULL, &other));
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

/* A name may hold blanks and parentheses; a file that ends early says nothing. */
static void names_do_not_mislead(void **state)
{
    (void)state;
    char root[] = "/tmp/doubt-process-XXXXXX", path[256], command[128];
    struct doubt_process found;
    assert_non_null(mkdtemp(root));
    const char *const folders[] = {
        "proc",         "proc/7",   "proc/8",          "proc/self",
        "proc/self/ns", "proc/sys", "proc/sys/kernel", "proc/sys/kernel/random"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        make_folder(root, folders[i]);
    assert_false(doubt_process_find(root, 7, &found));
    put(root, "proc/sys/kernel/random/boot_id", "0f7a\n");
    snprintf(path, sizeof path, "%s/proc/self/ns/pid", root);
    assert_int_equal(symlink("pid:[9]", path), 0);
    put(root, "proc/7/stat",
        "7 (a) S 1 ) (b) S 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 123456 9 9\n");
    put(root, "proc/8/stat", "8 (x) S 1 8 8");
    assert_true(doubt_process_find(root, 7, &found));
    assert_int_equal(found.started, 123456);
    assert_string_equal(found.boot, "0f7a");
    assert_string_equal(found.space, "pid:[9]");
    assert_false(doubt_process_is_gone(root, &found));
    assert_false(doubt_process_find(root, 8, &found));
    assert_false(doubt_process_find(root, 9, &found));
    assert_false(doubt_process_find(root, 0, &found));
    snprintf(command, sizeof command, "rm -r %s", root);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_knows_itself),
        cmocka_unit_test(a_killed_one_is_gone),
        cmocka_unit_test(what_differs_decides),
        cmocka_unit_test(names_do_not_mislead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

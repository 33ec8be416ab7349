/* test_child.c: one process started, watched, drained and ended. The workers here are shell scripts
 * that behave in every way a process can. */
#include "measure/child.h"

#include "util/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[] = "/tmp/doubt-test-child-XXXXXX";
static char script[sizeof folder + 16], ready[sizeof folder + 16];

static void write_script(const char *body)
{
    FILE *file = fopen(script, "w");
    assert_non_null(file);
    assert_true(fprintf(file, "#!/bin/sh\n%s\n", body) > 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(script, 0700), 0);
}

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(script, sizeof script, "%s/worker", folder);
    snprintf(ready, sizeof ready, "%s/ready", folder);
    return setenv("DOUBT_TEST_READY", ready, 1) + setenv(DOUBT_WORKER_VARIABLE, script, 1);
}

static int tear_down(void **state)
{
    (void)state;
    unlink(script);
    return rmdir(folder);
}

/* Stops at the second tick after the script has made its file "ready" (or at once without one). */
struct watch {
    volatile sig_atomic_t stop;
    bool waits;
    int ticks;
};

static void tick(void *context)
{
    struct watch *watch = context;
    if ((!watch->waits || access(ready, F_OK) == 0) && ++watch->ticks == 2)
        watch->stop = 1;
}

static struct doubt_child_end run(const char *body, int64_t deadline_ns, struct watch *own)
{
    struct doubt_child_end end;
    struct doubt_shared_map map;
    struct doubt_err err = {DOUBT_OK, ""};
    struct doubt_restart_watch watch = {
        .stop = own ? &own->stop : NULL, .tick = own ? tick : NULL, .context = own};
    write_script(body);
    assert_int_equal(doubt_shared_create(0, &map, &err), DOUBT_OK);
    assert_int_equal(doubt_child_run(&map, deadline_ns, &watch, &end, &err), DOUBT_OK);
    doubt_shared_close(&map);
    return end;
}

static void gets_the_word_and_the_descriptor(void **state)
{
    (void)state;
    struct doubt_child_end end = run("echo \"$@\"; readlink /proc/$$/fd/3; exit 3", 0, NULL);
    assert_int_equal(end.cause, DOUBT_CHILD_ENDED);
    assert_true(WIFEXITED(end.status));
    assert_int_equal(WEXITSTATUS(end.status), 3);
    assert_non_null(strstr(end.tail, DOUBT_WORKER_WORD " 3\n"));
    assert_non_null(strstr(end.tail, "doubt-worker"));
    assert_int_equal(end.output_bytes, strlen(end.tail));
    assert_true(end.wall_ns > 0);
}

/* Both streams are drained, stdin is empty, signals are as at birth, and it leads a session. */
static void has_a_clean_process(void **state)
{
    (void)state;
    signal(SIGUSR1, SIG_IGN);
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR2);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    struct doubt_child_end end =
        run("echo error >&2; cat; grep -E '^Sig(Blk|Ign)' /proc/self/status; "
            "set -- $(cat /proc/$$/stat); [ \"$6\" = $$ ] && echo leads a session",
            0, NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    signal(SIGUSR1, SIG_DFL);
    assert_non_null(strstr(end.tail, "error\n"));
    assert_non_null(strstr(end.tail, "leads a session\n"));
    assert_non_null(strstr(end.tail, "SigBlk:\t0000000000000000"));
    assert_non_null(strstr(end.tail, "SigIgn:\t0000000000000000"));
}

static void a_flood_is_counted_and_its_end_kept(void **state)
{
    (void)state;
    struct doubt_child_end end =
        run("head -c 5000000 /dev/zero | tr '\\0' x; echo; echo the last line", 0, NULL);
    assert_int_equal(end.output_bytes, 5000000 + 1 + 14);
    assert_int_equal(strlen(end.tail), DOUBT_CHILD_TAIL_BYTES);
    assert_string_equal(end.tail + strlen(end.tail) - 14, "the last line\n");
    assert_int_equal(end.tail[0], 'x');
}

static void a_signal_is_seen(void **state)
{
    (void)state;
    struct doubt_child_end end = run("kill -SEGV $$", 0, NULL);
    assert_int_equal(end.cause, DOUBT_CHILD_ENDED);
    assert_true(WIFSIGNALED(end.status));
    assert_int_equal(WTERMSIG(end.status), SIGSEGV);
}

static void the_deadline_ends_it(void **state)
{
    (void)state;
    struct doubt_child_end end = run("exec sleep 600", 300000000, NULL);
    assert_int_equal(end.cause, DOUBT_CHILD_DEADLINE);
    assert_true(WIFSIGNALED(end.status));
    assert_int_equal(WTERMSIG(end.status), SIGTERM);
    assert_true(end.wall_ns >= 300000000);
}

static void it_may_end_itself_when_asked(void **state)
{
    (void)state;
    struct watch watch = {.waits = true};
    struct doubt_child_end end = run("trap 'echo asked; exit 9' TERM; : > \"$DOUBT_TEST_READY\"; "
                                     "while :; do sleep 0.02; done",
                                     0, &watch);
    assert_int_equal(end.cause, DOUBT_CHILD_INTERRUPTED);
    assert_true(WIFEXITED(end.status));
    assert_int_equal(WEXITSTATUS(end.status), 9);
    assert_non_null(strstr(end.tail, "asked"));
    unlink(ready);
}

static void force_ends_one_that_will_not(void **state)
{
    (void)state;
    struct watch watch = {.waits = true};
    struct doubt_child_end end =
        run("trap '' TERM; : > \"$DOUBT_TEST_READY\"; while :; do sleep 0.02; done", 0, &watch);
    assert_int_equal(end.cause, DOUBT_CHILD_INTERRUPTED);
    assert_true(WIFSIGNALED(end.status));
    assert_int_equal(WTERMSIG(end.status), SIGKILL);
    unlink(ready);
}

static void a_flood_holds_no_deadline_up(void **state)
{
    (void)state;
    struct doubt_child_end end = run("exec yes", 300000000, NULL);
    assert_int_equal(end.cause, DOUBT_CHILD_DEADLINE);
    assert_true(end.output_bytes > 0);
}

static void a_stop_asks_first(void **state)
{
    (void)state;
    struct watch watch = {.waits = false};
    struct doubt_child_end end = run("exec sleep 600", 0, &watch);
    assert_int_equal(end.cause, DOUBT_CHILD_INTERRUPTED);
    assert_true(WIFSIGNALED(end.status));
    assert_int_equal(WTERMSIG(end.status), SIGTERM);
    assert_true(watch.ticks >= 2);
    assert_true(end.wall_ns >= 1000000000); /* the time it has to end itself */
}

/* Alive: 1, gone: 0. A zombie of another parent counts as gone. */
static int is_alive(pid_t pid)
{
    char path[64], text[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    size_t got = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    const char *state = got > 0 ? strrchr(text, ')') : NULL;
    return state != NULL && strlen(state) > 2 && state[2] != 'Z' && state[2] != 'X';
}

static void what_it_started_ends_with_it(void **state)
{
    (void)state;
    struct doubt_child_end end = run("sleep 600 & echo $!", 0, NULL);
    pid_t left = (pid_t)atoi(end.tail);
    assert_true(left > 1);
    assert_int_equal(end.cause, DOUBT_CHILD_ENDED);
    for (int i = 0; i < 500 && is_alive(left); i++)
        usleep(10000); /* a signal is on its way */
    assert_int_equal(is_alive(left), 0);
}

static void closed_streams_are_no_end(void **state)
{
    (void)state;
    struct doubt_child_end end = run("exec >&- 2>&-; sleep 0.4; exit 4", 0, NULL);
    assert_true(WIFEXITED(end.status));
    assert_int_equal(WEXITSTATUS(end.status), 4);
    assert_true(end.wall_ns >= 400000000);
}

static void a_missing_program_is_an_error(void **state)
{
    (void)state;
    struct doubt_child_end end;
    struct doubt_shared_map map;
    struct doubt_err err = {DOUBT_OK, ""};
    setenv(DOUBT_WORKER_VARIABLE, "/nowhere/doubt", 1);
    assert_int_equal(doubt_shared_create(0, &map, &err), DOUBT_OK);
    assert_int_equal(doubt_child_run(&map, 0, NULL, &end, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "/nowhere/doubt"));
    doubt_shared_close(&map);
    setenv(DOUBT_WORKER_VARIABLE, script, 1);
}

/* The supervisor's own death takes the worker along. */
static void dies_with_its_parent(void **state)
{
    (void)state;
    char line[32] = "";
    write_script("echo $$ > \"$DOUBT_TEST_READY\"; exec sleep 600");
    pid_t supervisor = fork();
    assert_true(supervisor >= 0);
    if (supervisor == 0) {
        struct doubt_child_end end;
        struct doubt_shared_map map;
        if (doubt_shared_create(0, &map, NULL) == DOUBT_OK)
            doubt_child_run(&map, 0, NULL, &end, NULL);
        _exit(0);
    }
    for (int i = 0; i < 1000 && strchr(line, '\n') == NULL; i++) {
        FILE *file = fopen(ready, "r");
        if (file != NULL) {
            line[fread(line, 1, sizeof line - 1, file)] = '\0';
            fclose(file);
        }
        usleep(10000);
    }
    pid_t worker = (pid_t)atoi(line);
    assert_true(worker > 1);
    kill(supervisor, SIGKILL);
    assert_int_equal(waitpid(supervisor, NULL, 0), supervisor);
    for (int i = 0; i < 500 && is_alive(worker); i++)
        usleep(10000);
    assert_int_equal(is_alive(worker), 0);
    unlink(ready);
}

/* --- one that cannot be reaped ---------------------------------------------------------------- */

/* Workers need an emulator in front: the environment had named one before set_up(). */
static bool emulated;

/* The worker's side. No test can put a process to sleep in the kernel, but one that another process
 * traces looks the same to its parent: killed, and never reported as ended. Writes the tracer's
 * number into "ready", 0 where tracing is not allowed. */
static int be_traced(const char *ready_file)
{
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
    pid_t worker = getpid(), tracer = fork();
    if (tracer == 0) {
        setsid();
        bool traces = ptrace(PTRACE_SEIZE, worker, NULL, NULL) == 0;
        FILE *file = fopen(ready_file, "w");
        if (file != NULL) {
            fprintf(file, "%d\n", traces ? (int)getpid() : 0);
            fclose(file);
        }
        sleep(traces ? 60 : 0);
        _exit(0);
    }
    for (;;)
        pause();
}

static void one_that_cannot_be_reaped_is_left(void **state)
{
    (void)state;
    if (emulated) /* no program of this machine is started by the kernel itself */
        skip();
    char program[4096];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    assert_true(len > 0);
    program[len] = '\0';
    struct doubt_child_end end;
    struct doubt_shared_map map;
    struct doubt_err err = {DOUBT_OK, ""};
    setenv(DOUBT_WORKER_VARIABLE, program, 1);
    assert_int_equal(doubt_shared_create(0, &map, &err), DOUBT_OK);
    assert_int_equal(doubt_child_run(&map, 1000000000, NULL, &end, &err), DOUBT_OK);
    doubt_shared_close(&map);
    setenv(DOUBT_WORKER_VARIABLE, script, 1);
    int tracer = 0;
    FILE *file = fopen(ready, "r");
    if (file == NULL || fscanf(file, "%d", &tracer) != 1 || tracer == 0) {
        if (file != NULL)
            fclose(file);
        unlink(ready);
        skip();
    }
    fclose(file);
    unlink(ready);
    assert_int_equal(end.cause, DOUBT_CHILD_DEADLINE);
    assert_true(end.unreaped > 1);
    assert_int_equal(end.status, 0);
    kill(tracer, SIGKILL); /* and its parent hears of the worker's end after all */
    int status = 0;
    assert_int_equal(waitpid(end.unreaped, &status, 0), end.unreaped);
    assert_true(WIFSIGNALED(status));
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return be_traced(getenv("DOUBT_TEST_READY"));
    emulated = getenv(DOUBT_WORKER_VARIABLE) != NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gets_the_word_and_the_descriptor),
        cmocka_unit_test(has_a_clean_process),
        cmocka_unit_test(a_flood_is_counted_and_its_end_kept),
        cmocka_unit_test(a_signal_is_seen),
        cmocka_unit_test(the_deadline_ends_it),
        cmocka_unit_test(it_may_end_itself_when_asked),
        cmocka_unit_test(force_ends_one_that_will_not),
        cmocka_unit_test(a_flood_holds_no_deadline_up),
        cmocka_unit_test(a_stop_asks_first),
        cmocka_unit_test(what_it_started_ends_with_it),
        cmocka_unit_test(closed_streams_are_no_end),
        cmocka_unit_test(a_missing_program_is_an_error),
        cmocka_unit_test(dies_with_its_parent),
        cmocka_unit_test(one_that_cannot_be_reaped_is_left),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

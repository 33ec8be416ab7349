/* test_place.c: CPUs, priority and locked memory of a worker: set, held, read back, and refused by
 * the kernel. Each in a process of its own, since none can be undone without rights. */
#include "../sanitizers.h"
#include "measure/place.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define SANITIZED (SANITIZED_ADDRESS || SANITIZED_THREAD)

enum { NOBODY = 65534, SKIPPED = 77 };

/* Runs it in a child; its bits name what went wrong. */
static int in_child(int (*test)(void))
{
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        _exit(test());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int says(const struct doubt_err *err, const char *word)
{
    if (strstr(err->text, word) != NULL)
        return 1;
    fprintf(stderr, "\"%s\" does not say \"%s\"\n", err->text, word);
    return 0;
}

/* The lowest (of 0) and the highest (of 1) CPU of ours. */
static int own_cpu(int which)
{
    struct doubt_cpus own;
    int found = -1;
    doubt_cpus_of_thread(0, &own);
    for (int cpu = 0; cpu < DOUBT_CPUS_MAX; cpu++)
        if (doubt_cpus_has(&own, cpu) && (found < 0 || which == 1))
            found = cpu;
    return found;
}

/* The environment names a worker that an emulator runs. */
static bool emulated;

static void a_restart_records_what_it_reads_back(void **state)
{
    (void)state;
    if (emulated) /* an emulator has threads of its own, which run where they like */
        skip();
    const struct doubt_cell_plan cell = {.network = "none", .engine = "null", .batch = 1};
    struct doubt_worker_wish wish = {.has_priority = true,
                                     .priority = getpriority(PRIO_PROCESS, 0) < 15 ? 15 : 19};
    const struct doubt_restart_plan plain = {.iterations = 100};
    const struct doubt_restart_plan how = {.iterations = 100, .worker = &wish};
    struct doubt_restart_result result;
    char cpu[16];
    doubt_cpus_add(&wish.cpus, own_cpu(1));
    snprintf(cpu, sizeof cpu, "%d", own_cpu(1));
    assert_int_equal(doubt_restart_run(&cell, &how, NULL, &result, NULL), DOUBT_OK);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_OK);
    assert_string_equal(result.record.cpus, cpu);
    assert_int_equal(result.record.priority, wish.priority);
    assert_true(result.record.locked_bytes == DOUBT_MISSING_I64);
    doubt_restart_result_free(&result);
    assert_int_equal(doubt_restart_run(&cell, &plain, NULL, &result, NULL), DOUBT_OK);
    assert_null(result.record.cpus);
    assert_true(result.record.priority == DOUBT_MISSING_I64);
    doubt_restart_result_free(&result);
}

/* A wish that the machine cannot meet is why the restart failed, whatever the engine. */
static void a_cpu_that_is_not_there_fails_the_restart(void **state)
{
    (void)state;
    const struct doubt_cell_plan cell = {.network = "none", .engine = "null", .batch = 1};
    struct doubt_worker_wish wish = {.lock_memory = false};
    const struct doubt_restart_plan how = {.iterations = 100, .worker = &wish};
    struct doubt_restart_result result;
    if (own_cpu(1) == DOUBT_CPUS_MAX - 1)
        skip();
    doubt_cpus_add(&wish.cpus, own_cpu(0));
    doubt_cpus_add(&wish.cpus, DOUBT_CPUS_MAX - 1);
    assert_int_equal(doubt_restart_run(&cell, &how, NULL, &result, NULL), DOUBT_OK);
    assert_string_equal(result.record.outcome, DOUBT_OUTCOME_ENGINE);
    assert_non_null(strstr(result.record.sentence, ",1023, and runs on "));
    assert_int_equal(result.count, 0);
    doubt_restart_result_free(&result);
}

/* --- threads of an engine ------------------------------------------------------------------- */

static pthread_barrier_t barrier;
static pid_t thread_id;

static void *wait_twice(void *unused)
{
    (void)unused;
    thread_id = (pid_t)syscall(SYS_gettid);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

/* A thread that an engine puts on a CPU of its own choice. */
static int wandering_thread(void)
{
    struct doubt_worker_wish wish = {.lock_memory = false};
    struct doubt_shared_place place = {.priority = 0};
    struct doubt_cpus other = {{0}}, now;
    struct doubt_err err = {DOUBT_OK, ""}, later = {DOUBT_OK, ""};
    pthread_t thread;
    doubt_cpus_add(&wish.cpus, own_cpu(0));
    doubt_cpus_add(&other, own_cpu(1));
    if (own_cpu(0) == own_cpu(1))
        return SKIPPED;
    int bad = doubti_place_begin(&wish, &err) != DOUBT_OK;
    pthread_barrier_init(&barrier, NULL, 2);
    if (pthread_create(&thread, NULL, wait_twice, NULL) != 0)
        return 64;
    pthread_barrier_wait(&barrier);
    doubt_cpus_of_thread(thread_id, &now);
    bad |= (memcmp(&now, &wish.cpus, sizeof now) != 0) << 1; /* inherited */
    doubt_cpus_keep_thread(thread_id, &other);
    bad |= (doubti_place_hold(&wish, &err) != DOUBT_OK) << 2;
    doubt_cpus_of_thread(thread_id, &now);
    bad |= (memcmp(&now, &wish.cpus, sizeof now) != 0) << 3; /* brought back */
    bad |= (doubti_place_read(&wish, &place, &err) != DOUBT_OK) << 4;
    doubt_cpus_keep_thread(thread_id, &other);
    bad |= (doubti_place_read(&wish, &place, &later) != DOUBT_E_SYSTEM) << 5; /* seen */
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    return bad;
}

static void threads_are_brought_back_or_told_of(void **state)
{
    (void)state;
    int status = in_child(wandering_thread);
    if (status == SKIPPED)
        skip();
    assert_int_equal(status, 0);
}

/* --- what takes rights ---------------------------------------------------------------------- */

/* Gives up what root has. */
static bool become_nobody(void)
{
    const struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_NICE, &none) == 0 &&
           (geteuid() != 0 || setresuid(NOBODY, NOBODY, NOBODY) == 0);
}

static int low_priority(void)
{
    const struct doubt_worker_wish wish = {.has_priority = true, .priority = -20};
    struct doubt_err err = {DOUBT_OK, ""};
    if (!become_nobody() || getpriority(PRIO_PROCESS, 0) == -20)
        return SKIPPED;
    int bad = doubti_place_begin(&wish, &err) != DOUBT_E_SYSTEM;
    bad |= !says(&err, "priority -20 could not be set") << 1;
    bad |= !says(&err, "CAP_SYS_NICE") << 2;
    return bad | !says(&err, "--nice=40") << 3;
}

static void a_priority_needs_rights(void **state)
{
    (void)state;
    int status = in_child(low_priority);
    if (status == SKIPPED)
        skip();
    assert_int_equal(status, 0);
}

static int lock_without_room(void)
{
    const struct doubt_worker_wish wish = {.lock_memory = true};
    const struct rlimit none = {0, 0};
    struct doubt_err err = {DOUBT_OK, ""};
    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || !become_nobody())
        return SKIPPED;
    int bad = doubti_place_begin(&wish, &err) != DOUBT_OK;
    bad |= (doubti_place_hold(&wish, &err) != DOUBT_E_SYSTEM) << 1;
    bad |= !says(&err, "RLIMIT_MEMLOCK is 0 B") << 2;
    return bad | !says(&err, "sudo prlimit --pid $$ --memlock=") << 3;
}

static void memory_needs_a_limit(void **state)
{
    (void)state;
    int status = in_child(lock_without_room);
    if (status == SKIPPED)
        skip();
    assert_int_equal(status, 0);
}

/* Where the limit has room for this small program, all of it is locked, what comes later too. */
static int lock_with_room(void)
{
    const struct doubt_worker_wish wish = {.lock_memory = true};
    struct doubt_shared_place before = {.priority = 0}, after = {.priority = 0};
    struct doubt_err err = {DOUBT_OK, ""};
    const size_t bytes = 400000;
    if (doubti_place_begin(&wish, &err) != DOUBT_OK)
        return 1;
    if (doubti_place_hold(&wish, &err) != DOUBT_OK)
        return says(&err, "RLIMIT_MEMLOCK is ") ? SKIPPED : 2;
    int bad = (doubti_place_read(&wish, &before, &err) != DOUBT_OK) << 2;
    void *more = malloc(bytes);
    bad |= (doubti_place_read(&wish, &after, &err) != DOUBT_OK) << 3;
    bad |= (before.locked_bytes <= 0) << 4;
    bad |= (more == NULL || after.locked_bytes < before.locked_bytes + (int64_t)bytes) << 5;
    free(more);
    return bad;
}

static void memory_is_locked(void **state)
{
    (void)state;
    int status = SANITIZED ? SKIPPED : in_child(lock_with_room); /* terabytes of shadow */
    if (status == SKIPPED)
        skip();
    assert_int_equal(status, 0);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    emulated = getenv(DOUBT_WORKER_VARIABLE) != NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_records_what_it_reads_back),
        cmocka_unit_test(a_cpu_that_is_not_there_fails_the_restart),
        cmocka_unit_test(threads_are_brought_back_or_told_of),
        cmocka_unit_test(a_priority_needs_rights),
        cmocka_unit_test(memory_needs_a_limit),
        cmocka_unit_test(memory_is_locked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

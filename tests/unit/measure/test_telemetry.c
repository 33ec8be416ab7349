/* test_telemetry.c: telemetry on fake trees and on this machine. */
#include "measure/telemetry.h"

#include "record/record.h"
#include "util/clock.h"
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static struct doubt_telemetry *start(const char *root)
{
    struct doubt_telemetry *telemetry = NULL;
    struct doubt_err err = {.code = DOUBT_OK};
    enum doubt_code code = doubt_telemetry_start(root, 0, &telemetry, &err);
    if (code != DOUBT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(code, DOUBT_OK);
    return telemetry;
}

static void spin(int64_t cpu_ns)
{
    struct timespec t;
    int64_t now, from = -1;
    do {
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        now = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
        from = from < 0 ? now : from;
    } while (now - from < cpu_ns);
}

/* A frozen machine: nothing is used, whatever this process does, and nothing is made up. */
static void a_frozen_tree_shows_no_others(void **state)
{
    (void)state;
    struct doubt_telemetry *telemetry = start(DOUBT_SOURCE "/tests/fake/jetson-nano");
    struct doubt_telemetry_summary summary;
    struct doubt_telemetry_mark from = doubt_telemetry_take(telemetry, true);
    spin(50000000);
    struct doubt_telemetry_mark to = doubt_telemetry_take(telemetry, true);
    int64_t others_ns, steal_ns;
    doubt_telemetry_between(&from, &to, &others_ns, &steal_ns);
    assert_int_equal(to.cpus, 4);
    assert_true(from.ns < to.ns);
    assert_int_equal(others_ns, 0);
    assert_int_equal(steal_ns, 0);
    doubt_telemetry_summarise(telemetry, &summary);
    assert_true(summary.others_share == 0);
    assert_true(summary.temperature_max_c == 41.5);
    assert_true(isnan(summary.pressure_share)); /* its kernel has no PSI */
    doubt_telemetry_stop(telemetry);
}

/* Without the kernel's list of children a record under way is not exact; between marks it is. */
static void marks_are_exact_where_children_are_not_listed(void **state)
{
    (void)state;
    struct doubt_telemetry *telemetry = start(DOUBT_SOURCE "/tests/fake/jetson-nano");
    struct doubt_telemetry_mark loose = doubt_telemetry_take(telemetry, false);
    struct doubt_telemetry_mark exact = doubt_telemetry_take(telemetry, true);
    int64_t others_ns, steal_ns;
    assert_false(loose.known);
    assert_true(exact.known);
    doubt_telemetry_between(&loose, &exact, &others_ns, &steal_ns);
    assert_int_equal(others_ns, DOUBT_MISSING_I64);
    assert_int_equal(steal_ns, 0);
    assert_true(isnan(doubt_telemetry_last_second(telemetry)));
    doubt_telemetry_stop(telemetry);
}

static void no_telemetry_is_not_known(void **state)
{
    (void)state;
    struct doubt_telemetry *telemetry;
    struct doubt_telemetry_summary summary;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_telemetry_start("/nonexistent", 0, &telemetry, &err),
                     DOUBT_E_UNSUPPORTED);
    assert_null(telemetry);
    assert_non_null(strstr(err.text, "/nonexistent/proc/stat"));
    struct doubt_telemetry_mark from = doubt_telemetry_take(NULL, true);
    struct doubt_telemetry_mark to = doubt_telemetry_take(NULL, true);
    int64_t others_ns, steal_ns;
    doubt_telemetry_between(&from, &to, &others_ns, &steal_ns);
    assert_int_equal(others_ns, DOUBT_MISSING_I64);
    assert_int_equal(steal_ns, DOUBT_MISSING_I64);
    assert_true(isnan(doubt_telemetry_last_second(NULL)));
    doubt_telemetry_summarise(NULL, &summary);
    assert_true(isnan(summary.others_share) && isnan(summary.temperature_max_c));
    doubt_telemetry_stop(NULL);
}

/* Work of a child that this process started is ours: others' sum may not grow by it. CPU time is
 * spent, not waited for, so a slow machine only makes it last longer; the machine's other work is
 * known from the kernel's own sums, read around it. */
static void our_childs_work_is_ours(void **state)
{
    (void)state;
    enum { SPENT_NS = 300000000 };
    struct doubt_telemetry *telemetry = start(NULL);
    struct doubt_telemetry_mark from = doubt_telemetry_take(telemetry, true);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        spin(SPENT_NS);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    struct doubt_telemetry_mark to = doubt_telemetry_take(telemetry, true);
    int64_t others_ns, steal_ns;
    doubt_telemetry_between(&from, &to, &others_ns, &steal_ns);
    assert_true(others_ns >= 0);
    /* At most what the CPUs had left, with two ticks of each as the grain. */
    int64_t all_ns = (to.ns - from.ns) * to.cpus;
    assert_true(others_ns <= all_ns - SPENT_NS + to.cpus * INT64_C(20000000));
    doubt_telemetry_stop(telemetry);
}

/* A bound on the thread's work: files it reads. */
static void a_record_reads_a_handful_of_files(void **state)
{
    (void)state;
    static const char *const roots[] = {NULL, DOUBT_SOURCE "/tests/fake/jetson-nano",
                                        DOUBT_SOURCE "/tests/fake/server"};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        struct doubt_telemetry *telemetry = start(roots[i]);
        struct doubt_telemetry_summary summary;
        for (int n = 0; n < 40; n++)
            doubt_telemetry_take(telemetry, true);
        doubt_telemetry_summarise(telemetry, &summary);
        assert_true(summary.records >= 40);
        /* Three, and with every fourth record at most 8 sensors and 4 clocks. */
        assert_true(summary.files_read <= summary.records * 3 + (summary.records / 4 + 1) * 12);
        doubt_telemetry_stop(telemetry);
    }
}

/* More than the ring holds, from two threads besides its own: for the thread sanitizer. */
static void *take_many(void *argument)
{
    for (int i = 0; i < 100; i++) {
        doubt_telemetry_take(argument, i % 2 == 0);
        doubt_telemetry_last_second(argument);
    }
    return NULL;
}

static void records_may_be_made_from_any_thread(void **state)
{
    (void)state;
    struct doubt_telemetry *telemetry = start(NULL);
    struct doubt_telemetry_summary summary;
    pthread_t other;
    assert_int_equal(pthread_create(&other, NULL, take_many, telemetry), 0);
    take_many(telemetry);
    pthread_join(other, NULL);
    doubt_telemetry_summarise(telemetry, &summary);
    assert_true(summary.records >= 200);
    assert_false(summary.others_share < 0 || summary.others_share > 1);
    doubt_telemetry_stop(telemetry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frozen_tree_shows_no_others),
        cmocka_unit_test(marks_are_exact_where_children_are_not_listed),
        cmocka_unit_test(no_telemetry_is_not_known),
        cmocka_unit_test(our_childs_work_is_ours),
        cmocka_unit_test(a_record_reads_a_handful_of_files),
        cmocka_unit_test(records_may_be_made_from_any_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

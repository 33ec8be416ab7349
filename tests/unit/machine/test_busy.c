/* test_busy.c: sums of CPU times in the trees of tests/fake/ and on this machine. */
#include "machine/busy.h"

#include "tree.h"
#include <time.h>

static struct doubt_busy_source *open_busy(const char *root)
{
    struct doubt_busy_source *source = NULL;
    struct doubt_err err = {.code = DOUBT_OK};
    enum doubt_code code = doubt_busy_open(root, 0, &source, &err);
    if (code != DOUBT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(code, DOUBT_OK);
    return source;
}

static struct doubt_busy read_busy(struct doubt_busy_source *source)
{
    struct doubt_busy busy;
    assert_int_equal(doubt_busy_read(source, &busy, NULL), DOUBT_OK);
    return busy;
}

/* Lines of proc/stat by hand; a tick is 1 s / sysconf(_SC_CLK_TCK). */
static void sums_the_cpus_that_may_be_used(void **state)
{
    (void)state;
    const int64_t tick_ns = 1000000000 / sysconf(_SC_CLK_TCK);
    struct doubt_busy_source *source = open_busy(FAKE "cloud-container");
    struct doubt_busy busy = read_busy(source);
    /* CPUs 0, 2 and 3, not 1; user + nice + system + irq + softirq. */
    assert_int_equal(busy.cpus, 3);
    assert_int_equal(busy.busy_ns, (1000 + 2000 + 100 + 500 + 20 + 30 + 7 + 3) * tick_ns);
    assert_int_equal(busy.steal_ns, (30 + 60 + 10) * tick_ns);
    assert_int_equal(busy.pressure_ns, INT64_MIN);
    assert_false(busy.ours_known);
    doubt_busy_close(source);
}

static void reads_pressure_where_there_is_some(void **state)
{
    (void)state;
    struct doubt_busy_source *source = open_busy(FAKE "server");
    struct doubt_busy busy = read_busy(source);
    assert_int_equal(busy.cpus, 8);
    assert_int_equal(busy.pressure_ns, INT64_C(7000123000));
    assert_true(doubt_busy_reads(source) <= 3);
    doubt_busy_close(source);
}

/* What this process spends is ours, to the nanosecond. */
static void our_own_time_is_ours(void **state)
{
    (void)state;
    struct timespec before, after, now;
    struct doubt_busy_source *source = open_busy(NULL);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    struct doubt_busy from = read_busy(source);
    do {
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    } while (now.tv_sec - before.tv_sec + (now.tv_nsec - before.tv_nsec) / 1e9 < 0.1);
    struct doubt_busy to = read_busy(source);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    double most =
        (double)(after.tv_sec - before.tv_sec) * 1e9 + (double)(after.tv_nsec - before.tv_nsec);
    double ours = (double)(to.ours_ns - from.ours_ns);
    assert_true(ours > 0.05e9 && ours <= most);
    assert_true(to.busy_ns >= from.busy_ns && to.steal_ns >= from.steal_ns);
    assert_true(to.cpus >= 1);
    doubt_busy_close(source);
}

/* Counts that no kernel gives: never negative, never more than the type holds. */
static void impossible_counts_are_held_at_the_ends(void **state)
{
    (void)state;
    struct tree tree = tree_new("server");
    tree_put(&tree, "proc/stat",
             "cpu0 9223372036854775807 1 1 0 0 0 0 9223372036854775807\n"
             "cpu1 -9223372036854775808 -1 5 0 0 0 0 -1\n");
    tree_put(&tree, "proc/pressure/cpu", "some avg10=0.00 total=99999999999999999999\n");
    struct doubt_busy_source *source = open_busy(tree.root);
    struct doubt_busy busy = read_busy(source);
    assert_int_equal(busy.cpus, 2);
    assert_true(busy.busy_ns == INT64_MAX);
    assert_true(busy.steal_ns == INT64_MAX);
    assert_true(busy.pressure_ns == INT64_MAX);
    doubt_busy_close(source);
    tree_free(&tree);
}

static void nothing_to_read_is_said(void **state)
{
    (void)state;
    struct doubt_busy_source *source;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_busy_open(FAKE "empty", 0, &source, &err), DOUBT_E_UNSUPPORTED);
    assert_null(source);
    assert_non_null(strstr(err.text, "proc/stat"));
    doubt_busy_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_the_cpus_that_may_be_used),
        cmocka_unit_test(reads_pressure_where_there_is_some),
        cmocka_unit_test(our_own_time_is_ours),
        cmocka_unit_test(impossible_counts_are_held_at_the_ends),
        cmocka_unit_test(nothing_to_read_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

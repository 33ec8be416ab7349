/* test_times.c: order and median of times, at the ends of their type too. */
#include "measure/times.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void sorts_at_the_ends_of_the_type(void **state)
{
    (void)state;
    int64_t ns[] = {3, INT64_MAX, -1, INT64_MIN, 3, 0};
    const int64_t sorted[] = {INT64_MIN, -1, 0, 3, 3, INT64_MAX};
    doubti_times_sort(ns, 6);
    assert_memory_equal(ns, sorted, sizeof sorted);
    doubti_times_sort(ns, 0);
    doubti_times_sort(NULL, 0);
    assert_memory_equal(ns, sorted, sizeof sorted);
}

static void median_is_the_middle(void **state)
{
    (void)state;
    const int64_t ns[] = {1, 4, 9, 16, INT64_MAX - 1, INT64_MAX};
    assert_true(isnan(doubti_times_median(ns, 0)));
    assert_true(doubti_times_median(ns, 1) == 1);
    assert_true(doubti_times_median(ns, 2) == 2.5);
    assert_true(doubti_times_median(ns, 3) == 4);
    assert_true(doubti_times_median(ns, 4) == 6.5);
    assert_true(doubti_times_median(ns + 4, 2) == (double)INT64_MAX); /* no sum overflows */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_at_the_ends_of_the_type),
        cmocka_unit_test(median_is_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

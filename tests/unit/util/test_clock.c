/* test_clock.c: never backwards, and described in plausible numbers. No test depends on speed. */
#include "util/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void never_backwards(void **state)
{
    (void)state;
    doubt_ns last = doubt_clock_ns();
    assert_true(last > 0);
    for (int i = 0; i < 100000; i++) {
        doubt_ns now = doubt_clock_ns();
        assert_true(now >= last);
        last = now;
    }
}

static void describes_itself(void **state)
{
    (void)state;
    struct doubt_clock_info info = {0};
    doubt_clock_describe(&info);
    assert_string_equal(info.kind, "CLOCK_MONOTONIC_RAW");
    assert_true(info.resolution_ns > 0);
    assert_true(info.read_ns >= 0);
    assert_true(info.read_spread_ns >= 0);
}

/* Between the years 2020 and 2200. */
static void wall_clock_is_a_date(void **state)
{
    (void)state;
    doubt_ns now = doubt_clock_wall_ns();
    assert_true(now > INT64_C(1577836800000000000));
    assert_true(now < INT64_C(7258118400000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_backwards),
        cmocka_unit_test(describes_itself),
        cmocka_unit_test(wall_clock_is_a_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

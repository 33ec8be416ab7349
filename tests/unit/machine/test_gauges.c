/* test_gauges.c: sensors and clocks of the trees in tests/fake/. */
#include "machine/machine.h"

#include "tree.h"
#include <math.h>

static void reads_the_highest_sensor_again_and_again(void **state)
{
    (void)state;
    struct doubt_gauges gauges;
    struct doubt_gauge_reading reading;
    doubt_gauges_open(FAKE "server", &gauges);
    assert_int_equal(gauges.sensor_count, 3);
    assert_int_equal(gauges.clock_count, DOUBT_GAUGE_CLOCKS_MAX);
    for (int i = 0; i < 3; i++) {
        doubt_gauges_read(&gauges, &reading);
        assert_true(reading.temperature_c == 55.5); /* acpitz says 0: no value */
        assert_string_equal(reading.sensor, "coretemp");
        assert_true(reading.frequency_hz == 3e9);
    }
    doubt_gauges_close(&gauges);
    assert_int_equal(gauges.sensor_count, 0);
    doubt_gauges_close(&gauges);
}

static void leaves_out_a_sensor_that_is_none(void **state)
{
    (void)state;
    struct doubt_gauges gauges;
    doubt_gauges_open(FAKE "jetson-nano", &gauges);
    assert_int_equal(gauges.sensor_count, 5);
    for (size_t i = 0; i < gauges.sensor_count; i++)
        assert_string_not_equal(gauges.sensor_name[i], "PMIC-Die");
    doubt_gauges_close(&gauges);
}

static void words_are_no_numbers(void **state)
{
    (void)state;
    struct tree tree = tree_new("server");
    struct doubt_gauges gauges;
    struct doubt_gauge_reading reading;
    tree_put(&tree, "sys/class/thermal/thermal_zone0/temp", "nan\n");
    tree_put(&tree, "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "inf\n");
    doubt_gauges_open(tree.root, &gauges);
    doubt_gauges_read(&gauges, &reading);
    assert_true(reading.temperature_c == 55.5);
    assert_true(reading.frequency_hz == 3e9);
    doubt_gauges_close(&gauges);
    tree_free(&tree);
}

static void nothing_there_is_not_a_number(void **state)
{
    (void)state;
    struct doubt_gauges gauges;
    struct doubt_gauge_reading reading;
    doubt_gauges_open(FAKE "empty", &gauges);
    doubt_gauges_read(&gauges, &reading);
    assert_true(isnan(reading.temperature_c) && isnan(reading.frequency_hz));
    assert_string_equal(reading.sensor, "");
    doubt_gauges_close(&gauges);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_highest_sensor_again_and_again),
        cmocka_unit_test(leaves_out_a_sensor_that_is_none),
        cmocka_unit_test(words_are_no_numbers),
        cmocka_unit_test(nothing_there_is_not_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

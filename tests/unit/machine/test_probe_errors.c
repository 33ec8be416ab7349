/* test_probe_errors.c: drivers that answer with an error where no file of a tree can: the read is
 * taken over, and fails for the files that a test names.
 *
 * Which error a driver gives: Linux, Documentation/hwmon/ina3221 and drivers/hwmon/ina3221.c
 * (ENODATA for a channel that is switched off), NVIDIA's ina3221x for JetPack 4 (EIO), and
 * tegra-bpmp-thermal (EAGAIN for a unit without power).
 */
#include "machine/machine.h"
#include "machine/probe.h"
#include "machine/probe_int.h"

#include "capture.h"
#include <errno.h>

static struct failing {
    const char *ending; /* of the path; NULL: nothing fails */
    int number;
    int calls;
} failing[2];

static ssize_t read_or_fail(int fd, void *out, size_t bytes, off_t offset)
{
    char link[64], path[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    path[len > 0 ? len : 0] = '\0';
    for (size_t i = 0; i < 2; i++) {
        size_t tail = failing[i].ending != NULL ? strlen(failing[i].ending) : 0;
        if (tail == 0 || (size_t)len < tail ||
            strcmp(path + (size_t)len - tail, failing[i].ending) != 0)
            continue;
        failing[i].calls++;
        errno = failing[i].number;
        return -1;
    }
    return pread(fd, out, bytes, offset);
}

static int take_over(void **state)
{
    (void)state;
    memset(failing, 0, sizeof failing);
    doubti_probe_pread = read_or_fail;
    return 0;
}

static int give_back(void **state)
{
    (void)state;
    doubti_probe_pread = pread;
    return 0;
}

static void assert_fails(struct doubt_probe *probe, const char *why)
{
    assert_non_null(probe);
    assert_true(isnan(doubt_probe_read(probe)));
    assert_string_equal(probe->why, why);
}

/* The zone is there, is not 0, and reads again when its unit has power. */
static void a_zone_without_power_is_not_available(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    struct doubt_probes probes;
    open_probes(&tree, &probes);
    struct doubt_probe *zone = by_name(&probes, "thermal", "GPU-therm");
    assert_non_null(zone);
    double before = doubt_probe_read(zone);
    assert_true(before > 0);
    failing[0] = (struct failing){"/thermal_zone2/temp", EAGAIN, 0};
    assert_fails(zone, "its unit is without power (EAGAIN)");
    assert_true(doubt_probe_read(by_name(&probes, "thermal", "CPU-therm")) > 0);
    failing[0].ending = NULL;
    assert_true(doubt_probe_read(zone) == before && zone->why[0] == '\0');
    doubt_probes_close(&probes);
    tree_free(&tree);
}

/* The highest temperature is that of the sensors that answer. */
static void gauges_leave_out_a_sensor_that_fails(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    struct doubt_gauges gauges;
    struct doubt_gauge_reading all, rest;
    tree_put(&tree, "sys/class/thermal/thermal_zone1/temp", "88000");
    doubt_gauges_open(tree.root, &gauges);
    doubt_gauges_read(&gauges, &all);
    assert_true(all.temperature_c == 88);
    failing[0] = (struct failing){"/thermal_zone1/temp", EAGAIN, 0};
    doubt_gauges_read(&gauges, &rest);
    assert_true(failing[0].calls > 0);
    assert_true(rest.temperature_c > 0 && rest.temperature_c < 88);
    assert_string_not_equal(rest.sensor, all.sensor);
    doubt_gauges_close(&gauges);
    tree_free(&tree);
}

/* JetPack 4: the channel of a labelled rail is off; the total is another rail, and stays. */
static void a_rail_that_is_off_is_no_zero(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    struct doubt_probes probes;
    failing[0] = (struct failing){"/in_power1_input", EIO, 0};
    open_probes(&tree, &probes);
    assert_fails(by_name(&probes, "ina3221", "POM_5V_GPU"), "the channel is switched off (EIO)");
    struct doubt_probe *total = by_name(&probes, "ina3221", "POM_5V_IN");
    assert_true(total->total && !total->flagged && doubt_probe_read(total) > 0);
    doubt_probes_close(&probes);
    tree_free(&tree);
}

static void put_channel(const struct tree *tree, int channel, const char *label)
{
    static const char folder[] = "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1";
    char path[128];
    tree_put(tree, "sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/name", "ina3221");
    if (label != NULL) {
        snprintf(path, sizeof path, "%s/in%d_label", folder, channel);
        tree_put(tree, path, label);
    }
    snprintf(path, sizeof path, "%s/in%d_input", folder, channel);
    tree_put(tree, path, "5000");
    snprintf(path, sizeof path, "%s/curr%d_input", folder, channel);
    tree_put(tree, path, "1000");
}

/* Linux's driver: power is voltage by current, each of which may fail. A rail that is off and has a
 * name leaves the sum without a part: it is flagged. One without a name is wired to nothing. */
static void a_sum_without_one_of_its_rails_is_not_used(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    struct doubt_probes probes;
    put_channel(&tree, 1, "VDD_GPU_SOC");
    put_channel(&tree, 2, "VDD_CPU_CV");
    failing[0] = (struct failing){"/curr2_input", ENODATA, 0};
    open_probes(&tree, &probes);
    assert_fails(by_name(&probes, "ina3221", "VDD_CPU_CV"),
                 "the channel is switched off (ENODATA)");
    assert_reads(by_name(&probes, "ina3221", "VDD_GPU_SOC"), "VDD_GPU_SOC", 5);
    struct doubt_probe *sum = by_name(&probes, "ina3221", "sum of the rails");
    assert_true(sum != NULL && sum->flagged);
    doubt_probes_close(&probes);
    tree_free(&tree);
    tree = tree_new(NULL);
    put_channel(&tree, 1, "VDD_GPU_SOC");
    put_channel(&tree, 2, NULL);
    open_probes(&tree, &probes);
    sum = by_name(&probes, "ina3221", "sum of the rails");
    assert_true(sum != NULL && !sum->flagged);
    assert_reads(sum, "sum", 5);
    /* Later one of its parts is switched off: then there is no sum, and it is not a smaller one. */
    failing[0] = (struct failing){"/in1_input", ENODATA, 0};
    assert_fails(sum, "the channel is switched off (ENODATA)");
    doubt_probes_close(&probes);
    tree_free(&tree);
}

/* What the other answers are called. */
static void every_error_has_its_reason(void **state)
{
    (void)state;
    static const struct {
        int number;
        const char *why;
    } rows[] = {{EACCES, "readable by root only"},
                {EPERM, "readable by root only"},
                {ENODEV, "the device is gone"},
                {ENOENT, "the device is gone"},
                {ENXIO, "cannot be read: No such device or address"}};
    struct tree tree = tree_new("jetson-nano");
    struct doubt_probes probes;
    open_probes(&tree, &probes);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        failing[0] = (struct failing){"/57000000.gpu/cur_freq", rows[i].number, 0};
        assert_fails(by_name(&probes, "devfreq", "57000000.gpu clock"), rows[i].why);
    }
    doubt_probes_close(&probes);
    tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_zone_without_power_is_not_available, take_over,
                                        give_back),
        cmocka_unit_test_setup_teardown(gauges_leave_out_a_sensor_that_fails, take_over, give_back),
        cmocka_unit_test_setup_teardown(a_rail_that_is_off_is_no_zero, take_over, give_back),
        cmocka_unit_test_setup_teardown(a_sum_without_one_of_its_rails_is_not_used, take_over,
                                        give_back),
        cmocka_unit_test_setup_teardown(every_error_has_its_reason, take_over, give_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_probe.c: probes of the boards in tests/fake/, of trees that change, and of this machine.
 *
 * What the boards' files hold is in the README beside each of them.
 */
#include "machine/probe.h"

#include "tree.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>

static struct doubt_probes probes;

static int close_probes(void **state)
{
    (void)state;
    doubt_probes_close(&probes);
    return 0;
}

static void open_probes(const char *root, const char *kind)
{
    const char *const only[] = {kind, NULL};
    struct doubt_err err = {.code = DOUBT_OK};
    doubt_probes_close(&probes);
    assert_int_equal(doubt_probes_open(root, kind != NULL ? only : NULL, &probes, &err), DOUBT_OK);
}

static struct doubt_probe *find(const char *kind, const char *name)
{
    for (size_t i = 0; i < probes.count; i++)
        if (strcmp(probes.items[i].kind->name, kind) == 0 &&
            strcmp(probes.items[i].name, name) == 0)
            return &probes.items[i];
    fail_msg("no probe \"%s\" of %s", name, kind);
    return NULL;
}

static void assert_value(const char *kind, const char *name, double value)
{
    double got = doubt_probe_read(find(kind, name));
    if (!(fabs(got - value) <= 1e-9 * fabs(value)))
        fail_msg("%s %s: %.17g, not %.17g", kind, name, got, value);
}

/* Not a number, and a reason that contains the words. */
static void assert_missing(const char *kind, const char *name, const char *why)
{
    struct doubt_probe *probe = find(kind, name);
    double got = doubt_probe_read(probe);
    if (!isnan(got) || strstr(probe->why, why) == NULL)
        fail_msg("%s %s: %g, \"%s\"", kind, name, got, probe->why);
}

static void reads_a_nano(void **state)
{
    (void)state;
    open_probes(FAKE "jetson-nano", NULL);
    assert_value("cpufreq", "cpu0 clock", 1428e6);
    assert_value("devfreq", "57000000.gpu clock", 76.8e6);
    assert_true(find("devfreq", "57000000.gpu clock")->part == DOUBT_PROBE_GPU);
    assert_true(find("devfreq", "57000000.gpu clock")->limit == 921.6e6);
    assert_value("memory-clock", "EMC clock", 1600e6);
    assert_value("thermal", "CPU-therm", 33.5);
    assert_missing("thermal", "PMIC-Die", "constant");
    assert_value("ina3221", "POM_5V_IN", 2.729);
    assert_value("ina3221", "POM_5V_GPU", 0.158);
    assert_value("ina3221", "POM_5V_CPU", 0.909);
    assert_true(find("ina3221", "POM_5V_IN")->total);
    assert_false(find("ina3221", "POM_5V_GPU")->total);
    assert_true(find("ina3221", "POM_5V_CPU")->part == DOUBT_PROBE_CPU);
    assert_value("gpu-load", "GPU load", 0);
    assert_value("fan", "pwm-fan target_pwm", 0);
    assert_missing("powercap", "powercap", "RAPL");
}

static void reads_a_tx2_with_two_chips(void **state)
{
    (void)state;
    open_probes(FAKE "jetson-tx2", NULL);
    assert_value("ina3221", "VDD_IN", 2.003);
    assert_value("ina3221", "VDD_SYS_GPU", 0.4);
    assert_true(find("ina3221", "VDD_IN")->total);
    assert_true(find("ina3221", "VDD_SYS_DDR")->part == DOUBT_PROBE_MEMORY);
    assert_value("memory-clock", "EMC clock", 1600e6);
    assert_value("thermal", "MCPU-therm", 35);
    assert_value("cpufreq", "cpu0 clock", 2035.2e6);
}

static void reads_a_xavier_nx(void **state)
{
    (void)state;
    open_probes(FAKE "jetson-xavier-nx", NULL);
    assert_value("ina3221", "VDD_IN", 4.944 * 2.974);
    assert_value("devfreq", "17000000.gv11b clock", 1109.25e6);
    assert_value("cpufreq", "cpu4 clock", 1420.8e6);
    assert_value("gpu-load", "GPU load", 0.99);
    assert_value("soctherm", "oc2: input below 4.5 V", 0);
    assert_value("cooling", "cpufreq-cpu0 1", 0);
    assert_true(find("cooling", "pwm-fan 0")->part == DOUBT_PROBE_OTHER);
}

/* Rails without a total: their sum, channels that are switched off left out. */
static void sums_the_rails_of_an_agx_orin(void **state)
{
    (void)state;
    open_probes(FAKE "jetson-agx-orin-jp5", NULL);
    assert_value("ina3221", "sum of the rails", 2.4 + 0.4 + 5.04 * 0.8 + 5.016 * 0.06);
    assert_true(find("ina3221", "sum of the rails")->total);
    assert_missing("thermal", "CV0-therm", "no sensor");
    assert_missing("thermal", "GPU-therm", "no sensor");
    assert_value("devfreq", "gpu clock", 306e6);
    assert_value("soctherm", "oc3: instantaneous over-current", 0);
    open_probes(FAKE "jetson-agx-orin-jp6", NULL);
    assert_value("ina3221", "sum of the rails", 3.15 + 1.6 + 4.968 + 1.8 * 0.341);
    assert_value("soctherm", "oc3: instantaneous over-current", 27390);
    assert_value("cpufreq", "cpu0 clock", 1420.8e6);
    assert_value("cpufreq", "cpu0 clock, measured", 862e6);
    assert_missing("thermal", "cv1-thermal", "cannot be read");
    assert_missing("ina3221", "1-0041 channel 3", "cannot be read");
}

static void reads_a_raspberry_pi(void **state)
{
    (void)state;
    char text[64];
    open_probes(FAKE "raspberry-pi-4", NULL);
    assert_value("firmware", "firmware throttling", DOUBT_REASON_THERMAL);
    doubt_probe_reasons(DOUBT_REASON_THERMAL | DOUBT_REASON_POWER, text, sizeof text);
    assert_string_equal(text, "power limit, temperature");
    doubt_probe_reasons(0, text, sizeof text);
    assert_string_equal(text, "none");
    assert_value("hwmon", "cpu_thermal temp1", 82.3);
    assert_value("hwmon", "rpi_volt in0", 0);
}

static void reads_a_laptop(void **state)
{
    (void)state;
    open_probes(FAKE "laptop", NULL);
    assert_value("powercap", "package-0 (intel-rapl:0)", 262143.2);
    assert_true(find("powercap", "package-0 (intel-rapl:0)")->total);
    assert_false(find("powercap", "package-0 (intel-rapl-mmio:0)")->total);
    assert_false(find("powercap", "core (intel-rapl:0:0)")->total);
    assert_true(find("powercap", "dram (intel-rapl:0:2)")->part == DOUBT_PROBE_MEMORY);
    assert_value("hwmon", "coretemp Core 1", 68);
    assert_value("hwmon", "BAT0 power1", 11.25);
    assert_value("fan", "dell_smm fan1_input", 2501);
    assert_missing("cooling", "intel_powerclamp 2", "no state");
    assert_missing("thermal", "iwlwifi_1", "no sensor");
    assert_value("cgroup", "throttled time of /user.slice/user-1000.slice", 0.25);
    assert_value("pressure", "waiting for a CPU", 1.234567);
    /* The counter's end is a little above: it wraps. */
    struct doubt_probe *energy = find("powercap", "package-0 (intel-rapl:0)");
    assert_true(fabs(doubt_probe_difference(energy, 262143.2, 1) - 1.12885) < 1e-6);
    assert_true(doubt_probe_difference(energy, 1, 3) == 2);
}

/* No value anywhere is 0 for want of a sensor: every one of them has a reason. */
static void a_machine_without_sensors_says_why(void **state)
{
    (void)state;
    static const char *const roots[] = {FAKE "vm", FAKE "empty", "/no/such/root"};
    for (size_t r = 0; r < sizeof roots / sizeof roots[0]; r++) {
        open_probes(roots[r], NULL);
        size_t kinds = 0;
        while (doubt_probe_kinds[kinds] != NULL)
            kinds++;
        assert_true(probes.count >= kinds);
        for (size_t i = 0; i < probes.count; i++) {
            bool load = strcmp(probes.items[i].kind->name, "load") == 0;
            double value = doubt_probe_read(&probes.items[i]);
            assert_true(isnan(value) || (load && r == 0));
            assert_true(!isnan(value) || probes.items[i].why[0] != '\0');
        }
    }
}

/* --- trees that change --------------------------------------------------------------------- */

static const char power[] = "sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/in_power0_input";

static void follows_a_file_that_changes(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    open_probes(tree.root, "ina3221");
    tree_put(&tree, power, "4512\n");
    assert_value("ina3221", "POM_5V_IN", 4.512);
    tree_put(&tree, power, "");
    assert_missing("ina3221", "POM_5V_IN", "empty");
    tree_put(&tree, power, "broken\n");
    assert_missing("ina3221", "POM_5V_IN", "no number");
    tree_put(&tree, power, "nan\n");
    assert_missing("ina3221", "POM_5V_IN", "no number");
    tree_put(&tree, power, "3000\n");
    assert_value("ina3221", "POM_5V_IN", 3);
    assert_string_equal(find("ina3221", "POM_5V_IN")->why, "");
    tree_free(&tree);
}

/* A third-party carrier has the whole board on the rail that is labelled as the GPU's. */
static void a_total_below_its_part_is_not_used(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    tree_put(&tree, power, "1100\n");
    tree_put(&tree, "sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/in_power1_input", "3800\n");
    open_probes(tree.root, "ina3221");
    assert_missing("ina3221", "POM_5V_IN", "POM_5V_GPU");
    assert_true(find("ina3221", "POM_5V_IN")->flagged);
    assert_value("ina3221", "POM_5V_GPU", 3.8);
    tree_free(&tree);
}

/* Root may read everything: the check needs another user. */
static void says_what_only_root_may_read(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    char path[512];
    snprintf(path, sizeof path, "%s/%s", tree.root, power);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(tree.root, 0755), 0);
    bool root = geteuid() == 0;
    if (root)
        assert_int_equal(seteuid(65534), 0);
    open_probes(tree.root, "ina3221");
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_missing("ina3221", "POM_5V_IN", "root only");
    assert_value("ina3221", "POM_5V_CPU", 0.909);
    tree_free(&tree);
}

static void a_blocking_file_does_not_block(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    char path[512];
    tree_put(&tree, "sys/class/thermal/thermal_zone0/type", "cpu\n");
    snprintf(path, sizeof path, "%s/sys/class/thermal/thermal_zone0/temp", tree.root);
    assert_int_equal(mkfifo(path, 0644), 0);
    open_probes(tree.root, "thermal");
    assert_missing("thermal", "cpu", "cannot be read");
    tree_free(&tree);
}

static void a_link_out_of_the_root_is_not_followed(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    char path[512], other[] = "/tmp/doubt-test-secret-XXXXXX";
    int fd = mkstemp(other);
    assert_true(fd >= 0 && write(fd, "42000\n", 6) == 6);
    close(fd);
    tree_put(&tree, "sys/class/thermal/thermal_zone0/type", "cpu\n");
    snprintf(path, sizeof path, "%s/sys/class/thermal/thermal_zone0/temp", tree.root);
    assert_int_equal(symlink(other, path), 0);
    open_probes(tree.root, "thermal");
    assert_missing("thermal", "cpu", "out of the root");
    unlink(other);
    tree_free(&tree);
}

/* Names of roots are no patterns. */
static void a_root_with_a_star_is_read(void **state)
{
    (void)state;
    struct tree tree = tree_new(NULL);
    char root[128];
    tree_put(&tree, "a*[b]?/sys/class/thermal/thermal_zone0/type", "cpu\n");
    tree_put(&tree, "a*[b]?/sys/class/thermal/thermal_zone0/temp", "42000\n");
    snprintf(root, sizeof root, "%s/a*[b]?", tree.root);
    open_probes(root, "thermal");
    assert_value("thermal", "cpu", 42);
    tree_free(&tree);
}

/* --- this machine -------------------------------------------------------------------------- */

static void counts_switches_of_a_worker(void **state)
{
    (void)state;
    open_probes(NULL, "worker");
    assert_missing("worker", "voluntary switches", "no worker");
    doubt_probes_set_worker(&probes, getpid());
    double before = doubt_probe_read(find("worker", "voluntary switches"));
    assert_true(before >= 0);
    for (int i = 0; i < 20; i++)
        usleep(1000);
    assert_true(doubt_probe_read(find("worker", "voluntary switches")) >= before + 15);
    doubt_probes_set_worker(&probes, 0);
    assert_missing("worker", "forced switches", "no worker");
}

static void this_machine_gives_a_value_or_a_reason(void **state)
{
    (void)state;
    open_probes(NULL, NULL);
    for (size_t i = 0; i < probes.count; i++) {
        double value = doubt_probe_read(&probes.items[i]);
        assert_true(isfinite(value) || probes.items[i].why[0] != '\0');
    }
    assert_true(doubt_probe_read(find("load", "runnable tasks")) >= 0);
}

static void a_value_that_stays_has_no_period(void **state)
{
    (void)state;
    struct doubt_probe_period periods[3];
    open_probes(FAKE "jetson-nano", "ina3221");
    assert_int_equal(probes.count, 3);
    assert_true(doubt_probes_watch(probes.items, 3, 20 * INT64_C(1000000), periods));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(periods[i].ns, 0);
        assert_string_equal(periods[i].why, "0 changes in 0.02 s");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_nano),
        cmocka_unit_test(reads_a_tx2_with_two_chips),
        cmocka_unit_test(reads_a_xavier_nx),
        cmocka_unit_test(sums_the_rails_of_an_agx_orin),
        cmocka_unit_test(reads_a_raspberry_pi),
        cmocka_unit_test(reads_a_laptop),
        cmocka_unit_test(a_machine_without_sensors_says_why),
        cmocka_unit_test(follows_a_file_that_changes),
        cmocka_unit_test(a_total_below_its_part_is_not_used),
        cmocka_unit_test(says_what_only_root_may_read),
        cmocka_unit_test(a_blocking_file_does_not_block),
        cmocka_unit_test(a_link_out_of_the_root_is_not_followed),
        cmocka_unit_test(a_root_with_a_star_is_read),
        cmocka_unit_test(counts_switches_of_a_worker),
        cmocka_unit_test(this_machine_gives_a_value_or_a_reason),
        cmocka_unit_test(a_value_that_stays_has_no_period),
    };
    return cmocka_run_group_tests(tests, NULL, close_probes);
}

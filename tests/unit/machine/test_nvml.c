/* test_nvml.c: GPUs by NVML, against a stand-in library with the manners of several machines. */
#include "machine/parts.h"
#include "machine/probe.h"

#include "tree.h"
#include <math.h>

static struct doubt_probes probes;

static void open_as(const char *library, const char *manners)
{
    static const char *const only[] = {"nvml", NULL};
    char path[512];
    struct doubt_err err = {.code = DOUBT_OK};
    doubt_probes_close(&probes);
    snprintf(path, sizeof path, "%s/tests/%s.so", DOUBT_BUILD, library);
    setenv("DOUBT_NVML", path, 1);
    setenv("DOUBT_FAKE_NVML", manners, 1);
    assert_int_equal(doubt_probes_open(NULL, only, &probes, &err), DOUBT_OK);
}

static struct doubt_probe *find(const char *name)
{
    for (size_t i = 0; i < probes.count; i++)
        if (strcmp(probes.items[i].name, name) == 0)
            return &probes.items[i];
    fail_msg("no probe \"%s\"", name);
    return NULL;
}

static void assert_missing(const char *name, const char *why)
{
    struct doubt_probe *probe = find(name);
    double value = doubt_probe_read(probe);
    if (!isnan(value) || strstr(probe->why, why) == NULL)
        fail_msg("%s: %g, \"%s\"", name, value, probe->why);
}

static void reads_all_of_a_card(void **state)
{
    (void)state;
    open_as("fake-nvml", "h200");
    assert_true(doubt_probe_read(find("gpu0 SM clock")) == 1980e6);
    assert_true(find("gpu0 SM clock")->limit == 1980e6);
    assert_true(doubt_probe_read(find("gpu1 memory clock")) == 3201e6);
    assert_true(doubt_probe_read(find("gpu0 temperature")) == 41);
    assert_true(fabs(doubt_probe_read(find("gpu0 load")) - 0.97) < 1e-12);
    assert_true(doubt_probe_read(find("gpu0 power, average of 1 s")) == 150);
    double instant = doubt_probe_read(find("gpu0 power, instant"));
    assert_true(instant == 80 || instant == 220);
    assert_true(find("gpu0 power, instant")->limit == 700);
    assert_true(doubt_probe_read(find("gpu0 energy")) > 0);
    assert_true(find("gpu0 energy")->slow);
    assert_true(doubt_probe_read(find("gpu0 clock event reasons")) == 0);
    assert_true(doubt_probe_read(find("gpu0 performance state")) == 0);
    assert_true(doubt_probe_read(find("gpu0 compute processes")) == 2);
}

static void says_why_a_hot_card_is_slow(void **state)
{
    (void)state;
    open_as("fake-nvml", "hot");
    assert_true(doubt_probe_read(find("gpu0 clock event reasons")) ==
                (DOUBT_REASON_THERMAL | DOUBT_REASON_POWER));
}

/* An older library has the reasons under their older name, and no fields. */
static void older_libraries_are_read_as_far_as_they_go(void **state)
{
    (void)state;
    open_as("fake-nvml-old", "hot");
    assert_true(doubt_probe_read(find("gpu0 clock event reasons")) ==
                (DOUBT_REASON_THERMAL | DOUBT_REASON_POWER));
    assert_missing("gpu0 power, instant", "does not support");
    assert_true(doubt_probe_read(find("gpu0 power")) >= 80);
}

static void jetsons_answer_little(void **state)
{
    (void)state;
    struct doubt_machine_parts parts;
    open_as("fake-nvml", "orin");
    for (size_t i = 0; i < probes.count; i++) {
        assert_true(isnan(doubt_probe_read(&probes.items[i])));
        assert_non_null(strstr(probes.items[i].why, "does not support"));
    }
    doubt_machine_read_parts(FAKE "jetson-agx-orin-jp6", &parts);
    assert_string_equal(parts.driver.text, "NVIDIA 540.4.0");
    assert_string_equal(parts.gpu.text, "Ampere GPU of Orin");
    assert_string_equal(parts.release.text, "L4T 36.4.7");
    open_as("fake-nvml", "thor");
    assert_true(doubt_probe_read(find("gpu0 power")) == 1.965);
    assert_true(doubt_probe_read(find("gpu0 temperature")) == 36);
    assert_missing("gpu0 SM clock", "does not support");
    assert_missing("gpu0 energy", "does not support");
}

/* "nvmlDeviceGetTemperature = 36", "... FAILED NVMLError_NotSupported", as they were seen: the
 * stand-in answers like that, and the probes say so. */
static void answers_are_those_that_were_seen(void **state)
{
    (void)state;
    static const struct {
        const char *call, *probe;
        double scale;
    } rows[] = {{"nvmlDeviceGetPowerUsage ", "gpu0 power", 1e-3},
                {"nvmlDeviceGetTemperature ", "gpu0 temperature", 1},
                {"nvmlDeviceGetUtilizationRates ", "gpu0 load", 1e-2},
                {"nvmlDeviceGetClockInfo(CLOCK_SM)", "gpu0 SM clock", 1e6}};
    char line[256];
    int checked = 0;
    FILE *file = fopen(DOUBT_TEST_DATA "/jetson/nvml.txt", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "## Orin NX", 10) == 0)
            open_as("fake-nvml", "orin");
        if (strncmp(line, "## Thor", 7) == 0)
            open_as("fake-nvml", "thor");
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            if (strncmp(line, rows[i].call, strlen(rows[i].call)) != 0)
                continue;
            double value = doubt_probe_read(find(rows[i].probe)), seen = NAN;
            const char *equals = strstr(line, "= ");
            if (equals != NULL)
                seen = strtod(equals + strcspn(equals, "0123456789"), NULL) * rows[i].scale;
            assert_true(strstr(line, "FAILED") != NULL ? isnan(value) : value == seen);
            checked++;
        }
    }
    fclose(file);
    assert_int_equal(checked, 8);
}

static void a_library_that_does_not_work_is_a_reason(void **state)
{
    (void)state;
    open_as("fake-nvml", "refuses");
    assert_missing("nvml", "Driver Not Loaded");
    open_as("fake-nvml", "mute");
    assert_missing("nvml", "does not support");
    open_as("no-such-library", "h200");
    assert_missing("nvml", "no NVIDIA driver library");
}

static void a_gpu_that_gets_lost_is_no_value(void **state)
{
    (void)state;
    open_as("fake-nvml", "lost");
    struct doubt_probe *clock = find("gpu0 SM clock");
    assert_true(doubt_probe_read(clock) == 1980e6);
    for (int i = 0; i < 200; i++)
        doubt_probe_read(clock);
    assert_missing("gpu0 SM clock", "lost");
    assert_missing("gpu0 energy", "lost");
}

/* Both at once, and each closed by itself. */
static void the_library_is_shared(void **state)
{
    (void)state;
    static const char *const only[] = {"nvml", NULL};
    struct doubt_probes others;
    open_as("fake-nvml", "h200");
    assert_int_equal(doubt_probes_open(NULL, only, &others, NULL), DOUBT_OK);
    doubt_probes_close(&probes);
    assert_true(doubt_probe_read(&others.items[0]) == 1980e6);
    doubt_probes_close(&others);
}

/* Of a wave that changes every 100 ms by steps of a second, most updates repeat the value: the
 * period seen is that of the changes. The counter changes with every update. */
static void a_counters_period_is_measured(void **state)
{
    (void)state;
    struct doubt_probe_period period;
    open_as("fake-nvml", "h200");
    assert_true(doubt_probes_watch(find("gpu0 energy"), 1, INT64_C(5000000000), &period));
    assert_true(period.ns >= 90000000); /* a machine that is slow sees fewer */
}

static int close_probes(void **state)
{
    (void)state;
    doubt_probes_close(&probes);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_of_a_card),
        cmocka_unit_test(says_why_a_hot_card_is_slow),
        cmocka_unit_test(older_libraries_are_read_as_far_as_they_go),
        cmocka_unit_test(jetsons_answer_little),
        cmocka_unit_test(answers_are_those_that_were_seen),
        cmocka_unit_test(a_library_that_does_not_work_is_a_reason),
        cmocka_unit_test(a_gpu_that_gets_lost_is_no_value),
        cmocka_unit_test(the_library_is_shared),
        cmocka_unit_test(a_counters_period_is_measured),
    };
    return cmocka_run_group_tests(tests, NULL, close_probes);
}

/* test_machine.c: identity and state of the machines in tests/fake/, and of this one. */
#include "machine/machine.h"

#include "machine/machine_int.h"
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define FAKE DOUBT_SOURCE "/tests/fake/"

struct machine {
    struct doubt_machine is;
    struct doubt_machine_state state;
    char line[256], uncontrolled[512];
};

static struct machine read_machine(const char *root)
{
    struct machine m;
    doubt_machine_identify(root, &m.is);
    doubt_machine_read_state(root, &m.state);
    doubt_machine_line(&m.is, m.line, sizeof m.line);
    doubt_machine_uncontrolled(&m.is, &m.state, m.uncontrolled, sizeof m.uncontrolled);
    return m;
}

static void knows_a_jetson_nano(void **state)
{
    (void)state;
    struct machine m = read_machine(FAKE "jetson-nano");
    assert_string_equal(m.is.cpu.text, "Arm Cortex-A57");
    assert_string_equal(m.is.board.text, "NVIDIA Jetson Nano Developer Kit");
    assert_string_equal(m.is.system.text, "Ubuntu 18.04.6 LTS, L4T 32.7.1");
    assert_string_equal(m.is.kernel.text, "Linux 4.9.253-tegra aarch64");
    assert_string_equal(m.is.virtual_machine.text, "none");
    assert_true(m.is.cpus.value == 4 && m.is.cores.value == 4);
    assert_true(m.is.memory_bytes.value == 4059276 * 1024.0);
    assert_true(isnan(m.is.quota.value));
    assert_string_equal(m.line, "NVIDIA Jetson Nano Developer Kit, Arm Cortex-A57, 4 cores");
    assert_string_equal(m.state.governor.text, "schedutil");
    assert_true(m.state.frequency_max_hz.value == 1479e6);
    assert_true(m.state.frequency_hz.value == (1428e6 + 921.6e6) / 2);
    /* Not the 100 degrees that PMIC-Die always says. */
    assert_true(m.state.temperature_c.value == 41.5);
    assert_string_equal(m.state.sensor, "AO-therm");
    assert_string_equal(m.state.turbo.text, "");
    assert_string_equal(m.uncontrolled, "clock frequency (governor schedutil)");
}

static void knows_a_server(void **state)
{
    (void)state;
    struct machine m = read_machine(FAKE "server");
    assert_string_equal(m.is.cpu.text, "Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz");
    assert_string_equal(m.is.board.text, "Dell Inc. PowerEdge R740");
    assert_string_equal(m.is.system.text, "Debian GNU/Linux 12 (bookworm)");
    assert_string_equal(m.is.virtual_machine.text, "none");
    assert_true(m.is.cpus.value == 8 && m.is.cores.value == 4);
    assert_non_null(strstr(m.line, "8 CPUs on 4 cores"));
    assert_string_equal(m.state.governor.text, "performance");
    assert_string_equal(m.state.turbo.text, "on");
    assert_string_equal(m.state.randomisation.text, "off");
    assert_true(m.state.temperature_c.value == 55.5);
    assert_string_equal(m.state.sensor, "coretemp");
    assert_null(strstr(m.uncontrolled, "clock frequency"));
    assert_non_null(strstr(m.uncontrolled, "turbo (on"));
    assert_non_null(strstr(m.uncontrolled, "restarts share one layout"));
}

static void knows_a_container_on_a_guest(void **state)
{
    (void)state;
    struct machine m = read_machine(FAKE "cloud-container");
    assert_true(m.is.is_virtual && m.is.is_container);
    assert_string_equal(m.is.virtual_machine.text,
                        "Google Compute Engine virtual machine, kubernetes container");
    assert_true(m.is.cpus.value == 3 && m.is.cores.value == 2);
    assert_true(m.is.quota.value == 1.5);
    assert_string_equal(m.is.system.text, "Alpine");
    assert_string_equal(m.state.governor.text, "");
    assert_string_equal(m.state.governor.why, "the kernel offers no cpufreq here");
    assert_string_equal(m.state.temperature_c.why, "no sensor");
    assert_non_null(strstr(m.uncontrolled, "clock frequency (virtual machine)"));
    assert_non_null(strstr(m.uncontrolled, "CPU quota (1.5 of 3 CPUs)"));
    assert_non_null(strstr(m.uncontrolled, "randomisation is partial"));
}

static void names_every_kind_of_core(void **state)
{
    (void)state;
    struct machine m = read_machine(FAKE "big-little");
    assert_string_equal(m.is.cpu.text, "Arm Cortex-A53 + Arm Cortex-A73 + "
                                       "CPU of implementer 0x51, part 0x804");
    assert_true(m.is.cpus.value == 7);
    assert_string_equal(m.state.governor.text, "powersave, ondemand");
    assert_string_equal(m.is.kernel.text, "");
    assert_true(strlen(m.is.kernel.why) > 0);
}

/* Nothing is 0 and nothing is made up: each value is missing with its reason. */
static void a_machine_that_tells_nothing(void **state)
{
    (void)state;
    static const char *const roots[] = {FAKE "empty", "/nonexistent"};
    for (size_t i = 0; i < 2; i++) {
        struct machine m = read_machine(roots[i]);
        const struct doubt_machine_text *texts[] = {
            &m.is.cpu,         &m.is.board,    &m.is.system,          &m.is.kernel,
            &m.state.governor, &m.state.turbo, &m.state.randomisation};
        const struct doubt_machine_number *numbers[] = {&m.is.cpus,
                                                        &m.is.cores,
                                                        &m.is.quota,
                                                        &m.is.memory_bytes,
                                                        &m.state.frequency_hz,
                                                        &m.state.frequency_max_hz,
                                                        &m.state.temperature_c};
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
            assert_string_equal(texts[k]->text, "");
            assert_true(strlen(texts[k]->why) > 0);
        }
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
            assert_true(isnan(numbers[k]->value));
            assert_true(strlen(numbers[k]->why) > 0);
        }
        assert_string_equal(m.is.virtual_machine.text, "none");
        assert_string_equal(m.line, "unnamed CPU");
    }
}

static void knows_this_machine(void **state)
{
    (void)state;
    cpu_set_t set;
    struct machine m = read_machine(NULL);
    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    assert_int_equal((int)m.is.cpus.value, CPU_COUNT(&set));
    assert_true(m.is.memory_bytes.value > 0);
    assert_true(strlen(m.is.kernel.text) > 0);
    assert_true(isnan(m.is.cores.value) || m.is.cores.value <= m.is.cpus.value);
}

/* --- parts --------------------------------------------------------------------------------- */

static void reads_lists_of_cpus(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int count;
        long has, has_not;
    } good[] = {{"0", 1, 0, 1},     {"0-3", 4, 3, 4},           {"0,2-3", 3, 2, 1},
                {"5-5,5", 1, 5, 4}, {"0-1,63-65\n", 5, 64, 62}, {"4095", 1, 4095, 4094}};
    static const char *const bad[] = {"",     "a",  "3-1",    "0,", ",0",
                                      "4096", "0-", "0-9999", "-1", "0 1"};
    struct doubti_cpus cpus;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(doubti_cpus_parse(good[i].text, &cpus));
        assert_int_equal(cpus.count, good[i].count);
        assert_true(doubti_cpus_has(&cpus, good[i].has));
        assert_false(doubti_cpus_has(&cpus, good[i].has_not));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(doubti_cpus_parse(bad[i], &cpus));
        assert_int_equal(cpus.count, 0);
    }
    assert_false(doubti_cpus_has(&cpus, -1));
    assert_false(doubti_cpus_has(&cpus, 5000));
}

static void joins_each_text_once(void **state)
{
    (void)state;
    struct doubt_machine_text text = {"", ""};
    doubti_text_join(&text, ", ", "ondemand");
    doubti_text_join(&text, ", ", "demand"); /* within another word */
    doubti_text_join(&text, ", ", "ondemand");
    doubti_text_join(&text, ", ", "");
    doubti_text_join(&text, ", ", "demand");
    assert_string_equal(text.text, "ondemand, demand");
}

static void lines_are_cut_to_fit(void **state)
{
    (void)state;
    char line[20];
    struct machine m = read_machine(FAKE "jetson-nano");
    doubt_machine_line(&m.is, line, sizeof line);
    assert_string_equal(line, "NVIDIA Jetson Nano ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_jetson_nano),          cmocka_unit_test(knows_a_server),
        cmocka_unit_test(knows_a_container_on_a_guest), cmocka_unit_test(names_every_kind_of_core),
        cmocka_unit_test(a_machine_that_tells_nothing), cmocka_unit_test(knows_this_machine),
        cmocka_unit_test(reads_lists_of_cpus),          cmocka_unit_test(joins_each_text_once),
        cmocka_unit_test(lines_are_cut_to_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_view_state.c: lines about the machine below a table: soak, marks, energy. */
#include "report/view.h"

#include "series_fixture.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct fixture f;
static struct doubt_str page;

static int set_up(void **state)
{
    (void)state;
    fixture_init(&f);
    doubt_str_init(&page, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_free(&f);
    doubt_str_free(&page);
    return 0;
}

static void assert_shows(const char *line)
{
    const struct doubt_view_style style = {.title = "The chart", .word = "chart"};
    const struct doubt_record_parts parts = {&f.series, f.cells, FIXTURE_CELLS, NULL, 0};
    doubt_str_clear(&page);
    assert_int_equal(doubt_view_series(&parts, &style, &page, NULL), DOUBT_OK);
    if (strstr(doubt_str_text(&page), line) == NULL)
        fail_msg("no \"%s\" in:\n%s", line, doubt_str_text(&page));
}

static bool shows(const char *text)
{
    return strstr(doubt_str_text(&page), text) != NULL;
}

static void nothing_to_say_is_no_line(void **state)
{
    (void)state;
    f.cells[0].throttled_share = 0;
    f.cells[0].preempted_share = 0.02;
    doubt_text_set(&f.cells[0].energy_source, "no sensor of power or energy can be read");
    assert_shows("ResNet-50");
    assert_false(shows("of its samples"));
    assert_false(shows("energy"));
    assert_false(shows("soak"));
    assert_false(shows("idle power"));
}

static void marks_and_their_reason(void **state)
{
    (void)state;
    f.cells[0].throttled_share = 0.0312;
    f.cells[0].off_clock_share = 0.5;
    f.cells[0].preempted_share = 0.25;
    f.cells[1].preempted_share = 0.5;
    f.cells[0].migrated_share = 0.09;
    f.cells[1].stolen_share = 0.1;
    doubt_text_set(&f.cells[0].throttle_reason, "temperature");
    doubt_text_set(&f.cells[1].machine_events, "oc3 +12");
    assert_shows(
        "of its samples     ResNet-50 openvino f32: throttled 3.1 %, beside a locked clock "
        "50 % (temperature)\n");
    assert_shows("at most            pre-empted 25 % … 50 %, more than 1 % lost to the hypervisor "
                 "10 % of a");
    assert_true(shows("of its samples     Inception V4 openvino f32: oc3 +12\n"));
}

static void a_throttled_row_shows_that_for_a_verdict(void **state)
{
    (void)state;
    fixture_claims(&f);
    doubt_text_set(&f.cells[0].verdict, NULL);
    doubt_text_set(&f.cells[0].differs, "throttled in 3.1 % of samples");
    assert_shows("   throttled in 3.1 % of samples");
    assert_false(shows("HOLDS"));
}

static void energy_with_its_bound(void **state)
{
    (void)state;
    f.cells[0].energy_j = 0.2345;
    f.cells[0].energy_bound_j = 0.0061;
    f.cells[0].power_w = 8.43;
    f.cells[0].fps_per_watt = 4.264;
    f.cells[0].energy_power_ratio = 1.0123;
    doubt_text_set(&f.cells[0].energy_source, "gpu0 energy (nvml), counter, updates every 100 ms");
    f.series.idle_power_w = 2;
    f.series.idle_power_bound_w = 0.05;
    doubt_text_set(&f.series.idle_power_source, "POM_5V_IN (ina3221)");
    assert_shows(
        "energy             ResNet-50 openvino f32: 0.2345 ± 0.0061 J an inference, 8.43 W, "
        "4.26 FPS/W; gpu0 energy");
    assert_true(shows("1.012 of it"));
    assert_true(shows("idle power         2 ± 0.05 W; POM_5V_IN (ina3221)\n"));
}

static void energy_within_its_bound_is_no_figure(void **state)
{
    (void)state;
    f.cells[0].energy_j = 0.1177;
    f.cells[0].energy_bound_j = 33;
    f.cells[0].energy_power_ratio = 2.167;
    doubt_text_set(&f.cells[0].energy_source, "gpu0 energy (nvml)");
    assert_shows(
        "energy             ResNet-50 openvino f32: no figure: the sensor's updates leave");
    assert_true(shows("33 J an inference open"));
    assert_false(shows("0.1177"));
    assert_false(shows("2.167"));
}

static void sides_of_a_comparison_are_a_and_b(void **state)
{
    (void)state;
    doubt_text_set(&f.series.compare_verdict, "INCONCLUSIVE");
    f.series.compare_pairs = 10;
    f.series.compare_margin = 0.01;
    f.cells[1].throttled_share = 0.5;
    assert_shows("of its samples     B: throttled 50 %\n");
}

static void how_the_soak_ended(void **state)
{
    (void)state;
    f.series.soak_ns = 62000000000;
    doubt_text_set(&f.series.soak, "steady within 2 K for 60 s");
    assert_shows(
        "soak               1 min 02 s before the first restart: steady within 2 K for 60 s\n");
}

static void why_there_was_no_soak(void **state)
{
    (void)state;
    doubt_text_set(&f.series.soak, "none: neither can be read");
    assert_shows("not controlled     clock frequency (virtual machine); soak none: neither can be "
                 "read\n");
    doubt_text_set(&f.series.not_controlled, NULL);
    assert_shows("not controlled     soak none: neither can be read\n");
}

/* A quarter of four CPUs' time is one CPU: whoever waits for it takes twice as long. */
static void who_was_there_before(void **state)
{
    (void)state;
    f.series.cpu_count = 4;
    f.series.others_before_share = 0.04;
    assert_shows("ResNet-50");
    assert_false(shows("busy before"));
    f.series.others_before_share = 0.125;
    doubt_text_set(&f.series.others_before_names, "cc1 0.48");
    assert_shows(
        "busy before        others used 12 % of the CPUs in the half second before it began "
        "(cc1 0.48)");
    assert_true(shows("33 %"));
    f.series.others_before_share = 0.25;
    f.series.steal_before_share = 0.06;
    assert_shows("the hypervisor took");
    assert_true(shows("6.0 %"));
    assert_true(shows("twice as") && shows("or longer"));
}

/* Company during the measurement has the line, and what was there before stands in it. */
static void company_before_and_during_is_one_line(void **state)
{
    (void)state;
    f.series.cpu_count = 4;
    f.series.others_share = 0.05;
    f.series.others_before_share = 0.125;
    f.series.steal_before_share = 0.06;
    doubt_text_set(&f.series.others_before_names, "cc1 0.48");
    assert_shows("others             used 5.0 % of the CPUs; 12 % just before it began (cc1 0.48), "
                 "the hypervisor took 6.0 %;");
    assert_false(shows("busy before"));
    assert_true(shows("11 % longer"));
}

/* What decides whether the answer stands comes before what describes the machine. */
static void lines_come_by_weight(void **state)
{
    (void)state;
    static const struct doubt_view_note notes[] = {
        {"conditions", "device: other"}, {"kept", "series 12"}, {NULL, NULL}};
    const struct doubt_view_style style = {.notes = notes};
    const struct doubt_record_parts parts = {&f.series, f.cells, FIXTURE_CELLS, NULL, 0};
    static const char *const keys[] = {"\nmeasured ",       "\ncut ",     "\nothers ",
                                       "\nconditions ",     "\nmachine ", "\nat most ",
                                       "\nnot controlled ", "\nkept "};
    f.series.others_share = 0.05;
    f.cells[0].preempted_share = 0.5;
    doubt_text_set(&f.series.cut, "restarts to 1 (of 20)");
    doubt_str_clear(&page);
    assert_int_equal(doubt_view_series(&parts, &style, &page, NULL), DOUBT_OK);
    const char *at = doubt_str_text(&page);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        at = strstr(at, keys[i]);
        if (at == NULL)
            fail_msg("no%s, or out of order, in:\n%s", keys[i], doubt_str_text(&page));
    }
}

/* What is open cannot be wrong. */
static void error_is_of_conclusive_verdicts(void **state)
{
    (void)state;
    fixture_claims(&f);
    f.series.family = 5;
    assert_shows("\nerror              each verdict is wrong");
    doubt_text_set(&f.cells[0].verdict, "INCONCLUSIVE");
    assert_shows("INCONCLUSIVE");
    assert_false(shows("\nerror "));
    doubt_text_set(&f.cells[0].verdict, "NO STEADY STATE");
    assert_shows("NO STEADY STATE");
    assert_false(shows("\nerror "));
}

static void error_leaves_out_what_few_restarts_cost(void **state)
{
    (void)state;
    fixture_claims(&f);
    f.series.family = 5;
    f.cells[0].restarts = 10;
    f.cells[0].iterations = 100;
    assert_shows("\nerror              each verdict is wrong");
    assert_false(shows("remark on few or short"));
    f.cells[0].iterations = 99;
    assert_shows("remark on few or short");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_to_say_is_no_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(marks_and_their_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_throttled_row_shows_that_for_a_verdict, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(energy_with_its_bound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(energy_within_its_bound_is_no_figure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sides_of_a_comparison_are_a_and_b, set_up, tear_down),
        cmocka_unit_test_setup_teardown(how_the_soak_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(why_there_was_no_soak, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_was_there_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(company_before_and_during_is_one_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_come_by_weight, set_up, tear_down),
        cmocka_unit_test_setup_teardown(error_is_of_conclusive_verdicts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(error_leaves_out_what_few_restarts_cost, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

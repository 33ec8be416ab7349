/* test_trace.c: series of probes, from trees that change and through the telemetry thread.
 *
 * Nothing here depends on how long something takes: a test changes a file and reads, or waits until
 * a thread has read.
 */
#include "measure/joules.h"
#include "measure/shared.h"
#include "measure/telemetry.h"
#include "measure/trace.h"

#include "../machine/tree.h"
#include "util/clock.h"
#include <jansson.h>
#include <math.h>
#include <time.h>

static const char power[] = "sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/in_power0_input";

static const struct doubt_trace_series *find(const struct doubt_trace *trace, const char *name)
{
    for (size_t i = 0; i < trace->count; i++)
        if (strcmp(trace->series[i].probe->name, name) == 0)
            return &trace->series[i];
    fail_msg("no series \"%s\"", name);
    return NULL;
}

static void points_follow_the_files(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    struct doubt_trace trace;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_trace_open(tree.root, &trace, &err), DOUBT_OK);
    doubt_trace_begin(&trace, 0);
    tree_put(&tree, power, "4000\n");
    doubt_trace_read(&trace, true);
    tree_put(&tree, power, "");
    doubt_trace_read(&trace, true);
    tree_put(&tree, power, "5000\n");
    doubt_trace_read(&trace, true);
    const struct doubt_trace_series *series = find(&trace, "POM_5V_IN");
    assert_int_equal(series->count, 3);
    assert_true(series->points[0].value == 4);
    assert_true(isnan(series->points[1].value));
    assert_true(series->points[2].value == 5);
    assert_true(series->points[0].ns < series->points[1].ns);
    assert_true(series->first == 2.729);
    doubt_trace_begin(&trace, 0);
    assert_int_equal(find(&trace, "POM_5V_IN")->count, 0);
    doubt_trace_close(&trace);
    tree_free(&tree);
}

/* Read again at once, only what is asked for in full is read. */
static void a_probe_waits_for_its_period(void **state)
{
    (void)state;
    struct doubt_trace trace;
    assert_int_equal(doubt_trace_open(FAKE "jetson-nano", &trace, NULL), DOUBT_OK);
    doubt_trace_begin(&trace, 0);
    for (size_t i = 0; i < trace.count; i++)
        trace.series[i].due_ns = INT64_MAX;
    doubt_trace_read(&trace, false);
    assert_int_equal(find(&trace, "CPU-therm")->count, 0);
    doubt_trace_read(&trace, true);
    assert_int_equal(find(&trace, "CPU-therm")->count, 1);
    assert_in_range(doubt_trace_period_ns(&trace), 50000000, 250000000);
    doubt_trace_close(&trace);
}

/* A level line keeps its ends, a value that is not there is null. */
static void the_record_is_json(void **state)
{
    (void)state;
    struct tree tree = tree_new("jetson-nano");
    struct doubt_trace trace;
    assert_int_equal(doubt_trace_open(tree.root, &trace, NULL), DOUBT_OK);
    doubt_trace_begin(&trace, 0);
    assert_null(doubt_trace_format(&trace));
    for (int i = 0; i < 6; i++) {
        tree_put(&tree, power, i < 4 ? "4000\n" : i == 4 ? "x" : "4500\n");
        doubt_trace_read(&trace, true);
    }
    char *text = doubt_trace_format(&trace);
    assert_non_null(text);
    json_t *document = json_loads(text, 0, NULL), *probe = NULL;
    size_t i;
    json_array_foreach(json_object_get(document, "probes"), i,
                       probe) if (strcmp(json_string_value(json_object_get(probe, "name")),
                                         "POM_5V_IN") == 0) break;
    const json_t *points = json_object_get(probe, "points");
    assert_string_equal(json_string_value(json_object_get(probe, "unit")), "W");
    assert_int_equal(json_array_size(points), 4); /* 4, 4, null, 4.5 */
    assert_true(json_real_value(json_array_get(json_array_get(points, 0), 1)) == 4);
    assert_true(json_is_null(json_array_get(json_array_get(points, 2), 1)));
    assert_true(json_real_value(json_array_get(json_array_get(points, 3), 1)) == 4.5);
    json_decref(document);
    free(text);
    doubt_trace_close(&trace);
    tree_free(&tree);
}

static void nothing_to_read_is_an_empty_trace(void **state)
{
    (void)state;
    struct doubt_trace trace;
    assert_int_equal(doubt_trace_open("/nonexistent", &trace, NULL), DOUBT_OK);
    for (size_t i = 0; i < trace.count; i++)
        assert_true(trace.series[i].probe->part == DOUBT_PROBE_WORKER);
    doubt_trace_begin(&trace, getpid());
    doubt_trace_read(&trace, true);
    assert_false(trace.failed);
    doubt_trace_close(&trace);
}

/* --- through the thread -------------------------------------------------------------------- */

/* Waits until the thread has read so many points, as long as that takes. */
static void wait_for(struct doubt_telemetry *telemetry, uint64_t files)
{
    struct doubt_telemetry_summary summary;
    do {
        usleep(20000);
        doubt_telemetry_summarise(telemetry, &summary);
    } while (summary.files_read < files);
}

static void the_thread_traces_while_a_worker_runs(void **state)
{
    (void)state;
    struct doubt_telemetry *telemetry;
    struct doubt_telemetry_summary before;
    struct doubt_err err = {.code = DOUBT_OK};
    int phase = DOUBT_PHASE_LOAD;
    assert_int_equal(doubt_telemetry_start(FAKE "jetson-nano", 0, &telemetry, &err), DOUBT_OK);
    doubt_telemetry_begin(telemetry, getpid(), &phase);
    assert_null(doubt_telemetry_trace(telemetry));
    doubt_telemetry_summarise(telemetry, &before);
    wait_for(telemetry, before.files_read + 10);
    __atomic_store_n(&phase, DOUBT_PHASE_SAMPLE, __ATOMIC_RELAXED);
    wait_for(telemetry, before.files_read + 40);
    doubt_telemetry_end(telemetry);
    const struct doubt_trace *trace = doubt_telemetry_trace(telemetry);
    assert_non_null(trace);
    assert_true(find(trace, "POM_5V_IN")->count >= 2);
    assert_true(find(trace, "voluntary switches")->count >= 2);
    size_t kept = find(trace, "POM_5V_IN")->count;
    usleep(300000);
    assert_int_equal(find(trace, "POM_5V_IN")->count, kept); /* nothing is added after the end */
    doubt_telemetry_stop(telemetry);
}

/* The stand-in's energy, as its counter should have it. */
static double joules_at(int64_t ns)
{
    double s = (double)ns / 1e9, part = fmod(s, 2), whole = (s - part) / 2 * 300;
    return whole + (part < 1 ? 80 * part : 80 + 220 * (part - 1));
}

/* A card whose power goes between 80 and 220 W: counter, integral and truth agree within the
 * bounds, however often the readings really came. */
static void counter_and_integral_agree_within_their_bounds(void **state)
{
    (void)state;
    char library[512];
    struct doubt_trace trace;
    struct doubt_joules joules;
    snprintf(library, sizeof library, "%s/tests/fake-nvml.so", DOUBT_BUILD);
    setenv("DOUBT_NVML", library, 1);
    assert_int_equal(doubt_trace_open("/nonexistent", &trace, NULL), DOUBT_OK);
    doubt_trace_begin(&trace, 0);
    for (int i = 0; i < 80; i++) {
        doubt_trace_read(&trace, true);
        usleep(50000);
    }
    const struct doubt_trace_series *energy = find(&trace, "gpu0 energy");
    int64_t from = energy->points[0].ns + 330000000;
    const struct doubt_joules_window window = {
        from, energy->points[energy->count - 1].ns - from - 270000000, true, 0, ""};
    doubt_joules_make(&trace, &window, &joules);
    double truth = joules_at(from + window.length_ns) - joules_at(from);
    assert_non_null(strstr(joules.source, "counter"));
    if (!(fabs(joules.joules - truth) <= joules.bound_joules) ||
        !(fabs(joules.power_joules - truth) <= joules.power_bound_joules))
        fail_msg("truth %g J, counter %g +- %g J, integral %g +- %g J", truth, joules.joules,
                 joules.bound_joules, joules.power_joules, joules.power_bound_joules);
    assert_true(joules.bound_joules < truth && joules.power_bound_joules < truth);
    doubt_trace_close(&trace);
    unsetenv("DOUBT_NVML");
}

static void calls_in_odd_order_do_no_harm(void **state)
{
    (void)state;
    struct doubt_telemetry *telemetry;
    doubt_telemetry_begin(NULL, 0, NULL);
    doubt_telemetry_end(NULL);
    assert_null(doubt_telemetry_trace(NULL));
    assert_int_equal(doubt_telemetry_start(NULL, 0, &telemetry, NULL), DOUBT_OK);
    doubt_telemetry_end(telemetry);
    doubt_telemetry_begin(telemetry, 0, NULL);
    doubt_telemetry_begin(telemetry, getpid(), NULL);
    doubt_telemetry_stop(telemetry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_follow_the_files),
        cmocka_unit_test(a_probe_waits_for_its_period),
        cmocka_unit_test(the_record_is_json),
        cmocka_unit_test(nothing_to_read_is_an_empty_trace),
        cmocka_unit_test(the_thread_traces_while_a_worker_runs),
        cmocka_unit_test(counter_and_integral_agree_within_their_bounds),
        cmocka_unit_test(calls_in_odd_order_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_marks.c: marks of samples from traces that are written by hand.
 *
 * 100 samples of 10 ms, from 1 s on: sample i runs from 1 + i/100 s. Counts are worked out on
 * paper.
 */
#include "measure/marks.h"

#include "record/record.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { SAMPLES = 100, PROBES = 4 };
static const int64_t ms = 1000000;

struct stage {
    struct doubt_trace trace;
    struct doubt_probe probes[PROBES];
    struct doubt_trace_series series[PROBES];
    int64_t samples[SAMPLES];
    struct doubt_marks_window window;
};

static void set_up(struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    stage->trace.series = stage->series;
    for (size_t i = 0; i < SAMPLES; i++)
        stage->samples[i] = 10 * ms;
    stage->window = (struct doubt_marks_window){1000 * ms, 1000 * ms, stage->samples, SAMPLES,
                                                DOUBT_MARKS_EVERY_GPU};
}

static struct doubt_probe *add(struct stage *stage, const char *kind, const char *name,
                               const struct doubt_trace_point *points, size_t count)
{
    struct doubt_probe *probe = &stage->probes[stage->trace.count];
    for (size_t i = 0; doubt_probe_kinds[i] != NULL; i++)
        if (strcmp(doubt_probe_kinds[i]->name, kind) == 0)
            probe->kind = doubt_probe_kinds[i];
    assert_non_null(probe->kind);
    snprintf(probe->name, sizeof probe->name, "%s", name);
    probe->limit = probe->floor = NAN;
    stage->series[stage->trace.count++] = (struct doubt_trace_series){
        .probe = probe, .points = (struct doubt_trace_point *)points, .count = count};
    return probe;
}

static struct doubt_marks make(const struct stage *stage)
{
    struct doubt_marks marks;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_marks_make(&stage->trace, &stage->window, &marks, &err), DOUBT_OK);
    return marks;
}

static void without_probes_nothing_is_known(void **state)
{
    (void)state;
    struct stage stage;
    set_up(&stage);
    struct doubt_marks marks = make(&stage);
    assert_int_equal(marks.throttled, DOUBT_MISSING_I64);
    assert_int_equal(marks.off_clock, DOUBT_MISSING_I64);
    assert_int_equal(marks.migrated, DOUBT_MISSING_I64);
    assert_int_equal(marks.preempted, DOUBT_MISSING_I64);
    assert_int_equal(marks.stolen, DOUBT_MISSING_I64);
    assert_null(marks.runs);
}

/* Bad from the reading at 1.2 s on, good again at 1.5 s: 1.1 to 1.5 s may have been bad, which are
 * samples 10 to 49. */
static void a_reason_marks_the_readings_around_it(void **state)
{
    (void)state;
    static const struct doubt_trace_point points[] = {
        {900000000, 0},
        {1100000000, 0},
        {1200000000, DOUBT_REASON_THERMAL},
        {1350000000, DOUBT_REASON_THERMAL | DOUBT_REASON_IDLE},
        {1500000000, 0},
        {2100000000, 0}};
    struct stage stage;
    set_up(&stage);
    add(&stage, "nvml", "gpu0 clock event reasons", points, 6)->quantity = DOUBT_PROBE_REASONS;
    struct doubt_marks marks = make(&stage);
    assert_int_equal(marks.throttled, 40);
    assert_string_equal(marks.reason, "temperature");
    assert_string_equal(marks.runs, "[[10,40,\"throttled\"]]");
    doubt_marks_free(&marks);
}

/* Another GPU of the machine at its power limit is somebody else's. */
static void only_the_gpu_that_worked_counts(void **state)
{
    (void)state;
    static const struct doubt_trace_point held[] = {{900000000, DOUBT_REASON_POWER},
                                                    {2100000000, DOUBT_REASON_POWER}};
    static const struct doubt_trace_point idle[] = {{900000000, 0}, {2100000000, 0}};
    static const struct {
        int gpu;
        int64_t throttled;
    } rows[] = {{DOUBT_MARKS_EVERY_GPU, SAMPLES},
                {0, 0},
                {1, SAMPLES},
                {7, DOUBT_MISSING_I64},
                {DOUBT_MARKS_NO_GPU, DOUBT_MISSING_I64}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct stage stage;
        set_up(&stage);
        add(&stage, "nvml", "gpu0 clock event reasons", idle, 2)->quantity = DOUBT_PROBE_REASONS;
        add(&stage, "nvml", "gpu1 clock event reasons", held, 2)->quantity = DOUBT_PROBE_REASONS;
        stage.window.gpu = rows[i].gpu;
        struct doubt_marks marks = make(&stage);
        assert_int_equal(marks.throttled, rows[i].throttled);
        doubt_marks_free(&marks);
    }
}

static void idle_and_set_clocks_are_no_throttling(void **state)
{
    (void)state;
    static const struct doubt_trace_point points[] = {{1100000000, DOUBT_REASON_IDLE},
                                                      {1200000000, DOUBT_REASON_OTHER_CLOCKS}};
    struct stage stage;
    set_up(&stage);
    add(&stage, "nvml", "gpu0 clock event reasons", points, 2)->quantity = DOUBT_PROBE_REASONS;
    struct doubt_marks marks = make(&stage);
    assert_int_equal(marks.throttled, 0);
    assert_string_equal(marks.reason, "");
    doubt_marks_free(&marks);
}

/* Where it stood at the outset is no mark, and a fan is none at all. */
static void a_cooling_device_counts_from_its_first_state(void **state)
{
    (void)state;
    static const struct doubt_trace_point points[] = {{900000000, 2}, {1500000000, 3}};
    struct stage stage;
    set_up(&stage);
    add(&stage, "cooling", "cpufreq-cpu0 1", points, 2)->part = DOUBT_PROBE_CPU;
    stage.series[0].first = 2;
    stage.series[0].probe->quantity = DOUBT_PROBE_LEVEL;
    struct doubt_marks marks = make(&stage);
    assert_int_equal(marks.throttled, 100); /* before 1.5 s too: the reading before is at 0.9 s */
    doubt_marks_free(&marks);
    stage.probes[0].part = DOUBT_PROBE_OTHER;
    marks = make(&stage);
    assert_int_equal(marks.throttled, DOUBT_MISSING_I64);
    doubt_marks_free(&marks);
}

static void a_measured_clock_below_the_asked_one_is_held(void **state)
{
    (void)state;
    static const struct doubt_trace_point asked[] = {{1000000000, 1.8e9}, {1900000000, 1.8e9}};
    static const struct doubt_trace_point measured[] = {{1000000000, 1.79e9}, {1900000000, 0.86e9}};
    struct stage stage;
    set_up(&stage);
    add(&stage, "cpufreq", "cpu0 clock", asked, 2);
    add(&stage, "cpufreq", "cpu0 clock, measured", measured, 2);
    struct doubt_marks marks = make(&stage);
    assert_int_equal(marks.throttled, 100);
    assert_non_null(strstr(marks.reason, "held below"));
    doubt_marks_free(&marks);
}

/* Steps are rounded: 614.4 for 614.5 MHz is at the step, 537.6 is not. 1.6 s to 2 s: 40 samples. */
static void a_locked_clock_must_stay(void **state)
{
    (void)state;
    static const struct doubt_trace_point points[] = {
        {1000000000, 614.4e6}, {1600000000, 614.4e6}, {1800000000, 537.6e6}, {2000000000, 614.4e6}};
    struct stage stage;
    set_up(&stage);
    struct doubt_probe *probe = add(&stage, "devfreq", "57000000.gpu clock", points, 4);
    probe->limit = probe->floor = 614.5e6;
    struct doubt_marks marks = make(&stage);
    assert_int_equal(marks.off_clock, 40);
    assert_non_null(strstr(marks.reason, "57000000.gpu"));
    doubt_marks_free(&marks);
    probe->floor = 76.8e6; /* not locked: it may go where it likes */
    marks = make(&stage);
    assert_int_equal(marks.off_clock, DOUBT_MISSING_I64);
    doubt_marks_free(&marks);
}

/* Three switches in an interval of 25 samples, forty in one of 25, a fall, and two outside. */
static void events_bound_the_samples_they_can_have_hit(void **state)
{
    (void)state;
    static const struct doubt_trace_point points[] = {
        {500000000, 0},   {900000000, 2},   {1000000000, 2},  {1250000000, 5},
        {1500000000, 45}, {1750000000, 40}, {2000000000, 40}, {2500000000, 99}};
    struct stage stage;
    set_up(&stage);
    add(&stage, "worker", "forced switches", points, 8);
    add(&stage, "worker", "migrations", points, 1);
    struct doubt_marks marks = make(&stage);
    assert_int_equal(marks.preempted, 3 + 25);
    assert_int_equal(marks.migrated, DOUBT_MISSING_I64);
    assert_string_equal(marks.runs, "[[0,25,\"pre-empted\"],[25,25,\"pre-empted\"]]");
    doubt_marks_free(&marks);
}

/* 1 ms taken is 1 % of 10 ms ten times over; 10 ms of an interval can hit all of its samples. */
static void stolen_time_bounds_the_samples_that_lost_one_per_cent(void **state)
{
    (void)state;
    static const struct doubt_trace_point points[] = {
        {1000000000, 5}, {1500000000, 5.001}, {2000000000, 5.011}};
    struct stage stage;
    set_up(&stage);
    add(&stage, "load", "steal", points, 3);
    struct doubt_marks marks = make(&stage);
    assert_in_range(marks.stolen, 10 + 50, 11 + 50);
    doubt_marks_free(&marks);
}

/* The loop between samples takes its part: 100 samples of 5 ms spread over a second. */
static void samples_are_stretched_to_the_whole(void **state)
{
    (void)state;
    static const struct doubt_trace_point points[] = {
        {1400000000, 0}, {1500000000, DOUBT_REASON_POWER}, {1600000000, 0}};
    struct stage stage;
    set_up(&stage);
    for (size_t i = 0; i < SAMPLES; i++)
        stage.samples[i] = 5 * ms;
    add(&stage, "nvml", "gpu0 clock event reasons", points, 3)->quantity = DOUBT_PROBE_REASONS;
    struct doubt_marks marks = make(&stage);
    assert_in_range(marks.throttled, 20, 21);
    doubt_marks_free(&marks);
}

static void counters_of_over_current_are_told_and_no_mark(void **state)
{
    (void)state;
    static const struct doubt_trace_point points[] = {{1000000000, 27390}, {2000000000, 27402}};
    struct stage stage;
    set_up(&stage);
    static const struct doubt_trace_point processes[] = {{1000000000, 1}, {2000000000, 2}};
    add(&stage, "soctherm", "oc3", points, 2)->quantity = DOUBT_PROBE_EVENTS;
    add(&stage, "nvml", "gpu0 compute processes", processes, 2);
    struct doubt_marks marks = make(&stage);
    assert_string_equal(marks.events, "oc3 +12, 1 other process on gpu0");
    assert_int_equal(marks.throttled, DOUBT_MISSING_I64);
    doubt_marks_free(&marks);
}

/* Every reading failed: nothing is marked, nothing breaks. */
static void a_probe_that_fails_marks_nothing(void **state)
{
    (void)state;
    static const struct doubt_trace_point points[] = {{1000000000, NAN}, {2000000000, NAN}};
    struct stage stage;
    set_up(&stage);
    add(&stage, "nvml", "gpu0 clock event reasons", points, 2)->quantity = DOUBT_PROBE_REASONS;
    add(&stage, "worker", "forced switches", points, 2);
    struct doubt_marks marks = make(&stage);
    assert_int_equal(marks.throttled, DOUBT_MISSING_I64);
    assert_int_equal(marks.preempted, DOUBT_MISSING_I64);
    doubt_marks_free(&marks);
    stage.window.count = 0;
    marks = make(&stage);
    assert_int_equal(marks.preempted, DOUBT_MISSING_I64);
    doubt_marks_free(&marks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_probes_nothing_is_known),
        cmocka_unit_test(a_reason_marks_the_readings_around_it),
        cmocka_unit_test(only_the_gpu_that_worked_counts),
        cmocka_unit_test(idle_and_set_clocks_are_no_throttling),
        cmocka_unit_test(a_cooling_device_counts_from_its_first_state),
        cmocka_unit_test(a_measured_clock_below_the_asked_one_is_held),
        cmocka_unit_test(a_locked_clock_must_stay),
        cmocka_unit_test(events_bound_the_samples_they_can_have_hit),
        cmocka_unit_test(stolen_time_bounds_the_samples_that_lost_one_per_cent),
        cmocka_unit_test(samples_are_stretched_to_the_whole),
        cmocka_unit_test(counters_of_over_current_are_told_and_no_mark),
        cmocka_unit_test(a_probe_that_fails_marks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

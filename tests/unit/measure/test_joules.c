/* test_joules.c: energy of windows from traces with a known answer. */
#include "measure/joules.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { POINTS = 101, PROBES = 4 };
static const int64_t ms = 1000000;

struct stage {
    struct doubt_trace trace;
    struct doubt_probe probes[PROBES];
    struct doubt_trace_series series[PROBES];
    struct doubt_trace_point points[PROBES][POINTS];
};

static struct stage stage;

static int clear(void **state)
{
    (void)state;
    memset(&stage, 0, sizeof stage);
    stage.trace.series = stage.series;
    return 0;
}

/* A total read every 100 ms from 0 s to 10 s. */
static struct doubt_probe *add(const char *kind, const char *name,
                               enum doubt_probe_quantity quantity, double (*value)(double s))
{
    size_t n = stage.trace.count++;
    struct doubt_probe *probe = &stage.probes[n];
    for (size_t i = 0; doubt_probe_kinds[i] != NULL; i++)
        if (strcmp(doubt_probe_kinds[i]->name, kind) == 0)
            probe->kind = doubt_probe_kinds[i];
    assert_non_null(probe->kind);
    snprintf(probe->name, sizeof probe->name, "%s", name);
    probe->quantity = quantity;
    probe->part = DOUBT_PROBE_CPU;
    probe->total = true;
    for (size_t i = 0; i < POINTS; i++)
        stage.points[n][i] = (struct doubt_trace_point){(int64_t)i * 100 * ms, value(i / 10.0)};
    stage.series[n] = (struct doubt_trace_series){.probe = probe,
                                                  .points = stage.points[n],
                                                  .count = POINTS,
                                                  .update_ns = 100 * ms,
                                                  .measured = true};
    return probe;
}

static double ten_watts(double s)
{
    (void)s;
    return 10;
}
static double two_watts(double s)
{
    (void)s;
    return 2;
}
/* 5 W idle, 25 W from 2 s to 8 s. */
static double step(double s)
{
    return s >= 2 && s < 8 ? 25 : 5;
}
static double ramp(double s)
{
    return 3 * s;
}
/* A counter of 40 J/s that wraps at 100 J. */
static double wrapping(double s)
{
    return fmod(30 + 40 * s, 100);
}
static double counter(double s)
{
    return 7 + 20 * s;
}

static struct doubt_joules make(double from_s, double to_s, bool gpu)
{
    const struct doubt_joules_window window = {(int64_t)(from_s * 1e9),
                                               (int64_t)((to_s - from_s) * 1e9), gpu, 0, ""};
    struct doubt_joules joules;
    doubt_joules_make(&stage.trace, &window, &joules);
    return joules;
}

static void assert_within(const struct doubt_joules *joules, double truth, double most)
{
    if (!(fabs(joules->joules - truth) <= joules->bound_joules + 1e-9) ||
        joules->bound_joules > most)
        fail_msg("%g J +- %g J, truth %g J: %s", joules->joules, joules->bound_joules, truth,
                 joules->source);
}

static void no_sensor_is_not_available(void **state)
{
    (void)state;
    struct doubt_joules joules = make(1, 2, false);
    assert_true(isnan(joules.joules) && isnan(joules.bound_joules) && isnan(joules.watts));
    assert_non_null(strstr(joules.source, "no sensor"));
}

static void level_power_is_integrated(void **state)
{
    (void)state;
    add("ina3221", "POM_5V_IN", DOUBT_PROBE_POWER, ten_watts);
    struct doubt_joules joules = make(2.03, 7.51, false);
    assert_true(fabs(joules.joules - 54.8) < 1e-6);
    assert_true(fabs(joules.watts - 10) < 1e-6);
    assert_within(&joules, 54.8, 0.0055); /* a unit of 1 mW */
    assert_string_equal(joules.source,
                        "POM_5V_IN (ina3221), power integrated, updates every 100 ms");
}

/* Whatever lies between two readings, the bound holds: the truth of a step within them. */
static void steps_and_ramps_lie_within_the_bound(void **state)
{
    (void)state;
    add("ina3221", "VDD_IN", DOUBT_PROBE_POWER, step);
    for (double from = 0.5; from < 4; from += 0.37) {
        struct doubt_joules joules = make(from, 9, false);
        double loaded = 8 - fmax(from, 2), truth = 5 * (9 - from) + 20 * loaded;
        assert_within(&joules, truth, 10);
    }
    clear(NULL);
    add("ina3221", "VDD_IN", DOUBT_PROBE_POWER, ramp);
    struct doubt_joules joules = make(1, 9, false);
    assert_within(&joules, 120, 8);
}

static void a_counter_that_wraps_is_counted_on(void **state)
{
    (void)state;
    add("powercap", "package-0 (intel-rapl:0)", DOUBT_PROBE_ENERGY, wrapping)->wrap = 100;
    struct doubt_joules joules = make(1.04, 8.97, false);
    assert_within(&joules, 40 * 7.93, 16);
    assert_true(fabs(joules.watts - 40) < 0.5);
    assert_non_null(strstr(joules.source, "counter"));
}

static void packages_are_added(void **state)
{
    (void)state;
    add("powercap", "package-0 (intel-rapl:0)", DOUBT_PROBE_ENERGY, counter);
    add("powercap", "package-1 (intel-rapl:1)", DOUBT_PROBE_ENERGY, counter);
    add("powercap", "psys (intel-rapl:2)", DOUBT_PROBE_ENERGY, counter)->part = DOUBT_PROBE_BOARD;
    struct doubt_joules joules = make(2, 4, false);
    assert_within(&joules, 80, 12);
    assert_true(fabs(joules.joules - 80) < 1e-6);
}

/* The GPU's counter for work on a GPU, the board's rail for all else, the counter before power. */
static void the_source_fits_the_device(void **state)
{
    (void)state;
    struct doubt_joules_window window;
    add("nvml", "gpu0 power, instant", DOUBT_PROBE_POWER, ten_watts);
    add("nvml", "gpu0 energy", DOUBT_PROBE_ENERGY, counter);
    add("nvml", "gpu1 energy", DOUBT_PROBE_ENERGY, wrapping);
    struct doubt_joules joules = make(2, 4, true);
    assert_within(&joules, 40, 8);
    assert_non_null(strstr(joules.source, "gpu0 energy"));
    joules = make(2, 4, false);
    assert_true(isnan(joules.joules));
    add("ina3221", "VDD_IN", DOUBT_PROBE_POWER, ten_watts);
    joules = make(2, 4, false);
    assert_true(fabs(joules.joules - 20) < 1e-9);
    doubt_joules_device("GPU.1", NULL, &window);
    assert_true(window.gpu && window.gpu_index == 1);
    doubt_joules_device("CPU", NULL, &window);
    assert_false(window.gpu);
    doubt_joules_device(NULL, NULL, &window);
    assert_false(window.gpu);
}

/* What one process sees as cuda:0 is NVML's GPU 1 (two alike, by the stand-in), and its counter is
 * the one that is read; where it is not known which, there is no energy but a reason. */
static void the_gpu_is_the_one_that_the_worker_saw(void **state)
{
    (void)state;
    static const char *const swapped[] = {"A=B", "CUDA_VISIBLE_DEVICES=1,0", NULL};
    static const char *const none[] = {"CUDA_VISIBLE_DEVICES=", NULL};
    struct doubt_joules_window window = {.begun_ns = 2000000000, .length_ns = 2000000000};
    struct doubt_joules joules;
    setenv("DOUBT_NVML", DOUBT_BUILD "/tests/fake-nvml.so", 1);
    add("nvml", "gpu0 energy", DOUBT_PROBE_ENERGY, wrapping);
    add("nvml", "gpu1 energy", DOUBT_PROBE_ENERGY, counter);
    doubt_joules_device("cuda:0", swapped, &window);
    assert_int_equal(window.gpu_index, 1);
    doubt_joules_make(&stage.trace, &window, &joules);
    assert_non_null(strstr(joules.source, "gpu1 energy"));
    assert_within(&joules, 40, 8);
    doubt_joules_device("cuda:1, NVIDIA H200", swapped, &window);
    assert_int_equal(window.gpu_index, 0);
    doubt_joules_device("cuda:1", NULL, &window);
    assert_int_equal(window.gpu_index, 1);
    doubt_joules_device("cuda:0", none, &window);
    assert_int_equal(window.gpu_index, -1);
    doubt_joules_make(&stage.trace, &window, &joules);
    assert_true(isnan(joules.joules));
    assert_non_null(strstr(joules.source, "CUDA_VISIBLE_DEVICES= has no entry for cuda:0"));
    unsetenv("DOUBT_NVML");
}

static void a_total_below_a_part_is_refused(void **state)
{
    (void)state;
    add("ina3221", "POM_5V_IN", DOUBT_PROBE_POWER, two_watts);
    add("ina3221", "POM_5V_GPU", DOUBT_PROBE_POWER, ten_watts)->total = false;
    struct doubt_joules joules = make(2, 4, false);
    assert_true(isnan(joules.joules));
    assert_non_null(strstr(joules.source, "below one of its parts"));
}

static double dies(double s)
{
    return s < 3 ? 10 : NAN;
}

/* Readings that end early do not reach the window's end: no figure, and no guess. */
static void a_sensor_that_dies_gives_no_figure(void **state)
{
    (void)state;
    add("ina3221", "VDD_IN", DOUBT_PROBE_POWER, dies);
    struct doubt_joules joules = make(2, 6, false);
    assert_true(isnan(joules.joules));
    assert_non_null(strstr(joules.source, "too few readings"));
    joules = make(1, 2.5, false);
    assert_true(fabs(joules.joules - 15) < 1e-9);
}

static double resets(double s)
{
    return s < 5 ? 7 + 20 * s : 20 * (s - 5);
}

/* A counter that jumps back and does not wrap was set back: its difference is nothing. */
static void a_counter_that_was_set_back_gives_no_figure(void **state)
{
    (void)state;
    add("powercap", "package-0 (intel-rapl:0)", DOUBT_PROBE_ENERGY, resets);
    struct doubt_joules joules = make(2, 8, false);
    assert_true(isnan(joules.joules));
    assert_true(fabs(make(6, 8, false).joules - 40) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(no_sensor_is_not_available, clear),
        cmocka_unit_test_setup(level_power_is_integrated, clear),
        cmocka_unit_test_setup(steps_and_ramps_lie_within_the_bound, clear),
        cmocka_unit_test_setup(a_counter_that_wraps_is_counted_on, clear),
        cmocka_unit_test_setup(packages_are_added, clear),
        cmocka_unit_test_setup(the_source_fits_the_device, clear),
        cmocka_unit_test_setup(the_gpu_is_the_one_that_the_worker_saw, clear),
        cmocka_unit_test_setup(a_total_below_a_part_is_refused, clear),
        cmocka_unit_test_setup(a_sensor_that_dies_gives_no_figure, clear),
        cmocka_unit_test_setup(a_counter_that_was_set_back_gives_no_figure, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

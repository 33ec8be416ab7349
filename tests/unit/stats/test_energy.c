/* test_energy.c: energy of signals whose integral is known, within the bound that is stated. */
#include "check.h"

enum { READINGS = 400 };

static const int64_t step_ns = 100000000; /* 100 ms */

static double sine(double seconds)
{
    return 6 + 3 * sin(2 * seconds);
}

static double sine_energy(double from, double to)
{
    return 6 * (to - from) + 1.5 * (cos(2 * from) - cos(2 * to));
}

static void test_constant(void **state)
{
    static const int64_t time[] = {0, 1000000000, 3000000000};
    static const double watts[] = {5, 5, 5};
    const struct doubt_power power = {time, watts, 3};
    struct doubt_energy_window window = {500000000, 2500000000, 0, 0, 5, 0, 0};
    struct doubt_energy energy;

    (void)state;
    check_ok(doubt_energy_integrate(&power, &window, &energy, err));
    check_close(energy.joules, 10, 1e-14);
    check_close(energy.mean_watts, 5, 1e-14);
    check_close(energy.bound_joules, 0, 0);
    window.gain_bound = 0.02;
    window.offset_watts = 0.1;
    window.update_ns = 100000000;
    window.idle_watts = 2;
    check_ok(doubt_energy_integrate(&power, &window, &energy, err));
    check_close(energy.bound_joules, 0.02 * 10 + 0.1 * 2 + 2 * 0.1 * 3, 1e-13);
}

/* Steps of different lengths, ends between readings. */
static void test_trapezoids(void **state)
{
    static const int64_t time[] = {0, 2000000000, 3000000000};
    static const double watts[] = {0, 4, 2};
    const struct doubt_power power = {time, watts, 3};
    const struct doubt_energy_window window = {1000000000, 2500000000, 0, 0, 0, 0, 0};
    struct doubt_energy energy;

    (void)state;
    check_ok(doubt_energy_integrate(&power, &window, &energy, err));
    check_close(energy.joules, 1 * (2 + 4) / 2.0 + 0.5 * (4 + 3) / 2, 1e-14);
    check_close(energy.bound_joules, 0.5 * 1 * 4 + 0.5 * 0.5 * 2, 1e-14);
}

static void test_sine(void **state)
{
    int64_t time[READINGS];
    double watts[READINGS];
    const struct doubt_power power = {time, watts, READINGS};
    struct doubt_energy_window window = {3330000000, 31770000000, 0, step_ns, 0, 0, 0};
    struct doubt_energy energy;
    double truth = sine_energy(3.33, 31.77);
    int i;

    (void)state;
    for (i = 0; i < READINGS; i++) {
        time[i] = i * step_ns;
        watts[i] = sine((double)time[i] / 1e9);
    }
    check_ok(doubt_energy_integrate(&power, &window, &energy, err));
    check_close(energy.joules, truth, 0.005);
    assert_true(fabs(energy.joules - truth) <= energy.bound_joules);
    /* a sensor that lags by 250 ms */
    for (i = 0; i < READINGS; i++)
        watts[i] = sine((double)time[i] / 1e9 - 0.25);
    window.delay_ns = 250000000;
    check_ok(doubt_energy_integrate(&power, &window, &energy, err));
    check_close(energy.joules, truth, 0.005);
    window.delay_ns = 0;
    check_ok(doubt_energy_integrate(&power, &window, &energy, err));
    assert_true(fabs(energy.joules - truth) > 0.15); /* what the delay is worth */
}

/* A square wave cannot be integrated well from samples: the bound must say so. */
static void test_square(void **state)
{
    int64_t time[READINGS];
    double watts[READINGS], truth = 0;
    const struct doubt_power power = {time, watts, READINGS};
    const struct doubt_energy_window window = {0, 30000000000, 0, step_ns, 1, 0, 0};
    struct doubt_energy energy;
    int i;

    (void)state;
    for (i = 0; i < READINGS; i++) {
        time[i] = i * step_ns;
        watts[i] = i / 7 % 2 ? 10 : 1;
    }
    for (i = 0; i < 3000000; i++) /* holds between readings */
        truth += 1e-5 * watts[i / 10000];
    check_ok(doubt_energy_integrate(&power, &window, &energy, err));
    assert_true(fabs(energy.joules - truth) <= energy.bound_joules);
    assert_true(energy.bound_joules > 10);
}

static void test_ends(void **state)
{
    static const int64_t time[] = {1000000000, 2000000000};
    static const double watts[] = {3, 5};
    const struct doubt_power power = {time, watts, 2};
    struct doubt_energy_window window = {900000000, 2100000000, 0, 100000000, 0, 0, 0};
    struct doubt_energy energy;

    (void)state;
    check_ok(doubt_energy_integrate(&power, &window, &energy, err));
    check_close(energy.joules, 0.1 * 3 + 4 + 0.1 * 5, 1e-14);
    window.from_ns = 800000000;
    check_refused(doubt_energy_integrate(&power, &window, &energy, err), DOUBT_E_ARGUMENT,
                  "0.1 s at the start");
    window.from_ns = 2100000000;
    check_refused(doubt_energy_integrate(&power, &window, &energy, err), DOUBT_E_ARGUMENT,
                  "window of 0 s");
}

static void test_counter(void **state)
{
    static const int64_t time[] = {0, 1000000000, 2000000000};
    static const uint64_t counts[] = {UINT32_MAX - 999, 99000, 300000};
    struct doubt_counter counter = {time, counts, 3, 1e-3, 1000000, 32};
    struct doubt_energy energy;

    (void)state;
    check_ok(doubt_energy_count(&counter, &energy, err));
    check_close(energy.joules, 301, 1e-13); /* wraps once */
    check_close(energy.mean_watts, 150.5, 1e-13);
    check_close(energy.bound_joules, 2 * 0.001 * 201 + 1e-3, 1e-13);
    counter.bits = 64;
    check_ok(doubt_energy_count(&counter, &energy, err));
    assert_true(energy.joules > 1e15); /* a 64-bit counter would have run that far */
    counter.bits = 65;
    check_refused(doubt_energy_count(&counter, &energy, err), DOUBT_E_ARGUMENT, "65 bits");
    counter.bits = 32;
    counter.unit_joules = 0;
    check_refused(doubt_energy_count(&counter, &energy, err), DOUBT_E_ARGUMENT, "unit 0");
}

static void test_refusals(void **state)
{
    static const int64_t back[] = {0, 2, 2};
    static const double watts[] = {1, NAN, 1};
    const struct doubt_power unordered = {back, watts, 3}, one = {back, watts, 1},
                             missing = {back, watts, 2};
    const struct doubt_energy_window window = {0, 2, 0, 0, 0, 0, 0},
                                     negative = {0, 2, 0, 0, 0, -1, 0};
    static const double good[] = {1, 1};
    const struct doubt_power fine = {back, good, 2};
    struct doubt_energy energy;

    (void)state;
    check_refused(doubt_energy_integrate(&unordered, &window, &energy, err), DOUBT_E_ARGUMENT,
                  "reading 3");
    check_refused(doubt_energy_integrate(&one, &window, &energy, err), DOUBT_E_ARGUMENT,
                  "at least 2");
    check_refused(doubt_energy_integrate(&missing, &window, &energy, err), DOUBT_E_ARGUMENT, "nan");
    check_refused(doubt_energy_integrate(&fine, &negative, &energy, err), DOUBT_E_ARGUMENT,
                  "gain bound -1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constant), cmocka_unit_test(test_trapezoids),
        cmocka_unit_test(test_sine),     cmocka_unit_test(test_square),
        cmocka_unit_test(test_ends),     cmocka_unit_test(test_counter),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

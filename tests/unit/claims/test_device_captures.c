/* test_device_captures.c: the table of devices against what CUDA's tools print on the boards
 * (tests/data/jetson/cuda/).
 *
 * A unit of work is one row of a capture. Cores of one multiprocessor by compute capability:
 * NVIDIA, CUDA C++ Programming Guide, "Arithmetic Instructions", 32-bit floating-point
 * multiply-add.
 */
#include "claims/device.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define DATA DOUBT_TEST_DATA "/jetson/cuda/"

static int cores_of(const char *capability)
{
    return strcmp(capability, "5.3") == 0 ? 128 : 0;
}

/* Multiply-adds of one multiprocessor in a cycle, in 16-bit floating point: packed halves on 128
 * cores; eight tensor cores of 64 (NVIDIA, Tesla V100 GPU Architecture). */
static double halves_of(const char *capability)
{
    return strcmp(capability, "5.3") == 0 ? 2 * 128 : strcmp(capability, "7.2") == 0 ? 8 * 64 : 0;
}

static double peak(const char *device, const char *precision)
{
    const struct doubt_device *row = doubt_device_of_claim(device);
    assert_non_null(row);
    assert_non_null(doubt_device_peak(row, "gpu", precision));
    return doubt_device_peak(row, "gpu", precision)->ops_s;
}

/* Each row with multiprocessors and clock: what these do in f16 is the peak. Clocks are printed
 * with three digits or more. */
static void peaks_are_cores_by_clock(void **state)
{
    (void)state;
    static const struct {
        const char *board, *device;
    } names[] = {{"nano 4GB", "Jetson Nano"}, {"xavier nx", "Jetson Xavier NX"}};
    char line[512];
    int checked = 0;
    FILE *file = fopen(DATA "device-values.tsv", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *columns[9] = {0}, *at = line;
        for (int n = 0; at != NULL && n < 9; n++)
            columns[n] = strsep(&at, "\t\n");
        for (size_t i = 0; line[0] != '#' && i < sizeof names / sizeof names[0]; i++) {
            if (strcmp(columns[0], names[i].board) != 0)
                continue;
            double clock = atof(columns[5]) * (strstr(columns[5], "MHz") != NULL ? 1e6 : 1e9);
            double ops = 2 * halves_of(columns[3]) * atof(columns[4]) * clock;
            assert_true(ops > 0);
            if (fabs(peak(names[i].device, "f16") - ops) > 1e-3 * ops)
                fail_msg("%s: %g, and the table has %g in f16", columns[1], ops,
                         peak(names[i].device, "f16"));
            checked++;
        }
    }
    fclose(file);
    assert_true(checked >= 5);
}

/* "GPU Max Clock rate: 922 MHz", "( 1) Multiprocessors, (128) CUDA Cores/MP", bus and cache. */
static void device_query_of_a_nano(void **state)
{
    (void)state;
    char line[256];
    double units = 0, cores = 0, megahertz = 0, bits = 0, cache = 0, value;
    FILE *file = fopen(DATA "nano-devicequery.txt", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        sscanf(line, " ( %lf) Multiprocessors, (%lf) CUDA Cores/MP", &units, &cores);
        if (sscanf(line, " GPU Max Clock rate: %lf MHz", &value) == 1)
            megahertz = value;
        if (sscanf(line, " Memory Bus Width: %lf-bit", &value) == 1)
            bits = value;
        if (sscanf(line, " L2 Cache Size: %lf bytes", &value) == 1)
            cache = value;
    }
    fclose(file);
    const struct doubt_device *nano = doubt_device_of_claim("Jetson Nano");
    assert_non_null(nano);
    assert_true(cores == cores_of("5.3"));
    double ops = 2 * units * cores * megahertz * 1e6;
    assert_true(fabs(peak("Jetson Nano", "f32") - ops) < 1e-3 * ops);
    assert_true(nano->cache_bytes == cache);
    /* LPDDR4-3200 (NVIDIA's data sheet); the memory clock that CUDA prints is not the memory's. */
    assert_true(fabs(nano->bytes_s - bits / 8 * 3200e6) < 1e-6 * nano->bytes_s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(peaks_are_cores_by_clock),
        cmocka_unit_test(device_query_of_a_nano),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_protocol.c: other tools' arithmetic on times that are known, against figures worked by hand
 * from their sources: docs/PROTOCOLS.md. */
#include "measure/protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 400000 };
static int64_t samples[MOST];

static const struct doubt_protocol *find(const char *name)
{
    const struct doubt_protocol *protocol = NULL;
    struct doubt_err err = {0};
    assert_int_equal(doubt_protocol_find(name, &protocol, &err), DOUBT_OK);
    return protocol;
}

static struct doubt_protocol_figure figure_of(const char *name, size_t count, int64_t iterations)
{
    struct doubt_protocol_figure figure;
    struct doubt_err err = {0};
    const struct doubt_protocol_times times = {samples, count, iterations};
    enum doubt_code code = doubt_protocol_figure(find(name), &times, &figure, &err);
    if (code != DOUBT_OK)
        fail_msg("%s", err.text);
    return figure;
}

static void assert_says(const struct doubt_protocol_figure *figure, const char *text)
{
    if (strstr(figure->text, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", figure->text, text);
}

static void test_names(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    const struct doubt_protocol *protocol = NULL;
    assert_int_equal(doubt_protocol_count(), 6);
    for (size_t i = 0; i < doubt_protocol_count(); i++)
        assert_ptr_equal(find(doubt_protocol_at(i)->name), doubt_protocol_at(i));
    assert_null(doubt_protocol_at(6));
    assert_int_equal(doubt_protocol_find("trtexec", &protocol, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "trtexec-5, trtexec-8, jetson-benchmarks"));
}

/* Ten lines of ten: the first is the cold one, and counts like any other. */
static void test_trtexec_5(void **state)
{
    (void)state;
    for (int i = 0; i < 120; i++)
        samples[i] = (i / 10 + 1) * INT64_C(1000000);
    struct doubt_protocol_figure figure = figure_of("trtexec-5", 120, 0);
    assert_int_equal(figure.count, 100);
    assert_float_equal(figure.ns, 5.5e6, 0);
    assert_says(&figure, "5.5000 ms, mean of its ten lines");
    assert_says(&figure, "they read 1.0000 to 10.0000 ms");
}

static void test_ssd_sample(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        samples[i] = (i < 100 ? 30 : 20) * INT64_C(1000000);
    struct doubt_protocol_figure figure = figure_of("ssd-sample", 1000, 0);
    assert_int_equal(figure.count, 1000);
    assert_float_equal(figure.ns, 21e6, 0);
    assert_says(&figure, "they read 20.0000 to 30.0000 ms");
}

/* 1 + 2 + ... + 77 = 3003 ms are the first 3 s. Of 77 times trtexec leaves out 7, 3 and 0 for the
 * percentiles 90, 95 and 99. */
static void test_trtexec_8(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++)
        samples[i] = (i + 1) * INT64_C(1000000);
    struct doubt_protocol_figure figure = figure_of("trtexec-8", 200, 0);
    assert_int_equal(figure.count, 77);
    assert_float_equal(figure.ns, 39e6, 1000);
    assert_says(&figure, "median 39.0000, 90 % 70.0000, 95 % 74.0000, 99 % 77.0000 ms");
}

/* The rank of a percentile follows from single precision: the 9th of 10 for 90 %, the 100th of 100
 * for 99 %. */
static void test_ranks_of_trtexec(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        samples[i] = (300 + i) * INT64_C(1000000);
    struct doubt_protocol_figure figure = figure_of("trtexec-8", 10, 0);
    assert_int_equal(figure.count, 10);
    assert_says(&figure, "90 % 308.0000, 95 % 309.0000, 99 % 309.0000");
    for (int i = 0; i < 100; i++)
        samples[i] = INT64_C(30000000) + i * 4000;
    figure = figure_of("trtexec-8", 100, 0);
    assert_int_equal(figure.count, 100);
    assert_says(&figure, "99 % 30.39"); /* the largest is 30.396 ms */
}

/* From 131 s on, stamps in single precision are 1/64 ms apart: 0.51 ms reads 0.5156 or less. */
static void test_single_precision_of_jetson_benchmarks(void **state)
{
    (void)state;
    for (int i = 0; i < MOST; i++)
        samples[i] = 510000;
    struct doubt_protocol_figure figure = figure_of("jetson-benchmarks", MOST, 0);
    assert_int_equal(figure.count, 352942); /* 180 s / 0.51 ms, rounded up */
    assert_says(&figure, "99 % 0.5156 ms");
    assert_float_equal(figure.ns, 510000, 0.02 * 510000);
}

/* One warm-up, then 60 s; -niter instead of them. The element n / 2 of the sorted times. */
static void test_benchmark_app(void **state)
{
    (void)state;
    const int64_t ms[] = {4, 1, 3, 2, 9, 9};
    for (int i = 0; i < 6; i++)
        samples[i] = ms[i] * 1000000;
    struct doubt_protocol_figure figure = figure_of("benchmark-app", 6, 4);
    assert_int_equal(figure.count, 4);
    assert_float_equal(figure.ns, 3e6, 0);
    assert_says(&figure, "average 2.5000, min 1.0000, max 4.0000 ms");
    for (int i = 0; i < 100; i++)
        samples[i] = INT64_C(1000000000) + i;
    figure = figure_of("benchmark-app", 100, 0);
    assert_int_equal(figure.count, 60);
    assert_float_equal(figure.ns, 1000000030, 0);
}

/* 1,246 queries in 60 s: LoadGen's own table has h(100) = 1,146 for the 90th percentile, so 99 are
 * discarded and the 100th highest latency is the estimate. */
static void test_loadgen(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++)
        samples[i] = 47550000 + (i + 1) * INT64_C(1000);
    struct doubt_protocol_figure figure = figure_of("mlperf-singlestream", 2000, 0);
    assert_int_equal(figure.count, 1246);
    assert_float_equal(figure.ns, 48697000, 0); /* the 1,147th of 1,246 */
    assert_says(&figure, "(99 queries discarded); the plain one is 48.6720 ms");
    figure = figure_of("mlperf-singlestream", 63, 0); /* h(1) + 1 = 64 */
    assert_true(figure.ns != figure.ns);
    assert_says(&figure, "63 queries are fewer than the 64 needed");
}

static void test_too_few(void **state)
{
    (void)state;
    struct doubt_protocol_figure figure;
    struct doubt_err err = {0};
    const struct doubt_protocol_times none = {samples, 0, 0}, nine = {samples, 9, 0};
    assert_int_equal(doubt_protocol_figure(find("trtexec-5"), &none, &figure, &err),
                     DOUBT_E_ARGUMENT);
    err = (struct doubt_err){0};
    assert_int_equal(doubt_protocol_figure(find("trtexec-5"), &nine, &figure, &err),
                     DOUBT_E_ARGUMENT);
    assert_non_null(strstr(err.text, "9 times are fewer than the 10 of its first line"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_trtexec_5),
        cmocka_unit_test(test_ssd_sample),
        cmocka_unit_test(test_trtexec_8),
        cmocka_unit_test(test_ranks_of_trtexec),
        cmocka_unit_test(test_single_precision_of_jetson_benchmarks),
        cmocka_unit_test(test_benchmark_app),
        cmocka_unit_test(test_loadgen),
        cmocka_unit_test(test_too_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_import.c: each tool's figures, and where its logs are wrong. Oracles: the numbers printed in
 * the files, LoadGen's own result for the trace of the same run, and figures of tests/data/loadgen.
 * Not for plain columns and not for what is refused: test_import_columns.c, test_import_bad.c. */
#include "import_check.h"

#include <doubt/stats.h>

/* --- trtexec -------------------------------------------------------------------------------- */

static void trtexec_5(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("trtexec-5.txt", &usual, &import);
    assert_int_equal(import.format, DOUBT_IMPORT_TRTEXEC);
    assert_int_equal(import.count, 1);
    const struct doubt_import_run *run = &import.runs[0];
    assert_string_equal(run->network, "ResNet50_224x224");
    assert_string_equal(run->precision, "f16");
    assert_int_equal(run->batch, 1);
    assert_int_equal(run->sample_count, 10);
    assert_int_equal(run->sample_of, 10);
    assert_true(fabs(pick(run, "", "", DOUBT_UNIT_RATE) - 27812800) < 1e-3);
    assert_true(fabs(pick(run, "mean", "call", DOUBT_UNIT_TIME) - 27962800) < 1e-3);
    assert_true(fabs(pick(run, "max", "device", DOUBT_UNIT_TIME) - 28052100) < 1e-3);
    assert_true(isnan(pick(run, "p99", "", DOUBT_UNIT_TIME)));
    assert_true(has_note(run, DOUBT_IMPORT_LIMIT, "without warm-up"));
    assert_true(has_note(run, DOUBT_IMPORT_LIMIT, "their maximum"));
    doubt_import_free(&import);
}

static void trtexec_7(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("trtexec-7.txt", &usual, &import);
    const struct doubt_import_run *run = &import.runs[0];
    assert_int_equal(import.count, 1);
    assert_string_equal(run->version, "7.2.1");
    assert_string_equal(run->precision, "f16");
    assert_true(has_note(run, DOUBT_IMPORT_REMARK, "allowed to use"));
    assert_true(pick(run, "", "", DOUBT_UNIT_TIME) == 3050980);
    assert_true(pick(run, "p99", "host", DOUBT_UNIT_TIME) == 3654790);
    assert_true(isnan(pick(run, "throughput", "", DOUBT_UNIT_RATE)));
    assert_true(has_note(run, DOUBT_IMPORT_WRONG, "line 27"));
    assert_true(has_note(run, DOUBT_IMPORT_LIMIT, "end to end"));
    doubt_import_free(&import);
}

/* A published log of a Jetson Nano, as it was printed. */
static void trtexec_8(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("trtexec-8.txt", &usual, &import);
    const struct doubt_import_run *run = &import.runs[0];
    const struct doubt_import_figure *mean = find(run, "GPU compute time", "mean");
    assert_int_equal(import.count, 1);
    assert_string_equal(run->version, "8.2.1");
    assert_string_equal(run->device, "NVIDIA Tegra X1");
    assert_string_equal(run->input, "1x3x288x800");
    assert_string_equal(run->precision, "f32");
    assert_true(has_note(run, DOUBT_IMPORT_REMARK, "--noTF32"));
    assert_int_equal(run->batch, 1);
    assert_true(&run->figures[run->main_time] == mean);
    assert_string_equal(mean->text, "90.1061 ms");
    assert_true(mean->figure.value == 90106100);
    assert_true(fabs(mean->figure.hi - 90106150) < 1e-6 && fabs(mean->figure.lo - 90106050) < 1e-6);
    assert_string_equal(mean->boundary, "device");
    assert_true(pick(run, "throughput", "", DOUBT_UNIT_RATE) == 11.0613);
    assert_true(pick(run, "median", "host", DOUBT_UNIT_TIME) == 90303500);
    assert_int_equal(run->sample_count, 3);
    assert_int_equal(count_wrong(run), 0);
    doubt_import_free(&import);
}

static void trtexec_10(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("trtexec-10.txt", &usual, &import);
    const struct doubt_import_run *run = &import.runs[0];
    assert_int_equal(import.count, 1);
    assert_string_equal(run->version, "10.2.0");
    assert_string_equal(run->network, "resnet50_b8");
    assert_int_equal(run->batch, 8);
    assert_true(pick(run, "p95", "device", DOUBT_UNIT_TIME) == 10817500);
    assert_true(pick(run, "p95", "", DOUBT_UNIT_TIME) == 10817500);
    assert_true(has_note(run, DOUBT_IMPORT_REMARK, "queries of 8 inputs"));
    assert_true(has_note(run, DOUBT_IMPORT_REMARK, "coefficient of variance"));
    /* An engine from a file: "Precision: FP32" is printed and means nothing. */
    assert_string_equal(run->precision, "");
    assert_true(has_note(run, DOUBT_IMPORT_REMARK, "loaded from a file"));
    assert_int_equal(count_wrong(run), 0);
    doubt_import_free(&import);
}

/* Runs are told apart; those without a measurement stand among them with the reason. */
static void several(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("trtexec-several.txt", &usual, &import);
    assert_int_equal(import.count, 4);
    assert_true(pick(&import.runs[0], "", "", DOUBT_UNIT_TIME) == 27800000);
    assert_true(pick(&import.runs[3], "", "", DOUBT_UNIT_TIME) == 27780000);
    assert_string_equal(import.runs[1].refused,
                        "lines 9 to 14: trtexec failed: Engine set up failed");
    assert_non_null(strstr(import.runs[2].refused, "the engine was built and inference skipped"));
    assert_true(isnan(pick(&import.runs[1], "", "", DOUBT_UNIT_TIME)));
    doubt_import_free(&import);
}

/* Summaries that were kept without the lines around them, and a version without points. */
static void bare_summaries(void **state)
{
    (void)state;
    static const char text[] =
        "=== Device Information ===\nSelected Device: NVIDIA GeForce RTX 4050 Laptop GPU\n"
        "TensorRT version: 8001\n=== Performance summary ===\nThroughput: 353.015 qps\n\n"
        "GPU Compute Time: min = 2.80988 ms, max = 3.0116 ms, mean = 2.83097 ms, median = 2.83057 "
        "ms, percentile(90%) = 2.83545 ms\n```\n## BatchSize 4\n=== Performance summary ===\n"
        "Throughput: 106.051 qps\n\nGPU Compute Time: min = 9.38904 ms, max = 9.45166 ms, mean = "
        "9.42776 ms, median = 9.42969 ms, percentile(90%) = 9.43604 ms\nThroughput: 34.1773 qps\n"
        "GPU Compute Time: min = 29.2 ms, max = 29.3 ms, mean = 29.25 ms, median = 29.25 ms\n";
    static const double rates[] = {353.015, 106.051, 34.1773},
                        means[] = {2830970, 9427760, 29250000};
    struct doubt_import import;
    struct doubt_err err = {0};
    assert_int_equal(doubt_import_read(text, strlen(text), &usual, &import, &err), DOUBT_OK);
    assert_int_equal(import.count, 3);
    assert_string_equal(import.runs[0].device, "NVIDIA GeForce RTX 4050 Laptop GPU");
    assert_string_equal(import.runs[0].version, "8.0.1");
    for (int i = 0; i < 3; i++) {
        assert_true(pick(&import.runs[i], "throughput", "", DOUBT_UNIT_RATE) == rates[i]);
        assert_true(pick(&import.runs[i], "", "", DOUBT_UNIT_TIME) == means[i]);
    }
    doubt_import_free(&import);
}

/* The sample as the file has it: 69 queries begin before 200 ms. */
static void times(void **state)
{
    (void)state;
    struct doubt_import import, all;
    const struct doubt_import_how nothing_left_out = {.warmup_ms = 0};
    struct doubt_moments moments;
    open_file("trtexec-times.json", &usual, &import);
    open_file("trtexec-times.json", &nothing_left_out, &all);
    const struct doubt_import_run *run = &import.runs[0];
    assert_int_equal(all.runs[0].sample_count, 420);
    assert_int_equal(run->sample_count, 351);
    assert_memory_equal(run->samples, all.runs[0].samples + 69, 351 * sizeof(double));
    assert_int_equal(doubt_moments(run->samples, 351, &moments, NULL), DOUBT_OK);
    assert_true(pick(run, "", "", DOUBT_UNIT_TIME) == moments.mean);
    assert_true(run->statistics.median_lo < run->statistics.median &&
                run->statistics.median < run->statistics.median_hi);
    /* 299 samples are needed for an upper bound of p99 at 95 % on both sides: 368 at 97.5 %. */
    assert_true(isnan(run->statistics.p99_hi));
    assert_true(all.runs[0].statistics.p99_hi > 0);
    doubt_import_free(&import);
    doubt_import_free(&all);
}

/* Clock readings of 32 bits: late in a long run their step is a part of the time. */
static void times_late(void **state)
{
    (void)state;
    static const char text[] =
        "[ { \"startComputeMs\" : 600000, \"endComputeMs\" : 600000.5, \"computeMs\" : 0.5 }\n"
        ", { \"startComputeMs\" : 600001, \"endComputeMs\" : 600001.5, \"computeMs\" : 0.5 } ]";
    struct doubt_import import;
    struct doubt_err err = {0};
    assert_int_equal(doubt_import_read(text, strlen(text), &usual, &import, &err), DOUBT_OK);
    assert_true(has_note(&import.runs[0], DOUBT_IMPORT_WRONG, "0.062 ms"));
    doubt_import_free(&import);
}

/* --- benchmark_app -------------------------------------------------------------------------- */

static void benchmark_app(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("benchmark-app.txt", &usual, &import);
    const struct doubt_import_run *run = &import.runs[0];
    assert_int_equal(import.count, 1);
    assert_string_equal(run->version, "2026.4.1");
    assert_int_equal(run->batch, 1);
    assert_string_equal(run->input, "1,1,6,6");
    assert_true(pick(run, "", "", DOUBT_UNIT_TIME) == 8730);
    assert_true(pick(run, "mean", "call", DOUBT_UNIT_TIME) == 9720);
    assert_true(pick(run, "", "", DOUBT_UNIT_RATE) == 67973.76);
    /* 50 iterations in "0.74 ms": its two digits leave room for the rate that is printed. */
    assert_int_equal(count_wrong(run), 0);
    doubt_import_free(&import);
    open_file("benchmark-app-cpp.txt", &usual, &import);
    run = &import.runs[0];
    assert_string_equal(run->version, "2022.3.0");
    assert_string_equal(run->precision, "f32");
    assert_string_equal(run->network, "torch_jit");
    assert_true(pick(run, "", "", DOUBT_UNIT_TIME) == 206130000);
    assert_true(isnan(pick(run, "", "call", DOUBT_UNIT_TIME)));
    /* With requests in flight no latency becomes a rate, and no rate a latency. */
    assert_true(isnan(pick(run, "median", "", DOUBT_UNIT_RATE)));
    assert_true(isnan(pick(run, "throughput", "", DOUBT_UNIT_TIME)));
    assert_true(has_note(run, DOUBT_IMPORT_LIMIT, "in flight together"));
    doubt_import_free(&import);
}

static void benchmark_app_reports(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("benchmark-app-cpp.json", &usual, &import);
    assert_int_equal(import.format, DOUBT_IMPORT_OPENVINO_JSON);
    assert_string_equal(import.runs[0].network, "resnet50");
    assert_true(pick(&import.runs[0], "", "call", DOUBT_UNIT_TIME) == 8531100);
    assert_true(pick(&import.runs[0], "", "", DOUBT_UNIT_RATE) == 116.43418);
    assert_int_equal(count_wrong(&import.runs[0]), 0);
    doubt_import_free(&import);
    open_file("benchmark-app.json", &usual, &import);
    assert_true(pick(&import.runs[0], "", "", DOUBT_UNIT_TIME) == 30000);
    assert_true(has_note(&import.runs[0], DOUBT_IMPORT_LIMIT, "its digits leave"));
    doubt_import_free(&import);
    open_file("benchmark-app.csv", &usual, &import);
    assert_int_equal(import.format, DOUBT_IMPORT_OPENVINO_CSV);
    assert_string_equal(import.runs[0].network, "tiny");
    assert_string_equal(find(&import.runs[0], "latency", "median")->boundary, "call");
    doubt_import_free(&import);
}

/* A rate that is 1000 / median was not counted; another one is wrong. */
static void benchmark_app_rate(void **state)
{
    (void)state;
    static const char frame[] = "[Step 1/11] x\n[Step 10/11] x (Start inference synchronously)\n"
                                "[ INFO ] Count: 100 iterations\n[ INFO ] Duration: 1500.00 ms\n"
                                "[ INFO ] Latency:\n[ INFO ] Median: 10.00 ms\n"
                                "[ INFO ] Throughput: %s FPS\n";
    static const char *const rates[] = {"100.00", "300.00", "66.67"};
    for (int i = 0; i < 3; i++) {
        char text[sizeof frame + 16];
        struct doubt_import import;
        struct doubt_err err = {0};
        snprintf(text, sizeof text, frame, rates[i]);
        assert_int_equal(doubt_import_read(text, strlen(text), &usual, &import, &err), DOUBT_OK);
        const struct doubt_import_run *run = &import.runs[0];
        assert_int_equal(count_wrong(run), i < 2);
        assert_int_equal(find(run, "throughput", "throughput")->wrong, i == 1);
        if (i == 0)
            assert_true(has_note(run, DOUBT_IMPORT_WRONG, "1000 / median"));
        doubt_import_free(&import);
    }
}

/* --- LoadGen -------------------------------------------------------------------------------- */

/* The trace holds every latency: LoadGen's own figures of the same run come out of it again. */
static void loadgen_trace(void **state)
{
    (void)state;
    struct doubt_import summary, detail, trace;
    static const char *const statistics[] = {"min", "max", "median", "p90", "p99"};
    open_file("loadgen-single/mlperf_log_summary.txt", &usual, &summary);
    open_file("loadgen-single/mlperf_log_detail.txt", &usual, &detail);
    open_file("loadgen-single/mlperf_log_trace.json", &usual, &trace);
    assert_int_equal(summary.format, DOUBT_IMPORT_LOADGEN);
    assert_int_equal(detail.format, DOUBT_IMPORT_LOADGEN_DETAIL);
    assert_int_equal(trace.format, DOUBT_IMPORT_LOADGEN_TRACE);
    assert_string_equal(detail.runs[0].version, "6.0.17");
    assert_int_equal(trace.runs[0].sample_count, 700);
    for (int i = 0; i < 5; i++) {
        double printed = find(&summary.runs[0], "latency", statistics[i])->figure.value;
        assert_true(find(&detail.runs[0], "latency", statistics[i])->figure.value == printed);
        double counted = find(&trace.runs[0], "latency", statistics[i])->figure.value;
        assert_true(fabs(counted - printed) < 0.01);
    }
    for (int i = 3; i < 5; i++) {
        double printed =
            find(&summary.runs[0], "early stopping estimate", statistics[i])->figure.value;
        double counted =
            find(&trace.runs[0], "early stopping estimate", statistics[i])->figure.value;
        assert_true(fabs(counted - printed) < 0.01);
    }
    double mean = find(&summary.runs[0], "latency", "mean")->figure.value;
    assert_true(fabs(find(&trace.runs[0], "latency", "mean")->figure.value - mean) <= 1);
    assert_int_equal(count_wrong(&summary.runs[0]) + count_wrong(&detail.runs[0]), 0);
    assert_true(pick(&summary.runs[0], "", "", DOUBT_UNIT_TIME) == 202903);
    assert_true(pick(&detail.runs[0], "", "", DOUBT_UNIT_TIME) == 202903);
    doubt_import_free(&summary);
    doubt_import_free(&detail);
    doubt_import_free(&trace);
}

/* 5.258 s + 8 x 2^64 ns / 475.2 million = 315.81 s, beside a median of 315.751 s. */
static void loadgen_mean_wraps(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("loadgen-wrapped.txt", &usual, &import);
    const struct doubt_import_run *run = &import.runs[0];
    assert_true(find(run, "latency", "mean")->wrong);
    assert_true(has_note(run, DOUBT_IMPORT_WRONG, "wrapped 8 times round: the mean was 315.81 s"));
    assert_int_equal(count_wrong(run), 1);
    assert_true(isnan(pick(run, "mean", "", DOUBT_UNIT_TIME)));
    assert_true(pick(run, "", "", DOUBT_UNIT_RATE) == 756960);
    assert_true(isnan(pick(run, "", "", DOUBT_UNIT_TIME)));
    doubt_import_free(&import);
}

static void loadgen_discards(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("loadgen-discards.txt", &usual, &import);
    const struct doubt_import_run *run = &import.runs[0];
    assert_true(has_note(run, DOUBT_IMPORT_WRONG, "its own rule allows 5037 for 520491 queries"));
    assert_true(find(run, "early stopping estimate", "p99")->wrong);
    assert_false(find(run, "query latency", "p99")->wrong);
    doubt_import_free(&import);
}

/* Every pair that published logs print is found to be right, and one more is not. */
static void loadgen_cases(void **state)
{
    (void)state;
    FILE *file = fopen(DOUBT_TEST_DATA "/loadgen/cases.tsv", "r");
    assert_non_null(file);
    double share;
    long queries, least, discarded, n = 0;
    assert_int_equal(fscanf(file, "%*[^\n]"), 0);
    while (fscanf(file, "%lf %ld %ld %ld", &share, &queries, &least, &discarded) == 4) {
        for (int more = 0; more < 2 && (n % 40 == 0 || more == 0); more++) {
            char text[600];
            struct doubt_import import;
            struct doubt_err err = {0};
            snprintf(text, sizeof text,
                     "MLPerf Results Summary\nScenario : SingleStream\n"
                     "%gth percentile latency (ns) : 500\nEarly Stopping Result:\n"
                     " * Processed at least %ld queries (%ld).\n"
                     " * Would discard %ld highest latency queries.\n",
                     100 * share, least, queries, discarded + more);
            assert_int_equal(doubt_import_read(text, strlen(text), &usual, &import, &err),
                             DOUBT_OK);
            if (count_wrong(&import.runs[0]) != (size_t)more)
                fail_msg("%g %ld %ld", share, queries, discarded + more);
            doubt_import_free(&import);
        }
        n++;
    }
    assert_int_equal(n, 1636);
    fclose(file);
}

/* --- jetson_benchmarks, benchncnn ----------------------------------------------------------- */

static void jetson(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("jetson.txt", &usual, &import);
    assert_int_equal(import.count, 2);
    assert_string_equal(import.runs[0].network, "inception_v4");
    assert_true(pick(&import.runs[0], "", "", DOUBT_UNIT_RATE) == 311.73);
    assert_non_null(strstr(import.runs[1].refused, "line 21: vgg19_N2: FPS 0.00"));
    doubt_import_free(&import);
    open_file("jetson-table.md", &usual, &import);
    assert_int_equal(import.count, 3);
    assert_string_equal(import.runs[2].network, "ResNet50_224x224");
    assert_true(pick(&import.runs[2], "", "", DOUBT_UNIT_RATE) == 824.02);
    doubt_import_free(&import);
    refused("bad/jetson-input.csv", &usual, "is the CSV that jetson_benchmarks reads");
}

static void benchncnn(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("benchncnn.txt", &usual, &import);
    assert_int_equal(import.count, 3);
    assert_string_equal(import.runs[1].network, "resnet50");
    assert_true(pick(&import.runs[1], "", "call", DOUBT_UNIT_TIME) == 127310000);
    assert_true(pick(&import.runs[1], "min", "", DOUBT_UNIT_TIME) == 125140000);
    assert_true(has_note(&import.runs[1], DOUBT_IMPORT_LIMIT, "4 iterations"));
    doubt_import_free(&import);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trtexec_5),
        cmocka_unit_test(trtexec_7),
        cmocka_unit_test(trtexec_8),
        cmocka_unit_test(trtexec_10),
        cmocka_unit_test(several),
        cmocka_unit_test(bare_summaries),
        cmocka_unit_test(times),
        cmocka_unit_test(times_late),
        cmocka_unit_test(benchmark_app),
        cmocka_unit_test(benchmark_app_reports),
        cmocka_unit_test(benchmark_app_rate),
        cmocka_unit_test(loadgen_trace),
        cmocka_unit_test(loadgen_mean_wraps),
        cmocka_unit_test(loadgen_discards),
        cmocka_unit_test(loadgen_cases),
        cmocka_unit_test(jetson),
        cmocka_unit_test(benchncnn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

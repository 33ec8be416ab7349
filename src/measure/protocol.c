/* protocol.c: see protocol.h: the table, and each tool's arithmetic.
 *
 * Sources of the arithmetic: NVIDIA/TensorRT samples/trtexec and samples/common (releases 5 and 8),
 * NVIDIA-AI-IOT/jetson_benchmarks, the sample sampleUffSSD_rect of NVIDIA's instructions of 2019,
 * openvinotoolkit/openvino tools/benchmark_tool, mlcommons/inference loadgen.
 */
#include "measure/protocol.h"
#include "measure/times.h"
#include "util/whole.h"

#include <doubt/stats.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)
#define SECOND INT64_C(1000000000)

/* trtexec launches kernel by kernel until TensorRT 11, and so does the sample: no graph. */
static const char no_graph[] = "?graph=0";

static const struct doubt_protocol protocols[] = {
    {"trtexec-5", "trtexec of TensorRT 5",
     "NVIDIA's instructions of 2019 for the Jetson Nano chart", DOUBT_BOUNDARY_DEVICE, 0, 0, 100, 0,
     10, no_graph, DOUBT_PROTOCOL_LINES, "mean of its ten lines \"Average over 10 runs\""},
    {"trtexec-8", "trtexec of TensorRT 8", "NVIDIA/TensorRT samples/trtexec, release 8.5",
     DOUBT_BOUNDARY_DEVICE, 200 * MS, 0, 10, 3 * SECOND, 0, no_graph, DOUBT_PROTOCOL_TRTEXEC,
     "mean of \"GPU Compute Time\""},
    {"jetson-benchmarks", "jetson_benchmarks on trtexec",
     "NVIDIA-AI-IOT/jetson_benchmarks, commit c029c7d", DOUBT_BOUNDARY_DEVICE, 200 * MS, 0, 100,
     180 * SECOND, 100, no_graph, DOUBT_PROTOCOL_TRTEXEC, "mean GPU latency over 180 s"},
    {"ssd-sample", "sampleUffSSD_rect", "NVIDIA's instructions of 2019 for SSD-Mobilenet-V2",
     DOUBT_BOUNDARY_CALL, 0, 0, 1000, 0, 100, no_graph, DOUBT_PROTOCOL_LINES,
     "mean of its ten averages over 100 runs"},
    {"benchmark-app", "benchmark_app of OpenVINO",
     "openvinotoolkit/openvino tools/benchmark_tool, -api sync", DOUBT_BOUNDARY_CALL, 0, 1, 1,
     60 * SECOND, 0, NULL, DOUBT_PROTOCOL_MEDIAN, "\"Median\" of the latency"},
    {"mlperf-singlestream", "LoadGen of MLPerf, SingleStream",
     "mlcommons/inference loadgen, rules of 60 s and 1,024 queries", DOUBT_BOUNDARY_CALL, 0, 0,
     1024, 60 * SECOND, 0, NULL, DOUBT_PROTOCOL_LOADGEN, "early-stopping 90th percentile latency"},
};

enum { COUNT = sizeof protocols / sizeof protocols[0] };

size_t doubt_protocol_count(void)
{
    return COUNT;
}

const struct doubt_protocol *doubt_protocol_at(size_t i)
{
    return i < COUNT ? &protocols[i] : NULL;
}

enum doubt_code doubt_protocol_find(const char *name, const struct doubt_protocol **protocol,
                                    struct doubt_err *err)
{
    char list[256] = "";
    for (size_t i = 0; i < COUNT; i++) {
        if (strcmp(protocols[i].name, name) == 0) {
            *protocol = &protocols[i];
            return DOUBT_OK;
        }
        size_t len = strlen(list);
        snprintf(list + len, sizeof list - len, "%s%s", i > 0 ? ", " : "", protocols[i].name);
    }
    return doubt_err_set(err, DOUBT_E_USAGE, "there is no protocol \"%s\": %s are accepted", name,
                         list);
}

size_t doubt_protocol_taken(const struct doubt_protocol *protocol,
                            const struct doubt_protocol_times *times)
{
    bool fixed = times->iterations > 0;
    size_t least = (size_t)(fixed ? times->iterations : protocol->count_least), taken = 0;
    int64_t elapsed = 0, ns = fixed ? 0 : protocol->ns;
    while (taken < times->count && (taken < least || elapsed < ns))
        elapsed = doubt_whole_sum(elapsed, times->ns[taken++]);
    return taken;
}

/* --- arithmetic ------------------------------------------------------------------------------ */

static double ms_of(double ns)
{
    return ns / 1e6;
}

/* trtexec 5 and the SSD sample: a line is a sum in single precision, divided. */
static double line_ms(const int64_t *samples, size_t count)
{
    float total = 0;
    for (size_t i = 0; i < count; i++)
        total += (float)ms_of((double)samples[i]);
    return (double)(total / (float)count);
}

static void figure_of_lines(const struct doubt_protocol *protocol, const int64_t *samples,
                            struct doubt_protocol_figure *figure)
{
    size_t group = (size_t)protocol->group, lines = (size_t)figure->count / group;
    double sum = 0, least = INFINITY, most = 0;
    for (size_t i = 0; i < lines; i++) {
        double ms = line_ms(samples + i * group, group);
        sum += ms;
        least = fmin(least, ms);
        most = fmax(most, ms);
    }
    figure->ns = sum / (double)lines * 1e6;
    snprintf(figure->text, sizeof figure->text, "%.4f ms, %s; they read %.4f to %.4f ms",
             sum / (double)lines, protocol->printed, least, most);
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Sorted times; the share is computed in single precision, which decides the rank. */
static float trtexec_percentile(const float *sorted, size_t count, float percentile)
{
    size_t exclude = (size_t)((1 - percentile / 100) * (float)count);
    return sorted[exclude < count ? count - 1 - exclude : 0];
}

/* Each time is the difference of two stamps in single precision, in milliseconds since the first
 * event: a day of them has no microseconds left. */
static enum doubt_code figure_of_trtexec(const struct doubt_protocol *protocol,
                                         const int64_t *samples,
                                         struct doubt_protocol_figure *figure,
                                         struct doubt_err *err)
{
    size_t count = (size_t)figure->count;
    float *times = malloc(count * sizeof *times), total = 0;
    int64_t at = 0;
    if (times == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu times", count);
    for (size_t i = 0; i < count; i++) {
        float begin = (float)ms_of((double)at),
              end = (float)ms_of((double)doubt_whole_sum(at, samples[i]));
        times[i] = end - begin;
        total += times[i];
        at = doubt_whole_sum(at, samples[i]);
    }
    qsort(times, count, sizeof *times, compare_floats);
    figure->ns = (double)(total / (float)count) * 1e6;
    snprintf(
        figure->text, sizeof figure->text,
        "%.4f ms, %s; median %.4f, 90 %% %.4f, 95 %% %.4f, 99 %% %.4f ms", ms_of(figure->ns),
        protocol->printed,
        (double)(count % 2 != 0 ? times[count / 2] : (times[count / 2] + times[count / 2 - 1]) / 2),
        (double)trtexec_percentile(times, count, 90), (double)trtexec_percentile(times, count, 95),
        (double)trtexec_percentile(times, count, 99));
    free(times);
    return DOUBT_OK;
}

static void figure_of_median(const struct doubt_protocol *protocol, const int64_t *sorted,
                             struct doubt_protocol_figure *figure)
{
    size_t count = (size_t)figure->count;
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)sorted[i];
    figure->ns = (double)sorted[count / 2];
    snprintf(figure->text, sizeof figure->text, "%.4f ms, %s; average %.4f, min %.4f, max %.4f ms",
             ms_of(figure->ns), protocol->printed, ms_of(sum / (double)count),
             ms_of((double)sorted[0]), ms_of((double)sorted[count - 1]));
}

/* The t-th highest latency; LoadGen takes the queries for independent. */
static enum doubt_code figure_of_loadgen(const struct doubt_protocol *protocol,
                                         const int64_t *sorted,
                                         struct doubt_protocol_figure *figure,
                                         struct doubt_err *err)
{
    const struct doubt_early_stopping rule = {0.9, 0, 0.99};
    int64_t t = 0, least = 0;
    size_t count = (size_t)figure->count;
    enum doubt_code code = doubt_early_stopping_estimate(&rule, figure->count, &t, &least, err);
    if (code != DOUBT_OK)
        return code;
    double plain = (double)sorted[(size_t)((double)count * 0.9)];
    if (t < 1) {
        snprintf(figure->text, sizeof figure->text,
                 "no %s: %lld queries are fewer than the %lld needed; the plain 90th percentile is "
                 "%.4f ms",
                 protocol->printed, (long long)count, (long long)least, ms_of(plain));
        return DOUBT_OK;
    }
    figure->ns = (double)sorted[count - (size_t)t];
    snprintf(figure->text, sizeof figure->text,
             "%.4f ms, %s (%lld queries discarded); the plain one is %.4f ms", ms_of(figure->ns),
             protocol->printed, (long long)t - 1, ms_of(plain));
    return DOUBT_OK;
}

static enum doubt_code figure_of_sorted(const struct doubt_protocol *protocol,
                                        const int64_t *samples,
                                        struct doubt_protocol_figure *figure, struct doubt_err *err)
{
    size_t count = (size_t)figure->count;
    int64_t *sorted = malloc(count * sizeof *sorted);
    enum doubt_code code = DOUBT_OK;
    if (sorted == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu times", count);
    memcpy(sorted, samples, count * sizeof *sorted);
    doubti_times_sort(sorted, count);
    if (protocol->statistic == DOUBT_PROTOCOL_MEDIAN)
        figure_of_median(protocol, sorted, figure);
    else
        code = figure_of_loadgen(protocol, sorted, figure, err);
    free(sorted);
    return code;
}

enum doubt_code doubt_protocol_figure(const struct doubt_protocol *protocol,
                                      const struct doubt_protocol_times *times,
                                      struct doubt_protocol_figure *figure, struct doubt_err *err)
{
    *figure = (struct doubt_protocol_figure){.ns = NAN};
    figure->count = (int64_t)doubt_protocol_taken(protocol, times);
    if (figure->count == 0)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "protocol %s: no times to compute with",
                             protocol->name);
    if (protocol->statistic == DOUBT_PROTOCOL_LINES && figure->count < protocol->group)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "protocol %s: %lld times are fewer than the %lld of its first line",
                             protocol->name, (long long)figure->count, (long long)protocol->group);
    if (protocol->statistic == DOUBT_PROTOCOL_LINES)
        figure_of_lines(protocol, times->ns, figure);
    else if (protocol->statistic == DOUBT_PROTOCOL_TRTEXEC)
        return figure_of_trtexec(protocol, times->ns, figure, err);
    else
        return figure_of_sorted(protocol, times->ns, figure, err);
    return DOUBT_OK;
}

/* import_trace.c: mlperf_log_trace.json of MLPerf LoadGen, which holds the latency of every sample.
 * See import_int.h.
 *
 * A unit of work is one file, which is one test. Read line by line: a trace has hundreds of bytes
 * for each query. Source of the format: ChromeTracer in loadgen/logging.h of mlcommons/inference.
 */
#include "import/import_int.h"

#include <doubt/stats.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trace {
    struct doubti_reading *reading;
    bool begun, ended; /* a sample's begin was read; the trace's last line */
    int64_t id;
    double begin_us, first_us, last_us;
    size_t unmatched;
};

static bool is_head(const char *head)
{
    const char *at = head + strspn(head, " \t\r\n\xef\xbb\xbf");
    return doubti_after(at, "{\"traceEvents\":") != NULL;
}

static void add_event(struct trace *t, const json_t *event)
{
    const char *phase = json_string_value(json_object_get(event, "ph"));
    const json_t *id = json_object_get(event, "id"), *ts = json_object_get(event, "ts");
    double us = json_number_value(ts);
    if (phase == NULL || !json_is_integer(id) || !json_is_number(ts)) {
        doubti_run_refuse(t->reading, "line %zu: a sample has no \"%s\"", t->reading->lines->number,
                          phase == NULL          ? "ph"
                          : !json_is_integer(id) ? "id"
                                                 : "ts");
        return;
    }
    if (phase[0] == 'b') {
        t->unmatched += t->begun;
        t->begun = true;
        t->id = json_integer_value(id);
        t->begin_us = us;
    } else if (phase[0] == 'e' && t->begun && t->id == json_integer_value(id)) {
        t->begun = false;
        if (us < t->begin_us) {
            doubti_run_refuse(t->reading, "line %zu: sample %lld ends before it begins",
                              t->reading->lines->number, (long long)t->id);
            return;
        }
        bool first = doubti_run_last(t->reading)->sample_count == 0;
        t->first_us = first ? t->begin_us : fmin(t->first_us, t->begin_us);
        t->last_us = first ? us : fmax(t->last_us, us);
        doubti_run_sample(t->reading, 1000 * (us - t->begin_us));
    } else {
        t->unmatched++;
    }
}

static void read_event(struct trace *t, char *line, size_t size)
{
    json_error_t why;
    while (size > 0 && (line[size - 1] == ',' || line[size - 1] == ' '))
        size--;
    t->ended |= strstr(line, "\"LastTrace\"") != NULL;
    if (strstr(line, "\"name\":\"Sample\"") == NULL)
        return;
    json_t *event = json_loadb(line, size, JSON_REJECT_DUPLICATES, &why);
    if (event == NULL)
        doubti_run_refuse(t->reading, "line %zu: a sample is no JSON: %s",
                          t->reading->lines->number, why.text);
    else
        add_event(t, event);
    json_decref(event);
}

/* LoadGen's own percentile and its estimate, from the samples: an element of the sorted list, and
 * the t-th highest. */
static void add_percentile(struct trace *t, const double *sorted, double p)
{
    const size_t n = doubti_run_last(t->reading)->sample_count, at = (size_t)((double)n * p);
    char statistic[16];
    doubti_percentile_name(100 * p, statistic);
    const struct doubti_place place = {"latency", p == 0.5 ? "median" : statistic, "host"};
    size_t index = doubti_run_computed(t->reading, &place, sorted[at < n ? at : n - 1], 0.5, "ns");
    if (p == 0.9)
        doubti_run_last(t->reading)->main_time = index;
}

static void add_estimate(struct trace *t, const double *sorted, double p)
{
    const struct doubt_early_stopping rule = {p, 0, 0.99};
    const size_t n = doubti_run_last(t->reading)->sample_count;
    char statistic[16];
    int64_t discarded, least;
    doubti_percentile_name(100 * p, statistic);
    const struct doubti_place place = {"early stopping estimate", statistic, "host"};
    if (doubt_early_stopping_estimate(&rule, (int64_t)n, &discarded, &least, NULL) == DOUBT_OK &&
        discarded >= 1 && (size_t)discarded <= n)
        doubti_run_computed(t->reading, &place, sorted[n - (size_t)discarded], 0.5, "ns");
}

static enum doubt_code add_figures(struct trace *t)
{
    struct doubti_reading *reading = t->reading;
    struct doubt_import_run *run = doubti_run_last(reading);
    const size_t n = run->sample_count;
    const struct doubti_place mean = {"latency", "mean", "host"}, min = {"latency", "min", "host"},
                              max = {"latency", "max", "host"},
                              rate = {"throughput", "throughput", "host"};
    double *sorted = malloc(n * sizeof *sorted);
    if (sorted == NULL)
        return doubt_err_set(reading->err, DOUBT_E_MEMORY, "out of memory for %zu samples", n);
    memcpy(sorted, run->samples, n * sizeof *sorted);
    enum doubt_code code = doubt_sort(sorted, n, reading->err);
    if (code == DOUBT_OK) {
        doubti_run_computed(reading, &mean, run->statistics.mean, 0.5, "ns");
        doubti_run_computed(reading, &min, sorted[0], 0.5, "ns");
        add_percentile(t, sorted, 0.5);
        add_percentile(t, sorted, 0.9);
        add_percentile(t, sorted, 0.99);
        doubti_run_computed(reading, &max, sorted[n - 1], 0.5, "ns");
        add_estimate(t, sorted, 0.9);
        add_estimate(t, sorted, 0.99);
        if (t->last_us > t->first_us)
            run->main_rate = doubti_run_computed(
                reading, &rate, 1e6 * (double)n / (t->last_us - t->first_us), 0, "samples/s");
    }
    free(sorted);
    return code;
}

static enum doubt_code finish(struct trace *t)
{
    struct doubti_reading *reading = t->reading;
    struct doubt_import_run *run = doubti_run_last(reading);
    if (reading->failed != DOUBT_OK || run->refused[0] != '\0')
        return reading->failed;
    if (run->sample_count == 0) {
        doubti_run_refuse(reading, "the trace holds no completed sample");
        return DOUBT_OK;
    }
    snprintf(run->sample_name, sizeof run->sample_name, "latency");
    enum doubt_code code = doubti_run_count(reading);
    if (code == DOUBT_OK && run->statistics.mean <= 0)
        doubti_run_refuse(reading, "every latency is 0");
    if (code != DOUBT_OK || run->refused[0] != '\0')
        return code;
    code = add_figures(t);
    doubti_run_note(reading, DOUBT_IMPORT_MEANS,
                    "every sample is the host time from issue (Server: from the scheduled time) to "
                    "completion (MultiStream: of one sample of a query); percentiles are "
                    "LoadGen's, an element of the sorted list; what was run, and by which "
                    "scenario, stands in the summary");
    doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                    "writing the trace costs time that a run without it does not spend");
    if (t->unmatched > 0)
        doubti_run_note(reading, DOUBT_IMPORT_WRONG,
                        "%zu samples have a begin or an end only, and are left out", t->unmatched);
    if (!t->ended)
        doubti_run_note(reading, DOUBT_IMPORT_WRONG,
                        "the trace has no last line: it is cut off, or LoadGen did not end");
    return code == DOUBT_OK ? reading->failed : code;
}

static enum doubt_code read_trace(struct doubti_reading *reading)
{
    struct trace t = {.reading = reading};
    while (doubti_next(reading)) {
        if (reading->import->count == 0 && doubti_run_add(reading, "MLPerf LoadGen", "") == NULL)
            break;
        if (doubti_run_last(reading)->refused[0] == '\0')
            read_event(&t, reading->lines->line, reading->lines->size);
    }
    t.unmatched += t.begun;
    return reading->import->count > 0 ? finish(&t) : reading->failed;
}

const struct doubti_importer doubti_importer_loadgen_trace = {
    "mlperf_log_trace.json of MLPerf LoadGen", NULL, is_head, read_trace};

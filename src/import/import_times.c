/* import_times.c: the JSON that trtexec --exportTimes writes: one object per query. See
 * import_int.h.
 *
 * A unit of work is one file, which is one process. Read element by element: a file of three
 * minutes of a fast network has gigabytes. Source of the format: exportJSONTrace() in
 * samples/common/sampleReporting.cpp of NVIDIA/TensorRT, tags v7.0.0 to v11.1.
 */
#include "import/import_int.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct times {
    struct doubti_reading *reading;
    size_t queries, warmup;
    double first, last; /* start of the first, end of the last counted, ms */
    double latency_sum, latency_most;
    size_t latencies;
    bool out_of_order;
};

/* Only trtexec's objects have this member. */
static bool is_head(const char *head)
{
    const char *at = head + strspn(head, " \t\r\n\xef\xbb\xbf");
    return *at == '[' && strstr(at, "\"computeMs\"") != NULL &&
           strstr(at, "\"startComputeMs\"") != NULL;
}

/* A member that is a time in ms from 0 up; refuses the run otherwise. */
static bool member(struct times *t, const json_t *query, const char *name, double *ms)
{
    const json_t *value = json_object_get(query, name);
    *ms = json_number_value(value);
    if (json_is_number(value) && *ms >= 0 && isfinite(*ms))
        return true;
    doubti_run_refuse(t->reading, "line %zu: query %zu: \"%s\" %s", t->reading->lines->number + 1,
                      t->queries, name,
                      value == NULL           ? "is missing"
                      : json_is_number(value) ? "is negative"
                                              : "is no number");
    return false;
}

static void add_query(struct times *t, const json_t *query)
{
    double start, end, compute, latency;
    t->queries++;
    if (!member(t, query, "startComputeMs", &start) || !member(t, query, "endComputeMs", &end) ||
        !member(t, query, "computeMs", &compute))
        return;
    t->out_of_order |= t->queries > t->warmup + 1 && end < t->last;
    if (start < t->reading->how->warmup_ms) {
        t->warmup++;
        return;
    }
    if (doubti_run_last(t->reading)->sample_count == 0)
        t->first = start;
    t->last = end;
    doubti_run_sample(t->reading, 1e6 * compute);
    if (json_object_get(query, "latencyMs") == NULL || !member(t, query, "latencyMs", &latency))
        return;
    t->latency_sum += latency;
    t->latency_most = fmax(t->latency_most, latency);
    t->latencies++;
}

/* trtexec keeps its clock readings as 32-bit floats of ms since the start: their step grows. */
static void note_step(struct times *t)
{
    double step = ldexp(1, ilogb(fmax(t->last, 1)) - 23);
    double median = doubti_run_last(t->reading)->statistics.median / 1e6;
    if (median > 0 && step > 0.001 * median)
        doubti_run_note(t->reading, DOUBT_IMPORT_WRONG,
                        "clock readings are 32-bit floats: at %.0f s their step is %.2g ms, which "
                        "is %.2g %% of a query's time and part of every spread and percentile here",
                        t->last / 1000, step, 100 * step / median);
}

static void add_figures(struct times *t)
{
    struct doubti_reading *reading = t->reading;
    struct doubt_import_run *run = doubti_run_last(reading);
    const struct doubti_place rows[] = {
        {"GPU compute time", "mean", "device"},  {"GPU compute time", "median", "device"},
        {"GPU compute time", "p90", "device"},   {"GPU compute time", "p99", "device"},
        {"latency with copies", "mean", "host"}, {"throughput", "throughput", "host"}};
    doubti_run_summarise(reading, rows);
    if (t->latencies > 0)
        doubti_run_computed(reading, &rows[4], 1e6 * t->latency_sum / (double)t->latencies, 0,
                            "ms");
    if (t->last > t->first)
        doubti_run_computed(reading, &rows[5],
                            1000 * (double)run->sample_count / (t->last - t->first), 0, "qps");
}

static void add_notes(struct times *t)
{
    struct doubti_reading *reading = t->reading;
    doubti_run_note(reading, DOUBT_IMPORT_MEANS,
                    "every sample is the GPU compute time of one query between two events on the "
                    "device; the file does not say what was run, with which precision, batch or "
                    "version");
    if (t->warmup > 0)
        doubti_run_note(reading, DOUBT_IMPORT_REMARK,
                        "%zu queries that began in the first %.6g ms were left out, as trtexec "
                        "does in its summary (--warm-up)",
                        t->warmup, reading->how->warmup_ms);
    if (t->out_of_order)
        doubti_run_note(reading, DOUBT_IMPORT_REMARK,
                        "queries do not end in the order of the file: several streams, whose "
                        "times overlap");
    note_step(t);
}

static enum doubt_code finish(struct times *t)
{
    struct doubti_reading *reading = t->reading;
    struct doubt_import_run *run = doubti_run_last(reading);
    if (reading->failed != DOUBT_OK)
        return reading->failed;
    run->last_line = reading->lines->number;
    if (t->queries == 0)
        doubti_run_refuse(reading, "the list of queries is empty");
    else if (run->sample_count == 0)
        doubti_run_refuse(reading,
                          "all %zu queries began in the first %.6g ms, which are warm-up "
                          "(--warm-up)",
                          t->queries, reading->how->warmup_ms);
    if (run->refused[0] != '\0')
        return DOUBT_OK;
    snprintf(run->sample_name, sizeof run->sample_name, "GPU compute time");
    enum doubt_code code = doubti_run_count(reading);
    if (code == DOUBT_OK && run->statistics.mean <= 0)
        doubti_run_refuse(reading, "every computeMs is 0");
    if (code != DOUBT_OK || run->refused[0] != '\0')
        return code;
    add_figures(t);
    add_notes(t);
    return reading->failed;
}

static enum doubt_code read_times(struct doubti_reading *reading)
{
    struct times t = {.reading = reading};
    struct doubti_lines *lines = reading->lines;
    bool more = true;
    if (doubti_run_add(reading, "trtexec", "tensorrt") == NULL)
        return reading->failed;
    doubti_run_last(reading)->first_line = 1;
    doubti_run_last(reading)->converts = true;
    while (more && reading->failed == DOUBT_OK && doubti_run_last(reading)->refused[0] == '\0') {
        json_error_t why;
        struct doubt_err *err = reading->err;
        reading->failed = doubti_lines_element(lines, &more, err);
        if (reading->failed != DOUBT_OK || !more)
            break;
        json_t *query = json_loadb(lines->line, lines->size, JSON_REJECT_DUPLICATES, &why);
        if (query == NULL)
            doubti_run_refuse(reading, "line %zu: query %zu is no JSON: %s", lines->number + 1,
                              t.queries + 1, why.text);
        else
            add_query(&t, query);
        json_decref(query);
    }
    return finish(&t);
}

const struct doubti_importer doubti_importer_trtexec_times = {"JSON of trtexec --exportTimes", NULL,
                                                              is_head, read_times};

/* import_loadgen.c: mlperf_log_summary.txt and mlperf_log_detail.txt of MLPerf LoadGen. See
 * import_int.h.
 *
 * A unit of work is one test, from its title (or its first key) to the next. Source of the
 * formats: loadgen/results.cc and loadgen/logging.h of mlcommons/inference, up to 6.0.
 */
#include "import/import_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Percentiles of both files, as they print them. */
static const char *const percentiles[] = {"50.00", "90.00", "95.00", "97.00", "99.00", "99.90"};
enum { PERCENTILE_COUNT = 6, KEY_MAX = 80, VALUE_MAX = 400 };
static const char with_overhead[] = "rate with LoadGen's overhead";

struct state {
    struct doubti_reading *reading;
    bool open;
    char error[200];
    char part[8]; /* "TTFT ", "TPOT " before early stopping's results; "" */
    struct doubti_loadgen log;
};

static void begin(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    memset(s, 0, sizeof *s);
    s->reading = reading;
    doubti_loadgen_init(&s->log);
    s->open = doubti_run_add(reading, "MLPerf LoadGen", "") != NULL;
}

static void finish(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    struct doubt_import_run *run = doubti_run_last(reading);
    if (!s->open || run == NULL || reading->failed != DOUBT_OK)
        return;
    s->open = false;
    if (strcmp(s->log.mode, "AccuracyOnly") == 0)
        doubti_run_refuse(reading, "lines %zu to %zu: an accuracy run: no time was measured",
                          run->first_line, run->last_line);
    else if (run->figure_count == 0 && s->error[0] != '\0')
        doubti_run_refuse(reading, "lines %zu to %zu: LoadGen failed: %s", run->first_line,
                          run->last_line, s->error);
    else if (run->figure_count == 0)
        doubti_run_refuse(reading, "lines %zu to %zu: the log ends before LoadGen wrote a result",
                          run->first_line, run->last_line);
    if (run->refused[0] != '\0')
        return;
    doubti_loadgen_check(reading, &s->log);
    doubti_loadgen_notes(reading, &s->log);
}

/* A latency in ns: a figure, and the number itself in *out. */
static void add_latency(struct state *s, const char *statistic, const char *text, double *out)
{
    const struct doubti_place place = {s->log.per_query ? "query latency" : "latency", statistic,
                                       "host"};
    size_t index = doubti_run_figure(s->reading, &place, text, "ns");
    if (index != SIZE_MAX)
        *out = doubti_run_last(s->reading)->figures[index].figure.value;
}

static void add_rate(struct state *s, const char *name, const char *text, double out[2])
{
    const struct doubti_place place = {name, "throughput", "host"};
    size_t index = doubti_run_figure(s->reading, &place, text, "samples/s");
    struct doubt_import_run *run = doubti_run_last(s->reading);
    if (index == SIZE_MAX)
        return;
    out[0] = run->figures[index].figure.value;
    out[1] = run->figures[index].figure.hi - out[0];
    if (strcmp(name, "throughput") == 0 || strcmp(name, with_overhead) == 0)
        run->main_rate = index;
}

/* " * Would discard 79 highest latency queries." and " * Early stopping 90.0th percentile estimate:
 * 5" */
static void read_stopping(struct state *s, const char *text)
{
    const char *at;
    double half, percent;
    if ((at = doubti_behind(text, "Would discard ")) != NULL &&
        doubti_number(at, &s->log.discarded, &half) == NULL)
        s->log.discarded = NAN;
    if ((at = doubti_behind(text, "queries (")) != NULL &&
        doubti_number(at, &s->log.queries, &half) == NULL)
        s->log.queries = NAN;
    if ((at = doubti_behind(text, "Only processed ")) != NULL &&
        doubti_number(at, &s->log.queries, &half) == NULL)
        s->log.queries = NAN;
    while ((text = doubti_behind(text, "Early stopping ")) != NULL) {
        const char *value = doubti_behind(text, "estimate: ");
        char statistic[16];
        if (value == NULL || doubti_number(text, &percent, &half) == NULL)
            return;
        doubti_percentile_name(percent, statistic);
        char name[sizeof s->part + 24];
        snprintf(name, sizeof name, "%searly stopping estimate", s->part);
        const struct doubti_place place = {name, statistic, "host"};
        size_t index = doubti_run_figure(s->reading, &place, value, "ns");
        if (s->part[0] == '\0' && index != SIZE_MAX && isnan(s->log.estimate))
            s->log.estimate = doubti_run_last(s->reading)->figures[index].figure.value;
    }
}

static void set_scenario(struct state *s, const char *text)
{
    char name[sizeof s->log.scenario];
    size_t n = 0;
    doubti_text_copy(name, sizeof name, text, NULL);
    for (const char *c = name; *c != '\0'; c++) /* older ones write "Single Stream" */
        if (*c != ' ')
            s->log.scenario[n++] = *c;
    s->log.scenario[n] = '\0';
    doubti_run_setting(s->reading, "scenario", s->log.scenario);
}

static void set_target(struct state *s, double share)
{
    if (share > 0 && share < 1)
        s->log.target = share;
}

/* --- summary -------------------------------------------------------------------------------- */

static bool is_summary(const char *line)
{
    return strcmp(line, "MLPerf Results Summary") == 0 ||
           strcmp(line, "No warnings encountered during test.") == 0 ||
           strcmp(line, "No errors encountered during test.") == 0;
}

/* "50.00 percentile latency (ns)" */
static void read_percentile(struct state *s, const char *name, const char *value)
{
    double percent, half, unused;
    char statistic[16];
    const char *end = doubti_number(name, &percent, &half);
    if (end == NULL)
        return;
    if (doubti_after(end, " percentile latency (ns)") != NULL) {
        for (int i = 0; i < PERCENTILE_COUNT; i++)
            if (doubti_after(name, percentiles[i]) != NULL) {
                doubti_percentile_name(percent, statistic);
                add_latency(s, i == 0 ? "median" : statistic, value, &s->log.p[i]);
                return;
            }
    }
    /* "90th percentile latency (ns)", the result of its scenario. */
    if (doubti_after(end, "th percentile latency (ns)") != NULL) {
        set_target(s, percent / 100);
        s->log.per_query = strcmp(s->log.scenario, "MultiStream") == 0;
        doubti_percentile_name(percent, statistic);
        add_latency(s, statistic, value, &unused);
        struct doubt_import_run *run = doubti_run_last(s->reading);
        if (run->figure_count > 0)
            run->main_time = run->figure_count - 1;
    }
}

static void read_parameter(struct state *s, const char *name, const char *value)
{
    static const char *const kept[] = {
        "samples_per_query", "target_qps",          "min_duration (ms)",       "max_duration (ms)",
        "min_query_count",   "target_latency (ns)", "performance_sample_count"};
    double half;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (strcmp(name, kept[i]) == 0)
            doubti_run_setting(s->reading, name, value);
    if (strcmp(name, "samples_per_query") == 0 && strcmp(s->log.scenario, "Offline") == 0 &&
        doubti_number(value, &s->log.samples, &half) == NULL)
        s->log.samples = NAN;
}

static void read_status(struct state *s, const char *name, const char *value)
{
    if (strcmp(name, "Result is") == 0)
        doubti_text_copy(s->log.valid, sizeof s->log.valid, value, NULL);
    if (strstr(name, " satisfied") != NULL && strcmp(value, "NO") == 0)
        s->log.constraint_failed = true;
    if (strcmp(name, "Early stopping satisfied") == 0) {
        s->log.early_known = true;
        s->log.early_met = strcmp(value, "Yes") == 0;
    }
}

static void read_rates(struct state *s, const char *name, const char *value)
{
    double rate[2] = {NAN, 0};
    if (strcmp(name, "Samples per second") == 0 ||
        strcmp(name, "Completed samples per second") == 0) {
        add_rate(s, "throughput", value, rate);
        s->log.rate = rate[0];
        s->log.rate_half = rate[1];
    } else if (strcmp(name, "Scheduled samples per second") == 0) {
        add_rate(s, "scheduled rate", value, rate);
    } else if (strcmp(name, "QPS w/ loadgen overhead") == 0) {
        add_rate(s, with_overhead, value, rate);
    } else if (strcmp(name, "QPS w/o loadgen overhead") == 0) {
        add_rate(s, "rate without LoadGen's overhead", value, rate);
        s->log.alone_rate = rate[0];
        s->log.alone_half = rate[1];
    }
}

static void read_row(struct state *s, const char *line)
{
    char name[KEY_MAX], value[VALUE_MAX];
    const char *colon = strchr(line, ':');
    if (colon == NULL || colon == line)
        return;
    doubti_text_copy(name, sizeof name, line, ":");
    doubti_text_copy(value, sizeof value, colon + 1, NULL);
    if (strstr(name, "Early Stopping Result") != NULL) {
        doubti_text_copy(s->part, sizeof s->part, name, "E");
        s->log.tokens |= s->part[0] != '\0';
        strcat(s->part, s->part[0] != '\0' ? " " : "");
    }
    s->log.permutation |= strcmp(name, "WARNING") == 0 && strstr(value, "permutation") != NULL;
    if (strcmp(name, "SUT name") == 0)
        doubti_text_copy(doubti_run_last(s->reading)->name,
                         sizeof doubti_run_last(s->reading)->name, value, NULL);
    else if (strcmp(name, "Scenario") == 0)
        set_scenario(s, value);
    else if (strcmp(name, "Mode") == 0)
        doubti_text_copy(s->log.mode, sizeof s->log.mode, value, NULL);
    else if (strcmp(name, "Min latency (ns)") == 0)
        add_latency(s, "min", value, &s->log.min);
    else if (strcmp(name, "Max latency (ns)") == 0)
        add_latency(s, "max", value, &s->log.max);
    else if (strcmp(name, "Mean latency (ns)") == 0)
        add_latency(s, "mean", value, &s->log.mean);
    read_percentile(s, name, value);
    read_status(s, name, value);
    read_rates(s, name, value);
    read_parameter(s, name, value);
}

static enum doubt_code read_summary(struct doubti_reading *reading)
{
    struct state s = {.reading = reading};
    size_t plain = 0;
    while (doubti_next(reading)) {
        const char *line = doubti_skip_blanks(reading->lines->line);
        plain += is_summary(line);
        if (strcmp(line, "MLPerf Results Summary") == 0) {
            doubti_run_end_before(reading);
            finish(&s);
            begin(&s);
        }
        if (!s.open)
            continue;
        if (line[0] == '*')
            read_stopping(&s, line);
        else
            read_row(&s, line);
    }
    finish(&s);
    if (reading->import->count == 0 && plain > 0 && reading->failed == DOUBT_OK) {
        begin(&s);
        doubti_run_refuse(reading, "a summary without results, as an accuracy run leaves it: no "
                                   "time was measured");
    }
    return reading->failed;
}

const struct doubti_importer doubti_importer_loadgen = {"mlperf_log_summary.txt of MLPerf LoadGen",
                                                        is_summary, NULL, read_summary};

/* --- detail --------------------------------------------------------------------------------- */

static bool is_detail(const char *line)
{
    return doubti_after(line, ":::MLLOG {") != NULL ||
           (doubti_after(line, "\"pid\": ") != NULL && strstr(line, "\"ts\": ") != NULL);
}

/* Key and raw value of a line; values are not escaped by LoadGen, so this is no JSON parser's work.
 * false: the line has no key; value "" where it is cut off. */
static bool split(const char *line, char *key, char *value)
{
    const char *at = doubti_behind(line, "\"key\": \"");
    value[0] = '\0';
    if (at == NULL)
        return false;
    doubti_text_copy(key, KEY_MAX, at, "\"");
    const char *from = doubti_behind(at, "\"value\": "), *end = NULL;
    if (from != NULL)
        end = strstr(from, ", \"time_ms\": ");
    if (end == NULL)
        return true;
    size_t size = (size_t)(end - from);
    if (size > 1 && from[0] == '"' && from[size - 1] == '"') {
        from++;
        size -= 2;
    }
    if (size >= VALUE_MAX)
        size = VALUE_MAX - 1;
    memcpy(value, from, size);
    value[size] = '\0';
    return true;
}

static void read_detail_percentile(struct state *s, const char *key, const char *value)
{
    const char *at = doubti_after(key, "result_");
    double percent, half;
    char statistic[16];
    if (at == NULL)
        return;
    for (int i = 0; i < PERCENTILE_COUNT; i++) {
        const char *end = doubti_after(at, percentiles[i]);
        if (end == NULL)
            continue;
        bool query = strcmp(end, "_percentile_per_query_latency_ns") == 0;
        if (!query && (strcmp(end, "_percentile_latency_ns") != 0 || s->log.per_query))
            continue;
        s->log.per_query = query;
        if (doubti_number(at, &percent, &half) == NULL)
            return;
        doubti_percentile_name(percent, statistic);
        add_latency(s, i == 0 ? "median" : statistic, value, &s->log.p[i]);
    }
}

static void read_detail_latency(struct state *s, const char *key, const char *value)
{
    static const char *const rows[] = {"min", "max", "mean"};
    double *const out[] = {&s->log.min, &s->log.max, &s->log.mean};
    char name[KEY_MAX];
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "result_%s_query_latency_ns", rows[i]);
        bool query = strcmp(key, name) == 0;
        snprintf(name, sizeof name, "result_%s_latency_ns", rows[i]);
        if (!query && (strcmp(key, name) != 0 || s->log.per_query))
            continue;
        s->log.per_query |= query;
        add_latency(s, rows[i], value, out[i]);
    }
    read_detail_percentile(s, key, value);
}

static void read_detail_setting(struct state *s, const char *key, const char *value)
{
    struct doubt_import_run *run = doubti_run_last(s->reading);
    double number, half;
    bool numeric = doubti_number(value, &number, &half) != NULL;
    if (strcmp(key, "loadgen_version") == 0)
        doubti_text_copy(run->version, sizeof run->version, value, " ");
    else if (strcmp(key, "sut_name") == 0)
        doubti_text_copy(run->name, sizeof run->name, value, NULL);
    else if (strcmp(key, "effective_scenario") == 0)
        set_scenario(s, value);
    else if (strcmp(key, "effective_test_mode") == 0)
        doubti_text_copy(s->log.mode, sizeof s->log.mode, value, NULL);
    else if (strcmp(key, "effective_target_latency_percentile") == 0 && numeric)
        set_target(s, number);
    else if (strcmp(key, "effective_target_qps") == 0 ||
             strcmp(key, "effective_target_latency_ns") == 0 ||
             strcmp(key, "effective_min_duration_ms") == 0)
        doubti_run_setting(s->reading, key, value);
    else if (strcmp(key, "effective_sample_concatenate_permutation") == 0)
        s->log.permutation = strcmp(value, "true") == 0;
    else if (strcmp(key, "result_query_count") == 0 && numeric)
        s->log.queries = number;
    else if (strcmp(key, "generated_samples_per_query") == 0 && numeric &&
             strcmp(s->log.scenario, "Offline") == 0)
        s->log.samples = number;
    else if (strcmp(key, "result_overlatency_query_count") == 0 && numeric)
        s->log.over_latency = number;
}

static void read_detail_result(struct state *s, const char *key, const char *value)
{
    static const struct {
        const char *key, *row;
    } rates[] = {{"result_samples_per_second", "Samples per second"},
                 {"result_completed_samples_per_sec", "Completed samples per second"},
                 {"result_scheduled_samples_per_sec", "Scheduled samples per second"},
                 {"result_qps_with_loadgen_overhead", "QPS w/ loadgen overhead"},
                 {"result_qps_without_loadgen_overhead", "QPS w/o loadgen overhead"}};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
        if (strcmp(key, rates[i].key) == 0)
            read_rates(s, rates[i].row, value);
    if (strcmp(key, "result_validity") == 0)
        read_status(s, "Result is", value);
    else if (strcmp(key, "early_stopping_met") == 0)
        read_status(s, "Early stopping satisfied", strcmp(value, "true") == 0 ? "Yes" : "NO");
    else if (strcmp(key, "early_stopping_result") == 0)
        read_stopping(s, value);
    else if (strcmp(key, "early_stopping_ttft_result") == 0 ||
             strcmp(key, "early_stopping_tpot_result") == 0) {
        s->log.tokens = true;
        snprintf(s->part, sizeof s->part, "%s", strstr(key, "ttft") != NULL ? "TTFT " : "TPOT ");
        read_stopping(s, value);
        s->part[0] = '\0';
    } else if (strcmp(key, "result_invalid_reason") == 0 && value[0] != '\0')
        doubti_run_note(s->reading, DOUBT_IMPORT_REMARK, "LoadGen says why it is invalid: %s",
                        value);
}

static void read_detail_line(struct state *s, const char *line)
{
    char key[KEY_MAX], value[VALUE_MAX];
    if (!split(line, key, value))
        return;
    struct doubt_import_run *run = doubti_run_last(s->reading);
    if (s->open && strcmp(key, "loadgen_version") == 0 && run->version[0] != '\0') {
        doubti_run_end_before(s->reading);
        finish(s);
    }
    if (!s->open) {
        begin(s);
        if (!s->open)
            return;
    }
    bool result = doubti_after(key, "result_") != NULL;
    bool whole = strstr(line, ", \"time_ms\": ") != NULL;
    if (result && !whole)
        doubti_run_refuse(s->reading, "line %zu: %s: the line is cut off",
                          s->reading->lines->number, key);
    if (strstr(line, "\"is_error\": true") != NULL)
        snprintf(s->error, sizeof s->error, "%.60s: %.130s", key, value);
    read_detail_setting(s, key, value);
    if (!result && doubti_after(key, "early_stopping_") == NULL)
        return;
    read_detail_result(s, key, value);
    read_detail_latency(s, key, value);
}

/* The scenario's own percentile stands for the run. */
static void set_main(struct state *s)
{
    struct doubt_import_run *run = doubti_run_last(s->reading);
    char statistic[16];
    if (!s->open || run == NULL || isnan(s->log.target))
        return;
    bool stream =
        strcmp(s->log.scenario, "SingleStream") == 0 || strcmp(s->log.scenario, "MultiStream") == 0;
    doubti_percentile_name(100 * s->log.target, statistic);
    const struct doubt_import_figure *figure =
        doubti_run_find(run, s->log.per_query ? "query latency" : "latency", statistic);
    if (stream && figure != NULL)
        run->main_time = (size_t)(figure - run->figures);
}

static enum doubt_code read_detail(struct doubti_reading *reading)
{
    struct state s = {.reading = reading};
    bool old = false;
    while (doubti_next(reading)) {
        const char *line = reading->lines->line;
        old |= doubti_after(line, "\"pid\": ") != NULL;
        if (doubti_after(line, ":::MLLOG {") == NULL)
            continue;
        if (strstr(line, "\"key\": \"loadgen_version\"") != NULL)
            set_main(&s);
        read_detail_line(&s, line);
    }
    set_main(&s);
    finish(&s);
    if (reading->import->count == 0 && old && reading->failed == DOUBT_OK)
        reading->failed =
            doubt_err_set(reading->err, DOUBT_E_FORMAT,
                          "is a detail log of LoadGen before 1.0, which is not made of keys: give "
                          "mlperf_log_summary.txt");
    return reading->failed;
}

const struct doubti_importer doubti_importer_loadgen_detail = {
    "mlperf_log_detail.txt of MLPerf LoadGen", is_detail, NULL, read_detail};

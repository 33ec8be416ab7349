/* import_openvino_report.c: the reports that benchmark_app stores, as JSON (-json_stats) and as
 * CSV (-report_type), and what all its formats have in common. See import_openvino.h.
 *
 * A unit of work is one report, which is one process. Names of fields: statistics_report.{cpp,py}
 * of openvinotoolkit/openvino, 2022.1 to 2026.4.
 */
#include "import/import_openvino.h"

#include "util/str.h"
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- shared --------------------------------------------------------------------------------- */

void doubti_openvino_init(struct doubti_openvino *seen)
{
    memset(seen, 0, sizeof *seen);
    seen->count = seen->duration_ms = NAN;
}

void doubti_openvino_time(struct doubti_reading *reading, const struct doubti_place *place,
                          const char *text, const char *unit_or_null)
{
    size_t index = doubti_run_figure(reading, place, text, unit_or_null);
    struct doubt_import_run *run = doubti_run_last(reading);
    if (index != SIZE_MAX &&
        (strcmp(place->statistic, "median") == 0 || place->statistic[0] == 'p'))
        run->main_time = index;
}

void doubti_openvino_rate(struct doubti_reading *reading, const char *text)
{
    const struct doubti_place place = {"throughput", "throughput", "host"};
    bool bare = strstr(text, "FPS") == NULL;
    size_t index = doubti_run_figure(reading, &place, text, bare ? "FPS" : NULL);
    if (index != SIZE_MAX)
        doubti_run_last(reading)->main_rate = index;
}

void doubti_openvino_precision(struct doubt_import_run *run, const char *printed)
{
    static const struct {
        const char *printed, *name;
    } rows[] = {{"float32", "f32"}, {"float16", "f16"}, {"bfloat16", "bf16"},
                {"f32", "f32"},     {"bf16", "bf16"},   {"f16", "f16"}};
    char text[32];
    const char *quote = strchr(printed, '\'');
    doubti_text_copy(text, sizeof text, quote != NULL ? quote + 1 : printed, "'>");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(text, rows[i].printed) == 0)
            snprintf(text, sizeof text, "%s", rows[i].name);
    if (text[0] != '\0')
        doubt_str_copy(run->precision, sizeof run->precision, text);
}

/* count x batch / duration against the throughput that is printed. */
static void check_rate(struct doubti_reading *reading, const struct doubti_openvino *seen)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    struct doubt_import_figure *rate = doubti_run_find(run, "throughput", "throughput");
    struct doubt_import_figure *median = doubti_run_find(run, "latency", "median");
    double batch = run->batch > 0 ? (double)run->batch : 1;
    if (rate == NULL || !(seen->count > 0) || !(seen->duration_ms > 0))
        return;
    double counted = batch * 1000 * seen->count / seen->duration_ms;
    double digits = counted * seen->duration_half / seen->duration_ms;
    double open = 0.001 * counted + digits + rate->figure.hi - rate->figure.value;
    if (fabs(counted - rate->figure.value) <= open)
        return;
    bool from_median =
        median != NULL && median->figure.value > 0 &&
        fabs(batch * 1e9 / median->figure.value - rate->figure.value) <= 0.01 * rate->figure.value;
    doubti_run_note(reading, DOUBT_IMPORT_WRONG,
                    "throughput %s is %s; %.0f iterations%s in %.6g ms are %.6g a second",
                    rate->text,
                    from_median ? "1000 / median, and was not counted" : "not the count",
                    seen->count, batch > 1 ? " times the batch" : "", seen->duration_ms, counted);
    rate->wrong = !from_median;
}

/* The reports print 0.01 ms whatever the time: little is left of a fast network's. */
static void note_digits(struct doubti_reading *reading)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    if (run->main_time == SIZE_MAX)
        return;
    const struct doubt_figure *figure = &run->figures[run->main_time].figure;
    double open = (figure->hi - figure->value) / figure->value;
    if (open > 0.005)
        doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                        "its digits leave %.2g %% of the latency open: the text of the same run "
                        "may have more of them",
                        100 * open);
}

void doubti_openvino_finish(struct doubti_reading *reading, const struct doubti_openvino *seen)
{
    struct doubt_import_run *run = doubti_run_last(reading);
    if (run->main_time == SIZE_MAX && run->main_rate == SIZE_MAX) {
        doubti_run_refuse(reading, "lines %zu to %zu: neither latency nor throughput was printed",
                          run->first_line, run->last_line);
        return;
    }
    run->converts = seen->sync;
    doubti_run_check_order(reading);
    check_rate(reading, seen);
    note_digits(reading);
    doubti_run_note(reading, DOUBT_IMPORT_MEANS,
                    "throughput is inferences / time of the whole loop; latency is host time from "
                    "start to completion of a request%s",
                    seen->full ? ", with the filling of its inputs"
                               : ", inputs lying ready in memory");
    if (!seen->sync)
        doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                        "%s requests are in flight together%s: latency is that of a request among "
                        "them, and its inverse is not the throughput",
                        seen->api_known || seen->requests > 1 ? "several" : "perhaps several",
                        seen->api_known ? "" : " (the file does not say sync or async)");
    doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                    "%s; inputs are random numbers; its clock can be set back and forth while it "
                    "measures",
                    seen->no_warmup ? "there was no warm-up"
                                    : "the warm-up is one inference, whatever the network");
}

/* --- fields of a report --------------------------------------------------------------------- */

struct report {
    struct doubti_reading *reading;
    struct doubti_openvino seen;
    char error[200];
};

/* "latency (90 percentile) (ms)" */
static bool percentile_field(const char *name, char *statistic)
{
    const char *at = doubti_after(name, "latency (");
    double percent, half;
    if (at == NULL || (at = doubti_number(at, &percent, &half)) == NULL ||
        doubti_after(doubti_skip_blanks(at), "percentile)") == NULL)
        return false;
    doubti_percentile_name(percent, statistic);
    return true;
}

/* Names of the Python and the C++ program, of CSV and of JSON. */
static void read_time(struct report *r, const char *name, const char *value)
{
    static const struct {
        const char *name, *statistic;
    } rows[] = {{"latency (ms)", "median"},
                {"Median latency (ms)", "median"},
                {"latency_median", "median"},
                {"avg latency", "mean"},
                {"Average latency (ms)", "mean"},
                {"latency_avg", "mean"},
                {"min latency", "min"},
                {"Min latency (ms)", "min"},
                {"latency_min", "min"},
                {"max latency", "max"},
                {"Max latency (ms)", "max"},
                {"latency_max", "max"},
                {"first inference time (ms)", "-"},
                {"first_inference_time", "-"}};
    struct doubti_place place = {"latency", NULL, ""};
    char statistic[16];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(name, rows[i].name) == 0)
            place.statistic = rows[i].statistic;
    if (place.statistic == NULL && percentile_field(name, statistic))
        place.statistic = statistic;
    if (place.statistic == NULL)
        return;
    if (place.statistic[0] == '-')
        doubti_run_setting(r->reading, "first inference (ms)", value);
    else
        doubti_openvino_time(r->reading, &place, value, "ms");
}

static void read_setup(struct report *r, const char *name, const char *value)
{
    struct doubt_import_run *run = doubti_run_last(r->reading);
    double half;
    if (strcmp(name, "topology") == 0 && run->network[0] == '\0')
        doubti_text_copy(run->network, sizeof run->network, value, NULL);
    else if (strcmp(name, "batch size") == 0 || strcmp(name, "batch_size") == 0)
        doubti_integer(value, &run->batch);
    else if (strcmp(name, "precision") == 0 && strcmp(value, "UNSPECIFIED") != 0)
        doubti_openvino_precision(run, value);
    else if (strcmp(name, "API") == 0 || strcmp(name, "api") == 0) {
        r->seen.api_known = true;
        r->seen.sync = strcmp(value, "sync") == 0;
        doubti_run_setting(r->reading, "api", value);
    } else if (strcmp(name, "number of parallel infer requests") == 0 ||
               strcmp(name, "nireq") == 0) {
        doubti_integer(value, &r->seen.requests);
        doubti_run_setting(r->reading, "infer requests", value);
    } else if (strcmp(name, "target device") == 0 || strcmp(name, "target_device") == 0)
        doubti_run_setting(r->reading, "target device", value);
    else if (strcmp(name, "benchmark mode") == 0 || strcmp(name, "benchmark_mode") == 0)
        r->seen.full = strcmp(value, "full") == 0;
    else if (strcmp(name, "inference_only") == 0)
        r->seen.full = strcasecmp(value, "true") != 0;
    else if (strcmp(name, "total number of iterations") == 0 ||
             strcmp(name, "iterations_num") == 0) {
        if (doubti_number(value, &r->seen.count, &half) == NULL)
            r->seen.count = NAN;
    } else if (strcmp(name, "total execution time (ms)") == 0 ||
               strcmp(name, "execution_time") == 0) {
        if (doubti_number(value, &r->seen.duration_ms, &r->seen.duration_half) == NULL)
            r->seen.duration_ms = NAN;
    }
}

/* A command line option: "-m" and "model.xml". */
static void read_option(struct report *r, const char *name, const char *value)
{
    struct doubt_import_run *run = doubti_run_last(r->reading);
    name += strspn(name, "-");
    if (strcmp(name, "m") == 0 || strcmp(name, "path_to_model") == 0 || strcmp(name, "model") == 0)
        doubti_text_model(run->network, sizeof run->network, value);
    else if (strcmp(name, "infer_precision") == 0)
        doubti_openvino_precision(run, value);
    else if (strcmp(name, "hint") == 0 || strcmp(name, "nthreads") == 0 ||
             strcmp(name, "nstreams") == 0)
        doubti_run_setting(r->reading, name, value);
    else if (strcmp(name, "no_warmup") == 0)
        r->seen.no_warmup = true;
}

static void read_result(struct report *r, const char *name, const char *value)
{
    if (strcmp(name, "error") == 0)
        doubti_text_copy(r->error, sizeof r->error, value, "\r\n");
    else if (strcmp(name, "throughput") == 0)
        doubti_openvino_rate(r->reading, value);
    else
        read_time(r, name, value);
    read_setup(r, name, value);
}

static void begin_report(struct report *r)
{
    struct doubti_reading *reading = r->reading;
    memset(r, 0, sizeof *r);
    r->reading = reading;
    doubti_openvino_init(&r->seen);
    doubti_run_add(reading, "benchmark_app", "openvino");
}

static void finish_report(struct report *r)
{
    struct doubt_import_run *run = doubti_run_last(r->reading);
    if (run == NULL || r->reading->failed != DOUBT_OK)
        return;
    if (r->error[0] != '\0' && run->figure_count == 0)
        doubti_run_refuse(r->reading, "benchmark_app failed: %s", r->error);
    if (run->figure_count == 0)
        doubti_run_refuse(r->reading,
                          "lines %zu to %zu: the report has no results: benchmark_app "
                          "ended before it measured",
                          run->first_line, run->last_line);
    for (size_t i = 0; i < run->figure_count; i++)
        if (r->seen.sync && strcmp(run->figures[i].name, "latency") == 0)
            snprintf(run->figures[i].boundary, sizeof run->figures[i].boundary, "call");
    if (run->refused[0] == '\0')
        doubti_openvino_finish(r->reading, &r->seen);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static bool is_json(const char *head)
{
    const char *at = head + strspn(head, " \t\r\n\xef\xbb\xbf");
    return *at == '{' && (strstr(at, "\"execution_results\"") != NULL ||
                          strstr(at, "\"configuration_setup\"") != NULL);
}

/* A scalar as text; C++ writes numbers, Python texts. */
static void member_text(const json_t *value, char *out, size_t out_bytes)
{
    if (json_is_string(value))
        doubti_text_copy(out, out_bytes, json_string_value(value), NULL);
    else if (json_is_integer(value))
        snprintf(out, out_bytes, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value)) {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
        doubti_text_copy(out, out_bytes, text != NULL ? text : "", NULL);
        free(text);
    } else
        snprintf(out, out_bytes, "%s", json_is_true(value) ? "true" : "");
}

static void read_members(struct report *r, json_t *object,
                         void (*reader)(struct report *, const char *, const char *))
{
    const char *name;
    json_t *value;
    char text[512];
    json_object_foreach(object, name, value)
    {
        if (json_is_object(value) || json_is_array(value))
            continue;
        member_text(value, text, sizeof text);
        reader(r, name, text);
    }
}

static enum doubt_code read_json(struct doubti_reading *reading)
{
    struct report r = {.reading = reading};
    struct doubti_lines *lines = reading->lines;
    json_error_t why;
    if (lines->head_size == DOUBT_IMPORT_HEAD_MAX)
        return doubt_err_set(reading->err, DOUBT_E_FORMAT,
                             "is longer than %d bytes: a report of benchmark_app is not",
                             DOUBT_IMPORT_HEAD_MAX);
    json_t *document = json_loadb(lines->head, lines->head_size, JSON_REJECT_DUPLICATES, &why);
    lines->head_at = lines->head_size;
    if (document == NULL)
        return doubt_err_set(reading->err, DOUBT_E_FORMAT, "line %d: is no JSON: %s", why.line,
                             why.text);
    begin_report(&r);
    if (doubti_run_last(reading) != NULL && reading->failed == DOUBT_OK) {
        read_members(&r, json_object_get(document, "configuration_setup"), read_setup);
        read_members(&r, json_object_get(document, "cmd_options"), read_option);
        /* The settings' number of iterations is a limit, not a count. */
        r.seen.count = NAN;
        read_members(&r, json_object_get(document, "execution_results"), read_result);
        finish_report(&r);
    }
    json_decref(document);
    return reading->failed;
}

const struct doubti_importer doubti_importer_openvino_json = {
    "JSON report of OpenVINO's benchmark_app", NULL, is_json, read_json};

/* --- CSV ------------------------------------------------------------------------------------ */

static bool is_csv(const char *line)
{
    return strcmp(line, "Command line parameters") == 0 ||
           strcmp(line, "Configuration setup") == 0 || strcmp(line, "Execution results") == 0 ||
           doubti_after(line, "layerName;execStatus;") != NULL;
}

static void read_field(struct report *r, int part, const char *line)
{
    char name[80];
    const char *semicolon = strchr(line, ';');
    char value[512];
    if (semicolon == NULL)
        return;
    doubti_text_copy(name, sizeof name, line, ";");
    doubti_text_copy(value, sizeof value, semicolon + 1, ";");
    if (part == 1)
        read_option(r, name, value);
    else if (part == 2)
        read_setup(r, name, value);
    else if (part == 3)
        read_result(r, name, value);
}

static enum doubt_code read_csv(struct doubti_reading *reading)
{
    struct report r = {.reading = reading};
    int part = 0;
    bool layers = false, open = false;
    while (doubti_next(reading)) {
        const char *line = reading->lines->line;
        int before = part;
        layers |= doubti_after(line, "layerName;") != NULL;
        if (strcmp(line, "Command line parameters") == 0)
            part = 1;
        else if (strcmp(line, "Configuration setup") == 0)
            part = 2;
        else if (strcmp(line, "Execution results") == 0)
            part = 3;
        else if (strcmp(line, "Group Latencies") == 0)
            part = 4;
        if (part == 3 && before != 3)
            r.seen.count = NAN;
        if (part > 0 && (!open || part < before)) {
            if (open)
                finish_report(&r);
            begin_report(&r);
            open = true;
        }
        if (open && reading->failed == DOUBT_OK)
            read_field(&r, part, line);
    }
    if (open)
        finish_report(&r);
    if (!open && layers && reading->failed == DOUBT_OK)
        reading->failed = doubt_err_set(reading->err, DOUBT_E_FORMAT,
                                        "holds the times of single layers, which are no time of a "
                                        "network: give benchmark_report.csv, which lies beside it");
    return reading->failed;
}

const struct doubti_importer doubti_importer_openvino_csv = {
    "CSV report of OpenVINO's benchmark_app", is_csv, NULL, read_csv};

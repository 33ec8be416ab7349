/* import_openvino.c: the text that OpenVINO's benchmark_app prints, in C++ and in Python. See
 * import_int.h.
 *
 * A unit of work is one process, from "[Step 1/" to the next. Source of the format:
 * samples/cpp/benchmark_app and tools/benchmark_tool of openvinotoolkit/openvino, 2022.1 to 2026.4.
 */
#include "import/import_int.h"
#include "import/import_openvino.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct state {
    struct doubti_reading *reading;
    bool open, latency, group; /* below "Latency:"; below that of a group of shapes */
    bool compiled_only, asked_build;
    int step;
    char error[200];
    struct doubti_openvino seen;
};

/* "[ INFO ] " before the text; kind is its first letter or 0. */
static const char *skip_prefix(const char *line, char *kind)
{
    const char *text = doubti_skip_blanks(line);
    *kind = '\0';
    if (text[0] == '[' && text[1] == ' ') {
        const char *end = strchr(text, ']');
        *kind = text[2];
        if (end != NULL)
            text = end + 1;
    }
    return doubti_skip_blanks(text);
}

/* "[Step 10/11] ...": its number; 0: none. */
static int step_of(const char *line)
{
    int64_t step;
    const char *at = doubti_after(doubti_skip_blanks(line), "[Step ");
    return at != NULL && doubti_integer(at, &step) && strchr(at, '/') != NULL && step < 100
               ? (int)step
               : 0;
}

static bool is_line(const char *line)
{
    char kind;
    const char *text = skip_prefix(line, &kind);
    return step_of(line) > 0 || (kind != '\0' && (doubti_after(text, "Throughput:") != NULL &&
                                                  strstr(text, "FPS") != NULL));
}

static void begin(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    memset(s, 0, sizeof *s);
    s->reading = reading;
    doubti_openvino_init(&s->seen);
    s->open = doubti_run_add(reading, "benchmark_app", "openvino") != NULL;
}

static void refuse(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    const struct doubt_import_run *run = doubti_run_last(reading);
    if (s->error[0] != '\0')
        doubti_run_refuse(reading, "lines %zu to %zu: benchmark_app failed: %s", run->first_line,
                          run->last_line, s->error);
    else if (s->compiled_only)
        doubti_run_refuse(reading,
                          "lines %zu to %zu: the model was compiled and inference skipped: nothing "
                          "was measured",
                          run->first_line, run->last_line);
    else
        doubti_run_refuse(reading,
                          "lines %zu to %zu: the log ends at step %d of benchmark_app, before its "
                          "result",
                          run->first_line, run->last_line, s->step);
}

static void finish(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    struct doubt_import_run *run = doubti_run_last(reading);
    if (!s->open || run == NULL || reading->failed != DOUBT_OK)
        return;
    s->open = false;
    if (run->figure_count == 0)
        refuse(s);
    else
        doubti_openvino_finish(reading, &s->seen);
}

/* --- lines ---------------------------------------------------------------------------------- */

static void read_step(struct state *s, const char *line)
{
    const char *async = strstr(line, "asynchronously"), *sync = strstr(line, " synchronously");
    const char *requests = doubti_behind(line, "asynchronously, ");
    if (s->step != 10)
        return;
    if (async != NULL || sync != NULL)
        doubti_run_setting(s->reading, "api", async != NULL ? "async" : "sync");
    s->seen.sync = async == NULL && sync != NULL;
    s->seen.api_known = async != NULL || sync != NULL;
    if (requests != NULL && doubti_integer(requests, &s->seen.requests)) {
        char number[24];
        snprintf(number, sizeof number, "%lld", (long long)s->seen.requests);
        doubti_run_setting(s->reading, "infer requests", number);
    }
    const char *limits = doubti_behind(line, "limits: ");
    char text[80];
    if (limits != NULL) {
        doubti_text_copy(text, sizeof text, limits, ")");
        doubti_run_setting(s->reading, "limits", text);
    }
}

static void read_latency(struct state *s, const char *text)
{
    static const char *const names[] = {
        "Median:", "Average:", "Min:", "Max:", "AVG:", "MIN:", "MAX:"};
    static const char *const statistics[] = {"median", "mean", "min", "max", "mean", "min", "max"};
    struct doubti_place place = {"latency", NULL, s->seen.sync ? "call" : ""};
    char statistic[16];
    double percent, half;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (doubti_after(text, names[i]) != NULL) {
            place.statistic = statistics[i];
            doubti_openvino_time(s->reading, &place, doubti_after(text, names[i]), NULL);
            return;
        }
    const char *at = doubti_number(text, &percent, &half);
    at = at != NULL ? doubti_after(doubti_skip_blanks(at), "percentile:") : NULL;
    if (at == NULL)
        return;
    doubti_percentile_name(percent, statistic);
    place.statistic = statistic;
    doubti_openvino_time(s->reading, &place, at, NULL);
}

static void read_result(struct state *s, const char *text)
{
    const char *value;
    double half;
    if ((value = doubti_after(text, "Count:")) != NULL)
        doubti_number(doubti_skip_blanks(value), &s->seen.count, &half);
    else if ((value = doubti_after(text, "Duration:")) != NULL) {
        if (doubti_number(doubti_skip_blanks(value), &s->seen.duration_ms,
                          &s->seen.duration_half) == NULL)
            s->seen.duration_ms = NAN;
    } else if ((value = doubti_after(text, "Throughput:")) != NULL)
        doubti_openvino_rate(s->reading, value);
    else if (doubti_after(text, "Latency for each data shape group") != NULL)
        s->group = true;
    else if (doubti_after(text, "Latency:") != NULL)
        s->latency = true;
    else if (s->latency && !s->group)
        read_latency(s, text);
}

/* Rows of the header; names as both programs print them. */
static void read_header(struct state *s, const char *text)
{
    struct doubt_import_run *run = doubti_run_last(s->reading);
    const char *value;
    int64_t batch;
    if (run->version[0] == '\0' && (value = doubti_after(text, "Build ..")) != NULL) {
        value += strspn(value, ". ");
        doubti_text_copy(run->version, sizeof run->version, value, "-");
        doubti_run_setting(s->reading, "build", value);
    }
    if ((value = doubti_after(text, "NETWORK_NAME: ")) != NULL ||
        (value = doubti_after(text, "Model name: ")) != NULL)
        doubti_text_copy(run->network, sizeof run->network, value, NULL);
    if ((value = doubti_after(text, "Model batch size: ")) != NULL && doubti_integer(value, &batch))
        run->batch = batch;
    if ((value = doubti_after(text, "INFERENCE_PRECISION_HINT: ")) != NULL)
        doubti_openvino_precision(run, value);
    if ((value = doubti_after(text, "PERFORMANCE_HINT: ")) != NULL)
        doubti_run_setting(s->reading, "performance hint", value);
    if ((value = doubti_after(text, "INFERENCE_NUM_THREADS: ")) != NULL)
        doubti_run_setting(s->reading, "threads", value);
    if ((value = doubti_after(text, "NUM_STREAMS: ")) != NULL)
        doubti_run_setting(s->reading, "streams", value);
    if ((value = doubti_after(text, "Execution Devices:")) != NULL ||
        (value = doubti_after(text, "EXECUTION_DEVICES: ")) != NULL)
        doubti_run_setting(s->reading, "execution devices", value);
    if ((value = doubti_after(text, "FULL_DEVICE_NAME: ")) != NULL)
        doubti_text_copy(run->device, sizeof run->device, value, NULL);
    if (strstr(text, "inputs filling are included") != NULL)
        s->seen.full = true;
    if (doubti_after(text, "Skipping warmup inference") != NULL)
        s->seen.no_warmup = true;
    if (strstr(text, "Skipping inference") != NULL)
        s->compiled_only = true;
}

/* " data (node: data) : f32 / [...] / [1,3,224,224]" below "Model inputs:" */
static void read_input(struct state *s, const char *text)
{
    struct doubt_import_run *run = doubti_run_last(s->reading);
    const char *node = doubti_behind(text, " (node: ");
    const char *shape = node != NULL ? strrchr(node, '[') : NULL;
    if (shape != NULL && run->input[0] == '\0')
        doubti_text_copy(run->input, sizeof run->input, shape + 1, "]");
}

static void read_line(struct state *s, const char *line)
{
    char kind;
    const char *text = skip_prefix(line, &kind);
    int step = step_of(line);
    if (step == 1 || (!s->open && is_line(line))) {
        doubti_run_end_before(s->reading);
        finish(s);
        begin(s);
    }
    if (!s->open)
        return;
    if (step > 0) {
        s->step = step;
        s->latency = s->group = false;
        read_step(s, line);
        return;
    }
    if (kind == 'E')
        doubti_text_copy(s->error, sizeof s->error, text, NULL);
    read_input(s, text);
    read_header(s, text);
    read_result(s, text);
}

static enum doubt_code read_text(struct doubti_reading *reading)
{
    struct state s = {.reading = reading};
    while (doubti_next(reading))
        if (reading->lines->size > 0)
            read_line(&s, reading->lines->line);
    finish(&s);
    return reading->failed;
}

const struct doubti_importer doubti_importer_openvino = {"text of OpenVINO's benchmark_app",
                                                         is_line, NULL, read_text};

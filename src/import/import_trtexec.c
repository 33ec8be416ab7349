/* import_trtexec.c: the text that TensorRT's trtexec prints, versions 5 to 11. See import_int.h.
 *
 * A unit of work is one process of trtexec, from its "RUNNING" line (or the first line that only a
 * new process prints) to the next. Source of the formats: samples/trtexec and samples/common of
 * NVIDIA/TensorRT, tags v5.1.5 to v11.1.
 */
#include "import/import_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What has been seen of the process that is being read. */
struct state {
    struct doubti_reading *reading;
    bool open;     /* a run is being read */
    bool summary;  /* its summary began */
    bool averages; /* lines of averages were seen */
    bool old;      /* those of TensorRT 5 and 6 */
    bool failed, build_only, help, omitted;
    bool loaded, no_tf32; /* the engine came from a file; --noTF32 */
    char group[24];       /* heading of the summary's part in TensorRT 7 */
    int64_t of;           /* executions in an average */
    double wall_sum, wall_half, gpu_half, tail_most, tail_percent;
    double queries, query_seconds;
    char tail[16];   /* "p99" */
    char error[200]; /* the last line of severity E */
};

/* "[07/14/2023-11:52:09] [I] " and "[I] " before the text; severity is its letter or 0. */
static const char *skip_prefix(const char *line, char *severity)
{
    const char *text = doubti_skip_blanks(line);
    *severity = '\0';
    if (text[0] == '#')
        text = doubti_skip_blanks(text + 1);
    for (int i = 0; i < 2 && text[0] == '['; i++) {
        const char *end = strchr(text, ']');
        bool date = text[1] >= '0' && text[1] <= '9' && strchr(text, '/') != NULL;
        bool letter = text[1] >= 'A' && text[1] <= 'Z' && text[2] == ']';
        if (end == NULL || (!date && !letter))
            break;
        if (letter)
            *severity = text[1];
        text = doubti_skip_blanks(end + 1);
    }
    return text;
}

static bool is_line(const char *line)
{
    char severity;
    const char *text = skip_prefix(line, &severity);
    if (doubti_after(text, "&&&& ") != NULL)
        return strstr(text, "trtexec") != NULL;
    return (doubti_after(text, "Average over ") != NULL && strstr(text, "host walltime") != NULL) ||
           (doubti_after(text, "Average on ") != NULL && strstr(text, "GPU latency: ") != NULL) ||
           (doubti_after(text, "GPU Compute Time: min = ") != NULL) ||
           strcmp(text, "=== Performance summary ===") == 0 ||
           doubti_after(text, "Timing trace has ") != NULL;
}

/* --- one process ---------------------------------------------------------------------------- */

static void begin(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    memset(s, 0, sizeof *s);
    s->reading = reading;
    struct doubt_import_run *run = doubti_run_add(reading, "trtexec", "tensorrt");
    s->open = run != NULL;
    if (run != NULL)
        run->converts = true;
}

/* Is the percentile of so few executions their maximum? trtexec leaves out whole ones only. */
static bool is_maximum(const struct state *s)
{
    return s->tail[0] != '\0' && (1 - s->tail_percent / 100) * (double)s->of < 1;
}

/* The samples' mean as the run's figure, with what the digits of the averages leave open. */
static void add_means(struct state *s)
{
    struct doubt_import_run *run = doubti_run_last(s->reading);
    const struct doubti_place gpu = {"GPU compute time", "mean", "device"};
    const struct doubti_place host = {"host walltime", "mean", "call"};
    const double n = (double)run->sample_count;
    if (run->sample_count == 0 || s->summary)
        return;
    run->main_time = doubti_run_computed(s->reading, &gpu, run->statistics.mean, s->gpu_half, "ms");
    if (s->old && is_maximum(s)) {
        const struct doubti_place tail = {"GPU compute time", "max", "device"};
        doubti_run_computed(s->reading, &tail, s->tail_most, s->gpu_half, "ms");
    }
    if (s->old)
        doubti_run_computed(s->reading, &host, s->wall_sum / n, s->wall_half, "ms");
}

static void add_old_notes(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    const struct doubt_import_run *run = doubti_run_last(reading);
    doubti_run_note(reading, DOUBT_IMPORT_MEANS,
                    "mean of %zu average%s over %lld executions each; GPU time between two events "
                    "around enqueue: no copies, no work of the host",
                    run->sample_count, run->sample_count == 1 ? "" : "s", (long long)s->of);
    doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                    "TensorRT 5 and 6 print this without warm-up: the first executions are in the "
                    "mean");
    if (is_maximum(s))
        doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                        "its \"%s%% percentile\" is taken from %lld executions at a time and is "
                        "their maximum; shown as the maximum",
                        s->tail + 1, (long long)s->of);
}

static void add_new_notes(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    const struct doubt_import_run *run = doubti_run_last(reading);
    doubti_run_note(reading, DOUBT_IMPORT_MEANS,
                    "GPU compute time is the time between two events on the device; \"latency\" is "
                    "its sum with the times of both copies, without the gaps between them and "
                    "without the launch; throughput is queries / wall time, with copies of one "
                    "query overlapping the work of another");
    if (run->version[0] == '7')
        doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                        "\"end to end\" of TensorRT 7 counts from the copy of a query that waits "
                        "for the one before it: up to twice the latency");
    if (atoi(run->version) >= 11)
        doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                        "from TensorRT 11 on, copies are left out and CUDA graphs are on unless "
                        "asked otherwise: the same command measured something else before");
    if (run->sample_count > 0)
        doubti_run_note(reading, DOUBT_IMPORT_REMARK,
                        "the samples are averages of %lld queries in a row%s", (long long)s->of,
                        s->omitted ? "; the log leaves out those in its middle" : "");
}

/* The precision that is printed is the one asked of a build: a loaded engine has its own. */
static void check_precision(struct state *s)
{
    struct doubt_import_run *run = doubti_run_last(s->reading);
    if (s->loaded && run->precision[0] != '\0') {
        doubti_run_note(
            s->reading, DOUBT_IMPORT_REMARK,
            "the engine was loaded from a file: the precision that is printed (%s) is what a build "
            "would have been asked for, and the engine's own is not in the log",
            run->precision);
        run->precision[0] = '\0';
    } else if (run->precision[0] != '\0' && strcmp(run->precision, "f32") != 0) {
        doubti_run_note(s->reading, DOUBT_IMPORT_REMARK,
                        "%s is what layers were allowed to use; each may have run in FP32",
                        run->precision);
    } else if (strcmp(run->precision, "f32") == 0 && atoi(run->version) >= 7 && !s->no_tf32) {
        doubti_run_note(s->reading, DOUBT_IMPORT_REMARK,
                        "FP32 allows TF32 on devices that have it, unless --noTF32 is given");
    }
}

/* queries / wall time, against the throughput that is printed. */
static void check_throughput(struct state *s)
{
    struct doubt_import_run *run = doubti_run_last(s->reading);
    struct doubt_import_figure *rate = doubti_run_find(run, "throughput", "throughput");
    if (rate == NULL || !(s->queries > 0) || !(s->query_seconds > 0))
        return;
    double counted = s->queries / s->query_seconds;
    double open = 0.001 * counted + rate->figure.hi - rate->figure.value;
    if (fabs(counted - rate->figure.value) <= open)
        return;
    rate->wrong = true;
    doubti_run_note(s->reading, DOUBT_IMPORT_WRONG,
                    "throughput %s (line %zu), but %.0f queries in %.6g s are %.6g a second",
                    rate->text, rate->line, s->queries, s->query_seconds, counted);
}

static void refuse(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    const struct doubt_import_run *run = doubti_run_last(reading);
    const size_t first = run->first_line, last = run->last_line;
    if (s->help)
        doubti_run_refuse(reading,
                          "lines %zu to %zu: trtexec printed its help and measured nothing", first,
                          last);
    else if (s->failed && s->error[0] != '\0')
        doubti_run_refuse(reading, "lines %zu to %zu: trtexec failed: %s", first, last, s->error);
    else if (s->failed)
        doubti_run_refuse(reading, "lines %zu to %zu: trtexec failed before it measured", first,
                          last);
    else if (s->build_only)
        doubti_run_refuse(reading,
                          "lines %zu to %zu: the engine was built and inference skipped: nothing "
                          "was measured",
                          first, last);
    else
        doubti_run_refuse(reading, "lines %zu to %zu: the log ends before trtexec printed a result",
                          first, last);
}

static void finish(struct state *s)
{
    struct doubti_reading *reading = s->reading;
    struct doubt_import_run *run = doubti_run_last(reading);
    if (!s->open || run == NULL || reading->failed != DOUBT_OK)
        return;
    s->open = false;
    run->sample_of = s->of > 0 ? s->of : 1;
    snprintf(run->sample_name, sizeof run->sample_name, "GPU compute time");
    reading->failed = doubti_run_count(reading);
    if (reading->failed != DOUBT_OK)
        return;
    add_means(s);
    if (run->main_time == SIZE_MAX && run->main_rate == SIZE_MAX) {
        refuse(s);
        return;
    }
    doubti_run_check_order(reading);
    check_throughput(s);
    check_precision(s);
    if (s->old)
        add_old_notes(s);
    else
        add_new_notes(s);
    if (s->failed)
        doubti_run_note(reading, DOUBT_IMPORT_WRONG, "trtexec says FAILED behind its figures%s%s",
                        s->error[0] != '\0' ? ": " : "", s->error);
    else if (!s->old && !s->summary)
        doubti_run_note(reading, DOUBT_IMPORT_REMARK,
                        "the log has no summary: the mean is that of the averages it holds");
}

/* --- lines of the header -------------------------------------------------------------------- */

/* "v8201" is 8.2.1, "v100200" 10.2.0, "v5105" 5.1.5. */
static void set_version(struct doubt_import_run *run, const char *digits)
{
    int64_t number;
    size_t size = strspn(digits, "0123456789");
    if (!doubti_integer(digits, &number) || size < 4 || size > 6)
        return;
    int64_t major = size > 4 ? number / 10000 : number / 1000;
    int64_t minor = size > 4 ? number / 100 % 100 : number / 100 % 10;
    snprintf(run->version, sizeof run->version, "%lld.%lld.%lld", (long long)major,
             (long long)minor, (long long)(number % 100));
}

static void set_network(struct doubt_import_run *run, const char *path)
{
    if (*doubti_skip_blanks(path) != '\0' && *doubti_skip_blanks(path) != '<')
        doubti_text_model(run->network, sizeof run->network, path);
}

/* "--onnx=model.onnx --fp16" */
static void read_command(struct state *s, const char *text)
{
    struct doubt_import_run *run = doubti_run_last(s->reading);
    static const char *const models[] = {"--deploy=", "--onnx=", "--uff=", "--loadEngine="};
    char word[256];
    doubti_run_setting(s->reading, "command", text);
    while (*(text = doubti_skip_blanks(text)) != '\0') {
        size_t size = strcspn(text, " \t");
        doubti_text_copy(word, sizeof word, text, " \t");
        text += size;
        for (int i = 0; i < 4; i++)
            if (doubti_after(word, models[i]) != NULL)
                set_network(run, doubti_after(word, models[i]));
        s->loaded |= doubti_after(word, "--loadEngine=") != NULL;
        s->no_tf32 |= strcmp(word, "--noTF32") == 0;
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
            s->help = true;
        if (strcmp(word, "--buildOnly") == 0 || strcmp(word, "--skipInference") == 0)
            s->build_only = true;
    }
}

static bool read_status(struct state *s, const char *text)
{
    const char *at = doubti_after(text, "&&&& ");
    if (at == NULL || strstr(at, "trtexec") == NULL)
        return false;
    if (doubti_after(at, "RUNNING") != NULL) {
        doubti_run_end_before(s->reading);
        finish(s);
        begin(s);
        if (!s->open)
            return true;
        const char *version = doubti_behind(at, "[TensorRT v");
        if (version != NULL)
            set_version(doubti_run_last(s->reading), version);
        const char *command = doubti_behind(at, "# ");
        if (command != NULL)
            read_command(s, command);
        return true;
    }
    if (!s->open)
        return true;
    s->failed = doubti_after(at, "FAILED") != NULL;
    finish(s);
    return true;
}

/* "FP32+FP16" of later versions is "fp16" of TensorRT 5: what layers may use besides FP32. It goes
 * by the name of the lowest, as in published figures. */
static void set_precision(struct doubt_import_run *run, const char *value)
{
    static const struct {
        const char *printed, *name;
    } rows[] = {{"FP8", "f8"},   {"fp8", "f8"},   {"INT8", "i8"}, {"int8", "i8"},
                {"FP16", "f16"}, {"fp16", "f16"}, {"FP32", "f32"}};
    doubti_text_copy(run->precision, sizeof run->precision, value, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strstr(value, rows[i].printed) != NULL) {
            snprintf(run->precision, sizeof run->precision, "%s", rows[i].name);
            return;
        }
}

/* Input dimensions of an engine with explicit batch: the first one is the batch. */
static void read_dimensions(struct doubt_import_run *run, const char *text)
{
    const char *at = doubti_behind(text, "with dimensions ");
    bool input = doubti_after(text, "Created input binding") != NULL ||
                 doubti_after(text, "Input binding for ") != NULL;
    if (!input || at == NULL || run->input[0] != '\0')
        return;
    doubti_text_copy(run->input, sizeof run->input, at, " ");
    if (run->batch == 0 && strchr(run->input, 'x') != NULL)
        doubti_integer(run->input, &run->batch);
}

/* Rows "Streams: 1" that are kept as they are printed. */
static const char *const kept[] = {
    "Iterations",     "Duration",           "Streams",
    "Data transfers", "CUDA Graph",         "Spin-wait",
    "Averages",       "ExposeDMA",          "Multithreading",
    "DLACore",        "Compute Clock Rate", "Application Compute Clock Rate",
    "avgRuns",        "iterations"};

static void read_kept(struct state *s, const char *text)
{
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        const char *value = doubti_after(text, kept[i]);
        if (value != NULL && value[0] == ':')
            doubti_run_setting(s->reading, kept[i], value + 1);
    }
}

static void read_header(struct state *s, const char *text)
{
    struct doubt_import_run *run = doubti_run_last(s->reading);
    static const char *const models[] = {
        "Model: ", "deploy: ", "onnx: ", "uff: ", "Prototxt: ", "Load engine: ", "loadEngine: "};
    const char *value;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++)
        if ((value = doubti_after(text, models[i])) != NULL)
            set_network(run, value);
    if ((value = doubti_after(text, "Load engine: ")) != NULL ||
        (value = doubti_after(text, "loadEngine: ")) != NULL)
        s->loaded |= *doubti_skip_blanks(value) != '\0';
    if ((value = doubti_after(text, "Precision: ")) != NULL) {
        set_precision(run, value);
        doubti_run_setting(s->reading, "Precision", value);
    }
    if (strcmp(text, "fp16") == 0 || strcmp(text, "int8") == 0)
        set_precision(run, text);
    if ((value = doubti_after(text, "Batch: ")) != NULL ||
        (value = doubti_after(text, "batch: ")) != NULL)
        doubti_integer(value, &run->batch);
    if ((value = doubti_after(text, "Selected Device: ")) != NULL)
        doubti_text_copy(run->device, sizeof run->device, value, NULL);
    if ((value = doubti_after(text, "TensorRT version: ")) != NULL) {
        if (strchr(value, '.') != NULL)
            doubti_text_copy(run->version, sizeof run->version, value, NULL);
        else
            set_version(run, value);
    }
    if (strcmp(text, "Skip inference: Enabled") == 0 || strcmp(text, "Build only: Enabled") == 0)
        s->build_only = true;
    if (doubti_after(text, "--help, -h") != NULL)
        s->help = true;
    if ((value = doubti_after(text, "Timing trace has ")) != NULL) {
        double half;
        const char *over = doubti_behind(value, " queries over ");
        if (doubti_number(value, &s->queries, &half) == NULL || over == NULL ||
            doubti_number(over, &s->query_seconds, &half) == NULL)
            s->queries = 0;
    }
    read_dimensions(run, text);
    read_kept(s, text);
}

/* --- averages ------------------------------------------------------------------------------- */

/* The number behind mark, in ms, and half a unit of its last digit; refuses the run otherwise. */
static bool read_ms(struct state *s, const char *text, const char *mark, double value[2])
{
    const char *at = doubti_behind(text, mark), *end = NULL;
    if (at != NULL)
        end = doubti_number(doubti_skip_blanks(at), &value[0], &value[1]);
    if (end != NULL && doubti_after(doubti_skip_blanks(end), "ms") != NULL) {
        value[0] *= 1e6;
        value[1] *= 1e6;
        return true;
    }
    char shown[40];
    doubti_text_copy(shown, sizeof shown, at != NULL ? at : "", " \t");
    doubti_run_refuse(s->reading, "line %zu: average: \"%s\" behind \"%s\" is no time in ms",
                      s->reading->lines->number, shown, doubti_skip_blanks(mark));
    return false;
}

static void begin_averages(struct state *s, bool old)
{
    if (s->open && (s->summary || (s->averages && old != s->old))) {
        doubti_run_end_before(s->reading);
        finish(s);
        begin(s);
    }
    s->averages = true;
    s->old = old;
}

/* "Average over 10 runs is 25.9 ms (host walltime is 26.0 ms, 99% percentile time is 25.96)." */
static void read_old(struct state *s, const char *text)
{
    double gpu[2], host[2], tail, half, percent;
    begin_averages(s, true);
    doubti_integer(text, &s->of);
    if (!read_ms(s, text, "runs is ", gpu) || !read_ms(s, text, "host walltime is ", host))
        return;
    doubti_run_sample(s->reading, gpu[0]);
    s->wall_sum += host[0];
    s->gpu_half = fmax(s->gpu_half, gpu[1]);
    s->wall_half = fmax(s->wall_half, host[1]);
    const char *at = doubti_behind(text, " ms, "), *value = doubti_behind(text, "time is ");
    if (at != NULL && doubti_number(at, &percent, &half) != NULL && value != NULL &&
        doubti_number(value, &tail, &half) != NULL) {
        doubti_percentile_name(percent, s->tail);
        s->tail_percent = percent;
        s->tail_most = fmax(s->tail_most, 1e6 * tail);
    }
}

/* "Average on 10 runs - GPU latency: 90.1 ms - Host latency: 90.4 ms (enqueue 7.4 ms)" */
static void read_new(struct state *s, const char *text)
{
    double gpu[2];
    begin_averages(s, false);
    doubti_integer(text, &s->of);
    if (!read_ms(s, text, "GPU latency: ", gpu))
        return;
    doubti_run_sample(s->reading, gpu[0]);
    s->gpu_half = fmax(s->gpu_half, gpu[1]);
}

/* --- summaries ------------------------------------------------------------------------------ */

/* Names of the parts, by TensorRT 7 and by 8 and later. */
static const struct {
    const char *heading, *row, *name, *boundary;
} parts[] = {
    {"GPU Compute", "GPU Compute Time: ", "GPU compute time", "device"},
    {"Host Latency", "Latency: ", "latency with copies", "host"},
    {"Host latency", "Latency: ", "latency with copies", "host"},
    {"Enqueue Time", "Enqueue Time: ", "enqueue", ""},
    {NULL, "End-to-End Host Latency: ", "end to end", ""},
    {NULL, "H2D Latency: ", "copy to device", ""},
    {NULL, "D2H Latency: ", "copy from device", ""},
};
enum { PART_COUNT = sizeof parts / sizeof parts[0] };

static void add(struct state *s, const struct doubti_place *place, const char *text)
{
    size_t index = doubti_run_figure(s->reading, place, text, NULL);
    struct doubt_import_run *run = doubti_run_last(s->reading);
    if (index != SIZE_MAX && strcmp(place->name, "GPU compute time") == 0 &&
        strcmp(place->statistic, "mean") == 0)
        run->main_time = index;
}

static void begin_summary(struct state *s, const char *name)
{
    if (s->summary && doubti_run_find(doubti_run_last(s->reading), name, "mean") != NULL) {
        doubti_run_end_before(s->reading);
        finish(s);
        begin(s);
    }
    s->summary = true;
}

/* "min = 89.3 ms, max = ..., percentile(99%) = 91.4 ms" */
static void read_row(struct state *s, int part, const char *text)
{
    char statistic[16];
    while (text != NULL && *text != '\0') {
        const char *equals = doubti_behind(text, "= ");
        double percent, half;
        if (equals == NULL)
            break;
        const char *tail = doubti_after(text, "percentile(");
        if (tail != NULL && doubti_number(tail, &percent, &half) != NULL)
            doubti_percentile_name(percent, statistic);
        else
            doubti_text_copy(statistic, sizeof statistic, text, " =");
        const struct doubti_place place = {parts[part].name, statistic, parts[part].boundary};
        add(s, &place, equals);
        text = doubti_behind(equals, ", ");
    }
}

/* A line below a heading of TensorRT 7: "mean: 27.8 ms (end to end 29 ms)". */
static void read_below(struct state *s, const char *text)
{
    static const char *const names[] = {"min", "max", "mean", "median", "percentile"};
    int part = 0;
    double percent, half;
    char statistic[16];
    while (part < PART_COUNT &&
           (parts[part].heading == NULL || strcmp(parts[part].heading, s->group) != 0))
        part++;
    for (size_t i = 0; part < PART_COUNT && i < sizeof names / sizeof names[0]; i++) {
        const char *value = doubti_after(text, names[i]);
        if (value == NULL || value[0] != ':')
            continue;
        const char *at = doubti_behind(value, " at ");
        snprintf(statistic, sizeof statistic, "%s", names[i]);
        if (i == 4 && at != NULL && doubti_number(at, &percent, &half) != NULL)
            doubti_percentile_name(percent, statistic);
        const struct doubti_place place = {parts[part].name, statistic, parts[part].boundary};
        add(s, &place, value + 1);
        return;
    }
}

static void read_rate(struct state *s, const char *text)
{
    const struct doubti_place place = {"throughput", "throughput", "host"};
    struct doubt_import_run *run = doubti_run_last(s->reading);
    double value, half;
    if (s->summary && doubti_run_find(run, place.name, place.statistic) != NULL) {
        doubti_run_end_before(s->reading);
        finish(s);
        begin(s);
        run = doubti_run_last(s->reading);
        if (!s->open)
            return;
    }
    s->summary = true;
    /* TensorRT 7.x prints 0 for engines with explicit batch. */
    if (doubti_number(doubti_skip_blanks(text), &value, &half) != NULL && value == 0) {
        doubti_run_note(s->reading, DOUBT_IMPORT_WRONG,
                        "line %zu: a throughput of 0 is printed by versions that multiply by a "
                        "batch of 0: left out",
                        s->reading->lines->number);
        return;
    }
    doubti_run_figure(s->reading, &place, text, NULL);
    if (run->batch > 1)
        doubti_run_note(s->reading, DOUBT_IMPORT_REMARK,
                        "with explicit batch, throughput counts queries of %lld inputs each",
                        (long long)run->batch);
}

static bool read_summary(struct state *s, const char *text)
{
    const char *value;
    for (int i = 0; i < PART_COUNT; i++) {
        if (parts[i].heading != NULL && strcmp(text, parts[i].heading) == 0) {
            begin_summary(s, parts[i].name);
            snprintf(s->group, sizeof s->group, "%s", text);
            return true;
        }
        value = doubti_after(text, parts[i].row);
        if (value != NULL && doubti_after(value, "min = ") != NULL) {
            begin_summary(s, parts[i].name);
            read_row(s, i, value);
            return true;
        }
    }
    if ((value = doubti_after(text, "Throughput: ")) != NULL ||
        (value = doubti_after(text, "throughput: ")) != NULL) {
        if (strstr(value, "qps") == NULL)
            return false;
        read_rate(s, value);
        return true;
    }
    if (s->group[0] != '\0')
        read_below(s, text);
    return false;
}

static void read_warning(struct state *s, const char *text)
{
    const char *value = doubti_after(text, "* ");
    if (value != NULL && s->summary)
        doubti_run_note(s->reading, DOUBT_IMPORT_REMARK, "trtexec warns: %s", value);
}

/* What a process prints before it measures; parameters one a line are those of TensorRT 5. */
static bool is_header(const char *text)
{
    static const char *const names[] = {
        "deploy: ", "onnx: ",  "uff: ",   "loadEngine: ", "output: ",
        "device: ", "batch: ", "model: ", "iterations: ", "avgRuns: "};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (doubti_after(text, names[i]) != NULL)
            return true;
    return strcmp(text, "=== Model Options ===") == 0 ||
           strcmp(text, "=== Device Information ===") == 0 || strcmp(text, "fp16") == 0 ||
           strcmp(text, "int8") == 0;
}

/* Begins a run where the line belongs to a new one; false: it belongs to none. */
static bool find_run(struct state *s, const char *text, const char *line)
{
    bool header = is_header(text);
    /* A second summary is one of another process, whose header was not kept. */
    bool again = s->summary && strcmp(text, "=== Performance summary ===") == 0;
    if (s->open && !again && !(header && (s->summary || s->averages)))
        return true;
    if (!s->open && !header && !is_line(line))
        return false;
    doubti_run_end_before(s->reading);
    finish(s);
    begin(s);
    return s->open;
}

static void read_line(struct state *s, const char *line)
{
    char severity;
    const char *text = skip_prefix(line, &severity), *value;
    if (read_status(s, text))
        return;
    if (!find_run(s, text, line))
        return;
    if (severity == 'E' || doubti_after(text, "ERROR: ") != NULL)
        doubti_text_copy(s->error, sizeof s->error, text, NULL);
    if ((value = doubti_after(text, "Average over ")) != NULL)
        read_old(s, value);
    else if ((value = doubti_after(text, "Average on ")) != NULL)
        read_new(s, value);
    else if (doubti_after(text, "... Omitting ") != NULL)
        s->omitted = true;
    else if (severity == 'W')
        read_warning(s, text);
    else if (!read_summary(s, text))
        read_header(s, text);
}

static enum doubt_code read(struct doubti_reading *reading)
{
    struct state s = {.reading = reading};
    while (doubti_next(reading))
        if (reading->lines->size > 0)
            read_line(&s, reading->lines->line);
    finish(&s);
    return reading->failed;
}

const struct doubti_importer doubti_importer_trtexec = {
    "text of TensorRT's trtexec, versions 5 to 11", is_line, NULL, read};

/* import_ncnn.c: what ncnn's benchncnn prints. See import_int.h.
 *
 * A unit of work is one network: a line with min, max and avg. All networks of a list are one
 * process. Source of the format: benchmark/benchncnn.cpp of Tencent/ncnn.
 */
#include "import/import_int.h"

#include <stdio.h>
#include <string.h>

/* Rows above the results: "num_threads = 4". */
static const char *const rows[] = {"loop_count", "num_threads", "powersave", "gpu_device",
                                   "cooling_down"};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

struct state {
    struct doubti_reading *reading;
    char values[ROW_COUNT][40];
    size_t list; /* first run of the process */
};

static bool is_line(const char *line)
{
    const char *min = strstr(line, "  min = ");
    return min != NULL && strstr(min, "  max = ") != NULL && strstr(min, "  avg = ") != NULL;
}

static void read_setting(struct state *s, const char *line)
{
    for (int i = 0; i < ROW_COUNT; i++) {
        const char *value = doubti_after(line, rows[i]);
        value = value != NULL ? doubti_after(value, " = ") : NULL;
        if (value == NULL)
            continue;
        if (i == 0) {
            memset(s->values, 0, sizeof s->values);
            s->list = s->reading->import->count;
        }
        doubti_text_copy(s->values[i], sizeof s->values[i], value, NULL);
    }
}

static void add_notes(struct state *s)
{
    int64_t loops = 0;
    doubti_run_note(s->reading, DOUBT_IMPORT_MEANS,
                    "host time of making an extractor, setting the input and extracting the "
                    "output; \"avg\" is the mean over the loop");
    if (doubti_integer(s->values[0], &loops))
        doubti_run_note(s->reading, DOUBT_IMPORT_LIMIT,
                        "a mean over %lld iterations; minimum and maximum are those of %lld",
                        (long long)loops, (long long)loops);
    else
        doubti_run_note(s->reading, DOUBT_IMPORT_LIMIT,
                        "how many iterations stand behind the mean is not printed: 4 unless asked "
                        "otherwise");
    doubti_run_note(s->reading, DOUBT_IMPORT_LIMIT,
                    "weights are zeros and the input is a constant: what depends on values "
                    "(sparsity, denormals, power) is not that of a real network");
}

static void read_result(struct state *s, const char *line)
{
    static const struct {
        const char *mark, *statistic;
    } parts[] = {{"  avg = ", "mean"}, {"  min = ", "min"}, {"  max = ", "max"}};
    struct doubti_reading *reading = s->reading;
    struct doubt_import_run *run = doubti_run_add(reading, "benchncnn", "ncnn");
    if (run == NULL)
        return;
    char network[200];
    doubti_text_copy(network, sizeof network, line, NULL);
    char *end = strstr(network, "  min = ");
    if (end != NULL)
        *end = '\0';
    doubti_text_copy(run->network, sizeof run->network, network, NULL);
    run->batch = 1;
    run->converts = true;
    for (int i = 0; i < 3; i++) {
        const struct doubti_place place = {"time", parts[i].statistic, "call"};
        const char *value = doubti_behind(line, parts[i].mark);
        if (value == NULL) /* a name that holds the marks */
            value = "";
        size_t index = doubti_run_figure(reading, &place, value, "ms");
        if (i == 0 && index != SIZE_MAX)
            doubti_run_last(reading)->main_time = index;
    }
    for (int i = 0; i < ROW_COUNT; i++)
        doubti_run_setting(reading, rows[i], s->values[i]);
    run = doubti_run_last(reading);
    if (run->refused[0] == '\0' && doubti_run_find(run, "time", "mean")->figure.value == 0)
        doubti_run_refuse(reading, "line %zu: %s: avg = 0: nothing was measured",
                          reading->lines->number, run->network);
    if (run->refused[0] != '\0')
        return;
    doubti_run_check_order(reading);
    add_notes(s);
}

static enum doubt_code read_text(struct doubti_reading *reading)
{
    struct state s = {.reading = reading};
    bool settings = false;
    while (doubti_next(reading)) {
        const char *line = doubti_skip_blanks(reading->lines->line);
        settings |= doubti_after(line, "loop_count = ") != NULL;
        if (is_line(line) || is_line(reading->lines->line))
            read_result(&s, line);
        else
            read_setting(&s, line);
    }
    if (reading->failed == DOUBT_OK && reading->import->count == 0)
        reading->failed = doubt_err_set(
            reading->err, DOUBT_E_FORMAT, "holds no line with min, max and avg: benchncnn %s",
            settings ? "ended before its first network was done" : "prints one for each network");
    return reading->failed;
}

const struct doubti_importer doubti_importer_ncnn = {"text of ncnn's benchncnn", is_line, NULL,
                                                     read_text};

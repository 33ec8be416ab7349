/* import_jetson.c: what jetson_benchmarks prints. See import_int.h.
 *
 * A unit of work is one network: a pair of lines "Model Name:" and "FPS:", or a row of the table at
 * the end. Source of the format: benchmark.py and utils/ of NVIDIA-AI-IOT/jetson_benchmarks.
 */
#include "import/import_int.h"

#include <stdio.h>
#include <string.h>

struct state {
    struct doubti_reading *reading;
    char network[200]; /* of the last "Model Name:" */
    bool table, input; /* below the heading of the table; the suite's input was seen */
};

static const char input_heading[] = "ModelName,FrameWork,Devices";

/* "Model Name" and "FPS" as the only columns, with or without a table's bars. */
static bool is_heading(const char *line)
{
    const char *name = strstr(line, "Model Name"), *rate = strstr(line, "FPS");
    return name != NULL && rate != NULL && rate > name && strchr(line, ':') == NULL;
}

static bool is_line(const char *line)
{
    return doubti_after(line, "Model Name: ") != NULL || is_heading(line) ||
           doubti_after(line, input_heading) != NULL ||
           (doubti_after(line, "------------Executing ") != NULL);
}

static void add_notes(struct doubti_reading *reading)
{
    doubti_run_note(reading, DOUBT_IMPORT_MEANS,
                    "FPS is no rate that was counted: it is the sum of batch x 1000 / mean GPU "
                    "latency over the GPU and each DLA that ran, each averaged by itself");
    doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                    "batch, precision, devices and clocks stand in the suite's own input and not "
                    "here; the windows that are averaged are dated to the second");
}

static struct doubt_import_run *find_run(struct doubti_reading *reading, const char *network)
{
    struct doubt_import *import = reading->import;
    for (size_t i = 0; i < import->count; i++)
        if (strcmp(import->runs[i].network, network) == 0)
            return &import->runs[i];
    return NULL;
}

/* The table repeats what was printed for each network. A failed build is 0.00. */
static void add(struct state *s, const char *network, const char *text)
{
    const struct doubti_place place = {"throughput", "throughput", "device"};
    struct doubti_reading *reading = s->reading;
    const struct doubt_import_run *before = find_run(reading, network);
    double value, half;
    const char *end = doubti_number(doubti_skip_blanks(text), &value, &half);
    if (s->table && before != NULL) {
        if (before->refused[0] == '\0' && end != NULL && before->figure_count > 0 &&
            (value + half < before->figures[0].figure.lo ||
             value - half > before->figures[0].figure.hi) &&
            before == doubti_run_last(reading))
            doubti_run_note(reading, DOUBT_IMPORT_WRONG, "the table at the end says %s FPS",
                            doubti_skip_blanks(text));
        return;
    }
    struct doubt_import_run *run = doubti_run_add(reading, "jetson_benchmarks", "tensorrt");
    if (run == NULL)
        return;
    doubti_text_copy(run->network, sizeof run->network, network, NULL);
    if (end != NULL && value == 0) {
        doubti_run_refuse(reading,
                          "line %zu: %s: FPS 0.00 is how jetson_benchmarks prints a build that "
                          "failed: nothing was measured",
                          reading->lines->number, network);
        return;
    }
    size_t index = doubti_run_figure(reading, &place, text, "FPS");
    if (index == SIZE_MAX)
        return;
    doubti_run_last(reading)->main_rate = index;
    add_notes(reading);
}

/* "| inception_v4 | 311.73 |" and "0   inception_v4  311.732513": name, then number at the end. */
static void read_table(struct state *s, const char *line)
{
    char text[256], *name = text, *last;
    doubti_text_copy(text, sizeof text, line, NULL);
    for (char *c = text; *c != '\0'; c++)
        if (*c == '|' || *c == '\t')
            *c = ' ';
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == ' ')
        text[--size] = '\0';
    last = strrchr(text, ' ');
    if (last == NULL)
        return;
    *last = '\0';
    name += strspn(name, " ");
    size_t digits = strspn(name, "0123456789");
    if (digits > 0 && name[digits] == ' ')
        name += digits + strspn(name + digits, " ");
    char network[200];
    double value, half;
    doubti_text_copy(network, sizeof network, name, NULL);
    if (network[0] == '\0' || strspn(network, ":- ") == strlen(network))
        return;
    if (doubti_number(last + 1, &value, &half) != NULL || last[1] == '-' ||
        strcmp(last + 1, "nan") == 0 || strcmp(last + 1, "NaN") == 0)
        add(s, network, last + 1);
}

static void read_line(struct state *s, const char *line)
{
    const char *value;
    if ((value = doubti_after(line, "Model Name:")) != NULL) {
        doubti_text_copy(s->network, sizeof s->network, value, NULL);
        s->table = false;
    } else if ((value = doubti_after(line, "FPS:")) != NULL && s->network[0] != '\0') {
        add(s, s->network, value);
        s->network[0] = '\0';
    } else if (is_heading(line)) {
        s->table = true;
    } else if (doubti_after(line, input_heading) != NULL) {
        s->input = true;
    } else if (s->table) {
        read_table(s, line);
    }
}

static enum doubt_code read_text(struct doubti_reading *reading)
{
    struct state s = {.reading = reading};
    while (doubti_next(reading))
        read_line(&s, doubti_skip_blanks(reading->lines->line));
    if (reading->failed == DOUBT_OK && reading->import->count == 0)
        reading->failed = doubt_err_set(
            reading->err, DOUBT_E_FORMAT, "%s",
            s.input ? "is the CSV that jetson_benchmarks reads: what is to be run, not what was "
                      "measured; give what it printed"
                    : "holds no result of jetson_benchmarks: it ended before a network was done");
    return reading->failed;
}

const struct doubti_importer doubti_importer_jetson = {"text of jetson_benchmarks", is_line, NULL,
                                                       read_text};

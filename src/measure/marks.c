/* marks.c: see marks.h. */
#include "measure/marks.h"

#include "record/record.h"
#include "util/str.h"
#include "util/whole.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A measured clock below this share of the asked one is held down. */
static const double held_share = 0.9;
/* A locked clock within this share of its step is at it: steps are rounded differently. */
static const double step_share = 0.02;
static const double stolen_share = 0.01;
enum { RUNS_BYTES_MAX = 1 << 20 };

struct interval {
    int64_t from, to;
};

struct intervals {
    struct interval *items;
    size_t count, room;
    bool failed;
};

/* What one restart's marks are made from. */
struct job {
    const struct doubt_trace *trace;
    const struct doubt_marks_window *window;
    int64_t *ends; /* of each sample, on the samples' clock */
    struct doubt_marks *out;
};

/* --- when each sample ran ------------------------------------------------------------------ */

/* Between two samples lies the loop, of which each gets its part. */
static int64_t *sample_ends(const struct doubt_marks_window *window)
{
    int64_t *ends = malloc(window->count * sizeof *ends), sum = 0;
    double total = 0;
    for (size_t i = 0; ends != NULL && i < window->count; i++)
        total += (double)window->samples[i];
    double gap = ((double)window->length_ns - total) / (double)window->count;
    for (size_t i = 0; ends != NULL && i < window->count; i++) {
        sum = doubt_whole_sum(sum, window->samples[i]);
        ends[i] = doubt_whole_sum(doubt_whole_sum(window->begun_ns, sum),
                                  doubt_whole(gap * (double)(i + 1)));
    }
    return ends;
}

/* The first sample that ends after t; count where none does. */
static size_t sample_at(const struct job *job, int64_t t)
{
    size_t low = 0, high = job->window->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (job->ends[middle] > t)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Samples that touch from ... to: *first and their number. */
static size_t samples_in(const struct job *job, int64_t from, int64_t to, size_t *first)
{
    int64_t last_ns = job->window->begun_ns + job->window->length_ns;
    *first = sample_at(job, from);
    if (to <= job->window->begun_ns || from >= last_ns || to <= from)
        return 0;
    size_t end = sample_at(job, to - 1);
    end += end < job->window->count;
    return end > *first ? end - *first : 0;
}

/* --- intervals ----------------------------------------------------------------------------- */

static void add_interval(struct intervals *list, int64_t from, int64_t to)
{
    if (list->count > 0 && list->items[list->count - 1].to == from) {
        list->items[list->count - 1].to = to;
        return;
    }
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 16;
        struct interval *items = realloc(list->items, room * sizeof *items);
        if (items == NULL) {
            list->failed = true;
            return;
        }
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = (struct interval){from, to};
}

static int by_begin(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* Sorted, overlapping ones joined. */
static void join_intervals(struct intervals *list)
{
    size_t kept = 0;
    if (list->count == 0)
        return;
    qsort(list->items, list->count, sizeof *list->items, by_begin);
    for (size_t i = 1; i < list->count; i++) {
        struct interval *last = &list->items[kept];
        if (list->items[i].from > last->to)
            list->items[++kept] = list->items[i];
        else if (list->items[i].to > last->to)
            last->to = list->items[i].to;
    }
    list->count = kept + 1;
}

/* --- what a probe says of its intervals ---------------------------------------------------- */

/* Is the state at this point a bad one? words: the reason, when it is. */
typedef bool is_bad(const struct doubt_trace_series *series, size_t point, char words[64]);

static void add_reason(struct doubt_marks *out, const char *words)
{
    char joined[sizeof out->reason + 80];
    if (words[0] == '\0' || strstr(out->reason, words) != NULL)
        return;
    snprintf(joined, sizeof joined, "%s%s%s", out->reason, out->reason[0] ? ", " : "", words);
    doubt_str_copy(out->reason, sizeof out->reason, joined);
}

/* An interval between two readings is bad when one of its ends is; what was before the first and
 * after the last reading is as these were. */
static void add_states(const struct job *job, const struct doubt_trace_series *series, is_bad *bad,
                       struct intervals *list)
{
    int64_t begun_ns = job->window->begun_ns, ended_ns = begun_ns + job->window->length_ns;
    for (size_t i = 0; i < series->count; i++) {
        char words[64] = "";
        int64_t from = i > 0 ? series->points[i - 1].ns : begun_ns;
        int64_t to = i + 1 < series->count ? series->points[i + 1].ns : ended_ns;
        if (!bad(series, i, words) || to <= begun_ns || from >= ended_ns)
            continue;
        add_interval(list, from < begun_ns ? begun_ns : from, to > ended_ns ? ended_ns : to);
        add_reason(job->out, words);
    }
}

static bool has_bad_reasons(const struct doubt_trace_series *series, size_t point, char words[64])
{
    double value = series->points[point].value;
    uint64_t bits = value > 0 ? (uint64_t)doubt_whole(value) : 0;
    bits &= ~(uint64_t)(DOUBT_REASON_IDLE | DOUBT_REASON_OTHER_CLOCKS);
    if (bits != 0)
        doubt_probe_reasons((double)bits, words, 64);
    return bits != 0;
}

static bool is_cooled(const struct doubt_trace_series *series, size_t point, char words[64])
{
    bool cooled = series->points[point].value > series->first;
    if (cooled)
        snprintf(words, 64, "cooling device %.40s", series->probe->name);
    return cooled;
}

static bool lost_quota(const struct doubt_trace_series *series, size_t point, char words[64])
{
    bool lost = point > 0 && series->points[point].value > series->points[point - 1].value;
    if (lost)
        snprintf(words, 64, "quota of CPU time");
    return lost;
}

/* The measured clock's series follows the one of what was asked for. */
static bool is_held(const struct doubt_trace_series *series, size_t point, char words[64])
{
    const struct doubt_trace_series *asked = series - 1;
    bool held = point < asked->count &&
                series->points[point].value < held_share * asked->points[point].value;
    if (held)
        snprintf(words, 64, "clock held below the one asked for");
    return held;
}

static bool is_beside_step(const struct doubt_trace_series *series, size_t point, char words[64])
{
    double step = series->probe->limit, value = series->points[point].value;
    bool beside = fabs(value - step) > step_share * step;
    if (beside)
        snprintf(words, 64, "%.24s not at its %.4g MHz", series->probe->name, step / 1e6);
    return beside;
}

static bool is_measured_clock(const struct doubt_trace *trace, size_t i)
{
    const char *name = trace->series[i].probe->name;
    const char *end = strstr(name, ", measured");
    return trace->series[i].probe->quantity == DOUBT_PROBE_CLOCK && end != NULL && i > 0 &&
           strncmp(trace->series[i - 1].probe->name, name, (size_t)(end - name)) == 0;
}

/* What may say that this series' samples were throttled; NULL: nothing. */
static is_bad *throttle_rule(const struct doubt_trace *trace, size_t i)
{
    const struct doubt_probe *probe = trace->series[i].probe;
    if (probe->quantity == DOUBT_PROBE_REASONS)
        return has_bad_reasons;
    if (strcmp(probe->kind->name, "cooling") == 0)
        return probe->part == DOUBT_PROBE_CPU || probe->part == DOUBT_PROBE_GPU ? is_cooled : NULL;
    if (strcmp(probe->kind->name, "cgroup") == 0)
        return probe->quantity == DOUBT_PROBE_TIME ? lost_quota : NULL;
    return is_measured_clock(trace, i) ? is_held : NULL;
}

/* A clock that is held to one step. */
static is_bad *clock_rule(const struct doubt_trace *trace, size_t i)
{
    const struct doubt_probe *probe = trace->series[i].probe;
    bool locked = probe->quantity == DOUBT_PROBE_CLOCK && probe->limit > 0 &&
                  probe->floor == probe->limit && !is_measured_clock(trace, i);
    return locked ? is_beside_step : NULL;
}

/* --- counting ------------------------------------------------------------------------------ */

static bool has_value(const struct doubt_trace_series *series)
{
    for (size_t i = 0; i < series->count; i++)
        if (!isnan(series->points[i].value))
            return true;
    return false;
}

/* Not a figure of a GPU that had no part in the work: "gpu1 SM clock". */
static bool concerns(const struct doubt_marks_window *window, const struct doubt_probe *probe)
{
    int gpu;
    if (window->gpu == DOUBT_MARKS_EVERY_GPU || strcmp(probe->kind->name, "nvml") != 0 ||
        sscanf(probe->name, "gpu%d ", &gpu) != 1)
        return true;
    return gpu == window->gpu;
}

static void add_run(struct doubt_str *runs, size_t first, size_t count, const char *word)
{
    doubt_str_addf(runs, "%s[%zu,%zu,\"%s\"]", runs->len > 0 ? "," : "", first, count, word);
}

/* Samples that touch a bad interval of any series; missing where no series can tell. */
static int64_t count_states(const struct job *job,
                            is_bad *(*rule)(const struct doubt_trace *trace, size_t i),
                            const char *word, struct doubt_str *runs)
{
    struct intervals list = {0};
    bool told = false;
    int64_t total = 0;
    size_t counted = 0;
    for (size_t i = 0; i < job->trace->count; i++) {
        const struct doubt_probe *probe = job->trace->series[i].probe;
        is_bad *bad = concerns(job->window, probe) ? rule(job->trace, i) : NULL;
        told = told || (bad != NULL && has_value(&job->trace->series[i]));
        if (bad != NULL)
            add_states(job, &job->trace->series[i], bad, &list);
    }
    join_intervals(&list);
    for (size_t i = 0; i < list.count; i++) {
        size_t first, count = samples_in(job, list.items[i].from, list.items[i].to, &first);
        if (count == 0)
            continue;
        add_run(runs, first, count, word);
        /* A sample may touch two intervals. */
        size_t end = first + count, from = first > counted ? first : counted;
        total += end > from ? (int64_t)(end - from) : 0;
        counted = end > counted ? end : counted;
    }
    free(list.items);
    return told && !list.failed ? total : DOUBT_MISSING_I64;
}

static const struct doubt_trace_series *find_series(const struct doubt_trace *trace,
                                                    const char *kind, const char *name)
{
    for (size_t i = 0; i < trace->count; i++)
        if (strcmp(trace->series[i].probe->kind->name, kind) == 0 &&
            strcmp(trace->series[i].probe->name, name) == 0)
            return &trace->series[i];
    return NULL;
}

/* Over the intervals of a sum: at most `rise x per_unit` samples of each. */
static int64_t count_events(const struct job *job, const struct doubt_trace_series *series,
                            double per_unit, const char *word, struct doubt_str *runs)
{
    int64_t total = 0;
    bool told = false;
    for (size_t i = 1; series != NULL && i < series->count; i++) {
        const struct doubt_trace_point *a = &series->points[i - 1], *b = &series->points[i];
        double rise = b->value - a->value;
        size_t first, count = samples_in(job, a->ns, b->ns, &first);
        told = told || !isnan(rise);
        if (!(rise > 0) || count == 0)
            continue;
        double most = ceil(rise * per_unit);
        total += most < (double)count ? (int64_t)most : (int64_t)count;
        add_run(runs, first, count, word);
    }
    if (total > (int64_t)job->window->count)
        total = (int64_t)job->window->count;
    return told ? total : DOUBT_MISSING_I64;
}

/* What is worth a word and marks no sample: counters that rose, and processes that were on a GPU
 * before the worker was. */
static void describe_event(const struct doubt_trace_series *series, char out[80])
{
    const struct doubt_probe *probe = series->probe;
    const char *processes = strstr(probe->name, " compute processes");
    double first = series->count > 0 ? series->points[0].value : NAN;
    out[0] = '\0';
    if (strcmp(probe->kind->name, "soctherm") == 0 && series->count >= 2) {
        double rise = series->points[series->count - 1].value - first;
        if (rise > 0)
            snprintf(out, 80, "%.40s +%.0f", probe->name, rise);
    } else if (processes != NULL && first > 0) {
        snprintf(out, 80, "%.0f other process%s on %.*s", first, first == 1 ? "" : "es",
                 (int)(processes - probe->name), probe->name);
    }
}

static void list_events(const struct doubt_trace *trace, struct doubt_marks *out)
{
    for (size_t i = 0; i < trace->count; i++) {
        char words[80], joined[sizeof out->events + sizeof words];
        describe_event(&trace->series[i], words);
        if (words[0] == '\0')
            continue;
        snprintf(joined, sizeof joined, "%s%s%s", out->events, out->events[0] ? ", " : "", words);
        doubt_str_copy(out->events, sizeof out->events, joined);
    }
}

enum doubt_code doubt_marks_make(const struct doubt_trace *trace,
                                 const struct doubt_marks_window *window, struct doubt_marks *out,
                                 struct doubt_err *err)
{
    struct job job = {trace, window, NULL, out};
    struct doubt_str runs;
    *out = (struct doubt_marks){DOUBT_MISSING_I64,
                                DOUBT_MISSING_I64,
                                DOUBT_MISSING_I64,
                                DOUBT_MISSING_I64,
                                DOUBT_MISSING_I64,
                                "",
                                "",
                                NULL};
    if (window->count == 0 || window->length_ns <= 0)
        return DOUBT_OK;
    job.ends = sample_ends(window);
    if (job.ends == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the marks of %zu samples",
                             window->count);
    doubt_str_init(&runs, RUNS_BYTES_MAX);
    double mean_s = (double)window->length_ns / 1e9 / (double)window->count;
    out->throttled = count_states(&job, throttle_rule, "throttled", &runs);
    out->off_clock = count_states(&job, clock_rule, "off clock", &runs);
    out->migrated =
        count_events(&job, find_series(trace, "worker", "migrations"), 1, "migrated", &runs);
    out->preempted =
        count_events(&job, find_series(trace, "worker", "forced switches"), 1, "pre-empted", &runs);
    out->stolen = count_events(&job, find_series(trace, "load", "steal"),
                               1 / (stolen_share * mean_s), "stolen", &runs);
    list_events(trace, out);
    /* Without its list a mark still has its count. */
    if (runs.len > 0 && !runs.failed && (out->runs = malloc(runs.len + 3)) != NULL)
        snprintf(out->runs, runs.len + 3, "[%s]", doubt_str_text(&runs));
    doubt_str_free(&runs);
    free(job.ends);
    return DOUBT_OK;
}

void doubt_marks_free(struct doubt_marks *marks)
{
    free(marks->runs);
    marks->runs = NULL;
}

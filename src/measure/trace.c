/* trace.c: see trace.h. */
#include "measure/trace.h"

#include "util/clock.h"
#include "util/str.h"
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t shortest_ns = 50000000, longest_ns = 250000000, watch_ns = 500000000,
                     watch_all_ns = 1500000000;
enum { FORMAT_BYTES_MAX = 4 << 20 };

/* --- opening ------------------------------------------------------------------------------- */

/* What the record or the analysis has a use for: not everything that can be read. */
static bool is_wanted(const struct doubt_probe *probe)
{
    return probe->quantity != DOUBT_PROBE_VOLTAGE && probe->quantity != DOUBT_PROBE_CURRENT &&
           probe->quantity != DOUBT_PROBE_SPEED;
}

/* Power between two updates is not known, and reading it more often tells nothing. */
static void measure_update(struct doubt_trace_series *series, int64_t begun_ns)
{
    struct doubt_probe *probe = series->probe;
    struct doubt_probe_period period;
    series->update_ns = probe->period_ns;
    if (!probe->total ||
        (probe->quantity != DOUBT_PROBE_POWER && probe->quantity != DOUBT_PROBE_ENERGY) ||
        doubt_clock_ns() - begun_ns > watch_all_ns)
        return;
    series->measured = doubt_probes_watch(probe, 1, watch_ns, &period) && period.ns > 0;
    if (!series->measured)
        return;
    series->update_ns = period.ns;
    probe->period_ns = period.ns < shortest_ns ? shortest_ns : period.ns;
}

enum doubt_code doubt_trace_open(const char *root, struct doubt_trace *trace, struct doubt_err *err)
{
    memset(trace, 0, sizeof *trace);
    trace->temperature_max_c = NAN;
    enum doubt_code code = doubt_probes_open(root, NULL, &trace->probes, err);
    if (code != DOUBT_OK)
        return code;
    trace->series = calloc(trace->probes.count, sizeof *trace->series);
    if (trace->series == NULL) {
        doubt_probes_close(&trace->probes);
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for series of probes");
    }
    int64_t begun_ns = doubt_clock_ns();
    for (size_t i = 0; i < trace->probes.count; i++) {
        struct doubt_probe *probe = &trace->probes.items[i];
        double first = is_wanted(probe) ? doubt_probe_read(probe) : NAN;
        if (isnan(first) && probe->part != DOUBT_PROBE_WORKER)
            continue;
        trace->series[trace->count] = (struct doubt_trace_series){.probe = probe, .first = first};
        measure_update(&trace->series[trace->count++], begun_ns);
    }
    return DOUBT_OK;
}

void doubt_trace_close(struct doubt_trace *trace)
{
    for (size_t i = 0; i < trace->count; i++)
        free(trace->series[i].points);
    free(trace->series);
    doubt_probes_close(&trace->probes);
    memset(trace, 0, sizeof *trace);
}

int64_t doubt_trace_period_ns(const struct doubt_trace *trace)
{
    int64_t period_ns = longest_ns;
    for (size_t i = 0; i < trace->count; i++)
        if (!trace->series[i].probe->slow && trace->series[i].probe->period_ns < period_ns)
            period_ns = trace->series[i].probe->period_ns;
    return period_ns > shortest_ns ? period_ns : shortest_ns;
}

/* --- reading ------------------------------------------------------------------------------- */

void doubt_trace_begin(struct doubt_trace *trace, pid_t worker)
{
    for (size_t i = 0; i < trace->count; i++) {
        trace->series[i].count = 0;
        trace->series[i].due_ns = 0;
    }
    trace->failed = false;
    doubt_probes_set_worker(&trace->probes, worker);
}

static void add_point(struct doubt_trace *trace, struct doubt_trace_series *series,
                      struct doubt_trace_point point)
{
    if (series->count == DOUBT_TRACE_POINTS_MAX)
        return;
    if (series->count == series->room) {
        size_t room = series->room ? 2 * series->room : 64;
        struct doubt_trace_point *points = realloc(series->points, room * sizeof *points);
        if (points == NULL) {
            trace->failed = true;
            return;
        }
        series->points = points;
        series->room = room;
    }
    series->points[series->count++] = point;
}

void doubt_trace_read(struct doubt_trace *trace, bool all)
{
    for (size_t i = 0; i < trace->count; i++) {
        struct doubt_trace_series *series = &trace->series[i];
        int64_t before_ns = doubt_clock_ns();
        if (!all && (series->probe->slow || before_ns < series->due_ns))
            continue;
        double value = doubt_probe_read(series->probe);
        int64_t after_ns = doubt_clock_ns();
        /* Of a reading that takes time, the middle is nearest to when it was true. */
        int64_t at_ns = before_ns + (after_ns - before_ns) / 2;
        if (series->count > 0 && at_ns <= series->points[series->count - 1].ns)
            at_ns = series->points[series->count - 1].ns + 1;
        add_point(trace, series, (struct doubt_trace_point){at_ns, value});
        /* A little early rather than a whole turn of the thread late. */
        series->due_ns = before_ns + series->probe->period_ns - shortest_ns / 4;
        trace->reads++;
        if (series->probe->quantity == DOUBT_PROBE_TEMPERATURE)
            trace->temperature_max_c = fmax(trace->temperature_max_c, value);
    }
}

/* --- JSON ---------------------------------------------------------------------------------- */

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* First, last, and where the value changes: a level line keeps both its ends. */
static bool is_kept(const struct doubt_trace_series *series, size_t i)
{
    const struct doubt_trace_point *p = series->points;
    return i == 0 || i + 1 == series->count || !is_same(p[i].value, p[i - 1].value) ||
           !is_same(p[i].value, p[i + 1].value);
}

static json_t *points_json(const struct doubt_trace_series *series)
{
    json_t *list = json_array();
    for (size_t i = 0; i < series->count; i++) {
        const struct doubt_trace_point *point = &series->points[i];
        if (!is_kept(series, i))
            continue;
        double ms = round((double)(point->ns - series->points[0].ns) / 1e4) / 100;
        json_array_append_new(
            list, json_pack("[f, o]", ms,
                            isfinite(point->value) ? json_real(point->value) : json_null()));
    }
    return list;
}

char *doubt_trace_format(const struct doubt_trace *trace)
{
    json_t *list = json_array();
    for (size_t i = 0; i < trace->count; i++) {
        const struct doubt_trace_series *series = &trace->series[i];
        if (series->count == 0)
            continue;
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:I, s:o}", "kind", series->probe->kind->name, "name",
                      series->probe->name, "unit", doubt_probe_unit(series->probe->quantity),
                      "from_ns", (json_int_t)series->points[0].ns, "points", points_json(series)));
    }
    json_t *object = json_array_size(list) > 0 ? json_pack("{s:O}", "probes", list) : NULL;
    char *text = object != NULL
                     ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(8) | JSON_ENSURE_ASCII)
                     : NULL;
    json_decref(object);
    json_decref(list);
    if (text != NULL && strlen(text) > FORMAT_BYTES_MAX) {
        free(text);
        return NULL;
    }
    return text;
}

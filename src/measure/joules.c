/* joules.c: see joules.h. */
#include "measure/joules.h"

#include "machine/gpu_number.h"
#include "util/str.h"
#include "util/units.h"
#include <ctype.h>
#include <doubt/stats.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCES_MAX = 16 };
/* The unit in which sensors of power speak. */
static const double unit_watts = 1e-3;

/* The probes whose energies add up to the answer. */
struct source {
    const struct doubt_trace_series *series[SOURCES_MAX];
    size_t count;
};

/* --- choosing ------------------------------------------------------------------------------ */

static bool is_energy(const struct doubt_trace_series *series)
{
    return series->probe->quantity == DOUBT_PROBE_ENERGY;
}

static bool is_gpus(const struct doubt_probe *probe, int index)
{
    char prefix[16];
    snprintf(prefix, sizeof prefix, "gpu%d ", index);
    return strcmp(probe->kind->name, "nvml") == 0 &&
           strncmp(probe->name, prefix, strlen(prefix)) == 0;
}

/* Takes every total of a kind and quantity that fits; the first only where one is the whole. */
static void choose(const struct doubt_trace *trace, const char *kind,
                   enum doubt_probe_quantity quantity, const struct doubt_joules_window *window,
                   struct source *out)
{
    bool nvml = strcmp(kind, "nvml") == 0, first = strcmp(kind, "powercap") != 0;
    for (size_t i = 0; i < trace->count && out->count < SOURCES_MAX; i++) {
        const struct doubt_trace_series *series = &trace->series[i];
        const struct doubt_probe *probe = series->probe;
        if (strcmp(probe->kind->name, kind) != 0 || probe->quantity != quantity || !probe->total ||
            probe->flagged || series->count < 2 || (first && out->count > 0))
            continue;
        /* psys is measured beside the packages, not in addition to them. */
        if ((nvml && !is_gpus(probe, window->gpu_index)) ||
            (!first && probe->part != DOUBT_PROBE_CPU))
            continue;
        out->series[out->count++] = series;
    }
}

static struct source find_source(const struct doubt_trace *trace,
                                 const struct doubt_joules_window *window, bool power_only)
{
    static const struct {
        const char *kind;
        enum doubt_probe_quantity quantity;
        bool for_gpu, for_cpu;
    } order[] = {
        {"nvml", DOUBT_PROBE_ENERGY, true, false},
        {"nvml", DOUBT_PROBE_POWER, true, false},
        {"ina3221", DOUBT_PROBE_POWER, true, true},
        {"powercap", DOUBT_PROBE_ENERGY, false, true},
    };
    struct source source = {.count = 0};
    for (size_t i = 0; source.count == 0 && i < sizeof order / sizeof order[0]; i++)
        if ((window->gpu ? order[i].for_gpu : order[i].for_cpu) &&
            !(power_only && order[i].quantity == DOUBT_PROBE_ENERGY))
            choose(trace, order[i].kind, order[i].quantity, window, &source);
    return source;
}

/* A variable of the worker's. */
static const char *variable(const char *name, const char *const *environment)
{
    size_t len = strlen(name);
    const char *value = getenv(name);
    for (; environment != NULL && *environment != NULL; environment++)
        if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
            value = *environment + len + 1;
    return value;
}

void doubt_joules_device(const char *device, const char *const *environment,
                         struct doubt_joules_window *window)
{
    static const char *const words[] = {"cuda", "gpu", "tensorrt", NULL};
    window->gpu = false;
    window->gpu_index = 0;
    window->gpu_why[0] = '\0';
    for (size_t i = 0; device != NULL && words[i] != NULL; i++)
        window->gpu = window->gpu || strcasestr(device, words[i]) != NULL;
    const char *mark = device != NULL ? strpbrk(device, ":.") : NULL;
    if (window->gpu && mark != NULL && isdigit((unsigned char)mark[1]))
        window->gpu_index = atoi(mark + 1);
    if (!window->gpu || strncasecmp(device, "gpu", 3) == 0)
        return;
    const struct doubt_gpu_variables variables = {variable("CUDA_VISIBLE_DEVICES", environment),
                                                  variable("CUDA_DEVICE_ORDER", environment)};
    int number =
        doubt_gpu_number(doubt_machine_root(), window->gpu_index, &variables, window->gpu_why);
    if (number >= 0 || window->gpu_why[0] != '\0')
        window->gpu_index = number;
}

/* --- one series ---------------------------------------------------------------------------- */

/* Readings that gave a value. */
struct readings {
    int64_t *ns;
    double *values;
    uint64_t *counts;
    size_t n;
};

static void free_readings(struct readings *readings)
{
    free(readings->ns);
    free(readings->values);
    free(readings->counts);
}

static bool take_readings(const struct doubt_trace_series *series, struct readings *out)
{
    *out = (struct readings){.ns = malloc(series->count * sizeof *out->ns),
                             .values = malloc(series->count * sizeof *out->values),
                             .counts = malloc(series->count * sizeof *out->counts)};
    if (out->ns == NULL || out->values == NULL || out->counts == NULL)
        return false;
    for (size_t i = 0; i < series->count; i++) {
        if (isnan(series->points[i].value))
            continue;
        out->ns[out->n] = series->points[i].ns;
        out->values[out->n++] = series->points[i].value;
    }
    return true;
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static size_t nearest(const struct readings *readings, int64_t ns)
{
    size_t best = 0;
    for (size_t i = 1; i < readings->n; i++)
        if (distance(readings->ns[i], ns) < distance(readings->ns[best], ns))
            best = i;
    return best;
}

/* The counter between the readings nearest to the window's ends, stretched to the window; what the
 * readings lie beside it is a bound at the mean power. */
static bool count_energy(const struct doubt_trace_series *series, struct readings *readings,
                         const struct doubt_joules_window *window, struct doubt_energy *out)
{
    int64_t ended_ns = window->begun_ns + window->length_ns;
    size_t from = nearest(readings, window->begun_ns), to = nearest(readings, ended_ns);
    double unit = strcmp(series->probe->kind->name, "nvml") == 0 ? 1e-3 : 1e-6, sum = 0;
    if (to <= from)
        return false;
    readings->counts[from] = 0;
    for (size_t i = from + 1; i <= to; i++) {
        sum += doubt_probe_difference(series->probe, readings->values[i - 1], readings->values[i]);
        if (!(sum >= 0))
            return false;
        readings->counts[i] = (uint64_t)llround(sum / unit);
    }
    const struct doubt_counter counter = {.time_ns = readings->ns + from,
                                          .counts = readings->counts + from,
                                          .n = to - from + 1,
                                          .unit_joules = unit,
                                          .update_ns = series->update_ns,
                                          .bits = 64};
    if (doubt_energy_count(&counter, out, NULL) != DOUBT_OK)
        return false;
    int64_t beside =
        distance(readings->ns[from], window->begun_ns) + distance(readings->ns[to], ended_ns);
    double read_ns = (double)(readings->ns[to] - readings->ns[from]);
    out->bound_joules += out->mean_watts * (double)beside / 1e9;
    out->joules *= (double)window->length_ns / read_ns;
    return true;
}

/* The longest pause between readings around the window, or the sensor's period if that is longer.
 */
static int64_t step_of(const struct doubt_trace_series *series, const struct readings *readings)
{
    int64_t step = series->update_ns;
    for (size_t i = 1; i < readings->n; i++)
        if (readings->ns[i] - readings->ns[i - 1] > step)
            step = readings->ns[i] - readings->ns[i - 1];
    return step;
}

static bool integrate(const struct doubt_trace_series *series, const struct readings *readings,
                      const struct doubt_joules_window *window, struct doubt_energy *out)
{
    const struct doubt_power power = {readings->ns, readings->values, readings->n};
    struct doubt_energy_window how = {.from_ns = window->begun_ns,
                                      .to_ns = window->begun_ns + window->length_ns,
                                      .update_ns = step_of(series, readings),
                                      .idle_watts = readings->values[0],
                                      .offset_watts = unit_watts};
    for (size_t i = 1; i < readings->n; i++)
        how.idle_watts = fmin(how.idle_watts, readings->values[i]);
    return doubt_energy_integrate(&power, &how, out, NULL) == DOUBT_OK;
}

static bool energy_of(const struct doubt_trace_series *series,
                      const struct doubt_joules_window *window, struct doubt_energy *out)
{
    struct readings readings;
    bool good = take_readings(series, &readings) && readings.n >= 2;
    if (good)
        good = is_energy(series) ? count_energy(series, &readings, window, out)
                                 : integrate(series, &readings, window, out);
    free_readings(&readings);
    return good;
}

/* --- all of them --------------------------------------------------------------------------- */

static void describe(const struct source *source, char *out, size_t out_bytes)
{
    const struct doubt_trace_series *first = source->series[0];
    char period[32];
    doubt_units_format_duration(first->update_ns, period, sizeof period);
    snprintf(out, out_bytes, "%s%s (%s), %s, updates every %s%s", first->probe->name,
             source->count > 1 ? " and others" : "", first->probe->kind->name,
             is_energy(first) ? "counter" : "power integrated", period,
             first->measured ? "" : " (not measured)");
}

/* A total that is below one of its parts over the window contradicts itself. */
static bool is_contradicted(const struct doubt_trace *trace, const struct source *source,
                            const struct doubt_joules_window *window, double joules)
{
    const struct doubt_probe *total = source->series[0]->probe;
    for (size_t i = 0; i < trace->count; i++) {
        const struct doubt_trace_series *part = &trace->series[i];
        struct doubt_energy energy;
        if (part->probe->kind == total->kind && strcmp(total->kind->name, "ina3221") == 0 &&
            part->probe != total && energy_of(part, window, &energy) &&
            energy.joules - energy.bound_joules > joules)
            return true;
    }
    return false;
}

/* The same by another sensor of the same part, where there is one: a GPU's power beside its
 * counter. */
static void cross_check(const struct doubt_trace *trace, const struct source *source,
                        const struct doubt_joules_window *window, struct doubt_joules *out)
{
    struct source power = find_source(trace, window, true);
    struct doubt_energy energy;
    if (!is_energy(source->series[0]) || power.count == 0 ||
        power.series[0]->probe->kind != source->series[0]->probe->kind ||
        !energy_of(power.series[0], window, &energy))
        return;
    out->power_joules = energy.joules;
    out->power_bound_joules = energy.bound_joules;
}

void doubt_joules_make(const struct doubt_trace *trace, const struct doubt_joules_window *window,
                       struct doubt_joules *out)
{
    struct source source = find_source(trace, window, false);
    *out =
        (struct doubt_joules){NAN, NAN, NAN, NAN, NAN, "no sensor of power or energy can be read"};
    if (source.count == 0 && window->gpu_why[0] != '\0')
        snprintf(out->source, sizeof out->source, "%s", window->gpu_why);
    if (source.count == 0 || window->length_ns <= 0)
        return;
    double joules = 0, bound = 0;
    for (size_t i = 0; i < source.count; i++) {
        struct doubt_energy energy;
        if (!energy_of(source.series[i], window, &energy)) {
            snprintf(out->source, sizeof out->source, "%s gave too few readings",
                     source.series[i]->probe->name);
            return;
        }
        joules += energy.joules;
        bound += energy.bound_joules;
    }
    if (is_contradicted(trace, &source, window, joules + bound)) {
        snprintf(out->source, sizeof out->source, "%s is below one of its parts",
                 source.series[0]->probe->name);
        return;
    }
    describe(&source, out->source, sizeof out->source);
    out->joules = joules;
    out->bound_joules = bound;
    out->watts = joules / ((double)window->length_ns / 1e9);
    cross_check(trace, &source, window, out);
}

/* soak.c: work before the first restart until the machine is as warm as it will be.
 *
 * A unit of work is one unrecorded restart; the active cells take turns. It ends when for a minute
 * no sensor of temperature has moved by more than 2 K and no cell's clock of CPU or GPU by more
 * than 2 %, and after five minutes at the latest; with a budget after a tenth of it, and half of
 * that is the minute. Where neither can be read nothing would tell its end: there is a soak only of
 * the length that was asked for. A thermal transient that is longer than a restart cannot be seen
 * inside one, hence all this. Not for the warm-up of a restart (worker.c).
 */
#include "measure/series_int.h"

#include "util/str.h"
#include <math.h>
#include <stdlib.h>

static const int64_t second_ns = 1000000000;
enum { LONGEST_S = 300, STEADY_S = 60, TURN_S = 5 };
static const double steady_k = 2, steady_share = 0.02;
enum { WATCHED_MAX = 64, CLOCKS = 2 };

/* Where a sensor has been since the steady time began. */
struct range {
    double low, high;
};

static const struct {
    enum doubt_probe_part part;
    const char *name;
} clocks[CLOCKS] = {{DOUBT_PROBE_CPU, "the CPU's clock"}, {DOUBT_PROBE_GPU, "the GPU's clock"}};

/* What a cell's clocks were in its turns. */
struct cell_clocks {
    struct range ranges[CLOCKS];
};

struct soak {
    struct range temperatures[WATCHED_MAX];
    struct cell_clocks *cells; /* of all cells of the series; owned */
    int64_t begun_ns, steady_since_ns, longest_ns, steady_ns;
    bool has_temperature, has_clock, clock_seen;
    const char *moved; /* the sensor that moved last */
};

/* --- what is watched ----------------------------------------------------------------------- */

/* Of the processing part: a memory's clock is another. */
static bool is_clock(const struct doubt_probe *probe, enum doubt_probe_part part, bool measured)
{
    return probe->quantity == DOUBT_PROBE_CLOCK && probe->part == part &&
           strstr(probe->name, "memory") == NULL &&
           (!measured || strstr(probe->name, "measured") != NULL);
}

static bool has_clock(const struct doubt_trace *trace, enum doubt_probe_part part, bool measured)
{
    for (size_t i = 0; i < trace->count; i++)
        if (is_clock(trace->series[i].probe, part, measured))
            return true;
    return false;
}

static void find_sensors(struct soak *soak, const struct doubt_trace *trace)
{
    for (size_t i = 0; trace != NULL && i < trace->count; i++)
        soak->has_temperature |= trace->series[i].probe->quantity == DOUBT_PROBE_TEMPERATURE;
    for (size_t c = 0; trace != NULL && c < CLOCKS; c++)
        soak->has_clock |= has_clock(trace, clocks[c].part, false);
}

/* The mean of the fastest one of a part's clocks while samples were taken: idle cores may sleep as
 * they like. Measured ones where there are such, since those asked for hide a throttled core. The
 * clocks of a part are read one after the other, so that their n-th points belong together. NaN:
 * none. */
static double fastest_clock(const struct doubt_trace *trace, enum doubt_probe_part part,
                            int64_t from_ns, int64_t to_ns)
{
    bool measured = has_clock(trace, part, true), any = true;
    double sum = 0;
    size_t n = 0;
    for (size_t k = 0; any; k++) {
        double fastest = NAN;
        any = false;
        for (size_t i = 0; i < trace->count; i++) {
            const struct doubt_trace_series *series = &trace->series[i];
            if (!is_clock(series->probe, part, measured) || k >= series->count)
                continue;
            any = true;
            if (series->points[k].ns >= from_ns && series->points[k].ns <= to_ns)
                fastest = fmax(fastest, series->points[k].value);
        }
        if (isfinite(fastest)) {
            sum += fastest;
            n++;
        }
    }
    return n > 0 ? sum / (double)n : NAN;
}

/* Widens a range; the steady time begins anew where it has become wider than allowed. */
static void take_value(struct soak *soak, struct range *range, double value, double allowed,
                       const char *name)
{
    if (!isfinite(value))
        return;
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
    if (range->high - range->low <= allowed)
        return;
    *range = (struct range){value, value};
    soak->steady_since_ns = doubt_clock_ns();
    soak->moved = name;
}

/* Takes a turn's clocks and the newest temperatures. */
static void take_turn(struct soak *soak, const struct doubt_trace *trace, size_t cell,
                      const struct doubt_restart *record)
{
    for (size_t i = 0; trace != NULL && i < trace->count && i < WATCHED_MAX; i++) {
        const struct doubt_trace_series *series = &trace->series[i];
        if (series->probe->quantity == DOUBT_PROBE_TEMPERATURE && series->count > 0)
            take_value(soak, &soak->temperatures[i], series->points[series->count - 1].value,
                       steady_k, series->probe->name);
    }
    if (trace == NULL || record->sample_begun_ns == DOUBT_MISSING_I64 ||
        record->sample_ns == DOUBT_MISSING_I64)
        return;
    for (size_t c = 0; c < CLOCKS; c++) {
        double hz = fastest_clock(trace, clocks[c].part, record->sample_begun_ns,
                                  record->sample_begun_ns + record->sample_ns);
        soak->clock_seen = soak->clock_seen || isfinite(hz);
        take_value(soak, &soak->cells[cell].ranges[c], hz, steady_share * hz, clocks[c].name);
    }
}

/* --- work ---------------------------------------------------------------------------------- */

static size_t next_active(const struct doubti_series_run *run, size_t after)
{
    for (size_t i = 1; i <= run->count; i++)
        if (run->seen[(after + i) % run->count].active)
            return (after + i) % run->count;
    return run->count;
}

/* One unrecorded restart, of a few seconds of work. A cell that fails is left to its real ones. */
static enum doubt_code soak_once(struct doubti_series_run *run, struct soak *soak, size_t index,
                                 bool *failed, struct doubt_err *err)
{
    struct doubt_restart_result restart;
    int64_t whole_ns = doubti_series_smallest(soak->steady_ns, soak->longest_ns);
    struct doubt_restart_plan how = {.iterations = DOUBT_RESTART_ITERATIONS_MAX / 1000,
                                     .iterations_min = 1,
                                     .sample_ns_max =
                                         doubti_series_smallest(TURN_S * second_ns, whole_ns / 4),
                                     .warm_iterations_min = 1,
                                     .deadline_ns = 300 * second_ns};
    if (run->plan->deadline_ns > 0)
        how.deadline_ns = run->plan->deadline_ns;
    enum doubt_code code = doubti_turn_run(run, index, &how, &restart, err);
    *failed = code != DOUBT_OK || !doubti_turn_ended_as(&restart.record, DOUBT_OUTCOME_OK);
    if (!*failed)
        take_turn(soak, doubt_telemetry_trace(run->telemetry), index, &restart.record);
    doubt_restart_result_free(&restart);
    return code;
}

static void describe(struct doubt_series *series, const struct soak *soak, bool asked, bool steady)
{
    const char *within = !soak->clock_seen        ? "2 K"
                         : !soak->has_temperature ? "2 % of the clock"
                                                  : "2 K and 2 % of the clock";
    series->soak_ns = doubt_clock_ns() - soak->begun_ns;
    if (asked)
        doubt_text_set(&series->soak, "as long as was asked for");
    else if (steady)
        doubt_text_setf(&series->soak, "steady within %s for %.0f s", within,
                        (double)soak->steady_ns / 1e9);
    else
        doubt_text_setf(&series->soak, "not steady: %s still moved",
                        soak->moved != NULL ? soak->moved : "a sensor");
}

/* How long at most, and how long it must be steady; forever where a length was asked for. */
static void set_lengths(const struct doubt_series_plan *plan, struct soak *soak)
{
    soak->longest_ns = LONGEST_S * second_ns;
    soak->steady_ns = STEADY_S * second_ns;
    if (plan->soak_ns > 0) {
        soak->longest_ns = plan->soak_ns;
        soak->steady_ns = INT64_MAX;
    } else if (plan->budget_ns > 0) {
        soak->longest_ns = doubti_series_smallest(soak->longest_ns, plan->budget_ns / 10);
        soak->steady_ns = doubti_series_smallest(soak->steady_ns, soak->longest_ns / 2);
    }
}

/* Turns until it is steady, or over. */
static enum doubt_code soak_all(struct doubti_series_run *run, struct soak *soak,
                                struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    bool steady = false, failed = false;
    size_t index = run->count - 1;
    for (size_t i = 0; i < WATCHED_MAX; i++)
        soak->temperatures[i] = (struct range){INFINITY, -INFINITY};
    for (size_t i = 0; i < run->count * CLOCKS; i++)
        soak->cells[i / CLOCKS].ranges[i % CLOCKS] = (struct range){INFINITY, -INFINITY};
    set_lengths(run->plan, soak);
    soak->begun_ns = soak->steady_since_ns = doubt_clock_ns();
    run->progress.phase = "soak";
    while (code == DOUBT_OK && !steady && !failed && !doubti_series_stopped(run) &&
           doubt_clock_ns() - soak->begun_ns < soak->longest_ns) {
        index = next_active(run, index);
        code = soak_once(run, soak, index, &failed, err);
        steady = (soak->has_temperature || soak->clock_seen) &&
                 doubt_clock_ns() - soak->steady_since_ns >= soak->steady_ns;
    }
    describe(&run->result->series, soak, run->plan->soak_ns > 0, steady);
    return code;
}

enum doubt_code doubti_soak_run(struct doubti_series_run *run, struct doubt_err *err)
{
    struct soak soak = {.moved = NULL};
    if (run->plan->no_soak || next_active(run, run->count - 1) == run->count)
        return DOUBT_OK;
    find_sensors(&soak, doubt_telemetry_trace(run->telemetry));
    if (!soak.has_temperature && !soak.has_clock && run->plan->soak_ns == 0) {
        doubt_text_set(&run->result->series.soak,
                       "none: no temperature and no clock can be read here; --soak 120s works that "
                       "long first");
        return DOUBT_OK;
    }
    soak.cells = calloc(run->count, sizeof *soak.cells);
    if (soak.cells == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the clocks of %zu cells",
                             run->count);
    enum doubt_code code = soak_all(run, &soak, err);
    free(soak.cells);
    return code;
}

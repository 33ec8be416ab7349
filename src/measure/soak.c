/* soak.c: work before the first restart until the machine is as warm as it will be.
 *
 * A unit of work is one unrecorded restart; the active cells take turns. It ends when no sensor of
 * temperature has moved by more than 2 K for a minute, and after five minutes at the latest; with a
 * budget after a tenth of it, and half of that is the minute. Without such a sensor there is no
 * soak: nothing would tell its end. A thermal transient that is longer than a restart cannot be
 * seen inside one, hence all this. Not for the warm-up of a restart (worker.c).
 */
#include "measure/series_int.h"

#include "util/str.h"
#include <math.h>
#include <stdio.h>

static const int64_t second_ns = 1000000000;
enum { LONGEST_S = 300, STEADY_S = 60, TURN_S = 5 };
static const double steady_k = 2;
enum { WATCHED_MAX = 64 };

/* Where a sensor has been since the steady time began. */
struct range {
    double low, high;
};

struct soak {
    struct range ranges[WATCHED_MAX];
    int64_t begun_ns, steady_since_ns, longest_ns, steady_ns;
    const char *moved; /* the sensor that moved last */
};

static bool is_watched(const struct doubt_probe *probe)
{
    return probe->quantity == DOUBT_PROBE_TEMPERATURE;
}

static bool has_sensor(const struct doubt_trace *trace)
{
    for (size_t i = 0; trace != NULL && i < trace->count; i++)
        if (is_watched(trace->series[i].probe))
            return true;
    return false;
}

/* Takes the newest points; the time begins anew where one left its range. */
static void take_points(struct soak *soak, const struct doubt_trace *trace)
{
    for (size_t i = 0; i < trace->count && i < WATCHED_MAX; i++) {
        const struct doubt_trace_series *series = &trace->series[i];
        struct range *range = &soak->ranges[i];
        if (!is_watched(series->probe) || series->count == 0)
            continue;
        double value = series->points[series->count - 1].value;
        range->low = fmin(range->low, value);
        range->high = fmax(range->high, value);
        if (range->high - range->low <= steady_k)
            continue;
        *range = (struct range){value, value};
        soak->steady_since_ns = doubt_clock_ns();
        soak->moved = series->probe->name;
    }
}

static size_t next_active(const struct doubti_series_run *run, size_t after)
{
    for (size_t i = 1; i <= run->count; i++)
        if (run->seen[(after + i) % run->count].active)
            return (after + i) % run->count;
    return run->count;
}

/* One unrecorded restart, of a few seconds of work. A cell that fails is left to its real ones. */
static enum doubt_code soak_once(struct doubti_series_run *run, size_t index, int64_t turn_ns,
                                 bool *failed, struct doubt_err *err)
{
    struct doubt_restart_result restart;
    struct doubt_restart_plan how = {.iterations = DOUBT_RESTART_ITERATIONS_MAX / 1000,
                                     .iterations_min = 1,
                                     .sample_ns_max = turn_ns,
                                     .warm_iterations_min = 1,
                                     .deadline_ns = 300 * second_ns};
    if (run->plan->deadline_ns > 0)
        how.deadline_ns = run->plan->deadline_ns;
    enum doubt_code code = doubti_turn_run(run, index, &how, &restart, err);
    *failed = code != DOUBT_OK || !doubti_turn_ended_as(&restart.record, DOUBT_OUTCOME_OK);
    doubt_restart_result_free(&restart);
    return code;
}

static void describe(struct doubt_series *series, const struct soak *soak, bool steady)
{
    series->soak_ns = doubt_clock_ns() - soak->begun_ns;
    if (steady)
        doubt_text_setf(&series->soak, "steady within 2 K for %.0f s",
                        (double)soak->steady_ns / 1e9);
    else
        doubt_text_setf(&series->soak, "not steady: %s still moved",
                        soak->moved != NULL ? soak->moved : "a sensor");
}

enum doubt_code doubti_soak_run(struct doubti_series_run *run, struct doubt_err *err)
{
    struct soak soak = {.begun_ns = doubt_clock_ns(),
                        .longest_ns = LONGEST_S * second_ns,
                        .steady_ns = STEADY_S * second_ns};
    enum doubt_code code = DOUBT_OK;
    bool steady = false, failed = false;
    size_t index = run->count - 1;
    if (run->plan->no_soak || !has_sensor(doubt_telemetry_trace(run->telemetry)) ||
        next_active(run, index) == run->count)
        return DOUBT_OK;
    for (size_t i = 0; i < WATCHED_MAX; i++)
        soak.ranges[i] = (struct range){INFINITY, -INFINITY};
    if (run->plan->budget_ns > 0) {
        soak.longest_ns = doubti_series_smallest(soak.longest_ns, run->plan->budget_ns / 10);
        soak.steady_ns = doubti_series_smallest(soak.steady_ns, soak.longest_ns / 2);
    }
    int64_t turn_ns = doubti_series_smallest(TURN_S * second_ns, soak.steady_ns / 4);
    soak.steady_since_ns = soak.begun_ns;
    run->progress.phase = "soak";
    while (code == DOUBT_OK && !steady && !failed && !doubti_series_stopped(run) &&
           doubt_clock_ns() - soak.begun_ns < soak.longest_ns) {
        index = next_active(run, index);
        code = soak_once(run, index, turn_ns, &failed, err);
        take_points(&soak, doubt_telemetry_trace(run->telemetry));
        steady = doubt_clock_ns() - soak.steady_since_ns >= soak.steady_ns;
    }
    describe(&run->result->series, &soak, steady);
    return code;
}

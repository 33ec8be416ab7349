/* import_loadgen_check.c: what a LoadGen log says, recomputed from its other numbers. See
 * import_int.h.
 *
 * A unit of work is one log. Rules: loadgen/results.cc and early_stopping.cc of
 * mlcommons/inference; the mean is a sum in 64 bits divided by the count, so it wraps at 2^64 ns /
 * count.
 */
#include "import/import_int.h"

#include <doubt/stats.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double shares[] = {0.5, 0.9, 0.95, 0.97, 0.99, 0.999};
enum { SHARE_COUNT = 6 };
static const double confidence = 0.99, wrap = 18446744073709551616.0, queries_most = 1e9;

void doubti_loadgen_init(struct doubti_loadgen *log)
{
    memset(log, 0, sizeof *log);
    log->samples = log->queries = log->min = log->mean = log->max = NAN;
    log->rate = log->alone_rate = log->target = log->discarded = log->estimate = NAN;
    log->over_latency = NAN;
    for (int i = 0; i < SHARE_COUNT; i++)
        log->p[i] = NAN;
}

static struct doubt_import_figure *find(struct doubti_reading *reading,
                                        const struct doubti_loadgen *log, const char *statistic)
{
    return doubti_run_find(doubti_run_last(reading), log->per_query ? "query latency" : "latency",
                           statistic);
}

/* --- the mean ------------------------------------------------------------------------------- */

/* Bounds of a mean by minimum, percentiles and maximum: the share below each percentile lies
 * between it and the one before. false: not all are there. */
static bool bound_mean(const struct doubti_loadgen *log, double *lo, double *hi)
{
    double below = log->min, from = 0;
    *lo = *hi = 0;
    for (int i = 0; i <= SHARE_COUNT; i++) {
        double to = i < SHARE_COUNT ? shares[i] : 1;
        double above = i < SHARE_COUNT ? log->p[i] : log->max;
        if (!(above >= below))
            return false;
        *lo += (to - from) * below;
        *hi += (to - from) * above;
        below = above;
        from = to;
    }
    /* A percentile is an element of the sorted list: its share is off by less than one sample. */
    double n = isnan(log->samples) ? log->queries : log->samples;
    double open = n > 0 ? (SHARE_COUNT + 1) * (log->max - log->min) / n : 0;
    *lo -= open + 1;
    *hi += open + 1;
    return true;
}

/* Adds back whole wraps until the mean lies where it can; the one next to the median is taken. */
static void unwrap(struct doubti_reading *reading, const struct doubti_loadgen *log, double lo,
                   double hi)
{
    const struct doubti_place place = {log->per_query ? "query latency" : "latency", "mean",
                                       "host"};
    const double n = isnan(log->samples) ? log->queries : log->samples;
    const double step = n > 0 ? wrap / n : NAN;
    double first = fmax(1, ceil((lo - log->mean) / step)), last = floor((hi - log->mean) / step);
    if (!(last >= first)) {
        doubti_run_note(reading, DOUBT_IMPORT_WRONG,
                        "the mean of %.6g s cannot be: minimum, percentiles and maximum put it "
                        "between %.6g and %.6g s",
                        log->mean / 1e9, lo / 1e9, hi / 1e9);
        return;
    }
    double wraps = fmin(last, fmax(first, round((log->p[0] - log->mean) / step)));
    double mean = log->mean + wraps * step;
    char others[80] = "";
    if (last > first)
        snprintf(others, sizeof others, "; %.0f to %.0f are possible, this is next to the median",
                 first, last);
    doubti_run_note(reading, DOUBT_IMPORT_WRONG,
                    "the mean of %.6g s cannot be: the other figures put it between %.6g and %.6g "
                    "s. LoadGen sums nanoseconds in 64 bits, and the sum of %.0f latencies wrapped "
                    "%.0f time%s round: the mean was %.6g s%s",
                    log->mean / 1e9, lo / 1e9, hi / 1e9, n, wraps, wraps == 1 ? "" : "s",
                    mean / 1e9, others);
    if (last == first)
        doubti_run_computed(reading, &place, mean, 0.5, "ns");
}

static void check_mean(struct doubti_reading *reading, const struct doubti_loadgen *log)
{
    double lo, hi;
    struct doubt_import_figure *mean = find(reading, log, "mean");
    if (mean == NULL || isnan(log->mean) || !bound_mean(log, &lo, &hi) ||
        (log->mean >= lo && log->mean <= hi))
        return;
    mean->wrong = true;
    unwrap(reading, log, lo, hi);
}

/* --- rates ---------------------------------------------------------------------------------- */

/* Offline: samples / longest latency. Where LoadGen put samples together anew, the count of the
 * parameters is not the real one: that follows from the rate. */
static void check_offline(struct doubti_reading *reading, struct doubti_loadgen *log)
{
    struct doubt_import_figure *figure =
        doubti_run_find(doubti_run_last(reading), "throughput", "throughput");
    if (strcmp(log->scenario, "Offline") != 0 || isnan(log->rate) || !(log->max > 0) ||
        figure == NULL)
        return;
    const double counted = round(log->rate * log->max / 1e9), asked = log->samples;
    const double rate = 1e9 * asked / log->max;
    const bool same = fabs(rate - log->rate) <= log->rate_half * (1 + 1e-9) + 1e-9 * rate;
    if (!same && (log->permutation || isnan(asked)))
        log->samples = counted;
    if (same || isnan(asked))
        return;
    if (log->permutation) {
        doubti_run_note(reading, DOUBT_IMPORT_REMARK,
                        "samples a second times the longest latency are about %.0f samples, where "
                        "the parameters say %.0f: LoadGen put them together anew "
                        "(sample_concatenate_permutation)",
                        counted, asked);
        return;
    }
    figure->wrong = true;
    doubti_run_note(reading, DOUBT_IMPORT_WRONG, "%.0f samples in %.6g s are %.6g a second, not %s",
                    asked, log->max / 1e9, rate, figure->text);
}

/* SingleStream: one query at a time, so its own rate is 1 / mean. */
static void check_alone(struct doubti_reading *reading, const struct doubti_loadgen *log)
{
    struct doubt_import_figure *figure =
        doubti_run_find(doubti_run_last(reading), "rate without LoadGen's overhead", "throughput");
    if (figure == NULL || !(log->mean > 0) || isnan(log->alone_rate))
        return;
    double rate = 1e9 / log->mean;
    if (fabs(rate - log->alone_rate) <= log->alone_half * (1 + 1e-9) + 1e-6 * rate)
        return;
    figure->wrong = true;
    doubti_run_note(reading, DOUBT_IMPORT_WRONG, "1 / mean latency is %.6g a second, not %s", rate,
                    figure->text);
}

/* --- early stopping ------------------------------------------------------------------------- */

static void check_discards(struct doubti_reading *reading, const struct doubti_loadgen *log)
{
    const struct doubt_early_stopping rule = {log->target, 0, confidence};
    int64_t t, least;
    if (isnan(log->target) || !(log->queries >= 1 && log->queries <= queries_most) ||
        doubt_early_stopping_estimate(&rule, (int64_t)log->queries, &t, &least, NULL) != DOUBT_OK)
        return;
    if (t == 0) {
        doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                        "%.0f queries are too few for LoadGen's estimate of this percentile: it "
                        "needs %lld",
                        log->queries, (long long)least);
        return;
    }
    if (isnan(log->discarded) || log->discarded == (double)(t - 1))
        return;
    for (size_t i = 0; i < doubti_run_last(reading)->figure_count; i++) {
        struct doubt_import_figure *figure = &doubti_run_last(reading)->figures[i];
        figure->wrong |= strcmp(figure->name, "early stopping estimate") == 0;
    }
    doubti_run_note(reading, DOUBT_IMPORT_WRONG,
                    "early stopping discards %.0f latencies here; its own rule allows %lld for "
                    "%.0f queries, so the estimate is %s",
                    log->discarded, (long long)(t - 1), log->queries,
                    log->discarded < (double)(t - 1) ? "too high" : "too low");
}

/* Server: do so many queries over the limit among so many pass? */
static void check_server(struct doubti_reading *reading, const struct doubti_loadgen *log)
{
    const struct doubt_early_stopping rule = {log->target, 0, confidence};
    int64_t h;
    if (isnan(log->over_latency) || isnan(log->target) || !(log->queries >= 1) ||
        !log->early_known || !(log->over_latency >= 0 && log->over_latency <= 1e8) ||
        doubt_early_stopping_needed(&rule, (int64_t)log->over_latency, &h, NULL) != DOUBT_OK)
        return;
    bool met = log->queries >= (double)h + log->over_latency;
    if (met != log->early_met)
        doubti_run_note(reading, DOUBT_IMPORT_WRONG,
                        "early stopping is said to be %smet, but %.0f of %.0f queries over the "
                        "limit do %spass its rule",
                        log->early_met ? "" : "not ", log->over_latency, log->queries,
                        met ? "" : "not ");
}

static void check_valid(struct doubti_reading *reading, const struct doubti_loadgen *log)
{
    if (strcmp(log->valid, "VALID") == 0 && log->constraint_failed)
        doubti_run_note(reading, DOUBT_IMPORT_WRONG,
                        "the result is said to be valid, and one of its conditions not to be met");
    if (strcmp(log->valid, "INVALID") == 0)
        doubti_run_note(reading, DOUBT_IMPORT_REMARK,
                        "LoadGen says INVALID: by MLPerf's own rules this is no result");
}

void doubti_loadgen_check(struct doubti_reading *reading, struct doubti_loadgen *log)
{
    doubti_run_check_order(reading);
    check_offline(reading, log);
    check_mean(reading, log);
    check_alone(reading, log);
    if (strcmp(log->scenario, "Server") == 0 && !log->tokens)
        check_server(reading, log);
    else if (strcmp(log->scenario, "Offline") != 0 && strcmp(log->scenario, "Server") != 0)
        check_discards(reading, log);
    check_valid(reading, log);
}

/* --- notes ---------------------------------------------------------------------------------- */

void doubti_loadgen_notes(struct doubti_reading *reading, const struct doubti_loadgen *log)
{
    static const struct {
        const char *scenario, *means;
    } rows[] = {
        {"SingleStream", "host time from the issue of a query to its completion, one query at a "
                         "time; the published result is the early stopping estimate (before v2.0 "
                         "the percentile itself)"},
        {"MultiStream",
         "host time from the issue of a query of several samples (8 by the rules) to "
         "the completion of the last of them"},
        {"Server",
         "latencies count from the time for which a query was scheduled, so LoadGen's own "
         "lateness is in them; the rate is what was completed, not what could be"},
        {"Offline",
         "samples / time to the last completion, all of them given at once: a latency is "
         "a place in the queue and no time of an inference"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(log->scenario, rows[i].scenario) == 0)
            doubti_run_note(reading, DOUBT_IMPORT_MEANS, "%s", rows[i].means);
    doubti_run_note(reading, DOUBT_IMPORT_LIMIT,
                    "network, precision and batch are the submitter's and not in this log; its "
                    "early stopping takes queries for independent, which those of a device that "
                    "warms up are not");
}

/* control.c: see control.h. */
#include "control.h"

#include "draw.h"
#include "generate.h"
#include <doubt/stats.h>
#include <math.h>
#include <stdio.h>

enum { RUN = 1000, BATCHES = 20, PAIRS = 20, HALF_RUN = 600, RESTARTS = 20 };

static void seed_session(const struct coverage_control *control, uint64_t seed, size_t number,
                         struct doubt_rng *rng)
{
    char label[160];
    snprintf(label, sizeof label, "control/%.100s/%zu", control->setting, number);
    doubt_rng_split(rng, seed, label);
}

/* --- one run of AR(1) ----------------------------------------------------------------------- */

static void draw_run(const struct coverage_control *control, uint64_t seed, size_t number,
                     double *x)
{
    const double phi = control->value, fresh = sqrt(1 - phi * phi);
    struct doubt_rng rng;
    seed_session(control, seed, number, &rng);
    x[0] = coverage_normal(&rng);
    for (size_t i = 1; i < RUN; i++)
        x[i] = phi * x[i - 1] + fresh * coverage_normal(&rng);
}

static bool naive(const struct coverage_control *control, uint64_t seed, size_t number, bool *good)
{
    double x[RUN], z = 0;
    struct doubt_moments m = {0};
    draw_run(control, seed, number, x);
    *good = !doubt_moments(x, RUN, &m, NULL) && !doubt_normal_quantile(0.975, &z, NULL);
    return fabs(m.mean) <= z * sqrt(m.variance / RUN);
}

static bool batch_means(const struct coverage_control *control, uint64_t seed, size_t number,
                        bool *good)
{
    double x[RUN];
    struct doubt_batch_means b = {0};
    draw_run(control, seed, number, x);
    *good = !doubt_batch_means(x, RUN, BATCHES, 0.05, &b, NULL);
    return fabs(b.mean) <= b.half_width;
}

/* --- two engines under drift ---------------------------------------------------------------- */

static const double true_ratio = 1.02, drift = 0.06, spread = 0.01, spike_share = 0.05,
                    spike_mean = 0.15;

/* Log time of the run at this place of the session. */
static double log_time(struct doubt_rng *rng, size_t place, bool is_b)
{
    double time = (is_b ? true_ratio : 1) * (1 + drift * (double)place / (2 * PAIRS - 1));
    time *= 1 + spread * coverage_normal(rng);
    if (doubt_rng_uniform(rng) < spike_share)
        time *= 1 + spike_mean * coverage_exponential(rng);
    return log(time);
}

static bool one_after_the_other(const struct coverage_control *control, uint64_t seed,
                                size_t number, bool *good)
{
    double a[PAIRS], b[PAIRS], q = 0;
    struct doubt_moments ma = {0}, mb = {0};
    struct doubt_rng rng;
    seed_session(control, seed, number, &rng);
    for (size_t i = 0; i < PAIRS; i++)
        a[i] = log_time(&rng, i, false);
    for (size_t i = 0; i < PAIRS; i++)
        b[i] = log_time(&rng, PAIRS + i, true);
    *good = !doubt_moments(a, PAIRS, &ma, NULL) && !doubt_moments(b, PAIRS, &mb, NULL);
    double va = ma.variance / PAIRS, vb = mb.variance / PAIRS;
    double df = (va + vb) * (va + vb) * (PAIRS - 1) / (va * va + vb * vb);
    *good = *good && !doubt_t_quantile(0.975, df, &q, NULL);
    return fabs(mb.mean - ma.mean - log(true_ratio)) <= q * sqrt(va + vb);
}

/* ABBA or BAAB by a coin, pairs, signed ranks. */
static bool in_pairs(const struct coverage_control *control, uint64_t seed, size_t number,
                     bool *good)
{
    double d[PAIRS];
    struct doubt_rank_test test = {0};
    struct doubt_rng rng;
    bool b_first = false;
    seed_session(control, seed, number, &rng);
    for (size_t i = 0; i < PAIRS; i++) {
        b_first = i % 2 == 0 ? doubt_rng_uniform(&rng) < 0.5 : !b_first;
        double one = log_time(&rng, 2 * i, b_first), two = log_time(&rng, 2 * i + 1, !b_first);
        d[i] = b_first ? one - two : two - one;
    }
    *good = !doubt_signed_rank(d, PAIRS, 0.05, &test, NULL) && test.has_interval;
    return test.shift.lo <= log(true_ratio) && log(true_ratio) <= test.shift.hi;
}

/* --- a queue at its limit ------------------------------------------------------------------- */

static const double limit = 10, percentile = 0.99; /* of M/M/1, in mean service times */

/* Share of n queries over the limit, open loop, at the rate at which it is exactly 1 - percentile:
 * times in system are exponential with rate 1 - load. */
static size_t count_over(struct doubt_rng *rng, size_t warm_up, size_t n)
{
    const double load = 1 + log(1 - percentile) / limit;
    double in_system = 0;
    size_t over = 0;
    for (size_t i = 0; i < warm_up + n; i++) {
        double gap = coverage_exponential(rng) / load;
        in_system = fmax(in_system - gap, 0) + coverage_exponential(rng);
        over += i >= warm_up && in_system > limit;
    }
    return over;
}

static bool loadgen(const struct coverage_control *control, uint64_t seed, size_t number,
                    bool *good)
{
    const struct doubt_early_stopping rule = {percentile, 0, 0.99};
    const size_t n = (size_t)control->value;
    struct doubt_rng rng;
    int64_t needed = 0;
    seed_session(control, seed, number, &rng);
    size_t over = count_over(&rng, 1000, n);
    *good = !doubt_early_stopping_needed(&rule, (int64_t)over, &needed, NULL);
    return (int64_t)(n - over) >= needed;
}

/* Runs as units, looks at 10, 20 and 40 of them. */
static bool runs_as_units(const struct coverage_control *control, uint64_t seed, size_t number,
                          bool *good)
{
    static const size_t looks[] = {10, 20, 40};
    const size_t n = (size_t)control->value;
    double shares[40];
    struct doubt_load_decision decision = {.answer = DOUBT_LOAD_UNDECIDED};
    struct doubt_rng rng;
    size_t run = 0;
    seed_session(control, seed, number, &rng);
    for (size_t l = 0; l < 3 && *good && decision.answer == DOUBT_LOAD_UNDECIDED; l++) {
        for (; run < looks[l]; run++)
            shares[run] = (double)count_over(&rng, 1000, n) / (double)n;
        const struct doubt_load_runs runs = {shares, run, (double)n, 10};
        *good = !doubt_load_decide(&runs, percentile, 0.05 / 3, &decision, NULL);
    }
    return decision.answer == DOUBT_LOAD_PASS;
}

/* --- a warm-up that is not cut -------------------------------------------------------------- */

static bool uncut(const struct coverage_control *control, uint64_t seed, size_t number, bool *good)
{
    const struct coverage_transient transient = {"", 0.5, control->value, 0};
    double shape[HALF_RUN], x[HALF_RUN], y[RESTARTS];
    const struct coverage_run run = {shape, 1e7, HALF_RUN};
    int64_t ns[HALF_RUN];
    struct doubt_moments m = {0};
    struct doubt_interval interval = {0, 0, 0};
    struct doubt_rng rng;
    seed_session(control, seed, number, &rng);
    coverage_shape(&transient, HALF_RUN, shape);
    for (size_t r = 0; r < RESTARTS && *good; r++) {
        coverage_restart(&coverage_generators[0], &run, &rng, ns);
        for (size_t i = 0; i < HALF_RUN; i++)
            x[i] = (double)ns[i];
        *good = !doubt_moments(x, HALF_RUN, &m, NULL);
        y[r] = m.mean;
    }
    *good = *good && !doubt_hull_interval(y, RESTARTS, 0.05, &interval, NULL);
    return interval.lo <= 1e7 && 1e7 <= interval.hi;
}

/* --- all of them ---------------------------------------------------------------------------- */

#define DRIFT "40 runs, drift of 6 %, B slower by 2 %, 5 % spikes of mean 15 %"

const struct coverage_control coverage_controls[] = {
    {"mean ± 1.96 s/√n over iterations", "one run, AR(1) 0.5, n = 1,000", "0.742", true, false,
     0.95, 1, naive, 0.5},
    {"batch means with AR correction", "one run, AR(1) 0.5, n = 1,000", "0.957", false, false, 0.95,
     1, batch_means, 0.5},
    {"mean ± 1.96 s/√n over iterations", "one run, AR(1) 0.9, n = 1,000", "0.347", true, false,
     0.95, 1, naive, 0.9},
    {"batch means with AR correction", "one run, AR(1) 0.9, n = 1,000", "0.949", false, false, 0.95,
     1, batch_means, 0.9},
    {"AAAA BBBB, Welch's t", DRIFT, "0.290", true, false, 0.95, 1, one_after_the_other, 0},
    {"ABBA pairs, signed ranks", DRIFT, "0.958", false, false, 0.95, 1, in_pairs, 0},
    {"no cut, hull over 20 restarts", "G1 with +50 % exp(-i/30), n = 600", "0", true, false, 0.95,
     1, uncut, 30},
    {"LoadGen's early stopping", "M/M/1 at its limit, 20,000 queries", "0.26", true, true, 0.01, 1,
     loadgen, 20000},
    {"runs as units, looks at 10, 20, 40", "M/M/1 at its limit, 20,000 queries a run", "0.017",
     false, true, 0.025, 10, runs_as_units, 20000},
    {.name = NULL},
};

size_t coverage_control_count(void)
{
    return sizeof coverage_controls / sizeof coverage_controls[0] - 1;
}

bool coverage_control_run(const struct coverage_control *control, uint64_t seed, size_t first,
                          size_t count, struct coverage_control_tally *tally)
{
    bool good = true;
    for (size_t i = first; good && i < first + count; i++) {
        tally->hits += control->session(control, seed, i, &good);
        tally->sessions++;
    }
    return good;
}

/* steady.c: how often a simulated cell is refused as not steady, and how often its interval is
 * false, with and without doubling its restarts.
 *
 * A unit of work is one simulated series through doubt_analyze_calibrate() and doubt_analyze().
 * Prints the tables of docs/MEASURING.md: steady [SERIES [RESTARTS]], 2000 of 10 restarts by
 * default. The seed is fixed, so that the same program prints the same table.
 */
#include "measure/analyze.h"
#include "util/rng.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESTARTS = 10, RESTARTS_MOST = 40, LONGEST = 8 * 200, DOUBLINGS = 3 };
static const double mean_ns = 1e7;

/* Latency = mean x (1 + restart + AR(1) noise) x (1 + size exp(-i / decay)); slow: the first 5
 * iterations take half as long again. */
struct kind {
    const char *name;
    double sd, ar, restart_sd, size, decay;
    bool slow;
};

static const struct kind kinds[] = {
    {"independent noise, 2 %", 0.02, 0, 0, 0, 1, false},
    {"AR(1) 0.5", 0.02, 0.5, 0, 0, 1, false},
    {"AR(1) 0.9", 0.02, 0.9, 0, 0, 1, false},
    {"AR(1) 0.9, restarts 1 %", 0.02, 0.9, 0.01, 0, 1, false},
    {"5 slow iterations, +50 %", 0.02, 0, 0, 0, 1, true},
    {"+50 % exp(-i/30)", 0.02, 0, 0, 0.5, 30, false},
    {"+30 % exp(-i/100)", 0.02, 0, 0, 0.3, 100, false},
    {"-5 % exp(-i/60)", 0.02, 0, 0, -0.05, 60, false},
    {"-5 % exp(-i/60), AR(1) 0.9", 0.02, 0.9, 0, -0.05, 60, false},
};
static const size_t lengths[] = {20, 29, 44, 45, 60, 100, 200};

struct series {
    size_t restarts;
    int64_t ns[RESTARTS_MOST][LONGEST];
    struct doubt_samples samples[RESTARTS_MOST];
    struct doubt_cell cell;
};

struct counts {
    double refused, false_intervals;
};

static double normal(struct doubt_rng *rng)
{
    double u = doubt_rng_uniform(rng), v = doubt_rng_uniform(rng);
    return sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
}

static void draw(struct series *series, const struct kind *kind, size_t n, struct doubt_rng *rng)
{
    for (size_t r = 0; r < series->restarts; r++) {
        double level = 1 + kind->restart_sd * normal(rng), noise = normal(rng);
        for (size_t i = 0; i < n; i++) {
            double shape = 1 + kind->size * exp(-(double)i / kind->decay);
            if (kind->slow && i < 5)
                shape = 1.5;
            series->ns[r][i] = llround(mean_ns * (level + kind->sd * noise) * shape);
            noise = kind->ar * noise + sqrt(1 - kind->ar * kind->ar) * normal(rng);
        }
        series->samples[r] = (struct doubt_samples){series->ns[r], n};
    }
}

/* States that are not of the series' steadiness count neither way. */
static void judge(struct series *series, const struct doubt_calibration *calibration,
                  struct counts *counts)
{
    struct doubt_analysis how = {
        .look = 1, .looks = 1, .level = 0.05, .batch = 1, .calibration = calibration};
    if (calibration != NULL && calibration->steady)
        how.cut_before = calibration->cut;
    if (doubt_analyze(series->samples, series->restarts, &how, &series->cell, NULL) != DOUBT_OK)
        abort();
    if (strcmp(series->cell.state, DOUBT_STATE_UNSTEADY) == 0)
        counts->refused++;
    else
        counts->false_intervals +=
            series->cell.mean_lo_ns > mean_ns || series->cell.mean_hi_ns < mean_ns;
}

/* Gives the length that the series ended with. */
static size_t with_doubling(struct series *series, const struct kind *kind, size_t n,
                            struct doubt_rng *rng, struct counts *counts)
{
    struct doubt_calibration calibration = {false, 0};
    for (int doubling = 0;; doubling++, n *= 2) {
        draw(series, kind, n, rng);
        if (n >= 30 && doubt_analyze_calibrate(series->samples, DOUBT_ANALYZE_CALIBRATION,
                                               &calibration, NULL) != DOUBT_OK)
            abort();
        if (calibration.steady || doubling == DOUBLINGS)
            break;
    }
    judge(series, &calibration, counts);
    return n;
}

static void run(struct series *series, const struct kind *kind, size_t n, int count)
{
    struct counts without = {0, 0}, with = {0, 0};
    struct doubt_rng rng;
    double length = 0;
    doubt_rng_split(&rng, 20240501, kind->name);
    for (int i = 0; i < count; i++) {
        draw(series, kind, n, &rng);
        judge(series, NULL, &without);
        length += (double)with_doubling(series, kind, n, &rng, &with);
    }
    printf("| %s | %zu | %.1f | %.1f | %.1f | %.1f | %.2f |\n", kind->name, n,
           100 * without.refused / count, 100 * without.false_intervals / count,
           100 * with.refused / count, 100 * with.false_intervals / count,
           length / count / (double)n);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 2000;
    struct series *series = calloc(1, sizeof *series);
    int restarts = argc > 2 ? atoi(argv[2]) : RESTARTS;
    if (series == NULL || count < 1 || restarts < DOUBT_ANALYZE_CALIBRATION ||
        restarts > RESTARTS_MOST)
        return 1;
    series->restarts = (size_t)restarts;
    doubt_record_init(DOUBT_CELL, &series->cell);
    printf("| series of %d restarts | samples | refused, %% | false, %% | with doubling: refused, "
           "%% | false, %% | length |\n|---|---:|---:|---:|---:|---:|---:|\n",
           restarts);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
            run(series, &kinds[k], lengths[i], count);
    doubt_record_free(DOUBT_CELL, &series->cell);
    free(series);
    return 0;
}

/* design.h: which series the end-to-end proof makes, and what is true of each.
 *
 * A unit of work is one series: a setting of the synthetic engine, a claim, and where the truth
 * lies in what the claim's digits mean. Pure arithmetic on a seed: the same number gives the same
 * series. Not for looking at results: replay.h and tally.h.
 */
#ifndef DOUBT_BENCH_DESIGN_H
#define DOUBT_BENCH_DESIGN_H

#include "engine/engine_int.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum design_place { PLACE_MIDDLE, PLACE_FAST_EDGE, PLACE_SLOW_EDGE, PLACE_OUTSIDE, PLACES };
enum { SETTINGS = 9 };

/* Of a whole run. cost_ns: what measuring adds to a programmed time on a machine at rest. */
struct design {
    uint64_t seed;
    double cost_ns;
};

/* A claim, its edges as times; "0.20 ms" means 195 to 205 us, whatever the unit. */
struct design_claim {
    const char *figure, *unit, *statistic;
    double fast_ns, slow_ns;
};

struct design_series {
    size_t setting;
    enum design_place place;
    struct design_claim claim;
    struct doubti_synthetic_plan plan; /* restart: to be filled in */
    double truth_ns;                   /* true mean or median without any cost, once steady */
};

const char *design_setting_name(size_t setting);
const char *design_place_name(enum design_place place);
/* Is the true figure never steady, so that no verdict is the right answer? */
bool design_never_steady(size_t setting);
/* Are samples of one restart alike, so that to pool them as independent must fail? */
bool design_alike(size_t setting);

/* Series number n, from 0. SETTINGS x PLACES numbers in a row hold each combination once, in random
 * order, so that what changes on the machine meets all of them alike. */
void design_series(const struct design *design, size_t number, struct design_series *out);

/* The claim set as JSON, and the options of `doubt check` in one line, words without blanks. */
void design_write_claims(const struct design_series *series, size_t number, FILE *file);
void design_write_options(const struct design_series *series, FILE *file);

#endif

/* plan.h: how many restarts of what length, from pilots and a budget.
 *
 * A unit of work is one plan. Pure arithmetic on times: nothing is started, no clock is read. The
 * method's own lengths are used where they fit, and a sentence says what a budget cut. In this
 * order, for which docs/MEASURING.md has the reasons ("What a budget cuts"):
 *
 *   1. lengths, down to about 1 s and 60 samples at 20 restarts; then restarts, down to 10
 *   2. lengths, down to 45 samples, and 0.1 s and a tenth of a start of them
 *   3. restarts, down to 8 of 100 samples, where that gives all rows a verdict
 *   4. the verdicts of the slowest rows, as few as must be, while half of the rows keep theirs
 *   5. restarts, down to 5 of 100 samples, where more rows have a verdict so
 *   6. whole rounds, as many as fit
 *
 * What is left then lengthens restarts, warm-ups first. Not for the order of restarts (series.c).
 */
#ifndef DOUBT_MEASURE_PLAN_H
#define DOUBT_MEASURE_PLAN_H

#include "measure/analyze.h"

#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DOUBT_PLAN_RESTARTS = 20, /* the method's first look */
    /* A budget first shortens restarts down to so many. */
    DOUBT_PLAN_RESTARTS_MIN = DOUBT_ANALYZE_RESTARTS_FULL,
    DOUBT_PLAN_RESTARTS_ALL = 8, /* before this many are lost, no row is left without a verdict */
    DOUBT_PLAN_LOOKS_MAX = 5,
    DOUBT_PLAN_ITERATIONS_FULL = 200,    /* and 2 s of sampling */
    DOUBT_PLAN_ITERATIONS_MOST = 200000, /* for inferences that take microseconds */
    DOUBT_PLAN_ITERATIONS_LEAST = 10,
    DOUBT_PLAN_ITERATIONS_HIDDEN = 10000, /* of the cell that measures the cost of measuring */
    DOUBT_PLAN_GROWTH = 8 /* a cell's lengths grow to at most so many times its first one */
};

/* What is known of a cell: from its pilot, later from its restarts. */
struct doubt_plan_cell {
    int64_t start_ns;    /* of a restart: everything but warm-up and sampling */
    double iteration_ns; /* one inference, > 0 */
    bool hidden;
    bool active;  /* takes part in further rounds */
    int32_t done; /* restarts that count towards the plan, failed ones included */
};

/* Lengths of a cell's restarts. */
struct doubt_plan_length {
    int64_t iterations, warm_ns;
};

struct doubt_plan_request {
    const struct doubt_plan_cell *cells;
    size_t cell_count;
    int64_t budget_ns;           /* of the whole series; 0: none */
    int64_t spent_ns;            /* of it so far */
    int32_t restarts_max;        /* 0: DOUBT_PLAN_RESTARTS */
    int32_t restarts_least;      /* fewer give no verdict; 0: DOUBT_ANALYZE_RESTARTS_MIN */
    int32_t family;              /* claims that share the error; 0: 1 */
    int64_t iterations, warm_ns; /* as asked for; 0: the method's own */
};

struct doubt_plan {
    int64_t begun_ns;                      /* of the budget, spent before the first restart */
    int32_t restarts;                      /* of each cell */
    int32_t looks;                         /* the last one is at the end, wherever that is */
    int32_t look_at[DOUBT_PLAN_LOOKS_MAX]; /* restarts at the looks before the last, ascending */
    double level;                          /* doubt_plan_level() */
    int64_t least_budget_ns; /* where no row can have a verdict: the least budget with room for what
                                one takes, for all rows, in whole seconds; else 0 */
    bool enough;   /* at least 10 restarts of at least 45 iterations, or what was asked for */
    char cut[512]; /* what the budget cut below the method's minimum; "" when nothing */
};

/* Makes a plan and fills lengths, cell_count of them. No active cell, or a time out of range:
 * DOUBT_E_ARGUMENT. */
enum doubt_code doubt_plan_make(const struct doubt_plan_request *request, struct doubt_plan *plan,
                                struct doubt_plan_length *lengths, struct doubt_err *err);

/* After a round, with times and counts as seen and request->spent_ns as it is: fewer or more
 * restarts where the budget asks or allows, and shorter ones, in the order above, where fewer than
 * were planned, or than 10, would fit. Lengths never grow here, and a row that lost its verdict
 * does not get it back; looks stay. Without a budget nothing changes. */
void doubt_plan_revise(const struct doubt_plan_request *request, struct doubt_plan *plan,
                       struct doubt_plan_length *lengths);

/* Gives cell `index` so many iterations from now on where the budget still has room for 10 restarts
 * of every cell, or for the plan's where these are fewer, and give a verdict; true where it has.
 * Set its `done` first. */
bool doubt_plan_lengthen(const struct doubt_plan_request *request, const struct doubt_plan *plan,
                         size_t index, int64_t iterations, struct doubt_plan_length *lengths);

/* The error level of one look: 0.05, divided over the looks and over a family of claims. */
double doubt_plan_level(int32_t looks, int32_t family);

/* Is this number of restarts a look before the last? */
bool doubt_plan_is_look(const struct doubt_plan *plan, int32_t restarts);

/* One restart, and all that are left until each active cell has `restarts`. */
int64_t doubt_plan_restart_ns(const struct doubt_plan_cell *cell,
                              const struct doubt_plan_length *length);
int64_t doubt_plan_rest_ns(const struct doubt_plan_request *request, int32_t restarts,
                           const struct doubt_plan_length *lengths);

#endif

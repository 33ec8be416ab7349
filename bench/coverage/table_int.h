/* table_int.h: what the files that print tables share. */
#ifndef COVERAGE_TABLE_INT_H
#define COVERAGE_TABLE_INT_H

#include "table.h"

/* One-sided 99 % bounds of hits of n; NAN for n = 0. */
double coverage_lower(double hits, double n);
double coverage_upper(double hits, double n);

/* hits / n; NAN, with the sign that prints alike everywhere, for n = 0. */
double coverage_share(double hits, double n);

extern const char *const coverage_statistic_names[COVERAGE_COUNT];

/* A promise that the method cannot hold, and what is accepted of it. */
struct coverage_limit {
    const char *why; /* NULL: it must be held */
    double most;     /* share of misses; NAN: whatever it is */
};

/* restarts: those of an interval, or the most that a verdict may take. of_all: misses are counted
 * among all series, else among those with an interval. */
struct coverage_limit coverage_limit(const struct coverage_cell *cell, size_t restarts,
                                     bool of_all);

/* One line of a table. */
struct coverage_line {
    bool passed, ruled_out; /* neither: more series are needed */
    double least;           /* misses are no smaller a share than this: 99 % bound */
    struct coverage_limit limit;
};

/* The line's last column: "pass", "limit: why, at most ...", "open" or "FAILS"; adds to *failures.
 */
void coverage_print_result(const struct coverage_line *line, FILE *out, int *failures);

/* Restarts of a line: "20", and "10 x 45" where a budget cut their length. */
void coverage_print_restarts(const struct coverage_design *design, int size, FILE *out);

#endif

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

/* Why the method cannot hold its promise here; NULL where it must. restarts: those of an interval,
 * or the most that a verdict may take. */
const char *coverage_limit(const struct coverage_cell *cell, size_t restarts,
                           enum coverage_statistic statistic);

/* "pass", "open" (more series needed), "limit: why" or "FAILS"; adds to *failures. */
const char *coverage_result(bool passed, bool ruled_out, const char *limit, int *failures);

#endif

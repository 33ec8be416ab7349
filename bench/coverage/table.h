/* table.h: the release tables in Markdown, and what counts as passed.
 *
 * A unit of work is one table. Bounds are one-sided 99 % (Clopper and Pearson). A line of coverage
 * passes when the lower bound is at least 0.94, and so does a line of false statements when the
 * upper bound is at most 0.06; it fails when the bound on the other side rules 0.94 or 0.06 out,
 * unless the line is a known limit of the method, and where the bound rules out the ceiling of a
 * limit that has one. Between the two, more series would be needed.
 */
#ifndef COVERAGE_TABLE_H
#define COVERAGE_TABLE_H

#include "control.h"
#include "trial.h"
#include <stdio.h>

/* Cells with their tallies. */
struct coverage_results {
    const struct coverage_cell *cells;
    const struct coverage_tally *tallies;
    size_t count;
};

/* Append to out; give the number of lines that fail. */
int coverage_print_controls(const struct coverage_control_tally *tallies, FILE *out);
int coverage_print_steady(const struct coverage_results *results, FILE *out);
int coverage_print_transients(const struct coverage_results *results, FILE *out);
int coverage_print_verdicts(const struct coverage_results *results, FILE *out);
void coverage_print_power(const struct coverage_results *results, FILE *out);

/* Every interval and every verdict of every cell, tab separated. */
void coverage_print_tsv(const struct coverage_results *results, FILE *out);
/* The same read back into a tally for each cell of results; false: a line is not one of them. */
bool coverage_read_tsv(FILE *in, const struct coverage_results *results,
                       struct coverage_tally *tallies);

#endif

/* table.c: controls, coverage without and with transients. See table.h. */
#include "table_int.h"

#include <doubt/stats.h>
#include <math.h>

static const double least_coverage = 0.94, most_false = 0.06;

const char *const coverage_statistic_names[COVERAGE_COUNT] = {"mean", "p50", "p90", "p99"};

/* --- bounds --------------------------------------------------------------------------------- */

static struct doubt_interval bounds(double hits, double n)
{
    struct doubt_interval both = {NAN, NAN, NAN};
    if (n > 0)
        doubt_clopper_pearson(hits, n, 0.02, &both, NULL);
    return both;
}

double coverage_lower(double hits, double n)
{
    return bounds(hits, n).lo;
}

double coverage_upper(double hits, double n)
{
    return bounds(hits, n).hi;
}

double coverage_share(double hits, double n)
{
    return n > 0 ? hits / n : (double)NAN;
}

/* --- controls ------------------------------------------------------------------------------- */

/* Does the control break its promise beyond doubt? */
static bool is_broken(const struct coverage_control *control,
                      const struct coverage_control_tally *tally)
{
    if (control->passes)
        return coverage_lower(tally->hits, tally->sessions) > 2 * control->nominal;
    return coverage_upper(tally->hits, tally->sessions) < least_coverage;
}

int coverage_print_controls(const struct coverage_control_tally *tallies, FILE *out)
{
    int failures = 0;
    fprintf(out, "| method | on | promises | expected | seen | 99 %% bounds | |\n"
                 "|---|---|---:|---:|---:|---:|---|\n");
    for (size_t i = 0; i < coverage_control_count(); i++) {
        const struct coverage_control *control = &coverage_controls[i];
        const struct coverage_control_tally *tally = &tallies[i];
        bool broken = is_broken(control, tally);
        failures += broken != control->wrong;
        fprintf(out, "| %s | %s | %s %.3g | %s | %.4f | %.4f … %.4f | %s%s |\n", control->name,
                control->setting, control->passes ? "passes at most" : "covers at least",
                control->nominal, control->expected, tally->hits / tally->sessions,
                coverage_lower(tally->hits, tally->sessions),
                coverage_upper(tally->hits, tally->sessions),
                broken ? "breaks its promise" : "keeps it",
                broken != control->wrong ? ": HARNESS FAILS"
                : control->wrong         ? ", as it must"
                                         : "");
    }
    return failures;
}

/* --- coverage ------------------------------------------------------------------------------- */

/* True when the line fails. Too short a run has no interval for a percentile, and no line. */
static int print_hits(const struct coverage_cell *cell, const struct coverage_tally *tally,
                      int size, enum coverage_statistic which, FILE *out)
{
    const struct coverage_hits *hits = &tally->hits[size][which];
    const double covered = hits->series - hits->below - hits->above;
    const double lower = coverage_lower(covered, hits->series);
    const double upper = coverage_upper(covered, hits->series);
    const struct coverage_line line = {.passed = lower >= least_coverage,
                                       .ruled_out = upper < least_coverage,
                                       .least = 1 - upper,
                                       .limit =
                                           coverage_limit(cell, cell->design->sizes[size], false)};
    int failures = 0;
    if (hits->series == 0)
        return 0;
    fprintf(out, "| %s | ", cell->generator->name);
    coverage_print_restarts(cell->design, size, out);
    fprintf(out, " | %s | %.0f | %.4f | %.4f … %.4f | %.4f | %.4f | %.2f | ",
            coverage_statistic_names[which], hits->series, coverage_share(covered, hits->series),
            lower, upper, coverage_share(hits->below, hits->series),
            coverage_share(hits->above, hits->series),
            100 * coverage_share(hits->half_widths, hits->series));
    coverage_print_result(&line, out, &failures);
    return failures;
}

int coverage_print_steady(const struct coverage_results *results, FILE *out)
{
    int failures = 0;
    fprintf(out, "| generator | restarts | figure | series with an interval | coverage | 99 %% "
                 "bounds | below the truth | above it | half-width %% | |\n"
                 "|---|---:|---|---:|---:|---:|---:|---:|---:|---|\n");
    for (size_t i = 0; i < results->count; i++) {
        const struct coverage_cell *cell = &results->cells[i];
        for (int size = 0;
             cell->transient == coverage_transients && size < cell->design->size_count; size++)
            for (int s = 0; s < COVERAGE_COUNT; s++)
                failures +=
                    print_hits(cell, &results->tallies[i], size, (enum coverage_statistic)s, out);
    }
    return failures;
}

/* --- transients ----------------------------------------------------------------------------- */

/* False intervals among all series, and coverage among those with an interval. */
static void print_false(const struct coverage_hits *hits, FILE *out)
{
    if (hits->series > 0)
        fprintf(out, " %.3f |", 1 - (hits->below + hits->above) / hits->series);
    else
        fprintf(out, " |");
}

/* The worst of the four figures decides. */
static void print_size(const struct coverage_cell *cell, const struct coverage_tally *tally,
                       int size, FILE *out, int *failures)
{
    double worst = 0;
    fprintf(out, "| %s | %s | ", cell->generator->name, cell->transient->name);
    coverage_print_restarts(cell->design, size, out);
    fprintf(out, " | %.2f | %.3f |", tally->doublings / tally->series,
            1 - tally->steady[size] / tally->series);
    for (int s = 0; s < COVERAGE_COUNT; s++) {
        const struct coverage_hits *hits = &tally->hits[size][s];
        print_false(hits, out);
        worst = fmax(worst, hits->below + hits->above);
    }
    const double lower = coverage_lower(worst, tally->series);
    const double upper = coverage_upper(worst, tally->series);
    const struct coverage_line line = {.passed = upper <= most_false,
                                       .ruled_out = lower > most_false,
                                       .least = lower,
                                       .limit =
                                           coverage_limit(cell, cell->design->sizes[size], true)};
    fprintf(out, " %.4f | %.4f | ", worst / tally->series, upper);
    coverage_print_result(&line, out, failures);
}

int coverage_print_transients(const struct coverage_results *results, FILE *out)
{
    int failures = 0;
    fprintf(out,
            "| generator | transient | restarts | doublings | refused | mean | p50 | p90 | p99 | "
            "false at most | 99 %% bound | |\n"
            "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|\n");
    for (size_t i = 0; i < results->count; i++)
        for (int size = 0; size < results->cells[i].design->size_count; size++)
            print_size(&results->cells[i], &results->tallies[i], size, out, &failures);
    return failures;
}

/* table_verdict.c: false verdicts and power. See table.h. */
#include "table_int.h"

#include <math.h>

static const double most_false = 0.06, promise = 0.05;
enum { VERDICT_RESTARTS = 80 /* at three looks */ };

static double all_false(const struct coverage_verdicts *verdicts)
{
    return verdicts->false_holds + verdicts->false_short + verdicts->false_exceeds;
}

/* --- false verdicts ------------------------------------------------------------------------- */

static int worst_place(const struct coverage_tally *tally, int claim)
{
    int worst = 0;
    for (int p = 1; p < COVERAGE_PLACES; p++)
        if (all_false(&tally->verdicts[claim][p]) > all_false(&tally->verdicts[claim][worst]))
            worst = p;
    return worst;
}

static void print_worst(const struct coverage_cell *cell, const struct coverage_tally *tally,
                        int claim, FILE *out, int *failures)
{
    const int place = worst_place(tally, claim);
    const struct coverage_verdicts *v = &tally->verdicts[claim][place];
    char at[16] = "";
    const struct coverage_design *design = cell->design;
    const size_t restarts = design->looks == 1 ? design->sizes[0] : VERDICT_RESTARTS;
    const double lower = coverage_lower(all_false(v), tally->series);
    const double upper = coverage_upper(all_false(v), tally->series);
    if (all_false(v) > 0)
        snprintf(at, sizeof at, "%+.1f", coverage_places[place]);
    const struct coverage_line line = {.passed = upper <= promise,
                                       .ruled_out = lower > most_false,
                                       .least = lower,
                                       .limit = coverage_limit(cell, restarts, true)};
    fprintf(out, "| %s | %s | %s | %s | %.4f | %.4f | %.4f | %.4f | %.4f | ", cell->generator->name,
            cell->transient->name, coverage_claims[claim], at, all_false(v) / tally->series, upper,
            v->false_holds / tally->series, v->false_short / tally->series,
            v->false_exceeds / tally->series);
    coverage_print_result(&line, out, failures);
}

int coverage_print_verdicts(const struct coverage_results *results, FILE *out)
{
    int failures = 0;
    fprintf(out, "| generator | transient | claim | worst place | false | 99 %% bound | HOLDS | "
                 "FALLS SHORT | EXCEEDS | |\n|---|---|---|---:|---:|---:|---:|---:|---:|---|\n");
    for (size_t i = 0; i < results->count; i++)
        for (int claim = 0; results->cells[i].judge && claim < COVERAGE_CLAIMS; claim++)
            print_worst(&results->cells[i], &results->tallies[i], claim, out, &failures);
    return failures;
}

/* --- power ---------------------------------------------------------------------------------- */

static void print_places(const struct coverage_cell *cell, const struct coverage_tally *tally,
                         int claim, FILE *out)
{
    for (int p = 0; p < COVERAGE_PLACES; p++) {
        const struct coverage_verdicts *v = &tally->verdicts[claim][p];
        fprintf(out, "| %s | %s | %+.1f |", cell->generator->name, coverage_claims[claim],
                coverage_places[p]);
        for (int verdict = DOUBT_HOLDS; verdict <= DOUBT_NO_STEADY_STATE; verdict++)
            fprintf(out, " %.3f |", v->of[verdict] / tally->series);
        fprintf(out, " %.4f | %.1f |\n", all_false(v) / tally->series, v->restarts / tally->series);
    }
}

void coverage_print_power(const struct coverage_results *results, FILE *out)
{
    fprintf(out, "| generator | claim | truth less claim, widths | HOLDS | FALLS SHORT | EXCEEDS | "
                 "INCONCLUSIVE | NO STEADY STATE | false | restarts |\n"
                 "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for (size_t i = 0; i < results->count; i++)
        for (int claim = 0; claim < COVERAGE_CLAIMS; claim++)
            if (results->cells[i].transient == coverage_transients)
                print_places(&results->cells[i], &results->tallies[i], claim, out);
}

/* table_tsv.c: every count of a run as tab-separated values, written and read back. See table.h.
 *
 * A unit of work is one line: an interval (cell, restarts, figure) or a verdict (cell, claim,
 * place).
 */
#include "table_int.h"

#include <stdlib.h>
#include <string.h>

enum { INTERVAL_COLUMNS = 15, COLUMNS_MAX = 20, LINE_BYTES = 512 };

/* --- write --------------------------------------------------------------------------------- */

static void print_intervals(const struct coverage_cell *cell, const struct coverage_tally *tally,
                            FILE *out)
{
    for (int size = 0; size < cell->design->size_count; size++)
        for (int s = 0; s < COVERAGE_COUNT; s++) {
            const struct coverage_hits *hits = &tally->hits[size][s];
            double covered = hits->series - hits->below - hits->above;
            fprintf(out,
                    "interval\t%s\t%s\t%zu\t%s\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.4f\t%.4f\t%.6f\t%."
                    "0f\t%s\n",
                    cell->generator->name, cell->transient->name, cell->design->sizes[size],
                    coverage_statistic_names[s], tally->series, tally->steady[size], hits->series,
                    hits->below, hits->above, coverage_lower(covered, hits->series),
                    coverage_upper(covered, hits->series),
                    coverage_share(hits->half_widths, hits->series), tally->doublings,
                    cell->design->name);
        }
}

static void print_verdict_counts(const struct coverage_cell *cell,
                                 const struct coverage_tally *tally, FILE *out)
{
    for (int c = 0; c < COVERAGE_CLAIMS; c++)
        for (int p = 0; p < COVERAGE_PLACES; p++) {
            const struct coverage_verdicts *v = &tally->verdicts[c][p];
            fprintf(out, "verdict\t%s\t%s\t%s\t%+.1f\t%.0f", cell->generator->name,
                    cell->transient->name, coverage_claims[c], coverage_places[p], tally->series);
            for (int verdict = DOUBT_HOLDS; verdict <= DOUBT_NO_STEADY_STATE; verdict++)
                fprintf(out, "\t%.0f", v->of[verdict]);
            fprintf(out, "\t%.0f\t%.0f\t%.0f\t%.0f\t%s\n", v->false_holds, v->false_short,
                    v->false_exceeds, v->restarts, cell->design->name);
        }
}

void coverage_print_tsv(const struct coverage_results *results, FILE *out)
{
    fprintf(out,
            "interval\tgenerator\ttransient\trestarts\tfigure\tseries\tsteady\tintervals\t"
            "below\tabove\tlower\tupper\thalf_width\tdoublings\tdesign\n"
            "verdict\tgenerator\ttransient\tclaim\tplace\tseries\tholds\tfalls_short\texceeds\t"
            "inconclusive\tno_steady_state\tfalse_holds\tfalse_falls_short\tfalse_exceeds\t"
            "restarts\tdesign\n");
    for (size_t i = 0; i < results->count; i++) {
        print_intervals(&results->cells[i], &results->tallies[i], out);
        if (results->cells[i].judge)
            print_verdict_counts(&results->cells[i], &results->tallies[i], out);
    }
}

/* --- read ----------------------------------------------------------------------------------- */

/* Cuts a line at its tabs; the number of columns. */
static int split(char *line, char *columns[COLUMNS_MAX])
{
    int count = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *at = line; at != NULL && count < COLUMNS_MAX; count++) {
        columns[count] = at;
        at = strchr(at, '\t');
        if (at != NULL)
            *at++ = '\0';
    }
    return count;
}

static double number(const char *text)
{
    return strtod(text, NULL);
}

/* The number of the cell with this design, generator and transient; the count: there is none. */
static size_t find_cell(const struct coverage_results *results, char *const *columns, int count)
{
    size_t i = 0;
    while (i < results->count && (strcmp(results->cells[i].generator->name, columns[1]) != 0 ||
                                  strcmp(results->cells[i].transient->name, columns[2]) != 0 ||
                                  strcmp(results->cells[i].design->name, columns[count - 1]) != 0))
        i++;
    return i;
}

static bool read_interval(char *const *columns, const struct coverage_design *design,
                          struct coverage_tally *tally)
{
    int size = 0, s = 0;
    while (size < design->size_count && number(columns[3]) != (double)design->sizes[size])
        size++;
    while (s < COVERAGE_COUNT && strcmp(coverage_statistic_names[s], columns[4]) != 0)
        s++;
    if (s == COVERAGE_COUNT || size == design->size_count)
        return false;
    struct coverage_hits *hits = &tally->hits[size][s];
    tally->series = number(columns[5]);
    tally->steady[size] = number(columns[6]);
    tally->doublings = number(columns[13]);
    *hits = (struct coverage_hits){
        .series = number(columns[7]), .below = number(columns[8]), .above = number(columns[9])};
    hits->half_widths = hits->series > 0 ? number(columns[12]) * hits->series : 0;
    return true;
}

static bool read_verdict(char *const *columns, struct coverage_tally *tally)
{
    int claim = strcmp(coverage_claims[1], columns[3]) == 0, place = 0;
    while (place < COVERAGE_PLACES && number(columns[4]) != coverage_places[place])
        place++;
    if (place == COVERAGE_PLACES)
        return false;
    struct coverage_verdicts *v = &tally->verdicts[claim][place];
    tally->judged = number(columns[5]);
    for (int verdict = DOUBT_HOLDS; verdict <= DOUBT_NO_STEADY_STATE; verdict++)
        v->of[verdict] = number(columns[5 + verdict]);
    v->false_holds = number(columns[11]);
    v->false_short = number(columns[12]);
    v->false_exceeds = number(columns[13]);
    v->restarts = number(columns[14]);
    return true;
}

bool coverage_read_tsv(FILE *in, const struct coverage_results *results,
                       struct coverage_tally *tallies)
{
    char line[LINE_BYTES], *columns[COLUMNS_MAX];
    bool good = true;
    for (int i = 0; good && fgets(line, sizeof line, in) != NULL; i++) {
        int count = split(line, columns);
        if (i < 2)
            continue; /* the two headings */
        size_t cell =
            count >= INTERVAL_COLUMNS ? find_cell(results, columns, count) : results->count;
        good = cell < results->count;
        if (good && count == INTERVAL_COLUMNS)
            good = strcmp(columns[0], "interval") == 0 &&
                   read_interval(columns, results->cells[cell].design, &tallies[cell]);
        else if (good)
            good = strcmp(columns[0], "verdict") == 0 && read_verdict(columns, &tallies[cell]);
    }
    return good && !ferror(in);
}

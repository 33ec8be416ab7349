/* table_limit.c: the promises that the method cannot hold, and the last column of a line. See
 * table.h.
 *
 * A unit of work is one line. A limit is a property of the samples at hand, and its cause is known:
 * a line that fails for want of one gets no row here.
 */
#include "table_int.h"

#include <math.h>
#include <string.h>

/* --- whole series --------------------------------------------------------------------------- */

/* The first that fits a line counts. "" and 0: any. */
static const struct {
    const char *generator, *transient;
    size_t restarts_most;
    const char *why;
} limits[] = {
    {"G6c", "", 0, "modes of 5 % unseen"},
    {"G6b", "", 10, "modes of 20 % unseen"},
    {"", "-3 % exp(-i/800)", 0, "drift longer than the run"},
    {"", "-3 % exp(-i/200)", 0, "drift of a third of the run"},
    {"G8", "+50 % exp(-i/30)", 0, "spikes hide the warm-up"},
    {"G8", "-5 % exp(-i/60)", 0, "spikes hide the warm-up"},
    {"G8", "+30 % exp(-i/100)", 0, "spikes hide the warm-up"},
    {"G7", "+30 % exp(-i/100)", 0, "noise hides the warm-up"},
    {"G7", "boost of 5 % ends at 150", 0, "noise hides the warm-up"},
};

/* --- short budgets -------------------------------------------------------------------------- */

enum { SHORT = COVERAGE_DESIGNS - 1 };

/* The highest shares of misses that are accepted of restarts that are never doubled: among series
 * with an interval, and of intervals or verdicts among all series. 0: there is no limit, the
 * promise must be held. Each is the 99 % upper bound of the worst line that 10,000 series showed,
 * rounded up to a whole per cent: more than that is another cause, or a method that got worse. */
struct ceiling {
    double missed, wrong;
};

/* Designs in their order: 10 x 45, 5 x 100, 7 x 100. The first row that fits a line counts. */
static const struct {
    const char *generator, *transient;
    struct ceiling of[SHORT];
    const char *why;
} short_limits[] = {
    /* What outlasts a restart looks like its level: nothing in the samples shows it. */
    {"", "-3 % exp(-i/800)", {{0, 0.94}, {0, 0.80}, {0, 0.85}}, "drift longer than the run"},
    {"", "-3 % exp(-i/200)", {{0, 0.83}, {0, 0.47}, {0, 0.38}}, "drift longer than the run"},
    {"",
     "boost of 5 % ends at 150",
     {{0, 0.95}, {0, 0.83}, {0, 0.91}},
     "boost longer than the run"},
    /* A slope of less than the noise of a half: correlated samples are worth a few each. Of
     * independent ones the halves show it. */
    {"G2", "-5 % exp(-i/60)", {{0, 0.31}, {0, 0.07}, {0, 0}}, "correlated noise hides the warm-up"},
    {"G3",
     "-5 % exp(-i/60)",
     {{0, 0.50}, {0, 0.13}, {0, 0.16}},
     "correlated noise hides the warm-up"},
    {"G4",
     "-5 % exp(-i/60)",
     {{0, 0.49}, {0, 0.09}, {0, 0.13}},
     "correlated noise hides the warm-up"},
    /* Noise of 50 % from sample to sample. */
    {"G7", "+50 % exp(-i/30)", {{0, 0.58}, {0, 0.10}, {0, 0.13}}, "noise hides the warm-up"},
    {"G7", "+30 % exp(-i/100)", {{0, 0.80}, {0, 0.32}, {0, 0.53}}, "noise hides the warm-up"},
    /* The cut follows the mean, which the spikes rule. */
    {"G8", "-5 % exp(-i/60)", {{0, 0.75}, {0, 0.34}, {0, 0.38}}, "spikes hide the warm-up"},
    {"G8", "+30 % exp(-i/100)", {{0, 0.35}, {0, 0.13}, {0, 0.10}}, "spikes hide the warm-up"},
    /* 450 to 700 iterations hold 9 to 14 spikes, and the mean rests on longer ones than these: a
     * series that misses has seen none of four times an iteration. */
    {"G8", "", {{0.12, 0.11}, {0.12, 0.07}, {0.12, 0.08}}, "too few spikes seen"},
    /* Stays of 400 and 200 iterations: a restart shows one speed, as if it were a mode. */
    {"G5", "", {{0, 0}, {0.16, 0.08}, {0.07, 0}}, "clock stays longer than a restart"},
    /* All of 5 in the same half: 2 / 2^5 = 0.0625. None of R in the slower fifth: 0.8^R. */
    {"G6a", "", {{0, 0}, {0.07, 0.06}, {0, 0}}, "one of two modes unseen"},
    {"G6b", "", {{0.12, 0.11}, {0.32, 0.26}, {0.21, 0.19}}, "modes of 20 % unseen"},
    {"G6c", "", {{0.21, 0.20}, {0.21, 0.17}, {0.32, 0.29}}, "modes of 5 % unseen"},
    /* The hull's allowance for skewness is estimated, from five values. */
    {"G9", "", {{0, 0}, {0.07, 0.06}, {0, 0}}, "skewed restarts, 5 of them"},
};

/* --- which one ------------------------------------------------------------------------------ */

static bool fits(const char *wanted, const char *name)
{
    return wanted[0] == '\0' || strcmp(wanted, name) == 0;
}

static struct coverage_limit of_short(const struct coverage_cell *cell, bool of_all)
{
    const ptrdiff_t design = cell->design - coverage_designs - 1;
    for (size_t i = 0; i < sizeof short_limits / sizeof short_limits[0]; i++) {
        if (!fits(short_limits[i].generator, cell->generator->name) ||
            !fits(short_limits[i].transient, cell->transient->name))
            continue;
        const struct ceiling *ceiling = &short_limits[i].of[design];
        const double most = of_all ? ceiling->wrong : ceiling->missed;
        return (struct coverage_limit){most > 0 ? short_limits[i].why : NULL,
                                       cell->lengths > 1 ? (double)NAN : most};
    }
    return (struct coverage_limit){NULL, NAN};
}

struct coverage_limit coverage_limit(const struct coverage_cell *cell, size_t restarts, bool of_all)
{
    if (cell->design != coverage_designs)
        return of_short(cell, of_all);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (fits(limits[i].generator, cell->generator->name) &&
            fits(limits[i].transient, cell->transient->name) &&
            (limits[i].restarts_most == 0 || restarts <= limits[i].restarts_most))
            return (struct coverage_limit){limits[i].why, NAN};
    return (struct coverage_limit){NULL, NAN};
}

/* --- columns -------------------------------------------------------------------------------- */

void coverage_print_result(const struct coverage_line *line, FILE *out, int *failures)
{
    const struct coverage_limit *accepted = &line->limit;
    const bool known = accepted->why != NULL && !(line->least > accepted->most);
    const bool fails = !line->passed && !known && (line->ruled_out || accepted->why != NULL);
    *failures += fails;
    if (line->passed)
        fprintf(out, "pass |\n");
    else if (known && isnan(accepted->most))
        fprintf(out, "limit: %s |\n", accepted->why);
    else if (known)
        fprintf(out, "limit: %s, at most %.2f |\n", accepted->why, accepted->most);
    else if (fails && accepted->why != NULL)
        fprintf(out, "FAILS: %s, more than %.2f |\n", accepted->why, accepted->most);
    else
        fprintf(out, "%s |\n", fails ? "FAILS" : "open");
}

void coverage_print_restarts(const struct coverage_design *design, int size, FILE *out)
{
    if (design->iterations > 0)
        fprintf(out, "%s", design->name);
    else
        fprintf(out, "%zu", design->sizes[size]);
}

/* tally.h: how many verdicts were false.
 *
 * A unit of work is one series whose truth is known. A verdict is false where the truth is not
 * inside of what it says, by at least the error of that truth: on an edge every conclusive verdict
 * counts as false. Not for single series.
 */
#ifndef DOUBT_BENCH_TALLY_H
#define DOUBT_BENCH_TALLY_H

#include "design.h"
#include "replay.h"

enum tally_answer {
    ANSWER_HOLDS,
    ANSWER_FALLS_SHORT,
    ANSWER_EXCEEDS,
    ANSWER_INCONCLUSIVE,
    ANSWER_NOT_STEADY,
    ANSWERS
};

/* What one series says, and what is true of it. */
struct tally_series {
    struct design_series design;
    enum tally_answer answer;
    struct doubt_interval interval; /* as times */
    struct replay replay;
    double cost_ns; /* by the null engine of this very series */
    double others_share;
};

struct tally;
struct tally *tally_new(size_t capacity); /* NULL when out of memory */
void tally_free(struct tally *tally);
void tally_add(struct tally *tally, const struct tally_series *series);
/* Prints the tables as Markdown. How many demands were not met? */
int tally_print(struct tally *tally, FILE *file);

#endif

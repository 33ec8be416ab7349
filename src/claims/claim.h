/* claim.h: published figures as data.
 *
 * A unit of work is one claim: a figure with its written digits, its conditions and its source. A
 * claim set is one JSON file under claims/ (format: docs/CLAIMS.md); the shipped ones are embedded
 * in the program, the user's lie in $XDG_CONFIG_HOME/doubt/claims. Not for judging intervals: that
 * is <doubt/verdict.h>; match.h says which conditions a measured cell meets.
 */
#ifndef DOUBT_CLAIMS_CLAIM_H
#define DOUBT_CLAIMS_CLAIM_H

#include "record/record.h"
#include <doubt/err.h>

/* Strings are never NULL; "" is "not stated at the source". */
struct doubt_claim {
    char *id, *device, *network, *title, *input, *precision, *engine, *power_mode, *boundary,
        *statistic, *figure, *unit, *source, *date, *remark;
    int64_t batch;
};

struct doubt_claim_set {
    char *name, *title;
    struct doubt_claim *claims;
    size_t count;
};

/* Parses one file's text; every error names line and field. */
enum doubt_code doubt_claim_set_parse(const char *text, size_t size, const char *label,
                                      struct doubt_claim_set *set, struct doubt_err *err);
/* By name: the user's folder first, then the shipped ones; or by path. */
enum doubt_code doubt_claim_set_load(const char *name, struct doubt_claim_set *set,
                                     struct doubt_err *err);
void doubt_claim_set_free(struct doubt_claim_set *set);

/* Conditions of claim that cell and series do not meet, as "other device, other engine"; "" when
 * all are met. Heap string. */
char *doubt_claim_differs(const struct doubt_claim *claim, const struct doubt_series *series,
                          const struct doubt_cell *cell);

/* Sets claim, claim_figure, ratio and its interval, differs, and verdict (NULL when conditions
 * differ and as_is is false) of a measured cell. */
enum doubt_code doubt_claim_judge(const struct doubt_claim *claim, bool as_is,
                                  const struct doubt_series *series, struct doubt_cell *cell,
                                  struct doubt_err *err);

#endif

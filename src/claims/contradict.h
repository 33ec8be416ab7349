/* contradict.h: published figures that cannot stand beside each other, found by rules.
 *
 * A unit of work is one claim, or one pair of claims. A rule knows no claim by name: it compares
 * conditions and figures, so it works on anybody's sets, and it may be wrong; docs/CLAIMS.md says
 * how often it is on the shipped ones. Figures are compared by the intervals that their digits
 * stand for. Not for what physics forbids: ceiling.h.
 */
#ifndef DOUBT_CLAIMS_CONTRADICT_H
#define DOUBT_CLAIMS_CONTRADICT_H

#include "claims/claim.h"
#include "util/str.h"

struct doubt_claim_at {
    const struct doubt_claim_set *set;
    const struct doubt_claim *claim;
};

enum doubt_rule {
    DOUBT_RULE_LABEL,   /* the size printed is not the size of the file */
    DOUBT_RULE_FILE,    /* the framework printed is not one that the file's format belongs to */
    DOUBT_RULE_FIGURES, /* one condition, two figures */
    DOUBT_RULE_NAME,    /* one name, two networks */
    DOUBT_RULE_DRIFT,   /* only the engine's version differs, and the figure with it */
    DOUBT_RULE_COPY,    /* the same digits under conditions that differ */
    DOUBT_RULE_MEAN,    /* a mean that cannot be beside its median */
    DOUBT_RULE_SUM,     /* a sum over parts of a device, published as the device's figure */
    DOUBT_RULE_FLIGHT,  /* rate and latency that cannot both be of one input at a time */
    DOUBT_RULE_SIZE,    /* rates at two sizes of the input that disagree in work done a second */
    DOUBT_RULE_COUNT
};
const char *doubt_rule_name(enum doubt_rule rule);    /* "label" */
const char *doubt_rule_meaning(enum doubt_rule rule); /* what it compares, in a sentence */

/* All claims that are to be compared. work: operations of one input, NaN when not known. */
struct doubt_claims_all {
    const struct doubt_claim_at *items;
    size_t count;
    double (*work)(void *context, const struct doubt_claim *claim);
    void *context;
};

struct doubt_contradiction {
    enum doubt_rule rule;
    size_t a, b; /* indices; b is SIZE_MAX where the claim contradicts itself */
    const char *text;
};

/* Calls visit for each, by rule and then in the order of the claims; text lives during the call. */
void doubt_contradict(const struct doubt_claims_all *all,
                      void (*visit)(void *context, const struct doubt_contradiction *found),
                      void *context);

/* How often a sum of n times in 64-bit nanoseconds must have passed 2^64 for its mean to stand
 * beside this median: 0 when mean and median agree or no number of times makes them (to 2 %). */
int64_t doubt_mean_wraps(double mean_ns, double median_ns, double n);

#endif

/* claim.h: published figures as data.
 *
 * A unit of work is one claim: a figure with its written digits, its conditions and its source. A
 * claim set is one JSON file (format: docs/CLAIMS.md); the shipped ones lie in claims/ and are
 * embedded in the program, the user's lie in $XDG_CONFIG_HOME/doubt/claims. Not for judging bare
 * intervals: that is <doubt/verdict.h>.
 */
#ifndef DOUBT_CLAIMS_CLAIM_H
#define DOUBT_CLAIMS_CLAIM_H

#include "record/record.h"
#include <doubt/err.h>
#include <stdbool.h>

enum { DOUBT_CLAIM_FILE_MAX = 1 << 20 /* bytes */, DOUBT_CLAIMS_MAX = 10000 };

/* Strings are never NULL; "" is "not stated at the source", which no condition is compared with.
 * network "" is one that is not built in: title names it, remark says why. label: the input's size
 * as the source prints it, where input follows the file that was run. framework: where the network
 * comes from as the source prints it; file: the model file that its instructions name. output: the
 * outputs that were asked for where they are not all; the work of the others was not done.
 * condition: what no other field can say ("both DLAs, summed"); no record knows it, so it is never
 * met. */
struct doubt_claim {
    char *id, *row, *device, *network, *title, *input, *label, *framework, *file, *output,
        *precision, *engine, *power_mode, *condition, *boundary, *statistic, *figure, *unit,
        *source, *date, *confidence, *remark;
    int64_t batch;   /* DOUBT_MISSING_I64: not stated */
    int64_t samples; /* inferences that the figure was made of; DOUBT_MISSING_I64: not stated */
};

struct doubt_claim_set {
    char *name, *title;
    struct doubt_claim *claims;
    size_t count;
};

/* Parses one file's text, of any bytes; label stands for the file in sentences. Every error
 * (DOUBT_E_FORMAT) names line and field. On failure set is empty. */
enum doubt_code doubt_claim_set_parse(const char *text, size_t size, const char *label,
                                      struct doubt_claim_set *set, struct doubt_err *err);
/* The line (from 1) of a claim's field in text that was parsed; 0 when it is not there itself.
 * Walks the text: for sentences about errors. */
size_t doubt_claim_line(const char *text, size_t size, size_t index, const char *field);
/* By name: the user's folder first, then the shipped ones; or by path, which has a "/" or ends in
 * ".json". Unknown: DOUBT_E_NOT_FOUND with the nearest name and the list. */
enum doubt_code doubt_claim_set_load(const char *name, struct doubt_claim_set *set,
                                     struct doubt_err *err);
void doubt_claim_set_free(struct doubt_claim_set *set);
/* The user's file that stands for the shipped set of that name, as a heap string; NULL when none
 * does: the caller says it, since a set must not be replaced silently. */
char *doubt_claim_set_shadows(const char *name);
/* Names of the sets that can be loaded, sorted, each once, NULL-terminated; freed with
 * doubt_claim_names_free(). NULL when out of memory. */
char **doubt_claim_names(void);
void doubt_claim_names_free(char **names);

/* Conditions of claim that cell and series do not meet, the weightiest first, as "other device,
 * other engine"; "" when all are met. What the record does not know counts as not met: "unknown
 * power mode". Power modes are compared on the claim's device only. Heap string; NULL when out of
 * memory. */
char *doubt_claim_differs(const struct doubt_claim *claim, const struct doubt_series *series,
                          const struct doubt_cell *cell);

/* Sets claim, claim_figure, ratio with its interval, differs (missing when all conditions are met),
 * differs_how (each of those with what was claimed, what is here, and the likely direction), and
 * verdict (missing when conditions differ and as_is is false, or when the cell has no figure)
 * of a measured cell. The claim's statistic (mean, median, p50, p90, p95, p99) says which of the
 * cell's figures is taken; for another one the mean stands in and "other statistic" differs. */
enum doubt_code doubt_claim_judge(const struct doubt_claim *claim, bool as_is,
                                  const struct doubt_series *series, struct doubt_cell *cell,
                                  struct doubt_err *err);

#endif

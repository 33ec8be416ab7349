/* claims_int.h: what the files of this floor share. Not for other floors. */
#ifndef DOUBT_CLAIMS_INT_H
#define DOUBT_CLAIMS_INT_H

#include "claims/claim.h"

#include <doubt/verdict.h>
#include <jansson.h>
#include <stddef.h>

/* The claim's figure with its unit, as doubt_figure_parse() reads it; err may be NULL. */
enum doubt_code doubti_figure_of(const struct doubt_claim *claim, struct doubt_figure *figure,
                                 struct doubt_err *err);

/* Sets the cell's differs_how from its differs: what was claimed, what is here, and which way that
 * likely moves the figure, where it is known; phrases separated by "; ". */
void doubti_explain_differs(const struct doubt_claim *claim, const struct doubt_series *series,
                            struct doubt_cell *cell);

/* One claim by itself, as in a set without "common"; errors name the field. Freed with
 * doubti_claim_free(), which leaves it empty. */
enum doubt_code doubti_claim_check(const json_t *object, struct doubt_claim *claim,
                                   struct doubt_err *err);
void doubti_claim_free(struct doubt_claim *claim);
/* Every text but id, row and remark, and both counts. */
bool doubti_claim_is_same(const struct doubt_claim *a, const struct doubt_claim *b);
bool doubti_claim_is_count(const char *field);        /* an integer, not a text */
const char *doubti_claim_accepted(const char *field); /* words separated by spaces; NULL: any */

/* Sizes of one input: "1x3x224x224", "[1, 3, 224, 224]", "224x224". */
enum { DOUBTI_DIMS_MAX = 16 };
struct doubti_dims {
    long size[DOUBTI_DIMS_MAX];
    int count;
};
/* Reads the next list of sizes and steps behind it; false when there is none. */
bool doubti_dims_next(const char **text, struct doubti_dims *dims);
/* all ends in tail. */
bool doubti_dims_end_in(const struct doubti_dims *all, const struct doubti_dims *tail);

/* The line (from 1) of member field of element index of the array "claims" in valid JSON text; of
 * the element when it has no such member or field is NULL; of the text's member field when index is
 * negative. 0 when there is nothing like that. */
size_t doubti_line_of(const char *text, size_t size, long index, const char *field);

#endif

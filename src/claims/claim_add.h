/* claim_add.h: a claim of the user's own, field by field, into a set in the user's folder.
 *
 * A unit of work is one claim that is being written: every field is checked as it comes, the whole
 * when it is added, by the rules of claim sets. Not for asking anybody: the command line does that.
 */
#ifndef DOUBT_CLAIMS_CLAIM_ADD_H
#define DOUBT_CLAIMS_CLAIM_ADD_H

#include "claims/claim.h"

/* In the order in which one asks. */
struct doubt_claim_field {
    const char *name;
    bool needed;
    const char *asks;     /* what a person is asked for */
    const char *accepted; /* words separated by spaces; NULL: any text */
};
size_t doubt_claim_field_count(void);
struct doubt_claim_field doubt_claim_field_at(size_t i);

struct doubt_claim_draft;                              /* opaque */
struct doubt_claim_draft *doubt_claim_draft_new(void); /* NULL when out of memory */
void doubt_claim_draft_free(struct doubt_claim_draft *draft);
/* "" takes the field out again. A value that no claim may have is DOUBT_E_FORMAT, and a field that
 * there is not DOUBT_E_USAGE; the draft is then as before. */
enum doubt_code doubt_claim_draft_set(struct doubt_claim_draft *draft, const char *name,
                                      const char *value, struct doubt_err *err);
/* The value so far; "" when there is none. Valid until the next set. */
const char *doubt_claim_draft_get(const struct doubt_claim_draft *draft, const char *name);
/* Is it a whole claim? */
enum doubt_code doubt_claim_draft_check(const struct doubt_claim_draft *draft,
                                        struct doubt_err *err);
/* May a set of one's own have this name? Not a shipped set's, nor what is no file's name. */
enum doubt_code doubt_claim_set_check_name(const char *set, struct doubt_err *err);
/* Is the id free in every set that can be loaded? */
enum doubt_code doubt_claim_check_id(const char *id, struct doubt_err *err);
/* Adds it to the set of that name in the user's folder, which is made where it is not there; title
 * (NULL: the name) is a new set's. The file is replaced as a whole, or left as it was. Refused: the
 * name of a shipped set or one that is no file's name, an id that a loadable set has, and a claim
 * whose every condition, figure and source another of the set has. *path (freed by the caller) says
 * where. */
enum doubt_code doubt_claim_draft_add(const struct doubt_claim_draft *draft, const char *set,
                                      const char *title, char **path, struct doubt_err *err);

#endif

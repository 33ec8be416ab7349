/* catalog.h: all claim sets together, as the command line lists and searches them.
 *
 * A unit of work is one question about a claim: does it match, what stands in the way of testing
 * it, which independent measurement is of the same thing. Not for judging: claims/claim.h.
 */
#ifndef DOUBT_CLI_CATALOG_H
#define DOUBT_CLI_CATALOG_H

#include "claims/claim.h"
#include "cli/cmd.h"
#include "engine/registry.h"

struct doubt_catalog {
    struct doubt_claim_set *sets;
    size_t count;
    struct doubt_registry *registry; /* says which engines there are */
};

/* Loads the set of that name or path; every set when name is NULL. Then a set that cannot be read
 * is said on stderr and left out: one bad file never hides the good ones. */
enum doubt_code doubt_catalog_open(const struct doubt_cli *cli, const char *name,
                                   struct doubt_catalog *catalog, struct doubt_err *err);
void doubt_catalog_close(struct doubt_catalog *catalog);

/* NULL and 0: anything. Letters' case does not count. */
struct doubt_catalog_filter {
    const char *device;  /* a part of the claim's device */
    const char *network; /* the built-in name, or a part of the title */
    const char *vendor;  /* a part of who sells the device, or of the set's title */
    int64_t year;        /* stands in the date */
    const char *set;     /* the set's name */
};
bool doubt_catalog_matches(const struct doubt_catalog_filter *filter,
                           const struct doubt_claim_set *set, const struct doubt_claim *claim);

/* All that keeps any engine from testing the claim as published, whatever the device: "unknown
 * network; both DLAs, summed"; "" when nothing does. */
void doubt_catalog_obstacle(const struct doubt_claim *claim, char *out, size_t out_bytes);

/* The family that the claim's engine belongs to, in small letters: "tensorrt", "edge tpu"; "" when
 * not stated. */
void doubt_catalog_family(const struct doubt_claim *claim, char *out, size_t out_bytes);

/* True when doubt has that engine, as a built-in or a plug-in found here, or family is "". */
bool doubt_catalog_has_engine(const struct doubt_catalog *catalog, const char *family);

/* A row of the table of independent measurements, and not a claim that is only quoted there. */
bool doubt_catalog_is_independent(const struct doubt_claim *claim);
/* Same device and same network: the built-in one, or one title where it is unknown. */
bool doubt_catalog_is_same(const struct doubt_claim *a, const struct doubt_claim *b);

/* What the set's figures stand on, for the titles of columns: "chart"; NULL: just figures. */
const char *doubt_catalog_word(const struct doubt_claim_set *set);

#endif

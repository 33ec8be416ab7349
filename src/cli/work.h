/* work.h: the work of a claim's network, counted from the built-in network's graph.
 *
 * A unit of work is one claim: its network at its input's size, with only what the outputs asked
 * for need. Counts are kept, since claims share networks. Not for judging them: claims/ceiling.h.
 */
#ifndef DOUBT_CLI_WORK_H
#define DOUBT_CLI_WORK_H

#include "claims/ceiling.h"

/* What was counted already; zeroed before its first use, needs no freeing. */
enum { DOUBT_WORKS_MAX = 64, DOUBT_WORKS_NETWORKS = 32 };
struct doubt_works {
    struct {
        char key[256];
        struct doubt_work work;
    } rows[DOUBT_WORKS_MAX];
    size_t count;
    struct {
        const char *network;
        long height, width;
    } own[DOUBT_WORKS_NETWORKS]; /* the built-in networks' own sizes */
    size_t own_count;
};

/* False: the network is neither built in nor in claims/works.def, or cannot have that size. */
bool doubt_works_find(struct doubt_works *works, const struct doubt_claim *claim,
                      struct doubt_work *out);

/* True when the claim's input has another size than the built-in network's; out says the network's,
 * "300x300". */
bool doubt_works_other_size(struct doubt_works *works, const struct doubt_claim *claim, char *out,
                            size_t out_bytes);

#endif

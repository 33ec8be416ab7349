/* ceiling.h: is a claim physically possible?
 *
 * A unit of work is one claim: the operations and bytes of its network against the peak and the
 * memory of its device. "Ceiling" is peak / work with direct convolution. Winograd's algorithms do
 * a 3x3 convolution of stride 1 with fewer multiplications (F(6x6, 3x3): 64 instead of 324, a
 * factor of 5.0625: Lavin and Gray 2015), and structured sparsity skips half of them, so a figure
 * above the ceiling is first a question. Claims know no networks: the caller counts the work
 * (model/cost.h) and hands in numbers.
 */
#ifndef DOUBT_CLAIMS_CEILING_H
#define DOUBT_CLAIMS_CEILING_H

#include "claims/claim.h"
#include "claims/device.h"
#include "util/str.h"

/* The work of one inference of one input. */
struct doubt_work {
    int64_t macs;          /* 0: not known */
    int64_t winograd_macs; /* of these, in 3x3 convolutions of stride 1; negative: not known, may
                              be all */
    int64_t weights;       /* elements of constants that are read */
    int64_t io;            /* elements of inputs and outputs */
    const char *source;    /* where the counts come from; NULL: counted from the graph */
};

enum doubt_plausible {
    DOUBT_PLAUSIBLE_UNKNOWN,
    DOUBT_PLAUSIBLE,
    DOUBT_PLAUSIBLE_WINOGRAD, /* above the ceiling, possible with it */
    DOUBT_PLAUSIBLE_SPARSE,
    DOUBT_PLAUSIBLE_BOTH,
    DOUBT_IMPOSSIBLE,
    DOUBT_PLAUSIBLE_COUNT
};

struct doubt_ceiling {
    const struct doubt_device *device; /* NULL: not in the table */
    double peak_ops_s;                 /* of all the parts that the claim names; NaN not known */
    char parts[160];                   /* "gpu + 2 dla, i8" */
    const char *peak_source,
        *peak_date; /* of the first part that is not verified, else the first */
    bool peak_verified, memory_verified; /* a source for the number was read */
    double work_ops;                     /* of one input; NaN not known */
    double claimed;                      /* inputs a second, as the digits say */
    double claimed_lo;       /* the slowest that its digits stand for; 0: no lower edge */
    double share;            /* of the peak */
    double ceiling;          /* inputs a second by operations */
    double memory;           /* the same by bytes; +inf: all may stay on the chip */
    double memory_bytes;     /* that an inference must move; NaN not known */
    bool memory_binds;       /* memory < ceiling */
    double winograd, sparse; /* what each may gain at most */
    enum doubt_plausible verdict;
    const char *unknown; /* why it is not known; "" when it is */
};

/* work may be NULL or have no macs: not known. */
void doubt_ceiling_of(const struct doubt_claim *claim, const struct doubt_work *work,
                      struct doubt_ceiling *out);
/* "possible", "needs Winograd", "needs sparsity", "needs Winograd and sparsity", "impossible", "".
 */
const char *doubt_plausible_name(enum doubt_plausible plausible);
/* The arithmetic in sentences. */
void doubt_ceiling_explain(const struct doubt_claim *claim, const struct doubt_ceiling *ceiling,
                           struct doubt_str *out);

/* Sets allowed_fps, allowed_by and allowed_how of a measured cell from its macs, parameters and
 * precision: by the table's peak where the series names a device of it (by --claim-device, or what
 * the machine says of itself) and the cell did not run on its CPU, else by the peaks that the
 * series measured of the CPUs here. Missing, with the reason, where neither is known. Not more than
 * peak and memory allow: what stays in the last cache needs no reading. */
void doubt_ceiling_allow(const struct doubt_series *series, struct doubt_cell *cell);

/* The work of a network that is not built in, where its title is in works.def; false: it is not. */
bool doubt_work_find(const char *title, const char *input, struct doubt_work *out);

/* The precision's bytes of one element: f32 and tf32 4, i8 1, else 2 (the smallest of what a claim
 * that states none may mean is 1). */
double doubt_precision_bytes(const char *precision);

#endif

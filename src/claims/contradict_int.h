/* contradict_int.h: what the rules share: two claims, condition by condition. See contradict.h. */
#ifndef DOUBT_CLAIMS_CONTRADICT_INT_H
#define DOUBT_CLAIMS_CONTRADICT_INT_H

#include "claims/contradict.h"

enum {
    DOUBTI_DEVICE = 1 << 0,
    DOUBTI_NETWORK = 1 << 1,
    DOUBTI_INPUT = 1 << 2,
    DOUBTI_PRECISION = 1 << 3,
    DOUBTI_BATCH = 1 << 4,
    DOUBTI_ENGINE = 1 << 5,
    DOUBTI_VERSION = 1 << 6,
    DOUBTI_POWER = 1 << 7,
    DOUBTI_CONDITION = 1 << 8,
    DOUBTI_BOUNDARY = 1 << 9,
    DOUBTI_STATISTIC = 1 << 10
};

/* Bits of conditions that differ, and of those that one of the two does not state. */
struct doubti_same {
    unsigned other, unstated;
};
struct doubti_same doubti_same_of(const struct doubt_claim *a, const struct doubt_claim *b);
/* One names a device of the table and the other a product that has it: "Coral Edge TPU" and "Coral
 * Dev Board". The host is open then, so figures may differ, but not by what another network does.
 */
bool doubti_is_chip_of(const struct doubt_claim *a, const struct doubt_claim *b);
/* "precision, batch": the names of bits. */
void doubti_same_names(unsigned bits, struct doubt_str *out);

/* A figure as inputs a second, whatever its unit; lo 0 and hi +inf where it has no such edge. */
struct doubti_rate {
    double value, lo, hi;
    bool time; /* it was a time */
};
struct doubti_rate doubti_rate_of(const struct doubt_claim *claim);
bool doubti_rates_apart(const struct doubti_rate *a, const struct doubti_rate *b);
/* The larger over the smaller. */
double doubti_rates_ratio(const struct doubti_rate *a, const struct doubti_rate *b);

/* Both carry one row of one set, or, without rows, are of one set, source and date. */
bool doubti_is_one_row(const struct doubt_claim_at *a, const struct doubt_claim_at *b);

#endif

/* power_mode.h: what a claim's words about the power mode ask for, and whether a machine's meet it.
 *
 * A unit of work is one text: phrases separated by ", " or " + ", as "10 W (nvpmodel -m 0),
 * jetson_clocks" in a claim, or "nvpmodel 0 (MAXN), jetson_clocks" from a machine. Not for reading
 * or setting a machine.
 */
#ifndef DOUBT_CLAIMS_POWER_MODE_H
#define DOUBT_CLAIMS_POWER_MODE_H

#include <stddef.h>

enum { DOUBT_POWER_MODE_BYTES = 64 };

struct doubt_power_mode {
    char mode[DOUBT_POWER_MODE_BYTES];    /* nvpmodel's number or name; "" when not said */
    char name[DOUBT_POWER_MODE_BYTES];    /* the name where both are said */
    int clocks;                           /* 1: locked by jetson_clocks; 0: not; -1: not said */
    char unknown[DOUBT_POWER_MODE_BYTES]; /* the first phrase that says something else; "" */
};

void doubt_power_mode_parse(const char *text, struct doubt_power_mode *out);

/* What a machine in state `here` does not meet of a claim: "other power mode", "clocks not locked";
 * what is not known counts as not met: "unknown power mode", "unknown clocks"; what did not last,
 * as "power mode changed". "" when all is met. Static storage. */
const char *doubt_power_mode_differs(const char *claimed, const char *here);

#endif

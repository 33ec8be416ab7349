/* control.h: methods that must fail in this harness, each beside the one that stands in for it.
 *
 * A unit of work is one simulated session of one control. A harness in which a wrong method does
 * not fail proves nothing about a right one.
 */
#ifndef COVERAGE_CONTROL_H
#define COVERAGE_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coverage_control {
    const char *name, *setting;
    const char *expected; /* from theory or a known figure, as printed */
    bool wrong;           /* must fail */
    bool passes;          /* counts sessions that pass at the limit, else intervals that cover */
    double nominal;       /* coverage at least, or passes at most, that the method promises */
    size_t divisor;       /* takes 1 / divisor of the sessions asked for */
    /* One session: true when it covers (or passes). Clears *good when a function failed. */
    bool (*session)(const struct coverage_control *control, uint64_t seed, size_t number,
                    bool *good);
    double value; /* for the session */
};

/* Ended by a row without a name. */
extern const struct coverage_control coverage_controls[];
size_t coverage_control_count(void);

struct coverage_control_tally {
    double sessions, hits;
};
bool coverage_control_run(const struct coverage_control *control, uint64_t seed, size_t first,
                          size_t count, struct coverage_control_tally *tally);

#endif

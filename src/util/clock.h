/* clock.h: the one clock of all samples and telemetry.
 *
 * A unit of work is one reading: CLOCK_MONOTONIC_RAW in integer nanoseconds (no slewing by NTP).
 * Kind, resolution and cost of a reading are data of the record. Not for dates: clock_wall_ns().
 */
#ifndef DOUBT_UTIL_CLOCK_H
#define DOUBT_UTIL_CLOCK_H

#include <stdint.h>
#include <time.h>

typedef int64_t doubt_ns;

static inline doubt_ns doubt_clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return (doubt_ns)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct doubt_clock_info {
    const char *kind;       /* "CLOCK_MONOTONIC_RAW" */
    doubt_ns resolution_ns; /* smallest positive difference seen */
    double read_ns;         /* median of 10,001 back-to-back differences */
    double read_spread_ns;  /* 95th less 5th percentile of these */
};

/* Measures the clock; takes about 1 ms. */
void doubt_clock_describe(struct doubt_clock_info *out);

/* Nanoseconds since 1970 by CLOCK_REALTIME. */
doubt_ns doubt_clock_wall_ns(void);

#endif

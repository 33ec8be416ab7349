/* clock.c: see clock.h. */
#include "util/clock.h"

#include <stdlib.h>

enum { READINGS = 10001 };

static int by_value(const void *a, const void *b)
{
    doubt_ns x = *(const doubt_ns *)a, y = *(const doubt_ns *)b;
    return (x > y) - (x < y);
}

void doubt_clock_describe(struct doubt_clock_info *out)
{
    static const char kind[] = "CLOCK_MONOTONIC_RAW";
    doubt_ns diff[READINGS], last = doubt_clock_ns();
    for (int i = 0; i < READINGS; i++) {
        doubt_ns now = doubt_clock_ns();
        diff[i] = now - last;
        last = now;
    }
    qsort(diff, READINGS, sizeof diff[0], by_value);
    int first = 0;
    while (first < READINGS - 1 && diff[first] <= 0)
        first++;
    out->kind = kind;
    out->resolution_ns = diff[first];
    out->read_ns = (double)diff[READINGS / 2];
    out->read_spread_ns = (double)(diff[READINGS * 95 / 100] - diff[READINGS * 5 / 100]);
}

doubt_ns doubt_clock_wall_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (doubt_ns)t.tv_sec * 1000000000 + t.tv_nsec;
}

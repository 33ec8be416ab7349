/* probe_period.c: how often a sensor really updates (probe.h).
 *
 * A unit of work is one probe watched until enough changes were seen. A sensor whose value stays
 * the same has no period to be seen: that is said, not guessed. Not for use while a worker runs.
 */
#include "machine/probe_int.h"

#include "util/clock.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CHANGES_MAX = 64, CHANGES_LEAST = 3, CHANGES_ENOUGH = 12, STEP_NS = 1000000 };

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Times between updates, changes in quick succession taken as one; gives their number. */
static size_t pauses(const int64_t *at, size_t count, int64_t *out)
{
    int64_t longest = 0;
    size_t n = 0;
    for (size_t i = 1; i < count; i++)
        longest = at[i] - at[i - 1] > longest ? at[i] - at[i - 1] : longest;
    int64_t last = count > 0 ? at[0] : 0;
    for (size_t i = 1; i < count; i++) {
        bool flickers = at[i] - at[i - 1] < longest / 4;
        if (flickers)
            continue;
        out[n++] = at[i] - last;
        last = at[i];
    }
    return n;
}

/* Times at which another value was first seen. */
static size_t watch(struct doubt_probe *probe, int64_t limit_ns, int64_t at[CHANGES_MAX])
{
    const struct timespec step = {.tv_nsec = STEP_NS};
    int64_t begun = doubt_clock_ns(), now = begun, out[CHANGES_MAX];
    double before = doubt_probe_read(probe);
    size_t count = 0;
    while (now - begun < limit_ns && count < CHANGES_MAX && !isnan(before)) {
        nanosleep(&step, NULL);
        double value = doubt_probe_read(probe);
        now = doubt_clock_ns();
        if (isnan(value) || value == before)
            continue;
        before = value;
        at[count++] = now;
        if (pauses(at, count, out) >= CHANGES_ENOUGH)
            break;
    }
    return count;
}

int64_t doubt_probe_measure_period(struct doubt_probe *probe, int64_t limit_ns,
                                   char why[DOUBT_PROBE_WHY_BYTES])
{
    int64_t at[CHANGES_MAX] = {0}, out[CHANGES_MAX];
    why[0] = '\0';
    if (isnan(doubt_probe_read(probe))) {
        snprintf(why, DOUBT_PROBE_WHY_BYTES, "%s", probe->why);
        return 0;
    }
    size_t count = watch(probe, limit_ns, at), n = pauses(at, count, out);
    if (n + 1 < CHANGES_LEAST) {
        snprintf(why, DOUBT_PROBE_WHY_BYTES, "%zu change%s in %.3g s", count, count == 1 ? "" : "s",
                 (double)limit_ns / 1e9);
        return 0;
    }
    qsort(out, n, sizeof *out, by_size);
    return n % 2 == 1 ? out[n / 2] : (out[n / 2 - 1] + out[n / 2]) / 2;
}

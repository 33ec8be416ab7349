/* probe_period.c: how often sensors really update (probe.h).
 *
 * A unit of work is one watch over some probes, until enough changes were seen of each. A sensor
 * whose value stays the same has no period to be seen: that is said, not guessed. Not for use while
 * a worker runs.
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

/* One probe under watch. */
struct watch {
    double before;
    int64_t at[CHANGES_MAX]; /* when another value was first seen */
    size_t count;
    bool done;
};

static void look(struct doubt_probe *probe, struct watch *watch)
{
    int64_t out[CHANGES_MAX];
    double value = watch->done ? NAN : doubt_probe_read(probe);
    if (isnan(value) || value == watch->before)
        return;
    watch->before = value;
    watch->at[watch->count++] = doubt_clock_ns();
    watch->done =
        watch->count == CHANGES_MAX || pauses(watch->at, watch->count, out) >= CHANGES_ENOUGH;
}

static struct doubt_probe_period conclude(const struct doubt_probe *probe,
                                          const struct watch *watch, int64_t limit_ns)
{
    struct doubt_probe_period period = {.ns = 0};
    int64_t out[CHANGES_MAX] = {0};
    size_t n = pauses(watch->at, watch->count, out);
    if (isnan(watch->before)) {
        snprintf(period.why, sizeof period.why, "%s", probe->why);
    } else if (n + 1 < CHANGES_LEAST) {
        snprintf(period.why, sizeof period.why, "%zu change%s in %.3g s", watch->count,
                 watch->count == 1 ? "" : "s", (double)limit_ns / 1e9);
    } else {
        qsort(out, n, sizeof *out, by_size);
        period.ns = n % 2 == 1 ? out[n / 2] : (out[n / 2 - 1] + out[n / 2]) / 2;
    }
    return period;
}

bool doubt_probes_watch(struct doubt_probe *probes, size_t count, int64_t limit_ns,
                        struct doubt_probe_period *out)
{
    const struct timespec step = {.tv_nsec = STEP_NS};
    struct watch *watches = calloc(count, sizeof *watches);
    int64_t begun = doubt_clock_ns();
    bool left = true;
    for (size_t i = 0; watches != NULL && i < count; i++) {
        watches[i].before = doubt_probe_read(&probes[i]);
        watches[i].done = isnan(watches[i].before);
    }
    while (watches != NULL && left && doubt_clock_ns() - begun < limit_ns) {
        left = false;
        nanosleep(&step, NULL);
        for (size_t i = 0; i < count; i++) {
            look(&probes[i], &watches[i]);
            left = left || !watches[i].done;
        }
    }
    for (size_t i = 0; watches != NULL && i < count; i++)
        out[i] = conclude(&probes[i], &watches[i], limit_ns);
    bool good = watches != NULL || count == 0;
    free(watches);
    return good;
}

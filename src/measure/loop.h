/* loop.h: the timed loop.
 *
 * A unit of work is one inference: between two readings of the clock there is the engine's call
 * and nothing else. No allocation, system call, lock or branch on an option happens while it runs;
 * bench/loop measures what it costs and bench/loop-quiet.sh shows the rest. Not for checking
 * outputs, for phases or for statistics.
 */
#ifndef DOUBT_MEASURE_LOOP_H
#define DOUBT_MEASURE_LOOP_H

#include "engine/session.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One straight run of count inferences. samples has room for count values and was written to
 * before. Each sample is the time from just before to just after the call, in nanoseconds of
 * CLOCK_MONOTONIC_RAW. Returns how many samples there are: fewer than count when a call failed,
 * whose time is not kept. */
size_t doubt_loop_run(struct doubt_step step, int64_t *samples, size_t count);

/* The same for the boundary "device": a sample is the time that the engine's events tell, in place
 * of the clock's. step must be that of a session with that boundary. */
size_t doubt_loop_run_device(struct doubt_step step, int64_t *samples, size_t count);

/* The same two with step.between called before each sample, outside of the time that counts. */
size_t doubt_loop_run_between(struct doubt_step step, int64_t *samples, size_t count);
size_t doubt_loop_run_device_between(struct doubt_step step, int64_t *samples, size_t count);

typedef size_t doubt_loop_fn(struct doubt_step step, int64_t *samples, size_t count);
/* The one of these four that fits. */
doubt_loop_fn *doubt_loop_of(const struct doubt_step *step, bool is_device);

/* When a longer run ends: at count_max inferences, or once ns have passed and count_min are done,
 * or when *stop is not 0. */
struct doubt_loop_bounds {
    doubt_loop_fn *run; /* one of the above */
    size_t count_min, count_max;
    int64_t ns;      /* INT64_MAX: no bound in time */
    const int *stop; /* may be written by another process */
};

struct doubt_loop_end {
    size_t count;
    int64_t begun_ns, ended_ns; /* on the samples' clock */
    bool failed;                /* a call failed: doubt_session_failure() says why */
    bool stopped;               /* by *stop */
};

/* Runs in blocks of at most about 50 ms, or one inference where that is longer, and looks at the
 * bounds between them. samples has room for capacity values; where that is less than count_max,
 * later blocks overwrite earlier ones (warm-up keeps nothing). capacity > 0. */
struct doubt_loop_end doubt_loop_blocks(struct doubt_step step, int64_t *samples, size_t capacity,
                                        const struct doubt_loop_bounds *bounds);

#endif

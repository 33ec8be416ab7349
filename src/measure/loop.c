/* loop.c: see loop.h.
 *
 * Two readings for each inference rather than one chained from call to call: a chained stamp counts
 * the store and the loop into the latency, and the second reading is what "end of the call" means.
 */
#include "measure/loop.h"

#include "util/clock.h"

static const int64_t block_ns = 50000000;

size_t doubt_loop_run(struct doubt_step step, int64_t *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t begin = doubt_clock_ns();
        int failed = step.step(step.argument);
        int64_t end = doubt_clock_ns();
        if (failed)
            return i;
        samples[i] = end - begin;
    }
    return count;
}

size_t doubt_loop_run_device(struct doubt_step step, int64_t *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (step.step(step.argument))
            return i;
        double ns = doubt_session_device_ns(step.argument);
        if (!(ns >= 0 && ns < 9e18))
            return i;
        samples[i] = (int64_t)(ns + 0.5);
    }
    return count;
}

size_t doubt_loop_run_between(struct doubt_step step, int64_t *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (step.between(step.between_argument))
            return i;
        int64_t begin = doubt_clock_ns();
        int failed = step.step(step.argument);
        int64_t end = doubt_clock_ns();
        if (failed)
            return i;
        samples[i] = end - begin;
    }
    return count;
}

size_t doubt_loop_run_device_between(struct doubt_step step, int64_t *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (step.between(step.between_argument) || doubt_loop_run_device(step, samples + i, 1) != 1)
            return i;
    return count;
}

doubt_loop_fn *doubt_loop_of(const struct doubt_step *step, bool is_device)
{
    if (step->between != NULL)
        return is_device ? doubt_loop_run_device_between : doubt_loop_run_between;
    return is_device ? doubt_loop_run_device : doubt_loop_run;
}

/* How many inferences the next block has: doubled from block to block until block_ns is reached,
 * since nothing is known of the engine's speed at first. */
static size_t next_block(size_t last, size_t done, int64_t elapsed_ns)
{
    if (done == 0)
        return 1;
    int64_t mean_ns = elapsed_ns / (int64_t)done + 1;
    size_t most = (size_t)(block_ns / mean_ns) + 1;
    return 2 * last < most ? 2 * last : most;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

struct doubt_loop_end doubt_loop_blocks(struct doubt_step step, int64_t *samples, size_t capacity,
                                        const struct doubt_loop_bounds *bounds)
{
    struct doubt_loop_end end = {.begun_ns = doubt_clock_ns()};
    size_t block = 1;
    end.ended_ns = end.begun_ns;
    while (end.count < bounds->count_max && !end.failed) {
        int64_t elapsed_ns = end.ended_ns - end.begun_ns;
        if (elapsed_ns >= bounds->ns && end.count >= bounds->count_min)
            break;
        end.stopped = __atomic_load_n(bounds->stop, __ATOMIC_RELAXED) != 0;
        if (end.stopped)
            break;
        size_t at = end.count % capacity;
        block = next_block(block, end.count, elapsed_ns);
        size_t want = least(least(block, capacity - at), bounds->count_max - end.count);
        size_t got = bounds->run(step, samples + at, want);
        end.count += got;
        end.failed = got < want;
        end.ended_ns = doubt_clock_ns();
    }
    return end;
}

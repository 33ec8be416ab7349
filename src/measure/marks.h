/* marks.h: which samples of a restart were disturbed, and by what, from its trace.
 *
 * A unit of work is one restart. A sample's time is its place in the sum of all samples, stretched
 * to the whole of sampling. Marked samples stay in the data: marks say how far to trust them.
 *
 *   throttled   a probe said so at the begin or end of an interval of readings that the sample
 *               touches: a clock event reason of the GPU, a cooling device above where it stood at
 *               the outset, a quota of CPU time, a measured clock more than 10 % below the one that
 *               was asked for. What NVML says of GPUs that did not do the work does not count
 *   off clock   likewise: a locked clock (lowest = highest allowed) more than 2 % beside its step
 *   migrated, pre-empted   an interval with k such events has k such samples at most
 *   stolen      of an interval in which a hypervisor took s seconds: at most the samples that can
 *               have lost more than 1 % of a mean sample each
 *
 * Not for the cell's verdict: a share above DOUBT_MARKS_SHARE_MAX of the first two is a condition
 * that was not met.
 */
#ifndef DOUBT_MEASURE_MARKS_H
#define DOUBT_MEASURE_MARKS_H

#include "measure/trace.h"

#define DOUBT_MARKS_SHARE_MAX 0.01

struct doubt_marks_window {
    int64_t begun_ns, length_ns; /* of sampling, on the samples' clock */
    const int64_t *samples;      /* ns */
    size_t count;
    int gpu; /* NVML's number of the GPU that did the work, or one of these: */
};
enum { DOUBT_MARKS_EVERY_GPU = -1 /* not known which */, DOUBT_MARKS_NO_GPU = -2 };

/* Samples; DOUBT_MISSING_I64 where no probe could have told. */
struct doubt_marks {
    int64_t throttled, off_clock, migrated, preempted, stolen;
    char reason[128]; /* of throttling and of being off the clock; "" for none */
    char events[128]; /* "oc3 +12", "1 other process on gpu0"; "" for none */
    char *runs;       /* JSON array, heap: [[first sample, count, "throttled"], ...]; NULL: none */
};

enum doubt_code doubt_marks_make(const struct doubt_trace *trace,
                                 const struct doubt_marks_window *window, struct doubt_marks *out,
                                 struct doubt_err *err);
void doubt_marks_free(struct doubt_marks *marks);

#endif

/* outcome.h: what became of a worker, in a word and a sentence.
 *
 * A unit of work is one ended worker. Pure but for reading the shared memory. The worker's own
 * answer counts before the way its process ended.
 */
#ifndef DOUBT_MEASURE_OUTCOME_H
#define DOUBT_MEASURE_OUTCOME_H

#include "measure/child.h"

struct doubt_outcome {
    const char *name;    /* one of DOUBT_OUTCOME_* */
    const char *phase;   /* it ended in */
    char sentence[1536]; /* "" when there is nothing to say */
};

/* engine: as named in the sentences. deadline_ns as given to doubt_child_run(). */
void doubt_outcome_judge(const struct doubt_shared *shared, const struct doubt_child_end *end,
                         const char *engine, int64_t deadline_ns, struct doubt_outcome *outcome);

#endif

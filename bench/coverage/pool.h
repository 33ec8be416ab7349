/* pool.h: many small jobs on a few processes, with the same result whatever their number.
 *
 * A unit of work is one job: a number in, a result of fixed size out. A worker is a fork of the
 * caller. Only for simulations.
 */
#ifndef COVERAGE_POOL_H
#define COVERAGE_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct coverage_jobs {
    size_t count, result_bytes;
    int workers;
    /* Fills the zeroed result; false: it could not. */
    bool (*work)(size_t job, const void *context, void *result);
    const void *context;
    const char *what; /* for the progress line on stderr; NULL: none */
};

/* count results, in the order of the jobs; coverage_pool_free() gives them back. NULL: a job or a
 * worker failed. */
void *coverage_pool_run(const struct coverage_jobs *jobs);
void coverage_pool_free(void *results, const struct coverage_jobs *jobs);

#endif

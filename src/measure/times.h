/* times.h: order and median of times in whole nanoseconds.
 *
 * A unit of work is one array, sorted in place: no memory is taken, so that a worker can use it
 * between its phases. Not for statistics with an interval: stats.h.
 */
#ifndef DOUBT_MEASURE_TIMES_H
#define DOUBT_MEASURE_TIMES_H

#include <stddef.h>
#include <stdint.h>

/* Ascending. */
void doubti_times_sort(int64_t *ns, size_t count);
/* Of sorted times: the middle one, or the mean of the two in the middle. NaN for none. */
double doubti_times_median(const int64_t *sorted, size_t count);

#endif

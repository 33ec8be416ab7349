/* times.c: see times.h. */
#include "measure/times.h"

#include <math.h>
#include <stdlib.h>

static int compare_ns(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void doubti_times_sort(int64_t *ns, size_t count)
{
    if (count > 0)
        qsort(ns, count, sizeof *ns, compare_ns);
}

double doubti_times_median(const int64_t *sorted, size_t count)
{
    if (count == 0)
        return NAN;
    return ((double)sorted[count / 2] + (double)sorted[(count - 1) / 2]) / 2;
}

/* check.c: the refusals that all files of the stats floor share.
 *
 * A unit of work is one argument. Every refusal is a sentence that names the value.
 */
#include "stats/stats_int.h"
#include <math.h>
#include <stdlib.h>

enum doubt_code doubti_check_values(const double *x, size_t n, size_t least, const char *what,
                                    struct doubt_err *err)
{
    size_t i;

    if (n < least)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "%s: %zu values given, at least %zu needed",
                             what, n, least);
    if (!x)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "%s: no array given", what);
    for (i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "%s: value %zu of %zu is %g, only finite numbers are accepted",
                                 what, i + 1, n, x[i]);
    return DOUBT_OK;
}

enum doubt_code doubti_check_sorted(const double *x, size_t n, struct doubt_err *err)
{
    size_t i;

    if (n < 1 || !x)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "sorted values: none given, at least 1 needed");
    for (i = 1; i < n; i++)
        if (!(x[i - 1] <= x[i]))
            break;
    if (i < n)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "sorted values: value %zu (%g) is not at least value %zu (%g), sort "
                             "them first",
                             i + 1, x[i], i, x[i - 1]);
    if (!isfinite(x[0]) || !isfinite(x[n - 1]))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "sorted values: from %g to %g, only finite numbers are accepted", x[0],
                             x[n - 1]);
    return DOUBT_OK;
}

enum doubt_code doubti_check_level(double level, struct doubt_err *err)
{
    if (level > 0 && level < 1)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "error level %g: accepted is a number between 0 and 1, such as 0.05",
                         level);
}

enum doubt_code doubti_check_share(double p, struct doubt_err *err)
{
    if (p > 0 && p < 1)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "percentile %g: accepted is a share between 0 and 1, such as 0.99", p);
}

double *doubti_values(size_t n, struct doubt_err *err)
{
    double *values = n <= SIZE_MAX / sizeof *values ? malloc((n ? n : 1) * sizeof *values) : NULL;

    if (!values)
        doubt_err_set(err, DOUBT_E_MEMORY, "no memory for %zu numbers", n);
    return values;
}

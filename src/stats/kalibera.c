/* kalibera.c: variance components of nested repetitions, and what they say about planning.
 *
 * A unit of work is one balanced nested array (restarts of iterations, builds of restarts ...).
 *
 * Source: Kalibera & Jones 2013, with T_i^2 = S_i^2 - S_{i-1}^2 / r_{i-1}.
 */
#include "stats/stats_int.h"
#include <math.h>
#include <stdlib.h>

/* --- components ---------------------------------------------------------------------------- */

static enum doubt_code check_nested(const struct doubt_nested *data, size_t *total,
                                    struct doubt_err *err)
{
    size_t i;

    if (data->levels < 1 || data->levels > DOUBT_LEVELS_MOST)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "variance components of %zu levels: accepted are 1 to %d",
                             data->levels, DOUBT_LEVELS_MOST);
    *total = 1;
    for (i = 0; i < data->levels; i++) {
        if (data->counts[i] < 2 || data->counts[i] > SIZE_MAX / sizeof(double) / *total)
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "variance components: %zu repetitions at level %zu, at least 2 "
                                 "are needed",
                                 data->counts[i], i + 1);
        *total *= data->counts[i];
    }
    return doubti_check_values(data->x, *total, 2, "variance components", err);
}

/* Replaces `groups` groups of `size` values by their means, in place; returns the mean variance
 * within the groups. */
static double collapse(double *values, size_t groups, size_t size)
{
    struct doubti_sum squares = {0, 0};
    size_t g;

    for (g = 0; g < groups; g++) {
        doubti_add(&squares, doubti_squares(values + g * size, size));
        values[g] = doubti_mean(values + g * size, size);
    }
    return doubti_total(&squares) / (double)groups / (double)(size - 1);
}

enum doubt_code doubt_kalibera(const struct doubt_nested *data, double level,
                               struct doubt_kalibera *out, struct doubt_err *err)
{
    struct doubt_kalibera result = {.levels = data->levels};
    size_t total = 0, groups, i;
    enum doubt_code code = check_nested(data, &total, err);
    double *values, q = 0, top;

    if (code == DOUBT_OK)
        code = doubti_check_level(level, err);
    if (code != DOUBT_OK)
        return code;
    top = (double)data->counts[data->levels - 1];
    code = doubt_t_quantile(1 - level / 2, top - 1, &q, err);
    if (code != DOUBT_OK)
        return code;
    values = doubti_values(total, err);
    if (!values)
        return DOUBT_E_MEMORY;
    for (i = 0; i < total; i++)
        values[i] = data->x[i] - data->x[0]; /* keeps the digits of the group means */
    groups = total;
    for (i = 0; i < data->levels; i++) {
        groups /= data->counts[i];
        result.s2[i] = collapse(values, groups, data->counts[i]);
        result.t2[i] = result.s2[i];
        if (i > 0)
            result.t2[i] -= result.s2[i - 1] / (double)data->counts[i - 1];
    }
    result.mean = data->x[0] + values[0];
    result.half_width = q * sqrt(result.s2[data->levels - 1] / top);
    free(values);
    *out = result;
    return DOUBT_OK;
}

enum doubt_code doubt_kalibera_repetitions(const struct doubt_kalibera *components,
                                           const double *costs, double *repetitions,
                                           struct doubt_err *err)
{
    size_t i;

    for (i = 0; i < components->levels; i++)
        if (!(costs[i] > 0 && isfinite(costs[i])))
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "repetitions: the cost at level %zu is %g, accepted are numbers "
                                 "above 0",
                                 i + 1, costs[i]);
    for (i = 0; i + 1 < components->levels; i++) {
        const double own = components->t2[i], above = components->t2[i + 1];

        if (own <= 0)
            repetitions[i] = 1;
        else
            repetitions[i] = above > 0 ? sqrt(costs[i + 1] / costs[i] * (own / above)) : INFINITY;
    }
    return DOUBT_OK;
}

/* --- planning ------------------------------------------------------------------------------ */

enum doubt_code doubt_plan_run(const struct doubt_run_cost *cost, struct doubt_run_plan *out,
                               struct doubt_err *err)
{
    const double ratio = cost->start_cost / cost->iteration_cost;
    double within;

    if (!(cost->long_run_variance >= 0 && cost->restart_variance >= 0 && cost->iterations >= 1 &&
          cost->start_cost > 0 && cost->iteration_cost > 0 && isfinite(ratio)))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "run length: variances %g and %g, %g iterations, costs %g and %g; "
                             "accepted are variances from 0, at least 1 iteration, costs above 0",
                             cost->long_run_variance, cost->restart_variance, cost->iterations,
                             cost->start_cost, cost->iteration_cost);
    within = cost->long_run_variance / cost->iterations;
    out->between_variance = fmax(0, cost->restart_variance - within);
    out->intraclass =
        out->between_variance > 0 ? out->between_variance / (out->between_variance + within) : 0;
    out->iterations = out->between_variance > 0
                          ? sqrt(ratio * cost->long_run_variance / out->between_variance)
                          : ratio;
    return DOUBT_OK;
}

/* t_{1 - level/2, restarts - 1} / sqrt(restarts) */
static enum doubt_code relative_width(double restarts, double level, double *width,
                                      struct doubt_err *err)
{
    enum doubt_code code = doubt_t_quantile(1 - level / 2, restarts - 1, width, err);

    *width /= sqrt(restarts);
    return code;
}

enum doubt_code doubt_plan_restarts(double sd, double distance, double level, double *restarts,
                                    struct doubt_err *err)
{
    enum doubt_code code = doubti_check_level(level, err);
    double lo = 1, hi = 2, width = 0;

    if (code != DOUBT_OK)
        return code;
    if (!(sd >= 0 && isfinite(sd) && distance > 0))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "restarts for sd %g and distance %g: accepted are an sd from 0 and a "
                             "distance above 0",
                             sd, distance);
    for (;; lo = hi, hi *= 2) {
        code = relative_width(hi, level, &width, err);
        if (code != DOUBT_OK || width * sd < distance || hi > 1e9)
            break;
    }
    while (code == DOUBT_OK && hi - lo > 1) {
        const double middle = floor((lo + hi) / 2);

        code = relative_width(middle, level, &width, err);
        if (width * sd < distance)
            hi = middle;
        else
            lo = middle;
    }
    if (code == DOUBT_OK)
        *restarts = hi > 1e9 ? INFINITY : hi;
    return code;
}

/* --- looks --------------------------------------------------------------------------------- */

enum doubt_code doubt_look_level(double alpha, size_t looks, size_t claims, double *level,
                                 struct doubt_err *err)
{
    enum doubt_code code = doubti_check_level(alpha, err);

    if (code == DOUBT_OK && (looks < 1 || claims < 1))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "error level for %zu looks at %zu claims: both must be at least 1",
                             looks, claims);
    if (code == DOUBT_OK)
        *level = alpha / ((double)looks * (double)claims);
    return code;
}

enum doubt_code doubt_look_restarts(size_t look, size_t looks, size_t *restarts,
                                    struct doubt_err *err)
{
    if (look < 1 || look > looks || looks > 5)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "look %zu of %zu: accepted are 1 to 5 looks, counted from 1", look,
                             looks);
    *restarts = (size_t)80 >> (looks - look);
    return DOUBT_OK;
}

enum doubt_code doubt_unseen_mode(size_t restarts, double *share, struct doubt_err *err)
{
    if (restarts < 1)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "unseen modes: at least 1 restart is needed");
    *share = -expm1(log(0.05) / (double)restarts);
    return DOUBT_OK;
}

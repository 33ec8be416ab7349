/* verdict.c: does an interval agree with a figure?
 *
 * A unit of work is one interval beside one figure. Every rule is an inclusion, so that a verdict
 * is false only where the interval misses the truth.
 */
#include <doubt/verdict.h>
#include <doubt/stats.h>
#include <float.h>
#include <math.h>

const char *doubt_verdict_name(enum doubt_verdict verdict)
{
    static const char *const names[DOUBT_VERDICT_COUNT] = {
        [DOUBT_VERDICT_NONE] = "",
        [DOUBT_HOLDS] = "HOLDS",
        [DOUBT_FALLS_SHORT] = "FALLS SHORT",
        [DOUBT_EXCEEDS] = "EXCEEDS",
        [DOUBT_INCONCLUSIVE] = "INCONCLUSIVE",
        [DOUBT_NO_STEADY_STATE] = "NO STEADY STATE",
    };

    return (unsigned)verdict < DOUBT_VERDICT_COUNT ? names[verdict] : "?";
}

static enum doubt_code check_interval(double lo, double hi, struct doubt_err *err)
{
    if ((isfinite(lo) && isfinite(hi) && lo <= hi && hi > 0) ||
        (isnan(lo) && isfinite(hi) && hi > 0) || (isfinite(lo) && isnan(hi)))
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "interval from %g to %g: accepted are finite numbers in ascending order, "
                         "the upper one above 0, or NaN for one that is not known",
                         lo, hi);
}

enum doubt_code doubt_verdict_judge(const struct doubt_figure *figure, double lo, double hi,
                                    enum doubt_verdict *verdict, struct doubt_err *err)
{
    const double least = figure->bound == DOUBT_FIGURE_UP_TO ? -INFINITY : figure->lo;
    const double most = figure->bound == DOUBT_FIGURE_AT_LEAST ? INFINITY : figure->hi;
    const bool time = figure->kind == DOUBT_UNIT_TIME;
    enum doubt_code code = check_interval(lo, hi, err);

    if (code != DOUBT_OK)
        return code;
    lo = isnan(lo) ? -INFINITY : lo;
    hi = isnan(hi) ? DBL_MAX : hi; /* below every bound that is none */
    if (lo >= least && hi < most)
        *verdict = DOUBT_HOLDS;
    else if (lo >= most)
        *verdict = time ? DOUBT_FALLS_SHORT : DOUBT_EXCEEDS;
    else if (hi < least)
        *verdict = time ? DOUBT_EXCEEDS : DOUBT_FALLS_SHORT;
    else
        *verdict = DOUBT_INCONCLUSIVE;
    return DOUBT_OK;
}

/* --- typed values -------------------------------------------------------------------------- */

enum doubt_code doubt_figure_as(const struct doubt_figure *measured, enum doubt_unit_kind kind,
                                double batch, struct doubt_typed *typed, struct doubt_err *err)
{
    /* per second x ns per call = inferences per call x ns per second */
    const double product = batch * 1e9;

    if (measured->bound != DOUBT_FIGURE_TWO_SIDED || !(measured->lo > 0))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "a measured value is one number with its unit, without \"up to\", "
                             "\"at least\" or their signs");
    if (!(batch >= 1 && isfinite(batch)))
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "batch %g: accepted are numbers from 1", batch);
    if (measured->kind == kind) {
        typed->value = measured->value;
        typed->bound = fmax(measured->hi - measured->value, measured->value - measured->lo);
        return DOUBT_OK;
    }
    typed->value = product / measured->value;
    typed->bound =
        fmax(product / measured->lo - typed->value, typed->value - product / measured->hi);
    return DOUBT_OK;
}

/* --- planning ------------------------------------------------------------------------------ */

enum doubt_code doubt_verdict_plan(const struct doubt_figure *figure,
                                   const struct doubt_expected *expected, double *restarts,
                                   struct doubt_err *err)
{
    const double mean = expected->mean;
    const double to_lo = figure->bound == DOUBT_FIGURE_UP_TO ? INFINITY : fabs(mean - figure->lo);
    const double to_hi =
        figure->bound == DOUBT_FIGURE_AT_LEAST ? INFINITY : fabs(figure->hi - mean);
    const double distance = fmin(to_lo, to_hi);

    if (!isfinite(mean))
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "plan around a mean of %g: it must be finite",
                             mean);
    if (distance > 0)
        return doubt_plan_restarts(expected->sd, distance, expected->level, restarts, err);
    *restarts = INFINITY;
    return DOUBT_OK;
}

/* --- comparison of two --------------------------------------------------------------------- */

const char *doubt_comparison_name(enum doubt_comparison comparison)
{
    static const char *const names[DOUBT_COMPARISON_COUNT] = {
        [DOUBT_EQUIVALENT] = "EQUIVALENT",
        [DOUBT_B_FASTER] = "B FASTER",
        [DOUBT_A_FASTER] = "A FASTER",
        [DOUBT_NOT_DECIDED] = "INCONCLUSIVE",
    };

    return (unsigned)comparison < DOUBT_COMPARISON_COUNT ? names[comparison] : "?";
}

enum doubt_code doubt_comparison_judge(double lo, double hi, double margin,
                                       enum doubt_comparison *comparison, struct doubt_err *err)
{
    if (!(lo > 0 && lo <= hi && isfinite(hi)))
        return doubt_err_set(
            err, DOUBT_E_ARGUMENT,
            "ratio from %g to %g: accepted are positive numbers in ascending order", lo, hi);
    if (!(margin >= 0 && margin < 1))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "margin %g: accepted is a share from 0 to less than 1, such as 0.01",
                             margin);
    if (lo >= 1 / (1 + margin) && hi <= 1 + margin)
        *comparison = DOUBT_EQUIVALENT;
    else if (lo > 1)
        *comparison = DOUBT_A_FASTER;
    else if (hi < 1)
        *comparison = DOUBT_B_FASTER;
    else
        *comparison = DOUBT_NOT_DECIDED;
    return DOUBT_OK;
}

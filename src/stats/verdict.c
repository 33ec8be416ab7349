/* verdict.c: does an interval agree with a figure?
 *
 * A unit of work is one interval beside one figure. Every rule is an inclusion, so that a verdict
 * is false only where the interval misses the truth.
 */
#include <doubt/verdict.h>
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
    if (isfinite(lo) && isfinite(hi) && lo <= hi && hi > 0)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "interval from %g to %g: accepted are finite numbers in ascending order, "
                         "the upper one above 0",
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

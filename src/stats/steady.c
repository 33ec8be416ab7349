/* steady.c: where a run becomes steady, and whether it does.
 *
 * A unit of work is one series of iterations, usually averaged over restarts. Not for change points
 * in the middle of a run: change.c.
 *
 * Sources: White 1997 for MSER, Hoad et al. 2010 for its batches of five; Barrett et al. 2017 for
 * the classes.
 */
#include "stats/stats_int.h"
#include <math.h>

enum { MSER_BATCH = 5, MSER_LEAST = 30 };

enum doubt_code doubt_mser5(const double *x, size_t n, size_t *cut, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(x, n, MSER_LEAST, "warm-up", err);
    const size_t batches = n / MSER_BATCH;
    double mean = 0, squares = 0, best = INFINITY;
    size_t best_cut = 0, d;

    if (code != DOUBT_OK)
        return code;
    for (d = batches; d-- > 0;) {
        const double left = (double)(batches - d);
        const double value = doubti_mean(x + d * MSER_BATCH, MSER_BATCH) - x[n - 1];
        const double step = value - mean;

        mean += step / left;
        squares += step * (value - mean);
        if (batches - d >= 6 && squares / (left * left) <= best) {
            best = squares / (left * left);
            best_cut = d;
        }
    }
    *cut = best_cut * MSER_BATCH;
    return DOUBT_OK;
}

enum doubt_code doubt_half_difference(const double *x, size_t n, double *out, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(x, n, 2, "half difference", err);

    if (code == DOUBT_OK)
        *out = doubti_mean(x + (n - n / 2), n / 2) - doubti_mean(x, n / 2);
    return code;
}

enum doubt_code doubt_halves_steady(const double *differences, size_t n, bool *steady,
                                    struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(differences, n, 2, "half differences", err);
    double mean, q = 0;

    if (code == DOUBT_OK)
        code = doubt_t_quantile(0.995, (double)(n - 1), &q, err);
    if (code != DOUBT_OK)
        return code;
    mean = doubti_mean(differences, n);
    *steady = fabs(mean) <= q * sqrt(doubti_squares(differences, n) / (double)(n - 1) / (double)n);
    return DOUBT_OK;
}

enum doubt_code doubt_warmup_classify(const double *x, size_t n, struct doubt_warmup *warmup,
                                      struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(x, n, MSER_LEAST, "warm-up class", err);
    const size_t cut = warmup->cut;

    if (code != DOUBT_OK)
        return code;
    if (cut >= n)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "warm-up class: %zu of %zu values are cut", cut,
                             n);
    if (!warmup->steady || cut > n / 4)
        warmup->kind = DOUBT_WARMUP_NOT_STEADY;
    else if (cut > 0 && doubti_mean(x, cut) > doubti_mean(x + cut, n - cut))
        warmup->kind = DOUBT_WARMUP_WARMUP;
    else
        warmup->kind = cut > n / 20 ? DOUBT_WARMUP_SLOWDOWN : DOUBT_WARMUP_FLAT;
    return DOUBT_OK;
}

const char *doubt_warmup_name(enum doubt_warmup_class kind)
{
    static const char *const names[] = {"flat", "warm-up", "slowdown", "no steady state"};

    return (unsigned)kind < sizeof names / sizeof names[0] ? names[kind] : "?";
}

/* stats.h: the statistics of doubt: arrays in, numbers out.
 *
 * A unit of work is one array. Pure: no files, clocks, threads, printing; no state. Arrays are the
 * caller's, never kept, and not changed unless a function says so ("sorts in place"). Every
 * function returns DOUBT_OK or a code with a sentence in err (err may be NULL): NaN, infinities,
 * too few values and arguments out of range are errors, never asserts. Results are written only
 * on DOUBT_OK. Formulas and their sources: docs/METHOD.md; each function names its own.
 */
#ifndef DOUBT_STATS_H
#define DOUBT_STATS_H

#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- location and spread ------------------------------------------------------------------- */

/* Moments of n >= 1 values: mean by compensated summation after subtracting x[0], then central
 * moments in a second pass. variance has divisor n - 1 (0 for n = 1); m2, m3, m4 have divisor n. */
struct doubt_moments {
    size_t n;
    double mean, variance, m2, m3, m4, min, max;
};
enum doubt_code doubt_moments(const double *x, size_t n, struct doubt_moments *out,
                              struct doubt_err *err);

/* --- quantiles ----------------------------------------------------------------------------- */

/* Sorts n values ascending, in place. NaN is an error. */
enum doubt_code doubt_sort(double *x, size_t n, struct doubt_err *err);

/* Sample quantile of sorted values, 0 <= p <= 1. Types 1 and 7 of Hyndman & Fan 1996. */
enum doubt_code doubt_quantile1(const double *sorted, size_t n, double p, double *out,
                                struct doubt_err *err);
enum doubt_code doubt_quantile7(const double *sorted, size_t n, double p, double *out,
                                struct doubt_err *err);

/* --- distributions ------------------------------------------------------------------------- */

/* P(Z <= x) of the standard normal; x may be infinite. */
enum doubt_code doubt_normal_cdf(double x, double *out, struct doubt_err *err);
/* Quantile of the standard normal, 0 < p < 1 (Wichura 1988, AS 241). */
enum doubt_code doubt_normal_quantile(double p, double *out, struct doubt_err *err);
/* P(T <= t) of Student's t, df > 0 (may be fractional or infinite); t may be infinite. */
enum doubt_code doubt_t_cdf(double t, double df, double *out, struct doubt_err *err);
/* Quantile of Student's t, df > 0 (may be fractional), 0 < p < 1. */
enum doubt_code doubt_t_quantile(double p, double df, double *out, struct doubt_err *err);
/* Regularised incomplete beta I_x(a, b), a, b > 0, 0 <= x <= 1 (DLMF 8.17.22; Loader 2000). */
enum doubt_code doubt_beta_cdf(double x, double a, double b, double *out, struct doubt_err *err);
/* Its inverse in x. */
enum doubt_code doubt_beta_quantile(double p, double a, double b, double *out,
                                    struct doubt_err *err);

/* --- intervals ----------------------------------------------------------------------------- */

struct doubt_interval {
    double estimate, lo, hi;
};

/* Hull of Student's t and the skewness-adjusted t (Hall 1992) for the mean of n >= 2 values at
 * error level a, 0 < a < 1. Coverage at least 1 - a under the conditions of docs/METHOD.md. All
 * values equal: lo = hi = estimate. */
enum doubt_code doubt_hull_interval(const double *y, size_t n, double level,
                                    struct doubt_interval *out, struct doubt_err *err);

/* --- warm-up ------------------------------------------------------------------------------- */

/* MSER-5 (White 1997) on n values, n >= 30: *cut is the number of leading values to leave out, a
 * multiple of 5; the first minimum counts. */
enum doubt_code doubt_mser5(const double *x, size_t n, size_t *cut, struct doubt_err *err);

/* Mean of the second half less mean of the first half; an odd n leaves out the middle value.
 * n >= 2. */
enum doubt_code doubt_half_difference(const double *x, size_t n, double *out,
                                      struct doubt_err *err);

/* Is there no trend left in R >= 2 half differences? steady: |mean D| <= t_{0.995, R-1} sd(D) /
 * sqrt(R); sd 0 with mean 0 is steady, with another mean is not. */
enum doubt_code doubt_halves_steady(const double *differences, size_t n, bool *steady,
                                    struct doubt_err *err);

/* --- one run ------------------------------------------------------------------------------- */

/* Batch means with b batches (incomplete ones dropped at the end) and AR(1) correction: V is the
 * long-run variance per iteration, r1 the lag-1 correlation of the batch means, n_eff = n s^2 / V.
 * n >= 2 b, b >= 3. */
struct doubt_batch_means {
    double mean, long_run_variance, r1, n_eff, half_width; /* half width at the level given */
};
enum doubt_code doubt_batch_means(const double *x, size_t n, size_t batches, double level,
                                  struct doubt_batch_means *out, struct doubt_err *err);

#ifdef __cplusplus
}
#endif
#endif

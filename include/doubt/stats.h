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

/* Harrell & Davis 1982: the mean of the order statistics under Beta((n + 1) p, (n + 1) (1 - p)),
 * 0 < p < 1. Smooth in the middle, not robust in the tail. */
enum doubt_code doubt_quantile_harrell_davis(const double *sorted, size_t n, double p, double *out,
                                             struct doubt_err *err);

/* Standard error of the p-quantile of independent values by Maritz & Jarrett 1978: m = floor(n p +
 * 1/2), weights under Beta(m - 1, n - m); 2 <= m <= n - 1 is needed. */
enum doubt_code doubt_maritz_jarrett(const double *sorted, size_t n, double p, double *error,
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

/* Clopper & Pearson 1934: exact interval for a share of which `hits` of n trials were seen, 0 <=
 * hits <= n, 0 < n <= 1e9; both may be fractional (effective sizes). */
enum doubt_code doubt_clopper_pearson(double hits, double n, double level,
                                      struct doubt_interval *out, struct doubt_err *err);

/* Which percentile (0 < p < 1), at which error level. */
struct doubt_target {
    double p, level;
};

/* Interval between order statistics for the p-quantile of n independent values: ranks from 1 to n
 * that are quantiles of Binomial(n, p). Rank 0: no lower bound at this n, lo is -infinity; rank n +
 * 1: no upper bound, hi is +infinity. coverage is exact for continuous distributions. */
struct doubt_order_interval {
    size_t lo_rank, hi_rank;
    double coverage, estimate, lo, hi; /* estimate: quantile of type 1 */
};
enum doubt_code doubt_order_interval(const double *sorted, size_t n, struct doubt_target target,
                                     struct doubt_order_interval *out, struct doubt_err *err);

/* The samples of R >= 2 restarts, each at least 1, and all of them sorted. */
struct doubt_pool {
    const double *sorted;
    size_t n; /* sum of counts */
    const double *const *runs;
    const size_t *counts;
    size_t restarts;
};

/* Interval for the p-quantile over all samples that knows of the restarts: Woodruff's interval with
 * the effective size of Korn & Graubard 1998. Ranks as in doubt_order_interval. certified: the
 * samples above the quantile come from at least five effective restarts; without it, the interval
 * is not one to be quoted. Too narrow where restarts differ more than iterations do. */
struct doubt_pooled_percentile {
    struct doubt_order_interval interval; /* coverage: 1 - level */
    double effective_size, effective_restarts;
    bool certified;
};
enum doubt_code doubt_pooled_percentile(const struct doubt_pool *pool, struct doubt_target target,
                                        struct doubt_pooled_percentile *out, struct doubt_err *err);

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

/* What the beginning of a run looks like (after Barrett et al. 2017). */
enum doubt_warmup_class {
    DOUBT_WARMUP_FLAT,      /* nothing to leave out, or a short faster beginning */
    DOUBT_WARMUP_WARMUP,    /* the part left out is slower */
    DOUBT_WARMUP_SLOWDOWN,  /* it is faster and longer than 5 % of the run: throttling */
    DOUBT_WARMUP_NOT_STEADY /* the cut is longer than a quarter, or the halves differ */
};
struct doubt_warmup {
    size_t cut;                   /* given: doubt_mser5's, < n */
    bool steady;                  /* given: doubt_halves_steady's */
    enum doubt_warmup_class kind; /* answered */
};
/* x: n >= 30 times (smaller is faster), averaged over restarts. */
enum doubt_code doubt_warmup_classify(const double *x, size_t n, struct doubt_warmup *warmup,
                                      struct doubt_err *err);
/* "flat", "warm-up", "slowdown", "no steady state". Static storage. */
const char *doubt_warmup_name(enum doubt_warmup_class kind);

/* Where mean or variance change, by PELT (Killick et al. 2012) with the normal cost n (ln 2 pi + ln
 * s^2 + 1). For 4 <= n <= 32768 values: average longer series in batches first. A diagnosis, never
 * used to cut. */
struct doubt_change_how {
    double penalty;        /* per change point; 0: 15 ln n, as Barrett et al. */
    size_t segment;        /* shortest segment; 0: 2 */
    double variance_floor; /* of a segment; 0: a hundredth of the variance between neighbours */
};
struct doubt_changes {
    size_t *at;   /* the caller's room for n places; at[i] values lie before change i, ascending */
    size_t count; /* answered */
};
/* how may be NULL. */
enum doubt_code doubt_change_points(const double *x, size_t n, const struct doubt_change_how *how,
                                    struct doubt_changes *changes, struct doubt_err *err);

/* --- one run ------------------------------------------------------------------------------- */

/* Lag-k correlation of n > lag values: products over n - lag pairs, squares over n. 0 where all
 * values are equal. */
enum doubt_code doubt_autocorrelation(const double *x, size_t n, size_t lag, double *out,
                                      struct doubt_err *err);

/* How many independent values n >= 4 correlated ones are worth: n / (1 + 2 sum rho_k) over Geyer's
 * initial positive sequence (Geyer 1992). Above 65,536 values, averages of neighbours stand for the
 * values, so that the work stays linear in n. */
enum doubt_code doubt_effective_size(const double *x, size_t n, double *out, struct doubt_err *err);

/* Batch means with b batches (incomplete ones dropped at the end) and AR(1) correction: V is the
 * long-run variance per iteration, r1 the lag-1 correlation of the batch means, n_eff = n s^2 / V.
 * n >= 2 b, b >= 3. Batch means all equal: V = 0 and n_eff = n. Trustworthy from n_eff = 100. */
struct doubt_batch_means {
    double mean, long_run_variance, r1, n_eff, half_width; /* half width at the level given */
};
enum doubt_code doubt_batch_means(const double *x, size_t n, size_t batches, double level,
                                  struct doubt_batch_means *out, struct doubt_err *err);

/* --- drift --------------------------------------------------------------------------------- */

/* Mann 1945, Kendall 1975, with ties: n >= 3 values, in n log n. p is two-sided, by the normal
 * approximation with continuity correction. Correlated values make false trends: run it on restart
 * figures or on 20 to 30 batch means. */
struct doubt_mann_kendall {
    double s, variance, z, p;
};
enum doubt_code doubt_mann_kendall(const double *x, size_t n, struct doubt_mann_kendall *out,
                                   struct doubt_err *err);

/* The same with the variance corrected for correlation (Hamed & Rao 1998): slope is taken out of x
 * (places 1, 2, ... n), and the correlations of the ranks that pass the 5 % level add up. n <=
 * 16384. The factor on the variance is kept at 1/n at least. */
enum doubt_code doubt_hamed_rao(const double *x, size_t n, double slope,
                                struct doubt_mann_kendall *out, struct doubt_err *err);

/* Theil 1950, Sen 1968: the median slope of all pairs, and its interval from the ranks round((N -
 * C) / 2) and round((N + C) / 2 + 1). at: ascending places of the values, NULL for 1, 2, ... n.
 * 3 <= n <= 4096. */
struct doubt_trend_data {
    const double *x, *at;
    size_t n;
};
enum doubt_code doubt_theil_sen(const struct doubt_trend_data *data, double level,
                                struct doubt_interval *out, struct doubt_err *err);

/* --- modes and outliers -------------------------------------------------------------------- */

/* Hartigan & Hartigan 1985: the largest distance between the distribution of n >= 1 sorted values
 * and the unimodal distribution nearest to it; at least 1 / (2n). */
enum doubt_code doubt_dip(const double *sorted, size_t n, double *dip, struct doubt_err *err);

/* Share of uniform samples of n values whose dip is at least this one, by simulation of `draws`
 * samples from `seed`: (1 + hits) / (1 + draws). 4 <= n; above 1,000 values, sqrt(n) dip is set
 * beside samples of 1,000. 100 <= draws <= 1e6. The values must be independent: restart figures,
 * or at most n_eff thinned iterations. */
struct doubt_dip_test {
    size_t n, draws;
    uint64_t seed;
};
enum doubt_code doubt_dip_p(double dip, const struct doubt_dip_test *test, double *p,
                            struct doubt_err *err);

/* (G1^2 + 1) / (G2 + 3 (n - 1)^2 / ((n - 2) (n - 3))) with bias-corrected skewness and excess
 * kurtosis, n >= 4, values not all equal. Above 5/9: two modes, or skew. */
enum doubt_code doubt_bimodality(const double *x, size_t n, double *out, struct doubt_err *err);

/* Counts beyond Tukey's fences: 1.5 (mild, counts the severe too) and 3 interquartile ranges from
 * the type-7 quartiles. For reports: nothing is ever dropped. */
struct doubt_tukey {
    double q1, q3;
    size_t low_severe, low, high, high_severe;
};
enum doubt_code doubt_tukey(const double *sorted, size_t n, struct doubt_tukey *out,
                            struct doubt_err *err);

/* Median, median absolute deviation (raw: times 1.4826 for a normal sd), and the values whose ratio
 * |x - median| / MAD is above 14.826. Where MAD is 0, every other value counts, with ratio
 * +infinity. */
struct doubt_mad {
    double median, mad, largest_ratio;
    size_t beyond;
};
enum doubt_code doubt_mad(const double *sorted, size_t n, struct doubt_mad *out,
                          struct doubt_err *err);

/* --- variance components and planning ------------------------------------------------------ */

/* Kalibera & Jones 2013. Index 0 is the lowest level (iterations), levels - 1 the top. s2: variance
 * of the level's means around their parent's; t2: the part that the level itself brings (may come
 * out negative); half_width: of the interval for the mean, from the top level. */
enum { DOUBT_LEVELS_MOST = 8 };
struct doubt_kalibera {
    size_t levels;
    double mean, half_width;
    double s2[DOUBT_LEVELS_MOST], t2[DOUBT_LEVELS_MOST];
};
/* A balanced nested array: x holds counts[0] x ... x counts[levels - 1] values, the lowest level
 * contiguous. 1 <= levels <= 8, each count >= 2. */
struct doubt_nested {
    const double *x;
    const size_t *counts;
    size_t levels;
};
enum doubt_code doubt_kalibera(const struct doubt_nested *data, double level,
                               struct doubt_kalibera *out, struct doubt_err *err);

/* Cheapest repetitions of every level but the top: r_i = sqrt(c_{i+1} / c_i x T_i^2 / T_{i+1}^2),
 * to be rounded up. costs: of one repetition at each level, positive; repetitions: levels - 1
 * numbers. T_i^2 <= 0: 1. T_{i+1}^2 <= 0 else: +infinity, the level above brings nothing. */
enum doubt_code doubt_kalibera_repetitions(const struct doubt_kalibera *components,
                                           const double *costs, double *repetitions,
                                           struct doubt_err *err);

/* Iterations per restart that give the narrowest interval per second. restart_variance: of the
 * restart means, each over `iterations`; long_run_variance: doubt_batch_means. B = max(0,
 * restart_variance - long_run_variance / iterations); the answer is sqrt(start / iteration x V /
 * B), or start / iteration where B = 0: start-up is then half of the time. */
struct doubt_run_cost {
    double long_run_variance, restart_variance, iterations;
    double start_cost, iteration_cost; /* same unit, positive */
};
struct doubt_run_plan {
    double between_variance; /* B */
    double intraclass;       /* B / (B + V / iterations), 0 where both are 0 */
    double iterations;
};
enum doubt_code doubt_plan_run(const struct doubt_run_cost *cost, struct doubt_run_plan *out,
                               struct doubt_err *err);

/* Smallest R >= 2 with t_{1 - level/2, R - 1} sd / sqrt(R) < distance: restarts until the interval
 * is this narrow. sd >= 0, distance > 0. More than 1e9 restarts: +infinity. */
enum doubt_code doubt_plan_restarts(double sd, double distance, double level, double *restarts,
                                    struct doubt_err *err);

/* --- looks --------------------------------------------------------------------------------- */

/* Error level of each of `looks` looks at each of `claims` claims so that all of them together
 * are wrong with probability at most alpha (Bonferroni): alpha / (looks x claims). */
enum doubt_code doubt_look_level(double alpha, size_t looks, size_t claims, double *level,
                                 struct doubt_err *err);
/* Restarts at look 1 .. looks, doubling up to 80: 20, 40, 80 for three looks, 10 first for four. 1
 * <= look <= looks <= 5. */
enum doubt_code doubt_look_restarts(size_t look, size_t looks, size_t *restarts,
                                    struct doubt_err *err);
/* A mode of restarts rarer than this share stays unseen in R >= 1 restarts with probability above
 * 5 %: 1 - 0.05^(1/R). */
enum doubt_code doubt_unseen_mode(size_t restarts, double *share, struct doubt_err *err);

/* --- two series ---------------------------------------------------------------------------- */

/* Wilcoxon's signed ranks of n >= 1 differences. v: sum of the ranks of the positive ones, zeros
 * left out; p values exact by counting where there are no ties and at most 200 differences, else
 * normal with continuity correction. shift: Hodges-Lehmann estimate, the median of the Walsh
 * averages of all n <= 4096 differences, and the interval between the Walsh averages of ranks k and
 * M + 1 - k; has_interval is false where 2 / 2^n > level. achieved: the interval's exact level, 0
 * without one. */
struct doubt_rank_test {
    double statistic, p_two_sided, p_greater, p_less;
    bool exact, has_interval;
    double achieved;
    struct doubt_interval shift;
};
enum doubt_code doubt_signed_rank(const double *differences, size_t n, double level,
                                  struct doubt_rank_test *out, struct doubt_err *err);

struct doubt_two_samples {
    const double *x;
    size_t nx;
    const double *y;
    size_t ny;
};
/* Wilcoxon's rank sum, Mann-Whitney: statistic counts the pairs with x above y (half for ties). p
 * greater: x tends to be larger. Exact without ties below 50 values each, else normal with
 * continuity correction and ties. shift: median of the differences x_i - y_j and the interval
 * between two of them; nx ny <= 2^24. */
enum doubt_code doubt_rank_sum(const struct doubt_two_samples *data, double level,
                               struct doubt_rank_test *out, struct doubt_err *err);

/* Brunner & Munzel 2000, unequal variances: statistic > 0 where y tends to be larger; share
 * estimates P(X < Y) + P(X = Y) / 2, with an interval by the t distribution. nx, ny >= 2. The two
 * samples must overlap. */
struct doubt_brunner_munzel {
    double statistic, df, p;
    struct doubt_interval share;
};
enum doubt_code doubt_brunner_munzel(const struct doubt_two_samples *data, double level,
                                     struct doubt_brunner_munzel *out, struct doubt_err *err);

/* --- latency under load -------------------------------------------------------------------- */

/* MLPerf LoadGen's early-stopping rule, which takes queries for independent. */
struct doubt_early_stopping {
    double percentile; /* 0.99 */
    double tolerance;  /* 0 <= tolerance < percentile; LoadGen: 0 */
    double confidence; /* LoadGen: 0.99 */
};
/* Smallest number h of queries within the bound that outweighs t over it: P(Bin(h + t, 1 -
 * percentile + tolerance) <= t) < 1 - confidence. t <= 1e8. */
enum doubt_code doubt_early_stopping_needed(const struct doubt_early_stopping *rule, int64_t t,
                                            int64_t *h, struct doubt_err *err);
/* With n queries: the t-th highest latency is the estimate, t - 1 are discarded. t is the largest
 * with P(Bin(n, 1 - percentile + tolerance) <= t) < 1 - confidence; 0: too few queries, at least
 * `least` are needed. n <= 1e9. */
enum doubt_code doubt_early_stopping_estimate(const struct doubt_early_stopping *rule, int64_t n,
                                              int64_t *t, int64_t *least, struct doubt_err *err);

/* What replaces it: the runs are the units. */
struct doubt_load_runs {
    const double *shares; /* of each run, the share of queries over the bound, 0 to 1 */
    size_t runs;          /* >= 2 */
    double queries;       /* per run */
    double design_effect; /* used where no query at all was over; seen at a nearby rate, or 10 */
};
enum doubt_load_answer { DOUBT_LOAD_PASS, DOUBT_LOAD_FAIL, DOUBT_LOAD_UNDECIDED };
struct doubt_load_decision {
    enum doubt_load_answer answer;
    struct doubt_interval share; /* over the bound */
    double effective_queries, design_effect;
};
/* Does the percentile p hold? PASS: the share over the bound is below 1 - p at this error level,
 * FAIL: above. */
enum doubt_code doubt_load_decide(const struct doubt_load_runs *runs, double p, double level,
                                  struct doubt_load_decision *out, struct doubt_err *err);
/* Decisions that a bisection from rate lo to hi down to a relative gap `tolerance` may need: 1 + 2
 * ceil(log2(ln(hi / lo) / ln(1 + tolerance))), at least 1. */
enum doubt_code doubt_load_decisions(double lo, double hi, double tolerance, size_t *decisions,
                                     struct doubt_err *err);

/* --- energy -------------------------------------------------------------------------------- */

/* n >= 2 readings of a power sensor, times ascending. */
struct doubt_power {
    const int64_t *time_ns;
    const double *watts;
    size_t n;
};
struct doubt_energy_window {
    int64_t from_ns, to_ns; /* on the readings' clock */
    int64_t delay_ns;       /* the sensor shows what was so long ago */
    int64_t update_ns;      /* period of the sensor */
    double idle_watts;
    double gain_bound;   /* relative error of the sensor that more readings do not lower */
    double offset_watts; /* the same, absolute */
};
struct doubt_energy {
    double joules, mean_watts;
    double bound_joules; /* |error| at most */
};
/* Trapezoids over the window moved by the delay. bound: half of each step's length times its change
 * (variation between neighbouring readings), the update period times (largest - idle power) at each
 * end, and the sensor's own bounds. The readings must reach to within one update period of the
 * window's ends. */
enum doubt_code doubt_energy_integrate(const struct doubt_power *power,
                                       const struct doubt_energy_window *window,
                                       struct doubt_energy *out, struct doubt_err *err);

/* n >= 2 readings of a counter of `bits` bits, 1 to 64, that wraps around, at most once between
 * readings. bound: two update periods of the largest power seen between readings (its mean power
 * where shorter than a period) and one unit. */
struct doubt_counter {
    const int64_t *time_ns;
    const uint64_t *counts;
    size_t n;
    double unit_joules;
    int64_t update_ns;
    unsigned bits;
};
enum doubt_code doubt_energy_count(const struct doubt_counter *counter, struct doubt_energy *out,
                                   struct doubt_err *err);

#ifdef __cplusplus
}
#endif
#endif

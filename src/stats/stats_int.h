/* stats_int.h: what the files of the stats floor share.
 *
 * A unit of work is one check or one helper on an array or a number. Not for other floors: they
 * include <doubt/stats.h>.
 */
#ifndef DOUBT_STATS_INT_H
#define DOUBT_STATS_INT_H

#include <doubt/stats.h>

/* n values, at least `least`, all finite; `what` names the array in the sentence. */
enum doubt_code doubti_check_values(const double *x, size_t n, size_t least, const char *what,
                                    struct doubt_err *err);
/* The same for an array that must also be in ascending order. */
enum doubt_code doubti_check_sorted(const double *x, size_t n, struct doubt_err *err);
/* 0 < level < 1: an error level such as 0.05. */
enum doubt_code doubti_check_level(double level, struct doubt_err *err);
/* 0 < p < 1: the p of a percentile. */
enum doubt_code doubti_check_share(double p, struct doubt_err *err);

/* A sum that keeps its rounding errors (Knuth's TwoSum). Start from {0, 0}. */
struct doubti_sum {
    double high, low;
};
static inline void doubti_add(struct doubti_sum *sum, double x)
{
    const double total = sum->high + x;
    const double part = total - sum->high;

    sum->low += (sum->high - (total - part)) + (x - part);
    sum->high = total;
}
static inline double doubti_total(const struct doubti_sum *sum)
{
    return sum->high + sum->low;
}

/* Two such sums side by side, for processors that add two numbers at once: each has the bits that
 * it would have alone. */
typedef double doubti_pair __attribute__((vector_size(16)));
struct doubti_sums {
    doubti_pair high, low;
};
static inline void doubti_add_pair(struct doubti_sums *sums, doubti_pair x)
{
    const doubti_pair total = sums->high + x;
    const doubti_pair part = total - sums->high;

    sums->low += (sums->high - (total - part)) + (x - part);
    sums->high = total;
}

/* Mean of n >= 1 values, compensated, after subtracting x[0]. */
double doubti_mean(const double *x, size_t n);
/* Sum of squares around the mean, n >= 1. */
double doubti_squares(const double *x, size_t n);
/* The same where the mean less x[0] is known. */
double doubti_squares_around(const double *x, size_t n, double shift);
/* Lag-k correlation; 0 where the values are all equal. */
double doubti_correlation(const double *x, size_t n, size_t lag);

/* Without checks and without failure: the arguments are known to be good. */
double doubti_normal_cdf(double x);
double doubti_normal_upper(double x);
double doubti_normal_quantile(double p);

/* I_x(a, b) and 1 - I_x(a, b), each to full relative precision; y = 1 - x is given apart. */
struct doubti_beta_point {
    double x, y;
};
struct doubti_beta_tails {
    double lower, upper;
};
enum doubt_code doubti_beta(struct doubti_beta_point at, double a, double b,
                            struct doubti_beta_tails *tails, struct doubt_err *err);
/* x^a y^b / B(a, b). */
double doubti_beta_power(struct doubti_beta_point at, double a, double b);
/* ln(x / (1 - x)) at the quantile where the lower tail is `lower` and the upper one `upper`. */
enum doubt_code doubti_beta_logit(struct doubti_beta_tails tails, double a, double b, double *logit,
                                  struct doubt_err *err);

/* P(Binomial(n, p) <= k); 0 for k < 0, 1 for k >= n. */
enum doubt_code doubti_binomial_cdf(int64_t k, int64_t n, double p, double *out,
                                    struct doubt_err *err);
/* Smallest k with P(Binomial(n, p) <= k) >= q. */
enum doubt_code doubti_binomial_quantile(double q, int64_t n, double p, int64_t *out,
                                         struct doubt_err *err);

/* Smallest k with k >= n p. Decimal shares of at most nine places are taken as written, so that
 * 0.07 of 100 is 7 and not 8. */
size_t doubti_rank(size_t n, double p);

/* Ascending, in place, no NaN; buffer holds n values. */
void doubti_sort(double *x, size_t n, double *buffer);

/* n values of memory, or NULL with a sentence in err. */
double *doubti_values(size_t n, struct doubt_err *err);

/* Trials that come in clusters: `effective` of them would say as much if they were independent. */
struct doubti_clusters {
    size_t count;             /* of clusters, >= 2 */
    double trials, effective; /* in all, >= 2 */
};
/* Korn & Graubard's size for an interval: the effective one, lowered because its variance rests on
 * few clusters. */
enum doubt_code doubti_effective_trials(const struct doubti_clusters *clusters, double level,
                                        double *out, struct doubt_err *err);

/* Mid-ranks 1 .. n of x; *ties gets the sum of t^3 - t over groups of t equal values. */
enum doubt_code doubti_ranks(const double *x, size_t n, double *ranks, double *ties,
                             struct doubt_err *err);

#endif

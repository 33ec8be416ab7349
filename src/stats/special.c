/* special.c: normal, Student's t and beta distributions: distribution functions and quantiles.
 *
 * A unit of work is one function value. Relative error about 1e-13 for arguments up to 1e9; not
 * for density plots or for tables of millions of values.
 *
 * Sources: Wichura 1988 (AS 241) for the normal quantile; Loader 2000 for the saddle-point form of
 * the beta density; DiDonato & Morris 1992 (TOMS 708), equation 9, for the continued fraction,
 * which is the even part of DLMF 8.17.22; DLMF 8.17.7 for the power series.
 */
#include "stats/stats_int.h"
#include <float.h>
#include <math.h>

static const double largest_argument = 1e10;
static const double log_2pi = 1.8378770664093454836;

/* --- normal -------------------------------------------------------------------------------- */

double doubti_normal_upper(double x)
{
    return 0.5 * erfc(x * 0.70710678118654752440);
}

double doubti_normal_cdf(double x)
{
    return doubti_normal_upper(-x);
}

/* c[0] + c[1] x + ... + c[7] x^7 */
static double polynomial7(const double *c, double x)
{
    double sum = c[7];
    int i;

    for (i = 6; i >= 0; i--)
        sum = sum * x + c[i];
    return sum;
}

/* |p - 1/2| <= 0.425, as a function of q = p - 1/2. */
static double normal_middle(double q)
{
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    const double r = 0.180625 - q * q;

    return q * polynomial7(a, r) / polynomial7(b, r);
}

/* Upper tail of probability p < 0.075. */
static double normal_tail(double p)
{
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    const double r = sqrt(-log(p));

    if (r <= 5)
        return polynomial7(c, r - 1.6) / polynomial7(d, r - 1.6);
    return polynomial7(e, r - 5) / polynomial7(f, r - 5);
}

double doubti_normal_quantile(double p)
{
    const double q = p - 0.5;

    if (fabs(q) <= 0.425)
        return normal_middle(q);
    return q < 0 ? -normal_tail(p) : normal_tail(1 - p);
}

static enum doubt_code check_probability(double p, struct doubt_err *err)
{
    if (p > 0 && p < 1)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "probability %g: accepted is a number between 0 and 1", p);
}

enum doubt_code doubt_normal_cdf(double x, double *out, struct doubt_err *err)
{
    if (isnan(x))
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "normal distribution: the argument is NaN");
    *out = doubti_normal_cdf(x);
    return DOUBT_OK;
}

enum doubt_code doubt_normal_quantile(double p, double *out, struct doubt_err *err)
{
    enum doubt_code code = check_probability(p, err);

    if (code == DOUBT_OK)
        *out = doubti_normal_quantile(p);
    return code;
}

/* --- beta ---------------------------------------------------------------------------------- */

/* ln Gamma(z) - [(z - 1/2) ln z - z + ln(2 pi)/2]: the remainder of Stirling's formula. */
static double stirling_remainder(double z)
{
    double shifted = 0, square;

    for (; z < 10; z++)
        shifted += (z + 0.5) * log1p(1 / z) - 1;
    square = 1 / (z * z);
    return shifted +
           (1.0 / 12 -
            square *
                (1.0 / 360 -
                 square * (1.0 / 1260 -
                           square * (1.0 / 1680 -
                                     square * (1.0 / 1188 - square * (691.0 / 360360 -
                                                                      square * (1.0 / 156))))))) /
               z;
}

/* -ln(1 - u) - u without cancellation, u < 1. */
static double log_excess(double u)
{
    double term = u * u, sum = 0;
    int k;

    if (fabs(u) > 0.1)
        return -log1p(-u) - u;
    for (k = 2; k < 40 && fabs(term) > DBL_EPSILON * 0.1 * sum; k++) {
        sum += term / k;
        term *= u;
    }
    return sum;
}

/* a - (a + b) x, from whichever of x and y is the smaller and so the more exact. */
static double excess(struct doubti_beta_point at, double a, double b)
{
    const double n = a + b, part = n - a;
    const double n_low = (a - (n - part)) + (b - part);

    if (at.x <= at.y)
        return fma(-n, at.x, a) - n_low * at.x;
    return -(fma(-n, at.y, b) - n_low * at.y);
}

/* a ln(a / m) + m - a, where m = a - delta is also given. */
static double deviance(double a, double m, double delta)
{
    const double u = delta / a;

    return u > 0.5 ? a * (log(a / m) - u) : a * log_excess(u);
}

double doubti_beta_power(struct doubti_beta_point at, double a, double b)
{
    const double n = a + b, delta = excess(at, a, b);

    if (at.x <= 0 || at.y <= 0)
        return 0;
    return exp(0.5 * (log(a) + log(b / n) - log_2pi) + stirling_remainder(n) -
               stirling_remainder(a) - stirling_remainder(b) - deviance(a, n * at.x, delta) -
               deviance(b, n * at.y, -delta));
}

/* sum over k >= 0 of (1 - b)_k x^k / (k! (a + k)), so that the lower tail is x^a / B(a, b) times
 * it. All terms are positive where b <= 1. */
static double power_series(double x, double a, double b)
{
    double factor = 1, sum = 1 / a, term;
    int k = 0;

    do {
        k++;
        factor *= (k - b) / k * x;
        term = factor / (a + k);
        sum += term;
    } while (fabs(term) > DBL_EPSILON * 0.1 * sum && k < 100000);
    return sum;
}

/* The continued fraction for lower tail / power, by the modified Lentz method; x <= a / (a + b). 0
 * where it does not converge. */
static double fraction(struct doubti_beta_point at, double a, double b)
{
    const double x = at.x, lambda = excess(at, a, b);
    const double limit = 1000 + 60 * sqrt(a + b);
    double value = a * (lambda + 1) / (a + 1), c = value, d = 0, k, change;

    for (k = 1; k < limit; k++) {
        const double odd = a + 2 * k - 1;
        const double alpha = (a + k - 1) / odd * ((a + b + k - 1) / odd) * k * (b - k) * x * x;
        const double beta =
            k + k * (b - k) * x / odd + (a + k) * (lambda + 1 + k * (1 + at.y)) / (a + 2 * k + 1);

        d = beta + alpha * d;
        c = beta + alpha / c;
        d = 1 / (d != 0 ? d : DBL_MIN);
        c = c != 0 ? c : DBL_MIN;
        change = c * d;
        value *= change;
        if (fabs(change - 1) <= DBL_EPSILON)
            return 1 / value;
    }
    return 0;
}

/* The tail below x, where x is on the lower side of the mean. */
static double lower_tail(struct doubti_beta_point at, double a, double b)
{
    const double power = doubti_beta_power(at, a, b);

    if (power == 0)
        return 0;
    if (b <= 1 && at.x <= 0.7)
        return power / pow(at.y, b) * power_series(at.x, a, b);
    return power * fraction(at, a, b);
}

enum doubt_code doubti_beta(struct doubti_beta_point at, double a, double b,
                            struct doubti_beta_tails *tails, struct doubt_err *err)
{
    const bool below = excess(at, a, b) >= 0;
    const struct doubti_beta_point mirrored = {at.y, at.x};
    const double tail = below ? lower_tail(at, a, b) : lower_tail(mirrored, b, a);

    if (!(tail >= 0 && tail <= 1 + 1e-9))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "incomplete beta of x = %g, a = %g, b = %g: no convergence", at.x, a,
                             b);
    tails->lower = below ? tail : 1 - tail;
    tails->upper = below ? 1 - tail : tail;
    return DOUBT_OK;
}

static enum doubt_code check_shapes(double a, double b, struct doubt_err *err)
{
    if (a > 0 && b > 0 && a <= largest_argument && b <= largest_argument)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "beta distribution with a = %g, b = %g: accepted are numbers above 0 and "
                         "up to %g",
                         a, b, largest_argument);
}

enum doubt_code doubt_beta_cdf(double x, double a, double b, double *out, struct doubt_err *err)
{
    struct doubti_beta_tails tails;
    enum doubt_code code = check_shapes(a, b, err);

    if (code != DOUBT_OK)
        return code;
    if (!(x >= 0 && x <= 1))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "beta distribution at %g: accepted is a number from 0 to 1", x);
    code = doubti_beta((struct doubti_beta_point){x, 1 - x}, a, b, &tails, err);
    if (code == DOUBT_OK)
        *out = tails.lower;
    return code;
}

/* --- beta quantile ------------------------------------------------------------------------- */

static struct doubti_beta_point from_logit(double logit)
{
    return (struct doubti_beta_point){1 / (1 + exp(-logit)), 1 / (1 + exp(logit))};
}

/* The root of an increasing function is between lo and hi. */
struct search {
    double a, b;
    double target; /* logarithm of the tail that is looked for */
    bool upper;    /* ... which is the upper one */
    double lo, hi; /* in the logit of x */
};

/* One safeguarded Newton step on the logarithm of the tail; *at moves. */
static enum doubt_code step(struct search *search, double *at, struct doubt_err *err)
{
    const struct doubti_beta_point point = from_logit(*at);
    struct doubti_beta_tails tails;
    enum doubt_code code = doubti_beta(point, search->a, search->b, &tails, err);
    double tail, miss, next;

    if (code != DOUBT_OK)
        return code;
    tail = search->upper ? tails.upper : tails.lower;
    miss = tail > 0 ? log(tail) - search->target : -INFINITY;
    if (search->upper)
        miss = -miss;
    if (miss < 0)
        search->lo = *at;
    else
        search->hi = *at;
    next = *at - miss * (tail / doubti_beta_power(point, search->a, search->b));
    if (!(next > search->lo && next < search->hi) && miss != 0)
        next = 0.5 * (search->lo + search->hi);
    *at = miss == 0 ? *at : next;
    return DOUBT_OK;
}

enum doubt_code doubti_beta_logit(struct doubti_beta_tails tails, double a, double b, double *logit,
                                  struct doubt_err *err)
{
    const bool upper = tails.upper < tails.lower;
    const double tail = upper ? tails.upper : tails.lower;
    const double z = upper ? -doubti_normal_quantile(tail) : doubti_normal_quantile(tail);
    struct search search = {a, b, log(tail), upper, -700, 700};
    double at = log(a / b) + z * sqrt(1 / a + 1 / b), previous;
    int i;

    at = at < -690 ? -690 : at > 690 ? 690 : at;
    for (i = 0; i < 200; i++) {
        enum doubt_code code;

        previous = at;
        code = step(&search, &at, err);
        if (code != DOUBT_OK)
            return code;
        if (fabs(at - previous) <= 2 * DBL_EPSILON * (0.01 + fabs(at)))
            break;
    }
    if (fabs(at) > 699)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "beta quantile with a = %g, b = %g: beyond the range of a double", a,
                             b);
    *logit = at;
    return DOUBT_OK;
}

enum doubt_code doubt_beta_quantile(double p, double a, double b, double *out,
                                    struct doubt_err *err)
{
    enum doubt_code code = check_probability(p, err);
    double logit = 0;

    if (code == DOUBT_OK)
        code = check_shapes(a, b, err);
    if (code == DOUBT_OK)
        code = doubti_beta_logit((struct doubti_beta_tails){p, 1 - p}, a, b, &logit, err);
    if (code == DOUBT_OK)
        *out = from_logit(logit).x;
    return code;
}

/* --- Student's t --------------------------------------------------------------------------- */

static enum doubt_code check_freedom(double df, struct doubt_err *err)
{
    if (df > 0)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "degrees of freedom %g: accepted are numbers "
                         "above 0",
                         df);
}

enum doubt_code doubt_t_cdf(double t, double df, double *out, struct doubt_err *err)
{
    struct doubti_beta_tails tails;
    struct doubti_beta_point at;
    enum doubt_code code = check_freedom(df, err);

    if (code != DOUBT_OK)
        return code;
    if (isnan(t))
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "Student's t: the argument is NaN");
    if (df > largest_argument || isinf(t)) {
        *out = doubti_normal_cdf(t);
        return DOUBT_OK;
    }
    at.x = 1 / (1 + t / df * t);
    at.y = 1 / (1 + df / t / t);
    code = doubti_beta(at, 0.5 * df, 0.5, &tails, err);
    if (code == DOUBT_OK)
        *out = t < 0 ? 0.5 * tails.lower : 0.5 + 0.5 * tails.upper;
    return code;
}

/* Expansion of the quantile in 1/df around the normal one (Abramowitz & Stegun 26.7.5). */
static double t_expansion(double z, double df)
{
    const double s = z * z;
    const double g1 = z * (s + 1) / 4;
    const double g2 = z * ((5 * s + 16) * s + 3) / 96;
    const double g3 = z * (((3 * s + 19) * s + 17) * s - 15) / 384;

    return z + (g1 + (g2 + g3 / df) / df) / df;
}

enum doubt_code doubt_t_quantile(double p, double df, double *out, struct doubt_err *err)
{
    enum doubt_code code = check_probability(p, err);
    const double side = p < 0.5 ? -1 : 1, tail = p < 0.5 ? p : 1 - p;
    struct doubti_beta_tails tails = {2 * tail, 2 * fabs(p - 0.5)};
    double logit = 0, z;

    if (code == DOUBT_OK)
        code = check_freedom(df, err);
    if (code != DOUBT_OK)
        return code;
    z = doubti_normal_quantile(p);
    if (p == 0.5 || isinf(df) || df > 2000 * (1 + z * z)) {
        *out = isinf(df) ? z : t_expansion(z, df);
        return DOUBT_OK;
    }
    code = doubti_beta_logit(tails, 0.5 * df, 0.5, &logit, err);
    if (code == DOUBT_OK)
        *out = side * sqrt(df) * exp(-0.5 * logit);
    return code;
}

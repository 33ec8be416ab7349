/* rank.c: signed-rank test with Hodges-Lehmann interval, rank sum, Brunner-Munzel.
 *
 * A unit of work is one sample of differences or two samples of at most some thousand values:
 * restart figures, never raw iterations, which are correlated.
 *
 * Sources: Wilcoxon 1945; Hodges & Lehmann 1963; Lehmann 1975 for the corrections; Brunner & Munzel
 * 2000.
 */
#include "stats/stats_int.h"
#include <math.h>
#include <stdlib.h>

enum { MOST_EXACT_SIGNED = 200, MOST_EXACT_SUM = 50, MOST_WALSH = 4096 };
static const size_t most_differences = (size_t)1 << 24;

/* --- ranks --------------------------------------------------------------------------------- */

struct placed {
    double value;
    size_t place;
};

static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;

    return (a->value > b->value) - (a->value < b->value);
}

enum doubt_code doubti_ranks(const double *x, size_t n, double *ranks, double *ties,
                             struct doubt_err *err)
{
    struct placed *sorted = malloc((n ? n : 1) * sizeof *sorted);
    size_t i, j, k;

    if (!sorted)
        return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for the ranks of %zu values", n);
    for (i = 0; i < n; i++)
        sorted[i] = (struct placed){x[i], i};
    qsort(sorted, n, sizeof *sorted, compare_placed);
    *ties = 0;
    for (i = 0; i < n; i = j) {
        double group;

        for (j = i + 1; j < n && sorted[j].value == sorted[i].value; j++)
            ;
        group = (double)(j - i);
        *ties += group * group * group - group;
        for (k = i; k < j; k++)
            ranks[sorted[k].place] = (double)(i + 1 + j) / 2;
    }
    free(sorted);
    return DOUBT_OK;
}

/* --- null distributions -------------------------------------------------------------------- */

/* Probabilities of a statistic's values 0 .. last, exact. */
struct distribution {
    double *p;
    size_t last;
};

/* P(statistic <= t). */
static double at_most(const struct distribution *null, double t)
{
    struct doubti_sum sum = {0, 0};
    size_t i;

    if (t < 0)
        return 0;
    for (i = 0; i <= null->last && (double)i <= t; i++)
        doubti_add(&sum, null->p[i]);
    return fmin(1, doubti_total(&sum));
}

/* Smallest t with P(statistic <= t) >= q. */
static size_t quantile_of(const struct distribution *null, double q)
{
    double sum = 0;
    size_t t;

    for (t = 0; t < null->last; t++) {
        sum += null->p[t];
        if (sum >= q)
            break;
    }
    return t;
}

/* Sum of the ranks of positive differences: each of 1 .. n is in it with probability 1/2. */
static enum doubt_code signed_rank_null(size_t n, struct distribution *null, struct doubt_err *err)
{
    size_t reached = 0, k, t;

    null->last = n * (n + 1) / 2;
    null->p = doubti_values(null->last + 1, err);
    if (!null->p)
        return DOUBT_E_MEMORY;
    for (t = 1; t <= null->last; t++)
        null->p[t] = 0;
    null->p[0] = 1;
    for (k = 1; k <= n; k++) {
        reached += k;
        for (t = reached + 1; t-- > 0;)
            null->p[t] = 0.5 * (null->p[t] + (t >= k ? null->p[t - k] : 0));
    }
    return DOUBT_OK;
}

/* Pairs with x above y, all orders of m and n values equally likely. In row i of the table stand
 * the counts for i values of x, and y grows by one value a round. */
static enum doubt_code rank_sum_null(size_t m, size_t n, struct distribution *null,
                                     struct doubt_err *err)
{
    const size_t width = m * n + 1;
    double *table = doubti_values((m + 1) * width, err), total = 0;
    size_t i, j, t;

    null->p = NULL;
    if (!table)
        return DOUBT_E_MEMORY;
    for (i = 0; i < (m + 1) * width; i++)
        table[i] = i % width == 0;
    for (j = 1; j <= n; j++)
        for (i = 1; i <= m; i++)
            for (t = j; t < width; t++)
                table[i * width + t] += table[(i - 1) * width + t - j];
    null->last = m * n;
    null->p = doubti_values(width, err);
    if (null->p) {
        for (t = 0; t < width; t++)
            total += table[m * width + t];
        for (t = 0; t < width; t++)
            null->p[t] = table[m * width + t] / total;
    }
    free(table);
    return null->p ? DOUBT_OK : DOUBT_E_MEMORY;
}

/* --- p values ------------------------------------------------------------------------------ */

static void exact_p(const struct distribution *null, struct doubt_rank_test *out)
{
    out->exact = true;
    out->p_less = at_most(null, out->statistic);
    out->p_greater = 1 - at_most(null, out->statistic - 1);
    if (out->p_greater < 0.5) /* by symmetry, without the loss of 1 - p */
        out->p_greater = at_most(null, (double)null->last - out->statistic);
    out->p_two_sided = fmin(1, 2 * fmin(out->p_less, out->p_greater));
}

static void normal_p(double mean, double variance, struct doubt_rank_test *out)
{
    const double sd = sqrt(variance), d = out->statistic - mean;
    const double side = d > 0 ? 0.5 : d < 0 ? -0.5 : 0;

    out->p_less = out->p_greater = out->p_two_sided = 1;
    if (sd <= 0)
        return;
    out->p_less = doubti_normal_cdf((d + 0.5) / sd);
    out->p_greater = doubti_normal_upper((d - 0.5) / sd);
    out->p_two_sided = fmin(1, 2 * doubti_normal_upper(fabs(d - side) / sd));
}

/* --- signed rank --------------------------------------------------------------------------- */

/* Statistic and p values from the differences that are not zero. */
static enum doubt_code signed_statistic(const double *d, size_t n, struct doubt_rank_test *out,
                                        struct doubt_err *err)
{
    double *sizes = doubti_values(2 * n, err), *ranks = sizes ? sizes + n : NULL, ties = 0, count;
    struct distribution null = {0};
    enum doubt_code code = DOUBT_E_MEMORY;
    size_t used = 0, i, j = 0;

    if (!sizes)
        return code;
    for (i = 0; i < n; i++)
        if (d[i] != 0)
            sizes[used++] = fabs(d[i]);
    code = doubti_ranks(sizes, used, ranks, &ties, err);
    if (code != DOUBT_OK)
        goto ranks;
    for (i = 0; i < n; i++)
        if (d[i] != 0)
            out->statistic += d[i] > 0 ? ranks[j++] : (j++, 0);
    count = (double)used;
    if (used == n && ties == 0 && n <= MOST_EXACT_SIGNED) {
        code = signed_rank_null(n, &null, err);
        if (code == DOUBT_OK)
            exact_p(&null, out);
    } else {
        normal_p(count * (count + 1) / 4, count * (count + 1) * (2 * count + 1) / 24 - ties / 48,
                 out);
    }
    free(null.p);
ranks:
    free(sizes);
    return code;
}

/* Which Walsh average, counted from both ends, bounds the interval; 0: none does. */
static enum doubt_code walsh_rank(size_t n, double level, size_t *rank, double *achieved,
                                  struct doubt_err *err)
{
    const double count = (double)n, walsh = count * (count + 1) / 2;
    struct distribution null = {0};
    enum doubt_code code;

    *rank = 0;
    *achieved = 0;
    if (n < 64 && 2 / ldexp(1, (int)n) > level)
        return DOUBT_OK;
    if (n > MOST_EXACT_SIGNED) {
        const double sd = sqrt(count * (count + 1) * (2 * count + 1) / 24);

        *rank = (size_t)fmax(1, floor(walsh / 2 - doubti_normal_quantile(1 - level / 2) * sd));
        *achieved = 1 - 2 * doubti_normal_cdf(((double)*rank - 0.5 - walsh / 2) / sd);
        return DOUBT_OK;
    }
    code = signed_rank_null(n, &null, err);
    if (code == DOUBT_OK) {
        *rank = quantile_of(&null, level / 2);
        *rank = *rank > 0 ? *rank : 1;
        *achieved = 1 - 2 * at_most(&null, (double)*rank - 1);
    }
    free(null.p);
    return code;
}

/* Median of the m sorted values, and the interval between the k-th from both ends (k > 0). */
static void read_shift(const double *sorted, size_t m, size_t k, struct doubt_rank_test *out)
{
    out->shift.estimate = 0.5 * (sorted[(m - 1) / 2] + sorted[m / 2]);
    out->shift.lo = out->shift.hi = out->shift.estimate;
    out->has_interval = k > 0;
    if (k > 0) {
        out->shift.lo = sorted[k - 1];
        out->shift.hi = sorted[m - k];
    }
}

/* Hodges-Lehmann estimate and interval. */
static enum doubt_code signed_shift(const double *d, size_t n, double level,
                                    struct doubt_rank_test *out, struct doubt_err *err)
{
    const size_t m = n * (n + 1) / 2;
    double *walsh = doubti_values(m, err);
    enum doubt_code code = walsh ? DOUBT_OK : DOUBT_E_MEMORY;
    size_t rank = 0, i, j, k = 0;

    if (code != DOUBT_OK)
        return code;
    for (i = 0; i < n; i++)
        for (j = i; j < n; j++)
            walsh[k++] = 0.5 * (d[i] + d[j]);
    code = doubt_sort(walsh, m, err);
    if (code == DOUBT_OK)
        code = walsh_rank(n, level, &rank, &out->achieved, err);
    if (code == DOUBT_OK)
        read_shift(walsh, m, rank, out);
    free(walsh);
    return code;
}

enum doubt_code doubt_signed_rank(const double *differences, size_t n, double level,
                                  struct doubt_rank_test *out, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(differences, n, 1, "signed ranks", err);
    struct doubt_rank_test result = {0};

    if (code == DOUBT_OK)
        code = doubti_check_level(level, err);
    if (code == DOUBT_OK && n > MOST_WALSH)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "signed ranks: %zu differences, at most %d are accepted", n,
                             MOST_WALSH);
    if (code == DOUBT_OK)
        code = signed_statistic(differences, n, &result, err);
    if (code == DOUBT_OK)
        code = signed_shift(differences, n, level, &result, err);
    if (code == DOUBT_OK)
        *out = result;
    return code;
}

/* --- two samples --------------------------------------------------------------------------- */

static enum doubt_code check_two(const struct doubt_two_samples *data, size_t least,
                                 struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(data->x, data->nx, least, "first sample", err);

    if (code == DOUBT_OK)
        code = doubti_check_values(data->y, data->ny, least, "second sample", err);
    if (code == DOUBT_OK && data->nx > most_differences / data->ny)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "two samples of %zu and %zu values: their product may be at most %zu",
                             data->nx, data->ny, most_differences);
    return code;
}

/* Mid-ranks of x and y together, x first, in new memory. */
static double *joint_ranks(const struct doubt_two_samples *data, double *ties,
                           struct doubt_err *err)
{
    const size_t n = data->nx + data->ny;
    double *values = doubti_values(2 * n, err);
    size_t i;

    if (!values)
        return NULL;
    for (i = 0; i < n; i++)
        values[n + i] = i < data->nx ? data->x[i] : data->y[i - data->nx];
    if (doubti_ranks(values + n, n, values, ties, err) == DOUBT_OK)
        return values;
    free(values);
    return NULL;
}

struct bounds {
    double level;
    size_t rank; /* from both ends of the differences; 0: no interval */
};

/* P values, and where the interval ends. */
static enum doubt_code sum_tests(const struct doubt_two_samples *data, double ties,
                                 struct bounds *bounds, struct doubt_rank_test *out,
                                 struct doubt_err *err)
{
    const double nx = (double)data->nx, ny = (double)data->ny, n = nx + ny;
    const double sd = sqrt(nx * ny * (n + 1) / 12);
    struct distribution null = {0};
    enum doubt_code code;

    if (ties > 0 || data->nx >= MOST_EXACT_SUM || data->ny >= MOST_EXACT_SUM) {
        const double bound = nx * ny / 2 - doubti_normal_quantile(1 - bounds->level / 2) * sd;

        normal_p(nx * ny / 2, nx * ny / 12 * (n + 1 - ties / (n * (n - 1))), out);
        bounds->rank = bound >= 1 ? (size_t)bound : 0;
        out->achieved =
            bounds->rank
                ? 1 - 2 * doubti_normal_cdf(((double)bounds->rank - 0.5 - nx * ny / 2) / sd)
                : 0;
        return DOUBT_OK;
    }
    code = rank_sum_null(data->nx, data->ny, &null, err);
    if (code == DOUBT_OK) {
        exact_p(&null, out);
        bounds->rank = quantile_of(&null, bounds->level / 2);
        if (2 * null.p[0] <= bounds->level && bounds->rank == 0)
            bounds->rank = 1;
        out->achieved = bounds->rank ? 1 - 2 * at_most(&null, (double)bounds->rank - 1) : 0;
    }
    free(null.p);
    return code;
}

static enum doubt_code sum_shift(const struct doubt_two_samples *data, size_t rank,
                                 struct doubt_rank_test *out, struct doubt_err *err)
{
    const size_t m = data->nx * data->ny;
    double *differences = doubti_values(m, err);
    enum doubt_code code;
    size_t i;

    if (!differences)
        return DOUBT_E_MEMORY;
    for (i = 0; i < m; i++)
        differences[i] = data->x[i / data->ny] - data->y[i % data->ny];
    code = doubt_sort(differences, m, err);
    if (code == DOUBT_OK)
        read_shift(differences, m, rank, out);
    free(differences);
    return code;
}

enum doubt_code doubt_rank_sum(const struct doubt_two_samples *data, double level,
                               struct doubt_rank_test *out, struct doubt_err *err)
{
    enum doubt_code code = check_two(data, 1, err);
    struct doubt_rank_test result = {0};
    double *ranks, ties = 0;
    struct bounds bounds = {level, 0};
    size_t i;

    if (code == DOUBT_OK)
        code = doubti_check_level(level, err);
    if (code != DOUBT_OK)
        return code;
    ranks = joint_ranks(data, &ties, err);
    if (!ranks)
        return DOUBT_E_MEMORY;
    for (i = 0; i < data->nx; i++)
        result.statistic += ranks[i];
    free(ranks);
    result.statistic -= (double)data->nx * (double)(data->nx + 1) / 2;
    code = sum_tests(data, ties, &bounds, &result, err);
    if (code == DOUBT_OK)
        code = sum_shift(data, bounds.rank, &result, err);
    if (code == DOUBT_OK)
        *out = result;
    return code;
}

/* --- Brunner-Munzel ------------------------------------------------------------------------ */

/* Variance of one sample's placements: joint rank less own rank. */
static enum doubt_code placements(const double *x, size_t n, const double *joint, double *variance,
                                  struct doubt_err *err)
{
    double *own = doubti_values(n, err), ties;
    enum doubt_code code = own ? doubti_ranks(x, n, own, &ties, err) : DOUBT_E_MEMORY;
    size_t i;

    if (code == DOUBT_OK) {
        for (i = 0; i < n; i++)
            own[i] = joint[i] - own[i];
        *variance = doubti_squares(own, n) / (double)(n - 1);
    }
    free(own);
    return code;
}

static enum doubt_code finish_brunner_munzel(const struct doubt_two_samples *data, double level,
                                             const double parts[2],
                                             struct doubt_brunner_munzel *out,
                                             struct doubt_err *err)
{
    const double nx = (double)data->nx, ny = (double)data->ny;
    const double sx = parts[0] * nx, sy = parts[1] * ny;
    const double error = sqrt(sx + sy) / (nx * ny);
    double tail = 0, q = 0;
    enum doubt_code code;

    if (!(error > 0))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "Brunner-Munzel: the two samples do not overlap (share %g), the test "
                             "has no variance",
                             out->share.estimate);
    out->df = (sx + sy) * (sx + sy) / (sx * sx / (nx - 1) + sy * sy / (ny - 1));
    out->statistic = (out->share.estimate - 0.5) / error;
    code = doubt_t_cdf(-fabs(out->statistic), out->df, &tail, err);
    if (code == DOUBT_OK)
        code = doubt_t_quantile(1 - level / 2, out->df, &q, err);
    out->p = 2 * tail;
    out->share.lo = fmax(0, out->share.estimate - q * error);
    out->share.hi = fmin(1, out->share.estimate + q * error);
    return code;
}

enum doubt_code doubt_brunner_munzel(const struct doubt_two_samples *data, double level,
                                     struct doubt_brunner_munzel *out, struct doubt_err *err)
{
    enum doubt_code code = check_two(data, 2, err);
    struct doubt_brunner_munzel result = {0};
    double *joint, ties, parts[2], mean_x, mean_y;

    if (code == DOUBT_OK)
        code = doubti_check_level(level, err);
    if (code != DOUBT_OK)
        return code;
    joint = joint_ranks(data, &ties, err);
    if (!joint)
        return DOUBT_E_MEMORY;
    mean_x = doubti_mean(joint, data->nx);
    mean_y = doubti_mean(joint + data->nx, data->ny);
    result.share.estimate = (mean_y - mean_x) / (double)(data->nx + data->ny) + 0.5;
    code = placements(data->x, data->nx, joint, &parts[0], err);
    if (code == DOUBT_OK)
        code = placements(data->y, data->ny, joint + data->nx, &parts[1], err);
    free(joint);
    if (code == DOUBT_OK)
        code = finish_brunner_munzel(data, level, parts, &result, err);
    if (code == DOUBT_OK)
        *out = result;
    return code;
}

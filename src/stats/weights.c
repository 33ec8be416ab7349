/* weights.c: quantiles as weighted sums of all order statistics.
 *
 * A unit of work is one sorted array and one percentile. The weights are the masses of a beta
 * distribution on the cells ((i - 1)/n, i/n). Not robust: in the tail of a sample the largest
 * values carry the weight.
 *
 * Sources: Harrell & Davis 1982; Maritz & Jarrett 1978.
 */
#include "stats/stats_int.h"
#include <math.h>

struct weighting {
    double a, b, n;
    bool smooth; /* the density changes little within a cell */
};

/* Below so many values every cell is computed, above only those with any mass. */
static const double few_values = 2000;

static enum doubt_code cumulative(const struct weighting *w, double place, double *out,
                                  struct doubt_err *err)
{
    const struct doubti_beta_point at = {place / w->n, (w->n - place) / w->n};
    struct doubti_beta_tails tails = {0, 1};
    enum doubt_code code = DOUBT_OK;

    if (place >= w->n)
        tails.lower = 1;
    else if (place > 0)
        code = doubti_beta(at, w->a, w->b, &tails, err);
    *out = tails.lower;
    return code;
}

/* Mass of the cell from place - 1 to place: four points of Gauss and Legendre. */
static double cell_mass(const struct weighting *w, double place)
{
    static const double points[2] = {0.33998104358485626480, 0.86113631159405257522};
    static const double masses[2] = {0.65214515486254614263, 0.34785484513745385737};
    double sum = 0;
    int i, side;

    for (i = 0; i < 2; i++)
        for (side = -1; side <= 1; side += 2) {
            const double x = (place - 0.5 + side * 0.5 * points[i]) / w->n;
            const struct doubti_beta_point at = {x, 1 - x};

            sum += masses[i] * doubti_beta_power(at, w->a, w->b) / (at.x * at.y);
        }
    return sum / (2 * w->n);
}

/* Places 1 .. n outside of which there is no mass that a double could hold. */
static void window(const struct weighting *w, double *first, double *last)
{
    const double mean = w->a / (w->a + w->b);
    const double sd = sqrt(mean * (1 - mean) / (w->a + w->b + 1));
    const double reach = 12 * sd * w->n + 60;

    *first = 1;
    *last = w->n;
    if (w->n <= few_values)
        return;
    *first = fmax(1, floor(mean * w->n - reach));
    *last = fmin(w->n, ceil(mean * w->n + reach));
}

/* sums[0] = weighted mean of x - center, sums[1] = of its square. */
static enum doubt_code weigh(const struct weighting *w, const double *sorted, double center,
                             double sums[2], struct doubt_err *err)
{
    struct doubti_sum mass = {0, 0}, first_power = {0, 0}, second_power = {0, 0};
    enum doubt_code code;
    double first, last, place, before = 0, after;

    window(w, &first, &last);
    code = cumulative(w, first - 1, &before, err);
    for (place = first; code == DOUBT_OK && place <= last; place++) {
        const double x = sorted[(size_t)place - 1] - center;
        double weight;

        if (w->smooth) {
            weight = cell_mass(w, place);
        } else {
            code = cumulative(w, place, &after, err);
            weight = after - before;
            before = after;
        }
        doubti_add(&mass, weight);
        doubti_add(&first_power, weight * x);
        doubti_add(&second_power, weight * x * x);
    }
    sums[0] = doubti_total(&first_power) / doubti_total(&mass);
    sums[1] = doubti_total(&second_power) / doubti_total(&mass);
    return code;
}

static struct weighting weighting_of(double a, double b, size_t n)
{
    return (struct weighting){a, b, (double)n, (double)n > few_values && fmin(a, b) >= 100};
}

enum doubt_code doubt_quantile_harrell_davis(const double *sorted, size_t n, double p, double *out,
                                             struct doubt_err *err)
{
    enum doubt_code code = doubti_check_sorted(sorted, n, err);
    struct weighting w;
    double sums[2];
    size_t rank;

    if (code == DOUBT_OK)
        code = doubti_check_share(p, err);
    if (code != DOUBT_OK)
        return code;
    w = weighting_of(((double)n + 1) * p, ((double)n + 1) * (1 - p), n);
    rank = doubti_rank(n, p);
    code = weigh(&w, sorted, sorted[rank - 1], sums, err);
    if (code == DOUBT_OK)
        *out = sorted[rank - 1] + sums[0];
    return code;
}

enum doubt_code doubt_maritz_jarrett(const double *sorted, size_t n, double p, double *error,
                                     struct doubt_err *err)
{
    enum doubt_code code = doubti_check_sorted(sorted, n, err);
    struct weighting w;
    double m, sums[2];

    if (code == DOUBT_OK)
        code = doubti_check_share(p, err);
    if (code != DOUBT_OK)
        return code;
    m = floor((double)n * p + 0.5);
    if (m < 2 || m > (double)n - 1)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "error of percentile %g from %zu values: too near the end, take more "
                             "values or another percentile",
                             p, n);
    w = weighting_of(m - 1, (double)n - m, n);
    code = weigh(&w, sorted, sorted[(size_t)m - 1], sums, err);
    if (code == DOUBT_OK)
        *error = sqrt(fmax(0, sums[1] - sums[0] * sums[0]));
    return code;
}

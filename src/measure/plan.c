/* plan.c: see plan.h. */
#include "measure/plan.h"

#include "measure/analyze.h"
#include "util/str.h"
#include "util/units.h"
#include <math.h>
#include <string.h>

static const double sample_full_ns = 2e9;
static const double warm_full_ns = 1e9;
enum { WARM_ITERATIONS_FULL = 10, WARM_ITERATIONS_LEAST = 2 };
static const double warm_least_ns = 50e6;
/* Restarts are made shorter down to this much sampling before they are made fewer than 20. */
static const double comfort_ns = 1e9;
enum { COMFORT_ITERATIONS = 60, LAST_LOOK = 80 /* before the end */ };
/* Of the cell that measures the cost of measuring. */
static const double hidden_warm_ns = 10e6, hidden_sample_ns = 0.5e9;
/* Kept back for the end of the series and for restarts slower than foreseen. */
static const double reserve = 0.015;
static const double alpha = 0.05;

/* What a length may not fall below. */
struct bottom {
    int64_t iterations;
    double sample_ns;
};

static const struct bottom comfortable = {COMFORT_ITERATIONS, comfort_ns};
static const struct bottom findable = {DOUBT_ANALYZE_ITERATIONS_MIN, 0};
static const struct bottom least = {DOUBT_PLAN_ITERATIONS_LEAST, 0};

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* --- lengths ------------------------------------------------------------------------------- */

/* The method's own number of samples. */
static double full_iterations(const struct doubt_plan_cell *cell)
{
    if (cell->hidden)
        return clamp(floor(hidden_sample_ns / cell->iteration_ns), DOUBT_PLAN_ITERATIONS_LEAST,
                     DOUBT_PLAN_ITERATIONS_HIDDEN);
    return clamp(ceil(sample_full_ns / cell->iteration_ns), DOUBT_PLAN_ITERATIONS_FULL,
                 DOUBT_PLAN_ITERATIONS_MOST);
}

static double full_warm_ns(const struct doubt_plan_cell *cell)
{
    return cell->hidden ? hidden_warm_ns
                        : fmax(warm_full_ns, WARM_ITERATIONS_FULL * cell->iteration_ns);
}

/* Lengths for a sampling time common to all cells, between the floor and the method's own. */
static void set_length(const struct doubt_plan_request *request, size_t i, double sample_ns,
                       const struct bottom *low, struct doubt_plan_length *length)
{
    const struct doubt_plan_cell *cell = &request->cells[i];
    double full = full_iterations(cell), n = full, warm = full_warm_ns(cell);
    if (!cell->hidden) {
        double bottom = fmax((double)low->iterations, floor(low->sample_ns / cell->iteration_ns));
        n = clamp(floor(sample_ns / cell->iteration_ns), fmin(bottom, full), full);
    }
    if (n < full)
        warm = clamp(n * cell->iteration_ns / 3,
                     fmax(warm_least_ns, WARM_ITERATIONS_LEAST * cell->iteration_ns), warm);
    length->iterations = request->iterations > 0 ? request->iterations : (int64_t)n;
    length->warm_ns = request->warm_ns > 0 ? request->warm_ns : (int64_t)warm;
    if (cell->hidden)
        *length = (struct doubt_plan_length){(int64_t)full, (int64_t)hidden_warm_ns};
}

static void set_lengths(const struct doubt_plan_request *request, double sample_ns,
                        const struct bottom *low, struct doubt_plan_length *lengths)
{
    for (size_t i = 0; i < request->cell_count; i++)
        set_length(request, i, sample_ns, low, &lengths[i]);
}

int64_t doubt_plan_restart_ns(const struct doubt_plan_cell *cell,
                              const struct doubt_plan_length *length)
{
    double warm = fmax((double)length->warm_ns, cell->iteration_ns);
    return cell->start_ns + (int64_t)(warm + (double)length->iterations * cell->iteration_ns);
}

static int32_t to_do(const struct doubt_plan_cell *cell, int32_t restarts)
{
    return cell->active && cell->done < restarts ? restarts - cell->done : 0;
}

int64_t doubt_plan_rest_ns(const struct doubt_plan_request *request, int32_t restarts,
                           const struct doubt_plan_length *lengths)
{
    int64_t sum = 0;
    for (size_t i = 0; i < request->cell_count; i++)
        sum += to_do(&request->cells[i], restarts) *
               doubt_plan_restart_ns(&request->cells[i], &lengths[i]);
    return sum;
}

/* A restart with its length for a sampling time above a floor. */
static double restart_with(const struct doubt_plan_request *request, size_t i, double sample_ns,
                           const struct bottom *low)
{
    struct doubt_plan_length length;
    set_length(request, i, sample_ns, low, &length);
    return (double)doubt_plan_restart_ns(&request->cells[i], &length);
}

/* doubt_plan_rest_ns() with such lengths. */
static double rest_with(const struct doubt_plan_request *request, int32_t restarts,
                        double sample_ns, const struct bottom *low)
{
    double sum = 0;
    for (size_t i = 0; i < request->cell_count; i++)
        sum += to_do(&request->cells[i], restarts) * restart_with(request, i, sample_ns, low);
    return sum;
}

static double left_ns(const struct doubt_plan_request *request)
{
    double left = (double)request->budget_ns * (1 - reserve) - (double)request->spent_ns;
    return request->budget_ns > 0 ? fmax(left, 0) : INFINITY;
}

/* The sampling time at which every cell has its full length. */
static double longest_sample_ns(const struct doubt_plan_request *request)
{
    double most = 0;
    for (size_t i = 0; i < request->cell_count; i++)
        most =
            fmax(most, (full_iterations(&request->cells[i]) + 1) * request->cells[i].iteration_ns);
    return most;
}

/* The longest sampling time above the floor with which each cell gets to `restarts` in the time
 * left; negative when not even the floor's lengths fit. */
static double fit_sample_ns(const struct doubt_plan_request *request, int32_t restarts,
                            const struct bottom *low)
{
    double fits = 0, fails = longest_sample_ns(request), left = left_ns(request);
    if (rest_with(request, restarts, fits, low) > left)
        return -1;
    for (int step = 0; step < 50; step++) {
        double middle = (fits + fails) / 2;
        if (rest_with(request, restarts, middle, low) > left)
            fails = middle;
        else
            fits = middle;
    }
    return fits;
}

/* Lengths for that time; false, and the floor's lengths, when not even these fit. */
static bool fit_lengths(const struct doubt_plan_request *request, int32_t restarts,
                        const struct bottom *low, struct doubt_plan_length *lengths)
{
    double sample_ns = fit_sample_ns(request, restarts, low);
    set_lengths(request, fmax(sample_ns, 0), low, lengths);
    return sample_ns >= 0;
}

/* --- restarts ------------------------------------------------------------------------------ */

static int32_t most_restarts(const struct doubt_plan_request *request)
{
    return request->restarts_max > 0 ? request->restarts_max : DOUBT_PLAN_RESTARTS;
}

static int32_t fewest_restarts(const struct doubt_plan_request *request)
{
    int32_t most = most_restarts(request);
    return most < DOUBT_PLAN_RESTARTS_MIN ? most : DOUBT_PLAN_RESTARTS_MIN;
}

/* The most restarts of each cell that fit, between low and high. */
static int32_t restarts_within(const struct doubt_plan_request *request,
                               const struct doubt_plan_length *lengths, int32_t low, int32_t high)
{
    double left = left_ns(request);
    while (low < high) {
        int32_t middle = high - (high - low) / 2;
        if ((double)doubt_plan_rest_ns(request, middle, lengths) > left)
            high = middle - 1;
        else
            low = middle;
    }
    return low;
}

static int32_t choose_restarts(const struct doubt_plan_request *request,
                               struct doubt_plan_length *lengths)
{
    int32_t most = most_restarts(request), fewest = fewest_restarts(request);
    int32_t wanted = most < DOUBT_PLAN_RESTARTS ? most : DOUBT_PLAN_RESTARTS;
    set_lengths(request, INFINITY, &least, lengths);
    int32_t restarts = restarts_within(request, lengths, 0, most);
    if (restarts >= wanted)
        return restarts;
    set_lengths(request, 0, &comfortable, lengths);
    restarts = restarts_within(request, lengths, fewest, wanted);
    if (fit_lengths(request, restarts, &findable, lengths) ||
        fit_lengths(request, fewest, &least, lengths))
        return restarts_within(request, lengths, fewest, wanted);
    return restarts_within(request, lengths, 1, fewest);
}

/* Looks at 20, 40, 80 restarts and at the end, where the end is well behind the look before; at 10
 * as well where there is a budget, since a restart is dear then, and more than 20 were asked for.
 */
static void choose_looks(const struct doubt_plan_request *request, struct doubt_plan *plan)
{
    bool early = request->budget_ns > 0 && most_restarts(request) > DOUBT_PLAN_RESTARTS;
    plan->looks = 1;
    for (int32_t at = early ? DOUBT_PLAN_RESTARTS_MIN : DOUBT_PLAN_RESTARTS;
         2 * plan->restarts >= 3 * at && at <= LAST_LOOK; at *= 2)
        plan->look_at[plan->looks++ - 1] = at;
    plan->level = alpha / plan->looks;
}

bool doubt_plan_is_look(const struct doubt_plan *plan, int32_t restarts)
{
    for (int32_t i = 0; i + 1 < plan->looks; i++)
        if (plan->look_at[i] == restarts)
            return true;
    return false;
}

/* --- what was cut -------------------------------------------------------------------------- */

struct extent {
    double low, high;
};

static void extend(struct extent *extent, double value)
{
    extent->low = fmin(extent->low, value);
    extent->high = fmax(extent->high, value);
}

/* "200" or "14 … 75". */
static void add_extent(struct doubt_str *s, const struct extent *extent, int digits)
{
    doubt_str_addf(s, "%.*f", digits, extent->low);
    if (extent->high > extent->low * 1.01)
        doubt_str_addf(s, " … %.*f", digits, extent->high);
}

static void add_cut(struct doubt_str *s, const char *what, const struct extent *is,
                    const struct extent *full, int digits)
{
    if (!(is->low < INFINITY))
        return;
    doubt_str_addf(s, "%s%s to ", s->len ? ", " : "", what);
    add_extent(s, is, digits);
    doubt_str_add(s, " (of ");
    add_extent(s, full, digits);
    doubt_str_add(s, ")");
}

/* Is this a row whose length is not the user's wish? */
static bool is_row(const struct doubt_plan_cell *cell)
{
    return !cell->hidden && cell->active;
}

static void add_lengths(const struct doubt_plan_request *request,
                        const struct doubt_plan_length *lengths, struct doubt_str *s)
{
    const struct extent none = {INFINITY, -INFINITY};
    struct extent n = none, n_full = none, warm = none, warm_full = none;
    for (size_t i = 0; i < request->cell_count; i++) {
        const struct doubt_plan_cell *cell = &request->cells[i];
        if (!is_row(cell))
            continue;
        if (request->iterations == 0 && (double)lengths[i].iterations < full_iterations(cell)) {
            extend(&n, (double)lengths[i].iterations);
            extend(&n_full, full_iterations(cell));
        }
        if (request->warm_ns == 0 && (double)lengths[i].warm_ns < floor(full_warm_ns(cell))) {
            extend(&warm, (double)lengths[i].warm_ns / 1e9);
            extend(&warm_full, full_warm_ns(cell) / 1e9);
        }
    }
    add_cut(s, "iterations of a restart", &n, &n_full, 0);
    add_cut(s, "seconds of warm-up", &warm, &warm_full, 2);
}

/* A budget in which `restarts` with these least lengths end, in whole seconds; low NULL: with full
 * lengths. */
static void add_needed(const struct doubt_plan_request *request, const struct doubt_plan *plan,
                       int32_t restarts, const struct bottom *low, struct doubt_str *s)
{
    char text[64];
    double needed = (double)plan->begun_ns;
    for (size_t i = 0; i < request->cell_count; i++)
        if (request->cells[i].active)
            needed += restarts * restart_with(request, i, low == NULL ? INFINITY : 0,
                                              low == NULL ? &least : low);
    needed /= 1 - reserve;
    doubt_units_format_duration((int64_t)(ceil(needed / 1e9) * 1e9), text, sizeof text);
    doubt_str_add(s, text);
}

static bool has_enough(const struct doubt_plan_request *request, const struct doubt_plan *plan,
                       const struct doubt_plan_length *lengths)
{
    bool enough = plan->restarts >= fewest_restarts(request);
    for (size_t i = 0; i < request->cell_count; i++)
        if (is_row(&request->cells[i]) && request->iterations == 0 &&
            lengths[i].iterations < DOUBT_ANALYZE_ITERATIONS_MIN)
            enough = false;
    return enough;
}

static void describe(const struct doubt_plan_request *request,
                     const struct doubt_plan_length *lengths, struct doubt_plan *plan)
{
    struct doubt_str s;
    int32_t most = most_restarts(request);
    int32_t wanted = most < DOUBT_PLAN_RESTARTS ? most : DOUBT_PLAN_RESTARTS;
    plan->cut[0] = '\0';
    plan->enough = true;
    if (request->budget_ns <= 0)
        return;
    plan->enough = has_enough(request, plan, lengths);
    doubt_str_init(&s, 2048);
    if (plan->restarts < wanted)
        doubt_str_addf(&s, "restarts to %d (of %d)", (int)plan->restarts, (int)wanted);
    add_lengths(request, lengths, &s);
    if (s.len > 0) {
        doubt_str_add(&s, "; nothing is cut from a budget of ");
        add_needed(request, plan, wanted, NULL, &s);
        if (!plan->enough) {
            doubt_str_addf(&s, ", and %d restarts of %d iterations need ",
                           (int)fewest_restarts(request), DOUBT_ANALYZE_ITERATIONS_MIN);
            add_needed(request, plan, fewest_restarts(request), &findable, &s);
        }
    }
    doubt_str_copy(plan->cut, sizeof plan->cut, doubt_str_text(&s));
    doubt_str_free(&s);
}

/* --- plans --------------------------------------------------------------------------------- */

static enum doubt_code check_request(const struct doubt_plan_request *request,
                                     struct doubt_err *err)
{
    size_t active = 0;
    for (size_t i = 0; i < request->cell_count; i++) {
        const struct doubt_plan_cell *cell = &request->cells[i];
        active += cell->active;
        if (cell->start_ns < 0 || !(cell->iteration_ns > 0 && cell->iteration_ns < 1e15))
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "cell %zu takes %lld ns to start and %g ns an iteration; a start "
                                 "of at least 0 and an iteration above 0 are accepted",
                                 i, (long long)cell->start_ns, cell->iteration_ns);
    }
    if (active == 0)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "there is no cell left to be measured");
    if (request->budget_ns < 0 || request->spent_ns < 0 || request->restarts_max < 0 ||
        request->iterations < 0 || request->warm_ns < 0)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "a negative bound was given to the plan");
    return DOUBT_OK;
}

enum doubt_code doubt_plan_make(const struct doubt_plan_request *request, struct doubt_plan *plan,
                                struct doubt_plan_length *lengths, struct doubt_err *err)
{
    enum doubt_code code = check_request(request, err);
    if (code != DOUBT_OK)
        return code;
    memset(plan, 0, sizeof *plan);
    plan->begun_ns = request->spent_ns;
    plan->restarts = choose_restarts(request, lengths);
    choose_looks(request, plan);
    describe(request, lengths, plan);
    return DOUBT_OK;
}

/* Shorter lengths up to so many restarts; none grows. */
static void shorten(const struct doubt_plan_request *request, int32_t restarts,
                    struct doubt_plan_length *lengths)
{
    double sample_ns = fmax(0, fit_sample_ns(request, restarts, &least));
    for (size_t i = 0; i < request->cell_count; i++) {
        struct doubt_plan_length length;
        set_length(request, i, sample_ns, &least, &length);
        if (length.iterations < lengths[i].iterations)
            lengths[i].iterations = length.iterations;
        if (length.warm_ns < lengths[i].warm_ns)
            lengths[i].warm_ns = length.warm_ns;
    }
}

/* The cell that is ahead. */
static int32_t most_done(const struct doubt_plan_request *request)
{
    int32_t most = 0;
    for (size_t i = 0; i < request->cell_count; i++)
        if (request->cells[i].active && request->cells[i].done > most)
            most = request->cells[i].done;
    return most;
}

void doubt_plan_revise(const struct doubt_plan_request *request, struct doubt_plan *plan,
                       struct doubt_plan_length *lengths)
{
    int32_t most = most_restarts(request), fewest = fewest_restarts(request);
    int32_t limit = plan->restarts > DOUBT_PLAN_RESTARTS ? plan->restarts : DOUBT_PLAN_RESTARTS;
    int32_t done = most_done(request);
    if (request->budget_ns <= 0 || done < 1)
        return;
    limit = limit < most ? limit : most;
    if (done < fewest && (double)doubt_plan_rest_ns(request, fewest, lengths) > left_ns(request))
        shorten(request, fewest, lengths);
    plan->restarts = restarts_within(request, lengths, 0, limit);
    if (plan->restarts < done && plan->restarts < fewest)
        plan->restarts = done < fewest ? done : fewest;
    describe(request, lengths, plan);
}

bool doubt_plan_lengthen(const struct doubt_plan_request *request, size_t index, int64_t iterations,
                         struct doubt_plan_length *lengths)
{
    int64_t before = lengths[index].iterations;
    lengths[index].iterations = iterations;
    if ((double)doubt_plan_rest_ns(request, fewest_restarts(request), lengths) <= left_ns(request))
        return true;
    lengths[index].iterations = before;
    return false;
}

/* plan.c: see plan.h. */
#include "measure/plan.h"

#include "util/str.h"
#include "util/units.h"
#include "util/whole.h"
#include <math.h>
#include <string.h>

static const double sample_full_ns = 2e9;
static const double warm_full_ns = 1e9;
enum { WARM_ITERATIONS_FULL = 10, WARM_ITERATIONS_LEAST = 2 };
static const double warm_least_ns = 50e6;
/* Warm-up and samples of a tenth of the start each take at most one restart in six. */
static const double share_of_start = 0.1;
/* A row does not go without a verdict to spare less than this share of its restart. */
static const double next_to_nothing = 0.03;
/* Restarts are made shorter down to this much sampling before they are made fewer than 20. */
#define COMFORT_NS 1e9
enum { COMFORT_ITERATIONS = 60, LAST_LOOK = 80 /* before the end */ };
/* Where inferences are fast, enough iterations for a verdict are those of this time. */
#define FINDABLE_NS 0.1e9
#define WARM_SHARE_FULL (1.0 / 3)
/* Of the cell that measures the cost of measuring. */
static const double hidden_warm_ns = 10e6, hidden_sample_ns = 0.5e9;
/* Kept back for the end of the series and for restarts slower than foreseen. */
static const double reserve = 0.015;
static const double alpha = 0.05;
static const double longest_ns = 1e16; /* of a restart, whatever an engine tells */

/* What a length may not fall below. */
struct bottom {
    int64_t iterations;
    double sample_ns;
};

static const struct bottom comfortable = {COMFORT_ITERATIONS, COMFORT_NS};
static const struct bottom findable = {0, FINDABLE_NS}; /* and what a verdict takes */
static const struct bottom least = {DOUBT_PLAN_ITERATIONS_LEAST, 0};

/* What the lengths of all cells follow from. */
struct terms {
    const struct bottom *low;
    /* Iterations times the root of the time of one, in root ns. A mean's relative variance goes
     * with 1 / iterations; among all divisions of a sampling time over cells that vary alike, the
     * one with equal depths has the smallest sum of variances. */
    double depth;
    double warm_share; /* of a cut restart's sampling */
    double slowest_ns; /* cells with a slower iteration get the least there is */
    const struct doubt_plan_length *limits; /* one for each cell; NULL: none */
    int64_t enough;                         /* iterations for a verdict with so many restarts */
};

/* Numbers of restarts, both ends included. */
struct restart_range {
    int32_t low, high;
};

static const struct terms full_terms = {&least, INFINITY, WARM_SHARE_FULL, INFINITY, NULL, 0};

/* The shortest lengths with which so many restarts give a verdict. */
static struct terms enough_terms(int32_t restarts)
{
    struct terms terms = {&findable, 0,    0,
                          INFINITY,  NULL, doubt_analyze_iterations_min((size_t)restarts)};
    return terms;
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static int64_t smallest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int32_t fewer(int32_t a, int32_t b)
{
    return a < b ? a : b;
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

/* Not below this, however short the restart; at most the whole one. */
static double bottom_warm_ns(const struct doubt_plan_cell *cell)
{
    double bottom = fmax(warm_least_ns, WARM_ITERATIONS_LEAST * cell->iteration_ns);
    return fmin(fmax(bottom, share_of_start * (double)cell->start_ns), full_warm_ns(cell));
}

/* Of a row that gets no more than the least: still enough where that is next to nothing. */
static double least_iterations(const struct doubt_plan_cell *cell, double enough)
{
    double shortest_ns = (double)cell->start_ns + bottom_warm_ns(cell) +
                         DOUBT_PLAN_ITERATIONS_LEAST * cell->iteration_ns;
    double more_ns = (enough - DOUBT_PLAN_ITERATIONS_LEAST) * cell->iteration_ns;
    return more_ns <= next_to_nothing * shortest_ns ? enough : DOUBT_PLAN_ITERATIONS_LEAST;
}

/* Does this cell get no more than the least? */
static bool is_short(const struct doubt_plan_request *request, size_t i, const struct terms *terms)
{
    return request->cells[i].iteration_ns > terms->slowest_ns ||
           (terms->limits != NULL && terms->limits[i].iterations < terms->enough);
}

static double iterations_for(const struct doubt_plan_request *request, size_t i,
                             const struct terms *terms)
{
    const struct doubt_plan_cell *cell = &request->cells[i];
    double full = full_iterations(cell);
    if (cell->hidden)
        return full;
    if (is_short(request, i, terms))
        return fmin(full, least_iterations(cell, (double)terms->enough));
    double bottom_ns = fmax(terms->low->sample_ns, share_of_start * (double)cell->start_ns);
    double bottom = fmax((double)terms->low->iterations, floor(bottom_ns / cell->iteration_ns));
    bottom = fmax(bottom, (double)terms->enough);
    return clamp(floor(terms->depth / sqrt(cell->iteration_ns)), fmin(bottom, full), full);
}

static void set_length(const struct doubt_plan_request *request, size_t i,
                       const struct terms *terms, struct doubt_plan_length *length)
{
    const struct doubt_plan_cell *cell = &request->cells[i];
    double n = iterations_for(request, i, terms), warm = full_warm_ns(cell);
    if (n < full_iterations(cell))
        warm = clamp(n * cell->iteration_ns * terms->warm_share, bottom_warm_ns(cell), warm);
    struct doubt_plan_length chosen = {doubt_whole(n), doubt_whole(warm)};
    if (request->iterations > 0 && !cell->hidden)
        chosen.iterations = request->iterations;
    if (request->warm_ns > 0 && !cell->hidden)
        chosen.warm_ns = request->warm_ns;
    if (terms->limits != NULL) {
        chosen.iterations = smallest(chosen.iterations, terms->limits[i].iterations);
        chosen.warm_ns = smallest(chosen.warm_ns, terms->limits[i].warm_ns);
    }
    *length = chosen;
}

static void set_lengths(const struct doubt_plan_request *request, const struct terms *terms,
                        struct doubt_plan_length *lengths)
{
    for (size_t i = 0; i < request->cell_count; i++)
        set_length(request, i, terms, &lengths[i]);
}

int64_t doubt_plan_restart_ns(const struct doubt_plan_cell *cell,
                              const struct doubt_plan_length *length)
{
    double warm = fmax((double)length->warm_ns, cell->iteration_ns);
    double rest = warm + (double)length->iterations * cell->iteration_ns;
    return cell->start_ns + doubt_whole(fmin(rest, longest_ns));
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
        sum = doubt_whole_sum(
            sum, doubt_whole_product(to_do(&request->cells[i], restarts),
                                     doubt_plan_restart_ns(&request->cells[i], &lengths[i])));
    return sum;
}

/* A restart of a length by these terms. */
static double restart_with(const struct doubt_plan_request *request, size_t i,
                           const struct terms *terms)
{
    struct doubt_plan_length length;
    set_length(request, i, terms, &length);
    return (double)doubt_plan_restart_ns(&request->cells[i], &length);
}

/* doubt_plan_rest_ns() with such lengths. */
static double rest_with(const struct doubt_plan_request *request, int32_t restarts,
                        const struct terms *terms)
{
    double sum = 0;
    for (size_t i = 0; i < request->cell_count; i++)
        sum += to_do(&request->cells[i], restarts) * restart_with(request, i, terms);
    return sum;
}

/* Of the budget, up to its very end. */
static double end_ns(const struct doubt_plan_request *request)
{
    double left = (double)request->budget_ns - (double)request->spent_ns;
    return request->budget_ns > 0 ? fmax(left, 0) : INFINITY;
}

/* The same, less what is kept back. */
static double left_ns(const struct doubt_plan_request *request)
{
    double left = (double)request->budget_ns * (1 - reserve) - (double)request->spent_ns;
    return request->budget_ns > 0 ? fmax(left, 0) : INFINITY;
}

/* The depth at which every cell has its full length. */
static double greatest_depth(const struct doubt_plan_request *request)
{
    double most = 0;
    for (size_t i = 0; i < request->cell_count; i++)
        most = fmax(most, (full_iterations(&request->cells[i]) + 1) *
                              sqrt(request->cells[i].iteration_ns));
    return most;
}

/* Raises one of the terms, from 0, as far as `restarts` of each cell fit into the time. */
static void raise_term(const struct doubt_plan_request *request, int32_t restarts, double left,
                       struct terms *terms, double *term)
{
    double fits = 0, fails = *term;
    if (rest_with(request, restarts, terms) <= left)
        return;
    for (int step = 0; step < 50; step++) {
        *term = (fits + fails) / 2;
        if (rest_with(request, restarts, terms) > left)
            fails = *term;
        else
            fits = *term;
    }
    *term = fits;
}

/* The slowest iteration of a row below a bound; 0 when there is none. */
static double next_slowest_ns(const struct doubt_plan_request *request, double bound_ns)
{
    double slowest = 0;
    for (size_t i = 0; i < request->cell_count; i++) {
        const struct doubt_plan_cell *cell = &request->cells[i];
        if (!cell->hidden && cell->active && cell->iteration_ns < bound_ns)
            slowest = fmax(slowest, cell->iteration_ns);
    }
    return slowest;
}

/* Is this a row whose length is not the user's wish? */
static bool is_row(const struct doubt_plan_cell *cell)
{
    return !cell->hidden && cell->active;
}

/* Rows that get enough for a verdict, or what was asked for. */
static int32_t rows_with(const struct doubt_plan_request *request, const struct terms *terms)
{
    int32_t rows = 0;
    for (size_t i = 0; i < request->cell_count; i++)
        rows +=
            is_row(&request->cells[i]) && (request->iterations > 0 || !is_short(request, i, terms));
    return rows;
}

/* The shortest lengths above terms->low, but no more than the least for the slowest rows, as few of
 * them as must be for each cell to get to `restarts` in the time. False, and the least for all,
 * when not even that fits. */
static bool spare_rows(const struct doubt_plan_request *request, int32_t restarts, double left,
                       struct terms *terms)
{
    bool fits = false;
    terms->depth = terms->warm_share = 0;
    terms->slowest_ns = next_slowest_ns(request, INFINITY);
    while (!(fits = rest_with(request, restarts, terms) <= left) && terms->slowest_ns > 0)
        terms->slowest_ns = next_slowest_ns(request, terms->slowest_ns);
    return fits;
}

/* Lengthens what spare_rows() made as far as it fits: first to a whole warm-up, then in depth. */
static void stretch(const struct doubt_plan_request *request, int32_t restarts, double left,
                    struct terms *terms)
{
    terms->warm_share = WARM_SHARE_FULL;
    raise_term(request, restarts, left, terms, &terms->warm_share);
    if (terms->warm_share < WARM_SHARE_FULL)
        return;
    terms->depth = greatest_depth(request);
    raise_term(request, restarts, left, terms, &terms->depth);
}

/* --- restarts ------------------------------------------------------------------------------ */

static int32_t most_restarts(const struct doubt_plan_request *request)
{
    return request->restarts_max > 0 ? request->restarts_max : DOUBT_PLAN_RESTARTS;
}

static int32_t fewest_restarts(const struct doubt_plan_request *request)
{
    return fewer(most_restarts(request), DOUBT_PLAN_RESTARTS_MIN);
}

/* Fewer give no verdict. */
static int32_t lowest_restarts(const struct doubt_plan_request *request)
{
    int32_t asked = request->restarts_least;
    return fewer(fewest_restarts(request), asked > 0 ? asked : DOUBT_ANALYZE_RESTARTS_MIN);
}

/* The time for so many restarts, terms->low and lengths so far given: what is kept back is spent
 * where rows would otherwise lose what they have. */
static double time_for(const struct doubt_plan_request *request, int32_t restarts,
                       const struct terms *terms)
{
    struct terms enough = enough_terms(restarts);
    enough.limits = terms->limits;
    if (terms->limits == NULL)
        return left_ns(request);
    return fmax(left_ns(request), fmin(end_ns(request), rest_with(request, restarts, &enough)));
}

/* Rows that can have a verdict with so many restarts; -1: these do not fit at all. */
static int32_t rows_at(const struct doubt_plan_request *request, int32_t restarts,
                       struct terms *terms)
{
    terms->enough = doubt_analyze_iterations_min((size_t)restarts);
    double time_ns = time_for(request, restarts, terms);
    return spare_rows(request, restarts, time_ns, terms) ? rows_with(request, terms) : -1;
}

/* The most restarts from low to high with which so many rows can; low when none are. */
static int32_t most_with(const struct doubt_plan_request *request,
                         const struct restart_range *range, int32_t rows, struct terms *terms)
{
    int32_t restarts = range->high;
    while (restarts > range->low && rows_at(request, restarts, terms) < rows)
        restarts--;
    return restarts;
}

/* How many restarts, up to `high`, where time is short: as many as the method asks, when all rows
 * can then have a verdict. Else fewer, down to DOUBT_PLAN_RESTARTS_ALL, when with these all can;
 * else rows are spared, as long as half of them keep their verdict; else the number with which most
 * rows can, of these and the fewest for one. Where no row can, the most that fit, or 1. */
static int32_t weigh_restarts(const struct doubt_plan_request *request, int32_t high,
                              struct terms *terms)
{
    int32_t fewest = fewest_restarts(request), lowest = lowest_restarts(request);
    int32_t fair = fewer(fewest, DOUBT_PLAN_RESTARTS_ALL);
    struct restart_range whole = {fewest, high}, below = {fair > lowest ? fair : lowest, high};
    terms->slowest_ns = INFINITY;
    int32_t all = rows_with(request, terms);
    int32_t rows = high < fewest ? -1 : rows_at(request, fewest, terms);
    if (rows == all)
        return most_with(request, &whole, all, terms);
    if (below.low <= high && rows_at(request, below.low, terms) == all)
        return most_with(request, &below, all, terms);
    if (2 * rows >= all)
        return most_with(request, &whole, rows, terms);
    below.low = lowest;
    int32_t rows_lowest = lowest <= high ? rows_at(request, lowest, terms) : -1;
    if (rows_lowest > 0 && rows_lowest > rows)
        return most_with(request, &below, rows_lowest, terms);
    below.low = 1;
    return rows > 0 ? most_with(request, &whole, rows, terms)
                    : most_with(request, &below, 0, terms);
}

/* Lengths for as many restarts as weigh_restarts() chose, which it gives. limits: lengths that none
 * may exceed, which may be the same array; NULL: none. */
static int32_t share_out(const struct doubt_plan_request *request, int32_t high,
                         const struct doubt_plan_length *limits, struct doubt_plan_length *lengths)
{
    struct terms terms = enough_terms(high);
    terms.limits = limits;
    int32_t restarts = weigh_restarts(request, high, &terms);
    terms.enough = doubt_analyze_iterations_min((size_t)restarts);
    double time_ns = time_for(request, restarts, &terms);
    if (spare_rows(request, restarts, time_ns, &terms))
        stretch(request, restarts, time_ns, &terms);
    set_lengths(request, &terms, lengths);
    return restarts;
}

/* The most restarts of each cell that fit into the time, between low and high. */
static int32_t restarts_within(const struct doubt_plan_request *request,
                               const struct doubt_plan_length *lengths, double left, int32_t low,
                               int32_t high)
{
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
    int32_t wanted = fewer(most, DOUBT_PLAN_RESTARTS);
    struct terms terms = full_terms;
    double left = left_ns(request);
    set_lengths(request, &terms, lengths);
    int32_t restarts = restarts_within(request, lengths, left, 0, most);
    if (restarts >= wanted)
        return restarts;
    terms.low = &comfortable;
    terms.depth = 0;
    set_lengths(request, &terms, lengths);
    restarts = restarts_within(request, lengths, left, fewest, wanted);
    restarts = share_out(request, restarts, NULL, lengths);
    return restarts_within(request, lengths, left, restarts, wanted);
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
    plan->level = doubt_plan_level(plan->looks, request->family);
}

double doubt_plan_level(int32_t looks, int32_t family)
{
    return alpha / looks / (family > 0 ? family : 1);
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

/* A budget in which `restarts` of lengths by these terms end, in whole seconds. */
static int64_t needed_ns(const struct doubt_plan_request *request, const struct doubt_plan *plan,
                         int32_t restarts, const struct terms *terms)
{
    double needed = (double)plan->begun_ns;
    for (size_t i = 0; i < request->cell_count; i++)
        if (request->cells[i].active)
            needed += restarts * restart_with(request, i, terms);
    needed /= 1 - reserve;
    return doubt_whole(ceil(needed / 1e9) * 1e9);
}

/* The same for the shortest with which so many restarts give a verdict. */
static int64_t verdict_ns(const struct doubt_plan_request *request, const struct doubt_plan *plan,
                          int32_t restarts)
{
    const struct terms enough = enough_terms(restarts);
    return needed_ns(request, plan, restarts, &enough);
}

static void add_duration(int64_t ns, struct doubt_str *s)
{
    char text[64];
    doubt_units_format_duration(ns, text, sizeof text);
    doubt_str_add(s, text);
}

/* Can all rows, or any of them, have a verdict with these lengths and so many restarts? */
static void judge_lengths(const struct doubt_plan_request *request,
                          const struct doubt_plan_length *lengths, struct doubt_plan *plan,
                          bool *any)
{
    plan->enough = plan->restarts >= fewest_restarts(request);
    *any = false;
    int64_t least_n = doubt_analyze_iterations_min((size_t)plan->restarts);
    for (size_t i = 0; i < request->cell_count; i++) {
        bool enough = request->iterations > 0 || lengths[i].iterations >= least_n;
        if (!is_row(&request->cells[i]))
            continue;
        plan->enough = plan->enough && enough;
        *any = *any || enough;
    }
    *any = *any && plan->restarts >= lowest_restarts(request) &&
           (double)doubt_plan_rest_ns(request, plan->restarts, lengths) <= end_ns(request);
}

/* Budgets with room for more: for all that the method asks, and for any verdict at all. */
static void add_needs(const struct doubt_plan_request *request, const struct doubt_plan *plan,
                      struct doubt_str *s)
{
    int32_t fewest = fewest_restarts(request), lowest = lowest_restarts(request);
    if (plan->enough)
        return;
    int64_t whole_ns = verdict_ns(request, plan, fewest);
    doubt_str_add(s, ", one of ");
    add_duration(whole_ns, s);
    doubt_str_addf(s, " has room for %d restarts", (int)fewest);
    if (request->iterations == 0)
        doubt_str_addf(s, " of at least %d iterations",
                       (int)doubt_analyze_iterations_min((size_t)fewest));
    if (plan->least_budget_ns == 0 || plan->least_budget_ns >= whole_ns)
        return;
    doubt_str_add(s, ", and one of ");
    add_duration(plan->least_budget_ns, s);
    if (request->iterations == 0)
        doubt_str_addf(s, " for %d of at least %d", (int)lowest,
                       (int)doubt_analyze_iterations_min((size_t)lowest));
    else
        doubt_str_addf(s, " for the %d that a verdict takes", (int)lowest);
}

/* For a verdict on all rows: with the fewest restarts for one, or with more and shorter ones. */
static int64_t least_budget_ns(const struct doubt_plan_request *request,
                               const struct doubt_plan *plan)
{
    int64_t few_ns = verdict_ns(request, plan, lowest_restarts(request));
    int64_t whole_ns = verdict_ns(request, plan, fewest_restarts(request));
    return few_ns < whole_ns ? few_ns : whole_ns;
}

static void describe(const struct doubt_plan_request *request,
                     const struct doubt_plan_length *lengths, struct doubt_plan *plan)
{
    struct doubt_str s;
    int32_t wanted = fewer(most_restarts(request), DOUBT_PLAN_RESTARTS);
    bool any;
    plan->cut[0] = '\0';
    plan->least_budget_ns = 0;
    plan->enough = true;
    if (request->budget_ns <= 0)
        return;
    judge_lengths(request, lengths, plan, &any);
    if (!any)
        plan->least_budget_ns = least_budget_ns(request, plan);
    doubt_str_init(&s, 2048);
    if (plan->restarts < wanted)
        doubt_str_addf(&s, "restarts to %d (of %d)", (int)plan->restarts, (int)wanted);
    add_lengths(request, lengths, &s);
    if (s.len > 0) {
        doubt_str_add(&s, "; nothing is cut from a budget of ");
        add_duration(needed_ns(request, plan, wanted, &full_terms), &s);
        add_needs(request, plan, &s);
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
        request->restarts_least < 0 || request->iterations < 0 || request->warm_ns < 0 ||
        request->family < 0)
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

/* The cell that is ahead. */
static int32_t most_done(const struct doubt_plan_request *request)
{
    int32_t most = 0;
    for (size_t i = 0; i < request->cell_count; i++)
        if (request->cells[i].active && request->cells[i].done > most)
            most = request->cells[i].done;
    return most;
}

/* Restarts that were cut at the outset are not asked for again at the cost of a row; what becomes
 * free makes them more. */
void doubt_plan_revise(const struct doubt_plan_request *request, struct doubt_plan *plan,
                       struct doubt_plan_length *lengths)
{
    int32_t most = most_restarts(request), fewest = fewest_restarts(request);
    int32_t limit = plan->restarts > DOUBT_PLAN_RESTARTS ? plan->restarts : DOUBT_PLAN_RESTARTS;
    int32_t done = most_done(request), aim = fewer(plan->restarts, fewest);
    if (request->budget_ns <= 0 || done < 1)
        return;
    if (aim < lowest_restarts(request))
        aim = lowest_restarts(request);
    if (done < aim && (double)doubt_plan_rest_ns(request, aim, lengths) > left_ns(request))
        share_out(request, aim, lengths, lengths);
    plan->restarts = restarts_within(request, lengths, left_ns(request), 0, fewer(limit, most));
    if (plan->restarts < fewest)
        plan->restarts = restarts_within(request, lengths, end_ns(request), 0, fewest);
    if (plan->restarts < done && plan->restarts < fewest)
        plan->restarts = fewer(done, fewest);
    describe(request, lengths, plan);
}

bool doubt_plan_lengthen(const struct doubt_plan_request *request, const struct doubt_plan *plan,
                         size_t index, int64_t iterations, struct doubt_plan_length *lengths)
{
    int64_t before = lengths[index].iterations;
    int32_t kept = fewer(plan->restarts, fewest_restarts(request));
    lengths[index].iterations = iterations;
    bool room = kept >= lowest_restarts(request) &&
                (double)doubt_plan_rest_ns(request, kept, lengths) <= left_ns(request);
    lengths[index].iterations = room ? iterations : before;
    return room;
}

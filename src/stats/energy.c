/* energy.c: energy from a power sensor or a counter, with a bound on its error.
 *
 * A unit of work is one window on one sensor's readings. The bound is a bound, not an interval: add
 * it to both sides of one.
 *
 * Sources: the trapezoid's error on functions of bounded variation, at most half a step times the
 * variation; Yang, Adamek & Armour 2024 for delay and update period of power sensors.
 */
#include "stats/stats_int.h"
#include <math.h>

static enum doubt_code check_times(const int64_t *time_ns, size_t n, struct doubt_err *err)
{
    size_t i;

    if (n < 2)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "energy: %zu readings given, at least 2 needed",
                             n);
    for (i = 1; i < n; i++)
        if (time_ns[i] <= time_ns[i - 1])
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "energy: reading %zu is not later than the one before it", i + 1);
    return DOUBT_OK;
}

/* --- power sensor -------------------------------------------------------------------------- */

static enum doubt_code check_window(const struct doubt_power *power,
                                    const struct doubt_energy_window *window, struct doubt_err *err)
{
    const double from = (double)window->from_ns + (double)window->delay_ns;
    const double to = (double)window->to_ns + (double)window->delay_ns;
    const double first = (double)power->time_ns[0] - (double)window->update_ns;
    const double last = (double)power->time_ns[power->n - 1] + (double)window->update_ns;

    if (!(window->to_ns > window->from_ns && window->delay_ns >= 0 && window->update_ns >= 0))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "energy: window of %g s, delay %g s, update period %g s; accepted are "
                             "a window above 0 and the others from 0",
                             ((double)window->to_ns - (double)window->from_ns) / 1e9,
                             (double)window->delay_ns / 1e9, (double)window->update_ns / 1e9);
    if (!(isfinite(window->idle_watts) && window->gain_bound >= 0 && window->offset_watts >= 0 &&
          isfinite(window->gain_bound) && isfinite(window->offset_watts)))
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "energy: idle power %g W, gain bound %g, offset %g W; accepted are "
                             "finite numbers, the bounds from 0",
                             window->idle_watts, window->gain_bound, window->offset_watts);
    if (first <= from && to <= last)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "energy: the readings leave out %g s at the start and %g s at the end of "
                         "the window; read from before it until after it",
                         fmax(0, (first - from) / 1e9), fmax(0, (to - last) / 1e9));
}

/* Power at a time, straight between readings and level beyond them; i: the reading before it. */
static double power_at(const struct doubt_power *power, size_t i, int64_t at)
{
    const int64_t *time = power->time_ns;
    double share;

    if (at <= time[0])
        return power->watts[0];
    if (i + 1 >= power->n)
        return power->watts[power->n - 1];
    share = (double)(at - time[i]) / (double)(time[i + 1] - time[i]);
    return power->watts[i] + share * (power->watts[i + 1] - power->watts[i]);
}

struct integral {
    struct doubti_sum joules, bound;
    double largest;
};

/* Adds the piece of the window between reading i and the next. */
static void add_piece(const struct doubt_power *power, size_t i, int64_t from, int64_t to,
                      struct integral *sum)
{
    const double a = power_at(power, i, from), b = power_at(power, i, to);
    const double seconds = (double)(to - from) / 1e9;

    doubti_add(&sum->joules, 0.5 * (a + b) * seconds);
    if (i + 1 < power->n)
        doubti_add(&sum->bound, 0.5 * seconds * fabs(power->watts[i + 1] - power->watts[i]));
    sum->largest = fmax(sum->largest, fmax(a, b));
}

enum doubt_code doubt_energy_integrate(const struct doubt_power *power,
                                       const struct doubt_energy_window *window,
                                       struct doubt_energy *out, struct doubt_err *err)
{
    enum doubt_code code = check_times(power->time_ns, power->n, err);
    struct integral sum = {{0, 0}, {0, 0}, -INFINITY};
    int64_t at, to;
    double seconds;
    size_t i = 0;

    if (code == DOUBT_OK)
        code = doubti_check_values(power->watts, power->n, 2, "power readings", err);
    if (code == DOUBT_OK)
        code = check_window(power, window, err);
    if (code != DOUBT_OK)
        return code;
    at = window->from_ns + window->delay_ns;
    to = window->to_ns + window->delay_ns;
    while (at < to) {
        int64_t end = to;

        while (i + 1 < power->n && power->time_ns[i + 1] <= at)
            i++;
        if (at < power->time_ns[0] && power->time_ns[0] < end)
            end = power->time_ns[0];
        else if (at >= power->time_ns[0] && i + 1 < power->n && power->time_ns[i + 1] < end)
            end = power->time_ns[i + 1];
        add_piece(power, i, at, end, &sum);
        at = end;
    }
    seconds = (double)(window->to_ns - window->from_ns) / 1e9;
    out->joules = doubti_total(&sum.joules);
    out->mean_watts = out->joules / seconds;
    out->bound_joules =
        doubti_total(&sum.bound) +
        2 * (double)window->update_ns / 1e9 * fmax(0, sum.largest - window->idle_watts) +
        window->gain_bound * fabs(out->joules) + window->offset_watts * seconds;
    return DOUBT_OK;
}

/* --- counter ------------------------------------------------------------------------------- */

enum doubt_code doubt_energy_count(const struct doubt_counter *counter, struct doubt_energy *out,
                                   struct doubt_err *err)
{
    enum doubt_code code = check_times(counter->time_ns, counter->n, err);
    const uint64_t mask = counter->bits >= 64 ? UINT64_MAX : (UINT64_C(1) << counter->bits) - 1;
    const double update = (double)counter->update_ns / 1e9;
    double total = 0, largest = 0, seconds;
    size_t i;

    if (code != DOUBT_OK)
        return code;
    if (counter->bits < 1 || counter->bits > 64 || !(counter->unit_joules > 0) ||
        !isfinite(counter->unit_joules) || counter->update_ns < 0)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "energy counter of %u bits, unit %g J, update period %g s; accepted "
                             "are 1 to 64 bits, a unit above 0, a period from 0",
                             counter->bits, counter->unit_joules, update);
    for (i = 1; i < counter->n; i++) {
        const uint64_t step = (counter->counts[i] - counter->counts[i - 1]) & mask;
        const double length = (double)(counter->time_ns[i] - counter->time_ns[i - 1]) / 1e9;

        total += (double)step;
        largest = fmax(largest, (double)step * counter->unit_joules / fmax(length, update));
    }
    seconds = (double)(counter->time_ns[counter->n - 1] - counter->time_ns[0]) / 1e9;
    out->joules = total * counter->unit_joules;
    out->mean_watts = out->joules / seconds;
    out->bound_joules = 2 * update * fmax(largest, out->mean_watts) + counter->unit_joules;
    return DOUBT_OK;
}

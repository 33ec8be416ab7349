/* judge.c: from what was measured elsewhere to a verdict. See judge.h. */
#include "cli/judge.h"

#include "cli/cmd.h"
#include <doubt/stats.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double alpha = 0.05;
/* As for series of doubt itself. */
enum { RESTARTS_MIN = 5, RESTARTS_MOST = 80, TEXT_MAX = 80 };
static const double drift_level = 0.01;

/* --- reading -------------------------------------------------------------------------------- */

enum doubt_code doubt_judge_parse_pair(const char *text, const struct doubt_values_how *how,
                                       const struct doubt_figure_options *options,
                                       struct doubt_judge_row *row, struct doubt_err *err)
{
    /* A ">=" of the claim has the sign too: the first one parts. */
    const char *sign = strchr(text, '=');
    if (sign == NULL || sign == text || sign[1] == '\0')
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--pair %.80s: a measured value and a claim are needed, such as "
                             "27.8128ms=36FPS",
                             text);
    char *measured = strndup(text, (size_t)(sign - text));
    if (measured == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for --pair");
    doubt_str_copy(row->claim_text, sizeof row->claim_text, sign + 1);
    enum doubt_code code = doubt_figure_parse(sign + 1, options, &row->claim, err);
    if (code == DOUBT_OK)
        code = doubt_values_parse_list(measured, how, &row->values, err);
    free(measured);
    return code;
}

/* A figure typed in an option, whose unit may be left out: then that of the measured value. */
struct typed {
    const char *text;
    size_t size;
    bool decimal_comma;
};

static enum doubt_code read_typed(const struct typed *typed, const struct doubt_figure *measured,
                                  struct doubt_figure *figure, struct doubt_err *err)
{
    char full[TEXT_MAX + sizeof measured->unit + 4];
    const char *text = typed->text;
    const struct doubt_figure_options options = {.decimal_comma = typed->decimal_comma};
    size_t last = typed->size <= TEXT_MAX ? typed->size : TEXT_MAX + 1; /* too long stays so */
    while (last > 0 && (text[last - 1] == ' ' || text[last - 1] == '\t'))
        last--;
    bool bare = last > 0 && strchr("0123456789.,", text[last - 1]) != NULL;
    snprintf(full, sizeof full, "%.*s%s%s", (int)last, text, bare ? " " : "",
             bare ? measured->unit : "");
    enum doubt_code code = doubt_figure_parse(full, &options, figure, err);
    if (code == DOUBT_OK && figure->kind != measured->kind)
        code =
            doubt_err_set(err, DOUBT_E_USAGE,
                          "\"%s\" and the measured value are a time and a rate; give both in one "
                          "unit",
                          full);
    return code;
}

/* --- intervals ------------------------------------------------------------------------------ */

/* Times and rates are positive: of an end that is not, nothing is known. */
static double above_zero(double end)
{
    return end > 0 ? end : NAN;
}

/* From a measured time or rate to the claim's kind; decreasing where the kinds differ. */
static double convert(const struct doubt_judge_row *row, double batch, double value)
{
    return row->values.items[0].kind == row->claim.kind ? value : batch * 1e9 / value;
}

/* Values in the claim's kind, with the largest bound of their digits. */
static enum doubt_code convert_values(const struct doubt_judge_how *how,
                                      struct doubt_judge_row *row, double *y, struct doubt_err *err)
{
    row->bound = 0;
    for (size_t i = 0; i < row->values.count; i++) {
        struct doubt_typed typed;
        enum doubt_code code = doubt_figure_as(&row->values.items[i], row->claim.kind,
                                               (double)how->batch, &typed, err);
        if (code != DOUBT_OK)
            return code;
        y[i] = typed.value;
        row->bound = fmax(row->bound, typed.bound);
    }
    return DOUBT_OK;
}

/* Do values in the order of their starts go up or down? */
static enum doubt_code find_drift(const struct doubt_judge_how *how, struct doubt_judge_row *row,
                                  const double *y, struct doubt_err *err)
{
    struct doubt_mann_kendall trend;
    if (how->unordered || row->values.count < RESTARTS_MIN)
        return DOUBT_OK;
    enum doubt_code code = doubt_mann_kendall(y, row->values.count, &trend, err);
    row->drifts = code == DOUBT_OK && trend.p < drift_level;
    if (row->drifts)
        snprintf(row->reason, sizeof row->reason,
                 "the values go %s from first to last (Mann-Kendall p = %.2g): an interval would "
                 "not cover what comes next; --unordered if this is not the order of the starts",
                 trend.s > 0 ? "up" : "down", trend.p);
    return code;
}

static enum doubt_code from_restarts(const struct doubt_judge_how *how, struct doubt_judge_row *row,
                                     const double *y, struct doubt_err *err)
{
    struct doubt_interval interval;
    struct doubt_moments moments;
    enum doubt_code code = doubt_hull_interval(y, row->values.count, row->level, &interval, err);
    if (code == DOUBT_OK)
        code = doubt_moments(y, row->values.count, &moments, err);
    if (code == DOUBT_OK)
        code = find_drift(how, row, y, err);
    if (code != DOUBT_OK)
        return code;
    row->basis = DOUBT_JUDGE_RESTARTS;
    row->value = interval.estimate;
    row->restarts = (double)row->values.count;
    row->sd = sqrt(moments.variance);
    row->lo = above_zero(interval.lo - row->bound);
    row->hi = interval.hi + row->bound;
    return DOUBT_OK;
}

/* "0.35ms", "0.35" or "1.2%", in the measured value's unit; rounded digits count in full. */
static enum doubt_code read_sd(const struct doubt_judge_how *how, const struct doubt_judge_row *row,
                               double *sd, struct doubt_err *err)
{
    const struct doubt_figure *measured = &row->values.items[0];
    struct doubt_figure figure;
    size_t size = strlen(how->sd);
    if (size > 1 && how->sd[size - 1] == '%') {
        double share = 0;
        enum doubt_code code = doubt_values_parse_percent("--sd", how->sd, 1000, &share, err);
        if (code == DOUBT_OK && share <= 0)
            code = doubt_err_set(err, DOUBT_E_USAGE,
                                 "--sd %.80s: a standard deviation is more than 0", how->sd);
        *sd = share * measured->value;
        return code;
    }
    const struct typed typed = {how->sd, size, how->decimal_comma};
    enum doubt_code code = read_typed(&typed, measured, &figure, err);
    *sd = code == DOUBT_OK ? figure.hi : 0;
    if (code != DOUBT_OK)
        doubt_err_prefix(err, "--sd");
    return code;
}

/* Sets lo and hi from an interval in the measured unit; its ends are converted, and change places
 * where the kinds differ. */
static void set_ends(const struct doubt_judge_how *how, struct doubt_judge_row *row, double lo,
                     double hi)
{
    const double batch = (double)how->batch;
    const bool same = row->values.items[0].kind == row->claim.kind;
    const double a = convert(row, batch, above_zero(lo)), b = convert(row, batch, hi);
    row->lo = same ? a : b;
    row->hi = same ? b : a;
}

static enum doubt_code from_summary(const struct doubt_judge_how *how, struct doubt_judge_row *row,
                                    struct doubt_err *err)
{
    const struct doubt_figure *measured = &row->values.items[0];
    double sd = 0, q = 0;
    enum doubt_code code = read_sd(how, row, &sd, err);
    if (code != DOUBT_OK)
        return code;
    row->sd = sd * row->value / measured->value;
    if (how->count == 0)
        return DOUBT_OK;
    code = doubt_t_quantile(1 - row->level / 2, (double)how->count - 1, &q, err);
    if (code != DOUBT_OK)
        return code;
    row->basis = DOUBT_JUDGE_SUMMARY;
    row->restarts = (double)how->count;
    double half = q * sd / sqrt((double)how->count);
    set_ends(how, row, measured->lo - half, measured->hi + half);
    return DOUBT_OK;
}

static enum doubt_code refuse_interval(const char *text, const char *why, struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_USAGE, "--interval %.80s: %s", text, why);
}

static enum doubt_code from_interval(const struct doubt_judge_how *how, struct doubt_judge_row *row,
                                     struct doubt_err *err)
{
    const struct doubt_figure *measured = &row->values.items[0];
    const char *text = how->interval, *dots = strstr(text, "..");
    struct doubt_figure lo = {0}, hi = {0}, unit = *measured;
    if (dots == NULL || dots == text || dots[2] == '\0')
        return refuse_interval(text, "two ends are needed, such as 27.75..27.88ms", err);
    const struct typed first = {text, (size_t)(dots - text), how->decimal_comma};
    const struct typed second = {dots + 2, strlen(dots + 2), how->decimal_comma};
    enum doubt_code code = read_typed(&second, measured, &hi, err);
    if (code == DOUBT_OK) {
        memcpy(unit.unit, hi.unit, sizeof unit.unit);
        code = read_typed(&first, &unit, &lo, err);
    }
    if (code != DOUBT_OK) {
        doubt_err_prefix(err, "--interval");
        return code;
    }
    if (lo.value > hi.value)
        return refuse_interval(text, "the lower end stands first", err);
    if (!(lo.lo <= measured->hi && hi.hi >= measured->lo))
        return refuse_interval(text, "it does not hold the measured value", err);
    row->basis = DOUBT_JUDGE_GIVEN;
    row->level = how->given_level;
    row->bound = 0;
    set_ends(how, row, lo.lo, hi.hi);
    return DOUBT_OK;
}

/* --- what can be said ----------------------------------------------------------------------- */

static bool time_claim(const struct doubt_judge_row *row)
{
    return row->claim.kind == DOUBT_UNIT_TIME;
}

static void set_ratios(struct doubt_judge_row *row)
{
    const double claimed = row->claim.value;
    const bool time = time_claim(row);
    row->ratio = time ? claimed / row->value : row->value / claimed;
    row->ratio_lo = time ? claimed / row->hi : row->lo / claimed;
    row->ratio_hi = time ? claimed / row->lo : row->hi / claimed;
    row->inside = (row->claim.bound == DOUBT_FIGURE_UP_TO || row->value >= row->claim.lo) &&
                  (row->claim.bound == DOUBT_FIGURE_AT_LEAST || row->value < row->claim.hi);
}

/* Restarts until the interval, with what the digits add, is narrower than the way to the nearest
 * edge that binds; and the tolerance that would widen the claim far enough now. */
static enum doubt_code plan(struct doubt_judge_row *row, struct doubt_err *err)
{
    const struct doubt_figure *claim = &row->claim;
    const bool no_lower = claim->bound == DOUBT_FIGURE_UP_TO;
    const bool no_upper = claim->bound == DOUBT_FIGURE_AT_LEAST;
    const double to_lo = no_lower ? INFINITY : fabs(row->value - claim->lo);
    const double to_hi = no_upper ? INFINITY : fabs(claim->hi - row->value);
    const double distance = fmin(to_lo, to_hi) - row->bound;
    const double below = no_lower ? 0 : 1 - row->lo / claim->lo;
    const double above = no_upper ? 0 : row->hi / claim->hi - 1;
    /* An end that is not known lies within no tolerance. */
    if (row->inside && row->basis != DOUBT_JUDGE_NUMBER && !isnan(below) && !isnan(above))
        row->tolerance = fmax(0, fmax(below, above));
    if (!isfinite(row->sd))
        return DOUBT_OK;
    row->needed = INFINITY;
    return distance > 0 ? doubt_plan_restarts(row->sd, distance, row->level, &row->needed, err)
                        : DOUBT_OK;
}

static enum doubt_code find_verdict(struct doubt_judge_row *row, struct doubt_err *err)
{
    if (row->basis == DOUBT_JUDGE_NUMBER) {
        snprintf(row->reason, sizeof row->reason, "no verdict: one number has no error bar");
        return DOUBT_OK;
    }
    row->verdict = DOUBT_INCONCLUSIVE;
    if (row->basis != DOUBT_JUDGE_GIVEN && row->restarts < RESTARTS_MIN)
        snprintf(row->reason, sizeof row->reason, "too few restarts: %.0f, a verdict needs %d",
                 row->restarts, RESTARTS_MIN);
    if (row->reason[0] != '\0')
        return DOUBT_OK;
    enum doubt_code code = doubt_verdict_judge(&row->claim, row->lo, row->hi, &row->verdict, err);
    if (code == DOUBT_OK && row->verdict == DOUBT_INCONCLUSIVE)
        snprintf(row->reason, sizeof row->reason, "the interval reaches over an edge of the claim");
    return code;
}

/* --- a row ---------------------------------------------------------------------------------- */

static void clear_results(struct doubt_judge_row *row)
{
    row->basis = DOUBT_JUDGE_NUMBER;
    row->value = row->lo = row->hi = row->bound = row->sd = row->restarts = NAN;
    row->level = row->ratio = row->ratio_lo = row->ratio_hi = NAN;
    row->needed = row->tolerance = NAN;
    row->inside = row->drifts = false;
    row->verdict = DOUBT_VERDICT_NONE;
    row->reason[0] = '\0';
}

static enum doubt_code find_interval(const struct doubt_judge_how *how, struct doubt_judge_row *row,
                                     const double *y, struct doubt_err *err)
{
    const bool summary = how->sd != NULL || how->interval != NULL;
    row->value = y[0];
    if (row->values.count > 1 && summary)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--%s belongs to one measured value; %zu values are restarts and "
                             "have their own spread",
                             how->sd != NULL ? "sd" : "interval", row->values.count);
    if (row->values.count > 1)
        return from_restarts(how, row, y, err);
    if (how->interval != NULL)
        return from_interval(how, row, err);
    return how->sd != NULL ? from_summary(how, row, err) : DOUBT_OK;
}

enum doubt_code doubt_judge(const struct doubt_judge_how *how, struct doubt_judge_row *row,
                            struct doubt_err *err)
{
    clear_results(row);
    double *y = malloc(row->values.count * sizeof *y);
    if (y == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu values",
                             row->values.count);
    enum doubt_code code =
        doubt_look_level(alpha, (size_t)how->looks, (size_t)how->family, &row->level, err);
    if (code == DOUBT_OK)
        code = convert_values(how, row, y, err);
    if (code == DOUBT_OK)
        code = find_interval(how, row, y, err);
    if (code == DOUBT_OK) {
        set_ratios(row);
        code = find_verdict(row, err);
    }
    if (code == DOUBT_OK)
        code = plan(row, err);
    free(y);
    return code;
}

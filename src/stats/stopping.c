/* stopping.c: does a percentile of latency under load hold?
 *
 * A unit of work is one count of queries (MLPerf LoadGen's rule, kept to reproduce its figures) or
 * one set of runs. Queries of one run wait for each other and are not independent, so only the
 * second is evidence.
 *
 * Sources: MLCommons inference rules, appendix "Early Stopping Criterion", as LoadGen computes it;
 * docs/METHOD.md for what replaces it.
 */
#include "stats/stats_int.h"
#include <math.h>

/* --- LoadGen's rule ------------------------------------------------------------------------ */

static const int64_t most_queries = 1000000000;

static enum doubt_code check_rule(const struct doubt_early_stopping *rule, struct doubt_err *err)
{
    if (rule->percentile > 0 && rule->percentile < 1 && rule->tolerance >= 0 &&
        rule->tolerance < rule->percentile && rule->confidence > 0 && rule->confidence < 1)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "early stopping at percentile %g, tolerance %g, confidence %g: accepted "
                         "are shares between 0 and 1, the tolerance below the percentile",
                         rule->percentile, rule->tolerance, rule->confidence);
}

/* Do h queries within the bound outweigh t over it? */
static enum doubt_code outweighs(const struct doubt_early_stopping *rule, int64_t h, int64_t t,
                                 bool *answer, struct doubt_err *err)
{
    const double within = rule->percentile - rule->tolerance;
    double chance = 1;
    enum doubt_code code = DOUBT_OK;

    if (h > 0)
        code = doubt_beta_cdf(within, (double)h, (double)t + 1, &chance, err);
    *answer = chance < 1 - rule->confidence;
    return code;
}

enum doubt_code doubt_early_stopping_needed(const struct doubt_early_stopping *rule, int64_t t,
                                            int64_t *h, struct doubt_err *err)
{
    enum doubt_code code = check_rule(rule, err);
    int64_t lo = 0, hi = 1;
    bool enough = false;

    if (code != DOUBT_OK)
        return code;
    if (t < 0 || t > most_queries / 10)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "early stopping with %lld queries over the bound: accepted are 0 to "
                             "%lld",
                             (long long)t, (long long)most_queries / 10);
    for (;; lo = hi, hi *= 2) {
        code = outweighs(rule, hi, t, &enough, err);
        if (code != DOUBT_OK || enough)
            break;
    }
    while (code == DOUBT_OK && hi - lo > 1) {
        const int64_t middle = lo + (hi - lo) / 2;

        code = outweighs(rule, middle, t, &enough, err);
        if (enough)
            hi = middle;
        else
            lo = middle;
    }
    if (code == DOUBT_OK)
        *h = hi;
    return code;
}

enum doubt_code doubt_early_stopping_estimate(const struct doubt_early_stopping *rule, int64_t n,
                                              int64_t *t, int64_t *least, struct doubt_err *err)
{
    enum doubt_code code = check_rule(rule, err);
    int64_t lo = 0, hi = n, h = 0;

    if (code != DOUBT_OK)
        return code;
    if (n < 0 || n > most_queries)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "early stopping after %lld queries: accepted are 0 to %lld",
                             (long long)n, (long long)most_queries);
    code = doubt_early_stopping_needed(rule, 1, &h, err);
    while (code == DOUBT_OK && hi - lo > 1) {
        const int64_t middle = lo + (hi - lo) / 2;
        bool enough = false;

        code = outweighs(rule, n - middle, middle, &enough, err);
        if (enough)
            lo = middle;
        else
            hi = middle;
    }
    if (code == DOUBT_OK) {
        *t = lo;
        *least = h + 1;
    }
    return code;
}

/* --- runs as units ------------------------------------------------------------------------- */

static enum doubt_code check_runs(const struct doubt_load_runs *runs, struct doubt_err *err)
{
    enum doubt_code code = doubti_check_values(runs->shares, runs->runs, 2, "runs under load", err);
    size_t i;

    if (code != DOUBT_OK)
        return code;
    for (i = 0; i < runs->runs; i++)
        if (!(runs->shares[i] >= 0 && runs->shares[i] <= 1))
            return doubt_err_set(err, DOUBT_E_ARGUMENT,
                                 "run %zu under load: a share of %g of its queries is over the "
                                 "bound, accepted are 0 to 1",
                                 i + 1, runs->shares[i]);
    if (runs->queries >= 1 && runs->queries * (double)runs->runs <= 1e9 &&
        runs->design_effect >= 1 && isfinite(runs->design_effect))
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_ARGUMENT,
                         "runs under load: %g queries a run and design effect %g; accepted are 1 "
                         "query or more, 1e9 in all, and an effect of at least 1",
                         runs->queries, runs->design_effect);
}

enum doubt_code doubt_load_decide(const struct doubt_load_runs *runs, double p, double level,
                                  struct doubt_load_decision *out, struct doubt_err *err)
{
    struct doubt_load_decision result = {.answer = DOUBT_LOAD_UNDECIDED};
    struct doubti_clusters clusters = {0};
    enum doubt_code code = check_runs(runs, err);
    double mean, variance, size = 0;

    if (code == DOUBT_OK)
        code = doubti_check_share(p, err);
    if (code == DOUBT_OK)
        code = doubti_check_level(level, err);
    if (code != DOUBT_OK)
        return code;
    mean = doubti_mean(runs->shares, runs->runs);
    variance =
        doubti_squares(runs->shares, runs->runs) / (double)(runs->runs - 1) / (double)runs->runs;
    clusters.count = runs->runs;
    clusters.trials = clusters.effective = runs->queries * (double)runs->runs;
    if (!(mean > 0))
        clusters.effective /= runs->design_effect;
    else if (variance > 0)
        clusters.effective = fmin(clusters.trials, mean * (1 - mean) / variance);
    code = doubti_effective_trials(&clusters, level, &size, err);
    if (code == DOUBT_OK)
        code = doubt_clopper_pearson(mean * size, size, level, &result.share, err);
    if (code != DOUBT_OK)
        return code;
    result.effective_queries = size;
    result.design_effect = clusters.trials / clusters.effective;
    if (result.share.hi < 1 - p)
        result.answer = DOUBT_LOAD_PASS;
    else if (result.share.lo > 1 - p)
        result.answer = DOUBT_LOAD_FAIL;
    *out = result;
    return DOUBT_OK;
}

enum doubt_code doubt_load_decisions(double lo, double hi, double tolerance, size_t *decisions,
                                     struct doubt_err *err)
{
    double steps;

    if (!(lo > 0 && hi > lo && isfinite(hi) && tolerance > 0 && tolerance < 1))
        return doubt_err_set(
            err, DOUBT_E_ARGUMENT,
            "search from rate %g to %g with tolerance %g: accepted are rates above "
            "0 in ascending order and a tolerance between 0 and 1",
            lo, hi, tolerance);
    steps = ceil(log2(log(hi / lo) / log1p(tolerance)));
    *decisions = 1 + (steps > 0 ? 2 * (size_t)steps : 0);
    return DOUBT_OK;
}

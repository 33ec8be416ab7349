/* design.c: see design.h. */
#include "design.h"

#include <math.h>
#include <string.h>

static const char *const place_names[PLACES] = {"middle", "fast edge", "slow edge", "outside"};

enum claim_kind { LATENCY, MEDIAN, RATE };

/* Edges in ns of 0.20 ms, and of 5.0k FPS: 5050 and 4950 a second. */
static const struct design_claim claims[] = {
    [LATENCY] = {"0.20", "ms", "mean", 195000, 205000},
    [MEDIAN] = {"0.20", "ms", "median", 195000, 205000},
    [RATE] = {"5.0k", "FPS", "mean", 1e9 / 5050, 1e9 / 4950},
};

/* Standard deviations as shares of the mean. Times of one restart by `distribution`. */
struct setting {
    const char *name;
    enum claim_kind kind;
    enum doubti_distribution distribution;
    double sd, ar, restart_sd;
    double warm_amplitude;
    double throttle_at; /* 0: never */
    bool never_steady, alike;
};

static const double throttle_factor = 1.1, warm_tau = 8;

static const struct setting settings[SETTINGS] = {
    {.name = "normal", .distribution = DOUBTI_NORMAL, .sd = 0.1},
    {.name = "normal, median", .kind = MEDIAN, .distribution = DOUBTI_NORMAL, .sd = 0.1},
    {.name = "normal, rate", .kind = RATE, .distribution = DOUBTI_NORMAL, .sd = 0.1},
    {.name = "AR(1) 0.5", .distribution = DOUBTI_NORMAL, .sd = 0.1, .ar = 0.5, .alike = true},
    {.name = "lognormal, sd 40 %", .distribution = DOUBTI_LOGNORMAL, .sd = 0.4},
    {.name = "restarts differ",
     .distribution = DOUBTI_NORMAL,
     .sd = 0.075,
     .restart_sd = 0.015,
     .alike = true},
    {.name = "warm-up", .distribution = DOUBTI_NORMAL, .sd = 0.1, .warm_amplitude = 0.5},
    {.name = "throttled early", .distribution = DOUBTI_NORMAL, .sd = 0.1, .throttle_at = 35},
    {.name = "throttled midway",
     .distribution = DOUBTI_NORMAL,
     .sd = 0.1,
     .throttle_at = 115,
     .never_steady = true},
};

const char *design_setting_name(size_t setting)
{
    return settings[setting].name;
}

const char *design_place_name(enum design_place place)
{
    return place_names[place];
}

bool design_never_steady(size_t setting)
{
    return settings[setting].never_steady;
}

bool design_alike(size_t setting)
{
    return settings[setting].alike;
}

/* Which combination has this place in its block: Fisher and Yates's shuffle, seeded by the block.
 */
static size_t shuffled(uint64_t seed, size_t block, size_t at)
{
    size_t order[SETTINGS * PLACES];
    struct doubt_rng rng;
    char label[64];
    snprintf(label, sizeof label, "end-to-end/block/%zu", block);
    doubt_rng_split(&rng, seed, label);
    for (size_t i = 0; i < SETTINGS * PLACES; i++)
        order[i] = i;
    for (size_t i = SETTINGS * PLACES; i > 1; i--) {
        size_t j = (size_t)doubt_rng_below(&rng, i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
    return order[at];
}

/* Where the measured figure shall lie. Outside: half a width beyond an edge, each in turn. */
static double place_ns(const struct design_claim *claim, enum design_place place, bool slow)
{
    double half = (claim->slow_ns - claim->fast_ns) / 2;
    switch (place) {
    case PLACE_FAST_EDGE:
        return claim->fast_ns;
    case PLACE_SLOW_EDGE:
        return claim->slow_ns;
    case PLACE_OUTSIDE:
        return slow ? claim->slow_ns + half : claim->fast_ns - half;
    default:
        return claim->fast_ns + half;
    }
}

void design_series(const struct design *design, size_t number, struct design_series *out)
{
    size_t block = number / (SETTINGS * PLACES);
    size_t at = shuffled(design->seed, block, number % (SETTINGS * PLACES));
    const struct setting *setting = &settings[at / PLACES];
    double factor = setting->throttle_at > 0 ? throttle_factor : 1;
    *out = (struct design_series){.setting = at / PLACES,
                                  .place = (enum design_place)(at % PLACES),
                                  .claim = claims[setting->kind]};
    double wanted = place_ns(&out->claim, out->place, block % 2) - design->cost_ns;
    double mean = round(wanted / factor);
    out->truth_ns = mean * factor;
    out->plan = (struct doubti_synthetic_plan){
        .distribution = setting->distribution,
        .restart_distribution = DOUBTI_NORMAL,
        .mean_ns = mean,
        .sd_ns = round(setting->sd * mean),
        .mode_share = 0.1,
        .ar = setting->ar,
        .restart_sd_ns = round(setting->restart_sd * mean),
        .warm_amplitude = setting->warm_amplitude,
        .warm_tau = warm_tau,
        .throttle_at = setting->throttle_at > 0 ? setting->throttle_at : INFINITY,
        .throttle_factor = factor,
        .seed = doubt_rng_at(design->seed, number),
    };
}

void design_write_claims(const struct design_series *series, size_t number, FILE *file)
{
    fprintf(
        file,
        "{\n  \"name\": \"end-to-end-%zu\",\n  \"title\": \"%s, truth: %s\",\n"
        "  \"claims\": [\n    { \"id\": \"series-%zu\", \"device\": \"a clock\", \"network\": "
        "\"resnet50\", \"figure\": \"%s\", \"unit\": \"%s\", \"statistic\": \"%s\", \"source\": "
        "\"bench/end-to-end\" }\n  ]\n}\n",
        number, settings[series->setting].name, place_names[series->place], number,
        series->claim.figure, series->claim.unit, series->claim.statistic);
}

static void write_duration(FILE *file, const char *name, double ns)
{
    if (ns > 0)
        fprintf(file, " --option %s=%.0fns", name, ns);
}

void design_write_options(const struct design_series *series, FILE *file)
{
    const struct doubti_synthetic_plan *plan = &series->plan;
    fprintf(file, "--option distribution=%s --option seed=%llu",
            plan->distribution == DOUBTI_NORMAL ? "normal" : "lognormal",
            (unsigned long long)plan->seed);
    write_duration(file, "mean", plan->mean_ns);
    write_duration(file, "sd", plan->sd_ns);
    write_duration(file, "restart-sd", plan->restart_sd_ns);
    if (plan->ar > 0)
        fprintf(file, " --option ar=%g", plan->ar);
    if (plan->warm_amplitude > 0)
        fprintf(file, " --option warm-amplitude=%g --option warm-tau=%g", plan->warm_amplitude,
                plan->warm_tau);
    if (isfinite(plan->throttle_at))
        fprintf(file, " --option throttle-at=%g --option throttle-factor=%g", plan->throttle_at,
                plan->throttle_factor);
    fputc('\n', file);
}

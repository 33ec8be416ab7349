/* engine_synthetic.c: the engine that takes a programmed random time.
 *
 * A unit of its work is one call that spins on the clock until the programmed instant. Its true
 * mean and percentiles are known, so that the statistics can be proved end to end. Needs no model.
 * Not for checking outputs: it computes none. Formulas and options: docs/ENGINES.md.
 */
#include "engine/engine_int.h"
#include "util/clock.h"
#include "util/units.h"
#include <doubt/version.h>

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- arithmetic ------------------------------------------------------------------------------ */

static const char *const distribution_names[DOUBTI_DISTRIBUTION_COUNT] = {
    "const", "normal", "lognormal", "exponential", "two-mode",
};

/* P(Z > z) without cancellation. */
static double upper_tail(double z)
{
    return 0.5 * erfc(z * sqrt(0.5));
}

/* Box and Muller 1958; 1 - u is never 0. */
static double normal(struct doubt_rng *rng)
{
    double u = doubt_rng_uniform(rng), v = doubt_rng_uniform(rng);
    return sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
}

/* Offset in standard deviations of the two modes: the slow one has the share given. */
static double two_mode(double z, double share)
{
    return upper_tail(z) < share ? sqrt((1 - share) / share) : -sqrt(share / (1 - share));
}

double doubti_synthetic_at(const struct doubti_synthetic_plan *plan, double z)
{
    double mean = plan->mean_ns, sd = plan->sd_ns, v;
    switch (plan->distribution) {
    case DOUBTI_NORMAL:
        return mean + sd * z;
    case DOUBTI_LOGNORMAL:
        v = log1p(sd / mean * (sd / mean));
        return mean * exp(sqrt(v) * z - v / 2);
    case DOUBTI_EXPONENTIAL:
        return mean - sd - sd * log(upper_tail(z));
    case DOUBTI_TWO_MODE:
        return mean + sd * two_mode(z, plan->mode_share);
    default:
        return mean;
    }
}

/* The shortest time the distribution can give; 8 standard deviations are never reached. */
static double lowest(const struct doubti_synthetic_plan *plan)
{
    return plan->distribution == DOUBTI_LOGNORMAL     ? plan->mean_ns
           : plan->distribution == DOUBTI_EXPONENTIAL ? plan->mean_ns - plan->sd_ns
                                                      : doubti_synthetic_at(plan, -8);
}

/* What holds for each option by itself stands in its row; here is what holds between them, and
 * what the arithmetic rests on. */
static enum doubt_code check_plan(const struct doubti_synthetic_plan *plan, struct doubt_err *err)
{
    if (!(plan->mean_ns >= 1000 && plan->mode_share > 0 && plan->mode_share < 1 &&
          fabs(plan->ar) < 1 && plan->warm_amplitude > -1 && plan->warm_tau > 0 &&
          plan->throttle_factor > 0))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "a plan with a number that its option does not accept");
    if (!(lowest(plan) >= 0))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "options mean and sd (%g and %g ns) would give negative times with "
                             "distribution %s: choose a smaller sd (normal: at most mean / 8)",
                             plan->mean_ns, plan->sd_ns, distribution_names[plan->distribution]);
    if (!(plan->restart_sd_ns * 8 <= plan->mean_ns))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "option restart-sd is %g ns: at most mean / 8 is accepted",
                             plan->restart_sd_ns);
    return DOUBT_OK;
}

/* A generator of its own per purpose and restart. */
static void split(struct doubt_rng *rng, const struct doubti_synthetic_plan *plan,
                  const char *purpose)
{
    char label[64];
    snprintf(label, sizeof label, "synthetic/%s/%" PRIu64, purpose, plan->restart);
    doubt_rng_split(rng, plan->seed, label);
}

enum doubt_code doubti_synthetic_init(struct doubti_synthetic *synthetic,
                                      const struct doubti_synthetic_plan *plan,
                                      struct doubt_err *err)
{
    enum doubt_code code = check_plan(plan, err);
    if (code != DOUBT_OK)
        return code;
    *synthetic = (struct doubti_synthetic){.plan = *plan};
    struct doubt_rng restart;
    split(&restart, plan, "restart");
    double z = normal(&restart);
    double effect =
        plan->restart_distribution == DOUBTI_TWO_MODE ? two_mode(z, plan->mode_share) : z;
    synthetic->restart_factor = 1 + plan->restart_sd_ns / plan->mean_ns * effect;
    split(&synthetic->rng, plan, "samples");
    synthetic->z = normal(&synthetic->rng);
    return DOUBT_OK;
}

double doubti_synthetic_next(struct doubti_synthetic *synthetic)
{
    const struct doubti_synthetic_plan *plan = &synthetic->plan;
    double i = (double)synthetic->iteration++, x = doubti_synthetic_at(plan, synthetic->z);
    double innovation = sqrt(1 - plan->ar * plan->ar);
    synthetic->z = plan->ar * synthetic->z + innovation * normal(&synthetic->rng);
    double factor =
        synthetic->restart_factor * (1 + plan->warm_amplitude * exp(-i / plan->warm_tau));
    return x * (i >= plan->throttle_at ? factor * plan->throttle_factor : factor);
}

/* --- the engine ------------------------------------------------------------------------------ */

/* A clock that is waited for, and a device that says at once how long it took. */
static const struct {
    const char *name, *title;
} devices[] = {{"CPU", "a clock"}, {"programmed", "events that tell the programmed times at once"}};
enum { CPU, PROGRAMMED, DEVICE_COUNT };

struct synthetic_engine {
    const struct doubt_host *host;
    struct doubti_synthetic synthetic;
    struct doubt_tensor output;
    int device;
};

static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    (void)library_path;
    ((struct synthetic_engine *)self)->host = host;
    return 0;
}

static int info(void *self, struct doubt_engine_info *info)
{
    (void)self;
    snprintf(info->version, sizeof info->version, "%s", DOUBT_VERSION);
    snprintf(info->build, sizeof info->build, "built in");
    info->device_count = DEVICE_COUNT;
    for (int i = 0; i < DEVICE_COUNT; i++) {
        snprintf(info->devices[i].name, sizeof info->devices[i].name, "%s", devices[i].name);
        snprintf(info->devices[i].title, sizeof info->devices[i].title, "%s", devices[i].title);
    }
    return 0;
}

/* The host has checked every option against its row. Each reader leaves *value alone when the
 * option was not given. */

static void read_duration(const struct doubt_host *host, const char *name, double *value)
{
    const char *text = host->option(host->context, name);
    int64_t ns = 0;
    if (text != NULL && strcmp(text, "0") != 0)
        doubt_units_parse_duration(text, &ns, NULL);
    if (text != NULL)
        *value = (double)ns;
}

static void read_number(const struct doubt_host *host, const char *name, double *value)
{
    const char *text = host->option(host->context, name);
    if (text != NULL)
        *value = strtod(text, NULL);
}

static void read_distribution(const struct doubt_host *host, const char *name,
                              enum doubti_distribution *value)
{
    const char *text = host->option(host->context, name);
    for (int i = 0; text != NULL && i < DOUBTI_DISTRIBUTION_COUNT; i++)
        if (strcmp(text, distribution_names[i]) == 0)
            *value = (enum doubti_distribution)i;
}

/* A variable of the environment, which nobody has checked. */
static enum doubt_code read_variable(const char *name, uint64_t *value, struct doubt_err *err)
{
    const char *text = getenv(name);
    char *end;
    if (text == NULL)
        return DOUBT_OK;
    *value = strtoull(text, &end, 10);
    if (end == text || *end != '\0' || text[0] == '-')
        return doubt_err_set(err, DOUBT_E_USAGE, "%s is \"%s\": a whole number from 0 is accepted",
                             name, text);
    return DOUBT_OK;
}

/* The number of the restart: the option, else the environment, else 0. */
static enum doubt_code read_seeds(const struct doubt_host *host, struct doubti_synthetic_plan *plan,
                                  struct doubt_err *err)
{
    const char *seed = host->option(host->context, "seed");
    const char *restart = host->option(host->context, "restart");
    plan->seed = seed != NULL ? strtoull(seed, NULL, 10) : 0;
    if (restart == NULL)
        return read_variable("DOUBT_RESTART_SEED", &plan->restart, err);
    plan->restart = strtoull(restart, NULL, 10);
    return DOUBT_OK;
}

static enum doubt_code read_plan(const struct doubt_host *host, struct doubti_synthetic_plan *plan,
                                 struct doubt_err *err)
{
    const struct {
        const char *name;
        double *value;
        bool is_duration;
    } rows[] = {
        {"mean", &plan->mean_ns, true},
        {"sd", &plan->sd_ns, true},
        {"restart-sd", &plan->restart_sd_ns, true},
        {"mode-share", &plan->mode_share, false},
        {"ar", &plan->ar, false},
        {"warm-amplitude", &plan->warm_amplitude, false},
        {"warm-tau", &plan->warm_tau, false},
        {"throttle-at", &plan->throttle_at, false},
        {"throttle-factor", &plan->throttle_factor, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        (rows[i].is_duration ? read_duration : read_number)(host, rows[i].name, rows[i].value);
    read_distribution(host, "distribution", &plan->distribution);
    read_distribution(host, "restart-distribution", &plan->restart_distribution);
    if (plan->distribution == DOUBTI_CONST)
        plan->sd_ns = 0;
    return read_seeds(host, plan, err);
}

static int open(void *self, const struct doubt_open_request *request)
{
    struct synthetic_engine *engine = self;
    engine->device = CPU;
    if (request->device != NULL && strcmp(request->device, devices[PROGRAMMED].name) == 0)
        engine->device = PROGRAMMED;
    struct doubti_synthetic_plan plan = {
        .distribution = DOUBTI_LOGNORMAL,
        .restart_distribution = DOUBTI_NORMAL,
        .mean_ns = 1e6,
        .mode_share = 0.1,
        .warm_tau = 10,
        .throttle_at = INFINITY,
        .throttle_factor = 1,
    };
    struct doubt_err err = {0};
    enum doubt_code code = read_plan(engine->host, &plan, &err);
    if (code == DOUBT_OK)
        code = doubti_synthetic_init(&engine->synthetic, &plan, &err);
    if (code == DOUBT_OK)
        return 0;
    engine->host->fail(engine->host->context, "%s", err.text);
    return 1;
}

static int bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                const struct doubt_tensor *outs, uint32_t output_count)
{
    (void)ins, (void)input_count, (void)output_count;
    ((struct synthetic_engine *)self)->output = outs[0];
    return 0;
}

static int run(void *self)
{
    doubt_ns start = doubt_clock_ns();
    doubt_ns end =
        start + llround(doubti_synthetic_next(&((struct synthetic_engine *)self)->synthetic));
    while (doubt_clock_ns() < end)
        continue;
    return 0;
}

/* Nothing waits: a machine however busy takes these times. */
static int run_device(void *self, uint32_t count, double *ns)
{
    for (uint32_t i = 0; i < count; i++)
        ns[i] = doubti_synthetic_next(&((struct synthetic_engine *)self)->synthetic);
    return 0;
}

static int output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    (void)index;
    *tensor = ((struct synthetic_engine *)self)->output;
    return 0;
}

static int describe(void *self, struct doubt_engine_used *used)
{
    const struct synthetic_engine *engine = self;
    const struct doubti_synthetic_plan *plan = &engine->synthetic.plan;
    snprintf(used->device, sizeof used->device, "%s", devices[engine->device].name);
    snprintf(used->detail, sizeof used->detail,
             "true mean %.0f ns, %s, sd %.0f ns, between restarts %.0f ns", plan->mean_ns,
             distribution_names[plan->distribution], plan->sd_ns, plan->restart_sd_ns);
    used->threads = 1;
    used->streams = 1;
    return 0;
}

static void nothing(void *self)
{
    (void)self;
}

static const struct doubt_engine_option options[] = {
    {"mean", NULL, "1ms", "true mean of the time of one inference", DOUBT_OPTION_DURATION, 0, 1000,
     INFINITY},
    {"sd", NULL, "0", "standard deviation within a restart", DOUBT_OPTION_DURATION, 0, 0, INFINITY},
    {"distribution", "const, normal, lognormal, exponential, two-mode", "lognormal",
     "of the times within a restart", DOUBT_OPTION_WORD, 0, 0, 0},
    {"mode-share", NULL, "0.1", "share of the slow mode of two-mode", DOUBT_OPTION_NUMBER,
     DOUBT_LIMIT_ABOVE | DOUBT_LIMIT_BELOW, 0, 1},
    {"ar", NULL, "0", "correlation of neighbours' normal scores, AR(1)", DOUBT_OPTION_NUMBER,
     DOUBT_LIMIT_ABOVE | DOUBT_LIMIT_BELOW, -1, 1},
    {"restart-sd", NULL, "0", "standard deviation of the mean between restarts, at most mean / 8",
     DOUBT_OPTION_DURATION, 0, 0, INFINITY},
    {"restart-distribution", "normal, two-mode", "normal", "of the means of restarts",
     DOUBT_OPTION_WORD, 0, 0, 0},
    {"warm-amplitude", NULL, "0", "first inference slower by this share", DOUBT_OPTION_NUMBER,
     DOUBT_LIMIT_ABOVE, -1, INFINITY},
    {"warm-tau", "iterations", "10", "the transient decays by e in so many", DOUBT_OPTION_NUMBER,
     DOUBT_LIMIT_ABOVE, 0, INFINITY},
    {"throttle-at", "iterations", "never", "from here on the times are multiplied",
     DOUBT_OPTION_WHOLE, 0, 0, INFINITY},
    {"throttle-factor", NULL, "1", "by this", DOUBT_OPTION_NUMBER, DOUBT_LIMIT_ABOVE, 0, INFINITY},
    {"seed", NULL, "0", "seed of the series", DOUBT_OPTION_WHOLE, 0, 0, INFINITY},
    {"restart", NULL, "$DOUBT_RESTART_SEED, else 0", "number of the restart", DOUBT_OPTION_WHOLE, 0,
     0, INFINITY},
    {0},
};

const struct doubt_engine_ops doubti_engine_synthetic = {
    .abi = DOUBT_ENGINE_ABI,
    .size = sizeof(struct doubt_engine_ops),
    .name = "synthetic",
    .summary = "takes a programmed random time of known mean and percentiles",
    .caps = DOUBT_CAP_CONCURRENT | DOUBT_CAP_NO_OUTPUT,
    .options = options,
    .private_bytes = sizeof(struct synthetic_engine),
    .load = load,
    .info = info,
    .open = open,
    .inputs = doubti_scalar_inputs,
    .outputs = doubti_scalar_outputs,
    .bind = bind,
    .run = run,
    .run_device = run_device,
    .option_bytes = sizeof(struct doubt_engine_option),
    .output = output,
    .describe = describe,
    .close = nothing,
    .unload = nothing,
};

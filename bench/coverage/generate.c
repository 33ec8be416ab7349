/* generate.c: see generate.h. */
#include "generate.h"

#include "draw.h"
#include <math.h>

/* sd 2 % unless said otherwise. */
const struct coverage_generator coverage_generators[] = {
    {.name = "G1", .what = "independent normal, 2 %", .sd = 0.02},
    {.name = "G2", .what = "AR(1) 0.5", .sd = 0.02, .phi = 0.5},
    {.name = "G3", .what = "AR(1) 0.9", .sd = 0.02, .phi = 0.9},
    {.name = "G4", .what = "AR(1) 0.9, restarts 1 %", .sd = 0.02, .phi = 0.9, .normal = 0.01},
    {.name = "G5", .what = "clock steps of 10 % within the run", .sd = 0.02, .chain = 0.10},
    {.name = "G6a", .what = "restarts 5 % slower: 50 %", .sd = 0.02, .mode = 0.05, .share = 0.5},
    {.name = "G6b", .what = "restarts 5 % slower: 20 %", .sd = 0.02, .mode = 0.05, .share = 0.2},
    {.name = "G6c", .what = "restarts 5 % slower: 5 %", .sd = 0.02, .mode = 0.05, .share = 0.05},
    {.name = "G7", .what = "lognormal 0.5, AR(1) 0.5", .sd = 0.5, .phi = 0.5, .lognormal = true},
    {.name = "G8", .what = "2 % Pareto(2.5) spikes", .sd = 0.02, .spikes = 0.02},
    {.name = "G9", .what = "restarts exponential, 2 %", .sd = 0.02, .exponential = 0.02},
    {.name = NULL},
};

const struct coverage_transient coverage_transients[] = {
    {.name = "none"},
    {.name = "5 slow iterations, +50 %", .size = 0.50, .length = 5},
    {.name = "+50 % exp(-i/30)", .size = 0.50, .decay = 30},
    {.name = "+30 % exp(-i/100)", .size = 0.30, .decay = 100},
    {.name = "-5 % exp(-i/60)", .size = -0.05, .decay = 60},
    {.name = "-3 % exp(-i/200)", .size = -0.03, .decay = 200},
    {.name = "-3 % exp(-i/800)", .size = -0.03, .decay = 800},
    {.name = "boost of 5 % ends at 150", .size = -0.05, .length = 150},
    {.name = NULL},
};

/* Clock steps: mean stay in the fast and in the slow state, in iterations. */
static const double stay_fast = 400, stay_slow = 200;
static const double pareto_exponent = 2.5;

size_t coverage_generator_count(void)
{
    return sizeof coverage_generators / sizeof coverage_generators[0] - 1;
}

size_t coverage_transient_count(void)
{
    return sizeof coverage_transients / sizeof coverage_transients[0] - 1;
}

void coverage_shape(const struct coverage_transient *transient, size_t n, double *shape)
{
    for (size_t i = 0; i < n; i++) {
        double now = i < transient->length ? transient->size : 0;
        if (transient->decay > 0)
            now = transient->size * exp(-(double)i / transient->decay);
        shape[i] = 1 + now;
    }
}

/* How slow this restart is as a whole. */
static double draw_level(const struct coverage_generator *generator, struct doubt_rng *rng)
{
    double level = 1;
    if (generator->normal > 0)
        level += generator->normal * coverage_normal(rng);
    if (generator->exponential > 0)
        level += generator->exponential * coverage_exponential(rng);
    if (generator->share > 0 && doubt_rng_uniform(rng) < generator->share)
        level += generator->mode;
    return level;
}

/* Stationary AR(1) of unit deviation. */
static void draw_noise(double phi, struct doubt_rng *rng, size_t n, double *noise)
{
    double fresh = sqrt(1 - phi * phi), now = coverage_normal(rng);
    noise[0] = now;
    for (size_t i = 1; i < n; i++)
        noise[i] = now = phi * now + fresh * coverage_normal(rng);
}

/* Multiplies in a clock of two speeds, started in its stationary state. */
static void add_chain(double step, struct doubt_rng *rng, size_t n, double *x)
{
    bool slow = doubt_rng_uniform(rng) < stay_slow / (stay_fast + stay_slow);
    for (size_t i = 0; i < n; i++) {
        if (slow)
            x[i] *= 1 + step;
        if (doubt_rng_uniform(rng) < 1 / (slow ? stay_slow : stay_fast))
            slow = !slow;
    }
}

static void add_spikes(double share, struct doubt_rng *rng, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++)
        if (doubt_rng_uniform(rng) < share)
            x[i] *= pow(1 - doubt_rng_uniform(rng), -1 / pareto_exponent);
}

void coverage_restart(const struct coverage_generator *generator, const struct coverage_run *run,
                      struct doubt_rng *rng, int64_t *ns)
{
    double x[COVERAGE_ITERATIONS_MAX];
    double level = run->scale_ns * draw_level(generator, rng);
    const size_t n = run->n;
    draw_noise(generator->phi, rng, n, x);
    for (size_t i = 0; i < n; i++)
        x[i] = generator->lognormal ? exp(generator->sd * x[i]) : 1 + generator->sd * x[i];
    if (generator->chain > 0)
        add_chain(generator->chain, rng, n, x);
    if (generator->spikes > 0)
        add_spikes(generator->spikes, rng, n, x);
    for (size_t i = 0; i < n; i++)
        ns[i] = (int64_t)(level * x[i] * run->shape[i] + 0.5);
}

double coverage_mean(const struct coverage_generator *generator)
{
    const struct coverage_generator *g = generator;
    double level = 1 + g->exponential + g->share * g->mode;
    double noise = g->lognormal ? exp(g->sd * g->sd / 2) : 1;
    double clock = 1 + g->chain * stay_slow / (stay_fast + stay_slow);
    double pareto = pareto_exponent / (pareto_exponent - 1);
    return level * noise * clock * (1 + g->spikes * (pareto - 1));
}

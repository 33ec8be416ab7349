/* generate.h: simulated restarts with known true figures.
 *
 * A unit of work is one restart: n latencies in nanoseconds, as the timed loop would store them.
 * A generator is what an engine in its steady state does from restart to restart and from
 * iteration to iteration; a transient is what its beginning adds. Only for simulations.
 */
#ifndef COVERAGE_GENERATE_H
#define COVERAGE_GENERATE_H

#include "util/rng.h"
#include <stdbool.h>
#include <stddef.h>

enum { COVERAGE_ITERATIONS_MAX = 4800 };

/* Latency = scale x level of the restart x noise x clock x spike x (1 + transient). */
struct coverage_generator {
    const char *name, *what;
    double sd, phi;     /* noise: AR(1), stationary, with this relative marginal deviation */
    bool lognormal;     /* noise is exp() of the AR(1) */
    double normal;      /* level: relative standard deviation of restarts, normal */
    double exponential; /* level: mean of an exponential surplus */
    double mode, share; /* level: so much slower in this share of the restarts */
    double chain;       /* clock: slower by this for about 200 of 600 iterations, in between not */
    double spikes;      /* share of the iterations that take a Pareto(2.5) multiple */
};

struct coverage_transient {
    const char *name;
    double size;  /* relative, of the first iteration */
    double decay; /* iterations after which it has fallen to 1/e; 0: it stays for `length` */
    size_t length;
};

/* Ended by a row without a name. */
extern const struct coverage_generator coverage_generators[];
extern const struct coverage_transient coverage_transients[];
size_t coverage_generator_count(void);
size_t coverage_transient_count(void);

/* 1 + transient for iterations 0 to n - 1. */
void coverage_shape(const struct coverage_transient *transient, size_t n, double *shape);

struct coverage_run {
    const double *shape; /* from coverage_shape() */
    double scale_ns;     /* latency 1 of the generator */
    size_t n;
};

/* n latencies of one restart. */
void coverage_restart(const struct coverage_generator *generator, const struct coverage_run *run,
                      struct doubt_rng *rng, int64_t *ns);

/* The generator's mean, in units of scale_ns. */
double coverage_mean(const struct coverage_generator *generator);

#endif

/* engine_int.h: what the files of the engine floor share.
 *
 * A unit of work is one plug-in file, or one programmed time of the synthetic engine. Not for other
 * floors: they use registry.h and session.h.
 */
#ifndef DOUBT_ENGINE_INT_H
#define DOUBT_ENGINE_INT_H

#include "util/rng.h"
#include <doubt/engine.h>
#include <doubt/err.h>
#include <stdint.h>

/* --- dl.c ------------------------------------------------------------------------------------ */

/* Loads the plug-in file for good, finds its entry and checks its table. Failure: a sentence that
 * names the file. */
enum doubt_code doubti_dl_plugin(const char *path, const struct doubt_engine_ops **ops,
                                 struct doubt_err *err);

/* --- options.c ------------------------------------------------------------------------------- */

/* From one row of its options to the next. */
size_t doubti_options_row_bytes(const struct doubt_engine_ops *ops);

/* --- engine_synthetic.c ---------------------------------------------------------------------- */

enum doubti_distribution {
    DOUBTI_CONST,
    DOUBTI_NORMAL,
    DOUBTI_LOGNORMAL,
    DOUBTI_EXPONENTIAL,
    DOUBTI_TWO_MODE,
    DOUBTI_DISTRIBUTION_COUNT
};

/* The programme of a synthetic engine; docs/ENGINES.md has the formulas. Times in ns, counts in
 * iterations of the restart. */
struct doubti_synthetic_plan {
    enum doubti_distribution distribution, restart_distribution;
    double mean_ns, sd_ns, mode_share, ar, restart_sd_ns;
    double warm_amplitude, warm_tau;
    double throttle_at, throttle_factor; /* at infinity: never */
    uint64_t seed, restart;
};

struct doubti_synthetic {
    struct doubti_synthetic_plan plan;
    struct doubt_rng rng;
    double z, restart_factor;
    uint64_t iteration; /* the next one */
};

/* Refuses a plan whose times could be negative, or whose mean is under 1 us (the arithmetic must
 * hide in it). */
enum doubt_code doubti_synthetic_init(struct doubti_synthetic *synthetic,
                                      const struct doubti_synthetic_plan *plan,
                                      struct doubt_err *err);
/* The programmed time of the next iteration in ns. */
double doubti_synthetic_next(struct doubti_synthetic *synthetic);
/* The programmed time at standard normal score z without restart effect, transient or throttle: for
 * z the normal p-quantile, the programme's p-quantile. */
double doubti_synthetic_at(const struct doubti_synthetic_plan *plan, double z);

/* --- the built-in tables --------------------------------------------------------------------- */

extern const struct doubt_engine_ops doubti_engine_null;
extern const struct doubt_engine_ops doubti_engine_ref;
extern const struct doubt_engine_ops doubti_engine_synthetic;

/* inputs() and outputs() of an engine that reads no model: one f32 each. */
int doubti_scalar_inputs(void *self, struct doubt_tensor *tensors, uint32_t *count);
int doubti_scalar_outputs(void *self, struct doubt_tensor *tensors, uint32_t *count);

#endif

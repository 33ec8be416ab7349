/* draw.h: normal and exponential numbers for simulations, fast and the same on every machine.
 *
 * A unit of work is one number. Normal numbers by the ziggurat method (Marsaglia and Tsang 2000)
 * with layer and position from different bits (Doornik 2005); one rejection in about seventy needs
 * exp() or log(). Not for doubt itself: no measurement needs a random number with a distribution.
 */
#ifndef COVERAGE_DRAW_H
#define COVERAGE_DRAW_H

#include "util/rng.h"

/* Once, before any normal number is drawn. */
void coverage_draw_init(void);
double coverage_normal(struct doubt_rng *rng);
/* Mean 1. */
double coverage_exponential(struct doubt_rng *rng);

#endif

/* draw.c: see draw.h. */
#include "draw.h"

#include <math.h>

enum { LAYERS = 128 };

/* Where the tail begins, and the area of each layer, for 128 layers (Marsaglia and Tsang 2000). */
static const double tail_begin = 3.442619855899, layer_area = 9.91256303526217e-3;

/* Right edges of the layers, the widest first, the density there, and the share of each layer that
 * lies under the curve as a whole. */
static double edge[LAYERS + 1], height[LAYERS + 1], inner[LAYERS];

void coverage_draw_init(void)
{
    double f = exp(-0.5 * tail_begin * tail_begin);
    edge[0] = layer_area / f;
    edge[1] = tail_begin;
    for (int i = 2; i < LAYERS; i++) {
        edge[i] = sqrt(-2 * log(layer_area / edge[i - 1] + f));
        f = exp(-0.5 * edge[i] * edge[i]);
    }
    edge[LAYERS] = 0;
    for (int i = 0; i < LAYERS; i++)
        inner[i] = edge[i + 1] / edge[i];
    for (int i = 0; i <= LAYERS; i++)
        height[i] = exp(-0.5 * edge[i] * edge[i]);
}

/* Uniform in (0, 1]. */
static double above_zero(struct doubt_rng *rng)
{
    return 1 - doubt_rng_uniform(rng);
}

/* Beyond tail_begin (Marsaglia 1964). */
static double tail(struct doubt_rng *rng, double sign)
{
    double x, y;
    do {
        x = -log(above_zero(rng)) / tail_begin;
        y = -log(above_zero(rng));
    } while (y + y < x * x);
    return sign * (tail_begin + x);
}

double coverage_normal(struct doubt_rng *rng)
{
    for (;;) {
        uint64_t bits = doubt_rng_u64(rng);
        unsigned layer = (unsigned)(bits & (LAYERS - 1));
        double u = 2 * ((double)(bits >> 11) + 0.5) * 0x1p-53 - 1;
        if (fabs(u) < inner[layer])
            return u * edge[layer];
        if (layer == 0)
            return tail(rng, u < 0 ? -1 : 1);
        double x = u * edge[layer];
        double y = height[layer] + doubt_rng_uniform(rng) * (height[layer + 1] - height[layer]);
        if (y < exp(-0.5 * x * x))
            return x;
    }
}

double coverage_exponential(struct doubt_rng *rng)
{
    return -log(above_zero(rng));
}

/* peak.h: what the CPUs here can do at most: multiply-adds a second, bytes a second.
 *
 * A unit of work is one repeat: all CPUs of this process do a fixed amount at once. Arithmetic:
 * independent fused multiply-adds on registers, with the widest vectors that this CPU has, so that
 * neither memory nor latency matters. Memory: reading a buffer several times the last cache. A
 * figure of the best repeat is the peak: interference only ever slows. Takes less than 2 s in all.
 * Not for judging a network: claims/ceiling.h; and not while something else is measured.
 */
#ifndef DOUBT_MACHINE_PEAK_H
#define DOUBT_MACHINE_PEAK_H

#include <doubt/err.h>
#include <stdint.h>

enum { DOUBT_PEAK_WHY_BYTES = 128 };

/* All NaN when not measured; why then says the reason. */
struct doubt_peak_figure {
    double best;           /* a second */
    double median, lo, hi; /* over the repeats, with its interval of at least 95 % */
    int32_t repeats;
    char why[DOUBT_PEAK_WHY_BYTES];
};

struct doubt_peak {
    struct doubt_peak_figure f32, bf16; /* operations; a multiply-add is two */
    struct doubt_peak_figure bytes;     /* read from memory */
    char vectors[32];                   /* "AVX-512, 16 lanes" */
    int32_t threads;
    int64_t cache_bytes;  /* of the last cache, 0 when it is not told */
    int64_t buffer_bytes; /* that was read in a repeat */
};

/* DOUBT_E_MEMORY or DOUBT_E_IO (no thread can be started) with a sentence; a kind that this CPU or
 * compiler lacks is no error. */
enum doubt_code doubt_peak_measure(struct doubt_peak *out, struct doubt_err *err);

#endif

/* peak_kernels.h: the loops whose speed is a peak. One kernel per kind; see peak.h. Only for
 * src/machine/peak*.c.
 */
#ifndef DOUBT_MACHINE_PEAK_KERNELS_H
#define DOUBT_MACHINE_PEAK_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Does rounds of work; what it gives back must be kept, so that the work is. */
typedef float doubti_peak_loop(int64_t rounds);

struct doubti_peak_kernel {
    doubti_peak_loop *loop; /* NULL: none here */
    int64_t ops;            /* of one round */
    const char *name;       /* "AVX-512, 16 lanes", or why there is none */
};

struct doubti_peak_kernel doubti_peak_f32(void);
struct doubti_peak_kernel doubti_peak_bf16(void);
/* Sum of all words: every byte is read once. count: a multiple of 32. */
uint64_t doubti_peak_read(const uint64_t *words, size_t count);

#endif

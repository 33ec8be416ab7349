/* ort_why.h: why a GPU of NVIDIA's that is there cannot be used, and the command that helps.
 *
 * A unit of work is one sentence, from what the kernel shows below a root ("" for this machine; a
 * test gives its own) and the code that the driver gave. Nothing is loaded or changed. Not for what
 * an inference fails with: the library says that.
 */
#ifndef DOUBT_ORT_WHY_H
#define DOUBT_ORT_WHY_H

#include <stddef.h>

enum { ORT_WHY_BYTES = 400 };

struct ort_why {
    const char *root;
    int has_library;     /* libcuda.so.1 could be loaded */
    int code;            /* of cuInit(), or 100 (no device) when it counts none */
    const char *visible; /* $CUDA_VISIBLE_DEVICES, or NULL */
};

/* Is there any sign of a GPU of NVIDIA's: on the PCI bus, a driver, a board of the Tegra kind? */
int ort_why_has_gpu(const char *root);

/* Writes why no device can be used. */
void ort_why_no_device(const struct ort_why *facts, char text[ORT_WHY_BYTES]);

/* The driver serves CUDA up to `driver` (13000 for 13.0), the library needs CUDA `major`: writes a
 * sentence and returns 1 where that does not fit; 0 where it does. */
int ort_why_old_driver(const char *root, int driver, int major, char text[ORT_WHY_BYTES]);

/* A library that the provider needs is in none of the places: what brings it. */
void ort_why_missing(const char *soname, int major, char text[ORT_WHY_BYTES]);

#endif

/* gpu_number.h: which of NVML's GPUs an engine's "cuda:N" is.
 *
 * A unit of work is one number. CUDA counts the GPUs that CUDA_VISIBLE_DEVICES leaves it, in that
 * variable's order; its own order is by speed unless CUDA_DEVICE_ORDER is PCI_BUS_ID, and NVML's is
 * always that of the PCI bus. Source: NVIDIA, CUDA C++ Programming Guide, "CUDA Environment
 * Variables". Not for devices that are not CUDA's.
 */
#ifndef DOUBT_MACHINE_GPU_NUMBER_H
#define DOUBT_MACHINE_GPU_NUMBER_H

/* The two variables as the engine's process has them; NULL: not set. */
struct doubt_gpu_variables {
    const char *visible; /* CUDA_VISIBLE_DEVICES: "1,0", "GPU-8932f937-...", "" */
    const char *order;   /* CUDA_DEVICE_ORDER */
};

enum { DOUBT_GPU_WHY_BYTES = 192 };

/* NVML's number of CUDA's GPU `cuda`, from 0. -1 where that is not known, with the reason; the
 * reason is "" where NVML is not there or does not tell its GPUs below root, so that nothing hangs
 * on the number. */
int doubt_gpu_number(const char *root, int cuda, const struct doubt_gpu_variables *variables,
                     char why[DOUBT_GPU_WHY_BYTES]);

#endif

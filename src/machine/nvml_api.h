/* nvml_api.h: the part of NVIDIA's management library that doubt calls, declared by its documents.
 *
 * A unit of work is one library that was opened. Every function may be missing (NULL) and may
 * answer "not supported": on a Jetson most do. Not for setting anything but by knobs, and never to
 * be called by a worker.
 */
#ifndef DOUBT_MACHINE_NVML_API_H
#define DOUBT_MACHINE_NVML_API_H

#include <stdbool.h>
#include <stddef.h>

typedef struct doubti_nvml_device *doubti_nvml_device;

enum {
    DOUBTI_NVML_OK = 0,
    DOUBTI_NVML_NOT_SUPPORTED = 3,
    DOUBTI_NVML_NO_PERMISSION = 4,
    DOUBTI_NVML_INSUFFICIENT_SIZE = 7,
    DOUBTI_NVML_GPU_LOST = 15,
    DOUBTI_NVML_CLOCK_GRAPHICS = 0,
    DOUBTI_NVML_CLOCK_SM = 1,
    DOUBTI_NVML_CLOCK_MEMORY = 2,
    DOUBTI_NVML_FIELD_POWER_AVERAGE = 185,
    DOUBTI_NVML_FIELD_POWER_INSTANT = 186
};

struct doubti_nvml_utilization {
    unsigned gpu, memory; /* per cent */
};

struct doubti_nvml_process {
    unsigned pid;
    unsigned long long used_bytes;
    unsigned gpu_instance, compute_instance;
};

struct doubti_nvml_field {
    unsigned field, scope;
    long long timestamp, latency_us;
    int type; /* 0 double, 1 unsigned int, 2 unsigned long, 3 unsigned long long, 4 long long */
    int result;
    union {
        double f64;
        unsigned u32;
        unsigned long ulong;
        unsigned long long u64;
        long long i64;
    } value;
};

/* The functions, by the names that nvml.c gives them. */
struct doubti_nvml {
    int (*init)(void);
    int (*shutdown)(void);
    const char *(*error_text)(int code);
    int (*driver)(char *out, unsigned out_bytes);
    int (*count)(unsigned *count);
    int (*device)(unsigned index, doubti_nvml_device *device);
    int (*name)(doubti_nvml_device device, char *out, unsigned out_bytes);
    int (*uuid)(doubti_nvml_device device, char *out, unsigned out_bytes);
    int (*power)(doubti_nvml_device device, unsigned *milliwatts);
    int (*power_limit)(doubti_nvml_device device, unsigned *milliwatts);
    int (*energy)(doubti_nvml_device device, unsigned long long *millijoules);
    int (*clock)(doubti_nvml_device device, int which, unsigned *megahertz);
    int (*max_clock)(doubti_nvml_device device, int which, unsigned *megahertz);
    int (*temperature)(doubti_nvml_device device, int which, unsigned *celsius);
    int (*reasons)(doubti_nvml_device device, unsigned long long *bits);
    int (*state)(doubti_nvml_device device, int *state);
    int (*utilization)(doubti_nvml_device device, struct doubti_nvml_utilization *percent);
    int (*processes)(doubti_nvml_device device, unsigned *count, struct doubti_nvml_process *list);
    int (*fields)(doubti_nvml_device device, int count, struct doubti_nvml_field *fields);
    void *handle; /* of dlopen() */
    int users;
};

/* The library that DOUBT_NVML names, else libnvidia-ml.so.1 where root is this machine; opened and
 * initialised once, shared and counted. NULL with the reason: not there, or it does not start. */
struct doubti_nvml *doubti_nvml_open(const char *root, char why[128]);
void doubti_nvml_close(struct doubti_nvml *nvml);
/* What a failed call means, in words. */
void doubti_nvml_why(const struct doubti_nvml *nvml, int code, char why[128]);

#endif

/* fake_ort.h: what the files of the stand-in for libonnxruntime share. Only for tests. */
#ifndef DOUBT_FAKE_ORT_H
#define DOUBT_FAKE_ORT_H

#include "ort_api.h"

#include <stddef.h>

struct ort_cuda_options {
    int device, graph, tf32, nhwc;
    void *stream;
};
struct ort_options {
    int cuda, only_gpu, named, severity;
    int takes_none; /* the provider is there, and its device is not */
    struct ort_cuda_options how;
    char profile[512];
};

/* A status with this text; what there is is counted. */
ort_status *fake_ort_fail(const char *text);
/* Does $FAKE_FAULT name this call? */
int fake_ort_faulty(const char *name);
void *fake_ort_take(size_t bytes);
void fake_ort_give(void *object);

/* Logs as the real library does, with the function given to CreateEnvWithCustomLogger(). */
void fake_ort_log(int severity, const char *message);
void fake_ort_log_with(ort_log_fn *function);

/* fake_named.c: the providers by name. */
ort_status *fake_append_named(ort_options *options, const char *name, const char *const *keys,
                              const char *const *values, size_t count);
ort_status *fake_create_own(ort_own_options **own);
ort_status *fake_update_cann(ort_own_options *own, const char *const *keys,
                             const char *const *values, size_t count);
ort_status *fake_update_dnnl(ort_own_options *own, const char *const *keys,
                             const char *const *values, size_t count);
ort_status *fake_append_own(ort_options *options, const ort_own_options *own);
void fake_release_own(ort_own_options *own);
/* The pairs that the last provider by name was given: "KEY=VALUE KEY=VALUE". */
const char *fake_ort_given(void);
/* The lines on where nodes went: with $FAKE_ORT_CPU_NODES two of three are on the CPU. */
void fake_log_placement(const ort_options *options);

#endif

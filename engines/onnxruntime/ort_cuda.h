/* ort_cuda.h: the part of CUDA's driver interface that the plug-in calls, in our own words, and the
 * device that it works on.
 *
 * A unit of work is one device: its context, one stream of ours, events, memory, a flush. The
 * driver's library is opened at run time; no toolkit is needed. Names and types are those of the
 * interface since CUDA 4 (suffix _v2 where the header maps the plain name). Not for kernels.
 */
#ifndef DOUBT_ORT_CUDA_H
#define DOUBT_ORT_CUDA_H

#include <stddef.h>
#include <stdint.h>

typedef struct cuda_context cuda_context;
typedef struct cuda_stream cuda_stream;
typedef struct cuda_event cuda_event;
typedef uint64_t cuda_address; /* CUdeviceptr */

/* All return 0 or a code. */
#define CUDA_CALLS(X)                                                                              \
    X(cuInit, (unsigned))                                                                          \
    X(cuDriverGetVersion, (int *))                                                                 \
    X(cuDeviceGetCount, (int *))                                                                   \
    X(cuDeviceGet, (int *, int))                                                                   \
    X(cuDeviceGetName, (char *, int, int))                                                         \
    X(cuDeviceGetAttribute, (int *, int, int))                                                     \
    X(cuDevicePrimaryCtxRetain, (cuda_context **, int))                                            \
    X(cuDevicePrimaryCtxRelease_v2, (int))                                                         \
    X(cuCtxSetCurrent, (cuda_context *))                                                           \
    X(cuGetErrorString, (int, const char **))                                                      \
    X(cuStreamCreate, (cuda_stream **, unsigned))                                                  \
    X(cuStreamSynchronize, (cuda_stream *))                                                        \
    X(cuStreamDestroy_v2, (cuda_stream *))                                                         \
    X(cuEventCreate, (cuda_event **, unsigned))                                                    \
    X(cuEventRecord, (cuda_event *, cuda_stream *))                                                \
    X(cuEventSynchronize, (cuda_event *))                                                          \
    X(cuEventElapsedTime, (float *, cuda_event *, cuda_event *))                                   \
    X(cuEventDestroy_v2, (cuda_event *))                                                           \
    X(cuMemGetInfo_v2, (size_t *, size_t *))                                                       \
    X(cuMemAlloc_v2, (cuda_address *, size_t))                                                     \
    X(cuMemFree_v2, (cuda_address))                                                                \
    X(cuMemAllocHost_v2, (void **, size_t))                                                        \
    X(cuMemFreeHost, (void *))                                                                     \
    X(cuMemcpyHtoDAsync_v2, (cuda_address, const void *, size_t, cuda_stream *))                   \
    X(cuMemcpyDtoHAsync_v2, (void *, cuda_address, size_t, cuda_stream *))                         \
    X(cuMemsetD32Async, (cuda_address, unsigned, size_t, cuda_stream *))

struct cuda_api {
#define CUDA_MEMBER(name, arguments) int(*name) arguments;
    CUDA_CALLS(CUDA_MEMBER)
#undef CUDA_MEMBER
};

enum { ORT_CUDA_EVENTS = 101 }; /* runs back to back, and one more */

struct ort_cuda {
    void *library;
    struct cuda_api api;
    int driver; /* 13000 for CUDA 13.0; 0: not known */
    int count;  /* of devices */
    char why_not[400];

    /* The device that is open. */
    int index, device;
    cuda_context *context; /* NULL: none is open */
    cuda_stream *stream;
    cuda_event *events[ORT_CUDA_EVENTS];
    cuda_address flushed;             /* 0: no flush was asked for */
    size_t flushed_bytes, free_bytes; /* free_bytes: before anything was loaded */
    char error[200];                  /* of the last call that failed */
};

/* Opens the driver ($DOUBT_LIBCUDA, else libcuda.so.1) and counts. 0, or -1 and why_not. */
int ort_cuda_start(struct ort_cuda *cuda);

/* Of a device by its index: name, compute capability (90 for 9.0; 0 unknown), whether programs may
 * compute on it. */
struct ort_cuda_device {
    char name[96];
    int capability;
    int is_closed; /* compute mode "prohibited" */
};
int ort_cuda_look(struct ort_cuda *cuda, int index, struct ort_cuda_device *device);

/* The rest returns 0, or -1 and a sentence in error. */
int ort_cuda_open(struct ort_cuda *cuda, int index, int flush);
void ort_cuda_close(struct ort_cuda *cuda);
int ort_cuda_check(struct ort_cuda *cuda, int code, const char *doing);
int ort_cuda_take(struct ort_cuda *cuda, size_t bytes, cuda_address *address);
int ort_cuda_wait(struct ort_cuda *cuda);
int ort_cuda_flush(struct ort_cuda *cuda);
/* Between two events that have passed. */
int ort_cuda_between(struct ort_cuda *cuda, uint32_t from, uint32_t to, double *ns);
/* Taken on the device since ort_cuda_open(), by everyone; 0: not known. */
uint64_t ort_cuda_used_bytes(struct ort_cuda *cuda);

#endif

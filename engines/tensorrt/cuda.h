/* cuda.h: the part of the CUDA driver's interface that is used, loaded at run time, and why a GPU
 * cannot be used.
 *
 * A unit of work is one call of libcuda.so.1, which comes with the driver: no CUDA toolkit is
 * needed to build or to run this. cuda_prove() must succeed before any other library of the
 * vendor's is touched, since those crash without a device. Own declarations; only for this plug-in.
 */
#ifndef TRT_CUDA_H
#define TRT_CUDA_H

#include <stddef.h>
#include <stdint.h>

typedef int cu_result;
typedef int cu_device;
typedef uint64_t cu_pointer; /* on the device */
struct cu_context;
struct cu_stream;
struct cu_event;
struct cu_graph;
struct cu_graph_exec;

enum {
    CU_SUCCESS = 0,
    CU_OUT_OF_MEMORY = 2,
    CU_NOT_SUPPORTED = 801,
    CU_STREAM_NON_BLOCKING = 1,
    CU_EVENT_DEFAULT = 0,
    CU_CAPTURE_THREAD_LOCAL = 1,
    CU_SCHED_SPIN = 1,
    CU_SCHED_BLOCKING_SYNC = 4,
    CU_ATTRIBUTE_MULTIPROCESSORS = 16,
    CU_ATTRIBUTE_L2_BYTES = 38,
    CU_ATTRIBUTE_MAJOR = 75,
    CU_ATTRIBUTE_MINOR = 76
};

/* X(field, symbol, arguments): needed. A name may carry the version that the headers map it to. */
#define CU_CALLS(X)                                                                                \
    X(init, "cuInit", (unsigned))                                                                  \
    X(driver_version, "cuDriverGetVersion", (int *))                                               \
    X(device_count, "cuDeviceGetCount", (int *))                                                   \
    X(device_get, "cuDeviceGet", (cu_device *, int))                                               \
    X(device_name, "cuDeviceGetName", (char *, int, cu_device))                                    \
    X(device_attribute, "cuDeviceGetAttribute", (int *, int, cu_device))                           \
    X(device_memory, "cuDeviceTotalMem_v2", (size_t *, cu_device))                                 \
    X(context_retain, "cuDevicePrimaryCtxRetain", (struct cu_context **, cu_device))               \
    X(context_release, "cuDevicePrimaryCtxRelease", (cu_device))                                   \
    X(context_current, "cuCtxSetCurrent", (struct cu_context *))                                   \
    X(memory_info, "cuMemGetInfo_v2", (size_t *, size_t *))                                        \
    X(allocate, "cuMemAlloc_v2", (cu_pointer *, size_t))                                           \
    X(free, "cuMemFree_v2", (cu_pointer))                                                          \
    X(allocate_host, "cuMemAllocHost_v2", (void **, size_t))                                       \
    X(free_host, "cuMemFreeHost", (void *))                                                        \
    X(to_device, "cuMemcpyHtoDAsync_v2", (cu_pointer, const void *, size_t, struct cu_stream *))   \
    X(to_host, "cuMemcpyDtoHAsync_v2", (void *, cu_pointer, size_t, struct cu_stream *))           \
    X(fill, "cuMemsetD32Async", (cu_pointer, unsigned, size_t, struct cu_stream *))                \
    X(stream_create, "cuStreamCreate", (struct cu_stream **, unsigned))                            \
    X(stream_destroy, "cuStreamDestroy_v2", (struct cu_stream *))                                  \
    X(stream_wait, "cuStreamSynchronize", (struct cu_stream *))                                    \
    X(event_create, "cuEventCreate", (struct cu_event **, unsigned))                               \
    X(event_destroy, "cuEventDestroy_v2", (struct cu_event *))                                     \
    X(event_record, "cuEventRecord", (struct cu_event *, struct cu_stream *))                      \
    X(event_wait, "cuEventSynchronize", (struct cu_event *))                                       \
    X(event_elapsed, "cuEventElapsedTime", (float *, struct cu_event *, struct cu_event *))        \
    X(error_name, "cuGetErrorName", (cu_result, const char **))                                    \
    X(error_text, "cuGetErrorString", (cu_result, const char **))

/* Graphs: all or none; instantiate in the form of CUDA 11.4 and later, else in the older one. */
#define CU_GRAPH_CALLS(X)                                                                          \
    X(capture_begin, "cuStreamBeginCapture_v2", (struct cu_stream *, int))                         \
    X(capture_end, "cuStreamEndCapture", (struct cu_stream *, struct cu_graph **))                 \
    X(graph_launch, "cuGraphLaunch", (struct cu_graph_exec *, struct cu_stream *))                 \
    X(graph_destroy, "cuGraphDestroy", (struct cu_graph *))                                        \
    X(exec_destroy, "cuGraphExecDestroy", (struct cu_graph_exec *))

struct cuda {
#define CU_FIELD(field, symbol, arguments) cu_result(*field) arguments;
    CU_CALLS(CU_FIELD)
    CU_GRAPH_CALLS(CU_FIELD)
#undef CU_FIELD
    /* How the host waits for a context's device. The form of CUDA 11 and later serves a context
     * that is in use too, the older one refuses that. */
    cu_result (*context_flags)(cu_device, unsigned);
    cu_result (*instantiate_flags)(struct cu_graph_exec **, struct cu_graph *, unsigned long long);
    cu_result (*instantiate_log)(struct cu_graph_exec **, struct cu_graph *, void **, char *,
                                 size_t);
    int has_graphs;
    int version;          /* of CUDA that the driver supports: 1000 * major + 10 * minor */
    int count;            /* devices */
    unsigned wait;        /* CU_SCHED_, by the caller, before cuda_prove() */
    cu_result wait_given; /* what the driver said to it when a context was last retained */
};

enum { CUDA_TEXT_BYTES = 400 };

struct cuda_device {
    cu_device handle;
    char name[128];
    int major, minor; /* compute capability */
    int multiprocessors, l2_bytes;
    size_t memory_bytes;
};

/* Loads the driver's library and proves that device number index works, by a context that stays
 * current. 0, else -1 and in text one sentence with what helps. */
int cuda_prove(struct cuda *cuda, int index, struct cu_context **context,
               char text[CUDA_TEXT_BYTES]);
/* The device's context, made to wait as cuda->wait says. */
cu_result cuda_retain(struct cuda *cuda, cu_device device, struct cu_context **context);
int cuda_describe(const struct cuda *cuda, int index, struct cuda_device *device);
/* Version of the kernel's driver as "580.159.04"; "" where it does not tell. */
void cuda_driver(char *text, size_t bytes);
/* Name and text of an error, as "CUDA_ERROR_OUT_OF_MEMORY (out of memory)". */
void cuda_error(const struct cuda *cuda, cu_result result, char text[CUDA_TEXT_BYTES]);
/* An executable graph from what was captured. */
cu_result cuda_instantiate(const struct cuda *cuda, struct cu_graph_exec **exec,
                           struct cu_graph *graph);

/* --- cuda_why.cpp ---------------------------------------------------------------------------- */

/* Why the driver's library could not be loaded (with the loader's words) or started (with its
 * error): one sentence that ends with what helps. */
void cuda_why_missing(const char *loader, char text[CUDA_TEXT_BYTES]);
void cuda_why_refused(const char *call, cu_result result, const char *name,
                      char text[CUDA_TEXT_BYTES]);
void cuda_why_none(char text[CUDA_TEXT_BYTES]);

#endif

/* cuda.c: a stand-in for libcuda.so.1: "devices" whose memory is the host's.
 *
 * A unit of work is one call, done at once; what is submitted to a stream that captures waits for
 * the graph's launch. $STANDIN_CUDA_FAULT is NAME=CODE: that call gives that error. $STANDIN_GPUS
 * is the number of devices, $STANDIN_CAPABILITY (80) ten times their compute capability. With
 * STANDIN_OLD it is the driver of CUDA 10.2: older forms of two calls. Only for tests.
 */
#include "standin.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORK_MAX = 64, NOT_INITIALIZED = 3, INVALID = 1, DEVICES = 2, CONTEXT_ACTIVE = 708 };

struct work {
    standin_work *run;
    void *argument;
};
struct graph {
    size_t count;
    struct work items[WORK_MAX];
};
struct stream {
    struct graph *capturing;
};
struct event {
    struct timespec at;
};

#ifdef STANDIN_OLD
enum { IS_OLD = 1, VERSION = 10020 };
#define SET_FLAGS cuDevicePrimaryCtxSetFlags
#else
enum { IS_OLD = 0, VERSION = 12040 };
#define SET_FLAGS cuDevicePrimaryCtxSetFlags_v2
#endif

static int initialized, retained[DEVICES];
/* Of the contexts: what they will be made with, and what they work with. */
static unsigned wanted_flags[DEVICES], flags_in_use[DEVICES];
static int current = -1;
/* Graphs launched, captured, and executable ones not destroyed yet. */
static int launches, captures, alive;

int cuInit(unsigned flags);
int cuDriverGetVersion(int *version);
int cuDeviceGetCount(int *count);
int cuDeviceGet(int *device, int index);
int cuDeviceGetName(char *name, int bytes, int device);
int cuDeviceGetAttribute(int *value, int attribute, int device);
int cuDeviceTotalMem_v2(size_t *bytes, int device);
int cuDevicePrimaryCtxRetain(void **context, int device);
int cuDevicePrimaryCtxRelease(int device);
int SET_FLAGS(int device, unsigned flags);
int cuCtxSetCurrent(void *context);
int cuMemGetInfo_v2(size_t *free_bytes, size_t *total);
int cuMemAlloc_v2(uint64_t *pointer, size_t bytes);
int cuMemFree_v2(uint64_t pointer);
int cuMemAllocHost_v2(void **pointer, size_t bytes);
int cuMemFreeHost(void *pointer);
int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, struct stream *stream);
int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, struct stream *stream);
int cuMemsetD32Async(uint64_t to, unsigned value, size_t count, struct stream *stream);
int cuStreamCreate(struct stream **stream, unsigned flags);
int cuStreamDestroy_v2(struct stream *stream);
int cuStreamSynchronize(struct stream *stream);
int cuEventCreate(struct event **event, unsigned flags);
int cuEventDestroy_v2(struct event *event);
int cuEventRecord(struct event *event, struct stream *stream);
int cuEventSynchronize(struct event *event);
int cuEventElapsedTime(float *ms, struct event *from, struct event *to);
int cuGetErrorName(int code, const char **name);
int cuGetErrorString(int code, const char **text);
int cuStreamBeginCapture_v2(struct stream *stream, int mode);
int cuStreamEndCapture(struct stream *stream, struct graph **graph);
#ifdef STANDIN_OLD
int cuGraphInstantiate(struct graph **exec, struct graph *graph, void **node, char *log,
                       size_t bytes);
#else
int cuGraphInstantiateWithFlags(struct graph **exec, struct graph *graph, unsigned long long flags);
#endif
int cuGraphLaunch(struct graph *exec, struct stream *stream);
int cuGraphDestroy(struct graph *graph);
int cuGraphExecDestroy(struct graph *exec);

/* The error that the environment wants this call to give. */
static int fault(const char *name)
{
    const char *wanted = getenv("STANDIN_CUDA_FAULT");
    size_t len = strlen(name);
    if (wanted != NULL && strncmp(wanted, name, len) == 0 && wanted[len] == '=')
        return atoi(wanted + len + 1);
    return 0;
}

#define FAULT()                                                                                    \
    do {                                                                                           \
        int code = fault(__func__);                                                                \
        if (code != 0)                                                                             \
            return code;                                                                           \
        if (!initialized)                                                                          \
            return NOT_INITIALIZED;                                                                \
    } while (0)

static int number(const char *variable, int fallback)
{
    const char *text = getenv(variable);
    return text != NULL ? atoi(text) : fallback;
}

int cuInit(unsigned flags)
{
    int code = fault(__func__);
    initialized = code == 0;
    return flags != 0 ? INVALID : code;
}

int cuDriverGetVersion(int *version)
{
    *version = VERSION;
    return fault(__func__);
}

int cuDeviceGetCount(int *count)
{
    FAULT();
    *count = number("STANDIN_GPUS", 1);
    return 0;
}

int cuDeviceGet(int *device, int index)
{
    FAULT();
    *device = index;
    return index < 0 || index >= number("STANDIN_GPUS", 1) ? INVALID : 0;
}

int cuDeviceGetName(char *name, int bytes, int device)
{
    FAULT();
    snprintf(name, (size_t)bytes, "Stand-in %d", device);
    return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    int capability = number("STANDIN_CAPABILITY", 80);
    FAULT();
    (void)device;
    *value = attribute == 75   ? capability / 10
             : attribute == 76 ? capability % 10
             : attribute == 38 ? 1 << 20
                               : 4;
    return 0;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device)
{
    FAULT();
    (void)device;
    *bytes = (size_t)2 << 30;
    return 0;
}

int cuDevicePrimaryCtxRetain(void **context, int device)
{
    FAULT();
    if (retained[device]++ == 0)
        flags_in_use[device] = wanted_flags[device];
    *context = &retained[device];
    return 0;
}

int cuDevicePrimaryCtxRelease(int device)
{
    retained[device]--;
    return retained[device] < 0 ? INVALID : 0;
}

/* The older form leaves a context alone that is in use. */
int SET_FLAGS(int device, unsigned flags)
{
    FAULT();
    if (flags != 1 && flags != 4)
        return INVALID;
    if (IS_OLD && retained[device] > 0)
        return CONTEXT_ACTIVE;
    wanted_flags[device] = flags;
    if (retained[device] > 0)
        flags_in_use[device] = flags;
    return 0;
}

int cuCtxSetCurrent(void *context)
{
    FAULT();
    for (int i = 0; i < DEVICES; i++)
        if (context == &retained[i] && retained[i] > 0) {
            current = i;
            return 0;
        }
    return INVALID;
}

int standin_wait_flags(int *device)
{
    *device = current;
    return current >= 0 ? (int)flags_in_use[current] : -1;
}

int cuMemGetInfo_v2(size_t *free_bytes, size_t *total)
{
    FAULT();
    *free_bytes = (size_t)1 << 30;
    *total = (size_t)2 << 30;
    return 0;
}

int cuMemAlloc_v2(uint64_t *pointer, size_t bytes)
{
    FAULT();
    void *memory = malloc(bytes);
    *pointer = (uintptr_t)memory;
    return memory != NULL ? 0 : 2;
}

int cuMemFree_v2(uint64_t pointer)
{
    free((void *)(uintptr_t)pointer);
    return 0;
}

int cuMemAllocHost_v2(void **pointer, size_t bytes)
{
    FAULT();
    *pointer = malloc(bytes);
    return *pointer != NULL ? 0 : 2;
}

int cuMemFreeHost(void *pointer)
{
    free(pointer);
    return 0;
}

int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, struct stream *stream)
{
    FAULT();
    memcpy((void *)(uintptr_t)to, from, bytes);
    return stream != NULL ? 0 : INVALID;
}

int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, struct stream *stream)
{
    FAULT();
    memcpy(to, (void *)(uintptr_t)from, bytes);
    return stream != NULL ? 0 : INVALID;
}

int cuMemsetD32Async(uint64_t to, unsigned value, size_t count, struct stream *stream)
{
    FAULT();
    for (size_t i = 0; i < count; i++)
        ((uint32_t *)(uintptr_t)to)[i] = value;
    return stream != NULL ? 0 : INVALID;
}

int cuStreamCreate(struct stream **stream, unsigned flags)
{
    FAULT();
    *stream = calloc(1, sizeof **stream);
    return flags != 1 ? INVALID : *stream != NULL ? 0 : 2;
}

int cuStreamDestroy_v2(struct stream *stream)
{
    free(stream);
    return 0;
}

int cuStreamSynchronize(struct stream *stream)
{
    FAULT();
    return stream->capturing != NULL ? INVALID : 0;
}

int cuEventCreate(struct event **event, unsigned flags)
{
    FAULT();
    *event = calloc(1, sizeof **event);
    return flags != 0 ? INVALID : *event != NULL ? 0 : 2;
}

int cuEventDestroy_v2(struct event *event)
{
    free(event);
    return 0;
}

int cuEventRecord(struct event *event, struct stream *stream)
{
    FAULT();
    clock_gettime(CLOCK_MONOTONIC, &event->at);
    return stream != NULL ? 0 : INVALID;
}

int cuEventSynchronize(struct event *event)
{
    FAULT();
    return event != NULL ? 0 : INVALID;
}

int cuEventElapsedTime(float *ms, struct event *from, struct event *to)
{
    FAULT();
    *ms = (float)((double)(to->at.tv_sec - from->at.tv_sec) * 1e3 +
                  (double)(to->at.tv_nsec - from->at.tv_nsec) * 1e-6);
    return 0;
}

int cuGetErrorName(int code, const char **name)
{
    static char text[32];
    snprintf(text, sizeof text, "STANDIN_ERROR_%d", code);
    *name = text;
    return 0;
}

int cuGetErrorString(int code, const char **text)
{
    *text = code == 2 ? "out of memory" : "an error of the stand-in";
    return 0;
}

/* --- graphs ---------------------------------------------------------------------------------- */

int standin_submit(void *stream_, standin_work *work, void *argument)
{
    struct stream *stream = stream_;
    struct graph *graph = stream->capturing;
    if (graph == NULL) {
        work(argument);
        return 0;
    }
    if (graph->count == WORK_MAX)
        return INVALID;
    graph->items[graph->count++] = (struct work){work, argument};
    return 0;
}

int cuStreamBeginCapture_v2(struct stream *stream, int mode)
{
    FAULT();
    captures++;
    stream->capturing = calloc(1, sizeof *stream->capturing);
    return mode != 1 ? INVALID : stream->capturing != NULL ? 0 : 2;
}

int cuStreamEndCapture(struct stream *stream, struct graph **graph)
{
    int code = fault(__func__);
    *graph = code == 0 ? stream->capturing : NULL;
    if (code != 0)
        free(stream->capturing);
    stream->capturing = NULL;
    return code;
}

static int instantiate(struct graph **exec, const struct graph *graph)
{
    *exec = malloc(sizeof **exec);
    if (*exec == NULL)
        return INVALID;
    **exec = *graph;
    alive++;
    return 0;
}

#ifdef STANDIN_OLD
int cuGraphInstantiate(struct graph **exec, struct graph *graph, void **node, char *log,
                       size_t bytes)
{
    FAULT();
    (void)node;
    if (bytes > 0)
        log[0] = '\0';
    return instantiate(exec, graph);
}
#else
int cuGraphInstantiateWithFlags(struct graph **exec, struct graph *graph, unsigned long long flags)
{
    FAULT();
    return flags != 0 ? INVALID : instantiate(exec, graph);
}
#endif

int cuGraphLaunch(struct graph *exec, struct stream *stream)
{
    FAULT();
    launches++;
    for (size_t i = 0; i < exec->count; i++)
        exec->items[i].run(exec->items[i].argument);
    return stream != NULL ? 0 : INVALID;
}

int cuGraphDestroy(struct graph *graph)
{
    free(graph);
    return 0;
}

int cuGraphExecDestroy(struct graph *exec)
{
    alive--;
    free(exec);
    return 0;
}

void standin_graph_count(int *launched, int *captured, int *left)
{
    *launched = launches;
    *captured = captures;
    *left = alive;
}

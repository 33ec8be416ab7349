/* fake_cuda.c: a stand-in for libcuda.so.1: one "GPU" whose memory is the host's and whose streams
 * do their work when they are waited for.
 *
 * A unit of work is one call. $FAKE_FAULT names a call that fails; $FAKE_CUDA_DRIVER is the
 * driver's version; $FAKE_CUDA_CODE is what cuInit gives. Only for tests.
 */
#include "fake_cuda.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUE = 4096, BLOCKS = 256, OUT_OF_MEMORY = 2, INVALID = 1 };

struct item {
    fake_work *work;
    void *argument;
    long us;
};

struct stream {
    struct item items[QUEUE];
    size_t count;
    long us; /* its own time */
};

struct event {
    long us;
    int passed, recorded;
};

static struct {
    struct stream *stream;
    struct {
        char *at;
        size_t bytes;
    } blocks[BLOCKS];
    int live, retained, flushes;
    void *current;
} gpu;

int cuInit(unsigned flags);
int cuDriverGetVersion(int *version);
int cuDeviceGetCount(int *count);
int cuDeviceGet(int *device, int index);
int cuDeviceGetName(char *name, int room, int device);
int cuDeviceGetAttribute(int *value, int number, int device);
int cuDevicePrimaryCtxRetain(void **context, int device);
int cuDevicePrimaryCtxRelease_v2(int device);
int cuCtxSetCurrent(void *context);
int cuGetErrorString(int code, const char **text);
int cuStreamCreate(struct stream **stream, unsigned flags);
int cuStreamSynchronize(struct stream *stream);
int cuStreamDestroy_v2(struct stream *stream);
int cuEventCreate(struct event **event, unsigned flags);
int cuEventRecord(struct event *event, struct stream *stream);
int cuEventSynchronize(struct event *event);
int cuEventElapsedTime(float *ms, struct event *from, struct event *to);
int cuEventDestroy_v2(struct event *event);
int cuMemGetInfo_v2(size_t *now, size_t *all);
int cuMemAlloc_v2(uint64_t *address, size_t bytes);
int cuMemFree_v2(uint64_t address);
int cuMemAllocHost_v2(void **memory, size_t bytes);
int cuMemFreeHost(void *memory);
int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, struct stream *stream);
int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, struct stream *stream);
int cuMemsetD32Async(uint64_t to, unsigned value, size_t count, struct stream *stream);

static int faulty(const char *name)
{
    const char *fault = getenv("FAKE_FAULT");
    return fault != NULL && strcmp(fault, name) == 0;
}

#define FAULT()                                                                                    \
    do {                                                                                           \
        if (faulty(__func__))                                                                      \
            return OUT_OF_MEMORY;                                                                  \
    } while (0)

int fake_cuda_live(void)
{
    return gpu.live + gpu.retained;
}

int fake_cuda_flushes(void)
{
    return gpu.flushes;
}

int fake_cuda_owns(const void *address)
{
    for (size_t i = 0; i < BLOCKS; i++)
        if (gpu.blocks[i].at != NULL && (const char *)address >= gpu.blocks[i].at &&
            (const char *)address < gpu.blocks[i].at + gpu.blocks[i].bytes)
            return 1;
    return 0;
}

static void drain(struct stream *stream)
{
    for (size_t i = 0; i < stream->count; i++) {
        stream->us += stream->items[i].us;
        if (stream->items[i].work != NULL)
            stream->items[i].work(stream->items[i].argument);
    }
    stream->count = 0;
}

void fake_cuda_enqueue(void *stream, fake_work *work, void *argument, long us)
{
    struct stream *s = stream;
    if (s->count == QUEUE)
        drain(s);
    s->items[s->count++] = (struct item){work, argument, us};
}

int cuInit(unsigned flags)
{
    const char *code = getenv("FAKE_CUDA_CODE");
    FAULT();
    return flags != 0 ? INVALID : code != NULL ? atoi(code) : 0;
}

int cuDriverGetVersion(int *version)
{
    const char *driver = getenv("FAKE_CUDA_DRIVER");
    *version = driver != NULL ? atoi(driver) : 13000;
    return 0;
}

int cuDeviceGetCount(int *count)
{
    FAULT();
    *count = 1;
    return 0;
}

int cuDeviceGet(int *device, int index)
{
    FAULT();
    *device = 7;
    return index == 0 ? 0 : 101;
}

int cuDeviceGetName(char *name, int room, int device)
{
    static const char text[] = "Stand-in GPU";
    memcpy(name, text, sizeof text);
    return room > (int)sizeof text && device == 7 ? 0 : INVALID;
}

int cuDeviceGetAttribute(int *value, int number, int device)
{
    const char *capability = getenv("FAKE_CUDA_CAPABILITY");
    int whole = capability != NULL ? atoi(capability) : 90;
    *value = number == 38 ? 1 << 20 : number == 75 ? whole / 10 : number == 76 ? whole % 10 : 0;
    if (number == 20 && getenv("FAKE_CUDA_PROHIBITED") != NULL)
        *value = 2;
    return device == 7 ? 0 : INVALID;
}

int cuDevicePrimaryCtxRetain(void **context, int device)
{
    FAULT();
    gpu.retained++;
    *context = &gpu;
    return device == 7 ? 0 : INVALID;
}

int cuDevicePrimaryCtxRelease_v2(int device)
{
    gpu.retained--;
    return device == 7 ? 0 : INVALID;
}

int cuCtxSetCurrent(void *context)
{
    FAULT();
    gpu.current = context;
    return 0;
}

int cuGetErrorString(int code, const char **text)
{
    *text = code == OUT_OF_MEMORY ? "out of memory" : "invalid argument";
    return 0;
}

int cuStreamCreate(struct stream **stream, unsigned flags)
{
    FAULT();
    *stream = calloc(1, sizeof **stream);
    gpu.live++;
    return flags <= 1 && *stream != NULL && gpu.current != NULL ? 0 : INVALID;
}

int cuStreamSynchronize(struct stream *stream)
{
    drain(stream);
    FAULT();
    return 0;
}

int cuStreamDestroy_v2(struct stream *stream)
{
    free(stream);
    gpu.live--;
    return 0;
}

int cuEventCreate(struct event **event, unsigned flags)
{
    FAULT();
    *event = calloc(1, sizeof **event);
    gpu.live++;
    return flags == 0 && *event != NULL ? 0 : INVALID;
}

struct mark {
    struct event *event;
    struct stream *stream;
};

static void pass(void *argument)
{
    struct mark *mark = argument;
    mark->event->us = mark->stream->us;
    mark->event->passed = 1;
    free(mark);
}

int cuEventRecord(struct event *event, struct stream *stream)
{
    FAULT();
    struct mark *mark = malloc(sizeof *mark);
    if (mark == NULL)
        return OUT_OF_MEMORY;
    *mark = (struct mark){event, stream};
    event->passed = 0;
    event->recorded = 1;
    gpu.stream = stream;
    fake_cuda_enqueue(stream, pass, mark, 0);
    return 0;
}

int cuEventSynchronize(struct event *event)
{
    if (event->recorded)
        drain(gpu.stream);
    FAULT();
    return 0;
}

int cuEventElapsedTime(float *ms, struct event *from, struct event *to)
{
    FAULT();
    if (!from->passed || !to->passed)
        return 600; /* not ready */
    *ms = (float)(to->us - from->us) / 1000;
    return 0;
}

int cuEventDestroy_v2(struct event *event)
{
    free(event);
    gpu.live--;
    return 0;
}

int cuMemGetInfo_v2(size_t *now, size_t *all)
{
    *all = (size_t)1 << 30;
    *now = *all;
    for (size_t i = 0; i < BLOCKS; i++)
        *now -= gpu.blocks[i].at != NULL ? gpu.blocks[i].bytes : 0;
    return 0;
}

int cuMemAlloc_v2(uint64_t *address, size_t bytes)
{
    FAULT();
    for (size_t i = 0; i < BLOCKS; i++)
        if (gpu.blocks[i].at == NULL) {
            gpu.blocks[i].at = malloc(bytes);
            gpu.blocks[i].bytes = bytes;
            *address = (uint64_t)(uintptr_t)gpu.blocks[i].at;
            gpu.live++;
            return gpu.blocks[i].at != NULL ? 0 : OUT_OF_MEMORY;
        }
    return OUT_OF_MEMORY;
}

int cuMemFree_v2(uint64_t address)
{
    for (size_t i = 0; i < BLOCKS; i++)
        if ((uint64_t)(uintptr_t)gpu.blocks[i].at == address) {
            free(gpu.blocks[i].at);
            gpu.blocks[i].at = NULL;
            gpu.live--;
            return 0;
        }
    return INVALID;
}

int cuMemAllocHost_v2(void **memory, size_t bytes)
{
    FAULT();
    *memory = malloc(bytes);
    gpu.live++;
    return *memory != NULL ? 0 : OUT_OF_MEMORY;
}

int cuMemFreeHost(void *memory)
{
    free(memory);
    gpu.live--;
    return 0;
}

struct transfer {
    void *to;
    const void *from;
    size_t bytes;
};

static void move(void *argument)
{
    struct transfer *transfer = argument;
    memcpy(transfer->to, transfer->from, transfer->bytes);
    free(transfer);
}

static int enqueue_move(void *to, const void *from, size_t bytes, struct stream *stream)
{
    struct transfer *transfer = malloc(sizeof *transfer);
    if (transfer == NULL)
        return OUT_OF_MEMORY;
    *transfer = (struct transfer){to, from, bytes};
    fake_cuda_enqueue(stream, move, transfer, 100);
    return 0;
}

int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, struct stream *stream)
{
    FAULT();
    void *address = (void *)(uintptr_t)to;
    return fake_cuda_owns(address) ? enqueue_move(address, from, bytes, stream) : INVALID;
}

int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, struct stream *stream)
{
    FAULT();
    const void *address = (const void *)(uintptr_t)from;
    return fake_cuda_owns(address) ? enqueue_move(to, address, bytes, stream) : INVALID;
}

int cuMemsetD32Async(uint64_t to, unsigned value, size_t count, struct stream *stream)
{
    FAULT();
    void *address = (void *)(uintptr_t)to;
    if (!fake_cuda_owns(address) || stream == NULL)
        return INVALID;
    memset(address, (int)value, 4 * count);
    gpu.flushes++;
    return 0;
}

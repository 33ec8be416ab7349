/* ort_cuda.c: see ort_cuda.h. */
#include "ort_cuda.h"
#include "ort_why.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_DEVICE = 100, BUSY_WAIT = 0, PROHIBITED = 2 };
/* Numbers of CUdevice_attribute. */
enum { COMPUTE_MODE = 20, L2_BYTES = 38, CAPABILITY_MAJOR = 75, CAPABILITY_MINOR = 76 };

/* What a cache is driven out by: more than any L2 there is, where the driver does not tell. */
static const size_t flush_bytes_least = (size_t)128 << 20;

/* --- the driver ------------------------------------------------------------------------------ */

static int take_calls(struct ort_cuda *cuda, const char *path)
{
    const char *missing = NULL;
    void *symbol;
#define CUDA_TAKE(name, arguments)                                                                 \
    symbol = dlsym(cuda->library, #name);                                                          \
    memcpy(&cuda->api.name, &symbol, sizeof symbol);                                               \
    if (symbol == NULL)                                                                            \
        missing = #name;
    CUDA_CALLS(CUDA_TAKE)
#undef CUDA_TAKE
    if (missing == NULL)
        return 0;
    snprintf(cuda->why_not, sizeof cuda->why_not,
             "%s has no %s(): a driver of CUDA 10 or later is needed", path, missing);
    return -1;
}

static int start(struct ort_cuda *cuda, const char *path)
{
    struct ort_why why = {.root = "", .visible = getenv("CUDA_VISIBLE_DEVICES")};
    cuda->library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    why.has_library = cuda->library != NULL;
    if (!why.has_library) {
        ort_why_no_device(&why, cuda->why_not);
        return -1;
    }
    if (take_calls(cuda, path) != 0)
        return -1;
    why.code = cuda->api.cuInit(0);
    if (why.code == 0 && (cuda->api.cuDeviceGetCount(&cuda->count) != 0 || cuda->count < 1))
        why.code = NO_DEVICE;
    if (cuda->api.cuDriverGetVersion(&cuda->driver) != 0)
        cuda->driver = 0;
    if (why.code == 0)
        return 0;
    ort_why_no_device(&why, cuda->why_not);
    return -1;
}

int ort_cuda_start(struct ort_cuda *cuda)
{
    const char *path = getenv("DOUBT_LIBCUDA");
    int result = start(cuda, path != NULL && path[0] != '\0' ? path : "libcuda.so.1");
    if (result != 0)
        cuda->count = 0;
    return result;
}

static int attribute(struct ort_cuda *cuda, int number, int device)
{
    int value = 0;
    return cuda->api.cuDeviceGetAttribute(&value, number, device) == 0 ? value : 0;
}

int ort_cuda_look(struct ort_cuda *cuda, int index, struct ort_cuda_device *found)
{
    int device = 0;
    memset(found, 0, sizeof *found);
    if (ort_cuda_check(cuda, cuda->api.cuDeviceGet(&device, index), "no such GPU") != 0)
        return -1;
    if (cuda->api.cuDeviceGetName(found->name, (int)sizeof found->name, device) != 0)
        found->name[0] = '\0';
    found->name[sizeof found->name - 1] = '\0';
    found->capability =
        10 * attribute(cuda, CAPABILITY_MAJOR, device) + attribute(cuda, CAPABILITY_MINOR, device);
    found->is_closed = attribute(cuda, COMPUTE_MODE, device) == PROHIBITED;
    return 0;
}

/* --- one device ------------------------------------------------------------------------------ */

int ort_cuda_check(struct ort_cuda *cuda, int code, const char *doing)
{
    const char *text = NULL;
    if (code == 0)
        return 0;
    if (cuda->api.cuGetErrorString(code, &text) != 0 || text == NULL)
        text = "unknown to the driver";
    snprintf(cuda->error, sizeof cuda->error, "%s: CUDA error %d, %s", doing, code, text);
    return -1;
}

int ort_cuda_take(struct ort_cuda *cuda, size_t bytes, cuda_address *address)
{
    char doing[80];
    snprintf(doing, sizeof doing, "no %zu bytes of the GPU's memory", bytes);
    *address = 0;
    return ort_cuda_check(cuda, cuda->api.cuMemAlloc_v2(address, bytes > 0 ? bytes : 1), doing);
}

static int take_flush(struct ort_cuda *cuda)
{
    size_t bytes = 2 * (size_t)attribute(cuda, L2_BYTES, cuda->device);
    cuda->flushed_bytes = bytes > flush_bytes_least ? bytes : flush_bytes_least;
    return ort_cuda_take(cuda, cuda->flushed_bytes, &cuda->flushed);
}

int ort_cuda_open(struct ort_cuda *cuda, int index, int flush)
{
    size_t all = 0;
    cuda->index = index;
    if (ort_cuda_check(cuda, cuda->api.cuDeviceGet(&cuda->device, index), "no such GPU") ||
        ort_cuda_check(cuda, cuda->api.cuDevicePrimaryCtxRetain(&cuda->context, cuda->device),
                       "the GPU gives no context") ||
        ort_cuda_check(cuda, cuda->api.cuCtxSetCurrent(cuda->context), "no context") ||
        ort_cuda_check(cuda, cuda->api.cuStreamCreate(&cuda->stream, 1 /* not blocking */),
                       "no stream"))
        return -1;
    if (cuda->api.cuMemGetInfo_v2(&cuda->free_bytes, &all) != 0)
        cuda->free_bytes = 0;
    for (int i = 0; i < ORT_CUDA_EVENTS; i++)
        if (ort_cuda_check(cuda, cuda->api.cuEventCreate(&cuda->events[i], BUSY_WAIT), "no event"))
            return -1;
    return flush ? take_flush(cuda) : 0;
}

/* What fails here has no remedy: the process is about to end. */
void ort_cuda_close(struct ort_cuda *cuda)
{
    if (cuda->context == NULL)
        return;
    cuda->api.cuCtxSetCurrent(cuda->context);
    if (cuda->flushed != 0)
        cuda->api.cuMemFree_v2(cuda->flushed);
    for (int i = 0; i < ORT_CUDA_EVENTS; i++)
        if (cuda->events[i] != NULL)
            cuda->api.cuEventDestroy_v2(cuda->events[i]);
    if (cuda->stream != NULL)
        cuda->api.cuStreamDestroy_v2(cuda->stream);
    cuda->api.cuDevicePrimaryCtxRelease_v2(cuda->device);
    memset(cuda->events, 0, sizeof cuda->events);
    cuda->flushed = 0;
    cuda->stream = NULL;
    cuda->context = NULL;
}

int ort_cuda_wait(struct ort_cuda *cuda)
{
    return ort_cuda_check(cuda, cuda->api.cuStreamSynchronize(cuda->stream), "the GPU failed");
}

int ort_cuda_flush(struct ort_cuda *cuda)
{
    int code = cuda->api.cuMemsetD32Async(cuda->flushed, 0, cuda->flushed_bytes / 4, cuda->stream);
    return ort_cuda_check(cuda, code, "cannot flush the L2") || ort_cuda_wait(cuda) ? -1 : 0;
}

int ort_cuda_between(struct ort_cuda *cuda, uint32_t from, uint32_t to, double *ns)
{
    float ms = 0;
    int code = cuda->api.cuEventElapsedTime(&ms, cuda->events[from], cuda->events[to]);
    *ns = (double)ms * 1e6;
    return ort_cuda_check(cuda, code, "no time between two events");
}

uint64_t ort_cuda_used_bytes(struct ort_cuda *cuda)
{
    size_t now = 0, all = 0;
    if (cuda->free_bytes == 0 || cuda->api.cuMemGetInfo_v2(&now, &all) != 0)
        return 0;
    return now < cuda->free_bytes ? cuda->free_bytes - now : 0;
}

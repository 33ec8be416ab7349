/* cuda.cpp: see cuda.h. */
#include "cuda.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static int take(void *library, const char *symbol, void *place)
{
    void *found = dlsym(library, symbol);
    if (found == NULL)
        return -1;
    memcpy(place, &found, sizeof found);
    return 0;
}

static void take_graphs(struct cuda *cuda, void *library)
{
    int missing = 0;
#define CU_TAKE(field, symbol, arguments) missing |= take(library, symbol, &cuda->field);
    CU_GRAPH_CALLS(CU_TAKE)
#undef CU_TAKE
    if (take(library, "cuGraphInstantiateWithFlags", &cuda->instantiate_flags) != 0 &&
        take(library, "cuGraphInstantiate_v2", &cuda->instantiate_log) != 0 &&
        take(library, "cuGraphInstantiate", &cuda->instantiate_log) != 0)
        missing = -1;
    cuda->has_graphs = missing == 0;
}

static int take_calls(struct cuda *cuda, void *library, char text[CUDA_TEXT_BYTES])
{
    const char *missing = NULL;
#define CU_TAKE(field, symbol, arguments)                                                          \
    if (take(library, symbol, &cuda->field) != 0)                                                  \
        missing = symbol;
    CU_CALLS(CU_TAKE)
#undef CU_TAKE
    if (missing == NULL)
        return 0;
    snprintf(text, CUDA_TEXT_BYTES,
             "libcuda.so.1 lacks %s(): its driver is older than CUDA 10; install a newer driver",
             missing);
    return -1;
}

static const char *name_of(const struct cuda *cuda, cu_result result)
{
    const char *name = NULL;
    return cuda->error_name(result, &name) == CU_SUCCESS && name != NULL ? name : "unknown error";
}

void cuda_error(const struct cuda *cuda, cu_result result, char text[CUDA_TEXT_BYTES])
{
    const char *words = NULL;
    if (cuda->error_text(result, &words) != CU_SUCCESS || words == NULL)
        words = "no text";
    snprintf(text, CUDA_TEXT_BYTES, "%s (%s)", name_of(cuda, result), words);
}

static int check(const struct cuda *cuda, const char *call, cu_result result,
                 char text[CUDA_TEXT_BYTES])
{
    if (result == CU_SUCCESS)
        return 0;
    cuda_why_refused(call, result, name_of(cuda, result), text);
    return -1;
}

static int pick(const struct cuda *cuda, int index, cu_device *device, char text[CUDA_TEXT_BYTES])
{
    if (cuda->count < 1) {
        cuda_why_none(text);
        return -1;
    }
    if (index < 0 || index >= cuda->count) {
        snprintf(text, CUDA_TEXT_BYTES, "there is no device cuda:%d: cuda:0 to cuda:%d are here",
                 index, cuda->count - 1);
        return -1;
    }
    return check(cuda, "cuDeviceGet", cuda->device_get(device, index), text);
}

cu_result cuda_retain(struct cuda *cuda, cu_device device, struct cu_context **context)
{
    cuda->wait_given = cuda->context_flags != NULL ? cuda->context_flags(device, cuda->wait)
                                                   : (cu_result)CU_NOT_SUPPORTED;
    return cuda->context_retain(context, device);
}

int cuda_prove(struct cuda *cuda, int index, struct cu_context **context,
               char text[CUDA_TEXT_BYTES])
{
    cu_device device = 0;
    void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) {
        cuda_why_missing(dlerror(), text);
        return -1;
    }
    if (take_calls(cuda, library, text) != 0)
        return -1;
    take_graphs(cuda, library);
    if (take(library, "cuDevicePrimaryCtxSetFlags_v2", &cuda->context_flags) != 0)
        take(library, "cuDevicePrimaryCtxSetFlags", &cuda->context_flags);
    if (check(cuda, "cuInit", cuda->init(0), text) != 0 ||
        check(cuda, "cuDriverGetVersion", cuda->driver_version(&cuda->version), text) != 0 ||
        check(cuda, "cuDeviceGetCount", cuda->device_count(&cuda->count), text) != 0 ||
        pick(cuda, index, &device, text) != 0 ||
        check(cuda, "cuDevicePrimaryCtxRetain", cuda_retain(cuda, device, context), text) != 0)
        return -1;
    cu_result current = cuda->context_current(*context);
    if (current != CU_SUCCESS) {
        cuda->context_release(device);
        *context = NULL;
    }
    return check(cuda, "cuCtxSetCurrent", current, text);
}

int cuda_describe(const struct cuda *cuda, int index, struct cuda_device *device)
{
    memset(device, 0, sizeof *device);
    if (cuda->device_get(&device->handle, index) != CU_SUCCESS ||
        cuda->device_name(device->name, sizeof device->name, device->handle) != CU_SUCCESS ||
        cuda->device_memory(&device->memory_bytes, device->handle) != CU_SUCCESS)
        return -1;
    const struct {
        int *place, attribute;
    } wanted[] = {{&device->major, CU_ATTRIBUTE_MAJOR},
                  {&device->minor, CU_ATTRIBUTE_MINOR},
                  {&device->multiprocessors, CU_ATTRIBUTE_MULTIPROCESSORS},
                  {&device->l2_bytes, CU_ATTRIBUTE_L2_BYTES}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (cuda->device_attribute(wanted[i].place, wanted[i].attribute, device->handle) !=
            CU_SUCCESS)
            return -1;
    return 0;
}

/* "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.159.04  date": the word of digits and dots.
 */
void cuda_driver(char *text, size_t bytes)
{
    char line[512];
    text[0] = '\0';
    FILE *file = fopen("/proc/driver/nvidia/version", "re");
    if (file == NULL)
        return;
    char *saved = NULL;
    if (fgets(line, sizeof line, file) != NULL)
        for (char *word = strtok_r(line, " \t\n", &saved); word != NULL;
             word = strtok_r(NULL, " \t\n", &saved))
            if (strspn(word, "0123456789.") == strlen(word) && strchr(word, '.') != NULL) {
                snprintf(text, bytes, "%s", word);
                break;
            }
    fclose(file);
}

cu_result cuda_instantiate(const struct cuda *cuda, struct cu_graph_exec **exec,
                           struct cu_graph *graph)
{
    char log[256];
    if (cuda->instantiate_flags != NULL)
        return cuda->instantiate_flags(exec, graph, 0);
    return cuda->instantiate_log(exec, graph, NULL, log, sizeof log);
}

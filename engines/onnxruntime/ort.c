/* ort.c: ONNX Runtime as an engine, through its C interface alone.
 *
 * A unit of work is one RunWithBinding(): inputs and outputs are bound once, to the host's buffers
 * or to a GPU's memory. Nothing of a vendor's is needed to build it (ort_api.h, ort_cuda.h); the
 * library is loaded from the path that the host found. This file has the table, load and info.
 */
#include "ort_int.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- failures -------------------------------------------------------------------------------- */

/* Does it say that a provider was not made, and no more? */
static int is_vague(const char *text)
{
    return strncmp(text, "Failed to load provider", 23) == 0 ||
           strstr(text, "Failed to load shared library") != NULL;
}

void ort_reason(struct ort_engine *e, ort_status *status, char text[ORT_WORDS_BYTES])
{
    char logged[2 * ORT_WORDS_BYTES];
    ort_words_clean(e->api.GetErrorMessage(status), text, ORT_WORDS_BYTES);
    e->api.ReleaseStatus(status);
    if (!is_vague(text))
        return;
    ort_log_error(logged, sizeof logged);
    if (logged[0] != '\0')
        ort_words_clean(logged, text, ORT_WORDS_BYTES);
}

/* 0 for success; else the library's sentence becomes the reason. */
int ort_check(struct ort_engine *e, ort_status *status, const char *doing)
{
    char text[ORT_WORDS_BYTES];
    if (status == NULL)
        return 0;
    ort_reason(e, status, text);
    return ORT_FAIL(e, "%s: %s", doing, text);
}

/* Frees memory that the library gave; a failure to free has no remedy. */
void ort_give_back(struct ort_engine *e, void *memory)
{
    ort_status *status = memory != NULL ? e->api.AllocatorFree(e->allocator, memory) : NULL;
    if (status != NULL)
        e->api.ReleaseStatus(status);
}

/* --- load and info --------------------------------------------------------------------------- */

static int take_table(struct ort_engine *e, const char *path)
{
    const void *const *table = e->base->get_api(ORT_API_NEEDED);
    if (table == NULL)
        return ORT_FAIL(
            e, "%s is ONNX Runtime %s, which lacks API %d: version 1.%d or later is needed", path,
            e->base->get_version(), ORT_API_NEEDED, ORT_API_NEEDED);
#define ORT_TAKE(place, result, name, arguments)                                                   \
    memcpy(&e->api.name, &table[place], sizeof e->api.name);
    ORT_CALLS(ORT_TAKE)
#undef ORT_TAKE
    return 0;
}

static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    struct ort_engine *e = self;
    e->host = host;
    if (library_path == NULL)
        return ORT_FAIL(e, "no path of libonnxruntime.so was given");
    /* The wheel of 1.32 holds a telemetry client, which writes into the user's home on loading; its
     * work would lie beside what is measured. A user's own setting stays. */
    setenv("ORT_DISABLE_TELEMETRY", "1", 0);
    void *library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return ORT_FAIL(e, "cannot load %s: %s", library_path, dlerror());
    void *symbol = dlsym(library, "OrtGetApiBase");
    if (symbol == NULL)
        return ORT_FAIL(e, "%s is not ONNX Runtime: it has no OrtGetApiBase()", library_path);
    e->library = library;
    snprintf(e->path, sizeof e->path, "%s", library_path);
    const struct ort_base *(*get_base)(void);
    memcpy(&get_base, &symbol, sizeof get_base);
    e->base = get_base();
    if (take_table(e, library_path) != 0 ||
        ort_check(
            e,
            e->api.CreateEnvWithCustomLogger(ort_log_take, NULL, ORT_LOG_ERROR, "doubt", &e->env),
            "cannot start ONNX Runtime") ||
        ort_check(e, e->api.GetAllocatorWithDefaultOptions(&e->allocator), "no allocator"))
        return -1;
    ort_provider_load(e);
    return ort_check(
        e, e->api.CreateCpuMemoryInfo(ORT_ALLOCATOR_DEVICE, ORT_MEMORY_DEFAULT, &e->memory),
        "no description of host memory");
}

/* The library itself stays: its threads and exit handlers may still be needed. */
static void unload(void *self)
{
    struct ort_engine *e = self;
    if (e->memory != NULL)
        e->api.ReleaseMemoryInfo(e->memory);
    if (e->env != NULL)
        e->api.ReleaseEnv(e->env);
    e->memory = NULL;
    e->env = NULL;
}

static int info(void *self, struct doubt_engine_info *info)
{
    struct ort_engine *e = self;
    snprintf(info->version, sizeof info->version, "%s", e->base->get_version());
    char **providers = NULL;
    int count = 0;
    if (ort_check(e, e->api.GetAvailableProviders(&providers, &count), "cannot list the providers"))
        return -1;
    size_t len = (size_t)snprintf(info->build, sizeof info->build, "providers");
    for (int i = 0; i < count && len < sizeof info->build; i++)
        len += (size_t)snprintf(info->build + len, sizeof info->build - len, " %s", providers[i]);
    if (e->cuda_why[0] != '\0' && len < sizeof info->build)
        len += (size_t)snprintf(info->build + len, sizeof info->build - len, "; no CUDA here: %s",
                                e->cuda_why);
    if (len < sizeof info->build)
        snprintf(info->build + len, sizeof info->build - len, "; %s", e->api.GetBuildInfoString());
    ort_status *status = e->api.ReleaseAvailableProviders(providers, count);
    if (status != NULL)
        e->api.ReleaseStatus(status);
    info->device_count = 1;
    snprintf(info->devices[0].name, sizeof info->devices[0].name, "CPU");
    snprintf(info->devices[0].title, sizeof info->devices[0].title, "CPUExecutionProvider");
    info->devices[0].precisions = 1u << DOUBT_PRECISION_F32;
    ort_provider_info(e, info);
    return 0;
}

/* --- the table ------------------------------------------------------------------------------- */

static const char *const wheel_globs[] = {"onnxruntime/capi/libonnxruntime.so.*", NULL};
static const char *const system_globs[] = {"libonnxruntime.so*", NULL};
static const struct doubt_engine_library library = {"DOUBT_ONNXRUNTIME", wheel_globs, system_globs};

static const struct doubt_engine_option options[] = {
    {"optimization", "none, basic, extended, all", "all", "level of the graph's optimization",
     DOUBT_OPTION_WORD, 0, 0, 0},
    {"intra-op-spinning", NULL, "1", "idle threads spin instead of sleeping", DOUBT_OPTION_SWITCH,
     0, 0, 0},
    {"arena", NULL, "1", "memory from the library's arena", DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"memory-pattern", NULL, "1", "plan memory once for all inferences", DOUBT_OPTION_SWITCH, 0, 0,
     0},
    {"denormal-as-zero", NULL, "0", "flush denormal numbers to zero", DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"provider", "a name of the library's list", "CPU, or CUDA on a GPU", "whose kernels compute",
     DOUBT_OPTION_TEXT, 0, 0, 0},
    {"provider-options", NULL, "none", "options of that provider, in its words", DOUBT_OPTION_PAIRS,
     0, 0, 0},
    {"cpu-fallback", NULL, "0", "nodes without a kernel of the provider run on the CPU",
     DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"graph", NULL, "1 where it can be captured", "replay one CUDA graph an inference",
     DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"nhwc", NULL, "0", "convolutions on a GPU with the channels last", DOUBT_OPTION_SWITCH, 0, 0,
     0},
    {"fuse-conv-bias", NULL, "0", "convolution, bias and activation as one kernel on a GPU",
     DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"conv-search", "exhaustive, heuristic, default", "exhaustive",
     "how cuDNN's algorithm is found", DOUBT_OPTION_WORD, 0, 0, 0},
    {"cuda-libraries", "folders, colon-separated", "wheels and toolkits",
     "where cuDNN, cuBLAS and so on lie", DOUBT_OPTION_TEXT, 0, 0, 0},
    {0},
};

static const struct doubt_engine_ops ops = {
    .abi = DOUBT_ENGINE_ABI,
    .size = sizeof(struct doubt_engine_ops),
    .name = "onnxruntime",
    .summary = "ONNX Runtime on the CPU, or on a GPU by CUDA",
    .install = "script/engines, or pip install onnxruntime",
    .caps = DOUBT_CAP_CONCURRENT | DOUBT_CAP_HALF_FILE,
    .library = &library,
    .options = options,
    .option_bytes = sizeof(struct doubt_engine_option),
    .private_bytes = sizeof(struct ort_engine),
    .load = load,
    .info = info,
    .open = ort_model_open,
    .inputs = ort_model_inputs,
    .outputs = ort_model_outputs,
    .bind = ort_run_bind,
    .run = ort_run_call,
    .output = ort_run_output,
    .describe = ort_model_describe,
    .close = ort_model_close,
    .unload = unload,
    .run_host = ort_run_pinned,
    .run_device = ort_run_device,
    .layers = ort_profile_layers,
    .flush = ort_run_flush,
    .run_pageable = ort_run_pageable,
};

const struct doubt_engine_ops *doubt_engine_entry(void)
{
    return &ops;
}

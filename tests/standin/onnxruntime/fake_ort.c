/* fake_ort.c: a stand-in for libonnxruntime with a CUDA provider: it runs one model, the blur and
 * edge of tests/data/tiny*.onnx, on memory of the stand-in driver (fake_cuda.c).
 *
 * A unit of work is one call. $FAKE_FAULT names a call of the interface that fails; a model whose
 * path has "nonzero" in it has one output of unknown size. It refuses what the real library
 * refuses: nodes on the CPU where that was forbidden ($FAKE_ORT_CPU_NODES), graphs that cannot be
 * captured ($FAKE_ORT_NO_GRAPH when opened, $FAKE_ORT_BROKEN_CAPTURE in the second run), unknown
 * keys. Providers by name are in fake_named.c. Only for tests.
 */
#include "fake_cuda.h"
#include "fake_ort.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIXELS = 36, OUTPUTS = 32, TABLE = 320 };
enum { FLOAT = 1, LAUNCH_US = 1000, GRAPH_US = 400 };

struct ort_status {
    char text[1200];
};
struct ort_env {
    int unused;
};
struct ort_memory {
    int on_gpu;
};
struct ort_session {
    struct ort_options options;
    int runs, unknown;
    char path[600];
};
struct ort_run_options {
    int no_wait;
};
struct ort_value {
    float *data;
    int64_t dims[4];
    size_t rank, bytes;
    int on_gpu;
};
struct ort_binding {
    struct ort_session *session;
    const struct ort_value *in, *out;
};
struct ort_type {
    struct ort_shape *shape;
};
struct ort_shape {
    int64_t dims[4];
    size_t rank;
};

int fake_ort_live(void);
const struct ort_base *OrtGetApiBase(void);

static int live;
static int allocator_place;

int fake_ort_live(void)
{
    return live;
}

ort_status *fake_ort_fail(const char *text)
{
    ort_status *status = calloc(1, sizeof *status);
    snprintf(status->text, sizeof status->text, "%s", text);
    live++;
    return status;
}

int fake_ort_faulty(const char *name)
{
    const char *fault = getenv("FAKE_FAULT");
    return fault != NULL && strcmp(fault, name) == 0;
}

#define FAULT()                                                                                    \
    do {                                                                                           \
        if (fake_ort_faulty(__func__))                                                             \
            return fake_ort_fail("the stand-in was told to fail");                                 \
    } while (0)

void *fake_ort_take(size_t bytes)
{
    live++;
    return calloc(1, bytes);
}

void fake_ort_give(void *object)
{
    live -= object != NULL;
    free(object);
}

/* --- objects ---------------------------------------------------------------------------------- */

static const char *GetErrorMessage(const ort_status *status)
{
    return status->text;
}

static void ReleaseStatus(ort_status *status)
{
    fake_ort_give(status);
}

static ort_status *CreateEnvWithCustomLogger(ort_log_fn *function, void *parameter, int level,
                                             const char *name, ort_env **env)
{
    FAULT();
    (void)parameter, (void)level, (void)name;
    fake_ort_log_with(function);
    *env = fake_ort_take(sizeof **env);
    return NULL;
}

static void ReleaseEnv(ort_env *env)
{
    fake_ort_give(env);
}

static ort_status *CreateSessionOptions(ort_options **options)
{
    FAULT();
    *options = fake_ort_take(sizeof **options);
    return NULL;
}

static void ReleaseSessionOptions(ort_options *options)
{
    fake_ort_give(options);
}

static ort_status *EnableProfiling(ort_options *options, const char *prefix)
{
    FAULT();
    snprintf(options->profile, sizeof options->profile, "%s", prefix);
    return NULL;
}

static ort_status *DisableMemPattern(ort_options *options)
{
    (void)options;
    return NULL;
}

static ort_status *DisableCpuMemArena(ort_options *options)
{
    (void)options;
    return NULL;
}

static ort_status *SetSessionLogSeverityLevel(ort_options *options, int level)
{
    FAULT();
    options->severity = level;
    return NULL;
}

static ort_status *SetSessionGraphOptimizationLevel(ort_options *options, int level)
{
    FAULT();
    (void)options, (void)level;
    return NULL;
}

static ort_status *SetIntraOpNumThreads(ort_options *options, int threads)
{
    FAULT();
    (void)options;
    return threads < 1 ? fake_ort_fail("no threads") : NULL;
}

static ort_status *AddFreeDimensionOverrideByName(ort_options *options, const char *name,
                                                  int64_t value)
{
    (void)options, (void)name, (void)value;
    return NULL;
}

static ort_status *AddSessionConfigEntry(ort_options *options, const char *key, const char *value)
{
    FAULT();
    if (strcmp(key, "session.disable_cpu_ep_fallback") == 0)
        options->only_gpu = value[0] == '1';
    return NULL;
}

static ort_status *GetAvailableProviders(char ***names, int *count)
{
    static char *all[] = {"CUDAExecutionProvider",     "DnnlExecutionProvider",
                          "OpenVINOExecutionProvider", "XnnpackExecutionProvider",
                          "CANNExecutionProvider",     "WebGpuExecutionProvider",
                          "SNPEExecutionProvider",     "CPUExecutionProvider"};
    FAULT();
    *names = all;
    *count = sizeof all / sizeof all[0];
    return NULL;
}

static ort_status *ReleaseAvailableProviders(char **names, int count)
{
    return names != NULL && count == 8 ? NULL : fake_ort_fail("another list");
}

static const char *GetBuildInfoString(void)
{
    return "a stand-in";
}

/* --- providers -------------------------------------------------------------------------------- */

static ort_status *CreateCUDAProviderOptions(ort_cuda_options **options)
{
    FAULT();
    *options = fake_ort_take(sizeof **options);
    (*options)->tf32 = 1;
    return NULL;
}

static void ReleaseCUDAProviderOptions(ort_cuda_options *options)
{
    fake_ort_give(options);
}

static ort_status *UpdateCUDAProviderOptions(ort_cuda_options *options, const char *const *keys,
                                             const char *const *values, size_t count)
{
    FAULT();
    for (size_t i = 0; i < count; i++) {
        int value = atoi(values[i]);
        if (strcmp(keys[i], "device_id") == 0)
            options->device = value;
        else if (strcmp(keys[i], "use_tf32") == 0)
            options->tf32 = value;
        else if (strcmp(keys[i], "enable_cuda_graph") == 0)
            options->graph = value;
        else if (strcmp(keys[i], "prefer_nhwc") == 0)
            options->nhwc = value;
        else if (strcmp(keys[i], "cudnn_conv_algo_search") != 0 &&
                 strcmp(keys[i], "fuse_conv_bias") != 0)
            return fake_ort_fail("Unknown provider option");
    }
    return NULL;
}

static ort_status *UpdateCUDAProviderOptionsWithValue(ort_cuda_options *options, const char *key,
                                                      void *value)
{
    FAULT();
    if (strcmp(key, "user_compute_stream") != 0)
        return fake_ort_fail("another key");
    options->stream = value;
    return NULL;
}

/* Its reason goes into the log alone, as in ONNX Runtime 1.26. */
static ort_status *SessionOptionsAppendExecutionProvider_CUDA_V2(ort_options *options,
                                                                 const ort_cuda_options *cuda)
{
    FAULT();
    if (getenv("FAKE_ORT_NO_PART") != NULL) {
        fake_ort_log(ORT_LOG_ERROR,
                     "/onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1962 "
                     "onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() "
                     "[ONNXRuntimeError] : 1 : FAIL : Failed to load library a.so with error: "
                     "libcublasLt.so.12: cannot open shared object file\n");
        return fake_ort_fail("OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared "
                             "library");
    }
    options->cuda = 1;
    options->how = *cuda;
    return NULL;
}

/* --- sessions --------------------------------------------------------------------------------- */

static ort_status *CreateSession(const ort_env *env, const char *path, const ort_options *options,
                                 ort_session **session)
{
    FAULT();
    (void)env;
    if (access(path, R_OK) != 0)
        return fake_ort_fail("no such file");
    if (options->only_gpu && (options->takes_none || getenv("FAKE_ORT_CPU_NODES") != NULL))
        return fake_ort_fail(
            "This session contains graph nodes that are assigned to the default CPU EP, "
            "but fallback to CPU EP has been explicitly disabled by the user.");
    if (options->how.graph && getenv("FAKE_ORT_NO_GRAPH") != NULL)
        return fake_ort_fail(
            "This session cannot use the graph capture feature as requested by the user");
    fake_log_placement(options);
    *session = fake_ort_take(sizeof **session);
    (*session)->options = *options;
    (*session)->unknown = strstr(path, "nonzero") != NULL;
    return NULL;
}

static void ReleaseSession(ort_session *session)
{
    fake_ort_give(session);
}

static ort_status *SessionGetInputCount(const ort_session *session, size_t *count)
{
    (void)session;
    *count = 1;
    return NULL;
}

static ort_status *SessionGetOutputCount(const ort_session *session, size_t *count)
{
    (void)session;
    *count = 1;
    return NULL;
}

static ort_type *type_of(int64_t channels, int64_t side)
{
    ort_type *type = fake_ort_take(sizeof *type);
    type->shape = calloc(1, sizeof *type->shape);
    *type->shape = (struct ort_shape){{1, channels, side, side}, 4};
    return type;
}

static ort_status *SessionGetInputTypeInfo(const ort_session *session, size_t i, ort_type **type)
{
    (void)session;
    *type = type_of(1, 6);
    return i == 0 ? NULL : fake_ort_fail("no such input");
}

static ort_status *SessionGetOutputTypeInfo(const ort_session *session, size_t i, ort_type **type)
{
    *type = type_of(session->unknown ? -1 : 2, 4);
    return i == 0 ? NULL : fake_ort_fail("no such output");
}

static void ReleaseTypeInfo(ort_type *type)
{
    free(type->shape);
    fake_ort_give(type);
}

static ort_status *SessionGetInputName(const ort_session *session, size_t i,
                                       ort_allocator *allocator, char **name)
{
    (void)session, (void)i, (void)allocator;
    *name = fake_ort_take(2);
    memcpy(*name, "x", 2);
    return NULL;
}

static ort_status *SessionGetOutputName(const ort_session *session, size_t i,
                                        ort_allocator *allocator, char **name)
{
    (void)session, (void)i, (void)allocator;
    *name = fake_ort_take(2);
    memcpy(*name, "y", 2);
    return NULL;
}

static ort_status *AllocatorFree(ort_allocator *allocator, void *memory)
{
    (void)allocator;
    fake_ort_give(memory);
    return NULL;
}

static ort_status *GetAllocatorWithDefaultOptions(ort_allocator **allocator)
{
    *allocator = (ort_allocator *)&allocator_place;
    return NULL;
}

static ort_status *CastTypeInfoToTensorInfo(const ort_type *type, const ort_shape **shape)
{
    *shape = type->shape;
    return NULL;
}

static ort_status *GetTensorElementType(const ort_shape *shape, int *type)
{
    (void)shape;
    *type = FLOAT;
    return NULL;
}

static ort_status *GetDimensionsCount(const ort_shape *shape, size_t *count)
{
    *count = shape->rank;
    return NULL;
}

static ort_status *GetDimensions(const ort_shape *shape, int64_t *dims, size_t count)
{
    memcpy(dims, shape->dims, count * sizeof *dims);
    return NULL;
}

/* --- values ----------------------------------------------------------------------------------- */

static ort_status *CreateCpuMemoryInfo(int allocator, int kind, ort_memory **memory)
{
    FAULT();
    (void)allocator, (void)kind;
    *memory = fake_ort_take(sizeof **memory);
    return NULL;
}

static ort_status *CreateMemoryInfo(const char *name, int allocator, int id, int kind,
                                    ort_memory **memory)
{
    FAULT();
    (void)allocator, (void)kind;
    if (strcmp(name, "Cuda") != 0 || id != 0)
        return fake_ort_fail("no such memory");
    *memory = fake_ort_take(sizeof **memory);
    (*memory)->on_gpu = 1;
    return NULL;
}

static void ReleaseMemoryInfo(ort_memory *memory)
{
    fake_ort_give(memory);
}

static ort_status *CreateTensorWithDataAsOrtValue(const ort_memory *memory, void *data,
                                                  size_t bytes, const int64_t *dims, size_t rank,
                                                  int type, ort_value **value)
{
    FAULT();
    if (type != FLOAT || rank > 4)
        return fake_ort_fail("another type");
    *value = fake_ort_take(sizeof **value);
    (*value)->data = data;
    (*value)->bytes = bytes;
    (*value)->rank = rank;
    (*value)->on_gpu = memory->on_gpu;
    memcpy((*value)->dims, dims, rank * sizeof *dims);
    return NULL;
}

static void ReleaseValue(ort_value *value)
{
    fake_ort_give(value);
}

static ort_status *GetTensorMutableData(ort_value *value, void **data)
{
    *data = value->data;
    return NULL;
}

static ort_status *GetTensorTypeAndShape(const ort_value *value, ort_shape **shape)
{
    *shape = fake_ort_take(sizeof **shape);
    memcpy((*shape)->dims, value->dims, sizeof value->dims);
    (*shape)->rank = value->rank;
    return NULL;
}

static void ReleaseTensorTypeAndShapeInfo(ort_shape *shape)
{
    fake_ort_give(shape);
}

/* --- runs ------------------------------------------------------------------------------------- */

static ort_status *CreateRunOptions(ort_run_options **options)
{
    FAULT();
    *options = fake_ort_take(sizeof **options);
    return NULL;
}

static ort_status *RunOptionsSetRunLogSeverityLevel(ort_run_options *options, int level)
{
    FAULT();
    (void)options;
    return level == ORT_LOG_ERROR ? NULL : fake_ort_fail("a run that logs");
}

static void ReleaseRunOptions(ort_run_options *options)
{
    fake_ort_give(options);
}

static ort_status *AddRunConfigEntry(ort_run_options *options, const char *key, const char *value)
{
    FAULT();
    if (strcmp(key, "disable_synchronize_execution_providers") != 0)
        return fake_ort_fail("another key");
    options->no_wait = value[0] == '1';
    return NULL;
}

static ort_status *CreateIoBinding(ort_session *session, ort_binding **binding)
{
    FAULT();
    *binding = fake_ort_take(sizeof **binding);
    (*binding)->session = session;
    return NULL;
}

static void ReleaseIoBinding(ort_binding *binding)
{
    fake_ort_give(binding);
}

static ort_status *BindInput(ort_binding *binding, const char *name, const ort_value *value)
{
    FAULT();
    binding->in = value;
    return strcmp(name, "x") == 0 ? NULL : fake_ort_fail("no such input");
}

static ort_status *BindOutput(ort_binding *binding, const char *name, const ort_value *value)
{
    FAULT();
    binding->out = value;
    return strcmp(name, "y") == 0 ? NULL : fake_ort_fail("no such output");
}

static ort_status *BindOutputToDevice(ort_binding *binding, const char *name,
                                      const ort_memory *memory)
{
    FAULT();
    (void)binding, (void)name;
    return memory->on_gpu ? fake_ort_fail("outputs of unknown size belong to the host here") : NULL;
}

/* The outputs of unknown size: both channels, after whatever was enqueued. */
static ort_status *GetBoundOutputValues(const ort_binding *binding, ort_allocator *allocator,
                                        ort_value ***values, size_t *count)
{
    (void)binding, (void)allocator;
    *values = fake_ort_take(sizeof **values);
    (*values)[0] = fake_ort_take(sizeof ***values);
    static float data[OUTPUTS];
    *(*values)[0] = (struct ort_value){data, {1, 2, 4, 4}, 4, sizeof data, 0};
    *count = 1;
    return NULL;
}

static void compute(void *argument)
{
    static const float kernels[2][9] = {{1, 2, 1, 2, 4, 2, 1, 2, 1},
                                        {-1, 0, 1, -2, 0, 2, -1, 0, 1}};
    const ort_binding *binding = argument;
    for (int i = 0; binding->out != NULL && i < OUTPUTS; i++) {
        int k = i / 16, y = i / 4 % 4, x = i % 4;
        float sum = 0;
        for (int j = 0; j < 9; j++)
            sum += kernels[k][j] / 16 * binding->in->data[(y + j / 3) * 6 + x + j % 3];
        binding->out->data[i] = sum > 0 ? sum : 0;
    }
}

/* As ONNX Runtime 1.32 says it. */
static const char broken_capture[] =
    "/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:154 std::conditional_t<THRW, "
    "void, onnxruntime::common::Status> onnxruntime::CudaCall(ERRTYPE, const char*, const char*, "
    "SUCCTYPE, const char*, const char*, int) [with ERRTYPE = cudaError; bool THRW = true; "
    "SUCCTYPE = cudaError; std::conditional_t<THRW, void, onnxruntime::common::Status> = void] "
    "CUDA failure 901: operation failed due to a previous error during capture ; GPU=0 ; "
    "hostname=vm ; file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_graph.cc ; line=61 ; "
    "expr=cudaStreamEndCapture(stream_, &graph); \n\n";

/* On the GPU: enqueued, on memory of the GPU. The first run takes memory, the second captures. */
static ort_status *RunWithBinding(ort_session *session, const ort_run_options *options,
                                  const ort_binding *binding)
{
    const struct ort_options *how = &session->options;
    FAULT();
    session->runs++;
    if (!how->cuda) {
        compute((void *)(uintptr_t)binding);
        return NULL;
    }
    if (how->how.graph && session->runs == 2 && getenv("FAKE_ORT_BROKEN_CAPTURE") != NULL)
        return fake_ort_fail(broken_capture);
    void *symbol = dlsym(RTLD_DEFAULT, "fake_cuda_enqueue");
    void (*enqueue)(void *, fake_work *, void *, long);
    if (symbol == NULL || how->how.stream == NULL || !options->no_wait)
        return fake_ort_fail("no stream to work on");
    if (!binding->in->on_gpu || (binding->out != NULL && !binding->out->on_gpu))
        return fake_ort_fail("memory of the host was bound");
    memcpy(&enqueue, &symbol, sizeof enqueue);
    enqueue(how->how.stream, compute, (void *)(uintptr_t)binding,
            how->how.graph && session->runs > 2 ? GRAPH_US : LAUNCH_US);
    return NULL;
}

static ort_status *SessionEndProfiling(ort_session *session, ort_allocator *allocator, char **path)
{
    FAULT();
    (void)allocator;
    *path = fake_ort_take(600);
    snprintf(*path, 600, "%s_1.json", session->options.profile);
    FILE *file = fopen(*path, "w");
    if (file == NULL)
        return fake_ort_fail("cannot write the profile");
    fputs("[", file);
    for (int i = 0; i < session->runs; i++)
        fprintf(file,
                "%s{\"cat\":\"Node\",\"name\":\"conv_kernel_time\",\"dur\":%d,\"ts\":1,\"args\":"
                "{\"op_name\":\"Conv\",\"provider\":\"CUDAExecutionProvider\"}},\n"
                "{\"cat\":\"Session\",\"name\":\"model_run\",\"dur\":900,\"args\":{}}",
                i ? ",\n" : "", i == 0 ? 5000 : 70);
    fputs("]\n", file);
    return fclose(file) == 0 ? NULL : fake_ort_fail("cannot write the profile");
}

/* --- TensorRT: not in this build ---------------------------------------------------------------
 */

static ort_status *no_tensorrt(void)
{
    return fake_ort_fail("TensorRT is not in this build");
}

/* --- the table ------------------------------------------------------------------------------- */

static const void *table[TABLE];

static const void *const *get_api(uint32_t version)
{
    return version == ORT_API_NEEDED ? table : NULL;
}

static const char *get_version(void)
{
    return "1.99.0";
}

const struct ort_base *OrtGetApiBase(void)
{
    static const struct ort_base base = {get_api, get_version};
#define SessionOptionsAppendExecutionProvider fake_append_named
#define SessionOptionsAppendExecutionProvider_CANN fake_append_own
#define CreateCANNProviderOptions fake_create_own
#define UpdateCANNProviderOptions fake_update_cann
#define ReleaseCANNProviderOptions fake_release_own
#define SessionOptionsAppendExecutionProvider_Dnnl fake_append_own
#define CreateDnnlProviderOptions fake_create_own
#define UpdateDnnlProviderOptions fake_update_dnnl
#define ReleaseDnnlProviderOptions fake_release_own
#define SessionOptionsAppendExecutionProvider_TensorRT_V2 no_tensorrt
#define CreateTensorRTProviderOptions no_tensorrt
#define UpdateTensorRTProviderOptions no_tensorrt
#define ReleaseTensorRTProviderOptions no_tensorrt
#define UpdateTensorRTProviderOptionsWithValue no_tensorrt
#define FAKE_PUT(place, result, name, arguments) table[place] = (const void *)(uintptr_t)(name);
    ORT_CALLS(FAKE_PUT)
#undef FAKE_PUT
    return &base;
}

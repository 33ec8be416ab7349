/* test_ort_cuda.c: the plug-in onnxruntime on a GPU, against stand-ins for the library and the
 * driver: buffers and events, what is refused, and a fault at every call that can fail. */
#include "engine_test.h"

#include <dlfcn.h>
#include <math.h>
#include <sys/stat.h>

#define STANDIN DOUBT_BUILD "/tests/standin/ort"
static const char plugin[] = PLUGINS "/doubt-engine-onnxruntime.so";
static const char library[] = STANDIN "/onnxruntime/capi/libonnxruntime.so.1.99.0";

static struct bench bench;

static int open_all(void **state)
{
    (void)state;
    setenv("DOUBT_LIBCUDA", STANDIN "/libcuda.so.1", 1);
    bench_open_with(&bench, plugin, library);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    bench_close(&bench);
    return 0;
}

/* A number that a stand-in tells of itself. */
static int told_by(const char *path, const char *name)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    int (*function)(void) = NULL;
    void *symbol = handle != NULL ? dlsym(handle, name) : NULL;
    assert_non_null(symbol);
    memcpy(&function, &symbol, sizeof symbol);
    int value = function();
    dlclose(handle);
    return value;
}

static int cuda_live(void)
{
    return told_by(STANDIN "/libcuda.so.1", "fake_cuda_live");
}

static int ort_live(void)
{
    return told_by(library, "fake_ort_live");
}

static struct doubt_session_request request_on(const char *device)
{
    struct doubt_session_request request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
    request.open.device = device;
    request.open.threads = 1;
    return request;
}

static void assert_right(struct doubt_session *session)
{
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    float expected[32];
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(count, 1);
    tiny_expected(doubt_session_inputs(session, &count)[0].data, expected);
    for (int i = 0; i < 32; i++)
        assert_float_equal(((const float *)outputs[0].data)[i], expected[i], 1e-6);
}

static void finish(struct doubt_session *session)
{
    doubt_session_free(session);
    assert_int_equal(cuda_live(), 0);
    assert_int_equal(ort_live(), 0);
}

/* --- what there is ---------------------------------------------------------------------------- */

static void ask_info(struct doubt_engine_info *info)
{
    struct doubt_session_request request = bench_request(&bench, NULL);
    struct doubt_session *session = NULL;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_info(session, info, err));
    doubt_session_free(session);
}

static void test_missing_library(void **state)
{
    (void)state;
    char folder[] = "/tmp/doubt-ort-cuda.XXXXXX", path[200], part[200];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/libonnxruntime.so.1.99.0", folder);
    snprintf(part, sizeof part, "%s/libonnxruntime_providers_cuda.so", folder);
    assert_int_equal(symlink(library, path), 0);
    assert_int_equal(symlink(STANDIN "/needy/libonnxruntime_providers_cuda.so", part), 0);
    struct doubt_session_request request = request_on("cuda:0");
    const char *most[] = {"cuda-libraries=" STANDIN "/nvidia/cu13/lib", NULL};
    request.library_path = path;
    request.options = most; /* whatever CUDA this machine has */
    assert_open_fails(&request, "there is no device \"cuda:0\": libcurand.so.999 was not found: "
                                "script/check --gpu brings it, or pip install nvidia-curand");
    const char *nowhere[] = {"cuda-libraries=" STANDIN "/nowhere:" STANDIN "/nvidia/cu13/lib",
                             NULL};
    request.options = nowhere; /* now it is somewhere */
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    assert_right(session);
    finish(session);
    unlink(path);
    unlink(part);
    rmdir(folder);
}

static void test_info(void **state)
{
    (void)state;
    struct doubt_engine_info info;
    ask_info(&info);
    assert_int_equal(info.device_count, 2);
    assert_string_equal(info.devices[0].name, "CPU");
    assert_string_equal(info.devices[1].name, "cuda:0");
    assert_string_equal(info.devices[1].title, "Stand-in GPU");
    assert_int_equal(info.devices[1].precisions, 1u << DOUBT_PRECISION_F32 |
                                                     1u << DOUBT_PRECISION_TF32 |
                                                     1u << DOUBT_PRECISION_F16);
    setenv("FAKE_CUDA_CAPABILITY", "53", 1);
    ask_info(&info);
    assert_int_equal(info.devices[1].precisions,
                     1u << DOUBT_PRECISION_F32 | 1u << DOUBT_PRECISION_F16);
    unsetenv("FAKE_CUDA_CAPABILITY");
}

static void test_no_device_is_explained(void **state)
{
    (void)state;
    struct doubt_engine_info info;
    setenv("FAKE_CUDA_DRIVER", "12080", 1);
    ask_info(&info);
    assert_int_equal(info.device_count, 1);
    assert_non_null(strstr(info.build, "no CUDA here: the driver"));
    assert_non_null(strstr(info.build, "serves CUDA 12.8, but this ONNX Runtime was built for "
                                       "CUDA 13: update the driver to 580 or later, or pip "
                                       "install onnxruntime-gpu==1.26.0"));
    struct doubt_session_request request = request_on("cuda:0");
    assert_open_fails(&request, "there is no device \"cuda:0\": the driver");
    unsetenv("FAKE_CUDA_DRIVER");
    setenv("FAKE_CUDA_CODE", "100", 1);
    ask_info(&info);
    assert_int_equal(info.device_count, 1);
    assert_non_null(strstr(info.build, "no CUDA here: "));
    unsetenv("FAKE_CUDA_CODE");
    setenv("FAKE_CUDA_PROHIBITED", "1", 1);
    ask_info(&info);
    assert_int_equal(info.device_count, 1);
    assert_open_fails(&request, "compute mode \"prohibited\": nvidia-smi -i 0 -c DEFAULT");
    unsetenv("FAKE_CUDA_PROHIBITED");
    setenv("FAKE_FAULT", "SessionOptionsAppendExecutionProvider_CUDA_V2", 1);
    assert_open_fails(&request, "the stand-in was told to fail");
    unsetenv("FAKE_FAULT");
    setenv("FAKE_ORT_NO_PART", "1", 1);
    assert_open_fails(&request, "there is no device \"cuda:0\": Failed to load library a.so with "
                                "error: libcublasLt.so.12: cannot open shared object file");
    unsetenv("FAKE_ORT_NO_PART");
    setenv("DOUBT_LIBCUDA", "/no/such/libcuda.so.1", 1);
    assert_open_fails(&request, "there is no device \"cuda:0\"");
    setenv("DOUBT_LIBCUDA", STANDIN "/libcuda.so.1", 1);
}

/* --- running ---------------------------------------------------------------------------------- */

static void used_of(struct doubt_session *session, struct doubt_engine_used *used)
{
    assert_ok(doubt_session_used(session, used, err));
}

static void test_call(void **state)
{
    (void)state;
    struct doubt_session_request request = request_on("cuda:0");
    request.open.precision = DOUBT_PRECISION_F32;
    struct doubt_session *session = start(&request);
    for (int i = 0; i < 3; i++)
        assert_ok(doubt_session_run(session, err));
    assert_right(session);
    struct doubt_engine_used used;
    used_of(session, &used);
    assert_string_equal(used.device, "cuda:0, Stand-in GPU");
    assert_string_equal(used.provider, "CUDAExecutionProvider");
    assert_int_equal(used.precision, DOUBT_PRECISION_F32);
    assert_string_equal(used.detail, "CUDA graph, TF32 off, CUDA 13.0");
    assert_int_equal(used.memory_bytes, 36 * 4 + 32 * 4);
    finish(session);
}

/* TF32 is on where it was asked for, and where the choice was left to the library: and named. */
static void test_tf32(void **state)
{
    (void)state;
    static const enum doubt_precision asked[] = {DOUBT_PRECISION_TF32, DOUBT_PRECISION_ANY};
    struct doubt_session_request request = request_on("cuda:0");
    struct doubt_engine_used used;
    for (size_t i = 0; i < 2; i++) {
        request.open.precision = asked[i];
        struct doubt_session *session = start(&request);
        used_of(session, &used);
        assert_int_equal(used.precision, DOUBT_PRECISION_TF32);
        assert_non_null(strstr(used.detail, "TF32 on"));
        finish(session);
    }
    setenv("FAKE_CUDA_CAPABILITY", "75", 1);
    request.open.precision = DOUBT_PRECISION_TF32;
    assert_open_fails(&request, "has no TF32 (compute capability 7.5, 8.0 is needed)");
    request.open.precision = DOUBT_PRECISION_ANY;
    struct doubt_session *session = start(&request);
    used_of(session, &used);
    assert_int_equal(used.precision, DOUBT_PRECISION_F32);
    finish(session);
    unsetenv("FAKE_CUDA_CAPABILITY");
}

static void test_halves_come_from_the_file(void **state)
{
    (void)state;
    struct doubt_session_request request = request_on("cuda:0");
    request.open.precision = DOUBT_PRECISION_F16;
    assert_open_fails(&request, "f16 needs a file of f16 weights");
    request.open.model_path = DOUBT_TEST_DATA "/tiny_f16.onnx";
    struct doubt_session *session = start(&request);
    struct doubt_engine_used used;
    used_of(session, &used);
    assert_int_equal(used.precision, DOUBT_PRECISION_F16);
    finish(session);
    request.open.precision = DOUBT_PRECISION_F32;
    assert_open_fails(&request, "f32 and tf32 one of f32");
    request.open.precision = DOUBT_PRECISION_I8;
    assert_open_fails(&request, "f32, tf32, f16 and any are accepted");
}

/* The stand-in does its work when it is waited for: without waiting, zeros would be read. */
static void test_host_from_both_memories(void **state)
{
    (void)state;
    struct doubt_session_request request = request_on("cuda:0");
    request.open.boundary = DOUBT_BOUNDARY_HOST;
    struct doubt_session *session = start(&request);
    assert_true(doubt_session_has(session, DOUBT_WAY_HOST));
    assert_true(doubt_session_has(session, DOUBT_WAY_PAGEABLE));
    assert_ok(doubt_session_run(session, err));
    assert_right(session);
    size_t count = 0;
    float *x = doubt_session_inputs(session, &count)[0].data;
    for (int i = 0; i < 36; i++)
        x[i] = (float)(i % 7);
    struct doubt_step step = doubt_session_step_of(session, DOUBT_WAY_PAGEABLE);
    assert_int_equal(step.step(step.argument), 0); /* takes the new input */
    assert_right(session);
    finish(session);
}

/* A launch takes 1 ms of the stand-in's own time, a replayed graph 0.4 ms, from the third run on.
 */
static void test_device_times(void **state)
{
    (void)state;
    double ns[250];
    const char *no_graph[] = {"graph=0", NULL};
    struct doubt_session_request request = request_on("cuda:0");
    request.open.boundary = DOUBT_BOUNDARY_DEVICE;
    request.options = no_graph;
    struct doubt_session *session = start(&request);
    for (int i = 0; i < 3; i++) {
        assert_ok(doubt_session_run(session, err));
        assert_float_equal(doubt_session_device_ns(session), 1e6, 1);
    }
    assert_right(session);
    assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 250, ns, err));
    for (int i = 0; i < 250; i++)
        assert_float_equal(ns[i], 1e6, 1);
    finish(session);
    request.options = NULL;
    session = start(&request);
    assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 5, ns, err));
    for (int i = 0; i < 5; i++)
        assert_float_equal(ns[i], i < 2 ? 1e6 : 4e5, 1);
    finish(session);
}

static void test_flush(void **state)
{
    (void)state;
    struct doubt_session_request request = request_on("cuda:0");
    request.open.flush = 1;
    struct doubt_session *session = start(&request);
    struct doubt_step step = doubt_session_step(session);
    int before = told_by(STANDIN "/libcuda.so.1", "fake_cuda_flushes");
    assert_non_null(step.between);
    assert_int_equal(step.between(step.between_argument), 0);
    assert_int_equal(told_by(STANDIN "/libcuda.so.1", "fake_cuda_flushes"), before + 1);
    assert_int_equal(step.step(step.argument), 0);
    assert_right(session);
    finish(session);
    request.open.device = "CPU";
    assert_open_fails(&request, "nothing flushes the caches of a CPU");
}

/* The first run took 5 ms, each later one 70 us. */
static void test_layers(void **state)
{
    (void)state;
    struct doubt_engine_layer *layers = NULL;
    uint32_t count = 0;
    struct doubt_session_request request = request_on("cuda:0");
    request.open.profile = 1;
    struct doubt_session *session = start(&request);
    for (int i = 0; i < 4; i++)
        assert_ok(doubt_session_run(session, err));
    assert_ok(doubt_session_layers(session, &layers, &count, err));
    assert_int_equal(count, 1);
    assert_string_equal(layers[0].name, "conv");
    assert_string_equal(layers[0].type, "Conv");
    assert_float_equal(layers[0].ns, 70000, 0);
    free(layers);
    struct doubt_engine_used used;
    used_of(session, &used);
    assert_non_null(strstr(used.detail, "no CUDA graph")); /* would hide the nodes */
    finish(session);
}

static void test_output_of_unknown_size(void **state)
{
    (void)state;
    struct doubt_session_request request = request_on("cuda:0");
    request.open.model_path = DOUBT_TEST_DATA "/tiny_nonzero.onnx";
    struct doubt_session *session = start(&request); /* it waits for NonZero: no graph */
    assert_ok(doubt_session_run(session, err));
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(outputs[0].bytes, 128);
    assert_non_null(strstr(doubt_session_notes(session),
                           "without a CUDA graph: the host waits within an inference for NonZero"));
    finish(session);
    const char *graph[] = {"graph=1", NULL};
    request.options = graph;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_open(session, err));
    assert_fails(doubt_session_bind(session, fill_ramp, err), DOUBT_E_ENGINE,
                 "has no known size, which a CUDA graph needs");
    finish(session);
}

/* --- refusals --------------------------------------------------------------------------------- */

static void test_nothing_runs_on_the_cpu_unseen(void **state)
{
    (void)state;
    struct doubt_session_request request = request_on("cuda:0");
    setenv("FAKE_ORT_CPU_NODES", "1", 1);
    assert_open_fails(&request, "--option cpu-fallback=1 lets them run on the CPU");
    const char *fallback[] = {"cpu-fallback=1", NULL};
    request.options = fallback;
    struct doubt_session *session = start(&request);
    struct doubt_engine_used used;
    used_of(session, &used);
    assert_string_equal(used.provider, "CUDAExecutionProvider, CPUExecutionProvider");
    assert_non_null(strstr(used.detail, "; 2 of 3 nodes on the CPU (Relu, Det)"));
    finish(session);
    unsetenv("FAKE_ORT_CPU_NODES");
    session = start(&request); /* it may, and none does */
    used_of(session, &used);
    assert_string_equal(used.provider, "CUDAExecutionProvider");
    assert_null(strstr(used.detail, "nodes on the CPU"));
    finish(session);
}

static void test_graph_that_cannot_be_captured(void **state)
{
    (void)state;
    struct doubt_session_request request = request_on("cuda:0");
    setenv("FAKE_ORT_NO_GRAPH", "1", 1);
    struct doubt_session *session = start(&request);
    assert_non_null(strstr(doubt_session_notes(session), "the library cannot capture one"));
    finish(session);
    const char *graph[] = {"graph=1", NULL};
    request.options = graph;
    assert_open_fails(&request, "--option graph=0 goes without one");
    unsetenv("FAKE_ORT_NO_GRAPH");
}

/* The second run captures: what it fails with is the library's, read out of its signatures. */
static void fails_in_capture(const char *option, const char *text)
{
    const char *options[] = {option, NULL};
    struct doubt_session_request request = request_on("cuda:0");
    request.options = option != NULL ? options : NULL;
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    struct doubt_err why = {0};
    assert_int_equal(doubt_session_run(session, &why), DOUBT_E_ENGINE);
    assert_non_null(strstr(why.text, text));
    assert_null(strstr(why.text, "onnxruntime_src"));
    assert_null(strstr(why.text, "hostname"));
    finish(session);
}

static void test_broken_capture(void **state)
{
    (void)state;
    setenv("FAKE_ORT_BROKEN_CAPTURE", "1", 1);
    fails_in_capture("graph=1", "could not capture a CUDA graph of the inference, which graph=1 "
                                "asks for: CUDA failure 901: operation failed due to a previous "
                                "error during capture (cudaStreamEndCapture): --option graph=0, or "
                                "leaving graph out, goes without one");
    fails_in_capture(NULL, "could not capture a CUDA graph of the inference: CUDA failure 901: ");
    const char *none[] = {"graph=0", NULL};
    struct doubt_session_request request = request_on("cuda:0");
    request.options = none;
    struct doubt_session *session = start(&request);
    for (int i = 0; i < 3; i++)
        assert_ok(doubt_session_run(session, err));
    assert_right(session);
    finish(session);
    unsetenv("FAKE_ORT_BROKEN_CAPTURE");
}

static void refuses(const char *device, const char *option, const char *text)
{
    const char *options[] = {option, NULL};
    struct doubt_session_request request = request_on(device);
    request.options = option != NULL ? options : NULL;
    assert_open_fails(&request, text);
    assert_int_equal(cuda_live(), 0);
    assert_int_equal(ort_live(), 0);
}

static void refuses_option(const char *option, const char *text)
{
    const char *options[] = {option, NULL};
    struct doubt_session_request request = request_on("cuda:0");
    request.options = options;
    assert_option_fails(&request, text);
}

static void test_refusals(void **state)
{
    (void)state;
    refuses("cuda:1", NULL, "there is no device \"cuda:1\": the last one here is cuda:0");
    refuses("cuda:x", NULL, "CPU and cuda:0 (and so on) are accepted");
    refuses("GPU", NULL, "there is no device \"GPU\"");
    refuses_option("nhwc=2", "is \"2\"; accepted: 0 or 1");
    refuses_option("graph=yes", "option graph of engine onnxruntime is \"yes\"");
    refuses_option("conv-search=best", "accepted: exhaustive, heuristic, default");
    refuses_option("provider-options=a", "accepted: KEY=VALUE,KEY=VALUE");
    refuses("cuda:0", "provider-options=a=1,=2", "KEY=VALUE,KEY=VALUE is accepted");
    refuses("cuda:0", "provider-options=a=1", "CUDA refuses an option: Unknown provider option");
    refuses("cuda:0", "provider=TensorRT", "has no provider \"TensorRT\": it has CUDA, ");
    refuses("cuda:0", "provider=CPU", "provider CPU does not compute on cuda:0");
    refuses("cuda:0", "provider=OpenVINO", "does not compute on cuda:0: leave --device out");
    refuses(NULL, "provider=CUDA", "name it with --device cuda:0");
    refuses(NULL, "provider-options=a=1", "belongs to a provider");
}

/* On the CPU of the same library nothing of the GPU is taken. */
static void test_cpu_of_the_same_library(void **state)
{
    (void)state;
    struct doubt_session_request request = request_on("CPU");
    request.open.boundary = DOUBT_BOUNDARY_HOST;
    struct doubt_session *session = start(&request);
    assert_int_equal(cuda_live(), 0);
    assert_false(doubt_session_has(session, DOUBT_WAY_DEVICE));
    assert_false(doubt_session_has(session, DOUBT_WAY_PAGEABLE));
    assert_ok(doubt_session_run(session, err));
    assert_right(session);
    finish(session);
    request.open.boundary = DOUBT_BOUNDARY_DEVICE;
    assert_open_fails(&request, "the boundary device needs events of a GPU");
}

/* What one model has no use of is no fact of the engine: one beside it is served as before. */
static void test_events_are_the_models_own(void **state)
{
    (void)state;
    static const char *const by_name[] = {"provider=webgpu", NULL};
    double ns[3];
    struct doubt_session_request request = request_on("cuda:0"), other = request_on(NULL);
    other.options = by_name;
    struct doubt_session *session = start(&request), *beside = start(&other);
    assert_false(doubt_session_has(beside, DOUBT_WAY_DEVICE));
    assert_fails(doubt_session_back_to_back(beside, DOUBT_TRAIN_RUNS, 3, ns, err),
                 DOUBT_E_UNSUPPORTED, "engine onnxruntime cannot time this model back to back");
    assert_true(doubt_session_has(session, DOUBT_WAY_DEVICE));
    assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 3, ns, err));
    assert_ok(doubt_session_run(beside, err));
    assert_right(beside);
    doubt_session_free(session);
    assert_false(doubt_session_has(beside, DOUBT_WAY_DEVICE));
    finish(beside);
}

/* --- faults ----------------------------------------------------------------------------------- */

/* Goes as far as it gets: a fault ends in a sentence, and nothing stays taken. */
static bool survives(const char *fault)
{
    struct doubt_session_request request = request_on("cuda:0");
    struct doubt_session *session = NULL;
    struct doubt_err why = {0};
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    double ns[2];
    request.open.flush = 1;
    setenv("FAKE_FAULT", fault, 1);
    enum doubt_code code = live(&request, &session, &why);
    if (code == DOUBT_OK)
        code = doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 2, ns, &why);
    if (code == DOUBT_OK && doubt_session_step(session).between(session) != 0)
        code = doubt_session_failure(session, &why);
    if (code == DOUBT_OK)
        code = doubt_session_outputs(session, &outputs, &count, &why);
    unsetenv("FAKE_FAULT");
    doubt_session_free(session);
    assert_int_equal(cuda_live(), 0);
    assert_int_equal(ort_live(), 0);
    if (code != DOUBT_OK && strstr(why.text, "engine onnxruntime: ") == NULL)
        fail_msg("%s: \"%s\"", fault, why.text);
    return code == DOUBT_OK;
}

static void test_faults(void **state)
{
    (void)state;
    static const char *const calls[] = {"cuInit",
                                        "cuDeviceGetCount",
                                        "cuDeviceGet",
                                        "cuDevicePrimaryCtxRetain",
                                        "cuCtxSetCurrent",
                                        "cuStreamCreate",
                                        "cuStreamSynchronize",
                                        "cuEventCreate",
                                        "cuEventRecord",
                                        "cuEventSynchronize",
                                        "cuEventElapsedTime",
                                        "cuMemAlloc_v2",
                                        "cuMemAllocHost_v2",
                                        "cuMemcpyHtoDAsync_v2",
                                        "cuMemcpyDtoHAsync_v2",
                                        "cuMemsetD32Async",
                                        "CreateEnvWithCustomLogger",
                                        "CreateSessionOptions",
                                        "SetSessionLogSeverityLevel",
                                        "SetSessionGraphOptimizationLevel",
                                        "SetIntraOpNumThreads",
                                        "AddSessionConfigEntry",
                                        "CreateCUDAProviderOptions",
                                        "UpdateCUDAProviderOptions",
                                        "UpdateCUDAProviderOptionsWithValue",
                                        "SessionOptionsAppendExecutionProvider_CUDA_V2",
                                        "CreateSession",
                                        "CreateCpuMemoryInfo",
                                        "CreateMemoryInfo",
                                        "CreateTensorWithDataAsOrtValue",
                                        "CreateRunOptions",
                                        "AddRunConfigEntry",
                                        "CreateIoBinding",
                                        "BindInput",
                                        "BindOutput",
                                        "RunWithBinding"};
    assert_true(survives("nothing"));
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (survives(calls[i]))
            fail_msg("a fault of %s() was not noticed", calls[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing_library),
        cmocka_unit_test(test_info),
        cmocka_unit_test(test_no_device_is_explained),
        cmocka_unit_test(test_call),
        cmocka_unit_test(test_tf32),
        cmocka_unit_test(test_halves_come_from_the_file),
        cmocka_unit_test(test_host_from_both_memories),
        cmocka_unit_test(test_device_times),
        cmocka_unit_test(test_flush),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_output_of_unknown_size),
        cmocka_unit_test(test_nothing_runs_on_the_cpu_unseen),
        cmocka_unit_test(test_graph_that_cannot_be_captured),
        cmocka_unit_test(test_broken_capture),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_cpu_of_the_same_library),
        cmocka_unit_test(test_events_are_the_models_own),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}

/* test_ort_named.c: the plug-in onnxruntime with a provider by name, against the stand-in for the
 * library, whose names, sentences and log are those of real builds with OpenVINO, CANN and WebGPU;
 * and against such a build itself where $DOUBT_TEST_ORT_OPENVINO names its library. */
#include "engine_test.h"

#include <dlfcn.h>

static const char plugin[] = PLUGINS "/doubt-engine-onnxruntime.so";
static const char library[] =
    DOUBT_BUILD "/tests/standin/ort/onnxruntime/capi/libonnxruntime.so.1.99.0";

static struct bench bench;

static int open_all(void **state)
{
    (void)state;
    bench_open_with(&bench, plugin, library);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    bench_close(&bench);
    return 0;
}

/* A function that the stand-in has for tests alone. */
static void *of_standin(const char *name)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_NOLOAD);
    void *symbol = handle != NULL ? dlsym(handle, name) : NULL;
    assert_non_null(symbol);
    dlclose(handle);
    return symbol;
}

static const char *given(void)
{
    const char *(*function)(void);
    void *symbol = of_standin("fake_ort_given");
    memcpy(&function, &symbol, sizeof symbol);
    return function();
}

static void assert_nothing_left(void)
{
    int (*function)(void);
    void *symbol = of_standin("fake_ort_live");
    memcpy(&function, &symbol, sizeof symbol);
    assert_int_equal(function(), 0);
}

static struct doubt_session_request request_of(const char *const *options)
{
    struct doubt_session_request request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
    request.open.threads = 2;
    request.options = options;
    return request;
}

static void assert_right(struct doubt_session *session)
{
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    float expected[32];
    assert_ok(doubt_session_run(session, err));
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    tiny_expected(doubt_session_inputs(session, &count)[0].data, expected);
    for (int i = 0; i < 32; i++)
        assert_float_equal(((const float *)outputs[0].data)[i], expected[i], 1e-5);
}

/* Opens, runs, and tells what was used. */
static struct doubt_engine_used uses(const struct doubt_session_request *request)
{
    struct doubt_engine_used used;
    struct doubt_session *session = start(request);
    assert_right(session);
    assert_ok(doubt_session_used(session, &used, err));
    assert_int_equal(used.precision, DOUBT_PRECISION_ANY);
    doubt_session_free(session);
    return used;
}

static void test_every_spelling(void **state)
{
    static const char *const words[] = {"provider=xnnpack", "provider=XNNPACK", "provider=Xnnpack",
                                        "provider=XnnpackExecutionProvider"};
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *options[] = {words[i], NULL};
        struct doubt_session_request request = request_of(options);
        struct doubt_engine_used used = uses(&request);
        assert_string_equal(used.provider, "XnnpackExecutionProvider");
        assert_string_equal(used.device, "CPU");
        assert_int_equal(used.threads, 2);
        assert_string_equal(used.detail, "the provider does not tell its precision");
        assert_string_equal(given(), "intra_op_num_threads=2");
        assert_nothing_left();
    }
}

/* Threads and f32 reach a provider that takes them, unless the user gave others. */
static void test_what_openvino_is_given(void **state)
{
    static const struct {
        const char *provider_options, *given, *detail;
        enum doubt_precision precision;
        int threads;
    } cases[] = {
        {NULL, "num_of_threads=2 precision=FP32", "FP32 asked of it; ", DOUBT_PRECISION_F32, 2},
        {NULL, "num_of_threads=2", "the provider does not tell", DOUBT_PRECISION_ANY, 2},
        {"provider-options=num_of_threads=1,precision=ACCURACY",
         "num_of_threads=1 precision=ACCURACY", "the provider does not tell", DOUBT_PRECISION_F32,
         1},
        {"provider-options=load_config={\"CPU\":{\"A\":\"b\",\"C=\":\"d\"}},num_of_threads=x",
         "load_config={\"CPU\":{\"A\":\"b\",\"C=\":\"d\"}} num_of_threads=x",
         "precision or its threads", DOUBT_PRECISION_F32, 0},
        {"provider-options=device_type=CPU", "device_type=CPU num_of_threads=2 precision=FP32",
         "FP32 asked of it; ", DOUBT_PRECISION_F32, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *options[] = {"provider=OpenVINO", cases[i].provider_options, NULL};
        struct doubt_session_request request = request_of(options);
        request.open.precision = cases[i].precision;
        struct doubt_engine_used used = uses(&request);
        assert_string_equal(given(), cases[i].given);
        assert_int_equal(used.threads, cases[i].threads);
        assert_non_null(strstr(used.detail, cases[i].detail));
        assert_string_equal(used.device, "CPU");
        assert_nothing_left();
    }
}

/* A device of the provider's own has no events of ours: two boundaries are left. */
static void test_another_device(void **state)
{
    static const char *const options[] = {"provider=OpenVINO",
                                          "provider-options=device_type=HETERO:NPU,CPU", NULL};
    (void)state;
    struct doubt_session_request request = request_of(options);
    request.open.boundary = DOUBT_BOUNDARY_HOST;
    request.open.precision = DOUBT_PRECISION_F32;
    struct doubt_session *session = start(&request);
    assert_string_equal(given(), "device_type=HETERO:NPU,CPU num_of_threads=2");
    assert_false(doubt_session_has(session, DOUBT_WAY_DEVICE));
    assert_true(doubt_session_has(session, DOUBT_WAY_HOST));
    assert_true(doubt_session_has(session, DOUBT_WAY_CALL));
    assert_right(session);
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_string_equal(used.device, "HETERO:NPU,CPU (OpenVINO)");
    assert_int_equal(used.lacks, DOUBT_OP_RUN_DEVICE | DOUBT_OP_FLUSH);
    assert_non_null(strstr(used.detail, "its copies from and to the host are inside"));
    struct doubt_step step = doubt_session_step_of(session, DOUBT_WAY_PAGEABLE);
    assert_int_equal(step.step(step.argument), 0);
    doubt_session_free(session);
    static const char *const gpu[] = {"provider=webgpu", NULL};
    request = request_of(gpu);
    used = uses(&request);
    assert_string_equal(used.device, "GPU (webgpu)");
    assert_string_equal(used.provider, "WebGpuExecutionProvider");
    assert_int_equal(used.threads, 0);
    request.open.boundary = DOUBT_BOUNDARY_DEVICE;
    assert_open_fails(&request, "the boundary device needs events of a GPU");
    assert_nothing_left();
}

static void test_own_entries(void **state)
{
    static const char *const dnnl[] = {"provider=dnnl", "provider-options=use_arena=1", NULL};
    static const char *const cann[] = {"provider=CANN", "provider-options=device_id=0", NULL};
    (void)state;
    struct doubt_session_request request = request_of(dnnl);
    struct doubt_engine_used used = uses(&request);
    assert_string_equal(given(), "use_arena=1");
    assert_string_equal(used.provider, "DnnlExecutionProvider");
    assert_int_equal(used.threads, 0);
    setenv("FAKE_FAULT", "CreateDnnlProviderOptions", 1);
    assert_open_fails(&request,
                      "cannot use provider dnnl: oneDNN execution provider is not enabled "
                      "in this build.");
    unsetenv("FAKE_FAULT");
    request = request_of(cann);
    assert_open_fails(&request, "cannot use provider CANN: Failed to load library "
                                "libonnxruntime_providers_cann.so with error: libascendcl.so: "
                                "cannot open shared object file: No such file or directory: "
                                "install what it needs, and put its folder on $LD_LIBRARY_PATH");
    assert_nothing_left();
}

static void refuses(const char *provider, const char *provider_options, const char *text)
{
    const char *options[] = {provider, provider_options, NULL};
    struct doubt_session_request request = request_of(options);
    assert_open_fails(&request, text);
    assert_nothing_left();
}

static void test_refusals(void **state)
{
    (void)state;
    refuses("provider=Nope", NULL,
            "has no provider \"Nope\": it has CUDA, Dnnl, OpenVINO, Xnnpack, CANN, WebGpu, SNPE, "
            "CPU");
    refuses("provider=Open", NULL, "has no provider \"Open\"");
    refuses("provider=snpe", NULL,
            "cannot use provider snpe: this ONNX Runtime lists it, but its C interface does not "
            "take it by name");
    refuses("provider=OpenVINO", "provider-options=device_type=GPU",
            "cannot use provider OpenVINO: Device GPU is not available");
    refuses("provider=OpenVINO", "provider-options=colour=red",
            "cannot use provider OpenVINO: Invalid provider_option key");
    refuses("provider=OpenVINO", "provider-options=a=1,=2", "KEY=VALUE,KEY=VALUE is accepted");
    refuses("provider=CPU", "provider-options=a=1", "belongs to a provider");
    setenv("FAKE_FAULT", "SessionOptionsAppendExecutionProvider", 1);
    refuses("provider=OpenVINO", NULL, "cannot use provider OpenVINO: the stand-in was told to");
    unsetenv("FAKE_FAULT");
}

/* Nodes that have no kernel there are named, and none runs on the CPU unseen. */
static void test_nodes_on_the_cpu(void **state)
{
    const char *options[] = {"provider=OpenVINO", NULL, NULL};
    (void)state;
    setenv("FAKE_ORT_CPU_NODES", "1", 1);
    struct doubt_session_request request = request_of(options);
    assert_open_fails(&request, "2 of its 3 nodes as compiled have no kernel of provider OpenVINO "
                                "(Relu, Det): --option cpu-fallback=1 lets them run on the CPU");
    options[1] = "cpu-fallback=1";
    struct doubt_engine_used used = uses(&request);
    assert_string_equal(used.provider, "OpenVINOExecutionProvider, CPUExecutionProvider");
    assert_string_equal(used.detail,
                        "the provider does not tell its precision; 2 of 3 nodes on the "
                        "CPU (Relu, Det)");
    setenv("FAKE_FAULT", "RunOptionsSetRunLogSeverityLevel", 1);
    struct doubt_session *session = NULL;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_open(session, err));
    assert_fails(doubt_session_bind(session, fill_ramp, err), DOUBT_E_ENGINE, "cannot set logging");
    doubt_session_free(session);
    unsetenv("FAKE_FAULT");
    unsetenv("FAKE_ORT_CPU_NODES");
    used = uses(&request);
    assert_string_equal(used.provider, "OpenVINOExecutionProvider");
    assert_nothing_left();
}

/* Allowed to, and with no node on the provider: the figure is one of the CPU's. */
static void test_all_nodes_on_the_cpu(void **state)
{
    const char *options[] = {"provider=OpenVINO", "provider-options=device_type=TOASTER", NULL,
                             NULL};
    (void)state;
    struct doubt_session_request request = request_of(options);
    assert_open_fails(&request, "provider OpenVINO takes none of its nodes");
    options[2] = "cpu-fallback=1";
    struct doubt_session *session = start(&request);
    struct doubt_engine_used used;
    assert_right(session);
    assert_ok(doubt_session_used(session, &used, err));
    assert_string_equal(used.provider, "CPUExecutionProvider");
    assert_string_equal(used.device, "CPU");
    assert_int_equal(used.precision, DOUBT_PRECISION_F32);
    assert_int_equal(used.threads, 2);
    assert_string_equal(used.detail, "provider OpenVINO took none of the nodes");
    doubt_session_free(session);
    assert_nothing_left();
}

/* --- a real library --------------------------------------------------------------------------- */

static void test_real_openvino(void **state)
{
    static const char *const plain[] = {"provider=openvino", NULL};
    static const char *const gpu[] = {"provider=OpenVINO", "provider-options=device_type=NPU.77",
                                      NULL};
    static const char *const wrong[] = {"provider=OpenVINO", "provider-options=num_of_threads=x",
                                        NULL};
    (void)state;
    const char *path = getenv("DOUBT_TEST_ORT_OPENVINO");
#if defined(__SANITIZE_ADDRESS__)
    print_message("OpenVINO binds deeply (RTLD_DEEPBIND), which AddressSanitizer refuses\n");
    skip();
#endif
    if (path == NULL) {
        print_message("$DOUBT_TEST_ORT_OPENVINO is not set: the wheel onnxruntime-openvino has a "
                      "library to name there\n");
        skip();
    }
    struct doubt_session_request request = request_of(plain);
    request.library_path = path;
    request.open.precision = DOUBT_PRECISION_F32;
    struct doubt_engine_used used = uses(&request);
    assert_string_equal(used.provider, "OpenVINOExecutionProvider");
    assert_string_equal(used.device, "CPU");
    assert_int_equal(used.threads, 2);
    request.options = gpu;
    assert_open_fails(&request, "cannot use provider OpenVINO: ");
    request.options = wrong;
    assert_open_fails(&request, "cannot use provider OpenVINO: Number of threads");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_spelling),
        cmocka_unit_test(test_what_openvino_is_given),
        cmocka_unit_test(test_another_device),
        cmocka_unit_test(test_own_entries),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_nodes_on_the_cpu),
        cmocka_unit_test(test_all_nodes_on_the_cpu),
        cmocka_unit_test(test_real_openvino),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}

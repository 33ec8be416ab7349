/* test_tensorrt.c: the plug-in tensorrt against stand-ins of TensorRT 8, 10 and 11 and of CUDA's
 * driver (tests/standin/tensorrt), which compute with the reference interpreter.
 */
#include "tensorrt_test.h"

/* --- no GPU ---------------------------------------------------------------------------------- */

/* A machine as the kernel shows it: a folder with empty files, and some with text. */
static void make_machine(const char *root, const char *const *paths)
{
    for (; *paths != NULL; paths++) {
        char path[512];
        snprintf(path, sizeof path, "%s%s", root, *paths);
        for (char *slash = strchr(path + strlen(root) + 1, '/'); slash != NULL;
             slash = strchr(slash + 1, '/')) {
            *slash = '\0';
            mkdir(path, 0700);
            *slash = '/';
        }
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        if (strstr(path, "/vendor") != NULL)
            fputs("0x10de\n", file);
        fclose(file);
    }
}

static void remove_machine(const char *root)
{
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    assert_int_equal(system(command), 0);
}

struct machine {
    const char *paths[4];
    const char *fault; /* of the stand-in driver; NULL: there is no driver's library */
    const char *text;
};

static void assert_machines_explained(const struct machine *machines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rig rig;
        char root[] = "/tmp/doubt-machine-XXXXXX";
        assert_non_null(mkdtemp(root));
        make_machine(root, machines[i].paths);
        setenv("DOUBT_GPU_ROOT", root, 1);
        if (machines[i].fault != NULL)
            setenv("STANDIN_CUDA_FAULT", machines[i].fault, 1);
        rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
        assert_life_fails(&rig.request, machines[i].text);
        rig_close(&rig);
        unsetenv("STANDIN_CUDA_FAULT");
        unsetenv("DOUBT_GPU_ROOT");
        remove_machine(root);
    }
}

/* Runs first, while the stand-in driver is not loaded. */
static void test_missing_driver_is_explained(void **state)
{
    static const struct machine machines[] = {
        {{NULL}, NULL, "there is no NVIDIA GPU and no driver here"},
        {{"/.dockerenv", NULL}, NULL, "docker run --gpus all"},
        {{"/.dockerenv", "/proc/driver/nvidia/version", NULL}, NULL, "started without it"},
        {{"/run/.containerenv", "/sys/bus/pci/devices/0/vendor", NULL}, NULL, "started without it"},
        {{"/sys/bus/pci/devices/0/vendor", NULL}, NULL, "but no driver runs"},
        {{"/proc/driver/nvidia/version", NULL}, NULL, "apt install libcuda1"},
    };
    (void)state;
    void *real = dlopen("libcuda.so.1", RTLD_LAZY);
    if (real != NULL) {
        printf("skipped: this machine has a driver\n");
        dlclose(real);
        skip();
    }
    assert_machines_explained(machines, sizeof machines / sizeof machines[0]);
}

static void test_refusing_driver_is_explained(void **state)
{
    static const struct machine machines[] = {
        {{NULL}, "cuInit=803", "restart the machine"},
        {{NULL}, "cuInit=34", "stub of a CUDA toolkit"},
        {{NULL}, "cuInit=999", "dmesg"},
        {{NULL}, "cuInit=100", "nvidia-smi"},
        {{"/.dockerenv", NULL}, "cuInit=100", "no GPU was given to this container"},
        {{"/proc/driver/nvidia/capabilities/gpu0/mig/config", NULL}, "cuInit=100", "mig -cgi 0 -C"},
        {{"/proc/driver/nvidia/capabilities/gpu0/mig/gi1/access", NULL},
         "cuInit=100",
         "CUDA_VISIBLE_DEVICES to a slice"},
        {{NULL}, "cuDeviceGetCount=802", "nvidia-fabricmanager"},
        {{NULL}, "cuDevicePrimaryCtxRetain=2", "no memory left for a context"},
        {{NULL}, "cuDevicePrimaryCtxRetain=46", "exclusive mode"},
        {{NULL}, "cuCtxSetCurrent=1", "cuCtxSetCurrent() failed with 1"},
        {{NULL}, "cuDeviceGetName=1", "tells nothing of device cuda:0"},
    };
    (void)state;
    assert_machines_explained(machines, sizeof machines / sizeof machines[0]);
    setenv("STANDIN_GPUS", "0", 1);
    setenv("CUDA_VISIBLE_DEVICES", "7", 1);
    static const struct machine hidden = {{NULL}, "none=0", "CUDA_VISIBLE_DEVICES is \"7\""};
    assert_machines_explained(&hidden, 1);
    unsetenv("CUDA_VISIBLE_DEVICES");
    unsetenv("STANDIN_GPUS");
}

/* Root may open everything. */
static void test_forbidden_node_is_explained(void **state)
{
    static const char *const nodes[] = {"/dev/nvidiactl", NULL};
    char root[] = "/tmp/doubt-machine-XXXXXX", node[128];
    struct rig rig;
    (void)state;
    if (geteuid() == 0) {
        printf("skipped: root may open every file\n");
        skip();
    }
    assert_non_null(mkdtemp(root));
    make_machine(root, nodes);
    snprintf(node, sizeof node, "%s/dev/nvidiactl", root);
    assert_int_equal(chmod(node, 0), 0);
    setenv("DOUBT_GPU_ROOT", root, 1);
    setenv("STANDIN_CUDA_FAULT", "cuInit=100", 1);
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    assert_life_fails(&rig.request, "no permission to open /dev/nvidiactl");
    rig_close(&rig);
    unsetenv("STANDIN_CUDA_FAULT");
    unsetenv("DOUBT_GPU_ROOT");
    remove_machine(root);
}

/* --- libraries ------------------------------------------------------------------------------- */

static void test_versions(void **state)
{
    static const struct {
        int library;
        const char *number, *text; /* text NULL: accepted */
    } versions[] = {
        {0, "8201", NULL},
        {0, "8503", NULL},
        {0, "8601", NULL},
        {1, "100300", NULL},
        {1, "101602", NULL},
        {2, "110100", NULL},
        {0, "8003", "8.0.3"},
        {0, "7103", "TensorRT 7.1.3 (number 7103)"},
        {0, "9300", "9.3.0"},
        {2, "120000", "TensorRT 12.0.0 (number 120000)"},
        {2, "10701", "TensorRT 1.7.1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        struct rig rig;
        setenv("STANDIN_VERSION", versions[i].number, 1);
        rig_open(&rig, libraries[versions[i].library], DOUBT_TEST_DATA "/tiny.onnx");
        if (versions[i].text == NULL)
            run_tiny(&rig.request, NULL);
        else
            assert_life_fails(&rig.request, versions[i].text);
        rig_close(&rig);
        unsetenv("STANDIN_VERSION");
    }
}

/* Before any library of plug-ins is loaded, which would serve here too. */
static void test_missing_companions(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig, STANDIN "/broken/libnvinfer.so.8", DOUBT_TEST_DATA "/tiny.onnx");
    assert_life_fails(&rig.request, "pip install nvidia-cublas-cu11");
    rig_close(&rig);
    rig_open(&rig, STANDIN "/libcuda.so.1", DOUBT_TEST_DATA "/tiny.onnx");
    assert_life_fails(&rig.request, "is not TensorRT");
    rig_close(&rig);
    rig_open(&rig, "/nonexistent/libnvinfer.so.8", DOUBT_TEST_DATA "/tiny.onnx");
    assert_life_fails(&rig.request, "cannot load /nonexistent/libnvinfer.so.8");
    rig_close(&rig);
}

static void test_info(void **state)
{
    struct rig rig;
    struct doubt_session *session = NULL;
    struct doubt_engine_info info;
    (void)state;
    setenv("STANDIN_GPUS", "2", 1);
    rig_open(&rig, libraries[0], NULL);
    assert_ok(doubt_session_new(&rig.request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_info(session, &info, err));
    assert_string_equal(info.version, "8.5.3");
    assert_non_null(strstr(info.build, "CUDA 12.4"));
    assert_int_equal(info.device_count, 2);
    assert_string_equal(info.devices[1].name, "cuda:1");
    assert_non_null(strstr(info.devices[1].title, "Stand-in 1, compute capability 8.0"));
    assert_int_equal(info.devices[0].precisions, 1u << DOUBT_PRECISION_F32 |
                                                     1u << DOUBT_PRECISION_TF32 |
                                                     1u << DOUBT_PRECISION_F16);
    doubt_session_free(session);
    rig_close(&rig);
    unsetenv("STANDIN_GPUS");
}

/* --- faults ---------------------------------------------------------------------------------- */

static void test_every_step_may_fail(void **state)
{
    static const struct {
        const char *step, *text;
        int first, last; /* of libraries */
    } faults[] = {
        {"plugins", "cannot start its plug-ins", 0, 2},
        {"builder", "does not start: [standin.c::builder]", 0, 2},
        {"network", "makes no network: [standin.c::network]", 0, 2},
        {"parser", "makes no ONNX parser: [standin.c::parser]", 0, 2},
        {"parse", "node 7: the stand-in fails at parse", 0, 2},
        {"config", "makes no configuration: [standin.c::config]", 0, 2},
        {"sources", "does not take the tactic sources", 0, 2},
        {"build", "cannot build the network: [standin.c::build]", 0, 2},
        {"out of memory", "cannot build the network: [standin.c::out of memory]", 0, 2},
        {"runtime", "makes no runtime: [standin.c::runtime]", 0, 2},
        {"engine", "cannot load the engine it built: [standin.c::engine]", 0, 2},
        {"context", "makes no context (memory of the device?): [standin.c::context]", 0, 2},
        {"inspector", "makes no inspector: [standin.c::inspector]", 0, 2},
        {"open output", "the size of \"y\" depends on the data", 0, 2},
        {"address", "does not take a buffer", 1, 2},
        {"enqueue", "does not run the network: [standin.c::enqueue]", 0, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        for (int k = faults[i].first; k <= faults[i].last; k++) {
            struct rig rig;
            setenv("STANDIN_FAULT", faults[i].step, 1);
            rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/tiny.onnx");
            assert_life_fails(&rig.request, faults[i].text);
            rig_close(&rig);
            unsetenv("STANDIN_FAULT");
        }
}

static void test_driver_faults(void **state)
{
    static const struct {
        const char *fault, *text;
    } faults[] = {
        {"cuMemGetInfo_v2=1", "no word on the device's memory"},
        {"cuStreamCreate=2", "no stream: STANDIN_ERROR_2 (out of memory)"},
        {"cuEventCreate=2", "no event"},
        {"cuMemAlloc_v2=2", "no memory on the device for a tensor"},
        {"cuMemAllocHost_v2=2", "no pinned memory"},
        {"cuMemcpyHtoDAsync_v2=1", "an input was not copied"},
        {"cuStreamSynchronize=700", "the inference failed on the device: STANDIN_ERROR_700"},
        {"cuGraphLaunch=700", "the graph was not launched"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct rig rig;
        setenv("STANDIN_CUDA_FAULT", faults[i].fault, 1);
        rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
        assert_life_fails(&rig.request, faults[i].text);
        rig_close(&rig);
        unsetenv("STANDIN_CUDA_FAULT");
    }
}

/* A fault on the device after a good start: the run fails, the end is orderly. */
static void test_late_fault(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    struct doubt_session *session = start(&rig.request);
    assert_ok(doubt_session_run(session, err));
    setenv("STANDIN_CUDA_FAULT", "cuStreamSynchronize=719", 1);
    assert_fails(doubt_session_run(session, err), DOUBT_E_ENGINE, "STANDIN_ERROR_719");
    unsetenv("STANDIN_CUDA_FAULT");
    doubt_session_free(session);
    rig_close(&rig);
}

static void test_no_graph_is_noted(void **state)
{
    static const char *const faults[] = {"cuStreamBeginCapture_v2=1", "cuStreamEndCapture=1",
                                         "cuGraphInstantiateWithFlags=1"};
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct rig rig;
        char notes[512];
        rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
        setenv("STANDIN_CUDA_FAULT", faults[i], 1);
        struct doubt_engine_used used = run_tiny(&rig.request, notes);
        unsetenv("STANDIN_CUDA_FAULT");
        assert_non_null(strstr(notes, "cannot be captured"));
        assert_non_null(strstr(used.detail, "no CUDA graph"));
        rig_close(&rig);
    }
}

/* --- what is computed ------------------------------------------------------------------------ */

static void test_tiny_on_every_major(void **state)
{
    static const char *const no_graph[] = {"graph=0", "wait=block", "workspace=64", NULL};
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct rig rig;
        rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/tiny.onnx");
        rig.request.open.device = "cuda:0";
        struct doubt_engine_used used = run_tiny(&rig.request, NULL);
        assert_string_equal(used.device, "cuda:0");
        assert_int_equal(used.precision, DOUBT_PRECISION_TF32);
        assert_string_equal(used.detail, "CUDA graph; TF32 in 100 % of the MACs");
        assert_true(used.build_ns > 0);
        rig.request.options = no_graph;
        rig.request.open.precision = DOUBT_PRECISION_F32;
        used = run_tiny(&rig.request, NULL);
        assert_int_equal(used.precision, DOUBT_PRECISION_F32);
        assert_string_equal(used.detail, "no CUDA graph; FP32 in 100 % of the MACs");
        rig_close(&rig);
    }
}

/* Every way of running leaves the same right outputs. */
static void test_ways(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++)
        for (int way = 0; way < DOUBT_WAY_COUNT; way++) {
            struct rig rig;
            rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/tiny.onnx");
            struct doubt_session *session = start(&rig.request);
            assert_true(doubt_session_has(session, (enum doubt_way)way));
            struct doubt_step step = doubt_session_step_of(session, (enum doubt_way)way);
            assert_int_equal(step.step(step.argument), 0);
            check_tiny(session);
            doubt_session_free(session);
            rig_close(&rig);
        }
}

static void test_back_to_back(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct rig rig;
        double ns[5] = {-1, -1, -1, -1, -1};
        rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/tiny.onnx");
        struct doubt_session *session = start(&rig.request);
        assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 3, ns, err));
        assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 5, ns, err));
        for (int i = 0; i < 5; i++)
            assert_true(ns[i] >= 0);
        check_tiny(session);
        setenv("STANDIN_CUDA_FAULT", "cuEventElapsedTime=1", 1);
        assert_fails(doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 5, ns, err),
                     DOUBT_E_ENGINE, "no time between two events");
        unsetenv("STANDIN_CUDA_FAULT");
        doubt_session_free(session);
        rig_close(&rig);
    }
}

/* The stand-in reports 0.5 ms for the first layer, 1 ms for the second, in every run. */
static void test_layers(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct rig rig;
        struct doubt_engine_layer *layers = NULL;
        uint32_t count = 0;
        rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/tiny.onnx");
        rig.request.open.profile = 1;
        struct doubt_session *session = start(&rig.request);
        for (int i = 0; i < 4; i++)
            assert_ok(doubt_session_run(session, err));
        assert_ok(doubt_session_layers(session, &layers, &count, err));
        assert_int_equal(count, 2);
        assert_string_equal(layers[0].type, "CaskConvolution");
        assert_string_equal(layers[1].type, "Relu");
        assert_int_equal(layers[0].precision, DOUBT_PRECISION_TF32);
        assert_float_equal(layers[0].ns, 0.5e6, 1);
        assert_float_equal(layers[1].ns, 1e6, 1);
        free(layers);
        doubt_session_free(session);
        rig_close(&rig);
    }
}

static void test_flush(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    rig.request.open.flush = 1;
    struct doubt_session *session = start(&rig.request);
    struct doubt_step step = doubt_session_step(session);
    assert_non_null(step.between);
    assert_int_equal(step.between(step.between_argument), 0);
    setenv("STANDIN_CUDA_FAULT", "cuMemsetD32Async=1", 1);
    assert_int_not_equal(step.between(step.between_argument), 0);
    unsetenv("STANDIN_CUDA_FAULT");
    assert_fails(doubt_session_failure(session, err), DOUBT_E_ENGINE, "cache was not flushed");
    doubt_session_free(session);
    rig_close(&rig);
}

static void test_half(void **state)
{
    struct rig rig;
    char notes[512];
    (void)state;
    for (int k = 0; k < 2; k++) {
        rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/tiny.onnx");
        rig.request.open.precision = DOUBT_PRECISION_F16;
        struct doubt_engine_used used = run_tiny(&rig.request, notes);
        assert_int_equal(used.precision, DOUBT_PRECISION_F16);
        assert_non_null(strstr(used.detail, "FP16 in 100 % of the MACs"));
        assert_string_equal(notes, "");
        empty_folder(rig.folder);
        /* The library keeps to 32 bits: the answer says so. */
        setenv("STANDIN_FULL", "1", 1);
        used = run_tiny(&rig.request, notes);
        unsetenv("STANDIN_FULL");
        assert_int_equal(used.precision, DOUBT_PRECISION_TF32);
        assert_non_null(strstr(notes, "fell back from FP16: TF32 in 100 %"));
        rig_close(&rig);
    }
    rig_open(&rig, libraries[2], DOUBT_TEST_DATA "/tiny.onnx");
    rig.request.open.precision = DOUBT_PRECISION_F16;
    assert_life_fails(&rig.request, "TensorRT 11.1.0 takes FP16 from the file");
    rig.request.open.model_path = DOUBT_TEST_DATA "/tiny_f16.onnx";
    struct doubt_session *session = start(&rig.request);
    struct doubt_engine_used used;
    assert_ok(doubt_session_run(session, err));
    assert_ok(doubt_session_used(session, &used, err));
    assert_int_equal(used.precision, DOUBT_PRECISION_F16);
    doubt_session_free(session);
    rig_close(&rig);
}

static void test_precisions_that_are_refused(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    rig.request.open.precision = DOUBT_PRECISION_I8;
    assert_life_fails(&rig.request, "f32, tf32, f16 and any are accepted");
    setenv("STANDIN_CAPABILITY", "53", 1);
    rig.request.open.precision = DOUBT_PRECISION_TF32;
    assert_life_fails(&rig.request, "has no TF32");
    unsetenv("STANDIN_CAPABILITY");
    rig.request.open.precision = DOUBT_PRECISION_ANY;
    rig.request.open.device = "cuda:1";
    assert_life_fails(&rig.request, "there is no device \"cuda:1\"");
    rig.request.open.device = "GPU";
    assert_life_fails(&rig.request, "cuda:0 to cuda:0 are accepted");
    rig_close(&rig);
}

static void test_sizes(void **state)
{
    const struct doubt_tensor wanted = {.name = "x", .rank = 4, .dims = {3, 1, 6, 6}};
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct rig rig;
        rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/tiny_batch.onnx");
        assert_life_fails(&rig.request, "input \"x\" has no size in dimension 0");
        rig.request.open.inputs = &wanted;
        rig.request.open.input_count = 1;
        struct doubt_session *session = start(&rig.request);
        const struct doubt_tensor *outputs = NULL;
        size_t count = 0;
        assert_ok(doubt_session_run(session, err));
        assert_ok(doubt_session_outputs(session, &outputs, &count, err));
        assert_int_equal(outputs[0].dims[0], 3);
        assert_int_equal(outputs[0].bytes, 3 * 32 * sizeof(float));
        doubt_session_free(session);
        rig.request.open.model_path = DOUBT_TEST_DATA "/tiny.onnx";
        assert_life_fails(&rig.request, "is fixed at 1 in dimension 0, 3 was asked for");
        rig_close(&rig);
    }
}

static void test_bad_files(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig, libraries[0], "/nonexistent/model.onnx");
    assert_life_fails(&rig.request, "cannot open /nonexistent/model.onnx");
    rig.request.open.model_path = DOUBT_TEST_DATA "/truncated.onnx";
    assert_life_fails(&rig.request, "cannot read");
    rig.request.open.model_path = DOUBT_TEST_DATA "/unknown_operator.onnx";
    assert_life_fails(&rig.request, "node 7");
    rig.request.open.model_path = NULL;
    assert_life_fails(&rig.request, "an ONNX file is needed");
    rig_close(&rig);
}

static void test_options_that_are_refused(void **state)
{
    static const struct {
        const char *option, *text;
    } bad[] = {{"graph=2", "accepted: 0 or 1"},
               {"wait=sleep", "accepted: spin, block"},
               {"workspace=-1", "accepted: a whole number of MiB from 0 to 1048576"},
               {"workspace=", "a whole number"},
               {"tactic-sources=x", "a whole number"}};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct rig rig;
        const char *options[] = {bad[i].option, NULL};
        rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
        rig.request.options = options;
        assert_option_fails(&rig.request, bad[i].text);
        rig_close(&rig);
    }
}

static void test_dla_that_is_not_there(void **state)
{
    static const char *const options[] = {"dla=0", NULL};
    struct rig rig;
    (void)state;
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    rig.request.options = options;
    assert_life_fails(&rig.request, "there is no DLA core 0: this machine has 0");
    rig_close(&rig);
}

static void test_dla(void **state)
{
    static const char *const options[] = {"dla=1", NULL};
    struct rig rig;
    (void)state;
    setenv("STANDIN_FAULT", "dla", 1); /* two cores */
    rig_open(&rig, libraries[0], DOUBT_TEST_DATA "/tiny.onnx");
    rig.request.options = options;
    struct doubt_engine_used used = run_tiny(&rig.request, NULL);
    assert_string_equal(used.provider, "DLA core 1");
    rig_close(&rig);
    unsetenv("STANDIN_FAULT");
}

int main(void)
{
    const struct CMUnitTest without[] = {cmocka_unit_test(test_missing_driver_is_explained)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing_companions),
        cmocka_unit_test(test_refusing_driver_is_explained),
        cmocka_unit_test(test_forbidden_node_is_explained),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_info),
        cmocka_unit_test(test_every_step_may_fail),
        cmocka_unit_test(test_driver_faults),
        cmocka_unit_test(test_late_fault),
        cmocka_unit_test(test_no_graph_is_noted),
        cmocka_unit_test(test_tiny_on_every_major),
        cmocka_unit_test(test_ways),
        cmocka_unit_test(test_back_to_back),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_flush),
        cmocka_unit_test(test_half),
        cmocka_unit_test(test_precisions_that_are_refused),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_options_that_are_refused),
        cmocka_unit_test(test_dla_that_is_not_there),
        cmocka_unit_test(test_dla),
    };
    if (access(plugin, F_OK) != 0) {
        printf("skipped: built without a C++ compiler, so without the engine tensorrt\n");
        return 0;
    }
    int failed = cmocka_run_group_tests_name("without a driver", without, NULL, NULL);
    return failed + cmocka_run_group_tests_name("with stand-ins", tests, load_driver, NULL);
}

/* test_onnxruntime.c: the plug-in onnxruntime against results computed by hand. */
#include "engine_test.h"

static const char plugin[] = PLUGINS "/doubt-engine-onnxruntime.so";

static void runs_tiny_at(enum doubt_boundary boundary)
{
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    struct doubt_session_request request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
    request.open.threads = 1;
    request.open.boundary = boundary;
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(count, 1);
    assert_string_equal(outputs[0].name, "y");
    assert_int_equal(outputs[0].bytes, 32 * sizeof(float));
    float expected[32];
    tiny_expected(doubt_session_inputs(session, &count)[0].data, expected);
    for (int i = 0; i < 32; i++)
        assert_float_equal(((const float *)outputs[0].data)[i], expected[i], 1e-6);
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_int_equal(used.precision, DOUBT_PRECISION_F32);
    assert_int_equal(used.threads, 1);
    assert_string_equal(used.device, "CPU");
    assert_string_equal(used.detail, "");
    doubt_session_free(session);
    bench_close(&bench);
}

static void test_tiny_call(void **state)
{
    (void)state;
    runs_tiny_at(DOUBT_BOUNDARY_CALL);
}

static void test_tiny_host(void **state)
{
    (void)state;
    runs_tiny_at(DOUBT_BOUNDARY_HOST);
}

static void test_info(void **state)
{
    (void)state;
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    struct doubt_session_request request = bench_request(&bench, NULL);
    struct doubt_session *session = NULL;
    struct doubt_engine_info info;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_info(session, &info, err));
    assert_true(info.version[0] >= '1' && info.version[0] <= '9');
    assert_non_null(strstr(info.build, "CPUExecutionProvider"));
    assert_int_equal(info.device_count, 1);
    assert_int_equal(info.devices[0].precisions, 1u << DOUBT_PRECISION_F32);
    doubt_session_free(session);
    bench_close(&bench);
}

/* Threads of its own choice are set, so that they are known. */
static void test_half_file_is_computed_by_casts(void **state)
{
    (void)state;
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    struct doubt_session_request request = bench_request(&bench, DOUBT_TEST_DATA "/tiny_f16.onnx");
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_true(used.threads >= 1);
    assert_non_null(strstr(used.detail, "f16 file"));
#if defined(__x86_64__)
    assert_int_equal(used.precision, DOUBT_PRECISION_F32);
#else
    assert_int_equal(used.precision, DOUBT_PRECISION_ANY);
#endif
    doubt_session_free(session);
    bench_close(&bench);
}

static void test_unknown_batch_is_given(void **state)
{
    (void)state;
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    struct doubt_session_request request =
        bench_request(&bench, DOUBT_TEST_DATA "/tiny_batch.onnx");
    struct doubt_tensor size = {.name = "x", .rank = 4, .dims = {3, 1, 6, 6}};
    request.open.inputs = &size;
    request.open.input_count = 1;
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(outputs[0].dims[0], 3);
    assert_int_equal(outputs[0].bytes, 3 * 32 * sizeof(float));
    float expected[32];
    tiny_expected((const float *)doubt_session_inputs(session, &count)[0].data + 72, expected);
    for (int i = 0; i < 32; i++)
        assert_float_equal(((const float *)outputs[0].data)[64 + i], expected[i], 1e-5);
    doubt_session_free(session);
    bench_close(&bench);
}

static void test_unknown_batch_is_refused(void **state)
{
    (void)state;
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    struct doubt_session_request request =
        bench_request(&bench, DOUBT_TEST_DATA "/tiny_batch.onnx");
    struct doubt_session *session = NULL;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_open(session, err));
    assert_fails(doubt_session_bind(session, fill_ramp, err), DOUBT_E_USAGE,
                 "input \"x\" of " DOUBT_TEST_DATA "/tiny_batch.onnx has an unknown");
    doubt_session_free(session);
    bench_close(&bench);
}

/* The size of y is known after a run only: the library allocates it. Ramp - 2 .. -1.125: all
 * negative but with x shifted by the test. */
static void data_dependent_at(enum doubt_boundary boundary)
{
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    struct doubt_session_request request =
        bench_request(&bench, DOUBT_TEST_DATA "/tiny_nonzero.onnx");
    request.open.boundary = boundary;
    struct doubt_session *session = start(&request);
    size_t count = 0;
    float *x = doubt_session_inputs(session, &count)[0].data;
    x[2] = 1;
    x[5] = 3;
    for (int round = 0; round < 3; round++)
        assert_ok(doubt_session_run(session, err));
    const struct doubt_tensor *outputs = NULL;
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(count, 2);
    assert_int_equal(outputs[0].dtype, DOUBT_I64);
    assert_int_equal(outputs[0].dims[1], 2);
    assert_int_equal(outputs[0].bytes, 16);
    assert_int_equal(((const int64_t *)outputs[0].data)[0], 2);
    assert_int_equal(((const int64_t *)outputs[0].data)[1], 5);
    assert_float_equal(((const float *)outputs[1].data)[5], 3, 0);
    doubt_session_free(session);
    bench_close(&bench);
}

static void test_data_dependent_output(void **state)
{
    (void)state;
    data_dependent_at(DOUBT_BOUNDARY_CALL);
    data_dependent_at(DOUBT_BOUNDARY_HOST);
}

static void test_options(void **state)
{
    (void)state;
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    struct doubt_session_request request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
    const char *all[] = {"optimization=none", "intra-op-spinning=0", "arena=0",
                         "memory-pattern=0",  "denormal-as-zero=1",  NULL};
    request.options = all;
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    doubt_session_free(session);
    const char *level[] = {"optimization=most", NULL};
    request.options = level;
    assert_option_fails(&request, "accepted: none, basic, extended, all");
    const char *flag[] = {"arena=yes", NULL};
    request.options = flag;
    assert_option_fails(&request,
                        "option arena of engine onnxruntime is \"yes\"; accepted: 0 or 1");
    bench_close(&bench);
}

static void test_refusals(void **state)
{
    (void)state;
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    struct doubt_session_request request = bench_request(&bench, NULL);
    assert_open_fails(&request, "no model was given");
    request = bench_request(&bench, DOUBT_TEST_DATA "/no-such.onnx");
    assert_open_fails(&request, "cannot open the model");
    request = bench_request(&bench, DOUBT_TEST_DATA "/truncated.onnx");
    assert_open_fails(&request, "cannot open the model");
    request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
    request.open.device = "cuda:0";
    assert_open_fails(&request, "no device \"cuda:0\"");
    request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
    request.open.precision = DOUBT_PRECISION_BF16;
    assert_open_fails(&request, "f32 and any are accepted");
    request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
    struct doubt_tensor size = {.name = "x", .rank = 4, .dims = {3, 1, 6, 6}};
    request.open.inputs = &size;
    request.open.input_count = 1;
    assert_open_fails(&request, "input \"x\" is fixed at 1 in dimension 0, 3 was asked for");
    size.name = "image";
    assert_open_fails(&request, "no input \"image\"; its first is \"x\"");
    bench_close(&bench);
}

static void test_other_library(void **state)
{
    (void)state;
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    struct doubt_session_request request = bench_request(&bench, NULL);
    struct doubt_session *session = NULL;
    request.library_path = DOUBT_SOURCE "/LICENSE";
    assert_ok(doubt_session_new(&request, &session, err));
    assert_fails(doubt_session_load(session, err), DOUBT_E_ENGINE, "cannot load");
    doubt_session_free(session);
    request.library_path = plugin; /* a shared object of another kind */
    assert_ok(doubt_session_new(&request, &session, err));
    assert_fails(doubt_session_load(session, err), DOUBT_E_ENGINE, "is not ONNX Runtime");
    doubt_session_free(session);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiny_call),
        cmocka_unit_test(test_tiny_host),
        cmocka_unit_test(test_info),
        cmocka_unit_test(test_half_file_is_computed_by_casts),
        cmocka_unit_test(test_unknown_batch_is_given),
        cmocka_unit_test(test_unknown_batch_is_refused),
        cmocka_unit_test(test_data_dependent_output),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_other_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_openvino.c: the plug-in openvino against results computed by hand. */
#include "engine_test.h"

static const char plugin[] = PLUGINS "/doubt-engine-openvino.so";

static uint32_t cpu_precisions(const struct bench *bench)
{
    struct doubt_session_request request = bench_request(bench, NULL);
    struct doubt_session *session = NULL;
    struct doubt_engine_info info;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_info(session, &info, err));
    doubt_session_free(session);
    for (uint32_t i = 0; i < info.device_count; i++)
        if (strcmp(info.devices[i].name, "CPU") == 0)
            return info.devices[i].precisions;
    return 0;
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
    int year = 0, quarter = 0;
    assert_int_equal(sscanf(info.version, "%d.%d", &year, &quarter), 2);
    assert_true(year >= 2024);
    assert_true(info.device_count >= 1);
    assert_string_equal(info.devices[0].name, "CPU");
    assert_true(info.devices[0].title[0] != '\0');
    assert_true(info.devices[0].precisions & 1u << DOUBT_PRECISION_F32);
    doubt_session_free(session);
    bench_close(&bench);
}

/* Largest difference from the exact answer, with the precision asked for and read back. */
static double error_at(const struct bench *bench, enum doubt_precision precision,
                       enum doubt_boundary boundary)
{
    struct doubt_session_request request = bench_request(bench, DOUBT_TEST_DATA "/tiny.onnx");
    request.open.threads = 1;
    request.open.precision = precision;
    request.open.boundary = boundary;
    struct doubt_session *session = start(&request);
    size_t count = 0;
    float *image = doubt_session_inputs(session, &count)[0].data;
    for (int i = 0; i < 36; i++)
        image[i] = 1.0f + (float)i / 1000; /* not exact in bf16 */
    assert_ok(doubt_session_run(session, err));
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_int_equal(used.precision, precision);
    assert_int_equal(used.threads, 1);
    assert_int_equal(used.streams, 1);
    assert_string_equal(used.device, "CPU");
    const struct doubt_tensor *outputs = NULL;
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(count, 1);
    assert_int_equal(outputs[0].bytes, 32 * sizeof(float));
    float expected[32];
    tiny_expected(image, expected);
    double error = 0;
    for (int i = 0; i < 32; i++) {
        double d = (double)((const float *)outputs[0].data)[i] - (double)expected[i];
        error = d > error ? d : -d > error ? -d : error;
    }
    doubt_session_free(session);
    return error;
}

static void test_f32(void **state)
{
    (void)state;
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    assert_true(error_at(&bench, DOUBT_PRECISION_F32, DOUBT_BOUNDARY_CALL) < 1e-6);
    assert_true(error_at(&bench, DOUBT_PRECISION_F32, DOUBT_BOUNDARY_HOST) < 1e-6);
    bench_close(&bench);
}

/* The reduced precision must show in the numbers: it was used and not only promised. */
static void reduced(enum doubt_precision precision, double least, double most)
{
    struct bench bench;
    if (!bench_open(&bench, plugin))
        skip();
    if (cpu_precisions(&bench) & 1u << precision) {
        double error = error_at(&bench, precision, DOUBT_BOUNDARY_CALL);
        assert_true(error > least);
        assert_true(error < most);
    } else {
        struct doubt_session_request request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
        request.open.precision = precision;
        assert_open_fails(&request, "natively");
    }
    bench_close(&bench);
}

static void test_bf16(void **state)
{
    (void)state;
    reduced(DOUBT_PRECISION_BF16, 1e-4, 1e-2);
}

static void test_f16(void **state)
{
    (void)state;
    reduced(DOUBT_PRECISION_F16, 1e-5, 2e-3);
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
    request.open.precision = DOUBT_PRECISION_F32;
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(outputs[0].dims[0], 3);
    float expected[32];
    tiny_expected((const float *)doubt_session_inputs(session, &count)[0].data + 72, expected);
    for (int i = 0; i < 32; i++)
        assert_float_equal(((const float *)outputs[0].data)[64 + i], expected[i], 1e-5);
    doubt_session_free(session);
    size.rank = 2;
    assert_open_fails(&request, "does not take the sizes given");
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
    assert_fails(doubt_session_bind(session, fill_ramp, err), DOUBT_E_USAGE, "input \"x\" of ");
    doubt_session_free(session);
    bench_close(&bench);
}

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
    const char *all[] = {"hint=throughput", "streams=2", "pinning=0", "hyper-threading=0", NULL};
    request.options = all;
    request.open.threads = 2;
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_int_equal(used.streams, 2);
    doubt_session_free(session);
    const char *hint[] = {"hint=fast", NULL};
    request.options = hint;
    assert_option_fails(&request, "accepted: latency, throughput");
    const char *streams[] = {"streams=0", NULL};
    request.options = streams;
    assert_option_fails(&request, "is \"0\"; accepted: a whole number from 1 to 1024");
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
    assert_open_fails(&request, "cannot read the model");
    request = bench_request(&bench, DOUBT_TEST_DATA "/truncated.onnx");
    assert_open_fails(&request, "cannot read the model");
    request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
    request.open.device = "TPU";
    assert_open_fails(&request, "no device \"TPU\"; here are: CPU");
    request = bench_request(&bench, DOUBT_TEST_DATA "/tiny.onnx");
    request.open.precision = DOUBT_PRECISION_I8;
    assert_open_fails(&request, "f32, bf16, f16 and any are accepted");
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
    request.library_path = plugin;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_fails(doubt_session_load(session, err), DOUBT_E_ENGINE, "OpenVINO 2024.0 or later");
    doubt_session_free(session);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_info),
        cmocka_unit_test(test_f32),
        cmocka_unit_test(test_bf16),
        cmocka_unit_test(test_f16),
        cmocka_unit_test(test_unknown_batch_is_given),
        cmocka_unit_test(test_unknown_batch_is_refused),
        cmocka_unit_test(test_data_dependent_output),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_other_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

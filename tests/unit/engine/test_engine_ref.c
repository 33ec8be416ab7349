/* test_engine_ref.c: the reference interpreter as an engine, from load to unload. */
#include "engine_test.h"

#include "model/check.h"
#include "model/net.h"
#include "model/onnx.h"

static const struct doubt_engine_ops *ref(void)
{
    for (const struct doubt_engine_ops *const *ops = doubt_engines_built_in; *ops; ops++)
        if (strcmp((*ops)->name, "ref") == 0)
            return *ops;
    fail_msg("there is no engine ref");
    return NULL;
}

static struct doubt_session *begin(const char *path, const struct doubt_tensor *given,
                                   enum doubt_precision precision)
{
    struct doubt_session *session = NULL;
    const struct doubt_session_request request = {.ops = ref(),
                                                  .open = {.model_path = path,
                                                           .inputs = given,
                                                           .input_count = given != NULL,
                                                           .precision = precision}};
    assert_ok(doubt_engine_check(request.ops, "built in", err));
    assert_ok(doubt_session_new(&request, &session, err));
    assert_ok(doubt_session_load(session, err));
    return session;
}

/* A network by way of its file gives the reference that ships. */
static void a_network_gives_its_reference(void **state)
{
    (void)state;
    char path[] = "/tmp/doubt-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    const struct doubt_net *net = NULL;
    const struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32};
    struct doubt_graph *graph = NULL;
    assert_ok(doubt_net_find("mobilenet-v2", &net, err));
    assert_ok(doubt_net_build(net, &params, &graph, err));
    assert_ok(doubt_onnx_save(graph, path, NULL, err));
    doubt_graph_free(graph);

    struct doubt_session *session = begin(path, NULL, DOUBT_PRECISION_F32);
    struct doubt_engine_info info;
    assert_ok(doubt_session_info(session, &info, err));
    assert_string_equal(info.devices[0].name, "CPU");
    assert_int_equal(info.devices[0].precisions, 1u << DOUBT_PRECISION_F32);
    assert_ok(doubt_session_open(session, err));
    assert_ok(doubt_session_bind(session, doubt_net_fill_input, err));
    assert_ok(doubt_session_run(session, err));
    assert_ok(doubt_session_run(session, err));
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    struct doubt_reference reference;
    struct doubt_check check;
    assert_ok(doubt_reference_find("mobilenet-v2", "", &reference, err));
    doubt_check_outputs(&reference, outputs, count, DOUBT_PRECISION_F32, &check);
    if (!check.ok || check.error > 1e-5)
        fail_msg("%g %s", check.error, check.text);
    struct doubt_engine_used used;
    assert_ok(doubt_session_used(session, &used, err));
    assert_int_equal(used.precision, DOUBT_PRECISION_F32);
    assert_int_equal(used.threads, 1);
    doubt_reference_free(&reference);
    doubt_session_free(session);
    unlink(path);
}

static const struct doubt_tensor sizes = {
    .name = "x", .dtype = DOUBT_F32, .rank = 4, .dims = {2, 3, 5, 4}};

static void unknown_sizes_are_given_by_the_request(void **state)
{
    (void)state;
    struct doubt_session *session =
        begin(DOUBT_TEST_DATA "/onnx/symbolic.onnx", &sizes, DOUBT_PRECISION_ANY);
    assert_ok(doubt_session_open(session, err));
    assert_ok(doubt_session_bind(session, doubt_net_fill_input, err));
    assert_ok(doubt_session_run(session, err));
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outputs, &count, err));
    assert_int_equal(count, 1);
    assert_int_equal(outputs[0].bytes, 2 * 3 * 5 * 4 * sizeof(float));
    assert_memory_equal(outputs[0].dims, sizes.dims, 4 * sizeof *sizes.dims);
    doubt_session_free(session);
}

static void sizes_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct doubt_tensor other = sizes;
    other.dims[1] = 4;
    struct doubt_session *session =
        begin(DOUBT_TEST_DATA "/onnx/symbolic.onnx", &other, DOUBT_PRECISION_ANY);
    assert_fails(doubt_session_open(session, err), DOUBT_E_ENGINE, "?x3x?x?");
    doubt_session_free(session);
    other = sizes;
    other.name = "z";
    session = begin(DOUBT_TEST_DATA "/onnx/symbolic.onnx", &other, DOUBT_PRECISION_ANY);
    assert_fails(doubt_session_open(session, err), DOUBT_E_ENGINE, "\"z\"");
    doubt_session_free(session);
    session = begin(DOUBT_TEST_DATA "/onnx/symbolic.onnx", NULL, DOUBT_PRECISION_ANY);
    assert_ok(doubt_session_open(session, err));
    assert_fails(doubt_session_bind(session, doubt_net_fill_input, err), DOUBT_E_USAGE, "\"x\"");
    doubt_session_free(session);
}

static void what_it_cannot_do_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        enum doubt_precision precision;
        const char *part;
    } rows[] = {
        {DOUBT_TEST_DATA "/onnx/raw.onnx", DOUBT_PRECISION_BF16, "f32"},
        {DOUBT_TEST_DATA "/onnx/declared.onnx", DOUBT_PRECISION_ANY, "com.example.Telepathy"},
        {DOUBT_TEST_DATA "/onnx/bad_dims.onnx", DOUBT_PRECISION_ANY, "bad_dims.onnx"},
        {"/nowhere.onnx", DOUBT_PRECISION_ANY, "/nowhere.onnx"},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        struct doubt_session *session = begin(rows[k].file, NULL, rows[k].precision);
        assert_fails(doubt_session_open(session, err), DOUBT_E_ENGINE, rows[k].part);
        doubt_session_free(session);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_gives_its_reference),
        cmocka_unit_test(unknown_sizes_are_given_by_the_request),
        cmocka_unit_test(sizes_that_do_not_fit_are_refused),
        cmocka_unit_test(what_it_cannot_do_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

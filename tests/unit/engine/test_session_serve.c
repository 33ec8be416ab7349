/* test_session_serve.c: which of an engine's optional functions serve a model, and what is refused.
 */
#include "fake_engine.h"

static void test_device_boundary(void **state)
{
    (void)state;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_DEVICE);
    struct doubt_session *session = NULL;
    assert_fails(doubt_session_new(&request, &session, err), DOUBT_E_UNSUPPORTED,
                 "the boundaries call and host are accepted");
    ops.run_device = run_device;
    session = start(&request);
    assert_ok(doubt_session_run(session, err));
    assert_int_equal(fake.runs, 1000);
    assert_float_equal(doubt_session_device_ns(session), 42, 0);
    doubt_session_free(session);
}

/* Not in an older table, whatever lies behind it; not on the host's own processor. */
static void test_device_graph(void **state)
{
    (void)state;
    double ns[2] = {0, 0};
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_DEVICE);
    ops.run_device = run_device;
    struct doubt_session *session = start(&request);
    assert_fails(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 2, ns, err),
                 DOUBT_E_UNSUPPORTED,
                 "engine fake cannot time this model back to back by a device's events, as a CUDA "
                 "graph");
    doubt_session_free(session);
    ops.run_device_graph = run_device_graph;
    ops.size = (uint32_t)offsetof(struct doubt_engine_ops, run_device_graph);
    session = start(&request);
    assert_fails(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 2, ns, err),
                 DOUBT_E_UNSUPPORTED, "as a CUDA graph");
    doubt_session_free(session);
    ops.size = sizeof ops;
    session = start(&request);
    assert_ok(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 2, ns, err));
    assert_float_equal(ns[0], 7, 0);
    assert_float_equal(ns[1], 8, 0);
    fake.failing = "run_device_graph";
    fake.status = -1;
    fake.reason = "it cannot be captured";
    assert_fails(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 2, ns, err),
                 DOUBT_E_ENGINE, "engine fake: it cannot be captured");
    fake.failing = NULL;
    assert_ok(doubt_session_run(session, err));
    doubt_session_free(session);
    session = open_session(&request);
    assert_fails(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 2, ns, err),
                 DOUBT_E_ARGUMENT, "run_device_graph is out of order");
    doubt_session_free(session);
}

static unsigned ways_of(const struct doubt_session *session)
{
    unsigned bits = 0;
    for (int way = 0; way < DOUBT_WAY_COUNT; way++)
        bits |= doubt_session_has(session, (enum doubt_way)way) ? 1u << way : 0;
    return bits;
}

/* What a model lacks is not called, whatever the table has; a plug-in that knows of no lack has
 * none. */
static void test_a_model_lacks_functions(void **state)
{
    static const unsigned call = 1u << DOUBT_WAY_CALL, host = 1u << DOUBT_WAY_HOST,
                          pageable = 1u << DOUBT_WAY_PAGEABLE, device = 1u << DOUBT_WAY_DEVICE;
    const struct {
        uint32_t lacks;
        unsigned ways;
        enum doubt_code runs, graphs;
    } rows[] = {
        {0, call | host | pageable | device, DOUBT_OK, DOUBT_OK},
        {DOUBT_OP_RUN_DEVICE, call | host | pageable, DOUBT_E_UNSUPPORTED, DOUBT_E_UNSUPPORTED},
        {DOUBT_OP_RUN_DEVICE_GRAPH, call | host | pageable | device, DOUBT_OK, DOUBT_E_UNSUPPORTED},
        {DOUBT_OP_RUN_HOST, call | pageable | device, DOUBT_OK, DOUBT_OK},
        {DOUBT_OP_RUN_PAGEABLE, call | host | device, DOUBT_OK, DOUBT_OK},
        {DOUBT_OP_FLUSH | DOUBT_OP_LAYERS, call | host | pageable | device, DOUBT_OK, DOUBT_OK},
        {0x80000000u, call | host | pageable | device, DOUBT_OK, DOUBT_OK}, /* none that we know */
        {UINT32_MAX, call, DOUBT_E_UNSUPPORTED, DOUBT_E_UNSUPPORTED},
    };
    (void)state;
    set_all_functions();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double ns[2] = {0, 0};
        struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
        struct doubt_err why = {0};
        fake.lacks = rows[i].lacks;
        struct doubt_session *session = start(&request);
        assert_int_equal(ways_of(session), rows[i].ways);
        assert_int_equal(doubt_session_back_to_back(session, DOUBT_TRAIN_RUNS, 2, ns, &why),
                         rows[i].runs);
        assert_int_equal(doubt_session_back_to_back(session, DOUBT_TRAIN_GRAPHS, 2, ns, &why),
                         rows[i].graphs);
        assert_ok(doubt_session_run(session, err));
        doubt_session_free(session);
    }
}

static void lacking_fails(const struct doubt_session_request *request, uint32_t lacks,
                          const char *text)
{
    fake.lacks = 0;
    doubt_session_free(start(request)); /* another model of the same engine */
    fake.lacks = lacks;
    struct doubt_session *session = open_session(request);
    assert_fails(doubt_session_bind(session, NULL, err), DOUBT_E_UNSUPPORTED, text);
    doubt_session_free(session);
}

/* What was asked for is refused before anything runs, with the model's device in the sentence. */
static void test_a_model_lacks_what_was_asked_for(void **state)
{
    (void)state;
    set_all_functions();
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_DEVICE);
    lacking_fails(&request, DOUBT_OP_RUN_DEVICE,
                  "engine fake, with this model on \"dev:7\", has no events of a device to time "
                  "with: the boundaries call and host are accepted");
    request = request_at(DOUBT_BOUNDARY_CALL);
    request.open.flush = 1;
    lacking_fails(&request, DOUBT_OP_FLUSH,
                  "engine fake, with this model on \"dev:7\", cannot flush the caches between "
                  "samples: leave --flush-cache out");
    request = request_at(DOUBT_BOUNDARY_CALL);
    request.open.profile = 1;
    lacking_fails(&request, DOUBT_OP_LAYERS,
                  "engine fake, with this model on \"dev:7\", does not tell the times of layers: "
                  "leave --layers out");
    assert_int_equal(fake.runs, 0);
}

/* Without copies of the engine's, they are the host's. */
static void test_a_model_lacks_copies(void **state)
{
    (void)state;
    set_all_functions();
    fake.lacks = DOUBT_OP_RUN_HOST;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_HOST);
    struct doubt_session *session = start(&request);
    size_t count = 0;
    assert_ptr_not_equal(doubt_session_inputs(session, &count)[0].data, fake.bound_in.data);
    assert_ok(doubt_session_run(session, err));
    assert_int_equal(fake.runs, 1);
    assert_doubled(session);
    doubt_session_free(session);
}

/* The host's own processor needs not say so. */
static void test_cpu_has_no_device(void **state)
{
    (void)state;
    set_all_functions();
    fake.device = "CPU";
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
    struct doubt_session *session = start(&request);
    assert_int_equal(ways_of(session), 1u << DOUBT_WAY_CALL);
    doubt_session_free(session);
    request = request_at(DOUBT_BOUNDARY_HOST);
    session = start(&request);
    assert_int_equal(ways_of(session), 1u << DOUBT_WAY_HOST);
    assert_ok(doubt_session_run(session, err));
    assert_int_equal(fake.runs, 1); /* copied by the host */
    doubt_session_free(session);
    request = request_at(DOUBT_BOUNDARY_DEVICE);
    session = open_session(&request);
    assert_fails(doubt_session_bind(session, NULL, err), DOUBT_E_UNSUPPORTED,
                 "engine fake, with this model on \"CPU\", has no events");
    doubt_session_free(session);
}

static void test_boundaries_have_names(void **state)
{
    (void)state;
    assert_string_equal(doubt_session_boundary_name(DOUBT_BOUNDARY_CALL), "call");
    assert_string_equal(doubt_session_boundary_name(DOUBT_BOUNDARY_HOST), "host");
    assert_string_equal(doubt_session_boundary_name(DOUBT_BOUNDARY_DEVICE), "device");
    assert_string_equal(doubt_session_boundary_name(DOUBT_BOUNDARY_COUNT), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_device_boundary, setup),
        cmocka_unit_test_setup(test_device_graph, setup),
        cmocka_unit_test_setup(test_a_model_lacks_functions, setup),
        cmocka_unit_test_setup(test_a_model_lacks_what_was_asked_for, setup),
        cmocka_unit_test_setup(test_a_model_lacks_copies, setup),
        cmocka_unit_test_setup(test_cpu_has_no_device, setup),
        cmocka_unit_test_setup(test_boundaries_have_names, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

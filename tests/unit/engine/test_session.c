/* test_session.c: every call checked, with an engine whose behaviour the test sets. */
#include "fake_engine.h"

static void test_call_boundary(void **state)
{
    (void)state;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
    struct doubt_session *session = start(&request);
    size_t count = 0;
    assert_ptr_equal(doubt_session_inputs(session, &count)[0].data, fake.bound_in.data);
    assert_int_equal(count, 1);
    assert_int_equal((uintptr_t)fake.bound_in.data % 64, 0);
    assert_int_equal((uintptr_t)fake.bound_out.data % 64, 0);
    assert_int_equal(fake.bound_in.bytes, 16);
    struct doubt_step step = doubt_session_step(session);
    assert_ptr_equal(step.step, run); /* nothing between the loop and the engine */
    assert_int_equal(step.step(step.argument), 0);
    assert_doubled(session);
    assert_int_equal(fake.runs, 1);
    doubt_session_free(session);
    assert_int_equal(fake.closes, 1);
    assert_int_equal(fake.unloads, 1);
    doubt_session_free(NULL);
}

static void test_host_boundary_copies(void **state)
{
    (void)state;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_HOST);
    struct doubt_session *session = start(&request);
    size_t count = 0;
    float *mine = doubt_session_inputs(session, &count)[0].data;
    assert_ptr_not_equal(mine, fake.bound_in.data);
    memset(fake.bound_in.data, 0, 16); /* must come from the caller's side again */
    assert_ok(doubt_session_run(session, err));
    assert_doubled(session);
    const struct doubt_tensor *outs = NULL;
    assert_ok(doubt_session_outputs(session, &outs, &count, err));
    assert_ptr_not_equal(outs[0].data, fake.bound_out.data);
    doubt_session_free(session);
}

static void test_host_boundary_of_the_engine(void **state)
{
    (void)state;
    ops.run_host = run_host;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_HOST);
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    assert_int_equal(fake.runs, 100);
    doubt_session_free(session);
    ops.size = (uint32_t)offsetof(struct doubt_engine_ops, run_host); /* does not reach so far */
    session = start(&request);
    assert_ok(doubt_session_run(session, err));
    assert_int_equal(fake.runs, 101);
    doubt_session_free(session);
}

static void unknown_output_at(enum doubt_boundary boundary)
{
    fake.output.dims[0] = -1;
    fake.grown_count = 4;
    struct doubt_session_request request = request_at(boundary);
    struct doubt_session *session = start(&request);
    assert_null(fake.bound_out.data);
    assert_ok(doubt_session_run(session, err));
    assert_doubled(session);
    fake.grown_count = 8; /* grows between runs */
    assert_ok(doubt_session_run(session, err));
    const struct doubt_tensor *outs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outs, &count, err));
    assert_int_equal(outs[0].bytes, 32);
    doubt_session_free(session);
}

static void test_output_of_unknown_size(void **state)
{
    (void)state;
    unknown_output_at(DOUBT_BOUNDARY_CALL);
    unknown_output_at(DOUBT_BOUNDARY_HOST);
}

static void test_output_that_stays_unknown(void **state)
{
    (void)state;
    fake.output.dims[0] = -1;
    fake.grown_count = -1;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
    struct doubt_session *session = start(&request);
    const struct doubt_tensor *outs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_run(session, err));
    assert_fails(doubt_session_outputs(session, &outs, &count, err), DOUBT_E_ENGINE,
                 "output \"out\" has no size or no data");
    doubt_session_free(session);
}

static void bind_fails(enum doubt_code code, const char *text)
{
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
    struct doubt_session *session = open_session(&request);
    assert_fails(doubt_session_bind(session, fill_ramp, err), code, text);
    doubt_session_free(session);
}

static void test_tensors_are_checked(void **state)
{
    (void)state;
    fake.input.dims[0] = -1;
    bind_fails(DOUBT_E_USAGE, "input \"in\" of the model has an unknown or impossible size (?x2)");
    fake.input.dims[0] = INT64_MAX / 2;
    bind_fails(DOUBT_E_USAGE, "impossible size");
    fake.input.dims[0] = (int64_t)1 << 40; /* 8 TiB */
    bind_fails(DOUBT_E_USAGE, "impossible size");
    fake.input.dims[0] = 2;
    fake.input.dtype = (enum doubt_dtype)8; /* strings */
    bind_fails(DOUBT_E_UNSUPPORTED, "input \"in\" has element type 8");
    fake.input.dtype = DOUBT_F32;
    fake.output.rank = DOUBT_RANK_MAX + 1;
    bind_fails(DOUBT_E_UNSUPPORTED, "output \"out\" has 9 dimensions, at most 8");
    fake.output.rank = 1;
    fake.output.name = NULL;
    bind_fails(DOUBT_E_ENGINE, "an output has no name");
}

static void test_engine_fails(void **state)
{
    (void)state;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
    struct doubt_session *session = NULL;
    fake.failing = "load";
    fake.reason = "no driver";
    fake.status = 3;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_fails(doubt_session_load(session, err), DOUBT_E_ENGINE, "engine fake: no driver");
    assert_fails(doubt_session_open(session, err), DOUBT_E_ARGUMENT, "open is out of order");
    doubt_session_free(session);
    assert_int_equal(fake.unloads, 1); /* after a failed load() too */
    assert_int_equal(fake.closes, 0);
    fake.failing = "open";
    fake.reason = NULL;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_fails(doubt_session_open(session, err), DOUBT_E_ENGINE,
                 "open() failed with 3 and no reason");
    doubt_session_free(session);
    assert_int_equal(fake.closes, 1); /* after a failed open() too */
    static const char *const calls[] = {"inputs", "outputs", "bind"};
    for (size_t i = 0; i < 3; i++) {
        fake.failing = calls[i];
        bind_fails(DOUBT_E_ENGINE, calls[i]);
    }
}

static void test_run_fails(void **state)
{
    (void)state;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
    struct doubt_session *session = start(&request);
    struct doubt_step step = doubt_session_step(session);
    fake.failing = "run";
    fake.reason = "the first reason";
    fake.status = -1;
    assert_int_equal(step.step(step.argument), -1);
    assert_fails(doubt_session_failure(session, err), DOUBT_E_ENGINE,
                 "engine fake: the first reason");
    fake.reason = "another";
    assert_fails(doubt_session_run(session, err), DOUBT_E_ENGINE, "engine fake: another");
    fake.failing = NULL;
    assert_ok(doubt_session_run(session, err));
    doubt_session_free(session);
}

static void test_order_is_kept(void **state)
{
    (void)state;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
    struct doubt_session *session = NULL;
    struct doubt_engine_info about;
    struct doubt_engine_used used;
    const struct doubt_tensor *outs;
    size_t count;
    assert_ok(doubt_session_new(&request, &session, err));
    assert_fails(doubt_session_info(session, &about, err), DOUBT_E_ARGUMENT, "out of order");
    assert_fails(doubt_session_used(session, &used, err), DOUBT_E_ARGUMENT, "out of order");
    assert_fails(doubt_session_bind(session, NULL, err), DOUBT_E_ARGUMENT, "out of order");
    assert_fails(doubt_session_run(session, err), DOUBT_E_ARGUMENT, "out of order");
    assert_fails(doubt_session_outputs(session, &outs, &count, err), DOUBT_E_ARGUMENT, "order");
    assert_ok(doubt_session_load(session, err));
    assert_fails(doubt_session_load(session, err), DOUBT_E_ARGUMENT, "out of order");
    doubt_session_free(session);
    assert_int_equal(fake.closes, 0);
}

static void test_texts_end(void **state)
{
    (void)state;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
    struct doubt_session *session = open_session(&request);
    struct doubt_engine_info about;
    struct doubt_engine_used used;
    assert_ok(doubt_session_info(session, &about, err));
    assert_int_equal(strlen(about.version), DOUBT_NAME_BYTES - 1);
    assert_int_equal(about.device_count, DOUBT_DEVICES_MAX);
    assert_int_equal(strlen(about.devices[DOUBT_DEVICES_MAX - 1].title), DOUBT_NAME_BYTES - 1);
    assert_ok(doubt_session_used(session, &used, err));
    assert_int_equal(strlen(used.detail), DOUBT_TEXT_BYTES - 1);
    doubt_session_free(session);
}

static void test_options_and_notes(void **state)
{
    (void)state;
    struct doubt_session_request request = request_at(DOUBT_BOUNDARY_CALL);
    struct doubt_session *session = NULL;
    const char *good[] = {"speed=0", "level=a=b", "speed=1", NULL};
    request.options = good;
    session = open_session(&request);
    const struct doubt_host *host = fake.host;
    assert_string_equal(host->option(host->context, "speed"), "1");
    assert_string_equal(host->option(host->context, "level"), "a=b");
    assert_null(host->option(host->context, "lev"));
    /* Where the engine has it; what the user says later counts. */
    const char *perhaps[] = {"?restart=17", "?speed=0", "?colour=red", "level=1", NULL};
    struct doubt_session *asked = NULL;
    request.options = perhaps;
    assert_ok(doubt_session_new(&request, &asked, err));
    doubt_session_free(asked);
    assert_string_equal(doubt_session_notes(session), "");
    host->note(host->context, "%d threads", 2);
    host->note(host->context, "no cache");
    host->note(host->context, "%d threads", 2); /* once is enough */
    assert_string_equal(doubt_session_notes(session), "2 threads; no cache");
    doubt_session_free(session);
    const char *unknown[] = {"sped=1", NULL};
    request.options = unknown;
    assert_fails(
        doubt_session_new(&request, &session, err), DOUBT_E_USAGE,
        "engine fake has no option \"sped\": did you mean \"speed\"? it has: speed, level");
    const char *number[] = {"restart=17", NULL};
    request.options = number;
    assert_fails(doubt_session_new(&request, &session, err), DOUBT_E_USAGE,
                 "engine fake has no option \"restart\"");
    const char *bare[] = {"speed", NULL};
    request.options = bare;
    assert_fails(doubt_session_new(&request, &session, err), DOUBT_E_USAGE, "write NAME=VALUE");
    ops.options = NULL;
    request.options = unknown;
    assert_fails(doubt_session_new(&request, &session, err), DOUBT_E_USAGE, "it has: none");
}

/* The template engine through the whole contract. */
static void test_skeleton(void **state)
{
    (void)state;
    struct bench bench;
    assert_true(bench_open(&bench, BAD_PLUGINS "/doubt-engine-skeleton.so"));
    struct doubt_session_request request = bench_request(&bench, "any.onnx");
    const char *given[] = {"elements=100", NULL};
    request.options = given;
    struct doubt_session *session = start(&request);
    assert_ok(doubt_session_run(session, err));
    const struct doubt_tensor *outs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outs, &count, err));
    assert_int_equal(outs[0].bytes, 400);
    assert_memory_equal(outs[0].data, doubt_session_inputs(session, &count)[0].data, 400);
    assert_string_equal(doubt_session_notes(session), "the model any.onnx is not read");
    doubt_session_free(session);
    const char *bad[] = {"elements=0", NULL};
    request.options = bad;
    assert_option_fails(&request, "option elements of engine skeleton is \"0\"; accepted: a whole "
                                  "number from 1 to 1048576");
    bench_close(&bench);
}

static void test_failing_plugin(void **state)
{
    (void)state;
    struct bench bench;
    assert_true(bench_open(&bench, BAD_PLUGINS "/doubt-engine-fails.so"));
    struct doubt_session_request request = bench_request(&bench, NULL);
    struct doubt_session *session = start(&request);
    assert_fails(doubt_session_run(session, err), DOUBT_E_ENGINE,
                 "engine fails: the accelerator is not there: plug it in");
    doubt_session_free(session);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_call_boundary, setup),
        cmocka_unit_test_setup(test_host_boundary_copies, setup),
        cmocka_unit_test_setup(test_host_boundary_of_the_engine, setup),
        cmocka_unit_test_setup(test_output_of_unknown_size, setup),
        cmocka_unit_test_setup(test_output_that_stays_unknown, setup),
        cmocka_unit_test_setup(test_tensors_are_checked, setup),
        cmocka_unit_test_setup(test_engine_fails, setup),
        cmocka_unit_test_setup(test_run_fails, setup),
        cmocka_unit_test_setup(test_order_is_kept, setup),
        cmocka_unit_test_setup(test_texts_end, setup),
        cmocka_unit_test_setup(test_options_and_notes, setup),
        cmocka_unit_test_setup(test_skeleton, setup),
        cmocka_unit_test_setup(test_failing_plugin, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

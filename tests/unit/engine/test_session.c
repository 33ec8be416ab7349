/* test_session.c: every call checked, with an engine whose behaviour the test sets. */
#include "engine_test.h"

/* The fake: what it tells and what it was told. */
static struct {
    struct doubt_tensor input, output; /* as inputs() and outputs() tell */
    float grown[8];                    /* what it "allocates" for an output of unknown size */
    int64_t grown_count;
    int status; /* of the next call named by `failing` */
    const char *failing, *reason;
    int loads, opens, closes, unloads, runs;
    struct doubt_tensor bound_in, bound_out;
    const struct doubt_host *host;
    uint32_t lacks;
    const char *device; /* NULL: a text without an end */
} fake;

static int result(const char *call)
{
    if (fake.failing == NULL || strcmp(fake.failing, call) != 0)
        return 0;
    if (fake.reason != NULL) {
        (fake.host->fail)(fake.host->context, "%s", fake.reason);
        (fake.host->fail)(fake.host->context, "a second reason");
    }
    return fake.status;
}

static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    (void)library_path;
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(((unsigned char *)self)[i], 0);
    fake.host = host;
    fake.loads++;
    return result("load");
}

static int info(void *self, struct doubt_engine_info *info)
{
    (void)self;
    memset(info, 'x', sizeof *info); /* no end of any text, too many devices */
    return result("info");
}

static int open_model(void *self, const struct doubt_open_request *request)
{
    (void)self, (void)request;
    fake.opens++;
    return result("open");
}

static int inputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    (void)self;
    if (*count >= 1)
        tensors[0] = fake.input;
    *count = 1;
    return result("inputs");
}

static int outputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    (void)self;
    if (*count >= 1)
        tensors[0] = fake.output;
    *count = 1;
    return result("outputs");
}

static int bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                const struct doubt_tensor *outs, uint32_t output_count)
{
    (void)self;
    assert_int_equal(input_count, 1);
    assert_int_equal(output_count, 1);
    fake.bound_in = ins[0];
    fake.bound_out = outs[0];
    return result("bind");
}

/* Doubles the input. */
static int run(void *self)
{
    (void)self;
    fake.runs++;
    float *out = fake.bound_out.data != NULL ? fake.bound_out.data : fake.grown;
    for (int i = 0; i < 4; i++)
        out[i] = 2 * ((const float *)fake.bound_in.data)[i];
    return result("run");
}

static int output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    (void)self, (void)index;
    *tensor = fake.bound_out;
    if (tensor->data == NULL) {
        tensor->data = fake.grown;
        tensor->dims[0] = fake.grown_count;
        tensor->bytes = (uint64_t)fake.grown_count * sizeof(float);
    }
    return result("output");
}

/* Writes no further than a plug-in of before `lacks`, unless the test sets that. */
static int describe(void *self, struct doubt_engine_used *used)
{
    (void)self;
    memset(used, 'y', offsetof(struct doubt_engine_used, lacks));
    if (fake.device != NULL)
        snprintf(used->device, sizeof used->device, "%s", fake.device);
    if (fake.lacks != 0)
        used->lacks = fake.lacks;
    return result("describe");
}

static void close_model(void *self)
{
    (void)self;
    fake.closes++;
}

static void unload(void *self)
{
    (void)self;
    fake.unloads++;
}

static int run_host(void *self)
{
    (void)self;
    fake.runs += 100;
    return result("run_host");
}

static int run_pageable(void *self)
{
    (void)self;
    return result("run_pageable");
}

static int flush(void *self)
{
    (void)self;
    return result("flush");
}

static int layers(void *self, struct doubt_engine_layer *layers, uint32_t *count)
{
    (void)self, (void)layers;
    *count = 0;
    return result("layers");
}

static int run_device(void *self, uint32_t count, double *ns)
{
    (void)self;
    fake.runs += 1000 * (int)count;
    *ns = 42;
    return result("run_device");
}

static int run_device_graph(void *self, uint32_t count, double *ns)
{
    (void)self;
    for (uint32_t i = 0; i < count; i++)
        ns[i] = 7 + i;
    return result("run_device_graph");
}

static const struct doubt_engine_option options[] = {
    {"speed", NULL, "0", "x", DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"level", "any", "none", "y", DOUBT_OPTION_TEXT, 0, 0, 0},
    {0},
};

static struct doubt_engine_ops ops;

static int setup(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    fake.input = (struct doubt_tensor){.name = "in", .dtype = DOUBT_F32, .rank = 2, .dims = {2, 2}};
    fake.output = (struct doubt_tensor){.name = "out", .dtype = DOUBT_F32, .rank = 1, .dims = {4}};
    ops = (struct doubt_engine_ops){
        .abi = DOUBT_ENGINE_ABI,
        .size = sizeof ops,
        .name = "fake",
        .summary = "a fake",
        .options = options,
        .option_bytes = sizeof options[0],
        .private_bytes = 100,
        .load = load,
        .info = info,
        .open = open_model,
        .inputs = inputs,
        .outputs = outputs,
        .bind = bind,
        .run = run,
        .output = output,
        .describe = describe,
        .close = close_model,
        .unload = unload,
    };
    return 0;
}

static struct doubt_session_request request_at(enum doubt_boundary boundary)
{
    return (struct doubt_session_request){.ops = &ops, .open = {.boundary = boundary}};
}

static struct doubt_session *open_session(const struct doubt_session_request *request)
{
    struct doubt_session *session = NULL;
    assert_ok(doubt_session_new(request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_open(session, err));
    return session;
}

static void assert_doubled(struct doubt_session *session)
{
    const struct doubt_tensor *outs = NULL;
    size_t count = 0;
    assert_ok(doubt_session_outputs(session, &outs, &count, err));
    assert_int_equal(count, 1);
    assert_string_equal(outs[0].name, "out");
    assert_int_equal(outs[0].bytes, 16);
    assert_int_equal(outs[0].dims[0], 4);
    for (int i = 0; i < 4; i++)
        assert_float_equal(((const float *)outs[0].data)[i], 2 * ((float)i / 8 - 2), 0);
}

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

/* A table with every optional function. */
static void set_all_functions(void)
{
    ops.run_host = run_host;
    ops.run_pageable = run_pageable;
    ops.run_device = run_device;
    ops.run_device_graph = run_device_graph;
    ops.flush = flush;
    ops.layers = layers;
    fake.device = "dev:7";
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

static void test_boundaries_have_names(void **state)
{
    (void)state;
    assert_string_equal(doubt_session_boundary_name(DOUBT_BOUNDARY_CALL), "call");
    assert_string_equal(doubt_session_boundary_name(DOUBT_BOUNDARY_HOST), "host");
    assert_string_equal(doubt_session_boundary_name(DOUBT_BOUNDARY_DEVICE), "device");
    assert_string_equal(doubt_session_boundary_name(DOUBT_BOUNDARY_COUNT), "?");
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
        cmocka_unit_test_setup(test_device_boundary, setup),
        cmocka_unit_test_setup(test_device_graph, setup),
        cmocka_unit_test_setup(test_a_model_lacks_functions, setup),
        cmocka_unit_test_setup(test_a_model_lacks_what_was_asked_for, setup),
        cmocka_unit_test_setup(test_a_model_lacks_copies, setup),
        cmocka_unit_test_setup(test_cpu_has_no_device, setup),
        cmocka_unit_test_setup(test_output_of_unknown_size, setup),
        cmocka_unit_test_setup(test_output_that_stays_unknown, setup),
        cmocka_unit_test_setup(test_tensors_are_checked, setup),
        cmocka_unit_test_setup(test_engine_fails, setup),
        cmocka_unit_test_setup(test_run_fails, setup),
        cmocka_unit_test_setup(test_order_is_kept, setup),
        cmocka_unit_test_setup(test_texts_end, setup),
        cmocka_unit_test_setup(test_options_and_notes, setup),
        cmocka_unit_test_setup(test_boundaries_have_names, setup),
        cmocka_unit_test_setup(test_skeleton, setup),
        cmocka_unit_test_setup(test_failing_plugin, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* fake_engine.h: an engine whose behaviour the test sets, for tests of sessions.
 *
 * A unit of work is one session of it. Not for tests of plug-ins: engine_test.h.
 */
#ifndef FAKE_ENGINE_H
#define FAKE_ENGINE_H

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

static inline int result(const char *call)
{
    if (fake.failing == NULL || strcmp(fake.failing, call) != 0)
        return 0;
    if (fake.reason != NULL) {
        (fake.host->fail)(fake.host->context, "%s", fake.reason);
        (fake.host->fail)(fake.host->context, "a second reason");
    }
    return fake.status;
}

static inline int load(void *self, const struct doubt_host *host, const char *library_path)
{
    (void)library_path;
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(((unsigned char *)self)[i], 0);
    fake.host = host;
    fake.loads++;
    return result("load");
}

static inline int info(void *self, struct doubt_engine_info *info)
{
    (void)self;
    memset(info, 'x', sizeof *info); /* no end of any text, too many devices */
    return result("info");
}

static inline int open_model(void *self, const struct doubt_open_request *request)
{
    (void)self, (void)request;
    fake.opens++;
    return result("open");
}

static inline int inputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    (void)self;
    if (*count >= 1)
        tensors[0] = fake.input;
    *count = 1;
    return result("inputs");
}

static inline int outputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    (void)self;
    if (*count >= 1)
        tensors[0] = fake.output;
    *count = 1;
    return result("outputs");
}

static inline int bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
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
static inline int run(void *self)
{
    (void)self;
    fake.runs++;
    float *out = fake.bound_out.data != NULL ? fake.bound_out.data : fake.grown;
    for (int i = 0; i < 4; i++)
        out[i] = 2 * ((const float *)fake.bound_in.data)[i];
    return result("run");
}

static inline int output(void *self, uint32_t index, struct doubt_tensor *tensor)
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
static inline int describe(void *self, struct doubt_engine_used *used)
{
    (void)self;
    memset(used, 'y', offsetof(struct doubt_engine_used, lacks));
    if (fake.device != NULL)
        snprintf(used->device, sizeof used->device, "%s", fake.device);
    if (fake.lacks != 0)
        used->lacks = fake.lacks;
    return result("describe");
}

static inline void close_model(void *self)
{
    (void)self;
    fake.closes++;
}

static inline void unload(void *self)
{
    (void)self;
    fake.unloads++;
}

static inline int run_host(void *self)
{
    (void)self;
    fake.runs += 100;
    return result("run_host");
}

static inline int run_pageable(void *self)
{
    (void)self;
    return result("run_pageable");
}

static inline int flush(void *self)
{
    (void)self;
    return result("flush");
}

static inline int layers(void *self, struct doubt_engine_layer *layers, uint32_t *count)
{
    (void)self, (void)layers;
    *count = 0;
    return result("layers");
}

static inline int run_device(void *self, uint32_t count, double *ns)
{
    (void)self;
    fake.runs += 1000 * (int)count;
    *ns = 42;
    return result("run_device");
}

static inline int run_device_graph(void *self, uint32_t count, double *ns)
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

static inline int setup(void **state)
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

static inline struct doubt_session_request request_at(enum doubt_boundary boundary)
{
    return (struct doubt_session_request){.ops = &ops, .open = {.boundary = boundary}};
}

static inline struct doubt_session *open_session(const struct doubt_session_request *request)
{
    struct doubt_session *session = NULL;
    assert_ok(doubt_session_new(request, &session, err));
    assert_ok(doubt_session_load(session, err));
    assert_ok(doubt_session_open(session, err));
    return session;
}

static inline void assert_doubled(struct doubt_session *session)
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

/* A table with every optional function. */
static inline void set_all_functions(void)
{
    ops.run_host = run_host;
    ops.run_pageable = run_pageable;
    ops.run_device = run_device;
    ops.run_device_graph = run_device_graph;
    ops.flush = flush;
    ops.layers = layers;
    fake.device = "dev:7";
}

#endif

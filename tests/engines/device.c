/* device.c: a plug-in with a device of its own: the boundaries, a flush, layers, memory, a build.
 *
 * The times of its events are programmed: 2 ms for a run by itself (3 ms where the cache is
 * flushed), 1 ms back to back, as a graph what the option says. Every other way fails when it was
 * not flushed before, where a flush was asked for. A function that its model lacks by the option
 * ends the process when it is called all the same.
 */
#include "misbehave.h"

#include <signal.h>

struct device {
    struct misbehaving base;
    int flush, flushed, runs;
    uint32_t lacks;
};

static int info(void *self, struct doubt_engine_info *found)
{
    base_info(self, found);
    snprintf(found->devices[0].name, sizeof found->devices[0].name, "dev:0");
    found->caps = DOUBT_CAP_HALF_FILE;
    return 0;
}

static int open_model(void *self, const struct doubt_open_request *request)
{
    static const struct {
        const char *name;
        uint32_t op;
    } all[] = {{"host", DOUBT_OP_RUN_HOST | DOUBT_OP_RUN_PAGEABLE},
               {"events", DOUBT_OP_RUN_DEVICE},
               {"graph", DOUBT_OP_RUN_DEVICE_GRAPH},
               {"flush", DOUBT_OP_FLUSH},
               {"layers", DOUBT_OP_LAYERS}};
    struct device *d = self;
    const char *lacks = d->base.host->option(d->base.host->context, "lacks");
    d->flush = request->flush;
    for (size_t i = 0; lacks != NULL && i < sizeof all / sizeof all[0]; i++)
        if (strstr(lacks, all[i].name) != NULL)
            d->lacks |= all[i].op;
    return 0;
}

static void served(const struct device *d, uint32_t op)
{
    if (d->lacks & op)
        abort();
}

static int run(void *self)
{
    struct device *d = self;
    /* The checks before the samples and after them run without a flush. */
    if (d->flush && !d->flushed && d->runs > 1)
        d->base.host->note(d->base.host->context, "not flushed");
    d->flushed = 0;
    d->runs++;
    return base_run(self);
}

static int run_copied(void *self)
{
    served(self, DOUBT_OP_RUN_HOST);
    return base_run(self);
}

static int run_device(void *self, uint32_t count, double *ns)
{
    served(self, DOUBT_OP_RUN_DEVICE);
    double single_ns = ((struct device *)self)->flush ? 3e6 : 2e6;
    for (uint32_t i = 0; i < count; i++) {
        base_run(self);
        ns[i] = count == 1 ? single_ns : 1e6;
    }
    return 0;
}

static const struct doubt_engine_option options[] = {
    {"graph-ns", "ns, fails or crash", "fails", "what a run takes as a graph", DOUBT_OPTION_TEXT, 0,
     0, 0},
    {"lacks", "host, events, graph, flush, layers", "nothing", "of this model", DOUBT_OPTION_TEXT,
     0, 0, 0},
    {0},
};

static int run_device_graph(void *self, uint32_t count, double *ns)
{
    const struct doubt_host *host = ((struct device *)self)->base.host;
    const char *wanted = host->option(host->context, "graph-ns");
    served(self, DOUBT_OP_RUN_DEVICE_GRAPH);
    if (wanted != NULL && strcmp(wanted, "crash") == 0)
        raise(SIGSEGV);
    for (uint32_t i = 0; i < count; i++)
        ns[i] = wanted != NULL ? atof(wanted) : 1;
    if (wanted != NULL && strcmp(wanted, "fails") != 0)
        return 0;
    host->fail(host->context, "the work cannot be captured");
    return -1;
}

static int flush(void *self)
{
    served(self, DOUBT_OP_FLUSH);
    ((struct device *)self)->flushed = 1;
    return 0;
}

static int layers(void *self, struct doubt_engine_layer *found, uint32_t *count)
{
    static const struct doubt_engine_layer all[] = {
        {"Relu_1", "Relu", DOUBT_PRECISION_ANY, 1000},
        {"Conv_0", "Conv", DOUBT_PRECISION_F16, 3000},
        {"copy", "Reformat", DOUBT_PRECISION_ANY, 6000}};
    served(self, DOUBT_OP_LAYERS);
    for (uint32_t i = 0; i < *count && i < 3; i++)
        found[i] = all[i];
    *count = 3;
    return 0;
}

static int describe(void *self, struct doubt_engine_used *used)
{
    base_describe(self, used);
    snprintf(used->device, sizeof used->device, "dev:0, a test's device");
    snprintf(used->detail, sizeof used->detail, "no graph");
    used->memory_bytes = 3000000;
    used->build_ns = 5000000;
    used->lacks = ((struct device *)self)->lacks;
    return 0;
}

MISBEHAVE("device", "has a device of its own",
          (ops.info = info, ops.open = open_model, ops.run = run, ops.run_host = run_copied,
           ops.run_pageable = run_copied, ops.run_device = run_device,
           ops.run_device_graph = run_device_graph, ops.options = options,
           ops.option_bytes = sizeof options[0], ops.flush = flush, ops.layers = layers,
           ops.describe = describe, ops.private_bytes = sizeof(struct device)))

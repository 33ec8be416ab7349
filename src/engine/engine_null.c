/* engine_null.c: the engine that returns at once.
 *
 * A unit of its work is one call that does nothing: its time is the cost of measuring, measured in
 * the same series as the engines. Needs no model. Not for checking outputs: it computes none.
 */
#include "engine/engine_int.h"
#include <doubt/version.h>

#include <stdio.h>
#include <string.h>

struct null_engine {
    struct doubt_tensor output;
};

static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    (void)self, (void)host, (void)library_path;
    return 0;
}

static int info(void *self, struct doubt_engine_info *info)
{
    (void)self;
    snprintf(info->version, sizeof info->version, "%s", DOUBT_VERSION);
    snprintf(info->build, sizeof info->build, "built in");
    info->device_count = 1;
    snprintf(info->devices[0].name, sizeof info->devices[0].name, "CPU");
    snprintf(info->devices[0].title, sizeof info->devices[0].title, "no arithmetic");
    return 0;
}

static int open(void *self, const struct doubt_open_request *request)
{
    (void)self, (void)request;
    return 0;
}

static int bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                const struct doubt_tensor *outs, uint32_t output_count)
{
    (void)ins, (void)input_count, (void)output_count;
    ((struct null_engine *)self)->output = outs[0];
    return 0;
}

static int run(void *self)
{
    (void)self;
    return 0;
}

static int output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    (void)index;
    *tensor = ((struct null_engine *)self)->output;
    return 0;
}

static int describe(void *self, struct doubt_engine_used *used)
{
    (void)self;
    snprintf(used->device, sizeof used->device, "CPU");
    snprintf(used->detail, sizeof used->detail, "computes nothing");
    used->threads = 1;
    used->streams = 1;
    return 0;
}

static void nothing(void *self)
{
    (void)self;
}

const struct doubt_engine_ops doubti_engine_null = {
    .abi = DOUBT_ENGINE_ABI,
    .size = sizeof(struct doubt_engine_ops),
    .name = "null",
    .summary = "returns at once: the cost of measuring",
    .caps = DOUBT_CAP_CONCURRENT | DOUBT_CAP_NO_OUTPUT,
    .private_bytes = sizeof(struct null_engine),
    .load = load,
    .info = info,
    .open = open,
    .inputs = doubti_scalar_inputs,
    .outputs = doubti_scalar_outputs,
    .bind = bind,
    .run = run,
    .output = output,
    .describe = describe,
    .close = nothing,
    .unload = nothing,
};

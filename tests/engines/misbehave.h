/* misbehave.h: a plug-in that behaves, to be spoilt in one place by each file of this folder.
 *
 * A unit of its work is one copy of 1024 numbers from input to output, as the template engine does
 * it: that one is the reference for their answers. Only for tests.
 */
#ifndef MISBEHAVE_H
#define MISBEHAVE_H

#include <doubt/engine.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ELEMENTS = 1024 };

struct misbehaving {
    const struct doubt_host *host;
    struct doubt_tensor input, output;
};

static int base_load(void *self, const struct doubt_host *host, const char *library_path)
{
    (void)library_path;
    ((struct misbehaving *)self)->host = host;
    return 0;
}

static int base_info(void *self, struct doubt_engine_info *info)
{
    (void)self;
    snprintf(info->version, sizeof info->version, "1");
    info->device_count = 1;
    snprintf(info->devices[0].name, sizeof info->devices[0].name, "CPU");
    info->devices[0].precisions = 1u << DOUBT_PRECISION_F32;
    return 0;
}

static int base_open(void *self, const struct doubt_open_request *request)
{
    (void)self, (void)request;
    return 0;
}

static int list(const char *name, struct doubt_tensor *tensors, uint32_t *count)
{
    if (*count >= 1) {
        memset(&tensors[0], 0, sizeof tensors[0]);
        tensors[0].name = name;
        tensors[0].dtype = DOUBT_F32;
        tensors[0].rank = 1;
        tensors[0].dims[0] = ELEMENTS;
    }
    *count = 1;
    return 0;
}

static int base_inputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    (void)self;
    return list("input", tensors, count);
}

static int base_outputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    (void)self;
    return list("output", tensors, count);
}

static int base_bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                     const struct doubt_tensor *outs, uint32_t output_count)
{
    (void)input_count, (void)output_count;
    ((struct misbehaving *)self)->input = ins[0];
    ((struct misbehaving *)self)->output = outs[0];
    return 0;
}

static int base_run(void *self)
{
    struct misbehaving *m = self;
    memcpy(m->output.data, m->input.data, (size_t)m->input.bytes);
    return 0;
}

static int base_output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    (void)index;
    *tensor = ((struct misbehaving *)self)->output;
    return 0;
}

static int base_describe(void *self, struct doubt_engine_used *used)
{
    (void)self;
    snprintf(used->device, sizeof used->device, "CPU");
    used->precision = DOUBT_PRECISION_F32;
    used->threads = 1;
    used->streams = 1;
    return 0;
}

static void base_end(void *self)
{
    (void)self;
}

/* The table to be spoilt. */
static inline struct doubt_engine_ops base(const char *name, const char *summary)
{
    return (struct doubt_engine_ops){
        .abi = DOUBT_ENGINE_ABI,
        .size = sizeof(struct doubt_engine_ops),
        .name = name,
        .summary = summary,
        .caps = DOUBT_CAP_CONCURRENT,
        .private_bytes = sizeof(struct misbehaving),
        .load = base_load,
        .info = base_info,
        .open = base_open,
        .inputs = base_inputs,
        .outputs = base_outputs,
        .bind = base_bind,
        .run = base_run,
        .output = base_output,
        .describe = base_describe,
        .close = base_end,
        .unload = base_end,
    };
}

/* Defines the entry: base() with one statement that spoils `ops`. */
#define MISBEHAVE(name, summary, spoil)                                                            \
    const struct doubt_engine_ops *doubt_engine_entry(void)                                        \
    {                                                                                              \
        static struct doubt_engine_ops ops;                                                        \
        ops = base(name, summary);                                                                 \
        spoil;                                                                                     \
        return &ops;                                                                               \
    }

#endif

/* engine_ref.c: the reference interpreter (model/interp.h) behind the engines' contract.
 *
 * A unit of its work is one run of an ONNX file in f32 by plain loops on one thread: the oracle
 * that other engines' outputs are compared with, and the engine that is always there. Not for
 * figures: it is slow, and it allocates while it runs.
 */
#include "engine/engine_int.h"
#include "model/interp.h"
#include "model/onnx.h"
#include "model/shape.h"
#include "model/tensor.h"
#include <doubt/version.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ref_engine {
    const struct doubt_host *host;
    struct doubt_graph *graph;
    struct doubt_interp *interp;
    struct doubt_tensor *ins, *outs; /* as bound; outs without data get the interpreter's */
    uint32_t in_count, out_count;
};

static int fail(const struct ref_engine *engine, const struct doubt_err *err)
{
    engine->host->fail(engine->host->context, "%s", err->text);
    return (int)err->code;
}

static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    (void)library_path;
    ((struct ref_engine *)self)->host = host;
    return 0;
}

static int info(void *self, struct doubt_engine_info *info)
{
    (void)self;
    snprintf(info->version, sizeof info->version, "%s", DOUBT_VERSION);
    snprintf(info->build, sizeof info->build, "built in");
    info->device_count = 1;
    snprintf(info->devices[0].name, sizeof info->devices[0].name, "CPU");
    snprintf(info->devices[0].title, sizeof info->devices[0].title, "plain loops on one thread");
    info->devices[0].precisions = 1u << DOUBT_PRECISION_F32;
    return 0;
}

/* Sizes that the request states, into the graph's inputs. */
static enum doubt_code set_sizes(struct doubt_graph *graph,
                                 const struct doubt_open_request *request, struct doubt_err *err)
{
    for (uint32_t k = 0; k < request->input_count; k++) {
        const struct doubt_tensor *given = &request->inputs[k];
        const struct doubt_value *found = doubt_graph_value(graph, given->name);
        if (!found)
            return doubt_err_set(err, DOUBT_E_USAGE, "the model has no input \"%s\"", given->name);
        struct doubt_value value = *found;
        bool fits = value.rank < 0 || value.rank == given->rank;
        for (int32_t d = 0; d < value.rank && fits; d++)
            fits = value.dims[d] < 0 || value.dims[d] == given->dims[d];
        if (!fits) {
            char has[128];
            doubt_dims_format(value.dims, value.rank, has, sizeof has);
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "input \"%s\" is %s in the file; only unknown sizes can be given",
                                 given->name, has);
        }
        value.rank = given->rank;
        memcpy(value.dims, given->dims, sizeof value.dims);
        enum doubt_code code = doubt_graph_set_value(graph, &value, err);
        if (code != DOUBT_OK)
            return code;
    }
    return DOUBT_OK;
}

static enum doubt_code check_request(struct ref_engine *engine,
                                     const struct doubt_open_request *request,
                                     struct doubt_err *err)
{
    if (request->model_path == NULL)
        return doubt_err_set(err, DOUBT_E_USAGE, "no model was given: an ONNX file is needed");
    if (request->device && strcmp(request->device, "CPU") != 0)
        return doubt_err_set(err, DOUBT_E_USAGE, "there is no device \"%s\"; CPU is accepted",
                             request->device);
    if (request->precision != DOUBT_PRECISION_ANY && request->precision != DOUBT_PRECISION_F32)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "it computes in f32; %s is asked for",
                             doubt_precision_name(request->precision));
    if (request->threads > 1)
        engine->host->note(engine->host->context, "it has one thread; %d were asked for",
                           (int)request->threads);
    return DOUBT_OK;
}

static int open(void *self, const struct doubt_open_request *request)
{
    struct ref_engine *engine = self;
    struct doubt_err err = {.code = DOUBT_OK};
    enum doubt_code code = check_request(engine, request, &err);
    if (code == DOUBT_OK)
        code = doubt_onnx_load(request->model_path, &engine->graph, &err);
    if (code == DOUBT_OK)
        code = set_sizes(engine->graph, request, &err);
    if (code == DOUBT_OK)
        code = doubt_shape_infer(engine->graph, &err);
    if (code == DOUBT_OK)
        code = doubt_interp_new(engine->graph, &engine->interp, &err);
    return code == DOUBT_OK ? 0 : fail(engine, &err);
}

/* A value as the contract describes it; a rank that is not known is given as one open size. */
static void describe_value(const struct doubt_value *value, struct doubt_tensor *tensor)
{
    *tensor = (struct doubt_tensor){
        .name = value->name, .dtype = value->dtype, .rank = value->rank, .dims = {-1}};
    if (value->rank < 0)
        tensor->rank = 1;
    else
        memcpy(tensor->dims, value->dims, sizeof tensor->dims);
}

static int inputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    const struct doubt_graph *graph = ((struct ref_engine *)self)->graph;
    uint32_t have = (uint32_t)doubt_graph_input_count(graph);
    for (uint32_t i = 0; i < have && i < *count; i++)
        describe_value(doubt_graph_input(graph, i), &tensors[i]);
    *count = have;
    return 0;
}

static int outputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    const struct doubt_graph *graph = ((struct ref_engine *)self)->graph;
    uint32_t have = (uint32_t)doubt_graph_output_count(graph);
    for (uint32_t i = 0; i < have && i < *count; i++) {
        describe_value(doubt_graph_value(graph, doubt_graph_output(graph, i)), &tensors[i]);
        if (tensors[i].dtype == DOUBT_DTYPE_NONE)
            tensors[i].dtype = DOUBT_F32;
    }
    *count = have;
    return 0;
}

static struct doubt_tensor *copy_tensors(const struct doubt_tensor *tensors, uint32_t count)
{
    struct doubt_tensor *copy = calloc((size_t)count + 1, sizeof *copy);
    if (copy && count > 0)
        memcpy(copy, tensors, count * sizeof *copy);
    return copy;
}

static int bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                const struct doubt_tensor *outs, uint32_t output_count)
{
    struct ref_engine *engine = self;
    struct doubt_err err = {.code = DOUBT_OK};
    engine->ins = copy_tensors(ins, input_count);
    engine->outs = copy_tensors(outs, output_count);
    engine->in_count = input_count;
    engine->out_count = output_count;
    if (engine->ins && engine->outs)
        return 0;
    doubt_err_set(&err, DOUBT_E_MEMORY, "no memory to bind %u inputs", (unsigned)input_count);
    return fail(engine, &err);
}

/* The interpreter's output into the memory that the host gave for it. */
static enum doubt_code put_out(const struct ref_engine *engine, uint32_t i, struct doubt_err *err)
{
    struct doubt_tensor made, *bound = &engine->outs[i];
    enum doubt_code code = doubt_interp_output(engine->interp, i, &made, err);
    if (code != DOUBT_OK || !bound->data)
        return code;
    if (made.bytes != bound->bytes || made.dtype != bound->dtype)
        return doubt_err_set(
            err, DOUBT_E_ENGINE, "output \"%s\" has %llu bytes of %s; %llu of %s were inferred",
            made.name, (unsigned long long)made.bytes, doubt_dtype_name(made.dtype),
            (unsigned long long)bound->bytes, doubt_dtype_name(bound->dtype));
    memcpy(bound->data, made.data, (size_t)made.bytes);
    return DOUBT_OK;
}

static int run(void *self)
{
    struct ref_engine *engine = self;
    struct doubt_err err = {.code = DOUBT_OK};
    enum doubt_code code = doubt_interp_run(engine->interp, engine->ins, engine->in_count, &err);
    for (uint32_t i = 0; i < engine->out_count && code == DOUBT_OK; i++)
        code = put_out(engine, i, &err);
    return code == DOUBT_OK ? 0 : fail(engine, &err);
}

static int output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    struct ref_engine *engine = self;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_interp_output(engine->interp, index, tensor, &err) != DOUBT_OK)
        return fail(engine, &err);
    if (engine->outs[index].data)
        tensor->data = engine->outs[index].data;
    return 0;
}

static int describe(void *self, struct doubt_engine_used *used)
{
    (void)self;
    snprintf(used->device, sizeof used->device, "CPU");
    used->precision = DOUBT_PRECISION_F32;
    used->threads = 1;
    used->streams = 1;
    return 0;
}

static void close_model(void *self)
{
    struct ref_engine *engine = self;
    doubt_interp_free(engine->interp);
    doubt_graph_free(engine->graph);
    free(engine->ins);
    free(engine->outs);
    *engine = (struct ref_engine){.host = engine->host};
}

static void unload(void *self)
{
    (void)self;
}

const struct doubt_engine_ops doubti_engine_ref = {
    .abi = DOUBT_ENGINE_ABI,
    .size = sizeof(struct doubt_engine_ops),
    .name = "ref",
    .summary = "the reference interpreter: slow, the oracle for outputs",
    .private_bytes = sizeof(struct ref_engine),
    .load = load,
    .info = info,
    .open = open,
    .inputs = inputs,
    .outputs = outputs,
    .bind = bind,
    .run = run,
    .output = output,
    .describe = describe,
    .close = close_model,
    .unload = unload,
};

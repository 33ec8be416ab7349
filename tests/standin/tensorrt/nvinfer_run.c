/* nvinfer_run.c: the stand-in's execution contexts and engine inspectors.
 *
 * A unit of work is one call: see nvinfer.c.
 */
#include "model/tensor.h"
#include "nvinfer_int.h"

#include <dlfcn.h>

/* --- context --------------------------------------------------------------------------------- */

static void report(const struct object *context)
{
    void (*time)(void *, const char *, float);
    entry found = (*(const entry **)context->profiler)[places()->IProfiler_reportLayerTime];
    memcpy(&time, &found, sizeof time);
    for (size_t i = 0; i < doubt_graph_node_count(context->of->graph); i++)
        time(context->profiler, doubt_graph_node(context->of->graph, i)->outputs[0],
             0.5f * (float)(i + 1));
}

/* 64-bit integers are 32 bits wide on the outside. */
static void put_out(const struct doubt_tensor *from, void *to)
{
    size_t count = from->bytes / 8;
    if (from->dtype != DOUBT_I64)
        memcpy(to, from->data, from->bytes);
    for (size_t i = 0; from->dtype == DOUBT_I64 && i < count; i++)
        ((int32_t *)to)[i] = (int32_t)((const int64_t *)from->data)[i];
}

static void infer(void *argument)
{
    struct object *context = argument, *engine = context->of;
    struct doubt_tensor inputs[PORTS], output;
    size_t input_n = doubt_graph_input_count(engine->graph);
    struct doubt_err err = {0};
    for (size_t i = 0; i < input_n; i++) {
        const struct doubt_value *value = port(engine, (int32_t)i);
        uint64_t elements = 1;
        inputs[i] =
            (struct doubt_tensor){.name = value->name, .dtype = value->dtype, .rank = value->rank};
        memcpy(inputs[i].dims, value->dims, sizeof value->dims);
        doubt_dims_count(value->dims, value->rank, &elements);
        inputs[i].bytes = elements * doubt_dtype_bytes(value->dtype);
        inputs[i].data = context->addresses[i];
    }
    if (doubt_interp_run(engine->interp, inputs, input_n, &err) != DOUBT_OK) {
        say(context->logger, TRT_ERROR, err.text);
        return;
    }
    for (size_t i = 0; i < doubt_graph_output_count(engine->graph); i++)
        if (doubt_interp_output(engine->interp, i, &output, &err) == DOUBT_OK)
            put_out(&output, context->addresses[input_n + i]);
}

static bool enqueue(struct object *context, void *stream)
{
    int (*submit)(void *, standin_work *, void *);
    void *found = dlsym(RTLD_DEFAULT, "standin_submit");
    if (fails(context->logger, "enqueue") || found == NULL)
        return false;
    memcpy(&submit, &found, sizeof submit);
    if (context->profiler != NULL)
        report(context);
    return submit(stream, infer, context) == 0;
}

void standin_set_profiler(void *self, void *profiler)
{
    inner(self)->profiler = profiler;
}

bool standin_enqueue_v2(void *self, void *const *bindings, void *stream, void *consumed)
{
    struct object *context = inner(self);
    memcpy(context->addresses, bindings,
           (size_t)port_count(context->of) * sizeof context->addresses[0]);
    return consumed == NULL && enqueue(context, stream);
}

bool standin_set_address(void *self, const char *name, void *address)
{
    struct object *context = inner(self);
    context->addresses[find_port(context->of, name)] = address;
    return !fails(context->logger, "address");
}

bool standin_enqueue_v3(void *self, void *stream)
{
    return enqueue(inner(self), stream);
}

/* --- inspector ------------------------------------------------------------------------------- */

bool standin_inspect_context(void *self, const void *context)
{
    (void)self;
    return context != NULL;
}

static size_t add_dims(char *text, size_t bytes, const struct doubt_value *value)
{
    size_t len = (size_t)snprintf(text, bytes, "[{\"Name\":\"%s\",\"Dimensions\":[", value->name);
    for (int32_t i = 0; i < value->rank && len < bytes; i++)
        len += (size_t)snprintf(text + len, bytes - len, "%s%lld", i > 0 ? "," : "",
                                (long long)value->dims[i]);
    return len;
}

/* The first node that is part of the last, compiled layer; the number of nodes when none is. */
static size_t first_compiled(const struct object *engine)
{
    size_t nodes = doubt_graph_node_count(engine->graph);
    const char *text = getenv("STANDIN_MYELIN");
    size_t first = text != NULL ? (size_t)strtoul(text, NULL, 10) : nodes;
    return first < nodes ? first : nodes;
}

int32_t standin_layer_count(const struct object *engine)
{
    size_t nodes = doubt_graph_node_count(engine->graph), first = first_compiled(engine);
    return (int32_t)(first < nodes ? first + 1 : nodes);
}

/* The last layer, of all nodes from `first` on; the formats are those of the network's ends. */
static const char *compiled_text(struct object *inspector, const struct doubt_graph *graph,
                                 size_t first)
{
    const struct doubt_node *last = doubt_graph_node(graph, doubt_graph_node_count(graph) - 1);
    const struct doubt_value *out = doubt_graph_value(graph, last->outputs[0]);
    size_t len = (size_t)snprintf(inspector->text, TEXT,
                                  "{\"Name\":\"{ForeignNode[%s...%s]}\",\"LayerType\":\"Myelin\","
                                  "\"Outputs\":",
                                  doubt_graph_node(graph, first)->outputs[0], out->name);
    len += add_dims(inspector->text + len, TEXT - len, out);
    snprintf(inspector->text + len, TEXT - len,
             "],\"Format/Datatype\":\"Row major linear %s\"}],\"TacticValue\":\"0x0\"}\n",
             out->dtype == DOUBT_F16 ? "FP16" : "FP32");
    return inspector->text;
}

/* In the form of the real one, for the members that are read. */
const char *standin_layer_text(void *self, int32_t i, int32_t format)
{
    struct object *inspector = inner(self), *engine = inspector->of;
    const struct doubt_node *node = doubt_graph_node(engine->graph, (size_t)i);
    const struct doubt_value *out = doubt_graph_value(engine->graph, node->outputs[0]);
    const struct doubt_const *weights =
        strcmp(node->op, "Conv") == 0 ? doubt_graph_const(engine->graph, node->inputs[1]) : NULL;
    int half = out->dtype == DOUBT_F16 || (engine->head.flags & FLAG_FP16);
    int tf32 = !half && (engine->head.flags & FLAG_TF32);
    if (format != TRT_FORMAT_JSON)
        return NULL;
    if ((size_t)i == first_compiled(engine))
        return compiled_text(inspector, engine->graph, (size_t)i);
    size_t len = (size_t)snprintf(inspector->text, TEXT,
                                  "{\"Name\":\"%s\",\"LayerType\":\"%s\",\"Outputs\":", out->name,
                                  weights != NULL ? "CaskConvolution" : node->op);
    len += add_dims(inspector->text + len, TEXT - len, out);
    len +=
        (size_t)snprintf(inspector->text + len, TEXT - len,
                         "],\"Format/Datatype\":\"Row major linear %s\"}]", half ? "FP16" : "FP32");
    if (weights != NULL)
        len += (size_t)snprintf(
            inspector->text + len, TEXT - len,
            ",\"ParameterType\":\"Convolution\",\"Weights\":{\"Type\":\"%s\",\"Count\":%llu}",
            half ? "Half" : "Float",
            (unsigned long long)(weights->bytes / doubt_dtype_bytes(weights->value.dtype)));
    snprintf(inspector->text + len, TEXT - len, ",\"TacticName\":\"standin_%s\"}\n",
             tf32 ? "tf32f32" : "f32f32");
    return inspector->text;
}

/* trt_run.cpp: buffers, inferences and their times on the device.
 *
 * A unit of work is one inference on our own stream. With a graph, what one enqueue puts on the
 * stream is captured once and launched as a whole; without, each run enqueues anew. Copies between
 * host and device belong to the boundary "host" and to reading outputs, never to run().
 */
#include "trt_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- one inference --------------------------------------------------------------------------- */

static bool enqueue(trt_engine *e)
{
    return e->major == 8 ? trt_VExecutionContext_enqueueV2(&e->places, e->run_context, e->bindings,
                                                           e->stream, nullptr)
                         : trt_VExecutionContext_enqueueV3(&e->places, e->run_context, e->stream);
}

static int launch(trt_engine *e)
{
    e->runs++;
    if (e->graph != nullptr)
        return trt_check(e, e->cuda.graph_launch(e->graph, e->stream),
                         "the graph was not launched");
    if (!enqueue(e))
        return TRT_FAIL(e, "TensorRT %s does not run the network: %s", e->version_text,
                        trt_log_reason(e));
    return 0;
}

static int wait(trt_engine *e)
{
    return trt_check(e, e->cuda.stream_wait(e->stream), "the inference failed on the device");
}

int trt_run(void *self)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    return launch(e) != 0 ? -1 : wait(e);
}

/* Which memory of the host's copies are made from and to. */
enum side { PINNED, PAGEABLE };

static int copy_ports(trt_engine *e, int is_input, side from)
{
    for (uint32_t i = 0; i < e->port_count; i++) {
        trt_port *port = &e->ports[i];
        size_t bytes = static_cast<size_t>(port->tensor.bytes);
        void *host = from == PINNED ? port->pinned : port->tensor.data;
        if (port->is_input != is_input || bytes == 0)
            continue;
        cu_result result = is_input ? e->cuda.to_device(port->device, host, bytes, e->stream)
                                    : e->cuda.to_host(host, port->device, bytes, e->stream);
        if (trt_check(e, result, is_input ? "an input was not copied" : "an output was not copied"))
            return -1;
    }
    return 0;
}

static int run_copied(trt_engine *e, side from)
{
    if (copy_ports(e, 1, from) != 0 || launch(e) != 0 || copy_ports(e, 0, from) != 0)
        return -1;
    return wait(e);
}

int trt_run_host(void *self)
{
    return run_copied(static_cast<trt_engine *>(self), PINNED);
}

int trt_run_pageable(void *self)
{
    return run_copied(static_cast<trt_engine *>(self), PAGEABLE);
}

/* Makes room for one event more than there are runs. */
static int need_events(trt_engine *e, uint32_t runs)
{
    if (runs < e->event_count)
        return 0;
    size_t bytes = (static_cast<size_t>(runs) + 1) * sizeof(cu_event *);
    cu_event **more = static_cast<cu_event **>(realloc(e->events, bytes));
    if (more == nullptr)
        return TRT_FAIL(e, "out of memory for %u events", runs);
    e->events = more;
    while (e->event_count <= runs) {
        if (trt_check(e, e->cuda.event_create(&e->events[e->event_count], CU_EVENT_DEFAULT),
                      "no event"))
            return -1;
        e->event_count++;
    }
    return 0;
}

/* An event before each run and one behind the last, all put on the stream before the first is
 * waited for. */
int trt_run_device(void *self, uint32_t count, double *ns)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    if (need_events(e, count) != 0 ||
        trt_check(e, e->cuda.event_record(e->events[0], e->stream), "no event"))
        return -1;
    for (uint32_t i = 0; i < count; i++)
        if (launch(e) != 0 ||
            trt_check(e, e->cuda.event_record(e->events[i + 1], e->stream), "no event"))
            return -1;
    if (trt_check(e, e->cuda.event_wait(e->events[count]), "the inference failed on the device"))
        return -1;
    for (uint32_t i = 0; i < count; i++) {
        float ms = 0;
        if (trt_check(e, e->cuda.event_elapsed(&ms, e->events[i], e->events[i + 1]),
                      "no time between two events"))
            return -1;
        ns[i] = static_cast<double>(ms) * 1e6;
    }
    return 0;
}

/* --- bind ------------------------------------------------------------------------------------ */

static int bind_port(trt_engine *e, trt_port *port, const doubt_tensor *tensor)
{
    size_t bytes = static_cast<size_t>(tensor->bytes);
    if (tensor->data == nullptr)
        return TRT_FAIL(e, "\"%s\" was bound without a buffer", port->tensor.name);
    port->tensor.data = tensor->data;
    port->tensor.bytes = tensor->bytes;
    if (trt_check(e, e->cuda.allocate(&port->device, bytes > 0 ? bytes : 1),
                  "no memory on the device for a tensor"))
        return -1;
    e->bindings[port->index] = reinterpret_cast<void *>(static_cast<uintptr_t>(port->device));
    if (e->major > 8 &&
        !trt_VExecutionContext_setTensorAddress(&e->places, e->run_context, port->tensor.name,
                                                e->bindings[port->index]))
        return TRT_FAIL(e, "TensorRT %s does not take a buffer for \"%s\": %s", e->version_text,
                        port->tensor.name, trt_log_reason(e));
    if (trt_check(e, e->cuda.allocate_host(&port->pinned, bytes > 0 ? bytes : 1),
                  "no pinned memory for a tensor"))
        return -1;
    memcpy(port->pinned, tensor->data, bytes);
    return 0;
}

static int bind_side(trt_engine *e, int is_input, const doubt_tensor *tensors, uint32_t count)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < e->port_count; i++)
        if (e->ports[i].is_input == is_input &&
            (at >= count || bind_port(e, &e->ports[i], &tensors[at++]) != 0))
            return at >= count ? TRT_FAIL(e, "%u tensors were bound, the engine has more", count)
                               : -1;
    return 0;
}

/* Makes *exec of what one enqueue puts on the stream. 0, else -1 and in text why there is none. */
static int capture(trt_engine *e, cu_graph_exec **exec, char text[CUDA_TEXT_BYTES])
{
    struct cu_graph *graph = nullptr;
    if (!e->cuda.has_graphs) {
        snprintf(text, CUDA_TEXT_BYTES, "the driver has no CUDA graphs (CUDA 10 and later have)");
        return -1;
    }
    cu_result result = e->cuda.capture_begin(e->stream, CU_CAPTURE_THREAD_LOCAL);
    bool enqueued = result == CU_SUCCESS && enqueue(e);
    cu_result ended = result == CU_SUCCESS ? e->cuda.capture_end(e->stream, &graph) : result;
    if (ended == CU_SUCCESS && enqueued && graph != nullptr)
        ended = cuda_instantiate(&e->cuda, exec, graph);
    if (graph != nullptr)
        e->cuda.graph_destroy(graph);
    if (ended == CU_SUCCESS && enqueued && *exec != nullptr)
        return 0;
    *exec = nullptr;
    char why[CUDA_TEXT_BYTES];
    cuda_error(&e->cuda, ended, why);
    snprintf(text, CUDA_TEXT_BYTES, "the network cannot be captured as a CUDA graph (%.300s)",
             result == CU_SUCCESS && !enqueued ? trt_log_reason(e) : why);
    return -1;
}

/* The same time of the same work, launched otherwise. The graph's first launch puts it on the
 * device, as the first run does its kernels: it is not timed. */
int trt_run_device_graph(void *self, uint32_t count, double *ns)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    char why[CUDA_TEXT_BYTES];
    if (e->graph != nullptr)
        return TRT_FAIL(e, "every run launches a CUDA graph already");
    if (e->request.profile)
        return TRT_FAIL(e, "the model was opened for a profile, which a CUDA graph has none of");
    trt_log_clear(e);
    if (capture(e, &e->graph, why) != 0)
        return TRT_FAIL(e, "%s", why);
    int result = trt_run(e) != 0 ? -1 : trt_run_device(e, count, ns);
    e->cuda.stream_wait(e->stream);
    e->cuda.exec_destroy(e->graph);
    e->graph = nullptr;
    return result;
}

static int make_stream(trt_engine *e)
{
    if (trt_check(e, e->cuda.stream_create(&e->stream, CU_STREAM_NON_BLOCKING), "no stream") ||
        need_events(e, 1) != 0)
        return -1;
    if (!e->request.flush)
        return 0;
    size_t least = 8u << 20, wanted = 4 * static_cast<size_t>(e->device_info.l2_bytes);
    e->flush_bytes = wanted > least ? wanted : least;
    return trt_check(e, e->cuda.allocate(&e->flush_memory, e->flush_bytes),
                     "no memory on the device to flush its cache with");
}

/* The first run sets up what a capture must not see. */
static int prepare(trt_engine *e)
{
    size_t free_now = 0, total = 0;
    char why[CUDA_TEXT_BYTES];
    if (copy_ports(e, 1, PINNED) != 0 || launch(e) != 0 || wait(e) != 0)
        return -1;
    if (e->options.graph && !e->request.profile && capture(e, &e->graph, why) != 0)
        TRT_NOTE(e, "%s: every kernel is launched", why);
    if (e->request.profile)
        trt_VExecutionContext_setProfiler(&e->places, e->run_context, trt_profiler(e));
    if (trt_check(e, e->cuda.memory_info(&free_now, &total), "no word on the device's memory"))
        return -1;
    e->memory_bytes = e->free_before > free_now ? e->free_before - free_now : 0;
    e->runs = 0;
    return 0;
}

int trt_bind(void *self, const doubt_tensor *inputs, uint32_t input_count,
             const doubt_tensor *outputs, uint32_t output_count)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    trt_log_clear(e);
    if (make_stream(e) != 0 || bind_side(e, 1, inputs, input_count) != 0 ||
        bind_side(e, 0, outputs, output_count) != 0)
        return -1;
    return prepare(e);
}

/* --- after a run ----------------------------------------------------------------------------- */

int trt_output(void *self, uint32_t index, doubt_tensor *tensor)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    uint32_t at = 0;
    for (uint32_t i = 0; i < e->port_count; i++) {
        trt_port *port = &e->ports[i];
        size_t bytes = static_cast<size_t>(port->tensor.bytes);
        if (port->is_input || at++ != index)
            continue;
        if (bytes > 0 &&
            (trt_check(e, e->cuda.to_host(port->tensor.data, port->device, bytes, e->stream),
                       "an output was not copied") ||
             wait(e) != 0))
            return -1;
        *tensor = port->tensor;
        return 0;
    }
    return TRT_FAIL(e, "there is no output %u", index);
}

int trt_layers(void *self, doubt_engine_layer *layers, uint32_t *count)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    uint32_t found = 0;
    if (!e->request.profile)
        return TRT_FAIL(e, "the model was not opened for a profile");
    for (const trt_layer *from = e->layers; from != nullptr; from = from->next, found++) {
        if (found >= *count)
            continue;
        doubt_engine_layer *to = &layers[found];
        memset(to, 0, sizeof *to);
        snprintf(to->name, sizeof to->name, "%s", from->name);
        snprintf(to->type, sizeof to->type, "%s", from->type);
        to->precision = from->precision;
        to->ns = e->runs > 0 ? from->ms * 1e6 / static_cast<double>(e->runs) : 0;
    }
    *count = found;
    return 0;
}

int trt_flush(void *self)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    if (e->flush_memory == 0)
        return TRT_FAIL(e, "the model was not opened for flushes");
    if (trt_check(e, e->cuda.fill(e->flush_memory, 0, e->flush_bytes / 4, e->stream),
                  "the device's cache was not flushed"))
        return -1;
    return wait(e);
}

int trt_describe(void *self, doubt_engine_used *used)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    char precisions[DOUBT_TEXT_BYTES / 2];
    used->precision = trt_precision(e, precisions, sizeof precisions);
    snprintf(used->device, sizeof used->device, "cuda:%d", e->device);
    if (e->options.dla >= 0)
        snprintf(used->provider, sizeof used->provider, "DLA core %d", e->options.dla);
    used->streams = 1;
    used->memory_bytes = e->memory_bytes;
    used->build_ns = e->build_ns;
    snprintf(used->detail, sizeof used->detail, "%s%s%s",
             e->stream == nullptr  ? ""
             : e->graph != nullptr ? "CUDA graph; "
                                   : "no CUDA graph; ",
             precisions, e->build_ns == 0 ? "; engine from the cache" : "");
    return 0;
}

/* --- close ----------------------------------------------------------------------------------- */

static void free_ports(trt_engine *e)
{
    for (uint32_t i = 0; i < e->port_count; i++) {
        if (e->ports[i].device != 0)
            e->cuda.free(e->ports[i].device);
        if (e->ports[i].pinned != nullptr)
            e->cuda.free_host(e->ports[i].pinned);
    }
    memset(e->ports, 0, sizeof e->ports);
    e->port_count = 0;
    if (e->flush_memory != 0)
        e->cuda.free(e->flush_memory);
    e->flush_memory = 0;
}

static void free_stream(trt_engine *e)
{
    if (e->graph != nullptr)
        e->cuda.exec_destroy(e->graph);
    for (uint32_t i = 0; i < e->event_count; i++)
        e->cuda.event_destroy(e->events[i]);
    free(e->events);
    if (e->stream != nullptr)
        e->cuda.stream_destroy(e->stream);
    e->graph = nullptr;
    e->events = nullptr;
    e->event_count = 0;
    e->stream = nullptr;
}

void trt_close(void *self)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    if (e->stream != nullptr)
        e->cuda.stream_wait(e->stream);
    free_stream(e);
    trt_delete(e->run_context);
    trt_delete(e->engine);
    trt_delete(e->runtime);
    e->run_context = e->engine = e->runtime = nullptr;
    free_ports(e);
    while (e->layers != nullptr) {
        trt_layer *next = e->layers->next;
        free(e->layers);
        e->layers = next;
    }
    free(e->model);
    e->model = nullptr;
}

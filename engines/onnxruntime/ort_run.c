/* ort_run.c: buffers and inferences of ONNX Runtime, on a CPU or on one GPU.
 *
 * A unit of work is one RunWithBinding(). On a CPU the host's buffers are bound themselves; on a
 * GPU memory of the device is, and copies to and from the host belong to the boundary "host" alone.
 */
#include "ort_int.h"

#include <string.h>
#include <time.h>

/* --- bind and run ---------------------------------------------------------------------------- */

static void free_values(struct ort_engine *e)
{
    for (size_t i = 0; i < e->value_count; i++)
        e->api.ReleaseValue(e->values[i]);
    ort_give_back(e, e->values);
    e->values = NULL;
    e->value_count = 0;
}

static int make_value(struct ort_engine *e, const ort_memory *memory, void *data,
                      struct ort_port *port)
{
    const struct doubt_tensor *host = &port->host;
    return ort_check(e,
                     e->api.CreateTensorWithDataAsOrtValue(memory, data, host->bytes, host->dims,
                                                           (size_t)host->rank, (int)host->dtype,
                                                           &port->value),
                     "cannot use a buffer");
}

/* Memory of the GPU, and pinned memory beside the host's buffer. The address of device memory is
 * handed on as a pointer, as the library wants it; nobody reads through it here. */
static int make_gpu_value(struct ort_engine *e, int direction, struct ort_port *port)
{
    const struct doubt_tensor *host = &port->host;
    size_t bytes = (size_t)host->bytes;
    void *address;
    if (ort_cuda_failed(e, ort_cuda_take(&e->cuda, bytes, &port->device)) != 0 ||
        ort_cuda_failed(
            e, ort_cuda_check(&e->cuda,
                              e->cuda.api.cuMemAllocHost_v2(&port->pinned, bytes > 0 ? bytes : 1),
                              "no pinned memory")) != 0)
        return -1;
    if (direction == ORT_IN && bytes > 0) {
        memcpy(port->pinned, host->data, bytes);
        int code =
            e->cuda.api.cuMemcpyHtoDAsync_v2(port->device, port->pinned, bytes, e->cuda.stream);
        if (ort_cuda_failed(e, ort_cuda_check(&e->cuda, code, "cannot fill an input")) != 0)
            return -1;
    }
    memcpy(&address, &port->device, sizeof address);
    return make_value(e, e->device_memory, address, port);
}

static int bind_one(struct ort_engine *e, int direction, size_t i)
{
    struct ort_port *port = &e->ports[direction][i];
    if (port->host.data == NULL) {
        if (e->choice.graph)
            return ORT_FAIL(e,
                            "output \"%s\" has no known size, which a CUDA graph needs: --option "
                            "graph=0 goes without one",
                            port->tensor.name);
        return ort_check(e, e->api.BindOutputToDevice(e->binding, port->tensor.name, e->memory),
                         "cannot bind an output");
    }
    if (e->choice.device >= 0 ? make_gpu_value(e, direction, port)
                              : make_value(e, e->memory, port->host.data, port))
        return -1;
    return ort_check(e,
                     (direction == ORT_IN ? e->api.BindInput : e->api.BindOutput)(
                         e->binding, port->tensor.name, port->value),
                     "cannot bind a buffer");
}

int ort_run_bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                 const struct doubt_tensor *outs, uint32_t output_count)
{
    struct ort_engine *e = self;
    const struct doubt_tensor *given[] = {[ORT_IN] = ins, [ORT_OUT] = outs};
    if (input_count != e->port_count[ORT_IN] || output_count != e->port_count[ORT_OUT])
        return ORT_FAIL(e, "%u inputs and %u outputs were bound, the model has %zu and %zu",
                        input_count, output_count, e->port_count[ORT_IN], e->port_count[ORT_OUT]);
    if (ort_check(e, e->api.CreateIoBinding(e->session, &e->binding), "no binding") ||
        ort_check(e, e->api.CreateRunOptions(&e->run_options), "no options of a run"))
        return -1;
    /* On a GPU we wait ourselves, once, on our own stream. */
    if (e->choice.device >= 0 &&
        ort_check(e,
                  e->api.AddRunConfigEntry(e->run_options,
                                           "disable_synchronize_execution_providers", "1"),
                  "cannot leave the waiting to us"))
        return -1;
    /* A session whose placement is read logs all: its inferences do not. */
    if (e->choice.fallback &&
        ort_check(e, e->api.RunOptionsSetRunLogSeverityLevel(e->run_options, ORT_LOG_ERROR),
                  "cannot set logging"))
        return -1;
    for (int direction = ORT_IN; direction <= ORT_OUT; direction++)
        for (size_t i = 0; i < e->port_count[direction]; i++) {
            e->ports[direction][i].host = given[direction][i];
            if (bind_one(e, direction, i) != 0)
                return -1;
        }
    return e->choice.device >= 0 ? ort_cuda_failed(e, ort_cuda_wait(&e->cuda)) : 0;
}

void ort_run_free(struct ort_engine *e)
{
    free_values(e);
    if (e->cuda.stream != NULL)
        ort_cuda_wait(&e->cuda);
    if (e->binding != NULL)
        e->api.ReleaseIoBinding(e->binding);
    if (e->run_options != NULL)
        e->api.ReleaseRunOptions(e->run_options);
    e->binding = NULL;
    e->run_options = NULL;
    for (int direction = ORT_IN; direction <= ORT_OUT; direction++)
        for (size_t i = 0; i < e->port_count[direction]; i++) {
            struct ort_port *port = &e->ports[direction][i];
            if (port->value != NULL)
                e->api.ReleaseValue(port->value);
            if (port->device != 0)
                e->cuda.api.cuMemFree_v2(port->device);
            if (port->pinned != NULL)
                e->cuda.api.cuMemFreeHost(port->pinned);
            port->value = NULL;
            port->device = 0;
            port->pinned = NULL;
        }
}

/* --- inferences ------------------------------------------------------------------------------ */

/* Says so when it failed in the capture of a CUDA graph, and what goes without one. */
static int refuse(struct ort_engine *e, ort_status *status)
{
    char text[ORT_WORDS_BYTES];
    ort_reason(e, status, text);
    if (!e->choice.graph || !ort_words_capture(text))
        return ORT_FAIL(e, "the inference failed: %s", text);
    return ORT_FAIL(e,
                    "the library could not capture a CUDA graph of the inference%s: %.700s: "
                    "--option graph=0%s goes without one",
                    e->choice.graph_asked ? ", which graph=1 asks for" : "", text,
                    e->choice.graph_asked ? ", or leaving graph out," : "");
}

static int enqueue(struct ort_engine *e)
{
    ort_status *status = e->api.RunWithBinding(e->session, e->run_options, e->binding);
    return status == NULL ? 0 : refuse(e, status);
}

int ort_run_call(void *self)
{
    struct ort_engine *e = self;
    if (enqueue(e) != 0)
        return -1;
    return e->choice.device >= 0 ? ort_cuda_failed(e, ort_cuda_wait(&e->cuda)) : 0;
}

/* The copies of all ports of one direction, to or from pinned memory or the host's buffers. */
static int copy(struct ort_engine *e, int direction, int pinned)
{
    for (size_t i = 0; i < e->port_count[direction]; i++) {
        const struct ort_port *port = &e->ports[direction][i];
        void *end = pinned ? port->pinned : port->host.data;
        size_t bytes = (size_t)port->host.bytes;
        if (port->device == 0 || bytes == 0)
            continue;
        int code = direction == ORT_IN
                       ? e->cuda.api.cuMemcpyHtoDAsync_v2(port->device, end, bytes, e->cuda.stream)
                       : e->cuda.api.cuMemcpyDtoHAsync_v2(end, port->device, bytes, e->cuda.stream);
        if (ort_cuda_failed(e, ort_cuda_check(&e->cuda, code, "cannot copy")) != 0)
            return -1;
    }
    return 0;
}

/* Without a GPU of ours the host's buffers are bound themselves: the provider copies. */
static int run_copied(struct ort_engine *e, int pinned)
{
    if (e->choice.device < 0)
        return enqueue(e);
    if (copy(e, ORT_IN, pinned) != 0 || enqueue(e) != 0 || copy(e, ORT_OUT, pinned) != 0)
        return -1;
    return ort_cuda_failed(e, ort_cuda_wait(&e->cuda));
}

int ort_run_pinned(void *self)
{
    return run_copied(self, 1);
}

int ort_run_pageable(void *self)
{
    return run_copied(self, 0);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Adds to *enqueued_ns what the host took to launch them. */
static int run_between_events(struct ort_engine *e, uint32_t count, int64_t *enqueued_ns)
{
    struct ort_cuda *cuda = &e->cuda;
    int64_t begun_ns = count > 1 ? now_ns() : 0;
    if (ort_cuda_failed(e,
                        ort_cuda_check(cuda, cuda->api.cuEventRecord(cuda->events[0], cuda->stream),
                                       "no event")) != 0)
        return -1;
    for (uint32_t i = 1; i <= count; i++) {
        if (enqueue(e) != 0)
            return -1;
        int code = cuda->api.cuEventRecord(cuda->events[i], cuda->stream);
        if (ort_cuda_failed(e, ort_cuda_check(cuda, code, "no event")) != 0)
            return -1;
    }
    if (count > 1)
        *enqueued_ns += now_ns() - begun_ns;
    return ort_cuda_failed(
        e,
        ort_cuda_check(cuda, cuda->api.cuEventSynchronize(cuda->events[count]), "the GPU failed"));
}

/* Launching kernel by kernel can take the host longer than the GPU computes: then it waits between
 * them, and the times between events are the host's. */
static void tell_host_limit(struct ort_engine *e, int64_t enqueued_ns, const double *ns,
                            uint32_t count)
{
    double device_ns = 0;
    for (uint32_t i = 0; i < count; i++)
        device_ns += ns[i];
    if (!e->choice.graph && (double)enqueued_ns > 0.9 * device_ns)
        e->host->note(e->host->context,
                      "without a CUDA graph the host is the limit: launching takes it as long as "
                      "the GPU computes, so device times hold the gaps between kernels");
}

int ort_run_device(void *self, uint32_t count, double *ns)
{
    struct ort_engine *e = self;
    int64_t enqueued_ns = 0;
    for (uint32_t done = 0; done < count;) {
        uint32_t left = count - done;
        uint32_t n = left < ORT_CUDA_EVENTS ? left : ORT_CUDA_EVENTS - 1;
        if (run_between_events(e, n, &enqueued_ns) != 0)
            return -1;
        for (uint32_t i = 0; i < n; i++)
            if (ort_cuda_failed(e, ort_cuda_between(&e->cuda, i, i + 1, &ns[done + i])) != 0)
                return -1;
        done += n;
    }
    if (count > 1)
        tell_host_limit(e, enqueued_ns, ns, count);
    return 0;
}

int ort_run_flush(void *self)
{
    struct ort_engine *e = self;
    return ort_cuda_failed(e, ort_cuda_flush(&e->cuda));
}

/* --- outputs --------------------------------------------------------------------------------- */

/* An output that the library allocated: ask the binding, in the order of binding. */
static int read_value(struct ort_engine *e, uint32_t index, struct doubt_tensor *tensor)
{
    free_values(e);
    if (ort_check(
            e, e->api.GetBoundOutputValues(e->binding, e->allocator, &e->values, &e->value_count),
            "no outputs") ||
        index >= e->value_count)
        return -1;
    ort_shape *shape = NULL;
    if (ort_check(e, e->api.GetTensorTypeAndShape(e->values[index], &shape),
                  "no shape of an output"))
        return -1;
    int result = ort_model_read_shape(e, shape, tensor);
    e->api.ReleaseTensorTypeAndShapeInfo(shape);
    return result != 0 ? result
                       : ort_check(e, e->api.GetTensorMutableData(e->values[index], &tensor->data),
                                   "no data of an output");
}

static uint64_t bytes_of(enum doubt_dtype dtype)
{
    static const unsigned char bytes[] = {0, 4, 1, 1, 2, 2, 4, 8, 0, 1, 2, 8, 4, 8, 0, 0, 2};
    return (unsigned)dtype < sizeof bytes ? bytes[dtype] : 0;
}

int ort_run_output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    struct ort_engine *e = self;
    if (index >= e->port_count[ORT_OUT])
        return ORT_FAIL(e, "there is no output %u", index);
    const struct ort_port *port = &e->ports[ORT_OUT][index];
    *tensor = port->tensor;
    tensor->data = port->host.data;
    tensor->bytes = port->host.bytes;
    if (port->device != 0 && port->host.bytes > 0) {
        int code = e->cuda.api.cuMemcpyDtoHAsync_v2(port->host.data, port->device,
                                                    (size_t)port->host.bytes, e->cuda.stream);
        if (ort_cuda_failed(e, ort_cuda_check(&e->cuda, code, "cannot read an output")) != 0)
            return -1;
        return ort_cuda_failed(e, ort_cuda_wait(&e->cuda));
    }
    if (tensor->data != NULL)
        return 0;
    if (read_value(e, index, tensor) != 0)
        return -1;
    tensor->bytes = bytes_of(tensor->dtype);
    for (int32_t d = 0; d < tensor->rank; d++)
        tensor->bytes *= (uint64_t)tensor->dims[d];
    return 0;
}

/* trt_open.cpp: a model on a device: options, plan from the cache or built, context, tensors.
 *
 * A unit of work is one open(). A kept plan is run only when everything that it depends on is the
 * same (trt_cache.cpp); one that the library refuses all the same is built anew.
 */
#include "trt_int.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void trt_delete(void *object)
{
    typedef void (*erase)(void *);
    if (object != nullptr)
        reinterpret_cast<erase>(static_cast<void ***>(object)[0][TRT_PUBLIC_ERASE])(object);
}

/* --- options --------------------------------------------------------------------------------- */

/* The host lets nothing through that the table of options does not accept. */

static int is_on(trt_engine *e, const char *name)
{
    const char *text = e->host->option(e->host->context, name);
    return text == nullptr || strcmp(text, "1") == 0;
}

static long number_of(trt_engine *e, const char *name, long fallback)
{
    const char *text = e->host->option(e->host->context, name);
    return text != nullptr ? strtol(text, nullptr, 10) : fallback;
}

static void read_options(trt_engine *e)
{
    trt_options *o = &e->options;
    o->graph = is_on(e, "graph");
    o->timing_cache = is_on(e, "timing-cache");
    o->engine_cache = is_on(e, "engine-cache");
    o->dla = static_cast<int>(number_of(e, "dla", -1));
    o->sources = number_of(e, "tactic-sources", -1);
    o->workspace_mb = number_of(e, "workspace", 0);
}

static void set_workspace(trt_engine *e)
{
    long quarter = static_cast<long>(e->device_info.memory_bytes >> 22);
    if (e->options.workspace_mb == 0)
        e->options.workspace_mb = quarter < 1024 ? quarter : 1024;
}

static int check_precision(trt_engine *e)
{
    doubt_precision precision = e->request.precision;
    if (precision == DOUBT_PRECISION_TF32 && e->device_info.major < 8)
        return TRT_FAIL(e,
                        "%s has no TF32 (compute capability 8.0 and later have it): f32, f16 "
                        "and any are accepted",
                        e->device_info.name);
    if (precision == DOUBT_PRECISION_BF16 || precision == DOUBT_PRECISION_I8)
        return TRT_FAIL(e, "bf16 and i8 are not supported with TensorRT: f32, tf32, f16 and any "
                           "are accepted");
    return 0;
}

static int set_device(trt_engine *e)
{
    const char *name = e->request.device;
    int index = 0, used = 0;
    if (name != nullptr && (sscanf(name, "cuda:%d%n", &index, &used) != 1 || name[used] != '\0' ||
                            index < 0 || index >= e->cuda.count))
        return TRT_FAIL(e, "there is no device \"%s\": cuda:0 to cuda:%d are accepted", name,
                        e->cuda.count - 1);
    if (trt_use_device(e, index) != 0)
        return -1;
    char why[CUDA_TEXT_BYTES];
    if (e->cuda.wait_given != CU_SUCCESS) {
        cuda_error(&e->cuda, e->cuda.wait_given, why);
        TRT_NOTE(e, "the driver does not let the way of waiting be chosen: %s", why);
    }
    return 0;
}

/* --- the model ------------------------------------------------------------------------------- */

static int read_model(trt_engine *e)
{
    const char *path = e->request.model_path;
    FILE *file = path != nullptr ? fopen(path, "re") : nullptr;
    if (path == nullptr)
        return TRT_FAIL(e, "no model was given: an ONNX file is needed");
    if (file == nullptr)
        return TRT_FAIL(e, "cannot open %s: %s", path, strerror(errno));
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    rewind(file);
    e->model_bytes = size > 0 ? static_cast<size_t>(size) : 0;
    e->model = malloc(e->model_bytes + 1);
    size_t got = e->model != nullptr ? fread(e->model, 1, e->model_bytes, file) : 0;
    fclose(file);
    if (e->model == nullptr)
        return TRT_FAIL(e, "out of memory for %s (%zu bytes)", path, e->model_bytes);
    if (size < 0 || got != e->model_bytes)
        return TRT_FAIL(e, "cannot read %s", path);
    trt_digest(e->model, e->model_bytes, e->model_digest);
    return 0;
}

/* --- the plan -------------------------------------------------------------------------------- */

static int start_runtime(trt_engine *e)
{
    if (e->runtime != nullptr)
        return 0;
    e->runtime = e->create_runtime(e->log->memory, e->version);
    if (e->runtime == nullptr)
        return TRT_FAIL(e, "TensorRT %s makes no runtime: %s", e->version_text, trt_log_reason(e));
    if (e->options.dla >= 0)
        trt_VRuntime_setDLACore(&e->places, e->runtime, e->options.dla);
    return 0;
}

static void *load_plan(trt_engine *e, const void *plan, size_t bytes)
{
    trt_log_clear(e);
    return e->major == 8
               ? trt_VRuntime_deserializeCudaEngine(&e->places, e->runtime, plan, bytes, nullptr)
               : trt_VRuntime_deserializeCudaEngine_10(&e->places, e->runtime, plan, bytes);
}

static int build_engine(trt_engine *e)
{
    void *plan = nullptr;
    size_t bytes = 0;
    if (trt_build(e, &plan, &bytes) != 0)
        return -1;
    int result = start_runtime(e);
    if (result == 0) {
        e->engine = load_plan(e, plan, bytes);
        if (e->engine == nullptr)
            result = TRT_FAIL(e, "TensorRT %s cannot load the engine it built: %s", e->version_text,
                              trt_log_reason(e));
        else
            trt_cache_write_plan(e, plan, bytes);
    }
    free(plan);
    return result;
}

static int make_engine(trt_engine *e)
{
    size_t bytes = 0;
    void *kept = trt_cache_read_plan(e, &bytes);
    if (kept != nullptr) {
        if (start_runtime(e) != 0) {
            free(kept);
            return -1;
        }
        e->engine = load_plan(e, kept, bytes);
        free(kept);
        if (e->engine != nullptr)
            return 0;
        TRT_NOTE(e, "TensorRT refused the engine that was kept (%s): built anew",
                 trt_log_reason(e));
    }
    return build_engine(e);
}

static int make_context(trt_engine *e)
{
    trt_log_clear(e);
    e->run_context = e->major == 8 ? trt_VCudaEngine_createExecutionContext(&e->places, e->engine)
                                   : trt_VCudaEngine_createExecutionContext_10(
                                         &e->places, e->engine, TRT_ALLOCATION_STATIC);
    if (e->run_context == nullptr)
        return TRT_FAIL(e, "TensorRT %s makes no context (memory of the device?): %s",
                        e->version_text, trt_log_reason(e));
    return 0;
}

/* --- inputs and outputs ---------------------------------------------------------------------- */

static doubt_dtype dtype_of(int32_t type)
{
    static const doubt_dtype types[] = {DOUBT_F32,        DOUBT_F16,  DOUBT_I8,
                                        DOUBT_I32,        DOUBT_BOOL, DOUBT_U8,
                                        DOUBT_DTYPE_NONE, DOUBT_BF16, DOUBT_I64};
    return type >= 0 && type < static_cast<int32_t>(sizeof types / sizeof types[0])
               ? types[type]
               : DOUBT_DTYPE_NONE;
}

/* Name, direction, type and sizes in the words of 8 (by number) or of 10 and later (by name). */
static trt_dims64 read_port(trt_engine *e, int32_t i, trt_port *port)
{
    const trt_places *p = &e->places;
    trt_dims64 dims;
    port->index = i;
    if (e->major == 8) {
        port->tensor.name = trt_VCudaEngine_getBindingName(p, e->engine, i);
        port->is_input = trt_VCudaEngine_bindingIsInput(p, e->engine, i);
        port->tensor.dtype = dtype_of(trt_VCudaEngine_getBindingDataType(p, e->engine, i));
        trt_dims32 narrow = trt_VCudaEngine_getBindingDimensions(p, e->engine, i);
        dims.count = narrow.count;
        for (int d = 0; d < TRT_DIMS_MAX; d++)
            dims.d[d] = narrow.d[d];
        return dims;
    }
    const char *name = trt_VCudaEngine_getIOTensorName(p, e->engine, i);
    port->tensor.name = name;
    port->is_input = trt_VCudaEngine_getTensorIOMode(p, e->engine, name) == TRT_IO_INPUT;
    port->tensor.dtype = dtype_of(trt_VCudaEngine_getTensorDataType(p, e->engine, name));
    return trt_VCudaEngine_getTensorShape_10(p, e->engine, name);
}

static int check_port(trt_engine *e, trt_port *port, const trt_dims64 *dims)
{
    const char *name = port->tensor.name;
    if (dims->count < 0 || dims->count > TRT_DIMS_MAX)
        return TRT_FAIL(e, "\"%s\" has %d dimensions, 0 to %d are supported", name, dims->count,
                        TRT_DIMS_MAX);
    if (port->tensor.dtype == DOUBT_DTYPE_NONE)
        return TRT_FAIL(e, "\"%s\" has an element type that is not supported", name);
    port->tensor.rank = dims->count;
    memcpy(port->tensor.dims, dims->d, sizeof dims->d);
    for (int d = 0; d < dims->count; d++)
        if (dims->d[d] < 0)
            return TRT_FAIL(e,
                            "the size of \"%s\" depends on the data, which is not supported with "
                            "TensorRT: end the network in tensors of fixed sizes",
                            name);
    return 0;
}

static int read_ports(trt_engine *e)
{
    int32_t count = e->major == 8 ? trt_VCudaEngine_getNbBindings(&e->places, e->engine)
                                  : trt_VCudaEngine_getNbIOTensors(&e->places, e->engine);
    if (count < 1 || count > TRT_PORTS_MAX)
        return TRT_FAIL(e, "the engine has %d inputs and outputs, 1 to %d are supported",
                        static_cast<int>(count), TRT_PORTS_MAX);
    for (int32_t i = 0; i < count; i++) {
        trt_dims64 dims = read_port(e, i, &e->ports[i]);
        if (check_port(e, &e->ports[i], &dims) != 0)
            return -1;
    }
    e->port_count = static_cast<uint32_t>(count);
    return 0;
}

static int list(trt_engine *e, int is_input, doubt_tensor *tensors, uint32_t *count)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < e->port_count; i++) {
        if (e->ports[i].is_input != is_input)
            continue;
        if (found < *count)
            tensors[found] = e->ports[i].tensor;
        found++;
    }
    *count = found;
    return 0;
}

int trt_inputs(void *self, doubt_tensor *tensors, uint32_t *count)
{
    return list(static_cast<trt_engine *>(self), 1, tensors, count);
}

int trt_outputs(void *self, doubt_tensor *tensors, uint32_t *count)
{
    return list(static_cast<trt_engine *>(self), 0, tensors, count);
}

/* --- open ------------------------------------------------------------------------------------ */

/* 11 has no flag for FP16: a file of FP32 gives an engine of FP32, which is then not what was asked
 * for. Up to 10 TensorRT chooses by layer, and the record says what it chose, or that it is not
 * told: then nobody knows of a fall-back. */
static int check_used(trt_engine *e)
{
    char text[DOUBT_TEXT_BYTES];
    doubt_precision used = trt_precision(e, text, sizeof text);
    if (e->request.precision != DOUBT_PRECISION_F16 || used == DOUBT_PRECISION_F16 ||
        (used == DOUBT_PRECISION_ANY && e->major < 11))
        return 0;
    if (e->major >= 11)
        return TRT_FAIL(e,
                        "TensorRT %s takes FP16 from the file, and this one gave %s: use an f16 "
                        "file (`doubt networks --export NAME --precision f16`)",
                        e->version_text, text);
    TRT_NOTE(e, "TensorRT fell back from FP16: %s", text);
    return 0;
}

int trt_open(void *self, const doubt_open_request *request)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    size_t total = 0;
    e->request = *request;
    read_options(e);
    if (set_device(e) != 0 || check_precision(e) != 0)
        return -1;
    set_workspace(e);
    if (trt_check(e, e->cuda.memory_info(&e->free_before, &total),
                  "no word on the device's memory") ||
        read_model(e) != 0 || make_engine(e) != 0 || make_context(e) != 0 || trt_inspect(e) != 0)
        return -1;
    return read_ports(e) != 0 ? -1 : check_used(e);
}

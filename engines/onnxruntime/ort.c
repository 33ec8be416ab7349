/* ort.c: ONNX Runtime as an engine, through its C interface alone.
 *
 * A unit of work is one RunWithBinding(): inputs and outputs are bound once to the host's buffers.
 * CPU only. Nothing of the vendor's is needed to build it (ort_api.h); the library is loaded from
 * the path that the host found. Not for GPUs: other providers would need other buffers.
 */
#include "ort_api.h"
#include "ort_outline.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One input or output of the open model. */
struct port {
    struct doubt_tensor tensor; /* name belongs to the library's allocator */
    ort_value *value;           /* over the host's buffer; NULL: the library allocates */
};

struct engine {
    const struct doubt_host *host;
    const struct ort_base *base;
    struct ort_api api;
    ort_env *env;
    ort_allocator *allocator; /* the library's own; never released */
    ort_memory *memory;
    ort_session *session;
    ort_run_options *run_options;
    ort_binding *binding;
    struct port *ports[2]; /* inputs, outputs */
    size_t port_count[2];
    ort_value **values; /* outputs as last asked for */
    size_t value_count;
    struct ort_outline outline;
    int32_t threads;
};

enum { IN, OUT };

/* --- failures -------------------------------------------------------------------------------- */

/* 0 for success; else the library's sentence becomes the reason. */
static int check(struct engine *e, ort_status *status, const char *doing)
{
    if (status == NULL)
        return 0;
    e->host->fail(e->host->context, "%s: %s", doing, e->api.GetErrorMessage(status));
    e->api.ReleaseStatus(status);
    return -1;
}

#define FAIL(e, ...) ((e)->host->fail((e)->host->context, __VA_ARGS__), -1)

/* Frees memory that the library gave; a failure to free has no remedy. */
static void give_back(struct engine *e, void *memory)
{
    ort_status *status = memory != NULL ? e->api.AllocatorFree(e->allocator, memory) : NULL;
    if (status != NULL)
        e->api.ReleaseStatus(status);
}

/* --- load and info --------------------------------------------------------------------------- */

static int take_table(struct engine *e, const char *path)
{
    const void *const *table = e->base->get_api(ORT_API_NEEDED);
    if (table == NULL)
        return FAIL(e, "%s is ONNX Runtime %s, which lacks API %d: version 1.%d or later is needed",
                    path, e->base->get_version(), ORT_API_NEEDED, ORT_API_NEEDED);
#define ORT_TAKE(place, result, name, arguments)                                                   \
    memcpy(&e->api.name, &table[place], sizeof e->api.name);
    ORT_CALLS(ORT_TAKE)
#undef ORT_TAKE
    return 0;
}

static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    struct engine *e = self;
    e->host = host;
    if (library_path == NULL)
        return FAIL(e, "no path of libonnxruntime.so was given");
    void *library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return FAIL(e, "cannot load %s: %s", library_path, dlerror());
    void *symbol = dlsym(library, "OrtGetApiBase");
    if (symbol == NULL)
        return FAIL(e, "%s is not ONNX Runtime: it has no OrtGetApiBase()", library_path);
    const struct ort_base *(*get_base)(void);
    memcpy(&get_base, &symbol, sizeof get_base);
    e->base = get_base();
    if (take_table(e, library_path) != 0 ||
        check(e, e->api.CreateEnv(ORT_LOG_ERROR, "doubt", &e->env), "cannot start ONNX Runtime") ||
        check(e, e->api.GetAllocatorWithDefaultOptions(&e->allocator), "no allocator"))
        return -1;
    return check(e,
                 e->api.CreateCpuMemoryInfo(ORT_ALLOCATOR_DEVICE, ORT_MEMORY_DEFAULT, &e->memory),
                 "no description of host memory");
}

static int info(void *self, struct doubt_engine_info *info)
{
    struct engine *e = self;
    snprintf(info->version, sizeof info->version, "%s", e->base->get_version());
    char **providers = NULL;
    int count = 0;
    if (check(e, e->api.GetAvailableProviders(&providers, &count), "cannot list the providers"))
        return -1;
    size_t len = (size_t)snprintf(info->build, sizeof info->build, "providers");
    for (int i = 0; i < count && len < sizeof info->build; i++)
        len += (size_t)snprintf(info->build + len, sizeof info->build - len, " %s", providers[i]);
    if (len < sizeof info->build)
        snprintf(info->build + len, sizeof info->build - len, "; %s", e->api.GetBuildInfoString());
    ort_status *status = e->api.ReleaseAvailableProviders(providers, count);
    if (status != NULL)
        e->api.ReleaseStatus(status);
    info->device_count = 1;
    snprintf(info->devices[0].name, sizeof info->devices[0].name, "CPU");
    snprintf(info->devices[0].title, sizeof info->devices[0].title, "CPUExecutionProvider");
    info->devices[0].precisions = 1u << DOUBT_PRECISION_F32;
    return 0;
}

/* --- open ------------------------------------------------------------------------------------ */

static int cpu_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}

/* 0 or 1 as given, -1 when not given; -2 after a failure. */
static int read_switch(struct engine *e, const char *name)
{
    const char *text = e->host->option(e->host->context, name);
    if (text == NULL)
        return -1;
    if (strcmp(text, "0") == 0 || strcmp(text, "1") == 0)
        return text[0] - '0';
    e->host->fail(e->host->context, "option %s is \"%s\": 0 or 1 is accepted", name, text);
    return -2;
}

static int set_optimization(struct engine *e, ort_options *options)
{
    static const struct {
        const char *name;
        int level;
    } levels[] = {{"none", ORT_OPTIMIZE_NONE},
                  {"basic", ORT_OPTIMIZE_BASIC},
                  {"extended", ORT_OPTIMIZE_EXTENDED},
                  {"all", ORT_OPTIMIZE_ALL}};
    const char *text = e->host->option(e->host->context, "optimization");
    if (text == NULL)
        text = "all";
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (strcmp(text, levels[i].name) == 0)
            return check(e, e->api.SetSessionGraphOptimizationLevel(options, levels[i].level),
                         "cannot set the optimization level");
    return FAIL(e, "option optimization is \"%s\": none, basic, extended and all are accepted",
                text);
}

/* The switches that are calls or entries of the session's configuration. */
static int set_switches(struct engine *e, ort_options *options)
{
    int spinning = read_switch(e, "intra-op-spinning"), arena = read_switch(e, "arena");
    int pattern = read_switch(e, "memory-pattern"), denormal = read_switch(e, "denormal-as-zero");
    if (spinning == -2 || arena == -2 || pattern == -2 || denormal == -2)
        return -1;
    if (spinning >= 0 &&
        check(e,
              e->api.AddSessionConfigEntry(options, "session.intra_op.allow_spinning",
                                           spinning ? "1" : "0"),
              "cannot set intra-op-spinning"))
        return -1;
    if (denormal >= 0 && check(e,
                               e->api.AddSessionConfigEntry(options, "session.set_denormal_as_zero",
                                                            denormal ? "1" : "0"),
                               "cannot set denormal-as-zero"))
        return -1;
    if (arena == 0 && check(e, e->api.DisableCpuMemArena(options), "cannot set arena"))
        return -1;
    return pattern == 0 ? check(e, e->api.DisableMemPattern(options), "cannot set memory-pattern")
                        : 0;
}

/* Sizes asked for, by the names that the file gives to its unknown sizes. */
static int set_sizes(struct engine *e, ort_options *options,
                     const struct doubt_open_request *request)
{
    for (uint32_t i = 0; i < request->input_count; i++)
        for (uint32_t s = 0; s < e->outline.symbol_count; s++) {
            int32_t axis = e->outline.symbols[s].axis;
            if (strcmp(e->outline.symbols[s].input, request->inputs[i].name) == 0 &&
                axis < request->inputs[i].rank &&
                check(e,
                      e->api.AddFreeDimensionOverrideByName(options, e->outline.symbols[s].symbol,
                                                            request->inputs[i].dims[axis]),
                      "cannot set a size"))
                return -1;
        }
    return 0;
}

static int set_options(struct engine *e, ort_options *options,
                       const struct doubt_open_request *request)
{
    e->threads = request->threads > 0 ? request->threads : cpu_count();
    if (check(e, e->api.SetSessionLogSeverityLevel(options, ORT_LOG_ERROR), "cannot set logging") ||
        check(e, e->api.SetIntraOpNumThreads(options, e->threads), "cannot set threads"))
        return -1;
    if (set_optimization(e, options) || set_switches(e, options))
        return -1;
    return set_sizes(e, options, request);
}

static int check_request(struct engine *e, const struct doubt_open_request *request)
{
    if (request->model_path == NULL)
        return FAIL(e, "no model was given: an ONNX file is needed");
    if (request->device != NULL && strcmp(request->device, "CPU") != 0)
        return FAIL(e, "there is no device \"%s\": CPU is accepted", request->device);
    if (request->precision != DOUBT_PRECISION_ANY && request->precision != DOUBT_PRECISION_F32)
        return FAIL(e, "on a CPU ONNX Runtime computes f32, and f16 files by casts to it: the "
                       "precisions f32 and any are accepted");
    return 0;
}

static int read_shape(struct engine *e, const ort_shape *shape, struct doubt_tensor *tensor)
{
    int type = 0;
    size_t rank = 0;
    if (check(e, e->api.GetTensorElementType(shape, &type), "no element type") ||
        check(e, e->api.GetDimensionsCount(shape, &rank), "no number of dimensions"))
        return -1;
    if (rank > DOUBT_RANK_MAX)
        return FAIL(e, "\"%s\" has %zu dimensions, at most %d are supported",
                    tensor->name != NULL ? tensor->name : "a tensor", rank, DOUBT_RANK_MAX);
    tensor->dtype = (enum doubt_dtype)type;
    tensor->rank = (int32_t)rank;
    return check(e, e->api.GetDimensions(shape, tensor->dims, rank), "no dimensions");
}

static int read_port(struct engine *e, int direction, size_t i)
{
    struct doubt_tensor *tensor = &e->ports[direction][i].tensor;
    char *name = NULL;
    ort_type *type = NULL;
    const ort_shape *shape = NULL;
    int is_in = direction == IN;
    if (check(e,
              (is_in ? e->api.SessionGetInputName
                     : e->api.SessionGetOutputName)(e->session, i, e->allocator, &name),
              "no name of a tensor"))
        return -1;
    tensor->name = name;
    if (check(e,
              (is_in ? e->api.SessionGetInputTypeInfo : e->api.SessionGetOutputTypeInfo)(e->session,
                                                                                         i, &type),
              "no type of a tensor"))
        return -1;
    int result = check(e, e->api.CastTypeInfoToTensorInfo(type, &shape), "no shape of a tensor");
    if (result == 0 && shape == NULL)
        result = FAIL(e, "\"%s\" is a sequence or a map: only tensors are supported", name);
    if (result == 0)
        result = read_shape(e, shape, tensor);
    e->api.ReleaseTypeInfo(type);
    /* The library tells an output of unknown rank as a scalar. */
    if (result == 0 && !is_in && tensor->rank == 0) {
        tensor->rank = 1;
        tensor->dims[0] = -1;
    }
    return result;
}

static int read_ports(struct engine *e, int direction)
{
    size_t count = 0;
    if (check(e,
              (direction == IN ? e->api.SessionGetInputCount
                               : e->api.SessionGetOutputCount)(e->session, &count),
              "no number of tensors"))
        return -1;
    e->ports[direction] = calloc(count > 0 ? count : 1, sizeof *e->ports[direction]);
    if (e->ports[direction] == NULL)
        return FAIL(e, "out of memory for %zu tensors", count);
    e->port_count[direction] = count;
    for (size_t i = 0; i < count; i++)
        if (read_port(e, direction, i) != 0)
            return -1;
    return 0;
}

/* Fills the sizes that the file leaves open, and refuses those that contradict it. */
static int apply_size(struct engine *e, const struct doubt_tensor *asked)
{
    struct doubt_tensor *tensor = NULL;
    for (size_t i = 0; i < e->port_count[IN]; i++)
        if (strcmp(e->ports[IN][i].tensor.name, asked->name) == 0)
            tensor = &e->ports[IN][i].tensor;
    if (tensor == NULL)
        return FAIL(e, "the model has no input \"%s\"; its first is \"%s\"", asked->name,
                    e->port_count[IN] > 0 ? e->ports[IN][0].tensor.name : "missing");
    if (tensor->rank != asked->rank)
        return FAIL(e, "input \"%s\" has %d dimensions, %d were given", asked->name,
                    (int)tensor->rank, (int)asked->rank);
    for (int32_t d = 0; d < tensor->rank; d++) {
        if (tensor->dims[d] >= 0 && tensor->dims[d] != asked->dims[d])
            return FAIL(e, "input \"%s\" is fixed at %lld in dimension %d, %lld was asked for",
                        asked->name, (long long)tensor->dims[d], (int)d, (long long)asked->dims[d]);
        tensor->dims[d] = asked->dims[d];
    }
    return 0;
}

static int open_model(void *self, const struct doubt_open_request *request)
{
    struct engine *e = self;
    ort_options *options = NULL;
    if (check_request(e, request) != 0)
        return -1;
    /* What the outline does not understand, the library refuses in its own words. */
    ort_outline_read(request->model_path, &e->outline);
    if (check(e, e->api.CreateSessionOptions(&options), "no options of a session"))
        return -1;
    int result = set_options(e, options, request);
    if (result == 0)
        result = check(e, e->api.CreateSession(e->env, request->model_path, options, &e->session),
                       "cannot open the model");
    e->api.ReleaseSessionOptions(options);
    if (result != 0 || read_ports(e, IN) != 0 || read_ports(e, OUT) != 0)
        return -1;
    for (uint32_t i = 0; i < request->input_count; i++)
        if (apply_size(e, &request->inputs[i]) != 0)
            return -1;
    return 0;
}

static int list(struct engine *e, int direction, struct doubt_tensor *tensors, uint32_t *count)
{
    for (uint32_t i = 0; i < *count && i < e->port_count[direction]; i++)
        tensors[i] = e->ports[direction][i].tensor;
    *count = (uint32_t)e->port_count[direction];
    return 0;
}

static int inputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    return list(self, IN, tensors, count);
}

static int outputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    return list(self, OUT, tensors, count);
}

/* --- bind and run ---------------------------------------------------------------------------- */

static int bind_one(struct engine *e, int direction, size_t i, const struct doubt_tensor *tensor)
{
    struct port *port = &e->ports[direction][i];
    if (tensor->data == NULL)
        return check(e, e->api.BindOutputToDevice(e->binding, port->tensor.name, e->memory),
                     "cannot bind an output");
    if (check(e,
              e->api.CreateTensorWithDataAsOrtValue(e->memory, tensor->data, tensor->bytes,
                                                    tensor->dims, (size_t)tensor->rank,
                                                    (int)tensor->dtype, &port->value),
              "cannot use a buffer"))
        return -1;
    return check(e,
                 (direction == IN ? e->api.BindInput
                                  : e->api.BindOutput)(e->binding, port->tensor.name, port->value),
                 "cannot bind a buffer");
}

static int bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                const struct doubt_tensor *outs, uint32_t output_count)
{
    struct engine *e = self;
    if (input_count != e->port_count[IN] || output_count != e->port_count[OUT])
        return FAIL(e, "%u inputs and %u outputs were bound, the model has %zu and %zu",
                    input_count, output_count, e->port_count[IN], e->port_count[OUT]);
    if (check(e, e->api.CreateIoBinding(e->session, &e->binding), "no binding") ||
        check(e, e->api.CreateRunOptions(&e->run_options), "no options of a run"))
        return -1;
    for (uint32_t i = 0; i < input_count; i++)
        if (bind_one(e, IN, i, &ins[i]) != 0)
            return -1;
    for (uint32_t i = 0; i < output_count; i++) {
        e->ports[OUT][i].tensor.data = outs[i].data;
        e->ports[OUT][i].tensor.bytes = outs[i].bytes;
        if (bind_one(e, OUT, i, &outs[i]) != 0)
            return -1;
    }
    return 0;
}

static int run(void *self)
{
    struct engine *e = self;
    return check(e, e->api.RunWithBinding(e->session, e->run_options, e->binding),
                 "the inference failed");
}

static void free_values(struct engine *e)
{
    for (size_t i = 0; i < e->value_count; i++)
        e->api.ReleaseValue(e->values[i]);
    give_back(e, e->values);
    e->values = NULL;
    e->value_count = 0;
}

/* An output that the library allocated: ask the binding, in the order of binding. */
static int read_value(struct engine *e, uint32_t index, struct doubt_tensor *tensor)
{
    free_values(e);
    if (check(e, e->api.GetBoundOutputValues(e->binding, e->allocator, &e->values, &e->value_count),
              "no outputs") ||
        index >= e->value_count)
        return -1;
    ort_shape *shape = NULL;
    if (check(e, e->api.GetTensorTypeAndShape(e->values[index], &shape), "no shape of an output"))
        return -1;
    int result = read_shape(e, shape, tensor);
    e->api.ReleaseTensorTypeAndShapeInfo(shape);
    return result != 0 ? result
                       : check(e, e->api.GetTensorMutableData(e->values[index], &tensor->data),
                               "no data of an output");
}

static uint64_t bytes_of(enum doubt_dtype dtype)
{
    static const unsigned char bytes[] = {0, 4, 1, 1, 2, 2, 4, 8, 0, 1, 2, 8, 4, 8, 0, 0, 2};
    return (unsigned)dtype < sizeof bytes ? bytes[dtype] : 0;
}

static int output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    struct engine *e = self;
    if (index >= e->port_count[OUT])
        return FAIL(e, "there is no output %u", index);
    *tensor = e->ports[OUT][index].tensor;
    if (tensor->data != NULL)
        return 0;
    if (read_value(e, index, tensor) != 0)
        return -1;
    tensor->bytes = bytes_of(tensor->dtype);
    for (int32_t d = 0; d < tensor->rank; d++)
        tensor->bytes *= (uint64_t)tensor->dims[d];
    return 0;
}

/* --- describe and close ---------------------------------------------------------------------- */

/* The library tells no precision: on a CPU it follows from the file, save where kernels for halves
 * or for quantised operators may or may not have been taken. */
static void describe_precision(const struct engine *e, struct doubt_engine_used *used)
{
    const char *detail = "";
    enum doubt_dtype weights = ort_outline_dtype(&e->outline);
    used->precision = DOUBT_PRECISION_ANY;
    if (e->outline.quantised) {
        detail = "file with quantised operators: the library does not tell which ran in i8";
    } else if (weights == DOUBT_F16) {
#if defined(__x86_64__)
        used->precision = DOUBT_PRECISION_F32;
        detail = "f16 file computed in f32 by casts";
#else
        detail = "f16 file: the library does not tell which nodes were cast to f32";
#endif
    } else if (weights == DOUBT_F32 || weights == DOUBT_DTYPE_NONE) {
        used->precision = DOUBT_PRECISION_F32;
    } else {
        detail = weights == DOUBT_F64 ? "f64 file" : "bf16 file";
    }
    snprintf(used->detail, sizeof used->detail, "%s", detail);
}

static int describe(void *self, struct doubt_engine_used *used)
{
    struct engine *e = self;
    snprintf(used->device, sizeof used->device, "CPU");
    snprintf(used->provider, sizeof used->provider, "CPUExecutionProvider");
    used->threads = e->threads;
    used->streams = 1;
    describe_precision(e, used);
    return 0;
}

static void close_model(void *self)
{
    struct engine *e = self;
    free_values(e);
    if (e->binding != NULL)
        e->api.ReleaseIoBinding(e->binding);
    for (int direction = IN; direction <= OUT; direction++) {
        for (size_t i = 0; i < e->port_count[direction]; i++) {
            struct port *port = &e->ports[direction][i];
            if (port->value != NULL)
                e->api.ReleaseValue(port->value);
            give_back(e, (void *)(uintptr_t)port->tensor.name);
        }
        free(e->ports[direction]);
        e->ports[direction] = NULL;
        e->port_count[direction] = 0;
    }
    if (e->run_options != NULL)
        e->api.ReleaseRunOptions(e->run_options);
    if (e->session != NULL)
        e->api.ReleaseSession(e->session);
    e->binding = NULL;
    e->run_options = NULL;
    e->session = NULL;
}

/* The library itself stays: its threads and exit handlers may still be needed. */
static void unload(void *self)
{
    struct engine *e = self;
    if (e->memory != NULL)
        e->api.ReleaseMemoryInfo(e->memory);
    if (e->env != NULL)
        e->api.ReleaseEnv(e->env);
    e->memory = NULL;
    e->env = NULL;
}

/* --- the table ------------------------------------------------------------------------------- */

static const char *const wheel_globs[] = {"onnxruntime/capi/libonnxruntime.so.*", NULL};
static const char *const system_globs[] = {"libonnxruntime.so*", NULL};
static const struct doubt_engine_library library = {"DOUBT_ONNXRUNTIME", wheel_globs, system_globs};

static const struct doubt_engine_option options[] = {
    {"optimization", "none, basic, extended, all", "all", "level of the graph's optimization"},
    {"intra-op-spinning", "0 or 1", "1", "idle threads spin instead of sleeping"},
    {"arena", "0 or 1", "1", "memory from the library's arena"},
    {"memory-pattern", "0 or 1", "1", "plan memory once for all inferences"},
    {"denormal-as-zero", "0 or 1", "0", "flush denormal numbers to zero"},
    {NULL, NULL, NULL, NULL},
};

static const struct doubt_engine_ops ops = {
    .abi = DOUBT_ENGINE_ABI,
    .size = sizeof(struct doubt_engine_ops),
    .name = "onnxruntime",
    .summary = "ONNX Runtime on the CPU",
    .install = "script/engines, or pip install onnxruntime",
    .caps = DOUBT_CAP_CONCURRENT,
    .library = &library,
    .options = options,
    .private_bytes = sizeof(struct engine),
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

const struct doubt_engine_ops *doubt_engine_entry(void)
{
    return &ops;
}

/* ort_model.c: reads, compiles and describes a model for ONNX Runtime.
 *
 * A unit of work is one model. What decides the figure is set explicitly here, or in
 * ort_provider.c. Not for running: ort_run.c.
 */
#include "ort_int.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- open ------------------------------------------------------------------------------------ */

static int cpu_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}

/* The host lets nothing through that the table of options does not accept. */

int ort_read_switch(struct ort_engine *e, const char *name)
{
    const char *text = e->host->option(e->host->context, name);
    return text != NULL ? strcmp(text, "1") == 0 : -1;
}

static int set_optimization(struct ort_engine *e, ort_options *options)
{
    static const struct {
        const char *name;
        int level;
    } levels[] = {{"none", ORT_OPTIMIZE_NONE},
                  {"basic", ORT_OPTIMIZE_BASIC},
                  {"extended", ORT_OPTIMIZE_EXTENDED},
                  {"all", ORT_OPTIMIZE_ALL}};
    const char *text = e->host->option(e->host->context, "optimization");
    int level = ORT_OPTIMIZE_ALL;
    for (size_t i = 0; text != NULL && i < sizeof levels / sizeof levels[0]; i++)
        if (strcmp(text, levels[i].name) == 0)
            level = levels[i].level;
    return ort_check(e, e->api.SetSessionGraphOptimizationLevel(options, level),
                     "cannot set the optimization level");
}

/* The switches that are calls or entries of the session's configuration. */
static int set_switches(struct ort_engine *e, ort_options *options)
{
    int spinning = ort_read_switch(e, "intra-op-spinning"), arena = ort_read_switch(e, "arena");
    int pattern = ort_read_switch(e, "memory-pattern"),
        denormal = ort_read_switch(e, "denormal-as-zero");
    if (spinning >= 0 &&
        ort_check(e,
                  e->api.AddSessionConfigEntry(options, "session.intra_op.allow_spinning",
                                               spinning ? "1" : "0"),
                  "cannot set intra-op-spinning"))
        return -1;
    if (denormal >= 0 &&
        ort_check(e,
                  e->api.AddSessionConfigEntry(options, "session.set_denormal_as_zero",
                                               denormal ? "1" : "0"),
                  "cannot set denormal-as-zero"))
        return -1;
    if (arena == 0 && ort_check(e, e->api.DisableCpuMemArena(options), "cannot set arena"))
        return -1;
    return pattern == 0
               ? ort_check(e, e->api.DisableMemPattern(options), "cannot set memory-pattern")
               : 0;
}

/* Sizes asked for, by the names that the file gives to its unknown sizes. */
static int set_sizes(struct ort_engine *e, ort_options *options,
                     const struct doubt_open_request *request)
{
    for (uint32_t i = 0; i < request->input_count; i++)
        for (uint32_t s = 0; s < e->outline.symbol_count; s++) {
            int32_t axis = e->outline.symbols[s].axis;
            if (strcmp(e->outline.symbols[s].input, request->inputs[i].name) == 0 &&
                axis < request->inputs[i].rank &&
                ort_check(e,
                          e->api.AddFreeDimensionOverrideByName(
                              options, e->outline.symbols[s].symbol, request->inputs[i].dims[axis]),
                          "cannot set a size"))
                return -1;
        }
    return 0;
}

static int set_options(struct ort_engine *e, ort_options *options,
                       const struct doubt_open_request *request)
{
    e->threads = request->threads > 0 ? request->threads : cpu_count();
    int severity = e->choice.fallback ? ORT_LOG_VERBOSE : ORT_LOG_ERROR;
    if (ort_check(e, e->api.SetSessionLogSeverityLevel(options, severity), "cannot set logging") ||
        ort_check(e, e->api.SetIntraOpNumThreads(options, e->threads), "cannot set threads"))
        return -1;
    if (set_optimization(e, options) || set_switches(e, options) ||
        ort_profile_begin(e, options, request) ||
        ort_provider_append(e, options, request->precision))
        return -1;
    return set_sizes(e, options, request);
}

static int check_request(struct ort_engine *e, const struct doubt_open_request *request)
{
    if (request->model_path == NULL)
        return ORT_FAIL(e, "no model was given: an ONNX file is needed");
    /* What the outline does not understand, the library refuses in its own words. */
    ort_outline_read(request->model_path, &e->outline);
    if (ort_provider_choose(e, request) != 0)
        return -1;
    if (request->boundary == DOUBT_BOUNDARY_DEVICE && e->choice.device < 0)
        return ORT_FAIL(e, "the boundary device needs events of a GPU: name one with --device "
                           "cuda:0, or use call or host");
    return 0;
}

int ort_model_read_shape(struct ort_engine *e, const ort_shape *shape, struct doubt_tensor *tensor)
{
    int type = 0;
    size_t rank = 0;
    if (ort_check(e, e->api.GetTensorElementType(shape, &type), "no element type") ||
        ort_check(e, e->api.GetDimensionsCount(shape, &rank), "no number of dimensions"))
        return -1;
    if (rank > DOUBT_RANK_MAX)
        return ORT_FAIL(e, "\"%s\" has %zu dimensions, at most %d are supported",
                        tensor->name != NULL ? tensor->name : "a tensor", rank, DOUBT_RANK_MAX);
    tensor->dtype = (enum doubt_dtype)type;
    tensor->rank = (int32_t)rank;
    return ort_check(e, e->api.GetDimensions(shape, tensor->dims, rank), "no dimensions");
}

static int read_port(struct ort_engine *e, int direction, size_t i)
{
    struct doubt_tensor *tensor = &e->ports[direction][i].tensor;
    char *name = NULL;
    ort_type *type = NULL;
    const ort_shape *shape = NULL;
    int is_in = direction == ORT_IN;
    if (ort_check(e,
                  (is_in ? e->api.SessionGetInputName
                         : e->api.SessionGetOutputName)(e->session, i, e->allocator, &name),
                  "no name of a tensor"))
        return -1;
    tensor->name = name;
    if (ort_check(e,
                  (is_in ? e->api.SessionGetInputTypeInfo
                         : e->api.SessionGetOutputTypeInfo)(e->session, i, &type),
                  "no type of a tensor"))
        return -1;
    int result =
        ort_check(e, e->api.CastTypeInfoToTensorInfo(type, &shape), "no shape of a tensor");
    if (result == 0 && shape == NULL)
        result = ORT_FAIL(e, "\"%s\" is a sequence or a map: only tensors are supported", name);
    if (result == 0)
        result = ort_model_read_shape(e, shape, tensor);
    e->api.ReleaseTypeInfo(type);
    /* The library tells an output of unknown rank as a scalar. */
    if (result == 0 && !is_in && tensor->rank == 0) {
        tensor->rank = 1;
        tensor->dims[0] = -1;
    }
    return result;
}

static int read_ports(struct ort_engine *e, int direction)
{
    size_t count = 0;
    if (ort_check(e,
                  (direction == ORT_IN ? e->api.SessionGetInputCount
                                       : e->api.SessionGetOutputCount)(e->session, &count),
                  "no number of tensors"))
        return -1;
    e->ports[direction] = calloc(count > 0 ? count : 1, sizeof *e->ports[direction]);
    if (e->ports[direction] == NULL)
        return ORT_FAIL(e, "out of memory for %zu tensors", count);
    e->port_count[direction] = count;
    for (size_t i = 0; i < count; i++)
        if (read_port(e, direction, i) != 0)
            return -1;
    return 0;
}

/* Fills the sizes that the file leaves open, and refuses those that contradict it. */
static int apply_size(struct ort_engine *e, const struct doubt_tensor *asked)
{
    struct doubt_tensor *tensor = NULL;
    for (size_t i = 0; i < e->port_count[ORT_IN]; i++)
        if (strcmp(e->ports[ORT_IN][i].tensor.name, asked->name) == 0)
            tensor = &e->ports[ORT_IN][i].tensor;
    if (tensor == NULL)
        return ORT_FAIL(e, "the model has no input \"%s\"; its first is \"%s\"", asked->name,
                        e->port_count[ORT_IN] > 0 ? e->ports[ORT_IN][0].tensor.name : "missing");
    if (tensor->rank != asked->rank)
        return ORT_FAIL(e, "input \"%s\" has %d dimensions, %d were given", asked->name,
                        (int)tensor->rank, (int)asked->rank);
    for (int32_t d = 0; d < tensor->rank; d++) {
        if (tensor->dims[d] >= 0 && tensor->dims[d] != asked->dims[d])
            return ORT_FAIL(e, "input \"%s\" is fixed at %lld in dimension %d, %lld was asked for",
                            asked->name, (long long)tensor->dims[d], (int)d,
                            (long long)asked->dims[d]);
        tensor->dims[d] = asked->dims[d];
    }
    return 0;
}

static int create_session(struct ort_engine *e, const struct doubt_open_request *request,
                          char why[ORT_WORDS_BYTES])
{
    ort_options *options = NULL;
    if (ort_check(e, e->api.CreateSessionOptions(&options), "no options of a session"))
        return -1;
    ort_log_clear();
    int result = set_options(e, options, request);
    why[0] = '\0';
    if (result == 0) {
        ort_status *status =
            e->api.CreateSession(e->env, request->model_path, options, &e->session);
        result = status == NULL ? 0 : -1;
        if (status != NULL)
            ort_reason(e, status, why);
    }
    e->api.ReleaseSessionOptions(options);
    ort_log_placement(&e->placement);
    return result;
}

/* Opens it once more with the CPU allowed, only to learn which nodes would run there; 0 when the
 * library told. */
static int learn_placement(struct ort_engine *e, const struct doubt_open_request *request)
{
    char why[ORT_WORDS_BYTES];
    int graph = e->choice.graph;
    e->choice.fallback = 1;
    e->choice.graph = 0;
    create_session(e, request, why);
    if (e->session != NULL)
        e->api.ReleaseSession(e->session);
    e->session = NULL;
    e->choice.fallback = 0;
    e->choice.graph = graph;
    return e->placement.nodes > 0 && e->placement.on_cpu > 0 ? 0 : -1;
}

static int refuse_fallback(struct ort_engine *e, const struct doubt_open_request *request)
{
    static const char help[] = "--option cpu-fallback=1 lets them run on the CPU, which the record "
                               "then says";
    const struct ort_placement *placement = &e->placement;
    const char *name = e->choice.name;
    if (learn_placement(e, request) != 0)
        return ORT_FAIL(e,
                        "cannot open the model: some of its nodes have no kernel of provider %s: "
                        "%s",
                        name, help);
    if (placement->on_cpu == placement->nodes)
        return ORT_FAIL(e,
                        "cannot open the model: provider %s takes none of its nodes: name another, "
                        "or a device of its that is here with provider-options",
                        name);
    return ORT_FAIL(e,
                    "cannot open the model: %d of its %d nodes as compiled have no kernel of "
                    "provider %s (%s): %s",
                    placement->on_cpu, placement->nodes, name, placement->cpu_types, help);
}

/* The library's sentence, and what helps where it names an option of ours. */
static int refuse(struct ort_engine *e, const struct doubt_open_request *request, const char *why)
{
    if (strstr(why, "fallback to CPU EP has been explicitly disabled") != NULL)
        return refuse_fallback(e, request);
    return ORT_FAIL(e, "cannot open the model: %s%s", why,
                    strstr(why, "graph capture") != NULL ? ": --option graph=0 goes without one"
                                                         : "");
}

int ort_model_open(void *self, const struct doubt_open_request *request)
{
    struct ort_engine *e = self;
    char why[ORT_WORDS_BYTES];
    if (check_request(e, request) != 0 || ort_provider_start(e, request) != 0)
        return -1;
    int result = create_session(e, request, why);
    if (result != 0 && e->choice.graph && !e->choice.graph_asked &&
        strstr(why, "graph capture") != NULL) {
        e->choice.graph = 0;
        e->host->note(e->host->context, "without a CUDA graph: the library cannot capture one of "
                                        "this model");
        result = create_session(e, request, why);
    }
    if (result != 0)
        return why[0] != '\0' ? refuse(e, request, why) : -1;
    if (read_ports(e, ORT_IN) != 0 || read_ports(e, ORT_OUT) != 0)
        return -1;
    for (uint32_t i = 0; i < request->input_count; i++)
        if (apply_size(e, &request->inputs[i]) != 0)
            return -1;
    return 0;
}

static int list(struct ort_engine *e, int direction, struct doubt_tensor *tensors, uint32_t *count)
{
    for (uint32_t i = 0; i < *count && i < e->port_count[direction]; i++)
        tensors[i] = e->ports[direction][i].tensor;
    *count = (uint32_t)e->port_count[direction];
    return 0;
}

int ort_model_inputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    return list(self, ORT_IN, tensors, count);
}

int ort_model_outputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    return list(self, ORT_OUT, tensors, count);
}

/* --- describe and close ---------------------------------------------------------------------- */

/* The library tells no precision: on a CPU it follows from the file, save where kernels for halves
 * or for quantised operators may or may not have been taken. */
static void describe_precision(const struct ort_engine *e, struct doubt_engine_used *used)
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

int ort_model_describe(void *self, struct doubt_engine_used *used)
{
    struct ort_engine *e = self;
    used->threads = e->threads;
    used->streams = 1;
    /* Nothing of ours is on a device that a provider by name has. */
    if (e->choice.device < 0)
        used->lacks = DOUBT_OP_RUN_DEVICE | DOUBT_OP_FLUSH;
    int all_on_cpu = e->placement.nodes > 0 && e->placement.on_cpu == e->placement.nodes;
    if (e->choice.kind != ORT_CPU && !(e->choice.kind == ORT_NAMED && all_on_cpu)) {
        ort_provider_describe(e, used);
        return 0;
    }
    snprintf(used->device, sizeof used->device, "CPU");
    snprintf(used->provider, sizeof used->provider, "CPUExecutionProvider");
    describe_precision(e, used);
    if (e->choice.kind == ORT_NAMED && used->detail[0] == '\0')
        snprintf(used->detail, sizeof used->detail, "provider %s took none of the nodes",
                 e->choice.name);
    return 0;
}

void ort_model_close(void *self)
{
    struct ort_engine *e = self;
    ort_run_free(e);
    for (int direction = ORT_IN; direction <= ORT_OUT; direction++) {
        for (size_t i = 0; i < e->port_count[direction]; i++)
            ort_give_back(e, (void *)(uintptr_t)e->ports[direction][i].tensor.name);
        free(e->ports[direction]);
        e->ports[direction] = NULL;
        e->port_count[direction] = 0;
    }
    if (e->session != NULL)
        e->api.ReleaseSession(e->session);
    e->session = NULL;
    ort_profile_end(e);
    ort_provider_stop(e);
}

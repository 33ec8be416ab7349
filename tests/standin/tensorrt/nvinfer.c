/* nvinfer.c: a stand-in for libnvinfer and its ONNX parser: objects with the virtual tables of the
 * real ones' (trt_api.h), behind which doubt's own reference interpreter computes.
 *
 * A unit of work is one call. So a network gets its right outputs, and nothing that these stand-ins
 * time means anything. $STANDIN_FAULT names the step that fails, with an error in the log as the
 * real library writes them; $STANDIN_VERSION replaces the version; $STANDIN_FULL=1 keeps every
 * layer in 32 bits whatever was asked for; with $STANDIN_MYELIN=N all nodes but the first N are one
 * layer, as the real library's compiler makes them. A method that the plug-in must not call ends
 * the process. Only for tests.
 */
#include "model/shape.h"
#include "model/tensor.h"
#include "nvinfer_int.h"

struct parser {
    const entry *table;
    struct object *network;
    void *logger;
    struct doubt_err err;
    struct parser_error {
        const entry *table;
        struct parser *of;
    } error;
};

int32_t getInferLibVersion(void);
void *createInferBuilder_INTERNAL(void *logger, int32_t version);
void *createInferRuntime_INTERNAL(void *logger, int32_t version);
void *standin_make_parser(void *network, void *logger, int version);

/* --- objects --------------------------------------------------------------------------------- */

static const entry *table_of(enum kind kind);

static void erase(void *self)
{
    struct object *o = self;
    for (int i = 0; o->kind == NETWORK && i < PORTS; i++)
        free(o->tensors[i]);
    doubt_interp_free(o->interp);
    doubt_graph_free(o->graph);
    free(o->bytes);
    free(o);
}

static const entry *public_table(void)
{
    static entry table[PLACES];
    for (int i = 0; i < PLACES; i++)
        table[i] = trap;
    table[TRT_PUBLIC_ERASE] = (entry)erase;
    return table;
}

static struct object *make(enum kind kind, void *logger)
{
    struct object *o = calloc(1, sizeof *o);
    if (o == NULL)
        abort();
    o->public_table = public_table();
    o->behind = &o->table;
    o->table = table_of(kind);
    o->kind = kind;
    o->logger = logger;
    return o;
}

static void *make_memory(const void *data, size_t bytes)
{
    struct object *o = make(MEMORY, NULL);
    o->bytes = malloc(bytes + 1);
    if (o->bytes == NULL)
        abort();
    memcpy(o->bytes, data, bytes);
    o->byte_count = bytes;
    return o;
}

/* --- the graph ------------------------------------------------------------------------------- */

/* Reads the bytes that the object has into a graph with the head's sizes. */
static enum doubt_code open_graph(struct object *o, const void *model, size_t bytes,
                                  struct doubt_err *err)
{
    enum doubt_code code = doubt_onnx_parse(model, bytes, "the model", &o->graph, err);
    for (int i = 0; code == DOUBT_OK && i < o->head.input_count; i++) {
        struct doubt_value value = *doubt_graph_input(o->graph, (size_t)i);
        memcpy(value.dims, o->head.dims[i], sizeof value.dims);
        code = doubt_graph_set_value(o->graph, &value, err);
    }
    if (code == DOUBT_OK)
        code = doubt_shape_infer(o->graph, err);
    return code == DOUBT_OK ? doubt_interp_new(o->graph, &o->interp, err) : code;
}

static int32_t type_of(const struct doubt_value *value)
{
    switch (value->dtype) {
    case DOUBT_F16:
        return TRT_F16;
    case DOUBT_I32:
    case DOUBT_I64:
        return TRT_I32;
    default:
        return TRT_F32;
    }
}

/* --- builder --------------------------------------------------------------------------------- */

static bool has_half(void *self)
{
    (void)self;
    return !is_fault("slow half");
}

static int32_t dla_cores(void *self)
{
    (void)self;
    return is_fault("dla") ? 2 : 0;
}

static void *create_network(void *self, uint32_t flags)
{
    struct object *builder = inner(self);
    if (fails(builder->logger, "network") || flags != (STANDIN_MAJOR == 8 ? 1 : 0))
        return NULL;
    return make(NETWORK, builder->logger);
}

static void *create_config(void *self)
{
    struct object *builder = inner(self), *config;
    if (fails(builder->logger, "config"))
        return NULL;
    config = make(CONFIG, builder->logger);
    config->value = FLAG_TF32;
    config->sources = STANDIN_MAJOR == 8 ? 15 : STANDIN_MAJOR == 10 ? 24 : 3;
    return config;
}

static void *build_serialized(void *self, void *network_, void *config_)
{
    struct object *builder = inner(self), *network = network_, *config = config_;
    if (fails(builder->logger, "build") || fails(builder->logger, "out of memory"))
        return NULL;
    struct plan_head head = network->head;
    memcpy(head.magic, "STANDIN", 8);
    head.version = getInferLibVersion();
    head.flags = getenv("STANDIN_FULL") != NULL ? config->value & ~FLAG_FP16 : config->value;
    head.model_bytes = network->byte_count;
    unsigned char *plan = malloc(sizeof head + network->byte_count);
    if (plan == NULL)
        abort();
    memcpy(plan, &head, sizeof head);
    memcpy(plan + sizeof head, network->bytes, network->byte_count);
    void *memory = make_memory(plan, sizeof head + network->byte_count);
    free(plan);
    return memory;
}

/* --- configuration --------------------------------------------------------------------------- */

static int flag_of(int32_t flag)
{
    if (STANDIN_MAJOR <= 10 && flag == TRT_FLAG_FP16)
        return FLAG_FP16;
    return flag == (STANDIN_MAJOR == 8 ? TRT_FLAG_TF32_8 : TRT_FLAG_TF32_10) ? FLAG_TF32 : 0;
}

static void set_flag(void *self, int32_t flag)
{
    inner(self)->value |= flag_of(flag);
}

static void clear_flag(void *self, int32_t flag)
{
    inner(self)->value &= ~flag_of(flag);
}

static void set_workspace(void *self, size_t bytes)
{
    inner(self)->workspace = bytes;
}

static void set_pool(void *self, int32_t pool, size_t bytes)
{
    if (pool == TRT_POOL_WORKSPACE)
        inner(self)->workspace = bytes;
}

static void take_int(void *self, int32_t value)
{
    (void)self;
    (void)value;
}

static bool set_sources(void *self, uint32_t sources)
{
    struct object *config = inner(self);
    config->sources = sources;
    return !fails(config->logger, "sources");
}

static uint32_t get_sources(void *self)
{
    return inner(self)->sources;
}

static void *create_timing(void *self, const void *blob, size_t bytes)
{
    (void)self;
    (void)blob;
    struct object *timing = make(TIMING, NULL);
    timing->value = (int)bytes;
    return timing;
}

static bool set_timing(void *self, const void *timing, bool ignore)
{
    inner(self)->timing = (struct object *)(uintptr_t)timing;
    return !ignore;
}

static const void *get_timing(void *self)
{
    return inner(self)->timing;
}

static void *serialize_timing(void *self)
{
    (void)self;
    return make_memory("times", 5);
}

/* --- network and its inputs ------------------------------------------------------------------ */

static int32_t input_count(void *self)
{
    return (int32_t)doubt_graph_input_count(inner(self)->graph);
}

static void *get_input(void *self, int32_t i)
{
    struct object *network = inner(self);
    if (network->tensors[i] == NULL) {
        network->tensors[i] = make(TENSOR, network->logger);
        network->tensors[i]->of = network;
        network->tensors[i]->index = i;
    }
    return network->tensors[i];
}

static const char *tensor_name(void *self)
{
    struct object *tensor = inner(self);
    return port(tensor->of, tensor->index)->name;
}

static int32_t tensor_type(void *self)
{
    struct object *tensor = inner(self);
    return type_of(port(tensor->of, tensor->index));
}

static void set_dims(struct object *tensor, int32_t count, const int64_t *dims)
{
    struct object *network = tensor->of;
    network->head.input_count = input_count(&network->table);
    network->head.ranks[tensor->index] = count;
    memcpy(network->head.dims[tensor->index], dims, sizeof network->head.dims[0]);
}

static struct trt_dims64 dims_of(const struct doubt_value *value)
{
    struct trt_dims64 dims = {value->rank, {0}};
    for (int i = 0; i < value->rank; i++)
        dims.d[i] = value->dims[i];
    return dims;
}

static struct trt_dims32 narrow(struct trt_dims64 wide)
{
    struct trt_dims32 dims = {wide.count, {0}};
    for (int i = 0; i < TRT_DIMS_MAX; i++)
        dims.d[i] = (int32_t)wide.d[i];
    return dims;
}

static void set_dims_8(void *self, struct trt_dims32 dims)
{
    int64_t wide[TRT_DIMS_MAX];
    for (int i = 0; i < TRT_DIMS_MAX; i++)
        wide[i] = dims.d[i];
    set_dims(inner(self), dims.count, wide);
}

static void set_dims_10(void *self, const struct trt_dims64 *dims)
{
    set_dims(inner(self), dims->count, dims->d);
}

static struct trt_dims64 get_dims_10(void *self)
{
    struct object *tensor = inner(self);
    return dims_of(port(tensor->of, tensor->index));
}

static struct trt_dims32 get_dims_8(void *self)
{
    return narrow(get_dims_10(self));
}

/* --- memory ---------------------------------------------------------------------------------- */

static void *memory_data(void *self)
{
    return inner(self)->bytes;
}

static size_t memory_size(void *self)
{
    return inner(self)->byte_count;
}

/* --- runtime and engine ---------------------------------------------------------------------- */

static void *deserialize(struct object *runtime, const void *blob, size_t bytes)
{
    struct doubt_err err = {0};
    struct object *engine;
    if (fails(runtime->logger, "engine"))
        return NULL;
    engine = make(ENGINE, runtime->logger);
    if (bytes < sizeof engine->head)
        goto bad;
    memcpy(&engine->head, blob, sizeof engine->head);
    if (memcmp(engine->head.magic, "STANDIN", 8) != 0 ||
        engine->head.version != getInferLibVersion() ||
        engine->head.model_bytes != bytes - sizeof engine->head)
        goto bad;
    engine->byte_count = bytes - sizeof engine->head;
    engine->bytes = malloc(engine->byte_count + 1);
    if (engine->bytes == NULL)
        goto bad;
    memcpy(engine->bytes, (const char *)blob + sizeof engine->head, engine->byte_count);
    if (open_graph(engine, engine->bytes, engine->byte_count, &err) == DOUBT_OK)
        return engine;
bad:
    say(runtime->logger, TRT_ERROR, "the plan does not fit this version or GPU");
    erase(engine);
    return NULL;
}

static void *deserialize_8(void *self, const void *blob, size_t bytes, void *factory)
{
    return factory == NULL ? deserialize(inner(self), blob, bytes) : NULL;
}

static void *deserialize_10(void *self, const void *blob, size_t bytes)
{
    return deserialize(inner(self), blob, bytes);
}

static int32_t count_ports(void *self)
{
    return port_count(inner(self));
}

static const char *port_name(void *self, int32_t i)
{
    return port(inner(self), i)->name;
}

static bool port_is_input(void *self, int32_t i)
{
    return (size_t)i < doubt_graph_input_count(inner(self)->graph);
}

static int32_t port_type(void *self, int32_t i)
{
    return type_of(port(inner(self), i));
}

static struct trt_dims64 engine_dims(void *self, int32_t i)
{
    struct trt_dims64 dims = dims_of(port(inner(self), i));
    if (is_fault("open output") && !port_is_input(self, i))
        dims.d[0] = -1;
    return dims;
}

static struct trt_dims32 port_dims(void *self, int32_t i)
{
    return narrow(engine_dims(self, i));
}

static int32_t name_mode(void *self, const char *name)
{
    return port_is_input(self, find_port(inner(self), name)) ? TRT_IO_INPUT : 2;
}

static int32_t name_type(void *self, const char *name)
{
    return port_type(self, find_port(inner(self), name));
}

static struct trt_dims64 name_dims(void *self, const char *name)
{
    return engine_dims(self, find_port(inner(self), name));
}

static int32_t layer_count(void *self)
{
    return standin_layer_count(inner(self));
}

static void *create_context(void *self)
{
    struct object *engine = inner(self), *context;
    if (fails(engine->logger, "context"))
        return NULL;
    context = make(CONTEXT, engine->logger);
    context->of = engine;
    return context;
}

static void *create_context_10(void *self, int32_t strategy)
{
    return strategy == 0 ? create_context(self) : NULL;
}

static void *create_inspector(void *self)
{
    struct object *engine = inner(self), *inspector;
    if (fails(engine->logger, "inspector"))
        return NULL;
    inspector = make(INSPECTOR, engine->logger);
    inspector->of = engine;
    return inspector;
}

/* --- parser ---------------------------------------------------------------------------------- */

static bool parse(void *self, const void *model, size_t bytes, const char *path)
{
    struct parser *parser = self;
    struct object *network = parser->network;
    if (fails(parser->logger, "parse")) {
        doubt_err_set(&parser->err, DOUBT_E_FORMAT, "the stand-in fails at parse");
        return false;
    }
    if (path == NULL || open_graph(network, model, bytes, &parser->err) != DOUBT_OK) {
        say(parser->logger, TRT_ERROR, parser->err.text);
        return false;
    }
    network->bytes = malloc(bytes + 1);
    network->byte_count = bytes;
    if (network->bytes == NULL)
        abort();
    memcpy(network->bytes, model, bytes);
    return true;
}

static int error_count(void *self)
{
    return ((struct parser *)self)->err.code != DOUBT_OK;
}

static const void *get_error(void *self, int i)
{
    return i == 0 ? &((struct parser *)self)->error : NULL;
}

static const char *error_text(void *self)
{
    return ((struct parser_error *)self)->of->err.text;
}

static int error_node(void *self)
{
    (void)self;
    return 7;
}

static void erase_parser(void *self)
{
    free(self);
}

/* --- tables ---------------------------------------------------------------------------------- */

/* Puts a function at the place of its method where this major has it. */
static void put(entry *table, int place, entry function)
{
    if (place >= 0)
        table[place] = function;
}
#define PUT(class_, method, function) put(table, p->class_##_##method, (entry)(function))
#define PUT_10(class_, method, function) put(table, p->class_##_##method##_10, (entry)(function))

static void fill_build(const struct trt_places *p, enum kind kind, entry *table)
{
    if (kind == BUILDER) {
        PUT(VBuilder, platformHasFastFp16, has_half);
        PUT(VBuilder, getNbDLACores, dla_cores);
        PUT(VBuilder, createBuilderConfig, create_config);
        PUT(VBuilder, createNetworkV2, create_network);
        PUT(VBuilder, buildSerializedNetwork, build_serialized);
    } else if (kind == CONFIG) {
        PUT(VBuilderConfig, setMaxWorkspaceSize, set_workspace);
        PUT(VBuilderConfig, setMemoryPoolLimit, set_pool);
        PUT(VBuilderConfig, clearFlag, clear_flag);
        PUT(VBuilderConfig, setFlag, set_flag);
        PUT(VBuilderConfig, setDLACore, take_int);
        PUT(VBuilderConfig, setDefaultDeviceType, take_int);
        PUT(VBuilderConfig, setProfilingVerbosity, take_int);
        PUT(VBuilderConfig, setTacticSources, set_sources);
        PUT(VBuilderConfig, getTacticSources, get_sources);
        PUT(VBuilderConfig, createTimingCache, create_timing);
        PUT(VBuilderConfig, setTimingCache, set_timing);
        PUT(VBuilderConfig, getTimingCache, get_timing);
    } else if (kind == NETWORK) {
        PUT(VNetworkDefinition, getNbInputs, input_count);
        PUT(VNetworkDefinition, getInput, get_input);
    } else if (kind == TENSOR) {
        PUT(VTensor, getName, tensor_name);
        PUT(VTensor, getType, tensor_type);
        PUT(VTensor, setDimensions, set_dims_8);
        PUT(VTensor, getDimensions, get_dims_8);
        PUT_10(VTensor, setDimensions, set_dims_10);
        PUT_10(VTensor, getDimensions, get_dims_10);
    }
}

static void fill_engine(const struct trt_places *p, entry *table)
{
    PUT(VCudaEngine, getNbBindings, count_ports);
    PUT(VCudaEngine, getBindingName, port_name);
    PUT(VCudaEngine, bindingIsInput, port_is_input);
    PUT(VCudaEngine, getBindingDataType, port_type);
    PUT(VCudaEngine, getBindingDimensions, port_dims);
    PUT(VCudaEngine, getNbLayers, layer_count);
    PUT(VCudaEngine, createEngineInspector, create_inspector);
    PUT(VCudaEngine, createExecutionContext, create_context);
    PUT_10(VCudaEngine, createExecutionContext, create_context_10);
    PUT(VCudaEngine, getNbIOTensors, count_ports);
    PUT(VCudaEngine, getIOTensorName, port_name);
    PUT(VCudaEngine, getTensorIOMode, name_mode);
    PUT(VCudaEngine, getTensorDataType, name_type);
    PUT_10(VCudaEngine, getTensorShape, name_dims);
}

static void fill_run(const struct trt_places *p, enum kind kind, entry *table)
{
    if (kind == MEMORY) {
        PUT(VHostMemory, data, memory_data);
        PUT(VHostMemory, size, memory_size);
    } else if (kind == TIMING) {
        PUT(VTimingCache, serialize, serialize_timing);
    } else if (kind == RUNTIME) {
        PUT(VRuntime, setDLACore, take_int);
        PUT(VRuntime, deserializeCudaEngine, deserialize_8);
        PUT_10(VRuntime, deserializeCudaEngine, deserialize_10);
    } else if (kind == ENGINE) {
        fill_engine(p, table);
    } else if (kind == CONTEXT) {
        PUT(VExecutionContext, setProfiler, standin_set_profiler);
        PUT(VExecutionContext, enqueueV2, standin_enqueue_v2);
        PUT(VExecutionContext, setTensorAddress, standin_set_address);
        PUT(VExecutionContext, enqueueV3, standin_enqueue_v3);
    } else if (kind == INSPECTOR) {
        PUT(VEngineInspector, setExecutionContext, standin_inspect_context);
        PUT(VEngineInspector, getLayerInformation, standin_layer_text);
    }
}

static const entry *table_of(enum kind kind)
{
    static entry tables[KINDS][PLACES];
    entry *table = tables[kind];
    if (table[0] == NULL) {
        for (int i = 0; i < PLACES; i++)
            table[i] = trap;
        fill_build(places(), kind, table);
        fill_run(places(), kind, table);
    }
    return table;
}

void *standin_make_parser(void *network, void *logger, int version)
{
    static entry table[PLACES], error_table[PLACES];
    const struct trt_places *p = places();
    if (fails(logger, "parser") || version != TRT_PARSER_VERSION)
        return NULL;
    for (int i = 0; i < PLACES; i++)
        table[i] = error_table[i] = trap;
    PUT(IParser, parse, parse);
    PUT(IParser, getNbErrors, error_count);
    PUT(IParser, getError, get_error);
    PUT(IParser, erase, erase_parser);
    put(error_table, p->IParserError_desc, (entry)error_text);
    put(error_table, p->IParserError_node, (entry)error_node);
    struct parser *parser = calloc(1, sizeof *parser);
    if (parser == NULL)
        abort();
    parser->table = table;
    parser->network = network;
    parser->logger = logger;
    parser->error.table = error_table;
    parser->error.of = parser;
    return parser;
}

int32_t getInferLibVersion(void)
{
    const char *text = getenv("STANDIN_VERSION");
    return text != NULL ? atoi(text) : STANDIN_VERSION;
}

void *createInferBuilder_INTERNAL(void *logger, int32_t version)
{
    return fails(logger, "builder") || version != getInferLibVersion() ? NULL
                                                                       : make(BUILDER, logger);
}

void *createInferRuntime_INTERNAL(void *logger, int32_t version)
{
    return fails(logger, "runtime") || version != getInferLibVersion() ? NULL
                                                                       : make(RUNTIME, logger);
}

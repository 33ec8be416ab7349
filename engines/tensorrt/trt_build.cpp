/* trt_build.cpp: from an ONNX file to a serialised plan.
 *
 * A unit of work is one build: parse, configure, let the library time its tactics, serialise. Takes
 * seconds to minutes. Objects are deleted in the reverse order of their making; the parser lives
 * until the build is done, since it owns the weights.
 */
#include "trt_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a build makes on its way. */
struct build {
    void *builder, *network, *parser, *config, *timing, *plan;
};

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<int64_t>(t.tv_sec) * 1000000000 + t.tv_nsec;
}

/* --- the network ----------------------------------------------------------------------------- */

static int fail_parse(trt_engine *e, void *parser)
{
    const trt_places *p = &e->places;
    int count = trt_IParser_getNbErrors(p, parser);
    if (count < 1)
        return TRT_FAIL(e, "TensorRT %s cannot read %s: %s", e->version_text, e->request.model_path,
                        trt_log_reason(e));
    void *error = const_cast<void *>(trt_IParser_getError(p, parser, 0));
    const char *text = trt_IParserError_desc(p, error);
    return TRT_FAIL(e, "TensorRT %s cannot read %s: node %d: %s", e->version_text,
                    e->request.model_path, trt_IParserError_node(p, error),
                    text != nullptr && text[0] != '\0' ? text : trt_log_reason(e));
}

/* Sizes of a network's input, in the form of either version. */
static int read_dims(trt_engine *e, void *input, doubt_tensor *tensor)
{
    trt_dims64 dims;
    if (e->major == 8) {
        trt_dims32 narrow = trt_VTensor_getDimensions(&e->places, input);
        dims.count = narrow.count;
        for (int i = 0; i < TRT_DIMS_MAX; i++)
            dims.d[i] = narrow.d[i];
    } else {
        dims = trt_VTensor_getDimensions_10(&e->places, input);
    }
    if (dims.count < 0 || dims.count > TRT_DIMS_MAX)
        return TRT_FAIL(e, "input \"%s\" has %d dimensions, 0 to %d are supported", tensor->name,
                        dims.count, TRT_DIMS_MAX);
    tensor->rank = dims.count;
    memcpy(tensor->dims, dims.d, sizeof dims.d);
    return 0;
}

static void write_dims(trt_engine *e, void *input, const doubt_tensor *tensor)
{
    trt_dims32 narrow = {tensor->rank, {0}};
    trt_dims64 wide = {tensor->rank, {0}};
    for (int i = 0; i < tensor->rank; i++) {
        narrow.d[i] = static_cast<int32_t>(tensor->dims[i]);
        wide.d[i] = tensor->dims[i];
    }
    if (e->major == 8)
        trt_VTensor_setDimensions(&e->places, input, narrow);
    else
        trt_VTensor_setDimensions_10(&e->places, input, const_cast<const trt_dims64 *>(&wide));
}

/* Fills what the file leaves open from the request, and refuses what contradicts it. */
static int set_input(trt_engine *e, void *input)
{
    doubt_tensor tensor;
    memset(&tensor, 0, sizeof tensor);
    tensor.name = trt_VTensor_getName(&e->places, input);
    if (read_dims(e, input, &tensor) != 0)
        return -1;
    const doubt_tensor *asked = nullptr;
    for (uint32_t i = 0; i < e->request.input_count; i++)
        if (strcmp(e->request.inputs[i].name, tensor.name) == 0)
            asked = &e->request.inputs[i];
    if (asked != nullptr && asked->rank != tensor.rank)
        return TRT_FAIL(e, "input \"%s\" has %d dimensions, %d were given", tensor.name,
                        tensor.rank, asked->rank);
    for (int i = 0; i < tensor.rank; i++) {
        if (asked != nullptr && tensor.dims[i] >= 0 && tensor.dims[i] != asked->dims[i])
            return TRT_FAIL(e, "input \"%s\" is fixed at %lld in dimension %d, %lld was asked for",
                            tensor.name, static_cast<long long>(tensor.dims[i]), i,
                            static_cast<long long>(asked->dims[i]));
        if (asked != nullptr)
            tensor.dims[i] = asked->dims[i];
        if (tensor.dims[i] < 0)
            return TRT_FAIL(e, "input \"%s\" has no size in dimension %d: state its sizes",
                            tensor.name, i);
    }
    write_dims(e, input, &tensor);
    return 0;
}

static int set_inputs(trt_engine *e, void *network)
{
    int32_t count = trt_VNetworkDefinition_getNbInputs(&e->places, network);
    e->half_file = 0;
    for (int32_t i = 0; i < count; i++) {
        void *input = trt_VNetworkDefinition_getInput(&e->places, network, i);
        if (input == nullptr)
            return TRT_FAIL(e, "TensorRT %s gives no input %d", e->version_text, i);
        if (trt_VTensor_getType(&e->places, input) == TRT_F16)
            e->half_file = 1;
        if (set_input(e, input) != 0)
            return -1;
    }
    return 0;
}

static int make_network(trt_engine *e, build *b)
{
    uint32_t flags = e->major == 8 ? TRT_EXPLICIT_BATCH_8 : 0;
    b->network = trt_VBuilder_createNetworkV2(&e->places, b->builder, flags);
    if (b->network == nullptr)
        return TRT_FAIL(e, "TensorRT %s makes no network: %s", e->version_text, trt_log_reason(e));
    b->parser = e->create_parser(b->network, e->log->memory, TRT_PARSER_VERSION);
    if (b->parser == nullptr)
        return TRT_FAIL(e, "TensorRT %s makes no ONNX parser: %s", e->version_text,
                        trt_log_reason(e));
    if (!trt_IParser_parse(&e->places, b->parser, static_cast<const void *>(e->model),
                           e->model_bytes, e->request.model_path))
        return fail_parse(e, b->parser);
    return set_inputs(e, b->network);
}

/* --- the configuration ----------------------------------------------------------------------- */

/* Halves are asked for by a flag up to 10; 11 takes them from the file alone. */
static void set_precision(trt_engine *e, void *builder, void *config)
{
    const trt_places *p = &e->places;
    int tf32 = e->major == 8 ? TRT_FLAG_TF32_8 : TRT_FLAG_TF32_10;
    if (e->request.precision == DOUBT_PRECISION_F32)
        trt_VBuilderConfig_clearFlag(p, config, tf32);
    else
        trt_VBuilderConfig_setFlag(p, config, tf32);
    if (e->major > 10)
        return;
    if (e->request.precision == DOUBT_PRECISION_F16 || e->half_file)
        trt_VBuilderConfig_setFlag(p, config, TRT_FLAG_FP16);
    if (e->request.precision == DOUBT_PRECISION_F16 &&
        !trt_VBuilder_platformHasFastFp16(p, builder))
        TRT_NOTE(e, "TensorRT says that FP16 is not fast on this GPU");
}

/* Tactics of libraries that are not here fail in the middle of a build: leave them out. */
static int set_sources(trt_engine *e, void *config)
{
    uint32_t sources = trt_VBuilderConfig_getTacticSources(&e->places, config);
    if (e->options.sources >= 0)
        sources = static_cast<uint32_t>(e->options.sources);
    else if (e->major < 11 && (sources & ~e->missing_sources) != 0)
        sources &= ~e->missing_sources;
    if (!trt_VBuilderConfig_setTacticSources(&e->places, config, sources))
        return TRT_FAIL(e, "TensorRT %s does not take the tactic sources %u: %s", e->version_text,
                        sources, trt_log_reason(e));
    return 0;
}

static int set_dla(trt_engine *e, void *builder, void *config)
{
    int cores = trt_VBuilder_getNbDLACores(&e->places, builder);
    if (e->options.dla < 0)
        return 0;
    if (e->options.dla >= cores)
        return TRT_FAIL(e, "there is no DLA core %d: this machine has %d", e->options.dla, cores);
    trt_VBuilderConfig_setDefaultDeviceType(&e->places, config, TRT_DEVICE_DLA);
    trt_VBuilderConfig_setDLACore(&e->places, config, e->options.dla);
    trt_VBuilderConfig_setFlag(&e->places, config, TRT_FLAG_GPU_FALLBACK);
    return 0;
}

static void set_timing_cache(trt_engine *e, build *b)
{
    size_t bytes = 0;
    void *blob = trt_cache_read_timing(e, &bytes);
    if (e->options.timing_cache)
        b->timing = trt_VBuilderConfig_createTimingCache(&e->places, b->config,
                                                         static_cast<const void *>(blob), bytes);
    if (b->timing != nullptr)
        trt_VBuilderConfig_setTimingCache(&e->places, b->config,
                                          static_cast<const void *>(b->timing), false);
    free(blob);
}

static int make_config(trt_engine *e, build *b)
{
    const trt_places *p = &e->places;
    b->config = trt_VBuilder_createBuilderConfig(p, b->builder);
    if (b->config == nullptr)
        return TRT_FAIL(e, "TensorRT %s makes no configuration: %s", e->version_text,
                        trt_log_reason(e));
    size_t workspace = static_cast<size_t>(e->options.workspace_mb) << 20;
    if (e->major == 8)
        trt_VBuilderConfig_setMaxWorkspaceSize(p, b->config, workspace);
    else
        trt_VBuilderConfig_setMemoryPoolLimit(p, b->config, TRT_POOL_WORKSPACE, workspace);
    trt_VBuilderConfig_setProfilingVerbosity(p, b->config, TRT_VERBOSITY_DETAILED);
    set_precision(e, b->builder, b->config);
    if (set_sources(e, b->config) != 0 || set_dla(e, b->builder, b->config) != 0)
        return -1;
    set_timing_cache(e, b);
    return 0;
}

/* --- the build ------------------------------------------------------------------------------- */

static void keep_timing(trt_engine *e, build *b)
{
    void *cache = b->timing != nullptr
                      ? const_cast<void *>(trt_VBuilderConfig_getTimingCache(&e->places, b->config))
                      : nullptr;
    void *memory = cache != nullptr ? trt_VTimingCache_serialize(&e->places, cache) : nullptr;
    if (memory != nullptr)
        trt_cache_write_timing(e, trt_VHostMemory_data(&e->places, memory),
                               trt_VHostMemory_size(&e->places, memory));
    trt_delete(memory);
}

static int take_plan(trt_engine *e, build *b, void **plan, size_t *plan_bytes)
{
    *plan_bytes = trt_VHostMemory_size(&e->places, b->plan);
    *plan = malloc(*plan_bytes > 0 ? *plan_bytes : 1);
    if (*plan == nullptr)
        return TRT_FAIL(e, "out of memory for a plan of %zu bytes", *plan_bytes);
    memcpy(*plan, trt_VHostMemory_data(&e->places, b->plan), *plan_bytes);
    return 0;
}

static int build_all(trt_engine *e, build *b)
{
    b->builder = e->create_builder(e->log->memory, e->version);
    if (b->builder == nullptr)
        return TRT_FAIL(e, "TensorRT %s does not start: %s", e->version_text, trt_log_reason(e));
    if (make_network(e, b) != 0 || make_config(e, b) != 0)
        return -1;
    b->plan = trt_VBuilder_buildSerializedNetwork(&e->places, b->builder, b->network, b->config);
    if (b->plan == nullptr)
        return TRT_FAIL(e, "TensorRT %s cannot build the network: %s", e->version_text,
                        trt_log_reason(e));
    keep_timing(e, b);
    return 0;
}

int trt_build(trt_engine *e, void **plan, size_t *plan_bytes)
{
    build b = {nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
    int64_t begin = now_ns();
    trt_log_clear(e);
    int result = build_all(e, &b);
    if (result == 0)
        result = take_plan(e, &b, plan, plan_bytes);
    trt_delete(b.plan);
    trt_delete(b.timing);
    trt_delete(b.config);
    if (b.parser != nullptr)
        trt_IParser_erase(&e->places, b.parser);
    trt_delete(b.network);
    trt_delete(b.builder);
    e->build_ns = now_ns() - begin;
    return result;
}

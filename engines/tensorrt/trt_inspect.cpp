/* trt_inspect.cpp: what the built engine really computes in, told by the library's inspector.
 *
 * A unit of work is one layer's description (JSON, as the detailed verbosity gives it). A layer
 * with weights counts with its multiply-accumulates: the number of weights times the positions of
 * its output (of its input for a transposed convolution). A layer in 32 bits counts as TF32 when
 * the name of its tactic says so. What a layer does not tell is not guessed: one of the library's
 * compiler Myelin ("ForeignNode") stands for a part of the network, up to the whole, and names the
 * formats of its ends only.
 */
#include "trt_int.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != nullptr ? text : "";
}

/* From a word like "Half" or "Channel major FP16 format where channel % 8 == 0". */
static doubt_precision precision_in(const char *text)
{
    static const struct {
        const char *word;
        doubt_precision precision;
    } words[] = {{"BF16", DOUBT_PRECISION_BF16}, {"BFloat16", DOUBT_PRECISION_BF16},
                 {"FP16", DOUBT_PRECISION_F16},  {"Half", DOUBT_PRECISION_F16},
                 {"INT8", DOUBT_PRECISION_I8},   {"Int8", DOUBT_PRECISION_I8},
                 {"FP32", DOUBT_PRECISION_F32},  {"Float", DOUBT_PRECISION_F32}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(text, words[i].word) != nullptr)
            return words[i].precision;
    return DOUBT_PRECISION_ANY;
}

/* Elements of a port over all but axis 1 (the channels). */
static double positions_of(const json_t *ports)
{
    const json_t *dims = json_object_get(json_array_get(ports, 0), "Dimensions");
    double positions = 1;
    for (size_t i = 0; i < json_array_size(dims); i++)
        if (i != 1)
            positions *= json_number_value(json_array_get(dims, i));
    return json_array_size(dims) > 1 ? positions : 0;
}

static double macs_of(const json_t *layer)
{
    const json_t *weights = json_object_get(layer, "Weights");
    const char *kind = text_of(layer, "ParameterType");
    int transposed = strstr(kind, "Deconvolution") != nullptr ||
                     strstr(text_of(layer, "LayerType"), "Deconv") != nullptr;
    return json_number_value(json_object_get(weights, "Count")) *
           positions_of(json_object_get(layer, transposed ? "Inputs" : "Outputs"));
}

static int is_compiled(const json_t *layer)
{
    return strcmp(text_of(layer, "LayerType"), "Myelin") == 0;
}

/* By the weights, else by the first output. */
static doubt_precision precision_of(const trt_engine *e, const json_t *layer)
{
    if (is_compiled(layer))
        return DOUBT_PRECISION_ANY;
    const json_t *output = json_array_get(json_object_get(layer, "Outputs"), 0);
    const char *format = text_of(output, "Format/Datatype");
    doubt_precision precision = precision_in(text_of(json_object_get(layer, "Weights"), "Type"));
    if (precision == DOUBT_PRECISION_ANY)
        precision = precision_in(format[0] != '\0' ? format : text_of(output, "Format"));
    if (precision != DOUBT_PRECISION_F32)
        return precision;
    const char *tactic = text_of(layer, "TacticName");
    if (strstr(tactic, "tf32") != nullptr)
        return DOUBT_PRECISION_TF32;
    int may_be_tf32 = e->request.precision != DOUBT_PRECISION_F32 && e->device_info.major >= 8;
    return may_be_tf32 && tactic[0] == '\0' && macs_of(layer) > 0 ? DOUBT_PRECISION_ANY : precision;
}

static int is_copy(const char *type)
{
    return strcmp(type, "Reformat") == 0 || strcmp(type, "NoOp") == 0 ||
           strcmp(type, "Constant") == 0;
}

static int add_layer(trt_engine *e, const json_t *json, trt_layer ***end)
{
    trt_layer *layer = static_cast<trt_layer *>(calloc(1, sizeof *layer));
    if (layer == nullptr)
        return TRT_FAIL(e, "out of memory for a layer's description");
    const char *name = json_is_string(json) ? json_string_value(json) : text_of(json, "Name");
    snprintf(layer->name, sizeof layer->name, "%s", name);
    snprintf(layer->type, sizeof layer->type, "%s", text_of(json, "LayerType"));
    layer->precision = precision_of(e, json);
    **end = layer;
    *end = &layer->next;
    if (is_copy(layer->type))
        return 0;
    if (layer->precision == DOUBT_PRECISION_ANY) {
        e->precisions.untold++;
        e->precisions.compiled += is_compiled(json);
    } else {
        e->precisions.macs[layer->precision] += macs_of(json);
        e->precisions.layers[layer->precision]++;
        e->precisions.weights +=
            json_number_value(json_object_get(json_object_get(json, "Weights"), "Count"));
    }
    return 0;
}

static int inspect_all(trt_engine *e, void *inspector)
{
    int32_t count = trt_VCudaEngine_getNbLayers(&e->places, e->engine);
    trt_layer **end = &e->layers;
    if (!trt_VEngineInspector_setExecutionContext(&e->places, inspector,
                                                  static_cast<const void *>(e->run_context)))
        return TRT_FAIL(e, "TensorRT %s cannot inspect its engine: %s", e->version_text,
                        trt_log_reason(e));
    for (int32_t i = 0; i < count; i++) {
        const char *text =
            trt_VEngineInspector_getLayerInformation(&e->places, inspector, i, TRT_FORMAT_JSON);
        json_t *json = text != nullptr
                           ? json_loads(text, JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, nullptr)
                           : nullptr;
        int result = json != nullptr ? add_layer(e, json, &end) : 0;
        if (json == nullptr)
            e->precisions.untold++;
        json_decref(json);
        if (result != 0)
            return result;
    }
    return 0;
}

int trt_inspect(trt_engine *e)
{
    void *inspector = trt_VCudaEngine_createEngineInspector(&e->places, e->engine);
    memset(&e->precisions, 0, sizeof e->precisions);
    if (inspector == nullptr)
        return TRT_FAIL(e, "TensorRT %s makes no inspector: %s", e->version_text,
                        trt_log_reason(e));
    int result = inspect_all(e, inspector);
    trt_delete(inspector);
    return result;
}

int trt_half_file(const trt_engine *e)
{
    for (uint32_t i = 0; i < e->port_count; i++)
        if (e->ports[i].is_input && e->ports[i].tensor.dtype == DOUBT_F16)
            return 1;
    return 0;
}

/* Beside compiled layers, what the others tell is said of the network only when they hold at least
 * half of the file's weights. */
static int speaks_for_all(const trt_engine *e)
{
    double told_bytes = e->precisions.weights * (trt_half_file(e) ? 2 : 4);
    return e->precisions.compiled == 0 || 2 * told_bytes >= static_cast<double>(e->model_bytes);
}

/* 11 computes in the types of the file. */
static doubt_precision untold_precision(const trt_engine *e)
{
    return e->major >= 11 && trt_half_file(e) ? DOUBT_PRECISION_F16 : DOUBT_PRECISION_ANY;
}

doubt_precision trt_precision(const trt_engine *e, char *text, size_t bytes)
{
    static const char *const names[DOUBT_PRECISION_COUNT] = {"",     "FP32", "TF32",
                                                             "BF16", "FP16", "INT8"};
    const trt_precisions *found = &e->precisions;
    double macs = 0, parts[DOUBT_PRECISION_COUNT], total = 0;
    int best = DOUBT_PRECISION_ANY;
    size_t len = 0;
    for (int p = 0; p < DOUBT_PRECISION_COUNT; p++)
        macs += found->macs[p];
    for (int p = 0; p < DOUBT_PRECISION_COUNT; p++) {
        parts[p] = macs > 0 ? found->macs[p] : found->layers[p];
        total += parts[p];
        if (parts[p] > parts[best])
            best = p;
    }
    text[0] = '\0';
    for (int p = 0; p < DOUBT_PRECISION_COUNT && len < bytes; p++)
        if (parts[p] > 0)
            len += static_cast<size_t>(snprintf(text + len, bytes - len, "%s%s in %.4g %%",
                                                len > 0 ? ", " : "", names[p],
                                                100 * parts[p] / total));
    if (total > 0 && len < bytes)
        len += static_cast<size_t>(
            snprintf(text + len, bytes - len, " of the %s%s", macs > 0 ? "MACs" : "layers",
                     speaks_for_all(e) ? "" : " that are told, the lesser part"));
    if (found->untold > 0 && len < bytes)
        snprintf(text + len, bytes - len, "%s%d layers do not tell", len > 0 ? "; " : "",
                 found->untold);
    return speaks_for_all(e) && best != DOUBT_PRECISION_ANY ? static_cast<doubt_precision>(best)
                                                            : untold_precision(e);
}

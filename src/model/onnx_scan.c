/* onnx_scan.c: takes an ONNX file apart without copying its weights.
 *
 * A unit of work is one field of a protocol-buffers message: its number, its kind and its bytes
 * (https://protobuf.dev/programming-guides/encoding/). Messages may be joined end to end and their
 * fields may come in any order, so a message less some of its fields is a message again. Every
 * length is checked against what is left. Nothing here knows what a field means beyond where the
 * graph, its initializers and their raw bytes are.
 */
#include "model/onnx_int.h"

#include <stdlib.h>
#include <string.h>

enum {
    MODEL_IR = 1,
    MODEL_GRAPH = 7,
    GRAPH_NODE = 1,
    GRAPH_INITIALIZER = 5,
    GRAPH_SPARSE = 15,
    NODE_ATTRIBUTE = 5,
    ATTRIBUTE_GRAPH = 6,
    TENSOR_RAW = 9,
    NESTED_MAX = 16 /* graphs within attributes within graphs */
};

enum wire_type { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

struct field {
    uint64_t number;
    enum wire_type type;
    const uint8_t *begin; /* of the key */
    const uint8_t *data;  /* of the contents, for BYTES */
    size_t size;
};

struct reader {
    const uint8_t *at, *end;
    bool bad; /* no protocol-buffers message */
    bool cut; /* a field goes beyond the end */
};

static uint64_t read_varint(struct reader *r)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (r->at == r->end) {
            r->cut = true;
            return 0;
        }
        uint8_t byte = *r->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
    r->bad = true;
    return 0;
}

/* The next field; false at the end or when the message is broken (then bad or cut is set). */
static bool next_field(struct reader *r, struct field *field)
{
    if (r->at == r->end)
        return false;
    field->begin = r->at;
    uint64_t key = read_varint(r), size = 0;
    field->number = key >> 3;
    field->type = (enum wire_type)(key & 7);
    field->data = r->at;
    switch (key & 7) {
    case VARINT:
        read_varint(r);
        break;
    case FIXED64:
        size = 8;
        break;
    case FIXED32:
        size = 4;
        break;
    case BYTES:
        size = read_varint(r);
        field->data = r->at;
        break;
    default:
        r->bad = true;
    }
    if (field->number == 0)
        r->bad = true;
    if (!r->bad && size > (size_t)(r->end - r->at))
        r->cut = true;
    if (r->bad || r->cut)
        return false;
    field->size = (size_t)size;
    r->at += size;
    return true;
}

/* --- depth ----------------------------------------------------------------------------------- */

/* Whether graphs within this message are nested at most NESTED_MAX deep; the decoder goes down by
 * recursion. Level 0 is a node, 1 an attribute, 2 a graph, 3 a node again. Broken messages are left
 * to the decoder. */
static bool shallow(const uint8_t *data, size_t size, int level)
{
    static const uint64_t down[] = {NODE_ATTRIBUTE, ATTRIBUTE_GRAPH, GRAPH_NODE};
    struct reader r = {.at = data, .end = data + size};
    struct field field;
    if (level > 3 * NESTED_MAX)
        return false;
    while (next_field(&r, &field))
        if (field.number == down[level % 3] && field.type == BYTES &&
            !shallow(field.data, field.size, level + 1))
            return false;
    return true;
}

/* --- parts ----------------------------------------------------------------------------------- */

static void append(uint8_t *buffer, size_t *used, const struct reader *r, const struct field *field)
{
    size_t bytes = (size_t)(r->at - field->begin);
    memcpy(buffer + *used, field->begin, bytes);
    *used += bytes;
}

static bool add_tensor(struct doubti_onnx_parts *parts, const struct field *field)
{
    if ((parts->tensor_count & (parts->tensor_count - 1)) == 0) {
        size_t room = parts->tensor_count ? 2 * parts->tensor_count : 1;
        struct doubti_onnx_tensor *more = realloc(parts->tensors, room * sizeof *more);
        if (!more)
            return false;
        parts->tensors = more;
    }
    struct doubti_onnx_tensor *tensor = &parts->tensors[parts->tensor_count++];
    *tensor = (struct doubti_onnx_tensor){.message = field->data, .size = field->size};
    struct reader r = {.at = field->data, .end = field->data + field->size};
    struct field part;
    while (next_field(&r, &part))
        if (part.number == TENSOR_RAW && part.type == BYTES && !tensor->raw) {
            tensor->raw = part.data;
            tensor->raw_size = part.size;
            tensor->raw_begin = (size_t)(part.begin - field->data);
            tensor->raw_end = (size_t)(r.at - field->data);
        }
    return true;
}

static enum doubt_code broken(const struct reader *r, bool began, struct doubt_err *err)
{
    if (r->bad || !began)
        return doubt_err_set(err, DOUBT_E_FORMAT, "this is no ONNX file");
    return doubt_err_set(
        err, DOUBT_E_FORMAT,
        "the file is cut short, or no ONNX file: a part of it goes beyond its end; "
        "copy it again");
}

static enum doubt_code scan_graph(const struct field *graph, struct doubti_onnx_parts *parts,
                                  struct doubt_err *err)
{
    struct reader r = {.at = graph->data, .end = graph->data + graph->size};
    struct field field;
    while (next_field(&r, &field)) {
        if (field.number == GRAPH_INITIALIZER && field.type == BYTES) {
            if (!add_tensor(parts, &field))
                return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for the list of weights");
            continue;
        }
        parts->sparse |= field.number == GRAPH_SPARSE;
        if (field.number == GRAPH_NODE && field.type == BYTES &&
            !shallow(field.data, field.size, 0))
            return doubt_err_set(err, DOUBT_E_FORMAT, "graphs are nested more than %d deep",
                                 (int)NESTED_MAX);
        append(parts->graph, &parts->graph_size, &r, &field);
    }
    return r.bad || r.cut ? broken(&r, true, err) : DOUBT_OK;
}

/* Bytes that are not initializers, so that the copies are as large as what they will hold. */
static size_t graph_rest(const uint8_t *data, size_t size)
{
    struct reader r = {.at = data, .end = data + size};
    struct field field;
    size_t rest = 0;
    while (next_field(&r, &field))
        if (field.number != GRAPH_INITIALIZER || field.type != BYTES)
            rest += (size_t)(r.at - field.begin);
    return rest;
}

/* Sizes of both copies, and whether the file is whole. */
static enum doubt_code measure(const uint8_t *data, size_t size, size_t *model, size_t *graph,
                               struct doubt_err *err)
{
    struct reader r = {.at = data, .end = data + size};
    struct field field;
    bool began = false;
    while (next_field(&r, &field)) {
        began |= field.number == MODEL_IR && field.type == VARINT;
        if (field.number == MODEL_GRAPH && field.type == BYTES)
            *graph += graph_rest(field.data, field.size);
        else
            *model += (size_t)(r.at - field.begin);
    }
    return r.bad || r.cut ? broken(&r, began, err) : DOUBT_OK;
}

enum doubt_code doubti_onnx_scan(const void *data, size_t size, struct doubti_onnx_parts *parts,
                                 struct doubt_err *err)
{
    size_t model = 0, graph = 0;
    *parts = (struct doubti_onnx_parts){.model = NULL};
    enum doubt_code code = measure(data, size, &model, &graph, err);
    if (code != DOUBT_OK)
        return code;
    parts->model = malloc(model + 1);
    parts->graph = malloc(graph + 1);
    if (!parts->model || !parts->graph)
        return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for %zu bytes of it", model + graph);
    struct reader r = {.at = data, .end = (const uint8_t *)data + size};
    struct field field;
    while (next_field(&r, &field) && code == DOUBT_OK) {
        if (field.number != MODEL_GRAPH || field.type != BYTES) {
            append(parts->model, &parts->model_size, &r, &field);
            continue;
        }
        parts->has_graph = true;
        code = scan_graph(&field, parts, err);
    }
    return code;
}

void doubti_onnx_parts_free(struct doubti_onnx_parts *parts)
{
    free(parts->model);
    free(parts->graph);
    free(parts->tensors);
    *parts = (struct doubti_onnx_parts){.model = NULL};
}

/* onnx_read.c: see onnx.h. Reading.
 *
 * A unit of work is one file. onnx_scan.c takes it apart, protobuf-c decodes what is small,
 * onnx_tensor.c adds the weights where they lie. Constant nodes become constants of the graph. What
 * differs between opsets in attributes is put into one form here: see old_opset(). Not for files of
 * other formats.
 */
#include "model/onnx.h"

#include "model/onnx_int.h"
#include "model/tensor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    OPSET_MIN = 7,  /* from here on operators broadcast as today */
    OPSET_MAX = 28, /* the newest that ONNX had defined when this was written */
    OPSET_SOFTMAX = 13
};

static enum doubt_code undecodable(struct doubti_onnx *r, const char *what)
{
    if (r->ledger.over)
        return doubti_onnx_no_room(r);
    return doubt_err_set(r->err, DOUBT_E_FORMAT, "its %s cannot be decoded; this is no ONNX file",
                         what);
}

/* --- Constant nodes -------------------------------------------------------------------------- */

/* Numbers in attributes as a constant of their own. */
static enum doubt_code add_numbers(struct doubti_onnx *r, const attr_proto *attr, const char *name)
{
    bool list = strchr(attr->name, 's') != NULL, floats = strncmp(attr->name, "value_f", 7) == 0;
    size_t count = !list ? 1 : floats ? attr->n_floats : attr->n_ints;
    const void *from = floats ? (list ? (const void *)attr->floats : &attr->f)
                              : (list ? (const void *)attr->ints : &attr->i);
    struct doubt_const constant = {.value = {.name = name,
                                             .dtype = floats ? DOUBT_F32 : DOUBT_I64,
                                             .rank = list ? 1 : 0,
                                             .dims = {(int64_t)count}},
                                   .fill = DOUBT_FILL_DATA};
    constant.bytes = count * doubt_dtype_bytes(constant.value.dtype);
    constant.data = doubti_onnx_copy(r, from, constant.bytes);
    if (!constant.data)
        return doubti_onnx_no_room(r);
    return doubt_graph_add_const(r->graph, &constant, r->err);
}

static enum doubt_code add_constant_node(struct doubti_onnx *r, const node_proto *node)
{
    static const char *const numbers[] = {"value_float", "value_floats", "value_int", "value_ints"};
    const attr_proto *attr = node->n_attribute == 1 ? node->attribute[0] : NULL;
    const char *name = node->n_output == 1 ? node->output[0] : "";
    const char *kind = attr ? doubti_onnx_text(attr->name) : "";
    if (strcmp(kind, "value") == 0 && attr->t) {
        const struct doubti_onnx_item *item = doubti_onnx_find_item(r, name);
        struct doubti_onnx_item own = {.name = name, .tensor = attr->t};
        own.parameter = item && item->parameter;
        return doubti_onnx_add_item(r, &own);
    }
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (strcmp(kind, numbers[k]) == 0)
            return add_numbers(r, attr, name);
    return doubt_err_set(r->err, DOUBT_E_UNSUPPORTED,
                         "the Constant \"%.200s\" holds \"%.40s\", which is not read; a tensor or "
                         "numbers are",
                         doubti_onnx_text(name), kind);
}

/* --- nodes ----------------------------------------------------------------------------------- */

/* The kind as written, or by what is there (files before IR 2 do not say). */
static int attr_kind(const attr_proto *from)
{
    if (from->type != DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__UNDEFINED)
        return (int)from->type;
    if (from->has_f)
        return DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__FLOAT;
    if (from->has_i)
        return DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__INT;
    if (from->has_s)
        return DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__STRING;
    return from->n_ints ? DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__INTS : 0;
}

/* Text in the graph's memory; NULL when there is no room or when it holds a NUL. */
static const char *bytes_text(struct doubti_onnx *r, const ProtobufCBinaryData *bytes)
{
    if (bytes->len > 0 && memchr(bytes->data, 0, bytes->len))
        return NULL;
    return doubti_onnx_copy(r, bytes->data, bytes->len);
}

/* One attribute; *kept is false for kinds that nothing here reads (graphs, lists of strings). */
static enum doubt_code read_attr(struct doubti_onnx *r, const attr_proto *from,
                                 struct doubt_attr *attr, bool *kept)
{
    *attr = (struct doubt_attr){.name = doubti_onnx_text(from->name)};
    *kept = attr->name[0] != '\0';
    switch (attr_kind(from)) {
    case DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__FLOAT:
        attr->kind = DOUBT_ATTR_FLOAT;
        attr->f = from->f;
        return DOUBT_OK;
    case DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__INT:
        attr->kind = DOUBT_ATTR_INT;
        attr->i = from->i;
        return DOUBT_OK;
    case DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__STRING:
        attr->kind = DOUBT_ATTR_STRING;
        attr->s = bytes_text(r, &from->s);
        if (!attr->s && r->ledger.over)
            return doubti_onnx_no_room(r);
        *kept = *kept && attr->s;
        return DOUBT_OK;
    case DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__INTS:
        if (from->n_ints > DOUBT_ATTR_INTS_MAX)
            return doubt_err_set(r->err, DOUBT_E_UNSUPPORTED,
                                 "the attribute %.60s has %zu integers; at most %d are read",
                                 attr->name, from->n_ints, (int)DOUBT_ATTR_INTS_MAX);
        attr->kind = DOUBT_ATTR_INTS;
        attr->int_count = (int32_t)from->n_ints;
        if (from->n_ints > 0)
            memcpy(attr->ints, from->ints, from->n_ints * sizeof *from->ints);
        return DOUBT_OK;
    case DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__TENSOR:
        *kept = *kept && from->t && doubti_onnx_number(from->t, attr);
        return DOUBT_OK;
    default:
        *kept = false;
        return DOUBT_OK;
    }
}

/* Before opset 13 softmax took all dims from axis 1 on as one row, unless the axis was given. */
static size_t old_opset(const struct doubti_onnx *r, const struct doubt_node *node,
                        struct doubt_attr *attrs, size_t count)
{
    bool softmax = strcmp(node->op, "Softmax") == 0 || strcmp(node->op, "LogSoftmax") == 0;
    if (r->opset >= OPSET_SOFTMAX || !softmax)
        return count;
    attrs[count++] = (struct doubt_attr){.name = "flatten", .kind = DOUBT_ATTR_INT, .i = 1};
    for (size_t k = 0; k + 1 < count; k++)
        if (strcmp(attrs[k].name, "axis") == 0)
            return count;
    attrs[count++] = (struct doubt_attr){.name = "axis", .kind = DOUBT_ATTR_INT, .i = 1};
    return count;
}

static enum doubt_code read_attrs(struct doubti_onnx *r, const node_proto *from,
                                  struct doubt_node *node, struct doubt_attr *attrs)
{
    size_t count = 0;
    enum doubt_code code = DOUBT_OK;
    for (size_t k = 0; k < from->n_attribute && code == DOUBT_OK; k++) {
        bool kept = false;
        code = read_attr(r, from->attribute[k], &attrs[count], &kept);
        /* Other domains' attributes may be of any size; no one here reads them. */
        if (code == DOUBT_E_UNSUPPORTED && !doubti_onnx_default_domain(from)) {
            *r->err = (struct doubt_err){.code = DOUBT_OK};
            code = DOUBT_OK;
            kept = false;
        }
        count += kept;
    }
    if (doubti_onnx_default_domain(from))
        count = old_opset(r, node, attrs, count);
    node->attrs = attrs;
    node->attr_count = (uint32_t)count;
    return code;
}

static enum doubt_code add_node(struct doubti_onnx *r, const node_proto *from)
{
    struct doubt_node node = {.name = doubti_onnx_text(from->name),
                              .op = doubti_onnx_text(from->op_type),
                              .domain = doubti_onnx_text(from->domain)};
    const char *label = node.name[0] || from->n_output == 0 ? node.name : from->output[0];
    if (!node.op[0])
        return doubt_err_set(r->err, DOUBT_E_FORMAT, "node \"%.200s\" has no operator", label);
    if (from->n_input > DOUBT_NODE_INPUTS_MAX || from->n_output > DOUBT_NODE_OUTPUTS_MAX)
        return doubt_err_set(
            r->err, DOUBT_E_UNSUPPORTED,
            "node \"%.200s\" (%.60s) has %zu inputs and %zu outputs; at most %d and "
            "%d are read",
            label, node.op, from->n_input, from->n_output, (int)DOUBT_NODE_INPUTS_MAX,
            (int)DOUBT_NODE_OUTPUTS_MAX);
    node.input_count = (uint32_t)from->n_input;
    node.output_count = (uint32_t)from->n_output;
    for (size_t k = 0; k < from->n_input; k++)
        node.inputs[k] = doubti_onnx_text(from->input[k]);
    for (size_t k = 0; k < from->n_output; k++)
        node.outputs[k] = doubti_onnx_text(from->output[k]);
    /* Two more for old_opset(). What the graph will hold is counted as the decoder's memory is. */
    size_t attr_bytes = (from->n_attribute + 2) * sizeof(struct doubt_attr);
    size_t graph_bytes = sizeof node + from->n_output * (sizeof(struct doubt_value) + 64);
    if (!doubti_onnx_charge(r, 2 * attr_bytes + graph_bytes))
        return doubti_onnx_no_room(r);
    struct doubt_attr *attrs = malloc(attr_bytes);
    if (!attrs)
        return doubti_onnx_no_room(r);
    enum doubt_code code = read_attrs(r, from, &node, attrs);
    if (code != DOUBT_OK)
        doubt_err_prefix(r->err, "node \"%.200s\" (%.60s)", label, node.op);
    if (code == DOUBT_OK)
        code = doubt_graph_add_node(r->graph, &node, r->err);
    free(attrs);
    return code;
}

/* --- inputs, outputs, declared shapes -------------------------------------------------------- */

/* Type and shape as declared; a size that is not a number, or -1, is unknown. */
static enum doubt_code read_value(struct doubti_onnx *r, const value_proto *from,
                                  struct doubt_value *value)
{
    *value = (struct doubt_value){.name = doubti_onnx_text(from->name), .rank = -1};
    const Doubt__Onnx__TypeProto__Tensor *tensor = from->type ? from->type->tensor_type : NULL;
    if (!tensor || doubt_dtype_bytes((enum doubt_dtype)tensor->elem_type) == 0)
        return doubt_err_set(r->err, DOUBT_E_UNSUPPORTED,
                             "\"%.200s\" is no tensor of a type that is read (numbers and bool)",
                             value->name);
    value->dtype = (enum doubt_dtype)tensor->elem_type;
    if (!tensor->shape)
        return DOUBT_OK;
    if (tensor->shape->n_dim > DOUBT_RANK_MAX)
        return doubt_err_set(r->err, DOUBT_E_UNSUPPORTED,
                             "\"%.200s\" has %zu dims; at most %d are read", value->name,
                             tensor->shape->n_dim, (int)DOUBT_RANK_MAX);
    value->rank = (int32_t)tensor->shape->n_dim;
    for (size_t d = 0; d < tensor->shape->n_dim; d++) {
        const Doubt__Onnx__TensorShape__Dimension *dim = tensor->shape->dim[d];
        bool known = dim->value_case == DOUBT__ONNX__TENSOR_SHAPE__DIMENSION__VALUE_DIM_VALUE;
        value->dims[d] = known ? dim->dim_value : -1;
        if (value->dims[d] < -1)
            return doubt_err_set(r->err, DOUBT_E_FORMAT, "\"%.200s\" has the negative size %lld",
                                 value->name, (long long)value->dims[d]);
    }
    return DOUBT_OK;
}

/* Weights may be listed as inputs too (IR 3); those are none. */
static enum doubt_code add_inputs(struct doubti_onnx *r)
{
    for (size_t k = 0; k < r->proto->n_input; k++) {
        struct doubt_value value;
        if (doubti_onnx_find_item(r, r->proto->input[k]->name))
            continue;
        if (!doubti_onnx_charge(r, sizeof value + 64))
            return doubti_onnx_no_room(r);
        enum doubt_code code = read_value(r, r->proto->input[k], &value);
        if (code == DOUBT_OK)
            code = doubt_graph_add_input(r->graph, &value, r->err);
        if (code != DOUBT_OK)
            return code;
    }
    return DOUBT_OK;
}

/* A shape that the file declares for what a node makes; one that cannot be read says nothing. */
static void declare(struct doubti_onnx *r, const value_proto *from)
{
    struct doubt_value value;
    struct doubt_err unread = {.code = DOUBT_OK}, *err = r->err;
    const char *name = doubti_onnx_text(from->name);
    if (!doubt_graph_value(r->graph, name) || doubt_graph_const(r->graph, name))
        return;
    for (size_t k = 0; k < doubt_graph_input_count(r->graph); k++)
        if (strcmp(doubt_graph_input(r->graph, k)->name, name) == 0)
            return;
    r->err = &unread;
    if (read_value(r, from, &value) == DOUBT_OK)
        doubt_graph_set_value(r->graph, &value, &unread);
    r->err = err;
}

static enum doubt_code add_outputs(struct doubti_onnx *r)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t k = 0; k < r->proto->n_value_info; k++)
        declare(r, r->proto->value_info[k]);
    for (size_t k = 0; k < r->proto->n_output && code == DOUBT_OK; k++) {
        declare(r, r->proto->output[k]);
        code =
            doubt_graph_add_output(r->graph, doubti_onnx_text(r->proto->output[k]->name), r->err);
    }
    if (code == DOUBT_OK && r->proto->n_output == 0)
        code = doubt_err_set(r->err, DOUBT_E_FORMAT, "its graph has no output");
    return code;
}

/* --- the file -------------------------------------------------------------------------------- */

static enum doubt_code check_opset(struct doubti_onnx *r)
{
    for (size_t k = 0; k < r->model->n_opset_import; k++) {
        const char *domain = doubti_onnx_text(r->model->opset_import[k]->domain);
        if (domain[0] == '\0' || strcmp(domain, "ai.onnx") == 0)
            r->opset = r->model->opset_import[k]->version;
    }
    if (r->opset == 0)
        return doubt_err_set(r->err, DOUBT_E_FORMAT, "it names no opset of ONNX's own operators");
    if (r->opset < OPSET_MIN || r->opset > OPSET_MAX)
        return doubt_err_set(r->err, DOUBT_E_UNSUPPORTED,
                             "it is written for opset %lld; %d to %d are read. Convert it with "
                             "onnx.version_converter, or export it again",
                             (long long)r->opset, (int)OPSET_MIN, (int)OPSET_MAX);
    return DOUBT_OK;
}

static enum doubt_code decode_head(struct doubti_onnx *r)
{
    if (!r->parts.has_graph)
        return doubt_err_set(r->err, DOUBT_E_FORMAT, "it holds no graph; this is no ONNX model");
    if (r->parts.sparse)
        return doubt_err_set(
            r->err, DOUBT_E_UNSUPPORTED,
            "it holds sparse weights, which are not read; save them as dense ones");
    r->model = doubt__onnx__model_proto__unpack(&r->allocator, r->parts.model_size, r->parts.model);
    if (!r->model)
        return undecodable(r, "head");
    enum doubt_code code = check_opset(r);
    if (code != DOUBT_OK)
        return code;
    r->proto = doubt__onnx__graph_proto__unpack(&r->allocator, r->parts.graph_size, r->parts.graph);
    return r->proto ? doubti_onnx_list_items(r) : undecodable(r, "graph");
}

static enum doubt_code fill_graph(struct doubti_onnx *r)
{
    enum doubt_code code = add_inputs(r);
    for (size_t k = 0; k < r->initializer_count && code == DOUBT_OK; k++)
        code = doubti_onnx_add_item(r, &r->items[k]);
    for (size_t n = 0; n < r->proto->n_node && code == DOUBT_OK; n++)
        code = doubti_onnx_is_constant(r->proto->node[n]) ? add_constant_node(r, r->proto->node[n])
                                                          : add_node(r, r->proto->node[n]);
    return code == DOUBT_OK ? add_outputs(r) : code;
}

enum doubt_code doubt_onnx_parse(const void *data, size_t size, const char *label,
                                 struct doubt_graph **graph, struct doubt_err *err)
{
    struct doubti_onnx r = {.err = err};
    *graph = NULL;
    if (size == 0)
        return doubt_err_set(err, DOUBT_E_FORMAT, "%s: the file is empty", label);
    doubti_onnx_begin(&r, size);
    enum doubt_code code = doubti_onnx_scan(data, size, &r.parts, err);
    if (code == DOUBT_OK)
        code = decode_head(&r);
    if (code == DOUBT_OK) {
        r.graph = doubt_graph_new(doubti_onnx_text(r.proto->name));
        code = r.graph ? fill_graph(&r) : doubti_onnx_no_room(&r);
    }
    doubti_onnx_end(&r);
    if (code != DOUBT_OK) {
        doubt_graph_free(r.graph);
        doubt_err_prefix(err, "%s", label);
        return code;
    }
    *graph = r.graph;
    return DOUBT_OK;
}

/* A file in memory, for as long as its graph lives. */
struct mapping {
    void *data;
    size_t size;
};

static void unmap(void *resource)
{
    struct mapping *mapping = resource;
    munmap(mapping->data, mapping->size);
    free(mapping);
}

static enum doubt_code map_file(const char *path, struct mapping *mapping, struct doubt_err *err)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return doubt_err_errno(err, DOUBT_E_IO, errno, "cannot read the model %s", path);
    enum doubt_code code = DOUBT_OK;
    if (fstat(file, &status) != 0)
        code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot read the model %s", path);
    else if (!S_ISREG(status.st_mode))
        code = doubt_err_set(err, DOUBT_E_FORMAT, "%s is no file, so no ONNX model", path);
    else if (status.st_size == 0)
        code = doubt_err_set(err, DOUBT_E_FORMAT, "%s: the file is empty", path);
    if (code == DOUBT_OK) {
        mapping->size = (size_t)status.st_size;
        mapping->data = mmap(NULL, mapping->size, PROT_READ, MAP_PRIVATE, file, 0);
        if (mapping->data == MAP_FAILED)
            code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot map the model %s", path);
    }
    close(file);
    return code;
}

enum doubt_code doubt_onnx_load(const char *path, struct doubt_graph **graph, struct doubt_err *err)
{
    *graph = NULL;
    struct mapping *mapping = calloc(1, sizeof *mapping);
    if (!mapping)
        return doubt_err_set(err, DOUBT_E_MEMORY, "no memory to read %s", path);
    enum doubt_code code = map_file(path, mapping, err);
    if (code != DOUBT_OK) {
        free(mapping);
        return code;
    }
    code = doubt_onnx_parse(mapping->data, mapping->size, path, graph, err);
    if (code == DOUBT_OK && doubt_graph_own(*graph, mapping, unmap) == DOUBT_OK)
        return DOUBT_OK;
    if (code == DOUBT_OK)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "no memory to read %s", path);
    doubt_graph_free(*graph);
    *graph = NULL;
    unmap(mapping);
    return code;
}

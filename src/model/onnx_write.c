/* onnx_write.c: see onnx.h. Writing.
 *
 * The file is one ModelProto: a head, the graph's nodes and descriptions (small, packed in memory
 * by protobuf-c), then one initializer per constant, whose bytes are made piece by piece. Fields of
 * a protobuf message may come in any order and parts of a message may be joined end to end, so the
 * graph needs no second pass, only its size beforehand. Sizes and bytes depend on the graph alone.
 */
#include "model/onnx.h"

#include "model/tensor.h"
#include "util/file.h"
#include "util/sha256.h"
#include "util/str.h"

#include <errno.h>
#include <fcntl.h>
#include <onnx.pb-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PIECE_BYTES = 1 << 18,
    KEY_GRAPH = 7 << 3 | 2,       /* ModelProto.graph */
    KEY_INITIALIZER = 5 << 3 | 2, /* GraphProto.initializer */
    KEY_RAW_DATA = 9 << 3 | 2,    /* TensorProto.raw_data */
    VARINT_BYTES_MAX = 10
};

struct writer {
    const struct doubt_graph *graph;
    const struct doubt_onnx_sink *sink;
    struct doubt_err *err;
    enum doubt_code code; /* sticky */
    unsigned char *piece; /* PIECE_BYTES */
};

/* Short-lived memory for the messages of one pack; everything goes at once. */
struct scratch {
    struct scratch *next;
    _Alignas(16) unsigned char data[];
};

static void *scratch_alloc(struct scratch **list, size_t bytes)
{
    struct scratch *block = calloc(1, sizeof *block + bytes);
    if (block == NULL)
        return NULL;
    block->next = *list;
    *list = block;
    return block->data;
}

static void scratch_free(struct scratch *list)
{
    for (struct scratch *next; list != NULL; list = next) {
        next = list->next;
        free(list);
    }
}

/* --- bytes --------------------------------------------------------------------------------- */

static size_t varint(unsigned char *out, uint64_t value)
{
    size_t n = 0;
    for (; value >= 0x80; value >>= 7)
        out[n++] = (unsigned char)(value | 0x80);
    out[n++] = (unsigned char)value;
    return n;
}

static size_t varint_bytes(uint64_t value)
{
    unsigned char out[VARINT_BYTES_MAX];
    return varint(out, value);
}

static void put(struct writer *w, const void *data, size_t bytes)
{
    if (w->code != DOUBT_OK || bytes == 0)
        return;
    int error = w->sink->write(w->sink->context, data, bytes);
    if (error != 0)
        w->code = doubt_err_errno(w->err, DOUBT_E_IO, error, "cannot write the ONNX file of %s",
                                  doubt_graph_name(w->graph));
}

/* The head of a length-delimited field; keys here need one byte. */
static void put_field(struct writer *w, unsigned char key, uint64_t bytes)
{
    unsigned char head[1 + VARINT_BYTES_MAX] = {key};
    put(w, head, 1 + varint(head + 1, bytes));
}

static void put_message(struct writer *w, const ProtobufCMessage *message)
{
    size_t bytes = protobuf_c_message_get_packed_size(message);
    unsigned char *packed = malloc(bytes + 1);
    if (packed == NULL) {
        w->code = doubt_err_set(w->err, DOUBT_E_MEMORY, "out of memory while writing %s",
                                doubt_graph_name(w->graph));
        return;
    }
    put(w, packed, protobuf_c_message_pack(message, packed));
    free(packed);
}

/* --- messages ------------------------------------------------------------------------------ */

static Doubt__Onnx__AttributeProto *make_attr(struct scratch **s, const struct doubt_attr *attr)
{
    Doubt__Onnx__AttributeProto *out = scratch_alloc(s, sizeof *out);
    if (out == NULL)
        return NULL;
    doubt__onnx__attribute_proto__init(out);
    out->name = (char *)attr->name;
    out->has_type = 1;
    switch (attr->kind) {
    case DOUBT_ATTR_INT:
        out->type = DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__INT;
        out->has_i = 1;
        out->i = attr->i;
        break;
    case DOUBT_ATTR_FLOAT:
        out->type = DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__FLOAT;
        out->has_f = 1;
        out->f = attr->f;
        break;
    case DOUBT_ATTR_STRING:
        out->type = DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__STRING;
        out->has_s = 1;
        out->s.data = (uint8_t *)(attr->s == NULL ? "" : attr->s);
        out->s.len = attr->s == NULL ? 0 : strlen(attr->s);
        break;
    case DOUBT_ATTR_INTS:
        out->type = DOUBT__ONNX__ATTRIBUTE_PROTO__TYPE__INTS;
        out->n_ints = (size_t)attr->int_count;
        out->ints = (int64_t *)attr->ints;
        break;
    }
    return out;
}

static Doubt__Onnx__NodeProto *make_node(struct scratch **s, const struct doubt_node *node)
{
    Doubt__Onnx__NodeProto *out = scratch_alloc(s, sizeof *out);
    if (out == NULL)
        return NULL;
    doubt__onnx__node_proto__init(out);
    out->n_input = node->input_count;
    out->input = (char **)node->inputs;
    out->n_output = node->output_count;
    out->output = (char **)node->outputs;
    out->name = node->name[0] == '\0' ? NULL : (char *)node->name;
    out->op_type = (char *)node->op;
    out->domain = node->domain[0] == '\0' ? NULL : (char *)node->domain;
    out->attribute = scratch_alloc(s, node->attr_count * sizeof *out->attribute);
    if (out->attribute == NULL)
        return NULL;
    for (; out->n_attribute < node->attr_count; out->n_attribute++) {
        Doubt__Onnx__AttributeProto *attr = make_attr(s, &node->attrs[out->n_attribute]);
        if (attr == NULL)
            return NULL;
        out->attribute[out->n_attribute] = attr;
    }
    return out;
}

static Doubt__Onnx__TensorShape *make_shape(struct scratch **s, const struct doubt_value *value)
{
    Doubt__Onnx__TensorShape *shape = scratch_alloc(s, sizeof *shape);
    Doubt__Onnx__TensorShape__Dimension *dims = scratch_alloc(s, DOUBT_RANK_MAX * sizeof *dims);
    if (shape == NULL || dims == NULL)
        return NULL;
    doubt__onnx__tensor_shape__init(shape);
    shape->n_dim = (size_t)value->rank;
    shape->dim = scratch_alloc(s, DOUBT_RANK_MAX * sizeof *shape->dim);
    if (shape->dim == NULL)
        return NULL;
    for (int32_t i = 0; i < value->rank; i++) {
        doubt__onnx__tensor_shape__dimension__init(&dims[i]);
        shape->dim[i] = &dims[i];
        if (value->dims[i] < 0) /* a size known only at run time stays without a value */
            continue;
        dims[i].value_case = DOUBT__ONNX__TENSOR_SHAPE__DIMENSION__VALUE_DIM_VALUE;
        dims[i].dim_value = value->dims[i];
    }
    return shape;
}

static Doubt__Onnx__ValueInfo *make_value(struct scratch **s, const struct doubt_value *value)
{
    Doubt__Onnx__ValueInfo *info = scratch_alloc(s, sizeof *info);
    Doubt__Onnx__TypeProto *type = scratch_alloc(s, sizeof *type);
    Doubt__Onnx__TypeProto__Tensor *tensor = scratch_alloc(s, sizeof *tensor);
    if (info == NULL || type == NULL || tensor == NULL)
        return NULL;
    doubt__onnx__value_info__init(info);
    doubt__onnx__type_proto__init(type);
    doubt__onnx__type_proto__tensor__init(tensor);
    info->name = (char *)value->name;
    info->type = type;
    type->tensor_type = tensor;
    tensor->has_elem_type = 1;
    tensor->elem_type = (int32_t)value->dtype;
    if (value->rank < 0)
        return info;
    tensor->shape = make_shape(s, value);
    return tensor->shape == NULL ? NULL : info;
}

static bool is_output(const struct doubt_graph *graph, const char *name)
{
    for (size_t i = 0; i < doubt_graph_output_count(graph); i++) {
        if (strcmp(doubt_graph_output(graph, i), name) == 0)
            return true;
    }
    return false;
}

static bool add_nodes(struct scratch **s, const struct doubt_graph *graph,
                      Doubt__Onnx__GraphProto *out)
{
    size_t count = doubt_graph_node_count(graph), values = 0;
    for (size_t i = 0; i < count; i++)
        values += doubt_graph_node(graph, i)->output_count;
    out->node = scratch_alloc(s, count * sizeof *out->node);
    out->value_info = scratch_alloc(s, values * sizeof *out->value_info);
    if (out->node == NULL || out->value_info == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct doubt_node *node = doubt_graph_node(graph, i);
        Doubt__Onnx__NodeProto *made = make_node(s, node);
        if (made == NULL)
            return false;
        out->node[out->n_node++] = made;
        for (uint32_t j = 0; j < node->output_count; j++) {
            const struct doubt_value *value = doubt_graph_value(graph, node->outputs[j]);
            if (value == NULL || value->dtype == DOUBT_DTYPE_NONE || is_output(graph, value->name))
                continue;
            Doubt__Onnx__ValueInfo *info = make_value(s, value);
            if (info == NULL)
                return false;
            out->value_info[out->n_value_info++] = info;
        }
    }
    return true;
}

/* Everything but the initializers; false when out of memory. */
static bool make_graph(struct scratch **s, const struct doubt_graph *graph,
                       Doubt__Onnx__GraphProto *out)
{
    size_t inputs = doubt_graph_input_count(graph), outputs = doubt_graph_output_count(graph);
    doubt__onnx__graph_proto__init(out);
    out->name = (char *)doubt_graph_name(graph);
    out->input = scratch_alloc(s, inputs * sizeof *out->input);
    out->output = scratch_alloc(s, outputs * sizeof *out->output);
    if (out->input == NULL || out->output == NULL || !add_nodes(s, graph, out))
        return false;
    for (size_t i = 0; i < inputs; i++) {
        Doubt__Onnx__ValueInfo *info = make_value(s, doubt_graph_input(graph, i));
        if (info == NULL)
            return false;
        out->input[out->n_input++] = info;
    }
    for (size_t i = 0; i < outputs; i++) {
        const char *name = doubt_graph_output(graph, i);
        Doubt__Onnx__ValueInfo *info = make_value(s, doubt_graph_value(graph, name));
        if (info == NULL)
            return false;
        out->output[out->n_output++] = info;
    }
    return true;
}

static void make_tensor(const struct doubt_const *constant, Doubt__Onnx__TensorProto *out)
{
    doubt__onnx__tensor_proto__init(out);
    out->n_dims = (size_t)constant->value.rank;
    out->dims = (int64_t *)constant->value.dims;
    out->has_data_type = 1;
    out->data_type = (int32_t)constant->value.dtype;
    out->name = (char *)constant->value.name;
}

/* --- the file ------------------------------------------------------------------------------ */

/* Size of a constant's TensorProto: its description, then raw_data. */
static uint64_t tensor_bytes(const struct doubt_const *constant)
{
    Doubt__Onnx__TensorProto tensor;
    make_tensor(constant, &tensor);
    return doubt__onnx__tensor_proto__get_packed_size(&tensor) + 1 + varint_bytes(constant->bytes) +
           constant->bytes;
}

static void put_const(struct writer *w, const struct doubt_const *constant)
{
    Doubt__Onnx__TensorProto tensor;
    put_field(w, KEY_INITIALIZER, tensor_bytes(constant));
    make_tensor(constant, &tensor);
    put_message(w, &tensor.base);
    put_field(w, KEY_RAW_DATA, constant->bytes);
    size_t width = doubt_dtype_bytes(constant->value.dtype);
    uint64_t count = constant->bytes / width, most = PIECE_BYTES / width;
    for (uint64_t first = 0; first < count && w->code == DOUBT_OK; first += most) {
        uint64_t n = count - first < most ? count - first : most;
        doubt_const_read(constant, first, n, w->piece);
        put(w, w->piece, n * width);
    }
}

static void put_head(struct writer *w)
{
    Doubt__Onnx__ModelProto model = DOUBT__ONNX__MODEL_PROTO__INIT;
    Doubt__Onnx__OperatorSetId opset = DOUBT__ONNX__OPERATOR_SET_ID__INIT;
    Doubt__Onnx__OperatorSetId *opsets[] = {&opset};
    opset.domain = "";
    opset.has_version = 1;
    opset.version = DOUBT_ONNX_OPSET;
    model.has_ir_version = 1;
    model.ir_version = DOUBT_ONNX_IR;
    model.producer_name = "doubt";
    model.n_opset_import = 1;
    model.opset_import = opsets;
    put_message(w, &model.base);
}

/* Protobuf readers refuse messages of 2 GiB and more. */
static enum doubt_code graph_bytes(const struct doubt_graph *graph,
                                   const Doubt__Onnx__GraphProto *message, uint64_t *bytes,
                                   struct doubt_err *err)
{
    const uint64_t limit = ((uint64_t)1 << 31) - (1 << 16);
    *bytes = doubt__onnx__graph_proto__get_packed_size(message);
    for (size_t i = 0; i < doubt_graph_const_count(graph) && *bytes < limit; i++) {
        const struct doubt_const *constant = doubt_graph_const_at(graph, i);
        if (constant->bytes >= limit) {
            *bytes = limit;
            break;
        }
        uint64_t one = tensor_bytes(constant);
        *bytes += 1 + varint_bytes(one) + one;
    }
    if (*bytes >= limit)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s does not fit into an ONNX file, which ends at 2 GiB",
                             doubt_graph_name(graph));
    return DOUBT_OK;
}

enum doubt_code doubt_onnx_write(const struct doubt_graph *graph,
                                 const struct doubt_onnx_sink *sink, struct doubt_err *err)
{
    struct writer w = {.graph = graph, .sink = sink, .err = err};
    struct scratch *scratch = NULL;
    Doubt__Onnx__GraphProto message;
    uint64_t bytes = 0;
    w.piece = malloc(PIECE_BYTES);
    if (w.piece == NULL || !make_graph(&scratch, graph, &message))
        w.code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while writing %s",
                               doubt_graph_name(graph));
    else
        w.code = graph_bytes(graph, &message, &bytes, err);
    if (w.code == DOUBT_OK) {
        put_head(&w);
        put_field(&w, KEY_GRAPH, bytes);
        put_message(&w, &message.base);
    }
    for (size_t i = 0; i < doubt_graph_const_count(graph) && w.code == DOUBT_OK; i++)
        put_const(&w, doubt_graph_const_at(graph, i));
    scratch_free(scratch);
    free(w.piece);
    return w.code;
}

/* --- saving -------------------------------------------------------------------------------- */

struct target {
    int fd;
    struct doubt_sha256 *digest;
    const volatile sig_atomic_t *stop; /* NULL: to the end */
};

static int write_target(void *context, const void *data, size_t bytes)
{
    struct target *target = context;
    const unsigned char *at = data;
    if (target->stop != NULL && *target->stop != 0)
        return EINTR;
    doubt_sha256_add(target->digest, data, bytes);
    while (bytes > 0) {
        ssize_t done = write(target->fd, at, bytes);
        if (done < 0 && errno != EINTR)
            return errno;
        if (done > 0) {
            at += done;
            bytes -= (size_t)done;
        }
    }
    return 0;
}

/* Writes the open temporary and gives it its name. The digest is taken in any case. */
static enum doubt_code fill_and_name(const struct doubt_graph *graph, struct target *target,
                                     const char *temporary, const char *path, struct doubt_err *err)
{
    struct doubt_onnx_sink sink = {target, write_target};
    enum doubt_code code = doubt_onnx_write(graph, &sink, err);
    if (code == DOUBT_OK && fsync(target->fd) != 0)
        code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot write %s", path);
    if (close(target->fd) != 0 && code == DOUBT_OK)
        code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot write %s", path);
    if (code == DOUBT_OK && rename(temporary, path) != 0)
        code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot write %s", path);
    return code;
}

enum doubt_code doubt_onnx_save(const struct doubt_graph *graph, const char *path, char *digest,
                                struct doubt_err *err)
{
    return doubt_onnx_save_unless(graph, path, digest, NULL, err);
}

enum doubt_code doubt_onnx_save_unless(const struct doubt_graph *graph, const char *path,
                                       char *digest, const volatile sig_atomic_t *stop,
                                       struct doubt_err *err)
{
    struct doubt_str temporary;
    struct target target = {-1, doubt_sha256_new(), stop};
    doubt_str_init(&temporary, 1 << 16);
    doubt_str_addf(&temporary, "%s.%ld.part", path, (long)getpid());
    enum doubt_code code = DOUBT_OK;
    if (!doubt_file_may_replace(path)) {
        code = doubt_err_set(err, DOUBT_E_USAGE,
                             "%.300s is a device, pipe or socket, which a file would replace: give "
                             "the path of a file",
                             path);
        goto no_file;
    }
    if (target.digest == NULL || temporary.failed) {
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while writing %s", path);
        goto no_file;
    }
    target.fd = open(temporary.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (target.fd < 0) {
        code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot write a file beside %s", path);
        goto no_file;
    }
    code = fill_and_name(graph, &target, temporary.data, path, err);
    if (code != DOUBT_OK)
        unlink(temporary.data);
no_file:
    if (target.digest != NULL)
        doubt_sha256_finish(target.digest, code == DOUBT_OK ? digest : NULL);
    doubt_str_free(&temporary);
    return code;
}

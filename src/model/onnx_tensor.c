/* onnx_tensor.c: the tensors of an ONNX file, and the memory that reading may take.
 *
 * A unit of work is one tensor: decoded without its raw bytes, checked against its type and dims,
 * added to the graph in place or as a copy. Every allocation of the decoder is counted against a
 * ceiling that follows from the file's size. Byte order is little-endian, as in the file.
 */
#include "model/onnx_int.h"
#include "model/tensor.h"

#include <stdlib.h>
#include <string.h>

/* --- memory ---------------------------------------------------------------------------------- */

bool doubti_onnx_charge(struct doubti_onnx *r, size_t bytes)
{
    if (bytes > r->ledger.max - r->ledger.used) {
        r->ledger.over = true;
        return false;
    }
    r->ledger.used += bytes;
    return true;
}

static void *counted_alloc(void *context, size_t bytes)
{
    return doubti_onnx_charge(context, bytes + 16) ? malloc(bytes ? bytes : 1) : NULL;
}

static void counted_free(void *context, void *block)
{
    (void)context;
    free(block);
}

/* Enough for any real file; far too little for one made of millions of empty messages. */
static size_t ledger_max(size_t file_bytes)
{
    const size_t floor = (size_t)64 << 20, ceiling = (size_t)8 << 30;
    return file_bytes > (ceiling - floor) / 8 ? ceiling : floor + 8 * file_bytes;
}

void doubti_onnx_begin(struct doubti_onnx *r, size_t size)
{
    r->ledger.max = ledger_max(size);
    r->allocator = (ProtobufCAllocator){counted_alloc, counted_free, r};
}

void doubti_onnx_end(struct doubti_onnx *r)
{
    for (size_t k = 0; k < r->initializer_count; k++)
        if (r->items[k].tensor)
            doubt__onnx__tensor_proto__free_unpacked(r->items[k].tensor, &r->allocator);
    free(r->items);
    free(r->by_name);
    if (r->model)
        doubt__onnx__model_proto__free_unpacked(r->model, &r->allocator);
    if (r->proto)
        doubt__onnx__graph_proto__free_unpacked(r->proto, &r->allocator);
    doubti_onnx_parts_free(&r->parts);
}

enum doubt_code doubti_onnx_no_room(struct doubti_onnx *r)
{
    if (r->ledger.over)
        return doubt_err_set(
            r->err, DOUBT_E_FORMAT,
            "reading it would take more than %zu MB of memory, far more than a file "
            "of its size should",
            r->ledger.max >> 20);
    return doubt_err_set(r->err, DOUBT_E_MEMORY, "no memory to read it");
}

const char *doubti_onnx_text(const char *text)
{
    return text ? text : "";
}

void *doubti_onnx_copy(struct doubti_onnx *r, const void *from, size_t bytes)
{
    void *copy = doubti_onnx_charge(r, bytes) ? doubt_graph_alloc(r->graph, bytes + 1) : NULL;
    if (copy && from && bytes > 0)
        memcpy(copy, from, bytes);
    return copy;
}

/* --- one tensor ------------------------------------------------------------------------------ */

/* Decodes an initializer's message without its raw bytes. */
static enum doubt_code decode(struct doubti_onnx *r, const struct doubti_onnx_tensor *part,
                              struct doubti_onnx_item *item)
{
    size_t cut = part->raw ? part->raw_end - part->raw_begin : 0, size = part->size - cut;
    const uint8_t *message = part->message;
    uint8_t *joined = NULL;
    if (cut > 0) {
        joined = doubti_onnx_charge(r, size) ? malloc(size + 1) : NULL;
        if (!joined)
            return doubti_onnx_no_room(r);
        memcpy(joined, part->message, part->raw_begin);
        memcpy(joined + part->raw_begin, part->message + part->raw_end, size - part->raw_begin);
        message = joined;
    }
    item->tensor = doubt__onnx__tensor_proto__unpack(&r->allocator, size, message);
    free(joined);
    if (!item->tensor)
        return r->ledger.over
                   ? doubti_onnx_no_room(r)
                   : doubt_err_set(r->err, DOUBT_E_FORMAT,
                                   "its weights cannot be decoded; this is no ONNX file");
    item->name = doubti_onnx_text(item->tensor->name);
    item->raw = part->raw;
    item->raw_size = part->raw_size;
    return DOUBT_OK;
}

/* Type and dims of a tensor, checked. */
static enum doubt_code tensor_value(struct doubti_onnx *r, const struct doubti_onnx_item *item,
                                    struct doubt_value *value)
{
    const tensor_proto *t = item->tensor;
    *value = (struct doubt_value){.name = item->name};
    if (t->n_external_data > 0 || t->data_location == DOUBT__ONNX__TENSOR_PROTO__LOCATION__EXTERNAL)
        return doubt_err_set(r->err, DOUBT_E_UNSUPPORTED,
                             "the weights \"%.200s\" lie in another file (external data), which is "
                             "not read; save the model as one file",
                             item->name);
    if (doubt_dtype_bytes((enum doubt_dtype)t->data_type) == 0)
        return doubt_err_set(r->err, DOUBT_E_UNSUPPORTED,
                             "\"%.200s\" has the element type %d, which is not read", item->name,
                             (int)t->data_type);
    if (t->n_dims > DOUBT_RANK_MAX)
        return doubt_err_set(r->err, DOUBT_E_UNSUPPORTED,
                             "\"%.200s\" has %zu dims; at most %d are read", item->name, t->n_dims,
                             (int)DOUBT_RANK_MAX);
    value->dtype = (enum doubt_dtype)t->data_type;
    value->rank = (int32_t)t->n_dims;
    for (size_t d = 0; d < t->n_dims; d++) {
        if (t->dims[d] < 0)
            return doubt_err_set(r->err, DOUBT_E_FORMAT, "\"%.200s\" has the negative size %lld",
                                 item->name, (long long)t->dims[d]);
        value->dims[d] = t->dims[d];
    }
    return DOUBT_OK;
}

/* Where the schema puts elements of a type when they are not raw, and how far apart they lie. */
struct typed {
    const void *data;
    size_t count, stride;
};

static struct typed typed_data(const tensor_proto *t, enum doubt_dtype dtype)
{
    switch (dtype) {
    case DOUBT_F32:
        return (struct typed){t->float_data, t->n_float_data, sizeof *t->float_data};
    case DOUBT_F64:
        return (struct typed){t->double_data, t->n_double_data, sizeof *t->double_data};
    case DOUBT_I64:
        return (struct typed){t->int64_data, t->n_int64_data, sizeof *t->int64_data};
    case DOUBT_U32:
    case DOUBT_U64:
        return (struct typed){t->uint64_data, t->n_uint64_data, sizeof *t->uint64_data};
    default:
        return (struct typed){t->int32_data, t->n_int32_data, sizeof *t->int32_data};
    }
}

/* The low bytes of a wider integer come first. */
static void copy_typed(const struct typed *from, size_t bytes, void *out)
{
    for (size_t n = 0; n < from->count; n++)
        memcpy((unsigned char *)out + n * bytes,
               (const unsigned char *)from->data + n * from->stride, bytes);
}

static enum doubt_code wrong_size(struct doubti_onnx *r, const struct doubt_value *value,
                                  size_t elements)
{
    char shape[128];
    doubt_dims_format(value->dims, value->rank, shape, sizeof shape);
    return doubt_err_set(r->err, DOUBT_E_FORMAT,
                         "\"%.200s\" is declared as %s of %s; its data has %zu elements",
                         value->name, shape, doubt_dtype_name(value->dtype), elements);
}

/* Bytes of a tensor: in place where they lie in the file, else a copy that the graph owns. */
static enum doubt_code tensor_data(struct doubti_onnx *r, const struct doubti_onnx_item *item,
                                   struct doubt_const *constant)
{
    const tensor_proto *t = item->tensor;
    const struct doubt_value *value = &constant->value;
    size_t width = doubt_dtype_bytes(value->dtype), raw_size = item->raw_size;
    const void *raw = item->raw;
    if (!raw && t->has_raw_data) {
        raw = t->raw_data.data;
        raw_size = t->raw_data.len;
    }
    struct typed typed = typed_data(t, value->dtype);
    size_t elements = raw_size > 0 ? raw_size / width : typed.count;
    uint64_t count;
    if (!doubt_dims_count(value->dims, value->rank, &count) || elements != count ||
        (raw_size > 0 && raw_size % width != 0))
        return wrong_size(r, value, elements);
    constant->bytes = count * width;
    constant->data = raw;
    if (raw_size > 0 && item->raw)
        return DOUBT_OK;
    void *copy = doubti_onnx_copy(r, raw_size > 0 ? raw : NULL, constant->bytes);
    if (!copy)
        return doubti_onnx_no_room(r);
    if (raw_size == 0)
        copy_typed(&typed, width, copy);
    constant->data = copy;
    return DOUBT_OK;
}

enum doubt_code doubti_onnx_add_item(struct doubti_onnx *r, const struct doubti_onnx_item *item)
{
    struct doubt_const constant = {.fill = DOUBT_FILL_DATA, .parameter = item->parameter};
    if (!doubti_onnx_charge(r, sizeof constant + 64))
        return doubti_onnx_no_room(r);
    enum doubt_code code = tensor_value(r, item, &constant.value);
    if (code == DOUBT_OK)
        code = tensor_data(r, item, &constant);
    return code == DOUBT_OK ? doubt_graph_add_const(r->graph, &constant, r->err) : code;
}

bool doubti_onnx_number(const tensor_proto *t, struct doubt_attr *attr)
{
    enum doubt_dtype dtype = (enum doubt_dtype)t->data_type;
    uint64_t bits = 0;
    size_t width = doubt_dtype_bytes(dtype);
    struct typed typed = typed_data(t, dtype);
    if (width > 0 && t->has_raw_data && t->raw_data.len == width)
        memcpy(&bits, t->raw_data.data, width);
    else if (width > 0 && !t->has_raw_data && typed.count == 1)
        copy_typed(&typed, width, &bits);
    else
        return false;
    bool floats =
        dtype == DOUBT_F32 || dtype == DOUBT_F16 || dtype == DOUBT_BF16 || dtype == DOUBT_F64;
    attr->kind = floats ? DOUBT_ATTR_FLOAT : DOUBT_ATTR_INT;
    if (floats)
        attr->f = doubt_element_f32(&bits, dtype, 0);
    else
        attr->i = width == 8 ? (int64_t)bits : (int64_t)(double)doubt_element_f32(&bits, dtype, 0);
    return true;
}

/* --- all tensors ----------------------------------------------------------------------------- */

bool doubti_onnx_default_domain(const node_proto *node)
{
    const char *domain = doubti_onnx_text(node->domain);
    return domain[0] == '\0' || strcmp(domain, "ai.onnx") == 0;
}

bool doubti_onnx_is_constant(const node_proto *node)
{
    return doubti_onnx_default_domain(node) &&
           strcmp(doubti_onnx_text(node->op_type), "Constant") == 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(struct doubti_onnx_item *const *)a)->name,
                  (*(struct doubti_onnx_item *const *)b)->name);
}

struct doubti_onnx_item *doubti_onnx_find_item(const struct doubti_onnx *r, const char *name)
{
    struct doubti_onnx_item key = {.name = doubti_onnx_text(name)};
    struct doubti_onnx_item *wanted = &key;
    struct doubti_onnx_item **found =
        bsearch(&wanted, r->by_name, r->item_count, sizeof *r->by_name, compare_names);
    return found ? *found : NULL;
}

/* A float tensor that enters there is a parameter. */
static void mark(struct doubti_onnx *r, const node_proto *node, size_t input)
{
    struct doubti_onnx_item *item =
        input < node->n_input ? doubti_onnx_find_item(r, node->input[input]) : NULL;
    int type = item && item->tensor ? (int)item->tensor->data_type : 0;
    if (type == DOUBT_F32 || type == DOUBT_F16 || type == DOUBT_BF16 || type == DOUBT_F64)
        item->parameter = true;
}

/* Weights and biases by where they enter. */
static void mark_weights(struct doubti_onnx *r, const node_proto *node)
{
    static const struct {
        const char *op;
        size_t first, last; /* inputs that are parameters */
    } rows[] = {
        {"Conv", 1, 2},
        {"ConvTranspose", 1, 2},
        {"Gemm", 1, 2},
        {"MatMul", 0, 1},
        {"BatchNormalization", 1, 2},
        {"InstanceNormalization", 1, 2},
        {"LayerNormalization", 1, 2},
        {"GroupNormalization", 1, 2},
        {"PRelu", 1, 1},
        {"Gather", 0, 0},
        {"LSTM", 1, 3},
        {"GRU", 1, 3},
        {"RNN", 1, 3},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (strcmp(rows[k].op, doubti_onnx_text(node->op_type)) == 0)
            for (size_t input = rows[k].first; input <= rows[k].last; input++)
                mark(r, node, input);
}

/* A bias that is added to the product of the MatMul just before. */
static void mark_bias(struct doubti_onnx *r, const node_proto *node, const char *product)
{
    if (!product || strcmp(doubti_onnx_text(node->op_type), "Add") != 0 || node->n_input != 2)
        return;
    for (size_t k = 0; k < 2; k++)
        if (strcmp(doubti_onnx_text(node->input[1 - k]), product) == 0)
            mark(r, node, k);
}

static void mark_parameters(struct doubti_onnx *r)
{
    const char *product = NULL;
    for (size_t n = 0; n < r->proto->n_node; n++) {
        const node_proto *node = r->proto->node[n];
        if (!doubti_onnx_default_domain(node))
            continue;
        mark_weights(r, node);
        mark_bias(r, node, product);
        bool matmul = strcmp(doubti_onnx_text(node->op_type), "MatMul") == 0;
        product = matmul && node->n_output > 0 ? node->output[0] : NULL;
    }
}

enum doubt_code doubti_onnx_list_items(struct doubti_onnx *r)
{
    size_t room = r->parts.tensor_count + r->proto->n_node + 1;
    if (!doubti_onnx_charge(r, room * (sizeof *r->items + sizeof *r->by_name)))
        return doubti_onnx_no_room(r);
    r->items = calloc(room, sizeof *r->items);
    r->by_name = calloc(room, sizeof *r->by_name);
    if (!r->items || !r->by_name)
        return doubti_onnx_no_room(r);
    for (size_t k = 0; k < r->parts.tensor_count; k++) {
        enum doubt_code code = decode(r, &r->parts.tensors[k], &r->items[k]);
        r->initializer_count = k + 1;
        if (code != DOUBT_OK)
            return code;
    }
    r->item_count = r->initializer_count;
    for (size_t n = 0; n < r->proto->n_node; n++) {
        const node_proto *node = r->proto->node[n];
        if (!doubti_onnx_is_constant(node) || node->n_output != 1)
            continue;
        tensor_proto *tensor = node->n_attribute == 1 ? node->attribute[0]->t : NULL;
        r->items[r->item_count++] =
            (struct doubti_onnx_item){.name = doubti_onnx_text(node->output[0]), .tensor = tensor};
    }
    for (size_t k = 0; k < r->item_count; k++)
        r->by_name[k] = &r->items[k];
    qsort(r->by_name, r->item_count, sizeof *r->by_name, compare_names);
    mark_parameters(r);
    return DOUBT_OK;
}

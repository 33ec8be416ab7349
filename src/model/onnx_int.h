/* onnx_int.h: what the files that read ONNX share: onnx_scan.c, onnx_tensor.c, onnx_read.c.
 *
 * A unit of work is one file, taken apart so that the bulk of it, the weights, is never copied:
 * what is left without them is small enough for the decoder, which copies everything it reads.
 */
#ifndef DOUBT_MODEL_ONNX_INT_H
#define DOUBT_MODEL_ONNX_INT_H

#include "model/graph.h"

#include <onnx.pb-c.h>

/* --- onnx_scan.c ------------------------------------------------------------------------------ */

/* One initializer: its message, and where its raw bytes lie in that message. */
struct doubti_onnx_tensor {
    const uint8_t *message;
    size_t size;
    const uint8_t *raw; /* NULL when it has none */
    size_t raw_size;
    size_t raw_begin, raw_end; /* the whole field raw_data within the message */
};

struct doubti_onnx_parts {
    uint8_t *model; /* ModelProto without its graph */
    size_t model_size;
    uint8_t *graph; /* GraphProto without its initializers */
    size_t graph_size;
    struct doubti_onnx_tensor *tensors;
    size_t tensor_count;
    bool has_graph;
    bool sparse; /* there are sparse initializers */
};

/* Takes a file apart. Buffers are the caller's to free by doubti_onnx_parts_free(), after a failure
 * too; tensors point into data. */
enum doubt_code doubti_onnx_scan(const void *data, size_t size, struct doubti_onnx_parts *parts,
                                 struct doubt_err *err);
void doubti_onnx_parts_free(struct doubti_onnx_parts *parts);

/* --- onnx_tensor.c ---------------------------------------------------------------------------- */

typedef Doubt__Onnx__ModelProto model_proto;
typedef Doubt__Onnx__GraphProto graph_proto;
typedef Doubt__Onnx__NodeProto node_proto;
typedef Doubt__Onnx__TensorProto tensor_proto;
typedef Doubt__Onnx__AttributeProto attr_proto;
typedef Doubt__Onnx__ValueInfo value_proto;

/* Memory of one reading: what the decoder takes and what the graph's structs take. */
struct doubti_ledger {
    size_t used, max;
    bool over;
};

/* A tensor to become a constant: an initializer, or what a Constant node holds. */
struct doubti_onnx_item {
    const char *name;
    tensor_proto *tensor; /* NULL for a Constant of numbers */
    const void *raw;      /* bytes that lie in the file; NULL when the tensor has its own */
    size_t raw_size;
    bool parameter;
};

struct doubti_onnx {
    struct doubt_graph *graph;
    struct doubti_onnx_parts parts;
    struct doubti_ledger ledger;
    ProtobufCAllocator allocator; /* charges the ledger */
    model_proto *model;
    graph_proto *proto;
    struct doubti_onnx_item *items;    /* initializers in the file's order, then Constant nodes */
    struct doubti_onnx_item **by_name; /* the same, sorted */
    size_t initializer_count, item_count;
    int64_t opset;
    struct doubt_err *err;
};

/* size: of the file. */
void doubti_onnx_begin(struct doubti_onnx *r, size_t size);
void doubti_onnx_end(struct doubti_onnx *r);
/* Counts bytes; false when they go beyond the ceiling. */
bool doubti_onnx_charge(struct doubti_onnx *r, size_t bytes);
enum doubt_code doubti_onnx_no_room(struct doubti_onnx *r);
/* "" for NULL. */
const char *doubti_onnx_text(const char *text);
bool doubti_onnx_default_domain(const node_proto *node);
bool doubti_onnx_is_constant(const node_proto *node);

/* Decodes all tensors and marks those that are parameters (cost.h). */
enum doubt_code doubti_onnx_list_items(struct doubti_onnx *r);
/* NULL when no tensor has that name. */
struct doubti_onnx_item *doubti_onnx_find_item(const struct doubti_onnx *r, const char *name);
/* Adds it to the graph. */
enum doubt_code doubti_onnx_add_item(struct doubti_onnx *r, const struct doubti_onnx_item *item);
/* The one number of a tensor as FLOAT or INT; false when it holds another count of them. */
bool doubti_onnx_number(const tensor_proto *tensor, struct doubt_attr *attr);
/* Bytes copied into the graph's memory, with a NUL behind; NULL when there is no room. */
void *doubti_onnx_copy(struct doubti_onnx *r, const void *from, size_t bytes);

#endif

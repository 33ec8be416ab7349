/* graph.c: see graph.h.
 *
 * One arena holds every struct and name; a hash table over names finds values. Values, constants
 * and nodes never move, so pointers to them live as long as the graph.
 */
#include "model/graph.h"

#include "model/model_int.h"
#include "model/tensor.h"
#include "util/rng.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 16, ALIGN = 16 };

struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(ALIGN) unsigned char data[];
};

struct owned {
    struct owned *next;
    void *resource;
    void (*release)(void *);
};

/* A name and what it stands for. */
struct entry {
    uint64_t hash;
    struct doubt_value *value;
    const struct doubt_const *constant; /* NULL unless the value is one */
    const struct doubti_ints *ints;     /* NULL unless known */
};

/* A growing list of pointers. */
struct list {
    const void **items;
    size_t count, cap;
};

struct doubt_graph {
    const char *name;
    struct chunk *chunks;
    struct owned *owned;
    struct list inputs, outputs, consts, nodes;
    struct entry *table; /* open addressing; a free slot has value NULL */
    size_t table_size, table_used;
};

static enum doubt_code no_memory(const struct doubt_graph *graph, struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the graph of %s", graph->name);
}

/* --- memory -------------------------------------------------------------------------------- */

void *doubt_graph_alloc(struct doubt_graph *graph, size_t bytes)
{
    if (bytes > SIZE_MAX / 2)
        return NULL;
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    struct chunk *chunk = graph->chunks;
    if (chunk == NULL || chunk->size - chunk->used < bytes) {
        size_t size = bytes > CHUNK_BYTES / 4 ? bytes : CHUNK_BYTES;
        chunk = calloc(1, sizeof *chunk + size);
        if (chunk == NULL)
            return NULL;
        chunk->size = size;
        chunk->next = graph->chunks;
        graph->chunks = chunk;
    }
    void *block = chunk->data + chunk->used;
    chunk->used += bytes;
    return block;
}

const char *doubt_graph_copy_text(struct doubt_graph *graph, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = doubt_graph_alloc(graph, size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

enum doubt_code doubt_graph_own(struct doubt_graph *graph, void *resource, void (*release)(void *))
{
    struct owned *owned = doubt_graph_alloc(graph, sizeof *owned);
    if (owned == NULL)
        return DOUBT_E_MEMORY;
    *owned = (struct owned){graph->owned, resource, release};
    graph->owned = owned;
    return DOUBT_OK;
}

struct doubt_graph *doubt_graph_new(const char *name)
{
    struct doubt_graph *graph = calloc(1, sizeof *graph);
    if (graph == NULL)
        return NULL;
    graph->name = doubt_graph_copy_text(graph, name);
    if (graph->name == NULL) {
        free(graph);
        return NULL;
    }
    return graph;
}

void doubt_graph_free(struct doubt_graph *graph)
{
    if (graph == NULL)
        return;
    for (struct owned *owned = graph->owned; owned != NULL; owned = owned->next)
        owned->release(owned->resource);
    for (struct chunk *next, *chunk = graph->chunks; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(graph->inputs.items);
    free(graph->outputs.items);
    free(graph->consts.items);
    free(graph->nodes.items);
    free(graph->table);
    free(graph);
}

static bool list_add(struct list *list, const void *item)
{
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 64 : list->cap * 2;
        const void **items = realloc(list->items, cap * sizeof *items);
        if (items == NULL)
            return false;
        list->items = items;
        list->cap = cap;
    }
    list->items[list->count++] = item;
    return true;
}

/* --- names --------------------------------------------------------------------------------- */

/* The slot that holds name, or the free one where it would go. table_size is a power of two. */
static struct entry *slot_of(const struct doubt_graph *graph, const char *name, uint64_t hash)
{
    size_t mask = graph->table_size - 1;
    for (size_t i = (size_t)doubt_rng_at(hash, 0) & mask;; i = (i + 1) & mask) {
        struct entry *entry = &graph->table[i];
        if (entry->value == NULL || (entry->hash == hash && strcmp(entry->value->name, name) == 0))
            return entry;
    }
}

static struct entry *find(const struct doubt_graph *graph, const char *name)
{
    if (graph->table_size == 0)
        return NULL;
    struct entry *entry = slot_of(graph, name, doubt_rng_label(name));
    return entry->value == NULL ? NULL : entry;
}

static bool grow_table(struct doubt_graph *graph)
{
    struct entry *old = graph->table;
    size_t old_size = graph->table_size, size = old_size == 0 ? 256 : old_size * 2;
    struct entry *table = calloc(size, sizeof *table);
    if (table == NULL)
        return false;
    graph->table = table;
    graph->table_size = size;
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].value != NULL)
            *slot_of(graph, old[i].value->name, old[i].hash) = old[i];
    }
    free(old);
    return true;
}

/* Gives value, whose name is the graph's copy, its place in the table. */
static enum doubt_code enter(struct doubt_graph *graph, struct doubt_value *value,
                             const struct doubt_const *constant, struct doubt_err *err)
{
    if (value->name[0] == '\0')
        return doubt_err_set(err, DOUBT_E_FORMAT, "a value of %s has no name", graph->name);
    if (graph->table_used * 2 >= graph->table_size && !grow_table(graph))
        return no_memory(graph, err);
    uint64_t hash = doubt_rng_label(value->name);
    struct entry *entry = slot_of(graph, value->name, hash);
    if (entry->value != NULL)
        return doubt_err_set(err, DOUBT_E_FORMAT, "two values of %s have the name \"%s\"",
                             graph->name, value->name);
    *entry = (struct entry){.hash = hash, .value = value, .constant = constant};
    graph->table_used++;
    return DOUBT_OK;
}

static enum doubt_code check_rank(const struct doubt_value *value, struct doubt_err *err)
{
    if (value->rank < -1 || value->rank > DOUBT_RANK_MAX)
        return doubt_err_set(err, DOUBT_E_FORMAT, "value \"%s\" has rank %d; 0 to %d are accepted",
                             value->name, (int)value->rank, DOUBT_RANK_MAX);
    for (int32_t i = 0; i < value->rank; i++) {
        if (value->dims[i] < -1)
            return doubt_err_set(err, DOUBT_E_FORMAT, "value \"%s\" has the negative size %lld",
                                 value->name, (long long)value->dims[i]);
    }
    return DOUBT_OK;
}

/* --- adding -------------------------------------------------------------------------------- */

enum doubt_code doubt_graph_add_input(struct doubt_graph *graph, const struct doubt_value *value,
                                      struct doubt_err *err)
{
    enum doubt_code code = check_rank(value, err);
    if (code != DOUBT_OK)
        return code;
    struct doubt_value *copy = doubt_graph_alloc(graph, sizeof *copy);
    if (copy == NULL)
        return no_memory(graph, err);
    *copy = *value;
    copy->name = doubt_graph_copy_text(graph, value->name);
    if (copy->name == NULL)
        return no_memory(graph, err);
    code = enter(graph, copy, NULL, err);
    if (code == DOUBT_OK && !list_add(&graph->inputs, copy))
        code = no_memory(graph, err);
    return code;
}

enum doubt_code doubt_graph_add_output(struct doubt_graph *graph, const char *name,
                                       struct doubt_err *err)
{
    const struct entry *entry = find(graph, name);
    if (entry == NULL)
        return doubt_err_set(err, DOUBT_E_FORMAT, "output \"%s\" of %s is made by nothing", name,
                             graph->name);
    if (!list_add(&graph->outputs, entry->value->name))
        return no_memory(graph, err);
    return DOUBT_OK;
}

static enum doubt_code check_const(const struct doubt_const *constant, struct doubt_err *err)
{
    const struct doubt_value *value = &constant->value;
    enum doubt_code code = check_rank(value, err);
    if (code != DOUBT_OK)
        return code;
    uint64_t count = 0, width = doubt_dtype_bytes(value->dtype);
    if (width == 0)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "constant \"%s\" has element type %d, which is not supported",
                             value->name, (int)value->dtype);
    if (!doubt_dims_count(value->dims, value->rank, &count) || count > UINT64_MAX / 2 / width)
        return doubt_err_set(err, DOUBT_E_FORMAT, "constant \"%s\" has an impossible size",
                             value->name);
    if (constant->bytes != count * width)
        return doubt_err_set(
            err, DOUBT_E_FORMAT, "constant \"%s\" holds %llu bytes; its type and shape want %llu",
            value->name, (unsigned long long)constant->bytes, (unsigned long long)(count * width));
    if (constant->fill == DOUBT_FILL_DATA && constant->data == NULL && count > 0)
        return doubt_err_set(err, DOUBT_E_FORMAT, "constant \"%s\" has no data", value->name);
    return DOUBT_OK;
}

enum doubt_code doubt_graph_add_const(struct doubt_graph *graph, const struct doubt_const *constant,
                                      struct doubt_err *err)
{
    enum doubt_code code = check_const(constant, err);
    if (code != DOUBT_OK)
        return code;
    struct doubt_const *copy = doubt_graph_alloc(graph, sizeof *copy);
    if (copy == NULL)
        return no_memory(graph, err);
    *copy = *constant;
    copy->value.name = doubt_graph_copy_text(graph, constant->value.name);
    if (copy->value.name == NULL)
        return no_memory(graph, err);
    code = enter(graph, &copy->value, copy, err);
    if (code == DOUBT_OK && !list_add(&graph->consts, copy))
        code = no_memory(graph, err);
    return code;
}

static bool copy_attrs(struct doubt_graph *graph, struct doubt_node *node)
{
    struct doubt_attr *attrs = doubt_graph_alloc(graph, node->attr_count * sizeof *attrs);
    if (attrs == NULL)
        return false;
    for (uint32_t i = 0; i < node->attr_count; i++) {
        attrs[i] = node->attrs[i];
        attrs[i].name = doubt_graph_copy_text(graph, attrs[i].name);
        attrs[i].s = attrs[i].s == NULL ? NULL : doubt_graph_copy_text(graph, attrs[i].s);
        if (attrs[i].name == NULL || (node->attrs[i].s != NULL && attrs[i].s == NULL))
            return false;
    }
    node->attrs = attrs;
    return true;
}

/* Points the inputs at the names of the values that they mean. */
static enum doubt_code resolve_inputs(const struct doubt_graph *graph, struct doubt_node *node,
                                      struct doubt_err *err)
{
    for (uint32_t i = 0; i < node->input_count; i++) {
        if (node->inputs[i] == NULL || node->inputs[i][0] == '\0') {
            node->inputs[i] = "";
            continue;
        }
        const struct entry *entry = find(graph, node->inputs[i]);
        if (entry == NULL)
            return doubt_err_set(err, DOUBT_E_FORMAT,
                                 "node \"%s\" (%s) reads \"%s\", which nothing before it makes",
                                 node->name, node->op, node->inputs[i]);
        node->inputs[i] = entry->value->name;
    }
    return DOUBT_OK;
}

static enum doubt_code enter_outputs(struct doubt_graph *graph, struct doubt_node *node,
                                     struct doubt_err *err)
{
    for (uint32_t i = 0; i < node->output_count; i++) {
        if (node->outputs[i] == NULL || node->outputs[i][0] == '\0') {
            node->outputs[i] = "";
            continue;
        }
        struct doubt_value *value = doubt_graph_alloc(graph, sizeof *value);
        const char *name = doubt_graph_copy_text(graph, node->outputs[i]);
        if (value == NULL || name == NULL)
            return no_memory(graph, err);
        *value = (struct doubt_value){.name = name, .rank = -1};
        enum doubt_code code = enter(graph, value, NULL, err);
        if (code != DOUBT_OK)
            return code;
        node->outputs[i] = name;
    }
    return DOUBT_OK;
}

enum doubt_code doubt_graph_add_node(struct doubt_graph *graph, const struct doubt_node *node,
                                     struct doubt_err *err)
{
    if (node->input_count > DOUBT_NODE_INPUTS_MAX || node->output_count > DOUBT_NODE_OUTPUTS_MAX)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "node \"%s\" (%s) has %u inputs and %u outputs; up to %d and %d are "
                             "supported",
                             node->name == NULL ? "" : node->name, node->op,
                             (unsigned)node->input_count, (unsigned)node->output_count,
                             DOUBT_NODE_INPUTS_MAX, DOUBT_NODE_OUTPUTS_MAX);
    struct doubt_node *copy = doubt_graph_alloc(graph, sizeof *copy);
    if (copy == NULL)
        return no_memory(graph, err);
    *copy = *node;
    copy->name = doubt_graph_copy_text(graph, node->name == NULL ? "" : node->name);
    copy->op = doubt_graph_copy_text(graph, node->op);
    copy->domain = doubt_graph_copy_text(graph, node->domain == NULL ? "" : node->domain);
    if (copy->name == NULL || copy->op == NULL || copy->domain == NULL || !copy_attrs(graph, copy))
        return no_memory(graph, err);
    enum doubt_code code = resolve_inputs(graph, copy, err);
    if (code == DOUBT_OK)
        code = enter_outputs(graph, copy, err);
    if (code == DOUBT_OK && !list_add(&graph->nodes, copy))
        code = no_memory(graph, err);
    return code;
}

enum doubt_code doubt_graph_set_value(struct doubt_graph *graph, const struct doubt_value *value,
                                      struct doubt_err *err)
{
    enum doubt_code code = check_rank(value, err);
    if (code != DOUBT_OK)
        return code;
    struct entry *entry = find(graph, value->name);
    if (entry == NULL)
        return doubt_err_set(err, DOUBT_E_NOT_FOUND, "%s has no value \"%s\"", graph->name,
                             value->name);
    if (entry->constant != NULL)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "\"%s\" is a constant of %s; its shape is fixed", value->name,
                             graph->name);
    const char *name = entry->value->name;
    *entry->value = *value;
    entry->value->name = name;
    return DOUBT_OK;
}

/* --- contents of small integer values ------------------------------------------------------ */

enum doubt_code doubti_graph_set_ints(struct doubt_graph *graph, const char *name,
                                      const struct doubti_ints *ints, struct doubt_err *err)
{
    struct entry *entry = find(graph, name);
    if (entry == NULL)
        return DOUBT_OK;
    entry->ints = NULL;
    if (ints == NULL)
        return DOUBT_OK;
    size_t bytes = offsetof(struct doubti_ints, v) + (size_t)ints->count * sizeof ints->v[0];
    struct doubti_ints *copy = doubt_graph_alloc(graph, bytes);
    if (copy == NULL)
        return no_memory(graph, err);
    memcpy(copy, ints, bytes);
    entry->ints = copy;
    return DOUBT_OK;
}

static bool const_ints(const struct doubt_const *constant, struct doubti_ints *out)
{
    const struct doubt_value *value = &constant->value;
    uint64_t count = 0;
    if (value->rank > 1 || (value->dtype != DOUBT_I64 && value->dtype != DOUBT_I32) ||
        !doubt_dims_count(value->dims, value->rank, &count) || count > DOUBTI_INTS_MAX)
        return false;
    out->count = (int32_t)count;
    if (value->dtype == DOUBT_I64) {
        doubt_const_read(constant, 0, count, out->v);
        return true;
    }
    for (uint64_t i = 0; i < count; i++) {
        int32_t element;
        doubt_const_read(constant, i, 1, &element);
        out->v[i] = element;
    }
    return true;
}

bool doubti_graph_ints(const struct doubt_graph *graph, const char *name, struct doubti_ints *out)
{
    const struct entry *entry = find(graph, name);
    if (entry == NULL)
        return false;
    if (entry->constant != NULL)
        return const_ints(entry->constant, out);
    if (entry->ints == NULL)
        return false;
    out->count = entry->ints->count;
    memcpy(out->v, entry->ints->v, (size_t)out->count * sizeof out->v[0]);
    return true;
}

/* --- reading ------------------------------------------------------------------------------- */

const char *doubt_graph_name(const struct doubt_graph *graph)
{
    return graph->name;
}

size_t doubt_graph_input_count(const struct doubt_graph *graph)
{
    return graph->inputs.count;
}

const struct doubt_value *doubt_graph_input(const struct doubt_graph *graph, size_t i)
{
    return i < graph->inputs.count ? graph->inputs.items[i] : NULL;
}

size_t doubt_graph_output_count(const struct doubt_graph *graph)
{
    return graph->outputs.count;
}

const char *doubt_graph_output(const struct doubt_graph *graph, size_t i)
{
    return i < graph->outputs.count ? graph->outputs.items[i] : NULL;
}

size_t doubt_graph_node_count(const struct doubt_graph *graph)
{
    return graph->nodes.count;
}

const struct doubt_node *doubt_graph_node(const struct doubt_graph *graph, size_t i)
{
    return i < graph->nodes.count ? graph->nodes.items[i] : NULL;
}

size_t doubt_graph_const_count(const struct doubt_graph *graph)
{
    return graph->consts.count;
}

const struct doubt_const *doubt_graph_const_at(const struct doubt_graph *graph, size_t i)
{
    return i < graph->consts.count ? graph->consts.items[i] : NULL;
}

const struct doubt_value *doubt_graph_value(const struct doubt_graph *graph, const char *name)
{
    const struct entry *entry = find(graph, name);
    return entry == NULL ? NULL : entry->value;
}

const struct doubt_const *doubt_graph_const(const struct doubt_graph *graph, const char *name)
{
    const struct entry *entry = find(graph, name);
    return entry == NULL ? NULL : entry->constant;
}

/* --- attributes ---------------------------------------------------------------------------- */

static const struct doubt_attr *attr_of(const struct doubt_node *node, const char *name,
                                        enum doubt_attr_kind kind)
{
    for (uint32_t i = 0; i < node->attr_count; i++) {
        if (node->attrs[i].kind == kind && strcmp(node->attrs[i].name, name) == 0)
            return &node->attrs[i];
    }
    return NULL;
}

int64_t doubt_node_int(const struct doubt_node *node, const char *name, int64_t fallback)
{
    const struct doubt_attr *attr = attr_of(node, name, DOUBT_ATTR_INT);
    return attr == NULL ? fallback : attr->i;
}

float doubt_node_float(const struct doubt_node *node, const char *name, float fallback)
{
    const struct doubt_attr *attr = attr_of(node, name, DOUBT_ATTR_FLOAT);
    return attr == NULL ? fallback : attr->f;
}

const char *doubt_node_string(const struct doubt_node *node, const char *name, const char *fallback)
{
    const struct doubt_attr *attr = attr_of(node, name, DOUBT_ATTR_STRING);
    return attr == NULL || attr->s == NULL ? fallback : attr->s;
}

int32_t doubt_node_ints(const struct doubt_node *node, const char *name, const int64_t **ints)
{
    const struct doubt_attr *attr = attr_of(node, name, DOUBT_ATTR_INTS);
    *ints = attr == NULL ? NULL : attr->ints;
    return attr == NULL ? 0 : attr->int_count;
}

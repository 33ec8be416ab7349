/* graph.h: a network as data: values, nodes and constants, in the order of execution.
 *
 * A unit of work is one node. The builders of the networks make graphs, onnx_write.c turns them
 * into files, onnx_read.c makes them from files, the reference interpreter runs them and cost.c
 * counts them. A graph owns everything in it (one arena, freed by doubt_graph_free()).
 *
 * Constants of the built-in networks are recipes, not bytes: doubt_const_read() makes any piece of
 * one on demand, the same bits on every machine, so a 575 MB file is written without a second copy
 * in memory. Not for engines: they get files.
 */
#ifndef DOUBT_MODEL_GRAPH_H
#define DOUBT_MODEL_GRAPH_H

#include <doubt/engine.h>
#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DOUBT_NODE_INPUTS_MAX = 64, DOUBT_NODE_OUTPUTS_MAX = 16, DOUBT_ATTR_INTS_MAX = 16 };

/* Name, type and shape of a value. rank -1: shape unknown; a dim of -1: size unknown. */
struct doubt_value {
    const char *name;
    enum doubt_dtype dtype;
    int32_t rank;
    int64_t dims[DOUBT_RANK_MAX];
};

/* How a constant's elements are made. */
enum doubt_fill {
    DOUBT_FILL_DATA,    /* from data */
    DOUBT_FILL_ZERO,
    DOUBT_FILL_CONST,   /* every element is offset */
    DOUBT_FILL_UNIFORM, /* offset + scale * u, u uniform in [-1, 1) */
    DOUBT_FILL_NORMAL,  /* offset + scale * z, z nearly normal with mean 0 and deviation 1 */
    DOUBT_FILL_BALANCED /* the same, but the last half of axis 1 is the first half with its sign
                           turned: filters whose weights sum to 0 over the channels */
};

struct doubt_const {
    struct doubt_value value;
    enum doubt_fill fill;
    uint64_t seed;
    float scale, offset;
    const void *data;   /* DOUBT_FILL_DATA: value.dtype elements, owned by graph or file */
    uint64_t bytes;     /* of the whole constant in value.dtype */
    bool parameter;     /* counts as a parameter (not running statistics, not shapes) */
};

enum doubt_attr_kind { DOUBT_ATTR_INT, DOUBT_ATTR_FLOAT, DOUBT_ATTR_STRING, DOUBT_ATTR_INTS };

struct doubt_attr {
    const char *name;
    enum doubt_attr_kind kind;
    int64_t i;
    float f;
    const char *s;
    int32_t int_count;
    int64_t ints[DOUBT_ATTR_INTS_MAX];
};

struct doubt_node {
    const char *name; /* "" allowed */
    const char *op;   /* ONNX operator of the default domain */
    const char *domain; /* "" or another domain's name */
    uint32_t input_count, output_count, attr_count;
    const char *inputs[DOUBT_NODE_INPUTS_MAX]; /* "" for an optional input left out */
    const char *outputs[DOUBT_NODE_OUTPUTS_MAX];
    const struct doubt_attr *attrs;
};

struct doubt_graph; /* opaque: see the functions */

struct doubt_graph *doubt_graph_new(const char *name); /* NULL when out of memory */
void doubt_graph_free(struct doubt_graph *graph);

/* Memory that lives as long as the graph, zeroed; NULL when out of memory. */
void *doubt_graph_alloc(struct doubt_graph *graph, size_t bytes);
const char *doubt_graph_copy_text(struct doubt_graph *graph, const char *text);
/* Hands a resource over to the graph: release(resource) is called by doubt_graph_free(), the last
 * one first. On failure the caller keeps it. */
enum doubt_code doubt_graph_own(struct doubt_graph *graph, void *resource,
                                void (*release)(void *));

/* Adding copies the struct; names are copied too. Names of values are unique in a graph; adding a
 * second value of the same name is DOUBT_E_FORMAT, and so is a node's input or an output of the
 * graph that nothing added before makes. add_node records no shapes: see shape.h. add_const wants
 * sizes that are all known, and bytes that fit them. */
enum doubt_code doubt_graph_add_input(struct doubt_graph *graph, const struct doubt_value *value,
                                      struct doubt_err *err);
enum doubt_code doubt_graph_add_output(struct doubt_graph *graph, const char *name,
                                       struct doubt_err *err);
enum doubt_code doubt_graph_add_const(struct doubt_graph *graph, const struct doubt_const *constant,
                                      struct doubt_err *err);
enum doubt_code doubt_graph_add_node(struct doubt_graph *graph, const struct doubt_node *node,
                                     struct doubt_err *err);
/* Records or replaces type and shape of an input or of a value that a node makes; a constant's are
 * fixed. DOUBT_E_NOT_FOUND when there is no value of that name. */
enum doubt_code doubt_graph_set_value(struct doubt_graph *graph, const struct doubt_value *value,
                                      struct doubt_err *err);

const char *doubt_graph_name(const struct doubt_graph *graph);
size_t doubt_graph_input_count(const struct doubt_graph *graph);
const struct doubt_value *doubt_graph_input(const struct doubt_graph *graph, size_t i);
size_t doubt_graph_output_count(const struct doubt_graph *graph);
const char *doubt_graph_output(const struct doubt_graph *graph, size_t i);
size_t doubt_graph_node_count(const struct doubt_graph *graph);
const struct doubt_node *doubt_graph_node(const struct doubt_graph *graph, size_t i);
size_t doubt_graph_const_count(const struct doubt_graph *graph);
const struct doubt_const *doubt_graph_const_at(const struct doubt_graph *graph, size_t i);
/* By name, in constant time; NULL when there is none. */
const struct doubt_value *doubt_graph_value(const struct doubt_graph *graph, const char *name);
const struct doubt_const *doubt_graph_const(const struct doubt_graph *graph, const char *name);

/* Elements first .. first + count - 1 of a constant, in its own element type. */
void doubt_const_read(const struct doubt_const *constant, uint64_t first, uint64_t count,
                      void *out);

/* Attributes with their default. */
int64_t doubt_node_int(const struct doubt_node *node, const char *name, int64_t fallback);
float doubt_node_float(const struct doubt_node *node, const char *name, float fallback);
const char *doubt_node_string(const struct doubt_node *node, const char *name,
                              const char *fallback);
/* The list's length, 0 when absent; *ints points into the node. */
int32_t doubt_node_ints(const struct doubt_node *node, const char *name, const int64_t **ints);

#endif

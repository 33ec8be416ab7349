/* model_int.h: what the files of this floor share and no other floor may see.
 *
 * Three groups: integer contents of values (graph.c, used by shape*.c), inference of one node
 * (shape.c, used by the builders), and the rows of operators (shape_*.c).
 */
#ifndef DOUBT_MODEL_INT_H
#define DOUBT_MODEL_INT_H

#include "model/graph.h"

/* --- contents of small integer values --------------------------------------------------------- */

enum { DOUBTI_INTS_MAX = 256 };

/* The elements of an integer value of rank 0 or 1, where they are known before a run. */
struct doubti_ints {
    int32_t count;
    int64_t v[DOUBTI_INTS_MAX];
};

/* Records them for a value that a node makes, or forgets them (ints NULL). Copies. */
enum doubt_code doubti_graph_set_ints(struct doubt_graph *graph, const char *name,
                                      const struct doubti_ints *ints, struct doubt_err *err);
/* false when they are not known. Integer constants (I64, I32) are read from their bytes. */
bool doubti_graph_ints(const struct doubt_graph *graph, const char *name, struct doubti_ints *out);

/* --- inference -------------------------------------------------------------------------------- */

enum doubt_code doubti_shape_infer_node(struct doubt_graph *graph, const struct doubt_node *node,
                                        struct doubt_err *err);

struct doubti_shape_row;

/* One node under inference: its inputs (NULL where left out), and its outputs to fill in. Outputs
 * start with rank -1 and no type. */
struct doubti_infer {
    struct doubt_graph *graph;
    const struct doubt_node *node;
    const struct doubti_shape_row *row;
    const struct doubt_value *in[DOUBT_NODE_INPUTS_MAX];
    struct doubt_value out[DOUBT_NODE_OUTPUTS_MAX];
    struct doubti_ints ints; /* contents of output 0 when has_ints */
    bool has_ints;
    struct doubt_err *err;
};

struct doubti_shape_row {
    const char *op;
    uint8_t min_inputs, max_inputs, max_outputs;
    enum doubt_code (*infer)(struct doubti_infer *t);
    int32_t detail; /* meaning is the function's own */
};

struct doubti_shape_table {
    const struct doubti_shape_row *rows;
    size_t count;
};

extern const struct doubti_shape_table doubti_shape_element, doubti_shape_window,
    doubti_shape_layout, doubti_shape_index;

/* DOUBT_E_FORMAT with the node's name and operator before the sentence. */
enum doubt_code doubti_infer_fail(const struct doubti_infer *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Does input i exist, with a known rank? */
bool doubti_infer_has(const struct doubti_infer *t, uint32_t i);
/* Contents of input i; false when unknown or left out. */
bool doubti_infer_ints(const struct doubti_infer *t, uint32_t i, struct doubti_ints *out);
/* An axis within -rank .. rank - 1, made non-negative. */
enum doubt_code doubti_infer_axis(const struct doubti_infer *t, int64_t axis, int32_t rank,
                                  int32_t *out);
/* Output o takes type and dims of input i. */
void doubti_infer_like(struct doubti_infer *t, uint32_t o, uint32_t i);
/* Numpy's broadcasting of a into *out; unknown sizes stay unknown unless the other one decides. */
enum doubt_code doubti_infer_broadcast(const struct doubti_infer *t, struct doubt_value *out,
                                       const struct doubt_value *a);
/* a + b and a * b, false beyond what int64_t holds. */
bool doubti_add(int64_t a, int64_t b, int64_t *out);
bool doubti_mul(int64_t a, int64_t b, int64_t *out);

#endif

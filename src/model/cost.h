/* cost.h: operations and bytes of a graph, counted node by node.
 *
 * A unit of work is one node. MAC = one multiply-accumulate of Conv, ConvTranspose, Gemm, MatMul;
 * other work is counted in flops only where it is arithmetic per element. Parameters are weights,
 * biases and batch-normalisation scale and shift, never running statistics or shapes.
 */
#ifndef DOUBT_MODEL_COST_H
#define DOUBT_MODEL_COST_H

#include "model/graph.h"

struct doubt_cost {
    int64_t macs;
    int64_t parameters;
    int64_t nodes;
    int64_t weight_bytes;     /* of all constants, in the file's types */
    int64_t activation_bytes; /* written once by every node */
    int64_t io_bytes;         /* inputs and outputs */
};

/* Needs inferred shapes (shape.h). */
enum doubt_code doubt_cost_count(const struct doubt_graph *graph, struct doubt_cost *cost,
                                 struct doubt_err *err);

/* MACs of node i alone; 0 for operators that have none. */
enum doubt_code doubt_cost_of_node(const struct doubt_graph *graph, size_t i, int64_t *macs,
                                   struct doubt_err *err);

#endif

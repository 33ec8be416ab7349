/* shape.h: types and shapes of all values, worked out from inputs and constants.
 *
 * A unit of work is one node: a table row per operator gives its outputs. Operators without a row
 * keep the shape that the file declares, or leave it unknown. Constant integer tensors that serve
 * as shapes (Reshape, Slice, Resize ...) are read where they are constants or made from such by
 * Constant, Shape, Gather, Concat, Cast, Unsqueeze.
 */
#ifndef DOUBT_MODEL_SHAPE_H
#define DOUBT_MODEL_SHAPE_H

#include "model/graph.h"

/* Infers every value in place. An impossible shape is DOUBT_E_FORMAT and names node and value. */
enum doubt_code doubt_shape_infer(struct doubt_graph *graph, struct doubt_err *err);

#endif

/* interp.h: the reference interpreter: slow, legible, the oracle for outputs.
 *
 * A unit of work is one node, computed in f32 with plain loops (sums of convolutions and products
 * in a fixed order). One operator, one function, one row. Speed matters only so far that the nine
 * built-in networks run in seconds. The built-in engine "ref" wraps it.
 */
#ifndef DOUBT_MODEL_INTERP_H
#define DOUBT_MODEL_INTERP_H

#include "model/graph.h"

struct doubt_interp; /* a graph with memory for its values */

/* Keeps graph (shapes inferred), which must outlive it. An operator without a row is
 * DOUBT_E_UNSUPPORTED and named. */
enum doubt_code doubt_interp_new(const struct doubt_graph *graph, struct doubt_interp **interp,
                                 struct doubt_err *err);
/* Ceilings of the next runs: bytes of all values held at once, and work in multiply-accumulates.
 * At first: the machine's memory, and no ceiling of work. Going beyond is DOUBT_E_FULL. */
void doubt_interp_limit(struct doubt_interp *interp, uint64_t max_bytes, uint64_t max_work);
void doubt_interp_free(struct doubt_interp *interp);

/* Inputs in the graph's order, data set, in the graph's own element types; their dims may fill in
 * what the graph leaves open. Shapes of all other values come from the inputs, not from inference.
 */
enum doubt_code doubt_interp_run(struct doubt_interp *interp, const struct doubt_tensor *inputs,
                                 size_t input_count, struct doubt_err *err);
/* Output i of the last run; data belongs to interp and lives until the next run. */
enum doubt_code doubt_interp_output(const struct doubt_interp *interp, size_t i,
                                    struct doubt_tensor *output, struct doubt_err *err);

#endif

/* reference.c: a reference made by the reference interpreter. See check.h.
 *
 * A unit of work is one graph, run once on the seeded inputs (net.h).
 */
#include "model/check.h"
#include "model/interp.h"
#include "model/net.h"
#include "model/tensor.h"

#include <stdlib.h>
#include <string.h>

enum { INPUTS_MAX = 64 };

/* Fills all inputs of the graph; data is the caller's to free. */
static enum doubt_code fill_inputs(const struct doubt_graph *graph, struct doubt_tensor *inputs,
                                   struct doubt_err *err)
{
    for (size_t k = 0; k < doubt_graph_input_count(graph); k++) {
        const struct doubt_value *value = doubt_graph_input(graph, k);
        uint64_t count = 0;
        inputs[k] =
            (struct doubt_tensor){.name = value->name, .dtype = value->dtype, .rank = value->rank};
        memcpy(inputs[k].dims, value->dims, sizeof inputs[k].dims);
        if (!doubt_dims_count(value->dims, value->rank, &count))
            return doubt_err_set(err, DOUBT_E_FORMAT, "input \"%s\" has an unknown size; state it",
                                 value->name);
        inputs[k].bytes = count * doubt_dtype_bytes(value->dtype);
        inputs[k].data = malloc(inputs[k].bytes + 1);
        if (!inputs[k].data)
            return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for input %s", value->name);
        doubt_net_fill_input(&inputs[k]);
    }
    return DOUBT_OK;
}

enum doubt_code doubt_reference_compute(const struct doubt_graph *graph,
                                        struct doubt_reference *reference, struct doubt_err *err)
{
    struct doubt_tensor inputs[INPUTS_MAX] = {{0}};
    struct doubt_tensor outputs[DOUBT_REFERENCE_OUTPUTS_MAX];
    size_t input_count = doubt_graph_input_count(graph);
    size_t output_count = doubt_graph_output_count(graph);
    struct doubt_interp *interp = NULL;
    *reference = (struct doubt_reference){.outputs = NULL};
    if (input_count > INPUTS_MAX || output_count > DOUBT_REFERENCE_OUTPUTS_MAX)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s has %zu inputs and %zu outputs; at most %d and %d are taken",
                             doubt_graph_name(graph), input_count, output_count, (int)INPUTS_MAX,
                             (int)DOUBT_REFERENCE_OUTPUTS_MAX);
    enum doubt_code code = fill_inputs(graph, inputs, err);
    if (code == DOUBT_OK)
        code = doubt_interp_new(graph, &interp, err);
    if (code == DOUBT_OK)
        code = doubt_interp_run(interp, inputs, input_count, err);
    for (size_t k = 0; k < output_count && code == DOUBT_OK; k++)
        code = doubt_interp_output(interp, k, &outputs[k], err);
    if (code == DOUBT_OK)
        code = doubt_reference_make(outputs, output_count, reference, err);
    doubt_interp_free(interp);
    for (size_t k = 0; k < input_count; k++)
        free(inputs[k].data);
    return code;
}

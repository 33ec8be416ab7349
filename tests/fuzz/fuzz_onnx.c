/* fuzz_onnx.c: any bytes as an ONNX file: read, infer shapes, count, run within tight ceilings.
 *
 * A unit of work is one input. Whatever it holds, the outcome is a graph or a sentence, in bounded
 * memory and time. Seeds: tests/fuzz/seeds/onnx and tests/data/onnx.
 */
#include "model/cost.h"
#include "model/interp.h"
#include "model/net.h"
#include "model/onnx.h"
#include "model/shape.h"
#include "model/tensor.h"

#include <stdlib.h>
#include <string.h>

enum { INPUTS_MAX = 4, INPUT_BYTES_MAX = 1 << 16, RUN_BYTES_MAX = 1 << 22, RUN_WORK_MAX = 1 << 22 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Open sizes become 2, an open rank 0. */
static bool make_input(const struct doubt_value *value, struct doubt_tensor *input)
{
    uint64_t count;
    *input = (struct doubt_tensor){.name = value->name, .dtype = value->dtype, .rank = value->rank};
    if (input->rank < 0)
        input->rank = 0;
    for (int32_t d = 0; d < input->rank; d++)
        input->dims[d] = value->dims[d] < 0 ? 2 : value->dims[d];
    if (!doubt_dims_count(input->dims, input->rank, &count) || count > INPUT_BYTES_MAX)
        return false;
    input->bytes = count * doubt_dtype_bytes(input->dtype);
    input->data = calloc(count + 1, 8);
    if (input->data)
        doubt_net_fill_input(input);
    return input->data != NULL;
}

static void run(struct doubt_graph *graph)
{
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_interp *interp = NULL;
    struct doubt_tensor inputs[INPUTS_MAX] = {{.data = NULL}}, output;
    size_t count = doubt_graph_input_count(graph);
    bool ready = count <= INPUTS_MAX && doubt_interp_new(graph, &interp, &err) == DOUBT_OK;
    for (size_t k = 0; k < count && ready; k++)
        ready = make_input(doubt_graph_input(graph, k), &inputs[k]);
    if (ready) {
        doubt_interp_limit(interp, RUN_BYTES_MAX, RUN_WORK_MAX);
        if (doubt_interp_run(interp, inputs, count, &err) == DOUBT_OK)
            for (size_t k = 0; k < doubt_graph_output_count(graph); k++)
                doubt_interp_output(interp, k, &output, &err);
    }
    doubt_interp_free(interp);
    for (size_t k = 0; k < INPUTS_MAX; k++)
        free(inputs[k].data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_graph *graph = NULL;
    struct doubt_cost cost;
    if (doubt_onnx_parse(data, size, "fuzz", &graph, &err) != DOUBT_OK)
        return 0;
    if (doubt_shape_infer(graph, &err) == DOUBT_OK)
        doubt_cost_count(graph, &cost, &err);
    run(graph);
    doubt_graph_free(graph);
    return 0;
}

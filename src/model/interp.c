/* interp.c: runs a graph node by node.
 *
 * A unit of work is one run. doubt_interp_new() gives every value a slot and every node its
 * operator and slots; a run fills the slots of the inputs, goes through the nodes in order, and
 * empties a slot behind the last node that reads it. Constants are made or referred to where they
 * are first read, so memory follows what is live and not the size of the file. Not thread-safe.
 */
#include "model/interp.h"

#include "model/interp_int.h"
#include "model/tensor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NO_SLOT = -1 };

struct step {
    const struct doubt_node *node;
    const struct doubti_op *op;
    int32_t in[DOUBT_NODE_INPUTS_MAX], out[DOUBT_NODE_OUTPUTS_MAX];
};

struct slot {
    const char *name;
    const struct doubt_const *constant; /* NULL unless the value is one */
    size_t last;                        /* the last step that reads it, or the step that makes it */
    bool kept;                          /* an output of the graph */
    struct doubti_array array;
};

struct output {
    int32_t slot;
    void *converted; /* where the type is not held as it is */
};

struct doubt_interp {
    const struct doubt_graph *graph;
    struct doubti_budget budget;
    struct slot *slots; /* by name */
    size_t slot_count;
    struct step *steps;
    size_t step_count;
    struct output *outputs;
    size_t output_count;
    bool ran;
};

/* --- the plan -------------------------------------------------------------------------------- */

static const struct doubti_op *find_op(const char *name)
{
    static const struct doubti_op *const tables[] = {
        doubti_ops_math,  doubti_ops_layer,  doubti_ops_each,   doubti_ops_move,
        doubti_ops_index, doubti_ops_resize, doubti_ops_reduce, doubti_ops_select};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const struct doubti_op *op = tables[t]; op->name; op++)
            if (strcmp(op->name, name) == 0)
                return op;
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct slot *)a)->name, ((const struct slot *)b)->name);
}

static int32_t find_slot(const struct doubt_interp *interp, const char *name)
{
    struct slot key = {.name = name};
    if (!name || !name[0])
        return NO_SLOT;
    const struct slot *found =
        bsearch(&key, interp->slots, interp->slot_count, sizeof key, by_name);
    return found ? (int32_t)(found - interp->slots) : NO_SLOT;
}

static void list_slots(struct doubt_interp *interp)
{
    const struct doubt_graph *graph = interp->graph;
    struct slot *slot = interp->slots;
    for (size_t i = 0; i < doubt_graph_input_count(graph); i++)
        (slot++)->name = doubt_graph_input(graph, i)->name;
    for (size_t i = 0; i < doubt_graph_const_count(graph); i++, slot++) {
        slot->constant = doubt_graph_const_at(graph, i);
        slot->name = slot->constant->value.name;
    }
    for (size_t i = 0; i < doubt_graph_node_count(graph); i++) {
        const struct doubt_node *node = doubt_graph_node(graph, i);
        for (uint32_t k = 0; k < node->output_count; k++)
            if (node->outputs[k][0])
                (slot++)->name = node->outputs[k];
    }
    interp->slot_count = (size_t)(slot - interp->slots);
    qsort(interp->slots, interp->slot_count, sizeof *interp->slots, by_name);
}

static size_t count_slots(const struct doubt_graph *graph)
{
    size_t count = doubt_graph_input_count(graph) + doubt_graph_const_count(graph);
    for (size_t i = 0; i < doubt_graph_node_count(graph); i++)
        count += doubt_graph_node(graph, i)->output_count;
    return count;
}

static enum doubt_code plan_step(struct doubt_interp *interp, size_t i, struct doubt_err *err)
{
    struct step *step = &interp->steps[i];
    const struct doubt_node *node = step->node = doubt_graph_node(interp->graph, i);
    bool ours = node->domain[0] == '\0' || strcmp(node->domain, "ai.onnx") == 0;
    step->op = ours ? find_op(node->op) : NULL;
    if (!step->op)
        return doubt_err_set(
            err, DOUBT_E_UNSUPPORTED,
            "node \"%s\" wants the operator %s%s%s, which the reference interpreter "
            "does not have; give a reference made by another engine",
            node->name, node->domain, node->domain[0] ? "." : "", node->op);
    for (uint32_t k = 0; k < node->input_count; k++) {
        step->in[k] = find_slot(interp, node->inputs[k]);
        if (step->in[k] != NO_SLOT)
            interp->slots[step->in[k]].last = i;
        else if (node->inputs[k][0])
            return doubt_err_set(err, DOUBT_E_FORMAT,
                                 "node \"%s\" reads \"%s\", which nothing makes", node->name,
                                 node->inputs[k]);
    }
    for (uint32_t k = 0; k < node->output_count; k++) {
        step->out[k] = find_slot(interp, node->outputs[k]);
        if (step->out[k] != NO_SLOT && interp->slots[step->out[k]].last < i)
            interp->slots[step->out[k]].last = i;
    }
    return DOUBT_OK;
}

static enum doubt_code plan(struct doubt_interp *interp, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    list_slots(interp);
    for (size_t i = 0; i < interp->step_count && code == DOUBT_OK; i++)
        code = plan_step(interp, i, err);
    for (size_t i = 0; i < interp->output_count && code == DOUBT_OK; i++) {
        const char *name = doubt_graph_output(interp->graph, i);
        int32_t slot = interp->outputs[i].slot = find_slot(interp, name);
        if (slot == NO_SLOT)
            return doubt_err_set(err, DOUBT_E_FORMAT, "output \"%s\" is made by nothing", name);
        interp->slots[slot].kept = true;
    }
    return code;
}

enum doubt_code doubt_interp_new(const struct doubt_graph *graph, struct doubt_interp **interp,
                                 struct doubt_err *err)
{
    struct doubt_interp *made = calloc(1, sizeof *made);
    *interp = NULL;
    if (!made)
        return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for the interpreter");
    made->graph = graph;
    made->step_count = doubt_graph_node_count(graph);
    made->output_count = doubt_graph_output_count(graph);
    made->slots = calloc(count_slots(graph) + 1, sizeof *made->slots);
    made->steps = calloc(made->step_count + 1, sizeof *made->steps);
    made->outputs = calloc(made->output_count + 1, sizeof *made->outputs);
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    doubt_interp_limit(made, (uint64_t)(pages > 0 ? pages : 1 << 20) * (uint64_t)page,
                       UINT64_MAX / 2);
    enum doubt_code code = made->slots && made->steps && made->outputs
                               ? plan(made, err)
                               : doubt_err_set(err, DOUBT_E_MEMORY, "no memory for the plan of %s",
                                               doubt_graph_name(graph));
    if (code != DOUBT_OK) {
        doubt_interp_free(made);
        return code;
    }
    *interp = made;
    return DOUBT_OK;
}

void doubt_interp_limit(struct doubt_interp *interp, uint64_t max_bytes, uint64_t max_work)
{
    interp->budget.bytes_max = max_bytes;
    interp->budget.work_max = max_work;
}

/* --- a run ----------------------------------------------------------------------------------- */

static void empty_slots(struct doubt_interp *interp)
{
    for (size_t i = 0; interp->slots && i < interp->slot_count; i++)
        doubti_array_free(&interp->budget, &interp->slots[i].array);
    for (size_t i = 0; interp->outputs && i < interp->output_count; i++) {
        free(interp->outputs[i].converted);
        interp->outputs[i].converted = NULL;
    }
    interp->budget.bytes = interp->budget.work = 0;
    interp->ran = false;
}

void doubt_interp_free(struct doubt_interp *interp)
{
    if (!interp)
        return;
    empty_slots(interp);
    free(interp->slots);
    free(interp->steps);
    free(interp->outputs);
    free(interp);
}

/* Does the tensor fit what the graph says of its input? */
static enum doubt_code check_input(const struct doubt_value *value,
                                   const struct doubt_tensor *tensor, struct doubt_err *err)
{
    char given[128], wanted[128];
    bool fits = tensor->dtype == value->dtype && (value->rank < 0 || value->rank == tensor->rank);
    for (int32_t d = 0; d < value->rank && fits; d++)
        fits = value->dims[d] == -1 || value->dims[d] == tensor->dims[d];
    uint64_t count = 0;
    if (tensor->rank < 0 || tensor->rank > DOUBT_RANK_MAX ||
        !doubt_dims_count(tensor->dims, tensor->rank, &count))
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "input \"%s\" has an impossible shape",
                             value->name);
    doubt_dims_format(tensor->dims, tensor->rank, given, sizeof given);
    doubt_dims_format(value->dims, value->rank < 0 ? 0 : value->rank, wanted, sizeof wanted);
    if (!fits)
        return doubt_err_set(
            err, DOUBT_E_ARGUMENT, "input \"%s\" is given as %s %s; %s %s is wanted", value->name,
            doubt_dtype_name(tensor->dtype), given, doubt_dtype_name(value->dtype), wanted);
    if (!tensor->data || tensor->bytes / doubt_dtype_bytes(tensor->dtype) < count)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "input \"%s\" is given with too little data",
                             value->name);
    return DOUBT_OK;
}

static enum doubt_code take_input(struct doubt_interp *interp, const struct doubt_value *value,
                                  const struct doubt_tensor *tensor, struct doubt_err *err)
{
    if (doubt_dtype_bytes(value->dtype) == 0)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "input \"%s\" has no type held here",
                             value->name);
    enum doubt_code code = check_input(value, tensor, err);
    if (code != DOUBT_OK)
        return code;
    struct doubti_array *array = &interp->slots[find_slot(interp, value->name)].array;
    *array = (struct doubti_array){.dtype = tensor->dtype, .rank = tensor->rank};
    memcpy(array->dims, tensor->dims, sizeof array->dims);
    return doubti_import(&interp->budget, tensor->data, array, err);
}

/* A constant is made when it is first read. */
static enum doubt_code fill_constant(struct doubt_interp *interp, struct slot *slot,
                                     struct doubt_err *err)
{
    if (!slot->constant || slot->array.data)
        return DOUBT_OK;
    return doubti_import_const(&interp->budget, slot->constant, &slot->array, err);
}

static void drop_if_last(struct doubt_interp *interp, int32_t slot, size_t i)
{
    if (slot != NO_SLOT && interp->slots[slot].last <= i && !interp->slots[slot].kept)
        doubti_array_free(&interp->budget, &interp->slots[slot].array);
}

static enum doubt_code run_step(struct doubt_interp *interp, size_t i, struct doubt_err *err)
{
    const struct step *step = &interp->steps[i];
    struct doubti_call call = {
        .node = step->node, .op = step->op, .budget = &interp->budget, .err = err};
    enum doubt_code code = DOUBT_OK;
    for (uint32_t k = 0; k < step->node->input_count && code == DOUBT_OK; k++) {
        if (step->in[k] == NO_SLOT)
            continue;
        struct slot *slot = &interp->slots[step->in[k]];
        code = fill_constant(interp, slot, err);
        call.in[k] = &slot->array;
    }
    if (code == DOUBT_OK)
        code = step->op->run(&call);
    for (uint32_t k = 0; k < DOUBT_NODE_OUTPUTS_MAX; k++) {
        int32_t slot = k < step->node->output_count ? step->out[k] : NO_SLOT;
        if (slot == NO_SLOT || code != DOUBT_OK) {
            doubti_array_free(&interp->budget, &call.out[k]);
            continue;
        }
        if (!call.out[k].data)
            code = doubti_fail(&call, DOUBT_E_UNSUPPORTED, "output %d is not made", (int)k);
        interp->slots[slot].array = call.out[k];
    }
    for (uint32_t k = 0; k < step->node->input_count; k++)
        drop_if_last(interp, step->in[k], i);
    for (uint32_t k = 0; k < step->node->output_count; k++)
        drop_if_last(interp, step->out[k], i);
    return code;
}

/* Outputs in their own types. */
static enum doubt_code finish_outputs(struct doubt_interp *interp, struct doubt_err *err)
{
    for (size_t i = 0; i < interp->output_count; i++) {
        struct slot *slot = &interp->slots[interp->outputs[i].slot];
        enum doubt_code code = fill_constant(interp, slot, err);
        if (code != DOUBT_OK)
            return code;
        const struct doubti_array *array = &slot->array;
        if (array->dtype == DOUBT_F32 || array->dtype == DOUBT_I64)
            continue;
        size_t bytes = doubt_dtype_bytes(array->dtype);
        void *converted = calloc(array->count + 1, bytes);
        if (!converted)
            return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for output \"%s\"", slot->name);
        doubti_export(array, converted);
        interp->outputs[i].converted = converted;
    }
    return DOUBT_OK;
}

enum doubt_code doubt_interp_run(struct doubt_interp *interp, const struct doubt_tensor *inputs,
                                 size_t input_count, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    empty_slots(interp);
    if (input_count != doubt_graph_input_count(interp->graph))
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "%zu inputs are given; %s has %zu", input_count,
                             doubt_graph_name(interp->graph),
                             doubt_graph_input_count(interp->graph));
    for (size_t i = 0; i < input_count && code == DOUBT_OK; i++)
        code = take_input(interp, doubt_graph_input(interp->graph, i), &inputs[i], err);
    for (size_t i = 0; i < interp->step_count && code == DOUBT_OK; i++)
        code = run_step(interp, i, err);
    if (code == DOUBT_OK)
        code = finish_outputs(interp, err);
    interp->ran = code == DOUBT_OK;
    if (code != DOUBT_OK)
        empty_slots(interp);
    return code;
}

enum doubt_code doubt_interp_output(const struct doubt_interp *interp, size_t i,
                                    struct doubt_tensor *output, struct doubt_err *err)
{
    if (i >= interp->output_count || !interp->ran)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "there is no output %zu of a finished run", i);
    const struct slot *slot = &interp->slots[interp->outputs[i].slot];
    const struct doubti_array *array = &slot->array;
    void *converted = interp->outputs[i].converted;
    *output = (struct doubt_tensor){.name = slot->name, .dtype = array->dtype, .rank = array->rank};
    memcpy(output->dims, array->dims, sizeof output->dims);
    output->data = converted ? converted : array->data;
    output->bytes = array->count * doubt_dtype_bytes(array->dtype);
    return DOUBT_OK;
}

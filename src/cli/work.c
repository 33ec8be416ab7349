/* work.c: see work.h. */
#include "cli/work.h"

#include "model/cost.h"
#include "model/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the part of a graph that one output needs ----------------------------------------------- */

static bool makes(const struct doubt_node *node, const char *value)
{
    for (uint32_t i = 0; i < node->output_count; i++)
        if (strcmp(node->outputs[i], value) == 0)
            return true;
    return false;
}

/* Marks the nodes that the value needs, from the last one to the first: nodes are in the order of
 * execution. */
static void mark(const struct doubt_graph *graph, const char *output, bool *needed)
{
    size_t count = doubt_graph_node_count(graph);
    for (size_t i = count; i-- > 0;) {
        const struct doubt_node *node = doubt_graph_node(graph, i);
        needed[i] = makes(node, output);
        for (size_t k = i + 1; !needed[i] && k < count; k++)
            for (uint32_t in = 0;
                 needed[k] && !needed[i] && in < doubt_graph_node(graph, k)->input_count; in++)
                needed[i] = makes(node, doubt_graph_node(graph, k)->inputs[in]);
    }
}

static bool reads(const struct doubt_graph *graph, const bool *needed, const char *constant)
{
    for (size_t i = 0; i < doubt_graph_node_count(graph); i++) {
        const struct doubt_node *node = doubt_graph_node(graph, i);
        for (uint32_t in = 0; needed[i] && in < node->input_count; in++)
            if (strcmp(node->inputs[in], constant) == 0)
                return true;
    }
    return false;
}

static enum doubt_code copy_node(struct doubt_graph *to, const struct doubt_graph *from, size_t i)
{
    const struct doubt_node *node = doubt_graph_node(from, i);
    enum doubt_code code = doubt_graph_add_node(to, node, NULL);
    for (uint32_t k = 0; code == DOUBT_OK && k < node->output_count; k++) {
        const struct doubt_value *value = doubt_graph_value(from, node->outputs[k]);
        if (value != NULL)
            code = doubt_graph_set_value(to, value, NULL);
    }
    return code;
}

static enum doubt_code copy_needed(struct doubt_graph *to, const struct doubt_graph *from,
                                   const bool *needed)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < doubt_graph_input_count(from); i++)
        code = doubt_graph_add_input(to, doubt_graph_input(from, i), NULL);
    for (size_t i = 0; code == DOUBT_OK && i < doubt_graph_const_count(from); i++)
        if (reads(from, needed, doubt_graph_const_at(from, i)->value.name))
            code = doubt_graph_add_const(to, doubt_graph_const_at(from, i), NULL);
    for (size_t i = 0; code == DOUBT_OK && i < doubt_graph_node_count(from); i++)
        if (needed[i])
            code = copy_node(to, from, i);
    return code;
}

static void release(void *graph)
{
    doubt_graph_free(graph);
}

/* Replaces the graph by what output needs of it; it borrows from the whole one, which is handed
 * over to it. False: there is no such output, or no memory. */
static bool keep_output(struct doubt_graph **graph, const char *output)
{
    struct doubt_graph *whole = *graph;
    struct doubt_graph *part = doubt_graph_new(doubt_graph_name(whole));
    bool *needed = calloc(doubt_graph_node_count(whole) + 1, sizeof *needed);
    bool done = part != NULL && needed != NULL && doubt_graph_value(whole, output) != NULL;
    if (done) {
        mark(whole, output, needed);
        done = copy_needed(part, whole, needed) == DOUBT_OK &&
               doubt_graph_add_output(part, output, NULL) == DOUBT_OK;
    }
    free(needed);
    *graph = part;
    if (part == NULL || doubt_graph_own(part, whole, release) != DOUBT_OK)
        doubt_graph_free(whole);
    return done;
}

/* --- counting ------------------------------------------------------------------------------- */

static bool all_are(const struct doubt_node *node, const char *attr, int64_t value)
{
    const int64_t *ints;
    int32_t count = doubt_node_ints(node, attr, &ints);
    for (int32_t i = 0; i < count; i++)
        if (ints[i] != value)
            return false;
    return true;
}

/* MACs of 3x3 convolutions of stride 1, full over the channels. */
static int64_t winograd_macs(const struct doubt_graph *graph)
{
    int64_t sum = 0;
    for (size_t i = 0; i < doubt_graph_node_count(graph); i++) {
        const struct doubt_node *node = doubt_graph_node(graph, i);
        if (strcmp(node->op, "Conv") != 0 || doubt_node_int(node, "group", 1) != 1 ||
            !all_are(node, "strides", 1) || !all_are(node, "dilations", 1))
            continue;
        const struct doubt_value *w = doubt_graph_value(graph, node->inputs[1]);
        const struct doubt_value *y = doubt_graph_value(graph, node->outputs[0]);
        if (w == NULL || y == NULL || w->rank != 4 || y->rank != 4 || w->dims[2] != 3 ||
            w->dims[3] != 3)
            continue;
        sum += y->dims[0] * y->dims[1] * y->dims[2] * y->dims[3] * w->dims[1] * 9;
    }
    return sum;
}

/* The last two sizes of the claim's input; false where it states none. */
static bool stated_size(const struct doubt_claim *claim, long *height, long *width)
{
    const char *at = strrchr(claim->input, 'x');
    while (at != NULL && at > claim->input && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return at != NULL && sscanf(at, "%5ldx%5ld", height, width) == 2 && *height > 0 && *width > 0;
}

/* Those, where they are not the network's own. */
static void other_size(const struct doubt_claim *claim, const struct doubt_graph *graph,
                       struct doubt_net_params *params)
{
    const struct doubt_value *input = doubt_graph_input(graph, 0);
    long height, width;
    if (!stated_size(claim, &height, &width) || input->rank != 4 ||
        (input->dims[2] == height && input->dims[3] == width))
        return;
    params->height = (int32_t)height;
    params->width = (int32_t)width;
    params->no_nms = true;
}

static bool count_graph(struct doubt_graph **graph, const struct doubt_claim *claim,
                        struct doubt_work *out)
{
    struct doubt_cost cost;
    if (claim->output[0] != '\0' && !keep_output(graph, claim->output))
        return false;
    if (doubt_cost_count(*graph, &cost, NULL) != DOUBT_OK)
        return false;
    *out = (struct doubt_work){.macs = cost.macs,
                               .winograd_macs = winograd_macs(*graph),
                               .weights = cost.parameters,
                               .io = cost.io_bytes / 4};
    return true;
}

static bool count_net(const struct doubt_claim *claim, struct doubt_work *out)
{
    const struct doubt_net *net;
    struct doubt_graph *graph = NULL;
    struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32};
    if (doubt_net_find(claim->network, &net, NULL) != DOUBT_OK ||
        doubt_net_build(net, &params, &graph, NULL) != DOUBT_OK)
        return false;
    other_size(claim, graph, &params);
    if (params.height > 0) {
        doubt_graph_free(graph);
        if (doubt_net_build(net, &params, &graph, NULL) != DOUBT_OK)
            return false;
    }
    bool done = count_graph(&graph, claim, out);
    doubt_graph_free(graph);
    return done;
}

/* The network's own size; false where it is not built in, or cannot be built. */
static bool own_size(struct doubt_works *works, const struct doubt_net *net, long *height,
                     long *width)
{
    struct doubt_graph *graph = NULL;
    const struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32};
    for (size_t i = 0; i < works->own_count; i++)
        if (strcmp(works->own[i].network, net->name) == 0) {
            *height = works->own[i].height;
            *width = works->own[i].width;
            return true;
        }
    if (doubt_net_build(net, &params, &graph, NULL) != DOUBT_OK)
        return false;
    *height = (long)doubt_graph_input(graph, 0)->dims[2];
    *width = (long)doubt_graph_input(graph, 0)->dims[3];
    doubt_graph_free(graph);
    if (works->own_count < DOUBT_WORKS_NETWORKS) {
        works->own[works->own_count].network = net->name;
        works->own[works->own_count].height = *height;
        works->own[works->own_count++].width = *width;
    }
    return true;
}

bool doubt_works_other_size(struct doubt_works *works, const struct doubt_claim *claim, char *out,
                            size_t out_bytes)
{
    const struct doubt_net *net;
    long height, width, own_height, own_width;
    if (doubt_net_find(claim->network, &net, NULL) != DOUBT_OK ||
        !stated_size(claim, &height, &width) || !own_size(works, net, &own_height, &own_width))
        return false;
    snprintf(out, out_bytes, "%ldx%ld", own_height, own_width);
    return height != own_height || width != own_width;
}

bool doubt_works_find(struct doubt_works *works, const struct doubt_claim *claim,
                      struct doubt_work *out)
{
    char key[sizeof works->rows[0].key];
    if (claim->network[0] == '\0')
        return doubt_work_find(claim->title, claim->input, out);
    snprintf(key, sizeof key, "%.100s %.60s %.60s", claim->network, claim->input, claim->output);
    for (size_t i = 0; i < works->count; i++)
        if (strcmp(works->rows[i].key, key) == 0) {
            *out = works->rows[i].work;
            return out->macs > 0;
        }
    if (!count_net(claim, out))
        *out = (struct doubt_work){0};
    if (works->count < DOUBT_WORKS_MAX) {
        memcpy(works->rows[works->count].key, key, sizeof key);
        works->rows[works->count++].work = *out;
    }
    return out->macs > 0;
}

/* cmd_networks.c: `doubt networks`: lists the built-in networks, shows one, writes one as ONNX.
 *
 * A unit of work is one network, built as a graph and counted from it; weights are only made when
 * a file is written. Not for measuring.
 */
#include "cli/cmd.h"
#include "model/cost.h"
#include "model/net.h"
#include "model/onnx.h"
#include "model/tensor.h"
#include "report/json.h"
#include "report/table.h"
#include "util/file.h"
#include "util/units.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct values {
    const char *export, *output;
    int precision, nms;
    int64_t batch;
    bool no_nms, wide;
};

static const char *const precisions[] = {"f32", "f16", NULL};
static const char *const suppressions[] = {"onnx", "tensorrt", NULL};

static const struct doubt_opt options[] = {
    {"export", 'e', "NAME", DOUBT_OPT_TEXT, offsetof(struct values, export), NULL,
     "write this network as an ONNX file", 0, 0, NULL},
    {"output", 'o', "FILE", DOUBT_OPT_TEXT, offsetof(struct values, output), NULL,
     "where to write it", 0, 0, NULL},
    {"precision", 'p', "NAME", DOUBT_OPT_CHOICE, offsetof(struct values, precision), "f32",
     "type of weights, inputs and outputs", 0, 0, precisions},
    {"batch", 'b', "N", DOUBT_OPT_INT, offsetof(struct values, batch), "1",
     "inputs of one inference", 1, 4096, NULL},
    {"no-nms", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, no_nms), NULL,
     "leave out the post-processing: ssd-mobilenet-v2 ends at raw boxes and scores", 0, 0, NULL},
    {"nms", 0, "WHOSE", DOUBT_OPT_CHOICE, offsetof(struct values, nms), "onnx",
     "operator for the suppression in ssd-mobilenet-v2: ONNX's, or EfficientNMS_TRT of TensorRT", 0,
     0, suppressions},
    DOUBT_CMD_WIDE,
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt networks", "all networks, with what they compute"},
    {"doubt networks resnet50", "one network, and where its layers come from"},
    {"doubt networks --export resnet50 -o resnet50.onnx", "an ONNX file for any other tool"},
    {NULL, NULL},
};

/* One network and its counts. */
struct counted {
    const struct doubt_net *net;
    char input[256];
    struct doubt_cost cost;
};

static void describe_inputs(const struct doubt_graph *graph, char *out, size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < doubt_graph_input_count(graph) && used < out_bytes; i++) {
        const struct doubt_value *input = doubt_graph_input(graph, i);
        char dims[128];
        doubt_dims_format(input->dims, input->rank, dims, sizeof dims);
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%s %s", i > 0 ? ", " : "",
                                 doubt_dtype_name(input->dtype), dims);
    }
}

static struct doubt_net_params params_of(const struct values *values)
{
    return (struct doubt_net_params){.batch = (int32_t)values->batch,
                                     .dtype = values->precision == 0 ? DOUBT_F32 : DOUBT_F16,
                                     .no_nms = values->no_nms,
                                     .nms_plugin = values->nms == 1};
}

static enum doubt_code count(const struct doubt_net *net, const struct doubt_net_params *params,
                             struct counted *out, struct doubt_err *err)
{
    struct doubt_graph *graph = NULL;
    enum doubt_code code = doubt_net_build(net, params, &graph, err);
    if (code != DOUBT_OK)
        return code;
    out->net = net;
    describe_inputs(graph, out->input, sizeof out->input);
    code = doubt_cost_count(graph, &out->cost, err);
    doubt_graph_free(graph);
    return code;
}

/* --- list ----------------------------------------------------------------------------------- */

static enum doubt_code add_row(const void *list, size_t i, struct doubt_table *table,
                               struct doubt_err *err)
{
    const struct counted *counted = (const struct counted *)list + i;
    char parameters[32], macs[32], bytes[32];
    doubt_units_format_grouped(counted->cost.parameters, parameters, sizeof parameters);
    doubt_units_format_grouped(counted->cost.macs, macs, sizeof macs);
    doubt_units_format_bytes((uint64_t)counted->cost.weight_bytes, bytes, sizeof bytes);
    const char *texts[] = {
        counted->net->name, counted->net->title, counted->input, parameters, macs, bytes};
    return doubt_table_add(table, texts, err);
}

static enum doubt_code format_list(const struct doubt_cli *cli, const struct counted *list,
                                   size_t list_count, struct doubt_str *out, struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"name", false, 0},      {"title", false, 4}, {"input", false, 2},
        {"parameters", true, 1}, {"MACs", true, 0},   {"weights", true, 3},
    };
    const struct doubt_table_shape shape = {
        columns, sizeof columns / sizeof columns[0], list_count, add_row, cli->width, cli->color};
    return doubt_table_print(&shape, list, out, err);
}

/* --- one ------------------------------------------------------------------------------------ */

static void line(struct doubt_str *out, const char *key, const char *text, size_t width)
{
    enum { KEY_COLUMNS = 19 };
    doubt_str_addf(out, "%-*s", KEY_COLUMNS, key);
    doubt_str_wrap(out, text, KEY_COLUMNS, width);
}

static void count_line(struct doubt_str *out, const char *key, int64_t value)
{
    char text[32];
    doubt_units_format_grouped(value, text, sizeof text);
    line(out, key, text, 0);
}

static void bytes_line(struct doubt_str *out, const char *key, int64_t value, const char *what)
{
    char number[32], text[128];
    doubt_units_format_bytes((uint64_t)value, number, sizeof number);
    snprintf(text, sizeof text, "%s%s", number, what);
    line(out, key, text, 0);
}

static void format_one(const struct doubt_cli *cli, const struct counted *one,
                       struct doubt_str *out)
{
    line(out, one->net->name, one->net->title, cli->width);
    line(out, "", one->net->summary, cli->width);
    line(out, "input", one->input, cli->width);
    count_line(out, "parameters", one->cost.parameters);
    count_line(out, "MACs", one->cost.macs);
    count_line(out, "nodes", one->cost.nodes);
    bytes_line(out, "weights", one->cost.weight_bytes, "");
    bytes_line(out, "activations", one->cost.activation_bytes, ", each written once");
    line(out, "source", one->net->source, cli->width);
    line(out, "certainty", one->net->certainty, cli->width);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static json_t *to_json(const struct counted *one)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:s, s:s}", "name",
                     one->net->name, "title", one->net->title, "summary", one->net->summary,
                     "input", one->input, "parameters", (json_int_t)one->cost.parameters, "macs",
                     (json_int_t)one->cost.macs, "nodes", (json_int_t)one->cost.nodes,
                     "weight_bytes", (json_int_t)one->cost.weight_bytes, "activation_bytes",
                     (json_int_t)one->cost.activation_bytes, "source", one->net->source,
                     "certainty", one->net->certainty);
}

static enum doubt_code format_json(const struct counted *list, size_t list_count,
                                   struct doubt_str *out, struct doubt_err *err)
{
    json_t *document = json_object(), *array = json_array();
    for (size_t i = 0; i < list_count; i++)
        json_array_append_new(array, to_json(&list[i]));
    json_object_set_new(document, "networks", array);
    enum doubt_code code = doubt_json_format(document, out, err);
    json_decref(document);
    return code;
}

/* --- the command ---------------------------------------------------------------------------- */

static enum doubt_code show(const struct doubt_cli *cli, const char *name,
                            const struct values *values, struct doubt_str *out,
                            struct doubt_err *err)
{
    const struct doubt_net_params params = params_of(values);
    const struct doubt_net *only = NULL;
    size_t total = doubt_net_count(), used = 0;
    enum doubt_code code = DOUBT_OK;
    if (name != NULL && (code = doubt_net_find(name, &only, err)) != DOUBT_OK)
        return code;
    struct counted *list = calloc(total, sizeof *list);
    if (list == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the list of networks");
    for (size_t i = 0; code == DOUBT_OK && i < total; i++) {
        const struct doubt_net *net = doubt_net_at(i);
        if (only != NULL && net != only)
            continue;
        struct doubt_net_params own = params;
        if (only == NULL && strcmp(net->name, "ssd-mobilenet-v2") != 0)
            own.no_nms = false;
        code = count(net, &own, &list[used], err);
        used++;
    }
    if (code == DOUBT_OK && cli->common.json)
        code = format_json(list, used, out, err);
    else if (code == DOUBT_OK && only != NULL)
        format_one(cli, &list[0], out);
    else if (code == DOUBT_OK)
        code = format_list(cli, list, used, out, err);
    free(list);
    return code;
}

static enum doubt_code write_file(const struct doubt_cli *cli, const struct values *values,
                                  struct doubt_err *err)
{
    const struct doubt_net_params params = params_of(values);
    const struct doubt_net *net = NULL;
    struct doubt_graph *graph = NULL;
    char digest[65];
    enum doubt_code code = doubt_net_find(values->export, &net, err);
    if (code == DOUBT_OK && values->output == NULL)
        code = doubt_err_set(err, DOUBT_E_USAGE, "--export needs a file to write: -o %s.onnx",
                             net->name);
    if (code == DOUBT_OK)
        code = doubt_net_build(net, &params, &graph, err);
    if (code == DOUBT_OK)
        code = doubt_onnx_save_unless(graph, values->output, digest, cli->stop, err);
    doubt_graph_free(graph);
    if (code != DOUBT_OK)
        return code;
    if (cli->common.json)
        printf("{\n  \"network\": \"%s\",\n  \"sha256\": \"%s\"\n}\n", net->name, digest);
    else if (!cli->common.quiet)
        printf("%s  %s\n", digest, values->output);
    return DOUBT_OK;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    struct doubt_str out;
    enum doubt_code code = doubt_cli_options(cli, &values, 1, &args, &err);
    if (code == DOUBT_OK && values.wide)
        cli->width = 0;
    if (code == DOUBT_OK && values.export == NULL && values.output != NULL)
        code = doubt_err_set(&err, DOUBT_E_USAGE,
                             "-o %s: nothing to write; --export NAME says "
                             "which network",
                             values.output);
    if (code == DOUBT_OK && values.export != NULL && args.count > 0)
        code = doubt_err_set(&err, DOUBT_E_USAGE,
                             "\"%s\" is one word too many: --export writes "
                             "one network",
                             args.items[0]);
    if (code != DOUBT_OK)
        return doubt_cli_fail(cli, &err);
    if (values.export != NULL) {
        doubt_cli_catch_signals(cli);
        code = write_file(cli, &values, &err);
        return code == DOUBT_OK ? DOUBT_EXIT_OK : doubt_cli_fail(cli, &err);
    }
    doubt_str_init(&out, 1 << 20);
    code = show(cli, args.count > 0 ? args.items[0] : NULL, &values, &out, &err);
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return code == DOUBT_OK ? DOUBT_EXIT_OK : doubt_cli_fail(cli, &err);
}

const struct doubt_cmd doubt_cmd_networks = {
    .name = "networks",
    .summary = "the built-in networks: list, details, ONNX files",
    .usage = "[NAME]",
    .details = "Parameters and multiply-accumulates are counted from the graph that is also "
               "written and measured. Weights come from a seeded recipe, the same bits on every "
               "machine: a figure measured with them is a figure of the network's speed, never "
               "of its answers' worth.",
    .examples = examples,
    .options = options,
    .run = run,
};

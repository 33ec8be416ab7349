/* subject.c: see subject.h. */
#include "cli/subject.h"

#include "cli/netfile.h"
#include "model/cost.h"
#include "model/onnx.h"
#include "model/shape.h"
#include "model/tensor.h"
#include "util/str.h"
#include "util/units.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ONNX counts in 64 bits; engines index one dimension with 32, so a larger size runs nowhere. */
static const int64_t size_most = INT32_MAX;

static enum doubt_code no_memory(struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a network's description");
}

static void count(const struct doubt_graph *graph, struct doubt_subject *subject)
{
    struct doubt_cost cost;
    subject->macs = subject->parameters = DOUBT_MISSING_I64;
    if (doubt_cost_count(graph, &cost, NULL) == DOUBT_OK) {
        subject->macs = cost.macs;
        subject->parameters = cost.parameters;
    }
}

/* --- built-in ------------------------------------------------------------------------------- */

static enum doubt_code take_file(const struct doubt_net *net, const struct doubt_net_params *params,
                                 const struct doubt_graph *graph, struct doubt_subject *subject,
                                 struct doubt_err *err)
{
    struct doubt_netfile file;
    enum doubt_code code = doubt_netfile_get(net, params, graph, &file, err);
    if (code == DOUBT_OK) {
        subject->path = file.path;
        memcpy(subject->sha256, file.sha256, sizeof subject->sha256);
    }
    return code;
}

enum doubt_code doubt_subject_open_net(const struct doubt_net *net,
                                       const struct doubt_net_params *params, bool with_file,
                                       struct doubt_subject *subject, struct doubt_err *err)
{
    struct doubt_graph *graph = NULL;
    *subject = (struct doubt_subject){.batch = params->batch, .built_in = true};
    enum doubt_code code = doubt_net_build(net, params, &graph, err);
    if (code != DOUBT_OK)
        return code;
    count(graph, subject);
    const char *variant = params->no_nms ? "no-nms" : "";
    subject->name = strdup(net->name);
    subject->title = strdup(net->title);
    subject->variant = strdup(variant);
    if (subject->name == NULL || subject->title == NULL || subject->variant == NULL)
        code = no_memory(err);
    if (code == DOUBT_OK && with_file)
        code = take_file(net, params, graph, subject, err);
    if (code == DOUBT_OK && with_file)
        code = doubt_reference_find(net->name, variant, &subject->reference, err);
    if (code == DOUBT_OK && with_file)
        doubt_str_copy(subject->reference_name, sizeof subject->reference_name,
                       "built-in reference");
    doubt_graph_free(graph);
    if (code != DOUBT_OK)
        doubt_subject_close(subject);
    return code;
}

/* --- the user's file ------------------------------------------------------------------------ */

/* "1x3x224x224" into dims; false for anything else. */
static bool read_dims(const char *text, struct doubt_tensor *size)
{
    for (const char *at = text;; at++) {
        char *end;
        errno = 0;
        long long dim = strtoll(at, &end, 10);
        if (!isdigit((unsigned char)*at) || errno != 0 || dim < 1 || dim > size_most ||
            size->rank == DOUBT_RANK_MAX)
            return false;
        size->dims[size->rank++] = dim;
        at = end;
        if (*at != 'x')
            return *at == '\0';
    }
}

enum doubt_code doubt_subject_parse_size(char *text, struct doubt_tensor *size,
                                         struct doubt_err *err)
{
    char *equals = strrchr(text, '=');
    *size = (struct doubt_tensor){.name = text};
    if (equals == NULL || equals == text || !read_dims(equals + 1, size))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--size \"%.200s\" is not NAME=SIZES: write the input's name and at "
                             "most %d sizes from 1 to %lld, for example data=1x3x224x224",
                             text, DOUBT_RANK_MAX, (long long)size_most);
    *equals = '\0';
    return DOUBT_OK;
}

static enum doubt_code unknown_input(const struct doubt_graph *graph, const char *name,
                                     const char *path, struct doubt_err *err)
{
    struct doubt_str names;
    doubt_str_init(&names, 512);
    for (size_t i = 0; i < doubt_graph_input_count(graph); i++)
        doubt_str_addf(&names, "%s%s", i > 0 ? ", " : "", doubt_graph_input(graph, i)->name);
    enum doubt_code code =
        doubt_err_set(err, DOUBT_E_USAGE, "--size: %s has no input \"%s\"; its inputs: %s", path,
                      name, doubt_str_text(&names));
    doubt_str_free(&names);
    return code;
}

/* Puts one size given into the graph; it must agree with what the file fixes. */
static enum doubt_code apply_size(struct doubt_graph *graph, const char *path,
                                  const struct doubt_tensor *size, struct doubt_err *err)
{
    const struct doubt_value *input = NULL;
    for (size_t i = 0; i < doubt_graph_input_count(graph) && input == NULL; i++)
        if (strcmp(doubt_graph_input(graph, i)->name, size->name) == 0)
            input = doubt_graph_input(graph, i);
    if (input == NULL)
        return unknown_input(graph, size->name, path, err);
    bool fits = input->rank < 0 || input->rank == size->rank;
    for (int32_t d = 0; fits && d < input->rank; d++)
        fits = input->dims[d] < 0 || input->dims[d] == size->dims[d];
    if (!fits) {
        char want[128], given[128];
        doubt_dims_format(input->dims, input->rank, want, sizeof want);
        doubt_dims_format(size->dims, size->rank, given, sizeof given);
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--size %s=%s does not fit: the file %s fixes this input to %s",
                             size->name, given, path, want);
    }
    struct doubt_value value = *input;
    value.rank = size->rank;
    memcpy(value.dims, size->dims, sizeof value.dims);
    return doubt_graph_set_value(graph, &value, err);
}

static enum doubt_code apply_sizes(struct doubt_graph *graph, const char *path,
                                   const struct doubt_opt_list *sizes,
                                   struct doubt_subject *subject, struct doubt_err *err)
{
    subject->sizes = calloc(sizes->count > 0 ? sizes->count : 1, sizeof *subject->sizes);
    if (subject->sizes == NULL)
        return no_memory(err);
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < sizes->count; i++) {
        struct doubt_tensor *size = &subject->sizes[i];
        code = doubt_subject_parse_size((char *)sizes->items[i], size, err);
        if (code == DOUBT_OK)
            code = apply_size(graph, path, size, err);
        if (code == DOUBT_OK)
            size->dtype = doubt_graph_value(graph, size->name)->dtype;
        subject->size_count = (uint32_t)i + 1;
    }
    return code;
}

static bool is_open(const struct doubt_value *value)
{
    bool open = value->rank < 0;
    for (int32_t d = 0; d < value->rank; d++)
        open = open || value->dims[d] < 0;
    return open;
}

/* Every input's sizes must be known now. An example helps: unknown ones become 1. */
static enum doubt_code refuse_unknown(const struct doubt_graph *graph, const char *path,
                                      struct doubt_err *err)
{
    for (size_t i = 0; i < doubt_graph_input_count(graph); i++) {
        const struct doubt_value *input = doubt_graph_input(graph, i);
        if (!is_open(input))
            continue;
        char have[128] = "no shape", example[128] = "1x3x224x224";
        if (input->rank >= 0) {
            int64_t dims[DOUBT_RANK_MAX];
            for (int32_t d = 0; d < input->rank; d++)
                dims[d] = input->dims[d] > 0 ? input->dims[d] : d > 1 ? 224 : 1;
            doubt_dims_format(input->dims, input->rank, have, sizeof have);
            doubt_dims_format(dims, input->rank, example, sizeof example);
        }
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "input \"%s\" of %s leaves sizes open (%s): give them, for example "
                             "--size %s=%s",
                             input->name, path, have, input->name, example);
    }
    return DOUBT_OK;
}

/* Of the machine; infinite where it does not tell. */
static double memory_bytes(void)
{
    double pages = (double)sysconf(_SC_PHYS_PAGES), page = (double)sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? pages * page : HUGE_VAL;
}

/* An input or output whose sizes no engine can hold is bad input, not a failed measurement. *bytes
 * is what all of them take so far. what: "input" or "output". */
static enum doubt_code refuse_huge(const struct doubt_value *value, const char *what,
                                   const char *path, double *bytes, struct doubt_err *err)
{
    char dims[128], needed[64], there[64];
    doubt_dims_format(value->dims, value->rank, dims, sizeof dims);
    double own = (double)doubt_dtype_bytes(value->dtype);
    for (int32_t d = 0; d < value->rank; d++) {
        if (value->dims[d] > size_most)
            return doubt_err_set(
                err, DOUBT_E_USAGE,
                "%s \"%.200s\" of %.300s is %s: the size %lld is not accepted, each "
                "may be from 1 to %lld",
                what, value->name, path, dims, (long long)value->dims[d], (long long)size_most);
        own *= (double)value->dims[d];
    }
    *bytes += own;
    if (*bytes <= memory_bytes())
        return DOUBT_OK;
    doubt_units_format_bytes(*bytes < 9e18 ? (uint64_t)*bytes : (uint64_t)9e18, needed,
                             sizeof needed);
    doubt_units_format_bytes((uint64_t)memory_bytes(), there, sizeof there);
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "%s \"%.200s\" of %.300s is %s: with it, inputs and outputs take %s%s, "
                         "and this machine has %s of memory; smaller sizes are accepted",
                         what, value->name, path, dims, *bytes < 9e18 ? "" : "more than ", needed,
                         there);
}

static enum doubt_code refuse_huge_inputs(const struct doubt_graph *graph, const char *path,
                                          double *bytes, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < doubt_graph_input_count(graph); i++)
        if (doubt_graph_input(graph, i)->rank >= 0)
            code = refuse_huge(doubt_graph_input(graph, i), "input", path, bytes, err);
    return code;
}

/* Outputs that the file states, or that follow from the inputs; the others are the engine's to
 * find. */
static enum doubt_code refuse_huge_outputs(const struct doubt_graph *graph, const char *path,
                                           double *bytes, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < doubt_graph_output_count(graph); i++) {
        const struct doubt_value *output = doubt_graph_value(graph, doubt_graph_output(graph, i));
        if (output != NULL && !is_open(output))
            code = refuse_huge(output, "output", path, bytes, err);
    }
    return code;
}

/* The samples that one inference takes: the first dimension, where all inputs agree on it. */
static int32_t batch_of(const struct doubt_graph *graph)
{
    int64_t batch = 0;
    for (size_t i = 0; i < doubt_graph_input_count(graph); i++) {
        const struct doubt_value *input = doubt_graph_input(graph, i);
        if (input->rank < 2)
            continue;
        if (batch != 0 && input->dims[0] != batch)
            return 1;
        batch = input->dims[0];
    }
    return batch > 0 && batch <= INT32_MAX ? (int32_t)batch : 1;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static enum doubt_code load(const char *path, struct doubt_graph **graph, struct doubt_err *err)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return doubt_err_errno(err, DOUBT_E_USAGE, errno, "cannot read %s", path);
    if (!S_ISREG(st.st_mode))
        return doubt_err_set(err, DOUBT_E_USAGE, "%s is not a file", path);
    return doubt_onnx_load(path, graph, err);
}

enum doubt_code doubt_subject_open_file(const char *path, const struct doubt_opt_list *sizes,
                                        struct doubt_subject *subject, struct doubt_err *err)
{
    struct doubt_graph *graph = NULL;
    *subject = (struct doubt_subject){.macs = DOUBT_MISSING_I64, .parameters = DOUBT_MISSING_I64};
    enum doubt_code code = load(path, &graph, err);
    if (code != DOUBT_OK)
        return code;
    subject->name = strdup(path);
    subject->title = strdup(base_name(path));
    subject->path = strdup(path);
    subject->variant = strdup(sizes->count > 0 ? "sizes given" : "");
    if (subject->name == NULL || subject->title == NULL || subject->path == NULL ||
        subject->variant == NULL)
        code = no_memory(err);
    if (code == DOUBT_OK)
        code = apply_sizes(graph, path, sizes, subject, err);
    double bytes = 0;
    if (code == DOUBT_OK)
        code = refuse_huge_inputs(graph, path, &bytes, err);
    if (code == DOUBT_OK)
        code = refuse_unknown(graph, path, err);
    if (code == DOUBT_OK)
        code = doubt_sha256_file(path, subject->sha256, err);
    /* An operator that doubt does not know costs the counts, not the measurement. */
    if (code == DOUBT_OK && doubt_shape_infer(graph, NULL) == DOUBT_OK)
        count(graph, subject);
    if (code == DOUBT_OK)
        code = refuse_huge_outputs(graph, path, &bytes, err);
    if (code == DOUBT_OK)
        subject->batch = batch_of(graph);
    doubt_graph_free(graph);
    if (code != DOUBT_OK)
        doubt_subject_close(subject);
    return code;
}

void doubt_subject_plan(const struct doubt_subject *subject, struct doubt_cell_plan *plan)
{
    plan->network = subject->name;
    plan->title = subject->title;
    plan->variant = subject->variant[0] != '\0' ? subject->variant : NULL;
    plan->model_path = subject->path;
    plan->model_sha256 = subject->sha256[0] != '\0' ? subject->sha256 : NULL;
    plan->macs = subject->macs;
    plan->parameters = subject->parameters;
    plan->batch = subject->batch;
    plan->input_sizes = subject->sizes;
    plan->input_size_count = subject->size_count;
    if (subject->reference.output_count > 0)
        plan->reference = &subject->reference;
    if (subject->reference_name[0] != '\0')
        plan->reference_name = subject->reference_name;
}

void doubt_subject_close(struct doubt_subject *subject)
{
    free(subject->name);
    free(subject->title);
    free(subject->variant);
    free(subject->path);
    free(subject->sizes);
    doubt_reference_free(&subject->reference);
    *subject = (struct doubt_subject){0};
}

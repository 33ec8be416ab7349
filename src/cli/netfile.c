/* netfile.c: see netfile.h. */
#include "cli/netfile.h"

#include "model/onnx.h"
#include "model/tensor.h"
#include "util/file.h"
#include "util/str.h"

#include <doubt/version.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- the key -------------------------------------------------------------------------------- */

static void add_text(struct doubt_sha256 *digest, const char *text)
{
    doubt_sha256_add(digest, text, strlen(text) + 1);
}

static void add_value(struct doubt_sha256 *digest, const struct doubt_value *value)
{
    add_text(digest, value->name);
    doubt_sha256_add(digest, &value->dtype, sizeof value->dtype);
    doubt_sha256_add(digest, &value->rank, sizeof value->rank);
    if (value->rank > 0)
        doubt_sha256_add(digest, value->dims, (size_t)value->rank * sizeof value->dims[0]);
}

static void add_const(struct doubt_sha256 *digest, const struct doubt_const *constant)
{
    add_value(digest, &constant->value);
    doubt_sha256_add(digest, &constant->fill, sizeof constant->fill);
    doubt_sha256_add(digest, &constant->seed, sizeof constant->seed);
    doubt_sha256_add(digest, &constant->scale, sizeof constant->scale);
    doubt_sha256_add(digest, &constant->offset, sizeof constant->offset);
    if (constant->fill == DOUBT_FILL_DATA)
        doubt_sha256_add(digest, constant->data, constant->bytes);
}

static void add_attr(struct doubt_sha256 *digest, const struct doubt_attr *attr)
{
    add_text(digest, attr->name);
    doubt_sha256_add(digest, &attr->kind, sizeof attr->kind);
    doubt_sha256_add(digest, &attr->i, sizeof attr->i);
    doubt_sha256_add(digest, &attr->f, sizeof attr->f);
    add_text(digest, attr->s != NULL ? attr->s : "");
    doubt_sha256_add(digest, attr->ints, (size_t)attr->int_count * sizeof attr->ints[0]);
}

static void add_node(struct doubt_sha256 *digest, const struct doubt_node *node)
{
    add_text(digest, node->name);
    add_text(digest, node->op);
    add_text(digest, node->domain);
    for (uint32_t i = 0; i < node->input_count; i++)
        add_text(digest, node->inputs[i]);
    for (uint32_t i = 0; i < node->output_count; i++)
        add_text(digest, node->outputs[i]);
    for (uint32_t i = 0; i < node->attr_count; i++)
        add_attr(digest, &node->attrs[i]);
}

enum doubt_code doubt_netfile_key(const struct doubt_graph *graph,
                                  char key[DOUBT_SHA256_TEXT_BYTES], struct doubt_err *err)
{
    struct doubt_sha256 *digest = doubt_sha256_new();
    if (digest == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the digest of a network");
    /* The writer's own bytes may change with the version. */
    add_text(digest, DOUBT_VERSION);
    add_text(digest, doubt_graph_name(graph));
    for (size_t i = 0; i < doubt_graph_input_count(graph); i++)
        add_value(digest, doubt_graph_input(graph, i));
    for (size_t i = 0; i < doubt_graph_const_count(graph); i++)
        add_const(digest, doubt_graph_const_at(graph, i));
    for (size_t i = 0; i < doubt_graph_node_count(graph); i++)
        add_node(digest, doubt_graph_node(graph, i));
    for (size_t i = 0; i < doubt_graph_output_count(graph); i++)
        add_text(digest, doubt_graph_output(graph, i));
    doubt_sha256_finish(digest, key);
    return DOUBT_OK;
}

/* --- the stamp ------------------------------------------------------------------------------ */

/* "SHA256 SIZE MTIME_NS\n" */
static void format_stamp(const struct stat *st, const char *sha256, char *out, size_t out_bytes)
{
    int64_t changed_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
    snprintf(out, out_bytes, "%s %" PRId64 " %" PRId64 "\n", sha256, (int64_t)st->st_size,
             changed_ns);
}

/* True when path is as its stamp says; sha256 is then filled. */
static bool is_intact(const char *path, const char *stamp_path, char *sha256)
{
    enum { STAMP_MAX = 256 };
    char *stamp = NULL, expected[STAMP_MAX];
    size_t size = 0;
    struct stat st;
    bool intact = false;
    if (stat(path, &st) != 0 ||
        doubt_file_read(stamp_path, STAMP_MAX - 1, &stamp, &size, NULL) != DOUBT_OK)
        return false;
    if (size > DOUBT_SHA256_TEXT_BYTES) {
        memcpy(sha256, stamp, DOUBT_SHA256_TEXT_BYTES - 1);
        sha256[DOUBT_SHA256_TEXT_BYTES - 1] = '\0';
        format_stamp(&st, sha256, expected, sizeof expected);
        intact = strcmp(stamp, expected) == 0;
    }
    free(stamp);
    return intact;
}

static enum doubt_code write_stamp(const char *path, const char *stamp_path, const char *sha256,
                                   struct doubt_err *err)
{
    struct stat st;
    char stamp[256];
    if (stat(path, &st) != 0)
        return doubt_err_set(err, DOUBT_E_IO, "%s has gone", path);
    format_stamp(&st, sha256, stamp, sizeof stamp);
    return doubt_file_write(stamp_path, stamp, strlen(stamp), err);
}

/* --- the file ------------------------------------------------------------------------------- */

static char *networks_folder(struct doubt_err *err)
{
    char *cache = doubt_file_xdg("CACHE"), *folder = NULL;
    if (cache == NULL) {
        doubt_err_set(err, DOUBT_E_NOT_FOUND,
                      "there is no place to write the network: set HOME or XDG_CACHE_HOME");
        return NULL;
    }
    folder = doubt_file_join(cache, "networks");
    free(cache);
    if (folder == NULL)
        doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a path");
    else if (doubt_file_make_folder(folder, err) != DOUBT_OK) {
        doubt_err_prefix(err, "no place to write the network (set XDG_CACHE_HOME)");
        free(folder);
        folder = NULL;
    }
    return folder;
}

/* FOLDER/NAME[-no-nms|-nms-tensorrt]-TYPE-bBATCH-KEY and the ending. */
static char *file_path(const char *folder, const struct doubt_net *net,
                       const struct doubt_net_params *params, const char *key, const char *ending)
{
    enum { KEY_DIGITS = 16 };
    char name[256];
    const char *variant = params->no_nms ? "-no-nms" : params->nms_plugin ? "-nms-tensorrt" : "";
    snprintf(name, sizeof name, "%s%s-%s-b%d-%.*s%s", net->name, variant,
             doubt_dtype_name(params->dtype), (int)params->batch, KEY_DIGITS, key, ending);
    return doubt_file_join(folder, name);
}

enum doubt_code doubt_netfile_get(const struct doubt_net *net,
                                  const struct doubt_net_params *params,
                                  const struct doubt_graph *graph, struct doubt_netfile *file,
                                  struct doubt_err *err)
{
    char key[DOUBT_SHA256_TEXT_BYTES], *stamp_path = NULL;
    file->path = NULL;
    char *folder = networks_folder(err);
    if (folder == NULL)
        return err != NULL ? err->code : DOUBT_E_IO;
    enum doubt_code code = doubt_netfile_key(graph, key, err);
    if (code != DOUBT_OK)
        goto no_key;
    file->path = file_path(folder, net, params, key, ".onnx");
    stamp_path = file_path(folder, net, params, key, ".stamp");
    if (file->path == NULL || stamp_path == NULL) {
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a path");
        goto no_path;
    }
    if (is_intact(file->path, stamp_path, file->sha256))
        goto no_path;
    code = doubt_onnx_save(graph, file->path, file->sha256, err);
    if (code == DOUBT_OK)
        code = write_stamp(file->path, stamp_path, file->sha256, err);
no_path:
    free(stamp_path);
    if (code != DOUBT_OK) {
        free(file->path);
        file->path = NULL;
    }
no_key:
    free(folder);
    return code;
}

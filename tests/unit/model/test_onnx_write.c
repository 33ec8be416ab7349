/* test_onnx_write.c: the bytes of every network's file, read back by protobuf-c and by digest, and
 * sinks that fail.
 *
 * tests/data/digests.tsv holds network, variant and SHA-256. A changed digest means that figures
 * measured before and after are of different files: change it only on purpose.
 */
#include "model/net.h"
#include "model/onnx.h"
#include "util/file.h"
#include "util/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <onnx.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct doubt_graph *build(const char *name, enum doubt_dtype dtype, bool no_nms)
{
    const struct doubt_net_params params = {.batch = 1, .dtype = dtype, .no_nms = no_nms};
    const struct doubt_net *net = NULL;
    struct doubt_graph *graph = NULL;
    assert_int_equal(doubt_net_find(name, &net, NULL), DOUBT_OK);
    assert_int_equal(doubt_net_build(net, &params, &graph, NULL), DOUBT_OK);
    return graph;
}

/* --- digests ------------------------------------------------------------------------------- */

static int hash(void *context, const void *data, size_t bytes)
{
    doubt_sha256_add(context, data, bytes);
    return 0;
}

static void check_digest(const char *network, const char *variant, const char *want)
{
    char got[DOUBT_SHA256_TEXT_BYTES];
    struct doubt_graph *graph = build(network, strcmp(variant, "f16") == 0 ? DOUBT_F16 : DOUBT_F32,
                                      strcmp(variant, "f32-no-nms") == 0);
    struct doubt_sha256 *digest = doubt_sha256_new();
    const struct doubt_onnx_sink sink = {digest, hash};
    assert_int_equal(doubt_onnx_write(graph, &sink, NULL), DOUBT_OK);
    doubt_sha256_finish(digest, got);
    doubt_graph_free(graph);
    if (strcmp(got, want) != 0)
        fail_msg("%s\t%s\t%s, expected %s", network, variant, got, want);
}

static void digests(void **state)
{
    char *text, *save, network[64], variant[32], want[128];
    int rows = 0;
    (void)state;
    assert_int_equal(doubt_file_read(DOUBT_TEST_DATA "/digests.tsv", 1 << 16, &text, NULL, NULL),
                     DOUBT_OK);
    for (char *line = strtok_r(text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        if (line[0] == '#')
            continue;
        assert_int_equal(sscanf(line, "%63s %31s %127s", network, variant, want), 3);
        check_digest(network, variant, want);
        rows++;
    }
    assert_int_equal(rows, 2 * (int)doubt_net_count() + 1);
    free(text);
}

/* --- memory -------------------------------------------------------------------------------- */

static int discard(void *context, const void *data, size_t bytes)
{
    (void)data;
    *(uint64_t *)context += bytes;
    return 0;
}

/* A sanitizer's own memory drowns ours. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

/* The largest file, 575 MB, with less than 50 MB in memory. Runs first: the peak never falls. */
static void writing_needs_little_memory(void **state)
{
    struct rusage usage;
    uint64_t bytes = 0;
    struct doubt_graph *graph = build("vgg19", DOUBT_F32, false);
    const struct doubt_onnx_sink sink = {&bytes, discard};
    (void)state;
    assert_int_equal(doubt_onnx_write(graph, &sink, NULL), DOUBT_OK);
    assert_true(bytes > 574668960 && bytes < 575000000);
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    assert_true(SANITIZED || usage.ru_maxrss < 50 * 1024);
    doubt_graph_free(graph);
}

/* --- contents ------------------------------------------------------------------------------ */

struct buffer {
    unsigned char *data;
    size_t size, cap;
};

static int collect(void *context, const void *data, size_t bytes)
{
    struct buffer *b = context;
    if (b->size + bytes > b->cap) {
        b->cap = (b->size + bytes) * 2;
        b->data = realloc(b->data, b->cap);
        assert_non_null(b->data);
    }
    memcpy(b->data + b->size, data, bytes);
    b->size += bytes;
    return 0;
}

static void read_back(void **state)
{
    struct buffer b = {NULL, 0, 0};
    struct doubt_graph *graph = build("super-resolution", DOUBT_F16, false);
    const struct doubt_onnx_sink sink = {&b, collect};
    (void)state;
    assert_int_equal(doubt_onnx_write(graph, &sink, NULL), DOUBT_OK);
    Doubt__Onnx__ModelProto *model = doubt__onnx__model_proto__unpack(NULL, b.size, b.data);
    assert_non_null(model);
    assert_int_equal(model->ir_version, 8);
    assert_int_equal(model->n_opset_import, 1);
    assert_int_equal(model->opset_import[0]->version, 13);
    assert_string_equal(model->graph->name, "super-resolution");
    assert_int_equal(model->graph->n_node, doubt_graph_node_count(graph));
    assert_int_equal(model->graph->n_initializer, doubt_graph_const_count(graph));
    const Doubt__Onnx__NodeProto *conv = model->graph->node[0];
    assert_string_equal(conv->op_type, "Conv");
    assert_string_equal(conv->input[0], "input_0");
    assert_string_equal(conv->attribute[2]->name, "pads");
    assert_int_equal(conv->attribute[2]->n_ints, 4);
    assert_int_equal(conv->attribute[2]->ints[3], 2);
    const Doubt__Onnx__TypeProto__Tensor *type = model->graph->output[0]->type->tensor_type;
    assert_int_equal(type->elem_type, DOUBT_F16);
    assert_int_equal(type->shape->dim[3]->dim_value, 1443);
    for (size_t i = 0; i < model->graph->n_initializer; i++) {
        const struct doubt_const *constant = doubt_graph_const_at(graph, i);
        const Doubt__Onnx__TensorProto *tensor = model->graph->initializer[i];
        unsigned char *bytes = malloc(constant->bytes);
        doubt_const_read(constant, 0,
                         constant->bytes / (constant->value.dtype == DOUBT_I64 ? 8 : 2), bytes);
        assert_string_equal(tensor->name, constant->value.name);
        assert_int_equal(tensor->raw_data.len, constant->bytes);
        assert_memory_equal(tensor->raw_data.data, bytes, constant->bytes);
        free(bytes);
    }
    doubt__onnx__model_proto__free_unpacked(model, NULL);
    free(b.data);
    doubt_graph_free(graph);
}

/* --- failures ------------------------------------------------------------------------------ */

struct limited {
    uint64_t left;
    int error;
};

static int run_full(void *context, const void *data, size_t bytes)
{
    struct limited *limited = context;
    (void)data;
    if (bytes > limited->left)
        return limited->error;
    limited->left -= bytes;
    return 0;
}

static void sinks_that_fail(void **state)
{
    static const struct {
        int error;
        enum doubt_code code;
    } rows[] = {{ENOSPC, DOUBT_E_FULL}, {EIO, DOUBT_E_IO}};
    struct doubt_graph *graph = build("super-resolution", DOUBT_F32, false);
    (void)state;
    for (uint64_t left = 0; left < 300000; left += 50000) {
        for (size_t i = 0; i < 2; i++) {
            struct limited limited = {left, rows[i].error};
            struct doubt_err err = {0};
            const struct doubt_onnx_sink sink = {&limited, run_full};
            if (left < 270000)
                assert_int_equal(doubt_onnx_write(graph, &sink, &err), rows[i].code);
            else
                assert_int_equal(doubt_onnx_write(graph, &sink, &err), DOUBT_OK);
            assert_true((err.text[0] != '\0') == (left < 270000));
        }
    }
    doubt_graph_free(graph);
}

static void too_large_for_a_file(void **state)
{
    struct doubt_graph *graph = doubt_graph_new("huge");
    struct doubt_err err = {0};
    struct doubt_const c = {
        .value = {.name = "w", .dtype = DOUBT_F32, .rank = 1, .dims = {1 << 29}},
        .fill = DOUBT_FILL_ZERO,
        .bytes = (uint64_t)1 << 31};
    struct limited limited = {0, EIO};
    const struct doubt_onnx_sink sink = {&limited, run_full};
    (void)state;
    assert_int_equal(doubt_graph_add_const(graph, &c, NULL), DOUBT_OK);
    assert_int_equal(doubt_onnx_write(graph, &sink, &err), DOUBT_E_UNSUPPORTED);
    assert_non_null(strstr(err.text, "2 GiB"));
    doubt_graph_free(graph);
}

static void saving(void **state)
{
    char folder[] = "/tmp/doubt-test-XXXXXX", path[128], kept[DOUBT_SHA256_TEXT_BYTES],
         found[DOUBT_SHA256_TEXT_BYTES];
    struct doubt_err err = {0};
    struct doubt_graph *graph = build("super-resolution", DOUBT_F32, false);
    const volatile sig_atomic_t stop = 1;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/net.onnx", folder);
    assert_int_equal(doubt_onnx_save(graph, path, kept, &err), DOUBT_OK);
    assert_int_equal(doubt_sha256_file(path, found, NULL), DOUBT_OK);
    assert_string_equal(kept, found);
    assert_int_equal(doubt_onnx_save(graph, path, NULL, &err), DOUBT_OK); /* over the old one */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(doubt_onnx_save_unless(graph, path, NULL, &stop, &err), DOUBT_E_INTERRUPTED);
    err = (struct doubt_err){0};
    assert_int_equal(rmdir(folder), 0); /* nothing else was left behind */
    assert_int_equal(doubt_onnx_save(graph, path, NULL, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, path));
    doubt_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_needs_little_memory),
        cmocka_unit_test(digests),
        cmocka_unit_test(read_back),
        cmocka_unit_test(sinks_that_fail),
        cmocka_unit_test(too_large_for_a_file),
        cmocka_unit_test(saving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

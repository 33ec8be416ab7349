/* test_reference.c: the kept references are what the interpreter makes of the built-in networks.
 *
 * Remakes every file. Where no library function enters a network's arithmetic the text must be the
 * same to the last digit on x86-64; exp() may differ in its last bit between C libraries, and other
 * machines are allowed that too. Under sanitizers only the cheapest networks are run.
 */
#include "../sanitizers.h"
#include "model/check.h"
#include "model/net.h"
#include "util/embed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SANITIZED (SANITIZED_ADDRESS || SANITIZED_UNDEFINED)
#if defined(__x86_64__) && !SANITIZED
#define EXACT 1
#else
#define EXACT 0
#endif

static const struct {
    const char *name;
    bool exponential; /* ends in a sigmoid or softmax */
    bool cheap;
} rows[] = {
    {"ssd-mobilenet-v2", true, true},
    {"resnet50", true, false},
    {"inception-v4", true, false},
    {"pose", false, false},
    {"super-resolution", false, false},
    {"vgg19", true, false},
    {"unet", true, false},
    {"tiny-yolov3", false, false},
    {"mobilenet-v2", false, true},
};

static struct doubt_reference remake(const char *name, bool no_nms)
{
    struct doubt_err err = {0};
    const struct doubt_net *net = NULL;
    const struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32, .no_nms = no_nms};
    struct doubt_graph *graph = NULL;
    struct doubt_reference made;
    assert_int_equal(doubt_net_find(name, &net, &err), DOUBT_OK);
    assert_int_equal(doubt_net_build(net, &params, &graph, &err), DOUBT_OK);
    if (doubt_reference_compute(graph, &made, &err) != DOUBT_OK)
        fail_msg("%s: %s", name, err.text);
    doubt_graph_free(graph);
    return made;
}

static void compare_text(const char *name, const char *variant, const struct doubt_reference *made)
{
    struct doubt_err err = {0};
    char path[128], *text = NULL;
    snprintf(path, sizeof path, "data/reference/%s%s%s.txt", name, variant[0] ? "." : "", variant);
    const struct doubt_embedded *kept = doubt_embedded_find(path);
    assert_non_null(kept);
    assert_int_equal(doubt_reference_format(made, &text, &err), DOUBT_OK);
    if (strcmp(text, kept->data) != 0)
        fail_msg("%s is not what the program makes: see tools/make-reference.c", path);
    free(text);
}

/* Same outputs, positions and shapes; values within 1e-5 of the largest. */
static void compare_values(const char *name, const char *variant,
                           const struct doubt_reference *made)
{
    struct doubt_err err = {0};
    struct doubt_reference kept;
    assert_int_equal(doubt_reference_find(name, variant, &kept, &err), DOUBT_OK);
    assert_int_equal(kept.output_count, made->output_count);
    for (uint32_t i = 0; i < kept.output_count; i++) {
        const struct doubt_reference_output *a = &kept.outputs[i], *b = &made->outputs[i];
        double largest = 0.0;
        assert_string_equal(a->name, b->name);
        assert_int_equal(a->rank, b->rank);
        assert_memory_equal(a->dims, b->dims, sizeof a->dims);
        assert_int_equal(a->point_count, b->point_count);
        assert_memory_equal(a->positions, b->positions, sizeof a->positions);
        assert_true(fabs(a->norm - b->norm) <= 1e-5 * a->norm);
        for (uint32_t k = 0; k < a->point_count; k++)
            largest = fmax(largest, fabs((double)a->values[k]));
        for (uint32_t k = 0; k < a->point_count; k++)
            if (!(fabs((double)a->values[k] - (double)b->values[k]) <= 1e-5 * largest))
                fail_msg("%s: point %u of %s is %.9g, kept is %.9g", name, (unsigned)k, a->name,
                         (double)b->values[k], (double)a->values[k]);
    }
    doubt_reference_free(&kept);
}

static void remade_references_are_the_kept_ones(void **state)
{
    (void)state;
    assert_int_equal(sizeof rows / sizeof *rows, doubt_net_count());
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        for (int no_nms = 0; no_nms < 2; no_nms++) {
            const char *variant = no_nms ? "no-nms" : "";
            if ((no_nms && strcmp(rows[k].name, "ssd-mobilenet-v2") != 0) ||
                (SANITIZED && (!rows[k].cheap || no_nms)))
                continue;
            struct doubt_reference made = remake(rows[k].name, no_nms);
            compare_values(rows[k].name, variant, &made);
            if (EXACT && !rows[k].exponential)
                compare_text(rows[k].name, variant, &made);
            doubt_reference_free(&made);
        }
}

/* A reference of constant or vanishing values would let wrong answers pass. */
static void references_say_something(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        struct doubt_err err = {0};
        struct doubt_reference kept;
        assert_int_equal(doubt_reference_find(rows[k].name, "", &kept, &err), DOUBT_OK);
        double most = 0.0;
        for (uint32_t i = 0; i < kept.output_count; i++) {
            const struct doubt_reference_output *o = &kept.outputs[i];
            double sum = 0.0, squares = 0.0;
            for (uint32_t n = 0; n < o->point_count; n++) {
                sum += (double)o->values[n];
                squares += (double)o->values[n] * (double)o->values[n];
            }
            double mean = sum / o->point_count, variance = squares / o->point_count - mean * mean;
            if (squares > 0.0)
                most = fmax(most, sqrt(variance * o->point_count / squares));
        }
        if (!(most > 0.2))
            fail_msg("%s: its outputs hardly vary (%.3g)", rows[k].name, most);
        doubt_reference_free(&kept);
    }
}

/* Two images of a batch are each compared with the reference of one. */
static void a_batch_of_two_passes(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    const struct doubt_net *net = NULL;
    const struct doubt_net_params params = {.batch = 2, .dtype = DOUBT_F32};
    struct doubt_graph *graph = NULL;
    struct doubt_reference two, one;
    assert_int_equal(doubt_net_find("mobilenet-v2", &net, &err), DOUBT_OK);
    assert_int_equal(doubt_net_build(net, &params, &graph, &err), DOUBT_OK);
    assert_int_equal(doubt_reference_compute(graph, &two, &err), DOUBT_OK);
    assert_int_equal(doubt_reference_find("mobilenet-v2", "", &one, &err), DOUBT_OK);
    assert_int_equal(two.outputs[0].dims[0], 2);
    double ratio = two.outputs[0].norm / one.outputs[0].norm;
    assert_true(fabs(ratio - sqrt(2.0)) < 1e-6);
    doubt_reference_free(&one);
    doubt_reference_free(&two);
    doubt_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remade_references_are_the_kept_ones),
        cmocka_unit_test(references_say_something),
        cmocka_unit_test(a_batch_of_two_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

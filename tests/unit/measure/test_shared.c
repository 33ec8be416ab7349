/* test_shared.c: what the supervisor writes is what the worker reads; what a broken worker leaves
 * is read within bounds. */
#include "measure/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

static struct doubt_shared_map make(int64_t iterations)
{
    struct doubt_shared_map map;
    struct doubt_err err = {DOUBT_OK, ""};
    assert_int_equal(doubt_shared_create(iterations, &map, &err), DOUBT_OK);
    map.shared->order.iterations = iterations;
    return map;
}

static struct doubt_shared_map attach(const struct doubt_shared_map *other)
{
    struct doubt_shared_map map;
    struct doubt_err err = {DOUBT_OK, ""};
    assert_int_equal(doubt_shared_attach(dup(other->fd), &map, &err), DOUBT_OK);
    return map;
}

static void order_travels(void **state)
{
    (void)state;
    static const char *const options[] = {"mean=1ms", "seed=7", NULL};
    const struct doubt_tensor sizes[] = {{.name = "images", .rank = 2, .dims = {3, 5}}};
    struct doubt_reference_output outputs[2] = {{.name = "a", .rank = 1, .dims = {4}, .norm = 2.5},
                                                {.name = "b", .point_count = 1, .values = {8}}};
    const struct doubt_reference reference = {2, outputs};
    const struct doubt_cell_plan cell = {.engine = "synthetic",
                                         .model_path = "/a/model.onnx",
                                         .precision = DOUBT_PRECISION_BF16,
                                         .boundary = DOUBT_BOUNDARY_HOST,
                                         .threads = 3,
                                         .options = options,
                                         .input_sizes = sizes,
                                         .input_size_count = 1,
                                         .reference = &reference};
    struct doubt_shared_map here = make(1000);
    struct doubt_err err = {DOUBT_OK, ""};
    assert_int_equal(doubt_shared_put_cell(here.shared, &cell, &err), DOUBT_OK);
    struct doubt_shared_map there = attach(&here);
    const struct doubt_shared_order *order = &there.shared->order;
    assert_ptr_not_equal(here.shared, there.shared);
    assert_string_equal(doubt_shared_get_text(there.shared, order->engine), "synthetic");
    assert_string_equal(doubt_shared_get_text(there.shared, order->model_path), "/a/model.onnx");
    assert_null(doubt_shared_get_text(there.shared, order->library_path));
    assert_int_equal(order->option_count, 2);
    assert_string_equal(doubt_shared_get_text(there.shared, order->options[1]), "seed=7");
    assert_int_equal(order->input_count, 1);
    assert_string_equal(doubt_shared_get_text(there.shared, order->inputs[0].name), "images");
    assert_int_equal(order->inputs[0].dims[1], 5);
    assert_int_equal(order->precision, DOUBT_PRECISION_BF16);
    assert_int_equal(order->boundary, DOUBT_BOUNDARY_HOST);
    assert_int_equal(order->threads, 3);
    assert_true(order->has_reference);
    struct doubt_reference view = doubt_shared_get_reference(there.shared);
    assert_int_equal(view.output_count, 2);
    assert_string_equal(view.outputs[0].name, "a");
    assert_true(view.outputs[0].norm == 2.5);
    assert_true(view.outputs[1].values[0] == 8);
    there.samples[999] = 42;
    assert_int_equal(here.samples[999], 42);
    doubt_shared_close(&there);
    doubt_shared_close(&here);
}

static void too_much_is_refused_by_name(void **state)
{
    (void)state;
    char *path = malloc(DOUBT_SHARED_TEXT_BYTES + 1);
    const char *options[DOUBT_SHARED_OPTIONS_MAX + 2] = {NULL};
    struct doubt_err err = {DOUBT_OK, ""};
    memset(path, 'p', DOUBT_SHARED_TEXT_BYTES);
    path[DOUBT_SHARED_TEXT_BYTES] = '\0';
    struct doubt_shared_map map = make(1);
    struct doubt_cell_plan cell = {.engine = "null", .model_path = path};
    assert_int_equal(doubt_shared_put_cell(map.shared, &cell, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "pppp"));
    for (int i = 0; i <= DOUBT_SHARED_OPTIONS_MAX; i++)
        options[i] = "a=b";
    err.code = DOUBT_OK;
    cell = (struct doubt_cell_plan){.engine = "null", .options = options};
    assert_int_equal(doubt_shared_put_cell(map.shared, &cell, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "a=b"));
    options[DOUBT_SHARED_OPTIONS_MAX] = NULL;
    assert_int_equal(doubt_shared_put_cell(map.shared, &cell, &err), DOUBT_OK);
    const struct doubt_tensor size = {.name = "x", .rank = DOUBT_RANK_MAX + 1};
    cell = (struct doubt_cell_plan){.engine = "null", .input_sizes = &size, .input_size_count = 1};
    assert_int_equal(doubt_shared_put_cell(map.shared, &cell, NULL), DOUBT_E_USAGE);
    cell.input_size_count = DOUBT_SHARED_INPUTS_MAX + 1;
    assert_int_equal(doubt_shared_put_cell(map.shared, &cell, NULL), DOUBT_E_USAGE);
    const struct doubt_reference reference = {DOUBT_REFERENCE_OUTPUTS_MAX + 1, NULL};
    assert_int_equal(doubt_shared_put_reference(map.shared, &reference, NULL), DOUBT_E_UNSUPPORTED);
    doubt_shared_close(&map);
    free(path);
}

static void samples_out_of_range_are_refused(void **state)
{
    (void)state;
    struct doubt_shared_map map;
    assert_int_equal(doubt_shared_create(-1, &map, NULL), DOUBT_E_ARGUMENT);
    assert_int_equal(doubt_shared_create(DOUBT_RESTART_ITERATIONS_MAX + 1, &map, NULL),
                     DOUBT_E_ARGUMENT);
    assert_int_equal(map.fd, -1);
    doubt_shared_close(&map);
}

static void nobody_can_shrink_it(void **state)
{
    (void)state;
    struct doubt_shared_map map = make(10);
    assert_int_equal(ftruncate(map.fd, 10), -1);
    assert_int_equal(errno, EPERM);
    assert_int_equal(ftruncate(map.fd, (off_t)map.bytes + 4096), -1);
    doubt_shared_close(&map);
}

static void other_descriptors_are_no_order(void **state)
{
    (void)state;
    struct doubt_shared_map map;
    struct doubt_err err = {DOUBT_OK, ""};
    assert_int_equal(doubt_shared_attach(9999, &map, &err), DOUBT_E_SYSTEM);
    assert_non_null(strstr(err.text, "9999"));
    int null = open("/dev/null", O_RDONLY);
    assert_int_equal(doubt_shared_attach(null, &map, NULL), DOUBT_E_FORMAT);
    close(null);
    int blank = memfd_create("blank", 0);
    assert_int_equal(ftruncate(blank, 4 << 20), 0);
    assert_int_equal(doubt_shared_attach(blank, &map, NULL), DOUBT_E_FORMAT); /* closes it */
    struct doubt_shared_map good = make(10);
    good.shared->order.iterations = 11; /* more than there is room for */
    assert_int_equal(doubt_shared_attach(dup(good.fd), &map, NULL), DOUBT_E_FORMAT);
    doubt_shared_close(&good);
}

static void a_scribbled_mapping_is_read_within_bounds(void **state)
{
    (void)state;
    struct doubt_shared_map map = make(100);
    memset(map.shared, 0xA5, sizeof *map.shared);
    assert_null(doubt_shared_get_text(map.shared, 1));
    assert_null(doubt_shared_get_text(map.shared, UINT32_MAX));
    assert_null(doubt_shared_get_text(map.shared, DOUBT_SHARED_TEXT_BYTES));
    assert_int_equal(doubt_shared_get_reference(map.shared).output_count, 0);
    map.shared->reference_count = 1;
    struct doubt_reference view = doubt_shared_get_reference(map.shared);
    assert_int_equal(view.output_count, 1);
    assert_true(view.outputs[0].point_count <= DOUBT_REFERENCE_POINTS);
    assert_true(view.outputs[0].rank >= 0 && view.outputs[0].rank <= DOUBT_RANK_MAX);
    assert_true(strlen(view.outputs[0].name) < sizeof view.outputs[0].name);
    char text[64];
    doubt_shared_clean_text(text, sizeof text, map.shared->answer.sentence,
                            sizeof map.shared->answer.sentence);
    assert_int_equal(strlen(text), sizeof text - 1);
    assert_string_equal(doubt_shared_phase_name(map.shared->phase), "?");
    doubt_shared_close(&map);
}

static void text_becomes_valid(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *clean;
    } rows[] = {{"plain\n\ttext", "plain\n\ttext"},
                {"\x1b[31mred\r", "?[31mred?"},
                {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
                 "gr\xc3\xbc\xc3\x9f \xe2\x82\xac "
                 "\xf0\x9f\x98\x80"},
                {"\xc3", "?"},
                {"\xc0\xaf", "??"},           /* overlong */
                {"\xed\xa0\x80", "???"},      /* half of a surrogate pair */
                {"\xf5\x80\x80\x80", "????"}, /* beyond Unicode */
                {"a\xff\xfez", "a??z"}};
    char text[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        doubt_shared_clean_text(text, sizeof text, rows[i].raw, strlen(rows[i].raw));
        assert_string_equal(text, rows[i].clean);
    }
    doubt_shared_clean_text(text, 4, "ab\xe2\x82\xac", 5); /* no room for the whole character */
    assert_string_equal(text, "ab");
    doubt_shared_clean_text(text, sizeof text, "abcdef", 3); /* not NUL-terminated */
    assert_string_equal(text, "abc");
}

static void samples_count_up_to_the_first_gap(void **state)
{
    (void)state;
    struct doubt_shared_map map = make(5);
    for (int i = 0; i < 5; i++)
        map.samples[i] = DOUBT_SHARED_NO_SAMPLE;
    assert_int_equal(doubt_shared_sample_count(&map), 0);
    map.samples[0] = 10;
    map.samples[1] = 0;
    map.samples[3] = 30;
    assert_int_equal(doubt_shared_sample_count(&map), 2);
    map.samples[2] = 20;
    map.samples[4] = 40;
    assert_int_equal(doubt_shared_sample_count(&map), 5);
    doubt_shared_close(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_travels),
        cmocka_unit_test(too_much_is_refused_by_name),
        cmocka_unit_test(samples_out_of_range_are_refused),
        cmocka_unit_test(nobody_can_shrink_it),
        cmocka_unit_test(other_descriptors_are_no_order),
        cmocka_unit_test(a_scribbled_mapping_is_read_within_bounds),
        cmocka_unit_test(text_becomes_valid),
        cmocka_unit_test(samples_count_up_to_the_first_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_subject.c: sizes as the user writes them, files with open sizes, files that are none. */
#include "cli/subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void sizes_are_read(void **state)
{
    (void)state;
    struct doubt_tensor size;
    char plain[] = "data=1x3x224x224", equals[] = "a=b=7", longest[] = "x=1x2x3x4x5x6x7x8";
    assert_int_equal(doubt_subject_parse_size(plain, &size, NULL), DOUBT_OK);
    assert_string_equal(size.name, "data");
    assert_int_equal(size.rank, 4);
    assert_true(size.dims[1] == 3 && size.dims[3] == 224);
    assert_int_equal(doubt_subject_parse_size(equals, &size, NULL), DOUBT_OK);
    assert_string_equal(size.name, "a=b");
    assert_int_equal(size.rank, 1);
    assert_int_equal(doubt_subject_parse_size(longest, &size, NULL), DOUBT_OK);
    assert_int_equal(size.rank, 8);
}

static void wrong_sizes_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "data",
                                        "data=",
                                        "=1x2",
                                        "=1",
                                        "d=+1",
                                        "d= 1",
                                        "data=0x2",
                                        "data=-1x2",
                                        "d=1x",
                                        "d=x1",
                                        "d=1,2",
                                        "d=1x2y",
                                        "d=1x2x3x4x5x6x7x8x9",
                                        "d=99999999999999999999",
                                        "d=2147483648"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char copy[64];
        struct doubt_tensor size;
        struct doubt_err err = {0};
        snprintf(copy, sizeof copy, "%s", texts[i]);
        assert_int_equal(doubt_subject_parse_size(copy, &size, &err), DOUBT_E_USAGE);
        assert_non_null(strstr(err.text, "for example data=1x3x224x224"));
    }
}

static void a_file_with_fixed_sizes(void **state)
{
    (void)state;
    struct doubt_subject subject;
    struct doubt_cell_plan plan = {0};
    const struct doubt_opt_list none = {.count = 0};
    assert_int_equal(doubt_subject_open_file(DOUBT_TEST_DATA "/tiny.onnx", &none, &subject, NULL),
                     DOUBT_OK);
    assert_string_equal(subject.title, "tiny.onnx");
    assert_int_equal(strlen(subject.sha256), 64);
    assert_true(subject.macs > 0);
    assert_int_equal(subject.batch, 1);
    doubt_subject_plan(&subject, &plan);
    assert_string_equal(plan.model_path, DOUBT_TEST_DATA "/tiny.onnx");
    assert_null(plan.variant);
    assert_null(plan.reference);
    doubt_subject_close(&subject);
    doubt_subject_close(&subject);
}

static void an_open_size_is_named_and_can_be_given(void **state)
{
    (void)state;
    struct doubt_subject subject;
    struct doubt_err err = {0};
    struct doubt_opt_list sizes = {.count = 0};
    const char *path = DOUBT_TEST_DATA "/tiny_batch.onnx";
    assert_int_equal(doubt_subject_open_file(path, &sizes, &subject, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "leaves sizes open"));
    assert_non_null(strstr(err.text, "--size "));
    /* The example in the sentence must be accepted. */
    char example[128];
    assert_int_equal(sscanf(strstr(err.text, "--size ") + 7, "%127s", example), 1);
    sizes.items[sizes.count++] = example;
    assert_int_equal(doubt_subject_open_file(path, &sizes, &subject, NULL), DOUBT_OK);
    assert_int_equal(subject.size_count, 1);
    assert_string_equal(subject.variant, "sizes given");
    doubt_subject_close(&subject);
}

static enum doubt_code open_with(const char *file, const char *size, struct doubt_err *err)
{
    char path[256], copy[64];
    struct doubt_subject subject;
    struct doubt_opt_list sizes = {.count = 0};
    snprintf(path, sizeof path, "%s/%s", DOUBT_TEST_DATA, file);
    snprintf(copy, sizeof copy, "%s", size);
    if (size[0] != '\0')
        sizes.items[sizes.count++] = copy;
    memset(err, 0, sizeof *err);
    enum doubt_code code = doubt_subject_open_file(path, &sizes, &subject, err);
    if (code == DOUBT_OK)
        doubt_subject_close(&subject);
    return code;
}

static void sizes_must_fit_the_file(void **state)
{
    (void)state;
    struct doubt_err err;
    assert_int_equal(open_with("tiny.onnx", "zzz=1x2", &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "has no input \"zzz\"; its inputs: "));
    char name[64], size[128];
    assert_int_equal(sscanf(strstr(err.text, "its inputs: ") + 12, "%63s", name), 1);
    snprintf(size, sizeof size, "%s=1x99", name);
    assert_int_equal(open_with("tiny.onnx", size, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "does not fit"));
}

static void impossible_sizes_are_not_open_ones(void **state)
{
    (void)state;
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"huge_size.onnx", "input \"x\""},
        {"huge_product.onnx", "input \"x\""},
        {"huge_output.onnx", "output \"y\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_err err;
        assert_int_equal(open_with(rows[i].file, "", &err), DOUBT_E_USAGE);
        assert_non_null(strstr(err.text, rows[i].says));
        assert_non_null(strstr(err.text, "accepted"));
        assert_null(strstr(err.text, "open"));
    }
}

static void files_that_are_none(void **state)
{
    (void)state;
    struct doubt_err err;
    assert_int_equal(open_with("no-such.onnx", "", &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "no-such.onnx"));
    assert_int_equal(open_with("record", "", &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "is not a file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_read),
        cmocka_unit_test(wrong_sizes_are_refused),
        cmocka_unit_test(a_file_with_fixed_sizes),
        cmocka_unit_test(an_open_size_is_named_and_can_be_given),
        cmocka_unit_test(sizes_must_fit_the_file),
        cmocka_unit_test(impossible_sizes_are_not_open_ones),
        cmocka_unit_test(files_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

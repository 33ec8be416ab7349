/* test_ort_libraries.c: what a shared object needs, read from files that the linker wrote and from
 * damaged copies. The plug-in's source is included: it is part of no library. */
#include "../../../engines/onnxruntime/ort_libraries.c"
#include "engine_test.h"

#define PART DOUBT_BUILD "/tests/standin/ort/onnxruntime/capi/libonnxruntime_providers_cuda.so"

static void test_needed(void **state)
{
    (void)state;
    struct ort_needed needed;
    assert_int_equal(ort_needed_read(PART, &needed), 0);
    assert_int_equal(ort_needed_major(&needed, "libcudart."), 13);
    assert_int_equal(ort_needed_major(&needed, "libcublas."), 13);
    assert_int_equal(ort_needed_major(&needed, "libc."), 6);
    assert_int_equal(ort_needed_major(&needed, "libcudnn."), 0);
}

static void test_no_such_thing(void **state)
{
    (void)state;
    struct ort_needed needed;
    assert_int_equal(ort_needed_read("/no/such/file", &needed), -1);
    assert_int_equal(ort_needed_read("/", &needed), -1);
    assert_int_equal(ort_needed_read(DOUBT_SOURCE "/LICENSE", &needed), -1);
    assert_int_equal(ort_needed_read(DOUBT_TEST_DATA "/tiny.onnx", &needed), -1);
    assert_int_equal(ort_needed_parse("\177ELF", 4, &needed), -1);
}

/* Cut anywhere, or with any byte of its headers changed: read or refused, never more. */
static void test_damaged(void **state)
{
    (void)state;
    struct ort_needed needed;
    FILE *file = fopen(PART, "rb");
    assert_non_null(file);
    unsigned char *data = malloc(1 << 20);
    size_t size = fread(data, 1, 1 << 20, file);
    fclose(file);
    for (size_t cut = 0; cut < size; cut += size / 200 + 1) {
        unsigned char *copied = malloc(cut + 1); /* at its end, so that a sanitizer sees */
        memcpy(copied, data, cut);
        ort_needed_parse(copied, cut, &needed);
        free(copied);
    }
    for (size_t at = 0; at < 1024; at++) {
        unsigned char kept = data[at];
        data[at] = (unsigned char)(kept ^ 0xFF);
        ort_needed_parse(data, size, &needed);
        data[at] = kept;
    }
    assert_int_equal(ort_needed_parse(data, size, &needed), 0);
    free(data);
}

static void test_missing_is_named(void **state)
{
    (void)state;
    struct ort_needed needed = {{"libc.so.6", "libcublas.so.4711"}, 2};
    char missing[ORT_NEEDED_BYTES] = "";
    assert_int_equal(ort_libraries_open(&needed, 0, "/nowhere/lib/x.so", NULL, missing), -1);
    assert_string_equal(missing, "libcublas.so.4711");
    needed.count = 1; /* the system's own is not ours to look for */
    assert_int_equal(ort_libraries_open(&needed, 0, "/nowhere/lib/x.so", NULL, missing), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_needed),
        cmocka_unit_test(test_no_such_thing),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

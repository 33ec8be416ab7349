/* test_tensorrt_told.c: the plug-in tensorrt on networks that the library's compiler took in whole
 * or in part: what is not told is not guessed from the formats of the ends.
 */
#include "tensorrt_test.h"

/* A model asked for in FP16 of which all but `apart` layers were compiled as one. */
static struct doubt_engine_used used_of(const char *library, const char *model, const char *apart)
{
    struct rig rig;
    struct doubt_engine_used used;
    rig_open(&rig, library, model);
    rig.request.open.precision = DOUBT_PRECISION_F16;
    setenv("STANDIN_MYELIN", apart, 1);
    struct doubt_session *session = start(&rig.request);
    unsetenv("STANDIN_MYELIN");
    assert_ok(doubt_session_used(session, &used, err));
    assert_string_equal(doubt_session_notes(session), "");
    doubt_session_free(session);
    rig_close(&rig);
    return used;
}

/* The one layer ends in FP32, and computes in nobody knows what. */
static void test_whole_network_compiled(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct doubt_engine_used used = used_of(libraries[k], DOUBT_TEST_DATA "/wide.onnx", "0");
        assert_int_equal(used.precision, DOUBT_PRECISION_ANY);
        assert_non_null(strstr(used.detail, "1 layers do not tell"));
        assert_null(strstr(used.detail, "FP32"));
    }
}

/* The convolution holds the weights: what it tells is said of the network. */
static void test_rest_compiled(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct doubt_engine_used used = used_of(libraries[k], DOUBT_TEST_DATA "/wide.onnx", "1");
        assert_int_equal(used.precision, DOUBT_PRECISION_F16);
        assert_non_null(strstr(used.detail, "FP16 in 100 % of the MACs; 1 layers do not tell"));
        /* 72 of a file's 202 bytes are too few to speak for it. */
        used = used_of(libraries[k], DOUBT_TEST_DATA "/tiny.onnx", "1");
        assert_int_equal(used.precision, DOUBT_PRECISION_ANY);
        assert_non_null(strstr(used.detail, "FP16 in 100 % of the MACs that are told, the lesser "
                                            "part; 1 layers do not tell"));
    }
}

/* 11 computes in the file's types, told or not; a file of FP32 is still refused for FP16. */
static void test_types_of_the_file(void **state)
{
    struct rig rig;
    (void)state;
    struct doubt_engine_used used = used_of(libraries[2], DOUBT_TEST_DATA "/tiny_f16.onnx", "0");
    assert_int_equal(used.precision, DOUBT_PRECISION_F16);
    rig_open(&rig, libraries[2], DOUBT_TEST_DATA "/wide.onnx");
    rig.request.open.precision = DOUBT_PRECISION_F16;
    setenv("STANDIN_MYELIN", "0", 1);
    assert_life_fails(&rig.request, "TensorRT 11.1.0 takes FP16 from the file");
    unsetenv("STANDIN_MYELIN");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_network_compiled),
        cmocka_unit_test(test_rest_compiled),
        cmocka_unit_test(test_types_of_the_file),
    };
    return cmocka_run_group_tests(tests, load_driver, NULL);
}

/* test_tensorrt_told.c: the plug-in tensorrt on networks that the library's compiler took in whole
 * or in part: what is not told is not guessed from the formats of the ends.
 */
#include "tensorrt_test.h"

static struct doubt_engine_used used_with(const char *apart, struct rig *rig, char notes[512])
{
    setenv("STANDIN_MYELIN", apart, 1);
    empty_folder(rig->folder);
    struct doubt_engine_used used;
    struct doubt_session *session = start(&rig->request);
    assert_ok(doubt_session_used(session, &used, err));
    snprintf(notes, 512, "%s", doubt_session_notes(session));
    doubt_session_free(session);
    unsetenv("STANDIN_MYELIN");
    return used;
}

/* The one layer ends in FP32, and computes in nobody knows what. */
static void test_whole_network_compiled(void **state)
{
    struct rig rig;
    char notes[512];
    (void)state;
    for (int k = 0; k < 2; k++) {
        rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/wide.onnx");
        rig.request.open.precision = DOUBT_PRECISION_F16;
        struct doubt_engine_used used = used_with("0", &rig, notes);
        assert_int_equal(used.precision, DOUBT_PRECISION_ANY);
        assert_non_null(strstr(used.detail, "1 layers do not tell"));
        assert_null(strstr(used.detail, "FP32"));
        assert_string_equal(notes, "");
        rig_close(&rig);
    }
}

/* The convolution holds the weights: what it tells is said of the network. */
static void test_rest_compiled(void **state)
{
    struct rig rig;
    char notes[512];
    (void)state;
    for (int k = 0; k < 2; k++) {
        rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/wide.onnx");
        rig.request.open.precision = DOUBT_PRECISION_F16;
        struct doubt_engine_used used = used_with("1", &rig, notes);
        assert_int_equal(used.precision, DOUBT_PRECISION_F16);
        assert_non_null(strstr(used.detail, "FP16 in 100 % of the MACs; 1 layers do not tell"));
        rig_close(&rig);
        /* 72 of a file's 202 bytes are too few to speak for it. */
        rig_open(&rig, libraries[k], DOUBT_TEST_DATA "/tiny.onnx");
        rig.request.open.precision = DOUBT_PRECISION_F16;
        used = used_with("1", &rig, notes);
        assert_int_equal(used.precision, DOUBT_PRECISION_ANY);
        assert_non_null(strstr(used.detail, "FP16 in 100 % of the MACs that are told, the lesser "
                                            "part; 1 layers do not tell"));
        rig_close(&rig);
    }
}

/* 11 computes in the file's types, told or not; a file of FP32 is still refused for FP16. */
static void test_types_of_the_file(void **state)
{
    struct rig rig;
    char notes[512];
    (void)state;
    rig_open(&rig, libraries[2], DOUBT_TEST_DATA "/tiny_f16.onnx");
    rig.request.open.precision = DOUBT_PRECISION_F16;
    assert_int_equal(used_with("0", &rig, notes).precision, DOUBT_PRECISION_F16);
    rig.request.open.model_path = DOUBT_TEST_DATA "/wide.onnx";
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

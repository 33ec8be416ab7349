/* test_ort_log.c: what is read from ONNX Runtime's log: lines of versions 1.24 and 1.32. The
 * plug-in's source is included: it is part of no library. */
#include "../../../engines/onnxruntime/ort_log.c"
#include "engine_test.h"

static void say(int severity, const char *message)
{
    ort_log_take(NULL, severity, "onnxruntime", "", "session_state.cc:1310 Verify", message);
}

static void test_errors(void **state)
{
    char text[300];
    (void)state;
    ort_log_clear();
    ort_log_error(text, sizeof text);
    assert_string_equal(text, "");
    say(ORT_LOG_VERBOSE, "not an error");
    say(ORT_LOG_ERROR, "the first");
    say(ORT_LOG_ERROR + 1, "the last");
    say(2, "a warning");
    ort_log_error(text, sizeof text);
    assert_string_equal(text, "the last");
    ort_log_clear();
    ort_log_error(text, sizeof text);
    assert_string_equal(text, "");
}

static void test_placement(void **state)
{
    struct ort_placement placed;
    (void)state;
    ort_log_clear();
    say(ORT_LOG_VERBOSE, "Node placements");
    say(ORT_LOG_VERBOSE, " Node(s) placed on [OpenVINOExecutionProvider]. Number of nodes: 1");
    say(ORT_LOG_VERBOSE, "  OpenVINO-EP-subgraph_1 (OpenVINOExecutionProvider_subgraph_1_0)");
    say(ORT_LOG_VERBOSE, " Node(s) placed on [CPUExecutionProvider]. Number of nodes: 4");
    say(ORT_LOG_VERBOSE, "  Relu (relu1)");
    say(ORT_LOG_VERBOSE, "  Det (det1)");
    say(ORT_LOG_VERBOSE, "  Relu (relu2)");
    say(ORT_LOG_VERBOSE, "  Re (another)");
    say(ORT_LOG_VERBOSE, "SaveMLValueNameIndexMapping");
    say(ORT_LOG_VERBOSE, "  Exp (not of the list)");
    ort_log_placement(&placed);
    assert_int_equal(placed.nodes, 5);
    assert_int_equal(placed.on_cpu, 4);
    assert_string_equal(placed.cpu_types, "Relu, Det, Re");
    say(ORT_LOG_VERBOSE, "Node placements");
    say(ORT_LOG_VERBOSE, " All nodes placed on [CUDAExecutionProvider]. Number of nodes: 23");
    ort_log_placement(&placed);
    assert_int_equal(placed.nodes, 23);
    assert_int_equal(placed.on_cpu, 0);
    assert_string_equal(placed.cpu_types, "");
    ort_log_clear();
    ort_log_placement(&placed);
    assert_int_equal(placed.nodes, 0);
}

static void test_many_operators(void **state)
{
    struct ort_placement placed;
    char line[80];
    (void)state;
    ort_log_clear();
    say(ORT_LOG_VERBOSE, " All nodes placed on [CPUExecutionProvider]. Number of nodes: 60");
    for (int i = 0; i < 60; i++) {
        snprintf(line, sizeof line, "  Operator%d (node)", i);
        say(ORT_LOG_VERBOSE, line);
    }
    ort_log_placement(&placed);
    size_t len = strlen(placed.cpu_types);
    assert_true(len > 150 && len < sizeof placed.cpu_types);
    assert_string_equal(placed.cpu_types + len - 5, ", ...");
    assert_null(strstr(placed.cpu_types, "..., ..."));
}

static void test_counts_that_no_model_has(void **state)
{
    struct ort_placement placed;
    (void)state;
    ort_log_clear();
    say(ORT_LOG_VERBOSE, " Node(s) placed on [CPUExecutionProvider]. Number of nodes: 7");
    say(ORT_LOG_VERBOSE, " Node(s) placed on [CPUExecutionProvider]. Number of nodes: 2147483647");
    say(ORT_LOG_VERBOSE, " Node(s) placed on [CPUExecutionProvider]. Number of nodes: -5");
    ort_log_placement(&placed);
    assert_int_equal(placed.nodes, 7);
    assert_int_equal(placed.on_cpu, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_placement),
        cmocka_unit_test(test_many_operators),
        cmocka_unit_test(test_counts_that_no_model_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_ort_events.c: the profile reader, on text as ONNX Runtime writes it. The
 * plug-in's source is included: it is part of no library. */
#include "../../../engines/onnxruntime/ort_events.c"
#include "engine_test.h"

static int parse(const char *text, struct ort_events *events)
{
    return ort_events_parse(text, strlen(text), events);
}

static void refuses(const char *text)
{
    struct ort_events events;
    if (parse(text, &events) == 0)
        fail_msg("accepted: %s", text);
    ort_events_free(&events);
}

static void test_runs_are_told_apart(void **state)
{
    (void)state;
    struct ort_events events;
    assert_int_equal(
        parse("[{\"cat\":\"Session\",\"name\":\"model_loading_uri\",\"dur\":7,\"args\":{}},\n"
              "{\"cat\":\"Node\",\"name\":\"a_kernel_time\",\"dur\":1000,\"args\":{\"op_name\":"
              "\"Conv\",\"provider\":\"CPUExecutionProvider\",\"x\":[1,{\"y\":[true,null]}]}},\n"
              "{\"cat\":\"Node\",\"name\":\"b_kernel_time\",\"dur\":1,\"args\":{}},\n"
              "{\"cat\":\"Session\",\"name\":\"model_run\",\"dur\":1100},\n"
              "{\"cat\":\"Node\",\"name\":\"a_kernel_time\",\"dur\":10},\n"
              "{\"cat\":\"Node\",\"name\":\"b_kernel_time\",\"dur\":2.5},\n"
              "{\"cat\":\"Node\",\"name\":\"b_fence_before\",\"dur\":900},\n"
              "{\"cat\":\"Session\",\"name\":\"model_run\",\"dur\":13},\n"
              "{\"cat\":\"Node\",\"name\":\"a_kernel_time\",\"dur\":20,\"args\":{\"op_name\":"
              "\"Conv\"}}"
              ",{\"cat\":\"Node\",\"name\":\"b_kernel_time\",\"dur\":3.5},"
              "{\"cat\":\"Session\",\"name\":\"model_run\"}]\n",
              &events),
        0);
    assert_int_equal(events.runs, 3);
    assert_int_equal(events.count, 2);
    assert_string_equal(events.nodes[0].name, "a");
    assert_string_equal(events.nodes[0].type, "Conv");
    assert_float_equal(ort_events_ns(&events, 0), 15000, 0); /* without the first run */
    assert_float_equal(ort_events_ns(&events, 1), 3000, 0);
    ort_events_free(&events);
}

static void test_one_run_is_better_than_none(void **state)
{
    (void)state;
    struct ort_events events;
    assert_int_equal(parse("[{\"cat\":\"Node\",\"name\":\"n_kernel_time\",\"dur\":4},"
                           "{\"cat\":\"Session\",\"name\":\"model_run\"}]",
                           &events),
                     0);
    assert_float_equal(ort_events_ns(&events, 0), 4000, 0);
    ort_events_free(&events);
    assert_int_equal(parse("[]", &events), 0);
    assert_int_equal(events.count, 0);
    ort_events_free(&events);
}

static void test_names(void **state)
{
    (void)state;
    struct ort_events events;
    char text[600], name[301];
    memset(name, 'n', 300);
    name[300] = '\0';
    snprintf(text, sizeof text,
             "[{\"cat\":\"Node\",\"name\":\"%.130s_kernel_time\",\"dur\":1},"
             "{\"cat\":\"Node\",\"name\":\"q\\\"\\u0041\\u00e9_kernel_time\","
             "\"dur\":1}]",
             name);
    assert_int_equal(parse(text, &events), 0);
    assert_int_equal(strlen(events.nodes[0].name), DOUBT_NAME_BYTES - 1);
    assert_string_equal(events.nodes[1].name, "q\"A?");
    ort_events_free(&events);
}

static void test_what_is_no_profile(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{}",
        "[",
        "[{}",
        "[{},]",
        "[{\"a\" 1}]",
        "[{\"a\":tru}]",
        "[{\"dur\":\"1\"}]",
        "[{\"dur\":1e}]",
        "[{\"name\":1}]",
        "[{\"name\":\"\\x\"}]",
        "[{\"name\":\"\\u12\"}]",
        "[{\"name\":\"a\nb\"}]",
        "[{\"name\":\"a]",
        "[{\"args\":[]}]",
        "[1]",
        "[{}] x",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        refuses(bad[i]);
    char deep[400] = "[{\"a\":";
    memset(deep + 6, '[', 200);
    refuses(deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_are_told_apart),
        cmocka_unit_test(test_one_run_is_better_than_none),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_what_is_no_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_contradict.c: each rule on claims made for it, and what it must leave alone. */
#include "claims/contradict.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct doubt_claim_set set;
static size_t found[DOUBT_RULE_COUNT];
static char last[DOUBT_RULE_COUNT][512];

static double work(void *context, const struct doubt_claim *claim)
{
    (void)context;
    return strstr(claim->input, "300") != NULL ? 2e9 : 1e9;
}

static void count(void *context, const struct doubt_contradiction *c)
{
    (void)context;
    found[c->rule]++;
    snprintf(last[c->rule], sizeof last[c->rule], "%s", c->text);
}

/* Runs the rules over claims written as JSON members; common ones are given. */
static void run(const char *claims)
{
    char text[8000];
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_claim_at items[16];
    snprintf(text, sizeof text,
             "{\"name\": \"n\", \"title\": \"t\", \"common\": {\"device\": \"Jetson Nano\", "
             "\"network\": \"resnet50\", \"title\": \"ResNet-50\", \"input\": \"224x224\", "
             "\"precision\": \"f16\", \"batch\": 1, \"engine\": \"tensorrt 5.0\", \"unit\": "
             "\"FPS\", \"source\": \"x\"}, \"claims\": [%s]}",
             claims);
    if (doubt_claim_set_parse(text, strlen(text), "test", &set, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < set.count; i++)
        items[i] = (struct doubt_claim_at){&set, &set.claims[i]};
    const struct doubt_claims_all all = {items, set.count, work, NULL};
    memset(found, 0, sizeof found);
    doubt_contradict(&all, count, NULL);
    doubt_claim_set_free(&set);
}

/* The rule found so many, and no other rule anything. */
static void expect(enum doubt_rule rule, size_t wanted)
{
    for (enum doubt_rule r = 0; r < DOUBT_RULE_COUNT; r++)
        if (found[r] != (r == rule ? wanted : 0))
            fail_msg("rule %s found %zu: %s", doubt_rule_name(r), found[r], last[r]);
}

static void labels(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"figure\": \"36\", \"label\": \"256x256\"}");
    expect(DOUBT_RULE_LABEL, 1);
    run("{\"id\": \"a\", \"figure\": \"36\", \"label\": \"481x321\", \"input\": \"1x3x321x481\"}");
    expect(DOUBT_RULE_LABEL, 0); /* width before height */
    run("{\"id\": \"a\", \"figure\": \"36\", \"label\": \"big\"}");
    expect(DOUBT_RULE_LABEL, 0);
}

static void files(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"figure\": \"36\", \"framework\": \"TensorFlow\", \"file\": "
        "\"ResNet50.prototxt\"}");
    expect(DOUBT_RULE_FILE, 1);
    run("{\"id\": \"a\", \"figure\": \"36\", \"framework\": \"Caffe\", \"file\": \"a.uff\"}");
    expect(DOUBT_RULE_FILE, 1);
    run("{\"id\": \"a\", \"figure\": \"36\", \"framework\": \"Keras 2.2\", \"file\": \"a.UFF\"}");
    expect(DOUBT_RULE_FILE, 0);
    run("{\"id\": \"a\", \"figure\": \"36\", \"framework\": \"PyTorch\", \"file\": \"a.onnx\"}");
    expect(DOUBT_RULE_FILE, 0); /* any framework may have exported it */
    run("{\"id\": \"a\", \"figure\": \"36\", \"framework\": \"MXNet\", \"file\": \"model\"}");
    expect(DOUBT_RULE_FILE, 0);
    run("{\"id\": \"a\", \"figure\": \"36\", \"file\": \"a.prototxt\"}");
    expect(DOUBT_RULE_FILE, 0); /* no framework is printed */
}

/* A chip's own name leaves open on which board it was, and words are compared without what stands
 * between them. */
static void chips_and_boards(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"network\": \"\", \"remark\": \"r\", \"device\": \"Coral Edge TPU\", "
        "\"title\": "
        "\"SSD MobileNet V2 TF1 (90 obj)\", \"figure\": \"7.3\", \"unit\": \"ms\"},"
        "{\"id\": \"b\", \"network\": \"\", \"remark\": \"r\", \"device\": \"Coral Dev Board\", "
        "\"title\": "
        "\"SSD-Mobilenet-V2\", \"figure\": \"48\"}");
    expect(DOUBT_RULE_NAME, 1);
    run("{\"id\": \"a\", \"device\": \"Coral USB Accelerator\", \"figure\": \"39\"},"
        "{\"id\": \"b\", \"device\": \"Coral Dev Board\", \"figure\": \"48\"}");
    expect(DOUBT_RULE_FIGURES, 0); /* two boards */
    run("{\"id\": \"a\", \"network\": \"\", \"remark\": \"r\", \"title\": \"SSD MobileNet V20\", "
        "\"figure\": \"39\"},"
        "{\"id\": \"b\", \"network\": \"\", \"remark\": \"r\", \"title\": \"SSD-Mobilenet-V2\", "
        "\"figure\": \"48\"}");
    expect(DOUBT_RULE_NAME, 0);
}

static void figures(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"38.36\"}");
    expect(DOUBT_RULE_FIGURES, 1);
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"38\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"38.36\"}");
    expect(DOUBT_RULE_FIGURES, 0); /* 38 may be 38.36 */
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"30.0\", \"unit\": \"ms\"}");
    expect(DOUBT_RULE_FIGURES, 1);
    static const char *const other[] = {"\"precision\": \"f32\"",
                                        "\"batch\": 8",
                                        "\"engine\": \"openvino\"",
                                        "\"device\": \"Jetson TX2\"",
                                        "\"statistic\": \"p90\"",
                                        "\"condition\": \"by hand\"",
                                        "\"boundary\": \"host\"",
                                        "\"power_mode\": \"5W\"",
                                        "\"network\": \"vgg19\", \"title\": \"VGG-19\""};
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        char text[600];
        snprintf(text, sizeof text,
                 "{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\", \"boundary\": \"call\", "
                 "\"power_mode\": \"MAXN\"}, {\"id\": \"b\", \"row\": \"2\", \"figure\": \"27\", "
                 "\"boundary\": \"call\", \"power_mode\": \"MAXN\", %s}",
                 other[i]);
        char *twice = strstr(text, "\"boundary\": \"call\", \"power_mode\": \"MAXN\", \"boundary");
        if (twice != NULL || strstr(other[i], "power_mode") != NULL)
            snprintf(text, sizeof text,
                     "{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\", \"boundary\": \"call\", "
                     "\"power_mode\": \"MAXN\"}, {\"id\": \"b\", \"row\": \"2\", \"figure\": "
                     "\"27\", %s}",
                     other[i]);
        run(text);
        expect(DOUBT_RULE_FIGURES, 0);
    }
}

static void power_modes(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\", \"power_mode\": "
        "\"10 W (nvpmodel -m 0), jetson_clocks\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"27\", \"power_mode\": "
        "\"MAXN + jetson_clocks\"}");
    expect(DOUBT_RULE_FIGURES, 1);
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\", \"power_mode\": "
        "\"MAXN, GPU min_freq=max\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"27\", \"power_mode\": "
        "\"MAXN, GPU governor=performance\"}");
    expect(DOUBT_RULE_FIGURES, 0);
}

static void names(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"22\", \"network\": \"\", \"title\": "
        "\"ResNet-50 v1.5\", \"remark\": \"r\"}");
    expect(DOUBT_RULE_NAME, 1);
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"22\", \"network\": \"\", \"title\": "
        "\"ResNet-500\", \"remark\": \"r\"}");
    expect(DOUBT_RULE_NAME, 0);
}

static void drift(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"45\", \"engine\": \"TensorRT 8.5 (x)\"}");
    expect(DOUBT_RULE_DRIFT, 1);
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"40\", \"engine\": \"TensorRT 8.5 (x)\"}");
    expect(DOUBT_RULE_DRIFT, 0); /* below 5 % */
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"39\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"45\", \"engine\": \"TensorRT 5\"}");
    expect(DOUBT_RULE_FIGURES, 1); /* 5 may be 5.0 */
}

static void copies(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"63.24\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"63.24\", \"device\": \"Jetson TX2\"}");
    expect(DOUBT_RULE_COPY, 1);
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"63\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"63\", \"device\": \"Jetson TX2\"}");
    expect(DOUBT_RULE_COPY, 0); /* two digits are alike by chance */
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"63.24\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"63.24\"}");
    expect(DOUBT_RULE_COPY, 0); /* the same thing, quoted */
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"63.24\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"63.24\", \"device\": \"Jetson TX2\", "
        "\"precision\": \"f32\"}");
    expect(DOUBT_RULE_COPY, 0);
}

static void means(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"figure\": \"5.258\", \"unit\": \"s\", \"statistic\": \"mean\", "
        "\"samples\": 475200000},"
        "{\"id\": \"b\", \"figure\": \"315.751\", \"unit\": \"s\", \"statistic\": \"median\", "
        "\"samples\": 475200000}");
    assert_int_equal(found[DOUBT_RULE_MEAN], 1);
    assert_non_null(strstr(last[DOUBT_RULE_MEAN], "8 x 2^64"));
    assert_non_null(strstr(last[DOUBT_RULE_MEAN], "315.8"));
    run("{\"id\": \"a\", \"figure\": \"160\", \"unit\": \"s\", \"statistic\": \"mean\"},"
        "{\"id\": \"b\", \"figure\": \"315\", \"unit\": \"s\", \"statistic\": \"median\"}");
    assert_int_equal(found[DOUBT_RULE_MEAN], 0); /* half of them may take no time */
}

/* The two of MLPerf v3.0 and v4.1: once and eight times. */
static void wraps(void **state)
{
    (void)state;
    assert_int_equal(doubt_mean_wraps(5.258e9, 315.751e9, 475.2e6), 8);
    assert_int_equal(doubt_mean_wraps(13.228e9, 323.82e9, 59.4e6), 1);
    assert_int_equal(doubt_mean_wraps(315e9, 315.751e9, 475.2e6), 0);
    assert_int_equal(doubt_mean_wraps(5e9, 15e9, 1000), 0);
    assert_int_equal(doubt_mean_wraps(5e9, 15e9, 0), 0);
    assert_int_equal(doubt_mean_wraps(NAN, 15e9, 1e9), 0);
}

static void sums(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"2037\", \"condition\": \"both DLAs, "
        "summed\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"1008\", \"condition\": \"one DLA\"}");
    expect(DOUBT_RULE_SUM, 1);
    assert_non_null(strstr(last[DOUBT_RULE_SUM], "1/2.02"));
}

static void flights(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"326\"},"
        "{\"id\": \"b\", \"row\": \"1\", \"figure\": \"3.37\", \"unit\": \"ms\"}");
    expect(DOUBT_RULE_FLIGHT, 1);
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"326\"},"
        "{\"id\": \"b\", \"row\": \"1\", \"figure\": \"3.07\", \"unit\": \"ms\"}");
    expect(DOUBT_RULE_FLIGHT, 0); /* 325.5 x 3.065 ms is below 1 */
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"326\", \"batch\": 4},"
        "{\"id\": \"b\", \"row\": \"1\", \"figure\": \"12\", \"unit\": \"ms\", \"batch\": 4}");
    expect(DOUBT_RULE_FLIGHT, 0);
}

static void sizes(void **state)
{
    (void)state;
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"100\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"20\", \"input\": \"300x300\"}");
    expect(DOUBT_RULE_SIZE, 1); /* twice the work, a fifth of the rate */
    run("{\"id\": \"a\", \"row\": \"1\", \"figure\": \"100\"},"
        "{\"id\": \"b\", \"row\": \"2\", \"figure\": \"40\", \"input\": \"300x300\"}");
    expect(DOUBT_RULE_SIZE, 0);
}

static void rules_have_words(void **state)
{
    (void)state;
    for (enum doubt_rule r = 0; r < DOUBT_RULE_COUNT; r++)
        assert_true(doubt_rule_name(r)[0] != '\0' && doubt_rule_meaning(r)[0] != '\0');
    assert_string_equal(doubt_rule_name(DOUBT_RULE_COUNT), "");
    assert_string_equal(doubt_rule_meaning(DOUBT_RULE_COUNT), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files),       cmocka_unit_test(chips_and_boards),
        cmocka_unit_test(labels),      cmocka_unit_test(figures),
        cmocka_unit_test(power_modes), cmocka_unit_test(names),
        cmocka_unit_test(drift),       cmocka_unit_test(copies),
        cmocka_unit_test(means),       cmocka_unit_test(wraps),
        cmocka_unit_test(sums),        cmocka_unit_test(flights),
        cmocka_unit_test(sizes),       cmocka_unit_test(rules_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

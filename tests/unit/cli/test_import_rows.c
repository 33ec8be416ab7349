/* test_import_rows.c: which claim a run is set beside, by its name, and which of its figures. */
#include "cli/import_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char set_text[] =
    "{\"name\": \"made-up\", \"title\": \"made up\", \"common\": {\"device\": \"Board\", \"unit\": "
    "\"ms\", \"source\": \"here\", \"figure\": \"10\"}, \"claims\": ["
    "{\"id\": \"a\", \"network\": \"resnet50\", \"title\": \"ResNet-50\"},"
    "{\"id\": \"b\", \"network\": \"\", \"title\": \"YOLOv3\", \"remark\": \"not built in\"},"
    "{\"id\": \"c\", \"network\": \"\", \"title\": \"YOLOv3 tiny\", \"remark\": \"not built in\"},"
    "{\"id\": \"d\", \"network\": \"vgg19\", \"statistic\": \"p90\", \"boundary\": \"host\"},"
    "{\"id\": \"e1\", \"network\": \"unet\", \"batch\": 1},"
    "{\"id\": \"e2\", \"network\": \"unet\", \"batch\": 2}]}";

/* Names of networks beside the claims of the set; "" none. */
static void names(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"ResNet-50", "a"},
                                          {"ResNet50_224x224", "a"},
                                          {"resnet50_b8-fp16", "a"},
                                          {"resnet500", ""},
                                          {"resnet5", ""},
                                          {"resnet50v2x", ""},
                                          {"resnet50-ssd", ""},
                                          {"yolov3", "b"},
                                          {"yolov3-608", "b"},
                                          {"yolov3-tiny-416", "c"},
                                          {"yolov3-spp", ""},
                                          {"VGG19_N2", "d"},
                                          {"unet", ""},
                                          {"d", "d"},
                                          {"-", ""}};
    struct doubt_claim_set set;
    struct doubt_err err = {0};
    assert_int_equal(doubt_claim_set_parse(set_text, sizeof set_text - 1, "made-up", &set, &err),
                     DOUBT_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_import_file file = {0};
        struct doubt_import_rows found = {0};
        const struct doubt_import_how how = {0};
        const struct doubt_import_question question = {
            .set = &set, .how = {.look = 1, .looks = 1, .family = 1, .batch = 1}};
        char text[100];
        snprintf(text, sizeof text, "network,mean_ms\n%s,9.5\n", rows[i][0]);
        assert_int_equal(doubt_import_read(text, strlen(text), &how, &file.import, &err), DOUBT_OK);
        assert_int_equal(doubt_import_rows_judge(&file, 1, &question, &found, &err), DOUBT_OK);
        const char *id = found.count > 0 ? found.items[0].claim->id : "";
        if (strcmp(id, rows[i][1]) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", rows[i][0], id, rows[i][1]);
        assert_int_equal(found.count + found.unclaimed + (found.ambiguous[0] != '\0'), 1);
        if (strcmp(rows[i][0], "unet") == 0)
            assert_string_equal(found.ambiguous, "unet (e1 or e2)");
        doubt_import_rows_free(&found);
        doubt_import_free(&file.import);
    }
    doubt_claim_set_free(&set);
}

/* The claim's statistic and boundary choose the figure; where there is none like it another stands
 * in and the condition is said to differ. */
static void figures(void **state)
{
    (void)state;
    static const char log[] =
        "&&&& RUNNING TensorRT.trtexec [TensorRT v8502] # trtexec --onnx=vgg19.onnx --noTF32\n"
        "Latency: min = 8 ms, max = 12 ms, mean = 9 ms, median = 9 ms, percentile(90%) = 9.9 ms\n"
        "GPU Compute Time: min = 7 ms, max = 11 ms, mean = 8 ms, median = 8 ms, percentile(90%) = "
        "8.9 ms\n&&&& RUNNING TensorRT.trtexec [TensorRT v8502] # trtexec --onnx=vgg19.onnx\n"
        "Average on 10 runs - GPU latency: 7.5 ms - Host latency: 8 ms (enqueue 1 ms)\n";
    struct doubt_claim_set set;
    struct doubt_err err = {0};
    struct doubt_import_file file = {0};
    struct doubt_import_rows found = {0};
    const struct doubt_import_how how = {0};
    const struct doubt_import_question question = {
        .set = &set, .how = {.look = 1, .looks = 1, .family = 1, .batch = 1}};
    assert_int_equal(doubt_claim_set_parse(set_text, sizeof set_text - 1, "made-up", &set, &err),
                     DOUBT_OK);
    assert_int_equal(doubt_import_read(log, sizeof log - 1, &how, &file.import, &err), DOUBT_OK);
    assert_int_equal(doubt_import_rows_judge(&file, 1, &question, &found, &err), DOUBT_OK);
    assert_int_equal(found.count, 2);
    assert_true(found.items[0].judged.value == 9900000);
    assert_string_equal(found.items[0].differs, "unknown device");
    assert_true(found.items[1].judged.value == 7500000);
    assert_string_equal(found.items[1].differs, "unknown device, other boundary, other statistic");
    assert_int_equal(found.items[0].judged.verdict, DOUBT_VERDICT_NONE);
    doubt_import_rows_free(&found);
    doubt_import_free(&file.import);
    doubt_claim_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names), cmocka_unit_test(figures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_catalog.c: search, engine families and obstacles of claims. */
#include "cli/catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* A claim that any engine could test; fields are replaced by the tests. */
static struct doubt_claim plain(void)
{
    static char none[] = "", id[] = "a", device[] = "Jetson Nano", network[] = "pose",
                title[] = "Pose Estimation", date[] = "2020-04/05";
    return (struct doubt_claim){
        .id = id,
        .row = none,
        .device = device,
        .network = network,
        .title = title,
        .input = none,
        .label = none,
        .output = none,
        .precision = none,
        .engine = none,
        .power_mode = none,
        .condition = none,
        .boundary = none,
        .statistic = none,
        .figure = none,
        .unit = none,
        .source = none,
        .date = date,
        .confidence = none,
        .remark = none,
        .batch = DOUBT_MISSING_I64,
        .samples = DOUBT_MISSING_I64,
    };
}

static void families(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", ""},
        {"tensorrt 5.0 (JetPack 4.2)", "tensorrt"},
        {"TensorRT (jetson-inference)", "tensorrt"},
        {"TensorRT via mmdeploy, per-run sync", "tensorrt"},
        {"torch2trt / TensorRT 5", "torch2trt"},
        {"Edge TPU (pycoral)", "edge tpu"},
        {"OpenVINO 2022.3 benchmark_app", "openvino"},
        {" ", " "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_claim claim = plain();
        char family[32], tiny[4];
        claim.engine = (char *)(uintptr_t)rows[i][0];
        doubt_catalog_family(&claim, family, sizeof family);
        assert_string_equal(family, rows[i][1]);
        doubt_catalog_family(&claim, tiny, sizeof tiny);
        assert_memory_equal(tiny, rows[i][1], strlen(tiny));
    }
}

static bool matches(const char *device, const char *network, int64_t year)
{
    const struct doubt_catalog_filter filter = {.device = device, .network = network, .year = year};
    const struct doubt_claim claim = plain();
    static char title[] = "A table of figures";
    const struct doubt_claim_set set = {.title = title};
    return doubt_catalog_matches(&filter, &set, &claim);
}

static void search(void **state)
{
    (void)state;
    assert_true(matches(NULL, NULL, 0));
    assert_true(matches("nano", NULL, 0));
    assert_true(matches("Jetson Nano", "POSE", 2020));
    assert_true(matches("", "", 0));
    assert_true(matches(NULL, "estimation", 0));
    assert_false(matches("Jetson Nano 2GB", NULL, 0));
    assert_false(matches("nano", "pos-", 0));
    assert_false(matches("nano", "pose", 2019));
}

/* Who sells the device, or who published the set. */
static void search_by_vendor(void **state)
{
    (void)state;
    static char title[] = "A table of Contoso's";
    const struct doubt_claim_set set = {.title = title};
    struct doubt_claim claim = plain();
    struct doubt_catalog_filter filter = {.vendor = "nvidia"};
    assert_true(doubt_catalog_matches(&filter, &set, &claim));
    filter.vendor = "contoso";
    assert_true(doubt_catalog_matches(&filter, &set, &claim));
    filter.vendor = "intel";
    assert_false(doubt_catalog_matches(&filter, &set, &claim));
    claim.device = "Abacus";
    filter.vendor = "nvidia";
    assert_false(doubt_catalog_matches(&filter, &set, &claim));
}

static void obstacles(void **state)
{
    (void)state;
    struct doubt_claim claim = plain();
    char text[256], tiny[10];
    doubt_catalog_obstacle(&claim, text, sizeof text);
    assert_string_equal(text, "");
    claim.statistic = "scheduled rate";
    doubt_catalog_obstacle(&claim, text, sizeof text);
    assert_string_equal(text, "scheduled rate is not measured");
    claim.precision = "i8";
    claim.statistic = "mean";
    doubt_catalog_obstacle(&claim, text, sizeof text);
    assert_memory_equal(text, "i8", 2);
    claim.condition = "both DLAs, summed";
    claim.network = "";
    doubt_catalog_obstacle(&claim, text, sizeof text);
    assert_string_equal(text, "unknown network; both DLAs, summed; "
                              "i8: the built-in networks are not quantised");
    doubt_catalog_obstacle(&claim, tiny, sizeof tiny);
    assert_string_equal(tiny, "unknown n");
}

static void the_same_thing(void **state)
{
    (void)state;
    struct doubt_claim a = plain(), b = plain();
    b.title = "OpenPose";
    b.device = "jetson nano";
    assert_true(doubt_catalog_is_same(&a, &b)); /* one built-in network, whatever its title */
    a.network = b.network = "";
    assert_false(doubt_catalog_is_same(&a, &b));
    a.title = "openpose";
    assert_true(doubt_catalog_is_same(&a, &b));
    a.network = "pose";
    assert_false(doubt_catalog_is_same(&a, &b));
    b = a;
    b.device = "Jetson Nano 2GB";
    assert_false(doubt_catalog_is_same(&a, &b));
    assert_false(doubt_catalog_is_independent(&a));
    a.row = "M1";
    assert_true(doubt_catalog_is_independent(&a));
    a.confidence = "quoted";
    assert_false(doubt_catalog_is_independent(&a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families),         cmocka_unit_test(search),
        cmocka_unit_test(search_by_vendor), cmocka_unit_test(obstacles),
        cmocka_unit_test(the_same_thing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

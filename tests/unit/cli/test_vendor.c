/* test_vendor.c: whose procedure belongs to which figures. */
#include "cli/vendor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *pick(const char *name, const char *set, const char *network, const char *engine)
{
    const struct doubt_vendor_wish wish = {name, set, network, engine};
    const struct doubt_protocol *protocol = doubt_vendor_protocol(&wish);
    return protocol != NULL ? protocol->name : "none";
}

static void test_by_claim_set(void **state)
{
    (void)state;
    const char *nano = "jetson-nano-2019";
    assert_string_equal(pick("vendor", nano, "ssd-mobilenet-v2", "tensorrt"), "ssd-sample");
    assert_string_equal(pick("vendor", nano, "resnet50", "tensorrt"), "trtexec-5");
    assert_string_equal(pick("vendor", "jetson-nano-2019-rest", "vgg19", "openvino"), "trtexec-5");
    assert_string_equal(pick("vendor", "jetson-benchmarks", "pose", "tensorrt"),
                        "jetson-benchmarks");
    assert_string_equal(pick("vendor", "mlperf-v3.0", "resnet50", "tensorrt"),
                        "mlperf-singlestream");
    assert_string_equal(pick("vendor", "openvino-2022", "resnet50", "openvino"), "benchmark-app");
}

static void test_by_engine(void **state)
{
    (void)state;
    assert_string_equal(pick("vendor", NULL, "resnet50", "openvino"), "benchmark-app");
    assert_string_equal(pick("vendor", "torch2trt", "resnet50", "tensorrt"), "trtexec-8");
    assert_string_equal(pick("vendor", NULL, "resnet50", "onnxruntime"), "none");
}

static void test_by_name(void **state)
{
    (void)state;
    assert_string_equal(pick(NULL, "mlperf-v3.0", "resnet50", "openvino"), "none");
    assert_string_equal(pick("ours", "mlperf-v3.0", "resnet50", "openvino"), "none");
    assert_string_equal(pick("trtexec-8", "mlperf-v3.0", "resnet50", "openvino"), "trtexec-8");
}

static void test_unknown(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    assert_int_equal(doubt_vendor_check(NULL, &err), DOUBT_OK);
    assert_int_equal(doubt_vendor_check("ours", &err), DOUBT_OK);
    assert_int_equal(doubt_vendor_check("vendor", &err), DOUBT_OK);
    for (size_t i = 0; i < doubt_protocol_count(); i++)
        assert_int_equal(doubt_vendor_check(doubt_protocol_at(i)->name, &err), DOUBT_OK);
    assert_int_equal(doubt_vendor_check("trtexec-9", &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "accepted: ours, vendor, trtexec-5, trtexec-8"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_claim_set),
        cmocka_unit_test(test_by_engine),
        cmocka_unit_test(test_by_name),
        cmocka_unit_test(test_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

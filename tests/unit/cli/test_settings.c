/* test_settings.c: options that need another one, budgets, precisions of a device. */
#include "cli/settings.h"

#include "util/clock.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void options_of_an_engine_need_its_name(void **state)
{
    (void)state;
    struct doubt_settings settings = {.library = "x.so"};
    struct doubt_err err = {0};
    assert_int_equal(doubt_settings_check(&settings, &err), DOUBT_E_USAGE);
    assert_string_equal(err.text, "--library x.so belongs to one engine: name it with --engine");
    settings = (struct doubt_settings){.device = "GPU"};
    assert_int_equal(doubt_settings_check(&settings, NULL), DOUBT_E_USAGE);
    settings = (struct doubt_settings){.options = {.items = {"a=b"}, .count = 1}};
    assert_int_equal(doubt_settings_check(&settings, NULL), DOUBT_E_USAGE);
    settings.engine = "onnxruntime";
    assert_int_equal(doubt_settings_check(&settings, NULL), DOUBT_OK);
    settings.options.items[0] = "ab";
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_settings_check(&settings, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "--option \"ab\" is not NAME=VALUE"));
}

static void time_gone_by_is_off_the_budget(void **state)
{
    (void)state;
    const struct doubt_settings settings = {.budget_ns = INT64_C(100000000000), .seed = 7};
    struct doubt_series_plan plan = {0};
    doubt_settings_plan(&settings, doubt_clock_ns() - INT64_C(40000000000), &plan);
    assert_true(plan.budget_ns > 0 && plan.budget_ns <= INT64_C(60000000000));
    assert_true(plan.seed == 7);
    /* Never "none". */
    doubt_settings_plan(&settings, doubt_clock_ns() - INT64_C(400000000000), &plan);
    assert_true(plan.budget_ns == 1);
    const struct doubt_settings free_of = {.restarts = 40};
    doubt_settings_plan(&free_of, 0, &plan);
    assert_true(plan.budget_ns == 0);
    assert_int_equal(plan.restarts_max, 40);
}

static void precisions_are_the_devices(void **state)
{
    (void)state;
    const struct doubt_engine engine = {.name = "fake"};
    struct doubt_pick pick = {.engine = &engine};
    pick.info.device_count = 2;
    strcpy(pick.info.devices[0].name, "CPU");
    pick.info.devices[0].precisions = 1u << DOUBT_PRECISION_F32 | 1u << DOUBT_PRECISION_BF16;
    strcpy(pick.info.devices[1].name, "GPU");
    pick.info.devices[1].precisions = 1u << DOUBT_PRECISION_F16;
    struct doubt_settings settings = {.device = NULL};
    struct doubt_err err = {0};
    assert_int_equal(doubt_settings_check_precision(&settings, &pick, DOUBT_PRECISION_BF16, NULL),
                     DOUBT_OK);
    assert_int_equal(doubt_settings_check_precision(&settings, &pick, DOUBT_PRECISION_F16, &err),
                     DOUBT_E_USAGE);
    assert_string_equal(err.text,
                        "engine fake does not compute in f16 here; accepted: f32, bf16, any");
    settings.device = "GPU";
    assert_int_equal(doubt_settings_check_precision(&settings, &pick, DOUBT_PRECISION_F16, NULL),
                     DOUBT_OK);
    assert_int_equal(doubt_settings_check_precision(&settings, &pick, DOUBT_PRECISION_ANY, NULL),
                     DOUBT_OK);
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_pick_check_device(&pick, "NPU", &err), DOUBT_E_USAGE);
    assert_string_equal(err.text, "--device \"NPU\" is unknown to engine fake; it has: CPU, GPU");
    assert_int_equal(doubt_pick_check_device(&pick, "GPU", NULL), DOUBT_OK);
    assert_int_equal(doubt_pick_check_device(&pick, NULL, NULL), DOUBT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_of_an_engine_need_its_name),
        cmocka_unit_test(time_gone_by_is_off_the_budget),
        cmocka_unit_test(precisions_are_the_devices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

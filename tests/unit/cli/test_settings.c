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

static void a_memory_limit_leaves_room(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    struct doubt_settings settings = {.memory_limit_bytes = 63999999};
    assert_int_equal(doubt_settings_check(&settings, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "is below 64 MB"));
    settings.memory_limit_bytes = 64000000;
    assert_int_equal(doubt_settings_check(&settings, NULL), DOUBT_OK);
}

/* Three engines: without a list, with f32, with f32 and bf16. */
static void only_engines_with_the_precisions_are_kept(void **state)
{
    (void)state;
    static const struct doubt_engine engines[] = {
        {.name = "any"}, {.name = "one"}, {.name = "two"}};
    static const enum doubt_precision both[] = {DOUBT_PRECISION_F32, DOUBT_PRECISION_BF16};
    static const enum doubt_precision half[] = {DOUBT_PRECISION_F16};
    struct doubt_pick picks[3] = {
        {.engine = &engines[0]}, {.engine = &engines[1]}, {.engine = &engines[2]}};
    for (size_t i = 1; i < 3; i++) {
        picks[i].info.device_count = 1;
        picks[i].info.devices[0].precisions = 1u << DOUBT_PRECISION_F32;
    }
    picks[2].info.devices[0].precisions |= 1u << DOUBT_PRECISION_BF16;
    size_t count = 3;
    const struct doubt_precisions wanted = {both, 2};
    assert_int_equal(doubt_settings_keep_precise(&wanted, picks, &count, NULL), DOUBT_OK);
    assert_int_equal(count, 2);
    assert_ptr_equal(picks[0].engine, &engines[0]);
    assert_ptr_equal(picks[1].engine, &engines[2]);
    /* None left: each with what it has. */
    struct doubt_pick poor[2] = {picks[1], picks[1]};
    struct doubt_err err = {0};
    poor[0].engine = &engines[1];
    poor[0].info.devices[0].precisions = 1u << DOUBT_PRECISION_F32;
    const struct doubt_precisions f16 = {half, 1};
    count = 2;
    assert_int_equal(doubt_settings_keep_precise(&f16, poor, &count, &err), DOUBT_E_USAGE);
    assert_int_equal(count, 0);
    assert_non_null(strstr(err.text, "computes in f16"));
    assert_non_null(strstr(err.text, "one has f32; two has f32, bf16"));
}

static void time_gone_by_counts(void **state)
{
    (void)state;
    const struct doubt_settings settings = {.budget_ns = INT64_C(100000000000), .seed = 7};
    struct doubt_series_plan plan = {0};
    doubt_settings_plan(&settings, doubt_clock_ns() - INT64_C(40000000000), &plan);
    assert_true(plan.budget_ns == INT64_C(100000000000));
    assert_true(plan.before_ns >= INT64_C(40000000000));
    assert_true(plan.seed == 7);
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
        cmocka_unit_test(a_memory_limit_leaves_room),
        cmocka_unit_test(only_engines_with_the_precisions_are_kept),
        cmocka_unit_test(time_gone_by_counts),
        cmocka_unit_test(precisions_are_the_devices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

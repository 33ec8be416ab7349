/* test_ask.c: questions to engines: answers, and the error when one cannot answer. */
#include "measure/series.h"

#include "model/check.h"
#include "model/net.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void built_in_engine_answers(void **state)
{
    (void)state;
    struct doubt_engine_info info;
    struct doubt_err err = {DOUBT_OK, ""};
    assert_int_equal(doubt_engine_ask("null", NULL, NULL, &info, &err), DOUBT_OK);
    assert_true(strlen(info.version) > 0);
    assert_int_equal(info.device_count, 1);
    assert_string_equal(info.devices[0].name, "CPU");
}

static void plugin_answers(void **state)
{
    (void)state;
    struct doubt_engine_info info;
    struct doubt_err err = {DOUBT_OK, ""};
    assert_int_equal(doubt_engine_ask("noisy", NULL, NULL, &info, &err), DOUBT_OK);
    assert_string_equal(info.version, "1");
    assert_int_equal(info.devices[0].precisions, 1u << DOUBT_PRECISION_F32);
}

static void caps_of_the_library_arrive(void **state)
{
    (void)state;
    struct doubt_engine_info info;
    struct doubt_err err = {DOUBT_OK, ""};
    assert_int_equal(doubt_engine_ask("device", NULL, NULL, &info, &err), DOUBT_OK);
    assert_int_equal(info.caps, DOUBT_CAP_HALF_FILE);
    assert_int_equal(doubt_engine_ask("noisy", NULL, NULL, &info, &err), DOUBT_OK);
    assert_int_equal(info.caps, 0);
}

static void a_crash_is_an_error(void **state)
{
    (void)state;
    struct doubt_engine_info info;
    struct doubt_err err = {DOUBT_OK, ""};
    assert_int_equal(doubt_engine_ask("crash-load", NULL, NULL, &info, &err), DOUBT_E_ENGINE);
    assert_non_null(strstr(err.text, "crash-load"));
    assert_non_null(strstr(err.text, "signal 11"));
}

static void unknown_engines_and_options_are_named(void **state)
{
    (void)state;
    static const char *const options[] = {"colour=blue", NULL};
    struct doubt_engine_info info;
    struct doubt_err err = {DOUBT_OK, ""}, again = {DOUBT_OK, ""};
    assert_int_equal(doubt_engine_ask("nul", NULL, NULL, &info, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "nul"));
    assert_int_equal(doubt_engine_ask("null", NULL, options, &info, &again), DOUBT_E_USAGE);
    assert_non_null(strstr(again.text, "colour"));
}

/* The plug-ins of tests/engines copy their input. */
static void reference_is_what_the_engine_gave(void **state)
{
    (void)state;
    enum { ELEMENTS = 1024 };
    static float input[ELEMENTS];
    const struct doubt_tensor tensor = {.name = "input",
                                        .dtype = DOUBT_F32,
                                        .rank = 1,
                                        .dims = {ELEMENTS},
                                        .data = input,
                                        .bytes = sizeof input};
    const struct doubt_cell_plan cell = {.network = "copy", .engine = "noisy", .batch = 1};
    struct doubt_reference reference;
    struct doubt_err err = {DOUBT_OK, ""};
    double sum = 0;
    doubt_net_fill_input(&tensor);
    for (int i = 0; i < ELEMENTS; i++)
        sum += (double)input[i] * (double)input[i];
    assert_int_equal(doubt_reference_ask(&cell, &reference, &err), DOUBT_OK);
    assert_int_equal(reference.output_count, 1);
    const struct doubt_reference_output *output = &reference.outputs[0];
    assert_string_equal(output->name, "output");
    assert_int_equal(output->rank, 1);
    assert_int_equal(output->dims[0], ELEMENTS);
    assert_true(fabs(output->norm - sqrt(sum)) < 1e-9 * sqrt(sum));
    assert_true(output->point_count > 0);
    for (uint32_t i = 0; i < output->point_count; i++) {
        assert_true(output->positions[i] < ELEMENTS);
        assert_true(output->values[i] == input[output->positions[i]]);
    }
    doubt_reference_free(&reference);
}

static void no_reference_from_bad_answers(void **state)
{
    (void)state;
    struct doubt_cell_plan cell = {.network = "copy", .engine = "nan-output", .batch = 1};
    struct doubt_reference reference;
    struct doubt_err err = {DOUBT_OK, ""}, again = {DOUBT_OK, ""};
    assert_int_equal(doubt_reference_ask(&cell, &reference, &err), DOUBT_E_OUTPUT);
    assert_non_null(strstr(err.text, "element 5"));
    doubt_reference_free(&reference);
    cell.engine = "fails";
    assert_int_equal(doubt_reference_ask(&cell, &reference, &again), DOUBT_E_ENGINE);
    assert_non_null(strstr(again.text, "plug it in"));
    doubt_reference_free(&reference);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    if (setenv("DOUBT_ENGINE_PATH", DOUBT_BUILD "/tests/engines", 0) != 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_engine_answers),
        cmocka_unit_test(plugin_answers),
        cmocka_unit_test(caps_of_the_library_arrive),
        cmocka_unit_test(a_crash_is_an_error),
        cmocka_unit_test(unknown_engines_and_options_are_named),
        cmocka_unit_test(reference_is_what_the_engine_gave),
        cmocka_unit_test(no_reference_from_bad_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_record_json.c: records as JSON and back, and the records of past versions. */
#include "record/record.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A file of a past version loads, and is written again as it is; newer fields are null. */
static void check_golden(enum doubt_scope scope, void *record)
{
    char path[4096];
    const char *name;
    json_t *value;
    struct doubt_err err = {.code = DOUBT_OK};
    snprintf(path, sizeof path, "%s/record/%s.json", DOUBT_TEST_DATA, doubt_scope_name(scope));
    json_t *before = json_load_file(path, 0, NULL);
    assert_non_null(before);
    assert_int_equal(doubt_record_from_json(scope, before, record, &err), DOUBT_OK);
    json_t *after = doubt_record_to_json(scope, record);
    assert_non_null(after);
    assert_true(json_object_size(after) >= json_object_size(before));
    json_object_foreach(after, name, value)
    {
        const json_t *old = json_object_get(before, name);
        if (old != NULL ? !json_equal(value, (json_t *)(uintptr_t)old) : !json_is_null(value))
            fail_msg("%s: field \"%s\" changed", path, name);
    }
    json_object_foreach(before, name, value) if (json_object_get(after, name) == NULL)
        fail_msg("%s: field \"%s\" is gone", path, name);
    json_decref(before);
    json_decref(after);
}

static void golden_series(void **state)
{
    (void)state;
    struct doubt_series series;
    check_golden(DOUBT_SERIES, &series);
    assert_int_equal(series.id, 12);
    assert_true(series.begun_ns == INT64_C(1556668800123456789)); /* beyond 2^53 */
    assert_true(series.overhead_ns == 47.25);
    assert_string_equal(series.not_controlled, "Takt \xC3\xA4ndert sich \xE2\x89\xA4 5 %");
    assert_true(series.budget_ns == DOUBT_MISSING_I64 && isnan(series.temperature_max_c));
    assert_null(series.cut);
    doubt_record_free(DOUBT_SERIES, &series);
}

static void golden_cell(void **state)
{
    (void)state;
    struct doubt_cell cell;
    check_golden(DOUBT_CELL, &cell);
    assert_true(cell.mean_ns == 26235500.0);
    assert_string_equal(cell.verdict, "FALLS SHORT");
    doubt_record_free(DOUBT_CELL, &cell);
}

static void golden_restart(void **state)
{
    (void)state;
    struct doubt_restart restart;
    check_golden(DOUBT_RESTART, &restart);
    assert_int_equal(restart.signal, 11);
    doubt_record_free(DOUBT_RESTART, &restart);
}

static void golden_also(void **state)
{
    (void)state;
    struct doubt_also also;
    check_golden(DOUBT_ALSO, &also);
    assert_int_equal(also.cell, 3);
    assert_string_equal(also.claim_figure, "27.8 ms");
    assert_true(also.ratio == 0.9995397802450669 && isnan(also.ratio_hi));
    assert_null(also.differs);
    doubt_record_free(DOUBT_ALSO, &also);
}

static json_t *member_of(enum doubt_scope scope, const void *record, const char *name)
{
    json_t *object = doubt_record_to_json(scope, record);
    assert_non_null(object);
    json_t *value = json_incref(json_object_get(object, name));
    json_decref(object);
    assert_non_null(value);
    return value;
}

static void what_json_cannot_say_is_null(void **state)
{
    (void)state;
    const double gone[] = {NAN, INFINITY, -INFINITY};
    struct doubt_cell cell;
    doubt_record_init(DOUBT_CELL, &cell);
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        cell.drift = gone[i];
        json_t *value = member_of(DOUBT_CELL, &cell, "drift");
        assert_true(json_is_null(value));
        json_decref(value);
    }
    cell.drift = -0.0;
    json_t *value = member_of(DOUBT_CELL, &cell, "drift");
    assert_true(json_is_real(value) && json_real_value(value) == 0.0);
    assert_false(signbit(json_real_value(value)));
    json_decref(value);
    doubt_record_free(DOUBT_CELL, &cell);
}

static void integers_keep_every_digit(void **state)
{
    (void)state;
    const int64_t values[] = {INT64_MAX, INT64_MIN + 1, (INT64_C(1) << 53) + 1, 0, -1};
    struct doubt_restart restart, back;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        doubt_record_init(DOUBT_RESTART, &restart);
        restart.min_ns = values[i];
        json_t *object = doubt_record_to_json(DOUBT_RESTART, &restart);
        char *text = json_dumps(object, 0);
        json_t *read = json_loads(text, 0, NULL);
        assert_int_equal(doubt_record_from_json(DOUBT_RESTART, read, &back, NULL), DOUBT_OK);
        assert_true(back.min_ns == values[i]);
        json_decref(object);
        json_decref(read);
        free(text);
    }
}

static void stray_bytes_become_replacement_characters(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *shown;
    } rows[] = {
        {"plain", "plain"},
        {"a\xFF"
         "b",
         "a\xEF\xBF\xBD"
         "b"},
        {"cut \xE2\x89", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},                 /* overlong NUL */
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* surrogate */
        {"\xFF \xF0\x9F\x98\x80", "\xEF\xBF\xBD \xF0\x9F\x98\x80"},
        {"\xF5\x80\x80\x80 \xC3\xA9", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xC3\xA9"},
    };
    struct doubt_restart restart;
    doubt_record_init(DOUBT_RESTART, &restart);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        doubt_text_set(&restart.output_tail, rows[i].bytes);
        json_t *value = member_of(DOUBT_RESTART, &restart, "output_tail");
        assert_string_equal(json_string_value(value), rows[i].shown);
        json_decref(value);
    }
    doubt_record_free(DOUBT_RESTART, &restart);
}

static void wrong_types_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *json, *named;
    } rows[] = {
        {"{\"batch\": 1.5}", "\"batch\""},      {"{\"batch\": \"1\"}", "\"batch\""},
        {"{\"mean_ns\": true}", "\"mean_ns\""}, {"{\"network\": 7}", "\"network\""},
        {"{\"verdict\": {}}", "\"verdict\""},   {"[]", "a JSON object"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_cell cell;
        struct doubt_err err = {.code = DOUBT_OK};
        json_t *json = json_loads(rows[i].json, 0, NULL);
        assert_int_equal(doubt_record_from_json(DOUBT_CELL, json, &cell, &err), DOUBT_E_FORMAT);
        assert_non_null(strstr(err.text, rows[i].named));
        assert_null(cell.network);
        json_decref(json);
    }
}

static void members_are_in_the_order_of_the_table(void **state)
{
    (void)state;
    struct doubt_restart restart;
    size_t count, i = 0;
    const struct doubt_field *fields = doubt_fields(DOUBT_RESTART, &count);
    const char *name;
    json_t *value;
    doubt_record_init(DOUBT_RESTART, &restart);
    json_t *object = doubt_record_to_json(DOUBT_RESTART, &restart);
    json_object_foreach(object, name, value)
    {
        assert_string_equal(name, fields[i++].name);
        assert_true(json_is_null(value));
    }
    assert_int_equal(i, count);
    json_decref(object);
}

static void other_members_are_ignored(void **state)
{
    (void)state;
    struct doubt_cell cell;
    json_t *json =
        json_loads("{\"of_a_later_doubt\": [1], \"mean_ns\": 3, \"fps\": null}", 0, NULL);
    assert_int_equal(doubt_record_from_json(DOUBT_CELL, json, &cell, NULL), DOUBT_OK);
    assert_true(cell.mean_ns == 3.0 && isnan(cell.fps));
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_series),
        cmocka_unit_test(golden_cell),
        cmocka_unit_test(golden_restart),
        cmocka_unit_test(golden_also),
        cmocka_unit_test(what_json_cannot_say_is_null),
        cmocka_unit_test(integers_keep_every_digit),
        cmocka_unit_test(stray_bytes_become_replacement_characters),
        cmocka_unit_test(wrong_types_are_named),
        cmocka_unit_test(members_are_in_the_order_of_the_table),
        cmocka_unit_test(other_members_are_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_json.c: the document's shape, and that it reads back. */
#include "report/json.h"

#include "series_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_series_and_its_rows(void **state)
{
    (void)state;
    struct fixture f;
    struct doubt_str text;
    fixture_init(&f);
    fixture_claims(&f);
    doubt_str_init(&text, 1 << 20);
    json_t *json = doubt_json_series(&f.series, f.cells, FIXTURE_CELLS);
    assert_non_null(json);
    assert_int_equal(doubt_json_format(json, &text, NULL), DOUBT_OK);
    json_decref(json);
    assert_int_equal(text.data[text.len - 1], '\n');
    json = json_loads(doubt_str_text(&text), 0, NULL);
    assert_non_null(json);
    struct doubt_series series;
    assert_int_equal(
        doubt_record_from_json(DOUBT_SERIES, json_object_get(json, "series"), &series, NULL),
        DOUBT_OK);
    assert_string_equal(series.claim_set, "jetson-nano-2019");
    assert_true(series.overhead_ns == f.series.overhead_ns);
    doubt_record_free(DOUBT_SERIES, &series);
    /* The hidden cell is not among them. */
    json_t *cells = json_object_get(json, "cells");
    assert_int_equal(json_array_size(cells), 2);
    struct doubt_cell cell;
    assert_int_equal(doubt_record_from_json(DOUBT_CELL, json_array_get(cells, 1), &cell, NULL),
                     DOUBT_OK);
    assert_string_equal(cell.network, "inception-v4");
    assert_true(cell.mean_ns == f.cells[1].mean_ns);
    doubt_record_free(DOUBT_CELL, &cell);
    json_decref(json);
    doubt_str_free(&text);
    fixture_free(&f);
}

static void a_ceiling_is_an_error(void **state)
{
    (void)state;
    struct doubt_str text;
    struct doubt_err err = {0};
    doubt_str_init(&text, 3);
    json_t *json = json_pack("{s:s}", "a", "bcdef");
    assert_int_equal(doubt_json_format(json, &text, &err), DOUBT_E_MEMORY);
    json_decref(json);
    doubt_str_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_and_its_rows),
        cmocka_unit_test(a_ceiling_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

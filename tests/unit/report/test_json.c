/* test_json.c: the document's shape, and that it reads back. */
#include "report/json.h"

#include "series_fixture.h"
#include "util/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
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
    struct doubt_also also;
    doubt_record_init(DOUBT_ALSO, &also);
    also.cell = 1;
    also.number = 0;
    also.ratio = 0.93;
    doubt_text_set(&also.claim, "b");
    const struct doubt_record_parts parts = {&f.series, f.cells, FIXTURE_CELLS, &also, 1};
    json_t *json = doubt_json_series(&parts);
    doubt_record_free(DOUBT_ALSO, &also);
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
    /* Nor is what a cell was set beside as well part of the cell. */
    json_t *list = json_object_get(json, "also");
    assert_int_equal(json_array_size(list), 1);
    assert_int_equal(doubt_record_from_json(DOUBT_ALSO, json_array_get(list, 0), &also, NULL),
                     DOUBT_OK);
    assert_string_equal(also.claim, "b");
    assert_true(also.cell == 1 && also.ratio == 0.93 && isnan(also.ratio_lo));
    doubt_record_free(DOUBT_ALSO, &also);
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

static void format_real(double value, struct doubt_str *text)
{
    json_t *json = json_pack("[f]", value);
    doubt_str_clear(text);
    assert_int_equal(doubt_json_format(json, text, NULL), DOUBT_OK);
    json_decref(json);
}

static void reals_are_as_short_as_they_were_written(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {36.1, "36.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {0, "0.0"},
        {-0.0, "-0.0"},
        {1e21, "1e21"},
        {1.7976931348623157e308, "1.7976931348623157e308"},
        {5e-324, "4.94065645841247e-324"},
        {-1.25e-7, "-1.25e-7"},
        {1e5, "100000.0"},
        {0.1234567890123456, "0.1234567890123456"},
    };
    char wanted[64];
    struct doubt_str text;
    doubt_str_init(&text, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        format_real(cases[i].value, &text);
        snprintf(wanted, sizeof wanted, "[\n  %s\n]\n", cases[i].text);
        assert_string_equal(doubt_str_text(&text), wanted);
    }
    json_t *json = json_pack("{s:s, s:I, s:b, s:n}", "36.100000000000001\"",
                             "2.500000000000000001\\", "n", (json_int_t)INT64_MIN, "b", 1, "none");
    doubt_str_clear(&text);
    assert_int_equal(doubt_json_format(json, &text, NULL), DOUBT_OK);
    json_decref(json);
    assert_string_equal(doubt_str_text(&text), "{\n  \"36.100000000000001\\\"\": "
                                               "\"2.500000000000000001\\\\\",\n"
                                               "  \"n\": -9223372036854775808,\n  \"b\": true,\n"
                                               "  \"none\": null\n}\n");
    doubt_str_free(&text);
}

/* Any bits of a finite double, and what was written with few digits. */
static void reals_read_back_the_same(void **state)
{
    (void)state;
    struct doubt_rng rng;
    struct doubt_str text;
    doubt_rng_seed(&rng, 0x5eed);
    doubt_str_init(&text, 1 << 20);
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = doubt_rng_u64(&rng), back_bits;
        double value, back;
        memcpy(&value, &bits, sizeof value);
        if (i % 2 == 1)
            value = (double)(bits >> 44) / 1000;
        if (!isfinite(value))
            continue;
        format_real(value, &text);
        json_t *json = json_loads(doubt_str_text(&text), 0, NULL);
        assert_true(json_is_real(json_array_get(json, 0)));
        back = json_real_value(json_array_get(json, 0));
        json_decref(json);
        memcpy(&bits, &value, sizeof bits);
        memcpy(&back_bits, &back, sizeof back_bits);
        assert_true(bits == back_bits);
        assert_true(i % 2 == 0 || text.len <= strlen("[\n  1048575.999\n]\n"));
    }
    doubt_str_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_and_its_rows),
        cmocka_unit_test(a_ceiling_is_an_error),
        cmocka_unit_test(reals_are_as_short_as_they_were_written),
        cmocka_unit_test(reals_read_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_units.c: durations and sizes, as read and as written. */
#include "util/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void durations_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ns;
    } rows[] = {
        {"500ns", 500},         {"20us", 20000},          {"3ms", 3000000},
        {"2s", 2000000000},     {"1.5s", 1500000000},     {"3m", 180000000000},
        {"3min", 180000000000}, {"1h", 3600000000000},    {"90 s", 90000000000},
        {"0.5ns", -1},          {"99h", 356400000000000}, {".5s", 500000000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ns = -1;
        enum doubt_code code = doubt_units_parse_duration(rows[i].text, &ns, NULL);
        assert_int_equal(code, rows[i].ns > 0 ? DOUBT_OK : DOUBT_E_USAGE);
        assert_true(ns == rows[i].ns);
    }
}

static void bad_durations_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    "3",     "s",    "-1s", "0s",    "1e300h", "nan s",
                                        "inf", "3 m s", "3sec", "3M",  "2401h", "1,5s",   "1e-12s"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct doubt_err err = {0};
        int64_t ns = 7;
        assert_int_equal(doubt_units_parse_duration(texts[i], &ns, &err), DOUBT_E_USAGE);
        assert_true(ns == 7);
        assert_non_null(strstr(err.text, texts[i]));
        assert_non_null(strstr(err.text, "for example"));
    }
}

static void numbers_out_of_range_are_said_to_be(void **state)
{
    (void)state;
    static const char *const durations[] = {"0", "0s", "-5s", "1e99s", "1e999s", "2401h", "-1e9h"};
    static const char *const sizes[] = {"0", "0B", "-1GB", "1e30TB", "1001TB"};
    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
        struct doubt_err err = {0};
        int64_t ns = 7;
        assert_int_equal(doubt_units_parse_duration(durations[i], &ns, &err), DOUBT_E_USAGE);
        assert_non_null(strstr(err.text, "is out of range: 1ns to 2400h"));
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct doubt_err err = {0};
        uint64_t bytes = 7;
        assert_int_equal(doubt_units_parse_bytes(sizes[i], &bytes, &err), DOUBT_E_USAGE);
        assert_non_null(strstr(err.text, "is out of range: 1B to 1000TB"));
    }
}

static void sizes_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } rows[] = {
        {"1B", 1},
        {"4096B", 4096},
        {"1kB", 1000},
        {"512MB", 512000000},
        {"2GB", 2000000000},
        {"2G", 2000000000},
        {"1KiB", 1024},
        {"1.5 GiB", 1610612736},
        {"1TiB", UINT64_C(1099511627776)},
        {"0.5kB", 500},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t bytes = 0;
        assert_int_equal(doubt_units_parse_bytes(rows[i].text, &bytes, NULL), DOUBT_OK);
        assert_true(bytes == rows[i].bytes);
    }
    static const char *const bad[] = {"", "2", "GB", "0x1GB", "2gb", "2GB2", "nan", "-"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct doubt_err err = {0};
        uint64_t bytes = 7;
        assert_int_equal(doubt_units_parse_bytes(bad[i], &bytes, &err), DOUBT_E_USAGE);
        assert_true(bytes == 7);
        assert_non_null(strstr(err.text, "is not a size"));
    }
}

static void durations_are_written(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *text;
    } rows[] = {
        {0, "0 ns"},
        {47, "47 ns"},
        {999, "999 ns"},
        {1000, "1 us"},
        {1234567, "1.235 ms"},
        {12345678, "12.35 ms"},
        {123456789, "123.5 ms"},
        {2000000000, "2 s"},
        {59500000000, "59.5 s"},
        {60000000000, "1 min 00 s"},
        {125000000000, "2 min 05 s"},
        {3600000000000, "1 h 00 min"},
        {7384000000000, "2 h 03 min"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        doubt_units_format_duration(rows[i].ns, text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
}

static void sizes_are_written(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *text;
    } rows[] = {
        {0, "0 B"},          {999, "999 B"},          {1000, "1 kB"},
        {12345, "12.35 kB"}, {574671168, "574.7 MB"}, {UINT64_MAX, "18446.7 PB"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        doubt_units_format_bytes(rows[i].bytes, text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
}

static void digits_are_grouped(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {999, "999"},
        {1000, "1,000"},
        {12253974624, "12,253,974,624"},
        {-1, "-1"},
        {-123456, "-123,456"},
        {INT64_MIN, "-9,223,372,036,854,775,808"},
    };
    char text[64];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        doubt_units_format_grouped(rows[i].value, text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
    doubt_units_format_grouped(1234567, text, 4);
    assert_int_equal(strlen(text), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(bad_durations_are_refused),
        cmocka_unit_test(numbers_out_of_range_are_said_to_be),
        cmocka_unit_test(sizes_are_read),
        cmocka_unit_test(durations_are_written),
        cmocka_unit_test(sizes_are_written),
        cmocka_unit_test(digits_are_grouped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_values.c: value files and typed lists, as they should be and as they should not. */
#include "cli/values.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct doubt_values_how in_ms = {.label = "v.txt", .unit = "ms"};

/* Values in ns, beside which the sentence is checked where reading fails. */
static void expect(const char *text, const struct doubt_values_how *how, size_t count,
                   const double *ns)
{
    struct doubt_values values;
    struct doubt_err err = {0};
    enum doubt_code code = doubt_values_parse(text, strlen(text), how, &values, &err);
    if (code != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(values.count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(values.items[i].value == ns[i]);
    doubt_values_free(&values);
}

static void expect_refusal(const char *text, const struct doubt_values_how *how,
                           const char *sentence)
{
    struct doubt_values values;
    struct doubt_err err = {0};
    assert_int_equal(doubt_values_parse(text, strlen(text), how, &values, &err), DOUBT_E_FORMAT);
    assert_null(values.items);
    assert_int_equal(values.count, 0);
    if (strcmp(err.text, sentence) != 0)
        fail_msg("\"%s\" is not \"%s\"", err.text, sentence);
}

static void numbers_stand_on_lines_and_between_blanks(void **state)
{
    (void)state;
    const double ns[] = {27.8e6, 27.9e6, 28e6, 28.1e6};
    expect("27.8\n27.9 28\t28.1", &in_ms, 4, ns);
    expect("# head\r\n27.8 # one\r\n\r\n27.9;28\r\n28.1", &in_ms, 4, ns);
    expect("\xef\xbb\xbf"
           "27.8ms 27900 us 0.028s 28.1 ms\n",
           &in_ms, 4, ns);
    const struct doubt_values_how comma = {.label = "v", .unit = "ms", .decimal_comma = true};
    expect("27,8 27,9\n28; 28,1", &comma, 4, ns);
}

static void grouped_thousands_are_one_number(void **state)
{
    (void)state;
    const double rate[] = {1804.9};
    expect("1,804.9 img/s\n", &in_ms, 1, rate);
}

static void a_column_is_one_field_of_each_line(void **state)
{
    (void)state;
    const double ns[] = {27.8e6, 27.9e6};
    struct doubt_values_how how = {.label = "v.csv", .unit = "ms", .column = 2};
    expect("id,mean,p99\n1,27.8,3\n2,\"27.9\",4\n", &how, 2, ns);
    expect("id\tmean\n1\t27.8\n\n2\t27.9 ms\n", &how, 2, ns);
    expect("1 27.8 x\n  2 27.9\n", &how, 2, ns);
    how.decimal_comma = true;
    expect("id;mean\n1;27,8\n2;27,9\n", &how, 2, ns);
    how.decimal_comma = false;
    expect_refusal("id,mean\n1,27.8\n2\n", &how, "v.csv: line 3: \"2\" has no column 2");
    expect_refusal("1,27.8\n2,\n", &how, "v.csv: line 2: \"2,\" has no column 2");
    expect_refusal("1,27.8\n2,mean\n", &how, "v.csv: line 2: \"mean\" is no number");
    expect_refusal("1,27.8 3 ms\n", &how, "v.csv: line 1: \"27.8 3 ms\" is more than one value");
    expect_refusal("id,mean\n", &how, "v.csv: holds no value");
}

static void every_refusal_names_file_line_and_value(void **state)
{
    (void)state;
    const struct doubt_values_how bare = {.label = "v.txt"};
    expect_refusal("", &in_ms, "v.txt: holds no value");
    expect_refusal("1\n2\nx\n", &in_ms, "v.txt: line 3: \"x\" is no number");
    expect_refusal("1\ninf", &in_ms, "v.txt: line 2: \"inf\" is no number");
    expect_refusal("-1", &in_ms,
                   "v.txt: line 1: \"-1\" is negative; times and rates are more than 0");
    expect_refusal("1e400", &in_ms,
                   "v.txt: line 1: \"1e400\" has an exponent that is no time's and no rate's");
    expect_refusal("1.2.3e1", &in_ms,
                   "v.txt: line 1: \"1.2.3e1\" has an exponent that is no time's and no rate's");
    expect_refusal("0\n", &in_ms, "v.txt: line 1: figure \"0 ms\": a figure must be more than 0");
    expect_refusal("27.8\n", &bare,
                   "v.txt: line 1: \"27.8\" has no unit; write it behind the number, or --unit ms");
    expect_refusal("\x1b[31m1", &in_ms, "v.txt: line 1: \"?[31m1\" is no number");
    expect_refusal("\xff\xfe", &in_ms, "v.txt: line 1: \"??\" is no number");
    expect_refusal("1\x1b[31m", &in_ms,
                   "v.txt: line 1: figure \"1?[31m\": unit \"?[31m\" is not known; accepted are "
                   "ns, us, ms, s, FPS, img/s, images/s, samples/s, inf/s, ips, QPS");
}

/* numpy.savetxt() and printf("%e") write so; half a unit of the last digit is kept. */
static void exponents_are_written_out(void **state)
{
    (void)state;
    const double ns[] = {27.81e6, 27.8e6, 2780e6, 0.0278e6, 27812.8e6};
    struct doubt_values values;
    expect("2.781000000000000142e+01\n2.78E1\n2.78e+03 ms\n2.78e-02ms\n2.78128e4\n", &in_ms, 5, ns);
    static const char text[] = "2.78e+01\n2.78e+03\n";
    assert_int_equal(doubt_values_parse(text, sizeof text - 1, &in_ms, &values, NULL), DOUBT_OK);
    assert_true(fabs(values.items[0].lo - 27.75e6) < 1 && fabs(values.items[0].hi - 27.85e6) < 1);
    assert_true(fabs(values.items[1].lo - 2775e6) < 1 && fabs(values.items[1].hi - 2785e6) < 1);
    doubt_values_free(&values);
}

static void a_column_that_is_meant_is_named(void **state)
{
    (void)state;
    expect_refusal("restart,mean\n1,27.8\n", &in_ms,
                   "v.txt: line 1: \"restart,mean\" is no number; --column N reads one field of "
                   "each line, --decimal-comma reads 27,8 as 27.8");
    /* Index and value: the index would silently count. */
    expect_refusal("1 27.8\n2 27.9\n3 27.8\n", &in_ms,
                   "v.txt: every line begins with its own number, which would count as a value: "
                   "--column N reads one field of each line");
    /* Values that only begin so, or stand alone, are values. */
    const double three[] = {1e6, 2e6, 3e6}, four[] = {1e6, 27e6, 3e6, 28e6};
    expect("1\n2\n3\n", &in_ms, 3, three);
    expect("1 27\n3 28\n", &in_ms, 4, four);
    expect("1 2 3\n", &in_ms, 3, three);
}

static void a_nul_byte_is_no_value(void **state)
{
    (void)state;
    struct doubt_values values;
    static const char text[] = "27.8\0"
                               "9\n";
    assert_int_equal(doubt_values_parse(text, sizeof text - 1, &in_ms, &values, NULL),
                     DOUBT_E_FORMAT);
}

static void too_many_values_are_refused(void **state)
{
    (void)state;
    size_t size = 2 * ((size_t)DOUBT_VALUES_MAX + 1);
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < size; i += 2)
        memcpy(text + i, "1\n", 2);
    struct doubt_values values;
    struct doubt_err err = {0};
    assert_int_equal(doubt_values_parse(text, size - 2, &in_ms, &values, &err), DOUBT_OK);
    assert_int_equal(values.count, DOUBT_VALUES_MAX);
    doubt_values_free(&values);
    assert_int_equal(doubt_values_parse(text, size, &in_ms, &values, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "more than 200000 values"));
    free(text);
}

static void expect_list(const char *text, bool decimal_comma, size_t count, double last_ns)
{
    struct doubt_values values;
    struct doubt_err err = {0};
    const struct doubt_values_how how = {.label = "--measured", .decimal_comma = decimal_comma};
    enum doubt_code code = doubt_values_parse_list(text, &how, &values, &err);
    if (count == 0) {
        assert_int_equal(code, DOUBT_E_USAGE);
        assert_memory_equal(err.text, "--measured: ", 12);
        return;
    }
    if (code != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(values.count, count);
    assert_true(values.items[count - 1].value == last_ns);
    doubt_values_free(&values);
}

static void lists_share_their_last_unit(void **state)
{
    (void)state;
    expect_list("27.8128 ms", false, 1, 27.8128e6);
    expect_list("27.81,27.79,27.83ms", false, 3, 27.83e6);
    expect_list("27.81, 27.79 , 27.83 ms", false, 3, 27.83e6);
    expect_list("27;28;29us", false, 3, 29e3);
    expect_list("27,28,29 ms", false, 3, 29e6);
    expect_list("27 28ms", false, 2, 28e6);
    expect_list("27,81;27,79 ms", true, 2, 27.79e6);
    expect_list("1,804 ms", false, 1, 1804e6);
}

static void lists_that_read_two_ways_are_refused(void **state)
{
    (void)state;
    expect_list("27,8ms", false, 0, 0);
    expect_list("100,101ms", false, 0, 0);
    expect_list("27.8", false, 0, 0);
    expect_list("", false, 0, 0);
    expect_list("ms", false, 0, 0);
    expect_list("27.8ms,", false, 1, 27.8e6);
    expect_list("27.8ms,x", false, 0, 0);
}

/* What is a percentage is one with the sign and without. */
static void percentages(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double share;
    } good[] = {{"2%", 0.02},   {"2", 0.02},  {"0.5 %", 0.005}, {"1000%", 10}, {".5%", 0.005},
                {"0.01", 1e-4}, {"5.", 0.05}, {"0%", 0},        {"0", 0},      {"1000", 10}};
    static const char *const bad[] = {"",     "%",    "-1%",  "-1",   "1001%", "1001", "2%%",
                                      "1e2%", "1e2",  "inf%", "nan%", "inf",   "nan",  "0x1%",
                                      "1,5%", " 1%x", "+1%",  " 1",   "2 % ",  "2% %", "2x"};
    double share;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(doubt_values_parse_percent("--margin", good[i].text, 1000, &share, NULL),
                         DOUBT_OK);
        assert_true(share == good[i].share);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct doubt_err err = {0};
        if (doubt_values_parse_percent("--margin", bad[i], 1000, &share, &err) != DOUBT_E_USAGE)
            fail_msg("accepted: \"%s\"", bad[i]);
        assert_non_null(strstr(err.text, "--margin \""));
    }
    assert_int_equal(doubt_values_parse_percent("--margin", "99%", 99, &share, NULL), DOUBT_OK);
    assert_int_equal(doubt_values_parse_percent("--margin", "99.1", 99, &share, NULL),
                     DOUBT_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stand_on_lines_and_between_blanks),
        cmocka_unit_test(grouped_thousands_are_one_number),
        cmocka_unit_test(a_column_is_one_field_of_each_line),
        cmocka_unit_test(every_refusal_names_file_line_and_value),
        cmocka_unit_test(exponents_are_written_out),
        cmocka_unit_test(a_column_that_is_meant_is_named),
        cmocka_unit_test(a_nul_byte_is_no_value),
        cmocka_unit_test(too_many_values_are_refused),
        cmocka_unit_test(lists_share_their_last_unit),
        cmocka_unit_test(lists_that_read_two_ways_are_refused),
        cmocka_unit_test(percentages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

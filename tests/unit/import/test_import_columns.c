/* test_import_columns.c: plain columns and CSV: which column, which unit, what is refused, and
 * which headings are recognised. Oracles: the numbers in the files. */
#include "import_check.h"

static void columns(void **state)
{
    (void)state;
    struct doubt_import import;
    static const double means[] = {26235500, 27812800, 95943400, 87372100, 67519100};
    open_file("seed-2019.csv", &usual, &import);
    assert_int_equal(import.format, DOUBT_IMPORT_COLUMNS);
    assert_int_equal(import.count, 5);
    for (int i = 0; i < 5; i++)
        assert_true(pick(&import.runs[i], "mean", "", DOUBT_UNIT_TIME) == means[i]);
    doubt_import_free(&import);
    open_file("columns-crlf.csv", &usual, &import);
    assert_string_equal(import.runs[0].network, "ResNet-50, v1");
    assert_true(pick(&import.runs[1], "", "", DOUBT_UNIT_TIME) == 99400000);
    doubt_import_free(&import);
    const struct doubt_import_how komma = {.decimal_comma = true};
    open_file("columns-komma.csv", &komma, &import);
    assert_true(pick(&import.runs[0], "mean", "", DOUBT_UNIT_TIME) == 27812800);
    doubt_import_free(&import);
    const struct doubt_import_how second = {.column = "fps", .name_column = "1"};
    open_file("columns-crlf.csv", &second, &import);
    assert_true(pick(&import.runs[1], "", "", DOUBT_UNIT_RATE) == 10.06);
    doubt_import_free(&import);
}

static void columns_samples(void **state)
{
    (void)state;
    struct doubt_import import;
    const struct doubt_import_how how = {.unit = "ms", .samples = true};
    open_file("columns-samples.txt", &how, &import);
    assert_int_equal(import.count, 1);
    assert_int_equal(import.runs[0].sample_count, 4);
    assert_true(fabs(pick(&import.runs[0], "mean", "", DOUBT_UNIT_TIME) - 27807500) < 1e-6);
    doubt_import_free(&import);
}

static void columns_bad(void **state)
{
    (void)state;
    struct doubt_import import;
    static const char *const parts[] = {
        "", "line 3", "line 4: mean_ms, mean: \"-2\"", "is missing", "has no unit", "is 0"};
    open_file("columns-bad.csv", &usual, &import);
    assert_int_equal(import.count, 8);
    for (int i = 1; i < 6; i++)
        if (strstr(import.runs[i].refused, parts[i]) == NULL)
            fail_msg("%s", import.runs[i].refused);
    assert_true(has_note(&import.runs[6], DOUBT_IMPORT_REMARK, "line 2 has the same name"));
    doubt_import_free(&import);
    const struct doubt_import_how third = {.unit = "ms", .column = "watts"};
    refused("columns-bad.csv", &third, "line 1: there is no column \"watts\"");
    const struct doubt_import_how as_samples = {.samples = true};
    refused("columns-bad.csv", &as_samples, "line 3");
    const struct doubt_import_how no_unit = {.samples = true};
    refused("columns-samples.txt", &no_unit, "has no unit: --unit ms");
}

/* Whatever the other columns are called; not where rows may be samples, and not any text. */
static void headings(void **state)
{
    (void)state;
    static const char *const known[] = {
        "restart,mean_ms\n1,27.81\n2,27.79\n", "# five starts\n\nstart;FPS\n1;36\n",
        "\"device\",\"latency (ms)\"\nnano,27.8\n", "seed\tmedian_us\n0x5eed\t278.1\n"};
    static const char *const unknown[] = {
        "iteration,latency_ms\n1,27.81\n", "sample,ms\n1,27.81\n",
        "restart,mean_ms\nfirst,slow\n",   "restart,mean_ms\n",
        "restart,mean_ms\n27.81\n",        "1,27.81 ms\n2,27.79\n",
        "It took, in ms\n27.8 at first\n", "mean_ms\n27.8\n"};
    struct doubt_import import;
    struct doubt_err err = {0};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (doubt_import_read(known[i], strlen(known[i]), &usual, &import, &err) != DOUBT_OK)
            fail_msg("%s: %s", known[i], err.text);
        assert_int_equal(import.format, DOUBT_IMPORT_COLUMNS);
        doubt_import_free(&import);
    }
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        if (doubt_import_read(unknown[i], strlen(unknown[i]), &usual, &import, &err) == DOUBT_OK)
            fail_msg("recognised: %s", unknown[i]);
        assert_non_null(strstr(err.text, "benchncnn and columns: --format NAME"));
        doubt_import_free(&import);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns),
        cmocka_unit_test(columns_samples),
        cmocka_unit_test(columns_bad),
        cmocka_unit_test(headings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

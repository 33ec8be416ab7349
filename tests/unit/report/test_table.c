/* test_table.c: alignment, dropped columns, widths in characters. */
#include "report/table.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct doubt_table_column columns[] = {
    {"network", false, 0}, {"input", false, 2},   {"mean ms", true, 0},
    {"none", false, 0},    {"verdict", false, 1},
};

static struct doubt_table *filled(void)
{
    struct doubt_table *table = doubt_table_new(columns, 5);
    static const char *const rows[][5] = {
        {"ResNet-50", "1x3x224x224", "27.8128", "", "HOLDS"},
        {"U", "1x1x512x512", "9.1", NULL, "FALLS SHORT"},
    };
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(doubt_table_add(table, rows[i], NULL), DOUBT_OK);
    return table;
}

static void assert_page(const struct doubt_table *table, size_t width, const char *expected)
{
    struct doubt_str out;
    doubt_str_init(&out, 1 << 16);
    assert_int_equal(doubt_table_format(table, width, false, &out, NULL), DOUBT_OK);
    assert_string_equal(doubt_str_text(&out), expected);
    doubt_str_free(&out);
}

static void all_columns_but_the_empty_one(void **state)
{
    (void)state;
    struct doubt_table *table = filled();
    static const char expected[] = "network     input         mean ms   verdict\n"
                                   "ResNet-50   1x3x224x224   27.8128   HOLDS\n"
                                   "U           1x1x512x512       9.1   FALLS SHORT\n";
    assert_page(table, 0, expected);
    assert_page(table, 47, expected);
    doubt_table_free(table);
}

static void the_least_important_goes_first(void **state)
{
    (void)state;
    struct doubt_table *table = filled();
    assert_page(table, 46,
                "network     mean ms   verdict\n"
                "ResNet-50   27.8128   HOLDS\n"
                "U               9.1   FALLS SHORT\n");
    static const char least[] = "network     mean ms\n"
                                "ResNet-50   27.8128\n"
                                "U               9.1\n";
    assert_page(table, 32, least);
    /* What must be shown is shown, however narrow. */
    assert_page(table, 3, least);
    doubt_table_free(table);
}

static void what_is_left_out_is_named(void **state)
{
    (void)state;
    struct doubt_table *table = filled();
    struct doubt_str titles;
    doubt_str_init(&titles, 256);
    assert_int_equal(doubt_table_left_out(table, 0, &titles), 0);
    assert_int_equal(doubt_table_left_out(table, 47, &titles), 0);
    assert_string_equal(doubt_str_text(&titles), "");
    assert_int_equal(doubt_table_left_out(table, 46, NULL), 1);
    /* In the table's order; the column without any text is none. */
    assert_int_equal(doubt_table_left_out(table, 20, &titles), 2);
    assert_string_equal(doubt_str_text(&titles), "input, verdict");
    doubt_str_free(&titles);
    doubt_table_free(table);
}

static void widths_are_characters(void **state)
{
    (void)state;
    static const struct doubt_table_column two[] = {{"a", true, 0}, {"b", true, 0}};
    struct doubt_table *table = doubt_table_new(two, 2);
    assert_int_equal(doubt_table_add(table, (const char *const[]){"1 ± 2", "…"}, NULL), DOUBT_OK);
    assert_int_equal(doubt_table_add(table, (const char *const[]){"x", "yy"}, NULL), DOUBT_OK);
    assert_page(table, 0,
                "    a    b\n"
                "1 ± 2    …\n"
                "    x   yy\n");
    doubt_table_free(table);
}

static void colours_only_on_request(void **state)
{
    (void)state;
    struct doubt_table *table = filled();
    struct doubt_str out;
    doubt_table_color(table, 4, "red");
    doubt_str_init(&out, 1 << 16);
    assert_int_equal(doubt_table_format(table, 0, false, &out, NULL), DOUBT_OK);
    assert_null(strchr(doubt_str_text(&out), 033));
    doubt_str_clear(&out);
    assert_int_equal(doubt_table_format(table, 0, true, &out, NULL), DOUBT_OK);
    const char *escape = strchr(doubt_str_text(&out), 033);
    assert_non_null(escape);
    assert_non_null(strstr(escape, "FALLS SHORT"));
    doubt_str_free(&out);
    doubt_table_free(table);
}

/* Prints three rows; item 1 leaves itself out. */
static enum doubt_code add_item(const void *context, size_t item, struct doubt_table *table,
                                struct doubt_err *err)
{
    static const char *const rows[][3] = {
        {"1", "finished", "run the résumé now"}, {NULL, NULL, NULL}, {"2", "", "run"}};
    (void)context;
    return item == 1 ? DOUBT_OK : doubt_table_add(table, rows[item], err);
}

static void assert_narrow(const struct doubt_table_narrow *narrow, size_t width,
                          const char *expected)
{
    static const struct doubt_table_column three[] = {
        {"no", true, 0}, {"state", false, 2}, {"do", false, 0}};
    const struct doubt_table_shape shape = {three, 3, 3, add_item, width, false};
    struct doubt_str out;
    doubt_str_init(&out, 1 << 16);
    assert_int_equal(doubt_table_print_narrow(&shape, narrow, NULL, &out, NULL), DOUBT_OK);
    const char *text = doubt_str_text(&out), *left_out = strstr(text, "\nnot");
    /* The line is there where the column is not. */
    assert_true((left_out == NULL) == (strstr(expected, "state") != NULL));
    assert_int_equal(left_out != NULL ? (size_t)(left_out - text) + 1 : strlen(text),
                     strlen(expected));
    assert_memory_equal(text, expected, strlen(expected));
    doubt_str_free(&out);
}

static void one_column_is_cut_in_its_turn(void **state)
{
    (void)state;
    static const struct doubt_table_narrow before = {2, 2, 8, DOUBT_TABLE_CUT},
                                           after = {2, 1, 8, DOUBT_TABLE_CUT};
    static const char whole[] = "no   state      do\n"
                                " 1   finished   run the résumé now\n"
                                " 2              run\n";
    assert_narrow(&before, 34, whole);
    assert_narrow(&before, 0, whole);
    /* Characters, not bytes, and no more than the width. */
    assert_narrow(&before, 29,
                  "no   state      do\n"
                  " 1   finished   run the résu…\n"
                  " 2              run\n");
    assert_narrow(&before, 24,
                  "no   state      do\n"
                  " 1   finished   run the…\n"
                  " 2              run\n");
    /* The least does not fit: the other column goes, and leaves room. */
    assert_narrow(&before, 23,
                  "no   do\n"
                  " 1   run the résumé now\n"
                  " 2   run\n");
    assert_narrow(&after, 33,
                  "no   do\n"
                  " 1   run the résumé now\n"
                  " 2   run\n");
    assert_narrow(&after, 17,
                  "no   do\n"
                  " 1   run the rés…\n"
                  " 2   run\n");
    static const char least[] = "no   do\n"
                                " 1   run the…\n"
                                " 2   run\n";
    assert_narrow(&after, 13, least);
    assert_narrow(&after, 2, least);
}

static void one_column_is_cut_in_front(void **state)
{
    (void)state;
    static const struct doubt_table_narrow narrow = {2, 2, 8, DOUBT_TABLE_CUT_FRONT};
    assert_narrow(&narrow, 26,
                  "no   state      do\n"
                  " 1   finished   …ésumé now\n"
                  " 2              run\n");
    assert_narrow(&narrow, 25,
                  "no   state      do\n"
                  " 1   finished   …sumé now\n"
                  " 2              run\n");
}

static void one_column_is_broken_into_lines(void **state)
{
    (void)state;
    static const struct doubt_table_narrow narrow = {2, 1, 8, DOUBT_TABLE_WRAP};
    assert_narrow(&narrow, 14,
                  "no   do\n"
                  " 1   run the\n"
                  "     résumé\n"
                  "     now\n"
                  " 2   run\n");
    assert_narrow(&narrow, 0,
                  "no   state      do\n"
                  " 1   finished   run the résumé now\n"
                  " 2              run\n");
}

static void what_is_left_out_is_said_below(void **state)
{
    (void)state;
    struct doubt_table *table = filled();
    struct doubt_str out;
    doubt_str_init(&out, 1 << 16);
    doubt_table_add_left_out(table, 47, &out);
    doubt_table_add_left_out(table, 0, &out);
    assert_string_equal(doubt_str_text(&out), "");
    doubt_table_add_left_out(table, 32, &out);
    assert_string_equal(doubt_str_text(&out), "not shown: input, verdict: too\n"
                                              "wide for this terminal; --wide\n"
                                              "or --json has them\n");
    doubt_str_free(&out);
    doubt_table_free(table);
}

static void an_empty_table_is_nothing(void **state)
{
    (void)state;
    struct doubt_table *table = doubt_table_new(columns, 5);
    struct doubt_str out;
    doubt_str_init(&out, 1 << 16);
    assert_int_equal(doubt_table_format(table, 0, false, &out, NULL), DOUBT_OK);
    assert_string_equal(doubt_str_text(&out), "");
    doubt_str_free(&out);
    doubt_table_free(table);
    doubt_table_free(NULL);
    assert_null(doubt_table_new(columns, DOUBT_TABLE_COLUMNS_MAX + 1));
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_columns_but_the_empty_one),
        cmocka_unit_test(the_least_important_goes_first),
        cmocka_unit_test(what_is_left_out_is_named),
        cmocka_unit_test(widths_are_characters),
        cmocka_unit_test(colours_only_on_request),
        cmocka_unit_test(one_column_is_cut_in_its_turn),
        cmocka_unit_test(one_column_is_cut_in_front),
        cmocka_unit_test(one_column_is_broken_into_lines),
        cmocka_unit_test(what_is_left_out_is_said_below),
        cmocka_unit_test(an_empty_table_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

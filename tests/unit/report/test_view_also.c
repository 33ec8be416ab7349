/* test_view_also.c: the second table: the same rows beside their further claims. */
#include "report/view.h"

#include "series_fixture.h"
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct fixture f;
static struct doubt_also also[3];
static struct doubt_str page;

static void fill(int i, int64_t cell, const char *claim, const char *figure)
{
    doubt_record_init(DOUBT_ALSO, &also[i]);
    also[i].series = 12;
    also[i].cell = cell;
    also[i].number = i % 2;
    doubt_text_set(&also[i].claim, claim);
    doubt_text_set(&also[i].claim_figure, figure);
}

static int set_up(void **state)
{
    (void)state;
    fixture_init(&f);
    fixture_claims(&f);
    fill(0, 0, "post-mean", "27.8 ms");
    also[0].ratio = 27.8 / 27.8128;
    also[0].ratio_lo = 27.8 / 27.9;
    also[0].ratio_hi = 27.8 / 27.7;
    doubt_text_set(&also[0].verdict, "FALLS SHORT");
    fill(1, 0, "post-p99", "30 ms");
    also[1].ratio = 1.05;
    also[1].ratio_lo = 0.2;
    also[1].ratio_hi = 1.9;
    doubt_text_set(&also[1].differs, "other device, other engine, unknown power mode");
    fill(2, 1, "post-other", "10.5 FPS");
    doubt_text_set(&f.cells[1].engine, "onnxruntime");
    doubt_text_set(&f.cells[1].engine_version, "1.32.0");
    doubt_text_set(&f.cells[1].precision, "f16");
    doubt_str_init(&page, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_free(&f);
    for (int i = 0; i < 3; i++)
        doubt_record_free(DOUBT_ALSO, &also[i]);
    doubt_str_free(&page);
    return 0;
}

/* The page from its second table on; NULL: it has none. */
static const char *show(size_t count, const struct doubt_view_style *style)
{
    const struct doubt_record_parts parts = {&f.series, f.cells, FIXTURE_CELLS, also, count};
    doubt_str_clear(&page);
    assert_int_equal(doubt_view_series(&parts, style, &page, NULL), DOUBT_OK);
    const char *table = strstr(doubt_str_text(&page), "\nthe same rows beside");
    if (table == NULL)
        return NULL;
    assert_true(table > doubt_str_text(&page) && table[-1] == '\n'); /* an empty line before it */
    return table + 1;
}

static void each_claim_is_a_row(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.title = "The chart"};
    assert_string_equal(
        show(3, &style),
        "the same rows beside   engine               precision     figure             × figure   "
        "verdict\n"
        "post-mean              openvino 2026.4.1    f32          27.8 ms        1.000 ± 0.005   "
        "FALLS SHORT\n"
        "post-p99               openvino 2026.4.1    f32            30 ms   1.05 (0.20 … 1.90)   "
        "other device, engine, unknown power mode\n"
        "post-other             onnxruntime 1.32.0   f16         10.5 FPS\n");
    const struct doubt_view_style narrow = {.width = 110};
    assert_memory_equal(show(3, &narrow), "the same rows beside   precision     figure ", 44);
}

static void without_further_claims_there_is_no_table(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.title = "The chart"};
    assert_null(show(0, &style));
}

/* As in the first table: what stands in the way of a verdict goes before what differs. */
static void a_cell_without_a_verdict_says_why(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.color = true};
    doubt_text_set(&f.cells[0].state, "void");
    doubt_text_set(&f.cells[0].verdict, NULL);
    const char *table = show(2, &style);
    assert_non_null(strstr(table, "\x1b[31mFALLS SHORT"));
    assert_non_null(strstr(table, "\x1b[31mvoid"));
    assert_null(strstr(table, "other device"));
}

/* A damaged store may lack the cell, or any text of the claim. */
static void what_is_missing_is_left_empty(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.width = 0};
    also[2].cell = 77;
    doubt_text_set(&also[2].claim, NULL);
    doubt_text_set(&also[2].claim_figure, NULL);
    also[1].cell = DOUBT_MISSING_I64;
    const char *table = show(3, &style);
    assert_non_null(strstr(table, "\npost-p99 "));
    assert_non_null(strstr(table, "other device, engine"));
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_claim_is_a_row, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_further_claims_there_is_no_table, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_cell_without_a_verdict_says_why, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_missing_is_left_empty, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

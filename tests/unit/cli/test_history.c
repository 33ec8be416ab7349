/* test_history.c: texts of a series whose cells were set beside further claims. */
#include "cli/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CELLS = 2, ALSO = 3 };

static struct doubt_cell cells[CELLS];
static struct doubt_also also[ALSO];
static struct doubt_history history;
static struct doubt_str page;

static int set_up(void **state)
{
    (void)state;
    history = (struct doubt_history){
        .entry = {.cells = cells, .cell_count = CELLS, .also = also, .also_count = ALSO}};
    doubt_record_init(DOUBT_SERIES, &history.entry.series);
    history.entry.series.id = 7;
    doubt_text_set(&history.entry.series.claim_set, "shared");
    for (int i = 0; i < CELLS; i++) {
        doubt_record_init(DOUBT_CELL, &cells[i]);
        cells[i].number = i;
        doubt_text_set(&cells[i].network, i == 0 ? "resnet50" : "pose");
    }
    for (int i = 0; i < ALSO; i++) {
        doubt_record_init(DOUBT_ALSO, &also[i]);
        also[i].series = 7;
        also[i].cell = i / 2;
        also[i].number = i % 2;
        doubt_text_setf(&also[i].claim, "claim-%d\x1b[1m", i);
    }
    doubt_str_init(&page, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < CELLS; i++)
        doubt_record_free(DOUBT_CELL, &cells[i]);
    for (int i = 0; i < ALSO; i++)
        doubt_record_free(DOUBT_ALSO, &also[i]);
    doubt_record_free(DOUBT_SERIES, &history.entry.series);
    doubt_str_free(&page);
    return 0;
}

static const char *brief(void)
{
    static struct doubt_history_brief made;
    doubt_history_make_brief(&history.entry, &made);
    assert_int_equal(made.rows, CELLS);
    return made.result;
}

static void every_verdict_is_counted(void **state)
{
    (void)state;
    assert_string_equal(brief(), "no verdict");
    doubt_text_set(&also[2].verdict, "FALLS SHORT");
    assert_string_equal(brief(), "1 FALLS SHORT");
    doubt_text_set(&cells[1].verdict, "HOLDS");
    doubt_text_set(&also[0].verdict, "HOLDS");
    assert_string_equal(brief(), "2 HOLDS, 1 FALLS SHORT");
}

static void the_page_has_them_all(void **state)
{
    (void)state;
    const struct doubt_cli cli = {.width = 0};
    doubt_text_set(&also[1].differs_how, "device: claimed of My Board, here another");
    assert_int_equal(doubt_history_page(&cli, &history, &page, NULL), DOUBT_OK);
    const char *text = doubt_str_text(&page), *table = strstr(text, "\nthe same rows beside");
    const char *records = strstr(text, "\n--- series 7 ---\n");
    assert_true(table != NULL && records != NULL && table < records);
    assert_non_null(strstr(records, "\n--- cell 0, also 0 ---\nseries                7\n"));
    assert_non_null(strstr(records, "\n--- cell 0, also 1 ---\n"));
    assert_non_null(strstr(records, "\n--- cell 1, also 0 ---\n"));
    assert_non_null(strstr(records, "\nclaim                 claim-1\\x1b[1m\n"));
    assert_non_null(strstr(records, "differs_how           device: claimed of My Board, here "));
    assert_null(strchr(records, '\x1b'));
}

static void the_document_has_them_all(void **state)
{
    (void)state;
    json_t *document = doubt_history_json(&history);
    json_t *list = json_object_get(document, "also");
    assert_int_equal(json_array_size(list), ALSO);
    struct doubt_also back;
    assert_int_equal(doubt_record_from_json(DOUBT_ALSO, json_array_get(list, 2), &back, NULL),
                     DOUBT_OK);
    assert_int_equal(back.cell, 1);
    assert_string_equal(back.claim, also[2].claim);
    doubt_record_free(DOUBT_ALSO, &back);
    json_decref(document);
    history.entry.also_count = 0;
    document = doubt_history_json(&history);
    list = json_object_get(document, "also");
    assert_true(json_is_array(list) && json_array_size(list) == 0);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_verdict_is_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_page_has_them_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_document_has_them_all, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

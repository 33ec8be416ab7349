/* test_view_short.c: which verdicts the page says to rest on little. */
#include "report/view.h"

#include "series_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct fixture f;
static struct doubt_also also;

static int set_up(void **state)
{
    (void)state;
    fixture_init(&f);
    fixture_claims(&f);
    doubt_record_init(DOUBT_ALSO, &also);
    also.cell = 1;
    doubt_text_set(&also.claim, "other");
    doubt_text_set(&also.claim_figure, "10 FPS");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    doubt_record_free(DOUBT_ALSO, &also);
    fixture_free(&f);
    return 0;
}

/* The remark begins so; NULL: there is none. */
static void says(const char *beginning)
{
    struct doubt_str page;
    char wanted[256];
    const struct doubt_view_style style = {.title = "The chart", .word = "chart"};
    const struct doubt_record_parts parts = {&f.series, f.cells, FIXTURE_CELLS, &also, 1};
    doubt_str_init(&page, 1 << 20);
    assert_int_equal(doubt_view_series(&parts, &style, &page, NULL), DOUBT_OK);
    const char *text = doubt_str_text(&page);
    snprintf(wanted, sizeof wanted, "\nremark             %s",
             beginning != NULL ? beginning : "a verdict from");
    if ((strstr(text, "a verdict from fewer than 10 restarts, or 100 ") != NULL) !=
            (beginning != NULL) ||
        (beginning != NULL && strstr(text, wanted) == NULL))
        fail_msg("\"%s\" was wanted of %s", wanted, text);
    doubt_str_free(&page);
}

static void enough_restarts_of_enough_iterations_need_no_remark(void **state)
{
    (void)state;
    f.cells[0].restarts = 10;
    f.cells[0].iterations = 100;
    says(NULL);
}

static void few_or_short_restarts_are_named(void **state)
{
    (void)state;
    f.cells[0].iterations = 99;
    says("ResNet-50 f32: a verdict from");
    f.cells[0].iterations = 100;
    f.cells[0].restarts = 9;
    says("ResNet-50 f32: a verdict from");
    doubt_text_set(&f.cells[0].verdict, "FALLS SHORT");
    says("ResNet-50 f32: a verdict from");
    doubt_text_set(&f.cells[0].verdict, "EXCEEDS");
    says("ResNet-50 f32: a verdict from");
}

/* The second row has no verdict of its own, but one beside a further claim. */
static void a_verdict_beside_a_further_claim_counts(void **state)
{
    (void)state;
    f.cells[1].iterations = 45;
    says(NULL);
    doubt_text_set(&also.verdict, "HOLDS");
    says("Inception V4 f32: a verdict from");
    f.cells[0].iterations = 45;
    says("all rows: a verdict from");
}

static void what_is_not_conclusive_promises_nothing(void **state)
{
    (void)state;
    static const char *const verdicts[] = {"INCONCLUSIVE", "NO STEADY STATE", NULL};
    f.cells[0].iterations = 45;
    for (int i = 0; i < 3; i++) {
        doubt_text_set(&f.cells[0].verdict, verdicts[i]);
        says(NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(enough_restarts_of_enough_iterations_need_no_remark, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(few_or_short_restarts_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_verdict_beside_a_further_claim_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_conclusive_promises_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_view_plan.c: what rows without a verdict are told. */
#include "report/view.h"

#include "series_fixture.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

/* The page of a row with this ratio to 36 FPS and this spread. */
static void show(double ratio, double spread, const char *state, struct doubt_str *page)
{
    struct fixture f;
    fixture_init(&f);
    fixture_claims(&f);
    doubt_text_set(&f.cells[0].verdict, "INCONCLUSIVE");
    doubt_text_set(&f.cells[0].state, state);
    f.cells[0].ratio = ratio;
    f.cells[0].spread = spread;
    f.cells[0].level = 0.05;
    const struct doubt_view_style style = {.title = "The chart", .word = "chart"};
    const struct doubt_record_parts parts = {&f.series, f.cells, FIXTURE_CELLS, NULL, 0};
    doubt_str_init(page, 1 << 20);
    assert_int_equal(doubt_view_series(&parts, &style, page, NULL), DOUBT_OK);
    fixture_free(&f);
}

static void says(double ratio, double spread, const char *state, const char *text)
{
    struct doubt_str page;
    show(ratio, spread, state, &page);
    const char *found = strstr(doubt_str_text(&page), "planning");
    assert_int_equal(found != NULL, text != NULL);
    if (text != NULL && strstr(found, text) == NULL)
        fail_msg("\"%s\" is not in %s", text, found);
    doubt_str_free(&page);
}

/* The half-width 0.5 of 36: t(0.975, R - 1) x sd / sqrt(R) < 0.5 with sd 0.72 from R = 11 on
 * (2.228 x 0.2171 = 0.484; 2.262 x 0.2277 = 0.515 at 10). With sd 1.8 one look would need 53, so
 * the level of three looks counts. */
static void the_number_is_said(void **state)
{
    (void)state;
    says(1, 0.02, "measured", "ResNet-50: a verdict on 36 FPS needs about 11 restarts");
    says(1, 0.02, "measured", "at this spread (2.0 %");
    says(1, 0.05, "measured", "needs about 78 restarts");
}

static void what_cannot_be_reached_is_said(void **state)
{
    (void)state;
    says(35.5 / 36, 0.02, "measured", "the mean lies on an edge of 36 FPS");
    says(1, 0.5, "measured", "not reachable: a verdict on 36 FPS needs about");
}

static void other_rows_have_no_such_line(void **state)
{
    (void)state;
    says(1, NAN, "measured", NULL);
    says(1, 0.02, "no steady state", NULL);
    says(1, 0.02, "drift", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_is_said),
        cmocka_unit_test(what_cannot_be_reached_is_said),
        cmocka_unit_test(other_rows_have_no_such_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

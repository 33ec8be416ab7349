/* test_view_compare.c: pages of comparisons from records made by hand. */
#include "report/view.h"

#include "series_fixture.h"
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct fixture f;
static struct doubt_str page;

/* Two cells that are alike but for their precision; B takes 0.55 of the time of A. */
static int set_up(void **state)
{
    (void)state;
    fixture_init(&f);
    doubt_str_init(&page, 1 << 20);
    struct doubt_cell *b = &f.cells[1];
    doubt_text_set(&b->network, "resnet50");
    doubt_text_set(&b->title, "ResNet-50");
    doubt_text_set(&b->reason, NULL);
    doubt_text_set(&b->state, "measured");
    doubt_text_set(&b->precision, "bf16");
    b->mean_ns = 15297040;
    b->mean_lo_ns = 15200000;
    b->mean_hi_ns = 15400000;
    b->fps = 65.4;
    doubt_text_set(&f.series.compare_verdict, "B FASTER");
    f.series.compare_margin = 0.01;
    f.series.compare_pairs = 20;
    f.series.compare_ratio = 0.55;
    f.series.compare_lo = 0.5476;
    f.series.compare_hi = 0.5528;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_free(&f);
    doubt_str_free(&page);
    return 0;
}

static const char *show(size_t width)
{
    const struct doubt_view_style style = {.width = width};
    const struct doubt_record_parts parts = {&f.series, f.cells, FIXTURE_CELLS, NULL, 0};
    doubt_str_clear(&page);
    assert_int_equal(doubt_view_series(&parts, &style, &page, NULL), DOUBT_OK);
    return doubt_str_text(&page);
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        print_error("no \"%s\" in:\n%s\n", part, text);
    assert_non_null(strstr(text, part));
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        print_error("\"%s\" in:\n%s\n", part, text);
    assert_null(strstr(text, part));
}

static void what_differs_is_a_column(void **state)
{
    (void)state;
    static const char expected[] =
        "here               Test machine, 2 cores, openvino 2026.4.1, batch 1, 2 threads\n"
        "both               ResNet-50, f32 1x3x224x224, boundary call\n"
        "\n"
        "    precision   mean ms       95 % interval     FPS\n"
        "A   f32         27.8128   27.7000 … 27.9000   35.95\n"
        "B   bf16        15.2970   15.2000 … 15.4000   65.40\n"
        "\n"
        "B FASTER           by at least 80.9 %: B takes 0.5500 of the time of A, 95 % interval "
        "0.5476 … 0.5528\n"
        "pairs              20 in blocks ABBA or BAAB by a coin; signed-rank interval\n";
    const char *text = show(0);
    if (strncmp(text, expected, sizeof expected - 1) != 0)
        print_error("%s\n", text);
    assert_memory_equal(text, expected, sizeof expected - 1);
}

static void lists_show_what_a_side_has_alone(void **state)
{
    (void)state;
    doubt_text_set(&f.cells[1].precision, "f32");
    doubt_text_set(&f.cells[0].options, "hint=latency streams=1");
    doubt_text_set(&f.cells[1].options, "streams=2 hint=latency");
    doubt_text_set(&f.cells[1].environment, "A=1");
    const char *text = show(0);
    assert_has(text, "boundary call, options hint=latency\n");
    assert_has(text, "    options     environment   mean ms");
    assert_has(text, "A   streams=1                 27.8128");
    assert_has(text, "B   streams=2   A=1           15.2970");
}

/* A path says something only where the names are the same; another engine has another library. */
static void paths_show_where_names_do_not_tell(void **state)
{
    (void)state;
    doubt_text_set(&f.cells[0].network, "old/model.onnx");
    doubt_text_set(&f.cells[1].network, "new/model.onnx");
    doubt_text_set(&f.cells[0].library_path, "/a/lib.so");
    doubt_text_set(&f.cells[1].library_path, "/b/lib.so");
    assert_has(show(0), "A   old/model.onnx   /a/lib.so   f32 ");
    doubt_text_set(&f.cells[1].title, "Another");
    doubt_text_set(&f.cells[1].engine, "onnxruntime");
    assert_lacks(show(0), "model.onnx");
    assert_lacks(show(0), "lib.so");
}

static void sides_without_difference_are_said_to_be(void **state)
{
    (void)state;
    assert_lacks(show(0), "differ in nothing");
    doubt_text_set(&f.cells[1].precision, "f32");
    assert_has(show(0), "A and B            differ in nothing that is recorded");
}

static void verdicts_are_sentences(void **state)
{
    (void)state;
    f.series.compare_ratio = 1.031;
    f.series.compare_lo = 1.0217;
    f.series.compare_hi = 1.0409;
    doubt_text_set(&f.series.compare_verdict, "A FASTER");
    assert_has(show(0), "A FASTER           by at least 2.17 %: B takes 1.031 of the time of A, "
                        "95 % interval 1.022 … 1.041\n");
    f.series.compare_ratio = 1.003;
    f.series.compare_lo = 1.0012;
    f.series.compare_hi = 1.0051;
    doubt_text_set(&f.series.compare_verdict, "EQUIVALENT");
    assert_has(show(0), "EQUIVALENT         within 1 %: B takes 1.0030 of the time of A, 95 % "
                        "interval 1.0012 … 1.0051; A is");
    assert_has(show(0), "same, by at least 0.120 %\n");
    f.series.compare_lo = 0.97;
    f.series.compare_hi = 1.04;
    doubt_text_set(&f.series.compare_verdict, "INCONCLUSIVE");
    assert_has(show(0), "INCONCLUSIVE       B takes 1.003 of the time of A, 95 % interval 0.970 … "
                        "1.040: neither a");
    assert_has(show(0), "within 1 % is shown\n");
    assert_lacks(show(0), "is faster");
    /* Too few pairs: the interval alone would be a difference. */
    f.series.compare_ratio = 4.629;
    f.series.compare_lo = 3.982;
    f.series.compare_hi = 5.23;
    assert_has(show(0), "95 % interval 3.982 … 5.230: it excludes 1, but no conclusion is");
    assert_lacks(show(0), "neither a difference");
    f.cells[1].batch = 8;
    assert_has(show(0), "of A's time for an input");
}

static void a_condition_is_answered(void **state)
{
    (void)state;
    assert_lacks(show(0), "fail if");
    f.series.compare_limit = 0.02;
    doubt_text_set(&f.series.compare_slower, "no");
    assert_has(show(0), "fail if            B slower than A by more than 2 %: excluded\n");
    doubt_text_set(&f.series.compare_slower, "yes");
    assert_has(show(0), "more than 2 %: it is\n");
    doubt_text_set(&f.series.compare_slower, "undecided");
    assert_has(show(0), "can be neither shown nor excluded\n");
}

/* One side failed: there is no verdict, and the reason names the side. */
static void a_side_that_failed_is_named(void **state)
{
    (void)state;
    doubt_text_set(&f.series.compare_verdict, NULL);
    f.series.compare_pairs = DOUBT_MISSING_I64;
    f.series.compare_ratio = f.series.compare_lo = f.series.compare_hi = NAN;
    f.cells[1].mean_ns = f.cells[1].mean_lo_ns = f.cells[1].mean_hi_ns = f.cells[1].fps = NAN;
    doubt_text_set(&f.cells[1].state, "failed");
    doubt_text_set(&f.cells[1].reason, "it crashed");
    const char *text = show(0);
    assert_has(text, "NOT COMPARED ");
    assert_has(text, "failed             B: it crashed\n");
    assert_lacks(text, "pairs ");
}

static void narrow_terminals_lose_columns(void **state)
{
    (void)state;
    f.cells[0].spread = f.cells[1].spread = 0.004;
    f.cells[0].peak_memory_bytes = f.cells[1].peak_memory_bytes = 575000000;
    assert_has(show(0), "spread");
    assert_has(show(0), "575 MB");
    const char *text = show(50);
    assert_has(text, "27.8128");
    assert_lacks(text, "575 MB");
    assert_has(text, "\nnot shown: ");
    assert_lacks(text, "0.40 %");
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_differs_is_a_column, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_show_what_a_side_has_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paths_show_where_names_do_not_tell, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sides_without_difference_are_said_to_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(verdicts_are_sentences, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_condition_is_answered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_side_that_failed_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(narrow_terminals_lose_columns, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

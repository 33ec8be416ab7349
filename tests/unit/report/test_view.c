/* test_view.c: whole pages from records made by hand. */
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

static int set_up(void **state)
{
    (void)state;
    fixture_init(&f);
    doubt_str_init(&page, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_free(&f);
    doubt_str_free(&page);
    return 0;
}

static const char *show(const struct doubt_view_style *style)
{
    doubt_str_clear(&page);
    const struct doubt_record_parts parts = {&f.series, f.cells, FIXTURE_CELLS, NULL, 0};
    assert_int_equal(doubt_view_series(&parts, style, &page, NULL), DOUBT_OK);
    return doubt_str_text(&page);
}

static void a_claim_set_is_a_table(void **state)
{
    (void)state;
    fixture_claims(&f);
    static const struct doubt_view_note notes[] = {
        {"kept", "series 12: doubt history 12"}, {"nothing", ""}, {NULL, NULL}};
    const struct doubt_view_style style = {.title = "The chart", .word = "chart", .notes = notes};
    static const char expected[] =
        "jetson-nano-2019   The chart\n"
        "here               Test machine, 2 cores, openvino 2026.4.1, batch 1, 2 threads\n"
        "\n"
        "network        input             engine              precision   restarts × n   mean ms"
        "         95 % interval     FPS   chart      reads as         × chart   verdict\n"
        "ResNet-50      f32 1x3x224x224   openvino 2026.4.1   f32             20 × 214   27.8128"
        "    27.7000 …  27.9000   35.95      36   35.5 … 36.5   0.999 ± 0.005   HOLDS\n"
        "Inception V4   f32 1x3x224x224   openvino 2026.4.1   f32             20 × 214   95.9434"
        "    95.9000 … 105.9000   10.42   90 ms   89.5 … 90.5                   other device, "
        "engine, unknown"
        " power mode\n"
        "\n"
        "measured           20 restarts × 214 iterations · measuring cost 47 ns each · took 2 min "
        "05 s · seed 5eed\n"
        "machine            Linux 6.1 x86_64, 4 GB memory\n"
        "not controlled     clock frequency (virtual machine)\n"
        "kept               series 12: doubt history 12\n";
    assert_string_equal(show(&style), expected);
}

static void without_claims_there_are_blocks(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.width = 100};
    f.cells[0].macs = 3857973248;
    f.cells[0].p50_ns = 27000000;
    f.cells[0].p50_lo_ns = 26900000;
    f.cells[0].p50_hi_ns = 27100000;
    f.cells[0].build_ns = 310000000;
    f.cells[0].peak_memory_bytes = 325700000;
    f.cells[0].output_error = 2.1e-6;
    doubt_text_set(&f.cells[0].reference, "built-in reference");
    const char *text = show(&style);
    assert_non_null(strstr(text, "ResNet-50          f32 1x3x224x224, 3,857,973,248 MACs\n"));
    assert_non_null(strstr(text, "mean   27.8128   27.7000 … 27.9000   35.95   35.84 … 36.10\n"
                                 "p50    27.0000   26.9000 … 27.1000\n"));
    assert_null(strstr(text, "p90"));
    assert_non_null(strstr(text, "start              opening the model 310 ms\n"));
    assert_non_null(strstr(text, "memory             325.7 MB at the peak of a worker\n"));
    assert_non_null(
        strstr(text, "outputs            built-in reference, relative error 2.1e-06\n"));
    assert_non_null(strstr(text, "Inception V4"));
    assert_null(strstr(text, "cost of measuring"));
}

static const char *show_graph(double train_ns, double graph_ns)
{
    const struct doubt_view_style style = {.width = 0};
    f.cells[0].device_train_ns = train_ns;
    f.cells[0].device_graph_ns = graph_ns;
    return show(&style);
}

/* What was asked for is no answer to what computed. */
static void a_precision_that_is_not_told_is_unknown(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.width = 0};
    doubt_text_set(&f.cells[0].precision, NULL);
    doubt_text_set(&f.cells[0].provider, "OpenVINOExecutionProvider");
    doubt_text_set(&f.cells[0].options, "i=2 provider=OpenVINO");
    assert_non_null(strstr(show(&style), "2026.4.1, OpenVINOExecutionProvider, precision unknown, "
                                         "f32 asked, boundary call"));
    fixture_claims(&f);
    const char *text = show(&style);
    assert_non_null(strstr(text, " f32 asked "));
    assert_non_null(strstr(text, "\nprovider           ResNet-50 f32: OpenVINOExecutionProvider, "
                                 "which does not tell its precision\n"));
    f.cells[0].restarts = 0; /* nothing ran */
    assert_null(strstr(show(&style), " asked"));
}

static void the_provider_is_told_where_one_was_named(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.width = 0};
    fixture_claims(&f);
    for (int i = 0; i < 2; i++) {
        doubt_text_set(&f.cells[i].provider, "CPUExecutionProvider");
        doubt_text_set(&f.cells[i].options, "my-provider=x");
    }
    assert_null(strstr(show(&style), "\nprovider "));
    doubt_text_set(&f.cells[1].options, "provider=XNNPACK cpu-fallback=1");
    assert_non_null(
        strstr(show(&style), "\nprovider           Inception V4 f32: CPUExecutionProvider\n"));
    doubt_text_set(&f.cells[0].options, "provider=XNNPACK");
    const char *once =
        strstr(show(&style), "\nprovider           all rows: CPUExecutionProvider\n");
    assert_non_null(once);
    assert_null(strstr(once + 1, "\nprovider "));
}

/* Restarts that take an engine from the cache build nothing. */
static void building_is_said_where_something_was_built(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.width = 0};
    f.cells[0].load_ns = 246400000;
    f.cells[0].build_ns = 235700000;
    f.cells[0].first_ns = 488000;
    const char *text = show(&style);
    assert_non_null(strstr(text, "\nstart              loading the library 246.4 ms, opening the "
                                 "model 235.7 ms, first inference 488 us\n"));
    assert_null(strstr(text, "building"));
    f.cells[0].engine_build_ns = 200e6;
    assert_non_null(strstr(show(&style), "opening the model 235.7 ms, of which building 200 ms, "));
    f.cells[0].engine_build_ns = 199e9; /* one restart of many */
    assert_non_null(strstr(show(&style), "opening the model 235.7 ms, building 3 min 19 s where "));
}

/* Said from 2 % on; of a table, where its rows are times by events. */
static void a_missing_graph_is_told_when_it_matters(void **state)
{
    (void)state;
    const char *text = show_graph(420700, 362800);
    assert_non_null(strstr(
        text, "ms (medians)\nno graph           without a CUDA graph the times by events hold the "
              "host's launching: 0.4207 ms back to back,"));
    assert_non_null(strstr(
        text, "0.4207 ms back to back, 0.3628\n                   ms as a graph (16 % longer)\n"));
    assert_null(strstr(show_graph(369900, 362800), "no graph"));
    assert_non_null(strstr(show_graph(370100, 362800), "(2.0 % longer)"));
    assert_null(strstr(show_graph(300000, 362800), "no graph"));
    assert_null(strstr(show_graph(420700, NAN), "no graph"));
    fixture_claims(&f);
    assert_null(strstr(show_graph(420700, 362800), "no graph"));
    doubt_text_set(&f.cells[0].boundary, "device");
    assert_non_null(
        strstr(show_graph(420700, 362800),
               "\nno graph           ResNet-50 f32: without a CUDA graph the times by"));
}

/* 1000 / 27.8128 is 35.95: no word about it; 36.20 is 0.7 % more. */
static void rates_above_the_reciprocal_are_explained(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.width = 0};
    assert_null(strstr(show(&style), "restarts' rates"));
    f.cells[0].fps = 36.20;
    const char *text = show(&style);
    assert_non_null(strstr(text,
                           "\nFPS                the mean of the restarts' rates, which is above "
                           "1000 / mean ms where"));
    assert_non_null(strstr(text, "0.7 %\n"));
    f.cells[0].batch = 4;
    f.cells[0].fps = 150;
    assert_non_null(strstr(show(&style), "above batch × 1000 / mean ms"));
}

/* A record of few restarts holds 0 for a lower end of which nothing is known. */
static void an_end_that_is_not_known_is_left_out(void **state)
{
    (void)state;
    const struct doubt_view_style style = {.width = 0};
    const double unknown[] = {0, NAN};
    for (size_t i = 0; i < 2; i++) {
        f.cells[0].mean_lo_ns = f.cells[0].fps_lo = unknown[i];
        const char *text = show(&style);
        assert_non_null(strstr(text, "   27.8128   below 27.9000   35.95     below 36.10\n"));
    }
    f.cells[0].fps_lo = 35.84;
    f.cells[0].fps_hi = INFINITY;
    assert_non_null(strstr(show(&style), " from 35.84\n"));
}

static void intervals_have_the_ends_that_are_known(void **state)
{
    (void)state;
    char text[64];
    doubt_view_interval("15.3", "15.4479", 7, text, sizeof text);
    assert_string_equal(text, "   15.3 … 15.4479");
    doubt_view_interval("", "15.4", 7, text, sizeof text);
    assert_string_equal(text, "below    15.4");
    doubt_view_interval("15.4", "", 0, text, sizeof text);
    assert_string_equal(text, "from 15.4");
    doubt_view_interval("", "", 7, text, sizeof text);
    assert_string_equal(text, "");
}

static void figures_read_as_what_their_digits_say(void **state)
{
    (void)state;
    static const struct {
        const char *figure, *reads;
    } rows[] = {{"39 FPS", "38.5 … 39.5"},
                {"up to 39 FPS", "below 39.5"},
                {">= 2.5 ms", "from 2.45"},
                {"100 img/s", "99.5 … 100.5"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_figure figure;
        char text[64];
        assert_int_equal(doubt_figure_parse(rows[i].figure, NULL, &figure, NULL), DOUBT_OK);
        doubt_view_reads(&figure, text, sizeof text);
        assert_string_equal(text, rows[i].reads);
    }
}

/* A row that a budget left without any restart has no number of iterations either. */
static void no_restart_is_zero(void **state)
{
    (void)state;
    fixture_claims(&f);
    const struct doubt_view_style style = {.width = 0};
    f.cells[0].restarts = 0;
    f.cells[0].mean_ns = f.cells[0].mean_lo_ns = f.cells[0].mean_hi_ns = f.cells[0].fps = NAN;
    const char *text = show(&style);
    const char *other = strstr(text, "20 × 214");
    assert_non_null(other);
    assert_null(strstr(other + 1, "20 × 214"));
    assert_null(strstr(text, " 0 × 214"));
}

static void a_wide_interval_has_two_ends(void **state)
{
    (void)state;
    char text[64];
    doubt_view_ratio(1.665, 1.6605, 1.668, text, sizeof text);
    assert_string_equal(text, "1.665 ± 0.005"); /* rounded up */
    doubt_view_ratio(0.726, 0, 0.98, text, sizeof text);
    assert_string_equal(text, "0.73 (below 0.98)");
    doubt_view_ratio(1.5, 0.9, 4.25, text, sizeof text);
    assert_string_equal(text, "1.50 (0.90 … 4.25)");
    doubt_view_ratio(0.726, NAN, 0.73, text, sizeof text);
    assert_string_equal(text, "0.73 (below 0.73)");
    doubt_view_ratio(1.5, 0.9, INFINITY, text, sizeof text);
    assert_string_equal(text, "1.50 (from 0.90)");
    doubt_view_ratio(2, NAN, NAN, text, sizeof text);
    assert_string_equal(text, "2.000");
    text[0] = '\0';
    doubt_view_ratio(NAN, 1, 2, text, sizeof text);
    assert_string_equal(text, "");
}

static void a_narrow_terminal_keeps_what_matters(void **state)
{
    (void)state;
    fixture_claims(&f);
    doubt_text_set(&f.cells[1].differs, "other device, other engine");
    const struct doubt_view_style style = {.width = 80};
    const char *text = show(&style);
    /* The answer: figure, ratio with its error, verdict; where the rest is, is said. */
    assert_non_null(
        strstr(text, "network        mean ms     FPS   figure        × figure   verdict\n"));
    assert_non_null(strstr(text, "ResNet-50 "));
    assert_non_null(strstr(text, "HOLDS\n"));
    assert_non_null(strstr(text, "other device …\n"));
    assert_null(strstr(text, "1x3x224x224"));
    assert_non_null(strstr(text, "\nnot shown: input, "));
    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        char copy[1024];
        snprintf(copy, sizeof copy, "%.*s", (int)strcspn(line, "\n"), line);
        assert_true(doubt_str_columns(copy) <= 80);
    }
}

static void reasons_that_rows_share_are_said_once(void **state)
{
    (void)state;
    const struct doubt_view_style style = {0};
    fixture_claims(&f);
    for (int i = 0; i < 2; i++) {
        doubt_text_set(&f.cells[i].state, "too few restarts");
        doubt_text_set(&f.cells[i].reason, "4 restarts, a verdict needs 5");
        doubt_text_set(&f.cells[i].verdict, NULL);
    }
    assert_non_null(strstr(show(&style), "too few restarts   all rows: 4 restarts, a verdict"));
    doubt_text_set(&f.cells[0].state, "measured");
    doubt_text_set(&f.cells[1].state, "measured");
    doubt_text_set(&f.cells[0].reason, "p99 is weak; a mode may be missing");
    doubt_text_set(&f.cells[1].reason, "a mode may be missing");
    assert_non_null(strstr(show(&style), "remark             ResNet-50 f32: p99 is weak\n"
                                         "remark             all rows: a mode may be missing\n"));
    doubt_text_set(&f.cells[1].state, "too few restarts");
    doubt_text_set(&f.cells[1].reason, "4 restarts, a verdict needs 5");
    doubt_text_set(&f.cells[0].state, "void");
    doubt_text_set(&f.cells[0].reason, "output \"prob\" is NaN at 7; it stayed so");
    const char *text = show(&style);
    assert_non_null(
        strstr(text, "void               ResNet-50 f32: output \"prob\" is NaN at 7; it"));
    assert_non_null(strstr(text, "too few restarts   Inception V4 f32: 4 restarts"));
}

/* Two CPUs; 10 % of both: a fifth of the time with company, in which work takes twice as long. */
static void the_work_of_others_is_named_and_bounded(void **state)
{
    (void)state;
    const struct doubt_view_style style = {0};
    assert_null(strstr(show(&style), "others "));
    f.series.others_share = 0.1;
    f.series.others_peak_share = 0.5;
    doubt_text_set(&f.series.others_names, "cc1 0.20");
    assert_non_null(strstr(show(&style),
                           "others             used 10 % of the CPUs, 50 % in the worst second "
                           "(cc1 0.20); this can have made the means 11 %"));
    f.series.others_share = 0.9;
    assert_non_null(strstr(show(&style), "or longer"));
}

static void an_end_before_the_end_is_said(void **state)
{
    (void)state;
    const struct doubt_view_style style = {0};
    doubt_text_set(&f.series.state, "interrupted");
    assert_non_null(strstr(show(&style), "interrupted        the figures rest on"));
    doubt_text_set(&f.series.state, "running");
    assert_non_null(strstr(show(&style), "unfinished         the series was never ended"));
}

/* Every field missing: a page all the same. */
static void missing_fields_are_left_out(void **state)
{
    (void)state;
    const struct doubt_view_style style = {0};
    struct doubt_cell cell;
    struct doubt_series series;
    doubt_record_init(DOUBT_CELL, &cell);
    doubt_record_init(DOUBT_SERIES, &series);
    const struct doubt_record_parts parts = {&series, &cell, 1, NULL, 0};
    doubt_str_clear(&page);
    assert_int_equal(doubt_view_series(&parts, &style, &page, NULL), DOUBT_OK);
    assert_null(strstr(doubt_str_text(&page), "nan"));
    assert_null(strstr(doubt_str_text(&page), "null"));
    doubt_text_set(&series.claim_set, "x");
    assert_int_equal(doubt_view_series(&parts, &style, &page, NULL), DOUBT_OK);
    assert_null(strstr(doubt_str_text(&page), "-9223372036854775808"));
    doubt_record_free(DOUBT_SERIES, &series);
    doubt_record_free(DOUBT_CELL, &cell);
}

static void short_times_get_more_digits(void **state)
{
    (void)state;
    const struct doubt_view_style style = {0};
    f.cells[0].mean_ns = 1712.4;
    assert_non_null(strstr(show(&style), "0.001712"));
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_claim_set_is_a_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_claims_there_are_blocks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_precision_that_is_not_told_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_provider_is_told_where_one_was_named, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(building_is_said_where_something_was_built, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_missing_graph_is_told_when_it_matters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rates_above_the_reciprocal_are_explained, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_end_that_is_not_known_is_left_out, set_up, tear_down),
        cmocka_unit_test(intervals_have_the_ends_that_are_known),
        cmocka_unit_test(figures_read_as_what_their_digits_say),
        cmocka_unit_test_setup_teardown(no_restart_is_zero, set_up, tear_down),
        cmocka_unit_test(a_wide_interval_has_two_ends),
        cmocka_unit_test_setup_teardown(a_narrow_terminal_keeps_what_matters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reasons_that_rows_share_are_said_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_work_of_others_is_named_and_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_end_before_the_end_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missing_fields_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(short_times_get_more_digits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_figure.c: what published figures say, and what is refused. */
#include "check.h"
#include <doubt/verdict.h>

struct reading {
    const char *text;
    enum doubt_unit_kind kind;
    enum doubt_figure_bound bound;
    double value, lo, hi; /* in the unit written */
    const char *unit;
    double scale;
};

#define RATE DOUBT_UNIT_RATE
#define TIME DOUBT_UNIT_TIME
#define BOTH DOUBT_FIGURE_TWO_SIDED
#define UP_TO DOUBT_FIGURE_UP_TO
#define AT_LEAST DOUBT_FIGURE_AT_LEAST

static void check_reading(const struct reading *r, const struct doubt_figure_options *options)
{
    struct doubt_figure figure;

    check_ok(doubt_figure_parse(r->text, options, &figure, err));
    assert_int_equal(figure.kind, r->kind);
    assert_int_equal(figure.bound, r->bound);
    check_close(figure.value, r->value * r->scale, 0);
    check_close(figure.lo, r->lo, 0);
    check_close(figure.hi, r->hi, 0);
    assert_string_equal(figure.unit, r->unit);
    check_close(figure.unit_scale, r->scale, 0);
}

/* Edges are exact: each literal here is the double next to the decimal edge. */
static void test_forms(void **state)
{
    static const struct reading cases[] = {
        {"36 FPS", RATE, BOTH, 36, 35.5, 36.5, "FPS", 1},
        {"36fps", RATE, BOTH, 36, 35.5, 36.5, "fps", 1},
        {"  36   FPS  ", RATE, BOTH, 36, 35.5, 36.5, "FPS", 1},
        {"27.8 ms", TIME, BOTH, 27.8, 27.75e6, 27.85e6, "ms", 1e6},
        {"27.8128ms", TIME, BOTH, 27.8128, 27.81275e6, 27.81285e6, "ms", 1e6},
        {"0.1 s", TIME, BOTH, 0.1, 50000000, 150000000, "s", 1e9},
        {".25 us", TIME, BOTH, 0.25, 245, 255, "us", 1e3},
        {"12 \xc2\xb5s", TIME, BOTH, 12, 11500, 12500, "\xc2\xb5s", 1e3},
        {"12 \xce\xbcs", TIME, BOTH, 12, 11500, 12500, "\xce\xbcs", 1e3},
        {"47 ns", TIME, BOTH, 47, 46.5, 47.5, "ns", 1},
        {"1,804.9 img/s", RATE, BOTH, 1804.9, 1804.85, 1804.95, "img/s", 1},
        {"1,234,567 samples/s", RATE, BOTH, 1234567, 1234566.5, 1234567.5, "samples/s", 1},
        {"2.2k QPS", RATE, BOTH, 2200, 2150, 2250, "QPS", 1},
        {"2.2kQPS", RATE, BOTH, 2200, 2150, 2250, "QPS", 1},
        {"1.5M ips", RATE, BOTH, 1500000, 1450000, 1550000, "ips", 1},
        {"100 FPS", RATE, BOTH, 100, 99.5, 100.5, "FPS", 1},
        {"100.0 images/s", RATE, BOTH, 100, 99.95, 100.05, "images/s", 1},
        {"up to 100 FPS", RATE, UP_TO, 100, 99.5, 100.5, "FPS", 1},
        {"Up To 100 FPS", RATE, UP_TO, 100, 99.5, 100.5, "FPS", 1},
        {"<= 30 ms", TIME, UP_TO, 30, 29.5e6, 30.5e6, "ms", 1e6},
        {"\xe2\x89\xa4 30 ms", TIME, UP_TO, 30, 29.5e6, 30.5e6, "ms", 1e6},
        {">=30FPS", RATE, AT_LEAST, 30, 29.5, 30.5, "FPS", 1},
        {"\xe2\x89\xa5 30 FPS", RATE, AT_LEAST, 30, 29.5, 30.5, "FPS", 1},
        {"at least 30 inf/s", RATE, AT_LEAST, 30, 29.5, 30.5, "inf/s", 1},
        {"> 30 FPS", RATE, AT_LEAST, 30, 29.5, 30.5, "FPS", 1},
        {"~36 FPS", RATE, BOTH, 36, 35.5, 36.5, "FPS", 1},
        {"99999999999999999 FPS", RATE, BOTH, 99999999999999999.0, 99999999999999998.5,
         99999999999999999.5, "FPS", 1},
        {"0.00000000000001 s", TIME, BOTH, 1e-14, 0.5e-5, 1.5e-5, "s", 1e9},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++)
        check_reading(&cases[i], NULL);
}

static void test_about(void **state)
{
    struct doubt_figure figure;

    (void)state;
    check_ok(doubt_figure_parse("~36 FPS", NULL, &figure, err));
    assert_true(figure.about);
    check_ok(doubt_figure_parse("36 FPS", NULL, &figure, err));
    assert_false(figure.about);
}

static void test_options(void **state)
{
    static const struct {
        struct reading reading;
        struct doubt_figure_options options;
    } cases[] = {
        {{"100 FPS", RATE, BOTH, 100, 50, 150, "FPS", 1}, {1, false, false, 0}},
        {{"100 FPS", RATE, BOTH, 100, 95, 105, "FPS", 1}, {2, false, false, 0}},
        {{"100 FPS", RATE, BOTH, 100, 99.5, 100.5, "FPS", 1}, {3, false, false, 0}},
        {{"36 FPS", RATE, BOTH, 36, 35.5, 36.5, "FPS", 1}, {3, false, false, 0}},
        {{"0.50 ms", TIME, BOTH, 0.5, 450000, 550000, "ms", 1e6}, {1, false, false, 0}},
        {{"36 FPS", RATE, BOTH, 36, 36, 37, "FPS", 1}, {0, true, false, 0}},
        {{"27.8 ms", TIME, BOTH, 27.8, 27.8e6, 27.9e6, "ms", 1e6}, {0, true, false, 0}},
        {{"1,200 FPS", RATE, BOTH, 1200, 1200, 1300, "FPS", 1}, {2, true, false, 0}},
        {{"27,8 ms", TIME, BOTH, 27.8, 27.75e6, 27.85e6, "ms", 1e6}, {0, false, true, 0}},
        {{"1.804,9 img/s", RATE, BOTH, 1804.9, 1804.85, 1804.95, "img/s", 1}, {0, false, true, 0}},
        {{"100 FPS", RATE, BOTH, 100, 99.5 * 0.98, 100.5 * 1.02, "FPS", 1},
         {0, false, false, 0.02}},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++)
        check_reading(&cases[i].reading, &cases[i].options);
}

static void test_refused(void **state)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"36", "no unit; accepted are ns, us, ms, s, FPS"},
        {"2.2k", "no unit"},
        {"36 furlongs", "\"furlongs\" is not known; accepted are ns, us, ms, s, FPS"},
        {"36 FPS on a Nano", "not known"},
        {"36 MS", "not known"},
        {"", "no positive number"},
        {"FPS", "no positive number"},
        {"-36 FPS", "no positive number"},
        {"nan ms", "no positive number"},
        {"inf/s", "no positive number"},
        {"up to", "no positive number"},
        {"up to up to 3 FPS", "no positive number"},
        {"0 FPS", "more than 0"},
        {"0.000 ms", "more than 0"},
        {"27,8 ms", "the comma is ambiguous"},
        {"1,80 FPS", "ambiguous"},
        {"1,8045 FPS", "ambiguous"},
        {"1804,900 FPS", "ambiguous"},
        {"12,34,567 FPS", "ambiguous"},
        {"1.2,3 ms", "ambiguous"},
        {"1.2.3 ms", "ambiguous"},
        {"1e3 FPS", "not known"},
        {"123456789012345678 FPS", "at most 17 digits"},
        {"0.0000000000000000001 s", "at most 17 digits"},
        {"30-36 FPS", "\"30-36 FPS\" is a range, and a figure is one number"},
        {"30 - 36.5 FPS", "is a range"},
        {"30.5-36 FPS", "is a range"},
        {"30..36 FPS", "is a range"},
        {"30 ... 36 FPS", "is a range"},
        {"30\xe2\x80\x93"
         "36 FPS",
         "is a range"},
        {"30\xe2\x80\xa6 36 FPS", "is a range"},
        {"30 to 36 FPS", "is a range"},
        {"27.8 \xc2\xb1 0.3 ms", "is a range"},
        {"30 FPS - 36 FPS", "is a range"},
        {"30 FPS to 36 FPS", "is a range"},
        {"36 images s-1", "\"images s-1\" is not known"},
        {"36-FPS", "\"-FPS\" is not known"},
        {"30 total FPS", "\"total FPS\" is not known"},
        {"27,8 ms", "--decimal-comma, where a command takes it"},
        {"36 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
         "at most 80 bytes"},
    };
    struct doubt_figure figure;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++)
        check_refused(doubt_figure_parse(cases[i].text, NULL, &figure, err), DOUBT_E_USAGE,
                      cases[i].part);
    check_refused(doubt_figure_parse(NULL, NULL, &figure, err), DOUBT_E_USAGE, "text");
}

static void test_refused_options(void **state)
{
    static const struct {
        struct doubt_figure_options options;
        const char *text, *part;
    } cases[] = {
        {{2, false, false, 0}, "1,804.9 FPS", "more than 2 of its digits"},
        {{1, false, false, 0}, "36 FPS", "more than 1 of its digits"},
        {{-1, false, false, 0}, "36 FPS", "-1 significant digits"},
        {{40, false, false, 0}, "36 FPS", "40 significant digits"},
        {{0, false, false, 1}, "36 FPS", "tolerance 1"},
        {{0, false, false, -0.1}, "36 FPS", "tolerance -0.1"},
        {{0, false, false, NAN}, "36 FPS", "tolerance"},
        {{0, false, true, 0}, "1,804.9 FPS", "decimal commas"},
        {{0, false, true, 0}, "36.5 FPS", "decimal commas"},
    };
    struct doubt_figure figure;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++)
        check_refused(doubt_figure_parse(cases[i].text, &cases[i].options, &figure, err),
                      DOUBT_E_USAGE, cases[i].part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),           cmocka_unit_test(test_about),
        cmocka_unit_test(test_options),         cmocka_unit_test(test_refused),
        cmocka_unit_test(test_refused_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

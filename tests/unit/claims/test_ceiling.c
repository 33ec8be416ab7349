/* test_ceiling.c: the arithmetic of ceilings, on works and devices small enough to do by hand. */
#include "claims/ceiling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static char none[] = "", nano[] = "Jetson Nano", f16[] = "f16", i8[] = "i8", fps[] = "FPS",
            ms[] = "ms", id[] = "a";

static struct doubt_claim claim_of(char *figure, char *unit)
{
    return (struct doubt_claim){.id = id,
                                .device = nano,
                                .network = none,
                                .title = none,
                                .input = none,
                                .output = none,
                                .precision = f16,
                                .condition = none,
                                .figure = figure,
                                .unit = unit,
                                .batch = 1,
                                .samples = DOUBT_MISSING_I64};
}

/* One operation in 471.8592e9 a second: 1 GMAC is 2 GOP, 235.9296 a second. */
static const struct doubt_work giga = {.macs = 1000000000, .winograd_macs = 0};

static enum doubt_plausible verdict_of(char *figure, char *unit, const struct doubt_work *work)
{
    struct doubt_ceiling c;
    const struct doubt_claim claim = claim_of(figure, unit);
    doubt_ceiling_of(&claim, work, &c);
    return c.verdict;
}

static void above_and_below(void **state)
{
    (void)state;
    struct doubt_work work = giga;
    /* The digits' slowest edge counts: 236 may be 235.5. */
    assert_int_equal(verdict_of("236", fps, &work), DOUBT_PLAUSIBLE);
    assert_int_equal(verdict_of("237", fps, &work), DOUBT_IMPOSSIBLE);
    assert_int_equal(verdict_of("4.24", ms, &work), DOUBT_PLAUSIBLE);
    assert_int_equal(verdict_of("4.22", ms, &work), DOUBT_IMPOSSIBLE);
    assert_int_equal(verdict_of("up to 1000", fps, &work), DOUBT_PLAUSIBLE);
    work.winograd_macs = work.macs; /* 5.0625 times 235.9 is 1194.4 */
    assert_int_equal(verdict_of("237", fps, &work), DOUBT_PLAUSIBLE_WINOGRAD);
    assert_int_equal(verdict_of("1194", fps, &work), DOUBT_PLAUSIBLE_WINOGRAD);
    assert_int_equal(verdict_of("1196", fps, &work), DOUBT_IMPOSSIBLE);
    work.winograd_macs = -1; /* not known: may be all */
    assert_int_equal(verdict_of("1194", fps, &work), DOUBT_PLAUSIBLE_WINOGRAD);
    work.winograd_macs = work.macs / 2; /* half of it: 1 / (1/2 + 1/10.125) */
    assert_int_equal(verdict_of("390", fps, &work), DOUBT_PLAUSIBLE_WINOGRAD);
    assert_int_equal(verdict_of("396", fps, &work), DOUBT_IMPOSSIBLE);
}

static void sparsity(void **state)
{
    (void)state;
    static char h100[] = "H100 80GB HBM3";
    struct doubt_ceiling c;
    struct doubt_claim claim = claim_of("1,500,000", fps); /* 1979e12 / 2e9 = 989,500 */
    claim.device = h100;
    claim.precision = i8;
    doubt_ceiling_of(&claim, &giga, &c);
    assert_int_equal(c.verdict, DOUBT_PLAUSIBLE_SPARSE);
    assert_true(fabs(c.ceiling - 989500) < 1e-6);
    struct doubt_work work = giga;
    work.winograd_macs = work.macs;
    claim.figure = "6,000,000";
    doubt_ceiling_of(&claim, &work, &c);
    assert_int_equal(c.verdict, DOUBT_PLAUSIBLE_BOTH);
}

static void sums(void **state)
{
    (void)state;
    static char orin[] = "Jetson AGX Orin 64GB", h200[] = "NVIDIA H200";
    struct doubt_ceiling c;
    struct doubt_claim claim = claim_of("100", fps);
    claim.precision = i8;
    claim.device = orin;
    claim.condition = "both DLAs, summed";
    doubt_ceiling_of(&claim, &giga, &c);
    assert_true(fabs(c.peak_ops_s - 52.5e12) < 1);
    claim.condition = "one DLA";
    doubt_ceiling_of(&claim, &giga, &c);
    assert_true(fabs(c.peak_ops_s - 26.25e12) < 1);
    claim.condition = "GPU and two DLAs at once, summed";
    doubt_ceiling_of(&claim, &giga, &c);
    assert_true(fabs(c.peak_ops_s - (85229.568e9 + 52.5e12)) < 1);
    claim.device = h200;
    claim.condition = "8 GPUs at 700 W, summed";
    doubt_ceiling_of(&claim, &giga, &c);
    assert_true(fabs(c.peak_ops_s - 8 * 1979e12) < 1);
    claim.condition = "on the CPU"; /* no such part */
    doubt_ceiling_of(&claim, &giga, &c);
    assert_true(isnan(c.peak_ops_s));
    assert_int_equal(c.verdict, DOUBT_PLAUSIBLE_UNKNOWN);
}

/* A sum is verified only where each part is: the Orin NX's GPU at i8 is, its DLAs are not. */
static void what_was_not_read_is_marked(void **state)
{
    (void)state;
    static char orin[] = "Jetson Orin NX", gpu[] = "one GPU";
    static char all[] = "GPU and two DLAs at once, summed";
    struct doubt_ceiling c;
    struct doubt_str text;
    struct doubt_claim claim = claim_of("100", fps);
    claim.precision = i8;
    claim.device = orin;
    claim.condition = gpu;
    doubt_ceiling_of(&claim, &giga, &c);
    assert_true(c.peak_verified && c.memory_verified);
    claim.condition = all;
    doubt_ceiling_of(&claim, &giga, &c);
    assert_true(!c.peak_verified && c.memory_verified);
    assert_string_equal(c.peak_source, "not verified");
    doubt_str_init(&text, 1 << 12);
    doubt_ceiling_explain(&claim, &c, &text);
    assert_non_null(strstr(doubt_str_text(&text), ", not verified)"));
    doubt_str_free(&text);
}

/* 1 G weights of 2 bytes at 25.6 GB/s: 12.8 a second, 12.9 with what stays in the cache. */
static void memory(void **state)
{
    (void)state;
    const struct doubt_work work = {.macs = 1000000, .weights = 1000000000};
    struct doubt_ceiling c;
    struct doubt_claim claim = claim_of("13", fps);
    doubt_ceiling_of(&claim, &work, &c);
    assert_true(fabs(c.memory - 25.6e9 / (2e9 - 262144)) < 1e-9);
    assert_true(c.memory_binds);
    assert_int_equal(c.verdict, DOUBT_PLAUSIBLE);
    claim.figure = "14";
    doubt_ceiling_of(&claim, &work, &c);
    assert_int_equal(c.verdict, DOUBT_IMPOSSIBLE);
    claim.batch = 8; /* eight inputs share the weights */
    doubt_ceiling_of(&claim, &work, &c);
    assert_int_equal(c.verdict, DOUBT_PLAUSIBLE);
    claim.batch = DOUBT_MISSING_I64;
    doubt_ceiling_of(&claim, &work, &c);
    assert_true(isinf(c.memory));
    const struct doubt_work small = {.macs = 1000000, .weights = 1000};
    claim.batch = 1;
    doubt_ceiling_of(&claim, &small, &c);
    assert_true(isinf(c.memory)); /* it may all stay on the chip */
}

static void what_is_not_known_is_said(void **state)
{
    (void)state;
    static char abacus[] = "Abacus";
    struct doubt_ceiling c;
    struct doubt_str text;
    struct doubt_claim claim = claim_of("36", fps);
    doubt_ceiling_of(&claim, NULL, &c);
    assert_non_null(strstr(c.unknown, "work"));
    claim.device = abacus;
    doubt_ceiling_of(&claim, &giga, &c);
    assert_non_null(strstr(c.unknown, "device"));
    doubt_str_init(&text, 1000);
    doubt_ceiling_explain(&claim, &c, &text);
    assert_non_null(strstr(doubt_str_text(&text), "not known"));
    doubt_str_free(&text);
    claim = claim_of("36", fps);
    claim.precision = i8; /* this GPU has no peak of its own there */
    doubt_ceiling_of(&claim, &giga, &c);
    assert_non_null(strstr(c.unknown, "precision"));
    assert_int_equal(c.verdict, DOUBT_PLAUSIBLE_UNKNOWN);
}

static void the_arithmetic_is_shown(void **state)
{
    (void)state;
    struct doubt_str text;
    struct doubt_ceiling c;
    const struct doubt_claim claim = claim_of("10,000", fps);
    doubt_ceiling_of(&claim, &giga, &c);
    doubt_str_init(&text, 2000);
    doubt_ceiling_explain(&claim, &c, &text);
    static const char *const parts[] = {"1e+04/s x 2.00 GOP = 20000.0 GOP/s", "of 471.9",
                                        "128 cores x 2 (half2)", "impossible"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strstr(doubt_str_text(&text), parts[i]) == NULL)
            fail_msg("no \"%s\" in \"%s\"", parts[i], doubt_str_text(&text));
    doubt_str_free(&text);
}

/* 1 GMAC on a CPU of 200 GFLOP/s: 100 a second; 10 M weights of 4 bytes, of which 30 MB may stay.
 */
static void what_a_cell_is_allowed(void **state)
{
    (void)state;
    struct doubt_series series;
    struct doubt_cell cell;
    doubt_record_init(DOUBT_SERIES, &series);
    doubt_record_init(DOUBT_CELL, &cell);
    doubt_text_set(&cell.precision, "f32");
    doubt_text_set(&cell.device, "CPU");
    cell.macs = 1000000000;
    cell.parameters = 10000000;
    cell.batch = 1;
    doubt_ceiling_allow(&series, &cell);
    assert_true(isnan(cell.allowed_fps)); /* nothing was measured */
    assert_non_null(strstr(cell.allowed_how, "not measured"));
    series.peak_f32 = 200e9;
    series.peak_bytes = 0.5e9;
    series.peak_cache_bytes = 30000000;
    doubt_ceiling_allow(&series, &cell);
    assert_true(fabs(cell.allowed_fps - 50) < 1e-9); /* 10 MB at 0.5 GB/s */
    assert_string_equal(cell.allowed_by, "memory");
    series.peak_bytes = 5e9;
    doubt_ceiling_allow(&series, &cell);
    assert_true(fabs(cell.allowed_fps - 100) < 1e-9);
    assert_string_equal(cell.allowed_by, "arithmetic");
    cell.batch = 4; /* macs and parameters are of the whole batch's inference */
    doubt_ceiling_allow(&series, &cell);
    assert_true(fabs(cell.allowed_fps - 400) < 1e-9);
    doubt_text_set(&cell.precision, "f16");
    doubt_ceiling_allow(&series, &cell);
    assert_true(isnan(cell.allowed_fps));
    assert_null(cell.allowed_by);
    cell.batch = 1; /* a card: the table's peak, 471.8592 GFLOP/s */
    doubt_text_set(&series.board, "NVIDIA Jetson Nano Developer Kit");
    doubt_text_set(&cell.device, "NVIDIA Tegra X1");
    doubt_ceiling_allow(&series, &cell);
    assert_true(fabs(cell.allowed_fps - 235.9296) < 1e-6);
    assert_non_null(strstr(cell.allowed_how, "Jetson Nano"));
    doubt_record_free(DOUBT_SERIES, &series);
    doubt_record_free(DOUBT_CELL, &cell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(above_and_below),
        cmocka_unit_test(sparsity),
        cmocka_unit_test(sums),
        cmocka_unit_test(what_was_not_read_is_marked),
        cmocka_unit_test(memory),
        cmocka_unit_test(what_is_not_known_is_said),
        cmocka_unit_test(the_arithmetic_is_shown),
        cmocka_unit_test(what_a_cell_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

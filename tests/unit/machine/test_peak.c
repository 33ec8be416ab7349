/* test_peak.c: the probe of the CPUs' peak says what it did, and its loops do what they count.
 * How fast they are is not tested: that depends on the machine. */
#include "machine/peak.h"
#include "machine/peak_kernels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void is_ordered(const struct doubt_peak_figure *figure)
{
    assert_true(isfinite(figure->best) && figure->best > 0);
    assert_true(figure->lo <= figure->median && figure->median <= figure->hi);
    assert_true(figure->hi <= figure->best);
    assert_true(figure->repeats >= 6);
    assert_string_equal(figure->why, "");
}

static void figures_are_whole(void **state)
{
    (void)state;
    struct doubt_peak peak;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_peak_measure(&peak, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_true(peak.threads >= 1);
    is_ordered(&peak.f32);
    assert_true(peak.vectors[0] != '\0');
    if (isnan(peak.bf16.best))
        assert_true(peak.bf16.why[0] != '\0');
    else
        is_ordered(&peak.bf16);
    if (isnan(peak.bytes.best))
        assert_true(peak.bytes.why[0] != '\0');
    else {
        is_ordered(&peak.bytes);
        assert_true(peak.buffer_bytes >= 2 * peak.cache_bytes);
    }
}

/* c becomes 0.999 c + 0.001 from 1: it stays 1, in every chain, for any number of rounds. */
static void chains_compute(void **state)
{
    (void)state;
    const struct doubti_peak_kernel f32 = doubti_peak_f32(), bf16 = doubti_peak_bf16();
    assert_non_null(f32.loop);
    assert_true(fabsf(f32.loop(0) - 12) < 1e-6f);
    assert_true(fabsf(f32.loop(1000) - 12) < 1e-2f);
    assert_true(f32.ops % (12 * 2) == 0);
    if (bf16.loop != NULL)
        assert_true(fabsf(bf16.loop(1000) - 12) < 1e-6f);
    else
        assert_true(bf16.name[0] != '\0');
}

/* Every word counts once: the exclusive or of all. */
static void every_word_is_read(void **state)
{
    (void)state;
    static uint64_t words[4096] __attribute__((aligned(64)));
    uint64_t wanted = 0;
    for (size_t i = 0; i < 4096; i++) {
        words[i] = i * 0x9E3779B97F4A7C15u;
        wanted ^= words[i];
    }
    assert_int_equal(doubti_peak_read(words, 4096), wanted);
    words[4095] ^= 1;
    assert_int_equal(doubti_peak_read(words, 4096), wanted ^ 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_whole),
        cmocka_unit_test(chains_compute),
        cmocka_unit_test(every_word_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

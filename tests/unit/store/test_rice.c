/* test_rice.c: Rice codes by hand, extremes, and damage. */
#include "store/rice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void by_hand(void **state)
{
    (void)state;
    /* k = 1; 0: 0 0; 1: 0 1; 2: 10 0; 5: 110 1. Lowest bit first: 00 01 100 1101 (9 + 2 bits). */
    static const uint64_t codes[] = {0, 1, 2, 5};
    static const uint8_t expected[] = {0x98, 0x05};
    uint8_t out[2] = {0};
    uint64_t back[4];
    doubt_rice_encode(codes, 4, 1, out);
    assert_memory_equal(out, expected, 2);
    assert_true(doubt_rice_decode(out, 2, 1, back, 4));
    assert_memory_equal(back, codes, sizeof codes);
}

static void round_trip(const uint64_t *codes, size_t count)
{
    size_t bytes;
    unsigned k = doubt_rice_plan(codes, count, &bytes);
    assert_true(k <= DOUBT_RICE_K_MAX);
    uint8_t *out = malloc(bytes + 1);
    uint64_t *back = malloc(count * sizeof *back + 1);
    assert_true(out != NULL && back != NULL);
    out[bytes] = 0xA5;
    doubt_rice_encode(codes, count, k, out);
    assert_int_equal(out[bytes], 0xA5);
    assert_true(doubt_rice_decode(out, bytes, k, back, count));
    assert_memory_equal(back, codes, count * sizeof *back);
    assert_false(doubt_rice_decode(out, bytes + 1, k, back, count));
    if (bytes > 0)
        assert_false(doubt_rice_decode(out, bytes - 1, k, back, count));
    free(out);
    free(back);
}

static void extremes(void **state)
{
    (void)state;
    uint64_t codes[64] = {0};
    round_trip(codes, 0);
    for (unsigned bit = 0; bit < 64; bit++)
        codes[bit] = UINT64_C(1) << bit;
    round_trip(codes, 64);
    for (unsigned bit = 0; bit < 64; bit++)
        codes[bit] = UINT64_MAX >> bit;
    round_trip(codes, 64);
    for (unsigned i = 0; i < 64; i++)
        codes[i] = UINT64_MAX;
    round_trip(codes, 64);
    for (unsigned i = 0; i < 64; i++)
        codes[i] = i % 16 == 0 ? UINT64_MAX - i : 20 + i;
    round_trip(codes, 64);
}

static void what_is_no_code_is_refused(void **state)
{
    (void)state;
    const uint8_t ones[] = {0xFF, 0xFF, 0xFF, 0xFF};
    uint64_t back[4];
    assert_false(doubt_rice_decode(ones, sizeof ones, 2, back, 4));
    assert_false(doubt_rice_decode(ones, sizeof ones, DOUBT_RICE_K_MAX + 1, back, 4));
    assert_false(doubt_rice_decode(ones, 0, 2, back, 1));
    assert_true(doubt_rice_decode(ones, 0, 2, back, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(extremes),
        cmocka_unit_test(what_is_no_code_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

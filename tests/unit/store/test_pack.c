/* test_pack.c: packed samples come back bit for bit, and damage is found. */
#include "store/pack.h"
#include "util/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct doubt_pack *pack;

static int start(void **state)
{
    (void)state;
    pack = doubt_pack_new();
    return pack == NULL;
}

static int stop(void **state)
{
    (void)state;
    doubt_pack_free(pack);
    return 0;
}

/* Bytes of the blob. */
static size_t round_trip(const int64_t *samples, size_t count)
{
    const void *blob;
    size_t bytes, got = 99;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_pack_encode(pack, samples, count, &blob, &bytes, &err), DOUBT_OK);
    assert_true(bytes <= DOUBT_PACK_BYTES_MAX);
    /* Heap blocks of the exact sizes, so that a sanitizer sees a step too far. */
    uint8_t *exact = malloc(bytes);
    int64_t *back = malloc(count * sizeof *back + 1);
    assert_true(exact != NULL && back != NULL);
    memcpy(exact, blob, bytes);
    assert_int_equal(doubt_pack_decode(pack, exact, bytes, back, count, &got, &err), DOUBT_OK);
    assert_int_equal(got, count);
    if (count > 0)
        assert_memory_equal(back, samples, count * sizeof *back);
    free(exact);
    free(back);
    return bytes;
}

static void extremes(void **state)
{
    (void)state;
    const int64_t values[] = {INT64_MIN, INT64_MAX, 0, -1, 1, INT64_MIN, INT64_MIN + 1, INT64_MAX};
    for (size_t count = 0; count <= sizeof values / sizeof values[0]; count++)
        round_trip(values, count);
    const int64_t one[] = {INT64_MIN};
    round_trip(one, 1);
}

static void every_size_of_difference(void **state)
{
    (void)state;
    struct doubt_rng rng;
    int64_t samples[700];
    doubt_rng_seed(&rng, 7);
    for (int bits = 1; bits <= 64; bits++)
        for (size_t count = 1; count <= 700; count = count * 3 + 1) {
            for (size_t i = 0; i < count; i++)
                samples[i] = (int64_t)(doubt_rng_u64(&rng) >> (64 - bits));
            round_trip(samples, count);
        }
}

static void whole_blocks(void **state)
{
    (void)state;
    int64_t *samples = malloc((DOUBT_PACK_BLOCK + 1) * sizeof *samples);
    assert_non_null(samples);
    struct doubt_rng rng;
    doubt_rng_seed(&rng, 11);
    for (size_t i = 0; i <= DOUBT_PACK_BLOCK; i++)
        samples[i] = 15000000 + (int64_t)doubt_rng_below(&rng, 200000);
    const size_t counts[] = {4095, 4096, 4097, 4098, DOUBT_PACK_BLOCK - 1, DOUBT_PACK_BLOCK};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        assert_true(round_trip(samples, counts[i]) < 3 * counts[i]);
    const void *blob;
    size_t bytes;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_pack_encode(pack, samples, DOUBT_PACK_BLOCK + 1, &blob, &bytes, &err),
                     DOUBT_E_ARGUMENT);
    for (size_t i = 0; i < DOUBT_PACK_BLOCK; i++)
        samples[i] = 42;
    assert_int_equal(round_trip(samples, DOUBT_PACK_BLOCK), 18);
    free(samples);
}

/* The layout is a promise to every store already written. */
static void known_bytes(void **state)
{
    (void)state;
    static const int64_t samples[] = {1000, 1003, 1001};
    static const uint8_t expected[] = {1, 3,    0,    0,    0,    0xE8, 3, 0, 0, 0, 0, 0,
                                       0, 0x19, 0x3B, 0x23, 0x0D, 1,    2, 0, 0, 0, 6, 3};
    const void *blob;
    size_t bytes;
    assert_int_equal(doubt_pack_encode(pack, samples, 3, &blob, &bytes, NULL), DOUBT_OK);
    assert_int_equal(bytes, sizeof expected);
    assert_memory_equal(blob, expected, bytes);
}

static void damage_is_found(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    int64_t samples[COUNT], back[COUNT];
    struct doubt_rng rng;
    doubt_rng_seed(&rng, 3);
    for (size_t i = 0; i < COUNT; i++)
        samples[i] = 1000000 + (int64_t)doubt_rng_below(&rng, 5000);
    const void *blob;
    size_t bytes, got;
    assert_int_equal(doubt_pack_encode(pack, samples, COUNT, &blob, &bytes, NULL), DOUBT_OK);
    uint8_t *copy = malloc(bytes + 1);
    assert_non_null(copy);
    memcpy(copy, blob, bytes);
    copy[bytes] = 0;
    for (size_t bit = 0; bit < 8 * bytes; bit++) {
        struct doubt_err err = {.code = DOUBT_OK};
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        enum doubt_code code = doubt_pack_decode(pack, copy, bytes, back, COUNT, &got, &err);
        /* A zstd frame has a few bits that mean nothing; the samples must then be right. */
        if (code == DOUBT_OK)
            assert_memory_equal(back, samples, sizeof samples);
        else
            assert_true(code == DOUBT_E_FORMAT && strlen(err.text) > 20);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < bytes; cut++)
        assert_int_equal(doubt_pack_decode(pack, copy, cut, back, COUNT, &got, NULL),
                         DOUBT_E_FORMAT);
    assert_int_equal(doubt_pack_decode(pack, copy, bytes + 1, back, COUNT, &got, NULL),
                     DOUBT_E_FORMAT);
    assert_int_equal(doubt_pack_decode(pack, copy, bytes, back, COUNT - 1, &got, NULL),
                     DOUBT_E_FORMAT);
    free(copy);
}

static void a_later_format_is_named(void **state)
{
    (void)state;
    uint8_t blob[18] = {2};
    int64_t back[1];
    size_t got;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_pack_decode(pack, blob, sizeof blob, back, 1, &got, &err),
                     DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "format 2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extremes),        cmocka_unit_test(every_size_of_difference),
        cmocka_unit_test(whole_blocks),    cmocka_unit_test(known_bytes),
        cmocka_unit_test(damage_is_found), cmocka_unit_test(a_later_format_is_named),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

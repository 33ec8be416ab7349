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

static struct doubt_blob encode(const int64_t *samples, size_t count)
{
    struct doubt_blob blob;
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_pack_encode(pack, samples, count, &blob, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    assert_true(blob.bytes <= DOUBT_PACK_BYTES_MAX);
    return blob;
}

static enum doubt_code decode(const uint8_t *data, size_t bytes, struct doubt_pack_room *room,
                              struct doubt_err *err)
{
    const struct doubt_blob blob = {data, bytes};
    enum doubt_code code = doubt_pack_decode(pack, &blob, room, err);
    assert_true(code == DOUBT_OK || room->count == 0);
    return code;
}

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
    struct doubt_blob blob = encode(samples, count);
    struct doubt_err err = {.code = DOUBT_OK};
    /* Heap blocks of the exact sizes, so that a sanitizer sees a step too far. */
    uint8_t *exact = malloc(blob.bytes);
    struct doubt_pack_room room = {malloc(count > 0 ? count * sizeof *samples : 1), count, 99};
    assert_true(exact != NULL && room.samples != NULL);
    memcpy(exact, blob.data, blob.bytes);
    assert_int_equal(decode(exact, blob.bytes, &room, &err), DOUBT_OK);
    assert_int_equal(room.count, count);
    if (count > 0)
        assert_memory_equal(room.samples, samples, count * sizeof *samples);
    free(exact);
    free(room.samples);
    return blob.bytes;
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
    struct doubt_blob blob;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(doubt_pack_encode(pack, samples, DOUBT_PACK_BLOCK + 1, &blob, &err),
                     DOUBT_E_ARGUMENT);
    for (size_t i = 0; i < DOUBT_PACK_BLOCK; i++)
        samples[i] = 42;
    assert_int_equal(round_trip(samples, DOUBT_PACK_BLOCK), 10);
    free(samples);
}

static void assert_bytes(const int64_t *samples, size_t count, const uint8_t *expected,
                         size_t expected_bytes)
{
    struct doubt_blob blob = encode(samples, count);
    assert_int_equal(blob.bytes, expected_bytes);
    assert_memory_equal(blob.data, expected, expected_bytes);
}

/* The layout is a promise to every store already written. Worked out by hand from pack.h. */
static void known_bytes(void **state)
{
    (void)state;
    /* Differences 3, -2: zigzag 6, 3. With k = 2: 6 is 1 0 | 10, 3 is 0 | 11. */
    static const int64_t three[] = {1000, 1003, 1001};
    static const uint8_t rice[] = {2, 3, 0xD0, 0x0F, 0x19, 0x3B, 0x23, 0x0D, 2, 0x69};
    assert_bytes(three, 3, rice, sizeof rice);
    /* Nothing but zeros: no plane at all. */
    static const int64_t same[] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    static const uint8_t planes[] = {1, 16, 1, 0x00, 0x00, 0x00, 0x00, 0};
    uint8_t expected[sizeof planes];
    memcpy(expected, planes, sizeof planes);
    memcpy(expected + 3, (const uint8_t *)encode(same, 16).data + 3, 4); /* the checksum */
    assert_bytes(same, 16, expected, sizeof expected);
}

/* Every bit turned, every cut: found, or harmless. */
static void check_damage(const int64_t *samples, size_t count)
{
    struct doubt_blob blob = encode(samples, count);
    size_t bytes = blob.bytes;
    struct doubt_pack_room room = {malloc(count * sizeof *samples), count, 0};
    uint8_t *copy = malloc(bytes + 1);
    assert_true(copy != NULL && room.samples != NULL);
    memcpy(copy, blob.data, bytes);
    copy[bytes] = 0;
    for (size_t bit = 0; bit < 8 * bytes; bit++) {
        struct doubt_err err = {.code = DOUBT_OK};
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        enum doubt_code code = decode(copy, bytes, &room, &err);
        /* A zstd frame has a few bits that mean nothing; the samples must then be right. */
        if (code == DOUBT_OK)
            assert_memory_equal(room.samples, samples, count * sizeof *samples);
        else
            assert_true(code == DOUBT_E_FORMAT && strlen(err.text) > 20);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < bytes; cut++)
        assert_int_equal(decode(copy, cut, &room, NULL), DOUBT_E_FORMAT);
    assert_int_equal(decode(copy, bytes + 1, &room, NULL), DOUBT_E_FORMAT);
    room.capacity--;
    assert_int_equal(decode(copy, bytes, &room, NULL), DOUBT_E_FORMAT);
    free(copy);
    free(room.samples);
}

static void damage_is_found(void **state)
{
    (void)state;
    enum { COUNT = 9000 }; /* more than Rice codes are tried for */
    static int64_t samples[COUNT];
    struct doubt_rng rng;
    doubt_rng_seed(&rng, 3);
    for (size_t i = 0; i < COUNT; i++)
        samples[i] = 1000000 + (int64_t)(doubt_rng_below(&rng, 16) * doubt_rng_below(&rng, 16));
    check_damage(samples, 200);
    check_damage(samples, COUNT);
}

static void a_later_format_is_named(void **state)
{
    (void)state;
    uint8_t blob[18] = {3};
    int64_t back[1];
    struct doubt_pack_room room = {back, 1, 0};
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_equal(decode(blob, sizeof blob, &room, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "format 3"));
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

/* test_whole.c: real numbers as integers, sums and products, at and beyond the ends of the type. */
#include "util/whole.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void values_are_cut_towards_zero(void **state)
{
    (void)state;
    static const struct {
        double value;
        int64_t whole;
    } rows[] = {
        {0.0, 0},
        {-0.0, 0},
        {1.99, 1},
        {-1.99, -1},
        {0x1p53, 1LL << 53},
        {0x1.fffffffffffffp62, 9223372036854774784LL},
        {-0x1p63, INT64_MIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(doubt_whole(rows[i].value) == rows[i].whole);
}

static void what_does_not_fit_is_held_at_the_ends(void **state)
{
    (void)state;
    assert_true(doubt_whole(0x1p63) == INT64_MAX);
    assert_true(doubt_whole(6.66667e43) == INT64_MAX);
    assert_true(doubt_whole(INFINITY) == INT64_MAX);
    assert_true(doubt_whole(-0x1.0000000000001p63) == INT64_MIN);
    assert_true(doubt_whole(-INFINITY) == INT64_MIN);
    assert_true(doubt_whole(NAN) == 0);
}

static void sums_are_held_at_the_ends(void **state)
{
    (void)state;
    assert_true(doubt_whole_sum(INT64_MAX - 1, 1) == INT64_MAX);
    assert_true(doubt_whole_sum(INT64_MAX, 1) == INT64_MAX);
    assert_true(doubt_whole_sum(1, INT64_MAX) == INT64_MAX);
    assert_true(doubt_whole_sum(INT64_MIN, -1) == INT64_MIN);
    assert_true(doubt_whole_sum(INT64_MAX, INT64_MIN) == -1);
}

static void differences_are_held_at_the_ends(void **state)
{
    (void)state;
    assert_true(doubt_whole_difference(INT64_MIN, INT64_MIN) == 0);
    assert_true(doubt_whole_difference(0, INT64_MIN) == INT64_MAX);
    assert_true(doubt_whole_difference(-1, INT64_MIN) == INT64_MAX);
    assert_true(doubt_whole_difference(-2, INT64_MAX) == INT64_MIN);
    assert_true(doubt_whole_difference(INT64_MAX, -1) == INT64_MAX);
}

static void products_are_held_at_the_ends(void **state)
{
    (void)state;
    assert_true(doubt_whole_product(9007199254740993, 1024) == INT64_MAX);
    assert_true(doubt_whole_product(9007199254740991, 1024) == 9223372036854774784);
    assert_true(doubt_whole_product(INT64_MIN, -1) == INT64_MAX);
    assert_true(doubt_whole_product(-1, INT64_MAX) == -INT64_MAX);
    assert_true(doubt_whole_product(INT64_MAX, -2) == INT64_MIN);
    assert_true(doubt_whole_product(-2, INT64_MAX) == INT64_MIN);
    assert_true(doubt_whole_product(0, INT64_MIN) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_cut_towards_zero),
        cmocka_unit_test(what_does_not_fit_is_held_at_the_ends),
        cmocka_unit_test(sums_are_held_at_the_ends),
        cmocka_unit_test(differences_are_held_at_the_ends),
        cmocka_unit_test(products_are_held_at_the_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

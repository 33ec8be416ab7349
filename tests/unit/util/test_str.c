/* test_str.c: the buffer's ceiling, copies, distances, wrapping. */
#include "util/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void appends_and_clears(void **state)
{
    (void)state;
    struct doubt_str s;
    doubt_str_init(&s, 1000);
    assert_string_equal(doubt_str_text(&s), "");
    doubt_str_add(&s, "a");
    doubt_str_addf(&s, "%d-%s", 12, "b");
    doubt_str_add_bytes(&s, "cd", 1);
    assert_string_equal(doubt_str_text(&s), "a12-bc");
    assert_int_equal(s.len, 6);
    doubt_str_clear(&s);
    assert_string_equal(doubt_str_text(&s), "");
    doubt_str_free(&s);
    assert_null(s.data);
}

static void ceiling_holds_and_failure_stays(void **state)
{
    (void)state;
    struct doubt_str s;
    doubt_str_init(&s, 4);
    doubt_str_add(&s, "1234");
    assert_false(s.failed);
    doubt_str_add(&s, "5");
    assert_true(s.failed);
    assert_string_equal(doubt_str_text(&s), "1234");
    doubt_str_addf(&s, "%s", "");
    assert_true(s.failed);
    doubt_str_clear(&s);
    assert_false(s.failed);
    doubt_str_addf(&s, "%05d", 1);
    assert_true(s.failed);
    doubt_str_free(&s);
}

static void long_texts_grow(void **state)
{
    (void)state;
    struct doubt_str s;
    doubt_str_init(&s, 1 << 20);
    for (int i = 0; i < 10000; i++)
        doubt_str_addf(&s, "%04d,", i);
    assert_int_equal(s.len, 50000);
    assert_memory_equal(s.data + 5 * 9999, "9999,", 6);
    doubt_str_free(&s);
}

static void copies_are_cut_between_characters(void **state)
{
    (void)state;
    char to[4];
    doubt_str_copy(to, sizeof to, "abc");
    assert_string_equal(to, "abc");
    doubt_str_copy(to, sizeof to, "abcd");
    assert_string_equal(to, "abc");
    doubt_str_copy(to, sizeof to, "ab\xC3\xA9");
    assert_string_equal(to, "ab");
    doubt_str_copy(to, sizeof to, "\xE2\x82\xAC");
    assert_string_equal(to, "\xE2\x82\xAC");
    doubt_str_copy(to, 1, "x");
    assert_string_equal(to, "");
}

static void dup_accepts_null(void **state)
{
    (void)state;
    assert_null(doubt_str_dup(NULL));
    char *copy = doubt_str_dup("x");
    assert_string_equal(copy, "x");
    free(copy);
}

/* Distances by hand; the first is the textbook's. */
static void distances(void **state)
{
    (void)state;
    assert_int_equal(doubt_str_distance("kitten", "sitting"), 3);
    assert_int_equal(doubt_str_distance("", "abc"), 3);
    assert_int_equal(doubt_str_distance("abc", ""), 3);
    assert_int_equal(doubt_str_distance("same", "same"), 0);
    assert_int_equal(doubt_str_distance("flaw", "lawn"), 2);
    char longest[200];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(doubt_str_distance(longest, "a"), 63);
}

static void nearest_names(void **state)
{
    (void)state;
    static const char *const names[] = {"resnet50", "inception-v4", "pose", "unet", NULL};
    assert_string_equal(doubt_str_nearest("resnet51", names), "resnet50");
    /* A word of a thousand letters is near to nothing. */
    char word[1001];
    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    assert_null(doubt_str_nearest(word, names));
    assert_string_equal(doubt_str_hint(word, names, "").text, ";");
    assert_string_equal(doubt_str_hint("resnet51", names, "--").text,
                        ": did you mean \"--resnet50\"?");
    assert_string_equal(doubt_str_nearest("inception", names), "inception-v4");
    assert_string_equal(doubt_str_nearest("pos", names), "pose");
    assert_null(doubt_str_nearest("bert", names));
    assert_null(doubt_str_nearest("", names));
    assert_null(doubt_str_nearest("x", (const char *const[]){NULL}));
    /* The very name is no suggestion. */
    assert_null(doubt_str_nearest("pose", names));
}

static void wraps_at_spaces(void **state)
{
    (void)state;
    struct doubt_str s;
    doubt_str_init(&s, 1000);
    doubt_str_add(&s, "k: ");
    doubt_str_wrap(&s, "one two three four", 3, 12);
    assert_string_equal(doubt_str_text(&s), "k: one two\n   three\n   four\n");
    doubt_str_clear(&s);
    doubt_str_wrap(&s, "unbreakably-long x", 0, 5);
    assert_string_equal(doubt_str_text(&s), "unbreakably-long\nx\n");
    doubt_str_clear(&s);
    /* Columns are characters: ten of two bytes each fit into ten columns. */
    doubt_str_wrap(&s, "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9 \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9",
                   0, 10);
    assert_ptr_equal(strchr(doubt_str_text(&s), '\n'), s.data + s.len - 1);
    doubt_str_clear(&s);
    doubt_str_wrap(&s, "it is 100 % longer", 0, 9);
    assert_string_equal(doubt_str_text(&s), "it is\n100 %\nlonger\n");
    doubt_str_clear(&s);
    doubt_str_wrap(&s, "", 4, 10);
    assert_string_equal(doubt_str_text(&s), "\n");
    doubt_str_free(&s);
}

static void counts_columns(void **state)
{
    (void)state;
    assert_int_equal(doubt_str_columns(""), 0);
    assert_int_equal(doubt_str_columns("abc"), 3);
    assert_int_equal(doubt_str_columns("1 \xC2\xB1 2 \xE2\x80\xA6"), 7);
}

static void escapes_for_man(void **state)
{
    (void)state;
    struct doubt_str s;
    doubt_str_init(&s, 1000);
    doubt_str_add_man(&s, ".TP a-b\\c\n'x");
    assert_string_equal(doubt_str_text(&s), "\\&.TP a\\-b\\ec\n\\&'x");
    doubt_str_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_and_clears), cmocka_unit_test(ceiling_holds_and_failure_stays),
        cmocka_unit_test(long_texts_grow),    cmocka_unit_test(copies_are_cut_between_characters),
        cmocka_unit_test(dup_accepts_null),   cmocka_unit_test(distances),
        cmocka_unit_test(nearest_names),      cmocka_unit_test(wraps_at_spaces),
        cmocka_unit_test(counts_columns),     cmocka_unit_test(escapes_for_man),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_err.c: codes, sentences, cuts at a character's border. */
#include <doubt/err.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void codes_have_names(void **state)
{
    (void)state;
    assert_string_equal(doubt_code_name(DOUBT_OK), "OK");
    assert_string_equal(doubt_code_name(DOUBT_E_FULL), "E_FULL");
    assert_string_equal(doubt_code_name((enum doubt_code)DOUBT_CODE_COUNT), "?");
    assert_string_equal(doubt_code_name((enum doubt_code) - 1), "?");
    for (int code = 0; code < DOUBT_CODE_COUNT; code++)
        assert_true(strlen(doubt_code_text((enum doubt_code)code)) > 0);
}

static void first_error_stays(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    assert_int_equal(doubt_err_set(&err, DOUBT_E_IO, "disk %d", 7), DOUBT_E_IO);
    assert_int_equal(doubt_err_set(&err, DOUBT_E_MEMORY, "later"), DOUBT_E_MEMORY);
    assert_int_equal(err.code, DOUBT_E_IO);
    assert_string_equal(err.text, "disk 7");
    assert_int_equal(doubt_err_set(NULL, DOUBT_E_IO, "nowhere"), DOUBT_E_IO);
}

static void errno_chooses_the_code(void **state)
{
    (void)state;
    static const struct {
        int number;
        enum doubt_code code;
    } rows[] = {{ENOSPC, DOUBT_E_FULL},
                {EDQUOT, DOUBT_E_FULL},
                {ENOMEM, DOUBT_E_MEMORY},
                {ENOENT, DOUBT_E_NOT_FOUND},
                {EACCES, DOUBT_E_IO}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_err err = {0};
        assert_int_equal(doubt_err_errno(&err, DOUBT_E_IO, rows[i].number, "cannot open %s", "x"),
                         rows[i].code);
        assert_int_equal(err.code, rows[i].code);
        assert_non_null(strstr(err.text, strerror(rows[i].number)));
        assert_int_equal(strncmp(err.text, "cannot open x: ", 15), 0);
    }
    assert_int_equal(doubt_err_errno(NULL, DOUBT_E_IO, ENOSPC, "x"), DOUBT_E_FULL);
}

static void prefix_goes_before(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    doubt_err_prefix(&err, "nothing yet");
    assert_string_equal(err.text, "");
    doubt_err_set(&err, DOUBT_E_FORMAT, "bad field");
    doubt_err_prefix(&err, "line %d", 3);
    assert_string_equal(err.text, "line 3: bad field");
    doubt_err_prefix(NULL, "x");
}

/* Is every byte part of a whole UTF-8 character? Only the two lengths used below occur. */
static int is_whole(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != 0; p++) {
        int more = *p >= 0xE0 ? 2 : *p >= 0xC0 ? 1 : 0;
        if ((*p & 0xC0) == 0x80)
            return 0;
        while (more-- > 0)
            if ((*++p & 0xC0) != 0x80)
                return 0;
    }
    return 1;
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 6; shift++) {
        char text[2 * DOUBT_ERR_TEXT_BYTES] = "";
        memset(text, 'x', shift);
        for (size_t at = shift; at + 5 < sizeof text; at += 5)
            memcpy(text + at, "\xC3\xA9\xE2\x82\xAC", 6);
        struct doubt_err err = {0};
        doubt_err_set(&err, DOUBT_E_IO, "%s", text);
        assert_true(strlen(err.text) >= DOUBT_ERR_TEXT_BYTES - 4);
        assert_true(strlen(err.text) < DOUBT_ERR_TEXT_BYTES);
        assert_true(is_whole(err.text));
        doubt_err_prefix(&err, "%s", "before");
        assert_true(strlen(err.text) < DOUBT_ERR_TEXT_BYTES);
        assert_true(is_whole(err.text));
    }
}

/* A name out of a file may hold what drives a terminal. */
static void control_characters_are_masked(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    doubt_err_set(&err, DOUBT_E_FORMAT, "input \"%s\"", "da\x1b[31mta\n\x7f");
    assert_string_equal(err.text, "input \"da?[31mta??\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_have_names),
        cmocka_unit_test(first_error_stays),
        cmocka_unit_test(errno_chooses_the_code),
        cmocka_unit_test(prefix_goes_before),
        cmocka_unit_test(control_characters_are_masked),
        cmocka_unit_test(long_texts_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

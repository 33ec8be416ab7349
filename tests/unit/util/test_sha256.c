/* test_sha256.c: FIPS 180-2's examples, in pieces, from files. */
#include "util/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char million_a[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
static const char nothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static void examples_of_the_standard(void **state)
{
    (void)state;
    char text[DOUBT_SHA256_TEXT_BYTES];
    struct doubt_sha256 *digest = doubt_sha256_new();
    doubt_sha256_finish(digest, text);
    assert_string_equal(text, nothing);
    digest = doubt_sha256_new();
    doubt_sha256_add(digest, "a", 1);
    doubt_sha256_add(digest, "bc", 2);
    doubt_sha256_finish(digest, text);
    assert_string_equal(text, abc);
    digest = doubt_sha256_new();
    for (int i = 0; i < 1000; i++) {
        char piece[1000];
        memset(piece, 'a', sizeof piece);
        doubt_sha256_add(digest, piece, sizeof piece);
    }
    doubt_sha256_finish(digest, text);
    assert_string_equal(text, million_a);
}

static void a_digest_may_be_thrown_away(void **state)
{
    (void)state;
    struct doubt_sha256 *digest = doubt_sha256_new();
    doubt_sha256_add(digest, "x", 1);
    doubt_sha256_finish(digest, NULL);
}

static void files(void **state)
{
    (void)state;
    char path[] = "/tmp/doubt-sha256-XXXXXX", text[DOUBT_SHA256_TEXT_BYTES];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    for (int i = 0; i < 1000; i++) {
        char piece[1000];
        memset(piece, 'a', sizeof piece);
        assert_int_equal(write(fd, piece, sizeof piece), sizeof piece);
    }
    close(fd);
    struct doubt_err err = {0};
    assert_int_equal(doubt_sha256_file(path, text, &err), DOUBT_OK);
    assert_string_equal(text, million_a);
    unlink(path);
    assert_int_equal(doubt_sha256_file(path, text, &err), DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(err.text, path));
    memset(&err, 0, sizeof err);
    assert_int_equal(doubt_sha256_file("/tmp", text, &err), DOUBT_E_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_standard),
        cmocka_unit_test(a_digest_may_be_thrown_away),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

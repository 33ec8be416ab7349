/* test_claim_add.c: a claim field by field, and the file it comes into. */
#include "claims/claim_add.h"
#include "util/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static char folder[64];

static int start(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/doubt-add-XXXXXX");
    return mkdtemp(folder) == NULL || setenv("XDG_CONFIG_HOME", folder, 1) != 0;
}

static int stop(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void set(struct doubt_claim_draft *draft, const char *name, const char *value)
{
    struct doubt_err err = {.code = DOUBT_OK};
    if (doubt_claim_draft_set(draft, name, value, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
}

static struct doubt_claim_draft *whole(const char *id)
{
    struct doubt_claim_draft *draft = doubt_claim_draft_new();
    assert_non_null(draft);
    set(draft, "id", id);
    set(draft, "device", "Board");
    set(draft, "network", "pose");
    set(draft, "figure", "36.0");
    set(draft, "unit", "FPS");
    set(draft, "source", "a page");
    return draft;
}

/* Every field of a claim can be asked for, once. */
static void fields(void **state)
{
    (void)state;
    struct doubt_claim_draft *draft = doubt_claim_draft_new();
    for (size_t i = 0; i < doubt_claim_field_count(); i++) {
        struct doubt_claim_field field = doubt_claim_field_at(i);
        char first[32];
        assert_true(field.asks[0] != '\0');
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(doubt_claim_field_at(k).name, field.name);
        snprintf(first, sizeof first, "%.*s",
                 field.accepted != NULL ? (int)strcspn(field.accepted, " ") : 1,
                 field.accepted != NULL ? field.accepted : "7");
        if (strcmp(field.name, "unit") == 0)
            strcpy(first, "ms");
        set(draft, field.name, first);
        assert_string_equal(doubt_claim_draft_get(draft, field.name), first);
    }
    assert_int_equal(doubt_claim_draft_check(draft, NULL), DOUBT_OK);
    doubt_claim_draft_free(draft);
}

static void wrong_values_leave_the_draft(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"figure", "nan"},
        {"figure", "-1"},
        {"unit", "hours"},
        {"batch", "0"},
        {"batch", "-3"},
        {"batch", "3.5"},
        {"batch", " 3"},
        {"batch", "99999999999999999999"},
        {"precision", "fp16"},
        {"boundary", "gpu"},
        {"source", "\xff"},
        {"source", "a\033b"},
        {"confidence", "sure"},
        {"colour", "red"},
        {"", "x"},
    };
    struct doubt_claim_draft *draft = whole("a");
    set(draft, "batch", "2");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_err err = {.code = DOUBT_OK};
        if (doubt_claim_draft_set(draft, rows[i][0], rows[i][1], &err) == DOUBT_OK)
            fail_msg("%s may not be \"%s\"", rows[i][0], rows[i][1]);
        assert_true(err.text[0] != '\0');
    }
    assert_string_equal(doubt_claim_draft_get(draft, "figure"), "36.0");
    assert_string_equal(doubt_claim_draft_get(draft, "unit"), "FPS");
    assert_string_equal(doubt_claim_draft_get(draft, "batch"), "2");
    assert_string_equal(doubt_claim_draft_get(draft, "precision"), "");
    set(draft, "batch", "");
    assert_string_equal(doubt_claim_draft_get(draft, "batch"), "");
    doubt_claim_draft_free(draft);
}

static void it_is_in_the_file(void **state)
{
    (void)state;
    char *path = NULL;
    struct doubt_claim_set loaded;
    struct doubt_err err = {.code = DOUBT_OK};
    struct doubt_claim_draft *draft = whole("a");
    if (doubt_claim_draft_add(draft, "mine", "Title", &path, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    free(path);
    doubt_claim_draft_free(draft);
    draft = whole("b");
    set(draft, "batch", "8");
    assert_int_equal(doubt_claim_draft_add(draft, "mine", "Another", &path, NULL), DOUBT_OK);
    free(path);
    doubt_claim_draft_free(draft);
    assert_int_equal(doubt_claim_set_load("mine", &loaded, NULL), DOUBT_OK);
    assert_string_equal(loaded.title, "Title");
    assert_int_equal(loaded.count, 2);
    assert_string_equal(loaded.claims[0].figure, "36.0");
    assert_int_equal(loaded.claims[0].batch, DOUBT_MISSING_I64);
    assert_string_equal(loaded.claims[1].id, "b");
    assert_int_equal(loaded.claims[1].batch, 8);
    doubt_claim_set_free(&loaded);
}

static void refuse(struct doubt_claim_draft *draft, const char *name, const char *why)
{
    char *path = NULL;
    struct doubt_err err = {.code = DOUBT_OK};
    assert_int_not_equal(doubt_claim_draft_add(draft, name, NULL, &path, &err), DOUBT_OK);
    if (strstr(err.text, why) == NULL)
        fail_msg("%s", err.text);
    free(path);
}

static void duplicates_and_names_are_refused(void **state)
{
    (void)state;
    char *path = NULL;
    struct doubt_claim_draft *draft = whole("one");
    assert_int_equal(doubt_claim_draft_add(draft, "twice", NULL, &path, NULL), DOUBT_OK);
    free(path);
    refuse(draft, "twice", "already");
    set(draft, "id", "two");
    refuse(draft, "twice", "says the same");
    set(draft, "id", "nano-resnet50");
    refuse(draft, "twice", "already, in jetson-nano-2019");
    set(draft, "id", "two");
    refuse(draft, "coral", "shipped");
    refuse(draft, "", "name");
    refuse(draft, "..", "name");
    refuse(draft, "a/b", "name");
    refuse(draft, "a b", "name");
    set(draft, "source", "");
    refuse(draft, "twice", "source");
    doubt_claim_draft_free(draft);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields),
        cmocka_unit_test(wrong_values_leave_the_draft),
        cmocka_unit_test(it_is_in_the_file),
        cmocka_unit_test(duplicates_and_names_are_refused),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

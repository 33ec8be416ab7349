/* test_record_doc.c: docs/RECORD.md is what the table of fields says. Run with DOUBT_BLESS=1 in the
 * environment it rewrites the page; so does `doubt history --fields >docs/RECORD.md`.
 */
#include "record/record.h"
#include "util/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char path[] = DOUBT_SOURCE "/docs/RECORD.md";

static void the_page_is_up_to_date(void **state)
{
    (void)state;
    struct doubt_err err = {.code = DOUBT_OK};
    char *made = doubt_record_doc(), *kept = NULL;
    assert_non_null(made);
    if (getenv("DOUBT_BLESS") != NULL)
        assert_int_equal(doubt_file_write(path, made, strlen(made), &err), DOUBT_OK);
    assert_int_equal(doubt_file_read(path, 1 << 20, &kept, NULL, &err), DOUBT_OK);
    if (strcmp(kept, made) != 0)
        fail_msg("%s is stale; doubt history --fields >%s makes it anew", path, path);
    free(made);
    free(kept);
}

static void every_field_has_its_row(void **state)
{
    (void)state;
    char *made = doubt_record_doc();
    assert_non_null(made);
    size_t rows = 0, fields = 0;
    for (const char *p = made; (p = strstr(p, "\n| `")) != NULL; p++)
        rows++;
    for (int scope = 0; scope < DOUBT_SCOPE_COUNT; scope++) {
        size_t count;
        doubt_fields((enum doubt_scope)scope, &count);
        fields += count;
    }
    assert_int_equal(rows, fields);
    free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_up_to_date),
        cmocka_unit_test(every_field_has_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

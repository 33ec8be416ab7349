/* test_record.c: life and death of records. */
#include "record/record.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void fresh_records_miss_everything(void **state)
{
    (void)state;
    for (int scope = 0; scope < DOUBT_SCOPE_COUNT; scope++) {
        size_t count, bytes = doubt_record_bytes((enum doubt_scope)scope);
        const struct doubt_field *fields = doubt_fields((enum doubt_scope)scope, &count);
        void *record = malloc(bytes);
        assert_non_null(record);
        memset(record, 0x5A, bytes);
        doubt_record_init((enum doubt_scope)scope, record);
        assert_true(count > 10);
        for (size_t i = 0; i < count; i++)
            assert_true(doubt_field_is_missing(&fields[i], record));
        doubt_record_free((enum doubt_scope)scope, record);
        free(record);
    }
}

static void the_table_describes_the_structs(void **state)
{
    (void)state;
    size_t count;
    const struct doubt_field *fields = doubt_fields(DOUBT_CELL, &count);
    struct doubt_cell cell;
    doubt_record_init(DOUBT_CELL, &cell);
    cell.batch = 7;
    cell.mean_ns = 2.5;
    doubt_text_set(&cell.network, "resnet50");
    size_t seen = 0;
    for (size_t i = 0; i < count; i++) {
        const void *value = doubt_field_at_const(&fields[i], &cell);
        assert_int_equal(fields[i].scope, DOUBT_CELL);
        assert_true(strlen(fields[i].meaning) > 0);
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(fields[other].name, fields[i].name);
        if (strcmp(fields[i].name, "batch") == 0 && ++seen)
            assert_int_equal(*(const int64_t *)value, 7);
        else if (strcmp(fields[i].name, "mean_ns") == 0 && ++seen)
            assert_true(*(const double *)value == 2.5);
        else if (strcmp(fields[i].name, "network") == 0 && ++seen)
            assert_string_equal(*(char *const *)value, "resnet50");
        else
            assert_true(doubt_field_is_missing(&fields[i], &cell));
    }
    assert_int_equal(seen, 3);
    doubt_record_free(DOUBT_CELL, &cell);
    assert_null(cell.network);
    assert_true(cell.batch == DOUBT_MISSING_I64 && isnan(cell.mean_ns));
}

static void copies_share_nothing(void **state)
{
    (void)state;
    struct doubt_restart first, second;
    doubt_record_init(DOUBT_RESTART, &first);
    doubt_text_set(&first.outcome, "ok");
    first.iterations = 3;
    first.mean_ns = 1.25;
    assert_true(doubt_record_copy(DOUBT_RESTART, &second, &first));
    assert_ptr_not_equal(first.outcome, second.outcome);
    doubt_text_set(&first.outcome, "crash");
    assert_string_equal(second.outcome, "ok");
    assert_int_equal(second.iterations, 3);
    assert_true(second.mean_ns == 1.25);
    assert_null(second.sentence);
    doubt_record_free(DOUBT_RESTART, &first);
    doubt_record_free(DOUBT_RESTART, &second);
}

static void texts_are_replaced(void **state)
{
    (void)state;
    char *text = NULL;
    doubt_text_setf(&text, "%d restarts of %s", 3, "pose");
    assert_string_equal(text, "3 restarts of pose");
    doubt_text_setf(&text, "%s again", text);
    assert_string_equal(text, "3 restarts of pose again");
    doubt_text_set(&text, text);
    assert_string_equal(text, "3 restarts of pose again");
    doubt_text_set(&text, NULL);
    assert_null(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fresh_records_miss_everything),
        cmocka_unit_test(the_table_describes_the_structs),
        cmocka_unit_test(copies_share_nothing),
        cmocka_unit_test(texts_are_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

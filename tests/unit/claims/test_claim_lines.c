/* test_claim_lines.c: the line of a field in odd but valid JSON. */
#include "claims/claims_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char text[] = "\n"
                           "{ \"decoy\": {\"claims\": [ {\"id\": 1} ], \"a\\\"}\": \"]},{\" },\n"
                           "  \"claims\"\n"
                           "  :\n"
                           "  [ 17,\n"
                           "    [[{}], \"x\\\\\"],\n"
                           "    {\"b\": {\"unit\": 1},\n"
                           "     \"unit\":\n"
                           "        \"ms\",\n"
                           "     \"last\" : -1.5e3 }\n"
                           "  ],\n"
                           "  \"end\": true }\n";

static size_t line_of(long index, const char *field)
{
    return doubti_line_of(text, strlen(text), index, field);
}

static void fields_are_found(void **state)
{
    (void)state;
    assert_int_equal(line_of(-1, "decoy"), 2);
    assert_int_equal(line_of(-1, "claims"), 3);
    assert_int_equal(line_of(-1, "end"), 12);
    assert_int_equal(line_of(0, "unit"), 5);
    assert_int_equal(line_of(1, NULL), 6);
    assert_int_equal(line_of(2, NULL), 7);
    assert_int_equal(line_of(2, "unit"), 8);
    assert_int_equal(line_of(2, "last"), 10);
    assert_int_equal(line_of(2, "absent"), 7);
}

static void what_is_not_there_has_no_line(void **state)
{
    (void)state;
    assert_int_equal(line_of(-1, "absent"), 0);
    assert_int_equal(line_of(-1, NULL), 0);
    assert_int_equal(line_of(3, NULL), 0);
    assert_int_equal(doubti_line_of("[]", 2, 0, "x"), 0);
    assert_int_equal(doubti_line_of("", 0, -1, "x"), 0);
    assert_int_equal(doubti_line_of("{}", 2, 0, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found),
        cmocka_unit_test(what_is_not_there_has_no_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

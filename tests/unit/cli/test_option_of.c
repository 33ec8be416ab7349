/* test_option_of.c: options of an engine for one network. */
#include "cli/option_of.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct doubt_opt_list all = {
    .items = {"sd=1ms", "mean@resnet50=27ms", "mean=1ms", "mean@Pose=8ms", "file=a@b=c", NULL},
    .count = 5,
};

static void expect(const char *network, const char *const *wanted)
{
    char **list = doubt_option_of(&all, network);
    size_t i = 0;
    assert_non_null(list);
    for (; wanted[i] != NULL; i++) {
        assert_non_null(list[i]);
        assert_string_equal(list[i], wanted[i]);
    }
    assert_null(list[i]);
    doubt_option_of_free(list);
}

static void those_for_a_network_stand_last(void **state)
{
    (void)state;
    expect(NULL, (const char *const[]){"sd=1ms", "mean=1ms", "file=a@b=c", NULL});
    expect("unet", (const char *const[]){"sd=1ms", "mean=1ms", "file=a@b=c", NULL});
    expect("resnet50",
           (const char *const[]){"sd=1ms", "mean=1ms", "file=a@b=c", "mean=27ms", NULL});
    expect("pose", (const char *const[]){"sd=1ms", "mean=1ms", "file=a@b=c", "mean=8ms", NULL});
    /* A part of a name is no name. */
    expect("resnet", (const char *const[]){"sd=1ms", "mean=1ms", "file=a@b=c", NULL});
}

static void a_network_that_is_not_there_is_refused(void **state)
{
    struct doubt_err err = {0};
    (void)state;
    const char *const both[] = {"resnet50", "pose", NULL}, *const one[] = {"resnet50", NULL};
    assert_int_equal(doubt_option_of_check(&all, both, &err), DOUBT_OK);
    assert_int_equal(doubt_option_of_check(&all, one, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "mean@Pose=8ms"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_for_a_network_stand_last),
        cmocka_unit_test(a_network_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

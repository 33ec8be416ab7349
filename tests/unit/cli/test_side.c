/* test_side.c: settings of one side as words of a command line. */
#include "cli/side.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct doubt_opt rows[] = {
    {"engine", 'E', "NAME", DOUBT_OPT_TEXT, 0, NULL, "", 0, 0, NULL},
    {"precision", 'p', "NAME", DOUBT_OPT_TEXT, 0, NULL, "", 0, 0, NULL},
    {"option", 'O', "NAME=VALUE", DOUBT_OPT_LIST, 0, NULL, "", 0, 0, NULL},
    {"env", 0, "NAME=VALUE", DOUBT_OPT_LIST, 0, NULL, "", 0, 0, NULL},
    {"no-nms", 0, NULL, DOUBT_OPT_FLAG, 0, NULL, "", 0, 0, NULL},
    {0},
};

/* wanted: the words, each followed by "|". */
static void assert_words(const char *text, const char *wanted)
{
    struct doubt_words words = {0};
    struct doubt_err err = {0};
    char joined[512] = "";
    enum doubt_code code = doubt_side_add(text, rows, &words, &err);
    if (code != DOUBT_OK)
        print_error("%s: %s\n", text, err.text);
    assert_int_equal(code, DOUBT_OK);
    for (size_t i = 0; i < words.count; i++) {
        assert_true(strlen(joined) + strlen(words.items[i]) + 2 < sizeof joined);
        strcat(strcat(joined, words.items[i]), "|");
    }
    assert_string_equal(joined, wanted);
    doubt_words_free(&words);
}

static void settings_become_options(void **state)
{
    (void)state;
    assert_words("engine=openvino", "--engine=openvino|");
    assert_words("engine=openvino,precision=bf16", "--engine=openvino|--precision=bf16|");
    assert_words(" engine=openvino,  precision=bf16 , no-nms ",
                 "--engine=openvino|--precision=bf16|--no-nms|");
    assert_words("no-nms option:mean=1ms,option:sd=0", "--no-nms|--option=mean=1ms|--option=sd=0|");
    assert_words("option=mean=1ms", "--option=mean=1ms|");
    assert_words("env:A_B=", "--env=A_B=|");
}

/* A separator that no setting follows is part of the value. */
static void values_may_hold_separators(void **state)
{
    (void)state;
    assert_words("env:KMP_AFFINITY=granularity=fine,compact,1,0 no-nms",
                 "--env=KMP_AFFINITY=granularity=fine,compact,1,0|--no-nms|");
    assert_words("engine=/a folder/x.so,precision=f32", "--engine=/a folder/x.so|--precision=f32|");
    assert_words("env:X=a,b:c,env:Y=no-nmsx, d", "--env=X=a,b:c|--env=Y=no-nmsx, d|");
}

static void assert_refused(const char *text, const char *part)
{
    struct doubt_words words = {0};
    struct doubt_err err = {0};
    assert_int_equal(doubt_side_add(text, rows, &words, &err), DOUBT_E_USAGE);
    if (strstr(err.text, part) == NULL)
        print_error("%s: %s\n", text, err.text);
    assert_non_null(strstr(err.text, part));
    doubt_words_free(&words);
}

static void what_is_no_setting_is_refused(void **state)
{
    (void)state;
    assert_refused("", "there is no setting");
    assert_refused(" , ", "there is no setting");
    assert_refused("bf16", "\"bf16\" is no setting: write NAME=VALUE");
    assert_refused("openvino,bf16", "\"openvino,bf16\" is no setting");
    assert_refused("=x", "\"=x\" is no setting");
    assert_refused("precison=bf16", "\"precison\" of one side: did you mean \"precision\"?");
    assert_refused("budget=3m", "there are: engine, precision, option:NAME=VALUE, env:NAME=VALUE");
    /* Two variables need two settings: the second is not swallowed by the first. */
    assert_refused("env:A=1,B=2", "no setting \"B\"");
    assert_refused("engine", "engine needs a value: engine=NAME");
    assert_refused("option", "option needs a value: option:NAME=VALUE");
    assert_refused("engine:openvino", "engine needs a value: engine=NAME");
    assert_refused("no-nms=yes", "no-nms takes no value");
}

static void the_last_of_a_name_counts(void **state)
{
    (void)state;
    struct doubt_opt_list list = {{"a=1", "ab=2", "a=3", "c", "a=4", "c"}, 6};
    doubt_side_keep_last(&list);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0], "ab=2");
    assert_string_equal(list.items[1], "a=4");
    assert_string_equal(list.items[2], "c");
    assert_null(list.items[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_become_options),
        cmocka_unit_test(values_may_hold_separators),
        cmocka_unit_test(what_is_no_setting_is_refused),
        cmocka_unit_test(the_last_of_a_name_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_opt.c: every type of row, every way to be wrong, the texts made from rows. */
#include "util/opt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct values {
    bool quiet, all;
    const char *db;
    int64_t batch, budget_ns;
    uint64_t seed, limit_bytes;
    int precision;
    struct doubt_opt_list options, names;
};

static const char *const precisions[] = {"f32", "bf16", NULL};

#define AT(field) offsetof(struct values, field)
static const struct doubt_opt rows[] = {
    {"quiet", 'q', NULL, DOUBT_OPT_FLAG, AT(quiet), NULL, "say nothing", 0, 0, NULL},
    {"all", 'a', NULL, DOUBT_OPT_FLAG, AT(all), NULL, "take all", 0, 0, NULL},
    {"db", 0, "FILE", DOUBT_OPT_TEXT, AT(db), "here.db", "where", 0, 0, NULL},
    {"batch", 'b', "N", DOUBT_OPT_INT, AT(batch), "1", "how many", 1, 64, NULL},
    {"budget", 0, "DURATION", DOUBT_OPT_DURATION, AT(budget_ns), NULL, "how long", 0, 0, NULL},
    {"seed", 0, "HEX", DOUBT_OPT_HEX, AT(seed), NULL, "seed", 0, 0, NULL},
    {"memory-limit", 0, "SIZE", DOUBT_OPT_BYTES, AT(limit_bytes), NULL, "limit", 0, 0, NULL},
    {"precision", 'p', "NAME", DOUBT_OPT_CHOICE, AT(precision), "f32", "which", 0, 0, precisions},
    {"option", 'O', "NAME=VALUE", DOUBT_OPT_LIST, AT(options), NULL, "more", 0, 0, NULL},
    {"network", 'n', "NAME", DOUBT_OPT_NAMES, AT(names), NULL, "which ones", 0, 0, NULL},
    {0},
};

enum { WORDS_MAX = 100 };
static char *words[WORDS_MAX];

/* Splits at single spaces into fresh words, since the parser may write into them. */
static enum doubt_code parse(const char *line, struct values *values, struct doubt_opt_args *args,
                             struct doubt_err *err)
{
    static char copy[4096];
    int count = 0;
    snprintf(copy, sizeof copy, "%s", line);
    memset(err, 0, sizeof *err);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
        words[count++] = word;
    *args = (struct doubt_opt_args){count, words};
    const struct doubt_opt_set set = {rows, values};
    return doubt_opt_parse(&set, 1, args, err);
}

static void defaults(void **state)
{
    (void)state;
    struct values values;
    struct doubt_opt_args args;
    struct doubt_err err;
    memset(&values, 0xAA, sizeof values);
    assert_int_equal(parse("", &values, &args, &err), DOUBT_OK);
    assert_false(values.quiet);
    assert_string_equal(values.db, "here.db");
    assert_true(values.batch == 1 && values.budget_ns == 0 && values.seed == 0);
    assert_int_equal(values.precision, 0);
    assert_int_equal(values.options.count, 0);
    assert_null(values.options.items[0]);
    assert_int_equal(args.count, 0);
}

static void every_type(void **state)
{
    (void)state;
    struct values values;
    struct doubt_opt_args args;
    struct doubt_err err;
    assert_int_equal(parse("x -qa --db=a=b --batch 64 --budget 3m y --seed 5eed --memory-limit=2GB "
                           "-pbf16 -O a=1,2 --option b=2 -n one,two --network three -- -z",
                           &values, &args, &err),
                     DOUBT_OK);
    assert_true(values.quiet && values.all);
    assert_string_equal(values.db, "a=b");
    assert_true(values.batch == 64 && values.budget_ns == INT64_C(180000000000));
    assert_true(values.seed == 0x5eed && values.limit_bytes == 2000000000);
    assert_int_equal(values.precision, 1);
    assert_int_equal(values.options.count, 2);
    assert_string_equal(values.options.items[0], "a=1,2");
    assert_null(values.options.items[2]);
    assert_int_equal(values.names.count, 3);
    assert_string_equal(values.names.items[1], "two");
    assert_int_equal(args.count, 3);
    assert_string_equal(args.items[0], "x");
    assert_string_equal(args.items[1], "y");
    assert_string_equal(args.items[2], "-z");
}

static void a_single_dash_is_an_operand(void **state)
{
    (void)state;
    struct values values;
    struct doubt_opt_args args;
    struct doubt_err err;
    assert_int_equal(parse("-", &values, &args, &err), DOUBT_OK);
    assert_int_equal(args.count, 1);
}

static void wrong_lines_get_a_sentence(void **state)
{
    (void)state;
    static const char *const lines[][2] = {
        {"--bach 2", "unknown option --bach: did you mean \"--batch\"?"},
        {"--bach=2", "unknown option --bach: did you mean \"--batch\"?"},
        {"--zzz", "unknown option --zzz"},
        {"--d x", "unknown option --d"},
        {"-z", "unknown option -z"},
        {"-qz", "unknown option -z"},
        {"--batch 0", "--batch \"0\" is not a whole number from 1 to 64"},
        {"--batch 65", "--batch \"65\" is not a whole number from 1 to 64"},
        {"--batch 1.5", "--batch \"1.5\" is not a whole number from 1 to 64"},
        {"--batch=", "--batch \"\" is not a whole number from 1 to 64"},
        {"--batch 99999999999999999999", "is not a whole number"},
        {"--batch", "--batch needs a value: --batch N"},
        {"-b", "-b needs a value: -b N"},
        {"--quiet=1", "--quiet takes no value, but \"1\" was given"},
        {"--budget 3", "--budget: \"3\" is not a duration"},
        {"--seed xyz", "--seed \"xyz\" is not a number of up to 16 hexadecimal digits"},
        {"--seed 11112222333344445", "--seed"},
        {"--seed -1", "--seed \"-1\""},
        {"--memory-limit 5", "--memory-limit: \"5\" is not a size"},
        {"--precision i8", "--precision \"i8\" is unknown; accepted: f32, bf16"},
        {"--precision bf17",
         "--precision \"bf17\" is unknown: did you mean \"bf16\"? accepted: f32, bf16"},
        {"--network a,,b", "--network has an empty NAME"},
        {"--option=", "--option has an empty NAME=VALUE"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct values values;
        struct doubt_opt_args args;
        struct doubt_err err;
        assert_int_equal(parse(lines[i][0], &values, &args, &err), DOUBT_E_USAGE);
        if (strstr(err.text, lines[i][1]) == NULL)
            fail_msg("%s gives: %s", lines[i][0], err.text);
    }
}

static void lists_have_an_end(void **state)
{
    (void)state;
    struct values values;
    struct doubt_opt_args args;
    struct doubt_err err;
    char line[1024] = "";
    for (int i = 0; i <= DOUBT_OPT_LIST_MAX; i++)
        strcat(line, "-nx ");
    assert_int_equal(parse(line, &values, &args, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "more than 64 times"));
}

static void several_tables(void **state)
{
    (void)state;
    struct {
        bool json;
    } common = {false};
    static const struct doubt_opt more[] = {
        {"json", 0, NULL, DOUBT_OPT_FLAG, 0, NULL, "as JSON", 0, 0, NULL},
        {0},
    };
    struct values values;
    char *line[] = {strdup("--json"), strdup("--db"), strdup("x")};
    struct doubt_opt_args args = {3, line};
    const struct doubt_opt_set sets[] = {{rows, &values}, {more, &common}, {NULL, NULL}};
    assert_int_equal(doubt_opt_parse(sets, 3, &args, NULL), DOUBT_OK);
    assert_true(common.json);
    assert_string_equal(values.db, "x");
    char *wrong[] = {strdup("--jsn")};
    args = (struct doubt_opt_args){1, wrong};
    struct doubt_err err = {0};
    assert_int_equal(doubt_opt_parse(sets, 3, &args, &err), DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "did you mean \"--json\"?"));
    for (int i = 0; i < 3; i++)
        free(line[i]);
    free(wrong[0]);
}

static void help_has_every_row(void **state)
{
    (void)state;
    struct doubt_str out;
    doubt_str_init(&out, 1 << 16);
    doubt_opt_help(rows, 60, &out);
    for (const struct doubt_opt *row = rows; row->name != NULL; row++) {
        char name[64];
        snprintf(name, sizeof name, "--%s", row->name);
        assert_non_null(strstr(doubt_str_text(&out), name));
        assert_non_null(strstr(doubt_str_text(&out), row->help));
    }
    assert_non_null(strstr(doubt_str_text(&out), "which (f32, bf16) [f32]"));
    assert_non_null(strstr(doubt_str_text(&out), "  -b, --batch N"));
    for (const char *line = doubt_str_text(&out); *line != '\0'; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 60);
    doubt_str_clear(&out);
    doubt_opt_man(rows, &out);
    assert_non_null(
        strstr(doubt_str_text(&out), ".TP\n\\fB\\-b\\fR, \\fB\\-\\-batch\\fR \\fIN\\fR"));
    assert_non_null(strstr(doubt_str_text(&out), "\\-\\-memory\\-limit"));
    doubt_str_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(every_type),
        cmocka_unit_test(a_single_dash_is_an_operand),
        cmocka_unit_test(wrong_lines_get_a_sentence),
        cmocka_unit_test(lists_have_an_end),
        cmocka_unit_test(several_tables),
        cmocka_unit_test(help_has_every_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

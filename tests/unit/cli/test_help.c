/* test_help.c: texts made from the command table are complete. */
#include "cli/help.h"

#include "cli/cli_int.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct doubt_str text;

static int set_up(void **state)
{
    (void)state;
    doubt_str_init(&text, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    doubt_str_free(&text);
    return 0;
}

static void every_command_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; doubt_cmds[i] != NULL; i++) {
        const struct doubt_cmd *command = doubt_cmds[i];
        assert_ptr_equal(doubt_help_find(command->name, NULL), command);
        assert_true(strlen(command->summary) > 0 && strlen(command->summary) <= 64);
        assert_non_null(command->usage);
        assert_non_null(command->run);
        assert_non_null(command->examples);
        assert_non_null(command->examples[0].command);
        for (const struct doubt_cmd_example *e = command->examples; e->command != NULL; e++)
            assert_non_null(strstr(e->command, command->name));
    }
}

/* A letter or name may stand for one thing only. */
static void options_are_unambiguous(void **state)
{
    (void)state;
    for (size_t i = 0; doubt_cmds[i] != NULL; i++) {
        const struct doubt_opt *tables[] = {doubt_cmds[i]->options, doubti_cli_common_options};
        const struct doubt_opt *rows[128];
        size_t count = 0;
        for (size_t t = 0; t < 2; t++)
            for (const struct doubt_opt *row = tables[t]; row != NULL && row->name != NULL; row++)
                rows[count++] = row;
        for (size_t a = 0; a < count; a++) {
            assert_true(rows[a]->type == DOUBT_OPT_FLAG || rows[a]->argument != NULL);
            assert_true(strlen(rows[a]->help) > 0);
            for (size_t b = 0; b < a; b++) {
                assert_string_not_equal(rows[a]->name, rows[b]->name);
                assert_false(rows[a]->letter != 0 && rows[a]->letter == rows[b]->letter);
            }
        }
    }
}

static void the_nearest_command_is_named(void **state)
{
    (void)state;
    struct doubt_err err = {0};
    assert_null(doubt_help_find("chekc", &err));
    assert_int_equal(err.code, DOUBT_E_USAGE);
    assert_non_null(strstr(err.text, "did you mean \"check\"?"));
    memset(&err, 0, sizeof err);
    assert_null(doubt_help_find("zzzzzz", &err));
    assert_non_null(strstr(err.text, "doubt help lists them"));
}

static void pages_name_everything(void **state)
{
    (void)state;
    doubt_help_program(80, &text);
    for (size_t i = 0; doubt_cmds[i] != NULL; i++) {
        assert_non_null(strstr(doubt_str_text(&text), doubt_cmds[i]->summary));
        struct doubt_str own;
        doubt_str_init(&own, 1 << 20);
        doubt_help_command(doubt_cmds[i], 0, &own);
        const struct doubt_opt *row = doubt_cmds[i]->options;
        for (; row != NULL && row->name != NULL; row++) {
            char option[64];
            snprintf(option, sizeof option, "--%s", row->name);
            assert_non_null(strstr(doubt_str_text(&own), option));
        }
        assert_non_null(strstr(doubt_str_text(&own), doubt_cmds[i]->examples[0].command));
        assert_non_null(strstr(doubt_str_text(&own), "--json"));
        doubt_str_free(&own);
    }
}

static void lines_keep_to_the_width(void **state)
{
    (void)state;
    for (size_t i = 0; doubt_cmds[i] != NULL; i++)
        doubt_help_command(doubt_cmds[i], 90, &text);
    for (const char *line = doubt_str_text(&text); *line != '\0'; line = strchr(line, '\n') + 1)
        if (strcspn(line, "\n") > 90 && strncmp(line, "  doubt ", 8) != 0)
            fail_msg("%.*s", (int)strcspn(line, "\n"), line);
}

/* docs/doubt.1 is `doubt help --man`, written down. */
static void the_manual_page_is_fresh(void **state)
{
    (void)state;
    doubt_help_man(&text);
    static char kept[1 << 20];
    FILE *file = fopen(DOUBT_SOURCE "/docs/doubt.1", "r");
    assert_non_null(file);
    size_t size = fread(kept, 1, sizeof kept - 1, file);
    kept[size] = '\0';
    fclose(file);
    if (strcmp(kept, doubt_str_text(&text)) != 0)
        fail_msg("docs/doubt.1 is stale: build/doubt help --man > docs/doubt.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_whole),
        cmocka_unit_test(options_are_unambiguous),
        cmocka_unit_test(the_nearest_command_is_named),
        cmocka_unit_test_setup_teardown(pages_name_everything, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_keep_to_the_width, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_manual_page_is_fresh, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* cmd_help.c: `doubt help`: the table of commands, one command's page, or the manual page.
 *
 * A unit of work is one text, made from the rows of cmd.c; nothing is written here twice. Not for
 * the documentation of formats and methods: that is docs/.
 */
#include "cli/cli_int.h"
#include "cli/help.h"
#include "report/json.h"

#include <stddef.h>
#include <stdio.h>

struct values {
    bool man;
};

static const struct doubt_opt options[] = {
    {"man", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, man), NULL,
     "write the manual page doubt(1) as man(7) source", 0, 0, NULL},
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt help check", "what `doubt check` does, and its options"},
    {"doubt help --man | man -l -", "everything, as one manual page"},
    {NULL, NULL},
};

int doubti_cli_show_help(const struct doubt_cli *cli, const struct doubt_cmd *command)
{
    struct doubt_err err = {0};
    struct doubt_str out;
    doubt_str_init(&out, 1 << 20);
    if (cli->common.json) {
        json_t *json = doubt_help_json(command);
        if (json == NULL)
            doubt_err_set(&err, DOUBT_E_MEMORY, "out of memory for the help");
        else
            doubt_json_format(json, &out, &err);
        json_decref(json);
    } else if (command != NULL) {
        doubt_help_command(command, cli->width, &out);
    } else {
        doubt_help_program(cli->width, &out);
    }
    if (err.code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return err.code == DOUBT_OK ? DOUBT_EXIT_OK : doubt_cli_fail(cli, &err);
}

static int show_man(void)
{
    struct doubt_str out;
    doubt_str_init(&out, 1 << 20);
    doubt_help_man(&out);
    doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return DOUBT_EXIT_OK;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    if (doubt_cli_options(cli, &values, 1, &args, &err) != DOUBT_OK)
        return doubt_cli_fail(cli, &err);
    const struct doubt_cmd *command = NULL;
    if (args.count == 1)
        command = doubt_help_find(args.items[0], &err);
    if (err.code == DOUBT_OK && values.man && (cli->common.json || command != NULL))
        doubt_err_set(&err, DOUBT_E_USAGE,
                      "--man is one page of all commands, as man(7) source: %s",
                      command != NULL ? "leave the command out" : "leave --json out");
    if (err.code != DOUBT_OK)
        return doubt_cli_fail(cli, &err);
    return values.man ? show_man() : doubti_cli_show_help(cli, command);
}

const struct doubt_cmd doubt_cmd_help = {
    .name = "help",
    .summary = "what the commands do and take",
    .usage = "[COMMAND]",
    .examples = examples,
    .options = options,
    .run = run,
};

/* cmd_help.c: `doubt help`: the table of commands, one command's page, or the manual page.
 *
 * A unit of work is one text, made from the rows of cmd.c; nothing is written here twice. Not for
 * the documentation of formats and methods: that is docs/.
 */
#include "cli/cmd.h"
#include "cli/help.h"

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

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    if (doubt_cli_options(cli, &values, 1, &args, &err) != DOUBT_OK)
        return doubt_cli_fail(cli, &err);
    struct doubt_str out;
    doubt_str_init(&out, 1 << 20);
    const struct doubt_cmd *command = NULL;
    if (args.count == 1 && (command = doubt_help_find(args.items[0], &err)) == NULL) {
        doubt_str_free(&out);
        return doubt_cli_fail(cli, &err);
    }
    if (values.man)
        doubt_help_man(&out);
    else if (command != NULL)
        doubt_help_command(command, cli->width, &out);
    else
        doubt_help_program(cli->width, &out);
    doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return DOUBT_EXIT_OK;
}

const struct doubt_cmd doubt_cmd_help = {
    .name = "help",
    .summary = "what the commands do and take",
    .usage = "[COMMAND]",
    .examples = examples,
    .options = options,
    .run = run,
};

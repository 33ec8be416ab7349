/* help.h: texts made from the command table: help of the program, of a command, the manual page.
 *
 * A unit of work is one text, appended to a string. Not for printing.
 */
#ifndef DOUBT_CLI_HELP_H
#define DOUBT_CLI_HELP_H

#include "cli/cmd.h"
#include <jansson.h>

/* The row of that name; NULL with DOUBT_E_USAGE and the nearest name in the sentence. */
const struct doubt_cmd *doubt_help_find(const char *name, struct doubt_err *err);

/* width 0: 100 columns. */
void doubt_help_program(size_t width, struct doubt_str *out);
void doubt_help_command(const struct doubt_cmd *command, size_t width, struct doubt_str *out);
void doubt_help_man(struct doubt_str *out);

/* The same as JSON: {"commands": [...], "options": [...], "exit_status": [...], "environment":
 * [...]}, or one command: {"name", "summary", "usage", "details", "examples", "options"}. NULL when
 * out of memory. */
json_t *doubt_help_json(const struct doubt_cmd *command);

#endif

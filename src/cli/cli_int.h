/* cli_int.h: what the files of the command line share and no command needs. */
#ifndef DOUBT_CLI_INT_H
#define DOUBT_CLI_INT_H

#include "cli/cmd.h"

/* Rows over struct doubt_cli_common. */
extern const struct doubt_opt doubti_cli_common_options[];

/* Prints the help of a command, of the program for NULL, as text or JSON; the exit status. */
int doubti_cli_show_help(const struct doubt_cli *cli, const struct doubt_cmd *command);

#endif

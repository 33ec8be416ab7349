/* cmd.c: the table of subcommands, and nothing else. One line per cmd_*.c. */
#include "cli/cmd.h"

#include <stddef.h>

const struct doubt_cmd *const doubt_cmds[] = {
    &doubt_cmd_check,
    &doubt_cmd_run,
    &doubt_cmd_compare,
    &doubt_cmd_networks,
    &doubt_cmd_claims,
    &doubt_cmd_engines,
    &doubt_cmd_doctor,
    &doubt_cmd_history,
    &doubt_cmd_judge,
    &doubt_cmd_import,
    &doubt_cmd_device,
    &doubt_cmd_help,
    NULL,
};

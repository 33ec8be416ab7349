/* cli_int.h: what the files of the command line share and no command needs. */
#ifndef DOUBT_CLI_INT_H
#define DOUBT_CLI_INT_H

#include "util/opt.h"

/* Rows over struct doubt_cli_common. */
extern const struct doubt_opt doubti_cli_common_options[];

#endif

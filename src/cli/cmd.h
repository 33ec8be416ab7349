/* cmd.h: what a subcommand is, and what main() hands to it.
 *
 * A unit of work is one command: one row (name, summary, usage, examples, options, function) in one
 * file cmd_NAME.c, and one line in the table of cmd.c. Help, the manual page and near-miss
 * suggestions are made from the rows. A command prints results on stdout, and sentences about what
 * went wrong on stderr by doubt_cli_fail(). Not for anything that another program could use:
 * that belongs on a lower floor.
 */
#ifndef DOUBT_CLI_CMD_H
#define DOUBT_CLI_CMD_H

#include "util/opt.h"
#include <doubt/err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

enum doubt_exit {
    DOUBT_EXIT_OK = 0,           /* every judged claim holds or exceeds, or none was judged */
    DOUBT_EXIT_FALLS_SHORT = 1,  /* one falls short */
    DOUBT_EXIT_USAGE = 2,        /* wrong usage or unreadable input */
    DOUBT_EXIT_INCONCLUSIVE = 3, /* no conclusion, or interrupted before one */
    DOUBT_EXIT_FAILED = 4,       /* a measurement failed, or its result could not be written */
    DOUBT_EXIT_MACHINE = 5       /* the machine could not be set or put back */
};

/* Options of every command. */
struct doubt_cli_common {
    bool help, json, quiet;
};

struct doubt_cli {
    const struct doubt_cmd *command;   /* the one that runs */
    const char *command_line;          /* as typed, for the record */
    struct doubt_cli_common common;    /* set by doubt_cli_options() */
    bool color;                        /* escape sequences are welcome on stdout */
    bool live;                         /* stderr is a terminal: a progress line may be redrawn */
    size_t width;                      /* columns of stdout; 0: not a terminal, no limit */
    const volatile sig_atomic_t *stop; /* non-zero after SIGINT, SIGTERM or SIGHUP, once
                                          doubt_cli_catch_signals() was called */
};

/* The row of a command that prints a table, for the member wide of its struct values; then its run()
 * sets cli->width to 0. */
#define DOUBT_CMD_WIDE                                                                             \
    {                                                                                              \
        "wide", 'W', NULL, DOUBT_OPT_FLAG, offsetof(struct values, wide), NULL,                    \
            "every column of the table, however narrow the terminal", 0, 0, NULL                   \
    }

struct doubt_cmd_example {
    const char *command; /* "doubt check --budget 3m"; NULL ends a list */
    const char *meaning;
};

struct doubt_cmd {
    const char *name;
    const char *summary; /* one line */
    const char *usage;   /* what follows "doubt NAME": "[CLAIM-SET]"; "" for nothing */
    const char *details; /* paragraphs for help and manual; may be NULL */
    const struct doubt_cmd_example *examples;
    const struct doubt_opt *options; /* its own; NULL for none */
    /* argc, argv: what follows the command's name. Returns an enum doubt_exit. */
    int (*run)(struct doubt_cli *cli, int argc, char **argv);
};

/* NULL-terminated, in the order of the help. */
extern const struct doubt_cmd *const doubt_cmds[];

/* Reads a command's options into its struct and the common ones into cli, by the rows of
 * cli->command. args: in, argc and argv of run(); out, the operands, at most operands_max. */
enum doubt_code doubt_cli_options(struct doubt_cli *cli, void *values, int operands_max,
                                  struct doubt_opt_args *args, struct doubt_err *err);

/* Prints "doubt: SENTENCE" on stderr and gives the exit status that goes with the code. */
int doubt_cli_fail(const struct doubt_cli *cli, const struct doubt_err *err);

/* Writes a result on stdout; a failure is noticed at the end of the program. */
void doubt_cli_print(const char *text);

/* One plain sentence on stderr, unless --quiet. */
void doubt_cli_say(const struct doubt_cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* From here on SIGINT, SIGTERM and SIGHUP set *cli->stop instead of ending the program; another
 * one, more than a second later, ends it. */
void doubt_cli_catch_signals(struct doubt_cli *cli);

/* The whole program after the worker's dispatch; the exit status. */
int doubt_cli_main(int argc, char **argv);

/* The rows. */
extern const struct doubt_cmd doubt_cmd_check, doubt_cmd_run, doubt_cmd_compare, doubt_cmd_networks,
    doubt_cmd_claims, doubt_cmd_engines, doubt_cmd_doctor, doubt_cmd_history, doubt_cmd_judge,
    doubt_cmd_import, doubt_cmd_device, doubt_cmd_help;

#endif

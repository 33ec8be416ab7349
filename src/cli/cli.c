/* cli.c: the frame of the program: finds the command, hands over the terminal, keeps the promises
 * about stdout and signals. See cmd.h.
 *
 * A unit of work is one invocation. Not for anything that one command alone needs.
 */
#include "cli/cli_int.h"
#include "cli/cmd.h"
#include "cli/help.h"
#include "cli/prepare.h"
#include "report/json.h"

#include <doubt/version.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

const struct doubt_opt doubti_cli_common_options[] = {
    {"help", 'h', NULL, DOUBT_OPT_FLAG, offsetof(struct doubt_cli_common, help), NULL, "this text",
     0, 0, NULL},
    {"json", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct doubt_cli_common, json), NULL,
     "print one JSON document and nothing else on standard output", 0, 0, NULL},
    {"quiet", 'q', NULL, DOUBT_OPT_FLAG, offsetof(struct doubt_cli_common, quiet), NULL,
     "no progress and no remarks on standard error; errors stay", 0, 0, NULL},
    {0},
};

/* --- sentences ------------------------------------------------------------------------------ */

static int exit_of_code(enum doubt_code code)
{
    switch (code) {
    case DOUBT_OK:
        return DOUBT_EXIT_OK;
    case DOUBT_E_ENGINE:
    case DOUBT_E_OUTPUT:
    case DOUBT_E_TIMEOUT:
    case DOUBT_E_MEMORY:
    case DOUBT_E_SYSTEM:
        return DOUBT_EXIT_FAILED;
    case DOUBT_E_INTERRUPTED:
        return DOUBT_EXIT_INCONCLUSIVE;
    default:
        return DOUBT_EXIT_USAGE;
    }
}

/* Of stdout: errno of the first write that failed, and whether anything was written. */
static int stdout_errno;
static bool printed;

/* A reader of JSON gets one document, also when there is no result. */
static void print_error_json(const struct doubt_err *err)
{
    struct doubt_str out;
    json_t *json = doubt_json_error(err);
    doubt_str_init(&out, 1 << 16);
    if (json != NULL && doubt_json_format(json, &out, NULL) == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    json_decref(json);
    doubt_str_free(&out);
}

int doubt_cli_fail(const struct doubt_cli *cli, const struct doubt_err *err)
{
    if (cli->common.json && !printed)
        print_error_json(err);
    fflush(stdout);
    const char *text = err->text[0] != '\0' ? err->text : doubt_code_text(err->code);
    fprintf(stderr, "doubt: %s\n", text);
    return exit_of_code(err->code);
}

void doubt_cli_print(const char *text)
{
    errno = 0;
    printed = true;
    if ((fputs(text, stdout) == EOF || fflush(stdout) != 0) && stdout_errno == 0)
        stdout_errno = errno;
}

void doubt_cli_say(const struct doubt_cli *cli, const char *format, ...)
{
    if (cli->common.quiet)
        return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* --- options -------------------------------------------------------------------------------- */

enum doubt_code doubt_cli_options(struct doubt_cli *cli, void *values, int operands_max,
                                  struct doubt_opt_args *args, struct doubt_err *err)
{
    const struct doubt_opt_set sets[] = {
        {cli->command->options, values},
        {doubti_cli_common_options, &cli->common},
    };
    bool wants_json = cli->common.json;
    enum doubt_code code = doubt_opt_parse(sets, 2, args, err);
    if (code == DOUBT_OK && args->count > operands_max)
        code = doubt_err_set(err, DOUBT_E_USAGE, "\"%s\" is one word too many",
                             args->items[operands_max]);
    /* Where parsing ended early, the option may stand behind. */
    if (code != DOUBT_OK)
        cli->common.json = cli->common.json || wants_json;
    if (code == DOUBT_E_USAGE) {
        size_t used = strlen(err->text);
        snprintf(err->text + used, sizeof err->text - used,
                 "%s doubt %s --help lists what it takes",
                 used > 0 && err->text[used - 1] == '?' ? "" : ";", cli->command->name);
    }
    return code;
}

/* --help and --json count wherever they stand, even beside wrong options. */
static bool has_word(int argc, char **argv, const char *word)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

/* --- signals -------------------------------------------------------------------------------- */

static volatile sig_atomic_t stop_asked;
static volatile sig_atomic_t stop_asked_at; /* seconds */

/* A second signal takes its usual way, unless it comes with the first: timeout(1) and sudo(8) send
 * theirs to the process and to its group. */
static void on_signal(int number)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    sig_atomic_t second = (sig_atomic_t)(now.tv_sec % 1000000);
    if (!stop_asked) {
        stop_asked_at = second;
        stop_asked = 1;
    } else if (second - stop_asked_at > 1 || second < stop_asked_at) {
        signal(number, SIG_DFL);
        raise(number);
    }
}

void doubt_cli_catch_signals(struct doubt_cli *cli)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction action = {.sa_handler = on_signal}, old;
        sigemptyset(&action.sa_mask);
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
    cli->stop = &stop_asked;
}

/* --- the frame ------------------------------------------------------------------------------ */

/* Widths of columns need a locale that knows UTF-8; "C" alone does not. */
static void set_locale(void)
{
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0';
}

static void look_at_terminal(struct doubt_cli *cli)
{
    const char *terminal = getenv("TERM");
    bool dumb = terminal == NULL || strcmp(terminal, "dumb") == 0;
    struct winsize size = {0};
    if (isatty(STDOUT_FILENO)) {
        cli->color = !dumb && !is_set("NO_COLOR");
        cli->width = 80;
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
            cli->width = size.ws_col;
    }
    cli->live = isatty(STDERR_FILENO) && !dumb;
}

/* The words joined by spaces; those with other characters than plain ones in single quotes. */
static char *join_command_line(int argc, char **argv)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_=./,:+@%";
    struct doubt_str out;
    doubt_str_init(&out, 1 << 16);
    doubt_str_add(&out, "doubt");
    for (int i = 1; i < argc; i++) {
        bool bare = argv[i][0] != '\0' && argv[i][strspn(argv[i], plain)] == '\0';
        doubt_str_addf(&out, bare ? " %s" : " '%s'", argv[i]);
    }
    if (out.failed) {
        doubt_str_free(&out);
        return strdup("doubt ...");
    }
    return out.data;
}

/* Wrong usage: what there is to use, on stderr. */
static int show_usage(const struct doubt_cli *cli)
{
    struct doubt_err err = {0};
    struct doubt_str out;
    if (cli->common.json) {
        doubt_err_set(&err, DOUBT_E_USAGE, "no command is given; doubt help lists them");
        return doubt_cli_fail(cli, &err);
    }
    doubt_str_init(&out, 1 << 20);
    doubt_help_program(cli->width, &out);
    fputs(doubt_str_text(&out), stderr);
    doubt_str_free(&out);
    return DOUBT_EXIT_USAGE;
}

static int show_version(const struct doubt_cli *cli)
{
    doubt_cli_print(cli->common.json ? "{\"version\": \"" DOUBT_VERSION "\"}\n"
                                     : "doubt " DOUBT_VERSION "\n");
    return DOUBT_EXIT_OK;
}

static int dispatch(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    cli->common.json = has_word(argc - 1, argv + 1, "--json");
    bool only_json = argc == 2 && cli->common.json;
    if (argc < 2 || only_json)
        return show_usage(cli);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return doubti_cli_show_help(cli, NULL);
    if (strcmp(argv[1], "--version") == 0)
        return show_version(cli);
    if (argv[1][0] == '-') {
        doubt_err_set(&err, DOUBT_E_USAGE,
                      "%s stands before the command; write doubt COMMAND [OPTIONS], doubt help "
                      "lists the commands",
                      argv[1]);
        return doubt_cli_fail(cli, &err);
    }
    cli->command = doubt_help_find(argv[1], &err);
    if (cli->command == NULL)
        return doubt_cli_fail(cli, &err);
    if (has_word(argc - 2, argv + 2, "--help") || has_word(argc - 2, argv + 2, "-h"))
        return doubti_cli_show_help(cli, cli->command);
    if (cli->command != &doubt_cmd_device && cli->command != &doubt_cmd_help)
        doubt_prepare_recover(cli);
    return cli->command->run(cli, argc - 2, argv + 2);
}

/* SIGPIPE is ignored while there is something to finish: a series is kept, a machine put back. */
static void (*usual_pipe)(int);

/* A reader that went away has read what it wanted (doubt ... | head): the end is that of other
 * programs, by SIGPIPE and without a word. Returns where whoever started us ignores that signal. */
static void end_by_pipe(int number)
{
    if (number != EPIPE || usual_pipe != SIG_DFL)
        return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

/* A full disk or a closed pipe shows at the latest here. */
static int close_stdout(int status)
{
    int failed = ferror(stdout);
    errno = 0;
    if (fclose(stdout) == 0 && !failed)
        return status;
    int number = stdout_errno != 0 ? stdout_errno : errno;
    end_by_pipe(number);
    fprintf(stderr, "doubt: cannot write to standard output: %s\n",
            number != 0 ? strerror(number) : "an earlier write failed");
    return DOUBT_EXIT_FAILED;
}

int doubt_cli_main(int argc, char **argv)
{
    static const volatile sig_atomic_t never = 0;
    struct doubt_cli cli = {.stop = &never};
    usual_pipe = signal(SIGPIPE, SIG_IGN);
    set_locale();
    look_at_terminal(&cli);
    char *command_line = join_command_line(argc, argv);
    cli.command_line = command_line != NULL ? command_line : "doubt ...";
    int status = close_stdout(dispatch(&cli, argc, argv));
    free(command_line);
    return status;
}

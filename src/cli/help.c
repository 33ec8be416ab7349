/* help.c: see help.h. */
#include "cli/help.h"

#include "cli/cli_int.h"

#include <doubt/version.h>
#include <stdlib.h>
#include <string.h>

static const char what_it_is[] =
    "doubt measures neural-network inference on this machine and says, with a stated error rate, "
    "whether a published figure holds here.";

/* Status, meaning: help and manual page. */
static const struct {
    const char *status, *meaning;
} exits[] = {
    {"0", "every judged claim holds or exceeds, or none was judged"},
    {"1", "a claim falls short, or a comparison fails its --fail-if"},
    {"2", "wrong usage or unreadable input"},
    {"3", "inconclusive, or interrupted"},
    {"4", "a measurement failed, or its result could not be written"},
    {"5", "the machine could not be set or put back"},
    {"141", "ended by SIGPIPE, as a shell tells it: the reader of standard output went away "
            "(doubt ... | head); what was measured is kept"},
};

static const struct {
    const char *name, *meaning;
} variables[] = {
    {"DOUBT_ENGINE_PATH", "folders with engine plug-ins, separated by colons"},
    {"DOUBT_PRIVATE", "folder that holds the libraries of engines, one unpacked wheel each"},
    {"NO_COLOR", "when set and not empty: no colour"},
    {"XDG_CACHE_HOME", "written networks are kept in its folder doubt/networks"},
    {"XDG_CONFIG_HOME", "your claim sets lie in its folder doubt/claims"},
    {"XDG_DATA_HOME", "every series is kept in its file doubt/doubt.db"},
};

enum { EXIT_COUNT = sizeof exits / sizeof exits[0] };
enum { VARIABLE_COUNT = sizeof variables / sizeof variables[0] };

const struct doubt_cmd *doubt_help_find(const char *name, struct doubt_err *err)
{
    enum { COMMANDS_MAX = 64 };
    const char *names[COMMANDS_MAX + 1];
    size_t count = 0;
    for (; doubt_cmds[count] != NULL && count < COMMANDS_MAX; count++) {
        if (strcmp(doubt_cmds[count]->name, name) == 0)
            return doubt_cmds[count];
        names[count] = doubt_cmds[count]->name;
    }
    names[count] = NULL;
    doubt_err_set(err, DOUBT_E_USAGE, "unknown command \"%.100s\"%s doubt help lists them", name,
                  doubt_str_hint(name, names, "").text);
    return NULL;
}

/* "  left      right", wrapped. */
static void pair(struct doubt_str *out, const char *left, size_t column, const char *right,
                 size_t width)
{
    doubt_str_addf(out, "  %-*s", (int)column - 2, left);
    if (strlen(left) + 4 > column)
        doubt_str_addf(out, "\n%*s", (int)column, "");
    doubt_str_wrap(out, right, column, width);
}

void doubt_help_program(size_t width, struct doubt_str *out)
{
    doubt_str_wrap(out, what_it_is, 0, width);
    doubt_str_add(out, "\nusage: doubt COMMAND [OPTIONS] ...\n\n");
    for (size_t i = 0; doubt_cmds[i] != NULL; i++)
        pair(out, doubt_cmds[i]->name, 14, doubt_cmds[i]->summary, width);
    doubt_str_add(out, "\nEvery command takes --help, --json and --quiet; doubt --version gives "
                       "the version.\n\nexit status\n");
    for (size_t i = 0; i < EXIT_COUNT; i++)
        pair(out, exits[i].status, 7, exits[i].meaning, width);
}

/* Paragraphs are separated by newlines. */
static void paragraphs(struct doubt_str *out, const char *text, size_t width)
{
    while (*text != '\0') {
        size_t bytes = strcspn(text, "\n");
        struct doubt_str one;
        doubt_str_init(&one, bytes);
        doubt_str_add_bytes(&one, text, bytes);
        doubt_str_add(out, "\n");
        doubt_str_wrap(out, doubt_str_text(&one), 0, width);
        doubt_str_free(&one);
        text += bytes;
        text += *text == '\n';
    }
}

void doubt_help_command(const struct doubt_cmd *command, size_t width, struct doubt_str *out)
{
    doubt_str_addf(out, "doubt %s: ", command->name);
    doubt_str_wrap(out, command->summary, 0, width);
    doubt_str_addf(out, "\nusage: doubt %s [OPTIONS]%s%s\n", command->name,
                   command->usage[0] != '\0' ? " " : "", command->usage);
    if (command->details != NULL)
        paragraphs(out, command->details, width);
    doubt_str_add(out, "\nexamples\n");
    for (const struct doubt_cmd_example *e = command->examples; e->command != NULL; e++) {
        doubt_str_addf(out, "  %s\n      ", e->command);
        doubt_str_wrap(out, e->meaning, 6, width);
    }
    doubt_str_add(out, "\noptions\n");
    doubt_opt_help(command->options, width, out);
    doubt_opt_help(doubti_cli_common_options, width, out);
}

/* --- manual page ---------------------------------------------------------------------------- */

static void man_section(struct doubt_str *out, const char *title, const char *text)
{
    doubt_str_addf(out, ".SH %s\n", title);
    if (text != NULL) {
        doubt_str_add_man(out, text);
        doubt_str_add(out, "\n");
    }
}

static void man_entry(struct doubt_str *out, const char *tag, const char *text)
{
    doubt_str_add(out, ".TP\n\\fB");
    doubt_str_add_man(out, tag);
    doubt_str_add(out, "\\fR\n");
    doubt_str_add_man(out, text);
    doubt_str_add(out, "\n");
}

static void man_command(struct doubt_str *out, const struct doubt_cmd *command)
{
    doubt_str_add(out, ".SS \"doubt ");
    doubt_str_add_man(out, command->name);
    if (command->usage[0] != '\0') {
        doubt_str_add(out, " ");
        doubt_str_add_man(out, command->usage);
    }
    doubt_str_add(out, "\"\n");
    doubt_str_add_man(out, command->summary);
    doubt_str_add(out, ".\n");
    const char *text = command->details != NULL ? command->details : "";
    while (*text != '\0') {
        size_t bytes = strcspn(text, "\n");
        struct doubt_str one;
        doubt_str_init(&one, bytes);
        doubt_str_add_bytes(&one, text, bytes);
        doubt_str_add(out, ".PP\n");
        doubt_str_add_man(out, doubt_str_text(&one));
        doubt_str_add(out, "\n");
        doubt_str_free(&one);
        text += bytes;
        text += *text == '\n';
    }
    doubt_opt_man(command->options, out);
}

static void man_examples(struct doubt_str *out)
{
    man_section(out, "EXAMPLES", NULL);
    for (size_t i = 0; doubt_cmds[i] != NULL; i++)
        for (const struct doubt_cmd_example *e = doubt_cmds[i]->examples; e->command != NULL; e++)
            man_entry(out, e->command, e->meaning);
}

void doubt_help_man(struct doubt_str *out)
{
    doubt_str_addf(out,
                   ".\\\" Made by `doubt help --man`; do not edit.\n"
                   ".TH DOUBT 1 \"\" \"doubt %s\" \"User Commands\"\n",
                   DOUBT_VERSION);
    man_section(out, "NAME", "doubt - does a published inference figure hold on this machine?");
    man_section(out, "SYNOPSIS", NULL);
    doubt_str_add(out, "\\fBdoubt\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR] ...\n");
    man_section(out, "DESCRIPTION", what_it_is);
    man_section(out, "COMMANDS", NULL);
    for (size_t i = 0; doubt_cmds[i] != NULL; i++)
        man_command(out, doubt_cmds[i]);
    man_section(out, "OPTIONS OF EVERY COMMAND", NULL);
    doubt_opt_man(doubti_cli_common_options, out);
    man_section(out, "EXIT STATUS", NULL);
    for (size_t i = 0; i < EXIT_COUNT; i++)
        man_entry(out, exits[i].status, exits[i].meaning);
    man_section(out, "ENVIRONMENT", NULL);
    for (size_t i = 0; i < VARIABLE_COUNT; i++)
        man_entry(out, variables[i].name, variables[i].meaning);
    man_examples(out);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static json_t *text_json(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static json_t *option_json(const struct doubt_opt *row)
{
    static const char *const types[] = {
        [DOUBT_OPT_FLAG] = "flag",         [DOUBT_OPT_TEXT] = "text",
        [DOUBT_OPT_INT] = "integer",       [DOUBT_OPT_HEX] = "hexadecimal",
        [DOUBT_OPT_DURATION] = "duration", [DOUBT_OPT_BYTES] = "size",
        [DOUBT_OPT_CHOICE] = "choice",     [DOUBT_OPT_LIST] = "list",
        [DOUBT_OPT_NAMES] = "names",
    };
    const char letter[2] = {row->letter, '\0'};
    json_t *choices = row->type == DOUBT_OPT_CHOICE ? json_array() : json_null();
    for (size_t i = 0; row->type == DOUBT_OPT_CHOICE && row->choices[i] != NULL; i++)
        json_array_append_new(choices, json_string(row->choices[i]));
    bool whole = row->type == DOUBT_OPT_INT;
    return json_pack("{s:s, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "name", row->name, "letter",
                     text_json(row->letter != 0 ? letter : NULL), "argument",
                     text_json(row->argument), "type", types[row->type], "help", row->help,
                     "default", text_json(row->fallback), "choices", choices, "min",
                     whole ? json_integer(row->min) : json_null(), "max",
                     whole ? json_integer(row->max) : json_null());
}

static json_t *options_json(const struct doubt_opt *rows)
{
    json_t *list = json_array();
    for (; list != NULL && rows != NULL && rows->name != NULL; rows++)
        json_array_append_new(list, option_json(rows));
    return list;
}

static json_t *command_json(const struct doubt_cmd *command)
{
    json_t *examples = json_array();
    for (const struct doubt_cmd_example *e = command->examples; e->command != NULL; e++)
        json_array_append_new(
            examples, json_pack("{s:s, s:s}", "command", e->command, "meaning", e->meaning));
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "name", command->name, "summary",
                     command->summary, "usage", command->usage, "details",
                     text_json(command->details), "examples", examples, "options",
                     options_json(command->options));
}

json_t *doubt_help_json(const struct doubt_cmd *command)
{
    if (command != NULL)
        return command_json(command);
    json_t *commands = json_array(), *exit_list = json_array(), *environment = json_array();
    for (size_t i = 0; doubt_cmds[i] != NULL; i++)
        json_array_append_new(commands, command_json(doubt_cmds[i]));
    for (size_t i = 0; i < EXIT_COUNT; i++)
        json_array_append_new(exit_list, json_pack("{s:i, s:s}", "status", atoi(exits[i].status),
                                                   "meaning", exits[i].meaning));
    for (size_t i = 0; i < VARIABLE_COUNT; i++)
        json_array_append_new(environment, json_pack("{s:s, s:s}", "name", variables[i].name,
                                                     "meaning", variables[i].meaning));
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "version", DOUBT_VERSION, "summary",
                     what_it_is, "commands", commands, "options",
                     options_json(doubti_cli_common_options), "exit_status", exit_list,
                     "environment", environment);
}

/* cmd_device.c: `doubt device`: what this machine is, what can be read of it and set on it.
 *
 * A unit of work is one word: show (device_show.c), set and restore (device_set.c). Not for
 * measuring.
 */
#include "cli/device.h"

#include <stddef.h>
#include <string.h>

static const struct doubt_opt options[] = {
    {"periods", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct doubt_device_values, periods), NULL,
     "show: watch every sensor for 5 seconds and say how often it updates", 0, 0, NULL},
    {"wide", 'W', NULL, DOUBT_OPT_FLAG, offsetof(struct doubt_device_values, wide), NULL,
     "show: every column, whatever the terminal's width, and a row for what is not available too",
     0, 0, NULL},
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt device show", "board, chips, releases; every sensor and every setting, with values"},
    {"doubt device show --periods", "and how often each sensor really updates"},
    {"sudo doubt device set mode=0 clocks=on", "a Jetson's power mode 0 with locked clocks"},
    {"sudo doubt device restore", "everything as it was before"},
    {NULL, NULL},
};

enum { WORDS_MAX = 17 };

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct doubt_device_values values;
    struct doubt_opt_args args = {argc, argv};
    enum doubt_code code = doubt_cli_options(cli, &values, WORDS_MAX, &args, &err);
    const char *word = args.count > 0 ? args.items[0] : "show";
    static const char *const words[] = {"show", "set", "restore", NULL};
    bool set = strcmp(word, "set") == 0, restore = strcmp(word, "restore") == 0;
    if (code == DOUBT_OK && !set && !restore && strcmp(word, "show") != 0)
        code = doubt_err_set(&err, DOUBT_E_USAGE,
                             "\"%.60s\" is no word of doubt device%s the words are show, set, "
                             "restore",
                             word, doubt_str_hint(word, words, "").text);
    if (code == DOUBT_OK && !set && args.count > 1)
        code = doubt_err_set(&err, DOUBT_E_USAGE,
                             "\"%.60s\" is one word too many; doubt device "
                             "--help lists what it takes",
                             args.items[1]);
    if (code == DOUBT_OK && (set || restore) && (values.periods || values.wide))
        code = doubt_err_set(&err, DOUBT_E_USAGE, "--%s belongs to doubt device show: leave it out",
                             values.periods ? "periods" : "wide");
    if (code != DOUBT_OK)
        return doubt_cli_fail(cli, &err);
    if (set)
        return doubt_device_set(cli, (struct doubt_opt_args){args.count - 1, args.items + 1});
    if (restore)
        return doubt_device_restore(cli);
    return doubt_device_show(cli, &values);
}

const struct doubt_cmd doubt_cmd_device = {
    .name = "device",
    .summary = "this machine: what it is, its sensors and settings",
    .usage = "[show | set KNOB=VALUE... | restore]",
    .details =
        "Shows what this machine is, every sensor (probe) and every setting (knob), each with "
        "its value, unit and path; then, by reason, what cannot be read here. Nothing is "
        "changed.\nset turns knobs, in the right order and read back; what was there before is "
        "written down first, and restore puts it back. A value out of range is refused before "
        "anything is changed.\nWith DOUBT_ROOT=FOLDER the files of another machine are read below "
        "that "
        "folder.",
    .examples = examples,
    .options = options,
    .run = run,
};

/* device_set.c: `doubt device set` and `doubt device restore`: knobs turned until they are put
 * back.
 *
 * A unit of work is one command line: all knobs are checked before the first is set, and when one
 * does not take all are put back. What was there before stays in the journal until restore. Not for
 * setting around a measurement: prepare.c.
 */
#include "cli/device.h"
#include "cli/prepare.h"
#include "machine/probe.h"
#include "machine/putback.h"
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

enum { KNOBS_MAX = 16 };

struct order {
    const struct doubt_knob *knob;
    const char *value;
    struct doubt_knob_reading before;
    bool changed;
};

static int fail(const struct doubt_cli *cli, const struct doubt_err *err)
{
    struct doubt_err whole = *err;
    if (strstr(err->text, "needs root") != NULL)
        snprintf(whole.text, sizeof whole.text, "%.700s: `sudo %.200s`", err->text,
                 cli->command_line);
    int status = doubt_cli_fail(cli, &whole);
    return err->code == DOUBT_E_USAGE ? status : DOUBT_EXIT_MACHINE;
}

/* --- set -------------------------------------------------------------------------------------- */

/* "mode=0" */
static enum doubt_code parse(char *word, struct order *order, struct doubt_err *err)
{
    char *equals = strchr(word, '=');
    if (equals == NULL || equals[1] == '\0')
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "\"%.60s\" is no KNOB=VALUE, as mode=0; `doubt device show` lists the "
                             "knobs",
                             word);
    *equals = '\0';
    enum doubt_code code = doubt_knob_find(word, &order->knob, err);
    *equals = '=';
    order->value = equals + 1;
    return code;
}

/* Into the order of setting, each knob once. */
static enum doubt_code parse_all(struct doubt_opt_args words, struct order *orders, size_t *count,
                                 struct doubt_err *err)
{
    struct order given[KNOBS_MAX] = {{.knob = NULL}};
    enum doubt_code code = DOUBT_OK;
    *count = 0;
    if (words.count == 0 || words.count > KNOBS_MAX)
        return doubt_err_set(err, DOUBT_E_USAGE, "doubt device set takes 1 to %d KNOB=VALUE",
                             KNOBS_MAX);
    for (int i = 0; code == DOUBT_OK && i < words.count; i++)
        code = parse(words.items[i], &given[i], err);
    for (const struct doubt_knob *knob = doubt_knobs; code == DOUBT_OK && knob->name; knob++) {
        size_t before = *count;
        for (int i = 0; i < words.count; i++)
            if (given[i].knob == knob)
                orders[(*count)++] = given[i];
        if (*count - before > 1)
            code = doubt_err_set(err, DOUBT_E_USAGE, "%s is given twice", knob->name);
    }
    return code;
}

static enum doubt_code check_all(struct order *orders, size_t count, struct doubt_err *err)
{
    const char *root = doubt_machine_root();
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < count; i++) {
        doubt_knob_read(root, orders[i].knob, &orders[i].before);
        if (!doubt_knob_is(root, orders[i].knob, orders[i].value))
            code = doubt_knob_check(root, orders[i].knob, orders[i].value, err);
    }
    return code;
}

static enum doubt_code set_all(struct doubt_cli *cli, struct order *orders, size_t count,
                               struct doubt_err *err)
{
    struct doubt_putback *keeping = NULL;
    doubt_cli_catch_signals(cli);
    enum doubt_code code =
        doubt_putback_open(doubt_machine_root(), doubt_prepare_say, &keeping, err);
    if (code != DOUBT_OK)
        return code;
    for (size_t i = 0; code == DOUBT_OK && i < count; i++) {
        code = doubt_putback_set(keeping, orders[i].knob, orders[i].value, &orders[i].changed, err);
        if (code == DOUBT_OK && *cli->stop)
            code = doubt_err_set(err, DOUBT_E_INTERRUPTED, "interrupted; all is put back");
    }
    if (code == DOUBT_OK)
        return doubt_putback_keep(keeping, err);
    struct doubt_err back = {0};
    if (doubt_putback_close(keeping, &back) != DOUBT_OK)
        doubt_cli_fail(cli, &back);
    return code;
}

static enum doubt_code print_json(const char *key, json_t *list, struct doubt_err *err)
{
    struct doubt_str out;
    doubt_str_init(&out, 1 << 20);
    json_t *document = list != NULL ? json_pack("{s:o}", key, list) : NULL;
    enum doubt_code code = document != NULL
                               ? doubt_json_format(document, &out, err)
                               : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the result");
    json_decref(document);
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return code;
}

static enum doubt_code print_orders(const struct doubt_cli *cli, const struct order *orders,
                                    size_t count, struct doubt_err *err)
{
    json_t *list = cli->common.json ? json_array() : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct order *order = &orders[i];
        char line[256];
        const char *unit = order->knob->unit, *gap = unit[0] ? " " : "";
        snprintf(line, sizeof line, "%s %s%s%s (%s%s%s%s)\n", order->knob->name, order->value, gap,
                 unit, order->changed ? "was " : "already",
                 order->changed ? order->before.value : "", order->changed ? gap : "",
                 order->changed ? unit : "");
        if (!cli->common.json)
            doubt_cli_print(line);
        else if (list != NULL)
            json_array_append_new(list,
                                  json_pack("{s:s, s:s, s:s, s:s, s:b}", "knob", order->knob->name,
                                            "value", order->value, "unit", unit, "before",
                                            order->before.value, "changed", order->changed));
    }
    if (cli->common.json)
        return print_json("set", list, err);
    doubt_cli_say(cli, "doubt: `doubt device restore` puts it back");
    return DOUBT_OK;
}

int doubt_device_set(struct doubt_cli *cli, struct doubt_opt_args words)
{
    struct order orders[KNOBS_MAX];
    struct doubt_err err = {0};
    size_t count = 0;
    enum doubt_code code = parse_all(words, orders, &count, &err);
    if (code == DOUBT_OK)
        code = check_all(orders, count, &err);
    if (code == DOUBT_OK)
        code = set_all(cli, orders, count, &err);
    if (code == DOUBT_OK)
        code = print_orders(cli, orders, count, &err);
    return code == DOUBT_OK ? DOUBT_EXIT_OK : fail(cli, &err);
}

/* --- restore ---------------------------------------------------------------------------------- */

int doubt_device_restore(struct doubt_cli *cli)
{
    struct doubt_putback_pending pending;
    struct doubt_err err = {0};
    size_t count = 0;
    enum doubt_code code = doubt_putback_look(doubt_machine_root(), &pending, &err);
    if (code == DOUBT_OK && pending.session + pending.kept > 0)
        code = doubt_putback_restore(doubt_machine_root(), doubt_prepare_say, &count, &err);
    if (code != DOUBT_OK)
        return fail(cli, &err);
    if (cli->common.json) {
        code = print_json("restored", json_integer((json_int_t)count), &err);
        return code == DOUBT_OK ? DOUBT_EXIT_OK : doubt_cli_fail(cli, &err);
    }
    if (count == 0) {
        doubt_cli_print("nothing to put back: no journal says that anything was set\n");
    } else {
        char line[400];
        snprintf(line, sizeof line, "put back: %s\n", pending.names);
        doubt_cli_print(line);
    }
    return DOUBT_EXIT_OK;
}

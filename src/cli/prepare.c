/* prepare.c: see prepare.h. */
#include "cli/prepare.h"

#include "claims/device.h"
#include "claims/power_mode.h"
#include "machine/machine.h"
#include "machine/probe.h"
#include "machine/putback.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

void doubt_prepare_say(const char *sentence)
{
    fprintf(stderr, "doubt: %s\n", sentence);
}

void doubt_prepare_add(struct doubt_prepare *prepare, const struct doubt_claim *claim)
{
    if (claim->power_mode[0] == '\0')
        return;
    if (prepare->claim == NULL)
        prepare->claim = claim;
    else if (strcasecmp(prepare->claim->power_mode, claim->power_mode) != 0 ||
             strcasecmp(prepare->claim->device, claim->device) != 0)
        prepare->other = claim;
}

/* --- what is asked for ------------------------------------------------------------------------ */

/* A knob and the value that a claim's words mean. */
struct wish {
    const struct doubt_knob *knob;
    const char *value;
};

enum { WISHES_MAX = 2 };

/* In the order of setting: a mode brings its own limits, which a lock then takes. */
static size_t to_wishes(const struct doubt_power_mode *mode, struct wish wishes[WISHES_MAX])
{
    size_t count = 0;
    if (mode->mode[0] != '\0') {
        doubt_knob_find("mode", &wishes[count].knob, NULL);
        wishes[count++].value = mode->mode;
    }
    if (mode->clocks == 1) {
        doubt_knob_find("clocks", &wishes[count].knob, NULL);
        wishes[count++].value = "on";
    }
    return count;
}

static bool is_device(const struct doubt_claim *claim, char *line, size_t line_bytes)
{
    struct doubt_machine machine;
    doubt_machine_identify(doubt_machine_root(), &machine);
    doubt_machine_line(&machine, line, line_bytes);
    return claim->device[0] == '\0' || doubt_device_names(line, claim->device);
}

/* Everything that can be known before anything is changed. */
static enum doubt_code check_wishes(const struct doubt_prepare *prepare,
                                    const struct doubt_power_mode *mode, struct doubt_err *err)
{
    struct wish wishes[WISHES_MAX];
    char line[512];
    if (prepare->other != NULL)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--prepare can meet one power mode at a time, and claims ask for "
                             "\"%s\" (%s) and \"%s\" (%s): choose with --network",
                             prepare->claim->power_mode, prepare->claim->id,
                             prepare->other->power_mode, prepare->other->id);
    if (!is_device(prepare->claim, line, sizeof line))
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "--prepare would set \"%s\", which is asked of a %s; this machine is "
                             "%s. Without --prepare it is measured as it is",
                             prepare->claim->power_mode, prepare->claim->device, line);
    if (mode->unknown[0] != '\0')
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "--prepare cannot set \"%s\" of \"%s\": `doubt device show` lists "
                             "what can be set, `doubt device set` sets it",
                             mode->unknown, prepare->claim->power_mode);
    size_t count = to_wishes(mode, wishes);
    for (size_t i = 0; i < count; i++) {
        enum doubt_code code =
            doubt_knob_is(doubt_machine_root(), wishes[i].knob, wishes[i].value)
                ? DOUBT_OK
                : doubt_knob_check(doubt_machine_root(), wishes[i].knob, wishes[i].value, err);
        if (code != DOUBT_OK)
            return code;
    }
    return DOUBT_OK;
}

/* --- without --prepare ------------------------------------------------------------------------ */

/* Only on the claim's device: elsewhere the device differs, and that is enough. */
static void note_what_is_not_met(struct doubt_prepare *prepare)
{
    char here[256], line[512];
    doubt_knob_power_mode(doubt_machine_root(), here, sizeof here);
    if (here[0] == '\0' || prepare->other != NULL ||
        doubt_power_mode_differs(prepare->claim->power_mode, here)[0] == '\0' ||
        !is_device(prepare->claim, line, sizeof line))
        return;
    prepare->key = "not met";
    snprintf(prepare->note, sizeof prepare->note,
             "the claims ask for %.150s; this machine is in %.150s: `sudo doubt check --prepare` "
             "sets it, measures and puts it back",
             prepare->claim->power_mode, here);
}

/* --- with --prepare --------------------------------------------------------------------------- */

/* "mode 0 (was 1)" */
static void note_change(struct doubt_prepare *prepare, const struct wish *wish, const char *before)
{
    size_t used = strlen(prepare->note);
    snprintf(prepare->note + used, sizeof prepare->note - used, "%s%s %s (was %s)",
             used > 0 ? ", " : "", wish->knob->name, wish->value, before);
}

static enum doubt_code set_all(struct doubt_prepare *prepare, const struct doubt_cli *cli,
                               const struct doubt_power_mode *mode, struct doubt_err *err)
{
    struct wish wishes[WISHES_MAX];
    size_t count = to_wishes(mode, wishes);
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < count; i++) {
        struct doubt_knob_reading before;
        bool changed = false;
        doubt_knob_read(doubt_machine_root(), wishes[i].knob, &before);
        code = doubt_putback_set(prepare->keeping, wishes[i].knob, wishes[i].value, &changed, err);
        if (changed)
            note_change(prepare, &wishes[i], before.value);
        if (code == DOUBT_OK && *cli->stop)
            code = doubt_err_set(err, DOUBT_E_INTERRUPTED, "interrupted while setting the machine");
    }
    return code;
}

/* The sentence of what could not be put back counts more than why it was to be. */
static int fail(struct doubt_prepare *prepare, const struct doubt_cli *cli,
                const struct doubt_err *err)
{
    bool rights = strstr(err->text, "needs root") != NULL;
    struct doubt_err whole = *err;
    if (rights)
        snprintf(whole.text, sizeof whole.text, "%.700s: `sudo %.200s`", err->text,
                 cli->command_line);
    int status = doubt_cli_fail(cli, &whole);
    if (err->code != DOUBT_E_USAGE && err->code != DOUBT_E_INTERRUPTED)
        status = DOUBT_EXIT_MACHINE;
    prepare->note[0] = '\0';
    return doubt_prepare_end(prepare, (struct doubt_cli *)(uintptr_t)cli, status);
}

int doubt_prepare_begin(struct doubt_prepare *prepare, struct doubt_cli *cli, bool asked)
{
    struct doubt_power_mode mode;
    struct doubt_err err = {0};
    prepare->note[0] = '\0';
    if (prepare->claim == NULL) {
        if (asked)
            doubt_cli_say(cli, "doubt: no claim states a power mode: --prepare has nothing to set");
        return DOUBT_EXIT_OK;
    }
    if (!asked) {
        note_what_is_not_met(prepare);
        return DOUBT_EXIT_OK;
    }
    doubt_power_mode_parse(prepare->claim->power_mode, &mode);
    enum doubt_code code = check_wishes(prepare, &mode, &err);
    if (code == DOUBT_OK) {
        doubt_cli_catch_signals(cli);
        code = doubt_putback_open(doubt_machine_root(), doubt_prepare_say, &prepare->keeping, &err);
    }
    if (code == DOUBT_OK)
        code = set_all(prepare, cli, &mode, &err);
    if (code != DOUBT_OK)
        return fail(prepare, cli, &err);
    prepare->key = "prepared";
    size_t used = strlen(prepare->note);
    snprintf(prepare->note + used, sizeof prepare->note - used, "%s",
             used > 0 ? "; put back at the end" : "the machine was in the state asked for");
    return DOUBT_EXIT_OK;
}

bool doubt_prepare_would(const struct doubt_prepare *prepare, char *out, size_t out_bytes)
{
    struct doubt_power_mode mode;
    struct doubt_err err = {0};
    struct wish wishes[WISHES_MAX];
    snprintf(out, out_bytes, "no claim states a power mode: there is nothing to set");
    if (prepare->claim == NULL)
        return true;
    doubt_power_mode_parse(prepare->claim->power_mode, &mode);
    if (check_wishes(prepare, &mode, &err) != DOUBT_OK) {
        snprintf(out, out_bytes, "%s", err.text);
        return false;
    }
    size_t used = 0, count = to_wishes(&mode, wishes);
    snprintf(out, out_bytes, "the machine is in the state asked for");
    for (size_t i = 0; i < count && used < out_bytes; i++)
        if (!doubt_knob_is(doubt_machine_root(), wishes[i].knob, wishes[i].value))
            used += (size_t)snprintf(out + used, out_bytes - used, "%s%s %s",
                                     used > 0 ? ", " : "would set ", wishes[i].knob->name,
                                     wishes[i].value);
    if (used > 0 && used < out_bytes)
        snprintf(out + used, out_bytes - used, "; put back at the end");
    return true;
}

int doubt_prepare_end(struct doubt_prepare *prepare, struct doubt_cli *cli, int status)
{
    struct doubt_err err = {0};
    bool changed = strstr(prepare->note, "(was") != NULL;
    if (prepare->keeping == NULL)
        return status;
    enum doubt_code code = doubt_putback_close(prepare->keeping, &err);
    prepare->keeping = NULL;
    if (code != DOUBT_OK) {
        doubt_cli_fail(cli, &err);
        return DOUBT_EXIT_MACHINE;
    }
    if (changed)
        doubt_cli_say(cli, "doubt: the machine is as it was");
    return status;
}

/* --- after an end by force -------------------------------------------------------------------- */

/* A holder that lives will put back itself; a guardian at work is waited for. */
void doubt_prepare_recover(const struct doubt_cli *cli)
{
    struct doubt_putback_pending pending;
    struct doubt_putback *keeping = NULL;
    struct doubt_err err = {0};
    (void)cli;
    enum doubt_code code = doubt_putback_look(doubt_machine_root(), &pending, &err);
    if (code == DOUBT_OK && (pending.session == 0 || pending.holder > 0))
        return;
    if (code == DOUBT_OK && !pending.ours)
        code = doubt_err_set(&err, DOUBT_E_SYSTEM, "it is in %s, which is root's", pending.path);
    if (code == DOUBT_OK)
        code = doubt_putback_open(doubt_machine_root(), doubt_prepare_say, &keeping, &err);
    if (code == DOUBT_OK)
        code = doubt_putback_close(keeping, &err);
    if (code != DOUBT_OK)
        fprintf(stderr,
                "doubt: an earlier doubt left this machine changed (%s): %s; `sudo doubt device "
                "restore` puts it back\n",
                pending.names[0] != '\0' ? pending.names : "by its journal", err.text);
}

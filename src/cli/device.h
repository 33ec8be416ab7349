/* device.h: the three words of `doubt device`: show, set, restore.
 *
 * A unit of work is one word. Not for other commands: what they need of the machine is in
 * machine.h, probe.h and knob.h.
 */
#ifndef DOUBT_CLI_DEVICE_H
#define DOUBT_CLI_DEVICE_H

#include "cli/cmd.h"

struct doubt_device_values {
    bool periods; /* show: measure how often each sensor updates */
    bool wide;    /* show: every column, and what is not available in the same tables */
};

/* What cannot be read: a probe of a kind, or a knob (then name is kind). Texts are the caller's. */
struct doubt_device_absent {
    const char *kind, *name, *reason;
};

/* What this machine is, every probe and every knob. The exit status. */
int doubt_device_show(struct doubt_cli *cli, const struct doubt_device_values *values);

/* Appends an empty line and a list under the heading `what`, one line for each reason; nothing when
 * count is 0. */
void doubt_device_list_absent(const struct doubt_device_absent *items, size_t count,
                              const char *what, size_t width, struct doubt_str *out);

/* Sets knobs, words KNOB=VALUE, until they are put back. The exit status. */
int doubt_device_set(struct doubt_cli *cli, struct doubt_opt_args words);

/* Puts back whatever was set. The exit status. */
int doubt_device_restore(struct doubt_cli *cli);

#endif

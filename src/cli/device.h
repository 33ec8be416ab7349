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
};

/* What this machine is, every probe and every knob. The exit status. */
int doubt_device_show(struct doubt_cli *cli, const struct doubt_device_values *values);

/* Sets knobs, words KNOB=VALUE, until they are put back. The exit status. */
int doubt_device_set(struct doubt_cli *cli, struct doubt_opt_args words);

/* Puts back whatever was set. The exit status. */
int doubt_device_restore(struct doubt_cli *cli);

#endif

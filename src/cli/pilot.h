/* pilot.h: which of several engines is the fastest here: a quick look, not a measurement.
 *
 * A unit of work is one pilot: every engine runs the smallest networks once, in turn, and the
 * geometric mean of the medians decides. The winner's figures come from the series alone. Not for
 * comparing engines: a pilot has no interval.
 */
#ifndef DOUBT_CLI_PILOT_H
#define DOUBT_CLI_PILOT_H

#include "cli/cmd.h"
#include "cli/settings.h"
#include "cli/subject.h"

struct doubt_pilot {
    const struct doubt_pick *picks; /* at least one */
    size_t pick_count;
    const struct doubt_subject *subjects; /* at least one */
    size_t subject_count;
    const struct doubt_settings *settings;
    enum doubt_precision precision;
    enum doubt_boundary boundary;
    int64_t *built_ns; /* what engines took to build what they keep is added here */
};

/* *best is the winner's index; text says in a sentence why it won, "" when there was no choice.
 * No engine ran: DOUBT_E_ENGINE with the first one's sentence. The user's interrupt:
 * DOUBT_E_INTERRUPTED. */
enum doubt_code doubt_pilot_run(struct doubt_cli *cli, const struct doubt_pilot *pilot,
                                size_t *best, struct doubt_str *text, struct doubt_err *err);

#endif

/* prepare.h: the machine in the state that claims ask for, while it is measured.
 *
 * A unit of work is one invocation: what its claims say of the power mode, whether the machine is
 * in it, and with --prepare setting it and putting it back. Without --prepare nothing is changed.
 * Not for the verdict: claim.h compares with what the machine says during the series.
 */
#ifndef DOUBT_CLI_PREPARE_H
#define DOUBT_CLI_PREPARE_H

#include "claims/claim.h"
#include "cli/cmd.h"

struct doubt_putback;

/* Zeroed at first. */
struct doubt_prepare {
    const struct doubt_claim *claim; /* the first that states a power mode */
    const struct doubt_claim *other; /* one that states another one */
    struct doubt_putback *keeping;   /* NULL: nothing was set */
    const char *key;                 /* of the line below the table; NULL: none */
    char note[512];
};

/* Takes in what a claim that is to be measured asks for; the claim outlives this. */
void doubt_prepare_add(struct doubt_prepare *prepare, const struct doubt_claim *claim);

/* With asked: sets the machine, with a guardian that puts it back whatever happens. Without: only
 * fills the note where the state asked for is not met. An enum doubt_exit other than
 * DOUBT_EXIT_OK: the reason was printed, nothing is set. */
int doubt_prepare_begin(struct doubt_prepare *prepare, struct doubt_cli *cli, bool asked);

/* What begin with asked would do here, without doing it: true and what would be set, or false and
 * why it would fail. */
bool doubt_prepare_would(const struct doubt_prepare *prepare, char *out, size_t out_bytes);

/* Puts back what was set. Gives status, or DOUBT_EXIT_MACHINE with the reason printed. */
int doubt_prepare_end(struct doubt_prepare *prepare, struct doubt_cli *cli, int status);

/* Before a command: finds what an earlier invocation left set when all its processes were ended,
 * puts it back or says how. */
void doubt_prepare_recover(const struct doubt_cli *cli);

/* A sentence from below, on stderr. */
void doubt_prepare_say(const char *sentence);

#endif

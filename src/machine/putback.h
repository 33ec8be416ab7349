/* putback.h: changing the machine so that it is always put back.
 *
 * A unit of work is one keeping: from the lock over what is set to what is put back. Before a knob
 * is set, everything that this may change is in the journal on disk (journal.h). A guardian,
 * forked before the first change, waits for the end of this process in any way, SIGKILL included,
 * and puts back what the journal holds. When both are killed, or power is lost, the next keeping
 * finds the journal and does it. Another process that would change the same machine meanwhile is
 * refused by a lock, which names its holder. Not for reading, which needs none of this.
 *
 * The folder is $DOUBT_STATE, else ROOT/var/lib/doubt for root and below another root, else
 * $XDG_STATE_HOME/doubt
 * (~/.local/state/doubt).
 */
#ifndef DOUBT_MACHINE_PUTBACK_H
#define DOUBT_MACHINE_PUTBACK_H

#include "machine/knob.h"
#include <signal.h>

struct doubt_putback;

/* Told each sentence about what was put back, by the guardian too: after the end of this process
 * only descriptor 2 is left to it. */
typedef void doubt_putback_say(const char *sentence);

/* Takes the lock, puts back what an earlier keeping left, and forks the guardian. say may be NULL.
 * Nothing is kept after a failure. */
enum doubt_code doubt_putback_open(const char *root, doubt_putback_say *say,
                                   struct doubt_putback **keeping, struct doubt_err *err);

/* Writes down, sets, reads back. One that is there already is left alone; *changed says which. A
 * value that cannot be set here fails before anything is changed; a knob that did not take is put
 * back at once. */
enum doubt_code doubt_putback_set(struct doubt_putback *keeping, const struct doubt_knob *knob,
                                  const char *value, bool *changed, struct doubt_err *err);

/* Puts back what this keeping has set, the last first. What could not be put back stays in the
 * journal, and the sentence says what it is. Always frees; NULL allowed. */
enum doubt_code doubt_putback_close(struct doubt_putback *keeping, struct doubt_err *err);
/* Leaves it all as it was set, until doubt_putback_restore(). */
enum doubt_code doubt_putback_keep(struct doubt_putback *keeping, struct doubt_err *err);

/* Puts everything back that any keeping has left, kept or not. *count: knobs put back. */
enum doubt_code doubt_putback_restore(const char *root, doubt_putback_say *say, size_t *count,
                                      struct doubt_err *err);

/* What is to be put back, and whether somebody is at it. Takes no lock. */
struct doubt_putback_pending {
    size_t session, kept; /* knobs */
    long holder;     /* process that holds the lock, -1 a guardian at work; 0: none that lives */
    char path[512];  /* of the journal */
    char names[256]; /* "mode, clocks" */
    bool ours;       /* false: it is root's, and root's to put back */
};
enum doubt_code doubt_putback_look(const char *root, struct doubt_putback_pending *out,
                                   struct doubt_err *err);

/* Process of the guardian, for tests; 0: none. */
long doubt_putback_guardian(const struct doubt_putback *keeping);

#endif

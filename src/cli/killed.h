/* killed.h: a series in the store that was never ended, and whose process is gone.
 *
 * A unit of work is one series as read. Its state becomes "killed" and its cells get the figures of
 * the restarts that were kept; the store stays as it is. Not for series that run, or that an older
 * doubt began, which did not note its process: they stay "running".
 */
#ifndef DOUBT_CLI_KILLED_H
#define DOUBT_CLI_KILLED_H

#include "store/store.h"

#define DOUBT_STATE_KILLED "killed"

/* Sets the state, where it is so; true then. */
bool doubt_killed_find(struct doubt_series *series);

/* For a series found so: fills its cells from restarts and samples in the store. */
enum doubt_code doubt_killed_analyze(struct doubt_store *store, struct doubt_store_series *entry,
                                     struct doubt_err *err);

#endif

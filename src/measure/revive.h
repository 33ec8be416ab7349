/* revive.h: the figures of a series whose supervisor was killed, from the restarts it left.
 *
 * A unit of work is one cell. The functions are those of a series that ends by itself, at a last
 * look: what was kept says as much as it would have then. Pure but for memory. Not for reading the
 * store, and not for the verdict of a comparison, which needs whole pairs.
 */
#ifndef DOUBT_MEASURE_REVIVE_H
#define DOUBT_MEASURE_REVIVE_H

#include "measure/restart.h"

struct doubt_revive {
    struct doubt_series *series; /* as begun; overhead_ns is set by the null engine's cell */
    /* The cell's restarts, by number; the samples of those that count are taken over. */
    struct doubt_restart_result *restarts;
    size_t count;
    bool hidden; /* not a row of the table */
};

/* Fills the cell, as planned, like doubt_series_run() at its end. Where restarts were made longer,
 * those before that do not count. An analysis that fails is the cell's failure; an error means that
 * there was no memory. */
enum doubt_code doubt_revive_cell(const struct doubt_revive *what, struct doubt_cell *cell,
                                  struct doubt_err *err);

#endif

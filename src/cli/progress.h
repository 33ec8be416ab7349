/* progress.h: says on stderr how far a series has come.
 *
 * A unit of work is one report of the series. On a terminal one line is redrawn, at most five times
 * a second; elsewhere a plain line appears when a phase begins and at every fifth of the restarts.
 * Nothing with --quiet. Not for results.
 */
#ifndef DOUBT_CLI_PROGRESS_H
#define DOUBT_CLI_PROGRESS_H

#include "cli/cmd.h"
#include "measure/series.h"

struct doubt_progress_line {
    const struct doubt_cli *cli;
    const char *phase; /* last one shown */
    int fifth;         /* last one shown in this phase */
    int64_t drawn_ns;  /* when the line was last drawn */
    bool on_screen;    /* a live line is there */
};

void doubt_progress_begin(struct doubt_progress_line *line, const struct doubt_cli *cli);
void doubt_progress_show(struct doubt_progress_line *line, const struct doubt_progress *progress);
/* The text of the line, for any width. */
void doubt_progress_format(const struct doubt_progress *progress, char *out, size_t out_bytes);
/* Takes the live line away, before anything else is printed. */
void doubt_progress_clear(struct doubt_progress_line *line);

#endif

/* runner.h: one series from plan to page: stored as it runs, shown as it runs, printed at the end.
 *
 * A unit of work is one series. The runner opens the store before anything is measured, keeps every
 * restart at once, and goes on when the store fails: samples then go into a file that is named. It
 * judges nothing itself: a command hands in how. Not for planning: the commands do that.
 */
#ifndef DOUBT_CLI_RUNNER_H
#define DOUBT_CLI_RUNNER_H

#include "cli/cmd.h"
#include "cli/progress.h"
#include "measure/series.h"
#include "report/json.h"
#include "report/view.h"
#include "store/store.h"

enum { DOUBT_RUNNER_NOTES_MAX = 12 };

struct doubt_runner {
    struct doubt_cli *cli;
    struct doubt_store *store; /* NULL: nothing is kept */
    /* Sets verdict, ratio and the like of a cell; called at every look and once at the end. NULL
     * for a series without claims. */
    void (*judge)(void *context, const struct doubt_series *series, struct doubt_cell *cell);
    void *judge_context;
    /* What cells are set beside as well, by cell and number; judge fills them. The caller's. */
    struct doubt_also *also;
    size_t also_count;
    bool wide;
    /* Adds to the record before it is first stored, with judge_context; may be NULL. */
    void (*begin)(void *context, struct doubt_series *series);
    /* Adds to what is printed, with judge_context: to the document, or to the page; the other one
     * is NULL. May be NULL. */
    void (*more)(void *context, json_t *document, struct doubt_str *page);
    const char *left_out;     /* for the record: engines that cannot be used; NULL or "": none */
    const char *title, *word; /* as in struct doubt_view_style */

    /* --- the runner's own --- */
    const struct doubt_series_plan *plan;
    const struct doubt_series *series; /* while it runs */
    struct doubt_progress_line line;
    struct doubt_view_note notes[DOUBT_RUNNER_NOTES_MAX + 1];
    size_t note_count;
    char kept[2048];
    bool store_failed;
    char *rescue_path;
};

/* Opens the store at db (NULL: the default place), or none. Failing is wrong usage: the sentence
 * says how to go on without. */
enum doubt_code doubt_runner_open(struct doubt_runner *runner, struct doubt_cli *cli,
                                  const char *db, bool no_store, struct doubt_err *err);
void doubt_runner_close(struct doubt_runner *runner);

/* A line below the table, read when the page is printed; text must outlive doubt_runner_run(). One
 * that is "" or NULL by then is left out. */
void doubt_runner_note(struct doubt_runner *runner, const char *key, const char *text);

/* Runs, stores, judges and prints the series; an enum doubt_exit. */
int doubt_runner_run(struct doubt_runner *runner, const struct doubt_series_plan *plan);

/* The exit status that a verdict alone deserves; NULL: none. */
int doubt_runner_exit_of(const char *verdict);
/* The exit status that a finished series deserves. */
int doubt_runner_exit(const struct doubt_series *series, const struct doubt_cell *cells,
                      size_t cell_count);

/* The cell that measures the cost of measuring; seed of a series that was not given one. */
void doubt_runner_plan_hidden(struct doubt_cell_plan *cell);
uint64_t doubt_runner_fresh_seed(void);

#endif

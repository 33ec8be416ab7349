/* view_short.c: verdicts that rest on little: the remark below the table. See view.h.
 *
 * A unit of work is one table. Nothing where no conclusive verdict comes from restarts that are few
 * or short: docs/COVERAGE.md has what those keep of the promise. Not for rows that have too little
 * for any verdict: their state says it.
 */
#include "report/view_int.h"

#include <doubt/verdict.h>
#include <string.h>

bool doubti_view_is_conclusive(const char *verdict)
{
    return verdict != NULL && (strcmp(verdict, doubt_verdict_name(DOUBT_HOLDS)) == 0 ||
                               strcmp(verdict, doubt_verdict_name(DOUBT_FALLS_SHORT)) == 0 ||
                               strcmp(verdict, doubt_verdict_name(DOUBT_EXCEEDS)) == 0);
}

/* Beside its own claim or a further one. */
static bool is_judged(const struct doubti_view *view, const struct doubt_cell *cell)
{
    bool judged = doubti_view_is_conclusive(cell->verdict);
    for (size_t i = 0; i < view->also_count; i++)
        judged |=
            view->also[i].cell == cell->number && doubti_view_is_conclusive(view->also[i].verdict);
    return judged;
}

static bool is_short(const struct doubt_cell *cell)
{
    return (cell->restarts != DOUBT_MISSING_I64 && cell->restarts < DOUBT_RECORD_RESTARTS_FULL) ||
           (cell->iterations != DOUBT_MISSING_I64 &&
            cell->iterations < DOUBT_RECORD_ITERATIONS_FULL);
}

bool doubti_view_is_short(const struct doubti_view *view, const struct doubt_cell *cell)
{
    return is_judged(view, cell) && is_short(cell);
}

void doubti_view_short(const struct doubti_view *view)
{
    struct doubt_str line;
    size_t rows = 0, named = 0;
    doubt_str_init(&line, 16384);
    for (size_t i = 0; i < view->cell_count; i++) {
        const struct doubt_cell *cell = &view->cells[i];
        if (doubt_view_is_hidden(cell))
            continue;
        rows++;
        if (!doubti_view_is_short(view, cell))
            continue;
        named++;
        doubti_view_add_name(view, cell, &line);
    }
    if (named > 0 && named == rows) {
        doubt_str_clear(&line);
        doubt_str_add(&line, rows > 1 ? "all rows" : "");
    }
    if (named > 0) {
        doubt_str_addf(&line,
                       "%sa verdict from fewer than %d restarts, or %d iterations of each, can be "
                       "false more often than once in twenty, since a long warm-up and what is "
                       "rare stay unseen: a longer budget, or --restarts and --iterations, mend "
                       "it (docs/COVERAGE.md, Short budgets)",
                       line.len > 0 ? ": " : "", DOUBT_RECORD_RESTARTS_FULL,
                       DOUBT_RECORD_ITERATIONS_FULL);
        doubti_view_note(view, "remark", doubt_str_text(&line));
    }
    doubt_str_free(&line);
}

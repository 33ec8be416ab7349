/* view_plan.c: what a verdict that is still open would take: the planning lines below a table. See
 * view.h.
 *
 * A unit of work is one row. Nothing for rows that have a verdict, or that are not to have one.
 */
#include "report/view_int.h"

#include <doubt/stats.h>
#include <doubt/verdict.h>
#include <math.h>
#include <string.h>

/* As many as --restarts accepts; up to the first, a series has one look. */
enum { ONE_LOOK = 20, RESTARTS_MOST = 1000 };
static const double level_of_looks = 0.05 / 3;

static bool is_open(const struct doubt_cell *cell)
{
    return !doubt_view_is_hidden(cell) && cell->verdict != NULL && cell->state != NULL &&
           strcmp(cell->verdict, "INCONCLUSIVE") == 0 && strcmp(cell->state, "measured") == 0 &&
           cell->claim_figure != NULL && isfinite(cell->spread) && isfinite(cell->ratio) &&
           isfinite(cell->level);
}

/* Restarts until the interval leaves the edges; NaN: not known. several: the level of several
 * looks.
 */
static double needed(const struct doubt_cell *cell, double level, double several)
{
    struct doubt_figure figure;
    double restarts;
    if (doubt_figure_parse(cell->claim_figure, NULL, &figure, NULL) != DOUBT_OK)
        return NAN;
    bool time = figure.kind == DOUBT_UNIT_TIME;
    double mean = time ? figure.value / cell->ratio : figure.value * cell->ratio;
    const struct doubt_expected expected = {
        .mean = mean, .sd = cell->spread * mean, .level = level};
    if (doubt_verdict_plan(&figure, &expected, &restarts, NULL) != DOUBT_OK)
        return NAN;
    if (restarts > ONE_LOOK && level > several)
        return needed(cell, several, several);
    return restarts;
}

static void add_row(const struct doubti_view *view, const struct doubt_cell *cell)
{
    struct doubt_str line;
    char spread[32];
    int64_t family = view->series->family == DOUBT_MISSING_I64 ? 1 : view->series->family;
    double restarts = needed(cell, cell->level, level_of_looks / (double)family);
    if (isnan(restarts))
        return;
    doubt_str_init(&line, 2048);
    doubti_view_percent(cell->spread, spread, sizeof spread);
    doubt_str_addf(&line, "%s: ", cell->title != NULL ? cell->title : cell->network);
    if (isinf(restarts))
        doubt_str_addf(&line,
                       "the mean lies on an edge of %s, or next to it: no number of restarts ",
                       cell->claim_figure);
    else if (restarts > RESTARTS_MOST)
        doubt_str_addf(&line, "not reachable: a verdict on %s needs about %.0f restarts, ",
                       cell->claim_figure, restarts);
    else
        doubt_str_addf(&line, "a verdict on %s needs about %.0f restarts ", cell->claim_figure,
                       restarts);
    doubt_str_addf(&line, "at this spread (%s from restart to restart)%s", spread,
                   isinf(restarts)            ? " settles it"
                   : restarts > RESTARTS_MOST ? "; quieter conditions lower it, patience does not"
                                              : "");
    doubti_view_note(view, "planning", doubt_str_text(&line));
    doubt_str_free(&line);
}

void doubti_view_plan(const struct doubti_view *view)
{
    for (size_t i = 0; i < view->cell_count; i++)
        if (is_open(&view->cells[i]))
            add_row(view, &view->cells[i]);
}

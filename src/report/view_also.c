/* view_also.c: what was measured for one claim, beside the others for the same network and batch.
 * See view.h.
 *
 * A unit of work is one further claim of one cell. All verdicts on a cell by the same statistic
 * come from one interval, so they are wrong together or not at all: more of them do not spend more
 * of the 5 %. Not for the claim in the cell itself: view_table.c.
 */
#include "report/table.h"
#include "report/view_int.h"

#include <stdio.h>

enum column { CLAIM, ENGINE, PRECISION, FIGURE, RATIO, VERDICT, COLUMN_COUNT };

static const struct doubt_table_column columns[COLUMN_COUNT] = {
    [CLAIM] = {"the same rows beside", false, 0},
    [ENGINE] = {"engine", false, 4},
    [PRECISION] = {"precision", false, 3},
    [FIGURE] = {"figure", true, 0},
    [RATIO] = {"× figure", true, 0},
    [VERDICT] = {"verdict", false, 0},
};

/* The cell as it would be had it been set beside that claim. Everything in it is borrowed; of a
 * cell that a damaged store lacks, the rest is missing. */
static struct doubt_cell find_beside(const struct doubti_view *view, const struct doubt_also *also)
{
    struct doubt_cell cell;
    doubt_record_init(DOUBT_CELL, &cell);
    for (size_t i = 0; i < view->cell_count; i++)
        if (view->cells[i].number == also->cell)
            cell = view->cells[i];
    cell.claim = also->claim;
    cell.claim_figure = also->claim_figure;
    cell.ratio = also->ratio;
    cell.ratio_lo = also->ratio_lo;
    cell.ratio_hi = also->ratio_hi;
    cell.verdict = also->verdict;
    cell.differs = also->differs;
    cell.differs_how = also->differs_how;
    return cell;
}

static enum doubt_code add_row(const void *context, size_t i, struct doubt_table *table,
                               struct doubt_err *err)
{
    const struct doubti_view *view = context;
    const struct doubt_cell cell = find_beside(view, &view->also[i]);
    char engine[DOUBTI_VIEW_TEXT_BYTES], precision[DOUBTI_VIEW_TEXT_BYTES],
        ratio[DOUBTI_VIEW_TEXT_BYTES] = "", verdict[DOUBTI_VIEW_TEXT_BYTES] = "";
    doubti_view_engine(&cell, engine, sizeof engine);
    doubti_view_precision(&cell, precision, sizeof precision);
    doubt_view_ratio(cell.ratio, cell.ratio_lo, cell.ratio_hi, ratio, sizeof ratio);
    doubti_view_verdict(&cell, verdict, sizeof verdict);
    const char *texts[COLUMN_COUNT] = {
        [CLAIM] = cell.claim,         [ENGINE] = engine, [PRECISION] = precision,
        [FIGURE] = cell.claim_figure, [RATIO] = ratio,   [VERDICT] = verdict};
    enum doubt_code code = doubt_table_add(table, texts, err);
    const char *color = doubti_view_verdict_color(verdict);
    if (code == DOUBT_OK && color != NULL)
        doubt_table_color(table, VERDICT, color);
    return code;
}

enum doubt_code doubti_view_also(const struct doubti_view *view, struct doubt_err *err)
{
    const struct doubt_table_shape shape = {.columns = columns,
                                            .column_count = COLUMN_COUNT,
                                            .item_count = view->also_count,
                                            .add = add_row,
                                            .width = view->style->width,
                                            .color = view->style->color};
    if (view->also_count == 0)
        return DOUBT_OK;
    doubt_str_add(view->out, "\n");
    return doubt_table_print(&shape, view, view->out, err);
}

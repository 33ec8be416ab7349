/* view_error.c: how many verdicts of a table are expected to be false: the line below it. See
 * view.h.
 *
 * A unit of work is one table. Nothing where no verdict is conclusive, or where one stands by
 * itself.
 */
#include "report/view_int.h"

#include <inttypes.h>

static const double alpha = 0.05;

void doubti_view_error(const struct doubti_view *view)
{
    const struct doubt_series *series = view->series;
    int64_t family = series->family == DOUBT_MISSING_I64 ? 1 : series->family, judged = 0;
    struct doubt_str line;
    bool conclusive = false, some_short = false;
    for (size_t i = 0; i < view->cell_count; i++) {
        const char *verdict = view->cells[i].verdict;
        if (doubt_view_is_hidden(&view->cells[i]) || verdict == NULL)
            continue;
        judged++;
        conclusive = conclusive || doubti_view_is_conclusive(verdict);
        some_short = some_short || doubti_view_is_short(view, &view->cells[i]);
    }
    if (!conclusive || (judged == 1 && family == 1))
        return;
    double each = alpha / (double)family;
    doubt_str_init(&line, 1024);
    if (family > 1)
        doubt_str_addf(
            &line,
            "each verdict is wrong with probability at most %.3g, and any of a family of "
            "%" PRId64 " with at most %.3g",
            each, family, alpha);
    if (judged > family)
        doubt_str_addf(&line,
                       "%sof these %" PRId64
                       " verdicts, at most %.3g are expected to be false; --family %" PRId64
                       " makes that %.3g",
                       family > 1 ? "; " : "", judged, each * (double)judged, judged, alpha);
    if (some_short)
        doubt_str_add(&line, "; more where the remark on few or short restarts says so");
    doubti_view_note(view, "error", doubt_str_text(&line));
    doubt_str_free(&line);
}

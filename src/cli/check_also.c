/* check_also.c: what was measured for one claim, beside the others for the same network and batch.
 * See check.h.
 *
 * A unit of work is one pair of row and claim: a record, stored and shown with the row's cell. Not
 * for the claim that the row is kept with: cmd_check.c; and not for printing: report/view_also.c.
 */
#include "cli/check.h"

#include <math.h>
#include <stdlib.h>

/* Is the claim one of those that the row is set beside as well? */
static bool is_beside(const struct doubt_check_run *check, size_t row, size_t claim)
{
    return check->claims[claim].with == check->rows[row].claim;
}

enum doubt_code doubt_check_also_list(struct doubt_check_run *check, struct doubt_err *err)
{
    size_t most = check->row_count * check->set.count;
    check->also = calloc(most > 0 ? most : 1, sizeof *check->also);
    if (check->also == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of claims");
    for (size_t r = 0; r < check->row_count; r++) {
        int64_t number = 0;
        for (size_t c = 0; c < check->set.count; c++) {
            if (!is_beside(check, r, c))
                continue;
            const struct doubt_claim *claim = &check->set.claims[c];
            struct doubt_also *also = &check->also[check->also_count++];
            doubt_record_init(DOUBT_ALSO, also);
            also->cell = (int64_t)r;
            also->number = number++;
            doubt_text_set(&also->claim, claim->id);
            doubt_text_setf(&also->claim_figure, "%s %s", claim->figure, claim->unit);
        }
    }
    return DOUBT_OK;
}

void doubt_check_also_free(struct doubt_check_run *check)
{
    for (size_t i = 0; i < check->also_count; i++)
        doubt_record_free(DOUBT_ALSO, &check->also[i]);
    free(check->also);
    check->also = NULL;
    check->also_count = 0;
}

static void take(char **to, char **from)
{
    free(*to);
    *to = *from;
    *from = NULL;
}

/* Judging sets only these texts of a cell; all else is borrowed from the row's own. */
static void judge_one(struct doubt_check_run *check, const struct doubt_claim *claim,
                      const struct doubt_series *series, const struct doubt_cell *cell,
                      struct doubt_also *also)
{
    struct doubt_err err = {0};
    struct doubt_cell own = *cell;
    own.claim = own.claim_figure = own.verdict = own.differs = own.differs_how = NULL;
    own.ratio = own.ratio_lo = own.ratio_hi = NAN;
    if (doubt_claim_judge(claim, check->values->as_is, series, &own, &err) != DOUBT_OK)
        doubt_cli_say(check->cli, "doubt: %s", err.text);
    doubt_check_add_conditions(check, &own);
    also->ratio = own.ratio;
    also->ratio_lo = own.ratio_lo;
    also->ratio_hi = own.ratio_hi;
    take(&also->verdict, &own.verdict);
    take(&also->differs, &own.differs);
    take(&also->differs_how, &own.differs_how);
    free(own.claim); /* these two are known from the list */
    free(own.claim_figure);
}

void doubt_check_also_judge(struct doubt_check_run *check, const struct doubt_series *series,
                            const struct doubt_cell *cell)
{
    struct doubt_also *also = check->also, *end = also + check->also_count;
    while (also < end && also->cell != cell->number)
        also++;
    for (size_t c = 0; c < check->set.count && also < end; c++)
        if (is_beside(check, (size_t)cell->number, c))
            judge_one(check, &check->set.claims[c], series, cell, also++);
}

int doubt_check_also_exit(const struct doubt_check_run *check, int status)
{
    for (size_t i = 0; i < check->also_count; i++) {
        int own = doubt_runner_exit_of(check->also[i].verdict);
        if (status == DOUBT_EXIT_OK ||
            (status == DOUBT_EXIT_INCONCLUSIVE && own == DOUBT_EXIT_FALLS_SHORT))
            status = own;
    }
    return status;
}

/* check_also.c: what was measured for one claim, beside the others for the same network and batch.
 * See check.h.
 *
 * A unit of work is one pair of row and claim. All verdicts on one row by the same statistic come
 * from one interval, so they are wrong together or not at all: more of them do not spend more of
 * the 5 %. Not for the claim that the row is kept with: cmd_check.c.
 */
#include "cli/check.h"

#include "model/tensor.h"
#include "report/table.h"
#include "report/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 320 };

enum doubt_code doubt_check_also_list(struct doubt_check_run *check, struct doubt_err *err)
{
    size_t most = check->row_count * check->set.count;
    check->also = calloc(most > 0 ? most : 1, sizeof *check->also);
    if (check->also == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of claims");
    for (size_t r = 0; r < check->row_count; r++)
        for (size_t c = 0; c < check->set.count; c++)
            if (check->claims[c].with == check->rows[r].claim)
                check->also[check->also_count++] = (struct doubt_check_also){
                    .row = r, .claim = c, .ratio = NAN, .ratio_lo = NAN, .ratio_hi = NAN};
    return DOUBT_OK;
}

/* Judging sets only these texts of a cell; all else is borrowed from the row's own. */
static struct doubt_cell borrow(const struct doubt_cell *cell)
{
    struct doubt_cell own = *cell;
    own.claim = own.claim_figure = own.differs = own.differs_how = own.verdict = NULL;
    return own;
}

static void give_back(struct doubt_cell *own)
{
    doubt_text_set(&own->claim, NULL);
    doubt_text_set(&own->claim_figure, NULL);
    doubt_text_set(&own->differs, NULL);
    doubt_text_set(&own->differs_how, NULL);
    doubt_text_set(&own->verdict, NULL);
}

static void judge_one(struct doubt_check_run *check, struct doubt_check_also *also,
                      const struct doubt_series *series, const struct doubt_cell *cell)
{
    struct doubt_err err = {0};
    struct doubt_cell own = borrow(cell);
    const struct doubt_claim *claim = &check->set.claims[also->claim];
    if (doubt_claim_judge(claim, check->values->as_is, series, &own, &err) != DOUBT_OK)
        doubt_cli_say(check->cli, "doubt: %s", err.text);
    also->ratio = own.ratio;
    also->ratio_lo = own.ratio_lo;
    also->ratio_hi = own.ratio_hi;
    doubt_str_copy(also->verdict, sizeof also->verdict, own.verdict != NULL ? own.verdict : "");
    doubt_str_copy(also->differs, sizeof also->differs, own.differs != NULL ? own.differs : "");
    doubt_str_copy(also->state, sizeof also->state,
                   !isfinite(own.ratio) && own.state != NULL ? own.state : "");
    doubt_check_add_conditions(check, &own);
    give_back(&own);
}

void doubt_check_also_judge(struct doubt_check_run *check, const struct doubt_series *series,
                            const struct doubt_cell *cell)
{
    for (size_t i = 0; i < check->also_count; i++)
        if (check->also[i].row == (size_t)cell->number)
            judge_one(check, &check->also[i], series, cell);
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

/* --- printed -------------------------------------------------------------------------------- */

static enum doubt_code add_row(const void *context, size_t i, struct doubt_table *table,
                               struct doubt_err *err)
{
    char figure[TEXT_BYTES], ratio[TEXT_BYTES] = "";
    const struct doubt_check_run *check = context;
    const struct doubt_check_also *also = &check->also[i];
    const struct doubt_claim *claim = &check->set.claims[also->claim];
    const struct doubt_check_row *row = &check->rows[also->row];
    snprintf(figure, sizeof figure, "%s %s", claim->figure, claim->unit);
    doubt_view_ratio(also->ratio, also->ratio_lo, also->ratio_hi, ratio, sizeof ratio);
    const char *texts[] = {claim->id,
                           check->picks[row->pick].engine->name,
                           doubt_precision_name(row->precision),
                           figure,
                           ratio,
                           also->verdict[0] != '\0' ? also->verdict
                           : also->state[0] != '\0' ? also->state
                                                    : also->differs};
    return doubt_table_add(table, texts, err);
}

static enum doubt_code format_page(const struct doubt_check_run *check, struct doubt_str *page,
                                   struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {{"the same rows beside", false, 0},
                                                        {"engine", false, 4},
                                                        {"precision", false, 3},
                                                        {"figure", true, 0},
                                                        {"× figure", true, 0},
                                                        {"verdict", false, 0}};
    const struct doubt_table_shape shape = {columns,
                                            sizeof columns / sizeof columns[0],
                                            check->also_count,
                                            add_row,
                                            check->values->settings.wide ? 0 : check->cli->width,
                                            check->cli->color};
    doubt_str_add(page, "\n");
    return doubt_table_print(&shape, check, page, err);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text(const char *value)
{
    return value[0] != '\0' ? json_string(value) : json_null();
}

static json_t *to_json(const struct doubt_check_run *check)
{
    json_t *list = json_array();
    for (size_t i = 0; i < check->also_count; i++) {
        const struct doubt_check_also *also = &check->also[i];
        const struct doubt_claim *claim = &check->set.claims[also->claim];
        json_array_append_new(
            list, json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "cell", (int)also->row,
                            "claim", claim->id, "figure", claim->figure, "unit", claim->unit,
                            "ratio", number(also->ratio), "ratio_lo", number(also->ratio_lo),
                            "ratio_hi", number(also->ratio_hi), "differs", text(also->differs),
                            "verdict", text(also->verdict)));
    }
    return list;
}

void doubt_check_also_more(void *context, json_t *document, struct doubt_str *page)
{
    struct doubt_check_run *check = context;
    struct doubt_err err = {0};
    if (check->also_count == 0)
        return;
    if (document != NULL)
        json_object_set_new(document, "also", to_json(check));
    else if (format_page(check, page, &err) != DOUBT_OK)
        doubt_cli_say(check->cli, "doubt: %s", err.text);
}

/* judge_json.c: judged figures as one JSON document. See judge.h; members: docs/JUDGE.md. */
#include "cli/judge.h"

#include "report/json.h"
#include <math.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static const char *basis_name(enum doubt_judge_basis basis)
{
    static const char *const names[] = {"one number", "restarts", "summary", "given interval"};
    return names[basis];
}

static json_t *claim_json(const struct doubt_judge_row *row)
{
    const struct doubt_figure *claim = &row->claim;
    const bool lower = claim->bound != DOUBT_FIGURE_UP_TO;
    const bool upper = claim->bound != DOUBT_FIGURE_AT_LEAST;
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "text", row->claim_text, "unit",
                     claim->kind == DOUBT_UNIT_TIME ? "ns" : "1/s", "value", number(claim->value),
                     "lo", number(lower ? claim->lo : NAN), "hi", number(upper ? claim->hi : NAN));
}

static json_t *values_json(const struct doubt_judge_row *row)
{
    json_t *list = json_array();
    for (size_t i = 0; i < row->values.count; i++)
        json_array_append_new(list, json_real(row->values.items[i].value));
    return list;
}

static json_t *row_json(const struct doubt_judge_row *row)
{
    json_t *out = json_object();
    const bool time = row->values.items[0].kind == DOUBT_UNIT_TIME;
    const bool known = row->verdict != DOUBT_VERDICT_NONE;
    if (row->name[0] != '\0')
        json_object_set_new(out, "name", doubt_text_to_json(row->name));
    json_object_set_new(out, "claim", claim_json(row));
    json_object_set_new(out, "measured", values_json(row));
    json_object_set_new(out, "measured_unit", json_string(time ? "ns" : "1/s"));
    json_object_set_new(out, "basis", json_string(basis_name(row->basis)));
    json_object_set_new(out, "value", number(row->value));
    json_object_set_new(out, "lo", number(row->lo));
    json_object_set_new(out, "hi", number(row->hi));
    json_object_set_new(out, "level", number(row->basis != DOUBT_JUDGE_NUMBER ? row->level : NAN));
    json_object_set_new(out, "sd", number(row->sd));
    json_object_set_new(out, "restarts", number(row->restarts));
    json_object_set_new(out, "ratio", number(row->ratio));
    json_object_set_new(out, "ratio_lo", number(row->ratio_lo));
    json_object_set_new(out, "ratio_hi", number(row->ratio_hi));
    json_object_set_new(out, "inside", json_boolean(row->inside));
    json_object_set_new(out, "verdict",
                        known ? json_string(doubt_verdict_name(row->verdict)) : json_null());
    json_object_set_new(out, "reason", row->reason[0] ? json_string(row->reason) : json_null());
    json_object_set_new(out, "restarts_needed", number(row->needed));
    json_object_set_new(out, "tolerance_needed", number(row->tolerance));
    return out;
}

enum doubt_code doubt_judge_json(const struct doubt_judge_table *table, struct doubt_str *out,
                                 struct doubt_err *err)
{
    const struct doubt_judge_how *how = table->how;
    double each = 0.05 / (double)how->family, judged = 0;
    json_t *document = json_object(), *rows = json_array();
    for (size_t i = 0; i < table->count; i++) {
        const struct doubt_judge_row *row = &table->rows[i];
        json_array_append_new(rows, row_json(row));
        if (row->verdict != DOUBT_VERDICT_NONE)
            judged += row->basis == DOUBT_JUDGE_GIVEN ? row->level : each;
    }
    json_object_set_new(document, "judged", rows);
    json_object_set_new(document, "look", json_integer(how->look));
    json_object_set_new(document, "looks", json_integer(how->looks));
    json_object_set_new(document, "family", json_integer(how->family));
    json_object_set_new(document, "tolerance", json_real(table->options->tolerance));
    json_object_set_new(document, "expected_false_at_most", json_real(judged));
    enum doubt_code code = doubt_json_format(document, out, err);
    json_decref(document);
    return code;
}

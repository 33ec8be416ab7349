/* claims_json.c: sets and claims as JSON. See claims.h. */
#include "cli/claims.h"
#include "report/json.h"

#include <string.h>

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text[0] != '\0')
        json_object_set_new(object, name, json_string(text));
}

static json_t *claim_json(const struct doubt_claims_view *view, const struct doubt_claim_set *set,
                          const struct doubt_claim *claim)
{
    const struct {
        const char *name, *text;
    } texts[] = {{"id", claim->id},
                 {"set", set->name},
                 {"row", claim->row},
                 {"device", claim->device},
                 {"network", claim->network},
                 {"title", claim->title},
                 {"input", claim->input},
                 {"label", claim->label},
                 {"framework", claim->framework},
                 {"file", claim->file},
                 {"output", claim->output},
                 {"precision", claim->precision},
                 {"engine", claim->engine},
                 {"power_mode", claim->power_mode},
                 {"condition", claim->condition},
                 {"boundary", claim->boundary},
                 {"statistic", claim->statistic},
                 {"figure", claim->figure},
                 {"unit", claim->unit},
                 {"source", claim->source},
                 {"date", claim->date},
                 {"confidence", claim->confidence},
                 {"remark", claim->remark}};
    json_t *object = json_object();
    struct doubt_figure figure;
    char obstacle[DOUBT_CLAIMS_TEXT_BYTES];
    doubt_claims_figure(claim, &figure);
    doubt_claims_why_not(view, claim, obstacle, sizeof obstacle);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        set_text(object, texts[i].name, texts[i].text);
    if (claim->batch != DOUBT_MISSING_I64)
        json_object_set_new(object, "batch", json_integer(claim->batch));
    if (claim->samples != DOUBT_MISSING_I64)
        json_object_set_new(object, "samples", json_integer(claim->samples));
    if (figure.bound != DOUBT_FIGURE_UP_TO)
        json_object_set_new(object, "reads_lo", json_real(figure.lo / figure.unit_scale));
    if (figure.bound != DOUBT_FIGURE_AT_LEAST)
        json_object_set_new(object, "reads_hi", json_real(figure.hi / figure.unit_scale));
    set_text(object, "not_testable", obstacle);
    return object;
}

json_t *doubt_claims_json_sets(const struct doubt_claims_view *view)
{
    json_t *array = json_array();
    for (size_t i = 0; i < view->catalog->count; i++) {
        const struct doubt_claim_set *set = &view->catalog->sets[i];
        struct doubt_str engines;
        size_t testable;
        doubt_str_init(&engines, DOUBT_CLAIMS_OUTPUT_MAX);
        doubt_claims_count_engines(view, set, &engines, &testable);
        doubt_str_free(&engines);
        json_array_append_new(array, json_pack("{s:s, s:s, s:I, s:I, s:I}", "name", set->name,
                                               "title", set->title, "claims",
                                               (json_int_t)set->count, "built_in_networks",
                                               (json_int_t)doubt_claims_count_built_in(set),
                                               "testable_here", (json_int_t)testable));
    }
    return json_pack("{s:o}", "sets", array);
}

json_t *doubt_claims_json_list(const struct doubt_claims_view *view)
{
    json_t *array = json_array();
    for (size_t set = 0, claim = 0; doubt_claims_next(view, &set, &claim); claim++)
        json_array_append_new(array, claim_json(view, &view->catalog->sets[set],
                                                &view->catalog->sets[set].claims[claim]));
    return json_pack("{s:o}", "claims", array);
}

json_t *doubt_claims_json_one(const struct doubt_claims_view *view,
                              const struct doubt_claim_set *set, const struct doubt_claim *claim)
{
    json_t *object = claim_json(view, set, claim), *others = json_array();
    bool independent = doubt_catalog_is_independent(claim);
    for (size_t s = 0; s < view->catalog->count; s++)
        for (size_t i = 0; i < view->catalog->sets[s].count; i++) {
            const struct doubt_claim *other = &view->catalog->sets[s].claims[i];
            if (doubt_catalog_is_independent(other) != independent &&
                doubt_catalog_is_same(claim, other))
                json_array_append_new(others, claim_json(view, &view->catalog->sets[s], other));
        }
    json_object_set_new(object, independent ? "claimed" : "independent", others);
    json_t *contradictions = json_array();
    doubt_claims_contradictions_of(view, claim, NULL, contradictions);
    json_object_set_new(object, "contradictions", contradictions);
    json_object_set_new(object, "physics", doubt_claims_json_ceiling(view, claim));
    return object;
}

enum doubt_code doubt_claims_format_json(json_t *document, struct doubt_str *out,
                                         struct doubt_err *err)
{
    enum doubt_code code = doubt_json_format(document, out, err);
    json_decref(document);
    return code;
}

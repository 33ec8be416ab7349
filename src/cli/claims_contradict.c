/* claims_contradict.c: what the rules find among the claims. See claims.h. */
#include "cli/claims.h"
#include "claims/contradict.h"
#include "report/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_COLUMNS = 19 };

/* Where findings go: to a text, to JSON, or to a count. */
struct sink {
    const struct doubt_claims_view *view;
    const struct doubt_claims_all *all;
    const struct doubt_claim *only; /* NULL: every claim that matches the filter */
    struct doubt_str *out;
    json_t *array;
    size_t found[DOUBT_RULE_COUNT], listed;
};

static double work_of(void *context, const struct doubt_claim *claim)
{
    const struct doubt_claims_view *view = context;
    struct doubt_work work;
    return doubt_works_find(view->works, claim, &work) ? 2.0 * (double)work.macs : NAN;
}

/* All claims of the catalog; free items. */
static enum doubt_code gather(const struct doubt_claims_view *view, struct doubt_claims_all *all,
                              struct doubt_err *err)
{
    size_t total = 0;
    for (size_t s = 0; s < view->catalog->count; s++)
        total += view->catalog->sets[s].count;
    struct doubt_claim_at *items = calloc(total + 1, sizeof *items);
    *all = (struct doubt_claims_all){items, 0, work_of, (void *)(uintptr_t)view};
    if (items == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for all claims");
    for (size_t s = 0; s < view->catalog->count; s++)
        for (size_t i = 0; i < view->catalog->sets[s].count; i++)
            items[all->count++] =
                (struct doubt_claim_at){&view->catalog->sets[s], &view->catalog->sets[s].claims[i]};
    return DOUBT_OK;
}

/* The filter lets one of the two through. */
static bool is_wanted(const struct sink *sink, const struct doubt_contradiction *found)
{
    for (int k = 0; k < 2; k++) {
        size_t i = k == 0 ? found->a : found->b;
        if (i == SIZE_MAX)
            continue;
        const struct doubt_claim_at *at = &sink->all->items[i];
        if (sink->only != NULL ? sink->only == at->claim
                               : doubt_catalog_matches(sink->view->filter, at->set, at->claim))
            return true;
    }
    return false;
}

static const char *id_of(const struct sink *sink, size_t i)
{
    return i == SIZE_MAX ? "" : sink->all->items[i].claim->id;
}

/* "RULE   a and b: TEXT", or of one claim "contradicts   RULE, other: TEXT". */
static void to_text(struct sink *sink, const struct doubt_contradiction *found)
{
    struct doubt_str text;
    size_t other = found->b;
    const char *rule = doubt_rule_name(found->rule);
    doubt_str_init(&text, DOUBT_CLAIMS_OUTPUT_MAX);
    if (sink->only != NULL)
        doubt_str_addf(&text, "%s%s ", rule, other == SIZE_MAX ? ":" : ",");
    if (sink->only == NULL)
        doubt_str_addf(&text, "%s%s", id_of(sink, found->a), other != SIZE_MAX ? " and " : ": ");
    else if (other != SIZE_MAX && sink->all->items[other].claim == sink->only)
        other = found->a;
    if (other != SIZE_MAX)
        doubt_str_addf(&text, "%s: ", id_of(sink, other));
    doubt_str_add(&text, found->text);
    const char *key = sink->only == NULL ? rule : sink->listed++ == 0 ? "contradicts" : "";
    doubt_str_addf(sink->out, "%-*s", KEY_COLUMNS, key);
    doubt_str_wrap(sink->out, doubt_str_text(&text), KEY_COLUMNS, sink->view->cli->width);
    doubt_str_free(&text);
}

static void visit(void *context, const struct doubt_contradiction *found)
{
    struct sink *sink = context;
    if (!is_wanted(sink, found))
        return;
    sink->found[found->rule]++;
    if (sink->array != NULL)
        json_array_append_new(sink->array, json_pack("{s:s, s:s, s:s, s:s}", "rule",
                                                     doubt_rule_name(found->rule), "claim",
                                                     id_of(sink, found->a), "other",
                                                     id_of(sink, found->b), "text", found->text));
    else if (sink->out != NULL)
        to_text(sink, found);
}

static void add_counts(const struct sink *sink, struct doubt_str *out)
{
    doubt_str_add(out, "\n");
    for (enum doubt_rule rule = 0; rule < DOUBT_RULE_COUNT; rule++) {
        char text[DOUBT_CLAIMS_TEXT_BYTES];
        snprintf(text, sizeof text, "%zu: %s", sink->found[rule], doubt_rule_meaning(rule));
        doubt_str_addf(out, "%-*s", KEY_COLUMNS, doubt_rule_name(rule));
        doubt_str_wrap(out, text, KEY_COLUMNS, sink->view->cli->width);
    }
}

enum doubt_code doubt_claims_contradictions(const struct doubt_claims_view *view,
                                            struct doubt_str *out, struct doubt_err *err)
{
    struct doubt_claims_all all;
    struct sink sink = {.view = view, .all = &all, .out = out};
    enum doubt_code code = gather(view, &all, err);
    if (code != DOUBT_OK)
        return code;
    if (view->cli->common.json)
        sink.array = json_array();
    doubt_contradict(&all, visit, &sink);
    if (sink.array != NULL)
        code = doubt_claims_format_json(json_pack("{s:o}", "contradictions", sink.array), out, err);
    else
        add_counts(&sink, out);
    free((void *)(uintptr_t)all.items);
    return code;
}

void doubt_claims_contradictions_of(const struct doubt_claims_view *view,
                                    const struct doubt_claim *claim, struct doubt_str *out,
                                    json_t *array)
{
    struct doubt_claims_all all;
    struct sink sink = {.view = view, .all = &all, .only = claim, .out = out, .array = array};
    if (gather(view, &all, NULL) == DOUBT_OK)
        doubt_contradict(&all, visit, &sink);
    free((void *)(uintptr_t)all.items);
}

/* claims_list.c: lists of sets and of claims. See claims.h. */
#include "cli/claims.h"

#include <stdio.h>
#include <string.h>

/* --- list of sets --------------------------------------------------------------------------- */

/* The engine that could test a claim, or why none could: returns true and family, or false and the
 * obstacle. */
static bool could_test(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                       char *out, size_t out_bytes)
{
    doubt_claims_obstacle(view, claim, out, out_bytes);
    if (out[0] != '\0')
        return false;
    doubt_catalog_family(claim, out, out_bytes);
    return true;
}

/* "5 by tensorrt (not here), 2 by openvino"; testable: how many by engines that are here. */
void doubt_claims_count_engines(const struct doubt_claims_view *view,
                                const struct doubt_claim_set *set, struct doubt_str *out,
                                size_t *testable)
{
    char family[DOUBT_CLAIMS_TEXT_BYTES], other[DOUBT_CLAIMS_TEXT_BYTES];
    *testable = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!could_test(view, &set->claims[i], family, sizeof family))
            continue;
        size_t same = 0, before = 0;
        for (size_t k = 0; k < set->count; k++)
            if (could_test(view, &set->claims[k], other, sizeof other) &&
                strcmp(family, other) == 0) {
                same++;
                before += k < i;
            }
        bool here = doubt_catalog_has_engine(view->catalog, family);
        *testable += here;
        if (before == 0)
            doubt_str_addf(out, "%s%zu by %s%s", out->len > 0 ? ", " : "", same,
                           family[0] != '\0' ? family : "any engine", here ? "" : " (not here)");
    }
}

size_t doubt_claims_count_built_in(const struct doubt_claim_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        count += set->claims[i].network[0] != '\0';
    return count;
}

static enum doubt_code add_set(const void *context, size_t index, struct doubt_table *table,
                               struct doubt_err *err)
{
    const struct doubt_claims_view *view = context;
    const struct doubt_claim_set *set = &view->catalog->sets[index];
    char claims[32], built_in[32];
    size_t testable;
    struct doubt_str engines;
    doubt_str_init(&engines, DOUBT_CLAIMS_OUTPUT_MAX);
    doubt_claims_count_engines(view, set, &engines, &testable);
    snprintf(claims, sizeof claims, "%zu", set->count);
    snprintf(built_in, sizeof built_in, "%zu", doubt_claims_count_built_in(set));
    const char *could = engines.len > 0 ? doubt_str_text(&engines) : "none";
    const char *texts[] = {set->name, claims, built_in, could, set->title};
    enum doubt_code code = doubt_table_add(table, texts, err);
    doubt_str_free(&engines);
    return code;
}

enum doubt_code doubt_claims_format_sets(const struct doubt_claims_view *view,
                                         struct doubt_str *out, struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"set", false, 0},
        {"claims", true, 0},
        {"network built in", true, 3},
        {"could be tested", false, 2},
        {"title", false, 0},
    };
    static const struct doubt_table_narrow title = {4, 1, 20, DOUBT_TABLE_WRAP};
    const struct doubt_table_shape shape = {columns,
                                            sizeof columns / sizeof columns[0],
                                            view->catalog->count,
                                            add_set,
                                            view->cli->width,
                                            view->cli->color};
    return doubt_table_print_narrow(&shape, &title, view, out, err);
}

/* --- list of claims ------------------------------------------------------------------------- */

struct listed {
    const struct doubt_claims_view *view;
    const struct doubt_claims_table *shape;
};

/* The claim of that number among those of all sets; those that do not match are no rows. */
static enum doubt_code add_match(const void *context, size_t index, struct doubt_table *table,
                                 struct doubt_err *err)
{
    const struct listed *listed = context;
    const struct doubt_claim_set *set = listed->view->catalog->sets;
    for (; index >= set->count; set++)
        index -= set->count;
    if (!doubt_catalog_matches(listed->view->filter, set, &set->claims[index]))
        return DOUBT_OK;
    return listed->shape->add(listed->view, &set->claims[index], table, err);
}

enum doubt_code doubt_claims_format_table(const struct doubt_claims_view *view,
                                          const struct doubt_claims_table *shape,
                                          struct doubt_str *out, struct doubt_err *err)
{
    const struct listed listed = {view, shape};
    size_t count = 0;
    for (size_t i = 0; i < view->catalog->count; i++)
        count += view->catalog->sets[i].count;
    const struct doubt_table_shape all = {shape->columns, shape->column_count, count,
                                          add_match,      view->cli->width,    view->cli->color};
    return doubt_table_print(&all, &listed, out, err);
}

static enum doubt_code add_claim(const struct doubt_claims_view *view,
                                 const struct doubt_claim *claim, struct doubt_table *table,
                                 struct doubt_err *err)
{
    char batch[32], figure[DOUBT_CLAIMS_TEXT_BYTES], obstacle[DOUBT_CLAIMS_TEXT_BYTES];
    doubt_claims_batch(claim, batch, sizeof batch);
    snprintf(figure, sizeof figure, "%s %s", claim->figure, claim->unit);
    doubt_claims_why_not(view, claim, obstacle, sizeof obstacle);
    const char *texts[] = {claim->id, claim->device, claim->title, claim->input, claim->precision,
                           batch,     claim->engine, figure,       claim->date,  obstacle};
    return doubt_table_add(table, texts, err);
}

enum doubt_code doubt_claims_format_list(const struct doubt_claims_view *view,
                                         struct doubt_str *out, struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"claim", false, 0},     {"device", false, 1},
        {"network", false, 2},   {"input", false, 6},
        {"precision", false, 4}, {"batch", true, 5},
        {"engine", false, 8},    {"figure", true, 0},
        {"date", false, 3},      {"not testable here", false, 7},
    };
    const struct doubt_claims_table shape = {columns, sizeof columns / sizeof columns[0],
                                             add_claim};
    return doubt_claims_format_table(view, &shape, out, err);
}

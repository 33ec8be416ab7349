/* claims_text.c: the texts of one claim, and the walk over those that match. See claims.h. */
#include "cli/claims.h"

#include "report/view.h"

#include <stdio.h>
#include <string.h>

void doubt_claims_figure(const struct doubt_claim *claim, struct doubt_figure *figure)
{
    char text[DOUBT_CLAIMS_TEXT_BYTES];
    snprintf(text, sizeof text, "%s %s", claim->figure, claim->unit);
    memset(figure, 0, sizeof *figure);
    figure->unit_scale = 1;
    doubt_figure_parse(text, NULL, figure, NULL); /* the parser of sets has refused bad ones */
}

void doubt_claims_reads(const struct doubt_claim *claim, char *out, size_t out_bytes)
{
    struct doubt_figure figure;
    doubt_claims_figure(claim, &figure);
    char reads[DOUBT_CLAIMS_TEXT_BYTES / 2];
    doubt_view_reads(&figure, reads, sizeof reads);
    snprintf(out, out_bytes, "%s %s%s", reads, claim->unit,
             figure.about && figure.bound == DOUBT_FIGURE_TWO_SIDED ? ", about" : "");
}

void doubt_claims_batch(const struct doubt_claim *claim, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (claim->batch != DOUBT_MISSING_I64)
        snprintf(out, out_bytes, "%lld", (long long)claim->batch);
}

void doubt_claims_obstacle(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                           char *out, size_t out_bytes)
{
    char own[32];
    doubt_catalog_obstacle(claim, out, out_bytes);
    if (out[0] == '\0' && doubt_works_other_size(view->works, claim, own, sizeof own))
        snprintf(out, out_bytes, "input %.60s, built in with %s", claim->input, own);
}

void doubt_claims_why_not(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                          char *out, size_t out_bytes)
{
    char family[DOUBT_CLAIMS_TEXT_BYTES];
    doubt_claims_obstacle(view, claim, out, out_bytes);
    doubt_catalog_family(claim, family, sizeof family);
    if (out[0] == '\0' && !doubt_catalog_has_engine(view->catalog, family))
        snprintf(out, out_bytes, "no engine %.100s here", family);
}

/* Walks the claims that match: an array index pair, (0, 0) to begin; false at the end. */
bool doubt_claims_next(const struct doubt_claims_view *view, size_t *set, size_t *claim)
{
    for (; *set < view->catalog->count; ++*set, *claim = 0)
        for (; *claim < view->catalog->sets[*set].count; ++*claim)
            if (doubt_catalog_matches(view->filter, &view->catalog->sets[*set],
                                      &view->catalog->sets[*set].claims[*claim]))
                return true;
    return false;
}

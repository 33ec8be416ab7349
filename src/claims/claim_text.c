/* claim_text.c: what the texts of a claim say: its figure, its sizes.
 *
 * A unit of work is one text. Not for whole files: claim_parse.c.
 */
#include "claims/claims_int.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIGURE_BYTES = 256 };

enum doubt_code doubti_figure_of(const struct doubt_claim *claim, struct doubt_figure *figure,
                                 struct doubt_err *err)
{
    char text[FIGURE_BYTES];
    memset(figure, 0, sizeof *figure);
    figure->unit_scale = 1;
    snprintf(text, sizeof text, "%s %s", claim->figure, claim->unit);
    return doubt_figure_parse(text, NULL, figure, err);
}

bool doubti_dims_next(const char **text, struct doubti_dims *dims)
{
    const char *p = *text + strcspn(*text, "0123456789");
    dims->count = 0;
    while (isdigit((unsigned char)*p)) {
        char *end;
        long size = strtol(p, &end, 10);
        if (dims->count < DOUBTI_DIMS_MAX)
            dims->size[dims->count++] = size;
        p = end;
        const char *behind = p + (*p == 'x' || *p == ',');
        behind += behind > p && *p == ',' ? strspn(behind, " ") : 0;
        if (behind > p && isdigit((unsigned char)*behind))
            p = behind;
    }
    *text = p;
    return dims->count > 0;
}

bool doubti_dims_end_in(const struct doubti_dims *all, const struct doubti_dims *tail)
{
    if (tail->count > all->count)
        return false;
    for (int i = 0; i < tail->count; i++)
        if (all->size[all->count - tail->count + i] != tail->size[i])
            return false;
    return true;
}

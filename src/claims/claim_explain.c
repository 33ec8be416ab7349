/* claim_explain.c: what a condition that differs does to a figure, where that is known.
 *
 * A unit of work is one condition of one claim. Directions are those of the same device and
 * network: a narrower type is no slower where the hardware has it, a boundary that holds more takes
 * longer, a larger batch takes longer and gives more a second. Not for deciding what differs:
 * claim_judge.c.
 */
#include "claims/claims_int.h"
#include "util/str.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { TEXT_BYTES = 400, ALL_MAX = 8000 };

/* One claim beside one cell. */
struct pair {
    const struct doubt_claim *claim;
    const struct doubt_series *series;
    const struct doubt_cell *cell;
    bool rate; /* the figure is a rate: more is faster */
};

static const char *or_unknown(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : "unknown";
}

/* Place of word in a list of words from the fastest to the slowest; -1: not there. */
static int rank(const char *const *words, const char *word)
{
    for (int i = 0; word != NULL && words[i] != NULL; i++)
        if (strcasecmp(words[i], word) == 0)
            return i;
    return -1;
}

static const char *slower_or_faster(const char *const *words, const char *claimed, const char *here)
{
    int a = rank(words, claimed), b = rank(words, here);
    return a < 0 || b < 0 || a == b ? "" : b > a ? ", likely slower here" : ", likely faster here";
}

static void explain_device(const struct pair *p, char *out)
{
    const char *here = p->series->board != NULL ? p->series->board : p->series->machine;
    snprintf(out, TEXT_BYTES, "device: claimed of %.120s, here %.160s", p->claim->device,
             or_unknown(p->series->claim_device != NULL ? p->series->claim_device : here));
}

static void explain_engine(const struct pair *p, char *out)
{
    snprintf(out, TEXT_BYTES, "engine: claimed by %.120s, here %.60s %.60s", p->claim->engine,
             or_unknown(p->cell->engine),
             p->cell->engine_version != NULL ? p->cell->engine_version : "");
}

static void explain_precision(const struct pair *p, char *out)
{
    static const char *const order[] = {"i8", "f16", "bf16", "tf32", "f32", NULL};
    const char *way = slower_or_faster(order, p->claim->precision, p->cell->precision);
    bool halves = rank(order, p->claim->precision) + rank(order, p->cell->precision) == 3;
    snprintf(out, TEXT_BYTES, "precision: claimed in %.20s, here %.20s%s", p->claim->precision,
             or_unknown(p->cell->precision), halves ? "" : way);
}

static void explain_boundary(const struct pair *p, char *out)
{
    static const char *const order[] = {"device", "call", "host", NULL};
    int a = rank(order, p->claim->boundary), b = rank(order, p->cell->boundary);
    snprintf(out, TEXT_BYTES, "boundary: claimed %.20s, here %.20s%s", p->claim->boundary,
             or_unknown(p->cell->boundary),
             a < 0 || b < 0 || a == b ? ""
             : b > a                  ? ", which times more: likely slower here"
                                      : ", which times less: likely faster here");
}

static void explain_batch(const struct pair *p, char *out)
{
    bool known = p->cell->batch != DOUBT_MISSING_I64;
    bool larger = known && p->cell->batch > p->claim->batch;
    const char *way =
        !known    ? ""
        : p->rate ? (larger ? ", likely more a second here" : ", likely fewer a second here")
        : larger  ? ", likely a longer time here"
                  : ", likely a shorter time here";
    snprintf(out, TEXT_BYTES, "batch: claimed %lld, here %lld%s", (long long)p->claim->batch,
             known ? (long long)p->cell->batch : 0, way);
}

static void explain_network(const struct pair *p, char *out)
{
    snprintf(out, TEXT_BYTES, "network: claimed %.120s, here %.120s", p->claim->title,
             or_unknown(p->cell->title != NULL ? p->cell->title : p->cell->network));
}

static void explain_input(const struct pair *p, char *out)
{
    struct doubti_dims wanted = {.count = 0}, found = {.count = 0};
    const char *claimed = p->claim->input, *here = or_unknown(p->cell->input);
    double area[2] = {1, 1};
    while (found.count < 2 && doubti_dims_next(&here, &found)) /* the type's digits come first */
        ;
    bool both = doubti_dims_next(&claimed, &wanted) && wanted.count >= 2 && found.count >= 2;
    for (int k = 1; both && k <= 2; k++) {
        area[0] *= (double)wanted.size[wanted.count - k];
        area[1] *= (double)found.size[found.count - k];
    }
    snprintf(out, TEXT_BYTES, "input: claimed %.60s, here %.120s%s", p->claim->input,
             or_unknown(p->cell->input),
             area[0] == area[1]  ? ""
             : area[1] > area[0] ? ", a larger picture: likely slower here"
                                 : ", a smaller picture: likely faster here");
}

static void explain_statistic(const struct pair *p, char *out)
{
    bool high = tolower((unsigned char)p->claim->statistic[0]) == 'p' &&
                isdigit((unsigned char)p->claim->statistic[1]);
    snprintf(out, TEXT_BYTES, "statistic: claimed %.40s, here a mean%s", p->claim->statistic,
             high ? ", which is likely faster than a high percentile" : "");
}

static void explain_condition(const struct pair *p, char *out)
{
    bool sum = strstr(p->claim->condition, "summed") != NULL;
    snprintf(out, TEXT_BYTES, "condition: claimed with %.200s, which no record knows%s",
             p->claim->condition, sum ? "; one device is likely slower than a sum" : "");
    for (char *c = out; (c = strstr(c, "; ")) != NULL;) /* phrases end there */
        *c = ',';
}

static void explain_power(const struct pair *p, char *out)
{
    snprintf(out, TEXT_BYTES, "power mode: claimed %.120s, here %.120s", p->claim->power_mode,
             or_unknown(p->series->power_mode));
}

static const struct {
    const char *what; /* how a condition in differs ends */
    void (*explain)(const struct pair *pair, char *out);
} rows[] = {
    {"device", explain_device},         {"engine", explain_engine},
    {"engine version", explain_engine}, {"precision", explain_precision},
    {"boundary", explain_boundary},     {"network", explain_network},
    {"variant", explain_network},       {"input", explain_input},
    {"batch", explain_batch},           {"statistic", explain_statistic},
    {"condition", explain_condition},   {"power mode", explain_power},
    {"clocks", explain_power},
};

/* "other device" or "unknown power mode" without its first word. */
static void explain_one(const struct pair *pair, const char *part, size_t bytes,
                        struct doubt_str *out)
{
    char text[TEXT_BYTES];
    size_t kind = strcspn(part, " ");
    const char *what = part + kind + 1;
    snprintf(text, sizeof text, "%.*s", (int)(bytes < 100 ? bytes : 100), part);
    for (size_t i = 0; kind < bytes && i < sizeof rows / sizeof rows[0]; i++)
        if (strlen(rows[i].what) == bytes - kind - 1 &&
            strncmp(rows[i].what, what, bytes - kind - 1) == 0)
            rows[i].explain(pair, text);
    doubt_str_addf(out, "%s%s", out->len > 0 ? "; " : "", text);
}

void doubti_explain_differs(const struct doubt_claim *claim, const struct doubt_series *series,
                            struct doubt_cell *cell)
{
    struct doubt_figure figure;
    struct doubt_str out;
    struct pair pair = {claim, series, cell, true};
    if (doubti_figure_of(claim, &figure, NULL) == DOUBT_OK)
        pair.rate = figure.kind == DOUBT_UNIT_RATE;
    doubt_str_init(&out, ALL_MAX);
    for (const char *at = cell->differs; at != NULL && *at != '\0';) {
        size_t bytes = strcspn(at, ",");
        explain_one(&pair, at, bytes, &out);
        at += bytes;
        at += strspn(at, ", ");
    }
    doubt_text_set(&cell->differs_how, out.len > 0 ? doubt_str_text(&out) : NULL);
    doubt_str_free(&out);
}

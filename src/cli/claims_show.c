/* claims_show.c: one claim with everything that is known of it. See claims.h. */
#include "cli/claims.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_COLUMNS = 19 };

static void line(const struct doubt_claims_view *view, const char *key, const char *text,
                 struct doubt_str *out)
{
    if (text[0] == '\0')
        return;
    doubt_str_addf(out, "%-*s", KEY_COLUMNS, key);
    doubt_str_wrap(out, text, KEY_COLUMNS, view->cli->width);
}

static void conditions(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                       struct doubt_str *out)
{
    char text[DOUBT_CLAIMS_TEXT_BYTES];
    line(view, "device", claim->device, out);
    snprintf(text, sizeof text, "%s%s%s", claim->title,
             claim->network[0] != '\0' ? ", built in as " : ", not built in", claim->network);
    line(view, "network", text, out);
    line(view, "input", claim->input, out);
    line(view, "printed as", claim->label, out);
    line(view, "framework", claim->framework, out);
    line(view, "model file", claim->file, out);
    line(view, "output", claim->output, out);
    line(view, "precision", claim->precision, out);
    doubt_claims_batch(claim, text, sizeof text);
    line(view, "batch", text, out);
    if (claim->samples != DOUBT_MISSING_I64) {
        snprintf(text, sizeof text, "%lld", (long long)claim->samples);
        line(view, "samples", text, out);
    }
    line(view, "engine", claim->engine, out);
    line(view, "power mode", claim->power_mode, out);
    line(view, "condition", claim->condition, out);
    line(view, "boundary", claim->boundary, out);
    line(view, "statistic", claim->statistic, out);
}

/* The measurements of others; for one of those, the claims. */
static void same_things(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                        struct doubt_str *out)
{
    bool independent = doubt_catalog_is_independent(claim);
    const char *key = independent ? "claimed" : "independent";
    for (size_t s = 0; s < view->catalog->count; s++)
        for (size_t i = 0; i < view->catalog->sets[s].count; i++) {
            const struct doubt_claim *other = &view->catalog->sets[s].claims[i];
            char text[8 * DOUBT_CLAIMS_TEXT_BYTES];
            if (doubt_catalog_is_independent(other) == independent ||
                !doubt_catalog_is_same(claim, other))
                continue;
            snprintf(text, sizeof text, "%s %s%s%s%s%s%s%s (%s)", other->figure, other->unit,
                     other->precision[0] != '\0' ? ", " : "", other->precision,
                     other->engine[0] != '\0' ? ", " : "", other->engine,
                     other->power_mode[0] != '\0' ? ", " : "", other->power_mode, other->id);
            line(view, key, text, out);
            key = "";
        }
    if (key[0] != '\0')
        line(view, key, independent ? "no claim of the same" : "no measurement of the same known",
             out);
}

static void source(const struct doubt_claims_view *view, const char *key, const char *name,
                   const char *date, struct doubt_str *out)
{
    char text[8 * DOUBT_CLAIMS_TEXT_BYTES];
    if (doubt_device_is_verified(name))
        snprintf(text, sizeof text, "%s%s%s", name, date[0] != '\0' ? ", " : "", date);
    else
        snprintf(text, sizeof text, "no source that could be read: not verified");
    line(view, key, text, out);
}

/* What physics allows, with the arithmetic. */
static void plausibility(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                         struct doubt_str *out)
{
    struct doubt_work work;
    struct doubt_ceiling ceiling;
    struct doubt_str text;
    bool known = doubt_works_find(view->works, claim, &work);
    doubt_str_init(&text, DOUBT_CLAIMS_OUTPUT_MAX);
    doubt_ceiling_of(claim, known ? &work : NULL, &ceiling);
    const char *verdict = doubt_plausible_name(ceiling.verdict);
    doubt_str_addf(&text, "%s%s", verdict, verdict[0] != '\0' ? ": " : "");
    doubt_ceiling_explain(claim, &ceiling, &text);
    if (known && work.source != NULL)
        doubt_str_addf(&text, "; work: %s", work.source);
    line(view, "physics", doubt_str_text(&text), out);
    if (ceiling.unknown[0] == '\0') {
        source(view, "peak from", ceiling.peak_source, ceiling.peak_date, out);
        source(view, "memory from", ceiling.device->source, ceiling.device->date, out);
    }
    doubt_str_free(&text);
}

static void format_one(const struct doubt_claims_view *view, const struct doubt_claim_set *set,
                       const struct doubt_claim *claim, struct doubt_str *out)
{
    char text[8 * DOUBT_CLAIMS_TEXT_BYTES], obstacle[DOUBT_CLAIMS_TEXT_BYTES];
    snprintf(text, sizeof text, "%s %s", claim->figure, claim->unit);
    doubt_str_addf(out, "%s\n", claim->id);
    line(view, "figure", text, out);
    doubt_claims_reads(claim, text, sizeof text);
    line(view, "reads as", text, out);
    conditions(view, claim, out);
    line(view, "source", claim->source, out);
    line(view, "date", claim->date, out);
    line(view, "confidence", claim->confidence, out);
    line(view, "remark", claim->remark, out);
    snprintf(text, sizeof text, "%s%s%s: %s", set->name, claim->row[0] != '\0' ? ", row " : "",
             claim->row, set->title);
    line(view, "set", text, out);
    same_things(view, claim, out);
    plausibility(view, claim, out);
    doubt_claims_contradictions_of(view, claim, out, NULL);
    doubt_claims_why_not(view, claim, obstacle, sizeof obstacle);
    if (obstacle[0] != '\0')
        snprintf(text, sizeof text, "no: %s", obstacle);
    else
        snprintf(text, sizeof text, "on a %s: doubt check %s --network %s", claim->device,
                 set->name, claim->network);
    line(view, "can be tested", text, out);
}

static enum doubt_code unknown_claim(const struct doubt_catalog *catalog, const char *id,
                                     struct doubt_err *err)
{
    size_t total = 0;
    for (size_t s = 0; s < catalog->count; s++)
        total += catalog->sets[s].count;
    const char **names = calloc(total + 1, sizeof *names);
    if (names == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of claims");
    for (size_t s = 0, n = 0; s < catalog->count; s++)
        for (size_t i = 0; i < catalog->sets[s].count; i++)
            names[n++] = catalog->sets[s].claims[i].id;
    doubt_err_set(err, DOUBT_E_NOT_FOUND,
                  "there is no claim \"%.100s\"%s doubt claims SET lists a set's claims", id,
                  doubt_str_hint(id, names, "").text);
    free(names);
    return DOUBT_E_NOT_FOUND;
}

enum doubt_code doubt_claims_show(const struct doubt_claims_view *view, const char *id,
                                  struct doubt_str *out, struct doubt_err *err)
{
    for (size_t s = 0; s < view->catalog->count; s++)
        for (size_t i = 0; i < view->catalog->sets[s].count; i++) {
            const struct doubt_claim_set *set = &view->catalog->sets[s];
            if (strcmp(set->claims[i].id, id) != 0)
                continue;
            if (view->cli->common.json)
                return doubt_claims_format_json(doubt_claims_json_one(view, set, &set->claims[i]),
                                                out, err);
            format_one(view, set, &set->claims[i], out);
            return DOUBT_OK;
        }
    return unknown_claim(view->catalog, id, err);
}

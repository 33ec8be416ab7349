/* claims_ceilings.c: claims beside what physics allows. See claims.h. */
#include "cli/claims.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 96 };

static void ceiling_of(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                       struct doubt_ceiling *ceiling)
{
    struct doubt_work work;
    bool known = doubt_works_find(view->works, claim, &work);
    doubt_ceiling_of(claim, known ? &work : NULL, ceiling);
}

/* Three digits: "418", "61.2", "1.20". */
static void digits(double value, char *out, size_t out_bytes)
{
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    snprintf(out, out_bytes, "%.*f", decimals, value);
}

/* Before a figure that rests on a row whose source could not be read. */
static const char *mark(bool verified)
{
    return verified ? "" : "?";
}

/* A rate in the claim's unit: a time is of one batch. */
static void in_unit(const struct doubt_claim *claim, double rate, const char *before,
                    char out[static TEXT_BYTES])
{
    char number[32];
    struct doubt_figure figure;
    out[0] = '\0';
    if (isnan(rate))
        return;
    if (isinf(rate)) {
        snprintf(out, TEXT_BYTES, "none");
        return;
    }
    doubt_claims_figure(claim, &figure);
    double batch = claim->batch == DOUBT_MISSING_I64 ? 1 : (double)claim->batch;
    bool time = figure.kind == DOUBT_UNIT_TIME;
    digits((time ? batch * 1e9 / rate : rate) / figure.unit_scale, number, sizeof number);
    snprintf(out, TEXT_BYTES, "%s%s %s", before, number, claim->unit);
}

static enum doubt_code add_claim(const struct doubt_claims_view *view,
                                 const struct doubt_claim *claim, struct doubt_table *table,
                                 struct doubt_err *err)
{
    char figure[DOUBT_CLAIMS_TEXT_BYTES], work[TEXT_BYTES] = "", share[TEXT_BYTES] = "";
    char ceiling[TEXT_BYTES], memory[TEXT_BYTES];
    struct doubt_ceiling c;
    ceiling_of(view, claim, &c);
    snprintf(figure, sizeof figure, "%s %s", claim->figure, claim->unit);
    if (!isnan(c.work_ops))
        snprintf(work, sizeof work, "%.2f", c.work_ops / 1e9);
    if (!isnan(c.share))
        snprintf(share, sizeof share, "%s%.1f %%", mark(c.peak_verified), 100 * c.share);
    in_unit(claim, c.ceiling, mark(c.peak_verified), ceiling);
    in_unit(claim, c.memory, mark(c.memory_verified || !(c.memory < INFINITY)), memory);
    const char *texts[] = {claim->id,
                           claim->device,
                           claim->title,
                           claim->input,
                           claim->precision,
                           figure,
                           work,
                           share,
                           ceiling,
                           memory,
                           isnan(c.ceiling) ? ""
                           : c.memory_binds ? "memory"
                                            : "arithmetic",
                           c.unknown[0] != '\0' ? c.unknown : doubt_plausible_name(c.verdict)};
    return doubt_table_add(table, texts, err);
}

static enum doubt_code format_table(const struct doubt_claims_view *view, struct doubt_str *out,
                                    struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"claim", false, 0},    {"device", false, 6},    {"network", false, 4},
        {"input", false, 7},    {"precision", false, 9}, {"figure", true, 0},
        {"GOP", true, 3},       {"of peak", true, 0},    {"ceiling", true, 1},
        {"by memory", true, 5}, {"binds", false, 8},     {"possible?", false, 2},
    };
    const struct doubt_claims_table shape = {columns, sizeof columns / sizeof columns[0],
                                             add_claim};
    return doubt_claims_format_table(view, &shape, out, err);
}

/* Those above their ceiling, with the arithmetic. */
static void add_flags(const struct doubt_claims_view *view, struct doubt_str *out)
{
    bool any = false;
    for (size_t set = 0, i = 0; doubt_claims_next(view, &set, &i); i++) {
        const struct doubt_claim *claim = &view->catalog->sets[set].claims[i];
        struct doubt_ceiling c;
        struct doubt_str text;
        ceiling_of(view, claim, &c);
        if (c.verdict <= DOUBT_PLAUSIBLE)
            continue;
        doubt_str_init(&text, DOUBT_CLAIMS_OUTPUT_MAX);
        doubt_str_addf(&text, "%s: ", claim->id);
        doubt_ceiling_explain(claim, &c, &text);
        doubt_str_add(out, any ? "" : "\n");
        doubt_str_wrap(out, doubt_str_text(&text), 2, view->cli->width);
        doubt_str_free(&text);
        any = true;
    }
}

/* Says what "?" means where one was printed. */
static void add_legend(const struct doubt_claims_view *view, struct doubt_str *out)
{
    for (size_t set = 0, i = 0; doubt_claims_next(view, &set, &i); i++) {
        struct doubt_ceiling c;
        ceiling_of(view, &view->catalog->sets[set].claims[i], &c);
        if (isnan(c.ceiling) || (c.peak_verified && (c.memory_verified || isinf(c.memory))))
            continue;
        doubt_str_add(out, "\n");
        doubt_str_wrap(
            out,
            "Figures after a ? are not verified: no source that states the device's peak or "
            "bandwidth could be read",
            0, view->cli->width);
        return;
    }
}

static void set_real(json_t *object, const char *name, double value)
{
    if (isfinite(value))
        json_object_set_new(object, name, json_real(value));
}

json_t *doubt_claims_json_ceiling(const struct doubt_claims_view *view,
                                  const struct doubt_claim *claim)
{
    struct doubt_ceiling c;
    struct doubt_str text;
    json_t *object = json_object();
    ceiling_of(view, claim, &c);
    doubt_str_init(&text, DOUBT_CLAIMS_OUTPUT_MAX);
    doubt_ceiling_explain(claim, &c, &text);
    json_object_set_new(object, "id", json_string(claim->id));
    set_real(object, "claimed_per_s", c.claimed);
    set_real(object, "work_operations", c.work_ops);
    set_real(object, "peak_operations_per_s", c.peak_ops_s);
    set_real(object, "share", c.share);
    set_real(object, "ceiling_per_s", c.ceiling);
    set_real(object, "memory_bytes", c.memory_bytes);
    set_real(object, "memory_per_s", c.memory);
    if (!isnan(c.ceiling)) {
        json_object_set_new(object, "binds", json_string(c.memory_binds ? "memory" : "arithmetic"));
        json_object_set_new(object, "possible", json_string(doubt_plausible_name(c.verdict)));
        json_object_set_new(object, "peak_source", json_string(c.peak_source));
        json_object_set_new(object, "peak_verified", json_boolean(c.peak_verified));
        json_object_set_new(object, "memory_source", json_string(c.device->source));
        json_object_set_new(object, "memory_verified", json_boolean(c.memory_verified));
    }
    json_object_set_new(object, "arithmetic", json_string(doubt_str_text(&text)));
    doubt_str_free(&text);
    return object;
}

enum doubt_code doubt_claims_ceilings(const struct doubt_claims_view *view, struct doubt_str *out,
                                      struct doubt_err *err)
{
    if (view->cli->common.json) {
        json_t *array = json_array();
        for (size_t set = 0, i = 0; doubt_claims_next(view, &set, &i); i++)
            json_array_append_new(
                array, doubt_claims_json_ceiling(view, &view->catalog->sets[set].claims[i]));
        return doubt_claims_format_json(json_pack("{s:o}", "ceilings", array), out, err);
    }
    enum doubt_code code = format_table(view, out, err);
    if (code == DOUBT_OK) {
        add_legend(view, out);
        add_flags(view, out);
    }
    return code;
}

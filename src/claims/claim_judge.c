/* claim_judge.c: which conditions of a claim a measured cell meets, and what it says of the figure.
 * See claim.h.
 */
#include "claims/claim.h"
#include "claims/power_mode.h"
#include "claims/claims_int.h"
#include "claims/device.h"
#include "util/str.h"

#include <ctype.h>
#include <doubt/verdict.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DIFFERS_MAX = 1000 };

static bool stated(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static void add(struct doubt_str *list, const char *kind, const char *what)
{
    doubt_str_addf(list, "%s%s %s", list->len > 0 ? ", " : "", kind, what);
}

/* A condition that is one word, known here or not. */
static void add_word(struct doubt_str *list, const char *claimed, const char *here,
                     const char *what)
{
    if (!stated(claimed))
        return;
    if (!stated(here))
        add(list, "unknown", what);
    else if (strcasecmp(claimed, here) != 0)
        add(list, "other", what);
}

/* "clocks not locked" is a condition of its own. */
static void add_power_mode(struct doubt_str *list, const char *differs)
{
    if (differs[0] != '\0')
        doubt_str_addf(list, "%s%s", list->len > 0 ? ", " : "", differs);
}

/* --- device ----------------------------------------------------------------------------------- */

/* The device of the table that this machine is, by the names that boards and drivers use. */
static bool is_recognised(const struct doubt_claim *claim, const struct doubt_series *series,
                          const struct doubt_cell *cell)
{
    const char *where;
    const bool on_cpu = cell->device != NULL && strncasecmp(cell->device, "cpu", 3) == 0;
    const struct doubt_device_seen seen[] = {
        {series->board, series->cpu, cell->device},
        {NULL, NULL, on_cpu ? NULL : series->gpu}, /* which cards there are, where one was used */
    };
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        const struct doubt_device *here = doubt_device_recognise(&seen[i], &where);
        if (here != NULL && strcasecmp(here->name, claim->device) == 0)
            return true;
    }
    return false;
}

/* What the user says of the machine goes before what the machine says. */
static bool is_device(const struct doubt_claim *claim, const struct doubt_series *series,
                      const struct doubt_cell *cell)
{
    if (stated(series->claim_device))
        return doubt_device_names(series->claim_device, claim->device);
    return doubt_device_names(series->machine, claim->device) ||
           doubt_device_names(series->board, claim->device) ||
           doubt_device_names(series->cpu, claim->device) ||
           doubt_device_names(cell->device, claim->device) || is_recognised(claim, series, cell);
}

/* --- engine, network, input ------------------------------------------------------------------- */

/* "tensorrt 5.0 (JetPack 4.2)" against "tensorrt" and "5.0.6.3". */
static void add_engine(struct doubt_str *list, const char *claimed, const struct doubt_cell *cell)
{
    size_t name = strcspn(claimed, " "), gap = strspn(claimed + name, " ");
    const char *version = claimed + name + gap;
    size_t digits = strspn(version, "0123456789.");
    if (!stated(claimed))
        return;
    if (!stated(cell->engine) || strlen(cell->engine) != name ||
        strncasecmp(cell->engine, claimed, name) != 0) {
        add(list, "other", "engine");
    } else if (digits > 0 && !stated(cell->engine_version)) {
        add(list, "unknown", "engine version");
    } else if (digits > 0 && (strncmp(cell->engine_version, version, digits) != 0 ||
                              isdigit((unsigned char)cell->engine_version[digits]))) {
        add(list, "other", "engine version");
    }
}

static void add_input(struct doubt_str *list, const char *claimed, const char *here)
{
    struct doubti_dims wanted, found;
    if (!doubti_dims_next(&claimed, &wanted))
        return;
    if (!stated(here)) {
        add(list, "unknown", "input");
        return;
    }
    while (doubti_dims_next(&here, &found))
        if (doubti_dims_end_in(&found, &wanted))
            return;
    add(list, "other", "input");
}

/* --- statistic -------------------------------------------------------------------------------- */

/* A measured figure in ns, later in the claim's unit, with its interval. */
struct measured {
    double value, lo, hi;
    bool is_mean;
};

/* The figure of the cell that the claim's statistic asks for; false: there is none, the mean stands
 * in. */
static bool find_statistic(const char *name, const struct doubt_cell *cell, struct measured *out)
{
    const struct {
        const char *name;
        struct measured figure;
    } rows[] = {
        {"mean", {cell->mean_ns, cell->mean_lo_ns, cell->mean_hi_ns, true}},
        {"", {cell->mean_ns, cell->mean_lo_ns, cell->mean_hi_ns, true}},
        {"median", {cell->p50_ns, cell->p50_lo_ns, cell->p50_hi_ns, false}},
        {"p50", {cell->p50_ns, cell->p50_lo_ns, cell->p50_hi_ns, false}},
        {"p90", {cell->p90_ns, cell->p90_lo_ns, cell->p90_hi_ns, false}},
        {"p95", {cell->p95_ns, cell->p95_lo_ns, cell->p95_hi_ns, false}},
        {"p99", {cell->p99_ns, cell->p99_lo_ns, cell->p99_hi_ns, false}},
    };
    *out = rows[0].figure;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcasecmp(rows[i].name, name) == 0) {
            *out = rows[i].figure;
            return true;
        }
    return false;
}

char *doubt_claim_differs(const struct doubt_claim *claim, const struct doubt_series *series,
                          const struct doubt_cell *cell)
{
    struct measured unused;
    struct doubt_str list;
    doubt_str_init(&list, DIFFERS_MAX);
    bool same_device = is_device(claim, series, cell);
    if (!same_device)
        add(&list, "other", "device");
    add_engine(&list, claim->engine, cell);
    add_word(&list, claim->precision, cell->precision, "precision");
    add_word(&list, claim->boundary, cell->boundary, "boundary");
    if (!stated(claim->network))
        add(&list, "unknown", "network");
    add_word(&list, claim->network, cell->network, "network");
    if (stated(cell->variant))
        add(&list, "other", "variant");
    add_input(&list, claim->input, cell->input);
    if (claim->batch != DOUBT_MISSING_I64 && claim->batch != cell->batch)
        add(&list, cell->batch == DOUBT_MISSING_I64 ? "unknown" : "other", "batch");
    if (!find_statistic(claim->statistic, cell, &unused))
        add(&list, "other", "statistic");
    /* What telemetry saw of the machine while it was measured. */
    if (stated(cell->conditions_unmet))
        doubt_str_addf(&list, "%s%s", list.len > 0 ? ", " : "", cell->conditions_unmet);
    if (stated(claim->condition))
        add(&list, "unknown", "condition");
    if (same_device && stated(claim->power_mode))
        add_power_mode(&list, doubt_power_mode_differs(claim->power_mode, series->power_mode));
    char *text = list.failed ? NULL : strdup(doubt_str_text(&list));
    doubt_str_free(&list);
    return text;
}

/* --- verdict ---------------------------------------------------------------------------------- */

/* The measured figure in the claim's own unit: ns or 1/s. */
static struct measured in_unit(const struct doubt_claim *claim, const struct doubt_figure *figure,
                               const struct doubt_cell *cell)
{
    struct measured time;
    find_statistic(claim->statistic, cell, &time);
    if (figure->kind == DOUBT_UNIT_TIME)
        return time;
    if (time.is_mean)
        return (struct measured){cell->fps, cell->fps_lo, cell->fps_hi, true};
    double batch = cell->batch == DOUBT_MISSING_I64 ? 1 : (double)cell->batch;
    return (struct measured){batch * 1e9 / time.value, batch * 1e9 / time.hi, batch * 1e9 / time.lo,
                             false};
}

/* A wrong answer and no answer have no figure. */
static bool has_figure(const struct doubt_cell *cell, const struct measured *here)
{
    const char *state = cell->state != NULL ? cell->state : "";
    return strcmp(state, "void") != 0 && strcmp(state, "failed") != 0 && isfinite(here->value) &&
           here->value > 0;
}

/* Larger is faster, whatever the unit. */
static void set_ratio(const struct doubt_figure *figure, const struct measured *here,
                      struct doubt_cell *cell)
{
    bool time = figure->kind == DOUBT_UNIT_TIME;
    cell->ratio = time ? figure->value / here->value : here->value / figure->value;
    cell->ratio_lo = time ? figure->value / here->hi : here->lo / figure->value;
    cell->ratio_hi = time ? figure->value / here->lo : here->hi / figure->value;
}

static enum doubt_code find_verdict(const struct doubt_figure *figure, const struct measured *here,
                                    const struct doubt_cell *cell, enum doubt_verdict *verdict,
                                    struct doubt_err *err)
{
    const char *state = cell->state != NULL ? cell->state : "";
    *verdict = DOUBT_VERDICT_NONE;
    if (strcmp(state, "no steady state") == 0)
        *verdict = DOUBT_NO_STEADY_STATE;
    else if (strcmp(state, "measured") != 0 || (!isfinite(here->lo) && !isfinite(here->hi)))
        *verdict = DOUBT_INCONCLUSIVE;
    else
        return doubt_verdict_judge(figure, here->lo, here->hi, verdict, err);
    return DOUBT_OK;
}

enum doubt_code doubt_claim_judge(const struct doubt_claim *claim, bool as_is,
                                  const struct doubt_series *series, struct doubt_cell *cell,
                                  struct doubt_err *err)
{
    struct doubt_figure figure;
    enum doubt_verdict verdict = DOUBT_VERDICT_NONE;
    struct doubt_str text;
    doubt_str_init(&text, DOUBT_CLAIM_FILE_MAX);
    doubt_str_addf(&text, "%s %s", claim->figure, claim->unit);
    enum doubt_code code = doubt_figure_parse(doubt_str_text(&text), NULL, &figure, err);
    char *differs = code == DOUBT_OK ? doubt_claim_differs(claim, series, cell) : NULL;
    if (code == DOUBT_OK && differs == NULL)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while judging %s", claim->id);
    if (code == DOUBT_OK) {
        struct measured here = in_unit(claim, &figure, cell);
        doubt_text_set(&cell->claim, claim->id);
        doubt_text_set(&cell->claim_figure, doubt_str_text(&text));
        doubt_text_set(&cell->differs, differs[0] != '\0' ? differs : NULL);
        doubti_explain_differs(claim, series, cell);
        bool known = has_figure(cell, &here);
        cell->ratio = cell->ratio_lo = cell->ratio_hi = NAN;
        if (known)
            set_ratio(&figure, &here, cell);
        if (known && (as_is || differs[0] == '\0'))
            code = find_verdict(&figure, &here, cell, &verdict, err);
        doubt_text_set(&cell->verdict,
                       verdict != DOUBT_VERDICT_NONE ? doubt_verdict_name(verdict) : NULL);
    }
    if (code != DOUBT_OK)
        doubt_err_prefix(err, "claim \"%.100s\"", claim->id);
    free(differs);
    doubt_str_free(&text);
    return code;
}

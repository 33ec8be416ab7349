/* ceiling.c: see ceiling.h. */
#include "claims/ceiling.h"

#include "claims/claims_int.h"

#include <ctype.h>
#include <doubt/verdict.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PARTS_MAX = 2 };
static const double winograd_gain = 324.0 / 64.0; /* F(6x6, 3x3) */

/* --- what a claim ran on -------------------------------------------------------------------- */

/* Parts that ran at once, and how many of each. */
struct part {
    const char *name; /* "" the device's first */
    int count;
};

static bool says(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static size_t parts_of(const struct doubt_claim *claim, struct part parts[PARTS_MAX])
{
    const char *text = claim->condition;
    bool two = says(text, "two DLAs") || says(text, "both DLAs");
    size_t count = 0;
    if (says(text, "GPU at") || says(text, "GPU and") || says(text, "on the GPU") ||
        says(text, "GPU only") || says(text, "integrated GPU"))
        parts[count++] = (struct part){"gpu", 1};
    else if (says(text, "on the CPU"))
        parts[count++] = (struct part){"cpu", 1};
    if (two || says(text, "one DLA"))
        parts[count++] = (struct part){"dla", two ? 2 : 1};
    if (count == 0)
        parts[count++] = (struct part){"", 1};
    return count;
}

/* "8 GPUs at 700 W, summed": 8 devices. */
static double devices_of(const struct doubt_claim *claim)
{
    char *end;
    long count = strtol(claim->condition, &end, 10);
    return count > 1 && count < 100000 && strncmp(end, " GPUs", 5) == 0 ? (double)count : 1;
}

static void add_part(struct doubt_ceiling *out, const struct part *part, double devices,
                     const struct doubt_peak_row *row)
{
    size_t used = strlen(out->parts);
    double times = part->count * devices;
    out->peak_ops_s += row->ops_s * times;
    out->sparse = used == 0 ? row->sparse : fmin(out->sparse, row->sparse);
    if (used == 0 || !doubt_device_is_verified(row->source)) {
        out->peak_source = row->source;
        out->peak_date = row->date;
        out->peak_verified = doubt_device_is_verified(row->source);
    }
    snprintf(out->parts + used, sizeof out->parts - used, "%s%s", used > 0 ? " + " : "", row->how);
    used = strlen(out->parts);
    if (times > 1)
        snprintf(out->parts + used, sizeof out->parts - used, ", %.0f of them", times);
}

/* False: a part has no peak in the table. */
static bool find_peak(const struct doubt_claim *claim, struct doubt_ceiling *out)
{
    struct part parts[PARTS_MAX];
    size_t count = parts_of(claim, parts);
    out->peak_ops_s = 0;
    for (size_t i = 0; i < count; i++) {
        const struct doubt_peak_row *row =
            doubt_device_peak(out->device, parts[i].name, claim->precision);
        if (row == NULL)
            return false;
        add_part(out, &parts[i], devices_of(claim), row);
    }
    return true;
}

/* --- rates ---------------------------------------------------------------------------------- */

static double batch_of(const struct doubt_claim *claim)
{
    return claim->batch == DOUBT_MISSING_I64 ? 1 : (double)claim->batch;
}

static void set_rates(const struct doubt_claim *claim, struct doubt_ceiling *out)
{
    struct doubt_figure figure;
    out->claimed = out->claimed_lo = NAN;
    if (doubti_figure_of(claim, &figure, NULL) != DOUBT_OK)
        return;
    double batch = batch_of(claim);
    if (figure.kind == DOUBT_UNIT_RATE) {
        out->claimed = figure.value;
        out->claimed_lo = figure.bound == DOUBT_FIGURE_UP_TO ? 0 : figure.lo;
    } else {
        out->claimed = batch * 1e9 / figure.value;
        out->claimed_lo = figure.bound == DOUBT_FIGURE_AT_LEAST ? 0 : batch * 1e9 / figure.hi;
    }
}

double doubt_precision_bytes(const char *precision)
{
    if (strcmp(precision, "f32") == 0 || strcmp(precision, "tf32") == 0)
        return 4;
    return strcmp(precision, "f16") == 0 || strcmp(precision, "bf16") == 0 ? 2 : 1;
}

/* Bytes that an inference must move: weights, inputs and outputs once, less what may have stayed on
 * the chip. Where the batch is not stated any number of inputs may share the weights. */
static void set_memory(const struct doubt_claim *claim, const struct doubt_work *work,
                       struct doubt_ceiling *out)
{
    double each = doubt_precision_bytes(claim->precision);
    bool shared = claim->batch == DOUBT_MISSING_I64;
    double batch = batch_of(claim), devices = devices_of(claim);
    double bytes = each * ((shared ? 0 : (double)work->weights) + batch * (double)work->io);
    out->memory = INFINITY;
    out->memory_bytes = fmax(bytes - out->device->cache_bytes, 0);
    if (out->memory_bytes > 0 && isfinite(out->device->bytes_s))
        out->memory = batch * devices * out->device->bytes_s / out->memory_bytes;
    out->memory_binds = out->memory < out->ceiling;
    out->memory_verified = doubt_device_is_verified(out->device->source);
}

static void set_gains(const struct doubt_work *work, struct doubt_ceiling *out)
{
    double macs = (double)work->macs;
    double fit = work->winograd_macs < 0 ? macs : (double)work->winograd_macs;
    out->winograd = macs / (macs - fit + fit / winograd_gain);
}

static enum doubt_plausible judge(const struct doubt_ceiling *c)
{
    if (c->claimed_lo > c->memory)
        return DOUBT_IMPOSSIBLE;
    if (c->claimed_lo <= c->ceiling)
        return DOUBT_PLAUSIBLE;
    if (c->claimed_lo <= c->ceiling * c->winograd)
        return DOUBT_PLAUSIBLE_WINOGRAD;
    if (c->claimed_lo <= c->ceiling * c->sparse)
        return DOUBT_PLAUSIBLE_SPARSE;
    return c->claimed_lo <= c->ceiling * c->sparse * c->winograd ? DOUBT_PLAUSIBLE_BOTH
                                                                 : DOUBT_IMPOSSIBLE;
}

void doubt_ceiling_of(const struct doubt_claim *claim, const struct doubt_work *work,
                      struct doubt_ceiling *out)
{
    *out = (struct doubt_ceiling){.peak_ops_s = NAN,
                                  .work_ops = NAN,
                                  .share = NAN,
                                  .ceiling = NAN,
                                  .memory = NAN,
                                  .memory_bytes = NAN,
                                  .winograd = 1,
                                  .sparse = 1,
                                  .peak_source = "",
                                  .peak_date = "",
                                  .unknown = ""};
    set_rates(claim, out);
    out->device = doubt_device_of_claim(claim->device);
    if (work != NULL && work->macs > 0)
        out->work_ops = 2.0 * (double)work->macs;
    if (out->device == NULL)
        out->unknown = "the device is not in the table of peaks";
    else if (!find_peak(claim, out)) {
        out->peak_ops_s = NAN;
        out->unknown = "the device's peak at this precision is not known";
    }
    if (isnan(out->work_ops))
        out->unknown = "the network's work is not known";
    if (isnan(out->claimed))
        out->unknown = "the figure cannot be read";
    if (out->unknown[0] != '\0')
        return;
    out->share = out->claimed * out->work_ops / out->peak_ops_s;
    out->ceiling = out->peak_ops_s / out->work_ops;
    set_memory(claim, work, out);
    set_gains(work, out);
    out->verdict = judge(out);
}

/* --- words ---------------------------------------------------------------------------------- */

const char *doubt_plausible_name(enum doubt_plausible plausible)
{
    static const char *const names[DOUBT_PLAUSIBLE_COUNT] = {
        "",           "possible", "needs Winograd", "needs sparsity", "needs Winograd and sparsity",
        "impossible",
    };
    return plausible < DOUBT_PLAUSIBLE_COUNT ? names[plausible] : "";
}

static void explain_memory(const struct doubt_ceiling *c, struct doubt_str *out)
{
    if (isinf(c->memory))
        doubt_str_add(out, "; memory sets no floor");
    else
        doubt_str_addf(out, "; memory allows %.4g/s: %.4g MB at %.4g GB/s%s", c->memory,
                       c->memory_bytes / 1e6, c->device->bytes_s / 1e9,
                       c->memory_verified ? "" : " (not verified)");
    doubt_str_addf(out, "; the %s binds", c->memory_binds ? "memory" : "arithmetic");
}

static void explain_flag(const struct doubt_ceiling *c, struct doubt_str *out)
{
    if (c->verdict == DOUBT_PLAUSIBLE)
        return;
    if (c->verdict == DOUBT_IMPOSSIBLE && c->claimed_lo > c->memory)
        doubt_str_add(out, ". The bytes cannot be moved that fast: impossible as stated");
    else if (c->verdict == DOUBT_IMPOSSIBLE)
        doubt_str_addf(out,
                       ". Winograd gains at most %.2f here and sparsity %.0f, which is %.4g/s: "
                       "impossible for this network at this precision; another network or "
                       "precision was run, or the figure is a sum",
                       c->winograd, c->sparse, c->ceiling * c->winograd * c->sparse);
    else
        doubt_str_addf(out,
                       ". Above the ceiling of direct convolution: %s (Winograd gains at most "
                       "%.2f here, sparsity %.0f) or another network",
                       doubt_plausible_name(c->verdict), c->winograd, c->sparse);
}

void doubt_ceiling_explain(const struct doubt_claim *claim, const struct doubt_ceiling *c,
                           struct doubt_str *out)
{
    if (c->unknown[0] != '\0') {
        doubt_str_addf(out, "not known: %s", c->unknown);
        return;
    }
    doubt_str_addf(out, "%.4g/s x %.2f GOP = %.1f GOP/s, %.1f %% of %.1f (%s%s); ceiling %.4g/s",
                   c->claimed, c->work_ops / 1e9, c->claimed * c->work_ops / 1e9, 100 * c->share,
                   c->peak_ops_s / 1e9, c->parts, c->peak_verified ? "" : ", not verified",
                   c->ceiling);
    if (claim->precision[0] == '\0')
        doubt_str_add(out, ", at the highest peak since no precision is stated");
    explain_memory(c, out);
    explain_flag(c, out);
}

/* --- networks that are not built in ---------------------------------------------------------- */

struct work_row {
    const char *title;
    int64_t mega_macs, parameters;
    const char *source;
};

#define DOUBT_WORK(title, mega_macs, parameters, source) {title, mega_macs, parameters, source},
static const struct work_row works[] = {
#include "claims/works.def"
};

/* The sources' own sizes; at another size the work is another. */
static bool is_usual_input(const struct work_row *row, const char *input)
{
    const char *usual = strstr(row->source, "300x300") != NULL || strstr(row->title, "SSD") != NULL
                            ? "300x300"
                            : "224x224";
    size_t len = strlen(input), tail = strlen(usual);
    return len >= tail && strcmp(input + len - tail, usual) == 0;
}

bool doubt_work_find(const char *title, const char *input, struct doubt_work *out)
{
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++) {
        if (strcmp(works[i].title, title) != 0 || !is_usual_input(&works[i], input))
            continue;
        *out = (struct doubt_work){.macs = works[i].mega_macs * 1000000,
                                   .winograd_macs = -1,
                                   .weights = works[i].parameters,
                                   .source = works[i].source};
        return true;
    }
    return false;
}

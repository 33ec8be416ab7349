/* ceiling_cell.c: what physics allows a measured cell. See ceiling.h. */
#include "claims/ceiling.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The peak that a cell is held against. */
struct limit {
    double ops_s, bytes_s, cache_bytes;
    char how[512]; /* whose it is, or why there is none */
};

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* Engines name a CPU "CPU", or nothing when there is no choice. */
static bool is_on_cpu(const struct doubt_cell *cell)
{
    const char *device = or_empty(cell->device);
    return device[0] == '\0' || strncasecmp(device, "cpu", 3) == 0 ||
           strncasecmp(device, "host", 4) == 0;
}

/* The CPUs' peaks as measured at the begin of the series. */
static bool limit_here(const struct doubt_series *series, const char *precision,
                       struct limit *limit)
{
    limit->ops_s = strcmp(precision, "f32") == 0    ? series->peak_f32
                   : strcmp(precision, "bf16") == 0 ? series->peak_bf16
                                                    : NAN;
    limit->bytes_s = series->peak_bytes;
    limit->cache_bytes =
        series->peak_cache_bytes != DOUBT_MISSING_I64 ? (double)series->peak_cache_bytes : INFINITY;
    snprintf(limit->how, sizeof limit->how,
             isfinite(limit->ops_s) ? "measured on the CPUs here"
                                    : "the peak of %s was not measured here",
             precision);
    return isfinite(limit->ops_s);
}

/* The table's peak of what the cell ran on. */
static bool limit_of_table(const struct doubt_series *series, const struct doubt_cell *cell,
                           const char *precision, struct limit *limit)
{
    const char *where = "";
    const struct doubt_device_seen seen = {series->board, NULL, cell->device};
    const struct doubt_device_seen cards = {NULL, NULL, series->gpu};
    const struct doubt_device *device = doubt_device_recognise(&seen, &where);
    if (series->claim_device != NULL)
        device = doubt_device_of_claim(series->claim_device);
    else if (device == NULL)
        device = doubt_device_recognise(&cards, &where);
    const struct doubt_peak_row *row =
        device != NULL ? doubt_device_peak(device, "", precision) : NULL;
    if (row == NULL || strcmp(row->part, "cpu") == 0) {
        snprintf(limit->how, sizeof limit->how, "no peak is known of %.200s in %s",
                 or_empty(cell->device), precision);
        return false;
    }
    *limit = (struct limit){row->ops_s, device->bytes_s, device->cache_bytes, ""};
    snprintf(limit->how, sizeof limit->how, "%s, %s: %s (%s)", device->name, row->precision,
             row->how, row->source);
    return true;
}

static void set_allowed(const struct limit *limit, const char *precision, struct doubt_cell *cell)
{
    double batch = cell->batch > 0 ? (double)cell->batch : 1;
    double rate = limit->ops_s * batch / (2.0 * (double)cell->macs), memory = INFINITY;
    if (cell->parameters > 0 && isfinite(limit->bytes_s)) {
        double bytes =
            (double)cell->parameters * doubt_precision_bytes(precision) - limit->cache_bytes;
        memory = bytes > 0 ? batch * limit->bytes_s / bytes : INFINITY;
    }
    cell->allowed_fps = fmin(rate, memory);
    doubt_text_set(&cell->allowed_by, memory < rate ? "memory" : "arithmetic");
}

void doubt_ceiling_allow(const struct doubt_series *series, struct doubt_cell *cell)
{
    struct limit limit = {NAN, NAN, 0, ""};
    const char *precision = or_empty(cell->precision);
    cell->allowed_fps = NAN;
    doubt_text_set(&cell->allowed_by, NULL);
    if (cell->macs == DOUBT_MISSING_I64 || cell->macs < 1 || precision[0] == '\0')
        return;
    bool known = is_on_cpu(cell) ? limit_here(series, precision, &limit)
                                 : limit_of_table(series, cell, precision, &limit);
    if (known)
        set_allowed(&limit, precision, cell);
    doubt_text_set(&cell->allowed_how, limit.how);
}

/* check_peak.c: what the CPUs here can do at most, for the record of a check. See check.h. */
#include "cli/check.h"
#include "machine/parts.h"

#include <math.h>
#include <stdio.h>

void doubt_check_peak(struct doubt_check_run *check)
{
    struct doubt_err err = {0};
    if (doubt_check_computes_nothing(check) || *check->cli->stop != 0)
        return;
    if (doubt_peak_measure(&check->peak, &err) == DOUBT_OK)
        return;
    check->peak.threads = 0;
    doubt_cli_say(check->cli, "doubt: the peak of the CPUs is not measured: %s", err.text);
}

static void set_peaks(const struct doubt_peak *peak, struct doubt_series *series)
{
    const struct {
        const struct doubt_peak_figure *figure;
        double *best, *lo, *hi;
    } rows[] = {
        {&peak->f32, &series->peak_f32, &series->peak_f32_lo, &series->peak_f32_hi},
        {&peak->bf16, &series->peak_bf16, &series->peak_bf16_lo, &series->peak_bf16_hi},
        {&peak->bytes, &series->peak_bytes, &series->peak_bytes_lo, &series->peak_bytes_hi},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        *rows[i].best = rows[i].figure->best;
        *rows[i].lo = rows[i].figure->lo;
        *rows[i].hi = rows[i].figure->hi;
    }
    if (peak->cache_bytes > 0)
        series->peak_cache_bytes = peak->cache_bytes;
    doubt_text_setf(&series->peak_how, "%s, %d thread%s, best of %d, %d and %d repeats",
                    peak->vectors, peak->threads, peak->threads == 1 ? "" : "s", peak->f32.repeats,
                    peak->bf16.repeats, peak->bytes.repeats);
}

void doubt_check_begin(void *context, struct doubt_series *series)
{
    struct doubt_check_run *check = context;
    struct doubt_machine_parts parts;
    doubt_machine_read_parts(NULL, &parts);
    if (parts.gpu.text[0] != '\0')
        doubt_text_set(&series->gpu, parts.gpu.text);
    if (check->peak.threads > 0)
        set_peaks(&check->peak, series);
    if (check->values->claim_device == NULL)
        return;
    doubt_text_set(&series->claim_device, check->values->claim_device);
    snprintf(check->said_device, sizeof check->said_device,
             "%s by --claim-device; the machine says: %s%s%s", check->values->claim_device,
             series->machine != NULL ? series->machine : "nothing",
             series->board != NULL ? "; " : "", series->board != NULL ? series->board : "");
}

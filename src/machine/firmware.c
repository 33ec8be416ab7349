/* firmware.c: what a Raspberry Pi's firmware does to the clocks: get_throttled.
 *
 * A unit of work is one reading of the bits of now: 0 supply voltage too low, 1 clock capped, 2
 * throttled, 3 soft temperature limit. Bits from 16 on tell what once was and are left out. Source:
 * Raspberry Pi documentation, vcgencmd get_throttled.
 */
#include "machine/probe_int.h"

#include <math.h>
#include <stdlib.h>

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    static const struct doubti_probe_file file = {DOUBT_PROBE_REASONS, DOUBT_PROBE_CPU, 1,
                                                  250 * DOUBTI_MS};
    struct doubt_probe *probe;
    probe = doubti_probe_add_file(probes, kind, root,
                                  "sys/devices/platform/soc/soc:firmware/get_throttled", &file);
    if (probe != NULL)
        doubti_probe_name(probe, "firmware throttling");
}

static double read_bits(struct doubt_probe *probe)
{
    char text[32], *end;
    if (!doubti_probe_text(probe, text, sizeof text))
        return NAN;
    unsigned long bits = strtoul(text, &end, 16);
    if (end == text) {
        doubti_probe_why(probe, "the firmware's answer is no number");
        return NAN;
    }
    unsigned reasons = 0;
    reasons |= (bits & 1) != 0 ? DOUBT_REASON_UNDERVOLTAGE : 0;
    reasons |= (bits & 8) != 0 ? DOUBT_REASON_THERMAL : 0;
    /* Capped or throttled without a cause that the other bits name. */
    reasons |= (bits & 6) != 0 && reasons == 0 ? DOUBT_REASON_HARDWARE : 0;
    return reasons;
}

const struct doubt_probe_kind doubti_probe_firmware = {
    .name = "firmware",
    .summary = "throttling by a Raspberry Pi's firmware",
    .missing = "no Raspberry Pi firmware here",
    .find = find,
    .read = read_bits,
};

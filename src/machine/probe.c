/* probe.c: see probe.h: finding by the table, reading, words.
 *
 * A unit of work is one probe. Nothing here knows a sensor: the kinds do.
 */
#include "machine/probe_int.h"

#include "util/str.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name, *unit;
} quantities[DOUBT_PROBE_QUANTITY_COUNT] = {
    [DOUBT_PROBE_CLOCK] = {"clock", "Hz"},    [DOUBT_PROBE_TEMPERATURE] = {"temperature", "degC"},
    [DOUBT_PROBE_POWER] = {"power", "W"},     [DOUBT_PROBE_ENERGY] = {"energy", "J"},
    [DOUBT_PROBE_VOLTAGE] = {"voltage", "V"}, [DOUBT_PROBE_CURRENT] = {"current", "A"},
    [DOUBT_PROBE_LOAD] = {"load", "1"},       [DOUBT_PROBE_SPEED] = {"speed", "1/min"},
    [DOUBT_PROBE_LEVEL] = {"level", ""},      [DOUBT_PROBE_REASONS] = {"reasons", ""},
    [DOUBT_PROBE_EVENTS] = {"events", ""},    [DOUBT_PROBE_TIME] = {"time", "s"},
};

static const char *const parts[DOUBT_PROBE_PART_COUNT] = {
    [DOUBT_PROBE_BOARD] = "board",   [DOUBT_PROBE_CPU] = "CPU",       [DOUBT_PROBE_GPU] = "GPU",
    [DOUBT_PROBE_MEMORY] = "memory", [DOUBT_PROBE_WORKER] = "worker", [DOUBT_PROBE_OTHER] = "other",
};

static const struct {
    unsigned bit;
    const char *name;
} reasons[] = {
    {DOUBT_REASON_POWER, "power limit"},
    {DOUBT_REASON_THERMAL, "temperature"},
    {DOUBT_REASON_POWER_BRAKE, "power brake"},
    {DOUBT_REASON_HARDWARE, "hardware slowdown"},
    {DOUBT_REASON_UNDERVOLTAGE, "low supply voltage"},
    {DOUBT_REASON_OTHER_CLOCKS, "application clocks"},
    {DOUBT_REASON_IDLE, "idle"},
};

const char *doubt_probe_quantity_name(enum doubt_probe_quantity quantity)
{
    return (unsigned)quantity < DOUBT_PROBE_QUANTITY_COUNT ? quantities[quantity].name : "?";
}

const char *doubt_probe_unit(enum doubt_probe_quantity quantity)
{
    return (unsigned)quantity < DOUBT_PROBE_QUANTITY_COUNT ? quantities[quantity].unit : "";
}

const char *doubt_probe_part_name(enum doubt_probe_part part)
{
    return (unsigned)part < DOUBT_PROBE_PART_COUNT ? parts[part] : "?";
}

void doubt_probe_reasons(double bits, char *out, size_t out_bytes)
{
    unsigned set = bits > 0 && bits < 4294967296.0 ? (unsigned)bits : 0;
    size_t len = 0;
    snprintf(out, out_bytes, "%s", set == 0 ? "none" : "");
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if ((set & reasons[i].bit) != 0 && len < out_bytes)
            len += (size_t)snprintf(out + len, out_bytes - len, "%s%s", len > 0 ? ", " : "",
                                    reasons[i].name);
}

const char *doubt_machine_root(void)
{
    const char *root = secure_getenv("DOUBT_ROOT");
    return root != NULL && root[0] != '\0' ? root : NULL;
}

/* --- opening ------------------------------------------------------------------------------- */

static bool is_asked_for(const struct doubt_probe_kind *kind, const char *const *only)
{
    if (only == NULL)
        return true;
    for (; *only != NULL; only++)
        if (strcmp(*only, kind->name) == 0)
            return true;
    return false;
}

/* A kind that found nothing leaves one probe that says so. */
static bool find_kind(const struct doubt_probe_kind *kind, const char *root,
                      struct doubt_probes *probes)
{
    size_t before = probes->count;
    kind->find(kind, root, probes);
    if (probes->failed || probes->count > before)
        return !probes->failed;
    struct doubt_probe *none = doubti_probe_add(probes, kind);
    if (none == NULL)
        return false;
    doubti_probe_name(none, "%s", kind->name);
    doubti_probe_why(none, "%s", kind->missing);
    return true;
}

enum doubt_code doubt_probes_open(const char *root, const char *const *only,
                                  struct doubt_probes *probes, struct doubt_err *err)
{
    memset(probes, 0, sizeof *probes);
    for (size_t i = 0; doubt_probe_kinds[i] != NULL; i++) {
        if (!is_asked_for(doubt_probe_kinds[i], only))
            continue;
        if (!find_kind(doubt_probe_kinds[i], root, probes)) {
            doubt_probes_close(probes);
            return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the machine's probes");
        }
    }
    return DOUBT_OK;
}

void doubt_probes_close(struct doubt_probes *probes)
{
    for (size_t i = 0; i < probes->count; i++) {
        struct doubt_probe *probe = &probes->items[i];
        if (probe->kind->close != NULL)
            probe->kind->close(probe);
        if (probe->fd >= 0)
            close(probe->fd);
    }
    free(probes->items);
    memset(probes, 0, sizeof *probes);
}

/* --- reading ------------------------------------------------------------------------------- */

double doubt_probe_read(struct doubt_probe *probe)
{
    double value;
    if (probe->flagged)
        return NAN;
    if (probe->kind->read != NULL)
        return probe->kind->read(probe);
    return doubti_probe_number(probe, &value) ? value * probe->scale : NAN;
}

double doubt_probe_difference(const struct doubt_probe *probe, double from, double to)
{
    double difference = to - from;
    if (difference < 0 && probe->wrap > 0)
        difference += probe->wrap;
    return difference;
}

void doubt_probes_set_worker(struct doubt_probes *probes, pid_t pid)
{
    for (size_t i = 0; i < probes->count; i++)
        if (probes->items[i].part == DOUBT_PROBE_WORKER)
            probes->items[i].index = (int)pid;
}

/* contradict_same.c: two claims, condition by condition. See contradict_int.h. */
#include "claims/claims_int.h"
#include "claims/contradict_int.h"
#include "claims/device.h"
#include "claims/power_mode.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum verdict { SAME, OTHER, UNSTATED };

static enum verdict by_text(const char *a, const char *b)
{
    if (a[0] == '\0' || b[0] == '\0')
        return a[0] == b[0] ? SAME : UNSTATED;
    return strcasecmp(a, b) == 0 ? SAME : OTHER;
}

/* "Jetson AGX Xavier" leaves open what "Jetson AGX Xavier 32GB" says. */
static enum verdict by_device(const struct doubt_claim *a, const struct doubt_claim *b)
{
    size_t na = strlen(a->device), nb = strlen(b->device);
    bool begins = strncasecmp(a->device, b->device, na < nb ? na : nb) == 0;
    if (na == nb)
        return begins ? SAME : OTHER;
    const struct doubt_device *row = doubt_device_of_claim(a->device);
    return begins && row != NULL && row == doubt_device_of_claim(b->device) ? UNSTATED : OTHER;
}

bool doubti_is_chip_of(const struct doubt_claim *a, const struct doubt_claim *b)
{
    const struct doubt_device *row = doubt_device_of_claim(a->device);
    return row != NULL && row == doubt_device_of_claim(b->device) &&
           (strcasecmp(a->device, row->name) == 0) != (strcasecmp(b->device, row->name) == 0);
}

static enum verdict by_network(const struct doubt_claim *a, const struct doubt_claim *b)
{
    if (a->network[0] != '\0' || b->network[0] != '\0')
        return strcasecmp(a->network, b->network) == 0 ? SAME : OTHER;
    return strcasecmp(a->title, b->title) == 0 ? SAME : OTHER;
}

static enum verdict by_input(const struct doubt_claim *a, const struct doubt_claim *b)
{
    struct doubti_dims da, db;
    const char *ta = a->input, *tb = b->input;
    if (!doubti_dims_next(&ta, &da) || !doubti_dims_next(&tb, &db))
        return UNSTATED;
    return doubti_dims_end_in(&da, &db) || doubti_dims_end_in(&db, &da) ? SAME : OTHER;
}

static enum verdict by_batch(const struct doubt_claim *a, const struct doubt_claim *b)
{
    if (a->batch == DOUBT_MISSING_I64 || b->batch == DOUBT_MISSING_I64)
        return a->batch == b->batch ? SAME : UNSTATED;
    return a->batch == b->batch ? SAME : OTHER;
}

/* The engine's first word. */
static size_t family_bytes(const char *engine)
{
    return strcspn(engine, " ,(/");
}

static enum verdict by_family(const struct doubt_claim *a, const struct doubt_claim *b)
{
    size_t na = family_bytes(a->engine), nb = family_bytes(b->engine);
    if (na == 0 || nb == 0)
        return UNSTATED;
    return na == nb && strncasecmp(a->engine, b->engine, na) == 0 ? SAME : OTHER;
}

/* Digits and points of the version behind the first word; 0 bytes: not stated. */
static const char *version_of(const char *engine, size_t *bytes)
{
    const char *at = engine + family_bytes(engine);
    at += strspn(at, " ");
    *bytes = isdigit((unsigned char)*at) ? strspn(at, "0123456789.") : 0;
    return at;
}

/* "5" leaves open what "5.0" says. */
static enum verdict by_version(const struct doubt_claim *a, const struct doubt_claim *b)
{
    size_t na, nb;
    const char *va = version_of(a->engine, &na), *vb = version_of(b->engine, &nb);
    if (na == 0 || nb == 0)
        return na == nb ? SAME : UNSTATED;
    size_t least = na < nb ? na : nb;
    if (strncmp(va, vb, least) != 0)
        return OTHER;
    if (na == nb)
        return SAME;
    return (na > nb ? va : vb)[least] == '.' ? UNSTATED : OTHER;
}

/* Governors and frequencies that one states are never what the other has. */
static enum verdict by_power(const struct doubt_claim *a, const struct doubt_claim *b)
{
    struct doubt_power_mode pa, pb;
    if (a->power_mode[0] == '\0' || b->power_mode[0] == '\0')
        return by_text(a->power_mode, b->power_mode);
    doubt_power_mode_parse(a->power_mode, &pa);
    doubt_power_mode_parse(b->power_mode, &pb);
    const char *mode_a = doubt_device_mode(a->device, a->power_mode);
    const char *mode_b = doubt_device_mode(b->device, b->power_mode);
    bool known = mode_a != a->power_mode && mode_b != b->power_mode;
    if (strcasecmp(a->power_mode, b->power_mode) == 0)
        return SAME;
    if (!known || strcmp(mode_a, mode_b) != 0 || pa.clocks != pb.clocks)
        return OTHER;
    return strcasecmp(pa.unknown, pb.unknown) == 0 ? SAME : OTHER;
}

/* A condition is never left open: who states none had none. */
static enum verdict by_condition(const struct doubt_claim *a, const struct doubt_claim *b)
{
    return strcasecmp(a->condition, b->condition) == 0 ? SAME : OTHER;
}

static bool is_centre(const char *statistic)
{
    static const char *const words[] = {"", "mean", "median", "p50", "throughput"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(words[i], statistic) == 0)
            return true;
    return false;
}

/* A mean and a median of many runs are near each other, unless they say otherwise. */
static enum verdict by_statistic(const struct doubt_claim *a, const struct doubt_claim *b)
{
    if (strcasecmp(a->statistic, b->statistic) == 0)
        return SAME;
    return is_centre(a->statistic) && is_centre(b->statistic) ? UNSTATED : OTHER;
}

static enum verdict by_precision(const struct doubt_claim *a, const struct doubt_claim *b)
{
    return by_text(a->precision, b->precision);
}

static enum verdict by_boundary(const struct doubt_claim *a, const struct doubt_claim *b)
{
    return by_text(a->boundary, b->boundary);
}

static const struct {
    unsigned bit;
    const char *name;
    enum verdict (*compare)(const struct doubt_claim *a, const struct doubt_claim *b);
} conditions[] = {
    {DOUBTI_DEVICE, "device", by_device},
    {DOUBTI_NETWORK, "network", by_network},
    {DOUBTI_INPUT, "input", by_input},
    {DOUBTI_PRECISION, "precision", by_precision},
    {DOUBTI_BATCH, "batch", by_batch},
    {DOUBTI_ENGINE, "engine", by_family},
    {DOUBTI_VERSION, "version", by_version},
    {DOUBTI_POWER, "power mode", by_power},
    {DOUBTI_CONDITION, "condition", by_condition},
    {DOUBTI_BOUNDARY, "boundary", by_boundary},
    {DOUBTI_STATISTIC, "statistic", by_statistic},
};
enum { CONDITIONS = sizeof conditions / sizeof conditions[0] };

struct doubti_same doubti_same_of(const struct doubt_claim *a, const struct doubt_claim *b)
{
    struct doubti_same same = {0, 0};
    for (size_t i = 0; i < CONDITIONS; i++) {
        enum verdict verdict = conditions[i].compare(a, b);
        same.other |= verdict == OTHER ? conditions[i].bit : 0;
        same.unstated |= verdict == UNSTATED ? conditions[i].bit : 0;
    }
    return same;
}

void doubti_same_names(unsigned bits, struct doubt_str *out)
{
    bool first = true;
    for (size_t i = 0; i < CONDITIONS; i++)
        if (bits & conditions[i].bit) {
            doubt_str_addf(out, "%s%s", first ? "" : ", ", conditions[i].name);
            first = false;
        }
}

/* --- figures -------------------------------------------------------------------------------- */

struct doubti_rate doubti_rate_of(const struct doubt_claim *claim)
{
    struct doubt_figure f;
    struct doubti_rate rate = {NAN, NAN, NAN, false};
    if (doubti_figure_of(claim, &f, NULL) != DOUBT_OK || !(f.value > 0))
        return rate;
    double batch = claim->batch == DOUBT_MISSING_I64 ? 1 : (double)claim->batch;
    rate.time = f.kind == DOUBT_UNIT_TIME;
    rate.value = rate.time ? batch * 1e9 / f.value : f.value;
    rate.lo = rate.time ? batch * 1e9 / f.hi : f.lo;
    rate.hi = rate.time ? (f.lo > 0 ? batch * 1e9 / f.lo : INFINITY) : f.hi;
    if (f.bound == (rate.time ? DOUBT_FIGURE_AT_LEAST : DOUBT_FIGURE_UP_TO))
        rate.lo = 0;
    if (f.bound == (rate.time ? DOUBT_FIGURE_UP_TO : DOUBT_FIGURE_AT_LEAST))
        rate.hi = INFINITY;
    return rate;
}

bool doubti_rates_apart(const struct doubti_rate *a, const struct doubti_rate *b)
{
    return a->hi <= b->lo || b->hi <= a->lo;
}

double doubti_rates_ratio(const struct doubti_rate *a, const struct doubti_rate *b)
{
    return a->value > b->value ? a->value / b->value : b->value / a->value;
}

bool doubti_is_one_row(const struct doubt_claim_at *a, const struct doubt_claim_at *b)
{
    if (a->set != b->set || strcmp(a->claim->row, b->claim->row) != 0)
        return false;
    return a->claim->row[0] != '\0' || (strcmp(a->claim->source, b->claim->source) == 0 &&
                                        strcmp(a->claim->date, b->claim->date) == 0);
}

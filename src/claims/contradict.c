/* contradict.c: the rules. See contradict.h.
 *
 * A rule that looks at one claim is called with each, one that looks at pairs with each pair; it
 * leaves a sentence where the claims contradict each other.
 */
#include "claims/contradict.h"

#include "claims/claims_int.h"
#include "claims/contradict_int.h"
#include "claims/device.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SENTENCE_MAX = 2000 };
static const double worth_saying = 1.05, sizes_apart = 1.5, near = 0.02;

/* Claims that are compared, with what the rules ask often. */
struct rules {
    const struct doubt_claims_all *all;
    struct doubti_rate *rates;
};

static const struct doubt_claim *claim_at(const struct rules *r, size_t i)
{
    return r->all->items[i].claim;
}

static void add_figure(const struct doubt_claim *claim, struct doubt_str *out)
{
    doubt_str_addf(out, "%s %s", claim->figure, claim->unit);
}

/* "; not stated by one: batch, power mode". */
static void add_unstated(unsigned bits, struct doubt_str *out)
{
    if (bits == 0)
        return;
    doubt_str_add(out, "; not stated alike: ");
    doubti_same_names(bits, out);
}

static void add_two(const struct rules *r, size_t a, size_t b, struct doubt_str *out)
{
    add_figure(claim_at(r, a), out);
    doubt_str_add(out, " against ");
    add_figure(claim_at(r, b), out);
    doubt_str_addf(out, ", ×%.3g", doubti_rates_ratio(&r->rates[a], &r->rates[b]));
}

/* --- one claim ------------------------------------------------------------------------------ */

/* Width and height may stand in either order. */
static void label_rule(const struct rules *r, size_t i, struct doubt_str *out)
{
    const struct doubt_claim *claim = claim_at(r, i);
    const char *label = claim->label, *input = claim->input;
    struct doubti_dims printed, file;
    if (!doubti_dims_next(&label, &printed) || !doubti_dims_next(&input, &file) ||
        printed.count < 2 || file.count < 2)
        return;
    const long *p = &printed.size[printed.count - 2], *f = &file.size[file.count - 2];
    if ((p[0] == f[0] && p[1] == f[1]) || (p[0] == f[1] && p[1] == f[0]))
        return;
    doubt_str_addf(out, "the source prints %s, the file that was run has %s", claim->label,
                   claim->input);
}

/* Formats of files that only some frameworks write. What many export (.onnx) says nothing. */
static const struct {
    const char *ending, *frameworks; /* separated by spaces */
} formats[] = {
    {".prototxt", "Caffe"},
    {".caffemodel", "Caffe"},
    {".uff", "TensorFlow Keras"},
    {".pb", "TensorFlow Keras"},
    {".tflite", "TensorFlow Keras"},
    {".h5", "Keras TensorFlow"},
    {".cfg", "Darknet"},
    {".weights", "Darknet"},
    {".params", "MXNet"},
    {".pt", "PyTorch"},
    {".pth", "PyTorch"},
};

static const char *frameworks_of(const char *file)
{
    const char *ending = strrchr(file, '.');
    for (size_t i = 0; ending != NULL && i < sizeof formats / sizeof formats[0]; i++)
        if (strcasecmp(ending, formats[i].ending) == 0)
            return formats[i].frameworks;
    return NULL;
}

/* A framework that is printed with more words ("TensorFlow Lite 2") counts by the first. */
static bool is_among(const char *framework, const char *frameworks)
{
    size_t bytes = strcspn(framework, " -/,(");
    for (const char *at = frameworks; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == bytes && strncasecmp(at, framework, bytes) == 0)
            return true;
        at += word;
    }
    return false;
}

static void file_rule(const struct rules *r, size_t i, struct doubt_str *out)
{
    const struct doubt_claim *claim = claim_at(r, i);
    const char *frameworks = frameworks_of(claim->file);
    if (frameworks == NULL || claim->framework[0] == '\0' || is_among(claim->framework, frameworks))
        return;
    doubt_str_addf(out, "the source prints %s, the file that was run, %s, is in a format of ",
                   claim->framework, claim->file);
    doubt_str_add_bytes(out, frameworks, strcspn(frameworks, " "));
}

static bool is_sum(const struct doubt_claim *claim)
{
    return strstr(claim->condition, "summed") != NULL;
}

/* A part of what a sum was made of: the same device, network and precision, and no sum. */
static size_t find_part(const struct rules *r, size_t sum)
{
    const struct doubt_claim *whole = claim_at(r, sum);
    for (size_t i = 0; i < r->all->count; i++) {
        const struct doubt_claim *part = claim_at(r, i);
        bool named = strstr(part->condition, "GPU only") != NULL ||
                     strstr(part->condition, "one DLA") != NULL ||
                     strstr(part->condition, "share of one") != NULL;
        unsigned wrong = DOUBTI_DEVICE | DOUBTI_NETWORK | DOUBTI_PRECISION | DOUBTI_INPUT |
                         DOUBTI_STATISTIC | DOUBTI_POWER;
        if (named && (doubti_same_of(whole, part).other & wrong) == 0 &&
            r->rates[i].time == r->rates[sum].time)
            return i;
    }
    return SIZE_MAX;
}

static void sum_rule(const struct rules *r, size_t i, struct doubt_str *out)
{
    const struct doubt_claim *claim = claim_at(r, i);
    if (!is_sum(claim))
        return;
    size_t part = find_part(r, i);
    doubt_str_addf(out, "the figure of %s is a sum: %s", claim->device, claim->condition);
    if (part == SIZE_MAX)
        return;
    doubt_str_addf(out, "; %s: ", claim_at(r, part)->condition);
    add_figure(claim_at(r, part), out);
    doubt_str_addf(out, " (%s), 1/%.3g of it", claim_at(r, part)->id,
                   r->rates[i].value / r->rates[part].value);
}

/* --- two claims ----------------------------------------------------------------------------- */

/* Another claim of b's row has a's kind of figure, and is the one to compare. */
static bool has_better(const struct rules *r, size_t a, size_t b)
{
    if (r->rates[a].time == r->rates[b].time)
        return false;
    for (size_t i = 0; i < r->all->count; i++)
        if (i != b && r->rates[i].time == r->rates[a].time &&
            doubti_is_one_row(&r->all->items[i], &r->all->items[b]) &&
            doubti_same_of(claim_at(r, i), claim_at(r, b)).other == 0)
            return true;
    return false;
}

static void figures_rule(const struct rules *r, size_t a, size_t b, struct doubt_str *out)
{
    struct doubti_same same = doubti_same_of(claim_at(r, a), claim_at(r, b));
    bool pair = doubti_is_one_row(&r->all->items[a], &r->all->items[b]) &&
                (r->rates[a].time != r->rates[b].time    /* flight_rule()'s */
                 || (same.unstated & DOUBTI_STATISTIC)); /* mean_rule()'s */
    if (same.other != 0 || pair || !doubti_rates_apart(&r->rates[a], &r->rates[b]) ||
        has_better(r, a, b) || has_better(r, b, a))
        return;
    add_two(r, a, b, out);
    add_unstated(same.unstated, out);
}

/* The next word of letters and digits; 0 bytes: none is left. "v1.0" is one, "MobileNet-V2" two. */
static size_t next_word(const char **text)
{
    const char *at = *text;
    while (*at != '\0' && !isalnum((unsigned char)*at))
        at++;
    *text = at;
    size_t bytes = 0;
    while (isalnum((unsigned char)at[bytes]) ||
           (at[bytes] == '.' && isalnum((unsigned char)at[bytes + 1])))
        bytes++;
    return bytes;
}

/* One title is the beginning of the other's, word by word. */
static bool is_longer_name(const char *a, const char *b)
{
    for (bool first = true;; first = false) {
        size_t na = next_word(&a), nb = next_word(&b);
        if (na == 0 || nb == 0)
            return !first && na != nb;
        if (na != nb || strncasecmp(a, b, na) != 0)
            return false;
        a += na;
        b += nb;
    }
}

static void name_rule(const struct rules *r, size_t a, size_t b, struct doubt_str *out)
{
    const struct doubt_claim *ca = claim_at(r, a), *cb = claim_at(r, b);
    struct doubti_same same = doubti_same_of(ca, cb);
    unsigned free = DOUBTI_NETWORK | DOUBTI_ENGINE | DOUBTI_VERSION | DOUBTI_POWER |
                    DOUBTI_BOUNDARY | DOUBTI_STATISTIC |
                    (doubti_is_chip_of(ca, cb) ? DOUBTI_DEVICE : 0);
    if (!(same.other & DOUBTI_NETWORK) || (same.other & ~free) != 0 ||
        !is_longer_name(ca->title, cb->title) || !doubti_rates_apart(&r->rates[a], &r->rates[b]) ||
        doubti_rates_ratio(&r->rates[a], &r->rates[b]) < worth_saying || has_better(r, a, b) ||
        has_better(r, b, a))
        return;
    doubt_str_addf(out, "\"%s\" and \"%s\" may be two networks: ", ca->title, cb->title);
    add_two(r, a, b, out);
}

static void drift_rule(const struct rules *r, size_t a, size_t b, struct doubt_str *out)
{
    struct doubti_same same = doubti_same_of(claim_at(r, a), claim_at(r, b));
    if (!(same.other & DOUBTI_VERSION) ||
        (same.other & ~(unsigned)(DOUBTI_VERSION | DOUBTI_POWER)) != 0 ||
        !doubti_rates_apart(&r->rates[a], &r->rates[b]) ||
        doubti_rates_ratio(&r->rates[a], &r->rates[b]) < worth_saying)
        return;
    add_two(r, a, b, out);
    doubt_str_addf(out, " by %s and %s", claim_at(r, a)->engine, claim_at(r, b)->engine);
    add_unstated(same.unstated | (same.other & DOUBTI_POWER), out);
}

static size_t count_digits(const char *figure)
{
    size_t digits = 0;
    bool begun = false;
    for (; *figure != '\0'; figure++) {
        begun |= *figure > '0' && *figure <= '9';
        digits += begun && isdigit((unsigned char)*figure);
    }
    return digits;
}

static void copy_rule(const struct rules *r, size_t a, size_t b, struct doubt_str *out)
{
    const struct doubt_claim *ca = claim_at(r, a), *cb = claim_at(r, b);
    struct doubti_same same = doubti_same_of(ca, cb);
    unsigned one = same.other;
    bool single = one != 0 && (one & (one - 1)) == 0;
    unsigned telling = DOUBTI_DEVICE | DOUBTI_INPUT | DOUBTI_PRECISION | DOUBTI_BATCH |
                       DOUBTI_POWER | DOUBTI_CONDITION;
    if (!single || !(one & telling) || strcmp(ca->figure, cb->figure) != 0 ||
        strcmp(ca->unit, cb->unit) != 0 || count_digits(ca->figure) < 3)
        return;
    add_figure(ca, out);
    doubt_str_add(out, " in both, though these differ: ");
    doubti_same_names(one, out);
    doubt_str_addf(out, " (%s, %s)",
                   one & DOUBTI_DEVICE      ? ca->device
                   : one & DOUBTI_PRECISION ? ca->precision
                                            : ca->condition,
                   one & DOUBTI_DEVICE      ? cb->device
                   : one & DOUBTI_PRECISION ? cb->precision
                                            : cb->condition);
}

int64_t doubt_mean_wraps(double mean_ns, double median_ns, double n)
{
    double step = 18446744073709551616.0 / n;
    if (!(n >= 1) || !(median_ns > mean_ns) || !(mean_ns >= 0))
        return 0;
    double wraps = nearbyint((median_ns - mean_ns) / step);
    if (wraps < 1 || fabs(mean_ns + wraps * step - median_ns) > near * median_ns)
        return 0;
    return (int64_t)wraps;
}

/* Half of all times are at least the median, so a mean is at least half of it. */
static void mean_rule(const struct rules *r, size_t a, size_t b, struct doubt_str *out)
{
    bool is_mean = strcasecmp(claim_at(r, a)->statistic, "mean") == 0;
    size_t m = is_mean ? a : b, d = is_mean ? b : a;
    const struct doubt_claim *mean = claim_at(r, m), *median = claim_at(r, d);
    bool named =
        strcasecmp(mean->statistic, "mean") == 0 &&
        (strcasecmp(median->statistic, "median") == 0 || strcasecmp(median->statistic, "p50") == 0);
    unsigned other = doubti_same_of(mean, median).other & ~(unsigned)DOUBTI_STATISTIC;
    if (!named || other != 0 || !r->rates[a].time || !r->rates[b].time ||
        strcmp(mean->source, median->source) != 0)
        return;
    double mean_ns = 1e9 / r->rates[m].value, median_ns = 1e9 / r->rates[d].value;
    if (mean_ns >= median_ns / 2)
        return;
    doubt_str_add(out, "a mean of ");
    add_figure(mean, out);
    doubt_str_add(out, " cannot be beside a median of ");
    add_figure(median, out);
    doubt_str_add(out, ": half of the times are at least that long");
    if (mean->samples == DOUBT_MISSING_I64)
        return;
    int64_t wraps = doubt_mean_wraps(mean_ns, median_ns, (double)mean->samples);
    if (wraps > 0)
        doubt_str_addf(out,
                       "; with %lld x 2^64 ns / %lld added it is %.2f s: the sum in nanoseconds "
                       "passed 2^64 %lld time%s",
                       (long long)wraps, (long long)mean->samples,
                       mean_ns * 1e-9 +
                           (double)wraps * 18446744073.709551616 / (double)mean->samples,
                       (long long)wraps, wraps == 1 ? "" : "s");
}

/* Inputs under way on average are rate x latency (Little 1961). */
static void flight_rule(const struct rules *r, size_t a, size_t b, struct doubt_str *out)
{
    const struct doubt_claim *ca = claim_at(r, a);
    unsigned other = doubti_same_of(ca, claim_at(r, b)).other & ~(unsigned)DOUBTI_STATISTIC;
    if (r->rates[a].time == r->rates[b].time ||
        !doubti_is_one_row(&r->all->items[a], &r->all->items[b]) || other != 0 ||
        strstr(ca->condition, "several requests") != NULL)
        return;
    size_t rate = r->rates[a].time ? b : a, time = r->rates[a].time ? a : b;
    double least = r->rates[rate].lo / r->rates[time].hi;
    if (!(least > 1))
        return;
    add_figure(claim_at(r, rate), out);
    doubt_str_add(out, " and ");
    add_figure(claim_at(r, time), out);
    doubt_str_addf(out,
                   " need at least %.3g inputs under way at once: they cannot both be of one "
                   "after the other",
                   least);
}

static void size_rule(const struct rules *r, size_t a, size_t b, struct doubt_str *out)
{
    const struct doubt_claim *ca = claim_at(r, a), *cb = claim_at(r, b);
    struct doubti_same same = doubti_same_of(ca, cb);
    unsigned free = DOUBTI_INPUT | DOUBTI_VERSION;
    if (ca->network[0] == '\0' || !(same.other & DOUBTI_INPUT) || (same.other & ~free) != 0 ||
        r->all->work == NULL)
        return;
    double wa = r->all->work(r->all->context, ca), wb = r->all->work(r->all->context, cb);
    double done_a = r->rates[a].value * wa, done_b = r->rates[b].value * wb;
    double ratio = done_a > done_b ? done_a / done_b : done_b / done_a;
    if (!(ratio > sizes_apart))
        return;
    add_figure(ca, out);
    doubt_str_addf(out, " at %s and ", ca->input);
    add_figure(cb, out);
    doubt_str_addf(out, " at %s are %.3g and %.3g GOP/s, ×%.3g apart", cb->input, done_a / 1e9,
                   done_b / 1e9, ratio);
    add_unstated(same.unstated, out);
}

/* --- all ------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *meaning;
    void (*one)(const struct rules *rules, size_t i, struct doubt_str *out);
    void (*two)(const struct rules *rules, size_t a, size_t b, struct doubt_str *out);
} rows[DOUBT_RULE_COUNT] = {
    [DOUBT_RULE_LABEL] = {"label", "the input's size as printed is not that of the file",
                          label_rule, NULL},
    [DOUBT_RULE_FILE] = {"file", "the framework printed is not one that writes the file's format",
                         file_rule, NULL},
    [DOUBT_RULE_FIGURES] = {"figures",
                            "no condition that both state differs, and the digits' intervals do",
                            NULL, figures_rule},
    [DOUBT_RULE_NAME] = {"name",
                         "one name begins the other, the networks are not known to be one, and the "
                         "figures differ",
                         NULL, name_rule},
    [DOUBT_RULE_DRIFT] = {"drift",
                          "the engine's version differs (and the power mode may), and the figures "
                          "by 5 % and more",
                          NULL, drift_rule},
    [DOUBT_RULE_COPY] = {"copy", "the same three or more digits, though one condition differs",
                         NULL, copy_rule},
    [DOUBT_RULE_MEAN] = {"mean", "a mean below half of the median of the same times", NULL,
                         mean_rule},
    [DOUBT_RULE_SUM] = {"sum", "a figure of one device that is a sum over its parts", sum_rule,
                        NULL},
    [DOUBT_RULE_FLIGHT] =
        {"flight", "rate x latency is more than one input under way, and none is said to be", NULL,
         flight_rule},
    [DOUBT_RULE_SIZE] = {"size",
                         "at another size of the input, 1.5 times the work a second and more", NULL,
                         size_rule},
};

const char *doubt_rule_name(enum doubt_rule rule)
{
    return rule < DOUBT_RULE_COUNT ? rows[rule].name : "";
}

const char *doubt_rule_meaning(enum doubt_rule rule)
{
    return rule < DOUBT_RULE_COUNT ? rows[rule].meaning : "";
}

struct visitor {
    void (*visit)(void *context, const struct doubt_contradiction *found);
    void *context;
};

static void apply(const struct rules *r, enum doubt_rule rule, size_t a, size_t b,
                  const struct visitor *visitor)
{
    struct doubt_str text;
    doubt_str_init(&text, SENTENCE_MAX);
    if (b == SIZE_MAX)
        rows[rule].one(r, a, &text);
    else
        rows[rule].two(r, a, b, &text);
    const struct doubt_contradiction found = {rule, a, b, doubt_str_text(&text)};
    if (text.len > 0)
        visitor->visit(visitor->context, &found);
    doubt_str_free(&text);
}

void doubt_contradict(const struct doubt_claims_all *all,
                      void (*visit)(void *context, const struct doubt_contradiction *found),
                      void *context)
{
    const struct visitor visitor = {visit, context};
    struct rules r = {all, calloc(all->count + 1, sizeof *r.rates)};
    for (size_t i = 0; r.rates != NULL && i < all->count; i++)
        r.rates[i] = doubti_rate_of(all->items[i].claim);
    for (enum doubt_rule rule = 0; r.rates != NULL && rule < DOUBT_RULE_COUNT; rule++)
        for (size_t a = 0; a < all->count; a++) {
            if (rows[rule].one != NULL)
                apply(&r, rule, a, SIZE_MAX, &visitor);
            for (size_t b = a + 1; rows[rule].two != NULL && b < all->count; b++)
                apply(&r, rule, a, b, &visitor);
        }
    free(r.rates);
}

/* device.c: see device.h. */
#include "claims/device.h"

#include "util/str.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

struct alias {
    const char *device, *where, *text;
};

#define DOUBT_DEVICE(...)
#define DOUBT_PEAK(...)
#define DOUBT_ALIAS(...)
#define DOUBT_MODE(...)

#undef DOUBT_DEVICE
#define DOUBT_DEVICE(name, vendor, gigabytes_s, cache_mb, how, ...)                                \
    {name, vendor, (gigabytes_s)*1e9, (cache_mb)*1e6, how, __VA_ARGS__},
static const struct doubt_device devices[] = {
#include "claims/devices.def"
};
#undef DOUBT_DEVICE
#define DOUBT_DEVICE(...)

#undef DOUBT_PEAK
#define DOUBT_PEAK(device, part, precision, giga_ops, sparse, how, ...)                            \
    {device, part, precision, (giga_ops)*1e9, sparse, how, __VA_ARGS__},
static const struct doubt_peak_row peaks[] = {
#include "claims/devices.def"
};
#undef DOUBT_PEAK
#define DOUBT_PEAK(...)

#undef DOUBT_ALIAS
#define DOUBT_ALIAS(device, where, text) {device, where, text},
static const struct alias aliases[] = {
#include "claims/devices.def"
};
#undef DOUBT_ALIAS
#define DOUBT_ALIAS(...)

#undef DOUBT_MODE
#define DOUBT_MODE(device, mode, text) {device, mode, text},
static const struct alias modes[] = {
#include "claims/devices.def"
};

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

size_t doubt_device_count(void)
{
    return COUNT(devices);
}

const struct doubt_device *doubt_device_at(size_t i)
{
    return i < COUNT(devices) ? &devices[i] : NULL;
}

size_t doubt_peak_row_count(void)
{
    return COUNT(peaks);
}

const struct doubt_peak_row *doubt_peak_row_at(size_t i)
{
    return i < COUNT(peaks) ? &peaks[i] : NULL;
}

bool doubt_device_is_verified(const char *source)
{
    return strncmp(source, "not verified", strlen("not verified")) != 0;
}

static const struct doubt_device *by_name(const char *name)
{
    for (size_t i = 0; i < COUNT(devices); i++)
        if (strcmp(devices[i].name, name) == 0)
            return &devices[i];
    return NULL;
}

/* Length of name where text begins with it and a word ends there; else 0. */
static size_t leads(const char *text, const char *name)
{
    size_t len = strlen(name);
    return strncasecmp(text, name, len) == 0 && !isalnum((unsigned char)text[len]) ? len : 0;
}

const struct doubt_device *doubt_device_of_claim(const char *device)
{
    const struct doubt_device *best = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < COUNT(devices); i++)
        if (leads(device, devices[i].name) > longest) {
            longest = leads(device, devices[i].name);
            best = &devices[i];
        }
    for (size_t i = 0; i < COUNT(aliases); i++)
        if (strcmp(aliases[i].where, "claim") == 0 && leads(device, aliases[i].text) > longest) {
            longest = leads(device, aliases[i].text);
            best = by_name(aliases[i].device);
        }
    return best;
}

/* Whole numbers are only meant where a claim says so, or there is nothing else. */
static bool is_better(const struct doubt_peak_row *row, const struct doubt_peak_row *best)
{
    bool whole = strcmp(row->precision, "i8") == 0;
    if (best == NULL)
        return true;
    if (whole != (strcmp(best->precision, "i8") == 0))
        return !whole;
    return row->ops_s > best->ops_s;
}

const struct doubt_peak_row *doubt_device_peak(const struct doubt_device *device, const char *part,
                                               const char *precision)
{
    const struct doubt_peak_row *best = NULL;
    for (size_t i = 0; i < COUNT(peaks); i++) {
        if (strcmp(peaks[i].device, device->name) != 0)
            continue;
        if (part[0] == '\0')
            part = peaks[i].part;
        if (strcmp(peaks[i].part, part) != 0)
            continue;
        if (strcmp(peaks[i].precision, precision) == 0)
            return &peaks[i];
        if (precision[0] == '\0' && is_better(&peaks[i], best))
            best = &peaks[i];
    }
    return best;
}

/* --- names ---------------------------------------------------------------------------------- */

/* Lower-case words of letters, digits, "-", "." and "+", one space before and behind each; marks
 * such as (R) and (TM) are left out. */
static void to_words(const char *text, struct doubt_str *words)
{
    doubt_str_add(words, " ");
    if (words->failed)
        return;
    for (const char *p = text != NULL ? text : ""; *p != '\0'; p++) {
        if (strncasecmp(p, "(R)", 3) == 0 || strncasecmp(p, "(TM)", 4) == 0)
            p += p[1] == 'R' || p[1] == 'r' ? 2 : 3;
        bool letter = isalnum((unsigned char)*p) || strchr("-.+", *p) != NULL;
        char c = letter ? (char)tolower((unsigned char)*p) : ' ';
        if (c != ' ' || words->data[words->len - 1] != ' ')
            doubt_str_add_bytes(words, &c, 1);
        if (words->failed)
            return;
    }
    if (words->data[words->len - 1] != ' ')
        doubt_str_add(words, " ");
}

/* "2gb " names another board than the one without it. */
static bool is_memory_size(const char *word)
{
    size_t digits = strspn(word, "0123456789");
    return digits > 0 && strncmp(word + digits, "gb ", 3) == 0;
}

bool doubt_device_names(const char *text, const char *part)
{
    struct doubt_str here, wanted;
    doubt_str_init(&here, 1 << 16);
    doubt_str_init(&wanted, 1 << 16);
    to_words(text, &here);
    to_words(part, &wanted);
    const char *found = here.failed || wanted.failed || wanted.len < 2
                            ? NULL
                            : strstr(doubt_str_text(&here), doubt_str_text(&wanted));
    bool named = found != NULL && !is_memory_size(found + wanted.len);
    doubt_str_free(&here);
    doubt_str_free(&wanted);
    return named;
}

static const char *said_at(const struct doubt_device_seen *seen, const char *where)
{
    const char *text = strcmp(where, "board") == 0 ? seen->board
                       : strcmp(where, "cpu") == 0 ? seen->cpu
                       : strcmp(where, "gpu") == 0 ? seen->gpu
                                                   : NULL;
    return text != NULL ? text : "";
}

const struct doubt_device *doubt_device_recognise(const struct doubt_device_seen *seen,
                                                  const char **where)
{
    const struct alias *best = NULL;
    for (size_t i = 0; i < COUNT(aliases); i++)
        if (doubt_device_names(said_at(seen, aliases[i].where), aliases[i].text) &&
            (best == NULL || strlen(aliases[i].text) > strlen(best->text)))
            best = &aliases[i];
    if (best == NULL)
        return NULL;
    *where = best->where;
    return by_name(best->device);
}

static bool has_text(const char *text, const char *part)
{
    for (; *text != '\0'; text++)
        if (strncasecmp(text, part, strlen(part)) == 0)
            return true;
    return false;
}

const char *doubt_device_mode(const char *device, const char *text)
{
    const struct doubt_device *known = doubt_device_of_claim(device);
    for (size_t i = 0; known != NULL && i < COUNT(modes); i++)
        if (strcmp(modes[i].device, known->name) == 0 && has_text(text, modes[i].text))
            return modes[i].where;
    return text;
}

/* units.c: see units.h. */
#include "util/units.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    double factor;
};

static const struct unit durations[] = {
    {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"min", 60e9}, {"h", 3600e9},
};

static const struct unit sizes[] = {
    {"B", 1},   {"kB", 1e3}, {"MB", 1e6},     {"GB", 1e9},     {"TB", 1e12},    {"k", 1e3},
    {"M", 1e6}, {"G", 1e9},  {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40},
};

/* "1.5 GiB" as 1.5 x 2^30; false for anything that is not a number with a unit of the table. A zero
 * needs no unit: it is out of every range. Numbers too large for a double are infinite. */
static bool read_scaled(const char *text, const struct unit *units, size_t unit_count,
                        double *value)
{
    const char *digits = text + (text[0] == '-' || text[0] == '+');
    if (digits[0] == '\0' || strchr("0123456789.", digits[0]) == NULL ||
        strpbrk(digits, "xX") != NULL)
        return false;
    char *end;
    *value = strtod(text, &end);
    if (end == text || (*end == '\0' && *value == 0))
        return end != text;
    while (*end == ' ')
        end++;
    for (size_t i = 0; i < unit_count; i++)
        if (strcmp(end, units[i].name) == 0) {
            *value *= units[i].factor;
            return true;
        }
    return false;
}

enum doubt_code doubt_units_parse_duration(const char *text, int64_t *ns, struct doubt_err *err)
{
    double result;
    if (!read_scaled(text, durations, sizeof durations / sizeof durations[0], &result))
        return doubt_err_set(
            err, DOUBT_E_USAGE,
            "\"%.100s\" is not a duration: write a number and ns, us, ms, s, m or h, "
            "for example 90s or 3m",
            text);
    if (!(result >= 1 && result <= 2400 * 3600e9))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "\"%.100s\" is out of range: 1ns to 2400h are accepted, for example "
                             "90s or 3m",
                             text);
    *ns = (int64_t)(result + 0.5);
    return DOUBT_OK;
}

enum doubt_code doubt_units_parse_bytes(const char *text, uint64_t *bytes, struct doubt_err *err)
{
    double result;
    if (!read_scaled(text, sizes, sizeof sizes / sizeof sizes[0], &result))
        return doubt_err_set(
            err, DOUBT_E_USAGE,
            "\"%.100s\" is not a size: write a number and B, kB, MB, GB, KiB, MiB or "
            "GiB, for example 2GB",
            text);
    if (!(result >= 1 && result <= 1e15))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "\"%.100s\" is out of range: 1B to 1000TB are accepted, for example "
                             "2GB",
                             text);
    *bytes = (uint64_t)(result + 0.5);
    return DOUBT_OK;
}

/* Four significant digits of a value in [0, 1000). */
static void format_scaled(double value, const char *unit, char *out, size_t out_bytes)
{
    int decimals = value >= 100 ? 1 : value >= 10 ? 2 : 3;
    char number[32];
    snprintf(number, sizeof number, "%.*f", decimals, value);
    size_t len = strlen(number);
    while (len > 0 && number[len - 1] == '0')
        number[--len] = '\0';
    if (len > 0 && number[len - 1] == '.')
        number[len - 1] = '\0';
    snprintf(out, out_bytes, "%s %s", number, unit);
}

void doubt_units_format_duration(int64_t ns, char *out, size_t out_bytes)
{
    double value = (double)ns;
    if (ns >= 3600 * INT64_C(1000000000))
        snprintf(out, out_bytes, "%" PRId64 " h %02" PRId64 " min", ns / 3600000000000,
                 ns / 60000000000 % 60);
    else if (ns >= 60 * INT64_C(1000000000))
        snprintf(out, out_bytes, "%" PRId64 " min %02" PRId64 " s", ns / 60000000000,
                 ns / 1000000000 % 60);
    else if (ns >= 1000000000)
        format_scaled(value / 1e9, "s", out, out_bytes);
    else if (ns >= 1000000)
        format_scaled(value / 1e6, "ms", out, out_bytes);
    else if (ns >= 1000)
        format_scaled(value / 1e3, "us", out, out_bytes);
    else
        snprintf(out, out_bytes, "%" PRId64 " ns", ns);
}

void doubt_units_format_bytes(uint64_t bytes, char *out, size_t out_bytes)
{
    static const char *const names[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    double value = (double)bytes;
    size_t i = 0;
    for (; value >= 1000 && i + 1 < sizeof names / sizeof names[0]; i++)
        value /= 1000;
    format_scaled(value, names[i], out, out_bytes);
}

void doubt_units_format_grouped(int64_t value, char *out, size_t out_bytes)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    size_t len = strlen(digits), at = 0;
    for (size_t i = 0; i < len && at + 1 < out_bytes; i++) {
        if (i > (digits[0] == '-') && (len - i) % 3 == 0 && at + 2 < out_bytes)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    if (out_bytes > 0)
        out[at] = '\0';
}

/* import_text.c: pieces of printed text: numbers, names, prefixes. See import_int.h. */
#include "import/import_int.h"
#include "util/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_MAX = 64, EXPONENT_MOST = 300 };

const char *doubti_after(const char *text, const char *prefix)
{
    size_t size = strlen(prefix);
    return strncmp(text, prefix, size) == 0 ? text + size : NULL;
}

const char *doubti_behind(const char *text, const char *mark)
{
    const char *found = strstr(text, mark);
    return found != NULL ? found + strlen(mark) : NULL;
}

const char *doubti_skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

void doubti_text_copy(char *to, size_t to_bytes, const char *from, const char *stop)
{
    from = doubti_skip_blanks(from);
    size_t size = stop != NULL ? strcspn(from, stop) : strlen(from);
    while (size > 0 && (from[size - 1] == ' ' || from[size - 1] == '\t'))
        size--;
    if (size >= to_bytes)
        size = to_bytes - 1;
    while (size > 0 && (from[size] & 0xc0) == 0x80) /* not within a character */
        size--;
    memcpy(to, from, size);
    to[size] = '\0';
    for (char *c = to; *c != '\0'; c++)
        if ((unsigned char)*c < 32 || *c == 127)
            *c = '?';
}

bool doubti_integer(const char *text, int64_t *value)
{
    int64_t sum = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 15)
        return false;
    for (size_t i = 0; i < digits; i++)
        sum = 10 * sum + (text[i] - '0');
    *value = sum;
    return true;
}

void doubti_text_model(char *to, size_t to_bytes, const char *path)
{
    static const char *const endings[] = {".onnx", ".prototxt", ".uff",  ".xml",  ".engine",
                                          ".plan", ".trt",      ".blob", ".param"};
    char whole[512];
    doubti_text_copy(whole, sizeof whole, path, NULL);
    const char *base = whole;
    for (const char *c = whole; *c != '\0'; c++)
        if ((*c == '/' || *c == '\\') && c[1] != '\0')
            base = c + 1;
    doubt_str_copy(to, to_bytes, base);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t size = strlen(to), tail = strlen(endings[i]);
        if (size > tail && strcasecmp(to + size - tail, endings[i]) == 0) {
            to[size - tail] = '\0';
            return;
        }
    }
}

/* Digits with at most one point; how many bytes, and how many digits behind the point. */
static size_t scan_digits(const char *text, int *decimals)
{
    size_t size = 0;
    bool point = false, digit = false;
    *decimals = 0;
    for (; size < NUMBER_MAX; size++) {
        char c = text[size];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            digit = true;
            *decimals += point;
        } else {
            break;
        }
    }
    return digit && size < NUMBER_MAX ? size : 0;
}

const char *doubti_number(const char *text, double *value, double *half)
{
    int decimals, exponent = 0;
    char digits[NUMBER_MAX + 16];
    size_t size = scan_digits(text, &decimals);
    if (size == 0)
        return NULL;
    const char *end = text + size;
    if (*end == 'e' || *end == 'E') {
        int64_t power;
        bool minus = end[1] == '-';
        const char *at = end + 1 + (minus || end[1] == '+');
        if (!doubti_integer(at, &power) || power > EXPONENT_MOST)
            return NULL;
        exponent = minus ? (int)-power : (int)power;
        end = at + strspn(at, "0123456789");
    }
    /* A point is no decimal point in every locale: read whole digits, and scale by the exponent. */
    size_t n = 0;
    for (size_t i = 0; i < size; i++)
        if (text[i] != '.')
            digits[n++] = text[i];
    snprintf(digits + n, sizeof digits - n, "e%d", exponent - decimals);
    *value = strtod(digits, NULL);
    snprintf(digits, sizeof digits, "5e%d", exponent - decimals - 1);
    *half = strtod(digits, NULL);
    return isfinite(*value) && isfinite(*half) ? end : NULL;
}

void doubti_percentile_name(double percent, char *out)
{
    snprintf(out, 16, "p%.6g", percent);
    for (char *c = out; *c != '\0'; c++) /* a locale may have written a comma */
        if (*c == ',')
            *c = '.';
}

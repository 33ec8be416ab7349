/* root.c: small files below a root, sets of CPUs, and texts with reasons (machine_int.h).
 *
 * A unit of work is one file of proc or sysfs, read whole. Not for files that are written.
 */
#include "machine/machine_int.h"

#include "util/str.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool doubti_root_path(const char *root, const char *path, char out[DOUBTI_PATH_BYTES])
{
    int n = snprintf(out, DOUBTI_PATH_BYTES, "%s/%s", root ? root : "", path);
    return n > 0 && n < DOUBTI_PATH_BYTES;
}

/* Bytes read, or -1. */
static ssize_t read_some(const char *path, char *out, size_t room)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    size_t len = 0;
    ssize_t got = 0;
    while (len < room) {
        got = read(fd, out + len, room - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    close(fd);
    return got < 0 ? -1 : (ssize_t)len;
}

bool doubti_root_read(const char *root, const char *path, char *out, size_t out_bytes)
{
    char full[DOUBTI_PATH_BYTES];
    out[0] = '\0';
    if (!doubti_root_path(root, path, full))
        return false;
    ssize_t got = read_some(full, out, out_bytes - 1);
    size_t len = got > 0 ? (size_t)got : 0;
    for (size_t i = 0; i < len; i++)
        if (out[i] == '\0')
            out[i] = ' ';
    while (len > 0 && strchr(" \n\t\r", out[len - 1]) != NULL)
        len--;
    out[len] = '\0';
    return len > 0;
}

bool doubti_root_read_number(const char *root, const char *path, double *out)
{
    char text[64], *end;
    if (!doubti_root_read(root, path, text, sizeof text))
        return false;
    double value = strtod(text, &end);
    if (end == text || !isfinite(value))
        return false;
    *out = value;
    return true;
}

/* One "a" or "a-b" at *text; moves behind it. */
static bool add_range(const char **text, struct doubti_cpus *cpus)
{
    char *end;
    if (**text < '0' || **text > '9')
        return false;
    unsigned long from = strtoul(*text, &end, 10), to = from;
    if (end[0] == '-' && end[1] >= '0' && end[1] <= '9')
        to = strtoul(end + 1, &end, 10);
    if (to < from || to >= DOUBTI_CPUS_MAX)
        return false;
    for (unsigned long i = from; i <= to; i++) {
        cpus->count += !doubti_cpus_has(cpus, (long)i);
        cpus->bits[i / 64] |= UINT64_C(1) << (i % 64);
    }
    *text = end;
    return true;
}

bool doubti_cpus_parse(const char *text, struct doubti_cpus *cpus)
{
    memset(cpus, 0, sizeof *cpus);
    bool good = add_range(&text, cpus);
    while (good && *text == ',') {
        text++;
        good = add_range(&text, cpus);
    }
    if (good && (*text == '\0' || *text == '\n'))
        return true;
    memset(cpus, 0, sizeof *cpus);
    return false;
}

bool doubti_cpus_has(const struct doubti_cpus *cpus, long cpu)
{
    return cpu >= 0 && cpu < DOUBTI_CPUS_MAX && (cpus->bits[cpu / 64] >> (cpu % 64) & 1) != 0;
}

bool doubti_cpus_allowed(const char *root, struct doubti_cpus *cpus)
{
    static const char key[] = "\nCpus_allowed_list:\t";
    char status[8192];
    memset(cpus, 0, sizeof *cpus);
    if (!doubti_root_read(root, "proc/self/status", status, sizeof status))
        return false;
    const char *at = strstr(status, key);
    return at != NULL && doubti_cpus_parse(at + sizeof key - 1, cpus);
}

void doubti_text_set(struct doubt_machine_text *text, const char *value)
{
    doubt_str_copy(text->text, sizeof text->text, value);
    text->why[0] = '\0';
}

void doubti_text_why(struct doubt_machine_text *text, const char *why)
{
    text->text[0] = '\0';
    doubt_str_copy(text->why, sizeof text->why, why);
}

/* Is value one of the parts of text? */
static bool is_part(const char *text, const char *separator, const char *value)
{
    size_t len = strlen(value), gap = strlen(separator);
    for (const char *at = text; (at = strstr(at, value)) != NULL; at++) {
        bool starts =
            at == text || ((size_t)(at - text) >= gap && memcmp(at - gap, separator, gap) == 0);
        if (starts && (at[len] == '\0' || strncmp(at + len, separator, gap) == 0))
            return true;
    }
    return false;
}

void doubti_text_join(struct doubt_machine_text *text, const char *separator, const char *value)
{
    char joined[2 * DOUBT_MACHINE_TEXT_BYTES];
    if (value[0] == '\0' || is_part(text->text, separator, value))
        return;
    snprintf(joined, sizeof joined, "%s%s%.150s", text->text, text->text[0] ? separator : "",
             value);
    doubti_text_set(text, joined);
}

void doubti_number_set(struct doubt_machine_number *number, double value)
{
    number->value = value;
    number->why[0] = '\0';
}

void doubti_number_why(struct doubt_machine_number *number, const char *why)
{
    number->value = NAN;
    doubt_str_copy(number->why, sizeof number->why, why);
}

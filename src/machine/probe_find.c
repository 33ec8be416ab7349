/* probe_find.c: see probe_int.h: what finding and reading of all kinds have in common.
 *
 * A unit of work is one file below a root. A root other than "/" is a border: a link in it that
 * leads out is not followed, so that a tree of another machine never reads this one.
 */
#include "machine/probe_int.h"

#include "util/str.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROBES_MAX = 4096 };

ssize_t (*doubti_probe_pread)(int fd, void *out, size_t bytes, off_t offset) = pread;

/* --- a probe ------------------------------------------------------------------------------- */

struct doubt_probe *doubti_probe_add(struct doubt_probes *probes,
                                     const struct doubt_probe_kind *kind)
{
    if (probes->count == probes->room) {
        size_t room = probes->room ? 2 * probes->room : 32;
        struct doubt_probe *items = realloc(probes->items, room * sizeof *items);
        if (items == NULL || room > PROBES_MAX) {
            probes->items = items != NULL ? items : probes->items;
            probes->failed = true;
            return NULL;
        }
        probes->items = items;
        probes->room = room;
    }
    struct doubt_probe *probe = &probes->items[probes->count++];
    memset(probe, 0, sizeof *probe);
    probe->kind = kind;
    probe->part = DOUBT_PROBE_OTHER;
    probe->limit = probe->floor = NAN;
    probe->scale = 1;
    probe->fd = -1;
    return probe;
}

void doubti_probe_name(struct doubt_probe *probe, const char *format, ...)
{
    char text[2 * DOUBT_PROBE_NAME_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    /* Labels come from firmware and drivers: nothing but printable bytes goes on. */
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = '?';
    doubt_str_copy(probe->name, sizeof probe->name, text);
}

void doubti_probe_why(struct doubt_probe *probe, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(probe->why, sizeof probe->why, format, args);
    va_end(args);
}

void doubti_probe_why_errno(struct doubt_probe *probe, int errno_value)
{
    switch (errno_value) {
    case EACCES:
    case EPERM:
        doubti_probe_why(probe, "readable by root only");
        break;
    case EAGAIN:
        doubti_probe_why(probe, "its unit is without power (EAGAIN)");
        break;
    case EIO:
    case ENODATA:
        doubti_probe_why(probe, "the channel is switched off (%s)",
                         errno_value == EIO ? "EIO" : "ENODATA");
        break;
    case ENODEV:
    case ENOENT:
        doubti_probe_why(probe, "the device is gone");
        break;
    case EXDEV:
        doubti_probe_why(probe, "the path leads out of the root");
        break;
    default:
        doubti_probe_why(probe, "cannot be read: %s", strerror(errno_value));
    }
}

struct doubt_probe *doubti_probe_add_file(struct doubt_probes *probes,
                                          const struct doubt_probe_kind *kind, const char *root,
                                          const char *path, const struct doubti_probe_file *file)
{
    int fd = doubti_root_open(root, path), failed = fd < 0 ? errno : 0;
    if (failed == ENOENT || failed == ENOTDIR)
        return NULL;
    struct doubt_probe *probe = doubti_probe_add(probes, kind);
    if (probe == NULL) {
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    probe->quantity = file->quantity;
    probe->part = file->part;
    probe->scale = file->scale;
    probe->period_ns = file->period_ns;
    probe->fd = fd;
    snprintf(probe->path, sizeof probe->path, "/%s", path);
    if (failed)
        doubti_probe_why_errno(probe, failed);
    return probe;
}

bool doubti_probe_text(struct doubt_probe *probe, char *out, size_t out_bytes)
{
    if (probe->fd < 0)
        return false;
    ssize_t got = doubti_probe_pread(probe->fd, out, out_bytes - 1, 0);
    if (got <= 0) {
        if (got < 0)
            doubti_probe_why_errno(probe, errno);
        else
            doubti_probe_why(probe, "the file is empty");
        return false;
    }
    out[got] = '\0';
    probe->why[0] = '\0';
    return true;
}

bool doubti_probe_number(struct doubt_probe *probe, double *number)
{
    char text[64], *end;
    if (!doubti_probe_text(probe, text, sizeof text))
        return false;
    *number = strtod(text, &end);
    if (end != text && isfinite(*number))
        return true;
    text[strcspn(text, "\n")] = '\0';
    doubti_probe_why(probe, "\"%.40s\" is no number", text);
    return false;
}

/* --- files below a root -------------------------------------------------------------------- */

static bool is_real_root(const char *root)
{
    return root == NULL || root[0] == '\0' || strcmp(root, "/") == 0;
}

/* Is what the path stands for, links followed, still below the root? */
static bool is_inside(const char *root, const char *full)
{
    char *border = realpath(root, NULL), *target = realpath(full, NULL);
    size_t len = border != NULL ? strlen(border) : 0;
    bool inside = border != NULL && target != NULL && strncmp(target, border, len) == 0 &&
                  (target[len] == '/' || target[len] == '\0');
    int kept = errno;
    free(border);
    free(target);
    errno = target == NULL ? kept : EXDEV;
    return inside;
}

int doubti_root_open(const char *root, const char *path)
{
    char full[DOUBTI_PATH_BYTES];
    if (!doubti_root_path(root, path, full)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (!is_real_root(root) && !is_inside(root, full))
        return -1;
    /* Without waiting: a file that blocks is no sensor. */
    return open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* hwmon2 before hwmon10. */
static int by_number(const void *a, const void *b)
{
    return strverscmp(*(char *const *)a, *(char *const *)b);
}

/* The root as a pattern that matches itself only. */
static bool quote(const char *root, const char *pattern, char out[2 * DOUBTI_PATH_BYTES])
{
    size_t n = 0;
    for (const char *c = root ? root : ""; *c; c++) {
        if (n + 2 >= 2 * DOUBTI_PATH_BYTES)
            return false;
        if (strchr("*?[\\", *c) != NULL)
            out[n++] = '\\';
        out[n++] = *c;
    }
    int rest = snprintf(out + n, 2 * DOUBTI_PATH_BYTES - n, "/%s", pattern);
    return rest > 0 && (size_t)rest < 2 * DOUBTI_PATH_BYTES - n;
}

void doubti_root_match(const char *root, const char *pattern, struct doubti_matches *matches)
{
    char full[2 * DOUBTI_PATH_BYTES];
    memset(matches, 0, sizeof *matches);
    matches->skip = (root ? strlen(root) : 0) + 1;
    if (!quote(root, pattern, full) || glob(full, GLOB_NOSORT, NULL, &matches->found) != 0)
        return;
    matches->count = matches->found.gl_pathc;
    qsort(matches->found.gl_pathv, matches->count, sizeof *matches->found.gl_pathv, by_number);
}

const char *doubti_match_at(const struct doubti_matches *matches, size_t i)
{
    return matches->found.gl_pathv[i] + matches->skip;
}

void doubti_root_match_end(struct doubti_matches *matches)
{
    globfree(&matches->found);
    matches->count = 0;
}

void doubti_sibling(const char *path, const char *name, char out[DOUBTI_PATH_BYTES])
{
    const char *slash = strrchr(path, '/');
    size_t len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    int n = snprintf(out, DOUBTI_PATH_BYTES, "%.*s%s", (int)len, path, name);
    if (n < 0 || n >= DOUBTI_PATH_BYTES)
        out[0] = '\0';
}

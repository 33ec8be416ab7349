/* root_write.c: writing small files below a root, singly and in sets (knob_int.h).
 *
 * A unit of work is one file of sysfs that exists already. A root other than "/" is a border: a
 * link in it that leads out is not followed. Not for files of our own: journal.c.
 */
#include "machine/knob_int.h"
#include "machine/probe_int.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PASSES = 4, FILES_MAX = 4096 };

bool doubti_root_is_real(const char *root)
{
    return root == NULL || root[0] == '\0' || strcmp(root, "/") == 0;
}

/* --- one file --------------------------------------------------------------------------------- */

/* Opens for writing what doubti_root_open() lets be read; files that may only be written are
 * judged by their folder. */
static int open_to_write(const char *root, const char *path)
{
    char full[DOUBTI_PATH_BYTES];
    int fd = doubti_root_open(root, path);
    if (fd < 0 && (errno == EXDEV || errno == ENOENT))
        return -1;
    if (fd >= 0)
        close(fd);
    if (!doubti_root_path(root, path, full)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(full, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

enum doubt_code doubti_root_write(const char *root, const char *path, const char *value,
                                  struct doubt_err *err)
{
    doubti_step("file: before");
    int fd = open_to_write(root, path);
    if (fd < 0)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "cannot open /%s to write %s", path,
                               value);
    size_t size = strlen(value);
    /* A regular file of a test keeps what is behind the value; sysfs has nothing there. */
    bool cut = ftruncate(fd, 0) == 0 || errno == EINVAL || errno == EPERM || errno == EACCES;
    ssize_t put = cut ? write(fd, value, size) : -1;
    int saved = put < 0 ? errno : EIO;
    if (close(fd) != 0 && put == (ssize_t)size) {
        saved = errno;
        put = -1;
    }
    doubti_step("file: after");
    if (put == (ssize_t)size)
        return DOUBT_OK;
    return doubt_err_errno(err, DOUBT_E_SYSTEM, saved, "cannot write %s to /%s", value, path);
}

void doubti_root_why_not(const char *root, const char *path, char *out, size_t out_bytes)
{
    char full[DOUBTI_PATH_BYTES];
    int fd = doubti_root_open(root, path), number = fd < 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    out[0] = '\0';
    if (number == EXDEV)
        snprintf(out, out_bytes, "/%s leads out of the root", path);
    else if (!doubti_root_path(root, path, full) || access(full, F_OK) != 0)
        snprintf(out, out_bytes, "there is no /%s", path);
    else if (access(full, W_OK) != 0 && (errno == EACCES || errno == EPERM) && geteuid() != 0)
        snprintf(out, out_bytes, "needs root");
    else if (access(full, W_OK) != 0)
        snprintf(out, out_bytes, "/%s is read-only", path);
}

bool doubti_root_first(const char *root, const char *pattern, char out[DOUBTI_PATH_BYTES])
{
    struct doubti_matches matches;
    doubti_root_match(root, pattern, &matches);
    bool found = matches.count > 0 && strlen(doubti_match_at(&matches, 0)) < DOUBTI_PATH_BYTES;
    if (found)
        snprintf(out, DOUBTI_PATH_BYTES, "%s", doubti_match_at(&matches, 0));
    doubti_root_match_end(&matches);
    return found;
}

/* --- sets of files ---------------------------------------------------------------------------- */

static bool changes_by_itself(const char *pattern)
{
    return pattern[0] == '~';
}

static const char *bare(const char *pattern)
{
    return pattern + changes_by_itself(pattern);
}

/* The pattern that a path belongs to; NULL when there is none. */
static const char *pattern_of(const char *const *patterns, const char *path)
{
    for (; patterns != NULL && *patterns != NULL; patterns++)
        if (fnmatch(bare(*patterns), path, FNM_PATHNAME | FNM_PERIOD | FNM_NOESCAPE) == 0)
            return *patterns;
    return NULL;
}

bool doubti_files_own(const char *const *patterns, const char *path)
{
    return pattern_of(patterns, path) != NULL;
}

bool doubti_files_plain(const char *value)
{
    size_t len = 0;
    for (; value[len] != '\0'; len++)
        if (!isalnum((unsigned char)value[len]) && strchr("._:+-", value[len]) == NULL)
            return false;
    return len > 0 && len < DOUBT_KNOB_TEXT_BYTES;
}

enum doubt_code doubti_files_save(const char *root, const char *const *patterns,
                                  struct doubt_str *state, struct doubt_err *err)
{
    for (; patterns != NULL && *patterns != NULL; patterns++) {
        struct doubti_matches matches;
        doubti_root_match(root, bare(*patterns), &matches);
        for (size_t i = 0; i < matches.count && i < FILES_MAX; i++) {
            char value[DOUBT_KNOB_TEXT_BYTES];
            const char *path = doubti_match_at(&matches, i);
            /* What cannot be read could not be put back; programs see to those. */
            if (doubti_root_read(root, path, value, sizeof value) && doubti_files_plain(value))
                doubt_str_addf(state, "%s=%s\n", path, value);
        }
        doubti_root_match_end(&matches);
    }
    if (state->failed)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for what is to be put back");
    return DOUBT_OK;
}

enum doubt_code doubti_files_write(const char *root, const char *pattern, const char *value,
                                   struct doubt_err *err)
{
    struct doubti_matches matches;
    enum doubt_code code = DOUBT_OK;
    doubti_root_match(root, pattern, &matches);
    for (size_t i = 0; code == DOUBT_OK && i < matches.count; i++)
        code = doubti_root_write(root, doubti_match_at(&matches, i), value, err);
    if (code == DOUBT_OK && matches.count == 0)
        code = doubt_err_set(err, DOUBT_E_UNSUPPORTED, "there is no /%s", pattern);
    doubti_root_match_end(&matches);
    return code;
}

/* --- putting back ----------------------------------------------------------------------------- */

/* One line PATH=VALUE at *text; moves behind it. False at the end, or for a line that is none. */
static bool next_line(const char **text, char path[DOUBTI_PATH_BYTES],
                      char value[DOUBT_KNOB_TEXT_BYTES])
{
    size_t len = strcspn(*text, "\n");
    const char *equals = memchr(*text, '=', len);
    if (equals == NULL)
        return false;
    size_t key = (size_t)(equals - *text), rest = len - key - 1;
    if (key >= DOUBTI_PATH_BYTES || rest >= DOUBT_KNOB_TEXT_BYTES)
        return false;
    memcpy(path, *text, key);
    path[key] = '\0';
    memcpy(value, equals + 1, rest);
    value[rest] = '\0';
    *text += len + ((*text)[len] == '\n');
    return true;
}

/* Writes each file of one pattern that differs; *differ counts them. The last failure stays in
 * why. */
static void pass(const char *root, const char *pattern, const char *state, int *differ,
                 struct doubt_err *why)
{
    char path[DOUBTI_PATH_BYTES], value[DOUBT_KNOB_TEXT_BYTES], here[DOUBT_KNOB_TEXT_BYTES];
    const char *const one[] = {pattern, NULL};
    for (const char *at = state; next_line(&at, path, value);) {
        if (!doubti_files_own(one, path) ||
            (doubti_root_read(root, path, here, sizeof here) && strcmp(here, value) == 0))
            continue;
        *differ += !changes_by_itself(pattern);
        *why = (struct doubt_err){0};
        doubti_root_write(root, path, value, why);
    }
}

/* The first file that is not as it was. */
static enum doubt_code say_difference(const char *root, const char *const *patterns,
                                      const char *state, struct doubt_err *err)
{
    char path[DOUBTI_PATH_BYTES], value[DOUBT_KNOB_TEXT_BYTES], here[DOUBT_KNOB_TEXT_BYTES];
    for (const char *at = state; next_line(&at, path, value);) {
        const char *pattern = pattern_of(patterns, path);
        if (pattern == NULL || changes_by_itself(pattern))
            continue;
        bool read = doubti_root_read(root, path, here, sizeof here);
        if (!read || strcmp(here, value) != 0)
            return doubt_err_set(err, DOUBT_E_SYSTEM,
                                 "/%s was %s and could not be put back: it is %s", path, value,
                                 read ? here : "unreadable");
    }
    return DOUBT_OK;
}

/* Limits depend on each other (a minimum may not pass a maximum), and cores bring their files with
 * them: what does not take at first takes in a later pass. */
enum doubt_code doubti_files_put_back(const char *root, const char *const *patterns,
                                      const char *state, struct doubt_err *err)
{
    struct doubt_err why = {0};
    int differ = 1;
    for (int i = 0; differ > 0 && i < PASSES; i++) {
        differ = 0;
        for (size_t p = 0; patterns != NULL && patterns[p] != NULL; p++)
            pass(root, patterns[p], state, &differ, &why);
    }
    enum doubt_code code = say_difference(root, patterns, state, err);
    if (code != DOUBT_OK && err != NULL && why.text[0] != '\0') {
        size_t used = strlen(err->text);
        snprintf(err->text + used, sizeof err->text - used, " (%.300s)", why.text);
    }
    return code;
}

/* --- steps of clocks -------------------------------------------------------------------------- */

int64_t doubti_nearest_step(const char *list, int64_t wanted)
{
    int64_t best = wanted;
    uint64_t distance = UINT64_MAX;
    char *end;
    for (const char *at = list; *at != '\0'; at = end) {
        int64_t step = strtoll(at, &end, 10);
        if (end == at)
            break;
        uint64_t off =
            step > wanted ? (uint64_t)step - (uint64_t)wanted : (uint64_t)wanted - (uint64_t)step;
        if (off < distance) {
            distance = off;
            best = step;
        }
    }
    return best;
}

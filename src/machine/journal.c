/* journal.c: see journal.h.
 *
 *     doubt-journal 1
 *     root /
 *     entry session mode 0        session or kept; knob; value asked for
 *     @mode=1                     its state, line by line
 *     sys/devices/system/cpu/cpu2/online=0
 *     end
 *     entries 1                   the last line: nothing was cut off
 */
#include "machine/journal.h"
#include "machine/knob_int.h"

#include "util/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int plain_open(const char *path, int flags, unsigned mode)
{
    return open(path, flags, (mode_t)mode);
}

static long plain_write(int fd, const void *data, size_t size)
{
    return (long)write(fd, data, size);
}

struct doubt_journal_calls doubt_journal_calls = {
    plain_open, plain_write, fsync, close, rename, unlink,
};

/* --- in memory -------------------------------------------------------------------------------- */

enum doubt_code doubt_journal_init(struct doubt_journal *journal, const char *root,
                                   struct doubt_err *err)
{
    *journal = (struct doubt_journal){.count = 0};
    journal->root = strdup(doubti_root_is_real(root) ? "/" : root);
    return journal->root != NULL
               ? DOUBT_OK
               : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the journal");
}

void doubt_journal_free(struct doubt_journal *journal)
{
    for (size_t i = 0; i < journal->count; i++)
        free(journal->entries[i].state);
    free(journal->root);
    *journal = (struct doubt_journal){.count = 0};
}

enum doubt_code doubt_journal_add(struct doubt_journal *journal, const struct doubt_knob *knob,
                                  const char *asked, char *state, struct doubt_err *err)
{
    struct doubt_journal_entry *entry = &journal->entries[journal->count];
    if (state == NULL || journal->count == DOUBT_JOURNAL_ENTRIES_MAX) {
        free(state);
        return doubt_err_set(err, DOUBT_E_MEMORY, "no room for another entry of the journal");
    }
    *entry = (struct doubt_journal_entry){.knob = knob, .state = state};
    doubt_str_copy(entry->asked, sizeof entry->asked, asked);
    journal->count++;
    return DOUBT_OK;
}

void doubt_journal_drop(struct doubt_journal *journal, size_t index)
{
    free(journal->entries[index].state);
    journal->count--;
    memmove(&journal->entries[index], &journal->entries[index + 1],
            (journal->count - index) * sizeof journal->entries[0]);
}

/* --- as text ---------------------------------------------------------------------------------- */

void doubt_journal_format(const struct doubt_journal *journal, struct doubt_str *out)
{
    doubt_str_addf(out, "doubt-journal 1\nroot %s\n", journal->root);
    for (size_t i = 0; i < journal->count; i++) {
        const struct doubt_journal_entry *entry = &journal->entries[i];
        doubt_str_addf(out, "entry %s %s %s\n", entry->kept ? "kept" : "session", entry->knob->name,
                       entry->asked);
        doubt_str_add(out, entry->state);
        doubt_str_add(out, "end\n");
    }
    doubt_str_addf(out, "entries %zu\n", journal->count);
}

/* The text being read, line by line; lines are not terminated. */
struct reading {
    const char *at, *end, *label;
    const char *line;
    size_t len;
    int number;
};

static bool next_line(struct reading *r)
{
    const char *stop = r->at < r->end ? memchr(r->at, '\n', (size_t)(r->end - r->at)) : NULL;
    if (stop == NULL)
        return false;
    r->line = r->at;
    r->len = (size_t)(stop - r->at);
    r->at = stop + 1;
    r->number++;
    return memchr(r->line, '\0', r->len) == NULL;
}

static enum doubt_code refuse(const struct reading *r, const char *what, struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_FORMAT, "%s, line %d: %s", r->label, r->number, what);
}

static bool is_line(const struct reading *r, const char *text)
{
    return r->len == strlen(text) && memcmp(r->line, text, r->len) == 0;
}

/* "entry session mode 0" */
static enum doubt_code read_head(const struct reading *r, struct doubt_journal_entry *entry,
                                 struct doubt_err *err)
{
    char line[200], again[200], scope[10], name[32];
    if (r->len >= sizeof line)
        return refuse(r, "longer than an entry can be", err);
    memcpy(line, r->line, r->len);
    line[r->len] = '\0';
    bool parsed = sscanf(line, "entry %9s %31s %63s", scope, name, entry->asked) == 3;
    if (parsed)
        snprintf(again, sizeof again, "entry %s %s %s", scope, name, entry->asked);
    if (!parsed || strcmp(line, again) != 0 || !doubti_files_plain(entry->asked))
        return refuse(r, "no \"entry SCOPE KNOB VALUE\"", err);
    entry->kept = strcmp(scope, "kept") == 0;
    if (!entry->kept && strcmp(scope, "session") != 0)
        return refuse(r, "the scope is neither session nor kept", err);
    if (doubt_knob_find(name, &entry->knob, NULL) != DOUBT_OK)
        return refuse(r, "there is no such knob", err);
    return DOUBT_OK;
}

static enum doubt_code read_entry(struct reading *r, struct doubt_journal *journal,
                                  struct doubt_err *err)
{
    struct doubt_journal_entry entry = {.kept = false};
    enum doubt_code code = read_head(r, &entry, err);
    if (code != DOUBT_OK)
        return code;
    const char *begin = r->at, *stop = r->at;
    for (;;) {
        stop = r->at;
        if (!next_line(r))
            return refuse(r, "the entry has no end", err);
        if (is_line(r, "end"))
            break;
    }
    entry.state = strndup(begin, (size_t)(stop - begin));
    if (entry.state != NULL && !doubt_knob_owns(entry.knob, entry.state)) {
        free(entry.state);
        return refuse(r, "the entry holds what its knob could not have saved", err);
    }
    code = doubt_journal_add(journal, entry.knob, entry.asked, entry.state, err);
    if (code == DOUBT_OK)
        journal->entries[journal->count - 1].kept = entry.kept;
    return code;
}

static enum doubt_code read_all(struct reading *r, struct doubt_journal *journal,
                                struct doubt_err *err)
{
    char last[32];
    if (!next_line(r) || !is_line(r, "doubt-journal 1"))
        return refuse(r, "this is no journal of version 1", err);
    if (!next_line(r) || r->len < 6 || r->len > 4096 || memcmp(r->line, "root /", 6) != 0)
        return refuse(r, "no \"root /...\"", err);
    journal->root = strndup(r->line + 5, r->len - 5);
    if (journal->root == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the journal");
    for (;;) {
        if (!next_line(r))
            return refuse(r, "the journal has no end", err);
        snprintf(last, sizeof last, "entries %zu", journal->count);
        if (is_line(r, last))
            break;
        enum doubt_code code = read_entry(r, journal, err);
        if (code != DOUBT_OK)
            return code;
    }
    return r->at == r->end ? DOUBT_OK : refuse(r, "something stands behind the last line", err);
}

enum doubt_code doubt_journal_parse(const char *text, size_t size, const char *label,
                                    struct doubt_journal *journal, struct doubt_err *err)
{
    struct reading r = {.at = text, .end = text + size, .label = label};
    *journal = (struct doubt_journal){.count = 0};
    enum doubt_code code = read_all(&r, journal, err);
    if (code != DOUBT_OK)
        doubt_journal_free(journal);
    return code;
}

/* --- on disk ---------------------------------------------------------------------------------- */

/* A file that somebody else may write could say anything. */
static enum doubt_code check_owner(const char *path, struct doubt_err *err)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return doubt_err_errno(err, DOUBT_E_IO, errno, "cannot look at %s", path);
    if (!S_ISREG(status.st_mode))
        return doubt_err_set(err, DOUBT_E_FORMAT, "%s is not a regular file", path);
    if ((status.st_uid != geteuid() && status.st_uid != 0) || (status.st_mode & 022) != 0)
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "%s belongs to user %ld, mode %03o: only a journal that nobody else "
                             "can write is believed",
                             path, (long)status.st_uid, (unsigned)status.st_mode & 0777);
    return DOUBT_OK;
}

enum doubt_code doubt_journal_load(const char *path, const char *root,
                                   struct doubt_journal *journal, struct doubt_err *err)
{
    char *text = NULL;
    size_t size = 0;
    *journal = (struct doubt_journal){.count = 0};
    if (!doubt_file_exists(path))
        return doubt_journal_init(journal, root, err);
    enum doubt_code code = check_owner(path, err);
    if (code == DOUBT_OK)
        code = doubt_file_read(path, DOUBT_JOURNAL_BYTES_MAX, &text, &size, err);
    if (code == DOUBT_OK)
        code = doubt_journal_parse(text, size, path, journal, err);
    free(text);
    const char *wanted = doubti_root_is_real(root) ? "/" : root;
    if (code == DOUBT_OK && strcmp(journal->root, wanted) != 0) {
        code = doubt_err_set(err, DOUBT_E_FORMAT,
                             "%s is about the machine below %.200s, not below %.200s", path,
                             journal->root, wanted);
        doubt_journal_free(journal);
    }
    return code;
}

static int write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        long put = doubt_journal_calls.write(fd, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return -1;
        data += put;
        size -= (size_t)put;
    }
    return 0;
}

/* What a rename did lasts only once its folder is on disk. */
static int sync_folder(const char *path)
{
    char folder[DOUBTI_PATH_BYTES];
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path || (size_t)(slash - path) >= sizeof folder)
        return 0;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    int fd = doubt_journal_calls.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int failed = doubt_journal_calls.fsync(fd), saved = errno;
    doubt_journal_calls.close(fd);
    errno = saved;
    return failed != 0 && saved != EINVAL ? -1 : 0;
}

static int replace(const char *path, const char *temporary, const struct doubt_str *text)
{
    unlink(temporary);
    int fd = doubt_journal_calls.open(temporary,
                                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return -1;
    doubti_step("journal: created");
    int failed = write_all(fd, text->data, text->len);
    if (failed == 0)
        failed = doubt_journal_calls.fsync(fd);
    int saved = errno;
    if (doubt_journal_calls.close(fd) != 0 && failed == 0) {
        saved = errno;
        failed = -1;
    }
    doubti_step("journal: written");
    if (failed == 0) {
        failed = doubt_journal_calls.rename(temporary, path);
        saved = errno;
    }
    doubti_step("journal: renamed");
    if (failed != 0)
        unlink(temporary);
    errno = saved;
    return failed;
}

enum doubt_code doubt_journal_save(const struct doubt_journal *journal, const char *path,
                                   struct doubt_err *err)
{
    char temporary[DOUBTI_PATH_BYTES];
    struct doubt_str text;
    int failed;
    if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "the journal's name %.100s is too long", path);
    doubt_str_init(&text, DOUBT_JOURNAL_BYTES_MAX);
    if (journal->count == 0) {
        failed = doubt_journal_calls.unlink(path);
        if (failed != 0 && errno == ENOENT)
            failed = 0;
    } else {
        doubt_journal_format(journal, &text);
        if (text.failed) {
            doubt_str_free(&text);
            return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the journal");
        }
        failed = replace(path, temporary, &text);
    }
    if (failed == 0)
        failed = sync_folder(path);
    int saved = errno;
    doubt_str_free(&text);
    doubti_step("journal: saved");
    if (failed == 0)
        return DOUBT_OK;
    return doubt_err_errno(err, DOUBT_E_SYSTEM, saved, "cannot write the journal %s", path);
}

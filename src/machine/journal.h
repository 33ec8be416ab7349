/* journal.h: what was changed on the machine and must be put back, on disk.
 *
 * A unit of work is one entry: a knob and everything that setting it may change, written before it
 * is set. The file is replaced as a whole (a temporary beside it, fsync, rename, fsync of the
 * folder), so that after a loss of power it holds the entries of before or of after, never half of
 * one. It is read strictly: a line that no journal would hold, a key that is not the knob's own or
 * a file that others may write refuses all of it. Not for deciding when to put back: putback.h.
 */
#ifndef DOUBT_MACHINE_JOURNAL_H
#define DOUBT_MACHINE_JOURNAL_H

#include "machine/knob.h"

enum { DOUBT_JOURNAL_ENTRIES_MAX = 32, DOUBT_JOURNAL_BYTES_MAX = 1 << 20 };

struct doubt_journal_entry {
    const struct doubt_knob *knob;
    bool kept; /* stays until it is asked for: `doubt device restore` */
    char asked[DOUBT_KNOB_TEXT_BYTES];
    char *state; /* as doubt_knob_save() gives it; owned */
};

struct doubt_journal {
    char *root; /* that the entries are about, "/" for the machine itself; owned */
    struct doubt_journal_entry entries[DOUBT_JOURNAL_ENTRIES_MAX];
    size_t count;
};

/* In the order in which they were made. root NULL: "/". */
enum doubt_code doubt_journal_init(struct doubt_journal *journal, const char *root,
                                   struct doubt_err *err);
void doubt_journal_free(struct doubt_journal *journal);

/* Takes over state, in failure too. */
enum doubt_code doubt_journal_add(struct doubt_journal *journal, const struct doubt_knob *knob,
                                  const char *asked, char *state, struct doubt_err *err);
void doubt_journal_drop(struct doubt_journal *journal, size_t index);

/* Parses a file's text, of any bytes; label stands for the file in sentences, which name the line.
 * On failure the journal is empty. */
enum doubt_code doubt_journal_parse(const char *text, size_t size, const char *label,
                                    struct doubt_journal *journal, struct doubt_err *err);
void doubt_journal_format(const struct doubt_journal *journal, struct doubt_str *out);

/* No file: an empty journal. */
enum doubt_code doubt_journal_load(const char *path, const char *root,
                                   struct doubt_journal *journal, struct doubt_err *err);
/* An empty journal removes the file. */
enum doubt_code doubt_journal_save(const struct doubt_journal *journal, const char *path,
                                   struct doubt_err *err);

/* The system calls of saving, so that a test can let each of them fail. */
struct doubt_journal_calls {
    int (*open)(const char *path, int flags, unsigned mode);
    long (*write)(int fd, const void *data, size_t size);
    int (*fsync)(int fd);
    int (*close)(int fd);
    int (*rename)(const char *from, const char *to);
    int (*unlink)(const char *path);
};
extern struct doubt_journal_calls doubt_journal_calls;

#endif

/* putback.c: see putback.h.
 *
 * Entries of the journal are a stack: the last one is put back first, since a later state was taken
 * after an earlier change. One that fails stays, and with it all below, so that the next try does
 * them again in the same order; putting back what is back already changes nothing.
 */
#include "machine/putback.h"

#include "machine/guardian.h"
#include "machine/journal.h"
#include "machine/knob_int.h"
#include "util/file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct doubt_putback {
    char root[DOUBTI_PATH_BYTES]; /* "/" for the machine itself */
    char folder[DOUBTI_PATH_BYTES], journal_path[DOUBTI_PATH_BYTES], lock_path[DOUBTI_PATH_BYTES];
    doubt_putback_say *say;
    struct doubt_journal journal;
    struct doubti_guardian guardian;
    int lock;
};

/* --- where ------------------------------------------------------------------------------------ */

static bool state_folder(const char *root, bool of_root, char out[DOUBTI_PATH_BYTES])
{
    const char *named = secure_getenv("DOUBT_STATE"), *base = secure_getenv("XDG_STATE_HOME");
    const char *home = secure_getenv("HOME");
    int n;
    if (named != NULL && named[0] == '/')
        n = snprintf(out, DOUBTI_PATH_BYTES, "%s", named);
    else if (of_root || !doubti_root_is_real(root)) /* another machine's journal lies with it */
        n = snprintf(out, DOUBTI_PATH_BYTES, "%s/var/lib/doubt",
                     doubti_root_is_real(root) ? "" : root);
    else if (base != NULL && base[0] == '/')
        n = snprintf(out, DOUBTI_PATH_BYTES, "%s/doubt", base);
    else if (home != NULL && home[0] == '/')
        n = snprintf(out, DOUBTI_PATH_BYTES, "%s/.local/state/doubt", home);
    else
        return false;
    return n > 0 && n < DOUBTI_PATH_BYTES - 64;
}

static enum doubt_code find_paths(struct doubt_putback *keeping, const char *root, bool of_root,
                                  struct doubt_err *err)
{
    bool real = doubti_root_is_real(root);
    if (snprintf(keeping->root, sizeof keeping->root, "%s", real ? "/" : root) >=
        (int)sizeof keeping->root)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "the root %.100s is too long a name", root);
    if (!state_folder(root, of_root, keeping->folder))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "there is no place for the journal of what is changed: set HOME or "
                             "DOUBT_STATE");
    snprintf(keeping->journal_path, sizeof keeping->journal_path, "%.*s/machine.journal",
             DOUBTI_PATH_BYTES - 64, keeping->folder);
    snprintf(keeping->lock_path, sizeof keeping->lock_path, "%.*s/machine.lock",
             DOUBTI_PATH_BYTES - 64, keeping->folder);
    return DOUBT_OK;
}

/* The journal is only believed in a folder that nobody else can change. */
static enum doubt_code make_folder(const struct doubt_putback *keeping, struct doubt_err *err)
{
    struct stat status;
    bool there = doubt_file_exists(keeping->folder);
    enum doubt_code code = doubt_file_make_folder(keeping->folder, err);
    if (code != DOUBT_OK)
        return code;
    /* Others may see that there is something to put back. */
    if (!there && geteuid() == 0 && chmod(keeping->folder, 0755) != 0)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "cannot open %s to readers",
                               keeping->folder);
    if (stat(keeping->folder, &status) != 0)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "cannot look at %s", keeping->folder);
    if ((status.st_uid != geteuid() && status.st_uid != 0) || (status.st_mode & 022) != 0)
        return doubt_err_set(err, DOUBT_E_SYSTEM,
                             "%s belongs to user %ld, mode %03o: the journal needs a folder that "
                             "nobody else can write",
                             keeping->folder, (long)status.st_uid, (unsigned)status.st_mode & 0777);
    return DOUBT_OK;
}

static const char *root_of(const struct doubt_putback *keeping)
{
    return doubti_root_is_real(keeping->root) ? NULL : keeping->root;
}

/* --- putting back ----------------------------------------------------------------------------- */

static void tell(const struct doubt_putback *keeping, const char *sentence)
{
    if (keeping->say != NULL)
        keeping->say(sentence);
}

/* Puts one entry back; the sentence of a failure says what stays. */
static enum doubt_code put_back_one(struct doubt_putback *keeping,
                                    const struct doubt_journal_entry *entry, struct doubt_err *err)
{
    enum doubt_code code =
        doubt_knob_put_back(root_of(keeping), entry->knob, keeping->folder, entry->state, err);
    doubt_err_prefix(err, "%s could not be put back", entry->knob->name);
    doubti_step("putback: entry back");
    return code;
}

/* From the last entry to the first; kept ones only where they are asked for. The journal's own
 * failures matter at its end alone: an entry too many is put back once more. */
static enum doubt_code put_back_all(struct doubt_putback *keeping, bool kept_too, size_t *count,
                                    struct doubt_err *err)
{
    struct doubt_journal *journal = &keeping->journal;
    enum doubt_code code = DOUBT_OK;
    for (size_t i = journal->count; i-- > 0;) {
        if (journal->entries[i].kept && !kept_too)
            continue;
        struct doubt_err why = {0};
        enum doubt_code one = put_back_one(keeping, &journal->entries[i], &why);
        *count += one == DOUBT_OK;
        if (one != DOUBT_OK && code == DOUBT_OK)
            code = doubt_err_set(err, one, "%s", why.text);
        if (code != DOUBT_OK)
            continue;
        doubt_journal_drop(journal, i);
        doubt_journal_save(journal, keeping->journal_path, NULL);
        doubti_step("putback: entry dropped");
    }
    if (code == DOUBT_OK)
        code = doubt_journal_save(journal, keeping->journal_path, err);
    if (code == DOUBT_OK && journal->count == 0)
        doubti_jetson_clocks_clear(keeping->folder);
    return code;
}

static void list_names(const struct doubt_journal *journal, bool kept_too, char *out,
                       size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < journal->count && used + 16 < out_bytes; i++)
        if (!journal->entries[i].kept || kept_too)
            used += (size_t)snprintf(out + used, out_bytes - used, "%s%s", used > 0 ? ", " : "",
                                     journal->entries[i].knob->name);
}

/* In the guardian: what the journal on disk says counts, not what this process had in memory. */
static void act(void *context)
{
    struct doubt_putback *keeping = context;
    struct doubt_err err = {0};
    size_t count = 0;
    char text[1500], names[256];
    doubt_journal_free(&keeping->journal);
    enum doubt_code code =
        doubt_journal_load(keeping->journal_path, keeping->root, &keeping->journal, &err);
    list_names(&keeping->journal, false, names, sizeof names);
    if (code == DOUBT_OK && names[0] == '\0')
        return;
    if (code == DOUBT_OK)
        code = put_back_all(keeping, false, &count, &err);
    if (code == DOUBT_OK)
        snprintf(text, sizeof text, "the machine was put back (%s) after doubt was ended", names);
    else
        snprintf(text, sizeof text, "%s; the journal is %.300s: `doubt device restore` tries again",
                 err.text, keeping->journal_path);
    tell(keeping, text);
}

/* --- begin ------------------------------------------------------------------------------------ */

/* What an earlier keeping left, whose processes were all ended. */
static enum doubt_code recover(struct doubt_putback *keeping, struct doubt_err *err)
{
    char text[512], names[256];
    size_t count = 0;
    list_names(&keeping->journal, false, names, sizeof names);
    if (names[0] == '\0')
        return DOUBT_OK;
    enum doubt_code code = put_back_all(keeping, false, &count, err);
    if (code != DOUBT_OK) {
        doubt_err_prefix(err, "an earlier doubt was ended before it put the machine back");
        return code;
    }
    snprintf(text, sizeof text,
             "the machine was put back (%s): an earlier doubt was ended before it could", names);
    tell(keeping, text);
    return DOUBT_OK;
}

static void free_keeping(struct doubt_putback *keeping)
{
    doubt_journal_free(&keeping->journal);
    if (keeping->lock >= 0)
        close(keeping->lock);
    free(keeping);
}

/* Lock and journal, without a guardian. */
static enum doubt_code begin(const char *root, doubt_putback_say *say, struct doubt_putback **out,
                             struct doubt_err *err)
{
    struct doubt_putback *keeping = calloc(1, sizeof *keeping);
    *out = NULL;
    if (keeping == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for changing the machine");
    keeping->lock = -1;
    keeping->say = say;
    enum doubt_code code = find_paths(keeping, root, geteuid() == 0, err);
    if (code == DOUBT_OK)
        code = make_folder(keeping, err);
    if (code == DOUBT_OK)
        code = doubti_lock_take(keeping->lock_path, &keeping->lock, err);
    if (code == DOUBT_OK) {
        doubti_lock_sign(keeping->lock, false);
        code = doubt_journal_load(keeping->journal_path, keeping->root, &keeping->journal, err);
        if (code != DOUBT_OK)
            doubt_err_prefix(err, "the journal of an earlier change cannot be used, and nothing "
                                  "was changed now; put the machine back by hand and delete it");
    }
    if (code != DOUBT_OK) {
        free_keeping(keeping);
        return code;
    }
    *out = keeping;
    return DOUBT_OK;
}

enum doubt_code doubt_putback_open(const char *root, doubt_putback_say *say,
                                   struct doubt_putback **out, struct doubt_err *err)
{
    struct doubt_putback *keeping = NULL;
    *out = NULL;
    enum doubt_code code = begin(root, say, &keeping, err);
    if (code != DOUBT_OK)
        return code;
    code = recover(keeping, err);
    if (code == DOUBT_OK && keeping->journal.count == 0)
        doubti_jetson_clocks_clear(keeping->folder);
    if (code == DOUBT_OK)
        code = doubti_guardian_start(&keeping->guardian, keeping->lock, act, keeping, err);
    if (code != DOUBT_OK) {
        free_keeping(keeping);
        return code;
    }
    *out = keeping;
    return DOUBT_OK;
}

/* --- set -------------------------------------------------------------------------------------- */

static struct doubt_journal_entry *find_entry(struct doubt_journal *journal,
                                              const struct doubt_knob *knob, bool kept)
{
    for (size_t i = 0; i < journal->count; i++)
        if (journal->entries[i].knob == knob && journal->entries[i].kept == kept)
            return &journal->entries[i];
    return NULL;
}

/* Once this has returned, whatever ends us, the state of before is on disk. */
static enum doubt_code write_down(struct doubt_putback *keeping, const struct doubt_knob *knob,
                                  const char *value, struct doubt_err *err)
{
    struct doubt_str state;
    doubt_str_init(&state, DOUBT_KNOB_STATE_MAX);
    enum doubt_code code = doubt_knob_save(root_of(keeping), knob, keeping->folder, &state, err);
    doubti_step("putback: state taken");
    if (code != DOUBT_OK) {
        doubt_str_free(&state);
        return code;
    }
    char *text = state.data != NULL ? state.data : strdup("");
    code = doubt_journal_add(&keeping->journal, knob, value, text, err);
    if (code != DOUBT_OK)
        return code;
    code = doubt_journal_save(&keeping->journal, keeping->journal_path, err);
    if (code != DOUBT_OK) {
        doubt_journal_drop(&keeping->journal, keeping->journal.count - 1);
        doubt_err_prefix(err, "%s was not changed", knob->name);
    }
    doubti_step("putback: written down");
    return code;
}

enum doubt_code doubt_putback_set(struct doubt_putback *keeping, const struct doubt_knob *knob,
                                  const char *value, bool *changed, struct doubt_err *err)
{
    const char *root = root_of(keeping);
    *changed = false;
    if (doubt_knob_is(root, knob, value))
        return DOUBT_OK;
    enum doubt_code code = doubt_knob_check(root, knob, value, err);
    bool fresh = find_entry(&keeping->journal, knob, false) == NULL;
    if (code == DOUBT_OK && fresh)
        code = write_down(keeping, knob, value, err);
    if (code != DOUBT_OK)
        return code;
    code = doubt_knob_set(root, knob, value, err);
    doubti_step("putback: set");
    *changed = code == DOUBT_OK;
    if (code == DOUBT_OK || !fresh)
        return code;
    struct doubt_err why = {0};
    size_t last = keeping->journal.count - 1;
    if (put_back_one(keeping, &keeping->journal.entries[last], &why) == DOUBT_OK) {
        doubt_journal_drop(&keeping->journal, last);
        doubt_journal_save(&keeping->journal, keeping->journal_path, NULL);
    }
    return code;
}

/* --- end -------------------------------------------------------------------------------------- */

enum doubt_code doubt_putback_close(struct doubt_putback *keeping, struct doubt_err *err)
{
    size_t count = 0;
    if (keeping == NULL)
        return DOUBT_OK;
    doubti_step("putback: closing");
    enum doubt_code code = put_back_all(keeping, false, &count, err);
    if (code != DOUBT_OK && err != NULL) {
        size_t used = strlen(err->text);
        snprintf(err->text + used, sizeof err->text - used,
                 "; the journal %.300s keeps it: `doubt device restore` tries again",
                 keeping->journal_path);
    }
    doubti_guardian_end(&keeping->guardian);
    free_keeping(keeping);
    return code;
}

enum doubt_code doubt_putback_keep(struct doubt_putback *keeping, struct doubt_err *err)
{
    struct doubt_journal *journal = &keeping->journal;
    for (size_t i = journal->count; i-- > 0;) {
        /* The older state of a knob is the one to go back to. */
        if (!journal->entries[i].kept && find_entry(journal, journal->entries[i].knob, true))
            doubt_journal_drop(journal, i);
        else
            journal->entries[i].kept = true;
    }
    enum doubt_code code = doubt_journal_save(journal, keeping->journal_path, err);
    doubti_step("putback: kept");
    if (code != DOUBT_OK) {
        for (size_t i = 0; i < journal->count; i++)
            journal->entries[i].kept = false;
        doubt_putback_close(keeping, NULL);
        return code;
    }
    doubti_guardian_end(&keeping->guardian);
    free_keeping(keeping);
    return DOUBT_OK;
}

enum doubt_code doubt_putback_restore(const char *root, doubt_putback_say *say, size_t *count,
                                      struct doubt_err *err)
{
    struct doubt_putback *keeping = NULL;
    *count = 0;
    enum doubt_code code = begin(root, say, &keeping, err);
    if (code != DOUBT_OK)
        return code;
    code = put_back_all(keeping, true, count, err);
    free_keeping(keeping);
    return code;
}

/* --- looking ---------------------------------------------------------------------------------- */

static enum doubt_code look_in(const struct doubt_putback *paths, struct doubt_putback_pending *out,
                               struct doubt_err *err)
{
    struct doubt_journal journal;
    if (!doubt_file_exists(paths->journal_path))
        return DOUBT_OK;
    out->holder = doubti_lock_holder(paths->lock_path);
    /* One that was ended holds it until its guardian is done, or for another moment. */
    if (out->holder > 0 && kill((pid_t)out->holder, 0) != 0 && errno == ESRCH)
        out->holder = 0;
    doubt_str_copy(out->path, sizeof out->path, paths->journal_path);
    enum doubt_code code = doubt_journal_load(paths->journal_path, paths->root, &journal, err);
    for (size_t i = 0; code == DOUBT_OK && i < journal.count; i++)
        *(journal.entries[i].kept ? &out->kept : &out->session) += 1;
    list_names(&journal, true, out->names, sizeof out->names);
    doubt_journal_free(&journal);
    return code;
}

enum doubt_code doubt_putback_look(const char *root, struct doubt_putback_pending *out,
                                   struct doubt_err *err)
{
    struct doubt_putback *paths = calloc(1, sizeof *paths);
    memset(out, 0, sizeof *out);
    if (paths == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a look at the journal");
    enum doubt_code code = DOUBT_OK;
    out->ours = true;
    /* No place at all: nothing can have been changed from here. */
    if (find_paths(paths, root, geteuid() == 0, NULL) == DOUBT_OK)
        code = look_in(paths, out, err);
    if (code == DOUBT_OK && out->path[0] == '\0' && geteuid() != 0 &&
        find_paths(paths, root, true, NULL) == DOUBT_OK) {
        code = look_in(paths, out, err);
        out->ours = out->path[0] == '\0';
    }
    free(paths);
    return code;
}

long doubt_putback_guardian(const struct doubt_putback *keeping)
{
    return keeping->guardian.pid;
}

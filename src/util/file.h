/* file.h: whole files, paths and folders.
 *
 * A unit of work is one file or one path. Reading has a ceiling; writing is atomic (a temporary
 * beside the target, fsync, rename), so a reader never sees half a file. Paths given back are heap
 * strings that the caller frees. Not for streams of samples: the store has those.
 */
#ifndef DOUBT_UTIL_FILE_H
#define DOUBT_UTIL_FILE_H

#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>

/* Reads at most max_bytes into a fresh, NUL-terminated buffer; more is DOUBT_E_FORMAT. Works on
 * files without a size (proc, sysfs). *size may be NULL. */
enum doubt_code doubt_file_read(const char *path, size_t max_bytes, char **data, size_t *size,
                                struct doubt_err *err);

/* May a file take this name by rename()? Not where a device, pipe or socket has it, which would be
 * gone then: root can do that. */
bool doubt_file_may_replace(const char *path);

/* Replaces path by these bytes or leaves it as it was; DOUBT_E_USAGE where it may not. */
enum doubt_code doubt_file_write(const char *path, const void *data, size_t size,
                                 struct doubt_err *err);

bool doubt_file_exists(const char *path);

/* mkdir -p with mode 0700 for what is made. */
enum doubt_code doubt_file_make_folder(const char *path, struct doubt_err *err);

/* "a/b" from "a" and "b"; an absolute b stands alone. NULL when out of memory. */
char *doubt_file_join(const char *folder, const char *name);

/* The folder of the running program's file; NULL when unknown. */
char *doubt_file_program_folder(void);

/* The user's folders by the XDG base directory rules, with "/doubt" behind: kind is "DATA",
 * "CACHE" or "CONFIG". NULL when neither the variable nor HOME is set. */
char *doubt_file_xdg(const char *kind);

#endif

/* str.h: a string buffer with a ceiling given at birth.
 *
 * A unit of work is one append. A failed append (out of memory, ceiling reached) makes the buffer
 * "failed" and later appends do nothing, so a caller checks once at the end. The buffer owns its
 * memory; doubt_str_free() gives it back. Not for binary files: use file.h.
 */
#ifndef DOUBT_UTIL_STR_H
#define DOUBT_UTIL_STR_H

#include <stdbool.h>
#include <stddef.h>

struct doubt_str {
    char *data; /* always ends in NUL once something was added; NULL before */
    size_t len, cap, max;
    bool failed;
};

/* max_bytes: the ceiling, without the final NUL. */
void doubt_str_init(struct doubt_str *s, size_t max_bytes);
void doubt_str_free(struct doubt_str *s);

void doubt_str_add(struct doubt_str *s, const char *text);
void doubt_str_add_bytes(struct doubt_str *s, const void *bytes, size_t count);
void doubt_str_addf(struct doubt_str *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void doubt_str_clear(struct doubt_str *s);

/* Text broken at spaces (but not before a "%") so that no line passes column `width`; lines after
 * the first begin with `indent` spaces, and the first is taken to begin there. Ends with a newline.
 * Columns are counted in code points; width 0 means 100. */
void doubt_str_wrap(struct doubt_str *s, const char *text, size_t indent, size_t width);

/* Text as running text of a man(7) page: backslashes, hyphens and leading dots are escaped. */
void doubt_str_add_man(struct doubt_str *s, const char *text);

/* The text, "" when nothing was added; valid until the next call. */
const char *doubt_str_text(const struct doubt_str *s);

/* strdup() that accepts NULL and gives NULL. */
char *doubt_str_dup(const char *text);

/* Copies into a fixed array, cut at a character's border, always NUL-terminated. */
void doubt_str_copy(char *to, size_t to_bytes, const char *from);

/* Levenshtein distance of two short names, for "did you mean". */
size_t doubt_str_distance(const char *a, const char *b);

/* The name (of a NULL-terminated list) that word was probably meant to be: the nearest one, when
 * about a third of its letters differ at most, or word is its beginning; NULL when none is near. */
const char *doubt_str_nearest(const char *word, const char *const *names);

/* What stands between a sentence about an unknown word and the words that are known:
 * `: did you mean "--batch"?` where one of the names is near (prefix, here "--", stands before it),
 * else ";". */
struct doubt_str_hint {
    char text[128];
};
struct doubt_str_hint doubt_str_hint(const char *word, const char *const *names,
                                     const char *prefix);

/* Columns of UTF-8 text: code points. */
size_t doubt_str_columns(const char *text);

#endif

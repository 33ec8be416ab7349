/* err.h: how every function of doubt says that it failed.
 *
 * A unit of work is one failed call: it returns a code other than DOUBT_OK and, where the caller
 * gave a struct doubt_err, leaves one sentence in it that a person can act on: what, which value,
 * what is accepted, what to do next. Nothing in the library prints, exits or aborts.
 *
 * Not for progress messages, and not for measurements that went wrong as measurements do (a crash
 * of an engine is a record, see record.h).
 */
#ifndef DOUBT_ERR_H
#define DOUBT_ERR_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One row per code: name, short text. */
#define DOUBT_CODES(X)                                                                             \
    X(OK, "no error")                                                                              \
    X(E_ARGUMENT, "an argument is out of its range")                                               \
    X(E_USAGE, "wrong usage")                                                                      \
    X(E_FORMAT, "unreadable input")                                                                \
    X(E_NOT_FOUND, "not found")                                                                    \
    X(E_UNSUPPORTED, "not supported")                                                              \
    X(E_MEMORY, "out of memory")                                                                   \
    X(E_IO, "input or output failed")                                                              \
    X(E_FULL, "no space left")                                                                     \
    X(E_ENGINE, "an engine failed")                                                                \
    X(E_OUTPUT, "an engine gave a wrong answer")                                                   \
    X(E_TIMEOUT, "a deadline passed")                                                              \
    X(E_INTERRUPTED, "interrupted")                                                                \
    X(E_SYSTEM, "a system call failed")

enum doubt_code {
#define DOUBT_CODE_ROW(name, text) DOUBT_##name,
    DOUBT_CODES(DOUBT_CODE_ROW)
#undef DOUBT_CODE_ROW
        DOUBT_CODE_COUNT
};

enum { DOUBT_ERR_TEXT_BYTES = 1024 };

/* The caller's memory. A zeroed struct means "no error so far"; the first error stays. */
struct doubt_err {
    enum doubt_code code;
    char text[DOUBT_ERR_TEXT_BYTES]; /* one sentence in UTF-8, no newline at the end */
};

/* "E_IO" for DOUBT_E_IO; "?" for a number that is no code. Static storage. */
const char *doubt_code_name(enum doubt_code code);

/* The row's short text; static storage. */
const char *doubt_code_text(enum doubt_code code);

/* Stores code and sentence unless err is NULL or already holds an error. Returns code, so that
 * `return doubt_err_set(err, DOUBT_E_IO, ...)` is the usual last line of a failing function. A text
 * that does not fit is cut at a character's border; control characters become "?". */
enum doubt_code doubt_err_set(struct doubt_err *err, enum doubt_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
enum doubt_code doubt_err_vset(struct doubt_err *err, enum doubt_code code, const char *format,
                               va_list args) __attribute__((format(printf, 3, 0)));

/* As doubt_err_set with ": " and strerror(errno_value) behind the text; ENOSPC and EDQUOT turn the
 * code into DOUBT_E_FULL, ENOMEM into DOUBT_E_MEMORY, ENOENT into DOUBT_E_NOT_FOUND,
 * EINTR into DOUBT_E_INTERRUPTED. */
enum doubt_code doubt_err_errno(struct doubt_err *err, enum doubt_code code, int errno_value,
                                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Puts "prefix: " before the sentence that is already there; nothing when there is none. */
void doubt_err_prefix(struct doubt_err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif
#endif

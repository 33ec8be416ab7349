/* values.h: measured values as people and other tools write them, one per restart.
 *
 * A unit of work is one text: a value file or an option. In a file, numbers stand one a line or
 * separated by white space; "#" begins a comment; a unit may stand behind a number ("27.8 ms"),
 * else the caller's unit holds. Written digits are kept, since they bound the error of a typed
 * value. Not for published figures: <doubt/verdict.h> reads those.
 */
#ifndef DOUBT_CLI_VALUES_H
#define DOUBT_CLI_VALUES_H

#include <doubt/err.h>
#include <doubt/verdict.h>
#include <stddef.h>

enum {
    DOUBT_VALUES_MAX = 200000,
    DOUBT_VALUES_FILE_MAX = 16 << 20, /* bytes */
    DOUBT_VALUES_COLUMNS_MAX = 1000
};

/* items is heap memory. */
struct doubt_values {
    struct doubt_figure *items;
    size_t count;
};

struct doubt_values_how {
    const char *label;  /* the file or option, for sentences */
    const char *unit;   /* of numbers without one; NULL: each needs its own */
    size_t column;      /* from 1: only this field of each line; 0: every number */
    bool decimal_comma; /* "27,8" */
};

/* A file's text, of any bytes. With a column, fields are separated by tabs, semicolons or commas
 * where the line has one of them (looked for in this order), else by blanks, and a first line whose
 * field is no number is taken for the heading. Every error (DOUBT_E_FORMAT) names file, line and
 * value. On failure values is empty. */
enum doubt_code doubt_values_parse(const char *text, size_t size,
                                   const struct doubt_values_how *how, struct doubt_values *values,
                                   struct doubt_err *err);

/* An option's text: one value ("27.8 ms", "1,804.9 img/s") or a list with commas, semicolons or
 * blanks between ("27.81,27.79,27.80 ms"), whose last unit holds for all that have none. Text that
 * can be read both ways ("100,101 ms") is refused. DOUBT_E_USAGE. */
enum doubt_code doubt_values_parse_list(const char *text, const struct doubt_values_how *how,
                                        struct doubt_values *values, struct doubt_err *err);

/* "2%", "0.5 %" or "2" as a share: what is a percentage is one with the sign and without, and 0.01
 * is 0.01 %. From 0 to most, in percent. option: with its dashes, for the sentence.
 * DOUBT_E_USAGE. */
enum doubt_code doubt_values_parse_percent(const char *option, const char *text, double most,
                                           double *share, struct doubt_err *err);

/* Moves the values of `from` behind those of `to`; from is empty afterwards. */
enum doubt_code doubt_values_append(struct doubt_values *to, struct doubt_values *from,
                                    struct doubt_err *err);

void doubt_values_free(struct doubt_values *values);

#endif

/* opt.h: options as data: one row each, from which parser, help text and manual page are made.
 *
 * A unit of work is one command line, or the help text of one table. A row names its place in the
 * caller's struct (offset) and its default as text, so no command parses anything itself. Strings
 * point into argv, which must outlive the values; comma lists are split in argv, in place. Long
 * options only match whole ("--db", never "--d"), as "--name value" or "--name=value"; "--" ends
 * them. Not for the options of engines: those are the plug-in's own rows.
 */
#ifndef DOUBT_UTIL_OPT_H
#define DOUBT_UTIL_OPT_H

#include "util/str.h"
#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a row's place in the struct holds. */
enum doubt_opt_type {
    DOUBT_OPT_FLAG,     /* bool */
    DOUBT_OPT_TEXT,     /* const char *, NULL when not given */
    DOUBT_OPT_INT,      /* int64_t between min and max */
    DOUBT_OPT_HEX,      /* uint64_t, hexadecimal digits */
    DOUBT_OPT_DURATION, /* int64_t nanoseconds: "3m", "250ms" */
    DOUBT_OPT_BYTES,    /* uint64_t: "2GB", "512MiB" */
    DOUBT_OPT_CHOICE,   /* int: index into choices */
    DOUBT_OPT_LIST,     /* struct doubt_opt_list: may be repeated, each value as it is */
    DOUBT_OPT_NAMES     /* struct doubt_opt_list: may be repeated, and split at commas */
};

enum { DOUBT_OPT_LIST_MAX = 64 };

/* items[count] is NULL. */
struct doubt_opt_list {
    const char *items[DOUBT_OPT_LIST_MAX + 1];
    size_t count;
};

struct doubt_opt {
    const char *name;     /* without dashes; NULL ends a table */
    char letter;          /* short form, 0 for none */
    const char *argument; /* its value's name in the help: "N"; NULL for a flag */
    enum doubt_opt_type type;
    size_t offset;
    const char *fallback; /* the default, as the user would write it; NULL: zero, false, NULL */
    const char *help;
    int64_t min, max;           /* INT */
    const char *const *choices; /* CHOICE, NULL-terminated */
};

/* A table and the struct that its offsets refer to. */
struct doubt_opt_set {
    const struct doubt_opt *rows; /* NULL: no options */
    void *values;
};

/* In: the arguments to read. Out: those that are no options, in order. */
struct doubt_opt_args {
    int count;
    char **items;
};

/* Sets every default, then reads args. Wrong usage is DOUBT_E_USAGE with a sentence that names the
 * option, the value and what is accepted, and the nearest name where one is near. */
enum doubt_code doubt_opt_parse(const struct doubt_opt_set *sets, size_t set_count,
                                struct doubt_opt_args *args, struct doubt_err *err);

/* The help of a table: the option's forms, then what it does, wrapped at width. */
void doubt_opt_help(const struct doubt_opt *rows, size_t width, struct doubt_str *out);

/* The same as man(7) macros. */
void doubt_opt_man(const struct doubt_opt *rows, struct doubt_str *out);

#endif

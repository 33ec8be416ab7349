/* table.h: a table of texts for a terminal, by libsmartcols.
 *
 * A unit of work is one table. Columns that do not fit the width are left out, the least important
 * first; no cell is cut or broken into lines, but for those of the one column that a caller names.
 * Texts are copied. Computes nothing: it is handed finished texts.
 */
#ifndef DOUBT_REPORT_TABLE_H
#define DOUBT_REPORT_TABLE_H

#include "util/str.h"
#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>

enum { DOUBT_TABLE_COLUMNS_MAX = 24 };

struct doubt_table_column {
    const char *title;
    bool right; /* aligned to the right */
    int drop;   /* 0: always shown; else the column with the largest number goes first */
};

struct doubt_table;

/* columns must outlive the table; a column whose every cell is "" is left out. NULL when out of
 * memory or count is more than DOUBT_TABLE_COLUMNS_MAX. */
struct doubt_table *doubt_table_new(const struct doubt_table_column *columns, size_t count);
void doubt_table_free(struct doubt_table *table);

/* One text per column; NULL means "". */
enum doubt_code doubt_table_add(struct doubt_table *table, const char *const *texts,
                                struct doubt_err *err);

/* An escape sequence's colour name as libsmartcols takes it ("red", "green"), for a cell of the
 * last row; used only where the caller asks for colour. */
void doubt_table_color(struct doubt_table *table, size_t column, const char *name);

/* Columns with text that do not fit width; their titles with commas are added to titles, unless it
 * is NULL. */
size_t doubt_table_left_out(const struct doubt_table *table, size_t width,
                            struct doubt_str *titles);

/* Appends a line with these titles below the table's own, where columns do not fit. It names
 * --wide: the command must have it. */
void doubt_table_add_left_out(const struct doubt_table *table, size_t width, struct doubt_str *out);

/* Appends the table's lines. width 0: no limit. */
enum doubt_code doubt_table_format(const struct doubt_table *table, size_t width, bool color,
                                   struct doubt_str *out, struct doubt_err *err);

/* A whole table with the line of doubt_table_add_left_out(). add() is given items 0 to item_count -
 * 1 in turn, and may leave one out. */
struct doubt_table_shape {
    const struct doubt_table_column *columns;
    size_t column_count, item_count;
    enum doubt_code (*add)(const void *context, size_t item, struct doubt_table *table,
                           struct doubt_err *err);
    size_t width; /* 0: no limit */
    bool color;
};
enum doubt_code doubt_table_print(const struct doubt_table_shape *shape, const void *context,
                                  struct doubt_str *out, struct doubt_err *err);

enum doubt_table_shortening {
    DOUBT_TABLE_CUT,       /* behind what fits, with an ellipsis */
    DOUBT_TABLE_CUT_FRONT, /* before it: texts that end in what tells them apart */
    DOUBT_TABLE_WRAP       /* broken between words */
};

/* The one column whose texts may be shortened, and when. */
struct doubt_table_narrow {
    size_t column;
    int order;    /* beside the columns' drop: those of a larger number are left out before */
    size_t least; /* columns that are left of it at least; or its title's */
    enum doubt_table_shortening how;
};
/* The same; narrow NULL: no such column. */
enum doubt_code doubt_table_print_narrow(const struct doubt_table_shape *shape,
                                         const struct doubt_table_narrow *narrow,
                                         const void *context, struct doubt_str *out,
                                         struct doubt_err *err);

#endif

/* view.h: a series as people read it: header, table or blocks, and the lines below.
 *
 * A unit of work is one series with its cells, fresh or read back from the store: the text is the
 * same. A series with a claim set is one table, a row per cell; one without is one block per cell,
 * with percentiles, or the comparison of two cells. What cells were set beside as well is a second
 * table. Everything comes from the record; what the
 * record does not hold (the claim set's title, advice) is handed in as notes. Not for JSON: json.h.
 */
#ifndef DOUBT_REPORT_VIEW_H
#define DOUBT_REPORT_VIEW_H

#include "record/record.h"
#include "util/str.h"
#include <doubt/verdict.h>

/* "key    text", wrapped; key NULL ends a list. */
struct doubt_view_note {
    const char *key, *text;
};

struct doubt_view_style {
    size_t width; /* columns; 0: no limit, every column of the table */
    bool color;
    const char *title; /* of the claim set; NULL: not known */
    const char *word;  /* what the claim set's figures stand on, "chart"; NULL: "figure" */
    const struct doubt_view_note *notes; /* below the table; NULL: none */
};

/* The cell that only measures the cost of measuring: not a row of any table. */
#define DOUBT_VIEW_HIDDEN "null"
bool doubt_view_is_hidden(const struct doubt_cell *cell);

/* "15.3551 … 15.4479"; both ends take at least width columns each. "below 15.4479" or
 * "from 15.3551" where the other end, "", is not known; "" where both are not. */
void doubt_view_interval(const char *lo, const char *hi, size_t width, char *out, size_t out_bytes);

/* "38.5 … 39.5", "below 39.5", "from 38.5": what the digits of a published figure stand for, in its
 * own unit. */
void doubt_view_reads(const struct doubt_figure *figure, char *out, size_t out_bytes);

/* "1.665 ± 0.005": the farther end of the interval, rounded up; "1.40 (0.60 … 2.90)" where it is
 * half of the ratio and more, and ± would say that the ends are alike; "1.40 (below 2.90)" where
 * the other end is not known: not above 0, infinite or NaN. Nothing is written where ratio is NaN.
 */
void doubt_view_ratio(double ratio, double lo, double hi, char *out, size_t out_bytes);

/* "others used 23 % of the CPUs just before (cc1 0.92); ...": what made the machine busy before the
 * first restart and what that can cost; false when it was not. */
bool doubt_view_before(const struct doubt_series *series, struct doubt_str *out);

enum doubt_code doubt_view_series(const struct doubt_record_parts *parts,
                                  const struct doubt_view_style *style, struct doubt_str *out,
                                  struct doubt_err *err);

#endif

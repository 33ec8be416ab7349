/* verdict.h: what a published figure says, and whether an interval agrees with it.
 *
 * A unit of work is one figure or one verdict. A figure's written digits are its precision: "36
 * FPS" claims [35.5, 36.5). An interval that covers the truth with probability 1 - alpha over all
 * looks gives a false verdict with probability at most alpha, whatever the truth is: inside the
 * figure's interval HOLDS, wholly on the slow side FALLS SHORT, wholly on the fast side EXCEEDS,
 * else INCONCLUSIVE. Source: notes on the method in docs/METHOD.md.
 *
 * Pure: no files, clocks, threads or printing.
 */
#ifndef DOUBT_VERDICT_H
#define DOUBT_VERDICT_H

#include <doubt/err.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum doubt_unit_kind {
    DOUBT_UNIT_TIME, /* value in ns; smaller is faster */
    DOUBT_UNIT_RATE  /* value in 1/s; larger is faster */
};

enum doubt_figure_bound {
    DOUBT_FIGURE_TWO_SIDED, /* "36 FPS", "~36 FPS" */
    DOUBT_FIGURE_UP_TO,     /* "up to 36 FPS": cannot fall short */
    DOUBT_FIGURE_AT_LEAST   /* ">= 36 FPS": cannot be exceeded falsely; above it, it holds */
};

struct doubt_figure {
    enum doubt_unit_kind kind;
    enum doubt_figure_bound bound;
    bool about;        /* written with "~": no tolerance was stated */
    double value;      /* in ns or 1/s */
    double lo, hi;     /* the half-open interval [lo, hi) that the digits claim, same unit */
    char unit[16];     /* as written: "FPS", "ms" */
    double unit_scale; /* value = written number x unit_scale */
};

struct doubt_figure_options {
    int significant_digits; /* 0: all written digits count */
    bool truncated;         /* digits were cut, not rounded: [c, c + 10^-k) */
    bool decimal_comma;     /* "27,8 ms"; else such a comma is refused as ambiguous */
    double tolerance;       /* widens to [lo (1 - t), hi (1 + t)); 0 <= t < 1 */
};

/* Reads "36 FPS", "27.8ms", "1,804.9 img/s", "up to 100 FPS", ">=30FPS", "~2.2k QPS". Units: ns, us,
 * ms, s; FPS, img/s, images/s, samples/s, inf/s, QPS, ips. Edges are computed in decimal from the
 * digits and converted to double once. options may be NULL. Errors: DOUBT_E_USAGE with a sentence.
 */
enum doubt_code doubt_figure_parse(const char *text, const struct doubt_figure_options *options,
                                   struct doubt_figure *figure, struct doubt_err *err);

enum doubt_verdict {
    DOUBT_VERDICT_NONE,
    DOUBT_HOLDS,
    DOUBT_FALLS_SHORT,
    DOUBT_EXCEEDS,
    DOUBT_INCONCLUSIVE,
    DOUBT_NO_STEADY_STATE,
    DOUBT_VERDICT_COUNT
};

/* "FALLS SHORT"; "" for DOUBT_VERDICT_NONE. Static storage. */
const char *doubt_verdict_name(enum doubt_verdict verdict);

/* Sets an interval [lo, hi] in the figure's unit (ns or 1/s) beside the figure. lo <= hi, both
 * positive and finite, else DOUBT_E_ARGUMENT. */
enum doubt_code doubt_verdict_judge(const struct doubt_figure *figure, double lo, double hi,
                                    enum doubt_verdict *verdict, struct doubt_err *err);

#ifdef __cplusplus
}
#endif
#endif

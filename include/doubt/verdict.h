/* verdict.h: what a published figure says, and whether an interval agrees with it.
 *
 * A unit of work is one figure or one verdict. A figure's written digits are its precision: "36
 * FPS" claims [35.5, 36.5). An interval that covers the truth with probability 1 - alpha over all
 * looks gives a false verdict with probability at most alpha, whatever the truth is: inside the
 * figure's interval HOLDS, wholly on the slow side FALLS SHORT, wholly on the fast side EXCEEDS,
 * else INCONCLUSIVE. Source: docs/METHOD.md.
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

/* Which edge of the digits' interval binds. Read as written, whatever the kind: "up to 36 FPS" is
 * met by every slower rate and cannot fall short, "up to 30 ms" is met by every faster time and
 * cannot be exceeded. */
enum doubt_figure_bound {
    DOUBT_FIGURE_TWO_SIDED, /* "36 FPS", "~36 FPS": both */
    DOUBT_FIGURE_UP_TO,     /* "up to 36 FPS", "<= 30 ms": hi only */
    DOUBT_FIGURE_AT_LEAST   /* ">= 36 FPS", "at least 36 FPS": lo only */
};

struct doubt_figure {
    enum doubt_unit_kind kind;
    enum doubt_figure_bound bound;
    bool about;    /* written with "~": no tolerance was stated */
    double value;  /* in ns or 1/s */
    double lo, hi; /* the half-open interval [lo, hi) that the digits claim, same unit; finite
                      for every bound */
    char unit[16]; /* as written: "FPS", "ms" */
    double
        unit_scale; /* value = number in `unit` x unit_scale; a written k or M is in the number */
};

struct doubt_figure_options {
    int significant_digits; /* at most so many count, 0: all written; "100" with 2 is [95, 105). A
                               non-zero digit that would not count is an error */
    bool truncated;         /* digits were cut, not rounded: [c, c + 10^-k) */
    bool decimal_comma;     /* "27,8 ms"; else such a comma is refused as ambiguous */
    double tolerance;       /* widens to [lo (1 - t), hi (1 + t)); 0 <= t < 1 */
};

/* Reads "36 FPS", "27.8ms", "1,804.9 img/s", "up to 100 FPS", ">=30FPS", "~2.2k QPS" (which is
 * [2150, 2250)). Units: ns, us, ms, s; FPS, img/s, images/s, samples/s, inf/s, QPS, ips, and their
 * usual spellings; multipliers k and M. At most 80 bytes and 17 digits. Edges are computed in
 * decimal from the digits and converted to double once. options may be NULL. Errors: DOUBT_E_USAGE
 * with a sentence; a number without a unit is one. */
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

/* Sets an interval [lo, hi] in the figure's unit (ns or 1/s) beside the figure [L, U). HOLDS: L <=
 * lo and hi < U. Above: lo >= U. Below: hi < L. lo <= hi, hi positive (a noisy interval may begin
 * below 0), both finite, or one of them NaN: nothing is known of that end, and the other decides.
 * Else DOUBT_E_ARGUMENT. Never answers NO STEADY STATE: that is known before there is an interval.
 */
enum doubt_code doubt_verdict_judge(const struct doubt_figure *figure, double lo, double hi,
                                    enum doubt_verdict *verdict, struct doubt_err *err);

/* value: in ns or per second. bound: how far the truth can be from the written digits, the larger
 * of both sides; add it to each side of an interval, so that equal typed values never look exact.
 */
struct doubt_typed {
    double value, bound;
};
/* A figure measured elsewhere and typed in ("27.8128 ms"), in the unit of a claim of this kind. A
 * time is of one call with `batch` inferences. The figure must be two-sided. */
enum doubt_code doubt_figure_as(const struct doubt_figure *measured, enum doubt_unit_kind kind,
                                double batch, struct doubt_typed *typed, struct doubt_err *err);

/* What is expected of the restarts: their mean and sd in the figure's unit, and the error level of
 * the interval. */
struct doubt_expected {
    double mean, sd, level;
};
/* Restarts that a verdict needs, said beforehand: until the interval around the mean is narrower
 * than the way to the nearest edge that binds. +infinity: the mean lies on an edge, or more than
 * 1e9. */
enum doubt_code doubt_verdict_plan(const struct doubt_figure *figure,
                                   const struct doubt_expected *expected, double *restarts,
                                   struct doubt_err *err);

enum doubt_comparison {
    DOUBT_EQUIVALENT,
    DOUBT_B_FASTER,
    DOUBT_A_FASTER,
    DOUBT_NOT_DECIDED,
    DOUBT_COMPARISON_COUNT
};
/* "EQUIVALENT", "A FASTER", "B FASTER", "INCONCLUSIVE". Static storage. */
const char *doubt_comparison_name(enum doubt_comparison comparison);

/* Interval [lo, hi] of the ratio time of B / time of A, both positive: inside [1 / (1 + margin), 1
 * + margin] EQUIVALENT, else wholly above or below 1 A or B FASTER, else INCONCLUSIVE. 0 <= margin
 * < 1. */
enum doubt_code doubt_comparison_judge(double lo, double hi, double margin,
                                       enum doubt_comparison *comparison, struct doubt_err *err);

#ifdef __cplusplus
}
#endif
#endif

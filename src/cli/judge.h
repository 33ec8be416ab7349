/* judge.h: figures measured elsewhere, set beside published ones.
 *
 * A unit of work is one row: what was measured, the claim, and what can be said. Nothing is
 * measured and no condition is compared: the caller answers for device, precision and the rest. Not
 * for the cells of a series: claims/claim.h judges those.
 */
#ifndef DOUBT_CLI_JUDGE_H
#define DOUBT_CLI_JUDGE_H

#include "cli/values.h"
#include "util/str.h"
#include <stdbool.h>
#include <stdint.h>

/* Where the interval comes from. */
enum doubt_judge_basis {
    DOUBT_JUDGE_NUMBER,   /* one value: there is none */
    DOUBT_JUDGE_RESTARTS, /* several values: hull over them */
    DOUBT_JUDGE_SUMMARY,  /* mean, standard deviation and count: Student's t */
    DOUBT_JUDGE_GIVEN     /* an interval as it was published */
};

/* What is known besides the values. Texts as typed; NULL or 0: not given. */
struct doubt_judge_how {
    const char *sd, *interval; /* "0.35ms" or "1.2%"; "27.75..27.88ms" */
    int64_t count;             /* restarts behind sd */
    double given_level;        /* error level of the interval given, 0.05 */
    int64_t look, looks;       /* this look, from 1, of so many planned */
    int64_t family;            /* claims that share the 5 % */
    int64_t batch;             /* inferences per measured time */
    bool unordered;            /* values are not in the order of their starts */
    bool decimal_comma;
};

struct doubt_judge_row {
    /* In. */
    char name[96];              /* what the values are of; "": the table shows no names */
    struct doubt_values values; /* at least one; the row's own */
    char claim_text[96];
    struct doubt_figure claim;
    /* Out, in the claim's unit kind: ns or 1/s. NAN where there is none; with an interval, lo or hi
     * is NAN where nothing is known of that end, and so is the ratio's. */
    enum doubt_judge_basis basis;
    double value, lo, hi, bound;      /* bound: of the written digits, inside lo and hi */
    double sd, restarts;              /* of one restart */
    double level;                     /* error level of the interval */
    double ratio, ratio_lo, ratio_hi; /* measured / claimed, larger is faster */
    bool inside;                      /* value in the claim's interval */
    bool drifts;                      /* the values go up or down from first to last */
    double needed;                    /* restarts for a verdict at this sd; may be infinite */
    double tolerance; /* that would make it HOLDS at these restarts; 0: it does; NAN: none */
    enum doubt_verdict verdict;
    char reason[320]; /* why there is no conclusive verdict; "" */
};

/* Reads "MEASURED=CLAIM"; measured as doubt_values_parse_list(). */
enum doubt_code doubt_judge_parse_pair(const char *text, const struct doubt_values_how *how,
                                       const struct doubt_figure_options *options,
                                       struct doubt_judge_row *row, struct doubt_err *err);

/* Fills the row's results. */
enum doubt_code doubt_judge(const struct doubt_judge_how *how, struct doubt_judge_row *row,
                            struct doubt_err *err);

/* The table or blocks with the lines below them, and the JSON document. */
struct doubt_judge_table {
    const struct doubt_judge_row *rows;
    size_t count;
    const struct doubt_judge_how *how;
    const struct doubt_figure_options *options;
    size_t width;
    bool color;
    /* Sentences in place of those for typed values; NULL: those. */
    const char *one_number, *not_compared;
};
enum doubt_code doubt_judge_view(const struct doubt_judge_table *table, struct doubt_str *out,
                                 struct doubt_err *err);
enum doubt_code doubt_judge_json(const struct doubt_judge_table *table, struct doubt_str *out,
                                 struct doubt_err *err);

#endif

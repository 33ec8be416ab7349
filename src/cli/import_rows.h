/* import_rows.h: what was imported, judged and shown.
 *
 * A unit of work is all files of one command. Files that could not be read stay in the list with
 * their sentence, so that one bad file never hides the good ones. Not for reading:
 * import/import.h.
 */
#ifndef DOUBT_CLI_IMPORT_ROWS_H
#define DOUBT_CLI_IMPORT_ROWS_H

#include "claims/claim.h"
#include "cli/judge.h"
#include "import/import.h"

struct doubt_import_file {
    struct doubt_import import;
    struct doubt_err err; /* code 0: it holds at least one run with a measurement */
};

/* What is judged, and how. Texts as typed; NULL: not given. */
struct doubt_import_question {
    const char *const *claims; /* one for all runs, or one for each */
    size_t claim_count;
    const struct doubt_claim_set *set;
    const char *id; /* a claim of set, for all runs; NULL: each run's by its network */
    const char *statistic, *boundary;
    bool restarts; /* the runs are starts of one thing */
    bool as_is;    /* judge although conditions differ or are not known */
    int64_t batch; /* 0: as the run says, else 1 */
    struct doubt_judge_how how;
    struct doubt_figure_options options;
};

/* A judged row and where it comes from. */
struct doubt_import_row {
    struct doubt_judge_row judged;
    const struct doubt_claim *claim; /* NULL: typed */
    char *differs;                   /* heap; conditions that are not met; NULL: none compared */
    bool withheld;                   /* the verdict, because of them */
};
struct doubt_import_rows {
    struct doubt_import_row *items;
    size_t count;
    size_t unclaimed;    /* runs that no claim of the set is for */
    char ambiguous[480]; /* those that several are for, with two of them: "a (x or y), …" */
};

/* Every run with a measurement beside its claim. DOUBT_E_USAGE with a sentence when a claim cannot
 * be found for a run, or a run has no such figure. */
enum doubt_code doubt_import_rows_judge(const struct doubt_import_file *files, size_t count,
                                        const struct doubt_import_question *question,
                                        struct doubt_import_rows *rows, struct doubt_err *err);
void doubt_import_rows_free(struct doubt_import_rows *rows);
/* What was judged, one after the other, as doubt_judge_view() takes it; freed with free(), its
 * texts and values stay the rows'. NULL when out of memory. */
struct doubt_judge_row *doubt_import_rows_judged(const struct doubt_import_rows *rows,
                                                 struct doubt_err *err);

/* Everything that one command found. rows: NULL when nothing was asked. */
struct doubt_import_result {
    const struct doubt_import_file *files;
    size_t count;
    const struct doubt_import_rows *rows;
    const struct doubt_import_question *question;
    size_t width; /* 0: no limit */
    bool color;
};
/* The runs of every file that could be read, with their lines; many files are one table, and what
 * was said of one file is not said again. */
enum doubt_code doubt_import_view(const struct doubt_import_result *result, struct doubt_str *out,
                                  struct doubt_err *err);
/* The judged rows as a table with its lines. */
enum doubt_code doubt_import_view_rows(const struct doubt_import_result *result,
                                       struct doubt_str *out, struct doubt_err *err);
/* Everything as one document; members: docs/IMPORT.md. */
enum doubt_code doubt_import_json(const struct doubt_import_result *result, struct doubt_str *out,
                                  struct doubt_err *err);

#endif

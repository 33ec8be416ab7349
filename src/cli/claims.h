/* claims.h: what the files of `doubt claims` share: a look at the catalog, and the texts of a
 * claim.
 *
 * A unit of work is one list, one claim or one file, appended to a text. The command itself is
 * cmd_claims.c. Not for other commands: catalog.h is.
 */
#ifndef DOUBT_CLI_CLAIMS_H
#define DOUBT_CLI_CLAIMS_H

#include "cli/catalog.h"
#include "cli/cmd.h"
#include "cli/work.h"
#include "report/table.h"
#include "util/str.h"

#include <doubt/verdict.h>
#include <jansson.h>

enum { DOUBT_CLAIMS_TEXT_BYTES = 512, DOUBT_CLAIMS_OUTPUT_MAX = 16 << 20 };

/* What one invocation prints. */
struct doubt_claims_view {
    const struct doubt_cli *cli;
    const struct doubt_catalog *catalog;
    const struct doubt_catalog_filter *filter;
    struct doubt_works *works;
};

/* --- texts of a claim (claims_text.c) --- */
void doubt_claims_figure(const struct doubt_claim *claim, struct doubt_figure *figure);
/* "38.5 … 39.5 FPS". */
void doubt_claims_reads(const struct doubt_claim *claim, char *out, size_t out_bytes);
void doubt_claims_batch(const struct doubt_claim *claim, char *out, size_t out_bytes);
/* What keeps any engine from testing it, the input's size included; "" when nothing does. */
void doubt_claims_obstacle(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                           char *out, size_t out_bytes);
/* Why no engine here could test it; "" when one could. */
void doubt_claims_why_not(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                          char *out, size_t out_bytes);
/* Walks the claims that match: an array index pair, (0, 0) to begin; false at the end. */
bool doubt_claims_next(const struct doubt_claims_view *view, size_t *set, size_t *claim);

/* A table with one row for each claim that matches: its columns, and what makes a row. */
struct doubt_claims_table {
    const struct doubt_table_column *columns;
    size_t column_count;
    enum doubt_code (*add)(const struct doubt_claims_view *view, const struct doubt_claim *claim,
                           struct doubt_table *table, struct doubt_err *err);
};
enum doubt_code doubt_claims_format_table(const struct doubt_claims_view *view,
                                          const struct doubt_claims_table *shape,
                                          struct doubt_str *out, struct doubt_err *err);

/* --- pages --- */
enum doubt_code doubt_claims_format_sets(const struct doubt_claims_view *view,
                                         struct doubt_str *out, struct doubt_err *err);
enum doubt_code doubt_claims_format_list(const struct doubt_claims_view *view,
                                         struct doubt_str *out, struct doubt_err *err);
/* By its id: text, or JSON where cli says so. */
enum doubt_code doubt_claims_show(const struct doubt_claims_view *view, const char *id,
                                  struct doubt_str *out, struct doubt_err *err);
/* The matching claims against what physics allows; sets that have no claim with a known ceiling
 * still list theirs, with the reason. */
enum doubt_code doubt_claims_ceilings(const struct doubt_claims_view *view, struct doubt_str *out,
                                      struct doubt_err *err);
/* What the rules of claims/contradict.h find among all claims, where one of two matches. */
enum doubt_code doubt_claims_contradictions(const struct doubt_claims_view *view,
                                            struct doubt_str *out, struct doubt_err *err);
/* The same of one claim: lines, or members of array where that is not NULL. */
void doubt_claims_contradictions_of(const struct doubt_claims_view *view,
                                    const struct doubt_claim *claim, struct doubt_str *out,
                                    json_t *array);
json_t *doubt_claims_json_sets(const struct doubt_claims_view *view);
json_t *doubt_claims_json_list(const struct doubt_claims_view *view);
json_t *doubt_claims_json_one(const struct doubt_claims_view *view,
                              const struct doubt_claim_set *set, const struct doubt_claim *claim);
json_t *doubt_claims_json_ceiling(const struct doubt_claims_view *view,
                                  const struct doubt_claim *claim);
/* Formats the document and gives it back. */
enum doubt_code doubt_claims_format_json(json_t *document, struct doubt_str *out,
                                         struct doubt_err *err);
/* How many claims of the set have a network that is built in; how many could be tested by engines
 * that are here, and by which. */
size_t doubt_claims_count_built_in(const struct doubt_claim_set *set);
void doubt_claims_count_engines(const struct doubt_claims_view *view,
                                const struct doubt_claim_set *set, struct doubt_str *out,
                                size_t *testable);
/* What `doubt claims add` was asked for. */
struct doubt_claims_add {
    const char *set, *title;             /* title NULL: the set's name */
    const struct doubt_opt_list *fields; /* NAME=VALUE */
    bool ask;                            /* for what is missing, though stdin is no terminal */
};
/* Adds one claim to a set in the user's folder. */
enum doubt_code doubt_claims_add_one(const struct doubt_cli *cli,
                                     const struct doubt_claims_add *add, struct doubt_str *out,
                                     struct doubt_err *err);
/* Is the file a claim set whose networks are known? */
enum doubt_code doubt_claims_validate(const struct doubt_cli *cli, const char *path,
                                      struct doubt_str *out, struct doubt_err *err);

#endif

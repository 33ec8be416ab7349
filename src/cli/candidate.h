/* candidate.h: one cell as the command line describes it: what is run, on which engine, how.
 *
 * A unit of work is one cell of `doubt run`, or one side of `doubt compare`. A candidate is found
 * (is the operand a network or a file), opened (engines that can be used, the model's file), its
 * engine chosen where several fit, its reference found, and then written into a cell's plan, which
 * borrows from it. Errors are sentences for the command line. Not for claim sets: cmd_check.c.
 */
#ifndef DOUBT_CLI_CANDIDATE_H
#define DOUBT_CLI_CANDIDATE_H

#include "cli/cmd.h"
#include "cli/settings.h"
#include "cli/subject.h"

struct doubt_candidate {
    /* Given; borrowed. */
    const char *operand; /* a built-in network, or a file's path */
    const struct doubt_settings *settings;
    const struct doubt_model_settings *model;
    const char *const *environment; /* NAME=VALUE; may be NULL */
    /* Found. */
    const struct doubt_net *net; /* NULL: the operand is a file */
    struct doubt_pick *picks;    /* engines that fit */
    size_t pick_count, best;
    int64_t built_ns; /* on building engines that are kept, while one was chosen */
    struct doubt_subject subject;
    struct doubt_str left_out; /* as of doubt_pick_all() */
};

/* What the operand is, and whether the settings fit it. */
enum doubt_code doubt_candidate_find(struct doubt_candidate *candidate, struct doubt_err *err);

/* Looks at the engine that is named, else at all, and opens the model. */
enum doubt_code doubt_candidate_open(struct doubt_candidate *candidate,
                                     struct doubt_registry *registry, struct doubt_err *err);

/* Chooses among several engines; why gets a sentence where there was a choice. */
enum doubt_code doubt_candidate_choose(struct doubt_candidate *candidate, struct doubt_cli *cli,
                                       struct doubt_str *why, struct doubt_err *err);

/* What the outputs of a user's file are compared with: the reference engine's where that knows the
 * operators, else another engine's. None is no failure: the record says so. */
void doubt_candidate_reference(struct doubt_candidate *candidate, struct doubt_cli *cli,
                               struct doubt_registry *registry);

void doubt_candidate_plan(const struct doubt_candidate *candidate, struct doubt_cell_plan *cell);

/* Name of the engine that was chosen. */
const char *doubt_candidate_engine(const struct doubt_candidate *candidate);

/* Frees what was found; a zeroed candidate is fine. */
void doubt_candidate_close(struct doubt_candidate *candidate);

#endif

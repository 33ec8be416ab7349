/* check.h: what the files of `doubt check` share: one invocation and its steps.
 *
 * A unit of work is one claim set on its way to a series: which of its claims can be tested, on
 * which networks, engines and precisions. The command itself is cmd_check.c. Not for other
 * commands.
 */
#ifndef DOUBT_CLI_CHECK_H
#define DOUBT_CLI_CHECK_H

#include "claims/claim.h"
#include "cli/cmd.h"
#include "cli/prepare.h"
#include "cli/runner.h"
#include "cli/settings.h"
#include "cli/subject.h"
#include "machine/peak.h"

struct doubt_check_values {
    struct doubt_settings settings;
    struct doubt_opt_list networks, precisions, claims;
    const char *claim_device;
    int engines; /* DOUBT_CHECK_BEST or DOUBT_CHECK_ALL */
    bool as_is, plan, prepare;
    int64_t family;
};
enum { DOUBT_CHECK_BEST, DOUBT_CHECK_ALL };

/* What one row of the table measures. */
struct doubt_check_row {
    size_t claim, subject, pick;
    enum doubt_precision precision;
    char **options; /* of the engine, for this row's network; owned */
};

/* Where a claim stands. */
struct doubt_check_claim {
    bool wanted;    /* by --network and --claim */
    size_t subject; /* SIZE_MAX: it is not measured */
    size_t with;    /* the claim whose rows it is set beside as well; SIZE_MAX: none */
    char why[256];  /* it is not measured; "" when it is, or not wanted */
};

/* Kinds of a file that an engine gets for itself, as bits: weights of f16, TensorRT's operator for
 * the suppression. */
enum { DOUBT_CHECK_OWN_HALF = 1, DOUBT_CHECK_OWN_NMS = 2, DOUBT_CHECK_OWN_KINDS = 4 };

/* Everything that one invocation holds. */
struct doubt_check_run {
    struct doubt_cli *cli;
    const struct doubt_check_values *values;
    int64_t begun_ns;
    int64_t built_ns; /* on building engines that are kept, while one was chosen */
    struct doubt_claim_set set;
    struct doubt_check_claim *claims; /* one for each of the set */
    struct doubt_registry *registry;
    struct doubt_pick *picks;
    size_t pick_count;
    struct doubt_subject *subjects;
    size_t subject_count;
    /* Files that only some engines get, at subject * DOUBT_CHECK_OWN_KINDS + kind; name NULL: not
     * needed. NULL: none is. */
    struct doubt_subject *own;
    struct doubt_check_row *rows;
    size_t row_count;
    struct doubt_also *also; /* rows beside their further claims: by row, then claim */
    size_t also_count;
    struct doubt_str why_engine, not_measured, left_out;
    /* Notes that are written while it runs. */
    char not_judged[1024], said_device[1024], conditions[8192];
    struct doubt_peak peak; /* threads 0: not measured */
    struct doubt_prepare machine;
};

/* Loads the set (NULL: the one that has the first --claim, else the default), and what is wanted of
 * it. */
enum doubt_code doubt_check_load(struct doubt_check_run *check, const char *set_name,
                                 struct doubt_err *err);
/* The engines that are to choose from. */
enum doubt_code doubt_check_engines(struct doubt_check_run *check, struct doubt_err *err);
/* Opens the networks of the claims that can be tested, and says of the others why not. Without
 * files where nothing will be measured. None can be tested: subject_count is 0. */
enum doubt_code doubt_check_subjects(struct doubt_check_run *check, struct doubt_err *err);
/* Leaves only the fastest engine, unless all are wanted. */
enum doubt_code doubt_check_choose(struct doubt_check_run *check, struct doubt_err *err);
/* The model that a row measures. */
const struct doubt_subject *doubt_check_subject(const struct doubt_check_run *check,
                                                const struct doubt_check_row *row);
/* Claims x engines x precisions. */
enum doubt_code doubt_check_rows(struct doubt_check_run *check, struct doubt_err *err);
/* Lists what is set beside the rows as well; check->also is freed in every case by free. */
enum doubt_code doubt_check_also_list(struct doubt_check_run *check, struct doubt_err *err);
void doubt_check_also_free(struct doubt_check_run *check);
/* Judges a row's cell by its other claims. */
void doubt_check_also_judge(struct doubt_check_run *check, const struct doubt_series *series,
                            const struct doubt_cell *cell);
/* The exit status when those verdicts count too. */
int doubt_check_also_exit(const struct doubt_check_run *check, int status);
/* What differs, each phrase once for all rows. */
void doubt_check_add_conditions(struct doubt_check_run *check, const struct doubt_cell *cell);
/* The engine computes nothing: null, synthetic. */
bool doubt_check_computes_nothing(const struct doubt_check_run *check);

/* The rows and what cannot be tested, without measuring; an enum doubt_exit. */
int doubt_check_print_plan(struct doubt_check_run *check);

/* Measures what the CPUs here can do at most, unless no row computes anything. */
void doubt_check_peak(struct doubt_check_run *check);
/* For the runner: peaks, and what --claim-device said, into the record. */
void doubt_check_begin(void *context, struct doubt_series *series);

#endif

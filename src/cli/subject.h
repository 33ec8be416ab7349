/* subject.h: what is measured: a built-in network or the user's ONNX file, ready for an engine.
 *
 * A unit of work is one model at one set of sizes: its file, digest, counts, and the reference that
 * its outputs are checked against. The subject owns everything in it. Not for engines: pick.h.
 */
#ifndef DOUBT_CLI_SUBJECT_H
#define DOUBT_CLI_SUBJECT_H

#include "measure/series.h"
#include "model/check.h"
#include "model/net.h"
#include "util/opt.h"
#include "util/sha256.h"

struct doubt_subject {
    char *name;  /* built-in name, or the file's path as given */
    char *title; /* as printed */
    char *variant;
    char *path; /* the file */
    char sha256[DOUBT_SHA256_TEXT_BYTES];
    int64_t macs, parameters; /* DOUBT_MISSING_I64 when not counted */
    int32_t batch;
    struct doubt_tensor *sizes; /* given by the user; names are in the user's list */
    uint32_t size_count;
    struct doubt_reference reference;
    char reference_name[128]; /* "" when there is none */
    bool built_in;
};

/* with_file: writes the network's file into the cache where it is not there yet, and finds the
 * reference that ships. Without: for engines that read nothing. */
enum doubt_code doubt_subject_open_net(const struct doubt_net *net,
                                       const struct doubt_net_params *params, bool with_file,
                                       struct doubt_subject *subject, struct doubt_err *err);

/* Reads the file's graph. sizes: "NAME=1x3x224x224"; every input needs a size, from the file or
 * from here: else DOUBT_E_USAGE and the input's name. No reference yet. */
enum doubt_code doubt_subject_open_file(const char *path, const struct doubt_opt_list *sizes,
                                        struct doubt_subject *subject, struct doubt_err *err);

/* "NAME=1x3x224x224" as a name, which is cut off in place, and dims. */
enum doubt_code doubt_subject_parse_size(char *text, struct doubt_tensor *size,
                                         struct doubt_err *err);

/* Fills what belongs to the model into a cell's plan, which borrows from the subject. */
void doubt_subject_plan(const struct doubt_subject *subject, struct doubt_cell_plan *plan);

/* Frees everything in it; a zeroed subject is fine. */
void doubt_subject_close(struct doubt_subject *subject);

#endif

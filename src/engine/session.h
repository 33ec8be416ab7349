/* session.h: a safe front for one engine with one model: every call checked, first error kept.
 *
 * A unit of work is one call of the contract. Runs in worker processes only, since it loads the
 * vendor's library. Allocates the input and output buffers (64-byte aligned, touched). The timed
 * loop takes `step` and `step_argument` out once and calls nothing else of this file.
 */
#ifndef DOUBT_ENGINE_SESSION_H
#define DOUBT_ENGINE_SESSION_H

#include <doubt/engine.h>
#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>

/* Options as NAME=VALUE strings; NULL-terminated, NULL for none. An option that the engine does not
 * have is DOUBT_E_USAGE, save what is written as ?NAME=VALUE: an engine without it is not told. */
struct doubt_session_request {
    const struct doubt_engine_ops *ops;
    const char *library_path;
    const char *const *options;
    struct doubt_open_request open;
};

struct doubt_session;

enum doubt_code doubt_session_new(const struct doubt_session_request *request,
                                  struct doubt_session **session, struct doubt_err *err);
/* In this order; each may be timed apart. request's strings must outlive the session. */
enum doubt_code doubt_session_load(struct doubt_session *session, struct doubt_err *err);
enum doubt_code doubt_session_info(struct doubt_session *session, struct doubt_engine_info *info,
                                   struct doubt_err *err);
enum doubt_code doubt_session_open(struct doubt_session *session, struct doubt_err *err);
/* Allocates buffers, fills inputs by fill (called once per input), binds. An input whose size is
 * still unknown is DOUBT_E_USAGE and named. */
enum doubt_code doubt_session_bind(struct doubt_session *session,
                                   void (*fill)(const struct doubt_tensor *input),
                                   struct doubt_err *err);
enum doubt_code doubt_session_run(struct doubt_session *session, struct doubt_err *err);
/* All outputs of the last run; tensors belong to the session and live until the next run. */
enum doubt_code doubt_session_outputs(struct doubt_session *session,
                                      const struct doubt_tensor **outputs, size_t *count,
                                      struct doubt_err *err);
const struct doubt_tensor *doubt_session_inputs(const struct doubt_session *session, size_t *count);
enum doubt_code doubt_session_used(struct doubt_session *session, struct doubt_engine_used *used,
                                   struct doubt_err *err);
/* Remarks of the engine so far, lines separated by "; ". */
const char *doubt_session_notes(const struct doubt_session *session);
void doubt_session_free(struct doubt_session *session); /* close and unload; NULL allowed */

/* Ways to run and to time: the boundaries, with the two kinds of host memory apart. */
enum doubt_way {
    DOUBT_WAY_CALL,
    DOUBT_WAY_HOST,     /* pinned where the engine knows the difference */
    DOUBT_WAY_PAGEABLE, /* the boundary "host" from and to memory that the system may move */
    DOUBT_WAY_DEVICE,
    DOUBT_WAY_COUNT
};

/* What the timed loop calls: 0 or the engine's failure, whose sentence doubt_session_failure() then
 * gives. between is called before each sample, outside of it; NULL: nothing is. */
struct doubt_step {
    int (*step)(void *argument);
    void *argument;
    int (*between)(void *argument);
    void *between_argument;
};
/* Of a bound session, for the boundary asked for. */
struct doubt_step doubt_session_step(struct doubt_session *session);
enum doubt_way doubt_session_way(const struct doubt_session *session);
/* As in the record and on the command line; "?" for a number that is no boundary. */
const char *doubt_session_boundary_name(enum doubt_boundary boundary);
/* Can it be timed in that way as well, with this model on its device? Where it can: its step. */
bool doubt_session_has(const struct doubt_session *session, enum doubt_way way);
struct doubt_step doubt_session_step_of(struct doubt_session *session, enum doubt_way way);
/* What is launched back to back. */
enum doubt_train {
    DOUBT_TRAIN_RUNS,  /* run_device() */
    DOUBT_TRAIN_GRAPHS /* run_device_graph(): each run of a model without a CUDA graph as one */
};
/* Device times of count runs that are enqueued one behind the other. A model that is not served so
 * is DOUBT_E_UNSUPPORTED. */
enum doubt_code doubt_session_back_to_back(struct doubt_session *session, enum doubt_train train,
                                           uint32_t count, double *ns, struct doubt_err *err);
/* Times of layers over the runs so far, of a session opened with `profile`; *layers is heap. */
enum doubt_code doubt_session_layers(struct doubt_session *session,
                                     struct doubt_engine_layer **layers, uint32_t *count,
                                     struct doubt_err *err);
/* For the boundary "device": the device's own time of the last step in ns. */
double doubt_session_device_ns(const struct doubt_session *session);
enum doubt_code doubt_session_failure(struct doubt_session *session, struct doubt_err *err);

#endif

/* session_int.h: what session.c, session_run.c and session_serve.c share: one session.
 *
 * A unit of work is one session. Not for anyone else: session.h.
 */
#ifndef DOUBT_ENGINE_SESSION_INT_H
#define DOUBT_ENGINE_SESSION_INT_H

#include "engine/session.h"
#include "util/str.h"
#include <stdbool.h>

enum doubti_state { DOUBTI_NEW, DOUBTI_LOADED, DOUBTI_OPEN, DOUBTI_BOUND };

/* Tensors of one direction: bound is what the engine has, host what the caller sees (the same
 * memory unless the boundary "host" is copied by us). */
struct doubti_tensors {
    struct doubt_tensor *bound, *host;
    uint64_t *host_cap;
    uint32_t count;
};

struct doubt_session {
    struct doubt_session_request request;
    struct doubt_host host;
    void *self;
    enum doubti_state state;
    bool load_called, open_called;
    uint32_t serves; /* bits of DOUBT_OP_: of the table, from bind() on of the model */
    bool copies;     /* the boundary "host" by copies of our own; known from bind() on */
    struct doubti_tensors in, out;
    struct doubt_str notes;
    char failure[DOUBT_ERR_TEXT_BYTES];
    double device_ns;
};

/* Fails with the engine's own words, with the call out of order, out of memory. */
enum doubt_code doubti_session_failed(struct doubt_session *session, const char *call, int status,
                                      struct doubt_err *err);
enum doubt_code doubti_session_wrong_state(struct doubt_session *session, const char *call,
                                           struct doubt_err *err);
enum doubt_code doubti_session_no_memory(struct doubt_session *session, uint64_t bytes,
                                         struct doubt_err *err);
/* Which optional functions the table has, and whether they do for the request. */
enum doubt_code doubti_session_serve_table(const struct doubt_session_request *request,
                                           uint32_t *serves, struct doubt_err *err);
/* The same of the open model: narrows session->serves, and settles who copies. */
enum doubt_code doubti_session_serve_model(struct doubt_session *session, struct doubt_err *err);
/* host->fail. */
void doubti_session_fail(void *context, const char *format, ...);
/* Zeroed memory, aligned to a cache line; NULL when there is none. */
void *doubti_session_take(uint64_t bytes);

#endif

/* session_serve.c: which optional functions of the table serve a session, and the refusal of a
 * request for others.
 *
 * A unit of work is one session: at first its table tells, and from bind() on its model. What is
 * asked here is asked once, before anything is timed.
 */
#include "engine/session_int.h"

#include <stdio.h>
#include <string.h>

/* On the host's own processor there is nothing to copy to and from, and there are no events. */
static const uint32_t device_only =
    DOUBT_OP_RUN_HOST | DOUBT_OP_RUN_PAGEABLE | DOUBT_OP_RUN_DEVICE | DOUBT_OP_RUN_DEVICE_GRAPH;

static uint32_t table_serves(const struct doubt_engine_ops *ops)
{
    return (DOUBT_OPS_HAS(ops, run_host) ? DOUBT_OP_RUN_HOST : 0) |
           (DOUBT_OPS_HAS(ops, run_device) ? DOUBT_OP_RUN_DEVICE : 0) |
           (DOUBT_OPS_HAS(ops, layers) ? DOUBT_OP_LAYERS : 0) |
           (DOUBT_OPS_HAS(ops, flush) ? DOUBT_OP_FLUSH : 0) |
           (DOUBT_OPS_HAS(ops, run_pageable) ? DOUBT_OP_RUN_PAGEABLE : 0) |
           (DOUBT_OPS_HAS(ops, run_device_graph) ? DOUBT_OP_RUN_DEVICE_GRAPH : 0);
}

/* whose: behind the engine's name in the sentence. */
static enum doubt_code check_asked(const struct doubt_session_request *request, uint32_t serves,
                                   const char *whose, struct doubt_err *err)
{
    const struct doubt_open_request *open = &request->open;
    const struct {
        bool asked;
        uint32_t op;
        const char *lacks;
    } rows[] = {
        {open->flush != 0, DOUBT_OP_FLUSH,
         "cannot flush the caches between samples: leave --flush-cache out"},
        {open->profile != 0, DOUBT_OP_LAYERS,
         "does not tell the times of layers: leave --layers out"},
        {open->boundary == DOUBT_BOUNDARY_DEVICE, DOUBT_OP_RUN_DEVICE,
         "has no events of a device to time with: the boundaries call and host are accepted"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].asked && !(serves & rows[i].op))
            return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "engine %s%s %s", request->ops->name,
                                 whose, rows[i].lacks);
    return DOUBT_OK;
}

enum doubt_code doubti_session_serve_table(const struct doubt_session_request *request,
                                           uint32_t *serves, struct doubt_err *err)
{
    if ((unsigned)request->open.boundary >= DOUBT_BOUNDARY_COUNT)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "there is no boundary number %d",
                             (int)request->open.boundary);
    *serves = table_serves(request->ops);
    return check_asked(request, *serves, "", err);
}

enum doubt_code doubti_session_serve_model(struct doubt_session *session, struct doubt_err *err)
{
    struct doubt_engine_used used;
    char whose[DOUBT_NAME_BYTES + 64];
    enum doubt_code code = doubt_session_used(session, &used, err);
    if (code != DOUBT_OK)
        return code;
    session->serves &= ~used.lacks;
    if (strcmp(used.device, "CPU") == 0)
        session->serves &= ~device_only;
    session->copies = session->request.open.boundary == DOUBT_BOUNDARY_HOST &&
                      !(session->serves & DOUBT_OP_RUN_HOST);
    snprintf(whose, sizeof whose, ", with this model on \"%s\",", used.device);
    return check_asked(&session->request, session->serves, whose, err);
}

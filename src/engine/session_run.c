/* session_run.c: the calls of a bound session that are timed, in all ways, and its layers.
 *
 * A unit of work is one inference. What a step calls does nothing else but the engine's call and,
 * where we copy ourselves, the copies of the boundary "host".
 */
#include "engine/session_int.h"

#include <stdlib.h>
#include <string.h>

enum { LAYERS_MAX = 65536 };

/* Output i into the caller's memory. Of unknown size: grows, so that the warm-up leaves no
 * allocation for the samples. */
static int copy_out(struct doubt_session *session, uint32_t i)
{
    struct doubt_tensor *host = &session->out.host[i], t = session->out.bound[i];
    if (t.data == NULL) {
        int status = session->request.ops->output(session->self, i, &t);
        if (status != 0)
            return status;
        if (t.bytes > session->out.host_cap[i] || host->data == NULL) {
            free(host->data);
            host->data = doubti_session_take(t.bytes);
            session->out.host_cap[i] = host->data != NULL ? t.bytes : 0;
            if (host->data == NULL) {
                doubti_session_fail(session, "out of memory for output \"%s\"", host->name);
                return -1;
            }
        }
        memcpy(host->dims, t.dims, sizeof host->dims);
        host->rank = t.rank;
        host->bytes = t.bytes;
    }
    if (t.bytes > 0 && t.data != NULL)
        memcpy(host->data, t.data, (size_t)t.bytes);
    return 0;
}

static int step_copied(void *argument)
{
    struct doubt_session *session = argument;
    for (uint32_t i = 0; i < session->in.count; i++)
        memcpy(session->in.bound[i].data, session->in.host[i].data,
               (size_t)session->in.bound[i].bytes);
    int status = session->request.ops->run(session->self);
    for (uint32_t i = 0; status == 0 && i < session->out.count; i++)
        status = copy_out(session, i);
    return status;
}

static int step_device(void *argument)
{
    struct doubt_session *session = argument;
    return session->request.ops->run_device(session->self, 1, &session->device_ns);
}

static int step_flush(void *argument)
{
    struct doubt_session *session = argument;
    return session->request.ops->flush(session->self);
}

bool doubt_session_has(const struct doubt_session *session, enum doubt_way way)
{
    switch (way) {
    case DOUBT_WAY_CALL:
        return !session->copies;
    case DOUBT_WAY_HOST:
        return session->copies || (session->serves & DOUBT_OP_RUN_HOST);
    case DOUBT_WAY_PAGEABLE:
        return session->serves & DOUBT_OP_RUN_PAGEABLE;
    default:
        return session->serves & DOUBT_OP_RUN_DEVICE;
    }
}

struct doubt_step doubt_session_step_of(struct doubt_session *session, enum doubt_way way)
{
    const struct doubt_engine_ops *ops = session->request.ops;
    struct doubt_step step = {ops->run, session->self, NULL, NULL};
    session->failure[0] = '\0';
    if (way == DOUBT_WAY_DEVICE) {
        step.step = step_device;
        step.argument = session;
    } else if (way == DOUBT_WAY_HOST && session->copies) {
        step.step = step_copied;
        step.argument = session;
    } else if (way == DOUBT_WAY_HOST) {
        step.step = ops->run_host;
    } else if (way == DOUBT_WAY_PAGEABLE) {
        step.step = ops->run_pageable;
    }
    if (session->request.open.flush) {
        step.between = step_flush;
        step.between_argument = session;
    }
    return step;
}

enum doubt_way doubt_session_way(const struct doubt_session *session)
{
    static const enum doubt_way ways[DOUBT_BOUNDARY_COUNT] = {
        [DOUBT_BOUNDARY_CALL] = DOUBT_WAY_CALL,
        [DOUBT_BOUNDARY_HOST] = DOUBT_WAY_HOST,
        [DOUBT_BOUNDARY_DEVICE] = DOUBT_WAY_DEVICE};
    return ways[session->request.open.boundary];
}

const char *doubt_session_boundary_name(enum doubt_boundary boundary)
{
    static const char *const names[DOUBT_BOUNDARY_COUNT] = {[DOUBT_BOUNDARY_CALL] = "call",
                                                            [DOUBT_BOUNDARY_HOST] = "host",
                                                            [DOUBT_BOUNDARY_DEVICE] = "device"};
    return (unsigned)boundary < DOUBT_BOUNDARY_COUNT ? names[boundary] : "?";
}

struct doubt_step doubt_session_step(struct doubt_session *session)
{
    return doubt_session_step_of(session, doubt_session_way(session));
}

enum doubt_code doubt_session_back_to_back(struct doubt_session *session, enum doubt_train train,
                                           uint32_t count, double *ns, struct doubt_err *err)
{
    const struct doubt_engine_ops *ops = session->request.ops;
    const bool as_graphs = train == DOUBT_TRAIN_GRAPHS;
    const char *call = as_graphs ? "run_device_graph" : "run_device";
    const uint32_t needed = DOUBT_OP_RUN_DEVICE | (as_graphs ? DOUBT_OP_RUN_DEVICE_GRAPH : 0);
    if (session->state != DOUBTI_BOUND)
        return doubti_session_wrong_state(session, call, err);
    if ((session->serves & needed) != needed)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "engine %s cannot time this model back to back by a device's events%s",
                             ops->name, as_graphs ? ", as a CUDA graph" : "");
    session->failure[0] = '\0';
    int status = (as_graphs ? ops->run_device_graph : ops->run_device)(session->self, count, ns);
    return status == 0 ? DOUBT_OK : doubti_session_failed(session, call, status, err);
}

enum doubt_code doubt_session_layers(struct doubt_session *session,
                                     struct doubt_engine_layer **layers, uint32_t *count,
                                     struct doubt_err *err)
{
    const struct doubt_engine_ops *ops = session->request.ops;
    uint32_t room = 0;
    if (session->state != DOUBTI_BOUND || !session->request.open.profile)
        return doubti_session_wrong_state(session, "layers", err);
    session->failure[0] = '\0';
    *layers = NULL;
    int status = ops->layers(session->self, NULL, &room);
    if (status != 0)
        return doubti_session_failed(session, "layers", status, err);
    if (room > LAYERS_MAX)
        room = LAYERS_MAX;
    *layers = calloc(room > 0 ? room : 1, sizeof **layers);
    if (*layers == NULL)
        return doubti_session_no_memory(session, room * sizeof **layers, err);
    *count = room;
    status = ops->layers(session->self, *layers, count);
    *count = *count < room ? *count : room;
    for (uint32_t i = 0; i < *count; i++) {
        (*layers)[i].name[DOUBT_NAME_BYTES - 1] = '\0';
        (*layers)[i].type[DOUBT_NAME_BYTES - 1] = '\0';
    }
    if (status == 0)
        return DOUBT_OK;
    free(*layers);
    *layers = NULL;
    return doubti_session_failed(session, "layers", status, err);
}

double doubt_session_device_ns(const struct doubt_session *session)
{
    return session->device_ns;
}

enum doubt_code doubt_session_failure(struct doubt_session *session, struct doubt_err *err)
{
    return doubti_session_failed(session, "run", -1, err);
}

enum doubt_code doubt_session_run(struct doubt_session *session, struct doubt_err *err)
{
    if (session->state != DOUBTI_BOUND)
        return doubti_session_wrong_state(session, "run", err);
    struct doubt_step step = doubt_session_step(session);
    int status = step.step(step.argument);
    return status == 0 ? DOUBT_OK : doubti_session_failed(session, "run", status, err);
}

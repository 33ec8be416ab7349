/* session.c: one engine with one model, every call checked.
 *
 * A unit of work is one call of the contract. The engine's own words (host->fail) become the error;
 * what it tells of its tensors is checked before memory is taken for them. Not thread-safe, not for
 * the supervisor.
 */
#include "engine/options.h"
#include "engine/registry.h"
#include "engine/session_int.h"
#include "model/tensor.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, TENSORS_MAX = 4096, NOTES_MAX = 4096 };

static const uint64_t tensor_bytes_max = (uint64_t)1 << 40;

/* --- what the host offers -------------------------------------------------------------------- */

void doubti_session_fail(void *context, const char *format, ...)
{
    struct doubt_session *session = context;
    if (session->failure[0] != '\0')
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(session->failure, sizeof session->failure, format, args);
    va_end(args);
}

static void host_note(void *context, const char *format, ...)
{
    struct doubt_session *session = context;
    char line[DOUBT_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (strstr(doubt_str_text(&session->notes), line) == NULL)
        doubt_str_addf(&session->notes, "%s%s", session->notes.len > 0 ? "; " : "", line);
}

/* The last one given counts. */
static const char *host_option(void *context, const char *name)
{
    const struct doubt_session *session = context;
    const char *value = NULL;
    size_t len = strlen(name);
    for (const char *const *p = session->request.options; p != NULL && *p != NULL; p++) {
        const char *text = **p == '?' ? *p + 1 : *p;
        if (strncmp(text, name, len) == 0 && text[len] == '=')
            value = text + len + 1;
    }
    return value;
}

/* --- errors ---------------------------------------------------------------------------------- */

enum doubt_code doubti_session_failed(struct doubt_session *session, const char *call, int status,
                                      struct doubt_err *err)
{
    const char *name = session->request.ops->name;
    if (session->failure[0] == '\0')
        return doubt_err_set(err, DOUBT_E_ENGINE, "engine %s: %s() failed with %d and no reason",
                             name, call, status);
    return doubt_err_set(err, DOUBT_E_ENGINE, "engine %s: %s", name, session->failure);
}

enum doubt_code doubti_session_wrong_state(struct doubt_session *session, const char *call,
                                           struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_ARGUMENT, "engine %s: %s is out of order",
                         session->request.ops->name, call);
}

enum doubt_code doubti_session_no_memory(struct doubt_session *session, uint64_t bytes,
                                         struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_MEMORY, "engine %s: out of memory for a buffer of %llu bytes",
                         session->request.ops->name, (unsigned long long)bytes);
}

/* --- new ------------------------------------------------------------------------------------- */

/* Zeroed, aligned to a cache line. */
void *doubti_session_take(uint64_t bytes)
{
    uint64_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *memory = NULL;
    if (rounded < bytes || rounded > SIZE_MAX ||
        posix_memalign(&memory, ALIGNMENT, rounded > 0 ? (size_t)rounded : ALIGNMENT) != 0)
        return NULL;
    memset(memory, 0, rounded > 0 ? (size_t)rounded : ALIGNMENT);
    return memory;
}

enum doubt_code doubt_session_new(const struct doubt_session_request *request,
                                  struct doubt_session **session, struct doubt_err *err)
{
    uint32_t serves = 0;
    enum doubt_code code = doubt_engine_check(request->ops, "the engine", err);
    if (code == DOUBT_OK)
        code = doubt_options_check(request->ops, request->options, err);
    if (code == DOUBT_OK)
        code = doubti_session_serve_table(request, &serves, err);
    if (code != DOUBT_OK)
        return code;
    struct doubt_session *s = calloc(1, sizeof *s);
    void *self = doubti_session_take(request->ops->private_bytes);
    if (s == NULL || self == NULL) {
        free(s);
        free(self);
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for engine %s",
                             request->ops->name);
    }
    s->request = *request;
    s->self = self;
    s->serves = serves;
    s->host = (struct doubt_host){DOUBT_ENGINE_ABI,    sizeof s->host, s,
                                  doubti_session_fail, host_note,      host_option};
    doubt_str_init(&s->notes, NOTES_MAX);
    *session = s;
    return DOUBT_OK;
}

/* --- load, info, open ------------------------------------------------------------------------ */

enum doubt_code doubt_session_load(struct doubt_session *session, struct doubt_err *err)
{
    if (session->load_called)
        return doubti_session_wrong_state(session, "load", err);
    session->load_called = true;
    session->failure[0] = '\0';
    int status =
        session->request.ops->load(session->self, &session->host, session->request.library_path);
    if (status != 0)
        return doubti_session_failed(session, "load", status, err);
    session->state = DOUBTI_LOADED;
    return DOUBT_OK;
}

enum doubt_code doubt_session_info(struct doubt_session *session, struct doubt_engine_info *info,
                                   struct doubt_err *err)
{
    if (session->state < DOUBTI_LOADED)
        return doubti_session_wrong_state(session, "info", err);
    session->failure[0] = '\0';
    memset(info, 0, sizeof *info);
    int status = session->request.ops->info(session->self, info);
    if (status != 0)
        return doubti_session_failed(session, "info", status, err);
    if (info->device_count > DOUBT_DEVICES_MAX)
        info->device_count = DOUBT_DEVICES_MAX;
    info->version[sizeof info->version - 1] = '\0';
    info->build[sizeof info->build - 1] = '\0';
    for (uint32_t i = 0; i < info->device_count; i++) {
        info->devices[i].name[DOUBT_NAME_BYTES - 1] = '\0';
        info->devices[i].title[DOUBT_NAME_BYTES - 1] = '\0';
    }
    return DOUBT_OK;
}

enum doubt_code doubt_session_open(struct doubt_session *session, struct doubt_err *err)
{
    if (session->state != DOUBTI_LOADED || session->open_called)
        return doubti_session_wrong_state(session, "open", err);
    session->open_called = true;
    session->failure[0] = '\0';
    int status = session->request.ops->open(session->self, &session->request.open);
    if (status != 0)
        return doubti_session_failed(session, "open", status, err);
    session->state = DOUBTI_OPEN;
    return DOUBT_OK;
}

/* --- bind ------------------------------------------------------------------------------------ */

static enum doubt_code check_tensor(struct doubt_session *session, const struct doubt_tensor *t,
                                    const char *direction, struct doubt_err *err)
{
    const char *engine = session->request.ops->name;
    if (t->name == NULL)
        return doubt_err_set(err, DOUBT_E_ENGINE, "engine %s: an %s has no name", engine,
                             direction);
    if (t->rank < 0 || t->rank > DOUBT_RANK_MAX)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "engine %s: %s \"%s\" has %d dimensions, at most %d are supported",
                             engine, direction, t->name, (int)t->rank, DOUBT_RANK_MAX);
    if (doubt_dtype_bytes(t->dtype) == 0)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "engine %s: %s \"%s\" has element type %d, which is not supported",
                             engine, direction, t->name, (int)t->dtype);
    return DOUBT_OK;
}

/* Asks for the tensors of one direction: once for the number, once for the tensors. */
static enum doubt_code ask_tensors(struct doubt_session *session, bool is_input,
                                   struct doubti_tensors *tensors, struct doubt_err *err)
{
    const struct doubt_engine_ops *ops = session->request.ops;
    const char *direction = is_input ? "input" : "output";
    int (*ask)(void *, struct doubt_tensor *, uint32_t *) = is_input ? ops->inputs : ops->outputs;
    uint32_t count = 0, again;
    session->failure[0] = '\0';
    int status = ask(session->self, NULL, &count);
    if (status != 0)
        return doubti_session_failed(session, is_input ? "inputs" : "outputs", status, err);
    if (count > TENSORS_MAX)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "engine %s: %u %ss, at most %d are supported", ops->name, count,
                             direction, TENSORS_MAX);
    size_t room = count > 0 ? count : 1;
    tensors->bound = calloc(room, sizeof *tensors->bound);
    tensors->host = calloc(room, sizeof *tensors->host);
    tensors->host_cap = calloc(room, sizeof *tensors->host_cap);
    if (tensors->bound == NULL || tensors->host == NULL || tensors->host_cap == NULL)
        return doubti_session_no_memory(session, room * sizeof *tensors->bound, err);
    again = count;
    status = ask(session->self, tensors->bound, &again);
    if (status != 0)
        return doubti_session_failed(session, is_input ? "inputs" : "outputs", status, err);
    tensors->count = again < count ? again : count;
    for (uint32_t i = 0; i < tensors->count; i++) {
        tensors->bound[i].data = NULL;
        tensors->bound[i].bytes = 0;
        enum doubt_code code = check_tensor(session, &tensors->bound[i], direction, err);
        if (code != DOUBT_OK)
            return code;
    }
    return DOUBT_OK;
}

static bool size_of(const struct doubt_tensor *t, uint64_t *bytes)
{
    uint64_t elements;
    if (!doubt_dims_count(t->dims, t->rank, &elements) ||
        elements > tensor_bytes_max / doubt_dtype_bytes(t->dtype))
        return false;
    *bytes = elements * doubt_dtype_bytes(t->dtype);
    return true;
}

static enum doubt_code allocate(struct doubt_session *session, struct doubt_tensor *t,
                                uint64_t bytes, struct doubt_err *err)
{
    t->data = doubti_session_take(bytes);
    t->bytes = bytes;
    return t->data != NULL ? DOUBT_OK : doubti_session_no_memory(session, bytes, err);
}

/* The caller's side of bound tensor i: memory of its own where we copy, else the same. */
static enum doubt_code make_host_side(struct doubt_session *session, struct doubti_tensors *tensors,
                                      uint32_t i, struct doubt_err *err)
{
    tensors->host[i] = tensors->bound[i];
    if (!session->copies || tensors->bound[i].data == NULL)
        return DOUBT_OK;
    tensors->host_cap[i] = tensors->bound[i].bytes;
    return allocate(session, &tensors->host[i], tensors->bound[i].bytes, err);
}

static enum doubt_code make_inputs(struct doubt_session *session,
                                   void (*fill)(const struct doubt_tensor *input),
                                   struct doubt_err *err)
{
    for (uint32_t i = 0; i < session->in.count; i++) {
        struct doubt_tensor *t = &session->in.bound[i];
        uint64_t bytes;
        if (!size_of(t, &bytes)) {
            char dims[128];
            doubt_dims_format(t->dims, t->rank, dims, sizeof dims);
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "input \"%s\" of %s has an unknown or impossible size (%s): state "
                                 "its sizes, all of them positive numbers",
                                 t->name,
                                 session->request.open.model_path != NULL
                                     ? session->request.open.model_path
                                     : "the model",
                                 dims);
        }
        enum doubt_code code = allocate(session, t, bytes, err);
        if (code == DOUBT_OK)
            code = make_host_side(session, &session->in, i, err);
        if (code != DOUBT_OK)
            return code;
        if (fill != NULL)
            fill(&session->in.host[i]);
        if (session->copies)
            memcpy(t->data, session->in.host[i].data, (size_t)bytes);
    }
    return DOUBT_OK;
}

/* An output of unknown size stays without memory: the engine's to allocate. */
static enum doubt_code make_outputs(struct doubt_session *session, struct doubt_err *err)
{
    for (uint32_t i = 0; i < session->out.count; i++) {
        uint64_t bytes;
        enum doubt_code code = DOUBT_OK;
        if (size_of(&session->out.bound[i], &bytes))
            code = allocate(session, &session->out.bound[i], bytes, err);
        if (code == DOUBT_OK)
            code = make_host_side(session, &session->out, i, err);
        if (code != DOUBT_OK)
            return code;
    }
    return DOUBT_OK;
}

enum doubt_code doubt_session_bind(struct doubt_session *session,
                                   void (*fill)(const struct doubt_tensor *input),
                                   struct doubt_err *err)
{
    if (session->state != DOUBTI_OPEN || session->in.bound != NULL)
        return doubti_session_wrong_state(session, "bind", err);
    enum doubt_code code = doubti_session_serve_model(session, err);
    if (code == DOUBT_OK)
        code = ask_tensors(session, true, &session->in, err);
    if (code == DOUBT_OK)
        code = ask_tensors(session, false, &session->out, err);
    if (code == DOUBT_OK)
        code = make_inputs(session, fill, err);
    if (code == DOUBT_OK)
        code = make_outputs(session, err);
    if (code != DOUBT_OK)
        return code;
    session->failure[0] = '\0';
    int status = session->request.ops->bind(session->self, session->in.bound, session->in.count,
                                            session->out.bound, session->out.count);
    if (status != 0)
        return doubti_session_failed(session, "bind", status, err);
    session->state = DOUBTI_BOUND;
    return DOUBT_OK;
}

/* --- results --------------------------------------------------------------------------------- */

static enum doubt_code read_output(struct doubt_session *session, uint32_t i, struct doubt_err *err)
{
    struct doubt_tensor *host = &session->out.host[i], t = session->out.bound[i];
    int status = session->request.ops->output(session->self, i, &t);
    uint64_t bytes = 0;
    if (status != 0)
        return doubti_session_failed(session, "output", status, err);
    enum doubt_code code = check_tensor(session, &t, "output", err);
    if (code != DOUBT_OK)
        return code;
    if (!size_of(&t, &bytes) || (t.data == NULL && bytes > 0))
        return doubt_err_set(err, DOUBT_E_ENGINE,
                             "engine %s: output \"%s\" has no size or no data after a run",
                             session->request.ops->name, t.name);
    t.bytes = bytes;
    *host = t;
    return DOUBT_OK;
}

enum doubt_code doubt_session_outputs(struct doubt_session *session,
                                      const struct doubt_tensor **outputs, size_t *count,
                                      struct doubt_err *err)
{
    if (session->state != DOUBTI_BOUND)
        return doubti_session_wrong_state(session, "outputs", err);
    session->failure[0] = '\0';
    for (uint32_t i = 0; !session->copies && i < session->out.count; i++) {
        enum doubt_code code = read_output(session, i, err);
        if (code != DOUBT_OK)
            return code;
    }
    *outputs = session->out.host;
    *count = session->out.count;
    return DOUBT_OK;
}

const struct doubt_tensor *doubt_session_inputs(const struct doubt_session *session, size_t *count)
{
    *count = session->in.count;
    return session->in.host;
}

enum doubt_code doubt_session_used(struct doubt_session *session, struct doubt_engine_used *used,
                                   struct doubt_err *err)
{
    if (session->state < DOUBTI_OPEN)
        return doubti_session_wrong_state(session, "describe", err);
    session->failure[0] = '\0';
    memset(used, 0, sizeof *used);
    int status = session->request.ops->describe(session->self, used);
    if (status != 0)
        return doubti_session_failed(session, "describe", status, err);
    used->device[sizeof used->device - 1] = '\0';
    used->provider[sizeof used->provider - 1] = '\0';
    used->detail[sizeof used->detail - 1] = '\0';
    return DOUBT_OK;
}

const char *doubt_session_notes(const struct doubt_session *session)
{
    return doubt_str_text(&session->notes);
}

/* --- free ------------------------------------------------------------------------------------ */

static void free_tensors(struct doubti_tensors *tensors, bool copies)
{
    for (uint32_t i = 0; i < tensors->count; i++) {
        free(tensors->bound[i].data);
        if (copies)
            free(tensors->host[i].data);
    }
    free(tensors->bound);
    free(tensors->host);
    free(tensors->host_cap);
}

void doubt_session_free(struct doubt_session *session)
{
    if (session == NULL)
        return;
    const struct doubt_engine_ops *ops = session->request.ops;
    if (session->open_called)
        ops->close(session->self);
    if (session->load_called)
        ops->unload(session->self);
    free_tensors(&session->in, session->copies);
    free_tensors(&session->out, session->copies);
    doubt_str_free(&session->notes);
    free(session->self);
    free(session);
}

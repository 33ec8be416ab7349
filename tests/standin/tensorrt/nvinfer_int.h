/* nvinfer_int.h: what the files of the stand-in for libnvinfer share: its objects, and how a step
 * fails.
 *
 * Only for tests/standin/tensorrt.
 */
#ifndef STANDIN_NVINFER_INT_H
#define STANDIN_NVINFER_INT_H

#include "model/interp.h"
#include "model/onnx.h"
#include "standin.h"
#include "trt_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 64, PORTS = 16, TEXT = 1024, FLAG_FP16 = 1, FLAG_TF32 = 2 };

typedef void (*entry)(void);

enum kind {
    BUILDER,
    CONFIG,
    NETWORK,
    TENSOR,
    MEMORY,
    TIMING,
    RUNTIME,
    ENGINE,
    CONTEXT,
    INSPECTOR,
    KINDS
};

/* What a plan holds in front of the model's bytes. */
struct plan_head {
    char magic[8];
    int32_t version, flags, input_count, ranks[PORTS];
    int64_t dims[PORTS][TRT_DIMS_MAX];
    uint64_t model_bytes;
};

/* A public object: its own table, then the pointer to what is behind it, which is another table
 * here in the same object. */
struct object {
    const entry *public_table;
    void *behind;
    const entry *table;
    enum kind kind;
    void *logger;
    struct object *of; /* network of a tensor, engine of a context */
    unsigned char *bytes;
    size_t byte_count;
    struct plan_head head;
    struct doubt_graph *graph;
    struct doubt_interp *interp;
    struct object *tensors[PORTS];
    int index, value;
    uint32_t sources;
    size_t workspace;
    struct object *timing;
    void *addresses[PORTS];
    void *profiler;
    char text[TEXT];
};

static inline const struct trt_places *places(void)
{
    return trt_places_of(STANDIN_MAJOR);
}

static inline int is_fault(const char *step)
{
    const char *wanted = getenv("STANDIN_FAULT");
    return wanted != NULL && strcmp(wanted, step) == 0;
}

static inline void say(void *logger, int32_t severity, const char *text)
{
    void (*log)(void *, int32_t, const char *);
    entry found = (*(const entry **)logger)[places()->ILogger_log];
    memcpy(&log, &found, sizeof log);
    log(logger, severity, text);
}

/* True, after an error in the log, when this step is to fail. */
static inline int fails(void *logger, const char *step)
{
    char text[128];
    if (!is_fault(step))
        return 0;
    snprintf(text, sizeof text, "[standin.c::%s] Error Code 2: the stand-in fails at %s", step,
             step);
    say(logger, TRT_WARNING, "a warning that is not the reason");
    say(logger, TRT_ERROR, text);
    say(logger, TRT_ERROR, "a later error that is not the reason");
    return 1;
}

static inline void trap(void)
{
    fprintf(stderr, "stand-in: a method was called that the plug-in must not call\n");
    abort();
}
static inline struct object *inner(void *self)
{
    return (struct object *)(void *)((char *)self - offsetof(struct object, table));
}

static inline const struct doubt_value *port(const struct object *o, int32_t i)
{
    size_t inputs = doubt_graph_input_count(o->graph);
    return (size_t)i < inputs
               ? doubt_graph_input(o->graph, (size_t)i)
               : doubt_graph_value(o->graph, doubt_graph_output(o->graph, (size_t)i - inputs));
}

static inline int32_t port_count(const struct object *o)
{
    return (int32_t)(doubt_graph_input_count(o->graph) + doubt_graph_output_count(o->graph));
}

static inline int32_t find_port(const struct object *engine, const char *name)
{
    for (int32_t i = 0; i < port_count(engine); i++)
        if (strcmp(port(engine, i)->name, name) == 0)
            return i;
    trap();
    return -1;
}

/* --- nvinfer_run.c: the methods of contexts and inspectors --- */

void standin_set_profiler(void *self, void *profiler);
bool standin_enqueue_v2(void *self, void *const *bindings, void *stream, void *consumed);
bool standin_set_address(void *self, const char *name, void *address);
bool standin_enqueue_v3(void *self, void *stream);
bool standin_inspect_context(void *self, const void *context);
int32_t standin_layer_count(const struct object *engine);
const char *standin_layer_text(void *self, int32_t i, int32_t format);

#endif

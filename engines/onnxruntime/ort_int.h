/* ort_int.h: what the plug-in's files share: one engine with at most one open model.
 *
 * A unit of work is one inference, on a CPU or on one GPU. Not for the host.
 */
#ifndef DOUBT_ORT_INT_H
#define DOUBT_ORT_INT_H

#include "ort_api.h"
#include "ort_cuda.h"
#include "ort_events.h"
#include "ort_libraries.h"
#include "ort_log.h"
#include "ort_outline.h"
#include "ort_words.h"

#include <doubt/engine.h>

/* One input or output of the open model. On a GPU what is bound lies there, and pinned and the
 * host's buffer are the ends of copies. */
struct ort_port {
    struct doubt_tensor tensor; /* name belongs to the library's allocator */
    struct doubt_tensor host;   /* as bound by the host; data NULL: the library allocates */
    ort_value *value;           /* over the buffer that is bound; NULL: the library allocates */
    cuda_address device;        /* 0 on a CPU */
    void *pinned;               /* NULL on a CPU */
};

/* What provides the kernels. */
enum ort_kind { ORT_CPU, ORT_CUDA, ORT_TENSORRT, ORT_NAMED };

enum { ORT_NAME_BYTES = 64, ORT_PAIRS_MAX = 24 };

/* Keys and values as the library takes them, from us and from the option "provider-options". */
struct ort_pairs {
    const char *keys[ORT_PAIRS_MAX], *values[ORT_PAIRS_MAX];
    size_t count;
    char text[1024], device[16];
};

struct ort_choice {
    enum ort_kind kind;
    int device;                  /* index of the GPU; -1: none */
    char name[ORT_NAME_BYTES];   /* as given by the option "provider", or "CPU", "CUDA" */
    char listed[ORT_NAME_BYTES]; /* in the library's list, "XnnpackExecutionProvider" */
    char place[ORT_NAME_BYTES];  /* of ORT_NAMED: where it computes, "CPU" or in its words */
    char threads_text[16];
    int told_f32;             /* of ORT_NAMED: by an option of its own */
    int32_t provider_threads; /* of ORT_NAMED: as given to it; 0: it takes no number */
    int fallback;             /* nodes may run on the CPU */
    int graph;                /* replays a CUDA graph */
    int graph_asked;
    int nhwc, tf32, fuse; /* fuse: -1 when not given */
    int capability;       /* of the GPU: 90 for 9.0 */
    char gpu[96];
};

struct ort_engine {
    const struct doubt_host *host;
    const struct ort_base *base;
    void *library;
    char path[1024]; /* of the library */
    struct ort_api api;
    ort_env *env;
    ort_allocator *allocator; /* the library's own; never released */
    ort_memory *memory, *device_memory;
    ort_session *session;
    ort_run_options *run_options;
    ort_binding *binding;
    struct ort_port *ports[2]; /* inputs, outputs */
    size_t port_count[2];
    ort_value **values; /* outputs as last asked for */
    size_t value_count;
    struct ort_outline outline;
    int32_t threads;
    struct ort_cuda cuda;
    int cuda_works;
    char cuda_why[512]; /* why it does not; "" for a machine and library without any sign of it */
    struct ort_choice choice;
    struct ort_placement placement; /* of nodes, where they may run on the CPU */
    char profile[1024];             /* prefix of the profile's file; "" when none was asked for */
    struct ort_events events;
    int events_read;
};

enum { ORT_IN, ORT_OUT };

/* 0 for success; else the library's sentence becomes the reason. */
int ort_check(struct ort_engine *e, ort_status *status, const char *doing);
/* Why a call failed, from its status and, where that says too little, the log; takes the status. */
void ort_reason(struct ort_engine *e, ort_status *status, char text[ORT_WORDS_BYTES]);
/* The same for the GPU's driver; 0 or -1 in, too. */
int ort_cuda_failed(struct ort_engine *e, int result);
/* 0 or 1 as given, -1 when not given. */
int ort_read_switch(struct ort_engine *e, const char *name);
/* Frees memory that the library gave. */
void ort_give_back(struct ort_engine *e, void *memory);

#define ORT_FAIL(e, ...) ((e)->host->fail((e)->host->context, __VA_ARGS__), -1)

/* --- ort_named.c: providers by name ------------------------------------------------------------
 */

/* Is there a provider that the word means? Writes its name in the library's list, and that list. */
int ort_named_find(struct ort_engine *e, const char *word, char listed[ORT_NAME_BYTES], char *list,
                   size_t room);
/* Puts the provider into the session's options, with the number of threads and f32 where it takes
 * them. */
int ort_named_append(struct ort_engine *e, ort_options *options, enum doubt_precision precision,
                     struct ort_pairs *pairs);
/* Device, threads and detail of a model that the provider computes, in part at least. */
void ort_named_describe(struct ort_engine *e, struct doubt_engine_used *used);

/* --- ort_provider.c: which kernels, on which device ------------------------------------------- */

/* Loads the CUDA part where there is one and a GPU to serve; sets cuda_works or cuda_why. */
void ort_provider_load(struct ort_engine *e);
void ort_provider_info(struct ort_engine *e, struct doubt_engine_info *info);
/* Reads device, options and precision of a request into the choice. The outline is read. */
int ort_provider_choose(struct ort_engine *e, const struct doubt_open_request *request);
/* Opens the GPU, where one was chosen. */
int ort_provider_start(struct ort_engine *e, const struct doubt_open_request *request);
/* Puts the choice into the session's options. */
int ort_provider_append(struct ort_engine *e, ort_options *options, enum doubt_precision precision);
void ort_provider_describe(struct ort_engine *e, struct doubt_engine_used *used);
void ort_provider_stop(struct ort_engine *e);
/* Another pair; dropped where there is no room. */
void ort_pairs_add(struct ort_pairs *pairs, const char *key, const char *value);

/* --- ort_model.c: reading and compiling --------------------------------------------------------
 */

int ort_model_open(void *self, const struct doubt_open_request *request);
int ort_model_inputs(void *self, struct doubt_tensor *tensors, uint32_t *count);
int ort_model_outputs(void *self, struct doubt_tensor *tensors, uint32_t *count);
int ort_model_describe(void *self, struct doubt_engine_used *used);
void ort_model_close(void *self);
int ort_model_read_shape(struct ort_engine *e, const ort_shape *shape, struct doubt_tensor *tensor);

/* --- ort_run.c: buffers and inferences ---------------------------------------------------------
 */

int ort_run_bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                 const struct doubt_tensor *outs, uint32_t output_count);
int ort_run_call(void *self);
int ort_run_pinned(void *self);
int ort_run_pageable(void *self);
int ort_run_device(void *self, uint32_t count, double *ns);
int ort_run_flush(void *self);
int ort_run_output(void *self, uint32_t index, struct doubt_tensor *tensor);
/* What bind() took. */
void ort_run_free(struct ort_engine *e);

/* --- ort_profile.c: times of layers ------------------------------------------------------------
 */

int ort_profile_begin(struct ort_engine *e, ort_options *options,
                      const struct doubt_open_request *request);
int ort_profile_layers(void *self, struct doubt_engine_layer *layers, uint32_t *count);
void ort_profile_end(struct ort_engine *e);

#endif

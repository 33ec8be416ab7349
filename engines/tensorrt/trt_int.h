/* trt_int.h: what the files of this plug-in share.
 *
 * A unit of work is one call of the contract. The engine's state is plain data, zeroed by the host;
 * objects of the vendor's are opaque pointers, deleted through their own tables. Nothing here
 * throws, and no type of C++ crosses the plug-in's border. Not for other engines.
 */
#ifndef TRT_INT_H
#define TRT_INT_H

#include "cuda.h"
#include "trt_api.h"

#include <doubt/engine.h>
#include <pthread.h>

enum { TRT_PORTS_MAX = 64, TRT_LOG_BYTES = 400, TRT_DIGEST_BYTES = 65 };

/* The log of the library: the first error since it was last cleared. Its two forms are the vendor's
 * ILogger before and since 11; memory is enough for either. */
struct trt_log {
    pthread_mutex_t lock;
    char error[TRT_LOG_BYTES];
    void *memory[4];
};

struct trt_options {
    int graph, timing_cache, engine_cache;
    int dla;           /* core, -1: none */
    long workspace_mb; /* 0: as the device's memory allows */
    long sources;      /* bits of tactic sources, -1: as the machine's libraries allow */
};

/* One input or output. */
struct trt_port {
    struct doubt_tensor tensor; /* data: the host's buffer */
    int index;                  /* of the binding, in 8 */
    int is_input;
    cu_pointer device;
    void *pinned; /* memory of the host's that the system does not move */
};

/* A layer's time, summed by the profiler. */
struct trt_layer {
    char name[DOUBT_NAME_BYTES], type[DOUBT_NAME_BYTES];
    enum doubt_precision precision;
    double ms;
    struct trt_layer *next;
};

/* What the inspector told, summed. */
struct trt_precisions {
    double macs[DOUBT_PRECISION_COUNT]; /* of layers that tell their weights */
    int layers[DOUBT_PRECISION_COUNT];
    double weights; /* elements, of the layers that tell */
    int untold;     /* layers without a word on precision, copies left out */
    int compiled;   /* of these, parts of the network that the library's compiler took as a whole */
};

struct trt_engine {
    const struct doubt_host *host;
    /* load() */
    struct cuda cuda;
    struct cu_context *context;
    int device; /* index of the current context's */
    struct cuda_device device_info;
    char library_path[512];
    int version, major; /* 8503: 8 */
    char version_text[32], driver_text[32];
    struct trt_places places;
    void *(*create_builder)(void *logger, int version);
    void *(*create_runtime)(void *logger, int version);
    void *(*create_parser)(void *network, void *logger, int version);
    unsigned missing_sources; /* bits of tactic sources whose libraries are not here */
    struct trt_log *log;
    /* open() */
    struct trt_options options;
    struct doubt_open_request request; /* its strings live until close() */
    void *model;                       /* the ONNX file */
    size_t model_bytes;
    char model_digest[TRT_DIGEST_BYTES];
    int half_file, fast_half;
    void *runtime, *engine, *run_context;
    int64_t build_ns;
    size_t free_before; /* bytes of the device's memory before open() */
    struct trt_port ports[TRT_PORTS_MAX];
    uint32_t port_count;
    struct trt_precisions precisions;
    struct trt_layer *layers;
    /* bind() */
    void *bindings[TRT_PORTS_MAX];
    struct cu_stream *stream;
    struct cu_event **events;
    uint32_t event_count;
    struct cu_graph_exec *graph;
    uint64_t memory_bytes;
    cu_pointer flush_memory;
    size_t flush_bytes;
    /* profile */
    void *profiler_memory[4];
    uint64_t runs;
};

#define TRT_FAIL(e, ...) ((e)->host->fail((e)->host->context, __VA_ARGS__), -1)
#define TRT_NOTE(e, ...) ((e)->host->note((e)->host->context, __VA_ARGS__))

/* 0 for success; else fails with "doing: name (text)". */
int trt_check(struct trt_engine *e, cu_result result, const char *doing);

/* --- trt_log.cpp ----------------------------------------------------------------------------- */

/* The ILogger to give to the library; NULL: out of memory. */
void *trt_log_start(struct trt_engine *e);
void trt_log_clear(struct trt_engine *e);
/* The first error since, or "it gave no reason". */
const char *trt_log_reason(struct trt_engine *e);
void trt_log_end(struct trt_engine *e);
/* The IProfiler to give to the context, once per open(). */
void *trt_profiler(struct trt_engine *e);

/* --- trt_load.cpp ---------------------------------------------------------------------------- */

int trt_load(void *self, const struct doubt_host *host, const char *library_path);
int trt_info(void *self, struct doubt_engine_info *info);
void trt_unload(void *self);
/* Makes device number index the current one. */
int trt_use_device(struct trt_engine *e, int index);

/* --- trt_open.cpp ---------------------------------------------------------------------------- */

int trt_open(void *self, const struct doubt_open_request *request);
int trt_inputs(void *self, struct doubt_tensor *tensors, uint32_t *count);
int trt_outputs(void *self, struct doubt_tensor *tensors, uint32_t *count);
/* Deletes an object of the vendor's public classes; NULL allowed. */
void trt_delete(void *object);

/* --- trt_build.cpp --------------------------------------------------------------------------- */

/* Builds the network into a serialised plan, heap memory of the caller's; build_ns is set. */
int trt_build(struct trt_engine *e, void **plan, size_t *plan_bytes);

/* --- trt_cache.cpp --------------------------------------------------------------------------- */

void trt_digest(const void *data, size_t bytes, char digest[TRT_DIGEST_BYTES]);
/* The kept plan of this model, options, library, device and driver: heap memory, NULL when there is
 * none that can be used (then a note may say why). */
void *trt_cache_read_plan(struct trt_engine *e, size_t *bytes);
void trt_cache_write_plan(struct trt_engine *e, const void *plan, size_t bytes);
/* The same for times of tactics, which do not depend on the model. */
void *trt_cache_read_timing(struct trt_engine *e, size_t *bytes);
void trt_cache_write_timing(struct trt_engine *e, const void *blob, size_t bytes);

/* --- trt_inspect.cpp ------------------------------------------------------------------------- */

/* Reads every layer's description into layers and precisions. */
int trt_inspect(struct trt_engine *e);
/* Does the file hold its inputs in f16? Known from read ports on. */
int trt_half_file(const struct trt_engine *e);
/* The precision that most of the work is done in, ANY where that is not told, and a sentence of at
 * most bytes. */
enum doubt_precision trt_precision(const struct trt_engine *e, char *text, size_t bytes);

/* --- trt_run.cpp ----------------------------------------------------------------------------- */

int trt_bind(void *self, const struct doubt_tensor *inputs, uint32_t input_count,
             const struct doubt_tensor *outputs, uint32_t output_count);
int trt_run(void *self);
int trt_run_host(void *self);
int trt_run_pageable(void *self);
int trt_run_device(void *self, uint32_t count, double *ns);
int trt_run_device_graph(void *self, uint32_t count, double *ns);
int trt_output(void *self, uint32_t index, struct doubt_tensor *tensor);
int trt_layers(void *self, struct doubt_engine_layer *layers, uint32_t *count);
int trt_flush(void *self);
int trt_describe(void *self, struct doubt_engine_used *used);
void trt_close(void *self);

#endif

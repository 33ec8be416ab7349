/* engine.h: the contract between doubt and an engine plug-in. The only header a plug-in needs.
 *
 * A plug-in is a shared object "doubt-engine-NAME.so" with one exported function,
 * doubt_engine_entry(), which returns a const table of functions. A unit of its work is one
 * inference: run(). Plain C, clean as C11 and as C++17; no exception and no C++ type may cross it.
 *
 * Life of an engine, always in a worker process of its own and from one thread:
 *
 *   load -> info -> open -> io -> bind -> run ... run -> output ... -> describe -> close -> unload
 *
 * Ownership: the host owns the private data (zeroed, private_bytes long), every string and buffer
 * that it passes, and keeps buffers given to bind() alive and in place until close(). Strings in
 * tables and in doubt_tensor.name belong to the engine and live until close() (tables: for good).
 * The host never unloads the plug-in itself.
 *
 * Failure: a function returns 0, or another value after calling host->fail() with one sentence.
 * No engine prints, exits, changes signal handlers or keeps writable statics.
 *
 * Compatibility: abi must be equal. size lets a later host accept an older table: fields are only
 * ever appended, and what lies behind size counts as NULL. Structs that a plug-in fills grow in the
 * same way: the host zeroes them, and 0 is what an older plug-in leaves in a later field. A plug-in
 * must not be newer than its host.
 */
#ifndef DOUBT_ENGINE_H
#define DOUBT_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DOUBT_ENGINE_ABI 1u

enum { DOUBT_RANK_MAX = 8, DOUBT_NAME_BYTES = 128, DOUBT_TEXT_BYTES = 512 };

/* Element types, numbered as in ONNX's TensorProto.DataType. */
enum doubt_dtype {
    DOUBT_DTYPE_NONE = 0,
    DOUBT_F32 = 1,
    DOUBT_U8 = 2,
    DOUBT_I8 = 3,
    DOUBT_U16 = 4,
    DOUBT_I16 = 5,
    DOUBT_I32 = 6,
    DOUBT_I64 = 7,
    DOUBT_BOOL = 9,
    DOUBT_F16 = 10,
    DOUBT_F64 = 11,
    DOUBT_U32 = 12,
    DOUBT_U64 = 13,
    DOUBT_BF16 = 16
};

/* Arithmetic of the bulk of the work, which need not be the type of the tensors. */
enum doubt_precision {
    DOUBT_PRECISION_ANY = 0, /* in a request: the engine's own choice; in an answer: unknown */
    DOUBT_PRECISION_F32,
    DOUBT_PRECISION_TF32,
    DOUBT_PRECISION_BF16,
    DOUBT_PRECISION_F16,
    DOUBT_PRECISION_I8,
    DOUBT_PRECISION_COUNT
};

enum doubt_boundary {
    DOUBT_BOUNDARY_CALL = 0, /* wall time around run(): inputs and outputs in place */
    DOUBT_BOUNDARY_HOST,     /* input in host memory to output in host memory, copies included */
    DOUBT_BOUNDARY_DEVICE,   /* events around the work on the device */
    DOUBT_BOUNDARY_COUNT
};

/* A dense tensor in row-major order. dims are in elements; -1 is a size not known yet. */
struct doubt_tensor {
    const char *name;
    enum doubt_dtype dtype;
    int32_t rank; /* 0 (scalar) to DOUBT_RANK_MAX */
    int64_t dims[DOUBT_RANK_MAX];
    void *data;     /* NULL where there is none yet; else aligned to 64 bytes by the host */
    uint64_t bytes; /* of data */
};

/* What the host offers. context is passed back unchanged. */
struct doubt_host {
    uint32_t abi;
    uint32_t size;
    void *context;
    /* One sentence for the failure that the calling function is about to return. The first one
     * counts. */
    void (*fail)(void *context, const char *format, ...);
    /* A remark that goes into the record (a fallback, an option without effect). */
    void (*note)(void *context, const char *format, ...);
    /* The value of one of the engine's options as given by the user; NULL when not given. */
    const char *(*option)(void *context, const char *name);
};

/* How the host finds the vendor's library; see docs/ENGINES.md for the order of search. Patterns
 * are glob(7) patterns; lists end in NULL. */
struct doubt_engine_library {
    const char *variable;            /* environment variable that names the file, or NULL */
    const char *const *wheel_globs;  /* below a wheel's site folder: "onnxruntime/capi/lib*.so.*" */
    const char *const *system_globs; /* absolute patterns, or bare sonames for dlopen */
};

/* What an option accepts. The host refuses every other value before it starts a worker; what only
 * the library or the device can know is the engine's to refuse. */
enum doubt_option_kind {
    DOUBT_OPTION_TEXT = 0, /* anything: `values` says what is meant by it */
    DOUBT_OPTION_SWITCH,   /* 0 or 1 */
    DOUBT_OPTION_WORD,     /* one of `values`, which are separated by ", " */
    DOUBT_OPTION_WHOLE,    /* a whole decimal number within the limits */
    DOUBT_OPTION_NUMBER,   /* a finite number within the limits */
    DOUBT_OPTION_DURATION, /* "250us", within the limits in ns; 0 without a unit */
    DOUBT_OPTION_PAIRS     /* KEY=VALUE,KEY=VALUE; a value may have commas of its own */
};

/* Bits of doubt_engine_option.limits: a limit that is itself not accepted. */
#define DOUBT_LIMIT_ABOVE 0x1u /* more than low */
#define DOUBT_LIMIT_BELOW 0x2u /* less than high */

struct doubt_engine_option {
    const char *name;
    /* WORD: the words. TEXT: what is meant by it, for the help. Numbers: "MiB", or NULL. */
    const char *values;
    const char *fallback;
    const char *help;
    /* Only where doubt_engine_ops.option_bytes reaches so far; else 0: TEXT. */
    uint32_t kind;    /* enum doubt_option_kind */
    uint32_t limits;  /* bits of DOUBT_LIMIT_ */
    double low, high; /* -INFINITY, INFINITY: no limit */
};

struct doubt_engine_device {
    char name[DOUBT_NAME_BYTES];  /* as the option "device" takes it: "CPU", "GPU.0", "cuda:0" */
    char title[DOUBT_NAME_BYTES]; /* as the vendor calls it */
    uint32_t precisions;          /* bit (1u << enum doubt_precision) per precision that the
                                     device computes in natively */
};

enum { DOUBT_DEVICES_MAX = 16 };

struct doubt_engine_info {
    char version[DOUBT_NAME_BYTES];
    char build[DOUBT_TEXT_BYTES];
    uint32_t device_count;
    struct doubt_engine_device devices[DOUBT_DEVICES_MAX];
    uint32_t caps; /* bits of DOUBT_CAP_ that this version of the library has besides the table's */
};

struct doubt_open_request {
    const char *model_path; /* an ONNX file */
    const char *device;     /* NULL: the engine's first device */
    enum doubt_precision precision;
    int32_t threads; /* 0: the engine's own choice */
    enum doubt_boundary boundary;
    /* Sizes for inputs with unknown ones: input_count tensors whose name, rank and dims are set;
     * inputs not named here keep what the file says. */
    const struct doubt_tensor *inputs;
    uint32_t input_count;
    const char *cache_folder; /* where built engines may be kept; NULL: nowhere */
    int32_t profile;          /* not 0: layers() will be asked for, and speed does not matter */
    int32_t flush;            /* not 0: flush() will be called between samples */
};

/* The optional functions of the table as bits of doubt_engine_used.lacks. */
#define DOUBT_OP_RUN_HOST 0x1u
#define DOUBT_OP_RUN_DEVICE 0x2u
#define DOUBT_OP_LAYERS 0x4u
#define DOUBT_OP_FLUSH 0x8u
#define DOUBT_OP_RUN_PAGEABLE 0x10u
#define DOUBT_OP_RUN_DEVICE_GRAPH 0x20u

/* What was really used, read back from the engine and never copied from the request. */
struct doubt_engine_used {
    char device[DOUBT_NAME_BYTES];   /* "CPU": the host's own, where run_host, run_pageable,
                                        run_device and run_device_graph are not called */
    char provider[DOUBT_NAME_BYTES]; /* execution provider or kernel library, "" if there is one */
    enum doubt_precision precision;  /* ANY: the engine does not tell */
    int32_t threads;                 /* 0: the engine does not tell */
    int32_t streams;
    uint64_t memory_bytes;         /* on the device; 0: not known */
    char detail[DOUBT_TEXT_BYTES]; /* "FP16 in 96 % of the MACs", "" if nothing to say */
    int64_t build_ns; /* of open(): building, apart from loading; 0: nothing was built, or the
                         engine does not tell them apart */
    uint32_t lacks;   /* bits of DOUBT_OP_: functions of the table that do not serve this model on
                         this device, and are not called; the same from open() to close() */
};

/* One layer's time by the engine's own profiler. */
struct doubt_engine_layer {
    char name[DOUBT_NAME_BYTES];
    char type[DOUBT_NAME_BYTES];    /* operator or kernel, as the engine calls it */
    enum doubt_precision precision; /* ANY: the engine does not tell */
    double ns;                      /* of one inference, mean over the runs since bind() */
};

/* Bits of doubt_engine_ops.caps and doubt_engine_info.caps. */
#define DOUBT_CAP_CONCURRENT 0x1u /* one library may serve several sessions in one process */
#define DOUBT_CAP_NO_OUTPUT 0x2u  /* computes nothing (null, synthetic): outputs are not checked */
#define DOUBT_CAP_HALF_FILE 0x4u  /* computes f16 where the file holds f16, not by itself */
/* Knows TensorRT's operator EfficientNMS_TRT, and is to get it in place of NonMaxSuppression. */
#define DOUBT_CAP_NMS_PLUGIN 0x8u
/* open() may build for minutes, keeps that in cache_folder, and says in build_ns what it took. */
#define DOUBT_CAP_BUILDS 0x10u

struct doubt_engine_ops {
    uint32_t abi;  /* DOUBT_ENGINE_ABI */
    uint32_t size; /* sizeof (struct doubt_engine_ops) */
    const char *name;
    const char *summary;
    const char *install; /* the command that brings the vendor's library, or NULL */
    uint32_t caps;
    const struct doubt_engine_library *library; /* NULL: needs none */
    const struct doubt_engine_option *options;  /* ends with name NULL; NULL: none */
    size_t private_bytes;

    /* --- required ------------------------------------------------------------------------- */

    /* Loads the vendor's library. library_path is NULL for an engine without one. Keeps host. */
    int (*load)(void *self, const struct doubt_host *host, const char *library_path);
    /* Version, devices, precisions. After load(). */
    int (*info)(void *self, struct doubt_engine_info *info);
    /* Reads and compiles the model. */
    int (*open)(void *self, const struct doubt_open_request *request);
    /* Inputs, then outputs, of the open model: fills at most *count tensors (name, dtype, rank,
     * dims; data NULL) and sets *count to how many there are. Sizes may be -1 for outputs only. */
    int (*inputs)(void *self, struct doubt_tensor *tensors, uint32_t *count);
    int (*outputs)(void *self, struct doubt_tensor *tensors, uint32_t *count);
    /* Buffers for all inputs (filled) and all outputs, in the order of inputs() and outputs(). An
     * output with data NULL is the engine's to allocate (its size was not known). */
    int (*bind)(void *self, const struct doubt_tensor *inputs, uint32_t input_count,
                const struct doubt_tensor *outputs, uint32_t output_count);
    /* One inference, complete when it returns. The timed call: no allocation or output of the
     * plug-in's own. */
    int (*run)(void *self);
    /* Where the last run() left output index: dims and data are set. Valid until the next run(). */
    int (*output)(void *self, uint32_t index, struct doubt_tensor *tensor);
    int (*describe)(void *self, struct doubt_engine_used *used);
    /* Gives back what open() and bind() took; called after a failed open() too. */
    void (*close)(void *self);
    /* Gives back what load() took; called after a failed load() too, and always after close(). */
    void (*unload)(void *self);

    /* --- optional: NULL allowed; see doubt_engine_used.lacks ------------------------------- */

    /* As run(), with the copies of the boundary "host" inside, from and to memory that is pinned
     * where that makes a difference. NULL: the host copies. */
    int (*run_host)(void *self);
    /* Enqueues count runs, back to back, and gives the time of the work of each on the device by
     * events: ns has room for count values. */
    int (*run_device)(void *self, uint32_t count, double *ns);
    /* Times of the layers over the runs since bind(), of a model opened with profile set: fills at
     * most *count and sets *count to how many there are. */
    int (*layers)(void *self, struct doubt_engine_layer *layers, uint32_t *count);
    /* Between two samples, outside of both: drives the model's data out of the device's caches.
     * Complete when it returns. */
    int (*flush)(void *self);
    /* As run_host(), from and to the host's buffers themselves, which the system may move. */
    int (*run_pageable)(void *self);
    /* As run_device() with the same count (in ns too, of each run), of a model whose runs are
     * launched kernel by kernel: each run launches the same work as one captured CUDA graph, so
     * that the two differ by the host's launching alone. Called at most once, after everything else
     * was timed and checked. Nothing of the graph may stay: what is called afterwards runs and is
     * described as before. A failure costs this figure and nothing else; it fails, with a sentence,
     * where the work cannot be captured and where run() launches a graph already. */
    int (*run_device_graph)(void *self, uint32_t count, double *ns);

    /* --- data ----------------------------------------------------------------------------- */

    /* sizeof (struct doubt_engine_option), where options is set: rows grow as tables do. Behind
     * size: rows end with help. */
    size_t option_bytes;
};

/* Has this table an optional function? For the host. */
#define DOUBT_OPS_HAS(ops, function)                                                               \
    ((ops)->size >= offsetof(struct doubt_engine_ops, function) + sizeof((ops)->function) &&       \
     (ops)->function != NULL)

/* The one exported symbol of a plug-in. */
typedef const struct doubt_engine_ops *(*doubt_engine_entry_fn)(void);
#define DOUBT_ENGINE_ENTRY "doubt_engine_entry"

#if defined(__GNUC__)
#define DOUBT_ENGINE_EXPORT __attribute__((visibility("default")))
#else
#define DOUBT_ENGINE_EXPORT
#endif

DOUBT_ENGINE_EXPORT const struct doubt_engine_ops *doubt_engine_entry(void);

#ifdef __cplusplus
}
#endif
#endif

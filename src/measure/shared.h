/* shared.h: the memory that the supervisor and one worker share.
 *
 * A unit of work is one job: the supervisor writes the order and the worker writes the answer and
 * the samples. Everything is copied in with a bound, so that nothing points out of it. A worker
 * that went wrong may leave any bytes here: the supervisor reads strings and counts through the
 * functions below, which hold them to their arrays. Not for talk between two workers.
 */
#ifndef DOUBT_MEASURE_SHARED_H
#define DOUBT_MEASURE_SHARED_H

#include "engine/session.h"
#include "measure/restart.h"
#include "model/check.h"

enum doubt_shared_job {
    DOUBT_JOB_MEASURE,
    DOUBT_JOB_ASK,
    DOUBT_JOB_REFERENCE,
    DOUBT_JOB_COLD,  /* as MEASURE, from the first inference on: another tool's procedure */
    DOUBT_JOB_LAYERS /* leaves layers where the others leave samples */
};

enum doubt_phase {
    DOUBT_PHASE_LOAD,
    DOUBT_PHASE_BUILD,
    DOUBT_PHASE_BIND,
    DOUBT_PHASE_FIRST,
    DOUBT_PHASE_CHECK,
    DOUBT_PHASE_WARM,
    DOUBT_PHASE_SAMPLE,
    DOUBT_PHASE_WAYS,    /* the other boundaries, shortly */
    DOUBT_PHASE_RECHECK, /* "check" as well */
    DOUBT_PHASE_GRAPH,   /* after the answer, as UNLOAD */
    DOUBT_PHASE_UNLOAD,
    DOUBT_PHASE_DONE,
    DOUBT_PHASE_COUNT
};

/* As in the record's field "phase"; "?" for a number that is no phase. */
const char *doubt_shared_phase_name(int phase);

enum {
    DOUBT_SHARED_TEXT_BYTES = 65536,
    DOUBT_SHARED_OPTIONS_MAX = 64, /* also of variables in the environment */
    DOUBT_SHARED_INPUTS_MAX = 32,
    DOUBT_SHARED_CPUS_MAX = 1024,
    DOUBT_SHARED_SENTENCE_BYTES = 1024,
    DOUBT_SHARED_NOTES_BYTES = 4096
};

/* What a place holds that no sample was written to. */
#define DOUBT_SHARED_NO_SAMPLE INT64_MIN

/* Offset of a string in the text area; 0 stands for NULL. */
typedef uint32_t doubt_shared_text;

struct doubt_shared_order {
    enum doubt_shared_job job;
    doubt_shared_text engine, library_path, model_path, device, cache_folder;
    doubt_shared_text options[DOUBT_SHARED_OPTIONS_MAX];
    uint32_t option_count;
    doubt_shared_text environment[DOUBT_SHARED_OPTIONS_MAX]; /* for child.c: set at exec */
    uint32_t environment_count;
    struct {
        doubt_shared_text name;
        int32_t rank;
        int64_t dims[DOUBT_RANK_MAX];
    } inputs[DOUBT_SHARED_INPUTS_MAX];
    uint32_t input_count;
    enum doubt_precision precision;
    enum doubt_boundary boundary;
    int32_t threads;
    int64_t number, iterations, iterations_min, sample_ns_max, warm_ns, warm_iterations_min;
    uint64_t memory_limit_bytes;
    uint64_t cpus[DOUBT_SHARED_CPUS_MAX / 64]; /* bit per CPU; none set: any */
    struct doubt_worker_wish worker;
    bool has_reference;
    bool flush;
};

/* What was wished of the worker, read back after sampling. */
struct doubt_shared_place {
    struct doubt_cpus cpus;         /* of all its threads; none: not wished */
    int64_t priority, locked_bytes; /* DOUBT_MISSING_I64: not wished */
};

/* Times are DOUBT_MISSING_I64 until their phase has ended. */
struct doubt_shared_answer {
    enum doubt_code code; /* DOUBT_OK, or why the job failed */
    char sentence[DOUBT_SHARED_SENTENCE_BYTES];
    char notes[DOUBT_SHARED_NOTES_BYTES];
    char input[DOUBT_TEXT_BYTES];
    int64_t phase_ns[DOUBT_PHASE_COUNT];
    int64_t warm_iterations, sample_begun_ns, sample_ended_ns, peak_memory_bytes;
    double output_error;                      /* NaN: not compared */
    double way_ns[DOUBT_WAY_COUNT], train_ns; /* medians; NaN: not timed */
    double graph_ns;                          /* train_ns as a CUDA graph; comes after the answer */
    uint32_t layer_count;                     /* of DOUBT_JOB_LAYERS */
    struct doubt_shared_place place;
    int described; /* info and used hold what the engine said; a stray write may be any number */
    struct doubt_engine_info info;
    struct doubt_engine_used used;
};

struct doubt_shared {
    uint64_t magic, bytes; /* of the whole mapping */
    /* Written with __atomic stores: read by the other side while the worker runs. */
    int stop;       /* by the supervisor: end early */
    int phase;      /* by the worker: enum doubt_phase */
    int answered;   /* by the worker: `answer` is complete, save graph_ns */
    int exec_errno; /* by the child when it could not become a worker */
    uint32_t text_used;
    char text[DOUBT_SHARED_TEXT_BYTES];
    struct doubt_shared_order order;
    struct doubt_shared_answer answer;
    uint32_t reference_count; /* in the order, or in the answer to DOUBT_JOB_REFERENCE */
    struct doubt_reference_output reference[DOUBT_REFERENCE_OUTPUTS_MAX];
};

/* One process's view. */
struct doubt_shared_map {
    int fd; /* -1 when there is none */
    size_t bytes;
    struct doubt_shared *shared;
    int64_t *samples; /* order.iterations of them */
};

/* Makes one with room for iterations samples (may be 0), all fields empty. Its size is sealed. */
enum doubt_code doubt_shared_create(int64_t iterations, struct doubt_shared_map *map,
                                    struct doubt_err *err);
/* The worker's view of a descriptor that it inherited. */
enum doubt_code doubt_shared_attach(int fd, struct doubt_shared_map *map, struct doubt_err *err);
void doubt_shared_close(struct doubt_shared_map *map);

/* Writes engine, model, options, environment, sizes and reference of the cell. Too many or too
 * long: DOUBT_E_USAGE. */
enum doubt_code doubt_shared_put_cell(struct doubt_shared *shared,
                                      const struct doubt_cell_plan *cell, struct doubt_err *err);
enum doubt_code doubt_shared_put_text(struct doubt_shared *shared, const char *text,
                                      doubt_shared_text *at, struct doubt_err *err);
/* NULL for 0 and for an offset outside of the area. */
const char *doubt_shared_get_text(const struct doubt_shared *shared, doubt_shared_text at);
/* Copies a reference in; more outputs than there is room for: DOUBT_E_UNSUPPORTED. */
enum doubt_code doubt_shared_put_reference(struct doubt_shared *shared,
                                           const struct doubt_reference *reference,
                                           struct doubt_err *err);
/* A view; its outputs stay in the mapping and are not to be freed. */
struct doubt_reference doubt_shared_get_reference(struct doubt_shared *shared);

/* Copies a string that the worker left: cut at the array's end, made valid UTF-8 without control
 * characters other than newline and tab ('?' for what is not). */
void doubt_shared_clean_text(char *to, size_t to_bytes, const char *from, size_t from_bytes);

/* Samples at the front of the array. */
size_t doubt_shared_sample_count(const struct doubt_shared_map *map);

/* Where DOUBT_JOB_LAYERS leaves its answer, in place of samples, and for how many there is room. */
struct doubt_engine_layer *doubt_shared_layers(const struct doubt_shared_map *map, size_t *room);

#endif

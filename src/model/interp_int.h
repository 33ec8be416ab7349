/* interp_int.h: what the files of the interpreter share: arrays, calls, rows of operators.
 *
 * A unit of work is one call: one node with its inputs at hand and its outputs to make. Elements
 * are held in two forms only: every float type as f32, every integer type and bool as int64
 * (wrapped to the width of its type). f16, bf16 and f64 are converted where data enters and leaves.
 * Only for src/model/interp*.c.
 */
#ifndef DOUBT_MODEL_INTERP_INT_H
#define DOUBT_MODEL_INTERP_INT_H

#include "model/interp.h"

struct doubti_array {
    enum doubt_dtype dtype;
    int32_t rank;
    int64_t dims[DOUBT_RANK_MAX];
    uint64_t count;
    union {
        float *f;   /* elements of a float type */
        int64_t *i; /* of an integer type or bool */
        char *bytes;
        void *data;
    };
    bool borrowed; /* the elements belong to the graph or the caller */
};

/* Memory and work so far, with their ceilings; work is in multiply-accumulates or the like. */
struct doubti_budget {
    uint64_t bytes, bytes_max;
    uint64_t work, work_max;
};

struct doubti_op;

struct doubti_call {
    const struct doubt_node *node;
    const struct doubti_op *op;
    const struct doubti_array *in[DOUBT_NODE_INPUTS_MAX]; /* NULL: left out */
    struct doubti_array out[DOUBT_NODE_OUTPUTS_MAX];
    struct doubti_budget *budget;
    struct doubt_err *err;
};

/* One operator. run makes every output that the node names; the functions below it serve the rows
 * of element-wise operators, alpha and beta are the defaults of the attributes of that name. */
struct doubti_op {
    const char *name;
    enum doubt_code (*run)(struct doubti_call *call);
    float (*unary)(float x, float alpha, float beta);
    float (*f)(float a, float b);
    int64_t (*i)(int64_t a, int64_t b);
    float alpha, beta;
};

/* Tables that end in a row without a name. */
extern const struct doubti_op doubti_ops_math[];   /* interp_math.c */
extern const struct doubti_op doubti_ops_layer[];  /* interp_layer.c */
extern const struct doubti_op doubti_ops_each[];   /* interp_each.c */
extern const struct doubti_op doubti_ops_move[];   /* interp_move.c */
extern const struct doubti_op doubti_ops_index[];  /* interp_index.c */
extern const struct doubti_op doubti_ops_resize[]; /* interp_resize.c */
extern const struct doubti_op doubti_ops_reduce[]; /* interp_reduce.c */
extern const struct doubti_op doubti_ops_select[]; /* interp_select.c */

/* --- interp_array.c -------------------------------------------------------------------------- */

bool doubti_is_float(enum doubt_dtype dtype);
/* An integer as it is in a type of that width. */
int64_t doubti_wrap(enum doubt_dtype dtype, int64_t value);
/* A float as it is in a narrower float type. */
float doubti_round(enum doubt_dtype dtype, float value);
/* Bytes of an element as it is held here: 4 or 8. */
size_t doubti_element_bytes(const struct doubti_array *array);

/* --- interp_convert.c ------------------------------------------------------------------------ */

/* An array from elements of its own type as they lie in files and tensors; f32 and i64 that are
 * aligned are borrowed, everything else is converted into fresh memory. */
enum doubt_code doubti_import(struct doubti_budget *budget, const void *data,
                              struct doubti_array *array, struct doubt_err *err);
/* The same from a constant of the graph, recipes included. */
enum doubt_code doubti_import_const(struct doubti_budget *budget,
                                    const struct doubt_const *constant, struct doubti_array *array,
                                    struct doubt_err *err);
/* The array's elements in its own type, array->count of them. */
void doubti_export(const struct doubti_array *array, void *out);

/* --- interp_array.c, of calls ---------------------------------------------------------------- */

/* The call failed: the sentence gets the node's name and operator in front. */
enum doubt_code doubti_fail(struct doubti_call *call, enum doubt_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Counts work against the ceiling; a and b are multiplied. */
enum doubt_code doubti_work(struct doubti_call *call, uint64_t a, uint64_t b);

/* A zeroed array of that type, its dims copied. Bytes are counted against the ceiling. */
enum doubt_code doubti_array_new(struct doubti_budget *budget, const struct doubti_array *like,
                                 struct doubti_array *array, struct doubt_err *err);
void doubti_array_free(struct doubti_budget *budget, struct doubti_array *array);

/* Makes output k of the call. */
enum doubt_code doubti_make(struct doubti_call *call, int k, enum doubt_dtype dtype, int32_t rank,
                            const int64_t *dims);
/* Output k with the type and dims of another array. */
enum doubt_code doubti_make_like(struct doubti_call *call, int k, const struct doubti_array *like);

/* Output k as a copy of x's elements with other dims of the same product. */
enum doubt_code doubti_copy(struct doubti_call *call, int k, const struct doubti_array *x,
                            int32_t rank, const int64_t *dims);

/* Input k, which must be there and hold floats (integers), of at least that rank. */
enum doubt_code doubti_in_float(struct doubti_call *call, int k, int32_t rank_min,
                                const struct doubti_array **array);
enum doubt_code doubti_in_int(struct doubti_call *call, int k, const struct doubti_array **array);
enum doubt_code doubti_in_any(struct doubti_call *call, int k, const struct doubti_array **array);
/* Input k or NULL; when there it must hold floats, count of them. */
enum doubt_code doubti_in_vector(struct doubti_call *call, int k, int64_t count,
                                 const struct doubti_array **array);

struct doubti_list {
    bool given;
    int32_t count;
    int64_t v[DOUBT_ATTR_INTS_MAX];
};

/* A short list of integers from input k, else from the attribute; k < 0 for the attribute only. */
enum doubt_code doubti_list_get(struct doubti_call *call, int k, const char *attr,
                                struct doubti_list *ints);
/* axis in [-rank, rank) to [0, rank). */
enum doubt_code doubti_axis(struct doubti_call *call, int64_t axis, int32_t rank, int32_t *out);
/* All axes of the list as a bit set. */
enum doubt_code doubti_axes(struct doubti_call *call, const struct doubti_list *axes, int32_t rank,
                            uint32_t *set);

/* Product of dims [from, to). */
uint64_t doubti_span(const int64_t *dims, int32_t from, int32_t to);
/* Row-major strides in elements. */
void doubti_strides(const int64_t *dims, int32_t rank, int64_t *strides);
/* The next index in row-major order; offsets[s] follows by strides[s], for set of them. */
struct doubti_walk {
    int32_t rank, count;
    int64_t dims[DOUBT_RANK_MAX], at[DOUBT_RANK_MAX];
    int64_t strides[3][DOUBT_RANK_MAX];
    int64_t offsets[3];
};
void doubti_walk_next(struct doubti_walk *walk);
/* Widens rank and dims to what they and a broadcast to, numpy's way; false when a does not fit. */
bool doubti_broadcast(const struct doubti_array *a, int32_t *rank, int64_t *dims);
/* Strides of an array read as if it had the broadcast dims: 0 where it is repeated. */
void doubti_broadcast_strides(const struct doubti_array *a, int32_t rank, int64_t *strides);

/* --- interp_move.c --------------------------------------------------------------------------- */

/* Where along its axis an output's element comes from; negative: from fill (zero when NULL). */
struct doubti_source {
    int64_t (*at)(const void *context, int32_t axis, int64_t i);
    const void *context;
    const void *fill; /* one element as held here */
};
/* Makes output 0 with x's type and rank and these dims. */
enum doubt_code doubti_remap(struct doubti_call *call, const struct doubti_array *x,
                             const int64_t *dims, const struct doubti_source *source);

/* --- interp_window.c ------------------------------------------------------------------------- */

/* A sliding window over one or two spatial dims; one dim is held as height 1. */
struct doubti_window {
    int64_t in[2], out[2], kernel[2], stride[2], dilation[2], before[2], after[2];
};
/* From the attributes kernel_shape, strides, dilations, pads, auto_pad, ceil_mode. kernel may be
 * NULL: then kernel_shape says. */
enum doubt_code doubti_window_get(struct doubti_call *call, const struct doubti_array *x,
                                  const int64_t *kernel, struct doubti_window *window);
/* The same for ConvTranspose, where out grows. */
enum doubt_code doubti_window_transposed(struct doubti_call *call, const struct doubti_array *x,
                                         const int64_t *kernel, struct doubti_window *window);
/* dims of an output with the window's spatial sizes; as many as x has. */
void doubti_window_dims(const struct doubti_window *window, const struct doubti_array *x,
                        int64_t channels, int64_t *dims);

#endif

/* interp_reduce.c: sums, means, extremes and their places over axes.
 *
 * A unit of work is one output element: the input elements that fall on it are visited in row-major
 * order and sums are kept in double. Formulas: ONNX operator specification.
 */
#include "model/interp_int.h"
#include "util/whole.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Axes of a Reduce: input 1 or attribute; none means all, or nothing where the node says so. */
static enum doubt_code reduced_axes(struct doubti_call *call, int32_t rank, uint32_t *set)
{
    struct doubti_list axes;
    enum doubt_code code = doubti_list_get(call, 1, "axes", &axes);
    if (code == DOUBT_OK)
        code = doubti_axes(call, &axes, rank, set);
    if (code == DOUBT_OK && axes.count == 0 &&
        doubt_node_int(call->node, "noop_with_empty_axes", 0) == 0)
        *set = (1u << rank) - 1;
    return code;
}

/* Dims left of x when the axes of the set are reduced, and the strides of the output under a walk
 * over x. */
static int32_t reduced_dims(const struct doubti_array *x, uint32_t set, bool keep, int64_t *dims,
                            int64_t *strides)
{
    int64_t kept[DOUBT_RANK_MAX];
    int32_t rank = 0;
    for (int32_t d = 0; d < x->rank; d++) {
        kept[d] = set >> d & 1 ? 1 : x->dims[d];
        if (keep || !(set >> d & 1))
            dims[rank++] = kept[d];
    }
    doubti_strides(kept, x->rank, strides);
    for (int32_t d = 0; d < x->rank; d++)
        if (set >> d & 1)
            strides[d] = 0;
    return rank;
}

/* One step and the end of each reduction; `so_far` starts at `start`. */
struct reduction {
    const char *name;
    double start;
    double (*step)(double so_far, double x);
    double (*end)(double so_far, double count);
};

static double step_sum(double s, double x)
{
    return s + x;
}

static double step_abs(double s, double x)
{
    return s + fabs(x);
}

static double step_square(double s, double x)
{
    return s + x * x;
}

static double step_product(double s, double x)
{
    return s * x;
}

static double step_max(double s, double x)
{
    return x > s || isnan(x) ? x : s;
}

static double step_min(double s, double x)
{
    return x < s || isnan(x) ? x : s;
}

static double end_mean(double s, double count)
{
    return s / count;
}

static double end_root(double s, double count)
{
    (void)count;
    return sqrt(s);
}

static const struct reduction reductions[] = {
    {"ReduceSum", 0.0, step_sum, NULL},       {"ReduceMean", 0.0, step_sum, end_mean},
    {"ReduceMax", -INFINITY, step_max, NULL}, {"ReduceMin", INFINITY, step_min, NULL},
    {"ReduceProd", 1.0, step_product, NULL},  {"ReduceL1", 0.0, step_abs, NULL},
    {"ReduceL2", 0.0, step_square, end_root}, {"ReduceSumSquare", 0.0, step_square, NULL},
};

static const struct reduction *find_reduction(const char *name)
{
    const struct reduction *r = reductions;
    while (strcmp(r->name, name) != 0)
        r++; /* every row of doubti_ops_reduce that calls reduce() is in the table */
    return r;
}

static void reduce_into(const struct reduction *r, const struct doubti_array *x,
                        struct doubti_walk *walk, double *sums)
{
    bool floats = doubti_is_float(x->dtype);
    for (uint64_t n = 0; n < x->count; n++, doubti_walk_next(walk)) {
        double *sum = &sums[walk->offsets[0]];
        *sum = r->step(*sum, floats ? (double)x->f[n] : (double)x->i[n]);
    }
}

static enum doubt_code reduce(struct doubti_call *call)
{
    const struct doubti_array *x;
    uint32_t set = 0;
    int64_t dims[DOUBT_RANK_MAX];
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = reduced_axes(call, x->rank, &set);
    if (code != DOUBT_OK)
        return code;
    struct doubti_walk walk = {.rank = x->rank, .count = 1};
    memcpy(walk.dims, x->dims, sizeof walk.dims);
    bool keep = doubt_node_int(call->node, "keepdims", 1) != 0;
    int32_t rank = reduced_dims(x, set, keep, dims, walk.strides[0]);
    code = doubti_make(call, 0, x->dtype, rank, dims);
    struct doubti_array *y = &call->out[0];
    if (code != DOUBT_OK || y->count == 0)
        return code;
    double *sums = malloc(y->count * sizeof *sums);
    if (!sums)
        return doubti_fail(call, DOUBT_E_MEMORY, "no memory for its sums");
    const struct reduction *r = find_reduction(call->op->name);
    for (uint64_t n = 0; n < y->count; n++)
        sums[n] = r->start;
    reduce_into(r, x, &walk, sums);
    double count = (double)x->count / (double)y->count;
    for (uint64_t n = 0; n < y->count; n++) {
        double value = r->end ? r->end(sums[n], count) : sums[n];
        if (doubti_is_float(y->dtype))
            y->f[n] = (float)value;
        else
            y->i[n] = doubti_wrap(y->dtype, doubt_whole(value));
    }
    free(sums);
    return DOUBT_OK;
}

/* --- places of extremes ---------------------------------------------------------------------- */

static double element(const struct doubti_array *x, uint64_t n)
{
    return doubti_is_float(x->dtype) ? (double)x->f[n] : (double)x->i[n];
}

static enum doubt_code arg_extreme(struct doubti_call *call, bool max)
{
    const struct doubti_array *x;
    int32_t axis = 0;
    int64_t dims[DOUBT_RANK_MAX], strides[DOUBT_RANK_MAX];
    enum doubt_code code = doubti_in_any(call, 0, &x);
    if (code == DOUBT_OK)
        code = doubti_axis(call, doubt_node_int(call->node, "axis", 0), x->rank, &axis);
    if (code != DOUBT_OK)
        return code;
    bool keep = doubt_node_int(call->node, "keepdims", 1) != 0;
    bool last = doubt_node_int(call->node, "select_last_index", 0) != 0;
    int32_t rank = reduced_dims(x, 1u << axis, keep, dims, strides);
    code = doubti_make(call, 0, DOUBT_I64, rank, dims);
    if (code == DOUBT_OK && x->dims[axis] == 0 && call->out[0].count > 0)
        code = doubti_fail(call, DOUBT_E_FORMAT, "axis %d is empty", (int)axis);
    uint64_t inner = doubti_span(x->dims, axis + 1, x->rank);
    for (uint64_t n = 0; code == DOUBT_OK && n < call->out[0].count; n++) {
        uint64_t first = n / inner * inner * (uint64_t)x->dims[axis] + n % inner;
        int64_t best = 0;
        for (int64_t k = 1; k < x->dims[axis]; k++) {
            double a = element(x, first + (uint64_t)k * inner);
            double b = element(x, first + (uint64_t)best * inner);
            if ((max ? a > b : a < b) || (last && a == b))
                best = k;
        }
        call->out[0].i[n] = best;
    }
    return code;
}

static enum doubt_code arg_max(struct doubti_call *call)
{
    return arg_extreme(call, true);
}

static enum doubt_code arg_min(struct doubti_call *call)
{
    return arg_extreme(call, false);
}

/* clang-format off */
const struct doubti_op doubti_ops_reduce[] = {
    {"ReduceSum", .run = reduce},
    {"ReduceMean", .run = reduce},
    {"ReduceMax", .run = reduce},
    {"ReduceMin", .run = reduce},
    {"ReduceProd", .run = reduce},
    {"ReduceL1", .run = reduce},
    {"ReduceL2", .run = reduce},
    {"ReduceSumSquare", .run = reduce},
    {"ArgMax", .run = arg_max},
    {"ArgMin", .run = arg_min},
    {.name = NULL},
};
/* clang-format on */

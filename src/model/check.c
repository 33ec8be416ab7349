/* check.c: see check.h. */
#include "model/check.h"

#include "model/tensor.h"
#include "util/embed.h"
#include "util/rng.h"
#include "util/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char first_line[] = "doubt reference 1";

/* Each is several times the largest relative L2 error seen over the built-in networks, which is
 * given behind it (ONNX Runtime 1.32 and OpenVINO 2026.4 on x86-64, files in f32 and in f16). One
 * wrong pad or dilation in ResNet-50 gives 0.2 to 0.3, an unrelated answer 0.3 to 1.4. */
static const double tolerances[DOUBT_PRECISION_COUNT] = {
    [DOUBT_PRECISION_ANY] = 0.1,  /* not told: as the coarsest float type */
    [DOUBT_PRECISION_F32] = 1e-3, /* 4e-6: order of summation, fused operations, Winograd */
    [DOUBT_PRECISION_TF32] =
        0.02, /* products with the 10 bits of f16, but its range and sums of f32 */
    [DOUBT_PRECISION_BF16] = 0.1, /* 0.025: 7 bits of mantissa through up to 150 layers */
    [DOUBT_PRECISION_F16] = 0.02, /* 0.004: 10 bits of mantissa; sums may be kept in f16 as well */
    [DOUBT_PRECISION_I8] = 0.25,  /* none seen: 7 bits, one scale for many values */
};

double doubt_check_tolerance(enum doubt_precision precision)
{
    bool known = (int)precision >= 0 && precision < DOUBT_PRECISION_COUNT;
    return tolerances[known ? precision : DOUBT_PRECISION_ANY];
}

/* --- references ------------------------------------------------------------------------------ */

void doubt_reference_free(struct doubt_reference *reference)
{
    free(reference->outputs);
    *reference = (struct doubt_reference){.outputs = NULL};
}

/* Room for one output more, zeroed; NULL when there is none. */
static struct doubt_reference_output *add_output(struct doubt_reference *reference,
                                                 struct doubt_err *err)
{
    uint32_t count = reference->output_count;
    if (count == DOUBT_REFERENCE_OUTPUTS_MAX) {
        doubt_err_set(err, DOUBT_E_UNSUPPORTED, "more than %d outputs; a reference holds that many",
                      (int)DOUBT_REFERENCE_OUTPUTS_MAX);
        return NULL;
    }
    struct doubt_reference_output *more =
        realloc(reference->outputs, (count + 1) * sizeof *reference->outputs);
    if (!more) {
        doubt_err_set(err, DOUBT_E_MEMORY, "no memory for a reference");
        return NULL;
    }
    reference->outputs = more;
    reference->output_count = count + 1;
    memset(&more[count], 0, sizeof more[count]);
    return &more[count];
}

/* "[0, 3, 17]" for element n. */
static void format_place(const int64_t *dims, int32_t rank, uint64_t n, char out[128])
{
    uint64_t inner[DOUBT_RANK_MAX + 1] = {0};
    size_t used = 1;
    inner[rank] = 1;
    for (int32_t d = rank - 1; d >= 0; d--)
        inner[d] = inner[d + 1] * (dims[d] > 0 ? (uint64_t)dims[d] : 1);
    out[0] = '[';
    for (int32_t d = 0; d < rank && used < 100; d++)
        used += (size_t)snprintf(out + used, 128 - used, "%s%llu", d ? ", " : "",
                                 (unsigned long long)(n % inner[d] / inner[d + 1]));
    snprintf(out + used, 128 - used, "]");
}

/* Looks at elements first .. first + count - 1: their L2 norm, and the first that is not finite. */
struct look {
    double norm;
    bool finite;
    uint64_t bad;
};

static struct look look_at(const struct doubt_tensor *tensor, uint64_t first, uint64_t count)
{
    struct look look = {0.0, true, 0};
    double sum = 0.0;
    for (uint64_t n = first; n < first + count; n++) {
        double value = (double)doubt_element_f32(tensor->data, tensor->dtype, n);
        if (!isfinite(value)) {
            look.finite = false;
            look.bad = n;
            return look;
        }
        sum += value * value;
    }
    look.norm = sqrt(sum);
    return look;
}

/* Elements of a tensor whose data is all there; false otherwise. */
static bool count_elements(const struct doubt_tensor *tensor, uint64_t *count)
{
    size_t width = doubt_dtype_bytes(tensor->dtype);
    return width > 0 && tensor->rank >= 0 && tensor->rank <= DOUBT_RANK_MAX &&
           doubt_dims_count(tensor->dims, tensor->rank, count) && (tensor->data || *count == 0) &&
           tensor->bytes / width >= *count;
}

/* One position in each of as many equal stretches, so they ascend and differ. */
static void choose_points(struct doubt_reference_output *output, uint64_t count)
{
    struct doubt_rng rng;
    doubt_rng_split(&rng, 0, output->name);
    output->point_count =
        count < DOUBT_REFERENCE_POINTS ? (uint32_t)count : (uint32_t)DOUBT_REFERENCE_POINTS;
    for (uint32_t k = 0; k < output->point_count; k++) {
        uint64_t whole = count / output->point_count, rest = count % output->point_count;
        uint64_t begin = k * whole + (k < rest ? k : rest);
        output->positions[k] = begin + doubt_rng_below(&rng, whole + (k < rest));
    }
}

static enum doubt_code make_output(const struct doubt_tensor *tensor,
                                   struct doubt_reference_output *output, struct doubt_err *err)
{
    uint64_t count = 0;
    doubt_str_copy(output->name, sizeof output->name, tensor->name ? tensor->name : "");
    if (!count_elements(tensor, &count))
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "output \"%s\" has no data of a known type",
                             output->name);
    struct look look = look_at(tensor, 0, count);
    if (!look.finite) {
        char place[128];
        format_place(tensor->dims, tensor->rank, look.bad, place);
        return doubt_err_set(
            err, DOUBT_E_OUTPUT, "output \"%s\" is %g at %s, so it can be no reference",
            output->name, (double)doubt_element_f32(tensor->data, tensor->dtype, look.bad), place);
    }
    output->rank = tensor->rank;
    memcpy(output->dims, tensor->dims, sizeof output->dims);
    output->norm = look.norm;
    choose_points(output, count);
    for (uint32_t k = 0; k < output->point_count; k++)
        output->values[k] = doubt_element_f32(tensor->data, tensor->dtype, output->positions[k]);
    return DOUBT_OK;
}

enum doubt_code doubt_reference_make(const struct doubt_tensor *outputs, size_t output_count,
                                     struct doubt_reference *reference, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    *reference = (struct doubt_reference){.outputs = NULL};
    for (size_t k = 0; k < output_count && code == DOUBT_OK; k++) {
        struct doubt_reference_output *output = add_output(reference, err);
        code = output                                       ? make_output(&outputs[k], output, err)
               : output_count > DOUBT_REFERENCE_OUTPUTS_MAX ? DOUBT_E_UNSUPPORTED
                                                            : DOUBT_E_MEMORY;
    }
    if (code != DOUBT_OK)
        doubt_reference_free(reference);
    return code;
}

enum doubt_code doubt_reference_find(const char *network, const char *variant,
                                     struct doubt_reference *reference, struct doubt_err *err)
{
    char path[256];
    *reference = (struct doubt_reference){.outputs = NULL};
    snprintf(path, sizeof path, "data/reference/%s%s%s.txt", network, variant[0] ? "." : "",
             variant);
    const struct doubt_embedded *file = doubt_embedded_find(path);
    if (!file)
        return doubt_err_set(err, DOUBT_E_NOT_FOUND, "there is no reference for the network %s%s%s",
                             network, variant[0] ? ", variant " : "", variant);
    enum doubt_code code =
        doubt_reference_parse(file->data, (size_t)(file->end - file->data), reference, err);
    if (code != DOUBT_OK)
        doubt_err_prefix(err, "%s", path);
    return code;
}

/* --- text ------------------------------------------------------------------------------------ */

enum doubt_code doubt_reference_format(const struct doubt_reference *reference, char **text,
                                       struct doubt_err *err)
{
    struct doubt_str s;
    *text = NULL;
    doubt_str_init(&s, (size_t)1 << 22);
    doubt_str_addf(&s, "%s\n", first_line);
    for (uint32_t i = 0; i < reference->output_count; i++) {
        const struct doubt_reference_output *output = &reference->outputs[i];
        char shape[128];
        doubt_dims_format(output->dims, output->rank, shape, sizeof shape);
        if (strchr(output->name, '\n')) {
            doubt_str_free(&s);
            return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "an output's name has a line break");
        }
        doubt_str_addf(&s, "output %s %a %u %s\n", shape, output->norm, output->point_count,
                       output->name);
        for (uint32_t k = 0; k < output->point_count; k++)
            doubt_str_addf(&s, "%llu %.9g\n", (unsigned long long)output->positions[k],
                           (double)output->values[k]);
    }
    if (s.failed) {
        doubt_str_free(&s);
        return doubt_err_set(err, DOUBT_E_MEMORY, "no memory for a reference's text");
    }
    *text = s.data;
    return DOUBT_OK;
}

/* A text being read line by line. */
struct lines {
    const char *at, *end;
    unsigned long number;
    char line[512];
};

/* Lines longer than the array are cut, and then do not parse. */
static bool next_line(struct lines *lines)
{
    if (lines->at == lines->end)
        return false;
    const char *stop = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    size_t length = (size_t)((stop ? stop : lines->end) - lines->at);
    size_t kept = length < sizeof lines->line ? length : sizeof lines->line - 1;
    memcpy(lines->line, lines->at, kept);
    lines->line[kept] = '\0';
    lines->at = stop ? stop + 1 : lines->end;
    lines->number++;
    return true;
}

static enum doubt_code bad_line(const struct lines *lines, struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_FORMAT, "line %lu of the reference cannot be read: \"%.80s\"",
                         lines->number, lines->line);
}

/* "1x3x224x224" or "scalar"; the end of it, NULL when it is no shape. */
static const char *parse_shape(const char *text, struct doubt_reference_output *output)
{
    if (strncmp(text, "scalar", 6) == 0)
        return text + 6;
    for (;;) {
        char *end;
        if (*text < '0' || *text > '9' || output->rank == DOUBT_RANK_MAX)
            return NULL;
        output->dims[output->rank++] = strtoll(text, &end, 10);
        if (*end != 'x')
            return end;
        text = end + 1;
    }
}

/* "output SHAPE NORM POINTS NAME". */
static bool parse_head(const char *line, struct doubt_reference_output *output, uint64_t *count)
{
    char *end;
    if (strncmp(line, "output ", 7) != 0 || !(line = parse_shape(line + 7, output)) ||
        *line != ' ' || !doubt_dims_count(output->dims, output->rank, count))
        return false;
    output->norm = strtod(line, &end);
    if (end == line || *end != ' ' || !isfinite(output->norm) || output->norm < 0.0)
        return false;
    unsigned long points = strtoul(line = end, &end, 10);
    if (end == line || *end != ' ' || points > DOUBT_REFERENCE_POINTS || points > *count)
        return false;
    output->point_count = (uint32_t)points;
    doubt_str_copy(output->name, sizeof output->name, end + 1);
    return true;
}

/* "POSITION VALUE", positions ascending. */
static bool parse_point(const char *line, struct doubt_reference_output *output, uint32_t k,
                        uint64_t count)
{
    char *end;
    if (*line < '0' || *line > '9')
        return false;
    output->positions[k] = strtoull(line, &end, 10);
    if (*end != ' ' || output->positions[k] >= count ||
        (k > 0 && output->positions[k] <= output->positions[k - 1]))
        return false;
    output->values[k] = strtof(line = end, &end);
    return end != line && *end == '\0' && isfinite(output->values[k]);
}

static enum doubt_code parse_lines(struct lines *lines, struct doubt_reference *reference,
                                   struct doubt_err *err)
{
    if (!next_line(lines) || strcmp(lines->line, first_line) != 0)
        return doubt_err_set(err, DOUBT_E_FORMAT, "a reference begins with the line \"%s\"",
                             first_line);
    while (next_line(lines)) {
        uint64_t count = 0;
        struct doubt_reference_output *output = add_output(reference, err);
        if (!output)
            return reference->output_count == DOUBT_REFERENCE_OUTPUTS_MAX ? DOUBT_E_UNSUPPORTED
                                                                          : DOUBT_E_MEMORY;
        if (!parse_head(lines->line, output, &count))
            return bad_line(lines, err);
        for (uint32_t k = 0; k < output->point_count; k++) {
            if (!next_line(lines))
                return doubt_err_set(err, DOUBT_E_FORMAT, "the reference is cut short");
            if (!parse_point(lines->line, output, k, count))
                return bad_line(lines, err);
        }
    }
    return DOUBT_OK;
}

enum doubt_code doubt_reference_parse(const char *text, size_t size,
                                      struct doubt_reference *reference, struct doubt_err *err)
{
    struct lines lines = {.at = text, .end = text + size};
    *reference = (struct doubt_reference){.outputs = NULL};
    enum doubt_code code = parse_lines(&lines, reference, err);
    if (code != DOUBT_OK)
        doubt_reference_free(reference);
    return code;
}

/* --- the check ------------------------------------------------------------------------------- */

/* One output against its reference. */
struct comparison {
    const struct doubt_reference_output *want;
    const struct doubt_tensor *got;
    uint64_t count;   /* elements of the reference */
    uint64_t repeats; /* how many times the reference fits: images of a batch */
    double tolerance;
    struct doubt_check *out;
};

/* By name; by order when the names differ altogether. */
static const struct doubt_tensor *find_tensor(const struct doubt_reference *reference, uint32_t i,
                                              const struct doubt_tensor *outputs, size_t count)
{
    bool any = false;
    for (uint32_t r = 0; r < reference->output_count; r++)
        for (size_t k = 0; k < count; k++) {
            char name[DOUBT_NAME_BYTES];
            doubt_str_copy(name, sizeof name, outputs[k].name ? outputs[k].name : "");
            if (strcmp(name, reference->outputs[r].name) != 0)
                continue;
            any = true;
            if (r == i)
                return &outputs[k];
        }
    return !any && i < count ? &outputs[i] : NULL;
}

/* The reference's shape, or one with a single larger axis before which all are 1: then the data is
 * the reference's shape several times over. Sets repeats. */
static bool fits(struct comparison *c)
{
    const struct doubt_tensor *got = c->got;
    const int64_t *want = c->want->dims;
    bool outer = true; /* all axes so far are 1 */
    c->repeats = 1;
    if (got->rank != c->want->rank)
        return false;
    for (int32_t d = 0; d < got->rank; d++) {
        if (got->dims[d] != want[d]) {
            if (!outer || c->repeats > 1 || want[d] < 1 || got->dims[d] < want[d] ||
                got->dims[d] % want[d] != 0)
                return false;
            c->repeats = (uint64_t)(got->dims[d] / want[d]);
        }
        outer = outer && want[d] == 1;
    }
    return true;
}

static void __attribute__((format(printf, 2, 3)))
reject(struct comparison *c, const char *format, ...)
{
    if (!c->out->ok)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(c->out->text, sizeof c->out->text, format, args);
    va_end(args);
    c->out->ok = false;
}

static void note_error(struct comparison *c, double error)
{
    if (isnan(error) || error > c->out->error)
        c->out->error = error;
}

/* Relative to the norm of what is expected; absolute where that is 0. */
static double relative(double difference, double norm)
{
    return norm > 0.0 ? difference / norm : difference;
}

/* Image r: norm over all elements, then the points; the worst point is named. */
static void compare_image(struct comparison *c, uint64_t r)
{
    const struct doubt_reference_output *want = c->want;
    const struct doubt_tensor *got = c->got;
    char place[128];
    struct look look = look_at(got, r * c->count, c->count);
    if (!look.finite) {
        format_place(got->dims, got->rank, look.bad, place);
        reject(c, "output \"%.60s\" is %g at %s", want->name,
               (double)doubt_element_f32(got->data, got->dtype, look.bad), place);
        c->out->error = NAN;
        return;
    }
    double sum = 0.0, norm = 0.0, worst = -1.0;
    uint32_t at = 0;
    for (uint32_t k = 0; k < want->point_count; k++) {
        double value =
            (double)doubt_element_f32(got->data, got->dtype, r * c->count + want->positions[k]);
        double difference = fabs(value - (double)want->values[k]);
        sum += difference * difference;
        norm += (double)want->values[k] * (double)want->values[k];
        if (difference > worst) {
            worst = difference;
            at = k;
        }
    }
    double error = relative(sqrt(sum), sqrt(norm));
    double norm_error = relative(fabs(look.norm - want->norm), want->norm);
    note_error(c, error);
    note_error(c, norm_error);
    if (want->point_count > 0 && !(error <= c->tolerance)) {
        uint64_t n = r * c->count + want->positions[at];
        format_place(got->dims, got->rank, n, place);
        reject(c,
               "output \"%.60s\" is %.6g at %s, expected %.6g; relative error over all %.3g, "
               "accepted %.3g",
               want->name, (double)doubt_element_f32(got->data, got->dtype, n), place,
               (double)want->values[at], error, c->tolerance);
    } else if (!(norm_error <= c->tolerance)) {
        reject(c,
               "output \"%.60s\" has the norm %.6g, expected %.6g; relative error %.3g, accepted "
               "%.3g",
               want->name, look.norm, want->norm, norm_error, c->tolerance);
    }
}

static void compare_output(struct comparison *c)
{
    uint64_t count = 0;
    char got[128], want[128];
    if (!count_elements(c->got, &count)) {
        reject(c, "output \"%.60s\" has no data of a known type", c->want->name);
        c->out->error = NAN;
        return;
    }
    doubt_dims_format(c->got->dims, c->got->rank, got, sizeof got);
    doubt_dims_format(c->want->dims, c->want->rank, want, sizeof want);
    if (!fits(c) || !doubt_dims_count(c->want->dims, c->want->rank, &c->count)) {
        reject(c, "output \"%.60s\" has the shape %s, expected %s or a batch of it", c->want->name,
               got, want);
        c->out->error = NAN;
        return;
    }
    for (uint64_t r = 0; r < c->repeats; r++)
        compare_image(c, r);
}

void doubt_check_outputs(const struct doubt_reference *reference,
                         const struct doubt_tensor *outputs, size_t output_count,
                         enum doubt_precision precision, struct doubt_check *out)
{
    *out = (struct doubt_check){.ok = true};
    for (uint32_t i = 0; i < reference->output_count; i++) {
        struct comparison c = {.want = &reference->outputs[i], .out = out};
        c.got = find_tensor(reference, i, outputs, output_count);
        c.tolerance = doubt_check_tolerance(precision);
        if (!c.got) {
            reject(&c, "output \"%.60s\" is missing among the engine's %zu", c.want->name,
                   output_count);
            out->error = NAN;
            continue;
        }
        /* Weights and inputs of a file in f16 are rounded before any arithmetic. */
        if (c.got->dtype == DOUBT_F16 || c.got->dtype == DOUBT_BF16)
            c.tolerance = fmax(
                c.tolerance,
                tolerances[c.got->dtype == DOUBT_F16 ? DOUBT_PRECISION_F16 : DOUBT_PRECISION_BF16]);
        compare_output(&c);
    }
}

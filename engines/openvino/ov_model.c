/* ov_model.c: reads, compiles and describes a model for OpenVINO.
 *
 * A unit of work is one model. The precision asked for is pinned and read back: an engine that
 * silently computes in another one would spoil the figure. Not for running: see ov.c.
 */
#include "ov_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Order of the library's element types; NONE where we have no such type. */
static const enum doubt_dtype types[] = {
    DOUBT_DTYPE_NONE, DOUBT_BOOL,       DOUBT_BF16,       DOUBT_F16,        DOUBT_F32,
    DOUBT_F64,        DOUBT_DTYPE_NONE, DOUBT_I8,         DOUBT_I16,        DOUBT_I32,
    DOUBT_I64,        DOUBT_DTYPE_NONE, DOUBT_DTYPE_NONE, DOUBT_DTYPE_NONE, DOUBT_DTYPE_NONE,
    DOUBT_DTYPE_NONE, DOUBT_U8,         DOUBT_U16,        DOUBT_U32,        DOUBT_U64,
};

int ov_type_number(enum doubt_dtype dtype)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i] == dtype && dtype != DOUBT_DTYPE_NONE)
            return (int)i;
    return -1;
}

enum doubt_dtype ov_type_dtype(int number)
{
    return number >= 0 && (size_t)number < sizeof types / sizeof types[0] ? types[number]
                                                                          : DOUBT_DTYPE_NONE;
}

/* --- precisions ------------------------------------------------------------------------------ */

static const struct {
    enum doubt_precision precision;
    const char *hint;       /* value of INFERENCE_PRECISION_HINT */
    const char *capability; /* word in OPTIMIZATION_CAPABILITIES */
} precisions[] = {
    {DOUBT_PRECISION_F32, "f32", "FP32"},
    {DOUBT_PRECISION_BF16, "bf16", "BF16"},
    {DOUBT_PRECISION_F16, "f16", "FP16"},
};

enum { PRECISIONS = sizeof precisions / sizeof precisions[0] };

/* The row asked for; PRECISIONS for the library's own choice; -1 after a failure. */
static int precision_row(struct ov_engine *e, enum doubt_precision precision)
{
    if (precision == DOUBT_PRECISION_ANY)
        return PRECISIONS;
    for (int i = 0; i < PRECISIONS; i++)
        if (precisions[i].precision == precision)
            return i;
    return OV_FAIL(e,
                   "precision number %d cannot be asked for: f32, bf16, f16 and any are accepted "
                   "(i8 comes from a quantised file)",
                   (int)precision);
}

/* Does the device compute in it natively? The library takes any hint and may emulate. */
static int check_native(struct ov_engine *e, int row)
{
    char *text = NULL;
    if (row == PRECISIONS)
        return 0;
    if (ov_check(
            e, e->api.ov_core_get_property(e->core, e->device, "OPTIMIZATION_CAPABILITIES", &text),
            "cannot ask for the device's precisions"))
        return -1;
    int is_native = text != NULL && strstr(text, precisions[row].capability) != NULL;
    int result = is_native ? 0
                           : OV_FAIL(e, "device %s does not compute in %s natively: it has %s",
                                     e->device, precisions[row].hint, text != NULL ? text : "none");
    if (text != NULL)
        e->api.ov_free(text);
    return result;
}

static enum doubt_precision read_precision(struct ov_engine *e, char *text, size_t room)
{
    char *value = NULL;
    enum doubt_precision precision = DOUBT_PRECISION_ANY;
    text[0] = '\0';
    if (e->api.ov_compiled_model_get_property(e->compiled, "INFERENCE_PRECISION_HINT", &value) != 0)
        return precision;
    for (int i = 0; value != NULL && i < PRECISIONS; i++)
        if (strcmp(value, precisions[i].hint) == 0)
            precision = precisions[i].precision;
    snprintf(text, room, "%s", value != NULL ? value : "");
    if (value != NULL)
        e->api.ov_free(value);
    return precision;
}

static int check_precision(struct ov_engine *e, int row)
{
    char text[32];
    if (row == PRECISIONS || read_precision(e, text, sizeof text) == precisions[row].precision)
        return 0;
    return OV_FAIL(e, "%s was asked for, but the compiled model computes in %s on device %s",
                   precisions[row].hint, text[0] != '\0' ? text : "a precision it does not tell",
                   e->device);
}

/* --- properties ------------------------------------------------------------------------------ */

/* Properties as the variadic call takes them: key, value, key, value ... */
enum { PROPERTIES_MAX = 8 };

struct properties {
    const char *words[2 * PROPERTIES_MAX];
    size_t count; /* of words */
    char threads[16];
};

static void add(struct properties *p, const char *key, const char *value)
{
    p->words[p->count++] = key;
    p->words[p->count++] = value;
}

/* The host has checked the options against the table. */

static void add_switch(const struct ov_engine *e, struct properties *p, const char *option,
                       const char *key)
{
    const char *text = e->host->option(e->host->context, option);
    if (text != NULL)
        add(p, key, text[0] == '1' ? "YES" : "NO");
}

static void add_hint(const struct ov_engine *e, struct properties *p)
{
    const char *text = e->host->option(e->host->context, "hint");
    add(p, "PERFORMANCE_HINT", text != NULL && text[0] == 't' ? "THROUGHPUT" : "LATENCY");
}

static void add_streams(const struct ov_engine *e, struct properties *p)
{
    const char *text = e->host->option(e->host->context, "streams");
    add(p, "NUM_STREAMS", text != NULL ? text : "1");
}

static void collect(const struct ov_engine *e, const struct doubt_open_request *request, int row,
                    struct properties *p)
{
    add_hint(e, p);
    add_streams(e, p);
    if (row != PRECISIONS)
        add(p, "INFERENCE_PRECISION_HINT", precisions[row].hint);
    if (request->threads > 0) {
        snprintf(p->threads, sizeof p->threads, "%d", (int)request->threads);
        add(p, "INFERENCE_NUM_THREADS", p->threads);
    }
    if (request->cache_folder != NULL)
        add(p, "CACHE_DIR", request->cache_folder);
    if (request->profile)
        add(p, "PERF_COUNT", "YES");
    add_switch(e, p, "pinning", "ENABLE_CPU_PINNING");
    add_switch(e, p, "hyper-threading", "ENABLE_HYPER_THREADING");
}

static int compile(struct ov_engine *e, const struct properties *p)
{
    const char *const *w = p->words;
    /* Words beyond the count are not read. */
    return ov_check(e,
                    e->api.ov_core_compile_model(e->core, e->model, e->device, p->count,
                                                 &e->compiled, w[0], w[1], w[2], w[3], w[4], w[5],
                                                 w[6], w[7], w[8], w[9], w[10], w[11], w[12], w[13],
                                                 w[14], w[15]),
                    "cannot compile the model");
}

/* --- sizes ----------------------------------------------------------------------------------- */

static int reshape(struct ov_engine *e, const struct doubt_open_request *request)
{
    uint32_t count = request->input_count, made = 0;
    const char **names = calloc(count, sizeof *names);
    struct ov_partial_shape *shapes = calloc(count, sizeof *shapes);
    int result = names != NULL && shapes != NULL ? 0 : OV_FAIL(e, "out of memory for sizes");
    for (; result == 0 && made < count; made++) {
        names[made] = request->inputs[made].name;
        result =
            ov_check(e,
                     e->api.ov_partial_shape_create_static(
                         request->inputs[made].rank, request->inputs[made].dims, &shapes[made]),
                     "cannot describe a size");
    }
    if (result == 0)
        result = ov_check(e, e->api.ov_model_reshape(e->model, names, shapes, count),
                          "the model does not take the sizes given");
    for (uint32_t i = 0; shapes != NULL && i < made; i++)
        e->api.ov_partial_shape_free(&shapes[i]);
    free(shapes);
    free(names);
    return result;
}

/* --- open ------------------------------------------------------------------------------------ */

static int choose_device(struct ov_engine *e, const char *asked)
{
    struct ov_devices devices = {0};
    if (ov_check(e, e->api.ov_core_get_available_devices(e->core, &devices), "no list of devices"))
        return -1;
    const char *found = NULL;
    char all[256] = "";
    for (size_t i = 0; i < devices.count; i++) {
        if (asked == NULL ? i == 0 : strcmp(devices.names[i], asked) == 0)
            found = devices.names[i];
        size_t len = strlen(all);
        snprintf(all + len, sizeof all - len, "%s%s", i > 0 ? ", " : "", devices.names[i]);
    }
    int result = 0;
    if (found != NULL)
        snprintf(e->device, sizeof e->device, "%s", found);
    else
        result = OV_FAIL(e, "there is no device \"%s\"; here are: %s", asked != NULL ? asked : "",
                         all[0] != '\0' ? all : "none");
    e->api.ov_available_devices_free(&devices);
    return result;
}

/* A dimension is known when its limits agree. */
static int read_dims(struct ov_engine *e, const ov_port *port, int direction,
                     struct doubt_tensor *tensor)
{
    struct ov_partial_shape shape = {0};
    if (ov_check(e, e->api.ov_port_get_partial_shape(port, &shape), "no shape of a tensor"))
        return -1;
    int result = 0;
    if (shape.rank.min != shape.rank.max) {
        /* An unknown rank: one unknown size stands for it. */
        tensor->rank = 1;
        tensor->dims[0] = -1;
        if (direction == IN)
            result = OV_FAIL(e, "input \"%s\" has an unknown number of dimensions: state its sizes",
                             tensor->name);
    } else if (shape.rank.max > DOUBT_RANK_MAX) {
        result = OV_FAIL(e, "\"%s\" has %lld dimensions, at most %d are supported", tensor->name,
                         (long long)shape.rank.max, DOUBT_RANK_MAX);
    } else {
        tensor->rank = (int32_t)shape.rank.max;
        for (int32_t d = 0; d < tensor->rank; d++)
            tensor->dims[d] = shape.dims[d].min == shape.dims[d].max ? shape.dims[d].max : -1;
    }
    e->api.ov_partial_shape_free(&shape);
    return result;
}

static int read_slot(struct ov_engine *e, int direction, size_t i)
{
    struct doubt_tensor *tensor = &e->slots[direction][i].tensor;
    ov_port *port = NULL;
    char *name = NULL;
    int type = 0;
    if (ov_check(e,
                 (direction == IN
                      ? e->api.ov_compiled_model_input_by_index
                      : e->api.ov_compiled_model_output_by_index)(e->compiled, i, &port),
                 "no tensor of the model"))
        return -1;
    int result = ov_check(e, e->api.ov_port_get_any_name(port, &name), "no name of a tensor");
    tensor->name = name;
    if (result == 0)
        result = ov_check(e, e->api.ov_port_get_element_type(port, &type), "no type of a tensor");
    tensor->dtype = ov_type_dtype(type);
    if (result == 0)
        result = read_dims(e, port, direction, tensor);
    e->api.ov_output_const_port_free(port);
    return result;
}

static int read_slots(struct ov_engine *e, int direction)
{
    size_t count = 0;
    if (ov_check(e,
                 (direction == IN ? e->api.ov_compiled_model_inputs_size
                                  : e->api.ov_compiled_model_outputs_size)(e->compiled, &count),
                 "no number of tensors"))
        return -1;
    e->slots[direction] = calloc(count > 0 ? count : 1, sizeof *e->slots[direction]);
    if (e->slots[direction] == NULL)
        return OV_FAIL(e, "out of memory for %zu tensors", count);
    e->slot_count[direction] = count;
    for (size_t i = 0; i < count; i++)
        if (read_slot(e, direction, i) != 0)
            return -1;
    return 0;
}

int ov_open(void *self, const struct doubt_open_request *request)
{
    struct ov_engine *e = self;
    struct properties properties = {.count = 0};
    if (request->model_path == NULL)
        return OV_FAIL(e, "no model was given: an ONNX file is needed");
    int row = precision_row(e, request->precision);
    if (row < 0 || choose_device(e, request->device) != 0 || check_native(e, row) != 0)
        return -1;
    collect(e, request, row, &properties);
    if (ov_check(e, e->api.ov_core_read_model(e->core, request->model_path, NULL, &e->model),
                 "cannot read the model"))
        return -1;
    if (request->input_count > 0 && reshape(e, request) != 0)
        return -1;
    if (compile(e, &properties) != 0 || check_precision(e, row) != 0)
        return -1;
    return read_slots(e, IN) != 0 || read_slots(e, OUT) != 0 ? -1 : 0;
}

/* --- describe and close ---------------------------------------------------------------------- */

/* A property of the compiled model as text; "" when it has none. */
static void read_text(struct ov_engine *e, const char *key, char *text, size_t room)
{
    char *value = NULL;
    text[0] = '\0';
    if (e->api.ov_compiled_model_get_property(e->compiled, key, &value) == 0 && value != NULL)
        snprintf(text, room, "%s", value);
    if (value != NULL)
        e->api.ov_free(value);
}

int ov_describe(void *self, struct doubt_engine_used *used)
{
    struct ov_engine *e = self;
    char text[DOUBT_NAME_BYTES], hint[32];
    read_text(e, "EXECUTION_DEVICES", used->device, sizeof used->device);
    if (used->device[0] == '\0')
        snprintf(used->device, sizeof used->device, "%s", e->device);
    used->precision = read_precision(e, hint, sizeof hint);
    if (used->precision == DOUBT_PRECISION_ANY)
        snprintf(used->detail, sizeof used->detail, "precision hint \"%s\"", hint);
    read_text(e, "INFERENCE_NUM_THREADS", text, sizeof text);
    used->threads = atoi(text);
    read_text(e, "NUM_STREAMS", text, sizeof text);
    used->streams = atoi(text);
    return 0;
}

static void free_slots(struct ov_engine *e, int direction)
{
    for (size_t i = 0; i < e->slot_count[direction]; i++) {
        if (e->slots[direction][i].value != NULL)
            e->api.ov_tensor_free(e->slots[direction][i].value);
        if (e->slots[direction][i].tensor.name != NULL)
            e->api.ov_free(e->slots[direction][i].tensor.name);
    }
    free(e->slots[direction]);
    e->slots[direction] = NULL;
    e->slot_count[direction] = 0;
}

void ov_close(void *self)
{
    struct ov_engine *e = self;
    free_slots(e, IN);
    free_slots(e, OUT);
    if (e->request != NULL)
        e->api.ov_infer_request_free(e->request);
    if (e->compiled != NULL)
        e->api.ov_compiled_model_free(e->compiled);
    if (e->model != NULL)
        e->api.ov_model_free(e->model);
    e->request = NULL;
    e->compiled = NULL;
    e->model = NULL;
}

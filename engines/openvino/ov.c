/* ov.c: OpenVINO as an engine, through its C interface.
 *
 * A unit of work is one synchronous inference of one request whose tensors lie over the host's
 * buffers. Nothing of the vendor's is needed to build it (ov_int.h). The library is loaded by its
 * full path: its plug-ins and front ends are found beside it, so its folder must stay whole. Not
 * for throughput with several requests in flight.
 */
#include "ov_int.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ov_check(struct ov_engine *e, int status, const char *doing)
{
    if (status == 0)
        return 0;
    const char *last = e->api.ov_get_last_err_msg();
    const char *why = last != NULL && last[0] != '\0' ? last : e->api.ov_get_error_info(status);
    e->host->fail(e->host->context, "%s: %s", doing, why != NULL ? why : "no reason given");
    if (last != NULL)
        e->api.ov_free(last);
    return -1;
}

/* The library's TBB opens a library with RTLD_DEEPBIND, which ends a program that is built with
 * AddressSanitizer, unless told so. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

/* --- load and info --------------------------------------------------------------------------- */

static int load(void *self, const struct doubt_host *host, const char *library_path)
{
    struct ov_engine *e = self;
    e->host = host;
#if defined(SANITIZED)
    setenv("TBB_ENABLE_SANITIZERS", "1", 0);
#endif
    if (library_path == NULL)
        return OV_FAIL(e, "no path of libopenvino_c.so was given");
    e->library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (e->library == NULL)
        return OV_FAIL(e, "cannot load %s: %s", library_path, dlerror());
    void *symbol;
#define OV_TAKE(result, name, arguments)                                                           \
    symbol = dlsym(e->library, #name);                                                             \
    if (symbol == NULL)                                                                            \
        return OV_FAIL(e, "%s has no " #name "(): OpenVINO 2024.0 or later is needed",             \
                       library_path);                                                              \
    memcpy(&e->api.name, &symbol, sizeof symbol);
    OV_CALLS(OV_TAKE)
#undef OV_TAKE
    return ov_check(e, e->api.ov_core_create(&e->core), "cannot start OpenVINO");
}

/* "FP32 INT8 BF16 BIN": what the device computes natively. */
static uint32_t precisions_of(const char *capabilities)
{
    static const struct {
        const char *word;
        enum doubt_precision precision;
    } rows[] = {{"FP32", DOUBT_PRECISION_F32},
                {"BF16", DOUBT_PRECISION_BF16},
                {"FP16", DOUBT_PRECISION_F16},
                {"INT8", DOUBT_PRECISION_I8}};
    uint32_t bits = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strstr(capabilities, rows[i].word) != NULL)
            bits |= 1u << rows[i].precision;
    return bits;
}

static void describe_device(struct ov_engine *e, const char *name,
                            struct doubt_engine_device *device)
{
    char *text = NULL;
    snprintf(device->name, sizeof device->name, "%s", name);
    if (e->api.ov_core_get_property(e->core, name, "FULL_DEVICE_NAME", &text) == 0 && text != NULL)
        snprintf(device->title, sizeof device->title, "%s", text);
    if (text != NULL)
        e->api.ov_free(text);
    text = NULL;
    if (e->api.ov_core_get_property(e->core, name, "OPTIMIZATION_CAPABILITIES", &text) == 0 &&
        text != NULL)
        device->precisions = precisions_of(text);
    if (text != NULL)
        e->api.ov_free(text);
}

static int info(void *self, struct doubt_engine_info *info)
{
    struct ov_engine *e = self;
    struct ov_version version = {0};
    struct ov_devices devices = {0};
    if (ov_check(e, e->api.ov_get_openvino_version(&version), "no version") != 0)
        return -1;
    /* "2026.4.1-21954-...": the release, then the whole. */
    snprintf(info->version, sizeof info->version, "%.*s", (int)strcspn(version.build, "-"),
             version.build);
    snprintf(info->build, sizeof info->build, "%s %s", version.description, version.build);
    e->api.ov_version_free(&version);
    if (ov_check(e, e->api.ov_core_get_available_devices(e->core, &devices), "no list of devices"))
        return -1;
    for (size_t i = 0; i < devices.count && info->device_count < DOUBT_DEVICES_MAX; i++)
        describe_device(e, devices.names[i], &info->devices[info->device_count++]);
    e->api.ov_available_devices_free(&devices);
    return 0;
}

/* --- bind and run ---------------------------------------------------------------------------- */

static int list(struct ov_engine *e, int direction, struct doubt_tensor *tensors, uint32_t *count)
{
    for (uint32_t i = 0; i < *count && i < e->slot_count[direction]; i++)
        tensors[i] = e->slots[direction][i].tensor;
    *count = (uint32_t)e->slot_count[direction];
    return 0;
}

static int inputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    return list(self, IN, tensors, count);
}

static int outputs(void *self, struct doubt_tensor *tensors, uint32_t *count)
{
    return list(self, OUT, tensors, count);
}

static int bind_one(struct ov_engine *e, int direction, size_t i, const struct doubt_tensor *tensor)
{
    struct ov_slot *slot = &e->slots[direction][i];
    int64_t dims[DOUBT_RANK_MAX];
    memcpy(dims, tensor->dims, sizeof dims);
    struct ov_shape shape = {tensor->rank, dims};
    slot->tensor.data = tensor->data;
    slot->tensor.bytes = tensor->bytes;
    if (tensor->data == NULL)
        return 0;
    if (ov_check(e,
                 e->api.ov_tensor_create_from_host_ptr(ov_type_number(tensor->dtype), shape,
                                                       tensor->data, &slot->value),
                 "cannot use a buffer") != 0)
        return -1;
    return ov_check(e,
                    (direction == IN ? e->api.ov_infer_request_set_input_tensor_by_index
                                     : e->api.ov_infer_request_set_output_tensor_by_index)(
                        e->request, i, slot->value),
                    "cannot bind a buffer");
}

static int bind(void *self, const struct doubt_tensor *ins, uint32_t input_count,
                const struct doubt_tensor *outs, uint32_t output_count)
{
    struct ov_engine *e = self;
    if (input_count != e->slot_count[IN] || output_count != e->slot_count[OUT])
        return OV_FAIL(e, "%u inputs and %u outputs were bound, the model has %zu and %zu",
                       input_count, output_count, e->slot_count[IN], e->slot_count[OUT]);
    if (ov_check(e, e->api.ov_compiled_model_create_infer_request(e->compiled, &e->request),
                 "no request"))
        return -1;
    for (uint32_t i = 0; i < input_count; i++)
        if (bind_one(e, IN, i, &ins[i]) != 0)
            return -1;
    for (uint32_t i = 0; i < output_count; i++)
        if (bind_one(e, OUT, i, &outs[i]) != 0)
            return -1;
    return 0;
}

static int run(void *self)
{
    struct ov_engine *e = self;
    int status = e->api.ov_infer_request_infer(e->request);
    return status == 0 ? 0 : ov_check(e, status, "the inference failed");
}

/* An output that the library allocated: its tensor is held until it is asked for again. */
static int read_value(struct ov_engine *e, uint32_t index, struct doubt_tensor *tensor)
{
    struct ov_slot *slot = &e->slots[OUT][index];
    struct ov_shape shape = {0};
    size_t bytes = 0;
    if (slot->value != NULL)
        e->api.ov_tensor_free(slot->value);
    slot->value = NULL;
    if (ov_check(
            e, e->api.ov_infer_request_get_output_tensor_by_index(e->request, index, &slot->value),
            "no output") ||
        ov_check(e, e->api.ov_tensor_get_shape(slot->value, &shape), "no shape of an output"))
        return -1;
    int result = shape.rank <= DOUBT_RANK_MAX
                     ? 0
                     : OV_FAIL(e, "output \"%s\" has %lld dimensions, at most %d are supported",
                               tensor->name, (long long)shape.rank, DOUBT_RANK_MAX);
    tensor->rank = (int32_t)shape.rank;
    for (int64_t d = 0; result == 0 && d < shape.rank; d++)
        tensor->dims[d] = shape.dims[d];
    e->api.ov_shape_free(&shape);
    if (result != 0 ||
        ov_check(e, e->api.ov_tensor_get_byte_size(slot->value, &bytes), "no size of an output") ||
        ov_check(e, e->api.ov_tensor_data(slot->value, &tensor->data), "no data of an output"))
        return -1;
    tensor->bytes = bytes;
    return 0;
}

static int output(void *self, uint32_t index, struct doubt_tensor *tensor)
{
    struct ov_engine *e = self;
    if (index >= e->slot_count[OUT])
        return OV_FAIL(e, "there is no output %u", index);
    *tensor = e->slots[OUT][index].tensor;
    return tensor->data != NULL ? 0 : read_value(e, index, tensor);
}

static void unload(void *self)
{
    struct ov_engine *e = self;
    if (e->core != NULL)
        e->api.ov_core_free(e->core);
    e->core = NULL;
}

/* --- the table ------------------------------------------------------------------------------- */

static const char *const wheel_globs[] = {"openvino/libs/libopenvino_c.so*", NULL};
static const char *const system_globs[] = {"/opt/intel/openvino*/runtime/lib/*/libopenvino_c.so*",
                                           "libopenvino_c.so*", NULL};
static const struct doubt_engine_library library = {"DOUBT_OPENVINO", wheel_globs, system_globs};

static const struct doubt_engine_option options[] = {
    {"hint", "latency, throughput", "latency", "PERFORMANCE_HINT", DOUBT_OPTION_WORD, 0, 0, 0},
    {"streams", NULL, "1", "NUM_STREAMS", DOUBT_OPTION_WHOLE, 0, 1, 1024},
    {"pinning", NULL, "the library's own", "ENABLE_CPU_PINNING: threads stay on their CPUs",
     DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"hyper-threading", NULL, "the library's own", "ENABLE_HYPER_THREADING", DOUBT_OPTION_SWITCH, 0,
     0, 0},
    {0},
};

static const struct doubt_engine_ops ops = {
    .abi = DOUBT_ENGINE_ABI,
    .size = sizeof(struct doubt_engine_ops),
    .name = "openvino",
    .summary = "OpenVINO on the CPU or an Intel GPU or NPU",
    .install = "script/engines, or pip install openvino",
    .caps = DOUBT_CAP_CONCURRENT,
    .library = &library,
    .options = options,
    .option_bytes = sizeof(struct doubt_engine_option),
    .private_bytes = sizeof(struct ov_engine),
    .load = load,
    .info = info,
    .open = ov_open,
    .inputs = inputs,
    .outputs = outputs,
    .bind = bind,
    .run = run,
    .output = output,
    .describe = ov_describe,
    .close = ov_close,
    .unload = unload,
    .layers = ov_layers,
};

const struct doubt_engine_ops *doubt_engine_entry(void)
{
    return &ops;
}

/* ort_provider.c: which kernels compute, on which device: CPU, CUDA, TensorRT, or one by name.
 *
 * A unit of work is one choice, made from a request and the options. What is not told by the
 * library is made certain instead: nodes that would silently run on the CPU make the opening fail,
 * and TF32 is off where f32 was asked for.
 */
#include "ort_int.h"
#include "ort_why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char cuda_part[] = "libonnxruntime_providers_cuda.so";
static const char tensorrt_part[] = "libonnxruntime_providers_tensorrt.so";

enum { TF32_CAPABILITY = 80, HALF_CAPABILITY = 53 };

static const char *option(const struct ort_engine *e, const char *name)
{
    return e->host->option(e->host->context, name);
}

/* --- loading --------------------------------------------------------------------------------- */

/* A file beside the library. */
static void beside(const struct ort_engine *e, const char *name, char *path, size_t room)
{
    const char *slash = strrchr(e->path, '/');
    int len = slash != NULL ? (int)(slash - e->path) + 1 : 0;
    snprintf(path, room, "%.*s%s", len, e->path, name);
}

/* Appends the provider once, which loads its shared object; the library says what is wrong. */
static int try_cuda(struct ort_engine *e)
{
    ort_options *options = NULL;
    ort_cuda_options *cuda = NULL;
    char text[ORT_WORDS_BYTES];
    ort_log_clear();
    ort_status *status = e->api.CreateSessionOptions(&options);
    if (status == NULL)
        status = e->api.CreateCUDAProviderOptions(&cuda);
    if (status == NULL)
        status = e->api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda);
    int result = status == NULL ? 0 : -1;
    if (status != NULL) {
        ort_reason(e, status, text);
        snprintf(e->cuda_why, sizeof e->cuda_why, "%.500s", text);
    }
    if (cuda != NULL)
        e->api.ReleaseCUDAProviderOptions(cuda);
    if (options != NULL)
        e->api.ReleaseSessionOptions(options);
    return result;
}

/* Opens what a provider's shared object needs; 0, or -1 and the sentence. */
static int open_needed(struct ort_engine *e, const char *part, char why[ORT_WHY_BYTES])
{
    struct ort_needed needed;
    char path[sizeof e->path + 64], missing[ORT_NEEDED_BYTES];
    beside(e, part, path, sizeof path);
    if (ort_needed_read(path, &needed) != 0) {
        snprintf(why, ORT_WHY_BYTES, "%.300s cannot be read as a shared object", path);
        return -1;
    }
    int major = ort_needed_major(&needed, "libcudart.");
    if (ort_why_old_driver("", e->cuda.driver, major, why))
        return -1;
    /* cuDNN is opened by name at run time; builds for CUDA 12 and later take its version 9. */
    if (ort_libraries_open(&needed, major >= 12 ? 9 : 8, e->path, option(e, "cuda-libraries"),
                           missing) == 0)
        return 0;
    ort_why_missing(missing, major, why);
    return -1;
}

void ort_provider_load(struct ort_engine *e)
{
    struct ort_needed needed;
    char path[sizeof e->path + 64];
    beside(e, cuda_part, path, sizeof path);
    if (ort_needed_read(path, &needed) != 0) {
        if (ort_why_has_gpu(""))
            snprintf(e->cuda_why, sizeof e->cuda_why,
                     "this ONNX Runtime was built without CUDA: script/check --gpu brings one, or "
                     "pip install onnxruntime-gpu");
        return;
    }
    if (ort_cuda_start(&e->cuda) != 0)
        snprintf(e->cuda_why, sizeof e->cuda_why, "%s", e->cuda.why_not);
    else
        e->cuda_works = open_needed(e, cuda_part, e->cuda_why) == 0 && try_cuda(e) == 0;
}

/* --- info ------------------------------------------------------------------------------------ */

static uint32_t precisions_of(int capability)
{
    uint32_t bits = 1u << DOUBT_PRECISION_F32;
    if (capability >= HALF_CAPABILITY)
        bits |= 1u << DOUBT_PRECISION_F16;
    if (capability >= TF32_CAPABILITY)
        bits |= 1u << DOUBT_PRECISION_TF32;
    return bits;
}

void ort_provider_info(struct ort_engine *e, struct doubt_engine_info *info)
{
    if (!e->cuda_works)
        return;
    for (int i = 0; i < e->cuda.count && info->device_count < DOUBT_DEVICES_MAX; i++) {
        struct doubt_engine_device *device = &info->devices[info->device_count];
        struct ort_cuda_device found;
        if (ort_cuda_look(&e->cuda, i, &found) != 0 || found.is_closed)
            continue;
        snprintf(device->name, sizeof device->name, "cuda:%d", i);
        snprintf(device->title, sizeof device->title, "%s", found.name);
        device->precisions = precisions_of(found.capability);
        info->device_count++;
    }
}

/* --- the choice ------------------------------------------------------------------------------ */

/* 0 for N in "cuda:N"; -1 for another text. */
static int parse_device(const char *text, int *index)
{
    char *end = NULL;
    if (strncmp(text, "cuda:", 5) != 0 || text[5] < '0' || text[5] > '9')
        return -1;
    long value = strtol(text + 5, &end, 10);
    *index = (int)value;
    return *end == '\0' && value < 1000 ? 0 : -1;
}

static int choose_device(struct ort_engine *e, const char *text)
{
    struct ort_choice *choice = &e->choice;
    struct ort_cuda_device found;
    choice->device = -1;
    if (text == NULL || strcmp(text, "CPU") == 0)
        return 0;
    if (parse_device(text, &choice->device) != 0)
        return ORT_FAIL(e, "there is no device \"%s\": CPU and cuda:0 (and so on) are accepted",
                        text);
    if (!e->cuda_works)
        return ORT_FAIL(e, "there is no device \"%s\": %s", text,
                        e->cuda_why[0] != '\0' ? e->cuda_why
                                               : "no GPU of NVIDIA's is seen here, and this ONNX "
                                                 "Runtime was built without CUDA");
    if (choice->device >= e->cuda.count)
        return ORT_FAIL(e, "there is no device \"%s\": the last one here is cuda:%d", text,
                        e->cuda.count - 1);
    if (ort_cuda_look(&e->cuda, choice->device, &found) != 0)
        return ORT_FAIL(e, "device %s: %s", text, e->cuda.error);
    if (found.is_closed)
        return ORT_FAIL(e,
                        "device %s is in compute mode \"prohibited\": nvidia-smi -i %d -c "
                        "DEFAULT (as root) opens it",
                        text, choice->device);
    choice->capability = found.capability;
    memcpy(choice->gpu, found.name, sizeof choice->gpu);
    return 0;
}

static int choose_provider(struct ort_engine *e)
{
    struct ort_choice *choice = &e->choice;
    const char *name = option(e, "provider");
    char list[400];
    int on_gpu = choice->device >= 0;
    choice->kind = on_gpu ? ORT_CUDA : ORT_CPU;
    snprintf(choice->name, sizeof choice->name, "%s",
             name != NULL ? name
             : on_gpu     ? "CUDA"
                          : "CPU");
    if (name == NULL)
        return 0;
    if (!ort_named_find(e, name, choice->listed, list, sizeof list))
        return ORT_FAIL(e, "this ONNX Runtime has no provider \"%s\": it has %s", name, list);
    int is_cuda = strcasecmp(choice->listed, "CUDAExecutionProvider") == 0;
    int is_tensorrt = strcasecmp(choice->listed, "TensorrtExecutionProvider") == 0;
    int is_cpu = strcasecmp(choice->listed, "CPUExecutionProvider") == 0;
    if ((is_cuda || is_tensorrt) && !on_gpu)
        return ORT_FAIL(e, "provider %s computes on a GPU: name it with --device cuda:0", name);
    if (!is_cuda && !is_tensorrt && on_gpu)
        return ORT_FAIL(e, "provider %s does not compute on cuda:%d: leave --device out", name,
                        choice->device);
    if (is_tensorrt)
        choice->kind = ORT_TENSORRT;
    else if (!is_cuda && !is_cpu)
        choice->kind = ORT_NAMED;
    return 0;
}

/* On a CPU, f32; on a GPU what the file's weights and TF32 make of it. */
static int choose_precision(struct ort_engine *e, enum doubt_precision asked)
{
    struct ort_choice *choice = &e->choice;
    enum doubt_dtype weights = ort_outline_dtype(&e->outline);
    choice->tf32 = choice->capability >= TF32_CAPABILITY && asked != DOUBT_PRECISION_F32;
    if (asked == DOUBT_PRECISION_ANY)
        return 0;
    if (choice->kind == ORT_CPU && asked != DOUBT_PRECISION_F32)
        return ORT_FAIL(e, "on a CPU ONNX Runtime computes f32, and f16 files by casts to it: the "
                           "precisions f32 and any are accepted");
    if (choice->kind != ORT_CUDA)
        return choice->kind == ORT_CPU || asked == DOUBT_PRECISION_F32 ||
                       (choice->kind == ORT_TENSORRT && asked == DOUBT_PRECISION_F16)
                   ? 0
                   : ORT_FAIL(e,
                              "provider %s does not take that precision: f32 and any are "
                              "accepted",
                              choice->name);
    if (asked != DOUBT_PRECISION_F32 && asked != DOUBT_PRECISION_TF32 &&
        asked != DOUBT_PRECISION_F16)
        return ORT_FAIL(e, "on a GPU the precisions f32, tf32, f16 and any are accepted");
    if (asked == DOUBT_PRECISION_TF32 && choice->capability < TF32_CAPABILITY)
        return ORT_FAIL(e,
                        "%s has no TF32 (compute capability %d.%d, 8.0 is needed): f32 and f16 "
                        "are accepted",
                        choice->gpu, choice->capability / 10, choice->capability % 10);
    if ((asked == DOUBT_PRECISION_F16) != (weights == DOUBT_F16))
        return ORT_FAIL(e,
                        "the file's weights are %s, and ONNX Runtime computes in what the file "
                        "holds: f16 needs a file of f16 weights (doubt networks NAME "
                        "--precision f16 writes one), f32 and tf32 one of f32",
                        weights == DOUBT_F16 ? "f16" : "f32");
    return 0;
}

static void choose_switches(struct ort_engine *e, const struct doubt_open_request *request)
{
    struct ort_choice *choice = &e->choice;
    int fallback = ort_read_switch(e, "cpu-fallback"), nhwc = ort_read_switch(e, "nhwc");
    int graph = ort_read_switch(e, "graph");
    choice->fuse = ort_read_switch(e, "fuse-conv-bias");
    choice->fallback = fallback == 1;
    choice->nhwc = nhwc == 1;
    choice->graph_asked = graph == 1;
    choice->graph = graph != 0;
    if (choice->kind != ORT_CUDA && choice->kind != ORT_TENSORRT) {
        choice->graph = 0;
    } else if (graph < 0 && request->profile) {
        choice->graph = 0;
    } else if (graph < 0 && (e->outline.waits[0] != '\0' || choice->fallback)) {
        choice->graph = 0;
        e->host->note(e->host->context, "without a CUDA graph: %s%s",
                      e->outline.waits[0] != '\0' ? "the host waits within an inference for " : "",
                      e->outline.waits[0] != '\0' ? e->outline.waits : "nodes may run on the CPU");
    }
}

int ort_provider_choose(struct ort_engine *e, const struct doubt_open_request *request)
{
    memset(&e->choice, 0, sizeof e->choice);
    if (choose_device(e, request->device) != 0 || choose_provider(e) != 0)
        return -1;
    if (choose_precision(e, request->precision) != 0)
        return -1;
    choose_switches(e, request);
    return 0;
}

/* --- the GPU --------------------------------------------------------------------------------- */

int ort_cuda_failed(struct ort_engine *e, int result)
{
    return result == 0 ? 0 : ORT_FAIL(e, "cuda:%d: %s", e->cuda.index, e->cuda.error);
}

int ort_provider_start(struct ort_engine *e, const struct doubt_open_request *request)
{
    if (e->choice.device < 0)
        return request->flush ? ORT_FAIL(e, "nothing flushes the caches of a CPU here: leave "
                                            "--flush-cache out, or name a GPU with --device")
                              : 0;
    if (ort_cuda_failed(e, ort_cuda_open(&e->cuda, e->choice.device, request->flush)) != 0)
        return -1;
    if (strstr(e->choice.gpu, " MIG ") != NULL)
        e->host->note(e->host->context, "%s is a slice of a GPU (MIG)", e->choice.gpu);
    return ort_check(e,
                     e->api.CreateMemoryInfo("Cuda", ORT_ALLOCATOR_DEVICE, e->choice.device,
                                             ORT_MEMORY_DEFAULT, &e->device_memory),
                     "no description of the GPU's memory");
}

void ort_provider_stop(struct ort_engine *e)
{
    if (e->device_memory != NULL)
        e->api.ReleaseMemoryInfo(e->device_memory);
    e->device_memory = NULL;
    ort_cuda_close(&e->cuda);
}

/* --- the session's options ------------------------------------------------------------------- */

void ort_pairs_add(struct ort_pairs *pairs, const char *key, const char *value)
{
    if (pairs->count < ORT_PAIRS_MAX) {
        pairs->keys[pairs->count] = key;
        pairs->values[pairs->count++] = value;
    }
}

/* The end of a value: a comma with KEY= behind it, outside of brackets and quotes; else the end. */
static char *end_of_value(char *at)
{
    int depth = 0, quoted = 0;
    for (; *at != '\0'; at++) {
        quoted ^= *at == '"';
        if (!quoted)
            depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        if (*at == ',' && !quoted && depth <= 0 && at[1 + strcspn(at + 1, ",={[\"")] == '=')
            break;
    }
    return at;
}

/* KEY=VALUE,KEY=VALUE; a value may have commas ("HETERO:GPU,CPU", JSON). */
static int add_given(struct ort_engine *e, struct ort_pairs *pairs)
{
    const char *given = option(e, "provider-options");
    int len = snprintf(pairs->text, sizeof pairs->text, "%s", given != NULL ? given : "");
    if (given == NULL)
        return 0;
    if (len >= (int)sizeof pairs->text)
        return ORT_FAIL(e, "option provider-options is longer than %zu bytes", sizeof pairs->text);
    for (char *part = pairs->text, *end; part != NULL; part = end) {
        end = end_of_value(part);
        end = *end == ',' ? (*end = '\0', end + 1) : NULL;
        char *value = strchr(part, '=');
        if (value == NULL || value == part || pairs->count == ORT_PAIRS_MAX)
            return ORT_FAIL(e,
                            "option provider-options is \"%s\": KEY=VALUE,KEY=VALUE is accepted, "
                            "and at most %d of them",
                            given, ORT_PAIRS_MAX);
        *value = '\0';
        ort_pairs_add(pairs, part, value + 1);
    }
    return 0;
}

static void add_search(struct ort_engine *e, struct ort_pairs *pairs)
{
    static const char *const words[][2] = {
        {"exhaustive", "EXHAUSTIVE"}, {"heuristic", "HEURISTIC"}, {"default", "DEFAULT"}};
    const char *text = option(e, "conv-search");
    for (size_t i = 0; text != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(text, words[i][0]) == 0)
            ort_pairs_add(pairs, "cudnn_conv_algo_search", words[i][1]);
}

static int append_cuda(struct ort_engine *e, ort_options *options, struct ort_pairs *pairs)
{
    ort_cuda_options *cuda = NULL;
    const struct ort_choice *choice = &e->choice;
    ort_pairs_add(pairs, "use_tf32", choice->tf32 ? "1" : "0");
    ort_pairs_add(pairs, "enable_cuda_graph", choice->graph ? "1" : "0");
    if (choice->nhwc)
        ort_pairs_add(pairs, "prefer_nhwc", "1");
    if (choice->fuse >= 0)
        ort_pairs_add(pairs, "fuse_conv_bias", choice->fuse ? "1" : "0");
    add_search(e, pairs);
    if (ort_check(e, e->api.CreateCUDAProviderOptions(&cuda), "no options of CUDA"))
        return -1;
    int failed =
        ort_check(e,
                  e->api.UpdateCUDAProviderOptions(cuda, pairs->keys, pairs->values, pairs->count),
                  "CUDA refuses an option") ||
        ort_check(
            e,
            e->api.UpdateCUDAProviderOptionsWithValue(cuda, "user_compute_stream", e->cuda.stream),
            "CUDA refuses our stream") ||
        ort_check(e, e->api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda),
                  "cannot use CUDA");
    e->api.ReleaseCUDAProviderOptions(cuda);
    return failed ? -1 : 0;
}

static int append_tensorrt(struct ort_engine *e, ort_options *options, struct ort_pairs *pairs,
                           enum doubt_precision precision)
{
    char why[ORT_WHY_BYTES];
    ort_trt_options *trt = NULL;
    if (open_needed(e, tensorrt_part, why) != 0)
        return ORT_FAIL(e, "cannot use TensorRT: %s", why);
    if (precision == DOUBT_PRECISION_F16)
        ort_pairs_add(pairs, "trt_fp16_enable", "1");
    if (e->choice.graph)
        ort_pairs_add(pairs, "trt_cuda_graph_enable", "1");
    if (ort_check(e, e->api.CreateTensorRTProviderOptions(&trt), "no options of TensorRT"))
        return -1;
    int failed =
        ort_check(
            e, e->api.UpdateTensorRTProviderOptions(trt, pairs->keys, pairs->values, pairs->count),
            "TensorRT refuses an option") ||
        ort_check(e,
                  e->api.UpdateTensorRTProviderOptionsWithValue(trt, "user_compute_stream",
                                                                e->cuda.stream),
                  "TensorRT refuses our stream") ||
        ort_check(e, e->api.SessionOptionsAppendExecutionProvider_TensorRT_V2(options, trt),
                  "cannot use TensorRT");
    e->api.ReleaseTensorRTProviderOptions(trt);
    return failed ? -1 : 0;
}

int ort_provider_append(struct ort_engine *e, ort_options *options, enum doubt_precision precision)
{
    struct ort_pairs pairs = {.count = 0};
    const struct ort_choice *choice = &e->choice;
    if (choice->kind == ORT_CPU)
        return option(e, "provider-options") == NULL
                   ? 0
                   : ORT_FAIL(e, "option provider-options belongs to a provider: name it with "
                                 "provider=NAME, or a GPU with --device");
    if (choice->kind == ORT_CUDA || choice->kind == ORT_TENSORRT) {
        snprintf(pairs.device, sizeof pairs.device, "%d", choice->device);
        ort_pairs_add(&pairs, "device_id", pairs.device);
    }
    if (add_given(e, &pairs) != 0 ||
        (!choice->fallback &&
         ort_check(e, e->api.AddSessionConfigEntry(options, "session.disable_cpu_ep_fallback", "1"),
                   "cannot keep nodes off the CPU")))
        return -1;
    if (choice->kind == ORT_CUDA)
        return append_cuda(e, options, &pairs);
    if (choice->kind == ORT_TENSORRT)
        return append_tensorrt(e, options, &pairs, precision);
    return ort_named_append(e, options, precision, &pairs);
}

/* --- what was used --------------------------------------------------------------------------- */

static enum doubt_precision cuda_precision(const struct ort_engine *e)
{
    enum doubt_dtype weights = ort_outline_dtype(&e->outline);
    if (e->outline.quantised)
        return DOUBT_PRECISION_ANY;
    if (weights == DOUBT_F16)
        return DOUBT_PRECISION_F16;
    if (weights == DOUBT_BF16)
        return DOUBT_PRECISION_BF16;
    return weights == DOUBT_F64 ? DOUBT_PRECISION_ANY
           : e->choice.tf32     ? DOUBT_PRECISION_TF32
                                : DOUBT_PRECISION_F32;
}

/* Every node ran on the provider, unless the CPU was allowed beside it: then the library's log says
 * which did, where it does. */
static void describe_provider(const struct ort_engine *e, struct doubt_engine_used *used)
{
    const struct ort_choice *choice = &e->choice;
    const char *listed = choice->listed[0] != '\0' ? choice->listed : "CUDAExecutionProvider";
    const char *cpu = "CPUExecutionProvider";
    int known = e->placement.nodes > 0, none = known && e->placement.on_cpu == 0;
    if (!choice->fallback || none)
        snprintf(used->provider, sizeof used->provider, "%s", listed);
    else if (known && e->placement.on_cpu == e->placement.nodes)
        snprintf(used->provider, sizeof used->provider, "%s", cpu);
    else
        snprintf(used->provider, sizeof used->provider, "%s, %s", listed, cpu);
}

/* Behind the detail: which nodes ran on the CPU. */
static void tell_placement(const struct ort_engine *e, char *detail, size_t room)
{
    const struct ort_placement *placement = &e->placement;
    size_t len = strlen(detail);
    if (!e->choice.fallback || placement->on_cpu == 0)
        return;
    snprintf(detail + len, room - len, "; %d of %d nodes on the CPU%s%s%s", placement->on_cpu,
             placement->nodes, placement->cpu_types[0] != '\0' ? " (" : "", placement->cpu_types,
             placement->cpu_types[0] != '\0' ? ")" : "");
}

static void describe_gpu(struct ort_engine *e, struct doubt_engine_used *used)
{
    const struct ort_choice *choice = &e->choice;
    snprintf(used->device, sizeof used->device, "cuda:%d, %s", choice->device, choice->gpu);
    used->memory_bytes = ort_cuda_used_bytes(&e->cuda);
    if (choice->kind == ORT_CUDA) {
        used->precision = cuda_precision(e);
        snprintf(used->detail, sizeof used->detail, "%s, %s, %s%sCUDA %d.%d",
                 choice->graph ? "CUDA graph" : "no CUDA graph",
                 choice->tf32 ? "TF32 on" : "TF32 off", choice->nhwc ? "NHWC, " : "",
                 choice->fuse == 1 ? "fused bias, " : "", e->cuda.driver / 1000,
                 e->cuda.driver % 1000 / 10);
    } else {
        snprintf(used->detail, sizeof used->detail, "%s; the provider does not tell its precision",
                 choice->graph ? "CUDA graph" : "no CUDA graph");
    }
}

void ort_provider_describe(struct ort_engine *e, struct doubt_engine_used *used)
{
    describe_provider(e, used);
    if (e->choice.kind == ORT_NAMED)
        ort_named_describe(e, used);
    else
        describe_gpu(e, used);
    tell_placement(e, used->detail, sizeof used->detail);
}

/* trt_load.cpp: finds and starts TensorRT, its plug-ins and its ONNX parser.
 *
 * A unit of work is one library. The device is proved to work before the first of them is loaded.
 * What the library needs and cannot find (cuBLAS, cuDNN) is looked for in the places where pip puts
 * it, and named when it is not there.
 */
#include "trt_int.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int trt_check(trt_engine *e, cu_result result, const char *doing)
{
    char text[CUDA_TEXT_BYTES];
    if (result == CU_SUCCESS)
        return 0;
    cuda_error(&e->cuda, result, text);
    return TRT_FAIL(e, "%s: %s", doing, text);
}

/* --- libraries ------------------------------------------------------------------------------- */

/* Looks up a function; 0 when it is there. */
static int take(void *library, const char *symbol, void *place)
{
    void *found = dlsym(library, symbol);
    if (found != nullptr)
        memcpy(place, &found, sizeof found);
    return found != nullptr ? 0 : -1;
}

/* The folder of the library's file, with its last slash. */
static void folder_of(const trt_engine *e, char *folder, size_t bytes)
{
    snprintf(folder, bytes, "%s", e->library_path);
    char *slash = strrchr(folder, '/');
    if (slash != nullptr)
        slash[1] = '\0';
    else
        folder[0] = '\0';
}

/* A companion by its soname: the one beside the library, else where the system finds it. */
static void *open_companion(const trt_engine *e, const char *stem)
{
    char folder[512], path[640];
    folder_of(e, folder, sizeof folder);
    snprintf(path, sizeof path, "%s%s.so.%d", folder, stem, e->major);
    const char *soname = path + strlen(folder);
    return dlopen(access(path, F_OK) == 0 ? path : soname, RTLD_LAZY | RTLD_GLOBAL);
}

/* Libraries of CUDA that TensorRT 8 uses for some tactics, and a function by which a real one is
 * known from a stand-in. TensorRT's library of plug-ins is linked with just the versions that fit,
 * so what can be seen through it is what can be used. */
static void see_helpers(trt_engine *e, void *plugins)
{
    static const struct {
        unsigned source;
        const char *symbol;
    } helpers[] = {{TRT_SOURCE_CUBLAS, "cublasCreate_v2"},
                   {TRT_SOURCE_CUBLAS_LT, "cublasLtCreate"},
                   {TRT_SOURCE_CUDNN, "cudnnCreate"}};
    for (size_t i = 0; i < sizeof helpers / sizeof helpers[0]; i++)
        if (dlsym(plugins, helpers[i].symbol) == nullptr)
            e->missing_sources |= helpers[i].source;
}

/* The loader names what is missing: say what brings it. */
static int fail_companion(trt_engine *e, const char *what, const char *loader)
{
    const char *missing = loader != nullptr ? loader : "no reason given";
    const char *help = "install all packages of this TensorRT (libnvinfer, libnvinfer-plugin, "
                       "libnvonnxparsers) in one folder or in the system";
    if (strstr(missing, "libcublas") != nullptr || strstr(missing, "libcudnn") != nullptr)
        help = "TensorRT 8 needs cuBLAS and cuDNN 8 of its CUDA version: pip install "
               "nvidia-cublas-cu11 \"nvidia-cudnn-cu11<9\" (CUDA 12: -cu12), or the system's "
               "packages";
    else if (strstr(missing, "libcudart") != nullptr)
        help = "this TensorRT is built for another CUDA than is installed: install that CUDA's "
               "runtime, or the TensorRT for yours";
    return TRT_FAIL(e, "%s of TensorRT %s cannot be loaded: %.200s; %s", what, e->version_text,
                    missing, help);
}

/* --- load ------------------------------------------------------------------------------------ */

static int read_version(trt_engine *e, void *library)
{
    int32_t (*get_version)(void);
    if (take(library, "getInferLibVersion", &get_version) != 0)
        return TRT_FAIL(e, "%s is not TensorRT: it has no getInferLibVersion()", e->library_path);
    e->version = get_version();
    /* 8503 is 8.5.3, 101602 is 10.16.2. */
    e->major = e->version < 10000 ? e->version / 1000 : e->version / 10000;
    int minor = e->version / 100 % (e->version < 10000 ? 10 : 100);
    snprintf(e->version_text, sizeof e->version_text, "%d.%d.%d", e->major, minor,
             e->version % 100);
    const trt_places *places = trt_places_of(e->major);
    if (places == nullptr || (e->major == 8 && minor < 2))
        return TRT_FAIL(e, "%s is TensorRT %s (number %d): 8.2 to 8.6, 10 and 11 are supported",
                        e->library_path, e->version_text, (int)e->version);
    e->places = *places;
    trt_places vendor;
    if (trt_places_vendor(&vendor) == e->major)
        e->places = vendor;
    return 0;
}

static int open_parser(trt_engine *e)
{
    void *plugins = open_companion(e, "libnvinfer_plugin");
    bool (*start_plugins)(void *, const char *);
    if (plugins == nullptr)
        return fail_companion(e, "the library of plug-ins", dlerror());
    see_helpers(e, plugins);
    void *parser = open_companion(e, "libnvonnxparser");
    if (parser == nullptr)
        return fail_companion(e, "the ONNX parser", dlerror());
    if (take(parser, "createNvOnnxParser_INTERNAL", &e->create_parser) != 0)
        return TRT_FAIL(e, "the libnvonnxparser.so.%d found has no createNvOnnxParser_INTERNAL()",
                        e->major);
    if (take(plugins, "initLibNvInferPlugins", &start_plugins) != 0)
        return TRT_FAIL(e, "the libnvinfer_plugin.so.%d found has no initLibNvInferPlugins()",
                        e->major);
    if (!start_plugins(e->log->memory, ""))
        return TRT_FAIL(e, "TensorRT %s cannot start its plug-ins: %s", e->version_text,
                        trt_log_reason(e));
    return 0;
}

int trt_use_device(trt_engine *e, int index)
{
    if (index == e->device && e->context != nullptr)
        return 0;
    cu_context *context = nullptr;
    cuda_device device;
    if (cuda_describe(&e->cuda, index, &device) != 0)
        return TRT_FAIL(e, "CUDA tells nothing of device cuda:%d", index);
    if (trt_check(e, cuda_retain(&e->cuda, device.handle, &context), "no context on the device"))
        return -1;
    if (trt_check(e, e->cuda.context_current(context), "the device's context cannot be used")) {
        e->cuda.context_release(device.handle);
        return -1;
    }
    e->cuda.context_release(e->device_info.handle);
    e->context = context;
    e->device_info = device;
    e->device = index;
    return 0;
}

int trt_load(void *self, const doubt_host *host, const char *library_path)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    char why[CUDA_TEXT_BYTES];
    e->host = host;
    if (library_path == nullptr)
        return TRT_FAIL(e, "no path of libnvinfer.so was given");
    snprintf(e->library_path, sizeof e->library_path, "%s", library_path);
    /* Here, since a driver before CUDA 11 takes it only before the context is in use. */
    const char *wait = host->option(host->context, "wait");
    bool block = wait != nullptr && strcmp(wait, "block") == 0;
    e->cuda.wait = block ? CU_SCHED_BLOCKING_SYNC : CU_SCHED_SPIN;
    if (cuda_prove(&e->cuda, 0, &e->context, why) != 0)
        return TRT_FAIL(e, "no usable GPU: %s", why);
    if (cuda_describe(&e->cuda, 0, &e->device_info) != 0)
        return TRT_FAIL(e, "no usable GPU: CUDA tells nothing of device cuda:0");
    cuda_driver(e->driver_text, sizeof e->driver_text);
    void *library = dlopen(library_path, RTLD_NOW | RTLD_GLOBAL);
    if (library == nullptr)
        return TRT_FAIL(e, "cannot load %s: %s", library_path, dlerror());
    if (read_version(e, library) != 0)
        return -1;
    if (take(library, "createInferBuilder_INTERNAL", &e->create_builder) != 0 ||
        take(library, "createInferRuntime_INTERNAL", &e->create_runtime) != 0)
        return TRT_FAIL(e,
                        "%s lacks createInferBuilder_INTERNAL() or createInferRuntime_INTERNAL()",
                        library_path);
    if (trt_log_start(e) == nullptr)
        return TRT_FAIL(e, "out of memory for a log");
    return open_parser(e);
}

/* --- info ------------------------------------------------------------------------------------ */

/* What the chip computes in natively, by its compute capability (CUDA C++ Programming Guide, table
 * of arithmetic throughput): halves from 5.3 on, save 6.1; TF32 from 8.0 on. */
static uint32_t precisions_of(const cuda_device *device)
{
    int capability = device->major * 10 + device->minor;
    uint32_t bits = 1u << DOUBT_PRECISION_F32;
    if (capability >= 53 && capability != 61)
        bits |= 1u << DOUBT_PRECISION_F16;
    if (capability >= 80)
        bits |= 1u << DOUBT_PRECISION_TF32;
    return bits;
}

int trt_info(void *self, doubt_engine_info *info)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    snprintf(info->version, sizeof info->version, "%s", e->version_text);
    snprintf(info->build, sizeof info->build, "driver %s for CUDA %d.%d%s",
             e->driver_text[0] != '\0' ? e->driver_text : "of unknown version",
             e->cuda.version / 1000, e->cuda.version % 1000 / 10,
             e->missing_sources != 0 && e->major == 8
                 ? "; without tactics from those of cuBLAS, cuBLASLt and cuDNN that are not here"
                 : "");
    info->caps = e->major >= 11 ? DOUBT_CAP_HALF_FILE : 0;
    for (int i = 0; i < e->cuda.count && info->device_count < DOUBT_DEVICES_MAX; i++) {
        doubt_engine_device *device = &info->devices[info->device_count];
        cuda_device found;
        if (cuda_describe(&e->cuda, i, &found) != 0)
            continue;
        snprintf(device->name, sizeof device->name, "cuda:%d", i);
        snprintf(device->title, sizeof device->title, "%.80s, compute capability %d.%d", found.name,
                 found.major, found.minor);
        device->precisions = precisions_of(&found);
        info->device_count++;
    }
    return 0;
}

/* The libraries themselves stay: their threads and exit handlers may still be needed. */
void trt_unload(void *self)
{
    trt_engine *e = static_cast<trt_engine *>(self);
    trt_log_end(e);
    if (e->context != nullptr)
        e->cuda.context_release(e->device_info.handle);
    e->context = nullptr;
}

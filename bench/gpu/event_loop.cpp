/* event_loop.cpp: the plainest loop around a built engine of TensorRT 8, 10 or 11, to set beside
 * what doubt measures of the same engine.
 *
 * A unit of work is one inference: an event, the launch, an event. No process per restart, no
 * order, no checks; only the plug-in's declarations of the vendor's interface are shared with it.
 * Reads a plan (a file *.plan of doubt's cache) and prints medians in us: one run between two
 * events, runs back to back, and the wall time of launch and wait.
 *
 *   event-loop LIBNVINFER PLAN [0|1]   the last word: launch a CUDA graph (1, as when left out)
 */
#include "cuda.h"
#include "trt_api.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WARM_UP = 500, RUNS = 1000, PORTS = 64 };

struct Log {
    virtual void log(int32_t severity, const char *text) noexcept
    {
        if (severity <= TRT_ERROR)
            fprintf(stderr, "%s\n", text);
    }
    virtual ~Log()
    {
    }
};

/* As doubt's plug-in has it since 11. */
struct VersionedLog {
    struct Info {
        const char *kind;
        int32_t major, minor;
    };
    virtual int32_t getAPILanguage() const noexcept
    {
        return 0;
    }
    virtual Info getInterfaceInfo() const noexcept
    {
        return Info{"ILogger", 1, 0};
    }
    virtual ~VersionedLog()
    {
    }
    virtual void log(int32_t severity, const char *text) noexcept
    {
        if (severity <= TRT_ERROR)
            fprintf(stderr, "%s\n", text);
    }
};

static cuda driver;
static const trt_places *places;
static int major_version;
static void *context, *bindings[PORTS];
static cu_stream *stream;
static cu_graph_exec *exec;

static void end(const char *what)
{
    fprintf(stderr, "event-loop: %s\n", what);
    exit(1);
}

static void need(cu_result result, const char *what)
{
    if (result != CU_SUCCESS)
        end(what);
}

static void enqueue(void)
{
    bool done = major_version == 8
                    ? trt_VExecutionContext_enqueueV2(places, context, bindings, stream, nullptr)
                    : trt_VExecutionContext_enqueueV3(places, context, stream);
    if (!done)
        end("the network does not run");
}

static void launch(void)
{
    if (exec != nullptr)
        need(driver.graph_launch(exec, stream), "the graph was not launched");
    else
        enqueue();
}

/* The plan behind the words that doubt's cache puts in front. */
static char *read_plan(const char *path, size_t *bytes, char **plan)
{
    FILE *file = fopen(path, "rb");
    if (file == nullptr || fseek(file, 0, SEEK_END) != 0)
        end("cannot open the plan");
    *bytes = static_cast<size_t>(ftell(file));
    rewind(file);
    char *data = static_cast<char *>(malloc(*bytes + 1));
    if (data == nullptr || fread(data, 1, *bytes, file) != *bytes)
        end("cannot read the plan");
    fclose(file);
    data[*bytes] = '\0';
    *plan = data;
    if (strncmp(data, "doubt", 5) == 0) {
        *plan = strstr(data, "\n\n") + 2;
        *bytes -= static_cast<size_t>(*plan - data);
    }
    return data;
}

static size_t bytes_of(int32_t type, int64_t elements)
{
    static const size_t sizes[] = {4, 2, 1, 4, 1, 1, 1, 2, 8};
    return sizes[type] * static_cast<size_t>(elements);
}

static void bind(void *engine)
{
    int32_t count = major_version == 8 ? trt_VCudaEngine_getNbBindings(places, engine)
                                       : trt_VCudaEngine_getNbIOTensors(places, engine);
    for (int32_t i = 0; i < count && i < PORTS; i++) {
        int64_t elements = 1;
        int32_t type;
        const char *name = nullptr;
        if (major_version == 8) {
            trt_dims32 dims = trt_VCudaEngine_getBindingDimensions(places, engine, i);
            for (int d = 0; d < dims.count; d++)
                elements *= dims.d[d];
            type = trt_VCudaEngine_getBindingDataType(places, engine, i);
        } else {
            name = trt_VCudaEngine_getIOTensorName(places, engine, i);
            trt_dims64 dims = trt_VCudaEngine_getTensorShape_10(places, engine, name);
            for (int d = 0; d < dims.count; d++)
                elements *= dims.d[d];
            type = trt_VCudaEngine_getTensorDataType(places, engine, name);
        }
        cu_pointer memory = 0;
        need(driver.allocate(&memory, bytes_of(type, elements) + 64), "no memory on the device");
        need(driver.fill(memory, 0x3c003c00, bytes_of(type, elements) / 4, stream), "no fill");
        bindings[i] = reinterpret_cast<void *>(static_cast<uintptr_t>(memory));
        if (name != nullptr)
            trt_VExecutionContext_setTensorAddress(places, context, name, bindings[i]);
    }
}

static int rising(const void *a, const void *b)
{
    double x = *static_cast<const double *>(a), y = *static_cast<const double *>(b);
    return (x > y) - (x < y);
}

static double median(double *us)
{
    qsort(us, RUNS, sizeof *us, rising);
    return (us[RUNS / 2 - 1] + us[RUNS / 2]) / 2;
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) * 1e-3;
}

static void measure(cu_event **events)
{
    double single[RUNS], back[RUNS], wall[RUNS];
    float ms = 0;
    for (int i = 0; i < WARM_UP; i++)
        launch();
    need(driver.stream_wait(stream), "the warm-up failed");
    for (int i = 0; i < RUNS; i++) {
        need(driver.event_record(events[0], stream), "no event");
        launch();
        need(driver.event_record(events[1], stream), "no event");
        need(driver.event_wait(events[1]), "a run failed");
        need(driver.event_elapsed(&ms, events[0], events[1]), "no time");
        single[i] = static_cast<double>(ms) * 1e3;
    }
    for (int i = 0; i < RUNS; i++) {
        double begin = now_us();
        launch();
        need(driver.stream_wait(stream), "a run failed");
        wall[i] = now_us() - begin;
    }
    need(driver.event_record(events[0], stream), "no event");
    for (int i = 0; i < RUNS; i++) {
        launch();
        need(driver.event_record(events[i + 1], stream), "no event");
    }
    need(driver.event_wait(events[RUNS]), "a run failed");
    for (int i = 0; i < RUNS; i++) {
        need(driver.event_elapsed(&ms, events[i], events[i + 1]), "no time");
        back[i] = static_cast<double>(ms) * 1e3;
    }
    printf("single %.3f us, back to back %.3f us, wall %.3f us (medians of %d)\n", median(single),
           median(back), median(wall), RUNS);
}

static void capture(void)
{
    cu_graph *graph = nullptr;
    enqueue();
    need(driver.stream_wait(stream), "the first run failed");
    need(driver.capture_begin(stream, CU_CAPTURE_THREAD_LOCAL), "no capture");
    enqueue();
    need(driver.capture_end(stream, &graph), "no capture");
    need(cuda_instantiate(&driver, &exec, graph), "no graph");
    driver.graph_destroy(graph);
}

/* Loads the library and its plug-ins, which an engine may need. */
static void *load(const char *path, void *log[2], void **plugin_log)
{
    int32_t (*get_version)(void);
    void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL), *found;
    if (library == nullptr || (found = dlsym(library, "getInferLibVersion")) == nullptr)
        end("cannot load the library");
    memcpy(&get_version, &found, sizeof get_version);
    int32_t version = get_version();
    major_version = version < 10000 ? version / 1000 : version / 10000;
    places = trt_places_of(major_version);
    if (places == nullptr)
        end("TensorRT 8, 10 and 11 are known");
    *plugin_log = log[major_version >= 11];
    void *(*create)(void *, int32_t);
    found = dlsym(library, "createInferRuntime_INTERNAL");
    memcpy(&create, &found, sizeof create);
    return create(*plugin_log, version);
}

static void load_plugins(const char *path, void *log)
{
    char plugins[1024];
    bool (*start)(void *, const char *);
    const char *slash = strrchr(path, '/');
    snprintf(plugins, sizeof plugins, "%.*slibnvinfer_plugin.so.%d",
             slash != nullptr ? static_cast<int>(slash - path + 1) : 0, path, major_version);
    void *library = dlopen(plugins, RTLD_LAZY | RTLD_GLOBAL), *found;
    if (library == nullptr || (found = dlsym(library, "initLibNvInferPlugins")) == nullptr)
        return;
    memcpy(&start, &found, sizeof start);
    start(log, "");
}

int main(int argc, char **argv)
{
    char why[CUDA_TEXT_BYTES], *plan = nullptr;
    size_t bytes = 0;
    cu_context *device = nullptr;
    cu_event *events[RUNS + 1];
    Log plain;
    VersionedLog versioned;
    void *logs[2] = {&plain, &versioned}, *log = nullptr;
    if (argc < 3)
        end("usage: event-loop LIBNVINFER PLAN [0|1]");
    if (cuda_prove(&driver, 0, &device, why) != 0)
        end(why);
    void *runtime = load(argv[1], logs, &log);
    load_plugins(argv[1], log);
    char *memory = read_plan(argv[2], &bytes, &plan);
    const void *start = plan;
    void *engine = major_version == 8
                       ? trt_VRuntime_deserializeCudaEngine(places, runtime, start, bytes, nullptr)
                       : trt_VRuntime_deserializeCudaEngine_10(places, runtime, start, bytes);
    free(memory);
    if (engine == nullptr)
        end("the plan was refused");
    context = major_version == 8 ? trt_VCudaEngine_createExecutionContext(places, engine)
                                 : trt_VCudaEngine_createExecutionContext_10(places, engine, 0);
    need(driver.stream_create(&stream, CU_STREAM_NON_BLOCKING), "no stream");
    for (int i = 0; i <= RUNS; i++)
        need(driver.event_create(&events[i], CU_EVENT_DEFAULT), "no event");
    bind(engine);
    if (argc < 4 || strcmp(argv[3], "0") != 0)
        capture();
    measure(events);
    return 0;
}

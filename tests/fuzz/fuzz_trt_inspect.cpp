/* fuzz_trt_inspect.cpp: any texts as what TensorRT's inspector, profiler and log tell.
 *
 * A unit of work is one engine, stood in for: each line of the input is a layer's description. What
 * is found out must be a precision that there is and a whole sentence. Seeds: seeds/trt_inspect.
 */
#include "../../engines/tensorrt/trt_inspect.cpp"
#include "../../engines/tensorrt/trt_log.cpp"
#include "../../engines/tensorrt/trt_places.cpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MAX = 256, PLACES = 64 };

static char *lines[LINES_MAX];
static int line_count;

/* --- the library ------------------------------------------------------------------------------ */

/* What the vendor's functions return: the second word points to the object with the table. */
struct object {
    void *wrapper, *behind;
    void **table;
};

static void *engine_table[PLACES], *inspector_table[PLACES];
static object engine = {nullptr, &engine.table, engine_table};
static object inspector = {nullptr, &inspector.table, inspector_table};

static int32_t layers_there(void *)
{
    return line_count;
}

static void *make_inspector(void *)
{
    return &inspector;
}

static bool take_context(void *, const void *)
{
    return true;
}

/* A line that is empty: the library gives none. */
static const char *line_at(void *, int32_t i, int32_t)
{
    return lines[i][0] != '\0' ? lines[i] : nullptr;
}

void trt_delete(void *)
{
}

static void fill_tables(const trt_places *places)
{
    engine_table[places->VCudaEngine_getNbLayers] = reinterpret_cast<void *>(layers_there);
    engine_table[places->VCudaEngine_createEngineInspector] =
        reinterpret_cast<void *>(make_inspector);
    inspector_table[places->VEngineInspector_setExecutionContext] =
        reinterpret_cast<void *>(take_context);
    inspector_table[places->VEngineInspector_getLayerInformation] =
        reinterpret_cast<void *>(line_at);
}

/* --- the input -------------------------------------------------------------------------------- */

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void host_fail(void *, const char *, ...)
{
}

static void split(char *text)
{
    line_count = 0;
    for (char *line = text; line != nullptr && line_count < LINES_MAX;) {
        char *end = strchr(line, '\n');
        lines[line_count++] = line;
        if (end != nullptr)
            *end++ = '\0';
        line = end;
    }
}

/* The first byte chooses what the engine knows besides. */
static void set_up(trt_engine *e, const doubt_host *host, unsigned how)
{
    static const int majors[] = {8, 10, 11};
    e->host = host;
    e->major = majors[how % 3];
    e->places = *trt_places_of(e->major);
    fill_tables(&e->places);
    e->engine = &engine;
    e->device_info.major = how & 0x10 ? 8 : 7;
    e->model_bytes = how & 0x20 ? 1 << 20 : 16;
    if (how & 0x40)
        e->request.precision = DOUBT_PRECISION_F32;
    if (how & 0x80) {
        e->port_count = 1;
        e->ports[0].is_input = 1;
        e->ports[0].tensor.dtype = DOUBT_F16;
    }
}

static void tell(trt_engine *e)
{
    char text[256], small[24];
    check(trt_inspect(e) == 0);
    doubt_precision found = trt_precision(e, text, sizeof text);
    check(found >= DOUBT_PRECISION_ANY && found < DOUBT_PRECISION_COUNT);
    check(trt_precision(e, small, sizeof small) == found);
    check(strlen(text) < sizeof text && strncmp(text, small, strlen(small)) == 0);
}

/* The same lines as names of layers that were timed, and as messages. */
static void call_back(trt_engine *e)
{
    void *log = trt_log_start(e), *profiler = trt_profiler(e);
    check(log != nullptr && profiler != nullptr);
    for (int i = 0; i < line_count; i++) {
        trt_ILogger_log(&e->places, log, static_cast<int32_t>(i % (TRT_VERBOSE + 1)), lines[i]);
        trt_IProfiler_reportLayerTime(&e->places, profiler, lines[i], static_cast<float>(i));
    }
    check(strlen(trt_log_reason(e)) < TRT_LOG_BYTES);
    trt_log_clear(e);
    trt_log_end(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    doubt_host host = {};
    host.fail = host.note = host_fail;
    if (size < 1)
        return 0;
    trt_engine *e = static_cast<trt_engine *>(calloc(1, sizeof *e));
    char *text = static_cast<char *>(malloc(size));
    check(e != nullptr && text != nullptr);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    set_up(e, &host, data[0]);
    split(text);
    tell(e);
    call_back(e);
    for (trt_layer *layer = e->layers, *next; layer != nullptr; layer = next) {
        check(strlen(layer->name) < DOUBT_NAME_BYTES && strlen(layer->type) < DOUBT_NAME_BYTES);
        next = layer->next;
        free(layer);
    }
    free(text);
    free(e);
    return 0;
}

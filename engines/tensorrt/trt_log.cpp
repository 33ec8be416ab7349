/* trt_log.cpp: what the library calls back: its log and its profiler.
 *
 * A unit of work is one message or one layer's time. The classes below have the virtual tables of
 * the vendor's ILogger and IProfiler, as they are up to 10 and (Versioned...) since 11. The log may
 * be called from threads of the library's.
 */
#include "trt_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace
{

/* What an interface tells of itself since 10. */
struct InterfaceInfo {
    const char *kind;
    int32_t major, minor;
};

/* Objects lie in the engine's own memory: making one takes none, deleting one frees none. Own
 * operators, so that nothing of a C++ library is needed. */
struct InPlace {
    static void *operator new(size_t, void *place)
    {
        return place;
    }
    static void operator delete(void *)
    {
    }
};

void keep(trt_log *log, int32_t severity, const char *message)
{
    if (severity > TRT_ERROR || message == nullptr)
        return;
    pthread_mutex_lock(&log->lock);
    if (log->error[0] == '\0')
        snprintf(log->error, sizeof log->error, "%s", message);
    pthread_mutex_unlock(&log->lock);
}

void add_time(trt_engine *e, const char *name, float ms)
{
    for (trt_layer *layer = e->layers; layer != nullptr; layer = layer->next)
        if (strncmp(layer->name, name, sizeof layer->name - 1) == 0) {
            layer->ms += static_cast<double>(ms);
            return;
        }
    trt_layer *layer = static_cast<trt_layer *>(calloc(1, sizeof *layer));
    if (layer == nullptr)
        return;
    snprintf(layer->name, sizeof layer->name, "%s", name);
    layer->ms = static_cast<double>(ms);
    trt_layer **end = &e->layers;
    while (*end != nullptr)
        end = &(*end)->next;
    *end = layer;
}

struct Log : InPlace {
    virtual void log(int32_t severity, const char *message) noexcept
    {
        keep(to, severity, message);
    }
    virtual ~Log()
    {
    }
    trt_log *to;
};

struct VersionedLog : InPlace {
    virtual int32_t getAPILanguage() const noexcept
    {
        return 0;
    }
    virtual InterfaceInfo getInterfaceInfo() const noexcept
    {
        return InterfaceInfo{"ILogger", 1, 0};
    }
    virtual ~VersionedLog()
    {
    }
    virtual void log(int32_t severity, const char *message) noexcept
    {
        keep(to, severity, message);
    }
    trt_log *to;
};

struct Profiler : InPlace {
    virtual void reportLayerTime(const char *name, float ms) noexcept
    {
        add_time(to, name, ms);
    }
    virtual ~Profiler()
    {
    }
    trt_engine *to;
};

struct VersionedProfiler : InPlace {
    virtual int32_t getAPILanguage() const noexcept
    {
        return 0;
    }
    virtual InterfaceInfo getInterfaceInfo() const noexcept
    {
        return InterfaceInfo{"IProfiler", 1, 0};
    }
    virtual ~VersionedProfiler()
    {
    }
    virtual void reportLayerTime(const char *name, float ms) noexcept
    {
        add_time(to, name, ms);
    }
    trt_engine *to;
};

template <typename T, typename To> void *make(void *memory, size_t bytes, To *to)
{
    if (sizeof(T) > bytes)
        return nullptr;
    T *object = new (memory) T();
    object->to = to;
    return object;
}

} // namespace

void *trt_log_start(trt_engine *e)
{
    if (e->log == nullptr) {
        e->log = static_cast<trt_log *>(calloc(1, sizeof *e->log));
        if (e->log == nullptr)
            return nullptr;
        pthread_mutex_init(&e->log->lock, nullptr);
        if (e->major >= 11)
            make<VersionedLog>(e->log->memory, sizeof e->log->memory, e->log);
        else
            make<Log>(e->log->memory, sizeof e->log->memory, e->log);
    }
    return e->log->memory;
}

void trt_log_clear(trt_engine *e)
{
    pthread_mutex_lock(&e->log->lock);
    e->log->error[0] = '\0';
    pthread_mutex_unlock(&e->log->lock);
}

const char *trt_log_reason(trt_engine *e)
{
    return e->log != nullptr && e->log->error[0] != '\0' ? e->log->error : "it gave no reason";
}

void trt_log_end(trt_engine *e)
{
    if (e->log == nullptr)
        return;
    pthread_mutex_destroy(&e->log->lock);
    free(e->log);
    e->log = nullptr;
}

void *trt_profiler(trt_engine *e)
{
    return e->major >= 11
               ? make<VersionedProfiler>(e->profiler_memory, sizeof e->profiler_memory, e)
               : make<Profiler>(e->profiler_memory, sizeof e->profiler_memory, e);
}

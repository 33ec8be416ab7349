/* onnxruntime_loop.c: the plainest timed loop around ONNX Runtime's C API, without doubt.
 *
 * A unit of work is one model file: load, bind, warm up, run, print the median. It is what a user
 * would write in an hour, and stands in for the timing tool that the wheel does not bring. Shares
 * no code with doubt on purpose, the clock and the table positions included.
 *
 *     onnxruntime-loop LIBRARY MODEL.onnx THREADS ITERATIONS
 *
 * The table of the C API is append-only, so members are called by their position in it (public
 * header onnxruntime_c_api.h, API 16 and later).
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { API = 16, WARM_RUNS = 10, INPUTS_MAX = 16, RANK_MAX = 16, FLOAT = 1 };

typedef void (*member)(void);

typedef struct {
    const member *(*get_api)(uint32_t version);
    const char *(*version)(void);
} base_table;

static const member *api;

#define AT(position, ...) (((void *(*)(__VA_ARGS__))api[position]))

static void must(void *status, const char *what)
{
    if (status == NULL)
        return;
    fprintf(stderr, "onnxruntime-loop: %s: %s\n", what,
            ((const char *(*)(const void *))api[2])(status));
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const base_table *(*entry)(void);
    void *symbol = library != NULL ? dlsym(library, "OrtGetApiBase") : NULL;
    if (symbol == NULL) {
        fprintf(stderr, "onnxruntime-loop: %s\n", dlerror());
        exit(1);
    }
    memcpy(&entry, &symbol, sizeof entry);
    const base_table *base = entry();
    api = base->get_api(API);
    if (api == NULL) {
        fprintf(stderr, "onnxruntime-loop: %s has no API %d\n", path, API);
        exit(1);
    }
    fprintf(stderr, "onnxruntime %s\n", base->version());
}

static size_t element_bytes(int type)
{
    static const unsigned char bytes[17] = {0, 4, 1, 1, 2, 2, 4, 8, 0, 1, 2, 8, 4, 8, 8, 16, 2};
    return type > 0 && type < 17 ? bytes[type] : 0;
}

static void *filled(int type, size_t count)
{
    void *data = calloc(count, element_bytes(type));
    uint32_t x = 12345;
    if (data == NULL)
        abort();
    for (size_t i = 0; type == FLOAT && i < count; i++) {
        x = x * 1664525u + 1013904223u;
        ((float *)data)[i] = (float)(x >> 8) / 8388608.0f - 1.0f;
    }
    return data;
}

static void bind_input(void *session, void *binding, void *memory, void *allocator, size_t i)
{
    void *type_info, *value;
    const void *shape;
    char *name;
    int type;
    size_t rank, count = 1;
    int64_t dims[RANK_MAX];
    must(AT(33, void *, size_t, void **)(session, i, &type_info), "input type");
    must(AT(55, void *, const void **)(type_info, &shape), "tensor info");
    must(AT(60, const void *, int *)(shape, &type), "element type");
    must(AT(61, const void *, size_t *)(shape, &rank), "rank");
    if (rank > RANK_MAX || element_bytes(type) == 0)
        abort();
    must(AT(62, const void *, int64_t *, size_t)(shape, dims, rank), "sizes");
    for (size_t d = 0; d < rank; d++) {
        if (dims[d] < 1) {
            fprintf(stderr, "onnxruntime-loop: input %zu has an unknown size\n", i);
            exit(1);
        }
        count *= (size_t)dims[d];
    }
    must(AT(36, void *, size_t, void *, char **)(session, i, allocator, &name), "input name");
    must(AT(49, void *, void *, size_t, const int64_t *, size_t, int, void **)(
             memory, filled(type, count), count * element_bytes(type), dims, rank, type, &value),
         "input tensor");
    must(AT(136, void *, const char *, void *)(binding, name, value), "binding an input");
}

static void *bind(void *session)
{
    void *binding, *memory, *allocator;
    char *name;
    size_t inputs, outputs;
    must(AT(134, void *, void **)(session, &binding), "binding");
    must(AT(69, int, int, void **)(1, 0, &memory), "memory info");
    must(AT(78, void **)(&allocator), "allocator");
    must(AT(30, void *, size_t *)(session, &inputs), "inputs");
    must(AT(31, void *, size_t *)(session, &outputs), "outputs");
    for (size_t i = 0; i < inputs; i++)
        bind_input(session, binding, memory, allocator, i);
    for (size_t i = 0; i < outputs; i++) {
        must(AT(37, void *, size_t, void *, char **)(session, i, allocator, &name), "output name");
        must(AT(138, void *, const char *, void *)(binding, name, memory), "binding an output");
    }
    return binding;
}

static void *open_session(const char *model, int threads)
{
    void *env, *options, *session;
    must(AT(3, int, const char *, void **)(3, "loop", &env), "environment");
    must(AT(10, void **)(&options), "options");
    must(AT(23, void *, int)(options, 99), "graph optimisation");
    must(AT(24, void *, int)(options, threads), "threads");
    must(AT(25, void *, int)(options, 1), "threads between operators");
    must(AT(7, void *, const char *, void *, void **)(env, model, options, &session), model);
    return session;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc != 5 || atoi(argv[4]) < 1) {
        fprintf(stderr, "usage: onnxruntime-loop LIBRARY MODEL.onnx THREADS ITERATIONS\n");
        return 2;
    }
    load(argv[1]);
    void *session = open_session(argv[2], atoi(argv[3]));
    void *binding = bind(session);
    void *(*run)(void *, void *, void *) = AT(133, void *, void *, void *);
    size_t count = (size_t)atoi(argv[4]);
    int64_t *ns = calloc(count, sizeof *ns), begin = now_ns();
    if (ns == NULL)
        abort();
    for (int i = 0; i < WARM_RUNS || now_ns() - begin < 1000000000; i++)
        must(run(session, NULL, binding), "run");
    for (size_t i = 0; i < count; i++) {
        begin = now_ns();
        void *status = run(session, NULL, binding);
        ns[i] = now_ns() - begin;
        must(status, "run");
    }
    qsort(ns, count, sizeof *ns, by_value);
    printf("%lld\n", (long long)ns[count / 2]);
    return 0;
}

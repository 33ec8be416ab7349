/* shared.c: see shared.h. */
#include "measure/shared.h"

#include "util/str.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t magic = UINT64_C(0x646f7562742d7731);

enum { PAGE = 65536 }; /* the largest page of the machines built for */

const char *doubt_shared_phase_name(int phase)
{
    static const char *const names[DOUBT_PHASE_COUNT] = {
        [DOUBT_PHASE_LOAD] = "load",     [DOUBT_PHASE_BUILD] = "build",
        [DOUBT_PHASE_BIND] = "bind",     [DOUBT_PHASE_FIRST] = "first",
        [DOUBT_PHASE_CHECK] = "check",   [DOUBT_PHASE_WARM] = "warm-up",
        [DOUBT_PHASE_SAMPLE] = "sample", [DOUBT_PHASE_WAYS] = "boundaries",
        [DOUBT_PHASE_RECHECK] = "check", [DOUBT_PHASE_GRAPH] = "graph",
        [DOUBT_PHASE_UNLOAD] = "unload", [DOUBT_PHASE_DONE] = "done"};
    return phase >= 0 && phase < DOUBT_PHASE_COUNT ? names[phase] : "?";
}

static size_t header_bytes(void)
{
    return (sizeof(struct doubt_shared) + PAGE - 1) / PAGE * PAGE;
}

static enum doubt_code map_memory(struct doubt_shared_map *map, struct doubt_err *err)
{
    void *at = mmap(NULL, map->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, map->fd, 0);
    if (at == MAP_FAILED)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno,
                               "cannot map %zu bytes of memory shared with a worker", map->bytes);
    map->shared = at;
    map->samples = (int64_t *)((char *)at + header_bytes());
    return DOUBT_OK;
}

static void clear(struct doubt_shared *shared, size_t bytes)
{
    shared->magic = magic;
    shared->bytes = bytes;
    shared->text_used = 1; /* offset 0 stands for NULL */
    struct doubt_shared_answer *answer = &shared->answer;
    for (int i = 0; i < DOUBT_PHASE_COUNT; i++)
        answer->phase_ns[i] = DOUBT_MISSING_I64;
    answer->warm_iterations = DOUBT_MISSING_I64;
    answer->sample_begun_ns = answer->sample_ended_ns = DOUBT_MISSING_I64;
    answer->peak_memory_bytes = DOUBT_MISSING_I64;
    answer->place.priority = answer->place.locked_bytes = DOUBT_MISSING_I64;
    answer->output_error = answer->train_ns = answer->graph_ns = NAN;
    for (int i = 0; i < DOUBT_WAY_COUNT; i++)
        answer->way_ns[i] = NAN;
}

enum doubt_code doubt_shared_create(int64_t iterations, struct doubt_shared_map *map,
                                    struct doubt_err *err)
{
    *map = (struct doubt_shared_map){.fd = -1};
    if (iterations < 0 || iterations > DOUBT_RESTART_ITERATIONS_MAX)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "%lld samples of a restart are out of range: 1 to %lld",
                             (long long)iterations, (long long)DOUBT_RESTART_ITERATIONS_MAX);
    map->bytes = header_bytes() + (size_t)iterations * sizeof *map->samples;
    map->fd = memfd_create("doubt-worker", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (map->fd < 0)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno,
                               "cannot make memory to share with a worker (memfd_create)");
    enum doubt_code code = DOUBT_OK;
    /* Sealed, so that nobody can take pages away from the reader. */
    if (ftruncate(map->fd, (off_t)map->bytes) != 0 ||
        fcntl(map->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        code = doubt_err_errno(err, DOUBT_E_SYSTEM, errno,
                               "cannot set %zu bytes of shared memory aside", map->bytes);
    if (code == DOUBT_OK)
        code = map_memory(map, err);
    if (code == DOUBT_OK)
        clear(map->shared, map->bytes);
    else
        doubt_shared_close(map);
    return code;
}

enum doubt_code doubt_shared_attach(int fd, struct doubt_shared_map *map, struct doubt_err *err)
{
    struct stat info;
    *map = (struct doubt_shared_map){.fd = fd};
    if (fstat(fd, &info) != 0)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "descriptor %d is not open", fd);
    if (info.st_size < 0 || (uint64_t)info.st_size < header_bytes())
        return doubt_err_set(err, DOUBT_E_FORMAT, "descriptor %d is no order for a worker", fd);
    map->bytes = (size_t)info.st_size;
    enum doubt_code code = map_memory(map, err);
    if (code != DOUBT_OK)
        return code;
    const struct doubt_shared *shared = map->shared;
    uint64_t room = (map->bytes - header_bytes()) / sizeof *map->samples;
    if (shared->magic == magic && shared->bytes == map->bytes && shared->order.iterations >= 0 &&
        (uint64_t)shared->order.iterations <= room)
        return DOUBT_OK;
    doubt_shared_close(map);
    return doubt_err_set(err, DOUBT_E_FORMAT, "descriptor %d holds no order of this doubt", fd);
}

void doubt_shared_close(struct doubt_shared_map *map)
{
    if (map->shared != NULL)
        munmap(map->shared, map->bytes);
    if (map->fd >= 0)
        close(map->fd);
    *map = (struct doubt_shared_map){.fd = -1};
}

enum doubt_code doubt_shared_put_text(struct doubt_shared *shared, const char *text,
                                      doubt_shared_text *at, struct doubt_err *err)
{
    *at = 0;
    if (text == NULL)
        return DOUBT_OK;
    size_t bytes = strlen(text) + 1;
    if (bytes > DOUBT_SHARED_TEXT_BYTES - shared->text_used)
        return doubt_err_set(
            err, DOUBT_E_USAGE,
            "paths and options of one cell take more than %d bytes: \"%.60s\" does "
            "not fit any more",
            DOUBT_SHARED_TEXT_BYTES, text);
    *at = shared->text_used;
    memcpy(shared->text + *at, text, bytes);
    shared->text_used += (uint32_t)bytes;
    return DOUBT_OK;
}

const char *doubt_shared_get_text(const struct doubt_shared *shared, doubt_shared_text at)
{
    if (at == 0 || at >= DOUBT_SHARED_TEXT_BYTES)
        return NULL;
    return memchr(shared->text + at, '\0', DOUBT_SHARED_TEXT_BYTES - at) ? shared->text + at : NULL;
}

/* A place for DOUBT_SHARED_OPTIONS_MAX texts. */
struct list {
    doubt_shared_text *texts;
    uint32_t *count;
    const char *what; /* they are, for the sentence */
};

static enum doubt_code put_list(struct doubt_shared *shared, const char *const *texts,
                                const struct list *list, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    *list->count = 0;
    for (; texts != NULL && *texts != NULL && code == DOUBT_OK; texts++) {
        if (*list->count == DOUBT_SHARED_OPTIONS_MAX)
            return doubt_err_set(err, DOUBT_E_USAGE, "more than %d %s: \"%.60s\" is one too many",
                                 DOUBT_SHARED_OPTIONS_MAX, list->what, *texts);
        code = doubt_shared_put_text(shared, *texts, &list->texts[(*list->count)++], err);
    }
    return code;
}

static enum doubt_code put_sizes(struct doubt_shared *shared, const struct doubt_cell_plan *cell,
                                 struct doubt_err *err)
{
    struct doubt_shared_order *order = &shared->order;
    if (cell->input_size_count > DOUBT_SHARED_INPUTS_MAX)
        return doubt_err_set(err, DOUBT_E_USAGE, "sizes for %u inputs: at most %d are accepted",
                             cell->input_size_count, DOUBT_SHARED_INPUTS_MAX);
    order->input_count = cell->input_size_count;
    for (uint32_t i = 0; i < order->input_count; i++) {
        const struct doubt_tensor *size = &cell->input_sizes[i];
        if (size->rank < 0 || size->rank > DOUBT_RANK_MAX)
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "input \"%.60s\" was given %d sizes: 0 to %d are accepted",
                                 size->name, size->rank, DOUBT_RANK_MAX);
        enum doubt_code code =
            doubt_shared_put_text(shared, size->name, &order->inputs[i].name, err);
        if (code != DOUBT_OK)
            return code;
        order->inputs[i].rank = size->rank;
        memcpy(order->inputs[i].dims, size->dims, sizeof size->dims);
    }
    return DOUBT_OK;
}

enum doubt_code doubt_shared_put_cell(struct doubt_shared *shared,
                                      const struct doubt_cell_plan *cell, struct doubt_err *err)
{
    struct doubt_shared_order *order = &shared->order;
    const struct {
        const char *text;
        doubt_shared_text *at;
    } texts[] = {{cell->engine, &order->engine},
                 {cell->library_path, &order->library_path},
                 {cell->model_path, &order->model_path},
                 {cell->device, &order->device}};
    const struct list options = {order->options, &order->option_count, "options of an engine"};
    const struct list environment = {order->environment, &order->environment_count,
                                     "variables in an environment"};
    order->precision = cell->precision;
    order->boundary = cell->boundary;
    order->threads = cell->threads;
    order->flush = cell->flush;
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && code == DOUBT_OK; i++)
        code = doubt_shared_put_text(shared, texts[i].text, texts[i].at, err);
    if (code == DOUBT_OK)
        code = put_list(shared, cell->options, &options, err);
    if (code == DOUBT_OK)
        code = put_list(shared, cell->environment, &environment, err);
    if (code == DOUBT_OK)
        code = put_sizes(shared, cell, err);
    order->has_reference = cell->reference != NULL;
    if (code == DOUBT_OK && cell->reference != NULL)
        code = doubt_shared_put_reference(shared, cell->reference, err);
    return code;
}

enum doubt_code doubt_shared_put_reference(struct doubt_shared *shared,
                                           const struct doubt_reference *reference,
                                           struct doubt_err *err)
{
    if (reference->output_count > DOUBT_REFERENCE_OUTPUTS_MAX)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "the model has %u outputs: at most %d are compared with a reference",
                             reference->output_count, DOUBT_REFERENCE_OUTPUTS_MAX);
    shared->reference_count = reference->output_count;
    if (reference->output_count > 0)
        memcpy(shared->reference, reference->outputs,
               reference->output_count * sizeof *reference->outputs);
    return DOUBT_OK;
}

struct doubt_reference doubt_shared_get_reference(struct doubt_shared *shared)
{
    struct doubt_reference view = {shared->reference_count, shared->reference};
    if (view.output_count > DOUBT_REFERENCE_OUTPUTS_MAX)
        view.output_count = 0;
    for (uint32_t i = 0; i < view.output_count; i++) {
        struct doubt_reference_output *output = &view.outputs[i];
        output->name[sizeof output->name - 1] = '\0';
        if (output->point_count > DOUBT_REFERENCE_POINTS)
            output->point_count = 0;
        if (output->rank < 0 || output->rank > DOUBT_RANK_MAX)
            output->rank = 0;
    }
    return view;
}

/* Length of the well-formed UTF-8 character at s, 0 when there is none (Unicode 15, table 3-7). */
static size_t character(const unsigned char *s, size_t left)
{
    size_t want = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    if (want == 0 || want > left || s[0] > 0xF4)
        return 0;
    for (size_t i = 1; i < want; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
        (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F))
        return 0;
    return want;
}

void doubt_shared_clean_text(char *to, size_t to_bytes, const char *from, size_t from_bytes)
{
    size_t used = 0, length = strnlen(from, from_bytes);
    for (size_t i = 0; i < length;) {
        const unsigned char *s = (const unsigned char *)from + i;
        size_t bytes = character(s, length - i);
        bool control = (s[0] < 0x20 && s[0] != '\n' && s[0] != '\t') || s[0] == 0x7F;
        size_t put = bytes > 0 ? bytes : 1;
        if (used + put >= to_bytes)
            break;
        if (bytes == 0 || control)
            to[used] = '?';
        else
            memcpy(to + used, s, bytes);
        used += put;
        i += put;
    }
    to[used] = '\0';
}

size_t doubt_shared_sample_count(const struct doubt_shared_map *map)
{
    size_t room = (map->bytes - header_bytes()) / sizeof *map->samples, count = 0;
    while (count < room && map->samples[count] != DOUBT_SHARED_NO_SAMPLE)
        count++;
    return count;
}

struct doubt_engine_layer *doubt_shared_layers(const struct doubt_shared_map *map, size_t *room)
{
    *room = (map->bytes - header_bytes()) / sizeof(struct doubt_engine_layer);
    return (struct doubt_engine_layer *)(void *)map->samples;
}

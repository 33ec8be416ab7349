/* worker.c: the worker's side of a restart.
 *
 * A unit of work is one job from the shared memory, done phase by phase in a process of its own.
 * The marker of the phase is set before a phase begins, so that the supervisor knows where a worker
 * ended that cannot tell any more. Not for the supervisor: restart.c and child.c are its side.
 */
#include "engine/registry.h"
#include "engine/session.h"
#include "measure/loop.h"
#include "measure/place.h"
#include "measure/rights.h"
#include "measure/shared.h"
#include "measure/times.h"
#include "model/net.h"
#include "model/tensor.h"
#include "util/clock.h"
#include "util/str.h"
#include "util/units.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SCRATCH = 512, WAY_WARM = 5, WAY_LEAST = 5, TRAIN = 100 };

/* How long each other boundary is timed. */
static const int64_t way_ns = 100000000;
/* A worker that has answered is given five seconds. */
static const double graph_most_ns = 1e9;

struct work {
    struct doubt_shared_map map;
    struct doubt_shared *shared;
    const struct doubt_shared_order *order;
    struct doubt_shared_answer *answer;
    struct doubt_registry *registry;
    const struct doubt_engine *engine;
    struct doubt_session *session;
    const char *options[DOUBT_SHARED_OPTIONS_MAX + 2];
    char restart_option[32];
    struct doubt_tensor inputs[DOUBT_SHARED_INPUTS_MAX];
};

/* --- the process --------------------------------------------------------------------------- */

/* Descriptors that the supervisor left open for its own purposes: another process must not see an
 * end of file later because this one still holds them. */
static void close_others(int keep)
{
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        int fd = atoi(entry->d_name);
        if (fd > STDERR_FILENO && fd != keep && fd != dirfd(folder))
            close(fd);
    }
    closedir(folder);
}

/* The first to go when memory runs out is the worker, never the supervisor. */
static void offer_to_killer(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t ignored = write(fd, "1000", 4);
    (void)ignored;
    close(fd);
}

static void keep_to_cpus(const uint64_t *mask)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    for (size_t i = 0; i < DOUBT_SHARED_CPUS_MAX; i++)
        if (mask[i / 64] >> (i % 64) & 1)
            CPU_SET(i, &cpus);
    if (CPU_COUNT(&cpus) > 0)
        sched_setaffinity(0, sizeof cpus, &cpus);
}

/* A crash ends the process by its signal, whatever a sanitizer's runtime would make of it. */
static void let_crashes_be_signals(void)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        signal(numbers[i], SIG_DFL);
}

/* Whatever fails, the process is set up to the end: it has yet to say so. */
static enum doubt_code set_up_process(const struct doubt_shared_order *order, int keep,
                                      struct doubt_err *err)
{
    const struct rlimit no_core = {0, 0};
    const struct rlimit memory = {order->memory_limit_bytes, order->memory_limit_bytes};
    let_crashes_be_signals();
    close_others(keep);
    offer_to_killer();
    if (!doubt_cpus_any(&order->worker.cpus))
        keep_to_cpus(order->cpus);
    enum doubt_code code = doubti_place_begin(&order->worker, err);
    setrlimit(RLIMIT_CORE, &no_core);
    if (order->memory_limit_bytes > 0)
        setrlimit(RLIMIT_AS, &memory);
    doubti_rights_drop();
    prctl(PR_SET_NAME, "doubt-worker"); /* last: who sees the name sees a process that is set up */
    return code;
}

/* --- the order ----------------------------------------------------------------------------- */

/* The number of the restart first, for an engine that has that option: one given by the user comes
 * behind it and counts. */
static void read_options(struct work *work)
{
    const struct doubt_shared_order *order = work->order;
    size_t count = 0;
    snprintf(work->restart_option, sizeof work->restart_option, "?restart=%lld",
             (long long)order->number);
    work->options[count++] = work->restart_option;
    for (uint32_t i = 0; i < order->option_count && i < DOUBT_SHARED_OPTIONS_MAX; i++) {
        const char *text = doubt_shared_get_text(work->shared, order->options[i]);
        if (text != NULL)
            work->options[count++] = text;
    }
    work->options[count] = NULL;
}

static uint32_t read_sizes(struct work *work)
{
    const struct doubt_shared_order *order = work->order;
    uint32_t i;
    for (i = 0; i < order->input_count && i < DOUBT_SHARED_INPUTS_MAX; i++) {
        work->inputs[i].name = doubt_shared_get_text(work->shared, order->inputs[i].name);
        work->inputs[i].rank = order->inputs[i].rank;
        memcpy(work->inputs[i].dims, order->inputs[i].dims, sizeof work->inputs[i].dims);
    }
    return i;
}

/* --- phases -------------------------------------------------------------------------------- */

static enum doubt_code find(struct work *work, struct doubt_err *err)
{
    const struct doubt_shared_order *order = work->order;
    const char *name = doubt_shared_get_text(work->shared, order->engine);
    enum doubt_code code = doubt_registry_open(&work->registry, err);
    if (code == DOUBT_OK)
        code = doubt_registry_find(work->registry, name ? name : "", &work->engine, err);
    if (code != DOUBT_OK)
        return code;
    read_options(work);
    struct doubt_session_request request = {
        .ops = work->engine->ops,
        .library_path = doubt_shared_get_text(work->shared, order->library_path),
        .options = work->options,
        .open = {.model_path = doubt_shared_get_text(work->shared, order->model_path),
                 .device = doubt_shared_get_text(work->shared, order->device),
                 .precision = order->precision,
                 .threads = order->threads,
                 .boundary = order->boundary,
                 .inputs = work->inputs,
                 .input_count = read_sizes(work),
                 .profile = order->job == DOUBT_JOB_LAYERS,
                 .flush = order->flush,
                 .cache_folder = doubt_shared_get_text(work->shared, order->cache_folder)}};
    return doubt_session_new(&request, &work->session, err);
}

static enum doubt_code load(struct work *work, struct doubt_err *err)
{
    return doubt_session_load(work->session, err);
}

static enum doubt_code tell_library(struct work *work, struct doubt_err *err)
{
    return doubt_session_info(work->session, &work->answer->info, err);
}

static enum doubt_code build(struct work *work, struct doubt_err *err)
{
    return doubt_session_open(work->session, err);
}

static enum doubt_code bind(struct work *work, struct doubt_err *err)
{
    return doubt_session_bind(work->session, doubt_net_fill_input, err);
}

/* "f32 1x3x224x224, i64 1" */
static void tell_inputs(struct work *work)
{
    size_t count = 0;
    const struct doubt_tensor *inputs = doubt_session_inputs(work->session, &count);
    struct doubt_str text;
    doubt_str_init(&text, sizeof work->answer->input - 1);
    for (size_t i = 0; i < count; i++) {
        char dims[256];
        doubt_dims_format(inputs[i].dims, inputs[i].rank, dims, sizeof dims);
        doubt_str_addf(&text, "%s%s %s", i ? ", " : "", doubt_dtype_name(inputs[i].dtype), dims);
    }
    doubt_str_copy(work->answer->input, sizeof work->answer->input, doubt_str_text(&text));
    doubt_str_free(&text);
}

static enum doubt_code place(struct work *work, struct doubt_err *err)
{
    return doubti_place_hold(&work->order->worker, err);
}

static enum doubt_code tell_place(struct work *work, struct doubt_err *err)
{
    return doubti_place_read(&work->order->worker, &work->answer->place, err);
}

static enum doubt_code touch(struct work *work, struct doubt_err *err)
{
    (void)err;
    for (int64_t i = 0; i < work->order->iterations; i++)
        work->map.samples[i] = DOUBT_SHARED_NO_SAMPLE;
    tell_inputs(work);
    return DOUBT_OK;
}

static enum doubt_code first(struct work *work, struct doubt_err *err)
{
    return doubt_session_run(work->session, err);
}

static void tell_notes(struct work *work)
{
    if (work->session != NULL)
        doubt_str_copy(work->answer->notes, sizeof work->answer->notes,
                       doubt_session_notes(work->session));
}

static enum doubt_code tell_used(struct work *work, struct doubt_err *err)
{
    enum doubt_code code = doubt_session_used(work->session, &work->answer->used, err);
    work->answer->described = code == DOUBT_OK;
    tell_notes(work); /* now as well, should it not come to the answer */
    return code;
}

/* Position of the first element that is no finite number; count when there is none. */
static uint64_t not_finite(const struct doubt_tensor *output, uint64_t count)
{
    uint64_t i = 0;
    if (output->dtype == DOUBT_F64)
        while (i < count && isfinite(((const double *)output->data)[i]))
            i++;
    else
        while (i < count && isfinite(doubt_element_f32(output->data, output->dtype, i)))
            i++;
    return i;
}

static enum doubt_code check_finite(const struct doubt_tensor *outputs, size_t count,
                                    struct doubt_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct doubt_tensor *output = &outputs[i];
        uint64_t elements = 0;
        if (!doubt_dims_count(output->dims, output->rank, &elements) ||
            (output->data == NULL && elements > 0))
            return doubt_err_set(err, DOUBT_E_OUTPUT, "output \"%s\" has no values", output->name);
        uint64_t at = not_finite(output, elements);
        if (at < elements)
            return doubt_err_set(
                err, DOUBT_E_OUTPUT, "output \"%s\" is not a finite number at element %llu of %llu",
                output->name, (unsigned long long)at, (unsigned long long)elements);
    }
    return DOUBT_OK;
}

static enum doubt_code check(struct work *work, struct doubt_err *err)
{
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    struct doubt_shared_answer *answer = work->answer;
    if (work->engine->ops->caps & DOUBT_CAP_NO_OUTPUT)
        return DOUBT_OK;
    enum doubt_code code = doubt_session_outputs(work->session, &outputs, &count, err);
    if (code != DOUBT_OK)
        return code;
    if (!work->order->has_reference)
        return check_finite(outputs, count, err);
    enum doubt_precision precision = answer->used.precision;
    if (precision == DOUBT_PRECISION_ANY)
        precision = work->order->precision;
    struct doubt_reference reference = doubt_shared_get_reference(work->shared);
    struct doubt_check result = {.ok = false};
    doubt_check_outputs(&reference, outputs, count, precision, &result);
    if (isnan(answer->output_error) || !(result.error < answer->output_error))
        answer->output_error = result.error;
    if (!result.ok)
        return doubt_err_set(err, DOUBT_E_OUTPUT, "%s", result.text);
    return DOUBT_OK;
}

static enum doubt_code after_loop(struct work *work, const struct doubt_loop_end *end,
                                  struct doubt_err *err)
{
    if (end->failed)
        return doubt_session_failure(work->session, err);
    if (end->stopped)
        return doubt_err_set(err, DOUBT_E_INTERRUPTED, "interrupted after %zu inferences",
                             end->count);
    return DOUBT_OK;
}

static doubt_loop_fn *loop_of(struct work *work)
{
    struct doubt_step step = doubt_session_step(work->session);
    return doubt_loop_of(&step, work->order->boundary == DOUBT_BOUNDARY_DEVICE);
}

static enum doubt_code warm(struct work *work, struct doubt_err *err)
{
    const struct doubt_shared_order *order = work->order;
    int64_t scratch[SCRATCH] = {0};
    const struct doubt_loop_bounds bounds = {.run = loop_of(work),
                                             .count_min = (size_t)order->warm_iterations_min,
                                             .count_max = SIZE_MAX,
                                             .ns = order->warm_ns,
                                             .stop = &work->shared->stop};
    struct doubt_loop_end end =
        doubt_loop_blocks(doubt_session_step(work->session), scratch, SCRATCH, &bounds);
    work->answer->warm_iterations = (int64_t)end.count;
    return after_loop(work, &end, err);
}

static enum doubt_code sample(struct work *work, struct doubt_err *err)
{
    const struct doubt_shared_order *order = work->order;
    const struct doubt_loop_bounds bounds = {
        .run = loop_of(work),
        .count_min = (size_t)(order->iterations_min > 0 ? order->iterations_min : 1),
        .count_max = (size_t)order->iterations,
        .ns = order->sample_ns_max > 0 ? order->sample_ns_max : INT64_MAX,
        .stop = &work->shared->stop};
    work->answer->sample_begun_ns = doubt_clock_ns();
    struct doubt_loop_end end = doubt_loop_blocks(doubt_session_step(work->session),
                                                  work->map.samples, bounds.count_max, &bounds);
    work->answer->sample_begun_ns = end.begun_ns;
    work->answer->sample_ended_ns = end.ended_ns;
    return after_loop(work, &end, err);
}

static double median_ns(int64_t *samples, size_t count)
{
    doubti_times_sort(samples, count);
    return doubti_times_median(samples, count);
}

static enum doubt_code time_way(struct work *work, enum doubt_way way, struct doubt_err *err)
{
    int64_t samples[SCRATCH] = {0};
    struct doubt_step step = doubt_session_step_of(work->session, way);
    struct doubt_loop_bounds bounds = {.run = doubt_loop_of(&step, way == DOUBT_WAY_DEVICE),
                                       .count_min = 1,
                                       .count_max = WAY_WARM,
                                       .ns = way_ns / 2,
                                       .stop = &work->shared->stop};
    struct doubt_loop_end end = doubt_loop_blocks(step, samples, SCRATCH, &bounds);
    enum doubt_code code = after_loop(work, &end, err);
    if (code != DOUBT_OK)
        return code;
    bounds.count_min = WAY_LEAST;
    bounds.count_max = SCRATCH;
    bounds.ns = way_ns;
    end = doubt_loop_blocks(step, samples, SCRATCH, &bounds);
    code = after_loop(work, &end, err);
    if (code == DOUBT_OK)
        work->answer->way_ns[way] = median_ns(samples, end.count);
    return code;
}

/* How many inferences back to back take about three times as long as another way. */
static int train_length(const struct work *work)
{
    double one_ns = fmax(doubt_session_device_ns(work->session), 1);
    return (int)fmin(fmax(3 * (double)way_ns / one_ns, WAY_LEAST), TRAIN);
}

/* Leaves *median as it is where the engine fails. */
static enum doubt_code time_train(struct work *work, enum doubt_train train, double *median,
                                  struct doubt_err *err)
{
    double ns[TRAIN];
    int64_t samples[TRAIN];
    int n = train_length(work);
    for (int i = 0; i < n; i++)
        ns[i] = NAN;
    enum doubt_code code = doubt_session_back_to_back(work->session, train, (uint32_t)n, ns, err);
    size_t count = 0;
    for (int i = 0; code == DOUBT_OK && i < n; i++)
        if (ns[i] >= 0 && ns[i] < 9e18)
            samples[count++] = (int64_t)(ns[i] + 0.5);
    if (code == DOUBT_OK)
        *median = median_ns(samples, count);
    return code;
}

/* All boundaries that a device has go into the record, whichever was asked for. A host's own
 * processor has no other. */
static enum doubt_code time_ways(struct work *work, struct doubt_err *err)
{
    enum doubt_way asked = doubt_session_way(work->session);
    enum doubt_code code = DOUBT_OK;
    for (int way = 0; code == DOUBT_OK && way < DOUBT_WAY_COUNT; way++)
        if (way != (int)asked && doubt_session_has(work->session, (enum doubt_way)way))
            code = time_way(work, (enum doubt_way)way, err);
    if (code == DOUBT_OK && doubt_session_has(work->session, DOUBT_WAY_DEVICE))
        code = time_train(work, DOUBT_TRAIN_RUNS, &work->answer->train_ns, err);
    doubt_err_prefix(err, "timing the other boundaries");
    return code;
}

static enum doubt_code recheck(struct work *work, struct doubt_err *err)
{
    enum doubt_code code = check(work, err);
    doubt_err_prefix(err, "after sampling");
    return code;
}

static enum doubt_code give_reference(struct work *work, struct doubt_err *err)
{
    const struct doubt_tensor *outputs = NULL;
    size_t count = 0;
    enum doubt_code code = doubt_session_outputs(work->session, &outputs, &count, err);
    if (code == DOUBT_OK)
        code = check_finite(outputs, count, err);
    if (code != DOUBT_OK)
        return code;
    struct doubt_reference reference = {0, NULL};
    code = doubt_reference_make(outputs, count, &reference, err);
    if (code == DOUBT_OK)
        code = doubt_shared_put_reference(work->shared, &reference, err);
    doubt_reference_free(&reference);
    return code;
}

static enum doubt_code give_layers(struct work *work, struct doubt_err *err)
{
    struct doubt_engine_layer *layers = NULL;
    uint32_t count = 0;
    size_t room = 0;
    enum doubt_code code = doubt_session_layers(work->session, &layers, &count, err);
    if (code != DOUBT_OK)
        return code;
    struct doubt_engine_layer *to = doubt_shared_layers(&work->map, &room);
    work->answer->layer_count = count < room ? count : (uint32_t)room;
    if (count > 0 && room > 0)
        memcpy(to, layers, work->answer->layer_count * sizeof *to);
    free(layers);
    return DOUBT_OK;
}

struct phase {
    enum doubt_phase phase;
    bool timed;
    enum doubt_code (*run)(struct work *work, struct doubt_err *err);
};

static const struct phase measure_phases[] = {
    {DOUBT_PHASE_LOAD, false, find},         {DOUBT_PHASE_LOAD, true, load},
    {DOUBT_PHASE_LOAD, false, tell_library}, {DOUBT_PHASE_BUILD, true, build},
    {DOUBT_PHASE_BIND, true, bind},          {DOUBT_PHASE_BIND, false, touch},
    {DOUBT_PHASE_BIND, false, place},        {DOUBT_PHASE_FIRST, true, first},
    {DOUBT_PHASE_FIRST, false, tell_used},   {DOUBT_PHASE_FIRST, false, place},
    {DOUBT_PHASE_CHECK, true, check},        {DOUBT_PHASE_WARM, true, warm},
    {DOUBT_PHASE_SAMPLE, true, sample},      {DOUBT_PHASE_SAMPLE, false, tell_place},
    {DOUBT_PHASE_WAYS, true, time_ways},     {DOUBT_PHASE_RECHECK, true, recheck},
    {DOUBT_PHASE_DONE, false, NULL}};

/* Another tool's procedure may time the very first inference: nothing runs before. */
static const struct phase cold_phases[] = {
    {DOUBT_PHASE_LOAD, false, find},         {DOUBT_PHASE_LOAD, true, load},
    {DOUBT_PHASE_LOAD, false, tell_library}, {DOUBT_PHASE_BUILD, true, build},
    {DOUBT_PHASE_BIND, true, bind},          {DOUBT_PHASE_BIND, false, touch},
    {DOUBT_PHASE_BIND, false, tell_used},    {DOUBT_PHASE_BIND, false, place},
    {DOUBT_PHASE_WARM, true, warm},          {DOUBT_PHASE_SAMPLE, true, sample},
    {DOUBT_PHASE_SAMPLE, false, tell_place}, {DOUBT_PHASE_RECHECK, true, recheck},
    {DOUBT_PHASE_DONE, false, NULL}};

/* Profiled inferences are no figures: no samples are kept. */
static const struct phase layer_phases[] = {
    {DOUBT_PHASE_LOAD, false, find},         {DOUBT_PHASE_LOAD, true, load},
    {DOUBT_PHASE_LOAD, false, tell_library}, {DOUBT_PHASE_BUILD, true, build},
    {DOUBT_PHASE_BIND, true, bind},          {DOUBT_PHASE_FIRST, true, first},
    {DOUBT_PHASE_FIRST, false, tell_used},   {DOUBT_PHASE_CHECK, true, check},
    {DOUBT_PHASE_WARM, true, warm},          {DOUBT_PHASE_SAMPLE, true, give_layers},
    {DOUBT_PHASE_DONE, false, NULL}};

static const struct phase ask_phases[] = {{DOUBT_PHASE_LOAD, false, find},
                                          {DOUBT_PHASE_LOAD, true, load},
                                          {DOUBT_PHASE_LOAD, false, tell_library},
                                          {DOUBT_PHASE_DONE, false, NULL}};

static const struct phase reference_phases[] = {
    {DOUBT_PHASE_LOAD, false, find},  {DOUBT_PHASE_LOAD, true, load},
    {DOUBT_PHASE_BUILD, true, build}, {DOUBT_PHASE_BIND, true, bind},
    {DOUBT_PHASE_FIRST, true, first}, {DOUBT_PHASE_CHECK, true, give_reference},
    {DOUBT_PHASE_DONE, false, NULL}};

/* --- the job ------------------------------------------------------------------------------- */

static void mark(struct work *work, enum doubt_phase phase)
{
    __atomic_store_n(&work->shared->phase, (int)phase, __ATOMIC_RELAXED);
}

static enum doubt_code do_phase(struct work *work, const struct phase *row, struct doubt_err *err)
{
    mark(work, row->phase);
    if (__atomic_load_n(&work->shared->stop, __ATOMIC_RELAXED))
        return doubt_err_set(err, DOUBT_E_INTERRUPTED, "interrupted before phase \"%s\"",
                             doubt_shared_phase_name(row->phase));
    int64_t begun_ns = doubt_clock_ns();
    enum doubt_code code = row->run(work, err);
    if (row->timed)
        work->answer->phase_ns[row->phase] = doubt_clock_ns() - begun_ns;
    return code;
}

/* Few engines say that they failed for want of memory. When next to nothing of the address space
 * is left that the worker may use, that is the likely cause. */
static bool has_room(uint64_t limit_bytes)
{
    const size_t least = 64 << 20, quarter = (size_t)(limit_bytes / 4);
    size_t bytes = quarter > least ? quarter : least;
    void *room = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        return false;
    munmap(room, bytes);
    return true;
}

static enum doubt_code blame_limit(const struct work *work, enum doubt_code code,
                                   struct doubt_err *err)
{
    uint64_t limit = work->order->memory_limit_bytes;
    if (limit == 0 ||
        (code != DOUBT_E_ENGINE && code != DOUBT_E_MEMORY && code != DOUBT_E_UNSUPPORTED &&
         code != DOUBT_E_SYSTEM) ||
        has_room(limit))
        return code;
    struct doubt_err why = {DOUBT_OK, ""};
    char text[64];
    doubt_units_format_bytes(limit, text, sizeof text);
    doubt_err_set(&why, DOUBT_E_MEMORY,
                  "the memory limit of %s of address space is too small for this engine and "
                  "network: it was nearly used up when they failed (%.600s)",
                  text, err->text);
    *err = why;
    return why.code;
}

static void give_answer(struct work *work, enum doubt_code code, const struct doubt_err *err)
{
    struct doubt_shared_answer *answer = work->answer;
    answer->code = code;
    doubt_str_copy(answer->sentence, sizeof answer->sentence, err->text);
    tell_notes(work);
    /* Of this program only; what wait4() tells counts the pages of the supervisor before exec too.
     */
    answer->peak_memory_bytes = doubti_place_status_bytes("VmHWM:");
    __atomic_store_n(&work->shared->answered, 1, __ATOMIC_RELEASE);
}

/* What launching kernel by kernel adds to the times by events. After the answer: whatever goes
 * wrong costs this figure alone. One that takes as long as the host waits for its end launches too
 * rarely for that to matter. */
static void time_graph(struct work *work)
{
    double train_ns = work->answer->train_ns * train_length(work);
    if (!(train_ns < graph_most_ns) || __atomic_load_n(&work->shared->stop, __ATOMIC_RELAXED))
        return;
    mark(work, DOUBT_PHASE_GRAPH);
    time_train(work, DOUBT_TRAIN_GRAPHS, &work->answer->graph_ns, NULL);
}

/* Answers before it unloads: a library that goes wrong at its end takes nothing with it. begun:
 * what came of setting the process up. */
static void do_job(struct work *work, const struct phase *row, const struct doubt_err *begun)
{
    struct doubt_err err = *begun;
    enum doubt_code code = err.code;
    for (; row->run != NULL && code == DOUBT_OK; row++)
        code = do_phase(work, row, &err);
    code = blame_limit(work, code, &err);
    give_answer(work, code, &err);
    if (code == DOUBT_OK) {
        time_graph(work);
        mark(work, DOUBT_PHASE_UNLOAD);
    }
    int64_t begun_ns = doubt_clock_ns();
    doubt_session_free(work->session);
    if (code == DOUBT_OK) {
        work->answer->phase_ns[DOUBT_PHASE_UNLOAD] = doubt_clock_ns() - begun_ns;
        mark(work, DOUBT_PHASE_DONE);
    }
    doubt_registry_close(work->registry);
}

int doubt_worker_main(int argc, char **argv)
{
    static const struct phase *const jobs[] = {[DOUBT_JOB_MEASURE] = measure_phases,
                                               [DOUBT_JOB_ASK] = ask_phases,
                                               [DOUBT_JOB_REFERENCE] = reference_phases,
                                               [DOUBT_JOB_COLD] = cold_phases,
                                               [DOUBT_JOB_LAYERS] = layer_phases};
    static struct work work;
    struct doubt_err begun = {DOUBT_OK, ""};
    char *end = NULL;
    long fd = argc == 3 ? strtol(argv[2], &end, 10) : -1;
    if (fd < 0 || fd > INT32_MAX || end == argv[2] || *end != '\0')
        return 2;
    if (doubt_shared_attach((int)fd, &work.map, NULL) != DOUBT_OK)
        return 2;
    work.shared = work.map.shared;
    work.order = &work.shared->order;
    work.answer = &work.shared->answer;
    if ((unsigned)work.order->job >= sizeof jobs / sizeof *jobs)
        return 2;
    set_up_process(work.order, (int)fd, &begun);
    do_job(&work, jobs[work.order->job], &begun);
    doubt_shared_close(&work.map);
    return 0;
}

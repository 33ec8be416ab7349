/* peak.c: see peak.h: threads that start a repeat together, and what their times say. */
#include "machine/peak.h"

#include "machine/peak_kernels.h"
#include "util/clock.h"
#include "util/whole.h"

#include <doubt/stats.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { REPEATS = 41, REPEATS_LEAST = 6, THREADS_MAX = 1024 };
static const int64_t repeat_ns = 4000000, kind_ns = 350000000;
static const int64_t rounds_most = (int64_t)1 << 40;
static const int64_t buffer_least = 128 << 20, buffer_most = 512 << 20;

enum order { ORDER_MULTIPLY, ORDER_READ, ORDER_TOUCH, ORDER_END };

/* All threads, one of which the caller's is not: it only gives orders and reads the clock. */
struct team {
    pthread_t *threads;
    struct member *members;
    int32_t count, started;
    pthread_barrier_t begin, end;
    enum order order;
    doubti_peak_loop *loop;
    int64_t rounds;
    uint64_t *words; /* shared out in equal parts */
    size_t words_each;
};

struct member {
    struct team *team;
    int32_t number;
    int cpu;
    int64_t begun_ns, ended_ns; /* of the last order */
    volatile uint64_t kept;     /* keeps the work from being optimised away */
};

/* --- a thread ------------------------------------------------------------------------------- */

static void obey(struct member *member)
{
    const struct team *team = member->team;
    uint64_t *part =
        team->words != NULL ? team->words + team->words_each * (size_t)member->number : NULL;
    if (team->order == ORDER_MULTIPLY) {
        member->kept = team->loop(team->rounds) > 0;
    } else if (team->order == ORDER_TOUCH) {
        memset(part, 1, team->words_each * sizeof *part);
    } else {
        for (int64_t r = 0; r < team->rounds; r++)
            member->kept ^= doubti_peak_read(part, team->words_each);
    }
}

static void *run_member(void *context)
{
    struct member *member = context;
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET((unsigned)member->cpu, &own);
    pthread_setaffinity_np(pthread_self(), sizeof own, &own); /* without it, it may share a CPU */
    for (;;) {
        pthread_barrier_wait(&member->team->begin);
        if (member->team->order == ORDER_END)
            return NULL;
        member->begun_ns = doubt_clock_ns();
        obey(member);
        member->ended_ns = doubt_clock_ns();
        pthread_barrier_wait(&member->team->end);
    }
}

/* --- the team ------------------------------------------------------------------------------- */

/* Wall time of one order, from the first thread that began it to the last that ended: waking them
 * up is no part of it. */
static int64_t give_order(struct team *team, enum order order)
{
    team->order = order;
    pthread_barrier_wait(&team->begin);
    pthread_barrier_wait(&team->end);
    int64_t begun = team->members[0].begun_ns, ended = team->members[0].ended_ns;
    for (int32_t i = 1; i < team->count; i++) {
        begun = team->members[i].begun_ns < begun ? team->members[i].begun_ns : begun;
        ended = team->members[i].ended_ns > ended ? team->members[i].ended_ns : ended;
    }
    return ended - begun;
}

static enum doubt_code start_threads(struct team *team, const cpu_set_t *set, struct doubt_err *err)
{
    int cpu = 0;
    for (int32_t i = 0; i < team->count; i++, cpu++) {
        while (cpu < CPU_SETSIZE && !CPU_ISSET((unsigned)cpu, set))
            cpu++;
        team->members[i] = (struct member){.team = team, .number = i, .cpu = cpu};
        int failed = pthread_create(&team->threads[i], NULL, run_member, &team->members[i]);
        if (failed != 0)
            return doubt_err_errno(err, DOUBT_E_IO, failed,
                                   "cannot start thread %d of %d to measure the CPUs' peak", i + 1,
                                   team->count);
        team->started++;
    }
    return DOUBT_OK;
}

/* Threads wait at a barrier for as many as were planned: when one could not be started, those that
 * were can only be cancelled there. */
static void end_threads(struct team *team)
{
    if (team->started == team->count) {
        team->order = ORDER_END;
        pthread_barrier_wait(&team->begin);
    }
    for (int32_t i = 0; i < team->started; i++) {
        if (team->started < team->count)
            pthread_cancel(team->threads[i]);
        pthread_join(team->threads[i], NULL);
    }
}

/* --- figures -------------------------------------------------------------------------------- */

static void not_measured(struct doubt_peak_figure *figure, const char *why)
{
    *figure = (struct doubt_peak_figure){.best = NAN, .median = NAN, .lo = NAN, .hi = NAN};
    snprintf(figure->why, sizeof figure->why, "%s", why);
}

static void summarise(double *rates, int32_t count, struct doubt_peak_figure *out)
{
    struct doubt_order_interval interval;
    const struct doubt_target median = {.p = 0.5, .level = 0.05};
    *out = (struct doubt_peak_figure){.best = NAN, .median = NAN, .lo = NAN, .hi = NAN};
    if (doubt_sort(rates, (size_t)count, NULL) != DOUBT_OK ||
        doubt_order_interval(rates, (size_t)count, median, &interval, NULL) != DOUBT_OK)
        return;
    *out = (struct doubt_peak_figure){.best = rates[count - 1],
                                      .median = interval.estimate,
                                      .lo = interval.lo,
                                      .hi = interval.hi,
                                      .repeats = count};
}

/* Repeats one order until there are enough, or the time is up and there are as many as an interval
 * needs. each: operations or bytes of one round on one thread. */
static void repeat(struct team *team, enum order order, double each, struct doubt_peak_figure *out)
{
    double rates[REPEATS];
    int32_t count = 0;
    int64_t begun = doubt_clock_ns();
    while (count < REPEATS && (count < REPEATS_LEAST || doubt_clock_ns() - begun < kind_ns)) {
        int64_t ns = give_order(team, order);
        if (ns > 0)
            rates[count++] = each * (double)team->rounds * team->count / ((double)ns * 1e-9);
    }
    summarise(rates, count, out);
}

/* Rounds that take about repeat_ns when nothing interferes: the fastest of eight counts. */
static void calibrate(struct team *team, enum order order)
{
    int64_t least = 0;
    for (team->rounds = 1000; team->rounds < rounds_most; team->rounds *= 4) {
        least = INT64_MAX;
        for (int i = 0; i < 8; i++) {
            int64_t ns = give_order(team, order);
            least = ns < least ? ns : least;
        }
        if (least >= repeat_ns / 16)
            break;
    }
    double more = (double)repeat_ns / (double)(least > 0 ? least : 1);
    if (more > 1 && team->rounds < rounds_most)
        team->rounds = (int64_t)((double)team->rounds * more);
}

static void measure_arithmetic(struct team *team, const struct doubti_peak_kernel *kernel,
                               struct doubt_peak_figure *out)
{
    if (kernel->loop == NULL) {
        not_measured(out, kernel->name);
        return;
    }
    team->loop = kernel->loop;
    calibrate(team, ORDER_MULTIPLY);
    repeat(team, ORDER_MULTIPLY, (double)kernel->ops, out);
}

/* As the kernel tells it of the first CPU; what the processor tells may be the whole host's. */
static int64_t last_cache(void)
{
    int64_t largest = 0;
    for (int i = 0; i < 8; i++) {
        char path[96], text[32] = "";
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", i);
        FILE *file = fopen(path, "re");
        if (file == NULL)
            break;
        char unit = '\0';
        long size = 0;
        if (fgets(text, sizeof text, file) != NULL && sscanf(text, "%ld%c", &size, &unit) == 2) {
            int64_t scale = unit == 'M' ? 1 << 20 : unit == 'K' ? 1 << 10 : 1;
            int64_t bytes = doubt_whole_product(size, scale);
            largest = bytes > largest ? bytes : largest;
        }
        fclose(file);
    }
    return largest;
}

/* Four times the last cache, within bounds and a quarter of the memory. */
static int64_t choose_buffer(int64_t cache)
{
    long pages = sysconf(_SC_AVPHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    int64_t most = pages > 0 && page > 0 ? (int64_t)pages * page / 4 : buffer_least;
    int64_t bytes = doubt_whole_product(4, cache);
    bytes = bytes < buffer_least ? buffer_least : bytes > buffer_most ? buffer_most : bytes;
    return bytes < most ? bytes : most;
}

static void measure_memory(struct team *team, struct doubt_peak *out)
{
    out->cache_bytes = last_cache();
    int64_t bytes = choose_buffer(out->cache_bytes);
    team->words_each = (size_t)(bytes / team->count) / 4096 * 512;
    size_t whole = team->words_each * 8 * (size_t)team->count;
    out->buffer_bytes = (int64_t)whole;
    if ((int64_t)whole / 2 < out->cache_bytes || team->words_each == 0) {
        not_measured(&out->bytes, "there is not enough free memory to pass the caches by");
        return;
    }
    void *room = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) {
        not_measured(&out->bytes, "there is no memory for the buffer that is read");
        return;
    }
    team->words = room;
    team->rounds = 1;
    give_order(team, ORDER_TOUCH);
    repeat(team, ORDER_READ, (double)team->words_each * 8, &out->bytes);
    team->words = NULL;
    munmap(room, whole);
}

static enum doubt_code measure(struct team *team, const cpu_set_t *set, struct doubt_peak *out,
                               struct doubt_err *err)
{
    enum doubt_code code = start_threads(team, set, err);
    if (code == DOUBT_OK) {
        const struct doubti_peak_kernel f32 = doubti_peak_f32(), bf16 = doubti_peak_bf16();
        snprintf(out->vectors, sizeof out->vectors, "%s", f32.loop != NULL ? f32.name : "");
        measure_arithmetic(team, &f32, &out->f32);
        measure_arithmetic(team, &bf16, &out->bf16);
        measure_memory(team, out);
    }
    end_threads(team);
    return code;
}

enum doubt_code doubt_peak_measure(struct doubt_peak *out, struct doubt_err *err)
{
    struct team team = {.count = 0};
    cpu_set_t set;
    memset(out, 0, sizeof *out);
    not_measured(&out->f32, "");
    not_measured(&out->bf16, "");
    not_measured(&out->bytes, "");
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return doubt_err_errno(err, DOUBT_E_IO, errno, "cannot tell which CPUs there are");
    team.count = CPU_COUNT(&set) < THREADS_MAX ? CPU_COUNT(&set) : THREADS_MAX;
    out->threads = team.count;
    team.threads = calloc((size_t)team.count, sizeof *team.threads);
    team.members = calloc((size_t)team.count, sizeof *team.members);
    enum doubt_code code = DOUBT_OK;
    if (team.threads == NULL || team.members == NULL ||
        pthread_barrier_init(&team.begin, NULL, (unsigned)team.count + 1) != 0 ||
        pthread_barrier_init(&team.end, NULL, (unsigned)team.count + 1) != 0)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %d threads", team.count);
    if (code == DOUBT_OK) {
        code = measure(&team, &set, out, err);
        pthread_barrier_destroy(&team.begin);
        pthread_barrier_destroy(&team.end);
    }
    free(team.threads);
    free(team.members);
    return code;
}

/* telemetry.c: see telemetry.h.
 *
 * One mutex guards all of it: the thread and the marks read through the same open files.
 */
#include "measure/telemetry.h"

#include "machine/busy.h"
#include "machine/machine.h"
#include "measure/shared.h"
#include "record/record.h"
#include "util/clock.h"
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { RING = 64, PERIOD_NS = 250000000, SECOND_NS = 1000000000, GAUGES_EVERY = 4 };
/* A worker kept a CPU busy when we used this much of one. */
static const double busy_cpu = 0.5;

struct doubt_telemetry {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool ending;
    struct doubt_busy_source *source;
    struct doubt_gauges gauges;
    struct doubt_telemetry_mark ring[RING]; /* records / RING: the newest is at records - 1 */
    uint64_t records, gauge_reads;
    struct doubt_telemetry_mark first, last; /* first and newest record that is known */
    int64_t ours_ns, ours_at_ns;             /* at the gauges' last reading */
    double peak_share, last_share, temperature_max_c, frequency_min_hz, frequency_max_hz;
    int64_t begun_ns, record_due_ns;
    /* While a worker runs. */
    struct doubt_trace trace;
    bool has_trace, tracing;
    const int *phase;
    int phase_seen;
};

/* --- records ------------------------------------------------------------------------------- */

static double share_between(const struct doubt_telemetry_mark *from,
                            const struct doubt_telemetry_mark *to)
{
    double all = (double)(to->ns - from->ns) * to->cpus;
    double others = (double)(to->others_ns - from->others_ns);
    return all > 0 ? fmin(fmax(others / all, 0), 1) : NAN;
}

/* The newest known record that is at least a second older; NULL when there is none. */
static const struct doubt_telemetry_mark *second_before(const struct doubt_telemetry *t, int64_t ns)
{
    uint64_t kept = t->records < RING ? t->records : RING;
    for (uint64_t back = 1; back <= kept; back++) {
        const struct doubt_telemetry_mark *mark = &t->ring[(t->records - back) % RING];
        if (mark->known && ns - mark->ns >= SECOND_NS)
            return mark;
    }
    return NULL;
}

static void add_record(struct doubt_telemetry *t, const struct doubt_telemetry_mark *mark)
{
    if (mark->known) {
        const struct doubt_telemetry_mark *before = second_before(t, mark->ns);
        t->last_share = before ? share_between(before, mark) : NAN;
        /* Over much more than a second it would be no peak. */
        if (before && mark->ns - before->ns < 2 * (int64_t)SECOND_NS)
            t->peak_share = fmax(t->last_share, isnan(t->peak_share) ? 0 : t->peak_share);
        if (t->first.cpus == 0)
            t->first = *mark;
        t->last = *mark;
    }
    t->ring[t->records++ % RING] = *mark;
}

/* Clocks count only while we keep a CPU busy: an idle one may sleep as it likes. */
static void read_gauges(struct doubt_telemetry *t, const struct doubt_busy *busy, int64_t now_ns)
{
    struct doubt_gauge_reading reading;
    double used = (double)(busy->ours_ns - t->ours_ns) / (double)(now_ns - t->ours_at_ns);
    bool loaded = t->ours_at_ns > 0 && busy->ours_known && used > busy_cpu;
    t->ours_ns = busy->ours_ns;
    t->ours_at_ns = now_ns;
    doubt_gauges_read(&t->gauges, &reading);
    t->gauge_reads += t->gauges.sensor_count + t->gauges.clock_count;
    t->temperature_max_c = fmax(t->temperature_max_c, reading.temperature_c);
    if (!loaded)
        return;
    t->frequency_min_hz = fmin(t->frequency_min_hz, reading.frequency_hz);
    t->frequency_max_hz = fmax(t->frequency_max_hz, reading.frequency_hz);
}

/* With the mutex held. */
static struct doubt_telemetry_mark make_record(struct doubt_telemetry *t, bool idle)
{
    struct doubt_busy busy;
    struct doubt_telemetry_mark mark = {.ns = doubt_clock_ns(), .pressure_ns = INT64_MIN};
    if (doubt_busy_read(t->source, &busy, NULL) != DOUBT_OK)
        return mark;
    mark.others_ns = busy.busy_ns - busy.ours_ns;
    mark.steal_ns = busy.steal_ns;
    mark.pressure_ns = busy.pressure_ns;
    mark.cpus = busy.cpus;
    mark.known = busy.ours_known || idle;
    if (t->records % GAUGES_EVERY == 0)
        read_gauges(t, &busy, mark.ns);
    add_record(t, &mark);
    return mark;
}

/* --- the thread ---------------------------------------------------------------------------- */

static struct timespec later(int64_t ns)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    ns += t.tv_nsec;
    t.tv_sec += (time_t)(ns / SECOND_NS);
    t.tv_nsec = (long)(ns % SECOND_NS);
    return t;
}

/* Sampling begins or ends: what is slow to read is read then, and at no other time. */
static bool is_edge(struct doubt_telemetry *t)
{
    int phase = t->phase != NULL ? __atomic_load_n(t->phase, __ATOMIC_RELAXED) : -1;
    bool edge = (phase == DOUBT_PHASE_SAMPLE) != (t->phase_seen == DOUBT_PHASE_SAMPLE);
    t->phase_seen = phase;
    return edge;
}

/* How long until the next turn: short only while a worker runs and a probe asks for it. */
static int64_t turn(struct doubt_telemetry *t)
{
    if (doubt_clock_ns() >= t->record_due_ns) {
        make_record(t, false);
        t->record_due_ns = doubt_clock_ns() + PERIOD_NS / 10 * 9;
    }
    if (!t->tracing)
        return PERIOD_NS;
    doubt_trace_read(&t->trace, is_edge(t));
    return doubt_trace_period_ns(&t->trace);
}

static void *watch(void *argument)
{
    struct doubt_telemetry *t = argument;
    pthread_mutex_lock(&t->mutex);
    while (!t->ending) {
        struct timespec until = later(turn(t));
        pthread_cond_timedwait(&t->wake, &t->mutex, &until);
    }
    pthread_mutex_unlock(&t->mutex);
    return NULL;
}

/* Signals are the main thread's: blocked while the thread starts, which inherits that. */
static int start_thread(struct doubt_telemetry *t)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&t->thread, NULL, watch, t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

static int init_locks(struct doubt_telemetry *t)
{
    pthread_condattr_t attributes;
    int failed = pthread_condattr_init(&attributes);
    if (failed)
        return failed;
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    failed = pthread_cond_init(&t->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (failed)
        return failed;
    failed = pthread_mutex_init(&t->mutex, NULL);
    if (failed)
        pthread_cond_destroy(&t->wake);
    return failed;
}

static void free_telemetry(struct doubt_telemetry *t)
{
    if (t->has_trace)
        doubt_trace_close(&t->trace);
    doubt_gauges_close(&t->gauges);
    doubt_busy_close(t->source);
    free(t);
}

enum doubt_code doubt_telemetry_start(const char *root, pid_t parent,
                                      struct doubt_telemetry **telemetry, struct doubt_err *err)
{
    *telemetry = NULL;
    struct doubt_telemetry *t = calloc(1, sizeof *t);
    if (t == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for telemetry");
    t->peak_share = t->last_share = t->temperature_max_c = NAN;
    t->frequency_min_hz = t->frequency_max_hz = NAN;
    enum doubt_code code = doubt_busy_open(root, parent, &t->source, err);
    if (code != DOUBT_OK) {
        free(t);
        return code;
    }
    if (root == NULL)
        root = doubt_machine_root();
    doubt_gauges_open(root, &t->gauges);
    t->has_trace = doubt_trace_open(root, &t->trace, NULL) == DOUBT_OK;
    t->begun_ns = doubt_clock_ns();
    int failed = init_locks(t);
    if (failed)
        goto no_locks;
    failed = start_thread(t);
    if (failed)
        goto no_thread;
    *telemetry = t;
    return DOUBT_OK;
no_thread:
    pthread_mutex_destroy(&t->mutex);
    pthread_cond_destroy(&t->wake);
no_locks:
    free_telemetry(t);
    return doubt_err_errno(err, DOUBT_E_SYSTEM, failed, "cannot start the telemetry thread");
}

void doubt_telemetry_stop(struct doubt_telemetry *t)
{
    if (t == NULL)
        return;
    pthread_mutex_lock(&t->mutex);
    t->ending = true;
    pthread_cond_signal(&t->wake);
    pthread_mutex_unlock(&t->mutex);
    pthread_join(t->thread, NULL);
    pthread_mutex_destroy(&t->mutex);
    pthread_cond_destroy(&t->wake);
    free_telemetry(t);
}

void doubt_telemetry_pin(struct doubt_telemetry *t, int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (t != NULL)
        pthread_setaffinity_np(t->thread, sizeof set, &set);
}

/* --- a worker's trace ---------------------------------------------------------------------- */

void doubt_telemetry_begin(struct doubt_telemetry *t, pid_t worker, const int *phase)
{
    if (t == NULL || !t->has_trace)
        return;
    pthread_mutex_lock(&t->mutex);
    doubt_trace_begin(&t->trace, worker);
    t->tracing = true;
    t->phase = phase;
    t->phase_seen = -1;
    doubt_trace_read(&t->trace, true);
    pthread_cond_signal(&t->wake);
    pthread_mutex_unlock(&t->mutex);
}

void doubt_telemetry_end(struct doubt_telemetry *t)
{
    if (t == NULL || !t->tracing)
        return;
    pthread_mutex_lock(&t->mutex);
    doubt_trace_read(&t->trace, true);
    t->tracing = false;
    t->phase = NULL;
    pthread_mutex_unlock(&t->mutex);
}

const struct doubt_trace *doubt_telemetry_trace(const struct doubt_telemetry *t)
{
    return t != NULL && t->has_trace && !t->tracing ? &t->trace : NULL;
}

/* --- answers ------------------------------------------------------------------------------- */

struct doubt_telemetry_mark doubt_telemetry_take(struct doubt_telemetry *t, bool idle)
{
    struct doubt_telemetry_mark none = {.ns = doubt_clock_ns(), .pressure_ns = INT64_MIN};
    if (t == NULL)
        return none;
    pthread_mutex_lock(&t->mutex);
    struct doubt_telemetry_mark mark = make_record(t, idle);
    pthread_mutex_unlock(&t->mutex);
    return mark;
}

void doubt_telemetry_between(const struct doubt_telemetry_mark *from,
                             const struct doubt_telemetry_mark *to, int64_t *others_ns,
                             int64_t *steal_ns)
{
    *others_ns = *steal_ns = DOUBT_MISSING_I64;
    if (from->cpus == 0 || to->cpus == 0)
        return;
    int64_t others = to->others_ns - from->others_ns, steal = to->steal_ns - from->steal_ns;
    *steal_ns = steal > 0 ? steal : 0;
    /* Ticks are coarse, our own time is not: a small negative difference is none. */
    if (from->known && to->known)
        *others_ns = others > 0 ? others : 0;
}

double doubt_telemetry_last_second(struct doubt_telemetry *t)
{
    if (t == NULL)
        return NAN;
    pthread_mutex_lock(&t->mutex);
    double share = t->last_share;
    pthread_mutex_unlock(&t->mutex);
    return share;
}

static double thread_share(const struct doubt_telemetry *t)
{
    clockid_t clock;
    struct timespec used;
    if (pthread_getcpuclockid(t->thread, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return NAN;
    double used_ns = (double)used.tv_sec * SECOND_NS + (double)used.tv_nsec;
    return used_ns / (double)(doubt_clock_ns() - t->begun_ns);
}

void doubt_telemetry_summarise(struct doubt_telemetry *t, struct doubt_telemetry_summary *out)
{
    *out = (struct doubt_telemetry_summary){NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0, 0, NAN};
    if (t == NULL)
        return;
    pthread_mutex_lock(&t->mutex);
    const struct doubt_telemetry_mark *first = &t->first, *last = &t->last;
    double elapsed = (double)(last->ns - first->ns);
    if (first->cpus > 0 && elapsed > 0) {
        out->others_share = share_between(first, last);
        out->steal_share = (double)(last->steal_ns - first->steal_ns) / (elapsed * last->cpus);
        if (first->pressure_ns != INT64_MIN && last->pressure_ns != INT64_MIN)
            out->pressure_share = (double)(last->pressure_ns - first->pressure_ns) / elapsed;
    }
    out->others_peak_share = t->peak_share;
    out->temperature_max_c = t->has_trace ? fmax(t->temperature_max_c, t->trace.temperature_max_c)
                                          : t->temperature_max_c;
    out->frequency_min_hz = t->frequency_min_hz;
    out->frequency_max_hz = t->frequency_max_hz;
    out->records = t->records;
    out->files_read = doubt_busy_reads(t->source) + t->gauge_reads + t->trace.reads;
    out->thread_share = thread_share(t);
    pthread_mutex_unlock(&t->mutex);
}

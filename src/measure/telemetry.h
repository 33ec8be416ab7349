/* telemetry.h: what happens on the machine while a series runs.
 *
 * A unit of work is one record, four times a second and at each mark, time-stamped on the samples'
 * clock: CPU time of others, steal, temperature, clock frequency; and while a worker runs, one
 * point of each probe whose time has come (trace.h). One thread of the supervisor reads a handful
 * of open files; nothing of it touches a worker. Not for what a worker measures, and not for names
 * of processes (busy.h): those are looked up between restarts.
 */
#ifndef DOUBT_MEASURE_TELEMETRY_H
#define DOUBT_MEASURE_TELEMETRY_H

#include "measure/trace.h"
#include <doubt/err.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct doubt_telemetry;

/* Where the sums stood at an instant. */
struct doubt_telemetry_mark {
    int64_t ns;        /* on the samples' clock */
    int64_t others_ns; /* CPU time of others since the machine started, less a constant */
    int64_t steal_ns;
    int64_t pressure_ns; /* INT64_MIN: not available */
    int32_t cpus;        /* 0: no such mark could be made */
    bool known;          /* others_ns is exact: our own children were all counted */
};

/* Over the whole series so far; NaN is not known. Shares are of the time of all CPUs that this
 * process may run on; pressure is a share of the time. */
struct doubt_telemetry_summary {
    double others_share, others_peak_share; /* peak: largest over about one second */
    double steal_share, pressure_share;
    double temperature_max_c;
    double frequency_min_hz, frequency_max_hz; /* while a worker kept a CPU busy */
    uint64_t records, files_read;
    double thread_share; /* of one CPU that the thread itself used */
};

/* Starts the thread. root NULL: "/", and the probes below doubt_machine_root(). parent: thread
 * whose children are the workers, 0 for the caller. Where proc cannot be read: DOUBT_E_UNSUPPORTED.
 */
enum doubt_code doubt_telemetry_start(const char *root, pid_t parent,
                                      struct doubt_telemetry **telemetry, struct doubt_err *err);
/* Ends the thread and frees; NULL allowed. */
void doubt_telemetry_stop(struct doubt_telemetry *telemetry);

/* Keeps the thread to one CPU. telemetry may be NULL. */
void doubt_telemetry_pin(struct doubt_telemetry *telemetry, int cpu);

/* Makes a record now. idle: no worker runs, so that all our time is known whatever the kernel
 * offers. telemetry may be NULL: the mark has no CPUs then. */
struct doubt_telemetry_mark doubt_telemetry_take(struct doubt_telemetry *telemetry, bool idle);

/* A worker runs from now on: its trace begins. worker: its process, 0 for none (a while of
 * idleness); phase: its enum doubt_phase, in shared memory, which must stay mapped until the end;
 * NULL: none. At the begin and end of sampling every probe is read, the slow ones too. */
void doubt_telemetry_begin(struct doubt_telemetry *telemetry, pid_t worker, const int *phase);
/* It has ended; every probe is read once more. */
void doubt_telemetry_end(struct doubt_telemetry *telemetry);
/* The trace between end and the next begin; NULL when there is none. */
const struct doubt_trace *doubt_telemetry_trace(const struct doubt_telemetry *telemetry);

/* From one mark to a later one; DOUBT_MISSING_I64 where not known. */
void doubt_telemetry_between(const struct doubt_telemetry_mark *from,
                             const struct doubt_telemetry_mark *to, int64_t *others_ns,
                             int64_t *steal_ns);

/* Others' share of all CPUs' time in about the last second; NaN when not known. */
double doubt_telemetry_last_second(struct doubt_telemetry *telemetry);

void doubt_telemetry_summarise(struct doubt_telemetry *telemetry,
                               struct doubt_telemetry_summary *out);

#endif

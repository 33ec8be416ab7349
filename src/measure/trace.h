/* trace.h: the machine's probes as series on the samples' clock, while one restart runs.
 *
 * A unit of work is one point: a probe's value, and when it was read. Each probe is read at its own
 * period; slow ones only at the ends of sampling. The telemetry thread fills a trace, and nobody
 * reads it meanwhile. Not for what follows from it: marks.h says which samples were disturbed,
 * joules.h what they cost.
 */
#ifndef DOUBT_MEASURE_TRACE_H
#define DOUBT_MEASURE_TRACE_H

#include "machine/probe.h"

struct doubt_trace_point {
    int64_t ns;   /* samples' clock */
    double value; /* NaN: not available */
};

struct doubt_trace_series {
    struct doubt_probe *probe;
    struct doubt_trace_point *points;
    size_t count, room;
    double first;      /* the value when the trace was opened */
    int64_t update_ns; /* how often the sensor updates; its nominal period when not measured */
    bool measured;
    int64_t due_ns;
};

/* Public for those that read it; changed by the functions below only. */
struct doubt_trace {
    struct doubt_probes probes;
    struct doubt_trace_series *series; /* of the probes that were readable at the outset */
    size_t count;
    uint64_t reads;
    double temperature_max_c; /* of all readings since it was opened; NaN: none */
    bool failed;              /* out of memory: points are missing */
};

enum { DOUBT_TRACE_POINTS_MAX = 65536 }; /* of one series; later ones are left out */

/* Opens the probes below root (NULL: "/") and takes those that can be read, the worker's in any
 * case. Sensors of total power and energy are watched for at most half a second each, and two
 * seconds in all, to learn how often they update; they are then read that often. */
enum doubt_code doubt_trace_open(const char *root, struct doubt_trace *trace,
                                 struct doubt_err *err);
void doubt_trace_close(struct doubt_trace *trace);

/* Forgets all points. worker: whose switches are read from now on; 0: nobody's. */
void doubt_trace_begin(struct doubt_trace *trace, pid_t worker);
/* Reads the probes whose time has come; all: every one, the slow ones too. */
void doubt_trace_read(struct doubt_trace *trace, bool all);
/* The shortest period of its probes, at least 50 ms and at most 250 ms. */
int64_t doubt_trace_period_ns(const struct doubt_trace *trace);

/* A JSON object, heap: {"probes": [{"name", "unit", "from_ns", "points": [[ms, value], ...]}]}; a
 * value that stays is written once, and again at its end. NULL when out of memory or empty. */
char *doubt_trace_format(const struct doubt_trace *trace);

#endif

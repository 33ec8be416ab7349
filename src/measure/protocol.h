/* protocol.h: how other tools measure, replayed: their lengths, their boundary, their arithmetic.
 *
 * A unit of work is one replay: so many inferences in one process, in the tool's way, and the
 * figure that the tool would have printed. Its figure stands beside our interval, so that a reader
 * sees how much of a difference is the method; it is never judged and enters no verdict.
 * docs/PROTOCOLS.md has the table with sources and what cannot be replayed.
 */
#ifndef DOUBT_MEASURE_PROTOCOL_H
#define DOUBT_MEASURE_PROTOCOL_H

#include "measure/restart.h"
#include <doubt/err.h>
#include <stddef.h>
#include <stdint.h>

/* What a tool makes of its times. */
enum doubt_protocol_statistic {
    DOUBT_PROTOCOL_LINES,   /* means of groups, and we take the mean of these */
    DOUBT_PROTOCOL_TRTEXEC, /* mean of times between stamps in single precision */
    DOUBT_PROTOCOL_MEDIAN,  /* element n / 2 of the sorted times, from 0 */
    DOUBT_PROTOCOL_LOADGEN  /* early-stopping estimate of the 90th percentile */
};

struct doubt_protocol {
    const char *name, *title, *source;
    enum doubt_boundary boundary; /* DEVICE: CALL stands in where there are no events */
    int64_t warm_ns, warm_count;  /* untimed before: both are met */
    int64_t count_least, ns;      /* timed: both are met */
    int64_t group;                /* of a line that the tool prints; 0: none */
    const char *option;           /* of engines that have it, "?NAME=VALUE"; NULL: none */
    enum doubt_protocol_statistic statistic;
    const char *printed; /* what the figure is, in the tool's words */
};

size_t doubt_protocol_count(void);
const struct doubt_protocol *doubt_protocol_at(size_t i);
/* By name; unknown: DOUBT_E_USAGE with the list. */
enum doubt_code doubt_protocol_find(const char *name, const struct doubt_protocol **protocol,
                                    struct doubt_err *err);

/* What the tool would have printed. */
struct doubt_protocol_figure {
    double ns;      /* the latency that counts; NaN: the tool gives none, text says why */
    int64_t count;  /* inferences it took */
    char text[256]; /* as the tool would say it, with what it prints beside */
};

/* Times in the order they were taken. iterations: as the user fixed them (benchmark_app's -niter),
 * 0: the tool's own length. */
struct doubt_protocol_times {
    const int64_t *ns;
    size_t count;
    int64_t iterations;
};

/* How many of these times the tool would have taken. */
size_t doubt_protocol_taken(const struct doubt_protocol *protocol,
                            const struct doubt_protocol_times *times);

/* The tool's arithmetic on these. No times: DOUBT_E_ARGUMENT. */
enum doubt_code doubt_protocol_figure(const struct doubt_protocol *protocol,
                                      const struct doubt_protocol_times *times,
                                      struct doubt_protocol_figure *figure, struct doubt_err *err);

/* As the cell was measured. */
struct doubt_protocol_how {
    int64_t iterations;                     /* asked for; 0: the tool's own */
    const struct doubt_worker_wish *worker; /* these three as in struct doubt_restart_plan */
    const int *cpus;
    size_t cpu_count;
};

/* Replays it for a measured cell, in a process of its own, and fills the cell's fields vendor_*. A
 * failure of the engine becomes the remark; an error means that no process could be started. */
enum doubt_code doubt_protocol_replay(const struct doubt_cell_plan *plan,
                                      const struct doubt_protocol_how *asked,
                                      const struct doubt_restart_watch *watch,
                                      struct doubt_cell *cell, struct doubt_err *err);

#endif

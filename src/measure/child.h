/* child.h: one worker process, from fork to its end.
 *
 * A unit of work is one process: started with a shared memory, watched, drained of what it prints,
 * ended when it must be, and reaped together with what it started itself. Knows nothing of engines
 * and records.
 */
#ifndef DOUBT_MEASURE_CHILD_H
#define DOUBT_MEASURE_CHILD_H

#include "measure/shared.h"
#include <sys/resource.h>
#include <sys/types.h>

enum { DOUBT_CHILD_TAIL_BYTES = 4096 };

enum doubt_child_cause {
    DOUBT_CHILD_ENDED,      /* by itself */
    DOUBT_CHILD_DEADLINE,   /* ended because it passed the deadline */
    DOUBT_CHILD_INTERRUPTED /* ended because *stop was not 0 */
};

struct doubt_child_end {
    enum doubt_child_cause cause;
    int status;          /* of waitpid(); 0 when unreaped */
    struct rusage usage; /* zero when unreaped */
    pid_t unreaped;      /* the process, where not even SIGKILL ended it in time; else 0 */
    int64_t begun_ns, wall_ns;
    int64_t output_bytes;                  /* printed in all */
    char tail[DOUBT_CHILD_TAIL_BYTES + 1]; /* the last of it, clean text */
    int64_t oom_kills; /* of the whole machine meanwhile; 0 where the kernel does not tell */
};

/* Runs the program with DOUBT_WORKER_WORD and the map's descriptor until it has ended, or until 10
 * s after SIGKILL: a process that sleeps in the kernel must not stop the series. deadline_ns 0:
 * none. watch may be NULL. DOUBT_E_SYSTEM when no worker could be started. */
enum doubt_code doubt_child_run(struct doubt_shared_map *map, int64_t deadline_ns,
                                const struct doubt_restart_watch *watch,
                                struct doubt_child_end *end, struct doubt_err *err);

#endif

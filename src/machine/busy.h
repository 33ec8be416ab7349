/* busy.h: who else uses the CPUs.
 *
 * A unit of work is one reading of CPU times, or one scan of the processes. Times are sums since
 * the machine started, in ns, over the CPUs that this process may run on; differences of two
 * readings are what counts. The kernel accounts in ticks (10 ms as a rule): a difference over less
 * than about a second is coarse. Ours is the time of this process, its children that have ended,
 * and the running children of one thread (the workers); all else is others'. What a hypervisor
 * takes (steal) is neither.
 *
 * Not for judging a measurement: telemetry.h turns readings into shares.
 */
#ifndef DOUBT_MACHINE_BUSY_H
#define DOUBT_MACHINE_BUSY_H

#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One reading. */
struct doubt_busy {
    int64_t busy_ns;     /* in use: user, nice, system, interrupts */
    int64_t steal_ns;    /* taken by the hypervisor */
    int64_t ours_ns;     /* of busy: this process and its children */
    int64_t pressure_ns; /* some task waited for a CPU (PSI); INT64_MIN when not available */
    int32_t cpus;        /* CPUs counted */
    bool ours_known;     /* running children could be found, or there were none */
};

/* Open files of one root, so that a reading is four reads and no search. */
struct doubt_busy_source;

/* root NULL: "/". parent: thread id whose running children are the workers; 0: the caller. Without
 * proc/stat: DOUBT_E_UNSUPPORTED. */
enum doubt_code doubt_busy_open(const char *root, pid_t parent, struct doubt_busy_source **source,
                                struct doubt_err *err);
void doubt_busy_close(struct doubt_busy_source *source); /* NULL allowed */
enum doubt_code doubt_busy_read(struct doubt_busy_source *source, struct doubt_busy *out,
                                struct doubt_err *err);
/* Files read so far by this source. */
uint64_t doubt_busy_reads(const struct doubt_busy_source *source);

/* CPU times of other processes, summed by name from scan to scan. Time of children that ended
 * between two scans counts for the parent that waited for them. */
struct doubt_busy_names;

struct doubt_busy_names *doubt_busy_names_new(const char *root); /* NULL when out of memory */
void doubt_busy_names_free(struct doubt_busy_names *names);
/* Adds what was used since the scan before; the first one only notes where each process stands.
 * self and its descendants are ours and left out. */
enum doubt_code doubt_busy_names_scan(struct doubt_busy_names *names, pid_t self,
                                      struct doubt_err *err);
/* "cc1 0.92, ninja 0.10": the busiest at most `most`, with their share of one CPU over elapsed_ns;
 * those below 0.01 are left out. "" when there is none. */
void doubt_busy_names_format(const struct doubt_busy_names *names, int64_t elapsed_ns, size_t most,
                             char *out, size_t out_bytes);

#endif

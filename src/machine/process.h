/* process.h: which process this is, and whether one that was noted down is still there.
 *
 * A unit of work is one process. Process numbers are used again, so a process is known by its
 * number, its start, the boot and the space of numbers (a container has its own). Not for what
 * processes do: busy.h.
 */
#ifndef DOUBT_MACHINE_PROCESS_H
#define DOUBT_MACHINE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct doubt_process {
    int64_t pid;     /* 0: not known */
    int64_t started; /* ticks since boot */
    char boot[64];   /* "" when not known */
    char space[64];
};

/* One process of this machine now, below root (NULL: "/"); false, and pid 0, when it is not there
 * or proc cannot be read. */
bool doubt_process_find(const char *root, int64_t pid, struct doubt_process *out);

/* True only where it is certain: another boot, or in the same space of numbers no process with that
 * number and start, or a dead one that nobody waited for. */
bool doubt_process_is_gone(const char *root, const struct doubt_process *process);

#endif

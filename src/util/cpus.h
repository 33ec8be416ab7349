/* cpus.h: a set of CPUs, by the kernel's numbers, and its text in the kernel's list form: "0-3,6".
 *
 * A unit of work is one list, or one thread's set. Not for what a CPU is or does: machine/ has
 * that.
 */
#ifndef DOUBT_UTIL_CPUS_H
#define DOUBT_UTIL_CPUS_H

#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Numbers run from 0 to one less; TEXT_BYTES hold any list. */
enum { DOUBT_CPUS_MAX = 1024, DOUBT_CPUS_TEXT_BYTES = 4096 };

/* One bit for each CPU; all zero is the empty set. */
struct doubt_cpus {
    uint64_t bits[DOUBT_CPUS_MAX / 64];
};

static inline bool doubt_cpus_has(const struct doubt_cpus *cpus, int cpu)
{
    return cpus->bits[cpu / 64] >> (cpu % 64) & 1;
}

static inline void doubt_cpus_add(struct doubt_cpus *cpus, int cpu)
{
    cpus->bits[cpu / 64] |= UINT64_C(1) << (cpu % 64);
}

bool doubt_cpus_any(const struct doubt_cpus *cpus);
/* Those of a that are in b too. */
struct doubt_cpus doubt_cpus_both(const struct doubt_cpus *a, const struct doubt_cpus *b);
/* Those of a that are not in b. */
struct doubt_cpus doubt_cpus_without(const struct doubt_cpus *a, const struct doubt_cpus *b);

/* Numbers and ranges, the lower end first, between commas; the empty set cannot be written. What is
 * none: DOUBT_E_USAGE, and *cpus is empty. */
enum doubt_code doubt_cpus_parse(const char *text, struct doubt_cpus *cpus, struct doubt_err *err);
/* "0-3,6"; "" for the empty set; cut behind a whole item where it does not fit. */
void doubt_cpus_format(const struct doubt_cpus *cpus, char *out, size_t out_bytes);

/* Where a thread may run; 0 is the calling one. False: not known, and *cpus is empty. */
bool doubt_cpus_of_thread(pid_t thread, struct doubt_cpus *cpus);
/* Keeps a thread to these; the kernel takes those of them that it has. False: errno says why. */
bool doubt_cpus_keep_thread(pid_t thread, const struct doubt_cpus *cpus);

#endif

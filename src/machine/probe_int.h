/* probe_int.h: what the kinds of probes share: adding a probe, opening its file, reasons.
 *
 * A unit of work is one probe that is being found. Not for other floors, and not for readers of
 * values (probe.h).
 */
#ifndef DOUBT_MACHINE_PROBE_INT_H
#define DOUBT_MACHINE_PROBE_INT_H

#include "machine/machine_int.h"
#include "machine/probe.h"
#include <glob.h>

#define DOUBTI_MS INT64_C(1000000)

/* How an open file of a sensor is read: pread(2). Tests put a driver's errors in its place, while
 * no other thread reads. */
extern ssize_t (*doubti_probe_pread)(int fd, void *out, size_t bytes, off_t offset);

/* A probe that reads the number in one file. */
struct doubti_probe_file {
    enum doubt_probe_quantity quantity;
    enum doubt_probe_part part;
    double scale; /* number in the file x scale = value */
    int64_t period_ns;
};

/* Adds an empty probe: no file, nothing known; NULL when out of memory. It stays where it is until
 * the next one is added. */
struct doubt_probe *doubti_probe_add(struct doubt_probes *probes,
                                     const struct doubt_probe_kind *kind);
/* Adds a probe of the file root/path; one that cannot be opened is added with the reason. NULL when
 * there is no such file, and when out of memory, which probes->failed keeps. */
struct doubt_probe *doubti_probe_add_file(struct doubt_probes *probes,
                                          const struct doubt_probe_kind *kind, const char *root,
                                          const char *path, const struct doubti_probe_file *file);
void doubti_probe_name(struct doubt_probe *probe, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void doubti_probe_why(struct doubt_probe *probe, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The reason that goes with an errno of opening or reading. */
void doubti_probe_why_errno(struct doubt_probe *probe, int errno_value);
/* The number that the probe's file begins with, without scale; false and the reason if none. */
bool doubti_probe_number(struct doubt_probe *probe, double *number);
/* The whole small file. */
bool doubti_probe_text(struct doubt_probe *probe, char *out, size_t out_bytes);

/* Opens root/path for reading, without waiting; -1 and errno, EXDEV for a path that leads out of
 * the root. */
int doubti_root_open(const char *root, const char *path);

/* Paths below root that match, without the root, in the order of their numbers. */
struct doubti_matches {
    glob_t found;
    size_t count, skip;
};
void doubti_root_match(const char *root, const char *pattern, struct doubti_matches *matches);
const char *doubti_match_at(const struct doubti_matches *matches, size_t i);
void doubti_root_match_end(struct doubti_matches *matches);

/* "x/y" and "z" to "x/z": a file in the same folder as another. */
void doubti_sibling(const char *path, const char *name, char out[DOUBTI_PATH_BYTES]);

/* The kinds, one file each. */
extern const struct doubt_probe_kind doubti_probe_cpufreq, doubti_probe_thermal,
    doubti_probe_cooling, doubti_probe_hwmon, doubti_probe_powercap, doubti_probe_ina3221,
    doubti_probe_devfreq, doubti_probe_memory_clock, doubti_probe_gpu_load, doubti_probe_soctherm,
    doubti_probe_fan, doubti_probe_firmware, doubti_probe_nvml, doubti_probe_pressure,
    doubti_probe_load, doubti_probe_worker, doubti_probe_cgroup;

#endif

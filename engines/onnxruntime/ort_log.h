/* ort_log.h: what the library logs and does not say otherwise: why a provider was not made, and
 * which nodes went to the CPU.
 *
 * A unit of work is one line of its log. The library logs once for the whole process, so the state
 * is the process's. Lines of errors also go to standard error, as they would without us. Not for
 * the timed path: the log is read when something is opened.
 */
#ifndef DOUBT_ORT_LOG_H
#define DOUBT_ORT_LOG_H

#include <stddef.h>

struct ort_placement {
    int nodes, on_cpu;   /* counts; both 0: the library has not told */
    char cpu_types[200]; /* operators on the CPU, each once, ", " between; "..." where more were */
    int in_cpu_part;     /* the lines that follow name nodes on the CPU */
};

/* As the library calls it (OrtLoggingFunction), from any thread. */
void ort_log_take(void *unused, int severity, const char *category, const char *id,
                  const char *place, const char *message);

/* Forgets what was logged. */
void ort_log_clear(void);
/* The last error as logged, "" without one. */
void ort_log_error(char *text, size_t room);
/* Where nodes were placed, by the lines that the library logs about it. */
void ort_log_placement(struct ort_placement *placement);

#endif

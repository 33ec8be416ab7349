/* ort_events.h: reads the profile that ONNX Runtime writes: times of nodes, summed over runs.
 *
 * A unit of work is one file: a JSON array of events. An event of category "Node" whose name ends
 * in
 * "_kernel_time" is one node of one run; one named "model_run" ends a run. The first run, which
 * also takes memory and chooses algorithms, is left out where there are more. Not for other events.
 */
#ifndef DOUBT_ORT_EVENTS_H
#define DOUBT_ORT_EVENTS_H

#include <doubt/engine.h>
#include <stddef.h>
#include <stdint.h>

struct ort_node {
    char name[DOUBT_NAME_BYTES];
    char type[DOUBT_NAME_BYTES];     /* operator */
    char provider[DOUBT_NAME_BYTES]; /* that ran it */
    double first_us, later_us;       /* in the first run; in all later ones together */
};

struct ort_events {
    struct ort_node *nodes; /* heap */
    size_t count, capacity;
    uint64_t runs;
};

/* Reads a whole file's text; 0, or -1 where it is no such JSON or memory ran out. What was taken is
 * freed with ort_events_free() in both cases. */
int ort_events_parse(const char *text, size_t bytes, struct ort_events *events);
/* Nanoseconds of one run, mean. */
double ort_events_ns(const struct ort_events *events, size_t i);
void ort_events_free(struct ort_events *events);

#endif

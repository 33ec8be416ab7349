/* place.h: what the user wishes of a worker's process: its CPUs, its priority, its memory locked.
 *
 * A unit of work is one worker: set at its start, held once the engine's threads are there, and
 * read back after sampling. All three work on the calling process. Not for the supervisor: pin.c.
 */
#ifndef DOUBT_MEASURE_PLACE_H
#define DOUBT_MEASURE_PLACE_H

#include "measure/shared.h"

/* CPUs and priority, and the limit of locked memory raised as far as may be. Before rights are
 * dropped and before an engine's library is loaded: threads inherit it. What did not take is
 * DOUBT_E_SYSTEM with what was asked, what is there and what it needs. */
enum doubt_code doubti_place_begin(const struct doubt_worker_wish *wish, struct doubt_err *err);

/* Brings threads back that an engine put on other CPUs, and locks all memory, that to come
 * included. */
enum doubt_code doubti_place_hold(const struct doubt_worker_wish *wish, struct doubt_err *err);

/* Reads back what was asked for: CPUs of all threads together. A thread beside the CPUs asked for
 * is an error. */
enum doubt_code doubti_place_read(const struct doubt_worker_wish *wish,
                                  struct doubt_shared_place *place, struct doubt_err *err);

/* A line of /proc/self/status that is in kB, as bytes: "VmHWM:"; DOUBT_MISSING_I64 where there is
 * none. */
int64_t doubti_place_status_bytes(const char *name);

#endif

/* pin.c: the supervisor on a CPU of its own (measure_int.h).
 *
 * A unit of work is one series. Taking a CPU from the workers changes what they can do, so this is
 * the user's wish only, and only where one CPU of many is missed least.
 */
#include "measure/measure_int.h"

#include <stdlib.h>
#include <string.h>

enum { CPUS_ENOUGH = 8 };

void doubti_pin_start(struct doubti_pinning *pinning, struct doubt_telemetry *telemetry)
{
    cpu_set_t own;
    int last = -1;
    memset(pinning, 0, sizeof *pinning);
    if (sched_getaffinity(0, sizeof pinning->before, &pinning->before) != 0 ||
        CPU_COUNT(&pinning->before) < CPUS_ENOUGH)
        return;
    pinning->cpus = malloc(sizeof *pinning->cpus * CPU_SETSIZE);
    if (pinning->cpus == NULL)
        return;
    for (int i = 0; i < CPU_SETSIZE; i++) {
        if (!CPU_ISSET(i, &pinning->before))
            continue;
        if (last >= 0)
            pinning->cpus[pinning->cpu_count++] = last;
        last = i;
    }
    CPU_ZERO(&own);
    CPU_SET(last, &own);
    if (sched_setaffinity(0, sizeof own, &own) != 0) {
        free(pinning->cpus);
        memset(pinning, 0, sizeof *pinning);
        return;
    }
    doubt_telemetry_pin(telemetry, last);
}

void doubti_pin_stop(struct doubti_pinning *pinning)
{
    if (pinning->cpus == NULL)
        return;
    sched_setaffinity(0, sizeof pinning->before, &pinning->before);
    free(pinning->cpus);
    memset(pinning, 0, sizeof *pinning);
}

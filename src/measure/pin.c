/* pin.c: the supervisor on a CPU of its own (measure_int.h).
 *
 * A unit of work is one series. Taking a CPU from the workers changes what they can do, so this is
 * the user's wish only, or where one CPU of many is missed least.
 */
#include "measure/measure_int.h"

#include <stdlib.h>
#include <string.h>

enum { CPUS_ENOUGH = 8 };

/* The highest of a set; -1: it is empty. */
static int last_of(const cpu_set_t *set)
{
    int last = -1;
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, set))
            last = i;
    return last;
}

/* Those that are none of the workers'. */
static void take_out(cpu_set_t *set, const struct doubt_cpus *wished)
{
    for (int i = 0; i < CPU_SETSIZE && i < DOUBT_CPUS_MAX; i++)
        if (doubt_cpus_has(wished, i))
            CPU_CLR(i, set);
}

/* All but the supervisor's own. False: out of memory. */
static bool leave_others(struct doubti_pinning *pinning, int own)
{
    pinning->cpus = malloc(sizeof *pinning->cpus * CPU_SETSIZE);
    for (int i = 0; pinning->cpus != NULL && i < CPU_SETSIZE; i++)
        if (i != own && CPU_ISSET(i, &pinning->before))
            pinning->cpus[pinning->cpu_count++] = i;
    return pinning->cpus != NULL;
}

void doubti_pin_start(struct doubti_pinning *pinning, const struct doubt_cpus *wished,
                      struct doubt_telemetry *telemetry)
{
    cpu_set_t own;
    bool asked = doubt_cpus_any(wished);
    memset(pinning, 0, sizeof *pinning);
    if (sched_getaffinity(0, sizeof pinning->before, &pinning->before) != 0 ||
        (!asked && CPU_COUNT(&pinning->before) < CPUS_ENOUGH))
        return;
    own = pinning->before;
    take_out(&own, wished);
    int last = last_of(&own);
    if (last < 0 || (!asked && !leave_others(pinning, last)))
        return;
    CPU_ZERO(&own);
    CPU_SET(last, &own);
    if (sched_setaffinity(0, sizeof own, &own) != 0) {
        free(pinning->cpus);
        memset(pinning, 0, sizeof *pinning);
        return;
    }
    pinning->moved = true;
    doubt_telemetry_pin(telemetry, last);
}

void doubti_pin_stop(struct doubti_pinning *pinning)
{
    if (pinning->moved)
        sched_setaffinity(0, sizeof pinning->before, &pinning->before);
    free(pinning->cpus);
    memset(pinning, 0, sizeof *pinning);
}

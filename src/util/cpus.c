/* cpus.c: see cpus.h. */
#include "util/cpus.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

bool doubt_cpus_any(const struct doubt_cpus *cpus)
{
    for (size_t i = 0; i < DOUBT_CPUS_MAX / 64; i++)
        if (cpus->bits[i] != 0)
            return true;
    return false;
}

struct doubt_cpus doubt_cpus_both(const struct doubt_cpus *a, const struct doubt_cpus *b)
{
    struct doubt_cpus both;
    for (size_t i = 0; i < DOUBT_CPUS_MAX / 64; i++)
        both.bits[i] = a->bits[i] & b->bits[i];
    return both;
}

struct doubt_cpus doubt_cpus_without(const struct doubt_cpus *a, const struct doubt_cpus *b)
{
    struct doubt_cpus rest;
    for (size_t i = 0; i < DOUBT_CPUS_MAX / 64; i++)
        rest.bits[i] = a->bits[i] & ~b->bits[i];
    return rest;
}

/* The number at *at, which then stands behind it; -1: none, or too large. */
static int read_number(const char **at)
{
    int number = 0;
    const char *begin = *at;
    for (; **at >= '0' && **at <= '9'; (*at)++)
        if ((number = 10 * number + (**at - '0')) >= DOUBT_CPUS_MAX)
            return -1;
    return *at > begin ? number : -1;
}

/* One number or range. */
static bool read_item(const char **at, struct doubt_cpus *cpus)
{
    int first = read_number(at), last = first;
    if (first >= 0 && **at == '-') {
        (*at)++;
        last = read_number(at);
    }
    if (first < 0 || last < first)
        return false;
    for (int cpu = first; cpu <= last; cpu++)
        doubt_cpus_add(cpus, cpu);
    return true;
}

enum doubt_code doubt_cpus_parse(const char *text, struct doubt_cpus *cpus, struct doubt_err *err)
{
    const char *at = text;
    memset(cpus, 0, sizeof *cpus);
    bool good = read_item(&at, cpus);
    while (good && *at == ',') {
        at++;
        good = read_item(&at, cpus);
    }
    if (good && *at == '\0')
        return DOUBT_OK;
    memset(cpus, 0, sizeof *cpus);
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "\"%.60s\" is not a list of CPUs: write numbers from 0 to %d and ranges, "
                         "the lower end first, for example 0-3,6",
                         text, DOUBT_CPUS_MAX - 1);
}

void doubt_cpus_format(const struct doubt_cpus *cpus, char *out, size_t out_bytes)
{
    size_t used = 0;
    if (out_bytes > 0)
        out[0] = '\0';
    for (int first = 0, end; first < DOUBT_CPUS_MAX; first = end) {
        char item[32];
        for (end = first; end < DOUBT_CPUS_MAX && doubt_cpus_has(cpus, end); end++)
            continue;
        if (end++ == first)
            continue;
        int bytes = snprintf(item, sizeof item, end - 2 > first ? "%s%d-%d" : "%s%d",
                             used > 0 ? "," : "", first, end - 2);
        if (used + (size_t)bytes >= out_bytes)
            return;
        memcpy(out + used, item, (size_t)bytes + 1);
        used += (size_t)bytes;
    }
}

bool doubt_cpus_of_thread(pid_t thread, struct doubt_cpus *cpus)
{
    cpu_set_t set;
    memset(cpus, 0, sizeof *cpus);
    if (sched_getaffinity(thread, sizeof set, &set) != 0)
        return false;
    for (int cpu = 0; cpu < CPU_SETSIZE && cpu < DOUBT_CPUS_MAX; cpu++)
        if (CPU_ISSET(cpu, &set))
            doubt_cpus_add(cpus, cpu);
    return true;
}

bool doubt_cpus_keep_thread(pid_t thread, const struct doubt_cpus *cpus)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int cpu = 0; cpu < CPU_SETSIZE && cpu < DOUBT_CPUS_MAX; cpu++)
        if (doubt_cpus_has(cpus, cpu))
            CPU_SET(cpu, &set);
    return sched_setaffinity(thread, sizeof set, &set) == 0;
}

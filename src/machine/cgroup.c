/* cgroup.c: CPU time that a control group's quota took: cpu.stat of ours and those around it.
 *
 * A unit of work is one group that keeps count. Version 2 counts microseconds, version 1
 * nanoseconds. In a container the groups around it are out of sight. Not for the quota itself
 * (topology.c).
 */
#include "machine/probe_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS_MAX = 8 };

static const struct figure {
    const char *name, *key;
    enum doubt_probe_quantity quantity;
    double scale;
} figures[] = {
    {"throttled time", "throttled_usec ", DOUBT_PROBE_TIME, 1e-6},
    {"throttled time", "throttled_time ", DOUBT_PROBE_TIME, 1e-9},
    {"throttled periods", "nr_throttled ", DOUBT_PROBE_EVENTS, 1},
};

/* Behind key at the begin of a line. */
static const char *find_key(const char *text, const char *key)
{
    for (const char *at = text; (at = strstr(at, key)) != NULL; at++)
        if (at == text || at[-1] == '\n')
            return at + strlen(key);
    return NULL;
}

static void add_group(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                      const char *root, const char *path, const char *group)
{
    char text[1024];
    if (!doubti_root_read(root, path, text, sizeof text))
        return;
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        const struct doubti_probe_file file = {figures[i].quantity, DOUBT_PROBE_CPU,
                                               figures[i].scale, 250 * DOUBTI_MS};
        struct doubt_probe *probe;
        if (find_key(text, figures[i].key) == NULL)
            continue;
        probe = doubti_probe_add_file(probes, kind, root, path, &file);
        if (probe == NULL)
            continue;
        probe->index = (int)i;
        doubti_probe_name(probe, "%s of %s", figures[i].name, group[0] ? group : "/");
    }
}

/* From our group up to the mount's root. */
static void add_levels(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                       const char *root, const char *mount, const char *group)
{
    char level[256], path[DOUBTI_PATH_BYTES];
    snprintf(level, sizeof level, "%s", group);
    for (int i = 0; i < LEVELS_MAX; i++) {
        snprintf(path, sizeof path, "%s%s/cpu.stat", mount, level);
        add_group(probes, kind, root, path, level);
        char *slash = strrchr(level, '/');
        if (slash == NULL)
            break;
        *slash = '\0';
    }
}

/* "0::/a/b" (version 2) or "4:cpu,cpuacct:/a/b"; paths with ".." lie outside of our namespace. */
static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    char text[4096], group[256];
    if (!doubti_root_read(root, "proc/self/cgroup", text, sizeof text))
        text[0] = '\0';
    const char *v2 = find_key(text, "0::"), *v1 = strstr(text, ":cpu,cpuacct:");
    const char *at = v2 != NULL ? v2 : v1 != NULL ? v1 + strlen(":cpu,cpuacct:") : NULL;
    snprintf(group, sizeof group, "%.*s", at != NULL ? (int)strcspn(at, "\n") : 0,
             at != NULL ? at : "");
    size_t len = strlen(group);
    if (strstr(group, "..") != NULL || (len == 1 && group[0] == '/'))
        group[0] = '\0';
    size_t before = probes->count;
    if (v2 != NULL)
        add_levels(probes, kind, root, "sys/fs/cgroup", group);
    if (probes->count == before && v1 != NULL)
        add_levels(probes, kind, root, "sys/fs/cgroup/cpu,cpuacct", group);
}

static double read_key(struct doubt_probe *probe)
{
    char text[1024];
    if (!doubti_probe_text(probe, text, sizeof text))
        return NAN;
    const char *at = find_key(text, figures[probe->index].key);
    if (at != NULL)
        return strtod(at, NULL) * probe->scale;
    doubti_probe_why(probe, "the group no longer counts it");
    return NAN;
}

const struct doubt_probe_kind doubti_probe_cgroup = {
    .name = "cgroup",
    .summary = "CPU time taken by a control group's quota",
    .missing = "no control group here limits CPU time",
    .find = find,
    .read = read_key,
};

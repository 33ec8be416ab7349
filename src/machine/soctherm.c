/* soctherm.c: Tegra's counters of over-current and under-voltage events.
 *
 * A unit of work is one counter. Only differences count, and not even they prove throttling: on an
 * Orin Nano at full power oc3 has been seen to rise by thousands an hour without harm, so there is
 * no limit that it must keep. What each counts differs between Xavier and Orin.
 */
#include "machine/probe_int.h"

#include <stdio.h>
#include <string.h>

static const char *const xavier[] = {"input over critical current", "input below 4.5 V",
                                     "input over warning current"};
static const char *const orin[] = {"under-voltage", "average over-current",
                                   "instantaneous over-current"};

static const char *const *meanings(const char *root)
{
    char compatible[512];
    if (!doubti_root_read(root, "proc/device-tree/compatible", compatible, sizeof compatible))
        return NULL;
    return strstr(compatible, "tegra194") != NULL   ? xavier
           : strstr(compatible, "tegra234") != NULL ? orin
                                                    : NULL;
}

static void add_counter(struct doubt_probes *probes, const struct doubt_probe_kind *kind,
                        const char *root, const char *path)
{
    static const struct doubti_probe_file file = {DOUBT_PROBE_EVENTS, DOUBT_PROBE_BOARD, 1,
                                                  250 * DOUBTI_MS};
    const char *const *means = meanings(root), *slash = strrchr(path, '/');
    struct doubt_probe *probe;
    int number = 0;
    probe = doubti_probe_add_file(probes, kind, root, path, &file);
    if (probe == NULL)
        return;
    sscanf(slash != NULL ? slash : "", "/oc%d", &number);
    if (means != NULL && number >= 1 && number <= 3)
        doubti_probe_name(probe, "oc%d: %s", number, means[number - 1]);
    else
        doubti_probe_name(probe, "oc%d", number);
}

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    struct doubti_matches files;
    doubti_root_match(root, "sys/class/hwmon/hwmon*/oc[1-9]_event_cnt", &files);
    for (size_t i = 0; i < files.count; i++)
        add_counter(probes, kind, root, doubti_match_at(&files, i));
    doubti_root_match_end(&files);
}

const struct doubt_probe_kind doubti_probe_soctherm = {
    .name = "soctherm",
    .summary = "over-current events of a Tegra",
    .missing = "the kernel counts no over-current events here",
    .find = find,
};

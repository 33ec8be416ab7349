/* switches.c: how often the worker was switched out, pre-empted, and moved to another CPU.
 *
 * A unit of work is one process: the sum over its threads, as the kernel counts them. Counts of
 * threads that have ended are gone, so that a sum can fall; readers take a fall for no change.
 * Always of this machine's /proc, whatever the root: the worker runs here. Which process it is, is
 * told by doubt_probes_set_worker().
 */
#include "machine/probe_int.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 256 };

static const struct figure {
    const char *name, *file, *key;
} figures[] = {
    {"voluntary switches", "status", "\nvoluntary_ctxt_switches:"},
    {"forced switches", "status", "\nnonvoluntary_ctxt_switches:"},
    {"migrations", "sched", "\nse.nr_migrations"},
};

static void find(const struct doubt_probe_kind *kind, const char *root, struct doubt_probes *probes)
{
    (void)root;
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        struct doubt_probe *probe = doubti_probe_add(probes, kind);
        if (probe == NULL)
            return;
        probe->quantity = DOUBT_PROBE_EVENTS;
        probe->part = DOUBT_PROBE_WORKER;
        probe->period_ns = 250 * DOUBTI_MS;
        probe->state = (void *)&figures[i];
        doubti_probe_name(probe, "%s", figures[i].name);
        snprintf(probe->path, sizeof probe->path, "/proc/PID/task/*/%s", figures[i].file);
        doubti_probe_why(probe, "no worker runs");
    }
}

/* The number behind key; NaN when the thread has ended or the kernel does not count. */
static double read_thread(int pid, const char *thread, const struct figure *figure)
{
    char path[96], text[4096];
    snprintf(path, sizeof path, "proc/%d/task/%.16s/%s", pid, thread, figure->file);
    if (!doubti_root_read(NULL, path, text, sizeof text))
        return NAN;
    const char *at = strstr(text, figure->key);
    if (at == NULL)
        return NAN;
    at += strlen(figure->key);
    return strtod(at + strspn(at, " \t:"), NULL);
}

static double read_sum(struct doubt_probe *probe)
{
    char path[64];
    double sum = 0;
    size_t threads = 0;
    if (probe->index == 0)
        return NAN;
    snprintf(path, sizeof path, "/proc/%d/task", probe->index);
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL && threads < THREADS_MAX) {
        double value =
            entry->d_name[0] == '.' ? NAN : read_thread(probe->index, entry->d_name, probe->state);
        if (isnan(value))
            continue;
        sum += value;
        threads++;
    }
    if (folder != NULL)
        closedir(folder);
    doubti_probe_why(probe, "%s",
                     threads > 0      ? ""
                     : folder == NULL ? "no worker runs"
                                      : "the kernel does not count it");
    return threads > 0 ? sum : NAN;
}

const struct doubt_probe_kind doubti_probe_worker = {
    .name = "worker",
    .summary = "switches and migrations of the worker",
    .missing = "",
    .find = find,
    .read = read_sum,
};

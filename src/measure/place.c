/* place.c: see place.h. */
#include "measure/place.h"

#include "util/file.h"
#include "util/units.h"
#include "util/whole.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

int64_t doubti_place_status_bytes(const char *name)
{
    char *text = NULL;
    if (doubt_file_read("/proc/self/status", 1 << 20, &text, NULL, NULL) != DOUBT_OK)
        return DOUBT_MISSING_I64;
    const char *at = strstr(text, name);
    int64_t bytes = at != NULL ? doubt_whole_product(strtoll(at + strlen(name), NULL, 10), 1024)
                               : DOUBT_MISSING_I64;
    free(text);
    return bytes;
}

/* --- CPUs ---------------------------------------------------------------------------------- */

static enum doubt_code begin_cpus(const struct doubt_cpus *asked, struct doubt_err *err)
{
    char wanted[256], there[256];
    struct doubt_cpus now, missing;
    bool set = doubt_cpus_keep_thread(0, asked);
    doubt_cpus_of_thread(0, &now);
    missing = doubt_cpus_without(asked, &now);
    if (set && !doubt_cpus_any(&missing))
        return DOUBT_OK;
    doubt_cpus_format(asked, wanted, sizeof wanted);
    doubt_cpus_format(&now, there, sizeof there);
    return doubt_err_set(err, DOUBT_E_SYSTEM,
                         "the worker was to run on CPUs %s, and runs on %s: name CPUs that are "
                         "online and that its control group allows",
                         wanted, there);
}

/* Those of asked that a thread already has, else all. */
static void bring_back(pid_t thread, const struct doubt_cpus *asked, const struct doubt_cpus *has)
{
    struct doubt_cpus keep = doubt_cpus_both(has, asked);
    doubt_cpus_keep_thread(thread, doubt_cpus_any(&keep) ? &keep : asked);
}

/* All threads' CPUs together, after those beside asked were brought back where that is wished. */
static bool walk_threads(const struct doubt_cpus *asked, bool correct, struct doubt_cpus *all)
{
    DIR *folder = opendir("/proc/self/task");
    memset(all, 0, sizeof *all);
    if (folder == NULL)
        return false;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        pid_t thread = (pid_t)atoi(entry->d_name);
        struct doubt_cpus has, beside;
        if (thread <= 0 || !doubt_cpus_of_thread(thread, &has)) /* one that has ended */
            continue;
        beside = doubt_cpus_without(&has, asked);
        if (correct && doubt_cpus_any(&beside)) {
            bring_back(thread, asked, &has);
            doubt_cpus_of_thread(thread, &has);
        }
        for (size_t i = 0; i < DOUBT_CPUS_MAX / 64; i++)
            all->bits[i] |= has.bits[i];
    }
    closedir(folder);
    return true;
}

static enum doubt_code check_threads(const struct doubt_cpus *asked, bool correct,
                                     struct doubt_cpus *all, struct doubt_err *err)
{
    char wanted[256], outside[256];
    if (!walk_threads(asked, correct, all))
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno,
                               "the CPUs of the worker's threads cannot be read in "
                               "/proc/self/task");
    struct doubt_cpus beside = doubt_cpus_without(all, asked);
    if (!doubt_cpus_any(&beside))
        return DOUBT_OK;
    doubt_cpus_format(asked, wanted, sizeof wanted);
    doubt_cpus_format(&beside, outside, sizeof outside);
    return doubt_err_set(err, DOUBT_E_SYSTEM,
                         "the worker was to run on CPUs %s, but the engine lets threads run on %s "
                         "too: an option of the engine may forbid that",
                         wanted, outside);
}

/* --- priority ------------------------------------------------------------------------------ */

static bool read_priority(int *priority)
{
    errno = 0;
    *priority = getpriority(PRIO_PROCESS, 0);
    return errno == 0;
}

static enum doubt_code begin_priority(int asked, struct doubt_err *err)
{
    int now = 0;
    bool set = setpriority(PRIO_PROCESS, 0, asked) == 0;
    bool known = read_priority(&now);
    if (set && known && now == asked)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_SYSTEM,
                         "priority %d could not be set: the worker's is %d, and going below it "
                         "needs root, CAP_SYS_NICE or a limit that allows it: sudo prlimit --pid "
                         "$$ --nice=%d",
                         asked, now, 20 - asked);
}

/* --- memory -------------------------------------------------------------------------------- */

/* The right to pass the limit is dropped before memory is locked; a limit stays. */
static void raise_limit(void)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_MEMLOCK, &limit) == 0 || getrlimit(RLIMIT_MEMLOCK, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_MEMLOCK, &limit);
}

static void limit_text(char *out, size_t out_bytes)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    if (limit.rlim_cur == RLIM_INFINITY)
        snprintf(out, out_bytes, "unlimited");
    else
        doubt_units_format_bytes(limit.rlim_cur, out, out_bytes);
}

static enum doubt_code lock_memory(struct doubt_err *err)
{
    char limit[64], size[64] = "of unknown size";
    bool done = mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
    int64_t bytes = doubti_place_status_bytes("VmSize:");
    if (done && doubti_place_status_bytes("VmLck:") > 0)
        return DOUBT_OK;
    limit_text(limit, sizeof limit);
    if (bytes != DOUBT_MISSING_I64)
        doubt_units_format_bytes((uint64_t)bytes, size, sizeof size);
    return doubt_err_set(err, DOUBT_E_SYSTEM,
                         "the worker's memory could not be locked: RLIMIT_MEMLOCK is %s, and its "
                         "address space takes %s; raise the limit in your shell first: sudo "
                         "prlimit --pid $$ --memlock=unlimited:unlimited",
                         limit, size);
}

/* --- all of it ----------------------------------------------------------------------------- */

enum doubt_code doubti_place_begin(const struct doubt_worker_wish *wish, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    if (doubt_cpus_any(&wish->cpus))
        code = begin_cpus(&wish->cpus, err);
    if (code == DOUBT_OK && wish->has_priority)
        code = begin_priority(wish->priority, err);
    if (wish->lock_memory)
        raise_limit();
    return code;
}

enum doubt_code doubti_place_hold(const struct doubt_worker_wish *wish, struct doubt_err *err)
{
    struct doubt_cpus all;
    enum doubt_code code = DOUBT_OK;
    if (doubt_cpus_any(&wish->cpus))
        code = check_threads(&wish->cpus, true, &all, err);
    if (code == DOUBT_OK && wish->lock_memory)
        code = lock_memory(err);
    return code;
}

enum doubt_code doubti_place_read(const struct doubt_worker_wish *wish,
                                  struct doubt_shared_place *place, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    int priority = 0;
    if (doubt_cpus_any(&wish->cpus))
        code = check_threads(&wish->cpus, false, &place->cpus, err);
    if (wish->has_priority && read_priority(&priority))
        place->priority = priority;
    if (wish->lock_memory)
        place->locked_bytes = doubti_place_status_bytes("VmLck:");
    return code;
}

/* faults.c: every way to be interrupted while a fake Jetson Nano is set, measured and put back.
 *
 * A unit of work is one point: one process, or two at once, killed with SIGKILL at one step, at one
 * write of the vendor's programs or in one call of the engine; or one file that cannot be written,
 * one disk that is full, two instances at once. After each, the machine must be in its first state:
 * by the guardian, by the supervisor itself, or, where both were killed, after the next start. All
 * points are enumerated from a run without a fault; their count is printed. Exit status 0: all as
 * they must be.
 */
#include "../fake/nano.h"
#include "machine/guardian.h"
#include "machine/putback.h"
#include "machine/step.h"
#include "measure/restart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STRIDE = 7 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { STRIDE = 7 };
#else
enum { STRIDE = 1 };
#endif
#else
enum { STRIDE = 1 };
#endif

enum { SHARDS = 2, PART_SUPERVISOR = 0, PART_GUARDIAN, PART_COUNT };
enum { KILL_SUPERVISOR = 1, KILL_GUARDIAN = 2, KILL_BOTH = 3, KILL_WORKER = 4 };

/* Shared by a shard and the processes of its points. */
struct point {
    int at[PART_COUNT], who[PART_COUNT]; /* whom to kill at which step of a part; 0: nobody */
    int seen[PART_COUNT];                /* steps so far */
    pid_t supervisor, guardian;
    int worker_call, worker_who;
    int worker_ok; /* the worker came to its end */
    int set_failed, close_failed;
    int starts;
    char sentence[DOUBT_ERR_TEXT_BYTES];
};

struct shard {
    int number, points, failures, skipped;
    int turn; /* of all points, those of this shard are every SHARDS x STRIDE-th */
    char root[64];
    char *first;
    struct point *point;
    const char *kind;
    int kind_points;
};

static struct point *point; /* of this process */

/* --- ends ------------------------------------------------------------------------------------- */

static void kill_them(int who, pid_t self)
{
    if ((who & KILL_GUARDIAN) && point->guardian > 0)
        kill(point->guardian, SIGKILL);
    if ((who & KILL_SUPERVISOR) && point->supervisor > 0 && point->supervisor != self)
        kill(point->supervisor, SIGKILL);
    if ((who & KILL_SUPERVISOR) && point->supervisor == self)
        kill(self, SIGKILL);
}

static void on_step(const char *part, const char *step)
{
    int index = strcmp(part, "guardian") == 0 ? PART_GUARDIAN : PART_SUPERVISOR;
    if (index == PART_GUARDIAN && strcmp(step, "guardian: waits") == 0)
        point->guardian = getpid();
    /* The supervisor goes on only when its guardian can be named. */
    if (index == PART_SUPERVISOR && strcmp(step, "guardian: forked") == 0)
        while (__atomic_load_n(&point->guardian, __ATOMIC_ACQUIRE) == 0)
            poll(NULL, 0, 1);
    if (++point->seen[index] == point->at[index])
        kill_them(point->who[index], getpid());
}

/* --- what is interrupted ---------------------------------------------------------------------- */

static enum doubt_code set(struct doubt_putback *keeping, const char *name, const char *value,
                           struct doubt_err *err)
{
    const struct doubt_knob *knob = NULL;
    bool changed;
    enum doubt_code code = doubt_knob_find(name, &knob, err);
    return code == DOUBT_OK ? doubt_putback_set(keeping, knob, value, &changed, err) : code;
}

static void measure(void)
{
    const struct doubt_cell_plan cell = {
        .network = "copy",
        .title = "copy",
        .model_path = DOUBT_TEST_DATA "/copy.onnx",
        .macs = DOUBT_MISSING_I64,
        .parameters = DOUBT_MISSING_I64,
        .engine = "killed",
        .precision = DOUBT_PRECISION_F32,
        .boundary = DOUBT_BOUNDARY_CALL,
        .batch = 1,
    };
    const struct doubt_restart_plan how = {
        .iterations = 2, .warm_iterations_min = 1, .deadline_ns = INT64_C(20000000000)};
    struct doubt_restart_result result;
    char fault[96];
    size_t used = (size_t)snprintf(fault, sizeof fault, "%d", point->worker_call);
    if (point->worker_who & KILL_GUARDIAN)
        used += (size_t)snprintf(fault + used, sizeof fault - used, " %d", point->guardian);
    if (point->worker_who & KILL_SUPERVISOR)
        used += (size_t)snprintf(fault + used, sizeof fault - used, " %d", getpid());
    /* Last: it kills the others. */
    if (point->worker_who & KILL_WORKER)
        snprintf(fault + used, sizeof fault - used, " 0");
    setenv("DOUBT_FAULT", fault, 1);
    if (doubt_restart_run(&cell, &how, NULL, &result, NULL) == DOUBT_OK)
        point->worker_ok = strcmp(result.record.outcome, DOUBT_OUTCOME_OK) == 0;
    doubt_restart_result_free(&result);
}

/* Set, measure, put back; what fails is noted, and what was set is put back all the same. */
static void supervise(const char *root, bool with_worker)
{
    struct doubt_putback *keeping = NULL;
    struct doubt_err err = {0};
    point->supervisor = getpid();
    enum doubt_code code = doubt_putback_open(root, NULL, &keeping, &err);
    if (code == DOUBT_OK)
        code = set(keeping, "mode", "0", &err);
    if (code == DOUBT_OK)
        code = set(keeping, "clocks", "on", &err);
    point->set_failed = code != DOUBT_OK;
    if (code == DOUBT_OK && with_worker)
        measure();
    if (keeping != NULL)
        point->close_failed = doubt_putback_close(keeping, &err) != DOUBT_OK;
    snprintf(point->sentence, sizeof point->sentence, "%s", err.text);
}

static pid_t start(const struct shard *shard, bool with_worker)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        point = shard->point;
        doubt_step_hook = on_step;
        supervise(shard->root, with_worker);
        _exit(0);
    }
    return child;
}

static int wait_for(pid_t child)
{
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

/* --- what must be so -------------------------------------------------------------------------- */

static void complain(struct shard *shard, const char *what, const char *detail)
{
    const struct point *p = shard->point;
    shard->failures++;
    printf("%s: supervisor %d/%d guardian %d/%d worker %d/%d: %s %s %s\n", shard->kind, p->at[0],
           p->who[0], p->at[1], p->who[1], p->worker_call, p->worker_who, what, detail,
           p->sentence);
}

/* The lock is free once nobody is at work any more. */
static bool wait_until_quiet(const struct shard *shard)
{
    char path[128];
    snprintf(path, sizeof path, "%s/var/lib/doubt/machine.lock", shard->root);
    for (int i = 0; i < 6000; i++) {
        if (doubti_lock_holder(path) == 0)
            return true;
        poll(NULL, 0, 5);
    }
    return false;
}

static bool has_journal(const struct shard *shard)
{
    char path[128];
    snprintf(path, sizeof path, "%s/var/lib/doubt/machine.journal", shard->root);
    return access(path, F_OK) == 0;
}

/* A fresh start that finds what there is; with a fault of its own where the point says so. */
static int next_start(const struct shard *shard)
{
    fflush(NULL);
    shard->point->starts++;
    pid_t child = fork();
    if (child == 0) {
        struct doubt_putback *keeping = NULL;
        struct doubt_err err = {0};
        point = shard->point;
        doubt_step_hook = on_step;
        point->supervisor = getpid();
        point->guardian = 0;
        bool bad = doubt_putback_open(shard->root, NULL, &keeping, &err) != DOUBT_OK ||
                   doubt_putback_close(keeping, &err) != DOUBT_OK;
        snprintf(point->sentence, sizeof point->sentence, "%s", err.text);
        _exit(bad);
    }
    return wait_for(child);
}

static void expect_first(struct shard *shard)
{
    char line[256], *now = nano_snapshot(shard->root);
    const char *differs = now != NULL ? nano_differs(shard->first, now, line) : "no memory";
    if (differs != NULL) {
        complain(shard, "not as it was:", differs);
        nano_remove(shard->root);
        if (!nano_make(shard->root, 1))
            abort();
    }
    if (has_journal(shard))
        complain(shard, "a journal is left", "");
    free(now);
}

static void clear(struct shard *shard)
{
    memset(shard->point, 0, sizeof *shard->point);
}

/* Is the next point this shard's? */
static bool is_mine(struct shard *shard)
{
    int turn = shard->turn++;
    return turn % (SHARDS * STRIDE) == shard->number;
}

static void count_point(struct shard *shard)
{
    shard->points++;
    shard->kind_points++;
}

/* --- kills at steps --------------------------------------------------------------------------- */

static int steps_of(struct shard *shard, int part)
{
    clear(shard);
    wait_for(start(shard, false));
    wait_until_quiet(shard);
    expect_first(shard);
    return shard->point->seen[part];
}

static void kill_at_each_step(struct shard *shard)
{
    static const int whos[] = {KILL_SUPERVISOR, KILL_GUARDIAN, KILL_BOTH};
    int steps = steps_of(shard, PART_SUPERVISOR);
    for (int at = 1; at <= steps; at++)
        for (size_t w = 0; w < sizeof whos / sizeof whos[0]; w++) {
            if (!is_mine(shard))
                continue;
            clear(shard);
            shard->point->at[PART_SUPERVISOR] = at;
            shard->point->who[PART_SUPERVISOR] = whos[w];
            int status = wait_for(start(shard, false));
            bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
            if (killed != ((whos[w] & KILL_SUPERVISOR) != 0))
                complain(shard, "the supervisor ended otherwise", "");
            if (!wait_until_quiet(shard))
                complain(shard, "the lock is held for good", "");
            if (whos[w] == KILL_BOTH && next_start(shard) != 0)
                complain(shard, "the next start failed", "");
            expect_first(shard);
            count_point(shard);
        }
}

/* The supervisor is gone, and the guardian is killed at each of its steps; then the next start, and
 * that one killed at each of its own, and the one after it. */
static void kill_those_who_put_back(struct shard *shard)
{
    int all = steps_of(shard, PART_SUPERVISOR), middle = all / 2;
    clear(shard);
    shard->point->at[PART_SUPERVISOR] = middle;
    shard->point->who[PART_SUPERVISOR] = KILL_SUPERVISOR;
    wait_for(start(shard, false));
    wait_until_quiet(shard);
    int steps = shard->point->seen[PART_GUARDIAN];
    for (int again = 0; again < 2; again++)
        for (int at = 2; at <= steps; at++) {
            if (!is_mine(shard))
                continue;
            clear(shard);
            shard->point->at[PART_SUPERVISOR] = middle;
            shard->point->who[PART_SUPERVISOR] = again ? KILL_BOTH : KILL_SUPERVISOR;
            shard->point->at[PART_GUARDIAN] = again ? 0 : at;
            shard->point->who[PART_GUARDIAN] = KILL_GUARDIAN;
            wait_for(start(shard, false));
            wait_until_quiet(shard);
            /* Now a start that is killed, with any guardian of its own. */
            shard->point->seen[PART_SUPERVISOR] = 0;
            shard->point->at[PART_SUPERVISOR] = again ? at : 0;
            if (again) {
                next_start(shard);
                wait_until_quiet(shard);
                shard->point->at[PART_SUPERVISOR] = 0;
            }
            if (next_start(shard) != 0)
                complain(shard, "the next start failed", "");
            expect_first(shard);
            count_point(shard);
        }
}

/* --- kills within the vendor's programs ------------------------------------------------------- */

static void put_count(const struct shard *shard, const char *count)
{
    nano_put(shard->root, "fake/count", count);
}

static void remove_in_fake(const struct shard *shard, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/fake/%s", shard->root, name);
    unlink(path);
}

/* The supervisor's number is only known once it runs: it is held at its first step. */
static pid_t start_with_fault(struct shard *shard, int at, int who)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        char pids[64];
        struct doubt_putback *keeping = NULL;
        struct doubt_err err = {0};
        point = shard->point;
        doubt_step_hook = on_step;
        point->supervisor = getpid();
        if (doubt_putback_open(shard->root, NULL, &keeping, &err) != DOUBT_OK)
            _exit(1);
        int used = snprintf(pids, sizeof pids, "%d", at);
        if (who & KILL_GUARDIAN)
            used += snprintf(pids + used, sizeof pids - (size_t)used, " %d", point->guardian);
        if (who & KILL_SUPERVISOR)
            snprintf(pids + used, sizeof pids - (size_t)used, " %d", getpid());
        nano_put(shard->root, "fake/at", pids);
        if (set(keeping, "mode", "0", &err) == DOUBT_OK)
            set(keeping, "clocks", "on", &err);
        _exit(doubt_putback_close(keeping, &err) != DOUBT_OK);
    }
    return child;
}

static void kill_within_programs(struct shard *shard)
{
    static const int whos[] = {KILL_SUPERVISOR, KILL_GUARDIAN, KILL_BOTH};
    char text[256];
    clear(shard);
    put_count(shard, "0");
    wait_for(start_with_fault(shard, 0, 0));
    int writes = atoi(nano_get(shard->root, "fake/count", text));
    remove_in_fake(shard, "at");
    for (int at = 1; at <= writes; at++)
        for (size_t w = 0; w < sizeof whos / sizeof whos[0]; w++) {
            if (!is_mine(shard))
                continue;
            clear(shard);
            put_count(shard, "0");
            int status = wait_for(start_with_fault(shard, at, whos[w]));
            if (WIFSIGNALED(status) != ((whos[w] & KILL_SUPERVISOR) != 0))
                complain(shard, "the supervisor ended otherwise at a program's write", "");
            wait_until_quiet(shard);
            remove_in_fake(shard, "at");
            remove_in_fake(shard, "count");
            if (whos[w] == KILL_BOTH && next_start(shard) != 0)
                complain(shard, "the next start failed", "");
            expect_first(shard);
            count_point(shard);
        }
    remove_in_fake(shard, "count");
}

/* --- kills while it is measured --------------------------------------------------------------- */

static void kill_in_each_call(struct shard *shard)
{
    static const int whos[] = {KILL_WORKER,
                               KILL_SUPERVISOR,
                               KILL_GUARDIAN,
                               KILL_BOTH,
                               KILL_WORKER | KILL_SUPERVISOR,
                               KILL_WORKER | KILL_BOTH};
    enum { CALLS_MAX = 30 };
    clear(shard);
    wait_for(start(shard, true));
    if (!shard->point->worker_ok)
        complain(shard, "the worker failed without a fault", "");
    for (int call = 1; call < CALLS_MAX; call++) {
        /* Calls after the last one kill nobody. */
        clear(shard);
        shard->point->worker_call = call;
        shard->point->worker_who = KILL_WORKER;
        int status = wait_for(start(shard, true));
        bool last = shard->point->worker_ok && WIFEXITED(status);
        wait_until_quiet(shard);
        expect_first(shard);
        if (last)
            break;
        for (size_t w = 0; w < sizeof whos / sizeof whos[0]; w++) {
            if (!is_mine(shard))
                continue;
            clear(shard);
            shard->point->worker_call = call;
            shard->point->worker_who = whos[w];
            status = wait_for(start(shard, true));
            if (WIFSIGNALED(status) != ((whos[w] & KILL_SUPERVISOR) != 0))
                complain(shard, "the supervisor ended otherwise in an engine's call", "");
            wait_until_quiet(shard);
            if ((whos[w] & KILL_BOTH) == KILL_BOTH && next_start(shard) != 0)
                complain(shard, "the next start failed", "");
            expect_first(shard);
            count_point(shard);
        }
    }
}

/* --- files that cannot be written ------------------------------------------------------------- */

static const char *const written[] = {
    "sys/devices/system/cpu/cpu1/online",
    "sys/devices/system/cpu/cpu2/online",
    "sys/devices/system/cpu/cpu3/online",
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq",
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq",
    "sys/devices/system/cpu/cpu3/cpufreq/scaling_max_freq",
    "sys/devices/system/cpu/cpu3/cpufreq/scaling_min_freq",
    "sys/devices/system/cpu/cpu0/cpuidle/state0/disable",
    "sys/devices/system/cpu/cpu0/cpuidle/state1/disable",
    "sys/devices/system/cpu/cpu2/cpuidle/state1/disable",
    "sys/class/devfreq/57000000.gpu/max_freq",
    "sys/class/devfreq/57000000.gpu/min_freq",
    "sys/class/devfreq/57000000.gpu/device/railgate_enable",
    "sys/kernel/debug/clk/override.emc/clk_state",
    "sys/kernel/nvpmodel_emc_cap/emc_iso_cap",
    "var/lib/nvpmodel/status",
};
enum { WRITTEN = sizeof written / sizeof written[0] };

/* A program that cannot write says so or says nothing; both end with 0. */
static void fail_writes_of_programs(struct shard *shard)
{
    static const char *const manners[] = {"silent", "readonly"};
    for (int w = 0; w < WRITTEN; w++)
        for (int m = 0; m < 2; m++) {
            char line[160];
            if (!is_mine(shard))
                continue;
            clear(shard);
            snprintf(line, sizeof line, "%s /%s", manners[m], written[w]);
            nano_put(shard->root, "fake/manners", line);
            wait_for(start(shard, false));
            wait_until_quiet(shard);
            remove_in_fake(shard, "manners");
            /* What only a program can write stays in the journal until it can. */
            if (shard->point->close_failed && next_start(shard) != 0)
                complain(shard, "the next start failed", "");
            expect_first(shard);
            count_point(shard);
        }
}

static bool bind_read_only(const char *root, const char *path)
{
    char full[256];
    snprintf(full, sizeof full, "%s/%s", root, path);
    return mount(full, full, NULL, MS_BIND, NULL) == 0 &&
           mount(NULL, full, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0;
}

/* Runs in a name space of its own: set, make one file read-only, put back; or the other way. */
static void with_read_only(const char *root, const char *path, bool from_the_beginning)
{
    struct doubt_putback *keeping = NULL;
    struct doubt_err err = {0};
    point->supervisor = getpid();
    if (from_the_beginning && !bind_read_only(root, path))
        _exit(77);
    if (doubt_putback_open(root, NULL, &keeping, &err) != DOUBT_OK)
        _exit(1);
    if (set(keeping, "mode", "0", &err) == DOUBT_OK)
        set(keeping, "clocks", "on", &err);
    point->set_failed = err.text[0] != '\0';
    if (!from_the_beginning && !bind_read_only(root, path))
        _exit(77);
    struct doubt_err close_err = {0};
    point->close_failed = doubt_putback_close(keeping, &close_err) != DOUBT_OK;
    snprintf(point->sentence, sizeof point->sentence, "%s", close_err.text);
    _exit(0);
}

/* root's own rights pass over a file's mode, not over a mount's. */
static void make_files_read_only(struct shard *shard)
{
    for (int w = 0; w < WRITTEN; w++)
        for (int late = 0; late < 2; late++) {
            if (!is_mine(shard))
                continue;
            clear(shard);
            fflush(NULL);
            pid_t child = fork();
            if (child == 0) {
                point = shard->point;
                doubt_step_hook = on_step;
                if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
                    _exit(77);
                with_read_only(shard->root, written[w], !late);
            }
            int status = wait_for(child);
            if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
                shard->skipped++;
                next_start(shard);
                continue;
            }
            wait_until_quiet(shard);
            const struct point *p = shard->point;
            if (p->close_failed && strstr(p->sentence, "device restore") == NULL)
                complain(shard, "no word of what to do next:", p->sentence);
            /* Whatever could not be put back is known to be so. */
            if (p->close_failed != has_journal(shard))
                complain(shard, "what failed is not in the journal", written[w]);
            if (p->close_failed && next_start(shard) != 0)
                complain(shard, "the next start failed", "");
            expect_first(shard);
            count_point(shard);
        }
}

/* --- a full disk ------------------------------------------------------------------------------ */

static void fill(const char *folder, long leave)
{
    char path[256], block[1024] = {0};
    snprintf(path, sizeof path, "%s/filler", folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    off_t size = 0;
    for (ssize_t put; (put = write(fd, block, sizeof block)) > 0;)
        size += put;
    if (ftruncate(fd, size > leave ? size - leave : 0) != 0)
        _exit(77);
    close(fd);
}

static void with_full_disk(struct shard *shard, long leave)
{
    char folder[128];
    struct doubt_putback *keeping = NULL;
    struct doubt_err err = {0};
    point->supervisor = getpid();
    snprintf(folder, sizeof folder, "%s/var/lib/doubt", shard->root);
    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        _exit(1);
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", folder, "tmpfs", 0, "size=64k,mode=0755") != 0)
        _exit(77);
    if (doubt_putback_open(shard->root, NULL, &keeping, &err) != DOUBT_OK)
        _exit(1);
    fill(folder, leave);
    char *before = nano_snapshot(shard->root), line[256];
    enum doubt_code code = set(keeping, "mode", "0", &err);
    char *after = nano_snapshot(shard->root);
    /* Without a journal nothing is changed. */
    bool bad = code != DOUBT_OK && nano_differs(before, after, line) != NULL;
    bad |= code != DOUBT_OK && code != DOUBT_E_FULL;
    if (code == DOUBT_OK)
        code = set(keeping, "clocks", "on", &err);
    point->set_failed = code != DOUBT_OK;
    bad |= doubt_putback_close(keeping, &err) != DOUBT_OK;
    char path[160];
    snprintf(path, sizeof path, "%s/machine.journal", folder);
    bad |= access(path, F_OK) == 0;
    snprintf(point->sentence, sizeof point->sentence, "%s", err.text);
    _exit(bad);
}

static void fill_the_disk(struct shard *shard)
{
    for (long leave = 0; leave <= 32768; leave += 2048) {
        if (!is_mine(shard))
            continue;
        clear(shard);
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            point = shard->point;
            doubt_step_hook = on_step;
            with_full_disk(shard, leave);
        }
        int status = wait_for(child);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
            shard->skipped++;
            continue;
        }
        if (status != 0)
            complain(shard, "a full disk", "was not refused cleanly");
        if (leave == 0 && !shard->point->set_failed)
            complain(shard, "a full disk", "was not noticed");
        expect_first(shard);
        count_point(shard);
    }
}

/* --- two at once ------------------------------------------------------------------------------ */

static void run_two_at_once(struct shard *shard)
{
    for (int i = 0; i < 16; i++) {
        if (!is_mine(shard))
            continue;
        struct point *other =
            mmap(NULL, sizeof *other, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        struct shard second = *shard;
        if (other == MAP_FAILED)
            continue;
        clear(shard);
        second.point = other;
        clear(&second);
        pid_t a = start(shard, false), b = start(&second, false);
        if (wait_for(a) != 0 || wait_for(b) != 0)
            complain(shard, "one of two ended badly", "");
        /* One works; the other is refused and names it, or comes when the first is done. */
        if (shard->point->set_failed && other->set_failed)
            complain(shard, "both of two were refused", other->sentence);
        const struct point *refused = shard->point->set_failed ? shard->point : other;
        if (refused->set_failed && strstr(refused->sentence, "another doubt (process") == NULL)
            complain(shard, "refused without naming the holder:", refused->sentence);
        wait_until_quiet(shard);
        expect_first(shard);
        count_point(shard);
        munmap(other, sizeof *other);
    }
}

/* --- all of them ------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    void (*run)(struct shard *shard);
} kinds[] = {
    {"killed at each step", kill_at_each_step},
    {"killed while putting back", kill_those_who_put_back},
    {"killed at each write of a program", kill_within_programs},
    {"killed in each call of the engine", kill_in_each_call},
    {"a program's write that fails", fail_writes_of_programs},
    {"a read-only file", make_files_read_only},
    {"a full disk", fill_the_disk},
    {"two at once", run_two_at_once},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

struct tally {
    int points[KINDS], failures, skipped;
};

static void run_shard(int number, struct tally *tally)
{
    struct shard shard = {.number = number};
    shard.point =
        mmap(NULL, sizeof *shard.point, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shard.point == MAP_FAILED || !nano_make(shard.root, 1)) {
        tally->failures++;
        return;
    }
    /* A board that somebody has set by hand. */
    nano_put(shard.root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq", "710400");
    shard.first = nano_snapshot(shard.root);
    for (int k = 0; k < KINDS; k++) {
        shard.kind = kinds[k].name;
        shard.kind_points = 0;
        kinds[k].run(&shard);
        tally->points[k] = shard.kind_points;
    }
    tally->failures += shard.failures;
    tally->skipped += shard.skipped;
    nano_remove(shard.root);
    free(shard.first);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    struct tally *tallies = mmap(NULL, SHARDS * sizeof *tallies, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int total = 0, failures = 0, skipped = 0;
    unsetenv("DOUBT_STATE");
    unsetenv("DOUBT_ROOT");
    signal(SIGPIPE, SIG_IGN);
    if (tallies == MAP_FAILED)
        return 1;
    if (geteuid() != 0)
        printf("not root: read-only files and full disks are left out\n");
    fflush(NULL);
    pid_t children[SHARDS];
    for (int i = 0; i < SHARDS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            run_shard(i, &tallies[i]);
            fflush(NULL);
            _exit(0);
        }
    }
    for (int i = 0; i < SHARDS; i++) {
        failures += wait_for(children[i]) != 0;
        failures += tallies[i].failures;
        skipped += tallies[i].skipped;
    }
    for (int k = 0; k < KINDS; k++) {
        int points = 0;
        for (int i = 0; i < SHARDS; i++)
            points += tallies[i].points[k];
        printf("%5d  %s\n", points, kinds[k].name);
        total += points;
    }
    printf("%5d  points in all; %d not as they must be", total, failures);
    if (skipped > 0)
        printf("; %d left out (no private mount here)", skipped);
    printf("\n");
    return failures > 0 || (STRIDE == 1 && total < 200);
}

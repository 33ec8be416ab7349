/* faults.c: every way to be interrupted while a fake Jetson Nano is set, measured and put back.
 *
 * A unit of work is one point: one process, or two at once, killed with SIGKILL at one step, at one
 * write of the vendor's programs or in one call of the engine; or one file that cannot be written,
 * one disk that is full, two instances at once. After each, the machine must be in its first state:
 * by the guardian, by the supervisor itself, or, where both were killed, after the next start. All
 * points are enumerated from a run without a fault; their count is printed. Exit status 0: all as
 * they must be.
 */
#include "faults_int.h"
#include "machine/guardian.h"
#include "machine/step.h"
#include "measure/restart.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

struct point *faults_point; /* of this process */

/* --- ends ------------------------------------------------------------------------------------- */

static void kill_them(int who, pid_t self)
{
    if ((who & KILL_GUARDIAN) && faults_point->guardian > 0)
        kill(faults_point->guardian, SIGKILL);
    if ((who & KILL_SUPERVISOR) && faults_point->supervisor > 0 && faults_point->supervisor != self)
        kill(faults_point->supervisor, SIGKILL);
    if ((who & KILL_SUPERVISOR) && faults_point->supervisor == self)
        kill(self, SIGKILL);
}

void faults_on_step(const char *part, const char *step)
{
    int index = strcmp(part, "guardian") == 0 ? PART_GUARDIAN : PART_SUPERVISOR;
    if (index == PART_GUARDIAN && strcmp(step, "guardian: waits") == 0)
        faults_point->guardian = getpid();
    /* The supervisor goes on only when its guardian can be named. */
    if (index == PART_SUPERVISOR && strcmp(step, "guardian: forked") == 0)
        while (__atomic_load_n(&faults_point->guardian, __ATOMIC_ACQUIRE) == 0)
            poll(NULL, 0, 1);
    if (++faults_point->seen[index] == faults_point->at[index])
        kill_them(faults_point->who[index], getpid());
}

/* --- what is interrupted ---------------------------------------------------------------------- */

enum doubt_code faults_set(struct doubt_putback *keeping, const char *name, const char *value,
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
    size_t used = (size_t)snprintf(fault, sizeof fault, "%d", faults_point->worker_call);
    if (faults_point->worker_who & KILL_GUARDIAN)
        used += (size_t)snprintf(fault + used, sizeof fault - used, " %d", faults_point->guardian);
    if (faults_point->worker_who & KILL_SUPERVISOR)
        used += (size_t)snprintf(fault + used, sizeof fault - used, " %d", getpid());
    /* Last: it kills the others. */
    if (faults_point->worker_who & KILL_WORKER)
        snprintf(fault + used, sizeof fault - used, " 0");
    setenv("DOUBT_FAULT", fault, 1);
    if (doubt_restart_run(&cell, &how, NULL, &result, NULL) == DOUBT_OK)
        faults_point->worker_ok = strcmp(result.record.outcome, DOUBT_OUTCOME_OK) == 0;
    doubt_restart_result_free(&result);
}

/* Set, measure, put back; what fails is noted, and what was set is put back all the same. */
static void supervise(const char *root, bool with_worker)
{
    struct doubt_putback *keeping = NULL;
    struct doubt_err err = {0};
    faults_point->supervisor = getpid();
    enum doubt_code code = doubt_putback_open(root, NULL, &keeping, &err);
    if (code == DOUBT_OK)
        code = faults_set(keeping, "mode", "0", &err);
    if (code == DOUBT_OK)
        code = faults_set(keeping, "clocks", "on", &err);
    faults_point->set_failed = code != DOUBT_OK;
    if (code == DOUBT_OK && with_worker)
        measure();
    if (keeping != NULL)
        faults_point->close_failed = doubt_putback_close(keeping, &err) != DOUBT_OK;
    snprintf(faults_point->sentence, sizeof faults_point->sentence, "%s", err.text);
}

pid_t faults_fork(const struct shard *shard)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        faults_point = shard->point;
        doubt_step_hook = faults_on_step;
    }
    return child;
}

pid_t faults_start(const struct shard *shard, bool with_worker)
{
    pid_t child = faults_fork(shard);
    if (child == 0) {
        supervise(shard->root, with_worker);
        _exit(0);
    }
    return child;
}

int faults_wait_for(pid_t child)
{
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

/* --- what must be so -------------------------------------------------------------------------- */

void faults_complain(struct shard *shard, const char *what, const char *detail)
{
    const struct point *p = shard->point;
    shard->failures++;
    printf("%s: supervisor %d/%d guardian %d/%d worker %d/%d: %s %s %s\n", shard->kind, p->at[0],
           p->who[0], p->at[1], p->who[1], p->worker_call, p->worker_who, what, detail,
           p->sentence);
}

/* The lock is free once nobody is at work any more. */
bool faults_wait_until_quiet(const struct shard *shard)
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

bool faults_has_journal(const struct shard *shard)
{
    char path[128];
    snprintf(path, sizeof path, "%s/var/lib/doubt/machine.journal", shard->root);
    return access(path, F_OK) == 0;
}

/* A fresh start that finds what there is; with a fault of its own where the point says so. */
int faults_next_start(const struct shard *shard)
{
    shard->point->starts++;
    pid_t child = faults_fork(shard);
    if (child == 0) {
        struct doubt_putback *keeping = NULL;
        struct doubt_err err = {0};
        faults_point->supervisor = getpid();
        faults_point->guardian = 0;
        bool bad = doubt_putback_open(shard->root, NULL, &keeping, &err) != DOUBT_OK ||
                   doubt_putback_close(keeping, &err) != DOUBT_OK;
        snprintf(faults_point->sentence, sizeof faults_point->sentence, "%s", err.text);
        _exit(bad);
    }
    return faults_wait_for(child);
}

void faults_expect_first(struct shard *shard)
{
    char line[256], *now = nano_snapshot(shard->root);
    const char *differs = now != NULL ? nano_differs(shard->first, now, line) : "no memory";
    if (differs != NULL) {
        faults_complain(shard, "not as it was:", differs);
        nano_remove(shard->root);
        if (!nano_make(shard->root, 1))
            abort();
    }
    if (faults_has_journal(shard))
        faults_complain(shard, "a journal is left", "");
    free(now);
}

void faults_clear(struct shard *shard)
{
    memset(shard->point, 0, sizeof *shard->point);
}

/* Is the next point this shard's? */
bool faults_is_mine(struct shard *shard)
{
    int turn = shard->turn++;
    return turn % (SHARDS * STRIDE) == shard->number;
}

void faults_count_point(struct shard *shard)
{
    shard->points++;
    shard->kind_points++;
}

/* --- kills at steps --------------------------------------------------------------------------- */

static int steps_of(struct shard *shard, int part)
{
    faults_clear(shard);
    faults_wait_for(faults_start(shard, false));
    faults_wait_until_quiet(shard);
    faults_expect_first(shard);
    return shard->point->seen[part];
}

static void kill_at_each_step(struct shard *shard)
{
    static const int whos[] = {KILL_SUPERVISOR, KILL_GUARDIAN, KILL_BOTH};
    int steps = steps_of(shard, PART_SUPERVISOR);
    for (int at = 1; at <= steps; at++)
        for (size_t w = 0; w < sizeof whos / sizeof whos[0]; w++) {
            if (!faults_is_mine(shard))
                continue;
            faults_clear(shard);
            shard->point->at[PART_SUPERVISOR] = at;
            shard->point->who[PART_SUPERVISOR] = whos[w];
            int status = faults_wait_for(faults_start(shard, false));
            bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
            if (killed != ((whos[w] & KILL_SUPERVISOR) != 0))
                faults_complain(shard, "the supervisor ended otherwise", "");
            if (!faults_wait_until_quiet(shard))
                faults_complain(shard, "the lock is held for good", "");
            if (whos[w] == KILL_BOTH && faults_next_start(shard) != 0)
                faults_complain(shard, "the next start failed", "");
            faults_expect_first(shard);
            faults_count_point(shard);
        }
}

/* The supervisor is gone, and the guardian is killed at each of its steps; then the next start, and
 * that one killed at each of its own, and the one after it. */
static void kill_those_who_put_back(struct shard *shard)
{
    int all = steps_of(shard, PART_SUPERVISOR), middle = all / 2;
    faults_clear(shard);
    shard->point->at[PART_SUPERVISOR] = middle;
    shard->point->who[PART_SUPERVISOR] = KILL_SUPERVISOR;
    faults_wait_for(faults_start(shard, false));
    faults_wait_until_quiet(shard);
    int steps = shard->point->seen[PART_GUARDIAN];
    for (int again = 0; again < 2; again++)
        for (int at = 2; at <= steps; at++) {
            if (!faults_is_mine(shard))
                continue;
            faults_clear(shard);
            shard->point->at[PART_SUPERVISOR] = middle;
            shard->point->who[PART_SUPERVISOR] = again ? KILL_BOTH : KILL_SUPERVISOR;
            shard->point->at[PART_GUARDIAN] = again ? 0 : at;
            shard->point->who[PART_GUARDIAN] = KILL_GUARDIAN;
            faults_wait_for(faults_start(shard, false));
            faults_wait_until_quiet(shard);
            /* Now a start that is killed, with any guardian of its own. */
            shard->point->seen[PART_SUPERVISOR] = 0;
            shard->point->at[PART_SUPERVISOR] = again ? at : 0;
            if (again) {
                faults_next_start(shard);
                faults_wait_until_quiet(shard);
                shard->point->at[PART_SUPERVISOR] = 0;
            }
            if (faults_next_start(shard) != 0)
                faults_complain(shard, "the next start failed", "");
            faults_expect_first(shard);
            faults_count_point(shard);
        }
}

/* --- kills within the vendor's programs ------------------------------------------------------- */

static void put_count(const struct shard *shard, const char *count)
{
    nano_put(shard->root, "fake/count", count);
}

void faults_remove_in_fake(const struct shard *shard, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/fake/%s", shard->root, name);
    unlink(path);
}

/* The supervisor's number is only known once it runs: it is held at its first step. */
static pid_t start_with_fault(struct shard *shard, int at, int who)
{
    pid_t child = faults_fork(shard);
    if (child == 0) {
        char pids[64];
        struct doubt_putback *keeping = NULL;
        struct doubt_err err = {0};
        faults_point->supervisor = getpid();
        if (doubt_putback_open(shard->root, NULL, &keeping, &err) != DOUBT_OK)
            _exit(1);
        int used = snprintf(pids, sizeof pids, "%d", at);
        if (who & KILL_GUARDIAN)
            used +=
                snprintf(pids + used, sizeof pids - (size_t)used, " %d", faults_point->guardian);
        if (who & KILL_SUPERVISOR)
            snprintf(pids + used, sizeof pids - (size_t)used, " %d", getpid());
        nano_put(shard->root, "fake/at", pids);
        if (faults_set(keeping, "mode", "0", &err) == DOUBT_OK)
            faults_set(keeping, "clocks", "on", &err);
        _exit(doubt_putback_close(keeping, &err) != DOUBT_OK);
    }
    return child;
}

static void kill_within_programs(struct shard *shard)
{
    static const int whos[] = {KILL_SUPERVISOR, KILL_GUARDIAN, KILL_BOTH};
    char text[256];
    faults_clear(shard);
    put_count(shard, "0");
    faults_wait_for(start_with_fault(shard, 0, 0));
    int writes = atoi(nano_get(shard->root, "fake/count", text));
    faults_remove_in_fake(shard, "at");
    for (int at = 1; at <= writes; at++)
        for (size_t w = 0; w < sizeof whos / sizeof whos[0]; w++) {
            if (!faults_is_mine(shard))
                continue;
            faults_clear(shard);
            put_count(shard, "0");
            int status = faults_wait_for(start_with_fault(shard, at, whos[w]));
            if (WIFSIGNALED(status) != ((whos[w] & KILL_SUPERVISOR) != 0))
                faults_complain(shard, "the supervisor ended otherwise at a program's write", "");
            faults_wait_until_quiet(shard);
            faults_remove_in_fake(shard, "at");
            faults_remove_in_fake(shard, "count");
            if (whos[w] == KILL_BOTH && faults_next_start(shard) != 0)
                faults_complain(shard, "the next start failed", "");
            faults_expect_first(shard);
            faults_count_point(shard);
        }
    faults_remove_in_fake(shard, "count");
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
    faults_clear(shard);
    faults_wait_for(faults_start(shard, true));
    if (!shard->point->worker_ok)
        faults_complain(shard, "the worker failed without a fault", "");
    for (int call = 1; call < CALLS_MAX; call++) {
        /* Calls after the last one kill nobody. */
        faults_clear(shard);
        shard->point->worker_call = call;
        shard->point->worker_who = KILL_WORKER;
        int status = faults_wait_for(faults_start(shard, true));
        bool last = shard->point->worker_ok && WIFEXITED(status);
        faults_wait_until_quiet(shard);
        faults_expect_first(shard);
        if (last)
            break;
        for (size_t w = 0; w < sizeof whos / sizeof whos[0]; w++) {
            if (!faults_is_mine(shard))
                continue;
            faults_clear(shard);
            shard->point->worker_call = call;
            shard->point->worker_who = whos[w];
            status = faults_wait_for(faults_start(shard, true));
            if (WIFSIGNALED(status) != ((whos[w] & KILL_SUPERVISOR) != 0))
                faults_complain(shard, "the supervisor ended otherwise in an engine's call", "");
            faults_wait_until_quiet(shard);
            if ((whos[w] & KILL_BOTH) == KILL_BOTH && faults_next_start(shard) != 0)
                faults_complain(shard, "the next start failed", "");
            faults_expect_first(shard);
            faults_count_point(shard);
        }
    }
}

/* --- two at once ------------------------------------------------------------------------------ */

static void run_two_at_once(struct shard *shard)
{
    for (int i = 0; i < 16; i++) {
        if (!faults_is_mine(shard))
            continue;
        struct point *other =
            mmap(NULL, sizeof *other, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        struct shard second = *shard;
        if (other == MAP_FAILED)
            continue;
        faults_clear(shard);
        second.point = other;
        faults_clear(&second);
        pid_t a = faults_start(shard, false), b = faults_start(&second, false);
        if (faults_wait_for(a) != 0 || faults_wait_for(b) != 0)
            faults_complain(shard, "one of two ended badly", "");
        /* One works; the other is refused and names it, or comes when the first is done. */
        if (shard->point->set_failed && other->set_failed)
            faults_complain(shard, "both of two were refused", other->sentence);
        const struct point *refused = shard->point->set_failed ? shard->point : other;
        if (refused->set_failed && strstr(refused->sentence, "another doubt (process") == NULL)
            faults_complain(shard, "refused without naming the holder:", refused->sentence);
        faults_wait_until_quiet(shard);
        faults_expect_first(shard);
        faults_count_point(shard);
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
    {"a program's write that fails", faults_fail_writes},
    {"a read-only file", faults_make_read_only},
    {"a full disk", faults_fill_the_disk},
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
        failures += faults_wait_for(children[i]) != 0;
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

/* child.c: see child.h. */
#include "measure/child.h"

#include "util/clock.h"
#include "util/file.h"
#include "util/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    WORKER_FD = 3,
    TICK_MS = 150,
    EOF_MS = 2, /* between looks when the end is near */
    READ_BYTES = 65536,
    READS_AT_ONCE = 16, /* so that a flood of output holds nothing else up */
    EXEC_FAILED = 127
};

static const int64_t second_ns = 1000000000;
/* A process that SIGKILL does not end within this time sleeps in the kernel, in a driver or on a
 * file system that does not answer: it may never end. */
static const int64_t unreapable_ns = 10 * INT64_C(1000000000);

struct child {
    pid_t pid;
    int output; /* read end of what it prints; -1 at its end */
    struct doubt_shared *shared;
    const struct doubt_restart_watch *watch;
    struct doubt_child_end *end;
    char raw[DOUBT_CHILD_TAIL_BYTES + READ_BYTES];
    size_t raw_used;
    int64_t deadline_ns, eof_ns, tick_ns;
    int64_t force_ns;  /* when the next means of ending it is due */
    int next_signal;   /* that means: 0 none yet, SIGTERM, SIGKILL */
    int64_t killed_ns; /* when SIGKILL was first sent; 0: not yet */
};

/* --- the child's side: after fork, before exec: async-signal-safe calls only ---------------- */

struct start {
    const char *program;
    char *const *arguments, *const *environment;
    pid_t parent;
    int map, output, null;
};

static bool place(int from, int to)
{
    return from == to ? fcntl(to, F_SETFD, 0) == 0 : dup2(from, to) == to;
}

static void restore_signals(void)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (int i = 1; i < NSIG; i++)
        sigaction(i, &plain, NULL); /* fails for the two that cannot change, which is fine */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become_worker(const struct start *start, struct doubt_shared *shared)
{
    restore_signals();
    setsid();
    /* The order of these two leaves no gap in which the parent's end would go unseen. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != start->parent)
        _exit(EXEC_FAILED);
    /* Out of the way of the places first; those above them close at exec. */
    int map = fcntl(start->map, F_DUPFD_CLOEXEC, WORKER_FD + 1);
    int output = fcntl(start->output, F_DUPFD_CLOEXEC, WORKER_FD + 1);
    int null = fcntl(start->null, F_DUPFD_CLOEXEC, WORKER_FD + 1);
    if (map >= 0 && output >= 0 && null >= 0 && place(null, STDIN_FILENO) &&
        place(output, STDOUT_FILENO) && place(output, STDERR_FILENO) && place(map, WORKER_FD))
        execve(start->program, start->arguments, start->environment);
    shared->exec_errno = errno;
    _exit(EXEC_FAILED);
}

/* --- the supervisor's side ------------------------------------------------------------------ */

static enum doubt_code fork_worker(struct child *child, const struct start *start,
                                   struct doubt_err *err)
{
    child->end->begun_ns = doubt_clock_ns();
    child->pid = fork();
    if (child->pid < 0)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "cannot fork a worker");
    if (child->pid == 0)
        become_worker(start, child->shared);
    return DOUBT_OK;
}

/* Is it the variable that this NAME=VALUE sets? */
static bool sets(const char *setting, const char *variable)
{
    size_t name = strcspn(setting, "=");
    return strncmp(setting, variable, name) == 0 && variable[name] == '=';
}

/* The supervisor's environment with what the order sets in it; a heap array of borrowed texts, NULL
 * when out of memory. */
static char **make_environment(const struct doubt_shared *shared)
{
    const struct doubt_shared_order *order = &shared->order;
    size_t inherited = 0, count = 0;
    while (environ != NULL && environ[inherited] != NULL)
        inherited++;
    char **list = malloc((inherited + order->environment_count + 1) * sizeof *list);
    for (size_t i = 0; list != NULL && i < inherited; i++) {
        bool replaced = false;
        for (uint32_t s = 0; s < order->environment_count; s++)
            replaced =
                replaced || sets(doubt_shared_get_text(shared, order->environment[s]), environ[i]);
        if (!replaced)
            list[count++] = environ[i];
    }
    for (uint32_t s = 0; list != NULL && s < order->environment_count; s++)
        list[count++] = (char *)(uintptr_t)doubt_shared_get_text(shared, order->environment[s]);
    if (list != NULL)
        list[count] = NULL;
    return list;
}

static enum doubt_code start_worker(struct child *child, int map, struct doubt_err *err)
{
    char descriptor[16];
    snprintf(descriptor, sizeof descriptor, "%d", WORKER_FD);
    char *const arguments[] = {(char[]){"doubt"}, (char[]){DOUBT_WORKER_WORD}, descriptor, NULL};
    const char *program = getenv(DOUBT_WORKER_VARIABLE);
    struct start start = {.program = program && *program ? program : "/proc/self/exe",
                          .arguments = arguments,
                          .parent = getpid(),
                          .map = map};
    int ends[2];
    enum doubt_code code = DOUBT_OK;
    char **environment = make_environment(child->shared);
    if (environment == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a worker's environment");
    start.environment = environment;
    start.null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (start.null < 0) {
        code = doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "cannot open /dev/null for a worker");
        goto no_null;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        code = doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "cannot make a pipe for a worker");
        goto no_pipe;
    }
    start.output = ends[1];
    code = fork_worker(child, &start, err);
    close(ends[1]);
    if (code == DOUBT_OK && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        child->output = ends[0];
    else
        close(ends[0]);
no_pipe:
    close(start.null);
no_null:
    free(environment);
    return code;
}

/* Keeps the last DOUBT_CHILD_TAIL_BYTES of all that came. */
static void keep_tail(struct child *child, size_t got)
{
    child->end->output_bytes += (int64_t)got;
    child->raw_used += got;
    if (child->raw_used > DOUBT_CHILD_TAIL_BYTES) {
        memmove(child->raw, child->raw + child->raw_used - DOUBT_CHILD_TAIL_BYTES,
                DOUBT_CHILD_TAIL_BYTES);
        child->raw_used = DOUBT_CHILD_TAIL_BYTES;
    }
}

static void drain(struct child *child)
{
    for (int i = 0; i < READS_AT_ONCE && child->output >= 0; i++) {
        ssize_t got = read(child->output, child->raw + child->raw_used, READ_BYTES);
        if (got > 0) {
            keep_tail(child, (size_t)got);
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            close(child->output);
            child->output = -1;
            child->eof_ns = doubt_clock_ns();
        } else {
            return;
        }
    }
}

/* To the worker and whatever it started; to it alone while it has no group yet. */
static void send_signal(const struct child *child, int number)
{
    if (kill(-child->pid, number) != 0)
        kill(child->pid, number);
}

static void begin_end(struct child *child, enum doubt_child_cause cause, int64_t now_ns)
{
    child->end->cause = cause;
    child->next_signal = SIGTERM;
    child->force_ns = now_ns;
    if (cause == DOUBT_CHILD_INTERRUPTED) { /* first it is asked */
        __atomic_store_n(&child->shared->stop, 1, __ATOMIC_RELAXED);
        child->force_ns += second_ns;
    }
}

/* Ends a worker step by step: asked (or not), SIGTERM, SIGKILL, with a second between. One that has
 * answered gets five seconds to leave, since a library's end may hang too. */
static void judge(struct child *child, int64_t now_ns)
{
    const volatile sig_atomic_t *stop = child->watch ? child->watch->stop : NULL;
    int64_t due_ns = child->end->begun_ns + child->deadline_ns;
    if (child->next_signal == 0 && stop != NULL && *stop != 0)
        begin_end(child, DOUBT_CHILD_INTERRUPTED, now_ns);
    if (child->next_signal == 0 && __atomic_load_n(&child->shared->answered, __ATOMIC_ACQUIRE)) {
        child->next_signal = SIGTERM;
        child->force_ns = now_ns + 5 * second_ns;
    }
    if (child->next_signal == 0 && child->deadline_ns > 0 && now_ns >= due_ns)
        begin_end(child, DOUBT_CHILD_DEADLINE, now_ns);
    if (child->next_signal != 0 && now_ns >= child->force_ns) {
        send_signal(child, child->next_signal);
        if (child->next_signal == SIGKILL && child->killed_ns == 0)
            child->killed_ns = now_ns;
        child->next_signal = SIGKILL;
        child->force_ns = now_ns + second_ns;
    }
}

static void tick(struct child *child, int64_t now_ns)
{
    const struct doubt_restart_watch *watch = child->watch;
    if (watch == NULL || watch->tick == NULL || now_ns - child->tick_ns < TICK_MS * 1000000 / 2)
        return;
    child->tick_ns = now_ns;
    watch->tick(watch->context);
}

/* Has it ended? It stays a zombie, so that its group's number is not given away yet. */
static bool has_ended(const struct child *child)
{
    siginfo_t info = {.si_pid = 0};
    int got = waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT);
    return (got == 0 && info.si_pid == child->pid) || (got != 0 && errno == ECHILD);
}

static int wait_ms(const struct child *child, int64_t now_ns)
{
    int64_t left_ms = TICK_MS;
    if (child->output < 0 && now_ns - child->eof_ns < second_ns / 10)
        left_ms = EOF_MS;
    int64_t due_ns = child->next_signal != 0  ? child->force_ns
                     : child->deadline_ns > 0 ? child->end->begun_ns + child->deadline_ns
                                              : INT64_MAX;
    if (due_ns - now_ns < left_ms * 1000000)
        left_ms = due_ns > now_ns ? (due_ns - now_ns) / 1000000 + 1 : 1;
    return (int)left_ms;
}

/* Until it has ended, or no means of ending it is left. */
static void watch_worker(struct child *child)
{
    while (!has_ended(child)) {
        struct pollfd output = {.fd = child->output, .events = POLLIN};
        poll(&output, 1, wait_ms(child, doubt_clock_ns()));
        drain(child);
        int64_t now_ns = doubt_clock_ns();
        judge(child, now_ns);
        tick(child, now_ns);
        if (child->killed_ns > 0 && now_ns - child->killed_ns > unreapable_ns) {
            child->end->unreaped = child->pid;
            return;
        }
    }
}

/* One that could not be ended is left to init. */
static void reap(struct child *child)
{
    struct doubt_child_end *end = child->end;
    end->wall_ns = doubt_clock_ns() - end->begun_ns;
    kill(-child->pid, SIGKILL); /* what it started and left behind */
    while (end->unreaped == 0 && wait4(child->pid, &end->status, 0, &end->usage) < 0 &&
           errno == EINTR)
        continue;
    drain(child);
    if (child->output >= 0)
        close(child->output);
    doubt_shared_clean_text(end->tail, sizeof end->tail, child->raw, child->raw_used);
}

/* Processes that the kernel ended for want of memory since it started; 0 when it does not tell. */
static int64_t oom_kills(void)
{
    static const char name[] = "\noom_kill ";
    char *text = NULL;
    if (doubt_file_read("/proc/vmstat", 1 << 20, &text, NULL, NULL) != DOUBT_OK)
        return 0;
    const char *at = strstr(text, name);
    int64_t count = at != NULL ? strtoll(at + sizeof name - 1, NULL, 10) : 0;
    free(text);
    return count;
}

static enum doubt_code exec_failure(const struct child *child, struct doubt_err *err)
{
    int number = child->shared->exec_errno;
    if (number == 0)
        return DOUBT_OK;
    const char *program = getenv(DOUBT_WORKER_VARIABLE);
    return doubt_err_errno(err, DOUBT_E_SYSTEM, number, "cannot start %s as a worker",
                           program && *program ? program : "/proc/self/exe");
}

enum doubt_code doubt_child_run(struct doubt_shared_map *map, int64_t deadline_ns,
                                const struct doubt_restart_watch *watch,
                                struct doubt_child_end *end, struct doubt_err *err)
{
    struct child *child = calloc(1, sizeof *child);
    if (child == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for watching a worker");
    *end = (struct doubt_child_end){.status = 0};
    child->output = -1;
    child->shared = map->shared;
    child->watch = watch;
    child->end = end;
    child->deadline_ns = deadline_ns;
    int64_t kills_before = oom_kills();
    enum doubt_code code = start_worker(child, map->fd, err);
    if (code == DOUBT_OK) {
        if (watch != NULL && watch->begun != NULL)
            watch->begun(watch->context, child->pid, &map->shared->phase);
        watch_worker(child);
        if (watch != NULL && watch->ended != NULL)
            watch->ended(watch->context);
        reap(child);
        end->oom_kills = oom_kills() - kills_before;
        code = exec_failure(child, err);
    }
    free(child);
    return code;
}

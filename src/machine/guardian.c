/* guardian.c: see guardian.h. */
#include "machine/guardian.h"

#include "machine/knob_int.h"
#include "machine/step.h"
#include "util/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 20000, LOOK_MS = 20, BUSY_MS = 10000 };

/* --- the lock --------------------------------------------------------------------------------- */

static long signed_by(int fd)
{
    char text[64] = "";
    ssize_t got = pread(fd, text, sizeof text - 1, 0);
    /* A guardian's is no such line: it is at the end soon. */
    return got > 0 && strncmp(text, "pid ", 4) == 0 ? strtol(text + 4, NULL, 10) : 0;
}

static bool lives(long pid)
{
    return pid > 0 && pid <= INT32_MAX && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

static bool try_lock(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

enum doubt_code doubti_lock_take(const char *path, int *fd, struct doubt_err *err)
{
    int64_t until_ns = doubt_clock_ns() + WAIT_MS * INT64_C(1000000);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (*fd < 0)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "cannot open the lock %s", path);
    while (!try_lock(*fd)) {
        int number = errno;
        long holder = signed_by(*fd);
        if (number == EINTR)
            continue;
        bool waits = (number == EAGAIN || number == EACCES) && !lives(holder);
        if (waits && doubt_clock_ns() < until_ns) {
            poll(NULL, 0, LOOK_MS);
            continue;
        }
        close(*fd);
        *fd = -1;
        if (number != EAGAIN && number != EACCES)
            return doubt_err_errno(err, DOUBT_E_SYSTEM, number, "cannot lock %s", path);
        if (!lives(holder))
            return doubt_err_set(err, DOUBT_E_TIMEOUT,
                                 "the guardian of a doubt that ended still puts this machine back "
                                 "after %d s: try again later (%s)",
                                 WAIT_MS / 1000, path);
        return doubt_err_set(err, DOUBT_E_SYSTEM,
                             "another doubt (process %ld) has set this machine and will put it "
                             "back: wait for its end, or end it (%s)",
                             holder, path);
    }
    doubti_step("lock: taken");
    return DOUBT_OK;
}

void doubti_lock_sign(int fd, bool guardian)
{
    char text[64];
    int len =
        snprintf(text, sizeof text, "%s %ld\n", guardian ? "guardian" : "pid", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len)
        return; /* a sentence of another process will lack a number */
}

long doubti_lock_holder(const char *path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW); /* asking takes no right to write */
    if (fd < 0)
        return 0;
    bool held = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    long pid = held ? signed_by(fd) : 0;
    close(fd);
    return held && pid == 0 ? -1 : pid;
}

/* --- the guardian's side ---------------------------------------------------------------------- */

static void wait_for_end(int fd, int timeout_ms)
{
    char byte;
    struct pollfd end = {.fd = fd, .events = POLLIN};
    while (poll(&end, 1, timeout_ms) < 0 && errno == EINTR)
        continue;
    if (read(fd, &byte, 1) < 0)
        return;
}

/* A byte says that all is well, an end of file that the other one is gone. */
static bool is_needed(int line)
{
    char byte;
    ssize_t got;
    do {
        got = read(line, &byte, 1);
    } while (got < 0 && errno == EINTR);
    return got <= 0;
}

static void settle(int lock, int line, int busy)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGUSR1};
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
        signal(ignored[i], SIG_IGN);
    setsid();
    prctl(PR_SET_NAME, "doubt-guardian");
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
    }
    long most = sysconf(_SC_OPEN_MAX);
    for (int fd = STDERR_FILENO + 1; fd < (most > 0 && most < 4096 ? most : 4096); fd++)
        if (fd != lock && fd != line && fd != busy)
            close(fd);
}

/* --- the supervisor's side -------------------------------------------------------------------- */

enum doubt_code doubti_guardian_start(struct doubti_guardian *guardian, int lock,
                                      void (*act)(void *context), void *context,
                                      struct doubt_err *err)
{
    int line[2], busy[2];
    *guardian = (struct doubti_guardian){.line = -1, .busy = -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) != 0)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "cannot make a line to the guardian");
    if (pipe2(busy, O_CLOEXEC) != 0) {
        int number = errno;
        close(line[0]);
        close(line[1]);
        return doubt_err_errno(err, DOUBT_E_SYSTEM, number, "cannot make a pipe to the guardian");
    }
    pid_t pid = fork();
    int number = errno;
    if (pid == 0) {
        doubt_step_part = "guardian";
        settle(lock, line[1], busy[0]);
        doubti_step("guardian: waits");
        if (is_needed(line[1])) {
            wait_for_end(busy[0], BUSY_MS);
            doubti_lock_sign(lock, true);
            doubti_program_inherit(-1, -1);
            doubti_step("guardian: called");
            act(context);
        }
        _exit(0);
    }
    close(line[1]);
    close(busy[0]);
    if (pid < 0) {
        close(line[0]);
        close(busy[1]);
        return doubt_err_errno(err, DOUBT_E_SYSTEM, number, "cannot fork the guardian");
    }
    *guardian = (struct doubti_guardian){.pid = pid, .line = line[0], .busy = busy[1]};
    doubti_program_inherit(busy[1], -1);
    doubti_step("guardian: forked");
    return DOUBT_OK;
}

void doubti_guardian_end(struct doubti_guardian *guardian)
{
    int status;
    if (guardian->pid <= 0)
        return;
    doubti_program_inherit(-1, -1);
    ssize_t ignored = send(guardian->line, "d", 1, MSG_NOSIGNAL);
    (void)ignored;
    doubti_step("guardian: sent home");
    while (waitpid(guardian->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(guardian->line);
    close(guardian->busy);
    *guardian = (struct doubti_guardian){.line = -1, .busy = -1};
}

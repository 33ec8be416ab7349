/* program.c: runs a vendor's program and keeps what it says (knob_int.h).
 *
 * A unit of work is one run. Standard input is /dev/null: a question is never answered, whatever it
 * asks. Not for workers: child.c of the floor above.
 */
#include "machine/knob_int.h"
#include "util/clock.h"
#include "util/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int inherited[2] = {-1, -1};

void doubti_program_inherit(int first, int second)
{
    inherited[0] = first;
    inherited[1] = second;
}

const char *doubti_program_find(const char *root, const char *const *paths)
{
    char full[DOUBTI_PATH_BYTES];
    for (; *paths != NULL; paths++)
        if (doubti_root_path(root, *paths, full) && access(full, X_OK) == 0)
            return *paths;
    return NULL;
}

/* --- the child's side: async-signal-safe calls only ------------------------------------------- */

static void become(const char *path, const char *const *arguments, int output, pid_t parent)
{
    static char path_variable[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    static char locale[] = "LC_ALL=C", home[] = "HOME=/root";
    static char *const environment[] = {path_variable, locale, home, NULL};
    sigset_t none;
    sigemptyset(&none);
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int null = open("/dev/null", O_RDONLY);
    if (getppid() != parent || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
        dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
        _exit(127);
    for (int i = 0; i < 2; i++)
        if (inherited[i] > STDERR_FILENO)
            fcntl(inherited[i], F_SETFD, 0);
    execve(path, (char *const *)(uintptr_t)arguments, environment);
    _exit(127);
}

/* --- the parent's side ------------------------------------------------------------------------ */

/* Reads what comes until the program and whatever holds its output ended; false: too late. */
static bool gather(int fd, int64_t until_ns, struct doubti_program_end *end)
{
    size_t used = 0;
    for (;;) {
        char block[4096];
        int64_t left_ms = (until_ns - doubt_clock_ns()) / 1000000;
        struct pollfd output = {.fd = fd, .events = POLLIN};
        if (left_ms <= 0)
            return false;
        int ready = poll(&output, 1, (int)left_ms);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        ssize_t got = read(fd, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        /* The beginning tells; a flood behind it is not kept. */
        size_t room = sizeof end->output - 1 - used, take = (size_t)got < room ? (size_t)got : room;
        memcpy(end->output + used, block, take);
        used += take;
        end->output[used] = '\0';
    }
    return true;
}

static void clean(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 && *text != '\n')
            *text = ' ';
}

enum doubt_code doubti_program_run(const char *root, const struct doubti_program *program,
                                   struct doubti_program_end *end, struct doubt_err *err)
{
    char full[DOUBTI_PATH_BYTES];
    const char *arguments[8] = {full};
    const char *path = doubti_program_find(root, program->paths);
    int ends[2];
    memset(end, 0, sizeof *end);
    if (path == NULL || !doubti_root_path(root, path, full))
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "there is no /%s", program->paths[0]);
    for (size_t i = 0; i < 6 && program->arguments[i] != NULL; i++)
        arguments[i + 1] = program->arguments[i];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return doubt_err_errno(err, DOUBT_E_SYSTEM, errno, "cannot make a pipe for /%s", path);
    doubti_step("program: before");
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(full, arguments, ends[1], parent);
    int saved = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return doubt_err_errno(err, DOUBT_E_SYSTEM, saved, "cannot fork for /%s", path);
    }
    doubti_step("program: started");
    bool ended = gather(ends[0], doubt_clock_ns() + (int64_t)program->timeout_ms * 1000000, end);
    close(ends[0]);
    if (!ended)
        kill(-pid, SIGKILL);
    while (waitpid(pid, &end->status, 0) < 0 && errno == EINTR)
        continue;
    clean(end->output);
    doubti_step("program: ended");
    if (!ended)
        return doubt_err_set(err, DOUBT_E_TIMEOUT, "/%s did not end within %d s and was ended",
                             path, program->timeout_ms / 1000);
    if (WIFEXITED(end->status) && WEXITSTATUS(end->status) == 127)
        return doubt_err_set(err, DOUBT_E_SYSTEM, "/%s could not be started", path);
    return DOUBT_OK;
}

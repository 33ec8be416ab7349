/* busy.c: CPU times in use, stolen, and ours (busy.h).
 *
 * A unit of work is one reading: files that stay open are read again from their start. Sources:
 * proc(5) for proc/stat and proc/PID/task/TID/children, Documentation/accounting/psi.rst of Linux
 * for proc/pressure/cpu. Not for single processes (busy_names.c).
 */
#include "machine/busy.h"

#include "machine/machine_int.h"
#include "util/whole.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 256 };

struct doubt_busy_source {
    int stat_fd, pressure_fd, children_fd; /* -1: not there */
    struct doubti_cpus cpus;
    int64_t tick_ns;
    uint64_t reads;
    size_t room;
    char *text;
};

static int open_below(const char *root, const char *path)
{
    char full[DOUBTI_PATH_BYTES];
    return doubti_root_path(root, path, full) ? open(full, O_RDONLY | O_CLOEXEC) : -1;
}

/* The lines of CPUs come first in proc/stat, so that the rest need not fit. */
static size_t room_for(const struct doubti_cpus *cpus)
{
    int last = 0;
    for (int i = 0; i < DOUBTI_CPUS_MAX; i++)
        if (doubti_cpus_has(cpus, i))
            last = i;
    return (size_t)(last + 2) * LINE_BYTES_MAX + 4096;
}

enum doubt_code doubt_busy_open(const char *root, pid_t parent, struct doubt_busy_source **source,
                                struct doubt_err *err)
{
    char path[64];
    struct doubt_busy_source *s = calloc(1, sizeof *s);
    *source = NULL;
    if (s == NULL)
        goto no_memory;
    s->stat_fd = open_below(root, "proc/stat");
    s->pressure_fd = open_below(root, "proc/pressure/cpu");
    long tid = parent ? (long)parent : syscall(SYS_gettid);
    snprintf(path, sizeof path, "proc/self/task/%ld/children", tid);
    s->children_fd = open_below(root, path);
    long ticks = sysconf(_SC_CLK_TCK);
    s->tick_ns = 1000000000 / (ticks > 0 ? ticks : 100);
    if (s->stat_fd < 0 || !doubti_cpus_allowed(root, &s->cpus)) {
        doubt_busy_close(s);
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s/proc/stat or proc/self/status cannot be read, so others' use of "
                             "the CPUs stays unknown; mount proc",
                             root ? root : "");
    }
    s->room = room_for(&s->cpus);
    s->text = malloc(s->room);
    if (s->text == NULL)
        goto no_memory;
    *source = s;
    return DOUBT_OK;
no_memory:
    doubt_busy_close(s);
    return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while opening proc/stat");
}

void doubt_busy_close(struct doubt_busy_source *source)
{
    if (source == NULL)
        return;
    const int fds[] = {source->stat_fd, source->pressure_fd, source->children_fd};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    free(source->text);
    free(source);
}

uint64_t doubt_busy_reads(const struct doubt_busy_source *source)
{
    return source->reads;
}

/* What fits of the file, NUL-terminated; false when it cannot be read. */
static bool reread(struct doubt_busy_source *s, int fd)
{
    size_t len = 0;
    ssize_t got = 0;
    if (fd < 0)
        return false;
    s->reads++;
    while (len < s->room - 1) {
        got = pread(fd, s->text + len, s->room - 1 - len, (off_t)len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    s->text[len] = '\0';
    return got >= 0;
}

/* What the kernel counts is never negative, and differences of two such counts fit. */
static int64_t read_count(const char *text, char **end)
{
    long long count = strtoll(text, end, 10);
    return count > 0 ? count : 0;
}

/* Adds one line "cpu3 user nice system idle iowait irq softirq steal ..."; false when it is none.
 */
static bool add_cpu(const char *line, struct doubt_busy_source *s, struct doubt_busy *out)
{
    static const size_t used[] = {0, 1, 2, 5, 6};
    int64_t v[8] = {0}, ticks = 0;
    char *end;
    if (strncmp(line, "cpu", 3) != 0)
        return false;
    if (line[3] < '0' || line[3] > '9')
        return true; /* the sum of all */
    long cpu = strtol(line + 3, &end, 10);
    if (!doubti_cpus_has(&s->cpus, cpu))
        return true;
    for (size_t i = 0; i < 8 && *end == ' '; i++)
        v[i] = read_count(end, &end);
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++)
        ticks = doubt_whole_sum(ticks, v[used[i]]);
    out->busy_ns = doubt_whole_sum(out->busy_ns, doubt_whole_product(ticks, s->tick_ns));
    out->steal_ns = doubt_whole_sum(out->steal_ns, doubt_whole_product(v[7], s->tick_ns));
    out->cpus++;
    return true;
}

static void add_cpus(struct doubt_busy_source *s, struct doubt_busy *out)
{
    const char *line = s->text;
    while (line != NULL && add_cpu(line, s, out)) {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
}

static int64_t timespec_ns(const struct timespec *t)
{
    return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

static int64_t timeval_ns(const struct timeval *t)
{
    return (int64_t)t->tv_sec * 1000000000 + (int64_t)t->tv_usec * 1000;
}

/* CPU time of a running process; 0 when it has just ended. */
static int64_t process_ns(pid_t pid)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return 0;
    return timespec_ns(&t);
}

static void add_ours(struct doubt_busy_source *s, struct doubt_busy *out)
{
    struct timespec self;
    struct rusage ended;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &self) == 0)
        out->ours_ns += timespec_ns(&self);
    if (getrusage(RUSAGE_CHILDREN, &ended) == 0)
        out->ours_ns += timeval_ns(&ended.ru_utime) + timeval_ns(&ended.ru_stime);
    out->ours_known = reread(s, s->children_fd);
    if (!out->ours_known)
        return;
    char *at = s->text, *end;
    for (long pid = strtol(at, &end, 10); end != at; pid = strtol(at, &end, 10)) {
        out->ours_ns += process_ns((pid_t)pid);
        at = end;
    }
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=4862809", in microseconds. */
static void read_pressure(struct doubt_busy_source *s, struct doubt_busy *out)
{
    out->pressure_ns = INT64_MIN;
    if (!reread(s, s->pressure_fd) || strncmp(s->text, "some ", 5) != 0)
        return;
    const char *total = strstr(s->text, " total=");
    if (total != NULL)
        out->pressure_ns = doubt_whole_product(read_count(total + 7, NULL), 1000);
}

enum doubt_code doubt_busy_read(struct doubt_busy_source *source, struct doubt_busy *out,
                                struct doubt_err *err)
{
    memset(out, 0, sizeof *out);
    if (!reread(source, source->stat_fd))
        return doubt_err_errno(err, DOUBT_E_IO, errno, "cannot read proc/stat");
    add_cpus(source, out);
    if (out->cpus == 0)
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "proc/stat has no line for a CPU that this process may run on");
    add_ours(source, out);
    read_pressure(source, out);
    return DOUBT_OK;
}

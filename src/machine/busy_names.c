/* busy_names.c: which other processes used the CPUs, by name (busy.h).
 *
 * A unit of work is one scan of proc/PID/stat, made while nothing is being sampled. A process that
 * began and ended between two scans is seen in its parent's time of ended children. Not for exact
 * shares: busy.c has the sum.
 */
#include "machine/busy.h"

#include "machine/machine_int.h"
#include "util/str.h"
#include "util/whole.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMM_BYTES = 32, NAMES_MAX = 512, PROCESSES_MAX = 100000, DEPTH_MAX = 64 };

struct process {
    long pid, parent;
    unsigned long long begun; /* with pid: which process */
    int64_t own, children;    /* ticks used by itself, and by children it has waited for */
    char comm[COMM_BYTES];
    bool lives; /* in the scan after this one */
};

struct table {
    struct process *at;
    size_t count, cap;
};

struct doubt_busy_names {
    char root[DOUBTI_PATH_BYTES];
    int64_t tick_ns;
    bool scanned;
    struct table last;
    struct sum {
        char comm[COMM_BYTES];
        int64_t ticks;
    } sums[NAMES_MAX]; /* busiest first */
    size_t count;
};

struct doubt_busy_names *doubt_busy_names_new(const char *root)
{
    struct doubt_busy_names *names = calloc(1, sizeof *names);
    if (names == NULL)
        return NULL;
    doubt_str_copy(names->root, sizeof names->root, root ? root : "");
    long ticks = sysconf(_SC_CLK_TCK);
    names->tick_ns = 1000000000 / (ticks > 0 ? ticks : 100);
    return names;
}

void doubt_busy_names_free(struct doubt_busy_names *names)
{
    if (names == NULL)
        return;
    free(names->last.at);
    free(names);
}

/* Names may hold any bytes: what is not printable ASCII becomes '?'. */
static void copy_comm(char *to, const char *from, size_t len)
{
    if (len >= COMM_BYTES)
        len = COMM_BYTES - 1;
    for (size_t i = 0; i < len; i++)
        to[i] = '?';
    for (size_t i = 0; i < len; i++)
        if (from[i] >= ' ' && from[i] < 127)
            to[i] = from[i];
    to[len] = '\0';
}

/* User and system time, never negative. */
static int64_t sum_of(const long long ticks[2])
{
    return doubt_whole_sum(ticks[0] > 0 ? ticks[0] : 0, ticks[1] > 0 ? ticks[1] : 0);
}

/* "pid (comm) S ppid ...": fields are counted behind the last parenthesis, since comm may hold any.
 */
static bool parse_stat(const char *text, struct process *out)
{
    long long own[2], children[2];
    const char *open = strchr(text, '('), *close = strrchr(text, ')');
    memset(out, 0, sizeof *out);
    if (open == NULL || close == NULL || close < open)
        return false;
    int got = sscanf(close + 1,
                     " %*c %ld %*s %*s %*s %*s %*s %*s %*s %*s %*s %lld %lld %lld %lld "
                     "%*s %*s %*s %*s %llu",
                     &out->parent, &own[0], &own[1], &children[0], &children[1], &out->begun);
    if (got != 6)
        return false;
    copy_comm(out->comm, open + 1, (size_t)(close - open - 1));
    out->own = sum_of(own);
    out->children = sum_of(children);
    return true;
}

static struct process *next_slot(struct table *table)
{
    if (table->count < table->cap)
        return &table->at[table->count];
    size_t cap = table->cap ? 2 * table->cap : 256;
    struct process *at = cap <= PROCESSES_MAX ? realloc(table->at, cap * sizeof *at) : NULL;
    if (at == NULL)
        return NULL;
    table->at = at;
    table->cap = cap;
    return &at[table->count];
}

static int by_pid(const void *a, const void *b)
{
    const struct process *x = a, *y = b;
    return (x->pid > y->pid) - (x->pid < y->pid);
}

static struct process *find(const struct table *table, long pid)
{
    struct process key = {.pid = pid};
    if (table->count == 0)
        return NULL;
    return bsearch(&key, table->at, table->count, sizeof key, by_pid);
}

/* All processes, by number. A process that ends meanwhile is left out. */
static enum doubt_code read_all(const char *root, struct table *out, struct doubt_err *err)
{
    char path[DOUBTI_PATH_BYTES], text[1024];
    enum doubt_code code = DOUBT_OK;
    DIR *folder = doubti_root_path(root, "proc", path) ? opendir(path) : NULL;
    if (folder == NULL)
        return doubt_err_set(err, DOUBT_E_IO, "cannot list %s/proc", root);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char *end, stat_path[64];
        long pid = strtol(entry->d_name, &end, 10);
        if (pid <= 0 || *end != '\0')
            continue;
        struct process *slot = next_slot(out);
        if (slot == NULL) {
            code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while listing processes");
            break;
        }
        snprintf(stat_path, sizeof stat_path, "proc/%ld/stat", pid);
        if (!doubti_root_read(root, stat_path, text, sizeof text) || !parse_stat(text, slot))
            continue;
        slot->pid = pid;
        out->count++;
    }
    closedir(folder);
    if (out->count > 0)
        qsort(out->at, out->count, sizeof out->at[0], by_pid);
    return code;
}

static bool is_ours(const struct table *now, const struct process *process, pid_t self)
{
    for (int depth = 0; process != NULL && depth < DEPTH_MAX; depth++) {
        if (process->pid == self)
            return true;
        process = find(now, process->parent);
    }
    return false;
}

static void add_ticks(struct doubt_busy_names *names, const char *comm, int64_t ticks)
{
    size_t i = 0;
    while (i < names->count && strcmp(names->sums[i].comm, comm) != 0)
        i++;
    if (i == NAMES_MAX)
        return;
    if (i == names->count) {
        strcpy(names->sums[i].comm, comm);
        names->sums[i].ticks = 0;
        names->count++;
    }
    names->sums[i].ticks = doubt_whole_sum(names->sums[i].ticks, ticks);
}

/* A process of the last scan that has ended: what was counted for it then is now part of its
 * parent's time of ended children, so the parent's mark moves up by it. */
static void settle_ended(struct table *last, const struct table *now)
{
    for (size_t i = 0; i < last->count; i++) {
        const struct process *same = find(now, last->at[i].pid);
        last->at[i].lives = same != NULL && same->begun == last->at[i].begun;
    }
    for (size_t i = 0; i < last->count; i++) {
        struct process *ended = &last->at[i], *parent = find(last, ended->parent);
        int64_t known = doubt_whole_sum(ended->own, ended->children);
        /* Up through parents that ended too, to the first one that still runs. */
        for (int depth = 0; parent && !parent->lives && depth < DEPTH_MAX; depth++)
            parent = find(last, parent->parent);
        if (!ended->lives && parent != NULL)
            parent->children = doubt_whole_sum(parent->children, known);
    }
}

static int by_ticks(const void *a, const void *b)
{
    const struct sum *x = a, *y = b;
    return x->ticks != y->ticks ? (x->ticks < y->ticks ? 1 : -1) : strcmp(x->comm, y->comm);
}

static int64_t used_since(const struct table *last, const struct process *process)
{
    const struct process *before = find(last, process->pid);
    if (before == NULL || before->begun != process->begun)
        return doubt_whole_sum(process->own, process->children);
    int64_t own = process->own - before->own, children = process->children - before->children;
    return doubt_whole_sum(own > 0 ? own : 0, children > 0 ? children : 0);
}

enum doubt_code doubt_busy_names_scan(struct doubt_busy_names *names, pid_t self,
                                      struct doubt_err *err)
{
    struct table now = {0};
    enum doubt_code code = read_all(names->root, &now, err);
    if (code != DOUBT_OK) {
        free(now.at);
        return code;
    }
    settle_ended(&names->last, &now);
    for (size_t i = 0; names->scanned && i < now.count; i++) {
        int64_t ticks = used_since(&names->last, &now.at[i]);
        if (ticks > 0 && !is_ours(&now, &now.at[i], self))
            add_ticks(names, now.at[i].comm, ticks);
    }
    qsort(names->sums, names->count, sizeof names->sums[0], by_ticks);
    free(names->last.at);
    names->last = now;
    names->scanned = true;
    return DOUBT_OK;
}

void doubt_busy_names_format(const struct doubt_busy_names *names, int64_t elapsed_ns, size_t most,
                             char *out, size_t out_bytes)
{
    struct doubt_str s;
    doubt_str_init(&s, 4096);
    for (size_t i = 0; i < names->count && i < most && elapsed_ns > 0; i++) {
        int64_t used_ns = doubt_whole_product(names->sums[i].ticks, names->tick_ns);
        double share = (double)used_ns / (double)elapsed_ns;
        if (share < 0.01)
            break;
        doubt_str_addf(&s, "%s%s %.2f", i ? ", " : "", names->sums[i].comm, share);
    }
    doubt_str_copy(out, out_bytes, doubt_str_text(&s));
    doubt_str_free(&s);
}

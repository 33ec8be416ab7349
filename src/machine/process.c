/* process.c: see process.h. */
#include "machine/process.h"

#include "machine/machine_int.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Fields of proc/PID/stat, from 1. The second one is a name in parentheses that may hold anything,
 * so counting begins behind its end. */
enum { FIELD_STATE = 3, FIELD_STARTED = 22 };
/* Ticks within which two starts are one: an emulator (qemu-user) tells its program a start that is
 * a few ticks off. A number is not given again that soon. */
enum { SAME_START = 100 };

static bool read_stat(const char *root, int64_t pid, char *state, int64_t *started)
{
    char path[64], text[1024], *at, *end;
    snprintf(path, sizeof path, "proc/%" PRId64 "/stat", pid);
    if (!doubti_root_read(root, path, text, sizeof text) || (at = strrchr(text, ')')) == NULL)
        return false;
    for (int field = FIELD_STATE; field <= FIELD_STARTED; field++) {
        if ((at = strchr(at, ' ')) == NULL)
            return false;
        at++;
        if (field == FIELD_STATE)
            *state = *at;
    }
    *started = strtoll(at, &end, 10);
    return end != at;
}

static bool read_place(const char *root, struct doubt_process *out)
{
    char path[DOUBTI_PATH_BYTES];
    if (!doubti_root_read(root, "proc/sys/kernel/random/boot_id", out->boot, sizeof out->boot) ||
        !doubti_root_path(root, "proc/self/ns/pid", path))
        return false;
    ssize_t len = readlink(path, out->space, sizeof out->space - 1);
    out->space[len > 0 ? len : 0] = '\0';
    return len > 0;
}

bool doubt_process_find(const char *root, int64_t pid, struct doubt_process *out)
{
    char state;
    memset(out, 0, sizeof *out);
    if (pid < 1 || !read_place(root, out) || !read_stat(root, pid, &state, &out->started))
        return false;
    out->pid = pid;
    return true;
}

bool doubt_process_is_gone(const char *root, const struct doubt_process *process)
{
    struct doubt_process here = {0};
    int64_t started;
    char state = 0;
    if (process->pid < 1 || process->boot[0] == '\0' || !read_place(root, &here))
        return false;
    if (strcmp(here.boot, process->boot) != 0)
        return true;
    if (strcmp(here.space, process->space) != 0)
        return false;
    return !read_stat(root, process->pid, &state, &started) ||
           fabs((double)started - (double)process->started) > SAME_START || state == 'Z' ||
           state == 'X';
}

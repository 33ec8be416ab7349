/* player.c: plays a series of values into the files of a tree while a command runs.
 *
 *   player TREE SERIES COMMAND...
 *
 * A unit of work is one line of SERIES: "MILLISECONDS PATH VALUE". At that time after the start the
 * file TREE/PATH gets the value in place, so that a file that is open changes under its reader, as
 * a driver's does. Values that are no values: "-" empties the file (a reading gives nothing), "!"
 * takes it away (a reading gives nothing, an opening fails). "repeat MILLISECONDS" as the last line
 * begins anew after so long. Lines are in the order of time; "#" begins a remark. The exit status
 * is the command's.
 *
 * Not for errors that a file cannot give (EAGAIN, EIO): folders in place of files stand for those.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LINES_MAX = 4096 };

struct line {
    long at_ms;
    char path[256], value[64];
};

static struct line lines[LINES_MAX];
static size_t line_count;
static long repeat_ms;

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "player: %s %s: %s\n", what, which, strerror(errno));
    exit(120);
}

static void load(const char *path)
{
    char text[512];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail("cannot read", path);
    while (fgets(text, sizeof text, file) != NULL) {
        struct line *line = &lines[line_count];
        if (text[0] == '#' || text[0] == '\n' || sscanf(text, "repeat %ld", &repeat_ms) == 1)
            continue;
        if (line_count == LINES_MAX ||
            sscanf(text, "%ld %255s %63[^\n]", &line->at_ms, line->path, line->value) != 3)
            fail("cannot use the line", text);
        line_count++;
    }
    fclose(file);
}

/* Longer than what was there, then cut: a reader meets the old or the new number, never a part. */
static void put(const char *tree, const struct line *line)
{
    char path[512], text[80];
    snprintf(path, sizeof path, "%s/%s", tree, line->path);
    if (strcmp(line->value, "!") == 0 || strcmp(line->value, "-") == 0) {
        if (truncate(path, 0) != 0 && errno != ENOENT)
            fail("cannot empty", path);
        if (line->value[0] == '!')
            unlink(path);
        return;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    int n = snprintf(text, sizeof text, "%s\n", line->value);
    if (fd < 0 || pwrite(fd, text, (size_t)n, 0) != n || ftruncate(fd, n) != 0)
        fail("cannot write", path);
    close(fd);
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: player TREE SERIES COMMAND...\n");
        return 120;
    }
    load(argv[2]);
    for (size_t i = 0; i < line_count && lines[i].at_ms == 0; i++)
        put(argv[1], &lines[i]);
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[3], argv + 3);
        fail("cannot run", argv[3]);
    }
    long begun = now_ms();
    size_t next = 0;
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        const struct timespec pause = {.tv_nsec = 5000000};
        while (next < line_count && now_ms() - begun >= lines[next].at_ms)
            put(argv[1], &lines[next++]);
        if (next == line_count && repeat_ms > 0 && now_ms() - begun >= repeat_ms) {
            begun += repeat_ms;
            next = 0;
        }
        nanosleep(&pause, NULL);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* pool.c: see pool.h. */
#include "pool.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In front of the results, in memory that all workers share. */
struct head {
    atomic_size_t next, failed;
};

enum { HEAD_BYTES = 64 };

static size_t map_bytes(const struct coverage_jobs *jobs)
{
    return HEAD_BYTES + jobs->count * jobs->result_bytes;
}

static void work(const struct coverage_jobs *jobs, struct head *head)
{
    char *results = (char *)head + HEAD_BYTES;
    for (size_t job; (job = atomic_fetch_add(&head->next, 1)) < jobs->count;)
        if (!jobs->work(job, jobs->context, results + job * jobs->result_bytes))
            atomic_fetch_add(&head->failed, 1);
}

static void show_progress(const struct coverage_jobs *jobs, struct head *head, time_t begun)
{
    size_t done = atomic_load(&head->next);
    if (jobs->what != NULL)
        fprintf(stderr, "%s: %zu of %zu jobs, %ld s\n", jobs->what,
                done < jobs->count ? done : jobs->count, jobs->count, (long)(time(NULL) - begun));
}

/* Waits for all children; false when one of them ended badly. */
static bool wait_all(const struct coverage_jobs *jobs, struct head *head, int running)
{
    enum { POLL_NS = 100000000, POLLS_PER_LINE = 600 };
    const struct timespec pause = {0, POLL_NS};
    const time_t begun = time(NULL);
    bool good = true;
    for (int polls = 1; running > 0; polls++) {
        int status;
        pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid > 0) {
            running--;
            good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
            continue;
        }
        if (pid < 0)
            return false;
        nanosleep(&pause, NULL);
        if (polls % POLLS_PER_LINE == 0)
            show_progress(jobs, head, begun);
    }
    show_progress(jobs, head, begun);
    return good;
}

void *coverage_pool_run(const struct coverage_jobs *jobs)
{
    struct head *head =
        mmap(NULL, map_bytes(jobs), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int running = 0;
    if (head == MAP_FAILED)
        return NULL;
    fflush(NULL);
    for (int i = 0; i < jobs->workers; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            work(jobs, head);
            _exit(0);
        }
        running += pid > 0;
    }
    if (running == 0)
        work(jobs, head);
    bool good = wait_all(jobs, head, running) && atomic_load(&head->failed) == 0;
    if (good)
        return (char *)head + HEAD_BYTES;
    munmap(head, map_bytes(jobs));
    return NULL;
}

void coverage_pool_free(void *results, const struct coverage_jobs *jobs)
{
    munmap((char *)results - HEAD_BYTES, map_bytes(jobs));
}

/* fuzz_busy.c: any bytes as what the kernel tells of CPU times and of processes.
 *
 * A unit of work is two readings of one tree, as two moments of a machine: sums of times, names of
 * the busy, and whether a process is gone. Seeds: seeds/busy.
 */
#include "machine/busy.h"
#include "machine/process.h"

#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OURS = 7 };

static struct tree_file files[] = {
    {"proc/stat", "cpu  10 0 0 9 0 0 0 0\ncpu0 10 1 2 9 3 4 5 6 0 0\ncpu1 0 0 0 9\n", -1},
    {"proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=123\n", -1},
    {"proc/self/task/1/children", "7 8\n", -1},
    {"proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-1\n", -1},
    {"proc/7/stat", "7 (doubt) S 1 7 7 0 -1 0 0 0 0 0 5 5 0 0 20 0 1 0 100 0 0\n", -1},
    {"proc/8/stat", "8 (cc1) R 7 7 7 0 -1 0 0 0 0 0 50 5 0 0 20 0 1 0 200 0 0\n", -1},
    {"proc/9/stat", "9 (ninja) S 1 9 9 0 -1 0 0 0 0 0 1 1 9 9 20 0 1 0 300 0 0\n", -1},
    {"proc/sys/kernel/random/boot_id", "59a5b3cb-7a4f-4b3c-9d3f-000000000000\n", -1},
};
enum { FILES = sizeof files / sizeof files[0] };

static void start(void)
{
    char path[96];
    tree_make(files, FILES);
    snprintf(path, sizeof path, "%s/proc/self/ns", tree_root);
    if (mkdir(path, 0700) != 0)
        abort();
    snprintf(path, sizeof path, "%s/proc/self/ns/pid", tree_root);
    if (symlink("pid:[4026531836]", path) != 0)
        abort();
}

static void read_busy(struct doubt_busy_source *source)
{
    struct doubt_busy busy;
    struct doubt_err err = {0};
    if (source == NULL)
        return;
    enum doubt_code code = doubt_busy_read(source, &busy, &err);
    if (code != DOUBT_OK ? err.text[0] == '\0'
                         : busy.cpus < 1 || busy.busy_ns < 0 || busy.steal_ns < 0)
        abort();
}

/* The first byte says how the rest is parted into the files of two moments. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_busy_source *source = NULL;
    struct doubt_process process;
    char text[256];
    if (tree_root[0] == '\0')
        start();
    if (size < 1)
        return 0;
    size_t before = data[0] < size - 1 ? data[0] : size - 1;
    uint64_t changed = tree_fill(files, FILES, data + 1, before);
    struct doubt_busy_names *names = doubt_busy_names_new(tree_root);
    if (names == NULL)
        abort();
    doubt_busy_open(tree_root, 1, &source, NULL);
    read_busy(source);
    doubt_busy_names_scan(names, OURS, NULL);
    bool found = doubt_process_find(tree_root, OURS, &process);
    changed |= tree_fill(files, FILES, data + 1 + before, size - 1 - before);
    read_busy(source);
    doubt_busy_names_scan(names, OURS, NULL);
    doubt_busy_names_format(names, 1000000000, 8, text, sizeof text);
    if (found)
        doubt_process_is_gone(tree_root, &process);
    doubt_busy_close(source);
    doubt_busy_names_free(names);
    tree_settle(files, FILES, changed);
    return 0;
}

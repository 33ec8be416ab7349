/* tree.h: a tree of files that parsers read by path, with what an input puts into some of them.
 *
 * A unit of work is one file. The tree lies in memory-backed /dev/shm, else in /tmp, its files stay
 * open, and it is removed at the end. For fuzz targets only.
 */
#ifndef DOUBT_FUZZ_TREE_H
#define DOUBT_FUZZ_TREE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct tree_file {
    const char *path;  /* below the root */
    const char *usual; /* its content unless an input gives another */
    int fd;
};

static char tree_root[64];

static int tree_remove(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static void tree_end(void)
{
    nftw(tree_root, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static void tree_write(const struct tree_file *file, const void *data, size_t size)
{
    if (pwrite(file->fd, data, size, 0) != (ssize_t)size || ftruncate(file->fd, (off_t)size) != 0)
        abort();
}

static inline void tree_usual(const struct tree_file *file)
{
    tree_write(file, file->usual, strlen(file->usual));
}

static void tree_open(struct tree_file *file)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", tree_root, file->path);
    for (char *c = full + strlen(tree_root) + 1; (c = strchr(c, '/')) != NULL; c++) {
        *c = '\0';
        mkdir(full, 0700);
        *c = '/';
    }
    file->fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file->fd < 0)
        abort();
    tree_usual(file);
}

static inline void tree_make(struct tree_file *files, size_t count)
{
    snprintf(tree_root, sizeof tree_root, "%s/doubt-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(tree_root) == NULL || atexit(tree_end) != 0)
        abort();
    for (size_t i = 0; i < count; i++)
        tree_open(&files[i]);
}

/* The input as records, each the number of a file, the size of its content and the content; the
 * last one takes what is left. Files that no record names have their usual content. Gives the bits
 * of those that a record named; at most 64 files. */
static inline uint64_t tree_fill(const struct tree_file *files, size_t count, const uint8_t *data,
                                 size_t size)
{
    uint64_t named = 0;
    while (size >= 2) {
        size_t which = data[0] % count, bytes = data[1] < size - 2 ? data[1] : size - 2;
        tree_write(&files[which], data + 2, bytes);
        named |= UINT64_C(1) << which;
        data += 2 + bytes;
        size -= 2 + bytes;
    }
    return named;
}

/* After an input: the files that it named are as usual. */
static inline void tree_settle(const struct tree_file *files, size_t count, uint64_t named)
{
    for (size_t i = 0; i < count; i++)
        if ((named >> i & 1) != 0)
            tree_usual(&files[i]);
}

#endif

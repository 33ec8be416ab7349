/* file.c: see file.h. */
#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads until the end or one byte past the ceiling. */
static enum doubt_code slurp(int fd, size_t max_bytes, char **data, size_t *size)
{
    size_t len = 0, cap = 4096;
    char *buffer = malloc(cap + 1);
    while (buffer != NULL) {
        ssize_t got = read(fd, buffer + len, cap - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(buffer);
            return DOUBT_E_IO;
        }
        len += (size_t)got;
        if (got == 0 || len > max_bytes) {
            buffer[len] = '\0';
            *data = buffer;
            *size = len;
            return len > max_bytes ? DOUBT_E_FORMAT : DOUBT_OK;
        }
        if (len < cap)
            continue;
        cap *= 2;
        char *bigger = realloc(buffer, cap + 1);
        if (bigger == NULL)
            free(buffer);
        buffer = bigger;
    }
    return DOUBT_E_MEMORY;
}

enum doubt_code doubt_file_read(const char *path, size_t max_bytes, char **data, size_t *size,
                                struct doubt_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return doubt_err_errno(err, DOUBT_E_IO, errno, "cannot open %s", path);
    size_t len = 0;
    *data = NULL;
    enum doubt_code code = slurp(fd, max_bytes, data, &len);
    int saved = errno;
    close(fd);
    if (code == DOUBT_E_FORMAT) {
        free(*data);
        *data = NULL;
        return doubt_err_set(err, code, "%s is larger than the %zu bytes accepted here", path,
                             max_bytes);
    }
    if (code == DOUBT_E_IO)
        return doubt_err_errno(err, code, saved, "cannot read %s", path);
    if (code != DOUBT_OK)
        return doubt_err_set(err, code, "out of memory while reading %s", path);
    if (size != NULL)
        *size = len;
    return DOUBT_OK;
}

static int write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t put = write(fd, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        data += put;
        size -= (size_t)put;
    }
    return fsync(fd);
}

bool doubt_file_may_replace(const char *path)
{
    struct stat status;
    return stat(path, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

enum doubt_code doubt_file_write(const char *path, const void *data, size_t size,
                                 struct doubt_err *err)
{
    if (!doubt_file_may_replace(path))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "%.300s is a device, pipe or socket, which a file would replace",
                             path);
    size_t room = strlen(path) + 32;
    char *temporary = malloc(room);
    if (temporary == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while writing %s", path);
    snprintf(temporary, room, "%s.%ld.new", path, (long)getpid());
    enum doubt_code code = DOUBT_OK;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
        code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot create %s", temporary);
        goto no_file;
    }
    int failed = write_all(fd, data, size), saved = errno;
    if (close(fd) != 0 && !failed) {
        failed = -1;
        saved = errno;
    }
    if (!failed && rename(temporary, path) != 0) {
        failed = -1;
        saved = errno;
    }
    if (failed) {
        unlink(temporary);
        code = doubt_err_errno(err, DOUBT_E_IO, saved, "cannot write %s", path);
    }
no_file:
    free(temporary);
    return code;
}

bool doubt_file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

enum doubt_code doubt_file_make_folder(const char *path, struct doubt_err *err)
{
    char *part = strdup(path);
    if (part == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while making folder %s", path);
    enum doubt_code code = DOUBT_OK;
    for (char *p = part + 1; code == DOUBT_OK; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char kept = *p;
        *p = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            code = doubt_err_errno(err, DOUBT_E_IO, errno, "cannot make folder %s", part);
        *p = kept;
        if (kept == '\0')
            break;
    }
    free(part);
    return code;
}

char *doubt_file_join(const char *folder, const char *name)
{
    if (name[0] == '/')
        return strdup(name);
    size_t room = strlen(folder) + strlen(name) + 2;
    char *path = malloc(room);
    if (path != NULL)
        snprintf(path, room, "%s/%s", folder, name);
    return path;
}

char *doubt_file_program_folder(void)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len <= 0)
        return NULL;
    path[len] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    return strdup(path[0] != '\0' ? path : "/");
}

char *doubt_file_xdg(const char *kind)
{
    char variable[32];
    snprintf(variable, sizeof variable, "XDG_%s_HOME", kind);
    const char *base = getenv(variable);
    if (base != NULL && base[0] == '/')
        return doubt_file_join(base, "doubt");
    const char *home = getenv("HOME");
    if (home == NULL || home[0] != '/')
        return NULL;
    const char *below = kind[0] == 'D'   ? ".local/share/doubt"
                        : kind[1] == 'A' ? ".cache/doubt"
                                         : ".config/doubt";
    return doubt_file_join(home, below);
}

/* nano.h: a fake Jetson Nano for tests: made in a temporary folder, compared with itself.
 *
 * A unit of work is one tree. Not for trees that are only read: those lie beside this file.
 */
#ifndef DOUBT_TESTS_NANO_H
#define DOUBT_TESTS_NANO_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Makes a tree in mode 0 or 1 and leaves its path. */
static inline bool nano_make(char root[64], int mode)
{
    char command[512];
    /* In memory where there is such a folder: a journal is synced a thousand times. */
    snprintf(root, 64, "%s/doubt-nano.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(root) == NULL)
        return false;
    snprintf(command, sizeof command, "sh '%s/tests/fake/make-nano.sh' '%s' %d >/dev/null",
             DOUBT_SOURCE, root, mode);
    return system(command) == 0;
}

static inline void nano_remove(const char *root)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    if (system(command) != 0)
        fprintf(stderr, "%s could not be removed\n", root);
}

static inline bool nano_put(const char *root, const char *path, const char *value)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", root, path);
    FILE *file = fopen(full, "w");
    return file != NULL && fprintf(file, "%s\n", value) > 0 && fclose(file) == 0;
}

static inline const char *nano_get(const char *root, const char *path, char out[256])
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", root, path);
    FILE *file = fopen(full, "r");
    out[0] = '\0';
    if (file != NULL) {
        if (fgets(out, 256, file) == NULL)
            out[0] = '\0';
        fclose(file);
    }
    out[strcspn(out, "\n")] = '\0';
    return out;
}

/* Text of every file of the tree but those of the fakes' own folder and of doubt's. */
static inline void nano_add(const char *folder, size_t skip, char **text, size_t *len)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[1024], content[4096] = "";
        struct stat status;
        const char *name = entries[i]->d_name;
        snprintf(path, sizeof path, "%s/%s", folder, name);
        /* The last two are what the kernel makes of the others. */
        bool own = strcmp(path + skip, "/fake") == 0 ||
                   strcmp(path + skip, "/var/lib/doubt") == 0 ||
                   strcmp(path + skip, "/sys/devices/system/cpu/online") == 0 ||
                   strstr(name, "cur_freq") != NULL;
        if (name[0] != '.' && !own && lstat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode)) {
                nano_add(path, skip, text, len);
            } else if (S_ISREG(status.st_mode) && status.st_size < 4000) {
                FILE *file = fopen(path, "r");
                size_t got = file != NULL ? fread(content, 1, sizeof content - 1, file) : 0;
                while (got > 0 && (content[got - 1] == '\n' || content[got - 1] == '\0'))
                    got--;
                if (file != NULL)
                    fclose(file);
                char *more = realloc(*text, *len + strlen(path) + got + 8);
                if (more != NULL) {
                    *text = more;
                    *len +=
                        (size_t)sprintf(more + *len, "%s: %.*s\n", path + skip, (int)got, content);
                }
            }
        }
        free(entries[i]);
    }
    free(entries);
}

/* The whole machine as text; freed by the caller. */
static inline char *nano_snapshot(const char *root)
{
    char *text = calloc(1, 1);
    size_t len = 0;
    nano_add(root, strlen(root), &text, &len);
    return text;
}

/* The first line that differs, or NULL. */
static inline const char *nano_differs(const char *before, const char *after, char out[256])
{
    while (*before != '\0' && *after != '\0') {
        size_t a = strcspn(before, "\n"), b = strcspn(after, "\n");
        if (a != b || memcmp(before, after, a) != 0) {
            snprintf(out, 256, "%.100s, now %.*s", before, (int)(b < 100 ? b : 100), after);
            out[strcspn(out, "\n")] = ' ';
            return out;
        }
        before += a + 1;
        after += b + 1;
    }
    if (*before == *after)
        return NULL;
    snprintf(out, 256, "one ends: \"%.100s\" \"%.100s\"", before, after);
    return out;
}

#endif

/* claim_load.c: where claim sets lie. See claim.h. */
#include "claims/claim.h"
#include "util/embed.h"
#include "util/file.h"
#include "util/str.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 4096, NAME_BYTES = 256 };

static const char suffix[] = ".json";

/* The user's folder; NULL when there is none. */
static char *user_folder(void)
{
    char *config = doubt_file_xdg("CONFIG");
    char *folder = config != NULL ? doubt_file_join(config, "claims") : NULL;
    free(config);
    return folder;
}

static bool ends_in_suffix(const char *name)
{
    size_t len = strlen(name), tail = sizeof suffix - 1;
    return len > tail && strcmp(name + len - tail, suffix) == 0;
}

/* Adds a file's name without folder and suffix. */
static bool add_name(char **names, size_t *count, const char *file)
{
    if (!ends_in_suffix(file) || file[0] == '.' || *count >= NAMES_MAX)
        return true;
    names[*count] = strndup(file, strlen(file) - (sizeof suffix - 1));
    return names[*count] != NULL && ++*count > 0;
}

static bool add_users(char **names, size_t *count)
{
    char *folder = user_folder();
    DIR *open = folder != NULL ? opendir(folder) : NULL;
    bool done = true;
    for (struct dirent *entry; done && open != NULL && (entry = readdir(open)) != NULL;)
        done = add_name(names, count, entry->d_name);
    if (open != NULL)
        closedir(open);
    free(folder);
    return done;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **doubt_claim_names(void)
{
    char **names = calloc(NAMES_MAX + 1, sizeof *names);
    size_t count = 0, kept = 0;
    bool done = names != NULL && add_users(names, &count);
    for (size_t i = 0; done && i < doubt_embedded_count(); i++) {
        const char *path = doubt_embedded_at(i)->path;
        if (strncmp(path, "claims/", 7) == 0)
            done = add_name(names, &count, path + 7);
    }
    if (!done) {
        doubt_claim_names_free(names);
        return NULL;
    }
    qsort(names, count, sizeof *names, by_text);
    for (size_t i = 0; i < count; i++)
        if (kept > 0 && strcmp(names[kept - 1], names[i]) == 0)
            free(names[i]);
        else
            names[kept++] = names[i];
    names[kept] = NULL;
    return names;
}

void doubt_claim_names_free(char **names)
{
    for (char **name = names; name != NULL && *name != NULL; name++)
        free(*name);
    free(names);
}

static enum doubt_code unknown(const char *name, struct doubt_err *err)
{
    char **names = doubt_claim_names();
    struct doubt_str list;
    doubt_str_init(&list, DOUBT_ERR_TEXT_BYTES / 2);
    static const char *const none[] = {NULL};
    for (char **known = names; known != NULL && *known != NULL; known++)
        doubt_str_addf(&list, "%s%s", known == names ? "" : ", ", *known);
    enum doubt_code code = doubt_err_set(
        err, DOUBT_E_NOT_FOUND,
        "there is no claim set \"%.100s\"%s there are: %s; or give a file's path", name,
        doubt_str_hint(name, names != NULL ? (const char *const *)names : none, "").text,
        doubt_str_text(&list));
    doubt_str_free(&list);
    doubt_claim_names_free(names);
    return code;
}

static enum doubt_code load_file(const char *path, struct doubt_claim_set *set,
                                 struct doubt_err *err)
{
    char *text = NULL;
    size_t size = 0;
    enum doubt_code code = doubt_file_read(path, DOUBT_CLAIM_FILE_MAX, &text, &size, err);
    if (code == DOUBT_OK)
        code = doubt_claim_set_parse(text, size, path, set, err);
    free(text);
    return code;
}

/* The user's file of that name, if there is one: *found. */
static enum doubt_code load_users(const char *name, struct doubt_claim_set *set, bool *found,
                                  struct doubt_err *err)
{
    char file[NAME_BYTES + sizeof suffix];
    snprintf(file, sizeof file, "%s%s", name, suffix);
    char *folder = user_folder();
    char *path = folder != NULL ? doubt_file_join(folder, file) : NULL;
    *found = path != NULL && doubt_file_exists(path);
    enum doubt_code code = *found ? load_file(path, set, err) : DOUBT_OK;
    free(path);
    free(folder);
    return code;
}

enum doubt_code doubt_claim_set_load(const char *name, struct doubt_claim_set *set,
                                     struct doubt_err *err)
{
    memset(set, 0, sizeof *set);
    if (strchr(name, '/') != NULL || ends_in_suffix(name))
        return load_file(name, set, err);
    if (name[0] == '\0' || name[0] == '.' || strlen(name) >= NAME_BYTES)
        return unknown(name, err);
    bool found = false;
    enum doubt_code code = load_users(name, set, &found, err);
    if (found || code != DOUBT_OK)
        return code;
    char path[NAME_BYTES + 32];
    snprintf(path, sizeof path, "claims/%s%s", name, suffix);
    const struct doubt_embedded *shipped = doubt_embedded_find(path);
    if (shipped == NULL)
        return unknown(name, err);
    return doubt_claim_set_parse(shipped->data, (size_t)(shipped->end - shipped->data), path, set,
                                 err);
}

char *doubt_claim_set_shadows(const char *name)
{
    char file[NAME_BYTES + sizeof suffix], shipped[NAME_BYTES + 32];
    if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL ||
        strlen(name) >= NAME_BYTES)
        return NULL;
    snprintf(file, sizeof file, "%s%s", name, suffix);
    snprintf(shipped, sizeof shipped, "claims/%s", file);
    char *folder = user_folder();
    char *path = folder != NULL ? doubt_file_join(folder, file) : NULL;
    free(folder);
    if (path != NULL && doubt_embedded_find(shipped) != NULL && doubt_file_exists(path))
        return path;
    free(path);
    return NULL;
}

/* registry.c: the list of engines: built-in tables and plug-in files.
 *
 * A unit of work is one engine. Entries never move once given out, and a bad plug-in stays in the
 * list with its reason. Loading a plug-in runs its entry function and nothing else of it.
 */
#include "engine/engine_int.h"
#include "engine/registry.h"
#include "util/file.h"
#include "util/str.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "doubt-engine-", suffix[] = ".so";

struct doubt_registry {
    struct doubt_engine **engines;
    size_t count, cap;
};

static void engine_free(struct doubt_engine *engine)
{
    if (engine != NULL)
        free(engine->plugin_path);
    free(engine);
}

/* Takes engine over, also when it fails. */
static enum doubt_code append(struct doubt_registry *registry, struct doubt_engine *engine,
                              struct doubt_err *err)
{
    if (engine != NULL && registry->count == registry->cap) {
        size_t cap = registry->cap ? registry->cap * 2 : 16;
        struct doubt_engine **engines = realloc(registry->engines, cap * sizeof *engines);
        if (engines == NULL) {
            engine_free(engine);
            engine = NULL;
        } else {
            registry->engines = engines;
            registry->cap = cap;
        }
    }
    if (engine == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the list of engines");
    registry->engines[registry->count++] = engine;
    return DOUBT_OK;
}

static struct doubt_engine *by_name(const struct doubt_registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->count; i++)
        if (strcmp(registry->engines[i]->name, name) == 0)
            return registry->engines[i];
    return NULL;
}

static enum doubt_code add_built_in(struct doubt_registry *registry,
                                    const struct doubt_engine_ops *ops, struct doubt_err *err)
{
    enum doubt_code code = doubt_engine_check(ops, "a built-in engine", err);
    if (code != DOUBT_OK)
        return code;
    struct doubt_engine *engine = calloc(1, sizeof *engine);
    if (engine != NULL) {
        engine->built_in = true;
        engine->ops = ops;
        doubt_str_copy(engine->name, sizeof engine->name, ops->name);
    }
    return append(registry, engine, err);
}

/* NAME out of "doubt-engine-NAME.so"; false for another file. */
static bool plugin_name(const char *file, char *name, size_t name_bytes)
{
    size_t len = strlen(file), front = sizeof prefix - 1, back = sizeof suffix - 1;
    if (len <= front + back || len - front - back >= name_bytes ||
        strncmp(file, prefix, front) != 0 || strcmp(file + len - back, suffix) != 0)
        return false;
    memcpy(name, file + front, len - front - back);
    name[len - front - back] = '\0';
    return true;
}

/* Loads the plug-in at path into engine; what is wrong with it becomes its reason. */
static void use_plugin(struct doubt_engine *engine)
{
    struct doubt_err why = {0};
    if (doubti_dl_plugin(engine->plugin_path, &engine->ops, &why) == DOUBT_OK &&
        strcmp(engine->ops->name, engine->name) != 0) {
        doubt_err_set(&why, DOUBT_E_UNSUPPORTED, "%s calls itself \"%s\": name the file %s%s%s",
                      engine->plugin_path, engine->ops->name, prefix, engine->ops->name, suffix);
        engine->ops = NULL;
    }
    doubt_str_copy(engine->reason, sizeof engine->reason, why.text);
}

static struct doubt_engine *new_plugin(const char *path, const char *name)
{
    struct doubt_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return NULL;
    engine->plugin_path = doubt_str_dup(path);
    if (engine->plugin_path == NULL) {
        free(engine);
        return NULL;
    }
    doubt_str_copy(engine->name, sizeof engine->name, name);
    return engine;
}

/* An engine of that name from an earlier place hides this one. */
static enum doubt_code add_file(struct doubt_registry *registry, const char *folder,
                                const char *file, struct doubt_err *err)
{
    char name[64];
    if (!plugin_name(file, name, sizeof name) || by_name(registry, name) != NULL)
        return DOUBT_OK;
    char *path = doubt_file_join(folder, file);
    struct doubt_engine *engine = path != NULL ? new_plugin(path, name) : NULL;
    free(path);
    if (engine != NULL)
        use_plugin(engine);
    return append(registry, engine, err);
}

/* A folder that is not there holds no engines. */
static enum doubt_code add_folder(struct doubt_registry *registry, const char *folder,
                                  struct doubt_err *err)
{
    struct dirent **entries = NULL;
    int count =
        folder != NULL && folder[0] != '\0' ? scandir(folder, &entries, NULL, alphasort) : 0;
    enum doubt_code code = DOUBT_OK;
    for (int i = 0; i < count; i++) {
        if (code == DOUBT_OK)
            code = add_file(registry, folder, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return code;
}

static enum doubt_code add_path_variable(struct doubt_registry *registry, struct doubt_err *err)
{
    const char *list = getenv("DOUBT_ENGINE_PATH");
    if (list == NULL)
        return DOUBT_OK;
    char *copy = strdup(list), *rest = copy;
    enum doubt_code code =
        copy != NULL ? DOUBT_OK
                     : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the list of engines");
    while (code == DOUBT_OK && rest != NULL)
        code = add_folder(registry, strsep(&rest, ":"), err);
    free(copy);
    return code;
}

static enum doubt_code add_program_folder(struct doubt_registry *registry, struct doubt_err *err)
{
    char *program = doubt_file_program_folder();
    char *folder = program != NULL ? doubt_file_join(program, "engines") : NULL;
    enum doubt_code code = add_folder(registry, folder, err);
    free(folder);
    free(program);
    return code;
}

enum doubt_code doubt_registry_open(struct doubt_registry **registry, struct doubt_err *err)
{
    struct doubt_registry *r = calloc(1, sizeof *r);
    if (r == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the list of engines");
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && doubt_engines_built_in[i] != NULL; i++)
        code = add_built_in(r, doubt_engines_built_in[i], err);
    if (code == DOUBT_OK)
        code = add_path_variable(r, err);
    if (code == DOUBT_OK)
        code = add_program_folder(r, err);
    if (code == DOUBT_OK)
        code = add_folder(r, DOUBT_INSTALLED_ENGINES, err);
    if (code != DOUBT_OK) {
        doubt_registry_close(r);
        return code;
    }
    *registry = r;
    return DOUBT_OK;
}

void doubt_registry_close(struct doubt_registry *registry)
{
    if (registry == NULL)
        return;
    for (size_t i = 0; i < registry->count; i++)
        engine_free(registry->engines[i]);
    free(registry->engines);
    free(registry);
}

size_t doubt_registry_count(const struct doubt_registry *registry)
{
    return registry->count;
}

const struct doubt_engine *doubt_registry_at(const struct doubt_registry *registry, size_t i)
{
    return i < registry->count ? registry->engines[i] : NULL;
}

static enum doubt_code unknown(const struct doubt_registry *registry, const char *name,
                               struct doubt_err *err)
{
    const char **names = calloc(registry->count + 1, sizeof *names);
    if (names == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of engines");
    struct doubt_str list;
    doubt_str_init(&list, 700);
    for (size_t i = 0; i < registry->count; i++) {
        names[i] = registry->engines[i]->name;
        doubt_str_addf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    doubt_err_set(err, DOUBT_E_NOT_FOUND, "there is no engine \"%.100s\"%s here are: %s", name,
                  doubt_str_hint(name, names, "").text, doubt_str_text(&list));
    doubt_str_free(&list);
    free(names);
    return DOUBT_E_NOT_FOUND;
}

/* A plug-in by its path; it may have any file name. */
static enum doubt_code find_file(struct doubt_registry *registry, const char *path,
                                 const struct doubt_engine **engine, struct doubt_err *err)
{
    for (size_t i = 0; i < registry->count; i++)
        if (registry->engines[i]->plugin_path != NULL && registry->engines[i]->ops != NULL &&
            strcmp(registry->engines[i]->plugin_path, path) == 0) {
            *engine = registry->engines[i];
            return DOUBT_OK;
        }
    if (!doubt_file_exists(path))
        return doubt_err_set(err, DOUBT_E_NOT_FOUND, "there is no plug-in file %s", path);
    const struct doubt_engine_ops *ops = NULL;
    enum doubt_code code = doubti_dl_plugin(path, &ops, err);
    if (code != DOUBT_OK)
        return code;
    struct doubt_engine *fresh = new_plugin(path, ops->name);
    if (fresh != NULL)
        fresh->ops = ops;
    code = append(registry, fresh, err);
    if (code == DOUBT_OK)
        *engine = fresh;
    return code;
}

enum doubt_code doubt_registry_find(struct doubt_registry *registry, const char *name,
                                    const struct doubt_engine **engine, struct doubt_err *err)
{
    if (strchr(name, '/') != NULL)
        return find_file(registry, name, engine, err);
    const struct doubt_engine *found = by_name(registry, name);
    if (found == NULL)
        return unknown(registry, name, err);
    if (found->ops == NULL)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "engine %s cannot be used: %s", name,
                             found->reason);
    *engine = found;
    return DOUBT_OK;
}

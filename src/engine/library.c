/* library.c: finds the vendors' libraries.
 *
 * A unit of work is one engine's library: the places of registry.h's order are tried one after
 * another, and in a place the newest file wins. Only looks at names: nothing is loaded or run, not
 * even Python.
 */
#include "engine/registry.h"
#include "util/file.h"
#include "util/str.h"

#include <elf.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MULTIARCH "x86_64-linux-gnu"
static const unsigned machine = EM_X86_64;
#elif defined(__aarch64__)
#define MULTIARCH "aarch64-linux-gnu"
static const unsigned machine = EM_AARCH64;
#else
#define MULTIARCH "unknown-linux-gnu"
static const unsigned machine = EM_NONE;
#endif

enum { TEXT_MAX = 1 << 16, CONF_MAX = 1 << 20 };

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Is it a shared object of another kind of machine, such as an unpacked wheel of the host seen by
 * an emulated program? What is no ELF file at all is for the loading to refuse. */
static bool is_foreign(const char *path)
{
    unsigned char head[20];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    size_t got = fread(head, 1, sizeof head, file);
    fclose(file);
    return machine != EM_NONE && got == sizeof head && memcmp(head, ELFMAG, SELFMAG) == 0 &&
           (head[18] | (unsigned)head[19] << 8) != machine;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* By the file's own name first: it carries the library's version. */
static int compare_versions(const char *a, const char *b)
{
    int order = strverscmp(base_name(a), base_name(b));
    return order != 0 ? order : strverscmp(a, b);
}

/* Keeps the newer of *best and path (resolved); takes nothing over when out of memory. */
static void offer(char **best, const char *path)
{
    char *real = is_file(path) && !is_foreign(path) ? realpath(path, NULL) : NULL;
    if (real == NULL || (*best != NULL && compare_versions(real, *best) <= 0)) {
        free(real);
        return;
    }
    free(*best);
    *best = real;
}

static void offer_glob(char **best, const char *folder, const char *pattern)
{
    char *whole = doubt_file_join(folder, pattern);
    glob_t found = {0};
    if (whole != NULL && glob(whole, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            offer(best, found.gl_pathv[i]);
    globfree(&found);
    free(whole);
}

static char *newest_below(const char *folder, const char *const *patterns)
{
    char *best = NULL;
    for (; patterns != NULL && *patterns != NULL; patterns++)
        offer_glob(&best, folder, *patterns);
    return best;
}

/* Calls search for each part of a colon-separated list until one gives a path. */
static char *each_part(const char *list, char *(*search)(const char *, const void *),
                       const void *argument)
{
    char *copy = doubt_str_dup(list), *rest = copy, *found = NULL;
    while (copy != NULL && rest != NULL && found == NULL) {
        char *part = strsep(&rest, ":");
        if (part[0] == '/')
            found = search(part, argument);
    }
    free(copy);
    return found;
}

/* --- private folder ------------------------------------------------------------------------- */

static const char *private_folder(void)
{
    const char *folder = getenv("DOUBT_PRIVATE");
    return folder != NULL && folder[0] != '\0' ? folder : DOUBT_PRIVATE_FOLDER;
}

static char *search_private(const struct doubt_engine_library *library)
{
    char *roots = doubt_file_join(private_folder(), "*");
    char *best = NULL;
    glob_t found = {0};
    if (roots != NULL && glob(roots, GLOB_ONLYDIR, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++) {
            char *path = newest_below(found.gl_pathv[i], library->wheel_globs);
            if (path != NULL)
                offer(&best, path);
            free(path);
        }
    globfree(&found);
    free(roots);
    return best;
}

/* --- Python's site folders ------------------------------------------------------------------ */

/* The newest in the site folders of one prefix. */
static char *search_prefix(const char *prefix, const void *argument)
{
    static const char *const sites[] = {
        "lib/python3*/site-packages",       "lib64/python3*/site-packages",
        "lib/python3*/dist-packages",       "local/lib/python3*/site-packages",
        "local/lib/python3*/dist-packages", "lib/python3/dist-packages",
    };
    const struct doubt_engine_library *library = argument;
    char *best = NULL;
    for (size_t i = 0; i < sizeof sites / sizeof sites[0]; i++) {
        char *site = doubt_file_join(prefix, sites[i]);
        char *path = site != NULL ? newest_below(site, library->wheel_globs) : NULL;
        if (path != NULL)
            offer(&best, path);
        free(path);
        free(site);
    }
    return best;
}

/* The folder above the one that holds path; changes path. */
static char *prefix_of(char *path)
{
    for (int up = 0; path != NULL && up < 2; up++) {
        char *slash = strrchr(path, '/');
        if (slash == NULL)
            return NULL;
        *slash = '\0';
    }
    return path;
}

/* Prefixes of the python3 in one folder of PATH: as named (a virtual environment) and resolved. */
static char *search_python_in(const char *folder, const void *argument)
{
    char *python = doubt_file_join(folder, "python3"), *path = NULL;
    if (python != NULL && access(python, X_OK) == 0) {
        char *real = realpath(python, NULL);
        char *named_prefix = prefix_of(python), *real_prefix = prefix_of(real);
        if (named_prefix != NULL)
            path = search_prefix(named_prefix, argument);
        if (path == NULL && real_prefix != NULL)
            path = search_prefix(real_prefix, argument);
        free(real);
    }
    free(python);
    return path;
}

static char *search_python(const struct doubt_engine_library *library)
{
    const char *environment = getenv("VIRTUAL_ENV"), *path = getenv("PATH"), *home = getenv("HOME");
    char *found = environment != NULL ? search_prefix(environment, library) : NULL;
    if (found == NULL && path != NULL)
        found = each_part(path, search_python_in, library);
    if (found == NULL && home != NULL) {
        char *user = doubt_file_join(home, ".local");
        found = user != NULL ? search_prefix(user, library) : NULL;
        free(user);
    }
    if (found == NULL)
        found = search_prefix("/usr/local", library);
    return found != NULL ? found : search_prefix("/usr", library);
}

/* --- the system ----------------------------------------------------------------------------- */

static char *search_folder(const char *folder, const void *argument)
{
    return newest_below(folder, argument);
}

/* Folders that the administrator gave to the dynamic linker. */
static char *search_linker_folders(const char *const *names)
{
    char *found = NULL;
    glob_t files = {0};
    if (glob("/etc/ld.so.conf.d/*.conf", 0, NULL, &files) == 0)
        for (size_t i = 0; i < files.gl_pathc && found == NULL; i++) {
            char *text = NULL;
            if (doubt_file_read(files.gl_pathv[i], CONF_MAX, &text, NULL, NULL) != DOUBT_OK)
                continue;
            char *rest = text;
            while (rest != NULL && found == NULL) {
                char *line = strsep(&rest, " \t\r\n");
                if (line[0] == '/')
                    found = newest_below(line, names);
            }
            free(text);
        }
    globfree(&files);
    return found;
}

static char *search_system_name(const char *name)
{
    static const char *const folders[] = {
        "/usr/local/lib/" MULTIARCH,
        "/usr/local/lib",
        "/usr/lib/" MULTIARCH,
        "/lib/" MULTIARCH,
        "/usr/lib64",
        "/usr/lib",
        "/lib64",
        "/lib",
    };
    const char *const names[] = {name, NULL};
    const char *extra = getenv("LD_LIBRARY_PATH");
    char *found = extra != NULL ? each_part(extra, search_folder, names) : NULL;
    if (found == NULL)
        found = search_linker_folders(names);
    for (size_t i = 0; found == NULL && i < sizeof folders / sizeof folders[0]; i++)
        found = newest_below(folders[i], names);
    return found;
}

static char *search_system(const struct doubt_engine_library *library)
{
    char *found = NULL;
    for (const char *const *p = library->system_globs; p != NULL && *p != NULL && !found; p++) {
        if ((*p)[0] == '/')
            offer_glob(&found, "/", *p);
        else
            found = search_system_name(*p);
    }
    return found;
}

/* --- the order ------------------------------------------------------------------------------ */

/* by: "--library" or "$VARIABLE". */
static enum doubt_code take_named(const char *given, const char *by, char **path,
                                  struct doubt_err *err)
{
    struct stat status;
    if (stat(given, &status) != 0)
        return doubt_err_set(err, DOUBT_E_NOT_FOUND,
                             "%s names %.300s, which is not there: give the path of the shared "
                             "object itself",
                             by, given);
    if (!S_ISREG(status.st_mode))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "%s names %.300s, which is not a file: give the path of the shared "
                             "object itself",
                             by, given);
    *path = realpath(given, NULL);
    return *path != NULL
               ? DOUBT_OK
               : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the path %s", given);
}

static enum doubt_code not_found(const struct doubt_engine_ops *ops, struct doubt_err *err)
{
    const char *variable = ops->library->variable;
    doubt_err_set(err, DOUBT_E_NOT_FOUND,
                  "the library of engine %s was not found: no option%s%s, nothing in %s, in "
                  "Python's site folders or in the system's library folders",
                  ops->name, variable != NULL ? ", $" : "", variable != NULL ? variable : "",
                  private_folder());
    if (err != NULL && ops->install != NULL) {
        size_t len = strlen(err->text);
        if (len + strlen(ops->install) + 16 < sizeof err->text) {
            strcat(err->text, "; to get it: ");
            strcat(err->text, ops->install);
        }
    }
    return DOUBT_E_NOT_FOUND;
}

enum doubt_code doubt_library_find(const struct doubt_engine_ops *ops, const char *given,
                                   char **path, const char **where, struct doubt_err *err)
{
    static const struct {
        const char *where;
        char *(*search)(const struct doubt_engine_library *);
    } places[] = {
        {"private folder", search_private}, {"Python", search_python}, {"system", search_system}};
    *path = NULL;
    *where = "";
    if (ops->library == NULL && given != NULL)
        return doubt_err_set(err, DOUBT_E_USAGE, "engine %s needs no library, but %s was given",
                             ops->name, given);
    if (ops->library == NULL)
        return DOUBT_OK;
    *where = "option";
    if (given != NULL)
        return take_named(given, "--library", path, err);
    const char *variable = ops->library->variable;
    const char *value = variable != NULL ? getenv(variable) : NULL;
    *where = "environment";
    if (value != NULL && value[0] != '\0') {
        char by[64];
        snprintf(by, sizeof by, "$%s", variable);
        return take_named(value, by, path, err);
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        *where = places[i].where;
        *path = places[i].search(ops->library);
        if (*path != NULL)
            return DOUBT_OK;
    }
    *where = "";
    return not_found(ops, err);
}

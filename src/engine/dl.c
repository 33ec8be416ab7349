/* dl.c: loads plug-in files and checks their tables.
 *
 * A unit of work is one shared object. It is never unloaded: an engine may have threads and exit
 * handlers of its own. Not for vendors' libraries: the plug-ins load those, in a worker.
 */
#include "engine/engine_int.h"
#include "engine/registry.h"

#include <ctype.h>
#include <dlfcn.h>
#include <string.h>

/* The required functions, by name and place. */
static const struct {
    const char *name;
    size_t offset;
} required[] = {
#define ROW(function)                                                                              \
    {                                                                                              \
#function, offsetof(struct doubt_engine_ops, function)                                     \
    }
    ROW(load), ROW(info),   ROW(open),     ROW(inputs), ROW(outputs), ROW(bind),
    ROW(run),  ROW(output), ROW(describe), ROW(close),  ROW(unload),
#undef ROW
};

static const size_t least_size =
    offsetof(struct doubt_engine_ops, unload) + sizeof(void (*)(void *));

static const size_t least_row = offsetof(struct doubt_engine_option, kind);

static bool is_name(const char *name)
{
    size_t len = name != NULL ? strlen(name) : 0;
    if (len == 0 || len >= 64)
        return false;
    for (const char *p = name; *p != '\0'; p++)
        if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != '-')
            return false;
    return true;
}

static const char *missing_function(const struct doubt_engine_ops *ops)
{
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        void (*function)(void);
        memcpy(&function, (const char *)ops + required[i].offset, sizeof function);
        if (function == NULL)
            return required[i].name;
    }
    return NULL;
}

enum doubt_code doubt_engine_check(const struct doubt_engine_ops *ops, const char *from,
                                   struct doubt_err *err)
{
    if (ops == NULL)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "%s gives no table of functions", from);
    if (ops->abi != DOUBT_ENGINE_ABI)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s is built for version %u of the plug-in contract, this program "
                             "needs version %u: rebuild it with this program's doubt/engine.h",
                             from, ops->abi, DOUBT_ENGINE_ABI);
    if (ops->size < least_size)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s has a table of %u bytes, at least %zu are needed: set size to "
                             "sizeof (struct doubt_engine_ops)",
                             from, ops->size, least_size);
    if (!is_name(ops->name))
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s has no usable name: 1 to 63 of a-z, 0-9 and - are accepted", from);
    if (ops->summary == NULL)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "%s has no summary", from);
    if (ops->options != NULL && doubti_options_row_bytes(ops) < least_row)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s has options in rows of %zu bytes, at least %zu are needed: set "
                             "option_bytes to sizeof (struct doubt_engine_option)",
                             from, doubti_options_row_bytes(ops), least_row);
    const char *missing = missing_function(ops);
    if (missing != NULL)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "%s lacks the required function %s()", from,
                             missing);
    return DOUBT_OK;
}

enum doubt_code doubti_dl_plugin(const char *path, const struct doubt_engine_ops **ops,
                                 struct doubt_err *err)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        const char *why = dlerror();
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED, "%s cannot be loaded: %s", path,
                             why != NULL ? why : "no reason given");
    }
    void *symbol = dlsym(handle, DOUBT_ENGINE_ENTRY);
    if (symbol == NULL)
        return doubt_err_set(err, DOUBT_E_UNSUPPORTED,
                             "%s is no engine: it does not export " DOUBT_ENGINE_ENTRY "()", path);
    doubt_engine_entry_fn entry;
    memcpy(&entry, &symbol, sizeof entry);
    const struct doubt_engine_ops *table = entry();
    enum doubt_code code = doubt_engine_check(table, path, err);
    if (code == DOUBT_OK)
        *ops = table;
    return code;
}

/* registry.h: which engines there are and where their libraries lie.
 *
 * A unit of work is one engine. Built-in engines come from a table, plug-ins from folders searched
 * for "doubt-engine-NAME.so": $DOUBT_ENGINE_PATH (colon-separated), engines/ beside the program,
 * the installed folder. A vendor's library is found in this order: the caller's path (option), the
 * engine's environment variable, the project's private folder ($DOUBT_PRIVATE or the one compiled
 * in), site folders of the Python on PATH, the system. Nothing here loads a vendor's library: only
 * a worker does (session.h).
 */
#ifndef DOUBT_ENGINE_REGISTRY_H
#define DOUBT_ENGINE_REGISTRY_H

#include <doubt/engine.h>
#include <doubt/err.h>
#include <stdbool.h>
#include <stddef.h>

/* Everything known without running the engine. Owned by the registry. */
struct doubt_engine {
    char name[64];
    bool built_in;
    char *plugin_path;                  /* NULL for a built-in */
    const struct doubt_engine_ops *ops; /* NULL when the plug-in could not be used */
    char reason[512];                   /* why ops is NULL: one sentence */
};

struct doubt_registry;

/* Finds and checks all plug-ins: a bad one stays in the list with its reason. */
enum doubt_code doubt_registry_open(struct doubt_registry **registry, struct doubt_err *err);
void doubt_registry_close(struct doubt_registry *registry);
size_t doubt_registry_count(const struct doubt_registry *registry);
const struct doubt_engine *doubt_registry_at(const struct doubt_registry *registry, size_t i);
/* By name, or by the path of a plug-in file (contains a slash). Unknown: DOUBT_E_NOT_FOUND with
 * the nearest name; unusable: its reason. */
enum doubt_code doubt_registry_find(struct doubt_registry *registry, const char *name,
                                    const struct doubt_engine **engine, struct doubt_err *err);

/* Checks a table against the contract: ABI, size, required functions. */
enum doubt_code doubt_engine_check(const struct doubt_engine_ops *ops, const char *from,
                                   struct doubt_err *err);

/* The vendor's library for an engine by the order above; *path is a heap string, NULL for an engine
 * that needs none; *where (static) names the place of the order it was found in. Not found:
 * DOUBT_E_NOT_FOUND with the places searched and the command that brings it. */
enum doubt_code doubt_library_find(const struct doubt_engine_ops *ops, const char *given,
                                   char **path, const char **where, struct doubt_err *err);

/* The built-in tables; NULL-terminated. */
extern const struct doubt_engine_ops *const doubt_engines_built_in[];

#endif

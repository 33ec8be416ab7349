/* pick.h: the engines of this machine as the command line offers them.
 *
 * A unit of work is one engine: its library found, its digest taken, its version, devices and
 * precisions asked for in a process of its own. Nothing here loads a vendor's library. Which of
 * several is the best is pilot.h's question.
 */
#ifndef DOUBT_CLI_PICK_H
#define DOUBT_CLI_PICK_H

#include "engine/registry.h"
#include "util/sha256.h"
#include "util/str.h"

struct doubt_pick {
    const struct doubt_engine *engine; /* the registry's */
    const char *ask_name; /* what a worker finds it by: the name, or the plug-in's path */
    char *library_path;   /* NULL: needs none, or not found */
    const char *where;    /* the place of the order that it was found in */
    char library_sha256[DOUBT_SHA256_TEXT_BYTES];
    struct doubt_engine_info info;
    bool usable;
    struct doubt_err why_not; /* when not usable */
};

/* Looks at one engine. library, options: as given by the user, or NULL; options are checked first,
 * before any worker starts. Never fails: see usable. */
void doubt_pick_look(const struct doubt_engine *engine, const char *library,
                     const char *const *options, struct doubt_pick *pick);
void doubt_pick_free(struct doubt_pick *pick);

/* True for an engine that is found and compared without being named: a plug-in with a vendor's
 * library. The built-in ones and those without a library are measured when --engine names them. */
bool doubt_pick_is_real(const struct doubt_engine *engine);

/* Of one that is not usable: did somebody mean it to be (its variable is set, its library or
 * plug-in is there), or is it simply not installed? */
bool doubt_pick_is_meant(const struct doubt_pick *pick);

/* An engine as the user names it: by name or plug-in path, with a library and options or NULL. */
struct doubt_pick_request {
    const char *name, *library;
    const char *const *options;
};

/* Looks at the one named; an unusable one is an error, DOUBT_E_USAGE or the like where the library
 * that the user names (by request or variable) is not one. */
enum doubt_code doubt_pick_named(struct doubt_registry *registry,
                                 const struct doubt_pick_request *request, struct doubt_pick *pick,
                                 struct doubt_err *err);

/* Looks at every real engine and keeps the usable ones, in the registry's order. None usable:
 * DOUBT_E_NOT_FOUND, and a sentence that says why each is not and how to get one. left_out (may be
 * NULL) gets "NAME: why" of each that somebody meant to be used and that is not: its variable is
 * set, its library is there, or its plug-in is. *picks is heap, freed with doubt_pick_free_all().
 */
enum doubt_code doubt_pick_all(struct doubt_registry *registry, struct doubt_str *left_out,
                               struct doubt_pick **picks, size_t *count, struct doubt_err *err);
void doubt_pick_free_all(struct doubt_pick *picks, size_t count);

/* Precisions of the device (NULL: the first): bits as in struct doubt_engine_device. 0: no such
 * device. */
uint32_t doubt_pick_precisions(const struct doubt_pick *pick, const char *device);

/* Bits of DOUBT_CAP_, of the engine and of the library that was found. */
uint32_t doubt_pick_caps(const struct doubt_pick *pick);

/* Refuses a device that the engine does not have, with the list of those that it has. Engines
 * without a list take any. */
enum doubt_code doubt_pick_check_device(const struct doubt_pick *pick, const char *device,
                                        struct doubt_err *err);

#endif

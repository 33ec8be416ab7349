/* pick.c: see pick.h. */
#include "cli/pick.h"

#include "engine/options.h"
#include "measure/series.h"

#include <stdlib.h>
#include <string.h>

bool doubt_pick_is_real(const struct doubt_engine *engine)
{
    return !engine->built_in && (engine->ops == NULL || engine->ops->library != NULL);
}

static enum doubt_code look(struct doubt_pick *pick, const char *library,
                            const char *const *options)
{
    struct doubt_err *err = &pick->why_not;
    const struct doubt_engine *engine = pick->engine;
    if (engine->ops == NULL)
        return doubt_err_set(err, DOUBT_E_ENGINE, "%s", engine->reason);
    enum doubt_code code = doubt_options_check(engine->ops, options, err);
    if (code == DOUBT_OK)
        code = doubt_library_find(engine->ops, library, &pick->library_path, &pick->where, err);
    if (code == DOUBT_OK && pick->library_path != NULL)
        code = doubt_sha256_file(pick->library_path, pick->library_sha256, err);
    if (code == DOUBT_OK)
        code = doubt_engine_ask(pick->ask_name, pick->library_path, options, &pick->info, err);
    return code;
}

/* The library that the user named is bad input; one that was found by itself is a bad engine. */
static bool is_users(const struct doubt_pick *pick)
{
    return pick->library_path != NULL &&
           (strcmp(pick->where, "option") == 0 || strcmp(pick->where, "environment") == 0);
}

static void look_as(const struct doubt_engine *engine, const char *ask_name, const char *library,
                    const char *const *options, struct doubt_pick *pick)
{
    *pick = (struct doubt_pick){.engine = engine, .ask_name = ask_name, .where = ""};
    pick->usable = look(pick, library, options) == DOUBT_OK;
    if (!pick->usable && pick->why_not.code == DOUBT_E_ENGINE && is_users(pick))
        pick->why_not.code = DOUBT_E_USAGE;
}

void doubt_pick_look(const struct doubt_engine *engine, const char *library,
                     const char *const *options, struct doubt_pick *pick)
{
    look_as(engine, engine->name, library, options, pick);
}

void doubt_pick_free(struct doubt_pick *pick)
{
    free(pick->library_path);
    pick->library_path = NULL;
}

void doubt_pick_free_all(struct doubt_pick *picks, size_t count)
{
    for (size_t i = 0; picks != NULL && i < count; i++)
        doubt_pick_free(&picks[i]);
    free(picks);
}

enum doubt_code doubt_pick_named(struct doubt_registry *registry,
                                 const struct doubt_pick_request *request, struct doubt_pick *pick,
                                 struct doubt_err *err)
{
    const char *name = request->name;
    const struct doubt_engine *engine = NULL;
    *pick = (struct doubt_pick){.where = ""};
    enum doubt_code code = doubt_registry_find(registry, name, &engine, err);
    if (code != DOUBT_OK)
        return code;
    look_as(engine, strchr(name, '/') != NULL ? name : engine->name, request->library,
            request->options, pick);
    if (pick->usable)
        return DOUBT_OK;
    code = doubt_err_set(err, pick->why_not.code, "%s", pick->why_not.text);
    doubt_pick_free(pick);
    return code;
}

static enum doubt_code none_usable(const struct doubt_str *reasons, struct doubt_err *err)
{
    return doubt_err_set(err, DOUBT_E_NOT_FOUND,
                         "no engine can be used here%s%s. script/engines brings the engines; "
                         "--engine ref measures doubt's own slow reference instead",
                         reasons->len > 0 ? ": " : "", doubt_str_text(reasons));
}

static bool is_set(const char *variable)
{
    const char *value = variable != NULL ? getenv(variable) : NULL;
    return value != NULL && value[0] != '\0';
}

/* An engine that is simply not installed is no news. */
bool doubt_pick_is_meant(const struct doubt_pick *pick)
{
    const struct doubt_engine_ops *ops = pick->engine->ops;
    return ops == NULL || pick->library_path != NULL || is_set(ops->library->variable);
}

static void add_reason(const struct doubt_pick *pick, bool with_name, struct doubt_str *reasons)
{
    doubt_str_addf(reasons, "%s%s%s%s", reasons->len > 0 ? "; " : "",
                   with_name ? pick->engine->name : "", with_name ? ": " : "", pick->why_not.text);
}

enum doubt_code doubt_pick_all(struct doubt_registry *registry, struct doubt_str *left_out,
                               struct doubt_pick **picks, size_t *count, struct doubt_err *err)
{
    size_t total = doubt_registry_count(registry);
    struct doubt_str reasons;
    doubt_str_init(&reasons, 800);
    *count = 0;
    *picks = calloc(total > 0 ? total : 1, sizeof **picks);
    if (*picks == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the list of engines");
    for (size_t i = 0; i < total; i++) {
        const struct doubt_engine *engine = doubt_registry_at(registry, i);
        struct doubt_pick *pick = &(*picks)[*count];
        if (!doubt_pick_is_real(engine))
            continue;
        doubt_pick_look(engine, NULL, NULL, pick);
        if (pick->usable) {
            ++*count;
            continue;
        }
        add_reason(pick, false, &reasons);
        if (left_out != NULL && doubt_pick_is_meant(pick))
            add_reason(pick, true, left_out);
        doubt_pick_free(pick);
    }
    enum doubt_code code = *count > 0 ? DOUBT_OK : none_usable(&reasons, err);
    doubt_str_free(&reasons);
    if (code != DOUBT_OK) {
        free(*picks);
        *picks = NULL;
    }
    return code;
}

uint32_t doubt_pick_caps(const struct doubt_pick *pick)
{
    return (pick->engine->ops != NULL ? pick->engine->ops->caps : 0) | pick->info.caps;
}

uint32_t doubt_pick_precisions(const struct doubt_pick *pick, const char *device)
{
    for (uint32_t i = 0; i < pick->info.device_count; i++)
        if (device == NULL || strcmp(pick->info.devices[i].name, device) == 0)
            return pick->info.devices[i].precisions;
    return 0;
}

enum doubt_code doubt_pick_check_device(const struct doubt_pick *pick, const char *device,
                                        struct doubt_err *err)
{
    struct doubt_str list;
    if (device == NULL || pick->info.device_count == 0)
        return DOUBT_OK;
    for (uint32_t i = 0; i < pick->info.device_count; i++)
        if (strcmp(pick->info.devices[i].name, device) == 0)
            return DOUBT_OK;
    doubt_str_init(&list, 2048);
    for (uint32_t i = 0; i < pick->info.device_count; i++)
        doubt_str_addf(&list, "%s%s", i > 0 ? ", " : "", pick->info.devices[i].name);
    /* What its library says of itself may be why the device is not there. */
    if (!pick->engine->built_in && pick->info.build[0] != '\0')
        doubt_str_addf(&list, " (%s)", pick->info.build);
    enum doubt_code code =
        doubt_err_set(err, DOUBT_E_USAGE, "--device \"%s\" is unknown to engine %s; it has: %s",
                      device, pick->engine->name, doubt_str_text(&list));
    doubt_str_free(&list);
    return code;
}

/* check_claims.c: the claims that are to be checked. See check.h. */
#include "cli/check.h"

#include "claims/device.h"

#include <doubt/verdict.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char default_set[] = "jetson-nano-2019";

static enum doubt_code check_names(const struct doubt_check_run *check, struct doubt_err *err)
{
    const struct doubt_opt_list *wanted = &check->values->networks;
    const char **names = calloc(check->set.count + 1, sizeof *names);
    if (names == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of networks");
    struct doubt_str list;
    doubt_str_init(&list, 700);
    for (size_t i = 0; i < check->set.count; i++) {
        names[i] = check->set.claims[i].network;
        bool again = names[i][0] == '\0';
        for (size_t k = 0; k < i; k++)
            again |= strcmp(names[k], names[i]) == 0;
        if (!again)
            doubt_str_addf(&list, "%s%s", list.len > 0 ? ", " : "", names[i]);
    }
    enum doubt_code code = DOUBT_OK;
    for (size_t w = 0; code == DOUBT_OK && w < wanted->count; w++) {
        bool known = false;
        for (size_t i = 0; i < check->set.count; i++)
            known |= strcasecmp(names[i], wanted->items[w]) == 0;
        if (!known)
            code = doubt_err_set(err, DOUBT_E_USAGE, "%s has no network \"%.100s\"%s it has: %s",
                                 check->set.name, wanted->items[w],
                                 doubt_str_hint(wanted->items[w], names, "").text,
                                 doubt_str_text(&list));
    }
    doubt_str_free(&list);
    free(names);
    return code;
}

/* A figure that cannot be read is better found before ten minutes of measuring. */
static enum doubt_code check_figures(const struct doubt_check_run *check, struct doubt_err *err)
{
    for (size_t i = 0; i < check->set.count; i++) {
        const struct doubt_claim *claim = &check->set.claims[i];
        struct doubt_figure figure;
        char text[256];
        snprintf(text, sizeof text, "%s %s", claim->figure, claim->unit);
        if (doubt_figure_parse(text, NULL, &figure, err) != DOUBT_OK) {
            doubt_err_prefix(err, "claim %s of %s", claim->id, check->set.name);
            return DOUBT_E_USAGE;
        }
    }
    return DOUBT_OK;
}

static enum doubt_code check_ids(const struct doubt_check_run *check, struct doubt_err *err)
{
    const struct doubt_opt_list *wanted = &check->values->claims;
    const char **ids = calloc(check->set.count + 1, sizeof *ids);
    enum doubt_code code = DOUBT_OK;
    if (ids == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of claims");
    for (size_t i = 0; i < check->set.count; i++)
        ids[i] = check->set.claims[i].id;
    for (size_t w = 0; code == DOUBT_OK && w < wanted->count; w++) {
        bool known = false;
        for (size_t i = 0; i < check->set.count; i++)
            known |= strcmp(ids[i], wanted->items[w]) == 0;
        if (!known)
            code = doubt_err_set(err, DOUBT_E_USAGE,
                                 "%.100s has no claim \"%.100s\"%s doubt claims %.100s lists them",
                                 check->set.name, wanted->items[w],
                                 doubt_str_hint(wanted->items[w], ids, "").text, check->set.name);
    }
    free(ids);
    return code;
}

/* A name that no claim has would change nothing, and be found out after the measurement. */
static enum doubt_code check_device(const struct doubt_check_run *check, struct doubt_err *err)
{
    const char *said = check->values->claim_device;
    const char **names = calloc(check->set.count + 1, sizeof *names);
    size_t count = 0;
    bool known = said == NULL;
    struct doubt_str list;
    if (names == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a list of devices");
    doubt_str_init(&list, 700);
    for (size_t i = 0; !known && i < check->set.count; i++) {
        const char *device = check->set.claims[i].device;
        bool again = false;
        for (size_t k = 0; !again && k < count; k++)
            again = strcmp(names[k], device) == 0;
        known = doubt_device_names(said, device);
        if (again)
            continue;
        names[count++] = device;
        doubt_str_addf(&list, "%s%s", list.len > 0 ? ", " : "", device);
    }
    if (!known)
        doubt_err_set(
            err, DOUBT_E_USAGE,
            "--claim-device: no claim of %.100s is of a device \"%.100s\"%s they are of: %s",
            check->set.name, said, doubt_str_hint(said, names, "").text, doubt_str_text(&list));
    doubt_str_free(&list);
    free(names);
    return known ? DOUBT_OK : DOUBT_E_USAGE;
}

static bool is_in(const struct doubt_opt_list *wanted, const char *name)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (strcasecmp(wanted->items[i], name) == 0)
            return true;
    return wanted->count == 0;
}

static bool has_claim(const struct doubt_claim_set *set, const char *id)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->claims[i].id, id) == 0)
            return true;
    return false;
}

/* Nearest to id among the claims of all sets; "" when none is near. */
static void nearest_of_all(const char *id, char *found, size_t found_bytes)
{
    char **names = doubt_claim_names();
    size_t best = SIZE_MAX;
    found[0] = '\0';
    for (char **name = names; name != NULL && *name != NULL; name++) {
        struct doubt_claim_set set;
        if (doubt_claim_set_load(*name, &set, NULL) != DOUBT_OK)
            continue;
        for (size_t i = 0; i < set.count; i++) {
            const char *const one[] = {set.claims[i].id, NULL};
            size_t distance = doubt_str_distance(id, one[0]);
            if (distance >= best || doubt_str_nearest(id, one) == NULL)
                continue;
            best = distance;
            snprintf(found, found_bytes, ": did you mean \"%s\" of %s?", one[0], set.name);
        }
        doubt_claim_set_free(&set);
    }
    doubt_claim_names_free(names);
}

static enum doubt_code refuse_claim(const char *id, struct doubt_err *err)
{
    char near[256];
    nearest_of_all(id, near, sizeof near);
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "no claim set has a claim \"%.100s\"%s doubt claims lists the sets, doubt "
                         "claims SET a set's claims",
                         id, near[0] != '\0' ? near : ";");
}

/* The set that has the claim; false: none, or it cannot be read. */
static bool find_set(const char *id, struct doubt_claim_set *set)
{
    char **names = doubt_claim_names();
    bool found = false;
    for (char **name = names; !found && name != NULL && *name != NULL; name++) {
        if (doubt_claim_set_load(*name, set, NULL) != DOUBT_OK)
            continue;
        found = has_claim(set, id);
        if (!found)
            doubt_claim_set_free(set);
    }
    doubt_claim_names_free(names);
    return found;
}

static enum doubt_code load_set(struct doubt_check_run *check, const char *name,
                                struct doubt_err *err)
{
    const struct doubt_opt_list *wanted = &check->values->claims;
    if (name == NULL && wanted->count > 0)
        return find_set(wanted->items[0], &check->set) ? DOUBT_OK
                                                       : refuse_claim(wanted->items[0], err);
    name = name != NULL ? name : default_set;
    char *path = doubt_claim_set_shadows(name);
    if (path != NULL)
        doubt_cli_say(check->cli, "doubt: %s stands for the shipped set %s", path, name);
    free(path);
    return doubt_claim_set_load(name, &check->set, err);
}

enum doubt_code doubt_check_load(struct doubt_check_run *check, const char *set_name,
                                 struct doubt_err *err)
{
    enum doubt_code code = load_set(check, set_name, err);
    if (code == DOUBT_OK)
        code = check_names(check, err);
    if (code == DOUBT_OK)
        code = check_ids(check, err);
    if (code == DOUBT_OK)
        code = check_figures(check, err);
    if (code == DOUBT_OK)
        code = check_device(check, err);
    if (code != DOUBT_OK)
        return code;
    check->claims = calloc(check->set.count + 1, sizeof *check->claims);
    check->subjects = calloc(check->set.count + 1, sizeof *check->subjects);
    if (check->claims == NULL || check->subjects == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a claim set");
    bool any = false;
    for (size_t i = 0; i < check->set.count; i++) {
        const struct doubt_claim *claim = &check->set.claims[i];
        check->claims[i].subject = check->claims[i].with = SIZE_MAX;
        check->claims[i].wanted = is_in(&check->values->networks, claim->network) &&
                                  is_in(&check->values->claims, claim->id);
        any |= check->claims[i].wanted;
    }
    if (!any && check->set.count > 0)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "no claim of %s is wanted by both --network and --claim: leave one of "
                             "them out; doubt claims %s lists which network a claim is for",
                             check->set.name, check->set.name);
    return DOUBT_OK;
}

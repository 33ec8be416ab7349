/* check_claims.c: the claims that are to be checked. See check.h. */
#include "cli/check.h"

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
    if (name == NULL && wanted->count > 0 && find_set(wanted->items[0], &check->set))
        return DOUBT_OK;
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
    if (code != DOUBT_OK)
        return code;
    check->claims = calloc(check->set.count + 1, sizeof *check->claims);
    check->subjects = calloc(check->set.count + 1, sizeof *check->subjects);
    if (check->claims == NULL || check->subjects == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a claim set");
    for (size_t i = 0; i < check->set.count; i++) {
        const struct doubt_claim *claim = &check->set.claims[i];
        check->claims[i].subject = check->claims[i].with = SIZE_MAX;
        check->claims[i].wanted = is_in(&check->values->networks, claim->network) &&
                                  is_in(&check->values->claims, claim->id);
    }
    return DOUBT_OK;
}
